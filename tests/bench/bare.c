#include "bare.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "wardround/base.h"

struct bare {
	uv_loop_t loop;
	uv_timer_t timer;
	CURLM *multi;
	const char *const *bodies;
	size_t n, next, done;
};

struct watch {
	uv_poll_t poll;
	curl_socket_t socket;
	struct bare *bare;
};

static size_t drop(char *bytes, size_t size, size_t n, void *data)
{
	(void)bytes;
	(void)data;
	return size * n;
}

static void post_next(struct bare *bare, CURL *easy)
{
	if (bare->next == bare->n) {
		curl_easy_cleanup(easy);
		return;
	}
	const char *body = bare->bodies[bare->next++];
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
	curl_multi_add_handle(bare->multi, easy);
}

static void step(struct bare *bare, curl_socket_t socket, int events)
{
	CURLMsg *message;
	int running, left;
	curl_multi_socket_action(bare->multi, socket, events, &running);
	while ((message = curl_multi_info_read(bare->multi, &left))) {
		CURL *easy = message->easy_handle;
		if (message->data.result != CURLE_OK) {
			fprintf(stderr, "%s\n", curl_easy_strerror(message->data.result));
			exit(1);
		}
		curl_multi_remove_handle(bare->multi, easy);
		bare->done++;
		post_next(bare, easy);
	}
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct watch *watch = wr_container_of(poll, struct watch, poll);
	int what = status < 0 ? CURL_CSELECT_ERR : 0;
	what |= events & UV_READABLE ? CURL_CSELECT_IN : 0;
	what |= events & UV_WRITABLE ? CURL_CSELECT_OUT : 0;
	step(watch->bare, watch->socket, what);
}

static void on_timer(uv_timer_t *timer)
{
	step(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static void on_watch_closed(uv_handle_t *handle)
{
	free(wr_container_of((uv_poll_t *)(void *)handle, struct watch, poll));
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *data, void *given)
{
	struct bare *bare = data;
	struct watch *watch = given;
	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		curl_multi_assign(bare->multi, socket, NULL);
		uv_poll_stop(&watch->poll);
		uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
		return 0;
	}
	if (!watch) {
		watch = wr_alloc(1, sizeof(*watch));
		watch->bare = bare;
		watch->socket = socket;
		uv_poll_init_socket(&bare->loop, &watch->poll, socket);
		curl_multi_assign(bare->multi, socket, watch);
	}
	int events =
	    (what != CURL_POLL_OUT ? UV_READABLE : 0) | (what != CURL_POLL_IN ? UV_WRITABLE : 0);
	uv_poll_start(&watch->poll, events, on_poll);
	return 0;
}

static int on_timeout(CURLM *multi, long ms, void *data)
{
	struct bare *bare = data;
	(void)multi;
	if (ms < 0)
		uv_timer_stop(&bare->timer);
	else
		uv_timer_start(&bare->timer, on_timer, (uint64_t)ms, 0);
	return 0;
}

static CURL *new_handle(const char *url, struct curl_slist *headers)
{
	CURL *easy = curl_easy_init();
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	return easy;
}

double bare_post(const char *url, const char *const *bodies, size_t n, size_t at_once)
{
	struct bare bare = {.bodies = bodies, .n = n};
	struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
	headers = curl_slist_append(headers, "Content-Type: application/json");
	uv_loop_init(&bare.loop);
	uv_timer_init(&bare.loop, &bare.timer);
	bare.timer.data = &bare;
	bare.multi = curl_multi_init();
	curl_multi_setopt(bare.multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(bare.multi, CURLMOPT_SOCKETDATA, &bare);
	curl_multi_setopt(bare.multi, CURLMOPT_TIMERFUNCTION, on_timeout);
	curl_multi_setopt(bare.multi, CURLMOPT_TIMERDATA, &bare);
	uint64_t begun = uv_hrtime();
	for (size_t i = 0; i < at_once && i < n; i++)
		post_next(&bare, new_handle(url, headers));
	while (bare.done < n)
		uv_run(&bare.loop, UV_RUN_ONCE);
	double took = (double)(uv_hrtime() - begun) / 1e9;
	curl_multi_cleanup(bare.multi);
	curl_slist_free_all(headers);
	uv_close((uv_handle_t *)&bare.timer, NULL);
	uv_run(&bare.loop, UV_RUN_DEFAULT);
	uv_loop_close(&bare.loop);
	return took;
}
