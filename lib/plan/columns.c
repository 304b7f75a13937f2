/*
 * The places each patient could have, and the people who are wanted in two of them at once.
 *
 * The people's side is the one idea here. The times at which one person could be wanted are
 * intervals, and of overlapping intervals at most one can be attended. In an interval graph the
 * maximal cliques are found in one sweep (whenever an interval ends for the first time after one
 * began), there are at most as many as intervals, and "at most one of each maximal clique" is the
 * tightest way to say it: the matrix has consecutive ones, so nothing is lost once places are whole
 * (D. R. Fulkerson, O. A. Gross, "Incidence matrices and interval graphs", 1965).
 */
#include "columns.h"

#include <stdlib.h>
#include <string.h>

static void spot_add(struct plan_field *field, size_t *capacity, struct plan_spot spot)
{
	WR_GROW(field->spots, field->n_spots, *capacity);
	field->spots[field->n_spots++] = spot;
}

/* Everybody's weight who can't come then; who can come is free of charge until contested. */
static int64_t cost_unable(const struct wr_plan_instance *instance,
    const struct wr_plan_patient *patient, int64_t from, int64_t to)
{
	int64_t cost = 0;
	for (size_t i = 0; i < patient->n_supports; i++) {
		const struct wr_plan_support *support = &patient->supports[i];
		if (!plan_person_can(&instance->persons[support->person_at], from, to))
			cost += plan_cost_absent(instance, support);
	}
	return cost;
}

static void spot_consider(
    struct plan_field *field, size_t *capacity, size_t p, size_t s, size_t cell)
{
	const struct wr_plan_instance *instance = field->instance;
	const struct wr_plan_patient *patient = &instance->patients[p];
	const struct wr_plan_session *session = &instance->sessions[s];
	int64_t from = plan_slot_from(session, cell);
	int64_t to = plan_slot_to(session, cell, patient->slots);
	spot_add(field, capacity,
	    (struct plan_spot){
		.patient = (uint32_t)p,
		.session = (uint32_t)s,
		.cell = (uint32_t)cell,
		.cost = plan_cost_place(instance, patient, s, cell, NULL) +
	                cost_unable(instance, patient, from, to),
	    });
}

static void spots_make(struct plan_field *field, const struct plan_but *but)
{
	const struct wr_plan_instance *instance = field->instance;
	size_t capacity = 0;
	for (size_t p = 0; p < instance->n_patients; p++) {
		const struct wr_plan_patient *patient = &instance->patients[p];
		field->first[p] = (uint32_t)field->n_spots;
		if (patient->fixed_at != WR_PLAN_NONE) {
			spot_consider(
			    field, &capacity, p, patient->fixed_at, (size_t)patient->fixed_cell);
			continue;
		}
		for (size_t s = 0; s < instance->n_sessions; s++) {
			const struct wr_plan_session *session = &instance->sessions[s];
			if (!plan_session_serves(session, patient))
				continue;
			for (size_t cell = 0; cell < session->n_starts; cell++) {
				bool forbidden = but && but->patient == p && but->session == s &&
				                 but->cell == cell;
				if (!forbidden &&
				    plan_place_broken(session, patient, cell) == WR_PLAN_WHY_BEST)
					spot_consider(field, &capacity, p, s, cell);
			}
		}
	}
	field->first[instance->n_patients] = (uint32_t)field->n_spots;
}

/* ---- who is wanted where ---- */

struct wanted {
	int64_t from, to, weight;
	uint32_t person, spot, support, session, patient;
	uint32_t cliques, n_cliques;
};

static int by_person_then_time(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;
	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->spot != y->spot)
		return x->spot < y->spot ? -1 : 1;
	return (x->support > y->support) - (x->support < y->support);
}

static int by_spot_then_support(const void *a, const void *b)
{
	const struct plan_wish *x = a, *y = b;
	if (x->spot != y->spot)
		return x->spot < y->spot ? -1 : 1;
	return (x->support > y->support) - (x->support < y->support);
}

static struct wanted *wanted_make(const struct plan_field *field, size_t *ret_n)
{
	const struct wr_plan_instance *instance = field->instance;
	uint8_t *shared = wr_alloc(instance->n_persons + 1, 1);
	struct wanted *wanted = NULL;
	size_t n = 0, capacity = 0;
	for (size_t p = 0; p < instance->n_patients; p++)
		for (size_t i = 0; i < instance->patients[p].n_supports; i++) {
			uint8_t *times = &shared[instance->patients[p].supports[i].person_at];
			*times = *times < 2 ? *times + 1 : 2;
		}
	for (size_t at = 0; at < field->n_spots; at++) {
		const struct plan_spot *spot = &field->spots[at];
		const struct wr_plan_patient *patient = &instance->patients[spot->patient];
		const struct wr_plan_session *session = &instance->sessions[spot->session];
		int64_t from = plan_slot_from(session, spot->cell);
		int64_t to = plan_slot_to(session, spot->cell, patient->slots);
		for (size_t i = 0; i < patient->n_supports; i++) {
			size_t person = patient->supports[i].person_at;
			int64_t weight = plan_cost_absent(instance, &patient->supports[i]);
			if (shared[person] < 2 || weight == 0 ||
			    !plan_person_can(&instance->persons[person], from, to))
				continue;
			WR_GROW(wanted, n, capacity);
			wanted[n++] = (struct wanted){from, to, weight, (uint32_t)person,
			    (uint32_t)at, (uint32_t)i, spot->session, spot->patient, 0, 0};
		}
	}
	free(shared);
	*ret_n = n;
	return wanted;
}

/* Of one person's sorted intervals: drops those nobody contests. Returns how many are left. */
static size_t keep_contested(struct wanted *wanted, size_t n)
{
	bool *contested = wr_alloc(n + 1, sizeof(*contested));
	size_t left = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n && wanted[j].from < wanted[i].to; j++)
			if (wanted[i].patient != wanted[j].patient &&
			    wanted[i].session != wanted[j].session)
				contested[i] = contested[j] = true;
	for (size_t i = 0; i < n; i++)
		if (contested[i])
			wanted[left++] = wanted[i];
	free(contested);
	return left;
}

/*
 * Numbers the maximal cliques of one person's intervals, sorted by start. Each interval is in a run
 * of cliques that follow each other, since cliques are numbered by time.
 */
static uint32_t number_cliques(struct wanted *wanted, size_t n, uint32_t clique)
{
	size_t open = 0; /* intervals before this one are no longer all alive, or already counted */
	for (size_t i = 0; i < n;) {
		int64_t first_end = INT64_MAX;
		size_t next = i;
		for (size_t j = open; j < i; j++)
			if (wanted[j].to > wanted[i].from && wanted[j].to < first_end)
				first_end = wanted[j].to;
		while (next < n && wanted[next].from < first_end) {
			if (wanted[next].to < first_end)
				first_end = wanted[next].to;
			next++;
		}
		/* a point just before first_end is covered by all that are alive: one clique */
		for (size_t j = open; j < next; j++) {
			if (wanted[j].to < first_end)
				continue;
			if (wanted[j].n_cliques++ == 0)
				wanted[j].cliques = clique;
		}
		while (open < next && wanted[open].to <= first_end)
			open++;
		clique++;
		i = next;
	}
	return clique;
}

static void wishes_make(struct plan_field *field)
{
	size_t n = 0, kept = 0;
	struct wanted *wanted = wanted_make(field, &n);
	if (n)
		qsort(wanted, n, sizeof(*wanted), by_person_then_time);
	uint32_t cliques = 0;
	for (size_t i = 0; i < n;) {
		size_t end = i;
		while (end < n && wanted[end].person == wanted[i].person)
			end++;
		size_t left = keep_contested(wanted + i, end - i);
		cliques = number_cliques(wanted + i, left, cliques);
		memmove(wanted + kept, wanted + i, left * sizeof(*wanted));
		kept += left;
		i = end;
	}
	field->n_cliques = cliques;
	field->n_wishes = kept;
	field->wishes = wr_alloc(kept + 1, sizeof(*field->wishes));
	for (size_t i = 0; i < kept; i++)
		field->wishes[i] = (struct plan_wish){wanted[i].spot, wanted[i].support,
		    wanted[i].person, wanted[i].cliques, wanted[i].n_cliques, wanted[i].weight};
	qsort(field->wishes, kept, sizeof(*field->wishes), by_spot_then_support);
	for (size_t i = 0; i < kept; i++) {
		struct plan_spot *spot = &field->spots[field->wishes[i].spot];
		if (spot->n_wishes++ == 0)
			spot->wishes = (uint32_t)i;
	}
	free(wanted);
}

void plan_field_init(
    struct plan_field *field, const struct wr_plan_instance *instance, const struct plan_but *but)
{
	*field = (struct plan_field){.instance = instance};
	field->first = wr_alloc(instance->n_patients + 1, sizeof(*field->first));
	spots_make(field, but);
	wishes_make(field);
}

void plan_field_deinit(struct plan_field *field)
{
	free(field->spots);
	free(field->first);
	free(field->wishes);
	*field = (struct plan_field){0};
}
