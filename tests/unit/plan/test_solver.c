/*
 * The parts that proofs stand on: factors of a basis, integer bounds, rows added to the problem.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../../lib/plan/factor.h"
#include "../../../lib/plan/search.h"
#include "../../planner/seeded_ward.h"

#define M 40

/* A sparse matrix with some structure: each column an own entry and a few others. */
static void random_basis(uint64_t *state, double matrix[M][M], int *start, int *at, double *value)
{
	memset(matrix, 0, sizeof(double[M][M]));
	start[0] = 0;
	for (int p = 0; p < M; p++) {
		matrix[(p * 7) % M][p] = 1 + seeded_below(state, 3);
		for (int extra = seeded_below(state, 4); extra > 0; extra--)
			matrix[seeded_below(state, M)][p] += 1;
		start[p + 1] = start[p];
		for (int i = 0; i < M; i++)
			if (matrix[i][p] != 0) {
				at[start[p + 1]] = i;
				value[start[p + 1]++] = matrix[i][p];
			}
	}
}

static void expect_solves(struct plan_factor *factor, double matrix[M][M], uint64_t *state)
{
	double a[M], x[M], c[M], y[M];
	double right[M], cost[M];
	for (int i = 0; i < M; i++) {
		right[i] = a[i] = seeded_below(state, 9);
		cost[i] = c[i] = seeded_below(state, 9);
	}
	plan_factor_forward(factor, a, x);
	plan_factor_backward(factor, c, y);
	for (int i = 0; i < M; i++) {
		double row = 0, column = 0;
		for (int k = 0; k < M; k++) {
			row += matrix[i][k] * x[k];
			column += matrix[k][i] * y[k];
		}
		assert_true(fabs(row - right[i]) < 1e-6);
		assert_true(fabs(column - cost[i]) < 1e-6);
	}
}

static void test_factors_solve_before_and_after_a_column_is_replaced(void **state)
{
	(void)state;
	uint64_t random = 42;
	for (int round = 0; round < 50; round++) {
		static double matrix[M][M];
		int start[M + 1], at[M * M], replaced[2 * M];
		double value[M * M], a[M], x[M];
		struct plan_factor factor;
		plan_factor_init(&factor, M);
		random_basis(&random, matrix, start, at, value);
		if (plan_factor_make(&factor, start, at, value, replaced) == 0) {
			expect_solves(&factor, matrix, &random);
			for (int i = 0; i < M; i++)
				a[i] = matrix[i][3] = (i % 5 == round % 5) + (i == 20);
			plan_factor_forward(&factor, a, x);
			if (fabs(x[3]) > 0.01) {
				plan_factor_replace(&factor, 3, x);
				expect_solves(&factor, matrix, &random);
			}
		}
		plan_factor_deinit(&factor);
	}
}

static void test_singular_basis_is_mended_with_unit_columns(void **state)
{
	(void)state;
	int start[] = {0, 2, 4, 5}, at[] = {0, 1, 0, 1, 2}, replaced[6];
	double value[] = {1, 1, 1, 1, 1};
	struct plan_factor factor;
	plan_factor_init(&factor, 3);
	assert_int_equal(plan_factor_make(&factor, start, at, value, replaced), 1);
	assert_true(replaced[0] == 0 || replaced[0] == 1);
	assert_true(replaced[1] == 0 || replaced[1] == 1);
	plan_factor_deinit(&factor);
}

struct whole {
	struct wr_arena arena;
	struct wr_plan_instance *instance;
	struct plan_field field;
	struct plan_problem problem;
	uint32_t *all;
};

static void whole_init(struct whole *whole, uint64_t seed)
{
	struct wr_plan_mistakes mistakes = {0};
	struct seeded_ward ward = seeded_ward_tiny(seed);
	*whole = (struct whole){.arena = {0}};
	whole->instance = seeded_ward_make(&whole->arena, &ward);
	assert_int_equal(wr_plan_instance_check(&whole->arena, whole->instance, &mistakes), 0);
	plan_field_init(&whole->field, whole->instance, NULL);
	whole->all = wr_alloc(whole->instance->n_patients, sizeof(uint32_t));
	for (uint32_t p = 0; p < whole->instance->n_patients; p++)
		whole->all[p] = p;
	plan_problem_init(&whole->problem, &whole->field, whole->all, whole->instance->n_patients);
}

static void whole_deinit(struct whole *whole)
{
	plan_problem_deinit(&whole->problem);
	plan_field_deinit(&whole->field);
	free(whole->all);
	wr_arena_deinit(&whole->arena);
}

/* Calls back with every choice of one column a patient in which no row is taken twice. */
typedef void on_choice(void *context, const int *column, int64_t cost);

static void all_choices(const struct plan_problem *problem, int patient, int *column, int *taken,
    int64_t cost, on_choice *on, void *context)
{
	if (patient == problem->n_patients) {
		on(context, column, cost);
		return;
	}
	for (int j = problem->first[patient]; j < problem->first[patient + 1]; j++) {
		bool is_free = true;
		for (int k = problem->start[j]; k < problem->start[j + 1]; k++)
			is_free = taken[problem->row[k]]++ == 0 && is_free;
		column[patient] = j;
		if (is_free)
			all_choices(problem, patient + 1, column, taken, cost + problem->cost[j],
			    on, context);
		for (int k = problem->start[j]; k < problem->start[j + 1]; k++)
			taken[problem->row[k]]--;
	}
}

struct seen {
	const struct plan_cuts *cuts;
	int64_t least;
	size_t broken;
};

static void see(void *context, const int *column, int64_t cost)
{
	struct seen *seen = context;
	if (cost < seen->least)
		seen->least = cost;
	for (size_t c = 0; seen->cuts && c < seen->cuts->n; c++) {
		const struct plan_cut *cut = &seen->cuts->items[c];
		int64_t sum = 0;
		for (int e = 0; e < cut->n; e++)
			for (int i = 0; i < 3; i++)
				sum += column[i] == cut->column[e] ? cut->value[e] : 0;
		seen->broken += sum > cut->rhs;
	}
}

static void test_any_prices_prove_no_more_than_the_least_cost(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct whole whole;
		struct seen seen = {.least = INT64_MAX};
		struct plan_cuts none = {0};
		struct plan_bound bound;
		int column[8], taken[256] = {0};
		uint64_t random = seed;
		whole_init(&whole, seed);
		if (whole.problem.n_patients <= 3 && whole.problem.n_rows < 256) {
			uint8_t *blocked = wr_alloc((size_t)whole.problem.n_columns + 1, 1);
			double y[256];
			all_choices(&whole.problem, 0, column, taken, 0, see, &seen);
			plan_bound_init(&bound, &whole.problem, &none);
			for (int round = 0; round < 50; round++) {
				for (int i = 0; i < whole.problem.n_rows; i++)
					y[i] = -(double)seeded_below(&random, 3000) / 7 *
					       seeded_below(&random, 2);
				assert_true(plan_bound_from(&bound, y, blocked) <= seen.least);
			}
			plan_bound_deinit(&bound);
			free(blocked);
		}
		whole_deinit(&whole);
	}
}

/* Every kind of cut, from the basis of the first linear program, against every whole choice. */
static void test_no_cut_cuts_off_a_whole_choice(void **state)
{
	(void)state;
	size_t cuts = 0;
	for (uint64_t seed = 1; seed <= 400; seed++) {
		struct whole whole;
		struct plan_run run = {
		    .most_nodes = 1, .most_pivots = SIZE_MAX, .most_work = SIZE_MAX};
		struct plan_search search;
		int column[8], taken[256] = {0};
		int64_t bound;
		whole_init(&whole, seed);
		plan_search_init(&search, &run, &whole.problem);
		plan_lp_start(&search.lp);
		plan_lp_refresh(&search.lp);
		if (whole.problem.n_patients == 3 && whole.problem.n_rows < 256 &&
		    plan_search_solve(&search, 10000, &bound) == PLAN_NODE_FRACTION) {
			struct seen seen = {&search.cuts, INT64_MAX, 0};
			struct plan_cuts found = {0};
			plan_counts_separate(&found, &search.counts, &search.lp, search.y);
			plan_gomory_separate(&found, &whole.problem, &search.lp);
			plan_covers_separate(&found, &whole.problem, &search.lp);
			plan_cuts_separate(&found, &whole.problem, &search.lp, search.lp.d);
			seen.cuts = &found;
			cuts += found.n;
			all_choices(&whole.problem, 0, column, taken, 0, see, &seen);
			assert_int_equal(seen.broken, 0);
			assert_true(bound <= seen.least);
			plan_cuts_deinit(&found);
		}
		plan_search_deinit(&search);
		whole_deinit(&whole);
	}
	assert_true(cuts > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_factors_solve_before_and_after_a_column_is_replaced),
	    cmocka_unit_test(test_singular_basis_is_mended_with_unit_columns),
	    cmocka_unit_test(test_any_prices_prove_no_more_than_the_least_cost),
	    cmocka_unit_test(test_no_cut_cuts_off_a_whole_choice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
