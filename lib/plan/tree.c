/*
 * Branch and bound (A. H. Land and A. G. Doig 1960), best bound first, diving into the better
 * child.
 *
 * A node is the set of columns blocked and the basis it was left with; both are small once the
 * columns that can't be in a better plan are gone.
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
		if (*bound < search->leaves)
			search->leaves = *bound;
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

/* What is proved while nodes are open; `bound` is that of the node being worked on. */
static void update_proved(struct plan_search *search, const struct open_nodes *open, int64_t bound)
{
	int64_t least = open->n && open->items[0].bound < bound ? open->items[0].bound : bound;
	if (search->leaves < least)
		least = search->leaves;
	if (search->best < least)
		least = search->best;
	if (least > search->proved)
		search->proved = least;
}

void plan_tree_search(struct plan_search *search, int64_t bound)
{
	struct open_nodes open = {0};
	struct plan_branch branch = {.in = wr_alloc((size_t)search->problem->n_columns + 1, 1)};
	bool going_on = true;
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
		update_proved(search, &open, going_on ? bound : INT64_MAX);
		if (search->run->nodes % 64 == 0)
			plan_search_tell(search);
	}
	update_proved(search, &open, going_on ? bound : INT64_MAX);
	for (size_t i = 0; i < open.n; i++)
		node_deinit(&open.items[i]);
	free(open.items);
	free(branch.in);
}
