/*
 * Whole files, read and written.
 */
#include "ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int read_all(int fd, size_t most, struct wr_buf *buf)
{
	char chunk[65536];
	for (;;) {
		ssize_t n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return 0;
		if (buf->length + (size_t)n > most)
			return -EFBIG;
		wr_buf_append(buf, chunk, (size_t)n);
	}
}

int wr_ctl_read_file(const char *path, size_t most, struct wr_buf *buf)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int r = read_all(fd, most, buf);
	close(fd);
	return r;
}

int wr_ctl_write_file(const char *path, const char *bytes, size_t length, unsigned mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (fd < 0)
		return -errno;
	while (length) {
		ssize_t n = write(fd, bytes, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			int r = -errno;
			close(fd);
			return r;
		}
		bytes += n;
		length -= (size_t)n;
	}
	return close(fd) ? -errno : 0;
}
