/*
 * store: what the daemon knows for good, in one SQLite file.
 *
 * Everything is written by jobs. A write job runs on the writer's thread inside a SAVEPOINT of the
 * current group: several jobs that wait together share one COMMIT (WAL, synchronous=FULL). A job
 * that fails is rolled back alone and never takes its neighbours with it. `done` comes on the loop,
 * in the order of starting, and never before the COMMIT is on disk: so what was acknowledged is
 * there after kill -9 and after a power cut. A read job runs on a thread and a connection of its
 * own, in one read transaction that sees one state and ends with the job.
 *
 * When things go wrong:
 *   - the disk is full: every job of the group gets -ENOSPC, the store is read-only
 *     (wr_store_is_full) until a later write goes through; reading goes on;
 *   - any other failure to commit, any I/O error, a damaged page: nobody can know what is on disk.
 *     on_fatal comes once, on the loop; no job that was waiting is ever answered, later ones are
 *     refused with -EIO. The daemon leaves (exit 74) and starts again on what is really there.
 *
 * The rules of allocation are UNIQUE and CHECK constraints of the tables (schema.c), not beliefs
 * about who else writes.
 *
 * Threads: everything that takes a `struct wr_store *` belongs to the loop's thread; everything
 * that takes a `struct wr_tx *` is called inside a job's work, and only there. No SQL leaves this
 * room.
 */
#ifndef WR_DAEMON_STORE_H
#define WR_DAEMON_STORE_H

#include <uv.h>

#include "wardround/voice.h"
#include "wardround/ward.h"

enum wr_store_outcome {
	WR_STORE_NONE = 1000, /* no such row */
	WR_STORE_EXISTS,      /* a UNIQUE rule refuses it: taken by another row */
	WR_STORE_REFUSED,  /* a CHECK or FOREIGN KEY rule refuses it; wr_store_refusal says which */
	WR_STORE_DOUBLE,   /* somebody or something would be in two places at once */
	WR_STORE_ROLLBACK, /* only returned by work: undo all, and call done with 0 (a dry run) */
	WR_STORE_UNUSABLE, /* open: not ours, newer, damaged, not a database (exit 65) */
	WR_STORE_LOCKED,   /* open: another daemon uses it (exit 69) */
};

/* ---- open and close ---- */

struct wr_store;
struct wr_store_job;
struct wr_tx;

struct wr_store_options {
	/* NULL: no threads. Jobs wait until wr_store_turn runs them; for tests of what is above. */
	uv_loop_t *loop;
	/* On the loop. `text` says what failed, without names; valid during the call. */
	void (*on_fatal)(struct wr_store *store, const char *text);
	/* Inside each write job's savepoint, on the writer's thread, after its work returned 0 or
	 * WR_STORE_ROLLBACK: anything but 0 vetoes the job and is what its done gets. May be NULL.
	 */
	int (*before_commit)(struct wr_tx *tx, struct wr_store_job *job, void *data);
	void *data;
	/* Salts of the audit; NULL is wr_random_bytes. Writer's thread. */
	void (*random)(void *bytes, size_t length);
};

/* Opens or creates `path` (mode 0600; NULL: in memory), takes the lock file beside it, brings the
 * tables up to date (a copy `path.before-vN` first). Blocks; for the start. 0, WR_STORE_UNUSABLE,
 * WR_STORE_LOCKED or -errno; on failure *ret_error (heap, yours) says what and what to do.
 */
int wr_store_open(const char *path, const struct wr_store_options *options,
    struct wr_store **ret_store, char **ret_error);
/* Refuses new jobs, finishes and answers the waiting ones, closes the file, frees the store, then
 * calls `closed` (may be NULL) on the loop. Without a loop all that happens before it returns.
 */
void wr_store_close(struct wr_store *store, void (*closed)(void *data), void *data);
void *wr_store_data(const struct wr_store *store); /* options.data */
bool wr_store_is_full(const struct wr_store *store);
bool wr_store_is_failed(const struct wr_store *store);
/* Jobs waiting or running, commits and written jobs since opening; for metrics. */
struct wr_store_counts {
	uint64_t waiting, commits, written, read;
};
struct wr_store_counts wr_store_counts(const struct wr_store *store);

/* ---- jobs ---- */

/* Embedded by the caller, untouched by it from the start until `done`. */
struct wr_store_job {
	/* 0: commit. Anything else is rolled back and handed to done (WR_STORE_ROLLBACK as 0). */
	int (*work)(struct wr_tx *tx, struct wr_store_job *job);
	/* On the loop, once; the job is the caller's again. Nothing was written with -ENOSPC, nor
	 * with -EBUSY: another program held the file for five seconds.
	 */
	void (*done)(struct wr_store_job *job, int result);
	/* the store's own */
	struct wr_store_job *next;
	uv_sem_t *finished; /* somebody blocks on it instead of wanting done */
	int result;
	bool reading;
};

/* 0: accepted, done will come (unless on_fatal comes). -ESHUTDOWN while closing and -EIO after a
 * fatal error: not accepted, done will not come.
 */
int wr_store_write(struct wr_store *store, struct wr_store_job *job);
int wr_store_read(struct wr_store *store, struct wr_store_job *job);
/* The same, but blocks until it is committed and returns the result instead of calling done; for
 * the start, and for tests. -EIO after a fatal error.
 */
int wr_store_run(struct wr_store *store, struct wr_store_job *job);
/* Without a loop: runs all waiting jobs (and those that they start) and calls their done. */
void wr_store_turn(struct wr_store *store);

/* A copy of the database as this read job sees it or newer, into a new file of mode 0600. -EEXIST;
 * only in a read job.
 */
int wr_store_backup(struct wr_tx *tx, const char *path);

/* Patients whose patient row, support, away time, slot or unplaced row this job wrote so far; for
 * checks before the commit. Valid until the next put or delete.
 */
const char *const *wr_store_touched(const struct wr_tx *tx, size_t *ret_n);
/* What the last WR_STORE_REFUSED or WR_STORE_EXISTS of this job was about, for the log. */
const char *wr_store_refusal(const struct wr_tx *tx);

/* ---- verbs ----
 *
 * _get: 0 or WR_STORE_NONE. _put: inserts, or updates the row with the same key; 0,
 * WR_STORE_EXISTS or WR_STORE_REFUSED. _delete: 0, also when there was none. _list: 0, the rows
 * as an array of *ret_n in `arena`, in the order stated. Texts of what is read live in `arena`.
 * All: -EIO, -ENOSPC for faults: return them from work.
 *
 * Filters: a zeroed one selects everything; NULL texts, 0 times, 0 limits and empty sets of bits
 * don't restrict. `states`, `whose`: bits, 1u << value. A filter may be NULL: everything.
 */

#define WR_STORE_BIT(value) (1u << (value))
/* draft, published, started: the slot that a patient has in a week */
#define WR_STORE_LIVE                                                                              \
	(WR_STORE_BIT(WR_STATE_DRAFT) | WR_STORE_BIT(WR_STATE_PUBLISHED) |                         \
	    WR_STORE_BIT(WR_STATE_STARTED))

/* people */

int wr_store_patient_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *ref, struct wr_patient *ret_patient);
int wr_store_patient_put(struct wr_tx *tx, const struct wr_patient *patient);
/* By ward, then ref. `ward` NULL: all. `discharged_too`: past ones as well. */
int wr_store_patient_list(struct wr_tx *tx, struct wr_arena *arena, const char *ward,
    bool discharged_too, struct wr_patient **ret_patients, size_t *ret_n);

struct wr_store_support_filter {
	const char *patient, *person;
	const char *ward;    /* of the patient */
	bool not_discharged; /* only of patients who are here or expected */
};
int wr_store_support_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *ref, struct wr_support *ret_support);
int wr_store_support_put(struct wr_tx *tx, const struct wr_support *support);
/* By patient, then ref. All consents. */
int wr_store_support_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_support_filter *filter, struct wr_support **ret_supports, size_t *ret_n);

/* Replaces the free times of one support (`support` in the rows is not read). */
int wr_store_free_replace(
    struct wr_tx *tx, const char *support, const struct wr_free *free, size_t n);
/* By support, weekday, from. Of the supports that the filter selects; by person: the union. */
int wr_store_free_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_support_filter *filter, struct wr_free **ret_free, size_t *ret_n);

struct wr_store_away_filter {
	unsigned whose;
	const char *who;
	wr_time from, to; /* overlapping [from, to) */
};
int wr_store_away_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *id, struct wr_away *ret_away);
int wr_store_away_put(struct wr_tx *tx, const struct wr_away *away);
int wr_store_away_delete(struct wr_tx *tx, const char *id);
/* By from, then id. */
int wr_store_away_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_away_filter *filter, struct wr_away **ret_aways, size_t *ret_n);

int wr_store_block_put(struct wr_tx *tx, const struct wr_block *block);
int wr_store_block_delete(struct wr_tx *tx, const struct wr_block *block);
/* By patient, name. `patient` NULL: all. */
int wr_store_block_list(struct wr_tx *tx, struct wr_arena *arena, const char *patient,
    struct wr_block **ret_blocks, size_t *ret_n);

/* sessions: only how they differ from what their round says */

int wr_store_session_change_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *id, struct wr_session_change *ret_change);
int wr_store_session_change_put(struct wr_tx *tx, const struct wr_session_change *change);
int wr_store_session_change_delete(struct wr_tx *tx, const char *id);
/* By day, id. Those whose day or moved_day is in [from, to); WR_DAY_NONE: no limit. */
int wr_store_session_change_list(struct wr_tx *tx, struct wr_arena *arena, const char *ward,
    wr_day from, wr_day to, struct wr_session_change **ret_changes, size_t *ret_n);

/* slots */

struct wr_store_slot_filter {
	const char *ward, *consultant, *patient, *session;
	const char *person, *support; /* planned to attend */
	const struct wr_week *week;
	wr_time from, to; /* start in [from, to) */
	unsigned states;
};

/* Which one place of one thing was asked for twice. */
struct wr_store_conflict {
	enum wr_whose what; /* patient, consultant, room, person */
	const char *who;    /* a room as "ward/room name" */
	const char *slot;   /* that has it */
	wr_time at;         /* the first five minutes that both want */
};

int wr_store_slot_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *ref, struct wr_slot *ret_slot);
/* Writes the slot, who attends (NULL: as it was; not NULL: exactly these `n`; the rows' `slot` is
 * not read), and what it takes: while published or started, each five minutes of [start, until) of
 * its patient, consultant, room and attending persons; otherwise nothing. WR_STORE_DOUBLE: another
 * slot has one of them; *ret_conflict (may be NULL; texts in `arena`) says which, nothing is
 * written. WR_STORE_EXISTS: this patient has another live slot in this week.
 * To swap two slots, wr_store_busy_release both before putting both.
 */
int wr_store_slot_put(struct wr_tx *tx, struct wr_arena *arena, const struct wr_slot *slot,
    const struct wr_attendee *attendees, size_t n, struct wr_store_conflict *ret_conflict);
/* With its attendees, news, reminders and replies. Only drafts: WR_STORE_REFUSED otherwise. */
int wr_store_slot_delete(struct wr_tx *tx, const char *ref);
/* All drafts of a ward's week. */
int wr_store_slot_delete_drafts(struct wr_tx *tx, const char *ward, struct wr_week week);
/* By start, ward, session, cell, ref. */
int wr_store_slot_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_slot_filter *filter, struct wr_slot **ret_slots, size_t *ret_n);
/* The last `limit` held ones of a patient that started at `since` or later (0: ever), newest first.
 */
int wr_store_slot_held(struct wr_tx *tx, struct wr_arena *arena, const char *patient, wr_time since,
    size_t limit, struct wr_slot **ret_slots, size_t *ret_n);
/* Gives up what a slot takes until it is put again in the same job. */
int wr_store_busy_release(struct wr_tx *tx, const char *slot);

/* By slot, support: of the slots that the filter selects. */
int wr_store_attendee_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_slot_filter *filter, struct wr_attendee **ret_attendees, size_t *ret_n);
/* By slot. */
int wr_store_attendee_list_of(struct wr_tx *tx, struct wr_arena *arena, const char *slot,
    struct wr_attendee **ret_attendees, size_t *ret_n);

/* plans */

int wr_store_plan_get(struct wr_tx *tx, struct wr_arena *arena, const char *ward,
    struct wr_week week, struct wr_plan_row *ret_plan);
int wr_store_plan_put(struct wr_tx *tx, const struct wr_plan_row *plan);
/* By week, ward. `ward` NULL: all. `from` NULL: all weeks, otherwise that one and later. */
int wr_store_plan_list(struct wr_tx *tx, struct wr_arena *arena, const char *ward,
    const struct wr_week *from, struct wr_plan_row **ret_plans, size_t *ret_n);

/* Replaces the list of a ward's week (the rows' ward and week are not read); who was on it before
 * stays `said`. */
int wr_store_unplaced_replace(struct wr_tx *tx, const char *ward, struct wr_week week,
    const struct wr_unplaced *unplaced, size_t n);
int wr_store_unplaced_put(struct wr_tx *tx, const struct wr_unplaced *unplaced);
int wr_store_unplaced_delete(struct wr_tx *tx, const char *patient, struct wr_week week);
/* By week, ward, patient. `ward`, `patient`, `week` NULL: all. */
int wr_store_unplaced_list(struct wr_tx *tx, struct wr_arena *arena, const char *ward,
    const struct wr_week *week, const char *patient, struct wr_unplaced **ret_unplaced,
    size_t *ret_n);
/* Of weeks from `from` on, those that staff were not told of; the same order. */
int wr_store_unplaced_unsaid(struct wr_tx *tx, struct wr_arena *arena, struct wr_week from,
    struct wr_unplaced **ret_unplaced, size_t *ret_n);

/* Count the changes to what a ward or a shared person plans with; 0 before the first. */
int wr_store_generation_bump(struct wr_tx *tx, enum wr_whose whose, const char *who);
int wr_store_generation_get(
    struct wr_tx *tx, enum wr_whose whose, const char *who, int64_t *ret_generation);

/* links and replies */

struct wr_store_link_filter {
	unsigned whose;
	const char *who;
};
int wr_store_link_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *id, struct wr_link *ret_link);
int wr_store_link_put(struct wr_tx *tx, const struct wr_link *link);
/* By created, id. Ended ones too. */
int wr_store_link_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_link_filter *filter, struct wr_link **ret_links, size_t *ret_n);

/* What one kind of client fetched through a link, while it showed one version. */
struct wr_store_fetch {
	const char *link, *client; /* client: "calendar", "browser", "robot", "unknown" */
	const char *version;       /* its ETag without quotes; "page": the page was looked at */
	const char *seen;          /* "s-12:3 s-14:1": slots shown, with their revisions */
	wr_time first, last;
	int times; /* at least; several within a second count as one */
};
/* Counts one more. */
int wr_store_fetch_put(struct wr_tx *tx, const struct wr_store_fetch *fetch);
/* Last fetched first. `limit` 0: all. */
int wr_store_fetch_list(struct wr_tx *tx, struct wr_arena *arena, const char *link, size_t limit,
    struct wr_store_fetch **ret_fetches, size_t *ret_n);

struct wr_store_reply_filter {
	const char *support, *slot;
	const char *ward;           /* of the slot */
	const struct wr_week *week; /* of the slot */
	wr_time since;              /* at or later */
	size_t limit;
};
int wr_store_reply_get(struct wr_tx *tx, struct wr_arena *arena, const char *support,
    const char *slot, struct wr_reply *ret_reply);
int wr_store_reply_put(struct wr_tx *tx, const struct wr_reply *reply);
/* Newest first, then support. */
int wr_store_reply_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_reply_filter *filter, struct wr_reply **ret_replies, size_t *ret_n);

/* What a feed shows of a slot (or of an entry that is no slot) last changed when. */
struct wr_store_stamp {
	enum wr_whose whose;
	const char *who;
	const char *slot;   /* its reference, or the name of another entry */
	const char *digest; /* of what is shown */
	int sequence;
	wr_time stamp;
};
int wr_store_stamp_get(struct wr_tx *tx, struct wr_arena *arena, enum wr_whose whose,
    const char *who, const char *slot, struct wr_store_stamp *ret_stamp);
int wr_store_stamp_put(struct wr_tx *tx, const struct wr_store_stamp *stamp);
/* By slot: all of one feed. `who` NULL: of all feeds, by whose, who, slot. */
int wr_store_stamp_list(struct wr_tx *tx, struct wr_arena *arena, enum wr_whose whose,
    const char *who, struct wr_store_stamp **ret_stamps, size_t *ret_n);
/* Those of one feed that last changed before `before`. */
int wr_store_stamp_forget(struct wr_tx *tx, enum wr_whose whose, const char *who, wr_time before);

/* news, reminders, notices, tasks */

struct wr_store_news_filter {
	unsigned whose;
	const char *who, *slot;
	const char *ward; /* of the slot */
	wr_time from;     /* slots that start then or later */
	wr_time due_by;   /* only what is due, by then */
	size_t limit;
};
int wr_store_news_get(struct wr_tx *tx, struct wr_arena *arena, enum wr_whose whose,
    const char *who, const char *slot, struct wr_news *ret_news);
int wr_store_news_put(struct wr_tx *tx, const struct wr_news *news);
/* What a notice that was accepted told: the `told` columns and `accepted`, and `due` where nothing
 * was; unless a later revision was told already. Nothing when there is no such row. */
int wr_store_news_told(struct wr_tx *tx, const struct wr_news *told, wr_time now);
int wr_store_news_delete(struct wr_tx *tx, enum wr_whose whose, const char *who, const char *slot);
/* By due (nothing due last), slot, whose, who. */
int wr_store_news_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_news_filter *filter, struct wr_news **ret_news, size_t *ret_n);

struct wr_store_reminder_filter {
	unsigned whose;
	const char *who, *slot;
	wr_time due_by;
	size_t limit;
};
int wr_store_reminder_put(struct wr_tx *tx, const struct wr_reminder *reminder);
/* `before` NULL: all reminders of that person and slot. `who` NULL: all of the slot. */
int wr_store_reminder_delete(
    struct wr_tx *tx, enum wr_whose whose, const char *who, const char *slot, const char *before);
/* By due, slot, whose, who, before. */
int wr_store_reminder_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_reminder_filter *filter, struct wr_reminder **ret_reminders,
    size_t *ret_n);

struct wr_store_notice_filter {
	unsigned states; /* of enum wr_notice_state */
	unsigned whose;
	const char *who, *slot, *endpoint;
	wr_time from, to; /* created in [from, to) */
	size_t limit;
};
int wr_store_notice_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *id, struct wr_notice_row *ret_notice);
int wr_store_notice_put(struct wr_tx *tx, const struct wr_notice_row *notice);
/* By next_try, created, id. */
int wr_store_notice_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_notice_filter *filter, struct wr_notice_row **ret_notices, size_t *ret_n);
/* Waiting ones of one endpoint whose time has come, by next_try, slot, id. */
struct wr_store_lane {
	const char *endpoint;
	wr_time now;
	bool again;  /* tried before; otherwise those that never were */
	bool newest; /* from the other end */
	bool late;   /* only those whose not_after has passed */
	size_t limit;
};
int wr_store_notice_lane(struct wr_tx *tx, struct wr_arena *arena, const struct wr_store_lane *lane,
    struct wr_notice_row **ret_notices, size_t *ret_n);
/* The names of endpoints that something waits for, configured or not. */
int wr_store_notice_endpoints(
    struct wr_tx *tx, struct wr_arena *arena, const char ***ret_names, size_t *ret_n);
/* What changes of a notice while it is on its way: state, next_try, tries, status, error, unsure.
 */
int wr_store_notice_step(struct wr_tx *tx, const struct wr_notice_row *notice);
/* How many wait for this endpoint or are being sent to it. */
int wr_store_notice_pending(struct wr_tx *tx, const char *endpoint, size_t *ret_n);
/* It arrived, whatever had become of it meanwhile. */
int wr_store_notice_sent(struct wr_tx *tx, const char *id, int status);
/* What waits for this endpoint is due at `now`, if it was not before. */
int wr_store_notice_hurry(struct wr_tx *tx, const char *endpoint, wr_time now);
/* One for the same person, slot and endpoint is being sent, or waits and was made before: when to
 * look again, `soonest` or when that one is tried; WR_TIME_NONE: there is none. */
int wr_store_notice_is_behind(
    struct wr_tx *tx, const struct wr_notice_row *notice, wr_time soonest, wr_time *ret_until);
/* At the start: what was being sent waits again. How many. */
int wr_store_notice_recover(struct wr_tx *tx, size_t *ret_n);
/* The clock was set back: news and waiting notices that are due after `beyond` become due `seconds`
 * earlier, but not before `now`. */
int wr_store_due_pull(struct wr_tx *tx, wr_time now, wr_time beyond, int64_t seconds);
/* Ended ones created before. */
int wr_store_notice_forget(struct wr_tx *tx, wr_time before);

struct wr_store_task_filter {
	const char *ward, *kind, *patient, *slot;
	bool open;        /* only what is not done */
	bool unsaid;      /* only what staff were not told of at all */
	wr_time alarm_by; /* with an alarm by then */
	bool no_alarm;    /* only those of whose alarm staff were not told */
};
int wr_store_task_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *id, struct wr_task *ret_task);
int wr_store_task_put(struct wr_tx *tx, const struct wr_task *task);
/* By created, id. */
int wr_store_task_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_task_filter *filter, struct wr_task **ret_tasks, size_t *ret_n);

/* what patients say */

struct wr_store_question_filter {
	const char *patient, *slot;
	const char *ward; /* of the patient; those of a present admission only */
	bool waiting;     /* for the next round, in the present admission */
};
int wr_store_question_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *id, struct wr_question *ret_question);
int wr_store_question_put(struct wr_tx *tx, const struct wr_question *question);
int wr_store_question_delete(struct wr_tx *tx, const char *id);
/* By patient, created, id. */
int wr_store_question_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_question_filter *filter, struct wr_question **ret_questions,
    size_t *ret_n);
/* The waiting ones are there for this slot now; and the way back. */
int wr_store_question_give(struct wr_tx *tx, const char *patient, int admission, const char *slot);
int wr_store_question_take_back(struct wr_tx *tx, const char *slot);

int wr_store_feedback_put(struct wr_tx *tx, const struct wr_feedback *batch);
int wr_store_feedback_last(
    struct wr_tx *tx, struct wr_arena *arena, const char *ward, struct wr_feedback *ret_batch);
/* By ward, month, batch. */
int wr_store_feedback_list(struct wr_tx *tx, struct wr_arena *arena, const char *ward,
    struct wr_feedback **ret_batches, size_t *ret_n);
/* That something was done once: 0 or WR_STORE_NONE; _put: WR_STORE_EXISTS when it was. */
int wr_store_mark_get(struct wr_tx *tx, const char *mark);
int wr_store_mark_put(struct wr_tx *tx, const char *mark, wr_time until);
int wr_store_mark_forget(struct wr_tx *tx, wr_time before);

/* The next instant of each kind of due work; WR_TIME_NONE: none. */
struct wr_store_due {
	wr_time news, reminder; /* due */
	wr_time notice;         /* next_try of a waiting one */
	wr_time task;           /* alarm of an open one */
};
int wr_store_next_due(struct wr_tx *tx, struct wr_store_due *ret_due);
wr_time wr_store_due_first(const struct wr_store_due *due); /* the earliest, or WR_TIME_NONE */

struct wr_store_endpoint { /* what became of a webhook; none: no row */
	const char *name;
	bool off;
	const char *why; /* NULL while on */
	wr_time since;
};
int wr_store_endpoint_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *name, struct wr_store_endpoint *ret);
int wr_store_endpoint_put(struct wr_tx *tx, const struct wr_store_endpoint *endpoint);
/* By name. */
int wr_store_endpoint_list(struct wr_tx *tx, struct wr_arena *arena,
    struct wr_store_endpoint **ret_endpoints, size_t *ret_n);

/* staff and their sessions */

int wr_store_staff_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *name, struct wr_staff *ret_staff);
int wr_store_staff_put(struct wr_tx *tx, const struct wr_staff *staff);
/* By name. Revoked ones too. */
int wr_store_staff_list(
    struct wr_tx *tx, struct wr_arena *arena, struct wr_staff **ret_staff, size_t *ret_n);
int wr_store_staff_session_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *id, struct wr_staff_session *ret_session);
int wr_store_staff_session_put(struct wr_tx *tx, const struct wr_staff_session *session);
/* One session; or, with `id` NULL, all of one person. */
int wr_store_staff_session_delete(struct wr_tx *tx, const char *id, const char *staff);
/* Those that began, or were last seen, before these instants. */
int wr_store_staff_session_forget(struct wr_tx *tx, wr_time begun_before, wr_time seen_before);
/* By staff, begun, id. */
int wr_store_staff_session_list(struct wr_tx *tx, struct wr_arena *arena,
    struct wr_staff_session **ret_sessions, size_t *ret_n);

/* small things */

enum wr_store_ref {            /* kinds of reference that the store counts */
	WR_STORE_REF_PATIENT,  /* P26 */
	WR_STORE_REF_SUPPORT,  /* S065 */
	WR_STORE_REF_SLOT,     /* s-12 */
	WR_STORE_REF_AWAY,     /* a-3 */
	WR_STORE_REF_LINK,     /* l-7 */
	WR_STORE_REF_TASK,     /* t-9 */
	WR_STORE_REF_QUESTION, /* q-4 */
};
/* The next one that was never given out and that no row has. */
int wr_store_next_ref(
    struct wr_tx *tx, struct wr_arena *arena, enum wr_store_ref kind, const char **ret_ref);

struct wr_store_undo {          /* one step back for one subject */
	const char *kind, *ref; /* "slot", "s-12" */
	const char *actor;
	const char *data; /* JSON: what to put back */
	wr_time at;
};
int wr_store_undo_get(struct wr_tx *tx, struct wr_arena *arena, const char *kind, const char *ref,
    struct wr_store_undo *ret_undo);
int wr_store_undo_put(struct wr_tx *tx, const struct wr_store_undo *undo);
int wr_store_undo_delete(struct wr_tx *tx, const char *kind, const char *ref);

struct wr_store_key {              /* an idempotency key and what was answered to it */
	const char *key, *request; /* request: digest of the call and its arguments */
	int status;
	const char *answer;
	wr_time at;
};
int wr_store_key_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *key, struct wr_store_key *ret_key);
int wr_store_key_put(struct wr_tx *tx, const struct wr_store_key *key);
int wr_store_key_forget(struct wr_tx *tx, wr_time before); /* those kept before then */

int wr_store_meta_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *name, const char **ret_text);
int wr_store_meta_put(struct wr_tx *tx, const char *name, const char *text);

/* ---- audit: who did what, when and why, in the transaction of what was done ----
 *
 * A chain: each entry's hash (SHA-256) covers the one before it, so that none can be changed or
 * taken out unseen. The chain holds no words about people: reason, before and after stand in it as
 * digests salted at random; the words and their salts lie apart and can be erased without
 * breaking it.
 */

struct wr_store_audit {
	int64_t seq; /* from 1; set by the store */
	wr_time at;
	const char *actor;       /* "uid 1000 (ann)", "support S01", "daemon" */
	const char *verb;        /* "slot.move" */
	const char *const *refs; /* what it is about: "patient:P01", "slot:s-12" */
	size_t n_refs;
	const char *reason, *before, *after; /* NULL: none; before and after are JSON */
	bool erased;                         /* read only: the three are gone */
};
struct wr_store_audit_filter {
	const char *ref;  /* "patient:P01" */
	wr_time from, to; /* at in [from, to) */
	size_t limit;     /* the newest so many, still oldest first */
};
enum { WR_STORE_HASH_TEXT = 65 };
struct wr_store_audit_state {
	int64_t entries, first_bad;    /* 0: the chain holds */
	char head[WR_STORE_HASH_TEXT]; /* hash of the last entry in hex; "" without any */
};

int wr_store_audit_add(struct wr_tx *tx, const struct wr_store_audit *entry);
/* By seq. */
int wr_store_audit_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_audit_filter *filter, struct wr_store_audit **ret_entries, size_t *ret_n);
int wr_store_audit_verify(struct wr_tx *tx, struct wr_store_audit_state *ret_state);
/* The words of all entries about `ref`. How many entries lost theirs. */
int wr_store_audit_erase(struct wr_tx *tx, const char *ref, size_t *ret_n);

#endif
