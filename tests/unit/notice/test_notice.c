#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include "wardround/notice.h"

static void test_every_type_has_a_name_that_finds_it(void **state)
{
	(void)state;
	for (int type = WR_NOTICE_NOTHING + 1; type < WR_NOTICE_TYPES; type++) {
		const char *name = wr_notice_type_name((enum wr_notice_type)type);
		assert_non_null(name);
		assert_int_equal(wr_notice_type_find(name), type);
		assert_true(wr_notice_type_events((enum wr_notice_type)type) != 0);
	}
	assert_null(wr_notice_type_name(WR_NOTICE_NOTHING));
	assert_int_equal(wr_notice_type_find("slot.eaten"), WR_NOTICE_NOTHING);
	assert_int_equal(wr_notice_type_find(NULL), WR_NOTICE_NOTHING);
}

static void test_types_belong_to_the_events_of_an_endpoint(void **state)
{
	(void)state;
	assert_int_equal(wr_notice_type_events(WR_NOTICE_SLOT_LATE), WR_EVENT_SLOT);
	assert_int_equal(wr_notice_type_events(WR_NOTICE_REMINDER_DUE), WR_EVENT_REMINDER);
	assert_int_equal(wr_notice_type_events(WR_NOTICE_LINK_INVITE), WR_EVENT_INVITE);
	assert_int_equal(wr_notice_type_events(WR_NOTICE_PROMISE_DANGER), WR_EVENT_TASK);
	assert_true(wr_notice_type_events(WR_NOTICE_WEBHOOK_TEST) & WR_EVENT_PATIENT);
	for (int type = WR_NOTICE_NOTHING + 1; type < WR_NOTICE_WEBHOOK_TEST; type++)
		assert_false(wr_notice_type_for_staff((enum wr_notice_type)type));
	for (int type = WR_NOTICE_WEBHOOK_TEST + 1; type < WR_NOTICE_TYPES; type++) {
		assert_true(wr_notice_type_for_staff((enum wr_notice_type)type));
		assert_false(wr_notice_type_events((enum wr_notice_type)type) & ~WR_EVENTS_STAFF);
	}
}

/* ---- which ---- */

enum { NOW = 1000, START = 5000, END = 6200 };

static const struct wr_notice_view nothing = {0};
static const struct wr_notice_view slot = {
    .known = true, .revision = 1, .start = START, .end = END, .place = "Quiet Room"};

static struct wr_notice_view changed(wr_time start, const char *place, bool cancelled)
{
	return (struct wr_notice_view){.known = true,
	    .cancelled = cancelled,
	    .revision = 2,
	    .start = start,
	    .end = start + END - START,
	    .place = place};
}

static void test_who_was_never_told_hears_published_not_moved(void **state)
{
	(void)state;
	struct wr_notice_view holds = changed(7000, "Quiet Room", false);
	assert_int_equal(wr_notice_choose(&nothing, &holds, NOW), WR_NOTICE_SLOT_PUBLISHED);
}

static void test_who_was_never_told_hears_nothing_of_a_cancelled_slot(void **state)
{
	(void)state;
	struct wr_notice_view holds = changed(START, "Quiet Room", true);
	assert_int_equal(wr_notice_choose(&nothing, &holds, NOW), WR_NOTICE_NOTHING);
}

static void test_another_start_or_place_is_moved(void **state)
{
	(void)state;
	struct wr_notice_view later = changed(7000, "Quiet Room", false);
	struct wr_notice_view elsewhere = changed(START, "Garden Room", false);
	struct wr_notice_view joining = slot;
	joining.joining = "video";
	assert_int_equal(wr_notice_choose(&slot, &later, NOW), WR_NOTICE_SLOT_MOVED);
	assert_int_equal(wr_notice_choose(&slot, &elsewhere, NOW), WR_NOTICE_SLOT_MOVED);
	assert_int_equal(wr_notice_choose(&slot, &joining, NOW), WR_NOTICE_SLOT_MOVED);
}

static void test_moved_back_before_it_was_told_is_nothing(void **state)
{
	(void)state;
	struct wr_notice_view holds = changed(START, "Quiet Room", false);
	holds.revision = 3;
	assert_int_equal(wr_notice_choose(&slot, &holds, NOW), WR_NOTICE_NOTHING);
}

static void test_cancelled_is_told_once(void **state)
{
	(void)state;
	struct wr_notice_view off = changed(START, "Quiet Room", true);
	assert_int_equal(wr_notice_choose(&slot, &off, NOW), WR_NOTICE_SLOT_CANCELLED);
	assert_int_equal(wr_notice_choose(&off, &off, NOW), WR_NOTICE_NOTHING);
	assert_int_equal(wr_notice_choose(&off, &slot, NOW), WR_NOTICE_SLOT_PUBLISHED);
}

static void test_withdrawn_support_hears_nothing(void **state)
{
	(void)state;
	struct wr_notice_view hidden = changed(7000, NULL, false);
	hidden.known = false;
	assert_int_equal(wr_notice_choose(&slot, &hidden, NOW), WR_NOTICE_NOTHING);
}

static void test_what_is_over_is_no_news_unless_something_else_was_told(void **state)
{
	(void)state;
	struct wr_notice_view earlier = changed(2000, "Quiet Room", false);
	assert_int_equal(wr_notice_choose(&nothing, &earlier, 4000), WR_NOTICE_NOTHING);
	assert_int_equal(wr_notice_choose(&slot, &earlier, 4000), WR_NOTICE_SLOT_MOVED);
	assert_int_equal(wr_notice_choose(&slot, &earlier, END), WR_NOTICE_NOTHING);
}

static void test_lateness_is_told_as_it_grows_until_it_is_over(void **state)
{
	(void)state;
	struct wr_notice_view told = slot, holds = slot;
	holds.late = 20;
	assert_int_equal(wr_notice_choose(&told, &holds, NOW), WR_NOTICE_SLOT_LATE);
	assert_int_equal(wr_notice_choose(&told, &holds, START + 1199), WR_NOTICE_SLOT_LATE);
	assert_int_equal(wr_notice_choose(&told, &holds, START + 1200), WR_NOTICE_NOTHING);
	told.late = 20;
	assert_int_equal(wr_notice_choose(&told, &holds, NOW), WR_NOTICE_NOTHING);
	holds.late = 5;
	assert_int_equal(wr_notice_choose(&told, &holds, NOW), WR_NOTICE_NOTHING);
	holds.late = 30;
	assert_int_equal(wr_notice_choose(&told, &holds, NOW), WR_NOTICE_SLOT_LATE);
	holds.start = 7000;
	holds.end = 8000;
	assert_int_equal(wr_notice_choose(&told, &holds, NOW), WR_NOTICE_SLOT_MOVED);
}

static void test_other_people_are_told_to_who_sees_them_until_the_start(void **state)
{
	(void)state;
	struct wr_notice_view told = slot, holds = slot;
	told.people = "S1";
	holds.people = "S1,S2";
	assert_int_equal(wr_notice_choose(&told, &holds, NOW), WR_NOTICE_SLOT_PEOPLE);
	assert_int_equal(wr_notice_choose(&told, &holds, START), WR_NOTICE_NOTHING);
	assert_int_equal(wr_notice_choose(&told, &told, NOW), WR_NOTICE_NOTHING);
	holds.people = NULL;
	assert_int_equal(wr_notice_choose(&told, &holds, NOW), WR_NOTICE_NOTHING);
	told.people = NULL;
	holds.people = "S1";
	assert_int_equal(wr_notice_choose(&told, &holds, NOW), WR_NOTICE_NOTHING);
}

/* ---- how often ---- */

static void test_status_decides_what_becomes_of_a_try(void **state)
{
	(void)state;
	static const struct {
		int status;
		enum wr_notice_end end;
	} cases[] = {{200, WR_NOTICE_DONE}, {204, WR_NOTICE_DONE}, {299, WR_NOTICE_DONE},
	    {301, WR_NOTICE_FINAL}, {307, WR_NOTICE_FINAL}, {400, WR_NOTICE_FINAL},
	    {404, WR_NOTICE_FINAL}, {408, WR_NOTICE_RETRY}, {410, WR_NOTICE_ENDPOINT_OFF},
	    {425, WR_NOTICE_RETRY}, {429, WR_NOTICE_RETRY}, {499, WR_NOTICE_FINAL},
	    {500, WR_NOTICE_RETRY}, {503, WR_NOTICE_RETRY}, {0, WR_NOTICE_RETRY}};
	for (size_t i = 0; i < WR_COUNT(cases); i++)
		assert_int_equal(
		    wr_notice_judge(WR_NOTICE_ANSWERED, cases[i].status), cases[i].end);
	assert_int_equal(wr_notice_judge(WR_NOTICE_TIMED_OUT, 200), WR_NOTICE_RETRY);
	assert_int_equal(wr_notice_judge(WR_NOTICE_UNREACHED, 0), WR_NOTICE_RETRY);
	assert_int_equal(wr_notice_judge(WR_NOTICE_FORBIDDEN, 0), WR_NOTICE_FINAL);
	assert_int_equal(wr_notice_judge(WR_NOTICE_BAD_ADDRESS, 0), WR_NOTICE_FINAL);
}

static void test_pauses_grow_to_an_hour_with_a_fifth_of_jitter(void **state)
{
	(void)state;
	static const int seconds[] = {5, 30, 120, 300, 900, 1800, 3600, 3600, 3600};
	for (unsigned i = 0; i < WR_COUNT(seconds); i++) {
		assert_int_equal(wr_notice_pause_ms(i + 1, 0), 1000 * seconds[i]);
		assert_in_range(
		    wr_notice_pause_ms(i + 1, UINT32_MAX), 1199 * seconds[i], 1200 * seconds[i]);
	}
	assert_int_equal(wr_notice_pause_ms(4000000000u, 0), 3600000);
}

static void test_retry_after_lengthens_a_pause_within_an_hour(void **state)
{
	(void)state;
	assert_int_equal(wr_notice_next_try(100, 1, 0, -1, 10000), 105);
	assert_int_equal(wr_notice_next_try(100, 1, 0, 60, 10000), 160);
	assert_int_equal(wr_notice_next_try(100, 3, 0, 60, 10000), 220);
	assert_int_equal(wr_notice_next_try(100, 1, 0, INT64_MAX, 10000), 3700);
}

static void test_no_try_after_the_slot_has_begun(void **state)
{
	(void)state;
	assert_int_equal(wr_notice_next_try(100, 1, 0, -1, 105), 105);
	assert_int_equal(wr_notice_next_try(100, 1, 0, -1, 104), WR_TIME_NONE);
	assert_int_equal(wr_notice_next_try(100, 1, 0, 600, 300), WR_TIME_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_type_has_a_name_that_finds_it),
	    cmocka_unit_test(test_types_belong_to_the_events_of_an_endpoint),
	    cmocka_unit_test(test_who_was_never_told_hears_published_not_moved),
	    cmocka_unit_test(test_who_was_never_told_hears_nothing_of_a_cancelled_slot),
	    cmocka_unit_test(test_another_start_or_place_is_moved),
	    cmocka_unit_test(test_moved_back_before_it_was_told_is_nothing),
	    cmocka_unit_test(test_cancelled_is_told_once),
	    cmocka_unit_test(test_withdrawn_support_hears_nothing),
	    cmocka_unit_test(test_what_is_over_is_no_news_unless_something_else_was_told),
	    cmocka_unit_test(test_lateness_is_told_as_it_grows_until_it_is_over),
	    cmocka_unit_test(test_other_people_are_told_to_who_sees_them_until_the_start),
	    cmocka_unit_test(test_status_decides_what_becomes_of_a_try),
	    cmocka_unit_test(test_pauses_grow_to_an_hour_with_a_fifth_of_jitter),
	    cmocka_unit_test(test_retry_after_lengthens_a_pause_within_an_hour),
	    cmocka_unit_test(test_no_try_after_the_slot_has_begun),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
