/*
 * wardctl demo start: a folder, a daemon on loopback, the sample ward with its dates moved by
 * whole weeks so that its planned week is the next one, this week and the next planned and
 * published, one link of each kind.
 */
#include "demo.h"

#include "sys/config_files.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WARD "kingsley"
#define ZONE "Europe/London"

enum { DEFAULT_PORT = 8480, TRIES = 20 };

/* ---- questions to the demo's daemon ---- */

static void pause_ms(long ms)
{
	struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
	nanosleep(&pause, NULL);
}

/* Asks again while the daemon says "try again". *ret_answer has status 2xx when this is 0. */
static int post(
    struct wr_demo *demo, const char *path, json_t *args, struct wr_ctl_answer *ret_answer)
{
	int r;
	for (int i = 0;; i++) {
		r = wr_ctl_request(demo->globals, true, path, args, ret_answer);
		if (r || ret_answer->status != 503 || i == TRIES)
			break;
		wr_ctl_answer_deinit(ret_answer);
		pause_ms(250);
	}
	json_decref(args);
	if (r == 0 && ret_answer->status / 100 != 2)
		r = wr_ctl_fail_answer(demo->globals, ret_answer->status, ret_answer->body);
	return r;
}

/* The daemon's clock: a test build's may stand elsewhere than the system's. */
static wr_time now_of(struct wr_demo *demo, const struct wr_zone *zone)
{
	struct wr_ctl_answer answer;
	wr_time now = (wr_time)time(NULL);
	if (wr_ctl_try(demo->globals, false, "/v1/version/show", NULL, &answer) == 0) {
		const char *text = json_string_value(json_object_get(answer.body, "now"));
		if (text)
			wr_time_parse(zone, text, &now);
	}
	wr_ctl_answer_deinit(&answer);
	return now;
}

static int this_week(struct wr_demo *demo, struct wr_week *ret_week)
{
	struct wr_config_file file;
	const struct wr_zone *zone;
	int r = wr_config_files_port.read_zone(NULL, &demo->arena, ZONE, &file);
	if (r || wr_zone_parse(&demo->arena, ZONE, file.bytes, file.length, &zone))
		return wr_ctl_fail(demo->globals, WR_CTL_IO, "install the package tzdata",
		    "the time zone " ZONE " can't be read");
	*ret_week = wr_day_week(wr_zone_day(zone, now_of(demo, zone)));
	return 0;
}

/* ---- filling the ward ---- */

static int import(struct wr_demo *demo, const char *what, int days)
{
	struct wr_ctl_answer answer = {0};
	const char *csv;
	const char *name = wr_arena_printf(&demo->arena, "%s.csv", what);
	const char *path = wr_arena_printf(&demo->arena, "/v1/import/%s", what);
	int r = wr_demo_sample(demo, name, days, &csv);
	if (r == 0)
		r = post(demo, path, json_pack("{s:s, s:s}", "file", name, "csv", csv), &answer);
	wr_ctl_answer_deinit(&answer);
	return r;
}

static int import_all(struct wr_demo *demo, struct wr_week this)
{
	static const char *const kinds[] = {"patients", "supports", "away"};
	wr_day sample = wr_day_from_date(2026, 11, 30); /* Monday of the week it plans */
	int days = wr_week_monday(wr_week_next(this)) - sample;
	int r = 0;
	for (size_t i = 0; r == 0 && i < WR_COUNT(kinds); i++)
		r = import(demo, kinds[i], days);
	return r;
}

static json_t *week_args(struct wr_week week, bool publish)
{
	char text[WR_TIME_TEXT];
	json_t *args = json_pack("{s:s, s:s}", "ward", WARD, "week", wr_week_text(week, text));
	if (publish) {
		json_object_set_new(args, "yes", json_true());
		json_object_set_new(args, "reason", json_string("the demo begins"));
	}
	return args;
}

/* The plan of the week is left in *ret_plan for choosing whose links to show. */
static int plan_and_publish(struct wr_demo *demo, struct wr_week week, json_t **ret_plan)
{
	struct wr_ctl_answer made = {0}, published = {0};
	int r = post(demo, "/v1/plan/make", week_args(week, false), &made);
	if (r == 0)
		r = post(demo, "/v1/plan/publish", week_args(week, true), &published);
	if (r == 0)
		*ret_plan = json_incref(json_object_get(made.body, "plan"));
	wr_ctl_answer_deinit(&made);
	wr_ctl_answer_deinit(&published);
	return r;
}

/* ---- links ---- */

struct who {
	const char *kind, *ref;
};

/* The first placed patient who has a support at the slot; else the first of the sample. */
static void choose_whose(json_t *plan, struct who who[4])
{
	size_t i;
	json_t *place;
	who[0] = (struct who){"patient", "P01"};
	who[1] = (struct who){"support", "S001"};
	who[2] = (struct who){"consultant", "shah"};
	who[3] = (struct who){"ward", WARD};
	json_array_foreach (json_object_get(plan, "placed"), i, place) {
		const char *patient = json_string_value(json_object_get(place, "patient"));
		const char *consultant = json_string_value(json_object_get(place, "consultant"));
		const char *support =
		    json_string_value(json_array_get(json_object_get(place, "supports"), 0));
		if (!patient || !consultant || !support)
			continue;
		who[0].ref = patient;
		who[1].ref = support;
		who[2].ref = consultant;
		return;
	}
}

static int make_links(struct wr_demo *demo, const struct who who[4], json_t *links)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < 4; i++) {
		struct wr_ctl_answer answer = {0};
		r = post(demo, "/v1/link/new",
		    json_pack("{s:s, s:s}", who[i].kind, who[i].ref, "label", "demo"), &answer);
		if (r == 0)
			json_object_set(links, who[i].kind, json_object_get(answer.body, "link"));
		wr_ctl_answer_deinit(&answer);
	}
	return r;
}

/* ---- staff ---- */

static int add_staff(struct wr_demo *demo, const char *kind, json_t *args, json_t *staff)
{
	struct wr_ctl_answer answer = {0};
	json_t *name = json_incref(json_object_get(args, "name"));
	int r = post(demo, "/v1/staff/add", args, &answer);
	if (r == 0)
		json_object_set_new(staff, kind,
		    json_pack("{s:O, s:O*}", "name", name, "address",
			json_object_get(answer.body, "address")));
	json_decref(name);
	wr_ctl_answer_deinit(&answer);
	return r;
}

/* Somebody on the ward, and the consultant whose link is shown. */
static int add_all_staff(struct wr_demo *demo, const struct who who[4], json_t *staff)
{
	int r = add_staff(demo, "nurse",
	    json_pack("{s:s, s:s, s:s}", "name", "nurse", "role", "ward", "ward", WARD), staff);
	if (r == 0)
		r = add_staff(demo, "consultant",
		    json_pack(
			"{s:s, s:s, s:s}", "name", who[2].ref, "role", "consultant", "ward", WARD),
		    staff);
	return r;
}

/* ---- the two verbs ---- */

static void print_staff(struct wr_demo *demo, json_t *staff)
{
	const char *kind;
	json_t *one;
	printf("\nsign in, once and within 15 minutes:\n");
	json_object_foreach (staff, kind, one) {
		const char *address = json_string_value(json_object_get(one, "address"));
		printf("%-11s %s\n", kind, address ? address : "");
	}
	printf("a new one   wardctl --socket %s staff add nurse --role ward --ward " WARD "\n",
	    demo->socket);
}

static void print_started(struct wr_demo *demo, json_t *links, json_t *staff)
{
	const char *kind;
	json_t *link;
	if (demo->globals->json) {
		json_t *answer = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:O, s:O}",
		    "schema", 1, "socket", demo->socket, "config", demo->config, "database",
		    demo->database, "public", demo->public_url, "dir", demo->dir, "log", demo->log,
		    "links", links, "staff", staff);
		wr_ctl_print(demo->globals, answer);
		json_decref(answer);
		return;
	}
	printf("Kingsley Ward, made up, is served on %s\n\n", demo->public_url);
	json_object_foreach (links, kind, link) {
		const char *page = json_string_value(json_object_get(link, "page"));
		const char *feed = json_string_value(json_object_get(link, "feed"));
		printf("%-11s page      %s\n", kind, page ? page : "");
		printf("%-11s calendar  %s\n", "", feed ? feed : "");
	}
	print_staff(demo, staff);
	printf("\nfolder   %s\nlog      %s\n", demo->dir, demo->log);
	printf("ask it   wardctl --socket %s slot list\n", demo->socket);
	printf("end it   wardctl demo stop --dir %s\n", demo->dir);
}

static int fill_ward(struct wr_demo *demo, json_t *links, json_t *staff)
{
	struct who who[4];
	struct wr_week week = {0};
	json_t *plan = NULL, *left = NULL;
	int r = this_week(demo, &week);
	if (r == 0)
		r = import_all(demo, week);
	if (r == 0)
		r = plan_and_publish(demo, week, &left);
	if (r == 0)
		r = plan_and_publish(demo, wr_week_next(week), &plan);
	choose_whose(plan, who);
	if (r == 0)
		r = make_links(demo, who, links);
	if (r == 0)
		r = add_all_staff(demo, who, staff);
	json_decref(plan);
	json_decref(left);
	return r;
}

int wr_ctl_run_demo_start(struct wr_ctl_call *call)
{
	struct wr_demo demo = {.globals = &call->globals, .port = DEFAULT_PORT, .folder = -1};
	pid_t running;
	json_t *links = json_object(), *staff = json_object();

	wr_ctl_number(call, "port", &demo.port);
	int r = wr_demo_open(&demo, wr_ctl_text(call, "dir"), true);
	if (r)
		goto out;
	call->globals.socket = demo.socket;
	if (wr_demo_runs(&demo, &running)) {
		r = wr_ctl_fail(&call->globals, WR_CTL_REFUSED, "end it with `wardctl demo stop`",
		    "a demo runs already in %s (process %d)", demo.dir, (int)running);
		goto out;
	}
	r = wr_demo_check_ports(&demo);
	if (r == 0)
		r = wr_demo_fill(&demo);
	if (r == 0)
		r = wr_demo_start_daemon(&demo);
	if (r == 0)
		r = fill_ward(&demo, links, staff);
	if (r == 0)
		print_started(&demo, links, staff);
	else if (demo.daemon)
		wr_demo_stop_daemon(&demo, demo.daemon);
	if (r && demo.daemon)
		wr_ctl_note(&call->globals, "its log: %s", demo.log);
out:
	json_decref(links);
	json_decref(staff);
	wr_demo_close(&demo);
	return r;
}

int wr_ctl_run_demo_stop(struct wr_ctl_call *call)
{
	struct wr_demo demo = {.globals = &call->globals, .folder = -1};
	pid_t pid;
	int r = wr_demo_open(&demo, wr_ctl_text(call, "dir"), false);
	if (r)
		goto out;
	if (wr_demo_runs(&demo, &pid))
		r = wr_demo_stop_daemon(&demo, pid);
	else
		wr_ctl_note(&call->globals, "no demo runs in %s", demo.dir);
	if (r == 0 && call->globals.json)
		puts("{\"schema\":1}");
out:
	wr_demo_close(&demo);
	return r;
}
