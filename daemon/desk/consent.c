/*
 * The end of consent. It acts at once: on feeds and pages (in the same commit), on what waits to be
 * sent, and on every plan from now on. What somebody has fetched before can't be recalled, and the
 * answer says so.
 */
#include "desk/cases.h"
#include "desk/courier.h"
#include "desk/patient_change.h"
#include "desk/slot_change.h"
#include "desk/tell.h"

#include <string.h>

int wr_support_leave_slots(struct wr_use *use, const struct wr_support *support)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {.support = support->ref, .states = WR_STORE_LIVE};
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_attendee *people = NULL;
		size_t n_people = 0, kept = 0;
		r = wr_store_attendee_list_of(
		    use->tx, use->arena, slots[i].ref, &people, &n_people);
		for (size_t p = 0; p < n_people && !r; p++)
			if (!wr_text_equal(people[p].support, support->ref))
				people[kept++] = people[p];
		struct wr_attendee nobody = {0};
		if (!r)
			r = wr_slot_change(
			    use, &slots[i], &slots[i], kept ? people : &nobody, kept);
	}
	return r;
}

static int tell_not_to_travel(struct wr_use *use, const struct wr_support *support)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .patient = support->patient,
	    .from = use->now,
	    .states = WR_STORE_BIT(WR_STATE_PUBLISHED),
	};
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	if (!r && n)
		r = wr_tell_farewell(use, support, &slots[0]);
	return r;
}

static int end_consent(struct wr_use *use, enum wr_consent consent)
{
	const char *ref = NULL;
	struct wr_support before;
	int r = wr_arg_must(use, "ref", &ref);
	if (!r)
		r = wr_use_support(use, ref, &before);
	if (r)
		return r;
	bool was_agreed = before.consent == WR_CONSENT_AGREED;
	struct wr_support support = before;
	support.consent = consent;
	if (was_agreed || before.ended_at == WR_TIME_NONE)
		support.ended_at = use->now;
	if (was_agreed)
		wr_use_needs_yes(use);
	bool yes_needed = use->needs_yes;
	r = wr_tell_nothing(use, WR_WHOSE_SUPPORT, ref);
	if (!r)
		r = wr_support_leave_slots(use, &support);
	use->needs_yes = yes_needed;
	if (!r)
		r = wr_support_change(use, &before, &support, NULL, 0);
	if (!r && was_agreed && wr_arg_flag(use, "tell"))
		r = tell_not_to_travel(use, &before);
	if (r)
		return r;
	wr_use_answer(use, "support", wr_json_support(use, &support));
	wr_use_answer(use, "note",
	    json_string("Links and feeds of this person show nothing any more. What was fetched or "
			"sent before can't be recalled."));
	return 0;
}

int wr_case_support_withdraw(struct wr_use *use)
{
	return end_consent(use, WR_CONSENT_WITHDRAWN);
}

int wr_case_support_remove(struct wr_use *use)
{
	return end_consent(use, WR_CONSENT_REMOVED);
}

int wr_case_support_block(struct wr_use *use)
{
	struct wr_block block = {0};
	struct wr_patient patient;
	struct wr_support *supports = NULL;
	size_t n = 0;
	int r = wr_arg_must(use, "patient", &block.patient);
	if (!r)
		r = wr_arg_must(use, "name", &block.name);
	if (!r)
		r = wr_use_patient(use, block.patient, &patient);
	struct wr_store_support_filter filter = {.patient = block.patient};
	if (!r)
		r = wr_store_support_list(use->tx, use->arena, &filter, &supports, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (strcasecmp(supports[i].name, block.name) == 0 &&
		    (supports[i].consent == WR_CONSENT_AGREED ||
			supports[i].consent == WR_CONSENT_SUGGESTED))
			return wr_refuse(use, "withdraw or remove that support first",
			    "%s is support %s of this patient", block.name, supports[i].ref);
	if (!r)
		r = wr_use_stored(use, wr_store_block_put(use->tx, &block), "block");
	if (r)
		return r;
	wr_use_change(use, wr_arena_printf(use->arena, "patient %s", patient.ref), NULL,
	    "somebody is blocked");
	wr_use_answer(
	    use, "blocked", json_pack("{s:s, s:s}", "patient", patient.ref, "name", block.name));
	return wr_use_audit(use, wr_arena_printf(use->arena, "patient:%s", patient.ref), NULL, NULL,
	    json_pack("{s:s}", "blocked", block.name));
}
