/*
 * One value of an answer as text for people. Instants are shown short, in the clock they came in;
 * lists are joined, and the starts of a session told by the first, the last and how many.
 */
#include "ctl.h"

#include "wardround/civil.h"

#include <string.h>
#include <time.h>

static int digits(const char *text, int n)
{
	int number = 0;
	for (int i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + text[i] - '0';
	}
	return number;
}

/* 2026-11-30T09:00:00, then Z or +00:00. */
static bool looks_like_instant(const char *text)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd";
	for (size_t i = 0; i < sizeof(shape) - 1; i++)
		if (shape[i] == 'd' ? digits(text + i, 1) < 0 : text[i] != shape[i])
			return false;
	const char *zone = text + sizeof(shape) - 1;
	return strcmp(zone, "Z") == 0 || ((*zone == '+' || *zone == '-') && strlen(zone) == 6);
}

static int year_now(void)
{
	return wr_day_date((wr_day)(time(NULL) / 86400)).year;
}

/* "Mon 30 Nov 09:00"; the year where it is not this one; "Z" where the instant is in UTC. */
static void append_instant(struct wr_buf *buf, const char *text)
{
	char day[WR_TIME_TEXT];
	int year = digits(text, 4), month = digits(text + 5, 2), date = digits(text + 8, 2);
	if (year < 1 || month < 1 || month > 12 || date < 1 || date > 31) {
		wr_buf_puts(buf, text);
		return;
	}
	wr_buf_puts(buf, wr_day_short(wr_day_from_date(year, month, date), day));
	if (year != year_now())
		wr_buf_printf(buf, " %d", year);
	wr_buf_printf(buf, " %.5s%s", text + 11, text[19] == 'Z' ? "Z" : "");
}

static bool is_clock_column(const char *key)
{
	return wr_text_equal(key, "end");
}

/* Of an object within a cell its first text: {"support":"S01","answer":"video"}. */
static void append_object(struct wr_buf *buf, json_t *object)
{
	const char *key;
	json_t *value;
	bool first = true;
	json_object_foreach (object, key, value) {
		if (json_is_object(value) || json_is_array(value) || json_is_null(value))
			continue;
		if (!first)
			wr_buf_putc(buf, ' ');
		wr_ctl_append_value(buf, key, value);
		first = false;
	}
}

static bool are_instants(json_t *array)
{
	const char *first = json_string_value(json_array_get(array, 0));
	return json_array_size(array) > 1 && first && looks_like_instant(first);
}

static void append_array(struct wr_buf *buf, const char *key, json_t *array)
{
	size_t i, n = json_array_size(array);
	json_t *item;
	if (are_instants(array)) { /* the cells of a session: the first, the last, how many */
		const char *last = json_string_value(json_array_get(array, n - 1));
		wr_ctl_append_value(buf, key, json_array_get(array, 0));
		wr_buf_printf(
		    buf, " to %.5s (%zu)", last && looks_like_instant(last) ? last + 11 : "?", n);
		return;
	}
	json_array_foreach (array, i, item) {
		if (i)
			wr_buf_puts(buf, ", ");
		wr_ctl_append_value(buf, key, item);
	}
}

void wr_ctl_append_value(struct wr_buf *buf, const char *key, json_t *value)
{
	const char *text = json_string_value(value);
	switch (json_typeof(value)) {
	case JSON_STRING:
		if (looks_like_instant(text) && is_clock_column(key))
			wr_buf_append(buf, text + 11, 5);
		else if (looks_like_instant(text))
			append_instant(buf, text);
		else
			wr_buf_puts(buf, text);
		break;
	case JSON_INTEGER:
		wr_buf_printf(buf, "%lld", (long long)json_integer_value(value));
		break;
	case JSON_REAL:
		wr_buf_printf(buf, "%g", json_real_value(value));
		break;
	case JSON_TRUE:
		wr_buf_puts(buf, "yes");
		break;
	case JSON_FALSE:
	case JSON_NULL:
		break;
	case JSON_OBJECT:
		append_object(buf, value);
		break;
	case JSON_ARRAY:
		append_array(buf, key, value);
		break;
	}
}

bool wr_ctl_has_value(json_t *value)
{
	return value && !json_is_null(value) && !json_is_false(value) &&
	       !(json_is_string(value) && !*json_string_value(value)) &&
	       !(json_is_array(value) && json_array_size(value) == 0);
}
