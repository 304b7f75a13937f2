/*
 * notify: one datagram to the service manager (sd_notify(3)), and how often its watchdog wants one.
 */
#ifndef WR_DAEMON_NOTIFY_H
#define WR_DAEMON_NOTIFY_H

#include <stdint.h>

/* Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID and removes them, once, before threads start.
 */
void wr_notify_init(void);
/* "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=..."; nothing happens without a manager. */
void wr_notify(const char *state);
/* Half of the watchdog's time in ms; 0: there is none. */
uint64_t wr_notify_watchdog_ms(void);

#endif
