#include "tables.h"

static const enum wr_say weekdays[] = {WR_SAY_MONDAY, WR_SAY_TUESDAY, WR_SAY_WEDNESDAY,
    WR_SAY_THURSDAY, WR_SAY_FRIDAY, WR_SAY_SATURDAY, WR_SAY_SUNDAY};
static const enum wr_say short_weekdays[] = {
    WR_SAY_MON, WR_SAY_TUE, WR_SAY_WED, WR_SAY_THU, WR_SAY_FRI, WR_SAY_SAT, WR_SAY_SUN};
static const enum wr_say months[] = {WR_SAY_JANUARY, WR_SAY_FEBRUARY, WR_SAY_MARCH, WR_SAY_APRIL,
    WR_SAY_MAY, WR_SAY_JUNE, WR_SAY_JULY, WR_SAY_AUGUST, WR_SAY_SEPTEMBER, WR_SAY_OCTOBER,
    WR_SAY_NOVEMBER, WR_SAY_DECEMBER};
static const enum wr_say short_months[] = {WR_SAY_SHORT_JANUARY, WR_SAY_SHORT_FEBRUARY,
    WR_SAY_SHORT_MARCH, WR_SAY_SHORT_APRIL, WR_SAY_SHORT_MAY, WR_SAY_SHORT_JUNE, WR_SAY_SHORT_JULY,
    WR_SAY_SHORT_AUGUST, WR_SAY_SHORT_SEPTEMBER, WR_SAY_SHORT_OCTOBER, WR_SAY_SHORT_NOVEMBER,
    WR_SAY_SHORT_DECEMBER};

/* Parts of a date are no strangers in its sentence, so they are put in without isolating signs. */
static const char *fill_plainly(
    struct wr_arena *arena, enum wr_language language, enum wr_fill text, const char *const *values)
{
	struct wr_buf buf = {0};
	language_fill(&buf, language, text, values, false);
	const char *said = wr_arena_strndup(arena, wr_buf_text(&buf), buf.length);
	wr_buf_deinit(&buf);
	return said;
}

const char *wr_say_weekday(enum wr_language language, int weekday)
{
	return wr_say(language, weekdays[(weekday % 7 + 7) % 7]);
}

const char *wr_say_day(struct wr_arena *arena, enum wr_language language, wr_day day)
{
	struct wr_date date = wr_day_date(day);
	return fill_plainly(arena, language, WR_FILL_DATE_LONG,
	    (const char *const[]){wr_say_weekday(language, wr_day_weekday(day)),
		wr_arena_printf(arena, "%d", date.day), wr_say(language, months[date.month - 1]),
		wr_arena_printf(arena, "%d", date.year)});
}

const char *wr_say_day_short(struct wr_arena *arena, enum wr_language language, wr_day day)
{
	struct wr_date date = wr_day_date(day);
	return fill_plainly(arena, language, WR_FILL_DATE_SHORT,
	    (const char *const[]){wr_say(language, short_weekdays[wr_day_weekday(day)]),
		wr_arena_printf(arena, "%d", date.day),
		wr_say(language, short_months[date.month - 1])});
}

const char *wr_say_clock(struct wr_arena *arena, enum wr_language language, int minute)
{
	int hour = minute / 60 % 24;
	return fill_plainly(arena, language, hour < 12 ? WR_FILL_CLOCK_AM : WR_FILL_CLOCK_PM,
	    (const char *const[]){wr_arena_printf(arena, "%d", hour % 12 ? hour % 12 : 12),
		wr_arena_printf(arena, "%02d", minute % 60)});
}

const char *wr_say_span(struct wr_arena *arena, enum wr_language language,
    const struct wr_zone *zone, wr_time start, wr_time end)
{
	return fill_plainly(arena, language, WR_FILL_TIME_SPAN,
	    (const char *const[]){wr_say_clock(arena, language, wr_zone_wall(zone, start).minute),
		wr_say_clock(arena, language, wr_zone_wall(zone, end).minute)});
}

const char *wr_say_when(
    struct wr_arena *arena, enum wr_language language, const struct wr_zone *zone, wr_time at)
{
	struct wr_wall wall = wr_zone_wall(zone, at);
	return fill_plainly(arena, language, WR_FILL_DATE_AND_TIME,
	    (const char *const[]){
		wr_say_day(arena, language, wall.day), wr_say_clock(arena, language, wall.minute)});
}
