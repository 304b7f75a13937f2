/*
 * whole_file: a file that is there whole or not at all, whatever fails meanwhile: written under
 * another name, brought to the disk, then given its own.
 *
 * Blocks: for worker threads.
 */
#ifndef WR_DAEMON_WHOLE_FILE_H
#define WR_DAEMON_WHOLE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Takes the place of a file of that name. `mode` whatever the umask says. 0 or -errno; then what
 * was there before is there still. */
int wr_whole_file_write(
    const char *folder, const char *name, unsigned mode, const void *bytes, size_t length);
/* 0 when there is one that can be seen, -ENOENT, or another -errno. */
int wr_whole_file_find(const char *folder, const char *name);
/* Removes the files of the folder that `is_old` says are, and what an interrupted write left. 0 or
 * the first -errno; the others are tried all the same. */
int wr_whole_file_prune(
    const char *folder, bool (*is_old)(const char *name, const void *data), const void *data);

#endif
