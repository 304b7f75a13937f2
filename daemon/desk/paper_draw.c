/*
 * The page to print of a ward's day, drawn from what the lists on the screen show too: the rounds
 * (day_list.h), the call list (`unseen list`), the ward. It leaves the desk, so it names nobody
 * whose stay is restricted, and nobody of theirs.
 */
#include <stdlib.h>
#include <string.h>

#include "desk/cases.h"
#include "desk/day_read.h"
#include "desk/paper.h"
#include "desk/slot_change.h"
#include "wardround/paper.h"
#include "wardround/templates.h"

static const char see_desk[] = "Restricted: see the desk";

struct drawing {
	struct wr_use *use;
	const struct wr_config_ward *ward;
	wr_day day;
	struct wr_patient *patients; /* of the ward, by reference */
	size_t n_patients;
	struct wr_html_paper paper;
};

static const char *consultant_name(const struct drawing *d, const char *id)
{
	const struct wr_config_consultant *one = wr_config_find_consultant(d->use->config, id);
	return one ? one->name : id;
}

static const char *when_short(const struct drawing *d, wr_time at)
{
	char day[WR_TIME_TEXT], clock[WR_TIME_TEXT];
	struct wr_wall wall = wr_zone_wall(d->ward->zone, at);
	return wr_arena_printf(
	    d->use->arena, "%s %s", wr_day_short(wall.day, day), wr_clock_text(wall.minute, clock));
}

static const struct wr_patient *patient_of(const struct drawing *d, const char *ref)
{
	for (size_t i = 0; ref && i < d->n_patients; i++)
		if (wr_text_equal(d->patients[i].ref, ref))
			return &d->patients[i];
	return NULL;
}

static bool may_be_named(const struct drawing *d, const char *patient)
{
	const struct wr_patient *one = patient_of(d, patient);
	return !patient || (one && !one->restricted);
}

/* ---- the rounds ---- */

static void fill_line(
    struct wr_use *use, const struct wr_day_line *line, struct wr_html_paper_line *row)
{
	const char **guests = wr_arena_new(use->arena, const char *, line->n_guests + 1);
	const char **words =
	    wr_arena_new(use->arena, const char *, line->n_guests + line->n_questions + 1);
	*row = (struct wr_html_paper_line){
	    .time = line->time,
	    .bed = line->bed,
	    .name = line->name,
	    .state = line->stage == WR_DAY_TO_COME ? line->absent : line->state,
	    .late = line->late,
	    .guests = guests,
	    .n_guests = line->n_guests,
	    .words = words,
	};
	for (size_t i = 0; i < line->n_questions; i++)
		words[row->n_words++] = line->questions[i];
	for (size_t i = 0; i < line->n_guests; i++) {
		guests[i] = line->guests[i].text;
		if (line->guests[i].note)
			words[row->n_words++] = wr_arena_printf(use->arena, "%s \xe2\x80\x93 %s",
			    line->guests[i].text, line->guests[i].note);
	}
}

static const char *round_note(struct wr_use *use, const struct wr_session *session)
{
	switch (session->state) {
	case WR_SESSION_CANCELLED:
		return session->why ? wr_arena_printf(use->arena, "Cancelled: %s", session->why)
		                    : "Cancelled";
	case WR_SESSION_AWAY:
	case WR_SESSION_PLANNED:
		break;
	}
	return session->note;
}

static void add_round(struct drawing *d, const struct wr_session *session,
    const struct wr_day_line *lines, size_t n, struct wr_html_paper_round *round)
{
	struct wr_use *use = d->use;
	struct wr_html_paper_line *rows =
	    wr_arena_new(use->arena, struct wr_html_paper_line, n + 1);
	*round = (struct wr_html_paper_round){
	    .title = wr_arena_printf(
		use->arena, "%s, %s", consultant_name(d, session->consultant), session->room),
	    .note = round_note(use, session),
	    .lines = rows,
	};
	for (size_t i = 0; i < n; i++)
		if (wr_text_equal(lines[i].slot->session, session->id))
			fill_line(use, &lines[i], &rows[round->n_lines++]);
}

static int draw_rounds(struct drawing *d)
{
	struct wr_use *use = d->use;
	struct wr_day_source *sources = NULL;
	struct wr_day_line *lines = NULL;
	struct wr_session *sessions = NULL;
	size_t n = 0, n_lines = 0, n_sessions = 0;
	struct wr_day_reading reading = {
	    .ward = d->ward, .first = d->day, .last = d->day, .people = true};
	int r = wr_day_read(use, &reading, &sources, &n);
	if (!r)
		r = wr_slot_sessions(use, d->ward, wr_day_week(d->day), &sessions, &n_sessions);
	if (r)
		return r;
	wr_day_list_make(use->arena, d->ward->zone, sources, n, &lines, &n_lines);
	struct wr_html_paper_round *rounds =
	    wr_arena_new(use->arena, struct wr_html_paper_round, n_sessions + 1);
	d->paper.rounds = rounds;
	for (size_t i = 0; i < n_sessions; i++)
		if (sessions[i].day == d->day)
			add_round(d, &sessions[i], lines, n_lines, &rounds[d->paper.n_rounds++]);
	return 0;
}

/* ---- the calls ---- */

static const char *text_of(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));
	return text ? text : "";
}

static const char *heard(const char *level)
{
	return wr_text_equal(level, "none")      ? "Nothing yet"
	       : wr_text_equal(level, "fetched") ? "The page was opened"
	                                         : "A text was sent";
}

/* A patient without a phone is on the ward. */
static const char *number(struct drawing *d, const json_t *row)
{
	const char *phone = text_of(row, "phone");
	if (!*phone && wr_text_equal(text_of(row, "whose"), "patient"))
		return "Tell on the ward";
	return wr_arena_strdup(d->use->arena, phone);
}

static int by_start(const void *a, const void *b)
{
	const json_t *one = *(const json_t *const *)a, *other = *(const json_t *const *)b;
	int order = strcmp(text_of(one, "start"), text_of(other, "start"));
	return order ? order : strcmp(text_of(one, "slot"), text_of(other, "slot"));
}

static void fill_call(struct drawing *d, const json_t *row, struct wr_html_paper_call *call)
{
	struct wr_arena *arena = d->use->arena;
	const struct wr_patient *patient = patient_of(d, text_of(row, "patient"));
	const char *state = text_of(row, "state");
	bool off = wr_text_equal(state, "cancelled") || wr_text_equal(state, "missed");
	wr_time start = 0;
	if (!may_be_named(d, text_of(row, "patient"))) {
		*call = (struct wr_html_paper_call){
		    .name = see_desk, .about = wr_day_bed(arena, patient ? patient->bed : NULL)};
		return;
	}
	const char *when = wr_time_parse(d->ward->zone, text_of(row, "start"), &start) == 0
	                       ? when_short(d, start)
	                       : "";
	*call = (struct wr_html_paper_call){
	    .name = wr_arena_strdup(arena, text_of(row, "name")),
	    .phone = number(d, row),
	    .about = wr_arena_printf(
		arena, "%s: %s%s", patient->name, off ? "cancelled, was " : "", when),
	    .heard = heard(text_of(row, "level")),
	};
}

static int draw_calls(struct drawing *d)
{
	int r = wr_case_unseen_list(d->use);
	const json_t *list = json_object_get(d->use->answer, "unseen");
	size_t n = 0, most = json_array_size(list);
	const json_t **rows = wr_arena_new(d->use->arena, const json_t *, most + 1);
	struct wr_html_paper_call *calls =
	    wr_arena_new(d->use->arena, struct wr_html_paper_call, most + 1);
	for (size_t i = 0; i < most; i++)
		if (json_is_true(json_object_get(json_array_get(list, i), "ring")))
			rows[n++] = json_array_get(list, i);
	qsort(rows, n, sizeof(const json_t *), by_start);
	for (size_t i = 0; i < n; i++)
		fill_call(d, rows[i], &calls[i]);
	d->paper.calls = calls;
	d->paper.n_calls = n;
	return r;
}

/* ---- the ward ---- */

static int next_slot(struct drawing *d, const struct wr_patient *patient, const char **ret_when)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .patient = patient->ref,
	    .from = wr_zone_at_or_after(d->ward->zone, d->day, 0),
	    .states = WR_STORE_BIT(WR_STATE_PUBLISHED) | WR_STORE_BIT(WR_STATE_STARTED),
	};
	int r = wr_store_slot_list(d->use->tx, d->use->arena, &filter, &slots, &n);
	*ret_when = n ? when_short(d, slots[0].start) : "None planned";
	if (patient->hold_why)
		*ret_when = wr_arena_printf(d->use->arena, "On hold. %s", *ret_when);
	return r;
}

static int draw_patients(struct drawing *d)
{
	int r = 0;
	struct wr_html_paper_patient *rows =
	    wr_arena_new(d->use->arena, struct wr_html_paper_patient, d->n_patients + 1);
	d->paper.patients = rows;
	for (size_t i = 0; i < d->n_patients && !r; i++) {
		const struct wr_patient *patient = &d->patients[i];
		const char *when = NULL;
		r = next_slot(d, patient, &when);
		rows[d->paper.n_patients++] = (struct wr_html_paper_patient){
		    .bed = wr_day_bed(d->use->arena, patient->bed),
		    .name = patient->restricted ? see_desk : patient->name,
		    .consultant = consultant_name(d, patient->consultant),
		    .next = when,
		};
	}
	return r;
}

static int draw_unplaced(struct drawing *d)
{
	struct wr_unplaced *list = NULL;
	size_t n = 0;
	struct wr_use *use = d->use;
	wr_day monday = wr_week_monday(wr_day_week(wr_zone_day(d->ward->zone, use->now)));
	int r = wr_store_unplaced_list(use->tx, use->arena, d->ward->id, NULL, NULL, &list, &n);
	struct wr_html_paper_unplaced *rows =
	    wr_arena_new(use->arena, struct wr_html_paper_unplaced, n + 1);
	d->paper.unplaced = rows;
	for (size_t i = 0; i < n && !r; i++) {
		const struct wr_patient *patient = patient_of(d, list[i].patient);
		char week[WR_TIME_TEXT];
		if (!patient || wr_week_monday(list[i].week) < monday)
			continue;
		rows[d->paper.n_unplaced++] = (struct wr_html_paper_unplaced){
		    .bed = wr_day_bed(use->arena, patient->bed),
		    .name = patient->restricted ? see_desk : patient->name,
		    .week = wr_arena_strdup(use->arena, wr_week_text(list[i].week, week)),
		    .why = patient->restricted ? "" : list[i].why,
		};
	}
	return r;
}

static int draw_tasks(struct drawing *d)
{
	struct wr_task *tasks = NULL;
	size_t n = 0;
	struct wr_store_task_filter open = {.ward = d->ward->id, .open = true};
	int r = wr_store_task_list(d->use->tx, d->use->arena, &open, &tasks, &n);
	const char **texts = wr_arena_new(d->use->arena, const char *, n + 1);
	d->paper.tasks = texts;
	for (size_t i = 0; i < n && !r; i++)
		texts[d->paper.n_tasks++] =
		    may_be_named(d, tasks[i].patient) ? tasks[i].text : see_desk;
	return r;
}

/* ---- all of it ---- */

int wr_paper_draw(
    struct wr_use *use, const struct wr_config_ward *ward, wr_day day, struct wr_buf *html)
{
	char text[WR_TIME_TEXT];
	struct drawing d = {.use = use, .ward = ward, .day = day};
	int r =
	    wr_store_patient_list(use->tx, use->arena, ward->id, false, &d.patients, &d.n_patients);
	d.paper.ward = ward->name;
	d.paper.day = wr_arena_strdup(use->arena, wr_day_long(day, text));
	d.paper.written = when_short(&d, use->now);
	if (!r)
		r = draw_rounds(&d);
	if (!r)
		r = draw_calls(&d);
	if (!r)
		r = draw_patients(&d);
	if (!r)
		r = draw_unplaced(&d);
	if (!r)
		r = draw_tasks(&d);
	if (r)
		return r;
	wr_paper_open(html, wr_arena_printf(use->arena, "%s, %s", ward->name, d.paper.day));
	wr_html_paper(html, WR_LANGUAGE_EN, &d.paper);
	wr_paper_close(html);
	return 0;
}
