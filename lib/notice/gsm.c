/*
 * The alphabet of a text message. A single character outside of it makes a phone company send the
 * whole message as UCS-2, 70 characters a part: so texts are put into the alphabet before they are
 * measured.
 */
#include "wardround/notice.h"

#include <string.h>

/* 3GPP TS 23.038, 6.2.1, what ASCII lacks; and of ASCII, what the alphabet lacks or has in the
 * extension table (6.2.1.1). */
static const uint16_t beyond_ascii[] = {0xa1, 0xa3, 0xa4, 0xa5, 0xa7, 0xbf, 0xc4, 0xc5, 0xc6, 0xc7,
    0xc9, 0xd1, 0xd6, 0xd8, 0xdc, 0xdf, 0xe0, 0xe4, 0xe5, 0xe6, 0xe8, 0xe9, 0xec, 0xf1, 0xf2, 0xf6,
    0xf8, 0xf9, 0xfc, 0x393, 0x394, 0x398, 0x39b, 0x39e, 0x3a0, 0x3a3, 0x3a6, 0x3a8, 0x3a9};
static const char extension[] = "\f^{}\\[~]|";
enum { EURO = 0x20ac };

static int septets_of(uint32_t point)
{
	if (point == EURO)
		return 2;
	if (point < 0x80) {
		if (point != 0 && strchr(extension, (int)point))
			return 2;
		bool printable = point >= 0x20 && point != '`' && point != 0x7f;
		return printable || point == '\n' || point == '\r' ? 1 : -1;
	}
	for (size_t i = 0; i < WR_COUNT(beyond_ascii); i++)
		if (beyond_ascii[i] == point)
			return 1;
	return -1;
}

int wr_notice_septets(const char *text)
{
	size_t length = strlen(text);
	int total = 0;
	for (size_t i = 0; i < length;) {
		uint32_t point;
		size_t step = wr_text_decode(text + i, length - i, &point);
		int septets = step > 0 ? septets_of(point) : -1;
		if (septets < 0)
			return -1;
		total += septets;
		i += step;
	}
	return total;
}

int wr_notice_ucs2(const char *text)
{
	size_t length = strlen(text);
	int total = 0;
	for (size_t i = 0; i < length;) {
		uint32_t point = 0;
		size_t step = wr_text_decode(text + i, length - i, &point);
		total += step > 0 && point > 0xffff ? 2 : 1;
		i += step ? step : 1;
	}
	return total;
}

int wr_notice_parts(const char *text)
{
	int septets = wr_notice_septets(text);
	int length = septets >= 0 ? septets : wr_notice_ucs2(text);
	int one = septets >= 0 ? WR_NOTICE_SMS : WR_NOTICE_UCS2;
	int each = septets >= 0 ? WR_NOTICE_SMS_PART : WR_NOTICE_UCS2_PART;
	return length <= one ? length > 0 : (length + each - 1) / each;
}

/* ---- into the alphabet ---- */

/* The letter under the accents, one for each code point from `first` on; a blank where there is
 * none. */
static const struct {
	uint32_t first;
	const char *letters;
} plain[] = {
    // clang-format off
	{0xc0,
		"AAAAAA CEEEEIIIIDNOOOOOx UUUUYT aaaaaa ceeeeiiiidnooooo/ uuuuyty"
		"AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
		"lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs"},
	{0x218, "SsTt"},
	{0x1e00,
		"AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMm"
		"MmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVv"
		"WwWwWwWwWwXxXxYyZzZzZzhtwyas    AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEe"
		"EeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy      "},
    // clang-format on
};

static const struct {
	uint16_t point;
	const char *text;
} others[] = {
    // clang-format off
	{'`', "'"}, {'\t', " "}, {'\n', " "}, {'\r', " "}, {'\f', " "},
	{0xa0, " "}, {0xa9, "(c)"}, {0xab, "\""}, {0xae, "(R)"}, {0xb4, "'"}, {0xb7, "."}, {0xbb, "\""},
	{0xc6, "AE"}, {0xde, "Th"}, {0xfe, "th"}, {0x132, "IJ"}, {0x133, "ij"}, {0x152, "OE"},
	{0x153, "oe"}, {0x2bc, "'"}, {0x2002, " "}, {0x2003, " "}, {0x2009, " "}, {0x2010, "-"},
	{0x2011, "-"}, {0x2012, "-"}, {0x2013, "-"}, {0x2014, "-"}, {0x2015, "-"}, {0x2018, "'"},
	{0x2019, "'"}, {0x201a, "'"}, {0x201b, "'"}, {0x201c, "\""}, {0x201d, "\""}, {0x201e, "\""},
	{0x2022, "-"}, {0x2026, "..."}, {0x202f, " "}, {0x2039, "'"}, {0x203a, "'"}, {0x2122, "(TM)"},
	{0x2212, "-"},
    // clang-format on
};

static void put_nearest(struct wr_buf *out, uint32_t point)
{
	for (size_t i = 0; i < WR_COUNT(others); i++) {
		if (others[i].point == point) {
			wr_buf_puts(out, others[i].text);
			return;
		}
	}
	for (size_t i = 0; i < WR_COUNT(plain); i++) {
		if (point < plain[i].first || point - plain[i].first >= strlen(plain[i].letters))
			continue;
		char letter = plain[i].letters[point - plain[i].first];
		if (letter != ' ')
			wr_buf_putc(out, letter);
		return;
	}
}

void wr_notice_to_gsm(struct wr_buf *out, const char *text)
{
	size_t length = strlen(text);
	for (size_t i = 0; i < length;) {
		uint32_t point;
		size_t step = wr_text_decode(text + i, length - i, &point);
		if (step == 0) {
			i++;
			continue;
		}
		bool line_end = point == '\n' || point == '\r' || point == '\f';
		if (septets_of(point) > 0 && !line_end)
			wr_buf_append(out, text + i, step);
		else
			put_nearest(out, point);
		i += step;
	}
}
