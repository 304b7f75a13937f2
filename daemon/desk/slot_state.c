/*
 * What becomes of a slot on the day: cancelled, declined, missed, started, finished. The way back
 * is slot_undo.c. The states and the ways between them are in wr_state_may_become.
 */
#include "desk/cases.h"
#include "desk/slot_change.h"
#include "desk/undo.h"
#include "desk/unrecorded.h"
#include "wardround/day.h"

static int find(struct wr_use *use, struct wr_slot *ret_slot)
{
	const char *ref = NULL;
	int r = wr_arg_must(use, "slot", &ref);
	return r ? r : wr_use_slot(use, ref, ret_slot);
}

static int answer(struct wr_use *use, const struct wr_slot *slot)
{
	wr_use_answer(use, "slot", wr_json_slot(use, slot));
	return 0;
}

static int may_become(struct wr_use *use, const struct wr_slot *slot, enum wr_state state)
{
	if (wr_state_may_become(slot->state, state))
		return 0;
	return wr_refuse(use, NULL, "slot %s is %s and can't become %s", slot->ref,
	    wr_word(&wr_words_state, (int)slot->state), wr_word(&wr_words_state, (int)state));
}

/* Never silence: whoever has lost the slot stands on the list until there is another, or a person
 * has put it right. */
static int list_unplaced(struct wr_use *use, const struct wr_slot *slot)
{
	struct wr_unplaced unplaced = {
	    .ward = slot->ward,
	    .week = slot->week,
	    .patient = slot->patient,
	    .why = wr_arena_printf(use->arena, "this week's slot was %s: %s",
		wr_word(&wr_words_state, (int)slot->state), wr_word(&wr_words_why, (int)slot->why)),
	};
	wr_use_replan_ahead(use, slot->ward);
	return wr_store_unplaced_put(use->tx, &unplaced);
}

/* Writes the new state, keeps the step for undo, and plans the patient again where that is due. */
static int become(struct wr_use *use, const struct wr_slot *before, struct wr_slot *slot)
{
	int r = may_become(use, before, slot->state);
	if (!r)
		r = wr_undo_keep_slot(use, before);
	if (!r)
		r = wr_slot_change(use, before, slot, NULL, 0);
	if (r)
		return r;
	if (wr_state_is_off(slot->state))
		r = list_unplaced(use, slot);
	if (!r && slot->state != WR_STATE_STARTED)
		r = wr_unrecorded_settle(use, slot->ref);
	return r ? r : answer(use, slot);
}

static int cancel(struct wr_use *use, struct wr_slot *slot, enum wr_why why)
{
	struct wr_slot before = *slot;
	if (slot->until <= use->now && slot->state == WR_STATE_PUBLISHED)
		return wr_refuse(use, "if it was not held: `wardctl slot missed S --why CODE`",
		    "the time of slot %s is over", slot->ref);
	slot->state = WR_STATE_CANCELLED;
	slot->why = why;
	slot->reason = use->reason;
	return become(use, &before, slot);
}

/* A draft was never told to anybody: it just goes, and the week can be planned again. */
static int drop_draft(struct wr_use *use, const struct wr_slot *slot)
{
	json_t *before = wr_json_slot(use, slot);
	int r = wr_store_slot_delete(use->tx, slot->ref);
	if (!r)
		r = wr_use_audit(use, wr_arena_printf(use->arena, "slot:%s", slot->ref),
		    slot->patient, json_incref(before), NULL);
	wr_use_change(use, wr_arena_printf(use->arena, "slot %s (%s)", slot->ref, slot->patient),
	    wr_slot_when(use, slot), NULL);
	wr_use_answer(use, "slot", before);
	struct wr_unplaced unplaced = {
	    .ward = slot->ward,
	    .week = slot->week,
	    .patient = slot->patient,
	    .why = "the draft of this week's slot was taken back",
	};
	return r ? r : wr_store_unplaced_put(use->tx, &unplaced);
}

int wr_case_slot_cancel(struct wr_use *use)
{
	struct wr_slot slot;
	int why = WR_WHY_OTHER;
	int r = find(use, &slot);
	if (!r)
		r = wr_arg_word(use, "why", &wr_words_why, &why);
	if (r)
		return r;
	if (slot.state == WR_STATE_DRAFT)
		return drop_draft(use, &slot);
	r = may_become(use, &slot, WR_STATE_CANCELLED);
	if (!r)
		r = wr_use_needs_reason(use);
	return r ? r : cancel(use, &slot, (enum wr_why)why);
}

int wr_case_slot_decline(struct wr_use *use)
{
	struct wr_slot slot;
	int r = find(use, &slot);
	if (r)
		return r;
	if (slot.state == WR_STATE_DRAFT)
		return drop_draft(use, &slot);
	return cancel(use, &slot, WR_WHY_PATIENT_DECLINED);
}

int wr_case_slot_missed(struct wr_use *use)
{
	struct wr_slot slot;
	const char *code = NULL;
	int why = WR_WHY_NONE;
	int r = find(use, &slot);
	if (!r)
		r = wr_arg_must(use, "why", &code);
	if (!r)
		r = wr_arg_word(use, "why", &wr_words_why, &why);
	if (r)
		return r;
	struct wr_slot before = slot;
	if (slot.state == WR_STATE_PUBLISHED && wr_day_may_be_missed(&slot, use->now))
		return wr_refuse(use,
		    "cancel it (`wardctl slot cancel`), or decline it for the patient "
		    "(`wardctl slot decline`)",
		    "slot %s (%s) is still to come: it can't have been missed", slot.ref,
		    wr_slot_when(use, &slot));
	slot.state = WR_STATE_MISSED;
	slot.why = (enum wr_why)why;
	slot.reason = use->reason;
	r = become(use, &before, &slot);
	use->needs_yes = false; /* it records what has happened; there is nothing to agree to */
	return r;
}

static int refuse_start(struct wr_use *use, const struct wr_slot *slot,
    const struct wr_config_ward *ward, const struct wr_session_change *change)
{
	char clock[WR_TIME_TEXT];
	struct wr_wall wall = wr_zone_wall(ward->zone, wr_day_not_before(slot, change));
	switch (wr_day_may_start(slot, change, ward->zone, use->now)) {
	case WR_DAY_NOT_YET:
		return wr_refuse(use, "a slot is started on its day",
		    "slot %s is still to come (%s)", slot->ref, wr_slot_when(use, slot));
	case WR_DAY_TOLD_LATER:
		return wr_refuse(use, "the people who come were told so",
		    "slot %s (%s) begins not before %s", slot->ref, wr_slot_when(use, slot),
		    wr_clock_text(wall.minute, clock));
	default:
		return 0;
	}
}

/* Nobody is begun without on another day, or before the time that people were told last. */
static int may_start(struct wr_use *use, const struct wr_slot *slot)
{
	const struct wr_config_ward *ward;
	struct wr_session_change change;
	int r = wr_use_ward_of(use, slot->ward, &ward);
	if (r || slot->state != WR_STATE_PUBLISHED)
		return r;
	r = wr_store_session_change_get(use->tx, use->arena, slot->session, &change);
	if (r && r != WR_STORE_NONE)
		return r;
	return refuse_start(use, slot, ward, r ? NULL : &change);
}

int wr_case_slot_start(struct wr_use *use)
{
	struct wr_slot slot;
	int r = find(use, &slot);
	if (!r)
		r = may_start(use, &slot);
	if (r)
		return r;
	struct wr_slot before = slot;
	slot.state = WR_STATE_STARTED;
	slot.started = use->now;
	return become(use, &before, &slot);
}

/* Whether no other slot of its session comes after it: for whose turn it is to be last. */
static int is_last(struct wr_use *use, const struct wr_slot *slot, bool *ret_last)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {.session = slot->session};
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	*ret_last = true;
	for (size_t i = 0; i < n && !r; i++)
		if (slots[i].start > slot->start && slots[i].state != WR_STATE_CANCELLED)
			*ret_last = false;
	return r;
}

int wr_case_slot_finish(struct wr_use *use)
{
	struct wr_slot slot;
	int r = find(use, &slot);
	if (r)
		return r;
	struct wr_slot before = slot;
	slot.state = WR_STATE_HELD;
	slot.finished = use->now;
	r = is_last(use, &slot, &slot.last_of_session);
	return r ? r : become(use, &before, &slot);
}

static int set_lock(struct wr_use *use, bool locked)
{
	struct wr_slot slot;
	int r = find(use, &slot);
	if (r)
		return r;
	if (slot.state != WR_STATE_DRAFT && slot.state != WR_STATE_PUBLISHED)
		return wr_refuse(use, NULL, "slot %s is %s; there is nothing left to lock",
		    slot.ref, wr_word(&wr_words_state, (int)slot.state));
	struct wr_slot before = slot;
	slot.locked = locked;
	r = wr_undo_keep_slot(use, &before);
	if (!r)
		r = wr_slot_change(use, &before, &slot, NULL, 0);
	return r ? r : answer(use, &slot);
}

int wr_case_slot_lock(struct wr_use *use)
{
	return set_lock(use, true);
}

int wr_case_slot_unlock(struct wr_use *use)
{
	return set_lock(use, false);
}
