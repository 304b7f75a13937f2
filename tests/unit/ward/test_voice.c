/*
 * What patients say: how long a text may be, and how forms without names are counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include "wardround/voice.h"

static void test_length_is_counted_in_characters(void **state)
{
	(void)state;
	assert_true(wr_voice_fits("", 0));
	assert_true(wr_voice_fits("\u00e4\u00f6\u00fc", 3));
	assert_false(wr_voice_fits("\u00e4\u00f6\u00fc", 2));
	assert_true(wr_voice_fits("\U0001f600", 1));
}

static wr_day day_of(const char *text)
{
	wr_day day = WR_DAY_NONE;
	assert_int_equal(wr_day_parse(text, &day), 0);
	return day;
}

static const int yes_no_skipped[] = {WR_RATING_YES, WR_RATING_NO, WR_FEEDBACK_SKIPPED};

static void test_five_forms_are_a_batch_and_the_sixth_begins_the_next(void **state)
{
	(void)state;
	struct wr_feedback batch = {0};
	for (int i = 0; i < 6; i++) {
		batch = wr_feedback_count(
		    i ? &batch : NULL, "kingsley", yes_no_skipped, day_of("2026-11-30"));
		assert_int_equal(wr_feedback_is_shown(&batch), i == 4);
		assert_int_equal(batch.batch, i < 5 ? 1 : 2);
		assert_int_equal(batch.forms, i < 5 ? i + 1 : 1);
	}
	assert_int_equal(batch.n[WR_FEEDBACK_HEARD][WR_RATING_YES], 1);
	assert_int_equal(batch.n[WR_FEEDBACK_PEOPLE][WR_RATING_NO], 1);
	assert_int_equal(batch.n[WR_FEEDBACK_NEXT][WR_RATING_YES], 0);
}

static void test_a_batch_belongs_to_the_month_of_its_last_form(void **state)
{
	(void)state;
	struct wr_feedback batch =
	    wr_feedback_count(NULL, "kingsley", yes_no_skipped, day_of("2026-11-30"));
	assert_int_equal(batch.month, day_of("2026-11-01"));
	batch = wr_feedback_count(&batch, "kingsley", yes_no_skipped, day_of("2026-12-31"));
	assert_int_equal(batch.month, day_of("2026-12-01"));
}

static void test_a_sum_leaves_out_what_is_not_shown(void **state)
{
	(void)state;
	struct wr_feedback batch = {0}, sum = {0};
	for (int i = 0; i < 5; i++) {
		batch = wr_feedback_count(
		    i ? &batch : NULL, "kingsley", yes_no_skipped, day_of("2026-11-30"));
		wr_feedback_add(&sum, &batch);
		assert_int_equal(sum.forms, i == 4 ? 5 : 0);
	}
	wr_feedback_add(&sum, &batch);
	assert_int_equal(sum.forms, 10);
	assert_int_equal(sum.n[WR_FEEDBACK_HEARD][WR_RATING_YES], 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_length_is_counted_in_characters),
	    cmocka_unit_test(test_five_forms_are_a_batch_and_the_sixth_begins_the_next),
	    cmocka_unit_test(test_a_batch_belongs_to_the_month_of_its_last_form),
	    cmocka_unit_test(test_a_sum_leaves_out_what_is_not_shown),
	};
	return cmocka_run_group_tests_name("ward voice", tests, NULL, NULL);
}
