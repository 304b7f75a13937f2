#include "desk/feedback.h"

#include "desk/cases.h"
#include "desk/doors.h"

enum { DAY = 86400, WEEK = 7 * DAY, MARK_WEEKS = 3 };

static const char *mark_of(struct wr_use *use, const char *slot)
{
	char text[WR_TOKEN_MARK + 1];
	return wr_arena_strdup(use->arena, wr_token_mark(use->ground->key, "feedback", slot, text));
}

static int last_held(struct wr_use *use, const struct wr_patient *patient, struct wr_slot *ret_slot)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	wr_time since = use->now - WR_FEEDBACK_DAYS * DAY;
	if (patient->admitted > since)
		since = patient->admitted;
	int r = wr_store_slot_held(use->tx, use->arena, patient->ref, since, 1, &slots, &n);
	if (r || n == 0)
		return r ? r : WR_STORE_NONE;
	*ret_slot = slots[0];
	return 0;
}

int wr_feedback_slot(struct wr_use *use, const struct wr_patient *patient, struct wr_slot *ret_slot)
{
	int r = last_held(use, patient, ret_slot);
	if (r)
		return r;
	r = wr_store_mark_get(use->tx, mark_of(use, ret_slot->ref));
	return r == 0 ? WR_STORE_NONE : r == WR_STORE_NONE ? 0 : r;
}

static int read_answers(struct wr_use *use, int answers[WR_FEEDBACK_QUESTIONS])
{
	bool any = false;
	int r = 0;
	for (int q = 0; q < WR_FEEDBACK_QUESTIONS && !r; q++) {
		answers[q] = WR_FEEDBACK_SKIPPED;
		const char *name = wr_word(&wr_words_feedback_question, q);
		if (!wr_text_empty(wr_arg_text(use, name)))
			r = wr_use_say(use, wr_arg_word(use, name, &wr_words_rating, &answers[q]),
			    WR_SAY_PATIENT_WRONG_CHOOSE, name);
		any |= answers[q] != WR_FEEDBACK_SKIPPED;
	}
	if (r || any)
		return r;
	return wr_use_say(use, wr_fault(use, WR_FAULT_DATA, NULL, "nothing was answered"),
	    WR_SAY_PATIENT_WRONG_CHOOSE_ANY, "heard");
}

static int refuse_slot(struct wr_use *use)
{
	return wr_use_say(use, wr_refuse(use, NULL, "that slot can't be answered"),
	    WR_SAY_PATIENT_WRONG_FEEDBACK_SLOT, NULL);
}

static int count(
    struct wr_use *use, const struct wr_slot *slot, const int answers[WR_FEEDBACK_QUESTIONS])
{
	struct wr_feedback last, batch;
	const struct wr_config_ward *ward;
	int r = wr_use_ward_of(use, slot->ward, &ward);
	if (r)
		return r;
	r = wr_store_feedback_last(use->tx, use->arena, ward->id, &last);
	if (r && r != WR_STORE_NONE)
		return r;
	batch = wr_feedback_count(
	    r ? NULL : &last, ward->id, answers, wr_zone_day(ward->zone, use->now));
	return wr_use_stored(use, wr_store_feedback_put(use->tx, &batch), "feedback");
}

int wr_feedback_give(struct wr_use *use, const struct wr_patient *patient, const char *slot)
{
	int answers[WR_FEEDBACK_QUESTIONS];
	struct wr_slot held;
	int r = read_answers(use, answers);
	if (!r)
		r = last_held(use, patient, &held);
	if (r == WR_STORE_NONE || (!r && !wr_text_equal(held.ref, slot)))
		return refuse_slot(use);
	if (!r) /* by the week only: not even the day says who it was */
		r = wr_store_mark_put(
		    use->tx, mark_of(use, slot), (use->now / WEEK + MARK_WEEKS) * WEEK);
	if (r == WR_STORE_EXISTS)
		return wr_use_say(use, wr_refuse(use, NULL, "that slot was answered already"),
		    WR_SAY_PATIENT_WRONG_FEEDBACK_TWICE, NULL);
	return r ? r : count(use, &held, answers);
}

/* ---- for the ward ---- */

static json_t *sum_json(const struct wr_feedback *sum)
{
	char day[WR_TIME_TEXT];
	json_t *row = json_pack("{s:s, s:o, s:i}", "ward", sum->ward, "month",
	    json_sprintf("%.7s", wr_day_iso(sum->month, day)), "forms", sum->forms);
	for (int q = 0; q < WR_FEEDBACK_QUESTIONS; q++)
		for (int a = 0; a < WR_RATINGS; a++) {
			char name[32];
			snprintf(name, sizeof(name), "%s_%s",
			    wr_word(&wr_words_feedback_question, q), wr_word(&wr_words_rating, a));
			json_object_set_new(row, name, json_integer(sum->n[q][a]));
		}
	return row;
}

int wr_case_feedback_list(struct wr_use *use)
{
	struct wr_feedback *batches = NULL;
	const struct wr_config_ward *ward = NULL;
	const char *id = wr_arg_text(use, "ward");
	size_t n = 0;
	int waiting = 0;
	int r = id ? wr_use_ward(use, id, &ward) : 0;
	if (!r)
		r = wr_store_feedback_list(use->tx, use->arena, id, &batches, &n);
	json_t *months = json_array();
	for (size_t i = 0; i < n && !r;) {
		struct wr_feedback sum = {.ward = batches[i].ward, .month = batches[i].month};
		for (; i < n && batches[i].month == sum.month &&
		       wr_text_equal(batches[i].ward, sum.ward);
		     i++) {
			wr_feedback_add(&sum, &batches[i]);
			if (!wr_feedback_is_shown(&batches[i]))
				waiting += batches[i].forms;
		}
		if (sum.forms)
			json_array_append_new(months, sum_json(&sum));
	}
	wr_use_answer(use, "feedback", months);
	wr_use_answer(use, "waiting", json_integer(waiting));
	return r;
}
