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

/* ---- pages: plain HTML, everything by links and forms. Texts are escaped here; NULL leaves a part
 * out. All append to `buf`. ---- */

/* Escapes for element content and quoted attributes. */
void wr_html_escape(struct wr_buf *buf, const char *text);

struct wr_page_row { /* of a description list */
	const char *term, *text;
	const char *href; /* makes the text a link */
};

struct wr_page_choice {
	const char *value, *label;
	bool chosen;
};

/* The form with which a support answers one meeting. */
struct wr_page_reply {
	const char *action;
	const char *slot; /* hidden field */
	int revision;     /* which one the page shows; hidden field */
	const struct wr_page_choice *choices;
	size_t n;
	const char *note;        /* what was typed before */
	const char *reassurance; /* "Staff can see this. The meeting goes ahead at 10:20am ..." */
	const char *urgent;      /* beside the box: "Not read straight away. ..." */
};

struct wr_page_meeting {
	const char *heading;
	const struct wr_page_row *rows;
	size_t n;
	const char *const *lines; /* what else is to be known, a paragraph each */
	size_t n_lines;
	const char *answered;    /* the answer so far, in words */
	const char *seen_action; /* form "I have seen this"; NULL when seen or not asked */
	const char *slot;        /* for that form */
	int revision;            /* the same */
	const struct wr_page_reply *reply;
};

struct wr_page {
	const char *language; /* NULL is "en" */
	const char *title;
	const char *said;  /* what was just done */
	const char *wrong; /* what was wrong with the form that was sent */
	const struct wr_page_meeting *meetings;
	size_t n;
	const char *none;  /* when there is no meeting */
	const char *style; /* address of the style sheet */
};

void wr_page_write(const struct wr_page *page, struct wr_buf *buf);
/* A page of one sentence: not found, ended, over. */
void wr_page_sentence(const char *title, const char *text, const char *style, struct wr_buf *buf);
/* The style sheet that all of them use, and the path it is served under for ever: a hash of its
 * bytes is in it. Writes into `text` and returns it. */
enum { WR_PAGE_STYLE_PATH = 64 };
const char *wr_page_style(void);
char *wr_page_style_path(char text[WR_PAGE_STYLE_PATH]);

/* ---- QR codes of an address, error level M, quiet zone of 4 modules. All append to `buf`. ---- */

/* An SVG document of its own: white ground, one path. */
int wr_qr_svg(const char *text, struct wr_buf *buf);
/* For a terminal: half blocks in black on white by colour codes, two rows of modules a line. */
int wr_qr_terminal(const char *text, struct wr_buf *buf);

#endif
