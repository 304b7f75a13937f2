#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <string.h>

#include "wardround/page.h"

#define HOSTILE "\"><script>'&"

static const struct wr_page_choice choices[] = {
    {"person", "Yes, in person", false},
    {"no", "No, I can't come", true},
};

static void write_meeting(struct wr_page_meeting meeting, struct wr_buf *buf)
{
	struct wr_page page = {.title = "Your meeting", .meetings = &meeting, .n = 1};
	wr_page_write(&page, buf);
}

static void test_no_text_becomes_markup(void **state)
{
	(void)state;
	const struct wr_page_row row = {HOSTILE, HOSTILE, HOSTILE};
	const char *const lines[] = {HOSTILE};
	const struct wr_page_reply reply = {
	    HOSTILE, HOSTILE, 1, choices, 2, HOSTILE, HOSTILE, HOSTILE};
	struct wr_buf buf = {0};
	write_meeting((struct wr_page_meeting){HOSTILE, &row, 1, lines, 1, HOSTILE, HOSTILE,
			  HOSTILE, 1, &reply},
	    &buf);
	assert_null(strstr(wr_buf_text(&buf), "<script"));
	assert_null(strstr(wr_buf_text(&buf), "\"\">"));
	assert_non_null(strstr(wr_buf_text(&buf), "&lt;script&gt;"));
	wr_buf_deinit(&buf);
}

static void test_form_shows_the_answer_given_before(void **state)
{
	(void)state;
	const struct wr_page_reply reply = {"/r/x", "s-1", 3, choices, 2, NULL, NULL, NULL};
	struct wr_buf buf = {0};
	write_meeting((struct wr_page_meeting){.heading = "Meeting", .reply = &reply}, &buf);
	assert_non_null(strstr(wr_buf_text(&buf), "value=\"no\" required checked>"));
	assert_non_null(strstr(wr_buf_text(&buf), "name=\"revision\" value=\"3\""));
	assert_non_null(strstr(wr_buf_text(&buf), "value=\"person\" required>"));
	wr_buf_deinit(&buf);
}

static void test_what_is_not_said_leaves_nothing_behind(void **state)
{
	(void)state;
	const struct wr_page_row row = {"Where", NULL, NULL};
	struct wr_buf buf = {0};
	write_meeting((struct wr_page_meeting){.heading = "Meeting", .rows = &row, .n = 1}, &buf);
	assert_null(strstr(wr_buf_text(&buf), "Where"));
	assert_null(strstr(wr_buf_text(&buf), "<form"));
	assert_null(strstr(wr_buf_text(&buf), "role="));
	wr_buf_deinit(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_no_text_becomes_markup),
	    cmocka_unit_test(test_form_shows_the_answer_given_before),
	    cmocka_unit_test(test_what_is_not_said_leaves_nothing_behind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
