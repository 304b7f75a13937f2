/*
 * undo: one step back, within 15 minutes, for slots and for patients.
 */
#ifndef WR_DAEMON_DESK_UNDO_H
#define WR_DAEMON_DESK_UNDO_H

#include "desk/use.h"

enum { WR_UNDO_SECONDS = 15 * 60 };

/* Keeps a slot as it is now, with who attends it. */
int wr_undo_keep_slot(struct wr_use *use, const struct wr_slot *slot);
/* The same before two slots change places: they go back together. */
int wr_undo_keep_swap(struct wr_use *use, const struct wr_slot *slot, const char *with);
/* What was kept of it, who attended, and the slot it swapped with (NULL: none); the step is used
 * up. Refuses what is missing or old. */
int wr_undo_take_slot(struct wr_use *use, const struct wr_slot *now, struct wr_slot *ret_slot,
    struct wr_attendee **ret_attendees, size_t *ret_n, const char **ret_with);
/* The same for any JSON that a case wants back ("patient", its reference). Steals `data`. */
int wr_undo_keep(struct wr_use *use, const char *kind, const char *ref, json_t *data);
/* *ret_data is yours. */
int wr_undo_take(struct wr_use *use, const char *kind, const char *ref, json_t **ret_data);

#endif
