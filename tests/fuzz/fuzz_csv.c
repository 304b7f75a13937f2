/* Any bytes are read or refused in words; what was read is the same after writing and reading. */
#include <stdlib.h>
#include <string.h>

#include "wardround/ward.h"

static void write_row(struct wr_buf *buf, const struct wr_csv_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		wr_csv_write_field(buf, row->field[i], i + 1 == row->n);
}

static void expect_same_row(const struct wr_csv_row *a, const struct wr_csv_row *b)
{
	if (a->n != b->n)
		abort();
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->field[i], b->field[i]) != 0)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wr_arena arena = {0};
	struct wr_buf buf = {0};
	struct wr_csv csv, again;
	int line = 0;
	const char *error = NULL;
	if (wr_csv_parse(&arena, (const char *)data, size, &csv, &line, &error) != 0) {
		if (line < 1 || wr_text_empty(error))
			abort();
		goto out;
	}
	if (csv.header.n < 2)
		goto out;                  /* an empty field alone on its line is a blank line */
	wr_buf_puts(&buf, "\xef\xbb\xbf"); /* so that one inside the header stays */
	write_row(&buf, &csv.header);
	for (size_t i = 0; i < csv.n; i++)
		if (csv.row[i].n > 1)
			write_row(&buf, &csv.row[i]);
	if (wr_csv_parse(&arena, buf.data, buf.length, &again, &line, &error) != 0)
		abort();
	expect_same_row(&csv.header, &again.header);
	for (size_t i = 0, j = 0; i < csv.n; i++)
		if (csv.row[i].n > 1)
			expect_same_row(&csv.row[i], &again.row[j++]);
out:
	wr_buf_deinit(&buf);
	wr_arena_deinit(&arena);
	return 0;
}
