/*
 * due: one turn of the courier inside its store job. What became of earlier tries is written down;
 * news and reminders that are due become waiting notices; and waiting notices whose time has come
 * are leased, as many as there is room for. All of it is one commit.
 *
 * New news goes before what is tried again, and half of it from the newest end, so that no backlog
 * of other people's holds it up; each endpoint has a room of its own for the same reason.
 *
 * Store thread, inside a job.
 */
#ifndef WR_DAEMON_DESK_DUE_H
#define WR_DAEMON_DESK_DUE_H

#include "desk/use.h"

/* A notice in state sending, on the heap, with its texts in its arena. */
struct wr_lease {
	struct wr_lease *next;
	struct wr_arena arena;
	const char *id;
	const struct wr_config_webhook *webhook; /* of the ground of the job */
	const char *body;
	wr_time not_after;   /* no try is begun later; WR_TIME_NONE: whenever */
	bool again;          /* tried before */
	bool unsure;         /* an earlier try may have arrived */
	struct wr_news told; /* known once it has arrived; told 0: nothing that counts */
};
void wr_lease_free(struct wr_lease *lease); /* NULL is fine */

/* What became of one try. */
struct wr_send_result;
struct wr_due_result {
	const struct wr_lease *lease;
	const struct wr_send_result *result;
};

struct wr_due_lane {
	size_t fresh, again; /* how many may be leased now */
	bool probe;          /* one in all */
	bool shut;           /* none for now: only what has become too late is looked at */
};

struct wr_due_turn {
	const struct wr_due_result *results;
	size_t n_results;
	const struct wr_due_lane *lanes; /* for each webhook of the configuration */
	bool rarely; /* a look at what waits for endpoints that are off or gone */
	bool only_results;
	/* left behind */
	struct wr_lease *leases; /* in the order of sending */
	bool progressed;         /* some row went on; otherwise a rest does no harm */
};
int wr_due_turn(struct wr_use *use, struct wr_due_turn *turn);
int wr_due_outcome(
    struct wr_use *use, const struct wr_lease *lease, const struct wr_send_result *result);
/* A notice ended without getting there: somebody has to ring, unless another endpoint got it there.
 */
int wr_due_give_up(struct wr_use *use, const struct wr_notice_row *row, const char *why);
/* A task to ring this person about this slot; one at a time. `endpoint` did not get it there; NULL:
 * none was asked. */
int wr_due_ring(struct wr_use *use, enum wr_whose whose, const char *who, const char *slot,
    const char *why, const char *endpoint);

#endif
