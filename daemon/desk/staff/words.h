/*
 * words: rows as a nurse would name them, for pages of signed-in staff. Texts live in use->arena.
 *
 * In a read job.
 */
#ifndef WR_DAEMON_DESK_STAFF_WORDS_H
#define WR_DAEMON_DESK_STAFF_WORDS_H

#include "desk/use.h"

/* "Uma Kerr, bed 2"; the reference when there is no such patient. */
const char *wr_in_words_patient(struct wr_use *use, const char *ref);
/* A text of a case with each "patient P02", "slot s-3", "consultant shah" in it as people name it.
 */
const char *wr_in_words_text(struct wr_use *use, const char *text);
/* "Ivo Heath, father of Cy North" */
const char *wr_in_words_support(struct wr_use *use, const char *ref);
/* "father of Cy North" */
const char *wr_in_words_relation(struct wr_use *use, const char *support);
/* "Dr Asha Shah's round on Monday 30 November 2026" */
const char *wr_in_words_session(struct wr_use *use, const char *id);
/* "Dr Asha Shah" */
const char *wr_in_words_consultant(struct wr_use *use, const char *id);
/* Instants of answers (RFC 3339): "Monday 30 November 2026", "10:20am", and both; NULL for none. */
const char *wr_in_words_day(
    struct wr_use *use, const struct wr_config_ward *ward, const char *instant);
const char *wr_in_words_clock(
    struct wr_use *use, const struct wr_config_ward *ward, const char *instant);
const char *wr_in_words_when(
    struct wr_use *use, const struct wr_config_ward *ward, const char *instant);
/* "10:20am to 10:40am" */
const char *wr_in_words_span(
    struct wr_use *use, const struct wr_config_ward *ward, const char *start, const char *end);
/* The instant itself; WR_TIME_NONE when it is none. */
wr_time wr_in_words_time(const struct wr_config_ward *ward, const char *instant);
/* "2026-11-30T10:20", as a field takes it. */
const char *wr_in_words_field(
    struct wr_use *use, const struct wr_config_ward *ward, const char *instant);
/* A phone number as people write it: "07700 900123". */
const char *wr_in_words_phone(struct wr_use *use, const char *phone);
/* How a support comes: "in person", "by phone", "by video", "can't come". */
const char *wr_in_words_answer(const char *answer);
/* What a support sees: "nothing", "the time", "time and place", "everything". */
const char *wr_in_words_sees(const char *sees);

/* ---- rows of answers: members by name; NULL, false and 0 when it is not there ---- */
const char *wr_row_text(const json_t *row, const char *name);
bool wr_row_true(const json_t *row, const char *name);
int wr_row_int(const json_t *row, const char *name);

#endif
