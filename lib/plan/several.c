/*
 * Several wards coupled by shared people: better plans, one ward at a time against the rest.
 *
 * The rest stays where it is; what a ward takes from it is put on the price: a person who attends
 * elsewhere can be had for the weight of being absent there. At these prices the ward is a small
 * problem of its own, searched like any other (a decomposition in the manner of G. B. Dantzig and
 * P. Wolfe 1960, with the plan's own prices in place of multipliers). The bound comes from the
 * linear program of all wards together; this only finds plans, and what they really cost is counted
 * anew each time.
 */
#include "search.h"

#include <stdlib.h>
#include <string.h>

#define WARD_NODES 60
#define MOST_SWEEPS 4

struct wards {
	int *of; /* by patient of the problem */
	int n;
};

static void find_wards(const struct plan_problem *problem, struct wards *wards)
{
	const struct wr_plan_instance *instance = problem->field->instance;
	int *first = wr_alloc((size_t)problem->n_patients + 1, sizeof(int));
	wards->of = wr_alloc((size_t)problem->n_patients + 1, sizeof(int));
	wards->n = 0;
	for (int i = 0; i < problem->n_patients; i++) {
		const char *ward = instance->patients[problem->patients[i]].ward;
		int w = wards->n - 1; /* mostly the ward of the patient before */
		while (w >= 0 &&
		       !wr_text_equal(instance->patients[problem->patients[first[w]]].ward, ward))
			w--;
		if (w < 0) {
			w = wards->n++;
			first[w] = i;
		}
		wards->of[i] = w;
	}
	free(first);
}

/* The column of each patient in the best plan; -1 when it has none any more. */
static void find_columns(const struct plan_search *search, int *column)
{
	const struct plan_problem *problem = search->problem;
	const struct plan_field *field = problem->field;
	size_t n_all = field->instance->n_patients;
	uint32_t *spots = wr_alloc(n_all + 1, sizeof(*spots));
	bool **attends = wr_alloc(n_all + 1, sizeof(*attends));
	for (int i = 0; i < problem->n_patients; i++) {
		uint32_t p = problem->patients[i];
		spots[p] = search->spots[i];
		attends[p] = wr_alloc(field->instance->patients[p].n_supports + 1, sizeof(bool));
	}
	plan_attend(field, problem->patients, (size_t)problem->n_patients, spots, attends);
	for (int i = 0; i < problem->n_patients; i++) {
		uint32_t p = problem->patients[i], mask = 0;
		column[i] = -1;
		if (spots[p] != PLAN_UNPLACED) {
			const struct plan_spot *spot = &field->spots[spots[p]];
			for (uint32_t w = 0; w < spot->n_wishes && w < PLAN_MASK_WISHES; w++)
				if (attends[p][field->wishes[spot->wishes + w].support])
					mask |= 1u << w;
		}
		for (int j = problem->first[i]; j < problem->first[i + 1]; j++)
			if (problem->spot[j] == spots[p] && problem->mask[j] == mask)
				column[i] = j;
		free(attends[p]);
	}
	free(attends);
	free(spots);
}

struct held {
	int patient;    /* + 1, who has this row in the plan; 0: nobody */
	int64_t weight; /* scaled: what it costs that patient to let go */
};

/* Who of the other wards has each row, and the weight of the person that it is about. */
static void find_held(const struct plan_search *search, const int *column, struct held *held)
{
	const struct plan_problem *problem = search->problem;
	memset(held, 0, (size_t)problem->n_rows * sizeof(*held));
	for (int i = 0; i < problem->n_patients; i++) {
		int j = column[i];
		if (j < 0 || problem->spot[j] == PLAN_UNPLACED)
			continue;
		/* without one of its wishes the patient has the column of the smaller mask */
		for (int other = problem->first[i]; other < problem->first[i + 1]; other++) {
			uint32_t lost = problem->mask[j] & ~problem->mask[other];
			if (problem->spot[other] != problem->spot[j] || (lost & (lost - 1)) ||
			    !lost || (problem->mask[other] & ~problem->mask[j]))
				continue;
			for (int k = problem->start[j] + 1; k < problem->start[j + 1]; k++) {
				bool still = false;
				for (int e = problem->start[other];
				     e < problem->start[other + 1] && !still; e++)
					still = problem->row[e] == problem->row[k];
				if (!still)
					held[problem->row[k]] = (struct held){
					    i + 1, problem->cost[other] - problem->cost[j]};
			}
		}
	}
}

/* One ward's problem, with the prices of what the others hold on its columns. */
static void ward_problem(const struct plan_search *search, const struct wards *wards, int ward,
    const struct held *held, struct plan_problem *part)
{
	const struct plan_problem *problem = search->problem;
	uint8_t *blocked = wr_alloc((size_t)problem->n_columns + 1, 1);
	int *to = wr_alloc((size_t)problem->n_columns + 1, sizeof(int));
	for (int j = 0; j < problem->n_columns; j++)
		blocked[j] = wards->of[problem->owner[j]] != ward;
	plan_problem_shrink(part, problem, blocked, to);
	for (int i = 0; i < problem->n_patients; i++)
		for (int j = problem->first[i]; wards->of[i] == ward && j < problem->first[i + 1];
		     j++) {
			int last = 0; /* rows of one person's run follow each other */
			for (int k = problem->start[j] + 1; k < problem->start[j + 1]; k++) {
				const struct held *by = &held[problem->row[k]];
				if (by->patient && by->patient != last &&
				    wards->of[by->patient - 1] != ward)
					part->cost[to[j]] += by->weight;
				last = by->patient;
			}
		}
	plan_problem_only(part, wards->of, ward);
	free(blocked);
	free(to);
}

/* True when the ward got better. */
static bool improve_ward(
    struct plan_search *search, const struct wards *wards, int ward, const struct held *held)
{
	const struct plan_problem *problem = search->problem;
	struct plan_problem part;
	struct plan_search inner;
	struct plan_run run = {
	    .most_nodes = WARD_NODES, .most_pivots = SIZE_MAX, .most_work = SIZE_MAX};
	ward_problem(search, wards, ward, held, &part);
	plan_search_init(&inner, &run, &part);
	plan_search_run(&inner);
	memcpy(search->trial, search->spots, (size_t)problem->n_patients * sizeof(*search->trial));
	bool changed = false;
	for (int i = 0, k = 0; i < problem->n_patients; i++) {
		if (wards->of[i] != ward)
			continue;
		changed = changed || search->trial[i] != inner.spots[k];
		search->trial[i] = inner.spots[k++];
	}
	search->run->pivots += run.pivots;
	search->run->work += run.work;
	plan_search_deinit(&inner);
	plan_problem_deinit(&part);
	return changed && plan_search_offer(search);
}

void plan_improve(struct plan_search *search)
{
	const struct plan_problem *problem = search->problem;
	struct wards wards;
	find_wards(problem, &wards);
	int *column = wr_alloc((size_t)problem->n_patients + 1, sizeof(int));
	struct held *held = wr_alloc((size_t)problem->n_rows + 1, sizeof(*held));
	int since = 0; /* wards since something changed */
	for (int turn = 0; wards.n > 1 && turn < MOST_SWEEPS * wards.n && since < wards.n &&
			   !plan_search_limit(search);
	     turn++) {
		if (since == 0) {
			find_columns(search, column);
			find_held(search, column, held);
		}
		since = improve_ward(search, &wards, turn % wards.n, held) ? 0 : since + 1;
	}
	free(held);
	free(column);
	free(wards.of);
}
