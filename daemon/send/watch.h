/*
 * watch: libcurl's sockets and its timer as handles of the loop.
 */
#ifndef WR_DAEMON_SEND_WATCH_H
#define WR_DAEMON_SEND_WATCH_H

#include "send/send.h"

/* Sets the multi handle's callbacks; send->timer is initialised. */
void watch_open(struct wr_send *send);
/* After each turn of curl, with nothing of curl on the stack. */
void send_drain(struct wr_send *send);
/* A handle of send has gone from the loop. */
void send_handle_closed(struct wr_send *send);

#endif
