#include "wardround/page.h"

#include <qrcodegen.h>
#include <stdlib.h>

enum { QUIET = 4 };

struct code {
	uint8_t *modules, *scratch;
	int size;
};

static int encode(const char *text, struct code *code)
{
	code->modules = wr_alloc(qrcodegen_BUFFER_LEN_MAX, 1);
	code->scratch = wr_alloc(qrcodegen_BUFFER_LEN_MAX, 1);
	if (!qrcodegen_encodeText(text, code->scratch, code->modules, qrcodegen_Ecc_MEDIUM,
		qrcodegen_VERSION_MIN, qrcodegen_VERSION_MAX, qrcodegen_Mask_AUTO, false))
		return WR_PAGE_TOO_LONG;
	code->size = qrcodegen_getSize(code->modules);
	return 0;
}

static void free_code(struct code *code)
{
	free(code->modules);
	free(code->scratch);
}

/* Outside the code, the quiet zone included, everything is light. */
static bool is_dark(const struct code *code, int x, int y)
{
	return qrcodegen_getModule(code->modules, x, y);
}

/* Each run of dark modules in a row is one rectangle of the path. */
static void write_row(const struct code *code, int y, struct wr_buf *buf)
{
	for (int x = 0; x < code->size; x++) {
		int run = 0;
		while (is_dark(code, x + run, y))
			run++;
		if (run == 0)
			continue;
		wr_buf_printf(buf, "M%d,%dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
		x += run;
	}
}

int wr_qr_svg(const char *text, struct wr_buf *buf)
{
	struct code code = {0};
	int outcome = encode(text, &code);
	if (outcome == 0) {
		int side = code.size + 2 * QUIET;
		wr_buf_printf(buf,
		    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
		    " width=\"%d\" height=\"%d\" role=\"img\" shape-rendering=\"crispEdges\">"
		    "<title>QR code</title>"
		    "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/><path fill=\"#000\" "
		    "d=\"",
		    side, side, side * 8, side * 8);
		for (int y = 0; y < code.size; y++)
			write_row(&code, y, buf);
		wr_buf_puts(buf, "\"/></svg>\n");
	}
	free_code(&code);
	return outcome;
}

int wr_qr_terminal(const char *text, struct wr_buf *buf)
{
	static const char *const blocks[] = {" ", "\u2580", "\u2584", "\u2588"};
	struct code code = {0};
	int outcome = encode(text, &code);
	for (int y = -QUIET; outcome == 0 && y < code.size + QUIET; y += 2) {
		wr_buf_puts(buf, "\033[30;107m"); /* black on bright white, whatever the theme */
		for (int x = -QUIET; x < code.size + QUIET; x++)
			wr_buf_puts(
			    buf, blocks[is_dark(&code, x, y) + 2 * is_dark(&code, x, y + 1)]);
		wr_buf_puts(buf, "\033[0m\n");
	}
	free_code(&code);
	return outcome;
}
