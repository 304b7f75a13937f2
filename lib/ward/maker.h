/*
 * maker: what the files that make an instance share. Inside this room only. Pure.
 */
#ifndef WARDROUND_WARD_MAKER_H
#define WARDROUND_WARD_MAKER_H

#include "lookup.h"
#include "wardround/instance.h"

struct maker {
	struct wr_arena *arena;
	const struct wr_instance_source *source;
	struct wr_instance *instance;
	wr_day monday;
	struct lookup patients, supports_of, rows_of, free_of, away_of, held_of, slots_of;
	struct lookup sessions_at, attended_by, attendees_of, slot_refs, replies_of, in_instance;
};

/* Intervals of the week, growing on the heap until they are kept. */
struct spans {
	struct wr_plan_span *items;
	size_t n, capacity;
};

/* Minutes of the week on the wall clock; `up` rounds seconds up. */
int64_t wr_maker_minute(const struct maker *maker, const struct wr_zone *zone, wr_time at, bool up);
/* The part of [from, to) that lies within the week. */
void wr_maker_add_span(const struct maker *maker, struct spans *spans, const struct wr_zone *zone,
    wr_time from, wr_time to);
void wr_maker_add_aways(const struct maker *maker, struct spans *spans, const struct wr_zone *zone,
    enum wr_whose whose, const char *who);
/* Moves them into the arena. */
const struct wr_plan_span *wr_maker_keep_spans(
    const struct maker *maker, struct spans *spans, size_t *ret_n);

bool wr_maker_has_patient(const struct maker *maker, const char *patient);
/* Published, started or held: its cells and people are taken. */
bool wr_maker_takes_time(const struct wr_slot *slot);

/* people.c; in this order, after the patients' other fields are set */
void wr_maker_set_supports(
    const struct maker *maker, struct wr_instance_patient *of, struct wr_plan_patient *planned);
void wr_maker_set_cover(const struct maker *maker, size_t patient);
void wr_maker_add_persons(const struct maker *maker);

#endif
