#include "desk/cases.h"
#include "desk/question.h"
#include "desk/wish.h"

/* The slot, and what the patient says about it: that is for who asks, and for no audit. */
static json_t *with_voice(struct wr_use *use, const struct wr_slot *slot)
{
	struct wr_question *questions = NULL;
	size_t n = 0;
	json_t *row = wr_json_slot(use, slot), *list = json_array();
	if (wr_question_list_of(use, slot, &questions, &n) == 0)
		for (size_t i = 0; i < n; i++)
			json_array_append_new(
			    list, wr_json_question(use, slot->ward, &questions[i]));
	json_object_set_new(row, "questions", list);
	json_object_set_new(row, "wishes", wr_json_wishes(use, slot));
	return row;
}

int wr_case_slot_list(struct wr_use *use)
{
	struct wr_week week = {0};
	struct wr_slot *slots = NULL;
	const struct wr_config_ward *ward = NULL;
	const struct wr_config_consultant *consultant = NULL;
	struct wr_patient patient;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .ward = wr_arg_text(use, "ward"),
	    .consultant = wr_arg_text(use, "consultant"),
	    .patient = wr_arg_text(use, "patient"),
	};
	int r = filter.ward ? wr_use_ward(use, filter.ward, &ward) : 0;
	if (!r && filter.consultant)
		r = wr_use_consultant(use, filter.consultant, &consultant);
	if (!r && filter.patient)
		r = wr_use_patient(use, filter.patient, &patient);
	if (!r)
		r = wr_arg_week(use, "week", &week);
	if (!ward)
		ward = &use->config->wards[0];
	if (!r)
		r = wr_arg_time(use, "from", ward, &filter.from);
	if (!r)
		r = wr_arg_time(use, "to", ward, &filter.to);
	if (week.year)
		filter.week = &week;
	if (!r)
		r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	if (r)
		return r;
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, with_voice(use, &slots[i]));
	wr_use_answer(use, "slots", list);
	return 0;
}

int wr_case_slot_show(struct wr_use *use)
{
	struct wr_slot slot;
	const char *ref = NULL;
	int r = wr_arg_must(use, "slot", &ref);
	if (!r)
		r = wr_use_slot(use, ref, &slot);
	if (r)
		return r;
	wr_use_answer(use, "slot", with_voice(use, &slot));
	return 0;
}
