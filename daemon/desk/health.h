/*
 * health: the last look at the promises and what it found, kept for /readyz, /metrics and the log.
 */
#ifndef WR_DAEMON_DESK_HEALTH_H
#define WR_DAEMON_DESK_HEALTH_H

#include "desk/desk.h"
#include "desk/promises.h"

struct wr_health {
	enum wr_promise_state promises[WR_PROMISES];
	size_t patients, published, unplaced, unseen, tasks; /* now */
	wr_time looked;
	const char *standing; /* wr_event_standing of it; heap in the desk's own copy */
	bool event_due;       /* staff are to be told something that only the clock made true */
};

/* Reads everything, keeps what it found, logs what got worse. */
void wr_health_look(struct wr_desk *desk);
void wr_health_free(struct wr_health *health);

#endif
