#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include "wardround/notice.h"

#include "zone.h"

static struct wr_arena arena;
static const struct wr_zone *zone;
static const struct wr_clock_span night = {21 * 60, 8 * 60};
static const struct wr_clock_span lunch = {12 * 60, 13 * 60};
static const struct wr_clock_span never = {0, 0};

static void assert_time(wr_time time, const char *expected)
{
	char text[WR_TIME_TEXT];
	if (time != at(zone, expected))
		fail_msg("%s, expected %s", wr_time_rfc3339(zone, time, text), expected);
}

static void test_quiet_hours_go_over_midnight_and_leave_out_their_end(void **state)
{
	(void)state;
	assert_false(wr_notice_is_quiet(night, zone, at(zone, "2026-11-30 20:59:59")));
	assert_true(wr_notice_is_quiet(night, zone, at(zone, "2026-11-30 21:00")));
	assert_true(wr_notice_is_quiet(night, zone, at(zone, "2026-12-01 00:00")));
	assert_true(wr_notice_is_quiet(night, zone, at(zone, "2026-12-01 07:59:59")));
	assert_false(wr_notice_is_quiet(night, zone, at(zone, "2026-12-01 08:00")));
	assert_true(wr_notice_is_quiet(lunch, zone, at(zone, "2026-12-01 12:30")));
	assert_false(wr_notice_is_quiet(lunch, zone, at(zone, "2026-12-01 13:00")));
	assert_false(wr_notice_is_quiet(never, zone, at(zone, "2026-12-01 00:00")));
}

static void test_quiet_hours_know_their_start_and_end(void **state)
{
	(void)state;
	assert_time(
	    wr_notice_quiet_start(night, zone, at(zone, "2026-12-01 03:00")), "2026-11-30 21:00");
	assert_time(
	    wr_notice_quiet_start(night, zone, at(zone, "2026-11-30 22:00")), "2026-11-30 21:00");
	assert_time(
	    wr_notice_quiet_end(night, zone, at(zone, "2026-11-30 22:00")), "2026-12-01 08:00");
	assert_time(
	    wr_notice_quiet_end(night, zone, at(zone, "2026-12-01 03:00")), "2026-12-01 08:00");
	assert_time(
	    wr_notice_quiet_end(night, zone, at(zone, "2026-12-01 09:00")), "2026-12-01 09:00");
	assert_time(
	    wr_notice_quiet_end(night, zone, at(zone, "2027-03-27 22:00")), "2027-03-28 08:00");
}

static void test_quiet_hours_that_end_in_the_hour_that_comes_twice(void **state)
{
	(void)state;
	struct wr_clock_span odd = {21 * 60, 90}; /* until 01:30 */
	wr_time second = at(zone, "2026-10-25T01:10:20Z");
	assert_true(wr_notice_is_quiet(odd, zone, second));
	assert_int_equal(wr_notice_quiet_end(odd, zone, second), at(zone, "2026-10-25T01:30:00Z"));
}

static void test_reminders_in_days_keep_the_wall_time(void **state)
{
	(void)state;
	wr_time start = at(zone, "2027-03-29 10:20");
	struct wr_duration week = {7, WR_UNIT_DAYS}, hours = {48, WR_UNIT_HOURS};
	assert_time(wr_notice_reminder_due(night, zone, start, week), "2027-03-22 10:20");
	assert_time(wr_notice_reminder_due(night, zone, start, hours), "2027-03-27 09:20");
}

static void test_reminders_go_just_before_quiet_hours(void **state)
{
	(void)state;
	struct wr_duration two = {2, WR_UNIT_HOURS};
	assert_time(wr_notice_reminder_due(night, zone, at(zone, "2026-11-30 09:00"), two),
	    "2026-11-29 20:55");
	assert_time(wr_notice_reminder_due(night, zone, at(zone, "2026-11-30 10:00"), two),
	    "2026-11-30 08:00");
}

static void test_reminders_already_due_are_skipped_and_equal_ones_are_one(void **state)
{
	(void)state;
	static const struct wr_duration before[] = {
	    {2, WR_UNIT_HOURS}, {7, WR_UNIT_DAYS}, {48, WR_UNIT_HOURS}, {3, WR_UNIT_HOURS}};
	wr_time due[WR_COUNT(before)];
	size_t n = wr_notice_reminders(night, zone, before, WR_COUNT(before),
	    at(zone, "2026-11-30 09:00"), at(zone, "2026-11-25 16:00"), due);
	assert_int_equal(n, 2);
	assert_time(due[0], "2026-11-28 09:00");
	assert_time(due[1], "2026-11-29 20:55");
	n = wr_notice_reminders(night, zone, before, WR_COUNT(before), at(zone, "2026-11-30 09:00"),
	    at(zone, "2026-11-29 20:55"), due);
	assert_int_equal(n, 0);
}

static wr_time change_due(const char *now, const char *slot)
{
	return wr_notice_change_due(night, zone, at(zone, now), at(zone, slot), WR_TIME_NONE);
}

static void test_changes_by_day_go_after_two_minutes(void **state)
{
	(void)state;
	assert_time(change_due("2026-11-27 14:00", "2026-11-30 10:10"), "2026-11-27 14:02");
}

static void test_changes_at_night_wait_unless_the_slot_is_near(void **state)
{
	(void)state;
	assert_time(change_due("2026-11-29 23:00", "2026-11-30 10:10"), "2026-11-29 23:02");
	assert_time(change_due("2026-11-29 23:00", "2026-11-30 12:00"), "2026-11-30 08:00");
	assert_time(change_due("2026-11-30 06:00", "2026-11-30 11:00"), "2026-11-30 06:02");
	assert_time(change_due("2026-11-30 06:00", "2026-12-03 11:00"), "2026-11-30 08:00");
}

static void test_what_is_due_at_night_is_held_back_unless_it_is_urgent(void **state)
{
	(void)state;
	static const struct {
		enum wr_notice_type type;
		const char *now, *slot, *goes;
	} rows[] = {
	    // clang-format off
	    {WR_NOTICE_SLOT_MOVED,     "2026-11-27 20:59", "2026-11-30 10:10", "2026-11-27 20:59"},
	    {WR_NOTICE_SLOT_MOVED,     "2026-11-27 23:00", "2026-11-30 10:10", "2026-11-28 08:00"},
	    {WR_NOTICE_SLOT_CANCELLED, "2026-11-29 23:00", "2026-11-30 10:10", "2026-11-29 23:00"},
	    {WR_NOTICE_REMINDER_DUE,   "2026-11-29 23:00", "2026-11-30 10:10", "2026-11-30 08:00"},
	    {WR_NOTICE_LINK_INVITE,    "2026-11-29 23:00", "2026-12-30 10:10", "2026-11-29 23:00"},
	    {WR_NOTICE_TASK_NEW,       "2026-11-29 23:00", "2026-12-30 10:10", "2026-11-29 23:00"},
	    // clang-format on
	};
	for (size_t i = 0; i < WR_COUNT(rows); i++)
		assert_time(wr_notice_go_at(night, zone, rows[i].type, at(zone, rows[i].now),
				at(zone, rows[i].slot)),
		    rows[i].goes);
}

static void test_waiting_for_more_changes_never_runs_into_quiet_hours(void **state)
{
	(void)state;
	assert_time(change_due("2026-11-27 20:59", "2026-11-30 10:10"), "2026-11-27 20:59:59");
	assert_time(change_due("2026-11-27 20:59:59", "2026-11-30 10:10"), "2026-11-27 20:59:59");
	assert_time(change_due("2026-11-27 20:58", "2026-11-30 10:10"), "2026-11-27 20:59:59");
}

static void test_a_slot_about_to_begin_waits_for_nothing(void **state)
{
	(void)state;
	assert_time(change_due("2026-11-30 10:00", "2026-11-30 10:10"), "2026-11-30 10:00");
	assert_time(change_due("2026-11-30 10:20", "2026-11-30 10:10"), "2026-11-30 10:20");
	assert_time(change_due("2026-11-30 09:54", "2026-11-30 10:10"), "2026-11-30 09:55");
}

static void test_changes_within_two_minutes_are_one_notice(void **state)
{
	(void)state;
	wr_time slot = at(zone, "2026-11-30 10:10"), now = at(zone, "2026-11-27 14:00");
	wr_time first = wr_notice_change_due(night, zone, now, slot, WR_TIME_NONE);
	assert_int_equal(wr_notice_change_due(night, zone, now + 100, slot, first), first);
	wr_time at_night = at(zone, "2026-11-29 23:00"), morning = at(zone, "2026-11-30 08:00");
	assert_int_equal(
	    wr_notice_change_due(night, zone, at_night, slot, morning), at_night + 120);
}

static int open_zone(void **state)
{
	(void)state;
	zone = london(&arena);
	return 0;
}

static int close_zone(void **state)
{
	(void)state;
	wr_arena_deinit(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_quiet_hours_go_over_midnight_and_leave_out_their_end),
	    cmocka_unit_test(test_quiet_hours_know_their_start_and_end),
	    cmocka_unit_test(test_quiet_hours_that_end_in_the_hour_that_comes_twice),
	    cmocka_unit_test(test_reminders_in_days_keep_the_wall_time),
	    cmocka_unit_test(test_reminders_go_just_before_quiet_hours),
	    cmocka_unit_test(test_reminders_already_due_are_skipped_and_equal_ones_are_one),
	    cmocka_unit_test(test_changes_by_day_go_after_two_minutes),
	    cmocka_unit_test(test_changes_at_night_wait_unless_the_slot_is_near),
	    cmocka_unit_test(test_what_is_due_at_night_is_held_back_unless_it_is_urgent),
	    cmocka_unit_test(test_waiting_for_more_changes_never_runs_into_quiet_hours),
	    cmocka_unit_test(test_a_slot_about_to_begin_waits_for_nothing),
	    cmocka_unit_test(test_changes_within_two_minutes_are_one_notice),
	};
	return cmocka_run_group_tests(tests, open_zone, close_zone);
}
