#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "wardround/instance.h"

#include "build_ward.h"

/* Kingsley in the week of 30 November 2026, planned on the Tuesday before at noon. */
struct scene {
	struct wr_arena arena;
	struct built_ward built;
	struct wr_patient patients[8];
	struct wr_support supports[8];
	struct wr_free free[8];
	struct wr_away aways[8];
	struct wr_slot held[8], slots[8];
	struct wr_attendee attendees[8];
	struct wr_reply replies[8];
	struct wr_session_change changes[4];
	size_t n_changes;
	struct wr_instance_source source;
	struct wr_instance_ward ward;
	struct wr_instance *instance;
	struct wr_buf drawing;
};

static int set_up(void **state)
{
	struct scene *scene = wr_alloc(1, sizeof(*scene));
	build_ward(&scene->arena, &scene->built);
	scene->source = (struct wr_instance_source){.config = &scene->built.config,
	    .wards = &scene->ward,
	    .n_wards = 1,
	    .week = {2026, 49},
	    .now = built_time(&scene->built, "2026-11-24T12:00"),
	    .patients = scene->patients,
	    .supports = scene->supports,
	    .free = scene->free,
	    .aways = scene->aways,
	    .held = scene->held,
	    .slots = scene->slots,
	    .attendees = scene->attendees,
	    .replies = scene->replies};
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;
	wr_buf_deinit(&scene->drawing);
	wr_arena_deinit(&scene->arena);
	free(scene);
	return 0;
}

static struct wr_patient *patient(struct scene *scene, const char *ref, const char *consultant)
{
	struct wr_patient *added = &scene->patients[scene->source.n_patients++];
	*added = (struct wr_patient){.ref = ref,
	    .name = "Cy North",
	    .ward = "kingsley",
	    .consultant = consultant,
	    .slots = 1,
	    .admitted = built_time(&scene->built, "2026-11-02T15:00"),
	    .last_seen = built_time(&scene->built, "2026-11-24T10:00"),
	    .discharged = WR_TIME_NONE,
	    .admission = 1};
	return added;
}

/* Comes every week unless told otherwise: chosen, free times not said. */
static struct wr_support *support(struct scene *scene, const char *ref, const char *patient_ref)
{
	struct wr_support *added = &scene->supports[scene->source.n_supports++];
	*added = (struct wr_support){.ref = ref,
	    .patient = patient_ref,
	    .person = ref,
	    .name = "Ivo Heath",
	    .relation = "father",
	    .sees = WR_SEES_TIME,
	    .consent = WR_CONSENT_AGREED,
	    .agreed_by = "patient",
	    .admission = 1};
	return added;
}

static void free_time(
    struct scene *scene, struct wr_support *support, int weekday, int from, int to)
{
	support->free_said = true;
	scene->free[scene->source.n_free++] = (struct wr_free){support->ref, weekday, from, to};
}

static struct wr_away *away(
    struct scene *scene, enum wr_whose whose, const char *who, const char *from, const char *to)
{
	struct wr_away *added = &scene->aways[scene->source.n_aways++];
	*added = (struct wr_away){.id = "a-1",
	    .whose = whose,
	    .who = who,
	    .from = built_time(&scene->built, from),
	    .to = built_time(&scene->built, to)};
	return added;
}

static struct wr_slot slot_at(struct scene *scene, const char *ref, const char *patient_ref,
    const char *session, const char *start, enum wr_state state)
{
	wr_time at = built_time(&scene->built, start);
	return (struct wr_slot){.ref = ref,
	    .uid = "u",
	    .patient = patient_ref,
	    .ward = "kingsley",
	    .week = wr_day_week(wr_zone_day(scene->built.ward.zone, at)),
	    .session = session,
	    .consultant = "shah",
	    .room = "Quiet Room",
	    .cells = 1,
	    .start = at,
	    .end = at + 20 * 60,
	    .until = at + 25 * 60,
	    .state = state,
	    .revision = 1};
}

static struct wr_slot *slot(struct scene *scene, const char *ref, const char *patient_ref,
    const char *session, const char *start, enum wr_state state)
{
	struct wr_slot *added = &scene->slots[scene->source.n_slots++];
	*added = slot_at(scene, ref, patient_ref, session, start, state);
	return added;
}

static struct wr_slot *held(struct scene *scene, const char *patient_ref, const char *start)
{
	struct wr_slot *added = &scene->held[scene->source.n_held++];
	*added = slot_at(scene, "s-0", patient_ref, "kingsley.shah.past", start, WR_STATE_HELD);
	return added;
}

static void make(struct scene *scene)
{
	struct wr_session_source source = {&scene->built.config, &scene->built.ward, scene->changes,
	    scene->n_changes, scene->aways, scene->source.n_aways};
	struct wr_session *sessions;
	wr_day monday = wr_week_monday(scene->source.week);
	wr_session_list(&scene->arena, &source, monday, monday + 6, scene->source.now, &sessions,
	    &scene->ward.n_sessions);
	scene->ward.ward = &scene->built.ward;
	scene->ward.sessions = sessions;
	wr_instance_make(&scene->arena, &scene->source, &scene->instance);
}

static const struct wr_plan_patient *planned(const struct scene *scene, size_t at)
{
	assert_true(at < scene->instance->plan.n_patients);
	return &scene->instance->plan.patients[at];
}

static const struct wr_plan_person *person(const struct scene *scene, const char *id)
{
	for (size_t i = 0; i < scene->instance->plan.n_persons; i++)
		if (strcmp(scene->instance->plan.persons[i].id, id) == 0)
			return &scene->instance->plan.persons[i];
	fail_msg("%s is not in the instance", id);
	return NULL;
}

static void assert_spans(const struct wr_plan_span *spans, size_t n, const char *expected)
{
	struct wr_buf buf = {0};
	for (size_t i = 0; i < n; i++)
		wr_buf_printf(&buf, "%s%lld-%lld", i > 0 ? " " : "", (long long)spans[i].from,
		    (long long)spans[i].to);
	char *drawn = wr_buf_take(&buf);
	assert_string_equal(drawn, expected);
	free(drawn);
}

static void assert_cover(const struct scene *scene, size_t at, const char *expected)
{
	struct wr_buf buf = {0};
	for (size_t i = 0; i < planned(scene, at)->n_cover; i++)
		wr_buf_printf(&buf, "%s%s", i > 0 ? " " : "", planned(scene, at)->cover[i]);
	char *drawn = wr_buf_take(&buf);
	assert_string_equal(drawn, expected);
	free(drawn);
}

/* "id: start*,..." of each session; kept ones with a star. */
static const char *sessions(struct scene *scene)
{
	wr_buf_clear(&scene->drawing);
	for (size_t i = 0; i < scene->instance->plan.n_sessions; i++) {
		const struct wr_plan_session *session = &scene->instance->plan.sessions[i];
		wr_buf_printf(&scene->drawing, "%s:", session->id);
		for (size_t j = 0; j < session->n_starts; j++) {
			bool kept = false;
			for (size_t k = 0; k < session->n_kept; k++)
				kept |= session->kept[k] == (int64_t)j;
			wr_buf_printf(&scene->drawing, " %lld%s", (long long)session->starts[j],
			    kept ? "*" : "");
		}
		wr_buf_putc(&scene->drawing, '\n');
	}
	return wr_buf_text(&scene->drawing);
}

#define SHAH_MONDAY "kingsley.shah.2026-11-30"
#define SHAH_THURSDAY "kingsley.shah.2026-12-03"
#define OTHER_SESSIONS                                                                             \
	"kingsley.osei.2026-12-01: 2250 2275 2300 2325 2370 2395 2420 2445\n"                      \
	"kingsley.nowak.2026-12-02: 3420 3445 3470 3495 3540 3565 3590 3615\n"

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

static void test_promise_with_another_consultant_stays_possible(void **state)
{
	struct scene *scene = *state;
	patient(scene, "P01", "osei");
	slot(scene, "s-1", "P01", SHAH_MONDAY, "2026-11-30T09:00", WR_STATE_PUBLISHED);
	make(scene);
	assert_cover(scene, 0, "shah");
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

/* ---- back from a plan ---- */

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

#define SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

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
	    SCENE(test_first_slots_are_covered_when_the_own_consultant_has_too_few_cells),
	    SCENE(test_first_slot_is_covered_when_the_patient_can_t_come_to_the_own_consultant),
	    SCENE(test_who_covers_for_an_away_consultant_covers_for_the_patients),
	    SCENE(test_who_is_not_to_be_seen_is_left_out_with_the_reason),
	    SCENE(test_cells_of_those_who_are_not_planned_are_gone),
	    SCENE(test_moving_costs_more_the_nearer_the_slot),
	    SCENE(test_locked_slot_is_fixed_a_draft_is_not),
	    SCENE(test_place_that_is_no_longer_there_costs_a_move),
	    SCENE(test_promise_with_another_consultant_stays_possible),
	    SCENE(test_patient_s_away_times_are_cut_to_the_week),
	    SCENE(test_only_agreed_supports_who_see_the_time_count),
	    SCENE(test_support_of_unknown_times_is_always_free_at_a_third),
	    SCENE(test_support_who_said_never_is_never_free),
	    SCENE(test_shared_person_has_the_times_of_all_rows),
	    SCENE(test_person_in_two_rows_of_one_patient_comes_once),
	    SCENE(test_person_who_is_promised_elsewhere_is_away),
	    SCENE(test_person_who_said_no_is_away_at_that_time),
	    SCENE(test_week_of_the_clock_change_keeps_wall_minutes),
	    SCENE(test_two_wards_planned_together_share_a_person),
	    SCENE(test_place_becomes_a_draft_with_its_people),
	    SCENE(test_published_slot_keeps_its_reference_when_moved),
	    SCENE(test_late_place_says_since_when),
	    SCENE(test_unplaced_reasons_are_words_for_staff),
	    SCENE(test_who_lapsed_is_listed_as_unplaced),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
