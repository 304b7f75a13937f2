/*
 * Clique cuts (M. W. Padberg 1973), found greedily from every fractional column and then lifted.
 *
 * The rows of the problem are cliques already, but not the largest. With four cells in a row, all
 * places of one patient who needs two of them and all places of everybody who needs three exclude
 * one another, while no single cell is in all of them. In a ward that is more than full this is
 * what the relaxation cheats with: it fills gaps with halves of patients.
 */
#include "cuts.h"

#include "simplex.h"

#include <stdlib.h>
#include <string.h>

#define MOST_FRACTIONAL 1024
#define MOST_EACH_ROUND 80
#define VIOLATION 0.02
#define STEPS 60 /* of looking for a heavier clique from one column */

struct graph {
	const struct plan_problem *problem;
	const struct plan_lp *lp;
	int n, words;
	int *column; /* n: in order of falling value */
	double *value;
	uint64_t *adjacent; /* n by words */
};

struct looking {
	const struct graph *graph;
	int *best, n_best, *now, n_now, steps;
	double best_weight;
};

static bool bit(const uint64_t *set, int at)
{
	return set[at / 64] >> (at % 64) & 1;
}

static int graph_collect(struct graph *graph)
{
	const struct plan_lp *lp = graph->lp;
	int n = 0;
	for (int p = 0; p < lp->m; p++)
		if (lp->head[p] < lp->n && lp->x[p] > 1e-5 && lp->x[p] < 1 - 1e-5 &&
		    n < MOST_FRACTIONAL)
			graph->column[n++] = lp->head[p];
	/* insertion sort by value, then number: deterministic */
	for (int i = 1; i < n; i++) {
		int column = graph->column[i], at = i;
		double value = plan_lp_value(lp, column);
		while (at > 0) {
			double other = plan_lp_value(lp, graph->column[at - 1]);
			if (other > value || (other == value && graph->column[at - 1] < column))
				break;
			graph->column[at] = graph->column[at - 1];
			at--;
		}
		graph->column[at] = column;
	}
	return n;
}

static void graph_init(
    struct graph *graph, const struct plan_problem *problem, const struct plan_lp *lp)
{
	*graph = (struct graph){.problem = problem, .lp = lp};
	graph->column = wr_alloc(MOST_FRACTIONAL + 1, sizeof(int));
	graph->n = graph_collect(graph);
	graph->words = (graph->n + 63) / 64;
	graph->value = wr_alloc((size_t)graph->n + 1, sizeof(double));
	graph->adjacent = wr_alloc((size_t)graph->n * (size_t)graph->words + 1, sizeof(uint64_t));
	int *index = wr_alloc((size_t)problem->n_columns + 1, sizeof(int));
	for (int i = 0; i < graph->n; i++) {
		graph->value[i] = plan_lp_value(lp, graph->column[i]);
		index[graph->column[i]] = i + 1;
	}
	for (int i = 0; i < graph->n; i++) {
		uint64_t *row = graph->adjacent + (size_t)i * (size_t)graph->words;
		int j = graph->column[i];
		for (int k = lp->start[j]; k < lp->start[j + 1]; k++) {
			if (lp->at[k] >= problem->n_rows)
				continue;
			for (int e = lp->row_start[lp->at[k]]; e < lp->row_start[lp->at[k] + 1];
			     e++) {
				int other = index[lp->row_at[e]] - 1;
				if (other >= 0 && other != i)
					row[other / 64] |= 1ULL << (other % 64);
			}
		}
	}
	free(index);
}

static void graph_deinit(struct graph *graph)
{
	free(graph->column);
	free(graph->value);
	free(graph->adjacent);
}

/* Depth first, heaviest first, cut off when what is left can't make it heavier. */
static void look(struct looking *looking, const uint64_t *candidates, double weight)
{
	const struct graph *graph = looking->graph;
	double left = 0;
	if (weight > looking->best_weight + 1e-9) {
		looking->best_weight = weight;
		looking->n_best = looking->n_now;
		memcpy(looking->best, looking->now, (size_t)looking->n_now * sizeof(int));
	}
	uint64_t *mine = wr_alloc((size_t)graph->words + 1, sizeof(uint64_t));
	uint64_t *next = wr_alloc((size_t)graph->words + 1, sizeof(uint64_t));
	memcpy(mine, candidates, (size_t)graph->words * sizeof(uint64_t));
	for (int i = 0; i < graph->n; i++)
		if (bit(mine, i))
			left += graph->value[i];
	for (int i = 0; i < graph->n && looking->steps > 0; i++) {
		if (!bit(mine, i))
			continue;
		if (weight + left <= looking->best_weight + 1e-9)
			break;
		looking->steps--;
		const uint64_t *row = graph->adjacent + (size_t)i * (size_t)graph->words;
		for (int w = 0; w < graph->words; w++)
			next[w] = mine[w] & row[w];
		looking->now[looking->n_now++] = i;
		look(looking, next, weight + graph->value[i]);
		looking->n_now--;
		mine[i / 64] &= ~(1ULL << (i % 64));
		left -= graph->value[i];
	}
	free(mine);
	free(next);
}

/* ---- lifting ---- */

struct lifting {
	const struct plan_problem *problem;
	const struct plan_lp *lp;
	int *met;   /* by column: members it excludes */
	int *stamp; /* by column: last member that counted it */
	int *order; /* columns that aren't blocked, by rising d */
	int n_order, stamps;
};

struct ranked {
	double d;
	int column;
};

static int by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	if (x->d != y->d)
		return x->d < y->d ? -1 : 1;
	return (x->column > y->column) - (x->column < y->column);
}

static void lifting_init(struct lifting *lifting, const struct plan_problem *problem,
    const struct plan_lp *lp, const double *d)
{
	size_t n = (size_t)problem->n_columns + 1;
	struct ranked *ranked = wr_alloc(n, sizeof(*ranked));
	*lifting = (struct lifting){.problem = problem, .lp = lp};
	lifting->met = wr_alloc(n, sizeof(int));
	lifting->stamp = wr_alloc(n, sizeof(int));
	lifting->order = wr_alloc(n, sizeof(int));
	for (int j = 0; j < problem->n_columns; j++)
		if (!lp->blocked[j] && problem->spot[j] != PLAN_UNPLACED)
			ranked[lifting->n_order++] = (struct ranked){d[j], j};
	qsort(ranked, (size_t)lifting->n_order, sizeof(*ranked), by_rank);
	for (int k = 0; k < lifting->n_order; k++)
		lifting->order[k] = ranked[k].column;
	free(ranked);
}

static void lifting_deinit(struct lifting *lifting)
{
	free(lifting->met);
	free(lifting->stamp);
	free(lifting->order);
}

static void count_member(struct lifting *lifting, int member)
{
	const struct plan_lp *lp = lifting->lp;
	int stamp = ++lifting->stamps;
	for (int k = lp->start[member]; k < lp->start[member + 1]; k++) {
		if (lp->at[k] >= lifting->problem->n_rows)
			continue;
		for (int e = lp->row_start[lp->at[k]]; e < lp->row_start[lp->at[k] + 1]; e++) {
			int j = lp->row_at[e];
			lifting->met[j] += lifting->stamp[j] != stamp;
			lifting->stamp[j] = stamp;
		}
	}
}

/* Adds to the members (indexes of columns; room for all) whatever excludes all of them. */
static int lift(struct lifting *lifting, int *members, int n)
{
	memset(lifting->met, 0, (size_t)lifting->problem->n_columns * sizeof(int));
	for (int k = 0; k < n; k++)
		count_member(lifting, members[k]);
	for (int k = 0; k < n; k++)
		lifting->met[members[k]] = -1000000;
	for (int k = 0; k < lifting->n_order; k++) {
		int j = lifting->order[k];
		if (lifting->met[j] != n)
			continue;
		members[n++] = j;
		count_member(lifting, j);
		lifting->met[j] = -1000000;
	}
	return n;
}

/* ---- the list ---- */

static int int_order(const void *a, const void *b)
{
	const int *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static bool same_cut(const struct plan_cut *a, const struct plan_cut *b)
{
	return a->n == b->n && a->rhs == b->rhs &&
	       memcmp(a->column, b->column, (size_t)a->n * sizeof(*a->column)) == 0 &&
	       memcmp(a->value, b->value, (size_t)a->n * sizeof(*a->value)) == 0;
}

bool plan_cuts_take(struct plan_cuts *cuts, struct plan_cut *cut)
{
	for (size_t c = 0; c < cuts->n; c++)
		if (same_cut(&cuts->items[c], cut)) {
			free(cut->column);
			free(cut->value);
			return false;
		}
	WR_GROW(cuts->items, cuts->n, cuts->capacity);
	cuts->items[cuts->n++] = *cut;
	return true;
}

static bool clique_add(struct plan_cuts *cuts, int *column, int n)
{
	struct plan_cut cut = {.n = n, .rhs = 1};
	qsort(column, (size_t)n, sizeof(int), int_order);
	cut.column = wr_alloc((size_t)n, sizeof(*cut.column));
	cut.value = wr_alloc((size_t)n, sizeof(*cut.value));
	memcpy(cut.column, column, (size_t)n * sizeof(int));
	for (int e = 0; e < n; e++)
		cut.value[e] = 1;
	return plan_cuts_take(cuts, &cut);
}

size_t plan_cuts_separate(struct plan_cuts *cuts, const struct plan_problem *problem,
    const struct plan_lp *lp, const double *d)
{
	struct graph graph;
	struct lifting lifting;
	size_t added = 0;
	graph_init(&graph, problem, lp);
	lifting_init(&lifting, problem, lp, d);
	struct looking looking = {.graph = &graph};
	looking.best = wr_alloc((size_t)graph.n + 1, sizeof(int));
	looking.now = wr_alloc((size_t)graph.n + 1, sizeof(int));
	int *members = wr_alloc((size_t)problem->n_columns + 1, sizeof(int));
	for (int i = 0; i < graph.n && added < MOST_EACH_ROUND; i++) {
		looking.best_weight = 1 + VIOLATION;
		looking.n_best = 0;
		looking.steps = STEPS;
		looking.now[0] = i;
		looking.n_now = 1;
		look(&looking, graph.adjacent + (size_t)i * (size_t)graph.words, graph.value[i]);
		for (int k = 0; k < looking.n_best; k++)
			members[k] = graph.column[looking.best[k]];
		if (looking.n_best)
			added += clique_add(cuts, members, lift(&lifting, members, looking.n_best));
	}
	free(members);
	free(looking.best);
	free(looking.now);
	lifting_deinit(&lifting);
	graph_deinit(&graph);
	return added;
}

void plan_cuts_renumber(struct plan_cuts *cuts, const int *to)
{
	for (size_t c = 0; c < cuts->n; c++) {
		struct plan_cut *cut = &cuts->items[c];
		int n = 0;
		for (int e = 0; e < cut->n; e++) {
			if (to[cut->column[e]] < 0)
				continue;
			cut->value[n] = cut->value[e];
			cut->column[n++] = to[cut->column[e]];
		}
		cut->n = n;
	}
}

void plan_cuts_drop(struct plan_cuts *cuts, const bool *drop)
{
	size_t n = 0;
	for (size_t c = 0; c < cuts->n; c++) {
		if (!drop[c]) {
			cuts->items[n++] = cuts->items[c];
			continue;
		}
		free(cuts->items[c].column);
		free(cuts->items[c].value);
	}
	cuts->n = n;
}

void plan_cuts_deinit(struct plan_cuts *cuts)
{
	for (size_t i = 0; i < cuts->n; i++) {
		free(cuts->items[i].column);
		free(cuts->items[i].value);
	}
	free(cuts->items);
	*cuts = (struct plan_cuts){0};
}
