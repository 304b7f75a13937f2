#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "simulation.h"

/* How many lives a unit run has, and how long they are. More by the environment: SIMULATION_SEED,
 * SIMULATION_SEEDS and SIMULATION_STEPS; SIMULATION_WARDS and SIMULATION_DAYS
 * (tests/scenario/years.py); SIMULATION_ONLY, SIMULATION_TRACE, SIMULATION_COUNT. */
enum { SEEDS = 8, STEPS = 80, WARDS = 1, DAYS = 60 };

static char secret[] = "/tmp/wardround-secret-XXXXXX";
static char folder[] = "/tmp/wardround-simulation-XXXXXX";

static long number(const char *variable, long otherwise)
{
	const char *said = getenv(variable);
	return said ? strtol(said, NULL, 10) : otherwise;
}

static void one_step(struct simulation *s)
{
	s->step++;
	simulation_list(s);
	simulation_step(s);
	simulation_revive(s);
	simulation_plant(s);
	simulation_check(s);
}

/* Every fourth life is on a disk: its store is opened anew whenever the daemon died. */
static const char *store_of(uint64_t seed, char path[64])
{
	if (seed % 4)
		return NULL;
	snprintf(path, 64, "%s/%llu.db", folder, (unsigned long long)seed);
	return path;
}

static void remove_store(const char *path)
{
	static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
	char name[96];
	for (size_t i = 0; path && i < WR_COUNT(ends); i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
}

/* A life of so many steps (0: of so many days). */
static struct simulation live(uint64_t seed, int steps, long days, int plant)
{
	char path[64];
	struct simulation s = {.seed = seed, .years = days > 0, .plant = plant};
	const char *store = store_of(seed, path);
	simulation_begin(&s, store);
	wr_time end = wr_clock_now(&s.d->desk.clock) + days * 86400;
	while (days ? wr_clock_now(&s.d->desk.clock) < end : s.step < steps)
		one_step(&s);
	simulation_end(&s);
	remove_store(store);
	return s;
}

static void test_ward_keeps_its_promises_whatever_happens(void **state)
{
	(void)state;
	long first = number("SIMULATION_SEED", 1), n = number("SIMULATION_SEEDS", SEEDS);
	for (long seed = first; seed < first + n; seed++)
		live((uint64_t)seed, (int)number("SIMULATION_STEPS", STEPS), 0, 0);
}

static void test_wards_keep_their_promises_for_years(void **state)
{
	(void)state;
	long first = number("SIMULATION_SEED", 1), n = number("SIMULATION_WARDS", WARDS);
	for (long seed = first; seed < first + n; seed++) {
		struct simulation s = live((uint64_t)seed, 0, number("SIMULATION_DAYS", DAYS), 0);
		if (getenv("SIMULATION_COUNT"))
			fprintf(stderr, "# ward %ld: %d steps, %u notices, %u crashes\n", seed,
			    s.step, s.n_sent, s.n_crashes);
		assert_true(s.n_sent > 20); /* it did live */
	}
}

static void test_same_seed_gives_the_same_life(void **state)
{
	(void)state;
	struct simulation a = live(3, 80, 0, 0), b = live(3, 80, 0, 0);
	assert_int_equal(a.state, b.state);
	assert_int_equal(a.n_sent, b.n_sent);
	assert_int_equal(a.n_crashes, b.n_crashes);
	assert_string_equal(a.did, b.did);
}

/* A check that can't fail is none: each promise is broken once, and the oracle says which. */
static void assert_found(int promise)
{
	for (uint64_t seed = 1; seed < 12; seed++)
		if (live(seed, SIMULATION_SOUND + 60, 0, promise).seen & 1u << promise)
			return;
	fail_msg("nobody noticed that promise %d was broken", promise);
}

#define FOUND(n)                                                                                   \
	static void test_bug_that_breaks_promise_##n##_is_found(void **state)                      \
	{                                                                                          \
		(void)state;                                                                       \
		assert_found(n);                                                                   \
	}
FOUND(1)
FOUND(2)
FOUND(3)
FOUND(4)
FOUND(5)
FOUND(6)
FOUND(7)
FOUND(8)

static int prepare(void **state)
{
	(void)state;
	static const char words[] = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n";
	int fd = mkstemp(secret);
	if (fd < 0 || write(fd, words, sizeof(words) - 1) != (ssize_t)sizeof(words) - 1 ||
	    !mkdtemp(folder))
		return -1;
	setenv("SIMULATION_SECRET", secret, 1);
	return close(fd);
}

static int clean_up(void **state)
{
	(void)state;
	rmdir(folder);
	return unlink(secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ward_keeps_its_promises_whatever_happens),
	    cmocka_unit_test(test_wards_keep_their_promises_for_years),
	    cmocka_unit_test(test_same_seed_gives_the_same_life),
	    cmocka_unit_test(test_bug_that_breaks_promise_1_is_found),
	    cmocka_unit_test(test_bug_that_breaks_promise_2_is_found),
	    cmocka_unit_test(test_bug_that_breaks_promise_3_is_found),
	    cmocka_unit_test(test_bug_that_breaks_promise_4_is_found),
	    cmocka_unit_test(test_bug_that_breaks_promise_5_is_found),
	    cmocka_unit_test(test_bug_that_breaks_promise_6_is_found),
	    cmocka_unit_test(test_bug_that_breaks_promise_7_is_found),
	    cmocka_unit_test(test_bug_that_breaks_promise_8_is_found),
	};
	cmocka_set_test_filter(getenv("SIMULATION_ONLY")); /* "*years" */
	return cmocka_run_group_tests(tests, prepare, clean_up);
}
