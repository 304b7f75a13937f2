/*
 * feedback: how a round was, from the patient to the ward, without the name.
 *
 * Kept are sums of five forms (wardround/voice.h) and, so that nobody answers twice, a mark that is
 * made from the slot with the daemon's key and forgotten after some weeks. There is no audit of it,
 * no change, no time of day: nothing in the database says who has answered or what.
 */
#ifndef WR_DAEMON_DESK_FEEDBACK_H
#define WR_DAEMON_DESK_FEEDBACK_H

#include "desk/use.h"

/* The slot that the patient can say something about: the last one held, within a week, and not
 * answered yet. 0 or WR_STORE_NONE. */
int wr_feedback_slot(
    struct wr_use *use, const struct wr_patient *patient, struct wr_slot *ret_slot);
/* One form: `heard`, `people`, `next` as arguments. */
int wr_feedback_give(struct wr_use *use, const struct wr_patient *patient, const char *slot);

#endif
