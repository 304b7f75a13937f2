/*
 * snapshot: what a plan is made from, read in one transaction, with the generations that tell
 * whether it still holds when the plan is saved.
 */
#ifndef WR_DAEMON_DESK_SNAPSHOT_H
#define WR_DAEMON_DESK_SNAPSHOT_H

#include "desk/declined.h"
#include "desk/use.h"
#include "wardround/instance.h"

struct wr_snapshot_mark {
	enum wr_whose whose; /* ward or person */
	const char *who;
	int64_t generation;
};

struct wr_snapshot {
	struct wr_instance_source source;
	struct wr_snapshot_mark *marks;
	size_t n_marks;
	struct wr_plan_row plan; /* of the first ward and the week */
	bool planned;            /* there is such a row */
	struct wr_declined *declined;
	size_t n_declined;
};

/* Of wards that are planned together, the first of which `plan` is of. Everything lives in
 * use->arena. */
int wr_snapshot_read(struct wr_use *use, const struct wr_config_ward *const *wards, size_t n,
    struct wr_week week, struct wr_snapshot **ret_snapshot);
/* Whether nothing that the plan was made from has changed since. */
int wr_snapshot_holds(struct wr_use *use, const struct wr_snapshot *snapshot, bool *ret_holds);

#endif
