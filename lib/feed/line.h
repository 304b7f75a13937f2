/*
 * Content lines of a calendar (RFC 5545, section 3.1), each ended by CRLF and folded at 75 octets,
 * never within a character or an escape.
 *
 * Private to lib/feed. Pure.
 */
#ifndef FEED_LINE_H
#define FEED_LINE_H

#include "wardround/base.h"
#include "wardround/civil.h"

/* A line that needs no escaping, as it stands. */
void line_put(struct wr_buf *out, const char *format, ...) WR_PRINTF(2, 3);
/* NAME:text, escaped; other control characters than newline are left out. */
void line_text(struct wr_buf *out, const char *name, const char *text);
void line_utc(struct wr_buf *out, const char *name, wr_time at);
void line_date(struct wr_buf *out, const char *name, wr_day day);

/* The zone as one STANDARD and, when it still changes, one DAYLIGHT. */
void timezone_put(struct wr_buf *out, const struct wr_zone *zone);
/* Whether every reader of that VTIMEZONE and the wall time alone finds `at`. */
bool timezone_says(const struct wr_zone *zone, wr_time at);

#endif
