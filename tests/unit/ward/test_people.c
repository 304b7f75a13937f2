#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include "build_scene.h"

static void test_first_slots_are_covered_when_the_own_consultant_has_too_few_cells(void **state)
{
	struct scene *scene = *state;
	scene->built.rounds[1].from = 810;
	scene->built.rounds[1].to = 835; /* one cell on Tuesday */
	for (size_t i = 0; i < 2; i++) {
		struct wr_patient *admitted = patient(scene, i == 0 ? "P01" : "P02", "osei");
		admitted->last_seen = WR_TIME_NONE;
		admitted->admitted = built_time(&scene->built, "2026-11-30T10:00");
	}
	make(scene);
	assert_cover(scene, 0, "shah nowak");
	scene->source.n_patients = 1;
	make(scene);
	assert_cover(scene, 0, "");
}

static void test_first_slot_is_covered_when_the_patient_can_t_come_to_the_own_consultant(
    void **state)
{
	struct scene *scene = *state;
	struct wr_patient *admitted = patient(scene, "P01", "osei");
	admitted->last_seen = WR_TIME_NONE;
	admitted->admitted = built_time(&scene->built, "2026-11-20T10:00");
	make(scene);
	assert_cover(scene, 0, ""); /* overdue, but Dr Osei has cells for all this week */
	away(scene, WR_WHOSE_PATIENT, "P01", "2026-12-01T13:00", "2026-12-01T16:45");
	make(scene);
	assert_cover(scene, 0, ""); /* the last one would do */
	admitted->slots = 2;
	make(scene);
	assert_cover(scene, 0, "shah nowak");
}

static void test_who_covers_for_an_away_consultant_covers_for_the_patients(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah");
	patient(scene, "P02", "osei");
	away(scene, WR_WHOSE_CONSULTANT, "shah", "2026-11-30T00:00", "2026-12-01T00:00")->cover =
	    "nowak";
	make(scene);
	assert_string_equal(scene->instance->plan.sessions[0].consultant, "nowak");
	assert_cover(scene, 0, "nowak");
	assert_cover(scene, 1, "");
}

static void test_promise_with_another_consultant_stays_possible(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "osei");
	slot(scene, "s-1", "P01", SHAH_MONDAY, "2026-11-30T09:00", WR_STATE_PUBLISHED);
	make(scene);
	assert_cover(scene, 0, "shah");
}

static void test_only_agreed_supports_who_see_the_time_count(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah");
	support(scene, "S01", "P01")->chosen = true;
	support(scene, "S02", "P01")->consent = WR_CONSENT_SUGGESTED;
	support(scene, "S03", "P01")->consent = WR_CONSENT_WITHDRAWN;
	support(scene, "S04", "P01")->sees = WR_SEES_NOTHING;
	support(scene, "S05", "P01")->admission = 0;
	support(scene, "S06", "P01")->required = true;
	make(scene);
	const struct wr_plan_patient *of = planned(scene, 0);
	assert_int_equal(of->n_supports, 2);
	assert_string_equal(of->supports[0].person, "S01");
	assert_true(of->supports[1].required);
	assert_string_equal(scene->instance->patients[0].supports[1]->ref, "S06");
	assert_int_equal(scene->instance->plan.n_persons, 2);
}

static void test_support_of_unknown_times_is_always_free_at_a_third(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah");
	support(scene, "S01", "P01")->chosen = true;
	support(scene, "S02", "P01");
	struct wr_support *said = support(scene, "S03", "P01");
	free_time(scene, said, 0, 540, 720);
	make(scene);
	assert_int_equal(planned(scene, 0)->supports[0].weight, 1000);
	assert_int_equal(planned(scene, 0)->supports[1].weight, 333);
	assert_int_equal(planned(scene, 0)->supports[2].weight, 1000);
	assert_false(person(scene, "S01")->has_free);
	assert_true(person(scene, "S03")->has_free);
	scene->built.ward.unsaid_free_divisor = 1;
	make(scene);
	assert_int_equal(planned(scene, 0)->supports[0].weight, 3000);
}

static void test_support_who_said_never_is_never_free(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah");
	support(scene, "S01", "P01")->free_said = true;
	make(scene);
	assert_true(person(scene, "S01")->has_free);
	assert_int_equal(person(scene, "S01")->n_free, 0);
}

static void test_shared_person_has_the_times_of_all_rows(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah");
	patient(scene, "P02", "osei");
	struct wr_support *first = support(scene, "S01", "P01");
	struct wr_support *second = support(scene, "S02", "P02");
	struct wr_support *not_agreed = support(scene, "S03", "P02");
	first->person = second->person = not_agreed->person = "cc4";
	not_agreed->consent = WR_CONSENT_SUGGESTED;
	free_time(scene, first, 0, 540, 750);
	free_time(scene, second, 2, 540, 1020);
	free_time(scene, not_agreed, 4, 0, 1440);
	away(scene, WR_WHOSE_SUPPORT, "S02", "2026-12-02T09:00", "2026-12-02T10:00");
	away(scene, WR_WHOSE_PERSON, "cc4", "2026-11-30T10:00", "2026-11-30T10:30");
	away(scene, WR_WHOSE_SUPPORT, "S03", "2026-12-02T11:00", "2026-12-02T12:00");
	make(scene);
	assert_int_equal(scene->instance->plan.n_persons, 1);
	const struct wr_plan_person *shared = person(scene, "cc4");
	assert_spans(shared->free, shared->n_free, "540-750 3420-3900");
	assert_spans(shared->away, shared->n_away, "3420-3480 600-630");
}

static void test_person_in_two_rows_of_one_patient_comes_once(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah");
	support(scene, "S01", "P01")->person = "cc4";
	struct wr_support *again = support(scene, "S02", "P01");
	again->person = "cc4";
	again->chosen = again->required = true;
	make(scene);
	assert_int_equal(planned(scene, 0)->n_supports, 1);
	assert_int_equal(planned(scene, 0)->supports[0].weight, 1000);
	assert_true(planned(scene, 0)->supports[0].required);
}

static void test_person_who_is_promised_elsewhere_is_away(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah");
	support(scene, "S01", "P01")->person = "cc4";
	slot(scene, "s-7", "P77", "melbury.x.2026-12-01", "2026-12-01T13:30", WR_STATE_PUBLISHED)
	    ->ward = "melbury";
	slot(scene, "s-8", "P78", "melbury.x.2026-12-01", "2026-12-01T14:30", WR_STATE_DRAFT)
	    ->ward = "melbury";
	slot(scene, "s-1", "P01", SHAH_MONDAY, "2026-11-30T09:00", WR_STATE_PUBLISHED);
	scene->attendees[0] = (struct wr_attendee){"s-7", "S70", "cc4"};
	scene->attendees[1] = (struct wr_attendee){"s-8", "S71", "cc4"};
	scene->attendees[2] = (struct wr_attendee){"s-1", "S01", "cc4"};
	scene->source.n_attendees = 3;
	make(scene);
	const struct wr_plan_person *shared = person(scene, "cc4");
	assert_spans(shared->away, shared->n_away, "2250-2275");
}

static void test_person_who_said_no_is_away_at_that_time(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah");
	support(scene, "S01", "P01");
	slot(scene, "s-1", "P01", SHAH_MONDAY, "2026-11-30T09:00", WR_STATE_PUBLISHED)->revision =
	    2;
	scene->replies[0] = (struct wr_reply){"S01", "s-1", WR_ANSWER_NO, NULL, 2, 0};
	scene->source.n_replies = 1;
	make(scene);
	assert_spans(person(scene, "S01")->away, person(scene, "S01")->n_away, "540-560");
	scene->replies[0].revision = 1; /* answered for the old time */
	make(scene);
	assert_int_equal(person(scene, "S01")->n_away, 0);
	scene->replies[0].revision = 2;
	scene->replies[0].answer = WR_ANSWER_VIDEO;
	make(scene);
	assert_int_equal(person(scene, "S01")->n_away, 0);
}

static void test_two_wards_planned_together_share_a_person(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah");
	patient(scene, "P50", "osei")->ward = "melbury";
	support(scene, "S01", "P01")->person = "cc4";
	support(scene, "S50", "P50")->person = "cc4";
	make(scene);
	assert_int_equal(scene->instance->plan.n_patients, 1);
	struct wr_config_round garden = scene->built.rounds[1];
	garden.room = "Garden Room";
	struct wr_config_ward melbury = scene->built.ward;
	melbury.id = "melbury";
	melbury.rounds = &garden;
	melbury.n_rounds = 1;
	struct wr_session_source source = {.config = &scene->built.config, .ward = &melbury};
	struct wr_session *sessions;
	struct wr_instance_ward wards[] = {scene->ward, {.ward = &melbury}};
	wr_session_list(&scene->arena, &source, built_day("2026-11-30"), built_day("2026-12-06"),
	    scene->source.now, &sessions, &wards[1].n_sessions);
	wards[1].sessions = sessions;
	scene->source.wards = wards;
	scene->source.n_wards = 2;
	wr_instance_make(&scene->arena, &scene->source, &scene->instance);
	assert_int_equal(scene->instance->plan.n_patients, 2);
	assert_int_equal(scene->instance->plan.n_sessions, 5);
	assert_string_equal(scene->instance->plan.sessions[4].ward, "melbury");
	assert_string_equal(scene->instance->sessions[4].session->room, "Garden Room");
	assert_int_equal(scene->instance->plan.n_persons, 1);
	struct wr_plan_mistakes mistakes = {0};
	assert_int_equal(
	    wr_plan_instance_check(&scene->arena, &scene->instance->plan, &mistakes), 0);
}

static void test_what_concerns_a_patient_changes_with_their_people_and_not_with_time(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah");
	free_time(scene, support(scene, "S1", "P01"), 0, 9 * 60, 12 * 60);
	make(scene);
	const char *before = wr_instance_concern(&scene->arena, scene->instance, 0);
	patient(scene, "P02", "shah"); /* somebody else */
	scene->source.now += 3 * 3600;
	make(scene);
	assert_string_equal(wr_instance_concern(&scene->arena, scene->instance, 0), before);
	away(scene, WR_WHOSE_SUPPORT, "S1", "2026-11-30T09:00", "2026-11-30T10:00");
	make(scene);
	assert_string_not_equal(wr_instance_concern(&scene->arena, scene->instance, 0), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SCENE(test_first_slots_are_covered_when_the_own_consultant_has_too_few_cells),
	    SCENE(test_first_slot_is_covered_when_the_patient_can_t_come_to_the_own_consultant),
	    SCENE(test_who_covers_for_an_away_consultant_covers_for_the_patients),
	    SCENE(test_promise_with_another_consultant_stays_possible),
	    SCENE(test_only_agreed_supports_who_see_the_time_count),
	    SCENE(test_support_of_unknown_times_is_always_free_at_a_third),
	    SCENE(test_support_who_said_never_is_never_free),
	    SCENE(test_shared_person_has_the_times_of_all_rows),
	    SCENE(test_person_in_two_rows_of_one_patient_comes_once),
	    SCENE(test_person_who_is_promised_elsewhere_is_away),
	    SCENE(test_person_who_said_no_is_away_at_that_time),
	    SCENE(test_two_wards_planned_together_share_a_person),
	    SCENE(test_what_concerns_a_patient_changes_with_their_people_and_not_with_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
