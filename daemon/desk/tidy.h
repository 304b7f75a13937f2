/*
 * tidy: what need not be kept for ever goes, once a day: keys of calls after 7 days (2.3), ended
 * notices after 90. The audit, slots and replies stay.
 */
#ifndef WR_DAEMON_DESK_TIDY_H
#define WR_DAEMON_DESK_TIDY_H

#include "desk/desk.h"

enum { WR_TIDY_EVERY_SECONDS = 86400 };

void wr_tidy(struct wr_desk *desk);

#endif
