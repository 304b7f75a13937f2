#include "serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST = 3 }; /* SD_LISTEN_FDS_START */

/* The next of the names that colons separate. */
static void take_name(const char **names, char name[64])
{
	size_t length = strcspn(*names, ":");
	size_t kept = length < 63 ? length : 63;
	memcpy(name, *names, kept);
	name[kept] = '\0';
	*names += length + ((*names)[length] == ':');
}

static int read_passed(struct wr_serve_passed passed[WR_SERVE_PASSED])
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	const char *names = getenv("LISTEN_FDNAMES");
	int64_t number, n;
	if (!pid || !fds)
		return 0;
	if (wr_text_int(pid, 1, INT32_MAX, &number) != 0 || wr_text_int(fds, 0, INT32_MAX, &n) != 0)
		return -EINVAL;
	if (number != getpid())
		return 0;
	if (n > WR_SERVE_PASSED)
		return -E2BIG;
	if (!names)
		names = "";
	for (int i = 0; i < (int)n; i++) {
		passed[i].fd = FIRST + i;
		take_name(&names, passed[i].name);
		if (fcntl(passed[i].fd, F_SETFD, FD_CLOEXEC) != 0)
			return -errno;
	}
	return (int)n;
}

int wr_serve_passed(struct wr_serve_passed passed[WR_SERVE_PASSED])
{
	int r = read_passed(passed);
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return r;
}
