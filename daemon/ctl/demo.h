/*
 * demo: a made-up ward in one folder, served on loopback. demo.c tells the story; the folder and
 * the sample are demo_files.c's, the daemon's process demo_daemon.c's.
 *
 * The folder belongs to the demo: a marker file says so, and only a folder with it (or an empty
 * one) is ever touched. The pid file holds the process and when it started, so that a number that
 * was given to another process since is never ended.
 */
#ifndef WR_DAEMON_CTL_DEMO_H
#define WR_DAEMON_CTL_DEMO_H

#include "ctl.h"

#include "wardround/civil.h"

#include <sys/types.h>

struct wr_demo {
	const struct wr_ctl_globals *globals;
	struct wr_arena arena;
	int64_t port;
	const char *dir;    /* absolute */
	int folder;         /* open and locked while a command works on it; -1 */
	const char *sample; /* where patients.csv and its company lie */
	const char *config, *database, *socket, *public_url, *log, *pid_file;
	pid_t daemon; /* 0: not started by this command */
};

/* Each returns 0, or an exit code after the failure was said. */

/* demo_files.c */
int wr_demo_open(struct wr_demo *demo, const char *dir, bool make);
int wr_demo_fill(struct wr_demo *demo); /* empties the demo's folder, then config and holidays */
/* `name` of the sample, its dates `days` later. The text lives in the demo's arena. */
int wr_demo_sample(struct wr_demo *demo, const char *name, int days, const char **ret_text);
void wr_demo_close(struct wr_demo *demo);

/* demo_daemon.c */
bool wr_demo_runs(struct wr_demo *demo, pid_t *ret_pid); /* by the pid file */
int wr_demo_check_ports(struct wr_demo *demo);
int wr_demo_start_daemon(struct wr_demo *demo); /* returns when it is ready */
int wr_demo_stop_daemon(struct wr_demo *demo, pid_t pid);

#endif
