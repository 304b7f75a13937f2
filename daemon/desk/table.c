#include "desk/table.h"

#include <string.h>

enum { MOST_MISTAKES = 200 };

static void add_mistake(struct wr_table *table, int line, const char *column, const char *text)
{
	if (json_array_size(table->mistakes) < MOST_MISTAKES)
		json_array_append_new(table->mistakes,
		    json_pack("{s:i, s:s, s:s}", "line", line, "column", column, "text", text));
}

void wr_table_mistake(
    struct wr_table *table, size_t row, const char *column, const char *format, ...)
{
	va_list args;
	struct wr_buf text = {0};
	va_start(args, format);
	wr_buf_vprintf(&text, format, args);
	va_end(args);
	add_mistake(table, table->csv.row[row].line, column, wr_buf_text(&text));
	wr_buf_deinit(&text);
}

static const char *plain(const char *column)
{
	return *column == '*' ? column + 1 : column;
}

static void find_columns(struct wr_table *table)
{
	const struct wr_csv_row *header = &table->csv.header;
	size_t n = 0;
	while (table->columns[n])
		n++;
	table->at = wr_arena_new(table->use->arena, int, n + 1);
	const char **names = wr_arena_new(table->use->arena, const char *, n + 1);
	for (size_t i = 0; i < n; i++) {
		names[i] = plain(table->columns[i]);
		table->at[i] = -1;
		for (size_t k = 0; k < header->n; k++)
			if (strcmp(header->field[k], names[i]) == 0)
				table->at[i] = (int)k;
		if (table->at[i] < 0 && *table->columns[i] == '*')
			add_mistake(table, 1, names[i], "this column is missing in the header");
	}
	for (size_t k = 0; k < header->n; k++) {
		bool known = false, twice = false;
		for (size_t i = 0; i < n; i++)
			known |= strcmp(header->field[k], names[i]) == 0;
		for (size_t i = 0; i < k; i++)
			twice |= strcmp(header->field[k], header->field[i]) == 0;
		const char *near = known ? NULL : wr_text_nearest(header->field[k], names, n);
		if (twice)
			add_mistake(table, 1, header->field[k], "this column is there twice");
		else if (!known)
			add_mistake(table, 1, header->field[k],
			    near ? wr_arena_printf(table->use->arena,
				       "there is no such column; did you mean `%s`?", near)
				 : "there is no such column");
	}
}

static void check_rows(struct wr_table *table)
{
	for (size_t i = 0; i < table->csv.n; i++) {
		const struct wr_csv_row *row = &table->csv.row[i];
		if (row->n != table->csv.header.n)
			wr_table_mistake(table, i, "", "%zu fields; the header has %zu", row->n,
			    table->csv.header.n);
		for (size_t k = 0; k < row->n && k < table->csv.header.n; k++)
			if (!wr_text_is_printable(row->field[k], strlen(row->field[k])))
				wr_table_mistake(table, i, table->csv.header.field[k],
				    "holds line breaks, control characters or no UTF-8");
	}
}

int wr_table_open(struct wr_use *use, const char *const *columns, struct wr_table *ret_table)
{
	const json_t *csv = json_object_get(use->args, "csv");
	int line = 0;
	const char *error = NULL;
	*ret_table = (struct wr_table){.use = use, .columns = columns};
	if (!json_is_string(csv))
		return wr_fault(use, WR_FAULT_USAGE, NULL, "%s: csv is missing", use->verb);
	int r = wr_csv_parse(use->arena, json_string_value(csv), json_string_length(csv),
	    &ret_table->csv, &line, &error);
	ret_table->mistakes = json_array();
	if (r) {
		add_mistake(ret_table, line, "", error);
		return wr_table_close(ret_table);
	}
	find_columns(ret_table);
	if (json_array_size(ret_table->mistakes))
		return wr_table_close(ret_table);
	check_rows(ret_table); /* the other mistakes of its rows are to be said too */
	return 0;
}

bool wr_table_has(const struct wr_table *table, const char *column)
{
	for (size_t i = 0; table->columns[i]; i++)
		if (strcmp(plain(table->columns[i]), column) == 0)
			return table->at[i] >= 0;
	return false;
}

const char *wr_table_text(const struct wr_table *table, size_t row, const char *column)
{
	for (size_t i = 0; table->columns[i]; i++) {
		if (strcmp(plain(table->columns[i]), column) != 0)
			continue;
		int at = table->at[i];
		const struct wr_csv_row *fields = &table->csv.row[row];
		if (at < 0 || (size_t)at >= fields->n)
			return NULL;
		const char *field = fields->field[at];
		return field[strspn(field, " ")] ? field : NULL; /* blanks are nothing */
	}
	return NULL;
}

void wr_table_time(struct wr_table *table, size_t row, const char *column,
    const struct wr_config_ward *ward, wr_time *ret)
{
	const char *text = wr_table_text(table, row, column);
	if (!text)
		return;
	int r = wr_time_parse(ward->zone, text, ret);
	if (r == WR_CIVIL_NO_SUCH_TIME)
		wr_table_mistake(
		    table, row, column, "%s does not exist in %s", text, wr_zone_name(ward->zone));
	else if (r)
		wr_table_mistake(table, row, column,
		    "`%s` is not a time; write 2026-11-30T09:00 (ward time)", text);
}

void wr_table_word(
    struct wr_table *table, size_t row, const char *column, const struct wr_words *words, int *ret)
{
	const char *text = wr_table_text(table, row, column);
	if (!text)
		return;
	int value = wr_word_value(words, text);
	if (value >= 0) {
		*ret = value;
		return;
	}
	struct wr_buf all = {0};
	for (size_t i = 0; i < words->n; i++)
		wr_buf_printf(&all, "%s%s", i ? ", " : "", words->names[i]);
	wr_table_mistake(table, row, column, "`%s` is not one of: %s", text, wr_buf_text(&all));
	wr_buf_deinit(&all);
}

void wr_table_flag(struct wr_table *table, size_t row, const char *column, bool *ret)
{
	const char *text = wr_table_text(table, row, column);
	if (!text || strcmp(text, "no") == 0 || strcmp(text, "false") == 0)
		*ret = false;
	else if (strcmp(text, "yes") == 0 || strcmp(text, "true") == 0)
		*ret = true;
	else
		wr_table_mistake(
		    table, row, column, "`%s` is neither yes nor no (nor empty)", text);
}

void wr_table_int(
    struct wr_table *table, size_t row, const char *column, int min, int max, int *ret)
{
	const char *text = wr_table_text(table, row, column);
	int64_t number = 0;
	if (!text)
		return;
	if (wr_text_int(text, min, max, &number))
		wr_table_mistake(
		    table, row, column, "`%s` is not a whole number from %d to %d", text, min, max);
	else
		*ret = (int)number;
}

const char *wr_table_must(struct wr_table *table, size_t row, const char *column)
{
	const char *text = wr_table_text(table, row, column);
	if (!text)
		wr_table_mistake(table, row, column, "must not be empty");
	return text;
}

int wr_table_close(struct wr_table *table)
{
	struct wr_use *use = table->use;
	size_t n = json_array_size(table->mistakes);
	if (!n) {
		json_decref(table->mistakes);
		return 0;
	}
	json_decref(use->fault.more);
	use->fault.more = json_pack("{s:o}", "rows", table->mistakes);
	const char *file = wr_arg_text(use, "file");
	return wr_fault(use, WR_FAULT_DATA, "mend these rows and import the file again",
	    "%s: %zu mistake%s; nothing was imported", file ? file : "the file", n,
	    n == 1 ? "" : "s");
}
