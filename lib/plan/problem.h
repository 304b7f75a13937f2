/*
 * plan/problem: the integer program of one component: patients who compete for cells or people,
 * directly or through others. Components have nothing in common, so their costs add up.
 *
 * A column is one choice of one patient: a spot together with which of its wishes come true, or
 * being unplaced. Exactly one column a patient; every other row (a cell, a clique of a shared
 * person's times) holds at most one. All coefficients and right-hand sides are 1.
 *
 * Costs are multiplied by `scale`, and each published slot that is moved or lost adds the number of
 * people who have to be told again (the patient and the supports): among plans of equal cost the
 * one that tells fewest is least, and the cost itself is cost / scale.
 *
 * Pure; no locks.
 */
#ifndef WARDROUND_PLAN_PROBLEM_H
#define WARDROUND_PLAN_PROBLEM_H

#include "columns.h"

#define PLAN_UNPLACED UINT32_MAX
#define PLAN_MASK_WISHES 8 /* in one column; more at one spot are taken to come true */

struct plan_problem {
	const struct plan_field *field;
	uint32_t *patients;                /* n_patients: index in the instance */
	int n_patients, n_rows, n_columns; /* rows 0 .. n_patients - 1 are the patients' */
	int *first; /* n_patients + 1: columns of patient i are first[i] .. first[i + 1] - 1 */
	int *owner; /* by column: the patient, 0 .. n_patients - 1 */
	int *start, *row; /* by column: its rows, the patient's first */
	int64_t *cost;    /* by column, scaled */
	uint32_t *spot;   /* by column; PLAN_UNPLACED */
	uint32_t *mask;   /* by column: which of the spot's wishes come true */
	int64_t scale;
	bool relaxed; /* wishes that didn't fit a mask cost nothing: the true cost may be higher */
};

/* Each patient's component, 0 .. n - 1 in the order of their first patients; returns n. */
size_t plan_components(const struct plan_field *field, uint32_t *component);
/*
 * The program of some patients, as if there were no others. Rows that fewer than two patients can
 * use are left out.
 */
void plan_problem_init(struct plan_problem *problem, const struct plan_field *field,
    const uint32_t *patients, size_t n_patients);
/* The columns of `from` that aren't blocked, numbered anew: column j is to[j], or -1. */
void plan_problem_shrink(
    struct plan_problem *problem, const struct plan_problem *from, const uint8_t *blocked, int *to);
/* Takes out the patients of other groups (by patient), who must have no columns left. */
void plan_problem_only(struct plan_problem *problem, const int *group, int wanted);
void plan_problem_deinit(struct plan_problem *problem);

/* Scaled cost of a choice whose cost is known. `spot` NULL: unplaced. */
int64_t plan_scaled_cost(const struct plan_problem *problem, const struct wr_plan_patient *patient,
    const struct plan_spot *spot, int64_t cost);
/* Number of the first cell of each session when all cells stand in one line. free() it. */
size_t *plan_cell_bases(const struct wr_plan_instance *instance);

/*
 * Who comes, of those who are contested, when `spots` (by patient of the instance) are chosen: the
 * best set for each person. Fills `attends` (by patient, by support) unless NULL; returns the
 * weight of those who can't come.
 */
int64_t plan_attend(const struct plan_field *field, const uint32_t *patients, size_t n_patients,
    const uint32_t *spots, bool *const *attends);
/* True scaled cost of spots (by patient of the problem); INT64_MAX when it is no plan. */
int64_t plan_problem_cost(const struct plan_problem *problem, const uint32_t *spots);

#endif
