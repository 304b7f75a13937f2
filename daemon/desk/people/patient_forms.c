#include "desk/people/patient_forms.h"

#include "desk/feedback.h"
#include "desk/question.h"
#include "desk/widen.h"

static int find_patient(struct wr_use *use, struct wr_patient *ret_patient)
{
	const char *ref = NULL;
	int r = wr_arg_must(use, "patient", &ref);
	if (!r)
		r = wr_use_patient(use, ref, ret_patient);
	if (!r && (ret_patient->discharged != WR_TIME_NONE || ret_patient->restricted))
		r = wr_refuse(use, NULL, "patient %s has no page", ref);
	use->yes = true;
	return r;
}

static int say(struct wr_use *use, int r, const char *said)
{
	if (!r)
		wr_use_answer(use, "said", json_string(said));
	return r;
}

static int refuse_choice(struct wr_use *use, const char *field)
{
	return wr_use_say(use, wr_fault(use, WR_FAULT_DATA, NULL, "no such choice"),
	    WR_SAY_PATIENT_WRONG_CHOOSE, field);
}

/* ---- wishes ---- */

/* What was sent is about what the page said: a change that came between is to be seen first. */
static int find_slot(struct wr_use *use, const struct wr_patient *patient, struct wr_slot *ret_slot)
{
	const char *ref = wr_arg_text(use, "slot"), *shown = wr_arg_text(use, "revision");
	int r = wr_store_slot_get(use->tx, use->arena, ref, ret_slot);
	if (r && r != WR_STORE_NONE)
		return r;
	if (r || !wr_text_equal(ret_slot->patient, patient->ref) ||
	    ret_slot->state == WR_STATE_DRAFT)
		return wr_use_say(use, wr_unknown(use, NULL, "no such slot"),
		    WR_SAY_PATIENT_WRONG_ROUND_GONE, NULL);
	if (ret_slot->state != WR_STATE_PUBLISHED || ret_slot->end <= use->now)
		return wr_use_say(use, wr_refuse(use, NULL, "slot %s is not ahead any more", ref),
		    WR_SAY_PATIENT_WRONG_ROUND_BEGUN, NULL);
	if (shown && !wr_text_equal(shown, wr_arena_printf(use->arena, "%d", ret_slot->revision)))
		return wr_use_say(use,
		    wr_refuse(use, NULL, "slot %s has changed since the page was shown", ref),
		    WR_SAY_PATIENT_WRONG_ROUND_CHANGED, NULL);
	return 0;
}

static int ask(struct wr_use *use, const struct wr_patient *patient, enum wr_wish wish)
{
	struct wr_slot slot;
	bool about_slot = !wr_text_empty(wr_arg_text(use, "slot"));
	int r = about_slot ? find_slot(use, patient, &slot) : 0;
	if (!about_slot && (wish == WR_WISH_NOT_THIS_TIME || wish == WR_WISH_ANOTHER_TIME))
		r = wr_use_say(use, wr_refuse(use, NULL, "there is no slot to ask it of"),
		    WR_SAY_PATIENT_WRONG_ROUND_NONE, NULL);
	if (!r)
		r = wr_wish_ask(
		    use, patient, wish, about_slot ? &slot : NULL, wr_arg_text(use, "words"));
	return say(use, r, "asked");
}

/* ---- who is invited ---- */

static int read_sees(struct wr_use *use, enum wr_sees *ret_sees)
{
	int sees = wr_word_value(&wr_words_sees, wr_arg_text(use, "sees"));
	if (sees < 0)
		return refuse_choice(use, "sees");
	*ret_sees = (enum wr_sees)sees;
	return 0;
}

static int change_sees(struct wr_use *use, const struct wr_patient *patient)
{
	enum wr_widen_end end = WR_WIDEN_SAME;
	enum wr_sees sees = WR_SEES_NOTHING;
	int r = read_sees(use, &sees);
	if (!r)
		r = wr_widen_sees(use, patient, wr_arg_text(use, "support"), sees, &end);
	return say(use, r,
	    end == WR_WIDEN_NARROWED ? "narrowed"
	    : end == WR_WIDEN_WAITS  ? "asked"
				     : "same");
}

/* Mistakes are told in the order of the form. */
static int add(struct wr_use *use, const struct wr_patient *patient)
{
	enum wr_sees sees = WR_SEES_NOTHING;
	const char *name = wr_arg_text(use, "name"), *relation = wr_arg_text(use, "relation");
	const char *phone = NULL;
	int r = wr_widen_check_words(use, name, relation);
	if (r)
		return r;
	r = wr_arg_phone(use, "phone", &phone);
	if (r)
		return wr_use_say(use, r, WR_SAY_PATIENT_WRONG_PHONE, "phone");
	r = read_sees(use, &sees);
	if (!r && sees == WR_SEES_NOTHING)
		r = refuse_choice(use, "sees");
	if (!r)
		r = wr_widen_add(use, patient, name, relation, sees, phone);
	return say(use, r, "asked");
}

int wr_case_patient_ask(struct wr_use *use)
{
	struct wr_patient patient;
	const char *what = wr_arg_text(use, "what");
	int r = find_patient(use, &patient);
	int wish = wr_word_value(&wr_words_wish, what);
	if (r)
		return r;
	if (wish >= 0)
		return ask(use, &patient, (enum wr_wish)wish);
	if (wr_text_equal(what, "sees"))
		return change_sees(use, &patient);
	if (wr_text_equal(what, "uninvite"))
		return say(
		    use, wr_widen_uninvite(use, &patient, wr_arg_text(use, "support")), "narrowed");
	if (wr_text_equal(what, "add"))
		return add(use, &patient);
	if (wr_text_equal(what, "take-back"))
		return say(use, wr_wish_take_back(use, &patient, wr_arg_text(use, "task")), "back");
	return refuse_choice(use, "what");
}

/* ---- questions and feedback ---- */

int wr_case_patient_questions(struct wr_use *use)
{
	struct wr_patient patient;
	const char *id = wr_arg_text(use, "question");
	int r = find_patient(use, &patient);
	if (r)
		return r;
	if (wr_text_empty(id))
		id = NULL;
	if (wr_arg_given(use, "remove"))
		return say(use, wr_question_remove(use, &patient, id ? id : ""), "taken-out");
	return say(use, wr_question_write(use, &patient, id, wr_arg_text(use, "text")), "noted");
}

int wr_case_patient_feedback(struct wr_use *use)
{
	struct wr_patient patient;
	int r = find_patient(use, &patient);
	if (!r)
		r = wr_feedback_give(use, &patient, wr_arg_text(use, "slot"));
	return say(use, r, "thanks");
}
