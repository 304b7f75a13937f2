/*
 * sign_ins: who may sign in and who has, in memory, so that no request waits for the store to be
 * told who sends it.
 *
 * A one-time address and a cookie are base64url of HMAC-SHA256 under the ground's key, of
 * "sign-in" and the code's id, of "session" and the session's id: as with links, nothing that opens
 * a page is stored, and none of it is logged. All comparing is in constant time over all rows.
 *
 * The rows change in store jobs; a job that changed them makes the whole table anew
 * (wr_sign_ins_prepare), which is swapped in after the commit and before the answer: so what was
 * revoked opens nothing from then on.
 */
#ifndef WR_DAEMON_DESK_STAFF_SIGN_INS_H
#define WR_DAEMON_DESK_STAFF_SIGN_INS_H

#include "desk/doors.h"
#include "desk/use.h"

enum {
	WR_SIGN_IN_CODE_SECONDS = 15 * 60,
	WR_SIGN_IN_SECONDS = 12 * 3600,
	WR_SIGN_IN_IDLE_SECONDS = 30 * 60,
	WR_SIGN_IN_SEEN_SECONDS = 60, /* how old the stored `seen` may be */
	WR_SIGN_IN_TOKEN = 43,
	WR_SIGN_IN_OPENED = 16, /* pages remembered for the audit */
};

/* Each writes a NUL-ended text and returns it. */
char *wr_token_sign_in(
    const unsigned char key[32], const char *code, char text[WR_SIGN_IN_TOKEN + 1]);
char *wr_token_session(
    const unsigned char key[32], const char *session, char text[WR_SIGN_IN_TOKEN + 1]);

/* One session. */
struct wr_sign_in {
	char token[WR_SIGN_IN_TOKEN + 1];
	char *id;
	char browser[WR_TOKEN_MARK + 1];      /* whose cookie it is */
	const struct wr_sign_in_staff *staff; /* of the same table */
	wr_time begun, seen, stored;          /* stored: `seen` as the database has it */
	/* what it opened last, so that the audit has each page once in a while */
	uint64_t opened[WR_SIGN_IN_OPENED];
	wr_time opened_at[WR_SIGN_IN_OPENED];
	unsigned next_opened;
};

/* One person who may sign in: those who were revoked are not here. */
struct wr_sign_in_staff {
	struct wr_staff row;                   /* texts are the table's */
	char code_token[WR_SIGN_IN_TOKEN + 1]; /* "" without a code */
	/* of somebody whom a proxy signs in: no cookie, no end but the proxy's */
	struct wr_sign_in by_proxy;
};

struct wr_sign_ins {
	struct wr_arena arena;
	struct wr_sign_in_staff *staff;
	size_t n_staff;
	struct wr_sign_in *sessions;
	size_t n_sessions;
};

/* In a store job, when use->staff_changed: all of it anew, into use->sign_ins. 0 or -errno. */
int wr_sign_ins_prepare(struct wr_use *use);
/* On the loop, after the commit. What was seen and opened meanwhile is kept. */
void wr_sign_ins_swap(struct wr_sign_ins **sign_ins, struct wr_use *use);
void wr_sign_ins_free(struct wr_sign_ins *sign_ins); /* NULL is fine */

/* The mark of a browser, from its User-Agent (NULL: none). Writes a NUL-ended text, returns it. */
char *wr_browser_mark(
    const unsigned char key[32], const char *user_agent, char text[WR_TOKEN_MARK + 1]);

/* Whom a one-time address is for, while it is good; NULL. */
const struct wr_sign_in_staff *wr_sign_ins_by_code(
    const struct wr_sign_ins *sign_ins, const char *token, wr_time now);
/* The session of a cookie; NULL. *ret_over: there is one, and its time is up. */
struct wr_sign_in *wr_sign_ins_by_cookie(
    struct wr_sign_ins *sign_ins, const char *token, wr_time now, bool *ret_over);
/* The same for the board on the wall, which nobody uses: its session may rest, until its time is
 * up.
 */
struct wr_sign_in *wr_sign_ins_on_the_wall(
    struct wr_sign_ins *sign_ins, const char *token, wr_time now, bool *ret_over);
/* Whom a proxy names; NULL when that is nobody who may sign in. */
struct wr_sign_in *wr_sign_ins_by_name(struct wr_sign_ins *sign_ins, const char *name);

/* Whether this session opens `page` for the first time in ten minutes; notes it. */
bool wr_sign_in_opens(struct wr_sign_in *session, const char *page, wr_time now);

#endif
