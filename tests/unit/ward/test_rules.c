#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <string.h>

#include "wardround/ward.h"

static struct wr_patient inpatient(void)
{
	return (struct wr_patient){.ref = "P01",
	    .name = "Cy North",
	    .ward = "kingsley",
	    .admitted = 1000,
	    .last_seen = WR_TIME_NONE,
	    .discharged = WR_TIME_NONE,
	    .admission = 2};
}

static struct wr_support father(void)
{
	return (struct wr_support){.ref = "S01",
	    .patient = "P01",
	    .person = "S01",
	    .sees = WR_SEES_TIME,
	    .consent = WR_CONSENT_AGREED,
	    .agreed_by = "patient",
	    .admission = 2};
}

static void test_every_word_has_a_value_and_back(void **state)
{
	(void)state;
	static const struct {
		const struct wr_words *words;
		int last;
		const char *name;
	} rooms[] = {
	    {&wr_words_status, WR_STATUS_DISCHARGED, "discharged"},
	    {&wr_words_prefers, WR_PREFERS_AFTERNOON, "afternoon"},
	    {&wr_words_sees, WR_SEES_ALL, "all"},
	    {&wr_words_basis, WR_BASIS_LAW, "law"},
	    {&wr_words_consent, WR_CONSENT_REMOVED, "removed"},
	    {&wr_words_attends, WR_ATTENDS_VIDEO, "video"},
	    {&wr_words_answer, WR_ANSWER_NO, "no"},
	    {&wr_words_contact, WR_CONTACT_PAPER, "paper"},
	    {&wr_words_state, WR_STATE_MISSED, "missed"},
	    {&wr_words_why, WR_WHY_OTHER, "other"},
	    {&wr_words_whose, WR_WHOSE_WARD, "ward"},
	    {&wr_words_notice_state, WR_NOTICE_SUPERSEDED, "superseded"},
	};
	for (size_t i = 0; i < WR_COUNT(rooms); i++) {
		const struct wr_words *words = rooms[i].words;
		assert_int_equal(words->n, rooms[i].last + 1);
		assert_string_equal(wr_word(words, rooms[i].last), rooms[i].name);
		for (int value = 0; value <= rooms[i].last; value++)
			assert_int_equal(wr_word_value(words, wr_word(words, value)), value);
		assert_string_equal(wr_word(words, rooms[i].last + 1), "?");
		assert_string_equal(wr_word(words, -1), "?");
		assert_int_equal(wr_word_value(words, "nobody"), -1);
		assert_int_equal(wr_word_value(words, NULL), -1);
	}
	assert_int_equal(wr_word_value(&wr_words_basis, "best-interests"), WR_BASIS_BEST_INTERESTS);
	assert_int_equal(wr_word_value(&wr_words_why, "patient-declined"), WR_WHY_PATIENT_DECLINED);
	assert_int_equal(wr_word_value(&wr_words_whose, "room"), WR_WHOSE_ROOM);
}

static void test_status_follows_the_row_and_the_clock(void **state)
{
	(void)state;
	struct wr_patient patient = inpatient();
	assert_int_equal(wr_patient_status(&patient, 999), WR_STATUS_EXPECTED);
	assert_int_equal(wr_patient_status(&patient, 1000), WR_STATUS_CURRENT);
	patient.hold_why = "other hospital";
	assert_int_equal(wr_patient_status(&patient, 999), WR_STATUS_EXPECTED);
	assert_int_equal(wr_patient_status(&patient, 1000), WR_STATUS_HELD);
	patient.discharged = 2000;
	assert_int_equal(wr_patient_status(&patient, 1000), WR_STATUS_DISCHARGED);
	patient.discharged = WR_TIME_NONE;
	patient.died = true;
	assert_int_equal(wr_patient_status(&patient, 1000), WR_STATUS_DISCHARGED);
}

static void test_suggested_support_is_told_nothing(void **state)
{
	(void)state;
	struct wr_patient patient = inpatient();
	struct wr_support support = father();
	assert_true(wr_support_is_told(&support, &patient));
	support.consent = WR_CONSENT_SUGGESTED;
	assert_false(wr_support_is_agreed(&support, &patient));
	assert_false(wr_support_is_told(&support, &patient));
}

static void test_withdrawn_support_is_told_nothing(void **state)
{
	(void)state;
	struct wr_patient patient = inpatient();
	struct wr_support support = father();
	support.consent = WR_CONSENT_WITHDRAWN;
	assert_false(wr_support_is_told(&support, &patient));
	support.consent = WR_CONSENT_REMOVED;
	assert_false(wr_support_is_told(&support, &patient));
}

static void test_support_who_sees_nothing_is_agreed_but_not_told(void **state)
{
	(void)state;
	struct wr_patient patient = inpatient();
	struct wr_support support = father();
	support.sees = WR_SEES_NOTHING;
	assert_true(wr_support_is_agreed(&support, &patient));
	assert_false(wr_support_is_told(&support, &patient));
}

static void test_consent_ends_with_the_admission(void **state)
{
	(void)state;
	struct wr_patient patient = inpatient();
	struct wr_support support = father();
	support.admission = 1;
	assert_false(wr_support_is_agreed(&support, &patient));
	support.admission = 2;
	patient.discharged = 5000;
	assert_false(wr_support_is_told(&support, &patient));
	patient.discharged = WR_TIME_NONE;
	patient.died = true;
	assert_false(wr_support_is_told(&support, &patient));
	patient = inpatient();
	support.patient = "P02";
	assert_false(wr_support_is_agreed(&support, &patient));
}

static void test_states_follow_one_another_only_as_drawn(void **state)
{
	(void)state;
	/* rows: from; columns: to, in the order of the words */
	static const char *const may[] = {
	    ".x....", "..x.xx", "...x.x", "......", "......", "......"};
	for (int from = WR_STATE_DRAFT; from <= WR_STATE_MISSED; from++)
		for (int to = WR_STATE_DRAFT; to <= WR_STATE_MISSED; to++)
			assert_int_equal(
			    wr_state_may_become((enum wr_state)from, (enum wr_state)to),
			    may[from][to] == 'x');
}

static void test_what_the_service_missed_is_planned_again(void **state)
{
	(void)state;
	for (int why = WR_WHY_NONE; why <= WR_WHY_OTHER; why++)
		assert_int_equal(wr_why_plans_again((enum wr_why)why), why >= WR_WHY_DOCTOR_AWAY);
}

static void test_phrases_do_not_give_the_stay_away(void **state)
{
	(void)state;
	static const char *const words[] = {
	    "ward", "round", "hospital", "patient", "asleep", "doctor", "consultant"};
	for (int why = WR_WHY_NONE; why <= WR_WHY_OTHER; why++) {
		const char *phrase = wr_why_phrase((enum wr_why)why);
		assert_true(strlen(phrase) > 5);
		for (size_t i = 0; i < WR_COUNT(words); i++)
			assert_null(strcasestr(phrase, words[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_word_has_a_value_and_back),
	    cmocka_unit_test(test_status_follows_the_row_and_the_clock),
	    cmocka_unit_test(test_suggested_support_is_told_nothing),
	    cmocka_unit_test(test_withdrawn_support_is_told_nothing),
	    cmocka_unit_test(test_support_who_sees_nothing_is_agreed_but_not_told),
	    cmocka_unit_test(test_consent_ends_with_the_admission),
	    cmocka_unit_test(test_states_follow_one_another_only_as_drawn),
	    cmocka_unit_test(test_what_the_service_missed_is_planned_again),
	    cmocka_unit_test(test_phrases_do_not_give_the_stay_away),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
