/*
 * config: what the admin has written, read strictly and whole.
 *
 * One table (lib/config/settings.c) gives each setting's name, kind, place, range, default, unit
 * and help. The reader, the defaults, `config show`, the manual page wardround.conf(5) and the test
 * that conf/wardround.conf shows every setting all come from it.
 *
 * Reading never stops at a mistake: every mistake of every file is reported in one run, with line
 * and column. A `struct wr_config` exists only when there was no error. It is immutable, lives in
 * one arena with everything it points to, and may be shared between threads.
 *
 * Texts are never NULL: "" means not given. Arrays are NULL when empty. Paths are absolute or
 * relative to the working directory: those written relative were taken relative to their file.
 *
 * Pure: files and zone data come through `struct wr_config_port`.
 */
#ifndef WARDROUND_CONFIG_H
#define WARDROUND_CONFIG_H

#include "wardround/base.h"
#include "wardround/civil.h"

struct json_t;

/* ---- what was read ---- */

struct wr_texts {
	const char *const *items;
	size_t n;
};

struct wr_indexes {
	const int *items;
	size_t n;
};

struct wr_durations {
	const struct wr_duration *items;
	size_t n;
};

/* Minutes of the day, half-open: [from, to). */
struct wr_clock_span {
	int from, to;
};

struct wr_clock_spans { /* ascending, none overlapping another */
	const struct wr_clock_span *items;
	size_t n;
};

/* A time in each week, or by hand (then weekday and minute are 0). */
struct wr_weekly {
	bool by_hand;
	int weekday; /* 0 Monday .. 6 Sunday */
	int minute;  /* 0-1439 */
};

struct wr_holiday {
	wr_day day;
	const char *name; /* "" when the calendar gives none */
};

struct wr_holidays {      /* ascending by day, each day once */
	const char *path; /* "" when the ward keeps no holidays */
	const struct wr_holiday *items;
	size_t n;
};

struct wr_secret { /* the decoded bytes behind whsec_ */
	const unsigned char *bytes;
	size_t length; /* 24-64 */
};

struct wr_secrets { /* newest first: sign with each */
	const char *path;
	const struct wr_secret *items;
	size_t n;
};

struct wr_key_file {
	const char *path;
	const char *key; /* its first line */
};

struct wr_config_consultant {
	const char *id;
	const char *name;
};

struct wr_config_round {
	const char *id; /* one of its kind within the ward */
	int consultant; /* index in wr_config.consultants */
	unsigned days;  /* bit 0 Monday .. bit 6 Sunday; never 0 */
	int from, to;   /* minutes of the day, multiples of 5 */
	int slot;       /* minutes from one start to the next, changeover included */
	int changeover; /* minutes at the end of each slot that belong to nobody; < slot */
	struct wr_clock_spans breaks;
	const char *room;
	struct wr_texts join; /* one for each slot of a session in turn; none: n is 0 */
	bool lobby;
	const char *dial_in;
	int keep_free; /* the last cells of a session, for new admissions */
};

struct wr_config_ward {
	const char *id;
	const char *name;
	const struct wr_zone *zone;
	int beds;
	const char *phone;
	const char *contact_phone;
	const char *address;
	const char *arrive;
	struct wr_holidays holidays;
	struct wr_duration first_slot_within;
	struct wr_indexes first_slot_with; /* consultants */
	struct wr_duration slot_every;
	struct wr_duration notice;
	struct wr_weekly plan, publish; /* both by hand, or neither */
	struct wr_duration keep_cancelled;
	/* A support whose free times nobody has said counts as always free at weight / this. */
	int unsaid_free_divisor;
	const struct wr_config_round *rounds;
	size_t n_rounds;
};

enum wr_webhook_format {
	WR_FORMAT_STANDARD,
	WR_FORMAT_NOTIFY_SMS,
	WR_FORMAT_NOTIFY_EMAIL,
	WR_FORMAT_NTFY, /* this and the next carry staff events only */
	WR_FORMAT_SLACK,
	WR_FORMAT_TEAMS,
	WR_FORMAT_MATRIX,
	WR_FORMATS
};

enum wr_webhook_event { /* bits of wr_config_webhook.events */
	WR_EVENT_SLOT = 1 << 0,
	WR_EVENT_REMINDER = 1 << 1,
	WR_EVENT_INVITE = 1 << 2,
	WR_EVENT_REPLY = 1 << 3, /* this and the next are for staff */
	WR_EVENT_PATIENT = 1 << 4,
	WR_EVENT_TASK = 1 << 5,
};
#define WR_EVENTS_STAFF ((unsigned)(WR_EVENT_REPLY | WR_EVENT_PATIENT | WR_EVENT_TASK))

struct wr_config_webhook {
	const char *id;
	const char *url;           /* http or https, no user and password */
	struct wr_secrets secrets; /* at least one when the format is standard */
	enum wr_webhook_format format;
	unsigned events;
	struct wr_indexes wards; /* none: all wards; ask wr_config_webhook_serves */
	bool send_contact;
	bool reply_links;
	struct wr_texts allow_networks; /* "10.20.0.0/16", "fd00::/8", valid */
	const char *proxy;              /* a URL, or "" for none */
	const char *notify_service, *notify_template, *topic;
	struct wr_key_file notify_key;
};

struct wr_config_reminders {
	struct wr_durations before; /* as written */
	struct wr_clock_span quiet; /* from > to goes over midnight; from == to: no quiet hours */
};

struct wr_config {
	/* "127.0.0.1:8480", "[::1]:8480", "unix:/path"; none: only sockets passed by the system */
	struct wr_texts listen;
	const char *listen_staff;   /* "" when staff use `listen` too */
	const char *staff_url;      /* "": as public_url */
	const char *sign_in_header; /* of trusted proxies; "": none */
	struct wr_texts trusted_proxies;
	const char *metrics;    /* "" is off */
	const char *public_url; /* without a slash at the end */
	const char *control;
	const char *database;
	const char *paper_dir; /* "" is off */
	const char *country_code;
	int max_connections;
	int max_connections_per_address;

	const struct wr_config_consultant *consultants;
	size_t n_consultants;
	const struct wr_config_ward *wards;
	size_t n_wards;
	struct wr_config_reminders reminders;
	const struct wr_config_webhook *webhooks;
	size_t n_webhooks;
};

/* ---- looking up; NULL or -1 when there is none; a NULL id finds nothing ---- */

int wr_config_consultant_index(const struct wr_config *config, const char *id);
const struct wr_config_consultant *wr_config_find_consultant(
    const struct wr_config *config, const char *id);
int wr_config_ward_index(const struct wr_config *config, const char *id);
const struct wr_config_ward *wr_config_find_ward(const struct wr_config *config, const char *id);
const struct wr_config_round *wr_config_find_round(
    const struct wr_config_ward *ward, const char *id);
const struct wr_config_webhook *wr_config_find_webhook(
    const struct wr_config *config, const char *id);
/* Whether the endpoint takes this event (one bit) for this ward. */
bool wr_config_webhook_serves(
    const struct wr_config_webhook *webhook, int ward_index, enum wr_webhook_event event);
const char *wr_webhook_format_name(enum wr_webhook_format format); /* "notify-sms" */
/* The holiday on `day`, or NULL. */
const struct wr_holiday *wr_config_holiday(const struct wr_config_ward *ward, wr_day day);
/* Monday to Friday and no holiday of the ward. */
bool wr_config_working_day(const struct wr_config_ward *ward, wr_day day);

/* ---- the cells of a round ---- */

enum { WR_ROUND_CELLS_MAX = WR_MINUTES_A_DAY / 5 };
/*
 * The cell starts of one session, minutes of the day, ascending: slots laid end to end from `from`
 * to `to`, none of them touching a break; after a break they start anew at its end. The changeover
 * is the end of each slot. Returns how many. The last `keep_free` of them are the kept ones.
 */
int wr_round_starts(const struct wr_config_round *round, int ret_minutes[WR_ROUND_CELLS_MAX]);

/* ---- reading ---- */

/* One config file's text, in the order of reading. `path` names it in diagnostics, and its folder
 * is where relative paths in it start. */
struct wr_config_source {
	const char *path;
	const char *bytes;
	size_t length;
};

enum {
	WR_CONFIG_SOURCE_MAX = 1024 * 1024, /* bytes of one file that is read */
	WR_CONFIG_DIAGNOSTICS_MAX = 500,    /* then one more says that there are more */
};

struct wr_config_file {
	const void *bytes; /* in the arena given; needs no NUL at its end */
	size_t length;
	unsigned mode; /* st_mode's permission bits */
};

struct wr_config_port {
	void *context;
	/* A regular file of at most WR_CONFIG_SOURCE_MAX bytes: 0, or -ENOENT, -EACCES, -EISDIR,
	 * -EFBIG, any other -errno. */
	int (*read_file)(void *context, struct wr_arena *arena, const char *path,
	    struct wr_config_file *ret_file);
	/* The TZif bytes of a zone. `name` is already known to be a safe relative path. */
	int (*read_zone)(void *context, struct wr_arena *arena, const char *name,
	    struct wr_config_file *ret_file);
};

enum wr_severity { WR_CONFIG_ERROR, WR_CONFIG_WARNING };

struct wr_config_diagnostic {
	enum wr_severity severity;
	const char *file;
	int line, column; /* from 1; columns count characters */
	int width;        /* characters under the caret, at least 1 */
	int caret;        /* characters of source_line before it */
	const char *text;
	const char *hint;        /* NULL when there is none */
	const char *source_line; /* fit for a terminal; of a long line the part that matters */
};

/* In the order of files, lines and columns; in the arena. */
struct wr_config_diagnostics {
	struct wr_config_diagnostic *items;
	size_t n;
	size_t errors;
};

enum wr_config_outcome { WR_CONFIG_BAD = 1 };

/*
 * Reads `n` sources as one configuration. 0: *ret_config is set (there may be warnings);
 * WR_CONFIG_BAD: there are errors and *ret_config is NULL. Diagnostics are set in both cases.
 * `now` is for the warning of holidays that end. Any bytes are fine; nothing here crashes or
 * recurses without limit.
 */
int wr_config_read(struct wr_arena *arena, const struct wr_config_source *sources, size_t n,
    const struct wr_config_port *port, wr_time now, const struct wr_config **ret_config,
    struct wr_config_diagnostics *ret_diagnostics);

/*
 * file:line:column: error: text
 * the source line
 *     ^~~~ under the word
 * hint: did you mean `consultant`?
 */
void wr_config_diagnostic_format(const struct wr_config_diagnostic *diagnostic, struct wr_buf *buf);

/* ---- showing ---- */

/* The configuration in force, defaults included, in config syntax; files are named, what is in a
 * secret or key file is never shown. Reading it again gives the same configuration. */
void wr_config_show(const struct wr_config *config, struct wr_buf *buf);
/* The same as a JSON object, keyed by setting; sections are objects keyed by id. Yours. */
struct json_t *wr_config_show_json(const struct wr_config *config);
/* wardround.conf(5) in scdoc's language. */
void wr_config_manual(struct wr_buf *buf);

#endif
