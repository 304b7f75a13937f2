/*
 * What would be if: the instance with one thing changed is solved again, from nothing, so that what
 * is said is as right as the plan itself. Indexes stay what they are: a patient who is left out
 * costs nothing and fits nowhere, a session that is left out has no cells.
 */
#include "columns.h"

#include <stdlib.h>
#include <string.h>

struct changed {
	struct wr_plan_instance instance;
	struct plan_but but;
	bool has_but, possible;
};

#define COPY(arena, list, n, type)                                                                 \
	((n) ? memcpy(wr_arena_new((arena), type, (n)), (list), (n) * sizeof(type)) : NULL)

static const struct wr_plan_span *add_span(
    struct wr_arena *arena, const struct wr_plan_span *spans, size_t *n, struct wr_plan_span span)
{
	struct wr_plan_span *more = wr_arena_new(arena, struct wr_plan_span, *n + 1);
	if (*n)
		memcpy(more, spans, *n * sizeof(*more));
	more[(*n)++] = span;
	return more;
}

/* Another patient's fixed place in the same cells? */
static bool collides(const struct wr_plan_instance *instance, size_t p, size_t session, size_t cell)
{
	int64_t first = (int64_t)cell, end = first + instance->patients[p].slots;
	for (size_t q = 0; q < instance->n_patients; q++) {
		const struct wr_plan_patient *other = &instance->patients[q];
		if (q != p && other->fixed_at == session && other->fixed_cell < end &&
		    first < other->fixed_cell + other->slots)
			return true;
	}
	return false;
}

static void force_place(struct changed *changed, const struct wr_plan_change *change)
{
	struct wr_plan_instance *instance = &changed->instance;
	struct wr_plan_patient *patient = &instance->patients[change->patient];
	const struct wr_plan_session *session = &instance->sessions[change->session];
	changed->possible = plan_session_serves(session, patient) &&
	                    plan_place_broken(session, patient, change->cell) == WR_PLAN_WHY_BEST &&
	                    !collides(instance, change->patient, change->session, change->cell);
	patient->fixed = session->id;
	patient->fixed_at = change->session;
	patient->fixed_cell = (int64_t)change->cell;
}

/* Being unplaced costs more than anything that placing the patient could cost the others. */
static void force_placed(struct changed *changed, const struct wr_plan_change *change)
{
	struct wr_plan_instance *instance = &changed->instance;
	struct wr_plan_patient *patient = &instance->patients[change->patient];
	int64_t most = 1;
	for (size_t p = 0; p < instance->n_patients; p++) {
		const struct wr_plan_patient *other = &instance->patients[p];
		most += plan_cost_unplaced(instance, other);
		for (size_t i = 0; i < other->n_supports; i++)
			most += plan_cost_absent(instance, &other->supports[i]);
		most += instance->weights.cover + other->published_move +
		        instance->weights.other_day + 14 * instance->weights.late_day +
		        instance->weights.usual_day + instance->weights.usual_far +
		        instance->weights.prefer + 4 * WR_PLAN_WEEK;
		if (instance->weights.unplaced == 0)
			instance->patients[p].priority = 0;
	}
	if (instance->weights.unplaced == 0)
		instance->weights.unplaced = 1;
	patient->priority = most / (instance->weights.unplaced * patient->slots) + 1;
}

static void drop_patient(struct changed *changed, size_t p)
{
	struct wr_plan_patient *patient = &changed->instance.patients[p];
	patient->ward = "";
	patient->priority = 0;
	patient->fixed = NULL;
	patient->fixed_at = WR_PLAN_NONE;
	patient->published = NULL;
}

static void drop_session(struct changed *changed, size_t s)
{
	struct wr_plan_instance *instance = &changed->instance;
	instance->sessions[s].n_starts = instance->sessions[s].n_kept = 0;
	for (size_t p = 0; p < instance->n_patients; p++) {
		struct wr_plan_patient *patient = &instance->patients[p];
		if (patient->fixed_at == s)
			changed->possible = false;
		if (patient->published_at == s)
			patient->published_at = WR_PLAN_NONE;
	}
}

static void apply(struct wr_arena *arena, struct changed *changed,
    const struct wr_plan_instance *instance, const struct wr_plan_change *change)
{
	changed->instance = *instance;
	changed->instance.sessions =
	    COPY(arena, instance->sessions, instance->n_sessions, struct wr_plan_session);
	changed->instance.persons =
	    COPY(arena, instance->persons, instance->n_persons, struct wr_plan_person);
	changed->instance.patients =
	    COPY(arena, instance->patients, instance->n_patients, struct wr_plan_patient);
	changed->possible = true;
	switch (change->kind) {
	case WR_PLAN_FORCE_PLACE:
		force_place(changed, change);
		break;
	case WR_PLAN_FORBID_PLACE:
		changed->but = (struct plan_but){change->patient, change->session, change->cell};
		changed->has_but = true;
		changed->possible = instance->patients[change->patient].fixed == NULL;
		break;
	case WR_PLAN_FORCE_PLACED:
		force_placed(changed, change);
		break;
	case WR_PLAN_DROP_PATIENT:
		drop_patient(changed, change->patient);
		break;
	case WR_PLAN_DROP_SESSION:
		drop_session(changed, change->session);
		break;
	case WR_PLAN_PATIENT_AWAY: {
		struct wr_plan_patient *patient = &changed->instance.patients[change->patient];
		patient->away = add_span(arena, patient->away, &patient->n_away, change->span);
		break;
	}
	case WR_PLAN_PERSON_AWAY: {
		struct wr_plan_person *person = &changed->instance.persons[change->person];
		person->away = add_span(arena, person->away, &person->n_away, change->span);
		break;
	}
	}
}

static void list_moved(struct wr_arena *arena, const struct wr_plan *was, const struct wr_plan *is,
    struct wr_plan_difference *difference)
{
	difference->moved = wr_arena_new(arena, struct wr_plan_moved, was->n_places + 1);
	for (size_t p = 0; p < was->n_places; p++) {
		const struct wr_plan_place *a = &was->places[p], *b = &is->places[p];
		if (a->placed == b->placed &&
		    (!a->placed || (a->session == b->session && a->cell == b->cell)))
			continue;
		difference->moved[difference->n_moved++] = (struct wr_plan_moved){
		    p, a->placed, b->placed, a->session, a->cell, b->session, b->cell};
	}
}

static struct wr_plan_terms terms_less(struct wr_plan_terms a, struct wr_plan_terms b)
{
	return (struct wr_plan_terms){a.unplaced - b.unplaced, a.required - b.required,
	    a.supports - b.supports, a.cover - b.cover, a.moves - b.moves, a.late - b.late,
	    a.usual - b.usual, a.prefer - b.prefer, a.list - b.list};
}

void wr_plan_what_if(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const struct wr_plan *plan, const struct wr_plan_change *change,
    const struct wr_plan_options *options, struct wr_plan_difference *ret_difference)
{
	struct changed changed = {.has_but = false};
	struct wr_plan *other;
	*ret_difference = (struct wr_plan_difference){.possible = false};
	apply(arena, &changed, instance, change);
	if (!changed.possible)
		return;
	plan_make_but(
	    arena, &changed.instance, options, changed.has_but ? &changed.but : NULL, &other);
	if (change->kind == WR_PLAN_FORCE_PLACED && !other->places[change->patient].placed)
		return;
	if (change->kind == WR_PLAN_FORCE_PLACED)
		other->cost = wr_plan_cost(instance, other->places, &other->terms);
	ret_difference->possible = true;
	ret_difference->cost = other->cost;
	ret_difference->more = other->cost - plan->cost;
	ret_difference->proved =
	    other->status == WR_PLAN_OPTIMAL && plan->status == WR_PLAN_OPTIMAL;
	ret_difference->terms = terms_less(other->terms, plan->terms);
	ret_difference->plan = other;
	list_moved(arena, plan, other, ret_difference);
}

static int by_cost(const void *a, const void *b)
{
	const struct wr_plan_alternative *x = a, *y = b;
	if (x->difference.cost != y->difference.cost)
		return x->difference.cost < y->difference.cost ? -1 : 1;
	if (x->session != y->session)
		return x->session < y->session ? -1 : 1;
	return (x->cell > y->cell) - (x->cell < y->cell);
}

void wr_plan_alternatives(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const struct wr_plan *plan, size_t patient, const struct wr_plan_options *options,
    struct wr_plan_alternative **ret_alternatives, size_t *ret_n)
{
	const struct wr_plan_patient *who = &instance->patients[patient];
	const struct wr_plan_place *place = &plan->places[patient];
	struct wr_plan_alternative *list = NULL;
	size_t n = 0, capacity = 0;
	for (size_t s = 0; s < instance->n_sessions && !who->fixed; s++) {
		const struct wr_plan_session *session = &instance->sessions[s];
		for (size_t cell = 0; cell < session->n_starts && plan_session_serves(session, who);
		     cell++) {
			struct wr_plan_change change = {.kind = WR_PLAN_FORCE_PLACE,
			    .patient = patient,
			    .session = s,
			    .cell = cell};
			struct wr_plan_alternative other = {.session = s, .cell = cell};
			if (plan_place_broken(session, who, cell) != WR_PLAN_WHY_BEST ||
			    (place->placed && place->session == s && place->cell == cell))
				continue;
			wr_plan_what_if(arena, instance, plan, &change, options, &other.difference);
			if (!other.difference.possible)
				continue;
			WR_GROW(list, n, capacity);
			list[n++] = other;
		}
	}
	if (n)
		qsort(list, n, sizeof(*list), by_cost);
	*ret_alternatives = COPY(arena, list, n, struct wr_plan_alternative);
	*ret_n = n;
	free(list);
}
