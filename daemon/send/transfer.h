/*
 * transfer: one delivery as libcurl sees it: its options, the checks of its address, its result.
 */
#ifndef WR_DAEMON_SEND_TRANSFER_H
#define WR_DAEMON_SEND_TRANSFER_H

#include "send/send.h"

/* What a URL leads to, as far as its text says: kept, since it is asked for with each delivery. */
struct transfer_target {
	char *url;
	const char *wrong; /* why it can't be sent there; NULL: it can */
	bool literal;      /* `ip` stands in it */
	bool local;        /* a name that is this machine everywhere; `ip` is its address */
	struct wr_ip ip;
};
/* Reads `url` into a target, unless it is there already. */
void transfer_read_target(struct transfer_target *target, const char *url);
void transfer_free_target(struct transfer_target *target);
/* false: the delivery's result says why it can't be sent at all. */
bool transfer_may_go(struct wr_delivery *delivery, const struct transfer_target *target);
/* Makes delivery->easy; false when there is no memory for it. */
bool transfer_open(struct wr_delivery *delivery);
/* Fills the result from curl's. */
void transfer_judge(struct wr_delivery *delivery, CURLcode code);
void transfer_close(struct wr_delivery *delivery);
void transfer_drop_spare(struct wr_send *send);

#endif
