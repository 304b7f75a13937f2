/*
 * The lines are written here and not by libical 3.0.16, which (seen) lets control characters
 * through, does not escape X-WR-CALNAME, and folds a long first word right behind the property's
 * name, "DESCRIPTION:" alone on its line; some calendar services drop a whole file over its folds.
 */
#include "line.h"

#include <stdio.h>
#include <string.h>

enum { FOLD_AT = 75 };

/* One octet sequence that must stay together: a character, or a backslash and what it escapes. */
static size_t unit_at(const char *text, size_t left)
{
	uint32_t point;
	if (text[0] == '\\' && left > 1)
		return 2;
	size_t step = wr_text_decode(text, left, &point);
	return step ? step : 1;
}

/* How much of the text fits on a line of `room` octets. */
static size_t fitting(const char *text, size_t length, size_t room)
{
	size_t fits = 0;
	if (length <= room)
		return length;
	for (;;) {
		size_t unit = unit_at(text + fits, length - fits);
		if (fits + unit > room)
			return fits;
		fits += unit;
	}
}

static void fold(struct wr_buf *out, const char *text, size_t length)
{
	size_t part = fitting(text, length, FOLD_AT);
	wr_buf_append(out, text, part);
	while (part < length) {
		text += part;
		length -= part;
		part = fitting(text, length, FOLD_AT - 1);
		wr_buf_append(out, "\r\n ", 3);
		wr_buf_append(out, text, part);
	}
	wr_buf_append(out, "\r\n", 2);
}

void line_put(struct wr_buf *out, const char *format, ...)
{
	struct wr_buf line = {0};
	va_list args;
	va_start(args, format);
	wr_buf_vprintf(&line, format, args);
	va_end(args);
	fold(out, wr_buf_text(&line), line.length);
	wr_buf_deinit(&line);
}

static bool is_plain(char c)
{
	return c >= 0x20 && c < 0x7f && c != '\\' && c != ';' && c != ',';
}

static void escape(struct wr_buf *line, const char *text)
{
	size_t length = strlen(text);
	for (size_t at = 0; at < length;) {
		uint32_t point;
		size_t plain = 0;
		while (is_plain(text[at + plain]))
			plain++;
		wr_buf_append(line, text + at, plain);
		at += plain;
		if (at == length)
			break;
		size_t step = wr_text_decode(text + at, length - at, &point);
		if (step == 0)
			wr_buf_putc(line, '?');
		else if (point == '\n')
			wr_buf_puts(line, "\\n");
		else if (point < 0x7f && point >= 0x20)
			wr_buf_append(line, (char[]){'\\', text[at]}, 2);
		else if (point > 0x9f)
			wr_buf_append(line, text + at, step);
		at += step ? step : 1;
	}
}

void line_text(struct wr_buf *out, const char *name, const char *text)
{
	struct wr_buf line = {0};
	wr_buf_printf(&line, "%s:", name);
	escape(&line, text);
	fold(out, wr_buf_text(&line), line.length);
	wr_buf_deinit(&line);
}

void line_utc(struct wr_buf *out, const char *name, wr_time at)
{
	int64_t second = (at % 86400 + 86400) % 86400;
	struct wr_date date = wr_day_date((wr_day)((at - second) / 86400));
	line_put(out, "%s:%04d%02d%02dT%02d%02d%02dZ", name, date.year, date.month, date.day,
	    (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

void line_date(struct wr_buf *out, const char *name, wr_day day)
{
	struct wr_date date = wr_day_date(day);
	line_put(out, "%s;VALUE=DATE:%04d%02d%02d", name, date.year, date.month, date.day);
}
