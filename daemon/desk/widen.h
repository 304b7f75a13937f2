/*
 * widen: who is invited to a patient's round and what they see, as the patient changes it.
 *
 * Narrowing acts at once, through the cases that wardctl support edit, withdraw and remove run, and
 * leaves a task for staff to read. Widening and adding wait: a nurse asks the patient in private,
 * and `task done` carries it out through support agree and support add, if nothing about that
 * support has changed since it was asked.
 */
#ifndef WR_DAEMON_DESK_WIDEN_H
#define WR_DAEMON_DESK_WIDEN_H

#include "desk/wish.h"

enum wr_widen_end {
	WR_WIDEN_SAME,     /* nothing to do */
	WR_WIDEN_NARROWED, /* in force */
	WR_WIDEN_WAITS,    /* a task */
};

/* What a support of this patient may see from now on. */
int wr_widen_sees(struct wr_use *use, const struct wr_patient *patient, const char *support,
    enum wr_sees sees, enum wr_widen_end *ret_end);
/* Nobody that is invited any more: an agreed one is withdrawn, a suggested one removed. */
int wr_widen_uninvite(struct wr_use *use, const struct wr_patient *patient, const char *support);
/* What is said of somebody new, refused when it is missing or too long. */
int wr_widen_check_words(struct wr_use *use, const char *name, const char *relation);
/* Somebody new: a task. */
int wr_widen_add(struct wr_use *use, const struct wr_patient *patient, const char *name,
    const char *relation, enum wr_sees sees, const char *phone);
/* What an open `widen` task asks, carried out. */
int wr_widen_accept(struct wr_use *use, const struct wr_task *task);

#endif
