#include "desk/weekly.h"

#include <stdlib.h>

#include "desk/cases.h"
#include "desk/plan_week.h"
#include "desk/together.h"
#include "desk/unplanned.h"

/* ---- when a ward began ---- */

static const char *began_name(struct wr_use *use, const char *ward)
{
	return wr_arena_printf(use->arena, "began.%s", ward);
}

/* WR_TIME_NONE: not yet. */
static int read_began(struct wr_use *use, const char *ward, wr_time *ret_began)
{
	const char *text = NULL;
	int r = wr_store_meta_get(use->tx, use->arena, began_name(use, ward), &text);
	*ret_began = r ? WR_TIME_NONE : (wr_time)strtoll(text, NULL, 10);
	return r == WR_STORE_NONE ? 0 : r;
}

int wr_weekly_ward_begins(struct wr_use *use, const char *ward)
{
	wr_time began;
	int r = read_began(use, ward, &began);
	if (r || began != WR_TIME_NONE)
		return r;
	return wr_store_meta_put(use->tx, began_name(use, ward),
	    wr_arena_printf(use->arena, "%lld", (long long)use->now));
}

/* ---- the times ---- */

static wr_time time_in_week_before(
    const struct wr_config_ward *ward, struct wr_week week, struct wr_weekly when, bool working)
{
	wr_day day = wr_week_monday(week) - 7 + when.weekday;
	if (when.by_hand)
		return WR_TIME_NONE;
	while (working && wr_config_holiday(ward, day))
		do
			day--;
		while (!wr_config_working_day(ward, day));
	return wr_zone_at_or_after(ward->zone, day, when.minute);
}

wr_time wr_weekly_plan_time(const struct wr_config_ward *ward, struct wr_week week)
{
	return time_in_week_before(ward, week, ward->plan, false);
}

wr_time wr_weekly_publish_time(const struct wr_config_ward *ward, struct wr_week week)
{
	return time_in_week_before(ward, week, ward->publish, true);
}

static const struct wr_verb verb_publish = {
    "plan", "publish", WR_VERB_CHANGES, wr_case_plan_publish, NULL};
static const struct wr_verb verb_make = {
    "plan", "make", WR_VERB_OPERATES, NULL, wr_operate_plan_make};

static const struct wr_verb verb_unplanned = {
    "plan", "unplanned", WR_VERB_CHANGES, wr_case_plan_unplanned, NULL};

static void begin(
    struct wr_desk *desk, const struct wr_verb *verb, const char *ward, struct wr_week week)
{
	char text[WR_TIME_TEXT];
	json_t *args =
	    json_pack("{s:s, s:s, s:b}", "ward", ward, "week", wr_week_text(week, text), "yes", 1);
	wr_call_start(wr_call_new(desk, verb, args, "daemon"), wr_call_log, NULL);
}

/* What the look found to do, for each ward: beside config->wards. */
struct look {
	enum wr_weekly_todo *todo;
	bool *unplanned; /* there is something to say of the running week */
};

enum wr_weekly_todo wr_weekly_todo(
    struct wr_use *use, const struct wr_config_ward *ward, struct wr_week week)
{
	wr_time plan = wr_weekly_plan_time(ward, week),
		publish = wr_weekly_publish_time(ward, week);
	struct wr_plan_row row = {0};
	wr_time began;
	if (plan == WR_TIME_NONE || publish == WR_TIME_NONE)
		return WR_WEEKLY_NOTHING;
	if (read_began(use, ward->id, &began) || began == WR_TIME_NONE || began > publish)
		return WR_WEEKLY_NOTHING;
	bool planned = wr_store_plan_get(use->tx, use->arena, ward->id, week, &row) == 0;
	if (row.published)
		return WR_WEEKLY_NOTHING;
	if (use->now >= publish)
		return planned ? WR_WEEKLY_PUBLISH_DRAFT : WR_WEEKLY_MAKE_AND_PUBLISH;
	return use->now >= plan && !planned ? WR_WEEKLY_MAKE : WR_WEEKLY_NOTHING;
}

static struct wr_week next_week(const struct wr_config_ward *ward, wr_time now)
{
	return wr_week_next(wr_day_week(wr_zone_day(ward->zone, now)));
}

/* What is planned together with ward `first` is not begun once more for itself. */
static int leave_to_first(struct wr_use *use, size_t first, enum wr_weekly_todo *todo)
{
	const struct wr_config_ward *ward = &use->config->wards[first], **wards = NULL;
	size_t n = 0;
	if (todo[first] != WR_WEEKLY_MAKE && todo[first] != WR_WEEKLY_MAKE_AND_PUBLISH)
		return 0;
	int r = wr_together_find(use, ward, next_week(ward, use->now),
	    todo[first] == WR_WEEKLY_MAKE ? WR_PLANNING_MAKE : WR_PLANNING_PUBLISH, &wards, &n);
	for (size_t i = 1; i < n && !r; i++)
		todo[wards[i] - use->config->wards] = WR_WEEKLY_NOTHING;
	return r;
}

static int look(struct wr_use *use)
{
	struct wr_call *call = wr_container_of(use, struct wr_call, use);
	size_t n = use->config->n_wards;
	struct look *found = wr_arena_new(use->arena, struct look, 1);
	found->todo = wr_arena_new(use->arena, enum wr_weekly_todo, n + 1);
	found->unplanned = wr_arena_new(use->arena, bool, n + 1);
	int r = 0;
	for (size_t i = 0; i < n && !r; i++) {
		const struct wr_config_ward *ward = &use->config->wards[i];
		found->todo[i] = wr_weekly_todo(use, ward, next_week(ward, use->now));
		r = wr_unplanned_look(use, ward, &found->unplanned[i]);
	}
	for (size_t i = 0; i < n && !r; i++)
		r = leave_to_first(use, i, found->todo);
	call->operation = found;
	return r;
}

static void on_looked(struct wr_call *call)
{
	const struct look *found = call->operation;
	for (size_t i = 0; !call->result && i < call->ground->config->n_wards; i++) {
		const struct wr_config_ward *ward = &call->ground->config->wards[i];
		struct wr_week week = next_week(ward, call->use.now);
		if (found->unplanned[i])
			begin(call->desk, &verb_unplanned, ward->id, week);
		switch (found->todo[i]) {
		case WR_WEEKLY_NOTHING:
			break;
		case WR_WEEKLY_MAKE:
			begin(call->desk, &verb_make, ward->id, week);
			break;
		case WR_WEEKLY_PUBLISH_DRAFT:
			begin(call->desk, &verb_publish, ward->id, week);
			break;
		case WR_WEEKLY_MAKE_AND_PUBLISH:
			begin(call->desk, &wr_verb_plan_due, ward->id, week);
			break;
		}
	}
}

void wr_weekly_look(struct wr_desk *desk)
{
	static const struct wr_verb verb = {"plan", "look", WR_VERB_READS, look, NULL};
	wr_call_start(wr_call_new(desk, &verb, NULL, "daemon"), on_looked, NULL);
}
