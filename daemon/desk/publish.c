/*
 * Publishing: drafts become promises. Each slot takes its patient, consultant, room and people in
 * the database; everybody who should know is told.
 */
#include "desk/cases.h"
#include "desk/plan_week.h"
#include "desk/slot_change.h"

/* Whether another published slot has this person meanwhile: the one that was first keeps them. */
static int is_taken(
    struct wr_use *use, const struct wr_slot *slot, const char *person, bool *ret_taken)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .person = person,
	    .from = slot->start - 86400,
	    .to = slot->until,
	    .states = WR_STORE_BIT(WR_STATE_PUBLISHED) | WR_STORE_BIT(WR_STATE_STARTED),
	};
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	*ret_taken = false;
	for (size_t i = 0; i < n && !r; i++)
		*ret_taken |=
		    slots[i].until > slot->start && !wr_text_equal(slots[i].ref, slot->ref);
	return r;
}

static int publish_slot(struct wr_use *use, const struct wr_slot *draft)
{
	struct wr_slot slot = *draft;
	struct wr_attendee *people = NULL, nobody = {0};
	size_t n = 0, kept = 0;
	slot.state = WR_STATE_PUBLISHED;
	int r = wr_store_attendee_list_of(use->tx, use->arena, draft->ref, &people, &n);
	for (size_t i = 0; i < n && !r; i++) {
		bool taken = false;
		r = is_taken(use, &slot, people[i].person, &taken);
		if (!taken)
			people[kept++] = people[i];
	}
	return r ? r : wr_slot_change(use, draft, &slot, kept ? people : &nobody, kept);
}

/* Its time passed while the draft waited: said, not silently dropped. */
static int lapse(struct wr_use *use, const struct wr_slot *draft)
{
	struct wr_unplaced unplaced = {
	    .ward = draft->ward,
	    .week = draft->week,
	    .patient = draft->patient,
	    .why = "the drafted time had passed before the week was published",
	};
	int r = wr_store_slot_delete(use->tx, draft->ref);
	return r ? r : wr_store_unplaced_put(use->tx, &unplaced);
}

int wr_publish_lapse(struct wr_use *use)
{
	struct wr_slot *drafts = NULL;
	size_t n = 0;
	struct wr_store_slot_filter passed = {
	    .to = use->now + 1, .states = WR_STORE_BIT(WR_STATE_DRAFT)};
	int r = wr_store_slot_list(use->tx, use->arena, &passed, &drafts, &n);
	for (size_t i = 0; i < n && !r; i++) {
		r = lapse(use, &drafts[i]);
		if (wr_config_find_ward(use->config, drafts[i].ward))
			wr_use_replan_ahead(use, drafts[i].ward);
	}
	return r;
}

static int mark_published(
    struct wr_use *use, const struct wr_config_ward *ward, struct wr_week week)
{
	struct wr_plan_row plan;
	char text[WR_TIME_TEXT];
	int r = wr_store_plan_get(use->tx, use->arena, ward->id, week, &plan);
	if (r)
		return wr_use_stored(
		    use, r, "plan of that week; make one with `wardctl plan make`");
	bool first = !plan.published;
	plan.published = true;
	if (first)
		plan.published_at = use->now;
	r = wr_store_plan_put(use->tx, &plan);
	wr_use_touch_ward(use, ward->id);
	if (r || !first)
		return r;
	const char *name =
	    wr_arena_printf(use->arena, "week:%s.%s", ward->id, wr_week_text(week, text));
	return wr_use_audit(use, name, NULL, NULL, json_pack("{s:b}", "published", true));
}

int wr_publish_week(struct wr_use *use, const struct wr_config_ward *ward, struct wr_week week)
{
	struct wr_slot *drafts = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .ward = ward->id,
	    .week = &week,
	    .states = WR_STORE_BIT(WR_STATE_DRAFT),
	};
	int r = mark_published(use, ward, week);
	if (!r)
		r = wr_store_slot_list(use->tx, use->arena, &filter, &drafts, &n);
	for (size_t i = 0; i < n && !r; i++)
		r = drafts[i].start > use->now ? publish_slot(use, &drafts[i])
		                               : lapse(use, &drafts[i]);
	return r;
}

int wr_case_plan_publish(struct wr_use *use)
{
	const struct wr_config_ward *ward = NULL;
	struct wr_week week = {0};
	const char *text = NULL;
	int r = wr_use_ward_arg(use, &ward);
	if (!r)
		r = wr_arg_must(use, "week", &text);
	if (!r)
		r = wr_arg_week(use, "week", &week);
	if (!r && wr_week_monday(week) + 6 < wr_zone_day(ward->zone, use->now))
		r = wr_refuse(use, NULL, "%s is over", text);
	if (!r)
		r = wr_publish_week(use, ward, week);
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .ward = ward ? ward->id : NULL,
	    .week = &week,
	    .states = WR_STORE_BIT(WR_STATE_PUBLISHED),
	};
	if (!r)
		r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n && !r; i++)
		json_array_append_new(list, wr_json_slot(use, &slots[i]));
	wr_use_answer(use, "slots", list);
	return r;
}
