/*
 * call: one use case, from its arguments to what is answered.
 *
 *     new -> start -> [store thread: work_call] -> on the loop: after the commit -> done -> free
 *
 * In the store job: the key of an earlier call, the arguments, the case, the yes, the promises of
 * the rows it touched, the feeds of the people it touched. Any of them can end it; then everything
 * is rolled back. On the loop, before `done`: the new feeds take the place of the old ones, the
 * clock is set to what is due next, weeks to plan again are queued. So when an answer goes out, the
 * change is in the feeds.
 *
 * Loop thread, but for work_call.
 */
#ifndef WR_DAEMON_DESK_CALL_H
#define WR_DAEMON_DESK_CALL_H

#include "desk/use.h"

struct wr_desk;
struct wr_call;

enum wr_verb_kind {
	WR_VERB_READS,    /* on the reader's connection */
	WR_VERB_CHANGES,  /* a write job */
	WR_VERB_OPERATES, /* more than one step: `operate` does it, with store jobs of its own */
};

struct wr_verb {
	const char *noun, *verb;
	enum wr_verb_kind kind;
	wr_use_case run;                       /* READS and CHANGES */
	void (*operate)(struct wr_call *call); /* OPERATES: ends with wr_call_end */
};

struct wr_call {
	struct wr_store_job job;
	struct wr_desk *desk;
	struct wr_ground *ground; /* a reference */
	const struct wr_verb *verb;
	struct wr_arena arena;
	json_t *args;
	struct wr_use use;
	wr_time next_due; /* read in the job */
	int result;       /* of the job: 0, WR_USE_FAILED, -errno */
	bool replayed;    /* the answer is an earlier call's */
	wr_use_case run;  /* of the present step */
	bool reads;
	void (*next)(struct wr_call *call); /* after the step */
	void *operation; /* what an operation keeps between its steps, in the arena */
	void (*done)(struct wr_call *call);
	void *data;
};

/* `args` is stolen (NULL: none). `actor` is copied. Reads dry_run, yes and reason from args. */
struct wr_call *wr_call_new(
    struct wr_desk *desk, const struct wr_verb *verb, json_t *args, const char *actor);
/* `done` comes once, on the loop (while the store is closing before this returns); the call is
 * freed after it. */
void wr_call_start(struct wr_call *call, void (*done)(struct wr_call *call), void *data);
/* For operations: one more job of the same call, then `next` (call->result says how it went). */
void wr_call_step(
    struct wr_call *call, bool reads, wr_use_case run, void (*next)(struct wr_call *call));
/* The end, with use.answer or, when result is not 0, a fault. */
void wr_call_end(struct wr_call *call);
/* What goes out, with its HTTP status. A new reference. */
json_t *wr_call_answer(struct wr_call *call, int *ret_status);
/* A `done` for what nobody waits for: failures are logged. */
void wr_call_log(struct wr_call *call);

const char *wr_fault_name(enum wr_fault_code code); /* "needs-yes" */

#endif
