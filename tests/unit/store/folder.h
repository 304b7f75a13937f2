/*
 * folder: a folder of its own for each test of the store, removed afterwards.
 */
#ifndef WR_TEST_STORE_FOLDER_H
#define WR_TEST_STORE_FOLDER_H

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rows.h"

struct folder {
	char path[64], file[96];
};

static inline int make_folder(void **state)
{
	struct folder *folder = wr_alloc(1, sizeof(*folder));
	snprintf(folder->path, sizeof(folder->path), "/tmp/wardround-store-XXXXXX");
	if (!mkdtemp(folder->path))
		return -1;
	snprintf(folder->file, sizeof(folder->file), "%s/ward.db", folder->path);
	*state = folder;
	return 0;
}

static inline int remove_folder(void **state)
{
	struct folder *folder = *state;
	DIR *dir = opendir(folder->path);
	struct dirent *entry;
	while (dir && (entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
	rmdir(folder->path);
	free(folder);
	return 0;
}

static inline struct wr_store *open_store(
    const struct folder *folder, const struct wr_store_options *options)
{
	struct wr_store *store = NULL;
	char *error = NULL;
	int outcome = wr_store_open(folder->file, options, &store, &error);
	if (outcome)
		fail_msg("%d: %s", outcome, error);
	free(error);
	return store;
}

/* As another program would change the file. */
static inline void meddle(const struct folder *folder, const char *sql)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(folder->file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

#endif
