/*
 * page: what people see in a browser or on paper. Values in, markup out.
 *
 * Pages are templates: lib/page/templates/NAME.html, plain HTML with places for values, compiled
 * into the program by lib/page/compile.py. For each there is a struct wr_html_NAME that holds its
 * values, and a function of the same name; wardround/templates.h, which is made, declares them:
 *
 *     struct wr_html_sentence page = {.title = ..., .text = ..., .style =
 * wr_page_style_path(path)}; wr_html_sentence(&buf, language, &page);
 *
 * What a template may hold and how it is written is told at the top of lib/page/template.py. Every
 * value is escaped where it stands: in text, in a quoted attribute, in an address. Texts in the
 * reader's language are named by id (wardround/language.h). A mistake in a template is an error of
 * the build, with file and line.
 *
 * The class names are those of nhsuk-frontend with `ui-` for `nhsuk-`.
 *
 * Pure; no locks. Templates borrow their values during the call and keep nothing.
 */
#ifndef WARDROUND_PAGE_H
#define WARDROUND_PAGE_H

#include "wardround/base.h"
#include "wardround/language.h"

enum wr_page_outcome {
	WR_PAGE_TOO_LONG = 1, /* the text does not fit the largest QR code of error level M */
};

/* ---- what compiled templates write with; each appends, NULL appends nothing ---- */

/* For element content and quoted attributes. */
void wr_html_escape(struct wr_buf *buf, const char *text);
/* The same for content: in a language from right to left, what is not of such a script is wrapped
 * in U+2068 and U+2069, so that it does not tear its surroundings apart. */
void wr_html_value(struct wr_buf *buf, enum wr_language language, const char *text);
/* A text with places to fill, its values in the order of the English text. */
void wr_html_fill(
    struct wr_buf *buf, enum wr_language language, enum wr_fill text, const char *const *values);
/* As it is; for what lib made, like a QR code. */
void wr_html_markup(struct wr_buf *buf, const char *markup);
/* A whole address: paths of ours, places on the page, http, https, webcal, tel, mailto; anything
 * else becomes "#". */
void wr_html_address(struct wr_buf *buf, const char *url);
/* A part of an address, percent-encoded but for what is unreserved (RFC 3986). */
void wr_html_address_part(struct wr_buf *buf, const char *text);

/* The style sheet that all of them use, and the path it is served under for ever: a hash of its
 * bytes is in it. Writes into `text` and returns it. */
enum { WR_PAGE_STYLE_PATH = 64 };
const char *wr_page_style(void);
/* Where parts of it come from, as its authors want it told; served beside it. */
const char *wr_page_licences_text(void);
char *wr_page_style_path(char text[WR_PAGE_STYLE_PATH]);

/* ---- QR codes of an address, error level M, quiet zone of 4 modules. All append to `buf`. ---- */

/* An SVG document of its own: white ground, one path. */
int wr_qr_svg(const char *text, struct wr_buf *buf);
/* For a terminal: half blocks in black on white by colour codes, two rows of modules a line. */
int wr_qr_terminal(const char *text, struct wr_buf *buf);

#endif
