#include "desk/widen.h"

#include "desk/cases.h"

enum { LONGEST_NAME = 100 }; /* characters; of a relation too */

static int not_there(struct wr_use *use)
{
	return wr_use_say(use, wr_unknown(use, NULL, "no such support of this patient"),
	    WR_SAY_PATIENT_WRONG_PERSON_GONE, NULL);
}

static int find(struct wr_use *use, const struct wr_patient *patient, const char *ref,
    struct wr_support *ret_support)
{
	int r = ref ? wr_store_support_get(use->tx, use->arena, ref, ret_support) : WR_STORE_NONE;
	if (r && r != WR_STORE_NONE)
		return r;
	if (r || !wr_text_equal(ret_support->patient, patient->ref))
		return not_there(use);
	bool listed = ret_support->consent == WR_CONSENT_SUGGESTED ||
	              wr_support_is_agreed(ret_support, patient);
	return listed ? 0 : not_there(use);
}

/* ---- narrowing ---- */

static const char *on_what_ground(enum wr_basis basis)
{
	switch (basis) {
	case WR_BASIS_PATIENT:
		break;
	case WR_BASIS_BEST_INTERESTS:
		return " It was agreed in the patient's best interests: see whether that still "
		       "holds.";
	case WR_BASIS_LAW:
		return " The law asked for it: see whether this person has to be told otherwise.";
	}
	return "";
}

/* What was fetched or sent before can't be recalled: a person has to know that. */
static int let_staff_know(struct wr_use *use, const struct wr_patient *patient,
    const struct wr_support *before, const char *sees)
{
	json_t *data = json_pack("{s:s, s:s, s:s}", "support", before->ref, "was",
	    wr_word(&wr_words_sees, (int)before->sees), "sees", sees);
	const char *text = wr_arena_printf(use->arena,
	    "Patient %s has changed what support %s may see from %s to %s. That is in force; what "
	    "was fetched or sent before can't be recalled.%s",
	    patient->ref, before->ref, wr_word(&wr_words_sees, (int)before->sees), sees,
	    on_what_ground(before->basis));
	return wr_wish_put(use, patient, WR_TASK_NARROWED, NULL, text, data);
}

static int narrow(struct wr_use *use, const struct wr_patient *patient,
    const struct wr_support *before, wr_use_case how, json_t *args, const char *sees)
{
	int r = wr_wish_take_back_for(use, patient, before->ref);
	if (r) {
		json_decref(args);
		return r;
	}
	r = wr_use_part(use, how, args);
	return r ? r : let_staff_know(use, patient, before, sees);
}

int wr_widen_uninvite(struct wr_use *use, const struct wr_patient *patient, const char *ref)
{
	struct wr_support support;
	int r = find(use, patient, ref, &support);
	if (r)
		return r;
	json_t *args = json_pack("{s:s}", "ref", support.ref);
	if (support.consent == WR_CONSENT_SUGGESTED) {
		r = wr_wish_take_back_for(use, patient, support.ref);
		if (!r)
			return wr_use_part(use, wr_case_support_remove, args);
		json_decref(args);
		return r;
	}
	return narrow(use, patient, &support, wr_case_support_withdraw, args, "nothing");
}

/* ---- widening ---- */

/* Asked again in other words, the newer counts. */
static int ask_to_widen(struct wr_use *use, const struct wr_patient *patient,
    const struct wr_support *support, enum wr_sees sees)
{
	int r = wr_wish_take_back_for(use, patient, support->ref);
	if (r)
		return r;
	json_t *data = json_pack("{s:s, s:s, s:s, s:s}", "support", support->ref, "was",
	    wr_word(&wr_words_sees, (int)support->sees), "consent",
	    wr_word(&wr_words_consent, (int)support->consent), "sees",
	    wr_word(&wr_words_sees, (int)sees));
	const char *text = wr_arena_printf(use->arena,
	    "Ask patient %s in private whether %s (%s, %s) may see %s. Done carries it out.",
	    patient->ref, support->name, support->relation, support->ref,
	    wr_word(&wr_words_sees, (int)sees));
	return wr_wish_put(use, patient, WR_TASK_WIDEN, NULL, text, data);
}

/* What the person sees now: what is only suggested is nothing. */
static enum wr_sees sees_now(const struct wr_support *support)
{
	return support->consent == WR_CONSENT_AGREED ? support->sees : WR_SEES_NOTHING;
}

int wr_widen_sees(struct wr_use *use, const struct wr_patient *patient, const char *ref,
    enum wr_sees sees, enum wr_widen_end *ret_end)
{
	struct wr_support support;
	int r = find(use, patient, ref, &support);
	*ret_end = WR_WIDEN_SAME;
	if (r)
		return r;
	if (sees > sees_now(&support)) {
		*ret_end = WR_WIDEN_WAITS;
		return ask_to_widen(use, patient, &support, sees);
	}
	if (sees == sees_now(&support))
		return wr_wish_take_back_for(use, patient, support.ref);
	*ret_end = WR_WIDEN_NARROWED;
	const char *word = wr_word(&wr_words_sees, (int)sees);
	return narrow(use, patient, &support, wr_case_support_edit,
	    json_pack("{s:s, s:s}", "ref", support.ref, "sees", word), word);
}

/* ---- adding ---- */

static int check_words(struct wr_use *use, const char *text, enum wr_say missing, const char *field)
{
	if (wr_text_empty(text))
		return wr_use_say(
		    use, wr_fault(use, WR_FAULT_DATA, NULL, "a field is empty"), missing, field);
	if (wr_voice_fits(text, LONGEST_NAME))
		return 0;
	return wr_use_say(use,
	    wr_fault(use, WR_FAULT_DATA, NULL, "at most %d characters", LONGEST_NAME),
	    WR_SAY_PATIENT_WRONG_NAME_LONG, field);
}

int wr_widen_check_words(struct wr_use *use, const char *name, const char *relation)
{
	int r = check_words(use, name, WR_SAY_PATIENT_WRONG_NAME_EMPTY, "name");
	return r ? r : check_words(use, relation, WR_SAY_PATIENT_WRONG_RELATION_EMPTY, "relation");
}

int wr_widen_add(struct wr_use *use, const struct wr_patient *patient, const char *name,
    const char *relation, enum wr_sees sees, const char *phone)
{
	int r = wr_widen_check_words(use, name, relation);
	if (r)
		return r;
	json_t *data = json_pack("{s:s, s:s, s:s, s:s?}", "name", name, "relation", relation,
	    "sees", wr_word(&wr_words_sees, (int)sees), "phone", phone);
	const char *text = wr_arena_printf(use->arena,
	    "Ask patient %s in private whether %s (%s) is to be invited and may see %s. Done "
	    "carries it out.",
	    patient->ref, name, relation, wr_word(&wr_words_sees, (int)sees));
	return wr_wish_put(use, patient, WR_TASK_WIDEN, NULL, text, data);
}

/* ---- carrying out ---- */

static int refuse_stale(struct wr_use *use, const struct wr_task *task)
{
	return wr_refuse(use, "decline it, and ask the patient again",
	    "what task %s asks has changed since", task->id);
}

static int invite(struct wr_use *use, const struct wr_task *task, const json_t *data)
{
	return wr_use_part(use, wr_case_support_add,
	    json_pack("{s:s, s:O?, s:O?, s:O?, s:O?, s:s, s:s}", "patient", task->patient, "name",
		json_object_get(data, "name"), "relation", json_object_get(data, "relation"),
		"sees", json_object_get(data, "sees"), "phone", json_object_get(data, "phone"),
		"agreed_by", "patient", "by_staff", use->actor));
}

static int agree(struct wr_use *use, const struct wr_task *task, const json_t *data)
{
	struct wr_support support;
	int r = wr_use_support(use, json_string_value(json_object_get(data, "support")), &support);
	if (r)
		return r;
	if (wr_word_value(&wr_words_sees, json_string_value(json_object_get(data, "was"))) !=
		(int)support.sees ||
	    wr_word_value(&wr_words_consent, json_string_value(json_object_get(data, "consent"))) !=
		(int)support.consent)
		return refuse_stale(use, task);
	return wr_use_part(use, wr_case_support_agree,
	    json_pack("{s:s, s:O?, s:s, s:s, s:s}", "ref", support.ref, "sees",
		json_object_get(data, "sees"), "agreed_by", "patient", "basis", "patient",
		"by_staff", use->actor));
}

int wr_widen_accept(struct wr_use *use, const struct wr_task *task)
{
	struct wr_patient patient;
	json_t *data = task->data ? json_loads(task->data, 0, NULL) : NULL;
	int r = wr_use_patient(use, task->patient, &patient);
	if (!r && (patient.discharged != WR_TIME_NONE ||
		      json_integer_value(json_object_get(data, "admission")) != patient.admission))
		r = refuse_stale(use, task);
	if (!r)
		r = json_object_get(data, "support") ? agree(use, task, data)
		                                     : invite(use, task, data);
	json_decref(data);
	return r;
}
