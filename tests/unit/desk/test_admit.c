#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <string.h>

#include "ask_desk.h"

#define ADMIT "'ward':'kingsley','consultant':'shah'"

static struct built_desk *ward(void)
{
	return desk_build("", "2026-11-27T10:00:00Z");
}

static void test_somebody_with_the_same_name_is_warned_of_and_admitted(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	desk_must(d, "patient admit", "{'ref':'P1','name':'Cy North','bed':'4'," ADMIT "}");
	const char *warning =
	    desk_says(d, "warnings.0", "patient admit", "{'name':'cy north'," ADMIT "}");
	assert_string_equal(warning, "patient P1 in bed 4 on this ward has the same name");
	assert_string_equal(desk_says(d, "patients.#", "patient list", "{}"), "2");
	desk_free(d);
}

static void test_bed_of_somebody_else_is_warned_of(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	desk_must(d, "patient admit", "{'ref':'P1','name':'Cy North','bed':'4'," ADMIT "}");
	assert_string_equal(
	    desk_says(d, "warnings.0", "patient admit", "{'name':'Bo','bed':'4'," ADMIT "}"),
	    "bed 4 is patient P1's too");
	desk_free(d);
}

static void test_more_patients_than_beds_is_a_warning(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	for (int i = 0; i < 25; i++)
		desk_must(d, "patient admit", "{'name':'Patient %d'," ADMIT "}", i);
	assert_string_equal(
	    desk_says(d, "warnings.0", "patient admit", "{'name':'One more'," ADMIT "}"),
	    "26 patients on a ward of 25 beds");
	desk_free(d);
}

static void test_expected_patient_becomes_current_when_the_time_comes(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	desk_must(d, "patient admit",
	    "{'ref':'P1','name':'Cy North','admitted':'2026-11-28T15:00'," ADMIT "}");
	assert_string_equal(
	    desk_says(d, "patient.status", "patient show", "{'ref':'P1'}"), "expected");
	desk_run_by(d, desk_time("2026-11-28T15:00:00Z"), 3600);
	assert_string_equal(
	    desk_says(d, "patient.status", "patient show", "{'ref':'P1'}"), "current");
	desk_free(d);
}

static void test_inpatient_is_not_admitted_twice(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	desk_admit(d, "P1");
	assert_string_equal(
	    desk_refusal(d, "patient admit", "{'ref':'P1','name':'Cy North'," ADMIT "}"),
	    "refused: patient P1 is an inpatient already");
	desk_free(d);
}

static void test_admission_after_a_discharge_starts_consent_anew(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	desk_admit(d, "P1");
	desk_support(d, "S1", "P1", "all");
	const char *link = desk_link(d, "support", "S1");
	desk_must(d, "patient discharge", "{'ref':'P1','yes':true}");
	desk_must(d, "patient admit", "{'ref':'P1','name':'Cy North'," ADMIT "}");
	desk_publish(d, "P1", "09:25");
	assert_null(strstr(desk_feed(d, link), "T092500"));
	assert_string_equal(desk_says(d, "slots.0.supports.#", "slot list", "{}"), "0");
	assert_string_equal(desk_promise(d, 5), "kept");
	desk_must(d, "support agree", "{'ref':'S1','agreed_by':'patient'}");
	assert_non_null(strstr(desk_feed(d, link), "T092500"));
	desk_free(d);
}

static void test_unknown_ward_and_consultant_name_the_nearest(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	json_t *answer =
	    desk_ask(d, "patient admit", "{'name':'Cy','ward':'kingslay','consultant':'shah'}");
	const json_t *error = json_object_get(answer, "error");
	assert_string_equal(json_string_value(json_object_get(error, "code")), "unknown");
	assert_non_null(strstr(json_string_value(json_object_get(error, "hint")), "kingsley"));
	json_decref(answer);
	assert_non_null(strstr(
	    desk_refusal(d, "patient admit", "{'name':'Cy','ward':'kingsley','consultant':'sha'}"),
	    "unknown: "));
	desk_free(d);
}

static void test_number_that_is_none_is_said_and_nobody_is_admitted(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	const char *said =
	    desk_refusal(d, "patient admit", "{'name':'Cy','phone':'seven'," ADMIT "}");
	assert_true(wr_text_starts(said, "data: "));
	assert_string_equal(desk_says(d, "patients.#", "patient list", "{}"), "0");
	desk_free(d);
}

static void test_discharge_can_be_undone_with_its_slot(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	desk_admit(d, "P1");
	desk_support(d, "S1", "P1", "time");
	desk_publish(d, "P1", "09:25");
	desk_must(d, "patient discharge", "{'ref':'P1','yes':true}");
	assert_string_equal(desk_says(d, "slot.state", "slot show", "{'slot':'s-1'}"), "cancelled");
	desk_must(d, "patient discharge", "{'ref':'P1','undo':true}");
	assert_string_equal(desk_says(d, "slot.state", "slot show", "{'slot':'s-1'}"), "published");
	assert_string_equal(desk_says(d, "slot.supports.0", "slot show", "{'slot':'s-1'}"), "S1");
	desk_free(d);
}

static void test_discharge_cannot_be_undone_after_a_quarter_of_an_hour(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	desk_admit(d, "P1");
	desk_must(d, "patient discharge", "{'ref':'P1','yes':true}");
	desk_run_until(d, "2026-11-27T10:15:01Z");
	assert_string_equal(desk_refusal(d, "patient discharge", "{'ref':'P1','undo':true}"),
	    "refused: there is nothing to undo for patient P1");
	desk_free(d);
}

static void test_death_tells_nobody_and_names_who_is_to_be_rung(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	desk_admit(d, "P1");
	desk_support(d, "S1", "P1", "time");
	desk_publish(d, "P1", "09:25");
	const char *told =
	    desk_says(d, "told.#", "patient discharge", "{'ref':'P1','died':true,'yes':true}");
	assert_string_equal(told, "0");
	assert_string_equal(desk_says(d, "tasks.0.kind", "task list", "{}"), "ring");
	assert_non_null(strstr(desk_says(d, "tasks.0.text", "task list", "{}"), "Ivo Heath S1"));
	assert_string_equal(desk_says(d, "unseen.#", "unseen list", "{}"), "0");
	desk_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_somebody_with_the_same_name_is_warned_of_and_admitted),
	    cmocka_unit_test(test_bed_of_somebody_else_is_warned_of),
	    cmocka_unit_test(test_more_patients_than_beds_is_a_warning),
	    cmocka_unit_test(test_expected_patient_becomes_current_when_the_time_comes),
	    cmocka_unit_test(test_inpatient_is_not_admitted_twice),
	    cmocka_unit_test(test_admission_after_a_discharge_starts_consent_anew),
	    cmocka_unit_test(test_unknown_ward_and_consultant_name_the_nearest),
	    cmocka_unit_test(test_number_that_is_none_is_said_and_nobody_is_admitted),
	    cmocka_unit_test(test_discharge_can_be_undone_with_its_slot),
	    cmocka_unit_test(test_discharge_cannot_be_undone_after_a_quarter_of_an_hour),
	    cmocka_unit_test(test_death_tells_nobody_and_names_who_is_to_be_rung),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
