/*
 * inside: what the files of this room share. Nobody else includes it.
 *
 * A `struct wr_tx` is one connection with its prepared statements; a job gets it for its own
 * SAVEPOINT or read transaction. One thread at a time.
 */
#ifndef WR_DAEMON_STORE_INSIDE_H
#define WR_DAEMON_STORE_INSIDE_H

#include <sqlite3.h>

#include "store/store.h"

/* ---- a connection ---- */

enum {
	WR_STATEMENTS = 512, /* a power of two; the room's texts are about 150 */
	WR_TABLES = 64,      /* more than there are */
};

struct wr_table;

struct wr_tx {
	sqlite3 *db;
	bool writing;
	void (*random)(void *bytes, size_t length);
	struct wr_statement {
		char *sql;
		sqlite3_stmt *prepared;
		bool in_order;       /* its parameters $1, $2, ... are SQLite's 1, 2, ... */
	} statements[WR_STATEMENTS]; /* found by hash of the text, then onwards */
	size_t n_statements;
	struct wr_texts_of_table {
		const struct wr_table *table;
		char *put, *select; /* up to its conditions */
	} texts[WR_TABLES];
	/* of the running job */
	struct wr_arena arena;
	const char **touched;
	size_t n_touched, touched_capacity;
	char refusal[256];
	/* of the running group or read: 0; -ENOSPC; or -EIO: what is on disk is unknown */
	int fault;
	char fault_text[256];
};

/* Opens a connection as this room wants it; 0 or a code of SQLite. */
int wr_tx_open(struct wr_tx *tx, const char *path, bool writing);
int wr_tx_take_over(struct wr_tx *tx);
void wr_tx_close(struct wr_tx *tx);
void wr_tx_forget_job(struct wr_tx *tx); /* arena, touched, refusal */
void wr_rows_forget(struct wr_tx *tx);   /* the texts of tables, at the end */
void wr_tx_touch(struct wr_tx *tx, const char *patient);
/* The outcome for a code of SQLite; keeps the words, and the fault if it is one. */
int wr_tx_outcome(struct wr_tx *tx, int code);
/* Texts without parameters: BEGIN, COMMIT, SAVEPOINT, PRAGMA. A code of SQLite. */
int wr_tx_exec(struct wr_tx *tx, const char *sql);

/* ---- the store and its two workers ---- */

enum { WR_STORE_GROUP = 64 }; /* jobs in one COMMIT at most */

struct wr_worker {
	struct wr_store *store;
	struct wr_tx tx;
	bool threaded;
	uv_thread_t thread;
	uv_mutex_t lock; /* of the queue and of `closing` */
	uv_cond_t wake;
	struct wr_store_job *first, **last;
	bool closing;
};

struct wr_store {
	struct wr_store_options options;
	int lock_file; /* -1: none */
	struct wr_worker writer;
	struct wr_worker reader; /* only with a loop and a file; else the writer reads too */
	uv_async_t async;        /* only with a loop */
	void (*closed)(void *data);
	void *closed_data;

	uv_mutex_t finished_lock; /* of the rest */
	struct wr_store_job *finished, **finished_last;
	bool full, failed, fatal_said, ended;
	char fatal_text[256];
	struct wr_store_counts counts;
};

/* The lock, the checks, the connections; 0 or as wr_store_open. */
int wr_store_open_files(struct wr_store *store, const char *path, char **ret_error);
int wr_worker_init(struct wr_worker *worker, struct wr_store *store);
void wr_worker_deinit(struct wr_worker *worker); /* closes its connection */
int wr_worker_start(struct wr_worker *worker, void (*work)(void *worker));
void wr_worker_push(struct wr_worker *worker, struct wr_store_job *job);
/* Up to `most` jobs as a list; waits for one. NULL: closing, and none is left. */
struct wr_store_job *wr_worker_take(struct wr_worker *worker, size_t most, bool wait);
void wr_worker_shut(struct wr_worker *worker);
void work_writer(void *worker);
void work_reader(void *worker);
/* One group: all of `jobs` in one transaction; hands them to wr_store_finish. */
void wr_writer_group(struct wr_worker *worker, struct wr_store_job *jobs);
/* Hands over answered jobs; any thread. `written`: a commit with something in it. */
void wr_store_finish(struct wr_store *store, struct wr_store_job *jobs, bool written, bool full);
/* Nothing is known any more; `jobs` (may be NULL) are never answered. Any thread. */
void wr_store_fail(struct wr_store *store, const char *text, struct wr_store_job *jobs);

/* ---- schema ---- */

enum { WR_STORE_APPLICATION_ID = 0x57415244 }; /* "WARD" */

struct wr_migration {
	int version;
	const char *const *sql; /* ends with NULL */
};
extern const struct wr_migration wr_store_migrations[];
extern const size_t wr_store_n_migrations;
/* Brings the file up to the last of `migrations`. 0, WR_STORE_UNUSABLE or -errno, with words. */
int wr_schema_migrate(struct wr_tx *tx, const char *path, const struct wr_migration *migrations,
    size_t n, char **ret_error);
int wr_schema_copy(struct wr_tx *tx, const char *path); /* VACUUM INTO, mode 0600; outcome */

/* ---- rows ----
 *
 * A table of columns says how a struct lies in its table, and makes INSERT, SELECT and reading.
 */

enum wr_column_kind {
	WR_COLUMN_TEXT, /* NULL is NULL */
	WR_COLUMN_INT,
	WR_COLUMN_INT64,
	WR_COLUMN_BOOL,
	WR_COLUMN_TIME, /* WR_TIME_NONE is NULL */
	WR_COLUMN_DAY,  /* WR_DAY_NONE is NULL */
	WR_COLUMN_WORD, /* an enum, kept as its name */
	WR_COLUMN_WEEK, /* "2026-W49" */
};

struct wr_column {
	const char *name;
	enum wr_column_kind kind;
	size_t at; /* in the struct */
	const struct wr_words *words;
};

struct wr_table {
	const char *name;
	size_t size;   /* of the struct */
	size_t n_keys; /* the first columns are the primary key */
	const struct wr_column *columns;
	size_t n;
};

/* tables.c */
extern const struct wr_table wr_table_patient, wr_table_support, wr_table_free, wr_table_away,
    wr_table_block, wr_table_session_change, wr_table_slot, wr_table_attendee, wr_table_plan,
    wr_table_unplaced, wr_table_link, wr_table_fetch, wr_table_reply, wr_table_stamp, wr_table_news,
    wr_table_reminder, wr_table_notice, wr_table_task, wr_table_endpoint, wr_table_undo,
    wr_table_key, wr_table_question, wr_table_feedback, wr_table_staff, wr_table_staff_session;

struct wr_value {
	enum { WR_VALUE_NULL, WR_VALUE_TEXT, WR_VALUE_INT } kind;
	const char *text;
	int64_t number;
};
static inline struct wr_value wr_value_text(const char *text)
{
	return (struct wr_value){text ? WR_VALUE_TEXT : WR_VALUE_NULL, text, 0};
}
static inline struct wr_value wr_value_int(int64_t number)
{
	return (struct wr_value){WR_VALUE_INT, NULL, number};
}
static inline struct wr_value wr_value_time(wr_time at)
{
	return (struct wr_value){at == WR_TIME_NONE ? WR_VALUE_NULL : WR_VALUE_INT, NULL, at};
}
static inline struct wr_value wr_value_word(const struct wr_words *words, int value)
{
	return wr_value_text(wr_word(words, value));
}
struct wr_value wr_value_week(struct wr_tx *tx, struct wr_week week); /* lives with the job */

/* Conditions, joined by AND. The _by verbs add theirs only when the filter restricts. */
struct wr_where {
	struct wr_buf sql;
	struct wr_value values[16];
	size_t n;
	size_t limit; /* 0: none */
};
/* `condition` ends where the value stands: "slot.start >= ". */
void wr_where_is(struct wr_where *where, const char *condition, struct wr_value value);
void wr_where_plain(struct wr_where *where, const char *condition);
void wr_where_by_text(struct wr_where *where, const char *condition, const char *text);
void wr_where_by_time(struct wr_where *where, const char *condition, wr_time at);
/* `column` is one of the words in `bits` (none: all). */
void wr_where_by_bits(
    struct wr_where *where, const char *column, const struct wr_words *words, unsigned bits);
void wr_where_by_week(
    struct wr_tx *tx, struct wr_where *where, const char *condition, const struct wr_week *week);

/* INSERT ... ON CONFLICT (key) DO UPDATE. */
int wr_rows_put(struct wr_tx *tx, const struct wr_table *table, const void *row);
/* These end `where`. `join`: "" or " JOIN ... ON ...". */
int wr_rows_list(struct wr_tx *tx, struct wr_arena *arena, const struct wr_table *table,
    const char *join, struct wr_where *where, const char *order, void *ret_rows, size_t *ret_n);
/* The first row into *ret_row, or WR_STORE_NONE. */
int wr_rows_get(struct wr_tx *tx, struct wr_arena *arena, const struct wr_table *table,
    struct wr_where *where, void *ret_row);
int wr_rows_delete(
    struct wr_tx *tx, const char *table, struct wr_where *where, size_t *ret_n); /* ret_n or NULL */

/* When the first of the waiting notices is to be tried; WR_TIME_NONE: none waits. */
int wr_store_notice_first(struct wr_tx *tx, wr_time *ret_at);

/* ---- plain statements ---- */

#define WR_VALUES(...)                                                                             \
	(const struct wr_value[]){__VA_ARGS__},                                                    \
	    sizeof((const struct wr_value[]){__VA_ARGS__}) / sizeof(struct wr_value)
/* Runs and forgets rows; *ret_changes (may be NULL) counts what was written. */
int wr_sql_run(struct wr_tx *tx, const char *sql, const struct wr_value *values, size_t n,
    size_t *ret_changes);
/* The first column of the first row; WR_STORE_NONE without a row or when it is NULL. */
int wr_sql_int(struct wr_tx *tx, const char *sql, const struct wr_value *values, size_t n,
    int64_t *ret_number);
int wr_sql_text(struct wr_tx *tx, struct wr_arena *arena, const char *sql,
    const struct wr_value *values, size_t n, const char **ret_text);
/* For reading by hand: step with sqlite3_step, end with wr_sql_end, which gives the outcome. */
int wr_sql_start(struct wr_tx *tx, const char *sql, const struct wr_value *values, size_t n,
    sqlite3_stmt **ret_statement);
int wr_sql_end(struct wr_tx *tx, sqlite3_stmt *statement, int code);
char *wr_sql_column(struct wr_arena *arena, sqlite3_stmt *statement, int column);

#endif
