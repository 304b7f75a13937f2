/*
 * ctl: wardctl, what an admin and scripts type. It knows no rule of the ward: it reads the command
 * line by one table (verbs.c), asks the daemon over the control socket, and prints the answer.
 *
 *     wardctl.c   from argv to exit code
 *     verbs.c     the table: every noun, verb and argument     views.c   the columns of tables
 *     args.c      the command line, by the table               help.c, completion.c, manual.c
 *     client.c    one HTTP request on the control socket       ask.c     a verb asked, with its yes
 *     print.c, table.c, value.c   an answer, in words          say.c     errors, notes
 *     the rest    verbs that need more than a question: import, qr, config check, solve, demo
 *
 * One thread, one call, then exit.
 */
#ifndef WR_DAEMON_CTL_H
#define WR_DAEMON_CTL_H

#include "wardround/base.h"

#include <jansson.h>
#include <stdio.h>

enum wr_ctl_exit {
	WR_CTL_DONE = 0,
	WR_CTL_REFUSED = 1,
	WR_CTL_UNKNOWN = 2,
	WR_CTL_USAGE = 64,
	WR_CTL_DATA = 65,
	WR_CTL_UNREACHABLE = 69,
	WR_CTL_INTERNAL = 70,
	WR_CTL_IO = 74,
	WR_CTL_AGAIN = 75,
	WR_CTL_FORBIDDEN = 77,
	WR_CTL_CONFIG = 78,
};

struct wr_ctl_globals {
	const char *socket;
	const char *reason, *key; /* NULL: not given */
	bool json, dry_run, yes, quiet;
};

/* ---- the table ---- */

enum wr_ctl_kind {
	WR_CTL_TEXT,
	WR_CTL_FLAG,
	WR_CTL_NUMBER, /* whole, within min and max */
	WR_CTL_WORD,   /* one of `words` */
	WR_CTL_LIST,   /* text, may be given several times */
	WR_CTL_FILE,   /* the name of a file here; never sent */
};

enum { /* of an argument */
	WR_CTL_MUST = 1 << 0,
	WR_CTL_POSITIONAL = 1 << 1,
};

/* Arguments with the same `group` exclude each other; with MUST exactly one of them is given. */
struct wr_ctl_arg {
	const char *name; /* "last-seen"; in JSON "last_seen". NULL ends an array */
	enum wr_ctl_kind kind;
	unsigned flags;
	const char *value; /* what stands for the value in the help: "T" */
	const char *words; /* of WORD, divided by '|' */
	int min, max;      /* of NUMBER */
	char group;        /* 0: none */
	const char *help;
};

enum {                             /* of a verb */
	WR_CTL_CHANGES = 1 << 0,   /* POST, with --dry-run, --yes, --reason, --key */
	WR_CTL_REASON = 1 << 1,    /* what is published changes only with --reason */
	WR_CTL_ASKS = 1 << 2,      /* may need a yes */
	WR_CTL_LOCAL = 1 << 3,     /* needs no daemon */
	WR_CTL_DEFAULT = 1 << 4,   /* the verb when only the noun is given */
	WR_CTL_HIDDEN = 1 << 5,    /* for the build */
	WR_CTL_NOUN_ONLY = 1 << 6, /* the noun is never followed by this verb */
};

struct wr_ctl_call;

struct wr_ctl_verb {
	const char *noun, *verb; /* noun NULL ends the table */
	const struct wr_ctl_arg *args;
	unsigned flags;
	int (*run)(struct wr_ctl_call *call); /* NULL: wr_ctl_ask */
	const char *help;
};

struct wr_ctl_noun {
	const char *name, *help;
};

extern const struct wr_ctl_noun wr_ctl_nouns[]; /* ends with name NULL */
extern const struct wr_ctl_verb wr_ctl_verbs[];
extern const struct wr_ctl_arg wr_ctl_global_args[]; /* --socket, --json, ... */

struct wr_ctl_call {
	const struct wr_ctl_verb *verb;
	struct wr_ctl_globals globals;
	json_t *args;          /* as the route wants them; common arguments not among them */
	struct wr_arena arena; /* lives as long as the call */
};

/* A text argument of the call, or NULL. */
const char *wr_ctl_text(const struct wr_ctl_call *call, const char *name);
bool wr_ctl_number(const struct wr_ctl_call *call, const char *name, int64_t *ret_number);

/* ---- the command line ---- */

enum wr_ctl_parsed { WR_CTL_PARSED_CALL, WR_CTL_PARSED_HELP, WR_CTL_PARSED_BAD };
/*
 * CALL: *ret_call is complete. HELP: help was asked for; *ret_call's verb may be NULL, and
 * *ret_noun too. BAD: the mistake has been said; exit with WR_CTL_USAGE.
 */
enum wr_ctl_parsed wr_ctl_parse(
    int n, char **words, struct wr_ctl_call *ret_call, const char **ret_noun);

const struct wr_ctl_noun *wr_ctl_find_noun(const char *name);

/* ---- help, from the table ---- */

void wr_ctl_help(FILE *to);
void wr_ctl_help_noun(FILE *to, const char *noun);
void wr_ctl_help_verb(FILE *to, const struct wr_ctl_verb *verb);
/* "wardctl patient admit --ward W [--ref R]" */
void wr_ctl_synopsis(struct wr_buf *buf, const struct wr_ctl_verb *verb);

/* ---- saying what went wrong ---- */

/* Under --json {"schema":1,"error":{...}} on stdout; in words on stderr. Returns `exit`. */
int wr_ctl_fail(const struct wr_ctl_globals *globals, enum wr_ctl_exit exit, const char *hint,
    const char *format, ...) WR_PRINTF(4, 5);
/* The same for the error that the daemon answered with. `status` is the HTTP status. */
int wr_ctl_fail_answer(const struct wr_ctl_globals *globals, long status, json_t *answer);
/* One line on stderr, unless --quiet. */
void wr_ctl_note(const struct wr_ctl_globals *globals, const char *format, ...) WR_PRINTF(2, 3);
/* `text` on a stream with control characters made visible, so that no name steers a terminal. */
void wr_ctl_put_safe(FILE *to, const char *text);

/* ---- files ---- */

/* The whole file; 0 or -errno (-EFBIG above `most` bytes). */
int wr_ctl_read_file(const char *path, size_t most, struct wr_buf *buf);
/* 0 or -errno; the file is made or emptied, with these permissions. */
int wr_ctl_write_file(const char *path, const char *bytes, size_t length, unsigned mode);

/* ---- asking the daemon ---- */

struct wr_ctl_answer {
	long status;       /* HTTP */
	json_t *body;      /* an object */
	struct wr_buf raw; /* as it came */
};

/*
 * One request. `args` become the query of a GET or the body of a POST; NULL is none. 0, or an exit
 * code after the failure has been said. Any answer of the daemon is 0, an error too.
 */
int wr_ctl_request(const struct wr_ctl_globals *globals, bool post, const char *path, json_t *args,
    struct wr_ctl_answer *ret_answer);
/* As wr_ctl_request, but says nothing: 0, or the exit code that it would be. */
int wr_ctl_try(const struct wr_ctl_globals *globals, bool post, const char *path, json_t *args,
    struct wr_ctl_answer *ret_answer);
void wr_ctl_answer_deinit(struct wr_ctl_answer *answer);

/* Asks what the verb asks, with the yes of a person where one is needed; prints the answer. */
int wr_ctl_ask(struct wr_ctl_call *call);
/* As wr_ctl_ask, but hands the answer over (status 200) instead of printing it. */
int wr_ctl_ask_for(struct wr_ctl_call *call, struct wr_ctl_answer *ret_answer);

/* ---- printing ---- */

struct wr_ctl_column {
	const char *key, *heading;
};
struct wr_ctl_view { /* the columns of the array `list` of an answer */
	const char *list;
	struct wr_ctl_column columns[12];
};
extern const struct wr_ctl_view wr_ctl_views[]; /* ends with list NULL */

/* One value; `key` (or NULL) may decide how it is shown. */
void wr_ctl_append_value(struct wr_buf *buf, const char *key, json_t *value);
/* Not null, false, "" or []. */
bool wr_ctl_has_value(json_t *value);
/* The whole answer: as it came under --json, else lines and tables. */
void wr_ctl_print(const struct wr_ctl_globals *globals, json_t *answer);
/* What the reader of the configuration says, each with its line and a caret, on stderr. */
void wr_ctl_say_diagnostics(json_t *diagnostics);
/* One table of an array of objects. */
void wr_ctl_print_table(FILE *to, const char *list, json_t *rows);

/* ---- verbs of their own ---- */

int wr_ctl_run_config_check(struct wr_ctl_call *call);
int wr_ctl_run_config_show(struct wr_ctl_call *call);
int wr_ctl_run_import(struct wr_ctl_call *call);
int wr_ctl_run_export(struct wr_ctl_call *call);
int wr_ctl_run_link_qr(struct wr_ctl_call *call);
int wr_ctl_run_plan_solve(struct wr_ctl_call *call);
int wr_ctl_run_demo_start(struct wr_ctl_call *call);
int wr_ctl_run_demo_stop(struct wr_ctl_call *call);
int wr_ctl_run_version(struct wr_ctl_call *call);
int wr_ctl_run_completion(struct wr_ctl_call *call);
int wr_ctl_run_manual(struct wr_ctl_call *call);

#endif
