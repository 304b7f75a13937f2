#include "zone.h"

#include <stdio.h>
#include <string.h>

static int two_digits(const char *at)
{
	if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
		return -1;
	return (at[0] - '0') * 10 + (at[1] - '0');
}

/* "Z" or "+HH:MM" to the end of the text. */
static int read_offset(const char *at, int *ret_offset)
{
	if (strcmp(at, "Z") == 0) {
		*ret_offset = 0;
		return 0;
	}
	if (strlen(at) != 6 || (*at != '+' && *at != '-') || at[3] != ':')
		return WR_CIVIL_BAD_TEXT;
	int hours = two_digits(at + 1), minutes = two_digits(at + 4);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return WR_CIVIL_BAD_TEXT;
	*ret_offset = (*at == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
	return 0;
}

/* The parts of "2026-11-30T09:00[:SS]", and where they end. */
static int read_wall(const char *text, struct wr_wall *ret_wall, const char **ret_rest)
{
	char date[11], clock[6];
	if (!text || strlen(text) < 16 || (text[10] != 'T' && text[10] != ' '))
		return WR_CIVIL_BAD_TEXT;
	snprintf(date, sizeof(date), "%.10s", text);
	snprintf(clock, sizeof(clock), "%.5s", text + 11);
	struct wr_wall wall = {0};
	if (wr_clock_parse(clock, &wall.minute) != 0)
		return WR_CIVIL_BAD_TEXT;
	const char *rest = text + 16;
	if (*rest == ':') {
		if (strlen(rest) < 3 || (wall.second = two_digits(rest + 1)) < 0 ||
		    wall.second > 59 || (wall.minute == WR_MINUTES_A_DAY && wall.second > 0))
			return WR_CIVIL_BAD_TEXT;
		rest += 3;
	}
	*ret_rest = rest;
	int outcome = wr_day_parse(date, &wall.day);
	*ret_wall = wall;
	return outcome;
}

int wr_time_parse(const struct wr_zone *zone, const char *text, wr_time *ret_at)
{
	struct wr_wall wall;
	const char *rest;
	wr_time at;
	int offset = 0;
	int outcome = read_wall(text, &wall, &rest);
	if (outcome != 0)
		return outcome;
	if (*rest) {
		outcome = read_offset(rest, &offset);
		at = (int64_t)wall.day * 86400 + (int64_t)wall.minute * 60 - offset;
	} else {
		outcome =
		    zone ? wr_zone_instant(zone, wall.day, wall.minute, &at) : WR_CIVIL_BAD_TEXT;
	}
	if (outcome == 0)
		*ret_at = at + wall.second;
	return outcome;
}

static struct wr_wall wall_at_offset(wr_time at, int offset)
{
	int64_t local = zone_clamp(at) + offset;
	int64_t second = (local % 86400 + 86400) % 86400;
	return (struct wr_wall){.day = (wr_day)((local - second) / 86400),
	    .minute = (int)(second / 60),
	    .second = (int)(second % 60)};
}

static int write_wall(struct wr_wall wall, char text[WR_TIME_TEXT])
{
	struct wr_date date = wr_day_date(wall.day);
	return snprintf(text, WR_TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d", date.year, date.month,
	    date.day, wall.minute / 60, wall.minute % 60, wall.second);
}

char *wr_time_rfc3339(const struct wr_zone *zone, wr_time at, char text[WR_TIME_TEXT])
{
	int offset = wr_zone_offset(zone, at);
	offset -= offset % 60; /* local mean times of old have seconds; RFC 3339 has none */
	int length = write_wall(wall_at_offset(at, offset), text);
	int minutes = (offset < 0 ? -offset : offset) / 60;
	snprintf(text + length, (size_t)(WR_TIME_TEXT - length), "%c%02d:%02d",
	    offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
	return text;
}

char *wr_time_utc(wr_time at, char text[WR_TIME_TEXT])
{
	int length = write_wall(wall_at_offset(at, 0), text);
	snprintf(text + length, (size_t)(WR_TIME_TEXT - length), "Z");
	return text;
}

char *wr_clock_text(int minute, char text[WR_TIME_TEXT])
{
	int hour = minute / 60 % 24;
	snprintf(text, WR_TIME_TEXT, "%d:%02d%s", hour % 12 ? hour % 12 : 12, minute % 60,
	    hour < 12 ? "am" : "pm");
	return text;
}

char *wr_clock_24(int minute, char text[WR_TIME_TEXT])
{
	snprintf(text, WR_TIME_TEXT, "%02d:%02d", minute / 60, minute % 60);
	return text;
}

char *wr_time_span(const struct wr_zone *zone, wr_time start, wr_time end, char text[WR_TIME_TEXT])
{
	char from[WR_TIME_TEXT], to[WR_TIME_TEXT];
	wr_clock_text(wr_zone_wall(zone, start).minute, from);
	wr_clock_text(wr_zone_wall(zone, end).minute, to);
	snprintf(text, WR_TIME_TEXT, "%.12s to %.12s", from, to);
	return text;
}

static bool read_unit(const char *word, enum wr_unit *ret_unit)
{
	static const char *const words[] = {"second", "minute", "hour", "day"};
	for (size_t i = 0; i < WR_COUNT(words); i++) {
		size_t length = strlen(words[i]);
		if (strncmp(word, words[i], length) == 0 &&
		    (word[length] == '\0' || strcmp(word + length, "s") == 0)) {
			*ret_unit = (enum wr_unit)i;
			return true;
		}
	}
	return false;
}

int wr_duration_parse(const char *text, struct wr_duration *ret_duration)
{
	char amount[12];
	struct wr_duration duration;
	const char *blank = text ? strchr(text, ' ') : NULL;
	if (!blank || blank == text || blank - text >= (ptrdiff_t)sizeof(amount))
		return WR_CIVIL_BAD_TEXT;
	snprintf(amount, sizeof(amount), "%.*s", (int)(blank - text), text);
	const char *unit = blank + strspn(blank, " ");
	if (wr_text_int(amount, 0, 99999999, &duration.amount) != 0 ||
	    !read_unit(unit, &duration.unit))
		return WR_CIVIL_BAD_TEXT;
	*ret_duration = duration;
	return 0;
}

wr_time wr_time_shift(const struct wr_zone *zone, wr_time at, struct wr_duration duration)
{
	static const int64_t seconds[] = {1, 60, 3600};
	if (duration.unit == WR_UNIT_DAYS)
		return wr_zone_add_days(zone, at, (int)duration.amount);
	return at + duration.amount * seconds[duration.unit];
}
