/*
 * table: an imported CSV file being read: its columns by name, its mistakes by line and column.
 *
 * Every row is checked before any is written; a mistake names `file:line:column-name` (the header
 * is line 1). With one mistake nothing is written at all.
 */
#ifndef WR_DAEMON_DESK_TABLE_H
#define WR_DAEMON_DESK_TABLE_H

#include "desk/use.h"

struct wr_table {
	struct wr_use *use;
	struct wr_csv csv;
	const char *const *columns; /* NULL ended; those with a leading '*' are mandatory */
	int *at;                    /* index of each column in the file, -1 when it is not there */
	json_t *mistakes;
};

/* Reads the arguments `file` and `csv` and the header. 0 or a fault. */
int wr_table_open(struct wr_use *use, const char *const *columns, struct wr_table *ret_table);
/* Whether the file has that column: what it does not say stays as it was. */
bool wr_table_has(const struct wr_table *table, const char *column);
/* The text of a column, NULL when it is empty or the file has no such column. */
const char *wr_table_text(const struct wr_table *table, size_t row, const char *column);
void wr_table_mistake(struct wr_table *table, size_t row, const char *column, const char *format,
    ...) WR_PRINTF(4, 5);
/* Each writes *ret when the column has a text that can be read, else counts a mistake. */
void wr_table_time(struct wr_table *table, size_t row, const char *column,
    const struct wr_config_ward *ward, wr_time *ret);
void wr_table_word(
    struct wr_table *table, size_t row, const char *column, const struct wr_words *words, int *ret);
void wr_table_flag(struct wr_table *table, size_t row, const char *column, bool *ret);
void wr_table_int(
    struct wr_table *table, size_t row, const char *column, int min, int max, int *ret);
/* What must be there. */
const char *wr_table_must(struct wr_table *table, size_t row, const char *column);
/* 0, or the fault with all mistakes. */
int wr_table_close(struct wr_table *table);

#endif
