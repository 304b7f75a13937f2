#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <string.h>

#include "wardround/ward.h"

/* The rows as "line:field|field" joined by blanks, or "line!words". */
static const char *drawn(struct wr_arena *arena, const char *text, size_t length)
{
	struct wr_csv csv;
	int line = 0;
	const char *error = NULL;
	if (wr_csv_parse(arena, text, length, &csv, &line, &error) != 0)
		return wr_arena_printf(arena, "%d!%s", line, error);
	struct wr_buf buf = {0};
	for (size_t i = 0; i <= csv.n; i++) {
		const struct wr_csv_row *row = i == 0 ? &csv.header : &csv.row[i - 1];
		wr_buf_printf(&buf, "%s%d:", i > 0 ? " " : "", row->line);
		for (size_t j = 0; j < row->n; j++)
			wr_buf_printf(&buf, "%s%s", j > 0 ? "|" : "", row->field[j]);
	}
	const char *drawing = wr_arena_strdup(arena, wr_buf_text(&buf));
	wr_buf_deinit(&buf);
	return drawing;
}

static void assert_read(const char *text, const char *expected)
{
	struct wr_arena arena = {0};
	assert_string_equal(drawn(&arena, text, strlen(text)), expected);
	wr_arena_deinit(&arena);
}

static void assert_refused(const char *text, size_t length, const char *line, const char *word)
{
	struct wr_arena arena = {0};
	const char *drawing = drawn(&arena, text, length);
	if (!wr_text_starts(drawing, line) || !strstr(drawing, word))
		fail_msg("expected %s and '%s', got %s", line, word, drawing);
	wr_arena_deinit(&arena);
}

static void test_rows_know_their_lines(void **state)
{
	(void)state;
	assert_read("a,b\r\n1,2\r\n", "1:a|b 2:1|2");
	assert_read("a,b\n1,2", "1:a|b 2:1|2");
	assert_read("\xef\xbb\xbf\n\na,b\n\n1,\n,\n", "3:a|b 5:1| 6:|");
	assert_read("a\n\"\"\n", "1:a 2:");
	assert_read("a,b\n\"x\ny\",2\n3,4\n", "1:a|b 2:x\ny|2 4:3|4");
}

static void test_quotes_carry_commas_quotes_and_lines(void **state)
{
	(void)state;
	assert_read("a,b\n\"1,5\",\"she said \"\"no\"\"\"\n", "1:a|b 2:1,5|she said \"no\"");
}

static void test_short_row_has_empty_fields_up_to_the_header(void **state)
{
	(void)state;
	static const char text[] = "a,b,c\n1\n1,2,3,4\n";
	struct wr_arena arena = {0};
	struct wr_csv csv;
	int line;
	const char *error;
	assert_int_equal(wr_csv_parse(&arena, text, strlen(text), &csv, &line, &error), 0);
	assert_int_equal(csv.row[0].n, 1);
	assert_string_equal(csv.row[0].field[2], "");
	assert_int_equal(csv.row[1].n, 4);
	wr_arena_deinit(&arena);
}

static void test_broken_text_is_refused_with_its_line(void **state)
{
	(void)state;
	assert_refused("", 0, "1!", "empty");
	assert_refused("\n\r\n", 3, "1!", "empty");
	assert_refused("a,b\n1,\"2\n3,4\n", 13, "2!", "never closed");
	assert_refused("a,b\n1,2\"3\n", 10, "2!", "inside a field");
	assert_refused("a,b\n\"1\"2,3\n", 11, "2!", "after a closing quote");
	assert_refused("a,b\n1,2\r3,4\n", 12, "2!", "carriage return");
	assert_refused("a,b\n1,\xff\n", 8, "2!", "UTF-8");
	assert_refused("a,b\n1,\0\n", 8, "2!", "NUL");
	assert_refused("a;b\n1;2\n", 8, "1!", "commas");
	assert_refused("a,b,a\n", 6, "1!", "column a twice");
	assert_refused("a,,b\n", 5, "1!", "no name");
}

static void test_written_fields_are_read_back(void **state)
{
	(void)state;
	static const char *const fields[] = {
	    "plain", "", "a,b", "say \"no\"", "two\r\nlines", " blanks ", "\u00e9"};
	struct wr_buf buf = {0};
	struct wr_arena arena = {0};
	wr_buf_puts(&buf, "a,b,c,d,e,f,g\r\n");
	for (size_t i = 0; i < WR_COUNT(fields); i++)
		wr_csv_write_field(&buf, fields[i], i + 1 == WR_COUNT(fields));
	struct wr_csv csv;
	int line;
	const char *error;
	assert_int_equal(wr_csv_parse(&arena, buf.data, buf.length, &csv, &line, &error), 0);
	assert_int_equal(csv.n, 1);
	for (size_t i = 0; i < WR_COUNT(fields); i++)
		assert_string_equal(csv.row[0].field[i], fields[i]);
	wr_buf_clear(&buf);
	wr_csv_write_field(&buf, NULL, true);
	assert_string_equal(wr_buf_text(&buf), "\r\n");
	wr_buf_deinit(&buf);
	wr_arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows_know_their_lines),
	    cmocka_unit_test(test_quotes_carry_commas_quotes_and_lines),
	    cmocka_unit_test(test_short_row_has_empty_fields_up_to_the_header),
	    cmocka_unit_test(test_broken_text_is_refused_with_its_line),
	    cmocka_unit_test(test_written_fields_are_read_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
