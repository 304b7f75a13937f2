/*
 * The pages and calendars of one patient or support: shown, made, sent, ended. And who or what of
 * the ward is away.
 */
#include <string.h>

#include "desk/cases.h"
#include "desk/staff/pages.h"
#include "desk/staff/sheet.h"
#include "desk/staff/words.h"

/* ---- links ---- */

static void add_link(
    struct wr_visit *visit, struct wr_sheet_section *section, const json_t *link, const char *at)
{
	const char *label = wr_row_text(link, "label"), *id = wr_row_text(link, "id");
	const char *name = label ? label : wr_arena_printf(visit->arena, "Link %s", id);
	bool open = wr_text_equal(wr_row_text(link, "state"), "open");
	wr_sheet_row(section, name, NULL);
	if (!open)
		wr_sheet_row_tag(section, wr_row_text(link, "state"), false);
	if (!open)
		return;
	wr_sheet_line(section, wr_row_text(link, "page"));
	struct wr_form_draft *form = wr_form_small(visit, "link", "revoke", "End this link", name);
	wr_form_hidden(form, "id", id);
	wr_form_hidden(form, "then", at);
	wr_sheet_form(section, form);
}

static int draw_links(struct wr_use *use, struct wr_visit *visit, const char *kind,
    const char *about, const char *back)
{
	int r = 0;
	size_t i;
	const char *at = wr_arena_printf(visit->arena, "%s/links", back);
	const json_t *link, *answer = wr_visit_ask(use, wr_case_link_list,
				json_pack("{s:s}", kind, visit->subject), &r);
	if (!answer)
		return r;
	struct wr_sheet *sheet = wr_sheet_new(visit, "Page and calendar");
	wr_sheet_about(sheet, about);
	wr_sheet_back(sheet, back, about);
	wr_sheet_say(sheet,
	    "Whoever has such an address sees what it shows. Give it to nobody else; "
	    "end it when a device is lost.");
	struct wr_sheet_section *section =
	    wr_sheet_section(sheet, "links", "Addresses", "None so far.");
	json_array_foreach (json_object_get(answer, "links"), i, link)
		add_link(visit, section, link, at);
	struct wr_sheet_section *more = wr_sheet_section(sheet, "new", "A new one", NULL);
	wr_sheet_row(more, "One for each device", NULL);
	struct wr_form_draft *form = wr_form_small(visit, "link", "new", "Make an address", about);
	wr_form_hidden(form, kind, visit->subject);
	wr_form_hidden(form, "then", at);
	wr_sheet_form(more, form);
	if (strcmp(kind, "support") == 0) {
		form = wr_form_small(visit, "link", "send", "Send one by message", about);
		wr_form_hidden(form, kind, visit->subject);
		wr_form_hidden(form, "then", at);
		wr_sheet_form(more, form);
	}
	wr_sheet_draw(sheet, 0);
	return 0;
}

int wr_page_patient_links(struct wr_use *use, struct wr_visit *visit)
{
	struct wr_patient patient;
	int r = wr_use_patient(use, visit->subject, &patient);
	if (r)
		return r;
	if (!wr_text_equal(patient.ward, visit->ward))
		return wr_unknown(use, NULL, "there is no patient `%s`", visit->subject);
	visit->patient = patient.ref;
	return draw_links(use, visit, "patient", patient.name,
	    wr_arena_printf(visit->arena, "/s/patients/%s", visit->subject));
}

int wr_page_support_links(struct wr_use *use, struct wr_visit *visit)
{
	struct wr_support support;
	struct wr_patient patient;
	int r = wr_use_support(use, visit->subject, &support);
	if (!r)
		r = wr_use_patient(use, support.patient, &patient);
	if (r)
		return r;
	if (!wr_text_equal(patient.ward, visit->ward))
		return wr_unknown(use, NULL, "there is no support `%s`", visit->subject);
	visit->patient = patient.ref;
	return draw_links(use, visit, "support", wr_in_words_support(use, support.ref),
	    wr_arena_printf(visit->arena, "/s/supports/%s", visit->subject));
}

/* ---- away ---- */

static const char *who_words(struct wr_use *use, const json_t *away)
{
	const char *whose = wr_row_text(away, "whose"), *who = wr_row_text(away, "who");
	if (wr_text_equal(whose, "patient"))
		return wr_in_words_patient(use, who);
	if (wr_text_equal(whose, "support"))
		return wr_in_words_support(use, who);
	if (wr_text_equal(whose, "consultant"))
		return wr_in_words_consultant(use, who);
	const char *slash = who ? strchr(who, '/') : NULL;
	return slash ? slash + 1 : who;
}

/* A row of this ward: its patients, their supports, its rooms, and who leads its rounds. */
static bool is_ours(struct wr_use *use, const struct wr_visit *visit, const json_t *away)
{
	const char *whose = wr_row_text(away, "whose"), *who = wr_row_text(away, "who");
	struct wr_support support;
	struct wr_patient patient;
	if (wr_text_equal(whose, "support")) {
		if (wr_store_support_get(use->tx, use->arena, who, &support))
			return false;
		who = support.patient;
	}
	if (wr_text_equal(whose, "patient") || wr_text_equal(whose, "support"))
		return wr_store_patient_get(use->tx, use->arena, who, &patient) == 0 &&
		       wr_text_equal(patient.ward, visit->ward);
	if (wr_text_equal(whose, "room"))
		return wr_text_starts(who, wr_arena_printf(use->arena, "%s/", visit->ward));
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	for (size_t i = 0; i < ward->n_rounds; i++)
		if (ward->rounds[i].consultant == wr_config_consultant_index(use->config, who))
			return true;
	return false;
}

static void add_away(struct wr_use *use, struct wr_visit *visit, struct wr_sheet_section *section,
    const json_t *away)
{
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	const char *cover = wr_row_text(away, "cover"), *name = who_words(use, away);
	wr_sheet_row(section, name, NULL);
	wr_sheet_line(section, wr_arena_printf(use->arena, "%s to %s",
				   wr_in_words_when(use, ward, wr_row_text(away, "from")),
				   wr_in_words_when(use, ward, wr_row_text(away, "to"))));
	wr_sheet_line(section, wr_row_text(away, "why"));
	if (cover)
		wr_sheet_line(section, wr_arena_printf(use->arena, "Covered by %s",
					   wr_in_words_consultant(use, cover)));
	struct wr_form_draft *form = wr_form_small(visit, "away", "remove", "Take back", name);
	wr_form_hidden(form, "id", wr_row_text(away, "id"));
	wr_sheet_form(section, form);
}

int wr_page_away(struct wr_use *use, struct wr_visit *visit)
{
	int r = 0;
	size_t i;
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	const json_t *away, *answer = wr_visit_ask(use, wr_case_away_list, NULL, &r);
	if (!answer)
		return r;
	struct wr_sheet *sheet = wr_sheet_new(visit, "Leave and other times away");
	wr_sheet_back(sheet, "/s/", "Today");
	wr_sheet_quiet_button(sheet, "/s/away/consultant", "A consultant is away");
	wr_sheet_quiet_button(sheet, "/s/away/room", "A room can't be used");
	wr_sheet_say(sheet, "Leave of a patient is added on the patient's page.");
	struct wr_sheet_section *section =
	    wr_sheet_section(sheet, "away", "Now and to come", "Nobody is away.");
	json_array_foreach (json_object_get(answer, "away"), i, away)
		if (wr_in_words_time(ward, wr_row_text(away, "to")) > use->now &&
		    is_ours(use, visit, away))
			add_away(use, visit, section, away);
	wr_sheet_draw(sheet, 0);
	return 0;
}

int wr_page_away_consultant(struct wr_use *use, struct wr_visit *visit)
{
	const struct wr_config *config = use->config;
	struct wr_form_choice *list =
	    wr_arena_new(use->arena, struct wr_form_choice, config->n_consultants + 1);
	struct wr_form_choice *cover =
	    wr_arena_new(use->arena, struct wr_form_choice, config->n_consultants + 2);
	for (size_t i = 0; i < config->n_consultants; i++) {
		list[i] = (struct wr_form_choice){
		    config->consultants[i].id, config->consultants[i].name, NULL};
		cover[i + 1] = list[i];
	}
	cover[0] = (struct wr_form_choice){"", "Nobody: the rounds don't take place", NULL};
	struct wr_form_draft *form = wr_form_new(visit, "away", "add", "Go on");
	wr_form_radios(form, "consultant", "Who is away?", NULL, list, config->n_consultants, NULL);
	wr_form_select(
	    form, "cover", "Who takes the rounds?", NULL, cover, config->n_consultants + 1, "");
	wr_form_time(form, "from", "From", NULL, NULL);
	wr_form_time(form, "to", "To", NULL, NULL);
	wr_form_text(form, "why", "Why?", "Sick, holiday, ...", NULL);
	wr_form_hidden(form, "then", "/s/away");
	struct wr_html_desk_ask ask = {
	    .title = "A consultant is away", .back = "/s/away", .back_to = "Times away"};
	wr_frame_ask(visit, &ask, form);
	return 0;
}

int wr_page_away_room(struct wr_use *use, struct wr_visit *visit)
{
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	struct wr_form_choice *rooms =
	    wr_arena_new(use->arena, struct wr_form_choice, ward->n_rounds + 1);
	size_t n = 0;
	for (size_t i = 0; i < ward->n_rounds; i++) {
		bool known = false;
		for (size_t k = 0; k < n; k++)
			known |= wr_text_equal(rooms[k].label, ward->rounds[i].room);
		if (!known)
			rooms[n++] = (struct wr_form_choice){
			    wr_arena_printf(use->arena, "%s/%s", ward->id, ward->rounds[i].room),
			    ward->rounds[i].room, NULL};
	}
	struct wr_form_draft *form = wr_form_new(visit, "away", "add", "Go on");
	wr_form_radios(form, "room", "Which room?", NULL, rooms, n, NULL);
	wr_form_time(form, "from", "From", NULL, NULL);
	wr_form_time(form, "to", "To", NULL, NULL);
	wr_form_text(form, "why", "Why?", NULL, NULL);
	wr_form_hidden(form, "then", "/s/away");
	struct wr_html_desk_ask ask = {
	    .title = "A room can't be used", .back = "/s/away", .back_to = "Times away"};
	wr_frame_ask(visit, &ask, form);
	return 0;
}
