/*
 * sandbox: after the start the daemon can make, change and remove files only where its data lie
 * (Landlock, ABI 1). Reading is not restricted, so that a reload can read new files.
 */
#ifndef WR_DAEMON_SANDBOX_H
#define WR_DAEMON_SANDBOX_H

#include <stddef.h>

/* `folders` that exist; NULL ones are passed over. For the calling thread and all that it starts
 * later: call before any. 0; -ENOSYS or -EOPNOTSUPP when the kernel has no Landlock; or -errno. */
int wr_sandbox_writes(const char *const *folders, size_t n);

#endif
