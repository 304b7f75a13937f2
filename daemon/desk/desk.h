/*
 * desk: the ward's business on top of the adapters: use cases, the doors that people's links open,
 * and what the daemon does by itself when something is due.
 *
 * One desk for a daemon, embedded by it. Loop thread.
 */
#ifndef WR_DAEMON_DESK_H
#define WR_DAEMON_DESK_H

#include "clock/clock.h"
#include "desk/call.h"
#include "desk/doors.h"
#include "send/send.h"
#include "serve/serve.h"

#include <stdatomic.h>

struct wr_sign_ins; /* who may sign in: staff/sign_ins.h */
struct wr_courier;  /* news on its way: courier.c */

/* How far the planning under way has come; written by its worker, read by anybody. */
struct wr_desk_planning {
	_Atomic int running;         /* how many */
	_Atomic int64_t cost, bound; /* of the newest better plan; bound INT64_MIN: none yet */
	_Atomic uint64_t nodes;
	_Atomic bool stop; /* somebody asked for the best so far */
};

struct wr_desk {
	uv_loop_t *loop; /* NULL in tests without one */
	struct wr_store *store;
	struct wr_clock clock;
	struct wr_serve serve;
	struct wr_send send;
	/* How a delivery is started; NULL is wr_send_start. Tests put a receiver of their own here.
	 */
	int (*deliver)(struct wr_send *send, struct wr_delivery *delivery);
	struct wr_ground *ground;
	struct wr_doors doors;
	struct wr_fetches fetches; /* noted, to be written */
	struct wr_sign_ins *sign_ins;
	struct wr_rate guesses; /* requests for tokens that nobody has */
	struct wr_courier *courier;
	struct wr_replan_queue *replans;
	struct wr_desk_planning planning;
	struct wr_health *health; /* the last look at the promises */
	struct wr_papers *papers; /* paper.h */
	wr_time next_due;         /* earliest known instant that something is due */
	wr_time next_look;        /* when promises and weekly work are looked at again */
	wr_time next_tidy;
	wr_time next_fetches; /* WR_TIME_NONE: nothing is noted */
	wr_time started;
	bool ready, stopping;
	bool said_full;          /* the log knows that the disk is full */
	const char *config_path; /* read again on reload */
	/* Before a new configuration takes effect: brings the listeners in line with it. 0, or
	 * -errno with everything as it was and why in words (in the arena). */
	int (*relisten)(struct wr_desk *desk, const struct wr_config *config,
	    struct wr_arena *arena, const char **ret_why);
	void (*on_ready)(struct wr_desk *desk); /* once, or with ready false: it can't start */
	void *data;                             /* the daemon */
};

/* ---- the configuration in force ---- */
/* Takes over the arena that config lives in. One reference, yours. */
struct wr_ground *wr_ground_new(
    struct wr_arena *arena, const struct wr_config *config, const unsigned char key[32]);
struct wr_ground *wr_ground_ref(struct wr_ground *ground);
void wr_ground_unref(struct wr_ground *ground); /* NULL is fine */

/* ---- life ---- */
/* Store, clock, serve, send and ground are set. Reads links and due work; `ready` when that is
 * done.
 */
void wr_desk_start(struct wr_desk *desk);
/* Nothing new is begun; what is on its way comes to its end. */
void wr_desk_stop(struct wr_desk *desk);
void wr_desk_deinit(struct wr_desk *desk);

/* Reads config_path again: all of it or nothing (config_reload.c); the log says how it went. */
void wr_desk_reload(struct wr_desk *desk, const char *actor);

/* ---- for call.c ---- */
/* A change is on disk: feeds are swapped, the clock is set, weeks to plan again are queued. */
void wr_desk_committed(struct wr_desk *desk, struct wr_call *call);
/* Plans a week again soon; `move`: what is published and has lost its session is moved. */
void wr_desk_plan_again(struct wr_desk *desk, const char *ward, struct wr_week week, bool move);
/* Fetches are noted: writes them at `at`, unless it will earlier. */
void wr_desk_write_fetches_at(struct wr_desk *desk, wr_time at);
/* Weeks wait to be planned again, or one is being planned. */
bool wr_desk_is_planning(const struct wr_desk *desk);
/* Something is due at `at`: wakes up in time for it. */
void wr_desk_due(struct wr_desk *desk, wr_time at);

#endif
