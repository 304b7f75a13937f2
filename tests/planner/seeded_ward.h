/*
 * Wards made up from a seed, for tests and benchmarks: the same parameters give the same instance
 * on any machine.
 */
#ifndef WARDROUND_TESTS_SEEDED_WARD_H
#define WARDROUND_TESTS_SEEDED_WARD_H

#include "wardround/plan.h"

struct seeded_ward {
	uint64_t seed;
	int patients; /* in each ward */
	int fullness; /* cells needed in per cent of cells there are */
	int grid;     /* minutes a cell: 5, 15, 20, 25 */
	int shared;   /* supports shared with others: 0 none, 1 few, 2 some, 3 many */
	int wards;
};

/* Parameters drawn from the seed: 98-160 % full, 15-60 patients, each grid, few to many shared. */
struct seeded_ward seeded_ward_any(uint64_t seed);
/* Few patients and cells, for brute force. */
struct seeded_ward seeded_ward_tiny(uint64_t seed);
struct wr_plan_instance *seeded_ward_make(struct wr_arena *arena, const struct seeded_ward *ward);
/* The next number of a sequence (splitmix64), and one in [0, n). */
uint64_t seeded_next(uint64_t *state);
int seeded_below(uint64_t *state, int n);

#endif
