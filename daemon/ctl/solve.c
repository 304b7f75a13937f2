/*
 * wardctl plan solve: reads an instance, plans it, has the plan checked, prints it. No daemon.
 */
#include "ctl.h"

#include "wardround/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { INSTANCE_MAX = 256 * 1024 * 1024 };

static double milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Every mistake: in words as file: path: text, under --json as one error with all of them. */
static int fail_mistakes(const struct wr_ctl_globals *globals, enum wr_ctl_exit exit,
    const char *file, const char *what, const struct wr_plan_mistakes *mistakes)
{
	json_t *list = json_array();
	for (size_t i = 0; i < mistakes->n; i++) {
		const struct wr_plan_mistake *mistake = &mistakes->items[i];
		fprintf(stderr, "%s: ", file);
		wr_ctl_put_safe(stderr, mistake->path);
		fputs(*mistake->path ? ": " : "", stderr);
		wr_ctl_put_safe(stderr, mistake->text);
		fputc('\n', stderr);
		json_array_append_new(
		    list, json_pack("{s:s, s:s}", "path", mistake->path, "text", mistake->text));
	}
	if (!globals->json) {
		json_decref(list);
		return wr_ctl_fail(globals, exit, "the format is described in wardctl(1)",
		    "%s: %zu %s%s", file, mistakes->n, what, mistakes->n == 1 ? "" : "s");
	}
	json_t *answer = json_pack("{s:i, s:{s:s, s:o, s:s, s:o}}", "schema", 1, "error", "code",
	    exit == WR_CTL_DATA ? "data" : "internal", "text",
	    json_sprintf("%s: %zu %s%s", file, mistakes->n, what, mistakes->n == 1 ? "" : "s"),
	    "hint", "the format is described in wardctl(1)", "mistakes", list);
	wr_ctl_print(globals, answer);
	json_decref(answer);
	return (int)exit;
}

static int write_lp(struct wr_ctl_call *call, const struct wr_plan_instance *instance)
{
	struct wr_buf lp = {0};
	const char *file = wr_ctl_text(call, "lp");
	if (!file)
		return 0;
	wr_plan_lp_write(&lp, instance);
	int r = wr_ctl_write_file(file, wr_buf_text(&lp), lp.length, 0666);
	wr_buf_deinit(&lp);
	if (r)
		return wr_ctl_fail(
		    &call->globals, WR_CTL_IO, NULL, "%s can't be written: %s", file, strerror(-r));
	return 0;
}

/* Minutes of the week as "Mon 09:00". */
static void week_minute(int64_t minute, char text[16])
{
	static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	snprintf(text, 16, "%s %02d:%02d", days[minute / 1440 % 7], (int)(minute % 1440 / 60),
	    (int)(minute % 60));
}

/* People read times, not numbers of cells. */
static void add_starts(
    json_t *answer, const struct wr_plan_instance *instance, const struct wr_plan *plan)
{
	json_t *placed = json_object_get(answer, "placed");
	size_t row = 0;
	for (size_t i = 0; i < plan->n_places; i++) {
		const struct wr_plan_place *place = &plan->places[i];
		char text[16];
		if (!place->placed)
			continue;
		week_minute(instance->sessions[place->session].starts[place->cell], text);
		json_object_set_new(json_array_get(placed, row++), "start", json_string(text));
	}
}

static void print_plan(const struct wr_ctl_call *call, const struct wr_plan_instance *instance,
    const struct wr_plan *plan)
{
	struct wr_buf text = {0};
	wr_plan_write_json(&text, instance, plan);
	if (call->globals.json) {
		fwrite(wr_buf_text(&text), 1, text.length, stdout);
	} else {
		json_t *answer = json_loadb(wr_buf_text(&text), text.length, 0, NULL);
		add_starts(answer, instance, plan);
		wr_ctl_print(&call->globals, answer);
		json_decref(answer);
	}
	wr_buf_deinit(&text);
}

static int solve(
    struct wr_ctl_call *call, struct wr_arena *arena, const char *file, const struct wr_buf *text)
{
	struct wr_plan_instance *instance;
	struct wr_plan *plan;
	struct wr_plan_mistakes mistakes = {0};
	struct wr_plan_options options = {0};
	int64_t nodes;

	if (wr_plan_instance_read(arena, wr_buf_text(text), text->length, &instance, &mistakes))
		return fail_mistakes(&call->globals, WR_CTL_DATA, file, "mistake", &mistakes);
	int r = write_lp(call, instance);
	if (r)
		return r;
	if (wr_ctl_number(call, "nodes", &nodes))
		options.nodes = (size_t)nodes;
	double before = milliseconds();
	wr_plan_make(arena, instance, &options, &plan);
	plan->search.ms = milliseconds() - before;
	if (wr_plan_check(arena, instance, plan, &mistakes))
		return fail_mistakes(
		    &call->globals, WR_CTL_INTERNAL, file, "broken rule", &mistakes);
	print_plan(call, instance, plan);
	return WR_CTL_DONE;
}

int wr_ctl_run_plan_solve(struct wr_ctl_call *call)
{
	struct wr_arena arena = {0};
	struct wr_buf text = {0};
	const char *file = wr_ctl_text(call, "file");
	int r = wr_ctl_read_file(file, INSTANCE_MAX, &text);
	if (r)
		r = wr_ctl_fail(&call->globals, WR_CTL_DATA, "name the instance to be solved",
		    "%s can't be read: %s", file, strerror(-r));
	else
		r = solve(call, &arena, file, &text);
	wr_buf_deinit(&text);
	wr_arena_deinit(&arena);
	return r;
}
