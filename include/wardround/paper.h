/*
 * paper: each evening the next day's lists of a ward as one page to print: for the morning on which
 * the computers are down.
 *
 * One file a ward and day, `kingsley-2026-11-30.html`, due from 18:00 ward time of the day before.
 * When it is not there by then it is due until its day is over: so a daemon that was stopped in the
 * evening writes it when it starts. Files of days longer ago than a week are removed: they hold
 * names.
 *
 * Pure; no locks.
 */
#ifndef WARDROUND_PAPER_H
#define WARDROUND_PAPER_H

#include "wardround/day_list.h"

enum {
	WR_PAPER_MINUTE = 18 * 60, /* of the day before */
	WR_PAPER_KEEP_DAYS = 7,
	WR_PAPER_MODE = 0640, /* a group may print it; nobody else may read it */
};

/* The day whose page has to be there now. */
wr_day wr_paper_due(const struct wr_zone *zone, wr_time now);
const char *wr_paper_name(struct wr_arena *arena, const char *ward, wr_day day);
/* Whether it is such a file, of any ward, that has been kept long enough on `today`. */
bool wr_paper_is_old(const char *name, wr_day today);

/* What stands before and behind the page's content: a file that needs nothing beside it, each of
 * its sections on a sheet of its own. Appended to `html`. */
void wr_paper_open(struct wr_buf *html, const char *title);
void wr_paper_close(struct wr_buf *html);

#endif
