/*
 * Exporting: the same columns that an import reads, so that what goes out can come in again.
 */
#include "desk/cases.h"

#include <string.h>

static const char *text(const char *value)
{
	return value ? value : "";
}

static const char *ward_time(struct wr_use *use, const char *ward, wr_time at)
{
	const struct wr_config_ward *place = wr_config_find_ward(use->config, ward);
	char day[WR_TIME_TEXT], clock[WR_TIME_TEXT];
	if (at == WR_TIME_NONE || !place)
		return "";
	struct wr_wall wall = wr_zone_wall(place->zone, at);
	return wr_arena_printf(
	    use->arena, "%sT%s", wr_day_iso(wall.day, day), wr_clock_24(wall.minute, clock));
}

static void write_row(struct wr_buf *csv, const char *const *fields, size_t n)
{
	for (size_t i = 0; i < n; i++)
		wr_csv_write_field(csv, fields[i], i + 1 == n);
}
#define WRITE_ROW(csv, ...)                                                                        \
	write_row((csv), (const char *const[]){__VA_ARGS__},                                       \
	    WR_COUNT(((const char *const[]){__VA_ARGS__})))

static int answer(struct wr_use *use, struct wr_buf *csv)
{
	wr_use_answer(use, "csv", json_stringn(wr_buf_text(csv), csv->length));
	wr_buf_deinit(csv);
	return 0;
}

int wr_case_export_patients(struct wr_use *use)
{
	struct wr_patient *list = NULL;
	size_t n = 0;
	struct wr_buf csv = {0};
	int r =
	    wr_store_patient_list(use->tx, use->arena, wr_arg_text(use, "ward"), false, &list, &n);
	if (r)
		return r;
	WRITE_ROW(&csv, "ref", "name", "ward", "consultant", "bed", "admitted", "slots", "prefers",
	    "last_seen", "label", "language", "phone", "email");
	for (size_t i = 0; i < n; i++) {
		const struct wr_patient *p = &list[i];
		WRITE_ROW(&csv, p->ref, p->name, p->ward, p->consultant, text(p->bed),
		    ward_time(use, p->ward, p->admitted),
		    wr_arena_printf(use->arena, "%d", p->slots),
		    p->prefers == WR_PREFERS_NONE ? ""
						  : wr_word(&wr_words_prefers, (int)p->prefers),
		    ward_time(use, p->ward, p->last_seen), text(p->label), text(p->language),
		    text(p->phone), text(p->email));
	}
	return answer(use, &csv);
}

static const char *free_of(
    struct wr_use *use, const struct wr_support *support, const struct wr_free *free, size_t n)
{
	struct wr_free *own = wr_arena_new(use->arena, struct wr_free, n + 1);
	size_t n_own = 0;
	for (size_t i = 0; i < n; i++)
		if (wr_text_equal(free[i].support, support->ref))
			own[n_own++] = free[i];
	return wr_free_text(use->arena, own, n_own);
}

int wr_case_export_supports(struct wr_use *use)
{
	struct wr_support *list = NULL;
	struct wr_free *free = NULL;
	size_t n = 0, n_free = 0;
	struct wr_buf csv = {0};
	struct wr_store_support_filter here = {
	    .ward = wr_arg_text(use, "ward"), .not_discharged = true};
	int r = wr_store_support_list(use->tx, use->arena, &here, &list, &n);
	if (!r)
		r = wr_store_free_list(use->tx, use->arena, &here, &free, &n_free);
	if (r)
		return r;
	WRITE_ROW(&csv, "ref", "patient", "person", "name", "relation", "sees", "agreed_by",
	    "attends", "chosen", "required", "free", "phone", "email", "language");
	for (size_t i = 0; i < n; i++) {
		const struct wr_support *s = &list[i];
		bool agreed = s->consent == WR_CONSENT_AGREED;
		if (!agreed && s->consent != WR_CONSENT_SUGGESTED)
			continue;
		WRITE_ROW(&csv, s->ref, s->patient,
		    wr_text_equal(s->person, s->ref) ? "" : s->person, s->name, s->relation,
		    wr_word(&wr_words_sees, (int)s->sees), agreed ? text(s->agreed_by) : "",
		    wr_word(&wr_words_attends, (int)s->attends), s->chosen ? "yes" : "",
		    s->required ? "yes" : "", free_of(use, s, free, n_free), text(s->phone),
		    text(s->email), text(s->language));
	}
	return answer(use, &csv);
}

int wr_case_export_away(struct wr_use *use)
{
	struct wr_away *list = NULL;
	size_t n = 0;
	struct wr_buf csv = {0};
	struct wr_store_away_filter patients = {.whose = WR_STORE_BIT(WR_WHOSE_PATIENT)};
	int r = wr_store_away_list(use->tx, use->arena, &patients, &list, &n);
	if (r)
		return r;
	WRITE_ROW(&csv, "patient", "from", "to", "why");
	for (size_t i = 0; i < n; i++) {
		struct wr_patient patient;
		r = wr_store_patient_get(use->tx, use->arena, list[i].who, &patient);
		if (r == 0)
			WRITE_ROW(&csv, list[i].who, ward_time(use, patient.ward, list[i].from),
			    ward_time(use, patient.ward, list[i].to), text(list[i].why));
		else if (r != WR_STORE_NONE)
			break;
	}
	if (r && r != WR_STORE_NONE) {
		wr_buf_deinit(&csv);
		return r;
	}
	return answer(use, &csv);
}

int wr_case_export_slots(struct wr_use *use)
{
	struct wr_slot *list = NULL;
	size_t n = 0;
	struct wr_week week = {0};
	struct wr_buf csv = {0};
	int r = wr_arg_week(use, "week", &week);
	struct wr_store_slot_filter filter = {
	    .ward = wr_arg_text(use, "ward"), .week = week.year ? &week : NULL};
	if (!r)
		r = wr_store_slot_list(use->tx, use->arena, &filter, &list, &n);
	if (r)
		return r;
	WRITE_ROW(&csv, "slot", "patient", "ward", "week", "consultant", "session", "room", "start",
	    "end", "state", "revision");
	for (size_t i = 0; i < n; i++) {
		const struct wr_slot *s = &list[i];
		char name[WR_TIME_TEXT];
		WRITE_ROW(&csv, s->ref, s->patient, s->ward, wr_week_text(s->week, name),
		    s->consultant, s->session, s->room, ward_time(use, s->ward, s->start),
		    ward_time(use, s->ward, s->end), wr_word(&wr_words_state, (int)s->state),
		    wr_arena_printf(use->arena, "%d", s->revision));
	}
	return answer(use, &csv);
}
