/*
 * link: making a link where a case needs one.
 */
#ifndef WR_DAEMON_DESK_LINK_H
#define WR_DAEMON_DESK_LINK_H

#include "desk/use.h"

/* A lasting link; its door is there when the case commits. Whether `who` may have one is the
 * caller's to know. */
int wr_link_make(struct wr_use *use, enum wr_whose whose, const char *who, const char *label,
    struct wr_link *ret_link);

#endif
