#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <string.h>

#include "ask_desk.h"

static struct built_desk *two_slots(void)
{
	struct built_desk *d = desk_build("", "2026-11-27T10:00:00Z");
	desk_admit(d, "P1");
	desk_admit(d, "P2");
	desk_publish(d, "P1", "09:00");
	desk_publish(d, "P2", "09:25");
	return d;
}

static const char *start_of(struct built_desk *d, const char *slot)
{
	return desk_says(d, "slot.start", "slot show", "{'slot':'%s'}", slot);
}

static void test_swapped_slots_go_back_together(void **state)
{
	(void)state;
	struct built_desk *d = two_slots();
	desk_must(d, "slot swap", "{'slot':'s-1','with':'s-2'," YES "}");
	assert_string_equal(start_of(d, "s-1"), "2026-11-30T09:25:00+00:00");
	desk_must(d, "slot undo", "{'slot':'s-2'," YES "}");
	assert_string_equal(start_of(d, "s-1"), "2026-11-30T09:00:00+00:00");
	assert_string_equal(start_of(d, "s-2"), "2026-11-30T09:25:00+00:00");
	desk_free(d);
}

static void test_half_a_swap_cannot_be_undone(void **state)
{
	(void)state;
	struct built_desk *d = two_slots();
	desk_must(d, "slot swap", "{'slot':'s-1','with':'s-2'," YES "}");
	desk_must(d, "slot lock", "{'slot':'s-2'}");
	assert_string_equal(desk_refusal(d, "slot undo", "{'slot':'s-1'," YES "}"),
	    "refused: slot s-1 changed places with s-2, which has changed since");
	desk_free(d);
}

static void test_slot_given_instead_makes_way_for_the_cancelled_one(void **state)
{
	(void)state;
	struct built_desk *d = two_slots();
	desk_must(d, "slot cancel", "{'slot':'s-1','why':'overrun'," YES "}");
	desk_publish(d, "P1", "09:50");
	desk_must(d, "slot undo", "{'slot':'s-1'," YES "}");
	assert_string_equal(desk_says(d, "slot.state", "slot show", "{'slot':'s-1'}"), "published");
	assert_string_equal(desk_says(d, "slot.state", "slot show", "{'slot':'s-3'}"), "cancelled");
	desk_free(d);
}

static void test_support_without_consent_does_not_come_back(void **state)
{
	(void)state;
	struct built_desk *d = desk_build("", "2026-11-27T10:00:00Z");
	desk_admit(d, "P1");
	desk_support(d, "S1", "P1", "time");
	desk_publish(d, "P1", "09:00");
	desk_must(d, "slot move", "{'slot':'s-1','to':'2026-11-30T09:50','reason':'x','yes':true}");
	desk_must(d, "support withdraw", "{'ref':'S1','yes':true}");
	desk_must(d, "slot undo", "{'slot':'s-1'," YES "}");
	assert_string_equal(desk_says(d, "slot.supports.#", "slot show", "{'slot':'s-1'}"), "0");
	desk_free(d);
}

static void test_slot_of_a_cancelled_session_does_not_come_back(void **state)
{
	(void)state;
	struct built_desk *d = two_slots();
	desk_must(d, "session cancel", "{'id':'kingsley.shah.2026-11-30'," YES "}");
	assert_string_equal(desk_refusal(d, "slot undo", "{'slot':'s-1'," YES "}"),
	    "refused: slot s-1 can't go back: session kingsley.shah.2026-11-30 has no such place "
	    "any more");
	desk_free(d);
}

static void test_whoever_declined_stands_on_the_unplaced_list(void **state)
{
	(void)state;
	struct built_desk *d = two_slots();
	desk_must(d, "slot decline", "{'slot':'s-1','yes':true}");
	assert_string_equal(desk_says(d, "unplaced.0.why", "status show", "{}"),
	    "this week's slot was cancelled: patient-declined");
	desk_must(d, "slot undo", "{'slot':'s-1','yes':true}");
	assert_string_equal(desk_says(d, "unplaced.#", "status show", "{}"), "0");
	desk_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_swapped_slots_go_back_together),
	    cmocka_unit_test(test_half_a_swap_cannot_be_undone),
	    cmocka_unit_test(test_slot_given_instead_makes_way_for_the_cancelled_one),
	    cmocka_unit_test(test_support_without_consent_does_not_come_back),
	    cmocka_unit_test(test_slot_of_a_cancelled_session_does_not_come_back),
	    cmocka_unit_test(test_whoever_declined_stands_on_the_unplaced_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
