#include "desk/question.h"

#include "desk/cases.h"

enum { STILL_NEXT = 86400 }; /* a slot whose time is over and of which nothing was recorded */

int wr_question_slot(struct wr_use *use, const char *patient, struct wr_slot *ret_slot)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .patient = patient,
	    .from = use->now - STILL_NEXT,
	    .states = WR_STORE_BIT(WR_STATE_PUBLISHED),
	};
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	if (r)
		return r;
	if (n == 0)
		return WR_STORE_NONE;
	*ret_slot = slots[0];
	return 0;
}

/* ---- writing ---- */

static int check_text(struct wr_use *use, const char *text)
{
	if (wr_text_empty(text))
		return wr_use_say(use, wr_fault(use, WR_FAULT_DATA, NULL, "the question is empty"),
		    WR_SAY_PATIENT_WRONG_QUESTION_EMPTY, "text");
	if (wr_voice_fits(text, WR_QUESTION_LONGEST))
		return 0;
	return wr_use_say(use,
	    wr_fault(use, WR_FAULT_DATA, NULL, "a question has at most %d characters",
		WR_QUESTION_LONGEST),
	    WR_SAY_PATIENT_WRONG_TOO_LONG, "text");
}

static int find(struct wr_use *use, const struct wr_patient *patient, const char *id,
    struct wr_question *ret_question)
{
	int r = wr_store_question_get(use->tx, use->arena, id, ret_question);
	if (r == WR_STORE_NONE || (!r && (!wr_text_equal(ret_question->patient, patient->ref) ||
					     ret_question->admission != patient->admission)))
		return wr_use_say(use,
		    wr_unknown(use, "see `wardctl question list`", "there is no question `%s`", id),
		    WR_SAY_PATIENT_WRONG_QUESTION_GONE, NULL);
	if (!r && ret_question->slot)
		r = wr_use_say(use, wr_refuse(use, NULL, "the round of question %s has begun", id),
		    WR_SAY_PATIENT_WRONG_QUESTION_BEGUN, NULL);
	return r;
}

static int list_waiting(
    struct wr_use *use, const char *patient, struct wr_question **ret_questions, size_t *ret_n)
{
	struct wr_store_question_filter waiting = {.patient = patient, .waiting = true};
	return wr_store_question_list(use->tx, use->arena, &waiting, ret_questions, ret_n);
}

/* A form that is sent twice is one question. */
static int is_new(
    struct wr_use *use, const struct wr_patient *patient, const char *text, bool *ret_new)
{
	struct wr_question *waiting = NULL;
	size_t n = 0;
	int r = list_waiting(use, patient->ref, &waiting, &n);
	*ret_new = true;
	for (size_t i = 0; i < n && !r; i++)
		if (wr_text_equal(waiting[i].text, text))
			*ret_new = false;
	if (!r && *ret_new && n >= WR_QUESTIONS_MOST)
		r = wr_use_say(use,
		    wr_refuse(use, "take one out first", "%d questions wait already", (int)n),
		    WR_SAY_PATIENT_WRONG_QUESTION_MANY, "text");
	return r;
}

static int leave_trace(struct wr_use *use, const struct wr_patient *patient, const char *id,
    const char *before, const char *after)
{
	wr_use_change(use, wr_arena_printf(use->arena, "question %s", id), before, after);
	return wr_use_audit(use, wr_arena_printf(use->arena, "question:%s", id), patient->ref, NULL,
	    json_pack("{s:s}", "question", after ? after : "taken out"));
}

int wr_question_write(
    struct wr_use *use, const struct wr_patient *patient, const char *id, const char *text)
{
	struct wr_question question = {
	    .patient = patient->ref,
	    .admission = patient->admission,
	    .created = use->now,
	};
	bool fresh = true;
	int r = check_text(use, text);
	if (!r && patient->discharged != WR_TIME_NONE)
		r = wr_refuse(use, NULL, "patient %s has been discharged", patient->ref);
	if (!r && id)
		r = find(use, patient, id, &question);
	else if (!r)
		r = is_new(use, patient, text, &fresh);
	if (r || !fresh)
		return r;
	if (!id)
		r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_QUESTION, &question.id);
	question.text = text;
	question.changed = use->now;
	if (!r)
		r = wr_use_stored(use, wr_store_question_put(use->tx, &question), "question");
	if (r)
		return r;
	wr_use_answer(use, "question", wr_json_question(use, patient->ward, &question));
	return leave_trace(
	    use, patient, question.id, id ? "waiting" : NULL, id ? "changed" : "waiting");
}

int wr_question_remove(struct wr_use *use, const struct wr_patient *patient, const char *id)
{
	struct wr_question question;
	int r = find(use, patient, id, &question);
	if (!r)
		r = wr_store_question_delete(use->tx, id);
	return r ? r : leave_trace(use, patient, id, "waiting", NULL);
}

/* ---- with a slot ---- */

int wr_question_list_of(struct wr_use *use, const struct wr_slot *slot,
    struct wr_question **ret_questions, size_t *ret_n)
{
	struct wr_slot next;
	struct wr_store_question_filter filter = {.slot = slot->ref};
	*ret_n = 0;
	if (slot->state == WR_STATE_STARTED || slot->state == WR_STATE_HELD)
		return wr_store_question_list(use->tx, use->arena, &filter, ret_questions, ret_n);
	if (slot->state != WR_STATE_PUBLISHED)
		return 0;
	int r = list_waiting(use, slot->patient, ret_questions, ret_n);
	if (r || *ret_n == 0)
		return r;
	r = wr_question_slot(use, slot->patient, &next);
	if (r || !wr_text_equal(next.ref, slot->ref))
		*ret_n = 0;
	return r == WR_STORE_NONE ? 0 : r;
}

static bool has_begun(const struct wr_slot *slot)
{
	return slot && (slot->state == WR_STATE_STARTED || slot->state == WR_STATE_HELD);
}

int wr_question_follow(struct wr_use *use, const struct wr_slot *before, const struct wr_slot *slot)
{
	struct wr_patient patient;
	if (has_begun(before) && !has_begun(slot))
		return wr_store_question_take_back(use->tx, slot->ref);
	if (!has_begun(slot) || has_begun(before))
		return 0;
	int r = wr_use_patient(use, slot->patient, &patient);
	return r ? r : wr_store_question_give(use->tx, patient.ref, patient.admission, slot->ref);
}

json_t *wr_json_question(struct wr_use *use, const char *ward, const struct wr_question *question)
{
	return json_pack("{s:s, s:s, s:s?, s:s, s:o, s:o}", "id", question->id, "patient",
	    question->patient, "slot", question->slot, "text", question->text, "created",
	    wr_json_time(use, ward, question->created), "changed",
	    wr_json_time(use, ward, question->changed));
}

/* ---- cases ---- */

static int find_patient(struct wr_use *use, struct wr_patient *ret_patient)
{
	const char *ref = NULL;
	int r = wr_arg_must(use, "patient", &ref);
	return r ? r : wr_use_patient(use, ref, ret_patient);
}

static int find_by_id(struct wr_use *use, const char **ret_id, struct wr_patient *ret_patient)
{
	struct wr_question question;
	int r = wr_arg_must(use, "id", ret_id);
	if (!r)
		r = wr_store_question_get(use->tx, use->arena, *ret_id, &question);
	if (r == WR_STORE_NONE)
		return wr_unknown(
		    use, "see `wardctl question list`", "there is no question `%s`", *ret_id);
	return r ? r : wr_use_patient(use, question.patient, ret_patient);
}

int wr_case_question_add(struct wr_use *use)
{
	struct wr_patient patient;
	int r = find_patient(use, &patient);
	return r ? r : wr_question_write(use, &patient, NULL, wr_arg_text(use, "text"));
}

int wr_case_question_edit(struct wr_use *use)
{
	struct wr_patient patient;
	const char *id = NULL;
	int r = find_by_id(use, &id, &patient);
	return r ? r : wr_question_write(use, &patient, id, wr_arg_text(use, "text"));
}

int wr_case_question_remove(struct wr_use *use)
{
	struct wr_patient patient;
	const char *id = NULL;
	int r = find_by_id(use, &id, &patient);
	return r ? r : wr_question_remove(use, &patient, id);
}

/* Those that wait; with --slot those that are there for it, later too. */
int wr_case_question_list(struct wr_use *use)
{
	struct wr_question *questions = NULL;
	struct wr_slot slot;
	const struct wr_config_ward *ward = NULL;
	const char *ref = wr_arg_text(use, "slot");
	size_t n = 0;
	struct wr_store_question_filter filter = {
	    .patient = wr_arg_text(use, "patient"),
	    .ward = wr_arg_text(use, "ward"),
	    .waiting = true,
	};
	struct wr_patient patient;
	int r = filter.ward ? wr_use_ward(use, filter.ward, &ward) : 0;
	if (!r && filter.patient)
		r = wr_use_patient(use, filter.patient, &patient);
	if (!r && ref)
		r = wr_use_slot(use, ref, &slot);
	if (!r)
		r = ref ? wr_question_list_of(use, &slot, &questions, &n)
		        : wr_store_question_list(use->tx, use->arena, &filter, &questions, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n && !r; i++) {
		r = wr_use_patient(use, questions[i].patient, &patient);
		if (!r)
			json_array_append_new(
			    list, wr_json_question(use, patient.ward, &questions[i]));
	}
	wr_use_answer(use, "questions", list);
	return r;
}
