/*
 * Words of a patient's page: why this time, who comes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include "wardround/patient.h"

static struct wr_arena arena;

static int clear(void **state)
{
	(void)state;
	wr_arena_deinit(&arena);
	return 0;
}

static const struct wr_companion mother = {"Ama Reed", "mother", true};
static const struct wr_companion coordinator = {"Pia Pike", "care coordinator", true};
static const struct wr_companion sister = {"Dee Reed", "sister", true};
static const struct wr_companion other_sister = {"Uma Reed", "Sister", true};
static const struct wr_companion absent = {"Ivo Heath", "friend", false};

#define WHY(language, prefers, minute, ...)                                                        \
	wr_patient_why(&arena, language, (const struct wr_companion[]){__VA_ARGS__},               \
	    sizeof((const struct wr_companion[]){__VA_ARGS__}) / sizeof(struct wr_companion),      \
	    prefers, minute)

static void test_why_names_the_patients_own_people(void **state)
{
	(void)state;
	assert_string_equal(WHY(WR_LANGUAGE_EN, WR_PREFERS_NONE, 600, mother, coordinator),
	    "Your mother and your care coordinator can both come then.");
	assert_string_equal(WHY(WR_LANGUAGE_EN, WR_PREFERS_NONE, 600, absent, mother),
	    "Your mother can come then.");
	assert_string_equal(WHY(WR_LANGUAGE_EN, WR_PREFERS_NONE, 600, mother, sister, coordinator),
	    "Your mother, your sister and your care coordinator can all come then.");
	assert_string_equal(WHY(WR_LANGUAGE_EN, WR_PREFERS_NONE, 600, absent),
	    "None of your people can come then.");
	assert_string_equal(wr_patient_why(&arena, WR_LANGUAGE_EN, NULL, 0, WR_PREFERS_NONE, 600),
	    "Nobody else has said that they want to come.");
}

static void test_two_of_one_relation_are_told_by_name(void **state)
{
	(void)state;
	assert_string_equal(WHY(WR_LANGUAGE_EN, WR_PREFERS_NONE, 600, sister, other_sister, mother),
	    "Dee Reed, Uma Reed and your mother can all come then.");
}

static void test_other_languages_name_people(void **state)
{
	(void)state;
	assert_string_equal(WHY(WR_LANGUAGE_CY, WR_PREFERS_NONE, 600, mother, coordinator),
	    "Gall Ama Reed a Pia Pike ill dau ddod bryd hynny.");
	assert_string_equal(WHY(WR_LANGUAGE_AR, WR_PREFERS_NONE, 600, mother),
	    "يستطيع \u2068Ama Reed\u2069 الحضور في ذلك الوقت.");
}

static void test_a_wish_for_the_time_of_day_is_said_where_it_came_true(void **state)
{
	(void)state;
	assert_string_equal(WHY(WR_LANGUAGE_EN, WR_PREFERS_MORNING, 11 * 60 + 59, mother),
	    "Your mother can come then. You would rather be seen in the morning.");
	assert_string_equal(
	    WHY(WR_LANGUAGE_EN, WR_PREFERS_MORNING, 12 * 60, mother), "Your mother can come then.");
	assert_string_equal(WHY(WR_LANGUAGE_EN, WR_PREFERS_AFTERNOON, 12 * 60, absent),
	    "None of your people can come then. You would rather be seen in the afternoon.");
}

static void test_who_comes_follows_plan_and_reply(void **state)
{
	(void)state;
	static const struct {
		bool attends;
		int answer, revision; /* answer -1: none */
		enum wr_coming coming;
	} drawn[] = {
	    {true, -1, 0, WR_COMING_UNANSWERED},
	    {false, -1, 0, WR_COMING_NOT_PLANNED},
	    {true, WR_ANSWER_PERSON, 2, WR_COMING_IN_PERSON},
	    {true, WR_ANSWER_PHONE, 2, WR_COMING_BY_PHONE},
	    {true, WR_ANSWER_VIDEO, 2, WR_COMING_BY_VIDEO},
	    {true, WR_ANSWER_VIDEO, 1, WR_COMING_OLD_TIME},
	    {false, WR_ANSWER_PERSON, 1, WR_COMING_NOT_PLANNED},
	    {false, WR_ANSWER_NO, 2, WR_COMING_NOT},
	    {false, WR_ANSWER_NO, 1, WR_COMING_NOT_PLANNED},
	    {true, WR_ANSWER_NO, 1, WR_COMING_UNANSWERED},
	};
	for (size_t i = 0; i < WR_COUNT(drawn); i++) {
		struct wr_reply reply = {
		    .answer = (enum wr_answer)drawn[i].answer, .revision = drawn[i].revision};
		assert_int_equal(
		    wr_patient_coming(drawn[i].attends, drawn[i].answer < 0 ? NULL : &reply, 2),
		    drawn[i].coming);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_why_names_the_patients_own_people, clear),
	    cmocka_unit_test_teardown(test_two_of_one_relation_are_told_by_name, clear),
	    cmocka_unit_test_teardown(test_other_languages_name_people, clear),
	    cmocka_unit_test_teardown(
		test_a_wish_for_the_time_of_day_is_said_where_it_came_true, clear),
	    cmocka_unit_test_teardown(test_who_comes_follows_plan_and_reply, clear),
	};
	return cmocka_run_group_tests_name("patient", tests, NULL, NULL);
}
