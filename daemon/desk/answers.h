/*
 * answers: pages as answers, the same headers everywhere; and what is said to those who guess.
 */
#ifndef WR_DAEMON_DESK_ANSWERS_H
#define WR_DAEMON_DESK_ANSWERS_H

#include "desk/desk.h"

/* With one more header, left out when `value` is NULL. */
void wr_answer_page(struct wr_request *request, int status, const char *name, const char *value,
    const struct wr_buf *html);
void wr_answer_later(struct wr_request *request); /* 503 */
/* A token that nobody has: 404, or 429 when it is one too many. */
void wr_answer_guess(struct wr_desk *desk, struct wr_request *request);
/* Counts a guess. False: it is one too many. */
bool wr_guess_is_allowed(struct wr_desk *desk, struct wr_request *request);

#endif
