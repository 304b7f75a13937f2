/*
 * connection: one peer, from accept to close. See connection.c for its states.
 */
#ifndef WR_SERVE_CONNECTION_H
#define WR_SERVE_CONNECTION_H

#include "exchange.h"

/* libuv reads up to 32 times before it looks at others. So small that a peer who sends requests
 * ahead holds up nobody for long, and larger than nearly every request. */
enum { WR_SERVE_READ = 2048 };

/* What is waited for; also the index of wr_serve's queues and timeouts. */
enum wr_connection_state {
	WAIT_REQUEST, /* its first byte */
	WAIT_HEAD,
	WAIT_BODY,
	WAIT_HANDLER, /* its answer; no deadline of ours */
	WAIT_WRITE,   /* for the peer to take the answer */
	WAIT_PEER,    /* to close: our side is shut, what still comes is dropped */
	CLOSED,
};
_Static_assert((int)CLOSED < (int)WR_SERVE_STATES, "a queue for each state");

struct wr_serve_listener {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} uv;
	struct wr_serve *serve;
	struct wr_serve_listener *next;
	struct wr_serve_listen settings;
	bool is_unix;
	unsigned references; /* its own handle and its connections */
	/* A Unix socket that we bound, to be unlinked if it is still that one. */
	char *path;
	uint64_t device, inode;
};

struct wr_connection {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} uv;
	struct wr_serve *serve;
	struct wr_serve_listener *listener;
	struct wr_connection *previous, *next; /* in the queue of its state */
	uint64_t deadline;                     /* of now_ms */
	struct wr_exchange *exchange;          /* WAIT_HEAD to WAIT_HANDLER */
	struct wr_buf pending;                 /* read, but of later requests */
	struct wr_ip peer;
	int64_t uid, gid;
	enum wr_connection_state state;
	bool counted, counted_address; /* in max_connections and in the crowd */
	bool feeding;                  /* inside feed(): an answer must not feed again */
	bool reading, peer_ended, close_after;
	uv_shutdown_t shutdown;
};

/* ---- connection.c ---- */
/* The handle is initialised and accepted; `connection` is the caller's no more. */
void wr_connection_start(struct wr_connection *connection);
/* The answer has left, or waits in the kernel. */
void wr_connection_answered(struct wr_connection *connection);
void wr_connection_close(struct wr_connection *connection);
void wr_connection_enter(struct wr_connection *connection, enum wr_connection_state state);
void wr_connection_expire(struct wr_connection *connection);
void wr_connection_stop(struct wr_connection *connection);

/* ---- answer.c ---- */
/* The server's own answer to what no handler gets; closes afterwards. */
void wr_connection_refuse(struct wr_connection *connection, int status, const char *why);

/* ---- listener.c ---- */
void wr_serve_listener_unref(struct wr_serve_listener *listener);

/* ---- unix.c ---- */
/* Binds a Unix socket of mode 0660; the descriptor, or -errno. */
int wr_serve_bind_unix(const char *path, uint64_t *ret_device, uint64_t *ret_inode);
void wr_serve_unlink_unix(const char *path, uint64_t device, uint64_t inode);

/* ---- serve.c ---- */
uint64_t wr_serve_now(const struct wr_serve *serve);
/* There may be an earlier deadline than the timer's. */
void wr_serve_arm(struct wr_serve *serve, uint64_t deadline);
/* A handle of the server has closed, or a request was answered. */
void wr_serve_settle(struct wr_serve *serve);

#endif
