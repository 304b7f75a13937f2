/*
 * The planner on a file, without a daemon: what tests and benchmarks run.
 *   plan_file solve FILE [--nodes N] [--lp OUT]     prints the plan; checks it
 *   plan_file ward SEED [PATIENTS FULLNESS GRID SHARED WARDS]   prints an instance; - is the seed's
 * choice plan_file tiny SEED                             prints an instance for brute force
 */
#include "seeded_ward.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* CPU time: what else runs on the machine does not count. */
static double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool read_file(const char *name, struct wr_buf *buf)
{
	FILE *file = fopen(name, "r");
	char bytes[65536];
	size_t n;
	if (!file)
		return false;
	while ((n = fread(bytes, 1, sizeof(bytes), file)) > 0)
		wr_buf_append(buf, bytes, n);
	fclose(file);
	return true;
}

static int complain(const struct wr_plan_mistakes *mistakes, int status)
{
	for (size_t i = 0; i < mistakes->n; i++)
		fprintf(stderr, "%s: %s\n", mistakes->items[i].path, mistakes->items[i].text);
	return status;
}

struct told {
	double start;
};

static int on_progress(void *context, int64_t cost, int64_t bound, size_t nodes)
{
	const struct told *told = context;
	if (getenv("PLAN_PROGRESS"))
		fprintf(stderr, "%10.1f ms  cost %lld  bound %lld  nodes %zu\n",
		    now_ms() - told->start, (long long)cost,
		    (long long)(bound == INT64_MIN ? -1 : bound), nodes);
	return 0;
}

static int solve(int argc, char **argv)
{
	struct wr_arena arena = {0};
	struct wr_buf text = {0}, out = {0};
	struct wr_plan_instance *instance;
	struct wr_plan_mistakes mistakes = {0};
	struct wr_plan_options options = {.progress = on_progress};
	const char *lp = NULL;
	int status = 0;
	for (int i = 3; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--nodes") == 0)
			options.nodes = strtoull(argv[i + 1], NULL, 10);
		if (strcmp(argv[i], "--lp") == 0)
			lp = argv[i + 1];
	}
	if (!read_file(argv[2], &text)) {
		fprintf(stderr, "can't read %s\n", argv[2]);
		return 66;
	}
	if (wr_plan_instance_read(&arena, wr_buf_text(&text), text.length, &instance, &mistakes)) {
		status = complain(&mistakes, 65);
		goto out;
	}
	if (lp) {
		FILE *file = fopen(lp, "w");
		wr_plan_lp_write(&out, instance);
		if (!file || fwrite(out.data, 1, out.length, file) != out.length || fclose(file))
			status = 74;
		wr_buf_clear(&out);
	}
	struct told told = {now_ms()};
	struct wr_plan *plan;
	options.context = &told;
	wr_plan_make(&arena, instance, &options, &plan);
	plan->search.ms = now_ms() - told.start;
	wr_plan_write_json(&out, instance, plan);
	fwrite(out.data, 1, out.length, stdout);
	if (wr_plan_check(&arena, instance, plan, &mistakes))
		status = complain(&mistakes, 70);
	if (getenv("PLAN_MEMORY")) {
		struct rusage usage;
		getrusage(RUSAGE_SELF, &usage);
		fprintf(stderr, "%ld KiB at most\n", usage.ru_maxrss);
	}
out:
	wr_buf_deinit(&text);
	wr_buf_deinit(&out);
	wr_arena_deinit(&arena);
	return status;
}

/* The slowest list of alternatives and the slowest reason for being unplaced, in ms. */
static int times(char **argv)
{
	struct wr_arena arena = {0};
	struct wr_buf text = {0};
	struct wr_plan_instance *instance;
	struct wr_plan_mistakes mistakes = {0};
	struct wr_plan *plan;
	double what_if = 0, why = 0;
	if (!read_file(argv[2], &text) ||
	    wr_plan_instance_read(&arena, wr_buf_text(&text), text.length, &instance, &mistakes)) {
		wr_buf_deinit(&text);
		return complain(&mistakes, 65);
	}
	wr_plan_make(&arena, instance, NULL, &plan);
	for (size_t p = 0; p < instance->n_patients; p++) {
		struct wr_arena one = {0};
		struct wr_plan_explanation explanation;
		struct wr_plan_alternative *others;
		size_t n;
		double start = now_ms();
		wr_plan_alternatives(&one, instance, plan, p, NULL, &others, &n);
		what_if = now_ms() - start > what_if ? now_ms() - start : what_if;
		start = now_ms();
		if (!plan->places[p].placed) {
			wr_plan_explain(&one, instance, plan, p, NULL, &explanation);
			why = now_ms() - start > why ? now_ms() - start : why;
		}
		wr_arena_deinit(&one);
	}
	printf("{\"what_if\":%.1f,\"why_unplaced\":%.1f}\n", what_if, why);
	wr_buf_deinit(&text);
	wr_arena_deinit(&arena);
	return 0;
}

static int generate(int argc, char **argv)
{
	struct wr_arena arena = {0};
	struct wr_buf out = {0};
	uint64_t seed = strtoull(argv[2], NULL, 10);
	struct seeded_ward ward =
	    strcmp(argv[1], "tiny") == 0 ? seeded_ward_tiny(seed) : seeded_ward_any(seed);
	int *fields[] = {&ward.patients, &ward.fullness, &ward.grid, &ward.shared, &ward.wards};
	for (int i = 3; i < argc && i - 3 < (int)WR_COUNT(fields); i++)
		if (strcmp(argv[i], "-") != 0)
			*fields[i - 3] = atoi(argv[i]);
	wr_plan_instance_write(&out, seeded_ward_make(&arena, &ward));
	fwrite(out.data, 1, out.length, stdout);
	wr_buf_deinit(&out);
	wr_arena_deinit(&arena);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "solve") == 0)
		return solve(argc, argv);
	if (argc >= 3 && strcmp(argv[1], "times") == 0)
		return times(argv);
	if (argc >= 3 && (strcmp(argv[1], "ward") == 0 || strcmp(argv[1], "tiny") == 0))
		return generate(argc, argv);
	fprintf(stderr, "usage: plan_file solve FILE [--nodes N] [--lp OUT]\n"
			"       plan_file ward SEED [PATIENTS FULLNESS GRID SHARED WARDS]\n"
			"       plan_file times FILE\n"
			"       plan_file tiny SEED\n");
	return 64;
}
