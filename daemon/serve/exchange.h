/*
 * exchange: one request from its first byte to its answer, and the parser that fills it.
 *
 * An exchange holds everything that a request needs, so that a connection without one is small.
 * Exchanges are used again (wr_exchange_take, wr_exchange_release).
 *
 * The parser is llhttp in strict mode plus what it leaves to its user: limits, exactly one Host,
 * only HTTP/1.0 and 1.1, no Transfer-Encoding, no folded or nameless field, no bare LF (RFC 9112,
 * 2.2, 3.2, 5, 6). It knows no sockets and no time; the fuzz target drives it alone.
 */
#ifndef WR_SERVE_EXCHANGE_H
#define WR_SERVE_EXCHANGE_H

#include <llhttp.h>

#include "serve.h"

/* How the connection goes on after the answer; the index of wr_serve's tails. */
enum wr_connection_end {
	WR_END_KEEP,     /* HTTP/1.1: nothing to say */
	WR_END_CLOSE,    /* Connection: close */
	WR_END_KEEP_1_0, /* HTTP/1.0 asked for it: Connection: keep-alive */
};

enum wr_parser_outcome {
	WR_PARSER_MORE,     /* all bytes are used, the request goes on */
	WR_PARSER_COMPLETE, /* what is left belongs to the next request */
	WR_PARSER_REFUSED,  /* status and why are set; the connection has to be closed */
};

struct wr_parser {
	llhttp_t llhttp;
	size_t max_body;
	size_t head_left;    /* bytes that request line and headers may still have */
	const char *body_at; /* in the bytes being fed: where the body begins, if it does */
	int status;          /* of a refusal */
	const char *why;
	size_t hosts;
	unsigned spaces; /* in the request line */
	char last;       /* the byte before the ones being fed */
	bool first_line, in_field, head_done, wants_continue;
};

struct wr_exchange_field {
	uint16_t name, name_length, value; /* offsets into head */
};

struct wr_exchange {
	struct wr_request request;
	struct wr_connection *connection; /* NULL: the peer has gone */
	struct wr_serve *serve;
	struct wr_exchange *next; /* spare */
	bool with_handler;        /* handed over, not answered */
	enum wr_connection_end end;
	struct wr_parser parser;
	struct wr_buf body;
	size_t head_length;
	size_t n_fields;
	struct wr_exchange_field fields[WR_SERVE_FIELDS];
	char head[WR_SERVE_HEAD]; /* target, names and values, each with its NUL */
};

/* An empty exchange ready for wr_parser_feed. `serve` keeps a few for the next time. */
struct wr_exchange *wr_exchange_take(struct wr_serve *serve, size_t max_body);
void wr_exchange_release(struct wr_exchange *exchange);
void wr_exchange_free_spare(struct wr_serve *serve);

void wr_parser_init(struct wr_exchange *exchange, size_t max_body);
/* `ret_used` of `length` bytes (at least 1) were of this request. */
enum wr_parser_outcome wr_parser_feed(
    struct wr_exchange *exchange, const char *bytes, size_t length, size_t *ret_used);

#endif
