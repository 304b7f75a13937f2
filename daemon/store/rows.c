/*
 * Rows of structs: INSERT, SELECT and reading, made from the tables of columns. All names are
 * quoted, since some of them ("from", "end", "key") are words of SQL.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"

/* ---- conditions ---- */

void wr_where_plain(struct wr_where *where, const char *condition)
{
	wr_buf_puts(&where->sql, where->sql.length ? " AND " : " WHERE ");
	wr_buf_puts(&where->sql, condition);
}

void wr_where_is(struct wr_where *where, const char *condition, struct wr_value value)
{
	if (where->n == WR_COUNT(where->values))
		abort();
	where->values[where->n++] = value;
	wr_where_plain(where, condition);
	wr_buf_printf(&where->sql, "$%zu", where->n);
}

void wr_where_by_text(struct wr_where *where, const char *condition, const char *text)
{
	if (text)
		wr_where_is(where, condition, wr_value_text(text));
}

void wr_where_by_time(struct wr_where *where, const char *condition, wr_time at)
{
	if (at != 0 && at != WR_TIME_NONE)
		wr_where_is(where, condition, wr_value_int(at));
}

void wr_where_by_bits(
    struct wr_where *where, const char *column, const struct wr_words *words, unsigned bits)
{
	if (!bits)
		return;
	wr_where_plain(where, column);
	const char *between = " IN ('";
	for (size_t i = 0; i < words->n; i++)
		if (bits & 1u << i) {
			wr_buf_printf(&where->sql, "%s%s", between, words->names[i]);
			between = "', '";
		}
	wr_buf_puts(&where->sql, "')");
}

struct wr_value wr_value_week(struct wr_tx *tx, struct wr_week week)
{
	char text[WR_TIME_TEXT];
	return wr_value_text(wr_arena_strdup(&tx->arena, wr_week_text(week, text)));
}

void wr_where_by_week(
    struct wr_tx *tx, struct wr_where *where, const char *condition, const struct wr_week *week)
{
	if (week)
		wr_where_is(where, condition, wr_value_week(tx, *week));
}

/* ---- between a struct and its columns ---- */

static int64_t int_at(const char *field)
{
	int number;
	memcpy(&number, field, sizeof(number));
	return number;
}

static struct wr_value column_value(
    struct wr_tx *tx, const struct wr_column *column, const char *field)
{
	union {
		const char *text;
		int64_t number;
		wr_day day;
		bool flag;
		struct wr_week week;
	} value;
	switch (column->kind) {
	case WR_COLUMN_TEXT:
		memcpy(&value.text, field, sizeof(value.text));
		return wr_value_text(value.text);
	case WR_COLUMN_INT:
		return wr_value_int(int_at(field));
	case WR_COLUMN_INT64:
		memcpy(&value.number, field, sizeof(value.number));
		return wr_value_int(value.number);
	case WR_COLUMN_BOOL:
		memcpy(&value.flag, field, sizeof(value.flag));
		return wr_value_int(value.flag);
	case WR_COLUMN_TIME:
		memcpy(&value.number, field, sizeof(value.number));
		return wr_value_time(value.number);
	case WR_COLUMN_DAY:
		memcpy(&value.day, field, sizeof(value.day));
		return value.day == WR_DAY_NONE ? wr_value_text(NULL) : wr_value_int(value.day);
	case WR_COLUMN_WORD:
		return wr_value_word(column->words, (int)int_at(field));
	case WR_COLUMN_WEEK:
		memcpy(&value.week, field, sizeof(value.week));
		return wr_value_week(tx, value.week);
	}
	return wr_value_text(NULL);
}

static void write_int(char *field, int64_t number)
{
	int value = (int)number;
	memcpy(field, &value, sizeof(value));
}

/* A word or week that can't be read was not written by us: the file is damaged. */
static int read_column(struct wr_tx *tx, struct wr_arena *arena, const struct wr_table *table,
    const struct wr_column *column, sqlite3_stmt *statement, int at, char *field)
{
	int64_t number = sqlite3_column_int64(statement, at);
	bool null = sqlite3_column_type(statement, at) == SQLITE_NULL;
	const char *text = NULL;
	switch (column->kind) {
	case WR_COLUMN_TEXT:
		text = wr_sql_column(arena, statement, at);
		memcpy(field, &text, sizeof(text));
		return 0;
	case WR_COLUMN_INT:
		write_int(field, number);
		return 0;
	case WR_COLUMN_INT64:
		memcpy(field, &number, sizeof(number));
		return 0;
	case WR_COLUMN_BOOL:
		memcpy(field, &(bool){number != 0}, sizeof(bool));
		return 0;
	case WR_COLUMN_TIME:
		memcpy(field, &(wr_time){null ? WR_TIME_NONE : number}, sizeof(wr_time));
		return 0;
	case WR_COLUMN_DAY:
		memcpy(field, &(wr_day){null ? WR_DAY_NONE : (wr_day)number}, sizeof(wr_day));
		return 0;
	case WR_COLUMN_WORD:
		text = (const char *)sqlite3_column_text(statement, at);
		number = wr_word_value(column->words, text ? text : "");
		write_int(field, number);
		if (number >= 0)
			return 0;
		break;
	case WR_COLUMN_WEEK: {
		struct wr_week week = {0};
		text = (const char *)sqlite3_column_text(statement, at);
		if (text && wr_week_parse(text, &week) == 0) {
			memcpy(field, &week, sizeof(week));
			return 0;
		}
		break;
	}
	}
	tx->fault = -EIO;
	snprintf(tx->fault_text, sizeof(tx->fault_text), "%s.%s holds what was never written there",
	    table->name, column->name);
	return -EIO;
}

static int read_row(struct wr_tx *tx, struct wr_arena *arena, const struct wr_table *table,
    sqlite3_stmt *statement, char *row)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct wr_column *column = &table->columns[i];
		int outcome =
		    read_column(tx, arena, table, column, statement, (int)i, row + column->at);
		if (outcome)
			return outcome;
	}
	return 0;
}

/* ---- statements ---- */

static void write_put(struct wr_buf *sql, const struct wr_table *table)
{
	wr_buf_printf(sql, "INSERT INTO \"%s\" (", table->name);
	for (size_t i = 0; i < table->n; i++)
		wr_buf_printf(sql, "%s\"%s\"", i ? ", " : "", table->columns[i].name);
	wr_buf_puts(sql, ") VALUES (");
	for (size_t i = 0; i < table->n; i++)
		wr_buf_printf(sql, "%s$%zu", i ? ", " : "", i + 1);
	wr_buf_puts(sql, ") ON CONFLICT (");
	for (size_t i = 0; i < table->n_keys; i++)
		wr_buf_printf(sql, "%s\"%s\"", i ? ", " : "", table->columns[i].name);
	wr_buf_puts(sql, table->n_keys < table->n ? ") DO UPDATE SET " : ") DO NOTHING");
	for (size_t i = table->n_keys; i < table->n; i++)
		wr_buf_printf(sql, "%s\"%s\" = excluded.\"%s\"", i > table->n_keys ? ", " : "",
		    table->columns[i].name, table->columns[i].name);
}

static void write_select(struct wr_buf *sql, const struct wr_table *table)
{
	wr_buf_puts(sql, "SELECT ");
	for (size_t i = 0; i < table->n; i++)
		wr_buf_printf(
		    sql, "%s\"%s\".\"%s\"", i ? ", " : "", table->name, table->columns[i].name);
	wr_buf_printf(sql, " FROM \"%s\"", table->name);
}

/* Written once a connection: they are asked for with every row. */
static const struct wr_texts_of_table *texts_of(struct wr_tx *tx, const struct wr_table *table)
{
	struct wr_buf put = {0}, select = {0};
	size_t at = 0;
	while (at < WR_TABLES && tx->texts[at].table && tx->texts[at].table != table)
		at++;
	if (at == WR_TABLES)
		abort();
	if (!tx->texts[at].table) {
		write_put(&put, table);
		write_select(&select, table);
		tx->texts[at] =
		    (struct wr_texts_of_table){table, wr_buf_take(&put), wr_buf_take(&select)};
	}
	return &tx->texts[at];
}

void wr_rows_forget(struct wr_tx *tx)
{
	for (size_t i = 0; i < WR_TABLES; i++) {
		free(tx->texts[i].put);
		free(tx->texts[i].select);
	}
}

int wr_rows_put(struct wr_tx *tx, const struct wr_table *table, const void *row)
{
	struct wr_value values[40];
	if (table->n > WR_COUNT(values))
		abort();
	for (size_t i = 0; i < table->n; i++)
		values[i] =
		    column_value(tx, &table->columns[i], (const char *)row + table->columns[i].at);
	return wr_sql_run(tx, texts_of(tx, table)->put, values, table->n, NULL);
}

static int start_select(struct wr_tx *tx, const struct wr_table *table, const char *join,
    struct wr_where *where, const char *order, sqlite3_stmt **ret_statement)
{
	struct wr_buf sql = {0};
	const char *const parts[] = {texts_of(tx, table)->select, join, wr_buf_text(&where->sql),
	    order[0] ? " ORDER BY " : "", order};
	for (size_t i = 0; i < WR_COUNT(parts); i++)
		wr_buf_puts(&sql, parts[i]);
	struct wr_value values[WR_COUNT(where->values) + 1];
	memcpy(values, where->values, sizeof(where->values));
	size_t n = where->n;
	if (where->limit) {
		values[n++] = wr_value_int((int64_t)where->limit);
		wr_buf_printf(&sql, " LIMIT $%zu", n);
	}
	int outcome = wr_sql_start(tx, sql.data, values, n, ret_statement);
	wr_buf_deinit(&sql);
	wr_buf_deinit(&where->sql);
	return outcome;
}

int wr_rows_list(struct wr_tx *tx, struct wr_arena *arena, const struct wr_table *table,
    const char *join, struct wr_where *where, const char *order, void *ret_rows, size_t *ret_n)
{
	sqlite3_stmt *statement = NULL;
	char *rows = NULL;
	size_t n = 0;
	size_t capacity = 0;
	*ret_n = 0;
	memset(ret_rows, 0, sizeof(void *));
	int outcome = start_select(tx, table, join, where, order, &statement);
	if (outcome)
		return outcome;
	int code;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW && outcome == 0) {
		if (n == capacity) {
			capacity = capacity ? 2 * capacity : 16;
			rows = wr_realloc(rows, capacity, table->size);
		}
		memset(rows + n * table->size, 0, table->size);
		outcome = read_row(tx, arena, table, statement, rows + n * table->size);
		n++;
	}
	int ended = wr_sql_end(tx, statement, outcome ? SQLITE_DONE : code);
	outcome = outcome ? outcome : ended;
	if (outcome == 0 && n) {
		void *kept = wr_arena_alloc(arena, n, table->size);
		memcpy(kept, rows, n * table->size);
		memcpy(ret_rows, &kept, sizeof(kept));
		*ret_n = n;
	}
	free(rows);
	return outcome;
}

int wr_rows_get(struct wr_tx *tx, struct wr_arena *arena, const struct wr_table *table,
    struct wr_where *where, void *ret_row)
{
	sqlite3_stmt *statement = NULL;
	int outcome = start_select(tx, table, "", where, "", &statement);
	if (outcome)
		return outcome;
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		memset(ret_row, 0, table->size);
		outcome = read_row(tx, arena, table, statement, ret_row);
		code = SQLITE_DONE;
	} else if (code == SQLITE_DONE) {
		outcome = WR_STORE_NONE;
	}
	int ended = wr_sql_end(tx, statement, code);
	return ended ? ended : outcome;
}

int wr_rows_delete(struct wr_tx *tx, const char *table, struct wr_where *where, size_t *ret_n)
{
	struct wr_buf sql = {0};
	wr_buf_printf(&sql, "DELETE FROM \"%s\"%s", table, wr_buf_text(&where->sql));
	int outcome = wr_sql_run(tx, sql.data, where->values, where->n, ret_n);
	wr_buf_deinit(&sql);
	wr_buf_deinit(&where->sql);
	return outcome;
}
