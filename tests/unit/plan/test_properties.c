/*
 * What has to hold between an instance and a changed one, whatever the costs are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <string.h>

#include "../../planner/seeded_ward.h"
#include "wardround/plan.h"

#define SEEDS 25

static struct wr_plan *make(struct wr_arena *arena, struct wr_plan_instance *instance)
{
	struct wr_plan *plan;
	struct wr_plan_mistakes mistakes = {0};
	assert_int_equal(wr_plan_instance_check(arena, instance, &mistakes), 0);
	wr_plan_make(arena, instance, NULL, &plan);
	assert_int_equal(wr_plan_check(arena, instance, plan, &mistakes), 0);
	assert_int_equal(plan->status, WR_PLAN_OPTIMAL);
	return plan;
}

static struct seeded_ward ward_of(uint64_t seed)
{
	struct seeded_ward ward = seeded_ward_any(seed);
	ward.patients = 12 + (int)(seed % 9);
	ward.grid = 25;
	return ward;
}

static struct wr_plan_instance *seeded(struct wr_arena *arena, uint64_t seed)
{
	struct seeded_ward ward = ward_of(seed);
	return seeded_ward_make(arena, &ward);
}

#define FOR_SEEDS(arena, instance, plan)                                                           \
	for (uint64_t seed = 1; seed <= SEEDS; seed++, wr_arena_deinit(&(arena)))                  \
		if (((instance) = seeded(&(arena), seed)), ((plan) = make(&(arena), (instance))))

static void test_reversing_all_lists_changes_neither_cost_nor_status(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	struct wr_plan_instance *instance;
	struct wr_plan *plan;
	FOR_SEEDS(arena, instance, plan)
	{
		for (size_t i = 0, n = instance->n_patients; i < n / 2; i++) {
			struct wr_plan_patient patient = instance->patients[i];
			instance->patients[i] = instance->patients[n - 1 - i];
			instance->patients[n - 1 - i] = patient;
		}
		for (size_t i = 0, n = instance->n_sessions; i < n / 2; i++) {
			struct wr_plan_session session = instance->sessions[i];
			instance->sessions[i] = instance->sessions[n - 1 - i];
			instance->sessions[n - 1 - i] = session;
		}
		for (size_t i = 0, n = instance->n_persons; i < n / 2; i++) {
			struct wr_plan_person person = instance->persons[i];
			instance->persons[i] = instance->persons[n - 1 - i];
			instance->persons[n - 1 - i] = person;
		}
		assert_int_equal(make(&arena, instance)->cost, plan->cost);
	}
}

static void test_one_more_support_never_lowers_the_cost(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	struct wr_plan_instance *instance;
	struct wr_plan *plan;
	FOR_SEEDS(arena, instance, plan)
	{
		struct wr_plan_patient *patient = &instance->patients[seed % instance->n_patients];
		struct wr_plan_support *supports =
		    wr_arena_new(&arena, struct wr_plan_support, patient->n_supports + 1);
		size_t person = seed % instance->n_persons;
		bool there = false;
		if (patient->n_supports)
			memcpy(
			    supports, patient->supports, patient->n_supports * sizeof(*supports));
		for (size_t i = 0; i < patient->n_supports; i++)
			there = there || supports[i].person_at == person;
		supports[patient->n_supports] = (struct wr_plan_support)WR_PLAN_SUPPORT_INIT;
		supports[patient->n_supports].person = instance->persons[person].id;
		patient->supports = supports;
		patient->n_supports += !there;
		assert_true(make(&arena, instance)->cost >= plan->cost);
	}
}

static void test_more_free_time_never_raises_the_cost(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	struct wr_plan_instance *instance;
	struct wr_plan *plan;
	FOR_SEEDS(arena, instance, plan)
	{
		for (size_t i = seed % 3; i < instance->n_persons; i += 3)
			instance->persons[i].has_free = false;
		assert_true(make(&arena, instance)->cost <= plan->cost);
	}
}

static void test_fixing_an_optimal_place_keeps_the_cost(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	struct wr_plan_instance *instance;
	struct wr_plan *plan;
	FOR_SEEDS(arena, instance, plan)
	{
		for (size_t p = seed % 2; p < instance->n_patients; p += 2) {
			if (!plan->places[p].placed)
				continue;
			instance->patients[p].fixed =
			    instance->sessions[plan->places[p].session].id;
			instance->patients[p].fixed_cell = (int64_t)plan->places[p].cell;
		}
		assert_int_equal(make(&arena, instance)->cost, plan->cost);
	}
}

static void test_wards_without_shared_people_add_up(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct wr_arena arena = {0};
		struct seeded_ward ward = ward_of(seed);
		int64_t sum = 0;
		ward.wards = 3;
		ward.shared = 0;
		struct wr_plan_instance *all = seeded_ward_make(&arena, &ward);
		int64_t cost = make(&arena, all)->cost;
		for (int w = 0; w < ward.wards; w++) {
			struct wr_plan_instance one = *all;
			one.patients = all->patients + w * ward.patients;
			one.n_patients = (size_t)ward.patients;
			sum += make(&arena, &one)->cost;
		}
		assert_int_equal(sum, cost);
		wr_arena_deinit(&arena);
	}
}

static void test_planning_what_is_published_moves_nobody(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	struct wr_plan_instance *instance;
	struct wr_plan *plan;
	FOR_SEEDS(arena, instance, plan)
	{
		for (size_t p = 0; p < instance->n_patients; p++)
			instance->patients[p].published = NULL;
		plan = make(&arena, instance);
		for (size_t p = 0; p < instance->n_patients; p++) {
			struct wr_plan_patient *patient = &instance->patients[p];
			const struct wr_plan_place *place = &plan->places[p];
			patient->published =
			    place->placed ? instance->sessions[place->session].id : NULL;
			patient->published_cell = (int64_t)place->cell;
			patient->published_move = seed % 2 ? 0 : 100;
		}
		struct wr_plan *again = make(&arena, instance);
		for (size_t p = 0; p < instance->n_patients; p++) {
			assert_int_equal(again->places[p].placed, plan->places[p].placed);
			if (!plan->places[p].placed)
				continue;
			assert_int_equal(again->places[p].session, plan->places[p].session);
			assert_int_equal(again->places[p].cell, plan->places[p].cell);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reversing_all_lists_changes_neither_cost_nor_status),
	    cmocka_unit_test(test_one_more_support_never_lowers_the_cost),
	    cmocka_unit_test(test_more_free_time_never_raises_the_cost),
	    cmocka_unit_test(test_fixing_an_optimal_place_keeps_the_cost),
	    cmocka_unit_test(test_wards_without_shared_people_add_up),
	    cmocka_unit_test(test_planning_what_is_published_moves_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
