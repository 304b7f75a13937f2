/*
 * Back from a plan: the slots to save, and what staff read about who has none. Names come from the
 * config and the rows; none of this is for patients or supports.
 */
#include "wardround/instance.h"

#include <stdlib.h>

struct back {
	struct wr_arena *arena;
	const struct wr_instance *instance;
	const struct wr_plan *plan;
};

static const char *consultant_name(const struct back *back, const char *id)
{
	const struct wr_config_consultant *found =
	    wr_config_find_consultant(back->instance->source->config, id);
	return found ? found->name : id;
}

/* ---- reasons of those who are placed ---- */

/* "Ivo Heath, Pia Pike": the supports of the patient who come, or who don't. */
static void put_people(const struct back *back, size_t at, bool attend, struct wr_buf *buf)
{
	const struct wr_plan_patient *planned = &back->instance->plan.patients[at];
	const char *comma = "";
	for (size_t i = 0; i < planned->n_supports; i++) {
		if (back->plan->places[at].attends[i] != attend)
			continue;
		wr_buf_printf(buf, "%s%s", comma, back->instance->patients[at].supports[i]->name);
		comma = ", ";
	}
}

/* Fixed is what is locked or too close, and all that is published while only the rest is planned.
 */
static const char *why_fixed(const struct back *back, const struct wr_instance_patient *of)
{
	wr_time notice =
	    wr_time_shift(of->ward->zone, back->instance->source->now, of->ward->notice);
	if (!of->slot || of->slot->locked)
		return "locked";
	if (of->slot->state == WR_STATE_DRAFT)
		return "stays as drafted";
	return of->slot->start < notice ? "too soon to be changed" : "stays as published";
}

static const char *why_placed(
    const struct back *back, enum wr_plan_why why, const struct wr_instance_patient *of)
{
	switch (why) {
	case WR_PLAN_WHY_FIXED:
		return why_fixed(back, of);
	case WR_PLAN_WHY_PUBLISHED:
		return "stays as published";
	case WR_PLAN_WHY_BEST:
		return "the best time there is";
	case WR_PLAN_WHY_SHARED:
		return "a better time is needed by others";
	case WR_PLAN_WHY_NO_SESSION:
	case WR_PLAN_WHY_AWAY:
	case WR_PLAN_WHY_LENGTH:
	case WR_PLAN_WHY_KEPT:
	case WR_PLAN_WHY_WINDOW:
	case WR_PLAN_WHY_NO_PLACE:
	case WR_PLAN_WHY_FULL:
	case WR_PLAN_WHY_OTHERS:
		break;
	}
	return "planned";
}

static const char *explanation(const struct back *back, size_t at, const char *consultant)
{
	const struct wr_plan_patient *planned = &back->instance->plan.patients[at];
	const struct wr_plan_place *place = &back->plan->places[at];
	size_t coming = 0;
	struct wr_buf buf = {0};
	for (size_t i = 0; i < planned->n_supports; i++)
		coming += place->attends[i];
	wr_buf_puts(&buf, why_placed(back, place->why, &back->instance->patients[at]));
	if (!wr_text_equal(consultant, planned->consultant))
		wr_buf_printf(&buf, "; %s covers for %s", consultant_name(back, consultant),
		    consultant_name(back, planned->consultant));
	if (coming > 0) {
		wr_buf_puts(&buf, "; can come: ");
		put_people(back, at, true, &buf);
	}
	if (coming < planned->n_supports) {
		wr_buf_puts(&buf, "; not planned to come: ");
		put_people(back, at, false, &buf);
	}
	const char *text = wr_arena_strdup(back->arena, wr_buf_text(&buf));
	wr_buf_deinit(&buf);
	return text;
}

/* A due time at midnight is the end of the day before. */
static const char *due_words(const struct back *back, const struct wr_zone *zone, wr_time due)
{
	char day[WR_TIME_TEXT], clock[WR_TIME_TEXT];
	struct wr_wall wall = wr_zone_wall(zone, due);
	if (wall.minute == 0 && wall.second == 0)
		return wr_arena_strdup(back->arena, wr_day_short(wall.day - 1, day));
	return wr_arena_printf(
	    back->arena, "%s, %s", wr_day_short(wall.day, day), wr_clock_text(wall.minute, clock));
}

static void set_late(const struct back *back, size_t at, struct wr_slot *slot)
{
	const struct wr_instance_patient *of = &back->instance->patients[at];
	const struct wr_plan_patient *planned = &back->instance->plan.patients[at];
	slot->late = planned->has_due && slot->start > of->due;
	slot->late_why = NULL;
	if (!slot->late)
		return;
	const char *due = due_words(back, of->ward->zone, of->due);
	if (planned->priority == 3)
		slot->late_why = wr_arena_printf(
		    back->arena, "was due by %s, before this week could be planned", due);
	else
		slot->late_why = wr_arena_printf(
		    back->arena, "due by %s; the week has no earlier place to give", due);
}

/* ---- slots ---- */

static void put_place(const struct back *back, size_t at, struct wr_slot *slot)
{
	const struct wr_instance *instance = back->instance;
	const struct wr_plan_place *place = &back->plan->places[at];
	const struct wr_plan_patient *planned = &instance->plan.patients[at];
	const struct wr_instance_session *of = &instance->sessions[place->session];
	size_t first = of->cells[place->cell];
	size_t last = of->cells[place->cell + (size_t)planned->slots - 1];
	const struct wr_session_cell *cell = &of->session->cells[first];
	slot->session = of->session->id;
	slot->consultant = of->session->consultant;
	slot->room = of->session->room;
	slot->cell = (int)first;
	slot->cells = (int)planned->slots;
	slot->start = cell->start;
	slot->end = of->session->cells[last].end;
	slot->until = of->session->cells[last].until;
	slot->join = cell->join;
}

static struct wr_slot new_slot(const struct back *back, size_t at)
{
	const struct wr_instance_patient *of = &back->instance->patients[at];
	return (struct wr_slot){.ref = of->slot ? of->slot->ref : NULL,
	    .uid = of->slot ? of->slot->uid : NULL,
	    .patient = of->patient->ref,
	    .ward = of->ward->id,
	    .week = back->instance->source->week,
	    .state = WR_STATE_DRAFT,
	    .locked = of->slot && of->slot->locked,
	    .published = WR_TIME_NONE,
	    .changed = WR_TIME_NONE,
	    .started = WR_TIME_NONE,
	    .finished = WR_TIME_NONE,
	    .was_start = WR_TIME_NONE};
}

static bool is_elsewhere(const struct wr_slot *was, const struct wr_slot *now)
{
	return was->start != now->start || was->until != now->until ||
	       !wr_text_equal(was->session, now->session) || !wr_text_equal(was->room, now->room);
}

static void set_attendees(const struct back *back, size_t at, struct wr_instance_place *place)
{
	const struct wr_plan_patient *planned = &back->instance->plan.patients[at];
	struct wr_attendee *attendees = wr_arena_new(
	    back->arena, struct wr_attendee, planned->n_supports ? planned->n_supports : 1);
	for (size_t i = 0; i < planned->n_supports; i++) {
		const struct wr_support *support = back->instance->patients[at].supports[i];
		if (back->plan->places[at].attends[i])
			attendees[place->n_attendees++] =
			    (struct wr_attendee){place->slot.ref, support->ref, support->person};
	}
	place->attendees = attendees;
}

static void make_place(const struct back *back, size_t at, struct wr_instance_place *place)
{
	const struct wr_instance_patient *of = &back->instance->patients[at];
	place->patient = at;
	place->was = of->slot;
	place->fresh = !of->slot || of->slot->state == WR_STATE_DRAFT;
	place->slot = place->fresh ? new_slot(back, at) : *of->slot;
	put_place(back, at, &place->slot);
	place->moved = !place->fresh && is_elsewhere(of->slot, &place->slot);
	if (!place->fresh && !place->moved)
		place->slot.join = of->slot->join; /* as people were told */
	set_late(back, at, &place->slot);
	place->slot.explain = explanation(back, at, place->slot.consultant);
	set_attendees(back, at, place);
}

void wr_instance_places(struct wr_arena *arena, const struct wr_instance *instance,
    const struct wr_plan *plan, struct wr_instance_place **ret_places, size_t *ret_n)
{
	struct back back = {arena, instance, plan};
	*ret_places =
	    wr_arena_new(arena, struct wr_instance_place, plan->n_places ? plan->n_places : 1);
	*ret_n = 0;
	for (size_t i = 0; i < plan->n_places; i++)
		if (plan->places[i].placed)
			make_place(&back, i, &(*ret_places)[(*ret_n)++]);
}

/* ---- reasons of those who are not ---- */

static const char *whose_sessions(const struct back *back, size_t at)
{
	const struct wr_plan_patient *planned = &back->instance->plan.patients[at];
	const char *name = consultant_name(back, planned->consultant);
	return planned->n_cover > 0 ? wr_arena_printf(back->arena, "%s or who covers", name) : name;
}

static const char *why_unplaced(const struct back *back, size_t at)
{
	const struct wr_plan_place *place = &back->plan->places[at];
	const struct wr_plan_patient *planned = &back->instance->plan.patients[at];
	const char *whose = whose_sessions(back, at);
	struct wr_arena *arena = back->arena;
	char text[WR_TIME_TEXT];
	switch (place->why) {
	case WR_PLAN_WHY_NO_SESSION:
		return wr_arena_printf(arena, "no session of %s this week", whose);
	case WR_PLAN_WHY_AWAY:
		return wr_arena_printf(arena, "away during every session of %s this week (%zu)",
		    whose, place->sessions);
	case WR_PLAN_WHY_LENGTH:
		return wr_arena_printf(arena,
		    "needs %d slots in a row; no session of %s this week has them",
		    (int)planned->slots, whose);
	case WR_PLAN_WHY_KEPT:
		return wr_arena_printf(arena,
		    "only slots kept for new admissions would do in the sessions of %s this week",
		    whose);
	case WR_PLAN_WHY_WINDOW:
		wr_day_short(
		    back->instance->monday + (wr_day)(planned->not_before / WR_MINUTES_A_DAY),
		    text);
		return wr_arena_printf(
		    arena, "no session of %s is left this week (can be seen from %s)", whose, text);
	case WR_PLAN_WHY_NO_PLACE:
		return wr_arena_printf(arena,
		    "no slot of %s fits this week: each is too early, kept for new admissions, too "
		    "short, or while away",
		    whose);
	case WR_PLAN_WHY_FULL:
		return wr_arena_printf(arena,
		    "%zu patients need %zu slots, %zu can be used this week", place->rivals,
		    place->needed, place->usable);
	case WR_PLAN_WHY_OTHERS:
	case WR_PLAN_WHY_FIXED:
	case WR_PLAN_WHY_PUBLISHED:
	case WR_PLAN_WHY_BEST:
	case WR_PLAN_WHY_SHARED:
		break;
	}
	return wr_arena_printf(
	    arena, "every slot of %s that would do this week is needed by others", whose);
}

static const char *why_lapsed(const struct back *back, const struct wr_instance_left *left)
{
	const char *what = left->slot->state == WR_STATE_MISSED ? "missed" : "cancelled";
	return wr_arena_printf(back->arena, "this week's slot was %s: %s", what,
	    wr_word(&wr_words_why, (int)left->slot->why));
}

void wr_instance_unplaced(struct wr_arena *arena, const struct wr_instance *instance,
    const struct wr_plan *plan, struct wr_unplaced **ret_unplaced, size_t *ret_n)
{
	struct back back = {arena, instance, plan};
	struct wr_week week = instance->source->week;
	size_t most = plan->n_places + instance->n_left;
	struct wr_unplaced *unplaced = wr_arena_new(arena, struct wr_unplaced, most ? most : 1);
	size_t n = 0;
	for (size_t i = 0; i < plan->n_places; i++)
		if (!plan->places[i].placed)
			unplaced[n++] = (struct wr_unplaced){instance->patients[i].ward->id, week,
			    instance->patients[i].patient->ref, why_unplaced(&back, i), false};
	for (size_t i = 0; i < instance->n_left; i++)
		if (instance->left[i].why == WR_INSTANCE_LAPSED)
			unplaced[n++] = (struct wr_unplaced){instance->left[i].patient->ward, week,
			    instance->left[i].patient->ref, why_lapsed(&back, &instance->left[i]),
			    false};
	*ret_unplaced = unplaced;
	*ret_n = n;
}
