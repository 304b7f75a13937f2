/*
 * Instance and plan as JSON, in the order of 3.2's examples. Numbers are written as they stand;
 * what has its default is left out of an instance.
 */
#include "wardround/plan.h"

#include <string.h>

static void put_text(struct wr_buf *buf, const char *text)
{
	wr_buf_putc(buf, '"');
	for (const char *c = text; *c; c++) {
		if (*c == '"' || *c == '\\')
			wr_buf_printf(buf, "\\%c", *c);
		else if ((unsigned char)*c < 0x20)
			wr_buf_printf(buf, "\\u%04x", (unsigned)(unsigned char)*c);
		else
			wr_buf_putc(buf, *c);
	}
	wr_buf_putc(buf, '"');
}

static void put_key_text(struct wr_buf *buf, const char *key, const char *text)
{
	wr_buf_printf(buf, "\"%s\":", key);
	put_text(buf, text);
}

static void put_number(struct wr_buf *buf, const char *key, int64_t number)
{
	wr_buf_printf(buf, ",\"%s\":%lld", key, (long long)number);
}

static void put_unless(struct wr_buf *buf, const char *key, int64_t number, int64_t usual)
{
	if (number != usual)
		put_number(buf, key, number);
}

static void put_numbers(struct wr_buf *buf, const char *key, const int64_t *numbers, size_t n)
{
	wr_buf_printf(buf, ",\"%s\":[", key);
	for (size_t i = 0; i < n; i++)
		wr_buf_printf(buf, "%s%lld", i ? "," : "", (long long)numbers[i]);
	wr_buf_putc(buf, ']');
}

static void put_spans(
    struct wr_buf *buf, const char *key, const struct wr_plan_span *spans, size_t n)
{
	wr_buf_printf(buf, ",\"%s\":[", key);
	for (size_t i = 0; i < n; i++)
		wr_buf_printf(buf, "%s[%lld,%lld]", i ? "," : "", (long long)spans[i].from,
		    (long long)spans[i].to);
	wr_buf_putc(buf, ']');
}

static void put_weights(struct wr_buf *buf, const struct wr_plan_weights *w)
{
	wr_buf_printf(buf, ",\"weights\":{\"unplaced\":%lld", (long long)w->unplaced);
	put_number(buf, "required", w->required);
	put_number(buf, "cover", w->cover);
	put_number(buf, "other_day", w->other_day);
	put_number(buf, "late_day", w->late_day);
	put_number(buf, "usual_day", w->usual_day);
	put_number(buf, "usual_near", w->usual_near);
	put_number(buf, "usual_far", w->usual_far);
	put_number(buf, "prefer", w->prefer);
	wr_buf_putc(buf, '}');
}

static void put_session(struct wr_buf *buf, const struct wr_plan_session *session)
{
	wr_buf_putc(buf, '{');
	put_key_text(buf, "id", session->id);
	wr_buf_putc(buf, ',');
	put_key_text(buf, "ward", session->ward);
	wr_buf_putc(buf, ',');
	put_key_text(buf, "consultant", session->consultant);
	put_number(buf, "cell", session->cell);
	put_numbers(buf, "starts", session->starts, session->n_starts);
	if (session->n_kept)
		put_numbers(buf, "kept", session->kept, session->n_kept);
	wr_buf_putc(buf, '}');
}

static void put_person(struct wr_buf *buf, const struct wr_plan_person *person)
{
	wr_buf_putc(buf, '{');
	put_key_text(buf, "id", person->id);
	if (person->has_free)
		put_spans(buf, "free", person->free, person->n_free);
	if (person->n_away)
		put_spans(buf, "away", person->away, person->n_away);
	wr_buf_putc(buf, '}');
}

static void put_places(struct wr_buf *buf, const struct wr_plan_patient *patient)
{
	if (patient->fixed) {
		wr_buf_puts(buf, ",\"fixed\":{");
		put_key_text(buf, "session", patient->fixed);
		put_number(buf, "cell", patient->fixed_cell);
		wr_buf_putc(buf, '}');
	}
	if (patient->published) {
		wr_buf_puts(buf, ",\"published\":{");
		put_key_text(buf, "session", patient->published);
		put_number(buf, "cell", patient->published_cell);
		put_number(buf, "move", patient->published_move);
		wr_buf_putc(buf, '}');
	}
	if (patient->has_usual)
		wr_buf_printf(buf, ",\"usual\":{\"day\":%lld,\"minute\":%lld}",
		    (long long)patient->usual_day, (long long)patient->usual_minute);
}

static void put_supports(struct wr_buf *buf, const struct wr_plan_patient *patient)
{
	if (!patient->n_supports)
		return;
	wr_buf_puts(buf, ",\"supports\":[");
	for (size_t i = 0; i < patient->n_supports; i++) {
		const struct wr_plan_support *support = &patient->supports[i];
		wr_buf_puts(buf, i ? ",{" : "{");
		put_key_text(buf, "person", support->person);
		put_unless(buf, "weight", support->weight, 1000);
		if (support->required)
			wr_buf_puts(buf, ",\"required\":true");
		wr_buf_putc(buf, '}');
	}
	wr_buf_putc(buf, ']');
}

static void put_patient(struct wr_buf *buf, const struct wr_plan_patient *patient)
{
	wr_buf_putc(buf, '{');
	put_key_text(buf, "id", patient->id);
	wr_buf_putc(buf, ',');
	put_key_text(buf, "ward", patient->ward);
	wr_buf_putc(buf, ',');
	put_key_text(buf, "consultant", patient->consultant);
	for (size_t i = 0; i < patient->n_cover; i++) {
		wr_buf_puts(buf, i ? "," : ",\"cover\":[");
		put_text(buf, patient->cover[i]);
	}
	if (patient->n_cover)
		wr_buf_putc(buf, ']');
	put_unless(buf, "slots", patient->slots, 1);
	put_unless(buf, "priority", patient->priority, 1);
	if (patient->is_new)
		wr_buf_puts(buf, ",\"new\":true");
	put_unless(buf, "not_before", patient->not_before, 0);
	put_unless(buf, "not_after", patient->not_after, WR_PLAN_WEEK);
	if (patient->has_due)
		put_number(buf, "due", patient->due);
	if (patient->n_away)
		put_spans(buf, "away", patient->away, patient->n_away);
	put_places(buf, patient);
	if (patient->prefers != WR_PLAN_ANY_TIME)
		wr_buf_printf(buf, ",\"prefers\":\"%s\"",
		    patient->prefers == WR_PLAN_MORNING ? "morning" : "afternoon");
	put_unless(buf, "turn", patient->turn, 0);
	put_supports(buf, patient);
	wr_buf_putc(buf, '}');
}

void wr_plan_instance_write(struct wr_buf *buf, const struct wr_plan_instance *instance)
{
	wr_buf_puts(buf, "{\"schema\":1,");
	put_key_text(buf, "origin", instance->origin);
	put_weights(buf, &instance->weights);
	wr_buf_puts(buf, ",\n\"sessions\":[");
	for (size_t i = 0; i < instance->n_sessions; i++) {
		wr_buf_puts(buf, i ? ",\n" : "");
		put_session(buf, &instance->sessions[i]);
	}
	wr_buf_puts(buf, "],\n\"persons\":[");
	for (size_t i = 0; i < instance->n_persons; i++) {
		wr_buf_puts(buf, i ? ",\n" : "");
		put_person(buf, &instance->persons[i]);
	}
	wr_buf_puts(buf, "],\n\"patients\":[");
	for (size_t i = 0; i < instance->n_patients; i++) {
		wr_buf_puts(buf, i ? ",\n" : "");
		put_patient(buf, &instance->patients[i]);
	}
	wr_buf_puts(buf, "]}\n");
}

/* ---- the plan ---- */

static void put_why(struct wr_buf *buf, const struct wr_plan_instance *instance,
    const struct wr_plan *plan, size_t patient)
{
	struct wr_arena arena = {0};
	wr_buf_putc(buf, ',');
	put_key_text(buf, "why", wr_plan_why_text(&arena, instance, plan, patient));
	wr_buf_putc(buf, '}');
	wr_arena_deinit(&arena);
}

static void put_placed(struct wr_buf *buf, const struct wr_plan_instance *instance,
    const struct wr_plan *plan, size_t at)
{
	const struct wr_plan_patient *patient = &instance->patients[at];
	const struct wr_plan_place *place = &plan->places[at];
	bool first = true;
	wr_buf_putc(buf, '{');
	put_key_text(buf, "patient", patient->id);
	wr_buf_putc(buf, ',');
	put_key_text(buf, "session", instance->sessions[place->session].id);
	put_number(buf, "cell", (int64_t)place->cell);
	wr_buf_puts(buf, ",\"supports\":[");
	for (size_t i = 0; i < patient->n_supports; i++) {
		if (!place->attends[i])
			continue;
		wr_buf_puts(buf, first ? "" : ",");
		put_text(buf, patient->supports[i].person);
		first = false;
	}
	wr_buf_putc(buf, ']');
	put_why(buf, instance, plan, at);
}

void wr_plan_write_json(
    struct wr_buf *buf, const struct wr_plan_instance *instance, const struct wr_plan *plan)
{
	const struct wr_plan_terms *t = &plan->terms;
	const char *between = "";
	wr_buf_printf(buf, "{\"schema\":1,\"status\":\"%s\"",
	    plan->status == WR_PLAN_OPTIMAL ? "optimal" : "feasible");
	put_number(buf, "cost", plan->cost);
	put_number(buf, "bound", plan->bound);
	wr_buf_puts(buf, ",\"placed\":[");
	for (size_t i = 0; i < plan->n_places; i++) {
		if (!plan->places[i].placed)
			continue;
		wr_buf_puts(buf, between);
		put_placed(buf, instance, plan, i);
		between = ",";
	}
	wr_buf_puts(buf, "],\"unplaced\":[");
	between = "";
	for (size_t i = 0; i < plan->n_places; i++) {
		if (plan->places[i].placed)
			continue;
		wr_buf_printf(buf, "%s{", between);
		put_key_text(buf, "patient", instance->patients[i].id);
		put_why(buf, instance, plan, i);
		between = ",";
	}
	wr_buf_printf(buf, "],\"terms\":{\"unplaced\":%lld", (long long)t->unplaced);
	put_number(buf, "required", t->required);
	put_number(buf, "supports", t->supports);
	put_number(buf, "cover", t->cover);
	put_number(buf, "moves", t->moves);
	put_number(buf, "late", t->late);
	put_number(buf, "usual", t->usual);
	put_number(buf, "prefer", t->prefer);
	put_number(buf, "list", t->list);
	wr_buf_printf(buf,
	    "},\"search\":{\"columns\":%zu,\"rows\":%zu,\"nodes\":%zu,\"pivots\":%zu,\"ms\":%.1f}}"
	    "\n",
	    plan->search.columns, plan->search.rows, plan->search.nodes, plan->search.pivots,
	    plan->search.ms);
}
