/*
 * How fast 100,000 notices that are due at once get out: signed, checked against slot and consent
 * at the moment of sending, and each step on disk before the next; against a bare loop of curl that
 * posts the same bodies to the same receiver, before and after. Beside it two endpoints of another
 * ward that are in trouble: one never answers, the name of the other can't be found out. A probe of
 * the loop says how long anything held it up.
 *
 * Usage: bench_notices [FOLDER] [COUNT] [AT_ONCE]; AT_ONCE 0: without the peer, for a profiler
 */
#include <curl/curl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bare.h"
#include "desk/courier.h"
#include "desk/desk.h"
#include "desk/routes.h"
#include "desk/seal.h"
#include "gateway.h"
#include "sys/config_files.h"
#include "sys/log.h"
#include "sys/random.h"

enum {
	SUPPORTS = 7, /* of each patient, who makes eight */
	OTHERS = 40,  /* patients of the ward whose endpoints are in trouble */
	JOB = 250,    /* patients in one job */
	SILENT_PORT_BACKLOG = 512,
	MOST_SECONDS = 60,
};

struct bench {
	uv_loop_t loop;
	struct wr_desk desk;
	struct gateway *gateway;
	uv_timer_t probe;
	uint64_t probed_at, worst_ns;
	size_t patients, wanted;
	int silent_port;
};

static struct bench bench;

/* curl asks for names on threads of its own; this one never comes. */
int getaddrinfo(const char *restrict name, const char *restrict service,
    const struct addrinfo *restrict hints, struct addrinfo **restrict result)
{
	(void)name;
	(void)service;
	(void)hints;
	*result = NULL;
	sleep(5);
	return EAI_AGAIN;
}

static void give_up(const char *what)
{
	fprintf(stderr, "bench_notices: %s\n", what);
	exit(1);
}

static double seconds_since(uint64_t from)
{
	return (double)(uv_hrtime() - from) / 1e9;
}

/* Of one thread or of all. */
static double cpu_seconds(int whose)
{
	struct rusage used;
	getrusage(whose, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* ---- what is there ---- */

static int put_slot(struct wr_tx *tx, struct wr_arena *arena, const struct wr_patient *patient,
    size_t number, wr_time start)
{
	const char *own = wr_arena_printf(arena, "%zu", number);
	struct wr_slot slot = {
	    .ref = wr_arena_printf(arena, "s-%zu", number),
	    .patient = patient->ref,
	    .ward = patient->ward,
	    .week = wr_day_week((wr_day)(start / 86400)),
	    .session = wr_arena_printf(arena, "kingsley.shah.%zu", number),
	    .consultant = own,
	    .room = own,
	    .cells = 1,
	    .start = start,
	    .end = start + 1200,
	    .until = start + 1500,
	    .state = WR_STATE_PUBLISHED,
	    .revision = 1,
	    .published = start - 200000,
	    .changed = start - 200000,
	    .started = WR_TIME_NONE,
	    .finished = WR_TIME_NONE,
	    .was_start = WR_TIME_NONE,
	};
	slot.uid = slot.ref;
	return wr_store_slot_put(tx, arena, &slot, NULL, 0, NULL);
}

static int put_news(
    struct wr_tx *tx, enum wr_whose whose, const char *who, const char *slot, wr_time due)
{
	struct wr_news news = {
	    .whose = whose,
	    .who = who,
	    .slot = slot,
	    .want = 1,
	    .due = due,
	    .told_start = WR_TIME_NONE,
	    .told_end = WR_TIME_NONE,
	    .accepted_at = WR_TIME_NONE,
	    .delivered_at = WR_TIME_NONE,
	    .fetched_at = WR_TIME_NONE,
	    .confirmed_at = WR_TIME_NONE,
	};
	return wr_store_news_put(tx, &news);
}

static int put_support(struct wr_tx *tx, const char *ref, const char *patient, wr_time now)
{
	struct wr_support support = {
	    .ref = ref,
	    .patient = patient,
	    .name = "Ivo Heath",
	    .relation = "father",
	    .person = ref,
	    .sees = WR_SEES_TIME,
	    .consent = WR_CONSENT_AGREED,
	    .agreed_by = "patient",
	    .agreed_at = now,
	    .ended_at = WR_TIME_NONE,
	    .phone = "+447700900123",
	    .admission = 1,
	};
	return wr_store_support_put(tx, &support);
}

static int put_patient(struct wr_tx *tx, struct wr_arena *arena, size_t number, wr_time now)
{
	bool other = number >= bench.patients;
	const char *slot = wr_arena_printf(arena, "s-%zu", number);
	wr_time start = (now / 300 + 600) * 300;
	struct wr_patient patient = {
	    .ref = wr_arena_printf(arena, "P%zu", number),
	    .name = "Cy North",
	    .ward = other ? "other" : "kingsley",
	    .consultant = "shah",
	    .admitted = now - 86400,
	    .slots = 1,
	    .last_seen = WR_TIME_NONE,
	    .phone = "+447700900001",
	    .contact = WR_CONTACT_SMS,
	    .discharged = WR_TIME_NONE,
	    .admission = 1,
	};
	int r = wr_store_patient_put(tx, &patient);
	if (!r)
		r = put_slot(tx, arena, &patient, number, start);
	if (!r)
		r = put_news(tx, WR_WHOSE_PATIENT, patient.ref, slot, now);
	for (int i = 0; i < SUPPORTS && !r; i++) {
		const char *ref = wr_arena_printf(arena, "S%zu-%d", number, i);
		r = put_support(tx, ref, patient.ref, now);
		if (!r)
			r = put_news(tx, WR_WHOSE_SUPPORT, ref, slot, now);
	}
	return r;
}

struct filling {
	struct wr_store_job job;
	size_t from, to;
};

static int work_fill(struct wr_tx *tx, struct wr_store_job *job)
{
	struct filling *filling = wr_container_of(job, struct filling, job);
	struct wr_store_endpoint off = {.name = "fast", .off = true, .why = "not yet", .since = 1};
	int r = wr_store_endpoint_put(tx, &off);
	for (size_t i = filling->from; i < filling->to && !r; i++) {
		struct wr_arena arena = {0};
		r = put_patient(tx, &arena, i, time(NULL));
		wr_arena_deinit(&arena);
	}
	return r;
}

static void fill(void)
{
	size_t all = bench.patients + OTHERS;
	for (size_t from = 0; from < all; from += JOB) {
		struct filling filling = {.job = {.work = work_fill}, .from = from};
		filling.to = from + JOB < all ? from + JOB : all;
		if (wr_store_run(bench.desk.store, &filling.job))
			give_up("the ward can't be filled");
	}
}

/* ---- the daemon's parts ---- */

static int listen_and_never_answer(void)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(fd, (struct sockaddr *)&address, length) < 0 ||
	    listen(fd, SILENT_PORT_BACKLOG) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) < 0)
		give_up("no port");
	return ntohs(address.sin_port);
}

static void write_config(struct wr_buf *text, const char *folder)
{
	static const char secret[] = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n";
	struct wr_buf path = {0};
	wr_buf_printf(&path, "%s/bench.secret", folder);
	FILE *file = fopen(wr_buf_text(&path), "we");
	if (!file || fputs(secret, file) < 0 || fclose(file) || chmod(wr_buf_text(&path), 0600))
		give_up("no secret file");
	wr_buf_puts(text, "public-url = \"https://times.example.org\"\n"
			  "consultant shah { name = \"Dr Asha Shah\" }\n");
	static const char *const wards[] = {"kingsley", "other"};
	for (size_t i = 0; i < WR_COUNT(wards); i++)
		wr_buf_printf(text,
		    "ward %s { name = \"Ward\" beds = 500 contact-phone = \"01632 960009\"\n"
		    " plan = \"by hand\" publish = \"by hand\" }\n",
		    wards[i]);
	wr_buf_puts(text, "reminders { before = { } quiet = \"\" }\n");
	const struct {
		const char *name, *host, *ward;
		int port;
	} hooks[] = {
	    {"fast", "127.0.0.1", "kingsley", bench.gateway->port},
	    {"silent", "127.0.0.1", "other", bench.silent_port},
	    {"nameless", "gateway.example.org", "other", 80},
	};
	for (size_t i = 0; i < WR_COUNT(hooks); i++)
		wr_buf_printf(text,
		    "webhook %s { url = \"http://%s:%d/hook\" secret-file = \"%s\"\n"
		    " events = { \"slot\" } wards = { \"%s\" }\n"
		    " allow-networks = { \"127.0.0.0/8\" } }\n",
		    hooks[i].name, hooks[i].host, hooks[i].port, wr_buf_text(&path), hooks[i].ward);
	wr_buf_deinit(&path);
}

static void read_config(const char *folder)
{
	static const unsigned char key[32] = {7};
	struct wr_arena arena = {0};
	const struct wr_config *config = NULL;
	struct wr_config_diagnostics said = {0};
	struct wr_buf text = {0};
	write_config(&text, folder);
	struct wr_config_source source = {"bench.conf", wr_buf_text(&text), text.length};
	if (wr_config_read(&arena, &source, 1, &wr_config_files_port, time(NULL), &config, &said)) {
		struct wr_buf words = {0};
		for (size_t i = 0; i < said.n; i++)
			wr_config_diagnostic_format(&said.items[i], &words);
		give_up(wr_buf_text(&words));
	}
	wr_buf_deinit(&text);
	bench.desk.ground = wr_ground_new(&arena, config, key);
}

static void on_fatal(struct wr_store *store, const char *text)
{
	(void)store;
	give_up(text);
}

static void open_desk(const char *folder)
{
	char *error = NULL;
	struct wr_buf path = {0};
	struct wr_store_options options = {.loop = &bench.loop, .on_fatal = on_fatal};
	wr_buf_printf(&path, "%s/bench.db", folder);
	unlink(wr_buf_text(&path));
	if (wr_store_open(wr_buf_text(&path), &options, &bench.desk.store, &error))
		give_up(error);
	wr_buf_deinit(&path);
	wr_clock_init(&bench.desk.clock, &bench.loop);
	wr_send_init(&bench.desk.send, &bench.loop);
	bench.desk.loop = &bench.loop;
	fill();
	wr_desk_start(&bench.desk);
	bench.desk.next_look = bench.desk.next_tidy = time(NULL) + 86400;
	while (!bench.desk.ready)
		uv_run(&bench.loop, UV_RUN_ONCE);
}

/* ---- looking ---- */

struct look {
	struct wr_store_job job;
	struct wr_arena arena;
	const char **bodies; /* NULL: only counted */
	size_t news, waiting, sent;
	bool done;
};

static int work_look(struct wr_tx *tx, struct wr_store_job *job)
{
	struct look *look = wr_container_of(job, struct look, job);
	struct wr_arena arena = {0};
	struct wr_news *news = NULL;
	struct wr_notice_row *rows = NULL;
	struct wr_store_news_filter due = {.due_by = time(NULL), .limit = 1};
	struct wr_store_notice_filter fast = {.endpoint = "fast"};
	int r = wr_store_news_list(tx, &arena, &due, &news, &look->news);
	size_t n = 0;
	if (!r && look->bodies)
		r = wr_store_notice_list(tx, &arena, &fast, &rows, &n);
	for (size_t i = 0; i < n && !r; i++) {
		look->sent += rows[i].state == WR_NOTICE_SENT;
		if (rows[i].state == WR_NOTICE_WAITING)
			look->bodies[look->waiting++] = wr_seal_open(
			    &look->arena, bench.desk.ground->key, &rows[i], rows[i].body);
	}
	wr_arena_deinit(&arena);
	return r;
}

static void on_looked(struct wr_store_job *job, int result)
{
	if (result)
		give_up("the store can't be read");
	wr_container_of(job, struct look, job)->done = true;
}

static void run_look(struct look *look)
{
	look->job = (struct wr_store_job){.work = work_look, .done = on_looked};
	look->done = false;
	if (wr_store_read(bench.desk.store, &look->job))
		give_up("the store can't be read");
	while (!look->done)
		uv_run(&bench.loop, UV_RUN_ONCE);
}

static long memory_kib(const char *what)
{
	char line[200];
	long kib = 0;
	FILE *file = fopen("/proc/self/status", "re");
	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, what, strlen(what)) == 0)
			kib = strtol(line + strlen(what), NULL, 10);
	if (file)
		fclose(file);
	return kib;
}

/* ---- the probe: a timer of one millisecond that says how late it is ---- */

static void on_probe(uv_timer_t *timer)
{
	uint64_t now = uv_hrtime();
	(void)timer;
	if (bench.probed_at && now - bench.probed_at > bench.worst_ns)
		bench.worst_ns = now - bench.probed_at;
	bench.probed_at = now;
}

static void start_probe(void)
{
	bench.probed_at = bench.worst_ns = 0;
	uv_timer_start(&bench.probe, on_probe, 1, 1);
}

static double worst_lag_ms(void)
{
	uv_timer_stop(&bench.probe);
	return (double)bench.worst_ns / 1e6;
}

/* ---- the runs ---- */

static void on_on(struct wr_call *call)
{
	if (call->use.fault.code != WR_FAULT_NONE)
		give_up(call->use.fault.text);
}

static void turn_on(void)
{
	for (size_t i = 0; i < wr_n_verbs; i++)
		if (strcmp(wr_verbs[i].noun, "webhook") == 0 && strcmp(wr_verbs[i].verb, "on") == 0)
			wr_call_start(wr_call_new(&bench.desk, &wr_verbs[i],
					  json_pack("{s:s}", "name", "fast"), "uid:0"),
			    on_on, NULL);
}

static double compose(void)
{
	struct look look = {.news = 1};
	uint64_t begun = uv_hrtime();
	while (look.news > 0) {
		for (int i = 0; i < 50; i++)
			uv_run(&bench.loop, UV_RUN_ONCE);
		run_look(&look);
	}
	return seconds_since(begun);
}

static double send_all(void)
{
	uint32_t before = bench.gateway->taken;
	uint64_t begun = uv_hrtime();
	start_probe();
	turn_on();
	while (bench.gateway->taken - before < bench.wanted ||
	       wr_courier_in_flight(bench.desk.courier) > 2 * 16) {
		uv_run(&bench.loop, UV_RUN_ONCE);
		if (seconds_since(begun) > MOST_SECONDS)
			give_up("not done within a minute");
	}
	return seconds_since(begun);
}

static double lateness(uint64_t from, uint32_t first, double part)
{
	size_t at = (size_t)((double)(bench.wanted - 1) * part);
	return (double)(bench.gateway->at[first + at] - from) / 1e9;
}

static double post_bare(const struct look *look, size_t at_once)
{
	char url[80];
	double n = (double)look->waiting, cpu = cpu_seconds(RUSAGE_THREAD);
	if (!at_once)
		return 0;
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/hook", bench.gateway->port);
	double took = bare_post(url, look->bodies, look->waiting, at_once);
	printf("bare loop of curl, %3zu at once: %8.0f a second, %.1f us of CPU each\n", at_once,
	    n / took, (cpu_seconds(RUSAGE_THREAD) - cpu) * 1e6 / n);
	return took;
}

static void report(const struct look *look, double before, double sending, const double cpu[2],
    size_t at_once, uint64_t from, uint32_t first)
{
	double n = (double)look->waiting;
	printf("notices, signed and durable:   %8.0f a second, %.1f us of CPU each (loop %.1f)\n",
	    n / sending, cpu[0] * 1e6 / n, cpu[1] * 1e6 / n);
	double bare = (before + post_bare(look, at_once)) / 2;
	printf("%.2f of the bare loop's rate\n", bare / sending);
	printf("lateness: half within %.2f s, 99 %% within %.2f s, all within %.2f s\n",
	    lateness(from, first, 0.5), lateness(from, first, 0.99), lateness(from, first, 1));
}

int main(int argc, char **argv)
{
	char made[] = "/tmp/wardround-bench-XXXXXX";
	const char *folder = argc > 1 ? argv[1] : mkdtemp(made);
	size_t count = argc > 2 ? strtoul(argv[2], NULL, 10) : 100000;
	size_t at_once = argc > 3 ? strtoul(argv[3], NULL, 10) : 16;
	if (!folder || count < 800)
		give_up("usage: bench_notices [FOLDER] [COUNT] [AT_ONCE]");
	setvbuf(stdout, NULL, _IOLBF, 0);
	wr_log_set_fd(-1);
	bench.gateway = gateway_open();
	bench.silent_port = listen_and_never_answer();
	if (wr_random_init() || curl_global_init(CURL_GLOBAL_DEFAULT) || uv_loop_init(&bench.loop))
		give_up("libraries");
	uv_timer_init(&bench.loop, &bench.probe);
	bench.patients = count / (SUPPORTS + 1);
	bench.wanted = bench.patients * (SUPPORTS + 1);
	read_config(folder);
	uint64_t begun = uv_hrtime();
	open_desk(folder);
	printf("%zu patients with %d supports each: %.1f s\n", bench.patients, SUPPORTS,
	    seconds_since(begun));
	double composing = compose();
	printf("composed: %.0f a second\n", (double)bench.wanted / composing);
	struct look look = {.bodies = wr_alloc(bench.wanted, sizeof(char *))};
	run_look(&look);
	if (look.waiting != bench.wanted)
		give_up("not all of them wait");
	double bare = post_bare(&look, at_once);
	long memory = memory_kib("VmRSS:");
	uint32_t first = bench.gateway->taken;
	uint64_t from = uv_hrtime();
	double cpu[2] = {cpu_seconds(RUSAGE_SELF), cpu_seconds(RUSAGE_THREAD)};
	double sending = send_all();
	cpu[0] = cpu_seconds(RUSAGE_SELF) - cpu[0];
	cpu[1] = cpu_seconds(RUSAGE_THREAD) - cpu[1];
	double lag = worst_lag_ms();
	long peak = memory_kib("VmRSS:");
	report(&look, bare, sending, cpu, at_once, from, first);
	printf("the loop was held up at most %.1f ms\n", lag);
	printf("memory %ld MiB before, %ld MiB after\n", memory / 1024, peak / 1024);
	struct look after = {.bodies = wr_alloc(bench.wanted, sizeof(char *))};
	run_look(&after);
	printf("%zu of %zu are on disk as sent, %u were signed\n", after.sent, bench.wanted,
	    bench.gateway->signatures);
	gateway_close(bench.gateway);
	_exit(after.sent == bench.wanted ? 0 : 1); /* what is in trouble is left alone */
}
