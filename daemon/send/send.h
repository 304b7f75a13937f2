/*
 * send: many HTTP deliveries at once on one loop: libcurl's multi interface on libuv.
 *
 * A delivery is one try of one POST (or one GET that asks what became of it): no retries, no
 * redirects, no cookies, no proxy of the environment. Its target's address is checked after name
 * resolution and at each connection (reused ones too) against wr_address_is_special, so that no
 * spelling of a forbidden address gets a byte. Behind a proxy, which is trusted and looks names up
 * by itself, addresses in the URL and the names of this machine are checked. Of an answer only
 * status and Retry-After are kept, and its body where that is wanted.
 *
 * Each lane (an endpoint) has its own queue and its own number of tries at a time.
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
	WR_SEND_AT_ONCE = 16,             /* tries in one lane at a time; more wait their turn */
	WR_SEND_SPARE = 64,               /* handles of curl kept for the next ones */
	WR_SEND_ERROR_TEXT = 160,
	WR_SEND_RETRY_TEXT = 40,
};

struct wr_send;
struct wr_send_lane;
struct wr_delivery;

struct wr_send_result {
	enum wr_notice_transport transport;
	int status;          /* HTTP status, 0 without an answer */
	int64_t retry_after; /* seconds, -1 when the answer asks for none */
	bool begun;          /* the request may have gone out, whatever came of it */
	const char *body;    /* kept as wanted, until the callback returns; else "" */
	uint64_t took_ms;    /* from the first byte of the try on, without waiting its turn */
	char error[WR_SEND_ERROR_TEXT]; /* for the log, "" on an answer; no URL and no body */
};

typedef void (*wr_send_cb)(struct wr_delivery *delivery, const struct wr_send_result *result);

struct wr_delivery {
	/* The caller's; strings, networks and body are borrowed until the callback. */
	const char *lane;           /* whose queue it waits in; NULL: of its url */
	const char *url;            /* http or https, without user */
	bool asks;                  /* a GET without a body */
	bool keeps;                 /* the body of the answer */
	bool once;                  /* never sent again by curl itself, over another connection */
	const char *const *headers; /* "name: value", NULL at the end; may itself be NULL */
	const void *body;
	size_t length;
	const char *proxy;   /* NULL or "": straight. A proxy is trusted, its address not checked */
	uint64_t timeout_ms; /* real milliseconds from when its turn comes; 0: WR_NOTICE_TRY_MS */
	uint64_t latest;     /* of uv_now: not begun then or later but WR_NOTICE_STOPPED; 0: ever */
	wr_time now;         /* for dates in an answer */
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
	struct wr_send_lane *in;
	struct wr_delivery *next, *previous;
	CURL *easy;
	struct curl_slist *list;
	struct wr_send_result result;
	struct wr_buf answer; /* its body, where it is kept */
	char retry_after[WR_SEND_RETRY_TEXT];
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
	uv_idle_t later;            /* turns once when a callback is due that curl did not cause */
	struct wr_send_lane *lanes; /* those with deliveries */
	CURL *spare[WR_SEND_SPARE];
	size_t n_spare;
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
