/*
 * Verbs: links, replies, and when what a feed shows last changed.
 */
#include "store/inside.h"

/* ---- links ---- */

int wr_store_link_get(
    struct wr_tx *tx, struct wr_arena *arena, const char *id, struct wr_link *ret_link)
{
	struct wr_where where = {0};
	wr_where_is(&where, "id = ", wr_value_text(id));
	return wr_rows_get(tx, arena, &wr_table_link, &where, ret_link);
}

int wr_store_link_put(struct wr_tx *tx, const struct wr_link *link)
{
	return wr_rows_put(tx, &wr_table_link, link);
}

int wr_store_link_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_link_filter *filter, struct wr_link **ret_links, size_t *ret_n)
{
	struct wr_where where = {0};
	if (filter) {
		wr_where_by_bits(&where, "link.whose", &wr_words_whose, filter->whose);
		wr_where_by_text(&where, "link.who = ", filter->who);
	}
	return wr_rows_list(
	    tx, arena, &wr_table_link, "", &where, "link.created, link.id", ret_links, ret_n);
}

/* ---- what was fetched through them ---- */

int wr_store_fetch_put(struct wr_tx *tx, const struct wr_store_fetch *fetch)
{
	return wr_sql_run(tx,
	    "INSERT INTO fetch (link, client, version, seen, first, last, times, nth)"
	    " VALUES ($1, $2, $3, $4, $5, $5, $6,"
	    " (SELECT COALESCE(MAX(nth), 0) + 1 FROM fetch WHERE link = $1))"
	    " ON CONFLICT (link, client, version) DO UPDATE SET seen = excluded.seen,"
	    " last = excluded.last, times = fetch.times + excluded.times, nth = excluded.nth",
	    WR_VALUES(wr_value_text(fetch->link), wr_value_text(fetch->client),
		wr_value_text(fetch->version), wr_value_text(fetch->seen),
		wr_value_time(fetch->last), wr_value_int(fetch->times)),
	    NULL);
}

int wr_store_fetch_list(struct wr_tx *tx, struct wr_arena *arena, const char *link, size_t limit,
    struct wr_store_fetch **ret_fetches, size_t *ret_n)
{
	struct wr_where where = {.limit = limit};
	wr_where_is(&where, "link = ", wr_value_text(link));
	return wr_rows_list(
	    tx, arena, &wr_table_fetch, "", &where, "fetch.nth DESC", ret_fetches, ret_n);
}

/* ---- replies ---- */

int wr_store_reply_get(struct wr_tx *tx, struct wr_arena *arena, const char *support,
    const char *slot, struct wr_reply *ret_reply)
{
	struct wr_where where = {0};
	wr_where_is(&where, "support = ", wr_value_text(support));
	wr_where_is(&where, "slot = ", wr_value_text(slot));
	return wr_rows_get(tx, arena, &wr_table_reply, &where, ret_reply);
}

int wr_store_reply_put(struct wr_tx *tx, const struct wr_reply *reply)
{
	return wr_rows_put(tx, &wr_table_reply, reply);
}

int wr_store_reply_list(struct wr_tx *tx, struct wr_arena *arena,
    const struct wr_store_reply_filter *filter, struct wr_reply **ret_replies, size_t *ret_n)
{
	struct wr_where where = {0};
	if (filter) {
		where.limit = filter->limit;
		wr_where_by_text(&where, "reply.support = ", filter->support);
		wr_where_by_text(&where, "reply.slot = ", filter->slot);
		wr_where_by_text(&where, "slot.ward = ", filter->ward);
		wr_where_by_week(tx, &where, "slot.week = ", filter->week);
		wr_where_by_time(&where, "reply.at >= ", filter->since);
	}
	return wr_rows_list(tx, arena, &wr_table_reply, " JOIN slot ON slot.ref = reply.slot",
	    &where, "reply.at DESC, reply.support, reply.slot", ret_replies, ret_n);
}

/* ---- stamps ---- */

static struct wr_where of_feed(enum wr_whose whose, const char *who)
{
	struct wr_where where = {0};
	wr_where_is(&where, "whose = ", wr_value_word(&wr_words_whose, (int)whose));
	wr_where_is(&where, "who = ", wr_value_text(who));
	return where;
}

int wr_store_stamp_get(struct wr_tx *tx, struct wr_arena *arena, enum wr_whose whose,
    const char *who, const char *slot, struct wr_store_stamp *ret_stamp)
{
	struct wr_where where = of_feed(whose, who);
	wr_where_is(&where, "slot = ", wr_value_text(slot));
	return wr_rows_get(tx, arena, &wr_table_stamp, &where, ret_stamp);
}

int wr_store_stamp_put(struct wr_tx *tx, const struct wr_store_stamp *stamp)
{
	return wr_rows_put(tx, &wr_table_stamp, stamp);
}

int wr_store_stamp_list(struct wr_tx *tx, struct wr_arena *arena, enum wr_whose whose,
    const char *who, struct wr_store_stamp **ret_stamps, size_t *ret_n)
{
	struct wr_where where = {0};
	if (who)
		where = of_feed(whose, who);
	return wr_rows_list(tx, arena, &wr_table_stamp, "", &where,
	    "stamp.whose, stamp.who, stamp.slot", ret_stamps, ret_n);
}

int wr_store_stamp_forget(struct wr_tx *tx, enum wr_whose whose, const char *who, wr_time before)
{
	struct wr_where where = of_feed(whose, who);
	wr_where_is(&where, "stamp < ", wr_value_int(before));
	return wr_rows_delete(tx, "stamp", &where, NULL);
}
