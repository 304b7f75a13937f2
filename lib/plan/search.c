/*
 * One component from its first plan to its proof: the root of the search.
 *
 * A plan, the linear program, columns that can't be in a better plan left out, a dive for a better
 * plan; again with what is left; then cuts, round by round; what stays open goes to the tree
 * (tree.c). Most ward weeks end here. Whatever is pruned is pruned by a bound that bound.c or
 * counts.c has computed in integers.
 */
#include "search.h"

#include <stdlib.h>
#include <string.h>

/* What depends on columns and rows. */
static void set_up(struct plan_search *search)
{
	size_t pivots = search->lp.pivots, work = search->lp.work;
	plan_lp_deinit(&search->lp);
	plan_bound_deinit(&search->bound);
	plan_counts_deinit(&search->counts);
	free(search->y);
	plan_counts_init(&search->counts, search->problem);
	plan_lp_init(&search->lp, search->problem, &search->cuts);
	plan_bound_init(&search->bound, search->problem, &search->cuts);
	search->y = wr_alloc((size_t)search->lp.m + 1, sizeof(double));
	search->lp.pivots = pivots;
	search->lp.work = work;
}

void plan_search_init(
    struct plan_search *search, struct plan_run *run, const struct plan_problem *problem)
{
	size_t n = (size_t)problem->n_patients;
	*search = (struct plan_search){.run = run, .problem = problem, .best = INT64_MAX};
	set_up(search);
	search->spots = wr_alloc(n + 1, sizeof(uint32_t));
	search->trial = wr_alloc(n + 1, sizeof(uint32_t));
	search->proved = INT64_MIN;
	search->leaves = INT64_MAX;
}

void plan_search_deinit(struct plan_search *search)
{
	plan_lp_deinit(&search->lp);
	plan_bound_deinit(&search->bound);
	plan_counts_deinit(&search->counts);
	plan_cuts_deinit(&search->cuts);
	plan_problem_deinit(&search->own);
	free(search->y);
	free(search->spots);
	free(search->trial);
	*search = (struct plan_search){0};
}

bool plan_search_limit(const struct plan_search *search)
{
	const struct plan_run *run = search->run;
	return run->stopped || run->nodes >= run->most_nodes ||
	       run->pivots + search->lp.pivots >= run->most_pivots ||
	       run->work + search->lp.work >= run->most_work;
}

static int64_t unscaled(const struct plan_search *search, int64_t cost)
{
	return cost >= 0 ? cost / search->problem->scale : cost;
}

void plan_search_tell(struct plan_search *search)
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
	plan_search_tell(search);
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

/* Whole patients who must stay unplaced cost more than the best plan. */
static bool too_many_unplaced(struct plan_search *search)
{
	const struct plan_counts *counts = &search->counts;
	if (search->best == INT64_MAX || counts->cost <= 0)
		return false;
	int64_t least =
	    plan_counts_from(&search->counts, &search->cuts, search->y, search->lp.blocked);
	if (least < search->best / counts->cost + (search->best % counts->cost != 0))
		return false;
	search->bound.value = INT64_MAX;
	return true;
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
		lp->work += 2 * (size_t)lp->start[lp->n];
		plan_lp_prices(lp, search->y);
		*ret_bound = plan_bound_from(&search->bound, search->y, lp->blocked);
		if (plan_bound_proves(&search->bound, search->best) || too_many_unplaced(search))
			return PLAN_NODE_PRUNED;
		if (end != PLAN_LP_CUTOFF)
			break;
		cutoff += 0.5 + cutoff * 1e-7; /* the proof was a little short */
	}
	return end == PLAN_LP_SOLVED && read_whole(search) ? PLAN_NODE_WHOLE : PLAN_NODE_FRACTION;
}

/* ---- the root ---- */

/* Solves what the root has come to; true when the search is over. */
static bool root_solve(struct plan_search *search, int64_t *bound)
{
	int64_t own;
	enum plan_node_end end = plan_search_solve(search, SIZE_MAX / 2, &own);
	if (end == PLAN_NODE_WHOLE)
		plan_search_offer(search);
	*bound = own > *bound ? own : *bound;
	if (plan_bound_proves(&search->bound, search->best)) {
		search->proved = search->best;
		return true;
	}
	if (*bound > search->proved)
		search->proved = *bound;
	plan_bound_fix(&search->bound, search->best, search->lp.blocked);
	plan_search_tell(search);
	return plan_search_limit(search);
}

/* Leaves out the columns that are blocked and the rows that nobody contests any more. */
static void root_shrink(struct plan_search *search)
{
	struct plan_problem smaller;
	int *to = wr_alloc((size_t)search->problem->n_columns + 1, sizeof(int));
	plan_problem_shrink(&smaller, search->problem, search->lp.blocked, to);
	plan_cuts_renumber(&search->cuts, to);
	plan_problem_deinit(&search->own);
	search->own = smaller;
	search->problem = &search->own;
	set_up(search);
	plan_lp_start(&search->lp);
	plan_lp_refresh(&search->lp);
	free(to);
}

/* The basis stays; the slacks of the new rows join it, those of rows that go are basic. */
static void root_set_cuts(struct plan_search *search, size_t n_before, const bool *drop)
{
	struct plan_lp *lp = &search->lp;
	int n = lp->n, base = search->problem->n_rows, m = lp->m;
	int *head = wr_alloc((size_t)m + search->cuts.n + 1, sizeof(int));
	int *row = wr_alloc((size_t)m + 1, sizeof(int)); /* where each row is now, or -1 */
	int kept = 0, count = base;
	uint8_t *blocked = wr_alloc((size_t)n + 1, 1);
	memcpy(blocked, lp->blocked, (size_t)n);
	for (int i = 0; i < m; i++)
		row[i] = i < base ? i : drop && drop[i - base] ? -1 : count++;
	for (int p = 0; p < m; p++) {
		int j = lp->head[p];
		if (j < n)
			head[kept++] = j;
		else if (row[j - n] >= 0)
			head[kept++] = n + row[j - n];
	}
	if (drop)
		plan_cuts_drop(&search->cuts, drop);
	for (size_t c = n_before; c < search->cuts.n && !drop; c++)
		head[kept++] = n + base + (int)c;
	set_up(search);
	memcpy(search->lp.head, head, (size_t)kept * sizeof(int));
	memcpy(search->lp.blocked, blocked, (size_t)n);
	for (int p = 0; p < search->lp.m; p++)
		search->lp.weight[p] = 1;
	plan_lp_refresh(&search->lp);
	free(head);
	free(row);
	free(blocked);
}

/* Cuts whose slack is basic bind nothing: they only make the basis larger. */
static void root_drop_loose(struct plan_search *search)
{
	struct plan_lp *lp = &search->lp;
	bool *drop = wr_alloc(search->cuts.n + 1, sizeof(bool));
	bool any = false;
	for (size_t c = 0; c < search->cuts.n; c++)
		any |= drop[c] = lp->where[lp->n + search->problem->n_rows + (int)c] >= 0;
	if (any)
		root_set_cuts(search, search->cuts.n, drop);
	free(drop);
}

#define MOST_ROUNDS 30

/* True when the search is over. */
static bool root_cuts(struct plan_search *search, int64_t *bound)
{
	int idle = 0;
	for (int round = 0; round < MOST_ROUNDS && idle < 3; round++) {
		size_t before = search->cuts.n;
		int64_t last = *bound;
		plan_lp_prices(&search->lp, search->y);
		plan_counts_separate(&search->cuts, &search->counts, &search->lp, search->y);
		plan_covers_separate(&search->cuts, search->problem, &search->lp);
		plan_cuts_separate(&search->cuts, search->problem, &search->lp, search->lp.d);
		plan_gomory_separate(&search->cuts, search->problem, &search->lp);
		if (search->cuts.n == before)
			break;
		root_set_cuts(search, before, NULL);
		if (root_solve(search, bound))
			return true;
		root_drop_loose(search);
		idle = *bound - last > (search->best - last) / 200 ? 0 : idle + 1;
	}
	return false;
}

void plan_search_run(struct plan_search *search)
{
	int64_t bound = INT64_MIN;
	plan_greedy(search->problem, search->trial);
	plan_search_offer(search);
	plan_improve(search);
	plan_lp_start(&search->lp);
	plan_lp_refresh(&search->lp);
	if (root_solve(search, &bound))
		goto out;
	plan_dive(search);
	plan_improve(search);
	if (root_solve(search, &bound))
		goto out;
	root_shrink(search);
	if (root_solve(search, &bound) || root_cuts(search, &bound))
		goto out;
	plan_dive(search);
	if (root_solve(search, &bound))
		goto out;
	root_shrink(search);
	plan_tree_search(search, bound);
out:
	search->run->pivots += search->lp.pivots;
	search->run->work += search->lp.work;
}
