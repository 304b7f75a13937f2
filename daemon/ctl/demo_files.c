/*
 * The demo's folder and the sample ward in it.
 */
#include "demo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARKER "wardround-demo"
#define HOLIDAYS "bank-holidays-england-and-wales.ics"

enum { SAMPLE_MAX = 1024 * 1024 };

/* ---- the folder ---- */

static const char *default_dir(struct wr_demo *demo)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	if (state && *state == '/')
		return wr_arena_printf(&demo->arena, "%s/wardround-demo", state);
	if (home && *home == '/')
		return wr_arena_printf(&demo->arena, "%s/.local/state/wardround-demo", home);
	return NULL;
}

static int make_folders(struct wr_demo *demo, const char *dir)
{
	char *path = wr_arena_strdup(&demo->arena, dir);
	for (char *c = path + 1; *c; c++) {
		if (*c != '/')
			continue;
		*c = '\0';
		if (mkdir(path, 0755) && errno != EEXIST)
			return -errno;
		*c = '/';
	}
	return mkdir(path, 0700) && errno != EEXIST ? -errno : 0;
}

static void name_files(struct wr_demo *demo)
{
	struct wr_arena *arena = &demo->arena;
	demo->config = wr_arena_printf(arena, "%s/wardround.conf", demo->dir);
	demo->database = wr_arena_printf(arena, "%s/ward.db", demo->dir);
	demo->socket = wr_arena_printf(arena, "%s/control.sock", demo->dir);
	demo->log = wr_arena_printf(arena, "%s/wardroundd.log", demo->dir);
	demo->pid_file = wr_arena_printf(arena, "%s/wardroundd.pid", demo->dir);
	demo->public_url = wr_arena_printf(arena, "http://127.0.0.1:%d", (int)demo->port);
}

static bool has_marker(const struct wr_demo *demo)
{
	return faccessat(demo->folder, MARKER, F_OK, 0) == 0;
}

static bool is_empty(const struct wr_demo *demo)
{
	struct dirent *entry;
	size_t n = 0;
	DIR *folder = opendir(demo->dir);
	while (folder && (entry = readdir(folder)))
		n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	if (folder)
		closedir(folder);
	return folder && n == 0;
}

static int lock_folder(struct wr_demo *demo)
{
	demo->folder = open(demo->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (demo->folder < 0)
		return wr_ctl_fail(demo->globals, WR_CTL_IO, "--dir names another folder",
		    "%s can't be opened: %s", demo->dir, strerror(errno));
	if (flock(demo->folder, LOCK_EX | LOCK_NB))
		return wr_ctl_fail(demo->globals, WR_CTL_AGAIN, "wait until it is done",
		    "another `wardctl demo` works on %s", demo->dir);
	return 0;
}

static int fail_dir(struct wr_demo *demo, bool make, const char *dir, int fault)
{
	if (!make && fault == -ENOENT)
		return wr_ctl_fail(demo->globals, WR_CTL_REFUSED, "--dir names the demo's folder",
		    "there is no demo in %s", dir);
	return wr_ctl_fail(demo->globals, WR_CTL_IO, "--dir names another folder",
	    "the folder %s can't be %s: %s", dir, make ? "made" : "opened", strerror(-fault));
}

int wr_demo_open(struct wr_demo *demo, const char *given, bool make)
{
	const char *dir = given ? given : default_dir(demo);
	if (wr_text_empty(dir))
		return wr_ctl_fail(demo->globals, WR_CTL_USAGE, "name one with --dir",
		    "there is no place for the demo's folder: neither XDG_STATE_HOME nor HOME is "
		    "set");
	int r = make ? make_folders(demo, dir) : 0;
	if (r)
		return fail_dir(demo, make, dir, r);
	char *whole = realpath(dir, NULL);
	if (!whole)
		return fail_dir(demo, make, dir, -errno);
	demo->dir = wr_arena_strdup(&demo->arena, whole);
	free(whole);
	name_files(demo);
	r = lock_folder(demo);
	if (r)
		return r;
	if (!has_marker(demo) && !(make && is_empty(demo)))
		return wr_ctl_fail(demo->globals, WR_CTL_REFUSED,
		    "--dir names a folder that is empty, new, or of an earlier demo",
		    "%s is not a demo's folder", demo->dir);
	return 0;
}

void wr_demo_close(struct wr_demo *demo)
{
	if (demo->folder >= 0)
		close(demo->folder);
	wr_arena_deinit(&demo->arena);
}

/* What an earlier demo left. Folders in it are not ours. */
static void empty_folder(const struct wr_demo *demo)
{
	struct dirent *entry;
	struct stat status;
	DIR *folder = opendir(demo->dir);
	while (folder && (entry = readdir(folder))) {
		if (fstatat(demo->folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
		    !S_ISDIR(status.st_mode) && strcmp(entry->d_name, MARKER) != 0)
			unlinkat(demo->folder, entry->d_name, 0);
	}
	if (folder)
		closedir(folder);
}

/* ---- the sample ---- */

static bool has_sample(struct wr_demo *demo, const char *dir)
{
	return access(wr_arena_printf(&demo->arena, "%s/patients.csv", dir), R_OK) == 0;
}

/* Installed, or beside the sources that this program was built from. */
static int find_sample(struct wr_demo *demo)
{
	static const char *const places[] = {WR_DEMO_SOURCE, WR_DEMO_INSTALLED};
	for (size_t i = 0; i < WR_COUNT(places); i++) {
		if (!has_sample(demo, places[i]))
			continue;
		demo->sample = places[i];
		return 0;
	}
	return wr_ctl_fail(demo->globals, WR_CTL_IO, "install wardround again",
	    "the sample ward is not there: neither in " WR_DEMO_INSTALLED
	    " nor in " WR_DEMO_SOURCE);
}

static int read_sample(struct wr_demo *demo, const char *name, struct wr_buf *text)
{
	const char *path = wr_arena_printf(&demo->arena, "%s/%s", demo->sample, name);
	int r = wr_ctl_read_file(path, SAMPLE_MAX, text);
	if (r)
		return wr_ctl_fail(demo->globals, WR_CTL_IO, "install wardround again",
		    "%s can't be read: %s", path, strerror(-r));
	return 0;
}

/* 2026-11-30T: a date that starts a time, as the sample's tables hold them. */
static bool is_date(const char *text)
{
	static const char shape[] = "dddd-dd-ddT";
	for (size_t i = 0; i < sizeof(shape) - 1; i++) {
		bool digit = text[i] >= '0' && text[i] <= '9';
		if (shape[i] == 'd' ? !digit : text[i] != shape[i])
			return false;
	}
	return true;
}

int wr_demo_sample(struct wr_demo *demo, const char *name, int days, const char **ret_text)
{
	struct wr_buf text = {0};
	int r = read_sample(demo, name, &text);
	if (r)
		goto out;
	for (char *at = text.data; at && *at; at++) {
		char date[WR_TIME_TEXT];
		wr_day day;
		if (!is_date(at))
			continue;
		memcpy(date, at, 10);
		date[10] = '\0';
		if (wr_day_parse(date, &day) == 0)
			memcpy(at, wr_day_iso(day + days, date), 10);
	}
	*ret_text = wr_arena_strndup(&demo->arena, wr_buf_text(&text), text.length);
out:
	wr_buf_deinit(&text);
	return r;
}

/* The sample's ports, 8480 and 8481, become the ones asked for. */
static void set_ports(const struct wr_demo *demo, const struct wr_buf *text, struct wr_buf *config)
{
	for (const char *at = wr_buf_text(text); *at; at++) {
		bool people = wr_text_starts(at, ":8480\""),
		     metrics = wr_text_starts(at, ":8481\"");
		if (people || metrics) {
			wr_buf_printf(config, ":%d\"", (int)demo->port + metrics);
			at += strlen(":8480\"") - 1;
		} else {
			wr_buf_putc(config, *at);
		}
	}
}

static int write_here(struct wr_demo *demo, const char *name, const struct wr_buf *text)
{
	const char *path = wr_arena_printf(&demo->arena, "%s/%s", demo->dir, name);
	int r = wr_ctl_write_file(path, wr_buf_text(text), text->length, 0600);
	if (r)
		return wr_ctl_fail(demo->globals, WR_CTL_IO, "--dir names another folder",
		    "%s can't be written: %s", path, strerror(-r));
	return 0;
}

int wr_demo_fill(struct wr_demo *demo)
{
	struct wr_buf text = {0}, config = {0}, holidays = {0}, marker = {0};
	int r = find_sample(demo);
	if (r)
		goto out;
	empty_folder(demo);
	wr_buf_puts(&marker, "`wardctl demo start` empties this folder.\n");
	r = write_here(demo, MARKER, &marker);
	if (r == 0)
		r = read_sample(demo, "wardround.conf", &text);
	if (r == 0)
		r = read_sample(demo, HOLIDAYS, &holidays);
	if (r)
		goto out;
	set_ports(demo, &text, &config);
	r = write_here(demo, "wardround.conf", &config);
	if (r == 0)
		r = write_here(demo, HOLIDAYS, &holidays);
out:
	wr_buf_deinit(&text);
	wr_buf_deinit(&config);
	wr_buf_deinit(&holidays);
	wr_buf_deinit(&marker);
	return r;
}
