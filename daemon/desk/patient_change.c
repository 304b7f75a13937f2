#include "desk/patient_change.h"

#include "desk/slot_change.h"
#include "desk/tell.h"
#include "desk/weekly.h"

static const char *brief(struct wr_use *use, const struct wr_patient *patient)
{
	if (!patient)
		return NULL;
	return wr_arena_printf(use->arena, "%s, %s, %s", patient->ward, patient->consultant,
	    wr_word(&wr_words_status, (int)wr_patient_status(patient, use->now)));
}

static bool same_contact(
    const char *phone, const char *email, const char *was_phone, const char *was_email)
{
	return wr_text_equal(phone, was_phone) && wr_text_equal(email, was_email);
}

static int tell_patient(
    struct wr_use *use, const struct wr_patient *before, const struct wr_patient *patient)
{
	if (before && before->restricted != patient->restricted)
		return wr_tell_contact(use, WR_WHOSE_PATIENT, NULL, patient);
	if (!before ||
	    (before->contact == patient->contact && before->phone_bad == patient->phone_bad &&
		before->email_bad == patient->email_bad &&
		same_contact(patient->phone, patient->email, before->phone, before->email)))
		return 0;
	return wr_tell_contact(use, WR_WHOSE_PATIENT, patient->ref, patient);
}

static int tell_support(struct wr_use *use, const struct wr_support *before,
    const struct wr_support *support, const struct wr_patient *patient)
{
	if (!before ||
	    (before->stopped == support->stopped && before->phone_bad == support->phone_bad &&
		before->email_bad == support->email_bad &&
		same_contact(support->phone, support->email, before->phone, before->email)))
		return 0;
	return wr_tell_contact(use, WR_WHOSE_SUPPORT, support->ref, patient);
}

int wr_patient_change(
    struct wr_use *use, const struct wr_patient *before, const struct wr_patient *change)
{
	struct wr_patient own = *change, *patient = &own;
	json_t *was = before ? wr_json_patient(use, before) : NULL;
	/* another one may work */
	patient->phone_bad &= before && wr_text_equal(patient->phone, before->phone);
	patient->email_bad &= before && wr_text_equal(patient->email, before->email);
	int r = wr_store_patient_put(use->tx, patient);
	if (!r)
		r = wr_store_generation_bump(use->tx, WR_WHOSE_WARD, patient->ward);
	if (!r)
		r = wr_weekly_ward_begins(use, patient->ward);
	if (r) {
		json_decref(was);
		return wr_use_stored(use, r, "patient");
	}
	r = tell_patient(use, before, patient);
	if (r) {
		json_decref(was);
		return r;
	}
	wr_use_change(use, wr_arena_printf(use->arena, "patient %s", patient->ref),
	    brief(use, before), brief(use, patient));
	wr_use_touch(use, patient->ref);
	wr_use_touch_ward(use, patient->ward);
	wr_use_replan_ahead(use, patient->ward);
	return wr_use_audit(use, wr_arena_printf(use->arena, "patient:%s", patient->ref), NULL, was,
	    wr_json_patient(use, patient));
}

static const char *consent_words(struct wr_use *use, const struct wr_support *support)
{
	if (!support)
		return NULL;
	return wr_arena_printf(use->arena, "%s, sees %s",
	    wr_word(&wr_words_consent, (int)support->consent),
	    wr_word(&wr_words_sees, (int)support->sees));
}

int wr_support_change(struct wr_use *use, const struct wr_support *before,
    const struct wr_support *change, const struct wr_free *free, size_t n)
{
	struct wr_patient patient;
	struct wr_support own = *change, *support = &own;
	support->phone_bad &= before && wr_text_equal(support->phone, before->phone);
	support->email_bad &= before && wr_text_equal(support->email, before->email);
	json_t *was = before ? wr_json_support(use, before) : NULL;
	int r = wr_store_support_put(use->tx, support);
	if (!r && free)
		r = wr_store_free_replace(use->tx, support->ref, free, n);
	if (!r)
		r = wr_use_patient(use, support->patient, &patient);
	if (!r)
		r = wr_store_generation_bump(use->tx, WR_WHOSE_WARD, patient.ward);
	if (!r)
		r = wr_store_generation_bump(use->tx, WR_WHOSE_PERSON, support->person);
	if (r) {
		json_decref(was);
		return r == WR_USE_FAILED ? r : wr_use_stored(use, r, "support");
	}
	r = tell_support(use, before, support, &patient);
	if (r) {
		json_decref(was);
		return r;
	}
	wr_use_change(use, wr_arena_printf(use->arena, "support %s", support->ref),
	    consent_words(use, before), consent_words(use, support));
	wr_use_touch(use, support->patient);
	wr_use_touch_ward(use, patient.ward);
	wr_use_replan_ahead(use, patient.ward);
	return wr_use_audit(use, wr_arena_printf(use->arena, "support:%s", support->ref),
	    support->patient, was, wr_json_support(use, support));
}

int wr_arg_contact(
    struct wr_use *use, const char **phone, const char **email, const char **language)
{
	int r = wr_arg_phone(use, "phone", phone);
	if (!r)
		r = wr_arg_email(use, "email", email);
	const char *text = wr_arg_text(use, "language");
	if (!r && text)
		*language = *text ? text : NULL;
	return r;
}

int wr_arg_ref(struct wr_use *use, enum wr_store_ref kind, const char **ret_ref)
{
	const char *ref = wr_arg_text(use, "ref");
	if (!ref)
		return wr_store_next_ref(use->tx, use->arena, kind, ret_ref);
	if (!wr_ref_is_valid(ref))
		return wr_fault(use, WR_FAULT_DATA, "1 to 64 letters, digits, dots, dashes",
		    "ref: `%s` can't be a reference", ref);
	*ret_ref = ref;
	return 0;
}

int wr_patient_cancel_ahead(struct wr_use *use, const struct wr_patient *patient, enum wr_why why)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .patient = patient->ref,
	    .states = WR_STORE_BIT(WR_STATE_DRAFT) | WR_STORE_BIT(WR_STATE_PUBLISHED),
	};
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	for (size_t i = 0; i < n && !r; i++) {
		if (slots[i].state == WR_STATE_DRAFT) {
			r = wr_store_slot_delete(use->tx, slots[i].ref);
			continue;
		}
		struct wr_slot slot = slots[i];
		if (slot.end <= use->now)
			continue;
		slot.state = WR_STATE_CANCELLED;
		slot.why = why;
		slot.reason = use->reason;
		r = wr_slot_change(use, &slots[i], &slot, NULL, 0);
	}
	return r;
}
