/*
 * unrecorded: a published slot whose time has passed, and nobody said whether it was held. Until
 * somebody does, nobody can know when the patient is due again; so it becomes a task.
 */
#ifndef WR_DAEMON_DESK_UNRECORDED_H
#define WR_DAEMON_DESK_UNRECORDED_H

#include "desk/use.h"

enum { WR_UNRECORDED_AFTER_SECONDS = 3600, WR_UNRECORDED_BACK_SECONDS = 35 * 86400 };

/* Makes the tasks that are missing; in a write job. */
int wr_unrecorded_ask(struct wr_use *use);
/* Somebody said: the task of this slot is done. */
int wr_unrecorded_settle(struct wr_use *use, const char *slot);
/* The newest slot of this patient of which nobody said; *ret_slot NULL: none. */
int wr_unrecorded_find(struct wr_use *use, const char *patient, const char **ret_slot);

#endif
