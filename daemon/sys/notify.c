#include "sys/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct {
	struct sockaddr_un address;
	socklen_t length; /* 0: no manager */
	uint64_t watchdog_ms;
} manager;

static void read_watchdog(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	if (usec && (!pid || atol(pid) == (long)getpid()))
		manager.watchdog_ms = strtoull(usec, NULL, 10) / 2000;
}

void wr_notify_init(void)
{
	const char *path = getenv("NOTIFY_SOCKET");
	size_t length = path ? strlen(path) : 0;
	if (length > 1 && length < sizeof(manager.address.sun_path)) {
		manager.address.sun_family = AF_UNIX;
		memcpy(manager.address.sun_path, path, length);
		if (path[0] == '@') /* an abstract name */
			manager.address.sun_path[0] = '\0';
		manager.length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
	}
	read_watchdog();
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

void wr_notify(const char *state)
{
	if (!manager.length)
		return;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL,
	    (const struct sockaddr *)(const void *)&manager.address, manager.length);
	close(fd);
}

uint64_t wr_notify_watchdog_ms(void)
{
	return manager.watchdog_ms;
}
