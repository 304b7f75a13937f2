/* Bugs, one for each promise: what each would leave behind in rows, in the queue or in a calendar.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <string.h>

#include "simulation.h"

static struct simulation *in;

static const struct wr_slot *some_slot(size_t skip)
{
	wr_time now = wr_clock_now(&in->d->desk.clock);
	for (size_t i = 0; i < in->rows.n_slots; i++)
		if (in->rows.slots[i].state == WR_STATE_PUBLISHED &&
		    in->rows.slots[i].start > now && skip-- == 0)
			return &in->rows.slots[i];
	return NULL;
}

/* Everybody falls off the list, and whoever has no slot held lately loses the next one. */
static int forget(struct wr_use *use)
{
	int r = 0;
	for (size_t i = 0; i < in->rows.n_unplaced && !r; i++)
		r = wr_store_unplaced_delete(
		    use->tx, in->rows.unplaced[i].patient, in->rows.unplaced[i].week);
	for (size_t i = 0; i < in->rows.n_slots && !r; i++) {
		struct wr_slot slot = in->rows.slots[i];
		if (slot.state != WR_STATE_PUBLISHED && slot.state != WR_STATE_DRAFT)
			continue;
		if (slot.state == WR_STATE_DRAFT) {
			r = wr_store_slot_delete(use->tx, slot.ref);
			continue;
		}
		slot.state = WR_STATE_CANCELLED;
		slot.why = WR_WHY_PATIENT_AWAY;
		r = wr_store_slot_put(use->tx, use->arena, &slot, NULL, 0, NULL);
	}
	return r;
}

static int double_book(struct wr_use *use)
{
	const struct wr_slot *a = some_slot(0), *b = some_slot(1);
	if (!a || !b)
		return 0;
	struct wr_slot same = *b;
	same.start = a->start;
	same.end = a->end;
	same.until = a->until;
	same.session = a->session;
	same.consultant = a->consultant;
	same.room = a->room;
	int r = wr_store_busy_release(use->tx, a->ref);
	return r ? r : wr_store_slot_put(use->tx, use->arena, &same, NULL, 0, NULL);
}

/* Every notice that waits says another day. */
static int say_wrong(struct wr_use *use)
{
	struct wr_notice_row *rows = NULL;
	size_t n = 0;
	struct wr_store_notice_filter waiting = {.states = WR_STORE_BIT(WR_NOTICE_WAITING)};
	int r = wr_store_notice_list(use->tx, use->arena, &waiting, &rows, &n);
	for (size_t i = 0; i < n && !r; i++) {
		char *body = wr_arena_strdup(use->arena, rows[i].body ? rows[i].body : "");
		char *start = strstr(body, "\"start\":\"20");
		if (!start)
			continue;
		start[strlen("\"start\":\"20")] ^= 1;
		rows[i].body = body;
		r = wr_store_notice_put(use->tx, &rows[i]);
	}
	return r;
}

static int pretend_heard(struct wr_use *use)
{
	int r = 0;
	for (size_t i = 0; i < in->rows.n_news && !r; i++) {
		struct wr_news news = in->rows.news[i];
		news.told = news.accepted = news.want;
		news.due = WR_TIME_NONE;
		r = wr_store_news_put(use->tx, &news);
	}
	return r;
}

/* Consent ends in the rows, and no calendar is made anew. */
static int leak(struct wr_use *use)
{
	int r = 0;
	for (size_t i = 0; i < in->rows.n_supports && !r; i++) {
		struct wr_support support = in->rows.supports[i];
		if (support.consent != WR_CONSENT_AGREED)
			continue;
		support.consent = WR_CONSENT_WITHDRAWN;
		r = wr_store_support_put(use->tx, &support);
	}
	return r;
}

static int elsewhere(struct wr_use *use)
{
	const struct wr_slot *slot = some_slot(0);
	if (!slot)
		return 0;
	struct wr_slot moved = *slot;
	moved.room = "Garden Room";
	return wr_store_slot_put(use->tx, use->arena, &moved, NULL, 0, NULL);
}

static int lose(struct wr_use *use)
{
	int r = 0;
	for (size_t i = 0; i < in->rows.n_replies && !r; i++) {
		struct wr_reply reply = in->rows.replies[i];
		reply.answer = reply.answer == WR_ANSWER_NO ? WR_ANSWER_PERSON : WR_ANSWER_NO;
		r = wr_store_reply_put(use->tx, &reply);
	}
	return r;
}

/* As if summer time had been forgotten. */
static int shift(struct wr_use *use)
{
	const struct wr_slot *slot = some_slot(0);
	if (!slot)
		return 0;
	struct wr_slot shifted = *slot;
	shifted.start += 3600;
	shifted.end += 3600;
	shifted.until += 3600;
	int r = wr_store_busy_release(use->tx, slot->ref);
	if (!r)
		r = wr_store_slot_put(use->tx, use->arena, &shifted, NULL, 0, NULL);
	return r == WR_STORE_DOUBLE ? 0 : r;
}

void simulation_plant(struct simulation *s)
{
	static const wr_use_case bugs[] = {
	    NULL, forget, double_book, say_wrong, pretend_heard, leak, elsewhere, lose, shift};
	if (!s->plant || s->step < SIMULATION_SOUND || s->d->dead)
		return;
	in = s;
	simulation_read(s);
	json_decref(desk_use(s->d, bugs[s->plant], NULL));
}
