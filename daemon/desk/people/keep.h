/*
 * keep: the calendar links that somebody made on their own page.
 */
#ifndef WR_DAEMON_DESK_PEOPLE_KEEP_H
#define WR_DAEMON_DESK_PEOPLE_KEEP_H

#include "desk/use.h"

enum { WR_KEEP_MOST = 3, WR_KEEP_LABEL = 40 }; /* links; characters of a label */

/* Of whoever stands at the door: self-made and open, by creation. */
int wr_keep_links(struct wr_use *use, struct wr_link **ret_links, size_t *ret_n);

#endif
