/*
 * A session is made in this order: which days (round, holidays, moves, additions), the round's
 * layout as wall times turned into instants, who leads (covers), which cells are there (clock, away
 * times, clashes), which of those are kept.
 */
#include "wardround/session.h"

#include <stdlib.h>
#include <string.h>

static const char *const state_names[] = {"planned", "cancelled", "away"};
const struct wr_words wr_words_session_state = {"state", state_names, WR_COUNT(state_names)};

enum { LONGEST_HOLIDAYS = 31 };

struct maker {
	struct wr_arena *arena;
	const struct wr_session_source *source;
	wr_time now;
	struct wr_session *sessions; /* heap while growing */
	size_t n, capacity;
};

static void note(struct maker *maker, struct wr_session *session, const char *text)
{
	session->note =
	    session->note ? wr_arena_printf(maker->arena, "%s; %s", session->note, text) : text;
}

/* ---- the layout: wall times of one block of the round ---- */

static int layout(const struct wr_config_round *round, const struct wr_session_change *change,
    int starts[WR_ROUND_CELLS_MAX])
{
	if (!change || (change->from < 0 && change->to < 0))
		return wr_round_starts(round, starts);
	struct wr_config_round block = *round;
	int length = round->to - round->from;
	block.from = change->from >= 0 ? change->from : round->from;
	block.to = change->to >= 0 ? change->to : block.from + length;
	if (block.to > WR_MINUTES_A_DAY)
		block.to = WR_MINUTES_A_DAY;
	if (block.from >= block.to)
		return 0;
	struct wr_clock_span *breaks = wr_alloc(round->breaks.n, sizeof(*breaks));
	int shift = block.to - block.from == length ? block.from - round->from : 0;
	size_t n = 0;
	for (size_t i = 0; i < round->breaks.n; i++) {
		struct wr_clock_span span = round->breaks.items[i];
		span.from = span.from + shift > block.from ? span.from + shift : block.from;
		span.to = span.to + shift < block.to ? span.to + shift : block.to;
		if (span.from < span.to)
			breaks[n++] = span;
	}
	block.breaks.items = breaks;
	block.breaks.n = n;
	int cells = wr_round_starts(&block, starts);
	free(breaks);
	return cells;
}

static void add_cells(struct maker *maker, struct wr_session *session,
    const struct wr_config_round *round, const struct wr_session_change *change)
{
	int starts[WR_ROUND_CELLS_MAX];
	int n = layout(round, change, starts), missing = 0;
	struct wr_session_cell *cells =
	    wr_arena_new(maker->arena, struct wr_session_cell, n > 0 ? (size_t)n : 1);
	for (int i = 0; i < n; i++) {
		struct wr_session_cell *cell = &cells[session->n];
		if (wr_zone_instant(
			maker->source->ward->zone, session->day, starts[i], &cell->start) != 0) {
			missing++;
			continue;
		}
		cell->minute = starts[i];
		cell->until = cell->start + 60 * round->slot;
		cell->end = cell->until - 60 * round->changeover;
		if (round->join.n > 0)
			cell->join = round->join.items[(size_t)i % round->join.n];
		session->n++;
	}
	session->cells = cells;
	if (missing > 0)
		note(maker, session,
		    wr_arena_printf(maker->arena, "%d %s not there: the clock changes", missing,
			missing == 1 ? "cell is" : "cells are"));
}

/* Keeps the cells for which `stays` holds; returns how many went. */
static size_t thin_out(struct maker *maker, struct wr_session *session,
    bool (*stays)(
	struct maker *maker, const struct wr_session *session, const struct wr_session_cell *cell))
{
	struct wr_session_cell *kept =
	    wr_arena_new(maker->arena, struct wr_session_cell, session->n ? session->n : 1);
	size_t n = 0;
	for (size_t i = 0; i < session->n; i++)
		if (stays(maker, session, &session->cells[i]))
			kept[n++] = session->cells[i];
	size_t gone = session->n - n;
	session->cells = kept;
	session->n = n;
	return gone;
}

/* ---- away times ---- */

static const struct wr_away *away_during(const struct wr_session_source *source,
    enum wr_whose whose, const char *who, const struct wr_session_cell *cell)
{
	for (size_t i = 0; i < source->n_aways; i++) {
		const struct wr_away *away = &source->aways[i];
		if (away->whose == whose && away->from < cell->until && cell->start < away->to &&
		    wr_text_equal(away->who, who))
			return away;
	}
	return NULL;
}

static const char *cover_of(const struct wr_session_source *source,
    const struct wr_session *session, const char *consultant)
{
	for (size_t i = 0; i < session->n; i++) {
		const struct wr_away *away =
		    away_during(source, WR_WHOSE_CONSULTANT, consultant, &session->cells[i]);
		if (away && !wr_text_empty(away->cover))
			return away->cover;
	}
	return NULL;
}

/* Who covers may be away and covered in turn; a ring of covers leaves it to the first. */
static const char *who_leads(const struct wr_session_source *source,
    const struct wr_session *session, const char *consultant)
{
	const char *leads = consultant;
	for (size_t step = 0; step <= source->config->n_consultants; step++) {
		const char *cover = cover_of(source, session, leads);
		if (!cover)
			return leads;
		leads = cover;
	}
	return consultant;
}

static bool is_staffed(
    struct maker *maker, const struct wr_session *session, const struct wr_session_cell *cell)
{
	return !away_during(maker->source, WR_WHOSE_CONSULTANT, session->consultant, cell);
}

static bool has_room(
    struct maker *maker, const struct wr_session *session, const struct wr_session_cell *cell)
{
	const char *ward = session->ward;
	size_t n = strlen(ward);
	for (size_t i = 0; i < maker->source->n_aways; i++) {
		const struct wr_away *away = &maker->source->aways[i];
		if (away->whose == WR_WHOSE_ROOM && away->from < cell->until &&
		    cell->start < away->to && strncmp(away->who, ward, n) == 0 &&
		    away->who[n] == '/' && wr_text_equal(away->who + n + 1, session->room))
			return false;
	}
	return true;
}

static void note_gone(struct maker *maker, struct wr_session *session, size_t gone, const char *why)
{
	if (gone > 0)
		note(maker, session,
		    wr_arena_printf(maker->arena, "%zu %s not there: %s", gone,
			gone == 1 ? "cell is" : "cells are", why));
}

static const char *name_of(const struct wr_session_source *source, const char *consultant)
{
	const struct wr_config_consultant *found =
	    wr_config_find_consultant(source->config, consultant);
	return found ? found->name : consultant;
}

static void take_away_times(
    struct maker *maker, struct wr_session *session, const char *change_cover)
{
	const char *first = wr_text_empty(change_cover) ? session->own : change_cover;
	session->consultant = who_leads(maker->source, session, first);
	session->covered = !wr_text_equal(session->consultant, session->own);
	if (session->covered)
		note(maker, session,
		    wr_arena_printf(maker->arena, "%s covers for %s",
			name_of(maker->source, session->consultant),
			name_of(maker->source, session->own)));
	note_gone(maker, session, thin_out(maker, session, is_staffed),
	    wr_arena_printf(
		maker->arena, "%s is away", name_of(maker->source, session->consultant)));
	note_gone(maker, session, thin_out(maker, session, has_room),
	    wr_arena_printf(maker->arena, "%s can't be used", session->room));
}

/* ---- which sessions ---- */

static const struct wr_session_change *change_with(
    const struct wr_session_source *source, const char *id)
{
	for (size_t i = 0; i < source->n_changes; i++)
		if (wr_text_equal(source->changes[i].id, id))
			return &source->changes[i];
	return NULL;
}

static void add_session(struct maker *maker, int round_at, wr_day round_day, const char *id,
    const struct wr_session_change *change)
{
	const struct wr_config_ward *ward = maker->source->ward;
	const struct wr_config_round *round = &ward->rounds[round_at];
	bool moved_day = change && change->moved_day != WR_DAY_NONE;
	struct wr_session session = {.id = id,
	    .ward = ward->id,
	    .round = round_at,
	    .day = moved_day ? change->moved_day : round_day,
	    .round_day = round_day,
	    .own = maker->source->config->consultants[round->consultant].id,
	    .room = round->room,
	    .dial_in = wr_text_empty(round->dial_in) ? NULL : round->dial_in,
	    .lobby = round->lobby,
	    .slot = round->slot,
	    .changeover = round->changeover,
	    .late_at = WR_TIME_NONE};
	if (change) {
		session.added = change->added;
		session.moved = !change->added && (moved_day || change->from >= 0);
		session.late_minutes = change->late_minutes;
		session.late_at = change->late_at;
		session.why = change->why;
		session.note = change->added ? "added" : NULL;
	}
	if (session.moved) {
		char text[WR_TIME_TEXT];
		note(maker, &session,
		    wr_arena_printf(maker->arena, "moved from %s", wr_day_short(round_day, text)));
	}
	add_cells(maker, &session, round, change);
	take_away_times(maker, &session, change ? change->cover : NULL);
	if (change && change->cancelled)
		session.state = WR_SESSION_CANCELLED;
	WR_GROW(maker->sessions, maker->n, maker->capacity);
	maker->sessions[maker->n++] = session;
}

static bool round_is_on(const struct wr_config_round *round, wr_day day)
{
	return round->days >> wr_day_weekday(day) & 1;
}

static void add_regular(struct maker *maker, wr_day day)
{
	const struct wr_config_ward *ward = maker->source->ward;
	if (wr_config_holiday(ward, day))
		return;
	for (size_t i = 0; i < ward->n_rounds; i++) {
		if (!round_is_on(&ward->rounds[i], day))
			continue;
		const char *id = wr_session_id(maker->arena, ward->id, ward->rounds[i].id, day, 1);
		const struct wr_session_change *change = change_with(maker->source, id);
		if (!change || (!change->added && change->moved_day == WR_DAY_NONE))
			add_session(maker, (int)i, day, id, change);
	}
}

/* Those that staff added, or moved here from whatever day. */
static void add_changed(struct maker *maker, wr_day first, wr_day last)
{
	const struct wr_config_ward *ward = maker->source->ward;
	for (size_t i = 0; i < maker->source->n_changes; i++) {
		const struct wr_session_change *change = &maker->source->changes[i];
		const struct wr_config_round *round = wr_config_find_round(ward, change->round);
		bool moved = change->moved_day != WR_DAY_NONE;
		wr_day day = moved ? change->moved_day : change->day;
		if (!round || !wr_text_equal(change->ward, ward->id) || day < first || day > last)
			continue;
		if (change->added || (moved && round_is_on(round, change->day)))
			add_session(
			    maker, (int)(round - ward->rounds), change->day, change->id, change);
	}
}

/* ---- clashes ---- */

static bool is_changed(const struct wr_session *session)
{
	return session->added || session->moved || session->covered;
}

static bool clashes(const struct wr_session *other, const struct wr_session_cell *cell)
{
	for (size_t i = 0; i < other->n; i++)
		if (other->cells[i].start < cell->until && cell->start < other->cells[i].until)
			return true;
	return false;
}

/* Unchanged sessions come first, changed ones in the order of the list. */
static bool gives_way(const struct wr_session *session, const struct wr_session *other)
{
	if (!is_changed(session) || other->state == WR_SESSION_CANCELLED || session == other)
		return false;
	return (!is_changed(other) || other < session) &&
	       (wr_text_equal(session->consultant, other->consultant) ||
		   wr_text_equal(session->room, other->room));
}

static bool is_alone(
    struct maker *maker, const struct wr_session *session, const struct wr_session_cell *cell)
{
	for (size_t i = 0; i < maker->n; i++)
		if (gives_way(session, &maker->sessions[i]) && clashes(&maker->sessions[i], cell))
			return false;
	return true;
}

static int by_time(const void *a, const void *b)
{
	const struct wr_session *left = a, *right = b;
	wr_time left_start = left->n > 0 ? left->cells[0].start : WR_TIME_NONE;
	wr_time right_start = right->n > 0 ? right->cells[0].start : WR_TIME_NONE;
	if (left->day != right->day)
		return left->day < right->day ? -1 : 1;
	if (left_start != right_start)
		return left_start < right_start ? -1 : 1;
	return strcmp(left->id, right->id);
}

/* ---- kept cells and states ---- */

wr_time wr_session_kept_until(const struct wr_config_ward *ward, wr_day day)
{
	wr_day before = day - 1;
	for (int i = 0; i < LONGEST_HOLIDAYS && !wr_config_working_day(ward, before); i++)
		before--;
	return wr_zone_at_or_after(ward->zone, before, 12 * 60);
}

static void finish(struct maker *maker, struct wr_session *session)
{
	const struct wr_config_ward *ward = maker->source->ward;
	note_gone(maker, session, thin_out(maker, session, is_alone),
	    "consultant or room is needed by another session");
	if (session->n == 0 && session->state == WR_SESSION_PLANNED)
		session->state = WR_SESSION_AWAY;
	size_t keep = (size_t)ward->rounds[session->round].keep_free;
	if (keep == 0 || maker->now >= wr_session_kept_until(ward, session->day))
		return;
	struct wr_session_cell *cells =
	    wr_arena_new(maker->arena, struct wr_session_cell, session->n ? session->n : 1);
	for (size_t i = 0; i < session->n; i++) {
		cells[i] = session->cells[i];
		cells[i].kept = i + keep >= session->n;
	}
	session->cells = cells;
}

void wr_session_list(struct wr_arena *arena, const struct wr_session_source *source, wr_day first,
    wr_day last, wr_time now, struct wr_session **ret_sessions, size_t *ret_n)
{
	struct maker maker = {.arena = arena, .source = source, .now = now};
	for (wr_day day = first; day <= last; day++)
		add_regular(&maker, day);
	add_changed(&maker, first, last);
	if (maker.n > 1)
		qsort(maker.sessions, maker.n, sizeof(*maker.sessions), by_time);
	for (size_t i = 0; i < maker.n; i++)
		finish(&maker, &maker.sessions[i]);
	*ret_sessions = wr_arena_new(arena, struct wr_session, maker.n ? maker.n : 1);
	if (maker.n > 0)
		memcpy(*ret_sessions, maker.sessions, maker.n * sizeof(*maker.sessions));
	*ret_n = maker.n;
	free(maker.sessions);
}

/* ---- looking up ---- */

const struct wr_session *wr_session_find(
    const struct wr_session *sessions, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (wr_text_equal(sessions[i].id, id))
			return &sessions[i];
	return NULL;
}

size_t wr_session_cell_starting(const struct wr_session *session, wr_time start)
{
	for (size_t i = 0; i < session->n; i++)
		if (session->cells[i].start == start)
			return i;
	return WR_SESSION_NO_CELL;
}

size_t wr_session_cell_at(const struct wr_session *session, wr_time at)
{
	for (size_t i = 0; i < session->n; i++)
		if (session->cells[i].start <= at && at < session->cells[i].until)
			return i;
	return WR_SESSION_NO_CELL;
}

size_t wr_session_fit(const struct wr_session *session, size_t cell)
{
	if (cell >= session->n)
		return 0;
	size_t n = 1;
	while (
	    cell + n < session->n &&
	    session->cells[cell + n].start == session->cells[cell + n - 1].until &&
	    session->cells[cell + n].minute == session->cells[cell + n - 1].minute + session->slot)
		n++;
	return n;
}

const char *wr_session_id(
    struct wr_arena *arena, const char *ward, const char *round, wr_day day, int number)
{
	char text[WR_TIME_TEXT];
	wr_day_iso(day, text);
	return number > 1 ? wr_arena_printf(arena, "%s.%s.%s.%d", ward, round, text, number)
	                  : wr_arena_printf(arena, "%s.%s.%s", ward, round, text);
}

int wr_session_id_day(const char *id, wr_day *ret_day)
{
	enum { DATE = sizeof("2026-11-30") - 1 };
	for (const char *dot = strchr(id, '.'); dot; dot = strchr(dot + 1, '.')) {
		char date[DATE + 1];
		if (strlen(dot + 1) < DATE || (dot[1 + DATE] && dot[1 + DATE] != '.'))
			continue;
		memcpy(date, dot + 1, DATE);
		date[DATE] = '\0';
		if (wr_day_parse(date, ret_day) == 0)
			return 0;
	}
	return WR_CIVIL_BAD_TEXT;
}
