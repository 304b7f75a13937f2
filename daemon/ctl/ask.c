/*
 * A verb asked. What needs a yes is decided by the daemon: without one it answers `needs-yes` with
 * what would change and who would be told. A person at a terminal sees that and is asked; then the
 * same call goes out with "yes".
 */
#include "ctl.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* "/v1/patient/admit" */
static char *route_of(const struct wr_ctl_verb *verb)
{
	struct wr_buf path = {0};
	wr_buf_printf(&path, "/v1/%s/%s", verb->noun, verb->verb);
	return wr_buf_take(&path);
}

static void add_common(struct wr_ctl_call *call)
{
	const struct wr_ctl_globals *globals = &call->globals;
	if (globals->dry_run)
		json_object_set_new(call->args, "dry_run", json_true());
	if (globals->yes)
		json_object_set_new(call->args, "yes", json_true());
	if (globals->reason)
		json_object_set_new(call->args, "reason", json_string(globals->reason));
	if (globals->key)
		json_object_set_new(call->args, "key", json_string(globals->key));
}

static bool needs_yes(const struct wr_ctl_answer *answer)
{
	json_t *error = json_object_get(answer->body, "error");
	return wr_text_equal(json_string_value(json_object_get(error, "code")), "needs-yes");
}

static bool a_person_is_there(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

static void show_part(json_t *error, const char *key, const char *title, const char *none)
{
	json_t *rows = json_object_get(error, key);
	if (json_array_size(rows) == 0) {
		fputs(none, stderr);
		return;
	}
	fputs(title, stderr);
	wr_ctl_print_table(stderr, key, rows);
}

static bool person_says_yes(json_t *answer)
{
	char line[16] = "";
	json_t *error = json_object_get(answer, "error");
	const char *text = json_string_value(json_object_get(error, "text"));
	show_part(error, "changes", "What changes:\n", "");
	show_part(error, "told", "Who is told:\n", "Nobody is told.\n");
	if (text) {
		wr_ctl_put_safe(stderr, text);
		fputc('\n', stderr);
	}
	fputs("Do it? [y/N] ", stderr);
	fflush(stderr);
	if (!fgets(line, sizeof(line), stdin))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return strcasecmp(line, "y") == 0 || strcasecmp(line, "yes") == 0;
}

/* Rows of a file are named by the file as it was typed. */
static int fail(struct wr_ctl_call *call, struct wr_ctl_answer *answer)
{
	json_t *error = json_object_get(answer->body, "error");
	json_t *file = json_object_get(call->args, "file");
	if (json_is_object(error) && json_object_get(error, "rows") && file)
		json_object_set(error, "file", file);
	return wr_ctl_fail_answer(&call->globals, answer->status, answer->body);
}

int wr_ctl_ask_for(struct wr_ctl_call *call, struct wr_ctl_answer *ret_answer)
{
	bool changes = call->verb->flags & WR_CTL_CHANGES;
	char *path = route_of(call->verb);
	if (changes)
		add_common(call);
	int r = wr_ctl_request(&call->globals, changes, path, call->args, ret_answer);
	if (r == 0 && needs_yes(ret_answer) && a_person_is_there()) {
		if (!person_says_yes(ret_answer->body)) {
			fputs("Nothing was changed.\n", stderr);
			r = WR_CTL_REFUSED;
			goto out;
		}
		json_object_set_new(call->args, "yes", json_true());
		wr_ctl_answer_deinit(ret_answer);
		r = wr_ctl_request(&call->globals, changes, path, call->args, ret_answer);
	}
	if (r == 0 && ret_answer->status / 100 != 2)
		r = fail(call, ret_answer);
out:
	free(path);
	return r;
}

int wr_ctl_ask(struct wr_ctl_call *call)
{
	struct wr_ctl_answer answer;
	int r = wr_ctl_ask_for(call, &answer);
	if (r == 0)
		wr_ctl_print(&call->globals, answer.body);
	wr_ctl_answer_deinit(&answer);
	return r;
}
