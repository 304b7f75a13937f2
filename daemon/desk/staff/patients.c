/*
 * The patients of the ward, and one of them with everything that belongs to them.
 */
#include <string.h>

#include "desk/cases.h"
#include "desk/staff/pages.h"
#include "desk/staff/sheet.h"
#include "desk/staff/words.h"

/* ---- the list ---- */

static const char *status_words(const char *status)
{
	if (wr_text_equal(status, "expected"))
		return "Expected";
	if (wr_text_equal(status, "held"))
		return "Not here for now";
	if (wr_text_equal(status, "discharged"))
		return "Discharged";
	return NULL;
}

/* When this patient's next slot is, of the ward's slots in the order of their starts. */
static const char *next_slot(
    struct wr_use *use, const struct wr_config_ward *ward, const json_t *slots, const char *patient)
{
	size_t i;
	const json_t *slot;
	json_array_foreach (slots, i, slot) {
		const char *state = wr_row_text(slot, "state");
		if (wr_text_equal(wr_row_text(slot, "patient"), patient) &&
		    (wr_text_equal(state, "published") || wr_text_equal(state, "started")) &&
		    wr_in_words_time(ward, wr_row_text(slot, "end")) > use->now)
			return wr_in_words_when(use, ward, wr_row_text(slot, "start"));
	}
	return "no slot yet";
}

static bool is_shown(const json_t *row, bool discharged)
{
	return wr_text_equal(wr_row_text(row, "status"), "discharged") == discharged;
}

static void add_patients(struct wr_use *use, const struct wr_config_ward *ward,
    struct wr_sheet_section *section, const json_t *patients, const json_t *slots, bool discharged)
{
	static const char *const heads[] = {"Patient", "Bed", "Consultant", "Next round", NULL};
	static const char *const left[] = {"Patient", "Bed", "Consultant", "Left", NULL};
	size_t i;
	const json_t *row;
	wr_sheet_heads(section, discharged ? "Discharged patients" : "Patients on the ward",
	    discharged ? left : heads);
	json_array_foreach (patients, i, row) {
		if (!is_shown(row, discharged))
			continue;
		const char *ref = wr_row_text(row, "ref"), *bed = wr_row_text(row, "bed");
		const char *tag = wr_row_true(row, "restricted")
		                      ? "Restricted"
		                      : status_words(wr_row_text(row, "status"));
		wr_sheet_table_row(section, wr_row_text(row, "name"),
		    wr_arena_printf(use->arena, "/s/patients/%s", ref));
		wr_sheet_cell(section, bed ? bed : "", discharged ? NULL : tag,
		    wr_row_true(row, "restricted"));
		wr_sheet_cell(section, wr_in_words_consultant(use, wr_row_text(row, "consultant")),
		    NULL, false);
		wr_sheet_cell(section,
		    discharged ? wr_in_words_when(use, ward, wr_row_text(row, "discharged"))
			       : next_slot(use, ward, slots, ref),
		    NULL, false);
	}
}

int wr_page_patients(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	bool discharged = wr_visit_query(visit, "discharged") != NULL;
	const json_t *answer =
	    wr_visit_ask(use, wr_case_patient_list, json_pack("{s:s}", "ward", visit->ward), &r);
	const json_t *slots =
	    r ? NULL
	      : wr_visit_ask(use, wr_case_slot_list, json_pack("{s:s}", "ward", visit->ward), &r);
	if (!slots)
		return r;
	struct wr_sheet *sheet =
	    wr_sheet_new(visit, discharged ? "Discharged patients" : "Patients");
	if (!discharged)
		wr_sheet_button(sheet, "/s/admit", "Admit a patient");
	struct wr_sheet_section *section = wr_sheet_section(
	    sheet, "patients", discharged ? "Discharged" : "On the ward, and expected", "Nobody.");
	add_patients(use, ward, section, json_object_get(answer, "patients"),
	    json_object_get(slots, "slots"), discharged);
	if (discharged)
		wr_sheet_back(sheet, "/s/patients", "Patients");
	else
		wr_sheet_link(section, "/s/patients?discharged=1", "Discharged patients");
	wr_sheet_draw(sheet, WR_FRAME_WIDE);
	return 0;
}

/* ---- one patient ---- */

struct one {
	struct wr_use *use;
	struct wr_visit *visit;
	const struct wr_config_ward *ward;
	const char *ref, *name;
	const json_t *patient, *answer;
	struct wr_sheet *sheet;
	bool gone;
};

static const char *at(const struct one *one, const char *what)
{
	return wr_arena_printf(one->use->arena, "/s/patients/%s/%s", one->ref, what);
}

static void add_facts(const struct one *one)
{
	struct wr_use *use = one->use;
	const json_t *p = one->patient;
	const char *prefers = wr_row_text(p, "prefers");
	wr_sheet_fact(one->sheet, "Bed", wr_row_text(p, "bed"), NULL);
	wr_sheet_fact(one->sheet, "Consultant",
	    wr_in_words_consultant(use, wr_row_text(p, "consultant")), NULL);
	wr_sheet_fact(one->sheet, "Named nurse", wr_row_text(p, "nurse"), NULL);
	wr_sheet_fact(one->sheet,
	    wr_text_equal(wr_row_text(p, "status"), "expected") ? "Expected" : "Admitted",
	    wr_in_words_when(use, one->ward, wr_row_text(p, "admitted")), NULL);
	wr_sheet_fact(one->sheet, "Left",
	    wr_in_words_when(use, one->ward, wr_row_text(p, "discharged")), NULL);
	wr_sheet_fact(one->sheet, "Not here because", wr_row_text(p, "hold"), NULL);
	wr_sheet_fact(
	    one->sheet, "Would rather have the", wr_text_empty(prefers) ? NULL : prefers, NULL);
	wr_sheet_fact(one->sheet, "Phone", wr_in_words_phone(use, wr_row_text(p, "phone")), NULL);
	wr_sheet_fact(one->sheet, "E-mail", wr_row_text(p, "email"), NULL);
	wr_sheet_fact(one->sheet, "Supports' calendars say", wr_row_text(p, "label"), NULL);
	wr_sheet_fact(one->sheet, "Reference", one->ref, NULL);
}

static void add_slots(const struct one *one)
{
	struct wr_use *use = one->use;
	struct wr_sheet_section *section =
	    wr_sheet_section(one->sheet, "slots", "Ward rounds", "No slot yet.");
	size_t i;
	const json_t *slot;
	json_array_foreach (json_object_get(one->answer, "slots"), i, slot) {
		const char *state = wr_row_text(slot, "state");
		if (wr_in_words_time(one->ward, wr_row_text(slot, "end")) < use->now - 14 * 86400)
			continue;
		wr_sheet_row(section, wr_in_words_when(use, one->ward, wr_row_text(slot, "start")),
		    wr_arena_printf(use->arena, "/s/slots/%s", wr_row_text(slot, "slot")));
		wr_sheet_row_tag(section, state, wr_text_equal(state, "cancelled"));
		wr_sheet_line(
		    section, wr_arena_printf(use->arena, "%s, %s",
				 wr_in_words_consultant(use, wr_row_text(slot, "consultant")),
				 wr_row_text(slot, "room")));
		if (wr_row_true(slot, "late"))
			wr_sheet_line(section, wr_row_text(slot, "late_why"));
	}
	json_array_foreach (json_object_get(one->answer, "unplaced"), i, slot) {
		wr_sheet_row(section,
		    wr_arena_printf(use->arena, "No slot in week %s", wr_row_text(slot, "week")),
		    NULL);
		wr_sheet_line(section, wr_row_text(slot, "why"));
	}
}

static const char *consent_words(const struct one *one, const json_t *support)
{
	const char *consent = wr_row_text(support, "consent");
	if (one->gone)
		return "Is told nothing any more.";
	if (wr_row_true(one->patient, "restricted"))
		return "Is told nothing while the stay is restricted.";
	if (wr_text_equal(consent, "agreed"))
		return wr_arena_printf(one->use->arena, "Sees %s. Usually comes %s.",
		    wr_in_words_sees(wr_row_text(support, "sees")),
		    wr_in_words_answer(wr_row_text(support, "attends")));
	if (wr_text_equal(consent, "suggested"))
		return "Only suggested: is told nothing until the patient has agreed.";
	return "Is told nothing any more.";
}

static void add_support(
    const struct one *one, struct wr_sheet_section *section, const json_t *support)
{
	struct wr_use *use = one->use;
	const char *consent = wr_row_text(support, "consent"), *ref = wr_row_text(support, "ref");
	wr_sheet_row(section,
	    wr_arena_printf(use->arena, "%s, %s", wr_row_text(support, "name"),
		wr_row_text(support, "relation")),
	    wr_arena_printf(use->arena, "/s/supports/%s", ref));
	if (!wr_text_equal(consent, "agreed"))
		wr_sheet_row_tag(section, consent, wr_text_equal(consent, "suggested"));
	wr_sheet_line(section, consent_words(one, support));
	wr_sheet_line(section, wr_in_words_phone(use, wr_row_text(support, "phone")));
}

static void add_supports(const struct one *one)
{
	struct wr_sheet_section *section = wr_sheet_section(
	    one->sheet, "supports", "Family, friends and other supports", "Nobody so far.");
	size_t i;
	const json_t *support;
	json_array_foreach (json_object_get(one->answer, "supports"), i, support)
		if (!wr_text_equal(wr_row_text(support, "consent"), "removed"))
			add_support(one, section, support);
	if (!one->gone)
		wr_sheet_link(section, at(one, "support"), "Add somebody");
	section =
	    wr_sheet_section(one->sheet, "blocked", "Not agreed: neither confirm nor deny", NULL);
	json_array_foreach (json_object_get(one->answer, "blocked"), i, support) {
		wr_sheet_row(section, json_string_value(support), NULL);
		wr_sheet_line(section, "Never to be added or told. Say nothing of a stay here.");
	}
}

static void add_away(const struct one *one)
{
	struct wr_use *use = one->use;
	struct wr_sheet_section *section =
	    wr_sheet_section(one->sheet, "away", "Leave and other times away", "None.");
	size_t i;
	const json_t *away;
	json_array_foreach (json_object_get(one->answer, "away"), i, away) {
		const char *from = wr_row_text(away, "from"), *to = wr_row_text(away, "to");
		if (wr_in_words_time(one->ward, to) < use->now)
			continue;
		const char *words = wr_arena_printf(use->arena, "%s to %s",
		    wr_in_words_when(use, one->ward, from), wr_in_words_when(use, one->ward, to));
		wr_sheet_row(section, words, NULL);
		wr_sheet_line(section, wr_row_text(away, "why"));
		struct wr_form_draft *form =
		    wr_form_small(one->visit, "away", "remove", "Take back", words);
		wr_form_hidden(form, "id", wr_row_text(away, "id"));
		wr_sheet_form(section, form);
	}
	if (!one->gone)
		wr_sheet_link(section, at(one, "away"), "Add a time away");
}

static int add_questions(const struct one *one)
{
	int r = 0;
	size_t i;
	const json_t *row, *answer = wr_visit_ask(one->use, wr_case_question_list,
			       json_pack("{s:s}", "patient", one->ref), &r);
	if (!answer)
		return r;
	struct wr_sheet_section *section = wr_sheet_section(
	    one->sheet, "questions", "Wants to talk about on the round", "Nothing so far.");
	json_array_foreach (json_object_get(answer, "questions"), i, row) {
		wr_sheet_row(section, wr_row_text(row, "text"), NULL);
		struct wr_form_draft *form = wr_form_small(
		    one->visit, "question", "remove", "Take out", wr_row_text(row, "text"));
		wr_form_hidden(form, "id", wr_row_text(row, "id"));
		wr_sheet_form(section, form);
	}
	if (!one->gone)
		wr_sheet_link(section, at(one, "question"), "Add a question");
	return 0;
}

static void add_more(const struct one *one)
{
	struct wr_sheet *sheet = one->sheet;
	if (one->gone) {
		bool died = wr_row_true(one->patient, "died");
		struct wr_form_draft *form = wr_form_small(one->visit, "patient", "discharge",
		    died ? "That was a mistake: take it back" : "Take the discharge back", NULL);
		wr_form_hidden(form, "ref", one->ref);
		wr_form_hidden(form, "undo", "true");
		wr_sheet_fill(sheet, form);
		if (!died)
			wr_sheet_more(sheet,
			    wr_arena_printf(one->use->arena, "/s/admit?ref=%s", one->ref),
			    "Admit this patient again");
		return;
	}
	bool held = wr_text_equal(wr_row_text(one->patient, "status"), "held");
	wr_sheet_more(sheet, at(one, "edit"), "Change the details");
	if (!held)
		wr_sheet_more(sheet, at(one, "hold"), "Not here for now");
	wr_sheet_more(sheet, at(one, "block"), "Somebody must not be told");
	wr_sheet_more(sheet, at(one, "links"), "Page and calendar for the patient");
	wr_sheet_more(sheet, at(one, "transfer"), "Transfer to another ward");
	wr_sheet_more(sheet, at(one, "discharge"), "Discharge");
	wr_sheet_more(sheet, at(one, "died"), "The patient has died");
	if (held) {
		struct wr_form_draft *form =
		    wr_form_new(one->visit, "patient", "release", "Here again");
		wr_form_hidden(form, "ref", one->ref);
		wr_sheet_fill(sheet, form);
	}
}

static void add_head(const struct one *one)
{
	const char *status = status_words(wr_row_text(one->patient, "status"));
	wr_sheet_back(one->sheet, "/s/patients", "Patients");
	if (wr_row_true(one->patient, "died"))
		wr_sheet_tag(one->sheet, "Died", false);
	else if (status)
		wr_sheet_tag(one->sheet, status, false);
	if (wr_row_true(one->patient, "restricted"))
		wr_sheet_warning(one->sheet,
		    "Restricted: no page, no calendar, no messages, and no name on any list that "
		    "leaves the desk. Tell nobody that this patient is here.");
}

int wr_page_patient(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	struct one one = {.use = use, .visit = visit, .ward = wr_visit_ward(use, visit)};
	one.answer =
	    wr_visit_ask(use, wr_case_patient_show, json_pack("{s:s}", "ref", visit->subject), &r);
	one.patient = json_object_get(one.answer, "patient");
	if (!one.answer)
		return r;
	if (!wr_text_equal(wr_row_text(one.patient, "ward"), visit->ward))
		return wr_unknown(use, NULL, "there is no patient `%s`", visit->subject);
	one.ref = wr_row_text(one.patient, "ref");
	one.name = wr_row_text(one.patient, "name");
	one.gone = wr_text_equal(wr_row_text(one.patient, "status"), "discharged");
	one.sheet = wr_sheet_new(visit, one.name);
	visit->patient = one.ref;
	add_head(&one);
	add_facts(&one);
	add_slots(&one);
	add_supports(&one);
	add_away(&one);
	r = add_questions(&one);
	add_more(&one);
	if (!r)
		wr_sheet_draw(one.sheet, 0);
	return r;
}
