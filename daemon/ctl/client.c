/*
 * One HTTP request on the control socket, by libcurl.
 *
 * A Unix socket's path holds 107 bytes. A longer one is reached through its open folder:
 * /proc/self/fd/N/name.
 */
#include "ctl.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
	CONNECT_SECONDS = 10,
	ANSWER_SECONDS = 600, /* a plan of many wards takes a while */
	PATIENCE_MS = 1000,   /* then a terminal is told that it goes on */
};

struct exchange {
	const struct wr_ctl_globals *globals;
	CURL *curl;
	struct curl_slist *headers;
	struct wr_buf url, body;
	struct wr_ctl_answer *answer;
	int folder; /* of the socket, when its path is long; else -1 */
	bool silent;
	int64_t started; /* ms */
	int64_t shown;   /* seconds of waiting that a terminal has been told of */
	CURLcode result;
};

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static size_t on_bytes(char *bytes, size_t size, size_t n, void *context)
{
	struct exchange *exchange = context;
	wr_buf_append(&exchange->answer->raw, bytes, size * n);
	return size * n;
}

/* What is planned tells how far it is; for everything else it is enough that it goes on. */
static void show_waiting(struct exchange *exchange)
{
	struct wr_ctl_answer answer;
	json_int_t cost = 0, bound = 0, nodes = 0;
	bool plans = strstr(wr_buf_text(&exchange->url), "/v1/plan/") != NULL;
	bool known =
	    plans &&
	    wr_ctl_try(exchange->globals, false, "/v1/plan/progress", NULL, &answer) == 0 &&
	    json_unpack(answer.body, "{s:{s:I, s:I, s:I}}", "progress", "cost", &cost, "bound",
		&bound, "nodes", &nodes) == 0;
	fputs("\r\033[K", stderr);
	if (known && cost > 0)
		fprintf(stderr,
		    "planning: cost %lld, at least %lld (gap %.3f %%), %lld nodes; Ctrl-C takes it",
		    (long long)cost, (long long)bound,
		    100.0 * (double)(cost - bound) / (double)cost, (long long)nodes);
	else
		fprintf(stderr, "the daemon is at work ...");
	fflush(stderr);
	if (plans)
		wr_ctl_answer_deinit(&answer);
}

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

/* Ctrl-C while something is planned: the best plan so far; once more: wardctl ends. */
static void take_the_best(struct exchange *exchange)
{
	struct wr_ctl_answer answer;
	interrupted = 0;
	signal(SIGINT, SIG_DFL);
	wr_ctl_try(exchange->globals, true, "/v1/plan/stop", NULL, &answer);
	wr_ctl_answer_deinit(&answer);
}

static int on_progress(
    void *context, curl_off_t down, curl_off_t down_now, curl_off_t up, curl_off_t up_now)
{
	struct exchange *exchange = context;
	(void)down, (void)down_now, (void)up, (void)up_now;
	int64_t waited = now_ms() - exchange->started;
	if (waited >= PATIENCE_MS * (exchange->shown + 1)) {
		exchange->shown = waited / PATIENCE_MS;
		show_waiting(exchange);
	}
	if (interrupted)
		take_the_best(exchange);
	return 0;
}

/* Where to connect: the path itself, or one through its folder. -errno when there is no folder. */
static int short_path(struct exchange *exchange, struct wr_buf *path)
{
	const char *socket = exchange->globals->socket;
	if (strlen(socket) < sizeof(((struct sockaddr_un *)0)->sun_path)) {
		wr_buf_puts(path, socket);
		return 0;
	}
	const char *slash = strrchr(socket, '/');
	struct wr_buf folder = {0};
	wr_buf_append(&folder, socket, slash ? (size_t)(slash - socket) : 0);
	exchange->folder =
	    open(slash ? wr_buf_text(&folder) : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r = exchange->folder < 0 ? -errno : 0;
	if (r == 0)
		wr_buf_printf(
		    path, "/proc/self/fd/%d/%s", exchange->folder, slash ? slash + 1 : socket);
	wr_buf_deinit(&folder);
	return r;
}

static void append_pair(struct wr_buf *url, CURL *curl, const char *key, json_t *value)
{
	char number[32];
	const char *text = json_string_value(value);
	if (json_is_integer(value)) {
		snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(value));
		text = number;
	} else if (json_is_boolean(value)) {
		text = json_is_true(value) ? "true" : "false";
	}
	char *escaped = curl_easy_escape(curl, text ? text : "", 0);
	if (!escaped)
		wr_out_of_memory();
	wr_buf_printf(url, "%c%s=%s", strchr(wr_buf_text(url), '?') ? '&' : '?', key, escaped);
	curl_free(escaped);
}

static void append_query(struct wr_buf *url, CURL *curl, json_t *args)
{
	const char *key;
	json_t *value, *item;
	size_t i;
	json_object_foreach (args, key, value) {
		if (!json_is_array(value))
			append_pair(url, curl, key, value);
		json_array_foreach (value, i, item)
			append_pair(url, curl, key, item);
	}
}

static void prepare_post(struct exchange *exchange, json_t *args)
{
	char *body = args ? json_dumps(args, JSON_COMPACT) : wr_strdup("{}");
	if (!body)
		wr_out_of_memory();
	wr_buf_puts(&exchange->body, body);
	free(body);
	exchange->headers = curl_slist_append(NULL, "Content-Type: application/json");
	/* the socket is here: asking first whether a large body may come only takes time */
	exchange->headers = curl_slist_append(exchange->headers, "Expect:");
	curl_easy_setopt(exchange->curl, CURLOPT_POST, 1L);
	curl_easy_setopt(exchange->curl, CURLOPT_POSTFIELDS, exchange->body.data);
	curl_easy_setopt(
	    exchange->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body.length);
}

static int prepare(struct exchange *exchange, bool post, const char *path, json_t *args)
{
	struct wr_buf socket = {0};
	CURL *curl = exchange->curl = curl_easy_init();
	if (!curl)
		wr_out_of_memory();
	int r = short_path(exchange, &socket);
	if (r)
		goto out;
	wr_buf_printf(&exchange->url, "http://wardround%s", path);
	if (post)
		prepare_post(exchange, args);
	else
		append_query(&exchange->url, curl, args);
	exchange->headers = curl_slist_append(exchange->headers, "Accept: application/json");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, exchange->headers);
	curl_easy_setopt(curl, CURLOPT_URL, wr_buf_text(&exchange->url));
	curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, wr_buf_text(&socket));
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)ANSWER_SECONDS);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
	if (isatty(STDERR_FILENO) && !exchange->globals->quiet && !exchange->silent) {
		curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
		curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
		curl_easy_setopt(curl, CURLOPT_XFERINFODATA, exchange);
		if (wr_text_equal(path, "/v1/plan/make"))
			signal(SIGINT, on_interrupt);
	}
out:
	wr_buf_deinit(&socket);
	return r;
}

#define FAIL(exchange, exit, hint, ...)                                                            \
	((exchange)->silent ? (int)(exit)                                                          \
			    : wr_ctl_fail((exchange)->globals, (exit), (hint), __VA_ARGS__))

static int fail_to_connect(const struct exchange *exchange, int error)
{
	const char *socket = exchange->globals->socket;
	if (error == EACCES || error == EPERM)
		return FAIL(exchange, WR_CTL_FORBIDDEN,
		    "members of the group `wardround` may: ask an admin, then sign in again",
		    "you may not use the control socket %s", socket);
	if (error == ENOENT || error == ENOTDIR)
		return FAIL(exchange, WR_CTL_UNREACHABLE,
		    "is wardroundd running, and is this its `control`? --socket names another",
		    "there is no control socket at %s", socket);
	return FAIL(exchange, WR_CTL_UNREACHABLE, "is wardroundd running?",
	    "nobody answers on the control socket %s: %s", socket,
	    error ? strerror(error) : "no connection");
}

static int judge_transfer(const struct exchange *exchange)
{
	long error = 0;
	switch ((int)exchange->result) {
	case CURLE_OK:
		return 0;
	case CURLE_COULDNT_CONNECT:
		curl_easy_getinfo(exchange->curl, CURLINFO_OS_ERRNO, &error);
		return fail_to_connect(exchange, (int)error);
	case CURLE_OPERATION_TIMEDOUT:
		return FAIL(exchange, WR_CTL_AGAIN,
		    "it may still have been done: look before you repeat it",
		    "the daemon gave no answer in time");
	default:
		return FAIL(exchange, WR_CTL_UNREACHABLE,
		    "it may still have been done: look before you repeat it, or use --key",
		    "the daemon ended the connection: %s", curl_easy_strerror(exchange->result));
	}
}

static int read_answer(const struct exchange *exchange)
{
	struct wr_ctl_answer *answer = exchange->answer;
	json_error_t error;
	curl_easy_getinfo(exchange->curl, CURLINFO_RESPONSE_CODE, &answer->status);
	answer->body = json_loadb(
	    answer->raw.data ? answer->raw.data : "", answer->raw.length, JSON_ALLOW_NUL, &error);
	if (!json_is_object(answer->body))
		return FAIL(exchange, WR_CTL_INTERNAL,
		    "is --socket the control socket of wardroundd?",
		    "the answer (HTTP %ld) is not the JSON object that was expected",
		    answer->status);
	return 0;
}

static int exchange_once(struct exchange *exchange, bool post, const char *path, json_t *args)
{
	int r = prepare(exchange, post, path, args);
	if (r < 0) {
		r = fail_to_connect(exchange, -r);
		goto out;
	}
	exchange->started = now_ms();
	exchange->result = curl_easy_perform(exchange->curl);
	if (exchange->shown)
		fputs("\r\033[K", stderr);
	r = judge_transfer(exchange);
	if (r == 0)
		r = read_answer(exchange);
out:
	curl_slist_free_all(exchange->headers);
	curl_easy_cleanup(exchange->curl);
	wr_buf_deinit(&exchange->url);
	wr_buf_deinit(&exchange->body);
	if (exchange->folder >= 0)
		close(exchange->folder);
	return r;
}

int wr_ctl_request(const struct wr_ctl_globals *globals, bool post, const char *path, json_t *args,
    struct wr_ctl_answer *ret_answer)
{
	*ret_answer = (struct wr_ctl_answer){0};
	struct exchange exchange = {.globals = globals, .answer = ret_answer, .folder = -1};
	return exchange_once(&exchange, post, path, args);
}

int wr_ctl_try(const struct wr_ctl_globals *globals, bool post, const char *path, json_t *args,
    struct wr_ctl_answer *ret_answer)
{
	*ret_answer = (struct wr_ctl_answer){0};
	struct exchange exchange = {
	    .globals = globals, .answer = ret_answer, .folder = -1, .silent = true};
	return exchange_once(&exchange, post, path, args);
}

void wr_ctl_answer_deinit(struct wr_ctl_answer *answer)
{
	json_decref(answer->body);
	wr_buf_deinit(&answer->raw);
	*answer = (struct wr_ctl_answer){0};
}
