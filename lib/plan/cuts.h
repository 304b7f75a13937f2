/*
 * plan/cuts: rows that every whole solution obeys and the linear relaxation does not yet.
 *
 * A cover is a set of patients who together need more cells than a block has (covers.c).
 * A clique is a set of columns of which any two exclude each other, because they are the same
 * patient's or share a row: so at most one of them is chosen. Both are derived from the problem in
 * integers; the fractional solution only says where to look.
 *
 * Pure; no locks.
 */
#ifndef WARDROUND_PLAN_CUTS_H
#define WARDROUND_PLAN_CUTS_H

#include "problem.h"

struct plan_cut {
	int n, rhs;
	int *column;    /* n, ascending */
	int16_t *value; /* n, not 0 */
};

struct plan_cuts {
	struct plan_cut *items;
	size_t n, capacity;
};

struct plan_lp;

/*
 * Adds cliques that the solution in `lp` violates, made as large as they get with the columns that
 * aren't blocked, dearest violation first. Returns how many. `d` (by column): those with small
 * values are taken first. The lp itself does not change.
 */
size_t plan_cuts_separate(struct plan_cuts *cuts, const struct plan_problem *problem,
    const struct plan_lp *lp, const double *d);
size_t plan_covers_separate(
    struct plan_cuts *cuts, const struct plan_problem *problem, const struct plan_lp *lp);
/* How much must stay unplaced in each ward: priority times cells, by what divides them all. */
struct plan_counts {
	const struct plan_problem *problem;
	int n;           /* wards */
	int *ward;       /* by patient */
	int64_t *weight; /* by patient; 0: fixed */
	int *row_ward;   /* by row: ward + 1 of all its columns, -1 when they differ */
	int64_t *least;  /* by ward: what plan_counts_from has proved */
	int64_t cost;    /* scaled, of one */
};
void plan_counts_init(struct plan_counts *counts, const struct plan_problem *problem);
void plan_counts_deinit(struct plan_counts *counts);
/* What prices near -y prove among columns that aren't blocked, in integers; the sum of all wards.
 */
int64_t plan_counts_from(struct plan_counts *counts, const struct plan_cuts *cuts, const double *y,
    const uint8_t *blocked);
size_t plan_counts_separate(
    struct plan_cuts *cuts, struct plan_counts *counts, const struct plan_lp *lp, const double *y);
/* From the present basis, which does not change. */
size_t plan_gomory_separate(
    struct plan_cuts *cuts, const struct plan_problem *problem, struct plan_lp *lp);
/* Adds a cut, which becomes the list's, or frees it when it is there already. */
bool plan_cuts_take(struct plan_cuts *cuts, struct plan_cut *cut);
/* The same cuts where column j is now to[j], or gone (-1). */
void plan_cuts_renumber(struct plan_cuts *cuts, const int *to);
/* Forgets the cuts that are marked. */
void plan_cuts_drop(struct plan_cuts *cuts, const bool *drop);
void plan_cuts_deinit(struct plan_cuts *cuts);

#endif
