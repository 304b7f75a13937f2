#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <string.h>

#include "../../../lib/config/reader.h"

/* The days of a calendar with these lines in it, drawn as "2026-12-25 Christmas, ..."; the name of
 * a day without one is left out. "no calendar" when it is refused. */
static const char *days_of(struct wr_arena *arena, const char *calendar)
{
	struct wr_holidays holidays = {0};
	size_t undated = 0;
	if (!config_holidays_parse(arena, calendar, strlen(calendar), &holidays, &undated))
		return "no calendar";
	const char *drawn = undated > 0 ? "undated" : "";
	for (size_t i = 0; i < holidays.n && i < 12; i++) {
		char text[WR_TIME_TEXT];
		drawn = wr_arena_printf(arena, "%s%s%s%s%s", drawn, *drawn ? ", " : "",
		    wr_day_iso(holidays.items[i].day, text), *holidays.items[i].name ? " " : "",
		    holidays.items[i].name);
	}
	return holidays.n > 12 ? wr_arena_printf(arena, "%s, ... %zu", drawn, holidays.n) : drawn;
}

static void expect(const char *events, const char *drawn)
{
	struct wr_arena arena = {0};
	const char *calendar = wr_arena_printf(
	    &arena, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n%sEND:VCALENDAR\r\n", events);
	assert_string_equal(days_of(&arena, calendar), drawn);
	wr_arena_deinit(&arena);
}

#define EVENT(lines) "BEGIN:VEVENT\r\nUID:1\r\n" lines "END:VEVENT\r\n"

static void test_days_are_sorted_and_each_is_there_once(void **state)
{
	(void)state;
	expect(EVENT("DTSTART;VALUE=DATE:20261226\r\nSUMMARY:Boxing Day\r\n")
		   EVENT("DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261226\r\n"
			 "SUMMARY:Christ\r\n mas Day\r\n") EVENT("DTSTART;VALUE=DATE:20261225\r\n"),
	    "2026-12-25 Christmas Day, 2026-12-26 Boxing Day");
}

static void test_an_event_of_several_days_is_each_of_them(void **state)
{
	(void)state;
	expect(EVENT("DTSTART;VALUE=DATE:20261230\r\nDTEND;VALUE=DATE:20270102\r\n"),
	    "2026-12-30, 2026-12-31, 2027-01-01");
	expect(EVENT("DTSTART;VALUE=DATE:20261230\r\nDURATION:P2D\r\n"), "2026-12-30, 2026-12-31");
	expect(EVENT("DTSTART:20261230T090000\r\nDTEND:20261231T000000\r\n"), "2026-12-30");
	expect(EVENT("DTSTART:20261230T090000\r\nDTEND:20261231T010000\r\n"),
	    "2026-12-30, 2026-12-31");
}

static void test_repeats_are_followed_but_for_exceptions(void **state)
{
	(void)state;
	expect(EVENT("DTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY;COUNT=4\r\n"
		     "EXDATE;VALUE=DATE:20271225\r\nRDATE;VALUE=DATE:20270704\r\n"),
	    "2026-12-25, 2027-07-04, 2028-12-25, 2029-12-25");
}

static void test_repeats_without_end_are_cut(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	const char *drawn = days_of(
	    &arena, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" EVENT(
			"DTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=DAILY\r\n") "END:VCALENDAR\r\n");
	assert_non_null(strstr(drawn, "... 100"));
	wr_arena_deinit(&arena);
	expect(
	    EVENT("DTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=31\r\n"),
	    "2026-12-25");
	expect(
	    EVENT("DTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31\r\n"),
	    "2026-12-25");
}

static void test_cancelled_events_are_no_holidays(void **state)
{
	(void)state;
	expect(EVENT("DTSTART;VALUE=DATE:20261225\r\nSTATUS:CANCELLED\r\n"), "");
}

static void test_events_without_a_date_are_counted(void **state)
{
	(void)state;
	expect(EVENT("SUMMARY:x\r\n"), "undated");
	expect(EVENT("DTSTART;VALUE=DATE:20260231\r\n"), "undated");
	expect(EVENT("DTSTART;VALUE=DATE:tomorrow\r\n"), "undated");
}

static void test_what_is_not_a_whole_calendar_is_refused(void **state)
{
	(void)state;
	static const char *const calendars[] = {
	    "",
	    "hello",
	    "<html>BEGIN:VCALENDAR</html>",
	    "BEGIN:VCALENDAR\r\n",
	    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
	    "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nEND:VEVENT\r\n",
	    "END:VCALENDAR\r\nBEGIN:VCALENDAR\r\n",
	    "BEGIN:VCALENDAR\r\nSUMMARY:\xff\r\nEND:VCALENDAR\r\n",
	};
	struct wr_arena arena = {0};
	for (size_t i = 0; i < WR_COUNT(calendars); i++)
		assert_string_equal(days_of(&arena, calendars[i]), "no calendar");
	wr_arena_deinit(&arena);
}

static void test_deep_nesting_is_refused_even_when_it_is_folded(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	struct wr_buf text = {0};
	for (int i = 0; i < 100000; i++)
		wr_buf_puts(&text, i % 2 ? "BEGIN:X\r\n" : "BE\n GIN:X\r\n");
	for (int i = 0; i < 100000; i++)
		wr_buf_puts(&text, "END:X\r\n");
	assert_string_equal(days_of(&arena, wr_buf_text(&text)), "no calendar");
	wr_buf_deinit(&text);
	wr_arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_days_are_sorted_and_each_is_there_once),
	    cmocka_unit_test(test_an_event_of_several_days_is_each_of_them),
	    cmocka_unit_test(test_repeats_are_followed_but_for_exceptions),
	    cmocka_unit_test(test_repeats_without_end_are_cut),
	    cmocka_unit_test(test_cancelled_events_are_no_holidays),
	    cmocka_unit_test(test_events_without_a_date_are_counted),
	    cmocka_unit_test(test_what_is_not_a_whole_calendar_is_refused),
	    cmocka_unit_test(test_deep_nesting_is_refused_even_when_it_is_folded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
