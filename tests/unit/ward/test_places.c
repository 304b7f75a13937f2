#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <string.h>

#include "build_scene.h"

static void test_place_becomes_a_draft_with_its_people(void **state)
{
	struct scene *scene = *state;
	struct wr_instance_place *places;
	size_t n;
	patient(scene, "P01", "shah")->slots = 2;
	support(scene, "S01", "P01")->person = "cc4";
	support(scene, "S02", "P01")->name = "Pia Pike";
	make(scene);
	bool attends[] = {true, false};
	struct wr_plan_place place = {
	    .placed = true, .session = 0, .cell = 4, .attends = attends, .why = WR_PLAN_WHY_BEST};
	struct wr_plan plan = {.places = &place, .n_places = 1};
	wr_instance_places(&scene->arena, scene->instance, &plan, &places, &n);
	assert_int_equal(n, 1);
	assert_true(places[0].fresh);
	const struct wr_slot *made = &places[0].slot;
	assert_null(made->ref);
	assert_string_equal(made->patient, "P01");
	assert_string_equal(made->session, SHAH_MONDAY);
	assert_string_equal(made->room, "Quiet Room");
	assert_int_equal(made->state, WR_STATE_DRAFT);
	assert_int_equal(made->cell, 4);
	assert_int_equal(made->cells, 2);
	assert_int_equal(made->start, built_time(&scene->built, "2026-11-30T11:00"));
	assert_int_equal(made->end, built_time(&scene->built, "2026-11-30T11:45"));
	assert_int_equal(made->until, built_time(&scene->built, "2026-11-30T11:50"));
	assert_string_equal(made->join, "https://meet.example.org/1");
	assert_string_equal(made->explain,
	    "the best time there is; can come: Ivo Heath; not planned to come: Pia Pike");
	assert_false(made->late);
	assert_int_equal(places[0].n_attendees, 1);
	assert_string_equal(places[0].attendees[0].support, "S01");
	assert_string_equal(places[0].attendees[0].person, "cc4");
}

static void test_published_slot_keeps_its_reference_when_moved(void **state)
{
	struct scene *scene = *state;
	struct wr_instance_place *places;
	size_t n;
	patient(scene, "P01", "shah");
	patient(scene, "P02", "shah");
	slot(scene, "s-1", "P01", SHAH_MONDAY, "2026-11-30T09:00", WR_STATE_PUBLISHED);
	slot(scene, "s-2", "P02", SHAH_MONDAY, "2026-11-30T09:25", WR_STATE_PUBLISHED);
	make(scene);
	struct wr_plan_place at[] = {
	    {.placed = true, .session = 0, .cell = 0, .why = WR_PLAN_WHY_PUBLISHED},
	    {.placed = true, .session = 3, .cell = 1, .why = WR_PLAN_WHY_SHARED}};
	struct wr_plan plan = {.places = at, .n_places = 2};
	wr_instance_places(&scene->arena, scene->instance, &plan, &places, &n);
	assert_int_equal(n, 2);
	assert_false(places[0].fresh);
	assert_false(places[0].moved);
	assert_true(places[1].moved);
	assert_string_equal(places[1].slot.ref, "s-2");
	assert_int_equal(places[1].slot.state, WR_STATE_PUBLISHED);
	assert_int_equal(places[1].was->start, built_time(&scene->built, "2026-11-30T09:25"));
	assert_int_equal(places[1].slot.start, built_time(&scene->built, "2026-12-03T09:25"));
	assert_null(places[0].slot.join); /* as it was told */
	assert_string_equal(places[1].slot.join, "https://meet.example.org/2");
	/* the same time in another room is another place */
	scene->built.rounds[0].room = "Garden Room";
	make(scene);
	wr_instance_places(&scene->arena, scene->instance, &plan, &places, &n);
	assert_true(places[0].moved);
}

static void test_late_place_says_since_when(void **state)
{
	struct scene *scene = *state;
	struct wr_instance_place *places;
	size_t n;
	patient(scene, "P01", "shah")->last_seen = built_time(&scene->built, "2026-11-24T10:00");
	patient(scene, "P02", "shah")->last_seen = WR_TIME_NONE;
	make(scene);
	struct wr_plan_place at[] = {{.placed = true, .session = 3, .why = WR_PLAN_WHY_SHARED},
	    {.placed = true, .session = 0, .why = WR_PLAN_WHY_BEST}};
	struct wr_plan plan = {.places = at, .n_places = 2};
	wr_instance_places(&scene->arena, scene->instance, &plan, &places, &n);
	assert_true(places[0].slot.late);
	assert_string_equal(
	    places[0].slot.late_why, "due by Tue 1 Dec; the week has no earlier place to give");
	assert_true(places[1].slot.late);
	assert_string_equal(places[1].slot.late_why,
	    "was due by Thu 5 Nov, 3:00pm, before this week could be planned");
}

static const char *unplaced_as(struct scene *scene, struct wr_plan_place place)
{
	struct wr_unplaced *unplaced;
	size_t n;
	struct wr_plan plan = {.places = &place, .n_places = 1};
	wr_instance_unplaced(&scene->arena, scene->instance, &plan, &unplaced, &n);
	assert_int_equal(n, 1);
	assert_string_equal(unplaced[0].patient, "P01");
	assert_string_equal(unplaced[0].ward, "kingsley");
	assert_int_equal(unplaced[0].week.week, 49);
	return unplaced[0].why;
}

static void test_unplaced_reasons_are_words_for_staff(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah")->slots = 3;
	make(scene);
	assert_string_equal(
	    unplaced_as(scene, (struct wr_plan_place){.why = WR_PLAN_WHY_AWAY, .sessions = 2}),
	    "away during every session of Dr Asha Shah this week (2)");
	assert_string_equal(
	    unplaced_as(scene, (struct wr_plan_place){.why = WR_PLAN_WHY_NO_SESSION}),
	    "no session of Dr Asha Shah this week");
	assert_string_equal(unplaced_as(scene, (struct wr_plan_place){.why = WR_PLAN_WHY_LENGTH}),
	    "needs 3 slots in a row; no session of Dr Asha Shah this week has them");
	assert_string_equal(
	    unplaced_as(scene,
		(struct wr_plan_place){
		    .why = WR_PLAN_WHY_FULL, .rivals = 25, .needed = 37, .usable = 36}),
	    "25 patients need 37 slots, 36 can be used this week");
	for (int why = WR_PLAN_WHY_FIXED; why <= WR_PLAN_WHY_OTHERS; why++)
		assert_true(strlen(unplaced_as(
				scene, (struct wr_plan_place){.why = (enum wr_plan_why)why})) > 20);
	away(scene, WR_WHOSE_CONSULTANT, "shah", "2026-11-30T00:00", "2026-12-01T00:00")->cover =
	    "nowak";
	make(scene);
	assert_string_equal(
	    unplaced_as(scene, (struct wr_plan_place){.why = WR_PLAN_WHY_AWAY, .sessions = 3}),
	    "away during every session of Dr Asha Shah or who covers this week (3)");
}

static void test_who_lapsed_is_listed_as_unplaced(void **state)
{
	struct scene *scene = *state;
	struct wr_unplaced *unplaced;
	size_t n;
	struct wr_plan plan = {0};
	patient(scene, "P01", "shah");
	patient(scene, "P02", "shah")->hold_why = "other hospital";
	slot(scene, "s-1", "P01", SHAH_MONDAY, "2026-11-30T09:00", WR_STATE_MISSED)->why =
	    WR_WHY_PATIENT_ASLEEP;
	make(scene);
	wr_instance_unplaced(&scene->arena, scene->instance, &plan, &unplaced, &n);
	assert_int_equal(n, 1);
	assert_string_equal(unplaced[0].why, "this week's slot was missed: patient-asleep");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SCENE(test_place_becomes_a_draft_with_its_people),
	    SCENE(test_published_slot_keeps_its_reference_when_moved),
	    SCENE(test_late_place_says_since_when),
	    SCENE(test_unplaced_reasons_are_words_for_staff),
	    SCENE(test_who_lapsed_is_listed_as_unplaced),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
