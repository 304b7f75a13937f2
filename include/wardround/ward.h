/*
 * ward: the people of a ward, their times and their slots: the words that every other room uses,
 * and the rules about them that need nothing but values.
 *
 * The structs are rows as the store keeps them. Texts belong to the arena they were read into;
 * an optional text is NULL, an optional instant WR_TIME_NONE. References (`ref`, `id`) are short
 * printable texts without blanks, unique within their kind for ever.
 *
 * Pure; no locks.
 */
#ifndef WARDROUND_WARD_H
#define WARDROUND_WARD_H

#include "wardround/civil.h"

/* ---- words: each enum has its names, and one pair of functions ---- */

enum wr_status { WR_STATUS_EXPECTED, WR_STATUS_CURRENT, WR_STATUS_HELD, WR_STATUS_DISCHARGED };
enum wr_prefers { WR_PREFERS_NONE, WR_PREFERS_MORNING, WR_PREFERS_AFTERNOON };
enum wr_sees {
	WR_SEES_NOTHING,
	WR_SEES_TIME,
	WR_SEES_PLACE,
	WR_SEES_ALL
}; /* each includes the former */
enum wr_basis { WR_BASIS_PATIENT, WR_BASIS_BEST_INTERESTS, WR_BASIS_LAW };
enum wr_consent {
	WR_CONSENT_SUGGESTED,
	WR_CONSENT_AGREED,
	WR_CONSENT_WITHDRAWN,
	WR_CONSENT_REMOVED
};
enum wr_attends { WR_ATTENDS_PERSON, WR_ATTENDS_PHONE, WR_ATTENDS_VIDEO };
enum wr_answer { WR_ANSWER_PERSON, WR_ANSWER_PHONE, WR_ANSWER_VIDEO, WR_ANSWER_NO };
enum wr_contact { WR_CONTACT_SMS, WR_CONTACT_EMAIL, WR_CONTACT_CALL, WR_CONTACT_PAPER };
enum wr_state { /* of a slot */
	WR_STATE_DRAFT,
	WR_STATE_PUBLISHED,
	WR_STATE_STARTED,
	WR_STATE_HELD,
	WR_STATE_CANCELLED,
	WR_STATE_MISSED,
};
enum wr_why { /* codes of --why and of cancellations */
	WR_WHY_NONE,
	WR_WHY_PATIENT_DECLINED,
	WR_WHY_PATIENT_ASLEEP,
	WR_WHY_PATIENT_AWAY,
	WR_WHY_DOCTOR_AWAY,
	WR_WHY_OVERRUN,
	WR_WHY_EMERGENCY,
	WR_WHY_OTHER,
};
enum wr_whose { /* whose away time, link, news */
	WR_WHOSE_PATIENT,
	WR_WHOSE_SUPPORT,
	WR_WHOSE_PERSON,
	WR_WHOSE_CONSULTANT,
	WR_WHOSE_ROOM, /* "ward/room name" */
	WR_WHOSE_WARD,
};

enum wr_role { WR_ROLE_WARD, WR_ROLE_CONSULTANT }; /* of signed-in staff */

struct wr_words { /* names[0..n-1] belong to values 0..n-1 */
	const char *what;
	const char *const *names;
	size_t n;
};
extern const struct wr_words wr_words_status, wr_words_prefers, wr_words_sees, wr_words_basis,
    wr_words_consent, wr_words_attends, wr_words_answer, wr_words_contact, wr_words_state,
    wr_words_why, wr_words_whose, wr_words_role;
const char *wr_word(const struct wr_words *words, int value);      /* "?" out of range */
int wr_word_value(const struct wr_words *words, const char *name); /* -1 when unknown */
/* How somebody comes, for staff and in calendars: "in person", "can't come". */
const char *wr_answer_text(enum wr_answer answer);
const char *wr_attends_text(enum wr_attends attends);

/* ---- rows ---- */

struct wr_patient {
	const char *ref, *name, *ward, *consultant;
	const char *bed; /* text; may be NULL */
	wr_time admitted;
	int slots; /* cells needed, 1-3 */
	enum wr_prefers prefers;
	const char *label; /* what supports' calendars call the meeting; NULL is "Meeting" */
	const char *nurse; /* named nurse */
	wr_time last_seen; /* a round before the data began */
	const char *phone; /* E.164 */
	const char *email, *language;
	enum wr_contact contact;
	bool restricted;      /* no feed, no text, on no list that leaves the desk */
	const char *hold_why; /* not NULL: on hold */
	wr_time discharged;   /* WR_TIME_NONE while an inpatient or expected */
	bool died;
	int admission; /* counts this person's admissions, from 1; consent belongs to one */
	bool phone_bad, email_bad; /* a receipt says that nothing arrives there */
};

struct wr_support {
	const char *ref, *patient, *name, *relation;
	const char
	    *person; /* shared by the rows of one human; never NULL: own ref when not shared */
	enum wr_sees sees;
	enum wr_consent consent;
	const char *agreed_by; /* who agreed; NULL while suggested */
	enum wr_basis basis;
	const char *by_staff;
	wr_time agreed_at, ended_at; /* consent given; withdrawn or removed */
	enum wr_attends attends;
	bool chosen, required;
	bool free_said; /* someone said when they are free; else always free at a reduced weight */
	bool stopped;   /* "Stop messages to me" */
	bool disputed;  /* "This isn't me": nothing is shown through links until staff have asked */
	const char *phone, *email, *language;
	int admission;             /* of the patient, that this consent belongs to */
	bool phone_bad, email_bad; /* as a patient's */
};

struct wr_free { /* usual free time in each week, wall minutes, half-open */
	const char *support;
	int weekday;  /* 0 Monday */
	int from, to; /* 0-1440 */
};

struct wr_away {
	const char *id;
	enum wr_whose whose; /* patient, support, consultant, room */
	const char *who;
	wr_time from, to; /* half-open */
	const char *why;
	const char *cover; /* consultant who takes over; NULL */
};

struct wr_block { /* never to be added or told */
	const char *patient, *name;
};

struct wr_session_change { /* how a session differs from what its round says; none: no row */
	const char *id, *ward, *round;
	wr_day day;
	bool added, cancelled;
	int from, to;      /* wall minutes; -1: as the round says */
	wr_day moved_day;  /* WR_DAY_NONE: not moved */
	const char *cover; /* consultant; NULL */
	int late_minutes;
	wr_time late_at;  /* when that was said */
	int told_minutes; /* the most that stood long enough to be told; see day.h */
	const char *why;
};

struct wr_slot {
	const char *ref; /* kept when moved */
	const char *uid; /* of the calendar event; opaque */
	const char *patient, *ward;
	struct wr_week week;
	const char *session, *consultant, *room;
	int cell, cells;
	wr_time start, end; /* end without the changeover: what people are told */
	wr_time until;      /* with it: what is taken */
	enum wr_state state;
	int revision; /* 0 in a draft; counts start, end, place, joining, state */
	bool locked;
	const char *join; /* joining address for video; NULL */
	enum wr_why why;
	const char *reason; /* staff's words for the last change */
	bool late;          /* later than promised, with `late_why` */
	const char *late_why;
	wr_time published, changed; /* first published; last change that people are told */
	wr_time started, finished;
	wr_time was_start;    /* before the last move; WR_TIME_NONE */
	bool last_of_session; /* when it was held */
	const char *explain;  /* the planner's why, in words for staff */
};

struct wr_attendee { /* who is planned to attend a slot */
	const char *slot, *support, *person;
};

struct wr_plan_row { /* the state of one ward's week */
	const char *ward;
	struct wr_week week;
	bool published, by_hand, optimal;
	wr_time made, published_at;
	int64_t cost, bound;
};

struct wr_unplaced {
	const char *ward;
	struct wr_week week;
	const char *patient, *why; /* in words for staff */
	bool said;                 /* staff were told by an event */
};

struct wr_link {
	const char *id;
	enum wr_whose whose; /* patient, support, person, consultant, ward */
	const char *who, *label;
	wr_time created, expires, revoked; /* WR_TIME_NONE: never */
	bool alarms, self_made;
};

struct wr_reply {
	const char *support, *slot;
	enum wr_answer answer;
	const char *note;
	int revision; /* that it answers */
	wr_time at;
};

/* What one person should know of one slot, and how far that got. The wanted state, not a message.
 */
struct wr_news {
	enum wr_whose whose; /* patient or support */
	const char *who, *slot;
	int want;    /* revision that this person should know; 0: nothing (any more) */
	wr_time due; /* when a notice is to be made; WR_TIME_NONE: nothing to send */
	/* what was last told, for "moved" instead of "published" */
	int told;
	enum wr_state told_state;
	wr_time told_start, told_end;
	const char *told_place, *told_joining; /* NULL where the person may not see it */
	const char *told_people; /* references of those coming; NULL likewise, or never told */
	int told_late;           /* minutes that the session is late, of what was told */
	int accepted, delivered, fetched, confirmed; /* highest revision of each level */
	wr_time accepted_at, delivered_at, fetched_at, confirmed_at;
	const char *confirmed_how;
};

struct wr_reminder {
	enum wr_whose whose;
	const char *who, *slot, *before; /* "48 hours" */
	wr_time due;
};

enum wr_notice_state {
	WR_NOTICE_WAITING,
	WR_NOTICE_SENDING,
	WR_NOTICE_SENT,
	WR_NOTICE_FAILED,
	WR_NOTICE_EXPIRED,
	WR_NOTICE_SUPERSEDED,
};
extern const struct wr_words wr_words_notice_state;

struct wr_notice_row {
	const char *id, *endpoint, *type;
	enum wr_whose whose;    /* patient or support; ward for staff events */
	const char *who, *slot; /* slot NULL when about none */
	int revision;
	enum wr_notice_state state;
	wr_time created, next_try, not_after;
	const char *body; /* frozen at the first try; NULL before */
	int tries;
	int status;        /* last HTTP status; 0 none */
	const char *error; /* last failure in words */
	int late;          /* minutes late, of a notice that says so */
	bool unsure;       /* a try may have arrived although no answer says so */
};

struct wr_task {
	const char *id, *ward;
	const char *kind; /* proposal, ring, note, contact, endpoint, wish, widen, ... */
	const char *patient, *slot, *text;
	const char *data;       /* JSON of a proposal: what is to be changed */
	wr_time created, alarm; /* alarm: when it becomes urgent; WR_TIME_NONE */
	wr_time done;
	const char *done_by, *note;
	bool declined; /* done, with a no */
	int said; /* to staff by an event: 0 not yet, 1 that it is there, 2 that it is urgent */
};

struct wr_staff {         /* somebody who may sign in */
	const char *name; /* as the audit and, with one, the proxy call this person */
	enum wr_role role;
	const char *ward;
	const char *consultant; /* WR_ROLE_CONSULTANT: whose list; else NULL */
	wr_time added, revoked; /* WR_TIME_NONE: may sign in */
	const char *code;       /* what the one-time address is made from; NULL: none, or used */
	wr_time code_until;
};

struct wr_staff_session {
	const char *id; /* what the cookie is made from */
	const char *staff;
	const char *browser; /* keyed hash of what the browser called itself when it signed in */
	wr_time begun, seen;
};

/* ---- rules ---- */

/* From the row and the clock: expected until the admission, held while on hold. */
enum wr_status wr_patient_status(const struct wr_patient *patient, wr_time now);
/* Agreed in this admission, and of a patient who is here. */
bool wr_support_is_agreed(const struct wr_support *support, const struct wr_patient *patient);
/* Whether this support is to be told of slots: agreed, sees time or more, patient not discharged.
 */
bool wr_support_is_told(const struct wr_support *support, const struct wr_patient *patient);

/* draft -> published -> started -> held; published -> cancelled or missed; started -> missed. */
bool wr_state_may_become(enum wr_state from, enum wr_state to);
/* It does not take place: cancelled or missed. */
bool wr_state_is_off(enum wr_state state);
/* After these the patient is planned again (doctor-away, overrun, emergency, other). */
bool wr_why_plans_again(enum wr_why why);
/* The fixed phrase that people (not staff) are told for a change. */
const char *wr_why_phrase(enum wr_why why);

/* "Tue 13:00-17:00; Thu 09:00-12:30": parts divided by ';'. 0, or WR_CIVIL_BAD_TEXT with the
 * offending part in *ret_bad (borrowed from arena). Parts are sorted, touching ones joined. */
int wr_free_parse(struct wr_arena *arena, const char *text, struct wr_free **ret_free,
    size_t *ret_n, const char **ret_bad);
/* Sorts by time and joins what touches, in place; how many are left. */
size_t wr_free_tidy(struct wr_free *free, size_t n);
char *wr_free_text(struct wr_arena *arena, const struct wr_free *free, size_t n);
/* Any usual spelling of a phone number to E.164; NULL when it is none. "07700 949965", "44". */
const char *wr_phone_e164(struct wr_arena *arena, const char *text, const char *country_code);
/* A reference: 1-64 of [A-Za-z0-9._-]. */
bool wr_ref_is_valid(const char *text);
/* Address form only: one @, something on both sides, no blanks or controls, at most 254 bytes. */
bool wr_email_is_valid(const char *text);

/* ---- CSV (RFC 4180, UTF-8, a leading byte order mark is skipped) ---- */

struct wr_csv_row {
	int line; /* of its first byte; the header is line 1 */
	size_t n;
	const char **field;
};
struct wr_csv {
	struct wr_csv_row header;
	struct wr_csv_row *row;
	size_t n;
};
/* 0, or WR_CIVIL_BAD_TEXT with line and words about what is wrong. Blank lines are skipped. A row
 * may have more or fewer fields than the header: `n` says how many; field[] up to the header's n is
 * "". */
int wr_csv_parse(struct wr_arena *arena, const char *text, size_t length, struct wr_csv *ret_csv,
    int *ret_line, const char **ret_error);
void wr_csv_write_field(struct wr_buf *buf, const char *field, bool last); /* quotes where needed */

#endif
