/*
 * Answers for people. An answer is an object: its simple values become lines "key: value", objects
 * in it the same a step further in, arrays of objects a table (columns in views.c). Instants are
 * shown short. For programs the answer is printed as it came.
 */
#include "ctl.h"

#include "wardround/civil.h"

#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { COLUMNS_MAX = 24 };

/* ---- values as text ---- */

static int digits(const char *text, int n)
{
	int number = 0;
	for (int i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + text[i] - '0';
	}
	return number;
}

/* 2026-11-30T09:00:00, then Z or +00:00. */
static bool looks_like_instant(const char *text)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd";
	for (size_t i = 0; i < sizeof(shape) - 1; i++)
		if (shape[i] == 'd' ? digits(text + i, 1) < 0 : text[i] != shape[i])
			return false;
	const char *zone = text + sizeof(shape) - 1;
	return strcmp(zone, "Z") == 0 || ((*zone == '+' || *zone == '-') && strlen(zone) == 6);
}

static int year_now(void)
{
	return wr_day_date((wr_day)(time(NULL) / 86400)).year;
}

/* "Mon 30 Nov 09:00"; the year where it is not this one; "Z" where the instant is in UTC. */
static void append_instant(struct wr_buf *buf, const char *text)
{
	char day[WR_TIME_TEXT];
	int year = digits(text, 4), month = digits(text + 5, 2), date = digits(text + 8, 2);
	if (year < 1 || month < 1 || month > 12 || date < 1 || date > 31) {
		wr_buf_puts(buf, text);
		return;
	}
	wr_buf_puts(buf, wr_day_short(wr_day_from_date(year, month, date), day));
	if (year != year_now())
		wr_buf_printf(buf, " %d", year);
	wr_buf_printf(buf, " %.5s%s", text + 11, text[19] == 'Z' ? "Z" : "");
}

static bool is_clock_column(const char *key)
{
	return wr_text_equal(key, "end");
}

static void append_value(struct wr_buf *buf, const char *key, json_t *value);

/* Of an object within a cell its first text: {"support":"S01","answer":"video"}. */
static void append_object(struct wr_buf *buf, json_t *object)
{
	const char *key;
	json_t *value;
	bool first = true;
	json_object_foreach(object, key, value)
	{
		if (json_is_object(value) || json_is_array(value) || json_is_null(value))
			continue;
		if (!first)
			wr_buf_putc(buf, ' ');
		append_value(buf, key, value);
		first = false;
	}
}

static bool are_instants(json_t *array)
{
	const char *first = json_string_value(json_array_get(array, 0));
	return json_array_size(array) > 1 && first && looks_like_instant(first);
}

static void append_array(struct wr_buf *buf, const char *key, json_t *array)
{
	size_t i, n = json_array_size(array);
	json_t *item;
	if (are_instants(array)) { /* the cells of a session: the first, the last, how many */
		const char *last = json_string_value(json_array_get(array, n - 1));
		append_value(buf, key, json_array_get(array, 0));
		wr_buf_printf(
		    buf, " to %.5s (%zu)", last && looks_like_instant(last) ? last + 11 : "?", n);
		return;
	}
	json_array_foreach(array, i, item)
	{
		if (i)
			wr_buf_puts(buf, ", ");
		append_value(buf, key, item);
	}
}

static void append_value(struct wr_buf *buf, const char *key, json_t *value)
{
	const char *text = json_string_value(value);
	switch (json_typeof(value)) {
	case JSON_STRING:
		if (looks_like_instant(text) && is_clock_column(key))
			wr_buf_append(buf, text + 11, 5);
		else if (looks_like_instant(text))
			append_instant(buf, text);
		else
			wr_buf_puts(buf, text);
		break;
	case JSON_INTEGER:
		wr_buf_printf(buf, "%lld", (long long)json_integer_value(value));
		break;
	case JSON_REAL:
		wr_buf_printf(buf, "%g", json_real_value(value));
		break;
	case JSON_TRUE:
		wr_buf_puts(buf, "yes");
		break;
	case JSON_FALSE:
	case JSON_NULL:
		break;
	case JSON_OBJECT:
		append_object(buf, value);
		break;
	case JSON_ARRAY:
		append_array(buf, key, value);
		break;
	}
}

/* ---- tables ---- */

struct columns {
	size_t n;
	const char *key[COLUMNS_MAX], *heading[COLUMNS_MAX];
	bool number[COLUMNS_MAX];
};

static bool has_value(json_t *value)
{
	return value && !json_is_null(value) && !json_is_false(value) &&
	       !(json_is_string(value) && !*json_string_value(value)) &&
	       !(json_is_array(value) && json_array_size(value) == 0);
}

static void add_column(struct columns *columns, json_t *rows, const char *key, const char *heading)
{
	size_t i;
	json_t *row;
	bool used = false, number = true;
	json_array_foreach(rows, i, row)
	{
		json_t *value = json_object_get(row, key);
		used |= has_value(value);
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
		*c = *c == '_' ? ' ' : (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
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
	json_object_foreach(json_array_get(rows, 0), key, value)
	    add_column(columns, rows, key, heading_of(arena, key));
}

static void add_row(struct libscols_table *table, const struct columns *columns, json_t *row)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	if (!line)
		wr_out_of_memory();
	for (size_t i = 0; i < columns->n; i++) {
		struct wr_buf text = {0};
		json_t *value = json_object_get(row, columns->key[i]);
		if (value)
			append_value(&text, columns->key[i], value);
		scols_line_set_data(line, i, wr_buf_text(&text));
		wr_buf_deinit(&text);
	}
}

void wr_ctl_print_table(FILE *to, const char *list, json_t *rows)
{
	struct wr_arena arena = {0};
	struct columns columns = {0};
	struct libscols_table *table = scols_new_table();
	size_t i;
	json_t *row;

	if (!table)
		wr_out_of_memory();
	choose_columns(&arena, &columns, list, rows);
	for (i = 0; i < columns.n; i++)
		scols_table_new_column(table, columns.heading[i], 0.0,
		    columns.number[i]                          ? SCOLS_FL_RIGHT
		    : i + 1 == columns.n && isatty(fileno(to)) ? SCOLS_FL_WRAP
							       : 0);
	scols_table_set_stream(table, to);
	if (!isatty(fileno(to)))
		scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
	json_array_foreach(rows, i, row) add_row(table, &columns, row);
	if (columns.n)
		scols_print_table(table);
	scols_unref_table(table);
	wr_arena_deinit(&arena);
}

/* ---- whole answers ---- */

static bool is_table(json_t *value)
{
	return json_is_array(value) && json_is_object(json_array_get(value, 0));
}

static void print_line(const char *key, json_t *value, int depth)
{
	struct wr_buf text = {0}, name = {0};
	for (const char *c = key; *c; c++)
		wr_buf_putc(&name, *c == '_' ? ' ' : *c);
	append_value(&text, NULL, value);
	printf("%*s%s: ", 2 * depth, "", wr_buf_text(&name));
	wr_ctl_put_safe(stdout, wr_buf_text(&text));
	putchar('\n');
	wr_buf_deinit(&text);
	wr_buf_deinit(&name);
}

static void print_object(json_t *object, int depth);

static void print_member(const char *key, json_t *value, int depth, bool *separate)
{
	if (is_table(value)) {
		if (*separate)
			putchar('\n');
		if (depth || *separate)
			printf("%s:\n", key);
		wr_ctl_print_table(stdout, key, value);
		*separate = true;
	} else if (json_is_object(value)) {
		if (*separate && depth == 0)
			putchar('\n');
		if (*separate)
			printf("%*s%s:\n", 2 * depth, "", key);
		print_object(value, *separate ? depth + 1 : depth);
		*separate = true;
	} else if (has_value(value)) {
		print_line(key, value, depth);
		*separate = true;
	}
}

/* Lines first, then what has rows. */
static void print_object(json_t *object, int depth)
{
	const char *key;
	json_t *value;
	bool separate = false;
	json_object_foreach(object, key,
	    value) if (!is_table(value) && !json_is_object(value) && strcmp(key, "schema") != 0 &&
		       strcmp(key, "warnings") != 0) print_member(key, value, depth, &separate);
	json_object_foreach(object, key, value) if (is_table(value) || json_is_object(value))
	    print_member(key, value, depth, &separate);
}

static void note_warnings(const struct wr_ctl_globals *globals, json_t *answer)
{
	size_t i;
	json_t *warning;
	json_array_foreach(json_object_get(answer, "warnings"), i, warning)
	{
		struct wr_buf text = {0};
		append_value(&text, NULL, warning);
		wr_ctl_note(globals, "warning: %s", wr_buf_text(&text));
		wr_buf_deinit(&text);
	}
}

/* The list that an answer is about when it holds nothing else: {"schema":1,"tasks":[]}. */
static const char *empty_list(json_t *answer)
{
	const char *key, *list = NULL;
	json_t *value;
	json_object_foreach(answer, key, value)
	{
		if (strcmp(key, "schema") == 0)
			continue;
		if (list || !json_is_array(value) || json_array_size(value))
			return NULL;
		list = key;
	}
	return list;
}

void wr_ctl_print(const struct wr_ctl_globals *globals, json_t *answer)
{
	if (globals->json) {
		char *text = json_dumps(answer, JSON_COMPACT);
		if (!text)
			wr_out_of_memory();
		puts(text);
		free(text);
		return;
	}
	note_warnings(globals, answer);
	const char *list = empty_list(answer);
	if (list)
		wr_ctl_note(globals, "no %s", list);
	else
		print_object(answer, 0);
}
