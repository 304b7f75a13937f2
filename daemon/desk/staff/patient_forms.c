/*
 * Forms about one patient: admit, edit, hold, transfer, discharge, death, time away, block.
 */
#include <string.h>

#include "desk/cases.h"
#include "desk/staff/pages.h"
#include "desk/staff/sheet.h"
#include "desk/staff/words.h"

/* ---- choices ---- */

static const struct wr_form_choice *consultants(
    struct wr_use *use, const struct wr_config_ward *ward, size_t *ret_n)
{
	struct wr_form_choice *list =
	    wr_arena_new(use->arena, struct wr_form_choice, use->config->n_consultants + 1);
	*ret_n = 0;
	for (size_t c = 0; c < use->config->n_consultants; c++)
		for (size_t i = 0; i < ward->n_rounds; i++)
			if (ward->rounds[i].consultant == (int)c) {
				list[(*ret_n)++] =
				    (struct wr_form_choice){use->config->consultants[c].id,
					use->config->consultants[c].name, NULL};
				break;
			}
	return list;
}

static const struct wr_form_choice contacts[] = {
    {"sms", "Text message", NULL},
    {"email", "E-mail", NULL},
    {"call", "Somebody rings", NULL},
    {"paper", "A slip on paper", NULL},
};
static const struct wr_form_choice halves[] = {
    {"", "No matter", NULL},
    {"morning", "Morning", NULL},
    {"afternoon", "Afternoon", NULL},
};

/* ---- admit, edit ---- */

static void add_admission(struct wr_use *use, struct wr_form_draft *form,
    const struct wr_config_ward *ward, const json_t *again)
{
	size_t n = 0;
	const struct wr_form_choice *leads = consultants(use, ward, &n);
	wr_form_text(form, "name", "Name", NULL, wr_row_text(again, "name"));
	if (n > 1)
		wr_form_radios(form, "consultant", "Consultant", NULL, leads, n,
		    wr_row_text(again, "consultant"));
	else if (n == 1)
		wr_form_hidden(form, "consultant", leads[0].value);
	wr_form_text(form, "bed", "Bed", "Leave empty when it is not known yet.", NULL);
	wr_form_text(form, "phone", "The patient's own phone",
	    "For messages about the round. Leave empty when there is none.",
	    wr_in_words_phone(use, wr_row_text(again, "phone")));
	wr_form_time(form, "admitted", "When, if it is not now",
	    "A time to come makes the patient expected.", NULL);
	wr_form_truth(form, "restricted", "Is the stay restricted?",
	    "Then there is no page, no calendar, no message, and no name on lists.", false);
}

int wr_page_admit(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	const char *ref = wr_visit_query(visit, "ref");
	const json_t *answer =
	    ref ? wr_visit_ask(use, wr_case_patient_show, json_pack("{s:s}", "ref", ref), &r)
		: NULL;
	const json_t *again = json_object_get(answer, "patient");
	if (!r && again && !wr_text_equal(wr_row_text(again, "ward"), visit->ward))
		r = wr_unknown(use, NULL, "there is no patient `%s`", ref);
	if (r)
		return r;
	struct wr_form_draft *form = wr_form_new(visit, "patient", "admit", "Admit");
	wr_form_hidden(form, "ref", ref);
	add_admission(use, form, ward, again);
	struct wr_html_desk_ask ask = {
	    .title = "Admit a patient",
	    .back = "/s/patients",
	    .back_to = "Patients",
	};
	wr_frame_ask(visit, &ask, form);
	return 0;
}

/* The patient that the address names, if this ward has such a one. */
static const json_t *find(struct wr_use *use, struct wr_visit *visit, int *ret)
{
	const json_t *answer =
	    wr_visit_ask(use, wr_case_patient_show, json_pack("{s:s}", "ref", visit->subject), ret);
	const json_t *patient = json_object_get(answer, "patient");
	if (patient && !wr_text_equal(wr_row_text(patient, "ward"), visit->ward))
		*ret = wr_unknown(use, NULL, "there is no patient `%s`", visit->subject);
	visit->patient = *ret ? NULL : wr_row_text(patient, "ref");
	return *ret ? NULL : patient;
}

/* A page with one form about a patient, and the way back to the patient's page. */
static void ask_about(struct wr_visit *visit, const json_t *patient, struct wr_html_desk_ask *ask,
    struct wr_form_draft *form)
{
	const char *page =
	    wr_arena_printf(visit->arena, "/s/patients/%s", wr_row_text(patient, "ref"));
	ask->about = wr_row_text(patient, "name");
	ask->back = page;
	ask->back_to = ask->about;
	wr_form_hidden(form, "then", page);
	wr_frame_ask(visit, ask, form);
}

int wr_page_patient_edit(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	size_t n = 0;
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	const json_t *p = find(use, visit, &r);
	if (!p)
		return r;
	struct wr_form_draft *form = wr_form_new(visit, "patient", "edit", "Save");
	wr_form_hidden(form, "ref", visit->subject);
	wr_form_text(form, "name", "Name", NULL, wr_row_text(p, "name"));
	const struct wr_form_choice *leads = consultants(use, ward, &n);
	wr_form_select(
	    form, "consultant", "Consultant", NULL, leads, n, wr_row_text(p, "consultant"));
	wr_form_text(form, "bed", "Bed", NULL, wr_row_text(p, "bed"));
	wr_form_text(form, "nurse", "Named nurse", NULL, wr_row_text(p, "nurse"));
	wr_form_text(form, "phone", "The patient's own phone", NULL,
	    wr_in_words_phone(use, wr_row_text(p, "phone")));
	wr_form_text(form, "email", "The patient's own e-mail", NULL, wr_row_text(p, "email"));
	wr_form_select(form, "contact", "How the patient is told", NULL, contacts,
	    WR_COUNT(contacts), wr_row_text(p, "contact"));
	wr_form_select(form, "prefers", "Would rather have the", NULL, halves, WR_COUNT(halves),
	    wr_row_text(p, "prefers"));
	wr_form_text(form, "label", "What supports' calendars call the meeting",
	    "In the patient's own words; \"Meeting\" when it is empty.", wr_row_text(p, "label"));
	wr_form_number(form, "slots", "Slots that one round takes", NULL,
	    wr_arena_printf(use->arena, "%d", wr_row_int(p, "slots")));
	if (wr_text_equal(wr_row_text(p, "status"), "expected"))
		wr_form_time(form, "admitted", "Expected", NULL,
		    wr_in_words_field(use, ward, wr_row_text(p, "admitted")));
	wr_form_truth(form, "restricted", "Is the stay restricted?",
	    "Then there is no page, no calendar, no message, and no name on lists.",
	    wr_row_true(p, "restricted"));
	struct wr_html_desk_ask ask = {.title = "Change the details"};
	ask_about(visit, p, &ask, form);
	return 0;
}

/* ---- away from the ward ---- */

int wr_page_patient_hold(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const json_t *p = find(use, visit, &r);
	if (!p)
		return r;
	static const char *const lines[] = {
	    "The patient keeps the slot. Reminders rest until the patient is here again."};
	struct wr_form_draft *form = wr_form_new(visit, "patient", "hold", "Save");
	wr_form_hidden(form, "ref", visit->subject);
	wr_form_text(form, "why", "Why is the patient not here?",
	    "For example: absent without leave, in another hospital.", NULL);
	struct wr_html_desk_ask ask = {
	    .title = "Not here for now", .lines = lines, .n_lines = WR_COUNT(lines)};
	ask_about(visit, p, &ask, form);
	return 0;
}

int wr_page_patient_transfer(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	size_t n = 0;
	const json_t *p = find(use, visit, &r);
	if (!p)
		return r;
	struct wr_form_choice *wards =
	    wr_arena_new(use->arena, struct wr_form_choice, use->config->n_wards + 1);
	for (size_t i = 0; i < use->config->n_wards; i++)
		if (!wr_text_equal(use->config->wards[i].id, visit->ward))
			wards[n++] = (struct wr_form_choice){
			    use->config->wards[i].id, use->config->wards[i].name, NULL};
	struct wr_form_choice *leads =
	    wr_arena_new(use->arena, struct wr_form_choice, use->config->n_consultants + 1);
	for (size_t i = 0; i < use->config->n_consultants; i++)
		leads[i] = (struct wr_form_choice){
		    use->config->consultants[i].id, use->config->consultants[i].name, NULL};
	struct wr_form_draft *form = wr_form_new(visit, "patient", "transfer", "Go on");
	wr_form_hidden(form, "ref", visit->subject);
	wr_form_radios(form, "ward", "To which ward?", n ? NULL : "There is no other ward here.",
	    wards, n, NULL);
	wr_form_select(form, "consultant", "New consultant", NULL, leads,
	    use->config->n_consultants, wr_row_text(p, "consultant"));
	struct wr_html_desk_ask ask = {.title = "Transfer to another ward"};
	ask_about(visit, p, &ask, form);
	return 0;
}

static int ask_discharge(struct wr_use *use, struct wr_visit *visit, bool died)
{
	int r = 0;
	const json_t *p = find(use, visit, &r);
	if (!p)
		return r;
	struct wr_form_draft *form = wr_form_new(visit, "patient", "discharge", "Go on");
	wr_form_hidden(form, "ref", visit->subject);
	wr_form_hidden(form, "died", died ? "true" : NULL);
	const char *lines[] = {
	    died
		? "Nobody is told by a message, a page or a calendar. A task will name each person "
		  "to ring."
		: "Everybody who was to come gets one last message that the meeting is cancelled, "
		  "and "
		  "nothing after that. Their pages and calendars end.",
	    "You see first what changes and who is told. For a while it can be undone."};
	struct wr_html_desk_ask ask = {
	    .title = died ? "The patient has died" : "Discharge",
	    .lines = lines,
	    .n_lines = WR_COUNT(lines),
	};
	ask_about(visit, p, &ask, form);
	return 0;
}

int wr_page_patient_discharge(struct wr_use *use, struct wr_visit *visit)
{
	return ask_discharge(use, visit, false);
}

int wr_page_patient_died(struct wr_use *use, struct wr_visit *visit)
{
	return ask_discharge(use, visit, true);
}

int wr_page_patient_away(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const json_t *p = find(use, visit, &r);
	if (!p)
		return r;
	struct wr_form_draft *form = wr_form_new(visit, "away", "add", "Save");
	wr_form_hidden(form, "patient", visit->subject);
	wr_form_time(form, "from", "From", NULL, NULL);
	wr_form_time(form, "to", "To", NULL, NULL);
	wr_form_text(form, "why", "Why?", "Leave, treatment, tribunal, ...", NULL);
	struct wr_html_desk_ask ask = {.title = "Leave or another time away"};
	ask_about(visit, p, &ask, form);
	return 0;
}

/* ---- who must not be told ---- */

int wr_page_patient_block(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const json_t *p = find(use, visit, &r);
	if (!p)
		return r;
	static const char *const lines[] = {
	    "This person will never be added or told. Whoever takes a call finds the name under "
	    "\"Somebody rings\": not agreed, neither confirm nor deny."};
	struct wr_form_draft *form = wr_form_new(visit, "support", "block", "Save");
	wr_form_hidden(form, "patient", visit->subject);
	wr_form_text(form, "name", "Name of the person who must not be told", NULL, NULL);
	struct wr_html_desk_ask ask = {
	    .title = "Somebody must not be told", .lines = lines, .n_lines = WR_COUNT(lines)};
	ask_about(visit, p, &ask, form);
	return 0;
}

/* ---- what the patient wants to talk about ---- */

int wr_page_patient_question(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	const json_t *p = find(use, visit, &r);
	if (!p)
		return r;
	struct wr_form_draft *form = wr_form_new(visit, "question", "add", "Add");
	wr_form_hidden(form, "patient", visit->subject);
	wr_form_box(form, "text", "What does the patient want to talk about?",
	    "In the patient's own words. It is shown on the consultant's list.", NULL);
	struct wr_html_desk_ask ask = {.title = "A question for the round"};
	ask_about(visit, p, &ask, form);
	return 0;
}
