/*
 * Bytes as a peer may send them. The first byte says in pieces of which size they are fed; the
 * outcome has to be the same as when they come one at a time, and what is handed on has to be
 * unambiguous.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "serve/exchange.h"

enum { MOST_BODY = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What one stream of bytes came to, as text. */
static void note_request(struct wr_exchange *exchange, struct wr_buf *story)
{
	struct wr_request *request = &exchange->request;
	if (!request->path[0] || !request->host[0] || exchange->n_fields > WR_SERVE_FIELDS ||
	    exchange->body.length > MOST_BODY || wr_serve_header(request, "transfer-encoding") ||
	    strpbrk(request->host, " ,\r\n") || strpbrk(wr_serve_header(request, "host"), " ,"))
		abort();
	wr_buf_printf(story, "%s %s ?%s @%s end %d fields %zu body %zu\n", request->method_name,
	    request->path, request->query ? request->query : "-", request->host, exchange->end,
	    exchange->n_fields, exchange->body.length);
	for (size_t i = 0; i < exchange->n_fields; i++) {
		const char *name = exchange->head + exchange->fields[i].name;
		if (!*name || strlen(name) != exchange->fields[i].name_length)
			abort();
		wr_buf_printf(story, "%s: %s\n", name, exchange->head + exchange->fields[i].value);
	}
	wr_buf_append(story, exchange->body.data, exchange->body.length);
}

static void feed(
    struct wr_serve *serve, const char *bytes, size_t length, size_t piece, struct wr_buf *story)
{
	struct wr_exchange *exchange = wr_exchange_take(serve, MOST_BODY);
	bool goes_on = true;
	while (length > 0 && goes_on) {
		size_t used, given = length < piece ? length : piece;
		/* A block of its own, so that reading beyond it is seen. */
		char *block = malloc(given);
		memcpy(block, bytes, given);
		enum wr_parser_outcome outcome = wr_parser_feed(exchange, block, given, &used);
		free(block);
		if (used > given || (outcome == WR_PARSER_MORE && used != given))
			abort();
		if (outcome == WR_PARSER_REFUSED) {
			if (exchange->parser.status < 400 || !exchange->parser.why)
				abort();
			wr_buf_puts(story, "refused\n");
			goes_on = false;
		} else if (outcome == WR_PARSER_COMPLETE) {
			note_request(exchange, story);
			goes_on = exchange->end != WR_END_CLOSE;
			wr_exchange_release(exchange);
			exchange = wr_exchange_take(serve, MOST_BODY);
		}
		bytes += used;
		length -= used;
	}
	wr_exchange_release(exchange);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wr_serve serve = {0};
	struct wr_buf whole = {0}, single = {0};
	if (size > 0) {
		feed(
		    &serve, (const char *)data + 1, size - 1, data[0] ? data[0] : SIZE_MAX, &whole);
		feed(&serve, (const char *)data + 1, size - 1, 1, &single);
		if (strcmp(wr_buf_text(&whole), wr_buf_text(&single)) != 0)
			abort();
	}
	wr_buf_deinit(&whole);
	wr_buf_deinit(&single);
	wr_exchange_free_spare(&serve);
	return 0;
}
