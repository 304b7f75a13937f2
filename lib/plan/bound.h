/*
 * plan/bound: what any prices prove, in integers.
 * Pure; no locks.
 */
#ifndef WARDROUND_PLAN_BOUND_H
#define WARDROUND_PLAN_BOUND_H

#include "cuts.h"

struct plan_bound {
	const struct plan_problem *problem;
	const struct plan_cuts *cuts;
	int64_t unit;     /* prices count 1 / unit of a scaled cost */
	int64_t *price;   /* by row, >= 0; 0 for patients' rows */
	int64_t *reduced; /* by column: cost and prices of what it takes */
	int64_t *least;   /* by patient: of the columns not blocked; INT64_MAX: none left */
	int64_t value;    /* in 1 / unit; INT64_MAX when some patient has no column left */
};

void plan_bound_init(
    struct plan_bound *bound, const struct plan_problem *problem, const struct plan_cuts *cuts);
void plan_bound_deinit(struct plan_bound *bound);
/*
 * The bound proved by prices near -y (y in unscaled costs, as plan_lp_prices gives them), among
 * columns that are not blocked. Returns scaled cost, rounded up: no plan of theirs costs less.
 */
int64_t plan_bound_from(struct plan_bound *bound, const double *y, const uint8_t *blocked);
/* Blocks each column with which no plan can cost less than `best`. Returns how many. */
int plan_bound_fix(const struct plan_bound *bound, int64_t best, uint8_t *blocked);
/* Is it proved that no plan costs less than `best`? */
bool plan_bound_proves(const struct plan_bound *bound, int64_t best);

#endif
