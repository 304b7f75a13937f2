#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "peer.h"

static uint64_t now_ms(void *context)
{
	return ((struct server *)context)->now;
}

static wr_time wall(void *context)
{
	(void)context;
	return 784111777;
}

static void on_gone(struct wr_request *request)
{
	((struct server *)request->user)->gone++;
}

static void answer_echo(struct wr_request *request)
{
	const struct wr_serve_field fields[] = {
	    {"Content-Type", "text/plain"},
	    {"X-Test", wr_serve_header(request, "x-test")},
	    {"X-Cookie", wr_serve_header(request, "cookie")},
	    {0},
	};
	char *text = wr_arena_printf(&request->arena, "%s %s ?%s @%s [%s]", request->method_name,
	    request->path, request->query ? request->query : "-", request->host, request->body);
	wr_serve_answer(request, 200, fields, text, strlen(text));
}

static void answer_who(struct wr_request *request)
{
	char ip[WR_IP_TEXT];
	char *text = wr_arena_printf(&request->arena, "%s uid=%d proxy=%d",
	    wr_ip_write(request->client, ip), (int)request->uid, request->through_proxy);
	wr_serve_answer(request, 200, NULL, text, strlen(text));
}

void server_route(void *context, struct wr_request *request)
{
	struct server *server = context;
	const char *path = request->path;
	server->requests++;
	if (strcmp(path, "/hello") == 0) {
		wr_serve_answer(request, 200, NULL, "hello\n", 6);
	} else if (strcmp(path, "/feed") == 0) {
		wr_serve_answer_bytes(request, server->plain, server->gzip);
	} else if (strcmp(path, "/big") == 0) {
		wr_serve_answer_bytes(request, server->big, NULL);
	} else if (strcmp(path, "/copy") == 0) {
		size_t length;
		const char *body = wr_serve_bytes_body(server->big, &length);
		wr_serve_answer(request, 200, NULL, body, length);
	} else if (strcmp(path, "/later") == 0) {
		request->user = server;
		request->on_gone = on_gone;
		server->held = request;
	} else if (strcmp(path, "/get") == 0) {
		wr_serve_answer_method(request, "GET, HEAD");
	} else if (strcmp(path, "/split") == 0) {
		const struct wr_serve_field fields[] = {{"Location", "/a\r\nX: y"}, {0}};
		wr_serve_answer(request, 303, fields, "secret", 6);
	} else if (strcmp(path, "/who") == 0) {
		answer_who(request);
	} else if (strcmp(path, "/none") == 0) {
		wr_serve_answer(request, 204, NULL, NULL, 0);
	} else {
		answer_echo(request);
	}
}

static struct wr_serve_bytes *bytes_of(const char *body, size_t length, const char *etag, bool gzip)
{
	const struct wr_serve_field fields[] = {
	    {"Content-Type", "text/calendar; charset=utf-8"},
	    {"Vary", "Accept-Encoding"},
	    {"Content-Encoding", gzip ? "gzip" : NULL},
	    {0},
	};
	const struct wr_serve_field not_modified[] = {{"Vary", "Accept-Encoding"}, {0}};
	return wr_serve_bytes_new(&(struct wr_serve_bytes_settings){
	    .fields = fields,
	    .not_modified_fields = not_modified,
	    .etag = etag,
	    .modified = 784111777,
	    .body = body,
	    .length = length,
	});
}

void server_start(struct server *server, const struct wr_serve_settings *settings)
{
	struct wr_serve_settings own = settings ? *settings : (struct wr_serve_settings){0};
	struct wr_address address;
	*server = (struct server){.now = 1000};
	own.now_ms = own.rate ? NULL : now_ms;
	own.wall = wall;
	own.clock = server;
	assert_int_equal(uv_loop_init(&server->loop), 0);
	assert_int_equal(wr_serve_init(&server->serve, &server->loop, &own), 0);
	assert_int_equal(wr_address_parse("127.0.0.1:1", &address), 0);
	address.port = 0;
	assert_int_equal(wr_serve_listen(&server->serve, &address,
			     &(struct wr_serve_listen){.handler = server_route, .context = server},
			     &server->listener),
	    0);
	char *big = malloc(BIG);
	memset(big, 'b', BIG);
	server->plain = bytes_of(big, FEED, "\"plain\"", false);
	server->gzip = bytes_of("zipped", 6, "\"gzip\"", true);
	server->big = bytes_of(big, BIG, "\"big\"", false);
	free(big);
}

void server_turn(struct server *server)
{
	for (int i = 0; i < 8; i++)
		uv_run(&server->loop, UV_RUN_NOWAIT);
}

static void on_stopped(struct wr_serve *serve)
{
	wr_container_of(serve, struct server, serve)->stopped = true;
}

void server_end(struct server *server)
{
	if (!server->serve.stopping)
		wr_serve_stop(&server->serve, on_stopped);
	wr_serve_cut(&server->serve);
	assert_int_equal(uv_run(&server->loop, UV_RUN_DEFAULT), 0);
	wr_serve_deinit(&server->serve);
	assert_int_equal(uv_loop_close(&server->loop), 0);
	wr_serve_bytes_unref(server->plain);
	wr_serve_bytes_unref(server->gzip);
	wr_serve_bytes_unref(server->big);
}

int peer_connect(struct server *server)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons(wr_serve_port(server->listener)),
	    .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	server_turn(server);
	return fd;
}

int peer_connect_unix(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int folder;
	assert_int_equal(wr_serve_socket_path(path, address.sun_path, &folder), 0);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int r = connect(fd, (struct sockaddr *)&address, sizeof(address));
	if (folder >= 0)
		close(folder);
	if (r == 0)
		return fd;
	r = -errno;
	close(fd);
	return r;
}

void peer_send(struct server *server, int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = send(fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN)
			break; /* the server had enough: what it said is read next */
		if (n > 0) {
			bytes += n;
			length -= (size_t)n;
		}
		server_turn(server);
	}
}

void peer_read(struct server *server, int fd, const char *until, struct wr_buf *answer)
{
	char bytes[65536];
	wr_buf_clear(answer);
	for (int quiet = 0; quiet < 2000;) {
		server_turn(server);
		ssize_t n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EAGAIN)) {
			if (until)
				fail_msg("closed before \"%s\": %s", until, wr_buf_text(answer));
			return;
		}
		if (n > 0) {
			wr_buf_append(answer, bytes, (size_t)n);
			quiet = 0;
		} else if (!until || !strstr(wr_buf_text(answer), until)) {
			poll(&(struct pollfd){fd, POLLIN, 0}, 1, 1);
			quiet++;
		} else {
			return;
		}
	}
	fail_msg("no more came after: %s", wr_buf_text(answer));
}

void peer_ask(struct server *server, const char *text, struct wr_buf *answer)
{
	int fd = peer_connect(server);
	peer_send(server, fd, text, strlen(text));
	peer_read(server, fd, NULL, answer);
	close(fd);
	server_turn(server);
}

bool peer_is_closed(struct server *server, int fd)
{
	char bytes[4096];
	ssize_t n;
	server_turn(server);
	do
		n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	while (n > 0);
	return n == 0 || errno != EAGAIN;
}

size_t times_in(const char *text, const char *part)
{
	size_t n = 0;
	while ((text = strstr(text, part))) {
		text += strlen(part);
		n++;
	}
	return n;
}

void assert_in(const struct wr_buf *answer, const char *part)
{
	if (!strstr(wr_buf_text(answer), part))
		fail_msg("no \"%s\" in: %.600s", part, wr_buf_text(answer));
}

void assert_not_in(const struct wr_buf *answer, const char *part)
{
	if (strstr(wr_buf_text(answer), part))
		fail_msg("\"%s\" in: %.600s", part, wr_buf_text(answer));
}

const char *body_of(const struct wr_buf *answer)
{
	const char *end = strstr(wr_buf_text(answer), "\r\n\r\n");
	return end ? end + 4 : "";
}
