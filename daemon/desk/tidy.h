/*
 * tidy: once an hour, what is left over. Slots that passed and of which nobody said whether they
 * were held become tasks; drafts that were never published lapse; keys of calls go after 7 days,
 * ended notices after 90. The audit, slots and replies stay.
 */
#ifndef WR_DAEMON_DESK_TIDY_H
#define WR_DAEMON_DESK_TIDY_H

#include "desk/desk.h"

enum { WR_TIDY_EVERY_SECONDS = 3600 };

void wr_tidy(struct wr_desk *desk);

#endif
