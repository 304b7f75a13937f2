#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <string.h>

#include "ask_desk.h"

/* Two wards under one roof: Kingsley (shah, Mondays 09:00-12:40), and Melbury where nowak leads. */

#define MELBURY(times)                                                                             \
	"consultant nowak { name = \"Dr Ewa Nowak\" }\n"                                           \
	"ward melbury {\n name = \"Melbury Ward\"\n timezone = \"Europe/London\"\n beds = 10\n"    \
	" contact-phone = \"01632 960010\"\n plan = \"by hand\"\n publish = \"by hand\"\n"         \
	" round nowak {\n  consultant = \"nowak\"\n  days = { \"Monday\" }\n" times                \
	"  slot = \"25 minutes\"\n  changeover = \"5 minutes\"\n  room = \"Library\"\n }\n}\n"
#define WEEK(ward) "{'ward':'" ward "','week':'2026-W49'}"

static void admit_at_melbury(struct built_desk *d, const char *ref)
{
	desk_must(d, "patient admit",
	    "{'ref':'%s','name':'%s','ward':'melbury','consultant':'nowak',"
	    "'admitted':'2026-11-25T09:00'}",
	    ref, ref);
}

static const char *starts_of(struct built_desk *d, const char *ward, const char *week)
{
	struct wr_buf buf = {0};
	json_t *answer = desk_ask(d, "session list", "{'ward':'%s','week':'%s'}", ward, week);
	json_t *sessions = json_object_get(answer, "sessions"), *session, *start;
	size_t i, k;
	json_array_foreach (sessions, i, session) {
		wr_buf_printf(
		    &buf, "%s", json_string_value(json_object_get(session, "consultant")));
		json_array_foreach (json_object_get(session, "starts"), k, start)
			wr_buf_printf(&buf, " %.5s", json_string_value(start) + 11);
	}
	json_decref(answer);
	const char *text = wr_arena_strdup(&d->words, wr_buf_text(&buf));
	wr_buf_deinit(&buf);
	return text;
}

static void test_cover_gives_way_to_a_session_on_another_ward(void **state)
{
	(void)state;
	struct built_desk *d =
	    desk_build(MELBURY("from = \"09:00\"\n  to = \"10:15\"\n"), "2026-11-27T10:00:00Z");
	desk_admit(d, "P1");
	admit_at_melbury(d, "P2");
	assert_string_equal(desk_says(d, "warnings.0", "away add",
				"{'consultant':'shah','cover':'nowak','from':'2026-11-30T00:00',"
				"'to':'2026-12-01T00:00','why':'course'}"),
	    "consultant nowak leads session melbury.nowak.2026-11-30 at the time of session "
	    "kingsley.shah.2026-11-30, which loses those cells");
	assert_string_equal(
	    starts_of(d, "kingsley", "2026-W49"), "nowak 10:15 11:00 11:25 11:50 12:15");
	assert_string_equal(starts_of(d, "melbury", "2026-W49"), "nowak 09:00 09:25 09:50");
	desk_must(d, "plan make", WEEK("kingsley"));
	desk_must(d, "plan make", WEEK("melbury"));
	desk_must(d, "plan publish", WEEK("kingsley"));
	desk_must(d, "plan publish", WEEK("melbury"));
	assert_string_equal(desk_says(d, "slots.#", "slot list", "{'week':'2026-W49'}"), "2");
	desk_free(d);
}

/* Somebody who supports a patient on each ward, and can only come on Monday from 9 to 10. */
static void share_somebody(struct built_desk *d)
{
	desk_admit(d, "P1");
	admit_at_melbury(d, "P2");
#define SHARED                                                                                     \
	"'relation':'advocate','sees':'time','agreed_by':'patient','person':'cc',"                 \
	"'free':['Mon 09:00-09:50']"
	desk_must(d, "support add", "{'ref':'S1','patient':'P1','name':'Kim'," SHARED "}");
	desk_must(
	    d, "support add", "{'ref':'S2','patient':'P2','name':'Kim','chosen':true," SHARED "}");
}

static const char *slot_of(struct built_desk *d, const char *patient)
{
	const char *at = desk_says(d, "slots.0.start", "slot list", "{'patient':'%s'}", patient);
	return wr_arena_printf(&d->words, "%.5s %s", strlen(at) > 11 ? at + 11 : at,
	    desk_says(d, "slots.0.supports", "slot list", "{'patient':'%s'}", patient));
}

static void test_whoever_published_first_keeps_a_shared_person(void **state)
{
	(void)state;
	struct built_desk *d =
	    desk_build(MELBURY("from = \"09:00\"\n  to = \"09:25\"\n"), "2026-11-27T10:00:00Z");
	share_somebody(d);
	desk_must(d, "plan make", WEEK("kingsley"));
	desk_must(d, "plan make", WEEK("melbury"));
	assert_string_equal(slot_of(d, "P1"), "09:00 [\"S1\"]");
	assert_string_equal(slot_of(d, "P2"), "09:00 [\"S2\"]"); /* drafts hold nobody */
	desk_must(d, "plan publish", WEEK("kingsley"));
	desk_must(d, "plan publish", WEEK("melbury"));
	assert_string_equal(slot_of(d, "P1"), "09:00 [\"S1\"]");
	assert_string_equal(slot_of(d, "P2"), "09:00 []");
	assert_string_equal(desk_promise(d, 2), "kept");
	desk_free(d);
}

static void test_wards_that_publish_together_share_a_person_as_suits_both(void **state)
{
	(void)state;
	struct built_desk *d = desk_build_weekly(
	    MELBURY("from = \"09:00\"\n  to = \"09:25\"\n"), "2026-11-23T10:00:00Z");
	desk_run_by(d, desk_time("2026-11-23T10:02:00Z"), 60);
	share_somebody(d);
	desk_run_by(d, desk_time("2026-11-24T12:02:00Z"), 3600);
	assert_string_equal(slot_of(d, "P1"), "09:25 [\"S1\"]"); /* the other place costs no more */
	assert_string_equal(slot_of(d, "P2"), "09:00 [\"S2\"]");
	desk_must(d, "patient edit", "{'ref':'P1','label':'Tea'}"); /* both are planned again */
	assert_string_equal(slot_of(d, "P2"), "09:00 [\"S2\"]");
	desk_run_by(d, desk_time("2026-11-25T16:02:00Z"), 3600);
	assert_string_equal(slot_of(d, "P1"), "09:25 [\"S1\"]");
	assert_string_equal(slot_of(d, "P2"), "09:00 [\"S2\"]");
	/* two days late by the hour of admission, and the second cell of the list */
	assert_string_equal(desk_says(d, "plan.status", "plan show", WEEK("melbury")), "optimal");
	assert_string_equal(desk_says(d, "plan.cost", "plan show", WEEK("melbury")), "120");
	assert_string_equal(desk_says(d, "plan.cost", "plan show", WEEK("kingsley")), "121");
	assert_string_equal(desk_promise(d, 2), "kept");
	desk_free(d);
}

static void test_what_two_wards_missed_is_made_and_published_together(void **state)
{
	(void)state;
	struct built_desk *d = desk_build_weekly(
	    MELBURY("from = \"09:00\"\n  to = \"09:25\"\n"), "2026-11-23T10:00:00Z");
	share_somebody(d);
	desk_run_by(d, desk_time("2026-11-26T10:00:00Z"), 3 * 86400);
	desk_run_by(d, desk_time("2026-11-26T10:02:00Z"), 60);
	assert_string_equal(slot_of(d, "P1"), "09:25 [\"S1\"]");
	assert_string_equal(slot_of(d, "P2"), "09:00 [\"S2\"]");
	assert_string_equal(
	    desk_says(d, "slots.0.state", "slot list", "{'patient':'P2'}"), "published");
	desk_free(d);
}

static void test_session_is_not_given_to_somebody_who_leads_another_then(void **state)
{
	(void)state;
	struct built_desk *d =
	    desk_build(MELBURY("from = \"09:00\"\n  to = \"10:15\"\n"), "2026-11-27T10:00:00Z");
	assert_string_equal(
	    desk_refusal(d, "session cover", "{'id':'kingsley.shah.2026-11-30','by':'nowak'}"),
	    "refused: consultant nowak leads session melbury.nowak.2026-11-30 then");
	assert_string_equal(starts_of(d, "kingsley", "2026-W49"),
	    "shah 09:00 09:25 09:50 10:15 11:00 11:25 11:50 12:15");
	desk_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cover_gives_way_to_a_session_on_another_ward),
	    cmocka_unit_test(test_whoever_published_first_keeps_a_shared_person),
	    cmocka_unit_test(test_wards_that_publish_together_share_a_person_as_suits_both),
	    cmocka_unit_test(test_what_two_wards_missed_is_made_and_published_together),
	    cmocka_unit_test(test_session_is_not_given_to_somebody_who_leads_another_then),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
