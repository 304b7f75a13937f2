/*
 * The days of a calendar of holidays (RFC 5545), read with libical. The file comes from outside, so
 * what could cost without limit is bounded before libical sees it: how deep components nest, how
 * long an event lasts, how often a rule repeats, how many days there are.
 */
#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "reader.h"

enum {
	NESTING_MAX = 8,
	EVENT_DAYS_MAX = 366,
	REPEATS_MAX = 100,
	DAYS_MAX = 4000,
	YEAR_MAX = 2200,
};

struct days {
	struct wr_arena *arena;
	struct wr_holiday *items; /* DAYS_MAX */
	size_t n, undated;
};

/* The bytes without folds (RFC 5545 3.1) and NULs. */
static char *unfold(struct wr_arena *arena, const char *bytes, size_t length)
{
	char *text = wr_arena_alloc(arena, length + 1, 1), *to = text;
	for (size_t i = 0; i < length; i++) {
		size_t newline = i + (bytes[i] == '\r' && i + 1 < length);
		if (bytes[newline] == '\n' && newline + 1 < length &&
		    (bytes[newline + 1] == ' ' || bytes[newline + 1] == '\t'))
			i = newline + 1;
		else if (bytes[i] != '\0')
			*to++ = bytes[i];
	}
	return text;
}

static bool line_is(const char *line, const char *name)
{
	size_t length = strlen(name);
	return strncasecmp(line, name, length) == 0 && (line[length] == ':' || line[length] == ';');
}

/* Whether every component that begins ends, and none lies too deep. */
static bool is_whole(const char *text)
{
	int depth = 0, begun = 0;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += strspn(line, "\r\n");
		if (line_is(line, "BEGIN")) {
			depth++;
			begun++;
		} else if (line_is(line, "END")) {
			depth--;
		}
		if (depth < 0 || depth > NESTING_MAX)
			return false;
	}
	return depth == 0 && begun > 0;
}

static bool day_of(struct icaltimetype time, wr_day *ret_day)
{
	if (icaltime_is_null_time(time) || time.year < 1 || time.year > YEAR_MAX ||
	    time.month < 1 || time.month > 12 || time.day < 1 || time.day > 31)
		return false;
	*ret_day = wr_day_from_date(time.year, time.month, time.day);
	struct wr_date date = wr_day_date(*ret_day);
	return date.month == time.month && date.day == time.day;
}

/* How many dates the event touches; its end is exclusive. */
static int length_in_days(icalcomponent *event, wr_day first)
{
	struct icaltimetype end = icalcomponent_get_dtend(event);
	wr_day last;
	if (!day_of(end, &last))
		return 1;
	bool at_midnight = end.is_date || (end.hour == 0 && end.minute == 0 && end.second == 0);
	int64_t days = (int64_t)last - first + !at_midnight;
	return days < 1 ? 1 : days > EVENT_DAYS_MAX ? EVENT_DAYS_MAX : (int)days;
}

static bool is_excepted(icalcomponent *event, wr_day day)
{
	for (icalproperty *property = icalcomponent_get_first_property(event, ICAL_EXDATE_PROPERTY);
	     property; property = icalcomponent_get_next_property(event, ICAL_EXDATE_PROPERTY)) {
		wr_day excepted;
		if (day_of(icalproperty_get_exdate(property), &excepted) && excepted == day)
			return true;
	}
	return false;
}

static void add_days(struct days *days, wr_day first, int length, const char *name)
{
	for (int i = 0; i < length && days->n < DAYS_MAX; i++)
		days->items[days->n++] = (struct wr_holiday){first + i, name};
}

/* Only rules by the year, month, week or day are followed, and only so often. */
static void add_repeats(struct days *days, icalcomponent *event, icalproperty *property,
    struct icaltimetype start, int length, const char *name)
{
	struct icalrecurrencetype rule = icalproperty_get_rrule(property);
	if (rule.freq < ICAL_DAILY_RECURRENCE || rule.freq > ICAL_YEARLY_RECURRENCE || rule.rscale)
		return;
	icalrecur_iterator *iterator = icalrecur_iterator_new(rule, start);
	for (int i = 0; iterator && i < REPEATS_MAX; i++) {
		struct icaltimetype next = icalrecur_iterator_next(iterator);
		wr_day day;
		if (!day_of(next, &day))
			break;
		if (!is_excepted(event, day))
			add_days(days, day, length, name);
	}
	if (iterator)
		icalrecur_iterator_free(iterator);
}

static void add_event(struct days *days, icalcomponent *event)
{
	if (icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED)
		return;
	struct icaltimetype start = icalcomponent_get_dtstart(event);
	wr_day first, more;
	if (!day_of(start, &first)) {
		days->undated++;
		return;
	}
	const char *summary = icalcomponent_get_summary(event);
	bool shown = summary && wr_text_is_printable(summary, strlen(summary));
	const char *name = wr_arena_strdup(days->arena, shown ? summary : "");
	int length = length_in_days(event, first);
	if (!is_excepted(event, first))
		add_days(days, first, length, name);
	icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
	if (rule)
		add_repeats(days, event, rule, start, length, name);
	for (icalproperty *property = icalcomponent_get_first_property(event, ICAL_RDATE_PROPERTY);
	     property; property = icalcomponent_get_next_property(event, ICAL_RDATE_PROPERTY))
		if (day_of(icalproperty_get_rdate(property).time, &more))
			add_days(days, more, length, name);
}

static void add_calendar(struct days *days, icalcomponent *calendar)
{
	for (icalcomponent *event =
		 icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
	     event; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
		add_event(days, event);
}

/* True when the root is a calendar, or several in one file. */
static bool add_root(struct days *days, icalcomponent *root)
{
	if (icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT) {
		add_calendar(days, root);
		return true;
	}
	bool any = false;
	for (icalcomponent *calendar =
		 icalcomponent_get_first_component(root, ICAL_VCALENDAR_COMPONENT);
	     calendar;
	     calendar = icalcomponent_get_next_component(root, ICAL_VCALENDAR_COMPONENT)) {
		add_calendar(days, calendar);
		any = true;
	}
	return any;
}

static int compare_days(const void *left, const void *right)
{
	const struct wr_holiday *a = left, *b = right;
	return (a->day > b->day) - (a->day < b->day);
}

static void keep_each_day_once(struct days *days)
{
	qsort(days->items, days->n, sizeof(*days->items), compare_days);
	size_t kept = 0;
	for (size_t i = 0; i < days->n; i++)
		if (kept == 0 || days->items[i].day != days->items[kept - 1].day)
			days->items[kept++] = days->items[i];
	days->n = kept;
}

bool config_holidays_parse(struct wr_arena *arena, const void *bytes, size_t length,
    struct wr_holidays *holidays, size_t *ret_undated)
{
	char *text = unfold(arena, bytes, length);
	if (!wr_text_is_utf8(text, strlen(text)) || !is_whole(text))
		return false;
	icalerror_set_errors_are_fatal(0);
	icalcomponent *root = icalparser_parse_string(text);
	struct days days = {
	    .arena = arena, .items = wr_arena_new(arena, struct wr_holiday, DAYS_MAX)};
	bool good = root && add_root(&days, root);
	if (root)
		icalcomponent_free(root);
	keep_each_day_once(&days);
	holidays->items = days.items;
	holidays->n = days.n;
	*ret_undated = days.undated;
	return good;
}
