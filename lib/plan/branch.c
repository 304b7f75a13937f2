/*
 * What to branch on: strong branching (Applegate, Bixby, Chvatal and Cook 1995).
 *
 * A branch parts the columns of one patient in two. "Unplaced?" comes first: in a ward that is
 * more than full the cost is decided by who is left out, and until that is settled every other
 * question has two answers of the same bound. Then the time of the week, the session, and who
 * attends. Each question is tried for a few pivots on both sides, and the one whose weaker side
 * rises most is asked. A side that is proved hopeless on the way is blocked for good.
 */
#include "search.h"

#include <stdlib.h>
#include <string.h>

#define MOST_TRIALS 12
#define TRIAL_PIVOTS 40

enum question {
	ASK_UNPLACED,
	ASK_SESSION, /* in session `a`? */
	ASK_TIME,    /* at spot `a` or before, in the patient's order? */
	ASK_WISH,    /* at spot `a`: does wish `b` come true? */
	ASK_HALF,    /* column `a` or before? */
};

struct trial {
	enum question question;
	int patient;
	uint32_t a, b;
	double fraction, score;
};

static bool answer(const struct plan_problem *problem, const struct trial *trial, int column)
{
	uint32_t spot = problem->spot[column];
	switch (trial->question) {
	case ASK_UNPLACED:
		return spot == PLAN_UNPLACED;
	case ASK_SESSION:
		return spot != PLAN_UNPLACED && problem->field->spots[spot].session == trial->a;
	case ASK_TIME:
		return spot <= trial->a;
	case ASK_WISH:
		return spot == trial->a && (problem->mask[column] >> trial->b & 1);
	case ASK_HALF:
		return (uint32_t)column <= trial->a;
	}
	return false;
}

static void block_side(
    const struct plan_problem *problem, const struct trial *trial, bool side, uint8_t *blocked)
{
	for (int j = problem->first[trial->patient]; j < problem->first[trial->patient + 1]; j++)
		if (answer(problem, trial, j) == side)
			blocked[j] = 1;
}

/* Does the question part the solution, and not just the columns? */
static double fraction_of(const struct plan_search *search, const struct trial *trial)
{
	const struct plan_problem *problem = search->problem;
	double in = 0;
	for (int j = problem->first[trial->patient]; j < problem->first[trial->patient + 1]; j++)
		if (answer(problem, trial, j))
			in += plan_lp_value(&search->lp, j);
	return in;
}

struct trials {
	struct trial items[4 * MOST_TRIALS];
	int n;
};

static void trial_add(const struct plan_search *search, struct trials *trials, struct trial trial)
{
	trial.fraction = fraction_of(search, &trial);
	if (trial.fraction < 1e-6 || trial.fraction > 1 - 1e-6)
		return;
	double evenness = trial.fraction < 0.5 ? trial.fraction : 1 - trial.fraction;
	trial.score = evenness + (trial.question == ASK_UNPLACED ? 1 : 0);
	int at = trials->n < (int)WR_COUNT(trials->items) ? trials->n++ : trials->n;
	while (at > 0 && trials->items[at - 1].score < trial.score) {
		if (at < (int)WR_COUNT(trials->items))
			trials->items[at] = trials->items[at - 1];
		at--;
	}
	if (at < (int)WR_COUNT(trials->items))
		trials->items[at] = trial;
}

/* The spot up to which half of the placed part of the patient's solution lies. */
static uint32_t middle_spot(const struct plan_search *search, int patient)
{
	const struct plan_problem *problem = search->problem;
	double total = 0, sum = 0;
	uint32_t best = 0;
	for (int j = problem->first[patient]; j < problem->first[patient + 1]; j++)
		if (problem->spot[j] != PLAN_UNPLACED)
			total += plan_lp_value(&search->lp, j);
	double nearest = 2;
	for (int j = problem->first[patient]; j < problem->first[patient + 1]; j++) {
		double value = plan_lp_value(&search->lp, j);
		if (problem->spot[j] == PLAN_UNPLACED || value < 1e-9)
			continue;
		sum += value;
		double off = sum > total / 2 ? sum - total / 2 : total / 2 - sum;
		if (off < nearest) {
			nearest = off;
			best = problem->spot[j];
		}
	}
	return best;
}

static void ask_patient(struct plan_search *search, struct trials *trials, int patient)
{
	const struct plan_problem *problem = search->problem;
	const struct plan_field *field = problem->field;
	uint32_t session = UINT32_MAX, spot = PLAN_UNPLACED;
	trial_add(search, trials, (struct trial){ASK_UNPLACED, patient, 0, 0, 0, 0});
	trial_add(search, trials,
	    (struct trial){ASK_TIME, patient, middle_spot(search, patient), 0, 0, 0});
	for (int j = problem->first[patient]; j < problem->first[patient + 1]; j++) {
		if (problem->spot[j] == PLAN_UNPLACED || plan_lp_value(&search->lp, j) < 1e-6)
			continue;
		const struct plan_spot *at = &field->spots[problem->spot[j]];
		if (at->session != session)
			trial_add(search, trials,
			    (struct trial){ASK_SESSION, patient, at->session, 0, 0, 0});
		session = at->session;
		if (problem->spot[j] != spot)
			for (uint32_t w = 0; w < at->n_wishes && w < 8; w++)
				trial_add(search, trials,
				    (struct trial){ASK_WISH, patient, problem->spot[j], w, 0, 0});
		spot = problem->spot[j];
	}
}

static bool is_fractional(const struct plan_search *search, int patient)
{
	const struct plan_problem *problem = search->problem;
	for (int j = problem->first[patient]; j < problem->first[patient + 1]; j++) {
		double value = plan_lp_value(&search->lp, j);
		if (value > 1e-6 && value < 1 - 1e-6)
			return true;
	}
	return false;
}

/* When the solution is whole or unusable: halve the longest list of choices. */
static bool ask_longest(const struct plan_search *search, struct trial *trial)
{
	const struct plan_problem *problem = search->problem;
	int longest = 1;
	for (int i = 0; i < problem->n_patients; i++) {
		int n = 0, middle = 0;
		for (int j = problem->first[i]; j < problem->first[i + 1]; j++)
			n += !search->lp.blocked[j];
		if (n <= longest)
			continue;
		for (int j = problem->first[i], seen = 0; seen < n / 2; j++)
			if (!search->lp.blocked[j]) {
				seen++;
				middle = j;
			}
		longest = n;
		*trial = (struct trial){ASK_HALF, i, (uint32_t)middle, 0, 0, 0};
	}
	return longest > 1;
}

static void branch_from(const struct plan_search *search, const struct trial *trial,
    const int64_t bounds[2], struct plan_branch *branch)
{
	const struct plan_problem *problem = search->problem;
	branch->patient = trial->patient;
	branch->bound[0] = bounds[0];
	branch->bound[1] = bounds[1];
	for (int j = problem->first[trial->patient]; j < problem->first[trial->patient + 1]; j++)
		branch->in[j - problem->first[trial->patient]] = answer(problem, trial, j);
}

void plan_branch_block(
    const struct plan_search *search, const struct plan_branch *branch, int side, uint8_t *blocked)
{
	int first = search->problem->first[branch->patient];
	for (int j = first; j < search->problem->first[branch->patient + 1]; j++)
		if (branch->in[j - first] == (side == 0))
			blocked[j] = 1;
}

/* The bound with one side blocked; INT64_MAX when that is proved hopeless. */
static int64_t try_side(struct plan_search *search, const struct trial *trial, bool side,
    const struct plan_lp_state *state)
{
	const struct plan_problem *problem = search->problem;
	struct plan_lp *lp = &search->lp;
	int first = problem->first[trial->patient];
	size_t n = (size_t)(problem->first[trial->patient + 1] - first);
	uint8_t *was = wr_alloc(n + 1, 1);
	int64_t bound;
	memcpy(was, lp->blocked + first, n);
	block_side(problem, trial, side, lp->blocked);
	enum plan_node_end end = plan_search_solve(search, TRIAL_PIVOTS, &bound);
	if (end == PLAN_NODE_WHOLE)
		plan_search_offer(search);
	if (end == PLAN_NODE_PRUNED || plan_bound_proves(&search->bound, search->best))
		bound = INT64_MAX;
	memcpy(lp->blocked + first, was, n);
	plan_lp_restore(lp, state);
	free(was);
	return bound;
}

bool plan_branch_choose(struct plan_search *search, struct plan_branch *branch)
{
	const struct plan_problem *problem = search->problem;
	struct plan_lp_state state = {0};
	struct trials trials = {.n = 0};
	int64_t base = 0;
	for (int i = 0; i < problem->n_patients; i++)
		if (is_fractional(search, i))
			ask_patient(search, &trials, i);
	if (trials.n == 0) {
		struct trial half;
		if (!ask_longest(search, &half))
			return false;
		branch_from(search, &half, (int64_t[2]){INT64_MIN, INT64_MIN}, branch);
		return true;
	}
	plan_lp_save(&search->lp, &state);
	plan_lp_prices(&search->lp, search->y);
	base = plan_bound_from(&search->bound, search->y, search->lp.blocked);
	double best_score = -1;
	for (int k = 0; k < trials.n && k < MOST_TRIALS; k++) {
		int64_t bounds[2];
		bounds[0] = try_side(search, &trials.items[k], true, &state);
		bounds[1] = try_side(search, &trials.items[k], false, &state);
		double up = bounds[0] == INT64_MAX ? 1e15 : (double)(bounds[0] - base);
		double down = bounds[1] == INT64_MAX ? 1e15 : (double)(bounds[1] - base);
		double low = up < down ? up : down, high = up < down ? down : up;
		double score = (low > 0.1 ? low : 0.1) * (high > 0.1 ? high : 0.1);
		if (score > best_score) {
			best_score = score;
			branch_from(search, &trials.items[k], bounds, branch);
		}
		if (bounds[0] == INT64_MAX || bounds[1] == INT64_MAX)
			break;
	}
	plan_lp_state_deinit(&state);
	return true;
}
