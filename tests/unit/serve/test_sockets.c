#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "peer.h"

#define WHO "GET /who HTTP/1.1\r\nHost: w\r\nConnection: close\r\n"

static struct server server;
static struct wr_buf answer;
static char folder[] = "/tmp/wardround-test-XXXXXX", original[sizeof(folder)];

static int start(void **state)
{
	(void)state;
	memcpy(original, "/tmp/wardround-test-XXXXXX", sizeof(folder));
	memcpy(folder, original, sizeof(folder));
	assert_non_null(mkdtemp(folder));
	server_start(&server, NULL);
	return 0;
}

static int end(void **state)
{
	(void)state;
	server_end(&server);
	wr_buf_deinit(&answer);
	char command[100];
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static int listen_unix(const char *path, struct wr_serve_listener **ret_listener)
{
	struct wr_address address = {.kind = WR_ADDRESS_UNIX, .path = path};
	return wr_serve_listen(&server.serve, &address,
	    &(struct wr_serve_listen){
		.tag = WR_SERVE_CONTROL, .handler = server_route, .context = &server},
	    ret_listener);
}

static void ask_unix(const char *path, const char *text)
{
	int fd = peer_connect_unix(path);
	assert_true(fd >= 0);
	peer_send(&server, fd, text, strlen(text));
	peer_read(&server, fd, NULL, &answer);
	close(fd);
}

static void test_a_unix_socket_knows_who_asks(void **state)
{
	(void)state;
	char path[100], expected[60];
	struct stat status;
	snprintf(path, sizeof(path), "%s/control.sock", folder);
	assert_int_equal(listen_unix(path, NULL), 0);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0660);
	ask_unix(path, WHO "X-Forwarded-For: 192.0.2.1\r\n\r\n");
	snprintf(expected, sizeof(expected), ":: uid=%d proxy=0", (int)getuid());
	assert_string_equal(body_of(&answer), expected);
	assert_int_equal(server.serve.counts.requests[WR_SERVE_CONTROL][2], 1);
}

static void test_a_path_may_be_longer_than_a_socket_address(void **state)
{
	(void)state;
	char path[400];
	int length = snprintf(path, sizeof(path), "%s", folder);
	for (int i = 0; i < 5; i++) {
		length += snprintf(path + length, sizeof(path) - (size_t)length,
		    "/a-folder-with-a-long-name-%d", i);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	snprintf(path + length, sizeof(path) - (size_t)length, "/control.sock");
	assert_true(strlen(path) > 107);
	struct wr_serve_listener *listener = NULL;
	assert_int_equal(listen_unix(path, &listener), 0);
	ask_unix(path, WHO "\r\n");
	assert_in(&answer, "200 OK");
	wr_serve_unlisten(listener);
	assert_int_not_equal(access(path, F_OK), 0);
	server_turn(&server);
}

static void test_a_stale_socket_is_replaced_a_live_one_never(void **state)
{
	(void)state;
	char path[100];
	snprintf(path, sizeof(path), "%s/s", folder);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(listen_unix(path, NULL), -EADDRINUSE);
	close(fd);
	struct wr_serve_listener *listener = NULL;
	assert_int_equal(listen_unix(path, &listener), 0);
	ask_unix(path, WHO "\r\n");
	assert_in(&answer, "200 OK");
	assert_int_equal(listen_unix(path, NULL), -EADDRINUSE);

	/* Somebody else took the name meanwhile: theirs stays. */
	assert_int_equal(unlink(path), 0);
	close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	wr_serve_unlisten(listener);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(listen_unix(path, NULL), -EEXIST);
	snprintf(path, sizeof(path), "%s/no/such/folder", folder);
	assert_int_equal(listen_unix(path, NULL), -ENOENT);
	server_turn(&server);
}

static void test_passed_sockets_are_served_and_left_alone(void **state)
{
	(void)state;
	char path[100];
	snprintf(path, sizeof(path), "%s/passed", folder);
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	snprintf(local.sun_path, sizeof(local.sun_path), "%s", path);
	int unix_fd = socket(AF_UNIX, SOCK_STREAM, 0), tcp_fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(unix_fd, (struct sockaddr *)&local, sizeof(local)), 0);
	assert_int_equal(listen(unix_fd, 1), 0);
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	assert_int_equal(bind(tcp_fd, (struct sockaddr *)&any, sizeof(any)), 0);
	const struct wr_serve_listen settings = {.handler = server_route, .context = &server};
	struct wr_serve_listener *local_listener, *tcp_listener;
	assert_int_equal(wr_serve_listen_fd(&server.serve, unix_fd, &settings, &local_listener), 0);
	assert_int_equal(wr_serve_listen_fd(&server.serve, tcp_fd, &settings, &tcp_listener), 0);
	assert_true(fcntl(tcp_fd, F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(tcp_fd, F_GETFL) & O_NONBLOCK);
	ask_unix(path, WHO "\r\n");
	assert_in(&answer, "uid=");
	struct wr_serve_listener *first = server.listener;
	server.listener = tcp_listener;
	peer_ask(&server, WHO "\r\n", &answer);
	assert_string_equal(body_of(&answer), "127.0.0.1 uid=-1 proxy=0");
	server.listener = first;
	wr_serve_unlisten(local_listener);
	assert_int_equal(access(path, F_OK), 0);

	int datagrams = socket(AF_INET, SOCK_DGRAM, 0), file = open("/dev/null", O_RDONLY);
	assert_int_equal(
	    wr_serve_listen_fd(&server.serve, datagrams, &settings, NULL), -EPROTOTYPE);
	assert_int_equal(wr_serve_listen_fd(&server.serve, file, &settings, NULL), -ENOTSOCK);
	server_turn(&server);
}

static void test_passed_names_are_read_once(void **state)
{
	(void)state;
	struct wr_serve_passed passed[WR_SERVE_PASSED];
	char pid[20];
	assert_int_equal(wr_serve_passed(passed), 0);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_PID", "1", 1);
	setenv("LISTEN_FDS", "1", 1);
	assert_int_equal(wr_serve_passed(passed), 0); /* for somebody else */
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "-1", 1);
	assert_int_equal(wr_serve_passed(passed), -EINVAL);
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "17", 1);
	assert_int_equal(wr_serve_passed(passed), -E2BIG);
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "2", 1);
	setenv("LISTEN_FDNAMES", "control:http", 1);
	/* Descriptors 3 and 4 are the loop's here; only their flags are touched. */
	assert_int_equal(wr_serve_passed(passed), 2);
	assert_int_equal(passed[1].fd, 4);
	assert_string_equal(passed[0].name, "control");
	assert_string_equal(passed[1].name, "http");
	assert_null(getenv("LISTEN_FDS"));
	assert_int_equal(wr_serve_passed(passed), 0);
}

static void test_addresses_in_use_are_said_so(void **state)
{
	(void)state;
	struct wr_address address;
	assert_int_equal(wr_address_parse("127.0.0.1:1", &address), 0);
	address.port = wr_serve_port(server.listener);
	const struct wr_serve_listen settings = {.handler = server_route, .context = &server};
	assert_int_equal(wr_serve_listen(&server.serve, &address, &settings, NULL), -EADDRINUSE);
	assert_int_equal(wr_address_parse("192.0.2.1:1", &address), 0);
	assert_int_equal(wr_serve_listen(&server.serve, &address, &settings, NULL), -EADDRNOTAVAIL);
	server_turn(&server);
}

static void test_an_any_address_takes_both_families(void **state)
{
	(void)state;
	struct wr_address address;
	assert_int_equal(wr_address_parse("[::]:1", &address), 0);
	address.port = 0;
	const struct wr_serve_listen settings = {.handler = server_route, .context = &server};
	struct wr_serve_listener *first = server.listener;
	int r = wr_serve_listen(&server.serve, &address, &settings, &server.listener);
	if (r == -EAFNOSUPPORT || r == -EADDRNOTAVAIL)
		skip();
	assert_int_equal(r, 0);
	peer_ask(&server, WHO "\r\n", &answer);
	assert_string_equal(body_of(&answer), "127.0.0.1 uid=-1 proxy=0");
	server.listener = first;
}

static void test_places_are_limited_in_all_and_by_address(void **state)
{
	(void)state;
	server_end(&server);
	server_start(&server,
	    &(struct wr_serve_settings){.max_connections = 4, .max_connections_per_address = 3});
	int fds[4];
	for (int i = 0; i < 4; i++)
		fds[i] = peer_connect(&server);
	peer_read(&server, fds[3], NULL, &answer);
	assert_in(&answer, "HTTP/1.1 503 ");
	assert_int_equal(server.serve.counts.full_address, 1);
	close(fds[0]);
	server_turn(&server);
	fds[0] = peer_connect(&server);
	assert_false(peer_is_closed(&server, fds[0]));

	/* A trusted proxy brings many people: only the total counts. Wardctl always gets in. */
	struct wr_network proxy;
	assert_true(wr_network_parse("127.0.0.1", &proxy));
	wr_serve_set(&server.serve, &(struct wr_serve_settings){.max_connections = 4,
					.max_connections_per_address = 3,
					.trusted = &proxy,
					.n_trusted = 1});
	close(fds[3]);
	fds[3] = peer_connect(&server);
	assert_false(peer_is_closed(&server, fds[3]));
	int fifth = peer_connect(&server);
	assert_true(peer_is_closed(&server, fifth));
	assert_int_equal(server.serve.counts.full, 1);
	char path[100];
	snprintf(path, sizeof(path), "%s/c", folder);
	assert_int_equal(listen_unix(path, NULL), 0);
	ask_unix(path, WHO "\r\n");
	assert_in(&answer, "200 OK");
	close(fifth);
	for (int i = 0; i < 4; i++)
		close(fds[i]);
}

static void test_forwarded_addresses_are_believed_from_proxies_only(void **state)
{
	(void)state;
	peer_ask(&server, WHO "X-Forwarded-For: 192.0.2.1\r\n\r\n", &answer);
	assert_string_equal(body_of(&answer), "127.0.0.1 uid=-1 proxy=0");
	struct wr_network proxy;
	assert_true(wr_network_parse("127.0.0.0/8", &proxy));
	wr_serve_set(&server.serve, &(struct wr_serve_settings){.trusted = &proxy, .n_trusted = 1});
	peer_ask(&server,
	    WHO "X-Forwarded-For: 203.0.113.1, 192.0.2.1\r\nX-Forwarded-For: 127.0.0.9\r\n\r\n",
	    &answer);
	assert_string_equal(body_of(&answer), "192.0.2.1 uid=-1 proxy=1");
}

#define SERVE_TEST(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVE_TEST(test_a_unix_socket_knows_who_asks),
	    SERVE_TEST(test_a_path_may_be_longer_than_a_socket_address),
	    SERVE_TEST(test_a_stale_socket_is_replaced_a_live_one_never),
	    SERVE_TEST(test_passed_sockets_are_served_and_left_alone),
	    SERVE_TEST(test_passed_names_are_read_once),
	    SERVE_TEST(test_addresses_in_use_are_said_so),
	    SERVE_TEST(test_an_any_address_takes_both_families),
	    SERVE_TEST(test_places_are_limited_in_all_and_by_address),
	    SERVE_TEST(test_forwarded_addresses_are_believed_from_proxies_only),
	};
	return cmocka_run_group_tests_name("serve_sockets", tests, NULL, NULL);
}
