/*
 * propose: changes to published slots wait for a person's yes.
 *
 * A proposal is a task whose data say which published slots would move where, what that gains and
 * who would be told. One for a ward's week at a time: a newer one takes the place of the older.
 * What was declined is not proposed again while nothing that it was about has changed (declined.h).
 */
#ifndef WR_DAEMON_DESK_PROPOSE_H
#define WR_DAEMON_DESK_PROPOSE_H

#include "desk/plan_week.h"

enum { WR_PROPOSAL_ALARM_SECONDS = 15 * 60 };

/* Compares planning->freer (moves allowed) with planning->plan; makes a proposal when it is better.
 */
int wr_propose(struct wr_use *use, struct wr_planning *planning);
/* Carries a proposal out: all of it or nothing. */
int wr_proposal_accept(struct wr_use *use, const struct wr_task *task);

#endif
