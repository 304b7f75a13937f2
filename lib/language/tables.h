/*
 * The compiled texts: made by compile.py. A byte below 9 is a place to fill, its number from 1.
 */
#ifndef WARDROUND_LANGUAGE_TABLES_H
#define WARDROUND_LANGUAGE_TABLES_H

#include "wardround/language.h"

struct language_table {
	const char *code, *direction;
	const char *texts[WR_TEXTS];
};

extern const struct language_table language_tables[WR_LANGUAGES];

/* Appends a text with its places filled; `isolated` as told in language.h. */
void language_fill(struct wr_buf *buf, enum wr_language language, enum wr_fill text,
    const char *const *values, bool isolated);

#endif
