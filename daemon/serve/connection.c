#include "connection.h"
#include "crowd.h"

#include <stdlib.h>
#include <sys/socket.h>

/*
 *                 +------------------------- answered, kept open ---------------------+
 *                 v                                                                   |
 *   accept -> WAIT_REQUEST -> WAIT_HEAD -> WAIT_BODY -> WAIT_HANDLER -> WAIT_WRITE ---+
 *                 |              |  (each state is skipped when there        |
 *                 |              |   is nothing to wait for)                 | answered, to be
 * closed v              v                                           v CLOSED         refused
 * -------------------------------->  WAIT_PEER -> CLOSED
 *
 * One request at a time: what a peer sends ahead waits in `pending`, and reading stops until the
 * request under way is answered and the answer is taken. Deadlines are kept in one queue for each
 * state (all of its connections wait equally long), so that entering a state costs no timer.
 *
 * Closing lingers in WAIT_PEER because a socket closed with unread bytes makes the kernel reset the
 * connection, and the peer may lose the answer (RFC 9112, 9.6).
 */

static const char interim[] = "HTTP/1.1 100 Continue\r\n\r\n";

static void settle(struct wr_connection *connection);

/* ---- queues of deadlines ---- */

static void leave_queue(struct wr_connection *connection)
{
	struct wr_serve_queue *queue = &connection->serve->queues[connection->state];
	if (connection->previous)
		connection->previous->next = connection->next;
	else
		queue->first = connection->next;
	if (connection->next)
		connection->next->previous = connection->previous;
	else
		queue->last = connection->previous;
}

static void join_queue(struct wr_connection *connection)
{
	struct wr_serve_queue *queue = &connection->serve->queues[connection->state];
	connection->previous = queue->last;
	connection->next = NULL;
	if (queue->last)
		queue->last->next = connection;
	else
		queue->first = connection;
	queue->last = connection;
}

void wr_connection_enter(struct wr_connection *connection, enum wr_connection_state state)
{
	struct wr_serve *serve = connection->serve;
	leave_queue(connection);
	connection->state = state;
	join_queue(connection);
	if (serve->timeouts[state]) {
		connection->deadline = wr_serve_now(serve) + serve->timeouts[state];
		wr_serve_arm(serve, connection->deadline);
	}
}

void wr_connection_expire(struct wr_connection *connection)
{
	struct wr_serve_counts *counts = &connection->serve->counts;
	switch (connection->state) {
	case WAIT_HEAD:
	case WAIT_BODY:
		counts->late++;
		wr_connection_refuse(connection, 408, "the request took too long");
		break;
	case WAIT_WRITE:
		counts->late++;
		wr_connection_close(connection);
		break;
	case WAIT_REQUEST:
	case WAIT_PEER:
		wr_connection_close(connection);
		break;
	case WAIT_HANDLER:
	case CLOSED:
		break;
	}
}

/* ---- the end ---- */

static void on_closed(uv_handle_t *handle)
{
	struct wr_connection *connection = handle->data;
	struct wr_serve *serve = connection->serve;
	leave_queue(connection);
	serve->counts.open[connection->listener->settings.tag]--;
	if (connection->counted)
		serve->counted--;
	if (connection->counted_address)
		wr_serve_crowd_leave(serve->crowd, connection->peer);
	wr_serve_listener_unref(connection->listener);
	wr_buf_deinit(&connection->pending);
	free(connection);
	serve->n_handles--;
	wr_serve_settle(serve);
}

static void forget_exchange(struct wr_connection *connection)
{
	struct wr_exchange *exchange = connection->exchange;
	connection->exchange = NULL;
	if (!exchange)
		return;
	exchange->connection = NULL;
	if (!exchange->with_handler)
		wr_exchange_release(exchange);
	else if (exchange->request.on_gone)
		exchange->request.on_gone(&exchange->request);
}

void wr_connection_close(struct wr_connection *connection)
{
	if (connection->state == CLOSED)
		return;
	wr_connection_enter(connection, CLOSED);
	uv_close(&connection->uv.handle, on_closed);
	forget_exchange(connection);
}

static void on_shutdown(uv_shutdown_t *shutdown, int status)
{
	struct wr_connection *connection = shutdown->data;
	if (status < 0)
		wr_connection_close(connection);
}

static void linger(struct wr_connection *connection)
{
	wr_buf_deinit(&connection->pending);
	connection->shutdown.data = connection;
	if (connection->peer_ended ||
	    uv_shutdown(&connection->shutdown, &connection->uv.stream, on_shutdown) != 0)
		wr_connection_close(connection);
	else
		wr_connection_enter(connection, WAIT_PEER);
}

/* What lies in the kernel and has not been read yet: closing would reset the connection. */
static bool has_unread(const struct wr_connection *connection)
{
	int fd;
	char byte;
	return !connection->peer_ended && uv_fileno(&connection->uv.handle, &fd) == 0 &&
	       recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/* A request that was sent before the end is still answered. */
void wr_connection_stop(struct wr_connection *connection)
{
	if (connection->state == WAIT_REQUEST && !connection->feeding && !has_unread(connection))
		wr_connection_close(connection);
}

/* ---- requests ---- */

static void hand_over(struct wr_connection *connection)
{
	struct wr_exchange *exchange = connection->exchange;
	struct wr_serve *serve = connection->serve;
	struct wr_serve_listener *listener = connection->listener;
	struct wr_request *request = &exchange->request;
	request->tag = listener->settings.tag;
	request->body = wr_buf_text(&exchange->body);
	request->body_length = exchange->body.length;
	request->uid = connection->uid;
	request->gid = connection->gid;
	request->client = connection->peer;
	request->through_proxy =
	    wr_network_any(serve->trusted, serve->settings.n_trusted, connection->peer);
	if (request->through_proxy)
		request->client =
		    wr_http_client(connection->peer, wr_serve_header(request, "X-Forwarded-For"),
			serve->trusted, serve->settings.n_trusted);
	serve->n_exchanges++;
	exchange->with_handler = true;
	wr_connection_enter(connection, WAIT_HANDLER);
	listener->settings.handler(listener->settings.context, request);
}

/* A peer that left no room for these few bytes does without: it may send its body anyway. */
static void send_interim(struct wr_connection *connection)
{
	uv_buf_t buf = uv_buf_init((char *)(uintptr_t)interim, sizeof(interim) - 1);
	int sent = uv_try_write(&connection->uv.stream, &buf, 1);
	if (sent >= 0 ? sent != (int)buf.len : sent != UV_EAGAIN)
		wr_connection_close(connection);
}

static size_t begin_request(struct wr_connection *connection, const char *bytes, size_t length)
{
	size_t used = 0;
	while (used < length && (bytes[used] == '\r' || bytes[used] == '\n'))
		used++;
	if (used < length) {
		connection->exchange =
		    wr_exchange_take(connection->serve, connection->listener->settings.max_body);
		connection->exchange->connection = connection;
		wr_connection_enter(connection, WAIT_HEAD);
	}
	return used;
}

/* Uses some of the bytes: the empty lines before a request, or at most one request. */
static size_t feed_some(struct wr_connection *connection, const char *bytes, size_t length)
{
	if (connection->state == WAIT_REQUEST) {
		size_t empty = begin_request(connection, bytes, length);
		if (empty > 0)
			return empty;
	}
	size_t used;
	struct wr_parser *parser = &connection->exchange->parser;
	switch (wr_parser_feed(connection->exchange, bytes, length, &used)) {
	case WR_PARSER_MORE:
		if (connection->state == WAIT_HEAD && parser->head_done) {
			wr_connection_enter(connection, WAIT_BODY);
			if (parser->wants_continue)
				send_interim(connection);
		}
		break;
	case WR_PARSER_COMPLETE:
		hand_over(connection);
		break;
	case WR_PARSER_REFUSED:
		connection->serve->counts.ambiguous++;
		wr_connection_refuse(connection, parser->status, parser->why);
		break;
	}
	return used;
}

static bool takes_bytes(const struct wr_connection *connection)
{
	return connection->state <= WAIT_BODY;
}

static void feed(struct wr_connection *connection, const char *bytes, size_t length)
{
	connection->feeding = true;
	while (length > 0 && takes_bytes(connection)) {
		size_t used = feed_some(connection, bytes, length);
		bytes += used;
		length -= used;
	}
	connection->feeding = false;
	if (length > 0 && (connection->state == WAIT_HANDLER || connection->state == WAIT_WRITE))
		wr_buf_append(&connection->pending, bytes, length);
}

void wr_connection_answered(struct wr_connection *connection)
{
	if (connection->close_after) {
		linger(connection);
	} else {
		wr_connection_enter(connection, WAIT_REQUEST);
	}
	if (!connection->feeding)
		settle(connection);
}

/* ---- reading ---- */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct wr_connection *connection = handle->data;
	(void)suggested;
	*buf = uv_buf_init(connection->serve->read_buffer, WR_SERVE_READ);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct wr_connection *connection = stream->data;
	if (n > 0) {
		connection->serve->counts.bytes_in += (uint64_t)n;
		if (takes_bytes(connection))
			feed(connection, buf->base, (size_t)n);
		else if (connection->state == WAIT_HANDLER)
			wr_buf_append(&connection->pending, buf->base, (size_t)n);
	} else if (n == UV_EOF) {
		/* A peer may shut its side and still want the answer. */
		connection->peer_ended = true;
		connection->reading = false;
		if (connection->state == WAIT_PEER)
			wr_connection_close(connection);
	} else if (n < 0) {
		connection->reading = false;
		wr_connection_close(connection);
	}
	settle(connection);
}

static void set_reading(struct wr_connection *connection, bool reading)
{
	if (reading == connection->reading || (reading && connection->peer_ended))
		return;
	connection->reading = reading;
	if (!reading)
		uv_read_stop(&connection->uv.stream);
	else if (uv_read_start(&connection->uv.stream, on_alloc, on_read) != 0)
		wr_connection_close(connection);
}

/* After anything happened: goes on with what was sent ahead, and reads or not. */
static void settle(struct wr_connection *connection)
{
	while (takes_bytes(connection) && connection->pending.length > 0) {
		struct wr_buf ahead = connection->pending;
		connection->pending = (struct wr_buf){0};
		feed(connection, ahead.data, ahead.length);
		wr_buf_deinit(&ahead);
	}
	if (takes_bytes(connection) && connection->peer_ended)
		wr_connection_close(connection);
	if (connection->serve->stopping)
		wr_connection_stop(connection);
	if (connection->state != CLOSED)
		set_reading(
		    connection, connection->state != WAIT_WRITE && connection->pending.length == 0);
}

void wr_connection_start(struct wr_connection *connection)
{
	join_queue(connection);
	wr_connection_enter(connection, WAIT_REQUEST);
	settle(connection);
}
