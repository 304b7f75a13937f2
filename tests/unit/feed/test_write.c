/*
 * The bytes, against files under tests/data/feed that other programs judge too (tests/readers).
 * With WRITE_GOLDEN=1 in the environment those files are drawn anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"

static struct wr_arena arena;

static const struct wr_zone *zone_of(const char *name)
{
	static unsigned char bytes[65536];
	char path[200];
	const struct wr_zone *zone = NULL;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	FILE *file = fopen(path, "rb");
	if (!file)
		fail_msg("%s is missing (package tzdata)", path);
	size_t length = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	assert_int_equal(wr_zone_parse(&arena, name, bytes, length, &zone), 0);
	return zone;
}

static struct wr_feed feed_of(enum wr_whose whose, const char *zone, const char *now)
{
	return (struct wr_feed){.whose = whose,
	    .link = "l-1",
	    .zone = zone_of(zone),
	    .now = at(now),
	    .keep_cancelled = {14, WR_UNIT_DAYS},
	    .next_publishing = wr_day_from_date(2026, 11, 25),
	    .changed = at("2026-01-01T09:00Z")};
}

static struct wr_feed_event event_of(const char *uid, const char *start, const char *end)
{
	return (struct wr_feed_event){.uid = uid,
	    .start = at(start),
	    .end = at(end),
	    .changed = at("2026-10-14T15:00Z"),
	    .summary = "Meeting",
	    .text = "How to join is on the page.",
	    .page = "https://times.example.org/r/AbCdEfGhIjKlMnOpQrStUv",
	    .stamp = at("2026-10-14T15:00Z")};
}

static const char *written(const struct wr_feed *feed, struct wr_feed_written *ret_written)
{
	struct wr_buf buf = {0};
	wr_feed_write(feed, &buf, ret_written);
	const char *text = wr_arena_strndup(&arena, wr_buf_text(&buf), buf.length);
	wr_buf_deinit(&buf);
	return text;
}

/* Structure that every calendar of ours has. */
static void check_form(const char *text)
{
	static const char *const never[] = {"METHOD", "ORGANIZER", "ATTENDEE", "SOURCE",
	    "\r\nX-WR-RELCALID", "freeassociation", "RECURRENCE-ID"};
	for (size_t i = 0; i < WR_COUNT(never); i++)
		assert_null(strstr(text, never[i]));
	assert_true(wr_text_is_utf8(text, strlen(text)));
	assert_true(wr_text_starts(text, "BEGIN:VCALENDAR\r\n"));
	assert_non_null(strstr(text, "\r\nBEGIN:VEVENT\r\n"));
	const char *line = text;
	while (*line) {
		const char *end = strstr(line, "\r\n");
		assert_non_null(end);
		assert_true(end - line <= 75 && end > line);
		assert_true(wr_text_is_printable(line, (size_t)(end - line)));
		line = end + 2;
	}
	assert_true(strcmp(line - strlen("END:VCALENDAR\r\n"), "END:VCALENDAR\r\n") == 0);
	assert_true(strstr(text, "\r\nUID:") > strstr(text, "\r\nBEGIN:VEVENT\r\n"));
}

static void expect_golden(const char *name, const char *text)
{
	static char golden[65536];
	char path[500];
	check_form(text);
	snprintf(path, sizeof(path), "%s/feed/%s.ics", getenv("TEST_DATA"), name);
	FILE *file = fopen(path, getenv("WRITE_GOLDEN") ? "w+b" : "rb");
	if (!file)
		fail_msg("%s cannot be opened", path);
	if (getenv("WRITE_GOLDEN")) {
		fputs(text, file);
		rewind(file);
	}
	size_t length = fread(golden, 1, sizeof(golden) - 1, file);
	golden[length] = '\0';
	fclose(file);
	assert_string_equal(text, golden);
}

static void test_support_around_the_end_of_summer_time(void **state)
{
	(void)state;
	struct wr_feed feed = feed_of(WR_WHOSE_SUPPORT, "Europe/London", "2026-10-21T08:00Z");
	struct wr_feed_event events[] = {
	    event_of("a1", "2026-10-26T10:10Z", "2026-10-26T10:30Z"),
	    event_of("a2", "2026-10-22T09:10Z", "2026-10-22T09:30Z"),
	    event_of("a3", "2026-10-25T00:30Z", "2026-10-25T00:50Z"), /* 1:30am, */
	    event_of("a4", "2026-10-25T01:30Z", "2026-10-25T01:50Z"), /* twice */
	    event_of("a5", "2026-10-29T10:10Z", "2026-10-29T10:30Z"),
	};
	struct wr_feed_written result;
	events[0].alarms = true;
	events[0].place = "Quiet Room, Melbury Lodge, Winchester";
	events[4].cancelled = true;
	events[4].alarms = true;
	events[4].sequence = 2;
	events[4].changed = events[4].stamp = at("2026-10-20T11:05Z");
	feed.event = events;
	feed.events = WR_COUNT(events);
	feed.name = "Times, with Mum";
	const char *text = written(&feed, &result);
	expect_golden("support-october-2026", text);
	assert_int_equal(result.last_modified, at("2026-10-20T11:05Z"));
	assert_int_equal(result.valid_until, at("2026-10-26T10:30Z"));
	assert_int_equal(result.shown, 5);
	struct wr_feed_event swapped = events[0];
	events[0] = events[4];
	events[4] = swapped;
	assert_string_equal(written(&feed, &result), text); /* whatever the order */
}

static void test_consultant_around_easter_and_the_start_of_summer_time(void **state)
{
	(void)state;
	struct wr_feed feed = feed_of(WR_WHOSE_CONSULTANT, "Europe/London", "2027-03-24T17:00Z");
	struct wr_feed_event events[] = {
	    event_of("b1", "2027-03-25T09:00Z", "2027-03-25T09:20Z"),
	    event_of("b2", "2027-03-25T09:25Z", "2027-03-25T09:45Z"),
	    event_of("b3", "2027-03-30T08:00Z", "2027-03-30T08:20Z"),
	    event_of("b4", "2027-04-01T08:25Z", "2027-04-01T08:45Z"),
	};
	struct wr_feed_written result;
	for (size_t i = 0; i < WR_COUNT(events); i++) {
		events[i].summary = i % 2 ? "UK, bed 2" : "CN, bed 1";
		events[i].place = "Quiet Room";
		events[i].text = "Coming: 2 (father, care coordinator).";
		events[i].page = NULL;
		events[i].changed = events[i].stamp = at("2027-03-17T16:00Z");
	}
	feed.event = events;
	feed.events = WR_COUNT(events);
	feed.name = "Dr Asha Shah";
	feed.colour = "navy";
	expect_golden("consultant-march-2027", written(&feed, &result));
}

static void test_patient_with_long_names_in_many_letters(void **state)
{
	(void)state;
	struct wr_feed feed = feed_of(WR_WHOSE_PATIENT, "Europe/London", "2026-11-23T12:00Z");
	struct wr_feed_event event = event_of("c1", "2026-11-30T10:10Z", "2026-11-30T10:30Z");
	struct wr_feed_written result;
	event.summary = "Ward round";
	event.place = "Room 1; \\ left, then right";
	// clang-format off
	event.text = "Coming: Zoë Ångström-Łukaszewicz, 王小明王小明王小明王小明王小明王小明, "
	             "Владимир Владимирович, 👩‍👩‍👧‍👦👩‍👩‍👧‍👦.\n"
	             "How others join is on your page.";
	// clang-format on
	event.page = NULL;
	feed.event = &event;
	feed.events = 1;
	expect_golden("patient-letters", written(&feed, &result));
}

static void test_zones_of_other_countries(void **state)
{
	(void)state;
	static const struct {
		const char *zone, *file;
	} zones[] = {{"Europe/Dublin", "ward-dublin"}, {"America/New_York", "ward-new-york"},
	    {"Asia/Kolkata", "ward-kolkata"}, {"Etc/UTC", "ward-utc"},
	    {"America/Nuuk", "ward-nuuk"}};
	for (size_t i = 0; i < WR_COUNT(zones); i++) {
		struct wr_feed feed = feed_of(WR_WHOSE_WARD, zones[i].zone, "2026-10-21T08:00Z");
		struct wr_feed_event events[] = {
		    event_of("d1", "2026-10-22T14:00Z", "2026-10-22T14:20Z"),
		    event_of("d2", "2026-10-29T14:00Z", "2026-10-29T14:20Z"),
		    event_of("d3", "2026-11-05T14:00Z", "2026-11-05T14:20Z"),
		};
		struct wr_feed_written result;
		feed.event = events;
		feed.events = WR_COUNT(events);
		expect_golden(zones[i].file, written(&feed, &result));
	}
}

static void test_years_with_rules_of_their_own_are_written_in_utc(void **state)
{
	(void)state;
	/* from 1968 to 1971 Britain kept summer time all the year */
	struct wr_feed feed = feed_of(WR_WHOSE_WARD, "Europe/London", "1970-01-10T00:00Z");
	struct wr_feed_event event = event_of("e2", "1970-01-15T12:00Z", "1970-01-15T12:20Z");
	struct wr_feed_written result;
	feed.event = &event;
	feed.events = 1;
	const char *text = written(&feed, &result);
	check_form(text);
	assert_non_null(strstr(text, "DTSTART:19700115T120000Z\r\n"));
	assert_null(strstr(text, "VTIMEZONE"));
}

static void test_a_supports_calendar_gives_nothing_away_from_end_to_end(void **state)
{
	(void)state;
	static const char *const forbidden[] = {
	    "ward", "round", "hospital", "patient", "kingsley", "cy north", "l-1"};
	struct known known;
	struct wr_feed_event events[2];
	struct wr_feed_written result;
	struct wr_feed feed = feed_of(WR_WHOSE_SUPPORT, "Europe/London", "2026-11-20T12:00Z");
	know(&known, "2026-11-30T10:10Z", "2026-11-30T10:30Z");
	known.support.sees = WR_SEES_PLACE;
	struct wr_feed_reader reader = reader_of(&known, WR_WHOSE_SUPPORT);
	reader.alarms = true;
	for (size_t i = 0; i < WR_COUNT(events); i++) {
		known.slot.state = i ? WR_STATE_CANCELLED : WR_STATE_PUBLISHED;
		known.slot.uid = i ? "1" : "0";
		assert_true(wr_feed_show(&arena, &reader, &known.facts, &events[i]));
		events[i].stamp = at("2026-11-18T16:00Z");
	}
	feed.event = events;
	for (size_t n = WR_COUNT(events) + 1; n-- > 0;) {
		feed.events = n;
		const char *text = written(&feed, &result);
		for (size_t i = 0; i < WR_COUNT(forbidden); i++)
			if (strcasestr(text, forbidden[i]))
				fail_msg("\"%s\" in %s", forbidden[i], text);
	}
	assert_int_equal(result.shown, 0); /* the loop ended with the empty calendar */
}

static void test_nothing_ahead_is_said_on_the_next_publishing_day(void **state)
{
	(void)state;
	struct wr_feed feed = feed_of(WR_WHOSE_SUPPORT, "Europe/London", "2026-11-23T12:00Z");
	struct wr_feed_written result;
	const char *support = written(&feed, &result);
	expect_golden("support-none-planned", support);
	assert_int_equal(result.shown, 0);
	assert_int_equal(result.valid_until, at("2026-11-26T00:00Z"));
	feed.now += 86400;
	assert_string_equal(written(&feed, &result), support); /* the clock is not in it */
	feed.whose = WR_WHOSE_PATIENT;
	assert_non_null(
	    strstr(written(&feed, &result), "SUMMARY:Next ward round not planned yet\r\n"));
	feed.next_publishing = WR_DAY_NONE;
	assert_non_null(strstr(written(&feed, &result), "DTSTART;VALUE=DATE:20261130\r\n"));
	assert_int_equal(result.valid_until, at("2026-11-30T00:00Z"));
}

static const char *uid_in(const char *text)
{
	return wr_arena_strndup(&arena, strstr(text, "\r\nUID:") + 6, 32);
}

static void test_all_day_entries_have_a_uid_by_link_and_week(void **state)
{
	(void)state;
	struct wr_feed feed = feed_of(WR_WHOSE_SUPPORT, "Europe/London", "2026-11-23T12:00Z");
	struct wr_feed_written result;
	const char *first = uid_in(written(&feed, &result));
	feed.next_publishing -= 1; /* a holiday; the same week */
	assert_string_equal(uid_in(written(&feed, &result)), first);
	feed.next_publishing += 8;
	assert_string_not_equal(uid_in(written(&feed, &result)), first);
	feed.next_publishing -= 7;
	feed.link = "l-2";
	assert_string_not_equal(uid_in(written(&feed, &result)), first);
}

static void test_an_ended_link_keeps_one_neutral_entry(void **state)
{
	(void)state;
	struct wr_buf buf = {0};
	wr_feed_write_ended("l-1", zone_of("Europe/London"), at("2026-11-23T12:34:56Z"), &buf);
	expect_golden("ended", wr_buf_text(&buf));
	assert_false(wr_feed_gives_away(wr_buf_text(&buf), "Kingsley Ward"));
	wr_buf_deinit(&buf);
}

static void test_cancelled_events_stay_for_a_while_and_then_go(void **state)
{
	(void)state;
	struct wr_feed feed = feed_of(WR_WHOSE_SUPPORT, "Europe/London", "2026-11-20T12:00Z");
	struct wr_feed_event events[] = {
	    event_of("f1", "2026-11-30T10:10Z", "2026-11-30T10:30Z"),
	    event_of("f2", "2026-12-20T10:10Z", "2026-12-20T10:30Z"),
	};
	struct wr_feed_written result;
	events[0].cancelled = true;
	events[0].changed = events[0].stamp = at("2026-11-20T11:00Z");
	feed.event = events;
	feed.events = 2;
	const char *text = written(&feed, &result);
	assert_non_null(strstr(text, "SUMMARY:Cancelled: Meeting\r\n"));
	assert_non_null(strstr(text, "STATUS:CANCELLED\r\nTRANSP:TRANSPARENT\r\n"));
	assert_int_equal(result.valid_until, at("2026-12-04T11:00Z"));
	feed.now = at("2026-12-04T10:59:59Z");
	assert_string_equal(written(&feed, &result), text);
	feed.now += 1;
	assert_null(strstr(written(&feed, &result), "UID:f1"));
	assert_int_equal(result.last_modified, at("2026-12-04T11:00Z"));
}

static void test_alarms_come_only_if_asked_for(void **state)
{
	(void)state;
	struct wr_feed feed = feed_of(WR_WHOSE_SUPPORT, "Europe/London", "2026-11-20T12:00Z");
	struct wr_feed_event event = event_of("g1", "2026-11-30T10:10Z", "2026-11-30T10:30Z");
	struct wr_feed_written result;
	feed.event = &event;
	feed.events = 1;
	assert_null(strstr(written(&feed, &result), "VALARM"));
	event.alarms = true;
	assert_non_null(strstr(written(&feed, &result), "BEGIN:VALARM"));
	event.cancelled = true;
	assert_null(strstr(written(&feed, &result), "VALARM"));
}

/* At every instant the bytes hold until `valid_until`, and not a second longer without a reason. */
static void test_bytes_change_exactly_when_foretold(void **state)
{
	(void)state;
	struct wr_feed feed = feed_of(WR_WHOSE_PATIENT, "Europe/London", "2026-06-01T00:00Z");
	struct wr_feed_event events[] = {
	    event_of("h1", "2026-09-30T22:30Z", "2026-09-30T23:00Z"), /* 11:30pm by the wall */
	    event_of("h2", "2026-10-25T01:30Z", "2026-10-25T01:50Z"),
	    event_of("h3", "2026-11-30T10:10Z", "2026-11-30T10:30Z"),
	    event_of("h4", "2027-03-30T08:00Z", "2027-03-30T08:20Z"),
	};
	struct wr_feed_written result, later;
	unsigned steps = 0;
	events[1].cancelled = true;
	for (size_t i = 0; i < WR_COUNT(events); i++)
		events[i].stamp = events[i].changed = at("2026-05-31T00:00Z");
	events[1].changed = at("2026-10-20T00:00Z");
	feed.event = events;
	feed.events = WR_COUNT(events);
	feed.next_publishing = wr_day_from_date(2027, 12, 1);
	for (;; steps++) {
		const char *now = written(&feed, &result);
		assert_true(result.last_modified <= feed.now);
		if (result.valid_until >
		    at("2027-11-01T00:00Z")) /* only the publishing day is left */
			break;
		assert_true(result.valid_until > feed.now);
		feed.now = result.valid_until - 1;
		assert_string_equal(written(&feed, &later), now);
		assert_int_equal(later.last_modified, result.last_modified);
		feed.now += 1;
		assert_string_not_equal(written(&feed, &later), now);
		assert_int_equal(later.last_modified, feed.now);
	}
	assert_in_range(steps, 9, 12);
}

static void test_twins_are_written_once(void **state)
{
	(void)state;
	struct wr_feed feed = feed_of(WR_WHOSE_PERSON, "Europe/London", "2026-11-20T12:00Z");
	struct wr_feed_event events[] = {
	    event_of("i1", "2026-11-30T10:10Z", "2026-11-30T10:30Z"),
	    event_of("i1", "2026-11-30T10:10Z", "2026-11-30T10:30Z"),
	};
	struct wr_feed_written result;
	feed.event = events;
	feed.events = 2;
	written(&feed, &result);
	assert_int_equal(result.shown, 1);
}

/* libical reads what we write: the same texts come out of folding and escaping. */
static void test_any_text_survives_folding_and_escaping(void **state)
{
	(void)state;
	static const char *const pieces[] = {
	    "é", "漢", "👩", "\\", ",", ";", "\n", "a", " ", "word", "\\n", ":", "\""};
	uint32_t seed = 1;
	for (int round = 0; round < 500; round++) {
		struct wr_feed feed = feed_of(WR_WHOSE_WARD, "Europe/London", "2026-11-20T12:00Z");
		struct wr_feed_event event =
		    event_of("j1", "2026-11-30T10:10Z", "2026-11-30T10:30Z");
		struct wr_feed_written result;
		struct wr_buf summary = {0};
		wr_buf_putc(&summary, 'x');
		for (int i = 0; i < 3 + round % 120; i++) {
			seed = seed * 1664525 + 1013904223;
			wr_buf_puts(&summary, pieces[(seed >> 16) % WR_COUNT(pieces)]);
		}
		wr_buf_putc(&summary, 'x');
		event.summary = wr_buf_text(&summary);
		feed.event = &event;
		feed.events = 1;
		const char *text = written(&feed, &result);
		check_form(text);
		icalcomponent *calendar = icalparser_parse_string(text);
		assert_non_null(calendar);
		assert_int_equal(icalcomponent_count_errors(calendar), 0);
		icalcomponent *found =
		    icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
		assert_string_equal(icalcomponent_get_summary(found), wr_buf_text(&summary));
		icalcomponent_free(calendar);
		wr_buf_deinit(&summary);
		wr_arena_deinit(&arena);
	}
}

static int free_arena(void **state)
{
	(void)state;
	wr_arena_deinit(&arena);
	icalmemory_free_ring();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_support_around_the_end_of_summer_time),
	    cmocka_unit_test(test_consultant_around_easter_and_the_start_of_summer_time),
	    cmocka_unit_test(test_patient_with_long_names_in_many_letters),
	    cmocka_unit_test(test_zones_of_other_countries),
	    cmocka_unit_test(test_years_with_rules_of_their_own_are_written_in_utc),
	    cmocka_unit_test(test_a_supports_calendar_gives_nothing_away_from_end_to_end),
	    cmocka_unit_test(test_nothing_ahead_is_said_on_the_next_publishing_day),
	    cmocka_unit_test(test_all_day_entries_have_a_uid_by_link_and_week),
	    cmocka_unit_test(test_an_ended_link_keeps_one_neutral_entry),
	    cmocka_unit_test(test_cancelled_events_stay_for_a_while_and_then_go),
	    cmocka_unit_test(test_alarms_come_only_if_asked_for),
	    cmocka_unit_test(test_bytes_change_exactly_when_foretold),
	    cmocka_unit_test(test_twins_are_written_once),
	    cmocka_unit_test(test_any_text_survives_folding_and_escaping),
	};
	return cmocka_run_group_tests(tests, NULL, free_arena);
}
