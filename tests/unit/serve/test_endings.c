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

static void test_the_head_has_ten_seconds_however_it_drips(void **state)
{
	(void)state;
	int fd = peer_connect(&server);
	const char *request = "GET /hello HTTP/1.1\r\n" HOST;
	for (int second = 0; second < 10; second++) {
		peer_send(&server, fd, request + second, 1);
		server.now += 999;
		wr_serve_expire(&server.serve);
		server_turn(&server);
	}
	peer_send(&server, fd, request + 10, 1);
	assert_int_equal(server.serve.counts.late, 0);
	server.now += 11;
	wr_serve_expire(&server.serve);
	peer_read(&server, fd, NULL, &answer);
	assert_in(&answer, "HTTP/1.1 408 ");
	assert_int_equal(server.serve.counts.late, 1);
	close(fd);
}

static void test_an_idle_or_half_sent_connection_ends(void **state)
{
	(void)state;
	int idle = peer_connect(&server), body = peer_connect(&server);
	send_text(idle, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
	send_text(body, "POST /e HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\na");
	server.now += 29999;
	wr_serve_expire(&server.serve);
	assert_int_equal(server.serve.counts.late, 0);
	server.now += 1;
	wr_serve_expire(&server.serve);
	peer_read(&server, body, NULL, &answer);
	assert_in(&answer, "HTTP/1.1 408 ");
	assert_false(peer_is_closed(&server, idle));
	/* Empty lines keep nothing open. */
	server.now += 40000;
	send_text(idle, "\r\n");
	server.now += 5000;
	wr_serve_expire(&server.serve);
	assert_true(peer_is_closed(&server, idle));
	close(idle);
	close(body);
}

static void test_deadlines_end_by_themselves_on_a_faster_clock(void **state)
{
	(void)state;
	server_end(&server);
	server_start(&server, &(struct wr_serve_settings){.rate = 1000});
	int idle = peer_connect(&server), half = peer_connect(&server);
	send_text(half, "GET /hello HTTP/1.1\r\n");
	peer_read(&server, half, NULL, &answer);
	assert_in(&answer, "HTTP/1.1 408 ");
	peer_read(&server, idle, NULL, &answer);
	assert_string_equal(wr_buf_text(&answer), "");
	close(idle);
	close(half);
	server_turn(&server);
	assert_int_equal(server.serve.counts.open[WR_SERVE_PUBLIC], 0);
}

static void test_a_slow_reader_gets_all_or_is_cut(void **state)
{
	(void)state;
	static const char *const paths[] = {"/big", "/copy"};
	for (size_t i = 0; i < WR_COUNT(paths); i++) {
		char request[100];
		snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\n" HOST "\r\n", paths[i]);
		int fd = peer_connect(&server), slow = peer_connect(&server);
		send_text(fd, request);
		send_text(fd, "GET /after HTTP/1.1\r\n" HOST CLOSE "\r\n");
		assert_int_equal(server.requests, 1 + 3 * i); /* the next waits for the big one */
		send_text(slow, request);
		peer_read(&server, fd, NULL, &answer);
		assert_true(answer.length > BIG);
		assert_int_equal(memcmp(body_of(&answer), "bbbb", 4), 0);
		assert_string_equal(
		    strstr(answer.data + BIG, "GET /after"), "GET /after ?- @ward []");
		uint64_t late = server.serve.counts.late;
		server.now += 60001;
		wr_serve_expire(&server.serve);
		assert_int_equal(server.serve.counts.late, late + 1);
		server_turn(&server);
		assert_int_equal(server.serve.counts.open[WR_SERVE_PUBLIC], 0);
		close(fd);
		close(slow);
	}
}

static void on_stopped(struct wr_serve *serve)
{
	wr_container_of(serve, struct server, serve)->stopped = true;
}

static void test_stopping_answers_what_is_under_way(void **state)
{
	(void)state;
	int idle = peer_connect(&server), later = peer_connect(&server),
	    half = peer_connect(&server);
	send_text(idle, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
	peer_read(&server, idle, "hello\n", &answer);
	send_text(later, "GET /later HTTP/1.1\r\n" HOST "\r\n");
	send_text(half, "GET /hello HTTP/1.1\r\n");
	wr_serve_stop(&server.serve, on_stopped);
	assert_true(peer_is_closed(&server, idle));
	assert_false(server.stopped);
	send_text(half, HOST "\r\n");
	peer_read(&server, half, NULL, &answer);
	assert_in(&answer, "\r\nConnection: close\r\n");
	assert_string_equal(body_of(&answer), "hello\n");
	assert_false(server.stopped);
	wr_serve_answer(server.held, 200, NULL, "late", 4);
	peer_read(&server, later, NULL, &answer);
	assert_in(&answer, "\r\nConnection: close\r\n");
	close(idle);
	close(half);
	close(later);
	server_turn(&server);
	assert_true(server.stopped);
}

static void test_stopping_answers_what_was_sent_and_not_read_yet(void **state)
{
	(void)state;
	static const char request[] = "GET /hello HTTP/1.1\r\n" HOST "\r\n";
	int fd = peer_connect(&server);
	assert_int_equal(send(fd, request, sizeof(request) - 1, 0), sizeof(request) - 1);
	wr_serve_stop(&server.serve, on_stopped);
	peer_read(&server, fd, NULL, &answer);
	assert_in(&answer, "\r\nConnection: close\r\n");
	assert_string_equal(body_of(&answer), "hello\n");
	close(fd);
	server_turn(&server);
	assert_true(server.stopped);
}

static void test_stopping_waits_for_answers_to_nobody(void **state)
{
	(void)state;
	int fd = peer_connect(&server);
	send_text(fd, "GET /later HTTP/1.1\r\n" HOST "\r\n");
	wr_serve_stop(&server.serve, on_stopped);
	wr_serve_cut(&server.serve);
	server_turn(&server);
	assert_int_equal(server.gone, 1);
	assert_false(server.stopped);
	wr_serve_answer(server.held, 200, NULL, "late", 4);
	assert_false(server.stopped); /* told by the loop */
	server_turn(&server);
	assert_true(server.stopped);
	close(fd);
}

#define SERVE_TEST(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVE_TEST(test_the_head_has_ten_seconds_however_it_drips),
	    SERVE_TEST(test_an_idle_or_half_sent_connection_ends),
	    SERVE_TEST(test_deadlines_end_by_themselves_on_a_faster_clock),
	    SERVE_TEST(test_a_slow_reader_gets_all_or_is_cut),
	    SERVE_TEST(test_stopping_answers_what_is_under_way),
	    SERVE_TEST(test_stopping_answers_what_was_sent_and_not_read_yet),
	    SERVE_TEST(test_stopping_waits_for_answers_to_nobody),
	};
	return cmocka_run_group_tests_name("serve_endings", tests, NULL, NULL);
}
