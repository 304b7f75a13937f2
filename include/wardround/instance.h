/*
 * instance: from a ward's rows to the planner's instance for one week, and from the plan back to
 * slots and to reasons in words.
 *
 * In the instance are the patients of the given wards who are to be seen in that week: current ones
 * and those expected within it. Not in it, but listed in `left` with the reason: on hold, already
 * seen (or being seen) in this week, and those whose slot of this week fell out for a reason of
 * their own. Discharged ones are nowhere. The cells of a published, started or held slot whose
 * patient is not in the instance are gone, and so are its people for that time.
 *
 * `due` and `new` count a published slot of an earlier week that is still to come as if it were
 * held: the week after is planned before this one is over.
 *
 * Pure; no locks. Everything made lives in the arena and borrows from the source, which has to
 * outlive it.
 */
#ifndef WARDROUND_INSTANCE_H
#define WARDROUND_INSTANCE_H

#include "wardround/plan.h"
#include "wardround/session.h"

enum {
	WR_INSTANCE_LEAD = 60,     /* minutes from now that nobody is placed in */
	WR_INSTANCE_CHOSEN = 3000, /* weights of supports: chosen by the patient; others */
	WR_INSTANCE_OTHER = 1000,
};

struct wr_instance_ward {
	const struct wr_config_ward *ward;
	const struct wr_session *sessions; /* of the week, from wr_session_list */
	size_t n_sessions;
};

/* One snapshot. Rows in any order; those that concern nobody here are passed over, so more than is
 * needed may be given. */
struct wr_instance_source {
	const struct wr_config *config;
	const struct wr_instance_ward *wards;
	size_t n_wards;
	struct wr_week week;
	wr_time now;
	const struct wr_patient *patients;
	size_t n_patients;
	/* Also of other wards' patients, where the person is shared: free times are the union. */
	const struct wr_support *supports;
	size_t n_supports;
	const struct wr_free *free;
	size_t n_free;
	const struct wr_away *aways; /* overlapping the week: patients, supports, persons,
	                                consultants (for their covers) */
	size_t n_aways;
	const struct wr_slot *held; /* the last three of each patient at least */
	size_t n_held;
	/* Every slot of the week, whatever its state (of other wards too, where a person is
	 * shared), and the published and started ones of earlier weeks. */
	const struct wr_slot *slots;
	size_t n_slots;
	const struct wr_attendee *attendees; /* of these slots */
	size_t n_attendees;
	const struct wr_reply *replies; /* to these slots: who says no is away for that time */
	size_t n_replies;
};

struct wr_instance_patient { /* beside the plan's patient of the same index */
	const struct wr_patient *patient;
	const struct wr_config_ward *ward;
	const struct wr_slot *slot; /* live one of this week: draft or published; NULL */
	wr_time due;
	const struct wr_support *const *supports; /* beside the plan's supports */
};

struct wr_instance_session { /* beside the plan's session of the same index */
	const struct wr_session *session;
	const struct wr_config_ward *ward;
	const size_t *cells; /* number in `session` of each of the plan's cells */
};

enum wr_instance_left_why {
	WR_INSTANCE_HELD,  /* on hold */
	WR_INSTANCE_SEEN,  /* in this week already */
	WR_INSTANCE_LAPSED /* this week's slot was cancelled or missed for the patient's own reason
	                    */
};
struct wr_instance_left {
	const struct wr_patient *patient;
	enum wr_instance_left_why why;
	const struct wr_slot *slot; /* seen or lapsed */
};

struct wr_instance {
	struct wr_plan_instance plan; /* still to be checked with wr_plan_instance_check */
	const struct wr_instance_source *source;
	wr_day monday;
	struct wr_instance_patient *patients;
	struct wr_instance_session *sessions;
	struct wr_instance_left *left;
	size_t n_left;
};

void wr_instance_make(struct wr_arena *arena, const struct wr_instance_source *source,
    struct wr_instance **ret_instance);

/* What concerns one patient (an index), as 16 hex digits: needs, absences, people and when they
 * can. The same until one of these changes; what passes with time is left out. */
const char *wr_instance_concern(
    struct wr_arena *arena, const struct wr_instance *instance, size_t patient);

/* ---- back from the plan ---- */

struct wr_instance_place {
	size_t patient;            /* index */
	const struct wr_slot *was; /* draft or published slot of this week; NULL: none */
	bool fresh;                /* nobody was told of a slot this week: no slot, or a draft */
	bool moved;                /* published, and another start, length, session or room now */
	/* What to save. Not fresh: `was` with the new place. Fresh: a draft; `ref` and `uid` are
	 * those of `was`, or NULL. `late` and `explain` are set. Revision, times of publishing and
	 * what people know are the caller's. */
	struct wr_slot slot;
	const struct wr_attendee *attendees; /* slot is slot.ref */
	size_t n_attendees;
};

/* Those whom the plan places, in the instance's order. */
void wr_instance_places(struct wr_arena *arena, const struct wr_instance *instance,
    const struct wr_plan *plan, struct wr_instance_place **ret_places, size_t *ret_n);
/* Those whom it does not, and those who lapsed, each with the reason in words for staff. */
void wr_instance_unplaced(struct wr_arena *arena, const struct wr_instance *instance,
    const struct wr_plan *plan, struct wr_unplaced **ret_unplaced, size_t *ret_n);

#endif
