#include "sys/whole_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wardround/base.h"

static const char unfinished[] = ".unfinished-";

static int open_folder(const char *folder)
{
	int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return file < 0 ? -errno : file;
}

static int write_all(int file, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(file, bytes, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes += n;
		length -= (size_t)n;
	}
	return 0;
}

static int write_under(
    int folder, const char *name, unsigned mode, const void *bytes, size_t length)
{
	unlinkat(folder, name, 0); /* of a write that was cut short */
	int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (file < 0)
		return -errno;
	int r = write_all(file, bytes, length);
	if (!r && (fchmod(file, mode) || fsync(file)))
		r = -errno;
	if (close(file) && !r)
		r = -errno;
	return r;
}

int wr_whole_file_write(
    const char *folder, const char *name, unsigned mode, const void *bytes, size_t length)
{
	struct wr_buf hidden = {0};
	int in = open_folder(folder);
	if (in < 0)
		return in;
	wr_buf_printf(&hidden, "%s%s", unfinished, name);
	int r = write_under(in, hidden.data, mode, bytes, length);
	if (!r && renameat(in, hidden.data, in, name))
		r = -errno;
	if (!r && fsync(in))
		r = -errno;
	if (r)
		unlinkat(in, hidden.data, 0);
	close(in);
	wr_buf_deinit(&hidden);
	return r;
}

int wr_whole_file_find(const char *folder, const char *name)
{
	struct stat is;
	int in = open_folder(folder);
	if (in < 0)
		return in;
	int r = fstatat(in, name, &is, AT_SYMLINK_NOFOLLOW) ? -errno : 0;
	close(in);
	return r;
}

int wr_whole_file_prune(
    const char *folder, bool (*is_old)(const char *name, const void *data), const void *data)
{
	int r = 0;
	DIR *names = opendir(folder);
	if (!names)
		return -errno;
	for (struct dirent *entry; (entry = readdir(names));)
		if (wr_text_starts(entry->d_name, unfinished) || is_old(entry->d_name, data))
			if (unlinkat(dirfd(names), entry->d_name, 0) && !r)
				r = -errno;
	closedir(names);
	return r;
}
