#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <string.h>

#include "wardround/civil.h"

static void test_every_date_of_nine_centuries_goes_there_and_back(void **state)
{
	(void)state;
	wr_day day = wr_day_from_date(1600, 1, 1);
	int weekday = wr_day_weekday(day);
	assert_int_equal(weekday, 5); /* a Saturday */
	for (; day < wr_day_from_date(2500, 1, 1); day++, weekday = (weekday + 1) % 7) {
		struct wr_date date = wr_day_date(day);
		assert_int_equal(wr_day_from_date(date.year, date.month, date.day), day);
		assert_int_equal(wr_day_weekday(day), weekday);
		struct wr_week week = wr_day_week(day);
		assert_int_equal(wr_week_monday(week) + weekday, day);
	}
	assert_int_equal(wr_day_from_date(1970, 1, 1), 0);
	assert_int_equal(wr_day_from_date(9999, 12, 31), 2932896);
}

static void test_dates_that_do_not_exist_are_none(void **state)
{
	(void)state;
	assert_int_equal(wr_day_from_date(2026, 2, 29), WR_DAY_NONE);
	assert_int_equal(wr_day_from_date(2028, 2, 29), 21243);
	assert_int_equal(wr_day_from_date(2100, 2, 29), WR_DAY_NONE);
	assert_int_equal(wr_day_from_date(2026, 13, 1), WR_DAY_NONE);
	assert_int_equal(wr_day_from_date(2026, 0, 1), WR_DAY_NONE);
	assert_int_equal(wr_day_from_date(2026, 4, 31), WR_DAY_NONE);
	assert_int_equal(wr_day_from_date(0, 1, 1), WR_DAY_NONE);
}

static void expect_week(int year, int month, int day, const char *expected)
{
	char text[WR_TIME_TEXT];
	wr_week_text(wr_day_week(wr_day_from_date(year, month, day)), text);
	assert_string_equal(text, expected);
}

static void test_weeks_around_the_ends_of_years_follow_iso(void **state)
{
	(void)state;
	expect_week(2026, 11, 30, "2026-W49");
	expect_week(2026, 12, 27, "2026-W52");
	expect_week(2026, 12, 28, "2026-W53");
	expect_week(2027, 1, 3, "2026-W53");
	expect_week(2027, 1, 4, "2027-W01");
	expect_week(2024, 12, 30, "2025-W01");
	expect_week(2025, 12, 28, "2025-W52");
	expect_week(2025, 12, 29, "2026-W01");
	expect_week(2021, 1, 3, "2020-W53");
	struct wr_week week = {2026, 53}, next = wr_week_next(week);
	assert_true(wr_week_equal(next, (struct wr_week){2027, 1}));
	assert_int_equal(wr_week_monday(week), wr_day_from_date(2026, 12, 28));
	(void)wr_week_next((struct wr_week){9999, 52});
}

static void test_week_texts(void **state)
{
	(void)state;
	struct wr_week week;
	assert_int_equal(wr_week_parse("2026-W49", &week), 0);
	assert_true(wr_week_equal(week, (struct wr_week){2026, 49}));
	assert_int_equal(wr_week_parse("2026-W53", &week), 0);
	assert_int_equal(wr_week_parse("2027-W53", &week), WR_CIVIL_NO_SUCH_TIME);
	assert_int_equal(wr_week_parse("2026-W00", &week), WR_CIVIL_NO_SUCH_TIME);
	static const char *const bad[] = {
	    "", "2026W49", "2026-W5", "2026-49", "2026-W4x", "2026-W491", "26-W49", " 2026-W4"};
	for (size_t i = 0; i < WR_COUNT(bad); i++)
		assert_int_equal(wr_week_parse(bad[i], &week), WR_CIVIL_BAD_TEXT);
	assert_int_equal(wr_week_parse(NULL, &week), WR_CIVIL_BAD_TEXT);
}

static void test_day_texts(void **state)
{
	(void)state;
	char text[WR_TIME_TEXT];
	wr_day day;
	assert_int_equal(wr_day_parse("2026-12-01", &day), 0);
	assert_string_equal(wr_day_iso(day, text), "2026-12-01");
	assert_string_equal(wr_day_long(day, text), "Tuesday 1 December 2026");
	assert_string_equal(wr_day_medium(day, text), "Tuesday 1 December");
	assert_string_equal(wr_day_short(day, text), "Tue 1 Dec");
	assert_int_equal(wr_day_parse("2026-02-30", &day), WR_CIVIL_NO_SUCH_TIME);
	assert_int_equal(wr_day_parse("0000-01-01", &day), WR_CIVIL_NO_SUCH_TIME);
	assert_int_equal(wr_day_parse("2026-1-01", &day), WR_CIVIL_BAD_TEXT);
	assert_int_equal(wr_day_parse("2026-12-01T", &day), WR_CIVIL_BAD_TEXT);
	assert_int_equal(wr_day_parse("20x6-12-01", &day), WR_CIVIL_BAD_TEXT);
}

static void test_weekday_names_in_any_case(void **state)
{
	(void)state;
	int weekday = -1;
	assert_int_equal(wr_weekday_parse("Monday", &weekday), 0);
	assert_int_equal(weekday, 0);
	assert_int_equal(wr_weekday_parse("sUN", &weekday), 0);
	assert_int_equal(weekday, 6);
	assert_int_equal(wr_weekday_parse("thursday", &weekday), 0);
	assert_int_equal(weekday, 3);
	assert_int_equal(wr_weekday_parse("Mo", &weekday), WR_CIVIL_BAD_TEXT);
	assert_int_equal(wr_weekday_parse("Mond", &weekday), WR_CIVIL_BAD_TEXT);
	assert_int_equal(wr_weekday_parse("", &weekday), WR_CIVIL_BAD_TEXT);
	assert_string_equal(wr_weekday_name(2), "Wednesday");
}

static void test_clock_texts(void **state)
{
	(void)state;
	char text[WR_TIME_TEXT];
	int minute;
	assert_int_equal(wr_clock_parse("09:05", &minute), 0);
	assert_int_equal(minute, 545);
	assert_int_equal(wr_clock_parse("24:00", &minute), 0);
	assert_int_equal(minute, 1440);
	static const char *const bad[] = {"24:01", "9:00", "09:60", "0900", "09:0a", "", "-1:00"};
	for (size_t i = 0; i < WR_COUNT(bad); i++)
		assert_int_equal(wr_clock_parse(bad[i], &minute), WR_CIVIL_BAD_TEXT);
	assert_string_equal(wr_clock_text(620, text), "10:20am");
	assert_string_equal(wr_clock_text(0, text), "12:00am");
	assert_string_equal(wr_clock_text(720, text), "12:00pm");
	assert_string_equal(wr_clock_text(16 * 60, text), "4:00pm");
	assert_string_equal(wr_clock_text(1440, text), "12:00am");
	assert_string_equal(wr_clock_24(620, text), "10:20");
}

static void expect_duration(const char *text, int64_t amount, enum wr_unit unit)
{
	struct wr_duration duration;
	assert_int_equal(wr_duration_parse(text, &duration), 0);
	assert_int_equal(duration.amount, amount);
	assert_int_equal(duration.unit, unit);
}

static void test_durations_are_an_amount_and_one_unit(void **state)
{
	(void)state;
	struct wr_duration duration;
	expect_duration("7 days", 7, WR_UNIT_DAYS);
	expect_duration("1 day", 1, WR_UNIT_DAYS);
	expect_duration("48 hours", 48, WR_UNIT_HOURS);
	expect_duration("25 minutes", 25, WR_UNIT_MINUTES);
	expect_duration("90 seconds", 90, WR_UNIT_SECONDS);
	static const char *const bad[] = {"", "7", "days", " 7 days", "7days", "7 weeks", "7 dayss",
	    "-7 days", "7 days ", "1.5 hours", "100000000 days", "99999999999999999999 days"};
	for (size_t i = 0; i < WR_COUNT(bad); i++)
		assert_int_equal(wr_duration_parse(bad[i], &duration), WR_CIVIL_BAD_TEXT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_date_of_nine_centuries_goes_there_and_back),
	    cmocka_unit_test(test_dates_that_do_not_exist_are_none),
	    cmocka_unit_test(test_weeks_around_the_ends_of_years_follow_iso),
	    cmocka_unit_test(test_week_texts),
	    cmocka_unit_test(test_day_texts),
	    cmocka_unit_test(test_weekday_names_in_any_case),
	    cmocka_unit_test(test_clock_texts),
	    cmocka_unit_test(test_durations_are_an_amount_and_one_unit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
