/*
 * tell: who should know of a slot, and that they should.
 *
 * Nothing is sent here. For each person who should know the slot's present revision a row says so
 * (struct wr_news), with the time when a notice is to be made; courier.c makes it then, from what
 * holds then.
 */
#ifndef WR_DAEMON_DESK_TELL_H
#define WR_DAEMON_DESK_TELL_H

#include "desk/use.h"

/* One person who should know a slot. */
struct wr_listener {
	enum wr_whose whose; /* patient or support */
	const char *who, *name;
	const char *phone, *email, *language;
	const char *text_phone, *text_email; /* to be written to: NULL where nothing arrives */
	enum wr_sees sees;                   /* ALL for the patient */
	enum wr_attends attends;
	bool reachable; /* by a webhook: a contact, not stopped, not restricted */
};

/* The patient and every agreed support that sees time or more; nobody after death. After a
 * discharge the same as before it (one last cancellation). */
int wr_listeners(struct wr_use *use, const struct wr_patient *patient,
    struct wr_listener **ret_listeners, size_t *ret_n);

/* The slot's revision is news for its listeners; reminders are set anew. `before` is the slot as it
 * was, NULL when it is new to everybody. */
int wr_tell_slot(struct wr_use *use, const struct wr_slot *before, const struct wr_slot *slot);
/* Who comes to a published slot has changed: news for those who see it, which is the patient. */
int wr_tell_people(struct wr_use *use, const struct wr_slot *slot);
/* The slot's session runs late, as `change` says now: news for all its listeners. */
int wr_tell_late(
    struct wr_use *use, const struct wr_slot *slot, const struct wr_session_change *change);
/* One listener that joined or whose consent widened: all published slots ahead are news to them. */
int wr_tell_newcomer(struct wr_use *use, const struct wr_support *support);
/* The contact of a patient or support changed: what waits for the old one is made anew, and who can
 * be reached only now is told what there is to know. Their row is stored already. `who` NULL: of
 * everybody, when it is the patient who lets things leave the house or not. */
int wr_tell_contact(
    struct wr_use *use, enum wr_whose whose, const char *who, const struct wr_patient *patient);
/* This person is to know nothing any more: news and reminders go, waiting notices are superseded.
 */
int wr_tell_nothing(struct wr_use *use, enum wr_whose whose, const char *who);
/* The same for everybody about one slot that was never to be told (or a death). */
int wr_tell_nobody(struct wr_use *use, const char *slot);

/* For WR_WHOSE_SUPPORT the place as that person may see it; NULL for less than `place`. */
const char *wr_tell_place(const struct wr_slot *slot, enum wr_sees sees);
const char *wr_tell_joining(const struct wr_slot *slot, enum wr_sees sees, enum wr_attends attends);

#endif
