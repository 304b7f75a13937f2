/*
 * faulty: a file system for SQLite that is the usual one, but fails when told: the n-th write or
 * sync from now on of the files whose name ends in a given way. One for the program; any thread.
 */
#ifndef WR_TEST_STORE_FAULTY_H
#define WR_TEST_STORE_FAULTY_H

#include <stdatomic.h>

#include "folder.h"

enum faulty_operation { FAULTY_READ = 1, FAULTY_WRITE = 2, FAULTY_SYNC = 4, FAULTY_MAP = 8 };

static struct {
	atomic_int operations; /* which fail */
	atomic_int code;       /* with what; 0: none */
	atomic_int countdown;  /* after so many that go through */
	atomic_int failures;
	const char *ending;
} faulty;

struct faulty_file {
	sqlite3_file base;
	bool meant;
	sqlite3_file *real; /* follows */
};

static void faulty_start(int operations, int code, int after, const char *ending)
{
	faulty.ending = ending;
	atomic_store(&faulty.failures, 0);
	atomic_store(&faulty.operations, operations);
	atomic_store(&faulty.countdown, after);
	atomic_store(&faulty.code, code);
}

static int faulty_stop(void)
{
	atomic_store(&faulty.code, 0);
	return atomic_load(&faulty.failures);
}

static int faulty_now(const struct faulty_file *file, int operation)
{
	int code = atomic_load(&faulty.code);
	if (!code || !(atomic_load(&faulty.operations) & operation) || !file->meant)
		return SQLITE_OK;
	if (atomic_fetch_sub(&faulty.countdown, 1) > 0)
		return SQLITE_OK;
	atomic_fetch_add(&faulty.failures, 1);
	return code;
}

#define REAL(file) (((struct faulty_file *)(void *)(file))->real)
#define FAIL(file, operation)                                                                      \
	do {                                                                                       \
		int fault_code = faulty_now((struct faulty_file *)(void *)(file), operation);      \
		if (fault_code)                                                                    \
			return fault_code;                                                         \
	} while (0)

static int faulty_close(sqlite3_file *file)
{
	return REAL(file)->pMethods->xClose(REAL(file));
}
static int faulty_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 at)
{
	FAIL(file, FAULTY_READ);
	return REAL(file)->pMethods->xRead(REAL(file), bytes, length, at);
}
static int faulty_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 at)
{
	FAIL(file, FAULTY_WRITE);
	return REAL(file)->pMethods->xWrite(REAL(file), bytes, length, at);
}
static int faulty_truncate(sqlite3_file *file, sqlite3_int64 length)
{
	return REAL(file)->pMethods->xTruncate(REAL(file), length);
}
static int faulty_sync(sqlite3_file *file, int flags)
{
	FAIL(file, FAULTY_SYNC);
	return REAL(file)->pMethods->xSync(REAL(file), flags);
}
static int faulty_size(sqlite3_file *file, sqlite3_int64 *ret_size)
{
	return REAL(file)->pMethods->xFileSize(REAL(file), ret_size);
}
static int faulty_lock(sqlite3_file *file, int level)
{
	return REAL(file)->pMethods->xLock(REAL(file), level);
}
static int faulty_unlock(sqlite3_file *file, int level)
{
	return REAL(file)->pMethods->xUnlock(REAL(file), level);
}
static int faulty_check(sqlite3_file *file, int *ret_reserved)
{
	return REAL(file)->pMethods->xCheckReservedLock(REAL(file), ret_reserved);
}
static int faulty_control(sqlite3_file *file, int operation, void *data)
{
	return REAL(file)->pMethods->xFileControl(REAL(file), operation, data);
}
static int faulty_sector(sqlite3_file *file)
{
	return REAL(file)->pMethods->xSectorSize(REAL(file));
}
static int faulty_traits(sqlite3_file *file)
{
	return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}
static int faulty_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{
	FAIL(file, FAULTY_MAP);
	return REAL(file)->pMethods->xShmMap(REAL(file), page, size, extend, ret);
}
static int faulty_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	return REAL(file)->pMethods->xShmLock(REAL(file), offset, n, flags);
}
static void faulty_barrier(sqlite3_file *file)
{
	REAL(file)->pMethods->xShmBarrier(REAL(file));
}
static int faulty_unmap(sqlite3_file *file, int remove)
{
	return REAL(file)->pMethods->xShmUnmap(REAL(file), remove);
}

static const sqlite3_io_methods faulty_methods = {2, faulty_close, faulty_read, faulty_write,
    faulty_truncate, faulty_sync, faulty_size, faulty_lock, faulty_unlock, faulty_check,
    faulty_control, faulty_sector, faulty_traits, faulty_map, faulty_shm_lock, faulty_barrier,
    faulty_unmap, NULL, NULL};

static sqlite3_vfs *usual;
static sqlite3_vfs unusual;

static bool ends(const char *name, const char *ending)
{
	size_t length = name ? strlen(name) : 0;
	size_t wanted = strlen(ending);
	return length >= wanted && strcmp(name + length - wanted, ending) == 0;
}

static int faulty_open(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
	struct faulty_file *opened = (struct faulty_file *)(void *)file;
	(void)vfs;
	*opened = (struct faulty_file){.real = (sqlite3_file *)(void *)(opened + 1)};
	int code = usual->xOpen(usual, name, opened->real, flags, ret_flags);
	opened->base.pMethods = code == SQLITE_OK ? &faulty_methods : NULL;
	opened->meant = ends(name, faulty.ending ? faulty.ending : "-wal");
	return code;
}

static int use_faulty(void **state)
{
	(void)state;
	usual = sqlite3_vfs_find(NULL);
	unusual = *usual;
	unusual.zName = "faulty";
	unusual.szOsFile = usual->szOsFile + (int)sizeof(struct faulty_file);
	unusual.xOpen = faulty_open;
	return sqlite3_vfs_register(&unusual, 1) == SQLITE_OK ? 0 : -1;
}

#endif
