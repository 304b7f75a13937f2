/*
 * Cover cuts (E. Balas 1975; P. L. Hammer, E. L. Johnson and U. N. Peled 1975), lifted one patient
 * after another (M. W. Padberg 1975; E. Zemel 1989).
 *
 * Cells that follow each other without a gap are a block. Patients who need more cells together
 * than a block has can't all be in it, wherever in it they would start: of such a cover at most one
 * less than all. The relaxation breaks this by giving one patient several half places in a block,
 * which fills it to the last cell when whole patients can't. Blocks are short, so the most violated
 * cover is found exactly (a knapsack over cells), and so is the largest coefficient of each patient
 * who isn't in it.
 */
#include "cuts.h"

#include "simplex.h"

#include <stdlib.h>
#include <string.h>

#define VIOLATION 0.02

struct member {
	int patient, slots, factor;
	double inside; /* how much of the patient the solution has in the block */
};

struct block {
	int length;
	struct member *members;
	size_t n, capacity;
};

struct covering {
	const struct plan_problem *problem;
	const struct plan_lp *lp;
	int *block_of; /* by cell in line */
	size_t *base;
	struct block *blocks;
	int n_blocks;
};

static void number_blocks(struct covering *covering)
{
	const struct wr_plan_instance *instance = covering->problem->field->instance;
	covering->base = plan_cell_bases(instance);
	size_t n_cells = covering->base[instance->n_sessions];
	covering->block_of = wr_alloc(n_cells + 1, sizeof(int));
	covering->blocks = wr_alloc(n_cells + 1, sizeof(*covering->blocks));
	for (size_t s = 0; s < instance->n_sessions; s++) {
		const struct wr_plan_session *session = &instance->sessions[s];
		for (size_t c = 0; c < session->n_starts; c++) {
			if (c == 0 || session->starts[c] - session->starts[c - 1] != session->cell)
				covering->n_blocks++;
			covering->block_of[covering->base[s] + c] = covering->n_blocks - 1;
			covering->blocks[covering->n_blocks - 1].length++;
		}
	}
}

static int block_of_column(const struct covering *covering, int column)
{
	uint32_t at = covering->problem->spot[column];
	if (at == PLAN_UNPLACED)
		return -1;
	const struct plan_spot *spot = &covering->problem->field->spots[at];
	return covering->block_of[covering->base[spot->session] + spot->cell];
}

/* Columns are in order of patients, so the last member is the one to look at. */
static void collect_members(struct covering *covering)
{
	const struct plan_problem *problem = covering->problem;
	const struct wr_plan_instance *instance = problem->field->instance;
	for (int j = 0; j < problem->n_columns; j++) {
		int at = block_of_column(covering, j);
		if (at < 0 || covering->lp->blocked[j])
			continue;
		struct block *block = &covering->blocks[at];
		int patient = problem->owner[j];
		if (block->n == 0 || block->members[block->n - 1].patient != patient) {
			int64_t slots = instance->patients[problem->patients[patient]].slots;
			WR_GROW(block->members, block->n, block->capacity);
			block->members[block->n++] = (struct member){patient, (int)slots, 0, 0};
		}
		block->members[block->n - 1].inside += plan_lp_value(covering->lp, j);
	}
}

static int by_inside(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	if (x->inside != y->inside)
		return x->inside > y->inside ? -1 : 1;
	if (x->slots != y->slots)
		return x->slots > y->slots ? -1 : 1;
	return (x->patient > y->patient) - (x->patient < y->patient);
}

/*
 * The cover that lacks least: cost[i][w] is the least sum of (1 - inside) of the first i members
 * that need w cells together, w counted no further than length + 1. Marks it with factor 1;
 * returns how many there are, 0 when none is violated.
 */
static int find_cover(struct block *block)
{
	size_t width = (size_t)block->length + 2;
	double *cost = wr_alloc((block->n + 1) * width, sizeof(double));
	int count = 0;
	for (size_t w = 1; w < width; w++)
		cost[w] = 1e9;
	for (size_t i = 0; i < block->n; i++) {
		const struct member *member = &block->members[i];
		const double *without = cost + i * width;
		double *with = cost + (i + 1) * width;
		for (size_t w = 0; w < width; w++) {
			size_t rest = w > (size_t)member->slots ? w - (size_t)member->slots : 0;
			double taken = without[rest] + 1 - member->inside;
			with[w] = w > 0 && taken < without[w] ? taken : without[w];
		}
	}
	size_t w = width - 1;
	if (cost[block->n * width + w] < 1 - VIOLATION)
		for (size_t i = block->n; i > 0 && w > 0; i--) {
			if (cost[i * width + w] == cost[(i - 1) * width + w])
				continue;
			block->members[i - 1].factor = 1;
			count++;
			size_t slots = (size_t)block->members[i - 1].slots;
			w = w > slots ? w - slots : 0;
		}
	free(cost);
	return count;
}

/* The largest sum of factors that fits into `room` cells, from least[v]: cells that v takes. */
static int most_within(const int *least, int limit, int room)
{
	int most = 0;
	for (int v = 1; v <= limit; v++)
		if (least[v] <= room)
			most = v;
	return most;
}

static void lift(struct block *block, int limit)
{
	int *least = wr_alloc((size_t)limit + 2, sizeof(int));
	for (int v = 1; v <= limit; v++)
		least[v] = block->length + 1;
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < block->n; i++) {
			struct member *member = &block->members[i];
			if ((member->factor == 1) != (pass == 0) || member->slots > block->length)
				continue;
			if (pass == 1)
				member->factor = limit - most_within(least, limit,
							     block->length - member->slots);
			if (member->factor <= 0)
				continue;
			for (int v = limit; v > 0; v--) {
				int rest = v > member->factor ? v - member->factor : 0;
				if (least[rest] + member->slots < least[v])
					least[v] = least[rest] + member->slots;
			}
		}
	free(least);
}

static bool add_cut(struct plan_cuts *cuts, const struct covering *covering, int at, int limit)
{
	const struct plan_problem *problem = covering->problem;
	const struct block *block = &covering->blocks[at];
	int *factor = wr_alloc((size_t)problem->n_patients + 1, sizeof(int));
	struct plan_cut cut = {.rhs = limit};
	for (size_t i = 0; i < block->n; i++)
		factor[block->members[i].patient] = block->members[i].factor;
	cut.column = wr_alloc((size_t)problem->n_columns + 1, sizeof(int));
	cut.value = wr_alloc((size_t)problem->n_columns + 1, sizeof(*cut.value));
	for (int j = 0; j < problem->n_columns; j++)
		if (factor[problem->owner[j]] > 0 && block_of_column(covering, j) == at) {
			cut.value[cut.n] = (int16_t)factor[problem->owner[j]];
			cut.column[cut.n++] = j;
		}
	free(factor);
	return plan_cuts_take(cuts, &cut);
}

size_t plan_covers_separate(
    struct plan_cuts *cuts, const struct plan_problem *problem, const struct plan_lp *lp)
{
	struct covering covering = {.problem = problem, .lp = lp};
	size_t added = 0;
	number_blocks(&covering);
	collect_members(&covering);
	for (int b = 0; b < covering.n_blocks; b++) {
		struct block *block = &covering.blocks[b];
		if (block->n < 2 || block->length > 1000)
			continue;
		qsort(block->members, block->n, sizeof(*block->members), by_inside);
		int size = find_cover(block);
		if (size < 2)
			continue;
		lift(block, size - 1);
		added += add_cut(cuts, &covering, b, size - 1);
	}
	for (int b = 0; b < covering.n_blocks; b++)
		free(covering.blocks[b].members);
	free(covering.blocks);
	free(covering.block_of);
	free(covering.base);
	return added;
}
