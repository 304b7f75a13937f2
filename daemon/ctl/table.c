/*
 * Tables for people, by libsmartcols. At a terminal the last column is broken between words where
 * the line ends; elsewhere each row is one line.
 */
#include "ctl.h"

#include <libsmartcols/libsmartcols.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS_MAX = 24, LAST_COLUMN_MIN = 24 };

/* Where 0 says as much as nothing. */
static bool zero_is_none(const char *key, json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) == 0 &&
	       (wr_text_equal(key, "late_minutes") || wr_text_equal(key, "tries") ||
		   wr_text_equal(key, "status"));
}

struct columns {
	size_t n;
	const char *key[COLUMNS_MAX], *heading[COLUMNS_MAX];
	bool number[COLUMNS_MAX];
};

static void add_column(struct columns *columns, json_t *rows, const char *key, const char *heading)
{
	size_t i;
	json_t *row;
	bool used = false, number = true;
	json_array_foreach (rows, i, row) {
		json_t *value = json_object_get(row, key);
		used |= wr_ctl_has_value(value) && !zero_is_none(key, value);
		number &= !value || json_is_number(value) || json_is_null(value);
	}
	if (!used || columns->n == COLUMNS_MAX)
		return;
	columns->key[columns->n] = key;
	columns->heading[columns->n] = heading;
	columns->number[columns->n++] = number;
}

static char *heading_of(struct wr_arena *arena, const char *key)
{
	char *heading = wr_arena_strdup(arena, key);
	for (char *c = heading; *c; c++)
		*c = (char)(*c == '_' ? ' ' : *c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
	return heading;
}

static void choose_columns(
    struct wr_arena *arena, struct columns *columns, const char *list, json_t *rows)
{
	const struct wr_ctl_view *view = wr_ctl_views;
	while (view->list && !wr_text_equal(view->list, list))
		view++;
	for (size_t i = 0; view->list && i < WR_COUNT(view->columns) && view->columns[i].key; i++)
		add_column(columns, rows, view->columns[i].key, view->columns[i].heading);
	if (columns->n)
		return;
	const char *key;
	json_t *value;
	json_object_foreach (json_array_get(rows, 0), key, value)
		add_column(columns, rows, key, heading_of(arena, key));
}

static char *cell_text(struct wr_arena *arena, const char *key, json_t *value)
{
	struct wr_buf text = {0};
	if (value && !zero_is_none(key, value))
		wr_ctl_append_value(&text, key, value);
	char *cell = wr_arena_strndup(arena, wr_buf_text(&text), text.length);
	wr_buf_deinit(&text);
	return cell;
}

/* Characters, not bytes: names have accents. */
static size_t width_of(const char *text)
{
	size_t width = 0;
	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

/* What a terminal leaves for the last column; 0 where lines are not broken. */
static size_t last_column_width(FILE *to, const struct columns *columns, char **cells, size_t rows)
{
	struct winsize size;
	size_t taken = 0;
	if (!isatty(fileno(to)) || ioctl(fileno(to), TIOCGWINSZ, &size) || size.ws_col == 0)
		return 0;
	for (size_t i = 0; i + 1 < columns->n; i++) {
		size_t width = width_of(columns->heading[i]);
		for (size_t row = 0; row < rows; row++) {
			size_t cell = width_of(cells[row * columns->n + i]);
			width = cell > width ? cell : width;
		}
		taken += width + 1;
	}
	return taken + LAST_COLUMN_MIN > size.ws_col ? LAST_COLUMN_MIN : size.ws_col - taken;
}

/* Blanks become line ends so that no line is longer than `width`, where words allow it. */
static void break_lines(char *text, size_t width)
{
	size_t length = 0;
	char *blank = NULL;
	for (; *text; text++) {
		if (*text == ' ')
			blank = text;
		length += ((unsigned char)*text & 0xc0) != 0x80;
		if (length > width && blank) {
			*blank = '\n';
			length = (size_t)(text - blank);
			blank = NULL;
		}
	}
}

static void add_row(struct libscols_table *table, char **cells, size_t n)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	if (!line)
		wr_out_of_memory();
	for (size_t i = 0; i < n; i++)
		scols_line_set_data(line, i, cells[i]);
}

static void add_columns(struct libscols_table *table, const struct columns *columns, bool broken)
{
	for (size_t i = 0; i < columns->n; i++) {
		bool last = broken && i + 1 == columns->n;
		struct libscols_column *column =
		    scols_table_new_column(table, columns->heading[i], 0.0,
			columns->number[i] ? SCOLS_FL_RIGHT
			: last             ? SCOLS_FL_WRAP
					   : 0);
		if (!column || !last || columns->number[i])
			continue;
		scols_column_set_safechars(column, "\n");
		scols_column_set_wrapfunc(
		    column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
	}
}

static void fill_table(
    struct libscols_table *table, struct wr_arena *arena, FILE *to, const char *list, json_t *rows)
{
	struct columns columns = {0};
	size_t i, n = json_array_size(rows);
	json_t *row;

	choose_columns(arena, &columns, list, rows);
	if (columns.n == 0)
		return;
	char **cells = wr_arena_new(arena, char *, n *columns.n);
	json_array_foreach (rows, i, row) {
		for (size_t c = 0; c < columns.n; c++)
			cells[i * columns.n + c] =
			    cell_text(arena, columns.key[c], json_object_get(row, columns.key[c]));
	}
	size_t width = last_column_width(to, &columns, cells, n);
	add_columns(table, &columns, width > 0);
	for (i = 0; i < n; i++) {
		if (width)
			break_lines(cells[(i + 1) * columns.n - 1], width);
		add_row(table, &cells[i * columns.n], columns.n);
	}
}

void wr_ctl_print_table(FILE *to, const char *list, json_t *rows)
{
	struct wr_arena arena = {0};
	struct libscols_table *table = scols_new_table();
	if (!table)
		wr_out_of_memory();
	scols_table_set_stream(table, to);
	if (!isatty(fileno(to)))
		scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
	fill_table(table, &arena, to, list, rows);
	if (scols_table_get_ncols(table))
		scols_print_table(table);
	scols_unref_table(table);
	wr_arena_deinit(&arena);
}
