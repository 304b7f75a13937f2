#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ask_desk.h"

static struct built_desk *published(void)
{
	struct built_desk *d = desk_build("", "2026-11-27T10:00:00Z");
	desk_admit(d, "P1");
	desk_support(d, "S1", "P1", "time");
	desk_publish(d, "P1", "09:25");
	return d;
}

static void test_suggested_support_is_told_nothing_until_agreed(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "support add",
	    "{'ref':'S2','patient':'P1','name':'Vic','relation':'friend','sees':'time'}");
	assert_string_equal(desk_says(d, "supports.1.consent", "support list", "{}"), "suggested");
	assert_string_equal(desk_says(d, "unseen.#", "unseen list", "{}"), "2");
	assert_string_not_equal(desk_refusal(d, "link new", "{'support':'S2'}"), "");
	desk_must(d, "support agree", "{'ref':'S2','agreed_by':'patient'}");
	assert_string_equal(desk_says(d, "unseen.#", "unseen list", "{}"), "3");
	assert_non_null(strstr(desk_feed(d, desk_link(d, "support", "S2")), "T092500"));
	desk_free(d);
}

static void test_narrowing_to_nothing_acts_at_once_and_asks_nobody(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *link = desk_link(d, "support", "S1");
	desk_must(d, "support edit", "{'ref':'S1','sees':'nothing'}");
	assert_null(strstr(desk_feed(d, link), "T092500"));
	assert_string_equal(desk_says(d, "slot.supports.#", "slot show", "{'slot':'s-1'}"), "0");
	assert_string_equal(desk_says(d, "unseen.#", "unseen list", "{}"), "1");
	desk_free(d);
}

static void test_withdrawal_needs_a_yes_and_then_acts_at_once(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *link = desk_link(d, "support", "S1");
	assert_true(
	    wr_text_starts(desk_refusal(d, "support withdraw", "{'ref':'S1'}"), "needs-yes: "));
	assert_non_null(strstr(desk_feed(d, link), "T092500"));
	desk_must(d, "support withdraw", "{'ref':'S1','yes':true}");
	assert_null(strstr(desk_feed(d, link), "T092500"));
	assert_string_equal(desk_says(d, "slot.supports.#", "slot show", "{'slot':'s-1'}"), "0");
	assert_string_equal(
	    desk_says(d, "slot.start", "slot show", "{'slot':'s-1'}"), "2026-11-30T09:25:00+00:00");
	desk_free(d);
}

static void test_blocked_person_can_neither_be_added_nor_agreed(void **state)
{
	(void)state;
	struct built_desk *d = published();
	assert_true(wr_text_starts(
	    desk_refusal(d, "support block", "{'patient':'P1','name':'ivo heath s1'}"),
	    "refused: "));
	desk_must(d, "support remove", "{'ref':'S1','yes':true}");
	desk_must(d, "support block", "{'patient':'P1','name':'Ivo Heath S1'}");
	assert_true(wr_text_starts(
	    desk_refusal(d, "support agree", "{'ref':'S1','agreed_by':'patient'}"), "refused: "));
	assert_string_equal(desk_refusal(d, "support add",
				"{'patient':'P1','name':'IVO HEATH S1','relation':'father',"
				"'sees':'time','agreed_by':'patient'}"),
	    "refused: this person may not be added for patient P1");
	desk_free(d);
}

static void test_person_of_two_patients_keeps_the_other_when_one_withdraws(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_admit(d, "P2");
	desk_must(d, "support add",
	    "{'ref':'S2','patient':'P2','name':'Ivo','relation':'advocate','sees':'time',"
	    "'agreed_by':'patient','person':'S1'}");
	desk_publish(d, "P2", "09:50");
	const char *link = desk_link(d, "person", "S1");
	assert_non_null(strstr(desk_feed(d, link), "T092500"));
	assert_non_null(strstr(desk_feed(d, link), "T095000"));
	desk_must(d, "support withdraw", "{'ref':'S1','yes':true}");
	assert_null(strstr(desk_feed(d, link), "T092500"));
	assert_non_null(strstr(desk_feed(d, link), "T095000"));
	desk_free(d);
}

static void test_person_says_yes_to_one_of_two_meetings_at_one_time(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "reply add", "{'support':'S1','slot':'s-1','answer':'person'}");
	assert_string_equal(
	    desk_says(d, "slot.replies.0.answer", "slot show", "{'slot':'s-1'}"), "person");
	desk_must(d, "reply add", "{'support':'S1','slot':'s-1','answer':'no'}");
	assert_string_equal(desk_says(d, "slot.supports.#", "slot show", "{'slot':'s-1'}"), "0");
	assert_string_equal(desk_says(d, "slot.revision", "slot show", "{'slot':'s-1'}"), "1");
	desk_free(d);
}

static void test_reply_of_somebody_not_invited_is_refused(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_admit(d, "P2");
	desk_support(d, "S2", "P2", "time");
	assert_true(wr_text_starts(
	    desk_refusal(d, "reply add", "{'support':'S2','slot':'s-1','answer':'person'}"),
	    "refused: "));
	desk_must(d, "support withdraw", "{'ref':'S1','yes':true}");
	assert_string_equal(
	    desk_refusal(d, "reply add", "{'support':'S1','slot':'s-1','answer':'person'}"),
	    "refused: support S1 is not invited");
	desk_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_suggested_support_is_told_nothing_until_agreed),
	    cmocka_unit_test(test_narrowing_to_nothing_acts_at_once_and_asks_nobody),
	    cmocka_unit_test(test_withdrawal_needs_a_yes_and_then_acts_at_once),
	    cmocka_unit_test(test_blocked_person_can_neither_be_added_nor_agreed),
	    cmocka_unit_test(test_person_of_two_patients_keeps_the_other_when_one_withdraws),
	    cmocka_unit_test(test_person_says_yes_to_one_of_two_meetings_at_one_time),
	    cmocka_unit_test(test_reply_of_somebody_not_invited_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
