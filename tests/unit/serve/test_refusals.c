#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

#define HOST "Host: ward\r\n"
#define CLOSE "Connection: close\r\n"

static struct server server;
static struct wr_buf answer;

static int start(void **state)
{
	(void)state;
	server_start(&server, NULL);
	return 0;
}

static int end(void **state)
{
	(void)state;
	server_end(&server);
	wr_buf_deinit(&answer);
	return 0;
}

static void test_whatever_can_be_read_two_ways_is_refused_and_closed(void **state)
{
	(void)state;
	static const char *const bad[] = {
	    "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
	    "POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
	    "POST / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\na",
	    "POST / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\na",
	    "POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\na",
	    "POST / HTTP/1.1\r\n" HOST "Content-Length: 1 1\r\n\r\na",
	    "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x1\r\n\r\na",
	    "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\na",
	    "POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\na",
	    "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	    "POST / HTTP/1.1\r\n" HOST
	    "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	    "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\n",
	    "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding:\r\n\r\n",
	    "POST / HTTP/1.1\r\n" HOST "transfer-encoding: xchunked\r\n\r\n",
	    "POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	    "GET / HTTP/1.1\r\n\r\n",
	    "GET / HTTP/1.0\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost:\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
	    "GET http://other/ HTTP/1.1\r\n" HOST "\r\n",
	    "GET /\r\n\r\n",
	    "GET /\n\n",
	    "GET / HTTP/1.1\n" HOST "\r\n",
	    "GET / HTTP/1.1\r\nHost: a\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\n\n",
	    "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
	    "GET / HTTP/1.1\rHost: a\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n",
	    "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\nX Y: b\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
	    "GET  / HTTP/1.1\r\n" HOST "\r\n",
	    "GET /  HTTP/1.1\r\n" HOST "\r\n",
	    "GET / HTTP/1.1 \r\n" HOST "\r\n",
	    "GET / x HTTP/1.1\r\n" HOST "\r\n",
	    "GET /\x80 HTTP/1.1\r\n" HOST "\r\n",
	    "GET /a#b HTTP/1.1\r\n" HOST "\r\n",
	    "GET a HTTP/1.1\r\n" HOST "\r\n",
	    "GET * HTTP/1.1\r\n" HOST "\r\n",
	    "get / HTTP/1.1\r\n" HOST "\r\n",
	    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	    "\x16\x03\x01\x02\x00\x01",
	};
	for (size_t i = 0; i < WR_COUNT(bad); i++) {
		peer_ask(&server, bad[i], &answer);
		if (!wr_text_starts(wr_buf_text(&answer), "HTTP/1.1 400 ") ||
		    !strstr(answer.data, "\r\nConnection: close\r\n"))
			fail_msg("%s\nwas answered: %s", bad[i], wr_buf_text(&answer));
		assert_int_equal(times_in(answer.data, "Date: "), 1);
	}
	assert_int_equal(server.requests, 0);
	assert_int_equal(server.serve.counts.ambiguous, WR_COUNT(bad));
}

static void test_a_nul_is_refused_wherever_it_stands_in_the_head(void **state)
{
	(void)state;
	static const char request[] = "GET /hello HTTP/1.1\r\nHost: ward\r\nX: y\r\n\r\n";
	for (size_t at = 0; at < sizeof(request) - 1; at++) {
		char bytes[sizeof(request)];
		memcpy(bytes, request, sizeof(bytes));
		bytes[at] = '\0';
		int fd = peer_connect(&server);
		peer_send(&server, fd, bytes, sizeof(bytes) - 1);
		shutdown(fd, SHUT_WR);
		peer_read(&server, fd, NULL, &answer);
		assert_in(&answer, "HTTP/1.1 400 ");
		close(fd);
	}
	assert_int_equal(server.requests, 0);
}

static void test_other_refusals_have_their_status(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
	    {"GET / HTTP/2.0\r\n" HOST "\r\n", "505"},
	    {"CONNECT ward:80 HTTP/1.1\r\n" HOST "\r\n", "501"},
	    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 65537\r\n\r\n", "413"},
	    {"POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nExpect: magic\r\n\r\na", "417"},
	};
	for (size_t i = 0; i < WR_COUNT(cases); i++) {
		peer_ask(&server, cases[i][0], &answer);
		assert_memory_equal(answer.data + 9, cases[i][1], 3);
		assert_in(&answer, "\r\nConnection: close\r\n");
	}
	assert_int_equal(server.requests, 0);
}

static void test_head_is_limited_to_8_kib_and_100_fields(void **state)
{
	(void)state;
	char text[WR_SERVE_HEAD + 100];
	int head = snprintf(text, sizeof(text), "GET /hello HTTP/1.1\r\n" HOST CLOSE "X: ");
	for (int extra = 0; extra < 2; extra++) {
		size_t length = WR_SERVE_HEAD + (size_t)extra;
		memset(text + head, 'x', length - (size_t)head);
		memcpy(text + length - 4, "\r\n\r\n", 5);
		peer_ask(&server, text, &answer);
		assert_in(&answer, extra ? "HTTP/1.1 431 " : "HTTP/1.1 200 ");
	}
	for (int extra = 0; extra < 2; extra++) {
		struct wr_buf request = {0};
		wr_buf_puts(&request, "GET /hello HTTP/1.1\r\n" HOST CLOSE);
		for (int i = 2; i < WR_SERVE_FIELDS + extra; i++)
			wr_buf_puts(&request, "X: y\r\n");
		wr_buf_puts(&request, "\r\n");
		peer_ask(&server, request.data, &answer);
		assert_in(&answer, extra ? "HTTP/1.1 431 " : "HTTP/1.1 200 ");
		wr_buf_deinit(&request);
	}
}

#define SERVE_TEST(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVE_TEST(test_whatever_can_be_read_two_ways_is_refused_and_closed),
	    SERVE_TEST(test_a_nul_is_refused_wherever_it_stands_in_the_head),
	    SERVE_TEST(test_other_refusals_have_their_status),
	    SERVE_TEST(test_head_is_limited_to_8_kib_and_100_fields),
	};
	return cmocka_run_group_tests_name("serve_refusals", tests, NULL, NULL);
}
