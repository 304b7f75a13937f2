#include "desk/plan_words.h"

#include "wardround/patient.h"

const struct wr_session_cell *wr_plan_cell(
    const struct wr_instance *instance, size_t session, size_t cell)
{
	const struct wr_instance_session *s = &instance->sessions[session];
	return &s->session->cells[s->cells[cell]];
}

static const char *finish(struct wr_arena *arena, struct wr_buf *text)
{
	const char *words = wr_arena_strdup(arena, wr_buf_text(text));
	wr_buf_deinit(text);
	return words;
}

/* ---- for the patient ---- */

const char *wr_plan_words_patient(struct wr_arena *arena, const struct wr_instance *instance,
    size_t at, wr_time start, const bool *attends)
{
	const struct wr_instance_patient *p = &instance->patients[at];
	size_t n = instance->plan.patients[at].n_supports;
	struct wr_companion *people = wr_arena_new(arena, struct wr_companion, n + 1);
	for (size_t i = 0; i < n; i++)
		people[i] = (struct wr_companion){
		    p->supports[i]->name, p->supports[i]->relation, attends[i]};
	return wr_patient_why(arena, WR_LANGUAGE_EN, people, n, p->patient->prefers,
	    wr_zone_wall(p->ward->zone, start).minute);
}

/* ---- for staff ---- */

static void put_name(struct wr_buf *text, const struct wr_instance *instance, size_t at)
{
	const struct wr_patient *patient = instance->patients[at].patient;
	wr_buf_printf(text, "%s (%s)", patient->name, patient->ref);
}

static void put_time(
    struct wr_buf *text, const struct wr_instance *instance, size_t session, size_t cell)
{
	char day[WR_TIME_TEXT], clock[WR_TIME_TEXT];
	const struct wr_zone *zone = instance->sessions[session].ward->zone;
	struct wr_wall wall = wr_zone_wall(zone, wr_plan_cell(instance, session, cell)->start);
	wr_buf_printf(
	    text, "%s %s", wr_day_short(wall.day, day), wr_clock_text(wall.minute, clock));
}

static void put_move(
    struct wr_buf *text, const struct wr_instance *instance, const struct wr_plan_moved *moved)
{
	put_name(text, instance, moved->patient);
	if (moved->was_placed) {
		wr_buf_puts(text, " from ");
		put_time(text, instance, moved->was_session, moved->was_cell);
	}
	if (moved->is_placed) {
		wr_buf_puts(text, " to ");
		put_time(text, instance, moved->is_session, moved->is_cell);
	} else {
		wr_buf_puts(text, " to no slot at all");
	}
}

static void put_next_best(
    struct wr_buf *text, const struct wr_instance *instance, const struct wr_plan_difference *next)
{
	if (!next->possible) {
		wr_buf_puts(text, " There is no other place that would do.");
		return;
	}
	wr_buf_printf(text, " The next best plan costs %s%lld more", next->proved ? "" : "about ",
	    (long long)next->more);
	for (size_t i = 0; i < next->n_moved; i++) {
		wr_buf_puts(text, i ? "; " : ": ");
		put_move(text, instance, &next->moved[i]);
	}
	wr_buf_puts(text, ".");
}

static const char *words_placed(struct wr_arena *arena, const struct wr_instance *instance,
    const struct wr_plan *plan, size_t at, const struct wr_plan_explanation *explanation)
{
	struct wr_buf text = {0};
	const struct wr_plan_place *place = &plan->places[at];
	put_name(&text, instance, at);
	wr_buf_puts(&text, " ");
	put_time(&text, instance, place->session, place->cell);
	wr_buf_printf(&text, ": %s.", explanation->text);
	if (explanation->why != WR_PLAN_WHY_FIXED)
		put_next_best(&text, instance, &explanation->next);
	return finish(arena, &text);
}

const char *wr_plan_words_elsewhere(struct wr_arena *arena, const struct wr_instance *instance,
    const struct wr_plan *plan, size_t at)
{
	struct wr_buf text = {0};
	const struct wr_slot *slot = instance->patients[at].slot;
	const struct wr_plan_place *place = &plan->places[at];
	wr_buf_puts(&text, slot->locked ? "locked there" : "published there");
	if (!wr_text_empty(slot->reason))
		wr_buf_printf(&text, " (%s)", slot->reason);
	wr_buf_puts(&text, "; as the week is now it would be planned for ");
	put_time(&text, instance, place->session, place->cell);
	return finish(arena, &text);
}

static const char *words_unplaced(struct wr_arena *arena, const struct wr_instance *instance,
    size_t at, const struct wr_plan_explanation *explanation)
{
	struct wr_buf text = {0};
	put_name(&text, instance, at);
	if (explanation->counted) {
		wr_buf_printf(&text, " has no slot: %zu patients need %zu cells, %zu can be used.",
		    explanation->rivals, explanation->needed, explanation->usable);
		return finish(arena, &text);
	}
	wr_buf_printf(&text, " has no slot: %s.", explanation->text);
	for (size_t i = 0; i < explanation->n_conflict && explanation->n_conflict > 1; i++) {
		wr_buf_puts(&text, i ? ", " : " They can't all be placed: ");
		put_name(&text, instance, explanation->conflict[i]);
	}
	if (explanation->n_conflict > 1)
		wr_buf_puts(&text, ".");
	return finish(arena, &text);
}

const char *wr_plan_words_staff(struct wr_arena *arena, const struct wr_instance *instance,
    const struct wr_plan *plan, size_t at, const struct wr_plan_explanation *explanation)
{
	return plan->places[at].placed ? words_placed(arena, instance, plan, at, explanation)
	                               : words_unplaced(arena, instance, at, explanation);
}
