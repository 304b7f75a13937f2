#include "desk/plan_week.h"

#include "desk/cases.h"
#include "desk/propose.h"

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

/* The answer to "plan make". */
static json_t *plan_json(struct wr_use *use, const struct wr_planning *p)
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
	for (size_t w = 0; w < p->n_wards && !r && p->mode == WR_PLANNING_PUBLISH; w++)
		r = wr_publish_week(use, p->wards[w], p->week);
	if (!r)
		wr_use_answer(use, "plan", plan_json(use, p));
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
