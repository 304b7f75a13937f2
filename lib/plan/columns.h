/*
 * plan/columns: every place each patient could have, with its cost, and what is contested there.
 *
 * A spot is (patient, session, first cell) that breaks no hard rule by itself: hard rules are spots
 * not made. A wish is a shared person who could attend a spot and whom another patient could want
 * at an overlapping time in another session. (In the same session the cell decides already.)
 * Whoever can attend and is contested by nobody attends, and costs nothing.
 *
 * Pure; no locks.
 */
#ifndef WARDROUND_PLAN_COLUMNS_H
#define WARDROUND_PLAN_COLUMNS_H

#include "wardround/plan.h"

struct plan_spot {
	uint32_t patient, session, cell;
	uint32_t wishes, n_wishes; /* in plan_field.wishes */
	int64_t cost;              /* all terms, as if every wish came true */
};

struct plan_wish {
	uint32_t spot, support, person;
	uint32_t cliques, n_cliques; /* a run of clique numbers: cliques .. cliques + n - 1 */
	int64_t weight;              /* cost of this person's absence, > 0 */
};

/* All of an instance. Spots are sorted by patient, session, cell; wishes by spot, support. */
struct plan_field {
	const struct wr_plan_instance *instance;
	struct plan_spot *spots;
	size_t n_spots;
	uint32_t *first; /* n_patients + 1: spots of patient p are first[p] .. first[p + 1] - 1 */
	struct plan_wish *wishes;
	size_t n_wishes;
	size_t n_cliques; /* of each clique's wishes at most one comes true */
};

/* `but`, when not NULL, is a place its patient may not have. */
struct plan_but {
	size_t patient, session, cell;
};
void plan_field_init(
    struct plan_field *field, const struct wr_plan_instance *instance, const struct plan_but *but);
void plan_field_deinit(struct plan_field *field);

/* wr_plan_make, with one place forbidden. */
void plan_make_but(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const struct wr_plan_options *options, const struct plan_but *but, struct wr_plan **ret_plan);

/* ---- the pieces of the cost, from the table in 3.1 ---- */

int64_t plan_slot_from(const struct wr_plan_session *session, size_t cell);
int64_t plan_slot_to(const struct wr_plan_session *session, size_t cell, int64_t slots);
int64_t plan_cost_unplaced(
    const struct wr_plan_instance *instance, const struct wr_plan_patient *patient);
int64_t plan_cost_absent(
    const struct wr_plan_instance *instance, const struct wr_plan_support *support);
/* Adds the terms of a place, supports left aside; returns their sum. */
int64_t plan_cost_place(const struct wr_plan_instance *instance,
    const struct wr_plan_patient *patient, size_t session, size_t cell,
    struct wr_plan_terms *terms);

/* ---- hard rules ---- */

bool plan_person_can(const struct wr_plan_person *person, int64_t from, int64_t to);
/* Does the session belong to the patient's ward and consultant, or to one who covers? */
bool plan_session_serves(
    const struct wr_plan_session *session, const struct wr_plan_patient *patient);
/* First rule broken by a place in a session that serves; BEST when none is. */
enum wr_plan_why plan_place_broken(
    const struct wr_plan_session *session, const struct wr_plan_patient *patient, size_t cell);

#endif
