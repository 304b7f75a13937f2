/*
 * board: the week on the ward's wall as a grid of days and times. It is seen by everybody who
 * passes: time, bed and state, and nothing else of anybody.
 *
 * Pure; no locks. What is made lives in the arena.
 */
#ifndef WARDROUND_BOARD_H
#define WARDROUND_BOARD_H

#include "wardround/day_list.h"

struct wr_board_entry {
	const char *bed;   /* "Bed 7" */
	const char *state; /* "Planned", "Now", "Seen", "Cancelled", "Missed", or "20 min late" */
	enum wr_day_stage stage;
};

struct wr_board_place { /* a day at a time; no entries: nobody */
	const struct wr_board_entry *entries;
	size_t n;
};

struct wr_board_day {
	wr_day day;
	const char *name; /* "Monday 30 November" */
	bool today;
};

struct wr_board {
	const struct wr_board_day *days;
	size_t n_days;
	const char *const *times; /* "9:00am" */
	size_t n_times;
	const struct wr_board_place *places; /* n_times by n_days */
};

/* Monday to Friday of the week, and a day of the weekend that somebody is seen on. Slots outside of
 * the week are passed over. */
void wr_board_make(struct wr_arena *arena, const struct wr_zone *zone, struct wr_week week,
    wr_time now, const struct wr_day_source *sources, size_t n, struct wr_board *ret_board);

#endif
