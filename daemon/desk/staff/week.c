/*
 * A week of the ward: its rounds with their slots, drafted or published; one round; one slot.
 */
#include <string.h>

#include "desk/cases.h"
#include "desk/staff/pages.h"
#include "desk/staff/sheet.h"
#include "desk/staff/words.h"
#include "wardround/session.h"

struct week {
	struct wr_use *use;
	struct wr_visit *visit;
	const struct wr_config_ward *ward;
	struct wr_week week;
	const char *text; /* "2026-W49" */
	const json_t *sessions, *slots;
	struct wr_sheet *sheet;
};

static int read_week(struct week *w)
{
	char text[WR_TIME_TEXT];
	int r = wr_visit_week(w->use, w->visit, w->ward, &w->week);
	if (r)
		return r;
	w->text = wr_arena_strdup(w->use->arena, wr_week_text(w->week, text));
	json_t *args = json_pack("{s:s, s:s}", "ward", w->visit->ward, "week", w->text);
	w->sessions = json_object_get(
	    wr_visit_ask(w->use, wr_case_session_list, json_incref(args), &r), "sessions");
	if (!r)
		w->slots = json_object_get(
		    wr_visit_ask(w->use, wr_case_slot_list, json_incref(args), &r), "slots");
	json_decref(args);
	return r;
}

static const char *state_words(const json_t *slot)
{
	const char *state = wr_row_text(slot, "state");
	if (wr_text_equal(state, "published"))
		return wr_row_true(slot, "locked") ? "locked" : NULL;
	return state;
}

/* "Ivo Heath in person; Vic Grove can't come", as they answered or are planned. */
static const char *who_comes(struct wr_use *use, const json_t *slot)
{
	struct wr_buf text = {0};
	size_t i, k;
	const json_t *ref, *reply;
	json_array_foreach (json_object_get(slot, "supports"), i, ref) {
		const char *answer = NULL;
		struct wr_support support;
		if (wr_store_support_get(use->tx, use->arena, json_string_value(ref), &support))
			continue;
		json_array_foreach (json_object_get(slot, "replies"), k, reply)
			if (wr_text_equal(wr_row_text(reply, "support"), support.ref))
				answer = wr_in_words_answer(wr_row_text(reply, "answer"));
		wr_buf_printf(&text, "%s%s%s%s", text.length ? "; " : "", support.name,
		    answer ? " " : "", answer ? answer : "");
	}
	const char *words = wr_arena_strdup(use->arena, wr_buf_text(&text));
	wr_buf_deinit(&text);
	return words;
}

static void add_table(struct wr_use *use, const struct wr_config_ward *ward,
    struct wr_sheet_section *section, const json_t *session, const json_t *slots)
{
	static const char *const heads[] = {"Time", "Patient", "Who comes", NULL};
	const char *id = wr_row_text(session, "id");
	size_t i;
	const json_t *slot;
	wr_sheet_heads(section, wr_in_words_session(use, id), heads);
	json_array_foreach (slots, i, slot) {
		const char *state = wr_row_text(slot, "state");
		if (!wr_text_equal(wr_row_text(slot, "session"), id))
			continue;
		bool off = wr_text_equal(state, "cancelled") || wr_text_equal(state, "missed");
		wr_sheet_table_row(section,
		    wr_in_words_span(
			use, ward, wr_row_text(slot, "start"), wr_row_text(slot, "end")),
		    wr_arena_printf(use->arena, "/s/slots/%s", wr_row_text(slot, "slot")));
		wr_sheet_cell(section, wr_in_words_patient(use, wr_row_text(slot, "patient")),
		    state_words(slot), off);
		wr_sheet_cell(section, who_comes(use, slot), NULL, false);
	}
}

static const char *session_title(const struct week *w, const json_t *session)
{
	const json_t *starts = json_object_get(session, "starts");
	const char *first = json_string_value(json_array_get(starts, 0));
	const char *state = wr_row_text(session, "state");
	int late = wr_row_int(session, "late_minutes");
	return wr_arena_printf(w->use->arena, "%s, %s%s%s%s",
	    first ? wr_in_words_when(w->use, w->ward, first)
		  : wr_in_words_session(w->use, wr_row_text(session, "id")),
	    wr_in_words_consultant(w->use, wr_row_text(session, "consultant")),
	    wr_text_equal(state, "planned") ? "" : ": ",
	    wr_text_equal(state, "planned") ? "" : state,
	    late ? wr_arena_printf(w->use->arena, ": %d minutes late", late) : "");
}

static void add_sessions(const struct week *w)
{
	size_t i;
	const json_t *session;
	json_array_foreach (w->sessions, i, session) {
		const char *id = wr_row_text(session, "id");
		struct wr_sheet_section *section = wr_sheet_section(w->sheet,
		    wr_arena_printf(w->use->arena, "round-%zu", i + 1), session_title(w, session),
		    wr_row_text(session, "note") ? wr_row_text(session, "note") : "No slots.");
		wr_sheet_hint(section, wr_row_text(session, "room"));
		wr_sheet_link(section, wr_arena_printf(w->use->arena, "/s/sessions/%s", id),
		    "Cancel, move, cover or late");
		add_table(w->use, w->ward, section, session, w->slots);
	}
}

/* Draft or published, with its buttons. */
static void add_plan(const struct week *w)
{
	struct wr_plan_row plan;
	bool there = wr_store_plan_get(w->use->tx, w->use->arena, w->ward->id, w->week, &plan) == 0;
	bool over = wr_week_monday(w->week) + 6 < wr_zone_day(w->ward->zone, w->use->now);
	struct wr_sheet_section *section = wr_sheet_section(w->sheet, "plan", "Plan", NULL);
	wr_sheet_row(section,
	    !there           ? "Not planned yet"
	    : plan.published ? "Published: everybody was told, or stands on the call list"
			     : "Draft: nobody has been told",
	    NULL);
	if (over)
		return;
	struct wr_form_draft *make =
	    wr_form_small(w->visit, "plan", "make", there ? "Plan again" : "Plan this week", NULL);
	wr_form_hidden(make, "week", w->text);
	wr_sheet_form(section, make);
	if (there && plan.published)
		wr_sheet_line(section, "Planning again adds only who has no slot yet. What is "
				       "published stays.");
	if (!there)
		return;
	struct wr_form_draft *publish = wr_form_small(
	    w->visit, "plan", "publish", plan.published ? "Publish new slots" : "Publish", NULL);
	wr_form_hidden(publish, "week", w->text);
	wr_sheet_form(section, publish);
}

static int add_unplaced(const struct week *w)
{
	struct wr_unplaced *rows = NULL;
	size_t n = 0;
	int r = wr_store_unplaced_list(
	    w->use->tx, w->use->arena, w->ward->id, &w->week, NULL, &rows, &n);
	struct wr_sheet_section *section =
	    wr_sheet_section(w->sheet, "unplaced", "Without a slot this week", NULL);
	for (size_t i = 0; i < n && !r; i++) {
		wr_sheet_row(section, wr_in_words_patient(w->use, rows[i].patient),
		    wr_arena_printf(w->use->arena, "/s/patients/%s", rows[i].patient));
		wr_sheet_line(section, rows[i].why);
	}
	return r;
}

static const char *week_address(const struct week *w, int days)
{
	char text[WR_TIME_TEXT];
	return wr_arena_printf(w->use->arena, "/s/week?week=%s",
	    wr_week_text(wr_day_week(wr_week_monday(w->week) + days), text));
}

int wr_page_week(struct wr_use *use, struct wr_visit *visit)
{
	char day[WR_TIME_TEXT];
	struct week w = {.use = use, .visit = visit, .ward = wr_visit_ward(use, visit)};
	int r = read_week(&w);
	if (r)
		return r;
	w.sheet = wr_sheet_new(visit,
	    wr_arena_printf(use->arena, "Week of %s", wr_day_long(wr_week_monday(w.week), day)));
	wr_sheet_about(w.sheet, w.text);
	wr_sheet_quiet_button(w.sheet, week_address(&w, -7), "Week before");
	wr_sheet_quiet_button(w.sheet, week_address(&w, 7), "Next week");
	r = add_unplaced(&w);
	if (r)
		return r;
	add_plan(&w);
	add_sessions(&w);
	wr_sheet_more(w.sheet, "/s/round", "Add an extra round");
	wr_sheet_draw(w.sheet, WR_FRAME_WIDE);
	return 0;
}

/* ---- one round ---- */

/* The week that a session takes place in stands in its starts; it may have been moved. */
static int find_session(struct wr_use *use, struct wr_visit *visit, const json_t **ret)
{
	struct week w = {.use = use, .visit = visit, .ward = wr_visit_ward(use, visit)};
	struct wr_session_change change;
	char text[WR_TIME_TEXT];
	int r = 0;
	size_t i;
	wr_day day = 0;
	const json_t *row;
	if (wr_session_id_day(visit->subject, &day))
		return wr_unknown(use, NULL, "there is no round `%s`", visit->subject);
	if (wr_store_session_change_get(use->tx, use->arena, visit->subject, &change) == 0 &&
	    change.moved_day != WR_DAY_NONE)
		day = change.moved_day;
	const json_t *answer = wr_visit_ask(use, wr_case_session_list,
	    json_pack(
		"{s:s, s:s}", "ward", w.ward->id, "week", wr_week_text(wr_day_week(day), text)),
	    &r);
	json_array_foreach (json_object_get(answer, "sessions"), i, row)
		if (wr_text_equal(wr_row_text(row, "id"), visit->subject)) {
			*ret = row;
			return 0;
		}
	return r ? r : wr_unknown(use, NULL, "there is no round `%s`", visit->subject);
}

static const struct wr_form_choice *covering(
    struct wr_use *use, const json_t *session, size_t *ret_n)
{
	struct wr_form_choice *list =
	    wr_arena_new(use->arena, struct wr_form_choice, use->config->n_consultants + 1);
	for (size_t i = 0; i < use->config->n_consultants; i++)
		if (!wr_text_equal(
			use->config->consultants[i].id, wr_row_text(session, "consultant")))
			list[(*ret_n)++] = (struct wr_form_choice){
			    use->config->consultants[i].id, use->config->consultants[i].name, NULL};
	return list;
}

/* A form in a fold of its own page: which one, the address says. */
static struct wr_form_draft *session_form(struct wr_use *use, struct wr_visit *visit,
    const json_t *session, const char *verb, const char **ret_title)
{
	size_t n = 0;
	struct wr_form_draft *form = wr_form_new(visit, "session", verb, "Go on");
	wr_form_hidden(form, "id", visit->subject);
	if (strcmp(verb, "late") == 0) {
		*ret_title = "Running late";
		wr_form_number(form, "minutes", "How many minutes late?",
		    "People are told not to come earlier. 0: on time again.", NULL);
	} else if (strcmp(verb, "cancel") == 0) {
		*ret_title = "Cancel the whole round";
	} else if (strcmp(verb, "move") == 0) {
		*ret_title = "Move the whole round";
		wr_form_time(form, "to", "New start", NULL, NULL);
	} else {
		*ret_title = "Another consultant takes it";
		const struct wr_form_choice *list = covering(use, session, &n);
		wr_form_radios(form, "by", "Who takes it?", NULL, list, n, NULL);
	}
	return form;
}

static int draw_session_form(struct wr_use *use, struct wr_visit *visit, const char *verb)
{
	const json_t *session = NULL;
	struct wr_html_desk_ask ask = {0};
	int r = find_session(use, visit, &session);
	if (r)
		return r;
	struct wr_form_draft *form = session_form(use, visit, session, verb, &ask.title);
	ask.about = wr_in_words_session(use, visit->subject);
	ask.back = wr_arena_printf(use->arena, "/s/sessions/%s", visit->subject);
	ask.back_to = "The round";
	wr_form_hidden(form, "then", ask.back);
	wr_frame_ask(visit, &ask, form);
	return 0;
}

int wr_page_session_late(struct wr_use *use, struct wr_visit *visit)
{
	return draw_session_form(use, visit, "late");
}

int wr_page_session_cancel(struct wr_use *use, struct wr_visit *visit)
{
	return draw_session_form(use, visit, "cancel");
}

int wr_page_session_move(struct wr_use *use, struct wr_visit *visit)
{
	return draw_session_form(use, visit, "move");
}

int wr_page_session_cover(struct wr_use *use, struct wr_visit *visit)
{
	return draw_session_form(use, visit, "cover");
}

int wr_page_session(struct wr_use *use, struct wr_visit *visit)
{
	const json_t *session = NULL;
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	struct week w = {.use = use, .visit = visit, .ward = ward};
	int r = find_session(use, visit, &session);
	if (r)
		return r;
	const char *state = wr_row_text(session, "state");
	const char *first =
	    json_string_value(json_array_get(json_object_get(session, "starts"), 0));
	const json_t *answer = wr_visit_ask(use, wr_case_slot_list,
	    json_pack(
		"{s:s, s:s}", "ward", ward->id, "consultant", wr_row_text(session, "consultant")),
	    &r);
	if (!answer)
		return r;
	w.sheet = wr_sheet_new(visit, wr_in_words_session(use, visit->subject));
	wr_sheet_back(w.sheet, "/s/week", "Week");
	if (!wr_text_equal(state, "planned"))
		wr_sheet_tag(w.sheet, state, true);
	wr_sheet_fact(w.sheet, "Starts", wr_in_words_when(use, ward, first), NULL);
	wr_sheet_fact(w.sheet, "Led by",
	    wr_in_words_consultant(use, wr_row_text(session, "consultant")), NULL);
	wr_sheet_fact(w.sheet, "Room", wr_row_text(session, "room"), NULL);
	if (wr_row_int(session, "late_minutes"))
		wr_sheet_fact(w.sheet, "Late",
		    wr_arena_printf(use->arena, "%d minutes", wr_row_int(session, "late_minutes")),
		    NULL);
	wr_sheet_fact(w.sheet, "Note", wr_row_text(session, "note"), NULL);
	struct wr_sheet_section *section = wr_sheet_section(w.sheet, "slots", "Slots", "No slots.");
	add_table(use, ward, section, session, json_object_get(answer, "slots"));
	static const struct {
		const char *verb, *name;
	} more[] = {
	    {"late", "Running late"},
	    {"cover", "Another consultant takes it"},
	    {"move", "Move the whole round"},
	    {"cancel", "Cancel the whole round"},
	};
	for (size_t i = 0; i < WR_COUNT(more); i++)
		wr_sheet_more(w.sheet,
		    wr_arena_printf(use->arena, "/s/sessions/%s/%s", visit->subject, more[i].verb),
		    more[i].name);
	wr_sheet_draw(w.sheet, WR_FRAME_WIDE);
	return 0;
}

int wr_page_session_add(struct wr_use *use, struct wr_visit *visit)
{
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	struct wr_form_choice *rounds =
	    wr_arena_new(use->arena, struct wr_form_choice, ward->n_rounds + 1);
	for (size_t i = 0; i < ward->n_rounds; i++)
		rounds[i] = (struct wr_form_choice){ward->rounds[i].id,
		    wr_arena_printf(use->arena, "%s, %s",
			use->config->consultants[ward->rounds[i].consultant].name,
			ward->rounds[i].room),
		    NULL};
	struct wr_form_draft *form = wr_form_new(visit, "session", "add", "Add");
	wr_form_radios(form, "round", "Whose round?", NULL, rounds, ward->n_rounds, NULL);
	wr_form_time(form, "from", "From", NULL, NULL);
	wr_form_time(form, "to", "To", NULL, NULL);
	wr_form_hidden(form, "then", "/s/week");
	struct wr_html_desk_ask ask = {
	    .title = "Add an extra round", .back = "/s/week", .back_to = "Week"};
	wr_frame_ask(visit, &ask, form);
	return 0;
}
