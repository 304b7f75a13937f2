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

static void send_text(int fd, const char *text)
{
	peer_send(&server, fd, text, strlen(text));
}

static void test_a_request_gets_its_answer(void **state)
{
	(void)state;
	peer_ask(&server,
	    "POST /a%20b?x=1&y HTTP/1.1\r\n" HOST "X-Test:  v \r\nContent-Length: 4\r\n" CLOSE
	    "\r\nbody",
	    &answer);
	assert_string_equal(answer.data, "HTTP/1.1 200 OK\r\n"
					 "Content-Type: text/plain\r\n"
					 "X-Test: v\r\n"
					 "Content-Length: 29\r\n"
					 "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
					 "Connection: close\r\n"
					 "\r\n"
					 "POST /a b ?x=1&y @ward [body]");
}

static void test_a_body_of_64_kib_is_taken(void **state)
{
	(void)state;
	struct wr_buf request = {0};
	wr_buf_puts(&request, "POST /e HTTP/1.1\r\n" HOST CLOSE "Content-Length: 65536\r\n\r\n");
	for (int i = 0; i < 65536; i++)
		wr_buf_putc(&request, 'x');
	peer_ask(&server, request.data, &answer);
	assert_in(&answer, "HTTP/1.1 200 ");
	assert_int_equal(strlen(body_of(&answer)), 65536 + strlen("POST /e ?- @ward []"));
	wr_buf_deinit(&request);
}

static void test_pieces_of_any_size_make_the_same_request(void **state)
{
	(void)state;
	static const char request[] =
	    "\r\nPOST /e?q HTTP/1.1\r\n" HOST "X-Test: a b\r\nContent-Length: 3\r\n\r\nabc"
	    "GET /f HTTP/1.1\r\n" HOST CLOSE "\r\n";
	peer_ask(&server, request, &answer);
	char *whole = wr_buf_take(&answer);
	for (size_t size = 1; size < 20; size++) {
		int fd = peer_connect(&server);
		for (size_t at = 0; at < sizeof(request) - 1; at += size) {
			size_t left = sizeof(request) - 1 - at;
			peer_send(&server, fd, request + at, left < size ? left : size);
		}
		peer_read(&server, fd, NULL, &answer);
		assert_string_equal(answer.data, whole);
		close(fd);
	}
	free(whole);
}

static void test_pipelined_requests_are_answered_in_order(void **state)
{
	(void)state;
	struct wr_buf request = {0};
	for (int i = 0; i < 500; i++)
		wr_buf_printf(
		    &request, "POST /%d HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nok", i);
	wr_buf_puts(&request, "GET /last HTTP/1.1\r\n" HOST CLOSE "\r\n");
	peer_ask(&server, request.data, &answer);
	assert_int_equal(server.requests, 501);
	const char *at = answer.data;
	for (int i = 0; i < 500; i++) {
		char expected[40];
		snprintf(expected, sizeof(expected), "POST /%d ?- @ward [ok]", i);
		at = strstr(at, expected);
		assert_non_null(at);
	}
	assert_in(&answer, "GET /last");
	wr_buf_deinit(&request);
}

static void test_what_follows_a_closing_request_is_not_read(void **state)
{
	(void)state;
	peer_ask(&server,
	    "GET /hello HTTP/1.1\r\n" HOST CLOSE "\r\nGET /hello HTTP/1.1\r\n" HOST "\r\n",
	    &answer);
	assert_int_equal(server.requests, 1);
}

static void test_later_answers_hold_back_what_was_sent_ahead(void **state)
{
	(void)state;
	int fd = peer_connect(&server);
	send_text(fd, "GET /later HTTP/1.1\r\n" HOST "\r\nGET /second HTTP/1.1\r\n" HOST "\r\n");
	send_text(fd, "GET /third HTTP/1.1\r\n" HOST CLOSE "\r\n");
	assert_int_equal(server.requests, 1);
	assert_non_null(server.held);
	wr_serve_answer(server.held, 200, NULL, "first", 5);
	peer_read(&server, fd, NULL, &answer);
	assert_int_equal(server.requests, 3);
	const char *second = strstr(answer.data, "GET /second");
	assert_true(second > strstr(answer.data, "first"));
	assert_true(strstr(answer.data, "GET /third") > second);
	close(fd);
}

static void test_an_answer_to_nobody_is_dropped(void **state)
{
	(void)state;
	int fd = peer_connect(&server);
	send_text(fd, "GET /later HTTP/1.1\r\n" HOST "\r\n");
	assert_non_null(server.held);
	struct linger reset = {1, 0};
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(fd);
	server_turn(&server);
	assert_int_equal(server.gone, 1);
	wr_serve_answer(server.held, 200, NULL, "late", 4);
	assert_int_equal(server.serve.counts.dropped, 1);
	assert_int_equal(server.serve.counts.open[WR_SERVE_PUBLIC], 0);
}

static void test_a_peer_that_shut_its_side_still_gets_its_answer(void **state)
{
	(void)state;
	int fd = peer_connect(&server);
	send_text(fd, "GET /later HTTP/1.1\r\n" HOST "\r\n");
	shutdown(fd, SHUT_WR);
	server_turn(&server);
	assert_int_equal(server.gone, 0);
	wr_serve_answer(server.held, 200, NULL, "late", 4);
	peer_read(&server, fd, NULL, &answer);
	assert_string_equal(body_of(&answer), "late");
	close(fd);
}

static void test_head_has_the_headers_of_get_and_no_body(void **state)
{
	(void)state;
	static const char *const paths[] = {"/hello", "/feed", "/other"};
	for (size_t i = 0; i < WR_COUNT(paths); i++) {
		char request[200];
		const char *methods[] = {"GET", "HEAD"};
		char *heads[2];
		for (int j = 0; j < 2; j++) {
			snprintf(request, sizeof(request), "%s %s HTTP/1.1\r\n" HOST CLOSE "\r\n",
			    methods[j], paths[i]);
			peer_ask(&server, request, &answer);
			heads[j] = wr_buf_take(&answer);
		}
		assert_string_equal(strstr(heads[1], "\r\n\r\n"), "\r\n\r\n");
		if (i < 2)
			assert_memory_equal(heads[0], heads[1], strlen(heads[1]));
		free(heads[0]);
		free(heads[1]);
	}
}

static void test_shared_bytes_are_answered_by_validator(void **state)
{
	(void)state;
	static const struct {
		const char *fields;
		const char *status, *etag;
	} cases[] = {
	    {"", "200 OK", "\"plain\""},
	    {"Accept-Encoding: gzip\r\n", "200 OK", "\"gzip\""},
	    {"If-None-Match: \"x\", W/\"plain\"\r\n", "304 Not Modified", "\"plain\""},
	    {"If-None-Match: \"x\"\r\nif-none-match: \"plain\"\r\n", "304 Not Modified",
		"\"plain\""},
	    {"If-None-Match: \"gzip\"\r\n", "200 OK", "\"plain\""},
	    {"If-None-Match: \"gzip\"\r\nAccept-Encoding: gzip\r\n", "304 Not Modified",
		"\"gzip\""},
	    {"If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "304 Not Modified",
		"\"plain\""},
	    {"If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\nIf-None-Match: \"x\"\r\n",
		"200 OK", "\"plain\""},
	};
	for (size_t i = 0; i < WR_COUNT(cases); i++) {
		char request[300], etag[40];
		snprintf(request, sizeof(request), "GET /feed HTTP/1.1\r\n" HOST CLOSE "%s\r\n",
		    cases[i].fields);
		peer_ask(&server, request, &answer);
		snprintf(etag, sizeof(etag), "\r\nETag: %s\r\n", cases[i].etag);
		assert_in(&answer, cases[i].status);
		assert_in(&answer, etag);
		assert_in(&answer, "\r\nVary: Accept-Encoding\r\n");
		assert_in(&answer, "\r\nDate: ");
		if (cases[i].status[0] == '3') {
			assert_not_in(&answer, "Content-Length");
			assert_string_equal(body_of(&answer), "");
		} else {
			assert_in(&answer, "\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
			assert_int_equal(strlen(body_of(&answer)),
			    strcmp(cases[i].etag, "\"gzip\"") == 0 ? 6 : FEED);
		}
	}
}

static void test_repeated_fields_are_one_list(void **state)
{
	(void)state;
	peer_ask(&server,
	    "GET /e HTTP/1.1\r\n" HOST CLOSE
	    "X-Test: a\r\nCookie: b=1\r\nx-test:\r\nX-TEST: c\r\ncookie: d=2\r\n\r\n",
	    &answer);
	assert_in(&answer, "\r\nX-Test: a, , c\r\nX-Cookie: b=1; d=2\r\n");
}

static void test_204_has_no_length_and_405_says_allow(void **state)
{
	(void)state;
	peer_ask(&server, "GET /none HTTP/1.1\r\n" HOST CLOSE "\r\n", &answer);
	assert_in(&answer, "HTTP/1.1 204 No Content\r\n");
	assert_not_in(&answer, "Content-Length");
	peer_ask(&server, "POST /get HTTP/1.1\r\n" HOST CLOSE "\r\n", &answer);
	assert_in(&answer, "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD\r\n");
}

static void test_a_field_never_splits_an_answer(void **state)
{
	(void)state;
	peer_ask(&server, "GET /split HTTP/1.1\r\n" HOST CLOSE "\r\n", &answer);
	assert_in(&answer, "HTTP/1.1 500 ");
	assert_not_in(&answer, "X: y");
	assert_not_in(&answer, "secret");
}

static void test_a_body_is_asked_for_when_the_peer_waits(void **state)
{
	(void)state;
	int fd = peer_connect(&server);
	send_text(fd,
	    "POST /e HTTP/1.1\r\n" HOST CLOSE "Expect: 100-Continue\r\nContent-Length: 3\r\n\r\n");
	peer_read(&server, fd, "\r\n\r\n", &answer);
	assert_string_equal(answer.data, "HTTP/1.1 100 Continue\r\n\r\n");
	send_text(fd, "abc");
	peer_read(&server, fd, NULL, &answer);
	assert_in(&answer, "[abc]");
	close(fd);

	fd = peer_connect(&server);
	send_text(fd, "POST /e HTTP/1.1\r\n" HOST CLOSE
		      "Expect: 100-continue\r\nContent-Length: 70000\r\n\r\n");
	peer_read(&server, fd, NULL, &answer);
	assert_memory_equal(answer.data, "HTTP/1.1 413 ", 13);
	close(fd);
}

static void test_an_offer_of_http_2_is_passed_over(void **state)
{
	(void)state;
	int fd = peer_connect(&server);
	send_text(fd,
	    "GET /hello HTTP/1.1\r\n" HOST "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
	    "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n"
	    "GET /second HTTP/1.1\r\n" HOST CLOSE "\r\n");
	peer_read(&server, fd, NULL, &answer);
	assert_in(&answer, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n");
	assert_in(&answer, "GET /second");
	close(fd);
}

static void test_http_1_0_closes_unless_asked(void **state)
{
	(void)state;
	peer_ask(&server, "GET /hello HTTP/1.0\r\n" HOST "\r\n", &answer);
	assert_in(&answer, "\r\nConnection: close\r\n");
	int fd = peer_connect(&server);
	send_text(fd, "GET /hello HTTP/1.0\r\n" HOST "Connection: keep-alive\r\n\r\n");
	peer_read(&server, fd, "hello\n", &answer);
	assert_in(&answer, "\r\nConnection: keep-alive\r\n");
	assert_false(peer_is_closed(&server, fd));
	close(fd);
}

static void test_absolute_targets_are_read(void **state)
{
	(void)state;
	peer_ask(&server, "GET http://WARD/x?y HTTP/1.1\r\n" HOST CLOSE "\r\n", &answer);
	assert_string_equal(body_of(&answer), "GET /x ?y @ward []");
	peer_ask(&server, "GET http://ward?y HTTP/1.1\r\n" HOST CLOSE "\r\n", &answer);
	assert_string_equal(body_of(&answer), "GET / ?y @ward []");
	peer_ask(&server, "OPTIONS * HTTP/1.1\r\n" HOST CLOSE "\r\n", &answer);
	assert_string_equal(body_of(&answer), "OPTIONS * ?- @ward []");
	/* What can't be decoded stays as it came and matches no route. */
	peer_ask(&server, "GET /hello%00%2f HTTP/1.1\r\n" HOST CLOSE "\r\n", &answer);
	assert_string_equal(body_of(&answer), "GET /hello%00%2f ?- @ward []");
}

static void test_what_happened_is_counted(void **state)
{
	(void)state;
	peer_ask(&server, "GET /hello HTTP/1.1\r\n" HOST CLOSE "\r\n", &answer);
	peer_ask(&server, "GET /get HTTP/1.1\r\n" HOST CLOSE "\r\n", &answer);
	peer_ask(&server, "nonsense\r\n\r\n", &answer);
	const struct wr_serve_counts *counts = &server.serve.counts;
	assert_int_equal(counts->accepted[WR_SERVE_PUBLIC], 3);
	assert_int_equal(counts->open[WR_SERVE_PUBLIC], 0);
	assert_int_equal(counts->requests[WR_SERVE_PUBLIC][2], 1);
	assert_int_equal(counts->requests[WR_SERVE_PUBLIC][4], 2);
	assert_int_equal(counts->ambiguous, 1);
	assert_true(counts->bytes_in > 60 && counts->bytes_out > 200);
}

#define SERVE_TEST(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVE_TEST(test_a_request_gets_its_answer),
	    SERVE_TEST(test_a_body_of_64_kib_is_taken),
	    SERVE_TEST(test_pieces_of_any_size_make_the_same_request),
	    SERVE_TEST(test_pipelined_requests_are_answered_in_order),
	    SERVE_TEST(test_what_follows_a_closing_request_is_not_read),
	    SERVE_TEST(test_later_answers_hold_back_what_was_sent_ahead),
	    SERVE_TEST(test_an_answer_to_nobody_is_dropped),
	    SERVE_TEST(test_a_peer_that_shut_its_side_still_gets_its_answer),
	    SERVE_TEST(test_head_has_the_headers_of_get_and_no_body),
	    SERVE_TEST(test_shared_bytes_are_answered_by_validator),
	    SERVE_TEST(test_repeated_fields_are_one_list),
	    SERVE_TEST(test_204_has_no_length_and_405_says_allow),
	    SERVE_TEST(test_a_field_never_splits_an_answer),
	    SERVE_TEST(test_a_body_is_asked_for_when_the_peer_waits),
	    SERVE_TEST(test_an_offer_of_http_2_is_passed_over),
	    SERVE_TEST(test_http_1_0_closes_unless_asked),
	    SERVE_TEST(test_absolute_targets_are_read),
	    SERVE_TEST(test_what_happened_is_counted),
	};
	return cmocka_run_group_tests_name("serve", tests, NULL, NULL);
}
