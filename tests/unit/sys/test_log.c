#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/log.h"

static int ends[2];

static int open_pipe(void **state)
{
	(void)state;
	setenv("JOURNAL_STREAM", "8:1", 1);
	wr_log_init();
	wr_log_set_level(WR_LOG_INFO);
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return -1;
	wr_log_set_fd(ends[1]);
	return 0;
}

static int close_pipe(void **state)
{
	(void)state;
	wr_log_set_fd(STDERR_FILENO);
	close(ends[0]);
	close(ends[1]);
	return 0;
}

/* What was logged since the last call. */
static const char *logged(void)
{
	static char text[4 * WR_LOG_LINE];
	ssize_t n = read(ends[0], text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void test_journal_gets_the_level_in_front(void **state)
{
	(void)state;
	wr_log(WR_LOG_WARNING, "endpoint-off", "webhook=%s status=%d", "sms", 410);
	assert_string_equal(logged(), "<4>endpoint-off webhook=sms status=410\n");
	wr_log(WR_LOG_NOTICE, "ready", "%s", "");
	assert_string_equal(logged(), "<5>ready \n");
	wr_log(WR_LOG_NOTICE, "ready", NULL);
	assert_string_equal(logged(), "<5>ready\n");
}

static void test_terminal_gets_time_and_level_in_words(void **state)
{
	(void)state;
	unsetenv("JOURNAL_STREAM");
	wr_log_init();
	wr_log(WR_LOG_ERROR, "store-failed", "code=%d", 10);
	const char *line = logged();
	assert_int_equal(line[10], 'T');
	assert_string_equal(line + 20, " error store-failed code=10\n");
}

static void test_levels_beyond_the_limit_are_dropped(void **state)
{
	(void)state;
	wr_log(WR_LOG_DEBUG, "turn", "n=%d", 1);
	assert_string_equal(logged(), "");
	wr_log_set_level(WR_LOG_DEBUG);
	wr_log(WR_LOG_DEBUG, "turn", "n=%d", 1);
	assert_string_equal(logged(), "<7>turn n=1\n");
}

static void test_values_from_outside_stay_on_their_line(void **state)
{
	(void)state;
	wr_log(WR_LOG_INFO, "refused", "path=%s", "/a\nfaked event=1\x1b[2J\x7f");
	assert_string_equal(logged(), "<6>refused path=/a?faked event=1?[2J?\n");
}

static void test_long_line_is_cut_and_still_ends(void **state)
{
	(void)state;
	char value[3000];
	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	wr_log(WR_LOG_INFO, "long", "value=%s", value);
	const char *line = logged();
	assert_in_range(strlen(line), WR_LOG_LINE - 2, WR_LOG_LINE);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	wr_log(WR_LOG_INFO, value, "value=%s", value);
	line = logged();
	assert_in_range(strlen(line), WR_LOG_LINE - 2, WR_LOG_LINE);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_journal_gets_the_level_in_front, open_pipe, close_pipe),
	    cmocka_unit_test_setup_teardown(
		test_terminal_gets_time_and_level_in_words, open_pipe, close_pipe),
	    cmocka_unit_test_setup_teardown(
		test_levels_beyond_the_limit_are_dropped, open_pipe, close_pipe),
	    cmocka_unit_test_setup_teardown(
		test_values_from_outside_stay_on_their_line, open_pipe, close_pipe),
	    cmocka_unit_test_setup_teardown(
		test_long_line_is_cut_and_still_ends, open_pipe, close_pipe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
