/*
 * Gomory's mixed-integer cuts (R. E. Gomory 1960), derived in integers.
 *
 * A row of the simplex tableau is a sum of rows of the problem. Its multipliers are floating-point
 * numbers near fractions with a small common denominator; once that is found, the sum is formed
 * from the problem's own rows in integers, and the cut from the sum. A denominator that is guessed
 * wrong gives a weaker cut or none, but never a false one: any multipliers are good.
 *
 * With D the denominator, slacks s >= 0 whole like everything else, and a row sum(a x) + sum(k s)
 * = b, all times 1 / D: let f be the remainders modulo D and f0 that of b. Then
 *     sum(g(f) x) + sum(g(f) s) >= f0 (D - f0),   g(f) = f (D - f0) if f <= f0, else (D - f) f0,
 * and slacks are put back as right-hand side less row.
 */
#include "cuts.h"

#include "simplex.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_DENOMINATOR 120
#define MOST_ROWS 40  /* tableau rows looked at in one round, for each 1,000 columns or part */
#define MOST_ADDED 12 /* likewise */

struct candidate {
	struct plan_cut cut;
	double depth; /* how far the solution is beyond it */
};

struct deriving {
	const struct plan_problem *problem;
	const struct plan_lp *lp;
	double *unit, *rho;
	int64_t *multiplier, *slack; /* by row */
	int64_t *sum;                /* by column */
	struct candidate *best;
	int n_best, most;
};

static int64_t remainder_of(int64_t number, int64_t by)
{
	int64_t rest = number % by;
	return rest < 0 ? rest + by : rest;
}

/* The least denominator with which all multipliers are nearly whole; 0: none. */
static int64_t find_denominator(const struct deriving *deriving)
{
	for (int64_t d = 2; d <= MOST_DENOMINATOR; d++) {
		bool whole = true;
		for (int i = 0; i < deriving->lp->m && whole; i++) {
			double times = deriving->rho[i] * (double)d;
			whole = fabs(times - nearbyint(times)) < 1e-5 && fabs(times) < 1e6;
		}
		if (whole)
			return d;
	}
	return 0;
}

static void sum_rows(struct deriving *deriving)
{
	const struct plan_lp *lp = deriving->lp;
	memset(deriving->sum, 0, (size_t)lp->n * sizeof(int64_t));
	for (int i = 0; i < lp->m; i++)
		for (int e = lp->row_start[i]; deriving->multiplier[i] && e < lp->row_start[i + 1];
		     e++)
			deriving->sum[lp->row_at[e]] +=
			    deriving->multiplier[i] * (int64_t)lp->row_value[e];
}

static int64_t share(int64_t f, int64_t f0, int64_t d)
{
	return f <= f0 ? f * (d - f0) : (d - f) * f0;
}

/* Turns the sum into the cut's columns: sum(...) x <= rhs. False when it is of no use. */
static bool finish_cut(struct deriving *deriving, int64_t d, int64_t f0, struct candidate *found)
{
	const struct plan_lp *lp = deriving->lp;
	int64_t rhs = -f0 * (d - f0), divisor = 0;
	for (int i = 0; i < lp->m; i++) {
		bool equal = i < lp->n_patients;
		deriving->slack[i] =
		    equal ? 0 : share(remainder_of(deriving->multiplier[i], d), f0, d);
		rhs += deriving->slack[i] * (int64_t)lp->rhs[i];
	}
	for (int j = 0; j < lp->n; j++) {
		int64_t value = -share(remainder_of(deriving->sum[j], d), f0, d);
		for (int k = lp->start[j]; k < lp->start[j + 1]; k++)
			value += deriving->slack[lp->at[k]] * (int64_t)lp->value[k];
		deriving->sum[j] = lp->blocked[j] ? 0 : value;
		for (int64_t a = llabs(deriving->sum[j]), b = divisor; a; divisor = b) {
			int64_t rest = b % a;
			b = a;
			a = rest;
		}
	}
	if (divisor == 0 || rhs / divisor > 1000000 || rhs / divisor < -1000000)
		return false;
	double square = 0, beyond = 0;
	int n = 0;
	for (int j = 0; j < lp->n; j++) {
		int64_t value = deriving->sum[j] / divisor;
		if (value > 3000 || value < -3000)
			return false;
		square += (double)(value * value);
		beyond += (double)value * plan_lp_value(lp, j);
		n += value != 0;
	}
	/* whole on the left, so the right side may be rounded down */
	found->cut.rhs = (int)((rhs - remainder_of(rhs, divisor)) / divisor);
	found->cut.n = n;
	found->depth = (beyond - found->cut.rhs) / sqrt(square + 1e-9);
	return found->depth > 0.01;
}

static void keep(struct deriving *deriving, struct candidate found, int64_t divisor)
{
	const struct plan_lp *lp = deriving->lp;
	int at = deriving->n_best;
	if (at == deriving->most) {
		if (found.depth <= deriving->best[at - 1].depth)
			return;
		at--;
		free(deriving->best[at].cut.column);
		free(deriving->best[at].cut.value);
	} else {
		deriving->n_best++;
	}
	found.cut.column = wr_alloc((size_t)found.cut.n + 1, sizeof(*found.cut.column));
	found.cut.value = wr_alloc((size_t)found.cut.n + 1, sizeof(*found.cut.value));
	for (int j = 0, n = 0; j < lp->n; j++) {
		if (deriving->sum[j] == 0)
			continue;
		found.cut.value[n] = (int16_t)(deriving->sum[j] / divisor);
		found.cut.column[n++] = j;
	}
	for (; at > 0 && deriving->best[at - 1].depth < found.depth; at--)
		deriving->best[at] = deriving->best[at - 1];
	deriving->best[at] = found;
}

static int64_t divisor_of(const struct deriving *deriving)
{
	int64_t divisor = 0;
	for (int j = 0; j < deriving->lp->n; j++)
		for (int64_t a = llabs(deriving->sum[j]), b = divisor; a; divisor = b) {
			int64_t rest = b % a;
			b = a;
			a = rest;
		}
	return divisor;
}

static void derive(struct deriving *deriving, struct plan_factor *factor, int position)
{
	const struct plan_lp *lp = deriving->lp;
	struct candidate found = {.depth = 0};
	int64_t rhs = 0;
	memset(deriving->unit, 0, (size_t)lp->m * sizeof(double));
	deriving->unit[position] = 1;
	plan_factor_backward(factor, deriving->unit, deriving->rho);
	int64_t d = find_denominator(deriving);
	if (d == 0)
		return;
	for (int i = 0; i < lp->m; i++) {
		deriving->multiplier[i] = llrint(deriving->rho[i] * (double)d);
		rhs += deriving->multiplier[i] * (int64_t)lp->rhs[i];
	}
	int64_t f0 = remainder_of(rhs, d);
	if (f0 == 0)
		return;
	sum_rows(deriving);
	if (finish_cut(deriving, d, f0, &found))
		keep(deriving, found, divisor_of(deriving));
}

struct row_rank {
	double off; /* from a half */
	int position;
};

static int by_off(const void *a, const void *b)
{
	const struct row_rank *x = a, *y = b;
	if (x->off != y->off)
		return x->off < y->off ? -1 : 1;
	return (x->position > y->position) - (x->position < y->position);
}

size_t plan_gomory_separate(
    struct plan_cuts *cuts, const struct plan_problem *problem, struct plan_lp *lp)
{
	size_t m = (size_t)lp->m + 1, added = 0;
	struct deriving deriving = {.problem = problem, .lp = lp};
	struct row_rank *ranks = wr_alloc(m, sizeof(*ranks));
	int n = 0;
	int parts = lp->n / 1000 + 1;
	deriving.most = MOST_ADDED * parts;
	deriving.best = wr_alloc((size_t)deriving.most, sizeof(*deriving.best));
	deriving.unit = wr_alloc(m, sizeof(double));
	deriving.rho = wr_alloc(m, sizeof(double));
	deriving.multiplier = wr_alloc(m, sizeof(int64_t));
	deriving.slack = wr_alloc(m, sizeof(int64_t));
	deriving.sum = wr_alloc((size_t)lp->n + 1, sizeof(int64_t));
	for (int p = 0; p < lp->m; p++) {
		double part = lp->x[p] - floor(lp->x[p]);
		if (part > 0.02 && part < 0.98)
			ranks[n++] = (struct row_rank){fabs(part - 0.5), p};
	}
	qsort(ranks, (size_t)n, sizeof(*ranks), by_off);
	for (int k = 0; k < n && k < MOST_ROWS * parts; k++)
		derive(&deriving, &lp->factor, ranks[k].position);
	for (int k = 0; k < deriving.n_best; k++)
		added += plan_cuts_take(cuts, &deriving.best[k].cut);
	free(ranks);
	free(deriving.best);
	free(deriving.unit);
	free(deriving.rho);
	free(deriving.multiplier);
	free(deriving.slack);
	free(deriving.sum);
	return added;
}
