/*
 * The linear program as arrays: columns, the same by rows, costs, and room for the simplex method;
 * and a basis put away and taken back.
 */
#include "simplex.h"

#include <stdlib.h>
#include <string.h>

static void fill_columns(
    struct plan_lp *lp, const struct plan_problem *problem, const struct plan_cuts *cuts)
{
	int *count = wr_alloc((size_t)lp->n + 1, sizeof(int));
	for (int j = 0; j < lp->n; j++)
		count[j] = problem->start[j + 1] - problem->start[j];
	for (size_t k = 0; k < cuts->n; k++)
		for (int e = 0; e < cuts->items[k].n; e++)
			count[cuts->items[k].column[e]]++;
	lp->start = wr_alloc((size_t)lp->n + 1, sizeof(int));
	for (int j = 0; j < lp->n; j++)
		lp->start[j + 1] = lp->start[j] + count[j];
	size_t n_entries = (size_t)lp->start[lp->n];
	lp->at = wr_alloc(n_entries + 1, sizeof(int));
	lp->value = wr_alloc(n_entries + 1, sizeof(double));
	for (int j = 0; j < lp->n; j++) {
		int fill = lp->start[j];
		for (int k = problem->start[j]; k < problem->start[j + 1]; k++) {
			lp->at[fill] = problem->row[k];
			lp->value[fill++] = 1;
		}
		count[j] = fill;
	}
	for (size_t k = 0; k < cuts->n; k++)
		for (int e = 0; e < cuts->items[k].n; e++) {
			int j = cuts->items[k].column[e];
			lp->at[count[j]] = problem->n_rows + (int)k;
			lp->value[count[j]++] = cuts->items[k].value[e];
		}
	free(count);
}

static void fill_rows(struct plan_lp *lp)
{
	int n_entries = lp->start[lp->n];
	lp->row_start = wr_alloc((size_t)lp->m + 2, sizeof(int));
	lp->row_at = wr_alloc((size_t)n_entries + 1, sizeof(int));
	lp->row_value = wr_alloc((size_t)n_entries + 1, sizeof(double));
	/* one ahead: after filling, row_start[i] is where row i begins */
	for (int k = 0; k < n_entries; k++)
		if (lp->at[k] + 2 <= lp->m)
			lp->row_start[lp->at[k] + 2]++;
	for (int i = 2; i <= lp->m; i++)
		lp->row_start[i] += lp->row_start[i - 1];
	for (int j = 0; j < lp->n; j++)
		for (int k = lp->start[j]; k < lp->start[j + 1]; k++) {
			int to = lp->row_start[lp->at[k] + 1]++;
			lp->row_at[to] = j;
			lp->row_value[to] = lp->value[k];
		}
}

void plan_lp_init(
    struct plan_lp *lp, const struct plan_problem *problem, const struct plan_cuts *cuts)
{
	int n = problem->n_columns, m = problem->n_rows + (int)cuts->n;
	size_t all = (size_t)n + (size_t)m + 1, rows = (size_t)m + 1;
	*lp = (struct plan_lp){.m = m, .n = n, .n_patients = problem->n_patients};
	fill_columns(lp, problem, cuts);
	fill_rows(lp);
	lp->cost = wr_alloc(all, sizeof(double));
	lp->true_cost = wr_alloc(all, sizeof(double));
	for (int j = 0; j < n; j++)
		lp->cost[j] = lp->true_cost[j] = (double)problem->cost[j] / (double)problem->scale;
	lp->rhs = wr_alloc(rows, sizeof(double));
	for (int i = 0; i < m; i++)
		lp->rhs[i] = i < problem->n_rows ? 1 : cuts->items[i - problem->n_rows].rhs;
	lp->blocked = wr_alloc(all, 1);
	for (int i = 0; i < lp->n_patients; i++)
		lp->blocked[n + i] = 1;
	lp->head = wr_alloc(rows, sizeof(int));
	lp->where = wr_alloc(all, sizeof(int));
	lp->x = wr_alloc(rows, sizeof(double));
	lp->d = wr_alloc(all, sizeof(double));
	lp->weight = wr_alloc(rows, sizeof(double));
	lp->row_work = wr_alloc(rows, sizeof(double));
	lp->alpha = wr_alloc(rows, sizeof(double));
	lp->tau = wr_alloc(rows, sizeof(double));
	lp->rho = wr_alloc(rows, sizeof(double));
	lp->ray = wr_alloc(rows, sizeof(double));
	lp->pivot_row = wr_alloc(all, sizeof(double));
	lp->touched = wr_alloc(all, sizeof(int));
	plan_factor_init(&lp->factor, m);
}

void plan_lp_deinit(struct plan_lp *lp)
{
	free(lp->start);
	free(lp->at);
	free(lp->value);
	free(lp->row_start);
	free(lp->row_at);
	free(lp->row_value);
	free(lp->cost);
	free(lp->true_cost);
	free(lp->rhs);
	free(lp->blocked);
	free(lp->head);
	free(lp->where);
	free(lp->x);
	free(lp->d);
	free(lp->weight);
	free(lp->row_work);
	free(lp->alpha);
	free(lp->tau);
	free(lp->rho);
	free(lp->ray);
	free(lp->pivot_row);
	free(lp->touched);
	plan_factor_deinit(&lp->factor);
	*lp = (struct plan_lp){0};
}

/* ---- save and restore ---- */

void plan_lp_save(const struct plan_lp *lp, struct plan_lp_state *state)
{
	size_t m = (size_t)lp->m, all = (size_t)(lp->n + lp->m);
	if (!state->head) {
		state->head = wr_alloc(m + 1, sizeof(int));
		state->x = wr_alloc(m + 1, sizeof(double));
		state->weight = wr_alloc(m + 1, sizeof(double));
		state->d = wr_alloc(all + 1, sizeof(double));
	}
	memcpy(state->head, lp->head, m * sizeof(int));
	memcpy(state->x, lp->x, m * sizeof(double));
	memcpy(state->weight, lp->weight, m * sizeof(double));
	memcpy(state->d, lp->d, all * sizeof(double));
	state->objective = lp->objective;
	state->n_etas = lp->factor.etas.n;
	state->makes = lp->factor.makes;
}

void plan_lp_restore(struct plan_lp *lp, const struct plan_lp_state *state)
{
	size_t m = (size_t)lp->m, all = (size_t)(lp->n + lp->m);
	memcpy(lp->head, state->head, m * sizeof(int));
	memcpy(lp->weight, state->weight, m * sizeof(double));
	if (lp->factor.makes != state->makes) {
		plan_lp_refresh(lp);
		return;
	}
	plan_factor_rewind(&lp->factor, state->n_etas);
	memcpy(lp->x, state->x, m * sizeof(double));
	memcpy(lp->d, state->d, all * sizeof(double));
	lp->objective = state->objective;
	memset(lp->where, 0xff, all * sizeof(int));
	for (int p = 0; p < lp->m; p++)
		lp->where[lp->head[p]] = p;
}

void plan_lp_state_deinit(struct plan_lp_state *state)
{
	free(state->head);
	free(state->x);
	free(state->d);
	free(state->weight);
	*state = (struct plan_lp_state){0};
}
