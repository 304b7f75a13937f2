/* Promises 1, 2, 6 and 8: nobody is forgotten, nobody is in two places, what was published moves
 * for a reason that somebody gave, and the wall clock is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulation.h"

static wr_time now(const struct simulation *s)
{
	return wr_clock_now(&s->d->desk.clock);
}

static wr_day monday_of(wr_day day)
{
	return day - (day + 3) % 7;
}

static bool is_live(enum wr_state state)
{
	return state == WR_STATE_DRAFT || state == WR_STATE_PUBLISHED || state == WR_STATE_STARTED;
}

static bool is_here(const struct wr_patient *patient, wr_time at)
{
	return patient->discharged == WR_TIME_NONE && !patient->hold_why && patient->admitted <= at;
}

/* ---- 1 ---- */

static bool is_listed(const struct simulation *s, const char *patient)
{
	wr_day today;
	simulation_wall(now(s), &today);
	for (size_t i = 0; i < s->rows.n_unplaced; i++)
		if (wr_text_equal(s->rows.unplaced[i].patient, patient) &&
		    !wr_text_empty(s->rows.unplaced[i].why) &&
		    wr_week_monday(s->rows.unplaced[i].week) >= monday_of(today))
			return true;
	return false;
}

/* Seven ward dates after the last one that was held, else 72 hours after the admission. */
static wr_time due_of(const struct simulation *s, size_t patient)
{
	const struct wr_patient *p = &s->rows.patients[patient];
	wr_time seen = s->rows.held[patient];
	wr_day day;
	if (seen == WR_TIME_NONE && p->last_seen != WR_TIME_NONE && p->last_seen >= p->admitted)
		seen = p->last_seen;
	if (seen == WR_TIME_NONE)
		return p->admitted + 72 * 3600;
	simulation_wall(seen, &day);
	wr_time end = (wr_time)(day + 8) * 86400; /* midnight in winter, one o'clock in summer */
	return simulation_wall(end, NULL) == 60 ? end - 3600 : end;
}

/* Whether somebody was asked if the slot that passed last was held. */
static bool is_asked(const struct simulation *s, const char *patient)
{
	for (size_t i = 0; i < s->rows.n_tasks; i++)
		if (wr_text_equal(s->rows.tasks[i].kind, "record") &&
		    wr_text_equal(s->rows.tasks[i].patient, patient))
			return true;
	for (size_t i = 0; i < s->rows.n_slots; i++) {
		const struct wr_slot *slot = &s->rows.slots[i];
		bool open = slot->state == WR_STATE_PUBLISHED || slot->state == WR_STATE_STARTED;
		if (open && wr_text_equal(slot->patient, patient) && slot->start <= now(s) &&
		    slot->end > now(s) - 86400)
			return true;
	}
	return false;
}

static void check_forgotten(struct simulation *s, size_t patient)
{
	const struct wr_patient *p = &s->rows.patients[patient];
	wr_time due = due_of(s, patient);
	if (!is_here(p, now(s)) || due >= now(s) || is_listed(s, p->ref))
		return;
	for (size_t i = 0; i < s->rows.n_slots; i++) {
		const struct wr_slot *slot = &s->rows.slots[i];
		if (is_live(slot->state) && wr_text_equal(slot->patient, p->ref) &&
		    slot->start > now(s) - 86400 &&
		    (slot->start <= due || (slot->late && !wr_text_empty(slot->late_why))))
			return;
	}
	if (!is_asked(s, p->ref))
		simulation_broken(
		    s, 1, "patient %s: a slot was due, and nothing says why not", p->ref);
}

/* What the service took away is planned again at once. */
static void check_planned_again(struct simulation *s, const struct wr_slot *off)
{
	const struct wr_patient *p = simulation_patient(s, off->patient);
	bool service = off->why == WR_WHY_DOCTOR_AWAY || off->why == WR_WHY_OVERRUN ||
	               off->why == WR_WHY_EMERGENCY || off->why == WR_WHY_OTHER;
	bool is_off = off->state == WR_STATE_CANCELLED || off->state == WR_STATE_MISSED;
	if (!is_off || !service || !p || !is_here(p, now(s)) || off->changed < now(s) - 86400 ||
	    off->changed < p->admitted || is_listed(s, p->ref))
		return;
	for (size_t i = 0; i < s->rows.n_slots; i++) {
		const struct wr_slot *slot = &s->rows.slots[i];
		bool stands = is_live(slot->state) || slot->state == WR_STATE_HELD;
		if (stands && wr_text_equal(slot->patient, p->ref) &&
		    slot->start > off->start - 7 * 86400)
			return;
	}
	simulation_broken(
	    s, 1, "slot %s was taken away, and %s was not planned again", off->ref, p->ref);
}

/* ---- 2 ---- */

static bool share_a_person(
    const struct simulation *s, const struct wr_slot *a, const struct wr_slot *b)
{
	const struct simulation_rows *rows = &s->rows;
	for (size_t i = 0; i < rows->n_attendees; i++)
		for (size_t k = 0; k < rows->n_attendees; k++)
			if (wr_text_equal(rows->attendees[i].slot, a->ref) &&
			    wr_text_equal(rows->attendees[k].slot, b->ref) &&
			    wr_text_equal(rows->attendees[i].person, rows->attendees[k].person))
				return true;
	return false;
}

static void check_pair(struct simulation *s, const struct wr_slot *a, const struct wr_slot *b)
{
	const char *what = NULL;
	if (a->start >= b->until || b->start >= a->until)
		return;
	if (wr_text_equal(a->patient, b->patient))
		what = "patient";
	else if (wr_text_equal(a->consultant, b->consultant))
		what = "consultant";
	else if (wr_text_equal(a->room, b->room))
		what = "room";
	else if (share_a_person(s, a, b))
		what = "person";
	if (what)
		simulation_broken(
		    s, 2, "slots %s and %s have one %s at one time", a->ref, b->ref, what);
}

static bool is_taken_up(const struct wr_slot *slot)
{
	return slot->state == WR_STATE_PUBLISHED || slot->state == WR_STATE_STARTED;
}

static void check_places(struct simulation *s)
{
	const struct simulation_rows *rows = &s->rows;
	for (size_t i = 0; i < rows->n_slots; i++)
		for (size_t k = i + 1; k < rows->n_slots && is_taken_up(&rows->slots[i]); k++)
			if (is_taken_up(&rows->slots[k]))
				check_pair(s, &rows->slots[i], &rows->slots[k]);
}

/* ---- 6 ---- */

static struct {
	struct simulation *s;
	const char *slot;
	bool by_somebody;
} asking;

static int find_actor(struct wr_use *use)
{
	struct wr_store_audit *entries = NULL;
	size_t n = 0;
	struct wr_store_audit_filter filter = {
	    .ref = wr_arena_printf(use->arena, "slot:%s", asking.slot),
	    .limit = 20,
	};
	int r = wr_store_audit_list(use->tx, use->arena, &filter, &entries, &n);
	for (size_t i = 0; i < n && !r; i++)
		asking.by_somebody |= entries[i].at >= asking.s->looked &&
		                      !wr_text_empty(entries[i].actor) &&
		                      !wr_text_starts(entries[i].actor, "daemon");
	return r;
}

static void check_change(
    struct simulation *s, const struct simulation_slot *was, const struct wr_slot *slot)
{
	bool moved = was->start != slot->start || was->end != slot->end ||
	             strcmp(was->room, slot->room ? slot->room : "") != 0;
	bool turned = simulation_is_on(was->state) != simulation_is_on(slot->state);
	if (was->state == WR_STATE_DRAFT || slot->state == WR_STATE_DRAFT)
		return;
	if (!moved && !turned) {
		if (slot->revision < was->revision)
			simulation_broken(
			    s, 6, "slot %s went back to an older revision", slot->ref);
		return;
	}
	if (slot->revision <= was->revision)
		simulation_broken(s, 6, "slot %s changed and its revision did not", slot->ref);
	if (wr_text_empty(slot->reason) && slot->why == WR_WHY_NONE)
		simulation_broken(s, 6, "slot %s changed and nobody said why", slot->ref);
	asking.s = s;
	asking.slot = slot->ref;
	asking.by_somebody = false;
	desk_look(s->d, find_actor);
	if (!asking.by_somebody)
		simulation_broken(s, 6, "slot %s changed by nobody", slot->ref);
}

static void remember(struct simulation *s)
{
	s->n_before = 0;
	for (size_t i = 0; i < s->rows.n_slots; i++) {
		const struct wr_slot *slot = &s->rows.slots[i];
		WR_GROW(s->before, s->n_before, s->before_capacity);
		struct simulation_slot *one = &s->before[s->n_before++];
		*one = (struct simulation_slot){.start = slot->start,
		    .end = slot->end,
		    .state = slot->state,
		    .revision = slot->revision};
		snprintf(one->ref, sizeof(one->ref), "%s", slot->ref);
		snprintf(one->room, sizeof(one->room), "%s", slot->room ? slot->room : "");
		snprintf(one->session, sizeof(one->session), "%s", slot->session);
	}
}

static void check_changes(struct simulation *s)
{
	for (size_t i = 0; i < s->n_before; i++) {
		const struct wr_slot *slot = simulation_slot(s, s->before[i].ref);
		bool young = s->before[i].start > now(s) - SIMULATION_BACK_SECONDS + 86400;
		if (slot)
			check_change(s, &s->before[i], slot);
		else if (s->before[i].state != WR_STATE_DRAFT && young)
			simulation_broken(s, 7, "slot %s is no longer there", s->before[i].ref);
	}
	remember(s);
}

/* ---- 8 ---- */

static struct {
	const char *id;
	bool found;
} session;

static int find_session_change(struct wr_use *use)
{
	struct wr_session_change change;
	int r = wr_store_session_change_get(use->tx, use->arena, session.id, &change);
	session.found =
	    r == 0 && (change.added || change.from >= 0 || change.moved_day != WR_DAY_NONE);
	return r == WR_STORE_NONE ? 0 : r;
}

/* "kingsley.shah.2026-11-30": whose cells it has, and the day. */
static bool has_cell(const char *id, int minute, wr_day day)
{
	char round[16];
	int minutes[16], year, month, date;
	if (sscanf(id, "kingsley.%15[a-z].%d-%d-%d", round, &year, &month, &date) != 4 ||
	    wr_day_from_date(year, month, date) != day)
		return false;
	size_t n = simulation_cells(round, (day + 3) % 7, minutes);
	for (size_t i = 0; i < n; i++)
		if (minutes[i] == minute)
			return true;
	return false;
}

static void check_wall(struct simulation *s, const struct wr_slot *slot)
{
	wr_day day;
	int minute = simulation_wall(slot->start, &day);
	if (slot->state != WR_STATE_PUBLISHED && slot->state != WR_STATE_DRAFT)
		return;
	if (slot->start % 300 || wr_week_monday(slot->week) != monday_of(day))
		simulation_broken(s, 8, "slot %s is at no time of its week", slot->ref);
	if (slot->start <= now(s) || has_cell(slot->session, minute, day))
		return;
	session.id = slot->session;
	desk_look(s->d, find_session_change);
	if (!session.found)
		simulation_broken(s, 8, "slot %s begins at %02d:%02d, which %s never does",
		    slot->ref, minute / 60, minute % 60, slot->session);
}

void simulation_check_slots(struct simulation *s)
{
	for (size_t i = 0; i < s->rows.n_patients; i++)
		check_forgotten(s, i);
	for (size_t i = 0; i < s->rows.n_slots; i++) {
		check_planned_again(s, &s->rows.slots[i]);
		check_wall(s, &s->rows.slots[i]);
	}
	s->n_slots += s->rows.n_slots > 0;
	check_places(s);
	check_changes(s);
}
