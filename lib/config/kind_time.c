#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "reader.h"

/* ---- durations ---- */

static const struct {
	const char *one, *many;
	int64_t seconds;
} units[] = {
    [WR_UNIT_SECONDS] = {"second", "seconds", 1},
    [WR_UNIT_MINUTES] = {"minute", "minutes", 60},
    [WR_UNIT_HOURS] = {"hour", "hours", 3600},
    [WR_UNIT_DAYS] = {"day", "days", 86400},
};

int64_t config_duration_seconds(struct wr_duration duration)
{
	return duration.amount * units[duration.unit].seconds;
}

static const char *duration_text(struct wr_duration duration, char text[WR_TIME_TEXT])
{
	snprintf(text, WR_TIME_TEXT, "%lld %s", (long long)duration.amount,
	    duration.amount == 1 ? units[duration.unit].one : units[duration.unit].many);
	return text;
}

/* The largest unit that goes in whole; days only from three on, as people say it. */
const char *config_seconds_text(int64_t seconds, char text[WR_TIME_TEXT])
{
	struct wr_duration duration = {seconds, WR_UNIT_SECONDS};
	if (seconds > 0 && seconds % 86400 == 0 && (seconds > 3 * 86400 || seconds == 86400))
		duration = (struct wr_duration){seconds / 86400, WR_UNIT_DAYS};
	else if (seconds > 0 && seconds % 3600 == 0)
		duration = (struct wr_duration){seconds / 3600, WR_UNIT_HOURS};
	else if (seconds > 0 && seconds % 60 == 0)
		duration = (struct wr_duration){seconds / 60, WR_UNIT_MINUTES};
	return duration_text(duration, text);
}

static bool parse_duration(struct reader *reader, const struct setting *setting,
    const struct value *value, struct wr_duration *ret_duration)
{
	enum { AMOUNT_MAX = 100000000 };
	if (wr_duration_parse(value->text, ret_duration) != 0 || ret_duration->amount < 0) {
		config_error(reader, value->place,
		    "an amount and seconds, minutes, hours or days: \"48 hours\"",
		    "\"%s\" is no duration", config_quoted(reader, value->text));
		return false;
	}
	char least[WR_TIME_TEXT], most[WR_TIME_TEXT];
	if (ret_duration->amount > AMOUNT_MAX ||
	    config_duration_seconds(*ret_duration) < setting->min ||
	    config_duration_seconds(*ret_duration) > setting->max) {
		config_error(reader, value->place, NULL, "`%s` is from %s to %s", setting->name,
		    config_seconds_text(setting->min, least),
		    config_seconds_text(setting->max, most));
		return false;
	}
	return true;
}

static bool read_duration(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	return parse_duration(reader, setting, value, field);
}

static json_t *show_duration(const struct wr_config *config, const void *field)
{
	(void)config;
	char text[WR_TIME_TEXT];
	return json_string(duration_text(*(const struct wr_duration *)field, text));
}

static void range_duration(const struct setting *setting, struct wr_buf *buf)
{
	char text[WR_TIME_TEXT];
	wr_buf_printf(buf, "%s to ", config_seconds_text(setting->min, text));
	wr_buf_puts(buf, config_seconds_text(setting->max, text));
}

const struct kind kind_duration = {
    .takes = "a duration as a text",
    .form = "\"48 hours\"",
    .shape = VALUE_TEXT,
    .read = read_duration,
    .show = show_duration,
    .range = range_duration,
};

static bool read_durations(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	struct setting each = *setting;
	each.min = 60;
	each.max = INT64_C(28) * 86400;
	struct wr_duration *items = wr_arena_new(reader->arena, struct wr_duration, value->n);
	bool good = true;
	for (size_t i = 0; i < value->n; i++) {
		good = parse_duration(reader, &each, &value->items[i], &items[i]) && good;
		for (size_t j = 0; good && j < i; j++)
			if (config_duration_seconds(items[j]) ==
			    config_duration_seconds(items[i])) {
				config_error(reader, value->items[i].place, NULL,
				    "this duration is given twice");
				good = false;
			}
	}
	*(struct wr_durations *)field = (struct wr_durations){items, value->n};
	return good;
}

static json_t *show_durations(const struct wr_config *config, const void *field)
{
	const struct wr_durations *durations = field;
	json_t *list = json_array();
	for (size_t i = 0; i < durations->n; i++)
		json_array_append_new(list, show_duration(config, &durations->items[i]));
	return list;
}

const struct kind kind_durations = {
    .takes = "a list of durations",
    .form = "{ \"7 days\", \"2 hours\" }",
    .shape = VALUE_LIST,
    .items = VALUE_TEXT,
    .read = read_durations,
    .show = show_durations,
};

/* ---- minutes: what slots are made of ---- */

static bool is_grid(struct reader *reader, struct place place, int minute)
{
	if (minute % 5 == 0)
		return true;
	config_error(reader, place, NULL, "times of a round are multiples of 5 minutes");
	return false;
}

static bool read_minutes(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	struct setting seconds = *setting;
	seconds.min *= 60;
	seconds.max *= 60;
	struct wr_duration duration;
	if (!parse_duration(reader, &seconds, value, &duration))
		return false;
	int64_t total = config_duration_seconds(duration);
	if (total % 60 != 0)
		total = 60; /* a part of a minute: no multiple of 5 either */
	*(int *)field = (int)(total / 60);
	return is_grid(reader, value->place, (int)(total / 60));
}

static json_t *show_minutes(const struct wr_config *config, const void *field)
{
	struct wr_duration duration = {*(const int *)field, WR_UNIT_MINUTES};
	return show_duration(config, &duration);
}

static void range_minutes(const struct setting *setting, struct wr_buf *buf)
{
	wr_buf_printf(
	    buf, "multiples of 5 minutes, %d to %d", (int)setting->min, (int)setting->max);
}

const struct kind kind_minutes = {
    .takes = "a duration as a text",
    .form = "\"25 minutes\"",
    .shape = VALUE_TEXT,
    .read = read_minutes,
    .show = show_minutes,
    .range = range_minutes,
};

/* ---- times of day ---- */

static json_t *show_clock(const struct wr_config *config, const void *field)
{
	(void)config;
	char text[WR_TIME_TEXT];
	return json_string(wr_clock_24(*(const int *)field, text));
}

static bool read_clock(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	int minute;
	if (wr_clock_parse(value->text, &minute) != 0) {
		config_error(reader, value->place, "write it like \"09:00\"",
		    "\"%s\" is no time of day", config_quoted(reader, value->text));
		return false;
	}
	*(int *)field = minute;
	return is_grid(reader, value->place, minute);
}

const struct kind kind_clock = {
    .takes = "a time of day as a text",
    .form = "\"09:00\"",
    .shape = VALUE_TEXT,
    .read = read_clock,
    .show = show_clock,
};

bool config_span_parse(const char *text, struct wr_clock_span *ret_span)
{
	char from[8];
	const char *dash = strchr(text, '-');
	if (!dash || (size_t)(dash - text) >= sizeof(from))
		return false;
	snprintf(from, sizeof(from), "%.*s", (int)(dash - text), text);
	return wr_clock_parse(from, &ret_span->from) == 0 && ret_span->from < WR_MINUTES_A_DAY &&
	       wr_clock_parse(dash + 1, &ret_span->to) == 0;
}

static bool parse_span(struct reader *reader, const struct value *value, struct wr_clock_span *span)
{
	if (config_span_parse(value->text, span))
		return true;
	config_error(reader, value->place, "write it like \"10:40-11:00\"",
	    "\"%s\" is no time span", config_quoted(reader, value->text));
	return false;
}

static const char *span_text(struct wr_clock_span span, char text[2 * WR_TIME_TEXT])
{
	char from[WR_TIME_TEXT], to[WR_TIME_TEXT];
	snprintf(text, 2 * WR_TIME_TEXT, "%s-%s", wr_clock_24(span.from, from),
	    wr_clock_24(span.to, to));
	return text;
}

static bool read_break(struct reader *reader, const struct value *value, struct wr_clock_span *span)
{
	if (!parse_span(reader, value, span))
		return false;
	if (span->from >= span->to) {
		config_error(reader, value->place, NULL, "this break ends before it begins");
		return false;
	}
	return is_grid(reader, value->place, span->from % 5 ? span->from : span->to);
}

static int compare_spans(const void *left, const void *right)
{
	const struct wr_clock_span *a = left, *b = right;
	return (a->from > b->from) - (a->from < b->from);
}

static bool read_breaks(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	struct wr_clock_span *items = wr_arena_new(reader->arena, struct wr_clock_span, value->n);
	bool good = true;
	for (size_t i = 0; i < value->n; i++) {
		if (!read_break(reader, &value->items[i], &items[i])) {
			items[i] = (struct wr_clock_span){0, 0}; /* overlaps nothing */
			good = false;
		}
		for (size_t j = 0; j < i; j++)
			if (items[j].from < items[i].to && items[i].from < items[j].to) {
				config_error(reader, value->items[i].place, NULL,
				    "this break overlaps another");
				good = false;
			}
	}
	if (value->n > 0)
		qsort(items, value->n, sizeof(*items), compare_spans);
	*(struct wr_clock_spans *)field = (struct wr_clock_spans){items, value->n};
	return good;
}

static json_t *show_breaks(const struct wr_config *config, const void *field)
{
	(void)config;
	const struct wr_clock_spans *spans = field;
	char text[2 * WR_TIME_TEXT];
	json_t *list = json_array();
	for (size_t i = 0; i < spans->n; i++)
		json_array_append_new(list, json_string(span_text(spans->items[i], text)));
	return list;
}

const struct kind kind_breaks = {
    .takes = "a list of time spans",
    .form = "{ \"10:40-11:00\" }",
    .shape = VALUE_LIST,
    .items = VALUE_TEXT,
    .read = read_breaks,
    .show = show_breaks,
};

static bool read_quiet(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	struct wr_clock_span *span = field;
	*span = (struct wr_clock_span){0, 0};
	if (!*value->text)
		return true;
	if (!parse_span(reader, value, span))
		return false;
	span->to %= WR_MINUTES_A_DAY;
	if (span->from == span->to) {
		config_error(reader, value->place, "write \"\" for no quiet hours",
		    "these quiet hours never end");
		return false;
	}
	return true;
}

static json_t *show_quiet(const struct wr_config *config, const void *field)
{
	(void)config;
	const struct wr_clock_span *span = field;
	char text[2 * WR_TIME_TEXT];
	return json_string(span->from == span->to ? "" : span_text(*span, text));
}

const struct kind kind_quiet = {
    .takes = "a time span as a text",
    .form = "\"21:00-08:00\"",
    .shape = VALUE_TEXT,
    .read = read_quiet,
    .show = show_quiet,
};

/* ---- days of the week ---- */

static const char *const weekdays[] = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

static bool parse_weekday(struct reader *reader, struct place place, const char *text, int *ret)
{
	if (wr_weekday_parse(text, ret) == 0)
		return true;
	config_error(reader, place, config_did_you_mean(reader, text, weekdays, WR_COUNT(weekdays)),
	    "\"%s\" is no day of the week", config_quoted(reader, text));
	return false;
}

static bool read_days(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	unsigned days = 0;
	bool good = true;
	for (size_t i = 0; i < value->n; i++) {
		int weekday;
		if (!parse_weekday(reader, value->items[i].place, value->items[i].text, &weekday)) {
			good = false;
			continue;
		}
		if (days & 1u << weekday) {
			config_error(reader, value->items[i].place, NULL, "%s is given twice",
			    weekdays[weekday]);
			good = false;
		}
		days |= 1u << weekday;
	}
	*(unsigned *)field = days;
	return good;
}

static json_t *show_days(const struct wr_config *config, const void *field)
{
	(void)config;
	json_t *list = json_array();
	for (int weekday = 0; weekday < 7; weekday++)
		if (*(const unsigned *)field & 1u << weekday)
			json_array_append_new(list, json_string(weekdays[weekday]));
	return list;
}

const struct kind kind_days = {
    .takes = "a list of days of the week",
    .form = "{ \"Monday\", \"Thursday\" }",
    .shape = VALUE_LIST,
    .items = VALUE_TEXT,
    .single = true,
    .read = read_days,
    .show = show_days,
};

static bool read_weekly(
    struct reader *reader, const struct setting *setting, const struct value *value, void *field)
{
	(void)setting;
	struct wr_weekly *weekly = field;
	*weekly = (struct wr_weekly){.by_hand = strcasecmp(value->text, "by hand") == 0};
	if (weekly->by_hand)
		return true;
	const char *blank = strrchr(value->text, ' ');
	if (!blank || wr_clock_parse(blank + 1, &weekly->minute) != 0 ||
	    weekly->minute >= WR_MINUTES_A_DAY) {
		config_error(reader, value->place,
		    "write it like \"Tuesday 12:00\", or \"by hand\"", "\"%s\" is no weekly time",
		    config_quoted(reader, value->text));
		return false;
	}
	const char *day =
	    wr_arena_strndup(reader->arena, value->text, (size_t)(blank - value->text));
	return parse_weekday(reader, value->place, day, &weekly->weekday);
}

static json_t *show_weekly(const struct wr_config *config, const void *field)
{
	(void)config;
	const struct wr_weekly *weekly = field;
	if (weekly->by_hand)
		return json_string("by hand");
	char clock[WR_TIME_TEXT], text[2 * WR_TIME_TEXT];
	snprintf(text, sizeof(text), "%s %s", weekdays[weekly->weekday],
	    wr_clock_24(weekly->minute, clock));
	return json_string(text);
}

const struct kind kind_weekly = {
    .takes = "a weekly time as a text",
    .form = "\"Tuesday 12:00\"",
    .shape = VALUE_TEXT,
    .read = read_weekly,
    .show = show_weekly,
};
