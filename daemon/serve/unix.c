#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * A socket address holds 107 bytes of path; a folder may be deeper. So the folder is opened, and
 * the socket named through it: /proc/self/fd/N/name.
 */
int wr_serve_socket_path(const char *path, char text[108], int *ret_folder)
{
	enum { MOST = sizeof(((struct sockaddr_un *)NULL)->sun_path) };
	_Static_assert(MOST == 108, "as in serve.h");
	*ret_folder = -1;
	if (strlen(path) < MOST) {
		memcpy(text, path, strlen(path) + 1);
		return 0;
	}
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	if (!slash || strlen(name) > 64)
		return -ENAMETOOLONG;
	char *folder_path = wr_strdup(path);
	folder_path[slash - path] = '\0';
	int folder = open(*folder_path ? folder_path : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r = folder < 0 ? -errno : 0;
	free(folder_path);
	if (r == 0) {
		snprintf(text, MOST, "/proc/self/fd/%d/%s", folder, name);
		*ret_folder = folder;
	}
	return r;
}

static int new_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}

/* 0 when nobody listens there any more. */
static int remove_stale(const struct sockaddr_un *address)
{
	struct stat status;
	if (lstat(address->sun_path, &status) != 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(status.st_mode))
		return -EEXIST;
	int fd = new_socket();
	if (fd < 0)
		return fd;
	int r = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ? 0 : -errno;
	close(fd);
	if (r == -ECONNREFUSED)
		return unlink(address->sun_path) == 0 || errno == ENOENT ? 0 : -errno;
	return r == 0 || r == -EAGAIN ? -EADDRINUSE : r;
}

int wr_serve_bind_unix(const char *path, uint64_t *ret_device, uint64_t *ret_inode)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct stat status;
	int folder = -1, fd = -1;
	int r = wr_serve_socket_path(path, address.sun_path, &folder);
	if (r < 0)
		goto out;
	r = remove_stale(&address);
	if (r < 0)
		goto out;
	r = fd = new_socket();
	if (r < 0)
		goto out;
	/* The mode has to be right from the first moment. */
	mode_t before = umask(0117);
	r = bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ? 0 : -errno;
	umask(before);
	if (r == 0 && stat(address.sun_path, &status) != 0)
		r = -errno;
	if (r == 0) {
		*ret_device = status.st_dev;
		*ret_inode = status.st_ino;
		r = fd;
		fd = -1;
	}
out:
	if (fd >= 0)
		close(fd);
	if (folder >= 0)
		close(folder);
	return r;
}

void wr_serve_unlink_unix(const char *path, uint64_t device, uint64_t inode)
{
	struct stat status;
	if (lstat(path, &status) == 0 && status.st_dev == device && status.st_ino == inode)
		unlink(path);
}
