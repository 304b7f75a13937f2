#include "wardround/notice.h"

#include <stdlib.h>

enum { MIDDAY = 720 };

bool wr_notice_is_quiet(struct wr_clock_span quiet, const struct wr_zone *zone, wr_time at)
{
	int minute = wr_zone_wall(zone, at).minute;
	if (quiet.from <= quiet.to)
		return quiet.from <= minute && minute < quiet.to;
	return minute >= quiet.from || minute < quiet.to;
}

wr_time wr_notice_quiet_start(struct wr_clock_span quiet, const struct wr_zone *zone, wr_time at)
{
	if (!wr_notice_is_quiet(quiet, zone, at))
		return at;
	struct wr_wall wall = wr_zone_wall(zone, at);
	bool began_yesterday = wall.minute < quiet.from;
	return wr_zone_at_or_after(zone, wall.day - began_yesterday, quiet.from);
}

wr_time wr_notice_quiet_end(struct wr_clock_span quiet, const struct wr_zone *zone, wr_time at)
{
	if (!wr_notice_is_quiet(quiet, zone, at))
		return at;
	struct wr_wall wall = wr_zone_wall(zone, at);
	bool ends_tomorrow = wall.minute >= quiet.to;
	wr_time end = wr_zone_at_or_after(zone, wall.day + ends_tomorrow, quiet.to);
	/* In an hour that comes twice the first `to` can lie behind: then the second one counts. */
	if (end <= at)
		end = at - wall.second + 60 * (wr_time)(quiet.to - wall.minute);
	return end;
}

/* ---- reminders ---- */

wr_time wr_notice_reminder_due(struct wr_clock_span quiet, const struct wr_zone *zone,
    wr_time slot_start, struct wr_duration before)
{
	before.amount = -before.amount;
	wr_time at = wr_time_shift(zone, slot_start, before);
	if (!wr_notice_is_quiet(quiet, zone, at))
		return at;
	return wr_notice_quiet_start(quiet, zone, at) - WR_NOTICE_BEFORE_QUIET_SECONDS;
}

static int compare_times(const void *a, const void *b)
{
	wr_time x = *(const wr_time *)a, y = *(const wr_time *)b;
	return (x > y) - (x < y);
}

size_t wr_notice_reminders(struct wr_clock_span quiet, const struct wr_zone *zone,
    const struct wr_duration *before, size_t n, wr_time slot_start, wr_time published,
    wr_time *ret_due)
{
	size_t count = 0, kept = 0;
	for (size_t i = 0; i < n; i++) {
		wr_time due = wr_notice_reminder_due(quiet, zone, slot_start, before[i]);
		if (due > published && due < slot_start)
			ret_due[count++] = due;
	}
	if (count > 1)
		qsort(ret_due, count, sizeof(*ret_due), compare_times);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || ret_due[kept - 1] != ret_due[i])
			ret_due[kept++] = ret_due[i];
	return kept;
}

/* ---- changes ---- */

static wr_time earlier(wr_time a, wr_time b)
{
	return a < b ? a : b;
}

static wr_time next_midday(const struct wr_zone *zone, wr_time now)
{
	wr_day today = wr_zone_day(zone, now);
	wr_time midday = wr_zone_at_or_after(zone, today, MIDDAY);
	return midday > now ? midday : wr_zone_at_or_after(zone, today + 1, MIDDAY);
}

/* "At once": after a moment for more changes, unless quiet hours or the slot come first. */
static wr_time at_once(
    struct wr_clock_span quiet, const struct wr_zone *zone, wr_time now, wr_time slot_start)
{
	wr_time due = now + WR_NOTICE_COALESCE_SECONDS;
	if (!wr_notice_is_quiet(quiet, zone, now) && wr_notice_is_quiet(quiet, zone, due))
		due = wr_notice_quiet_start(quiet, zone, due) - 1;
	due = earlier(due, slot_start - WR_NOTICE_URGENT_SECONDS);
	return due > now ? due : now;
}

static bool is_change(enum wr_notice_type type)
{
	return type == WR_NOTICE_SLOT_PUBLISHED || type == WR_NOTICE_SLOT_MOVED ||
	       type == WR_NOTICE_SLOT_CANCELLED || type == WR_NOTICE_SLOT_PEOPLE ||
	       type == WR_NOTICE_SLOT_LATE;
}

wr_time wr_notice_go_at(struct wr_clock_span quiet, const struct wr_zone *zone,
    enum wr_notice_type type, wr_time now, wr_time slot_start)
{
	bool waits = type == WR_NOTICE_REMINDER_DUE ||
	             (is_change(type) && slot_start >= next_midday(zone, now));
	return waits ? wr_notice_quiet_end(quiet, zone, now) : now;
}

wr_time wr_notice_change_due(struct wr_clock_span quiet, const struct wr_zone *zone, wr_time now,
    wr_time slot_start, wr_time pending)
{
	wr_time due;
	if (wr_notice_is_quiet(quiet, zone, now) && slot_start >= next_midday(zone, now))
		due = wr_notice_quiet_end(quiet, zone, now);
	else
		due = at_once(quiet, zone, now, slot_start);
	return pending == WR_TIME_NONE ? due : earlier(due, pending);
}
