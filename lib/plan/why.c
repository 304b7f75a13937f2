/*
 * The reason next to each place: what can be said without another search. Placed: fixed, still
 * where it was published, or whether a cheaper place exists for this patient alone. Unplaced: the
 * rule that rules out every place; else, with places there, the count of cells that everybody who
 * competes for them needs and can use. explain.c goes deeper.
 */
#include "why.h"

#include <stdlib.h>
#include <string.h>

static void why_placed(const struct plan_field *field, struct wr_plan_place *place, size_t p)
{
	const struct wr_plan_patient *patient = &field->instance->patients[p];
	int64_t least = INT64_MAX, own = INT64_MAX;
	if (patient->fixed_at != WR_PLAN_NONE) {
		place->why = WR_PLAN_WHY_FIXED;
		return;
	}
	if (patient->published && patient->published_at == place->session &&
	    patient->published_cell == (int64_t)place->cell) {
		place->why = WR_PLAN_WHY_PUBLISHED;
		return;
	}
	for (uint32_t at = field->first[p]; at < field->first[p + 1]; at++) {
		const struct plan_spot *spot = &field->spots[at];
		if (spot->cost < least)
			least = spot->cost;
		if (spot->session == place->session && spot->cell == place->cell)
			own = spot->cost;
	}
	place->why = own <= least ? WR_PLAN_WHY_BEST : WR_PLAN_WHY_SHARED;
}

/* No spot at all: which rule is it? Places that are too short don't count as places. */
static void why_no_spot(const struct plan_field *field, struct wr_plan_place *place, size_t p)
{
	const struct wr_plan_instance *instance = field->instance;
	const struct wr_plan_patient *patient = &instance->patients[p];
	size_t counts[WR_PLAN_WHY_OTHERS + 1] = {0}, n = 0;
	for (size_t s = 0; s < instance->n_sessions; s++) {
		const struct wr_plan_session *session = &instance->sessions[s];
		if (!plan_session_serves(session, patient))
			continue;
		place->sessions++;
		for (size_t cell = 0; cell < session->n_starts; cell++) {
			enum wr_plan_why why = plan_place_broken(session, patient, cell);
			if (why == WR_PLAN_WHY_LENGTH)
				continue;
			counts[why]++;
			n++;
		}
	}
	static const enum wr_plan_why alone[] = {
	    WR_PLAN_WHY_AWAY, WR_PLAN_WHY_WINDOW, WR_PLAN_WHY_KEPT};
	place->why = place->sessions == 0 ? WR_PLAN_WHY_NO_SESSION
	             : n == 0             ? WR_PLAN_WHY_LENGTH
	                                  : WR_PLAN_WHY_NO_PLACE;
	for (size_t k = 0; n && k < WR_COUNT(alone); k++)
		if (counts[alone[k]] == n)
			place->why = alone[k];
}

/* ---- the count that does not fit ---- */

struct counting {
	const struct plan_field *field;
	bool *session, *patient; /* already among those who compete */
	uint8_t *cell;           /* by cell in line: usable by one of them */
	size_t *base;
};

/* Everybody who can use a cell of the sessions marked, their sessions too, until nobody is new. */
static void spread(struct counting *counting)
{
	const struct plan_field *field = counting->field;
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < field->n_spots; i++) {
			const struct plan_spot *spot = &field->spots[i];
			bool *session = &counting->session[spot->session];
			bool *patient = &counting->patient[spot->patient];
			if (*session == *patient)
				continue;
			*session = *patient = more = true;
		}
	}
}

static void count_cells(struct counting *counting, struct wr_plan_place *place)
{
	const struct plan_field *field = counting->field;
	const struct wr_plan_instance *instance = field->instance;
	for (size_t i = 0; i < field->n_spots; i++) {
		const struct plan_spot *spot = &field->spots[i];
		if (!counting->patient[spot->patient])
			continue;
		for (int64_t k = 0; k < instance->patients[spot->patient].slots; k++) {
			size_t at = counting->base[spot->session] + spot->cell + (size_t)k;
			place->usable += !counting->cell[at];
			counting->cell[at] = 1;
		}
	}
	for (size_t p = 0; p < instance->n_patients; p++)
		if (counting->patient[p]) {
			place->rivals++;
			place->needed += (size_t)instance->patients[p].slots;
		}
}

static void why_crowded(const struct plan_field *field, struct wr_plan_place *place, size_t p)
{
	const struct wr_plan_instance *instance = field->instance;
	struct counting counting = {.field = field};
	counting.session = wr_alloc(instance->n_sessions + 1, sizeof(bool));
	counting.patient = wr_alloc(instance->n_patients + 1, sizeof(bool));
	counting.base = wr_alloc(instance->n_sessions + 1, sizeof(size_t));
	for (size_t s = 0; s < instance->n_sessions; s++) {
		counting.base[s + 1] = counting.base[s] + instance->sessions[s].n_starts;
		place->sessions +=
		    plan_session_serves(&instance->sessions[s], &instance->patients[p]);
	}
	counting.cell = wr_alloc(counting.base[instance->n_sessions] + 1, 1);
	counting.patient[p] = true;
	spread(&counting);
	count_cells(&counting, place);
	place->why = place->needed > place->usable ? WR_PLAN_WHY_FULL : WR_PLAN_WHY_OTHERS;
	free(counting.session);
	free(counting.patient);
	free(counting.base);
	free(counting.cell);
}

void plan_why_fill(const struct plan_field *field, struct wr_plan *plan)
{
	for (size_t p = 0; p < plan->n_places; p++) {
		struct wr_plan_place *place = &plan->places[p];
		if (place->placed)
			why_placed(field, place, p);
		else if (field->first[p] == field->first[p + 1])
			why_no_spot(field, place, p);
		else
			why_crowded(field, place, p);
	}
}

/* ---- in words ---- */

static const char *consultants(struct wr_arena *arena, const struct wr_plan_patient *patient)
{
	struct wr_buf buf = {0};
	wr_buf_puts(&buf, patient->consultant);
	for (size_t i = 0; i < patient->n_cover; i++)
		if (!wr_text_equal(patient->cover[i], patient->consultant))
			wr_buf_printf(&buf, " or %s", patient->cover[i]);
	const char *text = wr_arena_strdup(arena, wr_buf_text(&buf));
	wr_buf_deinit(&buf);
	return text;
}

const char *wr_plan_why_text(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const struct wr_plan *plan, size_t patient)
{
	const struct wr_plan_patient *who = &instance->patients[patient];
	const struct wr_plan_place *place = &plan->places[patient];
	const char *with = place->placed ? "" : consultants(arena, who);
	switch (place->why) {
	case WR_PLAN_WHY_FIXED:
		return "fixed";
	case WR_PLAN_WHY_PUBLISHED:
		return "as published";
	case WR_PLAN_WHY_BEST:
		return "no better place";
	case WR_PLAN_WHY_SHARED:
		return "better places are needed by others";
	case WR_PLAN_WHY_NO_SESSION:
		return wr_arena_printf(arena, "no session of %s in %s", with, who->ward);
	case WR_PLAN_WHY_AWAY:
		return wr_arena_printf(
		    arena, "away during every session of %s (%zu)", with, place->sessions);
	case WR_PLAN_WHY_LENGTH:
		return wr_arena_printf(arena, "no session of %s (%zu) has %lld cells in a row",
		    with, place->sessions, (long long)who->slots);
	case WR_PLAN_WHY_KEPT:
		return wr_arena_printf(arena,
		    "every place in the sessions of %s (%zu) touches a cell kept for new patients",
		    with, place->sessions);
	case WR_PLAN_WHY_WINDOW:
		return wr_arena_printf(arena,
		    "no place in the sessions of %s (%zu) is between not_before and not_after",
		    with, place->sessions);
	case WR_PLAN_WHY_NO_PLACE:
		return wr_arena_printf(arena,
		    "no place in the sessions of %s (%zu): away, not_before, not_after and kept "
		    "cells "
		    "leave none",
		    with, place->sessions);
	case WR_PLAN_WHY_FULL:
		return wr_arena_printf(arena, "%zu patients need %zu cells, %zu can be used",
		    place->rivals, place->needed, place->usable);
	case WR_PLAN_WHY_OTHERS:
		return wr_arena_printf(arena,
		    "every place in the sessions of %s (%zu) is needed by patients who cost more "
		    "unplaced or elsewhere",
		    with, place->sessions);
	}
	return "";
}
