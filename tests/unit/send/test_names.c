/*
 * Names, and what they stand for. The program has a resolver of its own in the place of the
 * system's: it says what a table says, at once or late, and another thing the next time. Receivers
 * listen on several addresses of this machine and count who connects.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "send/send.h"
#include "wardround/base.h"

/* ---- the resolver ---- */

static const char *addresses[4]; /* what every name stands for now */
static uv_sem_t late;            /* names that begin with "slow" wait for it */
static atomic_int lookups, waiting;

static struct addrinfo *entry(const char *text, const char *service, int type)
{
	struct addrinfo *info = calloc(1, sizeof(*info) + sizeof(struct sockaddr_in6));
	bool six = strchr(text, ':');
	unsigned short port = htons((unsigned short)atoi(service));
	info->ai_family = six ? AF_INET6 : AF_INET;
	info->ai_socktype = type;
	info->ai_addr = (struct sockaddr *)(void *)(info + 1);
	info->ai_addrlen = six ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	if (six) {
		struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = port};
		inet_pton(AF_INET6, text, &address.sin6_addr);
		memcpy(info->ai_addr, &address, sizeof(address));
	} else {
		struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = port};
		inet_pton(AF_INET, text, &address.sin_addr);
		memcpy(info->ai_addr, &address, sizeof(address));
	}
	return info;
}

int getaddrinfo(const char *restrict name, const char *restrict service,
    const struct addrinfo *restrict hints, struct addrinfo **restrict ret)
{
	struct addrinfo **last = ret;
	*ret = NULL;
	atomic_fetch_add(&lookups, 1);
	if (name && strncmp(name, "slow", 4) == 0) {
		atomic_fetch_add(&waiting, 1);
		uv_sem_wait(&late);
	}
	for (size_t i = 0; i < WR_COUNT(addresses) && addresses[i]; i++) {
		*last =
		    entry(addresses[i], service ? service : "0", hints ? hints->ai_socktype : 0);
		last = &(*last)->ai_next;
	}
	return *ret ? 0 : EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *info)
{
	while (info) {
		struct addrinfo *next = info->ai_next;
		free(info);
		info = next;
	}
}

static void names_stand_for(const char *one, const char *two)
{
	addresses[0] = one;
	addresses[1] = two;
	addresses[2] = NULL;
}

/* ---- receivers: one port on several addresses, and another port ---- */

enum { LISTENERS = 4 };

struct place {
	uv_loop_t loop;
	struct wr_send send;
	bool closed;
	uv_tcp_t listeners[LISTENERS];
	uv_tcp_t guests[32];
	size_t n_guests;
	int accepted[LISTENERS];
	int port, other_port;
};

static const char *const heard_at[LISTENERS] = {"127.0.0.1", "127.0.0.2", "::1", "127.0.0.1"};

static void on_guest_alloc(uv_handle_t *handle, size_t wanted, uv_buf_t *ret)
{
	static char bytes[4096];
	(void)handle;
	(void)wanted;
	*ret = uv_buf_init(bytes, sizeof(bytes));
}

static void on_guest_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	static char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
	uv_buf_t out = uv_buf_init(answer, sizeof(answer) - 1);
	(void)buf;
	if (n > 0)
		uv_try_write(stream, &out, 1);
}

static void on_guest(uv_stream_t *stream, int status)
{
	struct place *place = stream->data;
	assert_int_equal(status, 0);
	for (size_t i = 0; i < LISTENERS; i++)
		place->accepted[i] += stream == (uv_stream_t *)&place->listeners[i];
	uv_tcp_t *guest = &place->guests[place->n_guests++];
	uv_tcp_init(&place->loop, guest);
	uv_accept(stream, (uv_stream_t *)guest);
	uv_read_start((uv_stream_t *)guest, on_guest_alloc, on_guest_read);
}

static void listen_at(struct place *place, size_t i, int port)
{
	struct sockaddr_storage address;
	int length = sizeof(address);
	if (strchr(heard_at[i], ':'))
		uv_ip6_addr(heard_at[i], port, (struct sockaddr_in6 *)(void *)&address);
	else
		uv_ip4_addr(heard_at[i], port, (struct sockaddr_in *)(void *)&address);
	uv_tcp_init(&place->loop, &place->listeners[i]);
	place->listeners[i].data = place;
	if (uv_tcp_bind(&place->listeners[i], (struct sockaddr *)&address, 0) ||
	    uv_listen((uv_stream_t *)&place->listeners[i], 16, on_guest)) {
		assert_int_equal(i, 2); /* a machine without IPv6 */
		return;
	}
	uv_tcp_getsockname(&place->listeners[i], (struct sockaddr *)&address, &length);
	int *ret = i == 0 ? &place->port : i == 3 ? &place->other_port : NULL;
	if (ret)
		*ret = ntohs(((struct sockaddr_in *)(void *)&address)->sin_port);
}

static int open_place(void **state)
{
	struct place *place = wr_alloc(1, sizeof(*place));
	uv_loop_init(&place->loop);
	wr_send_init(&place->send, &place->loop);
	for (size_t i = 0; i < LISTENERS; i++)
		listen_at(place, i, i == 0 || i == 3 ? 0 : place->port);
	uv_sem_init(&late, 0);
	*state = place;
	return 0;
}

static void on_closed(struct wr_send *send)
{
	wr_container_of(send, struct place, send)->closed = true;
}

static int close_place(void **state)
{
	struct place *place = *state;
	wr_send_close(&place->send, on_closed);
	while (!place->closed)
		uv_run(&place->loop, UV_RUN_ONCE);
	for (size_t i = 0; i < LISTENERS; i++)
		uv_close((uv_handle_t *)&place->listeners[i], NULL);
	for (size_t i = 0; i < place->n_guests; i++)
		uv_close((uv_handle_t *)&place->guests[i], NULL);
	uv_run(&place->loop, UV_RUN_DEFAULT);
	int r = uv_loop_close(&place->loop);
	free(place);
	return r;
}

/* ---- deliveries ---- */

struct parcel {
	struct wr_delivery delivery;
	struct wr_send_result result;
	char url[100];
	int calls;
};

static void on_result(struct wr_delivery *delivery, const struct wr_send_result *result)
{
	struct parcel *parcel = wr_container_of(delivery, struct parcel, delivery);
	parcel->result = *result;
	parcel->calls++;
	uv_stop(delivery->send->loop);
}

static void start(struct place *place, struct parcel *parcel, const char *name, int port,
    const struct wr_network *allowed)
{
	*parcel = (struct parcel){.delivery = {.body = "{}",
				      .length = 2,
				      .timeout_ms = 20000,
				      .allowed = allowed,
				      .n_allowed = allowed ? 1 : 0,
				      .callback = on_result}};
	snprintf(parcel->url, sizeof(parcel->url), "http://%s:%d/", name, port);
	parcel->delivery.url = parcel->url;
	assert_int_equal(wr_send_start(&place->send, &parcel->delivery), 0);
}

static void deliver(struct place *place, struct parcel *parcel, const char *name, int port,
    const struct wr_network *allowed)
{
	start(place, parcel, name, port, allowed);
	while (!parcel->calls)
		uv_run(&place->loop, UV_RUN_ONCE);
}

static int n_accepted(const struct place *place)
{
	int n = 0;
	for (size_t i = 0; i < LISTENERS; i++)
		n += place->accepted[i];
	return n;
}

/* ---- tests ---- */

static void test_no_name_of_a_forbidden_address_is_connected_to(void **state)
{
	struct place *place = *state;
	static const char *const forbidden[] = {"127.0.0.1", "127.0.0.2", "127.255.255.254",
	    "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "169.254.169.254", "172.16.0.1",
	    "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.0.1", "198.18.0.1", "198.51.100.1",
	    "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1",
	    "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1",
	    "64:ff9b::a00:1", "2002:7f00:1::1", "2002:a00:1::1", "2001:0:7f00:1::", "2001:db8::1",
	    "100::1", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "fec0::1"};
	char name[40];
	for (size_t i = 0; i < WR_COUNT(forbidden); i++) {
		const int ports[] = {place->port, place->other_port};
		for (size_t k = 0; k < WR_COUNT(ports); k++) {
			struct parcel parcel;
			snprintf(name, sizeof(name), "gateway%zu-%zu.example.org", i, k);
			names_stand_for(forbidden[i], NULL);
			deliver(place, &parcel, name, ports[k], NULL);
			if (parcel.result.transport != WR_NOTICE_FORBIDDEN)
				fail_msg("%s: %d %s", forbidden[i], (int)parcel.result.transport,
				    parcel.result.error);
			assert_false(parcel.result.begun);
		}
	}
	assert_int_equal(n_accepted(place), 0);
	assert_true(atomic_load(&lookups) >= (int)WR_COUNT(forbidden));
}

static void test_of_two_addresses_only_the_allowed_one_is_connected_to(void **state)
{
	struct place *place = *state;
	struct wr_network second;
	struct parcel parcel;
	assert_true(wr_network_parse("127.0.0.2/32", &second));
	names_stand_for("127.0.0.1", "127.0.0.2");
	deliver(place, &parcel, "gateway.example.org", place->port, &second);
	assert_int_equal(parcel.result.status, 200);
	assert_int_equal(place->accepted[0], 0);
	assert_int_equal(place->accepted[1], 1);
}

/* The first answer is fine, the next is not: each connection is judged for itself. */
static void test_a_name_that_turns_inward_between_tries_is_refused(void **state)
{
	struct place *place = *state;
	struct wr_network second;
	struct parcel parcel;
	assert_true(wr_network_parse("127.0.0.2/32", &second));
	names_stand_for("127.0.0.2", NULL);
	deliver(place, &parcel, "gateway.example.org", place->port, &second);
	assert_int_equal(parcel.result.status, 200);
	names_stand_for("127.0.0.1", NULL);
	wr_send_close(&place->send, on_closed); /* and with it what curl remembers of names */
	while (!place->closed)
		uv_run(&place->loop, UV_RUN_ONCE);
	place->closed = false;
	wr_send_init(&place->send, &place->loop);
	deliver(place, &parcel, "gateway.example.org", place->port, &second);
	assert_int_equal(parcel.result.transport, WR_NOTICE_FORBIDDEN);
	assert_int_equal(place->accepted[0], 0);
}

static void test_a_slow_name_server_holds_up_nothing_else(void **state)
{
	struct place *place = *state;
	struct wr_network second;
	struct parcel slow, fine;
	assert_true(wr_network_parse("127.0.0.2/32", &second));
	names_stand_for("127.0.0.2", NULL);
	start(place, &slow, "slow.example.org", place->port, &second);
	while (!atomic_load(&waiting)) /* its thread waits for the name server by now */
		uv_run(&place->loop, UV_RUN_NOWAIT);
	deliver(place, &fine, "fine.example.org", place->port, &second);
	assert_int_equal(fine.result.status, 200);
	assert_int_equal(slow.calls, 0);
	wr_send_cancel(&slow.delivery); /* nor does its end wait for the name server */
	while (!slow.calls)
		uv_run(&place->loop, UV_RUN_ONCE);
	assert_int_equal(slow.result.transport, WR_NOTICE_STOPPED);
	uv_sem_post(&late);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, close_place)
	const struct CMUnitTest tests[] = {
	    TEST(test_no_name_of_a_forbidden_address_is_connected_to),
	    TEST(test_of_two_addresses_only_the_allowed_one_is_connected_to),
	    TEST(test_a_name_that_turns_inward_between_tries_is_refused),
	    TEST(test_a_slow_name_server_holds_up_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
