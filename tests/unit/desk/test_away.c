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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cover_takes_over_published_slots_where_they_are),
	    cmocka_unit_test(test_nothing_moves_when_a_consultant_is_away_and_somebody_is_asked),
	    cmocka_unit_test(test_proposal_stands_while_nothing_about_it_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
