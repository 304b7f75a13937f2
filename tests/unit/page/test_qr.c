#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <qrcodegen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wardround/page.h"

static const char address[] =
    "https://times.example.org/f/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";
enum { SIDE_MAX = qrcodegen_VERSION_MAX * 4 + 17 + 8 };

/* Paints the path's rectangles: what an eye would see of the SVG. */
static int paint(const char *svg, bool dark[SIDE_MAX][SIDE_MAX])
{
	int side = 0;
	assert_int_equal(sscanf(strstr(svg, "viewBox="), "viewBox=\"0 0 %d", &side), 1);
	const char *at = strstr(svg, " d=\"") + 4;
	int x, y, run, back, used;
	while (sscanf(at, "M%d,%dh%dv1h-%dz%n", &x, &y, &run, &back, &used) == 4) {
		assert_int_equal(run, back);
		for (int i = 0; i < run; i++)
			dark[y][x + i] = true;
		at += used;
	}
	assert_int_equal(*at, '"');
	return side;
}

static void test_svg_paints_the_code_in_a_quiet_zone_of_four(void **state)
{
	(void)state;
	static bool dark[SIDE_MAX][SIDE_MAX];
	static uint8_t modules[qrcodegen_BUFFER_LEN_MAX], scratch[qrcodegen_BUFFER_LEN_MAX];
	struct wr_buf buf = {0};
	assert_int_equal(wr_qr_svg(address, &buf), 0);
	int side = paint(wr_buf_text(&buf), dark);
	assert_true(qrcodegen_encodeText(
	    address, scratch, modules, qrcodegen_Ecc_MEDIUM, 1, 40, qrcodegen_Mask_AUTO, false));
	assert_int_equal(side, qrcodegen_getSize(modules) + 8);
	for (int y = 0; y < side; y++)
		for (int x = 0; x < side; x++)
			assert_int_equal(dark[y][x], qrcodegen_getModule(modules, x - 4, y - 4));
	wr_buf_deinit(&buf);
}

static void test_terminal_code_is_as_wide_as_the_quiet_zone_asks(void **state)
{
	(void)state;
	struct wr_buf buf = {0};
	assert_int_equal(
	    wr_qr_terminal("x", &buf), 0); /* version 1: 21 modules, 29 with quiet zone */
	int lines = 0, characters = 0;
	for (const char *at = wr_buf_text(&buf); *at; at++) {
		lines += *at == '\n';
		characters += lines == 0 && (*at & 0xc0) != 0x80;
	}
	assert_int_equal(lines, 15);
	assert_int_equal(characters, 29 + (int)strlen("\033[30;107m\033[0m"));
	wr_buf_deinit(&buf);
}

static void test_what_fits_no_code_is_refused_and_nothing_written(void **state)
{
	(void)state;
	struct wr_buf buf = {0};
	char *text = wr_alloc(4001, 1);
	memset(text, 'a', 4000);
	assert_int_equal(wr_qr_svg(text, &buf), WR_PAGE_TOO_LONG);
	assert_int_equal(wr_qr_terminal(text, &buf), WR_PAGE_TOO_LONG);
	assert_int_equal(buf.length, 0);
	wr_buf_deinit(&buf);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_svg_paints_the_code_in_a_quiet_zone_of_four),
	    cmocka_unit_test(test_terminal_code_is_as_wide_as_the_quiet_zone_asks),
	    cmocka_unit_test(test_what_fits_no_code_is_refused_and_nothing_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
