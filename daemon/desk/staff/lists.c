/*
 * What waits for somebody: people to ring, tasks with proposals, unread notes.
 */
#include <stdlib.h>
#include <string.h>

#include "desk/cases.h"
#include "desk/staff/pages.h"
#include "desk/staff/sheet.h"
#include "desk/staff/words.h"

static json_t *of_ward(const struct wr_visit *visit)
{
	return json_pack("{s:s}", "ward", visit->ward);
}

/* ---- call list ---- */

static const char *heard_words(const char *level)
{
	if (wr_text_equal(level, "fetched"))
		return "A device has fetched it; that is no proof that it was read.";
	if (wr_text_equal(level, "delivered") || wr_text_equal(level, "accepted"))
		return "A message was sent; not confirmed.";
	return "Has not heard of it.";
}

/* What must not be said on the telephone. */
static const char *may_be_told(struct wr_use *use, const char *ref)
{
	struct wr_support support;
	if (wr_store_support_get(use->tx, use->arena, ref, &support) || support.sees == WR_SEES_ALL)
		return NULL;
	return wr_arena_printf(use->arena, "Say %s: nothing of the ward or the patient.",
	    wr_in_words_sees(wr_word(&wr_words_sees, (int)support.sees)));
}

static void add_call(
    struct wr_use *use, struct wr_visit *visit, struct wr_sheet_section *section, const json_t *row)
{
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	bool patient = wr_text_equal(wr_row_text(row, "whose"), "patient");
	const char *who = wr_row_text(row, "who"), *name = wr_row_text(row, "name");
	const char *phone = wr_row_text(row, "phone");
	bool off = wr_text_equal(wr_row_text(row, "state"), "cancelled");
	wr_sheet_row(section, name,
	    wr_arena_printf(use->arena, patient ? "/s/patients/%s" : "/s/supports/%s", who));
	if (off)
		wr_sheet_row_tag(section, "Cancelled", true);
	wr_sheet_line(section,
	    wr_arena_printf(use->arena, "%s%s%s",
		patient ? "Patient" : wr_in_words_relation(use, who),
		phone ? ", ring " : ", no number", phone ? wr_in_words_phone(use, phone) : ""));
	wr_sheet_line(section,
	    wr_arena_printf(use->arena, "%s: %s. %s", off ? "Does not take place" : "Ward round",
		wr_in_words_when(use, ward, wr_row_text(row, "start")),
		heard_words(wr_row_text(row, "level"))));
	if (!patient)
		wr_sheet_line(section, may_be_told(use, who));
	struct wr_form_draft *form =
	    wr_form_small(visit, "unseen", "tick", patient ? "Told, knows" : "Rung, knows", name);
	wr_form_hidden(form, patient ? "patient" : "support", who);
	wr_form_hidden(form, "slot", wr_row_text(row, "slot"));
	wr_form_hidden(form, "how", patient ? "told in person" : "rung");
	wr_sheet_form(section, form);
}

/* Whose round is next comes first. */
static int by_start(const void *a, const void *b)
{
	const json_t *const *one = a, *const *other = b;
	int order = strcmp(wr_row_text(*one, "start"), wr_row_text(*other, "start"));
	return order ? order : strcmp(wr_row_text(*one, "slot"), wr_row_text(*other, "slot"));
}

int wr_page_calls(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const json_t *answer = wr_visit_ask(use, wr_case_unseen_list, of_ward(visit), &r);
	if (!answer)
		return r;
	const json_t *list = json_object_get(answer, "unseen");
	size_t n = json_array_size(list);
	const json_t **rows = wr_arena_new(use->arena, const json_t *, n + 1);
	for (size_t i = 0; i < n; i++)
		rows[i] = json_array_get(list, i);
	qsort(rows, n, sizeof(*rows), by_start);
	struct wr_sheet *sheet = wr_sheet_new(visit, "Call list");
	wr_sheet_say(sheet,
	    "Who should know of a round and has not confirmed it. Tick somebody only when you have "
	    "spoken to them.");
	struct wr_sheet_section *ring =
	    wr_sheet_section(sheet, "ring", "To be rung", "Nobody has to be rung now.");
	struct wr_sheet_section *here =
	    wr_sheet_section(sheet, "here", "Patients to be told on the ward", NULL);
	struct wr_sheet_section *later =
	    wr_sheet_section(sheet, "later", "Messages are on their way to them", NULL);
	wr_sheet_hint(ring, "The round is within 48 hours, or there is no way to send a message.");
	for (size_t i = 0; i < n; i++)
		add_call(use, visit,
		    !wr_row_true(rows[i], "ring")                             ? later
		    : wr_text_equal(wr_row_text(rows[i], "whose"), "patient") ? here
									      : ring,
		    rows[i]);
	wr_sheet_draw(sheet, 0);
	return 0;
}

/* ---- tasks ---- */

/* What is said to a shell is left out, a sentence at a time. */
static const char *desk_words(struct wr_use *use, const char *text)
{
	struct wr_buf kept = {0};
	while (text && *text) {
		const char *end = strstr(text, ". ");
		size_t length = end ? (size_t)(end - text) + 1 : strlen(text);
		const char *sentence = wr_arena_strndup(use->arena, text, length);
		if (!strstr(sentence, "wardctl"))
			wr_buf_printf(&kept, "%s%s", kept.length ? " " : "", sentence);
		text += length + (end ? 1 : 0);
	}
	const char *words = wr_in_words_text(use, wr_buf_text(&kept));
	wr_buf_deinit(&kept);
	return words;
}

static const char *kind_words(const char *kind)
{
	static const struct {
		const char *kind, *words;
	} kinds[] = {
	    {"proposal", "Proposal to move slots"},
	    {"clash", "Slots that can't stay"},
	    {"ring", "Ring somebody"},
	    {"contact", "A contact does not work"},
	    {"endpoint", "Messages can't be sent"},
	    {"note", "Note from a support"},
	    {"wish", "A patient's wish"},
	    {"widen", "Ask a patient in private"},
	    {"narrowed", "A patient has narrowed something"},
	    {"record", "Was this slot held?"},
	    {"paper", "The pages to print are missing"},
	};
	for (size_t i = 0; kind && i < WR_COUNT(kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].words;
	return "To be done";
}

static bool can_be_declined(const char *kind)
{
	return wr_text_equal(kind, "wish") || wr_text_equal(kind, "widen");
}

static struct wr_form_draft *small(
    struct wr_visit *visit, const char *verb, const char *button, const char *id, const char *about)
{
	struct wr_form_draft *form = wr_form_small(visit, "task", verb, button, about);
	wr_form_hidden(form, "id", id);
	return form;
}

static void add_task(
    struct wr_use *use, struct wr_visit *visit, struct wr_sheet_section *section, const json_t *row)
{
	const char *kind = wr_row_text(row, "kind"), *id = wr_row_text(row, "id");
	const char *patient = wr_row_text(row, "patient"), *slot = wr_row_text(row, "slot");
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	bool proposal = wr_text_equal(kind, "proposal");
	const char *to = proposal  ? wr_arena_printf(use->arena, "/s/tasks/%s", id)
	                 : slot    ? wr_arena_printf(use->arena, "/s/slots/%s", slot)
	                 : patient ? wr_arena_printf(use->arena, "/s/patients/%s", patient)
	                           : NULL;
	const char *title = patient ? wr_arena_printf(use->arena, "%s: %s", kind_words(kind),
					  wr_in_words_patient(use, patient))
	                            : kind_words(kind);
	wr_sheet_row(section, title, to);
	if (wr_row_true(row, "urgent"))
		wr_sheet_row_tag(section, "Urgent", true);
	wr_sheet_line(section, desk_words(use, wr_row_text(row, "text")));
	wr_sheet_line(section, wr_arena_printf(use->arena, "Since %s",
				   wr_in_words_when(use, ward, wr_row_text(row, "created"))));
	if (proposal)
		return;
	wr_sheet_form(section, small(visit, "done", "Done", id, title));
	if (can_be_declined(kind))
		wr_sheet_form(section, small(visit, "decline", "No", id, title));
}

int wr_page_tasks(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	size_t i;
	const json_t *row, *answer = wr_visit_ask(use, wr_case_task_list, of_ward(visit), &r);
	if (!answer)
		return r;
	struct wr_sheet *sheet = wr_sheet_new(visit, "Tasks");
	struct wr_sheet_section *urgent = wr_sheet_section(sheet, "urgent", "Urgent", NULL);
	struct wr_sheet_section *usual =
	    wr_sheet_section(sheet, "usual", "To be done", "Nothing else to be done.");
	json_array_foreach (json_object_get(answer, "tasks"), i, row)
		if (!wr_text_equal(wr_row_text(row, "kind"), "note"))
			add_task(use, visit, wr_row_true(row, "urgent") ? urgent : usual, row);
	wr_sheet_draw(sheet, 0);
	return 0;
}

/* ---- one proposal ---- */

static void add_moves(
    struct wr_use *use, struct wr_visit *visit, struct wr_sheet *sheet, const json_t *data)
{
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	struct wr_sheet_section *moves =
	    wr_sheet_section(sheet, "moves", "Who moves", "Nobody who has a slot moves.");
	struct wr_sheet_section *placed =
	    wr_sheet_section(sheet, "placed", "Who gets a slot", NULL);
	size_t i;
	const json_t *row;
	json_array_foreach (json_object_get(data, "moves"), i, row) {
		wr_sheet_row(moves, wr_in_words_patient(use, wr_row_text(row, "patient")),
		    wr_arena_printf(use->arena, "/s/slots/%s", wr_row_text(row, "slot")));
		wr_sheet_line(moves, wr_arena_printf(use->arena, "From %s",
					 wr_in_words_when(use, ward, wr_row_text(row, "from"))));
		wr_sheet_line(moves, wr_arena_printf(use->arena, "to %s",
					 wr_in_words_when(use, ward, wr_row_text(row, "to"))));
	}
	json_array_foreach (json_object_get(data, "placed"), i, row)
		wr_sheet_row(placed, wr_in_words_patient(use, json_string_value(row)),
		    wr_arena_printf(use->arena, "/s/patients/%s", json_string_value(row)));
}

int wr_page_task(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	size_t i;
	const json_t *row, *found = NULL,
			   *answer = wr_visit_ask(use, wr_case_task_list, of_ward(visit), &r);
	if (!answer)
		return r;
	json_array_foreach (json_object_get(answer, "tasks"), i, row)
		if (wr_text_equal(wr_row_text(row, "id"), visit->subject))
			found = row;
	if (!found)
		return wr_unknown(use, NULL, "there is no open task `%s`", visit->subject);
	struct wr_sheet *sheet = wr_sheet_new(visit, kind_words(wr_row_text(found, "kind")));
	wr_sheet_back(sheet, "/s/tasks", "Tasks");
	wr_sheet_say(sheet, desk_words(use, wr_row_text(found, "text")));
	wr_sheet_say(sheet, "Nothing has moved yet, and nobody has been told. You see who would be "
			    "told before you say yes.");
	add_moves(use, visit, sheet, json_object_get(found, "data"));
	struct wr_sheet_section *section = wr_sheet_section(sheet, "decide", "Decide", NULL);
	struct wr_form_draft *yes = wr_form_new(visit, "task", "done", "See who would be told");
	struct wr_form_draft *no =
	    wr_form_small(visit, "task", "decline", "No, leave it as it is", NULL);
	wr_form_hidden(yes, "id", visit->subject);
	wr_form_hidden(yes, "then", "/s/tasks");
	wr_form_hidden(no, "id", visit->subject);
	wr_form_hidden(no, "then", "/s/tasks");
	wr_sheet_row(section, "Is this better?", NULL);
	wr_sheet_form(section, yes);
	wr_sheet_form(section, no);
	wr_sheet_draw(sheet, 0);
	return 0;
}

/* ---- notes ---- */

/* What that support wrote; the task names support and slot. */
static int add_note(struct wr_use *use, struct wr_sheet_section *section, const json_t *task)
{
	int r = 0;
	size_t i;
	const char *slot = wr_row_text(task, "slot");
	const json_t *row, *answer = slot ? wr_visit_ask(use, wr_case_reply_list,
						json_pack("{s:s}", "slot", slot), &r)
	                                  : NULL;
	json_array_foreach (json_object_get(answer, "replies"), i, row) {
		const char *support = wr_row_text(row, "support"), *note = wr_row_text(row, "note");
		const char *named = wr_arena_printf(use->arena, "support %s ", support);
		if (wr_text_empty(note) || !strstr(wr_row_text(task, "text"), named))
			continue;
		wr_sheet_line(section, wr_arena_printf(use->arena, "%s (%s): \"%s\"",
					   wr_in_words_support(use, support),
					   wr_in_words_answer(wr_row_text(row, "answer")), note));
	}
	return r;
}

int wr_page_notes(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	size_t i;
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	const json_t *row, *answer = wr_visit_ask(use, wr_case_task_list, of_ward(visit), &r);
	if (!answer)
		return r;
	struct wr_sheet *sheet = wr_sheet_new(visit, "Unread notes");
	struct wr_sheet_section *section = wr_sheet_section(
	    sheet, "notes", "From families and other supports", "No unread notes.");
	json_array_foreach (json_object_get(answer, "tasks"), i, row) {
		if (!wr_text_equal(wr_row_text(row, "kind"), "note"))
			continue;
		const char *patient = wr_row_text(row, "patient");
		wr_sheet_row(section, wr_in_words_patient(use, patient),
		    wr_arena_printf(use->arena, "/s/patients/%s", patient));
		if (wr_row_true(row, "urgent"))
			wr_sheet_row_tag(section, "Unread for 12 hours", true);
		r = add_note(use, section, row);
		if (r)
			return r;
		wr_sheet_line(section, wr_in_words_when(use, ward, wr_row_text(row, "created")));
		wr_sheet_form(section, small(visit, "done", "Mark as read", wr_row_text(row, "id"),
					   wr_in_words_patient(use, patient)));
	}
	wr_sheet_draw(sheet, 0);
	return 0;
}

/* ---- how rounds were ---- */

static const char *counts(struct wr_use *use, const json_t *row, const char *question)
{
	static const char *const ratings[] = {"yes", "partly", "no"};
	int n[WR_COUNT(ratings)];
	for (size_t i = 0; i < WR_COUNT(ratings); i++)
		n[i] = wr_row_int(row, wr_arena_printf(use->arena, "%s_%s", question, ratings[i]));
	return wr_arena_printf(use->arena, "%d yes, %d partly, %d no", n[0], n[1], n[2]);
}

int wr_page_feedback(struct wr_use *use, struct wr_visit *visit)
{
	static const char *const heads[] = {
	    "Month", "Forms", "Listened to", "The right people there", "Knows what is next", NULL};
	int r = 0;
	size_t i;
	const json_t *row, *answer = wr_visit_ask(use, wr_case_feedback_list, of_ward(visit), &r);
	if (!answer)
		return r;
	struct wr_sheet *sheet = wr_sheet_new(visit, "How rounds were");
	wr_sheet_back(sheet, "/s/", "Today");
	wr_sheet_say(
	    sheet, "What patients said on their pages, without names: five forms at a time.");
	struct wr_sheet_section *section =
	    wr_sheet_section(sheet, "months", "By month", "Not five forms yet.");
	wr_sheet_heads(section, "What patients said of their rounds", heads);
	json_array_foreach (json_object_get(answer, "feedback"), i, row) {
		wr_sheet_table_row(section, wr_row_text(row, "month"), NULL);
		wr_sheet_cell(section, wr_arena_printf(use->arena, "%d", wr_row_int(row, "forms")),
		    NULL, false);
		wr_sheet_cell(section, counts(use, row, "heard"), NULL, false);
		wr_sheet_cell(section, counts(use, row, "people"), NULL, false);
		wr_sheet_cell(section, counts(use, row, "next"), NULL, false);
	}
	wr_sheet_draw(sheet, WR_FRAME_WIDE);
	return 0;
}
