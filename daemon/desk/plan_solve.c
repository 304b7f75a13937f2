/*
 * The first half of planning a week: the snapshot, and the solver and checker on a worker thread.
 */
#include "desk/desk.h"
#include "desk/plan_week.h"
#include "desk/together.h"
#include "desk/unplanned.h"

/* Whoever has a published slot in a session that is still there keeps it, as long as it is: a
 * longer need waits until the place is free to change. */
static bool fix_one(struct wr_instance *instance, size_t at)
{
	struct wr_plan_patient *patient = &instance->plan.patients[at];
	if (!patient->published || patient->fixed || patient->published_at == WR_PLAN_NONE)
		return false;
	patient->fixed = patient->published;
	patient->fixed_cell = patient->published_cell;
	patient->fixed_at = patient->published_at;
	patient->slots = instance->patients[at].slot->cells;
	return true;
}

static void fix_published(struct wr_instance *instance, bool *ret_fixed)
{
	for (size_t i = 0; i < instance->plan.n_patients; i++)
		ret_fixed[i] |= fix_one(instance, i);
}

/* Those that were fixed may be moved again. */
static void free_again(struct wr_instance *instance, const bool *fixed)
{
	for (size_t i = 0; i < instance->plan.n_patients; i++) {
		struct wr_plan_patient *patient = &instance->plan.patients[i];
		if (!fixed[i])
			continue;
		patient->fixed = NULL;
		patient->fixed_at = WR_PLAN_NONE;
		patient->slots = instance->patients[i].patient->slots;
	}
}

/* A draft that somebody made by hand stays as it is where it can; only who has none is added. */
static bool keeps_drafts(const struct wr_planning *planning)
{
	return planning->mode == WR_PLANNING_REPAIR && planning->snapshot->planned &&
	       planning->snapshot->plan.by_hand && !planning->snapshot->plan.published;
}

/* Whether `cells` follow one another from the plan's cell c of a session. */
static bool fits(const struct wr_instance_session *of, size_t n_starts, size_t c, size_t cells)
{
	return c + cells <= n_starts && of->cells[c + cells - 1] == of->cells[c] + cells - 1 &&
	       wr_session_fit(of->session, of->cells[c]) >= cells;
}

static void fix_draft(
    struct wr_instance *instance, struct wr_plan_patient *patient, const struct wr_slot *slot)
{
	for (size_t s = 0; s < instance->plan.n_sessions; s++) {
		const struct wr_instance_session *of = &instance->sessions[s];
		size_t n = instance->plan.sessions[s].n_starts;
		if (!wr_text_equal(of->session->id, slot->session))
			continue;
		for (size_t c = 0; c < n; c++) {
			if (of->session->cells[of->cells[c]].start != slot->start ||
			    !fits(of, n, c, (size_t)slot->cells))
				continue;
			patient->fixed = of->session->id;
			patient->fixed_cell = (int64_t)c;
			patient->slots = slot->cells;
		}
	}
}

static void fix_drafts(struct wr_instance *instance)
{
	for (size_t i = 0; i < instance->plan.n_patients; i++) {
		const struct wr_slot *slot = instance->patients[i].slot;
		struct wr_plan_patient *patient = &instance->plan.patients[i];
		if (slot && slot->state == WR_STATE_DRAFT && !patient->fixed)
			fix_draft(instance, patient, slot);
	}
}

static const char *first_mistake(
    struct wr_arena *arena, const char *what, const struct wr_plan_mistakes *mistakes)
{
	return wr_arena_printf(
	    arena, "%s: %s: %s", what, mistakes->items[0].path, mistakes->items[0].text);
}

static int note_progress(void *context, int64_t cost, int64_t bound, size_t nodes)
{
	struct wr_desk_planning *planning = context;
	atomic_store(&planning->cost, cost);
	atomic_store(&planning->bound, bound);
	atomic_store(&planning->nodes, nodes);
	return atomic_load(&planning->stop);
}

static struct wr_plan *solve(struct wr_planning *p)
{
	struct wr_arena *arena = &p->call->arena;
	struct wr_plan_mistakes mistakes = {0};
	struct wr_plan *plan = NULL;
	if (wr_plan_instance_check(arena, &p->instance->plan, &mistakes)) {
		p->wrong = first_mistake(arena, "instance", &mistakes);
		return NULL;
	}
	const struct wr_plan_options options = {
	    .progress = note_progress, .context = &p->call->desk->planning};
	wr_plan_make(arena, &p->instance->plan, &options, &plan);
	if (wr_plan_check(arena, &p->instance->plan, plan, &mistakes)) {
		p->wrong = first_mistake(arena, "plan", &mistakes);
		return NULL;
	}
	return plan;
}

/* With moves: whoever was promised a slot comes before everybody who was not. */
static void put_promised_first(struct wr_plan_instance *instance)
{
	for (size_t i = 0; i < instance->n_patients; i++)
		if (instance->patients[i].published)
			instance->patients[i].priority = 3;
}

/* A proposal that was declined is not made again: what it would move stays, and the rest is planned
 * around it. */
static struct wr_plan *solve_without(
    struct wr_planning *p, const struct wr_declined *no, struct wr_plan *plan, bool *fixed)
{
	struct wr_instance *instance = p->instance;
	size_t n = 0;
	bool *now = wr_arena_new(&p->call->arena, bool, instance->plan.n_patients + 1);
	for (size_t i = 0; i < instance->plan.n_patients; i++)
		if (instance->patients[i].slot &&
		    wr_declined_moves(no, instance->patients[i].slot->ref))
			n += now[i] = fix_one(instance, i);
	p->refused |= n == 0; /* nothing can stay where it is, but the answer was no */
	struct wr_plan *without = n ? solve(p) : NULL;
	if (without && !wr_declined_helps_another(no, instance, plan, without)) {
		for (size_t i = 0; i < instance->plan.n_patients; i++)
			fixed[i] |= now[i];
		return without;
	}
	free_again(instance, now);
	return plan;
}

static struct wr_plan *heed_declined(struct wr_planning *p, struct wr_plan *plan)
{
	const struct wr_snapshot *s = p->snapshot;
	bool *fixed = wr_arena_new(&p->call->arena, bool, p->instance->plan.n_patients + 1);
	for (size_t i = 0; i < s->n_declined && plan && !p->wrong; i++)
		if (wr_declined_repeats(&p->call->arena, &s->declined[i], p->instance, plan))
			plan = solve_without(p, &s->declined[i], plan, fixed);
	free_again(p->instance, fixed);
	return plan;
}

static struct wr_plan *solve_freer(struct wr_planning *p)
{
	struct wr_plan_instance *instance = &p->instance->plan;
	int64_t *before = wr_arena_new(&p->call->arena, int64_t, instance->n_patients + 1);
	for (size_t i = 0; i < instance->n_patients; i++)
		before[i] = instance->patients[i].priority;
	put_promised_first(instance);
	p->refused = false;
	struct wr_plan *plan = heed_declined(p, solve(p));
	for (size_t i = 0; i < instance->n_patients; i++)
		instance->patients[i].priority = before[i];
	return plan;
}

static void work_solve(uv_work_t *work)
{
	struct wr_planning *p = work->data;
	struct wr_plan_instance *instance = &p->instance->plan;
	p->wrong = NULL;
	p->freer = NULL;
	bool published = p->snapshot->planned && p->snapshot->plan.published;
	if (published && p->mode == WR_PLANNING_REPAIR)
		p->freer = solve_freer(p);
	if (p->wrong)
		return;
	struct wr_plan_mistakes mistakes = {0};
	bool asks = p->mode == WR_PLANNING_ASK;
	if (asks)
		put_promised_first(instance);
	bool *fixed = wr_arena_new(&p->call->arena, bool, instance->n_patients + 1);
	bool fix = !asks || p->base != WR_PLANNING_BEST;
	if (fix && wr_plan_instance_check(&p->call->arena, instance, &mistakes) == 0)
		fix_published(p->instance, fixed);
	if (keeps_drafts(p))
		fix_drafts(p->instance);
	p->plan = solve(p);
	if (asks && p->base == WR_PLANNING_FROM_AS_IT_STANDS)
		free_again(p->instance, fixed);
	if (p->plan && p->ask)
		p->ask(p);
}

static void on_solved(uv_work_t *work, int status)
{
	struct wr_planning *p = work->data;
	if (atomic_fetch_sub(&p->call->desk->planning.running, 1) == 1)
		atomic_store(&p->call->desk->planning.stop, false);
	if (status)
		p->call->result = status;
	else if (p->wrong)
		p->call->result = wr_fault(&p->call->use, WR_FAULT_INTERNAL,
		    "nothing was changed; please report this with the output of --json",
		    "the plan did not pass its check (%s)", p->wrong);
	p->solved(p);
}

static void on_read(struct wr_call *call)
{
	struct wr_planning *p = call->operation;
	bool nothing_to_repair =
	    !call->result && p->mode == WR_PLANNING_REPAIR && !p->snapshot->planned;
	if (nothing_to_repair) {
		wr_call_step(call, false, wr_case_plan_unplanned, wr_call_end);
		return;
	}
	if (call->result) {
		p->solved(p);
		return;
	}
	p->work.data = p;
	atomic_fetch_add(&call->desk->planning.running, 1);
	if (call->desk->loop &&
	    uv_queue_work(call->desk->loop, &p->work, work_solve, on_solved) == 0)
		return;
	work_solve(&p->work);
	on_solved(&p->work, 0);
}

static int read_snapshot(struct wr_use *use)
{
	struct wr_call *call = wr_container_of(use, struct wr_call, use);
	struct wr_planning *p = call->operation;
	int r = wr_together_find(use, p->ward, p->week, p->mode, &p->wards, &p->n_wards);
	if (!r)
		r = wr_snapshot_read(use, p->wards, p->n_wards, p->week, &p->snapshot);
	if (!r)
		wr_instance_make(use->arena, &p->snapshot->source, &p->instance);
	return r;
}

void wr_planning_start(struct wr_planning *planning)
{
	planning->tries++;
	planning->call->operation = planning;
	wr_call_step(planning->call, true, read_snapshot, on_read);
}
