/*
 * Components, and the columns and rows of one of them. Components are found with disjoint sets
 * (B. A. Galler and M. J. Fischer 1964) over the cells and cliques that patients have in common.
 */
#include "problem.h"

#include <stdlib.h>
#include <string.h>

/* ---- components ---- */

static uint32_t root_of(uint32_t *parent, uint32_t at)
{
	while (parent[at] != at)
		at = parent[at] = parent[parent[at]];
	return at;
}

static void join(uint32_t *parent, uint32_t *owner, uint32_t at)
{
	if (*owner == UINT32_MAX) {
		*owner = at;
		return;
	}
	uint32_t a = root_of(parent, *owner), b = root_of(parent, at);
	if (a < b)
		parent[b] = a;
	else
		parent[a] = b;
}

/* Number of the first cell of each session when all cells stand in one line. */
size_t *plan_cell_bases(const struct wr_plan_instance *instance)
{
	size_t *base = wr_alloc(instance->n_sessions + 1, sizeof(*base));
	for (size_t s = 0; s < instance->n_sessions; s++)
		base[s + 1] = base[s] + instance->sessions[s].n_starts;
	return base;
}

size_t plan_components(const struct plan_field *field, uint32_t *component)
{
	const struct wr_plan_instance *instance = field->instance;
	size_t *base = plan_cell_bases(instance), n_cells = base[instance->n_sessions];
	uint32_t *parent = wr_alloc(instance->n_patients + 1, sizeof(*parent));
	uint32_t *owner = wr_alloc(n_cells + field->n_cliques + 1, sizeof(*owner));
	for (uint32_t p = 0; p < instance->n_patients; p++)
		parent[p] = p;
	memset(owner, 0xff, (n_cells + field->n_cliques) * sizeof(*owner));
	for (size_t i = 0; i < field->n_spots; i++) {
		const struct plan_spot *spot = &field->spots[i];
		int64_t slots = instance->patients[spot->patient].slots;
		for (int64_t k = 0; k < slots; k++)
			join(parent, &owner[base[spot->session] + spot->cell + (size_t)k],
			    spot->patient);
	}
	for (size_t i = 0; i < field->n_wishes; i++) {
		const struct plan_wish *wish = &field->wishes[i];
		for (uint32_t k = 0; k < wish->n_cliques; k++)
			join(parent, &owner[n_cells + wish->cliques + k],
			    field->spots[wish->spot].patient);
	}
	size_t n = 0;
	for (uint32_t p = 0; p < instance->n_patients; p++) {
		uint32_t root = root_of(parent, p);
		component[p] = root == p ? (uint32_t)n++ : component[root];
	}
	free(base);
	free(parent);
	free(owner);
	return n;
}

/* ---- columns and rows ---- */

struct building {
	struct plan_problem *problem;
	size_t *base, n_cells;
	int *row_of; /* by cell, then by clique: row, or -1 */
	size_t capacity, n_entries, entry_capacity;
};

static void column_begin(
    struct building *build, int owner, uint32_t spot, uint32_t mask, int64_t cost)
{
	struct plan_problem *problem = build->problem;
	size_t n = (size_t)problem->n_columns;
	if (n + 1 >= build->capacity) {
		build->capacity = build->capacity ? 2 * build->capacity : 256;
		problem->owner = wr_realloc(problem->owner, build->capacity, sizeof(int));
		problem->start = wr_realloc(problem->start, build->capacity, sizeof(int));
		problem->cost = wr_realloc(problem->cost, build->capacity, sizeof(int64_t));
		problem->spot = wr_realloc(problem->spot, build->capacity, sizeof(uint32_t));
		problem->mask = wr_realloc(problem->mask, build->capacity, sizeof(uint32_t));
	}
	problem->owner[n] = owner;
	problem->start[n] = (int)build->n_entries;
	problem->cost[n] = cost;
	problem->spot[n] = spot;
	problem->mask[n] = mask;
	problem->n_columns++;
}

static void column_row(struct building *build, int row)
{
	if (row < 0)
		return;
	WR_GROW(build->problem->row, build->n_entries, build->entry_capacity);
	build->problem->row[build->n_entries++] = row;
}

static bool is_moved(const struct wr_plan_patient *patient, const struct plan_spot *spot)
{
	return patient->published && (!spot || patient->published_at != spot->session ||
					 patient->published_cell != (int64_t)spot->cell);
}

/* Sums of scaled costs stay exact in a double, with room for prices. */
#define MOST_SCALED 1e13

/* Who has to be told again when this patient's published slot moves: the patient and the supports.
 */
static int64_t told_again(const struct wr_plan_patient *patient)
{
	return patient->published ? 1 + (int64_t)patient->n_supports : 0;
}

int64_t plan_scaled_cost(const struct plan_problem *problem, const struct wr_plan_patient *patient,
    const struct plan_spot *spot, int64_t cost)
{
	bool counts = problem->scale > 1 && is_moved(patient, spot);
	return cost * problem->scale + (counts ? told_again(patient) : 0);
}

static uint32_t counted_wishes(const struct plan_spot *spot)
{
	return spot->n_wishes < PLAN_MASK_WISHES ? spot->n_wishes : PLAN_MASK_WISHES;
}

static void spot_columns(struct building *build, int owner, uint32_t at)
{
	struct plan_problem *problem = build->problem;
	const struct plan_field *field = problem->field;
	const struct plan_spot *spot = &field->spots[at];
	const struct wr_plan_patient *patient = &field->instance->patients[spot->patient];
	uint32_t n_wishes = counted_wishes(spot), masks = 1u << n_wishes;
	if (n_wishes < spot->n_wishes)
		problem->relaxed = true;
	for (uint32_t mask = masks; mask-- > 0;) {
		int64_t cost = spot->cost;
		for (uint32_t w = 0; w < n_wishes; w++)
			if (!(mask >> w & 1))
				cost += field->wishes[spot->wishes + w].weight;
		column_begin(
		    build, owner, at, mask, plan_scaled_cost(problem, patient, spot, cost));
		column_row(build, owner);
		for (int64_t k = 0; k < patient->slots; k++)
			column_row(build,
			    build->row_of[build->base[spot->session] + spot->cell + (size_t)k]);
		for (uint32_t w = 0; w < n_wishes; w++) {
			const struct plan_wish *wish = &field->wishes[spot->wishes + w];
			if (!(mask >> w & 1))
				continue;
			for (uint32_t k = 0; k < wish->n_cliques; k++)
				column_row(
				    build, build->row_of[build->n_cells + wish->cliques + k]);
		}
	}
}

/* Rows that at least two patients can use get a number. */
static void number_rows(struct building *build)
{
	struct plan_problem *problem = build->problem;
	const struct plan_field *field = problem->field;
	size_t n = build->n_cells + field->n_cliques;
	uint32_t *user = wr_alloc(n + 1, sizeof(*user));
	for (size_t i = 0; i < n; i++)
		build->row_of[i] = -1;
#define USE(at)                                                                                    \
	do {                                                                                       \
		size_t used = (at);                                                                \
		if (user[used] && user[used] != p + 1)                                             \
			build->row_of[used] = 0;                                                   \
		user[used] = p + 1;                                                                \
	} while (0)
	for (int i = 0; i < problem->n_patients; i++) {
		uint32_t p = problem->patients[i];
		for (uint32_t at = field->first[p]; at < field->first[p + 1]; at++) {
			const struct plan_spot *spot = &field->spots[at];
			for (int64_t k = 0; k < field->instance->patients[p].slots; k++)
				USE(build->base[spot->session] + spot->cell + (size_t)k);
			for (uint32_t w = 0; w < counted_wishes(spot); w++) {
				const struct plan_wish *wish = &field->wishes[spot->wishes + w];
				for (uint32_t k = 0; k < wish->n_cliques; k++)
					USE(build->n_cells + wish->cliques + k);
			}
		}
	}
#undef USE
	problem->n_rows = problem->n_patients;
	for (size_t i = 0; i < n; i++)
		if (build->row_of[i] == 0)
			build->row_of[i] = problem->n_rows++;
	free(user);
}

/* 1 + everybody who could have to be told again, unless costs would grow beyond what is safe. */
static int64_t choose_scale(const struct plan_problem *problem)
{
	const struct wr_plan_instance *instance = problem->field->instance;
	int64_t scale = 1;
	double most = 0;
	for (int i = 0; i < problem->n_patients; i++) {
		const struct wr_plan_patient *patient = &instance->patients[problem->patients[i]];
		scale += told_again(patient);
		most += (double)plan_cost_unplaced(instance, patient);
	}
	return most * (double)scale < MOST_SCALED ? scale : 1;
}

void plan_problem_init(struct plan_problem *problem, const struct plan_field *field,
    const uint32_t *patients, size_t n_patients)
{
	const struct wr_plan_instance *instance = field->instance;
	*problem = (struct plan_problem){.field = field, .n_patients = (int)n_patients};
	problem->patients = wr_alloc(n_patients + 1, sizeof(*problem->patients));
	memcpy(problem->patients, patients, n_patients * sizeof(*patients));
	problem->first = wr_alloc(n_patients + 1, sizeof(int));
	problem->scale = choose_scale(problem);
	struct building build = {.problem = problem, .base = plan_cell_bases(instance)};
	build.n_cells = build.base[instance->n_sessions];
	build.row_of = wr_alloc(build.n_cells + field->n_cliques + 1, sizeof(int));
	number_rows(&build);
	for (int i = 0; i < problem->n_patients; i++) {
		uint32_t p = patients[i];
		const struct wr_plan_patient *patient = &instance->patients[p];
		problem->first[i] = problem->n_columns;
		for (uint32_t at = field->first[p]; at < field->first[p + 1]; at++)
			spot_columns(&build, i, at);
		if (patient->fixed_at != WR_PLAN_NONE)
			continue;
		column_begin(&build, i, PLAN_UNPLACED, 0,
		    plan_scaled_cost(
			problem, patient, NULL, plan_cost_unplaced(instance, patient)));
		column_row(&build, i);
	}
	problem->first[n_patients] = problem->n_columns;
	if (problem->n_columns)
		problem->start[problem->n_columns] = (int)build.n_entries;
	free(build.base);
	free(build.row_of);
}

/* Rows that two patients still use keep their order and close ranks; the others get -1. */
static int *rows_left(const struct plan_problem *from, const uint8_t *blocked, int *ret_n)
{
	int *user = wr_alloc((size_t)from->n_rows + 1, sizeof(int));
	int *to = wr_alloc((size_t)from->n_rows + 1, sizeof(int));
	for (int j = 0; j < from->n_columns; j++)
		for (int k = from->start[j]; !blocked[j] && k < from->start[j + 1]; k++) {
			int *last = &user[from->row[k]];
			if (*last && *last != from->owner[j] + 1)
				to[from->row[k]] = 1;
			*last = from->owner[j] + 1;
		}
	*ret_n = 0;
	for (int i = 0; i < from->n_rows; i++)
		to[i] = i < from->n_patients || to[i] ? (*ret_n)++ : -1;
	free(user);
	return to;
}

void plan_problem_shrink(
    struct plan_problem *problem, const struct plan_problem *from, const uint8_t *blocked, int *to)
{
	struct building build = {.problem = problem};
	*problem = (struct plan_problem){.field = from->field,
	    .n_patients = from->n_patients,
	    .scale = from->scale,
	    .relaxed = from->relaxed};
	size_t n_patients = (size_t)from->n_patients;
	problem->patients = wr_alloc(n_patients + 1, sizeof(*problem->patients));
	memcpy(problem->patients, from->patients, n_patients * sizeof(*problem->patients));
	problem->first = wr_alloc(n_patients + 1, sizeof(int));
	int *row = rows_left(from, blocked, &problem->n_rows);
	for (int i = 0; i < from->n_patients; i++) {
		problem->first[i] = problem->n_columns;
		for (int j = from->first[i]; j < from->first[i + 1]; j++) {
			to[j] = blocked[j] ? -1 : problem->n_columns;
			if (blocked[j])
				continue;
			column_begin(&build, i, from->spot[j], from->mask[j], from->cost[j]);
			for (int k = from->start[j]; k < from->start[j + 1]; k++)
				column_row(&build, row[from->row[k]]);
		}
	}
	problem->first[n_patients] = problem->n_columns;
	if (problem->n_columns)
		problem->start[problem->n_columns] = (int)build.n_entries;
	free(row);
}

void plan_problem_only(struct plan_problem *problem, const int *group, int wanted)
{
	int *to = wr_alloc((size_t)problem->n_patients + 1, sizeof(int));
	int n = 0, gone;
	for (int i = 0; i < problem->n_patients; i++) {
		to[i] = n;
		if (group[i] != wanted)
			continue;
		problem->patients[n] = problem->patients[i];
		problem->first[n++] = problem->first[i];
	}
	problem->first[n] = problem->n_columns;
	gone = problem->n_patients - n;
	for (int j = 0; j < problem->n_columns; j++) {
		problem->owner[j] = to[problem->owner[j]];
		problem->row[problem->start[j]] = problem->owner[j];
		for (int k = problem->start[j] + 1; k < problem->start[j + 1]; k++)
			problem->row[k] -= gone;
	}
	problem->n_patients = n;
	problem->n_rows -= gone;
	free(to);
}

void plan_problem_deinit(struct plan_problem *problem)
{
	free(problem->patients);
	free(problem->first);
	free(problem->owner);
	free(problem->start);
	free(problem->row);
	free(problem->cost);
	free(problem->spot);
	free(problem->mask);
	*problem = (struct plan_problem){0};
}
