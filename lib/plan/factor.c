/*
 * LU factors of a simplex basis, and product-form updates.
 *
 * Bases of this problem are nearly triangular: most rows and columns can be put in order by
 * repeatedly taking a column, then a row, with a single entry left (Orchard-Hays 1968; Hellerman
 * and Rarick 1971). They need no arithmetic at all. What is left, the nucleus, is small, and
 * is factored column by column with threshold pivoting (Gilbert and Peierls 1988, without
 * their symbolic step, which does not pay at this size). A replaced column is an eta vector
 * (Dantzig and Orchard-Hays 1954), so going back to an earlier basis means forgetting etas.
 */
#include "factor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SMALL 1e-13 /* less is taken for zero */
#define SINGULAR 1e-8
#define THRESHOLD 0.1 /* a pivot may be this much smaller than the largest, if its row is short */

static void sparse_clear(struct plan_sparse *sparse)
{
	if (!sparse->start)
		sparse->start = wr_alloc((sparse->n_capacity = 64) + 1, sizeof(*sparse->start));
	sparse->n = 0;
	sparse->start[0] = 0;
}

static void sparse_push(struct plan_sparse *sparse, size_t *end, int at, double value)
{
	if (*end == sparse->capacity) {
		sparse->capacity = sparse->capacity ? 2 * sparse->capacity : 256;
		sparse->at = wr_realloc(sparse->at, sparse->capacity, sizeof(*sparse->at));
		sparse->value = wr_realloc(sparse->value, sparse->capacity, sizeof(*sparse->value));
	}
	sparse->at[*end] = at;
	sparse->value[(*end)++] = value;
}

static void sparse_close(struct plan_sparse *sparse, size_t end)
{
	if (sparse->n == sparse->n_capacity) {
		sparse->n_capacity *= 2;
		sparse->start =
		    wr_realloc(sparse->start, sparse->n_capacity + 1, sizeof(*sparse->start));
	}
	sparse->start[++sparse->n] = end;
}

static void sparse_deinit(struct plan_sparse *sparse)
{
	free(sparse->start);
	free(sparse->at);
	free(sparse->value);
}

void plan_factor_init(struct plan_factor *factor, int m)
{
	size_t n = (size_t)m + 1;
	*factor = (struct plan_factor){.m = m, .capacity = m};
	factor->pivot_row = wr_alloc(n, sizeof(int));
	factor->pivot_at = wr_alloc(n, sizeof(int));
	factor->diagonal = wr_alloc(n, sizeof(double));
	factor->work = wr_alloc(n, sizeof(double));
	factor->scratch = wr_alloc(6 * n, sizeof(int));
	sparse_clear(&factor->lower);
	sparse_clear(&factor->upper);
	sparse_clear(&factor->etas);
}

void plan_factor_deinit(struct plan_factor *factor)
{
	sparse_deinit(&factor->lower);
	sparse_deinit(&factor->upper);
	sparse_deinit(&factor->etas);
	free(factor->pivot_row);
	free(factor->pivot_at);
	free(factor->diagonal);
	free(factor->eta_at);
	free(factor->eta_pivot);
	free(factor->work);
	free(factor->scratch);
	*factor = (struct plan_factor){0};
}

/* ---- factoring ---- */

struct ordering {
	const int *start, *at;
	const double *value;
	int *row_start, *row_position; /* who has an entry in each row */
	int *column_count, *row_count; /* entries left; -1 once pivoted */
	int *queue;
	int steps;
};

static void order_init(struct ordering *order, struct plan_factor *factor)
{
	int m = factor->m;
	order->column_count = factor->scratch;
	order->row_count = factor->scratch + m + 1;
	order->row_start = factor->scratch + 2 * (m + 1);
	order->queue = factor->scratch + 3 * (m + 1);
	order->row_position = wr_alloc((size_t)order->start[m] + 1, sizeof(int));
	memset(order->row_start, 0, ((size_t)m + 1) * sizeof(int));
	for (int k = 0; k < order->start[m]; k++)
		order->row_start[order->at[k] + 1]++;
	for (int i = 0; i < m; i++) {
		order->row_count[i] = order->row_start[i + 1];
		order->row_start[i + 1] += order->row_start[i];
	}
	int *fill = factor->scratch + 4 * (m + 1);
	memcpy(fill, order->row_start, (size_t)m * sizeof(int));
	for (int p = 0; p < m; p++) {
		order->column_count[p] = order->start[p + 1] - order->start[p];
		for (int k = order->start[p]; k < order->start[p + 1]; k++)
			order->row_position[fill[order->at[k]]++] = p;
	}
}

/* Takes step `steps` at (row, position): entries in pivoted rows go up, the others down. */
static void pivot_plain(struct plan_factor *factor, struct ordering *order, int row, int position)
{
	size_t up = factor->upper.start[factor->upper.n];
	size_t down = factor->lower.start[factor->lower.n];
	double diagonal = 1;
	for (int k = order->start[position]; k < order->start[position + 1]; k++)
		if (order->at[k] == row)
			diagonal = order->value[k];
	for (int k = order->start[position]; k < order->start[position + 1]; k++) {
		int i = order->at[k];
		if (i == row)
			continue;
		if (order->row_count[i] < 0)
			sparse_push(&factor->upper, &up, i, order->value[k]);
		else
			sparse_push(&factor->lower, &down, i, order->value[k] / diagonal);
	}
	sparse_close(&factor->upper, up);
	sparse_close(&factor->lower, down);
	factor->pivot_row[order->steps] = row;
	factor->pivot_at[order->steps] = position;
	factor->diagonal[order->steps++] = diagonal;
	order->row_count[row] = order->column_count[position] = -1;
}

static void take_column_singletons(struct plan_factor *factor, struct ordering *order)
{
	int n = 0;
	for (int p = 0; p < factor->m; p++)
		if (order->column_count[p] == 1)
			order->queue[n++] = p;
	while (n > 0) {
		int p = order->queue[--n], row = -1;
		if (order->column_count[p] != 1)
			continue;
		for (int k = order->start[p]; k < order->start[p + 1] && row < 0; k++)
			if (order->row_count[order->at[k]] >= 0)
				row = order->at[k];
		pivot_plain(factor, order, row, p);
		for (int k = order->row_start[row]; k < order->row_start[row + 1]; k++) {
			int other = order->row_position[k];
			if (order->column_count[other] > 0 && --order->column_count[other] == 1)
				order->queue[n++] = other;
		}
	}
}

static void take_row_singletons(struct plan_factor *factor, struct ordering *order)
{
	int n = 0;
	for (int i = 0; i < factor->m; i++) {
		if (order->row_count[i] < 0)
			continue;
		order->row_count[i] = 0;
		for (int k = order->row_start[i]; k < order->row_start[i + 1]; k++)
			order->row_count[i] += order->column_count[order->row_position[k]] >= 0;
		if (order->row_count[i] == 1)
			order->queue[n++] = i;
	}
	while (n > 0) {
		int row = order->queue[--n], p = -1;
		if (order->row_count[row] != 1)
			continue;
		for (int k = order->row_start[row]; k < order->row_start[row + 1] && p < 0; k++)
			if (order->column_count[order->row_position[k]] >= 0)
				p = order->row_position[k];
		pivot_plain(factor, order, row, p);
		for (int k = order->start[p]; k < order->start[p + 1]; k++) {
			int other = order->at[k];
			if (order->row_count[other] > 0 && --order->row_count[other] == 1)
				order->queue[n++] = other;
		}
	}
}

/* Eliminates a column in factor->work with the nucleus pivots, from step `first` on. */
static void eliminate(struct plan_factor *factor, const struct ordering *order, int first)
{
	double *work = factor->work;
	for (int k = first; k < order->steps; k++) {
		double value = work[factor->pivot_row[k]];
		if (value == 0)
			continue;
		for (size_t e = factor->lower.start[k]; e < factor->lower.start[k + 1]; e++)
			work[factor->lower.at[e]] -= factor->lower.value[e] * value;
	}
}

static int pick_pivot(
    const struct plan_factor *factor, const struct ordering *order, const int *rows, int n_rows)
{
	double largest = 0;
	int best = -1;
	for (int k = 0; k < n_rows; k++)
		if (order->row_count[rows[k]] >= 0)
			largest = fmax(largest, fabs(factor->work[rows[k]]));
	if (largest < SINGULAR)
		return -1;
	for (int k = 0; k < n_rows; k++) {
		int i = rows[k];
		if (order->row_count[i] < 0 || fabs(factor->work[i]) < THRESHOLD * largest)
			continue;
		if (best < 0 || order->row_count[i] < order->row_count[best] ||
		    (order->row_count[i] == order->row_count[best] &&
			fabs(factor->work[i]) > fabs(factor->work[best])))
			best = i;
	}
	return best;
}

/* One nucleus column, already in factor->work and eliminated, becomes a step. */
static void pivot_worked(struct plan_factor *factor, struct ordering *order, int row, int position,
    const int *rows, int n_rows)
{
	size_t up = factor->upper.start[factor->upper.n];
	size_t down = factor->lower.start[factor->lower.n];
	double diagonal = factor->work[row];
	for (int k = order->start[position]; k < order->start[position + 1]; k++) {
		int i = order->at[k];
		if (order->row_count[i] == -1 && factor->work[i] != 0) {
			sparse_push(&factor->upper, &up, i, factor->work[i]);
			factor->work[i] = 0;
		}
	}
	for (int k = 0; k < n_rows; k++) {
		int i = rows[k];
		double value = factor->work[i];
		factor->work[i] = 0;
		if (i == row || fabs(value) < SMALL)
			continue;
		if (order->row_count[i] < 0)
			sparse_push(&factor->upper, &up, i, value);
		else
			sparse_push(&factor->lower, &down, i, value / diagonal);
	}
	sparse_close(&factor->upper, up);
	sparse_close(&factor->lower, down);
	factor->pivot_row[order->steps] = row;
	factor->pivot_at[order->steps] = position;
	factor->diagonal[order->steps++] = diagonal;
	order->row_count[row] = -2; /* a pivoted row of the nucleus */
	order->column_count[position] = -1;
}

static int count_order(const void *a, const void *b)
{
	const int *x = a, *y = b;
	return x[0] != y[0] ? (x[0] > y[0]) - (x[0] < y[0]) : (x[1] > y[1]) - (x[1] < y[1]);
}

static int factor_nucleus(struct plan_factor *factor, struct ordering *order, int *replaced)
{
	int m = factor->m, first = order->steps, size = m - order->steps, n_replaced = 0;
	if (size == 0)
		return 0;
	int *rows = wr_alloc((size_t)size, sizeof(int));
	int *columns = wr_alloc((size_t)size, 2 * sizeof(int));
	for (int i = 0, n = 0; i < m; i++)
		if (order->row_count[i] >= 0)
			rows[n++] = i;
	for (int p = 0, n = 0; p < m; p++) {
		if (order->column_count[p] < 0)
			continue;
		columns[2 * n] = 0;
		for (int k = order->start[p]; k < order->start[p + 1]; k++)
			columns[2 * n] += order->row_count[order->at[k]] >= 0;
		columns[2 * n++ + 1] = p;
	}
	qsort(columns, (size_t)size, 2 * sizeof(int), count_order);
	for (int c = 0; c < size; c++) {
		int position = columns[2 * c + 1];
		for (int k = order->start[position]; k < order->start[position + 1]; k++)
			factor->work[order->at[k]] = order->value[k];
		eliminate(factor, order, first);
		int row = pick_pivot(factor, order, rows, size);
		if (row < 0) {
			for (int k = order->start[position]; k < order->start[position + 1]; k++)
				factor->work[order->at[k]] = 0;
			for (int k = 0; k < size; k++)
				factor->work[rows[k]] = 0;
			replaced[2 * n_replaced++] = position;
			continue;
		}
		pivot_worked(factor, order, row, position, rows, size);
	}
	for (int r = 0, k = 0; r < n_replaced; r++) {
		while (order->row_count[rows[k]] < 0)
			k++;
		int row = rows[k];
		replaced[2 * r + 1] = row;
		sparse_close(&factor->upper, factor->upper.start[factor->upper.n]);
		sparse_close(&factor->lower, factor->lower.start[factor->lower.n]);
		factor->pivot_row[order->steps] = row;
		factor->pivot_at[order->steps] = replaced[2 * r];
		factor->diagonal[order->steps++] = 1;
		order->row_count[row] = -2;
	}
	free(rows);
	free(columns);
	return n_replaced;
}

int plan_factor_make(
    struct plan_factor *factor, const int *start, const int *at, const double *value, int *replaced)
{
	struct ordering order = {.start = start, .at = at, .value = value};
	factor->makes++;
	sparse_clear(&factor->lower);
	sparse_clear(&factor->upper);
	sparse_clear(&factor->etas);
	order_init(&order, factor);
	take_column_singletons(factor, &order);
	factor->lower_from = (size_t)order.steps;
	take_row_singletons(factor, &order);
	int n_replaced = factor_nucleus(factor, &order, replaced);
	free(order.row_position);
	return n_replaced;
}

/* ---- solving ---- */

void plan_factor_forward(struct plan_factor *factor, double *a, double *x)
{
	size_t m = (size_t)factor->m;
	const struct plan_sparse *lower = &factor->lower, *upper = &factor->upper;
	for (size_t k = factor->lower_from; k < m; k++) {
		double value = a[factor->pivot_row[k]];
		if (value == 0)
			continue;
		for (size_t e = lower->start[k]; e < lower->start[k + 1]; e++)
			a[lower->at[e]] -= lower->value[e] * value;
	}
	for (size_t k = m; k-- > 0;) {
		double value = a[factor->pivot_row[k]];
		if (fabs(value) < SMALL) {
			x[factor->pivot_at[k]] = 0;
			continue;
		}
		value /= factor->diagonal[k];
		x[factor->pivot_at[k]] = value;
		for (size_t e = upper->start[k]; e < upper->start[k + 1]; e++)
			a[upper->at[e]] -= upper->value[e] * value;
	}
	const struct plan_sparse *etas = &factor->etas;
	for (size_t k = 0; k < etas->n; k++) {
		double value = x[factor->eta_at[k]];
		if (value == 0)
			continue;
		value /= factor->eta_pivot[k];
		for (size_t e = etas->start[k]; e < etas->start[k + 1]; e++)
			x[etas->at[e]] -= etas->value[e] * value;
		x[factor->eta_at[k]] = value;
	}
}

void plan_factor_backward(struct plan_factor *factor, double *c, double *y)
{
	size_t m = (size_t)factor->m;
	const struct plan_sparse *lower = &factor->lower, *upper = &factor->upper;
	const struct plan_sparse *etas = &factor->etas;
	for (size_t k = etas->n; k-- > 0;) {
		double sum = c[factor->eta_at[k]];
		for (size_t e = etas->start[k]; e < etas->start[k + 1]; e++)
			sum -= etas->value[e] * c[etas->at[e]];
		c[factor->eta_at[k]] = sum / factor->eta_pivot[k];
	}
	for (size_t k = 0; k < m; k++) {
		double sum = c[factor->pivot_at[k]];
		for (size_t e = upper->start[k]; e < upper->start[k + 1]; e++)
			sum -= upper->value[e] * y[upper->at[e]];
		y[factor->pivot_row[k]] = fabs(sum) < SMALL ? 0 : sum / factor->diagonal[k];
	}
	for (size_t k = m; k-- > factor->lower_from;) {
		double sum = 0;
		for (size_t e = lower->start[k]; e < lower->start[k + 1]; e++)
			sum += lower->value[e] * y[lower->at[e]];
		if (sum != 0)
			y[factor->pivot_row[k]] -= sum;
	}
}

void plan_factor_replace(struct plan_factor *factor, int position, const double *x)
{
	size_t n = factor->etas.n, end = factor->etas.start[n];
	if ((int)n == factor->eta_capacity) {
		factor->eta_capacity = n ? 2 * factor->eta_capacity : 64;
		factor->eta_at =
		    wr_realloc(factor->eta_at, (size_t)factor->eta_capacity, sizeof(int));
		factor->eta_pivot =
		    wr_realloc(factor->eta_pivot, (size_t)factor->eta_capacity, sizeof(double));
	}
	for (int i = 0; i < factor->m; i++)
		if (i != position && fabs(x[i]) >= SMALL)
			sparse_push(&factor->etas, &end, i, x[i]);
	factor->eta_at[n] = position;
	factor->eta_pivot[n] = x[position];
	sparse_close(&factor->etas, end);
}

void plan_factor_rewind(struct plan_factor *factor, size_t n)
{
	if (n < factor->etas.n)
		factor->etas.n = n;
}
