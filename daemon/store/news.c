/*
 * Verbs: what each person should know and how far that got, reminders, notices under way, webhooks
 * that are off.
 */
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"

/* ---- news ---- */

static struct wr_where of_person(enum wr_whose whose, const char *who, const char *slot)
{
	struct wr_where where = {0};
	wr_where_is(&where, "whose = ", wr_value_word(&wr_words_whose, (int)whose));
	wr_where_is(&where, "who = ", wr_value_text(who));
	wr_where_is(&where, "slot = ", wr_value_text(slot));
	return where;
}

int wr_store_news_get(struct wr_tx *tx, struct wr_arena *arena, enum wr_whose whose,
    const char *who, const char *slot, struct wr_news *ret_news)
{
	struct wr_where where = of_person(whose, who, slot);
	return wr_rows_get(tx, arena, &wr_table_news, &where, ret_news);
}

int wr_store_news_put(struct wr_tx *tx, const struct wr_news *news)
{
	return wr_rows_put(tx, &wr_table_news, news);
}

int wr_store_news_told(struct wr_tx *tx, const struct wr_news *told, wr_time now)
{
	return wr_sql_run(tx,
	    "UPDATE news SET told_late = CASE WHEN told < $1 OR told_late < $2 THEN $2"
	    " ELSE told_late END, told = $1, told_state = $3, told_start = $4, told_end = $5,"
	    " told_place = $6, told_joining = $7, told_people = $8,"
	    " accepted_at = CASE WHEN accepted < $1 THEN $9 ELSE accepted_at END,"
	    " accepted = CASE WHEN accepted < $1 THEN $1 ELSE accepted END,"
	    " due = CASE WHEN due IS NULL THEN $10 ELSE due END"
	    " WHERE whose = $11 AND who = $12 AND slot = $13 AND told <= $1",
	    WR_VALUES(wr_value_int(told->told), wr_value_int(told->told_late),
		wr_value_word(&wr_words_state, (int)told->told_state),
		wr_value_time(told->told_start), wr_value_time(told->told_end),
		wr_value_text(told->told_place), wr_value_text(told->told_joining),
		wr_value_text(told->told_people), wr_value_time(now), wr_value_time(told->due),
		wr_value_word(&wr_words_whose, (int)told->whose), wr_value_text(told->who),
		wr_value_text(told->slot)),
	    NULL);
}

int wr_store_news_delete(struct wr_tx *tx, enum wr_whose whose, const char *who, const char *slot)
{
	struct wr_where where = of_person(whose, who, slot);
	return wr_rows_delete(tx, "news", &where, NULL);
}

int wr_store_news_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_news_filter *filter, struct wr_news **ret_news, size_t *ret_n)
{
	struct wr_where where = {0};
	if (filter) {
		where.limit = filter->limit;
		wr_where_by_bits(&where, "news.whose", &wr_words_whose, filter->whose);
		wr_where_by_text(&where, "news.who = ", filter->who);
		wr_where_by_text(&where, "news.slot = ", filter->slot);
		wr_where_by_text(&where, "slot.ward = ", filter->ward);
		wr_where_by_time(&where, "slot.start >= ", filter->from);
		wr_where_by_time(&where, "news.due <= ", filter->due_by);
	}
	return wr_rows_list(tx, arena, &wr_table_news, " JOIN slot ON slot.ref = news.slot", &where,
	    "news.due IS NULL, news.due, news.slot, news.whose, news.who", ret_news, ret_n);
}

/* ---- reminders ---- */

int wr_store_reminder_put(struct wr_tx *tx, const struct wr_reminder *reminder)
{
	return wr_rows_put(tx, &wr_table_reminder, reminder);
}

int wr_store_reminder_delete(
    struct wr_tx *tx, enum wr_whose whose, const char *who, const char *slot, const char *before)
{
	struct wr_where where = {0};
	if (who)
		where = of_person(whose, who, slot);
	else
		wr_where_is(&where, "slot = ", wr_value_text(slot));
	wr_where_by_text(&where, "before = ", before);
	return wr_rows_delete(tx, "reminder", &where, NULL);
}

int wr_store_reminder_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_reminder_filter *filter, struct wr_reminder **ret_reminders,
    size_t *ret_n)
{
	struct wr_where where = {0};
	if (filter) {
		where.limit = filter->limit;
		wr_where_by_bits(&where, "reminder.whose", &wr_words_whose, filter->whose);
		wr_where_by_text(&where, "reminder.who = ", filter->who);
		wr_where_by_text(&where, "reminder.slot = ", filter->slot);
		wr_where_by_time(&where, "reminder.due <= ", filter->due_by);
	}
	return wr_rows_list(tx, arena, &wr_table_reminder, "", &where,
	    "reminder.due, reminder.slot, reminder.whose, reminder.who, reminder.before",
	    ret_reminders, ret_n);
}

/* ---- notices ---- */

int wr_store_notice_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *id, struct wr_notice_row *ret_notice)
{
	struct wr_where where = {0};
	wr_where_is(&where, "id = ", wr_value_text(id));
	return wr_rows_get(tx, arena, &wr_table_notice, &where, ret_notice);
}

int wr_store_notice_put(struct wr_tx *tx, const struct wr_notice_row *notice)
{
	return wr_rows_put(tx, &wr_table_notice, notice);
}

int wr_store_notice_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_notice_filter *filter, struct wr_notice_row **ret_notices, size_t *ret_n)
{
	struct wr_where where = {0};
	if (filter) {
		where.limit = filter->limit;
		wr_where_by_bits(&where, "notice.state", &wr_words_notice_state, filter->states);
		wr_where_by_bits(&where, "notice.whose", &wr_words_whose, filter->whose);
		wr_where_by_text(&where, "notice.who = ", filter->who);
		wr_where_by_text(&where, "notice.slot = ", filter->slot);
		wr_where_by_text(&where, "notice.endpoint = ", filter->endpoint);
		wr_where_by_time(&where, "notice.created >= ", filter->from);
		wr_where_by_time(&where, "notice.created < ", filter->to);
	}
	return wr_rows_list(tx, arena, &wr_table_notice, "", &where,
	    "notice.next_try IS NULL, notice.next_try, notice.created, notice.id", ret_notices,
	    ret_n);
}

/* Its conditions stand in the words of the index that is meant. */
int wr_store_notice_lane(struct wr_tx *tx, struct wr_arena *arena, const struct wr_store_lane *lane,
    struct wr_notice_row **ret_notices, size_t *ret_n)
{
	struct wr_where where = {.limit = lane->limit};
	wr_where_plain(&where, "notice.state = 'waiting'");
	wr_where_plain(&where, lane->again ? "notice.tries > 0" : "notice.tries = 0");
	wr_where_is(&where, "notice.endpoint = ", wr_value_text(lane->endpoint));
	wr_where_is(&where, "notice.next_try <= ", wr_value_int(lane->now));
	if (lane->late)
		wr_where_is(&where, "notice.not_after < ", wr_value_int(lane->now));
	return wr_rows_list(tx, arena, &wr_table_notice, "", &where,
	    lane->newest ? "notice.next_try DESC, notice.slot DESC, notice.id DESC"
			 : "notice.next_try, notice.slot, notice.id",
	    ret_notices, ret_n);
}

/* From one endpoint to the next along an index, however many rows each has. */
#define ENDPOINTS(lane)                                                                            \
	"(WITH RECURSIVE e(name) AS (SELECT min(endpoint) FROM notice WHERE state = 'waiting'"     \
	" AND tries " lane " UNION ALL SELECT (SELECT min(endpoint) FROM notice"                   \
	" WHERE state = 'waiting' AND tries " lane " AND endpoint > e.name) FROM e"                \
	" WHERE e.name IS NOT NULL) SELECT name FROM e WHERE name IS NOT NULL)"

int wr_store_notice_endpoints(
    struct wr_tx *tx, struct wr_arena *arena, const char ***ret_names, size_t *ret_n)
{
	sqlite3_stmt *statement = NULL;
	const char **names = NULL;
	size_t n = 0, capacity = 0;
	int code;
	*ret_names = NULL;
	*ret_n = 0;
	int outcome = wr_sql_start(tx,
	    "SELECT name FROM " ENDPOINTS("= 0") " AS fresh UNION SELECT name FROM " ENDPOINTS(
		"> 0") " AS again",
	    NULL, 0, &statement);
	if (outcome)
		return outcome;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		WR_GROW(names, n, capacity);
		names[n++] = wr_sql_column(arena, statement, 0);
	}
	outcome = wr_sql_end(tx, statement, code);
	if (!outcome && n) {
		*ret_names = wr_arena_new(arena, const char *, n);
		memcpy(*ret_names, names, n * sizeof(*names));
		*ret_n = n;
	}
	free(names);
	return outcome;
}

#define FIRST(lane)                                                                                \
	"SELECT min((SELECT min(next_try) FROM notice WHERE state = 'waiting' AND tries " lane     \
	" AND endpoint = name)) AS at FROM " ENDPOINTS(lane) " AS names"

int wr_store_notice_first(struct wr_tx *tx, wr_time *ret_at)
{
	int outcome = wr_sql_int(tx,
	    "SELECT min(at) FROM (" FIRST("= 0") " UNION ALL " FIRST("> 0") ") AS both", NULL, 0,
	    ret_at);
	if (outcome == WR_STORE_NONE)
		*ret_at = WR_TIME_NONE;
	return outcome == WR_STORE_NONE ? 0 : outcome;
}

int wr_store_notice_step(struct wr_tx *tx, const struct wr_notice_row *notice)
{
	return wr_sql_run(tx,
	    "UPDATE notice SET state = $1, next_try = $2, tries = $3, status = $4, error = $5,"
	    " unsure = $6 WHERE id = $7",
	    WR_VALUES(wr_value_word(&wr_words_notice_state, (int)notice->state),
		wr_value_time(notice->next_try), wr_value_int(notice->tries),
		wr_value_int(notice->status), wr_value_text(notice->error),
		wr_value_int(notice->unsure), wr_value_text(notice->id)),
	    NULL);
}

int wr_store_notice_sent(struct wr_tx *tx, const char *id, int status)
{
	return wr_sql_run(tx,
	    "UPDATE notice SET state = 'sent', status = $1, error = NULL, unsure = 0 WHERE id = $2",
	    WR_VALUES(wr_value_int(status), wr_value_text(id)), NULL);
}

int wr_store_notice_pending(struct wr_tx *tx, const char *endpoint, size_t *ret_n)
{
	int64_t n = 0;
	int outcome = wr_sql_int(tx,
	    "SELECT (SELECT count(*) FROM notice WHERE state = 'waiting' AND tries = 0"
	    " AND endpoint = $1) + (SELECT count(*) FROM notice WHERE state = 'waiting'"
	    " AND tries > 0 AND endpoint = $1) + (SELECT count(*) FROM notice"
	    " WHERE state = 'sending' AND endpoint = $1)",
	    WR_VALUES(wr_value_text(endpoint)), &n);
	*ret_n = (size_t)n;
	return outcome;
}

int wr_store_notice_hurry(struct wr_tx *tx, const char *endpoint, wr_time now)
{
	return wr_sql_run(tx,
	    "UPDATE notice SET next_try = $1 WHERE state = 'waiting' AND endpoint = $2"
	    " AND next_try > $1",
	    WR_VALUES(wr_value_int(now), wr_value_text(endpoint)), NULL);
}

int wr_store_notice_is_behind(
    struct wr_tx *tx, const struct wr_notice_row *notice, wr_time soonest, wr_time *ret_until)
{
	*ret_until = WR_TIME_NONE;
	int outcome = wr_sql_int(tx,
	    "SELECT CASE WHEN state = 'waiting' AND next_try > $7 THEN next_try ELSE $7 END"
	    " FROM notice WHERE slot = $1 AND who = $2 AND whose = $3 AND endpoint = $4"
	    " AND id <> $5 AND (state = 'sending' OR (state = 'waiting' AND created < $6))"
	    " ORDER BY 1 DESC LIMIT 1",
	    WR_VALUES(wr_value_text(notice->slot), wr_value_text(notice->who),
		wr_value_word(&wr_words_whose, (int)notice->whose), wr_value_text(notice->endpoint),
		wr_value_text(notice->id), wr_value_int(notice->created), wr_value_int(soonest)),
	    ret_until);
	return outcome == WR_STORE_NONE ? 0 : outcome;
}

int wr_store_notice_recover(struct wr_tx *tx, size_t *ret_n)
{
	return wr_sql_run(
	    tx, "UPDATE notice SET state = 'waiting' WHERE state = 'sending'", NULL, 0, ret_n);
}

int wr_store_due_pull(struct wr_tx *tx, wr_time now, wr_time beyond, int64_t seconds)
{
	int outcome = wr_sql_run(tx,
	    "UPDATE news SET due = CASE WHEN due - $1 > $2 THEN due - $1 ELSE $2 END"
	    " WHERE due > $3",
	    WR_VALUES(wr_value_int(seconds), wr_value_int(now), wr_value_int(beyond)), NULL);
	if (outcome)
		return outcome;
	return wr_sql_run(tx,
	    "UPDATE notice SET"
	    " next_try = CASE WHEN next_try - $1 > $2 THEN next_try - $1 ELSE $2 END"
	    " WHERE state = 'waiting' AND next_try > $3",
	    WR_VALUES(wr_value_int(seconds), wr_value_int(now), wr_value_int(beyond)), NULL);
}

int wr_store_notice_forget(struct wr_tx *tx, wr_time before)
{
	struct wr_where where = {0};
	wr_where_plain(&where, "state NOT IN ('waiting', 'sending')");
	wr_where_is(&where, "created < ", wr_value_int(before));
	return wr_rows_delete(tx, "notice", &where, NULL);
}

/* ---- webhooks ---- */

int wr_store_endpoint_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *name, struct wr_store_endpoint *ret)
{
	struct wr_where where = {0};
	wr_where_is(&where, "name = ", wr_value_text(name));
	return wr_rows_get(tx, arena, &wr_table_endpoint, &where, ret);
}

int wr_store_endpoint_put(struct wr_tx *tx, const struct wr_store_endpoint *endpoint)
{
	return wr_rows_put(tx, &wr_table_endpoint, endpoint);
}

int wr_store_endpoint_list(struct wr_tx *tx, struct wr_arena *arena,
    struct wr_store_endpoint **ret_endpoints, size_t *ret_n)
{
	struct wr_where where = {0};
	return wr_rows_list(
	    tx, arena, &wr_table_endpoint, "", &where, "endpoint.name", ret_endpoints, ret_n);
}
