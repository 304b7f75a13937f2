#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ask_desk.h"

static struct built_desk *published(void)
{
	struct built_desk *d = desk_build("", "2026-11-27T10:00:00Z");
	desk_admit(d, "P1");
	desk_support(d, "S1", "P1", "time");
	desk_publish(d, "P1", "09:25");
	return d;
}

#define MOVE "{'slot':'s-1','to':'2026-11-30T09:50'," YES "}"

static void test_feed_is_the_same_bytes_while_what_it_shows_is_the_same(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *link = desk_link(d, "support", "S1"), *before = desk_feed(d, link);
	desk_must(d, "patient edit", "{'ref':'P1','bed':'7','nurse':'Ann'}");
	desk_must(d, "slot lock", "{'slot':'s-1'}");
	desk_admit(d, "P2");
	desk_support(d, "S2", "P1", "all");
	desk_publish(d, "P2", "10:15");
	desk_run_by(d, desk_time("2026-11-27T15:00:00Z"), 600);
	assert_string_equal(desk_feed(d, link), before);
	desk_crash(d);
	assert_string_equal(desk_feed(d, link), before);
	desk_free(d);
}

static void test_each_change_shown_counts_once_in_the_sequence(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *link = desk_link(d, "support", "S1");
	assert_non_null(strstr(desk_feed(d, link), "SEQUENCE:0\r\n"));
	desk_run_until(d, "2026-11-27T11:00:00Z");
	desk_must(d, "slot move", MOVE);
	assert_non_null(strstr(desk_feed(d, link), "SEQUENCE:1\r\n"));
	assert_non_null(strstr(desk_feed(d, link), "DTSTAMP:20261127T110000Z\r\n"));
	assert_non_null(strstr(desk_feed(d, link), "T095000"));
	desk_must(d, "slot lock", "{'slot':'s-1'}");
	assert_non_null(strstr(desk_feed(d, link), "SEQUENCE:1\r\n"));
	desk_free(d);
}

static void test_moved_slot_keeps_its_event(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *link = desk_link(d, "patient", "P1");
	const char *uid = strstr(desk_feed(d, link), "\r\nUID:");
	size_t length = strcspn(uid + 2, "\r");
	desk_must(d, "slot move", MOVE);
	const char *after = strstr(desk_feed(d, link), "\r\nUID:");
	assert_memory_equal(uid, after, length + 2);
	desk_free(d);
}

static void test_cancelled_slot_stays_as_cancelled_for_a_fortnight(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *link = desk_link(d, "support", "S1");
	desk_must(d, "slot cancel", "{'slot':'s-1','why':'patient-declined'," YES "}");
	assert_non_null(strstr(desk_feed(d, link), "STATUS:CANCELLED\r\n"));
	desk_run_by(d, desk_time("2026-12-10T10:00:00Z"), 43200);
	assert_non_null(strstr(desk_feed(d, link), "STATUS:CANCELLED\r\n"));
	desk_run_by(d, desk_time("2026-12-16T10:00:00Z"), 43200);
	assert_null(strstr(desk_feed(d, link), "STATUS:CANCELLED\r\n"));
	assert_non_null(strstr(desk_feed(d, link), "BEGIN:VEVENT\r\n"));
	desk_free(d);
}

static void test_ended_links_show_one_neutral_day_and_then_nothing(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_support(d, "S2", "P1", "all");
	const char *withdrawn = desk_link(d, "support", "S1");
	const char *revoked = desk_link(d, "support", "S2");
	desk_must(d, "support withdraw", "{'ref':'S1','yes':true}");
	desk_must(d, "link revoke", "{'id':'%s'}", revoked);
	const char *links[] = {withdrawn, revoked};
	for (size_t i = 0; i < WR_COUNT(links); i++) {
		const char *body = desk_feed(d, links[i]);
		assert_null(strstr(body, "T092500"));
		assert_null(strstr(body, "Kingsley"));
		assert_non_null(strstr(body, "DTSTART;VALUE=DATE:20261127\r\n"));
	}
	desk_run_by(d, desk_time("2026-12-12T10:00:00Z"), 43200);
	assert_null(desk_feed(d, withdrawn));
	assert_null(desk_feed(d, revoked));
	desk_free(d);
}

static void test_link_past_its_expiry_shows_nothing(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *link =
	    desk_says(d, "link.id", "link new", "{'support':'S1','expires':'2026-11-27T12:00'}");
	assert_non_null(strstr(desk_feed(d, link), "T092500"));
	desk_run_by(d, desk_time("2026-11-27T12:00:00Z"), 600);
	assert_null(strstr(desk_feed(d, link), "T092500"));
	desk_free(d);
}

static void test_restricted_patient_has_no_feed_for_anybody(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *own = desk_link(d, "patient", "P1"), *support = desk_link(d, "support", "S1");
	desk_must(d, "patient edit", "{'ref':'P1','restricted':true}");
	assert_null(strstr(desk_feed(d, own), "T092500"));
	assert_null(strstr(desk_feed(d, support), "T092500"));
	assert_true(wr_text_starts(desk_refusal(d, "link new", "{'patient':'P1'}"), "refused: "));
	desk_must(d, "patient edit", "{'ref':'P1','restricted':false}");
	assert_non_null(strstr(desk_feed(d, own), "T092500"));
	desk_free(d);
}

static void test_discharge_ends_the_feeds_of_all(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *own = desk_link(d, "patient", "P1"), *support = desk_link(d, "support", "S1");
	desk_must(d, "patient discharge", "{'ref':'P1','yes':true}");
	assert_null(strstr(desk_feed(d, own), "T092500"));
	assert_null(strstr(desk_feed(d, support), "T092500"));
	desk_free(d);
}

static void test_support_reads_no_word_that_gives_the_stay_away(void **state)
{
	(void)state;
	struct built_desk *d = published();
	const char *body = desk_feed(d, desk_link(d, "support", "S1"));
	static const char *const words[] = {"Kingsley", "ward", "hospital", "atient", "Cy North"};
	for (size_t i = 0; i < WR_COUNT(words); i++)
		assert_null(strcasestr(body, words[i]));
	desk_support(d, "S2", "P1", "all");
	assert_non_null(strcasestr(desk_feed(d, desk_link(d, "support", "S2")), "Kingsley Ward"));
	desk_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_feed_is_the_same_bytes_while_what_it_shows_is_the_same),
	    cmocka_unit_test(test_each_change_shown_counts_once_in_the_sequence),
	    cmocka_unit_test(test_moved_slot_keeps_its_event),
	    cmocka_unit_test(test_cancelled_slot_stays_as_cancelled_for_a_fortnight),
	    cmocka_unit_test(test_ended_links_show_one_neutral_day_and_then_nothing),
	    cmocka_unit_test(test_link_past_its_expiry_shows_nothing),
	    cmocka_unit_test(test_restricted_patient_has_no_feed_for_anybody),
	    cmocka_unit_test(test_discharge_ends_the_feeds_of_all),
	    cmocka_unit_test(test_support_reads_no_word_that_gives_the_stay_away),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
