/* Files and zones for config tests: those below TEST_DATA, and the system's zones. */
#ifndef TESTS_UNIT_CONFIG_PORT_H
#define TESTS_UNIT_CONFIG_PORT_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wardround/config.h"

enum { NOW = 1795431600 }; /* 2026-11-23T11:00:00Z */

static inline int slurp(struct wr_arena *arena, const char *path, struct wr_config_file *ret_file)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return -errno;
	char *bytes = wr_arena_alloc(arena, WR_CONFIG_SOURCE_MAX, 1);
	*ret_file = (struct wr_config_file){.bytes = bytes, .mode = 0600};
	ret_file->length = fread(bytes, 1, WR_CONFIG_SOURCE_MAX, file);
	fclose(file);
	return 0;
}

/* `context` is the folder that relative names are in. What a file's name begins with says what is
 * wrong with it. */
static inline int read_file(
    void *context, struct wr_arena *arena, const char *path, struct wr_config_file *ret_file)
{
	const char *folder = context;
	if (wr_text_starts(path, "unreadable"))
		return -EACCES;
	if (wr_text_starts(path, "huge"))
		return -EFBIG;
	bool world = wr_text_starts(path, "world");
	const char *name = world ? "sms.secret" : path;
	int error = slurp(
	    arena, name[0] == '/' ? name : wr_arena_printf(arena, "%s/%s", folder, name), ret_file);
	if (world)
		ret_file->mode = 0644;
	return error;
}

static inline int read_zone(
    void *context, struct wr_arena *arena, const char *name, struct wr_config_file *ret_file)
{
	(void)context;
	return slurp(arena, wr_arena_printf(arena, "/usr/share/zoneinfo/%s", name), ret_file);
}

static inline const char *data_path(struct wr_arena *arena, const char *name)
{
	return wr_arena_printf(arena, "%s/%s", getenv("TEST_DATA"), name);
}

static inline struct wr_config_port port_in(const char *folder)
{
	return (struct wr_config_port){
	    .context = (void *)(uintptr_t)folder, .read_file = read_file, .read_zone = read_zone};
}

/* What is said about a config, as the admin sees it; to be freed. */
static inline char *said(const struct wr_config_diagnostics *diagnostics)
{
	struct wr_buf buf = {0};
	for (size_t i = 0; i < diagnostics->n; i++)
		wr_config_diagnostic_format(&diagnostics->items[i], &buf);
	return wr_buf_take(&buf);
}

/* Reads one text as wardround.conf in the tests' folder of files. */
static inline int read_text(struct wr_arena *arena, const char *text,
    const struct wr_config **ret_config, struct wr_config_diagnostics *ret_diagnostics)
{
	struct wr_config_source source = {"wardround.conf", text, strlen(text)};
	struct wr_config_port port = port_in(data_path(arena, "config/files"));
	return wr_config_read(arena, &source, 1, &port, NOW, ret_config, ret_diagnostics);
}

#endif
