/*
 * Lagrangian bounds in integers (M. Held and R. M. Karp 1970; A. M. Geoffrion 1974).
 *
 * Put any price >= 0 on each cell and each moment of a shared person, let every patient take the
 * choice that is cheapest at these prices, and give the prices' worth back: the sum is never more
 * than the cost of any plan. It holds for all prices whatever, so the simplex method's duals may be
 * rounded to integers and the sum taken in int64: floating point can make the proof weaker, but not
 * false. And what a choice costs above the cheapest is what the bound rises by if it is taken: when
 * that reaches the best plan known, the choice is out (reduced-cost fixing).
 */
#include "bound.h"

#include <math.h>
#include <stdlib.h>

/* Fine enough for ties, small enough that no sum leaves int64. */
static int64_t choose_unit(const struct plan_problem *problem, size_t n_rows)
{
	int64_t dearest = 1;
	for (int j = 0; j < problem->n_columns; j++)
		if (problem->cost[j] > dearest)
			dearest = problem->cost[j];
	double most = (double)dearest * ((double)n_rows + 16);
	int64_t unit = 1;
	while (unit < 1 << 20 && most * (double)unit < 1e17)
		unit *= 2;
	return unit;
}

void plan_bound_init(
    struct plan_bound *bound, const struct plan_problem *problem, const struct plan_cuts *cuts)
{
	size_t n_rows = (size_t)problem->n_rows + cuts->n;
	*bound = (struct plan_bound){.problem = problem, .cuts = cuts};
	bound->unit = choose_unit(problem, n_rows);
	bound->price = wr_alloc(n_rows + 1, sizeof(int64_t));
	bound->reduced = wr_alloc((size_t)problem->n_columns + 1, sizeof(int64_t));
	bound->least = wr_alloc((size_t)problem->n_patients + 1, sizeof(int64_t));
}

void plan_bound_deinit(struct plan_bound *bound)
{
	free(bound->price);
	free(bound->reduced);
	free(bound->least);
	*bound = (struct plan_bound){0};
}

static int64_t round_price(const struct plan_bound *bound, double y)
{
	double price = -y * (double)bound->problem->scale * (double)bound->unit;
	if (!(price > 0))
		return 0;
	return price > 1e17 ? (int64_t)1e17 : llround(price);
}

static int64_t round_up(int64_t value, int64_t unit)
{
	return value > 0 ? (value - 1) / unit + 1 : value / unit;
}

int64_t plan_bound_from(struct plan_bound *bound, const double *y, const uint8_t *blocked)
{
	const struct plan_problem *problem = bound->problem;
	int64_t given_back = 0;
	for (int i = problem->n_patients; i < problem->n_rows; i++)
		given_back += bound->price[i] = round_price(bound, y[i]);
	for (int j = 0; j < problem->n_columns; j++) {
		int64_t reduced = problem->cost[j] * bound->unit;
		for (int k = problem->start[j] + 1; k < problem->start[j + 1]; k++)
			reduced += bound->price[problem->row[k]];
		bound->reduced[j] = reduced;
	}
	for (size_t c = 0; c < bound->cuts->n; c++) {
		const struct plan_cut *cut = &bound->cuts->items[c];
		int64_t price = round_price(bound, y[problem->n_rows + (int)c]);
		given_back += price * cut->rhs;
		for (int e = 0; price && e < cut->n; e++)
			bound->reduced[cut->column[e]] += price * cut->value[e];
	}
	bound->value = -given_back;
	for (int i = 0; i < problem->n_patients; i++) {
		int64_t least = INT64_MAX;
		for (int j = problem->first[i]; j < problem->first[i + 1]; j++)
			if (!blocked[j] && bound->reduced[j] < least)
				least = bound->reduced[j];
		bound->least[i] = least;
		if (least == INT64_MAX)
			bound->value = INT64_MAX;
		else if (bound->value != INT64_MAX)
			bound->value += least;
	}
	return bound->value == INT64_MAX ? INT64_MAX : round_up(bound->value, bound->unit);
}

bool plan_bound_proves(const struct plan_bound *bound, int64_t best)
{
	return bound->value == INT64_MAX ||
	       (best != INT64_MAX && round_up(bound->value, bound->unit) >= best);
}

int plan_bound_fix(const struct plan_bound *bound, int64_t best, uint8_t *blocked)
{
	const struct plan_problem *problem = bound->problem;
	if (bound->value == INT64_MAX || best >= INT64_MAX / bound->unit)
		return 0;
	int64_t slack = (best - 1) * bound->unit - bound->value;
	int n = 0;
	for (int i = 0; i < problem->n_patients; i++)
		for (int j = problem->first[i]; j < problem->first[i + 1]; j++)
			if (!blocked[j] && bound->reduced[j] - bound->least[i] > slack) {
				blocked[j] = 1;
				n++;
			}
	return n;
}
