#include "sys/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "wardround/base.h"

static const uint64_t writing = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

static int allow(int rules, const char *folder)
{
	struct landlock_path_beneath_attr beneath = {.allowed_access = writing};
	beneath.parent_fd = open(folder, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd < 0)
		return -errno;
	long r = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	int error = r ? -errno : 0;
	close(beneath.parent_fd);
	return error;
}

int wr_sandbox_writes(const char *const *folders, size_t n)
{
	struct landlock_ruleset_attr attr = {.handled_access_fs = writing};
	int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	int r = rules < 0 ? -errno : 0;
	for (size_t i = 0; i < n && !r; i++)
		if (folders[i])
			r = allow(rules, folders[i]);
	if (!r && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		      syscall(SYS_landlock_restrict_self, rules, 0)))
		r = -errno;
	if (rules >= 0)
		close(rules);
	return r;
}
