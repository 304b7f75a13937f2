#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ask_desk.h"

/* The first promise, where it is easy to break: a slot in time, or a later one that says that it is
 * late, or a place on the list with a reason. Never silence. */

static struct built_desk *ward(void)
{
	struct built_desk *d = desk_build("", "2026-11-28T10:00:00Z");
	desk_admit(d, "P1");
	desk_must(d, "patient edit", "{'ref':'P1','admitted':'2026-11-28T09:00'}");
	return d;
}

static void plan(struct built_desk *d, const char *week, bool published)
{
	desk_must(d, "plan make", "{'ward':'kingsley','week':'%s'}", week);
	if (published)
		desk_must(d, "plan publish", "{'ward':'kingsley','week':'%s'}", week);
}

static void test_draft_that_was_never_published_lapses_with_a_reason(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	plan(d, "2026-W49", false);
	assert_string_equal(
	    desk_says(d, "slots.0.state", "slot list", "{'week':'2026-W49'}"), "draft");
	desk_run_by(d, desk_time("2026-11-30T14:30:00Z"), 1800);
	assert_string_equal(desk_says(d, "slots.#", "slot list", "{'week':'2026-W49'}"), "0");
	assert_string_equal(desk_says(d, "unplaced.0.patient", "status show", "{}"), "P1");
	assert_string_not_equal(desk_says(d, "unplaced.0.why", "status show", "{}"), "");
	desk_free(d);
}

static void test_slot_moved_past_its_time_says_that_it_is_late(void **state)
{
	(void)state;
	struct built_desk *d = desk_build("", "2026-11-28T10:00:00Z");
	desk_admit(d, "P1"); /* on Wednesday, so that Saturday is in time */
	desk_publish(d, "P1", "09:25");
	desk_must(d, "slot move", "{'slot':'s-1','to':'2026-11-30T09:50'," YES "}");
	assert_string_equal(desk_says(d, "slot.late", "slot show", "{'slot':'s-1'}"), "true");
	assert_string_equal(
	    desk_says(d, "slot.late_why", "slot show", "{'slot':'s-1'}"), "moved: clinic");
	desk_free(d);
}

static void test_slot_that_becomes_the_first_one_says_that_it_is_late(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	plan(d, "2026-W49", true);
	plan(d, "2026-W50", true);
	const char *second = desk_says(d, "slots.0.slot", "slot list", "{'week':'2026-W50'}");
	assert_string_equal(
	    desk_says(d, "slot.late", "slot show", "{'slot':'%s'}", second), "false");
	desk_must(d, "session cancel", "{'id':'kingsley.shah.2026-11-30'," YES "}");
	assert_string_equal(
	    desk_says(d, "slot.late", "slot show", "{'slot':'%s'}", second), "true");
	assert_string_not_equal(
	    desk_says(d, "slot.late_why", "slot show", "{'slot':'%s'}", second), "");
	desk_free(d);
}

static void test_question_whether_a_slot_was_held_is_not_ticked_away(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	desk_publish(d, "P1", "09:25");
	desk_run_by(d, desk_time("2026-11-30T20:00:00Z"), 1800);
	const char *task = desk_says(d, "tasks.0.id", "task list", "{}");
	assert_string_equal(desk_says(d, "tasks.0.kind", "task list", "{}"), "record");
	assert_string_equal(desk_refusal(d, "task done", "{'id':'%s'}", task),
	    "refused: nobody has said whether slot s-1 was held");
	desk_must(d, "slot start", "{'slot':'s-1'}");
	desk_must(d, "slot finish", "{'slot':'s-1'}");
	assert_string_equal(desk_says(d, "tasks.#", "task list", "{}"), "0");
	desk_free(d);
}

/* Dies at the second commit: the first was the change itself. */
static int n_commits;

static int die_at_the_second(struct built_desk *d, struct wr_tx *tx)
{
	(void)tx;
	d->dead |= ++n_commits == 2;
	return d->dead ? -ECANCELED : 0;
}

static void test_week_that_was_to_be_planned_again_is_after_a_crash(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	plan(d, "2026-W49", true);
	n_commits = 0;
	d->before_commit = die_at_the_second;
	desk_admit(d, "P2");
	assert_true(d->dead);
	d->before_commit = NULL;
	desk_crash(d);
	assert_string_equal(desk_says(d, "slots.#", "slot list", "{'patient':'P2'}"), "1");
	desk_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_draft_that_was_never_published_lapses_with_a_reason),
	    cmocka_unit_test(test_slot_moved_past_its_time_says_that_it_is_late),
	    cmocka_unit_test(test_slot_that_becomes_the_first_one_says_that_it_is_late),
	    cmocka_unit_test(test_week_that_was_to_be_planned_again_is_after_a_crash),
	    cmocka_unit_test(test_question_whether_a_slot_was_held_is_not_ticked_away),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
