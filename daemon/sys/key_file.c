#include "sys/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/random.h"
#include "wardround/base.h"

static int read_key(int fd, unsigned char key[WR_KEY_FILE_BYTES])
{
	struct stat st;
	unsigned char more;
	if (fstat(fd, &st))
		return -errno;
	if (st.st_mode & 077)
		return -EPERM;
	if (read(fd, key, WR_KEY_FILE_BYTES) != WR_KEY_FILE_BYTES || read(fd, &more, 1) != 0)
		return -EBADMSG;
	return 0;
}

static int sync_folder_of(const char *path)
{
	char *folder = wr_strdup(path), *slash = strrchr(folder, '/');
	if (slash)
		*slash = '\0';
	int fd = open(slash ? (*folder ? folder : "/") : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = fd < 0 || fsync(fd) ? -errno : 0;
	if (fd >= 0)
		close(fd);
	free(folder);
	return r;
}

/* Under another name first, so that a crash leaves no half of a key. */
int wr_key_file_make(const char *path, unsigned char ret_key[WR_KEY_FILE_BYTES])
{
	struct wr_buf draft = {0};
	wr_buf_printf(&draft, "%s.new", path);
	int r = 0;
	int fd = open(draft.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0) {
		r = -errno;
		goto out;
	}
	wr_random_bytes(ret_key, WR_KEY_FILE_BYTES);
	if (write(fd, ret_key, WR_KEY_FILE_BYTES) != WR_KEY_FILE_BYTES || fsync(fd) ||
	    rename(draft.data, path))
		r = errno ? -errno : -EIO;
	close(fd);
	if (!r)
		r = sync_folder_of(path);
out:
	wr_buf_deinit(&draft);
	return r;
}

int wr_key_file_read(const char *path, unsigned char ret_key[WR_KEY_FILE_BYTES])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int r = read_key(fd, ret_key);
	close(fd);
	return r;
}
