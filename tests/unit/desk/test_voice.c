/*
 * What a patient says: questions, wishes, who is invited, how it was.
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
#include "desk/cases.h"
#include "desk/feedback.h"
#include "desk/people/patient_forms.h"

/* A form of a page, with ' for ": what the page then says, or "!" and what is wrong. */
static const char *form(struct built_desk *d, wr_use_case run, const char *format, ...)
    WR_PRINTF(3, 4);

struct sent {
	wr_use_case run;
	char *said, *wrong;
};

static struct sent sent;

static int run_sent(struct wr_use *use)
{
	int r = sent.run(use);
	const char *said = json_string_value(json_object_get(use->answer, "said"));
	sent.said = said ? strdup(said) : NULL;
	sent.wrong =
	    r ? strdup(use->fault.has_say ? wr_say(WR_LANGUAGE_EN, use->fault.say) : "?") : NULL;
	return r;
}

static const char *form(struct built_desk *d, wr_use_case run, const char *format, ...)
{
	va_list args;
	struct wr_buf buf = {0};
	va_start(args, format);
	wr_buf_vprintf(&buf, format, args);
	va_end(args);
	for (char *at = buf.data; *at; at++)
		if (*at == '\'')
			*at = '"';
	sent = (struct sent){.run = run};
	json_t *json = json_loads(buf.data, 0, NULL);
	assert_non_null(json);
	json_decref(desk_use(d, run_sent, json));
	wr_buf_deinit(&buf);
	const char *words = sent.wrong ? wr_arena_printf(&d->words, "!%s", sent.wrong)
	                               : wr_arena_strdup(&d->words, sent.said ? sent.said : "");
	free(sent.said);
	free(sent.wrong);
	return words;
}

#define ASK wr_case_patient_ask
#define QUESTIONS wr_case_patient_questions
#define FEEDBACK wr_case_patient_feedback

static struct built_desk *published_at(const char *now)
{
	struct built_desk *d = desk_build("", now);
	desk_admit(d, "P1");
	desk_support(d, "S1", "P1", "time");
	desk_publish(d, "P1", "09:25");
	return d;
}

static struct built_desk *published(void)
{
	return published_at("2026-11-27T10:00:00Z");
}

/* The Monday of the round, shortly before it. */
static struct built_desk *on_the_day(void)
{
	return published_at("2026-11-30T09:00:00Z");
}

/* ---- questions ---- */

static void test_question_is_shown_with_the_next_slot_until_it_is_taken_out(void **state)
{
	(void)state;
	struct built_desk *d = published();
	assert_string_equal(
	    form(d, QUESTIONS, "{'patient':'P1','text':'When can I go home?'}"), "noted");
	assert_string_equal(
	    form(d, QUESTIONS, "{'patient':'P1','text':'When can I go home?'}"), "noted");
	assert_string_equal(
	    form(d, QUESTIONS, "{'patient':'P1','text':'Can my tablets change?'}"), "noted");
	assert_string_equal(
	    desk_says(d, "slots.0.questions.#", "slot list", "{}"), "2"); /* one was sent twice */
	assert_string_equal(desk_says(d, "slot.questions.0.text", "slot show", "{'slot':'s-1'}"),
	    "When can I go home?");
	assert_string_equal(
	    form(d, QUESTIONS, "{'patient':'P1','question':'q-1','text':'When do I go home?'}"),
	    "noted");
	assert_string_equal(
	    desk_says(d, "questions.0.text", "question list", "{'ward':'kingsley'}"),
	    "When do I go home?");
	assert_string_equal(
	    form(d, QUESTIONS, "{'patient':'P1','question':'q-1','remove':'1'}"), "taken-out");
	assert_string_equal(
	    desk_says(d, "slot.questions.0.id", "slot show", "{'slot':'s-1'}"), "q-2");
	assert_null(strstr(desk_says(d, "entries", "audit list", "{}"), "home"));
	desk_free(d);
}

static void test_question_waits_for_the_slot_after_one_that_was_missed(void **state)
{
	(void)state;
	struct built_desk *d = on_the_day();
	form(d, QUESTIONS, "{'patient':'P1','text':'When can I go home?'}");
	desk_run_until(d, "2026-11-30T09:26:00Z");
	desk_must(d, "slot start", "{'slot':'s-1'}");
	assert_string_equal(
	    desk_says(d, "slot.questions.0.slot", "slot show", "{'slot':'s-1'}"), "s-1");
	assert_true(
	    wr_text_starts(form(d, QUESTIONS, "{'patient':'P1','question':'q-1','text':'Home?'}"),
		"!Your ward round has begun"));
	assert_true(
	    wr_text_starts(form(d, QUESTIONS, "{'patient':'P1','question':'q-1','remove':'1'}"),
		"!Your ward round has begun"));
	form(d, QUESTIONS, "{'patient':'P1','text':'For the next one'}");
	assert_string_equal(desk_says(d, "slot.questions.#", "slot show", "{'slot':'s-1'}"), "1");
	desk_must(d, "slot missed", "{'slot':'s-1','why':'emergency'}");
	assert_string_equal(desk_says(d, "questions.#", "question list", "{'patient':'P1'}"), "2");
	assert_string_equal(desk_says(d, "slot.questions.#", "slot show", "{'slot':'s-1'}"), "0");
	desk_free(d);
}

static void test_question_of_a_round_that_was_held_stays_with_it(void **state)
{
	(void)state;
	struct built_desk *d = on_the_day();
	form(d, QUESTIONS, "{'patient':'P1','text':'When can I go home?'}");
	desk_run_until(d, "2026-11-30T09:26:00Z");
	desk_must(d, "slot start", "{'slot':'s-1'}");
	desk_must(d, "slot finish", "{'slot':'s-1'}");
	assert_string_equal(desk_says(d, "questions.#", "question list", "{}"), "0");
	assert_string_equal(desk_says(d, "questions.0.text", "question list", "{'slot':'s-1'}"),
	    "When can I go home?");
	desk_must(d, "slot undo", "{'slot':'s-1'}");
	desk_must(d, "slot missed", "{'slot':'s-1','why':'emergency'}");
	assert_string_equal(desk_says(d, "questions.#", "question list", "{}"), "1");
	desk_free(d);
}

static void test_question_that_can_not_be_is_refused_in_words(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_admit(d, "P2");
	char text[600];
	memset(text, 'x', sizeof(text) - 1);
	text[501] = '\0';
	assert_string_equal(form(d, QUESTIONS, "{'patient':'P1','text':'%s'}", text),
	    "!That is too long. Write at most 500 characters.");
	text[500] = '\0';
	assert_string_equal(form(d, QUESTIONS, "{'patient':'P1','text':'%s'}", text), "noted");
	assert_string_equal(
	    form(d, QUESTIONS, "{'patient':'P1','text':''}"), "!Write your question first.");
	assert_string_equal(form(d, QUESTIONS, "{'patient':'P1'}"), "!Write your question first.");
	assert_string_equal(form(d, QUESTIONS, "{'patient':'P2','question':'q-1','text':'mine'}"),
	    "!That question is not there any more.");
	assert_string_equal(form(d, QUESTIONS, "{'patient':'P2','question':'q-1','remove':'1'}"),
	    "!That question is not there any more.");
	for (int i = 1; i < 20; i++)
		assert_string_equal(
		    form(d, QUESTIONS, "{'patient':'P1','text':'Question %d'}", i), "noted");
	assert_true(wr_text_starts(
	    form(d, QUESTIONS, "{'patient':'P1','text':'One more'}"), "!That is as many"));
	desk_free(d);
}

static void test_questions_of_an_earlier_stay_are_not_asked_again(void **state)
{
	(void)state;
	struct built_desk *d = published();
	form(d, QUESTIONS, "{'patient':'P1','text':'When can I go home?'}");
	desk_must(d, "patient discharge", "{'ref':'P1',%s}", YES);
	assert_string_equal(desk_says(d, "questions.#", "question list", "{}"), "0");
	desk_must(d, "patient admit",
	    "{'ref':'P1','ward':'kingsley','name':'Cy North','consultant':'shah'}");
	assert_string_equal(desk_says(d, "questions.#", "question list", "{}"), "0");
	desk_free(d);
}

/* ---- wishes ---- */

static void test_wish_is_a_task_that_staff_do_or_decline(void **state)
{
	(void)state;
	struct built_desk *d = published();
	assert_string_equal(form(d, ASK,
				"{'patient':'P1','what':'fewer-people','slot':'s-1','revision':'1',"
				"'words':'Not the students'}"),
	    "asked");
	assert_string_equal(
	    form(d, ASK, "{'patient':'P1','what':'another-time','slot':'s-1','revision':'1'}"),
	    "asked");
	assert_string_equal(
	    desk_says(d, "slot.wishes.0.words", "slot show", "{'slot':'s-1'}"), "Not the students");
	assert_string_equal(
	    desk_says(d, "slot.wishes.1.wish", "slot show", "{'slot':'s-1'}"), "another-time");
	assert_string_equal(desk_says(d, "tasks.0.text", "task list", "{}"),
	    "Speak with patient P1, who would like fewer people there (slot s-1, Mon 30 Nov "
	    "9:25am): Not the students");
	assert_string_equal(
	    desk_says(d, "tasks.0.alarm", "task list", "{}"), "2026-11-27T22:00:00+00:00");
	desk_must(d, "task done", "{'id':'t-1'}");
	desk_must(d, "task decline", "{'id':'t-2','note':'no other time'}");
	assert_string_equal(desk_says(d, "slot.wishes.#", "slot show", "{'slot':'s-1'}"), "0");
	assert_string_equal(desk_says(d, "tasks.#", "task list", "{}"), "0");
	assert_string_equal(
	    desk_says(d, "slot.start", "slot show", "{'slot':'s-1'}"), "2026-11-30T09:25:00+00:00");
	desk_free(d);
}

static void test_same_wish_in_other_words_is_one_task(void **state)
{
	(void)state;
	struct built_desk *d = published();
	for (int i = 0; i < 3; i++)
		assert_string_equal(form(d, ASK,
					"{'patient':'P1','what':'part-alone','slot':'s-1',"
					"'revision':'1','words':'try %d'}",
					i),
		    "asked");
	assert_string_equal(desk_says(d, "tasks.#", "task list", "{}"), "1");
	assert_string_equal(
	    desk_says(d, "slot.wishes.0.words", "slot show", "{'slot':'s-1'}"), "try 2");
	assert_string_equal(
	    form(d, ASK, "{'patient':'P1','what':'take-back','task':'t-1'}"), "back");
	assert_string_equal(desk_says(d, "tasks.#", "task list", "{}"), "0");
	assert_true(wr_text_starts(form(d, ASK, "{'patient':'P1','what':'take-back','task':'t-1'}"),
	    "!Staff have dealt with that already."));
	desk_free(d);
}

static void test_wish_that_can_not_be_is_refused_in_words(void **state)
{
	(void)state;
	struct built_desk *d = on_the_day();
	char text[600];
	memset(text, 'x', sizeof(text) - 1);
	text[501] = '\0';
	desk_admit(d, "P2");
	assert_string_equal(
	    form(d, ASK, "{'patient':'P2','what':'fewer-people','slot':'s-1','revision':'1'}"),
	    "!That ward round is not there any more.");
	assert_string_equal(form(d, ASK, "{'patient':'P1','what':'fewer-people','slot':'s-9'}"),
	    "!That ward round is not there any more.");
	assert_true(wr_text_starts(
	    form(d, ASK, "{'patient':'P1','what':'fewer-people','slot':'s-1','revision':'7'}"),
	    "!Your ward round has changed"));
	assert_string_equal(form(d, ASK, "{'patient':'P1','what':'part-alone','words':'%s'}", text),
	    "!That is too long. Write at most 500 characters.");
	assert_string_equal(
	    form(d, ASK, "{'patient':'P1','what':'everything'}"), "!Choose one of the answers.");
	assert_string_equal(form(d, ASK, "{'patient':'P1'}"), "!Choose one of the answers.");
	assert_true(wr_text_starts(
	    form(d, ASK, "{'patient':'P2','what':'not-this-time'}"), "!No ward round is planned"));
	form(d, ASK, "{'patient':'P1','what':'part-alone','slot':'s-1','revision':'1'}");
	assert_true(wr_text_starts(
	    form(d, ASK, "{'patient':'P2','what':'take-back','task':'t-1'}"), "!Staff have"));
	desk_run_until(d, "2026-11-30T09:46:00Z");
	assert_true(wr_text_starts(
	    form(d, ASK, "{'patient':'P1','what':'not-this-time','slot':'s-1','revision':'1'}"),
	    "!That ward round has begun"));
	desk_free(d);
}

static void test_wishes_end_with_the_stay_and_come_back_with_it(void **state)
{
	(void)state;
	struct built_desk *d = published();
	form(d, ASK, "{'patient':'P1','what':'part-alone','slot':'s-1','revision':'1'}");
	form(d, ASK, "{'patient':'P1','what':'sees','support':'S1','sees':'all'}");
	desk_must(d, "patient discharge", "{'ref':'P1',%s}", YES);
	assert_string_equal(desk_says(d, "tasks.#", "task list", "{}"), "0");
	desk_must(d, "patient discharge", "{'ref':'P1','undo':true}");
	assert_string_equal(desk_says(d, "tasks.#", "task list", "{}"), "2");
	desk_must(d, "task done", "{'id':'t-2'}");
	assert_string_equal(desk_says(d, "supports.0.sees", "support list", "{}"), "all");
	desk_free(d);
}

static void test_question_waits_for_the_slot_after_one_that_was_cancelled(void **state)
{
	(void)state;
	struct built_desk *d = published();
	form(d, QUESTIONS, "{'patient':'P1','text':'When can I go home?'}");
	desk_must(d, "slot cancel", "{'slot':'s-1',%s}", YES);
	assert_string_equal(desk_says(d, "slot.questions.#", "slot show", "{'slot':'s-1'}"), "0");
	desk_publish(d, "P1", "09:50");
	assert_string_equal(desk_says(d, "slot.questions.#", "slot show", "{'slot':'s-2'}"), "1");
	desk_free(d);
}

/* ---- who is invited ---- */

static void test_patient_narrows_alone_and_at_once(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *link = desk_link(d, "support", "S1");
	assert_non_null(strstr(desk_feed(d, link), "T092500"));
	assert_string_equal(
	    form(d, ASK, "{'patient':'P1','what':'sees','support':'S1','sees':'nothing'}"),
	    "narrowed");
	assert_null(strstr(desk_feed(d, link), "T092500"));
	assert_string_equal(desk_says(d, "slot.supports.#", "slot show", "{'slot':'s-1'}"), "0");
	assert_string_equal(desk_says(d, "unseen.#", "unseen list", "{}"), "1");
	assert_string_equal(desk_says(d, "tasks.0.kind", "task list", "{}"), "narrowed");
	assert_non_null(strstr(desk_says(d, "tasks.0.text", "task list", "{}"), "recalled"));
	desk_free(d);
}

static void test_patient_ends_an_invitation_alone_and_at_once(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "support edit", "{'ref':'S1','basis':'law'}");
	const char *link = desk_link(d, "support", "S1");
	assert_string_equal(
	    form(d, ASK, "{'patient':'P1','what':'uninvite','support':'S1'}"), "narrowed");
	assert_null(strstr(desk_feed(d, link), "T092500"));
	assert_string_equal(desk_says(d, "supports.0.consent", "support list", "{}"), "withdrawn");
	assert_non_null(strstr(desk_says(d, "tasks.0.text", "task list", "{}"), "The law"));
	assert_string_equal(form(d, ASK, "{'patient':'P1','what':'uninvite','support':'S1'}"),
	    "!That person is not on your list any more.");
	desk_free(d);
}

static void test_widening_waits_until_a_nurse_has_asked(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *link = desk_link(d, "support", "S1");
	assert_string_equal(
	    form(d, ASK, "{'patient':'P1','what':'sees','support':'S1','sees':'all'}"), "asked");
	assert_string_equal(desk_says(d, "supports.0.sees", "support list", "{}"), "time");
	assert_null(strstr(desk_feed(d, link), "Kingsley"));
	assert_string_equal(desk_says(d, "tasks.0.kind", "task list", "{}"), "widen");
	desk_must(d, "task done", "{'id':'t-1'}");
	assert_string_equal(desk_says(d, "supports.0.sees", "support list", "{}"), "all");
	assert_string_equal(desk_says(d, "supports.0.agreed_by", "support list", "{}"), "patient");
	assert_non_null(strstr(desk_feed(d, link), "Kingsley"));
	desk_free(d);
}

static void test_declined_widening_changes_nothing(void **state)
{
	(void)state;
	struct built_desk *d = published();
	form(d, ASK, "{'patient':'P1','what':'sees','support':'S1','sees':'place'}");
	desk_must(d, "task decline", "{'id':'t-1'}");
	assert_string_equal(desk_says(d, "supports.0.sees", "support list", "{}"), "time");
	assert_true(wr_text_starts(desk_refusal(d, "task done", "{'id':'t-1'}"), "refused: "));
	desk_free(d);
}

static void test_narrowing_takes_back_what_waits_to_be_widened(void **state)
{
	(void)state;
	struct built_desk *d = published();
	form(d, ASK, "{'patient':'P1','what':'sees','support':'S1','sees':'all'}");
	form(d, ASK, "{'patient':'P1','what':'sees','support':'S1','sees':'nothing'}");
	assert_true(wr_text_starts(desk_refusal(d, "task done", "{'id':'t-1'}"), "refused: "));
	assert_string_equal(desk_says(d, "supports.0.sees", "support list", "{}"), "nothing");
	desk_free(d);
}

static void test_widening_asked_before_staff_withdrew_is_not_carried_out(void **state)
{
	(void)state;
	struct built_desk *d = published();
	form(d, ASK, "{'patient':'P1','what':'sees','support':'S1','sees':'all'}");
	desk_must(d, "support withdraw", "{'ref':'S1','yes':true}");
	assert_string_equal(desk_refusal(d, "task done", "{'id':'t-1'}"),
	    "refused: what task t-1 asks has changed since");
	assert_string_equal(desk_says(d, "supports.0.consent", "support list", "{}"), "withdrawn");
	desk_free(d);
}

static void test_somebody_new_is_invited_when_the_task_is_done(void **state)
{
	(void)state;
	struct built_desk *d = published();
	assert_string_equal(form(d, ASK,
				"{'patient':'P1','what':'add','name':'Ann Vale','relation':'aunt',"
				"'sees':'time','phone':'07700 900321'}"),
	    "asked");
	assert_string_equal(desk_says(d, "supports.#", "support list", "{}"), "1");
	desk_must(d, "task done", "{'id':'t-1'}");
	assert_string_equal(desk_says(d, "supports.#", "support list", "{}"), "2");
	assert_string_equal(desk_says(d, "supports.0.name", "support list", "{}"), "Ann Vale");
	assert_string_equal(desk_says(d, "supports.0.consent", "support list", "{}"), "agreed");
	assert_string_equal(
	    desk_says(d, "supports.0.phone", "support list", "{}"), "+447700900321");
	desk_free(d);
}

static void test_blocked_person_is_asked_for_like_anybody_and_not_added(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "support block", "{'patient':'P1','name':'Ann Vale'}");
	assert_string_equal(form(d, ASK,
				"{'patient':'P1','what':'add','name':'Ann Vale','relation':'aunt',"
				"'sees':'time'}"),
	    "asked");
	assert_string_equal(desk_refusal(d, "task done", "{'id':'t-1'}"),
	    "refused: this person may not be added for patient P1");
	assert_string_equal(desk_says(d, "tasks.#", "task list", "{}"), "1");
	desk_free(d);
}

static void test_invitation_that_can_not_be_is_refused_in_words(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_admit(d, "P2");
	desk_support(d, "S2", "P2", "time");
	assert_string_equal(
	    form(d, ASK, "{'patient':'P1','what':'sees','support':'S2','sees':'nothing'}"),
	    "!That person is not on your list any more.");
	assert_string_equal(form(d, ASK, "{'patient':'P1','what':'uninvite','support':'S2'}"),
	    "!That person is not on your list any more.");
	assert_string_equal(
	    form(d, ASK, "{'patient':'P1','what':'sees','support':'S1','sees':'more'}"),
	    "!Choose one of the answers.");
	assert_string_equal(
	    form(d, ASK, "{'patient':'P1','what':'add','name':'','relation':'aunt','sees':'time'}"),
	    "!Write the person's name.");
	assert_true(wr_text_starts(form(d, ASK,
				       "{'patient':'P1','what':'add','name':'A','relation':'b','"
				       "sees':'time','phone':'x'}"),
	    "!That is not a phone number."));
	assert_string_equal(desk_says(d, "supports.#", "support list", "{}"), "2");
	assert_string_equal(desk_says(d, "tasks.#", "task list", "{}"), "0");
	desk_free(d);
}

static void test_wishes_are_counted_so_that_nobody_drowns_the_ward(void **state)
{
	(void)state;
	struct built_desk *d = published();
	for (int i = 0; i < 8; i++)
		assert_string_equal(form(d, ASK,
					"{'patient':'P1','what':'add','name':'Ann %d',"
					"'relation':'aunt','sees':'time'}",
					i),
		    "asked");
	assert_true(wr_text_starts(
	    form(d, ASK, "{'patient':'P1','what':'part-alone'}"), "!Staff have several things"));
	/* what narrows is never too much */
	assert_string_equal(
	    form(d, ASK, "{'patient':'P1','what':'uninvite','support':'S1'}"), "narrowed");
	desk_free(d);
}

/* ---- how it was ---- */

static void hold(struct built_desk *d, const char *slot)
{
	desk_must(d, "slot start", "{'slot':'%s'}", slot);
	desk_must(d, "slot finish", "{'slot':'%s'}", slot);
}

/* 0 only with a slot that the patient P1 can say something about. */
static int find_feedback_slot(struct wr_use *use)
{
	struct wr_patient patient;
	struct wr_slot slot;
	int r = wr_store_patient_get(use->tx, use->arena, "P1", &patient);
	if (!r)
		r = wr_feedback_slot(use, &patient, &slot);
	wr_use_answer(use, "found", json_integer(r));
	wr_use_answer(use, "slot", r ? json_null() : json_string(slot.ref));
	return 0;
}

static void assert_asked_about(struct built_desk *d, int found, const char *slot)
{
	json_t *answer = desk_use(d, find_feedback_slot, NULL);
	assert_int_equal(json_integer_value(json_object_get(answer, "found")), found);
	if (slot)
		assert_string_equal(json_string_value(json_object_get(answer, "slot")), slot);
	json_decref(answer);
}

static void test_feedback_is_asked_about_a_round_that_was_held_and_no_other(void **state)
{
	(void)state;
	struct built_desk *d = on_the_day();
	assert_asked_about(d, WR_STORE_NONE, NULL);
	desk_run_until(d, "2026-11-30T09:26:00Z");
	hold(d, "s-1");
	assert_asked_about(d, 0, "s-1");
	assert_string_equal(
	    form(d, FEEDBACK, "{'patient':'P1','slot':'s-1','heard':'yes'}"), "thanks");
	assert_asked_about(d, WR_STORE_NONE, NULL);
	desk_free(d);
}

static void test_feedback_is_given_once_and_only_after_the_round(void **state)
{
	(void)state;
	struct built_desk *d = on_the_day();
	assert_string_equal(form(d, FEEDBACK, "{'patient':'P1','slot':'s-1','heard':'yes'}"),
	    "!That ward round can't be answered here.");
	desk_run_until(d, "2026-11-30T09:26:00Z");
	hold(d, "s-1");
	assert_string_equal(
	    form(d, FEEDBACK, "{'patient':'P1','slot':'s-1'}"), "!Choose at least one answer.");
	assert_string_equal(form(d, FEEDBACK, "{'patient':'P1','slot':'s-1','heard':'loud'}"),
	    "!Choose one of the answers.");
	desk_admit(d, "P2");
	assert_string_equal(form(d, FEEDBACK, "{'patient':'P2','slot':'s-1','heard':'yes'}"),
	    "!That ward round can't be answered here.");
	assert_string_equal(
	    form(d, FEEDBACK, "{'patient':'P1','slot':'s-1','heard':'yes','next':'no'}"), "thanks");
	assert_string_equal(form(d, FEEDBACK, "{'patient':'P1','slot':'s-1','heard':'yes'}"),
	    "!You have answered that already. Thank you.");
	assert_string_equal(desk_says(d, "waiting", "feedback list", "{}"), "1");
	desk_free(d);
}

static void test_feedback_ends_a_week_after_the_round(void **state)
{
	(void)state;
	struct built_desk *d = on_the_day();
	desk_run_until(d, "2026-11-30T09:26:00Z");
	hold(d, "s-1");
	desk_run_by(d, desk_time("2026-12-07T10:00:00Z"), 3600);
	assert_string_equal(form(d, FEEDBACK, "{'patient':'P1','slot':'s-1','heard':'yes'}"),
	    "!That ward round can't be answered here.");
	desk_free(d);
}

static void test_ward_reads_feedback_five_forms_at_a_time_and_without_names(void **state)
{
	(void)state;
	static const char *const starts[] = {"09:00", "09:25", "09:50", "10:15", "11:00", "11:25"};
	struct built_desk *d = desk_build("", "2026-11-30T08:00:00Z");
	for (int i = 0; i < 6; i++) {
		const char *patient = wr_arena_printf(&d->words, "P%d", i + 1);
		desk_admit(d, patient);
		desk_publish(d, patient, starts[i]);
	}
	desk_run_until(d, "2026-11-30T12:00:00Z");
	for (int i = 0; i < 6; i++) {
		const char *slot = wr_arena_printf(&d->words, "s-%d", i + 1);
		hold(d, slot);
		assert_string_equal(
		    form(d, FEEDBACK, "{'patient':'P%d','slot':'%s','heard':'%s','people':'no'}",
			i + 1, slot, i < 2 ? "partly" : "yes"),
		    "thanks");
		assert_string_equal(
		    desk_says(d, "feedback.#", "feedback list", "{}"), i < 4 ? "0" : "1");
	}
	assert_string_equal(desk_says(d, "feedback.0.month", "feedback list", "{}"), "2026-11");
	assert_string_equal(desk_says(d, "feedback.0.forms", "feedback list", "{}"), "5");
	assert_string_equal(desk_says(d, "feedback.0.heard_yes", "feedback list", "{}"), "3");
	assert_string_equal(desk_says(d, "feedback.0.heard_partly", "feedback list", "{}"), "2");
	assert_string_equal(desk_says(d, "feedback.0.next_yes", "feedback list", "{}"), "0");
	assert_string_equal(desk_says(d, "waiting", "feedback list", "{}"), "1");
	assert_null(strstr(desk_says(d, "entries", "audit list", "{}"), "partly"));
	desk_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_question_is_shown_with_the_next_slot_until_it_is_taken_out),
	    cmocka_unit_test(test_question_waits_for_the_slot_after_one_that_was_missed),
	    cmocka_unit_test(test_question_of_a_round_that_was_held_stays_with_it),
	    cmocka_unit_test(test_question_that_can_not_be_is_refused_in_words),
	    cmocka_unit_test(test_questions_of_an_earlier_stay_are_not_asked_again),
	    cmocka_unit_test(test_wish_is_a_task_that_staff_do_or_decline),
	    cmocka_unit_test(test_same_wish_in_other_words_is_one_task),
	    cmocka_unit_test(test_wish_that_can_not_be_is_refused_in_words),
	    cmocka_unit_test(test_wishes_end_with_the_stay_and_come_back_with_it),
	    cmocka_unit_test(test_question_waits_for_the_slot_after_one_that_was_cancelled),
	    cmocka_unit_test(test_patient_narrows_alone_and_at_once),
	    cmocka_unit_test(test_patient_ends_an_invitation_alone_and_at_once),
	    cmocka_unit_test(test_widening_waits_until_a_nurse_has_asked),
	    cmocka_unit_test(test_declined_widening_changes_nothing),
	    cmocka_unit_test(test_narrowing_takes_back_what_waits_to_be_widened),
	    cmocka_unit_test(test_widening_asked_before_staff_withdrew_is_not_carried_out),
	    cmocka_unit_test(test_somebody_new_is_invited_when_the_task_is_done),
	    cmocka_unit_test(test_blocked_person_is_asked_for_like_anybody_and_not_added),
	    cmocka_unit_test(test_invitation_that_can_not_be_is_refused_in_words),
	    cmocka_unit_test(test_wishes_are_counted_so_that_nobody_drowns_the_ward),
	    cmocka_unit_test(test_feedback_is_asked_about_a_round_that_was_held_and_no_other),
	    cmocka_unit_test(test_feedback_is_given_once_and_only_after_the_round),
	    cmocka_unit_test(test_feedback_ends_a_week_after_the_round),
	    cmocka_unit_test(test_ward_reads_feedback_five_forms_at_a_time_and_without_names),
	};
	return cmocka_run_group_tests_name("desk voice", tests, NULL, NULL);
}
