#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <string.h>

#include "../../planner/seeded_ward.h"
#include "wardround/plan.h"

static struct wr_plan_instance *seeded(struct wr_arena *arena, struct seeded_ward ward)
{
	struct wr_plan_mistakes mistakes = {0};
	struct wr_plan_instance *instance = seeded_ward_make(arena, &ward);
	assert_int_equal(wr_plan_instance_check(arena, instance, &mistakes), 0);
	return instance;
}

static struct wr_plan *make(struct wr_arena *arena, const struct wr_plan_instance *instance)
{
	struct wr_plan *plan;
	struct wr_plan_mistakes violations = {0};
	wr_plan_make(arena, instance, NULL, &plan);
	assert_int_equal(wr_plan_check(arena, instance, plan, &violations), 0);
	assert_int_equal(plan->status, WR_PLAN_OPTIMAL);
	return plan;
}

/* The same instance, its patients copied so that one can be changed. */
static struct wr_plan_instance *copy(struct wr_arena *arena, const struct wr_plan_instance *from)
{
	struct wr_plan_instance *to = wr_arena_new(arena, struct wr_plan_instance, 1);
	*to = *from;
	to->patients = wr_arena_new(arena, struct wr_plan_patient, from->n_patients + 1);
	memcpy(to->patients, from->patients, from->n_patients * sizeof(*to->patients));
	return to;
}

static struct seeded_ward small(uint64_t seed, int fullness)
{
	return (struct seeded_ward){.seed = seed,
	    .patients = 10,
	    .fullness = fullness,
	    .grid = 25,
	    .shared = 3,
	    .wards = 1};
}

static void test_next_best_plan_is_the_best_of_all_alternatives(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 6; seed++) {
		struct wr_arena arena = {0};
		struct wr_plan_instance *instance = seeded(&arena, small(seed, 90));
		struct wr_plan *plan = make(&arena, instance);
		for (size_t p = 0; p < instance->n_patients; p++) {
			struct wr_plan_explanation why;
			struct wr_plan_alternative *others;
			size_t n;
			if (!plan->places[p].placed || instance->patients[p].fixed)
				continue;
			wr_plan_explain(&arena, instance, plan, p, NULL, &why);
			wr_plan_alternatives(&arena, instance, plan, p, NULL, &others, &n);
			assert_true(why.next.possible && why.next.proved);
			assert_true(why.next.more >= 0);
			if (why.next.plan->places[p].placed)
				assert_int_equal(why.next.cost, others[0].difference.cost);
			else if (n)
				assert_true(why.next.cost <= others[0].difference.cost);
		}
		wr_arena_deinit(&arena);
	}
}

static void test_forced_place_costs_what_a_fresh_solve_says(void **state)
{
	(void)state;
	for (uint64_t seed = 11; seed <= 14; seed++) {
		struct wr_arena arena = {0};
		struct wr_plan_instance *instance = seeded(&arena, small(seed, 110));
		struct wr_plan *plan = make(&arena, instance);
		struct wr_plan_alternative *others;
		size_t n;
		wr_plan_alternatives(&arena, instance, plan, 0, NULL, &others, &n);
		for (size_t k = 0; k < n; k++) {
			struct wr_plan_mistakes mistakes = {0};
			struct wr_plan_instance *fixed = copy(&arena, instance);
			fixed->patients[0].fixed = instance->sessions[others[k].session].id;
			fixed->patients[0].fixed_cell = (int64_t)others[k].cell;
			assert_int_equal(wr_plan_instance_check(&arena, fixed, &mistakes), 0);
			assert_int_equal(make(&arena, fixed)->cost, others[k].difference.cost);
			assert_true(others[k].difference.more >= 0);
			assert_true(
			    k == 0 || others[k - 1].difference.cost <= others[k].difference.cost);
		}
		wr_arena_deinit(&arena);
	}
}

/* Are all of these placed in some plan? Everybody else is somewhere else. */
static bool can_all(struct wr_arena *arena, const struct wr_plan_instance *instance,
    const size_t *patients, size_t n, size_t without)
{
	struct wr_plan_instance *some = copy(arena, instance);
	some->n_patients = 0;
	for (size_t k = 0; k < n; k++)
		if (k != without)
			some->patients[some->n_patients++] = instance->patients[patients[k]];
	return make(arena, some)->terms.unplaced == 0;
}

static void test_conflict_of_an_unplaced_patient_is_real_and_smallest(void **state)
{
	(void)state;
	int conflicts = 0, counted = 0;
	for (uint64_t seed = 21; seed <= 32; seed++) {
		struct wr_arena arena = {0};
		struct wr_plan_instance *instance = seeded(&arena, small(seed, 140));
		struct wr_plan *plan = make(&arena, instance);
		for (size_t p = 0; p < instance->n_patients; p++) {
			struct wr_plan_explanation why;
			if (plan->places[p].placed)
				continue;
			wr_plan_explain(&arena, instance, plan, p, NULL, &why);
			assert_true(why.n_conflict > 0);
			assert_false(
			    can_all(&arena, instance, why.conflict, why.n_conflict, SIZE_MAX));
			for (size_t k = 0; k < why.n_conflict; k++)
				assert_true(
				    can_all(&arena, instance, why.conflict, why.n_conflict, k));
			conflicts++;
			counted += why.counted;
			if (why.counted)
				assert_true(why.needed > why.usable);
			if (why.next.possible)
				assert_true(why.next.plan->places[p].placed);
		}
		wr_arena_deinit(&arena);
	}
	assert_true(conflicts > 10);
	assert_true(counted > 0 && counted < conflicts);
}

static void test_each_change_is_what_a_fresh_solve_says(void **state)
{
	(void)state;
	for (uint64_t seed = 41; seed <= 44; seed++) {
		struct wr_arena arena = {0};
		struct wr_plan_mistakes mistakes = {0};
		struct wr_plan_difference difference;
		struct wr_plan_instance *instance = seeded(&arena, small(seed, 100));
		struct wr_plan *plan = make(&arena, instance);
		struct wr_plan_instance *other = copy(&arena, instance);
		struct wr_plan_change away = {
		    .kind = WR_PLAN_PATIENT_AWAY, .patient = 3, .span = {0, 4000}};
		other->patients[3].away = &away.span;
		other->patients[3].n_away = 1;
		wr_plan_what_if(&arena, instance, plan, &away, NULL, &difference);
		if (instance->patients[3].n_away == 0)
			assert_int_equal(difference.cost, make(&arena, other)->cost);

		struct wr_plan_change less = {.kind = WR_PLAN_DROP_PATIENT, .patient = 9};
		other = copy(&arena, instance);
		other->n_patients = 9;
		wr_plan_what_if(&arena, instance, plan, &less, NULL, &difference);
		assert_int_equal(difference.cost, make(&arena, other)->cost);
		assert_true(difference.more <= 0);

		struct wr_plan_change closed = {.kind = WR_PLAN_DROP_SESSION, .session = 0};
		wr_plan_what_if(&arena, instance, plan, &closed, NULL, &difference);
		other = copy(&arena, instance);
		other->sessions++;
		other->n_sessions--;
		if (difference.possible) {
			assert_int_equal(wr_plan_instance_check(&arena, other, &mistakes), 0);
			assert_int_equal(difference.cost, make(&arena, other)->cost);
			assert_true(difference.more >= 0 || plan->terms.moves > 0);
		}
		wr_arena_deinit(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_next_best_plan_is_the_best_of_all_alternatives),
	    cmocka_unit_test(test_forced_place_costs_what_a_fresh_solve_says),
	    cmocka_unit_test(test_conflict_of_an_unplaced_patient_is_real_and_smallest),
	    cmocka_unit_test(test_each_change_is_what_a_fresh_solve_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
