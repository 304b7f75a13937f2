#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../planner/seeded_ward.h"
#include "wardround/plan.h"

static struct wr_plan_instance *read_instance(struct wr_arena *arena, const char *json)
{
	struct wr_plan_mistakes mistakes = {0};
	struct wr_plan_instance *instance = NULL;
	wr_plan_instance_read(arena, json, strlen(json), &instance, &mistakes);
	for (size_t i = 0; i < mistakes.n; i++)
		print_error("%s: %s\n", mistakes.items[i].path, mistakes.items[i].text);
	assert_non_null(instance);
	return instance;
}

static struct wr_plan *make(struct wr_arena *arena, const struct wr_plan_instance *instance)
{
	struct wr_plan *plan;
	struct wr_plan_mistakes violations = {0};
	wr_plan_make(arena, instance, NULL, &plan);
	wr_plan_check(arena, instance, plan, &violations);
	for (size_t i = 0; i < violations.n; i++)
		print_error("%s: %s\n", violations.items[i].path, violations.items[i].text);
	assert_int_equal(violations.n, 0);
	return plan;
}

static struct wr_plan_instance *seeded(struct wr_arena *arena, struct seeded_ward ward)
{
	struct wr_plan_mistakes mistakes = {0};
	struct wr_plan_instance *instance = seeded_ward_make(arena, &ward);
	assert_int_equal(wr_plan_instance_check(arena, instance, &mistakes), 0);
	return instance;
}

static const char example[] =
    "{\"schema\":1,\"origin\":\"2026-11-30\","
    "\"sessions\":[{\"id\":\"kingsley.shah.2026-11-30\",\"ward\":\"kingsley\",\"consultant\":"
    "\"shah\",\"cell\":25,\"starts\":[540,565,590,615,660,685,710,735],\"kept\":[7]}],"
    "\"persons\":[{\"id\":\"cc1\",\"free\":[[540,750],[3420,3900]],\"away\":[[600,610]]},"
    "{\"id\":\"int1\"}],"
    "\"patients\":[{\"id\":\"P01\",\"ward\":\"kingsley\",\"consultant\":\"shah\",\"cover\":"
    "[\"nowak\"],\"slots\":1,\"priority\":1,\"new\":false,\"not_before\":0,\"not_after\":10080,"
    "\"due\":5760,\"away\":[[600,720]],\"fixed\":{\"session\":\"kingsley.shah.2026-11-30\","
    "\"cell\":2},\"published\":{\"session\":\"kingsley.shah.2026-11-30\",\"cell\":2,\"move\":500},"
    "\"usual\":{\"day\":1,\"minute\":560},\"prefers\":\"morning\",\"turn\":0,"
    "\"supports\":[{\"person\":\"cc1\",\"weight\":1000},{\"person\":\"int1\",\"required\":true}]},"
    "{\"id\":\"P07\",\"ward\":\"kingsley\",\"consultant\":\"shah\",\"away\":[[0,1440]]}]}";

static void test_example_of_the_format_is_solved_as_written_there(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	struct wr_buf buf = {0};
	struct wr_plan_instance *instance = read_instance(&arena, example);
	struct wr_plan *plan = make(&arena, instance);
	wr_plan_write_json(&buf, instance, plan);
	*strstr(buf.data, ",\"search\"") = '\0';
	assert_string_equal(buf.data,
	    "{\"schema\":1,\"status\":\"optimal\",\"cost\":1001042,\"bound\":1001042,"
	    "\"placed\":[{\"patient\":\"P01\",\"session\":\"kingsley.shah.2026-11-30\",\"cell\":2,"
	    "\"supports\":[\"int1\"],\"why\":\"fixed\"}],"
	    "\"unplaced\":[{\"patient\":\"P07\",\"why\":\"away during every session of shah "
	    "(1)\"}],"
	    "\"terms\":{\"unplaced\":1000000,\"required\":0,\"supports\":1000,\"cover\":0,"
	    "\"moves\":0,\"late\":0,\"usual\":40,\"prefer\":0,\"list\":2}");
	wr_buf_deinit(&buf);
	wr_arena_deinit(&arena);
}

static void test_written_instance_reads_as_the_same(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 8; seed++) {
		struct wr_arena arena = {0};
		struct wr_buf once = {0}, again = {0};
		wr_plan_instance_write(&once, seeded(&arena, seeded_ward_any(seed)));
		wr_plan_instance_write(&again, read_instance(&arena, once.data));
		assert_string_equal(once.data, again.data);
		wr_buf_deinit(&once);
		wr_buf_deinit(&again);
		wr_arena_deinit(&arena);
	}
}

static void test_same_instance_gives_the_same_bytes(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	struct wr_buf once = {0}, again = {0};
	struct wr_plan_instance *instance = seeded(&arena, seeded_ward_any(5));
	wr_plan_write_json(&once, instance, make(&arena, instance));
	wr_plan_write_json(&again, instance, make(&arena, instance));
	assert_string_equal(once.data, again.data);
	wr_buf_deinit(&once);
	wr_buf_deinit(&again);
	wr_arena_deinit(&arena);
}

static void test_empty_ward_costs_nothing(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	struct wr_buf lp = {0};
	struct wr_plan_instance *instance = read_instance(&arena,
	    "{\"schema\":1,\"origin\":\"2026-11-30\",\"sessions\":[],\"persons\":[],"
	    "\"patients\":[]}");
	struct wr_plan *plan = make(&arena, instance);
	assert_int_equal(plan->cost, 0);
	assert_int_equal(plan->status, WR_PLAN_OPTIMAL);
	wr_plan_lp_write(&lp, instance);
	assert_non_null(strstr(lp.data, "none = 0"));
	wr_buf_deinit(&lp);
	wr_arena_deinit(&arena);
}

static int stop_at_once(void *context, int64_t cost, int64_t bound, size_t nodes)
{
	int *calls = context;
	(void)nodes;
	assert_true(bound <= cost);
	return ++*calls;
}

static void test_stopped_search_returns_a_plan_and_a_bound(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	struct wr_plan_mistakes violations = {0};
	struct wr_plan *plan;
	int calls = 0;
	struct wr_plan_instance *instance = seeded(&arena, seeded_ward_any(4));
	struct wr_plan_options options = {.progress = stop_at_once, .context = &calls};
	wr_plan_make(&arena, instance, &options, &plan);
	assert_int_equal(calls, 1);
	assert_int_equal(plan->status, WR_PLAN_FEASIBLE);
	assert_true(plan->bound < plan->cost);
	assert_int_equal(wr_plan_check(&arena, instance, plan, &violations), 0);
	wr_arena_deinit(&arena);
}

static const char pair[] =
    "{\"schema\":1,\"origin\":\"2026-11-30\",\"sessions\":[{\"id\":\"s\",\"ward\":\"w\","
    "\"consultant\":\"c\",\"cell\":25,\"starts\":[540,565,590]},{\"id\":\"t\",\"ward\":\"w\","
    "\"consultant\":\"d\",\"cell\":25,\"starts\":[540]}],\"persons\":[{\"id\":\"m\"}],"
    "\"patients\":[{\"id\":\"A\",\"ward\":\"w\",\"consultant\":\"c\",\"cover\":[\"d\"],"
    "\"supports\":[{\"person\":\"m\"}]},{\"id\":\"B\",\"ward\":\"w\",\"consultant\":\"c\","
    "\"away\":[[540,550]],\"supports\":[{\"person\":\"m\"}]}]}";

/* Breaks a right plan in one way, and expects the checker to say so. */
static void expect_violation(void (*spoil)(struct wr_plan *plan), const char *part)
{
	struct wr_arena arena = {0};
	struct wr_plan_mistakes violations = {0};
	struct wr_plan_instance *instance = read_instance(&arena, pair);
	struct wr_plan *plan = make(&arena, instance);
	bool found = false;
	spoil(plan);
	assert_int_equal(wr_plan_check(&arena, instance, plan, &violations), WR_PLAN_BAD);
	for (size_t i = 0; i < violations.n; i++)
		found = found || strstr(violations.items[i].text, part);
	if (!found)
		print_error("nothing said about: %s\n", part);
	assert_true(found);
	wr_arena_deinit(&arena);
}

static void spoil_cost(struct wr_plan *plan)
{
	plan->cost++;
}

static void spoil_term(struct wr_plan *plan)
{
	plan->terms.usual--;
}

static void spoil_bound(struct wr_plan *plan)
{
	plan->bound = plan->cost + 1;
}

static void spoil_status(struct wr_plan *plan)
{
	plan->bound = plan->cost - 1;
}

static void spoil_cell(struct wr_plan *plan)
{
	plan->places[1].cell = plan->places[0].cell;
}

static void spoil_time(struct wr_plan *plan)
{
	plan->places[1].cell = 0;
}

static void spoil_person(struct wr_plan *plan)
{
	plan->places[0].session = 1;
	plan->places[0].cell = 0;
	plan->places[1].cell = 0;
}

static void spoil_range(struct wr_plan *plan)
{
	for (size_t p = 0; p < plan->n_places; p++)
		plan->places[p].cell = 99;
}

static void test_checker_finds_what_is_wrong(void **state)
{
	(void)state;
	expect_violation(spoil_cost, "cost is said to be");
	expect_violation(spoil_term, "terms.usual is said to be");
	expect_violation(spoil_bound, "bound is more than cost");
	expect_violation(spoil_status, "called optimal");
	expect_violation(spoil_cell, "shares a cell with");
	expect_violation(spoil_time, "the patient is away then");
	expect_violation(spoil_person, "m attends another slot then");
	expect_violation(spoil_range, "cells that are not there");
}

static void test_seeded_wards_pass_the_checker(void **state)
{
	(void)state;
	for (uint64_t seed = 100; seed < 130; seed++) {
		struct wr_arena arena = {0};
		make(&arena, seeded(&arena, seeded_ward_tiny(seed)));
		wr_arena_deinit(&arena);
	}
}

/* Two were promised one cell; whichever moves costs the same. The one whom fewer people come with
 * does, whatever the order in which they stand. */
static void test_of_equal_plans_the_one_that_tells_fewest_people_is_taken(void **state)
{
	(void)state;
	static const char *const alone =
	    "{\"id\":\"A\",\"ward\":\"w\",\"consultant\":\"c\","
	    "\"published\":{\"session\":\"w.c.1\",\"cell\":0,\"move\":300}}";
	static const char *const with_two =
	    "{\"id\":\"B\",\"ward\":\"w\",\"consultant\":\"c\","
	    "\"published\":{\"session\":\"w.c.1\",\"cell\":0,\"move\":300},"
	    "\"supports\":[{\"person\":\"p\"},{\"person\":\"q\"}]}";
	for (int turned = 0; turned < 2; turned++) {
		struct wr_arena arena = {0};
		const char *json = wr_arena_printf(&arena,
		    "{\"schema\":1,\"origin\":\"2026-11-30\",\"sessions\":[{\"id\":\"w.c.1\","
		    "\"ward\":\"w\",\"consultant\":\"c\",\"cell\":25,\"starts\":[540,565]}],"
		    "\"persons\":[{\"id\":\"p\"},{\"id\":\"q\"}],\"patients\":[%s,%s]}",
		    turned ? with_two : alone, turned ? alone : with_two);
		struct wr_plan *plan = make(&arena, read_instance(&arena, json));
		assert_int_equal(plan->status, WR_PLAN_OPTIMAL);
		assert_int_equal(plan->places[turned ? 0 : 1].cell, 0);
		assert_int_equal(plan->places[turned ? 1 : 0].cell, 1);
		wr_arena_deinit(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_example_of_the_format_is_solved_as_written_there),
	    cmocka_unit_test(test_written_instance_reads_as_the_same),
	    cmocka_unit_test(test_same_instance_gives_the_same_bytes),
	    cmocka_unit_test(test_empty_ward_costs_nothing),
	    cmocka_unit_test(test_stopped_search_returns_a_plan_and_a_bound),
	    cmocka_unit_test(test_checker_finds_what_is_wrong),
	    cmocka_unit_test(test_seeded_wards_pass_the_checker),
	    cmocka_unit_test(test_of_equal_plans_the_one_that_tells_fewest_people_is_taken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
