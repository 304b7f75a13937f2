/*
 * Leaving the ward, for a while or for good: hold and release, transfer, discharge, death, and the
 * way back from a mistaken discharge.
 */
#include "desk/cases.h"
#include "desk/patient_change.h"
#include "desk/slot_change.h"
#include "desk/tell.h"
#include "desk/undo.h"
#include "desk/wish.h"

static int find(struct wr_use *use, struct wr_patient *ret_patient)
{
	const char *ref = NULL;
	int r = wr_arg_must(use, "ref", &ref);
	return r ? r : wr_use_patient(use, ref, ret_patient);
}

static int find_here(struct wr_use *use, struct wr_patient *ret_patient)
{
	int r = find(use, ret_patient);
	if (!r && ret_patient->discharged != WR_TIME_NONE)
		return wr_refuse(use, "admit the patient again", "patient %s has been discharged",
		    ret_patient->ref);
	return r;
}

static int change(
    struct wr_use *use, const struct wr_patient *before, const struct wr_patient *patient)
{
	int r = wr_patient_change(use, before, patient);
	if (!r)
		wr_use_answer(use, "patient", wr_json_patient(use, patient));
	return r;
}

int wr_case_patient_hold(struct wr_use *use)
{
	struct wr_patient patient;
	const char *why = NULL;
	int r = find_here(use, &patient);
	if (!r)
		r = wr_arg_must(use, "why", &why);
	if (r)
		return r;
	struct wr_patient before = patient;
	patient.hold_why = why;
	return change(use, &before, &patient);
}

int wr_case_patient_release(struct wr_use *use)
{
	struct wr_patient patient;
	int r = find_here(use, &patient);
	if (!r && !patient.hold_why)
		r = wr_refuse(use, NULL, "patient %s is not on hold", patient.ref);
	if (r)
		return r;
	struct wr_patient before = patient;
	patient.hold_why = NULL;
	return change(use, &before, &patient);
}

/* Weeks in which the slot was lost stay on the list until the new ward has planned them. */
static int list_moved(
    struct wr_use *use, const struct wr_patient *patient, const struct wr_config_ward *to)
{
	struct wr_week week = wr_day_week(wr_zone_day(to->zone, use->now));
	int r = 0;
	for (int ahead = 0; ahead < 2 && !r; ahead++, week = wr_week_next(week)) {
		struct wr_plan_row plan;
		struct wr_unplaced unplaced = {
		    .ward = to->id,
		    .week = week,
		    .patient = patient->ref,
		    .why = "came from another ward; this week is not planned yet",
		};
		r = wr_store_unplaced_delete(use->tx, patient->ref, week);
		if (!r || r == WR_STORE_NONE)
			r = wr_store_plan_get(use->tx, use->arena, to->id, week, &plan);
		if (r == WR_STORE_NONE)
			r = wr_store_unplaced_put(use->tx, &unplaced);
	}
	return r;
}

static int leave_for(
    struct wr_use *use, struct wr_patient *patient, const struct wr_config_ward *to)
{
	int r = wr_patient_cancel_ahead(use, patient, WR_WHY_OTHER);
	if (!r)
		r = wr_store_generation_bump(use->tx, WR_WHOSE_WARD, patient->ward);
	wr_use_touch_ward(use, patient->ward);
	wr_use_replan_ahead(use, patient->ward);
	if (!r)
		r = list_moved(use, patient, to);
	if (!r)
		r = wr_wish_move(use, patient, to->id);
	patient->ward = to->id;
	patient->bed = NULL;
	return r;
}

int wr_case_patient_transfer(struct wr_use *use)
{
	struct wr_patient patient;
	const struct wr_config_ward *ward = NULL;
	const struct wr_config_consultant *consultant = NULL;
	const char *to = NULL;
	int r = find_here(use, &patient);
	if (!r)
		r = wr_arg_must(use, "ward", &to);
	if (!r)
		r = wr_use_ward(use, to, &ward);
	if (!r && wr_arg_text(use, "consultant"))
		r = wr_use_consultant(use, wr_arg_text(use, "consultant"), &consultant);
	if (r)
		return r;
	struct wr_patient before = patient;
	if (!wr_text_equal(ward->id, patient.ward))
		r = leave_for(use, &patient, ward);
	if (r)
		return r;
	if (consultant)
		patient.consultant = consultant->id;
	return change(use, &before, &patient);
}

/* ---- discharge ---- */

/* Nobody is told of a death by feed, page or message: each person stands in a task, to be rung. */
static int ring_everybody(struct wr_use *use, const struct wr_patient *patient)
{
	struct wr_listener *listeners = NULL;
	size_t n = 0;
	const char *id = NULL;
	int r = wr_listeners(use, patient, &listeners, &n);
	if (!r)
		r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_TASK, &id);
	if (r)
		return r;
	struct wr_buf text = {0};
	wr_buf_printf(&text,
	    "%s has died. Ring each person who was invited; nothing is sent to them:",
	    patient->name);
	size_t people = 0;
	for (size_t i = 0; i < n; i++)
		if (listeners[i].whose == WR_WHOSE_SUPPORT)
			wr_buf_printf(&text, "%s %s (%s)", people++ ? "," : "", listeners[i].name,
			    listeners[i].phone ? listeners[i].phone : "no number");
	if (!people)
		wr_buf_puts(&text, " nobody was");
	struct wr_task task = {
	    .id = id,
	    .ward = patient->ward,
	    .kind = "ring",
	    .patient = patient->ref,
	    .text = wr_buf_text(&text),
	    .created = use->now,
	    .alarm = use->now,
	    .done = WR_TIME_NONE,
	};
	r = wr_store_task_put(use->tx, &task);
	wr_buf_deinit(&text);
	return r;
}

/* After a death the slots are off and nobody hears of it from here. */
static int fall_silent(struct wr_use *use, const struct wr_patient *patient)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {.patient = patient->ref};
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	for (size_t i = 0; i < n && !r; i++)
		r = wr_tell_nobody(use, slots[i].ref);
	if (!r && json_array_size(use->told))
		json_array_clear(use->told);
	return r;
}

/* The published slots that a discharge is about to cancel, for the way back. */
static int slots_ahead(struct wr_use *use, const struct wr_patient *patient, json_t *ret_refs)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .patient = patient->ref,
	    .from = use->now,
	    .states = WR_STORE_BIT(WR_STATE_PUBLISHED),
	};
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	for (size_t i = 0; i < n && !r; i++)
		json_array_append_new(ret_refs, json_string(slots[i].ref));
	return r;
}

static int discharge(struct wr_use *use, struct wr_patient *patient)
{
	bool died = wr_arg_flag(use, "died");
	struct wr_patient before = *patient;
	json_t *refs = json_array();
	int r = slots_ahead(use, patient, refs);
	json_t *kept = json_pack("{s:s?, s:o}", "hold_why", before.hold_why, "slots", refs);
	if (!r)
		r = wr_undo_keep(use, "patient", patient->ref, json_incref(kept));
	json_decref(kept);
	if (!r && died)
		r = ring_everybody(use, patient);
	if (!r)
		r = wr_patient_cancel_ahead(use, patient, WR_WHY_PATIENT_AWAY);
	if (!r)
		r = wr_wish_end_stay(use, patient);
	patient->discharged = use->now;
	patient->died = died;
	patient->hold_why = NULL;
	if (!r && died)
		r = fall_silent(use, patient);
	wr_use_needs_yes(use);
	return r ? r : change(use, &before, patient);
}

/* The slot as it was, if its place is still free; else it counts as cancelled by the service, so
 * that the patient is planned again. */
static int bring_back(struct wr_use *use, const char *ref)
{
	struct wr_slot before;
	struct wr_attendee *people = NULL;
	size_t n = 0;
	int r = wr_use_slot(use, ref, &before);
	if (r || before.state != WR_STATE_CANCELLED || before.start <= use->now)
		return r;
	struct wr_slot slot = before;
	slot.state = WR_STATE_PUBLISHED;
	slot.why = WR_WHY_NONE;
	slot.reason = "the discharge was a mistake";
	r = wr_slot_attendees(use, &slot, NULL, &people, &n);
	if (!r)
		r = wr_slot_change(use, &before, &slot, people, n);
	if (r != WR_USE_FAILED || use->fault.code != WR_FAULT_REFUSED)
		return r;
	use->fault = (struct wr_fault){0};
	slot = before;
	slot.why = WR_WHY_OTHER;
	return wr_slot_change(use, &before, &slot, NULL, 0);
}

/* The patient is an inpatient again, with the consents as they were. */
static int undo(struct wr_use *use, struct wr_patient *patient)
{
	json_t *data = NULL;
	if (patient->discharged == WR_TIME_NONE)
		return wr_refuse(use, NULL, "patient %s has not been discharged", patient->ref);
	int r = wr_undo_take(use, "patient", patient->ref, &data);
	if (r)
		return r;
	struct wr_patient before = *patient;
	patient->discharged = WR_TIME_NONE;
	patient->died = false;
	patient->hold_why =
	    wr_arena_strdup(use->arena, json_string_value(json_object_get(data, "hold_why")));
	r = change(use, &before, patient);
	if (!r)
		r = wr_wish_resume_stay(use, patient, before.discharged);
	const json_t *refs = json_object_get(data, "slots");
	for (size_t i = 0; i < json_array_size(refs) && !r; i++)
		r = bring_back(use, json_string_value(json_array_get(refs, i)));
	json_decref(data);
	use->needs_yes = false; /* it puts right what was told by mistake */
	return r;
}

int wr_case_patient_discharge(struct wr_use *use)
{
	struct wr_patient patient;
	if (wr_arg_flag(use, "undo")) {
		int r = find(use, &patient);
		return r ? r : undo(use, &patient);
	}
	int r = find_here(use, &patient);
	return r ? r : discharge(use, &patient);
}
