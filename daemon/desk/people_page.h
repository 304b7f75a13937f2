/*
 * people_page: the pages behind links and reply codes. What a page shows of a slot is what the feed
 * shows (wr_feed_show), so that the rules of consent stand in one place; how to join is added here,
 * because it is never in a feed.
 */
#ifndef WR_DAEMON_DESK_PEOPLE_PAGE_H
#define WR_DAEMON_DESK_PEOPLE_PAGE_H

#include "desk/call.h"
#include "desk/doors.h"

/* A door as it was when somebody knocked; texts in the call's arena. */
struct wr_knock {
	enum wr_door_kind kind;
	enum wr_whose whose;
	const char *who, *slot;
	const char *action; /* path of the page, where its forms go: "/f/..." or "/r/..." */
	const char *said, *wrong;
	struct wr_buf html; /* the page */
	bool ended;         /* consent is gone: the page is 410 */
};

/* As call->operation. */
struct wr_knock *wr_knock_new(struct wr_call *call, const struct wr_door *door, const char *action);

/* READS: writes the page. */
int wr_case_people_page(struct wr_use *use);
/* CHANGES, with the arguments of the form: slot, answer, note. */
int wr_case_people_reply(struct wr_use *use);
int wr_case_people_seen(struct wr_use *use);

#endif
