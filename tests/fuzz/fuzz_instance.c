/*
 * Any bytes are read as an instance or refused with a reason. What was read is written and reads as
 * the same; a plan is made, within small limits, and passes the checker.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wardround/plan.h"

#define MOST_BYTES 20000
#define MOST_CELLS 4000

static bool is_small(const struct wr_plan_instance *instance)
{
	size_t cells = 0;
	for (size_t s = 0; s < instance->n_sessions; s++)
		cells += instance->sessions[s].n_starts;
	return cells * (instance->n_patients + 1) <= MOST_CELLS;
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void plan_it(struct wr_arena *arena, const struct wr_plan_instance *instance)
{
	struct wr_plan_options options = {.nodes = 10, .pivots = 2000};
	struct wr_plan_mistakes violations = {0};
	struct wr_buf text = {0};
	struct wr_plan *plan;
	wr_plan_make(arena, instance, &options, &plan);
	must(wr_plan_check(arena, instance, plan, &violations) == 0);
	wr_plan_write_json(&text, instance, plan);
	wr_plan_lp_write(&text, instance);
	wr_buf_deinit(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wr_arena arena = {0};
	struct wr_plan_mistakes mistakes = {0};
	struct wr_plan_instance *instance, *again;
	struct wr_buf first = {0}, second = {0};
	if (size > MOST_BYTES)
		return 0;
	if (wr_plan_instance_read(&arena, (const char *)data, size, &instance, &mistakes)) {
		must(mistakes.n > 0);
		for (size_t i = 0; i < mistakes.n; i++)
			must(mistakes.items[i].path && *mistakes.items[i].text);
		goto out;
	}
	wr_plan_instance_write(&first, instance);
	must(wr_plan_instance_read(&arena, first.data, first.length, &again, &mistakes) == 0);
	wr_plan_instance_write(&second, again);
	must(strcmp(first.data, second.data) == 0);
	if (is_small(instance))
		plan_it(&arena, instance);
out:
	wr_buf_deinit(&first);
	wr_buf_deinit(&second);
	wr_arena_deinit(&arena);
	return 0;
}
