/*
 * Branch and bound (A. H. Land and A. G. Doig 1960), best bound first, diving into the better
 * child.
 *
 * A node is the set of columns blocked and the basis it was left with; both are small once the
 * columns that can't be in a better plan are gone. Whatever is pruned is pruned by a bound that
 * bound.c has computed in integers.
 */
#include "search.h"

#include <stdlib.h>
#include <string.h>

#define NODE_PIVOTS 5000

struct node {
	int64_t bound;
	size_t number;    /* order of making: breaks ties */
	uint8_t *blocked; /* one bit a column */
	int *head;
};

struct open_nodes {
	struct node *items; /* a heap, least bound first */
	size_t n, capacity, made;
};

void plan_search_init(
    struct plan_search *search, struct plan_run *run, const struct plan_problem *problem)
{
	size_t n = (size_t)problem->n_patients;
	*search = (struct plan_search){.run = run, .problem = problem, .best = INT64_MAX};
	plan_lp_init(&search->lp, problem, &search->cuts);
	plan_bound_init(&search->bound, problem, &search->cuts);
	search->y = wr_alloc((size_t)search->lp.m + 1, sizeof(double));
	search->spots = wr_alloc(n + 1, sizeof(uint32_t));
	search->trial = wr_alloc(n + 1, sizeof(uint32_t));
	search->proved = INT64_MIN;
}

void plan_search_deinit(struct plan_search *search)
{
	plan_lp_deinit(&search->lp);
	plan_bound_deinit(&search->bound);
	plan_cuts_deinit(&search->cuts);
	free(search->y);
	free(search->spots);
	free(search->trial);
	*search = (struct plan_search){0};
}

bool plan_search_limit(const struct plan_search *search)
{
	const struct plan_run *run = search->run;
	return run->stopped || run->nodes >= run->most_nodes ||
	       run->pivots + search->lp.pivots >= run->most_pivots;
}

static int64_t unscaled(const struct plan_search *search, int64_t cost)
{
	return cost >= 0 ? cost / search->problem->scale : cost;
}

static void tell(struct plan_search *search)
{
	struct plan_run *run = search->run;
	if (!run->progress || search->best == INT64_MAX)
		return;
	int64_t bound = INT64_MIN;
	if (run->bound_others != INT64_MIN && search->proved != INT64_MIN)
		bound = run->bound_others + unscaled(search, search->proved);
	if (run->progress(
		run->context, run->cost_others + unscaled(search, search->best), bound, run->nodes))
		run->stopped = true;
}

bool plan_search_offer(struct plan_search *search)
{
	int64_t cost = plan_problem_cost(search->problem, search->trial);
	if (cost >= search->best)
		return false;
	search->best = cost;
	memcpy(search->spots, search->trial,
	    (size_t)search->problem->n_patients * sizeof(*search->spots));
	tell(search);
	return true;
}

/* ---- one linear program ---- */

static bool read_whole(struct plan_search *search)
{
	const struct plan_problem *problem = search->problem;
	for (int i = 0; i < problem->n_patients; i++) {
		bool found = false;
		for (int j = problem->first[i]; j < problem->first[i + 1] && !found; j++)
			if (plan_lp_value(&search->lp, j) > 1 - 1e-6) {
				search->trial[i] = problem->spot[j];
				found = true;
			}
		if (!found)
			return false;
	}
	return true;
}

/* The ray along which the bound grows for ever, followed far enough. */
static int64_t bound_along_ray(struct plan_search *search)
{
	struct plan_lp *lp = &search->lp;
	plan_lp_prices(lp, search->y);
	int64_t most = INT64_MIN;
	for (double step = 1e3; step < 1e11; step *= 100) {
		for (int i = 0; i < lp->m; i++)
			lp->tau[i] = search->y[i] + step * lp->ray[i];
		int64_t bound = plan_bound_from(&search->bound, lp->tau, lp->blocked);
		if (bound > most)
			most = bound;
		if (plan_bound_proves(&search->bound, search->best))
			break;
	}
	return most;
}

enum plan_node_end plan_search_solve(
    struct plan_search *search, size_t most_pivots, int64_t *ret_bound)
{
	struct plan_lp *lp = &search->lp;
	double scale = (double)search->problem->scale;
	double cutoff = search->best == INT64_MAX ? 1e300 : (double)(search->best - 1) / scale;
	enum plan_lp_end end = PLAN_LP_SOLVED;
	for (int i = 0; i < 3; i++) {
		end = plan_lp_solve(lp, most_pivots, cutoff + 1e-4 / scale);
		if (end == PLAN_LP_IMPOSSIBLE) {
			*ret_bound = bound_along_ray(search);
			return plan_bound_proves(&search->bound, search->best) ? PLAN_NODE_PRUNED
			                                                       : PLAN_NODE_FRACTION;
		}
		plan_lp_prices(lp, search->y);
		*ret_bound = plan_bound_from(&search->bound, search->y, lp->blocked);
		if (plan_bound_proves(&search->bound, search->best))
			return PLAN_NODE_PRUNED;
		if (end != PLAN_LP_CUTOFF)
			break;
		cutoff += 0.5 + cutoff * 1e-7; /* the proof was a little short */
	}
	return end == PLAN_LP_SOLVED && read_whole(search) ? PLAN_NODE_WHOLE : PLAN_NODE_FRACTION;
}

/* ---- the open nodes ---- */

static bool before(const struct node *a, const struct node *b)
{
	return a->bound != b->bound ? a->bound < b->bound : a->number > b->number;
}

static void nodes_push(struct open_nodes *open, struct node node)
{
	WR_GROW(open->items, open->n, open->capacity);
	size_t at = open->n++;
	while (at > 0 && before(&node, &open->items[(at - 1) / 2])) {
		open->items[at] = open->items[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	open->items[at] = node;
}

static struct node nodes_pop(struct open_nodes *open)
{
	struct node top = open->items[0], last = open->items[--open->n];
	size_t at = 0;
	for (;;) {
		size_t child = 2 * at + 1;
		if (child >= open->n)
			break;
		if (child + 1 < open->n && before(&open->items[child + 1], &open->items[child]))
			child++;
		if (!before(&open->items[child], &last))
			break;
		open->items[at] = open->items[child];
		at = child;
	}
	open->items[at] = last;
	return top;
}

static void node_deinit(struct node *node)
{
	free(node->blocked);
	free(node->head);
}

static struct node node_make(struct plan_search *search, struct open_nodes *open, int64_t bound,
    const struct plan_branch *branch, int side)
{
	struct plan_lp *lp = &search->lp;
	struct node node = {.bound = bound, .number = open->made++};
	node.blocked = wr_alloc(((size_t)lp->n + 7) / 8 + 1, 1);
	node.head = wr_alloc((size_t)lp->m + 1, sizeof(int));
	memcpy(node.head, lp->head, (size_t)lp->m * sizeof(int));
	uint8_t *blocked = wr_alloc((size_t)lp->n + 1, 1);
	memcpy(blocked, lp->blocked, (size_t)lp->n);
	if (branch)
		plan_branch_block(search, branch, side, blocked);
	for (int j = 0; j < lp->n; j++)
		if (blocked[j])
			node.blocked[j / 8] |= (uint8_t)(1u << (j % 8));
	free(blocked);
	return node;
}

static void node_enter(struct plan_search *search, const struct node *node)
{
	struct plan_lp *lp = &search->lp;
	for (int j = 0; j < lp->n; j++)
		lp->blocked[j] = node->blocked[j / 8] >> (j % 8) & 1;
	memcpy(lp->head, node->head, (size_t)lp->m * sizeof(int));
	for (int p = 0; p < lp->m; p++)
		lp->weight[p] = 1;
	plan_lp_refresh(lp);
}

/* ---- the search ---- */

/*
 * Solves the node that was entered. True when it was branched: the better child is blocked in
 * search->lp and can be gone on with at once, the other is among the open ones.
 */
static bool node_step(
    struct plan_search *search, struct open_nodes *open, struct plan_branch *branch, int64_t *bound)
{
	int64_t own;
	search->run->nodes++;
	enum plan_node_end end = plan_search_solve(search, NODE_PIVOTS, &own);
	if (own > *bound)
		*bound = own;
	if (end == PLAN_NODE_WHOLE) {
		plan_search_offer(search);
		if (plan_bound_proves(&search->bound, search->best))
			return false;
	}
	if (end == PLAN_NODE_PRUNED)
		return false;
	plan_bound_fix(&search->bound, search->best, search->lp.blocked);
	if (!plan_branch_choose(search, branch)) {
		/* one column each, and the bound still short of the cost: an open leaf */
		if (search->best == INT64_MAX || *bound < search->best)
			search->proved = *bound < search->proved ? *bound : search->proved;
		return false;
	}
	int side = branch->bound[0] <= branch->bound[1] ? 0 : 1;
	for (int k = 0; k < 2; k++)
		if (branch->bound[k] < *bound)
			branch->bound[k] = *bound;
	if (branch->bound[1 - side] < search->best)
		nodes_push(
		    open, node_make(search, open, branch->bound[1 - side], branch, 1 - side));
	*bound = branch->bound[side];
	if (*bound >= search->best)
		return false;
	plan_branch_block(search, branch, side, search->lp.blocked);
	return true;
}

static int64_t least_open(const struct open_nodes *open, int64_t bound, int64_t leaves)
{
	if (open->n && open->items[0].bound < bound)
		bound = open->items[0].bound;
	return leaves < bound ? leaves : bound;
}

static void search_tree(struct plan_search *search, int64_t root_bound)
{
	struct open_nodes open = {0};
	struct plan_branch branch = {.in = wr_alloc((size_t)search->problem->n_columns + 1, 1)};
	int64_t bound = root_bound;
	bool going_on = true;
	search->proved = INT64_MAX; /* of leaves that stay open */
	while (!plan_search_limit(search)) {
		if (!going_on) {
			if (!open.n || open.items[0].bound >= search->best)
				break;
			struct node node = nodes_pop(&open);
			bound = node.bound;
			node_enter(search, &node);
			node_deinit(&node);
		}
		going_on = node_step(search, &open, &branch, &bound);
		if (search->run->nodes % 64 == 0) {
			int64_t leaves = search->proved;
			search->proved = least_open(&open, going_on ? bound : search->best, leaves);
			tell(search);
			search->proved = leaves;
		}
	}
	search->proved = least_open(&open, going_on ? bound : search->best, search->proved);
	if (search->proved > search->best)
		search->proved = search->best;
	for (size_t i = 0; i < open.n; i++)
		node_deinit(&open.items[i]);
	free(open.items);
	free(branch.in);
}

void plan_search_run(struct plan_search *search)
{
	int64_t bound;
	plan_greedy(search->problem, search->trial);
	plan_search_offer(search);
	plan_lp_start(&search->lp);
	plan_lp_refresh(&search->lp);
	enum plan_node_end end = plan_search_solve(search, SIZE_MAX / 2, &bound);
	if (end == PLAN_NODE_WHOLE)
		plan_search_offer(search);
	search->proved = bound < search->best ? bound : search->best;
	if (!plan_bound_proves(&search->bound, search->best)) {
		plan_bound_fix(&search->bound, search->best, search->lp.blocked);
		if (end == PLAN_NODE_FRACTION)
			plan_dive(search);
		search_tree(search, bound);
	} else {
		search->proved = search->best;
	}
	search->run->pivots += search->lp.pivots;
}
