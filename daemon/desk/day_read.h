/*
 * day_read: the slots of some days with all that is known of them, for the lists of lib/ward: the
 * consultant's page, the board and the paper.
 *
 * Inside a store job, reading.
 */
#ifndef WR_DAEMON_DESK_DAY_READ_H
#define WR_DAEMON_DESK_DAY_READ_H

#include "desk/use.h"
#include "wardround/day_list.h"

/* What to read: slots of a ward that start from `first` to `last`, both included; of one consultant
 * only, or NULL. `people` false leaves out who comes and what they want to say. */
struct wr_day_reading {
	const struct wr_config_ward *ward;
	const char *consultant;
	wr_day first, last;
	bool people;
};

/* In use->arena. 0 or -errno. */
int wr_day_read(struct wr_use *use, const struct wr_day_reading *reading,
    struct wr_day_source **ret_sources, size_t *ret_n);

#endif
