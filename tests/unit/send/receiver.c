#include "receiver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct guest {
	uv_tcp_t tcp;
	struct receiver *receiver;
	struct wr_buf in;
	const char *forever; /* what is sent again and again */
	struct guest *next, *previous;
};

struct answer {
	uv_write_t write;
	struct guest *guest;
	char *bytes;
	bool then_close;
};

static void on_guest_closed(uv_handle_t *handle)
{
	struct guest *guest = wr_container_of((uv_tcp_t *)(void *)handle, struct guest, tcp);
	if (guest->previous)
		guest->previous->next = guest->next;
	else
		guest->receiver->guests = guest->next;
	if (guest->next)
		guest->next->previous = guest->previous;
	wr_buf_deinit(&guest->in);
	free(guest);
}

static void leave(struct guest *guest)
{
	if (!uv_is_closing((uv_handle_t *)&guest->tcp))
		uv_close((uv_handle_t *)&guest->tcp, on_guest_closed);
}

static void say(struct guest *guest, const char *bytes, bool then_close);

static void on_written(uv_write_t *write, int status)
{
	struct answer *answer = wr_container_of(write, struct answer, write);
	struct guest *guest = answer->guest;
	bool then_close = answer->then_close;
	guest->receiver->sent += strlen(answer->bytes);
	free(answer->bytes);
	free(answer);
	if (uv_is_closing((uv_handle_t *)&guest->tcp))
		return;
	if (status < 0 || then_close)
		leave(guest);
	else if (guest->forever)
		say(guest, guest->forever, false);
}

static void say(struct guest *guest, const char *bytes, bool then_close)
{
	struct answer *answer = wr_alloc(1, sizeof(*answer));
	answer->guest = guest;
	answer->bytes = wr_strdup(bytes);
	answer->then_close = then_close;
	uv_buf_t buf = uv_buf_init(answer->bytes, (unsigned)strlen(bytes));
	if (uv_write(&answer->write, (uv_stream_t *)&guest->tcp, &buf, 1, on_written) != 0)
		abort();
}

static void say_status(struct guest *guest, int status, const char *headers)
{
	char text[400];
	snprintf(text, sizeof(text), "HTTP/1.1 %d Said\r\n%sContent-Length: 2\r\n\r\nok", status,
	    headers);
	say(guest, text, false);
}

static void answer(struct guest *guest, const char *path)
{
	static char much[8001], header[4001];
	char text[100];
	int number = 0;
	if (sscanf(path, "/status/%d", &number) == 1) {
		say_status(guest, number, "");
	} else if (sscanf(path, "/later/%d", &number) == 1) {
		snprintf(text, sizeof(text), "Retry-After: %d\r\n", number);
		say_status(guest, 503, text);
	} else if (wr_text_starts(path, "/redirect")) {
		snprintf(text, sizeof(text), "Location: http://127.0.0.1:%d/trap\r\n",
		    guest->receiver->port);
		say_status(guest, 302, text);
	} else if (wr_text_starts(path, "/big")) {
		memset(much, 'x', sizeof(much) - 1);
		guest->forever = much;
		say(guest, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", false);
	} else if (wr_text_starts(path, "/heads")) {
		memset(header, 'x', sizeof(header) - 1);
		memcpy(header, "X-A: ", 5);
		memcpy(header + sizeof(header) - 3, "\r\n", 2);
		guest->forever = header;
		say(guest, "HTTP/1.1 200 OK\r\n", false);
	} else if (wr_text_starts(path, "/stuck")) {
		say(guest, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", false);
	} else if (wr_text_starts(path, "/cut")) {
		say(guest, "HTTP/1.1 200 OK\r\nContent-Le", true);
	} else if (!wr_text_starts(path, "/silent")) {
		guest->receiver->trapped += wr_text_starts(path, "/trap");
		say_status(guest, 200, "");
	}
}

/* One request at a time, as curl sends them without pipelining. */
static void look_for_request(struct guest *guest)
{
	const char *text = wr_buf_text(&guest->in), *end = strstr(text, "\r\n\r\n");
	const char *length = strcasestr(text, "\r\nContent-Length:");
	char path[200] = "";
	if (!end || !length)
		return;
	size_t whole = (size_t)(end + 4 - text) + strtoul(length + 17, NULL, 10);
	if (guest->in.length < whole)
		return;
	struct receiver *receiver = guest->receiver;
	receiver->requests++;
	wr_buf_clear(&receiver->last);
	wr_buf_append(&receiver->last, text, whole);
	sscanf(text, "POST %199s", path);
	wr_buf_clear(&guest->in);
	answer(guest, path);
}

static void on_alloc(uv_handle_t *handle, size_t wanted, uv_buf_t *ret_buf)
{
	static char bytes[65536];
	(void)handle;
	(void)wanted;
	*ret_buf = uv_buf_init(bytes, sizeof(bytes));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct guest *guest = wr_container_of((uv_tcp_t *)(void *)stream, struct guest, tcp);
	if (n < 0) {
		leave(guest);
		return;
	}
	wr_buf_append(&guest->in, buf->base, (size_t)n);
	look_for_request(guest);
}

static void on_connection(uv_stream_t *stream, int status)
{
	struct receiver *receiver =
	    wr_container_of((uv_tcp_t *)(void *)stream, struct receiver, tcp);
	if (status < 0)
		abort();
	struct guest *guest = wr_alloc(1, sizeof(*guest));
	guest->receiver = receiver;
	guest->next = receiver->guests;
	if (guest->next)
		guest->next->previous = guest;
	receiver->guests = guest;
	receiver->connections++;
	uv_tcp_init(receiver->loop, &guest->tcp);
	if (uv_accept(stream, (uv_stream_t *)&guest->tcp) != 0)
		abort();
	uv_read_start((uv_stream_t *)&guest->tcp, on_alloc, on_read);
}

void receiver_open(struct receiver *receiver, uv_loop_t *loop)
{
	struct sockaddr_in address;
	int length = sizeof(address);
	*receiver = (struct receiver){.loop = loop};
	uv_ip4_addr("127.0.0.1", 0, &address);
	uv_tcp_init(loop, &receiver->tcp);
	if (uv_tcp_bind(&receiver->tcp, (struct sockaddr *)&address, 0) != 0 ||
	    uv_listen((uv_stream_t *)&receiver->tcp, 512, on_connection) != 0)
		abort();
	uv_tcp_getsockname(&receiver->tcp, (struct sockaddr *)&address, &length);
	receiver->port = ntohs(address.sin_port);
}

void receiver_close(struct receiver *receiver)
{
	uv_close((uv_handle_t *)&receiver->tcp, NULL);
	for (struct guest *guest = receiver->guests; guest; guest = guest->next)
		leave(guest);
	wr_buf_deinit(&receiver->last);
}
