/* What the oracle looks at: the rows as they are after a step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <string.h>

#include "simulation.h"

static struct simulation *looking; /* the one whose rows are read; a look is one job */

static int read_held(struct simulation *s, struct wr_tx *tx)
{
	struct simulation_rows *rows = &s->rows;
	int r = 0;
	rows->held = wr_arena_new(&rows->arena, wr_time, rows->n_patients + 1);
	for (size_t i = 0; i < rows->n_patients && !r; i++) {
		struct wr_slot *held = NULL;
		size_t n = 0;
		const struct wr_patient *patient = &rows->patients[i];
		r = wr_store_slot_held(
		    tx, &rows->arena, patient->ref, patient->admitted, 1, &held, &n);
		rows->held[i] = n ? held[0].start : WR_TIME_NONE;
	}
	return r;
}

static int read_rows(struct wr_use *use)
{
	struct simulation *s = looking;
	struct simulation_rows *rows = &s->rows;
	struct wr_arena *arena = &rows->arena;
	struct wr_tx *tx = use->tx;
	struct wr_store_slot_filter near = {.from = use->now - SIMULATION_BACK_SECONDS};
	struct wr_store_news_filter coming = {.from = use->now};
	struct wr_store_notice_filter going = {
	    .states = WR_STORE_BIT(WR_NOTICE_WAITING) | WR_STORE_BIT(WR_NOTICE_SENDING)};
	struct wr_store_task_filter open = {.open = true};
	struct wr_store_reply_filter lately = {.since = use->now - 40 * 86400};
	int r = wr_store_slot_list(tx, arena, &near, &rows->slots, &rows->n_slots);
	if (!r)
		r = wr_store_patient_list(
		    tx, arena, NULL, true, &rows->patients, &rows->n_patients);
	if (!r)
		r = wr_store_support_list(tx, arena, NULL, &rows->supports, &rows->n_supports);
	if (!r)
		r = wr_store_attendee_list(tx, arena, &near, &rows->attendees, &rows->n_attendees);
	if (!r)
		r = wr_store_news_list(tx, arena, &coming, &rows->news, &rows->n_news);
	if (!r)
		r = wr_store_notice_list(tx, arena, &going, &rows->notices, &rows->n_notices);
	if (!r)
		r = wr_store_task_list(tx, arena, &open, &rows->tasks, &rows->n_tasks);
	if (!r)
		r = wr_store_unplaced_list(
		    tx, arena, NULL, NULL, NULL, &rows->unplaced, &rows->n_unplaced);
	if (!r)
		r = wr_store_reply_list(tx, arena, &lately, &rows->replies, &rows->n_replies);
	return r ? r : read_held(s, tx);
}

void simulation_read(struct simulation *s)
{
	wr_arena_deinit(&s->rows.arena);
	s->rows = (struct simulation_rows){0};
	looking = s;
	desk_look(s->d, read_rows);
}

const struct wr_slot *simulation_slot(const struct simulation *s, const char *ref)
{
	for (size_t i = 0; i < s->rows.n_slots; i++)
		if (wr_text_equal(s->rows.slots[i].ref, ref))
			return &s->rows.slots[i];
	return NULL;
}

const struct wr_patient *simulation_patient(const struct simulation *s, const char *ref)
{
	for (size_t i = 0; i < s->rows.n_patients; i++)
		if (wr_text_equal(s->rows.patients[i].ref, ref))
			return &s->rows.patients[i];
	return NULL;
}

const struct wr_support *simulation_support(const struct simulation *s, const char *ref)
{
	for (size_t i = 0; i < s->rows.n_supports; i++)
		if (wr_text_equal(s->rows.supports[i].ref, ref))
			return &s->rows.supports[i];
	return NULL;
}

bool simulation_may_hear(const struct wr_support *support, const struct wr_patient *patient)
{
	return support->consent == WR_CONSENT_AGREED && support->sees != WR_SEES_NOTHING &&
	       support->admission == patient->admission && !patient->died;
}

bool simulation_is_on(enum wr_state state)
{
	return state == WR_STATE_PUBLISHED || state == WR_STATE_STARTED || state == WR_STATE_HELD;
}

/* The last Sunday of March or October, at one o'clock UTC. */
static wr_time changes_at(int year, int month)
{
	wr_day last = wr_day_from_date(year, month, 31);
	while (wr_day_weekday(last) != 6)
		last--;
	return (wr_time)last * 86400 + 3600;
}

int simulation_wall(wr_time at, wr_day *ret_day)
{
	int year = 1970 + (int)(at / 31556952);
	bool summer = at >= changes_at(year, 3) && at < changes_at(year, 10);
	wr_time local = at + (summer ? 3600 : 0);
	if (ret_day)
		*ret_day = (wr_day)(local / 86400);
	return (int)(local % 86400 / 60);
}
