#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build_desk.h"
#include "desk/courier.h"
#include "desk/routes.h"
#include "desk/slot_change.h"
#include "sys/config_files.h"
#include "sys/log.h"
#include "sys/random.h"

static const char ward[] =
    "public-url = \"https://times.example.org\"\n"
    "consultant shah { name = \"Dr Asha Shah\" }\n"
    "ward kingsley {\n"
    " name = \"Kingsley Ward\"\n timezone = \"Europe/London\"\n beds = 25\n"
    " contact-phone = \"01632 960009\"\n plan = \"by hand\"\n publish = \"by hand\"\n"
    " round shah {\n  consultant = \"shah\"\n  days = { \"Monday\" }\n  from = \"09:00\"\n"
    "  to = \"12:40\"\n  slot = \"25 minutes\"\n  changeover = \"5 minutes\"\n"
    "  breaks = { \"10:40-11:00\" }\n  room = \"Quiet Room\"\n }\n"
    "}\n"
    "reminders { before = { \"48 hours\", \"2 hours\" } quiet = \"21:00-08:00\" }\n";

const char *desk_file;
void (*desk_step)(const char *what);

static void step(const char *what)
{
	if (desk_step)
		desk_step(what);
}

static wr_time at(const char *text)
{
	wr_time time = WR_TIME_NONE;
	assert_int_equal(wr_time_parse(NULL, text, &time), 0);
	return time;
}

/* ---- the receiver ---- */

static char *header(const struct wr_delivery *delivery, const char *name)
{
	size_t length = strlen(name);
	for (size_t i = 0; delivery->headers[i]; i++)
		if (strncmp(delivery->headers[i], name, length) == 0)
			return wr_strdup(delivery->headers[i] + length);
	fail_msg("no header %s", name);
	return NULL;
}

static void read_body(struct desk_post *post)
{
	post->json = json_loads(post->body, 0, NULL);
	assert_non_null(post->json);
	json_t *to = json_object_get(json_object_get(post->json, "data"), "to");
	const char *who = json_string_value(json_object_get(to, "support"));
	if (!who)
		who = json_string_value(json_object_get(to, "patient"));
	post->type = wr_strdup(json_string_value(json_object_get(post->json, "type")));
	post->who = wr_strdup(who ? who : "");
}

static int receive(struct wr_send *send, struct wr_delivery *delivery)
{
	struct wr_desk *desk = wr_container_of(send, struct wr_desk, send);
	struct built_desk *d = wr_container_of(desk, struct built_desk, desk);
	if (d->dead)
		return -ECANCELED;
	step("send");
	WR_GROW(d->posts, d->n_posts, d->posts_capacity);
	struct desk_post *post = &d->posts[d->n_posts++];
	*post = (struct desk_post){0};
	post->url = wr_strdup(delivery->url);
	post->body = wr_strdup(delivery->body);
	post->id = header(delivery, "webhook-id: ");
	post->timestamp = header(delivery, "webhook-timestamp: ");
	post->signature = header(delivery, "webhook-signature: ");
	read_body(post);
	if (d->received)
		d->received(d, post);
	WR_GROW(d->pending, d->n_pending, d->pending_capacity);
	d->pending[d->n_pending++] = delivery;
	step("sent");
	return 0;
}

static int status_for(struct built_desk *d, const struct wr_delivery *delivery)
{
	if (d->answers)
		return d->answers(d, delivery);
	return d->other && strstr(delivery->url, d->other) ? d->other_status : d->status;
}

static bool answer_one(struct built_desk *d)
{
	size_t at = d->n_pending;
	int status = DESK_HANGS;
	while (at > 0 && (status = status_for(d, d->pending[at - 1])) == DESK_HANGS)
		at--;
	if (at == 0)
		return false;
	struct wr_delivery *delivery = d->pending[at - 1];
	memmove(&d->pending[at - 1], &d->pending[at], (d->n_pending-- - at) * sizeof(delivery));
	struct wr_send_result result = {
	    .transport = status > 0                 ? WR_NOTICE_ANSWERED
	                 : status == DESK_TIMES_OUT ? WR_NOTICE_TIMED_OUT
	                                            : WR_NOTICE_UNREACHED,
	    .status = status > 0 ? status : 0,
	    .retry_after = -1,
	    .begun = status != DESK_UNREACHED,
	    .body = "",
	};
	step("answer");
	delivery->callback(delivery, &result);
	step("answered");
	return true;
}

static void run(struct built_desk *d)
{
	do
		wr_store_turn(d->desk.store);
	while (answer_one(d));
}

/* ---- the desk ---- */

static const struct wr_config *read_config(
    struct wr_arena *arena, const char *path, const char *text, wr_time now)
{
	const struct wr_config *config = NULL;
	struct wr_config_diagnostics diagnostics = {0};
	struct wr_config_source source = {path, text, strlen(text)};
	int r =
	    wr_config_read(arena, &source, 1, &wr_config_files_port, now, &config, &diagnostics);
	struct wr_buf said = {0};
	for (size_t i = 0; i < diagnostics.n; i++)
		wr_config_diagnostic_format(&diagnostics.items[i], &said);
	if (r)
		fail_msg("%s", wr_buf_text(&said));
	wr_buf_deinit(&said);
	return config;
}

static void start(struct built_desk *d)
{
	wr_desk_start(&d->desk);
	run(d);
	assert_true(d->desk.ready);
}

static int before_commit(struct wr_tx *tx, struct wr_store_job *job, void *data)
{
	struct built_desk *d = data;
	(void)job;
	step("commit");
	return d->before_commit ? d->before_commit(d, tx) : 0;
}

static void open_store(struct built_desk *d)
{
	struct wr_store_options options = {.before_commit = before_commit, .data = d};
	char *error = NULL;
	if (wr_store_open(d->path, &options, &d->desk.store, &error))
		fail_msg("%s", error);
}

static struct built_desk *build(
    const char *path, const char *text, const char *now, const char *store)
{
	static const unsigned char key[32] = {7};
	struct built_desk *d = wr_alloc(1, sizeof(*d));
	struct wr_arena arena = {0};
	assert_int_equal(wr_random_init(), 0);
	wr_log_set_fd(-1);
	const struct wr_config *config = read_config(&arena, path, text, at(now));
	d->path = store;
	d->status = 200;
	d->desk.ground = wr_ground_new(&arena, config, key);
	d->desk.deliver = receive;
	wr_clock_hold(&d->desk.clock, at(now));
	open_store(d);
	start(d);
	return d;
}

struct built_desk *desk_build_as(const char *config, const char *now, const char *store)
{
	return build("wardround.conf", config, now, store);
}

struct built_desk *desk_build(const char *more, const char *now)
{
	struct wr_buf text = {0};
	wr_buf_printf(&text, "%s%s", ward, more);
	struct built_desk *d = build("wardround.conf", wr_buf_text(&text), now, desk_file);
	wr_buf_deinit(&text);
	return d;
}

struct built_desk *desk_build_weekly(const char *more, const char *now)
{
	static const char by_hand[] = " plan = \"by hand\"\n publish = \"by hand\"\n";
	struct wr_buf text = {0};
	wr_buf_printf(&text, "%s%s", ward, more);
	for (char *at; (at = strstr(text.data, by_hand));)
		memset(at, ' ', sizeof(by_hand) - 1);
	struct built_desk *d = build("wardround.conf", wr_buf_text(&text), now, desk_file);
	wr_buf_deinit(&text);
	return d;
}

/* ---- the sample ward ---- */

static const char *sample_path(char path[512], const char *name)
{
	const char *data = getenv("TEST_DATA");
	assert_non_null(data);
	snprintf(path, 512, "%s/kingsley/%s", data, name);
	return path;
}

static char *read_sample(const char *name)
{
	char path[512];
	struct wr_buf text = {0};
	FILE *file = fopen(sample_path(path, name), "re");
	assert_non_null(file);
	for (int c = getc(file); c != EOF; c = getc(file))
		wr_buf_putc(&text, (char)c);
	fclose(file);
	char *copy = wr_strdup(wr_buf_text(&text));
	wr_buf_deinit(&text);
	return copy;
}

static void import_sample(struct built_desk *d, const char *what)
{
	char file[32], verb[32];
	snprintf(file, sizeof(file), "%s.csv", what);
	snprintf(verb, sizeof(verb), "import %s", what);
	char *csv = read_sample(file);
	json_t *object = json_pack("{s:s, s:s}", "file", file, "csv", csv);
	char *args = json_dumps(object, 0);
	desk_do(d, verb, args);
	json_decref(object);
	free(args);
	free(csv);
}

struct built_desk *desk_build_sample(const char *more, const char *now)
{
	char path[512];
	struct wr_buf text = {0};
	char *conf = read_sample("wardround.conf");
	wr_buf_printf(&text, "%s%s", conf, more);
	struct built_desk *d =
	    build(sample_path(path, "wardround.conf"), wr_buf_text(&text), now, desk_file);
	wr_buf_deinit(&text);
	free(conf);
	import_sample(d, "patients");
	import_sample(d, "supports");
	import_sample(d, "away");
	return d;
}

void desk_forget_posts(struct built_desk *d)
{
	for (size_t i = 0; i < d->n_posts; i++) {
		struct desk_post *post = &d->posts[i];
		char *const texts[] = {post->url, post->id, post->body, post->timestamp,
		    post->signature, post->type, post->who};
		for (size_t k = 0; k < WR_COUNT(texts); k++)
			free(texts[k]);
		json_decref(post->json);
	}
	d->n_posts = 0;
}

void desk_free(struct built_desk *d)
{
	wr_desk_stop(&d->desk);
	wr_store_close(d->desk.store, NULL, NULL);
	wr_desk_deinit(&d->desk);
	desk_forget_posts(d);
	free(d->posts);
	free(d->pending);
	wr_arena_deinit(&d->words);
	free(d);
}

void desk_crash(struct built_desk *d)
{
	struct wr_ground *ground = wr_ground_ref(d->desk.ground);
	wr_time now = wr_clock_now(&d->desk.clock);
	struct wr_store *store = d->desk.store;
	wr_desk_deinit(&d->desk);
	d->desk = (struct wr_desk){.store = store, .ground = ground, .deliver = receive};
	d->n_pending = 0;
	d->dead = false;
	wr_clock_hold(&d->desk.clock, now);
	if (d->path) {
		wr_store_close(store, NULL, NULL);
		open_store(d);
	}
	start(d);
}

/* ---- calls ---- */

struct answered {
	json_t *answer;
};

static void on_done(struct wr_call *call)
{
	struct answered *answered = call->data;
	int status = 0;
	answered->answer = wr_call_answer(call, &status);
}

static json_t *call(struct built_desk *d, const struct wr_verb *verb, json_t *args)
{
	struct answered answered = {0};
	wr_call_start(wr_call_new(&d->desk, verb, args, "uid:1000"), on_done, &answered);
	run(d);
	assert_non_null(answered.answer);
	return answered.answer;
}

json_t *desk_call(struct built_desk *d, const char *verb, const char *args)
{
	json_error_t error;
	json_t *object = json_loads(args, 0, &error);
	if (!object)
		fail_msg("%s: %s", args, error.text);
	for (size_t i = 0; i < wr_n_verbs; i++) {
		size_t noun = strlen(wr_verbs[i].noun);
		if (strncmp(verb, wr_verbs[i].noun, noun) == 0 && verb[noun] == ' ' &&
		    strcmp(verb + noun + 1, wr_verbs[i].verb) == 0)
			return call(d, &wr_verbs[i], object);
	}
	json_decref(object);
	fail_msg("no verb %s", verb);
	return NULL;
}

static void succeeded(json_t *answer, const char *what)
{
	json_t *error = json_object_get(answer, "error");
	if (error)
		fail_msg("%s: %s", what, json_string_value(json_object_get(error, "text")));
	json_decref(answer);
}

void desk_do(struct built_desk *d, const char *verb, const char *args)
{
	succeeded(desk_call(d, verb, args), verb);
}

void desk_run_until(struct built_desk *d, const char *until)
{
	wr_time end = at(until);
	run(d);
	while (d->desk.clock.due != WR_TIME_NONE && d->desk.clock.due <= end) {
		wr_time next = d->desk.clock.due, now = wr_clock_now(&d->desk.clock);
		wr_clock_advance(&d->desk.clock, next > now ? next : now);
		run(d);
	}
	wr_clock_advance(&d->desk.clock, end);
	run(d);
}

void desk_run_by(struct built_desk *d, wr_time until, int step)
{
	struct wr_clock *clock = &d->desk.clock;
	run(d);
	for (wr_time now = wr_clock_now(clock); now < until && !d->dead;
	     now = wr_clock_now(clock)) {
		wr_time look = now + step < until ? now + step : until;
		d->desk.next_look = look;
		if (d->desk.next_due != WR_TIME_NONE && d->desk.next_due < look)
			look = d->desk.next_due > now ? d->desk.next_due : now;
		clock->due = look;
		wr_clock_advance(clock, look);
		run(d);
	}
	if (!d->dead)
		return;
	clock->due = WR_TIME_NONE; /* nothing happens until somebody starts it again */
	wr_clock_advance(clock, until);
}

void desk_set_clock(struct built_desk *d, const char *to)
{
	run(d);
	wr_clock_set(&d->desk.clock, at(to));
	run(d);
}

wr_time desk_time(const char *text)
{
	return at(text);
}

const struct desk_post *desk_post(const struct built_desk *d, size_t at_)
{
	assert_true(at_ < d->n_posts);
	return &d->posts[at_];
}

/* ---- a slot, without a planner ---- */

static int work_publish(struct wr_use *use)
{
	struct wr_session *sessions = NULL;
	const struct wr_config_ward *kingsley = &use->config->wards[0];
	size_t n = 0;
	wr_time start = WR_TIME_NONE;
	struct wr_slot slot = {
	    .patient = wr_arg_text(use, "patient"),
	    .ward = "kingsley",
	    .week = wr_day_week(wr_zone_day(kingsley->zone, at("2026-11-30T12:00:00Z"))),
	    .cells = 1,
	    .state = WR_STATE_PUBLISHED,
	    .started = WR_TIME_NONE,
	    .finished = WR_TIME_NONE,
	    .was_start = WR_TIME_NONE,
	};
	int r = wr_arg_time(use, "start", kingsley, &start);
	if (!r)
		r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_SLOT, &slot.ref);
	if (!r)
		r = wr_slot_sessions(use, kingsley, slot.week, &sessions, &n);
	if (r)
		return r;
	slot.uid = slot.ref;
	wr_slot_place(&slot, &sessions[0], wr_session_cell_starting(&sessions[0], start));
	return wr_slot_change(use, NULL, &slot, NULL, 0);
}

json_t *desk_use(struct built_desk *d, wr_use_case run_it, json_t *args)
{
	struct wr_verb verb = {"test", "case", WR_VERB_CHANGES, run_it, NULL};
	return call(d, &verb, args);
}

void desk_look(struct built_desk *d, wr_use_case run_it)
{
	struct wr_verb verb = {"test", "look", WR_VERB_READS, run_it, NULL};
	succeeded(call(d, &verb, NULL), "look");
}

void desk_publish(struct built_desk *d, const char *patient, const char *start)
{
	static const struct wr_verb verb = {"slot", "publish", WR_VERB_CHANGES, work_publish, NULL};
	json_t *args = json_pack(
	    "{s:s, s:o}", "patient", patient, "start", json_sprintf("2026-11-30T%s", start));
	succeeded(call(d, &verb, args), "slot publish");
}
