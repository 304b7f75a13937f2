/*
 * Rows as the JSON that programs rely on (2.3). Instants are ward time with its offset.
 */
#include "desk/use.h"

static json_t *text(const char *value)
{
	return value ? json_string(value) : json_null();
}

json_t *wr_json_time(struct wr_use *use, const char *ward, wr_time at)
{
	const struct wr_config_ward *place = wr_config_find_ward(use->config, ward);
	char written[WR_TIME_TEXT];
	if (at == WR_TIME_NONE)
		return json_null();
	return json_string(
	    place ? wr_time_rfc3339(place->zone, at, written) : wr_time_utc(at, written));
}

json_t *wr_json_patient(struct wr_use *use, const struct wr_patient *patient)
{
	enum wr_status status = wr_patient_status(patient, use->now);
	return json_pack(
	    "{s:s, s:s, s:s, s:s, s:o, s:o, s:i, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o,"
	    " s:s, s:b, s:o, s:o, s:b, s:b, s:b}",
	    "ref", patient->ref, "name", patient->name, "ward", patient->ward, "consultant",
	    patient->consultant, "bed", text(patient->bed), "admitted",
	    wr_json_time(use, patient->ward, patient->admitted), "slots", patient->slots, "status",
	    wr_word(&wr_words_status, (int)status), "prefers",
	    patient->prefers == WR_PREFERS_NONE ? ""
						: wr_word(&wr_words_prefers, (int)patient->prefers),
	    "label", text(patient->label), "nurse", text(patient->nurse), "last_seen",
	    wr_json_time(use, patient->ward, patient->last_seen), "phone", text(patient->phone),
	    "email", text(patient->email), "language", text(patient->language), "contact",
	    wr_word(&wr_words_contact, (int)patient->contact), "restricted", patient->restricted,
	    "hold", text(patient->hold_why), "discharged",
	    wr_json_time(use, patient->ward, patient->discharged), "died", patient->died,
	    "phone_bad", patient->phone_bad, "email_bad", patient->email_bad);
}

static json_t *free_times(struct wr_use *use, const char *support)
{
	struct wr_free *free = NULL;
	struct wr_support row;
	size_t n = 0;
	json_t *list = json_array();
	if (wr_store_support_get(use->tx, use->arena, support, &row) ||
	    wr_store_free_list(use->tx, use->arena,
		&(struct wr_store_support_filter){.patient = row.patient}, &free, &n))
		return list;
	for (size_t i = 0; i < n; i++) {
		char from[WR_TIME_TEXT], to[WR_TIME_TEXT];
		if (!wr_text_equal(free[i].support, support))
			continue;
		json_array_append_new(
		    list, json_sprintf("%.3s %s-%s", wr_weekday_name(free[i].weekday),
			      wr_clock_24(free[i].from, from), wr_clock_24(free[i].to, to)));
	}
	return list;
}

json_t *wr_json_support(struct wr_use *use, const struct wr_support *support)
{
	struct wr_patient patient = {0};
	const char *ward = NULL;
	if (wr_store_patient_get(use->tx, use->arena, support->patient, &patient) == 0)
		ward = patient.ward;
	return json_pack(
	    "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:s, s:b, s:b,"
	    " s:b, s:o, s:b, s:b, s:o, s:o, s:o, s:b, s:b}",
	    "ref", support->ref, "patient", support->patient, "name", support->name, "relation",
	    support->relation, "person", support->person, "sees",
	    wr_word(&wr_words_sees, (int)support->sees), "consent",
	    wr_word(&wr_words_consent, (int)support->consent), "agreed_by",
	    text(support->agreed_by), "basis", wr_word(&wr_words_basis, (int)support->basis),
	    "by_staff", text(support->by_staff), "agreed_at",
	    wr_json_time(use, ward, support->agreed_at), "ended_at",
	    wr_json_time(use, ward, support->ended_at), "attends",
	    wr_word(&wr_words_attends, (int)support->attends), "chosen", support->chosen,
	    "required", support->required, "free_said", support->free_said, "free",
	    free_times(use, support->ref), "stopped", support->stopped, "disputed",
	    support->disputed, "phone", text(support->phone), "email", text(support->email),
	    "language", text(support->language), "phone_bad", support->phone_bad, "email_bad",
	    support->email_bad);
}

static json_t *attending(struct wr_use *use, const char *slot)
{
	struct wr_attendee *list = NULL;
	size_t n = 0;
	json_t *supports = json_array();
	if (wr_store_attendee_list_of(use->tx, use->arena, slot, &list, &n) == 0)
		for (size_t i = 0; i < n; i++)
			json_array_append_new(supports, json_string(list[i].support));
	return supports;
}

static json_t *replies(struct wr_use *use, const struct wr_slot *slot)
{
	struct wr_reply *list = NULL;
	size_t n = 0;
	json_t *all = json_array();
	struct wr_store_reply_filter filter = {.slot = slot->ref};
	if (wr_store_reply_list(use->tx, use->arena, &filter, &list, &n))
		return all;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(
		    all, json_pack("{s:s, s:s, s:o, s:i, s:b, s:o}", "support", list[i].support,
			     "answer", wr_word(&wr_words_answer, (int)list[i].answer), "note",
			     text(list[i].note), "revision", list[i].revision, "for_old_time",
			     list[i].revision != slot->revision, "at",
			     wr_json_time(use, slot->ward, list[i].at)));
	return all;
}

json_t *wr_json_slot(struct wr_use *use, const struct wr_slot *slot)
{
	char week[WR_TIME_TEXT];
	return json_pack(
	    "{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:o, s:o, s:s, s:s, s:i, s:b, s:o,"
	    " s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o}",
	    "slot", slot->ref, "patient", slot->patient, "ward", slot->ward, "week",
	    wr_week_text(slot->week, week), "consultant", slot->consultant, "session",
	    slot->session, "cell", slot->cell, "cells", slot->cells, "start",
	    wr_json_time(use, slot->ward, slot->start), "end",
	    wr_json_time(use, slot->ward, slot->end), "room", slot->room, "state",
	    wr_word(&wr_words_state, (int)slot->state), "revision", slot->revision, "locked",
	    slot->locked, "supports", attending(use, slot->ref), "replies", replies(use, slot),
	    "why",
	    slot->why == WR_WHY_NONE ? json_null()
				     : json_string(wr_word(&wr_words_why, (int)slot->why)),
	    "reason", text(slot->reason), "late", slot->late, "late_why", text(slot->late_why),
	    "explain", text(slot->explain), "published",
	    wr_json_time(use, slot->ward, slot->published), "changed",
	    wr_json_time(use, slot->ward, slot->changed), "was",
	    wr_json_time(use, slot->ward, slot->was_start));
}

json_t *wr_json_away(struct wr_use *use, const struct wr_away *away)
{
	const char *ward = NULL;
	struct wr_patient patient;
	struct wr_support support;
	if (away->whose == WR_WHOSE_PATIENT &&
	    wr_store_patient_get(use->tx, use->arena, away->who, &patient) == 0)
		ward = patient.ward;
	else if (away->whose == WR_WHOSE_SUPPORT &&
		 wr_store_support_get(use->tx, use->arena, away->who, &support) == 0 &&
		 wr_store_patient_get(use->tx, use->arena, support.patient, &patient) == 0)
		ward = patient.ward;
	else if (use->config->n_wards)
		ward = use->config->wards[0].id;
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:o}", "id", away->id, "whose",
	    wr_word(&wr_words_whose, (int)away->whose), "who", away->who, "from",
	    wr_json_time(use, ward, away->from), "to", wr_json_time(use, ward, away->to), "why",
	    away->why ? away->why : "", "cover", text(away->cover));
}

json_t *wr_json_task(struct wr_use *use, const struct wr_task *task)
{
	json_t *data = task->data ? json_loads(task->data, 0, NULL) : NULL;
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:b, s:o, s:o, s:b, s:o}",
	    "id", task->id, "ward", task->ward, "kind", task->kind, "patient", text(task->patient),
	    "slot", text(task->slot), "text", task->text, "data", data ? data : json_null(),
	    "created", wr_json_time(use, task->ward, task->created), "alarm",
	    wr_json_time(use, task->ward, task->alarm), "urgent",
	    task->alarm != WR_TIME_NONE && task->alarm <= use->now, "done",
	    wr_json_time(use, task->ward, task->done), "done_by", text(task->done_by), "declined",
	    task->declined, "note", text(task->note));
}
