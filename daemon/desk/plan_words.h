/*
 * plan_words: a plan's reasons in words.
 *
 * For the patient only about the patient's own people, never naming or hinting at anybody else; for
 * staff with names and costs. Each says what the numbers of a solve say and no more.
 */
#ifndef WR_DAEMON_DESK_PLAN_WORDS_H
#define WR_DAEMON_DESK_PLAN_WORDS_H

#include "desk/plan_week.h"

/* A cell of the instance, as the ward knows it. */
const struct wr_session_cell *wr_plan_cell(
    const struct wr_instance *instance, size_t session, size_t cell);

/* "Your father and your care coordinator can both come then." `at`: a placed patient; `attends`:
 * who does, beside the patient's supports. */
const char *wr_plan_words_patient(struct wr_arena *arena, const struct wr_instance *instance,
    size_t at, wr_time start, const bool *attends);
/* Why a published slot is not where the plan has its patient. */
const char *wr_plan_words_elsewhere(struct wr_arena *arena, const struct wr_instance *instance,
    const struct wr_plan *plan, size_t at);
/* Why here, with what the next best plan costs and whom it moves; or why nowhere: the count, or who
 * can't all be placed. */
const char *wr_plan_words_staff(struct wr_arena *arena, const struct wr_instance *instance,
    const struct wr_plan *plan, size_t at, const struct wr_plan_explanation *explanation);

#endif
