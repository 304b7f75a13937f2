/*
 * event: what staff are told by a webhook: replies, patients without a slot, tasks, promises in
 * danger.
 *
 * It goes to endpoints whose `events` have it and whose `wards` have the ward, and never to the one
 * that it is about. What is said has references and times in it, and no names; the words about
 * people stay on the desk. Each is said once: rows remember it (`said`), the same in dry runs and
 * after a crash.
 *
 * Store thread, inside a job.
 */
#ifndef WR_DAEMON_DESK_EVENT_H
#define WR_DAEMON_DESK_EVENT_H

#include "desk/promises.h"
#include "desk/use.h"

/* What every change ends with: tasks that it has made are announced in the same commit. */
int wr_event_tasks(struct wr_use *use);
/* Tasks that have waited too long, once each. */
int wr_event_alarms(struct wr_use *use);
/* Who stands on a list of this week or a later one and was not announced. NULL: on any. Not while
 * weeks wait to be planned again: most who stand there then have a slot a moment later. */
int wr_event_unplaced(struct wr_use *use, const char *ward, const struct wr_week *week);
int wr_event_reply(struct wr_use *use, const struct wr_slot *slot, const struct wr_reply *reply);

/* How the promises stand on each ward, as a text that differs when that does; "" when all are kept.
 * In `arena`. For wr_event_promises, in a later job. */
const char *wr_event_standing(struct wr_arena *arena, const struct wr_promise_report *report);
/* Announces each promise that got worse on a ward since it was last looked at; the same state is
 * not said again within an hour. */
int wr_event_promises(struct wr_use *use, const char *standing);

/* Whether one of the above but the first has something to say. */
int wr_event_is_due(struct wr_use *use, bool *ret_due);

#endif
