/*
 * The dual simplex method (C. E. Lemke 1954) with dual steepest edge pricing (J. J. Forrest and
 * D. Goldfarb 1992) and a two-pass ratio test (P. M. J. Harris 1973).
 *
 * Why dual: the basis in which every patient simply has the cheapest place is dual feasible, so the
 * method starts from what everybody would like best and resolves one collision after another. And
 * after blocking columns, which is all that branching, probing and fixing ever do, the last basis
 * stays dual feasible, so a node of the search costs a few pivots.
 */
#include "simplex.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PRIMAL_TOLERANCE 1e-7
#define DUAL_TOLERANCE 1e-7
#define PIVOT_TOLERANCE 1e-7
#define MOST_ETAS 64

/* ---- from a basis to its numbers ---- */

void plan_lp_start(struct plan_lp *lp)
{
	for (int i = 0; i < lp->m; i++)
		lp->head[i] = lp->n + i;
	int *best = lp->touched; /* by patient: the cheapest column, or -1 */
	for (int i = 0; i < lp->n_patients; i++)
		best[i] = -1;
	for (int j = 0; j < lp->n; j++) {
		int patient = lp->at[lp->start[j]];
		if (!lp->blocked[j] && (best[patient] < 0 || lp->cost[j] < lp->cost[best[patient]]))
			best[patient] = j;
	}
	for (int i = 0; i < lp->n_patients; i++)
		if (best[i] >= 0)
			lp->head[i] = best[i];
	for (int i = 0; i < lp->m; i++)
		lp->weight[i] = 1;
}

static void factor_basis(struct plan_lp *lp)
{
	int m = lp->m, n = lp->n;
	int *start = wr_alloc((size_t)m + 1, sizeof(int));
	for (int p = 0; p < m; p++) {
		int j = lp->head[p];
		start[p + 1] = start[p] + (j < n ? lp->start[j + 1] - lp->start[j] : 1);
	}
	int *at = wr_alloc((size_t)start[m] + 1, sizeof(int));
	double *value = wr_alloc((size_t)start[m] + 1, sizeof(double));
	int *replaced = wr_alloc((size_t)m + 1, 2 * sizeof(int));
	for (int p = 0; p < m; p++) {
		int j = lp->head[p], to = start[p];
		if (j >= n) {
			at[to] = j - n;
			value[to] = 1;
			continue;
		}
		size_t count = (size_t)(lp->start[j + 1] - lp->start[j]);
		memcpy(at + to, lp->at + lp->start[j], count * sizeof(int));
		memcpy(value + to, lp->value + lp->start[j], count * sizeof(double));
	}
	int n_replaced = plan_factor_make(&lp->factor, start, at, value, replaced);
	for (int k = 0; k < n_replaced; k++) {
		lp->head[replaced[2 * k]] = n + replaced[2 * k + 1];
		lp->weight[replaced[2 * k]] = 1;
	}
	free(start);
	free(at);
	free(value);
	free(replaced);
}

void plan_lp_prices(struct plan_lp *lp, double *y)
{
	for (int p = 0; p < lp->m; p++)
		lp->tau[p] = lp->cost[lp->head[p]];
	plan_factor_backward(&lp->factor, lp->tau, y);
}

static void compute_values(struct plan_lp *lp)
{
	memcpy(lp->row_work, lp->rhs, (size_t)lp->m * sizeof(double));
	plan_factor_forward(&lp->factor, lp->row_work, lp->x);
	lp->objective = 0;
	for (int p = 0; p < lp->m; p++)
		lp->objective += lp->cost[lp->head[p]] * lp->x[p];
}

static void compute_reduced_costs(struct plan_lp *lp)
{
	plan_lp_prices(lp, lp->rho);
	for (int j = 0; j < lp->n; j++) {
		double d = lp->cost[j];
		for (int k = lp->start[j]; k < lp->start[j + 1]; k++)
			d -= lp->rho[lp->at[k]] * lp->value[k];
		lp->d[j] = d;
	}
	for (int i = 0; i < lp->m; i++)
		lp->d[lp->n + i] = lp->cost[lp->n + i] - lp->rho[i];
	for (int p = 0; p < lp->m; p++)
		lp->d[lp->head[p]] = 0;
	/* What rounding made negative is lifted to zero: bounds get weaker, never wrong. */
	for (int j = 0; j < lp->n + lp->m; j++)
		if (lp->d[j] < 0 && !lp->blocked[j]) {
			lp->cost[j] -= lp->d[j];
			lp->d[j] = 0;
		}
}

void plan_lp_refresh(struct plan_lp *lp)
{
	size_t all = (size_t)(lp->n + lp->m);
	lp->work += 8 * (size_t)lp->m + (size_t)lp->start[lp->n];
	factor_basis(lp);
	memset(lp->where, 0xff, all * sizeof(int));
	for (int p = 0; p < lp->m; p++)
		lp->where[lp->head[p]] = p;
	memcpy(lp->cost, lp->true_cost, all * sizeof(double));
	compute_reduced_costs(lp);
	compute_values(lp);
}

/* ---- one pivot ---- */

/* The position whose value is furthest from allowed, in steepest-edge measure; -1: none. */
static int choose_leaving(const struct plan_lp *lp)
{
	int best = -1;
	double most = 0;
	for (int p = 0; p < lp->m; p++) {
		double x = lp->x[p];
		double out = x < 0 ? -x : lp->blocked[lp->head[p]] ? x : 0;
		if (out > PRIMAL_TOLERANCE && out * out > most * lp->weight[p]) {
			most = out * out / lp->weight[p];
			best = p;
		}
	}
	return best;
}

/* Row `position` of the tableau: rho by row, pivot_row by variable, touched lists who is not 0. */
static void compute_row(struct plan_lp *lp, int position)
{
	memset(lp->tau, 0, (size_t)lp->m * sizeof(double));
	lp->tau[position] = 1;
	plan_factor_backward(&lp->factor, lp->tau, lp->rho);
	lp->n_touched = 0;
	for (int i = 0; i < lp->m; i++) {
		double rho = lp->rho[i];
		if (rho == 0)
			continue;
		if (fabs(rho) < 1e-12) {
			lp->rho[i] = 0;
			continue;
		}
		lp->pivot_row[lp->n + i] = rho;
		lp->touched[lp->n_touched++] = lp->n + i;
		for (int k = lp->row_start[i]; k < lp->row_start[i + 1]; k++) {
			int j = lp->row_at[k];
			if (lp->pivot_row[j] == 0)
				lp->touched[lp->n_touched++] = j;
			lp->pivot_row[j] += rho * lp->row_value[k];
			if (lp->pivot_row[j] == 0)
				lp->pivot_row[j] = 1e-300; /* touched, and stays so */
		}
	}
}

static void clear_row(struct plan_lp *lp)
{
	for (int k = 0; k < lp->n_touched; k++)
		lp->pivot_row[lp->touched[k]] = 0;
}

/* The variable that enters when `sign * tableau entry` must be positive; -1: none. */
static int choose_entering(const struct plan_lp *lp, double sign)
{
	double most = INFINITY;
	for (int k = 0; k < lp->n_touched; k++) {
		int j = lp->touched[k];
		double a = sign * lp->pivot_row[j];
		if (a > PIVOT_TOLERANCE && lp->where[j] < 0 && !lp->blocked[j] &&
		    lp->d[j] + DUAL_TOLERANCE < most * a)
			most = (lp->d[j] + DUAL_TOLERANCE) / a;
	}
	int best = -1;
	double largest = 0;
	for (int k = 0; k < lp->n_touched; k++) {
		int j = lp->touched[k];
		double a = sign * lp->pivot_row[j];
		if (a <= PIVOT_TOLERANCE || lp->where[j] >= 0 || lp->blocked[j] ||
		    lp->d[j] > most * a)
			continue;
		if (a > largest || (a == largest && j < best)) {
			largest = a;
			best = j;
		}
	}
	return best;
}

static void compute_column(struct plan_lp *lp, int entering)
{
	memset(lp->row_work, 0, (size_t)lp->m * sizeof(double));
	if (entering >= lp->n)
		lp->row_work[entering - lp->n] = 1;
	else
		for (int k = lp->start[entering]; k < lp->start[entering + 1]; k++)
			lp->row_work[lp->at[k]] = lp->value[k];
	plan_factor_forward(&lp->factor, lp->row_work, lp->alpha);
}

static void update_weights(struct plan_lp *lp, int position, double pivot)
{
	double own = 0;
	for (int i = 0; i < lp->m; i++)
		own += lp->rho[i] * lp->rho[i];
	memcpy(lp->row_work, lp->rho, (size_t)lp->m * sizeof(double));
	plan_factor_forward(&lp->factor, lp->row_work, lp->tau);
	for (int p = 0; p < lp->m; p++) {
		if (lp->alpha[p] == 0 || p == position)
			continue;
		double ratio = lp->alpha[p] / pivot;
		double weight = lp->weight[p] - 2 * ratio * lp->tau[p] + ratio * ratio * own;
		lp->weight[p] = fmax(weight, 1e-4);
	}
	lp->weight[position] = fmax(own / (pivot * pivot), 1e-4);
}

static void update_reduced_costs(struct plan_lp *lp, int entering, int leaving, double step)
{
	for (int k = 0; k < lp->n_touched; k++) {
		int j = lp->touched[k];
		if (lp->where[j] >= 0)
			continue;
		lp->d[j] -= step * lp->pivot_row[j];
		if (lp->d[j] < 0 && !lp->blocked[j]) {
			lp->cost[j] -= lp->d[j];
			lp->d[j] = 0;
		}
	}
	lp->d[entering] = 0;
	lp->d[leaving] = -step;
}

static void pivot(struct plan_lp *lp, int position, int entering)
{
	int leaving = lp->head[position];
	double a = lp->alpha[position];
	double step = lp->d[entering] / lp->pivot_row[entering];
	double change = lp->x[position] / a; /* leaving goes to 0, its lower bound or its block */
	update_weights(lp, position, a);
	lp->objective += step * lp->x[position];
	update_reduced_costs(lp, entering, leaving, step);
	for (int p = 0; p < lp->m; p++)
		if (lp->alpha[p] != 0)
			lp->x[p] -= change * lp->alpha[p];
	lp->x[position] = change;
	plan_factor_replace(&lp->factor, position, lp->alpha);
	lp->where[leaving] = -1;
	lp->where[entering] = position;
	lp->head[position] = entering;
	lp->pivots++;
	lp->work += 4 * (size_t)lp->m + (size_t)lp->n_touched;
}

enum plan_lp_end plan_lp_solve(struct plan_lp *lp, size_t most_pivots, double cutoff)
{
	size_t last = lp->pivots + most_pivots;
	bool fresh = lp->factor.etas.n == 0;
	for (;;) {
		if (lp->factor.etas.n >= MOST_ETAS) {
			plan_lp_refresh(lp);
			fresh = true;
		}
		if (lp->objective > cutoff)
			return PLAN_LP_CUTOFF;
		int position = choose_leaving(lp);
		if (position < 0)
			return PLAN_LP_SOLVED;
		if (lp->pivots >= last)
			return PLAN_LP_LIMIT;
		double sign = lp->x[position] < 0 ? -1 : 1;
		compute_row(lp, position);
		int entering = choose_entering(lp, sign);
		if (entering < 0) {
			clear_row(lp);
			for (int i = 0; i < lp->m; i++)
				lp->ray[i] = sign * lp->rho[i];
			if (fresh)
				return PLAN_LP_IMPOSSIBLE;
			plan_lp_refresh(lp);
			fresh = true;
			continue;
		}
		compute_column(lp, entering);
		double apart = fabs(lp->alpha[position] - lp->pivot_row[entering]);
		if (apart > 1e-7 * (1 + fabs(lp->alpha[position])) && !fresh) {
			clear_row(lp);
			plan_lp_refresh(lp);
			fresh = true;
			continue;
		}
		pivot(lp, position, entering);
		clear_row(lp);
		fresh = false;
	}
}
