/*
 * A feed that is in memory is served without an allocation, from the bytes on the socket to the
 * answer, with who fetched it noted. Allocations are counted by standing in front of the C
 * library's (not with sanitizers, which stand there themselves).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <arpa/inet.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ask_desk.h"
#include "desk/routes.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

static unsigned allocations;

#ifndef SANITIZED
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *malloc(size_t size);
void *calloc(size_t n, size_t size);
void *realloc(void *memory, size_t size);

void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	allocations++;
	return __libc_calloc(n, size);
}

void *realloc(void *memory, size_t size)
{
	allocations++;
	return __libc_realloc(memory, size);
}
#endif

struct public
{
	struct built_desk *d;
	uv_loop_t loop;
	struct wr_serve serve;
	int peer;
	char answer[65536];
};

static void open_public(struct public *p)
{
	struct wr_address address;
	struct wr_serve_listener *listener = NULL;
	p->d = desk_build("", "2026-11-25T14:00:00Z");
	desk_admit(p->d, "P1");
	desk_support(p->d, "S1", "P1", "time");
	desk_publish(p->d, "P1", "09:25");
	uv_loop_init(&p->loop);
	assert_int_equal(wr_serve_init(&p->serve, &p->loop, NULL), 0);
	assert_int_equal(wr_address_parse("127.0.0.1:1", &address), 0);
	address.port = 0;
	assert_int_equal(
	    wr_serve_listen(&p->serve, &address,
		&(struct wr_serve_listen){.handler = wr_routes_public, .context = &p->d->desk},
		&listener),
	    0);
	struct sockaddr_in to = {.sin_family = AF_INET,
	    .sin_port = htons(wr_serve_port(listener)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	p->peer = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(p->peer, (struct sockaddr *)&to, sizeof(to)), 0);
}

static void close_public(struct public *p)
{
	close(p->peer);
	wr_serve_stop(&p->serve, NULL);
	uv_run(&p->loop, UV_RUN_DEFAULT);
	wr_serve_deinit(&p->serve);
	assert_int_equal(uv_loop_close(&p->loop), 0);
	desk_free(p->d);
}

/* One request, and what comes back until `end` stands in it. */
static const char *ask(struct public *p, const char *request, const char *end)
{
	size_t n = 0;
	assert_int_equal(send(p->peer, request, strlen(request), 0), (int)strlen(request));
	p->answer[0] = '\0';
	for (int turns = 0; !strstr(p->answer, end); turns++) {
		assert_true(turns < 1000000);
		uv_run(&p->loop, UV_RUN_NOWAIT);
		ssize_t got = recv(p->peer, p->answer + n, sizeof(p->answer) - 1 - n, MSG_DONTWAIT);
		n += got > 0 ? (size_t)got : 0;
		p->answer[n] = '\0';
	}
	return p->answer;
}

static const char *request_for(struct public *p, const char *more)
{
	char token[WR_TOKEN_LINK + 1];
	wr_token_link(p->d->desk.ground->key, desk_link(p->d, "support", "S1"), token);
	return wr_arena_printf(&p->d->words,
	    "GET /f/%s.ics HTTP/1.1\r\nHost: times.example.org\r\nAccept: text/calendar\r\n"
	    "User-Agent: Evolution/3.46.4\r\nX-Forwarded-For: 192.0.2.7\r\n%s\r\n",
	    token, more);
}

static unsigned count(struct public *p, const char *request, const char *status, const char *end)
{
	for (int i = 0; i < 3; i++) /* what is kept for the next time is there after the first */
		assert_non_null(strstr(ask(p, request, end), status));
	unsigned before = allocations;
	for (int i = 0; i < 100; i++)
		ask(p, request, end);
	return allocations - before;
}

static void test_feed_is_served_without_an_allocation(void **state)
{
	(void)state;
	struct public p = {0};
	char etag[WR_ETAG] = "";
	open_public(&p);
	const char *plain = request_for(&p, "");
	assert_int_equal(count(&p, plain, " 200 ", "END:VCALENDAR\r\n"), 0);
	const char *at = strstr(p.answer, "ETag: ") + strlen("ETag: ");
	strncat(etag, at, strcspn(at, "\r"));
	const char *known =
	    request_for(&p, wr_arena_printf(&p.d->words, "If-None-Match: %s\r\n", etag));
	assert_int_equal(count(&p, known, " 304 ", "\r\n\r\n"), 0);
	const char *coded = request_for(&p, "Accept-Encoding: gzip\r\n");
	assert_int_equal(count(&p, coded, " 200 ", "\r\n\r\n"), 0);
	close_public(&p);
}

#ifndef SANITIZED
static void test_allocations_are_counted_here(void **state)
{
	(void)state;
	struct public p = {0};
	open_public(&p);
	assert_true(count(&p, "GET /%66/x HTTP/1.1\r\nHost: a\r\n\r\n", " ", "\r\n\r\n") > 0);
	close_public(&p);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_feed_is_served_without_an_allocation),
#ifndef SANITIZED
	    cmocka_unit_test(test_allocations_are_counted_here),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
