#include "desk/snapshot.h"

#include "desk/slot_change.h"

#include <stdlib.h>

enum { HELD_BACK_DAYS = 35 }; /* the last three held slots lie within it when all goes well */

static int read_patients(struct wr_use *use, struct wr_instance_source *s)
{
	struct wr_patient *all = NULL;
	size_t n = 0, capacity = 0;
	int r = 0;
	for (size_t w = 0; w < s->n_wards && !r; w++) {
		struct wr_patient *patients = NULL;
		size_t n_patients = 0;
		r = wr_store_patient_list(
		    use->tx, use->arena, s->wards[w].ward->id, false, &patients, &n_patients);
		for (size_t i = 0; i < n_patients && !r; i++) {
			WR_GROW(all, n, capacity);
			all[n++] = patients[i];
		}
	}
	struct wr_patient *kept = wr_arena_new(use->arena, struct wr_patient, n + 1);
	for (size_t i = 0; i < n; i++)
		kept[i] = all[i];
	free(all);
	s->patients = kept;
	s->n_patients = n;
	return r;
}

static int read_people(struct wr_use *use, struct wr_instance_source *s)
{
	struct wr_support *supports = NULL;
	struct wr_free *free = NULL;
	struct wr_store_support_filter everybody = {.not_discharged = true};
	int r = read_patients(use, s);
	if (!r)
		r = wr_store_support_list(
		    use->tx, use->arena, &everybody, &supports, &s->n_supports);
	if (!r)
		r = wr_store_free_list(use->tx, use->arena, &everybody, &free, &s->n_free);
	s->supports = supports;
	s->free = free;
	return r;
}

static int read_times(struct wr_use *use, struct wr_instance_source *s, wr_time from, wr_time to)
{
	struct wr_away *aways = NULL;
	struct wr_reply *replies = NULL;
	struct wr_slot *off = NULL;
	size_t n = 0, n_off = 0;
	struct wr_store_away_filter during = {.from = from, .to = to};
	struct wr_store_reply_filter answered = {.week = &s->week};
	struct wr_store_slot_filter fell_out = {
	    .week = &s->week,
	    .states = WR_STORE_BIT(WR_STATE_CANCELLED) | WR_STORE_BIT(WR_STATE_MISSED),
	};
	int r = wr_store_away_list(use->tx, use->arena, &during, &aways, &n);
	if (!r)
		r = wr_store_reply_list(use->tx, use->arena, &answered, &replies, &s->n_replies);
	if (!r)
		r = wr_store_slot_list(use->tx, use->arena, &fell_out, &off, &n_off);
	if (r)
		return r;
	/* nobody is given again the very time that was just cancelled for them */
	struct wr_away *all = wr_arena_new(use->arena, struct wr_away, n + n_off + 1);
	for (size_t i = 0; i < n; i++)
		all[i] = aways[i];
	for (size_t i = 0; i < n_off; i++)
		all[n + i] = (struct wr_away){
		    .id = off[i].ref,
		    .whose = WR_WHOSE_PATIENT,
		    .who = off[i].patient,
		    .from = off[i].start,
		    .to = off[i].until,
		    .why = "cancelled",
		};
	s->aways = all;
	s->n_aways = n + n_off;
	s->replies = replies;
	return 0;
}

static int read_held(struct wr_use *use, struct wr_instance_source *s)
{
	struct wr_slot *all = NULL;
	size_t n = 0, capacity = 0;
	int r = 0;
	for (size_t i = 0; i < s->n_patients && !r; i++) {
		struct wr_slot *held = NULL;
		size_t n_held = 0;
		r = wr_store_slot_held(use->tx, use->arena, s->patients[i].ref,
		    s->patients[i].admitted, 3, &held, &n_held);
		for (size_t k = 0; k < n_held && !r; k++) {
			WR_GROW(all, n, capacity);
			all[n++] = held[k];
		}
	}
	struct wr_slot *kept = wr_arena_new(use->arena, struct wr_slot, n + 1);
	for (size_t i = 0; i < n; i++)
		kept[i] = all[i];
	free(all);
	s->held = kept;
	s->n_held = n;
	return r;
}

/* This week's slots in any state, and those still to come (or begun) of the weeks before. */
static int read_slots(struct wr_use *use, struct wr_instance_source *s, wr_time from, wr_time to)
{
	struct wr_slot *week = NULL, *before = NULL;
	struct wr_attendee *attendees = NULL;
	size_t n_week = 0, n_before = 0;
	struct wr_store_slot_filter this_week = {.from = from, .to = to};
	struct wr_store_slot_filter earlier = {
	    .from = from - HELD_BACK_DAYS * 86400L,
	    .to = from,
	    .states = WR_STORE_BIT(WR_STATE_PUBLISHED) | WR_STORE_BIT(WR_STATE_STARTED),
	};
	int r = wr_store_slot_list(use->tx, use->arena, &this_week, &week, &n_week);
	if (!r)
		r = wr_store_slot_list(use->tx, use->arena, &earlier, &before, &n_before);
	if (!r)
		r = wr_store_attendee_list(
		    use->tx, use->arena, &this_week, &attendees, &s->n_attendees);
	if (r)
		return r;
	struct wr_slot *all = wr_arena_new(use->arena, struct wr_slot, n_week + n_before + 1);
	for (size_t i = 0; i < n_week; i++)
		all[i] = week[i];
	for (size_t i = 0; i < n_before; i++)
		all[n_week + i] = before[i];
	s->slots = all;
	s->n_slots = n_week + n_before;
	s->attendees = attendees;
	return 0;
}

static void mark(struct wr_use *use, struct wr_snapshot *s, enum wr_whose whose, const char *who)
{
	for (size_t i = 0; i < s->n_marks; i++)
		if (s->marks[i].whose == whose && wr_text_equal(s->marks[i].who, who))
			return;
	struct wr_snapshot_mark *one = &s->marks[s->n_marks++];
	*one = (struct wr_snapshot_mark){.whose = whose, .who = who};
	if (wr_store_generation_get(use->tx, whose, who, &one->generation))
		one->generation = 0;
}

/* The wards, and every person who supports somebody on them. */
static void mark_all(struct wr_use *use, struct wr_snapshot *s)
{
	const struct wr_instance_source *source = &s->source;
	s->marks = wr_arena_new(
	    use->arena, struct wr_snapshot_mark, source->n_wards + source->n_supports + 1);
	for (size_t w = 0; w < source->n_wards; w++)
		mark(use, s, WR_WHOSE_WARD, source->wards[w].ward->id);
	for (size_t i = 0; i < source->n_supports; i++)
		for (size_t p = 0; p < source->n_patients; p++)
			if (wr_text_equal(source->supports[i].patient, source->patients[p].ref))
				mark(use, s, WR_WHOSE_PERSON, source->supports[i].person);
}

static int read_wards(struct wr_use *use, struct wr_instance_source *s,
    const struct wr_config_ward *const *wards, size_t n)
{
	struct wr_instance_ward *places = wr_arena_new(use->arena, struct wr_instance_ward, n);
	int r = 0;
	for (size_t w = 0; w < n && !r; w++) {
		struct wr_session *sessions = NULL;
		r = wr_slot_sessions(use, wards[w], s->week, &sessions, &places[w].n_sessions);
		places[w].ward = wards[w];
		places[w].sessions = sessions;
	}
	s->wards = places;
	s->n_wards = n;
	return r;
}

int wr_snapshot_read(struct wr_use *use, const struct wr_config_ward *const *wards, size_t n,
    struct wr_week week, struct wr_snapshot **ret_snapshot)
{
	struct wr_snapshot *s = wr_arena_new(use->arena, struct wr_snapshot, 1);
	const struct wr_config_ward *ward = wards[0];
	wr_day monday = wr_week_monday(week);
	wr_time from = wr_zone_at_or_after(ward->zone, monday, 0);
	wr_time to = wr_zone_at_or_after(ward->zone, monday + 7, 0);
	s->source =
	    (struct wr_instance_source){.config = use->config, .week = week, .now = use->now};
	int r = read_wards(use, &s->source, wards, n);
	if (!r)
		r = read_people(use, &s->source);
	if (!r)
		r = read_times(use, &s->source, from, to);
	if (!r)
		r = read_held(use, &s->source);
	if (!r)
		r = read_slots(use, &s->source, from, to);
	if (r)
		return r;
	mark_all(use, s);
	r = wr_declined_read(use, ward, week, &s->declined, &s->n_declined);
	if (r)
		return r;
	r = wr_store_plan_get(use->tx, use->arena, ward->id, week, &s->plan);
	s->planned = r == 0;
	*ret_snapshot = s;
	return r == WR_STORE_NONE ? 0 : r;
}

int wr_snapshot_holds(struct wr_use *use, const struct wr_snapshot *snapshot, bool *ret_holds)
{
	*ret_holds = true;
	for (size_t i = 0; i < snapshot->n_marks && *ret_holds; i++) {
		int64_t generation = 0;
		int r = wr_store_generation_get(
		    use->tx, snapshot->marks[i].whose, snapshot->marks[i].who, &generation);
		if (r && r != WR_STORE_NONE)
			return r;
		*ret_holds = generation == snapshot->marks[i].generation;
	}
	return 0;
}
