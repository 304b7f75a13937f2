#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <string.h>

#include "sys/random.h"

static void test_ids_have_a_prefix_and_sixteen_digits_that_read_aloud(void **state)
{
	(void)state;
	char text[WR_RANDOM_ID_TEXT];
	for (int i = 0; i < 1000; i++) {
		assert_ptr_equal(wr_random_id("n-", text), text);
		assert_int_equal(strlen(text), 2 + WR_RANDOM_ID_DIGITS);
		assert_memory_equal(text, "n-", 2);
		assert_int_equal(
		    strspn(text + 2, "0123456789abcdefghjkmnpqrstvwxyz"), WR_RANDOM_ID_DIGITS);
	}
}

static void test_a_prefix_too_long_is_cut_not_the_digits(void **state)
{
	(void)state;
	char text[WR_RANDOM_ID_TEXT];
	wr_random_id("proposal-", text);
	assert_int_equal(strlen(text), WR_RANDOM_ID_TEXT - 1);
	assert_memory_equal(text, "proposa", 7);
}

static void test_no_id_comes_twice_and_every_digit_comes(void **state)
{
	(void)state;
	enum { N = 500 };
	char ids[N][WR_RANDOM_ID_TEXT];
	bool seen[128] = {false};
	for (int i = 0; i < N; i++) {
		wr_random_id("", ids[i]);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(ids[i], ids[k]);
		for (const char *at = ids[i]; *at; at++)
			seen[(int)*at] = true;
	}
	int digits = 0;
	for (size_t i = 0; i < WR_COUNT(seen); i++)
		digits += seen[i];
	assert_int_equal(digits, 32);
}

static void test_numbers_differ(void **state)
{
	(void)state;
	uint8_t zero[64] = {0}, bytes[64] = {0};
	wr_random_bytes(bytes, sizeof(bytes));
	assert_memory_not_equal(bytes, zero, sizeof(bytes));
	assert_true(wr_random_u64() != wr_random_u64());
	assert_true(wr_random_u32() != wr_random_u32() || wr_random_u32() != wr_random_u32());
}

static int start(void **state)
{
	(void)state;
	return wr_random_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ids_have_a_prefix_and_sixteen_digits_that_read_aloud),
	    cmocka_unit_test(test_a_prefix_too_long_is_cut_not_the_digits),
	    cmocka_unit_test(test_no_id_comes_twice_and_every_digit_comes),
	    cmocka_unit_test(test_numbers_differ),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
