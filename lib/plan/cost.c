/*
 * The hard rules and the cost of a single place: 3.1's table, term by term. Everything in the
 * search that knows what a place costs or whether it is allowed comes here; the checker (check.c)
 * has its own reading of the same table and never calls this.
 */
#include "columns.h"

#include <stdlib.h>

int64_t plan_slot_from(const struct wr_plan_session *session, size_t cell)
{
	return session->starts[cell];
}

int64_t plan_slot_to(const struct wr_plan_session *session, size_t cell, int64_t slots)
{
	return session->starts[cell + (size_t)slots - 1] + session->cell;
}

int64_t plan_cost_unplaced(
    const struct wr_plan_instance *instance, const struct wr_plan_patient *patient)
{
	return instance->weights.unplaced * patient->priority * patient->slots;
}

int64_t plan_cost_absent(
    const struct wr_plan_instance *instance, const struct wr_plan_support *support)
{
	return support->required ? instance->weights.required : support->weight;
}

static int64_t cost_moved(const struct wr_plan_instance *instance,
    const struct wr_plan_patient *patient, size_t session, size_t cell)
{
	if (!patient->published ||
	    (patient->published_at == session && patient->published_cell == (int64_t)cell))
		return 0;
	int64_t cost = patient->published_move;
	if (patient->published_at == WR_PLAN_NONE)
		return cost;
	const struct wr_plan_session *was = &instance->sessions[patient->published_at];
	if (patient->published_cell >= 0 && patient->published_cell < (int64_t)was->n_starts &&
	    was->starts[patient->published_cell] / 1440 !=
		instance->sessions[session].starts[cell] / 1440)
		cost += instance->weights.other_day;
	return cost;
}

static int64_t cost_usual(
    const struct wr_plan_weights *weights, const struct wr_plan_patient *patient, int64_t start)
{
	if (!patient->has_usual)
		return 0;
	int64_t cost = start / 1440 == patient->usual_day ? 0 : weights->usual_day;
	int64_t apart = llabs(start % 1440 - patient->usual_minute);
	if (apart >= 60)
		return cost + weights->usual_far;
	return apart >= 15 ? cost + weights->usual_near : cost;
}

static int64_t cost_preference(
    const struct wr_plan_weights *weights, const struct wr_plan_patient *patient, int64_t start)
{
	bool afternoon = start % 1440 >= 720;
	bool against = (patient->prefers == WR_PLAN_MORNING && afternoon) ||
	               (patient->prefers == WR_PLAN_AFTERNOON && !afternoon);
	return against ? weights->prefer : 0;
}

int64_t plan_cost_place(const struct wr_plan_instance *instance,
    const struct wr_plan_patient *patient, size_t session, size_t cell, struct wr_plan_terms *terms)
{
	const struct wr_plan_weights *weights = &instance->weights;
	const struct wr_plan_session *at = &instance->sessions[session];
	int64_t start = plan_slot_from(at, cell);
	struct wr_plan_terms own = {0};
	if (!wr_text_equal(at->consultant, patient->consultant))
		own.cover = weights->cover;
	own.moves = cost_moved(instance, patient, session, cell);
	if (patient->has_due && start > patient->due)
		own.late = weights->late_day * ((start - patient->due + 1439) / 1440);
	own.usual = cost_usual(weights, patient, start);
	own.prefer = cost_preference(weights, patient, start);
	own.list = (1 + patient->turn) * (int64_t)cell;
	if (terms) {
		terms->cover += own.cover;
		terms->moves += own.moves;
		terms->late += own.late;
		terms->usual += own.usual;
		terms->prefer += own.prefer;
		terms->list += own.list;
	}
	return own.cover + own.moves + own.late + own.usual + own.prefer + own.list;
}

int64_t wr_plan_cost(const struct wr_plan_instance *instance, const struct wr_plan_place *places,
    struct wr_plan_terms *ret_terms)
{
	struct wr_plan_terms terms = {0};
	int64_t cost = 0;
	for (size_t p = 0; p < instance->n_patients; p++) {
		const struct wr_plan_patient *patient = &instance->patients[p];
		if (!places[p].placed) {
			terms.unplaced += plan_cost_unplaced(instance, patient);
			continue;
		}
		cost +=
		    plan_cost_place(instance, patient, places[p].session, places[p].cell, &terms);
		for (size_t i = 0; i < patient->n_supports; i++) {
			const struct wr_plan_support *support = &patient->supports[i];
			if (places[p].attends[i])
				continue;
			if (support->required)
				terms.required += instance->weights.required;
			else
				terms.supports += support->weight;
		}
	}
	if (ret_terms)
		*ret_terms = terms;
	return cost + terms.unplaced + terms.required + terms.supports;
}

/* ---- hard rules ---- */

static bool meets(const struct wr_plan_span *spans, size_t n, int64_t from, int64_t to)
{
	for (size_t i = 0; i < n; i++)
		if (spans[i].from < to && from < spans[i].to)
			return true;
	return false;
}

/* Touching free times count as one: walk on from span to span until `to` is reached. */
static bool is_free(const struct wr_plan_person *person, int64_t from, int64_t to)
{
	bool on = true;
	while (from < to && on) {
		on = false;
		for (size_t i = 0; i < person->n_free; i++)
			if (person->free[i].from <= from && from < person->free[i].to) {
				from = person->free[i].to;
				on = true;
			}
	}
	return from >= to;
}

bool plan_person_can(const struct wr_plan_person *person, int64_t from, int64_t to)
{
	if (meets(person->away, person->n_away, from, to))
		return false;
	return !person->has_free || is_free(person, from, to);
}

bool plan_session_serves(
    const struct wr_plan_session *session, const struct wr_plan_patient *patient)
{
	if (!wr_text_equal(session->ward, patient->ward))
		return false;
	if (wr_text_equal(session->consultant, patient->consultant))
		return true;
	for (size_t i = 0; i < patient->n_cover; i++)
		if (wr_text_equal(session->consultant, patient->cover[i]))
			return true;
	return false;
}

static bool touches_kept(const struct wr_plan_session *session, size_t cell, size_t slots)
{
	for (size_t i = 0; i < session->n_kept; i++)
		if ((size_t)session->kept[i] >= cell && (size_t)session->kept[i] < cell + slots)
			return true;
	return false;
}

enum wr_plan_why plan_place_broken(
    const struct wr_plan_session *session, const struct wr_plan_patient *patient, size_t cell)
{
	size_t slots = (size_t)patient->slots;
	if (slots > session->n_starts || cell > session->n_starts - slots)
		return WR_PLAN_WHY_LENGTH;
	for (size_t i = cell + 1; i < cell + slots; i++)
		if (session->starts[i] - session->starts[i - 1] != session->cell)
			return WR_PLAN_WHY_LENGTH;
	int64_t from = plan_slot_from(session, cell);
	int64_t to = plan_slot_to(session, cell, patient->slots);
	if (meets(patient->away, patient->n_away, from, to))
		return WR_PLAN_WHY_AWAY;
	if (from < patient->not_before || to > patient->not_after)
		return WR_PLAN_WHY_WINDOW;
	if (!patient->is_new && touches_kept(session, cell, slots))
		return WR_PLAN_WHY_KEPT;
	return WR_PLAN_WHY_BEST;
}
