#include "exchange.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_SPARE = 64, BODY_KEPT = 4096 };

struct wr_exchange *wr_exchange_take(struct wr_serve *serve, size_t max_body)
{
	struct wr_exchange *exchange = serve->spare;
	if (exchange) {
		serve->spare = exchange->next;
		serve->n_spare--;
	} else {
		exchange = wr_alloc(1, sizeof(*exchange));
	}
	exchange->serve = serve;
	wr_parser_init(exchange, max_body);
	return exchange;
}

void wr_exchange_release(struct wr_exchange *exchange)
{
	struct wr_serve *serve = exchange->serve;
	wr_arena_deinit(&exchange->request.arena);
	if (exchange->body.capacity > BODY_KEPT)
		wr_buf_deinit(&exchange->body);
	wr_buf_clear(&exchange->body);
	exchange->request = (struct wr_request){0};
	exchange->connection = NULL;
	if (serve->n_spare == MOST_SPARE) {
		wr_buf_deinit(&exchange->body);
		free(exchange);
		return;
	}
	exchange->next = serve->spare;
	serve->spare = exchange;
	serve->n_spare++;
}

void wr_exchange_free_spare(struct wr_serve *serve)
{
	while (serve->spare) {
		struct wr_exchange *exchange = serve->spare;
		serve->spare = exchange->next;
		wr_buf_deinit(&exchange->body);
		free(exchange);
	}
	serve->n_spare = 0;
}

static bool is_field(
    const struct wr_exchange *exchange, size_t i, const char *name, size_t name_length)
{
	const struct wr_exchange_field *field = &exchange->fields[i];
	return field->name_length == name_length &&
	       strncasecmp(exchange->head + field->name, name, name_length) == 0;
}

static const char *join_fields(
    struct wr_exchange *exchange, size_t first, const char *name, size_t name_length)
{
	const char *separator = strcasecmp(name, "cookie") == 0 ? "; " : ", ";
	const char *value = exchange->head + exchange->fields[first].value;
	struct wr_buf joined = {0};
	for (size_t i = first + 1; i < exchange->n_fields; i++) {
		if (!is_field(exchange, i, name, name_length))
			continue;
		if (joined.length == 0)
			wr_buf_puts(&joined, value);
		wr_buf_puts(&joined, separator);
		wr_buf_puts(&joined, exchange->head + exchange->fields[i].value);
	}
	if (joined.length > 0)
		value = wr_arena_strndup(&exchange->request.arena, joined.data, joined.length);
	wr_buf_deinit(&joined);
	return value;
}

const char *wr_serve_header(struct wr_request *request, const char *name)
{
	struct wr_exchange *exchange = wr_container_of(request, struct wr_exchange, request);
	size_t length = strlen(name);
	for (size_t i = 0; i < exchange->n_fields; i++)
		if (is_field(exchange, i, name, length))
			return join_fields(exchange, i, name, length);
	return NULL;
}
