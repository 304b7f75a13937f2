/*
 * A consultant is on one ward at a time. What staff changed there (added, moved, covered) gives way
 * to what the consultant leads elsewhere; of two changed sessions the one of the later ward does.
 */
#include "wardround/session.h"

static bool is_changed(const struct wr_session *session)
{
	return session->added || session->moved || session->covered;
}

static bool overlap(const struct wr_session *other, const struct wr_session_cell *cell)
{
	for (size_t i = 0; i < other->n; i++)
		if (other->cells[i].start < cell->until && cell->start < other->cells[i].until)
			return true;
	return false;
}

/* What takes the cell's time of who leads `session`; NULL when nothing does. */
static const struct wr_session *taken_by(const struct wr_session *session,
    const struct wr_session_cell *cell, const struct wr_session_elsewhere *elsewhere)
{
	for (size_t i = 0; i < elsewhere->n; i++) {
		const struct wr_session *other = &elsewhere->sessions[i];
		if (other->state == WR_SESSION_PLANNED &&
		    (elsewhere->comes_first || !is_changed(other)) &&
		    wr_text_equal(other->consultant, session->consultant) && overlap(other, cell))
			return other;
	}
	return NULL;
}

static void thin_out(struct wr_arena *arena, struct wr_session *session,
    const struct wr_session_elsewhere *elsewhere)
{
	struct wr_session_cell *cells = wr_arena_new(arena, struct wr_session_cell, session->n + 1);
	const struct wr_session *taker = NULL;
	size_t n = 0;
	for (size_t i = 0; i < session->n; i++) {
		const struct wr_session *other = taken_by(session, &session->cells[i], elsewhere);
		if (other)
			taker = other;
		else
			cells[n++] = session->cells[i];
	}
	if (!taker)
		return;
	size_t gone = session->n - n;
	session->note = wr_arena_printf(arena, "%s%s%zu %s not there: %s leads %s then",
	    session->note ? session->note : "", session->note ? "; " : "", gone,
	    gone == 1 ? "cell is" : "cells are", session->consultant, taker->id);
	session->cells = cells;
	session->n = n;
	if (n == 0)
		session->state = WR_SESSION_AWAY;
}

bool wr_session_may_yield(const struct wr_session *sessions, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sessions[i].state == WR_SESSION_PLANNED && is_changed(&sessions[i]))
			return true;
	return false;
}

void wr_session_yield(struct wr_arena *arena, struct wr_session *sessions, size_t n,
    const struct wr_session_elsewhere *elsewhere)
{
	for (size_t i = 0; i < n; i++)
		if (sessions[i].state == WR_SESSION_PLANNED && is_changed(&sessions[i]))
			thin_out(arena, &sessions[i], elsewhere);
}
