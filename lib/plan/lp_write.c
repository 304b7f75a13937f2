/*
 * The same problem for any other solver, in CPLEX LP format: one integer program of all components.
 *
 * Variables: x<n> is a column (problem.h), y<n> a wish beyond those a column can hold. Comments say
 * which patient, session and cell a column stands for. There is no constant in the objective; with
 * nothing to choose, a variable fixed at 0 keeps the file legal. So the value of an optimal
 * solution is the cost of an optimal plan.
 */
#include "problem.h"

#include <stdlib.h>

struct writing {
	struct wr_buf *buf;
	struct plan_problem problem;
	int line; /* terms on the present line: some readers limit its length */
};

static void put_term(struct writing *writing, const char *sign, const char *name, size_t number)
{
	if (writing->line++ % 8 == 7)
		wr_buf_puts(writing->buf, "\n  ");
	wr_buf_printf(writing->buf, " %s %s%zu", sign, name, number);
}

/* Wishes past the bits of a column's mask. */
static uint32_t left_over(const struct plan_problem *problem, uint32_t spot)
{
	uint32_t n = problem->field->spots[spot].n_wishes;
	return n > PLAN_MASK_WISHES ? n - PLAN_MASK_WISHES : 0;
}

static bool first_of_spot(const struct plan_problem *problem, int j)
{
	return problem->spot[j] != PLAN_UNPLACED &&
	       (j == 0 || problem->spot[j - 1] != problem->spot[j]);
}

static void put_objective(struct writing *writing)
{
	const struct plan_problem *problem = &writing->problem;
	const struct plan_field *field = problem->field;
	struct wr_buf *buf = writing->buf;
	wr_buf_puts(buf, "Minimize\n cost:");
	if (problem->n_columns == 0)
		wr_buf_puts(buf, " 0 none");
	for (int j = 0; j < problem->n_columns; j++) {
		int64_t cost = problem->cost[j] / problem->scale;
		uint32_t spot = problem->spot[j];
		uint32_t n = spot == PLAN_UNPLACED ? 0 : left_over(problem, spot);
		for (uint32_t w = 0; w < n; w++)
			cost +=
			    field->wishes[field->spots[spot].wishes + PLAN_MASK_WISHES + w].weight;
		wr_buf_printf(buf, "%s%lld x%d", j % 8 == 0 ? "\n  + " : " + ", (long long)cost, j);
		for (uint32_t w = 0; w < n && first_of_spot(problem, j); w++) {
			uint32_t wish = field->spots[spot].wishes + PLAN_MASK_WISHES + w;
			wr_buf_printf(
			    buf, " - %lld y%u", (long long)field->wishes[wish].weight, wish);
		}
	}
}

/* Rows in order, each with its columns. */
static void put_rows(struct writing *writing)
{
	const struct plan_problem *problem = &writing->problem;
	size_t m = (size_t)problem->n_rows;
	int *start = wr_alloc(m + 2, sizeof(int));
	int n_entries = problem->n_columns ? problem->start[problem->n_columns] : 0;
	int *at = wr_alloc((size_t)n_entries + 1, sizeof(int));
	for (int k = 0; k < n_entries; k++)
		start[problem->row[k] + 2]++;
	for (size_t i = 2; i <= m + 1; i++)
		start[i] += start[i - 1];
	for (int j = 0; j < problem->n_columns; j++)
		for (int k = problem->start[j]; k < problem->start[j + 1]; k++)
			at[start[problem->row[k] + 1]++] = j;
	for (size_t i = 0; i < m; i++) {
		wr_buf_printf(writing->buf, "\n r%zu:", i);
		writing->line = 0;
		for (int k = start[i]; k < start[i + 1]; k++)
			put_term(writing, "+", "x", (size_t)at[k]);
		wr_buf_puts(writing->buf, (int)i < problem->n_patients ? " = 1" : " <= 1");
	}
	free(start);
	free(at);
}

/* A wish beyond the mask: only at its spot, and once in each of its cliques. */
static void put_left_over(struct writing *writing)
{
	const struct plan_problem *problem = &writing->problem;
	const struct plan_field *field = problem->field;
	for (int j = 0; j < problem->n_columns; j++) {
		if (!first_of_spot(problem, j) || !left_over(problem, problem->spot[j]))
			continue;
		const struct plan_spot *spot = &field->spots[problem->spot[j]];
		for (uint32_t w = PLAN_MASK_WISHES; w < spot->n_wishes; w++) {
			wr_buf_printf(
			    writing->buf, "\n l%u: y%u", spot->wishes + w, spot->wishes + w);
			writing->line = 0;
			for (int k = j;
			     k < problem->n_columns && problem->spot[k] == problem->spot[j]; k++)
				put_term(writing, "-", "x", (size_t)k);
			wr_buf_puts(writing->buf, " <= 0");
		}
	}
}

/* Cliques that hold such wishes are written whole, columns that hold the others included. */
static void put_left_over_cliques(struct writing *writing)
{
	const struct plan_problem *problem = &writing->problem;
	const struct plan_field *field = problem->field;
	bool *touched = wr_alloc(field->n_cliques + 1, sizeof(bool));
	bool any = false;
	for (size_t s = 0; s < field->n_spots; s++)
		for (uint32_t w = PLAN_MASK_WISHES; w < field->spots[s].n_wishes; w++) {
			const struct plan_wish *wish = &field->wishes[field->spots[s].wishes + w];
			for (uint32_t k = 0; k < wish->n_cliques; k++)
				touched[wish->cliques + k] = any = true;
		}
	for (uint32_t c = 0; any && c < field->n_cliques; c++) {
		if (!touched[c])
			continue;
		wr_buf_printf(writing->buf, "\n k%u:", c);
		writing->line = 0;
		for (int j = 0; j < problem->n_columns; j++) {
			if (problem->spot[j] == PLAN_UNPLACED)
				continue;
			const struct plan_spot *spot = &field->spots[problem->spot[j]];
			for (uint32_t w = 0; w < spot->n_wishes; w++) {
				const struct plan_wish *wish = &field->wishes[spot->wishes + w];
				bool in = c >= wish->cliques && c < wish->cliques + wish->n_cliques;
				if (in && w < PLAN_MASK_WISHES && (problem->mask[j] >> w & 1))
					put_term(writing, "+", "x", (size_t)j);
				else if (in && w >= PLAN_MASK_WISHES && first_of_spot(problem, j))
					put_term(writing, "+", "y", spot->wishes + w);
			}
		}
		wr_buf_puts(writing->buf, " <= 1");
	}
	free(touched);
}

static void put_names(struct writing *writing)
{
	const struct plan_problem *problem = &writing->problem;
	const struct plan_field *field = problem->field;
	wr_buf_puts(writing->buf, "\n\nBinary\n");
	for (int j = 0; j < problem->n_columns; j++)
		wr_buf_printf(writing->buf, " x%d%s", j, j % 12 == 11 ? "\n" : "");
	for (int j = 0; j < problem->n_columns; j++)
		for (uint32_t w = PLAN_MASK_WISHES;
		     first_of_spot(problem, j) && w < field->spots[problem->spot[j]].n_wishes; w++)
			wr_buf_printf(
			    writing->buf, "\n y%u", field->spots[problem->spot[j]].wishes + w);
	wr_buf_puts(writing->buf, "\nEnd\n");
}

static void put_safe(struct wr_buf *buf, const char *text)
{
	for (; *text; text++)
		wr_buf_putc(buf, *text > ' ' && *text < 0x7f ? *text : '?');
}

static void put_head(struct writing *writing)
{
	const struct plan_problem *problem = &writing->problem;
	const struct wr_plan_instance *instance = problem->field->instance;
	struct wr_buf *buf = writing->buf;
	wr_buf_puts(buf, "\\ The objective has no constant: its value is the cost of the plan.\n");
	for (int j = 0; j < problem->n_columns; j++) {
		uint32_t spot = problem->spot[j];
		wr_buf_printf(buf, "\\ x%d: patient ", j);
		put_safe(buf, instance->patients[problem->patients[problem->owner[j]]].id);
		if (spot == PLAN_UNPLACED) {
			wr_buf_puts(buf, " unplaced\n");
			continue;
		}
		wr_buf_puts(buf, " session ");
		put_safe(buf, instance->sessions[problem->field->spots[spot].session].id);
		wr_buf_printf(buf, " cell %u wishes %#x\n", problem->field->spots[spot].cell,
		    problem->mask[j]);
	}
}

void wr_plan_lp_write(struct wr_buf *buf, const struct wr_plan_instance *instance)
{
	struct plan_field field;
	struct writing writing = {.buf = buf};
	uint32_t *all = wr_alloc(instance->n_patients + 1, sizeof(*all));
	for (uint32_t p = 0; p < instance->n_patients; p++)
		all[p] = p;
	plan_field_init(&field, instance, NULL);
	plan_problem_init(&writing.problem, &field, all, instance->n_patients);
	put_head(&writing);
	put_objective(&writing);
	wr_buf_puts(buf, "\nSubject To");
	if (writing.problem.n_columns == 0)
		wr_buf_puts(buf, "\n r: none = 0\nEnd\n");
	else {
		put_rows(&writing);
		put_left_over(&writing);
		put_left_over_cliques(&writing);
		put_names(&writing);
	}
	plan_problem_deinit(&writing.problem);
	plan_field_deinit(&field);
	free(all);
}
