/*
 * Verbs: plans, who has no slot and why, generations.
 */
#include "store/inside.h"

int wr_store_plan_get(struct wr_tx *tx, struct wr_arena *arena, const char *ward,
    struct wr_week week, struct wr_plan_row *ret_plan)
{
	struct wr_where where = {0};
	wr_where_is(&where, "ward = ", wr_value_text(ward));
	wr_where_is(&where, "week = ", wr_value_week(tx, week));
	return wr_rows_get(tx, arena, &wr_table_plan, &where, ret_plan);
}

int wr_store_plan_put(struct wr_tx *tx, const struct wr_plan_row *plan)
{
	return wr_rows_put(tx, &wr_table_plan, plan);
}

int wr_store_plan_list(struct wr_tx *tx, struct wr_arena *arena, const char *ward,
    const struct wr_week *from, struct wr_plan_row **ret_plans, size_t *ret_n)
{
	struct wr_where where = {0};
	wr_where_by_text(&where, "ward = ", ward);
	wr_where_by_week(tx, &where, "week >= ", from);
	return wr_rows_list(
	    tx, arena, &wr_table_plan, "", &where, "plan.week, plan.ward", ret_plans, ret_n);
}

/* ---- unplaced ---- */

int wr_store_unplaced_put(struct wr_tx *tx, const struct wr_unplaced *unplaced)
{
	wr_tx_touch(tx, unplaced->patient);
	return wr_rows_put(tx, &wr_table_unplaced, unplaced);
}

int wr_store_unplaced_delete(struct wr_tx *tx, const char *patient, struct wr_week week)
{
	struct wr_where where = {0};
	wr_tx_touch(tx, patient);
	wr_where_is(&where, "patient = ", wr_value_text(patient));
	wr_where_is(&where, "week = ", wr_value_week(tx, week));
	return wr_rows_delete(tx, "unplaced", &where, NULL);
}

int wr_store_unplaced_replace(struct wr_tx *tx, const char *ward, struct wr_week week,
    const struct wr_unplaced *unplaced, size_t n)
{
	struct wr_unplaced *old = NULL;
	size_t n_old = 0;
	int outcome = wr_store_unplaced_list(tx, &tx->arena, ward, &week, NULL, &old, &n_old);
	for (size_t i = 0; outcome == 0 && i < n_old; i++)
		outcome = wr_store_unplaced_delete(tx, old[i].patient, week);
	for (size_t i = 0; outcome == 0 && i < n; i++) {
		struct wr_unplaced row = unplaced[i];
		row.ward = ward;
		row.week = week;
		for (size_t k = 0; k < n_old; k++)
			row.said |= old[k].said && wr_text_equal(old[k].patient, row.patient);
		outcome = wr_store_unplaced_put(tx, &row);
	}
	return outcome;
}

int wr_store_unplaced_list(struct wr_tx *tx, struct wr_arena *arena, const char *ward,
    const struct wr_week *week, const char *patient, struct wr_unplaced **ret_unplaced,
    size_t *ret_n)
{
	struct wr_where where = {0};
	wr_where_by_text(&where, "ward = ", ward);
	wr_where_by_week(tx, &where, "week = ", week);
	wr_where_by_text(&where, "patient = ", patient);
	return wr_rows_list(tx, arena, &wr_table_unplaced, "", &where,
	    "unplaced.week, unplaced.ward, unplaced.patient", ret_unplaced, ret_n);
}

int wr_store_unplaced_unsaid(struct wr_tx *tx, struct wr_arena *arena, struct wr_week from,
    struct wr_unplaced **ret_unplaced, size_t *ret_n)
{
	struct wr_where where = {0};
	wr_where_plain(&where, "unplaced.said = 0");
	wr_where_by_week(tx, &where, "week >= ", &from);
	return wr_rows_list(tx, arena, &wr_table_unplaced, "", &where,
	    "unplaced.week, unplaced.ward, unplaced.patient", ret_unplaced, ret_n);
}

/* ---- generations ---- */

int wr_store_generation_bump(struct wr_tx *tx, enum wr_whose whose, const char *who)
{
	return wr_sql_run(tx,
	    "INSERT INTO generation (whose, who, n) VALUES ($1, $2, 1)"
	    " ON CONFLICT (whose, who) DO UPDATE SET n = generation.n + 1",
	    WR_VALUES(wr_value_word(&wr_words_whose, (int)whose), wr_value_text(who)), NULL);
}

int wr_store_generation_get(
    struct wr_tx *tx, enum wr_whose whose, const char *who, int64_t *ret_generation)
{
	*ret_generation = 0;
	int outcome = wr_sql_int(tx, "SELECT n FROM generation WHERE whose = $1 AND who = $2",
	    WR_VALUES(wr_value_word(&wr_words_whose, (int)whose), wr_value_text(who)),
	    ret_generation);
	return outcome == WR_STORE_NONE ? 0 : outcome;
}
