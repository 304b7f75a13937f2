/*
 * Why this place, and why none.
 *
 * Placed: the best plan with the patient anywhere else is made; what it costs more, and who would
 * have to move, is the reason. Unplaced: a deletion filter (J. W. Chinneck and E. W. Dravnieks
 * 1991) finds a smallest set of patients who can't all have a place: leave out more and more of
 * them, in halves, quarters and so on, as long as the rest still can't. "Can't" is only said when
 * it is proved. When the set simply needs more cells than it can use, the counts say so.
 */
#include "columns.h"

#include <stdlib.h>
#include <string.h>

#define FILTER_NODES 200

/* ---- one patient's own terms ---- */

static struct wr_plan_terms own_terms(
    const struct wr_plan_instance *instance, const struct wr_plan_place *place, size_t p)
{
	const struct wr_plan_patient *patient = &instance->patients[p];
	struct wr_plan_terms terms = {0};
	if (!place->placed) {
		terms.unplaced = plan_cost_unplaced(instance, patient);
		return terms;
	}
	plan_cost_place(instance, patient, place->session, place->cell, &terms);
	for (size_t i = 0; i < patient->n_supports; i++)
		if (!place->attends[i] && patient->supports[i].required)
			terms.required += instance->weights.required;
		else if (!place->attends[i])
			terms.supports += patient->supports[i].weight;
	return terms;
}

/* ---- who can't all be placed ---- */

struct filter {
	struct wr_arena *arena; /* of one trial */
	const struct wr_plan_instance *instance;
	struct wr_plan_instance bare; /* only places count: no people, no weights but unplaced */
	struct wr_plan_patient *patients;
	bool *in; /* by patient */
};

static void filter_init(
    struct filter *filter, struct wr_arena *arena, const struct wr_plan_instance *instance)
{
	size_t n = instance->n_patients;
	*filter = (struct filter){.arena = arena, .instance = instance, .bare = *instance};
	filter->bare.weights = (struct wr_plan_weights){.unplaced = 1};
	filter->patients = wr_arena_new(arena, struct wr_plan_patient, n + 1);
	filter->in = wr_arena_new(arena, bool, n + 1);
	filter->bare.patients = filter->patients;
}

/* A trial asks only whether somebody is left over, not how many: any bound above 0 answers it. */
static int stop_when_known(void *context, int64_t cost, int64_t bound, size_t nodes)
{
	(void)context, (void)nodes;
	return cost == 0 || bound > 0;
}

/* Is it proved that those who are in can't all be placed? */
static bool cannot_all(struct filter *filter)
{
	struct wr_arena arena = {0};
	struct wr_plan_options options = {.nodes = FILTER_NODES, .progress = stop_when_known};
	struct wr_plan *plan;
	size_t n = 0;
	for (size_t p = 0; p < filter->instance->n_patients; p++) {
		struct wr_plan_patient *patient;
		if (!filter->in[p])
			continue;
		patient = &filter->patients[n++];
		*patient = filter->instance->patients[p];
		patient->n_supports = 0;
		patient->priority = 1;
		patient->has_due = patient->has_usual = false;
		patient->published = NULL;
		patient->turn = -1; /* the place in the list costs nothing either */
		patient->prefers = WR_PLAN_ANY_TIME;
	}
	filter->bare.n_patients = n;
	wr_plan_make(&arena, &filter->bare, &options, &plan);
	bool cannot = plan->bound > 0;
	wr_arena_deinit(&arena);
	return cannot;
}

/* Leaves out run after run of patients, shorter and shorter, while the rest still can't. */
static void shrink(struct filter *filter, size_t keep)
{
	size_t n = filter->instance->n_patients;
	for (size_t length = n / 2 + 1;; length = (length + 1) / 2) {
		for (size_t from = 0; from < n; from += length) {
			bool *was = wr_alloc(length, sizeof(bool));
			bool any = false;
			for (size_t k = 0; k < length && from + k < n; k++) {
				was[k] = filter->in[from + k];
				any = any || (was[k] && from + k != keep);
				if (from + k != keep)
					filter->in[from + k] = false;
			}
			if (any && !cannot_all(filter))
				for (size_t k = 0; k < length && from + k < n; k++)
					filter->in[from + k] = was[k];
			free(was);
		}
		if (length == 1)
			break;
	}
}

static void count(const struct filter *filter, struct wr_plan_explanation *explanation)
{
	const struct wr_plan_instance *instance = filter->instance;
	explanation->rivals = explanation->n_conflict;
	for (size_t k = 0; k < explanation->n_conflict; k++)
		explanation->needed += (size_t)instance->patients[explanation->conflict[k]].slots;
	for (size_t s = 0; s < instance->n_sessions; s++) {
		const struct wr_plan_session *session = &instance->sessions[s];
		uint8_t *usable = wr_alloc(session->n_starts + 1, 1);
		for (size_t k = 0; k < explanation->n_conflict; k++) {
			const struct wr_plan_patient *patient =
			    &instance->patients[explanation->conflict[k]];
			for (size_t cell = 0; cell < session->n_starts; cell++) {
				bool fixed_here =
				    patient->fixed_at == s && patient->fixed_cell == (int64_t)cell;
				bool may = patient->fixed ? fixed_here
				                          : plan_session_serves(session, patient) &&
				                                plan_place_broken(session, patient,
								    cell) == WR_PLAN_WHY_BEST;
				for (int64_t c = 0; may && c < patient->slots; c++)
					usable[cell + (size_t)c] = 1;
			}
		}
		for (size_t cell = 0; cell < session->n_starts; cell++)
			explanation->usable += usable[cell];
		free(usable);
	}
	explanation->counted = explanation->needed > explanation->usable;
}

static void find_conflict(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const struct wr_plan *plan, size_t patient, struct wr_plan_explanation *explanation)
{
	struct filter filter;
	filter_init(&filter, arena, instance);
	for (size_t p = 0; p < instance->n_patients; p++)
		filter.in[p] = plan->places[p].placed || p == patient;
	if (!cannot_all(&filter))
		return;
	shrink(&filter, patient);
	explanation->conflict = wr_arena_new(arena, size_t, instance->n_patients);
	for (size_t p = 0; p < instance->n_patients; p++)
		if (filter.in[p])
			explanation->conflict[explanation->n_conflict++] = p;
	count(&filter, explanation);
}

void wr_plan_explain(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const struct wr_plan *plan, size_t patient, const struct wr_plan_options *options,
    struct wr_plan_explanation *ret_explanation)
{
	const struct wr_plan_place *place = &plan->places[patient];
	struct wr_plan_change change = {
	    .patient = patient, .session = place->session, .cell = place->cell};
	*ret_explanation = (struct wr_plan_explanation){.why = place->why};
	ret_explanation->text = wr_plan_why_text(arena, instance, plan, patient);
	if (place->placed) {
		change.kind = WR_PLAN_FORBID_PLACE;
		ret_explanation->here = own_terms(instance, place, patient);
	} else {
		change.kind = WR_PLAN_FORCE_PLACED;
		find_conflict(arena, instance, plan, patient, ret_explanation);
	}
	if (place->placed || ret_explanation->n_conflict != 1)
		wr_plan_what_if(arena, instance, plan, &change, options, &ret_explanation->next);
	if (place->placed && ret_explanation->next.possible)
		ret_explanation->there =
		    own_terms(instance, &ret_explanation->next.plan->places[patient], patient);
}
