/*
 * plan_week: planning one ward's week, from a snapshot to what is saved.
 *
 *     read (snapshot) -> solve (a worker thread; checked there) -> save (if the snapshot holds)
 *            ^                                                        |
 *            +-------------------- once more -------------------------+--> "try again"
 *
 * Published slots are never moved by this: they are fixed where they are. What moving them would
 * gain becomes a proposal for a person (propose.c). Wards that publish together and share people
 * are planned as one problem (together.h); a plan that a person asks for is of one ward.
 */
#ifndef WR_DAEMON_DESK_PLAN_WEEK_H
#define WR_DAEMON_DESK_PLAN_WEEK_H

#include "desk/call.h"
#include "desk/snapshot.h"

enum wr_planning_mode {
	WR_PLANNING_MAKE,    /* a draft of the week, made or remade */
	WR_PLANNING_REPAIR,  /* something changed: what is drafted is remade, who has no slot in a
	                        published week gets one at once, moves are proposed */
	WR_PLANNING_PUBLISH, /* make when there is no draft, then publish */
	WR_PLANNING_ASK,     /* nothing is saved: `ask` looks at the plan */
};

/* What a question is asked of. */
enum wr_planning_base {
	WR_PLANNING_BEST,              /* the best plan, published slots may move */
	WR_PLANNING_AS_IT_STANDS,      /* nothing published moves */
	WR_PLANNING_FROM_AS_IT_STANDS, /* compared with that, but then everything may move */
};

struct wr_planning {
	struct wr_call *call;
	enum wr_planning_mode mode;
	const struct wr_config_ward *ward;
	const struct wr_config_ward **wards; /* planned together (together.h), `ward` first */
	size_t n_wards;
	struct wr_week week;
	int tries;
	bool move; /* published slots that lost their session may be moved: somebody said yes */
	struct wr_snapshot *snapshot;
	struct wr_instance *instance;
	struct wr_plan *plan;                      /* around what is published */
	struct wr_plan *freer;                     /* with moves; NULL when not asked for */
	bool refused;                              /* all that `freer` moves was declined before */
	enum wr_planning_base base;                /* ASK */
	void (*ask)(struct wr_planning *planning); /* on the worker, when solved */
	const char *asked_wrong;                   /* what it found impossible; NULL */
	const char *wrong;                         /* what the checker said; NULL */
	uv_work_t work;
	void (*solved)(struct wr_planning *planning);
};

/* Reads, makes the instance, solves it; then `solved`, on the loop, with call->result set. */
void wr_planning_start(struct wr_planning *planning);
/* Saves the drafts, the unplaced and the plans' rows, in a write job. */
int wr_planning_save(struct wr_use *use, struct wr_planning *planning);
/* What a change leaves to be planned again is kept with it, until it is: a daemon that dies in
 * between plans it at its next start. */
int wr_replans_keep(struct wr_use *use);
int wr_replans_recall(struct wr_use *use);
/* Drafts whose time has come although their week was never published: off, and on the unplaced
 * list; the weeks are planned again. */
int wr_publish_lapse(struct wr_use *use);
/* Publishes all drafts of the ward's week: in a write job. */
int wr_publish_week(struct wr_use *use, const struct wr_config_ward *ward, struct wr_week week);

/* The internal verbs "plan repair" and "plan due": arguments ward and week. */
extern const struct wr_verb wr_verb_plan_repair, wr_verb_plan_due;

#endif
