#include "desk/cases.h"
#include "desk/compose.h"

#include <string.h>

enum { CLOSE_SECONDS = 48 * 3600 }; /* so close to a slot only what was confirmed counts */

static const struct {
	const char *name;
	size_t revision, at;
} levels[] = {
    {"confirmed", offsetof(struct wr_news, confirmed), offsetof(struct wr_news, confirmed_at)},
    {"fetched", offsetof(struct wr_news, fetched), offsetof(struct wr_news, fetched_at)},
    {"delivered", offsetof(struct wr_news, delivered), offsetof(struct wr_news, delivered_at)},
    {"accepted", offsetof(struct wr_news, accepted), offsetof(struct wr_news, accepted_at)},
};

static int revision_of(const struct wr_news *news, size_t level)
{
	int revision;
	memcpy(&revision, (const char *)news + levels[level].revision, sizeof(revision));
	return revision;
}

static wr_time at_of(const struct wr_news *news, size_t level)
{
	wr_time at;
	memcpy(&at, (const char *)news + levels[level].at, sizeof(at));
	return at;
}

/* How far the present revision got, and when. */
static const char *level_of(const struct wr_news *news, wr_time *ret_at)
{
	for (size_t i = 0; i < WR_COUNT(levels); i++)
		if (revision_of(news, i) >= news->want) {
			*ret_at = at_of(news, i);
			return levels[i].name;
		}
	*ret_at = WR_TIME_NONE;
	return "none";
}

/* Who never heard of a slot has nothing to unlearn when it is off. */
static bool is_due_to_know(const struct wr_hearing *h, const struct wr_news *news, wr_time now)
{
	bool heard = news->told > 0 || news->fetched > 0 || news->confirmed > 0;
	return h->may_hear && h->slot.end > now && news->want > 0 && news->confirmed < news->want &&
	       (!wr_hearing_is_off(h) || heard);
}

static json_t *line(struct wr_use *use, const struct wr_hearing *h, const struct wr_news *news)
{
	wr_time at = WR_TIME_NONE;
	const char *level = level_of(news, &at);
	const char *phone = h->listener.phone;
	/* A calendar that holds it is good enough for as long as there is time for another way. */
	bool heard = h->listener.reachable || news->fetched >= news->want;
	bool ring = h->slot.start - use->now <= CLOSE_SECONDS || !heard;
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:i, s:s, s:o, s:b, s:o}",
	    "whose", wr_word(&wr_words_whose, (int)h->whose), "who", h->who, "name",
	    h->listener.name, "patient", h->patient.ref, "ward", h->ward->id, "slot", h->slot.ref,
	    "start", wr_json_time(use, h->slot.ward, h->slot.start), "state",
	    wr_word(&wr_words_state, (int)h->slot.state), "revision", news->want, "level", level,
	    "at", wr_json_time(use, h->slot.ward, at), "ring", ring, "phone",
	    wr_text_empty(phone) ? json_null() : json_string(phone));
}

int wr_case_unseen_list(struct wr_use *use)
{
	struct wr_news *news = NULL;
	const struct wr_config_ward *ward = NULL;
	size_t n = 0;
	const char *id = wr_arg_text(use, "ward");
	struct wr_store_news_filter filter = {.ward = id, .from = use->now};
	int r = id ? wr_use_ward(use, id, &ward) : 0;
	if (!r)
		r = wr_store_news_list(use->tx, use->arena, &filter, &news, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_hearing h;
		r = wr_hearing_read(use, news[i].whose, news[i].who, news[i].slot, &h);
		if (!r && is_due_to_know(&h, &news[i], use->now))
			json_array_append_new(list, line(use, &h, &news[i]));
	}
	wr_use_answer(use, "unseen", list);
	return r;
}

/* ---- a nurse has made sure ---- */

static int whom(struct wr_use *use, enum wr_whose *ret_whose, const char **ret_who)
{
	struct wr_support support;
	struct wr_patient patient;
	const char *s = wr_arg_text(use, "support"), *p = wr_arg_text(use, "patient");
	if ((s != NULL) + (p != NULL) != 1)
		return wr_fault(
		    use, WR_FAULT_USAGE, "--support or --patient", "unseen tick: who knows it?");
	*ret_whose = s ? WR_WHOSE_SUPPORT : WR_WHOSE_PATIENT;
	*ret_who = s ? s : p;
	return s ? wr_use_support(use, s, &support) : wr_use_patient(use, p, &patient);
}

static int confirm(struct wr_use *use, struct wr_news *news, const char *how)
{
	struct wr_slot slot;
	int r = wr_store_slot_get(use->tx, use->arena, news->slot, &slot);
	if (r)
		return r;
	news->confirmed = news->want;
	news->confirmed_at = use->now;
	news->confirmed_how = how;
	news->told = news->want;
	news->told_state = slot.state;
	news->told_start = slot.start;
	news->told_end = slot.end;
	news->due = WR_TIME_NONE;
	return wr_store_news_put(use->tx, news);
}

int wr_case_unseen_tick(struct wr_use *use)
{
	struct wr_news news;
	struct wr_slot slot;
	enum wr_whose whose = WR_WHOSE_SUPPORT;
	const char *who = NULL, *ref = NULL, *how = NULL;
	int r = whom(use, &whose, &who);
	if (!r)
		r = wr_arg_must(use, "slot", &ref);
	if (!r)
		r = wr_arg_must(use, "how", &how);
	if (!r)
		r = wr_use_slot(use, ref, &slot);
	if (!r)
		r = wr_store_news_get(use->tx, use->arena, whose, who, ref, &news);
	if (r == WR_STORE_NONE)
		return wr_refuse(
		    use, "see `wardctl unseen`", "%s is not to be told of slot %s", who, ref);
	int before = news.confirmed;
	if (!r)
		r = confirm(use, &news, how);
	if (r)
		return r;
	wr_use_change(use, wr_arena_printf(use->arena, "%s knows slot %s", who, ref), NULL, how);
	wr_use_answer(use, "ticked",
	    json_pack("{s:s, s:s, s:s, s:i}", "whose", wr_word(&wr_words_whose, (int)whose), "who",
		who, "slot", ref, "revision", news.want));
	return wr_use_audit(use, wr_arena_printf(use->arena, "slot:%s", ref), slot.patient,
	    json_pack("{s:i}", "confirmed", before),
	    json_pack("{s:s, s:i, s:s}", "who", who, "confirmed", news.want, "how", how));
}
