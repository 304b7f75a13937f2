/*
 * plan/simplex: the linear relaxation of a problem, solved by the dual simplex method, warm.
 *
 * minimise cost x, each row's sum = 1 (patients') or <= its right-hand side, x >= 0; a blocked
 * column is fixed at 0. Variables 0 .. n - 1 are columns, n + i is the slack of row i. Floating
 * point throughout: nothing is believed that bound.c has not computed again in integers.
 *
 * Pure; no locks.
 */
#ifndef WARDROUND_PLAN_SIMPLEX_H
#define WARDROUND_PLAN_SIMPLEX_H

#include "cuts.h"
#include "factor.h"
#include "problem.h"

enum plan_lp_end {
	PLAN_LP_SOLVED,
	PLAN_LP_IMPOSSIBLE, /* no x at all; `ray` says why */
	PLAN_LP_CUTOFF,     /* the objective has passed the cutoff */
	PLAN_LP_LIMIT,      /* pivots used up */
};

struct plan_lp {
	int m, n, n_patients;
	int *start, *at; /* by column */
	double *value;
	int *row_start, *row_at; /* by row */
	double *row_value;
	double *cost, *true_cost; /* n + m; cost may be shifted by rounding trouble */
	double *rhs;              /* m */
	uint8_t *blocked;         /* n + m */

	int *head;      /* m: the basic variable at each position */
	int *where;     /* n + m: position, or -1 */
	double *x;      /* m: values of the basic variables */
	double *d;      /* n + m: reduced costs */
	double *weight; /* m: steepest edge */
	double objective;
	struct plan_factor factor;

	double *row_work, *alpha, *tau, *rho, *pivot_row; /* m, m, m, m, n + m */
	int *touched, n_touched;
	double *ray;         /* m: after IMPOSSIBLE */
	size_t pivots, work; /* work: numbers touched, about */
};

void plan_lp_init(
    struct plan_lp *lp, const struct plan_problem *problem, const struct plan_cuts *cuts);
void plan_lp_deinit(struct plan_lp *lp);
/* The basis in which every patient has the cheapest column that isn't blocked. */
void plan_lp_start(struct plan_lp *lp);
/* Factors the basis in `head`, computes everything that follows from it. */
void plan_lp_refresh(struct plan_lp *lp);
enum plan_lp_end plan_lp_solve(struct plan_lp *lp, size_t most_pivots, double cutoff);
/* The price of each row, y: what one unit more of its right-hand side would add to the cost. */
void plan_lp_prices(struct plan_lp *lp, double *y);
/* Value of a column in the present basis. */
static inline double plan_lp_value(const struct plan_lp *lp, int column)
{
	return lp->where[column] < 0 ? 0 : lp->x[lp->where[column]];
}

/* A basis to come back to. After restore the factors are those of the present, rewound or made. */
struct plan_lp_state {
	int *head;
	double *x, *d, *weight;
	double objective;
	size_t n_etas, makes;
};
void plan_lp_save(const struct plan_lp *lp, struct plan_lp_state *state);
void plan_lp_restore(struct plan_lp *lp, const struct plan_lp_state *state);
void plan_lp_state_deinit(struct plan_lp_state *state);

#endif
