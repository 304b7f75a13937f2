/*
 * session: the dated occurrences of a ward's rounds, as they are now: what the config's rounds say,
 * without holidays, with what staff changed (added, cancelled, moved, covered) and without the
 * cells that the leading consultant's or the room's away times take.
 *
 * Cells are wall times turned into instants: 09:25 stays 09:25 across a clock change; a cell whose
 * time the clock jumps over is not there. Numbers of cells count those that are there, so they move
 * when an away time is added: what has to last (a slot) is kept by its start.
 *
 * A session that was moved keeps its id, which carries the day that its round says. On that day a
 * second one, added by staff, is `ward.round.date.2`.
 *
 * Pure; no locks. Sessions live in the arena and borrow from the config and the rows.
 */
#ifndef WARDROUND_SESSION_H
#define WARDROUND_SESSION_H

#include "wardround/config.h"
#include "wardround/ward.h"

enum wr_session_state {
	WR_SESSION_PLANNED,
	WR_SESSION_CANCELLED, /* by staff; its cells are shown, nobody may be placed in them */
	WR_SESSION_AWAY,      /* away times, or a clash with another session, took every cell */
};
extern const struct wr_words wr_words_session_state; /* planned, cancelled, away */

#define WR_SESSION_NO_CELL SIZE_MAX

struct wr_session_cell {
	int minute;       /* ward wall clock, of the session's day */
	wr_time start;    /* instant of it */
	wr_time end;      /* without the changeover: what people are told */
	wr_time until;    /* with it: what is taken */
	const char *join; /* address for video; NULL when the round has none */
	bool kept;        /* still kept free for new admissions */
};

struct wr_session {
	const char *id;
	const char *ward;
	int round;              /* index in the ward's rounds */
	wr_day day;             /* on which it takes place */
	wr_day round_day;       /* that its round says; the date in the id */
	const char *consultant; /* id of who leads it now */
	const char *own;        /* id of whose round it is */
	bool covered;           /* consultant is not own */
	const char *room;
	const char *dial_in; /* NULL: none */
	bool lobby;
	int slot, changeover; /* minutes; cells are `slot` long */
	const struct wr_session_cell *cells;
	size_t n; /* cells, ascending; 0 only when away */
	enum wr_session_state state;
	bool added, moved;
	int late_minutes; /* running late; 0: not */
	wr_time late_at;  /* when that was said */
	const char *why;  /* staff's words for the change; NULL */
	const char *note; /* what differs from the round, in words for staff; NULL: nothing */
};

/* What sessions are made from; borrowed. Rows of other wards and kinds are passed over. */
struct wr_session_source {
	const struct wr_config *config;
	const struct wr_config_ward *ward;
	const struct wr_session_change *changes;
	size_t n_changes;
	const struct wr_away *aways; /* those of consultants and rooms count */
	size_t n_aways;
};

/*
 * Every session that takes place from `first` to `last`, both included, by day, first cell, id;
 * cancelled ones too. `changes` has to hold those whose day or moved day lies there, `aways` those
 * that overlap it. `now` decides about kept cells only: the last keep-free ones are kept until noon
 * of the working day before.
 *
 * An away consultant's session is led by the cover of the away row, if it has one (and by that
 * one's cover in turn); else the cells that overlap are not there. What was added, moved or covered
 * gives way where its consultant or room is needed by another session of the list.
 *
 * Changed hours: a block as long as the round's carries the breaks along; in a shorter or longer
 * one they stay at their wall times.
 */
void wr_session_list(struct wr_arena *arena, const struct wr_session_source *source, wr_day first,
    wr_day last, wr_time now, struct wr_session **ret_sessions, size_t *ret_n);

/* Another ward's sessions of the same days, from wr_session_list. */
struct wr_session_elsewhere {
	const struct wr_session *sessions;
	size_t n;
	bool comes_first; /* that ward stands before this one in the configuration */
};

/* Whether there are sessions that may have to give way to what is led elsewhere. */
bool wr_session_may_yield(const struct wr_session *sessions, size_t n);
/* Takes out the cells at which who leads them is on that other ward: of sessions that were added,
 * moved or covered; of two such sessions the later ward's. */
void wr_session_yield(struct wr_arena *arena, struct wr_session *sessions, size_t n,
    const struct wr_session_elsewhere *elsewhere);

/* NULL when there is none. */
const struct wr_session *wr_session_find(
    const struct wr_session *sessions, size_t n, const char *id);
/* The cell that starts exactly at `start`, or WR_SESSION_NO_CELL. */
size_t wr_session_cell_starting(const struct wr_session *session, wr_time start);
/* The cell that `at` lies in, changeover included, or WR_SESSION_NO_CELL. */
size_t wr_session_cell_at(const struct wr_session *session, wr_time at);
/* How many cells follow each other without a gap from `cell` on, itself included; 0 out of range.
 */
size_t wr_session_fit(const struct wr_session *session, size_t cell);

/* "kingsley.shah.2026-11-30"; `number` 2 and more is added after a dot. In the arena. */
const char *wr_session_id(
    struct wr_arena *arena, const char *ward, const char *round, wr_day day, int number);
/* The date within an id; WR_CIVIL_BAD_TEXT when it has none. */
int wr_session_id_day(const char *id, wr_day *ret_day);
/* Noon of the last working day before `day`: until then kept cells are kept. */
wr_time wr_session_kept_until(const struct wr_config_ward *ward, wr_day day);

#endif
