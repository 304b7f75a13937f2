/*
 * Supports: suggested by anybody, agreed by the patient (or on another lawful basis), changed.
 */
#include "desk/cases.h"
#include "desk/patient_change.h"
#include "desk/tell.h"

#include <strings.h>

/* "Never to be added or told": said without saying why. */
static int is_blocked(struct wr_use *use, const char *patient, const char *name)
{
	struct wr_block *blocks = NULL;
	size_t n = 0;
	int r = wr_store_block_list(use->tx, use->arena, patient, &blocks, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (strcasecmp(blocks[i].name, name) == 0)
			return wr_refuse(use, "not agreed: neither confirm nor deny",
			    "this person may not be added for patient %s", patient);
	return r;
}

static int read_free(
    struct wr_use *use, struct wr_support *support, struct wr_free **ret_free, size_t *ret_n)
{
	const char **parts = NULL, *bad = NULL;
	size_t n = 0;
	*ret_free = NULL;
	*ret_n = 0;
	int r = wr_arg_list(use, "free", &parts, &n);
	if (r || !wr_arg_given(use, "free"))
		return r;
	struct wr_buf all = {0};
	for (size_t i = 0; i < n; i++)
		wr_buf_printf(&all, "%s%s", i ? "; " : "", parts[i]);
	r = wr_free_parse(use->arena, wr_buf_text(&all), ret_free, ret_n, &bad);
	wr_buf_deinit(&all);
	if (r > 0)
		return wr_fault(use, WR_FAULT_DATA, "write \"Tue 13:00-17:00\"",
		    "free: `%s` is not a weekday and times", bad);
	if (!*ret_free)
		*ret_free = wr_arena_new(use->arena, struct wr_free, 1);
	support->free_said = *ret_n > 0;
	return r;
}

static int read_fields(struct wr_use *use, struct wr_support *support)
{
	int sees = (int)support->sees, attends = (int)support->attends, basis = (int)support->basis;
	int r = wr_arg_word(use, "sees", &wr_words_sees, &sees);
	if (!r)
		r = wr_arg_word(use, "attends", &wr_words_attends, &attends);
	if (!r)
		r = wr_arg_word(use, "basis", &wr_words_basis, &basis);
	if (!r)
		r = wr_arg_contact(use, &support->phone, &support->email, &support->language);
	support->phone_bad &= !wr_arg_given(use, "phone"); /* said again: it was looked at */
	support->email_bad &= !wr_arg_given(use, "email");
	support->sees = (enum wr_sees)sees;
	support->attends = (enum wr_attends)attends;
	support->basis = (enum wr_basis)basis;
	if (support->disputed && (wr_arg_given(use, "phone") || wr_arg_given(use, "email")))
		support->disputed = support->stopped = false; /* staff have asked */
	if (!wr_text_empty(wr_arg_text(use, "name")))
		support->name = wr_arg_text(use, "name");
	if (!wr_text_empty(wr_arg_text(use, "relation")))
		support->relation = wr_arg_text(use, "relation");
	if (!wr_text_empty(wr_arg_text(use, "by_staff")))
		support->by_staff = wr_arg_text(use, "by_staff");
	if (!wr_text_empty(wr_arg_text(use, "person")))
		support->person = wr_arg_text(use, "person");
	if (wr_arg_given(use, "chosen"))
		support->chosen = wr_arg_flag(use, "chosen");
	if (wr_arg_given(use, "required"))
		support->required = wr_arg_flag(use, "required");
	if (!r && !wr_ref_is_valid(support->person))
		r = wr_fault(use, WR_FAULT_DATA, "1 to 64 letters, digits, dots, dashes",
		    "person: `%s` can't be an id", support->person);
	return r;
}

static int agree(struct wr_use *use, struct wr_support *support, const struct wr_patient *patient)
{
	support->consent = WR_CONSENT_AGREED;
	support->agreed_by = wr_arg_text(use, "agreed_by");
	support->agreed_at = use->now;
	support->ended_at = WR_TIME_NONE;
	support->admission = patient->admission;
	if (wr_text_empty(support->agreed_by))
		return wr_fault(use, WR_FAULT_USAGE, "say who agreed: --agreed-by patient",
		    "%s: agreed_by is missing", use->verb);
	return 0;
}

static int unused_ref(struct wr_use *use, const char *ref)
{
	struct wr_support row;
	int r = wr_store_support_get(use->tx, use->arena, ref, &row);
	if (r == 0)
		return wr_refuse(use, "change it with `wardctl support edit`",
		    "there is a support %s already", ref);
	return r == WR_STORE_NONE ? 0 : r;
}

int wr_case_support_add(struct wr_use *use)
{
	struct wr_support support = {.agreed_at = WR_TIME_NONE, .ended_at = WR_TIME_NONE};
	struct wr_patient patient;
	struct wr_free *free = NULL;
	size_t n = 0;
	const char *sees = NULL;
	int r = wr_arg_must(use, "patient", &support.patient);
	if (!r)
		r = wr_arg_must(use, "name", &support.name);
	if (!r)
		r = wr_arg_must(use, "relation", &support.relation);
	if (!r)
		r = wr_arg_must(use, "sees", &sees);
	if (!r)
		r = wr_use_patient(use, support.patient, &patient);
	if (!r && patient.discharged != WR_TIME_NONE)
		r = wr_refuse(use, NULL, "patient %s has been discharged", patient.ref);
	if (!r)
		r = is_blocked(use, support.patient, support.name);
	if (!r)
		r = wr_arg_ref(use, WR_STORE_REF_SUPPORT, &support.ref);
	if (!r)
		r = unused_ref(use, support.ref);
	support.person = support.ref;
	support.admission = r ? 0 : patient.admission;
	if (!r)
		r = read_fields(use, &support);
	if (!r)
		r = read_free(use, &support, &free, &n);
	if (!r && !wr_text_empty(wr_arg_text(use, "agreed_by")))
		r = agree(use, &support, &patient);
	if (!r)
		r = wr_support_change(use, NULL, &support, free, n);
	if (!r)
		r = wr_tell_newcomer(use, &support);
	if (!r)
		wr_use_answer(use, "support", wr_json_support(use, &support));
	return r;
}

static int find(struct wr_use *use, struct wr_support *ret_support)
{
	const char *ref = NULL;
	int r = wr_arg_must(use, "ref", &ref);
	return r ? r : wr_use_support(use, ref, ret_support);
}

/* What the person no longer may see is not known to them any more; what they newly may see is. */
static int after_sees(
    struct wr_use *use, const struct wr_support *before, const struct wr_support *support)
{
	struct wr_patient patient;
	int r = wr_use_patient(use, support->patient, &patient);
	if (r)
		return r;
	bool told = wr_support_is_told(support, &patient);
	bool was_told = wr_support_is_told(before, &patient);
	if (was_told && !told) {
		r = wr_tell_nothing(use, WR_WHOSE_SUPPORT, support->ref);
		return r ? r : wr_support_leave_slots(use, support);
	}
	return told && !was_told ? wr_tell_newcomer(use, support) : 0;
}

int wr_case_support_edit(struct wr_use *use)
{
	struct wr_support before;
	struct wr_free *free = NULL;
	size_t n = 0;
	int r = find(use, &before);
	if (r)
		return r;
	struct wr_support support = before;
	r = read_fields(use, &support);
	if (!r)
		r = read_free(use, &support, &free, &n);
	if (!r && !wr_text_equal(before.name, support.name))
		r = is_blocked(use, support.patient, support.name);
	if (!r)
		r = wr_support_change(use, &before, &support, free, n);
	if (!r)
		r = after_sees(use, &before, &support);
	if (!r)
		wr_use_answer(use, "support", wr_json_support(use, &support));
	return r;
}

int wr_case_support_agree(struct wr_use *use)
{
	struct wr_support before;
	struct wr_patient patient;
	int r = find(use, &before);
	if (!r)
		r = wr_use_patient(use, before.patient, &patient);
	if (!r)
		r = is_blocked(use, before.patient, before.name);
	if (r)
		return r;
	struct wr_support support = before;
	r = read_fields(use, &support);
	if (!r)
		r = agree(use, &support, &patient);
	if (!r && support.sees == WR_SEES_NOTHING && !wr_arg_given(use, "sees"))
		r = wr_fault(use, WR_FAULT_USAGE, "say what: --sees time, place or all",
		    "support %s may see nothing so far", support.ref);
	if (!r)
		r = wr_support_change(use, &before, &support, NULL, 0);
	if (!r)
		r = after_sees(use, &before, &support);
	if (!r)
		wr_use_answer(use, "support", wr_json_support(use, &support));
	return r;
}

int wr_case_support_list(struct wr_use *use)
{
	struct wr_support *supports = NULL;
	struct wr_patient patient;
	const struct wr_config_ward *ward = NULL;
	size_t n = 0;
	struct wr_store_support_filter filter = {
	    .patient = wr_arg_text(use, "patient"),
	    .person = wr_arg_text(use, "person"),
	    .ward = wr_arg_text(use, "ward"),
	};
	int r = filter.patient ? wr_use_patient(use, filter.patient, &patient) : 0;
	if (!r && filter.ward)
		r = wr_use_ward(use, filter.ward, &ward);
	if (!r)
		r = wr_store_support_list(use->tx, use->arena, &filter, &supports, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n && !r; i++)
		json_array_append_new(list, wr_json_support(use, &supports[i]));
	wr_use_answer(use, "supports", list);
	return r;
}
