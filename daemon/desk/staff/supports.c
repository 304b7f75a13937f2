/*
 * One support of a patient, and the forms about supports: suggest, agree, change, end, time away,
 * an answer over the telephone.
 */
#include <string.h>

#include "desk/cases.h"
#include "desk/staff/pages.h"
#include "desk/staff/sheet.h"
#include "desk/staff/words.h"

/* ---- choices ---- */

static const struct wr_form_choice levels[] = {
    {"time", "The time only", "When the meeting is; not where, and not what it is about."},
    {"place", "Time and place", "Also where it is and how to arrive."},
    {"all", "Everything", "Also the patient's name, and that it is a ward round."},
    {"nothing", "Nothing", NULL},
};
static const struct wr_form_choice ways[] = {
    {"person", "In person", NULL},
    {"phone", "By phone", NULL},
    {"video", "By video", NULL},
};
static const struct wr_form_choice grounds[] = {
    {"patient", "The patient agreed", NULL},
    {"best-interests", "Decided in the patient's best interests", NULL},
    {"law", "The law asks for it", NULL},
};
static const struct wr_form_choice answers[] = {
    {"person", "Comes in person", NULL},
    {"phone", "Joins by phone", NULL},
    {"video", "Joins by video", NULL},
    {"no", "Can't come", NULL},
};

/* ---- finding ---- */

static const char *page_of(struct wr_visit *visit, const char *support)
{
	return wr_arena_printf(visit->arena, "/s/supports/%s", support);
}

/* The support that the address names, of a patient of this ward. */
static const json_t *find(struct wr_use *use, struct wr_visit *visit, int *ret)
{
	struct wr_support support;
	struct wr_patient patient;
	*ret = wr_use_support(use, visit->subject, &support);
	if (!*ret)
		*ret = wr_use_patient(use, support.patient, &patient);
	if (!*ret && !wr_text_equal(patient.ward, visit->ward))
		*ret = wr_unknown(use, NULL, "there is no support `%s`", visit->subject);
	const json_t *answer = *ret ? NULL
	                            : wr_visit_ask(use, wr_case_support_list,
					  json_pack("{s:s}", "patient", support.patient), ret);
	size_t i;
	const json_t *row;
	visit->patient = *ret ? NULL : support.patient;
	json_array_foreach (json_object_get(answer, "supports"), i, row)
		if (wr_text_equal(wr_row_text(row, "ref"), visit->subject))
			return row;
	return NULL;
}

static void ask_about(struct wr_use *use, struct wr_visit *visit, const json_t *support,
    struct wr_html_desk_ask *ask, struct wr_form_draft *form)
{
	const char *ref = wr_row_text(support, "ref");
	ask->about = wr_in_words_support(use, ref);
	ask->back = page_of(visit, ref);
	ask->back_to = wr_row_text(support, "name");
	wr_form_hidden(form, "then", ask->back);
	wr_frame_ask(visit, ask, form);
}

/* ---- one support ---- */

static const char *free_words(struct wr_use *use, const json_t *support, const char *otherwise)
{
	struct wr_buf text = {0};
	size_t i;
	const json_t *part;
	json_array_foreach (json_object_get(support, "free"), i, part)
		wr_buf_printf(&text, "%s%s", i ? "; " : "", json_string_value(part));
	const char *words =
	    text.length ? wr_arena_strdup(use->arena, wr_buf_text(&text)) : otherwise;
	wr_buf_deinit(&text);
	return words;
}

static void add_facts(
    struct wr_use *use, struct wr_visit *visit, struct wr_sheet *sheet, const json_t *s)
{
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	const char *patient = wr_row_text(s, "patient");
	bool agreed = wr_text_equal(wr_row_text(s, "consent"), "agreed");
	wr_sheet_fact(sheet, "Patient", wr_in_words_patient(use, patient),
	    wr_arena_printf(use->arena, "/s/patients/%s", patient));
	wr_sheet_fact(sheet, "Relation", wr_row_text(s, "relation"), NULL);
	wr_sheet_fact(
	    sheet, "Sees", agreed ? wr_in_words_sees(wr_row_text(s, "sees")) : "nothing", NULL);
	wr_sheet_fact(sheet, "Agreed by", agreed ? wr_row_text(s, "agreed_by") : NULL, NULL);
	wr_sheet_fact(sheet, "Asked by", wr_row_text(s, "by_staff"), NULL);
	wr_sheet_fact(sheet, "Agreed on",
	    agreed ? wr_in_words_when(use, ward, wr_row_text(s, "agreed_at")) : NULL, NULL);
	wr_sheet_fact(
	    sheet, "Ended", wr_in_words_when(use, ward, wr_row_text(s, "ended_at")), NULL);
	wr_sheet_fact(sheet, "Usually comes", wr_in_words_answer(wr_row_text(s, "attends")), NULL);
	wr_sheet_fact(sheet, "Usually free", free_words(use, s, "nobody has said when"), NULL);
	wr_sheet_fact(sheet, "Weight",
	    wr_row_true(s, "required") ? "the round is of little use without this person"
	    : wr_row_true(s, "chosen") ? "chosen by the patient"
				       : NULL,
	    NULL);
	wr_sheet_fact(sheet, "Phone", wr_in_words_phone(use, wr_row_text(s, "phone")), NULL);
	wr_sheet_fact(sheet, "E-mail", wr_row_text(s, "email"), NULL);
	wr_sheet_fact(
	    sheet, "Messages", wr_row_true(s, "stopped") ? "stopped by this person" : NULL, NULL);
}

static void add_more(struct wr_visit *visit, struct wr_sheet *sheet, const json_t *support)
{
	const char *consent = wr_row_text(support, "consent"), *ref = wr_row_text(support, "ref");
	bool agreed = wr_text_equal(consent, "agreed");
	wr_sheet_more(sheet, wr_arena_printf(visit->arena, "/s/supports/%s/edit", ref),
	    "Change the details, or what this person sees");
	if (agreed) {
		wr_sheet_more(sheet, wr_arena_printf(visit->arena, "/s/supports/%s/reply", ref),
		    "Has answered by telephone");
		wr_sheet_more(sheet, wr_arena_printf(visit->arena, "/s/supports/%s/links", ref),
		    "Page and calendar for this person");
		wr_sheet_more(sheet, wr_arena_printf(visit->arena, "/s/supports/%s/withdraw", ref),
		    "The patient takes the consent back");
	} else {
		wr_sheet_more(sheet, wr_arena_printf(visit->arena, "/s/supports/%s/agree", ref),
		    "The patient agrees");
	}
	wr_sheet_more(sheet, wr_arena_printf(visit->arena, "/s/supports/%s/away", ref),
	    "Add a time when this person can't come");
	wr_sheet_more(sheet, wr_arena_printf(visit->arena, "/s/supports/%s/remove", ref),
	    "Take off the list");
}

static bool is_restricted(struct wr_use *use, const char *ref)
{
	struct wr_patient patient;
	return wr_store_patient_get(use->tx, use->arena, ref, &patient) == 0 && patient.restricted;
}

int wr_page_support(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const json_t *support = find(use, visit, &r);
	if (!support)
		return r;
	const char *consent = wr_row_text(support, "consent");
	struct wr_sheet *sheet = wr_sheet_new(visit, wr_row_text(support, "name"));
	wr_sheet_back(sheet,
	    wr_arena_printf(visit->arena, "/s/patients/%s", wr_row_text(support, "patient")),
	    wr_in_words_patient(use, wr_row_text(support, "patient")));
	wr_sheet_about(sheet, wr_in_words_relation(use, visit->subject));
	wr_sheet_tag(sheet, consent, !wr_text_equal(consent, "agreed"));
	if (!wr_text_equal(consent, "agreed"))
		wr_sheet_warning(sheet,
		    "Not agreed. If this person rings, neither confirm nor deny that anybody is "
		    "here.");
	if (is_restricted(use, wr_row_text(support, "patient")))
		wr_sheet_warning(sheet,
		    "The stay is restricted: this person is told nothing. Neither confirm nor deny "
		    "that anybody is here.");
	add_facts(use, visit, sheet, support);
	add_more(visit, sheet, support);
	wr_sheet_draw(sheet, 0);
	return 0;
}

/* ---- forms ---- */

static void add_details(struct wr_use *use, struct wr_form_draft *form, const json_t *s)
{
	wr_form_text(form, "phone", "Phone", NULL, wr_in_words_phone(use, wr_row_text(s, "phone")));
	wr_form_text(form, "email", "E-mail", NULL, wr_row_text(s, "email"));
	wr_form_radios(form, "attends", "How does this person usually come?", NULL, ways,
	    WR_COUNT(ways), s ? wr_row_text(s, "attends") : "person");
	wr_form_text(form, "free", "Usually free",
	    "For example: Tue 13:00-17:00; Thu 09:00-12:30. Leave empty when nobody has said.",
	    s ? free_words(use, s, NULL) : NULL);
}

int wr_page_support_add(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const json_t *answer =
	    wr_visit_ask(use, wr_case_patient_show, json_pack("{s:s}", "ref", visit->subject), &r);
	const json_t *patient = json_object_get(answer, "patient");
	if (patient && !wr_text_equal(wr_row_text(patient, "ward"), visit->ward))
		r = wr_unknown(use, NULL, "there is no patient `%s`", visit->subject);
	if (r)
		return r;
	visit->patient = wr_row_text(patient, "ref");
	static const struct wr_form_choice agreed[] = {
	    {"patient", "Yes, I asked the patient in private", NULL},
	    {"", "Not yet: only suggested", "Is told nothing, and does not count, until then."},
	};
	struct wr_form_draft *form = wr_form_new(visit, "support", "add", "Add");
	wr_form_hidden(form, "patient", visit->subject);
	wr_form_hidden(form, "by_staff", visit->name);
	wr_form_text(form, "name", "Name", NULL, NULL);
	wr_form_text(form, "relation", "Who is this to the patient?",
	    "Mother, friend, advocate, care coordinator, ...", NULL);
	wr_form_radios(
	    form, "agreed_by", "Has the patient agreed?", NULL, agreed, WR_COUNT(agreed), "");
	wr_form_radios(form, "sees", "What may this person see?", NULL, levels, 3, "time");
	add_details(use, form, NULL);
	struct wr_html_desk_ask ask = {
	    .title = "Add somebody",
	    .about = wr_row_text(patient, "name"),
	    .back = wr_arena_printf(visit->arena, "/s/patients/%s", visit->subject),
	    .back_to = wr_row_text(patient, "name"),
	};
	wr_frame_ask(visit, &ask, form);
	return 0;
}

int wr_page_support_edit(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const json_t *s = find(use, visit, &r);
	if (!s)
		return r;
	static const char *const lines[] = {"What this person may see gets more only when the "
					    "patient has agreed, asked in private."};
	struct wr_form_draft *form = wr_form_new(visit, "support", "edit", "Save");
	wr_form_hidden(form, "ref", visit->subject);
	wr_form_text(form, "name", "Name", NULL, wr_row_text(s, "name"));
	wr_form_text(
	    form, "relation", "Who is this to the patient?", NULL, wr_row_text(s, "relation"));
	wr_form_radios(form, "sees", "What may this person see?", NULL, levels, WR_COUNT(levels),
	    wr_row_text(s, "sees"));
	add_details(use, form, s);
	wr_form_text(form, "person", "One person for several patients",
	    "The same reference here makes them one person, who is never in two places at once.",
	    wr_row_text(s, "person"));
	wr_form_truth(
	    form, "chosen", "Did the patient choose this person?", NULL, wr_row_true(s, "chosen"));
	wr_form_truth(form, "required", "Is the round of little use without this person?", NULL,
	    wr_row_true(s, "required"));
	struct wr_html_desk_ask ask = {
	    .title = "Change the details", .lines = lines, .n_lines = WR_COUNT(lines)};
	ask_about(use, visit, s, &ask, form);
	return 0;
}

int wr_page_support_agree(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const json_t *s = find(use, visit, &r);
	if (!s)
		return r;
	const char *sees = wr_row_text(s, "sees");
	struct wr_form_draft *form = wr_form_new(visit, "support", "agree", "Save");
	wr_form_hidden(form, "ref", visit->subject);
	wr_form_hidden(form, "by_staff", visit->name);
	wr_form_radios(
	    form, "basis", "On what ground?", NULL, grounds, WR_COUNT(grounds), "patient");
	wr_form_text(form, "agreed_by", "Who agreed?",
	    "\"patient\", or the name of who decided for the patient.", "patient");
	wr_form_radios(form, "sees", "What may this person see?", NULL, levels, 3,
	    wr_text_equal(sees, "nothing") ? "time" : sees);
	struct wr_html_desk_ask ask = {.title = "The patient agrees"};
	ask_about(use, visit, s, &ask, form);
	return 0;
}

int wr_page_support_withdraw(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const json_t *s = find(use, visit, &r);
	if (!s)
		return r;
	static const char *const lines[] = {
	    "It ends at once: page, calendar, messages and plans. What this person has fetched or "
	    "been sent before can't be recalled."};
	static const struct wr_form_choice tell[] = {
	    {"", "Tell this person nothing", NULL},
	    {"true", "Send \"please do not travel\", without a reason", NULL},
	};
	struct wr_form_draft *form = wr_form_new(visit, "support", "withdraw", "End it now");
	wr_form_danger(form);
	wr_form_hidden(form, "ref", visit->subject);
	wr_form_radios(form, "tell", "Is this person to be told not to travel?", NULL, tell,
	    WR_COUNT(tell), "");
	struct wr_html_desk_ask ask = {.title = "The patient takes the consent back",
	    .lines = lines,
	    .n_lines = WR_COUNT(lines)};
	ask_about(use, visit, s, &ask, form);
	return 0;
}

int wr_page_support_remove(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const json_t *s = find(use, visit, &r);
	if (!s)
		return r;
	struct wr_form_draft *form = wr_form_new(visit, "support", "remove", "Take off the list");
	wr_form_danger(form);
	wr_form_hidden(form, "ref", visit->subject);
	struct wr_html_desk_ask ask = {
	    .title = "Take off the list",
	    .warning = "What this person has fetched or been sent before can't be recalled.",
	};
	ask_about(use, visit, s, &ask, form);
	return 0;
}

int wr_page_support_away(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const json_t *s = find(use, visit, &r);
	if (!s)
		return r;
	struct wr_form_draft *form = wr_form_new(visit, "away", "add", "Save");
	wr_form_hidden(form, "support", visit->subject);
	wr_form_time(form, "from", "From", NULL, NULL);
	wr_form_time(form, "to", "To", NULL, NULL);
	wr_form_text(form, "why", "Why?", "Holiday, work, ...", NULL);
	struct wr_html_desk_ask ask = {.title = "A time when this person can't come"};
	ask_about(use, visit, s, &ask, form);
	return 0;
}

/* Published slots of the patient that are still to come. */
static const struct wr_form_choice *coming_slots(
    struct wr_use *use, struct wr_visit *visit, const char *patient, size_t *ret_n, int *ret)
{
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	const json_t *answer =
	    wr_visit_ask(use, wr_case_slot_list, json_pack("{s:s}", "patient", patient), ret);
	const json_t *slots = json_object_get(answer, "slots");
	struct wr_form_choice *list =
	    wr_arena_new(use->arena, struct wr_form_choice, json_array_size(slots) + 1);
	size_t i;
	const json_t *slot;
	json_array_foreach (slots, i, slot)
		if (wr_text_equal(wr_row_text(slot, "state"), "published") &&
		    wr_in_words_time(ward, wr_row_text(slot, "end")) > use->now)
			list[(*ret_n)++] = (struct wr_form_choice){wr_row_text(slot, "slot"),
			    wr_in_words_when(use, ward, wr_row_text(slot, "start")), NULL};
	return list;
}

int wr_page_support_reply(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	size_t n = 0;
	const json_t *s = find(use, visit, &r);
	const struct wr_form_choice *slots =
	    s ? coming_slots(use, visit, wr_row_text(s, "patient"), &n, &r) : NULL;
	if (r || !s)
		return r;
	struct wr_form_draft *form = wr_form_new(visit, "reply", "add", "Save");
	wr_form_hidden(form, "support", visit->subject);
	wr_form_radios(form, "slot", "For which round?", n ? NULL : "There is no round to come.",
	    slots, n, n == 1 ? slots[0].value : NULL);
	wr_form_radios(
	    form, "answer", "What did this person say?", NULL, answers, WR_COUNT(answers), NULL);
	wr_form_text(form, "note", "Note for staff", "Leave empty when there is none.", NULL);
	struct wr_html_desk_ask ask = {.title = "Has answered by telephone"};
	ask_about(use, visit, s, &ask, form);
	return 0;
}
