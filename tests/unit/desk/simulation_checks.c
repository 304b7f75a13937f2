#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "simulation.h"

void simulation_broken(struct simulation *s, const char *format, ...)
{
	char words[1024], at[WR_TIME_TEXT];
	va_list list;
	va_start(list, format);
	vsnprintf(words, sizeof(words), format, list);
	va_end(list);
	fail_msg("seed %llu, step %d, %s, after \"%s\": %s\n"
		 "  again: SIMULATION_SEED=%llu SIMULATION_SEEDS=1 SIMULATION_STEPS=%d "
		 "SIMULATION_TRACE=1",
	    (unsigned long long)s->seed, s->step, wr_time_utc(wr_clock_now(&s->d->desk.clock), at),
	    s->did, words, (unsigned long long)s->seed, s->step);
}

static const char *text(const json_t *row, const char *name)
{
	const char *value = row ? json_string_value(json_object_get(row, name)) : NULL;
	return value ? value : "";
}

/* ---- promises ---- */

static void check_promises(struct simulation *s)
{
	json_t *answer = desk_ask(s->d, "status show", "{}"), *promise;
	size_t i;
	json_array_foreach (json_object_get(answer, "promises"), i, promise)
		if (strcmp(text(promise, "state"), "broken") == 0)
			simulation_broken(s, "promise %zu is broken: %s", i + 1,
			    json_string_value(json_array_get(json_object_get(promise, "what"), 0)));
	json_decref(answer);
}

/* ---- places ---- */

struct taken {
	const char *what, *who, *slot;
	wr_time from, until;
};

struct takes {
	struct taken *all;
	size_t n, capacity;
};

static void take(struct simulation *s, struct takes *t, struct taken one)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->all[i].from < one.until && one.from < t->all[i].until &&
		    strcmp(t->all[i].what, one.what) == 0 && strcmp(t->all[i].who, one.who) == 0)
			simulation_broken(s, "%s %s is in slots %s and %s at once", one.what,
			    one.who, t->all[i].slot, one.slot);
	WR_GROW(t->all, t->n, t->capacity);
	t->all[t->n++] = one;
}

static const char *person_of(struct simulation *s, const char *support)
{
	json_t *row;
	size_t i;
	json_array_foreach (s->supports, i, row)
		if (strcmp(text(row, "ref"), support) == 0)
			return text(row, "person");
	return support;
}

static void check_places(struct simulation *s)
{
	struct takes takes = {0};
	json_t *slot, *support;
	size_t i, k;
	json_array_foreach (s->slots, i, slot) {
		const char *state = text(slot, "state");
		if (strcmp(state, "published") != 0 && strcmp(state, "started") != 0)
			continue;
		struct taken one = {"patient", text(slot, "patient"), text(slot, "slot"),
		    desk_time(text(slot, "start")), desk_time(text(slot, "end"))};
		take(s, &takes, one);
		one.what = "consultant";
		one.who = text(slot, "consultant");
		take(s, &takes, one);
		one.what = "room";
		one.who = text(slot, "room");
		take(s, &takes, one);
		one.what = "person";
		json_array_foreach (json_object_get(slot, "supports"), k, support) {
			one.who = person_of(s, json_string_value(support));
			take(s, &takes, one);
		}
	}
	free(takes.all);
}

/* ---- feeds ---- */

/* As a word of its own, in any case. */
static bool has_word(const char *words, const char *word)
{
	size_t n = strlen(word);
	for (const char *at = words; *at; at++)
		if (strncasecmp(at, word, n) == 0 &&
		    (at == words || !isalnum((unsigned char)at[-1])) &&
		    !isalnum((unsigned char)at[n]))
			return true;
	return false;
}

static const char *given_away(const char *words)
{
	static const char *const forbidden[] = {
	    "ward", "round", "hospital", "patient", "kingsley", "psychiatric", "section", "bed"};
	for (size_t i = 0; i < WR_COUNT(forbidden); i++)
		if (has_word(words, forbidden[i]))
			return forbidden[i];
	return NULL;
}

static void check_calendar(struct simulation *s, const char *link, const char *body)
{
	int depth = 0;
	size_t events = 0;
	if (strncmp(body, "BEGIN:VCALENDAR\r\n", 17) != 0)
		simulation_broken(s, "feed of %s is no calendar", link);
	for (const char *line = body; *line;) {
		const char *end = strstr(line, "\r\n");
		if (!end || end - line > 75)
			simulation_broken(s, "feed of %s: a line is too long or has no end", link);
		depth += strncmp(line, "BEGIN:", 6) == 0;
		depth -= strncmp(line, "END:", 4) == 0;
		events += strncmp(line, "BEGIN:VEVENT", 12) == 0;
		line = end + 2;
	}
	if (depth || !events)
		simulation_broken(s, "feed of %s: %s", link,
		    depth ? "begins and ends don't match" : "it is empty");
}

static bool sees_all(struct simulation *s, const struct simulation_link *link)
{
	json_t *row;
	size_t i;
	bool all = strcmp(link->whose, "support") != 0 && strcmp(link->whose, "person") != 0;
	json_array_foreach (s->supports, i, row)
		all |= (strcmp(text(row, "ref"), link->who) == 0 ||
			   strcmp(text(row, "person"), link->who) == 0) &&
		       strcmp(text(row, "sees"), "all") == 0;
	return all;
}

static const json_t *row_of(const json_t *list, const char *name, const char *value)
{
	json_t *row;
	size_t i;
	json_array_foreach (list, i, row)
		if (strcmp(text(row, name), value) == 0)
			return row;
	return NULL;
}

/* Each published slot of a patient stands in the patient's feed, at its wall time. */
static void check_slots_shown(struct simulation *s, const char *patient, const char *body)
{
	json_t *slot;
	size_t i;
	char line[64];
	const json_t *row = row_of(s->patients, "ref", patient);
	bool ended = strcmp(text(row, "status"), "discharged") == 0 ||
	             json_is_true(json_object_get(row, "restricted"));
	json_array_foreach (s->slots, i, slot) {
		const char *start = text(slot, "start"); /* 2026-11-30T09:00:00+00:00 */
		wr_time at = desk_time(start), now = wr_clock_now(&s->d->desk.clock);
		if (strcmp(text(slot, "patient"), patient) != 0 ||
		    strcmp(text(slot, "state"), "published") != 0 || at < now)
			continue;
		snprintf(line, sizeof(line), "DTSTART;TZID=Europe/London:%.4s%.2s%.2sT%.2s%.2s%.2s",
		    start, start + 5, start + 8, start + 11, start + 14, start + 17);
		if (!ended == !strstr(body, line))
			simulation_broken(s, "slot %s is %s the feed of %s", text(slot, "slot"),
			    ended ? "still in" : "not in", patient);
	}
}

static void check_support_feed(struct simulation *s, const char *support, const char *body)
{
	const json_t *row = row_of(s->supports, "ref", support);
	bool told = strcmp(text(row, "consent"), "agreed") == 0 &&
	            strcmp(text(row, "sees"), "nothing") != 0;
	if (!told && strstr(body, "DTSTART;TZID"))
		simulation_broken(s, "support %s is shown a time without consent", support);
	if (told && strcmp(text(row, "sees"), "all") != 0) {
		const json_t *patient = row_of(s->patients, "ref", text(row, "patient"));
		if (has_word(body, text(patient, "name")))
			simulation_broken(s, "support %s is shown the name", support);
	}
}

static void check_feed(struct simulation *s, const struct simulation_link *link)
{
	const char *body = desk_feed(s->d, link->id);
	if (!body)
		return;
	check_calendar(s, link->id, body);
	const char *word = sees_all(s, link) ? NULL : given_away(body);
	if (word)
		simulation_broken(s, "feed of %s %s says \"%s\"", link->whose, link->who, word);
	if (strcmp(link->whose, "patient") == 0)
		check_slots_shown(s, link->who, body);
	else if (strcmp(link->whose, "support") == 0)
		check_support_feed(s, link->who, body);
}

/* ---- what was sent ---- */

static void check_same_body(struct simulation *s, size_t at)
{
	const struct desk_post *post = &s->d->posts[at];
	for (size_t i = 0; i < at; i++)
		if (strcmp(s->d->posts[i].id, post->id) == 0 &&
		    strcmp(s->d->posts[i].body, post->body) != 0)
			simulation_broken(s, "notice %s was sent with two bodies", post->id);
}

static void check_post(struct simulation *s, const struct desk_post *post)
{
	const json_t *data = json_object_get(post->json, "data");
	const char *said = text(data, "text");
	const json_t *support = row_of(s->supports, "ref", post->who);
	const char *word = support ? given_away(said) : NULL;
	if (word)
		simulation_broken(s, "notice %s says \"%s\": %s", post->id, word, said);
	if (has_word(said, "Kingsley") || strstr(said, "Zyx"))
		simulation_broken(s, "notice %s names somebody: %s", post->id, said);
	bool farewell = strcmp(post->type, "slot.cancelled") == 0;
	if (support && !farewell &&
	    (strcmp(text(support, "consent"), "agreed") != 0 ||
		strcmp(text(support, "sees"), "nothing") == 0))
		simulation_broken(
		    s, "support %s was told %s without consent", post->who, post->type);
	const json_t *told = json_object_get(data, "slot");
	const json_t *slot = row_of(s->slots, "slot", text(told, "ref"));
	if (slot && !farewell && desk_time(text(told, "start")) != desk_time(text(slot, "start")))
		simulation_broken(s, "%s was told %s of %s, which begins at %s", post->who,
		    post->type, text(told, "start"), text(slot, "start"));
}

/* ---- all of it ---- */

static void check_audit(struct simulation *s)
{
	const char *said = desk_refusal(s->d, "audit verify", "{}");
	if (*said)
		simulation_broken(s, "%s", said);
}

void simulation_list(struct simulation *s)
{
	static const struct {
		const char *verb, *name;
	} lists[] = {
	    {"patient list", "patients"}, {"support list", "supports"}, {"slot list", "slots"}};
	json_t **into[] = {&s->patients, &s->supports, &s->slots};
	for (size_t i = 0; i < WR_COUNT(lists); i++) {
		json_t *answer = desk_ask(s->d, lists[i].verb, "{'all':true}");
		json_decref(*into[i]);
		*into[i] = json_incref(json_object_get(answer, lists[i].name));
		json_decref(answer);
	}
}

void simulation_check(struct simulation *s)
{
	simulation_list(s);
	check_promises(s);
	check_places(s);
	for (size_t i = 0; i < s->n_links; i++)
		check_feed(s, &s->links[i]);
	for (; s->n_posts_seen < s->d->n_posts; s->n_posts_seen++) {
		check_same_body(s, s->n_posts_seen);
		check_post(s, &s->d->posts[s->n_posts_seen]);
	}
	if (s->step % 10 == 0)
		check_audit(s);
}
