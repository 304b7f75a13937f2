/*
 * daemon: the one struct that embeds all parts, starts them in order and stops them safely from any
 * point. The order is daemon.c's first table.
 */
#ifndef WR_DAEMON_H
#define WR_DAEMON_H

#include "desk/desk.h"

enum wr_exit { /* of the process; sysexits.h */
	WR_EXIT_OK = 0,
	WR_EXIT_USAGE = 64,
	WR_EXIT_DATABASE = 65,    /* unusable: not ours, newer, damaged */
	WR_EXIT_UNAVAILABLE = 69, /* address in use, another daemon has the database */
	WR_EXIT_SOFTWARE = 70,
	WR_EXIT_IO = 74,
	WR_EXIT_CONFIG = 78,
};

/* Takes over the arena that config lives in. Runs until it is told to stop; returns wr_exit. */
int wr_daemon_run(struct wr_arena *arena, const struct wr_config *config, const char *config_path);

#endif
