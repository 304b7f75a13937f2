#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <string.h>

#include "ask_desk.h"

#define MOVE "{'slot':'s-1','to':'2026-11-30T09:50'," YES "}"

/* Three days before the slot: there is still time for another way. */
static struct built_desk *published(void)
{
	struct built_desk *d = desk_build("", "2026-11-25T14:00:00Z");
	desk_admit(d, "P1");
	desk_support(d, "S1", "P1", "time");
	desk_support(d, "S2", "P1", "all");
	desk_publish(d, "P1", "09:25");
	return d;
}

static void fetch(struct built_desk *d, const char *link, enum wr_agent agent, bool page)
{
	char token[WR_TOKEN_LINK + 1];
	wr_token_link(d->desk.ground->key, link, token);
	const struct wr_door *door = wr_doors_find(&d->desk.doors, token, WR_TOKEN_LINK);
	assert_non_null(door);
	wr_fetches_note(&d->desk, door->sight, agent, page);
}

static void pass_seconds(struct built_desk *d, int seconds)
{
	char text[WR_TIME_TEXT];
	desk_run_until(d, wr_time_utc(wr_clock_now(&d->desk.clock) + seconds, text));
}

/* "level revision ring" of one person in the list. */
static const char *unseen(struct built_desk *d, const char *who)
{
	json_t *answer = desk_ask(d, "unseen list", "{}");
	const char *words = "confirmed";
	size_t i;
	json_t *line;
	json_array_foreach (json_object_get(answer, "unseen"), i, line)
		if (strcmp(json_string_value(json_object_get(line, "who")), who) == 0)
			words = wr_arena_printf(&d->words, "%s %d %s",
			    json_string_value(json_object_get(line, "level")),
			    (int)json_integer_value(json_object_get(line, "revision")),
			    json_is_true(json_object_get(line, "ring")) ? "ring" : "-");
	json_decref(answer);
	return words;
}

static void test_calendar_that_fetched_the_revision_is_fetched(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *link = desk_link(d, "support", "S1");
	assert_string_equal(unseen(d, "S1"), "none 1 ring");
	fetch(d, link, WR_AGENT_CALENDAR, false);
	pass_seconds(d, 2);
	assert_string_equal(unseen(d, "S1"), "fetched 1 -");
	assert_string_equal(unseen(d, "S2"), "none 1 ring");
	assert_string_equal(unseen(d, "P1"), "none 1 ring");
	desk_free(d);
}

static void test_link_tells_when_and_by_what_it_was_last_fetched(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *link = desk_link(d, "support", "S1");
	assert_string_equal(desk_says(d, "links.0.fetched", "link list", "{}"), "");
	fetch(d, link, WR_AGENT_CALENDAR, false);
	fetch(d, link, WR_AGENT_CALENDAR, false);
	pass_seconds(d, 60);
	fetch(d, link, WR_AGENT_ROBOT, true);
	pass_seconds(d, 2);
	assert_string_equal(
	    desk_says(d, "links.0.fetched", "link list", "{}"), "2026-11-25T14:01:00Z");
	assert_string_equal(desk_says(d, "links.0.client", "link list", "{}"), "robot");
	assert_string_equal(desk_says(d, "links.0.fetches.1", "link list", "{}"),
	    "{\"at\":\"2026-11-25T14:00:00Z\",\"client\":\"calendar\","
	    "\"first\":\"2026-11-25T14:00:00Z\",\"slots\":[{\"revision\":1,\"slot\":\"s-1\"}],"
	    "\"times\":2,\"what\":\"calendar\"}");
	desk_free(d);
}

static void test_robot_browser_and_page_prove_nothing(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *link = desk_link(d, "support", "S1");
	fetch(d, link, WR_AGENT_ROBOT, false);
	fetch(d, link, WR_AGENT_BROWSER, false);
	fetch(d, link, WR_AGENT_UNKNOWN, false);
	fetch(d, link, WR_AGENT_CALENDAR, true);
	pass_seconds(d, 2);
	assert_string_equal(unseen(d, "S1"), "none 1 ring");
	assert_string_equal(desk_says(d, "links.0.fetches.#", "link list", "{}"), "4");
	desk_free(d);
}

static void test_what_was_fetched_before_a_change_says_nothing_of_the_change(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *link = desk_link(d, "support", "S1");
	fetch(d, link, WR_AGENT_CALENDAR, false);
	desk_must(d, "slot move", MOVE); /* before it was written */
	pass_seconds(d, 2);
	assert_string_equal(unseen(d, "S1"), "none 2 ring");
	fetch(d, link, WR_AGENT_CALENDAR, false);
	pass_seconds(d, 2);
	assert_string_equal(unseen(d, "S1"), "fetched 2 -");
	assert_string_equal(desk_says(d, "fetches.#", "link fetches", "{'id':'%s'}", link), "2");
	assert_string_equal(
	    desk_says(d, "fetches.1.slots.0.revision", "link fetches", "{'id':'%s'}", link), "1");
	desk_free(d);
}

static void test_the_last_one_of_several_in_one_second_stands_first(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *link = desk_link(d, "support", "S1");
	static const char *const places[] = {"09:50", "09:00", "09:50", "09:00", "09:25"};
	fetch(d, link, WR_AGENT_CALENDAR, false);
	for (size_t i = 0; i < WR_COUNT(places); i++) {
		desk_must(d, "slot move", "{'slot':'s-1','to':'2026-11-30T%s'," YES "}", places[i]);
		fetch(d, link, WR_AGENT_CALENDAR, false);
	}
	pass_seconds(d, 2);
	for (int i = 0; i < 6; i++)
		assert_string_equal(
		    desk_says(d, wr_arena_printf(&d->words, "fetches.%d.slots.0.revision", i),
			"link fetches", "{'id':'%s'}", link),
		    wr_arena_printf(&d->words, "%d", 6 - i));
	desk_free(d);
}

static void test_close_to_the_slot_only_confirmed_counts(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *link = desk_link(d, "support", "S1");
	fetch(d, link, WR_AGENT_CALENDAR, false);
	desk_run_by(d, desk_time("2026-11-28T09:24:00Z"), 3600);
	assert_string_equal(unseen(d, "S1"), "fetched 1 -");
	desk_run_by(d, desk_time("2026-11-28T09:25:00Z"), 60);
	assert_string_equal(unseen(d, "S1"), "fetched 1 ring");
	desk_must(d, "unseen tick", "{'support':'S1','slot':'s-1','how':'on the phone'}");
	assert_string_equal(unseen(d, "S1"), "confirmed");
	desk_must(d, "slot move", MOVE);
	assert_string_equal(unseen(d, "S1"), "none 2 ring");
	desk_free(d);
}

static void test_reply_confirms_the_revision_it_answers(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "reply add", "{'support':'S2','slot':'s-1','answer':'person'}");
	assert_string_equal(unseen(d, "S2"), "confirmed");
	desk_must(d, "slot move", MOVE);
	assert_string_equal(unseen(d, "S2"), "none 2 ring");
	desk_free(d);
}

static void test_whose_calendar_showed_a_slot_has_to_know_that_it_is_off(void **state)
{
	(void)state;
	struct built_desk *d = published();
	fetch(d, desk_link(d, "support", "S1"), WR_AGENT_CALENDAR, false);
	pass_seconds(d, 2);
	desk_must(d, "slot cancel", "{'slot':'s-1','why':'patient-declined'," YES "}");
	assert_string_equal(unseen(d, "S1"), "none 2 ring");
	assert_string_equal(unseen(d, "S2"), "confirmed"); /* not on the list: never heard of it */
	desk_free(d);
}

static void test_link_of_a_person_is_heard_by_each_of_their_patients_supports(void **state)
{
	(void)state;
	struct built_desk *d = desk_build("", "2026-11-25T14:00:00Z");
	desk_admit(d, "P1");
	desk_admit(d, "P2");
	desk_support(d, "S1", "P1", "time");
	desk_must(d, "support add",
	    "{'ref':'S2','patient':'P2','name':'Ivo Heath S1','relation':'advocate','sees':'time',"
	    "'agreed_by':'patient','person':'S1'}");
	desk_publish(d, "P1", "09:25");
	desk_publish(d, "P2", "09:50");
	const char *person = desk_says(d, "supports.0.person", "support list", "{'patient':'P2'}");
	fetch(d, desk_link(d, "person", person), WR_AGENT_CALENDAR, false);
	pass_seconds(d, 2);
	assert_string_equal(unseen(d, "S1"), "fetched 1 -");
	assert_string_equal(unseen(d, "S2"), "fetched 1 -");
	desk_free(d);
}

static void test_links_of_staff_say_what_they_saw_and_nobody_heard(void **state)
{
	(void)state;
	struct built_desk *d = published();
	fetch(d, desk_link(d, "consultant", "shah"), WR_AGENT_CALENDAR, false);
	pass_seconds(d, 2);
	assert_string_equal(
	    desk_says(d, "links.0.fetches.0.slots.0.slot", "link list", "{}"), "s-1");
	assert_string_equal(unseen(d, "P1"), "none 1 ring");
	assert_string_equal(unseen(d, "S1"), "none 1 ring");
	desk_free(d);
}

static void test_link_ends_a_fortnight_after_discharge_and_says_so(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_link(d, "support", "S1");
	assert_string_equal(desk_says(d, "links.0.state", "link list", "{}"), "open");
	desk_must(d, "patient discharge", "{'ref':'P1','yes':true}");
	assert_string_equal(desk_says(d, "links.0.state", "link list", "{}"), "ended");
	assert_string_equal(
	    desk_says(d, "links.0.expires", "link list", "{}"), "2026-12-09T14:00:00Z");
	desk_run_by(d, desk_time("2026-12-09T14:00:00Z"), 43200);
	assert_string_equal(desk_says(d, "links.0.state", "link list", "{}"), "expired");
	desk_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_calendar_that_fetched_the_revision_is_fetched),
	    cmocka_unit_test(test_link_tells_when_and_by_what_it_was_last_fetched),
	    cmocka_unit_test(test_robot_browser_and_page_prove_nothing),
	    cmocka_unit_test(test_what_was_fetched_before_a_change_says_nothing_of_the_change),
	    cmocka_unit_test(test_the_last_one_of_several_in_one_second_stands_first),
	    cmocka_unit_test(test_close_to_the_slot_only_confirmed_counts),
	    cmocka_unit_test(test_reply_confirms_the_revision_it_answers),
	    cmocka_unit_test(test_whose_calendar_showed_a_slot_has_to_know_that_it_is_off),
	    cmocka_unit_test(test_link_of_a_person_is_heard_by_each_of_their_patients_supports),
	    cmocka_unit_test(test_links_of_staff_say_what_they_saw_and_nobody_heard),
	    cmocka_unit_test(test_link_ends_a_fortnight_after_discharge_and_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
