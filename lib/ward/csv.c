#include "wardround/ward.h"

#include <stdlib.h>
#include <string.h>

struct reader {
	struct wr_arena *arena;
	const char *at, *end;
	int line; /* of `at` */
	const char **field;
	size_t n, capacity; /* fields of the row being read */
	bool quoted;        /* a field of this row had quotes: the row is not blank */
	const char *error;
	int error_line;
};

static bool refuse(struct reader *reader, int line, const char *error)
{
	reader->error = error;
	reader->error_line = line;
	return false;
}

static void add_field(struct reader *reader, const char *text, size_t length)
{
	WR_GROW(reader->field, reader->n, reader->capacity);
	reader->field[reader->n++] = wr_arena_strndup(reader->arena, text, length);
}

static bool read_quoted(struct reader *reader)
{
	int begun = reader->line;
	struct wr_buf buf = {0};
	reader->quoted = true;
	for (reader->at++; reader->at < reader->end; reader->at++) {
		if (*reader->at == '"') {
			if (reader->at + 1 == reader->end || reader->at[1] != '"')
				break;
			reader->at++;
		}
		reader->line += *reader->at == '\n';
		wr_buf_putc(&buf, *reader->at);
	}
	bool closed = reader->at < reader->end;
	if (closed) {
		reader->at++;
		add_field(reader, wr_buf_text(&buf), buf.length);
	}
	wr_buf_deinit(&buf);
	if (!closed)
		return refuse(reader, begun, "a quote opens here and is never closed");
	if (reader->at < reader->end && !strchr(",\r\n", *reader->at))
		return refuse(reader, reader->line,
		    "text after a closing quote; a quote inside a field is written twice");
	return true;
}

static bool read_plain(struct reader *reader)
{
	const char *from = reader->at;
	while (reader->at < reader->end && !strchr(",\r\n\"", *reader->at))
		reader->at++;
	if (reader->at < reader->end && *reader->at == '"')
		return refuse(reader, reader->line,
		    "a quote inside a field; put the whole field into quotes and write it twice");
	add_field(reader, from, (size_t)(reader->at - from));
	return true;
}

/* One row and its line end. */
static bool read_row(struct reader *reader, struct wr_csv_row *ret_row)
{
	ret_row->line = reader->line;
	reader->n = 0;
	reader->quoted = false;
	for (;;) {
		bool quoted = reader->at < reader->end && *reader->at == '"';
		if (!(quoted ? read_quoted(reader) : read_plain(reader)))
			return false;
		if (reader->at == reader->end || *reader->at != ',')
			break;
		reader->at++;
	}
	if (reader->at < reader->end && *reader->at == '\r') {
		if (reader->at + 1 == reader->end || reader->at[1] != '\n')
			return refuse(reader, reader->line,
			    "a carriage return without a line feed; save with Windows or Unix "
			    "line ends");
		reader->at++;
	}
	if (reader->at < reader->end) {
		reader->at++;
		reader->line++;
	}
	return true;
}

static bool row_is_blank(const struct reader *reader)
{
	return reader->n == 1 && !*reader->field[0] && !reader->quoted;
}

/* Fields that a short row lacks read as "", so that a column's index is always good. */
static void keep_row(struct reader *reader, size_t columns, struct wr_csv_row *row)
{
	size_t room = reader->n > columns ? reader->n : columns;
	row->n = reader->n;
	row->field = wr_arena_new(reader->arena, const char *, room);
	for (size_t i = 0; i < room; i++)
		row->field[i] = i < reader->n ? reader->field[i] : "";
}

static bool header_is_good(struct reader *reader, const struct wr_csv_row *header)
{
	if (header->n == 1 && strpbrk(header->field[0], ";\t"))
		return refuse(reader, header->line, "columns have to be divided by commas");
	for (size_t i = 0; i < header->n; i++) {
		if (!*header->field[i])
			return refuse(reader, header->line, "a column of the header has no name");
		for (size_t j = 0; j < i; j++)
			if (strcmp(header->field[i], header->field[j]) == 0)
				return refuse(reader, header->line,
				    wr_arena_printf(reader->arena,
					"the header has the column %s twice", header->field[i]));
	}
	return true;
}

/* Row by row before anything is read, so that the line is known. */
static bool bytes_are_good(struct reader *reader)
{
	int line = 1;
	for (const char *at = reader->at; at < reader->end; line++) {
		const char *feed = memchr(at, '\n', (size_t)(reader->end - at));
		size_t length = (size_t)((feed ? feed : reader->end) - at);
		if (memchr(at, '\0', length))
			return refuse(reader, line, "a NUL byte; save the file as UTF-8 text");
		if (!wr_text_is_utf8(at, length))
			return refuse(reader, line, "not UTF-8; save the file as \"CSV UTF-8\"");
		at += length + 1;
		if (!feed)
			break;
	}
	return true;
}

static bool read_all(
    struct reader *reader, struct wr_csv *csv, size_t *ret_capacity, struct wr_csv_row **ret_rows)
{
	if (!bytes_are_good(reader))
		return false;
	bool have_header = false;
	while (reader->at < reader->end) {
		struct wr_csv_row row;
		if (!read_row(reader, &row))
			return false;
		if (row_is_blank(reader))
			continue;
		keep_row(reader, csv->header.n, &row);
		if (!have_header) {
			have_header = true;
			csv->header = row;
			if (!header_is_good(reader, &row))
				return false;
			continue;
		}
		WR_GROW(*ret_rows, csv->n, *ret_capacity);
		(*ret_rows)[csv->n++] = row;
	}
	return have_header ||
	       refuse(reader, 1, "the file is empty; line 1 has to name the columns");
}

int wr_csv_parse(struct wr_arena *arena, const char *text, size_t length, struct wr_csv *ret_csv,
    int *ret_line, const char **ret_error)
{
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		length -= 3;
	}
	struct reader reader = {.arena = arena, .at = text, .end = text + length, .line = 1};
	struct wr_csv csv = {0};
	struct wr_csv_row *rows = NULL;
	size_t capacity = 0;
	int outcome = 0;
	if (!read_all(&reader, &csv, &capacity, &rows)) {
		*ret_line = reader.error_line;
		*ret_error = reader.error;
		outcome = WR_CIVIL_BAD_TEXT;
		goto out;
	}
	csv.row = wr_arena_new(arena, struct wr_csv_row, csv.n ? csv.n : 1);
	if (csv.n > 0)
		memcpy(csv.row, rows, csv.n * sizeof(*rows));
	*ret_csv = csv;
out:
	free(rows);
	free(reader.field);
	return outcome;
}

void wr_csv_write_field(struct wr_buf *buf, const char *field, bool last)
{
	if (!field)
		field = "";
	size_t n = strlen(field);
	if (!strpbrk(field, ",\"\r\n") && (n == 0 || (field[0] != ' ' && field[n - 1] != ' '))) {
		wr_buf_puts(buf, field);
	} else {
		wr_buf_putc(buf, '"');
		for (; *field; field++) {
			if (*field == '"')
				wr_buf_putc(buf, '"');
			wr_buf_putc(buf, *field);
		}
		wr_buf_putc(buf, '"');
	}
	wr_buf_puts(buf, last ? "\r\n" : ",");
}
