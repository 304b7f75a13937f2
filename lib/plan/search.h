/*
 * plan/search: branch and bound for one component.
 *
 * What is shared by its parts: the linear program with the columns blocked at present, the best
 * plan known, the limits. Pure; no locks.
 */
#ifndef WARDROUND_PLAN_SEARCH_H
#define WARDROUND_PLAN_SEARCH_H

#include "bound.h"
#include "simplex.h"

/* Limits and progress of a whole run, all components together. */
struct plan_run {
	size_t nodes, most_nodes, pivots, most_pivots, work, most_work;
	bool stopped;
	wr_plan_progress *progress;
	void *context;
	int64_t cost_others, bound_others; /* of all components but the one being searched */
};

struct plan_search {
	struct plan_run *run;
	const struct plan_problem *problem; /* columns that can still matter */
	struct plan_problem own;            /* `problem` once columns have been left out */
	struct plan_lp lp;
	struct plan_cuts cuts;
	struct plan_bound bound;
	struct plan_counts counts;
	double *y;       /* by row */
	int64_t best;    /* scaled; INT64_MAX: no plan yet */
	uint32_t *spots; /* by patient of the problem: the best plan's */
	uint32_t *trial; /* by patient: room for a plan to be tried */
	int64_t proved;  /* scaled: no plan costs less */
	int64_t leaves;  /* scaled: least bound of leaves that had to be left open */
};

void plan_search_init(
    struct plan_search *search, struct plan_run *run, const struct plan_problem *problem);
void plan_search_deinit(struct plan_search *search);
/* Searches until the best plan is proved, or limits are reached. Needs no plan to start from. */
void plan_search_run(struct plan_search *search);

/* ---- parts ---- */

enum plan_node_end {
	PLAN_NODE_PRUNED,   /* nothing better than the best plan below; proved in integers */
	PLAN_NODE_WHOLE,    /* the solution is whole */
	PLAN_NODE_FRACTION, /* has to be branched on */
};

/* Solves the linear program as blocked; sets bound; returns what it came to. */
enum plan_node_end plan_search_solve(
    struct plan_search *search, size_t most_pivots, int64_t *ret_bound);
/* Takes search->trial for the best plan if it is. */
bool plan_search_offer(struct plan_search *search);
bool plan_search_limit(const struct plan_search *search);
void plan_search_tell(struct plan_search *search);
/* Searches below the root, whose linear program is solved. */
void plan_tree_search(struct plan_search *search, int64_t bound);

/* heuristics */
void plan_greedy(const struct plan_problem *problem, uint32_t *spots);
void plan_dive(struct plan_search *search);
/* Several wards: each one searched again against the rest, while that helps. */
void plan_improve(struct plan_search *search);

/* branching: one patient's columns in two parts; `in` says of each column of the patient */
struct plan_branch {
	int patient;
	bool *in;         /* by column of the patient, from first[patient]; room for the longest */
	int64_t bound[2]; /* with the columns that are in, out: blocked; INT64_MAX: pruned */
};
/* False when there is nothing to branch on. May block columns and prove nodes away. */
bool plan_branch_choose(struct plan_search *search, struct plan_branch *branch);
void plan_branch_block(
    const struct plan_search *search, const struct plan_branch *branch, int side, uint8_t *blocked);

#endif
