/*
 * What is said of a plan: the words for the patient name nobody else, and what the next best plan
 * costs is what asking for it costs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask_desk.h"

static struct built_desk *published(void)
{
	struct built_desk *d = desk_build_sample("", "2026-11-24T11:00:00Z");
	desk_must(d, "plan make", "{'ward':'kingsley','week':'2026-W49'}");
	desk_must(d, "plan publish", "{'ward':'kingsley','week':'2026-W49'}");
	return d;
}

static void test_words_for_the_patient_are_of_their_own_people_only(void **state)
{
	(void)state;
	struct built_desk *d = published();
	assert_string_equal(
	    desk_says(d, "explanation.for_patient", "plan explain", "{'patient':'P04'}"),
	    "Your care coordinator and your interpreter can both come then. "
	    "You would rather be seen in the morning.");
	assert_string_equal(
	    desk_says(d, "explanation.for_patient", "plan explain", "{'patient':'P13'}"),
	    "Nobody else has said that they want to come.");
	desk_free(d);
}

static void test_a_slot_that_staff_moved_is_explained_where_it_is(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *one = desk_says(d, "slots.0.slot", "slot list", "{'patient':'P04'}");
	const char *other = desk_says(d, "slots.0.slot", "slot list", "{'patient':'P01'}");
	desk_must(d, "slot swap", "{'slot':'%s','with':'%s'," YES "}", one, other);
#define EXPLAINED(what) desk_says(d, "explanation." what, "plan explain", "{'patient':'P04'}")
	const char *start = desk_says(d, "slots.0.start", "slot list", "{'patient':'P04'}");
	assert_string_equal(EXPLAINED("placed.start"), start);
	assert_string_not_equal(EXPLAINED("would_be.start"), start);
	assert_string_equal(
	    desk_says(d, "slots.0.supports.0", "slot list", "{'patient':'P04'}"), "S013");
	assert_string_equal(EXPLAINED("for_patient"),
	    "Your interpreter can come then. You would rather be seen in the morning.");
	assert_non_null(strstr(EXPLAINED("why"), "published there (clinic); as the week is now"));
	desk_free(d);
}

/* Where the next best plan puts the patient, and what it costs. */
static json_t *next_best(struct built_desk *d, const char *patient)
{
	json_t *answer = desk_ask(d, "plan explain", "{'patient':'%s'}", patient);
	json_t *next =
	    json_incref(json_object_get(json_object_get(answer, "explanation"), "next_best"));
	json_decref(answer);
	assert_non_null(next);
	return next;
}

static void test_next_best_plan_costs_what_asking_for_it_costs(void **state)
{
	(void)state;
	static const char *const patients[] = {"P02", "P04", "P10", "P21"};
	struct built_desk *d = published();
	for (size_t i = 0; i < sizeof(patients) / sizeof(*patients); i++) {
		json_t *next = next_best(d, patients[i]), *move;
		size_t at;
		json_array_foreach (json_object_get(next, "moves"), at, move) {
			if (strcmp(
				json_string_value(json_object_get(move, "patient")), patients[i]))
				continue;
			const char *start = json_string_value(
			    json_object_get(json_object_get(move, "to"), "start"));
			json_t *what_if = desk_ask(d, "plan what-if",
			    "{'patient':'%s','week':'2026-W49','to':'%s'}", patients[i], start);
			assert_int_equal(json_integer_value(json_object_get(
					     json_object_get(what_if, "what_if"), "costs_more")),
			    json_integer_value(json_object_get(next, "costs_more")));
			json_decref(what_if);
		}
		json_decref(next);
	}
	desk_free(d);
}

static void test_count_is_said_when_it_is_a_matter_of_count(void **state)
{
	(void)state;
	struct built_desk *d = published();
	for (int i = 0; i < 3; i++)
		desk_must(d, "patient admit",
		    "{'ward':'kingsley','name':'New %c','consultant':'shah','ref':'N%d'}", 'A' + i,
		    i);
	int patients = 0, needed = 0, usable = 0;
	const char *words =
	    desk_says(d, "explanation.why", "plan explain", "{'patient':'N2','week':'2026-W49'}");
	assert_int_equal(
	    sscanf(words, "%d patients need %d cells, %d can be used", &patients, &needed, &usable),
	    3);
	assert_true(needed > usable);
	desk_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words_for_the_patient_are_of_their_own_people_only),
	    cmocka_unit_test(test_a_slot_that_staff_moved_is_explained_where_it_is),
	    cmocka_unit_test(test_next_best_plan_costs_what_asking_for_it_costs),
	    cmocka_unit_test(test_count_is_said_when_it_is_a_matter_of_count),
	};
	return cmocka_run_group_tests_name("desk explain", tests, NULL, NULL);
}
