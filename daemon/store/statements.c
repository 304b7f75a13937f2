/*
 * A connection and its statements. Each text is prepared once a connection and found again by its
 * text, so that SQL stands where it is used. Parameters are $1, $2, ...: SQLite numbers those by
 * first appearance, so they are bound by name.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"

/* ---- connection ---- */

static const char setup_both[] =
    "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
    "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;";
int wr_tx_open(struct wr_tx *tx, const char *path, bool writing)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	flags |= writing ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
	tx->writing = writing;
	int code = sqlite3_open_v2(path ? path : ":memory:", &tx->db, flags, NULL);
	if (!tx->db)
		wr_out_of_memory();
	if (code == SQLITE_OK) {
		sqlite3_busy_timeout(tx->db, 5000);
		sqlite3_db_config(tx->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		code = wr_tx_exec(tx, setup_both);
	}
	if (code == SQLITE_OK && !writing)
		code = wr_tx_exec(tx, "PRAGMA query_only = ON");
	return code;
}

/* Changes the file, so only after it is known to be ours. wal_autocheckpoint: SQLite's own
 * checkpoint keeps its I/O errors to itself; the writer's does not.
 * secure_delete: what was erased is not in the file any more.
 */
int wr_tx_take_over(struct wr_tx *tx)
{
	return wr_tx_exec(tx, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
			      "PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 0;");
}

void wr_tx_close(struct wr_tx *tx)
{
	for (size_t i = 0; i < WR_STATEMENTS; i++) {
		sqlite3_finalize(tx->statements[i].prepared);
		free(tx->statements[i].sql);
	}
	sqlite3_close_v2(tx->db);
	wr_rows_forget(tx);
	wr_arena_deinit(&tx->arena);
	free(tx->touched);
	memset(tx, 0, sizeof(*tx));
}

void wr_tx_forget_job(struct wr_tx *tx)
{
	wr_arena_deinit(&tx->arena);
	tx->arena = (struct wr_arena){0};
	tx->n_touched = 0;
	tx->refusal[0] = '\0';
}

void wr_tx_touch(struct wr_tx *tx, const char *patient)
{
	for (size_t i = 0; i < tx->n_touched; i++)
		if (wr_text_equal(tx->touched[i], patient))
			return;
	WR_GROW(tx->touched, tx->n_touched, tx->touched_capacity);
	tx->touched[tx->n_touched++] = wr_arena_strdup(&tx->arena, patient);
}

int wr_tx_exec(struct wr_tx *tx, const char *sql)
{
	return sqlite3_exec(tx->db, sql, NULL, NULL, NULL);
}

static int fault(struct wr_tx *tx, int code, int outcome)
{
	if (tx->fault != -EIO) {
		tx->fault = outcome;
		snprintf(tx->fault_text, sizeof(tx->fault_text), "%s (%d)", sqlite3_errmsg(tx->db),
		    code);
	}
	return outcome;
}

static int refused(struct wr_tx *tx, int outcome)
{
	snprintf(tx->refusal, sizeof(tx->refusal), "%s", sqlite3_errmsg(tx->db));
	return outcome;
}

int wr_tx_outcome(struct wr_tx *tx, int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_CONSTRAINT:
		return refused(
		    tx, code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY
			    ? WR_STORE_EXISTS
			    : WR_STORE_REFUSED);
	case SQLITE_TOOBIG:
		return refused(tx, WR_STORE_REFUSED);
	case SQLITE_FULL:
		return fault(tx, code, -ENOSPC);
	case SQLITE_BUSY: /* somebody's tool holds the file; COMMIT makes it a fault */
	case SQLITE_LOCKED:
		return refused(tx, -EBUSY);
	case SQLITE_NOMEM:
		wr_out_of_memory();
	case SQLITE_ERROR:
	case SQLITE_RANGE:
	case SQLITE_MISUSE:
		return refused(tx, -EINVAL);
	case SQLITE_READONLY:
		if (!tx->writing)
			return refused(tx, -EPERM);
		return fault(tx, code, -EIO);
	default:
		return fault(tx, code, -EIO);
	}
}

/* ---- statements ---- */

/* Eight bytes at a time: the texts are long, and asked for with every row. */
static size_t hash(const char *text)
{
	uint64_t value = 14695981039346656037u, word;
	size_t length = strlen(text);
	for (; length >= sizeof(word); text += sizeof(word), length -= sizeof(word)) {
		memcpy(&word, text, sizeof(word));
		value = (value ^ word) * 1099511628211u;
		value ^= value >> 29;
	}
	for (; length > 0; text++, length--)
		value = (value ^ (unsigned char)*text) * 1099511628211u;
	return (size_t)(value ^ value >> 32);
}

static void forget_statements(struct wr_tx *tx)
{
	for (size_t i = 0; i < WR_STATEMENTS; i++) {
		sqlite3_finalize(tx->statements[i].prepared);
		free(tx->statements[i].sql);
		tx->statements[i] = (struct wr_statement){0};
	}
	tx->n_statements = 0;
}

static bool is_in_order(sqlite3_stmt *statement)
{
	char name[16];
	for (int at = 1; at <= sqlite3_bind_parameter_count(statement); at++) {
		snprintf(name, sizeof(name), "$%d", at);
		if (!wr_text_equal(sqlite3_bind_parameter_name(statement, at), name))
			return false;
	}
	return true;
}

/* No statement is in use when another is looked up: lists are read to their end. */
static int prepare(struct wr_tx *tx, const char *sql, const struct wr_statement **ret_statement)
{
	size_t at = hash(sql) % WR_STATEMENTS;
	while (tx->statements[at].sql && strcmp(tx->statements[at].sql, sql) != 0)
		at = (at + 1) % WR_STATEMENTS;
	if (!tx->statements[at].sql) {
		if (tx->n_statements >= WR_STATEMENTS / 2) {
			forget_statements(tx);
			at = hash(sql) % WR_STATEMENTS;
		}
		sqlite3_stmt *statement = NULL;
		int code = sqlite3_prepare_v3(
		    tx->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
		if (code != SQLITE_OK)
			return wr_tx_outcome(tx, code);
		tx->statements[at] =
		    (struct wr_statement){wr_strdup(sql), statement, is_in_order(statement)};
		tx->n_statements++;
	}
	*ret_statement = &tx->statements[at];
	return 0;
}

static int index_of(const struct wr_statement *statement, int number)
{
	char name[16];
	if (statement->in_order)
		return number;
	snprintf(name, sizeof(name), "$%d", number);
	return sqlite3_bind_parameter_index(statement->prepared, name);
}

static int bind_value(sqlite3_stmt *statement, int at, const struct wr_value *value)
{
	switch (value->kind) {
	case WR_VALUE_TEXT:
		return sqlite3_bind_text(statement, at, value->text, -1, SQLITE_STATIC);
	case WR_VALUE_INT:
		return sqlite3_bind_int64(statement, at, value->number);
	case WR_VALUE_NULL:
		return sqlite3_bind_null(statement, at);
	}
	return SQLITE_MISUSE;
}

int wr_sql_start(struct wr_tx *tx, const char *sql, const struct wr_value *values, size_t n,
    sqlite3_stmt **ret_statement)
{
	const struct wr_statement *found = NULL;
	if (tx->fault)
		return tx->fault;
	int outcome = prepare(tx, sql, &found);
	if (outcome)
		return outcome;
	*ret_statement = found->prepared;
	if (!tx->writing && !sqlite3_stmt_readonly(found->prepared))
		return -EPERM;
	for (size_t i = 0; outcome == 0 && i < n; i++) {
		int at = index_of(found, (int)i + 1);
		int code = bind_value(found->prepared, at, &values[i]);
		if (code != SQLITE_OK)
			outcome = wr_tx_outcome(tx, code);
	}
	return outcome;
}

int wr_sql_end(struct wr_tx *tx, sqlite3_stmt *statement, int code)
{
	int outcome = wr_tx_outcome(tx, code);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return outcome;
}

int wr_sql_run(
    struct wr_tx *tx, const char *sql, const struct wr_value *values, size_t n, size_t *ret_changes)
{
	sqlite3_stmt *statement = NULL;
	int outcome = wr_sql_start(tx, sql, values, n, &statement);
	if (outcome)
		return outcome;
	int code;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW)
		continue;
	outcome = wr_sql_end(tx, statement, code);
	if (ret_changes)
		*ret_changes = outcome == 0 ? (size_t)sqlite3_changes(tx->db) : 0;
	return outcome;
}

int wr_sql_int(
    struct wr_tx *tx, const char *sql, const struct wr_value *values, size_t n, int64_t *ret_number)
{
	sqlite3_stmt *statement = NULL;
	int outcome = wr_sql_start(tx, sql, values, n, &statement);
	if (outcome)
		return outcome;
	bool found = false;
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL) {
		*ret_number = sqlite3_column_int64(statement, 0);
		found = true;
	}
	outcome = wr_sql_end(tx, statement, code);
	return outcome ? outcome : found ? 0 : WR_STORE_NONE;
}

int wr_sql_text(struct wr_tx *tx, struct wr_arena *arena, const char *sql,
    const struct wr_value *values, size_t n, const char **ret_text)
{
	sqlite3_stmt *statement = NULL;
	int outcome = wr_sql_start(tx, sql, values, n, &statement);
	if (outcome)
		return outcome;
	int code = sqlite3_step(statement);
	const char *text = code == SQLITE_ROW ? wr_sql_column(arena, statement, 0) : NULL;
	outcome = wr_sql_end(tx, statement, code);
	if (outcome == 0 && text)
		*ret_text = text;
	return outcome ? outcome : text ? 0 : WR_STORE_NONE;
}

char *wr_sql_column(struct wr_arena *arena, sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);
	if (!text)
		return NULL;
	return wr_arena_strndup(
	    arena, (const char *)text, (size_t)sqlite3_column_bytes(statement, column));
}
