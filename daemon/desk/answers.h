/*
 * answers: pages as answers, the same headers everywhere; and what is said to those who guess.
 */
#ifndef WR_DAEMON_DESK_ANSWERS_H
#define WR_DAEMON_DESK_ANSWERS_H

#include "desk/desk.h"
#include "wardround/language.h"

/* With one more header, left out when `value` is NULL. */
void wr_answer_page(struct wr_request *request, int status, const char *name, const char *value,
    const struct wr_buf *html);
/* A staff page of one sentence. `cookie`: a Set-Cookie, or NULL. */
void wr_answer_sentence(struct wr_request *request, int status, const char *cookie,
    const char *title, const char *text);
/* The same for people, who must not learn from it what kind of meeting it is about. */
void wr_answer_said(struct wr_request *request, int status, enum wr_language language,
    enum wr_say title, enum wr_say text);
/* What the browser asks for first; for people of whom nothing else is known. */
enum wr_language wr_answer_language(struct wr_request *request);

void wr_answer_not_found(struct wr_request *request); /* 404 */
void wr_answer_gone(struct wr_request *request); /* 410: revoked, ended, withdrawn, all alike */
/* 503: a page, or for a calendar's address a line of text. */
void wr_answer_later(struct wr_request *request);
/* A token that nobody has: 404, or 429 when it is one too many. */
void wr_answer_guess(struct wr_desk *desk, struct wr_request *request);
/* Counts a guess. False: it is one too many. */
bool wr_guess_is_allowed(struct wr_desk *desk, struct wr_request *request);

#endif
