/*
 * Opening: first it is made sure that the file is ours, whole, and used by nobody else; only then
 * is anything in it changed.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/inside.h"

static int say(char **ret_error, int outcome, const char *format, ...) WR_PRINTF(3, 4);
static int say(char **ret_error, int outcome, const char *format, ...)
{
	struct wr_buf buf = {0};
	va_list args;
	va_start(args, format);
	wr_buf_vprintf(&buf, format, args);
	va_end(args);
	free(*ret_error);
	*ret_error = wr_buf_take(&buf);
	return outcome;
}

/* Not a lock on the database itself: closing any descriptor of it would drop SQLite's own locks. */
static int take_lock(const char *path, int *ret_file, char **ret_error)
{
	struct wr_buf name = {0};
	wr_buf_printf(&name, "%s.lock", path);
	int outcome = 0;
	int file = open(name.data, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0) {
		outcome =
		    say(ret_error, -errno, "%s: can't be opened: %s", name.data, strerror(errno));
	} else if (flock(file, LOCK_EX | LOCK_NB) < 0) {
		outcome = say(ret_error, WR_STORE_LOCKED,
		    "%s: is in use by another wardroundd: stop that one, or set `database` to "
		    "another file",
		    path);
		close(file);
		file = -1;
	}
	*ret_file = file;
	wr_buf_deinit(&name);
	return outcome;
}

static int sync_folder(const char *path)
{
	char *copy = wr_strdup(path);
	int file = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int outcome = file >= 0 && fsync(file) == 0 ? 0 : -errno;
	if (file >= 0)
		close(file);
	free(copy);
	return outcome;
}

/* SQLite gives the files beside it the same mode. */
static int make_private(int file, const char *path, const struct stat *about)
{
	if (about->st_size == 0 && sync_folder(path) < 0)
		return -errno;
	if ((about->st_mode & 077) && fchmod(file, 0600) < 0)
		return -errno;
	return 0;
}

static int check_file(const char *path, char **ret_error)
{
	static const char magic[16] = "SQLite format 3";
	char head[sizeof(magic)];
	struct stat about;
	int outcome = 0;
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0 || fstat(file, &about) < 0) {
		outcome = say(ret_error, -errno, "%s: can't be opened: %s", path, strerror(errno));
	} else if (!S_ISREG(about.st_mode)) {
		outcome = say(ret_error, WR_STORE_UNUSABLE,
		    "%s: is not a file: set `database` to a file", path);
	} else if (about.st_size > 0 &&
		   (pread(file, head, sizeof(head), 0) != (ssize_t)sizeof(head) ||
		       memcmp(head, magic, sizeof(magic)) != 0)) {
		outcome = say(ret_error, WR_STORE_UNUSABLE,
		    "%s: is not a database: move it away, or set `database` to another file", path);
	} else if ((outcome = make_private(file, path, &about)) < 0) {
		say(ret_error, outcome, "%s: can't be made private: %s", path, strerror(-outcome));
	}
	if (file >= 0)
		close(file);
	return outcome;
}

static int say_full(const char *path, char **ret_error)
{
	return say(ret_error, -ENOSPC, "%s: the disk is full: make room, then start again", path);
}

static int say_damaged(const char *path, const char *what, char **ret_error)
{
	return say(ret_error, WR_STORE_UNUSABLE,
	    "%s: is damaged (%s): restore a backup; `sqlite3 %s .recover` may save something", path,
	    what, path);
}

static int say_sqlite(struct wr_tx *tx, const char *path, int code, char **ret_error)
{
	switch (code & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return say_damaged(path, sqlite3_errmsg(tx->db), ret_error);
	case SQLITE_BUSY:
		return say(ret_error, WR_STORE_LOCKED, "%s: another program holds it: %s", path,
		    sqlite3_errmsg(tx->db));
	case SQLITE_FULL:
		return say_full(path, ret_error);
	default:
		/* not even room for the log's index */
		if (code == SQLITE_IOERR_SHMSIZE)
			return say_full(path, ret_error);
		return say(ret_error, -EIO, "%s: %s (%d)", path, sqlite3_errmsg(tx->db), code);
	}
}

/* A statement's code of SQLite, with the text or number of its first row. */
static int ask(struct wr_tx *tx, const char *sql, int64_t *ret_number, char text[128])
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(tx->db, sql, -1, &statement, NULL);
	if (code != SQLITE_OK)
		return code;
	if (sqlite3_step(statement) == SQLITE_ROW) {
		const unsigned char *column = sqlite3_column_text(statement, 0);
		*ret_number = sqlite3_column_int64(statement, 0);
		snprintf(text, 128, "%s", column ? (const char *)column : "");
	}
	return sqlite3_finalize(statement);
}

static int check_identity(struct wr_tx *tx, const char *path, char **ret_error)
{
	const int64_t known = wr_store_migrations[wr_store_n_migrations - 1].version;
	int64_t id = 0;
	int64_t version = 0;
	int64_t tables = 0;
	char text[128] = "";
	int code = ask(tx, "PRAGMA application_id", &id, text);
	if (code == SQLITE_OK)
		code = ask(tx, "PRAGMA user_version", &version, text);
	if (code == SQLITE_OK)
		code = ask(tx, "SELECT count(*) FROM sqlite_schema", &tables, text);
	if (code != SQLITE_OK)
		return say_sqlite(tx, path, code, ret_error);
	bool fresh = id == 0 && version == 0 && tables == 0;
	if (!fresh && id != WR_STORE_APPLICATION_ID)
		return say(ret_error, WR_STORE_UNUSABLE,
		    "%s: is the database of another program (application id %lld): set `database` "
		    "to another file",
		    path, (long long)id);
	if (version > known)
		return say(ret_error, WR_STORE_UNUSABLE,
		    "%s: was made by a newer wardround (tables of version %lld; this one knows "
		    "%lld): upgrade wardround, or restore the copy %s.before-v%lld",
		    path, (long long)version, (long long)known, path, (long long)known + 1);
	code = ask(tx, "PRAGMA quick_check(1)", &id, text);
	if (code != SQLITE_OK)
		return say_sqlite(tx, path, code, ret_error);
	if (strcmp(text, "ok") != 0)
		return say_damaged(path, text, ret_error);
	return 0;
}

static int open_writer(struct wr_store *store, const char *path, char **ret_error)
{
	struct wr_tx *tx = &store->writer.tx;
	const char *name = path ? path : "memory";
	int code = wr_tx_open(tx, path, true);
	int outcome = code == SQLITE_OK ? check_identity(tx, name, ret_error)
	                                : say_sqlite(tx, name, code, ret_error);
	if (outcome)
		return outcome;
	code = wr_tx_take_over(tx);
	if (code != SQLITE_OK)
		return say_sqlite(tx, name, code, ret_error);
	outcome =
	    wr_schema_migrate(tx, path, wr_store_migrations, wr_store_n_migrations, ret_error);
	if (outcome && !*ret_error)
		return say_sqlite(tx, name, sqlite3_extended_errcode(tx->db), ret_error);
	if (outcome)
		return outcome;
	/* so that the file itself, not only its log, says whose it is */
	code = sqlite3_wal_checkpoint_v2(tx->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	if (code == SQLITE_OK || (code & 0xff) == SQLITE_FULL)
		return 0;
	return say_sqlite(tx, name, code, ret_error);
}

static int open_reader(struct wr_store *store, const char *path, char **ret_error)
{
	int code = wr_tx_open(&store->reader.tx, path, false);
	return code == SQLITE_OK ? 0 : say_sqlite(&store->reader.tx, path, code, ret_error);
}

int wr_store_open_files(struct wr_store *store, const char *path, char **ret_error)
{
	int outcome = 0;
	/* nobody asks how much memory it has, and counting takes a lock each time; refused, and no
	 * matter, once SQLite is in use */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (path)
		outcome = take_lock(path, &store->lock_file, ret_error);
	if (outcome == 0 && path)
		outcome = check_file(path, ret_error);
	if (outcome == 0)
		outcome = open_writer(store, path, ret_error);
	if (outcome == 0 && path && store->options.loop)
		outcome = open_reader(store, path, ret_error);
	return outcome;
}
