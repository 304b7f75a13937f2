/*
 * The list of a day: a consultant's own rounds, or for ward staff all rounds of the ward. What a
 * tap does is offered only while it would be done: so the page says what can happen now.
 */
#include <errno.h>

#include "desk/day_read.h"
#include "desk/slot_change.h"
#include "desk/staff/form.h"
#include "desk/staff/pages.h"
#include "desk/undo.h"

struct listing {
	struct wr_use *use;
	struct wr_visit *visit;
	const struct wr_config_ward *ward;
	const char *consultant; /* NULL: all */
	wr_day day, today;
	struct wr_session *sessions; /* of the week */
	size_t n_sessions;
	struct wr_day_line *lines; /* of the day */
	size_t n_lines;
	struct wr_html_round_list html;
};

static bool is_listed(const struct listing *l, const struct wr_session *session)
{
	return !l->consultant || wr_text_equal(session->consultant, l->consultant);
}

static const char *consultant_name(const struct listing *l, const char *id)
{
	const struct wr_config_consultant *one = wr_config_find_consultant(l->use->config, id);
	return one ? one->name : id;
}

/* ---- reading ---- */

static int read_day(struct listing *l)
{
	struct wr_day_source *sources = NULL;
	size_t n = 0;
	struct wr_day_reading reading = {
	    .ward = l->ward,
	    .consultant = l->consultant,
	    .first = l->day,
	    .last = l->day,
	    .people = true,
	};
	int r = wr_day_read(l->use, &reading, &sources, &n);
	if (!r)
		r = wr_slot_sessions(
		    l->use, l->ward, wr_day_week(l->day), &l->sessions, &l->n_sessions);
	if (!r)
		wr_day_list_make(l->use->arena, l->ward->zone, sources, n, &l->lines, &l->n_lines);
	return r;
}

/* ---- days to go to ---- */

static const char *address_of(const struct listing *l, wr_day day)
{
	char date[WR_TIME_TEXT];
	return wr_arena_printf(l->use->arena, "/s/rounds?day=%s", wr_day_iso(day, date));
}

static bool has_round(const struct listing *l, wr_day day)
{
	for (size_t i = 0; i < l->n_sessions; i++)
		if (l->sessions[i].day == day && is_listed(l, &l->sessions[i]))
			return true;
	return false;
}

static int count_patients(struct listing *l, wr_day day, size_t *ret_n)
{
	struct wr_slot *slots = NULL;
	struct wr_store_slot_filter filter = {
	    .ward = l->ward->id,
	    .consultant = l->consultant,
	    .from = wr_zone_at_or_after(l->ward->zone, day, 0),
	    .to = wr_zone_at_or_after(l->ward->zone, day + 1, 0),
	    .states = WR_STORE_BIT(WR_STATE_PUBLISHED) | WR_STORE_BIT(WR_STATE_STARTED) |
	              WR_STORE_BIT(WR_STATE_HELD),
	};
	return wr_store_slot_list(l->use->tx, l->use->arena, &filter, &slots, ret_n);
}

static int add_days(struct listing *l)
{
	struct wr_html_round_list_day *days =
	    wr_arena_new(l->use->arena, struct wr_html_round_list_day, 8);
	wr_day monday = wr_week_monday(wr_day_week(l->day));
	int r = 0;
	l->html.days = days;
	for (wr_day day = monday; day < monday + 7 && !r; day++) {
		char text[WR_TIME_TEXT];
		size_t n = 0;
		if (day != l->day && !has_round(l, day))
			continue;
		r = count_patients(l, day, &n);
		days[l->html.n_days++] = (struct wr_html_round_list_day){
		    .name = day == l->today
		                ? "Today"
		                : wr_arena_strdup(l->use->arena, wr_day_short(day, text)),
		    .count =
			wr_arena_printf(l->use->arena, n == 1 ? "%zu patient" : "%zu patients", n),
		    .to = address_of(l, day),
		    .current = day == l->day,
		};
	}
	l->html.before = address_of(l, l->day - 7);
	l->html.after = address_of(l, l->day + 7);
	return r;
}

/* ---- one line ---- */

static const char *tag_of(enum wr_day_stage stage)
{
	switch (stage) {
	case WR_DAY_TO_COME:
		break;
	case WR_DAY_NOW:
		return "green";
	case WR_DAY_SEEN:
		return "grey";
	case WR_DAY_MISSED:
		return "red";
	case WR_DAY_CANCELLED:
		return "white";
	}
	return NULL;
}

static bool may_swap(const struct listing *l, const struct wr_day_line *line)
{
	return line->stage == WR_DAY_TO_COME && line->slot->start > l->use->now;
}

static void add_others(
    struct listing *l, const struct wr_day_line *line, struct wr_html_round_list_line *row)
{
	struct wr_html_round_list_choice *others =
	    wr_arena_new(l->use->arena, struct wr_html_round_list_choice, l->n_lines);
	row->others = others;
	for (size_t i = 0; i < l->n_lines; i++) {
		const struct wr_day_line *other = &l->lines[i];
		if (other == line || !may_swap(l, other))
			continue;
		others[row->n_others++] = (struct wr_html_round_list_choice){
		    .value = other->slot->ref,
		    .label = wr_arena_printf(
			l->use->arena, "%s, %s, %s", other->time, other->name, other->bed),
		};
	}
	if (row->n_others)
		row->swap = wr_visit_key(l->visit);
}

static int add_undo(
    struct listing *l, const struct wr_slot *slot, struct wr_html_round_list_line *row)
{
	struct wr_store_undo undo;
	int r = wr_store_undo_get(l->use->tx, l->use->arena, "slot", slot->ref, &undo);
	if (!r && l->use->now - undo.at <= WR_UNDO_SECONDS)
		row->undo = wr_visit_key(l->visit);
	return r == WR_STORE_NONE ? 0 : r;
}

static int add_taps(
    struct listing *l, const struct wr_day_line *line, struct wr_html_round_list_line *row)
{
	const struct wr_slot *slot = line->slot;
	wr_time now = l->use->now;
	bool to_come = line->stage == WR_DAY_TO_COME, at_it = line->stage == WR_DAY_NOW;
	if (to_come && !wr_day_may_start(slot, line->change, l->ward->zone, now))
		row->start = wr_visit_key(l->visit);
	if (at_it)
		row->finish = wr_visit_key(l->visit);
	if (at_it || (to_come && !wr_day_may_be_missed(slot, now)))
		row->missed = wr_visit_key(l->visit);
	if (may_swap(l, line))
		add_others(l, line, row);
	return add_undo(l, slot, row);
}

static int fill_line(
    struct listing *l, const struct wr_day_line *line, struct wr_html_round_list_line *row)
{
	struct wr_html_round_list_guest *guests =
	    wr_arena_new(l->use->arena, struct wr_html_round_list_guest, line->n_guests + 1);
	*row = (struct wr_html_round_list_line){
	    .slot = line->slot->ref,
	    .time = line->time,
	    .name = line->name,
	    .bed = line->bed,
	    .state = line->stage == WR_DAY_TO_COME ? NULL : line->state,
	    .tag = tag_of(line->stage),
	    .late = line->late,
	    .absent = line->absent,
	    .guests = guests,
	    .n_guests = line->n_guests,
	    .words = line->questions,
	    .n_words = line->n_questions,
	};
	for (size_t i = 0; i < line->n_guests; i++)
		guests[i] = (struct wr_html_round_list_guest){
		    .text = line->guests[i].text,
		    .note = line->guests[i].note,
		    .cannot = line->guests[i].coming == WR_DAY_CANNOT,
		};
	return add_taps(l, line, row);
}

/* ---- one round ---- */

/* How late it may be said to be; in the order of the list that opens. */
static void add_minutes(
    struct listing *l, const struct wr_session *session, struct wr_html_round_list_round *round)
{
	static const int steps[] = {0, 5, 10, 15, 20, 30, 45, 60, 90};
	struct wr_html_round_list_minutes *minutes =
	    wr_arena_new(l->use->arena, struct wr_html_round_list_minutes, WR_COUNT(steps));
	for (size_t i = 0; i < WR_COUNT(steps); i++)
		minutes[i] = (struct wr_html_round_list_minutes){
		    .value = wr_arena_printf(l->use->arena, "%d", steps[i]),
		    .label = steps[i] ? wr_arena_printf(l->use->arena, "%d minutes", steps[i])
		                      : "0 minutes: on time",
		    .chosen = steps[i] == session->late_minutes,
		};
	round->minutes = minutes;
	round->n_minutes = WR_COUNT(steps);
	round->late = wr_visit_key(l->visit);
}

static const char *note_of(const struct listing *l, const struct wr_session *session)
{
	const char *why = session->why;
	if (session->state == WR_SESSION_CANCELLED)
		return wr_arena_printf(
		    l->use->arena, "Cancelled%s%s", why ? ": " : "", why ? why : "");
	return session->note;
}

static int fill_round(struct listing *l, const struct wr_session *session, size_t number,
    struct wr_html_round_list_round *round)
{
	struct wr_html_round_list_line *rows =
	    wr_arena_new(l->use->arena, struct wr_html_round_list_line, l->n_lines + 1);
	bool is_on = session->state == WR_SESSION_PLANNED && session->n > 0 && l->day == l->today &&
	             session->cells[session->n - 1].until > l->use->now;
	int r = 0;
	*round = (struct wr_html_round_list_round){
	    .id = session->id,
	    .place = wr_arena_printf(l->use->arena, "round-%zu", number),
	    .title = wr_arena_printf(
		l->use->arena, "%s, %s", consultant_name(l, session->consultant), session->room),
	    .note = note_of(l, session),
	    .lines = rows,
	};
	if (is_on)
		add_minutes(l, session, round);
	for (size_t i = 0; i < l->n_lines && !r; i++)
		if (wr_text_equal(l->lines[i].slot->session, session->id))
			r = fill_line(l, &l->lines[i], &rows[round->n_lines++]);
	return r;
}

static int add_rounds(struct listing *l)
{
	struct wr_html_round_list_round *rounds =
	    wr_arena_new(l->use->arena, struct wr_html_round_list_round, l->n_sessions + 1);
	int r = 0;
	l->html.rounds = rounds;
	for (size_t i = 0; i < l->n_sessions && !r; i++) {
		if (l->sessions[i].day != l->day || !is_listed(l, &l->sessions[i]))
			continue;
		r = fill_round(l, &l->sessions[i], i, &rounds[l->html.n_rounds]);
		l->html.n_rounds++;
	}
	return r;
}

/* ---- the page ---- */

static const struct wr_html_round_list_choice codes[] = {
    {"patient-declined", "the patient declined"},
    {"patient-asleep", "the patient was asleep"},
    {"patient-away", "the patient was away"},
    {"doctor-away", "the doctor was away"},
    {"overrun", "there was no time left"},
    {"emergency", "of an emergency"},
    {"other", "of something else"},
};

static int read_query(struct listing *l)
{
	const char *day = wr_visit_query(l->visit, "day");
	l->today = wr_zone_day(l->ward->zone, l->use->now);
	l->day = l->today;
	if (day && wr_day_parse(day, &l->day))
		return wr_fault(l->use, WR_FAULT_DATA, NULL, "`%s` is not a date", day);
	return 0;
}

static void fill_head(struct listing *l)
{
	char text[WR_TIME_TEXT], clock[WR_TIME_TEXT];
	struct wr_arena *arena = l->use->arena;
	struct wr_wall wall = wr_zone_wall(l->ward->zone, l->use->now);
	l->html.title = wr_arena_strdup(arena, wr_day_long(l->day, text));
	l->html.whose = l->consultant ? wr_arena_printf(arena, "%s, %s",
					    consultant_name(l, l->consultant), l->ward->name)
	                              : l->ward->name;
	l->html.known = wr_arena_printf(
	    arena, "As of %s, %s", wr_day_short(wall.day, text), wr_clock_text(wall.minute, clock));
	l->html.here = l->visit->path;
	l->html.codes = codes;
	l->html.n_codes = WR_COUNT(codes);
}

int wr_page_round_list(struct wr_use *use, struct wr_visit *visit)
{
	struct listing l = {
	    .use = use,
	    .visit = visit,
	    .ward = wr_visit_ward(use, visit),
	    .consultant = visit->consultant,
	};
	int r = l.ward ? read_query(&l) : -ENOENT;
	if (!r)
		r = read_day(&l);
	if (r)
		return r;
	fill_head(&l);
	l.html.errors = wr_visit_errors(visit);
	r = add_days(&l);
	if (!r)
		r = add_rounds(&l);
	if (r)
		return r;
	wr_frame_open(visit, "Rounds", WR_FRAME_WIDE);
	wr_html_round_list(&visit->html, WR_LANGUAGE_EN, &l.html);
	wr_frame_close(visit);
	return 0;
}
