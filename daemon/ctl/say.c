/*
 * Errors and notes. An exit code and the code of an error are two names of one thing; `codes` is
 * where they meet.
 */
#include "ctl.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// clang-format off
static const struct {
	const char *code;
	enum wr_ctl_exit exit;
} codes[] = {
	{"refused",      WR_CTL_REFUSED},      /* the first row of an exit code is its name */
	{"needs-yes",    WR_CTL_REFUSED},
	{"unknown",      WR_CTL_UNKNOWN},
	{"usage",        WR_CTL_USAGE},
	{"needs-reason", WR_CTL_USAGE},
	{"data",         WR_CTL_DATA},
	{"unreachable",  WR_CTL_UNREACHABLE},
	{"internal",     WR_CTL_INTERNAL},
	{"io",           WR_CTL_IO},
	{"again",        WR_CTL_AGAIN},
	{"read-only",    WR_CTL_AGAIN},
	{"forbidden",    WR_CTL_FORBIDDEN},
	{"config",       WR_CTL_CONFIG},
};
// clang-format on

static const char *code_of(enum wr_ctl_exit exit)
{
	for (size_t i = 0; i < WR_COUNT(codes); i++)
		if (codes[i].exit == exit)
			return codes[i].code;
	return "internal";
}

static enum wr_ctl_exit exit_of_status(long status)
{
	switch (status) {
	case 400:
		return WR_CTL_USAGE;
	case 403:
		return WR_CTL_FORBIDDEN;
	case 404:
		return WR_CTL_UNKNOWN;
	case 409:
		return WR_CTL_REFUSED;
	case 413:
	case 422:
		return WR_CTL_DATA;
	case 429:
	case 503:
		return WR_CTL_AGAIN;
	default:
		return WR_CTL_INTERNAL;
	}
}

static enum wr_ctl_exit exit_of(const char *code, long status)
{
	for (size_t i = 0; code && i < WR_COUNT(codes); i++)
		if (strcmp(codes[i].code, code) == 0)
			return codes[i].exit;
	return exit_of_status(status);
}

void wr_ctl_put_safe(FILE *to, const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	for (; *c; c++) {
		bool c1 = c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f;
		if (c1)
			c++;
		fputc(c1 || (*c < 0x20 && *c != '\n') || *c == 0x7f ? '?' : *c, to);
	}
}

static bool in_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	return wr_text_empty(no) && term && strcmp(term, "dumb") != 0 && isatty(STDERR_FILENO);
}

static void say_words(const char *text, const char *hint)
{
	bool colour = in_colour();
	fflush(stdout);
	fprintf(
	    stderr, "wardctl: %serror:%s ", colour ? "\033[1;31m" : "", colour ? "\033[0m" : "");
	wr_ctl_put_safe(stderr, text);
	fputc('\n', stderr);
	if (!wr_text_empty(hint)) {
		fprintf(stderr, "%shint:%s ", colour ? "\033[1m" : "", colour ? "\033[0m" : "");
		wr_ctl_put_safe(stderr, hint);
		fputc('\n', stderr);
	}
}

static void put_json(json_t *answer)
{
	char *text = json_dumps(answer, JSON_COMPACT);
	if (!text)
		wr_out_of_memory();
	puts(text);
	free(text);
}

/* Words that somebody typed may be anything; JSON holds UTF-8 only. */
static json_t *json_words(const char *text)
{
	json_t *value = json_string(text);
	if (value)
		return value;
	struct wr_buf plain = {0};
	for (const char *c = text; *c; c++)
		wr_buf_putc(&plain, (char)((unsigned char)*c < 0x80 ? *c : '?'));
	value = json_string(wr_buf_text(&plain));
	wr_buf_deinit(&plain);
	return value;
}

int wr_ctl_fail(const struct wr_ctl_globals *globals, enum wr_ctl_exit exit, const char *hint,
    const char *format, ...)
{
	struct wr_buf text = {0};
	va_list args;
	va_start(args, format);
	wr_buf_vprintf(&text, format, args);
	va_end(args);

	say_words(wr_buf_text(&text), hint);
	if (globals->json) {
		json_t *error = json_pack("{s:i, s:{s:s, s:o, s:o}}", "schema", 1, "error", "code",
		    code_of(exit), "text", json_words(wr_buf_text(&text)), "hint",
		    json_words(hint ? hint : ""));
		put_json(error);
		json_decref(error);
	}
	wr_buf_deinit(&text);
	return (int)exit;
}

static void say_rows(json_t *error)
{
	const char *file = json_string_value(json_object_get(error, "file"));
	size_t i;
	json_t *row;
	json_array_foreach (json_object_get(error, "rows"), i, row) {
		const char *column = json_string_value(json_object_get(row, "column"));
		const char *text = json_string_value(json_object_get(row, "text"));
		if (file) {
			wr_ctl_put_safe(stderr, file);
			fputc(':', stderr);
		}
		fprintf(
		    stderr, "%lld:", (long long)json_integer_value(json_object_get(row, "line")));
		if (!wr_text_empty(column)) {
			wr_ctl_put_safe(stderr, column);
			fputc(':', stderr);
		}
		fputc(' ', stderr);
		wr_ctl_put_safe(stderr, text ? text : "");
		fputc('\n', stderr);
	}
}

static void say_what_would_be(json_t *error)
{
	static const struct {
		const char *key, *title;
	} parts[] = {{"changes", "What would change:"}, {"told", "Who would be told:"},
	    {"stranded", "What would be stranded:"}};
	for (size_t i = 0; i < WR_COUNT(parts); i++) {
		json_t *rows = json_object_get(error, parts[i].key);
		if (json_array_size(rows) == 0)
			continue;
		fprintf(stderr, "%s\n", parts[i].title);
		wr_ctl_print_table(stderr, parts[i].key, rows);
	}
}

int wr_ctl_fail_answer(const struct wr_ctl_globals *globals, long status, json_t *answer)
{
	json_t *error = json_object_get(answer, "error");
	const char *code = json_string_value(json_object_get(error, "code"));
	const char *text = json_string_value(json_object_get(error, "text"));
	if (!json_is_object(error) || !text)
		return wr_ctl_fail(globals, exit_of_status(status),
		    "is the daemon of the same version as wardctl?",
		    "the daemon answered with HTTP %ld and no error in words", status);
	say_rows(error);
	say_what_would_be(error);
	wr_ctl_say_diagnostics(json_object_get(error, "diagnostics"));
	say_words(text, json_string_value(json_object_get(error, "hint")));
	if (globals->json)
		put_json(answer);
	return (int)exit_of(code, status);
}

void wr_ctl_note(const struct wr_ctl_globals *globals, const char *format, ...)
{
	if (globals->quiet)
		return;
	struct wr_buf text = {0};
	va_list args;
	va_start(args, format);
	wr_buf_vprintf(&text, format, args);
	va_end(args);
	fflush(stdout);
	wr_ctl_put_safe(stderr, wr_buf_text(&text));
	fputc('\n', stderr);
	wr_buf_deinit(&text);
}
