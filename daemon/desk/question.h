/*
 * question: what a patient wants to talk about on the round.
 *
 * A question waits for the patient's next slot and is shown with it. When that slot starts, the
 * waiting questions belong to it and can't be changed any more; when it turns out to be missed or
 * cancelled, they wait again. So none is lost with a slot.
 *
 * Their words stand in their own rows only, not in the audit: what a patient takes out is gone.
 */
#ifndef WR_DAEMON_DESK_QUESTION_H
#define WR_DAEMON_DESK_QUESTION_H

#include "desk/use.h"

/* The slot that is the patient's next round: published, and at most a day ago. 0, WR_STORE_NONE. */
int wr_question_slot(struct wr_use *use, const char *patient, struct wr_slot *ret_slot);
/* `id` NULL: a new one. The patient has to be the question's. */
int wr_question_write(
    struct wr_use *use, const struct wr_patient *patient, const char *id, const char *text);
int wr_question_remove(struct wr_use *use, const struct wr_patient *patient, const char *id);
/* Those that are there for this slot, the waiting ones when it is the next. */
int wr_question_list_of(struct wr_use *use, const struct wr_slot *slot,
    struct wr_question **ret_questions, size_t *ret_n);
json_t *wr_json_question(struct wr_use *use, const char *ward, const struct wr_question *question);
/* After a slot was written: its state decides whether questions wait. */
int wr_question_follow(
    struct wr_use *use, const struct wr_slot *before, const struct wr_slot *slot);

#endif
