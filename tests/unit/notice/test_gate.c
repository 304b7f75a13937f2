#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include "wardround/notice.h"

enum { NOW = 1000000, DEAD = 16 };

static const struct wr_gate_try fine = {WR_NOTICE_ANSWERED, 200, -1, 20};
static const struct wr_gate_try slow = {WR_NOTICE_ANSWERED, 200, -1, 3000};
static const struct wr_gate_try refused = {WR_NOTICE_ANSWERED, 400, -1, 20};
static const struct wr_gate_try broken = {WR_NOTICE_ANSWERED, 503, -1, 20};
static const struct wr_gate_try silent = {WR_NOTICE_TIMED_OUT, 0, -1, 15000};
static const struct wr_gate_try stopped = {WR_NOTICE_STOPPED, 0, -1, 20};

static void try(struct wr_gate *gate, wr_time now, const struct wr_gate_try *one, int times)
{
	for (int i = 0; i < times; i++)
		wr_gate_result(gate, now, one);
}

static void test_quick_answers_widen_it_and_slow_ones_narrow_it(void **state)
{
	(void)state;
	struct wr_gate gate = {0};
	assert_int_equal(wr_gate_room(&gate, NOW, 0), WR_GATE_LEAST);
	assert_int_equal(wr_gate_room(&gate, NOW, 10), WR_GATE_LEAST - 10);
	try(&gate, NOW, &fine, 100);
	assert_int_equal(wr_gate_room(&gate, NOW, 0), WR_GATE_LEAST + 100);
	assert_int_equal(wr_gate_room(&gate, NOW, 500), 0);
	try(&gate, NOW, &fine, 5000);
	assert_int_equal(wr_gate_room(&gate, NOW, 0), WR_GATE_MOST);
	try(&gate, NOW, &slow, 1);
	assert_int_equal(wr_gate_room(&gate, NOW, 0), WR_GATE_MOST * 3 / 4);
	try(&gate, NOW, &slow, 100);
	assert_int_equal(wr_gate_room(&gate, NOW, 0), WR_GATE_LEAST);
	try(&gate, NOW, &fine, 100);
	try(&gate, NOW, &broken, 1);
	assert_int_equal(wr_gate_room(&gate, NOW, 0), WR_GATE_LEAST);
}

static void test_a_dead_endpoint_is_tried_once_now_and_then(void **state)
{
	(void)state;
	static const int pauses[] = {5, 10, 20, 40, 60, 60, 60};
	struct wr_gate gate = {0};
	wr_time now = NOW;
	try(&gate, now, &broken, DEAD - 1);
	assert_false(wr_gate_is_dead(&gate));
	try(&gate, now, &silent, 1);
	for (size_t i = 0; i < WR_COUNT(pauses); i++) {
		assert_true(wr_gate_is_dead(&gate));
		try(&gate, now, &silent, 30); /* begun before that was known */
		assert_int_equal(wr_gate_until(&gate, now) - now, pauses[i]);
		assert_int_equal(wr_gate_room(&gate, now + pauses[i] - 1, 0), 0);
		now += pauses[i];
		assert_int_equal(wr_gate_room(&gate, now, 0), 1);
		assert_int_equal(wr_gate_room(&gate, now, 1), 0);
		try(&gate, now, &broken, 1);
	}
	now += 60;
	try(&gate, now, &fine, 1);
	assert_false(wr_gate_is_dead(&gate));
	assert_int_equal(wr_gate_room(&gate, now, 0), WR_GATE_LEAST + 1);
	try(&gate, now, &broken, DEAD);
	assert_int_equal(wr_gate_until(&gate, now) - now, 5);
}

static void test_a_refusal_is_a_sign_of_life_and_a_stop_says_nothing(void **state)
{
	(void)state;
	struct wr_gate gate = {0};
	try(&gate, NOW, &broken, DEAD - 1);
	try(&gate, NOW, &stopped, 5);
	assert_false(wr_gate_is_dead(&gate));
	try(&gate, NOW, &refused, 1);
	try(&gate, NOW, &broken, DEAD - 1);
	assert_false(wr_gate_is_dead(&gate));
}

static void test_retry_after_rests_all_of_the_endpoint_for_a_minute_at_most(void **state)
{
	(void)state;
	struct wr_gate gate = {0};
	struct wr_gate_try later = {WR_NOTICE_ANSWERED, 429, 20, 5};
	try(&gate, NOW, &later, 1);
	assert_int_equal(wr_gate_room(&gate, NOW + 19, 0), 0);
	assert_int_equal(wr_gate_room(&gate, NOW + 20, 0), WR_GATE_LEAST);
	later.retry_after = 86400;
	try(&gate, NOW + 20, &later, 1);
	assert_int_equal(wr_gate_until(&gate, NOW + 20), NOW + 80);
	later = (struct wr_gate_try){WR_NOTICE_ANSWERED, 200, 3000, 5};
	gate = (struct wr_gate){0};
	try(&gate, NOW, &later, 1);
	assert_true(wr_gate_until(&gate, NOW) == WR_TIME_NONE);
}

static void test_a_clock_set_back_ends_a_pause(void **state)
{
	(void)state;
	struct wr_gate gate = {0};
	try(&gate, NOW, &broken, DEAD);
	assert_int_equal(wr_gate_room(&gate, NOW, 0), 0);
	assert_int_equal(wr_gate_room(&gate, NOW - 86400, 0), 1);
}

static void test_retry_after_is_read_as_seconds_or_as_a_date(void **state)
{
	(void)state;
	enum { HALF_PAST = 784111800 }; /* Sun, 06 Nov 1994 08:50:00 GMT */
	static const struct {
		const char *value;
		int64_t seconds;
	} cases[] = {
	    {"120", 120},
	    {" 7 \r\n", 7},
	    {"0", 0},
	    {"Sun, 06 Nov 1994 08:51:40 GMT\r\n", 100},
	    {"Sun, 06 Nov 1994 08:49:37 GMT", 0},
	    {"", -1},
	    {"-5", -1},
	    {"soon", -1},
	    {"99999999999999999999", -1},
	    {"Sunday, 06-Nov-94 08:51:40 GMT", -1},
	};
	for (size_t i = 0; i < WR_COUNT(cases); i++)
		assert_int_equal(
		    wr_notice_retry_after(cases[i].value, HALF_PAST), cases[i].seconds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_quick_answers_widen_it_and_slow_ones_narrow_it),
	    cmocka_unit_test(test_a_dead_endpoint_is_tried_once_now_and_then),
	    cmocka_unit_test(test_a_refusal_is_a_sign_of_life_and_a_stop_says_nothing),
	    cmocka_unit_test(test_retry_after_rests_all_of_the_endpoint_for_a_minute_at_most),
	    cmocka_unit_test(test_a_clock_set_back_ends_a_pause),
	    cmocka_unit_test(test_retry_after_is_read_as_seconds_or_as_a_date),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
