/*
 * Verbs: how sessions differ from their rounds, slots, who attends them, and what they take.
 *
 * Nobody is double-booked because table `busy` has one row for each five minutes of each patient,
 * consultant, room and person that a published or started slot takes: its primary key refuses the
 * second.
 */
#include <string.h>

#include "store/inside.h"

/* ---- sessions ---- */

int wr_store_session_change_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *id, struct wr_session_change *ret_change)
{
	struct wr_where where = {0};
	wr_where_is(&where, "id = ", wr_value_text(id));
	return wr_rows_get(tx, arena, &wr_table_session_change, &where, ret_change);
}

int wr_store_session_change_put(struct wr_tx *tx, const struct wr_session_change *change)
{
	return wr_rows_put(tx, &wr_table_session_change, change);
}

int wr_store_session_change_delete(struct wr_tx *tx, const char *id)
{
	struct wr_where where = {0};
	wr_where_is(&where, "id = ", wr_value_text(id));
	return wr_rows_delete(tx, "session_change", &where, NULL);
}

int wr_store_session_change_list(struct wr_tx *tx, struct wr_arena *arena, const char *ward,
    wr_day from, wr_day to, struct wr_session_change **ret_changes, size_t *ret_n)
{
	struct wr_where where = {0};
	wr_where_by_text(&where, "session_change.ward = ", ward);
	struct wr_buf range = {0};
	wr_buf_printf(&range, "(session_change.day >= %d AND session_change.day < %d", from,
	    to == WR_DAY_NONE ? INT32_MAX : to);
	wr_buf_printf(&range,
	    " OR session_change.moved_day >= %d AND session_change.moved_day < %d)", from,
	    to == WR_DAY_NONE ? INT32_MAX : to);
	wr_where_plain(&where, range.data);
	wr_buf_deinit(&range);
	return wr_rows_list(tx, arena, &wr_table_session_change, "", &where,
	    "session_change.day, session_change.id", ret_changes, ret_n);
}

/* ---- what a slot takes ---- */

int wr_store_busy_release(struct wr_tx *tx, const char *slot)
{
	struct wr_where where = {0};
	wr_where_is(&where, "slot = ", wr_value_text(slot));
	return wr_rows_delete(tx, "busy", &where, NULL);
}

/* Who has it, when one of the rows was refused. A slot that wants the same person for two of its
 * supports has it itself: that is no conflict.
 */
static int find_holder(struct wr_tx *tx, struct wr_arena *arena, const char *slot,
    enum wr_whose what, const char *who, wr_time at, struct wr_store_conflict *ret_conflict)
{
	const char *holder = NULL;
	int outcome = wr_sql_text(tx, arena,
	    "SELECT slot FROM busy WHERE what = $1 AND who = $2 AND tick = $3",
	    WR_VALUES(
		wr_value_word(&wr_words_whose, (int)what), wr_value_text(who), wr_value_int(at)),
	    &holder);
	if (outcome || wr_text_equal(holder, slot))
		return outcome;
	if (ret_conflict)
		*ret_conflict = (struct wr_store_conflict){
		    .what = what, .who = wr_arena_strdup(arena, who), .slot = holder, .at = at};
	return WR_STORE_DOUBLE;
}

static int take(struct wr_tx *tx, struct wr_arena *arena, const struct wr_slot *slot,
    enum wr_whose what, const char *who, struct wr_store_conflict *ret_conflict)
{
	for (wr_time at = slot->start; at < slot->until; at += WR_TICK_SECONDS) {
		size_t taken = 0;
		int outcome = wr_sql_run(tx,
		    "INSERT INTO busy (what, who, tick, slot) VALUES ($1, $2, $3, $4)"
		    " ON CONFLICT (what, who, tick) DO NOTHING",
		    WR_VALUES(wr_value_word(&wr_words_whose, (int)what), wr_value_text(who),
			wr_value_int(at), wr_value_text(slot->ref)),
		    &taken);
		if (outcome == 0 && taken == 0)
			outcome = find_holder(tx, arena, slot->ref, what, who, at, ret_conflict);
		if (outcome)
			return outcome;
	}
	return 0;
}

static int take_all(struct wr_tx *tx, struct wr_arena *arena, const struct wr_slot *slot,
    struct wr_store_conflict *ret_conflict)
{
	struct wr_attendee *attendees = NULL;
	size_t n = 0;
	if (slot->state != WR_STATE_PUBLISHED && slot->state != WR_STATE_STARTED)
		return 0;
	int outcome = wr_store_attendee_list_of(tx, &tx->arena, slot->ref, &attendees, &n);
	if (outcome == 0)
		outcome = take(tx, arena, slot, WR_WHOSE_PATIENT, slot->patient, ret_conflict);
	if (outcome == 0)
		outcome =
		    take(tx, arena, slot, WR_WHOSE_CONSULTANT, slot->consultant, ret_conflict);
	if (outcome == 0 && slot->room) {
		const char *room = wr_arena_printf(&tx->arena, "%s/%s", slot->ward, slot->room);
		outcome = take(tx, arena, slot, WR_WHOSE_ROOM, room, ret_conflict);
	}
	for (size_t i = 0; outcome == 0 && i < n; i++)
		outcome = take(tx, arena, slot, WR_WHOSE_PERSON, attendees[i].person, ret_conflict);
	return outcome;
}

/* ---- slots ---- */

static int replace_attendees(
    struct wr_tx *tx, const char *slot, const struct wr_attendee *attendees, size_t n)
{
	struct wr_where where = {0};
	wr_where_is(&where, "slot = ", wr_value_text(slot));
	int outcome = wr_rows_delete(tx, "attendee", &where, NULL);
	for (size_t i = 0; outcome == 0 && i < n; i++) {
		struct wr_attendee row = attendees[i];
		row.slot = slot;
		outcome = wr_rows_put(tx, &wr_table_attendee, &row);
	}
	return outcome;
}

/* A SAVEPOINT of its own: what is refused half-way leaves nothing behind. */
int wr_store_slot_put(struct wr_tx *tx, struct wr_arena *arena, const struct wr_slot *slot,
    const struct wr_attendee *attendees, size_t n, struct wr_store_conflict *ret_conflict)
{
	wr_tx_touch(tx, slot->patient);
	int outcome = wr_sql_run(tx, "SAVEPOINT slot", NULL, 0, NULL);
	if (outcome)
		return outcome;
	outcome = wr_store_busy_release(tx, slot->ref);
	if (outcome == 0)
		outcome = wr_rows_put(tx, &wr_table_slot, slot);
	if (outcome == 0 && attendees)
		outcome = replace_attendees(tx, slot->ref, attendees, n);
	if (outcome == 0)
		outcome = take_all(tx, arena, slot, ret_conflict);
	if (tx->fault)
		return tx->fault;
	int undone = outcome ? wr_sql_run(tx, "ROLLBACK TO slot", NULL, 0, NULL) : 0;
	int released = wr_sql_run(tx, "RELEASE slot", NULL, 0, NULL);
	return undone ? undone : released ? released : outcome;
}

int wr_store_slot_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *ref, struct wr_slot *ret_slot)
{
	struct wr_where where = {0};
	wr_where_is(&where, "ref = ", wr_value_text(ref));
	return wr_rows_get(tx, arena, &wr_table_slot, &where, ret_slot);
}

int wr_store_slot_delete(struct wr_tx *tx, const char *ref)
{
	struct wr_slot slot;
	int outcome = wr_store_slot_get(tx, &tx->arena, ref, &slot);
	if (outcome)
		return outcome == WR_STORE_NONE ? 0 : outcome;
	if (slot.state != WR_STATE_DRAFT)
		return WR_STORE_REFUSED;
	wr_tx_touch(tx, slot.patient);
	struct wr_where where = {0};
	wr_where_is(&where, "ref = ", wr_value_text(ref));
	return wr_rows_delete(tx, "slot", &where, NULL);
}

int wr_store_slot_delete_drafts(struct wr_tx *tx, const char *ward, struct wr_week week)
{
	struct wr_slot *drafts = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .ward = ward, .week = &week, .states = WR_STORE_BIT(WR_STATE_DRAFT)};
	int outcome = wr_store_slot_list(tx, &tx->arena, &filter, &drafts, &n);
	for (size_t i = 0; outcome == 0 && i < n; i++)
		outcome = wr_store_slot_delete(tx, drafts[i].ref);
	return outcome;
}

/* Of `slot`. Someone may attend through several supports: EXISTS, so that a slot comes once. */
static struct wr_where of_slots(struct wr_tx *tx, const struct wr_store_slot_filter *filter)
{
	struct wr_where where = {0};
	if (!filter)
		return where;
	wr_where_by_text(&where, "slot.ward = ", filter->ward);
	wr_where_by_text(&where, "slot.consultant = ", filter->consultant);
	wr_where_by_text(&where, "slot.patient = ", filter->patient);
	wr_where_by_text(&where, "slot.session = ", filter->session);
	wr_where_by_week(tx, &where, "slot.week = ", filter->week);
	wr_where_by_time(&where, "slot.start >= ", filter->from);
	wr_where_by_time(&where, "slot.start < ", filter->to);
	wr_where_by_bits(&where, "slot.state", &wr_words_state, filter->states);
	wr_where_by_text(&where,
	    "slot.ref IN (SELECT a.slot FROM attendee AS a WHERE a.person = ", filter->person);
	if (filter->person)
		wr_buf_putc(&where.sql, ')');
	wr_where_by_text(&where,
	    "slot.ref IN (SELECT a.slot FROM attendee AS a WHERE a.support = ", filter->support);
	if (filter->support)
		wr_buf_putc(&where.sql, ')');
	return where;
}

int wr_store_slot_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_slot_filter *filter, struct wr_slot **ret_slots, size_t *ret_n)
{
	struct wr_where where = of_slots(tx, filter);
	return wr_rows_list(tx, arena, &wr_table_slot, "", &where,
	    "slot.start, slot.ward, slot.session, slot.cell, slot.ref", ret_slots, ret_n);
}

int wr_store_slot_held(struct wr_tx *tx, struct wr_arena *arena, const char *patient, wr_time since,
    size_t limit, struct wr_slot **ret_slots, size_t *ret_n)
{
	struct wr_where where = {.limit = limit};
	wr_where_is(&where, "slot.patient = ", wr_value_text(patient));
	wr_where_by_time(&where, "slot.start >= ", since);
	wr_where_plain(&where, "slot.state = 'held'");
	return wr_rows_list(
	    tx, arena, &wr_table_slot, "", &where, "slot.start DESC, slot.ref", ret_slots, ret_n);
}

/* ---- attendees ---- */

int wr_store_attendee_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_slot_filter *filter, struct wr_attendee **ret_attendees, size_t *ret_n)
{
	struct wr_where where = of_slots(tx, filter);
	return wr_rows_list(tx, arena, &wr_table_attendee, " JOIN slot ON slot.ref = attendee.slot",
	    &where, "attendee.slot, attendee.support", ret_attendees, ret_n);
}

int wr_store_attendee_list_of(struct wr_tx *tx, struct wr_arena *arena, const char *slot,
    struct wr_attendee **ret_attendees, size_t *ret_n)
{
	struct wr_where where = {0};
	wr_where_is(&where, "slot = ", wr_value_text(slot));
	return wr_rows_list(
	    tx, arena, &wr_table_attendee, "", &where, "attendee.support", ret_attendees, ret_n);
}
