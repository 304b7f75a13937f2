/*
 * courier: news on its way.
 *
 * A turn is one write job: the results of earlier tries are written down (sent, tried again later,
 * or ended; what was accepted is what the person was told from then on); what is due becomes
 * notices, each made and checked against the slot, the consent and the patient as they are in that
 * transaction, and leased (state sending) with its body frozen; after the commit they go to send.
 * A crash in between leaves a leased notice, which the next start sends again with the same id and
 * body. How much an endpoint has on its way is for its gate to say (wr_gate).
 */
#ifndef WR_DAEMON_DESK_COURIER_H
#define WR_DAEMON_DESK_COURIER_H

#include "desk/desk.h"

struct wr_courier *wr_courier_new(struct wr_desk *desk);
void wr_courier_free(struct wr_courier *courier); /* NULL is fine; nothing is in flight */
/* At the start, before anything is sent: leases of the last run are free again. */
int wr_courier_recover(struct wr_use *use);
/* Something may be due: a turn, unless one is under way (then one more after it). */
void wr_courier_turn(struct wr_courier *courier);
/* The wall clock moved by `seconds` more than time passed (negative: it was set back). Tries under
 * way are broken off when it went on, since their deadlines may have passed while the machine
 * slept; they go again if they may. */
void wr_courier_clock_moved(struct wr_courier *courier, int64_t seconds);
/* Cancels what is in flight; results still come. */
void wr_courier_stop(struct wr_courier *courier);
size_t wr_courier_in_flight(const struct wr_courier *courier);

/* In a change: one neutral "please do not travel" to a support whose consent has just ended. */
int wr_tell_farewell(
    struct wr_use *use, const struct wr_support *support, const struct wr_slot *slot);

#endif
