#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ask_desk.h"

static size_t n_slots(struct built_desk *d, const char *week, const char *state)
{
	json_t *answer = desk_ask(d, "slot list", "{'week':'%s'}", week), *slot;
	size_t n = 0, i;
	json_array_foreach (json_object_get(answer, "slots"), i, slot)
		n += strcmp(json_string_value(json_object_get(slot, "state")), state) == 0;
	json_decref(answer);
	return n;
}

static struct built_desk *sample(const char *now)
{
	return desk_build_sample("", now);
}

static void test_next_week_is_drafted_on_tuesday_and_published_on_wednesday(void **state)
{
	(void)state;
	struct built_desk *d = sample("2026-11-24T11:00:00Z");
	desk_run_by(d, desk_time("2026-11-24T11:59:00Z"), 60);
	assert_int_equal(n_slots(d, "2026-W49", "draft"), 0);
	desk_run_by(d, desk_time("2026-11-24T12:01:00Z"), 60);
	size_t n = n_slots(d, "2026-W49", "draft");
	assert_true(n > 20);
	desk_run_by(d, desk_time("2026-11-25T15:59:00Z"), 3600);
	assert_int_equal(n_slots(d, "2026-W49", "published"), 0);
	desk_run_by(d, desk_time("2026-11-25T16:01:00Z"), 60);
	assert_int_equal(n_slots(d, "2026-W49", "published"), n);
	assert_int_equal(n_slots(d, "2026-W49", "draft"), 0);
	desk_free(d);
}

static void test_what_was_missed_while_stopped_is_done_at_the_next_start(void **state)
{
	(void)state;
	struct built_desk *d = sample("2026-11-24T11:00:00Z");
	desk_run_by(d, desk_time("2026-11-28T10:00:00Z"), 4 * 86400);
	desk_run_by(d, desk_time("2026-11-28T10:02:00Z"), 60);
	assert_true(n_slots(d, "2026-W49", "published") > 20);
	desk_free(d);
}

static void test_ward_that_begins_after_the_publishing_is_published_by_hand(void **state)
{
	(void)state;
	struct built_desk *d = sample("2026-11-27T10:00:00Z");
	desk_run_by(d, desk_time("2026-11-27T12:00:00Z"), 60);
	assert_string_equal(desk_says(d, "slots.#", "slot list", "{}"), "0");
	assert_string_equal(desk_says(d, "unplaced.#", "status show", "{}"), "25");
	assert_string_equal(desk_says(d, "unplaced.0.why", "status show", "{}"),
	    "2026-W48 has not been planned: plan and publish it by hand; 2026-W50 is planned by "
	    "itself on Tue 1 Dec, 12:00pm");
	assert_string_equal(desk_promise(d, 1), "kept");
	desk_must(d, "plan make", "{'ward':'kingsley','week':'2026-W49'}");
	assert_string_equal(desk_promise(d, 1), "danger"); /* drafts tell nobody anything */
	desk_must(d, "plan publish", "{'ward':'kingsley','week':'2026-W49'}");
	size_t n = n_slots(d, "2026-W49", "published");
	assert_true(n > 20);
	desk_run_by(d, desk_time("2026-11-27T12:02:00Z"), 60);
	assert_string_equal(desk_promise(d, 1), "kept");
	json_t *status = desk_ask(d, "status show", "{}");
	assert_int_equal(json_array_size(json_object_get(status, "unplaced")), 25 - n);
	json_decref(status);
	desk_run_by(d, desk_time("2026-12-02T16:01:00Z"), 3600);
	assert_true(n_slots(d, "2026-W50", "published") > 20);
	desk_free(d);
}

static void test_nobody_is_passed_over_in_silence_on_a_ward_planned_by_hand(void **state)
{
	(void)state;
	struct built_desk *d = desk_build("", "2026-11-27T10:00:00Z");
	desk_admit(d, "P1");
	assert_string_equal(desk_says(d, "unplaced.0.why", "status show", "{}"),
	    "2026-W48 has not been planned: plan and publish it by hand");
	desk_run_by(d, desk_time("2026-12-01T10:00:00Z"), 3600);
	assert_string_equal(desk_says(d, "unplaced.1.week", "status show", "{}"), "");
	assert_string_equal(desk_says(d, "unplaced.0.week", "status show", "{}"), "2026-W49");
	assert_string_equal(desk_promise(d, 1), "kept");
	desk_free(d);
}

static void test_week_that_has_begun_is_not_published_any_more(void **state)
{
	(void)state;
	struct built_desk *d = sample("2026-11-30T00:00:00Z");
	desk_run_by(d, desk_time("2026-11-30T00:05:00Z"), 60);
	assert_int_equal(n_slots(d, "2026-W49", "published"), 0);
	desk_free(d);
}

static void test_draft_made_by_hand_is_published_as_it_is(void **state)
{
	(void)state;
	struct built_desk *d = sample("2026-11-24T11:00:00Z");
	desk_must(d, "plan make", "{'ward':'kingsley','week':'2026-W49'}");
	desk_must(d, "slot cancel", "{'slot':'s-1'}");
	const char *before = desk_says(d, "slots.0.start", "slot list", "{'week':'2026-W49'}");
	size_t n = n_slots(d, "2026-W49", "draft");
	desk_run_by(d, desk_time("2026-11-25T16:01:00Z"), 3600);
	assert_int_equal(n_slots(d, "2026-W49", "published"), n);
	assert_string_equal(
	    desk_says(d, "slots.0.start", "slot list", "{'week':'2026-W49'}"), before);
	desk_free(d);
}

static void test_ward_planned_by_hand_is_left_alone(void **state)
{
	(void)state;
	struct built_desk *d = desk_build("", "2026-11-27T10:00:00Z");
	desk_admit(d, "P1");
	desk_run_by(d, desk_time("2026-12-04T10:00:00Z"), 3600);
	assert_string_equal(desk_says(d, "slots.#", "slot list", "{}"), "0");
	desk_free(d);
}

static void test_shared_person_is_planned_for_one_slot_at_a_time(void **state)
{
	(void)state;
	struct built_desk *d = sample("2026-11-24T11:00:00Z");
	desk_must(d, "plan make", "{'ward':'kingsley','week':'2026-W49'}");
	desk_must(d, "plan publish", "{'ward':'kingsley','week':'2026-W49'}");
	assert_string_equal(desk_promise(d, 2), "kept");
	assert_string_equal(desk_promise(d, 5), "kept");
	desk_free(d);
}

static void test_export_imported_again_changes_nobody_and_tells_nobody(void **state)
{
	(void)state;
	static const char *const kinds[] = {"patients", "supports", "away"};
	struct built_desk *d = sample("2026-11-24T11:00:00Z");
	desk_must(d, "plan make", "{'ward':'kingsley','week':'2026-W49'}");
	desk_must(d, "plan publish", "{'ward':'kingsley','week':'2026-W49'}");
	const char *slots = desk_says(d, "", "slot list", "{}");
	const char *unseen = desk_says(d, "", "unseen list", "{}");
	for (size_t i = 0; i < WR_COUNT(kinds); i++) {
		const char *verb = wr_arena_printf(&d->words, "export %s", kinds[i]);
		const char *csv = desk_says(d, "csv", verb, "{}");
		json_t *args = json_pack("{s:s, s:s}", "file", "again.csv", "csv", csv);
		char *text = json_dumps(args, 0);
		desk_do(d, wr_arena_printf(&d->words, "import %s", kinds[i]), text);
		assert_string_equal(desk_says(d, "csv", verb, "{}"), csv);
		free(text);
		json_decref(args);
	}
	assert_string_equal(desk_says(d, "", "slot list", "{}"), slots);
	assert_string_equal(desk_says(d, "", "unseen list", "{}"), unseen);
	desk_free(d);
}

static void test_call_with_a_key_is_done_once(void **state)
{
	(void)state;
	struct built_desk *d = desk_build("", "2026-11-27T10:00:00Z");
#define ADMIT "{'name':'Cy','ward':'kingsley','consultant':'shah','key':'k1'}"
	const char *first = desk_says(d, "", "patient admit", ADMIT);
	assert_string_equal(desk_says(d, "", "patient admit", ADMIT), first);
	assert_string_equal(desk_says(d, "patients.#", "patient list", "{}"), "1");
	assert_string_equal(desk_refusal(d, "patient admit",
				"{'name':'Bo','ward':'kingsley','consultant':'shah','key':'k1'}"),
	    "refused: the key `k1` was used with other arguments");
	desk_free(d);
}

static void test_dry_run_says_what_would_be_and_changes_nothing(void **state)
{
	(void)state;
	struct built_desk *d = desk_build("", "2026-11-27T10:00:00Z");
	desk_admit(d, "P1");
	desk_support(d, "S1", "P1", "time");
	desk_publish(d, "P1", "09:25");
	const char *before = desk_dump(d);
	assert_string_equal(desk_says(d, "told.#", "slot move",
				"{'slot':'s-1','to':'2026-11-30T09:50','dry_run':true," YES "}"),
	    "2");
	desk_must(d, "patient discharge", "{'ref':'P1','dry_run':true}");
	desk_must(d, "support withdraw", "{'ref':'S1','dry_run':true}");
	desk_must(d, "slot cancel", "{'slot':'s-1','dry_run':true," YES "}");
	assert_string_equal(desk_dump(d), before);
	desk_free(d);
}

static size_t n_tasks(struct built_desk *d, const char *kind)
{
	json_t *answer = desk_ask(d, "task list", "{}"), *task;
	size_t n = 0, i;
	json_array_foreach (json_object_get(answer, "tasks"), i, task)
		n += strcmp(json_string_value(json_object_get(task, "kind")), kind) == 0;
	json_decref(answer);
	return n;
}

static void test_slot_that_passed_and_nobody_spoke_of_becomes_a_task_until_somebody_does(
    void **state)
{
	(void)state;
	struct built_desk *d = sample("2026-11-24T11:00:00Z");
	desk_run_by(d, desk_time("2026-11-25T16:01:00Z"), 3600);
	desk_run_by(d, desk_time("2026-11-30T08:00:00Z"), 3600);
	assert_int_equal(n_tasks(d, "record"), 0);
	desk_run_by(d, desk_time("2026-11-30T15:00:00Z"), 600);
	size_t n = n_tasks(d, "record");
	assert_int_equal(n, 7); /* the Monday list: eight cells, one patient needs two */
	json_t *answer = desk_ask(d, "task list", "{}");
	const char *slot = json_string_value(
	    json_object_get(json_array_get(json_object_get(answer, "tasks"), 0), "slot"));
	desk_must(d, "slot missed", "{'slot':'%s','why':'overrun'}", slot);
	json_decref(answer);
	assert_int_equal(n_tasks(d, "record"), n - 1);
	desk_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_next_week_is_drafted_on_tuesday_and_published_on_wednesday),
	    cmocka_unit_test(test_what_was_missed_while_stopped_is_done_at_the_next_start),
	    cmocka_unit_test(test_ward_that_begins_after_the_publishing_is_published_by_hand),
	    cmocka_unit_test(test_nobody_is_passed_over_in_silence_on_a_ward_planned_by_hand),
	    cmocka_unit_test(test_week_that_has_begun_is_not_published_any_more),
	    cmocka_unit_test(test_draft_made_by_hand_is_published_as_it_is),
	    cmocka_unit_test(test_ward_planned_by_hand_is_left_alone),
	    cmocka_unit_test(test_shared_person_is_planned_for_one_slot_at_a_time),
	    cmocka_unit_test(test_export_imported_again_changes_nobody_and_tells_nobody),
	    cmocka_unit_test(test_call_with_a_key_is_done_once),
	    cmocka_unit_test(test_dry_run_says_what_would_be_and_changes_nothing),
	    cmocka_unit_test(
		test_slot_that_passed_and_nobody_spoke_of_becomes_a_task_until_somebody_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
