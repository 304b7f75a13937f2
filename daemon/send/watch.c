/*
 * Curl says which sockets it waits for and until when (on_socket, on_timeout); the loop says when
 * that comes (on_poll, on_timer); only then is curl called, and what ended is drained after it has
 * returned. Curl is never called from within its own callbacks, and they never fail: a failure
 * there would make curl give up all transfers at once.
 */
#include "send/watch.h"

#include <stdlib.h>

struct watch {
	uv_poll_t poll;
	curl_socket_t socket;
	struct wr_send *send;
};

static void step(struct wr_send *send, curl_socket_t socket, int events)
{
	int running;
	curl_multi_socket_action(send->multi, socket, events, &running);
	send_drain(send);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct watch *watch = wr_container_of(poll, struct watch, poll);
	int what = status < 0 ? CURL_CSELECT_ERR : 0;
	if (events & UV_READABLE)
		what |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		what |= CURL_CSELECT_OUT;
	step(watch->send, watch->socket, what);
}

static void on_timer(uv_timer_t *timer)
{
	step(wr_container_of(timer, struct wr_send, timer), CURL_SOCKET_TIMEOUT, 0);
}

static int on_timeout(CURLM *multi, long timeout_ms, void *data)
{
	struct wr_send *send = data;
	(void)multi;
	if (timeout_ms < 0 || uv_is_closing((uv_handle_t *)&send->timer)) {
		uv_timer_stop(&send->timer);
		return 0;
	}
	uv_update_time(send->loop);
	uv_timer_start(&send->timer, on_timer, (uint64_t)timeout_ms, 0);
	return 0;
}

static void on_watch_closed(uv_handle_t *handle)
{
	struct watch *watch = wr_container_of((uv_poll_t *)(void *)handle, struct watch, poll);
	struct wr_send *send = watch->send;
	free(watch);
	send_handle_closed(send);
}

/* Closed at once, while the descriptor is still the same: the next socket may get its number. */
static void remove_watch(struct wr_send *send, struct watch *watch, curl_socket_t socket)
{
	curl_multi_assign(send->multi, socket, NULL);
	uv_poll_stop(&watch->poll);
	uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
}

static struct watch *add_watch(struct wr_send *send, curl_socket_t socket)
{
	struct watch *watch = wr_alloc(1, sizeof(*watch));
	watch->send = send;
	watch->socket = socket;
	if (uv_poll_init_socket(send->loop, &watch->poll, socket) != 0) {
		free(watch); /* the transfer runs into its time-out */
		return NULL;
	}
	send->handles++;
	curl_multi_assign(send->multi, socket, watch);
	return watch;
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *data, void *socket_data)
{
	struct wr_send *send = data;
	struct watch *watch = socket_data;
	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (watch)
			remove_watch(send, watch, socket);
		return 0;
	}
	if (!watch)
		watch = add_watch(send, socket);
	int events =
	    (what != CURL_POLL_OUT ? UV_READABLE : 0) | (what != CURL_POLL_IN ? UV_WRITABLE : 0);
	if (watch)
		uv_poll_start(&watch->poll, events, on_poll);
	return 0;
}

void watch_open(struct wr_send *send)
{
	uv_timer_init(send->loop, &send->timer);
	send->handles++;
	curl_multi_setopt(send->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(send->multi, CURLMOPT_SOCKETDATA, send);
	curl_multi_setopt(send->multi, CURLMOPT_TIMERFUNCTION, on_timeout);
	curl_multi_setopt(send->multi, CURLMOPT_TIMERDATA, send);
}
