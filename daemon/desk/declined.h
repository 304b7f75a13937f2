/*
 * declined: proposals that somebody said no to.
 *
 * A no stands while nothing that it was about has changed: each slot that was to be moved is
 * published where it was, and what concerns its patient is the same. While it stands, none of its
 * slots is proposed to go to that place again, unless somebody else would get a slot by it who
 * would have none otherwise: that is another question.
 */
#ifndef WR_DAEMON_DESK_DECLINED_H
#define WR_DAEMON_DESK_DECLINED_H

#include "desk/use.h"
#include "wardround/instance.h"

struct wr_declined_move {
	const char *slot, *session, *concern;
	wr_time from, to; /* starts */
};

struct wr_declined {
	struct wr_declined_move *moves;
	size_t n_moves;
	const char **placed; /* patients who would have got a slot */
	size_t n_placed;
};

/* Those of a ward's week, in use->arena. */
int wr_declined_read(struct wr_use *use, const struct wr_config_ward *ward, struct wr_week week,
    struct wr_declined **ret_declined, size_t *ret_n);
/* Whether the no stands, and the plan would do some of it all the same. Any thread. */
bool wr_declined_repeats(struct wr_arena *arena, const struct wr_declined *no,
    const struct wr_instance *instance, const struct wr_plan *plan);
/* Whether a patient's slot was to be moved by it. */
bool wr_declined_moves(const struct wr_declined *no, const char *slot);
/* Whether `plan` places somebody whom `without` does not, and who had not been promised a slot. */
bool wr_declined_helps_another(const struct wr_declined *no, const struct wr_instance *instance,
    const struct wr_plan *plan, const struct wr_plan *without);

#endif
