/*
 * What was planned, why, and what would be if: all on fresh solves of the week as it is now, so
 * that nothing is said of a plan that no longer holds.
 */
#include <string.h>

#include "desk/cases.h"
#include "desk/desk.h"
#include "desk/plan_week.h"

/* ---- show ---- */

int wr_case_plan_show(struct wr_use *use)
{
	const struct wr_config_ward *ward = NULL;
	struct wr_week week = {0};
	struct wr_plan_row row;
	struct wr_slot *slots = NULL;
	struct wr_unplaced *unplaced = NULL;
	size_t n = 0, n_unplaced = 0;
	char text[WR_TIME_TEXT];
	int r = wr_use_ward_arg(use, &ward);
	if (!r)
		week = wr_day_week(wr_zone_day(ward->zone, use->now));
	if (!r)
		r = wr_arg_week(use, "week", &week);
	if (r)
		return r;
	wr_week_text(week, text);
	r = wr_store_plan_get(use->tx, use->arena, ward->id, week, &row);
	if (r == WR_STORE_NONE)
		return wr_unknown(
		    use, "make one with `wardctl plan make`", "there is no plan for %s yet", text);
	struct wr_store_slot_filter filter = {
	    .ward = ward->id, .week = &week, .states = WR_STORE_LIVE | WR_STORE_BIT(WR_STATE_HELD)};
	if (!r)
		r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	if (!r)
		r = wr_store_unplaced_list(
		    use->tx, use->arena, ward->id, &week, NULL, &unplaced, &n_unplaced);
	if (r)
		return r;
	json_t *placed = json_array(), *without = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *slot = wr_json_slot(use, &slots[i]);
		json_object_set_new(
		    slot, "why", json_string(slots[i].explain ? slots[i].explain : ""));
		json_array_append_new(placed, slot);
	}
	for (size_t i = 0; i < n_unplaced; i++)
		json_array_append_new(without, json_pack("{s:s, s:s}", "patient",
						   unplaced[i].patient, "why", unplaced[i].why));
	wr_use_answer(use, "plan",
	    json_pack("{s:s, s:s, s:s, s:I, s:I, s:b, s:b, s:o, s:o, s:o, s:o}", "week", text,
		"ward", ward->id, "status", row.optimal ? "optimal" : "feasible", "cost",
		(json_int_t)row.cost, "bound", (json_int_t)row.bound, "published", row.published,
		"by_hand", row.by_hand, "made", wr_json_time(use, ward->id, row.made),
		"published_at", wr_json_time(use, ward->id, row.published_at), "placed", placed,
		"unplaced", without));
	return 0;
}

/* ---- a planning under way ---- */

int wr_case_plan_progress(struct wr_use *use)
{
	struct wr_desk_planning *planning =
	    &wr_container_of(use, struct wr_call, use)->desk->planning;
	int64_t bound = atomic_load(&planning->bound);
	wr_use_answer(use, "progress",
	    json_pack("{s:i, s:I, s:o, s:I}", "running", atomic_load(&planning->running), "cost",
		(json_int_t)atomic_load(&planning->cost), "bound",
		bound == INT64_MIN ? json_null() : json_integer((json_int_t)bound), "nodes",
		(json_int_t)atomic_load(&planning->nodes)));
	return 0;
}

/* What is being planned ends with the best plan so far. */
void wr_operate_plan_stop(struct wr_call *call)
{
	struct wr_desk_planning *planning = &call->desk->planning;
	bool running = atomic_load(&planning->running) > 0;
	if (running)
		atomic_store(&planning->stop, true);
	else
		call->result = wr_refuse(&call->use, NULL, "nothing is being planned");
	wr_call_end(call);
}
