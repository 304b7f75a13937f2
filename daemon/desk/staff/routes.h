/*
 * routes of signed-in staff: /s/...; the tables are in routes.c, the story in visit.h.
 */
#ifndef WR_DAEMON_DESK_STAFF_ROUTES_H
#define WR_DAEMON_DESK_STAFF_ROUTES_H

#include "desk/desk.h"

/* A request for /s or below it; desk->ready. */
void wr_staff_open(struct wr_desk *desk, struct wr_request *request);

#endif
