/*
 * unplanned: nobody is passed over in silence because nobody planned the running week.
 *
 * A ward that begins, or that plans by hand, may have a running week without a plan. Whoever is
 * there and has no slot to come stands on the unplaced list then, with that as the reason, until
 * the week is planned.
 */
#ifndef WR_DAEMON_DESK_UNPLANNED_H
#define WR_DAEMON_DESK_UNPLANNED_H

#include "desk/use.h"

/* Whether there is anything to say, or to take back: the running week has no plan, and somebody in
 * it has neither slot nor reason, or both. */
int wr_unplanned_look(struct wr_use *use, const struct wr_config_ward *ward, bool *ret_wanted);
/* Says it, of the argument `ward`. */
int wr_case_plan_unplanned(struct wr_use *use);

#endif
