#include "zone.h"

#include <string.h>

wr_time zone_clamp(wr_time at)
{
	if (at < CIVIL_FIRST_TIME)
		return CIVIL_FIRST_TIME;
	return at > CIVIL_LAST_TIME ? CIVIL_LAST_TIME : at;
}

const struct zone_side *zone_side_at(const struct wr_zone *zone, wr_time at)
{
	size_t low = 0, high = zone->changes;
	if (zone->changes == 0 || at >= zone->at[zone->changes - 1])
		return zone_footer_side(&zone->footer, at);
	while (low < high) { /* low becomes the number of changes at or before `at` */
		size_t middle = low + (high - low) / 2;
		if (zone->at[middle] <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return &zone->sides[low == 0 ? 0 : zone->side[low - 1]];
}

const char *wr_zone_name(const struct wr_zone *zone)
{
	return zone->name;
}

int wr_zone_offset(const struct wr_zone *zone, wr_time at)
{
	return zone_side_at(zone, zone_clamp(at))->offset;
}

const char *wr_zone_abbreviation(const struct wr_zone *zone, wr_time at)
{
	return zone_side_at(zone, zone_clamp(at))->name;
}

struct wr_wall wr_zone_wall(const struct wr_zone *zone, wr_time at)
{
	at = zone_clamp(at);
	int64_t local = at + zone_side_at(zone, at)->offset;
	int64_t second = (local % 86400 + 86400) % 86400;
	struct wr_wall wall = {
	    .day = (wr_day)((local - second) / 86400),
	    .minute = (int)(second / 60),
	    .second = (int)(second % 60),
	};
	return wall;
}

wr_day wr_zone_day(const struct wr_zone *zone, wr_time at)
{
	return wr_zone_wall(zone, at).day;
}

/* Offsets a day before and after: a wall time can only mean one of the two. */
struct sides {
	int64_t local;
	int before, after;
};

static struct sides sides_of(const struct wr_zone *zone, wr_day day, int minute)
{
	struct sides sides = {.local = (int64_t)day * 86400 + (int64_t)minute * 60};
	sides.before = wr_zone_offset(zone, sides.local - 86400);
	sides.after = wr_zone_offset(zone, sides.local + 86400);
	return sides;
}

static bool means(const struct wr_zone *zone, int64_t local, int offset, wr_time *ret_at)
{
	wr_time at = local - offset;
	if (wr_zone_offset(zone, at) != offset)
		return false;
	*ret_at = at;
	return true;
}

int wr_zone_instant(const struct wr_zone *zone, wr_day day, int minute, wr_time *ret_at)
{
	struct sides sides = sides_of(zone, day, minute);
	if (means(zone, sides.local, sides.before, ret_at) ||
	    means(zone, sides.local, sides.after, ret_at))
		return 0;
	return WR_CIVIL_NO_SUCH_TIME;
}

wr_time wr_zone_at_or_after(const struct wr_zone *zone, wr_day day, int minute)
{
	wr_time at;
	if (wr_zone_instant(zone, day, minute, &at) == 0)
		return at;
	/* In a gap: the clock changes after `low` and not later than `high`. */
	struct sides sides = sides_of(zone, day, minute);
	wr_time low = sides.local - sides.after, high = sides.local - sides.before;
	while (high - low > 1) {
		wr_time middle = low + (high - low) / 2;
		if (wr_zone_offset(zone, middle) == sides.after)
			high = middle;
		else
			low = middle;
	}
	return high;
}

wr_time wr_zone_add_days(const struct wr_zone *zone, wr_time at, int days)
{
	if (days == 0)
		return at;
	struct wr_wall wall = wr_zone_wall(zone, at);
	wr_time moved;
	if (wr_zone_instant(zone, wall.day + days, wall.minute, &moved) == 0)
		return moved + wall.second;
	return wr_zone_at_or_after(zone, wall.day + days, wall.minute);
}

static struct wr_zone_rule rule_of(
    const struct zone_change *change, const struct zone_side *from, const struct zone_side *to)
{
	struct wr_zone_rule rule = {.offset_from = from->offset,
	    .offset_to = to->offset,
	    .month = change->month,
	    .week = change->week,
	    .weekday = change->weekday,
	    .second = change->second};
	memcpy(rule.name, to->name, sizeof(rule.name));
	return rule;
}

bool wr_zone_rules(const struct wr_zone *zone, wr_time at, struct wr_zone_rule *ret_standard,
    struct wr_zone_rule *ret_daylight)
{
	const struct zone_footer *footer = &zone->footer;
	(void)at; /* one rule holds for all times that matter here: the footer's */
	if (!footer->changes)
		return false;
	struct wr_zone_rule on =
	    rule_of(&footer->to_daylight, &footer->standard, &footer->daylight);
	struct wr_zone_rule off =
	    rule_of(&footer->to_standard, &footer->daylight, &footer->standard);
	/* Ireland's law calls summer time the standard; calendars expect the clock to be ahead in
	 * DAYLIGHT. */
	bool ahead = on.offset_to >= off.offset_to;
	*ret_daylight = ahead ? on : off;
	*ret_standard = ahead ? off : on;
	return true;
}

bool wr_zone_regular(const struct wr_zone *zone, wr_time at)
{
	at = zone_clamp(at);
	return zone_side_at(zone, at)->offset == zone_footer_side(&zone->footer, at)->offset;
}
