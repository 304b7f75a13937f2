/*
 * wardctl config check: every mistake and warning of a configuration, without a daemon.
 */
#include "ctl.h"

#include "sys/config_files.h"

#include <time.h>

static json_t *diagnostic_json(const struct wr_config_diagnostic *diagnostic)
{
	return json_pack("{s:s, s:s, s:i, s:i, s:s*, s:s*}", "severity",
	    diagnostic->severity == WR_CONFIG_ERROR ? "error" : "warning", "file", diagnostic->file,
	    "line", diagnostic->line, "column", diagnostic->column, "text", diagnostic->text,
	    "hint", diagnostic->hint);
}

static json_t *list_json(const struct wr_config_diagnostics *diagnostics, enum wr_severity severity)
{
	json_t *list = json_array();
	for (size_t i = 0; i < diagnostics->n; i++)
		if (diagnostics->items[i].severity == severity)
			json_array_append_new(list, diagnostic_json(&diagnostics->items[i]));
	return list;
}

static void print_json(const char *file, const struct wr_config_diagnostics *diagnostics)
{
	static const struct wr_ctl_globals as_json = {.json = true};
	json_t *answer = json_pack("{s:i, s:s, s:o}", "schema", 1, "file", file, "warnings",
	    list_json(diagnostics, WR_CONFIG_WARNING));
	if (diagnostics->errors)
		json_object_set_new(answer, "error",
		    json_pack("{s:s, s:o, s:s, s:o}", "code", "config", "text",
			json_sprintf("%s has %zu mistake%s", file, diagnostics->errors,
			    diagnostics->errors == 1 ? "" : "s"),
			"hint", "mistakes are named by file, line and column", "mistakes",
			list_json(diagnostics, WR_CONFIG_ERROR)));
	wr_ctl_print(&as_json, answer);
	json_decref(answer);
}

int wr_ctl_run_config_check(struct wr_ctl_call *call)
{
	struct wr_arena arena = {0};
	struct wr_buf text = {0};
	struct wr_config_diagnostics diagnostics = {0};
	const struct wr_config *config;
	const char *given = wr_ctl_text(call, "file");
	const char *file = given ? given : WR_CONFIG_FILE;

	wr_config_load(file, (wr_time)time(NULL), &arena, &config, &diagnostics);
	for (size_t i = 0; i < diagnostics.n; i++)
		if (!call->globals.quiet || diagnostics.items[i].severity == WR_CONFIG_ERROR)
			wr_config_diagnostic_format(&diagnostics.items[i], &text);
	fputs(wr_buf_text(&text), stderr);
	if (call->globals.json)
		print_json(file, &diagnostics);
	else if (diagnostics.errors)
		wr_ctl_note(&call->globals, "%s: %zu mistake%s", file, diagnostics.errors,
		    diagnostics.errors == 1 ? "" : "s");
	else
		wr_ctl_note(&call->globals, "%s: no mistake found", file);
	int r = diagnostics.errors ? WR_CTL_CONFIG : WR_CTL_DONE;
	wr_buf_deinit(&text);
	wr_arena_deinit(&arena);
	return r;
}
