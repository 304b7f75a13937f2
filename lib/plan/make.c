/*
 * From an instance to a plan: spots, components, a first plan for all of them at once, then each
 * component searched to its proof or the limits; last, who comes and why.
 */
#include "search.h"
#include "why.h"

#include <stdlib.h>
#include <string.h>

/* Without limits of the caller's: some seconds, whatever the size; no ward has needed it yet. */
#define USUAL_WORK 1200000000

struct piece {
	uint32_t *patients; /* in the order of the instance; part of one long list */
	size_t n;
	int64_t cost, bound; /* not scaled */
};

struct making {
	struct wr_plan *plan;
	struct plan_field field;
	struct plan_run run;
	uint32_t *spot; /* by patient of the instance */
	uint32_t *members;
	struct piece *pieces;
	size_t n_pieces;
};

/* Smallest first: their plans are proved before the limits bite. */
static int by_size(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;
	if (x->n != y->n)
		return x->n < y->n ? -1 : 1;
	return x->patients[0] < y->patients[0] ? -1 : 1;
}

static void divide(struct making *making)
{
	size_t n_patients = making->field.instance->n_patients;
	uint32_t *component = wr_alloc(n_patients + 1, sizeof(*component));
	making->n_pieces = plan_components(&making->field, component);
	making->pieces = wr_alloc(making->n_pieces + 1, sizeof(*making->pieces));
	making->members = wr_alloc(n_patients + 1, sizeof(*making->members));
	for (size_t p = 0; p < n_patients; p++)
		making->pieces[component[p]].n++;
	uint32_t *next = making->members;
	for (size_t c = 0; c < making->n_pieces; c++) {
		making->pieces[c].patients = next;
		next += making->pieces[c].n;
		making->pieces[c].n = 0;
	}
	for (uint32_t p = 0; p < n_patients; p++) {
		struct piece *piece = &making->pieces[component[p]];
		piece->patients[piece->n++] = p;
	}
	if (making->n_pieces)
		qsort(making->pieces, making->n_pieces, sizeof(*making->pieces), by_size);
	free(component);
}

static void keep_spots(struct making *making, const struct piece *piece, const uint32_t *spots)
{
	for (size_t i = 0; i < piece->n; i++)
		making->spot[piece->patients[i]] = spots[i];
}

/* What every choice costs at least, each patient alone. */
static int64_t bound_alone(const struct plan_problem *problem)
{
	int64_t bound = 0;
	for (int i = 0; i < problem->n_patients; i++) {
		int64_t least = INT64_MAX;
		for (int j = problem->first[i]; j < problem->first[i + 1]; j++)
			if (problem->cost[j] < least)
				least = problem->cost[j];
		bound += least;
	}
	return bound / problem->scale;
}

static void plan_first(struct making *making, struct piece *piece)
{
	struct plan_problem problem;
	uint32_t *spots = wr_alloc(piece->n + 1, sizeof(*spots));
	plan_problem_init(&problem, &making->field, piece->patients, piece->n);
	plan_greedy(&problem, spots);
	piece->cost = plan_problem_cost(&problem, spots) / problem.scale;
	piece->bound = bound_alone(&problem);
	keep_spots(making, piece, spots);
	making->plan->search.columns += (size_t)problem.n_columns;
	making->plan->search.rows += (size_t)problem.n_rows;
	plan_problem_deinit(&problem);
	free(spots);
}

static void sum_up(struct making *making)
{
	struct wr_plan *plan = making->plan;
	plan->cost = plan->bound = 0;
	for (size_t c = 0; c < making->n_pieces; c++) {
		plan->cost += making->pieces[c].cost;
		plan->bound += making->pieces[c].bound;
	}
}

static void tell(struct making *making)
{
	struct plan_run *run = &making->run;
	sum_up(making);
	if (run->progress &&
	    run->progress(run->context, making->plan->cost, making->plan->bound, 0))
		run->stopped = true;
}

static void search_piece(struct making *making, struct piece *piece)
{
	struct plan_problem problem;
	struct plan_search search;
	if (piece->cost == piece->bound && making->run.stopped)
		return;
	sum_up(making);
	making->run.cost_others = making->plan->cost - piece->cost;
	making->run.bound_others = making->plan->bound - piece->bound;
	plan_problem_init(&problem, &making->field, piece->patients, piece->n);
	plan_search_init(&search, &making->run, &problem);
	plan_search_run(&search);
	if (search.best / problem.scale <= piece->cost) {
		piece->cost = search.best / problem.scale;
		keep_spots(making, piece, search.spots);
	}
	if (search.proved >= 0 && search.proved / problem.scale > piece->bound)
		piece->bound = search.proved / problem.scale;
	plan_search_deinit(&search);
	plan_problem_deinit(&problem);
}

/* ---- the plan ---- */

static bool can_attend(const struct wr_plan_instance *instance,
    const struct wr_plan_patient *patient, const struct plan_spot *spot, size_t support)
{
	const struct wr_plan_session *session = &instance->sessions[spot->session];
	return plan_person_can(&instance->persons[patient->supports[support].person_at],
	    plan_slot_from(session, spot->cell), plan_slot_to(session, spot->cell, patient->slots));
}

/* Does the person attend another slot of the plan then? Only people without weight get here. */
static bool is_taken(const struct making *making, size_t person, int64_t from, int64_t to)
{
	const struct wr_plan_instance *instance = making->field.instance;
	for (size_t p = 0; p < instance->n_patients; p++) {
		const struct wr_plan_place *place = &making->plan->places[p];
		const struct wr_plan_patient *patient = &instance->patients[p];
		if (!place->placed)
			continue;
		const struct wr_plan_session *session = &instance->sessions[place->session];
		for (size_t i = 0; i < patient->n_supports; i++)
			if (place->attends[i] && patient->supports[i].person_at == person &&
			    plan_slot_from(session, place->cell) < to &&
			    from < plan_slot_to(session, place->cell, patient->slots))
				return true;
	}
	return false;
}

static void attend_uncontested(struct making *making, uint32_t p)
{
	const struct wr_plan_instance *instance = making->field.instance;
	const struct wr_plan_patient *patient = &instance->patients[p];
	const struct plan_spot *spot = &making->field.spots[making->spot[p]];
	struct wr_plan_place *place = &making->plan->places[p];
	for (size_t i = 0; i < patient->n_supports; i++)
		place->attends[i] = plan_cost_absent(instance, &patient->supports[i]) > 0 &&
		                    can_attend(instance, patient, spot, i);
}

/* Whose absence would cost nothing comes as well, if nobody else has them then. */
static void attend_weightless(struct making *making, uint32_t p)
{
	const struct wr_plan_instance *instance = making->field.instance;
	const struct wr_plan_patient *patient = &instance->patients[p];
	const struct plan_spot *spot = &making->field.spots[making->spot[p]];
	const struct wr_plan_session *session = &instance->sessions[spot->session];
	for (size_t i = 0; i < patient->n_supports; i++)
		if (plan_cost_absent(instance, &patient->supports[i]) == 0 &&
		    can_attend(instance, patient, spot, i))
			making->plan->places[p].attends[i] = !is_taken(making,
			    patient->supports[i].person_at, plan_slot_from(session, spot->cell),
			    plan_slot_to(session, spot->cell, patient->slots));
}

static void fill_places(struct wr_arena *arena, struct making *making)
{
	const struct plan_field *field = &making->field;
	const struct wr_plan_instance *instance = field->instance;
	bool **attends = wr_alloc(instance->n_patients + 1, sizeof(*attends));
	for (uint32_t p = 0; p < instance->n_patients; p++) {
		struct wr_plan_place *place = &making->plan->places[p];
		place->attends = attends[p] =
		    wr_arena_new(arena, bool, instance->patients[p].n_supports + 1);
		place->placed = making->spot[p] != PLAN_UNPLACED;
		if (!place->placed)
			continue;
		place->session = field->spots[making->spot[p]].session;
		place->cell = field->spots[making->spot[p]].cell;
		attend_uncontested(making, p);
	}
	for (size_t c = 0; c < making->n_pieces; c++)
		plan_attend(
		    field, making->pieces[c].patients, making->pieces[c].n, making->spot, attends);
	for (uint32_t p = 0; p < instance->n_patients; p++)
		if (making->plan->places[p].placed)
			attend_weightless(making, p);
	free(attends);
}

void wr_plan_make(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const struct wr_plan_options *options, struct wr_plan **ret_plan)
{
	plan_make_but(arena, instance, options, NULL, ret_plan);
}

void plan_make_but(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const struct wr_plan_options *options, const struct plan_but *but, struct wr_plan **ret_plan)
{
	struct wr_plan *plan = wr_arena_new(arena, struct wr_plan, 1);
	struct making making = {.plan = plan};
	plan->n_places = instance->n_patients;
	plan->places = wr_arena_new(arena, struct wr_plan_place, instance->n_patients + 1);
	making.run.most_nodes = options && options->nodes ? options->nodes : 100000;
	making.run.most_pivots = options && options->pivots ? options->pivots : SIZE_MAX;
	making.run.most_work =
	    options && (options->nodes || options->pivots) ? SIZE_MAX : USUAL_WORK;
	making.run.progress = options ? options->progress : NULL;
	making.run.context = options ? options->context : NULL;
	plan_field_init(&making.field, instance, but);
	making.spot = wr_alloc(instance->n_patients + 1, sizeof(*making.spot));
	divide(&making);
	for (size_t c = 0; c < making.n_pieces; c++)
		plan_first(&making, &making.pieces[c]);
	tell(&making);
	for (size_t c = 0; c < making.n_pieces && !making.run.stopped; c++)
		search_piece(&making, &making.pieces[c]);
	sum_up(&making);
	fill_places(arena, &making);
	plan->status = plan->bound == plan->cost ? WR_PLAN_OPTIMAL : WR_PLAN_FEASIBLE;
	plan->search.nodes = making.run.nodes;
	plan->search.pivots = making.run.pivots;
	wr_plan_cost(instance, plan->places, &plan->terms);
	plan_why_fill(&making.field, plan);
	free(making.spot);
	free(making.members);
	free(making.pieces);
	plan_field_deinit(&making.field);
	*ret_plan = plan;
}
