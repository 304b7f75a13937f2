/*
 * Any bytes are read or refused with a reason. The input is the config, and after a NUL what every
 * file holds that it names. What was read shows as a text that reads as the same.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wardround/config.h"

struct input {
	const uint8_t *file;
	size_t length;
};

static int read_file(
    void *context, struct wr_arena *arena, const char *path, struct wr_config_file *ret_file)
{
	(void)arena;
	const struct input *input = context;
	if (strstr(path, "none"))
		return -ENOENT;
	*ret_file = (struct wr_config_file){input->file, input->length, 0600};
	return 0;
}

/* London, whatever the name; loaded once. */
static int read_zone(
    void *context, struct wr_arena *arena, const char *name, struct wr_config_file *ret_file)
{
	static char bytes[8192];
	static size_t length;
	(void)context, (void)arena, (void)name;
	if (length == 0) {
		FILE *file = fopen("/usr/share/zoneinfo/Europe/London", "rb");
		if (!file)
			return -ENOENT;
		length = fread(bytes, 1, sizeof(bytes), file);
		fclose(file);
	}
	*ret_file = (struct wr_config_file){bytes, length, 0644};
	return 0;
}

static void check_diagnostics(const struct wr_config_diagnostics *diagnostics)
{
	struct wr_buf buf = {0};
	for (size_t i = 0; i < diagnostics->n; i++) {
		const struct wr_config_diagnostic *each = &diagnostics->items[i];
		wr_buf_clear(&buf);
		wr_config_diagnostic_format(each, &buf);
		if (each->line < 1 || each->column < 1 || each->width < 1 || !*each->text ||
		    !wr_text_is_utf8(buf.data, buf.length))
			abort();
	}
	wr_buf_deinit(&buf);
}

static int read_config(struct wr_arena *arena, const char *text, size_t length, struct input *input,
    const struct wr_config **ret_config)
{
	struct wr_config_source source = {"wardround.conf", text, length};
	struct wr_config_port port = {input, read_file, read_zone};
	struct wr_config_diagnostics diagnostics;
	int outcome =
	    wr_config_read(arena, &source, 1, &port, 1795431600, ret_config, &diagnostics);
	check_diagnostics(&diagnostics);
	if ((outcome == 0) != (diagnostics.errors == 0) || (outcome == 0) != (*ret_config != NULL))
		abort();
	return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nul = size > 0 ? memchr(data, 0, size) : NULL;
	size_t length = nul ? (size_t)(nul - data) : size;
	struct input input = {nul ? nul + 1 : (const uint8_t *)"", nul ? size - length - 1 : 0};
	struct wr_arena arena = {0};
	struct wr_buf one = {0}, two = {0};
	const struct wr_config *config, *again;
	if (read_config(&arena, (const char *)data, length, &input, &config) != 0)
		goto out;
	wr_config_show(config, &one);
	if (read_config(&arena, one.data, one.length, &input, &again) != 0)
		abort();
	wr_config_show(again, &two);
	if (strcmp(wr_buf_text(&one), wr_buf_text(&two)) != 0)
		abort();
out:
	wr_buf_deinit(&one);
	wr_buf_deinit(&two);
	wr_arena_deinit(&arena);
	return 0;
}
