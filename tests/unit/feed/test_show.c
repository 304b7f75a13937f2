#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"

static struct wr_arena arena;

static struct wr_feed_event shown(const struct known *known, enum wr_whose whose)
{
	struct wr_feed_event event = {0};
	struct wr_feed_reader reader = reader_of(known, whose);
	assert_true(wr_feed_show(&arena, &reader, &known->facts, &event));
	return event;
}

static bool hidden(const struct known *known, enum wr_whose whose)
{
	struct wr_feed_event event = {0};
	struct wr_feed_reader reader = reader_of(known, whose);
	return !wr_feed_show(&arena, &reader, &known->facts, &event);
}

static char *lower_all(const struct wr_feed_event *event)
{
	char *all = wr_arena_printf(&arena, "%s|%s|%s|%s|%s", event->uid, event->summary,
	    event->place ? event->place : "", event->text, event->page ? event->page : "");
	for (char *c = all; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return all;
}

static void test_support_who_sees_time_learns_only_when(void **state)
{
	(void)state;
	struct known known;
	know(&known, "2026-11-30T10:10Z", "2026-11-30T10:30Z");
	struct wr_feed_event event = shown(&known, WR_WHOSE_SUPPORT);
	assert_string_equal(event.summary, "Meeting");
	assert_null(event.place);
	assert_string_equal(
	    event.text, "How to join is on the page.\nQuestions? Ring 01632 960009.");
	assert_string_equal(event.page, "https://times.example.org/r/AbCdEfGhIjKlMnOpQrStUv");
}

static void test_support_who_sees_place_learns_where_too(void **state)
{
	(void)state;
	struct known known;
	know(&known, "2026-11-30T10:10Z", "2026-11-30T10:30Z");
	known.support.sees = WR_SEES_PLACE;
	known.patient.label = "Family meeting";
	struct wr_feed_event event = shown(&known, WR_WHOSE_PERSON);
	assert_string_equal(event.summary, "Family meeting");
	assert_string_equal(event.place, "Quiet Room, Melbury Lodge, Winchester");
	assert_string_equal(event.text, "When you arrive: Ring at the main door.\n"
					"How to join is on the page.\n"
					"Questions? Ring 01632 960009.");
}

static void test_support_who_sees_all_learns_whose_and_which_ward(void **state)
{
	(void)state;
	struct known known;
	know(&known, "2026-11-30T10:10Z", "2026-11-30T10:30Z");
	known.support.sees = WR_SEES_ALL;
	struct wr_feed_event event = shown(&known, WR_WHOSE_SUPPORT);
	assert_string_equal(event.text, "With Cy North.\nKingsley Ward.\nStaff: 01632 960001.\n"
					"When you arrive: Ring at the main door.\n"
					"How to join is on the page.\n"
					"Questions? Ring 01632 960009.");
}

static void test_nothing_gives_the_stay_away_without_all(void **state)
{
	(void)state;
	static const char *const tellings[] = {"Ward round for Cy", "the hospital", "Cy North",
	    "KINGSLEY", "Patients' meeting", "round."};
	static const char *const forbidden[] = {
	    "ward", "round", "hospital", "patient", "kingsley", "cy north", "960001"};
	static const enum wr_state states[] = {
	    WR_STATE_PUBLISHED, WR_STATE_HELD, WR_STATE_CANCELLED, WR_STATE_MISSED};
	size_t tried = 0;
	for (size_t i = 0; i < WR_COUNT(tellings) * WR_COUNT(states) * 2; i++) {
		struct known known;
		const char *telling = tellings[i % WR_COUNT(tellings)];
		know(&known, "2026-11-30T10:10Z", "2026-11-30T10:30Z");
		known.slot.state = states[i / WR_COUNT(tellings) % WR_COUNT(states)];
		known.support.sees = i % 2 ? WR_SEES_TIME : WR_SEES_PLACE;
		known.slot.room = known.patient.label = telling;
		known.facts.address = known.facts.arrive = telling;
		struct wr_feed_event event = shown(&known, WR_WHOSE_SUPPORT);
		const char *all = lower_all(&event);
		for (size_t j = 0; j < WR_COUNT(forbidden); j++, tried++)
			if (strstr(all, forbidden[j]))
				fail_msg("\"%s\" in %s", forbidden[j], all);
		assert_string_equal(event.summary, "Meeting");
	}
	assert_int_equal(tried, 6 * 4 * 2 * 7);
}

static void test_support_without_consent_sees_nothing(void **state)
{
	(void)state;
	struct known known;
	know(&known, "2026-11-30T10:10Z", "2026-11-30T10:30Z");
	assert_false(hidden(&known, WR_WHOSE_SUPPORT));
	known.support.sees = WR_SEES_NOTHING;
	assert_true(hidden(&known, WR_WHOSE_SUPPORT));
	static const enum wr_consent without[] = {
	    WR_CONSENT_SUGGESTED, WR_CONSENT_WITHDRAWN, WR_CONSENT_REMOVED};
	for (size_t i = 0; i < WR_COUNT(without); i++) {
		know(&known, "2026-11-30T10:10Z", "2026-11-30T10:30Z");
		known.support.consent = without[i];
		assert_true(hidden(&known, WR_WHOSE_SUPPORT));
		assert_true(hidden(&known, WR_WHOSE_PERSON));
		assert_false(hidden(&known, WR_WHOSE_PATIENT));
	}
	know(&known, "2026-11-30T10:10Z", "2026-11-30T10:30Z");
	known.patient.admission = 2; /* consent belongs to the first */
	assert_true(hidden(&known, WR_WHOSE_SUPPORT));
}

static void test_drafts_and_restricted_patients_are_in_no_feed(void **state)
{
	(void)state;
	static const enum wr_whose readers[] = {WR_WHOSE_PATIENT, WR_WHOSE_SUPPORT, WR_WHOSE_PERSON,
	    WR_WHOSE_CONSULTANT, WR_WHOSE_WARD};
	for (size_t i = 0; i < WR_COUNT(readers); i++) {
		struct known known;
		know(&known, "2026-11-30T10:10Z", "2026-11-30T10:30Z");
		assert_false(hidden(&known, readers[i]));
		known.patient.restricted = true;
		assert_true(hidden(&known, readers[i]));
		know(&known, "2026-11-30T10:10Z", "2026-11-30T10:30Z");
		known.slot.state = WR_STATE_DRAFT;
		known.slot.revision = 0;
		assert_true(hidden(&known, readers[i]));
	}
}

static void test_after_discharge_only_staff_see_what_was(void **state)
{
	(void)state;
	struct known known;
	know(&known, "2026-11-30T10:10Z", "2026-11-30T10:30Z");
	known.patient.discharged = at("2026-12-01T12:00Z");
	assert_true(hidden(&known, WR_WHOSE_PATIENT));
	assert_true(hidden(&known, WR_WHOSE_SUPPORT));
	assert_false(hidden(&known, WR_WHOSE_CONSULTANT));
}

static void test_patient_sees_who_is_coming_and_staff_see_initials(void **state)
{
	(void)state;
	struct known known;
	know(&known, "2026-11-30T10:10Z", "2026-11-30T10:30Z");
	struct wr_feed_event event = shown(&known, WR_WHOSE_PATIENT);
	assert_string_equal(event.summary, "Ward round");
	assert_string_equal(event.place, "Quiet Room");
	assert_string_equal(
	    event.text, "Coming: Ivo Heath, Pia Pike.\nHow others join is on your page.");
	event = shown(&known, WR_WHOSE_CONSULTANT);
	assert_string_equal(event.summary, "CN, bed 4");
	assert_string_equal(event.text, "Coming: 2 (father, care coordinator).");
	event = shown(&known, WR_WHOSE_WARD);
	assert_string_equal(event.summary, "CN, bed 4, Dr Asha Shah");
	assert_string_equal(event.text, "Coming: 2.");
	assert_null(strstr(lower_all(&event), "heath"));
	known.patient.name = "Éva-Marie O'Neil";
	known.patient.bed = NULL;
	assert_string_equal(shown(&known, WR_WHOSE_CONSULTANT).summary, "ÉMO");
}

static void test_own_reply_says_which_time_it_answers(void **state)
{
	(void)state;
	struct known known;
	struct wr_feed_event event;
	know(&known, "2026-11-30T10:10Z", "2026-11-30T10:30Z");
	struct wr_feed_reader reader = reader_of(&known, WR_WHOSE_SUPPORT);
	reader.reply = &known.reply;
	known.reply = (struct wr_reply){.answer = WR_ANSWER_PHONE, .revision = 1};
	assert_true(wr_feed_show(&arena, &reader, &known.facts, &event));
	assert_non_null(strstr(event.text, "Your reply: by phone.\n"));
	known.slot.revision = 2;
	assert_true(wr_feed_show(&arena, &reader, &known.facts, &event));
	assert_non_null(strstr(event.text, "Your reply: by phone (answered for the old time).\n"));
}

static void test_words_give_away_only_as_whole_words(void **state)
{
	(void)state;
	static const char *const yes[] = {"Ward round", "our WARD", "round-table",
	    "a patient's day", "wardround", "Kingsley", "at kingsley house", "In-patient"};
	static const char *const no[] = {"Edward", "playground", "hospitality", "impatient",
	    "Kingsleyan", "Meeting", "", "towards", "éward"};
	for (size_t i = 0; i < WR_COUNT(yes); i++)
		if (!wr_feed_gives_away(yes[i], "Kingsley Ward"))
			fail_msg("%s", yes[i]);
	for (size_t i = 0; i < WR_COUNT(no); i++)
		if (wr_feed_gives_away(no[i], "Kingsley Ward"))
			fail_msg("%s", no[i]);
	assert_false(wr_feed_gives_away("Meeting 7", "Ward 7"));
	assert_true(wr_feed_gives_away("by St Anne's side", "The Hospital, St Anne's Ward") ==
		    false); /* more than its end words is left of the name */
	assert_true(wr_feed_gives_away("Rose meeting", "Hospital Ward Rose"));
	assert_false(wr_feed_gives_away("x", "Ward"));
	assert_false(wr_feed_gives_away(NULL, "Ward"));
	assert_false(wr_feed_gives_away("x", NULL));
}

static void test_values_stay_on_their_line(void **state)
{
	(void)state;
	struct known known;
	know(&known, "2026-11-30T10:10Z", "2026-11-30T10:30Z");
	known.support.sees = WR_SEES_PLACE;
	known.facts.arrive = "Ring\r\nBEGIN:VEVENT\x01";
	known.slot.room = "Room \xff";
	struct wr_feed_event event = shown(&known, WR_WHOSE_SUPPORT);
	assert_non_null(strstr(event.text, "When you arrive: Ring  BEGIN:VEVENT ."));
	assert_string_equal(event.place, "Room ?, Melbury Lodge, Winchester");
}

static bool same_digest(const struct wr_feed_event *a, const struct wr_feed_event *b)
{
	unsigned char one[WR_FEED_DIGEST], two[WR_FEED_DIGEST];
	wr_feed_event_digest(a, one);
	wr_feed_event_digest(b, two);
	return memcmp(one, two, sizeof(one)) == 0;
}

static void test_digest_follows_what_is_shown_and_nothing_else(void **state)
{
	(void)state;
	struct known known;
	know(&known, "2026-11-30T10:10Z", "2026-11-30T10:30Z");
	struct wr_feed_event before = shown(&known, WR_WHOSE_SUPPORT), after;
	known.slot.room = "Garden Room"; /* not to be seen with `time` */
	known.slot.state = WR_STATE_STARTED;
	known.slot.locked = true;
	known.slot.revision = 2;
	known.facts.guests = 1;
	after = shown(&known, WR_WHOSE_SUPPORT);
	after.sequence = 9;
	after.stamp = 99;
	assert_true(same_digest(&before, &after));
	known.slot.start += 600;
	after = shown(&known, WR_WHOSE_SUPPORT);
	assert_false(same_digest(&before, &after));
	after = before;
	after.place = "Garden Room";
	assert_false(same_digest(&before, &after));
	after = before;
	after.cancelled = true;
	assert_false(same_digest(&before, &after));
	after = before;
	after.alarms = true;
	assert_false(same_digest(&before, &after));
	struct wr_feed_event patients = shown(&known, WR_WHOSE_PATIENT);
	known.guest[0].declined = true;
	after = shown(&known, WR_WHOSE_PATIENT);
	assert_false(same_digest(&patients, &after));
}

static int free_arena(void **state)
{
	(void)state;
	wr_arena_deinit(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_support_who_sees_time_learns_only_when),
	    cmocka_unit_test(test_support_who_sees_place_learns_where_too),
	    cmocka_unit_test(test_support_who_sees_all_learns_whose_and_which_ward),
	    cmocka_unit_test(test_nothing_gives_the_stay_away_without_all),
	    cmocka_unit_test(test_support_without_consent_sees_nothing),
	    cmocka_unit_test(test_drafts_and_restricted_patients_are_in_no_feed),
	    cmocka_unit_test(test_after_discharge_only_staff_see_what_was),
	    cmocka_unit_test(test_patient_sees_who_is_coming_and_staff_see_initials),
	    cmocka_unit_test(test_own_reply_says_which_time_it_answers),
	    cmocka_unit_test(test_words_give_away_only_as_whole_words),
	    cmocka_unit_test(test_values_stay_on_their_line),
	    cmocka_unit_test(test_digest_follows_what_is_shown_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, free_arena);
}
