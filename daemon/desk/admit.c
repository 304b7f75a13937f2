/*
 * Admitting: few fields, at ten on a Friday night. The first slot is planned at once (after the
 * commit), in a published week too.
 */
#include "desk/cases.h"
#include "desk/patient_change.h"

#include <strings.h>

/* Somebody on the ward with the same name is easily mistaken: said, not refused. */
static int warn_of_twins(struct wr_use *use, const struct wr_patient *patient, json_t *warnings)
{
	struct wr_patient *all = NULL;
	size_t n = 0, here = 0;
	int r = wr_store_patient_list(use->tx, use->arena, patient->ward, false, &all, &n);
	for (size_t i = 0; i < n && !r; i++) {
		if (wr_text_equal(all[i].ref, patient->ref))
			continue;
		here++;
		if (strcasecmp(all[i].name, patient->name) == 0)
			json_array_append_new(
			    warnings, json_sprintf("patient %s%s%s on this ward has the same name",
					  all[i].ref, all[i].bed ? " in bed " : "",
					  all[i].bed ? all[i].bed : ""));
		else if (patient->bed && wr_text_equal(all[i].bed, patient->bed))
			json_array_append_new(warnings,
			    json_sprintf("bed %s is patient %s's too", patient->bed, all[i].ref));
	}
	const struct wr_config_ward *ward = wr_config_find_ward(use->config, patient->ward);
	if (ward && (int)here + 1 > ward->beds)
		json_array_append_new(warnings,
		    json_sprintf("%zu patients on a ward of %d beds", here + 1, ward->beds));
	return r;
}

/* A known reference that was discharged is a new admission of the same person; consent starts anew.
 */
static int again_or_new(
    struct wr_use *use, const char *ref, struct wr_patient *ret_before, bool *ret_known)
{
	int r = wr_store_patient_get(use->tx, use->arena, ref, ret_before);
	*ret_known = r == 0;
	if (r == WR_STORE_NONE)
		return 0;
	if (r)
		return r;
	if (ret_before->discharged == WR_TIME_NONE)
		return wr_refuse(use, "change it with `wardctl patient edit`",
		    "patient %s is an inpatient already", ref);
	return 0;
}

static int read_fields(
    struct wr_use *use, const struct wr_config_ward *ward, struct wr_patient *patient)
{
	int prefers = (int)patient->prefers, contact = (int)patient->contact;
	int r = wr_arg_time(use, "admitted", ward, &patient->admitted);
	if (!r)
		r = wr_arg_time(use, "last_seen", ward, &patient->last_seen);
	if (!r)
		r = wr_arg_int(use, "slots", 1, 3, &patient->slots);
	if (!r && wr_arg_text(use, "prefers") && !*wr_arg_text(use, "prefers"))
		prefers = WR_PREFERS_NONE;
	else if (!r)
		r = wr_arg_word(use, "prefers", &wr_words_prefers, &prefers);
	if (!r)
		r = wr_arg_word(use, "contact", &wr_words_contact, &contact);
	if (!r)
		r = wr_arg_contact(use, &patient->phone, &patient->email, &patient->language);
	patient->phone_bad &= !wr_arg_given(use, "phone"); /* said again: it was looked at */
	patient->email_bad &= !wr_arg_given(use, "email");
	patient->prefers = (enum wr_prefers)prefers;
	patient->contact = (enum wr_contact)contact;
	if (wr_arg_given(use, "bed"))
		patient->bed =
		    wr_text_empty(wr_arg_text(use, "bed")) ? NULL : wr_arg_text(use, "bed");
	if (wr_arg_given(use, "label"))
		patient->label =
		    wr_text_empty(wr_arg_text(use, "label")) ? NULL : wr_arg_text(use, "label");
	if (wr_arg_given(use, "nurse"))
		patient->nurse =
		    wr_text_empty(wr_arg_text(use, "nurse")) ? NULL : wr_arg_text(use, "nurse");
	if (wr_arg_given(use, "restricted"))
		patient->restricted = wr_arg_flag(use, "restricted");
	return r;
}

int wr_case_patient_admit(struct wr_use *use)
{
	const struct wr_config_ward *ward = NULL;
	const struct wr_config_consultant *consultant = NULL;
	const char *name = NULL, *led_by = NULL, *ref = NULL, *place = NULL;
	struct wr_patient before;
	bool known = false;
	int r = wr_arg_must(use, "ward", &place);
	if (!r)
		r = wr_arg_must(use, "name", &name);
	if (!r)
		r = wr_arg_must(use, "consultant", &led_by);
	if (!r)
		r = wr_use_ward(use, place, &ward);
	if (!r)
		r = wr_use_consultant(use, led_by, &consultant);
	if (!r)
		r = wr_arg_ref(use, WR_STORE_REF_PATIENT, &ref);
	if (!r)
		r = again_or_new(use, ref, &before, &known);
	if (r)
		return r;
	struct wr_patient patient = {
	    .ref = ref,
	    .name = name,
	    .ward = ward->id,
	    .consultant = consultant->id,
	    .admitted = use->now,
	    .slots = 1,
	    .last_seen = WR_TIME_NONE,
	    .contact = WR_CONTACT_SMS,
	    .discharged = WR_TIME_NONE,
	    .admission = known ? before.admission + 1 : 1,
	};
	r = read_fields(use, ward, &patient);
	json_t *warnings = json_array();
	wr_use_answer(use, "warnings", warnings);
	if (!r)
		r = warn_of_twins(use, &patient, warnings);
	if (!r)
		r = wr_patient_change(use, known ? &before : NULL, &patient);
	if (!r)
		wr_use_answer(use, "patient", wr_json_patient(use, &patient));
	return r;
}

int wr_case_patient_edit(struct wr_use *use)
{
	const char *ref = NULL;
	struct wr_patient before;
	const struct wr_config_ward *ward;
	const struct wr_config_consultant *consultant = NULL;
	int r = wr_arg_must(use, "ref", &ref);
	if (!r)
		r = wr_use_patient(use, ref, &before);
	if (!r)
		r = wr_use_ward_of(use, before.ward, &ward);
	if (r)
		return r;
	struct wr_patient patient = before;
	r = read_fields(use, ward, &patient);
	if (!r && wr_arg_text(use, "consultant"))
		r = wr_use_consultant(use, wr_arg_text(use, "consultant"), &consultant);
	if (consultant)
		patient.consultant = consultant->id;
	if (!wr_text_empty(wr_arg_text(use, "name")))
		patient.name = wr_arg_text(use, "name");
	if (!r && wr_arg_text(use, "ward") &&
	    !wr_text_equal(wr_arg_text(use, "ward"), patient.ward))
		r = wr_fault(use, WR_FAULT_USAGE, "use `wardctl patient transfer`",
		    "a ward is not changed by editing");
	json_t *warnings = json_array();
	wr_use_answer(use, "warnings", warnings);
	if (!r)
		r = warn_of_twins(use, &patient, warnings);
	if (!r)
		r = wr_patient_change(use, &before, &patient);
	if (!r)
		wr_use_answer(use, "patient", wr_json_patient(use, &patient));
	return r;
}
