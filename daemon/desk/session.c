/*
 * A whole list at once: a session added, cancelled, moved, covered or late. What is kept is only
 * how the session differs from its round (struct wr_session_change); the slots in it follow.
 */
#include "desk/cases.h"
#include "desk/slot_change.h"
#include "desk/tell.h"
#include "desk/undo.h"
#include "wardround/day.h"

#include <string.h>

/* ---- reading ---- */

static json_t *session_json(struct wr_use *use, const struct wr_session *session)
{
	json_t *starts = json_array();
	for (size_t i = 0; i < session->n; i++)
		json_array_append_new(
		    starts, wr_json_time(use, session->ward, session->cells[i].start));
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:i, s:b, s:s?, s:i}", "id", session->id,
	    "ward", session->ward, "consultant", session->consultant, "room", session->room,
	    "starts", starts, "state", wr_word(&wr_words_session_state, (int)session->state),
	    "late_minutes", session->late_minutes, "covered", session->covered, "note",
	    session->note, "slot_minutes", session->slot);
}

static int list_ward(
    struct wr_use *use, const struct wr_config_ward *ward, struct wr_week week, json_t *list)
{
	struct wr_session *sessions = NULL;
	size_t n = 0;
	int r = wr_slot_sessions(use, ward, week, &sessions, &n);
	for (size_t i = 0; i < n && !r; i++)
		json_array_append_new(list, session_json(use, &sessions[i]));
	return r;
}

int wr_case_session_list(struct wr_use *use)
{
	const struct wr_config_ward *ward = NULL;
	struct wr_week week = {0};
	json_t *list = json_array();
	wr_use_answer(use, "sessions", list);
	int r = wr_arg_text(use, "ward") ? wr_use_ward(use, wr_arg_text(use, "ward"), &ward) : 0;
	if (!r)
		r = wr_arg_week(use, "week", &week);
	for (size_t i = 0; i < use->config->n_wards && !r; i++) {
		const struct wr_config_ward *one = &use->config->wards[i];
		struct wr_week this = wr_day_week(wr_zone_day(one->zone, use->now));
		if (!ward || ward == one)
			r = list_ward(use, one, week.year ? week : this, list);
	}
	return r;
}

/* ---- finding ---- */

struct occasion {
	const struct wr_config_ward *ward;
	const struct wr_session *session;
	struct wr_session_change change; /* the row as it is, or an empty one of this session */
	struct wr_slot *slots;           /* live ones in it */
	size_t n_slots;
};

/* The session of an id, in the week that it takes place in now (it may have been moved there). */
static int find_session(struct wr_use *use, const char *id, struct occasion *o)
{
	wr_day day = 0;
	for (size_t i = 0; i < use->config->n_wards && !wr_session_id_day(id, &day); i++) {
		struct wr_session *sessions = NULL;
		size_t n = 0;
		struct wr_session_change row;
		if (wr_store_session_change_get(use->tx, use->arena, id, &row) == 0 &&
		    row.moved_day != WR_DAY_NONE)
			day = row.moved_day;
		int r =
		    wr_slot_sessions(use, &use->config->wards[i], wr_day_week(day), &sessions, &n);
		if (r)
			return r;
		o->ward = &use->config->wards[i];
		o->session = wr_session_find(sessions, n, id);
		if (o->session)
			return 0;
	}
	return wr_unknown(use, "see `wardctl session list --week`", "there is no session `%s`", id);
}

static int find(struct wr_use *use, struct occasion *o)
{
	const char *id = NULL;
	*o = (struct occasion){0};
	int r = wr_arg_must(use, "id", &id);
	if (!r)
		r = find_session(use, id, o);
	if (r)
		return r;
	r = wr_store_session_change_get(use->tx, use->arena, id, &o->change);
	if (r && r != WR_STORE_NONE)
		return r;
	if (r == WR_STORE_NONE)
		o->change = (struct wr_session_change){
		    .id = o->session->id,
		    .ward = o->ward->id,
		    .round = o->ward->rounds[o->session->round].id,
		    .day = o->session->round_day,
		    .from = -1,
		    .to = -1,
		    .moved_day = WR_DAY_NONE,
		    .late_at = WR_TIME_NONE,
		};
	struct wr_store_slot_filter filter = {.session = id, .states = WR_STORE_LIVE};
	return wr_store_slot_list(use->tx, use->arena, &filter, &o->slots, &o->n_slots);
}

static bool has_published(const struct occasion *o)
{
	for (size_t i = 0; i < o->n_slots; i++)
		if (o->slots[i].state != WR_STATE_DRAFT)
			return true;
	return false;
}

/* ---- writing ---- */

static int save(struct wr_use *use, struct occasion *o, const char *before, const char *after)
{
	json_t *row = json_pack("{s:s, s:b, s:i, s:i, s:s?, s:i, s:s?}", "id", o->change.id,
	    "cancelled", o->change.cancelled, "from", o->change.from, "to", o->change.to, "cover",
	    o->change.cover, "late_minutes", o->change.late_minutes, "why", o->change.why);
	wr_use_change(use, wr_arena_printf(use->arena, "session %s", o->change.id), before, after);
	wr_use_touch_ward(use, o->change.ward);
	int r = wr_store_session_change_put(use->tx, &o->change);
	if (!r)
		r = wr_store_generation_bump(use->tx, WR_WHOSE_WARD, o->change.ward);
	if (r) {
		json_decref(row);
		return wr_use_stored(use, r, "session");
	}
	return wr_use_audit(
	    use, wr_arena_printf(use->arena, "session:%s", o->change.id), NULL, NULL, row);
}

static int answer(struct wr_use *use, const char *id)
{
	struct occasion o = {0};
	int r = find_session(use, id, &o);
	if (!r)
		wr_use_answer(use, "session", session_json(use, o.session));
	return r;
}

/* Whether who leads it is on another ward then. On its own ward a changed session gives way. */
static int is_free_elsewhere(struct wr_use *use, const struct occasion *o)
{
	struct wr_session *own = NULL;
	size_t n_own = 0;
	struct wr_week week = wr_day_week(o->session->day);
	int r = wr_slot_sessions_alone(use, o->ward, week, &own, &n_own);
	const struct wr_session *session = r ? NULL : wr_session_find(own, n_own, o->session->id);
	if (!session)
		return r;
	for (size_t w = 0; w < use->config->n_wards; w++) {
		const struct wr_config_ward *ward = &use->config->wards[w];
		struct wr_session *others = NULL;
		size_t n = 0;
		if (ward == o->ward)
			continue;
		r = wr_slot_sessions_alone(use, ward, week, &others, &n);
		for (size_t i = 0; i < n && !r; i++)
			if (others[i].state == WR_SESSION_PLANNED &&
			    wr_text_equal(others[i].consultant, session->consultant) &&
			    wr_slot_sessions_overlap(session, &others[i]))
				return wr_refuse(use, "choose another time, or somebody else",
				    "consultant %s leads session %s then", session->consultant,
				    others[i].id);
		if (r)
			return r;
	}
	return 0;
}

/* The session as it would be now: somewhere, with somebody, with cells. */
static int has_cells(struct wr_use *use, const char *id)
{
	struct occasion o = {0};
	int r = find_session(use, id, &o);
	if (!r)
		r = is_free_elsewhere(use, &o);
	if (!r && o.session->n == 0)
		r = wr_refuse(use, "choose another time",
		    "session %s would have no time for a slot (%s)", id,
		    o.session->note ? o.session->note : "it is too short");
	return r;
}

/* The slots of a session whose cells are gone or elsewhere: back to where they fit, or cancelled.
 */
static int follow(struct wr_use *use, struct occasion *o, wr_time shift)
{
	struct occasion now = {0};
	int r = find_session(use, o->change.id, &now);
	for (size_t i = 0; i < o->n_slots && !r; i++) {
		struct wr_slot *slot = &o->slots[i], before = *slot;
		struct wr_attendee *attendees = NULL;
		size_t n = 0;
		size_t cell = wr_session_cell_starting(now.session, slot->start + shift);
		if (cell == WR_SESSION_NO_CELL || now.session->state != WR_SESSION_PLANNED ||
		    wr_session_fit(now.session, cell) < (size_t)slot->cells)
			return wr_refuse(use, "move or cancel that slot first",
			    "slot %s (%s) has no place in the session as it would be", slot->ref,
			    wr_slot_when(use, slot));
		wr_slot_place(slot, now.session, cell);
		slot->reason = use->reason;
		r = wr_slot_attendees(use, slot, NULL, &attendees, &n);
		if (!r)
			r = wr_slot_change(use, &before, slot, attendees, n);
	}
	return r;
}

static int release_all(struct wr_use *use, const struct occasion *o)
{
	int r = 0;
	for (size_t i = 0; i < o->n_slots && !r; i++)
		r = wr_store_busy_release(use->tx, o->slots[i].ref);
	return r;
}

/* ---- the cases ---- */

static int whole_block(struct wr_use *use, const struct wr_config_ward *ward, wr_time from,
    wr_time to, struct wr_session_change *change)
{
	struct wr_wall start = wr_zone_wall(ward->zone, from), end = wr_zone_wall(ward->zone, to);
	if (start.day != end.day || from >= to)
		return wr_fault(use, WR_FAULT_DATA, NULL, "a session begins and ends on one day");
	if (start.minute % 5 || end.minute % 5 || start.second || end.second)
		return wr_fault(use, WR_FAULT_DATA, NULL, "times are multiples of five minutes");
	change->day = start.day;
	change->from = start.minute;
	change->to = end.minute;
	return 0;
}

static int round_of(struct wr_use *use, const char *name, const struct wr_config_ward **ret_ward,
    const struct wr_config_round **ret_round)
{
	for (size_t i = 0; i < use->config->n_wards; i++) {
		const struct wr_config_ward *ward = &use->config->wards[i];
		const char *asked = wr_arg_text(use, "ward");
		size_t length = strlen(ward->id);
		const char *round = name;
		if (asked && !wr_text_equal(asked, ward->id))
			continue;
		if (wr_text_starts(name, ward->id) && name[length] == '.')
			round = name + length + 1;
		*ret_ward = ward;
		*ret_round = wr_config_find_round(ward, round);
		if (*ret_round)
			return 0;
	}
	return wr_unknown(
	    use, "name it as `round` or `ward.round`", "there is no round `%s`", name);
}

int wr_case_session_add(struct wr_use *use)
{
	const struct wr_config_ward *ward = NULL;
	const struct wr_config_round *round = NULL;
	const char *name = NULL, *text = NULL;
	wr_time from = 0, to = 0;
	int r = wr_arg_must(use, "round", &name);
	if (!r)
		r = wr_arg_must(use, "from", &text);
	if (!r)
		r = wr_arg_must(use, "to", &text);
	if (!r)
		r = round_of(use, name, &ward, &round);
	if (!r)
		r = wr_arg_time(use, "from", ward, &from);
	if (!r)
		r = wr_arg_time(use, "to", ward, &to);
	struct wr_session_change change = {
	    .ward = ward ? ward->id : NULL,
	    .round = round ? round->id : NULL,
	    .added = true,
	    .moved_day = WR_DAY_NONE,
	    .late_at = WR_TIME_NONE,
	    .why = use->reason,
	};
	if (!r)
		r = whole_block(use, ward, from, to, &change);
	if (!r && from < use->now)
		r = wr_refuse(use, NULL, "a session can't begin in the past");
	if (r)
		return r;
	struct wr_session *sessions = NULL;
	size_t n = 0;
	r = wr_slot_sessions(use, ward, wr_day_week(change.day), &sessions, &n);
	for (int number = 1; !r; number++) {
		change.id = wr_session_id(use->arena, ward->id, round->id, change.day, number);
		struct wr_session_change row;
		if (!wr_session_find(sessions, n, change.id) &&
		    wr_store_session_change_get(use->tx, use->arena, change.id, &row) ==
			WR_STORE_NONE)
			break;
	}
	struct occasion o = {.ward = ward, .change = change};
	if (!r)
		r = save(use, &o, NULL, "added");
	if (!r)
		r = has_cells(use, change.id);
	if (!r)
		r = answer(use, change.id);
	const struct wr_week week = wr_day_week(change.day);
	wr_use_replan(use, ward->id, week);
	return r;
}

int wr_case_session_cancel(struct wr_use *use)
{
	struct occasion o;
	int r = find(use, &o);
	if (!r && o.change.cancelled)
		r = wr_refuse(use, NULL, "session %s is cancelled already", o.change.id);
	if (!r && o.session->n && o.session->cells[o.session->n - 1].until <= use->now)
		r = wr_refuse(use, "say of each slot whether it was held or missed",
		    "session %s is over", o.change.id);
	if (!r && has_published(&o))
		r = wr_use_needs_reason(use);
	if (r)
		return r;
	o.change.cancelled = true;
	o.change.why = use->reason;
	r = save(use, &o, "planned", "cancelled");
	for (size_t i = 0; i < o.n_slots && !r; i++) {
		struct wr_slot *slot = &o.slots[i], before = *slot;
		if (slot->state == WR_STATE_STARTED)
			return wr_refuse(use, NULL, "slot %s has started", slot->ref);
		if (slot->state == WR_STATE_DRAFT) {
			r = wr_store_slot_delete(use->tx, slot->ref);
			continue;
		}
		slot->state = WR_STATE_CANCELLED;
		slot->why = WR_WHY_DOCTOR_AWAY;
		slot->reason = use->reason;
		r = wr_undo_keep_slot(use, &before);
		if (!r)
			r = wr_slot_change(use, &before, slot, NULL, 0);
	}
	wr_use_replan_ahead(use, o.ward->id);
	return r ? r : answer(use, o.change.id);
}

int wr_case_session_move(struct wr_use *use)
{
	struct occasion o;
	const char *text = NULL;
	wr_time to = 0;
	int r = find(use, &o);
	if (!r)
		r = wr_arg_must(use, "to", &text);
	if (!r)
		r = wr_arg_time(use, "to", o.ward, &to);
	if (!r && has_published(&o))
		r = wr_use_needs_reason(use);
	if (!r && o.session->n == 0)
		r = wr_refuse(use, NULL, "session %s has no cells to move", o.change.id);
	if (r)
		return r;
	struct wr_wall wall = wr_zone_wall(o.ward->zone, to);
	const struct wr_config_round *round = &o.ward->rounds[o.session->round];
	int length = (o.change.from >= 0 ? o.change.to - o.change.from : round->to - round->from);
	if (wall.minute % 5 || wall.second || wall.minute + length > WR_MINUTES_A_DAY)
		return wr_fault(use, WR_FAULT_DATA, NULL,
		    "a session begins on a multiple of five minutes and ends on the same day");
	if (!wr_week_equal(wr_day_week(wall.day), wr_day_week(o.session->day)))
		return wr_refuse(use, NULL, "a session is moved within its week");
	if (to < use->now)
		return wr_refuse(use, NULL, "a session can't be moved into the past");
	wr_time first = o.session->cells[0].start;
	o.change.from = wall.minute;
	o.change.to = wall.minute + length;
	o.change.moved_day = wall.day;
	o.change.why = use->reason;
	r = save(use, &o, NULL, wr_arena_strdup(use->arena, text));
	if (!r)
		r = release_all(use, &o);
	if (!r)
		r = follow(use, &o, to - first);
	if (!r)
		r = has_cells(use, o.change.id);
	wr_use_replan(use, o.ward->id, wr_day_week(wall.day));
	return r ? r : answer(use, o.change.id);
}

int wr_case_session_cover(struct wr_use *use)
{
	struct occasion o;
	const struct wr_config_consultant *cover = NULL;
	const char *by = NULL;
	int r = find(use, &o);
	if (!r)
		r = wr_arg_must(use, "by", &by);
	if (!r)
		r = wr_use_consultant(use, by, &cover);
	if (!r && has_published(&o))
		r = wr_use_needs_reason(use);
	if (r)
		return r;
	o.change.cover = wr_text_equal(by, o.session->own) ? NULL : cover->id;
	o.change.why = use->reason;
	if (has_published(&o))
		wr_use_needs_yes(use);
	r = save(use, &o, o.session->consultant, cover->id);
	if (!r)
		r = release_all(use, &o);
	if (!r)
		r = follow(use, &o, 0);
	if (!r)
		r = has_cells(use, o.change.id);
	wr_use_replan(use, o.ward->id, wr_day_week(o.session->day));
	return r ? r : answer(use, o.change.id);
}

int wr_case_session_late(struct wr_use *use)
{
	struct occasion o;
	int minutes = -1;
	int r = find(use, &o);
	if (!r)
		r = wr_arg_int(use, "minutes", 0, 480, &minutes);
	if (!r && minutes < 0)
		r = wr_fault(use, WR_FAULT_USAGE, NULL, "session late: minutes is missing");
	if (r)
		return r;
	int before = o.change.late_minutes;
	wr_day_say_late(&o.change, minutes, use->now);
	r = save(use, &o, wr_arena_printf(use->arena, "%d minutes late", before),
	    wr_arena_printf(use->arena, "%d minutes late", minutes));
	for (size_t i = 0; i < o.n_slots && !r; i++)
		r = wr_tell_late(use, &o.slots[i], &o.change);
	if (json_array_size(use->told))
		wr_use_needs_yes(use);
	return r ? r : answer(use, o.change.id);
}
