#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <stdlib.h>

#include "build_day.h"

/* The list as text: a line each, and what belongs to it indented. */
static const char *drawn(struct built_day *b)
{
	struct wr_day_line *lines = NULL;
	struct wr_buf text = {0};
	size_t n = 0;
	wr_day_list_make(&b->arena, b->zone, b->sources, b->n, &lines, &n);
	for (size_t i = 0; i < n; i++) {
		wr_buf_printf(&text, "%s | %s | %s | %s", lines[i].time, lines[i].bed,
		    lines[i].name, lines[i].state);
		if (lines[i].late)
			wr_buf_printf(&text, " | %s", lines[i].late);
		if (lines[i].absent)
			wr_buf_printf(&text, " | %s", lines[i].absent);
		wr_buf_putc(&text, '\n');
		for (size_t k = 0; k < lines[i].n_guests; k++) {
			const struct wr_day_guest *guest = &lines[i].guests[k];
			wr_buf_printf(&text, "  %c %s%s%s\n", "+?-"[guest->coming], guest -> text,
			    guest -> note ? " / " : "", guest->note ? guest->note : "");
		}
		for (size_t k = 0; k < lines[i].n_questions; k++)
			wr_buf_printf(&text, "  \"%s\"\n", lines[i].questions[k]);
	}
	const char *copy = wr_arena_strdup(&b->arena, wr_buf_text(&text));
	wr_buf_deinit(&text);
	return copy;
}

static void test_lines_stand_in_order_with_state_and_bed(void **state)
{
	(void)state;
	struct built_day *b = build_day("A 7 09:50 published\n"
					"B 12a 09:00 held\n"
					"C - 09:25 started\n"
					"D Side 10:15 missed\n"
					"E 3 11:00 draft\n");
	assert_string_equal(drawn(b), "9:00am to 9:20am | Bed 12a | Patient B | Seen\n"
				      "9:25am to 9:45am | No bed | Patient C | Now\n"
				      "9:50am to 10:10am | Bed 7 | Patient A | To come\n"
				      "10:15am to 10:35am | Side | Patient D | Missed\n");
	free_day(b);
}

static void test_cancelled_slot_stands_there_until_its_place_or_patient_has_another(void **state)
{
	(void)state;
	struct built_day *b = build_day("A 7 09:00 cancelled\n"
					"B 8 09:25 cancelled\n"
					"C 9 09:25 published\n"
					"D 5 11:00 cancelled\n"
					"E 5 11:25 published\n"
					"F 6 12:15 cancelled\n");
	b->slots[4].patient = "D";
	b->patients[5].discharged = b->slots[0].start;
	assert_string_equal(drawn(b), "9:00am to 9:20am | Bed 7 | Patient A | Cancelled\n"
				      "9:25am to 9:45am | Bed 9 | Patient C | To come\n"
				      "11:25am to 11:45am | Bed 5 | Patient E | To come\n");
	free_day(b);
}

static const struct wr_support dev = {
    .name = "Dev Anand", .relation = "brother", .attends = WR_ATTENDS_PHONE};
static const struct wr_support lena = {.name = "Lena Moss", .relation = "partner"};
static const struct wr_support ola = {.name = "Ola Berg", .relation = ""};

static void add_people(struct built_day *b)
{
	static const struct wr_reply video = {
	    .answer = WR_ANSWER_VIDEO, .note = "Can't hear well", .revision = 1};
	static const struct wr_reply no = {.answer = WR_ANSWER_NO, .revision = 1};
	static const struct wr_day_support people[] = {
	    {&dev, NULL, true}, {&lena, &video, true}, {&ola, &no, false}};
	static const char *const questions[] = {"When can I go home?"};
	b->sources[0].supports = people;
	b->sources[0].n_supports = WR_COUNT(people);
	b->sources[0].questions = questions;
	b->sources[0].n_questions = 1;
}

static void test_it_says_who_comes_how_and_what_they_want_to_say(void **state)
{
	(void)state;
	struct built_day *b = build_day("A 7 09:00 published\n");
	add_people(b);
	assert_string_equal(drawn(b), "9:00am to 9:20am | Bed 7 | Patient A | To come\n"
				      "  ? Dev Anand (brother): by phone, not answered yet\n"
				      "  + Lena Moss (partner): by video / Can't hear well\n"
				      "  - Ola Berg: can't come\n"
				      "  \"When can I go home?\"\n");
	b->slots[0].revision = 2;
	assert_string_equal(drawn(b),
	    "9:00am to 9:20am | Bed 7 | Patient A | To come\n"
	    "  ? Dev Anand (brother): by phone, not answered yet\n"
	    "  + Lena Moss (partner): by video, answered for the old time / Can't hear well\n"
	    "  - Ola Berg: can't come, answered for the old time\n"
	    "  \"When can I go home?\"\n");
	free_day(b);
}

static void test_restricted_stay_has_a_bed_and_a_number_and_no_names(void **state)
{
	(void)state;
	struct built_day *b = build_day("A 7 09:00 published\n");
	add_people(b);
	b->patients[0].restricted = true;
	assert_string_equal(drawn(b), "9:00am to 9:20am | Bed 7 | Restricted | To come\n"
				      "  ? 2 people come\n");
	free_day(b);
}

static void test_what_is_off_names_nobody_who_would_have_come(void **state)
{
	(void)state;
	struct built_day *b = build_day("A 7 09:00 missed\n");
	add_people(b);
	assert_string_equal(drawn(b), "9:00am to 9:20am | Bed 7 | Patient A | Missed\n");
	free_day(b);
}

static void test_late_round_says_from_when_on(void **state)
{
	(void)state;
	static const struct wr_session_change late = {.late_minutes = 20};
	struct built_day *b = build_day("A 7 09:00 held\nB 8 09:25 published\n");
	b->sources[0].change = b->sources[1].change = &late;
	assert_string_equal(drawn(b), "9:00am to 9:20am | Bed 7 | Patient A | Seen\n"
				      "9:25am to 9:45am | Bed 8 | Patient B | To come | "
				      "About 20 minutes late, not before 9:45am\n");
	free_day(b);
}

static void test_who_is_not_here_is_said_until_the_slot_has_begun(void **state)
{
	(void)state;
	struct built_day *b =
	    build_day("A 7 09:00 published\nB 8 09:25 published\nC 9 09:50 held\n");
	b->patients[0].hold_why = b->patients[1].hold_why = "another hospital";
	b->patients[2].hold_why = "another hospital";
	b->patients[1].restricted = true;
	assert_string_equal(drawn(b),
	    "9:00am to 9:20am | Bed 7 | Patient A | To come | Not here for now: another hospital\n"
	    "9:25am to 9:45am | Bed 8 | Restricted | To come | Not here for now\n"
	    "9:50am to 10:10am | Bed 9 | Patient C | Seen\n");
	free_day(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines_stand_in_order_with_state_and_bed),
	    cmocka_unit_test(
		test_cancelled_slot_stands_there_until_its_place_or_patient_has_another),
	    cmocka_unit_test(test_it_says_who_comes_how_and_what_they_want_to_say),
	    cmocka_unit_test(test_restricted_stay_has_a_bed_and_a_number_and_no_names),
	    cmocka_unit_test(test_what_is_off_names_nobody_who_would_have_come),
	    cmocka_unit_test(test_late_round_says_from_when_on),
	    cmocka_unit_test(test_who_is_not_here_is_said_until_the_slot_has_begun),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
