#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <string.h>

#include "wardround/language.h"

static struct wr_arena arena;

static void test_languages_are_found_by_their_tags(void **state)
{
	(void)state;
	assert_int_equal(wr_language_find("cy"), WR_LANGUAGE_CY);
	assert_int_equal(wr_language_find("CY-gb"), WR_LANGUAGE_CY);
	assert_int_equal(wr_language_find("ar_EG"), WR_LANGUAGE_AR);
	assert_int_equal(wr_language_find("en"), WR_LANGUAGE_EN);
	assert_int_equal(wr_language_find(NULL), WR_LANGUAGE_EN);
	assert_int_equal(wr_language_find(""), WR_LANGUAGE_EN);
	assert_int_equal(wr_language_find("cym"), WR_LANGUAGE_EN);
	assert_int_equal(wr_language_find("pl"), WR_LANGUAGE_EN);
	assert_string_equal(wr_language_code(WR_LANGUAGE_CY), "cy");
	assert_string_equal(wr_language_direction(WR_LANGUAGE_CY), "ltr");
	assert_string_equal(wr_language_direction(WR_LANGUAGE_AR), "rtl");
	assert_true(wr_language_is_rtl(WR_LANGUAGE_AR));
}

static void test_a_text_is_filled_by_name(void **state)
{
	(void)state;
	assert_string_equal(wr_say(WR_LANGUAGE_EN, WR_SAY_SEEN_BUTTON), "I have seen this");
	assert_string_equal(wr_say_goes_ahead(&arena, WR_LANGUAGE_EN, "10:20am"),
	    "Staff can see this. The meeting goes ahead at 10:20am unless we tell you.");
	assert_string_equal(wr_say_running_late(&arena, WR_LANGUAGE_EN, "20", NULL),
	    "Running about 20 minutes late: not before .");
}

static void test_values_stay_whole_from_right_to_left(void **state)
{
	(void)state;
	const char *said = wr_say_ring_number(&arena, WR_LANGUAGE_AR, "01632 960009");
	assert_non_null(strstr(said, "\u206801632 960009\u2069"));
	said = wr_say_ring_number(&arena, WR_LANGUAGE_AR, "https://example.org/r/x");
	assert_non_null(strstr(said, "https://example.org/r/x"));
	assert_null(strstr(said, "\u2068"));
	said = wr_say_ring_number(&arena, WR_LANGUAGE_CY, "01632 960009");
	assert_null(strstr(said, "\u2068"));
}

static void test_dates_are_written_as_each_language_does(void **state)
{
	(void)state;
	static const struct {
		enum wr_language language;
		const char *day, *brief, *clock, *noon, *midnight;
	} drawn[] = {
	    {WR_LANGUAGE_EN, "Tuesday 1 December 2026", "Tue 1 Dec", "10:20am", "12:00pm",
		"12:05am"},
	    {WR_LANGUAGE_CY, "Dydd Mawrth 1 Rhagfyr 2026", "Maw 1 Rhag", "10:20am", "12:00pm",
		"12:05am"},
	    {WR_LANGUAGE_AR, "الثلاثاء 1 ديسمبر 2026", "الثلاثاء 1 ديسمبر", "10:20 صباحًا",
		"12:00 مساءً", "12:05 صباحًا"},
	};
	wr_day day = wr_day_from_date(2026, 12, 1);
	for (size_t i = 0; i < WR_COUNT(drawn); i++) {
		enum wr_language language = drawn[i].language;
		assert_string_equal(wr_say_day(&arena, language, day), drawn[i].day);
		assert_string_equal(wr_say_day_short(&arena, language, day), drawn[i].brief);
		assert_string_equal(wr_say_clock(&arena, language, 620), drawn[i].clock);
		assert_string_equal(wr_say_clock(&arena, language, 720), drawn[i].noon);
		assert_string_equal(wr_say_clock(&arena, language, 5), drawn[i].midnight);
		assert_string_equal(wr_say_clock(&arena, language, 1440 + 5), drawn[i].midnight);
	}
}

static void test_english_dates_are_those_of_the_rest(void **state)
{
	(void)state;
	char text[WR_TIME_TEXT];
	for (wr_day day = wr_day_from_date(2026, 1, 1); day < wr_day_from_date(2028, 1, 1); day++) {
		assert_string_equal(
		    wr_say_day(&arena, WR_LANGUAGE_EN, day), wr_day_long(day, text));
		assert_string_equal(
		    wr_say_day_short(&arena, WR_LANGUAGE_EN, day), wr_day_short(day, text));
	}
	for (int minute = 0; minute < WR_MINUTES_A_DAY; minute++)
		assert_string_equal(
		    wr_say_clock(&arena, WR_LANGUAGE_EN, minute), wr_clock_text(minute, text));
}

static void test_every_language_says_everything(void **state)
{
	(void)state;
	for (int language = 0; language < WR_LANGUAGES; language++)
		for (int text = WR_SAY_MONDAY; text <= (int)WR_SAY_LANGUAGE_AR; text++)
			assert_true(*wr_say((enum wr_language)language, (enum wr_say)text));
}

static int drop(void **state)
{
	(void)state;
	wr_arena_deinit(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_languages_are_found_by_their_tags),
	    cmocka_unit_test(test_a_text_is_filled_by_name),
	    cmocka_unit_test(test_values_stay_whole_from_right_to_left),
	    cmocka_unit_test(test_dates_are_written_as_each_language_does),
	    cmocka_unit_test(test_english_dates_are_those_of_the_rest),
	    cmocka_unit_test(test_every_language_says_everything),
	};
	return cmocka_run_group_tests(tests, NULL, drop);
}
