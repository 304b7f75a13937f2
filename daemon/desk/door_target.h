/*
 * door_target: what a link leads to now, and whether and since when it has ended.
 */
#ifndef WR_DAEMON_DESK_DOOR_TARGET_H
#define WR_DAEMON_DESK_DOOR_TARGET_H

#include "desk/use.h"

struct wr_door_target {
	const struct wr_link *link;
	const struct wr_config_ward *ward; /* whose clock and names the feed follows */
	bool ended;
	wr_time since;
	const struct wr_support *supports; /* support and person links: the rows that still agree */
	size_t n_supports;
};

/* `link` is set; fills the rest, all in use->arena. 0 or -errno. A link that ends by what it leads
 * to (not by being revoked or running out) keeps the time when that was first seen. */
int wr_door_aim(struct wr_use *use, struct wr_door_target *target);

#endif
