/*
 * forms: which forms people's pages have, in one table, and the way of each: where it may be sent
 * from, which use case takes it, what the answer leads to.
 *
 *     POST /f/TOKEN/NAME                       a link's page
 *     POST /r/CODE with the field do=NAME      a reply page; without that field it is `reply`
 *
 * Done leads back to the page (303), which opens with a sentence about it (said.c). Refused shows
 * the page again (422) with what was typed and what was wrong. Loop thread.
 */
#ifndef WR_DAEMON_DESK_PEOPLE_FORMS_H
#define WR_DAEMON_DESK_PEOPLE_FORMS_H

#include "desk/desk.h"

struct wr_people_form;

/* NULL: doors of this kind have no such form. */
const struct wr_people_form *wr_people_form_find(const struct wr_door *door, const char *name);
/* Answers the request: `action` is the page's path. `form` NULL: of a reply page, named in it. */
void wr_people_form_take(struct wr_desk *desk, struct wr_request *request,
    const struct wr_door *door, const char *action, const struct wr_people_form *form);
/* GET of the page. */
void wr_people_page_open(struct wr_desk *desk, struct wr_request *request,
    const struct wr_door *door, const char *action);

#endif
