#include "desk/cases.h"

int wr_case_patient_list(struct wr_use *use)
{
	const struct wr_config_ward *ward = NULL;
	struct wr_patient *patients = NULL;
	size_t n = 0;
	int r = wr_arg_text(use, "ward") ? wr_use_ward(use, wr_arg_text(use, "ward"), &ward) : 0;
	if (!r)
		r = wr_store_patient_list(
		    use->tx, use->arena, ward ? ward->id : NULL, true, &patients, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n && !r; i++)
		json_array_append_new(list, wr_json_patient(use, &patients[i]));
	wr_use_answer(use, "patients", list);
	return r;
}

static int add_supports(struct wr_use *use, const char *patient)
{
	struct wr_support *supports = NULL;
	struct wr_block *blocks = NULL;
	size_t n = 0, n_blocks = 0;
	struct wr_store_support_filter filter = {.patient = patient};
	int r = wr_store_support_list(use->tx, use->arena, &filter, &supports, &n);
	if (!r)
		r = wr_store_block_list(use->tx, use->arena, patient, &blocks, &n_blocks);
	json_t *people = json_array(), *never = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(people, wr_json_support(use, &supports[i]));
	for (size_t i = 0; i < n_blocks; i++)
		json_array_append_new(never, json_string(blocks[i].name));
	wr_use_answer(use, "supports", people);
	wr_use_answer(use, "blocked", never);
	return r;
}

static int add_times(struct wr_use *use, const char *patient)
{
	struct wr_slot *slots = NULL;
	struct wr_away *aways = NULL;
	struct wr_unplaced *unplaced = NULL;
	size_t n = 0, n_aways = 0, n_unplaced = 0;
	struct wr_store_slot_filter filter = {.patient = patient};
	struct wr_store_away_filter away = {
	    .whose = WR_STORE_BIT(WR_WHOSE_PATIENT), .who = patient};
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	if (!r)
		r = wr_store_away_list(use->tx, use->arena, &away, &aways, &n_aways);
	if (!r)
		r = wr_store_unplaced_list(
		    use->tx, use->arena, NULL, NULL, patient, &unplaced, &n_unplaced);
	json_t *times = json_array(), *gone = json_array(), *without = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(times, wr_json_slot(use, &slots[i]));
	for (size_t i = 0; i < n_aways; i++)
		json_array_append_new(gone, wr_json_away(use, &aways[i]));
	for (size_t i = 0; i < n_unplaced; i++) {
		char week[WR_TIME_TEXT];
		json_array_append_new(
		    without, json_pack("{s:s, s:s}", "week", wr_week_text(unplaced[i].week, week),
				 "why", unplaced[i].why));
	}
	wr_use_answer(use, "slots", times);
	wr_use_answer(use, "away", gone);
	wr_use_answer(use, "unplaced", without);
	return r;
}

int wr_case_patient_show(struct wr_use *use)
{
	const char *ref = NULL;
	struct wr_patient patient;
	int r = wr_arg_must(use, "ref", &ref);
	if (!r)
		r = wr_use_patient(use, ref, &patient);
	if (r)
		return r;
	wr_use_answer(use, "patient", wr_json_patient(use, &patient));
	r = add_supports(use, ref);
	return r ? r : add_times(use, ref);
}
