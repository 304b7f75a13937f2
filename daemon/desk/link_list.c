/*
 * The links as they are listed: with until when they work, and when and by which kind of client
 * what was fetched through them.
 */
#include <string.h>

#include "desk/cases.h"
#include "desk/link.h"
#include "wardround/feed.h"

/* ---- fetches ---- */

/* "s-12:3 s-14:1" as a list. */
static json_t *seen_json(struct wr_use *use, const char *seen)
{
	json_t *list = json_array();
	while (*seen) {
		size_t length = strcspn(seen, " "), name = strcspn(seen, ":");
		int64_t revision = 0;
		const char *number =
		    wr_arena_strndup(use->arena, seen + name + 1, length - name - 1);
		wr_text_int(number, 0, INT32_MAX, &revision);
		json_array_append_new(
		    list, json_pack("{s:s, s:I}", "slot", wr_arena_strndup(use->arena, seen, name),
			      "revision", (json_int_t)revision));
		seen += length + (seen[length] == ' ');
	}
	return list;
}

static bool is_page(const struct wr_store_fetch *fetch)
{
	return wr_text_equal(fetch->version, "page");
}

static json_t *fetch_json(struct wr_use *use, const struct wr_store_fetch *fetch)
{
	char first[WR_TIME_TEXT], last[WR_TIME_TEXT];
	return json_pack("{s:s, s:s, s:s, s:s, s:i, s:o}", "what",
	    is_page(fetch) ? "page" : "calendar", "client", fetch->client, "first",
	    wr_time_utc(fetch->first, first), "at", wr_time_utc(fetch->last, last), "times",
	    fetch->times, "slots", seen_json(use, fetch->seen));
}

/* The last one by each kind of client, the last of all first. */
static int add_last_fetches(struct wr_use *use, const char *id, json_t *json)
{
	struct wr_store_fetch *fetches = NULL;
	size_t n = 0;
	json_t *list = json_array(), *kinds = json_object();
	int r = wr_store_fetch_list(use->tx, use->arena, id, 0, &fetches, &n);
	for (size_t i = 0; i < n && !r; i++) {
		const char *kind =
		    wr_arena_printf(use->arena, "%s %d", fetches[i].client, is_page(&fetches[i]));
		if (json_object_get(kinds, kind))
			continue;
		json_object_set_new(kinds, kind, json_true());
		json_array_append_new(list, fetch_json(use, &fetches[i]));
	}
	json_decref(kinds);
	if (n > 0) {
		const json_t *last = json_array_get(list, 0);
		json_object_set(json, "fetched", json_object_get(last, "at"));
		json_object_set(json, "client", json_object_get(last, "client"));
	}
	json_object_set_new(json, "fetches", list);
	return r;
}

/* ---- until when ---- */

/* When the calendar of somebody whose patient has gone is served for the last time. */
static int end_with_patient(struct wr_use *use, const char *ref, wr_time *ret_gone)
{
	struct wr_patient patient;
	int r = wr_store_patient_get(use->tx, use->arena, ref, &patient);
	*ret_gone = r || patient.discharged == WR_TIME_NONE
	                ? WR_TIME_NONE
	                : patient.discharged + WR_FEED_ENDED_DAYS * 86400;
	return r == WR_STORE_NONE ? 0 : r;
}

/* When the last of their patients has gone, or has taken back the consent. */
static int end_with_supports(struct wr_use *use, const struct wr_link *link, wr_time *ret_gone)
{
	struct wr_support one, *rows = &one;
	struct wr_store_support_filter filter = {.person = link->who};
	size_t n = 1;
	wr_time last = WR_TIME_NONE;
	int r = link->whose == WR_WHOSE_SUPPORT
	            ? wr_store_support_get(use->tx, use->arena, link->who, &one)
	            : wr_store_support_list(use->tx, use->arena, &filter, &rows, &n);
	for (size_t i = 0; i < n && !r; i++) {
		wr_time gone = WR_TIME_NONE;
		r = end_with_patient(use, rows[i].patient, &gone);
		if (gone == WR_TIME_NONE && rows[i].ended_at != WR_TIME_NONE)
			gone = rows[i].ended_at + WR_FEED_ENDED_DAYS * 86400;
		if (gone == WR_TIME_NONE)
			return r; /* one of them goes on */
		last = last == WR_TIME_NONE || gone > last ? gone : last;
	}
	*ret_gone = last;
	return r == WR_STORE_NONE ? 0 : r;
}

static int listed(struct wr_use *use, const struct wr_link *link, json_t **ret)
{
	struct wr_link shown = *link;
	wr_time gone = WR_TIME_NONE;
	int r = 0;
	if (link->whose == WR_WHOSE_PATIENT)
		r = end_with_patient(use, link->who, &gone);
	else if (link->whose == WR_WHOSE_SUPPORT || link->whose == WR_WHOSE_PERSON)
		r = end_with_supports(use, link, &gone);
	bool ended = gone != WR_TIME_NONE && link->revoked == WR_TIME_NONE &&
	             (link->expires == WR_TIME_NONE || link->expires > use->now);
	if (ended && (link->expires == WR_TIME_NONE || gone < link->expires))
		shown.expires = gone;
	*ret = wr_link_json(use, &shown);
	if (ended && gone > use->now)
		json_object_set_new(*ret, "state", json_string("ended"));
	return r ? r : add_last_fetches(use, link->id, *ret);
}

int wr_case_link_list(struct wr_use *use)
{
	static const enum wr_whose owners[] = {WR_WHOSE_PATIENT, WR_WHOSE_SUPPORT, WR_WHOSE_PERSON,
	    WR_WHOSE_CONSULTANT, WR_WHOSE_WARD};
	struct wr_link *links = NULL;
	size_t n = 0;
	struct wr_store_link_filter filter = {0};
	for (size_t i = 0; i < WR_COUNT(owners); i++) {
		const char *who = wr_arg_text(use, wr_word(&wr_words_whose, (int)owners[i]));
		if (!who)
			continue;
		filter.whose = WR_STORE_BIT(owners[i]);
		filter.who = who;
	}
	int r = wr_store_link_list(use->tx, use->arena, &filter, &links, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n && !r; i++) {
		json_t *json = NULL;
		r = listed(use, &links[i], &json);
		json_array_append_new(list, json);
	}
	wr_use_answer(use, "links", list);
	return r;
}

int wr_case_link_fetches(struct wr_use *use)
{
	struct wr_link link;
	struct wr_store_fetch *fetches = NULL;
	const char *id = NULL;
	size_t n = 0;
	int r = wr_arg_must(use, "id", &id);
	if (!r)
		r = wr_link_find(use, id, &link);
	if (!r)
		r = wr_store_fetch_list(use->tx, use->arena, id, 0, &fetches, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n && !r; i++)
		json_array_append_new(list, fetch_json(use, &fetches[i]));
	wr_use_answer(use, "fetches", list);
	return r;
}
