/*
 * civil: ward dates and wall-clock times, and the instants they stand for.
 *
 * The wall clock is the contract: 10:20 on the ward stays 10:20 across a change to or from summer
 * time, so rules are kept as (day, minute) and turned into instants only with the ward's zone.
 * "N days" counts dates at the same wall time; hours are elapsed time. A wall time that occurs
 * twice means the first; one that does not exist is refused (WR_CIVIL_NO_SUCH_TIME).
 *
 * Zone data is the content of a TZif file (RFC 8536), given as bytes; beyond its last transition
 * the POSIX TZ rule of its footer holds. Names of days and months are English, from our own tables.
 *
 * Pure; a zone is read-only after parsing and may be shared between threads.
 */
#ifndef WARDROUND_CIVIL_H
#define WARDROUND_CIVIL_H

#include "wardround/base.h"

typedef int64_t wr_time; /* seconds since 1970-01-01T00:00:00Z */
typedef int32_t wr_day;  /* dates since 1970-01-01 */

#define WR_TIME_NONE INT64_MIN
#define WR_DAY_NONE INT32_MIN
enum { WR_MINUTES_A_DAY = 1440, WR_TICK_SECONDS = 300 };

enum wr_civil_outcome {
	WR_CIVIL_BAD_TEXT = 1, /* not in a form that is read here */
	WR_CIVIL_NO_SUCH_TIME, /* the clock jumps over it, or no such date */
	WR_CIVIL_BAD_ZONE,     /* not TZif, or no footer rule */
};

struct wr_wall {
	wr_day day;
	int minute; /* of the day, 0-1439 */
	int second; /* 0-59 */
};

struct wr_date {
	int year, month, day; /* 1-9999, 1-12, 1-31 */
};

struct wr_week {        /* ISO 8601 week */
	int year, week; /* week 1-53 */
};

/* ---- dates ---- */
wr_day wr_day_from_date(int year, int month, int day); /* WR_DAY_NONE when there is no such date */
struct wr_date wr_day_date(wr_day day);
int wr_day_weekday(wr_day day); /* 0 Monday .. 6 Sunday */
struct wr_week wr_day_week(wr_day day);
wr_day wr_week_monday(struct wr_week week);
struct wr_week wr_week_next(struct wr_week week);
bool wr_week_equal(struct wr_week a, struct wr_week b);
int wr_week_parse(const char *text, struct wr_week *ret_week); /* "2026-W49" */
int wr_day_parse(const char *text, wr_day *ret_day);           /* "2026-11-30" */
int wr_weekday_parse(const char *text, int *ret_weekday);      /* "Monday", "Mon", any case; 0-6 */
int wr_clock_parse(const char *text, int *ret_minute); /* "00:00".."23:59", "24:00" is 1440 */

/* ---- zones ---- */
struct wr_zone;

/* One recurring change of a zone's current rule, as iCalendar wants it. */
struct wr_zone_rule {
	char name[16];   /* "GMT" */
	int offset_from; /* seconds east of UTC before it */
	int offset_to;   /* and after */
	int month;       /* 1-12 */
	int week;        /* 1-4, or 5 for the last */
	int weekday;     /* 0 Monday .. 6 Sunday */
	int second;      /* wall seconds of the day by the clock before it; may leave 0-86399 */
};

/*
 * The zone lives in `arena`. `name` is copied ("Europe/London"). The bytes are not kept. Refused
 * with WR_CIVIL_BAD_ZONE: version 1, leap seconds, no footer rule, a rule by day of the year.
 */
int wr_zone_parse(struct wr_arena *arena, const char *name, const void *tzif, size_t length,
    const struct wr_zone **ret_zone);
const char *wr_zone_name(const struct wr_zone *zone);
int wr_zone_offset(const struct wr_zone *zone, wr_time at); /* seconds east of UTC */
struct wr_wall wr_zone_wall(const struct wr_zone *zone, wr_time at);
/* `minute` may be 1440 (midnight at the end of the day). */
int wr_zone_instant(const struct wr_zone *zone, wr_day day, int minute, wr_time *ret_at);
/* As wr_zone_instant, but a time that does not exist gives the first instant after the gap. */
wr_time wr_zone_at_or_after(const struct wr_zone *zone, wr_day day, int minute);
wr_day wr_zone_day(const struct wr_zone *zone, wr_time at);
/* The same wall time `days` dates later (or earlier); across a gap the first instant after it. */
wr_time wr_zone_add_days(const struct wr_zone *zone, wr_time at, int days);
/*
 * Whether the zone still changes, and the two rules in force from `at` on. The daylight rule is
 * the one that puts the clock ahead, also where the law calls that the standard (Ireland).
 */
bool wr_zone_rules(const struct wr_zone *zone, wr_time at, struct wr_zone_rule *ret_standard,
    struct wr_zone_rule *ret_daylight);
/* Whether the rules above already hold at `at`; in years long gone, or announced, they don't. */
bool wr_zone_regular(const struct wr_zone *zone, wr_time at);
/* The abbreviation in force at `at` ("GMT", "BST"); valid as long as the zone. */
const char *wr_zone_abbreviation(const struct wr_zone *zone, wr_time at);

/* ---- texts ---- */
/* Typed times: "2026-11-30T09:00[:SS][Z|+HH:MM]", a blank in place of T; ward time without offset.
 */
int wr_time_parse(const struct wr_zone *zone, const char *text, wr_time *ret_at);
enum { WR_TIME_TEXT = 40 };
/* Each writes into `text` and returns it. */
char *wr_time_rfc3339(const struct wr_zone *zone, wr_time at, char text[WR_TIME_TEXT]);
char *wr_time_utc(wr_time at, char text[WR_TIME_TEXT]); /* 2026-11-30T09:00:00Z */
char *wr_week_text(struct wr_week week, char text[WR_TIME_TEXT]);
char *wr_day_iso(wr_day day, char text[WR_TIME_TEXT]);    /* 2026-12-01 */
char *wr_day_long(wr_day day, char text[WR_TIME_TEXT]);   /* Tuesday 1 December 2026 */
char *wr_day_medium(wr_day day, char text[WR_TIME_TEXT]); /* Tuesday 1 December */
char *wr_day_short(wr_day day, char text[WR_TIME_TEXT]);  /* Tue 1 Dec */
char *wr_clock_text(int minute, char text[WR_TIME_TEXT]); /* 10:20am; midday is 12:00pm */
char *wr_clock_24(int minute, char text[WR_TIME_TEXT]);   /* 10:20 */
/* "10:20am to 10:40am" */
char *wr_time_span(const struct wr_zone *zone, wr_time start, wr_time end, char text[WR_TIME_TEXT]);
const char *wr_weekday_name(int weekday); /* "Monday" */
/* "7 days", "48 hours", "25 minutes", "90 seconds": an amount and one unit. */
enum wr_unit { WR_UNIT_SECONDS, WR_UNIT_MINUTES, WR_UNIT_HOURS, WR_UNIT_DAYS };
struct wr_duration {
	int64_t amount;
	enum wr_unit unit;
};
int wr_duration_parse(const char *text, struct wr_duration *ret_duration);
/* `at` plus (or with negative amount minus) the duration: days by date, the rest elapsed. */
wr_time wr_time_shift(const struct wr_zone *zone, wr_time at, struct wr_duration duration);

#endif
