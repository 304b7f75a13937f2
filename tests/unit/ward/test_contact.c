#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <string.h>

#include "wardround/ward.h"

static void assert_phone(const char *text, const char *country_code, const char *expected)
{
	struct wr_arena arena = {0};
	const char *phone = wr_phone_e164(&arena, text, country_code);
	if (expected && phone)
		assert_string_equal(phone, expected);
	else if (expected)
		fail_msg("%s is a phone number", text);
	else if (phone)
		fail_msg("%s is no phone number, read as %s", text, phone);
	wr_arena_deinit(&arena);
}

static void test_usual_spellings_of_a_phone_are_one_number(void **state)
{
	(void)state;
	static const char *const spellings[] = {"07700 949965", "07700949965", "+447700949965",
	    "+44 7700 949965", "+44 (0)7700 949965", "0044 7700 949965", "447700949965",
	    " 07700-949-965 ", "(07700) 949.965", "07700\u00a0949965", "07700 949\u2011965"};
	for (size_t i = 0; i < WR_COUNT(spellings); i++)
		assert_phone(spellings[i], "44", "+447700949965");
	assert_phone("+1 202 555 0143", "44", "+12025550143");
	assert_phone("06 1234 5678", "39", "+390612345678");
}

static void test_what_is_no_phone_is_refused(void **state)
{
	(void)state;
	static const char *const wrong[] = {"", " ", "+", "mother", "7700949965", "949965",
	    "07700 949965 ext 3", "07700 949965;077", "+4477009499651234", "+0044", "00",
	    "0770094996507700949965", "++447700949965", "07\r\n700949965", "\u0660\u0661"};
	for (size_t i = 0; i < WR_COUNT(wrong); i++)
		assert_phone(wrong[i], "44", NULL);
}

static void test_reference_is_short_and_plain(void **state)
{
	(void)state;
	char longest[66];
	memset(longest, 'x', 65);
	longest[64] = '\0';
	assert_true(wr_ref_is_valid(longest));
	longest[64] = 'x';
	longest[65] = '\0';
	assert_false(wr_ref_is_valid(longest));
	assert_true(wr_ref_is_valid("P01"));
	assert_true(wr_ref_is_valid("a.b_c-9"));
	assert_false(wr_ref_is_valid(""));
	assert_false(wr_ref_is_valid(NULL));
	assert_false(wr_ref_is_valid("P 01"));
	assert_false(wr_ref_is_valid("P/01"));
	assert_false(wr_ref_is_valid("Zo\u00eb"));
}

static void test_email_has_the_form_of_an_address(void **state)
{
	(void)state;
	static const char *const wrong[] = {
	    "", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\n", "a@b\x7f", "a@\xff"};
	assert_true(wr_email_is_valid("s001@example.org"));
	assert_true(wr_email_is_valid("zo\u00eb@b\u00fccher.example"));
	for (size_t i = 0; i < WR_COUNT(wrong); i++)
		assert_false(wr_email_is_valid(wrong[i]));
	assert_false(wr_email_is_valid(NULL));
	char longest[256];
	memset(longest, 'a', 255);
	longest[1] = '@';
	longest[255] = '\0';
	assert_false(wr_email_is_valid(longest));
	longest[254] = '\0';
	assert_true(wr_email_is_valid(longest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_usual_spellings_of_a_phone_are_one_number),
	    cmocka_unit_test(test_what_is_no_phone_is_refused),
	    cmocka_unit_test(test_reference_is_short_and_plain),
	    cmocka_unit_test(test_email_has_the_form_of_an_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
