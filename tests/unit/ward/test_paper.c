#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include "build_ward.h"
#include "wardround/paper.h"

static struct wr_arena arena;
static const struct wr_zone *zone;

static const char *due_at(const char *text)
{
	wr_time at = 0;
	char date[WR_TIME_TEXT];
	assert_int_equal(wr_time_parse(zone, text, &at), 0);
	return wr_arena_strdup(&arena, wr_day_iso(wr_paper_due(zone, at), date));
}

static void test_next_day_is_due_from_six_in_the_evening(void **state)
{
	(void)state;
	assert_string_equal(due_at("2026-11-29T17:59:59"), "2026-11-29");
	assert_string_equal(due_at("2026-11-29T18:00"), "2026-11-30");
	assert_string_equal(due_at("2026-11-29T23:59"), "2026-11-30");
	assert_string_equal(due_at("2026-11-30T07:00"), "2026-11-30");
	assert_string_equal(due_at("2026-07-10T17:30Z"), "2026-07-11"); /* ward time, not UTC */
	assert_string_equal(due_at("2026-12-31T18:00"), "2027-01-01");
}

static void test_pages_are_named_by_ward_and_date(void **state)
{
	(void)state;
	assert_string_equal(
	    wr_paper_name(&arena, "kingsley", built_day("2026-11-30")), "kingsley-2026-11-30.html");
}

static void test_only_pages_older_than_a_week_are_old(void **state)
{
	(void)state;
	wr_day today = built_day("2026-11-30");
	assert_true(wr_paper_is_old("kingsley-2026-11-22.html", today));
	assert_true(wr_paper_is_old("a-b-2026-01-01.html", today));
	assert_false(wr_paper_is_old("kingsley-2026-11-23.html", today));
	assert_false(wr_paper_is_old("kingsley-2026-12-01.html", today));
	static const char *const others[] = {"", ".html", "2026-01-01.html", "-2026-01-01.html",
	    "kingsley-2026-01-01.txt", "kingsley.2026-01-01.html", "kingsley-2026-13-01.html",
	    "kingsley-2026-01-01.html.bak", "notes.html"};
	for (size_t i = 0; i < WR_COUNT(others); i++)
		assert_false(wr_paper_is_old(others[i], today));
}

int main(void)
{
	zone = built_zone(&arena, "Europe/London");
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_next_day_is_due_from_six_in_the_evening),
	    cmocka_unit_test(test_pages_are_named_by_ward_and_date),
	    cmocka_unit_test(test_only_pages_older_than_a_week_are_old),
	};
	int r = cmocka_run_group_tests(tests, NULL, NULL);
	wr_arena_deinit(&arena);
	return r;
}
