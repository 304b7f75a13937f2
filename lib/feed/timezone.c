/*
 * VTIMEZONE from the zone's lasting rule: calendar programs agree on nothing more than one STANDARD
 * and one DAYLIGHT with a yearly RRULE each. Instants that such a zone would not say (years with
 * rules of their own, a wall time that occurs twice) are written in UTC instead.
 */
#include "line.h"

#include <stdio.h>
#include <stdlib.h>

enum { TEXT = 64 };

static const char *const weekday_codes[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

static char *offset_text(int offset, char text[TEXT])
{
	int seconds = abs(offset);
	int length = snprintf(
	    text, TEXT, "%c%02d%02d", offset < 0 ? '-' : '+', seconds / 3600, seconds / 60 % 60);
	if (seconds % 60)
		snprintf(text + length, (size_t)(TEXT - length), "%02d", seconds % 60);
	return text;
}

/* When in a year: a rule's week and weekday, as the days of the month one of which it is. */
struct yearly {
	int weekday;     /* 0 Monday */
	int first, last; /* days of the month */
	int second;      /* of the day, 0-86399 */
};

/* A time before or beyond its day moves day and weekday; false when that leaves the month. */
static bool yearly_of(const struct wr_zone_rule *rule, struct yearly *ret_yearly)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int month_days = days[rule->month - 1];
	int second = (rule->second % 86400 + 86400) % 86400;
	int shift = (rule->second - second) / 86400;
	int first = rule->week == 5 ? month_days - 6 : 7 * rule->week - 6;
	struct yearly yearly = {.weekday = ((rule->weekday + shift) % 7 + 7) % 7,
	    .first = first + shift,
	    .last = first + 6 + shift,
	    .second = second};
	*ret_yearly = yearly;
	return yearly.first >= 1 && yearly.last <= month_days &&
	       (rule->month != 2 || rule->week < 5);
}

static wr_day in_1970(const struct wr_zone_rule *rule, const struct yearly *yearly)
{
	wr_day day = wr_day_from_date(1970, rule->month, yearly->first);
	return day + (yearly->weekday - wr_day_weekday(day) + 7) % 7;
}

static void put_part(struct wr_buf *out, const char *part, const char *name, int from, int to,
    const char *begins, const char *rrule)
{
	char text[TEXT];
	line_put(out, "BEGIN:%s", part);
	line_put(out, "DTSTART:%s", begins);
	if (rrule)
		line_put(out, "RRULE:%s", rrule);
	line_put(out, "TZOFFSETFROM:%s", offset_text(from, text));
	line_put(out, "TZOFFSETTO:%s", offset_text(to, text));
	line_text(out, "TZNAME", name);
	line_put(out, "END:%s", part);
}

static void put_rule(struct wr_buf *out, const char *part, const struct wr_zone_rule *rule)
{
	struct yearly yearly;
	char begins[TEXT], rrule[TEXT * 2];
	yearly_of(rule, &yearly);
	struct wr_date date = wr_day_date(in_1970(rule, &yearly));
	snprintf(begins, sizeof(begins), "%04d%02d%02dT%02d%02d%02d", date.year, date.month,
	    date.day, yearly.second / 3600, yearly.second / 60 % 60, yearly.second % 60);
	int length = snprintf(rrule, sizeof(rrule), "FREQ=YEARLY;BYMONTH=%d;BYDAY=", rule->month);
	char *rest = rrule + length;
	size_t left = sizeof(rrule) - (size_t)length;
	const char *code = weekday_codes[yearly.weekday];
	if (yearly.weekday == rule->weekday)
		snprintf(rest, left, "%d%s", rule->week == 5 ? -1 : rule->week, code);
	else
		snprintf(rest, left, "%s;BYMONTHDAY=%d,%d,%d,%d,%d,%d,%d", code, yearly.first,
		    yearly.first + 1, yearly.first + 2, yearly.first + 3, yearly.first + 4,
		    yearly.first + 5, yearly.last);
	put_part(out, part, rule->name, rule->offset_from, rule->offset_to, begins, rrule);
}

void timezone_put(struct wr_buf *out, const struct wr_zone *zone)
{
	struct wr_zone_rule standard, daylight;
	line_put(out, "BEGIN:VTIMEZONE");
	line_put(out, "TZID:%s", wr_zone_name(zone));
	if (wr_zone_rules(zone, 0, &standard, &daylight)) {
		put_rule(out, "STANDARD", &standard);
		put_rule(out, "DAYLIGHT", &daylight);
	} else {
		wr_time lasting = INT64_C(4102444800); /* 2100 */
		int offset = wr_zone_offset(zone, lasting);
		put_part(out, "STANDARD", wr_zone_abbreviation(zone, lasting), offset, offset,
		    "19700101T000000", NULL);
	}
	line_put(out, "END:VTIMEZONE");
}

/* Whether the clock shows this wall time twice; readers differ in which of them they take. */
static bool occurs_twice(const struct wr_zone *zone, wr_time at)
{
	int64_t local = at + wr_zone_offset(zone, at);
	int offsets[] = {wr_zone_offset(zone, at - 86400), wr_zone_offset(zone, at + 86400)};
	for (size_t i = 0; i < WR_COUNT(offsets); i++)
		if (local - offsets[i] != at &&
		    wr_zone_offset(zone, local - offsets[i]) == offsets[i])
			return true;
	return false;
}

bool timezone_says(const struct wr_zone *zone, wr_time at)
{
	struct wr_zone_rule standard, daylight;
	struct yearly yearly;
	if (!wr_zone_regular(zone, at) || occurs_twice(zone, at))
		return false;
	return !wr_zone_rules(zone, 0, &standard, &daylight) ||
	       (yearly_of(&standard, &yearly) && yearly_of(&daylight, &yearly));
}
