/*
 * notice: what news is, when it goes, what it says, and how it is signed.
 *
 * News flows as wanted state, not as a list of messages: for a person and a slot there is what the
 * person was last told and what holds now, and wr_notice_choose gives the message that lies between
 * them, at the moment of sending. The body is frozen at the first try; so are id and type.
 *
 * A notice leaves the house, so it never carries a patient's name, ward, diagnosis or NHS number:
 * nothing here takes one. What the patient chose to have the meeting called is all it says.
 *
 * Times in webhooks are UTC with Z; the words of `text` are ward time.
 *
 * Pure; no locks. Time and randomness are arguments.
 */
#ifndef WARDROUND_NOTICE_H
#define WARDROUND_NOTICE_H

#include "wardround/base.h"
#include "wardround/civil.h"
#include "wardround/config.h"

enum wr_notice_outcome {
	WR_NOTICE_BAD_SECRET = 1, /* not whsec_ and base64 of 24 to 64 bytes */
	WR_NOTICE_BAD_HEADER,     /* id, timestamp or signature missing or not in their form */
	WR_NOTICE_BAD_AGE,        /* more than WR_NOTICE_TOLERANCE away from now */
	WR_NOTICE_BAD_SIGNATURE,
};

/* ---- types ---- */

enum wr_notice_type {
	WR_NOTICE_NOTHING, /* there is nothing to tell */
	WR_NOTICE_SLOT_PUBLISHED,
	WR_NOTICE_SLOT_MOVED,
	WR_NOTICE_SLOT_CANCELLED,
	WR_NOTICE_SLOT_PEOPLE,
	WR_NOTICE_SLOT_LATE,
	WR_NOTICE_REMINDER_DUE,
	WR_NOTICE_LINK_INVITE,
	WR_NOTICE_WEBHOOK_TEST,
	/* for staff */
	WR_NOTICE_REPLY_RECEIVED,
	WR_NOTICE_PATIENT_UNPLACED,
	WR_NOTICE_TASK_NEW,
	WR_NOTICE_PROMISE_DANGER,
	WR_NOTICE_TYPES, /* how many */
};

const char *wr_notice_type_name(enum wr_notice_type type); /* "slot.moved"; NULL for NOTHING */
enum wr_notice_type wr_notice_type_find(const char *name); /* NOTHING when there is none */
/* Which of an endpoint's `events` lets it through: bits of wr_webhook_event; all for the test. */
unsigned wr_notice_type_events(enum wr_notice_type type);
bool wr_notice_type_for_staff(enum wr_notice_type type);

/* ---- which: from what a person was last told to what holds ---- */

/* One slot as one person knows it, or should. `place` and `joining` are compared, never sent; leave
 * them NULL for a person who may not see them, so that they hear of no change that they can't see.
 */
struct wr_notice_view {
	bool known;     /* told at all; or, of what holds: published and not withdrawn from them */
	bool cancelled; /* the slot is off */
	int revision;
	wr_time start, end;
	const char *place;
	const char *joining;
	const char *people; /* who comes, as one text; for whom may see that */
	int late;           /* minutes that the session runs late; 0 too when it has begun */
};

/* Never told: published, or nothing when it is off already. Told: moved when start, end, place or
 * joining differ; cancelled when it is off; nothing when all is as told. Told it was off: published
 * when it holds again. A slot that is over is no news, whatever was told.
 *
 * With all that as told, later than told is late: lateness only grows, since a round that catches
 * up begins with nobody before the time told last. Others who come are people, until the start.
 */
enum wr_notice_type wr_notice_choose(
    const struct wr_notice_view *told, const struct wr_notice_view *holds, wr_time now);

/* ---- what: the body of one message ---- */

enum wr_notice_to_kind {
	WR_NOTICE_TO_NOBODY, /* webhook.test, and staff events without a person */
	WR_NOTICE_TO_SUPPORT,
	WR_NOTICE_TO_PATIENT,
	WR_NOTICE_TO_CONSULTANT,
};

struct wr_notice_to {
	enum wr_notice_to_kind kind;
	const char *ref;
	const char *phone, *email; /* NULL or "" when there is none */
	const char *language;      /* NULL is "en" */
};

struct wr_notice_slot {
	const char *ref; /* NULL: no slot in this notice */
	int revision;
	wr_time start, end;
	wr_time was;      /* the start last told, for slot.moved; else WR_TIME_NONE */
	int late_minutes; /* for slot.late: not before start + late_minutes */
};

struct wr_notice_message {
	enum wr_notice_type type;
	const char *id; /* "n-..." */
	wr_time made_at;
	struct wr_notice_to to;
	struct wr_notice_slot slot;
	const struct wr_zone *zone; /* of the ward, for the words */
	const char *label;          /* chosen by the patient; NULL or "" is "Meeting" */
	const char *phone;          /* the ward's, to be rung; NULL or "" when there is none */
	const char *page;           /* the reply page; used when reply_links */
	bool send_contact;          /* whether to.phone and to.email may be in the body */
	bool reply_links;
	bool neutral;     /* slot.cancelled after a withdrawal: please do not travel, and no more */
	const char *task; /* staff events: the task's ref, or NULL */
	const char *note; /* staff events: what happened, in words without names */
	/* staff events: references, and an answer as in the interface; NULL or 0 when not about it
	 */
	const char *patient, *support, *answer;
	int promise;
	const char *template_id, *topic; /* of the endpoint, for the formats that need them */
};

/* The JSON of one notice, compact, keys in a fixed order: the same message gives the same bytes.
 * Appends to `body`.
 */
void wr_notice_body(const struct wr_notice_message *message, struct wr_buf *body);
/* Its `text` alone, for people in their language (to.language), as UTF-8. English: printable GSM
 * 7-bit characters, one part. Other languages as they are written, in two parts where they need it.
 * What has to go, goes in this order: the label's end, courtesies, the phone, the old time, the
 * link as a whole. Neither a time nor an address is ever cut. Appends to `text`.
 */
void wr_notice_text(const struct wr_notice_message *message, struct wr_buf *text);

/* How a body is written for one `format` of a webhook section. */
enum wr_notice_by { WR_NOTICE_BY_EITHER, WR_NOTICE_BY_PHONE, WR_NOTICE_BY_EMAIL };
struct wr_notice_format {
	enum wr_webhook_format format;
	const char *content_type;
	bool staff_only; /* carries no page and no contact */
	bool asks;       /* before a second try, whether the first one arrived: GOV.UK Notify */
	enum wr_notice_by by; /* the contact that it can't be without */
	void (*write)(const struct wr_notice_message *message, struct wr_buf *body);
};
const struct wr_notice_format *wr_notice_format_find(
    enum wr_webhook_format format); /* NULL: this program does not write it */

/* ---- GOV.UK Notify: formats notify-sms and notify-email ---- */

enum { WR_NOTIFY_SECRET = 36 }; /* characters at the end of an API key: its secret, a UUID */

/* Where to POST, and where to ask for a notice by its reference. `url` is as configured: Notify's
 * address with or without the path of the format. Appends.
 */
void wr_notify_url(const char *url, enum wr_webhook_format format, struct wr_buf *ret_url);
void wr_notify_ask_url(const char *url, const char *id, struct wr_buf *ret_url);
/* The JSON Web Token of one request; `key` may be the whole API key or its secret alone. Appends.
 */
void wr_notify_token(const char *service, const char *key, wr_time now, struct wr_buf *token);

enum wr_notify_known {
	WR_NOTIFY_UNREADABLE,
	WR_NOTIFY_UNKNOWN, /* it never got there */
	WR_NOTIFY_KNOWN,
};
/* What the answer to such a question says of this notice. */
enum wr_notify_known wr_notify_read(const char *body, const char *id);

/* ---- GSM 7-bit (3GPP TS 23.038, 6.2.1 and 6.2.1.1) ---- */

enum {
	WR_NOTICE_SMS = 160,      /* septets of a single part */
	WR_NOTICE_SMS_PART = 153, /* of each part when there are several */
	WR_NOTICE_UCS2 = 70,      /* UTF-16 units of a single part with other characters */
	WR_NOTICE_UCS2_PART = 67,
};

/* Septets of a UTF-8 text, two for the extension table; -1 when a character is in neither table. */
int wr_notice_septets(const char *text);
/* UTF-16 units, as a text is sent that has other characters. */
int wr_notice_ucs2(const char *text);
/* How many parts of a text message it is: 0 for "". */
int wr_notice_parts(const char *text);
/* Appends `text` with every character in the tables: accents that the alphabet lacks are taken off,
 * typographic quotes and dashes become plain ones, anything else is dropped.
 */
void wr_notice_to_gsm(struct wr_buf *out, const char *text);

/*
 * ---- when ----
 *
 * Quiet hours are ward wall time, minutes 0-1440: from == to means that no hour is quiet, from > to
 * goes over midnight; `from` itself is quiet, `to` is not.
 */

enum {
	WR_NOTICE_COALESCE_SECONDS = 120,
	WR_NOTICE_BEFORE_QUIET_SECONDS = 300, /* how long before quiet hours a reminder goes */
	WR_NOTICE_URGENT_SECONDS = 900, /* so close to the slot nothing waits for more changes */
};

bool wr_notice_is_quiet(struct wr_clock_span quiet, const struct wr_zone *zone, wr_time at);
/* `at`, or the start of the quiet hours that `at` lies in. */
wr_time wr_notice_quiet_start(struct wr_clock_span quiet, const struct wr_zone *zone, wr_time at);
/* `at`, or the end of the quiet hours that `at` lies in. */
wr_time wr_notice_quiet_end(struct wr_clock_span quiet, const struct wr_zone *zone, wr_time at);

/* When one reminder goes: `before` the start, or just before the quiet hours this falls into. */
wr_time wr_notice_reminder_due(struct wr_clock_span quiet, const struct wr_zone *zone,
    wr_time slot_start, struct wr_duration before);
/* All reminders still to come of a slot published (or moved) at `published`, soonest first, two at
 * one time as one; returns how many. `ret_due` has room for `n`.
 */
size_t wr_notice_reminders(struct wr_clock_span quiet, const struct wr_zone *zone,
    const struct wr_duration *before, size_t n, wr_time slot_start, wr_time published,
    wr_time *ret_due);
/* When news or a reminder that is due may go: `now`, or the end of the quiet hours that `now` lies
 * in, unless it tells of a change and the slot is before the next midday. The same is asked again
 * before each try, since a try may come hours after the first.
 */
wr_time wr_notice_go_at(struct wr_clock_span quiet, const struct wr_zone *zone,
    enum wr_notice_type type, wr_time now, wr_time slot_start);
/* When a change made at `now` is told. In quiet hours at once when the slot is before the next
 * midday, else when they end; outside always at once. "At once" waits WR_NOTICE_COALESCE_SECONDS
 * for more changes, but never into quiet hours. `pending` is when a change not yet told is due
 * (WR_TIME_NONE: there is none): the two become one notice at the earlier time. `slot_start` is the
 * earlier one of the old and the new start.
 */
wr_time wr_notice_change_due(struct wr_clock_span quiet, const struct wr_zone *zone, wr_time now,
    wr_time slot_start, wr_time pending);

/* ---- how often: tries, pauses, ends ---- */

/* How one try went on the way there; a status is looked at only after WR_NOTICE_ANSWERED. */
enum wr_notice_transport {
	WR_NOTICE_ANSWERED,
	WR_NOTICE_UNREACHED, /* name, connection, TLS or the middle of an answer failed */
	WR_NOTICE_TIMED_OUT,
	WR_NOTICE_FORBIDDEN,   /* the address lies in a special range that is not allowed */
	WR_NOTICE_BAD_ADDRESS, /* not http or https, with a user in it, or no URL at all */
	WR_NOTICE_STOPPED,     /* cancelled on our side: says nothing about the endpoint */
	WR_NOTICE_LOCKED_OUT,  /* answered, but our key or clock is wrong: worth trying again */
};

enum wr_notice_end {
	WR_NOTICE_DONE,         /* 2xx */
	WR_NOTICE_RETRY,        /* 408, 425, 429, 5xx, or no answer */
	WR_NOTICE_FINAL,        /* every other 3xx and 4xx: trying again changes nothing */
	WR_NOTICE_ENDPOINT_OFF, /* 410: final, and the endpoint wants no more */
};

enum {
	WR_NOTICE_TRY_MS = 15000,            /* how long one try may take */
	WR_NOTICE_RETRY_AFTER_LIMIT = 3600,  /* seconds; more is cut to this */
	WR_NOTICE_LIFE_WITHOUT_SLOT = 86400, /* not_after of a notice without a slot */
};

enum wr_notice_end wr_notice_judge(enum wr_notice_transport transport, int status);
/* Milliseconds to wait after `failed` tries in a row (1 or more); `random` is any 32 bits and adds
 * up to 20 %.
 */
int64_t wr_notice_pause_ms(unsigned failed, uint32_t random);
/* When to try again after the failure at `now`, WR_TIME_NONE when that is after `not_after` (the
 * notice is expired). `retry_after` in seconds as the endpoint asked, negative when it did not; it
 * lengthens a pause, never shortens it.
 */
wr_time wr_notice_next_try(
    wr_time now, unsigned failed, uint32_t random, int64_t retry_after, wr_time not_after);
/* The value of Retry-After (RFC 9110, 10.2.3), a number of seconds or a date: seconds from `now`,
 * -1 when it can't be read.
 */
int64_t wr_notice_retry_after(const char *value, wr_time now);

/*
 * ---- how much: what one endpoint may have on its way ----
 *
 *     open --- 16 failures in a row ---> dead: nothing goes for 5 s, then 10, 20, 40, 60
 *      ^                                   |            ^ it fails too
 *      |                                   v            |
 *      +------------ it succeeds ------- one try, nothing else
 *
 * An endpoint that answers fast gets more at a time, one that is slow less, so that what is on its
 * way was looked at a moment ago. A failure is what would be tried again; any other answer is a
 * sign of life. An answer of 429 or 503 with Retry-After rests all of the endpoint's for that long,
 * at most a minute (its own notice waits for all of it, see wr_notice_next_try).
 *
 * Zeroed is a good beginning. A clock that is set back shortens a pause, never lengthens it.
 */
enum {
	WR_GATE_LEAST = 16, /* at a time */
	WR_GATE_MOST = 1024,
};

struct wr_gate {
	unsigned failed; /* in a row */
	unsigned opened; /* times that it was found dead, since it last was alive */
	wr_time until;   /* nothing goes before */
	size_t window;   /* at a time */
};

struct wr_gate_try {
	enum wr_notice_transport transport;
	int status;
	int64_t retry_after; /* seconds; negative: none */
	int64_t took_ms;     /* from being taken off the queue to the answer */
};

void wr_gate_result(struct wr_gate *gate, wr_time now, const struct wr_gate_try *try);
/* How many more may go now, with `flying` on their way. */
size_t wr_gate_room(const struct wr_gate *gate, wr_time now, size_t flying);
/* When it is to be looked at again; WR_TIME_NONE: now. */
wr_time wr_gate_until(const struct wr_gate *gate, wr_time now);
bool wr_gate_is_dead(const struct wr_gate *gate);

/* ---- signatures: Standard Webhooks 1.0.0 ---- */

enum {
	WR_NOTICE_SECRETS = 2, /* the newest first; two while one is being changed */
	WR_NOTICE_SECRET_MIN = 24,
	WR_NOTICE_SECRET_MAX = 64, /* bytes after base64 */
	WR_NOTICE_SIGNATURE_TEXT = WR_NOTICE_SECRETS * 48,
	WR_NOTICE_TOLERANCE = 300, /* seconds, for what others sign */
};

/* One secret, "whsec_" and standard base64, into `ret_bytes`. 0 or WR_NOTICE_BAD_SECRET. */
int wr_notice_secret_parse(const char *text, size_t length,
    unsigned char ret_bytes[WR_NOTICE_SECRET_MAX], size_t *ret_length);
/* The value of webhook-signature: "v1,<base64>" for each secret (the first two). Writes into
 * `text`, returns it. */
char *wr_notice_sign(const struct wr_secrets *secrets, const char *id, wr_time timestamp,
    const void *body, size_t length, char text[WR_NOTICE_SIGNATURE_TEXT]);
/* What somebody else signed, from the three headers (any may be NULL). 0 when one of the signatures
 * is by one of the secrets; compared in constant time.
 */
int wr_notice_verify(const struct wr_secrets *secrets, const char *id, const char *timestamp,
    const char *signatures, const void *body, size_t length, wr_time now);

/* ---- receipts: what became of what an endpoint had taken ---- */

enum wr_receipt_kind {
	WR_RECEIPT_ON_ITS_WAY,
	WR_RECEIPT_DELIVERED,
	WR_RECEIPT_LOST,        /* it did not arrive; the next one may */
	WR_RECEIPT_BAD_CONTACT, /* nothing will arrive there */
};

struct wr_receipt {
	const char *notice; /* its id */
	enum wr_receipt_kind kind;
	enum wr_notice_by by; /* EITHER: it does not say */
};

/* {"notice", "status", "by"}, or GOV.UK Notify's {"reference", "status", "notification_type"}; one,
 * or {"receipts": [...]}, or inside "data". false when any of them can't be read.
 */
bool wr_receipts_read(struct wr_arena *arena, const char *body, size_t length,
    struct wr_receipt **ret_receipts, size_t *ret_n);
/* `Authorization: Bearer` and one of the secrets as it stands in its file; compared in constant
 * time. For callbacks of services that sign nothing.
 */
bool wr_notice_bears(const struct wr_secrets *secrets, const char *authorization);

/* ---- where to: addresses that are no business of a webhook ---- */

/* `bytes` in network order, `length` 4 or 16 (any other is special). True for loopback, private,
 * link-local, shared (RFC 6598), multicast, documentation, benchmarking, reserved and every other
 * range of the IANA special-purpose registries (RFC 6890) that is not global. An IPv6 address that
 * carries an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo, ISATAP) is judged by that too.
 */
bool wr_address_is_special(const uint8_t *bytes, size_t length);

#endif
