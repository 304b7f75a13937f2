/*
 * Verbs: what patients say. Feedback is kept in sums; nothing here joins it to anybody.
 */
#include "store/inside.h"

/* ---- questions ---- */

int wr_store_question_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *id, struct wr_question *ret_question)
{
	struct wr_where where = {0};
	wr_where_is(&where, "id = ", wr_value_text(id));
	return wr_rows_get(tx, arena, &wr_table_question, &where, ret_question);
}

int wr_store_question_put(struct wr_tx *tx, const struct wr_question *question)
{
	return wr_rows_put(tx, &wr_table_question, question);
}

int wr_store_question_delete(struct wr_tx *tx, const char *id)
{
	struct wr_where where = {0};
	wr_where_is(&where, "id = ", wr_value_text(id));
	return wr_rows_delete(tx, "question", &where, NULL);
}

int wr_store_question_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_question_filter *filter, struct wr_question **ret_questions,
    size_t *ret_n)
{
	struct wr_where where = {0};
	const char *join = "";
	if (filter) {
		wr_where_by_text(&where, "question.patient = ", filter->patient);
		wr_where_by_text(&where, "question.slot = ", filter->slot);
		wr_where_by_text(&where, "patient.ward = ", filter->ward);
		if (filter->waiting)
			wr_where_plain(&where, "question.slot IS NULL");
		if (filter->waiting || filter->ward)
			join = " JOIN patient ON patient.ref = question.patient"
			       " AND patient.admission = question.admission"
			       " AND patient.discharged IS NULL";
	}
	return wr_rows_list(tx, arena, &wr_table_question, join, &where,
	    "question.patient, question.created, question.id", ret_questions, ret_n);
}

int wr_store_question_give(struct wr_tx *tx, const char *patient, int admission, const char *slot)
{
	return wr_sql_run(tx,
	    "UPDATE question SET slot = $1"
	    " WHERE patient = $2 AND admission = $3 AND slot IS NULL",
	    WR_VALUES(wr_value_text(slot), wr_value_text(patient), wr_value_int(admission)), NULL);
}

int wr_store_question_take_back(struct wr_tx *tx, const char *slot)
{
	return wr_sql_run(tx, "UPDATE question SET slot = NULL WHERE slot = $1",
	    WR_VALUES(wr_value_text(slot)), NULL);
}

/* ---- how it was ---- */

int wr_store_feedback_put(struct wr_tx *tx, const struct wr_feedback *batch)
{
	return wr_rows_put(tx, &wr_table_feedback, batch);
}

int wr_store_feedback_last(
    struct wr_tx *tx, struct wr_arena *arena, const char *ward, struct wr_feedback *ret_batch)
{
	struct wr_where where = {0};
	wr_where_is(&where, "ward = ", wr_value_text(ward));
	wr_where_plain(
	    &where, "batch = (SELECT max(f.batch) FROM feedback f WHERE f.ward = feedback.ward)");
	return wr_rows_get(tx, arena, &wr_table_feedback, &where, ret_batch);
}

int wr_store_feedback_list(struct wr_tx *tx, struct wr_arena *arena, const char *ward,
    struct wr_feedback **ret_batches, size_t *ret_n)
{
	struct wr_where where = {0};
	wr_where_by_text(&where, "feedback.ward = ", ward);
	return wr_rows_list(tx, arena, &wr_table_feedback, "", &where,
	    "feedback.ward, feedback.month, feedback.batch", ret_batches, ret_n);
}

int wr_store_mark_get(struct wr_tx *tx, const char *mark)
{
	int64_t one = 0;
	return wr_sql_int(
	    tx, "SELECT 1 FROM mark WHERE mark = $1", WR_VALUES(wr_value_text(mark)), &one);
}

int wr_store_mark_put(struct wr_tx *tx, const char *mark, wr_time until)
{
	return wr_sql_run(tx, "INSERT INTO mark (mark, until) VALUES ($1, $2)",
	    WR_VALUES(wr_value_text(mark), wr_value_time(until)), NULL);
}

int wr_store_mark_forget(struct wr_tx *tx, wr_time before)
{
	struct wr_where where = {0};
	wr_where_is(&where, "until < ", wr_value_int(before));
	return wr_rows_delete(tx, "mark", &where, NULL);
}
