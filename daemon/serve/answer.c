#include "connection.h"

#include <stdlib.h>
#include <string.h>

/*
 * An answer is three pieces: the head without its end, the tail of the head (Date, Connection, the
 * empty line; one text a second for all), the body. They are written at once; what the socket does
 * not take is kept until it does, by reference for shared bytes, else as a copy.
 */

enum { GATHERED = 1024 };

struct wr_serve_bytes {
	unsigned references;
	wr_time modified;
	size_t head_length, not_modified_length, length;
	const char *head, *not_modified, *etag, *body; /* in data */
	char data[];
};

/* The rest of an answer on its way. */
struct rest {
	uv_write_t write;
	struct wr_connection *connection;
	struct wr_serve_bytes *bytes; /* holds a reference when pieces point into it */
	char copy[];
};

/* ---- heads ---- */

static bool is_line_safe(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 ? *text != '\t' : *text == 0x7f)
			return false;
	return true;
}

static bool write_fields(struct wr_buf *buf, const struct wr_serve_field *fields)
{
	for (; fields && fields->name; fields++) {
		if (!fields->value)
			continue;
		if (!is_line_safe(fields->name) || !is_line_safe(fields->value))
			return false;
		wr_buf_puts(buf, fields->name);
		wr_buf_puts(buf, ": ");
		wr_buf_puts(buf, fields->value);
		wr_buf_puts(buf, "\r\n");
	}
	return true;
}

static void write_status(struct wr_buf *buf, int status)
{
	wr_buf_printf(buf, "HTTP/1.1 %d %s\r\n", status, wr_http_reason(status));
}

static wr_time wall(const struct wr_serve *serve)
{
	if (serve->settings.wall)
		return serve->settings.wall(serve->settings.clock);
	uv_timeval64_t now;
	uv_gettimeofday(&now);
	return now.tv_sec;
}

static uv_buf_t tail(struct wr_serve *serve, enum wr_connection_end end)
{
	static const char *const endings[] = {
	    [WR_END_KEEP] = "",
	    [WR_END_CLOSE] = "Connection: close\r\n",
	    [WR_END_KEEP_1_0] = "Connection: keep-alive\r\n",
	};
	wr_time now = wall(serve);
	if (now != serve->date || serve->tail_lengths[0] == 0) {
		char date[WR_HTTP_DATE];
		wr_http_date_write(now, date);
		for (size_t i = 0; i < WR_COUNT(endings); i++)
			serve->tail_lengths[i] = (size_t)snprintf(serve->tails[i],
			    WR_SERVE_DATE_LINES, "Date: %s\r\n%s\r\n", date, endings[i]);
		serve->date = now;
	}
	return uv_buf_init(serve->tails[end], (unsigned)serve->tail_lengths[end]);
}

/* ---- writing ---- */

static void on_written(uv_write_t *write, int status)
{
	struct rest *rest = wr_container_of(write, struct rest, write);
	struct wr_connection *connection = rest->connection;
	wr_serve_bytes_unref(rest->bytes);
	free(rest);
	if (connection->state == CLOSED)
		return;
	if (status < 0)
		wr_connection_close(connection);
	else
		wr_connection_answered(connection);
}

static void skip(uv_buf_t *buf, size_t *sent)
{
	size_t step = *sent < buf->len ? *sent : buf->len;
	buf->base += step;
	buf->len -= step;
	*sent -= step;
}

static void write_rest(
    struct wr_connection *connection, uv_buf_t pieces[3], size_t sent, struct wr_serve_bytes *bytes)
{
	size_t copied = 0;
	for (int i = 0; i < 3; i++) {
		skip(&pieces[i], &sent);
		copied += bytes && i != 1 ? 0 : pieces[i].len;
	}
	struct rest *rest = wr_alloc(1, sizeof(*rest) + copied);
	char *copy = rest->copy;
	for (int i = 0; i < 3; i++) {
		if (bytes && i != 1)
			continue;
		memcpy(copy, pieces[i].base, pieces[i].len);
		pieces[i].base = copy;
		copy += pieces[i].len;
	}
	rest->connection = connection;
	rest->bytes = bytes ? wr_serve_bytes_ref(bytes) : NULL;
	wr_connection_enter(connection, WAIT_WRITE);
	if (uv_write(&rest->write, &connection->uv.stream, pieces, 3, on_written) != 0) {
		wr_serve_bytes_unref(rest->bytes);
		free(rest);
		wr_connection_close(connection);
	}
}

/* At once, as far as the socket takes it. A head goes in one piece: gathering a few hundred bytes
 * costs less than the kernel takes for a second piece. */
static int try_write(struct wr_connection *connection, const uv_buf_t pieces[3])
{
	char head[GATHERED];
	size_t length = pieces[0].len + pieces[1].len;
	if (length > sizeof(head))
		return uv_try_write(&connection->uv.stream, pieces, pieces[2].len ? 3 : 2);
	memcpy(head, pieces[0].base, pieces[0].len);
	memcpy(head + pieces[0].len, pieces[1].base, pieces[1].len);
	uv_buf_t fewer[2] = {uv_buf_init(head, (unsigned)length), pieces[2]};
	return uv_try_write(&connection->uv.stream, fewer, pieces[2].len ? 2 : 1);
}

/* Sends what stands in `pieces` and goes on with the connection, whose exchange is done. */
static void transmit(
    struct wr_connection *connection, uv_buf_t pieces[3], struct wr_serve_bytes *bytes)
{
	size_t length = pieces[0].len + pieces[1].len + pieces[2].len;
	int sent = try_write(connection, pieces);
	connection->serve->counts.bytes_out += length;
	if (sent < 0 && sent != UV_EAGAIN)
		wr_connection_close(connection);
	else if (sent < 0 || (size_t)sent < length)
		write_rest(connection, pieces, sent < 0 ? 0 : (size_t)sent, bytes);
}

static uv_buf_t piece(const void *bytes, size_t length)
{
	return (uv_buf_t){.base = (char *)(uintptr_t)bytes, .len = length};
}

static void count(struct wr_serve *serve, enum wr_serve_tag tag, int status)
{
	serve->counts.requests[tag][status / 100 % 6]++;
}

/* The one end of a request that had a handler. */
static void finish(struct wr_request *request, int status, uv_buf_t head, uv_buf_t body,
    struct wr_serve_bytes *bytes)
{
	struct wr_exchange *exchange = wr_container_of(request, struct wr_exchange, request);
	struct wr_connection *connection = exchange->connection;
	struct wr_serve *serve = exchange->serve;
	if (!exchange->with_handler)
		abort();
	exchange->with_handler = false;
	serve->n_exchanges--;
	if (!connection) {
		serve->counts.dropped++;
		wr_exchange_release(exchange);
		wr_serve_settle(serve);
		return;
	}
	count(serve, request->tag, status);
	if (serve->stopping)
		exchange->end = WR_END_CLOSE;
	if (request->method == WR_METHOD_HEAD)
		body.len = 0;
	connection->close_after = exchange->end == WR_END_CLOSE;
	connection->exchange = NULL;
	uv_buf_t pieces[3] = {head, tail(serve, exchange->end), body};
	transmit(connection, pieces, bytes);
	wr_exchange_release(exchange);
	if (connection->state == WAIT_HANDLER)
		wr_connection_answered(connection);
}

void wr_serve_answer(struct wr_request *request, int status, const struct wr_serve_field *fields,
    const void *body, size_t length)
{
	struct wr_exchange *exchange = wr_container_of(request, struct wr_exchange, request);
	struct wr_buf *head = &exchange->serve->head;
	wr_buf_clear(head);
	write_status(head, status);
	if (!write_fields(head, fields)) {
		status = 500;
		length = 0;
		wr_buf_clear(head);
		write_status(head, status);
	}
	if (status == 204 || status == 304)
		length = 0;
	else
		wr_buf_printf(head, "Content-Length: %zu\r\n", length);
	finish(request, status, piece(head->data, head->length), piece(body, length), NULL);
}

void wr_serve_answer_method(struct wr_request *request, const char *allow)
{
	static const char text[] = "This address is for other methods.\n";
	const struct wr_serve_field fields[] = {
	    {"Allow", allow},
	    {"Content-Type", "text/plain; charset=utf-8"},
	    {0},
	};
	wr_serve_answer(request, 405, fields, text, sizeof(text) - 1);
}

void wr_connection_refuse(struct wr_connection *connection, int status, const char *why)
{
	struct wr_serve *serve = connection->serve;
	const struct wr_serve_listen *listen = &connection->listener->settings;
	struct wr_buf *head = &serve->head, body = {0};
	if (listen->write_refusal)
		listen->write_refusal(&body, status, why);
	else
		wr_buf_printf(&body, "%d %s: %s.\n", status, wr_http_reason(status), why);
	wr_buf_clear(head);
	write_status(head, status);
	wr_buf_printf(head,
	    "Content-Type: %s\r\nCache-Control: no-store\r\nContent-Length: %zu\r\n",
	    listen->write_refusal && listen->refusal_type ? listen->refusal_type
							  : "text/plain; charset=utf-8",
	    body.length);
	struct wr_exchange *exchange = connection->exchange;
	connection->exchange = NULL;
	bool head_only = exchange->request.method == WR_METHOD_HEAD;
	wr_exchange_release(exchange);
	count(serve, listen->tag, status);
	connection->close_after = true;
	uv_buf_t pieces[3] = {piece(head->data, head->length), tail(serve, WR_END_CLOSE),
	    piece(body.data, head_only ? 0 : body.length)};
	enum wr_connection_state before = connection->state;
	transmit(connection, pieces, NULL);
	wr_buf_deinit(&body);
	if (connection->state == before)
		wr_connection_answered(connection);
}

/* ---- shared bytes ---- */

struct wr_serve_bytes *wr_serve_bytes_new(const struct wr_serve_bytes_settings *settings)
{
	struct wr_buf buf = {0};
	char date[WR_HTTP_DATE];
	const struct wr_serve_field validators[] = {
	    {"ETag", settings->etag},
	    {"Last-Modified", settings->modified == WR_TIME_NONE
				  ? NULL
				  : wr_http_date_write(settings->modified, date)},
	    {0},
	};
	write_status(&buf, 200);
	bool safe = write_fields(&buf, settings->fields) && write_fields(&buf, validators);
	wr_buf_printf(&buf, "Content-Length: %zu\r\n", settings->length);
	size_t not_modified = buf.length;
	write_status(&buf, 304);
	safe = safe && write_fields(&buf, settings->not_modified_fields);
	/* What is unsafe here was written by a programmer, not by a visitor. */
	if (!safe)
		abort();
	wr_buf_printf(&buf, "ETag: %s\r\n", settings->etag);
	size_t etag = buf.length;
	wr_buf_puts(&buf, settings->etag);
	wr_buf_putc(&buf, '\0');
	size_t body = buf.length;
	wr_buf_append(&buf, settings->body, settings->length);

	struct wr_serve_bytes *bytes = wr_alloc(1, sizeof(*bytes) + buf.length);
	memcpy(bytes->data, buf.data, buf.length);
	bytes->references = 1;
	bytes->modified = settings->modified;
	bytes->head = bytes->data;
	bytes->head_length = not_modified;
	bytes->not_modified = bytes->data + not_modified;
	bytes->not_modified_length = etag - not_modified;
	bytes->etag = bytes->data + etag;
	bytes->body = bytes->data + body;
	bytes->length = settings->length;
	wr_buf_deinit(&buf);
	return bytes;
}

struct wr_serve_bytes *wr_serve_bytes_ref(struct wr_serve_bytes *bytes)
{
	bytes->references++;
	return bytes;
}

void wr_serve_bytes_unref(struct wr_serve_bytes *bytes)
{
	if (bytes && --bytes->references == 0)
		free(bytes);
}

const char *wr_serve_bytes_body(const struct wr_serve_bytes *bytes, size_t *ret_length)
{
	*ret_length = bytes->length;
	return bytes->body;
}

void wr_serve_answer_bytes(
    struct wr_request *request, struct wr_serve_bytes *plain, struct wr_serve_bytes *gzip)
{
	struct wr_serve_bytes *bytes = plain;
	if (gzip && wr_http_wants_gzip(wr_serve_header(request, "Accept-Encoding")))
		bytes = gzip;
	if (wr_http_not_modified(wr_serve_header(request, "If-None-Match"),
		wr_serve_header(request, "If-Modified-Since"), bytes->etag, bytes->modified))
		finish(request, 304, piece(bytes->not_modified, bytes->not_modified_length),
		    piece(NULL, 0), bytes);
	else
		finish(request, 200, piece(bytes->head, bytes->head_length),
		    piece(bytes->body, bytes->length), bytes);
}
