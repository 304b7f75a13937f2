/*
 * The rule that holds beyond a zone's last listed change, as RFC 8536 section 3.3 writes it: a
 * POSIX TZ string ("GMT0BST,M3.5.0/1,M10.5.0"), hours from -167 to 167. Of its three forms of a
 * date only Mm.w.d is read: it is the only one that a yearly calendar rule can say, and no zone of
 * the tz database has used another for years.
 */
#include "zone.h"

#include <ctype.h>
#include <string.h>

static bool is_quoted_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '+' || c == '-';
}

static const char *read_name(const char *at, char name[ZONE_NAME])
{
	bool quoted = *at == '<';
	size_t length = 0;
	if (quoted)
		at++;
	while (quoted ? is_quoted_name_char(at[length]) : isalpha((unsigned char)at[length]))
		length++;
	if (length < 3 || length >= ZONE_NAME || (quoted && at[length] != '>'))
		return NULL;
	memcpy(name, at, length);
	name[length] = '\0';
	return at + length + quoted;
}

static const char *read_number(const char *at, int min, int max, int *ret_number)
{
	int number = 0, digits = 0;
	for (; isdigit((unsigned char)*at) && digits < 3; at++, digits++)
		number = number * 10 + (*at - '0');
	if (digits == 0 || number < min || number > max)
		return NULL;
	*ret_number = number;
	return at;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static const char *read_span(const char *at, int max_hours, int *ret_seconds)
{
	int sign = *at == '-' ? -1 : 1;
	int hours, minutes = 0, seconds = 0;
	if (*at == '-' || *at == '+')
		at++;
	at = read_number(at, 0, max_hours, &hours);
	if (at && *at == ':')
		at = read_number(at + 1, 0, 59, &minutes);
	if (at && *at == ':')
		at = read_number(at + 1, 0, 59, &seconds);
	if (at)
		*ret_seconds = sign * (hours * 3600 + minutes * 60 + seconds);
	return at;
}

/* ",Mm.w.d[/time]" */
static const char *read_change(const char *at, struct zone_change *change)
{
	int sunday_first;
	if (at[0] != ',' || at[1] != 'M')
		return NULL;
	at = read_number(at + 2, 1, 12, &change->month);
	if (!at || *at != '.')
		return NULL;
	at = read_number(at + 1, 1, 5, &change->week);
	if (!at || *at != '.')
		return NULL;
	at = read_number(at + 1, 0, 6, &sunday_first);
	if (!at)
		return NULL;
	change->weekday = (sunday_first + 6) % 7;
	change->second = 2 * 3600;
	return *at == '/' ? read_span(at + 1, 167, &change->second) : at;
}

int zone_footer_parse(const char *text, struct zone_footer *ret_footer)
{
	struct zone_footer footer = {0};
	int west;
	const char *at = read_name(text, footer.standard.name);
	if (!at || !(at = read_span(at, 24, &west)))
		return WR_CIVIL_BAD_ZONE;
	footer.standard.offset = -west;
	if (*at) {
		footer.changes = true;
		if (!(at = read_name(at, footer.daylight.name)))
			return WR_CIVIL_BAD_ZONE;
		footer.daylight.offset = footer.standard.offset + 3600;
		if (*at != ',') {
			if (!(at = read_span(at, 24, &west)))
				return WR_CIVIL_BAD_ZONE;
			footer.daylight.offset = -west;
		}
		at = read_change(at, &footer.to_daylight);
		if (!at || !(at = read_change(at, &footer.to_standard)))
			return WR_CIVIL_BAD_ZONE;
	}
	if (*at)
		return WR_CIVIL_BAD_ZONE;
	*ret_footer = footer;
	return 0;
}

/* The wall time of a change, as seconds since 1970 by the clock before it. */
static int64_t change_in_year(const struct zone_change *change, int year)
{
	wr_day day;
	if (change->week == 5) {
		bool december = change->month == 12;
		day = december ? wr_day_from_date(year, 12, 31)
		               : wr_day_from_date(year, change->month + 1, 1) - 1;
		day -= (wr_day_weekday(day) - change->weekday + 7) % 7;
	} else {
		day = wr_day_from_date(year, change->month, 1);
		day += (change->weekday - wr_day_weekday(day) + 7) % 7 + 7 * (change->week - 1);
	}
	return (int64_t)day * 86400 + change->second;
}

const struct zone_side *zone_footer_side(const struct zone_footer *footer, wr_time at)
{
	if (!footer->changes)
		return &footer->standard;
	int64_t local = zone_clamp(at + footer->standard.offset);
	int64_t day = local >= 0 ? local / 86400 : -((-local + 86399) / 86400);
	int year = wr_day_date((wr_day)day).year;
	wr_time begins = change_in_year(&footer->to_daylight, year) - footer->standard.offset;
	wr_time ends = change_in_year(&footer->to_standard, year) - footer->daylight.offset;
	bool daylight = begins < ends ? at >= begins && at < ends : !(at >= ends && at < begins);
	return daylight ? &footer->daylight : &footer->standard;
}
