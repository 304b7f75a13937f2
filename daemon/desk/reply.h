/*
 * reply: the answer of one support to one slot, whichever way it came.
 */
#ifndef WR_DAEMON_DESK_REPLY_H
#define WR_DAEMON_DESK_REPLY_H

#include "desk/use.h"

/* Saves an answer, with what follows from it; refuses what can't be answered (any more). */
int wr_reply_save(struct wr_use *use, const struct wr_support *support, const struct wr_slot *slot,
    enum wr_answer answer, const char *note);
/* This person has seen the slot's present revision. */
int wr_reply_confirm(struct wr_use *use, enum wr_whose whose, const char *who,
    const struct wr_slot *slot, const char *how);

#endif
