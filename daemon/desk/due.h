/*
 * due: one turn of the courier inside its store job: news and reminders that are due become waiting
 * notices, and waiting notices whose time has come are leased, as many as there is room for.
 *
 * New news goes before what is tried again, so that a backlog of an endpoint that was away holds up
 * nobody else's; each endpoint has a room of its own for the same reason.
 *
 * Store thread, inside a job.
 */
#ifndef WR_DAEMON_DESK_DUE_H
#define WR_DAEMON_DESK_DUE_H

#include "desk/use.h"

/* What a person knows once this notice has arrived. */
struct wr_tidings {
	int revision; /* 0: nothing that counts */
	enum wr_state state;
	wr_time start, end;
	const char *place, *joining;
};

/* A notice in state sending, on the heap, with its texts in its arena. */
struct wr_lease {
	struct wr_lease *next;
	struct wr_arena arena;
	const char *id;
	const struct wr_config_webhook *webhook; /* of the ground of the job */
	const char *body;
	bool again; /* tried before */
	struct wr_tidings tidings;
};
void wr_lease_free(struct wr_lease *lease); /* NULL is fine */

struct wr_due_turn {
	/* for each webhook of the configuration: how many may be leased now */
	const size_t *room_fresh, *room_again;
	/* left behind */
	struct wr_lease *leases; /* in the order of sending */
	bool progressed;         /* some row went on; otherwise a rest does no harm */
};
int wr_due_turn(struct wr_use *use, struct wr_due_turn *turn);

/* What became of one try. */
struct wr_send_result;
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
