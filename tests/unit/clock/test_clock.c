#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>

#include "clock/clock.h"

/* ---- the setting ---- */

static void test_start_and_rate_are_read(void **state)
{
	(void)state;
	wr_time start;
	int64_t rate;
	assert_int_equal(wr_clock_start_parse("2026-11-27T08:00:00Z", &start, &rate), 0);
	assert_int_equal(start, 1795766400);
	assert_int_equal(rate, 1);
	assert_int_equal(wr_clock_start_parse("2026-11-27T08:00:00Zx60", &start, &rate), 0);
	assert_int_equal(rate, 60);
}

static void test_other_spellings_of_the_setting_are_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "now", "2026-11-27T08:00:00", "2026-11-27 08:00:00Z",
	    "2026-11-27T08:00Z", "2026-13-27T08:00:00Z", "2026-11-27T08:00:00Zx",
	    "2026-11-27T08:00:00Zx0", "2026-11-27T08:00:00Zx-1", "2026-11-27T08:00:00Zx100001",
	    "2026-11-27T08:00:00Z60", "2026-11-27T08:00:00Z x60", "2026-11-27T08:00:00+00:00Z",
	    "2026-11-27T08:00:00.000000000000000000000000000000000000Z"};
	wr_time start;
	int64_t rate;
	for (size_t i = 0; i < WR_COUNT(bad); i++)
		if (wr_clock_start_parse(bad[i], &start, &rate) != -EINVAL)
			fail_msg("'%s' is taken", bad[i]);
}

static void test_rate_shortens_timers_and_never_to_nothing(void **state)
{
	(void)state;
	struct wr_clock clock;
	wr_clock_hold(&clock, 0);
	assert_int_equal(wr_clock_real_ms(&clock, 15000), 15000);
	clock.rate = 60;
	assert_int_equal(wr_clock_real_ms(&clock, 15000), 250);
	assert_int_equal(wr_clock_real_ms(&clock, 1), 1);
	assert_int_equal(wr_clock_real_ms(&clock, 0), 0);
	assert_int_equal(wr_clock_real_ms(&clock, -5), 0);
}

#ifdef WR_TEST_CLOCK
static void test_clock_starts_where_the_environment_says(void **state)
{
	(void)state;
	uv_loop_t loop;
	struct wr_clock clock;
	assert_int_equal(uv_loop_init(&loop), 0);
	setenv("WARDROUND_CLOCK", "yesterday", 1);
	assert_int_equal(wr_clock_init(&clock, &loop), -EINVAL);
	setenv("WARDROUND_CLOCK", "2026-11-27T08:00:00Zx60", 1);
	assert_int_equal(wr_clock_init(&clock, &loop), 0);
	unsetenv("WARDROUND_CLOCK");
	assert_int_equal(clock.rate, 60);
	assert_in_range(wr_clock_now(&clock), 1795766400, 1795766400 + 3600);
	wr_clock_close(&clock, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
}
#else
static void test_release_knows_no_clock_of_the_environment(void **state)
{
	(void)state;
	uv_loop_t loop;
	struct wr_clock clock;
	assert_int_equal(uv_loop_init(&loop), 0);
	setenv("WARDROUND_CLOCK", "2001-01-01T00:00:00Zx60", 1);
	assert_int_equal(wr_clock_init(&clock, &loop), 0);
	unsetenv("WARDROUND_CLOCK");
	assert_int_equal(clock.rate, 1);
	assert_true(wr_clock_now(&clock) > 1100000000);
	wr_clock_close(&clock, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
}
#endif

/* ---- a held clock ---- */

struct diary {
	wr_time times[8];
	int n;
	wr_time every; /* wakes again after that long */
};

static void note_time(struct wr_clock *clock)
{
	struct diary *diary = clock->data;
	diary->times[diary->n++] = wr_clock_now(clock);
	if (diary->every > 0)
		wr_clock_wake_at(clock, wr_clock_now(clock) + diary->every, note_time);
}

static void test_held_clock_wakes_at_each_time_on_the_way(void **state)
{
	(void)state;
	struct wr_clock clock;
	struct diary diary = {.every = 100};
	wr_clock_hold(&clock, 1000);
	clock.data = &diary;
	wr_clock_wake_at(&clock, 1050, note_time);
	assert_int_equal(diary.n, 0);
	wr_clock_advance(&clock, 1260);
	assert_int_equal(diary.n, 3);
	assert_int_equal(diary.times[0], 1050);
	assert_int_equal(diary.times[1], 1150);
	assert_int_equal(diary.times[2], 1250);
	assert_int_equal(wr_clock_now(&clock), 1260);
}

static void test_held_clock_calls_what_is_overdue_now_and_only_the_last_wake_up(void **state)
{
	(void)state;
	struct wr_clock clock;
	struct diary diary = {0};
	wr_clock_hold(&clock, 1000);
	clock.data = &diary;
	wr_clock_wake_at(&clock, 2000, note_time);
	wr_clock_wake_at(&clock, 500, note_time);
	wr_clock_advance(&clock, 1000);
	assert_int_equal(diary.n, 1);
	assert_int_equal(diary.times[0], 1000);
	wr_clock_wake_at(&clock, 1500, note_time);
	wr_clock_wake_at(&clock, WR_TIME_NONE, NULL);
	wr_clock_advance(&clock, 3000);
	assert_int_equal(diary.n, 1);
}

static int64_t jumps[4];
static size_t n_jumps;

static void list_jump(struct wr_clock *clock, int64_t seconds)
{
	(void)clock;
	jumps[n_jumps++] = seconds;
}

static void test_held_clock_that_is_set_reports_the_jump_and_calls_what_is_due(void **state)
{
	(void)state;
	struct wr_clock clock;
	struct diary diary = {0};
	wr_clock_hold(&clock, 1000);
	clock.data = &diary;
	clock.on_jump = list_jump;
	wr_clock_wake_at(&clock, 2000, note_time);
	wr_clock_set(&clock, 500);
	assert_int_equal(diary.n, 0);
	wr_clock_set(&clock, 5000);
	assert_int_equal(diary.n, 1);
	assert_int_equal(diary.times[0], 5000);
	assert_int_equal(n_jumps, 2);
	assert_int_equal(jumps[0], -500);
	assert_int_equal(jumps[1], 4500);
}

/* ---- on a loop ---- */

static bool called;
static wr_time woken_at;

static void on_closed(struct wr_clock *clock)
{
	*(bool *)clock->data = true;
}

static void close_when_woken(struct wr_clock *clock)
{
	called = true;
	woken_at = wr_clock_now(clock);
	wr_clock_close(clock, on_closed);
}

static void test_loop_wakes_when_due_and_closes_empty(void **state)
{
	(void)state;
	uv_loop_t loop;
	struct wr_clock clock;
	bool closed = false;
	called = false;
	assert_int_equal(uv_loop_init(&loop), 0);
	assert_int_equal(wr_clock_init(&clock, &loop), 0);
	clock.data = &closed;
	wr_time due = wr_clock_now(&clock) - 1;
	wr_clock_wake_at(&clock, due, close_when_woken);
	assert_false(called);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_true(called);
	assert_true(closed);
	assert_true(woken_at >= due);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static void test_fast_clock_wakes_an_hour_later_without_an_hour_of_waiting(void **state)
{
	(void)state;
	uv_loop_t loop;
	struct wr_clock clock;
	bool closed = false;
	called = false;
	assert_int_equal(uv_loop_init(&loop), 0);
	assert_int_equal(wr_clock_init(&clock, &loop), 0);
	clock.data = &closed;
	clock.simulated = true;
	clock.base_ms = 1795766400000;
	clock.base_ns = uv_hrtime();
	clock.rate = 100000;
	wr_clock_wake_at(&clock, 1795766400 + 3600, close_when_woken);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_true(called);
	assert_true(woken_at >= 1795766400 + 3600);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static int64_t jump;

static void note_jump(struct wr_clock *clock, int64_t seconds)
{
	(void)clock;
	jump = seconds;
}

static void test_clock_set_while_waiting_is_reported_before_the_wake_up(void **state)
{
	(void)state;
	uv_loop_t loop;
	struct wr_clock clock;
	bool closed = false;
	jump = 0;
	assert_int_equal(uv_loop_init(&loop), 0);
	assert_int_equal(wr_clock_init(&clock, &loop), 0);
	clock.data = &closed;
	clock.on_jump = note_jump;
	clock.seen_ms -= 3600000; /* as if the clock had been put forward an hour since */
	wr_clock_wake_at(&clock, wr_clock_now(&clock), close_when_woken);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_in_range(jump, 3599, 3601);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static void test_clock_with_nothing_due_keeps_no_loop_alive(void **state)
{
	(void)state;
	uv_loop_t loop;
	struct wr_clock clock;
	bool closed = false;
	assert_int_equal(uv_loop_init(&loop), 0);
	assert_int_equal(wr_clock_init(&clock, &loop), 0);
	clock.data = &closed;
	wr_clock_wake_at(&clock, wr_clock_now(&clock) + 1000000, close_when_woken);
	wr_clock_wake_at(&clock, WR_TIME_NONE, NULL);
	assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
	wr_clock_close(&clock, on_closed);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_true(closed);
	assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_start_and_rate_are_read),
	    cmocka_unit_test(test_other_spellings_of_the_setting_are_refused),
	    cmocka_unit_test(test_rate_shortens_timers_and_never_to_nothing),
#ifdef WR_TEST_CLOCK
	    cmocka_unit_test(test_clock_starts_where_the_environment_says),
#else
	    cmocka_unit_test(test_release_knows_no_clock_of_the_environment),
#endif
	    cmocka_unit_test(test_held_clock_wakes_at_each_time_on_the_way),
	    cmocka_unit_test(test_held_clock_calls_what_is_overdue_now_and_only_the_last_wake_up),
	    cmocka_unit_test(test_held_clock_that_is_set_reports_the_jump_and_calls_what_is_due),
	    cmocka_unit_test(test_loop_wakes_when_due_and_closes_empty),
	    cmocka_unit_test(test_fast_clock_wakes_an_hour_later_without_an_hour_of_waiting),
	    cmocka_unit_test(test_clock_set_while_waiting_is_reported_before_the_wake_up),
	    cmocka_unit_test(test_clock_with_nothing_due_keeps_no_loop_alive),
	};
	unsetenv("WARDROUND_CLOCK");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
