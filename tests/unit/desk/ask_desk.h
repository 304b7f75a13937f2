/*
 * Asking a built desk in one line. Arguments are JSON written with ' for ", and printf's format:
 *
 *     desk_must(d, "slot move", "{'slot':'%s', 'to':'2026-11-30T09:50', %s}", slot, YES);
 *     assert_string_equal(desk_says(d, "slot.state", "slot show", "{'slot':'s-1'}"), "published");
 *
 * A path names members by '.', elements of lists by number, and the length of a list by '#'. Texts
 * live as long as the desk.
 */
#ifndef WARDROUND_TEST_ASK_DESK_H
#define WARDROUND_TEST_ASK_DESK_H

#include "build_desk.h"

#define YES "'yes':true,'reason':'clinic'"

/* The answer, refused or not. A new reference. */
json_t *desk_ask(struct built_desk *d, const char *verb, const char *format, ...) WR_PRINTF(3, 4);
void desk_must(struct built_desk *d, const char *verb, const char *format, ...) WR_PRINTF(3, 4);
/* "" where there is nothing at that path; what is no text is JSON. */
const char *desk_says(struct built_desk *d, const char *path, const char *verb, const char *format,
    ...) WR_PRINTF(4, 5);
/* "code: text" of the refusal; "" when it was not refused. */
const char *desk_refusal(struct built_desk *d, const char *verb, const char *format, ...)
    WR_PRINTF(3, 4);
const json_t *desk_at(const json_t *json, const char *path); /* NULL when there is nothing */

/* A patient of shah's on Kingsley, admitted on Wednesday 25 November 2026, and a support of theirs.
 */
void desk_admit(struct built_desk *d, const char *ref);
void desk_support(struct built_desk *d, const char *ref, const char *patient, const char *sees);

/* Everything that can be listed and exported, as one text: equal when nothing has changed. */
const char *desk_dump(struct built_desk *d);
/* The body of a link's feed as it would be served now; NULL when it would be 410 or 404. */
const char *desk_feed(struct built_desk *d, const char *link);
/* A new link for "patient", "support", ... : its id. */
const char *desk_link(struct built_desk *d, const char *whose, const char *who);
/* "kept", "danger" or "broken", and what is said of promise n. */
const char *desk_promise(struct built_desk *d, int n);
const char *desk_promise_words(struct built_desk *d, int n);

#endif
