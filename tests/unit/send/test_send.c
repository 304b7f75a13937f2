#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "receiver.h"
#include "send/send.h"

/* The loop, what is tested, and two receivers; closing asserts that the loop is empty. */
struct bench {
	uv_loop_t loop;
	struct wr_send send;
	struct receiver receiver, other;
	bool closed;
};

static struct wr_network loopback[2];

static void on_send_closed(struct wr_send *send)
{
	wr_container_of(send, struct bench, send)->closed = true;
}

static int open_bench(void **state)
{
	struct bench *bench = wr_alloc(1, sizeof(*bench));
	assert_int_equal(uv_loop_init(&bench->loop), 0);
	assert_int_equal(wr_send_init(&bench->send, &bench->loop), 0);
	receiver_open(&bench->receiver, &bench->loop);
	receiver_open(&bench->other, &bench->loop);
	assert_true(wr_network_parse("127.0.0.0/8", &loopback[0]));
	assert_true(wr_network_parse("::1/128", &loopback[1]));
	*state = bench;
	return 0;
}

static int close_bench(void **state)
{
	struct bench *bench = *state;
	wr_send_close(&bench->send, on_send_closed);
	while (!bench->closed && uv_run(&bench->loop, UV_RUN_ONCE))
		;
	receiver_close(&bench->receiver);
	receiver_close(&bench->other);
	uv_run(&bench->loop, UV_RUN_DEFAULT);
	int closed = uv_loop_close(&bench->loop);
	bool done = bench->closed;
	free(bench);
	return closed == 0 && done ? 0 : -1;
}

/* One delivery and what became of it. */
struct parcel {
	struct wr_delivery delivery;
	struct wr_send_result result;
	int calls;
	char url[200];
};

static void on_result(struct wr_delivery *delivery, const struct wr_send_result *result)
{
	struct parcel *parcel = wr_container_of(delivery, struct parcel, delivery);
	parcel->result = *result;
	parcel->calls++;
	uv_stop(delivery->send->loop); /* or a turn whose timers did all would wait for nothing */
}

static void address(struct parcel *parcel, const char *host, int port, const char *path)
{
	snprintf(parcel->url, sizeof(parcel->url), "http://%s:%d%s", host, port, path);
	parcel->delivery.url = parcel->url;
}

static void fill(struct parcel *parcel, struct bench *bench, const char *path)
{
	static const char *const headers[] = {
	    "content-type: application/json", "webhook-id: n-1", NULL};
	*parcel = (struct parcel){.delivery = {.headers = headers,
				      .body = "{\"a\":1}",
				      .length = 7,
				      .timeout_ms = 20000,
				      .allowed = loopback,
				      .n_allowed = WR_COUNT(loopback),
				      .callback = on_result}};
	address(parcel, "127.0.0.1", bench->receiver.port, path);
}

static void start(struct bench *bench, struct parcel *parcel)
{
	int before = parcel->calls;
	assert_int_equal(wr_send_start(&bench->send, &parcel->delivery), 0);
	assert_int_equal(parcel->calls, before);
}

static void run_until_called(struct bench *bench, struct parcel *parcel)
{
	while (parcel->calls == 0)
		uv_run(&bench->loop, UV_RUN_ONCE);
	assert_int_equal(parcel->calls, 1);
}

static void deliver(struct bench *bench, struct parcel *parcel)
{
	start(bench, parcel);
	run_until_called(bench, parcel);
}

/* ---- answers ---- */

static void test_delivery_arrives_as_it_was_given(void **state)
{
	struct bench *bench = *state;
	struct parcel parcel;
	fill(&parcel, bench, "/ok?x=1");
	deliver(bench, &parcel);
	assert_int_equal(parcel.result.transport, WR_NOTICE_ANSWERED);
	assert_int_equal(parcel.result.status, 200);
	assert_int_equal(parcel.result.retry_after, -1);
	assert_string_equal(parcel.result.error, "");
	const char *request = wr_buf_text(&bench->receiver.last);
	assert_true(wr_text_starts(request, "POST /ok?x=1 HTTP/1.1\r\n"));
	assert_non_null(strstr(request, "\r\nwebhook-id: n-1\r\n"));
	assert_non_null(strstr(request, "\r\ncontent-type: application/json\r\n"));
	assert_null(strcasestr(request, "expect"));
	assert_string_equal(strstr(request, "\r\n\r\n"), "\r\n\r\n{\"a\":1}");
}

static void test_empty_body_is_sent_as_one(void **state)
{
	struct bench *bench = *state;
	struct parcel parcel;
	fill(&parcel, bench, "/ok");
	parcel.delivery.body = NULL;
	parcel.delivery.length = 0;
	deliver(bench, &parcel);
	assert_int_equal(parcel.result.status, 200);
	assert_non_null(strcasestr(wr_buf_text(&bench->receiver.last), "content-length: 0\r\n"));
}

static void test_status_and_retry_after_come_back(void **state)
{
	struct bench *bench = *state;
	static const int statuses[] = {204, 301, 400, 410, 429, 500, 503};
	struct parcel parcel;
	char path[40];
	for (size_t i = 0; i < WR_COUNT(statuses); i++) {
		snprintf(path, sizeof(path), "/status/%d", statuses[i]);
		fill(&parcel, bench, path);
		deliver(bench, &parcel);
		assert_int_equal(parcel.result.transport, WR_NOTICE_ANSWERED);
		assert_int_equal(parcel.result.status, statuses[i]);
	}
	fill(&parcel, bench, "/later/7");
	deliver(bench, &parcel);
	assert_int_equal(parcel.result.retry_after, 7);
}

static void test_redirect_is_an_answer_and_not_followed(void **state)
{
	struct bench *bench = *state;
	struct parcel parcel;
	fill(&parcel, bench, "/redirect");
	deliver(bench, &parcel);
	assert_int_equal(parcel.result.status, 302);
	assert_int_equal(bench->receiver.requests, 1);
	assert_int_equal(bench->receiver.trapped, 0);
}

static void test_endless_body_is_cut_off_and_its_status_stands(void **state)
{
	struct bench *bench = *state;
	struct parcel parcel;
	fill(&parcel, bench, "/big");
	deliver(bench, &parcel);
	assert_int_equal(parcel.result.transport, WR_NOTICE_ANSWERED);
	assert_int_equal(parcel.result.status, 200);
	assert_in_range(parcel.delivery.body_bytes, WR_SEND_BODY_LIMIT, WR_SEND_BODY_LIMIT + 65536);
}

static void test_endless_headers_are_no_answer(void **state)
{
	struct bench *bench = *state;
	struct parcel parcel;
	fill(&parcel, bench, "/heads");
	deliver(bench, &parcel);
	assert_int_equal(parcel.result.transport, WR_NOTICE_UNREACHED);
	assert_int_equal(parcel.result.status, 0);
	assert_non_null(strstr(parcel.result.error, "headers"));
}

static void test_body_that_never_comes_leaves_the_status_standing(void **state)
{
	struct bench *bench = *state;
	struct parcel parcel;
	fill(&parcel, bench, "/stuck");
	parcel.delivery.timeout_ms = 100;
	deliver(bench, &parcel);
	assert_int_equal(parcel.result.transport, WR_NOTICE_ANSWERED);
	assert_int_equal(parcel.result.status, 200);
}

/* ---- no answer ---- */

static void test_silence_ends_at_the_time_out(void **state)
{
	struct bench *bench = *state;
	struct parcel parcel;
	fill(&parcel, bench, "/silent");
	parcel.delivery.timeout_ms = 50;
	deliver(bench, &parcel);
	assert_int_equal(parcel.result.transport, WR_NOTICE_TIMED_OUT);
	assert_int_equal(parcel.result.status, 0);
	assert_int_equal(bench->receiver.requests, 1);
}

static void test_cut_answer_and_closed_port_are_unreached(void **state)
{
	struct bench *bench = *state;
	struct parcel parcel;
	fill(&parcel, bench, "/cut");
	deliver(bench, &parcel);
	assert_int_equal(parcel.result.transport, WR_NOTICE_UNREACHED);
	fill(&parcel, bench, "/ok");
	address(&parcel, "127.0.0.1", 1, "/ok");
	deliver(bench, &parcel);
	assert_int_equal(parcel.result.transport, WR_NOTICE_UNREACHED);
	assert_true(strlen(parcel.result.error) > 0);
}

static void test_addresses_that_are_no_webhook_are_refused(void **state)
{
	struct bench *bench = *state;
	static const char *const urls[] = {"", "times.example.org/hook", "ftp://127.0.0.1/",
	    "file:///etc/passwd", "gopher://127.0.0.1/", "http://", "https://a b/",
	    "http://user@127.0.0.1/", "http://user:pw@127.0.0.1/", "http://:pw@127.0.0.1/",
	    "http://127.0.0.1:99999/", "javascript:1", "http://[::1/", "dict://127.0.0.1:1/x",
	    NULL};
	for (size_t i = 0; i < WR_COUNT(urls); i++) {
		struct parcel parcel;
		fill(&parcel, bench, "");
		parcel.delivery.url = urls[i];
		deliver(bench, &parcel);
		if (parcel.result.transport != WR_NOTICE_BAD_ADDRESS)
			fail_msg("'%s' is tried: %s", urls[i] ? urls[i] : "", parcel.result.error);
		assert_true(strlen(parcel.result.error) > 0);
	}
}

/* ---- forbidden addresses ---- */

static const char *const spellings[] = {"127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001",
    "0x7f.1", "0x7f.0.0.1", "0x7f.0x0.0x0.0x1", "017700000001", "0177.0.0.1", "0177.1",
    "0177.0.0x0.1", "127.0.0.1.", "127.000.000.001", "127.0.0.01", "0x7F.0.0.0x01", "127.0.0x1",
    "0.0.0.0", "0", "0x0", "00", "0.0", "127.0.0.2", "127.1.2.3", "127.255.255.254", "localhost",
    "LOCALHOST", "LocalHost", "localhost.", "[::1]", "[0:0:0:0:0:0:0:1]", "[::0001]",
    "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::FFFF:127.0.0.1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::ffff:0.0.0.0]", "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]", "[::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]",
    "[2002:7f00:1::]", "[2002:7f00:1::1]", "[2001:0:7f00:1::]", "[2001::80ff:fffe]", "[fe80::1]",
    "[fe80::1%25lo]", "[fec0::1]", "[fc00::1]", "[fd00::1]", "[ff02::1]", "[ff01::1]",
    "[2001:db8::1]", "[100::1]", "10.0.0.1", "10.1", "172.16.0.1", "172.31.255.254", "192.168.0.1",
    "192.168.1", "0xc0a80001", "3232235521", "169.254.169.254", "0xa9fea9fe", "2852039166",
    "[::ffff:169.254.169.254]", "100.64.0.1", "198.18.0.1", "192.0.2.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "127%2e0%2e0%2e1", "%31%32%37.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "127.0.0.1%00.example.org"};

static void test_no_spelling_of_a_special_address_gets_a_byte(void **state)
{
	struct bench *bench = *state;
	assert_true(WR_COUNT(spellings) >= 80);
	for (size_t i = 0; i < WR_COUNT(spellings); i++) {
		struct parcel parcel;
		fill(&parcel, bench, "");
		address(&parcel, spellings[i], bench->receiver.port, "/ok");
		parcel.delivery.n_allowed = 0;
		parcel.delivery.timeout_ms = 2000;
		deliver(bench, &parcel);
		enum wr_notice_transport transport = parcel.result.transport;
		if (transport == WR_NOTICE_ANSWERED || transport == WR_NOTICE_TIMED_OUT)
			fail_msg("%s was connected to", spellings[i]);
	}
	assert_int_equal(bench->receiver.connections, 0);
}

/* The same spellings do reach the receiver where that is allowed: the test above tests something.
 */
static void test_spellings_of_loopback_pass_where_it_is_allowed(void **state)
{
	struct bench *bench = *state;
	static const char *const reaching[] = {"127.0.0.1", "127.1", "2130706433", "0x7f000001",
	    "0177.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127%2e0%2e0%2e1"};
	for (size_t i = 0; i < WR_COUNT(reaching); i++) {
		struct parcel parcel;
		fill(&parcel, bench, "");
		address(&parcel, reaching[i], bench->receiver.port, "/ok");
		deliver(bench, &parcel);
		if (parcel.result.status != 200)
			fail_msg("%s: %s", reaching[i], parcel.result.error);
	}
}

static void test_refusal_says_what_to_do(void **state)
{
	struct bench *bench = *state;
	static const char *const hosts[] = {"127.0.0.1", "localhost", "0x7f.1"};
	for (size_t i = 0; i < WR_COUNT(hosts); i++) {
		struct parcel parcel;
		fill(&parcel, bench, "");
		address(&parcel, hosts[i], bench->receiver.port, "/ok");
		parcel.delivery.n_allowed = 0;
		deliver(bench, &parcel);
		assert_int_equal(parcel.result.transport, WR_NOTICE_FORBIDDEN);
		assert_non_null(strstr(parcel.result.error, "allow-networks"));
	}
}

static void test_connection_kept_from_an_allowed_delivery_is_checked_again(void **state)
{
	struct bench *bench = *state;
	struct parcel first, second;
	fill(&first, bench, "");
	address(&first, "localhost", bench->receiver.port, "/ok");
	deliver(bench, &first);
	assert_int_equal(first.result.status, 200);
	second = first;
	second.calls = 0;
	second.delivery.n_allowed = 0;
	deliver(bench, &second);
	assert_int_equal(second.result.transport, WR_NOTICE_FORBIDDEN);
	assert_int_equal(bench->receiver.requests, 1);
	assert_int_equal(bench->receiver.connections, 1);
}

static void test_proxy_of_the_environment_is_ignored(void **state)
{
	struct bench *bench = *state;
	struct parcel parcel;
	char proxy[60];
	snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d", bench->other.port);
	setenv("http_proxy", proxy, 1);
	setenv("ALL_PROXY", proxy, 1);
	fill(&parcel, bench, "/ok");
	deliver(bench, &parcel);
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
	assert_int_equal(parcel.result.status, 200);
	assert_int_equal(bench->receiver.requests, 1);
	assert_int_equal(bench->other.requests, 0);
}

static void test_configured_proxy_is_used_even_against_the_environment(void **state)
{
	struct bench *bench = *state;
	struct parcel parcel;
	char proxy[60];
	snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d", bench->other.port);
	setenv("no_proxy", "*", 1);
	fill(&parcel, bench, "");
	parcel.delivery.url = "http://gateway.invalid/hook";
	parcel.delivery.proxy = proxy;
	parcel.delivery.n_allowed = 0;
	deliver(bench, &parcel);
	unsetenv("no_proxy");
	assert_int_equal(parcel.result.status, 200);
	assert_true(wr_text_starts(
	    wr_buf_text(&bench->other.last), "POST http://gateway.invalid/hook HTTP/1.1\r\n"));
	fill(&parcel, bench, "");
	address(&parcel, "169.254.169.254", 80, "/latest");
	parcel.delivery.proxy = proxy;
	parcel.delivery.n_allowed = 0;
	deliver(bench, &parcel);
	assert_int_equal(parcel.result.transport, WR_NOTICE_FORBIDDEN);
	assert_int_equal(bench->other.requests, 1);
}

/* ---- many, cancelled, closed ---- */

static void test_two_thousand_at_once_each_get_one_answer(void **state)
{
	enum { N = 2000 };
	struct bench *bench = *state;
	struct parcel *parcels = wr_alloc(N, sizeof(*parcels));
	for (int i = 0; i < N; i++) {
		fill(&parcels[i], bench, i % 2 ? "/ok" : "/status/500");
		parcels[i].delivery.lane = "gateway";
		start(bench, &parcels[i]);
	}
	assert_int_equal(bench->send.n, N);
	while (bench->send.n > 0)
		uv_run(&bench->loop, UV_RUN_ONCE);
	for (int i = 0; i < N; i++) {
		assert_int_equal(parcels[i].calls, 1);
		assert_int_equal(parcels[i].result.status, i % 2 ? 200 : 500);
	}
	assert_int_equal(bench->receiver.requests, N);
	assert_in_range(bench->receiver.connections, 1, WR_SEND_AT_ONCE);
	free(parcels);
}

static void test_dead_endpoint_delays_no_other(void **state)
{
	enum { N = 100 };
	struct bench *bench = *state;
	static struct parcel silent[N], fine[N];
	for (int i = 0; i < N; i++) {
		fill(&silent[i], bench, "/silent");
		start(bench, &silent[i]);
	}
	for (int i = 0; i < N; i++) {
		fill(&fine[i], bench, "/ok");
		address(&fine[i], "127.0.0.1", bench->other.port, "/ok");
		start(bench, &fine[i]);
	}
	while (bench->send.n > N)
		uv_run(&bench->loop, UV_RUN_ONCE);
	for (int i = 0; i < N; i++) {
		assert_int_equal(fine[i].result.status, 200);
		assert_int_equal(silent[i].calls, 0);
		wr_send_cancel(&silent[i].delivery);
		wr_send_cancel(&silent[i].delivery);
		assert_int_equal(silent[i].calls, 0);
	}
	while (bench->send.n > 0)
		uv_run(&bench->loop, UV_RUN_ONCE);
	for (int i = 0; i < N; i++) {
		assert_int_equal(silent[i].calls, 1);
		assert_int_equal(silent[i].result.transport, WR_NOTICE_STOPPED);
	}
	assert_in_range(bench->receiver.requests, 1, WR_SEND_AT_ONCE);
}

static void test_waiting_its_turn_costs_nothing_of_a_time_out(void **state)
{
	enum { N = WR_SEND_AT_ONCE * 3 };
	struct bench *bench = *state;
	static struct parcel silent[N];
	for (int i = 0; i < N; i++) {
		fill(&silent[i], bench, "/silent");
		silent[i].delivery.timeout_ms = 40;
		start(bench, &silent[i]);
	}
	while (bench->send.n > 0)
		uv_run(&bench->loop, UV_RUN_ONCE);
	for (int i = 0; i < N; i++)
		assert_int_equal(silent[i].result.transport, WR_NOTICE_TIMED_OUT);
	assert_int_equal(bench->receiver.requests, N);
}

static void start_again(struct wr_delivery *delivery, const struct wr_send_result *result)
{
	on_result(delivery, result);
	struct parcel *parcel = wr_container_of(delivery, struct parcel, delivery);
	if (parcel->calls < 3)
		wr_send_start(delivery->data, delivery);
}

static void test_delivery_may_start_again_in_its_callback(void **state)
{
	struct bench *bench = *state;
	struct parcel good, bad;
	fill(&good, bench, "/ok");
	fill(&bad, bench, "/ok");
	bad.delivery.url = "nonsense://";
	good.delivery.callback = bad.delivery.callback = start_again;
	good.delivery.data = bad.delivery.data = &bench->send;
	start(bench, &good);
	start(bench, &bad);
	while (bench->send.n > 0)
		uv_run(&bench->loop, UV_RUN_ONCE);
	assert_int_equal(good.calls, 3);
	assert_int_equal(bad.calls, 3);
	assert_int_equal(bench->receiver.requests, 3);
}

static void test_close_in_flight_stops_each_once_and_refuses_new_ones(void **state)
{
	enum { N = 60 };
	struct bench *bench = *state;
	static struct parcel silent[N];
	struct parcel late;
	for (int i = 0; i < N; i++) {
		fill(&silent[i], bench, "/silent");
		start(bench, &silent[i]);
	}
	while (bench->receiver.requests < WR_SEND_AT_ONCE)
		uv_run(&bench->loop, UV_RUN_ONCE);
	wr_send_close(&bench->send, on_send_closed);
	fill(&late, bench, "/ok");
	assert_int_equal(wr_send_start(&bench->send, &late.delivery), -ECANCELED);
	for (int i = 0; i < N; i++)
		assert_int_equal(silent[i].calls, 0);
	while (!bench->closed)
		uv_run(&bench->loop, UV_RUN_ONCE);
	for (int i = 0; i < N; i++) {
		assert_int_equal(silent[i].calls, 1);
		assert_int_equal(silent[i].result.transport, WR_NOTICE_STOPPED);
	}
	assert_int_equal(late.calls, 0);
}

static void close_send(struct wr_delivery *delivery, const struct wr_send_result *result)
{
	on_result(delivery, result);
	wr_send_close(delivery->data, on_send_closed);
}

static void test_close_from_a_callback(void **state)
{
	struct bench *bench = *state;
	struct parcel first, others[40];
	for (size_t i = 0; i < WR_COUNT(others); i++) {
		fill(&others[i], bench, "/silent");
		start(bench, &others[i]);
	}
	fill(&first, bench, "/ok");
	address(&first, "127.0.0.1", bench->other.port, "/ok");
	first.delivery.callback = close_send;
	first.delivery.data = &bench->send;
	start(bench, &first);
	while (!bench->closed)
		uv_run(&bench->loop, UV_RUN_ONCE);
	assert_int_equal(first.result.status, 200);
	for (size_t i = 0; i < WR_COUNT(others); i++)
		assert_int_equal(others[i].calls, 1);
}

static void test_cancel_of_what_is_not_started_does_nothing(void **state)
{
	struct bench *bench = *state;
	struct parcel parcel;
	fill(&parcel, bench, "/ok");
	wr_send_cancel(&parcel.delivery);
	deliver(bench, &parcel);
	wr_send_cancel(&parcel.delivery);
	assert_int_equal(parcel.calls, 1);
	assert_int_equal(bench->send.n, 0);
}

#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BENCH(test_delivery_arrives_as_it_was_given),
	    ON_BENCH(test_empty_body_is_sent_as_one),
	    ON_BENCH(test_status_and_retry_after_come_back),
	    ON_BENCH(test_redirect_is_an_answer_and_not_followed),
	    ON_BENCH(test_endless_body_is_cut_off_and_its_status_stands),
	    ON_BENCH(test_endless_headers_are_no_answer),
	    ON_BENCH(test_body_that_never_comes_leaves_the_status_standing),
	    ON_BENCH(test_silence_ends_at_the_time_out),
	    ON_BENCH(test_cut_answer_and_closed_port_are_unreached),
	    ON_BENCH(test_addresses_that_are_no_webhook_are_refused),
	    ON_BENCH(test_no_spelling_of_a_special_address_gets_a_byte),
	    ON_BENCH(test_spellings_of_loopback_pass_where_it_is_allowed),
	    ON_BENCH(test_refusal_says_what_to_do),
	    ON_BENCH(test_connection_kept_from_an_allowed_delivery_is_checked_again),
	    ON_BENCH(test_proxy_of_the_environment_is_ignored),
	    ON_BENCH(test_configured_proxy_is_used_even_against_the_environment),
	    ON_BENCH(test_two_thousand_at_once_each_get_one_answer),
	    ON_BENCH(test_dead_endpoint_delays_no_other),
	    ON_BENCH(test_waiting_its_turn_costs_nothing_of_a_time_out),
	    ON_BENCH(test_delivery_may_start_again_in_its_callback),
	    ON_BENCH(test_close_in_flight_stops_each_once_and_refuses_new_ones),
	    ON_BENCH(test_close_from_a_callback),
	    ON_BENCH(test_cancel_of_what_is_not_started_does_nothing),
	};
	signal(SIGPIPE, SIG_IGN);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	curl_global_cleanup();
	return failed;
}
