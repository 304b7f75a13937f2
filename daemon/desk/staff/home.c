/*
 * Today: what a nurse who comes on shift has to know first, the urgent before the usual.
 */
#include <string.h>

#include "desk/cases.h"
#include "desk/staff/pages.h"
#include "desk/staff/sheet.h"
#include "desk/staff/words.h"

struct home {
	struct wr_use *use;
	struct wr_visit *visit;
	const struct wr_config_ward *ward;
	struct wr_sheet *sheet;
};

static json_t *of_ward(const struct home *home)
{
	return json_pack("{s:s}", "ward", home->visit->ward);
}

static const char *count_words(struct wr_use *use, size_t n, const char *one, const char *many)
{
	return wr_arena_printf(use->arena, "%zu %s", n, n == 1 ? one : many);
}

/* ---- promises and who has no slot ---- */

static void add_promise(const struct home *home, const json_t *promise)
{
	const char *state = wr_row_text(promise, "state");
	const json_t *what = json_object_get(promise, "what");
	struct wr_buf text = {0};
	size_t i;
	const json_t *item;
	if (wr_text_equal(state, "kept"))
		return;
	wr_buf_printf(&text, "%s: \"%s\".",
	    wr_text_equal(state, "broken") ? "Not kept" : "In danger",
	    wr_row_text(promise, "name"));
	json_array_foreach (what, i, item)
		if (json_is_string(item) && i < 5)
			wr_buf_printf(
			    &text, " %s.", wr_in_words_text(home->use, json_string_value(item)));
	wr_sheet_warning(home->sheet, wr_arena_strdup(home->use->arena, wr_buf_text(&text)));
	wr_buf_deinit(&text);
}

static const char *week_words(const struct home *home, const char *text)
{
	struct wr_week week;
	char day[WR_TIME_TEXT];
	if (!text || wr_week_parse(text, &week))
		return text;
	return wr_arena_printf(
	    home->use->arena, "Week of %s", wr_day_long(wr_week_monday(week), day));
}

static bool has_slot_ahead(struct wr_use *use, const char *patient)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter ahead = {
	    .patient = patient,
	    .from = use->now,
	    .states = WR_STORE_BIT(WR_STATE_PUBLISHED),
	};
	return wr_store_slot_list(use->tx, use->arena, &ahead, &slots, &n) == 0 && n > 0;
}

/* Who has none at all stands there by name; who missed a week and has one ahead is counted, so that
 * the end of a week hides nobody behind everybody. */
static void add_unplaced(const struct home *home, const json_t *list)
{
	struct wr_sheet_section *section = wr_sheet_section(home->sheet, "unplaced",
	    "Without a slot", "Everybody has a slot ahead, or will be planned.");
	size_t i, others = 0;
	const json_t *row;
	json_array_foreach (list, i, row) {
		const char *patient = wr_row_text(row, "patient");
		if (!wr_text_equal(wr_row_text(row, "ward"), home->visit->ward))
			continue;
		if (has_slot_ahead(home->use, patient)) {
			others++;
			continue;
		}
		wr_sheet_row(section, wr_in_words_patient(home->use, patient),
		    wr_arena_printf(home->use->arena, "/s/patients/%s", patient));
		wr_sheet_row_tag(section, week_words(home, wr_row_text(row, "week")), true);
		wr_sheet_line(section, wr_row_text(row, "why"));
	}
	if (!others)
		return;
	char text[WR_TIME_TEXT];
	wr_day today = wr_zone_day(home->ward->zone, home->use->now);
	wr_sheet_row(section,
	    wr_arena_printf(home->use->arena,
		"%s go without in one week and have a slot in another",
		count_words(home->use, others, "patient", "patients")),
	    wr_arena_printf(
		home->use->arena, "/s/week?week=%s", wr_week_text(wr_day_week(today), text)));
}

static int add_status(const struct home *home)
{
	int r = 0;
	size_t i;
	const json_t *promise, *status = wr_visit_ask(home->use, wr_case_status_show, NULL, &r);
	if (!status)
		return r;
	json_array_foreach (json_object_get(status, "promises"), i, promise)
		add_promise(home, promise);
	if (wr_row_true(status, "read_only"))
		wr_sheet_warning(home->sheet,
		    "Nothing can be saved now: the disk is full. What you see is still right. Tell "
		    "whoever looks after wardround.");
	add_unplaced(home, json_object_get(status, "unplaced"));
	return 0;
}

/* ---- today's rounds ---- */

static size_t slots_of(const json_t *slots, const char *session)
{
	size_t n = 0, i;
	const json_t *slot;
	json_array_foreach (slots, i, slot) {
		const char *state = wr_row_text(slot, "state");
		n += wr_text_equal(wr_row_text(slot, "session"), session) &&
		     !wr_text_equal(state, "cancelled") && !wr_text_equal(state, "draft");
	}
	return n;
}

static void add_round(const struct home *home, struct wr_sheet_section *section,
    const json_t *session, const json_t *slots)
{
	struct wr_use *use = home->use;
	const char *id = wr_row_text(session, "id");
	const json_t *starts = json_object_get(session, "starts");
	const char *first = json_string_value(json_array_get(starts, 0));
	const char *last = json_string_value(json_array_get(starts, json_array_size(starts) - 1));
	int late = wr_row_int(session, "late_minutes");
	wr_sheet_row(section,
	    wr_arena_printf(use->arena, "%s, %s",
		wr_in_words_consultant(use, wr_row_text(session, "consultant")),
		wr_in_words_clock(use, home->ward, first)),
	    wr_arena_printf(use->arena, "/s/sessions/%s", id));
	if (!wr_text_equal(wr_row_text(session, "state"), "planned"))
		wr_sheet_row_tag(section, wr_row_text(session, "state"), true);
	else if (late)
		wr_sheet_row_tag(
		    section, wr_arena_printf(use->arena, "%d minutes late", late), true);
	wr_sheet_line(
	    section, wr_arena_printf(use->arena, "%s, last start %s, %s",
			 wr_row_text(session, "room"), wr_in_words_clock(use, home->ward, last),
			 count_words(use, slots_of(slots, id), "patient", "patients")));
}

static int add_rounds(const struct home *home)
{
	int r = 0;
	size_t i;
	struct wr_use *use = home->use;
	char text[WR_TIME_TEXT];
	wr_day today = wr_zone_day(home->ward->zone, use->now);
	const char *week = wr_week_text(wr_day_week(today), text);
	json_t *args = json_pack("{s:s, s:s}", "ward", home->visit->ward, "week", week);
	const json_t *slots = wr_visit_ask(use, wr_case_slot_list, json_incref(args), &r);
	const json_t *sessions = r ? NULL : wr_visit_ask(use, wr_case_session_list, args, &r);
	if (!sessions)
		return r;
	struct wr_sheet_section *section =
	    wr_sheet_section(home->sheet, "rounds", "Rounds today", "No round today.");
	wr_sheet_link(section, "/s/week", "The whole week");
	const json_t *session;
	json_array_foreach (json_object_get(sessions, "sessions"), i, session) {
		const json_t *starts = json_object_get(session, "starts");
		wr_time first =
		    wr_in_words_time(home->ward, json_string_value(json_array_get(starts, 0)));
		if (first != WR_TIME_NONE && wr_zone_day(home->ward->zone, first) == today)
			add_round(home, section, session, json_object_get(slots, "slots"));
	}
	return 0;
}

/* ---- what waits for somebody ---- */

static int add_waiting(const struct home *home)
{
	int r = 0;
	struct wr_use *use = home->use;
	size_t tasks_n = 0, urgent = 0, notes = 0, ring = 0, i;
	const json_t *row, *tasks = wr_visit_ask(use, wr_case_task_list, of_ward(home), &r);
	const json_t *unseen = r ? NULL : wr_visit_ask(use, wr_case_unseen_list, of_ward(home), &r);
	if (!unseen)
		return r;
	json_array_foreach (json_object_get(tasks, "tasks"), i, row) {
		bool note = wr_text_equal(wr_row_text(row, "kind"), "note");
		notes += note;
		tasks_n += !note;
		urgent += wr_row_true(row, "urgent");
	}
	json_array_foreach (json_object_get(unseen, "unseen"), i, row)
		ring += wr_row_true(row, "ring");
	struct wr_sheet_section *section =
	    wr_sheet_section(home->sheet, "waiting", "What waits for you", NULL);
	wr_sheet_row(section, count_words(use, tasks_n, "task", "tasks"), "/s/tasks");
	if (urgent)
		wr_sheet_row_tag(section, wr_arena_printf(use->arena, "%zu urgent", urgent), true);
	wr_sheet_row(
	    section, count_words(use, ring, "person to ring", "people to ring"), "/s/calls");
	wr_sheet_row(section, count_words(use, notes, "unread note", "unread notes"), "/s/notes");
	return 0;
}

static int add_patients(const struct home *home)
{
	int r = 0;
	size_t i;
	struct wr_use *use = home->use;
	const json_t *row, *answer = wr_visit_ask(use, wr_case_patient_list, of_ward(home), &r);
	if (!answer)
		return r;
	struct wr_sheet_section *section =
	    wr_sheet_section(home->sheet, "away", "Expected, and not here for now", NULL);
	json_array_foreach (json_object_get(answer, "patients"), i, row) {
		bool expected = wr_text_equal(wr_row_text(row, "status"), "expected");
		if (!expected && !wr_text_equal(wr_row_text(row, "status"), "held"))
			continue;
		const char *ref = wr_row_text(row, "ref");
		wr_sheet_row(section, wr_in_words_patient(use, ref),
		    wr_arena_printf(use->arena, "/s/patients/%s", ref));
		wr_sheet_line(section,
		    expected ? wr_arena_printf(use->arena, "Expected %s",
				   wr_in_words_when(use, home->ward, wr_row_text(row, "admitted")))
			     : wr_row_text(row, "hold"));
	}
	return 0;
}

int wr_page_home(struct wr_use *use, struct wr_visit *visit)
{
	char day[WR_TIME_TEXT], clock[WR_TIME_TEXT];
	if (visit->role == WR_ROLE_CONSULTANT)
		return wr_page_round_list(use, visit);
	struct home home = {.use = use, .visit = visit, .ward = wr_visit_ward(use, visit)};
	if (!home.ward)
		return wr_unknown(use, NULL, "there is no ward `%s`", visit->ward);
	struct wr_wall now = wr_zone_wall(home.ward->zone, use->now);
	home.sheet = wr_sheet_new(visit, "Today");
	wr_sheet_about(home.sheet, wr_arena_printf(use->arena, "%s, %s", wr_day_long(now.day, day),
				       wr_clock_text(now.minute, clock)));
	wr_sheet_button(home.sheet, "/s/admit", "Admit a patient");
	int r = add_waiting(&home);
	if (!r)
		r = add_status(&home);
	if (!r)
		r = add_rounds(&home);
	if (!r)
		r = add_patients(&home);
	if (r)
		return r;
	wr_sheet_more(home.sheet, "/s/caller", "Somebody rings and asks for a patient");
	wr_sheet_more(home.sheet, "/s/slips", "Slips to print for patients without a phone");
	wr_sheet_more(home.sheet, "/s/away", "Leave and other times away");
	wr_sheet_more(home.sheet, "/s/feedback", "How rounds were, as patients said");
	wr_sheet_draw(home.sheet, 0);
	return 0;
}
