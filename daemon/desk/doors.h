/*
 * doors: what each secret address opens, in memory: every link, every reply code, and the bytes of
 * every feed. 404, 410 and withdrawal never wait for the store.
 *
 * A token is base64url of HMAC-SHA256 under the ground's key: of "link" and the link's id (43
 * characters), of "reply", support and slot (22). Tokens are never stored and never logged.
 *
 * A change to a person makes the doors of that person anew inside the same store job
 * (wr_doors_prepare), and they are swapped in after the commit, before the answer.
 */
#ifndef WR_DAEMON_DESK_DOORS_H
#define WR_DAEMON_DESK_DOORS_H

#include "desk/fetches.h"
#include "desk/use.h"
#include "serve/serve.h"

enum { WR_TOKEN_LINK = 43, WR_TOKEN_REPLY = 22 };

/* Each writes a NUL-ended text and returns it. */
char *wr_token_link(const unsigned char key[32], const char *id, char text[WR_TOKEN_LINK + 1]);
char *wr_token_reply(const unsigned char key[32], const char *support, const char *slot,
    char text[WR_TOKEN_REPLY + 1]);

/* Says that something was done for a slot, without saying for which. */
enum { WR_TOKEN_MARK = 22 };
char *wr_token_mark(
    const unsigned char key[32], const char *what, const char *slot, char text[WR_TOKEN_MARK + 1]);

/* That a form was made for this session; see desk/staff/visit.h. */
char *wr_token_form(const unsigned char key[32], const char *session, const char *form,
    char text[WR_TOKEN_REPLY + 1]);

enum wr_door_kind { WR_DOOR_LINK, WR_DOOR_REPLY };
enum wr_door_state {
	WR_DOOR_OPEN,
	WR_DOOR_ENDED, /* page 410; feed one neutral entry until `gone`, then 410 */
};

struct wr_door {
	char token[WR_TOKEN_LINK + 1];
	enum wr_door_kind kind;
	enum wr_door_state state;
	enum wr_whose whose;
	char *who;           /* patient, support, person, consultant, ward */
	char *link;          /* WR_DOOR_LINK: its id */
	char *slot;          /* WR_DOOR_REPLY */
	wr_time expires;     /* WR_TIME_NONE: never; a door past it counts as ended then */
	wr_time ended;       /* since when */
	wr_time valid_until; /* of the bytes; WR_TIME_NONE: until the next change */
	struct wr_serve_bytes *plain, *gzip; /* the feed; NULL for reply codes */
	struct wr_sight *sight;              /* what it shows; NULL for reply codes */
};

struct wr_doors {
	struct wr_door **table; /* open addressing by token */
	size_t capacity, n;
};

/* One door as a store job made it: takes the place of the door with its token. */
struct wr_door_change {
	struct wr_door *door; /* heap, moved into the table */
};

/* In a store job: makes anew the doors of everybody whom this change touches (all of them when
 * use->everything). 0 or -errno. */
int wr_doors_prepare(struct wr_use *use);
/* On the loop, after the commit: they take effect. */
void wr_doors_swap(struct wr_doors *doors, struct wr_use *use);
/* What was prepared and not swapped in. */
void wr_doors_drop(struct wr_use *use);

/* NULL when there is none. Compared in constant time. */
const struct wr_door *wr_doors_find(const struct wr_doors *doors, const char *token, size_t length);
void wr_doors_deinit(struct wr_doors *doors);

#endif
