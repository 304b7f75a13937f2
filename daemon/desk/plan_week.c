#include "desk/plan_week.h"

#include <stdio.h>

#include "desk/cases.h"
#include "desk/desk.h"
#include "desk/propose.h"
#include "desk/slot_change.h"
#include "sys/random.h"

/* ---- read and solve ---- */

/* Whoever has a published slot in a session that is still there keeps it. */
static void fix_published(struct wr_plan_instance *plan)
{
	for (size_t i = 0; i < plan->n_patients; i++) {
		struct wr_plan_patient *patient = &plan->patients[i];
		if (!patient->published || patient->fixed || patient->published_at == WR_PLAN_NONE)
			continue;
		patient->fixed = patient->published;
		patient->fixed_cell = patient->published_cell;
		patient->fixed_at = patient->published_at;
	}
}

/* A draft that somebody made by hand stays as it is where it can; only who has none is added. */
static bool keeps_drafts(const struct wr_planning *planning)
{
	return planning->mode == WR_PLANNING_REPAIR && planning->snapshot->planned &&
	       planning->snapshot->plan.by_hand && !planning->snapshot->plan.published;
}

static void fix_drafts(struct wr_instance *instance)
{
	for (size_t i = 0; i < instance->plan.n_patients; i++) {
		const struct wr_slot *slot = instance->patients[i].slot;
		struct wr_plan_patient *patient = &instance->plan.patients[i];
		if (!slot || slot->state != WR_STATE_DRAFT || patient->fixed)
			continue;
		for (size_t s = 0; s < instance->plan.n_sessions; s++) {
			const struct wr_session *session = instance->sessions[s].session;
			if (!wr_text_equal(session->id, slot->session))
				continue;
			for (size_t c = 0; c < instance->plan.sessions[s].n_starts; c++)
				if (session->cells[instance->sessions[s].cells[c]].start ==
				    slot->start) {
					patient->fixed = session->id;
					patient->fixed_cell = (int64_t)c;
				}
		}
	}
}

static const char *first_mistake(
    struct wr_arena *arena, const char *what, const struct wr_plan_mistakes *mistakes)
{
	return wr_arena_printf(
	    arena, "%s: %s: %s", what, mistakes->items[0].path, mistakes->items[0].text);
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
	wr_plan_make(arena, &p->instance->plan, NULL, &plan);
	if (wr_plan_check(arena, &p->instance->plan, plan, &mistakes)) {
		p->wrong = first_mistake(arena, "plan", &mistakes);
		return NULL;
	}
	return plan;
}

/* With moves: whoever was promised a slot comes before everybody who was not. */
static struct wr_plan *solve_freer(struct wr_planning *p)
{
	struct wr_plan_instance *instance = &p->instance->plan;
	int64_t *before = wr_arena_new(&p->call->arena, int64_t, instance->n_patients + 1);
	for (size_t i = 0; i < instance->n_patients; i++) {
		before[i] = instance->patients[i].priority;
		if (instance->patients[i].published)
			instance->patients[i].priority = 3;
	}
	struct wr_plan *plan = solve(p);
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
	bool asks = p->mode == WR_PLANNING_ASK; /* then moves are what it is about */
	if (!asks && wr_plan_instance_check(&p->call->arena, instance, &mistakes) == 0)
		fix_published(instance);
	if (keeps_drafts(p))
		fix_drafts(p->instance);
	p->plan = solve(p);
	if (p->plan && p->ask)
		p->ask(p);
}

static void on_solved(uv_work_t *work, int status)
{
	struct wr_planning *p = work->data;
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
		wr_call_end(call);
		return;
	}
	if (call->result) {
		p->solved(p);
		return;
	}
	p->work.data = p;
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
	int r = wr_snapshot_read(use, p->ward, p->week, &p->snapshot);
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

/* ---- save ---- */

static int new_slot(struct wr_use *use, struct wr_slot *slot)
{
	char uid[33];
	unsigned char bytes[16];
	wr_random_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(uid + 2 * i, 3, "%02x", bytes[i]);
	slot->uid = wr_arena_strdup(use->arena, uid);
	return wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_SLOT, &slot->ref);
}

static int save_place(struct wr_use *use, struct wr_instance_place *place)
{
	struct wr_slot *slot = &place->slot;
	int r = slot->ref ? 0 : new_slot(use, slot);
	if (r)
		return r;
	struct wr_attendee *people =
	    wr_arena_new(use->arena, struct wr_attendee, place->n_attendees + 1);
	for (size_t i = 0; i < place->n_attendees; i++) {
		people[i] = place->attendees[i];
		people[i].slot = slot->ref;
	}
	return wr_slot_change(use, place->was, slot, people, place->n_attendees);
}

static int same_people(struct wr_use *use, const struct wr_instance_place *place, bool *ret_same)
{
	struct wr_attendee *now = NULL;
	size_t n = 0, found = 0;
	int r = wr_store_attendee_list_of(use->tx, use->arena, place->was->ref, &now, &n);
	for (size_t i = 0; i < n && !r; i++)
		for (size_t k = 0; k < place->n_attendees; k++)
			found += wr_text_equal(now[i].support, place->attendees[k].support);
	*ret_same = found == n && n == place->n_attendees;
	return r;
}

/* A published slot stays where it is; only who is planned to attend follows what people said. */
static int save_people(struct wr_use *use, struct wr_instance_place *place)
{
	bool same = true;
	if (!place->was || place->moved || place->was->state != WR_STATE_PUBLISHED)
		return 0;
	int r = same_people(use, place, &same);
	place->slot = *place->was;
	return r || same ? r : save_place(use, place);
}

/* Only what has lost its session is placed elsewhere here: everything else published is fixed. */
static int save_stranded(
    struct wr_use *use, const struct wr_planning *p, struct wr_instance_place *place)
{
	if (!p->move)
		return 0;
	place->slot.reason = "the session is no longer there";
	return save_place(use, place);
}

/* A stranded slot that fits nowhere: cancelled, and on the unplaced list. */
static int cancel_stranded(struct wr_use *use, const struct wr_planning *p)
{
	int r = 0;
	for (size_t i = 0; i < p->instance->plan.n_patients && !r; i++) {
		const struct wr_slot *slot = p->instance->patients[i].slot;
		if (!p->move || !slot || slot->state != WR_STATE_PUBLISHED ||
		    p->plan->places[i].placed)
			continue;
		struct wr_slot off = *slot;
		off.state = WR_STATE_CANCELLED;
		off.why = WR_WHY_OTHER;
		off.reason = "the session is no longer there";
		r = wr_slot_change(use, slot, &off, NULL, 0);
	}
	return r;
}

static bool is_placed(const struct wr_instance_place *places, size_t n, const char *patient)
{
	for (size_t i = 0; i < n; i++)
		if (wr_text_equal(places[i].slot.patient, patient))
			return true;
	return false;
}

/* Drafts of whoever has no place in the new plan. */
static int drop_old_drafts(struct wr_use *use, struct wr_planning *p,
    const struct wr_instance_place *places, size_t n_places)
{
	struct wr_slot *drafts = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .ward = p->ward->id,
	    .week = &p->week,
	    .states = WR_STORE_BIT(WR_STATE_DRAFT),
	};
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &drafts, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (!is_placed(places, n_places, drafts[i].patient))
			r = wr_store_slot_delete(use->tx, drafts[i].ref);
	return r;
}

static int save_unplaced(struct wr_use *use, struct wr_planning *p)
{
	struct wr_unplaced *unplaced = NULL;
	size_t n = 0;
	wr_instance_unplaced(use->arena, p->instance, p->plan, &unplaced, &n);
	return wr_store_unplaced_replace(use->tx, p->ward->id, p->week, unplaced, n);
}

static int save_row(struct wr_use *use, struct wr_planning *p)
{
	struct wr_plan_row row = p->snapshot->plan;
	if (!p->snapshot->planned)
		row = (struct wr_plan_row){.published_at = WR_TIME_NONE};
	row.ward = p->ward->id;
	row.week = p->week;
	row.made = use->now;
	row.cost = p->plan->cost;
	row.bound = p->plan->bound;
	row.optimal = p->plan->status == WR_PLAN_OPTIMAL;
	if (p->mode == WR_PLANNING_MAKE)
		row.by_hand = !wr_text_equal(use->actor, "daemon");
	return wr_store_plan_put(use->tx, &row);
}

int wr_planning_save(struct wr_use *use, struct wr_planning *p)
{
	struct wr_instance_place *places = NULL;
	size_t n = 0;
	bool holds = false;
	int r = wr_snapshot_holds(use, p->snapshot, &holds);
	if (r)
		return r;
	if (!holds)
		return wr_fault(use, WR_FAULT_AGAIN, "try again",
		    "the ward changed while its week was planned");
	wr_instance_places(use->arena, p->instance, p->plan, &places, &n);
	r = drop_old_drafts(use, p, places, n);
	for (size_t i = 0; i < n && !r; i++)
		r = places[i].fresh   ? save_place(use, &places[i])
		    : places[i].moved ? save_stranded(use, p, &places[i])
		                      : save_people(use, &places[i]);
	if (!r)
		r = cancel_stranded(use, p);
	if (!r)
		r = save_unplaced(use, p);
	if (!r)
		r = save_row(use, p);
	return r;
}

/* ---- the answer ---- */

static json_t *place_json(
    struct wr_use *use, const struct wr_planning *p, const struct wr_instance_place *place)
{
	json_t *supports = json_array();
	for (size_t i = 0; i < place->n_attendees; i++)
		json_array_append_new(supports, json_string(place->attendees[i].support));
	struct wr_slot row = place->slot;
	struct wr_store_slot_filter filter = {
	    .patient = row.patient,
	    .week = &p->week,
	    .states = WR_STORE_LIVE,
	};
	struct wr_slot *live = NULL;
	size_t n = 0;
	if (wr_store_slot_list(use->tx, use->arena, &filter, &live, &n) == 0 && n)
		row.ref = live[0].ref;
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:o, s:s}", "patient", row.patient, "slot",
	    row.ref ? row.ref : "", "consultant", row.consultant, "start",
	    wr_json_time(use, row.ward, row.start), "end", wr_json_time(use, row.ward, row.end),
	    "room", row.room, "supports", supports, "why", row.explain ? row.explain : "");
}

json_t *wr_planning_json(struct wr_use *use, const struct wr_planning *p)
{
	struct wr_instance_place *places = NULL;
	struct wr_unplaced *unplaced = NULL;
	size_t n = 0, n_unplaced = 0;
	char week[WR_TIME_TEXT];
	wr_instance_places(use->arena, p->instance, p->plan, &places, &n);
	wr_instance_unplaced(use->arena, p->instance, p->plan, &unplaced, &n_unplaced);
	json_t *placed = json_array(), *without = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(placed, place_json(use, p, &places[i]));
	for (size_t i = 0; i < n_unplaced; i++)
		json_array_append_new(without, json_pack("{s:s, s:s}", "patient",
						   unplaced[i].patient, "why", unplaced[i].why));
	return json_pack("{s:s, s:s, s:s, s:I, s:I, s:o, s:o}", "week", wr_week_text(p->week, week),
	    "ward", p->ward->id, "status",
	    p->plan->status == WR_PLAN_OPTIMAL ? "optimal" : "feasible", "cost",
	    (json_int_t)p->plan->cost, "bound", (json_int_t)p->plan->bound, "placed", placed,
	    "unplaced", without);
}

/* ---- the operations ---- */

static int save(struct wr_use *use)
{
	struct wr_call *call = wr_container_of(use, struct wr_call, use);
	struct wr_planning *p = call->operation;
	int r = wr_planning_save(use, p);
	bool published = p->snapshot->planned && p->snapshot->plan.published;
	if (!r && p->mode == WR_PLANNING_REPAIR && published)
		r = wr_publish_week(use, p->ward, p->week);
	if (!r && p->freer)
		r = wr_propose(use, p);
	if (!r && p->mode == WR_PLANNING_PUBLISH)
		r = wr_publish_week(use, p->ward, p->week);
	if (!r)
		wr_use_answer(use, "plan", wr_planning_json(use, p));
	use->needs_yes = false; /* nothing published was changed */
	return r;
}

static void on_saved(struct wr_call *call)
{
	struct wr_planning *p = call->operation;
	bool again = call->result == WR_USE_FAILED && call->use.fault.code == WR_FAULT_AGAIN;
	if (again && p->tries < 2) {
		call->use.fault = (struct wr_fault){0};
		wr_planning_start(p);
		return;
	}
	wr_call_end(call);
}

static void save_when_solved(struct wr_planning *planning)
{
	if (planning->call->result)
		wr_call_end(planning->call);
	else
		wr_call_step(planning->call, false, save, on_saved);
}

static void operate(struct wr_call *call, enum wr_planning_mode mode)
{
	struct wr_planning *p = wr_arena_new(&call->arena, struct wr_planning, 1);
	struct wr_use *use = &call->use;
	const char *week = NULL;
	*p = (struct wr_planning){
	    .call = call,
	    .mode = mode,
	    .solved = save_when_solved,
	    .move = wr_arg_flag(use, "move") && wr_text_equal(use->actor, "daemon"),
	};
	call->result = wr_use_check_args(use);
	if (!call->result)
		call->result = wr_use_ward_arg(use, &p->ward);
	if (!call->result)
		call->result = wr_arg_must(use, "week", &week);
	if (!call->result)
		call->result = wr_arg_week(use, "week", &p->week);
	if (!call->result && wr_week_monday(p->week) + 6 < wr_zone_day(p->ward->zone, use->now))
		call->result = wr_refuse(use, NULL, "%s is over", week);
	if (call->result)
		wr_call_end(call);
	else
		wr_planning_start(p);
}

void wr_operate_plan_make(struct wr_call *call)
{
	operate(call, WR_PLANNING_MAKE);
}

static void operate_repair(struct wr_call *call)
{
	operate(call, WR_PLANNING_REPAIR);
}

static void operate_due(struct wr_call *call)
{
	operate(call, WR_PLANNING_PUBLISH);
}

const struct wr_verb wr_verb_plan_repair = {
    "plan", "repair", WR_VERB_OPERATES, NULL, operate_repair};
const struct wr_verb wr_verb_plan_due = {"plan", "due", WR_VERB_OPERATES, NULL, operate_due};
