/*
 * pages of signed-in staff: each is one `draw`, run in a read job (visit.h). It asks the cases of
 * wardctl and fills a template.
 */
#ifndef WR_DAEMON_DESK_STAFF_PAGES_H
#define WR_DAEMON_DESK_STAFF_PAGES_H

#include "desk/staff/visit.h"

/* home.c */
int wr_page_home(struct wr_use *use, struct wr_visit *visit);
/* round_list.c, board.c */
int wr_page_round_list(struct wr_use *use, struct wr_visit *visit);
int wr_page_board(struct wr_use *use, struct wr_visit *visit);

#endif
