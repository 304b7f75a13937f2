#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "wardround/base.h"

static void test_arena_hands_out_zeroed_aligned_memory(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	for (size_t size = 1; size < 5000; size += 37) {
		unsigned char *memory = wr_arena_alloc(&arena, size, 1);
		assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(memory[i], 0);
		memset(memory, 0xff, size);
	}
	assert_string_equal(wr_arena_printf(&arena, "%s-%d", "P01", 7), "P01-7");
	wr_arena_deinit(&arena);
	assert_null(arena.head);
}

static void test_buf_grows_and_keeps_its_nul(void **state)
{
	(void)state;
	struct wr_buf buf = {0};
	assert_string_equal(wr_buf_text(&buf), "");
	for (int i = 0; i < 1000; i++)
		wr_buf_printf(&buf, "%d,", i);
	assert_int_equal(strlen(buf.data), buf.length);
	wr_buf_clear(&buf);
	wr_buf_putc(&buf, 'x');
	char *taken = wr_buf_take(&buf);
	assert_string_equal(taken, "x");
	free(taken);
	wr_buf_deinit(&buf);
}

static void test_utf8_is_judged_by_rfc_3629(void **state)
{
	(void)state;
	assert_true(wr_text_is_utf8("Zo\xc3\xab", 4));
	assert_false(wr_text_is_utf8("\xc0\xaf", 2));     /* overlong */
	assert_false(wr_text_is_utf8("\xed\xa0\x80", 3)); /* surrogate */
	assert_false(wr_text_is_utf8("\xf4\x90\x80\x80", 4));
	assert_false(wr_text_is_utf8("\xe2\x82", 2));
	assert_false(wr_text_is_printable("a\nb", 3));
	assert_false(wr_text_is_printable("a\xc2\x85", 3));
}

static void test_int_is_read_whole_or_refused(void **state)
{
	(void)state;
	int64_t n = 0;
	assert_int_equal(wr_text_int("-12", -20, 20, &n), 0);
	assert_int_equal(n, -12);
	assert_int_equal(wr_text_int("12x", 0, 20, &n), -EINVAL);
	assert_int_equal(wr_text_int("", 0, 20, &n), -EINVAL);
	assert_int_equal(wr_text_int("+1", 0, 20, &n), -EINVAL);
	assert_int_equal(wr_text_int("21", 0, 20, &n), -ERANGE);
	assert_int_equal(wr_text_int("99999999999999999999", 0, INT64_MAX, &n), -ERANGE);
}

static void test_nearest_word_is_offered_only_when_near(void **state)
{
	(void)state;
	static const char *const words[] = {"consultant", "ward", "webhook"};
	assert_string_equal(wr_text_nearest("consutlant", words, 3), "consultant");
	assert_string_equal(wr_text_nearest("wrad", words, 3), "ward");
	assert_null(wr_text_nearest("listen", words, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_arena_hands_out_zeroed_aligned_memory),
	    cmocka_unit_test(test_buf_grows_and_keeps_its_nul),
	    cmocka_unit_test(test_utf8_is_judged_by_rfc_3629),
	    cmocka_unit_test(test_int_is_read_whole_or_refused),
	    cmocka_unit_test(test_nearest_word_is_offered_only_when_near),
	};
	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
