/*
 * A patient's page: what it shows in each state, and what it never shows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ask_desk.h"
#include "desk/people/patient_forms.h"
#include "desk/people/patient_page.h"

static struct wr_patient_view view;
static struct wr_buf html;

static int draw(struct wr_use *use)
{
	wr_buf_clear(&html);
	return wr_patient_page(use, &view, &html);
}

/* The page of a patient; "" when there is none any more. */
static const char *page(struct built_desk *d, const char *patient)
{
	view = (struct wr_patient_view){.patient = patient, .action = "/f/TOKEN"};
	json_decref(desk_use(d, draw, json_object()));
	return view.ended ? "" : wr_arena_strdup(&d->words, wr_buf_text(&html));
}

/* After a form that was refused. */
static const char *page_again(struct built_desk *d, const char *form, json_t *typed)
{
	view = (struct wr_patient_view){.patient = "P1",
	    .action = "/f/TOKEN",
	    .form = form,
	    .typed = typed,
	    .wrong = "No, not so."};
	json_decref(desk_use(d, draw, json_object()));
	json_decref(typed);
	return wr_arena_strdup(&d->words, wr_buf_text(&html));
}

static void must(struct built_desk *d, wr_use_case run, json_t *args)
{
	json_t *answer = desk_use(d, run, args);
	assert_null(json_object_get(answer, "error"));
	json_decref(answer);
}

#define HAS(text, part) assert_non_null(strstr(text, part))
#define LACKS(text, part) assert_null(strstr(text, part))

static struct built_desk *published_at(const char *now)
{
	struct built_desk *d = desk_build("", now);
	desk_admit(d, "P1");
	desk_support(d, "S1", "P1", "time");
	desk_admit(d, "P2");
	desk_support(d, "S2", "P2", "all");
	desk_publish(d, "P1", "09:25");
	desk_publish(d, "P2", "09:50");
	return d;
}

static struct built_desk *published(void)
{
	return published_at("2026-11-27T10:00:00Z");
}

static void test_page_says_when_and_why_and_who_comes(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "reply add", "{'support':'S1','slot':'s-1','answer':'phone'}");
	const char *said = page(d, "P1");
	HAS(said, "Monday 30 November 2026");
	HAS(said, "9:25am to 9:45am");
	HAS(said, "Your father can come then.");
	HAS(said, "Ivo Heath S1");
	HAS(said, "Is joining by phone");
	HAS(said, "Sees when it is, and nothing else.");
	HAS(said, "I have seen this");
	LACKS(said, "How was your ward round?");
	desk_free(d);
}

static void test_page_names_nobody_but_the_patients_own_people(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "reply add",
	    "{'support':'S1','slot':'s-1','answer':'person','note':'for staff only'}");
	desk_must(d, "task done", "{'id':'t-1','note':'a note of staff'}");
	const char *said = page(d, "P1");
	LACKS(said, "S2");
	LACKS(said, "P2");
	LACKS(said, "9:50");
	LACKS(said, "for staff only");
	LACKS(said, "a note of staff");
	LACKS(said, "cost");
	desk_free(d);
}

static void test_seen_is_asked_until_the_revision_is_confirmed(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "unseen tick", "{'patient':'P1','slot':'s-1','how':'said in person'}");
	LACKS(page(d, "P1"), "I have seen this");
	desk_must(d, "slot move", "{'slot':'s-1','to':'2026-11-30T10:15',%s}", YES);
	const char *said = page(d, "P1");
	HAS(said, "I have seen this");
	HAS(said, "Before that it was Monday 30 November 2026, 9:25am.");
	desk_free(d);
}

static void test_page_follows_consent(void **state)
{
	(void)state;
	struct built_desk *d = published();
	must(d, wr_case_patient_ask,
	    json_pack("{s:s, s:s, s:s, s:s}", "patient", "P1", "what", "sees", "support", "S1",
		"sees", "place"));
	HAS(page(d, "P1"), "You asked that this person may see: When and where it is.");
	HAS(page(d, "P1"), "Waiting: staff have not dealt with this yet.");
	desk_must(d, "task done", "{'id':'t-1'}");
	HAS(page(d, "P1"), "Sees when and where it is, and nothing else.");
	HAS(page(d, "P1"), "Done on Friday 27 November 2026, 10:00am.");
	must(d, wr_case_patient_ask,
	    json_pack("{s:s, s:s, s:s}", "patient", "P1", "what", "uninvite", "support", "S1"));
	const char *said = page(d, "P1");
	HAS(said, "Nobody is invited.");
	HAS(said, "Nobody else is coming yet.");
	HAS(said, "Nobody else has said that they want to come.");
	desk_free(d);
}

static void test_suggested_person_is_shown_as_not_invited(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "support add",
	    "{'ref':'S3','patient':'P1','name':'Ann Vale','relation':'aunt','sees':'all'}");
	const char *said = page(d, "P1");
	HAS(said, "Ann Vale (aunt)");
	HAS(said, "Is not invited. Staff have suggested this person");
	desk_free(d);
}

static void test_cancelled_round_is_said_to_be_off(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "slot cancel", "{'slot':'s-1',%s}", YES);
	const char *said = page(d, "P1");
	HAS(said, "Your ward round on Monday 30 November 2026, 9:25am does not take place.");
	HAS(said, "Your next ward round is not planned yet.");
	LACKS(said, "clinic");
	desk_free(d);
}

static void test_late_session_is_said_with_its_earliest_time(void **state)
{
	(void)state;
	struct built_desk *d = published_at("2026-11-30T08:50:00Z");
	desk_must(d, "session late", "{'id':'kingsley.shah.2026-11-30','minutes':20}");
	HAS(page(d, "P1"), "Running about 20 minutes late: not before 9:45am.");
	desk_free(d);
}

static void test_page_on_hold_expected_and_ended(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "patient hold", "{'ref':'P1','why':'absent without leave'}");
	const char *said = page(d, "P1");
	HAS(said, "You are not on the ward at the moment.");
	LACKS(said, "absent");
	desk_must(d, "patient release", "{'ref':'P1'}");
	desk_must(d, "patient admit",
	    "{'ref':'P3','ward':'kingsley','name':'Dee Lund','consultant':'shah',"
	    "'admitted':'2026-12-04T10:00'}");
	HAS(page(d, "P3"), "You are not on the ward yet.");
	desk_must(d, "patient edit", "{'ref':'P1','restricted':true}");
	assert_string_equal(page(d, "P1"), "");
	desk_must(d, "patient discharge", "{'ref':'P2',%s}", YES);
	assert_string_equal(page(d, "P2"), "");
	desk_must(d, "patient discharge", "{'ref':'P3','died':true,%s}", YES);
	assert_string_equal(page(d, "P3"), "");
	desk_free(d);
}

static void test_feedback_is_asked_after_the_round_and_once(void **state)
{
	(void)state;
	struct built_desk *d = published_at("2026-11-30T09:00:00Z");
	desk_run_until(d, "2026-11-30T09:26:00Z");
	must(d, wr_case_patient_questions,
	    json_pack("{s:s, s:s}", "patient", "P1", "text", "When can I go home?"));
	HAS(page(d, "P1"), "Take this question out");
	desk_must(d, "slot start", "{'slot':'s-1'}");
	HAS(page(d, "P1"), "The team has these questions.");
	LACKS(page(d, "P1"), "Take this question out");
	LACKS(page(d, "P1"), "How was your ward round?");
	desk_must(d, "slot finish", "{'slot':'s-1'}");
	HAS(page(d, "P1"), "How was your ward round?");
	must(d, wr_case_patient_feedback,
	    json_pack("{s:s, s:s, s:s}", "patient", "P1", "slot", "s-1", "heard", "yes"));
	LACKS(page(d, "P1"), "How was your ward round?");
	desk_free(d);
}

static void test_page_speaks_the_patients_language(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "reply add", "{'support':'S1','slot':'s-1','answer':'phone'}");
	desk_must(d, "patient edit", "{'ref':'P1','language':'cy'}");
	const char *said = page(d, "P1");
	HAS(said, "<html lang=\"cy\" dir=\"ltr\">");
	HAS(said, "Gall Ivo Heath S1 ddod bryd hynny.");
	desk_must(d, "patient edit", "{'ref':'P1','language':'ar'}");
	HAS(page(d, "P1"), "<html lang=\"ar\" dir=\"rtl\">");
	desk_free(d);
}

static void test_form_that_came_back_keeps_what_was_typed(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *said =
	    page_again(d, "questions", json_pack("{s:s}", "text", "<b>my question</b>"));
	HAS(said, "&lt;b&gt;my question&lt;/b&gt;");
	HAS(said, "No, not so.");
	HAS(said, "<title>Error: Your ward round</title>");
	said = page_again(d, "ask",
	    json_pack("{s:s, s:s, s:s, s:s}", "what", "add", "name", "Ann Vale", "relation", "aunt",
		"sees", "place"));
	HAS(said, "value=\"Ann Vale\"");
	HAS(said, "<details class=\"ui-details\" open>");
	said = page_again(
	    d, "ask", json_pack("{s:s, s:s}", "what", "part-alone", "words", "only the doctor"));
	HAS(said, ">only the doctor</textarea>");
	desk_free(d);
}

static int clear(void **state)
{
	(void)state;
	wr_buf_deinit(&html);
	return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, clear)
	const struct CMUnitTest tests[] = {
	    TEST(test_page_says_when_and_why_and_who_comes),
	    TEST(test_page_names_nobody_but_the_patients_own_people),
	    TEST(test_seen_is_asked_until_the_revision_is_confirmed),
	    TEST(test_page_follows_consent),
	    TEST(test_suggested_person_is_shown_as_not_invited),
	    TEST(test_cancelled_round_is_said_to_be_off),
	    TEST(test_late_session_is_said_with_its_earliest_time),
	    TEST(test_page_on_hold_expected_and_ended),
	    TEST(test_feedback_is_asked_after_the_round_and_once),
	    TEST(test_page_speaks_the_patients_language),
	    TEST(test_form_that_came_back_keeps_what_was_typed),
	};
	return cmocka_run_group_tests_name("desk patient page", tests, NULL, NULL);
}
