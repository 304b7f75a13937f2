/*
 * simulation: a ward that lives for some weeks by chance: every use case, the clock, endpoints that
 * answer late, wrongly or never, and a daemon that dies between two steps. The same seed gives the
 * same life, to the byte.
 *
 * What is looked at after each step: simulation_checks.c. What can happen: simulation_steps.c.
 */
#ifndef WARDROUND_TEST_SIMULATION_H
#define WARDROUND_TEST_SIMULATION_H

#include "ask_desk.h"

enum { SIMULATION_MOST_LINKS = 96 };

struct simulation_link {
	const char *id, *whose, *who;
};

struct simulation {
	struct built_desk *d;
	uint64_t seed, state; /* of the chance that steps are drawn from */
	int step;
	int n_admitted;
	size_t n_posts_seen;
	struct simulation_link links[SIMULATION_MOST_LINKS];
	size_t n_links;
	json_t *patients, *supports, *slots; /* as they were listed before the step */
	char did[512];                       /* the step, for whoever replays it */
};

/* 0 to n - 1. */
unsigned simulation_chance(struct simulation *s, unsigned n);
/* One thing that happens. */
void simulation_step(struct simulation *s);
/* Fails the test with the step and how to see it again. */
void simulation_broken(struct simulation *s, const char *format, ...) WR_PRINTF(2, 3);
/* The lists anew. */
void simulation_list(struct simulation *s);
void simulation_check(struct simulation *s);

#endif
