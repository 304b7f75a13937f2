/*
 * Verbs: tasks, what is due next, references, one step back, idempotency keys, small texts.
 */
#include "store/inside.h"

/* ---- tasks ---- */

int wr_store_task_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *id, struct wr_task *ret_task)
{
	struct wr_where where = {0};
	wr_where_is(&where, "id = ", wr_value_text(id));
	return wr_rows_get(tx, arena, &wr_table_task, &where, ret_task);
}

int wr_store_task_put(struct wr_tx *tx, const struct wr_task *task)
{
	return wr_rows_put(tx, &wr_table_task, task);
}

int wr_store_task_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_task_filter *filter, struct wr_task **ret_tasks, size_t *ret_n)
{
	struct wr_where where = {0};
	if (filter) {
		wr_where_by_text(&where, "task.ward = ", filter->ward);
		wr_where_by_text(&where, "task.kind = ", filter->kind);
		wr_where_by_text(&where, "task.patient = ", filter->patient);
		wr_where_by_text(&where, "task.slot = ", filter->slot);
		wr_where_by_time(&where, "task.alarm <= ", filter->alarm_by);
		if (filter->open)
			wr_where_plain(&where, "task.done IS NULL");
		if (filter->unsaid)
			wr_where_plain(&where, "task.said = 0");
		if (filter->no_alarm)
			wr_where_plain(&where, "task.said < 2");
	}
	return wr_rows_list(
	    tx, arena, &wr_table_task, "", &where, "task.created, task.id", ret_tasks, ret_n);
}

/* ---- due ---- */

static int next_of(struct wr_tx *tx, const char *sql, wr_time *ret_at)
{
	*ret_at = WR_TIME_NONE;
	int outcome = wr_sql_int(tx, sql, NULL, 0, ret_at);
	return outcome == WR_STORE_NONE ? 0 : outcome;
}

int wr_store_next_due(struct wr_tx *tx, struct wr_store_due *ret_due)
{
	int outcome =
	    next_of(tx, "SELECT min(due) FROM news WHERE due IS NOT NULL", &ret_due->news);
	if (outcome == 0)
		outcome = next_of(tx, "SELECT min(due) FROM reminder", &ret_due->reminder);
	if (outcome == 0)
		outcome = wr_store_notice_first(tx, &ret_due->notice);
	if (outcome == 0)
		outcome = next_of(tx,
		    "SELECT min(alarm) FROM task WHERE done IS NULL AND alarm IS NOT NULL",
		    &ret_due->task);
	return outcome;
}

wr_time wr_store_due_first(const struct wr_store_due *due)
{
	const wr_time all[] = {due->news, due->reminder, due->notice, due->task};
	wr_time first = WR_TIME_NONE;
	for (size_t i = 0; i < WR_COUNT(all); i++)
		if (all[i] != WR_TIME_NONE && (first == WR_TIME_NONE || all[i] < first))
			first = all[i];
	return first;
}

/* ---- references ---- */

// clang-format off
static const struct ref_kind {
	const char *name, *prefix;
	int digits; /* at least */
	const char *exists;
} ref_kinds[] = {
	[WR_STORE_REF_PATIENT] = {"patient", "P",  2, "SELECT 1 FROM patient WHERE ref = $1"},
	[WR_STORE_REF_SUPPORT] = {"support", "S",  3, "SELECT 1 FROM support WHERE ref = $1"},
	[WR_STORE_REF_SLOT]    = {"slot",    "s-", 1, "SELECT 1 FROM slot WHERE ref = $1"},
	[WR_STORE_REF_AWAY]    = {"away",    "a-", 1, "SELECT 1 FROM away WHERE id = $1"},
	[WR_STORE_REF_LINK]    = {"link",    "l-", 1, "SELECT 1 FROM link WHERE id = $1"},
	[WR_STORE_REF_TASK]    = {"task",    "t-", 1, "SELECT 1 FROM task WHERE id = $1"},
	[WR_STORE_REF_QUESTION] = {"question", "q-", 1, "SELECT 1 FROM question WHERE id = $1"},
};
// clang-format on

static int count(struct wr_tx *tx, const char *kind, int64_t *ret_n)
{
	return wr_sql_int(tx,
	    "INSERT INTO counter (kind, n) VALUES ($1, 1)"
	    " ON CONFLICT (kind) DO UPDATE SET n = counter.n + 1 RETURNING n",
	    WR_VALUES(wr_value_text(kind)), ret_n);
}

int wr_store_next_ref(
    struct wr_tx *tx, struct wr_arena *arena, enum wr_store_ref kind, const char **ret_ref)
{
	const struct ref_kind *about = &ref_kinds[kind];
	int64_t n = 0;
	int64_t taken = 0;
	int outcome;
	do {
		outcome = count(tx, about->name, &n);
		if (outcome)
			return outcome;
		*ret_ref =
		    wr_arena_printf(arena, "%s%0*lld", about->prefix, about->digits, (long long)n);
		outcome = wr_sql_int(tx, about->exists, WR_VALUES(wr_value_text(*ret_ref)), &taken);
	} while (outcome == 0);
	return outcome == WR_STORE_NONE ? 0 : outcome;
}

/* ---- one step back ---- */

static struct wr_where of_subject(const char *kind, const char *ref)
{
	struct wr_where where = {0};
	wr_where_is(&where, "kind = ", wr_value_text(kind));
	wr_where_is(&where, "ref = ", wr_value_text(ref));
	return where;
}

int wr_store_undo_get(struct wr_tx *tx, struct wr_arena *arena, const char *kind, const char *ref,
    struct wr_store_undo *ret_undo)
{
	struct wr_where where = of_subject(kind, ref);
	return wr_rows_get(tx, arena, &wr_table_undo, &where, ret_undo);
}

int wr_store_undo_put(struct wr_tx *tx, const struct wr_store_undo *undo)
{
	return wr_rows_put(tx, &wr_table_undo, undo);
}

int wr_store_undo_delete(struct wr_tx *tx, const char *kind, const char *ref)
{
	struct wr_where where = of_subject(kind, ref);
	return wr_rows_delete(tx, "undo", &where, NULL);
}

/* ---- idempotency keys ---- */

int wr_store_key_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *key, struct wr_store_key *ret_key)
{
	struct wr_where where = {0};
	wr_where_is(&where, "\"key\" = ", wr_value_text(key));
	return wr_rows_get(tx, arena, &wr_table_key, &where, ret_key);
}

int wr_store_key_put(struct wr_tx *tx, const struct wr_store_key *key)
{
	return wr_rows_put(tx, &wr_table_key, key);
}

int wr_store_key_forget(struct wr_tx *tx, wr_time before)
{
	struct wr_where where = {0};
	wr_where_is(&where, "at < ", wr_value_int(before));
	return wr_rows_delete(tx, "key", &where, NULL);
}

/* ---- small texts ---- */

int wr_store_meta_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *name, const char **ret_text)
{
	return wr_sql_text(tx, arena, "SELECT text FROM meta WHERE name = $1",
	    WR_VALUES(wr_value_text(name)), ret_text);
}

int wr_store_meta_put(struct wr_tx *tx, const char *name, const char *text)
{
	return wr_sql_run(tx,
	    "INSERT INTO meta (name, text) VALUES ($1, $2)"
	    " ON CONFLICT (name) DO UPDATE SET text = excluded.text",
	    WR_VALUES(wr_value_text(name), wr_value_text(text)), NULL);
}
