#include "connection.h"
#include "crowd.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 4096 };

static const char full_answer[] = "HTTP/1.1 503 Service Unavailable\r\n"
				  "Retry-After: 10\r\n"
				  "Content-Length: 0\r\n"
				  "Connection: close\r\n\r\n";

/* ---- life of a listener ---- */

void wr_serve_listener_unref(struct wr_serve_listener *listener)
{
	if (--listener->references > 0)
		return;
	free(listener->path);
	free(listener);
}

static void on_listener_closed(uv_handle_t *handle)
{
	struct wr_serve_listener *listener = handle->data;
	struct wr_serve *serve = listener->serve;
	wr_serve_listener_unref(listener);
	serve->n_handles--;
	wr_serve_settle(serve);
}

void wr_serve_unlisten(struct wr_serve_listener *listener)
{
	struct wr_serve_listener **link = &listener->serve->listeners;
	while (*link != listener)
		link = &(*link)->next;
	*link = listener->next;
	if (listener->path)
		wr_serve_unlink_unix(listener->path, listener->device, listener->inode);
	uv_close(&listener->uv.handle, on_listener_closed);
}

/* ---- accepting ---- */

static void read_peer(struct wr_connection *connection)
{
	struct sockaddr_storage address;
	int length = sizeof(address);
	struct ucred credentials;
	socklen_t credentials_length = sizeof(credentials);
	int fd;
	connection->uid = connection->gid = -1;
	if (connection->listener->is_unix) {
		if (uv_fileno(&connection->uv.handle, &fd) == 0 &&
		    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &credentials_length) ==
			0) {
			connection->uid = credentials.uid;
			connection->gid = credentials.gid;
		}
		return;
	}
	if (uv_tcp_getpeername(&connection->uv.tcp, (struct sockaddr *)&address, &length) != 0)
		return;
	if (address.ss_family == AF_INET) {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)&address;
		connection->peer = wr_ip_from_v4((const uint8_t *)&v4->sin_addr);
	} else if (address.ss_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&address;
		memcpy(connection->peer.bytes, &v6->sin6_addr, 16);
	}
}

/* Wardctl and monitoring have to get in just when everything is full. */
static bool is_counted(enum wr_serve_tag tag)
{
	return tag == WR_SERVE_PUBLIC || tag == WR_SERVE_STAFF;
}

/* Unix peers and trusted proxies stand for many people: not counted by address. */
static bool is_counted_by_address(const struct wr_connection *connection)
{
	const struct wr_serve *serve = connection->serve;
	return is_counted(connection->listener->settings.tag) && !connection->listener->is_unix &&
	       !wr_network_any(serve->trusted, serve->settings.n_trusted, connection->peer);
}

static bool take_place(struct wr_connection *connection)
{
	struct wr_serve *serve = connection->serve;
	if (is_counted(connection->listener->settings.tag)) {
		if (serve->counted >= serve->settings.max_connections) {
			serve->counts.full++;
			return false;
		}
		serve->counted++;
		connection->counted = true;
	}
	if (is_counted_by_address(connection)) {
		if (!wr_serve_crowd_enter(serve->crowd, connection->peer,
			serve->settings.max_connections_per_address)) {
			serve->counts.full_address++;
			return false;
		}
		connection->counted_address = true;
	}
	return true;
}

static int init_handle(struct wr_connection *connection)
{
	if (connection->listener->is_unix)
		return uv_pipe_init(connection->serve->loop, &connection->uv.pipe, 0);
	return uv_tcp_init(connection->serve->loop, &connection->uv.tcp);
}

static void refuse_full(struct wr_connection *connection)
{
	uv_buf_t buf = uv_buf_init((char *)(uintptr_t)full_answer, sizeof(full_answer) - 1);
	uv_try_write(&connection->uv.stream, &buf, 1);
}

static void on_connection(uv_stream_t *stream, int status)
{
	struct wr_serve_listener *listener = stream->data;
	struct wr_serve *serve = listener->serve;
	if (status < 0)
		return;
	struct wr_connection *connection = wr_alloc(1, sizeof(*connection));
	connection->serve = serve;
	connection->listener = listener;
	if (init_handle(connection) != 0) {
		free(connection);
		return;
	}
	connection->uv.handle.data = connection;
	listener->references++;
	serve->n_handles++;
	serve->counts.open[listener->settings.tag]++;
	bool accepted = uv_accept(stream, &connection->uv.stream) == 0;
	if (accepted) {
		serve->counts.accepted[listener->settings.tag]++;
		read_peer(connection);
		if (!listener->is_unix)
			uv_tcp_nodelay(&connection->uv.tcp, 1);
	}
	bool has_place = accepted && take_place(connection);
	if (accepted && !has_place)
		refuse_full(connection);
	wr_connection_start(connection);
	if (!has_place)
		wr_connection_close(connection);
}

/* ---- beginning to listen ---- */

static struct wr_serve_listener *new_listener(
    struct wr_serve *serve, const struct wr_serve_listen *settings, bool is_unix)
{
	struct wr_serve_listener *listener = wr_alloc(1, sizeof(*listener));
	listener->serve = serve;
	listener->settings = *settings;
	listener->is_unix = is_unix;
	listener->references = 1;
	if (listener->settings.max_body == 0)
		listener->settings.max_body = WR_SERVE_BODY;
	if (listener->settings.backlog == 0)
		listener->settings.backlog = BACKLOG;
	if (is_unix)
		uv_pipe_init(serve->loop, &listener->uv.pipe, 0);
	else
		uv_tcp_init(serve->loop, &listener->uv.tcp);
	listener->uv.handle.data = listener;
	serve->n_handles++;
	listener->next = serve->listeners;
	serve->listeners = listener;
	return listener;
}

/* `r` of the steps before; a listener that can't listen is closed again. */
static int begin(struct wr_serve_listener *listener, int r, struct wr_serve_listener **ret_listener)
{
	if (r == 0)
		r = uv_listen(&listener->uv.stream, listener->settings.backlog, on_connection);
	if (r != 0)
		wr_serve_unlisten(listener);
	else if (ret_listener)
		*ret_listener = listener;
	return r;
}

static void to_socket_address(const struct wr_address *address, struct sockaddr_storage *storage)
{
	*storage = (struct sockaddr_storage){0};
	if (!address->v6 && wr_ip_is_v4(address->ip)) {
		struct sockaddr_in *v4 = (struct sockaddr_in *)storage;
		v4->sin_family = AF_INET;
		v4->sin_port = htons(address->port);
		memcpy(&v4->sin_addr, address->ip.bytes + 12, 4);
	} else {
		struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)storage;
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(address->port);
		memcpy(&v6->sin6_addr, address->ip.bytes, 16);
	}
}

static int listen_unix(struct wr_serve *serve, const char *path,
    const struct wr_serve_listen *settings, struct wr_serve_listener **ret_listener)
{
	uint64_t device, inode;
	int fd = wr_serve_bind_unix(path, &device, &inode);
	if (fd < 0)
		return fd;
	struct wr_serve_listener *listener = new_listener(serve, settings, true);
	listener->path = wr_strdup(path);
	listener->device = device;
	listener->inode = inode;
	int r = uv_pipe_open(&listener->uv.pipe, fd);
	if (r != 0)
		close(fd);
	return begin(listener, r, ret_listener);
}

int wr_serve_listen(struct wr_serve *serve, const struct wr_address *address,
    const struct wr_serve_listen *settings, struct wr_serve_listener **ret_listener)
{
	if (address->kind == WR_ADDRESS_UNIX)
		return listen_unix(serve, address->path, settings, ret_listener);
	struct sockaddr_storage storage;
	to_socket_address(address, &storage);
	struct wr_serve_listener *listener = new_listener(serve, settings, false);
	/* Without UV_TCP_IPV6ONLY: [::] takes IPv4 as well. */
	int r = uv_tcp_bind(&listener->uv.tcp, (struct sockaddr *)&storage, 0);
	return begin(listener, r, ret_listener);
}

/* The family of a stream socket, or -errno. */
static int family_of(int fd)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address), type_length = sizeof(int);
	int type;
	if (getsockname(fd, (struct sockaddr *)&address, &length) != 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &type_length) != 0)
		return -errno;
	if (type != SOCK_STREAM)
		return -EPROTOTYPE;
	switch (address.ss_family) {
	case AF_UNIX:
	case AF_INET:
	case AF_INET6:
		return address.ss_family;
	default:
		return -EAFNOSUPPORT;
	}
}

int wr_serve_listen_fd(struct wr_serve *serve, int fd, const struct wr_serve_listen *settings,
    struct wr_serve_listener **ret_listener)
{
	int family = family_of(fd);
	int flags = fcntl(fd, F_GETFL);
	if (family >= 0 && (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
			       fcntl(fd, F_SETFD, FD_CLOEXEC) != 0))
		family = -errno;
	if (family < 0) {
		close(fd);
		return family;
	}
	struct wr_serve_listener *listener = new_listener(serve, settings, family == AF_UNIX);
	int r = family == AF_UNIX ? uv_pipe_open(&listener->uv.pipe, fd)
	                          : uv_tcp_open(&listener->uv.tcp, fd);
	if (r != 0)
		close(fd);
	return begin(listener, r, ret_listener);
}

uint16_t wr_serve_port(const struct wr_serve_listener *listener)
{
	struct sockaddr_storage address;
	int length = sizeof(address);
	if (listener->is_unix ||
	    uv_tcp_getsockname(&listener->uv.tcp, (struct sockaddr *)&address, &length) != 0)
		return 0;
	/* The port stands at the same place in both families. */
	return ntohs(((const struct sockaddr_in *)&address)->sin_port);
}
