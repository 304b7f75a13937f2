/*
 * Verbs: who may sign in, and who has.
 */
#include "store/inside.h"

int wr_store_staff_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *name, struct wr_staff *ret_staff)
{
	struct wr_where where = {0};
	wr_where_is(&where, "name = ", wr_value_text(name));
	return wr_rows_get(tx, arena, &wr_table_staff, &where, ret_staff);
}

int wr_store_staff_put(struct wr_tx *tx, const struct wr_staff *staff)
{
	return wr_rows_put(tx, &wr_table_staff, staff);
}

int wr_store_staff_list(
    struct wr_tx *tx, struct wr_arena *arena, struct wr_staff **ret_staff, size_t *ret_n)
{
	struct wr_where where = {0};
	return wr_rows_list(tx, arena, &wr_table_staff, "", &where, "staff.name", ret_staff, ret_n);
}

int wr_store_staff_session_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *id, struct wr_staff_session *ret_session)
{
	struct wr_where where = {0};
	wr_where_is(&where, "id = ", wr_value_text(id));
	return wr_rows_get(tx, arena, &wr_table_staff_session, &where, ret_session);
}

int wr_store_staff_session_put(struct wr_tx *tx, const struct wr_staff_session *session)
{
	return wr_rows_put(tx, &wr_table_staff_session, session);
}

int wr_store_staff_session_delete(struct wr_tx *tx, const char *id, const char *staff)
{
	struct wr_where where = {0};
	if (id)
		wr_where_is(&where, "id = ", wr_value_text(id));
	else
		wr_where_is(&where, "staff = ", wr_value_text(staff));
	return wr_rows_delete(tx, "staff_session", &where, NULL);
}

int wr_store_staff_session_forget(struct wr_tx *tx, wr_time begun_before, wr_time seen_before)
{
	return wr_sql_run(tx, "DELETE FROM staff_session WHERE begun < $1 OR seen < $2",
	    WR_VALUES(wr_value_int(begun_before), wr_value_int(seen_before)), NULL);
}

int wr_store_staff_session_list(
    struct wr_tx *tx, struct wr_arena *arena, struct wr_staff_session **ret_sessions, size_t *ret_n)
{
	struct wr_where where = {0};
	return wr_rows_list(tx, arena, &wr_table_staff_session, "", &where,
	    "staff_session.staff, staff_session.begun, staff_session.id", ret_sessions, ret_n);
}
