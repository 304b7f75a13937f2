/*
 * plan/factor: a square sparse matrix B held so that B x = a and B' y = c are solved quickly, and
 * one column at a time can be replaced.
 *
 * Rows are numbered by constraint, columns by position in the basis. Pure; no locks.
 */
#ifndef WARDROUND_PLAN_FACTOR_H
#define WARDROUND_PLAN_FACTOR_H

#include "wardround/base.h"

/* Sparse vectors one after another: vector k is at[start[k]] .. at[start[k + 1] - 1]. */
struct plan_sparse {
	size_t *start;
	int *at;
	double *value;
	size_t n, n_capacity, capacity; /* vectors; room for vectors; room for entries */
};

struct plan_factor {
	int m, capacity;
	struct plan_sparse lower, upper, etas;
	int *pivot_row, *pivot_at; /* by step: row and basis position */
	double *diagonal;          /* by step */
	int *eta_at;               /* by eta: basis position replaced */
	double *eta_pivot;
	int eta_capacity;
	double *work;      /* m, all zero between calls */
	int *scratch;      /* 6 * (m + 1) */
	size_t lower_from; /* steps before this one have nothing in lower */
	size_t makes;      /* how often it was made anew */
};

void plan_factor_init(struct plan_factor *factor, int m);
void plan_factor_deinit(struct plan_factor *factor);
/*
 * Factors the basis whose column at position p is (at, value)[start[p] .. start[p + 1] - 1].
 * Positions that can't be pivoted get the unit column of a row that is left: they are written to
 * `replaced` (position, row pairs; room for 2 m). Returns how many.
 */
int plan_factor_make(struct plan_factor *factor, const int *start, const int *at,
    const double *value, int *replaced);
/* in: a by row, out: x by position. `a` is destroyed. */
void plan_factor_forward(struct plan_factor *factor, double *a, double *x);
/* in: c by position (destroyed), out: y by row. */
void plan_factor_backward(struct plan_factor *factor, double *c, double *y);
/* The column at `position` is replaced by the one whose forward solution is `x`. */
void plan_factor_replace(struct plan_factor *factor, int position, const double *x);
/* Forgets the replacements after the first `n`. */
void plan_factor_rewind(struct plan_factor *factor, size_t n);

#endif
