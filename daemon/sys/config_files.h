/*
 * config_files: the configuration read from disk: the main file, then conf.d/ beside it in name
 * order, and whatever these files name (secrets, holidays), with the zones of the system.
 *
 * Used by the daemon and by wardctl. Blocking; for the start, a reload or a command. No state.
 */
#ifndef WR_DAEMON_CONFIG_FILES_H
#define WR_DAEMON_CONFIG_FILES_H

#include "wardround/config.h"

#define WR_CONFIG_FILE "/etc/wardround/wardround.conf"

/*
 * 0: *ret_config is set. WR_CONFIG_BAD: *ret_config is NULL. Diagnostics are set in both cases; a
 * file that can't be read is one of them, and does not keep the others from being checked. All of
 * it lives in `arena`. `now` is for the warning of holidays that end.
 */
int wr_config_load(const char *path, wr_time now, struct wr_arena *arena,
    const struct wr_config **ret_config, struct wr_config_diagnostics *ret_diagnostics);

/* What reading needs from the system; with it lib's reader reads texts that come from elsewhere. */
extern const struct wr_config_port wr_config_files_port;

#endif
