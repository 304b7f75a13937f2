#include "desk/promises.h"

#include <stdlib.h>

#include "desk/slot_change.h"
#include "desk/tell.h"
#include "desk/unrecorded.h"
#include "desk/weekly.h"

#define PUBLISHED (WR_STORE_BIT(WR_STATE_PUBLISHED) | WR_STORE_BIT(WR_STATE_STARTED))

enum {
	NOBODY_FORGOTTEN,
	NOBODY_TWICE,
	NOTHING_WRONG_TOLD,
	KNOWN_WHO_HAS_NOT_HEARD,
	NOTHING_UNAGREED_SEEN,
	PUBLISHED_IS_A_PROMISE,
	NOTHING_LOST,
	WALL_CLOCK,
	LOOKING_BACK_SECONDS = 35 * 86400,
	DELAYED_SECONDS = 30 * 60,
	MOST_LINES = 100,
};

struct looking {
	struct wr_use *use;
	struct wr_promise_report *report;
	const struct wr_config_ward *ward; /* whose patients are looked at now */
	const char *at;                    /* the ward that a line is about; NULL: the house */
};

/* ---- noting ---- */

static void note(struct looking *l, int promise, enum wr_promise_state state, const char *text)
{
	struct wr_promise *p = &l->report->promises[promise];
	if (state > p->state)
		p->state = state;
	if (p->n == MOST_LINES)
		return;
	if (!p->lines)
		p->lines = wr_arena_new(l->use->arena, struct wr_promise_line, MOST_LINES);
	p->lines[p->n++] = (struct wr_promise_line){state, text, l->at};
}
#define NOTE(l, promise, state, ...)                                                               \
	note((l), (promise), (state), wr_arena_printf((l)->use->arena, __VA_ARGS__))

/* ---- 1: a slot in time, or a later one with its reason, or a place on the unplaced list ---- */

int wr_promise_due(struct wr_use *use, const struct wr_config_ward *ward,
    const struct wr_patient *patient, wr_time *ret_due)
{
	struct wr_slot *held = NULL;
	size_t n = 0;
	int r =
	    wr_store_slot_held(use->tx, use->arena, patient->ref, patient->admitted, 1, &held, &n);
	wr_time seen = n ? held[0].start : patient->last_seen;
	if (seen == WR_TIME_NONE || seen < patient->admitted) {
		*ret_due = wr_time_shift(ward->zone, patient->admitted, ward->first_slot_within);
		return r;
	}
	wr_day day = wr_zone_day(ward->zone, wr_time_shift(ward->zone, seen, ward->slot_every));
	*ret_due = wr_zone_at_or_after(ward->zone, day + 1, 0);
	return r;
}

static int is_on_unplaced_list(struct looking *l, const char *patient, bool *ret_listed)
{
	struct wr_unplaced *list = NULL;
	size_t n = 0;
	wr_day monday = wr_week_monday(wr_day_week(wr_zone_day(l->ward->zone, l->use->now)));
	int r = wr_store_unplaced_list(l->use->tx, l->use->arena, NULL, NULL, patient, &list, &n);
	*ret_listed = false;
	for (size_t i = 0; i < n; i++)
		*ret_listed |= wr_week_monday(list[i].week) >= monday;
	return r;
}

/* A draft tells nobody anything. Once its time of publishing has passed, it waits for a person. */
static void note_unpublished(struct looking *l, const struct wr_slot *slot)
{
	char week[WR_TIME_TEXT];
	wr_time at = wr_weekly_publish_time(l->ward, slot->week);
	if (slot->state == WR_STATE_DRAFT && at != WR_TIME_NONE && at + 3600 < l->use->now)
		NOTE(l, NOBODY_FORGOTTEN, WR_PROMISE_DANGER,
		    "patient %s: %s is drafted and was never published: publish it by hand",
		    slot->patient, wr_week_text(slot->week, week));
}

/* When nobody said whether the last slot was held, it may be only that: a task asks for it. */
static int note_overdue(struct looking *l, const struct wr_patient *patient)
{
	const char *unrecorded = NULL;
	int r = wr_unrecorded_find(l->use, patient->ref, &unrecorded);
	if (unrecorded)
		NOTE(l, NOBODY_FORGOTTEN, WR_PROMISE_DANGER,
		    "patient %s: slot %s has passed, and nobody said whether it was held",
		    patient->ref, unrecorded);
	else if (!r)
		NOTE(l, NOBODY_FORGOTTEN, WR_PROMISE_BROKEN,
		    "patient %s: a slot was due, and there is none and no reason", patient->ref);
	return r;
}

static int look_at_patient(struct looking *l, const struct wr_patient *patient)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	wr_time due = 0, now = l->use->now;
	bool listed = false;
	struct wr_store_slot_filter ahead = {
	    .patient = patient->ref,
	    .from = now - 86400,
	    .states = WR_STORE_LIVE,
	};
	l->at = l->ward->id;
	if (wr_patient_status(patient, now) != WR_STATUS_CURRENT)
		return 0;
	int r = wr_promise_due(l->use, l->ward, patient, &due);
	if (!r)
		r = wr_store_slot_list(l->use->tx, l->use->arena, &ahead, &slots, &n);
	if (!r)
		r = is_on_unplaced_list(l, patient->ref, &listed);
	if (!r && n)
		note_unpublished(l, &slots[0]);
	if (r || listed || (n && (slots[0].start < due || slots[0].late)))
		return r;
	if (n)
		NOTE(l, NOBODY_FORGOTTEN, WR_PROMISE_DANGER,
		    "patient %s: the next slot (%s) is later than due and not marked late",
		    patient->ref, slots[0].ref);
	else if (due < now)
		return note_overdue(l, patient);
	else if (due < now + 2 * 86400)
		NOTE(l, NOBODY_FORGOTTEN, WR_PROMISE_DANGER,
		    "patient %s: no slot yet, due within two days", patient->ref);
	return 0;
}

/* ---- 2: looked at again although the database refuses it ---- */

static void look_for_clash(struct looking *l, const struct wr_slot *a, const struct wr_slot *b)
{
	const char *what = NULL;
	l->at = a->ward;
	if (wr_text_equal(a->patient, b->patient))
		what = "patient";
	else if (wr_text_equal(a->consultant, b->consultant))
		what = "consultant";
	else if (wr_text_equal(a->ward, b->ward) && wr_text_equal(a->room, b->room))
		what = "room";
	if (what)
		NOTE(l, NOBODY_TWICE, WR_PROMISE_BROKEN, "slots %s and %s have one %s at one time",
		    a->ref, b->ref, what);
}

static void look_for_clashes(struct looking *l, const struct wr_slot *slots, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n && slots[k].start < slots[i].until; k++)
			look_for_clash(l, &slots[i], &slots[k]);
}

/* ---- 3: what waits to be sent ---- */

/* News that an endpoint has not taken for so long is late for whoever waits for it. */
static void look_at_delay(struct looking *l, const struct wr_notice_row *row)
{
	bool news = wr_text_starts(row->type, "slot.") && row->slot;
	if (!news || !row->tries || row->created > l->use->now - DELAYED_SECONDS)
		return;
	NOTE(l, KNOWN_WHO_HAS_NOT_HEARD, WR_PROMISE_DANGER,
	    "slot %s: endpoint %s has not taken the news for %s for half an hour", row->slot,
	    row->endpoint, row->who);
}

static int look_at_notices(struct looking *l)
{
	struct wr_notice_row *rows = NULL;
	size_t n = 0;
	struct wr_store_notice_filter waiting = {
	    .states = WR_STORE_BIT(WR_NOTICE_WAITING) | WR_STORE_BIT(WR_NOTICE_SENDING),
	    .whose = WR_STORE_BIT(WR_WHOSE_SUPPORT) | WR_STORE_BIT(WR_WHOSE_PATIENT),
	    .limit = 1000,
	};
	int r = wr_store_notice_list(l->use->tx, l->use->arena, &waiting, &rows, &n);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_support support;
		bool farewell = wr_text_equal(rows[i].type, "slot.cancelled");
		l->at = NULL;
		look_at_delay(l, &rows[i]);
		if (rows[i].whose == WR_WHOSE_PATIENT)
			continue;
		r = wr_store_support_get(l->use->tx, l->use->arena, rows[i].who, &support);
		if (!r && !farewell && support.consent != WR_CONSENT_AGREED)
			NOTE(l, NOTHING_WRONG_TOLD, WR_PROMISE_BROKEN,
			    "notice %s waits for support %s who has no consent", rows[i].id,
			    rows[i].who);
		if (r == WR_STORE_NONE)
			r = 0;
	}
	return r;
}

/* ---- 4 and 5: who should know, and nobody else ---- */

static int look_at_listeners(struct looking *l, const struct wr_slot *slot)
{
	struct wr_patient patient;
	struct wr_listener *listeners = NULL;
	struct wr_news *news = NULL;
	size_t n = 0, n_news = 0;
	struct wr_store_news_filter of_slot = {.slot = slot->ref};
	int r = wr_store_patient_get(l->use->tx, l->use->arena, slot->patient, &patient);
	if (!r)
		r = wr_listeners(l->use, &patient, &listeners, &n);
	if (!r)
		r = wr_store_news_list(l->use->tx, l->use->arena, &of_slot, &news, &n_news);
	for (size_t i = 0; i < n && !r; i++) {
		bool known = false;
		for (size_t k = 0; k < n_news; k++)
			known |= wr_text_equal(news[k].who, listeners[i].who) &&
			         news[k].whose == listeners[i].whose &&
			         news[k].want == slot->revision;
		if (!known)
			NOTE(l, KNOWN_WHO_HAS_NOT_HEARD, WR_PROMISE_BROKEN,
			    "slot %s revision %d: nothing says that %s should know it", slot->ref,
			    slot->revision, listeners[i].who);
	}
	for (size_t k = 0; k < n_news && !r; k++) {
		bool may = false;
		for (size_t i = 0; i < n; i++)
			may |= wr_text_equal(news[k].who, listeners[i].who);
		if (!may)
			NOTE(l, NOTHING_UNAGREED_SEEN, WR_PROMISE_BROKEN,
			    "slot %s: %s is to be told without consent", slot->ref, news[k].who);
	}
	return r;
}

static int look_at_attendees(struct looking *l, const struct wr_slot *slot)
{
	struct wr_attendee *people = NULL;
	size_t n = 0;
	int r = wr_store_attendee_list_of(l->use->tx, l->use->arena, slot->ref, &people, &n);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_support support;
		r = wr_store_support_get(l->use->tx, l->use->arena, people[i].support, &support);
		if (!r && (support.consent != WR_CONSENT_AGREED || support.sees < WR_SEES_TIME))
			NOTE(l, NOTHING_UNAGREED_SEEN, WR_PROMISE_BROKEN,
			    "slot %s: support %s is planned to attend without consent", slot->ref,
			    people[i].support);
	}
	return r;
}

/* ---- 6 and 8: where a published slot stands ---- */

static void look_at_place(
    struct looking *l, const struct wr_slot *slot, const struct wr_session *sessions, size_t n)
{
	const struct wr_session *session = wr_session_find(sessions, n, slot->session);
	l->at = slot->ward;
	bool there = session && session->state == WR_SESSION_PLANNED &&
	             wr_session_cell_starting(session, slot->start) != WR_SESSION_NO_CELL;
	if (!there && slot->start > l->use->now)
		NOTE(l, PUBLISHED_IS_A_PROMISE, WR_PROMISE_DANGER,
		    "slot %s is stranded: session %s has no such cell any more; move or cancel it",
		    slot->ref, slot->session);
	if (slot->revision > 1 && wr_text_empty(slot->reason) && slot->why == WR_WHY_NONE)
		NOTE(l, PUBLISHED_IS_A_PROMISE, WR_PROMISE_BROKEN,
		    "slot %s was changed and nobody said why", slot->ref);
	struct wr_wall wall = wr_zone_wall(l->ward->zone, slot->start);
	if (wall.minute % 5 || wall.second || !wr_week_equal(wr_day_week(wall.day), slot->week))
		NOTE(l, WALL_CLOCK, WR_PROMISE_BROKEN, "slot %s is not on the ward's clock",
		    slot->ref);
}

static int look_at_places(struct looking *l, const struct wr_slot *slots, size_t n)
{
	struct wr_session *sessions = NULL;
	struct wr_week week = {0};
	size_t n_sessions = 0;
	int r = 0;
	for (size_t i = 0; i < n && !r; i++) {
		if (!wr_text_equal(slots[i].ward, l->ward->id))
			continue;
		if (!wr_week_equal(slots[i].week, week)) {
			week = slots[i].week;
			r = wr_slot_sessions(l->use, l->ward, week, &sessions, &n_sessions);
		}
		if (!r)
			look_at_place(l, &slots[i], sessions, n_sessions);
	}
	return r;
}

/* A start with a configuration that lacks a ward: its slots and patients are kept, and said. */
static int look_for_lost_wards(struct looking *l, const struct wr_slot *slots, size_t n)
{
	struct wr_patient *patients = NULL;
	size_t n_patients = 0;
	const struct wr_config *config = l->use->config;
	l->at = NULL;
	for (size_t i = 0; i < n; i++)
		if (slots[i].start > l->use->now && !wr_config_find_ward(config, slots[i].ward))
			NOTE(l, PUBLISHED_IS_A_PROMISE, WR_PROMISE_DANGER,
			    "slot %s is stranded: ward %s is no longer configured", slots[i].ref,
			    slots[i].ward);
	int r =
	    wr_store_patient_list(l->use->tx, l->use->arena, NULL, false, &patients, &n_patients);
	for (size_t i = 0; i < n_patients && !r; i++)
		if (!wr_config_find_ward(config, patients[i].ward))
			NOTE(l, NOBODY_FORGOTTEN, WR_PROMISE_DANGER,
			    "patient %s: ward %s is no longer configured", patients[i].ref,
			    patients[i].ward);
	return r;
}

/* ---- all of it ---- */

static int look_at_slot(struct looking *l, const struct wr_slot *slot)
{
	l->at = slot->ward;
	int r = slot->start > l->use->now ? look_at_listeners(l, slot) : 0;
	return r ? r : look_at_attendees(l, slot);
}

int wr_promises_look(struct wr_use *use, struct wr_promise_report *ret_report)
{
	struct wr_slot *slots = NULL;
	struct wr_patient *patients = NULL;
	size_t n = 0, n_patients = 0;
	struct looking l = {.use = use, .report = ret_report};
	struct wr_store_slot_filter ahead = {.from = use->now - 86400, .states = PUBLISHED};
	*ret_report = (struct wr_promise_report){0};
	int r = wr_store_slot_list(use->tx, use->arena, &ahead, &slots, &n);
	if (!r)
		look_for_clashes(&l, slots, n);
	for (size_t i = 0; i < n && !r; i++)
		r = look_at_slot(&l, &slots[i]);
	for (size_t w = 0; w < use->config->n_wards && !r; w++) {
		l.ward = &use->config->wards[w];
		r = look_at_places(&l, slots, n);
		if (!r)
			r = wr_store_patient_list(
			    use->tx, use->arena, l.ward->id, false, &patients, &n_patients);
		for (size_t i = 0; i < n_patients && !r; i++)
			r = look_at_patient(&l, &patients[i]);
	}
	if (!r)
		r = look_for_lost_wards(&l, slots, n);
	if (!r)
		r = look_at_notices(&l);
	l.at = NULL;
	if (use->read_only)
		NOTE(&l, NOTHING_LOST, WR_PROMISE_DANGER,
		    "the disk is full: nothing can be written");
	return r;
}

int wr_promises_check_touched(struct wr_use *use)
{
	struct wr_promise_report report = {0};
	struct looking l = {.use = use, .report = &report};
	int r = 0;
	for (size_t i = 0; i < use->n_touched && !r; i++) {
		struct wr_slot *slots = NULL;
		size_t n = 0;
		struct wr_store_slot_filter ahead = {
		    .patient = use->touched[i], .from = use->now, .states = PUBLISHED};
		r = wr_store_slot_list(use->tx, use->arena, &ahead, &slots, &n);
		for (size_t k = 0; k < n && !r; k++)
			r = look_at_slot(&l, &slots[k]);
	}
	for (int p = 0; p < WR_PROMISES && !r; p++)
		if (report.promises[p].state == WR_PROMISE_BROKEN)
			return wr_fault(use, WR_FAULT_INTERNAL,
			    "nothing was changed; please report this",
			    "promise %d would be broken: %s", p + 1,
			    report.promises[p].lines[0].what);
	return r;
}

const char *wr_promise_name(int n)
{
	static const char *const names[WR_PROMISES] = {
	    "nobody is forgotten",
	    "nobody is double-booked",
	    "nobody is told the wrong thing",
	    "it is known who has not heard",
	    "nobody sees what the patient has not agreed to",
	    "a published slot is a promise",
	    "nothing acknowledged is lost",
	    "the wall clock is the contract",
	};
	return names[n - 1];
}

json_t *wr_promises_json(const struct wr_promise_report *report)
{
	static const char *const states[] = {"kept", "danger", "broken"};
	json_t *list = json_array();
	for (int i = 0; i < WR_PROMISES; i++) {
		const struct wr_promise *p = &report->promises[i];
		json_t *what = json_array();
		for (size_t k = 0; k < p->n; k++)
			json_array_append_new(what, json_string(p->lines[k].what));
		json_array_append_new(
		    list, json_pack("{s:i, s:s, s:s, s:o}", "n", i + 1, "name",
			      wr_promise_name(i + 1), "state", states[p->state], "what", what));
	}
	return list;
}
