#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "simulation.h"

/* How many lives the unit run has, and how long they are: every fifth is long. More by the
 * environment: SIMULATION_SEED, SIMULATION_SEEDS, SIMULATION_STEPS. */
enum { SEEDS = 20, STEPS = 6, LONG_STEPS = 30 };

static char secret[] = "/tmp/wardround-secret-XXXXXX";

/* ---- the daemon's chance is drawn from the seed too ---- */

static struct simulation chance;

static const char *name(void)
{
	return "seeded";
}

static uint32_t draw(void)
{
	return simulation_chance(&chance, UINT32_MAX);
}

static void fill(void *const bytes, const size_t length)
{
	for (size_t i = 0; i < length; i++)
		((unsigned char *)bytes)[i] = (unsigned char)simulation_chance(&chance, 256);
}

static struct randombytes_implementation seeded = {
    .implementation_name = name, .random = draw, .buf = fill};

/* ---- a life ---- */

static void settle_in(struct simulation *s)
{
	const char *days[] = {"2026-W48", "2026-W43", "2027-W12"};
	const char *week = days[s->seed % 3];
	simulation_list(s);
	for (size_t i = 0; i < json_array_size(s->patients); i++) {
		const char *ref =
		    json_string_value(json_object_get(json_array_get(s->patients, i), "ref"));
		char at[WR_TIME_TEXT];
		wr_time admitted =
		    wr_clock_now(&s->d->desk.clock) - (wr_time)simulation_chance(s, 60) * 3600;
		desk_must(s->d, "patient edit", "{'ref':'%s','admitted':'%s'}", ref,
		    wr_time_utc(admitted / 300 * 300, at));
	}
	desk_must(s->d, "plan make", "{'ward':'kingsley','week':'%s'}", week);
	desk_must(s->d, "plan publish", "{'ward':'kingsley','week':'%s'}", week);
	static const char *const whose[] = {"consultant", "consultant", "ward"};
	static const char *const who[] = {"shah", "osei", "kingsley"};
	for (size_t i = 0; i < WR_COUNT(whose); i++)
		s->links[s->n_links++] =
		    (struct simulation_link){desk_link(s->d, whose[i], who[i]), whose[i], who[i]};
}

static void live(uint64_t seed, int steps)
{
	/* in November, before winter time, before summer time */
	static const char *const starts[] = {
	    "2026-11-24T08:00:00Z", "2026-10-20T08:00:00Z", "2027-03-23T08:00:00Z"};
	struct wr_buf hook = {0};
	wr_buf_printf(&hook,
	    "webhook sms { url = \"https://gateway.example.org/hook\" secret-file = \"%s\"\n"
	    " events = { \"slot\", \"reminder\" } send-contact = true }\n",
	    secret);
	struct simulation s = {.seed = seed, .state = seed * 7919};
	chance.state = seed;
	s.d = desk_build_sample(wr_buf_text(&hook), starts[seed % 3]);
	wr_buf_deinit(&hook);
	settle_in(&s);
	for (s.step = 1; s.step <= steps; s.step++) {
		simulation_list(&s);
		simulation_step(&s);
		simulation_check(&s);
	}
	json_decref(s.patients);
	json_decref(s.supports);
	json_decref(s.slots);
	desk_free(s.d);
}

static long number(const char *variable, long otherwise)
{
	const char *said = getenv(variable);
	return said ? strtol(said, NULL, 10) : otherwise;
}

static void test_ward_keeps_its_promises_whatever_happens(void **state)
{
	(void)state;
	long first = number("SIMULATION_SEED", 1), n = number("SIMULATION_SEEDS", SEEDS);
	for (long seed = first; seed < first + n; seed++)
		live(
		    (uint64_t)seed, (int)number("SIMULATION_STEPS", seed % 5 ? STEPS : LONG_STEPS));
}

static int write_secret(void **state)
{
	(void)state;
	static const char words[] = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n";
	int fd = mkstemp(secret);
	if (fd < 0 || write(fd, words, sizeof(words) - 1) != (ssize_t)sizeof(words) - 1)
		return -1;
	return close(fd);
}

static int drop_secret(void **state)
{
	(void)state;
	return unlink(secret);
}

int main(void)
{
	randombytes_set_implementation(&seeded);
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ward_keeps_its_promises_whatever_happens),
	};
	return cmocka_run_group_tests(tests, write_secret, drop_secret);
}
