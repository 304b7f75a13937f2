/*
 * Plans to start from. Greedy: the dearest to leave out first, each at the cheapest place left.
 * Diving: take the linear program's word for the patient it is surest about, solve again, go on
 * until it is whole (a plan) or no better than what is known.
 */
#include "search.h"

#include <stdlib.h>
#include <string.h>

struct turn {
	int64_t unplaced;
	int n_columns, patient;
};

static int by_weight(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;
	if (x->unplaced != y->unplaced)
		return x->unplaced > y->unplaced ? -1 : 1;
	if (x->n_columns != y->n_columns)
		return x->n_columns < y->n_columns ? -1 : 1;
	return (x->patient > y->patient) - (x->patient < y->patient);
}

/* The cheapest column whose rows are all free, or -1. */
static int cheapest_free(const struct plan_problem *problem, int patient, const uint8_t *taken)
{
	int best = -1;
	for (int j = problem->first[patient]; j < problem->first[patient + 1]; j++) {
		if (best >= 0 && problem->cost[j] >= problem->cost[best])
			continue;
		bool is_free = true;
		for (int k = problem->start[j] + 1; k < problem->start[j + 1] && is_free; k++)
			is_free = !taken[problem->row[k]];
		if (is_free)
			best = j;
	}
	return best;
}

void plan_greedy(const struct plan_problem *problem, uint32_t *spots)
{
	size_t n = (size_t)problem->n_patients;
	struct turn *turns = wr_alloc(n + 1, sizeof(*turns));
	uint8_t *taken = wr_alloc((size_t)problem->n_rows + 1, 1);
	for (int i = 0; i < problem->n_patients; i++) {
		int last = problem->first[i + 1] - 1;
		bool fixed = last < problem->first[i] || problem->spot[last] != PLAN_UNPLACED;
		turns[i] = (struct turn){fixed ? INT64_MAX : problem->cost[last],
		    problem->first[i + 1] - problem->first[i], i};
	}
	qsort(turns, n, sizeof(*turns), by_weight);
	for (size_t t = 0; t < n; t++) {
		int i = turns[t].patient, column = cheapest_free(problem, i, taken);
		spots[i] = column < 0 ? PLAN_UNPLACED : problem->spot[column];
		if (column < 0)
			continue;
		for (int k = problem->start[column] + 1; k < problem->start[column + 1]; k++)
			taken[problem->row[k]] = 1;
	}
	free(turns);
	free(taken);
}

/* The spot with the largest part of a patient's solution that isn't whole; INT64 when none. */
static int surest(const struct plan_search *search, uint32_t *ret_spot)
{
	const struct plan_problem *problem = search->problem;
	int patient = -1;
	double most = 0;
	for (int i = 0; i < problem->n_patients; i++) {
		double sum = 0, best = 0;
		uint32_t spot = 0, best_spot = 0;
		for (int j = problem->first[i]; j < problem->first[i + 1]; j++) {
			double value = plan_lp_value(&search->lp, j);
			if (value < 1e-9)
				continue;
			sum = problem->spot[j] == spot ? sum + value : value;
			spot = problem->spot[j];
			if (sum > best) {
				best = sum;
				best_spot = spot;
			}
		}
		if (best < 1 - 1e-6 && best > most) {
			most = best;
			patient = i;
			*ret_spot = best_spot;
		}
	}
	return patient;
}

/* Places that are whole already, attendance aside. */
static bool read_places(struct plan_search *search)
{
	const struct plan_problem *problem = search->problem;
	for (int i = 0; i < problem->n_patients; i++) {
		double most = 0;
		for (int j = problem->first[i]; j < problem->first[i + 1]; j++)
			if (plan_lp_value(&search->lp, j) > most) {
				most = plan_lp_value(&search->lp, j);
				search->trial[i] = problem->spot[j];
			}
		if (most <= 0)
			return false;
	}
	return true;
}

void plan_dive(struct plan_search *search)
{
	const struct plan_problem *problem = search->problem;
	struct plan_lp *lp = &search->lp;
	struct plan_lp_state state = {0};
	uint8_t *was = wr_alloc((size_t)lp->n + 1, 1);
	memcpy(was, lp->blocked, (size_t)lp->n);
	plan_lp_save(lp, &state);
	for (int step = 0; step < problem->n_patients; step++) {
		uint32_t spot = 0;
		int64_t bound;
		int patient = surest(search, &spot);
		if (patient < 0) {
			if (read_places(search))
				plan_search_offer(search);
			break;
		}
		for (int j = problem->first[patient]; j < problem->first[patient + 1]; j++)
			if (problem->spot[j] != spot)
				lp->blocked[j] = 1;
		enum plan_node_end end = plan_search_solve(search, 1000, &bound);
		if (end == PLAN_NODE_PRUNED)
			break;
		if (end == PLAN_NODE_WHOLE) {
			plan_search_offer(search);
			break;
		}
	}
	memcpy(lp->blocked, was, (size_t)lp->n);
	plan_lp_restore(lp, &state);
	plan_lp_state_deinit(&state);
	free(was);
}
