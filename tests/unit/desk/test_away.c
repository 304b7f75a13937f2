#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <string.h>

#include "ask_desk.h"

#define MONDAY "'from':'2026-11-30T00:00','to':'2026-12-01T00:00','why':'course'"
#define OF_WEEK "{'ward':'kingsley','week':'2026-W49','yes':true}"

static struct built_desk *published_week(void)
{
	struct built_desk *d = desk_build_sample("", "2026-11-23T08:00:00Z");
	desk_must(d, "plan make", OF_WEEK);
	desk_must(d, "plan publish", OF_WEEK);
	return d;
}

static const char *first_on_monday(struct built_desk *d, const char *what)
{
	char path[64];
	snprintf(path, sizeof(path), "slots.0.%s", what);
	return desk_says(
	    d, path, "slot list", "{'from':'2026-11-30T00:00','to':'2026-12-01T00:00'}");
}

static void test_cover_takes_over_published_slots_where_they_are(void **state)
{
	(void)state;
	struct built_desk *d = published_week();
	assert_string_equal(first_on_monday(d, "consultant"), "shah");
	desk_must(d, "away add", "{'consultant':'shah','cover':'osei'," MONDAY "}");
	assert_string_equal(first_on_monday(d, "consultant"), "osei");
	assert_string_equal(first_on_monday(d, "revision"), "1");
	const char *away = desk_says(d, "away.0.id", "away list", "{}");
	for (int i = 0; strcmp(away, ""); i++) {
		char path[32];
		snprintf(path, sizeof(path), "away.%d.cover", i);
		if (strcmp(desk_says(d, path, "away list", "{}"), "osei") == 0)
			break;
		snprintf(path, sizeof(path), "away.%d.id", i + 1);
		away = desk_says(d, path, "away list", "{}");
	}
	desk_must(d, "away remove", "{'id':'%s'}", away);
	assert_string_equal(first_on_monday(d, "consultant"), "shah");
	desk_free(d);
}

static void test_nothing_moves_when_a_consultant_is_away_and_somebody_is_asked(void **state)
{
	(void)state;
	struct built_desk *d = published_week();
	const char *start = first_on_monday(d, "start");
	desk_must(d, "away add", "{'consultant':'shah'," MONDAY "}");
	assert_string_equal(first_on_monday(d, "start"), start);
	assert_string_equal(first_on_monday(d, "state"), "published");
	assert_string_equal(desk_says(d, "tasks.#", "task list", "{}"), "1");
	desk_free(d);
}

static void test_proposal_stands_while_nothing_about_it_changes(void **state)
{
	(void)state;
	struct built_desk *d = published_week();
	const char *patient = first_on_monday(d, "patient");
	desk_must(d, "away add",
	    "{'patient':'%s','from':'%s','to':'2026-11-30T23:00','why':'leave'}", patient,
	    first_on_monday(d, "start"));
	const char *task = desk_says(d, "tasks.0.id", "task list", "{}");
	assert_string_not_equal(task, "");
	desk_must(d, "patient edit", "{'ref':'P20','nurse':'Ann'}");
	assert_string_equal(desk_says(d, "tasks.0.id", "task list", "{}"), task);
	desk_free(d);
}

static void be_away(struct built_desk *d, const char *patient, const char *to)
{
	desk_must(d, "away add",
	    "{'patient':'%s','from':'2026-11-30T08:00','to':'%s','why':'leave'}", patient, to);
}

static const char *open_proposal(struct built_desk *d)
{
	json_t *answer = desk_ask(d, "task list", "{}"), *task;
	const char *id = "";
	size_t i;
	json_array_foreach (json_object_get(answer, "tasks"), i, task)
		if (strcmp(json_string_value(json_object_get(task, "kind")), "proposal") == 0)
			id = wr_arena_strdup(
			    &d->words, json_string_value(json_object_get(task, "id")));
	json_decref(answer);
	return id;
}

static void test_a_no_stands_until_what_it_is_about_changes(void **state)
{
	(void)state;
	struct built_desk *d = published_week();
	const char *patient = first_on_monday(d, "patient");
	be_away(d, patient, "2026-11-30T23:00");
	assert_string_not_equal(open_proposal(d), "");
	desk_must(d, "task decline", "{'id':'%s'}", open_proposal(d));
	assert_string_equal(open_proposal(d), "");
	desk_must(d, "patient edit", "{'ref':'P20','prefers':'afternoon'}"); /* somebody else's */
	assert_string_equal(open_proposal(d), "");
	desk_run_by(d, desk_time("2026-11-26T15:00:00Z"), 3600);
	desk_must(d, "patient edit", "{'ref':'P20','prefers':'none'}");
	assert_string_equal(open_proposal(d), "");
	desk_must(d, "patient edit", "{'ref':'%s','prefers':'afternoon'}", patient);
	assert_string_not_equal(open_proposal(d), "");
	desk_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cover_takes_over_published_slots_where_they_are),
	    cmocka_unit_test(test_nothing_moves_when_a_consultant_is_away_and_somebody_is_asked),
	    cmocka_unit_test(test_proposal_stands_while_nothing_about_it_changes),
	    cmocka_unit_test(test_a_no_stands_until_what_it_is_about_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
