#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include "build_ward.h"
#include "wardround/day.h"

static wr_time at(const char *text)
{
	wr_time time = 0;
	assert_int_equal(wr_time_parse(NULL, text, &time), 0);
	return time;
}

static struct wr_slot ten_past_ten(void)
{
	return (struct wr_slot){.start = at("2026-11-30T10:10:00Z")};
}

static void test_lateness_that_was_told_only_grows(void **state)
{
	(void)state;
	struct wr_slot slot = ten_past_ten();
	struct wr_session_change change = {.late_at = WR_TIME_NONE};
	assert_int_equal(wr_day_not_before(&slot, NULL), slot.start);
	wr_day_say_late(&change, 20, at("2026-11-30T09:00:00Z"));
	assert_int_equal(wr_day_not_before(&slot, &change), at("2026-11-30T10:30:00Z"));
	wr_day_say_late(&change, 5, at("2026-11-30T09:30:00Z"));
	assert_int_equal(wr_day_told_minutes(&change), 20);
	wr_day_say_late(&change, 30, at("2026-11-30T09:40:00Z"));
	assert_int_equal(wr_day_not_before(&slot, &change), at("2026-11-30T10:40:00Z"));
	wr_day_say_late(&change, 0, at("2026-11-30T10:00:00Z"));
	assert_int_equal(change.late_minutes, 0);
	assert_int_equal(wr_day_not_before(&slot, &change), at("2026-11-30T10:40:00Z"));
}

static void test_lateness_taken_back_before_anybody_heard_counts_for_nothing(void **state)
{
	(void)state;
	struct wr_slot slot = ten_past_ten();
	struct wr_session_change change = {.late_at = WR_TIME_NONE};
	wr_day_say_late(&change, 60, at("2026-11-30T09:00:00Z"));
	wr_day_say_late(&change, 6, at("2026-11-30T09:01:59Z"));
	assert_int_equal(wr_day_told_minutes(&change), 6);
	wr_day_say_late(&change, 0, at("2026-11-30T09:03:00Z"));
	assert_int_equal(wr_day_not_before(&slot, &change), slot.start);
}

static void test_lateness_may_be_told_when_it_has_stood_two_minutes(void **state)
{
	(void)state;
	struct wr_session_change change = {.late_at = WR_TIME_NONE};
	wr_time said = at("2026-11-30T09:00:00Z");
	assert_int_equal(wr_day_tellable_minutes(NULL, said), 0);
	assert_int_equal(wr_day_tellable_at(NULL, said), WR_TIME_NONE);
	wr_day_say_late(&change, 20, said);
	assert_int_equal(wr_day_tellable_minutes(&change, said + 119), 0);
	assert_int_equal(wr_day_tellable_at(&change, said + 119), said + 120);
	assert_int_equal(wr_day_tellable_minutes(&change, said + 120), 20);
	assert_int_equal(wr_day_tellable_at(&change, said + 120), WR_TIME_NONE);
	wr_day_say_late(&change, 30, said + 600);
	assert_int_equal(wr_day_tellable_minutes(&change, said + 601), 20);
	wr_day_say_late(&change, 0, said + 660);
	assert_int_equal(wr_day_tellable_at(&change, said + 660), WR_TIME_NONE);
	assert_int_equal(wr_day_tellable_minutes(&change, said + 900), 20);
}

static void test_slot_begins_on_its_own_day_and_not_before_what_was_told(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	const struct wr_zone *zone = built_zone(&arena, "Europe/London");
	struct wr_slot slot = ten_past_ten();
	struct wr_session_change late = {.late_minutes = 20};
	assert_int_equal(
	    wr_day_may_start(&slot, NULL, zone, at("2026-11-29T23:59:00Z")), WR_DAY_NOT_YET);
	assert_int_equal(wr_day_may_start(&slot, NULL, zone, at("2026-11-30T08:00:00Z")), 0);
	assert_int_equal(
	    wr_day_may_start(&slot, &late, zone, at("2026-11-30T10:29:00Z")), WR_DAY_TOLD_LATER);
	assert_int_equal(wr_day_may_start(&slot, &late, zone, at("2026-11-30T10:30:00Z")), 0);
	wr_arena_deinit(&arena);
}

static void test_what_is_to_come_was_not_missed(void **state)
{
	(void)state;
	struct wr_slot slot = ten_past_ten();
	assert_int_equal(wr_day_may_be_missed(&slot, at("2026-11-30T10:09:59Z")), WR_DAY_NOT_YET);
	assert_int_equal(wr_day_may_be_missed(&slot, at("2026-11-30T10:10:00Z")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lateness_that_was_told_only_grows),
	    cmocka_unit_test(test_lateness_taken_back_before_anybody_heard_counts_for_nothing),
	    cmocka_unit_test(test_lateness_may_be_told_when_it_has_stood_two_minutes),
	    cmocka_unit_test(test_slot_begins_on_its_own_day_and_not_before_what_was_told),
	    cmocka_unit_test(test_what_is_to_come_was_not_missed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
