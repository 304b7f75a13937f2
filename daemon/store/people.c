/*
 * Verbs: patients, supports, their free times, away times, blocked people.
 */
#include <string.h>

#include "store/inside.h"

/* ---- patients ---- */

int wr_store_patient_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *ref, struct wr_patient *ret_patient)
{
	struct wr_where where = {0};
	wr_where_is(&where, "ref = ", wr_value_text(ref));
	return wr_rows_get(tx, arena, &wr_table_patient, &where, ret_patient);
}

int wr_store_patient_put(struct wr_tx *tx, const struct wr_patient *patient)
{
	wr_tx_touch(tx, patient->ref);
	return wr_rows_put(tx, &wr_table_patient, patient);
}

int wr_store_patient_list(struct wr_tx *tx, struct wr_arena *arena, const char *ward,
    bool discharged_too, struct wr_patient **ret_patients, size_t *ret_n)
{
	struct wr_where where = {0};
	wr_where_by_text(&where, "ward = ", ward);
	if (!discharged_too)
		wr_where_plain(&where, "discharged IS NULL");
	return wr_rows_list(tx, arena, &wr_table_patient, "", &where, "patient.ward, patient.ref",
	    ret_patients, ret_n);
}

/* ---- supports ---- */

int wr_store_support_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *ref, struct wr_support *ret_support)
{
	struct wr_where where = {0};
	wr_where_is(&where, "ref = ", wr_value_text(ref));
	return wr_rows_get(tx, arena, &wr_table_support, &where, ret_support);
}

int wr_store_support_put(struct wr_tx *tx, const struct wr_support *support)
{
	wr_tx_touch(tx, support->patient);
	return wr_rows_put(tx, &wr_table_support, support);
}

/* Of `support`, joined with its patient. */
static struct wr_where of_supports(const struct wr_store_support_filter *filter)
{
	struct wr_where where = {0};
	if (!filter)
		return where;
	wr_where_by_text(&where, "support.patient = ", filter->patient);
	wr_where_by_text(&where, "support.person = ", filter->person);
	wr_where_by_text(&where, "patient.ward = ", filter->ward);
	if (filter->not_discharged)
		wr_where_plain(&where, "patient.discharged IS NULL");
	return where;
}

int wr_store_support_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_support_filter *filter, struct wr_support **ret_supports, size_t *ret_n)
{
	struct wr_where where = of_supports(filter);
	return wr_rows_list(tx, arena, &wr_table_support,
	    " JOIN patient ON patient.ref = support.patient", &where,
	    "support.patient, support.ref", ret_supports, ret_n);
}

/* ---- free times ---- */

int wr_store_free_replace(
    struct wr_tx *tx, const char *support, const struct wr_free *free, size_t n)
{
	struct wr_where where = {0};
	wr_where_is(&where, "support = ", wr_value_text(support));
	int outcome = wr_rows_delete(tx, "free", &where, NULL);
	for (size_t i = 0; outcome == 0 && i < n; i++) {
		struct wr_free row = free[i];
		row.support = support;
		outcome = wr_rows_put(tx, &wr_table_free, &row);
	}
	return outcome;
}

int wr_store_free_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_support_filter *filter, struct wr_free **ret_free, size_t *ret_n)
{
	struct wr_where where = of_supports(filter);
	return wr_rows_list(tx, arena, &wr_table_free,
	    " JOIN support ON support.ref = free.support"
	    " JOIN patient ON patient.ref = support.patient",
	    &where, "free.support, free.weekday, free.\"from\"", ret_free, ret_n);
}

/* ---- away times ---- */

int wr_store_away_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *id, struct wr_away *ret_away)
{
	struct wr_where where = {0};
	wr_where_is(&where, "id = ", wr_value_text(id));
	return wr_rows_get(tx, arena, &wr_table_away, &where, ret_away);
}

static void touch_away(struct wr_tx *tx, const struct wr_away *away)
{
	if (away->whose == WR_WHOSE_PATIENT)
		wr_tx_touch(tx, away->who);
}

int wr_store_away_put(struct wr_tx *tx, const struct wr_away *away)
{
	touch_away(tx, away);
	return wr_rows_put(tx, &wr_table_away, away);
}

int wr_store_away_delete(struct wr_tx *tx, const char *id)
{
	struct wr_away away;
	int outcome = wr_store_away_get(tx, &tx->arena, id, &away);
	if (outcome)
		return outcome == WR_STORE_NONE ? 0 : outcome;
	touch_away(tx, &away);
	struct wr_where where = {0};
	wr_where_is(&where, "id = ", wr_value_text(id));
	return wr_rows_delete(tx, "away", &where, NULL);
}

int wr_store_away_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_away_filter *filter, struct wr_away **ret_aways, size_t *ret_n)
{
	struct wr_where where = {0};
	if (filter) {
		wr_where_by_bits(&where, "away.whose", &wr_words_whose, filter->whose);
		wr_where_by_text(&where, "away.who = ", filter->who);
		wr_where_by_time(&where, "away.\"to\" > ", filter->from);
		wr_where_by_time(&where, "away.\"from\" < ", filter->to);
	}
	return wr_rows_list(
	    tx, arena, &wr_table_away, "", &where, "away.\"from\", away.id", ret_aways, ret_n);
}

/* ---- blocked people ---- */

int wr_store_block_put(struct wr_tx *tx, const struct wr_block *block)
{
	return wr_rows_put(tx, &wr_table_block, block);
}

int wr_store_block_delete(struct wr_tx *tx, const struct wr_block *block)
{
	struct wr_where where = {0};
	wr_where_is(&where, "patient = ", wr_value_text(block->patient));
	wr_where_is(&where, "name = ", wr_value_text(block->name));
	return wr_rows_delete(tx, "block", &where, NULL);
}

int wr_store_block_list(struct wr_tx *tx, struct wr_arena *arena, const char *patient,
    struct wr_block **ret_blocks, size_t *ret_n)
{
	struct wr_where where = {0};
	wr_where_by_text(&where, "patient = ", patient);
	return wr_rows_list(
	    tx, arena, &wr_table_block, "", &where, "block.patient, block.name", ret_blocks, ret_n);
}
