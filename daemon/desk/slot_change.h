/*
 * slot_change: the one way in which a slot is written, whoever asks for it.
 *
 * It counts the revision, keeps what the slot takes (busy), says who is to be told, sets reminders,
 * audits, lists the change for the answer, and touches the patient's feeds.
 */
#ifndef WR_DAEMON_DESK_SLOT_CHANGE_H
#define WR_DAEMON_DESK_SLOT_CHANGE_H

#include "desk/use.h"
#include "wardround/session.h"

/*
 * Writes `slot` in place of `before` (NULL: a new one). `attendees` NULL: as they were. Sets
 * revision, changed, published and was_start; everything else is the caller's. A conflict is
 * refused in words. Changing what was published notes that a yes is needed.
 */
int wr_slot_change(struct wr_use *use, const struct wr_slot *before, struct wr_slot *slot,
    const struct wr_attendee *attendees, size_t n);

/* Who of the patient's agreed supports can attend this slot: free for all of it, not away, not
 * attending another slot meanwhile (`other` is left out of that: NULL, or a slot that swaps). */
int wr_slot_attendees(struct wr_use *use, const struct wr_slot *slot, const char *other,
    struct wr_attendee **ret_attendees, size_t *ret_n);

/* The sessions of one ward's week as they are now: changes and away times included, without what
 * is taken by sessions that their consultants lead on other wards. */
int wr_slot_sessions(struct wr_use *use, const struct wr_config_ward *ward, struct wr_week week,
    struct wr_session **ret_sessions, size_t *ret_n);
/* The same as if there were no other wards. */
int wr_slot_sessions_alone(struct wr_use *use, const struct wr_config_ward *ward,
    struct wr_week week, struct wr_session **ret_sessions, size_t *ret_n);
/* Whether two sessions want the same time. */
bool wr_slot_sessions_overlap(const struct wr_session *a, const struct wr_session *b);

/* Puts the slot at a cell: times, room, consultant, joining. `first` is the number of the cell. */
void wr_slot_place(struct wr_slot *slot, const struct wr_session *session, size_t first);

/* "Tue 1 Dec 10:20am" for changes and refusals. */
const char *wr_slot_when(struct wr_use *use, const struct wr_slot *slot);

#endif
