/*
 * plan: who is seen when. An instance (sessions, persons, patients, weights) in; a plan out, with
 * a bound that proves how good it is, and reasons that a person can read.
 *
 * Times are minutes from the instance's `origin` (Monday 00:00, ward time, on the wall clock);
 * spans are half-open. Cells of a session are numbered from 0 by their place in `starts`. Costs
 * are integers; every bound that is claimed was computed in integers.
 *
 * The same instance and options give the same plan on any machine: limits count pivots and nodes.
 *
 * To make an instance in C: fill arrays of the structs below, starting each patient, support and
 * the weights from its WR_PLAN_*_INIT; refer to sessions and persons by id; then call
 * wr_plan_instance_check, which looks the ids up (fields named `*_at`) and finds every mistake.
 * The arrays may live anywhere as long as they outlive the instance.
 *
 * Pure; no locks: an instance may be read by several threads after the check.
 */
#ifndef WARDROUND_PLAN_H
#define WARDROUND_PLAN_H

#include "wardround/base.h"

#define WR_PLAN_WEEK 10080        /* minutes; every session lies within [0, WR_PLAN_WEEK) */
#define WR_PLAN_NONE SIZE_MAX     /* an index that leads nowhere */
#define WR_PLAN_MOST 1000000000LL /* largest weight, and furthest minute either way */

enum wr_plan_outcome {
	WR_PLAN_BAD = 1, /* the instance has mistakes; they are listed */
};

/* ---- the instance ---- */

struct wr_plan_span {
	int64_t from, to; /* minutes, [from, to), from < to */
};

struct wr_plan_session {
	const char *id, *ward, *consultant;
	int64_t cell;          /* length of each cell, minutes, >= 1 */
	const int64_t *starts; /* ascending by at least `cell` */
	size_t n_starts;
	const int64_t *kept; /* numbers of cells for new patients only */
	size_t n_kept;
};

struct wr_plan_person {
	const char *id;
	bool has_free; /* false: always free; true with n_free 0: never */
	const struct wr_plan_span *free;
	size_t n_free;
	const struct wr_plan_span *away;
	size_t n_away;
};

struct wr_plan_support {
	const char *person;
	bool required;
	int64_t weight;
	size_t person_at; /* set by wr_plan_instance_check */
};
#define WR_PLAN_SUPPORT_INIT                                                                       \
	{                                                                                          \
		.weight = 1000, .person_at = WR_PLAN_NONE                                          \
	}

enum wr_plan_prefers {
	WR_PLAN_ANY_TIME,
	WR_PLAN_MORNING,
	WR_PLAN_AFTERNOON,
};

struct wr_plan_patient {
	const char *id, *ward, *consultant;
	const char *const *cover; /* consultants who cover for this patient */
	size_t n_cover;
	int64_t slots;    /* cells needed, >= 1 */
	int64_t priority; /* 1 normal, 2 first slot, 3 overdue */
	bool is_new;      /* may use kept cells */
	int64_t not_before, not_after;
	bool has_due;
	int64_t due; /* may be negative */
	const struct wr_plan_span *away;
	size_t n_away;

	const char *fixed; /* session id, or NULL */
	int64_t fixed_cell;
	size_t fixed_at; /* set by wr_plan_instance_check */

	const char *published; /* session id, or NULL; may be a session that is no longer there */
	int64_t published_cell, published_move;
	size_t published_at; /* set by wr_plan_instance_check; NONE when the session is gone */

	bool has_usual;
	int64_t usual_day, usual_minute; /* 0 Monday .. 6; 0-1439 */
	enum wr_plan_prefers prefers;
	int64_t turn; /* 0-3 */

	const struct wr_plan_support *supports;
	size_t n_supports;
};
#define WR_PLAN_PATIENT_INIT                                                                       \
	{                                                                                          \
		.slots = 1, .priority = 1, .not_after = WR_PLAN_WEEK, .fixed_at = WR_PLAN_NONE,    \
		.published_at = WR_PLAN_NONE                                                       \
	}

struct wr_plan_weights {
	int64_t unplaced, required, cover, other_day, late_day, usual_day, usual_near, usual_far,
	    prefer;
};
#define WR_PLAN_WEIGHTS_INIT                                                                       \
	{                                                                                          \
		.unplaced = 1000000, .required = 100000, .cover = 400, .other_day = 100,           \
		.late_day = 60, .usual_day = 30, .usual_near = 10, .usual_far = 20, .prefer = 15   \
	}

struct wr_plan_instance {
	const char *origin; /* "2026-11-30" */
	struct wr_plan_weights weights;
	struct wr_plan_session *sessions;
	size_t n_sessions;
	struct wr_plan_person *persons;
	size_t n_persons;
	struct wr_plan_patient *patients;
	size_t n_patients;
};

/* What is wrong, and where: `patients[3].supports[0].person`; "" is the whole. */
struct wr_plan_mistake {
	const char *path, *text;
};
struct wr_plan_mistakes {
	struct wr_plan_mistake *items; /* in the arena of the call that filled them */
	size_t n, capacity;
};

/*
 * Reads the JSON of an instance, checks it, and looks its ids up. 0 or WR_PLAN_BAD; every mistake
 * is added to `mistakes`. All strings and arrays are in the arena.
 */
int wr_plan_instance_read(struct wr_arena *arena, const char *json, size_t length,
    struct wr_plan_instance **ret_instance, struct wr_plan_mistakes *mistakes);
/* The rules of meaning (ids, ranges, fixed places) for an instance made in C; sets the `*_at`. */
int wr_plan_instance_check(
    struct wr_arena *arena, struct wr_plan_instance *instance, struct wr_plan_mistakes *mistakes);
/* Writes what the reader reads; what has its default is left out. */
void wr_plan_instance_write(struct wr_buf *buf, const struct wr_plan_instance *instance);

/* ---- the plan ---- */

enum wr_plan_status {
	WR_PLAN_FEASIBLE, /* a plan and a bound; a better plan may exist */
	WR_PLAN_OPTIMAL,  /* bound == cost is proved */
};

/* Why a patient has this place, or none. */
enum wr_plan_why {
	WR_PLAN_WHY_FIXED,      /* the place is fixed */
	WR_PLAN_WHY_PUBLISHED,  /* stays where it was published */
	WR_PLAN_WHY_BEST,       /* no other place costs less for this patient alone */
	WR_PLAN_WHY_SHARED,     /* a place that costs less is needed by others */
	WR_PLAN_WHY_NO_SESSION, /* no session of the consultant or who covers in the ward */
	WR_PLAN_WHY_AWAY,       /* away during every place there is */
	WR_PLAN_WHY_LENGTH,     /* no session has that many cells in a row */
	WR_PLAN_WHY_KEPT,       /* only cells kept for new patients would do */
	WR_PLAN_WHY_WINDOW,     /* no place within not_before and not_after */
	WR_PLAN_WHY_NO_PLACE,   /* each place breaks one rule or another; none breaks none */
	WR_PLAN_WHY_FULL,       /* more cells needed than can be used: the counts tell */
	WR_PLAN_WHY_OTHERS,     /* every place that would do is taken by others who cost more */
};

struct wr_plan_place {
	bool placed;
	size_t session; /* index; of the instance */
	size_t cell;    /* first cell */
	bool *attends;  /* one for each of the patient's supports, in that order */
	enum wr_plan_why why;
	size_t sessions;       /* unplaced: sessions of the consultant and of who covers */
	size_t rivals;         /* FULL: patients who need the same cells, this one too */
	size_t needed, usable; /* FULL: cells they need; cells that they can use */
};

struct wr_plan_terms {
	int64_t unplaced, required, supports, cover, moves, late, usual, prefer, list;
};

struct wr_plan_search {
	size_t columns, rows, nodes, pivots;
	double ms; /* the caller's to fill before writing: lib has no clock */
};

struct wr_plan {
	enum wr_plan_status status;
	int64_t cost, bound;          /* cost is the sum of the terms; bound <= cost */
	struct wr_plan_place *places; /* one for each patient of the instance, in its order */
	size_t n_places;
	struct wr_plan_terms terms;
	struct wr_plan_search search;
};

/*
 * Told about each better plan and now and then in between. Any value but 0 stops the search: the
 * best plan so far is returned. `bound` is INT64_MIN while none is known.
 */
typedef int wr_plan_progress(void *context, int64_t cost, int64_t bound, size_t nodes);

struct wr_plan_options {
	/* with neither: 100,000 nodes, or what takes some seconds (what is touched is counted, not
	 * time)
	 */
	size_t nodes;  /* most nodes searched; 0: 100,000 */
	size_t pivots; /* most pivots; 0: no limit */
	wr_plan_progress *progress;
	void *context;
};

/*
 * Makes a plan for an instance that has passed the check. Never fails. The plan is in the arena;
 * what the search itself needs is freed. `options` may be NULL.
 */
void wr_plan_make(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const struct wr_plan_options *options, struct wr_plan **ret_plan);

/* The cost and terms of places somebody chose (hard rules are not looked at), from 3.1's table. */
int64_t wr_plan_cost(const struct wr_plan_instance *instance, const struct wr_plan_place *places,
    struct wr_plan_terms *ret_terms);

/* The reason in ids: "fixed", "away during every session of shah (1)". In the arena. */
const char *wr_plan_why_text(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const struct wr_plan *plan, size_t patient);

/* The output of `wardctl plan solve --json`, one line with a newline at its end. */
void wr_plan_write_json(
    struct wr_buf *buf, const struct wr_plan_instance *instance, const struct wr_plan *plan);

/*
 * The same problem in CPLEX LP format, for any solver. There is no constant in the objective; what
 * every plan costs alike is the coefficient of a variable that is fixed at 1. So the value of an
 * optimal solution is the cost of an optimal plan.
 */
void wr_plan_lp_write(struct wr_buf *buf, const struct wr_plan_instance *instance);

/* ---- the checker ---- */

/*
 * Checks every hard rule and every cost term of a plan against the definition. Shares nothing with
 * the search. 0 when the plan is right, or WR_PLAN_BAD with the violations in words (the path names
 * the place in the plan: `placed P07`).
 */
int wr_plan_check(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const struct wr_plan *plan, struct wr_plan_mistakes *violations);

/* ---- explanations ---- */

/* One patient who has another place in another plan. */
struct wr_plan_moved {
	size_t patient;
	bool was_placed, is_placed;
	size_t was_session, was_cell, is_session, is_cell;
};

struct wr_plan_difference {
	bool possible;               /* false: no plan with this change; the rest is zero */
	int64_t cost;                /* of the other plan */
	int64_t more;                /* than the plan it is compared with (less: negative) */
	bool proved;                 /* both are proved optimal, so `more` is exact */
	struct wr_plan_terms terms;  /* the other plan's terms less this one's */
	struct wr_plan_moved *moved; /* who has another place, or none, or one at last */
	size_t n_moved;
	struct wr_plan *plan; /* the other plan */
};

enum wr_plan_change_kind {
	WR_PLAN_FORCE_PLACE,  /* patient at session and cell */
	WR_PLAN_FORBID_PLACE, /* patient anywhere but at session and cell */
	WR_PLAN_FORCE_PLACED, /* patient placed, wherever */
	WR_PLAN_DROP_PATIENT, /* one patient less */
	WR_PLAN_DROP_SESSION, /* one session less: its patients may not be fixed */
	WR_PLAN_PATIENT_AWAY, /* patient away in `span` as well */
	WR_PLAN_PERSON_AWAY,  /* person away in `span` as well */
};

struct wr_plan_change {
	enum wr_plan_change_kind kind;
	size_t patient, session, cell, person;
	struct wr_plan_span span;
};

/* What would be if. `plan` is what it is compared with. */
void wr_plan_what_if(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const struct wr_plan *plan, const struct wr_plan_change *change,
    const struct wr_plan_options *options, struct wr_plan_difference *ret_difference);

/* Every other place one patient could have, cheapest first, each with its difference. */
struct wr_plan_alternative {
	size_t session, cell;
	struct wr_plan_difference difference;
};
void wr_plan_alternatives(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const struct wr_plan *plan, size_t patient, const struct wr_plan_options *options,
    struct wr_plan_alternative **ret_alternatives, size_t *ret_n);

/*
 * Why this patient has this place: the next best plan, with the patient elsewhere. Why none: a
 * smallest set of patients (this one too) who can't all be placed: leave any of them out, and the
 * rest can be. When the set is only a matter of count, `counted` says so with the counts. No such
 * set (n_conflict 0, and places there are): everybody who is placed could stay so and this patient
 * have a place too, but it would cost more; `next` is the cheapest plan with this patient placed.
 */
struct wr_plan_explanation {
	enum wr_plan_why why;
	const char *text;                 /* in ids, as in `plan solve` */
	struct wr_plan_difference next;   /* not fixed: patient elsewhere; unplaced: placed */
	struct wr_plan_terms here, there; /* placed: this patient's own terms in either plan */
	bool counted;
	size_t rivals, needed, usable; /* counted */
	size_t *conflict;              /* unplaced: indexes of patients */
	size_t n_conflict;
};
void wr_plan_explain(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const struct wr_plan *plan, size_t patient, const struct wr_plan_options *options,
    struct wr_plan_explanation *ret_explanation);

#endif
