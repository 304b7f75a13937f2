#include "gateway.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 16384, GUESTS = 4096 };

struct guest {
	char bytes[ROOM];
	size_t length;
};

static struct guest *guests[GUESTS];

static void give_up(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t now(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

/* The length of the first whole request in the buffer, 0 when it is not all there. */
static size_t whole_request(const struct guest *guest)
{
	const char *end = memmem(guest->bytes, guest->length, "\r\n\r\n", 4);
	const char *length = memmem(guest->bytes, guest->length, "Content-Length: ", 16);
	if (!end || !length || length > end)
		return 0;
	size_t whole = (size_t)(end + 4 - guest->bytes) + strtoul(length + 16, NULL, 10);
	return whole <= guest->length ? whole : 0;
}

static void note(struct gateway *gateway, const struct guest *guest, size_t whole)
{
	uint32_t n = gateway->taken;
	if (n < GATEWAY_MOST)
		gateway->at[n] = now();
	gateway->signatures += memmem(guest->bytes, whole, "webhook-signature: v1,", 22) != NULL;
	gateway->taken = n + 1;
}

static void take(struct gateway *gateway, int fd)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
	struct guest *guest = guests[fd];
	ssize_t n = recv(fd, guest->bytes + guest->length, ROOM - 1 - guest->length, 0);
	if (n <= 0) {
		close(fd);
		free(guest);
		guests[fd] = NULL;
		return;
	}
	guest->length += (size_t)n;
	guest->bytes[guest->length] = '\0';
	for (size_t whole; (whole = whole_request(guest)) > 0;) {
		note(gateway, guest, whole);
		memmove(guest->bytes, guest->bytes + whole, guest->length - whole);
		guest->length -= whole;
		if (send(fd, answer, sizeof(answer) - 1, MSG_NOSIGNAL) < 0)
			return;
	}
}

static void let_in(int epoll, int listener)
{
	int fd = accept(listener, NULL, NULL);
	if (fd < 0 || fd >= GUESTS)
		give_up("accept");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	guests[fd] = calloc(1, sizeof(**guests));
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
	epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void serve(struct gateway *gateway, int listener)
{
	struct epoll_event events[256], first = {.events = EPOLLIN, .data.fd = listener};
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &first);
	for (;;) {
		int n = epoll_wait(epoll, events, 256, -1);
		for (int i = 0; i < n; i++)
			if (events[i].data.fd == listener)
				let_in(epoll, listener);
			else
				take(gateway, events[i].data.fd);
	}
}

struct gateway *gateway_open(void)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	struct gateway *gateway =
	    mmap(NULL, sizeof(*gateway), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (gateway == MAP_FAILED || bind(listener, (struct sockaddr *)&address, length) < 0 ||
	    listen(listener, 1024) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &length) < 0)
		give_up("gateway");
	gateway->port = ntohs(address.sin_port);
	pid_t pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(gateway, listener);
	}
	gateway->pid = pid;
	close(listener);
	return gateway;
}

void gateway_close(struct gateway *gateway)
{
	kill(gateway->pid, SIGKILL);
	waitpid(gateway->pid, NULL, 0);
	munmap(gateway, sizeof(*gateway));
}
