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
#include "desk/cases.h"

static char secret[] = "/tmp/wardround-secret-XXXXXX";

/* P1 with S1, who has a number and an address, and S2, who has a number; all told of s-1. */
static struct built_desk *told(void)
{
	struct wr_buf config = {0};
	wr_buf_printf(&config,
	    "webhook sms { url = \"https://gateway.example.org/hook\" secret-file = \"%s\"\n"
	    " events = { \"slot\", \"reminder\" } send-contact = true }\n",
	    secret);
	struct built_desk *d = desk_build(wr_buf_text(&config), "2026-11-27T10:00:00Z");
	wr_buf_deinit(&config);
	desk_admit(d, "P1");
	desk_support(d, "S1", "P1", "time");
	desk_support(d, "S2", "P1", "time");
	desk_must(
	    d, "support edit", "{'ref':'S1', 'phone':'07700 900001', 'email':'a@example.org'}");
	desk_must(d, "support edit", "{'ref':'S2', 'phone':'07700 900002', 'email':''}");
	desk_publish(d, "P1", "09:25");
	desk_run_until(d, "2026-11-27T10:10:00Z");
	return d;
}

static const struct desk_post *to(const struct built_desk *d, const char *who, size_t from)
{
	for (size_t i = from; i < d->n_posts; i++)
		if (strcmp(d->posts[i].who, who) == 0)
			return &d->posts[i];
	fail_msg("nothing for %s", who);
	return NULL;
}

/* As it comes from the network; `endpoint` NULL: over the control socket. The answer. */
static json_t *receipt(struct built_desk *d, const char *endpoint, const char *body)
{
	json_t *args = json_pack("{s:{s:s}}", "as_sent", "body", body);
	if (endpoint)
		json_object_set_new(args, "endpoints", json_pack("[s]", endpoint));
	return desk_use(d, wr_case_receipt_take, args);
}

static void say(struct built_desk *d, const char *who, const char *status, const char *more)
{
	char body[400];
	snprintf(body, sizeof(body), "{\"notice\":\"%s\",\"status\":\"%s\"%s}", to(d, who, 0)->id,
	    status, more);
	json_t *answer = receipt(d, "sms", body);
	assert_int_equal(json_integer_value(json_object_get(answer, "taken")), 1);
	json_decref(answer);
}

static json_t *unseen(struct built_desk *d, const char *who)
{
	json_t *answer = desk_ask(d, "unseen list", "{}"), *one, *found = NULL;
	size_t i;
	json_array_foreach (json_object_get(answer, "unseen"), i, one)
		if (strcmp(json_string_value(json_object_get(one, "who")), who) == 0)
			found = json_incref(one);
	json_decref(answer);
	return found;
}

static void is_unseen(struct built_desk *d, const char *who, const char *level, bool ring)
{
	json_t *line = unseen(d, who);
	assert_non_null(line);
	assert_string_equal(json_string_value(json_object_get(line, "level")), level);
	assert_int_equal(json_is_true(json_object_get(line, "ring")), ring);
	json_decref(line);
}

static size_t n_tasks(struct built_desk *d, const char *kind, const char *words)
{
	json_t *answer = desk_ask(d, "task list", "{}"), *task;
	size_t n = 0, i;
	json_array_foreach (json_object_get(answer, "tasks"), i, task)
		n += strcmp(json_string_value(json_object_get(task, "kind")), kind) == 0 &&
		     strstr(json_string_value(json_object_get(task, "text")), words);
	json_decref(answer);
	return n;
}

static void test_a_receipt_says_how_far_the_news_got(void **state)
{
	(void)state;
	struct built_desk *d = told();
	is_unseen(d, "S1", "accepted", false);
	say(d, "S1", "sent", "");
	is_unseen(d, "S1", "accepted", false);
	say(d, "S1", "delivered", "");
	is_unseen(d, "S1", "delivered", false);
	is_unseen(d, "S2", "accepted", false);
	desk_must(d, "slot move", "{'slot':'s-1', 'to':'2026-11-30T09:50', " YES "}");
	say(d, "S1", "delivered", ""); /* of the old time, late */
	is_unseen(d, "S1", "none", false);
	desk_free(d);
}

static void test_a_receipt_ends_the_doubt_after_a_time_out(void **state)
{
	(void)state;
	struct built_desk *d = told();
	d->status = DESK_TIMES_OUT;
	desk_must(d, "slot move", "{'slot':'s-1', 'to':'2026-11-30T09:50', " YES "}");
	desk_run_until(d, "2026-11-27T10:12:01Z");
	char body[200];
	snprintf(
	    body, sizeof(body), "{\"notice\":\"%s\",\"status\":\"delivered\"}", to(d, "S2", 2)->id);
	size_t before = d->n_posts;
	json_decref(receipt(d, "sms", body));
	is_unseen(d, "S2", "delivered", false);
	d->status = 200;
	desk_run_until(d, "2026-11-27T10:40:00Z");
	for (size_t i = before; i < d->n_posts; i++)
		assert_string_not_equal(d->posts[i].who, "S2");
	desk_free(d);
}

static void test_a_number_that_nothing_arrives_at_is_bad_and_a_task(void **state)
{
	(void)state;
	struct built_desk *d = told();
	say(d, "S2", "permanent-failure", ",\"by\":\"sms\"");
	assert_string_equal(
	    desk_says(d, "supports.1.phone_bad", "support list", "{'patient':'P1'}"), "true");
	assert_int_equal(n_tasks(d, "contact", "+447700900002"), 1);
	assert_int_equal(n_tasks(d, "ring", "S2"), 1);
	is_unseen(d, "S2", "none", true);
	size_t before = d->n_posts;
	desk_must(d, "slot move", "{'slot':'s-1', 'to':'2026-11-30T09:50', " YES "}");
	desk_run_until(d, "2026-11-27T10:30:00Z");
	for (size_t i = before; i < d->n_posts; i++)
		assert_string_not_equal(d->posts[i].who, "S2");
	say(d, "S2", "permanent-failure", ",\"by\":\"sms\""); /* once more changes nothing */
	assert_int_equal(n_tasks(d, "contact", ""), 1);
	desk_must(d, "support edit", "{'ref':'S2', 'phone':'07700 900022'}");
	assert_string_equal(
	    desk_says(d, "supports.1.phone_bad", "support list", "{'patient':'P1'}"), "false");
	desk_run_until(d, "2026-11-27T10:40:00Z");
	assert_non_null(strstr(to(d, "S2", before)->body, "+447700900022"));
	desk_free(d);
}

static void test_who_has_another_contact_is_told_there(void **state)
{
	(void)state;
	struct built_desk *d = told();
	size_t before = d->n_posts;
	say(d, "S1", "failed", ",\"by\":\"sms\"");
	desk_run_until(d, "2026-11-27T10:20:00Z");
	const struct desk_post *again = to(d, "S1", before);
	assert_string_not_equal(again->id, to(d, "S1", 0)->id);
	assert_string_equal(again->type, "slot.published");
	assert_non_null(strstr(again->body, "a@example.org"));
	assert_null(strstr(again->body, "+447700900001"));
	assert_string_equal(
	    desk_says(d, "supports.0.email_bad", "support list", "{'patient':'P1'}"), "false");
	desk_free(d);
}

static void test_what_was_lost_on_the_way_makes_somebody_ring(void **state)
{
	(void)state;
	struct built_desk *d = told();
	say(d, "S1", "delivered", "");
	say(d, "S1", "temporary-failure", ""); /* another copy; it is known to have arrived */
	assert_int_equal(n_tasks(d, "ring", "S1"), 0);
	is_unseen(d, "S1", "delivered", false);
	say(d, "S2", "temporary-failure", "");
	assert_int_equal(n_tasks(d, "ring", "S2"), 1);
	assert_int_equal(n_tasks(d, "contact", ""), 0);
	is_unseen(d, "S2", "none", false);
	desk_free(d);
}

static void test_nobody_speaks_for_another_endpoint(void **state)
{
	(void)state;
	struct built_desk *d = told();
	char body[200];
	snprintf(
	    body, sizeof(body), "{\"notice\":\"%s\",\"status\":\"failed\"}", to(d, "S1", 0)->id);
	json_t *answer = receipt(d, "other", body);
	assert_string_equal(json_string_value(desk_at(answer, "error.code")), "unknown");
	json_decref(answer);
	answer = receipt(d, "sms", "{\"notice\":\"n-nothing\",\"status\":\"failed\"}");
	assert_string_equal(json_string_value(desk_at(answer, "error.code")), "unknown");
	json_decref(answer);
	answer = receipt(d, "sms", "nonsense");
	assert_string_equal(json_string_value(desk_at(answer, "error.code")), "data");
	json_decref(answer);
	is_unseen(d, "S1", "accepted", false);
	assert_int_equal(n_tasks(d, "contact", ""), 0);
	desk_free(d);
}

/* ---- once more, by hand ---- */

static void test_what_was_sent_is_sent_again_as_it_was(void **state)
{
	(void)state;
	struct built_desk *d = told();
	desk_must(d, "notice retry", "{'id':'%s'}", to(d, "S1", 0)->id);
	desk_run_until(d, "2026-11-27T10:11:00Z");
	assert_int_equal(d->n_posts, 3);
	assert_string_equal(desk_post(d, 2)->id, to(d, "S1", 0)->id);
	assert_string_equal(desk_post(d, 2)->body, to(d, "S1", 0)->body);
	desk_must(d, "notice retry", "{'from':'2026-11-27T10:01', 'endpoint':'sms'}");
	desk_run_until(d, "2026-11-27T10:12:00Z");
	assert_int_equal(d->n_posts, 5);
	desk_must(d, "notice retry", "{'from':'2026-11-27T09:00', 'to':'2026-11-27T10:00'}");
	desk_run_until(d, "2026-11-27T10:13:00Z");
	assert_int_equal(d->n_posts, 5);
	desk_free(d);
}

static void test_what_no_longer_holds_is_superseded_and_told_anew(void **state)
{
	(void)state;
	struct built_desk *d = told();
	d->status = 400;
	desk_must(d, "slot move", "{'slot':'s-1', 'to':'2026-11-30T09:50', " YES "}");
	desk_run_until(d, "2026-11-27T10:15:00Z");
	const char *failed = to(d, "S1", 2)->id;
	desk_must(d, "slot move", "{'slot':'s-1', 'to':'2026-11-30T11:00', " YES "}");
	d->status = 200;
	size_t before = d->n_posts;
	assert_string_equal(
	    desk_says(d, "notices.0.state", "notice retry", "{'id':'%s'}", failed), "superseded");
	desk_run_until(d, "2026-11-27T10:30:00Z");
	const struct desk_post *anew = to(d, "S1", before);
	assert_string_not_equal(anew->id, failed);
	assert_non_null(strstr(anew->body, "2026-11-30T11:00:00Z"));
	assert_string_equal(
	    desk_refusal(d, "notice retry", "{}"), "usage: notice retry: which one?");
	assert_string_equal(desk_refusal(d, "notice retry", "{'failed':true, 'id':'n-1'}"),
	    "usage: notice retry: which one?");
	desk_free(d);
}

static int write_secret(void **state)
{
	(void)state;
	static const char text[] = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n";
	int fd = mkstemp(secret);
	if (fd < 0 || write(fd, text, sizeof(text) - 1) != (ssize_t)sizeof(text) - 1)
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
	    cmocka_unit_test(test_a_receipt_says_how_far_the_news_got),
	    cmocka_unit_test(test_a_receipt_ends_the_doubt_after_a_time_out),
	    cmocka_unit_test(test_a_number_that_nothing_arrives_at_is_bad_and_a_task),
	    cmocka_unit_test(test_who_has_another_contact_is_told_there),
	    cmocka_unit_test(test_what_was_lost_on_the_way_makes_somebody_ring),
	    cmocka_unit_test(test_nobody_speaks_for_another_endpoint),
	    cmocka_unit_test(test_what_was_sent_is_sent_again_as_it_was),
	    cmocka_unit_test(test_what_no_longer_holds_is_superseded_and_told_anew),
	};
	return cmocka_run_group_tests(tests, write_secret, drop_secret);
}
