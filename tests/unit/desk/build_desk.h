/*
 * A desk without a loop: a store in memory, a clock that is held, and a receiver instead of the
 * network. Jobs and deliveries run inside desk_call and desk_run_until; nothing sleeps.
 *
 *     struct built_desk *d = desk_build(WEBHOOKS, "2026-11-27T10:00:00Z");
 *     desk_do(d, "support add", "{...}");
 *     desk_run_until(d, "2026-11-27T10:05:00Z");
 *     assert_string_equal(desk_post(d, 0)->type, "slot.published");
 *     desk_free(d);
 *
 * Include after cmocka.
 */
#ifndef WARDROUND_TEST_BUILD_DESK_H
#define WARDROUND_TEST_BUILD_DESK_H

#include "desk/desk.h"

enum { DESK_HANGS = 0, DESK_UNREACHED = -1, DESK_TIMES_OUT = -2 };

/* One try that reached the receiver. */
struct desk_post {
	char *url, *id, *body, *timestamp, *signature;
	char *type, *who; /* out of the body */
	json_t *json;
};

struct built_desk {
	struct wr_desk desk;
	/* Each may be NULL. What the receiver answers, instead of `status`; one that got there;
	 * inside each write job before its commit: anything but 0 rolls it back. */
	int (*answers)(struct built_desk *d, const struct wr_delivery *delivery);
	void (*received)(struct built_desk *d, const struct desk_post *post);
	int (*before_commit)(struct built_desk *d, struct wr_tx *tx);
	void *data;
	bool dead;         /* nothing leaves the house any more until desk_crash */
	const char *path;  /* of the store; NULL: in memory */
	int status;        /* what the receiver answers: an HTTP status or one of the above */
	const char *other; /* part of an URL that answers other_status instead; NULL: none */
	int other_status;
	struct desk_post *posts;
	size_t n_posts, posts_capacity;
	struct wr_delivery **pending;
	size_t n_pending, pending_capacity;
	struct wr_arena words; /* of what desk_says and the like give */
};

/* The database of the desks that are built from now on; NULL: in memory. */
extern const char *desk_file;
/* Called between any two steps of sending, with a word for the one that comes; may be NULL. */
extern void (*desk_step)(const char *what);

/* Kingsley with one round (shah, Mondays 09:00-12:40), planned by hand, and what `more` adds. */
struct built_desk *desk_build(const char *more, const char *now);
/* The same, but every ward is planned at the usual times (Tuesday 12:00, Wednesday 16:00). */
struct built_desk *desk_build_weekly(const char *more, const char *now);
/* The sample ward of tests/data, with its patients, supports and away times imported. */
struct built_desk *desk_build_sample(const char *more, const char *now);
/* Any configuration, with the store in a file (NULL: in memory). */
struct built_desk *desk_build_as(const char *config, const char *now, const char *store);
void desk_free(struct built_desk *d);
/* What was received so far is forgotten. */
void desk_forget_posts(struct built_desk *d);
/* The daemon dies and starts again on the same store (a file is opened anew): what was in flight is
 * forgotten. */
void desk_crash(struct built_desk *d);
/* "slot move" and its arguments; the answer as it goes out. A new reference. */
json_t *desk_call(struct built_desk *d, const char *verb, const char *args);
/* The same, and it has to succeed. */
void desk_do(struct built_desk *d, const char *verb, const char *args);
void desk_run_until(struct built_desk *d, const char *until);
/* The same, but the look of each minute comes only every `step` seconds. */
void desk_run_by(struct built_desk *d, wr_time until, int step);
/* The wall clock is set to another time, on or back. */
void desk_set_clock(struct built_desk *d, const char *to);
wr_time desk_time(const char *text);
/* A case of the test's own, with the store at hand: 0, and it is committed; or NULL args. */
json_t *desk_use(struct built_desk *d, wr_use_case run, json_t *args);
/* The same, only to look. */
void desk_look(struct built_desk *d, wr_use_case run);
const struct desk_post *desk_post(const struct built_desk *d, size_t at);

/* A published slot of a patient, Monday 30 November at `start` ("09:25"). Its reference is s-1 and
 * so on. */
void desk_publish(struct built_desk *d, const char *patient, const char *start);

#endif
