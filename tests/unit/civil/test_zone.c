#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "wardround/civil.h"

static struct wr_arena arena;

static size_t read_zone_file(const char *name, unsigned char *bytes, size_t size)
{
	char path[200];
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	FILE *file = fopen(path, "rb");
	if (!file)
		fail_msg("%s is missing (package tzdata)", path);
	size_t length = fread(bytes, 1, size, file);
	fclose(file);
	assert_true(length > 44 && length < size);
	return length;
}

static const struct wr_zone *zone_of(const char *name)
{
	static unsigned char bytes[65536];
	const struct wr_zone *zone = NULL;
	size_t length = read_zone_file(name, bytes, sizeof(bytes));
	assert_int_equal(wr_zone_parse(&arena, name, bytes, length, &zone), 0);
	memset(bytes, 0, sizeof(bytes)); /* the zone must not lean on them */
	assert_string_equal(wr_zone_name(zone), name);
	return zone;
}

static wr_time utc(const char *text)
{
	wr_time at = WR_TIME_NONE;
	assert_int_equal(wr_time_parse(NULL, text, &at), 0);
	return at;
}

static void expect_local(const struct wr_zone *zone, const char *instant, const char *local)
{
	char text[WR_TIME_TEXT];
	assert_string_equal(wr_time_rfc3339(zone, utc(instant), text), local);
}

static void test_london_changes_on_28_march_2027(void **state)
{
	(void)state;
	const struct wr_zone *zone = zone_of("Europe/London");
	expect_local(zone, "2027-03-28T00:59:59Z", "2027-03-28T00:59:59+00:00");
	expect_local(zone, "2027-03-28T01:00:00Z", "2027-03-28T02:00:00+01:00");
	expect_local(zone, "2027-03-29T09:00:00Z", "2027-03-29T10:00:00+01:00");
	wr_day sunday = wr_day_from_date(2027, 3, 28);
	wr_time at;
	assert_int_equal(wr_zone_instant(zone, sunday, 89, &at), WR_CIVIL_NO_SUCH_TIME);
	assert_int_equal(wr_zone_at_or_after(zone, sunday, 89), utc("2027-03-28T01:00:00Z"));
	assert_int_equal(wr_zone_at_or_after(zone, sunday, 60), utc("2027-03-28T01:00:00Z"));
	assert_int_equal(wr_zone_instant(zone, sunday, 120, &at), 0);
	assert_int_equal(at, utc("2027-03-28T01:00:00Z"));
	assert_int_equal(wr_zone_instant(zone, sunday, 1440, &at), 0);
	assert_int_equal(at, utc("2027-03-28T23:00:00Z"));
	assert_int_equal(wr_time_parse(zone, "2027-03-28T01:30", &at), WR_CIVIL_NO_SUCH_TIME);
}

static void test_london_changes_on_25_october_2026(void **state)
{
	(void)state;
	const struct wr_zone *zone = zone_of("Europe/London");
	expect_local(zone, "2026-10-25T00:59:59Z", "2026-10-25T01:59:59+01:00");
	expect_local(zone, "2026-10-25T01:00:00Z", "2026-10-25T01:00:00+00:00");
	wr_time at;
	assert_int_equal(wr_zone_instant(zone, wr_day_from_date(2026, 10, 25), 90, &at), 0);
	assert_int_equal(at, utc("2026-10-25T00:30:00Z")); /* the first of the two */
	assert_string_equal(wr_zone_abbreviation(zone, at), "BST");
	assert_string_equal(wr_zone_abbreviation(zone, at + 3600), "GMT");
}

static void test_days_are_dates_and_hours_are_elapsed(void **state)
{
	(void)state;
	const struct wr_zone *zone = zone_of("Europe/London");
	wr_time friday = utc("2027-03-26T10:20:00Z"), saturday = utc("2027-03-27T01:30:00Z");
	assert_int_equal(wr_zone_add_days(zone, friday, 7), utc("2027-04-02T09:20:00Z"));
	assert_int_equal(wr_zone_add_days(zone, utc("2027-04-02T09:20:00Z"), -7), friday);
	assert_int_equal(wr_zone_add_days(zone, saturday, 1), utc("2027-03-28T01:00:00Z"));
	struct wr_duration days = {7, WR_UNIT_DAYS}, hours = {168, WR_UNIT_HOURS};
	assert_int_equal(wr_time_shift(zone, friday, days), utc("2027-04-02T09:20:00Z"));
	assert_int_equal(wr_time_shift(zone, friday, hours), utc("2027-04-02T10:20:00Z"));
	days.amount = -7;
	assert_int_equal(wr_time_shift(zone, utc("2027-04-02T09:20:00Z"), days), friday);
}

static void expect_rule(const struct wr_zone_rule *rule, const char *name, int from, int to,
    int month, int week, int weekday, int second)
{
	assert_string_equal(rule->name, name);
	assert_int_equal(rule->offset_from, from);
	assert_int_equal(rule->offset_to, to);
	assert_int_equal(rule->month, month);
	assert_int_equal(rule->week, week);
	assert_int_equal(rule->weekday, weekday);
	assert_int_equal(rule->second, second);
}

static void test_rules_put_the_clock_ahead_in_daylight_in_dublin_too(void **state)
{
	(void)state;
	struct wr_zone_rule standard, summer;
	wr_time now = utc("2026-11-23T12:00:00Z");
	assert_true(wr_zone_rules(zone_of("Europe/London"), now, &standard, &summer));
	expect_rule(&standard, "GMT", 3600, 0, 10, 5, 6, 7200);
	expect_rule(&summer, "BST", 0, 3600, 3, 5, 6, 3600);
	assert_true(wr_zone_rules(zone_of("Europe/Dublin"), now, &standard, &summer));
	expect_rule(&standard, "GMT", 3600, 0, 10, 5, 6, 7200);
	expect_rule(&summer, "IST", 0, 3600, 3, 5, 6, 3600);
	assert_true(wr_zone_rules(zone_of("America/New_York"), now, &standard, &summer));
	expect_rule(&standard, "EST", -14400, -18000, 11, 1, 6, 7200);
	expect_rule(&summer, "EDT", -18000, -14400, 3, 2, 6, 7200);
	assert_false(wr_zone_rules(zone_of("Asia/Kolkata"), now, &standard, &summer));
	assert_false(wr_zone_rules(zone_of("Etc/UTC"), now, &standard, &summer));
	assert_true(wr_zone_regular(zone_of("Europe/London"), now));
	assert_false(wr_zone_regular(zone_of("Europe/London"), utc("1970-01-01T00:00:00Z")));
}

/* Every transition's surroundings and a fine comb over 1900-2100, against the C library. */
static void agrees_with_the_c_library(const char *name)
{
	const struct wr_zone *zone = zone_of(name);
	setenv("TZ", name, 1);
	tzset();
	size_t compared = 0;
	wr_time first = utc("1900-01-01T00:00:00Z"), last = utc("2100-01-01T00:00:00Z");
	for (wr_time at = first; at < last; at += 86400 * 3 / 4 + 1800 + 7) {
		time_t clock = at;
		struct tm tm;
		localtime_r(&clock, &tm);
		struct wr_wall wall = wr_zone_wall(zone, at);
		struct wr_date date = wr_day_date(wall.day);
		if (wr_zone_offset(zone, at) != tm.tm_gmtoff || date.year != tm.tm_year + 1900 ||
		    date.month != tm.tm_mon + 1 || date.day != tm.tm_mday ||
		    wall.minute != tm.tm_hour * 60 + tm.tm_min || wall.second != tm.tm_sec ||
		    strcmp(wr_zone_abbreviation(zone, at), tm.tm_zone) != 0)
			fail_msg("%s differs at %lld", name, (long long)at);
		wr_time back = wr_zone_at_or_after(zone, wall.day, wall.minute) + wall.second;
		if (back != at && back != at - 3600 && at > 0)
			fail_msg(
			    "%s: %lld comes back as %lld", name, (long long)at, (long long)back);
		compared++;
	}
	assert_true(compared > 90000);
}

static void test_zones_agree_with_the_c_library(void **state)
{
	(void)state;
	static const char *const names[] = {"Europe/London", "Europe/Dublin", "America/New_York",
	    "Asia/Kolkata", "Etc/UTC", "Africa/Casablanca", "America/Nuuk", "Asia/Gaza",
	    "Pacific/Apia"};
	for (size_t i = 0; i < WR_COUNT(names); i++)
		agrees_with_the_c_library(names[i]);
}

static void test_typed_times(void **state)
{
	(void)state;
	const struct wr_zone *zone = zone_of("Europe/London");
	wr_time at, summer = utc("2026-07-01T09:00:00Z");
	static const char *const same[] = {"2026-07-01T10:00", "2026-07-01 10:00",
	    "2026-07-01T10:00:00", "2026-07-01T09:00Z", "2026-07-01T11:00+02:00",
	    "2026-07-01T10:00:00+01:00", "2026-07-01T04:30-04:30"};
	for (size_t i = 0; i < WR_COUNT(same); i++) {
		assert_int_equal(wr_time_parse(zone, same[i], &at), 0);
		assert_int_equal(at, summer);
	}
	assert_int_equal(wr_time_parse(zone, "2026-07-01T24:00", &at), 0);
	assert_int_equal(at, utc("2026-07-01T23:00:00Z"));
	static const char *const bad[] = {"", "2026-07-01", "2026-07-01T10", "2026-07-01T10:00z",
	    "2026-07-01T10:00+1", "2026-07-01T25:00", "2026-07-01T10:00:60", "2026-07-01T10:00:5",
	    "2026-07-01x10:00", "tomorrow at ten o'clock", "2026-07-01T10:00+24:00",
	    "2026-07-01T24:00:01"};
	for (size_t i = 0; i < WR_COUNT(bad); i++)
		assert_int_equal(wr_time_parse(zone, bad[i], &at), WR_CIVIL_BAD_TEXT);
	assert_int_equal(wr_time_parse(zone, "2026-06-31T10:00", &at), WR_CIVIL_NO_SUCH_TIME);
	assert_int_equal(wr_time_parse(NULL, "2026-06-30T10:00", &at), WR_CIVIL_BAD_TEXT);
}

static void test_times_for_people_and_programs(void **state)
{
	(void)state;
	char text[WR_TIME_TEXT];
	const struct wr_zone *zone = zone_of("Europe/London");
	wr_time start = utc("2026-12-01T10:20:00Z");
	assert_string_equal(wr_time_span(zone, start, start + 1200, text), "10:20am to 10:40am");
	assert_string_equal(wr_time_utc(start, text), "2026-12-01T10:20:00Z");
	expect_local(zone_of("Asia/Kolkata"), "2026-12-01T10:20:00Z", "2026-12-01T15:50:00+05:30");
	expect_local(
	    zone_of("America/New_York"), "2026-12-01T03:20:00Z", "2026-11-30T22:20:00-05:00");
	/* no sum overflows at the ends */
	wr_time_rfc3339(zone, WR_TIME_NONE, text);
	wr_time_utc(INT64_MAX, text);
	assert_int_equal(wr_zone_day(zone, INT64_MAX), wr_day_from_date(9999, 12, 31));
}

static void test_every_cut_of_a_zone_file_is_refused(void **state)
{
	(void)state;
	static unsigned char bytes[65536];
	const struct wr_zone *zone = NULL;
	size_t length = read_zone_file("Europe/London", bytes, sizeof(bytes));
	for (size_t cut = 0; cut < length; cut++) {
		unsigned char *part =
		    malloc(cut + 1); /* exact, so that a sanitizer sees overruns */
		struct wr_arena own = {0};
		memcpy(part, bytes, cut);
		part = realloc(part, cut ? cut : 1);
		assert_int_equal(wr_zone_parse(&own, "x", part, cut, &zone), WR_CIVIL_BAD_ZONE);
		wr_arena_deinit(&own);
		free(part);
	}
}

static void expect_footer(const char *footer, int outcome)
{
	static unsigned char bytes[65536];
	const struct wr_zone *zone = NULL;
	size_t length = read_zone_file("Etc/UTC", bytes, sizeof(bytes));
	assert_memory_equal(bytes + length - 6, "\nUTC0\n", 6);
	length -= 5;
	length += (size_t)snprintf((char *)bytes + length, 200, "%s\n", footer);
	if (wr_zone_parse(&arena, "x", bytes, length, &zone) != outcome)
		fail_msg("footer \"%s\"", footer);
}

static void test_footers_that_say_no_yearly_rule_are_refused(void **state)
{
	(void)state;
	expect_footer("GMT0BST,M3.5.0/1,M10.5.0", 0);
	expect_footer("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 0);
	expect_footer("EET-2EEST,M3.4.4/50,M10.4.4/50", 0);
	static const char *const bad[] = {"", "GM0", "GMT", "GMT0BST", "GMT0BST,M3.5.0/1",
	    "GMT0BST,M13.5.0,M10.5.0", "GMT0BST,M3.6.0,M10.5.0", "GMT0BST,M3.5.7,M10.5.0",
	    "GMT0BST,J60,J300", "GMT0BST,M3.5.0/168,M10.5.0", "GMT0BST,M3.5.0/1,M10.5.0x", "<GMT0",
	    "GMT0BST,M.5.0,M10.5.0", "GMT25", "ABCDEFGHIJKLMNOPQ0"};
	for (size_t i = 0; i < WR_COUNT(bad); i++)
		expect_footer(bad[i], WR_CIVIL_BAD_ZONE);
}

static void test_damaged_zone_files_never_break_a_later_question(void **state)
{
	(void)state;
	static unsigned char good[65536], bytes[65536];
	size_t length = read_zone_file("Europe/London", good, sizeof(good));
	uint32_t seed = 20261123;
	unsigned accepted = 0;
	for (int round = 0; round < 20000; round++) {
		struct wr_arena own = {0};
		const struct wr_zone *zone = NULL;
		memcpy(bytes, good, length);
		for (int i = 0; i < 1 + round % 4; i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[(seed >> 8) % length] = (unsigned char)(seed >> 3);
		}
		if (wr_zone_parse(&own, "x", bytes, length, &zone) == 0) {
			struct wr_zone_rule a, b;
			accepted++;
			for (wr_time at = -4000000000; at < 8000000000; at += 1999999999)
				(void)wr_zone_wall(zone, at);
			(void)wr_zone_at_or_after(zone, 20000, 90);
			(void)wr_zone_rules(zone, 0, &a, &b);
		}
		wr_arena_deinit(&own);
	}
	assert_in_range(accepted, 1, 19999);
}

static int free_zones(void **state)
{
	(void)state;
	wr_arena_deinit(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_london_changes_on_28_march_2027),
	    cmocka_unit_test(test_london_changes_on_25_october_2026),
	    cmocka_unit_test(test_days_are_dates_and_hours_are_elapsed),
	    cmocka_unit_test(test_rules_put_the_clock_ahead_in_daylight_in_dublin_too),
	    cmocka_unit_test(test_zones_agree_with_the_c_library),
	    cmocka_unit_test(test_typed_times),
	    cmocka_unit_test(test_times_for_people_and_programs),
	    cmocka_unit_test(test_every_cut_of_a_zone_file_is_refused),
	    cmocka_unit_test(test_footers_that_say_no_yearly_rule_are_refused),
	    cmocka_unit_test(test_damaged_zone_files_never_break_a_later_question),
	};
	return cmocka_run_group_tests(tests, NULL, free_zones);
}
