#include "wardround/base.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool wr_text_equal(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool wr_text_empty(const char *text)
{
	return !text || !*text;
}

bool wr_text_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static size_t length_by_first_byte(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2)
		return 0;
	if (first < 0xe0)
		return 2;
	if (first < 0xf0)
		return 3;
	return first < 0xf5 ? 4 : 0;
}

size_t wr_text_decode(const char *text, size_t left, uint32_t *ret_point)
{
	const unsigned char *at = (const unsigned char *)text;
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = left > 0 ? length_by_first_byte(at[0]) : 0;
	if (length == 0 || length > left)
		return 0;
	uint32_t point = length == 1 ? at[0] : at[0] & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (at[i] & 0x3f);
	}
	if (point < smallest[length] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	*ret_point = point;
	return length;
}

static bool each_point_is(const char *text, size_t length, bool allow_control)
{
	for (size_t i = 0; i < length;) {
		uint32_t point;
		if (text[i] >= 0x20 && text[i] < 0x7f) { /* nearly always */
			i++;
			continue;
		}
		size_t step = wr_text_decode(text + i, length - i, &point);
		if (step == 0)
			return false;
		if (!allow_control && (point < 0x20 || (point >= 0x7f && point <= 0x9f)))
			return false;
		i += step;
	}
	return true;
}

bool wr_text_is_utf8(const char *text, size_t length)
{
	return each_point_is(text, length, true);
}

bool wr_text_is_printable(const char *text, size_t length)
{
	return each_point_is(text, length, false);
}

int wr_text_int(const char *text, int64_t min, int64_t max, int64_t *ret_number)
{
	const char *digits = text[0] == '-' ? text + 1 : text;
	if (!*digits || strspn(digits, "0123456789") != strlen(digits))
		return -EINVAL;
	errno = 0;
	long long number = strtoll(text, NULL, 10);
	if (errno || number < min || number > max)
		return -ERANGE;
	*ret_number = number;
	return 0;
}

/* Optimal string alignment (insert, delete, replace, swap neighbours), in bytes. */
static unsigned distance_of(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	if (n > 64 || m > 64)
		return 64;
	unsigned row[3][65];
	for (size_t j = 0; j <= m; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned *now = row[i % 3], *before = row[(i + 2) % 3],
			 *two_before = row[(i + 1) % 3];
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			unsigned best = before[j - 1] + (a[i - 1] != b[j - 1]);
			if (before[j] + 1 < best)
				best = before[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    two_before[j - 2] + 1 < best)
				best = two_before[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[n % 3][m];
}

const char *wr_text_nearest(const char *word, const char *const *words, size_t n)
{
	const char *nearest = NULL;
	unsigned least = (unsigned)strlen(word) / 3 + 1;
	for (size_t i = 0; i < n; i++) {
		unsigned distance = distance_of(word, words[i]);
		if (distance <= least && (!nearest || distance < least)) {
			least = distance;
			nearest = words[i];
		}
	}
	return nearest;
}
