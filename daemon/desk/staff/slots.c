/*
 * One slot, and the forms that change it.
 */
#include <string.h>

#include "desk/cases.h"
#include "desk/staff/pages.h"
#include "desk/staff/sheet.h"
#include "desk/staff/words.h"

static const struct wr_form_choice whys[] = {
    {"patient-declined", "The patient did not want it", NULL},
    {"patient-asleep", "The patient was asleep", NULL},
    {"patient-away", "The patient was not here", NULL},
    {"doctor-away", "The doctor could not come", "The patient is planned again."},
    {"overrun", "No time was left", "The patient is planned again."},
    {"emergency", "An emergency on the ward", "The patient is planned again."},
    {"other", "Something else", "The patient is planned again."},
};

static const json_t *find(struct wr_use *use, struct wr_visit *visit, int *ret)
{
	const json_t *answer =
	    wr_visit_ask(use, wr_case_slot_show, json_pack("{s:s}", "slot", visit->subject), ret);
	const json_t *slot = json_object_get(answer, "slot");
	if (slot && !wr_text_equal(wr_row_text(slot, "ward"), visit->ward))
		*ret = wr_unknown(use, NULL, "there is no slot `%s`", visit->subject);
	visit->patient = *ret ? NULL : wr_row_text(slot, "patient");
	return *ret ? NULL : slot;
}

/* ---- the page ---- */

static void add_supports(
    struct wr_use *use, struct wr_visit *visit, struct wr_sheet *sheet, const json_t *slot)
{
	const json_t *planned = json_object_get(slot, "supports");
	const json_t *replies = json_object_get(slot, "replies");
	struct wr_sheet_section *section =
	    wr_sheet_section(sheet, "people", "Who comes", "Nobody besides the patient.");
	size_t i, k;
	const json_t *row, *reply;
	json_array_foreach (replies, i, reply) {
		const char *ref = wr_row_text(reply, "support");
		const char *note = wr_row_text(reply, "note");
		wr_sheet_row(section, wr_in_words_support(use, ref),
		    wr_arena_printf(visit->arena, "/s/supports/%s", ref));
		wr_sheet_line(section,
		    wr_arena_printf(use->arena, "Said: %s%s",
			wr_in_words_answer(wr_row_text(reply, "answer")),
			wr_row_true(reply, "for_old_time") ? " (answered for the old time)" : ""));
		if (!wr_text_empty(note))
			wr_sheet_line(section, wr_arena_printf(use->arena, "Note: \"%s\"", note));
	}
	json_array_foreach (planned, i, row) {
		bool replied = false;
		json_array_foreach (replies, k, reply)
			replied |=
			    wr_text_equal(wr_row_text(reply, "support"), json_string_value(row));
		if (replied)
			continue;
		wr_sheet_row(section, wr_in_words_support(use, json_string_value(row)),
		    wr_arena_printf(visit->arena, "/s/supports/%s", json_string_value(row)));
		wr_sheet_line(section, "Could come; has not answered yet.");
	}
}

static void add_facts(struct wr_use *use, const struct wr_config_ward *ward, struct wr_sheet *sheet,
    const json_t *slot)
{
	const char *session = wr_row_text(slot, "session");
	wr_sheet_fact(sheet, "Day", wr_in_words_day(use, ward, wr_row_text(slot, "start")), NULL);
	wr_sheet_fact(sheet, "Time",
	    wr_in_words_span(use, ward, wr_row_text(slot, "start"), wr_row_text(slot, "end")),
	    NULL);
	wr_sheet_fact(sheet, "Round", wr_in_words_session(use, session),
	    wr_arena_printf(use->arena, "/s/sessions/%s", session));
	wr_sheet_fact(
	    sheet, "With", wr_in_words_consultant(use, wr_row_text(slot, "consultant")), NULL);
	wr_sheet_fact(sheet, "Room", wr_row_text(slot, "room"), NULL);
	wr_sheet_fact(
	    sheet, "Was before", wr_in_words_when(use, ward, wr_row_text(slot, "was")), NULL);
	wr_sheet_fact(sheet, "Reason of the last change", wr_row_text(slot, "reason"), NULL);
	wr_sheet_fact(sheet, "Why this time", wr_row_text(slot, "explain"), NULL);
	wr_sheet_fact(sheet, "Later than promised",
	    wr_row_true(slot, "late") ? wr_row_text(slot, "late_why") : NULL, NULL);
	if (wr_row_true(slot, "locked"))
		wr_sheet_fact(sheet, "Locked", "the planner leaves it where it is", NULL);
}

static void add_voice(struct wr_sheet *sheet, const json_t *slot)
{
	size_t i;
	const json_t *row;
	struct wr_sheet_section *section =
	    wr_sheet_section(sheet, "questions", "The patient wants to talk about", NULL);
	json_array_foreach (json_object_get(slot, "questions"), i, row)
		wr_sheet_row(section, wr_row_text(row, "text"), NULL);
	section = wr_sheet_section(sheet, "wishes", "The patient's wishes", NULL);
	json_array_foreach (json_object_get(slot, "wishes"), i, row) {
		wr_sheet_row(section, wr_row_text(row, "wish"), NULL);
		wr_sheet_line(section, wr_row_text(row, "words"));
	}
}

static void add_button(struct wr_visit *visit, struct wr_sheet_section *section, const char *verb,
    const char *button, const char *slot)
{
	struct wr_form_draft *form = wr_form_small(visit, "slot", verb, button, NULL);
	wr_form_hidden(form, "slot", slot);
	wr_sheet_form(section, form);
}

/* What can be done with one tap in this state, and what needs a page. */
static void add_steps(struct wr_visit *visit, struct wr_sheet *sheet, const json_t *slot)
{
	const char *state = wr_row_text(slot, "state"), *ref = wr_row_text(slot, "slot");
	bool published = wr_text_equal(state, "published");
	bool started = wr_text_equal(state, "started");
	struct wr_sheet_section *section = wr_sheet_section(sheet, "steps", "On the day", NULL);
	wr_sheet_row(section, "One step", NULL);
	if (published)
		add_button(visit, section, "start", "Start", ref);
	if (started)
		add_button(visit, section, "finish", "Finish", ref);
	add_button(visit, section, "undo", "Undo the last step", ref);
	if (published)
		add_button(visit, section, wr_row_true(slot, "locked") ? "unlock" : "lock",
		    wr_row_true(slot, "locked") ? "Unlock" : "Lock", ref);
	static const struct {
		const char *verb, *name;
		bool when_started;
	} more[] = {
	    {"missed", "It was not held", true},
	    {"move", "Move it to another time", false},
	    {"swap", "Swap it with another patient's", false},
	    {"decline", "The patient does not want it", false},
	    {"cancel", "Cancel it", false},
	};
	for (size_t i = 0; i < WR_COUNT(more); i++)
		if (published || (started && more[i].when_started))
			wr_sheet_more(sheet,
			    wr_arena_printf(visit->arena, "/s/slots/%s/%s", ref, more[i].verb),
			    more[i].name);
}

int wr_page_slot(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	const json_t *slot = find(use, visit, &r);
	if (!slot)
		return r;
	const char *patient = wr_row_text(slot, "patient"), *state = wr_row_text(slot, "state");
	struct wr_sheet *sheet = wr_sheet_new(visit, wr_in_words_patient(use, patient));
	wr_sheet_back(sheet,
	    wr_arena_printf(use->arena, "/s/week?week=%s", wr_row_text(slot, "week")), "Week");
	wr_sheet_about(sheet, "Slot");
	wr_sheet_tag(sheet, state, wr_text_equal(state, "cancelled"));
	add_facts(use, ward, sheet, slot);
	add_supports(use, visit, sheet, slot);
	add_voice(sheet, slot);
	add_steps(visit, sheet, slot);
	wr_sheet_more(
	    sheet, wr_arena_printf(use->arena, "/s/patients/%s", patient), "The patient's page");
	wr_sheet_draw(sheet, 0);
	return 0;
}

/* ---- forms ---- */

static void ask_about(struct wr_use *use, struct wr_visit *visit, const json_t *slot,
    struct wr_html_desk_ask *ask, struct wr_form_draft *form)
{
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	ask->about = wr_arena_printf(use->arena, "%s, %s",
	    wr_in_words_patient(use, wr_row_text(slot, "patient")),
	    wr_in_words_when(use, ward, wr_row_text(slot, "start")));
	ask->back = wr_arena_printf(use->arena, "/s/slots/%s", visit->subject);
	ask->back_to = "The slot";
	wr_form_hidden(form, "slot", visit->subject);
	wr_form_hidden(form, "then", ask->back);
	wr_frame_ask(visit, ask, form);
}

int wr_page_slot_missed(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const json_t *slot = find(use, visit, &r);
	if (!slot)
		return r;
	struct wr_form_draft *form = wr_form_new(visit, "slot", "missed", "Save");
	wr_form_radios(form, "why", "Why was it not held?", NULL, whys, WR_COUNT(whys), NULL);
	struct wr_html_desk_ask ask = {.title = "It was not held"};
	ask_about(use, visit, slot, &ask, form);
	return 0;
}

int wr_page_slot_cancel(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const json_t *slot = find(use, visit, &r);
	if (!slot)
		return r;
	struct wr_form_draft *form = wr_form_new(visit, "slot", "cancel", "Go on");
	wr_form_radios(form, "why", "What happened?", NULL, whys, WR_COUNT(whys), NULL);
	wr_form_text(form, "reason", "In a few words, for staff",
	    "People are told no more than a fixed phrase.", NULL);
	struct wr_html_desk_ask ask = {.title = "Cancel this slot"};
	ask_about(use, visit, slot, &ask, form);
	return 0;
}

int wr_page_slot_decline(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const json_t *slot = find(use, visit, &r);
	if (!slot)
		return r;
	struct wr_form_draft *form = wr_form_new(visit, "slot", "decline", "Go on");
	wr_form_text(form, "reason", "What did the patient say?",
	    "For staff only. People are told no more than a fixed phrase.", NULL);
	struct wr_html_desk_ask ask = {.title = "The patient does not want it"};
	ask_about(use, visit, slot, &ask, form);
	return 0;
}

static const struct wr_form_choice *places(
    struct wr_use *use, struct wr_visit *visit, size_t *ret_n, int *ret)
{
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	const json_t *answer =
	    wr_visit_ask(use, wr_case_slot_places, json_pack("{s:s}", "slot", visit->subject), ret);
	const json_t *place, *list = json_object_get(answer, "places");
	struct wr_form_choice *choices =
	    wr_arena_new(use->arena, struct wr_form_choice, json_array_size(list) + 1);
	size_t i;
	json_array_foreach (list, i, place) {
		const char *start = wr_row_text(place, "start");
		choices[(*ret_n)++] = (struct wr_form_choice){wr_in_words_field(use, ward, start),
		    wr_arena_printf(use->arena, "%s, %s", wr_in_words_when(use, ward, start),
			wr_in_words_consultant(use, wr_row_text(place, "consultant"))),
		    NULL};
	}
	return choices;
}

int wr_page_slot_move(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	size_t n = 0;
	const json_t *slot = find(use, visit, &r);
	const struct wr_form_choice *list = slot ? places(use, visit, &n, &r) : NULL;
	if (r || !slot)
		return r;
	struct wr_form_draft *form = wr_form_new(visit, "slot", "move", "Go on");
	wr_form_select(form, "to", "Free times of this week",
	    n ? NULL : "There is no free time left this week.", list, n, NULL);
	wr_form_text(form, "reason", "Why?",
	    "For staff only. People are told no more than a fixed phrase.", NULL);
	struct wr_html_desk_ask ask = {.title = "Move this slot"};
	ask_about(use, visit, slot, &ask, form);
	return 0;
}

int wr_page_slot_swap(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	size_t n = 0, i;
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	const json_t *other, *slot = find(use, visit, &r);
	const json_t *answer = !slot ? NULL
	                             : wr_visit_ask(use, wr_case_slot_list,
					   json_pack("{s:s, s:s}", "ward", visit->ward, "week",
					       wr_row_text(slot, "week")),
					   &r);
	if (!answer)
		return r;
	const json_t *slots = json_object_get(answer, "slots");
	struct wr_form_choice *list =
	    wr_arena_new(use->arena, struct wr_form_choice, json_array_size(slots) + 1);
	json_array_foreach (slots, i, other)
		if (wr_text_equal(wr_row_text(other, "state"), "published") &&
		    !wr_text_equal(wr_row_text(other, "slot"), visit->subject) &&
		    wr_in_words_time(ward, wr_row_text(other, "start")) > use->now)
			list[n++] = (struct wr_form_choice){wr_row_text(other, "slot"),
			    wr_arena_printf(use->arena, "%s, %s",
				wr_in_words_patient(use, wr_row_text(other, "patient")),
				wr_in_words_when(use, ward, wr_row_text(other, "start"))),
			    NULL};
	struct wr_form_draft *form = wr_form_new(visit, "slot", "swap", "Go on");
	wr_form_select(form, "with", "With whom?", NULL, list, n, NULL);
	wr_form_text(form, "reason", "Why?",
	    "For staff only. People are told no more than a fixed phrase.", NULL);
	struct wr_html_desk_ask ask = {.title = "Swap two slots"};
	ask_about(use, visit, slot, &ask, form);
	return 0;
}
