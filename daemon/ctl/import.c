/*
 * Verbs that carry a file: import reads one here and posts it, export and config show print one,
 * link qr prints or writes a picture.
 */
#include "ctl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 12 * 1024 * 1024 }; /* the control socket takes 16 MiB, JSON escapes included */

/* Texts in JSON are UTF-8: where the file is not, counted in lines from 1; 0 where all is well. */
static int bad_line(const struct wr_buf *text)
{
	int line = 1;
	const char *at = wr_buf_text(text), *end = at + text->length;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((newline ? newline : end) - at);
		if (!wr_text_is_utf8(at, length) || memchr(at, '\0', length))
			return line;
		at += length + 1;
		line++;
	}
	return 0;
}

int wr_ctl_run_import(struct wr_ctl_call *call)
{
	struct wr_buf text = {0};
	const char *file = wr_ctl_text(call, "file");
	int r = wr_ctl_read_file(file, FILE_MAX, &text);
	if (r == -EFBIG)
		r = wr_ctl_fail(&call->globals, WR_CTL_DATA, "import it in several files",
		    "%s is larger than %d MiB", file, FILE_MAX / 1024 / 1024);
	else if (r)
		r = wr_ctl_fail(&call->globals, WR_CTL_DATA, "name the CSV file to be read",
		    "%s can't be read: %s", file, strerror(-r));
	if (r)
		goto out;
	int line = bad_line(&text);
	if (line) {
		r = wr_ctl_fail(&call->globals, WR_CTL_DATA,
		    "save the table as CSV in UTF-8 and import it again",
		    "%s:%d: this line is not UTF-8 text", file, line);
		goto out;
	}
	json_object_set_new(
	    call->args, "csv", json_stringn_nocheck(wr_buf_text(&text), text.length));
	r = wr_ctl_ask(call);
out:
	wr_buf_deinit(&text);
	return r;
}

/* An answer that is one long text is printed as it is. */
static int print_text(struct wr_ctl_call *call, const char *key)
{
	struct wr_ctl_answer answer;
	int r = wr_ctl_ask_for(call, &answer);
	json_t *text = json_object_get(answer.body, key);
	if (r == 0 && (call->globals.json || !json_is_string(text)))
		wr_ctl_print(&call->globals, answer.body);
	else if (r == 0)
		fwrite(json_string_value(text), 1, json_string_length(text), stdout);
	wr_ctl_answer_deinit(&answer);
	return r;
}

int wr_ctl_run_export(struct wr_ctl_call *call)
{
	return print_text(call, "csv");
}

int wr_ctl_run_config_show(struct wr_ctl_call *call)
{
	return print_text(call, "text");
}

static int write_svg(struct wr_ctl_call *call, const char *file, json_t *svg)
{
	int r = svg ? wr_ctl_write_file(file, json_string_value(svg), json_string_length(svg), 0600)
	            : -ENODATA;
	if (r)
		return wr_ctl_fail(&call->globals, WR_CTL_IO,
		    "whoever has this picture has the link", "%s can't be written: %s", file,
		    strerror(-r));
	wr_ctl_note(&call->globals, "%s: whoever has this picture has the link", file);
	return 0;
}

/* The colours keep a code readable on a dark terminal; elsewhere they are only in the way. */
static void put_code(const char *text)
{
	const char *no = getenv("NO_COLOR");
	bool plain = !isatty(STDOUT_FILENO) || !wr_text_empty(no);
	while (*text) {
		if (plain && wr_text_starts(text, "\033["))
			text += strcspn(text, "m");
		else
			putchar(*text);
		text += *text != '\0';
	}
}

int wr_ctl_run_link_qr(struct wr_ctl_call *call)
{
	struct wr_ctl_answer answer = {0};
	const char *file = NULL;
	const char *svg_file = wr_ctl_text(call, "svg");
	if (svg_file) {
		file = wr_arena_strdup(&call->arena, svg_file);
		json_object_del(call->args, "svg");
	}
	int r = wr_ctl_ask_for(call, &answer);
	if (r)
		goto out;
	json_t *qr = json_object_get(answer.body, "qr");
	if (file)
		r = write_svg(call, file, json_object_get(qr, "svg"));
	if (r == 0 && call->globals.json) {
		wr_ctl_print(&call->globals, answer.body);
	} else if (r == 0 && !file) {
		const char *text = json_string_value(json_object_get(qr, "text"));
		const char *page = json_string_value(json_object_get(qr, "page"));
		put_code(text ? text : "");
		printf("%s\n", page ? page : "");
	}
out:
	wr_ctl_answer_deinit(&answer);
	return r;
}
