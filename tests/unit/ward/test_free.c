#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <string.h>

#include "wardround/ward.h"

static const char *reread(struct wr_arena *arena, const char *text)
{
	struct wr_free *free;
	size_t n;
	const char *bad = NULL;
	if (wr_free_parse(arena, text, &free, &n, &bad) != 0)
		return wr_arena_printf(arena, "bad: %s", bad);
	return wr_free_text(arena, free, n);
}

static void assert_free(const char *text, const char *expected)
{
	struct wr_arena arena = {0};
	assert_string_equal(reread(&arena, text), expected);
	wr_arena_deinit(&arena);
}

static void test_free_times_are_sorted_and_joined(void **state)
{
	(void)state;
	assert_free("Tue 13:00-17:00; Thu 09:00-12:30", "Tue 13:00-17:00; Thu 09:00-12:30");
	assert_free("thursday 09:00 - 12:30 ;Tue 13:00-17:00;", "Tue 13:00-17:00; Thu 09:00-12:30");
	assert_free("Tue 13:00-15:00; Tue 15:00-17:00; Tue 14:00-14:30", "Tue 13:00-17:00");
	assert_free("Tue 13:00-15:00; Tue 15:05-17:00", "Tue 13:00-15:00; Tue 15:05-17:00");
	assert_free("Sun 00:00-24:00", "Sun 00:00-24:00");
	assert_free("", "");
	assert_free(" ; ", "");
}

static void test_bad_free_time_names_the_part(void **state)
{
	(void)state;
	assert_free("Tue 13:00-17:00; Thu", "bad: Thu");
	assert_free("Tuesd 13:00-17:00", "bad: Tuesd 13:00-17:00");
	assert_free("Mon 09:00-10:00;Tue 17:00-13:00", "bad: Tue 17:00-13:00");
	assert_free("Tue 13:00-13:00", "bad: Tue 13:00-13:00");
	assert_free("Tue 13:00-25:00", "bad: Tue 13:00-25:00");
	assert_free("Tue 13:00", "bad: Tue 13:00");
	assert_free("13:00-17:00", "bad: 13:00-17:00");
	assert_free("Tue 13:00-14:00-15:00", "bad: Tue 13:00-14:00-15:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_free_times_are_sorted_and_joined),
	    cmocka_unit_test(test_bad_free_time_names_the_part),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
