/*
 * The independent checker: reads 3.1's definition once more, from the instance and the plan alone.
 * It shares no code with the search: minutes are marked one by one where the search compares spans,
 * and every term is counted again. Slow and plain on purpose.
 */
#include "wardround/plan.h"

#include <stdlib.h>
#include <string.h>

struct checking {
	struct wr_arena *arena;
	const struct wr_plan_instance *instance;
	const struct wr_plan *plan;
	struct wr_plan_mistakes *violations;
	struct wr_plan_terms terms;
};

static void violation(struct checking *checking, size_t patient, const char *text)
{
	struct wr_plan_mistakes *list = checking->violations;
	if (list->n == list->capacity) {
		struct wr_plan_mistake *items =
		    wr_arena_new(checking->arena, struct wr_plan_mistake, 2 * list->n + 8);
		for (size_t i = 0; i < list->n; i++)
			items[i] = list->items[i];
		list->items = items;
		list->capacity = 2 * list->n + 8;
	}
	const char *path = "";
	if (patient != WR_PLAN_NONE)
		path = wr_arena_printf(checking->arena, "%s %s",
		    checking->plan->places[patient].placed ? "placed" : "unplaced",
		    checking->instance->patients[patient].id);
	list->items[list->n++] = (struct wr_plan_mistake){path, text};
}

struct slot {
	int64_t from, to;
};

/* First start to last end of the cells a place takes; they are known to be there. */
static struct slot slot_of(
    const struct wr_plan_instance *instance, const struct wr_plan_place *place, int64_t cells)
{
	const struct wr_plan_session *session = &instance->sessions[place->session];
	size_t last = place->cell + (size_t)cells - 1;
	return (struct slot){session->starts[place->cell], session->starts[last] + session->cell};
}

static bool cells_exist(
    const struct wr_plan_instance *instance, const struct wr_plan_place *place, int64_t cells)
{
	if (place->session >= instance->n_sessions)
		return false;
	const struct wr_plan_session *session = &instance->sessions[place->session];
	if (place->cell >= session->n_starts || (uint64_t)cells > session->n_starts - place->cell)
		return false;
	for (int64_t k = 0; k + 1 < cells; k++)
		if (session->starts[place->cell + (size_t)k] + session->cell !=
		    session->starts[place->cell + (size_t)k + 1])
			return false;
	return true;
}

static bool inside(int64_t minute, const struct wr_plan_span *spans, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (minute >= spans[i].from && minute < spans[i].to)
			return true;
	return false;
}

static bool person_has_time(const struct wr_plan_person *person, struct slot slot)
{
	for (int64_t minute = slot.from; minute < slot.to; minute++) {
		if (inside(minute, person->away, person->n_away))
			return false;
		if (person->has_free && !inside(minute, person->free, person->n_free))
			return false;
	}
	return true;
}

/* ---- hard rules of one place ---- */

static bool may_see(const struct wr_plan_patient *patient, const char *consultant)
{
	bool may = strcmp(patient->consultant, consultant) == 0;
	for (size_t i = 0; i < patient->n_cover; i++)
		may = may || strcmp(patient->cover[i], consultant) == 0;
	return may;
}

static void check_free_choice(struct checking *checking, size_t p, struct slot slot)
{
	const struct wr_plan_patient *patient = &checking->instance->patients[p];
	const struct wr_plan_place *place = &checking->plan->places[p];
	const struct wr_plan_session *session = &checking->instance->sessions[place->session];
	if (slot.from < patient->not_before)
		violation(checking, p, "starts before not_before");
	if (slot.to > patient->not_after)
		violation(checking, p, "ends after not_after");
	for (int64_t minute = slot.from; minute < slot.to; minute++)
		if (inside(minute, patient->away, patient->n_away)) {
			violation(checking, p, "the patient is away then");
			break;
		}
	for (size_t k = 0; k < session->n_kept && !patient->is_new; k++)
		for (int64_t c = 0; c < patient->slots; c++)
			if (session->kept[k] == (int64_t)place->cell + c)
				violation(checking, p, "takes a cell kept for new patients");
}

static void check_place(struct checking *checking, size_t p)
{
	const struct wr_plan_instance *instance = checking->instance;
	const struct wr_plan_patient *patient = &instance->patients[p];
	const struct wr_plan_place *place = &checking->plan->places[p];
	const struct wr_plan_session *session = &instance->sessions[place->session];
	struct slot slot = slot_of(instance, place, patient->slots);
	if (strcmp(session->ward, patient->ward) != 0)
		violation(checking, p, "the session is of another ward");
	if (!may_see(patient, session->consultant))
		violation(checking, p, "the consultant is not the patient's and does not cover");
	if (!patient->fixed)
		check_free_choice(checking, p, slot);
	else if (strcmp(session->id, patient->fixed) != 0 ||
		 (int64_t)place->cell != patient->fixed_cell)
		violation(checking, p, "is not at the fixed place");
	for (size_t i = 0; i < patient->n_supports; i++) {
		const struct wr_plan_support *support = &patient->supports[i];
		if (place->attends[i] &&
		    !person_has_time(&instance->persons[support->person_at], slot))
			violation(checking, p,
			    wr_arena_printf(
				checking->arena, "%s has no time then", support->person));
	}
}

/* ---- rules between places ---- */

static void check_cells(struct checking *checking)
{
	const struct wr_plan_instance *instance = checking->instance;
	size_t **taken = wr_alloc(instance->n_sessions + 1, sizeof(*taken));
	for (size_t s = 0; s < instance->n_sessions; s++)
		taken[s] = wr_alloc(instance->sessions[s].n_starts + 1, sizeof(**taken));
	for (size_t p = 0; p < instance->n_patients; p++) {
		const struct wr_plan_place *place = &checking->plan->places[p];
		for (int64_t k = 0; place->placed && k < instance->patients[p].slots; k++) {
			size_t *cell = &taken[place->session][place->cell + (size_t)k];
			if (*cell)
				violation(checking, p,
				    wr_arena_printf(checking->arena, "shares a cell with %s",
					instance->patients[*cell - 1].id));
			*cell = p + 1;
		}
	}
	for (size_t s = 0; s < instance->n_sessions; s++)
		free(taken[s]);
	free(taken);
}

struct visit {
	size_t person, patient;
	struct slot slot;
};

static int by_person_and_time(const void *a, const void *b)
{
	const struct visit *x = a, *y = b;
	if (x->person != y->person)
		return x->person < y->person ? -1 : 1;
	return (x->slot.from > y->slot.from) - (x->slot.from < y->slot.from);
}

static void check_people(struct checking *checking)
{
	const struct wr_plan_instance *instance = checking->instance;
	struct visit *visits = NULL;
	size_t n = 0, capacity = 0;
	for (size_t p = 0; p < instance->n_patients; p++) {
		const struct wr_plan_patient *patient = &instance->patients[p];
		const struct wr_plan_place *place = &checking->plan->places[p];
		for (size_t i = 0; place->placed && i < patient->n_supports; i++) {
			if (!place->attends[i])
				continue;
			WR_GROW(visits, n, capacity);
			visits[n++] = (struct visit){patient->supports[i].person_at, p,
			    slot_of(instance, place, patient->slots)};
		}
	}
	if (n)
		qsort(visits, n, sizeof(*visits), by_person_and_time);
	int64_t until = 0;
	for (size_t i = 0; i < n; i++) {
		bool same = i > 0 && visits[i].person == visits[i - 1].person;
		if (same && visits[i].slot.from < until)
			violation(checking, visits[i].patient,
			    wr_arena_printf(checking->arena, "%s attends another slot then",
				instance->persons[visits[i].person].id));
		if (!same || visits[i].slot.to > until)
			until = visits[i].slot.to;
	}
	free(visits);
}

/* ---- the cost, counted again ---- */

static int64_t days_up(int64_t minutes)
{
	int64_t days = minutes / 1440;
	return minutes % 1440 ? days + 1 : days;
}

static void count_moves(struct checking *checking, const struct wr_plan_patient *patient,
    const struct wr_plan_place *place)
{
	const struct wr_plan_instance *instance = checking->instance;
	const struct wr_plan_session *now = &instance->sessions[place->session];
	if (strcmp(now->id, patient->published) == 0 &&
	    (int64_t)place->cell == patient->published_cell)
		return;
	checking->terms.moves += patient->published_move;
	for (size_t s = 0; s < instance->n_sessions; s++) {
		const struct wr_plan_session *was = &instance->sessions[s];
		if (strcmp(was->id, patient->published) != 0 || patient->published_cell < 0 ||
		    patient->published_cell >= (int64_t)was->n_starts)
			continue;
		int64_t day = was->starts[patient->published_cell] / 1440;
		if (day != now->starts[place->cell] / 1440)
			checking->terms.moves += instance->weights.other_day;
	}
}

static void count_times(
    struct checking *checking, const struct wr_plan_patient *patient, int64_t start)
{
	const struct wr_plan_weights *weights = &checking->instance->weights;
	int64_t minute = start % 1440, day = (start - minute) / 1440;
	if (patient->has_due && start > patient->due)
		checking->terms.late += weights->late_day * days_up(start - patient->due);
	if (patient->has_usual) {
		int64_t apart = minute > patient->usual_minute ? minute - patient->usual_minute
		                                               : patient->usual_minute - minute;
		if (day != patient->usual_day)
			checking->terms.usual += weights->usual_day;
		if (apart >= 15 && apart < 60)
			checking->terms.usual += weights->usual_near;
		if (apart >= 60)
			checking->terms.usual += weights->usual_far;
	}
	if (patient->prefers == WR_PLAN_MORNING && minute >= 12 * 60)
		checking->terms.prefer += weights->prefer;
	if (patient->prefers == WR_PLAN_AFTERNOON && minute < 12 * 60)
		checking->terms.prefer += weights->prefer;
}

static void count_patient(struct checking *checking, size_t p)
{
	const struct wr_plan_instance *instance = checking->instance;
	const struct wr_plan_patient *patient = &instance->patients[p];
	const struct wr_plan_place *place = &checking->plan->places[p];
	if (!place->placed) {
		checking->terms.unplaced +=
		    instance->weights.unplaced * patient->priority * patient->slots;
		return;
	}
	const struct wr_plan_session *session = &instance->sessions[place->session];
	for (size_t i = 0; i < patient->n_supports; i++) {
		if (place->attends[i])
			continue;
		if (patient->supports[i].required)
			checking->terms.required += instance->weights.required;
		else
			checking->terms.supports += patient->supports[i].weight;
	}
	if (strcmp(session->consultant, patient->consultant) != 0)
		checking->terms.cover += instance->weights.cover;
	if (patient->published)
		count_moves(checking, patient, place);
	count_times(checking, patient, session->starts[place->cell]);
	checking->terms.list += (1 + patient->turn) * (int64_t)place->cell;
}

static void check_number(
    struct checking *checking, const char *name, int64_t claimed, int64_t counted)
{
	if (claimed != counted)
		violation(checking, WR_PLAN_NONE,
		    wr_arena_printf(checking->arena, "%s is said to be %lld, but is %lld", name,
			(long long)claimed, (long long)counted));
}

static void check_cost(struct checking *checking)
{
	const struct wr_plan *plan = checking->plan;
	const struct wr_plan_terms *said = &plan->terms, *t = &checking->terms;
	for (size_t p = 0; p < plan->n_places; p++)
		count_patient(checking, p);
	check_number(checking, "terms.unplaced", said->unplaced, t->unplaced);
	check_number(checking, "terms.required", said->required, t->required);
	check_number(checking, "terms.supports", said->supports, t->supports);
	check_number(checking, "terms.cover", said->cover, t->cover);
	check_number(checking, "terms.moves", said->moves, t->moves);
	check_number(checking, "terms.late", said->late, t->late);
	check_number(checking, "terms.usual", said->usual, t->usual);
	check_number(checking, "terms.prefer", said->prefer, t->prefer);
	check_number(checking, "terms.list", said->list, t->list);
	check_number(checking, "cost", plan->cost,
	    t->unplaced + t->required + t->supports + t->cover + t->moves + t->late + t->usual +
		t->prefer + t->list);
	if (plan->bound > plan->cost)
		violation(checking, WR_PLAN_NONE, "bound is more than cost");
	if (plan->status == WR_PLAN_OPTIMAL && plan->bound != plan->cost)
		violation(checking, WR_PLAN_NONE, "called optimal, but bound is not cost");
}

int wr_plan_check(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const struct wr_plan *plan, struct wr_plan_mistakes *violations)
{
	struct checking checking = {
	    .arena = arena, .instance = instance, .plan = plan, .violations = violations};
	size_t before = violations->n;
	bool exist = plan->n_places == instance->n_patients;
	if (!exist)
		violation(&checking, WR_PLAN_NONE, "has not one place for each patient");
	for (size_t p = 0; exist && p < instance->n_patients; p++) {
		const struct wr_plan_place *place = &plan->places[p];
		if (!place->placed && instance->patients[p].fixed)
			violation(&checking, p, "is fixed, so must be placed");
		if (place->placed && !cells_exist(instance, place, instance->patients[p].slots))
			violation(&checking, p, "takes cells that are not there in a row");
	}
	if (violations->n > before)
		return WR_PLAN_BAD;
	for (size_t p = 0; p < instance->n_patients; p++)
		if (plan->places[p].placed)
			check_place(&checking, p);
	check_cells(&checking);
	check_people(&checking);
	check_cost(&checking);
	return violations->n > before ? WR_PLAN_BAD : 0;
}
