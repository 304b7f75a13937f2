/*
 * plan/cuts: rows that every whole solution obeys and the linear relaxation does not yet.
 *
 * A cut is half the sum of some rows, rounded down on both sides: since columns are whole and not
 * negative, that is valid (V. Chvatal 1973; with halves: A. Caprara and M. Fischetti 1996). It is
 * derived in integers from the rows named, never from a floating-point tableau.
 *
 * Pure; no locks.
 */
#ifndef WARDROUND_PLAN_CUTS_H
#define WARDROUND_PLAN_CUTS_H

#include "problem.h"

struct plan_cut {
	int n, rhs;
	int *column;   /* n, ascending */
	int8_t *value; /* n, >= 1 */
};

struct plan_cuts {
	struct plan_cut *items;
	size_t n, capacity;
};

void plan_cuts_deinit(struct plan_cuts *cuts);

#endif
