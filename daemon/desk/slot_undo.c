/*
 * One step back. It is a change of its own: counted, told and accounted for. Two slots that changed
 * places go back together, and a slot that was given in place of a cancelled one makes way for it.
 */
#include "desk/cases.h"
#include "desk/slot_change.h"
#include "desk/undo.h"

struct step {
	struct wr_slot now, slot;
	struct wr_attendee *people;
	size_t n;
	const char *with;
};

static bool is_live(enum wr_state state)
{
	return WR_STORE_LIVE & WR_STORE_BIT(state);
}

static int take(struct wr_use *use, const char *ref, struct step *step)
{
	int r = wr_use_slot(use, ref, &step->now);
	if (!r)
		r = wr_undo_take_slot(
		    use, &step->now, &step->slot, &step->people, &step->n, &step->with);
	/* Going back has to be accounted for too. */
	if (!r && (step->slot.start != step->now.start || step->now.why != WR_WHY_NONE))
		step->slot.reason = use->reason ? use->reason : "the step before was a mistake";
	return r;
}

/* The other half of a swap, unless something else was done to it since. */
static int take_other(struct wr_use *use, const struct step *one, struct step *other)
{
	int r = take(use, one->with, other);
	if (!r && wr_text_equal(other->with, one->now.ref))
		return 0;
	if (r && r != WR_USE_FAILED)
		return r;
	return wr_refuse(use, "move the slots one by one",
	    "slot %s changed places with %s, which has changed since", one->now.ref, one->with);
}

/* Whether its place is still there, for what has not begun. */
static int has_place(struct wr_use *use, const struct wr_slot *slot)
{
	const struct wr_config_ward *ward;
	struct wr_session *sessions = NULL;
	size_t n = 0;
	int r = wr_use_ward_of(use, slot->ward, &ward);
	if (!r)
		r = wr_slot_sessions(use, ward, slot->week, &sessions, &n);
	if (r)
		return r;
	const struct wr_session *session = wr_session_find(sessions, n, slot->session);
	size_t cell = session && session->state == WR_SESSION_PLANNED
	                  ? wr_session_cell_starting(session, slot->start)
	                  : WR_SESSION_NO_CELL;
	if (cell != WR_SESSION_NO_CELL && wr_session_fit(session, cell) >= (size_t)slot->cells)
		return 0;
	return wr_refuse(use, "move the slot to another time",
	    "slot %s can't go back: session %s has no such place any more", slot->ref,
	    slot->session);
}

/* Consent may have ended since. */
static int keep_the_agreed(struct wr_use *use, const struct wr_patient *patient, struct step *step)
{
	size_t kept = 0;
	for (size_t i = 0; i < step->n; i++) {
		struct wr_support support;
		int r =
		    wr_store_support_get(use->tx, use->arena, step->people[i].support, &support);
		if (r && r != WR_STORE_NONE)
			return r;
		if (r == 0 && wr_support_is_told(&support, patient))
			step->people[kept++] = step->people[i];
	}
	step->n = kept;
	return 0;
}

static int may_go_back(struct wr_use *use, struct step *step)
{
	struct wr_patient patient;
	const struct wr_slot *slot = &step->slot;
	bool elsewhere = slot->start != step->now.start ||
	                 !wr_text_equal(slot->session, step->now.session) ||
	                 !is_live(step->now.state);
	int r = wr_use_patient(use, slot->patient, &patient);
	if (r || !is_live(slot->state))
		return r;
	if (patient.discharged != WR_TIME_NONE || !wr_text_equal(patient.ward, slot->ward))
		return wr_refuse(
		    use, NULL, "patient %s is no longer on %s", patient.ref, slot->ward);
	if (elsewhere && slot->start > use->now)
		r = has_place(use, slot);
	return r ? r : keep_the_agreed(use, &patient, step);
}

/* What the patient was given since in place of this slot, if nobody has touched it. */
static int make_way(struct wr_use *use, const struct step *step)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .patient = step->now.patient,
	    .week = &step->now.week,
	    .states = WR_STORE_BIT(WR_STATE_DRAFT) | WR_STORE_BIT(WR_STATE_PUBLISHED),
	};
	if (is_live(step->now.state) || !is_live(step->slot.state))
		return 0;
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_slot off = slots[i];
		if (off.state == WR_STATE_DRAFT) {
			r = wr_store_slot_delete(use->tx, off.ref);
			continue;
		}
		if (off.revision > 1 || off.locked || off.published < step->now.changed)
			continue;
		off.state = WR_STATE_CANCELLED;
		off.why = WR_WHY_OTHER;
		off.reason = step->slot.reason;
		r = wr_slot_change(use, &slots[i], &off, NULL, 0);
	}
	if (!r)
		r = wr_store_unplaced_delete(use->tx, step->now.patient, step->now.week);
	return r == WR_STORE_NONE ? 0 : r;
}

int wr_case_slot_undo(struct wr_use *use)
{
	struct step steps[2] = {0};
	size_t n = 1;
	const char *ref = NULL;
	int r = wr_arg_must(use, "slot", &ref);
	if (!r)
		r = take(use, ref, &steps[0]);
	if (!r && steps[0].with) {
		r = take_other(use, &steps[0], &steps[1]);
		n = 2;
	}
	for (size_t i = 0; i < n && !r; i++) {
		r = may_go_back(use, &steps[i]);
		if (!r)
			r = make_way(use, &steps[i]);
		if (!r)
			r = wr_store_busy_release(use->tx, steps[i].now.ref);
	}
	for (size_t i = 0; i < n && !r; i++)
		r = wr_slot_change(use, &steps[i].now, &steps[i].slot, steps[i].people, steps[i].n);
	if (r)
		return r;
	wr_use_replan_ahead(use, steps[0].slot.ward);
	wr_use_answer(use, "slot", wr_json_slot(use, &steps[0].slot));
	return 0;
}
