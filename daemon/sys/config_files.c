#include "sys/config_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZONE_FOLDER "/usr/share/zoneinfo"

/* ---- one file ---- */

static int read_bytes(int fd, struct wr_buf *buf)
{
	char chunk[16384];
	for (;;) {
		ssize_t n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		wr_buf_append(buf, chunk, (size_t)n);
		if (buf->length > WR_CONFIG_SOURCE_MAX)
			return -EFBIG;
	}
}

static int kind_outcome(const struct stat *status)
{
	if (S_ISDIR(status->st_mode))
		return -EISDIR;
	if (!S_ISREG(status->st_mode))
		return -EINVAL;
	return status->st_size > WR_CONFIG_SOURCE_MAX ? -EFBIG : 0;
}

/* O_NONBLOCK: a fifo in the place of a file is refused, not waited for. */
static int read_file(
    void *context, struct wr_arena *arena, const char *path, struct wr_config_file *ret_file)
{
	struct wr_buf buf = {0};
	struct stat status;
	(void)context;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	int r = fstat(fd, &status) ? -errno : kind_outcome(&status);
	if (r)
		goto out;
	r = read_bytes(fd, &buf);
	if (r)
		goto out;
	*ret_file = (struct wr_config_file){
	    .bytes = wr_arena_strndup(arena, wr_buf_text(&buf), buf.length),
	    .length = buf.length,
	    .mode = status.st_mode & 07777,
	};
out:
	wr_buf_deinit(&buf);
	close(fd);
	return r;
}

static int read_zone(
    void *context, struct wr_arena *arena, const char *name, struct wr_config_file *ret_file)
{
	return read_file(context, arena, wr_arena_printf(arena, ZONE_FOLDER "/%s", name), ret_file);
}

const struct wr_config_port wr_config_files_port = {.read_file = read_file, .read_zone = read_zone};

/* ---- the files of one configuration ---- */

static int is_conf(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);
	return entry->d_name[0] != '.' && length > 5 &&
	       strcmp(entry->d_name + length - 5, ".conf") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

struct files {
	struct wr_arena *arena;
	const char **paths;
	size_t n, capacity;
	struct wr_config_source *sources;
	size_t n_sources;
	struct wr_config_diagnostic *unread;
	size_t n_unread;
};

static void add_path(struct files *files, const char *path)
{
	WR_GROW(files->paths, files->n, files->capacity);
	files->paths[files->n++] = path;
}

/* The name of conf.d beside the main file: "conf.d" for "wardround.conf". */
static const char *folder_beside(struct wr_arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	return wr_arena_printf(arena, "%.*sconf.d", slash ? (int)(slash - path) + 1 : 0, path);
}

static void list_files(struct files *files, const char *path)
{
	struct dirent **entries;
	const char *folder = folder_beside(files->arena, path);
	add_path(files, path);
	int n = scandir(folder, &entries, is_conf, by_name);
	if (n < 0 && errno != ENOENT && errno != ENOTDIR)
		add_path(files, folder); /* reading it says why it can't be */
	for (int i = 0; i < n; i++) {
		add_path(files, wr_arena_printf(files->arena, "%s/%s", folder, entries[i]->d_name));
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

static const char *why_unread(int fault)
{
	switch (-fault) {
	case ENOENT:
		return "there is no such file";
	case EISDIR:
		return "it is a folder";
	case EINVAL:
		return "it is no regular file";
	case EFBIG:
		return "it is larger than 1 MiB";
	default:
		return strerror(-fault);
	}
}

static void read_files(struct files *files)
{
	files->sources = wr_arena_new(files->arena, struct wr_config_source, files->n);
	files->unread = wr_arena_new(files->arena, struct wr_config_diagnostic, files->n);
	for (size_t i = 0; i < files->n; i++) {
		struct wr_config_file file;
		int r = read_file(NULL, files->arena, files->paths[i], &file);
		if (r == 0)
			files->sources[files->n_sources++] = (struct wr_config_source){
			    .path = files->paths[i], .bytes = file.bytes, .length = file.length};
		else
			files->unread[files->n_unread++] = (struct wr_config_diagnostic){
			    .severity = WR_CONFIG_ERROR,
			    .file = files->paths[i],
			    .line = 1,
			    .column = 1,
			    .width = 1,
			    .text = wr_arena_printf(
				files->arena, "this file can't be read: %s", why_unread(r)),
			    .source_line = "",
			};
	}
}

static void put_unread_first(const struct files *files, struct wr_config_diagnostics *diagnostics)
{
	size_t n = files->n_unread + diagnostics->n;
	struct wr_config_diagnostic *all =
	    wr_arena_new(files->arena, struct wr_config_diagnostic, n);
	memcpy(all, files->unread, files->n_unread * sizeof(*all));
	if (diagnostics->n)
		memcpy(all + files->n_unread, diagnostics->items, diagnostics->n * sizeof(*all));
	diagnostics->items = all;
	diagnostics->n = n;
	diagnostics->errors += files->n_unread;
}

int wr_config_load(const char *path, wr_time now, struct wr_arena *arena,
    const struct wr_config **ret_config, struct wr_config_diagnostics *ret_diagnostics)
{
	int r = 0;
	struct files files = {.arena = arena};
	const char *main_path = wr_arena_strdup(arena, path);
	*ret_config = NULL;
	*ret_diagnostics = (struct wr_config_diagnostics){0};
	list_files(&files, main_path);
	read_files(&files);
	/* without the main file everything it would have said would be a mistake of its own */
	bool have_main = files.n_sources && files.sources[0].path == main_path;
	if (have_main)
		r = wr_config_read(arena, files.sources, files.n_sources, &wr_config_files_port,
		    now, ret_config, ret_diagnostics);
	if (files.n_unread) {
		put_unread_first(&files, ret_diagnostics);
		*ret_config = NULL;
		r = WR_CONFIG_BAD;
	}
	free(files.paths);
	return r;
}
