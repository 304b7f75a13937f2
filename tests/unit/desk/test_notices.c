#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask_desk.h"

static char secret[] = "/tmp/wardround-secret-XXXXXX";

/* P1 (a text message), with S1 who sees all, S2 who sees the time. */
static struct built_desk *ward_at(const char *now)
{
	struct wr_buf config = {0};
	wr_buf_printf(&config,
	    "webhook sms { url = \"https://sms.example.org/hook\" secret-file = \"%s\"\n"
	    " events = { \"slot\", \"reminder\", \"invite\" } send-contact = true }\n",
	    secret);
	struct built_desk *d = desk_build(wr_buf_text(&config), now);
	wr_buf_deinit(&config);
	desk_must(d, "patient admit",
	    "{'ref':'P1','name':'Cy North','ward':'kingsley','consultant':'shah',"
	    "'admitted':'2026-11-26T10:00','phone':'07700 900001','contact':'sms'}");
	desk_must(d, "support add",
	    "{'ref':'S1','patient':'P1','name':'Ivo Heath','relation':'father','sees':'all',"
	    "'agreed_by':'patient','phone':'07700 900002','free':'Mon 09:00-12:00'}");
	desk_must(d, "support add",
	    "{'ref':'S2','patient':'P1','name':'Pia Pike','relation':'friend','sees':'time',"
	    "'agreed_by':'patient','phone':'07700 900003','free':'Mon 09:00-12:00'}");
	return d;
}

static struct built_desk *published(void)
{
	struct built_desk *d = ward_at("2026-11-27T10:00:00Z");
	desk_publish(d, "P1", "09:25");
	desk_run_until(d, "2026-11-27T10:05:00Z");
	assert_int_equal(d->n_posts, 3);
	return d;
}

static void run_long_until(struct built_desk *d, const char *until)
{
	desk_run_by(d, desk_time(until), 1800);
}

/* "slot.late P1; ..." of what was sent from `from` on, in order of names. */
static const char *sent(struct built_desk *d, size_t from)
{
	struct wr_buf all = {0};
	static const char *const people[] = {"P1", "S1", "S2"};
	for (size_t k = 0; k < WR_COUNT(people); k++)
		for (size_t i = from; i < d->n_posts; i++)
			if (strcmp(d->posts[i].who, people[k]) == 0)
				wr_buf_printf(&all, "%s%s %s", all.length ? "; " : "",
				    d->posts[i].type, people[k]);
	const char *text = wr_arena_strdup(&d->words, wr_buf_text(&all));
	wr_buf_deinit(&all);
	return text;
}

static const char *text_to(const struct built_desk *d, const char *who, size_t from)
{
	for (size_t i = from; i < d->n_posts; i++)
		if (strcmp(d->posts[i].who, who) == 0)
			return json_string_value(
			    json_object_get(json_object_get(d->posts[i].json, "data"), "text"));
	fail_msg("nothing for %s", who);
	return NULL;
}

static bool says(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

#define LATE(minutes) "{'id':'kingsley.shah.2026-11-30','minutes':'" minutes "','yes':true}"
#define MOVE(start) "{'slot':'s-1','to':'2026-11-30T" start "'," YES "}"

/* ---- who comes ---- */

static void test_patient_hears_who_comes_and_supports_do_not(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "reply add", "{'support':'S1','slot':'s-1','answer':'person'}");
	desk_run_until(d, "2026-11-27T10:10:00Z");
	assert_string_equal(sent(d, 3), "slot.people P1");
	assert_true(says(text_to(d, "P1", 3), "Who is coming has changed."));
	assert_false(says(text_to(d, "P1", 3), "Ivo"));
	desk_free(d);
}

static void test_same_people_again_are_no_news(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "reply add", "{'support':'S1','slot':'s-1','answer':'person'}");
	desk_must(d, "reply add", "{'support':'S1','slot':'s-1','answer':'no'}");
	desk_run_until(d, "2026-11-27T10:10:00Z");
	assert_string_equal(sent(d, 3), "");
	desk_must(d, "reply add", "{'support':'S1','slot':'s-1','answer':'phone'}");
	desk_run_until(d, "2026-11-27T10:20:00Z");
	desk_must(d, "reply add", "{'support':'S1','slot':'s-1','answer':'video'}");
	desk_run_until(d, "2026-11-27T10:30:00Z");
	assert_string_equal(sent(d, 3), "slot.people P1");
	desk_free(d);
}

static void test_move_says_it_all_at_once(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "slot move", MOVE("09:50"));
	desk_must(d, "reply add", "{'support':'S1','slot':'s-1','answer':'no'}");
	run_long_until(d, "2026-11-27T12:00:00Z");
	assert_string_equal(sent(d, 3), "slot.moved P1; slot.moved S1; slot.moved S2");
	desk_free(d);
}

/* ---- late ---- */

static void test_late_round_is_told_once_after_two_minutes(void **state)
{
	(void)state;
	struct built_desk *d = published();
	run_long_until(d, "2026-11-30T08:50:00Z");
	size_t before = d->n_posts;
	assert_string_equal(
	    desk_refusal(d, "session late", "{'id':'kingsley.shah.2026-11-30','minutes':'20'}"),
	    "needs-yes: session late changes what people rely on and needs a yes");
	desk_must(d, "session late", LATE("20"));
	desk_run_until(d, "2026-11-30T08:51:00Z");
	assert_string_equal(sent(d, before), "");
	desk_run_until(d, "2026-11-30T09:20:00Z");
	assert_string_equal(sent(d, before), "slot.late P1; slot.late S1; slot.late S2");
	assert_true(
	    says(text_to(d, "S2", before), "about 20 minutes late, not before Mon 30 Nov 9:45am."));
	desk_free(d);
}

static void test_round_that_catches_up_tells_nothing_and_more_lateness_does(void **state)
{
	(void)state;
	struct built_desk *d = published();
	run_long_until(d, "2026-11-30T08:50:00Z");
	desk_must(d, "session late", LATE("20"));
	desk_run_until(d, "2026-11-30T09:00:00Z");
	size_t before = d->n_posts;
	desk_must(d, "session late", LATE("5"));
	desk_run_until(d, "2026-11-30T09:05:00Z");
	desk_must(d, "session late", LATE("20"));
	desk_run_until(d, "2026-11-30T09:10:00Z");
	assert_string_equal(sent(d, before), "");
	desk_must(d, "session late", LATE("35"));
	desk_run_until(d, "2026-11-30T09:15:00Z");
	assert_string_equal(sent(d, before), "slot.late P1; slot.late S1; slot.late S2");
	assert_true(says(text_to(d, "P1", before), "not before Mon 30 Nov 10:00am."));
	desk_free(d);
}

static void test_slip_that_is_put_right_at_once_is_never_told(void **state)
{
	(void)state;
	struct built_desk *d = published();
	run_long_until(d, "2026-11-30T09:15:00Z");
	size_t before = d->n_posts;
	desk_must(d, "session late", LATE("200"));
	desk_run_until(d, "2026-11-30T09:16:00Z");
	desk_must(d, "session late", LATE("20"));
	desk_run_until(d, "2026-11-30T09:30:00Z");
	assert_string_equal(sent(d, before), "slot.late P1; slot.late S1; slot.late S2");
	assert_true(says(text_to(d, "P1", before), "about 20 minutes"));
	desk_free(d);
}

static void test_slot_that_has_begun_is_told_of_no_lateness(void **state)
{
	(void)state;
	struct built_desk *d = published();
	run_long_until(d, "2026-11-30T09:26:00Z");
	size_t before = d->n_posts;
	desk_must(d, "slot start", "{'slot':'s-1'}");
	desk_must(d, "session late", LATE("20"));
	desk_run_until(d, "2026-11-30T09:40:00Z");
	assert_string_equal(sent(d, before), "");
	desk_free(d);
}

static void test_slot_moved_into_a_late_round_is_told_both(void **state)
{
	(void)state;
	struct built_desk *d = published();
	run_long_until(d, "2026-11-30T08:30:00Z");
	desk_must(d, "session late", LATE("20"));
	desk_run_until(d, "2026-11-30T08:40:00Z");
	size_t before = d->n_posts;
	desk_must(d, "slot move", MOVE("11:00"));
	desk_run_until(d, "2026-11-30T08:50:00Z");
	assert_string_equal(sent(d, before),
	    "slot.moved P1; slot.late P1; slot.moved S1; slot.late S1; slot.moved S2; slot.late "
	    "S2");
	desk_free(d);
}

static void test_nobody_is_told_of_lateness_after_it(void **state)
{
	(void)state;
	struct built_desk *d = published();
	run_long_until(d, "2026-11-30T09:20:00Z");
	size_t before = d->n_posts;
	d->status = DESK_UNREACHED;
	desk_must(d, "session late", LATE("10"));
	desk_run_until(d, "2026-11-30T09:25:00Z");
	d->status = 200;
	size_t tried = d->n_posts;
	assert_true(tried > before);
	desk_run_until(d, "2026-11-30T10:30:00Z");
	for (size_t i = before; i < d->n_posts; i++)
		assert_true(
		    desk_time("2026-11-30T09:35:00Z") >= strtoll(d->posts[i].timestamp, NULL, 10));
	desk_free(d);
}

/* ---- reminders ---- */

static void test_reminders_rest_on_hold_and_come_back(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "patient hold", "{'ref':'P1','why':'absent without leave'}");
	run_long_until(d, "2026-11-29T12:00:00Z");
	assert_string_equal(sent(d, 3), "");
	desk_must(d, "patient release", "{'ref':'P1'}");
	desk_run_until(d, "2026-11-30T09:00:00Z");
	assert_string_equal(sent(d, 3), "reminder.due P1; reminder.due S1; reminder.due S2");
	desk_free(d);
}

static void test_who_cannot_come_is_not_reminded_but_told_of_changes(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "reply add", "{'support':'S2','slot':'s-1','answer':'no'}");
	run_long_until(d, "2026-11-29T10:00:00Z");
	assert_string_equal(sent(d, 3), "reminder.due P1; reminder.due S1");
	size_t before = d->n_posts;
	desk_must(d, "slot move", MOVE("09:50"));
	run_long_until(d, "2026-11-29T11:00:00Z");
	assert_string_equal(sent(d, before), "slot.moved P1; slot.moved S1; slot.moved S2");
	desk_free(d);
}

/* The gateway is away from before the evening's last reminder until deep in the night. */
static void test_reminder_that_could_not_go_waits_for_the_morning(void **state)
{
	(void)state;
	struct built_desk *d = ward_at("2026-11-27T10:00:00Z");
	desk_publish(d, "P1", "09:25");
	run_long_until(d, "2026-11-28T09:00:00Z");
	size_t before = d->n_posts;
	d->status = 503;
	run_long_until(d, "2026-11-28T23:30:00Z");
	size_t tried = d->n_posts;
	assert_true(tried > before);
	d->status = 200;
	run_long_until(d, "2026-11-29T07:59:00Z");
	assert_int_equal(d->n_posts, tried);
	desk_run_until(d, "2026-11-29T08:01:00Z");
	assert_string_equal(sent(d, tried), "reminder.due P1; reminder.due S1; reminder.due S2");
	desk_free(d);
}

static void test_reminders_that_were_slept_through_are_one(void **state)
{
	(void)state;
	struct built_desk *d = published();
	d->desk.clock.due = WR_TIME_NONE; /* the machine sleeps */
	wr_clock_advance(&d->desk.clock, desk_time("2026-11-30T08:30:00Z"));
	desk_set_clock(d, "2026-11-30T08:30:01Z");
	desk_run_until(d, "2026-11-30T09:30:00Z");
	assert_string_equal(sent(d, 3), "reminder.due P1; reminder.due S1; reminder.due S2");
	desk_free(d);
}

/* ---- the night ---- */

static void test_change_that_could_not_go_by_day_wakes_nobody(void **state)
{
	(void)state;
	struct built_desk *d = published();
	d->status = 503;
	desk_run_until(d, "2026-11-27T20:50:00Z");
	desk_must(d, "slot move", MOVE("09:50"));
	desk_run_until(d, "2026-11-27T21:00:00Z");
	size_t tried = d->n_posts;
	assert_true(tried > 3);
	d->status = 200;
	run_long_until(d, "2026-11-28T07:59:00Z");
	assert_int_equal(d->n_posts, tried);
	desk_run_until(d, "2026-11-28T08:01:00Z");
	assert_string_equal(sent(d, tried), "slot.moved P1; slot.moved S1; slot.moved S2");
	desk_free(d);
}

static void test_change_of_the_next_morning_goes_at_night(void **state)
{
	(void)state;
	struct built_desk *d = published();
	run_long_until(d, "2026-11-29T23:00:00Z");
	size_t before = d->n_posts;
	desk_must(d, "slot move", MOVE("09:50"));
	desk_run_until(d, "2026-11-29T23:03:00Z");
	assert_string_equal(sent(d, before), "slot.moved P1; slot.moved S1; slot.moved S2");
	desk_free(d);
}

/* ---- the end ---- */

static void test_discharge_is_one_last_cancellation_and_then_silence(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "patient discharge", "{'ref':'P1','yes':true}");
	desk_must(d, "session late", LATE("20"));
	run_long_until(d, "2026-11-30T12:00:00Z");
	assert_string_equal(sent(d, 3), "slot.cancelled P1; slot.cancelled S1; slot.cancelled S2");
	desk_free(d);
}

static void test_after_a_death_nothing_goes_out_by_itself(void **state)
{
	(void)state;
	struct built_desk *d = published();
	d->status = 503;
	desk_must(d, "slot move", MOVE("09:50"));
	desk_must(d, "link send", "{'support':'S2'}");
	desk_run_until(d, "2026-11-27T10:10:00Z");
	size_t before = d->n_posts;
	d->status = 200;
	desk_must(d, "patient discharge", "{'ref':'P1','died':true,'yes':true}");
	run_long_until(d, "2026-11-30T12:00:00Z");
	assert_string_equal(sent(d, before), "");
	const char *text = desk_says(d, "tasks.0.text", "task list", "{}");
	assert_true(says(text, "Ivo Heath (+447700900002)"));
	assert_true(says(text, "Pia Pike (+447700900003)"));
	desk_free(d);
}

static void test_withdrawal_is_silent_unless_asked_to_say_not_to_travel(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "support withdraw", "{'ref':'S1','yes':true}");
	desk_must(d, "support withdraw", "{'ref':'S2','yes':true,'tell':true}");
	run_long_until(d, "2026-11-30T12:00:00Z");
	assert_string_equal(sent(d, 3), "reminder.due P1; reminder.due P1; slot.cancelled S2");
	assert_string_equal(text_to(d, "S2", 3),
	    "Please do not travel on Mon 30 Nov. Ring 01632 960009. Don't reply to this text.");
	desk_free(d);
}

static void test_who_has_no_contact_is_on_the_call_list_and_not_written_to(void **state)
{
	(void)state;
	struct built_desk *d = ward_at("2026-11-27T10:00:00Z");
	desk_must(d, "support edit", "{'ref':'S2','phone':''}");
	desk_publish(d, "P1", "09:25");
	run_long_until(d, "2026-11-27T12:00:00Z");
	assert_string_equal(sent(d, 0), "slot.published P1; slot.published S1");
	json_t *answer = desk_ask(d, "unseen list", "{}"), *one;
	size_t i, rings = 0;
	json_array_foreach (json_object_get(answer, "unseen"), i, one)
		if (strcmp(json_string_value(json_object_get(one, "who")), "S2") == 0)
			rings += json_is_true(json_object_get(one, "ring"));
	json_decref(answer);
	assert_int_equal(rings, 1);
	desk_free(d);
}

static void test_people_of_a_patient_who_is_no_longer_kept_back_are_told(void **state)
{
	(void)state;
	struct built_desk *d = ward_at("2026-11-27T10:00:00Z");
	desk_must(d, "patient edit", "{'ref':'P1','restricted':true}");
	desk_publish(d, "P1", "09:25");
	desk_run_until(d, "2026-11-27T10:10:00Z");
	assert_string_equal(sent(d, 0), "");
	desk_must(d, "patient edit", "{'ref':'P1','restricted':false}");
	desk_run_until(d, "2026-11-27T10:20:00Z");
	assert_string_equal(sent(d, 0), "slot.published P1; slot.published S1; slot.published S2");
	desk_free(d);
}

/* ---- the clock ---- */

static void test_clock_set_back_delays_nothing(void **state)
{
	(void)state;
	struct built_desk *d = published();
	d->status = 503;
	desk_must(d, "slot move", MOVE("09:50"));
	desk_run_until(d, "2026-11-27T13:30:00Z");
	desk_set_clock(d, "2026-11-26T09:00:00Z");
	d->status = 200;
	size_t before = d->n_posts;
	desk_run_until(d, "2026-11-26T10:20:00Z");
	assert_string_equal(sent(d, before), "slot.moved P1; slot.moved S1; slot.moved S2");
	desk_free(d);
}

static void test_daemon_that_starts_with_an_earlier_clock_waits_for_nothing(void **state)
{
	(void)state;
	struct built_desk *d = ward_at("2027-11-27T10:00:00Z");
	d->status = 503;
	desk_must(d, "link send", "{'support':'S1'}");
	desk_run_until(d, "2027-11-27T10:30:00Z");
	size_t before = d->n_posts;
	d->status = 200;
	d->desk.clock.on_jump = NULL;
	wr_clock_set(&d->desk.clock, desk_time("2026-11-27T10:00:00Z"));
	desk_crash(d);
	desk_run_until(d, "2026-11-27T10:01:00Z");
	assert_string_equal(sent(d, before), "link.invite S1");
	desk_free(d);
}

static void test_clock_set_past_the_slot_sends_nothing_about_it(void **state)
{
	(void)state;
	struct built_desk *d = published();
	d->status = 503;
	desk_must(d, "slot move", MOVE("09:50"));
	desk_run_until(d, "2026-11-27T10:10:00Z");
	d->status = 200;
	size_t before = d->n_posts;
	desk_set_clock(d, "2026-12-02T10:00:00Z");
	desk_run_until(d, "2026-12-02T12:00:00Z");
	assert_string_equal(sent(d, before), "");
	assert_string_equal(desk_says(d, "tasks.0.kind", "task list", "{}"), "ring");
	desk_free(d);
}

/* A slot on the Monday after a Sunday that has an hour more or less, at 9:25am. */
static void assert_reminded(
    const char *now, const char *week, const char *monday, const char *first, const char *second)
{
	struct built_desk *d = ward_at(now);
	desk_must(d, "patient edit", "{'ref':'P1','admitted':'%s'}", now);
	desk_must(d, "plan make", "{'ward':'kingsley','week':'%s'}", week);
	desk_must(d, "plan publish", "{'ward':'kingsley','week':'%s'}", week);
	const char *start = desk_says(d, "slots.0.start", "slot list", "{'patient':'P1'}");
	if (strncmp(start + 11, "09:25", 5) != 0)
		desk_must(d, "slot move", "{'slot':'s-1','to':'%sT09:25'," YES "}", monday);
	desk_run_by(d, desk_time(first) - 1, 1800);
	size_t before = d->n_posts;
	desk_run_by(d, desk_time(first), 1800);
	assert_string_equal(sent(d, before), "reminder.due P1; reminder.due S1; reminder.due S2");
	assert_true(says(text_to(d, "S2", before), "9:25am"));
	desk_run_by(d, desk_time(second) - 1, 1800);
	assert_int_equal(d->n_posts, before + 3);
	desk_run_by(d, desk_time(second), 1800);
	assert_int_equal(d->n_posts, before + 6);
	desk_free(d);
}

/* Two hours before 9:25 is quiet (until 8:00), so that one goes before the night. */
static void test_reminders_keep_elapsed_hours_across_both_clock_changes(void **state)
{
	(void)state;
	assert_reminded("2026-10-22T10:00:00Z", "2026-W44", "2026-10-26", "2026-10-24T09:25:00Z",
	    "2026-10-25T20:55:00Z");
	assert_reminded("2027-03-25T10:00:00Z", "2027-W13", "2027-03-29", "2027-03-27T08:25:00Z",
	    "2027-03-28T19:55:00Z");
}

static int write_secret(void **state)
{
	(void)state;
	static const char words[] = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n";
	int fd = mkstemp(secret);
	if (fd < 0 || write(fd, words, sizeof(words) - 1) != (ssize_t)sizeof(words) - 1)
		return -1;
	return close(fd);
}

static int drop_secret(void **state)
{
	(void)state;
	return unlink(secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_patient_hears_who_comes_and_supports_do_not),
	    cmocka_unit_test(test_same_people_again_are_no_news),
	    cmocka_unit_test(test_move_says_it_all_at_once),
	    cmocka_unit_test(test_late_round_is_told_once_after_two_minutes),
	    cmocka_unit_test(test_round_that_catches_up_tells_nothing_and_more_lateness_does),
	    cmocka_unit_test(test_slip_that_is_put_right_at_once_is_never_told),
	    cmocka_unit_test(test_slot_that_has_begun_is_told_of_no_lateness),
	    cmocka_unit_test(test_slot_moved_into_a_late_round_is_told_both),
	    cmocka_unit_test(test_nobody_is_told_of_lateness_after_it),
	    cmocka_unit_test(test_reminders_rest_on_hold_and_come_back),
	    cmocka_unit_test(test_who_cannot_come_is_not_reminded_but_told_of_changes),
	    cmocka_unit_test(test_reminder_that_could_not_go_waits_for_the_morning),
	    cmocka_unit_test(test_reminders_that_were_slept_through_are_one),
	    cmocka_unit_test(test_change_that_could_not_go_by_day_wakes_nobody),
	    cmocka_unit_test(test_change_of_the_next_morning_goes_at_night),
	    cmocka_unit_test(test_discharge_is_one_last_cancellation_and_then_silence),
	    cmocka_unit_test(test_after_a_death_nothing_goes_out_by_itself),
	    cmocka_unit_test(test_withdrawal_is_silent_unless_asked_to_say_not_to_travel),
	    cmocka_unit_test(test_who_has_no_contact_is_on_the_call_list_and_not_written_to),
	    cmocka_unit_test(test_people_of_a_patient_who_is_no_longer_kept_back_are_told),
	    cmocka_unit_test(test_clock_set_back_delays_nothing),
	    cmocka_unit_test(test_daemon_that_starts_with_an_earlier_clock_waits_for_nothing),
	    cmocka_unit_test(test_clock_set_past_the_slot_sends_nothing_about_it),
	    cmocka_unit_test(test_reminders_keep_elapsed_hours_across_both_clock_changes),
	};
	return cmocka_run_group_tests(tests, write_secret, drop_secret);
}
