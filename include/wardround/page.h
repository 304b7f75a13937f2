/*
 * page: what people see in a browser or on paper. Values in, markup out.
 *
 * Pure; no locks.
 */
#ifndef WARDROUND_PAGE_H
#define WARDROUND_PAGE_H

#include "wardround/base.h"

enum wr_page_outcome {
	WR_PAGE_TOO_LONG = 1, /* the text does not fit the largest QR code of error level M */
};

/* ---- QR codes of an address, error level M, quiet zone of 4 modules. All append to `buf`. ---- */

/* An SVG document of its own: white ground, one path. */
int wr_qr_svg(const char *text, struct wr_buf *buf);
/* For a terminal: half blocks in black on white by colour codes, two rows of modules a line. */
int wr_qr_terminal(const char *text, struct wr_buf *buf);

#endif
