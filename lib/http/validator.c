#include "wardround/http.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

// clang-format off
static const char days[7][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
// clang-format on

#define A_DAY INT64_C(86400) /* in seconds */

char *wr_http_date_write(wr_time at, char text[WR_HTTP_DATE])
{
	wr_day day = (wr_day)(at / A_DAY - (at % A_DAY < 0));
	unsigned second = (unsigned)(at - (wr_time)day * A_DAY);
	struct wr_date date = wr_day_date(day);
	snprintf(text, WR_HTTP_DATE, "%s, %02u %s %04u %02u:%02u:%02u GMT",
	    days[wr_day_weekday(day)], (unsigned)date.day % 100, months[date.month - 1],
	    (unsigned)date.year % 10000, second / 3600 % 24, second / 60 % 60, second % 60);
	return text;
}

static bool read_digits(const char *text, int n, int *ret_number)
{
	int number = 0;
	for (int i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		number = number * 10 + (text[i] - '0');
	}
	*ret_number = number;
	return true;
}

bool wr_http_date_parse(const char *text, wr_time *ret_at)
{
	int day, month = 0, year, hour, minute, second;
	if (strlen(text) != WR_HTTP_DATE - 1 || !read_digits(text + 5, 2, &day) ||
	    !read_digits(text + 12, 4, &year) || !read_digits(text + 17, 2, &hour) ||
	    !read_digits(text + 20, 2, &minute) || !read_digits(text + 23, 2, &second))
		return false;
	while (month < 12 && memcmp(text + 8, months[month], 3) != 0)
		month++;
	if (month == 12 || year < 1 || day < 1 || day > 31 || hour > 23 || minute > 59 ||
	    second > 59)
		return false;
	wr_time at = (wr_time)wr_day_from_date(year, month + 1, day) * A_DAY + hour * 3600 +
	             minute * 60 + second;
	/* Writing it again finds wrong week days, 31 June and every stray character. */
	char again[WR_HTTP_DATE];
	if (strcmp(wr_http_date_write(at, again), text) != 0)
		return false;
	*ret_at = at;
	return true;
}

char *wr_etag_write(const void *body, size_t length, enum wr_coding coding, char text[WR_ETAG])
{
	enum { BYTES = 16 };
	unsigned char hash[crypto_hash_sha256_BYTES];
	char digest[sodium_base64_ENCODED_LEN(BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
	crypto_hash_sha256(hash, body, length);
	sodium_bin2base64(
	    digest, sizeof(digest), hash, BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	snprintf(text, WR_ETAG, "\"%s%s\"", digest, coding == WR_CODING_GZIP ? "-gz" : "");
	return text;
}

/* One element of the list at `at`; weak comparison drops the W/. Returns where it ends, NULL when
 * it is no entity tag. */
static const char *read_tag(const char *at, const char **ret_tag, size_t *ret_length)
{
	if (at[0] == 'W' && at[1] == '/')
		at += 2;
	if (*at != '"')
		return NULL;
	const char *end = strchr(at + 1, '"');
	if (!end)
		return NULL;
	*ret_tag = at;
	*ret_length = (size_t)(end + 1 - at);
	return end + 1;
}

static bool list_has(const char *list, const char *etag)
{
	size_t etag_length = strlen(etag), length;
	const char *at = list + strspn(list, " \t,");
	if (at[0] == '*' && at[1 + strspn(at + 1, " \t")] == '\0')
		return true;
	while (*at) {
		const char *tag;
		at = read_tag(at, &tag, &length);
		if (!at)
			return false;
		if (length == etag_length && memcmp(tag, etag, length) == 0)
			return true;
		at += strspn(at, " \t,");
	}
	return false;
}

bool wr_http_not_modified(
    const char *if_none_match, const char *if_modified_since, const char *etag, wr_time modified)
{
	wr_time since;
	if (if_none_match)
		return list_has(if_none_match, etag);
	return if_modified_since && modified != WR_TIME_NONE &&
	       wr_http_date_parse(if_modified_since, &since) && modified <= since;
}
