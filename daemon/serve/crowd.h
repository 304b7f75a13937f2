/*
 * crowd: how many connections each address holds. Bounded by the number of connections; the hash is
 * keyed, so that nobody can pile addresses up in one place.
 */
#ifndef WR_SERVE_CROWD_H
#define WR_SERVE_CROWD_H

#include "wardround/http.h"

struct wr_serve_crowd *wr_serve_crowd_new(void);
void wr_serve_crowd_free(struct wr_serve_crowd *crowd);
/* One more from `ip` (IPv6: its /64), unless it has `most` already: then false. */
bool wr_serve_crowd_enter(struct wr_serve_crowd *crowd, struct wr_ip ip, unsigned most);
void wr_serve_crowd_leave(struct wr_serve_crowd *crowd, struct wr_ip ip);

#endif
