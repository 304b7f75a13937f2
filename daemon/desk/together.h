/*
 * together: wards that are planned as one.
 *
 * Wards that are drafted and published at the same times and share people compete for those
 * people's time. Planned one by one, the first would take them at whatever price for the others; so
 * the daemon plans them as one problem. A draft made by hand, and a published week, stand for
 * themselves.
 */
#ifndef WR_DAEMON_DESK_TOGETHER_H
#define WR_DAEMON_DESK_TOGETHER_H

#include "desk/plan_week.h"

/* The wards whose `week` is planned with that of `ward`, itself first; in use->arena. */
int wr_together_find(struct wr_use *use, const struct wr_config_ward *ward, struct wr_week week,
    enum wr_planning_mode mode, const struct wr_config_ward ***ret_wards, size_t *ret_n);

#endif
