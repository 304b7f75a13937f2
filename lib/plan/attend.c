/*
 * Who attends, and what a choice of places really costs.
 *
 * Once places are chosen, who attends is decided for each person apart: the slots where the person
 * is wanted are weighted intervals, and the heaviest set without overlaps is found by going through
 * them in order of their ends (weighted interval scheduling). Hence a plan is known by its places,
 * and its true cost can always be computed exactly.
 */
#include "problem.h"

#include <stdlib.h>

struct attend {
	int64_t from, to, weight, best; /* best: of the intervals up to this one */
	const struct plan_wish *wish;
	bool taken;
};

static int by_person_then_end(const void *a, const void *b)
{
	const struct attend *x = a, *y = b;
	if (x->wish->person != y->wish->person)
		return x->wish->person < y->wish->person ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return (x->wish > y->wish) - (x->wish < y->wish);
}

/* The last interval before `at` that ends by its start, + 1. */
static size_t last_before(const struct attend *attends, size_t at)
{
	size_t low = 0, high = at;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (attends[middle].to <= attends[at].from)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Marks one person's heaviest set without overlaps; returns the weight of the others. */
static int64_t attend_best(struct attend *attends, size_t n)
{
	int64_t total = 0;
	for (size_t i = 0; i < n; i++) {
		size_t before = last_before(attends, i);
		int64_t with = attends[i].weight + (before ? attends[before - 1].best : 0);
		int64_t without = i ? attends[i - 1].best : 0;
		attends[i].best = with > without ? with : without;
		total += attends[i].weight;
	}
	int64_t lost = n ? total - attends[n - 1].best : 0;
	for (size_t i = n; i > 0;) {
		if (attends[i - 1].best == (i > 1 ? attends[i - 2].best : 0)) {
			i--;
			continue;
		}
		attends[i - 1].taken = true;
		i = last_before(attends, i - 1);
	}
	return lost;
}

int64_t plan_attend(const struct plan_field *field, const uint32_t *patients, size_t n_patients,
    const uint32_t *spots, bool *const *attends)
{
	const struct wr_plan_instance *instance = field->instance;
	struct attend *all = NULL;
	size_t n = 0, capacity = 0;
	int64_t lost = 0;
	for (size_t i = 0; i < n_patients; i++) {
		uint32_t at = spots[patients[i]];
		if (at == PLAN_UNPLACED)
			continue;
		const struct plan_spot *spot = &field->spots[at];
		const struct wr_plan_session *session = &instance->sessions[spot->session];
		int64_t slots = instance->patients[patients[i]].slots;
		for (uint32_t w = 0; w < spot->n_wishes; w++) {
			const struct plan_wish *wish = &field->wishes[spot->wishes + w];
			WR_GROW(all, n, capacity);
			all[n++] = (struct attend){
			    .from = plan_slot_from(session, spot->cell),
			    .to = plan_slot_to(session, spot->cell, slots),
			    .weight = wish->weight,
			    .wish = wish,
			};
		}
	}
	if (n)
		qsort(all, n, sizeof(*all), by_person_then_end);
	for (size_t i = 0; i < n;) {
		size_t end = i;
		while (end < n && all[end].wish->person == all[i].wish->person)
			end++;
		lost += attend_best(all + i, end - i);
		i = end;
	}
	for (size_t i = 0; attends && i < n; i++)
		attends[field->spots[all[i].wish->spot].patient][all[i].wish->support] =
		    all[i].taken;
	free(all);
	return lost;
}

static bool cells_apart(const struct plan_problem *problem, const uint32_t *spots)
{
	const struct plan_field *field = problem->field;
	size_t *base = plan_cell_bases(field->instance);
	uint8_t *taken = wr_alloc(base[field->instance->n_sessions] + 1, 1);
	bool apart = true;
	for (int i = 0; i < problem->n_patients && apart; i++) {
		if (spots[i] == PLAN_UNPLACED)
			continue;
		const struct plan_spot *spot = &field->spots[spots[i]];
		for (int64_t k = 0; k < field->instance->patients[spot->patient].slots; k++) {
			uint8_t *cell = &taken[base[spot->session] + spot->cell + (size_t)k];
			apart = apart && !*cell;
			*cell = 1;
		}
	}
	free(taken);
	free(base);
	return apart;
}

int64_t plan_problem_cost(const struct plan_problem *problem, const uint32_t *spots)
{
	const struct plan_field *field = problem->field;
	const struct wr_plan_instance *instance = field->instance;
	int64_t cost = 0;
	if (!cells_apart(problem, spots))
		return INT64_MAX;
	uint32_t *by_patient = wr_alloc(instance->n_patients + 1, sizeof(*by_patient));
	for (int i = 0; i < problem->n_patients && cost != INT64_MAX; i++) {
		const struct wr_plan_patient *patient = &instance->patients[problem->patients[i]];
		by_patient[problem->patients[i]] = spots[i];
		if (spots[i] != PLAN_UNPLACED)
			cost += plan_scaled_cost(
			    problem, patient, &field->spots[spots[i]], field->spots[spots[i]].cost);
		else if (patient->fixed_at == WR_PLAN_NONE)
			cost += plan_scaled_cost(
			    problem, patient, NULL, plan_cost_unplaced(instance, patient));
		else
			cost = INT64_MAX;
	}
	if (cost != INT64_MAX)
		cost += problem->scale * plan_attend(field, problem->patients,
					     (size_t)problem->n_patients, by_patient, NULL);
	free(by_patient);
	return cost;
}
