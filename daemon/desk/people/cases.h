/*
 * cases: the forms of people's pages as use cases, one file each. All CHANGE, with the fields of
 * the form as arguments, for whoever stands at the door (knock.h). Each says what the page opens
 * with (wr_knock_say); what can't be is refused with a text for the page (wr_use_say).
 */
#ifndef WR_DAEMON_DESK_PEOPLE_CASES_H
#define WR_DAEMON_DESK_PEOPLE_CASES_H

#include "desk/use.h"

/* reply.c: slot, revision, answer, note; slot, revision */
int wr_case_people_reply(struct wr_use *use);
int wr_case_people_seen(struct wr_use *use);
/* free.c: day (0 is Monday), from, to; or remove: "0-540-720" */
int wr_case_people_free(struct wr_use *use);
/* away.c: first-day, first-month, first-year, last-...; or remove: "FROM-TO" in seconds */
int wr_case_people_away(struct wr_use *use);
/* contact.c: phone, email, language */
int wr_case_people_contact(struct wr_use *use);
/* keep.c: label; or remove: a link's id */
int wr_case_people_keep(struct wr_use *use);
/* stop.c: nothing; or start; or not-me */
int wr_case_people_stop(struct wr_use *use);

#endif
