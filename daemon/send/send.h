/*
 * send: many HTTP deliveries at once on one loop: libcurl's multi interface on libuv.
 *
 * A delivery is one try of one POST: no retries, no redirects, no cookies, no proxy of the
 * environment. Its target's address is checked after name resolution and at each connection
 * (reused ones too) against wr_address_is_special, so that no spelling of a forbidden address gets
 * a byte. Of an answer only status and Retry-After are kept.
 *
 * Each accepted start gives exactly one callback, never before the start returned, also on cancel
 * and on close. A delivery may be freed or started again in its own callback.
 *
 * Everything here belongs to the loop's thread.
 */
#ifndef WR_DAEMON_SEND_H
#define WR_DAEMON_SEND_H

#include <curl/curl.h>
#include <uv.h>

#include "wardround/notice.h"

enum {
	WR_SEND_BODY_LIMIT = 64 * 1024,   /* of an answer; what comes after it is not read */
	WR_SEND_HEADER_LIMIT = 32 * 1024, /* of an answer's headers; more counts as unreached */
	WR_SEND_PER_HOST = 16,            /* connections to one host at a time */
	WR_SEND_CONNECTIONS = 256,        /* connections in all; more deliveries wait their turn */
	WR_SEND_ERROR_TEXT = 160,
};

struct wr_send;
struct wr_delivery;

/* Whether an address may be connected to although it is special. `bytes` as in
 * wr_address_is_special. Called on the loop, must be quick and must not start or cancel anything.
 */
typedef bool (*wr_send_allows)(void *allowed_by, const uint8_t *bytes, size_t length);

struct wr_send_result {
	enum wr_notice_transport transport;
	int status;          /* HTTP status, 0 without an answer */
	int64_t retry_after; /* seconds, -1 when the answer asks for none */
	int64_t took_ms;
	char error[WR_SEND_ERROR_TEXT]; /* for the log, "" on an answer; holds no URL and no body */
};

typedef void (*wr_send_cb)(struct wr_delivery *delivery, const struct wr_send_result *result);

struct wr_delivery {
	/* The caller's; strings and body are borrowed until the callback. */
	const char *url;            /* http or https, without user */
	const char *const *headers; /* "name: value", NULL at the end */
	const void *body;
	size_t length;
	const char *proxy;   /* NULL or "": straight; then the proxy's own address is not checked */
	uint64_t timeout_ms; /* 0: WR_NOTICE_TRY_MS; real milliseconds */
	wr_send_allows allows; /* NULL: no special address is allowed */
	void *allowed_by;
	wr_send_cb callback;
	void *data;

	/* send's own; zero before the first start. */
	struct wr_send *send;
	CURL *easy;
	struct curl_slist *list;
	struct wr_delivery *next, *previous;
	struct wr_send_result result;
	size_t received;
	uint64_t started_at;
	bool forbidden, ended;
};

struct wr_send {
	uv_loop_t *loop;
	CURLM *multi;
	uv_timer_t timer;
	uv_idle_t later;             /* turns once when something ended outside of curl */
	struct wr_delivery *running; /* with curl */
	struct wr_delivery *ended;   /* callback still to come */
	size_t n;                    /* started, callback still to come */
	unsigned open_handles;
	int stepping; /* inside curl: it can't be called again */
	bool closing;
	void (*on_closed)(struct wr_send *send);
};

/* curl_global_init is the caller's, once, before threads start. -errno on failure. */
int wr_send_init(struct wr_send *send, uv_loop_t *loop);
/* 0: the callback will come. -ECANCELED: send is closing, no callback. Everything else that is
 * wrong with a delivery is a result.
 */
int wr_send_start(struct wr_send *send, struct wr_delivery *delivery);
/* The callback comes soon, with WR_NOTICE_STOPPED, unless it is on its way with another result.
 * Nothing happens for a delivery that is not started.
 */
void wr_send_cancel(struct wr_delivery *delivery);
/* Cancels all; `on_closed` comes after the last callback, when no handle of send is on the loop. */
void wr_send_close(struct wr_send *send, void (*on_closed)(struct wr_send *send));

#endif
