/*
 * use: what a use case is given, and what it leaves behind.
 *
 * A use case is one function, one file, the same for wardctl, the pages and the daemon itself. It
 * runs inside one store job, on the store's thread: it reads its arguments and rows, asks lib to
 * decide, writes rows, says who is to be told, and audits. It never waits, logs or sends. When it
 * returns 0 its rows are committed with the audit or, for a dry run, rolled back after the answer
 * was made from them: so a dry run can't say anything else than what would happen.
 *
 *     static int decline(struct wr_use *use)
 *     {
 *             struct wr_slot slot;
 *             int r = wr_use_slot(use, wr_arg_text(use, "slot"), &slot);
 *             if (r)
 *                     return r;
 *             if (slot.state != WR_STATE_PUBLISHED)
 *                     return wr_refuse(use, "see wardctl slot show", "slot %s is %s", ...);
 *             ...
 *             wr_use_change(use, ...); wr_tell_slot(use, &slot, ...); wr_use_audit(use, ...);
 *             wr_use_answer(use, "slot", wr_json_slot(use, &slot));
 *             return 0;
 *     }
 *
 * Everything lives in `arena` or belongs to the json objects; both go when the answer is written.
 */
#ifndef WR_DAEMON_DESK_USE_H
#define WR_DAEMON_DESK_USE_H

#include <jansson.h>

#include "store/store.h"
#include "wardround/config.h"
#include "wardround/language.h"
#include "wardround/ward.h"

/* Why a use case did not do it; wardctl turns the code into its exit code (2.3). */
enum wr_fault_code {
	WR_FAULT_NONE,
	WR_FAULT_REFUSED,      /* 409, exit 1: a rule of the ward says no */
	WR_FAULT_NEEDS_YES,    /* 409, exit 1 */
	WR_FAULT_UNKNOWN,      /* 404, exit 2: no such name */
	WR_FAULT_USAGE,        /* 400, exit 64 */
	WR_FAULT_NEEDS_REASON, /* 400, exit 64 */
	WR_FAULT_DATA,         /* 422, exit 65: a value that can't be */
	WR_FAULT_AGAIN,        /* 503, exit 75 */
	WR_FAULT_READ_ONLY,    /* 503, exit 75: disk full */
	WR_FAULT_FORBIDDEN,    /* 403, exit 77 */
	WR_FAULT_CONFIG,       /* 422, exit 78 */
	WR_FAULT_INTERNAL,     /* 500, exit 70 */
};

enum { WR_USE_FAILED = 1 }; /* use->fault says why; everything is rolled back */

struct wr_fault {
	enum wr_fault_code code;
	const char *text, *hint; /* arena; hint may be NULL */
	const char *for_people;  /* the same in plain words for a page; NULL: a general sentence */
	bool has_say;            /* or as a text, in the reader's language, */
	enum wr_say say;
	const char *field; /* about this field of a form; NULL: none */
	json_t *more;      /* extra members of the error object, e.g. "rows"; NULL */
};

/* The configuration in force with what was made from it: one reference for each job that runs. */
struct wr_ground {
	int references; /* touched on the loop only */
	struct wr_arena arena;
	const struct wr_config *config;
	unsigned char key[32]; /* of tokens */
};

/* One ward's week that is to be planned again after the commit. */
struct wr_replan {
	const char *ward;
	struct wr_week week;
};

struct wr_use {
	struct wr_tx *tx;
	const struct wr_ground *ground;
	const struct wr_config *config; /* ground->config */
	struct wr_arena *arena;
	wr_time now;
	json_t *args;       /* borrowed */
	const char *verb;   /* "slot move" */
	const char *actor;  /* "uid:1000", "link:l-...", "daemon" */
	const char *reason; /* staff's words; NULL */
	bool yes, dry_run;
	bool read_only;               /* the disk is full: writes are refused for now */
	wr_time started;              /* of the daemon */
	struct wr_hearing_memo *memo; /* NULL; compose.h */

	/* left behind */
	json_t *answer;
	struct wr_fault fault;
	json_t *changes, *told; /* arrays of what changed and of who will be told */
	const char **touched;   /* heap; patients whose slots, people or consent changed */
	size_t n_touched, touched_capacity;
	const char **wards; /* wards whose lists changed */
	size_t n_wards, wards_capacity;
	struct wr_replan *replans;
	size_t n_replans, replans_capacity;
	bool needs_yes;     /* wr_use_needs_yes was called */
	bool everything;    /* all links are to be made anew (a new config) */
	const char **links; /* heap; links whose doors are to be made anew */
	size_t n_links, links_capacity;
	bool staff_changed;           /* who may sign in, or who has */
	struct wr_sign_ins *sign_ins; /* handed to the loop after the commit; heap */
	const char *sealed_code;      /* of a one-time address in the answer; NULL */
	struct wr_door_change *doors; /* handed to the loop after the commit; heap */
	size_t n_doors, doors_capacity;
};

typedef int (*wr_use_case)(struct wr_use *use); /* 0, WR_USE_FAILED or -errno */

/* ---- saying no: each sets the fault and returns WR_USE_FAILED ---- */
int wr_fault(struct wr_use *use, enum wr_fault_code code, const char *hint, const char *format, ...)
    WR_PRINTF(4, 5);
#define wr_refuse(use, hint, ...) wr_fault((use), WR_FAULT_REFUSED, (hint), __VA_ARGS__)
#define wr_unknown(use, hint, ...) wr_fault((use), WR_FAULT_UNKNOWN, (hint), __VA_ARGS__)
/* Adds the words for people to a fault that was just made; returns `r`. */
int wr_use_say_to_people(struct wr_use *use, int r, const char *words);
/* The same as a text in the reader's language, about a field of the form (NULL: none). */
int wr_use_say(struct wr_use *use, int r, enum wr_say text, const char *field);
/* What can't be undone by the way needs a reason, a yes, or both. Call before writing anything:
 * without a reason it faults at once. wr_use_needs_yes notes the need; call.c turns it into
 * WR_FAULT_NEEDS_YES with the changes after the case has run (and rolls back). */
int wr_use_needs_reason(struct wr_use *use);
void wr_use_needs_yes(struct wr_use *use);
/* A failing verb of the store as a fault or an errno; `what` names the row in words. */
int wr_use_stored(struct wr_use *use, int r, const char *what);

/* Another case as a part of this one, with arguments of its own (stolen). */
int wr_use_part(struct wr_use *use, wr_use_case run, json_t *args);

/* ---- arguments ---- */
/* Every text is printable and not too long; call.c asks before the case runs. */
int wr_use_check_args(struct wr_use *use);
/* NULL when not given. */
const char *wr_arg_text(const struct wr_use *use, const char *name);
bool wr_arg_given(const struct wr_use *use, const char *name);
bool wr_arg_flag(const struct wr_use *use, const char *name);
/* Each of these: 0 and *ret set; 0 and *ret untouched when not given; else a fault. */
int wr_arg_int(struct wr_use *use, const char *name, int min, int max, int *ret);
int wr_arg_word(struct wr_use *use, const char *name, const struct wr_words *words, int *ret);
int wr_arg_time(
    struct wr_use *use, const char *name, const struct wr_config_ward *ward, wr_time *ret);
int wr_arg_week(struct wr_use *use, const char *name, struct wr_week *ret);
int wr_arg_phone(struct wr_use *use, const char *name, const char **ret);
int wr_arg_email(struct wr_use *use, const char *name, const char **ret);
/* As above, but a missing one is a fault (usage). */
int wr_arg_must(struct wr_use *use, const char *name, const char **ret);
/* A repeatable argument as an array of texts (a single text counts as one). */
int wr_arg_list(struct wr_use *use, const char *name, const char ***ret, size_t *ret_n);

/* ---- finding rows and names: 0, or WR_FAULT_UNKNOWN with the nearest name as a hint ---- */
int wr_use_patient(struct wr_use *use, const char *ref, struct wr_patient *ret);
int wr_use_support(struct wr_use *use, const char *ref, struct wr_support *ret);
int wr_use_slot(struct wr_use *use, const char *ref, struct wr_slot *ret);
int wr_use_ward(struct wr_use *use, const char *id, const struct wr_config_ward **ret);
int wr_use_consultant(struct wr_use *use, const char *id, const struct wr_config_consultant **ret);
/* The ward named by --ward, or the only one there is. */
int wr_use_ward_arg(struct wr_use *use, const struct wr_config_ward **ret);
/* The ward a row belongs to; a ward that is no longer configured is a fault (config). */
int wr_use_ward_of(struct wr_use *use, const char *id, const struct wr_config_ward **ret);

/* ---- leaving things behind ---- */
void wr_use_answer(struct wr_use *use, const char *name, json_t *value); /* steals value */
/* One line of "changes": what (a ref or a word), before and after in words (NULL: nothing). */
void wr_use_change(struct wr_use *use, const char *what, const char *before, const char *after);
/* One line of "told". */
void wr_use_told(struct wr_use *use, enum wr_whose whose, const char *who, const char *name,
    const char *slot, const char *type);
/* The patient's links, pages and feeds (and those of ward and consultants) are made anew. */
void wr_use_touch(struct wr_use *use, const char *patient);
void wr_use_touch_ward(struct wr_use *use, const char *ward);
void wr_use_touch_link(struct wr_use *use, const char *link);
void wr_use_replan(struct wr_use *use, const char *ward, struct wr_week week);
/* Weeks from this one up to the last one published or planned for the ward. */
void wr_use_replan_ahead(struct wr_use *use, const char *ward);
/* `ref` is what it is about ("slot:s-12"), `patient` whose affair it is (a reference; NULL:
 * nobody's). `before` and `after` may be NULL; both are stolen. */
int wr_use_audit(
    struct wr_use *use, const char *ref, const char *patient, json_t *before, json_t *after);

/* ---- rows as JSON: new references ---- */
json_t *wr_json_time(struct wr_use *use, const char *ward, wr_time at); /* null when none */
json_t *wr_json_patient(struct wr_use *use, const struct wr_patient *patient);
json_t *wr_json_support(struct wr_use *use, const struct wr_support *support);
json_t *wr_json_slot(struct wr_use *use, const struct wr_slot *slot);
json_t *wr_json_away(struct wr_use *use, const struct wr_away *away);
json_t *wr_json_task(struct wr_use *use, const struct wr_task *task);

#endif
