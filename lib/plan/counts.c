/*
 * How many must stay unplaced, in whole patients: mixed-integer rounding (G. L. Nemhauser and L. A.
 * Wolsey 1990) of the first term of the cost.
 *
 * The prices of the linear program, divided by what being unplaced costs, prove how much of the
 * patients of a ward can't be placed, counted in priority times cells: 8.67, say. Whoever it is, it
 * will be 9. Without this row the relaxation spreads the third that is missing over any of a dozen
 * patients, and branching on one of them only makes it choose another. And when nearly all need
 * five cells, or ten, 93 means 95: the row is rounded once more in steps of every size.
 */
#include "cuts.h"

#include "simplex.h"

#include <math.h>
#include <stdlib.h>

#define UNIT (1 << 20) /* prices count 1 / UNIT */
#define VIOLATION 0.01
#define MOST_DIVISOR 64

void plan_counts_init(struct plan_counts *counts, const struct plan_problem *problem)
{
	const struct wr_plan_instance *instance = problem->field->instance;
	int *first = wr_alloc((size_t)problem->n_patients + 1, sizeof(int));
	int64_t divisor = 0;
	*counts = (struct plan_counts){.problem = problem};
	counts->ward = wr_alloc((size_t)problem->n_patients + 1, sizeof(int));
	counts->weight = wr_alloc((size_t)problem->n_patients + 1, sizeof(int64_t));
	for (int i = 0; i < problem->n_patients; i++) {
		const struct wr_plan_patient *patient = &instance->patients[problem->patients[i]];
		int w = counts->n - 1;
		while (
		    w >= 0 && !wr_text_equal(instance->patients[problem->patients[first[w]]].ward,
				  patient->ward))
			w--;
		if (w < 0)
			first[w = counts->n++] = i;
		counts->ward[i] = w;
		if (patient->fixed_at != WR_PLAN_NONE)
			continue;
		counts->weight[i] = patient->priority * patient->slots;
		for (int64_t a = counts->weight[i], b = divisor; a; divisor = b) {
			int64_t rest = b % a;
			b = a;
			a = rest;
		}
	}
	for (int i = 0; divisor > 1 && i < problem->n_patients; i++)
		counts->weight[i] /= divisor;
	/* what one of these counts costs at least, scaled */
	counts->cost = instance->weights.unplaced * (divisor ? divisor : 1) * problem->scale;
	counts->least = wr_alloc((size_t)counts->n + 1, sizeof(int64_t));
	counts->row_ward = wr_alloc((size_t)problem->n_rows + 1, sizeof(int));
	for (int j = 0; j < problem->n_columns; j++)
		for (int k = problem->start[j] + 1; k < problem->start[j + 1]; k++) {
			int *ward = &counts->row_ward[problem->row[k]];
			int own = counts->ward[problem->owner[j]] + 1;
			*ward = *ward == 0 || *ward == own ? own : -1; /* -1: of several wards */
		}
	free(first);
}

void plan_counts_deinit(struct plan_counts *counts)
{
	free(counts->ward);
	free(counts->weight);
	free(counts->least);
	free(counts->row_ward);
	*counts = (struct plan_counts){0};
}

static int64_t price_of(const struct plan_counts *counts, double y)
{
	double price = -y * (double)counts->problem->scale / (double)counts->cost * UNIT;
	return price > 0 && price < 1e12 ? llround(price) : 0;
}

/* Cuts belong to a ward when all their columns do. */
static int ward_of_cut(const struct plan_counts *counts, const struct plan_cut *cut)
{
	int ward = -1;
	for (int e = 0; e < cut->n; e++) {
		int own = counts->ward[counts->problem->owner[cut->column[e]]];
		if (ward >= 0 && own != ward)
			return -1;
		ward = own;
	}
	return ward;
}

int64_t plan_counts_from(struct plan_counts *counts, const struct plan_cuts *cuts, const double *y,
    const uint8_t *blocked)
{
	const struct plan_problem *problem = counts->problem;
	if (counts->cost <= 0)
		return 0;
	int64_t *reduced = wr_alloc((size_t)problem->n_columns + 1, sizeof(int64_t));
	int64_t *price = wr_alloc((size_t)problem->n_rows + 1, sizeof(int64_t));
	for (int w = 0; w < counts->n; w++)
		counts->least[w] = 0;
	for (int i = problem->n_patients; i < problem->n_rows; i++)
		if (counts->row_ward[i] > 0) {
			price[i] = price_of(counts, y[i]);
			counts->least[counts->row_ward[i] - 1] -= price[i];
		}
	for (int j = 0; j < problem->n_columns; j++)
		for (int k = problem->start[j] + 1; k < problem->start[j + 1]; k++)
			reduced[j] += price[problem->row[k]];
	for (size_t c = 0; c < cuts->n; c++) {
		const struct plan_cut *cut = &cuts->items[c];
		int64_t of_cut = price_of(counts, y[problem->n_rows + (int)c]);
		int ward = of_cut ? ward_of_cut(counts, cut) : -1;
		if (ward < 0)
			continue;
		counts->least[ward] -= of_cut * cut->rhs;
		for (int e = 0; e < cut->n; e++)
			reduced[cut->column[e]] += of_cut * cut->value[e];
	}
	for (int i = 0; i < problem->n_patients; i++) {
		int64_t least = INT64_MAX;
		for (int j = problem->first[i]; j < problem->first[i + 1]; j++) {
			int64_t cost =
			    reduced[j] +
			    (problem->spot[j] == PLAN_UNPLACED ? counts->weight[i] * UNIT : 0);
			if (!blocked[j] && cost < least)
				least = cost;
		}
		if (least != INT64_MAX)
			counts->least[counts->ward[i]] += least;
	}
	int64_t total = 0;
	for (int w = 0; w < counts->n; w++) {
		int64_t least = counts->least[w];
		counts->least[w] = least > 0 ? (least - 1) / UNIT + 1 : 0;
		total += counts->least[w];
	}
	free(reduced);
	free(price);
	return total;
}

/* What a weight counts in steps of `divisor`, when `rest` is what the least leaves over. */
static int64_t in_steps(int64_t weight, int64_t divisor, int64_t rest)
{
	int64_t over = weight % divisor;
	return rest * (weight / divisor) + (over < rest ? over : rest);
}

/*
 * From "weights of the unplaced >= least": their counts in steps of `divisor` are at least `rest`
 * times least / divisor, rounded up. Divisor 1 is the row itself.
 */
static size_t add_count(struct plan_cuts *cuts, const struct plan_counts *counts, int ward,
    int64_t divisor, const double *unplaced)
{
	const struct plan_problem *problem = counts->problem;
	int64_t least = counts->least[ward], rest = divisor > 1 ? least % divisor : 1;
	int64_t total = 0, wanted = rest * ((least + divisor - 1) / divisor);
	double now = 0;
	struct plan_cut cut = {.n = 0};
	if (rest == 0)
		return 0;
	for (int i = 0; i < problem->n_patients; i++) {
		if (counts->ward[i] != ward)
			continue;
		int64_t count = in_steps(counts->weight[i], divisor, rest);
		total += count;
		now += (double)count * unplaced[i];
		if (count > INT16_MAX)
			return 0;
	}
	if (now > (double)wanted - VIOLATION * (double)rest || total - wanted > INT32_MAX ||
	    total < wanted)
		return 0;
	cut.rhs = (int)(total - wanted);
	cut.column = wr_alloc((size_t)problem->n_columns + 1, sizeof(*cut.column));
	cut.value = wr_alloc((size_t)problem->n_columns + 1, sizeof(*cut.value));
	for (int j = 0; j < problem->n_columns; j++) {
		int i = problem->owner[j];
		int64_t count = in_steps(counts->weight[i], divisor, rest);
		if (counts->ward[i] != ward || problem->spot[j] == PLAN_UNPLACED || count == 0)
			continue;
		cut.value[cut.n] = (int16_t)count;
		cut.column[cut.n++] = j;
	}
	return plan_cuts_take(cuts, &cut);
}

size_t plan_counts_separate(
    struct plan_cuts *cuts, struct plan_counts *counts, const struct plan_lp *lp, const double *y)
{
	const struct plan_problem *problem = counts->problem;
	double *unplaced = wr_alloc((size_t)problem->n_patients + 1, sizeof(double));
	int64_t *dearest = wr_alloc((size_t)counts->n + 1, sizeof(int64_t));
	size_t added = 0;
	plan_counts_from(counts, cuts, y, lp->blocked);
	for (int j = 0; j < problem->n_columns; j++)
		if (problem->spot[j] == PLAN_UNPLACED)
			unplaced[problem->owner[j]] = plan_lp_value(lp, j);
	for (int i = 0; i < problem->n_patients; i++)
		if (counts->weight[i] > dearest[counts->ward[i]])
			dearest[counts->ward[i]] = counts->weight[i];
	for (int w = 0; w < counts->n; w++)
		for (int64_t divisor = 1;
		     divisor <= dearest[w] && divisor <= MOST_DIVISOR && counts->least[w] > 0;
		     divisor++)
			added += add_count(cuts, counts, w, divisor, unplaced);
	free(unplaced);
	free(dearest);
	return added;
}
