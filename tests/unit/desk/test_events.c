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

/* One endpoint for people's news, two for staff, and one of another ward. */
static struct built_desk *ward_at(const char *now)
{
	struct wr_buf config = {0};
	wr_buf_puts(&config,
	    "ward elm { name = \"Elm Ward\" timezone = \"Europe/London\" beds = 5\n"
	    " contact-phone = \"01632 960010\"\n"
	    " plan = \"by hand\" publish = \"by hand\" }\n");
	static const char *const hooks[][2] = {{"sms", "\"slot\", \"reminder\", \"invite\""},
	    {"desk", "\"reply\", \"patient\", \"task\""}, {"chat", "\"task\""},
	    {"elm", "\"reply\", \"patient\", \"task\""}};
	for (size_t i = 0; i < WR_COUNT(hooks); i++)
		wr_buf_printf(&config,
		    "webhook %s { url = \"https://%s.example.org/hook\" secret-file = \"%s\"\n"
		    " events = { %s } send-contact = true %s }\n",
		    hooks[i][0], hooks[i][0], secret, hooks[i][1],
		    strcmp(hooks[i][0], "elm") == 0 ? "wards = { \"elm\" }" : "");
	struct built_desk *d = desk_build(wr_buf_text(&config), now);
	wr_buf_deinit(&config);
	desk_must(d, "patient admit",
	    "{'ref':'P1','name':'Cy North','ward':'kingsley','consultant':'shah',"
	    "'admitted':'2026-11-26T10:00','phone':'07700 900001','contact':'sms'}");
	desk_must(d, "support add",
	    "{'ref':'S1','patient':'P1','name':'Ivo Heath','relation':'father','sees':'time',"
	    "'agreed_by':'patient','phone':'07700 900002'}");
	return d;
}

static struct built_desk *published(void)
{
	struct built_desk *d = ward_at("2026-11-27T10:00:00Z");
	desk_publish(d, "P1", "09:25");
	desk_run_until(d, "2026-11-27T10:05:00Z");
	return d;
}

static const struct desk_post *find(
    const struct built_desk *d, const char *type, const char *host, size_t from)
{
	for (size_t i = from; i < d->n_posts; i++)
		if (strcmp(d->posts[i].type, type) == 0 && strstr(d->posts[i].url, host))
			return &d->posts[i];
	return NULL;
}

static size_t count(const struct built_desk *d, const char *type, const char *host)
{
	size_t n = 0;
	for (size_t i = 0; i < d->n_posts; i++)
		n += strcmp(d->posts[i].type, type) == 0 && strstr(d->posts[i].url, host);
	return n;
}

static const char *data(const struct desk_post *post, const char *name)
{
	assert_non_null(post);
	const char *text =
	    json_string_value(json_object_get(json_object_get(post->json, "data"), name));
	return text ? text : "";
}

static bool says(const struct built_desk *d, const char *type, const char *host, const char *text)
{
	for (size_t i = 0; i < d->n_posts; i++)
		if (strcmp(d->posts[i].type, type) == 0 && strstr(d->posts[i].url, host) &&
		    strcmp(data(&d->posts[i], "text"), text) == 0)
			return true;
	return false;
}

/* By half hours: the look of each minute would find the same. */
static void run_long_until(struct built_desk *d, const char *until)
{
	desk_run_by(d, desk_time(until), 1800);
}

/* ---- replies and tasks ---- */

static void test_reply_goes_to_who_wants_replies_without_a_name(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(
	    d, "reply add", "{'support':'S1','slot':'s-1','answer':'no','note':'Cy is asthmatic'}");
	desk_run_until(d, "2026-11-27T10:10:00Z");
	const struct desk_post *post = find(d, "reply.received", "desk", 0);
	assert_string_equal(
	    data(post, "text"), "S1 can't come: slot s-1, Mon 30 Nov 9:25am. With a note to read.");
	assert_string_equal(data(post, "support"), "S1");
	assert_string_equal(data(post, "answer"), "no");
	assert_null(strstr(post->body, "asthmatic"));
	assert_null(find(d, "reply.received", "sms", 0));
	assert_null(find(d, "reply.received", "chat", 0));
	assert_null(find(d, "reply.received", "elm", 0)); /* of another ward */
	desk_free(d);
}

static void test_note_is_a_task_and_after_twelve_hours_an_alarm_once(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "reply add",
	    "{'support':'S1','slot':'s-1','answer':'person','note':'Cy is asthmatic'}");
	run_long_until(d, "2026-11-27T21:59:00Z");
	assert_int_equal(count(d, "task.new", "chat"), 1);
	assert_true(says(d, "task.new", "chat", "Task t-1: a note has to be read. See the desk."));
	assert_string_equal(data(find(d, "task.new", "chat", 0), "task"), "t-1");
	run_long_until(d, "2026-11-28T09:00:00Z");
	assert_int_equal(count(d, "task.new", "chat"), 2);
	assert_string_equal(data(&d->posts[d->n_posts - 1], "text"),
	    "Still to be done, task t-1: a note has to be read. See the desk.");
	desk_free(d);
}

static void test_task_done_in_time_alarms_nobody(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "reply add",
	    "{'support':'S1','slot':'s-1','answer':'person','note':'Is there parking?'}");
	desk_must(d, "task done", "{'id':'t-1'}");
	run_long_until(d, "2026-11-28T09:00:00Z");
	assert_int_equal(count(d, "task.new", "chat"), 1);
	desk_free(d);
}

static void test_dry_run_announces_nothing(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "reply add",
	    "{'support':'S1','slot':'s-1','answer':'no','note':'x','dry_run':true}");
	desk_run_until(d, "2026-11-27T10:10:00Z");
	assert_int_equal(count(d, "reply.received", "desk"), 0);
	assert_int_equal(count(d, "task.new", "chat"), 0);
	desk_free(d);
}

/* ---- what did not get there ---- */

static void test_alarm_about_an_endpoint_takes_another_way(void **state)
{
	(void)state;
	struct built_desk *d = ward_at("2026-11-27T10:00:00Z");
	desk_publish(d, "P1", "09:25");
	d->other = "//sms.";
	d->other_status = 410;
	desk_run_until(d, "2026-11-27T10:10:00Z");
	assert_true(says(d, "task.new", "chat",
	    "Task t-1: an endpoint takes no notices; people have to be rung meanwhile. See the "
	    "desk."));
	assert_string_equal(desk_says(d, "webhooks_off.0", "status show", "{}"), "sms");
	desk_free(d);
}

static void test_staff_endpoint_that_fails_is_told_of_by_the_other(void **state)
{
	(void)state;
	struct built_desk *d = published();
	d->other = "//desk.";
	d->other_status = 400;
	desk_must(d, "reply add", "{'support':'S1','slot':'s-1','answer':'person'}");
	desk_run_until(d, "2026-11-27T10:10:00Z");
	assert_string_equal(desk_says(d, "tasks.0.kind", "task list", "{}"), "endpoint");
	assert_string_equal(desk_says(d, "tasks.#", "task list", "{}"), "1");
	assert_int_equal(count(d, "task.new", "chat"), 1);
	assert_int_equal(count(d, "task.new", "desk"), 0);
	desk_free(d);
}

static void test_expired_news_is_a_task_to_ring_and_an_event(void **state)
{
	(void)state;
	struct built_desk *d = ward_at("2026-11-27T10:00:00Z");
	d->other = "//sms.";
	d->other_status = 503;
	desk_publish(d, "P1", "09:25");
	run_long_until(d, "2026-11-30T09:30:00Z");
	assert_int_equal(count(d, "task.new", "chat"), 2);
	assert_true(
	    says(d, "task.new", "chat", "Task t-1: somebody has to be rung. See the desk."));
	for (size_t i = 0; i < d->n_posts; i++)
		if (strstr(d->posts[i].url, "//chat.")) {
			assert_null(strstr(d->posts[i].body, "North"));
			assert_null(strstr(d->posts[i].body, "Ivo"));
			assert_null(strstr(d->posts[i].body, "07700"));
			assert_null(strstr(d->posts[i].body, "ingsley"));
		}
	desk_free(d);
}

static void test_news_that_an_endpoint_does_not_take_is_told_by_another_after_half_an_hour(
    void **state)
{
	(void)state;
	struct built_desk *d = ward_at("2026-11-27T10:00:00Z");
	d->other = "//sms.";
	d->other_status = 503;
	desk_publish(d, "P1", "09:25");
	desk_run_until(d, "2026-11-27T10:31:00Z");
	assert_string_equal(desk_promise(d, 4), "kept");
	desk_run_until(d, "2026-11-27T10:35:00Z");
	assert_string_equal(desk_promise(d, 4), "danger");
	assert_true(says(d, "promise.danger", "chat",
	    "Promise 4 (it is known who has not heard) is in danger. See the desk."));
	desk_free(d);
}

static void test_invitation_that_does_not_arrive_is_a_task(void **state)
{
	(void)state;
	struct built_desk *d = published();
	d->other = "//sms.";
	d->other_status = 400;
	desk_must(d, "link send", "{'support':'S1'}");
	desk_run_until(d, "2026-11-27T10:10:00Z");
	assert_string_equal(desk_says(d, "tasks.0.text", "task list", "{}"),
	    "Ring Ivo Heath (S1, +447700900002): the address of their own page did not get "
	    "there.");
	desk_free(d);
}

/* ---- patients and promises ---- */

static void test_patient_without_a_slot_is_announced_once_a_week(void **state)
{
	(void)state;
	struct built_desk *d = ward_at("2026-11-27T10:00:00Z");
	desk_must(d, "away add",
	    "{'patient':'P1','from':'2026-11-30T00:00','to':'2026-12-07T00:00','why':'leave'}");
	desk_must(d, "plan make", "{'ward':'kingsley','week':'2026-W49'}");
	desk_must(d, "plan make", "{'ward':'kingsley','week':'2026-W49'}");
	desk_run_until(d, "2026-11-27T12:00:00Z");
	assert_int_equal(count(d, "patient.unplaced", "desk"), 1);
	const struct desk_post *post = find(d, "patient.unplaced", "desk", 0);
	assert_string_equal(data(post, "text"),
	    "P1 has no slot in the week of Mon 30 Nov. Why stands on the desk.");
	assert_string_equal(data(post, "patient"), "P1");
	desk_free(d);
}

/* As no use case would leave it: two weeks are planned, and neither says anything of the patient.
 */
static int pass_over(struct wr_use *use)
{
	struct wr_plan_row plan = {.ward = "kingsley", .week = {2026, 48}, .published = true};
	int r = wr_store_unplaced_delete(use->tx, "P1", plan.week);
	for (; plan.week.week < 50 && !r; plan.week.week++)
		r = wr_store_plan_put(use->tx, &plan);
	return r;
}

static void test_promise_in_danger_is_said_once_and_again_when_it_is_broken(void **state)
{
	(void)state;
	struct built_desk *d = ward_at("2026-11-27T10:00:00Z");
	json_t *answer = desk_use(d, pass_over, NULL);
	assert_null(json_object_get(answer, "error"));
	json_decref(answer);
	run_long_until(d, "2026-11-27T14:00:00Z");
	assert_int_equal(count(d, "promise.danger", "chat"), 1);
	assert_string_equal(data(find(d, "promise.danger", "chat", 0), "text"),
	    "Promise 1 (nobody is forgotten) is in danger. See the desk.");
	run_long_until(d, "2026-11-27T20:00:00Z");
	assert_int_equal(count(d, "promise.danger", "chat"), 1);
	run_long_until(d, "2026-11-29T12:00:00Z");
	assert_int_equal(count(d, "promise.danger", "chat"), 2);
	assert_string_equal(data(&d->posts[d->n_posts - 1], "text"),
	    "Promise 1 (nobody is forgotten) is broken. See the desk.");
	desk_free(d);
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
	    cmocka_unit_test(test_reply_goes_to_who_wants_replies_without_a_name),
	    cmocka_unit_test(test_note_is_a_task_and_after_twelve_hours_an_alarm_once),
	    cmocka_unit_test(test_task_done_in_time_alarms_nobody),
	    cmocka_unit_test(test_dry_run_announces_nothing),
	    cmocka_unit_test(test_alarm_about_an_endpoint_takes_another_way),
	    cmocka_unit_test(test_staff_endpoint_that_fails_is_told_of_by_the_other),
	    cmocka_unit_test(test_expired_news_is_a_task_to_ring_and_an_event),
	    cmocka_unit_test(
		test_news_that_an_endpoint_does_not_take_is_told_by_another_after_half_an_hour),
	    cmocka_unit_test(test_invitation_that_does_not_arrive_is_a_task),
	    cmocka_unit_test(test_patient_without_a_slot_is_announced_once_a_week),
	    cmocka_unit_test(test_promise_in_danger_is_said_once_and_again_when_it_is_broken),
	};
	return cmocka_run_group_tests(tests, write_secret, drop_secret);
}
