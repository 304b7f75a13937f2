/*
 * The second half: the plan becomes drafts, the unplaced list and the week's row, if nothing has
 * changed meanwhile.
 */
#include <stdio.h>

#include "desk/event.h"
#include "desk/plan_week.h"
#include "desk/slot_change.h"
#include "sys/random.h"

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

/* A published slot stays where it is; who is planned to attend follows what people said, and
 * whether it is late follows when the patient was seen last. */
static int save_people(struct wr_use *use, struct wr_instance_place *place)
{
	bool same = true, late = place->slot.late;
	const char *late_why = place->slot.late_why;
	if (!place->was || place->moved || place->was->state != WR_STATE_PUBLISHED)
		return 0;
	int r = same_people(use, place, &same);
	place->slot = *place->was;
	place->slot.late = late;
	place->slot.late_why = late_why;
	same &= late == place->was->late;
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
    const struct wr_config_ward *ward, const struct wr_instance_place *places, size_t n_places)
{
	struct wr_slot *drafts = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .ward = ward->id,
	    .week = &p->week,
	    .states = WR_STORE_BIT(WR_STATE_DRAFT),
	};
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &drafts, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (!is_placed(places, n_places, drafts[i].patient))
			r = wr_store_slot_delete(use->tx, drafts[i].ref);
	return r;
}

static int save_unplaced(
    struct wr_use *use, struct wr_planning *p, const struct wr_config_ward *ward)
{
	struct wr_unplaced *unplaced = NULL;
	size_t n = 0, of_ward = 0;
	wr_instance_unplaced(use->arena, p->instance, p->plan, &unplaced, &n);
	for (size_t i = 0; i < n; i++)
		if (wr_text_equal(unplaced[i].ward, ward->id))
			unplaced[of_ward++] = unplaced[i];
	int r = wr_store_unplaced_replace(use->tx, ward->id, p->week, unplaced, of_ward);
	return r ? r : wr_event_unplaced(use, ward->id, &p->week);
}

/* What the ward's own patients cost in a plan of several wards. */
static int64_t cost_of(
    struct wr_use *use, const struct wr_planning *p, const struct wr_config_ward *ward)
{
	struct wr_plan_instance part = p->instance->plan;
	size_t n = part.n_patients;
	struct wr_plan_place *places = wr_arena_new(use->arena, struct wr_plan_place, n + 1);
	part.patients = wr_arena_new(use->arena, struct wr_plan_patient, n + 1);
	part.n_patients = 0;
	for (size_t i = 0; i < n; i++) {
		if (!wr_text_equal(p->instance->patients[i].ward->id, ward->id))
			continue;
		places[part.n_patients] = p->plan->places[i];
		part.patients[part.n_patients++] = p->instance->plan.patients[i];
	}
	return wr_plan_cost(&part, places, NULL);
}

/* What is not proved of the whole may be missing in any of the wards. */
static int save_row(struct wr_use *use, struct wr_planning *p, const struct wr_config_ward *ward)
{
	struct wr_plan_row row;
	int64_t gap = p->plan->cost - p->plan->bound;
	int r = wr_store_plan_get(use->tx, use->arena, ward->id, p->week, &row);
	if (r == WR_STORE_NONE)
		row = (struct wr_plan_row){.published_at = WR_TIME_NONE};
	else if (r)
		return r;
	row.ward = ward->id;
	row.week = p->week;
	row.made = use->now;
	row.cost = cost_of(use, p, ward);
	row.bound = gap < row.cost ? row.cost - gap : 0;
	row.optimal = p->plan->status == WR_PLAN_OPTIMAL;
	if (p->mode == WR_PLANNING_MAKE)
		row.by_hand = !wr_text_equal(use->actor, "daemon");
	return wr_store_plan_put(use->tx, &row);
}

static int save_ward(struct wr_use *use, struct wr_planning *p, const struct wr_config_ward *ward)
{
	int r = save_unplaced(use, p, ward);
	return r ? r : save_row(use, p, ward);
}

/* ---- weeks that wait to be planned again ---- */

enum { WEEKS_AHEAD = 5 };

static const char *name_of_week(struct wr_use *use, const char *ward, struct wr_week week)
{
	char text[WR_TIME_TEXT];
	return wr_arena_printf(use->arena, "replan.%s.%s", ward, wr_week_text(week, text));
}

int wr_replans_keep(struct wr_use *use)
{
	int r = 0;
	for (size_t i = 0; i < use->n_replans && !r; i++)
		r = wr_store_meta_put(use->tx,
		    name_of_week(use, use->replans[i].ward, use->replans[i].week), "waits");
	return r;
}

int wr_replans_recall(struct wr_use *use)
{
	int r = 0;
	for (size_t w = 0; w < use->config->n_wards && !r; w++) {
		const struct wr_config_ward *ward = &use->config->wards[w];
		struct wr_week week = wr_day_week(wr_zone_day(ward->zone, use->now));
		for (int i = 0; i < WEEKS_AHEAD && !r; i++, week = wr_week_next(week)) {
			const char *text = NULL;
			r = wr_store_meta_get(
			    use->tx, use->arena, name_of_week(use, ward->id, week), &text);
			if (!r && wr_text_equal(text, "waits"))
				wr_use_replan(use, ward->id, week);
			r = r == WR_STORE_NONE ? 0 : r;
		}
	}
	return r;
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
	for (size_t w = 0; w < p->n_wards && !r; w++)
		r = drop_old_drafts(use, p, p->wards[w], places, n);
	for (size_t i = 0; i < n && !r; i++)
		r = places[i].fresh   ? save_place(use, &places[i])
		    : places[i].moved ? save_stranded(use, p, &places[i])
		                      : save_people(use, &places[i]);
	if (!r)
		r = cancel_stranded(use, p);
	for (size_t w = 0; w < p->n_wards && !r; w++) {
		r = save_ward(use, p, p->wards[w]);
		if (!r)
			r = wr_store_meta_put(
			    use->tx, name_of_week(use, p->wards[w]->id, p->week), "planned");
	}
	return r;
}
