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

#include "wardround/http.h"
#include "wardround/notice.h"

enum {
	WR_SEND_BODY_LIMIT = 64 * 1024,   /* of an answer; what comes after it is not read */
	WR_SEND_HEADER_LIMIT = 32 * 1024, /* of an answer's headers; more counts as unreached */
	WR_SEND_PER_HOST = 16,            /* tries at one host at a time; more wait their turn */
	WR_SEND_ERROR_TEXT = 160,
};

struct wr_send;
struct wr_send_host;
struct wr_delivery;

struct wr_send_result {
	enum wr_notice_transport transport;
	int status;          /* HTTP status, 0 without an answer */
	int64_t retry_after; /* seconds, -1 when the answer asks for none */
	uint64_t took_ms;    /* from the first byte of the try on, without waiting its turn */
	char error[WR_SEND_ERROR_TEXT]; /* for the log, "" on an answer; no URL and no body */
};

typedef void (*wr_send_cb)(struct wr_delivery *delivery, const struct wr_send_result *result);

struct wr_delivery {
	/* The caller's; strings, networks and body are borrowed until the callback. */
	const char *url;            /* http or https, without user */
	const char *const *headers; /* "name: value", NULL at the end; may itself be NULL */
	const void *body;
	size_t length;
	const char *proxy;   /* NULL or "": straight. A proxy is trusted, its address not checked */
	uint64_t timeout_ms; /* real milliseconds from when its turn comes; 0: WR_NOTICE_TRY_MS */
	const struct wr_network *allowed; /* special addresses that may be connected to */
	size_t n_allowed;
	wr_send_cb callback;
	void *data;

	/* send's own; zero before the first start. */
	enum {
		WR_DELIVERY_IDLE,
		WR_DELIVERY_WAITING,
		WR_DELIVERY_RUNNING,
		WR_DELIVERY_ENDED
	} state;
	struct wr_send *send;
	struct wr_send_host *host;
	struct wr_delivery *next, *previous;
	CURL *easy;
	struct curl_slist *list;
	struct wr_send_result result;
	size_t header_bytes, body_bytes;
	uint64_t started_at;
	bool forbidden;   /* an address was refused */
	bool opened;      /* and another one was not */
	bool has_headers; /* the final answer's head is complete */
};

struct wr_send_list { /* of deliveries; zeroed is empty */
	struct wr_delivery *first, *last;
};

struct wr_send {
	uv_loop_t *loop;
	CURLM *multi;
	uv_timer_t timer;
	uv_idle_t later;             /* turns once when a callback is due that curl did not cause */
	struct wr_send_host *hosts;  /* those with deliveries; each has its own queue */
	struct wr_send_list running; /* with curl */
	struct wr_send_list ended;   /* callback still to come */
	size_t n;                    /* started, callback still to come */
	unsigned handles;            /* of send on the loop */
	bool calling;                /* callbacks are being made */
	bool closing, cleaned;
	void (*on_closed)(struct wr_send *send);
};

/* curl_global_init and ignoring SIGPIPE are the caller's, once, before threads start. -errno on
 * failure. */
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
