#include "desk/fetches.h"

#include <stdlib.h>
#include <string.h>

#include "desk/desk.h"

/* ---- sights ---- */

struct wr_sight *wr_sight_new(const char *link, const char *etag)
{
	struct wr_sight *sight = wr_alloc(1, sizeof(*sight));
	sight->references = 1;
	sight->link = wr_strdup(link);
	sight->version = wr_strdup(etag + strspn(etag, "\""));
	sight->version[strcspn(sight->version, "\"")] = '\0';
	return sight;
}

void wr_sight_add(struct wr_sight *sight, const struct wr_sighting *sighting)
{
	WR_GROW(sight->items, sight->n, sight->capacity);
	struct wr_sighting *own = &sight->items[sight->n++];
	*own = *sighting;
	own->who = wr_strdup(sighting->who);
	own->slot = wr_strdup(sighting->slot);
}

void wr_sight_unref(struct wr_sight *sight)
{
	if (!sight || --sight->references > 0)
		return;
	for (size_t i = 0; i < sight->n; i++) {
		free((char *)(uintptr_t)sight->items[i].who);
		free((char *)(uintptr_t)sight->items[i].slot);
	}
	free(sight->items);
	free(sight->link);
	free(sight->version);
	free(sight);
}

/* ---- noting ---- */

/* Each text has one place; whoever wants it next takes it. */
static struct wr_agent_known *place_of(struct wr_fetches *fetches, const char *text, size_t length)
{
	unsigned hash = (unsigned)length;
	for (size_t i = 0; i < length; i += 7)
		hash = hash * 31 + (unsigned char)text[i];
	return &fetches->agents[hash % WR_AGENTS_KNOWN];
}

static enum wr_agent known_agent(struct wr_fetches *fetches, const char *text)
{
	size_t length = strlen(text);
	if (length == 0 || length >= WR_AGENT_TEXT)
		return wr_http_agent(text, NULL);
	struct wr_agent_known *known = place_of(fetches, text, length);
	if (strcmp(known->text, text) != 0) {
		memcpy(known->text, text, length + 1);
		known->agent = wr_http_agent(text, NULL);
	}
	return known->agent;
}

static enum wr_agent agent_of(struct wr_fetches *fetches, struct wr_request *request)
{
	const char *text = wr_serve_header(request, "User-Agent");
	enum wr_agent agent = text ? known_agent(fetches, text) : WR_AGENT_UNKNOWN;
	return agent != WR_AGENT_UNKNOWN ? agent
	                                 : wr_http_agent(NULL, wr_serve_header(request, "Accept"));
}

void wr_fetches_asked(
    struct wr_desk *desk, const struct wr_door *door, struct wr_request *request, bool page)
{
	if (door->sight && request->method == WR_METHOD_GET)
		wr_fetches_note(desk, door->sight, agent_of(&desk->fetches, request), page);
}

void wr_fetches_note(struct wr_desk *desk, struct wr_sight *sight, enum wr_agent agent, bool page)
{
	struct wr_fetches *fetches = &desk->fetches;
	struct wr_fetch_count *count = page ? &sight->page[agent] : &sight->feed[agent];
	count->times++;
	count->last = wr_clock_now(&desk->clock);
	if (sight->waits)
		return;
	sight->waits = true;
	sight->references++;
	sight->next = NULL;
	if (!fetches->first) {
		fetches->last = &fetches->first;
		wr_desk_write_fetches_at(desk, count->last + 1);
	}
	*fetches->last = sight;
	fetches->last = &sight->next;
}

/* ---- writing ---- */

struct noted {
	struct wr_sight *sight; /* a reference */
	struct wr_fetch_count feed[WR_AGENTS], page[WR_AGENTS];
	bool heard;
};

/* More links than that in one second wait for the next: writing takes at most a few hundredths of a
 * processor, however many poll. Fewer are written within two seconds. */
enum { MOST_AT_ONCE = 2000 };

struct batch {
	struct noted *items;
	size_t n;
};

static struct batch *take_batch(struct wr_fetches *fetches, struct wr_arena *arena)
{
	struct batch *batch = wr_arena_new(arena, struct batch, 1);
	size_t n = 0;
	for (struct wr_sight *sight = fetches->first; sight && n < MOST_AT_ONCE;
	     sight = sight->next)
		n++;
	batch->items = wr_alloc(n, sizeof(*batch->items));
	while (batch->n < n) {
		struct wr_sight *sight = fetches->first;
		struct noted *noted = &batch->items[batch->n++];
		fetches->first = sight->next;
		noted->sight = sight;
		noted->heard = sight->heard;
		memcpy(noted->feed, sight->feed, sizeof(noted->feed));
		memcpy(noted->page, sight->page, sizeof(noted->page));
		memset(sight->feed, 0, sizeof(sight->feed));
		memset(sight->page, 0, sizeof(sight->page));
		sight->waits = false;
	}
	return batch;
}

static const char *seen_text(struct wr_arena *arena, const struct wr_sight *sight)
{
	struct wr_buf buf = {0};
	for (size_t i = 0; i < sight->n; i++)
		wr_buf_printf(
		    &buf, "%s%s:%d", i ? " " : "", sight->items[i].slot, sight->items[i].revision);
	const char *text = wr_arena_strndup(arena, wr_buf_text(&buf), buf.length);
	wr_buf_deinit(&buf);
	return text;
}

static int write_counts(struct wr_use *use, const struct noted *noted, bool page)
{
	const struct wr_fetch_count *counts = page ? noted->page : noted->feed;
	const char *seen = NULL;
	int r = 0;
	for (int agent = 0; agent < WR_AGENTS && !r; agent++) {
		if (!counts[agent].times)
			continue;
		if (!seen)
			seen = seen_text(use->arena, noted->sight);
		struct wr_store_fetch fetch = {
		    .link = noted->sight->link,
		    .client = wr_http_agent_name((enum wr_agent)agent),
		    .version = page ? "page" : noted->sight->version,
		    .seen = seen,
		    .last = counts[agent].last,
		    .times = counts[agent].times,
		};
		r = wr_store_fetch_put(use->tx, &fetch);
	}
	return r;
}

static int hear(struct wr_use *use, const struct wr_sighting *seen, wr_time at)
{
	struct wr_news news;
	if (seen->whose != WR_WHOSE_PATIENT && seen->whose != WR_WHOSE_SUPPORT)
		return 0;
	int r = wr_store_news_get(use->tx, use->arena, seen->whose, seen->who, seen->slot, &news);
	if (r || news.fetched >= seen->revision)
		return r == WR_STORE_NONE ? 0 : r;
	news.fetched = seen->revision;
	news.fetched_at = at;
	return wr_store_news_put(use->tx, &news);
}

static int hear_all(struct wr_use *use, const struct noted *noted)
{
	const struct wr_fetch_count *calendar = &noted->feed[WR_AGENT_CALENDAR];
	int r = 0;
	if (!calendar->times || noted->heard)
		return 0;
	for (size_t i = 0; i < noted->sight->n && !r; i++)
		r = hear(use, &noted->sight->items[i], calendar->last);
	return r;
}

static int write_batch(struct wr_use *use)
{
	const struct batch *batch = wr_container_of(use, struct wr_call, use)->operation;
	int r = 0;
	for (size_t i = 0; i < batch->n && !r; i++) {
		r = write_counts(use, &batch->items[i], false);
		if (!r)
			r = write_counts(use, &batch->items[i], true);
		if (!r)
			r = hear_all(use, &batch->items[i]);
	}
	return r;
}

/* What could not be written is lost: the disk is full, or the daemon leaves. Calendars come again.
 */
static void on_written(struct wr_call *call)
{
	struct wr_desk *desk = call->desk;
	struct batch *batch = call->operation;
	wr_call_log(call);
	for (size_t i = 0; i < batch->n; i++) {
		struct noted *noted = &batch->items[i];
		if (!call->result && noted->feed[WR_AGENT_CALENDAR].times)
			noted->sight->heard = true;
		wr_sight_unref(noted->sight);
	}
	free(batch->items);
	desk->fetches.writing = false;
	if (desk->fetches.first)
		wr_desk_write_fetches_at(desk, wr_clock_now(&desk->clock) + 1);
}

void wr_fetches_write(struct wr_desk *desk)
{
	static const struct wr_verb verb = {"fetches", "write", WR_VERB_CHANGES, write_batch, NULL};
	if (desk->fetches.writing || !desk->fetches.first)
		return;
	struct wr_call *call = wr_call_new(desk, &verb, NULL, "daemon");
	desk->fetches.writing = true;
	call->operation = take_batch(&desk->fetches, &call->arena);
	wr_call_start(call, on_written, NULL);
}

void wr_fetches_deinit(struct wr_fetches *fetches)
{
	while (fetches->first) {
		struct wr_sight *sight = fetches->first;
		fetches->first = sight->next;
		wr_sight_unref(sight);
	}
}
