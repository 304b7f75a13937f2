#include "wardround/board.h"

#include <stdlib.h>

enum { DAYS_A_WEEK = 7, WORKING_DAYS = 5 };

struct making {
	struct wr_arena *arena;
	const struct wr_zone *zone;
	wr_day monday;
	const struct wr_day_line *lines;
	size_t n_lines;
	int *minutes; /* of the day, ascending: one row each */
	size_t n_minutes;
};

static int by_minute(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* The column of a slot, or -1 when it is in another week. */
static int column_of(const struct making *m, const struct wr_slot *slot)
{
	wr_day day = wr_zone_day(m->zone, slot->start);
	return day < m->monday || day >= m->monday + DAYS_A_WEEK ? -1 : day - m->monday;
}

static void find_minutes(struct making *m)
{
	size_t kept = 0;
	m->minutes = wr_arena_new(m->arena, int, m->n_lines + 1);
	for (size_t i = 0; i < m->n_lines; i++)
		if (column_of(m, m->lines[i].slot) >= 0)
			m->minutes[m->n_minutes++] =
			    wr_zone_wall(m->zone, m->lines[i].slot->start).minute;
	qsort(m->minutes, m->n_minutes, sizeof(*m->minutes), by_minute);
	for (size_t i = 0; i < m->n_minutes; i++)
		if (!kept || m->minutes[kept - 1] != m->minutes[i])
			m->minutes[kept++] = m->minutes[i];
	m->n_minutes = kept;
}

static size_t find_days(struct making *m, wr_time now, struct wr_board *board)
{
	size_t n = WORKING_DAYS;
	struct wr_board_day *days = wr_arena_new(m->arena, struct wr_board_day, DAYS_A_WEEK);
	for (size_t i = 0; i < m->n_lines; i++) {
		int column = column_of(m, m->lines[i].slot);
		if (column >= (int)n)
			n = (size_t)column + 1;
	}
	for (size_t i = 0; i < n; i++) {
		char text[WR_TIME_TEXT];
		wr_day day = m->monday + (wr_day)i;
		days[i] = (struct wr_board_day){
		    .day = day,
		    .name = wr_arena_strdup(m->arena, wr_day_medium(day, text)),
		    .today = day == wr_zone_day(m->zone, now),
		};
	}
	board->days = days;
	return n;
}

static struct wr_board_entry entry_of(const struct wr_day_line *line)
{
	return (struct wr_board_entry){
	    .bed = line->bed,
	    .stage = line->stage,
	    .state = line->late                      ? "Late"
	             : line->stage == WR_DAY_TO_COME ? "Planned"
	                                             : line->state,
	};
}

static bool is_at(const struct making *m, const struct wr_slot *slot, size_t row, size_t column)
{
	return column_of(m, slot) == (int)column &&
	       wr_zone_wall(m->zone, slot->start).minute == m->minutes[row];
}

static struct wr_board_place fill(const struct making *m, size_t row, size_t column)
{
	struct wr_board_place place = {0};
	for (size_t i = 0; i < m->n_lines; i++)
		place.n += is_at(m, m->lines[i].slot, row, column);
	struct wr_board_entry *entries = wr_arena_new(m->arena, struct wr_board_entry, place.n + 1);
	size_t at = 0;
	for (size_t i = 0; i < m->n_lines; i++)
		if (is_at(m, m->lines[i].slot, row, column))
			entries[at++] = entry_of(&m->lines[i]);
	place.entries = entries;
	return place;
}

void wr_board_make(struct wr_arena *arena, const struct wr_zone *zone, struct wr_week week,
    wr_time now, const struct wr_day_source *sources, size_t n, struct wr_board *ret_board)
{
	struct making m = {.arena = arena, .zone = zone, .monday = wr_week_monday(week)};
	struct wr_day_line *lines = NULL;
	wr_day_list_make(arena, zone, sources, n, &lines, &m.n_lines);
	m.lines = lines;
	find_minutes(&m);
	*ret_board = (struct wr_board){.n_times = m.n_minutes};
	ret_board->n_days = find_days(&m, now, ret_board);
	const char **times = wr_arena_new(arena, const char *, m.n_minutes + 1);
	struct wr_board_place *places =
	    wr_arena_new(arena, struct wr_board_place, m.n_minutes * ret_board->n_days + 1);
	for (size_t row = 0; row < m.n_minutes; row++) {
		char text[WR_TIME_TEXT];
		times[row] = wr_arena_strdup(arena, wr_clock_text(m.minutes[row], text));
		for (size_t column = 0; column < ret_board->n_days; column++)
			places[row * ret_board->n_days + column] = fill(&m, row, column);
	}
	ret_board->times = times;
	ret_board->places = places;
}
