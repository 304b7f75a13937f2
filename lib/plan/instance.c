/*
 * The rules of meaning for an instance, whoever made it: ids are unique and lead somewhere, numbers
 * are in range, fixed places are possible. Ids are looked up through sorted indexes, so that an
 * instance of thousands of patients is checked in no time. A field that an earlier reader could not
 * fill is NULL or zero; rules skip what is NULL.
 */
#include "instance.h"

#include <stdlib.h>
#include <string.h>

#define MOST_CELLS 10080

void plan_mistake_add(
    struct wr_arena *arena, struct wr_plan_mistakes *mistakes, const char *path, const char *text)
{
	if (mistakes->n == mistakes->capacity) {
		size_t capacity = mistakes->capacity ? 2 * mistakes->capacity : 8;
		struct wr_plan_mistake *items =
		    wr_arena_new(arena, struct wr_plan_mistake, capacity);
		if (mistakes->n)
			memcpy(items, mistakes->items, mistakes->n * sizeof(*items));
		mistakes->items = items;
		mistakes->capacity = capacity;
	}
	mistakes->items[mistakes->n++] = (struct wr_plan_mistake){path, text};
}

struct ranked {
	struct wr_plan_mistake mistake;
	size_t at;
};

static int by_path(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int order = strcmp(x->mistake.path, y->mistake.path);
	return order ? order : (x->at > y->at) - (x->at < y->at);
}

static int by_at(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	return (x->at > y->at) - (x->at < y->at);
}

void plan_mistakes_unique(struct wr_plan_mistakes *mistakes)
{
	if (mistakes->n < 2)
		return;
	struct ranked *ranked = wr_alloc(mistakes->n, sizeof(*ranked));
	for (size_t i = 0; i < mistakes->n; i++)
		ranked[i] = (struct ranked){mistakes->items[i], i};
	qsort(ranked, mistakes->n, sizeof(*ranked), by_path);
	size_t n = 0;
	for (size_t i = 0; i < mistakes->n; i++)
		if (n == 0 || strcmp(ranked[i].mistake.path, ranked[n - 1].mistake.path) != 0)
			ranked[n++] = ranked[i];
	qsort(ranked, n, sizeof(*ranked), by_at);
	for (size_t i = 0; i < n; i++)
		mistakes->items[i] = ranked[i].mistake;
	mistakes->n = n;
	free(ranked);
}

/* ---- ids ---- */

struct id {
	const char *text;
	size_t at;
};

struct ids {
	struct id *items;
	size_t n;
};

static int id_order(const void *a, const void *b)
{
	const struct id *x = a, *y = b;
	int order = strcmp(x->text, y->text);
	return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* The first with this id. */
static size_t ids_find(const struct ids *ids, const char *text)
{
	size_t low = 0, high = ids->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(ids->items[middle].text, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < ids->n && strcmp(ids->items[low].text, text) == 0)
		return ids->items[low].at;
	return WR_PLAN_NONE;
}

/* ---- the check ---- */

struct check {
	struct wr_arena *arena;
	struct wr_plan_mistakes *mistakes;
	struct wr_plan_instance *instance;
	struct ids sessions, persons;
};

#define mistake(check, text, ...)                                                                  \
	plan_mistake_add((check)->arena, (check)->mistakes,                                        \
	    wr_arena_printf((check)->arena, __VA_ARGS__), (text))

static void ids_sort(struct check *check, struct ids *ids, const char *kind)
{
	size_t n = 0;
	for (size_t i = 0; i < ids->n; i++)
		if (ids->items[i].text)
			ids->items[n++] = ids->items[i];
	ids->n = n;
	if (n)
		qsort(ids->items, n, sizeof(*ids->items), id_order);
	for (size_t i = 1; i < n; i++)
		if (strcmp(ids->items[i - 1].text, ids->items[i].text) == 0)
			mistake(check,
			    wr_arena_printf(check->arena, "\"%s\" is used twice: each id only once",
				ids->items[i].text),
			    "%s[%zu].id", kind, ids->items[i].at);
}

#define IDS_OF(check, ret_ids, list, count)                                                        \
	do {                                                                                       \
		(ret_ids)->n = (count);                                                            \
		(ret_ids)->items = wr_arena_new((check)->arena, struct id, (count) + 1);           \
		for (size_t at = 0; at < (count); at++)                                            \
			(ret_ids)->items[at] = (struct id){(list)[at].id, at};                     \
	} while (0)

static void check_range(
    struct check *check, int64_t number, int64_t least, int64_t most, const char *path)
{
	if (number < least || number > most)
		plan_mistake_add(check->arena, check->mistakes, path,
		    wr_arena_printf(check->arena, "%lld is out of range: %lld to %lld",
			(long long)number, (long long)least, (long long)most));
}

#define PATH(check, ...) wr_arena_printf((check)->arena, __VA_ARGS__)

static void check_spans(
    struct check *check, const struct wr_plan_span *spans, size_t n, const char *path)
{
	for (size_t i = 0; i < n; i++) {
		if (spans[i].from >= spans[i].to)
			mistake(
			    check, "the first must be less than the second", "%s[%zu]", path, i);
		else if (spans[i].from < -WR_PLAN_MOST || spans[i].to > WR_PLAN_MOST)
			mistake(check, "is too far from the week", "%s[%zu]", path, i);
	}
}

static void check_session(struct check *check, size_t at)
{
	const struct wr_plan_session *session = &check->instance->sessions[at];
	if (session->cell < 1 || session->cell > WR_PLAN_WEEK)
		check_range(
		    check, session->cell, 1, WR_PLAN_WEEK, PATH(check, "sessions[%zu].cell", at));
	for (size_t i = 0; i < session->n_starts; i++) {
		int64_t start = session->starts[i];
		if (start < 0 || start >= WR_PLAN_WEEK || start + session->cell > WR_PLAN_WEEK)
			mistake(check, "the cell must lie within the week, 0 to 10080",
			    "sessions[%zu].starts[%zu]", at, i);
		else if (i && start - session->starts[i - 1] < session->cell)
			mistake(check, "starts must ascend by at least the length of a cell",
			    "sessions[%zu].starts[%zu]", at, i);
	}
	for (size_t i = 0; i < session->n_kept; i++)
		if (session->kept[i] < 0 || session->kept[i] >= (int64_t)session->n_starts)
			mistake(check, "there is no cell with this number",
			    "sessions[%zu].kept[%zu]", at, i);
}

static void check_weights(struct check *check)
{
	const struct wr_plan_weights *w = &check->instance->weights;
	const struct {
		const char *name;
		int64_t weight;
	} rows[] = {
	    {"unplaced", w->unplaced},
	    {"required", w->required},
	    {"cover", w->cover},
	    {"other_day", w->other_day},
	    {"late_day", w->late_day},
	    {"usual_day", w->usual_day},
	    {"usual_near", w->usual_near},
	    {"usual_far", w->usual_far},
	    {"prefer", w->prefer},
	};
	for (size_t i = 0; i < WR_COUNT(rows); i++)
		if (rows[i].weight < 0 || rows[i].weight > WR_PLAN_MOST)
			check_range(check, rows[i].weight, 0, WR_PLAN_MOST,
			    PATH(check, "weights.%s", rows[i].name));
}

static int index_order(const void *a, const void *b)
{
	const size_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void check_supports(struct check *check, struct wr_plan_patient *patient, size_t at)
{
	if (!patient->n_supports)
		return;
	struct wr_plan_support *supports =
	    wr_arena_new(check->arena, struct wr_plan_support, patient->n_supports);
	memcpy(supports, patient->supports, patient->n_supports * sizeof(*supports));
	patient->supports = supports;
	size_t *seen = wr_alloc(patient->n_supports, sizeof(*seen));
	for (size_t i = 0; i < patient->n_supports; i++) {
		supports[i].person_at = WR_PLAN_NONE;
		if (supports[i].person)
			supports[i].person_at = ids_find(&check->persons, supports[i].person);
		seen[i] = supports[i].person_at;
		if (supports[i].person && supports[i].person_at == WR_PLAN_NONE)
			mistake(check, PATH(check, "there is no person \"%s\"", supports[i].person),
			    "patients[%zu].supports[%zu].person", at, i);
		if (supports[i].weight < 0 || supports[i].weight > WR_PLAN_MOST)
			check_range(check, supports[i].weight, 0, WR_PLAN_MOST,
			    PATH(check, "patients[%zu].supports[%zu].weight", at, i));
	}
	qsort(seen, patient->n_supports, sizeof(*seen), index_order);
	for (size_t i = 1; i < patient->n_supports; i++) {
		if (seen[i] == WR_PLAN_NONE || seen[i] != seen[i - 1])
			continue;
		size_t last = patient->n_supports - 1;
		while (supports[last].person_at != seen[i])
			last--;
		mistake(check, PATH(check, "\"%s\" is in the list twice", supports[last].person),
		    "patients[%zu].supports[%zu].person", at, last);
	}
	free(seen);
}

static bool covers(const struct wr_plan_patient *patient, const char *consultant)
{
	if (wr_text_equal(patient->consultant, consultant))
		return true;
	for (size_t i = 0; i < patient->n_cover; i++)
		if (wr_text_equal(patient->cover[i], consultant))
			return true;
	return false;
}

static void check_fixed(struct check *check, struct wr_plan_patient *patient, size_t at)
{
	patient->fixed_at = WR_PLAN_NONE;
	if (!patient->fixed)
		return;
	size_t session_at = ids_find(&check->sessions, patient->fixed);
	if (session_at == WR_PLAN_NONE) {
		mistake(check, PATH(check, "there is no session \"%s\"", patient->fixed),
		    "patients[%zu].fixed.session", at);
		return;
	}
	const struct wr_plan_session *session = &check->instance->sessions[session_at];
	if (session->ward && patient->ward && !wr_text_equal(session->ward, patient->ward))
		mistake(check,
		    PATH(check, "\"%s\" is a session of another ward, %s", patient->fixed,
			session->ward),
		    "patients[%zu].fixed.session", at);
	else if (session->consultant && patient->consultant &&
		 !covers(patient, session->consultant))
		mistake(check,
		    PATH(check, "%s is neither the patient's consultant nor covers",
			session->consultant),
		    "patients[%zu].fixed.session", at);
	int64_t n = (int64_t)session->n_starts, first = patient->fixed_cell;
	if (first < 0 || first >= n || patient->slots < 1 || patient->slots > n - first) {
		mistake(check,
		    PATH(check, "%lld cells from here are out of range: the session has %lld",
			(long long)patient->slots, (long long)n),
		    "patients[%zu].fixed.cell", at);
		return;
	}
	for (int64_t i = first + 1; i < first + patient->slots; i++)
		if (session->starts[i] - session->starts[i - 1] != session->cell) {
			mistake(
			    check, "the place lies across a gap", "patients[%zu].fixed.cell", at);
			return;
		}
	patient->fixed_at = session_at;
}

static void check_patient(struct check *check, size_t at)
{
	struct wr_plan_patient *patient = &check->instance->patients[at];
	const struct {
		const char *name;
		int64_t number, least, most;
	} rows[] = {
	    {"slots", patient->slots, 1, MOST_CELLS},
	    {"priority", patient->priority, 1, 3},
	    {"not_before", patient->not_before, -WR_PLAN_MOST, WR_PLAN_MOST},
	    {"not_after", patient->not_after, -WR_PLAN_MOST, WR_PLAN_MOST},
	    {"due", patient->due, -WR_PLAN_MOST, WR_PLAN_MOST},
	    {"turn", patient->turn, 0, 3},
	    {"published.move", patient->published_move, 0, WR_PLAN_MOST},
	    {"usual.day", patient->usual_day, 0, 6},
	    {"usual.minute", patient->usual_minute, 0, 1439},
	};
	for (size_t i = 0; i < WR_COUNT(rows); i++)
		if (rows[i].number < rows[i].least || rows[i].number > rows[i].most)
			check_range(check, rows[i].number, rows[i].least, rows[i].most,
			    PATH(check, "patients[%zu].%s", at, rows[i].name));
	if (patient->n_away)
		check_spans(
		    check, patient->away, patient->n_away, PATH(check, "patients[%zu].away", at));
	check_supports(check, patient, at);
	check_fixed(check, patient, at);
	patient->published_at = WR_PLAN_NONE;
	if (patient->published)
		patient->published_at = ids_find(&check->sessions, patient->published);
}

/* Who has which cell by `fixed`; the second who wants it is the mistake. */
static void check_fixed_apart(struct check *check)
{
	const struct wr_plan_instance *instance = check->instance;
	size_t **owner = wr_alloc(instance->n_sessions + 1, sizeof(*owner));
	for (size_t i = 0; i < instance->n_patients; i++) {
		const struct wr_plan_patient *patient = &instance->patients[i];
		if (patient->fixed_at == WR_PLAN_NONE)
			continue;
		const struct wr_plan_session *session = &instance->sessions[patient->fixed_at];
		size_t **cells = &owner[patient->fixed_at];
		if (!*cells)
			*cells = wr_alloc(session->n_starts, sizeof(**cells));
		for (int64_t k = 0; k < patient->slots; k++) {
			size_t *cell = &(*cells)[patient->fixed_cell + k];
			if (*cell && *cell - 1 != i) {
				mistake(check,
				    PATH(check, "shares a cell with the fixed place of %s",
					instance->patients[*cell - 1].id
					    ? instance->patients[*cell - 1].id
					    : "another"),
				    "patients[%zu].fixed", i);
				break;
			}
			*cell = i + 1;
		}
	}
	for (size_t i = 0; i < instance->n_sessions; i++)
		free(owner[i]);
	free(owner);
}

int wr_plan_instance_check(
    struct wr_arena *arena, struct wr_plan_instance *instance, struct wr_plan_mistakes *mistakes)
{
	struct check check = {.arena = arena, .mistakes = mistakes, .instance = instance};
	struct ids patients;
	size_t before = mistakes->n;
	check_weights(&check);
	IDS_OF(&check, &check.sessions, instance->sessions, instance->n_sessions);
	IDS_OF(&check, &check.persons, instance->persons, instance->n_persons);
	IDS_OF(&check, &patients, instance->patients, instance->n_patients);
	ids_sort(&check, &check.sessions, "sessions");
	ids_sort(&check, &check.persons, "persons");
	ids_sort(&check, &patients, "patients");
	for (size_t i = 0; i < instance->n_sessions; i++)
		check_session(&check, i);
	for (size_t i = 0; i < instance->n_persons; i++) {
		const struct wr_plan_person *person = &instance->persons[i];
		if (person->n_free)
			check_spans(&check, person->free, person->n_free,
			    PATH(&check, "persons[%zu].free", i));
		if (person->n_away)
			check_spans(&check, person->away, person->n_away,
			    PATH(&check, "persons[%zu].away", i));
	}
	for (size_t i = 0; i < instance->n_patients; i++)
		check_patient(&check, i);
	check_fixed_apart(&check);
	return mistakes->n > before ? WR_PLAN_BAD : 0;
}
