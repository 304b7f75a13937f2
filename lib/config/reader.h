/*
 * What the files of this room share: the tree a config text becomes, the settings table, and the
 * reader that goes from one to the other.
 *
 * The way of a config: parse.c makes trees of sections and values from texts; build.c fills the
 * structs from them by the table in settings.c, whose kinds (kind_*.c) read and show one value;
 * check.c compares what belongs together; warn.c says what is allowed but unwise.
 * Each of them reports through config_report and goes on.
 */
#ifndef WARDROUND_CONFIG_READER_H
#define WARDROUND_CONFIG_READER_H

#include "wardround/config.h"
#include "wardround/http.h"

/* ---- where something stands ---- */

struct place {
	int source;           /* -1: nowhere */
	int line;             /* from 1 */
	size_t start, length; /* bytes */
};

/* ---- the tree ---- */

enum value_kind { VALUE_BAD, VALUE_TEXT, VALUE_NUMBER, VALUE_TRUTH, VALUE_LIST };

struct value {
	enum value_kind kind; /* bad: already reported */
	struct place place;
	const char *text;
	int64_t number;
	bool truth;
	const struct value *items;
	size_t n;
};

struct entry {
	const char *name;
	struct place place;
	struct value value;
	bool bad; /* its value could not be used */
	struct entry *next;
};

enum section_kind {
	SECTION_TOP,
	SECTION_CONSULTANT,
	SECTION_WARD,
	SECTION_ROUND,
	SECTION_REMINDERS,
	SECTION_WEBHOOK,
	SECTION_KINDS
};

struct section {
	enum section_kind kind; /* set by build.c, with the next */
	bool place_is_right;    /* may stand where it stands */
	const char *name;
	const char *title;  /* NULL when it has none */
	struct place place; /* of the name; title_place of the title */
	struct place title_place;
	struct section *parent;
	struct entry *entries, **entries_end;
	struct section *sections, **sections_end;
	struct section *next;
};

/* ---- the reader ---- */

struct reader {
	struct wr_arena *arena;
	const struct wr_config_source *sources;
	size_t n_sources;
	const struct wr_config_port *port;
	wr_time now;

	struct reported *reported; /* heap */
	size_t n_reported, reported_capacity;
	size_t errors, hidden;

	struct section *top;
	size_t n_sections;

	/* What is being built, and the section each came from; both in file order. */
	struct wr_config *config;
	struct wr_config_consultant *consultants;
	struct wr_config_ward *wards;
	struct wr_config_webhook *webhooks;
	struct section **consultant_sections, **ward_sections, **webhook_sections;
	struct wr_config_round **rounds; /* [ward][round] */
	struct section ***round_sections;
};

/* Adds a diagnostic. The text is one sentence without a full stop; words of the admin's go in
 * backticks. `hint` may be NULL. */
void config_report(struct reader *reader, enum wr_severity severity, struct place place,
    const char *hint, const char *format, ...) WR_PRINTF(5, 6);
#define config_error(reader, place, hint, ...)                                                     \
	config_report((reader), WR_CONFIG_ERROR, (place), (hint), __VA_ARGS__)
#define config_warning(reader, place, hint, ...)                                                   \
	config_report((reader), WR_CONFIG_WARNING, (place), (hint), __VA_ARGS__)
/* Whether more would be dropped; then hints need not be looked for. */
bool config_reported_enough(const struct reader *reader);
void config_reported_finish(struct reader *reader, struct wr_config_diagnostics *ret_diagnostics);
/* "did you mean `x`?" for the word nearest to `word`, or NULL; in the arena. */
const char *config_did_you_mean(
    struct reader *reader, const char *word, const char *const *words, size_t n);
/* A word of the admin's as it may stand in a message: cut when long. In the arena. */
const char *config_quoted(struct reader *reader, const char *word);
/* Bytes of the character at `at`; 1 when it is not valid UTF-8. */
size_t config_character(const char *at, size_t left, bool *ret_valid);

/* Adds what a source holds to `top`. */
void config_parse(struct reader *reader, int source, struct section *top);
/* The one value in `text`, which is the table's own. */
struct value config_parse_default(struct wr_arena *arena, const char *text);

struct section *config_section_new(struct wr_arena *arena, const char *name);
struct entry *config_find_entry(const struct section *section, const char *name);
/* The place of a setting's value, or of the section's head when it is not written. */
struct place config_place(const struct section *section, const char *name);
/* Whether what these settings (NULL at the end) gave can be trusted. */
bool config_good(const struct section *section, ...) __attribute__((sentinel));
bool config_is_uuid(const char *text);

/* ---- settings ---- */

struct section_schema {
	const char *name; /* "" for the top */
	bool titled;
	enum section_kind parent;
	const char *help;
};
extern const struct section_schema config_sections[SECTION_KINDS];

struct kind;
struct setting {
	enum section_kind section;
	const char *name;
	const struct kind *kind;
	size_t offset; /* of the field in the section's struct */
	/* Numbers: range; texts and lists: how many characters or items; durations: seconds;
	 * minutes: minutes. */
	int64_t min, max;
	const char *fallback; /* in config syntax; NULL: must be written */
	const char *help;
};
extern const struct setting config_settings[];
extern const size_t config_settings_n;
const struct setting *config_find_setting(enum section_kind section, const char *name);

struct json_t;

/* How values of one kind are read and shown. */
struct kind {
	const char *takes; /* "a text", for messages */
	const char *form;  /* for the manual: "25 minutes" */
	enum value_kind shape;
	enum value_kind items; /* of a list */
	bool single;           /* one item may stand without the list's braces */
	/* Writes the field; false when the value was reported. */
	bool (*read)(struct reader *reader, const struct setting *setting,
	    const struct value *value, void *field);
	struct json_t *(*show)(const struct wr_config *config, const void *field);
	/* The range as words for the manual, or NULL. */
	void (*range)(const struct setting *setting, struct wr_buf *buf);
};
extern const struct kind kind_text, kind_header, kind_phone, kind_country, kind_path, kind_number,
    kind_truth;
extern const struct kind kind_duration, kind_durations, kind_minutes, kind_clock, kind_weekly,
    kind_days, kind_breaks, kind_quiet;
extern const struct kind kind_address, kind_addresses, kind_networks, kind_url, kind_urls,
    kind_origin;
extern const struct kind kind_consultant, kind_consultants, kind_wards, kind_format, kind_events;
extern const struct kind kind_zone, kind_holidays, kind_secrets, kind_key_file;

/* A path as written, taken relative to the file of `place`. */
const char *config_resolve(struct reader *reader, struct place place, const char *path);
/* "10:40-11:00" */
bool config_span_parse(const char *text, struct wr_clock_span *ret_span);
/* Seconds as words: "7 days", "48 hours". */
const char *config_seconds_text(int64_t seconds, char text[WR_TIME_TEXT]);
int64_t config_duration_seconds(struct wr_duration duration);

/* ---- the steps after parsing ---- */

void config_build(struct reader *reader);
void config_check(struct reader *reader);
void config_warn(struct reader *reader);

/* Reads a calendar's days; false when it is no calendar (nothing reported). `*ret_undated` counts
 * events without a date that could be read. */
bool config_holidays_parse(struct wr_arena *arena, const void *bytes, size_t length,
    struct wr_holidays *holidays, size_t *ret_undated);

/* ---- addresses ---- */

struct url {
	bool tls;
	const char *host; /* not ended: length counts */
	size_t host_length;
	int port;         /* -1: not written */
	const char *rest; /* from the path on; "" when there is none */
};
/* http or https with a host; NULL, or what is wrong with it. */
const char *config_url_parse(const char *text, struct url *ret_url);
/* Whether its host is a literal address, however it is spelt (0x7f.1, 2130706433, [::1]). */
bool config_url_ip(const struct url *url, struct wr_ip *ret_ip);

#endif
