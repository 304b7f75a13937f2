/*
 * transfer: one delivery as libcurl sees it: its options, the checks of its address, its result.
 */
#ifndef WR_DAEMON_SEND_TRANSFER_H
#define WR_DAEMON_SEND_TRANSFER_H

#include "send/send.h"

/* What the deliveries to one host share, as a text: scheme, host, port and proxy; or NULL with the
 * delivery's result set: it can't be sent at all. Yours (free).
 */
char *transfer_key(struct wr_delivery *delivery);
/* Makes delivery->easy; false when there is no memory for it. */
bool transfer_open(struct wr_delivery *delivery);
/* Fills the result from curl's. */
void transfer_judge(struct wr_delivery *delivery, CURLcode code);
void transfer_close(struct wr_delivery *delivery);

#endif
