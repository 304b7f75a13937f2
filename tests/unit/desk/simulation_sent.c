/*
 * Promises 3 and 4: each notice is true at the moment of sending, and what is said to have been
 * heard was heard.
 *
 * A notice is judged inside the very transaction that leases it, from the rows as they are there;
 * when it arrives it has to be the one that was judged.
 */
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

#include "simulation.h"

static wr_time now(const struct simulation *s)
{
	return wr_clock_now(&s->d->desk.clock);
}

/* ---- judging ---- */

struct judging {
	struct simulation *s;
	struct wr_tx *tx;
	struct wr_arena arena;
	const struct wr_notice_row *row;
	struct wr_slot slot;
	struct wr_patient patient;
	struct wr_support support;
	json_t *body, *data;
};

#define WRONG(j, ...) simulation_broken((j)->s, 3, __VA_ARGS__)

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));
	return text ? text : "";
}

static bool is_of_type(const struct judging *j, const char *type)
{
	return strcmp(j->row->type, type) == 0;
}

static bool is_quiet(wr_time at)
{
	int minute = simulation_wall(at, NULL);
	return minute >= 21 * 60 || minute < 8 * 60;
}

/* The next midday, by the wall clock. */
static wr_time next_midday(wr_time at)
{
	wr_time midday = at / 60 * 60 + (12 * 60 - simulation_wall(at, NULL)) * 60;
	return midday > at ? midday : midday + 86400;
}

static void judge_person(struct judging *j)
{
	const struct wr_patient *p = &j->patient;
	const struct wr_support *support = &j->support;
	bool contact = p->contact == WR_CONTACT_SMS || p->contact == WR_CONTACT_EMAIL;
	bool farewell = j->row->revision == 0 && is_of_type(j, "slot.cancelled");
	if (p->died)
		WRONG(j, "%s is sent after a death", j->row->id);
	if (p->restricted)
		WRONG(j, "%s is sent for a patient of whom nothing leaves the house", j->row->id);
	if (j->row->whose == WR_WHOSE_PATIENT) {
		if (!contact)
			WRONG(j, "%s is sent to a patient who is not written to", j->row->id);
		return;
	}
	if (support->stopped)
		WRONG(j, "%s is sent to %s who wants none", j->row->id, support->ref);
	if (farewell && support->consent == WR_CONSENT_AGREED)
		WRONG(j, "%s says not to travel to %s who is invited", j->row->id, support->ref);
	if (!farewell && !simulation_may_hear(support, p))
		WRONG(j, "%s is sent to %s without consent", j->row->id, support->ref);
}

static int answered_no(struct judging *j, bool *ret_no)
{
	struct wr_reply reply;
	int r = wr_store_reply_get(j->tx, &j->arena, j->row->who, j->row->slot, &reply);
	*ret_no = r == 0 && reply.answer == WR_ANSWER_NO && reply.revision == j->slot.revision;
	return r;
}

static void judge_reminder(struct judging *j)
{
	bool no = false;
	const struct wr_patient *p = &j->patient;
	if (j->slot.state != WR_STATE_PUBLISHED)
		WRONG(j, "%s reminds of slot %s, which is not to come", j->row->id, j->slot.ref);
	if (p->hold_why || p->discharged != WR_TIME_NONE)
		WRONG(j, "%s reminds of a patient who is away", j->row->id);
	if (is_quiet(now(j->s)))
		WRONG(j, "%s is a reminder in quiet hours", j->row->id);
	answered_no(j, &no);
	if (no)
		WRONG(j, "%s reminds %s who can't come", j->row->id, j->row->who);
}

static void judge_night(struct judging *j)
{
	wr_time at = now(j->s), first = j->slot.start;
	if (j->slot.was_start != WR_TIME_NONE && j->slot.was_start > at &&
	    j->slot.was_start < first)
		first = j->slot.was_start;
	if (is_quiet(at) && first >= next_midday(at))
		WRONG(j, "%s wakes %s for slot %s", j->row->id, j->row->who, j->slot.ref);
}

/* "9:25am" */
static const char *clock_words(wr_time at, char words[16])
{
	int minute = simulation_wall(at, NULL), hour = minute / 60;
	snprintf(words, 16, "%d:%02d%s", hour % 12 ? hour % 12 : 12, minute % 60,
	    hour < 12 ? "am" : "pm");
	return words;
}

static void judge_words(struct judging *j)
{
	char clock[16];
	const char *said = text_of(j->data, "text");
	const json_t *told = json_object_get(j->data, "slot");
	wr_time start = desk_time(text_of(told, "start")), by = j->slot.start;
	if (is_of_type(j, "slot.late"))
		by += 60 * json_integer_value(json_object_get(told, "late_minutes"));
	if (start != j->slot.start)
		WRONG(j, "%s says that slot %s begins at %s", j->row->id, j->slot.ref,
		    text_of(told, "start"));
	if (json_integer_value(json_object_get(told, "revision")) != j->slot.revision)
		WRONG(j, "%s is of an older revision", j->row->id);
	if (strlen(said) > 160)
		WRONG(j, "%s has more than one part: %s", j->row->id, said);
	if (!strstr(said, clock_words(by, clock)) && j->row->revision)
		WRONG(j, "%s does not say %s: %s", j->row->id, clock, said);
}

static void judge_slot(struct judging *j)
{
	bool on = simulation_is_on(j->slot.state), gone = j->patient.discharged != WR_TIME_NONE;
	bool cancels = is_of_type(j, "slot.cancelled");
	wr_time last = j->slot.start;
	if (is_of_type(j, "slot.late"))
		last += 60 * 480;
	if (j->slot.was_start != WR_TIME_NONE && j->slot.was_start > last)
		last = j->slot.was_start;
	if (j->row->not_after == WR_TIME_NONE || j->row->not_after < now(j->s))
		WRONG(j, "%s goes out after its deadline", j->row->id);
	if (now(j->s) > last)
		WRONG(j, "%s goes out after slot %s", j->row->id, j->slot.ref);
	if (!j->row->revision)
		return;
	judge_words(j);
	if (cancels && on)
		WRONG(j, "%s cancels slot %s, which stands", j->row->id, j->slot.ref);
	if (!cancels && (!on || gone))
		WRONG(j, "%s (%s) is about slot %s, which is off", j->row->id, j->row->type,
		    j->slot.ref);
	if (is_of_type(j, "slot.people") && j->row->whose != WR_WHOSE_PATIENT)
		WRONG(j, "%s tells %s who comes", j->row->id, j->row->who);
	if (is_of_type(j, "reminder.due"))
		judge_reminder(j);
	else
		judge_night(j);
}

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

/* No name of anybody, no ward; and to families nothing that gives the stay away. */
static void judge_discretion(struct judging *j)
{
	static const char *const never[] = {"Zyx", "Xiphos", "Kingsley"};
	static const char *const family[] = {"ward", "round", "hospital", "patient", "bed"};
	for (size_t i = 0; i < WR_COUNT(never); i++)
		if (has_word(j->row->body, never[i]))
			simulation_broken(j->s, 5, "%s names \"%s\"", j->row->id, never[i]);
	for (size_t i = 0; i < WR_COUNT(family) && j->row->whose == WR_WHOSE_SUPPORT; i++)
		if (has_word(text_of(j->data, "text"), family[i]))
			simulation_broken(j->s, 5, "%s says \"%s\"", j->row->id, family[i]);
}

static bool read_subject(struct judging *j)
{
	const char *patient = j->row->who;
	if (j->row->whose == WR_WHOSE_SUPPORT) {
		if (wr_store_support_get(j->tx, &j->arena, j->row->who, &j->support))
			return false;
		patient = j->support.patient;
	}
	if (j->row->slot && wr_store_slot_get(j->tx, &j->arena, j->row->slot, &j->slot))
		return false;
	return wr_store_patient_get(j->tx, &j->arena, patient, &j->patient) == 0;
}

static void judge(struct simulation *s, struct wr_tx *tx, const struct wr_notice_row *row)
{
	struct judging j = {.s = s, .tx = tx, .row = row};
	char *body = wr_arena_strdup(&j.arena, row->body ? row->body : "");
	for (char *at = body; *at; at++) /* seals of addresses are no JSON */
		if (*at < ' ')
			*at = '_';
	j.body = json_loads(body, 0, NULL);
	j.data = json_object_get(j.body, "data");
	if (!j.body)
		WRONG(&j, "%s has no body", row->id);
	bool staff = strcmp(row->endpoint, "staff") == 0;
	if (staff != (row->whose == WR_WHOSE_WARD))
		WRONG(&j, "%s (%s) goes to %s", row->id, row->type, row->endpoint);
	judge_discretion(&j);
	if (!staff && !read_subject(&j)) {
		WRONG(&j, "%s is to nobody", row->id);
	} else if (!staff) {
		judge_person(&j);
		if (row->slot)
			judge_slot(&j);
	}
	json_decref(j.body);
	wr_arena_deinit(&j.arena);
}

/* ---- what was judged, and what arrived ---- */

static struct simulation_judged *judged(struct simulation *s, const char *id)
{
	for (size_t i = s->n_judged; i-- > 0;)
		if (strcmp(s->judged[i].id, id) == 0)
			return &s->judged[i];
	return NULL;
}

void simulation_judge_leases(struct simulation *s, struct wr_tx *tx)
{
	struct wr_arena arena = {0};
	struct wr_notice_row *rows = NULL;
	size_t n = 0;
	struct wr_store_notice_filter going = {.states = WR_STORE_BIT(WR_NOTICE_SENDING)};
	assert_int_equal(wr_store_notice_list(tx, &arena, &going, &rows, &n), 0);
	for (size_t i = 0; i < n; i++) {
		struct simulation_judged *one = judged(s, rows[i].id);
		if (one && one->tries == rows[i].tries)
			continue;
		if (!one) {
			WR_GROW(s->judged, s->n_judged, s->judged_capacity);
			one = &s->judged[s->n_judged++];
			*one = (struct simulation_judged){0};
			snprintf(one->id, sizeof(one->id), "%s", rows[i].id);
		}
		one->tries = rows[i].tries;
		judge(s, tx, &rows[i]);
	}
	wr_arena_deinit(&arena);
}

static uint64_t hash_of(const char *text)
{
	uint64_t hash = 1469598103934665603u;
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211u;
	return hash;
}

void simulation_judge_received(struct simulation *s, const struct desk_post *post)
{
	struct simulation_judged *one = judged(s, post->id);
	uint64_t hash = hash_of(post->body);
	s->n_sent++;
	if (!one)
		simulation_broken(s, 3, "%s was sent and never leased", post->id);
	else if (one->hash && one->hash != hash)
		simulation_broken(s, 3, "%s was sent with two bodies", post->id);
	else
		one->hash = hash;
}

void simulation_note_answer(struct simulation *s, const struct desk_post *post)
{
	const json_t *slot = json_object_get(json_object_get(post->json, "data"), "slot");
	const char *ref = text_of(slot, "ref");
	if (s->d->dead || !*ref || !*post->who)
		return;
	WR_GROW(s->told, s->n_told, s->told_capacity);
	struct simulation_told *told = &s->told[s->n_told++];
	*told = (struct simulation_told){
	    .revision = (int)json_integer_value(json_object_get(slot, "revision")),
	    .start = desk_time(text_of(slot, "start")),
	    .off = strcmp(post->type, "slot.cancelled") == 0,
	};
	snprintf(told->who, sizeof(told->who), "%s", post->who);
	snprintf(told->slot, sizeof(told->slot), "%s", ref);
}

/* ---- 4 ---- */

static bool was_told(
    const struct simulation *s, const struct wr_news *news, const struct wr_slot *slot)
{
	for (size_t i = s->n_told; i-- > 0;) {
		const struct simulation_told *told = &s->told[i];
		if (strcmp(told->who, news->who) == 0 && strcmp(told->slot, news->slot) == 0)
			return told->start == slot->start &&
			       told->off == !simulation_is_on(slot->state);
	}
	return false;
}

static const struct wr_news *news_of(
    const struct simulation *s, enum wr_whose whose, const char *who, const char *slot)
{
	for (size_t i = 0; i < s->rows.n_news; i++)
		if (s->rows.news[i].whose == whose && wr_text_equal(s->rows.news[i].who, who) &&
		    wr_text_equal(s->rows.news[i].slot, slot))
			return &s->rows.news[i];
	return NULL;
}

static bool is_under_way(const struct simulation *s, const struct wr_news *news)
{
	for (size_t i = 0; i < s->rows.n_notices; i++)
		if (wr_text_equal(s->rows.notices[i].who, news->who) &&
		    wr_text_equal(s->rows.notices[i].slot, news->slot))
			return true;
	return false;
}

static struct {
	const struct wr_news *news;
	bool found;
} ringing;

static int find_ring(struct wr_use *use)
{
	struct wr_task *tasks = NULL;
	size_t n = 0;
	struct wr_store_task_filter filter = {.kind = "ring", .slot = ringing.news->slot};
	int r = wr_store_task_list(use->tx, use->arena, &filter, &tasks, &n);
	for (size_t i = 0; i < n && !r; i++)
		ringing.found |= tasks[i].data && strstr(tasks[i].data, ringing.news->who);
	return r;
}

static bool has_contact(const char *phone, const char *email)
{
	return !wr_text_empty(phone) || !wr_text_empty(email);
}

static bool is_reachable(const struct wr_patient *p, const struct wr_support *support)
{
	if (p->restricted)
		return false;
	if (support)
		return !support->stopped && has_contact(support->phone, support->email);
	return (p->contact == WR_CONTACT_SMS || p->contact == WR_CONTACT_EMAIL) &&
	       has_contact(p->phone, p->email);
}

static void check_listener(struct simulation *s, const struct wr_slot *slot,
    const struct wr_patient *p, const struct wr_support *support)
{
	enum wr_whose whose = support ? WR_WHOSE_SUPPORT : WR_WHOSE_PATIENT;
	const char *who = support ? support->ref : p->ref;
	const struct wr_news *news = news_of(s, whose, who, slot->ref);
	if (!news || news->want != slot->revision) {
		simulation_broken(s, 4, "nothing says that %s should know revision %d of slot %s",
		    who, slot->revision, slot->ref);
		return;
	}
	if (news->accepted >= slot->revision && !was_told(s, news, slot))
		simulation_broken(
		    s, 4, "%s is said to have been told of slot %s, and was not", who, slot->ref);
	bool knows = news->told >= news->want || news->confirmed >= news->want;
	if (knows || news->due != WR_TIME_NONE || !is_reachable(p, support) ||
	    is_under_way(s, news))
		return;
	ringing.news = news;
	ringing.found = false;
	desk_look(s->d, find_ring);
	if (!ringing.found)
		simulation_broken(
		    s, 4, "%s does not know slot %s, and nothing will tell", who, slot->ref);
}

void simulation_check_news(struct simulation *s)
{
	for (size_t i = 0; i < s->rows.n_slots; i++) {
		const struct wr_slot *slot = &s->rows.slots[i];
		const struct wr_patient *p = simulation_patient(s, slot->patient);
		if (slot->state != WR_STATE_PUBLISHED || slot->start <= now(s) || !p || p->died ||
		    p->discharged != WR_TIME_NONE)
			continue;
		check_listener(s, slot, p, NULL);
		for (size_t k = 0; k < s->rows.n_supports; k++)
			if (wr_text_equal(s->rows.supports[k].patient, p->ref) &&
			    simulation_may_hear(&s->rows.supports[k], p))
				check_listener(s, slot, p, &s->rows.supports[k]);
	}
	if (s->n_told > 4000) { /* slots of long ago are not asked for any more */
		memmove(s->told, s->told + 2000, (s->n_told - 2000) * sizeof(*s->told));
		s->n_told -= 2000;
	}
	if (s->n_judged > 2000) {
		memmove(s->judged, s->judged + 1000, (s->n_judged - 1000) * sizeof(*s->judged));
		s->n_judged -= 1000;
	}
	if (!s->d->n_pending)
		desk_forget_posts(s->d);
}
