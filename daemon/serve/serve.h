/*
 * serve: an HTTP/1.1 server on a libuv loop. It knows requests, answers and listeners, and no ward.
 *
 * A listener (TCP address, Unix socket, or a socket passed by systemd) carries a tag and a handler.
 * Each complete, unambiguous request is given to the handler once; the handler answers exactly
 * once, at once or any time later, on the loop:
 *
 *     static void on_request(void *context, struct wr_request *request)
 *     {
 *             if (request->method != WR_METHOD_GET && request->method != WR_METHOD_HEAD) {
 *                     wr_serve_answer_method(request, "GET, HEAD");
 *                     return;
 *             }
 *             const struct wr_serve_field fields[] = {
 *                 {"Content-Type", "text/plain; charset=utf-8"},
 *                 {0},
 *             };
 *             wr_serve_answer(request, 200, fields, "well\n", 5);
 *     }
 *
 * Answering ends the request: the pointer, its texts and its arena are gone when the call returns
 * (answering twice ends the program: it would be somebody else's request).
 * A handler that answers later gets no second request of that connection before it has answered. If
 * the peer goes away meanwhile, `on_gone` says so (if set), and the request still has to be
 * answered, into the void, to be released.
 *
 * What the server does itself: HEAD (answer as for GET, the body is left out), Content-Length
 * (never with 204 and 304), Date, Connection, 100-continue, pipelining, keep-alive, lingering
 * close, all limits and deadlines, and 400 with close for whatever could be understood in two ways
 * (two lengths, any Transfer-Encoding, NUL, bare CR or LF, folded headers, no or two Hosts, a Host
 * that differs from the target's, HTTP/0.9). Such requests never reach a handler.
 *
 * Idle connections hold no buffers. Everything here belongs to the loop's thread; struct
 * wr_serve_bytes may be made on any one thread and then be handed to the loop.
 */
#ifndef WR_DAEMON_SERVE_H
#define WR_DAEMON_SERVE_H

#include <uv.h>

#include "wardround/http.h"

struct wr_serve;
struct wr_serve_listener;
struct wr_serve_crowd;
struct wr_exchange;
struct wr_connection;

/* ---- requests ---- */

enum wr_serve_tag {
	WR_SERVE_PUBLIC,  /* people's links */
	WR_SERVE_STAFF,   /* signed-in staff, on an address of their own */
	WR_SERVE_CONTROL, /* wardctl; not counted in max_connections */
	WR_SERVE_METRICS, /* not counted in max_connections */
	WR_SERVE_TAGS,
};

enum wr_method {
	WR_METHOD_GET,
	WR_METHOD_HEAD,
	WR_METHOD_POST,
	WR_METHOD_PUT,
	WR_METHOD_PATCH,
	WR_METHOD_DELETE,
	WR_METHOD_OPTIONS,
	WR_METHOD_OTHER, /* see method_name */
};

/* Read by handlers; only `user` and `on_gone` are theirs to set. */
struct wr_request {
	enum wr_serve_tag tag;
	enum wr_method method;
	const char *method_name; /* "GET" */
	/* Decoded; when that is impossible as it came, with its '%', so that it matches no route.
	 * "*" for OPTIONS *. */
	const char *path;
	const char *query; /* behind the '?', not decoded (wr_form_parse); NULL without '?' */
	const char *host;  /* as sent, never empty */
	const char *body;  /* NUL ended; never NULL */
	size_t body_length;
	struct wr_ip
	    client; /* who asks, through trusted proxies; all zero for a Unix socket's peer */
	bool through_proxy;    /* the peer is a trusted proxy: its sign-in header may be believed */
	int64_t uid, gid;      /* of a Unix socket's peer, from the kernel; -1 on TCP */
	struct wr_arena arena; /* lives until the answer */
	void *user;
	void (*on_gone)(struct wr_request *request); /* at most once, before the answer */
};

typedef void (*wr_serve_handler)(void *context, struct wr_request *request);

/* By name in any case; NULL when it was not sent. Repeated fields are joined by ", " in the order
 * they came (Cookie by "; "). Lives as long as the request. */
const char *wr_serve_header(struct wr_request *request, const char *name);

/* ---- answers ---- */

struct wr_serve_field {
	const char *name, *value; /* a field with value NULL is left out; name NULL ends the list */
};

/* All arguments are borrowed for the call only. `fields` may be NULL. A field that could end its
 * line (control characters) turns the answer into a 500. */
void wr_serve_answer(struct wr_request *request, int status, const struct wr_serve_field *fields,
    const void *body, size_t length);
/* 405 with its Allow. */
void wr_serve_answer_method(struct wr_request *request, const char *allow);

/* A 200 with its headers written out once, shared by everybody who asks for it. */
struct wr_serve_bytes;

struct wr_serve_bytes_settings {
	const struct wr_serve_field *fields; /* of the 200, without ETag and Last-Modified */
	const struct wr_serve_field *not_modified_fields; /* of the 304: Cache-Control, Vary */
	const char *etag; /* with quotes (wr_etag_write); required */
	wr_time modified; /* WR_TIME_NONE: no Last-Modified */
	const void *body; /* copied */
	size_t length;
};

/* With one reference, yours. */
struct wr_serve_bytes *wr_serve_bytes_new(const struct wr_serve_bytes_settings *settings);
struct wr_serve_bytes *wr_serve_bytes_ref(struct wr_serve_bytes *bytes);
void wr_serve_bytes_unref(struct wr_serve_bytes *bytes); /* NULL is fine */
const char *wr_serve_bytes_body(const struct wr_serve_bytes *bytes, size_t *ret_length);

/*
 * Answers GET or HEAD with 200 or, by If-None-Match and If-Modified-Since, 304. `gzip` (may be
 * NULL) is the same body coded; it is chosen by Accept-Encoding, and its fields have to hold
 * "Content-Encoding: gzip". Both are borrowed; the server takes a reference if it needs one.
 * Allocates nothing when the socket takes the answer at once.
 */
void wr_serve_answer_bytes(
    struct wr_request *request, struct wr_serve_bytes *plain, struct wr_serve_bytes *gzip);

/* ---- the server ---- */

struct wr_serve_settings {
	/* 0 means the default in brackets. Times in ms. */
	unsigned max_connections;             /* [10,000] public and staff together */
	unsigned max_connections_per_address; /* [100] IPv6 by /64; trusted proxies not counted */
	uint64_t head_ms;                     /* [10 s] first byte to end of headers, absolute */
	uint64_t body_ms;                     /* [30 s] end of headers to end of body, absolute */
	uint64_t idle_ms;                     /* [75 s] without a request */
	uint64_t write_ms;                    /* [60 s] for a peer to take an answer, absolute */
	uint64_t linger_ms;                   /* [2 s] for a peer to close after us */
	/* Networks whose X-Forwarded-For is believed ("unix:" for Unix sockets' peers); copied. */
	const struct wr_network *trusted;
	size_t n_trusted;

	/* The clock. Deadlines are counted in ms of `now_ms`, by default the loop's own time times
	 * `rate`; `rate` (0 is 1) says how much faster it runs than the loop's timers. `wall` gives
	 * the Date header; by default the system's clock. */
	uint64_t (*now_ms)(void *clock);
	wr_time (*wall)(void *clock);
	unsigned rate;
	void *clock;
};

struct wr_serve_listen {
	enum wr_serve_tag tag;
	wr_serve_handler handler;
	void *context;
	size_t max_body; /* bytes; 0: WR_SERVE_BODY */
	int backlog;     /* 0: 4096, of which the kernel may take less */
	/* Body and content type for what the server refuses itself ("text" says why); NULL: plain
	 * text. */
	void (*write_refusal)(struct wr_buf *body, int status, const char *text);
	const char *refusal_type; /* with write_refusal */
};

enum {
	WR_SERVE_HEAD = 8192,      /* bytes of request line and headers */
	WR_SERVE_FIELDS = 100,     /* header fields in a request */
	WR_SERVE_BODY = 64 * 1024, /* bytes of body, unless a listener says otherwise */
	WR_SERVE_BODY_CONTROL = 16 * 1024 * 1024,
	WR_SERVE_STATES = 8,
	WR_SERVE_DATE_LINES = 128,
};

/* For /metrics; only ever grow, but for `open`. */
struct wr_serve_counts {
	uint64_t requests[WR_SERVE_TAGS][6]; /* answers by tag and hundreds of the status, 1-5 */
	uint64_t accepted[WR_SERVE_TAGS];
	uint64_t open[WR_SERVE_TAGS]; /* now */
	uint64_t full, full_address;  /* refused: all taken, too many from one address */
	uint64_t ambiguous;           /* refused with 400, 413, 417, 431, 501, 505 */
	uint64_t late;                /* ended by a deadline, but for idle ones */
	uint64_t dropped;             /* answers whose peer had gone */
	uint64_t bytes_in, bytes_out;
};

/* Connections of one state, in the order of their deadlines. */
struct wr_serve_queue {
	struct wr_connection *first, *last;
};

/* Embed it; only `counts` is for reading. */
struct wr_serve {
	uv_loop_t *loop;
	struct wr_serve_counts counts;
	struct wr_serve_settings settings;
	struct wr_network *trusted;
	struct wr_serve_listener *listeners;
	struct wr_serve_queue queues[WR_SERVE_STATES];
	uint64_t timeouts[WR_SERVE_STATES]; /* ms; 0: none */
	uv_timer_t deadline;
	uint64_t deadline_at; /* of now_ms; 0: timer not started */
	struct wr_serve_crowd *crowd;
	unsigned counted;          /* connections that count in max_connections */
	struct wr_exchange *spare; /* exchanges to be used again */
	unsigned n_spare;
	struct wr_buf head; /* scratch for one answer's head */
	char *read_buffer;  /* one for all: it is emptied before the next read */
	wr_time date;       /* the second that `tails` are written for */
	char tails[3]
		  [WR_SERVE_DATE_LINES]; /* Date, Connection, end of head: by wr_connection_end */
	size_t tail_lengths[3];
	unsigned n_handles;   /* on the loop */
	unsigned n_exchanges; /* with handlers */
	bool stopping;
	void (*on_stopped)(struct wr_serve *serve);
	void *data; /* the owner's */
};

/* `settings` may be NULL. For the whole process: ignores SIGPIPE, and raises the soft limit of open
 * files to the hard one, without which a shell's 1,024 would be the real limit of connections. */
int wr_serve_init(
    struct wr_serve *serve, uv_loop_t *loop, const struct wr_serve_settings *settings);
/* New limits, deadlines and trusted networks (not the clock), for what begins from now on. */
void wr_serve_set(struct wr_serve *serve, const struct wr_serve_settings *settings);

/*
 * Listens; `ret_listener` may be NULL. 0 or -errno (-EADDRINUSE, -EACCES, ...). A Unix socket gets
 * mode 0660; a path of any length will do; a stale socket there is replaced, a live one is
 * -EADDRINUSE, any other file -EEXIST. Our own socket is unlinked at the end, if it is still ours.
 * `address` TCP with port 0 takes any free port.
 */
int wr_serve_listen(struct wr_serve *serve, const struct wr_address *address,
    const struct wr_serve_listen *settings, struct wr_serve_listener **ret_listener);
/* On a socket that somebody else bound; `fd` is taken over (also on failure), never unlinked. */
int wr_serve_listen_fd(struct wr_serve *serve, int fd, const struct wr_serve_listen *settings,
    struct wr_serve_listener **ret_listener);
/* The port of a TCP listener, 0 for a Unix one. */
uint16_t wr_serve_port(const struct wr_serve_listener *listener);
/* No new connections there; those it has go on. The pointer is gone. */
void wr_serve_unlisten(struct wr_serve_listener *listener);

/*
 * Ends well: listeners close, idle connections close, requests under way are answered with
 * `Connection: close`. `on_stopped` comes from the loop when nothing of the server is left on it
 * and every request is answered; then wr_serve_deinit.
 */
void wr_serve_stop(struct wr_serve *serve, void (*on_stopped)(struct wr_serve *serve));
/* In haste: after wr_serve_stop, closes all connections whatever they do. */
void wr_serve_cut(struct wr_serve *serve);
void wr_serve_deinit(struct wr_serve *serve);

/* Closes what is past its deadline by now_ms; the server does it by itself. For tests that move the
 * clock. */
void wr_serve_expire(struct wr_serve *serve);

/* ---- sockets passed by the service manager (sd_listen_fds(3)) ---- */

struct wr_serve_passed {
	int fd;
	char name[64]; /* of LISTEN_FDNAMES, "" without one */
};

enum { WR_SERVE_PASSED = 16 };

/* Reads LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES and removes them, once, before threads start.
 * Returns how many there are for this process, or -errno. The descriptors are yours. */
int wr_serve_passed(struct wr_serve_passed passed[WR_SERVE_PASSED]);
/* Whether a path may be bound or connected to as it is; else -errno. Opens the folder and writes
 * "/proc/self/fd/N/name" when the path is longer than a socket address holds; `ret_folder` is to be
 * closed afterwards when it is not -1. */
int wr_serve_socket_path(const char *path, char text[108], int *ret_folder);

#endif
