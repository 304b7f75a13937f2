/*
 * link: secret addresses of pages and calendars; making one where a case needs it.
 */
#ifndef WR_DAEMON_DESK_LINK_H
#define WR_DAEMON_DESK_LINK_H

#include "desk/use.h"

/* A lasting link; its door is there when the case commits. Whether `who` may have one is the
 * caller's to know. */
int wr_link_make(struct wr_use *use, enum wr_whose whose, const char *who, const char *label,
    struct wr_link *ret_link);

/* As it is listed, without what came of it. A new reference. */
json_t *wr_link_json(struct wr_use *use, const struct wr_link *link);
/* 0, or an unknown name. */
int wr_link_find(struct wr_use *use, const char *id, struct wr_link *ret_link);

#endif
