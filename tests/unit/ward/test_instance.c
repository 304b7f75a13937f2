#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include "build_scene.h"

static void test_sessions_are_minutes_of_the_week(void **state)
{
	struct scene *scene = *state;
	make(scene);
	assert_string_equal(scene->instance->plan.origin, "2026-11-30");
	assert_string_equal(sessions(scene),
	    SHAH_MONDAY ": 540 565 590 615 660 685 710 735*\n" OTHER_SESSIONS SHAH_THURSDAY
			": 4860 4885 4910 4935 4980 5005 5030 5055*\n");
	assert_int_equal(scene->instance->plan.sessions[0].cell, 25);
}

static void test_cancelled_session_is_not_there(void **state)
{
	struct scene *scene = *state;
	scene->changes[scene->n_changes++] = (struct wr_session_change){.id = SHAH_MONDAY,
	    .ward = "kingsley",
	    .round = "shah",
	    .day = built_day("2026-11-30"),
	    .cancelled = true,
	    .from = -1,
	    .to = -1,
	    .moved_day = WR_DAY_NONE};
	make(scene);
	assert_string_equal(sessions(scene),
	    OTHER_SESSIONS SHAH_THURSDAY ": 4860 4885 4910 4935 4980 5005 5030 5055*\n");
}

static void test_patient_seen_before_is_due_on_the_seventh_date_after(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah");
	held(scene, "P01", "2026-11-12T09:50")->last_of_session = true;
	held(scene, "P01", "2026-11-26T12:15")->last_of_session = true;
	held(scene, "P01", "2026-11-19T09:25");
	make(scene);
	const struct wr_plan_patient *seen = planned(scene, 0);
	assert_false(seen->is_new);
	assert_int_equal(seen->priority, 1);
	assert_true(seen->has_due);
	assert_int_equal(seen->due, 4 * 1440); /* the end of Thursday 3 December */
	assert_int_equal(seen->turn, 2);
	assert_true(seen->has_usual);
	assert_int_equal(seen->usual_day, 3);
	assert_int_equal(seen->usual_minute, 735);
	assert_int_equal(seen->not_before, 0);
	assert_int_equal(seen->not_after, 10080);
	assert_cover(scene, 0, "");
}

static void test_last_seen_counts_as_held(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah")->last_seen = built_time(&scene->built, "2026-11-23T10:00");
	make(scene);
	assert_false(planned(scene, 0)->is_new);
	assert_int_equal(planned(scene, 0)->due, 1440);
	assert_int_equal(planned(scene, 0)->priority, 1);
	assert_false(planned(scene, 0)->has_usual);
}

static void test_slot_still_to_come_before_the_week_counts_as_held(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah")->last_seen = WR_TIME_NONE;
	slot(scene, "s-1", "P01", "kingsley.shah.2026-11-26", "2026-11-26T09:25",
	    WR_STATE_PUBLISHED);
	make(scene);
	assert_false(planned(scene, 0)->is_new);
	assert_int_equal(planned(scene, 0)->due, 4 * 1440);
	assert_null(planned(scene, 0)->published);
	/* once it is over and was not held, it counts no more */
	scene->source.now = built_time(&scene->built, "2026-11-26T13:00");
	make(scene);
	assert_true(planned(scene, 0)->is_new);
}

static void test_overdue_patient_comes_first(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah")->last_seen = built_time(&scene->built, "2026-11-19T10:00");
	make(scene);
	assert_int_equal(planned(scene, 0)->priority, 3);
	assert_int_equal(planned(scene, 0)->due, -3 * 1440);
}

static void test_new_patient_is_due_hours_after_admission(void **state)
{
	struct scene *scene = *state;
	struct wr_patient *admitted = patient(scene, "P01", "shah");
	admitted->last_seen = WR_TIME_NONE;
	admitted->admitted = built_time(&scene->built, "2026-11-29T22:10"); /* expected */
	make(scene);
	const struct wr_plan_patient *expected = planned(scene, 0);
	assert_true(expected->is_new);
	assert_int_equal(expected->priority, 2);
	assert_int_equal(expected->due, 2 * 1440 + 22 * 60 + 10);
	assert_cover(scene, 0, ""); /* Dr Shah's Monday is in time */
	admitted->admitted = built_time(&scene->built, "2026-12-01T10:00");
	make(scene);
	assert_int_equal(planned(scene, 0)->not_before, 1440 + 600);
	assert_cover(scene, 0, "");
	admitted->consultant = "osei"; /* who is there on Tuesday afternoon, too late a week on */
	admitted->admitted = built_time(&scene->built, "2026-12-01T18:00");
	make(scene);
	assert_cover(scene, 0, "shah nowak");
	admitted->admitted = built_time(&scene->built, "2026-12-07T00:00");
	make(scene);
	assert_int_equal(scene->instance->plan.n_patients, 0);
}

static void test_who_is_not_to_be_seen_is_left_out_with_the_reason(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah")->hold_why = "other hospital";
	patient(scene, "P02", "shah")->discharged = built_time(&scene->built, "2026-11-24T11:00");
	patient(scene, "P03", "shah");
	patient(scene, "P04", "shah");
	patient(scene, "P05", "shah");
	patient(scene, "P06", "shah")->ward = "melbury";
	scene->source.now = built_time(&scene->built, "2026-11-30T13:00");
	slot(scene, "s-3", "P03", SHAH_MONDAY, "2026-11-30T09:00", WR_STATE_HELD);
	slot(scene, "s-4", "P04", SHAH_MONDAY, "2026-11-30T09:25", WR_STATE_CANCELLED)->why =
	    WR_WHY_PATIENT_DECLINED;
	slot(scene, "s-5", "P05", SHAH_MONDAY, "2026-11-30T09:50", WR_STATE_MISSED)->why =
	    WR_WHY_OVERRUN;
	make(scene);
	assert_int_equal(scene->instance->plan.n_patients, 1);
	assert_string_equal(planned(scene, 0)->id, "P05"); /* planned again */
	assert_int_equal(scene->instance->n_left, 3);
	assert_string_equal(scene->instance->left[0].patient->ref, "P01");
	assert_int_equal(scene->instance->left[0].why, WR_INSTANCE_HELD);
	assert_int_equal(scene->instance->left[1].why, WR_INSTANCE_SEEN);
	assert_int_equal(scene->instance->left[2].why, WR_INSTANCE_LAPSED);
}

static void test_cells_of_those_who_are_not_planned_are_gone(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah")->hold_why = "other hospital";
	patient(scene, "P02", "shah");
	slot(scene, "s-1", "P01", SHAH_MONDAY, "2026-11-30T09:25", WR_STATE_PUBLISHED);
	slot(scene, "s-2", "P02", SHAH_MONDAY, "2026-11-30T09:50", WR_STATE_PUBLISHED);
	slot(scene, "s-9", "P99", SHAH_MONDAY, "2026-11-30T11:00", WR_STATE_CANCELLED);
	make(scene);
	assert_string_equal(sessions(scene),
	    SHAH_MONDAY ": 540 590 615 660 685 710 735*\n" OTHER_SESSIONS SHAH_THURSDAY
			": 4860 4885 4910 4935 4980 5005 5030 5055*\n");
	/* numbers of the plan and of the session differ now */
	assert_int_equal(scene->instance->sessions[0].cells[1], 2);
	assert_string_equal(planned(scene, 0)->published, SHAH_MONDAY);
	assert_int_equal(planned(scene, 0)->published_cell, 1);
}

static void test_moving_costs_more_the_nearer_the_slot(void **state)
{
	struct scene *scene = *state;
	static const struct {
		const char *now;
		int64_t move;
		bool fixed;
	} cases[] = {
	    {"2026-11-24T12:00", 200, false}, /* more than four days */
	    {"2026-11-26T09:00", 200, false}, /* four whole days: 800 - 600 */
	    {"2026-11-26T10:00", 350, false}, /* three */
	    {"2026-11-28T09:00", 500, false}, /* two: exactly the notice */
	    {"2026-11-28T09:01", 650, true}, {"2026-11-29T21:00", 800, true},
	    {"2026-11-30T09:10", 800, true}, /* should have started */
	};
	patient(scene, "P01", "shah");
	slot(scene, "s-1", "P01", SHAH_MONDAY, "2026-11-30T09:00", WR_STATE_PUBLISHED);
	for (size_t i = 0; i < WR_COUNT(cases); i++) {
		scene->source.now = built_time(&scene->built, cases[i].now);
		make(scene);
		assert_int_equal(planned(scene, 0)->published_move, cases[i].move);
		assert_int_equal(planned(scene, 0)->fixed != NULL, cases[i].fixed);
	}
	assert_int_equal(planned(scene, 0)->not_before, 10 * 60 + 10);
}

static void test_locked_slot_is_fixed_a_draft_is_not(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah");
	patient(scene, "P02", "shah");
	patient(scene, "P03", "shah")->slots = 2;
	slot(scene, "s-1", "P01", SHAH_MONDAY, "2026-11-30T09:00", WR_STATE_PUBLISHED)->locked =
	    true;
	slot(scene, "s-2", "P02", SHAH_MONDAY, "2026-11-30T09:25", WR_STATE_DRAFT);
	slot(scene, "s-3", "P03", SHAH_MONDAY, "2026-11-30T09:50", WR_STATE_DRAFT)->locked = true;
	make(scene);
	assert_string_equal(planned(scene, 0)->fixed, SHAH_MONDAY);
	assert_int_equal(planned(scene, 0)->fixed_cell, 0);
	assert_null(planned(scene, 1)->fixed);
	assert_null(planned(scene, 1)->published);
	assert_int_equal(planned(scene, 2)->fixed_cell, 2);
	assert_null(planned(scene, 2)->published);
	assert_int_equal(planned(scene, 2)->slots, 1); /* as long as what is fixed */
}

static void test_place_that_is_no_longer_there_costs_a_move(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah");
	patient(scene, "P02", "shah");
	slot(scene, "s-1", "P01", SHAH_MONDAY, "2026-11-30T09:00", WR_STATE_PUBLISHED)->locked =
	    true;
	slot(scene, "s-2", "P02", "kingsley.gone.2026-11-30", "2026-11-30T15:00",
	    WR_STATE_PUBLISHED);
	away(scene, WR_WHOSE_CONSULTANT, "shah", "2026-11-30T09:00", "2026-11-30T09:10");
	make(scene);
	assert_null(planned(scene, 0)->fixed);
	assert_string_equal(planned(scene, 0)->published, SHAH_MONDAY "/gone");
	assert_string_equal(planned(scene, 1)->published, "kingsley.gone.2026-11-30/gone");
	assert_int_equal(planned(scene, 1)->published_move, 200);
}

static void test_patient_s_away_times_are_cut_to_the_week(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "shah")->prefers = WR_PREFERS_MORNING;
	away(scene, WR_WHOSE_PATIENT, "P01", "2026-11-28T09:00", "2026-11-30T10:00");
	away(scene, WR_WHOSE_PATIENT, "P01", "2026-12-03T13:00", "2026-12-03T17:30");
	away(scene, WR_WHOSE_PATIENT, "P01", "2026-12-06T12:00", "2026-12-09T12:00");
	away(scene, WR_WHOSE_PATIENT, "P01", "2026-12-07T00:00", "2026-12-09T12:00");
	away(scene, WR_WHOSE_PATIENT, "P02", "2026-12-01T00:00", "2026-12-01T12:00");
	make(scene);
	assert_spans(
	    planned(scene, 0)->away, planned(scene, 0)->n_away, "0-600 5100-5370 9360-10080");
	assert_int_equal(planned(scene, 0)->prefers, WR_PLAN_MORNING);
}

static void test_week_of_the_clock_change_keeps_wall_minutes(void **state)
{
	struct scene *scene = *state;
	scene->source.week = (struct wr_week){2027, 12}; /* 22 to 28 March, Good Friday in it */
	scene->source.now = built_time(&scene->built, "2027-03-16T12:00");
	patient(scene, "P01", "shah")->last_seen = built_time(&scene->built, "2027-03-16T10:00");
	away(scene, WR_WHOSE_PATIENT, "P01", "2027-03-28T00:30", "2027-03-28T09:00");
	make(scene);
	assert_spans(planned(scene, 0)->away, planned(scene, 0)->n_away, "8670-9180");
	assert_int_equal(planned(scene, 0)->due, 2 * 1440);
	scene->source.week = (struct wr_week){2026, 43}; /* 19 to 25 October */
	scene->source.now = built_time(&scene->built, "2026-10-13T12:00");
	scene->patients[0].last_seen = built_time(&scene->built, "2026-10-18T10:00");
	scene->patients[0].admitted = built_time(&scene->built, "2026-10-01T10:00");
	make(scene);
	assert_int_equal(planned(scene, 0)->due, 7 * 1440);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SCENE(test_sessions_are_minutes_of_the_week),
	    SCENE(test_cancelled_session_is_not_there),
	    SCENE(test_patient_seen_before_is_due_on_the_seventh_date_after),
	    SCENE(test_last_seen_counts_as_held),
	    SCENE(test_slot_still_to_come_before_the_week_counts_as_held),
	    SCENE(test_overdue_patient_comes_first),
	    SCENE(test_new_patient_is_due_hours_after_admission),
	    SCENE(test_who_is_not_to_be_seen_is_left_out_with_the_reason),
	    SCENE(test_cells_of_those_who_are_not_planned_are_gone),
	    SCENE(test_moving_costs_more_the_nearer_the_slot),
	    SCENE(test_locked_slot_is_fixed_a_draft_is_not),
	    SCENE(test_place_that_is_no_longer_there_costs_a_move),
	    SCENE(test_patient_s_away_times_are_cut_to_the_week),
	    SCENE(test_week_of_the_clock_change_keeps_wall_minutes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
