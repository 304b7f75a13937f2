#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <string.h>

#include "wardround/plan.h"

/* A small instance with one part replaced. */
#define HEAD "{\"schema\":1,\"origin\":\"2026-11-30\","
#define SESSION                                                                                    \
	"{\"id\":\"k.shah.mon\",\"ward\":\"k\",\"consultant\":\"shah\",\"cell\":25,"               \
	"\"starts\":[540,565,590,615,660],\"kept\":[4]}"
#define OTHER                                                                                      \
	"{\"id\":\"k.osei.tue\",\"ward\":\"k\",\"consultant\":\"osei\",\"cell\":25,"               \
	"\"starts\":[2000]}"
#define INSTANCE(sessions, persons, patients)                                                      \
	HEAD "\"sessions\":[" sessions "],\"persons\":[" persons "],\"patients\":[" patients "]}"
#define PATIENT(id, more) "{\"id\":\"" id "\",\"ward\":\"k\",\"consultant\":\"shah\"" more "}"

static void expect(const char *json, const char *expected)
{
	struct wr_arena arena = {0};
	struct wr_buf seen = {0};
	struct wr_plan_mistakes mistakes = {0};
	struct wr_plan_instance *instance = NULL;
	int status = wr_plan_instance_read(&arena, json, strlen(json), &instance, &mistakes);
	for (size_t i = 0; i < mistakes.n; i++)
		wr_buf_printf(&seen, "%s: %s\n", mistakes.items[i].path, mistakes.items[i].text);
	assert_string_equal(wr_buf_text(&seen), expected);
	assert_int_equal(status, *expected ? WR_PLAN_BAD : 0);
	wr_buf_deinit(&seen);
	wr_arena_deinit(&arena);
}

static void test_instance_with_defaults_only_is_read(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	struct wr_plan_mistakes mistakes = {0};
	struct wr_plan_instance *instance;
	const char *json = INSTANCE(
	    SESSION, "{\"id\":\"cc1\"}", PATIENT("P01", ",\"supports\":[{\"person\":\"cc1\"}]"));
	assert_int_equal(
	    wr_plan_instance_read(&arena, json, strlen(json), &instance, &mistakes), 0);
	const struct wr_plan_patient *patient = &instance->patients[0];
	assert_int_equal(patient->slots, 1);
	assert_int_equal(patient->priority, 1);
	assert_int_equal(patient->not_after, 10080);
	assert_int_equal(patient->supports[0].weight, 1000);
	assert_int_equal(patient->supports[0].person_at, 0);
	assert_false(instance->persons[0].has_free);
	assert_int_equal(instance->weights.unplaced, 1000000);
	wr_arena_deinit(&arena);
}

static void test_every_mistake_is_told_in_one_run(void **state)
{
	(void)state;
	expect(INSTANCE(SESSION, "{\"id\":\"cc1\",\"free\":[[5,5]]}",
		   PATIENT("P01",
		       ",\"prefer\":\"morning\",\"slots\":null,\"priority\":4,"
		       "\"supports\":[{\"person\":\"cc2\"},{\"person\":\"cc1\",\"weight\":1.5}]")),
	    "patients[0].prefer: unknown key; did you mean \"prefers\"?\n"
	    "patients[0].slots: must be a whole number, not null\n"
	    "patients[0].supports[1].weight: must be a whole number, not a number with a fraction\n"
	    "persons[0].free[0]: the first must be less than the second\n"
	    "patients[0].priority: 4 is out of range: 1 to 3\n"
	    "patients[0].supports[0].person: there is no person \"cc2\"\n");
}

static void test_missing_keys_are_named(void **state)
{
	(void)state;
	expect("{}", "schema: is missing\norigin: is missing\nsessions: is missing\n"
		     "persons: is missing\npatients: is missing\n");
	expect(INSTANCE("{}", "{}", "{\"usual\":{}}"),
	    "sessions[0].id: is missing\nsessions[0].ward: is missing\n"
	    "sessions[0].consultant: is missing\nsessions[0].cell: is missing\n"
	    "sessions[0].starts: is missing\npersons[0].id: is missing\n"
	    "patients[0].id: is missing\npatients[0].ward: is missing\n"
	    "patients[0].consultant: is missing\npatients[0].usual.day: is missing\n"
	    "patients[0].usual.minute: is missing\n");
}

static void test_ids_are_unique(void **state)
{
	(void)state;
	expect(INSTANCE(SESSION "," SESSION, "{\"id\":\"a\"},{\"id\":\"a\"}",
		   PATIENT("P", "") "," PATIENT(
		       "P", ",\"supports\":[{\"person\":\"a\"},{\"person\":\"a\"}]")),
	    "sessions[1].id: \"k.shah.mon\" is used twice: each id only once\n"
	    "persons[1].id: \"a\" is used twice: each id only once\n"
	    "patients[1].id: \"P\" is used twice: each id only once\n"
	    "patients[1].supports[1].person: \"a\" is in the list twice\n");
}

static void test_sessions_must_be_possible(void **state)
{
	(void)state;
	expect(INSTANCE("{\"id\":\"s\",\"ward\":\"k\",\"consultant\":\"c\",\"cell\":25,"
			"\"starts\":[540,560,10060],\"kept\":[3,-1]}",
		   "", ""),
	    "sessions[0].starts[1]: starts must ascend by at least the length of a cell\n"
	    "sessions[0].starts[2]: the cell must lie within the week, 0 to 10080\n"
	    "sessions[0].kept[0]: there is no cell with this number\n"
	    "sessions[0].kept[1]: there is no cell with this number\n");
}

#define FIXED(session, cell) ",\"fixed\":{\"session\":\"" session "\",\"cell\":" cell "}"

static void test_fixed_places_must_be_possible(void **state)
{
	(void)state;
	expect(INSTANCE(SESSION "," OTHER, "",
		   PATIENT("A", FIXED("nowhere", "0")) "," PATIENT(
		       "B", FIXED("k.osei.tue", "0")) "," PATIENT("C",
		       FIXED("k.shah.mon", "5")) "," PATIENT("D",
		       ",\"slots\":2" FIXED("k.shah.mon", "3")) "," PATIENT("E",
		       ",\"slots\":2" FIXED("k.shah.mon", "0")) "," PATIENT("F",
		       FIXED("k.shah.mon",
			   "1")) ","
				 "{\"id\":\"G\",\"ward\":\"other\",\"consultant\":\"shah\"" FIXED(
				     "k.shah.mon", "2") "}"),
	    "patients[0].fixed.session: there is no session \"nowhere\"\n"
	    "patients[1].fixed.session: osei is neither the patient's consultant nor covers\n"
	    "patients[2].fixed.cell: 1 cells from here are out of range: the session has 5\n"
	    "patients[3].fixed.cell: the place lies across a gap\n"
	    "patients[6].fixed.session: \"k.shah.mon\" is a session of another ward, k\n"
	    "patients[5].fixed: shares a cell with the fixed place of E\n");
}

static void test_fixed_place_may_be_kept_late_and_away(void **state)
{
	(void)state;
	expect(INSTANCE(SESSION, "",
		   PATIENT("A", ",\"not_after\":10,\"away\":[[0,5000]]" FIXED("k.shah.mon", "4"))),
	    "");
}

static void test_published_session_may_be_gone(void **state)
{
	(void)state;
	expect(INSTANCE(SESSION, "",
		   PATIENT("A", ",\"published\":{\"session\":\"gone\",\"cell\":99,\"move\":500}")),
	    "");
}

static void test_what_is_not_json_is_told_with_its_line(void **state)
{
	(void)state;
	expect("[1,\n2,,]", ": not JSON, line 2 column 3: unexpected token near ','\n");
	expect("[]", ": must be an object, not a list\n");
	expect("{\"schema\":2}",
	    "schema: must be 1\norigin: is missing\nsessions: is missing\npersons: is missing\n"
	    "patients: is missing\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_instance_with_defaults_only_is_read),
	    cmocka_unit_test(test_every_mistake_is_told_in_one_run),
	    cmocka_unit_test(test_missing_keys_are_named),
	    cmocka_unit_test(test_ids_are_unique),
	    cmocka_unit_test(test_sessions_must_be_possible),
	    cmocka_unit_test(test_fixed_places_must_be_possible),
	    cmocka_unit_test(test_fixed_place_may_be_kept_late_and_away),
	    cmocka_unit_test(test_published_session_may_be_gone),
	    cmocka_unit_test(test_what_is_not_json_is_told_with_its_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
