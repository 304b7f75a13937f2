#include "desk/people/patient_page.h"

#include <string.h>

#include "wardround/patient.h"

enum { MOST_FACTS = 4, MOST_LINES = 4 };

/* ---- what the parts share ---- */

const char *wr_patient_sheet_action(const struct wr_patient_sheet *sheet, const char *form)
{
	return wr_arena_printf(sheet->use->arena, "%s/%s", sheet->view->action, form);
}

const char *wr_patient_sheet_typed(
    const struct wr_patient_sheet *sheet, const char *form, const char *name)
{
	if (!sheet->view->typed || !wr_text_equal(sheet->view->form, form))
		return NULL;
	return json_string_value(json_object_get(sheet->view->typed, name));
}

const char *wr_patient_sheet_wrong(
    const struct wr_patient_sheet *sheet, const char *form, const char *field)
{
	const struct wr_patient_view *view = sheet->view;
	bool here = wr_text_equal(view->form, form) && wr_text_equal(view->wrong_field, field);
	return here && field ? view->wrong : NULL;
}

bool wr_patient_sheet_came_back(
    const struct wr_patient_sheet *sheet, const char *form, const char *key, const char *value)
{
	if (!sheet->view->wrong || !wr_text_equal(sheet->view->form, form))
		return false;
	return wr_text_equal(wr_patient_sheet_typed(sheet, form, key), value);
}

const char *wr_patient_sheet_when(const struct wr_patient_sheet *sheet, wr_time at)
{
	return wr_say_when(sheet->use->arena, sheet->language, sheet->ward->zone, at);
}

static const char *say(const struct wr_patient_sheet *sheet, enum wr_say text)
{
	return wr_say(sheet->language, text);
}

/* ---- the next round ---- */

static const char *consultant_of(const struct wr_patient_sheet *sheet)
{
	const struct wr_config_consultant *consultant =
	    wr_config_find_consultant(sheet->use->config, sheet->next->consultant);
	return consultant ? consultant->name : NULL;
}

static void draw_facts(struct wr_patient_sheet *sheet, struct wr_html_facts *facts)
{
	const struct wr_slot *slot = sheet->next;
	struct wr_arena *arena = sheet->use->arena;
	struct wr_html_facts_row *rows = wr_arena_new(arena, struct wr_html_facts_row, MOST_FACTS);
	rows[0] = (struct wr_html_facts_row){
	    .name = say(sheet, WR_SAY_ROW_DAY),
	    .text = wr_say_day(arena, sheet->language, wr_zone_day(sheet->ward->zone, slot->start)),
	    .bold = true,
	};
	rows[1] = (struct wr_html_facts_row){
	    .name = say(sheet, WR_SAY_ROW_TIME),
	    .text = wr_say_span(arena, sheet->language, sheet->ward->zone, slot->start, slot->end),
	    .bold = true,
	};
	rows[2] =
	    (struct wr_html_facts_row){.name = say(sheet, WR_SAY_ROW_WHERE), .text = slot->room};
	rows[3] = (struct wr_html_facts_row){
	    .name = say(sheet, WR_SAY_ROW_WITH), .text = consultant_of(sheet)};
	*facts = (struct wr_html_facts){.rows = rows, .n_rows = MOST_FACTS};
}

static const char *lateness(struct wr_patient_sheet *sheet)
{
	struct wr_session_change change;
	struct wr_arena *arena = sheet->use->arena;
	const struct wr_slot *slot = sheet->next;
	if (slot->state != WR_STATE_PUBLISHED ||
	    wr_store_session_change_get(sheet->use->tx, arena, slot->session, &change) ||
	    change.late_minutes == 0)
		return NULL;
	int minute = wr_zone_wall(sheet->ward->zone, slot->start + change.late_minutes * 60).minute;
	return wr_say_running_late(arena, sheet->language,
	    wr_arena_printf(arena, "%d", change.late_minutes),
	    wr_say_clock(arena, sheet->language, minute));
}

static const char *last_change(struct wr_patient_sheet *sheet)
{
	const struct wr_slot *slot = sheet->next;
	struct wr_arena *arena = sheet->use->arena;
	if (slot->revision < 2)
		return NULL;
	const char *when = wr_patient_sheet_when(sheet, slot->changed);
	if (slot->was_start == WR_TIME_NONE || slot->was_start == slot->start)
		return wr_say_last_changed(arena, sheet->language, when);
	return wr_say_last_changed_from(
	    arena, sheet->language, when, wr_patient_sheet_when(sheet, slot->was_start));
}

static void draw_lines(struct wr_patient_sheet *sheet, struct wr_html_patient_round *round)
{
	const char **lines = wr_arena_new(sheet->use->arena, const char *, MOST_LINES);
	const char *late = lateness(sheet), *changed = last_change(sheet);
	size_t n = 0;
	if (sheet->next->state == WR_STATE_STARTED)
		lines[n++] = say(sheet, WR_SAY_PATIENT_STARTED);
	if (late)
		lines[n++] = late;
	if (changed)
		lines[n++] = changed;
	round->lines = lines;
	round->n_lines = n;
}

static bool attends(const struct wr_attendee *people, size_t n, const char *support)
{
	for (size_t i = 0; i < n; i++)
		if (wr_text_equal(people[i].support, support))
			return true;
	return false;
}

/* Who comes and how, and from the same people why it is then. */
static int draw_people(struct wr_patient_sheet *sheet, struct wr_html_patient_round *round)
{
	struct wr_use *use = sheet->use;
	const struct wr_slot *slot = sheet->next;
	struct wr_attendee *planned = NULL;
	size_t n_planned = 0, n = 0;
	int r = wr_store_attendee_list_of(use->tx, use->arena, slot->ref, &planned, &n_planned);
	struct wr_companion *people =
	    wr_arena_new(use->arena, struct wr_companion, sheet->n_supports + 1);
	struct wr_html_patient_round_companion *rows =
	    wr_arena_new(use->arena, struct wr_html_patient_round_companion, sheet->n_supports + 1);
	for (size_t i = 0; i < sheet->n_supports && !r; i++) {
		const struct wr_support *support = &sheet->supports[i];
		struct wr_reply reply;
		if (!wr_support_is_told(support, &sheet->patient))
			continue;
		bool comes = attends(planned, n_planned, support->ref);
		int answered =
		    wr_store_reply_get(use->tx, use->arena, support->ref, slot->ref, &reply);
		enum wr_coming coming =
		    wr_patient_coming(comes, answered == 0 ? &reply : NULL, slot->revision);
		people[n] = (struct wr_companion){support->name, support->relation, comes};
		rows[n++] = (struct wr_html_patient_round_companion){
		    support->name, say(sheet, wr_coming_say(coming))};
	}
	round->people = rows;
	round->n_people = n;
	round->why = wr_patient_why(use->arena, sheet->language, people, n, sheet->patient.prefers,
	    wr_zone_wall(sheet->ward->zone, slot->start).minute);
	return r;
}

/* Known, or nothing that anybody wants confirmed. */
static bool is_seen(struct wr_patient_sheet *sheet)
{
	struct wr_news news;
	int r = wr_store_news_get(sheet->use->tx, sheet->use->arena, WR_WHOSE_PATIENT,
	    sheet->patient.ref, sheet->next->ref, &news);
	return r || news.confirmed >= sheet->next->revision;
}

static int draw_round(
    struct wr_patient_sheet *sheet, const struct wr_html_patient_round **ret_round)
{
	*ret_round = NULL;
	if (!sheet->next)
		return 0;
	struct wr_html_patient_round *round =
	    wr_arena_new(sheet->use->arena, struct wr_html_patient_round, 1);
	draw_facts(sheet, &round->facts);
	draw_lines(sheet, round);
	round->slot = sheet->next->ref;
	round->revision = sheet->next->revision;
	if (!is_seen(sheet))
		round->seen = wr_patient_sheet_action(sheet, "seen");
	*ret_round = round;
	return draw_people(sheet, round);
}

/* ---- what else there is of rounds ---- */

static void draw_others(struct wr_patient_sheet *sheet, struct wr_html_patient *page)
{
	struct wr_arena *arena = sheet->use->arena;
	const char **off = wr_arena_new(arena, const char *, sheet->n_slots + 1);
	const char **later = wr_arena_new(arena, const char *, sheet->n_slots + 1);
	for (size_t i = 0; i < sheet->n_slots; i++) {
		const struct wr_slot *slot = &sheet->slots[i];
		const char *when = wr_patient_sheet_when(sheet, slot->start);
		if (wr_state_is_off(slot->state))
			off[page->n_off++] = wr_arena_printf(arena, "%s %s",
			    wr_say_patient_cancelled(arena, sheet->language, when),
			    say(sheet, WR_SAY_PATIENT_CANCELLED_NEXT));
		else if (slot != sheet->next && slot->state == WR_STATE_PUBLISHED)
			later[page->n_later++] = when;
	}
	page->off = off;
	page->later = later;
}

static const char *standing(const struct wr_patient_sheet *sheet)
{
	switch (wr_patient_status(&sheet->patient, sheet->use->now)) {
	case WR_STATUS_HELD:
		return say(sheet, WR_SAY_PATIENT_ON_HOLD);
	case WR_STATUS_EXPECTED:
		return say(sheet, WR_SAY_PATIENT_EXPECTED);
	case WR_STATUS_CURRENT:
	case WR_STATUS_DISCHARGED:
		break;
	}
	return NULL;
}

/* ---- the page ---- */

static const char *urgent_words(const struct wr_patient_sheet *sheet)
{
	const char *phone = sheet->ward->phone;
	if (wr_text_empty(phone))
		phone = sheet->ward->contact_phone;
	return wr_text_empty(phone) ? say(sheet, WR_SAY_PATIENT_URGENT_NO_NUMBER)
	                            : wr_say_urgent(sheet->use->arena, sheet->language, phone);
}

static int read_slots(struct wr_patient_sheet *sheet)
{
	struct wr_use *use = sheet->use;
	struct wr_store_slot_filter filter = {
	    .patient = sheet->patient.ref, .from = use->now - 86400};
	size_t n = 0;
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &sheet->slots, &n);
	for (size_t i = 0; i < n && !r; i++) {
		const struct wr_slot *slot = &sheet->slots[i];
		bool begun = slot->state == WR_STATE_STARTED;
		if (slot->state == WR_STATE_DRAFT || slot->state == WR_STATE_HELD ||
		    (slot->end <= use->now && !begun))
			continue;
		sheet->slots[sheet->n_slots++] = *slot;
	}
	for (size_t i = 0; i < sheet->n_slots && !sheet->next; i++)
		if (!wr_state_is_off(sheet->slots[i].state))
			sheet->next = &sheet->slots[i];
	return r;
}

static int read_sheet(struct wr_patient_sheet *sheet, bool *ret_ended)
{
	struct wr_use *use = sheet->use;
	struct wr_patient *patient = &sheet->patient;
	struct wr_store_support_filter filter = {.patient = sheet->view->patient};
	int r = wr_store_patient_get(use->tx, use->arena, sheet->view->patient, patient);
	if (r && r != WR_STORE_NONE)
		return r;
	sheet->ward = r ? NULL : wr_config_find_ward(use->config, patient->ward);
	*ret_ended =
	    r || !sheet->ward || patient->restricted || patient->discharged != WR_TIME_NONE;
	if (*ret_ended)
		return 0;
	sheet->language = wr_language_find(patient->language);
	sheet->urgent = urgent_words(sheet);
	r = read_slots(sheet);
	return r ? r
	         : wr_store_support_list(
		       use->tx, use->arena, &filter, &sheet->supports, &sheet->n_supports);
}

/* Which part of the page a form belongs to. */
static const char *part_of(const struct wr_patient_view *view)
{
	const char *what = json_string_value(json_object_get(view->typed, "what"));
	bool invites = wr_text_equal(what, "sees") || wr_text_equal(what, "uninvite") ||
	               wr_text_equal(what, "add");
	if (wr_text_equal(view->form, "ask"))
		return invites ? "#invited" : "#wishes";
	if (wr_text_equal(view->form, "questions"))
		return "#questions";
	if (wr_text_equal(view->form, "feedback"))
		return "#feedback";
	return wr_text_equal(view->form, "keep") ? "#keep" : "#round";
}

/* Where the summary of mistakes leads: to the field's id, as the parts give it, else to the part.
 */
static const char *address_of(struct wr_use *use, const struct wr_patient_view *view)
{
	static const struct {
		const char *form, *what, *field, *id;
	} ids[] = {
	    {"ask", "add", "name", "#new-name"},
	    {"ask", "add", "relation", "#new-relation"},
	    {"ask", "add", "phone", "#new-phone"},
	    {"ask", "add", "sees", "#new-sees-1"},
	    {"ask", NULL, "what", "#wish-1"},
	    {"ask", NULL, "words", "#wish-words"},
	    {"feedback", NULL, "heard", "#feedback-heard-1"},
	    {"feedback", NULL, "people", "#feedback-people-1"},
	    {"feedback", NULL, "next", "#feedback-next-1"},
	    {"keep", NULL, "label", "#keep-label"},
	};
	const char *what = json_string_value(json_object_get(view->typed, "what"));
	const char *question = json_string_value(json_object_get(view->typed, "question"));
	for (size_t i = 0; i < WR_COUNT(ids); i++)
		if (wr_text_equal(ids[i].form, view->form) &&
		    wr_text_equal(ids[i].field, view->wrong_field) &&
		    (!ids[i].what || wr_text_equal(ids[i].what, what)))
			return ids[i].id;
	if (wr_text_equal(view->form, "questions") && view->wrong_field)
		return wr_arena_printf(
		    use->arena, "#question-%s", wr_text_empty(question) ? "new" : question);
	return part_of(view);
}

int wr_patient_page(struct wr_use *use, struct wr_patient_view *view, struct wr_buf *html)
{
	char style[WR_PAGE_STYLE_PATH];
	struct wr_patient_sheet sheet = {.use = use, .view = view};
	int r = read_sheet(&sheet, &view->ended);
	if (r || view->ended)
		return r;
	struct wr_html_errors_row error = {view->wrong, address_of(use, view)};
	struct wr_html_patient page = {
	    .style = wr_page_style_path(style),
	    .said = view->said,
	    .wrong = view->wrong != NULL,
	    .errors = {.rows = &error, .n_rows = view->wrong ? 1 : 0},
	    .standing = standing(&sheet),
	    .keep = view->keep,
	    .keep_open = view->keep_open,
	};
	draw_others(&sheet, &page);
	r = draw_round(&sheet, &page.round);
	if (!r)
		r = wr_patient_questions(&sheet, &page.questions);
	if (!r)
		r = wr_patient_invited(&sheet, &page.invited);
	if (!r)
		r = wr_patient_wishes(&sheet, &page.wishes);
	if (!r)
		r = wr_patient_feedback(&sheet, &page.feedback);
	if (!r)
		wr_html_patient(html, sheet.language, &page);
	return r;
}
