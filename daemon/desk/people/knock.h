/*
 * knock: somebody at a door of people's (a link or a reply code), from the request to the page.
 *
 * Store thread inside a call, but for wr_knock_new. Texts live in the call's arena.
 */
#ifndef WR_DAEMON_DESK_PEOPLE_KNOCK_H
#define WR_DAEMON_DESK_PEOPLE_KNOCK_H

#include "desk/call.h"
#include "desk/doors.h"
#include "wardround/language.h"

struct wr_knock {
	enum wr_door_kind kind;
	enum wr_whose whose;
	const char *who;
	const char *link;   /* WR_DOOR_LINK: its id */
	const char *slot;   /* WR_DOOR_REPLY */
	const char *action; /* path of the page, where its forms go: "/f/..." or "/r/..." */
	/* what was just done, or the form that came back */
	const char *said;    /* word of a sentence, see said.h; NULL */
	const char *form;    /* name of the form that is shown again; NULL */
	const json_t *typed; /* what was in it */
	const char *wrong;   /* what was wrong with it, in English; NULL */
	bool wrong_is_said;  /* or as a text */
	enum wr_say wrong_text;
	const char *wrong_field; /* about this field; NULL */
	/* left behind */
	struct wr_buf html;
	bool ended;                /* consent is gone: the page is 410 */
	const char *leads_to;      /* after a form, another page than this one */
	bool said_goodbye;         /* after a form there is no page any more */
	enum wr_language language; /* of that goodbye */
};

/* As call->operation. */
struct wr_knock *wr_knock_new(struct wr_call *call, const struct wr_door *door, const char *action);
struct wr_knock *wr_knock_of(struct wr_use *use);

/* Through which rows this door speaks: those that agreed and are told, of patients who are here.
 * None for doors that are no support's and no person's. */
int wr_knock_supports(struct wr_use *use, struct wr_support **ret_rows, size_t *ret_n);
/* The ward by whose clock this row's patient lives. */
int wr_knock_ward(
    struct wr_use *use, const struct wr_support *support, const struct wr_config_ward **ret_ward);
/* Of the rows' people: the first that names one. */
enum wr_language wr_knock_language(const struct wr_support *rows, size_t n);
/* Form done: the page opens with this word's sentence. */
int wr_knock_say(struct wr_use *use, int r, const char *said);

#endif
