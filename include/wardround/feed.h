/*
 * feed: the calendar behind a link, in three steps.
 *
 *   wr_feed_show          what this reader may see of a slot: the consent rules, and the words
 *   wr_feed_event_digest  what is compared to find that it changed; the caller then counts
 *                         `sequence` and sets `stamp`, kept by feed and slot
 *   wr_feed_write         the bytes (RFC 5545, RFC 7986), with until when they hold
 *
 * The same model gives the same bytes. Within the window an event's bytes change only when its
 * digest does: its stamps are the caller's, its words hold nothing of the clock. What the window
 * does with time is told by `valid_until`.
 *
 * A support without `all` receives nothing that gives a stay away: texts that hold one of the words
 * of wr_feed_gives_away, or the patient's name, are left out of the event, not shortened.
 *
 * UIDs are opaque: 32 random hexadecimal digits, nothing after them (no host, no ref, no date). All
 * kinds of feed use the slot's one UID. UIDs of the all-day entries are made here from the link's
 * id, which is not secret.
 *
 * Pure; no locks. The clock is an argument.
 */
#ifndef WARDROUND_FEED_H
#define WARDROUND_FEED_H

#include "wardround/civil.h"
#include "wardround/ward.h"

enum {
	WR_FEED_BACK_DAYS = 28,
	WR_FEED_AHEAD_DAYS = 84,
	WR_FEED_ENDED_DAYS = 14, /* how long an ended link serves its last calendar, then 410 */
	WR_FEED_DIGEST = 32,
};

/* ---- what a reader may see ---- */

struct wr_feed_guest { /* somebody planned to attend the slot */
	const char *name, *relation;
	bool declined; /* answered "can't": not counted as coming */
};

/* Everything known of a slot, whoever asks. Optional texts are NULL. */
struct wr_feed_facts {
	const struct wr_slot *slot;
	const struct wr_patient *patient;
	const char *consultant_name;
	const char *ward_name, *ward_phone, *contact_phone, *address, *arrive;
	const struct wr_feed_guest *guest;
	size_t guests;
};

struct wr_feed_reader {
	enum wr_whose whose; /* patient, support, person, consultant, ward */
	/* The row through which a support or person sees this patient; the others: NULL. */
	const struct wr_support *support;
	const struct wr_reply *reply; /* of that support to this slot; NULL */
	/* The reply page of that support and slot ("https://.../r/..."), never a link's own
	 * address. */
	const char *page;
	bool alarms; /* the link asked for them */
};

/* One event as one feed shows it. Texts live in the arena of wr_feed_show, or are borrowed. */
struct wr_feed_event {
	const char *uid;
	wr_time start, end;
	bool cancelled;      /* or missed */
	wr_time changed;     /* when the slot last changed: from it keep-cancelled is counted */
	const char *summary; /* without "Cancelled: " */
	const char *place;   /* NULL: not to be seen, or none */
	const char *text;    /* lines of the description, without the last one */
	const char *page;    /* for the last line; NULL */
	bool alarms;
	/* What of the above a page says in words of its own; never more than this reader may see.
	 * NULL: not to be seen, or none. */
	const char *arrive, *with, *staff_phone, *contact_phone;
	/* the caller's, from its row for this feed and slot */
	int sequence;
	wr_time stamp; /* DTSTAMP and LAST-MODIFIED */
};

/*
 * Fills all but `sequence` and `stamp`. False, and nothing filled: this reader has no such event (a
 * draft, no consent in this admission, sees nothing, discharged, restricted).
 */
bool wr_feed_show(struct wr_arena *arena, const struct wr_feed_reader *reader,
    const struct wr_feed_facts *facts, struct wr_feed_event *ret_event);

/*
 * Whether a text gives a stay away: a whole word, in any case, of ward, round, hospital, patient,
 * inpatient, outpatient, their plurals; or the ward's name, or what is left of it without such
 * words. "Edward" and "ground" are harmless. NULL gives nothing away.
 */
bool wr_feed_gives_away(const char *text, const char *ward_name);

/* Whether the whole name stands in the text, in any case. */
bool wr_feed_names(const char *text, const char *name);

/* What supports without `all` may be told the meeting is called: the label chosen, or "Meeting". */
const char *wr_feed_label(const struct wr_patient *patient, const char *ward_name);

/* Over all that is shown of an event; not over `sequence`, `stamp` and `changed`. */
void wr_feed_event_digest(const struct wr_feed_event *event, unsigned char digest[WR_FEED_DIGEST]);

/* ---- the calendar ---- */

struct wr_feed {
	enum wr_whose whose;
	const char *link;   /* its id */
	const char *name;   /* of the calendar; NULL: wr_feed_default_name */
	const char *colour; /* a CSS3 colour name; NULL: one for each kind */
	const struct wr_zone *zone;
	wr_time now;
	struct wr_duration keep_cancelled;
	wr_day next_publishing; /* WR_DAY_NONE (by hand): next Monday */
	/* Last change of anything beside the events: link made, renamed, an event withdrawn.
	 * Without it and without events the last modification would be `now`. */
	wr_time changed;
	/* In any order; those outside the window are left out here, so pass more than it holds. */
	const struct wr_feed_event *event;
	size_t events;
};

struct wr_feed_written {
	wr_time last_modified; /* never later than `now` */
	wr_time valid_until;   /* the clock alone changes the bytes then; WR_TIME_NONE: never */
	size_t shown;          /* events; 0: the all-day entry stands alone */
};

/* Whether this event is in the window now. */
bool wr_feed_has(const struct wr_feed *feed, const struct wr_feed_event *event);

/* "Meetings", "My ward round", "Ward rounds": says nothing that the kind of reader may not see. */
const char *wr_feed_default_name(enum wr_whose whose);

/* Appends to `buf`. */
void wr_feed_write(
    const struct wr_feed *feed, struct wr_buf *buf, struct wr_feed_written *ret_written);

/* The last calendar of a link that was revoked, ran out, or lost its consent: one neutral entry on
 * the day it ended and nothing else, the same for every kind, so that calendars drop what they
 * hold. Its last modification is `ended`; served for WR_FEED_ENDED_DAYS. */
void wr_feed_write_ended(
    const char *link, const struct wr_zone *zone, wr_time ended, struct wr_buf *buf);

#endif
