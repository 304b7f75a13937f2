#include "seeded_ward.h"

#include <string.h>

uint64_t seeded_next(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15ULL);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

int seeded_below(uint64_t *state, int n)
{
	return (int)(seeded_next(state) % (uint64_t)n);
}

struct seeded_ward seeded_ward_any(uint64_t seed)
{
	static const int grids[] = {25, 25, 20, 15, 20, 15, 25, 5};
	uint64_t state = seed * 7919 + 17;
	struct seeded_ward ward = {.seed = seed, .wards = 1};
	ward.patients = 15 + seeded_below(&state, 46);
	ward.fullness = 98 + seeded_below(&state, 63);
	ward.grid = grids[seeded_below(&state, 8)];
	ward.shared = seeded_below(&state, 4);
	return ward;
}

struct seeded_ward seeded_ward_tiny(uint64_t seed)
{
	uint64_t state = seed * 104729 + 5;
	struct seeded_ward ward = {.seed = seed, .wards = 1, .grid = 25, .shared = 3};
	ward.patients = 2 + seeded_below(&state, 4);
	ward.fullness = 60 + seeded_below(&state, 90);
	return ward;
}

struct making {
	struct wr_arena *arena;
	struct wr_plan_instance *instance;
	const struct seeded_ward *ward;
	uint64_t state;
	size_t n_shared;
};

static int below(struct making *making, int n)
{
	return seeded_below(&making->state, n);
}

static bool chance(struct making *making, int percent)
{
	return below(making, 100) < percent;
}

static const char *const consultants[] = {"shah", "osei", "nowak"};

static int cells_each(const struct making *making)
{
	return making->ward->grid == 5 ? 5 : 1; /* a slot of about 25 minutes */
}

/* Sessions of a morning or an afternoon with a break in the middle, until there are `cells`. */
static void make_sessions(struct making *making, int ward, int cells)
{
	struct wr_plan_instance *instance = making->instance;
	for (int number = 0; cells > 0; number++) {
		struct wr_plan_session *session = &instance->sessions[instance->n_sessions++];
		int grid = making->ward->grid, n = 200 / grid < cells ? 200 / grid : cells;
		int day = below(making, 5), at = day * 1440 + (chance(making, 70) ? 540 : 810);
		int64_t *starts = wr_arena_new(making->arena, int64_t, (size_t)n);
		for (int i = 0; i < n; i++) {
			starts[i] = at;
			at += grid + (i + 1 == n / 2 ? 20 : 0);
		}
		const char *consultant = consultants[number < 3 ? number : below(making, 3)];
		*session = (struct wr_plan_session){
		    .id = wr_arena_printf(making->arena, "w%d.%s.%d", ward, consultant, number),
		    .ward = wr_arena_printf(making->arena, "w%d", ward),
		    .consultant = consultant,
		    .cell = grid,
		    .starts = starts,
		    .n_starts = (size_t)n,
		};
		if (chance(making, 40)) {
			int64_t *kept = wr_arena_new(making->arena, int64_t, 1);
			kept[0] = n - 1;
			session->kept = kept;
			session->n_kept = 1;
		}
		cells -= n;
	}
}

static void make_person(struct making *making, const char *id, int always_free)
{
	struct wr_plan_person *person = &making->instance->persons[making->instance->n_persons++];
	*person = (struct wr_plan_person){.id = id};
	if (!chance(making, always_free)) {
		int n = 1 + below(making, 4);
		struct wr_plan_span *spans =
		    wr_arena_new(making->arena, struct wr_plan_span, (size_t)n);
		for (int i = 0; i < n; i++) {
			int from = below(making, 5) * 1440 + 540 + 30 * below(making, 12);
			spans[i] = (struct wr_plan_span){from, from + 60 + 30 * below(making, 12)};
		}
		person->has_free = true;
		person->free = spans;
		person->n_free = (size_t)n;
	}
	if (chance(making, 20)) {
		int from = below(making, 5) * 1440 + 540 + 30 * below(making, 12);
		struct wr_plan_span *span = wr_arena_new(making->arena, struct wr_plan_span, 1);
		*span = (struct wr_plan_span){from, from + 60};
		person->away = span;
		person->n_away = 1;
	}
}

static void make_supports(struct making *making, struct wr_plan_patient *patient)
{
	static const int share[] = {0, 15, 35, 65}; /* per cent of supports who are shared */
	int n = below(making, 6);
	struct wr_plan_support *supports =
	    wr_arena_new(making->arena, struct wr_plan_support, (size_t)n + 1);
	patient->supports = supports;
	for (int i = 0; i < n; i++) {
		struct wr_plan_support *support = &supports[patient->n_supports];
		*support = (struct wr_plan_support)WR_PLAN_SUPPORT_INIT;
		if (making->n_shared && chance(making, share[making->ward->shared])) {
			size_t at = seeded_next(&making->state) % making->n_shared;
			support->person = making->instance->persons[at].id;
			bool twice = false;
			for (size_t k = 0; k < patient->n_supports; k++)
				twice = twice || wr_text_equal(supports[k].person, support->person);
			if (twice)
				continue;
		} else {
			support->person = wr_arena_printf(making->arena, "%s-s%d", patient->id, i);
			make_person(making, support->person, 30);
		}
		support->required = chance(making, 6);
		support->weight = chance(making, 30) ? 3000 : chance(making, 20) ? 333 : 1000;
		patient->n_supports++;
	}
}

static void make_places(struct making *making, struct wr_plan_patient *patient, size_t first)
{
	const struct wr_plan_instance *instance = making->instance;
	size_t n = instance->n_sessions - first;
	const struct wr_plan_session *session =
	    &instance->sessions[first + seeded_next(&making->state) % n];
	if (chance(making, 15)) {
		patient->published = session->id;
		patient->published_cell = below(making, (int)session->n_starts);
		patient->published_move = 200 + 150 * below(making, 4);
	}
	if (chance(making, 60)) {
		patient->has_usual = true;
		patient->usual_day = below(making, 5);
		patient->usual_minute = 540 + 5 * below(making, 90);
	}
	if (chance(making, 60)) {
		patient->has_due = true;
		patient->due = 1440 * (1 + below(making, 7));
	}
}

static void make_patient(struct making *making, int ward, int number, size_t first_session)
{
	struct wr_plan_patient *patient =
	    &making->instance->patients[making->instance->n_patients++];
	const char *const *cover = &consultants[below(making, 3)];
	*patient = (struct wr_plan_patient)WR_PLAN_PATIENT_INIT;
	patient->id = wr_arena_printf(making->arena, "w%dp%d", ward, number);
	patient->ward = wr_arena_printf(making->arena, "w%d", ward);
	patient->consultant = consultants[below(making, 3)];
	if (chance(making, 40)) {
		patient->cover = cover;
		patient->n_cover = 1;
	}
	int length = chance(making, 75) ? 1 : chance(making, 75) ? 2 : 3;
	patient->slots = length * cells_each(making);
	if (making->ward->grid == 5 && chance(making, 40))
		patient->slots += below(making, 3) - 1;
	patient->is_new = chance(making, 15);
	patient->priority = patient->is_new ? 2 : chance(making, 8) ? 3 : 1;
	if (chance(making, 10))
		patient->not_before = 1440 * below(making, 3);
	if (chance(making, 5))
		patient->not_after = 1440 * (3 + below(making, 3));
	if (chance(making, 25)) {
		int from = below(making, 5) * 1440 + 480 + 60 * below(making, 8);
		struct wr_plan_span *span = wr_arena_new(making->arena, struct wr_plan_span, 1);
		*span = (struct wr_plan_span){from, from + 120 + 60 * below(making, 6)};
		patient->away = span;
		patient->n_away = 1;
	}
	patient->turn = chance(making, 70) ? 0 : below(making, 4);
	patient->prefers = chance(making, 60)   ? WR_PLAN_ANY_TIME
	                   : chance(making, 50) ? WR_PLAN_MORNING
	                                        : WR_PLAN_AFTERNOON;
	make_places(making, patient, first_session);
	make_supports(making, patient);
}

/* One patient in thirty is fixed where the first such one of each session fits. */
static void make_fixed(struct making *making)
{
	struct wr_plan_instance *instance = making->instance;
	for (size_t s = 0; s < instance->n_sessions; s++) {
		const struct wr_plan_session *session = &instance->sessions[s];
		if (!chance(making, 25))
			continue;
		for (size_t p = 0; p < instance->n_patients; p++) {
			struct wr_plan_patient *patient = &instance->patients[p];
			if (!wr_text_equal(patient->ward, session->ward) ||
			    !wr_text_equal(patient->consultant, session->consultant) ||
			    patient->fixed || patient->slots != cells_each(making) ||
			    patient->slots > (int64_t)session->n_starts)
				continue;
			patient->fixed = session->id;
			patient->fixed_cell = 0;
			if (session->n_starts / 2 > 0 &&
			    (int64_t)(session->n_starts / 2) < patient->slots)
				patient->fixed = NULL; /* across the break */
			break;
		}
	}
}

struct wr_plan_instance *seeded_ward_make(struct wr_arena *arena, const struct seeded_ward *ward)
{
	struct wr_plan_instance *instance = wr_arena_new(arena, struct wr_plan_instance, 1);
	struct making making = {.arena = arena, .instance = instance, .ward = ward};
	size_t n_wards = (size_t)ward->wards, n_patients = n_wards * (size_t)ward->patients;
	making.state = ward->seed * 1000003 + (uint64_t)ward->grid;
	*instance =
	    (struct wr_plan_instance){.origin = "2026-11-30", .weights = WR_PLAN_WEIGHTS_INIT};
	instance->patients = wr_arena_new(arena, struct wr_plan_patient, n_patients);
	instance->persons = wr_arena_new(arena, struct wr_plan_person, 8 * n_patients + 8);
	instance->sessions = wr_arena_new(arena, struct wr_plan_session, 8 * n_patients + 8);
	size_t n_shared = ward->shared ? n_patients / 5 + 2 : 0;
	for (size_t i = 0; i < n_shared; i++)
		make_person(&making, wr_arena_printf(arena, "cc%zu", i), 60);
	making.n_shared = n_shared;
	for (int w = 0; w < ward->wards; w++) {
		/* on average 1.31 slots each */
		int needed = ward->patients * 131 * cells_each(&making) / 100;
		size_t first = instance->n_sessions;
		make_sessions(&making, w, needed * 100 / ward->fullness + 1);
		for (int p = 0; p < ward->patients; p++)
			make_patient(&making, w, p, first);
	}
	make_fixed(&making);
	return instance;
}
