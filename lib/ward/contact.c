#include "wardround/ward.h"

#include <string.h>

enum { E164_DIGITS_MAX = 15, E164_DIGITS_MIN = 7, REF_MAX = 64, EMAIL_MAX = 254 };

/* How many bytes of punctuation that people put into numbers stand at `at`; 0 when none does. */
static size_t skipped_length(const char *at)
{
	if (strchr(" \t-./()", *at))
		return 1;
	if (strncmp(at, "\u00a0", 2) == 0)
		return 2;
	/* hyphens and dashes, U+2010 to U+2015 */
	if (strncmp(at, "\xe2\x80", 2) == 0 && at[2] >= '\x90' && at[2] <= '\x95')
		return 3;
	return 0;
}

/* The digits alone; false when there is anything else than punctuation, or too many. */
static bool take_digits(const char *text, char digits[E164_DIGITS_MAX + 4])
{
	size_t n = 0;
	while (*text) {
		size_t skipped = skipped_length(text);
		if (skipped > 0) {
			text += skipped;
			continue;
		}
		if (*text < '0' || *text > '9' || n == E164_DIGITS_MAX + 3)
			return false;
		digits[n++] = *text++;
	}
	digits[n] = '\0';
	return true;
}

/* "+44 (0)7700 ...": the zero is dialled at home only. Italy's is part of the number. */
static const char *without_trunk_zero(
    struct wr_arena *arena, const char *digits, const char *country_code)
{
	size_t n = strlen(country_code);
	if (!wr_text_starts(digits, country_code) || digits[n] != '0' ||
	    wr_text_equal(country_code, "39"))
		return digits;
	return wr_arena_printf(arena, "%s%s", country_code, digits + n + 1);
}

const char *wr_phone_e164(struct wr_arena *arena, const char *text, const char *country_code)
{
	char read[E164_DIGITS_MAX + 4];
	text += strspn(text, " \t");
	bool international = *text == '+';
	if (!take_digits(international ? text + 1 : text, read))
		return NULL;
	const char *digits = read;
	if (!international && wr_text_starts(digits, "00")) {
		international = true;
		digits += 2;
	}
	if (international)
		digits = without_trunk_zero(arena, digits, country_code);
	else if (digits[0] == '0')
		digits = wr_arena_printf(arena, "%s%s", country_code,
		    wr_text_equal(country_code, "39") ? digits : digits + 1);
	else if (!wr_text_starts(digits, country_code) || strlen(digits) < 11)
		return NULL; /* a local number, or a spreadsheet ate the first zero: not to guess */
	size_t n = strlen(digits);
	if (n < E164_DIGITS_MIN || n > E164_DIGITS_MAX || digits[0] == '0')
		return NULL;
	return wr_arena_printf(arena, "+%s", digits);
}

bool wr_ref_is_valid(const char *text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";
	size_t n = text ? strlen(text) : 0;
	return n >= 1 && n <= REF_MAX && strspn(text, allowed) == n;
}

bool wr_email_is_valid(const char *text)
{
	size_t n = text ? strlen(text) : 0;
	if (n > EMAIL_MAX || !wr_text_is_printable(text ? text : "", n))
		return false;
	const char *at = text ? strchr(text, '@') : NULL;
	return at && at != text && at[1] && !strchr(at + 1, '@') && !strpbrk(text, " \t") &&
	       !strstr(text, "\u00a0");
}
