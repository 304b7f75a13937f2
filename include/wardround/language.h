/*
 * language: what people are told, in their own language: texts by id, dates and times.
 *
 * There is one table of texts, lib/language/texts.txt, in English, and a .po file for each further
 * language in po/. They are compiled in; what is not translated is said in English. The header
 * wardround/texts.h is made from the table: an id for each text, and for each one with places to
 * fill a function that takes their values by name:
 *
 *     wr_say(language, WR_SAY_SEEN_BUTTON)                      "I have seen this"
 *     wr_say_goes_ahead(arena, language, "10:20am")             "Staff can see this. The meeting
 * ..."
 *
 * Values are put in as they are: nothing here escapes for HTML (see wardround/page.h, whose
 * templates name the same texts). In a language from right to left each value is wrapped in U+2068
 * and U+2069, so that a phone number or an English name does not tear the sentence apart; an
 * address (http...) is not, because programs that make links of addresses would take the sign
 * along.
 *
 * Not to be mixed up with struct wr_words (ward.h), the names of enums in JSON, SQL and arguments.
 *
 * Pure; constant tables, no locks. What takes an arena lives in it, the rest for ever.
 */
#ifndef WARDROUND_LANGUAGE_H
#define WARDROUND_LANGUAGE_H

#include "wardround/civil.h"
#include "wardround/texts.h"

/* "cy", "cy-GB", "CY": the language of that tag (RFC 5646); English for NULL, "" and all others. */
enum wr_language wr_language_find(const char *tag);
const char *wr_language_code(enum wr_language language);      /* "en", for lang="" */
const char *wr_language_direction(enum wr_language language); /* "ltr" or "rtl", for dir="" */
bool wr_language_is_rtl(enum wr_language language);

const char *wr_say(enum wr_language language, enum wr_say text);
/* `values` in the order in which the English text names them first; NULL counts as "". */
const char *wr_say_fill(struct wr_arena *arena, enum wr_language language, enum wr_fill text,
    const char *const *values);

/* ---- dates and times, as the language writes them ---- */

const char *wr_say_weekday(enum wr_language language, int weekday); /* 0 is "Monday" */
/* "Tuesday 1 December 2026" */
const char *wr_say_day(struct wr_arena *arena, enum wr_language language, wr_day day);
/* "Tue 1 Dec" */
const char *wr_say_day_short(struct wr_arena *arena, enum wr_language language, wr_day day);
/* "10:20am"; minutes of the day, 1440 as midnight */
const char *wr_say_clock(struct wr_arena *arena, enum wr_language language, int minute);
/* "10:20am to 10:40am", by the zone's clock */
const char *wr_say_span(struct wr_arena *arena, enum wr_language language,
    const struct wr_zone *zone, wr_time start, wr_time end);
/* "Friday 27 November 2026, 4:00pm" */
const char *wr_say_when(
    struct wr_arena *arena, enum wr_language language, const struct wr_zone *zone, wr_time at);

#endif
