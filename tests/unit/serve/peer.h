/*
 * peer: a server with a few made-up routes on a real loop, and raw sockets that talk to it. The
 * server's time is `now`, which only tests move, unless its settings have a rate.
 */
#ifndef TEST_SERVE_PEER_H
#define TEST_SERVE_PEER_H

#include "serve/serve.h"

struct server {
	uv_loop_t loop;
	struct wr_serve serve;
	struct wr_serve_listener *listener;
	uint64_t now;
	unsigned requests, gone;
	struct wr_request *held; /* of /later */
	struct wr_serve_bytes *plain, *gzip, *big;
	bool stopped;
};

enum { BIG = 8 * 1024 * 1024, FEED = 3000 };

/* Routes: /hello, /echo, /feed (shared bytes), /big (shared, BIG long), /copy (BIG long, not
 * shared), /later (answered by the test), /get (405), /split (a field that would end its line),
 * /who (client, uid). */
void server_start(struct server *server, const struct wr_serve_settings *settings);
void server_route(void *context, struct wr_request *request);
/* Runs the loop while it has something to do at once. */
void server_turn(struct server *server);
/* Stops, checks that the loop closes empty, frees. */
void server_end(struct server *server);

int peer_connect(struct server *server);
int peer_connect_unix(const char *path);
void peer_send(struct server *server, int fd, const char *bytes, size_t length);
/* What came back until `until` stands in it, or (NULL) until the server closed. Fails the test when
 * that never happens. */
void peer_read(struct server *server, int fd, const char *until, struct wr_buf *answer);
/* Sends text on a connection of its own and returns all until the server closes. */
void peer_ask(struct server *server, const char *text, struct wr_buf *answer);
/* Whether the server has closed its side; drops what comes. */
bool peer_is_closed(struct server *server, int fd);
size_t times_in(const char *text, const char *part);
/* Fails unless `part` stands in the answer. */
void assert_in(const struct wr_buf *answer, const char *part);
void assert_not_in(const struct wr_buf *answer, const char *part);
const char *body_of(const struct wr_buf *answer);

#endif
