/* Promise 5: nobody sees in a calendar what the patient has not agreed to, and everybody sees what
 * is theirs, at its wall time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "simulation.h"

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
		simulation_broken(s, 0, "feed of %s is no calendar", link);
	for (const char *line = body; *line;) {
		const char *end = strstr(line, "\r\n");
		if (!end || end - line > 75) {
			simulation_broken(s, 0, "feed of %s: a line too long or without end", link);
			return;
		}
		depth += strncmp(line, "BEGIN:", 6) == 0;
		depth -= strncmp(line, "END:", 4) == 0;
		events += strncmp(line, "BEGIN:VEVENT", 12) == 0;
		line = end + 2;
	}
	if (depth || !events)
		simulation_broken(s, 0, "feed of %s: %s", link,
		    depth ? "begins and ends don't match" : "it is empty");
}

static bool is_of_link(const struct simulation_link *link, const struct wr_support *support)
{
	bool person = strcmp(link->whose, "person") == 0;
	return wr_text_equal(person ? support->person : support->ref, link->who);
}

/* The most that somebody behind this link may see of this patient now. */
static enum wr_sees sees_of(
    const struct simulation *s, const struct simulation_link *link, const struct wr_patient *p)
{
	enum wr_sees most = WR_SEES_NOTHING;
	for (size_t i = 0; i < s->rows.n_supports; i++) {
		const struct wr_support *support = &s->rows.supports[i];
		if (is_of_link(link, support) && wr_text_equal(support->patient, p->ref) &&
		    simulation_may_hear(support, p) && p->discharged == WR_TIME_NONE &&
		    !p->restricted && support->sees > most)
			most = support->sees;
	}
	return most;
}

static void write_start(const struct wr_slot *slot, char line[64])
{
	wr_day day;
	int minute = simulation_wall(slot->start, &day);
	struct wr_date date = wr_day_date(day);
	snprintf(line, 64, "DTSTART;TZID=Europe/London:%04d%02d%02dT%02d%02d00", date.year,
	    date.month, date.day, minute / 60, minute % 60);
}

/* Each published slot that is to come stands at its wall time in the calendars of those who may see
 * it, and in no other. */
static void check_slot(struct simulation *s, const struct simulation_link *link,
    const struct wr_slot *slot, const char *body)
{
	char line[64];
	const struct wr_patient *p = simulation_patient(s, slot->patient);
	bool patient = strcmp(link->whose, "patient") == 0;
	bool shown;
	if (slot->state != WR_STATE_PUBLISHED || !p ||
	    slot->start < wr_clock_now(&s->d->desk.clock))
		return;
	write_start(slot, line);
	shown = strstr(body, line) != NULL;
	if (patient && wr_text_equal(link->who, p->ref) && !p->restricted &&
	    p->discharged == WR_TIME_NONE && !shown)
		simulation_broken(
		    s, 8, "slot %s is not in the feed of %s as %s", slot->ref, p->ref, line);
	if (!patient && sees_of(s, link, p) != WR_SEES_NOTHING && !shown)
		simulation_broken(
		    s, 8, "slot %s is not in the feed of %s as %s", slot->ref, link->who, line);
}

static void check_family(struct simulation *s, const struct simulation_link *link, const char *body)
{
	enum wr_sees most = WR_SEES_NOTHING;
	for (size_t i = 0; i < s->rows.n_patients; i++) {
		const struct wr_patient *p = &s->rows.patients[i];
		enum wr_sees sees = sees_of(s, link, p);
		most = sees > most ? sees : most;
		if (sees != WR_SEES_ALL && has_word(body, p->name))
			simulation_broken(s, 5, "%s %s is shown a name", link->whose, link->who);
	}
	if (most == WR_SEES_NOTHING && strstr(body, "DTSTART;TZID"))
		simulation_broken(
		    s, 5, "%s %s is shown a time without consent", link->whose, link->who);
	if (most < WR_SEES_PLACE && strstr(body, "\r\nLOCATION"))
		simulation_broken(
		    s, 5, "%s %s is shown a place without consent", link->whose, link->who);
	const char *word = most == WR_SEES_ALL ? NULL : given_away(body);
	if (word)
		simulation_broken(s, 5, "%s %s reads \"%s\"", link->whose, link->who, word);
}

static void check_patient(
    struct simulation *s, const struct simulation_link *link, const char *body)
{
	const struct wr_patient *p = simulation_patient(s, link->who);
	bool ended = !p || p->discharged != WR_TIME_NONE || p->restricted;
	if (ended && strstr(body, "DTSTART;TZID"))
		simulation_broken(s, 5, "patient %s is shown a time after the end", link->who);
}

static void check_feed(struct simulation *s, const struct simulation_link *link)
{
	const char *body = desk_feed(s->d, link->id);
	if (!body)
		return;
	check_calendar(s, link->id, body);
	bool family = strcmp(link->whose, "support") == 0 || strcmp(link->whose, "person") == 0;
	bool patient = strcmp(link->whose, "patient") == 0;
	if (family)
		check_family(s, link, body);
	else if (patient)
		check_patient(s, link, body);
	else if (strstr(body, "Zyx") || strstr(body, "Xiphos"))
		simulation_broken(s, 5, "the list of %s has names", link->who);
	bool lives = strstr(body, "DTSTART;TZID") != NULL; /* an ended link shows nothing */
	for (size_t i = 0; i < s->rows.n_slots && (family || patient) && lives; i++)
		check_slot(s, link, &s->rows.slots[i], body);
}

void simulation_check_feeds(struct simulation *s)
{
	struct wr_arena words = s->d->words;
	s->d->words = (struct wr_arena){0};
	for (size_t i = 0; i < s->n_links; i++)
		check_feed(s, &s->links[i]);
	wr_arena_deinit(&s->d->words);
	s->d->words = words;
}
