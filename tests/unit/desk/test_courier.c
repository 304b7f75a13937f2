#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build_desk.h"

static char secret[] = "/tmp/wardround-secret-XXXXXX";

/* P1 with a father who sees the time; both can be written to. It is Friday morning. */
static struct built_desk *ward_at(const char *now)
{
	struct wr_buf config = {0};
	wr_buf_printf(&config,
	    "webhook sms { url = \"https://gateway.example.org/hook\" secret-file = \"%s\"\n"
	    " events = { \"slot\", \"reminder\" } send-contact = true }\n",
	    secret);
	struct built_desk *d = desk_build(wr_buf_text(&config), now);
	wr_buf_deinit(&config);
	desk_do(d, "patient admit",
	    "{\"ref\":\"P1\",\"name\":\"Cy North\",\"ward\":\"kingsley\",\"consultant\":\"shah\","
	    "\"admitted\":\"2026-11-25T10:00\",\"phone\":\"07700 900001\",\"contact\":\"sms\"}");
	desk_do(d, "support add",
	    "{\"ref\":\"S1\",\"patient\":\"P1\",\"name\":\"Ivo Heath\",\"relation\":\"father\","
	    "\"sees\":\"time\",\"agreed_by\":\"patient\",\"phone\":\"07700 900002\"}");
	return d;
}

static struct built_desk *published(void)
{
	struct built_desk *d = ward_at("2026-11-27T10:00:00Z");
	desk_publish(d, "P1", "09:25");
	return d;
}

static size_t n_in(struct built_desk *d, const char *state)
{
	char args[64];
	snprintf(args, sizeof(args), "{\"state\":\"%s\"}", state);
	json_t *answer = desk_call(d, "notice list", args);
	size_t n = json_array_size(json_object_get(answer, "notices"));
	json_decref(answer);
	return n;
}

static size_t n_tasks(struct built_desk *d, const char *kind)
{
	json_t *answer = desk_call(d, "task list", "{}"), *task;
	size_t n = 0, i;
	json_array_foreach (json_object_get(answer, "tasks"), i, task)
		n += strcmp(json_string_value(json_object_get(task, "kind")), kind) == 0;
	json_decref(answer);
	return n;
}

static const struct desk_post *to(const struct built_desk *d, const char *who, size_t from)
{
	for (size_t i = from; i < d->n_posts; i++)
		if (strcmp(d->posts[i].who, who) == 0)
			return &d->posts[i];
	fail_msg("nothing for %s", who);
	return NULL;
}

#define MOVE(start)                                                                                \
	"{\"slot\":\"s-1\",\"to\":\"2026-11-30T" start "\",\"yes\":true,\"reason\":\"clinic\"}"
#define CANCEL "{\"slot\":\"s-1\",\"yes\":true,\"reason\":\"clinic\"}"

static void test_each_listener_hears_once_of_a_published_slot(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_run_until(d, "2026-11-27T10:10:00Z");
	assert_int_equal(d->n_posts, 2);
	assert_string_equal(to(d, "S1", 0)->type, "slot.published");
	assert_string_equal(to(d, "P1", 0)->type, "slot.published");
	assert_null(strstr(to(d, "S1", 0)->body, "Cy North"));
	assert_non_null(strstr(to(d, "S1", 0)->body, "https://times.example.org/r/"));
	assert_int_equal(n_in(d, "sent"), 2);
	desk_free(d);
}

static void test_move_before_sending_is_one_notice_of_the_new_time(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_do(d, "slot move", MOVE("09:50"));
	desk_run_until(d, "2026-11-27T10:10:00Z");
	assert_int_equal(d->n_posts, 2);
	assert_string_equal(to(d, "S1", 0)->type, "slot.published");
	assert_non_null(strstr(to(d, "S1", 0)->body, "2026-11-30T09:50:00Z"));
	desk_free(d);
}

static void test_move_after_telling_says_what_it_was(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_run_until(d, "2026-11-27T10:10:00Z");
	desk_do(d, "slot move", MOVE("09:50"));
	desk_run_until(d, "2026-11-27T10:20:00Z");
	assert_int_equal(d->n_posts, 4);
	assert_string_equal(to(d, "S1", 2)->type, "slot.moved");
	assert_non_null(strstr(to(d, "S1", 2)->body, "\"was\":\"2026-11-30T09:25:00Z\""));
	desk_free(d);
}

static void test_slot_cancelled_before_anybody_knew_is_never_mentioned(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_do(d, "slot cancel", CANCEL);
	desk_run_until(d, "2026-11-27T10:20:00Z");
	assert_int_equal(d->n_posts, 0);
	desk_free(d);
}

static void test_slot_cancelled_before_it_was_told_is_told_to_who_answered_it(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_do(d, "reply add", "{\"support\":\"S1\",\"slot\":\"s-1\",\"answer\":\"phone\"}");
	desk_do(d, "slot cancel", CANCEL);
	desk_run_until(d, "2026-11-27T10:20:00Z");
	assert_int_equal(d->n_posts, 1);
	assert_string_equal(to(d, "S1", 0)->type, "slot.cancelled");
	desk_free(d);
}

static void test_slot_cancelled_after_telling_is_told(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_run_until(d, "2026-11-27T10:10:00Z");
	desk_do(d, "slot cancel", CANCEL);
	desk_run_until(d, "2026-11-27T10:20:00Z");
	assert_string_equal(to(d, "S1", 2)->type, "slot.cancelled");
	assert_string_equal(to(d, "P1", 2)->type, "slot.cancelled");
	desk_free(d);
}

static void test_withdrawn_support_gets_nothing_that_still_waited(void **state)
{
	(void)state;
	struct built_desk *d = published();
	d->status = 503;
	desk_run_until(d, "2026-11-27T10:02:01Z");
	assert_int_equal(d->n_posts, 2);
	desk_do(d, "support withdraw", "{\"ref\":\"S1\",\"yes\":true}");
	d->status = 200;
	desk_run_until(d, "2026-11-27T11:00:00Z");
	assert_int_equal(n_in(d, "superseded"), 1);
	assert_int_equal(d->n_posts, 3);
	assert_string_equal(desk_post(d, 2)->who, "P1");
	desk_free(d);
}

static void test_second_try_has_the_same_id_and_body_and_a_new_time(void **state)
{
	(void)state;
	struct built_desk *d = published();
	d->status = 503;
	desk_run_until(d, "2026-11-27T10:02:01Z");
	d->status = 200;
	desk_run_until(d, "2026-11-27T10:05:00Z");
	const struct desk_post *first = to(d, "S1", 0), *second = to(d, "S1", 2);
	assert_int_equal(d->n_posts, 4);
	assert_string_equal(first->id, second->id);
	assert_string_equal(first->body, second->body);
	assert_string_not_equal(first->timestamp, second->timestamp);
	assert_string_not_equal(first->signature, second->signature);
	desk_free(d);
}

static void test_changed_contact_gets_what_waited_for_the_old_one(void **state)
{
	(void)state;
	struct built_desk *d = published();
	d->status = 503;
	desk_run_until(d, "2026-11-27T10:02:01Z");
	assert_int_equal(d->n_posts, 2);
	desk_do(d, "support edit", "{\"ref\":\"S1\",\"phone\":\"07700 900999\"}");
	d->status = 200;
	desk_run_until(d, "2026-11-27T11:00:00Z");
	assert_int_equal(n_in(d, "superseded"), 1);
	assert_int_equal(d->n_posts, 4);
	assert_string_not_equal(to(d, "S1", 2)->id, to(d, "S1", 0)->id);
	desk_free(d);
}

static void test_news_waits_while_its_endpoint_is_off(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_do(d, "webhook off", "{\"name\":\"sms\"}");
	desk_run_until(d, "2026-11-27T10:10:00Z");
	assert_int_equal(d->n_posts, 0);
	desk_do(d, "webhook on", "{\"name\":\"sms\"}");
	desk_run_until(d, "2026-11-27T10:11:00Z");
	assert_int_equal(d->n_posts, 2);
	assert_string_equal(to(d, "S1", 0)->type, "slot.published");
	desk_free(d);
}

static void test_gone_endpoint_is_off_and_somebody_is_asked_to_ring(void **state)
{
	(void)state;
	struct built_desk *d = published();
	d->status = 410;
	desk_run_until(d, "2026-11-27T10:10:00Z");
	assert_int_equal(n_in(d, "failed"), 2);
	assert_int_equal(n_tasks(d, "endpoint"), 1);
	assert_int_equal(n_tasks(d, "ring"), 2);
	json_t *answer = desk_call(d, "webhook list", "{}");
	json_t *one = json_array_get(json_object_get(answer, "webhooks"), 0);
	assert_string_equal(json_string_value(json_object_get(one, "state")), "off");
	json_decref(answer);
	desk_free(d);
}

static void test_retry_by_hand_keeps_id_and_body(void **state)
{
	(void)state;
	struct built_desk *d = published();
	d->status = 400;
	desk_run_until(d, "2026-11-27T10:10:00Z");
	assert_int_equal(n_in(d, "failed"), 2);
	d->status = 200;
	desk_do(d, "notice retry", "{\"failed\":true}");
	desk_run_until(d, "2026-11-27T10:11:00Z");
	assert_int_equal(n_in(d, "sent"), 2);
	assert_string_equal(to(d, "S1", 0)->id, to(d, "S1", 2)->id);
	assert_string_equal(to(d, "S1", 0)->body, to(d, "S1", 2)->body);
	desk_free(d);
}

static void test_news_of_the_night_waits_for_the_morning(void **state)
{
	(void)state;
	struct built_desk *d = ward_at("2026-11-27T22:00:00Z");
	desk_publish(d, "P1", "09:25");
	desk_run_until(d, "2026-11-28T07:59:00Z");
	assert_int_equal(d->n_posts, 0);
	desk_run_until(d, "2026-11-28T08:05:00Z");
	assert_true(d->n_posts >= 2);
	desk_free(d);
}

static void test_crash_between_lease_and_answer_sends_the_same_again(void **state)
{
	(void)state;
	struct built_desk *d = published();
	d->status = DESK_HANGS;
	desk_run_until(d, "2026-11-27T10:02:01Z");
	assert_int_equal(d->n_posts, 2);
	desk_crash(d);
	d->status = 200;
	desk_run_until(d, "2026-11-27T10:10:00Z");
	assert_int_equal(d->n_posts, 4);
	assert_string_equal(to(d, "S1", 0)->id, to(d, "S1", 2)->id);
	assert_string_equal(to(d, "S1", 0)->body, to(d, "S1", 2)->body);
	assert_int_equal(n_in(d, "sent"), 2);
	desk_free(d);
}

static void test_move_taken_back_after_a_timeout_is_said_once_more(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_run_until(d, "2026-11-27T10:10:00Z");
	desk_do(d, "slot move", MOVE("09:50"));
	d->status = DESK_TIMES_OUT;
	desk_run_until(d, "2026-11-27T10:12:01Z");
	assert_int_equal(d->n_posts, 4);
	desk_do(d, "slot move", MOVE("09:25"));
	d->status = 200;
	desk_run_until(d, "2026-11-27T10:30:00Z");
	const struct desk_post *last = to(d, "S1", 4); /* the patient's comes in any order */
	assert_string_equal(last->type, "slot.moved");
	assert_non_null(strstr(last->body, "\"start\":\"2026-11-30T09:25:00Z\""));
	desk_free(d);
}

static void test_reminders_come_before_the_slot_and_rest_on_hold(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_run_until(d, "2026-11-28T10:00:00Z");
	assert_int_equal(d->n_posts, 4);
	assert_string_equal(desk_post(d, 2)->type, "reminder.due");
	desk_do(d, "patient hold", "{\"ref\":\"P1\",\"why\":\"other hospital\"}");
	desk_run_until(d, "2026-11-30T12:00:00Z");
	assert_int_equal(d->n_posts, 4);
	desk_free(d);
}

static void test_webhook_test_says_why_it_failed(void **state)
{
	(void)state;
	struct built_desk *d = ward_at("2026-11-27T10:00:00Z");
	desk_do(d, "webhook test", "{\"name\":\"sms\"}");
	assert_string_equal(desk_post(d, 0)->type, "webhook.test");
	d->status = 500;
	json_t *answer = desk_call(d, "webhook test", "{\"name\":\"sms\"}");
	json_t *error = json_object_get(answer, "error");
	assert_string_equal(json_string_value(json_object_get(error, "code")), "refused");
	assert_int_equal(n_in(d, "sent"), 0);
	json_decref(answer);
	desk_free(d);
}

static void test_tick_takes_somebody_off_the_unseen_list(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_run_until(d, "2026-11-27T10:10:00Z");
	json_t *answer = desk_call(d, "unseen list", "{}");
	json_t *list = json_object_get(answer, "unseen");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(
	    json_string_value(json_object_get(json_array_get(list, 0), "level")), "accepted");
	json_decref(answer);
	desk_do(d, "unseen tick", "{\"support\":\"S1\",\"slot\":\"s-1\",\"how\":\"rang\"}");
	answer = desk_call(d, "unseen list", "{}");
	assert_int_equal(json_array_size(json_object_get(answer, "unseen")), 1);
	json_decref(answer);
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
	    cmocka_unit_test(test_each_listener_hears_once_of_a_published_slot),
	    cmocka_unit_test(test_move_before_sending_is_one_notice_of_the_new_time),
	    cmocka_unit_test(test_move_after_telling_says_what_it_was),
	    cmocka_unit_test(test_slot_cancelled_before_anybody_knew_is_never_mentioned),
	    cmocka_unit_test(test_slot_cancelled_before_it_was_told_is_told_to_who_answered_it),
	    cmocka_unit_test(test_slot_cancelled_after_telling_is_told),
	    cmocka_unit_test(test_withdrawn_support_gets_nothing_that_still_waited),
	    cmocka_unit_test(test_second_try_has_the_same_id_and_body_and_a_new_time),
	    cmocka_unit_test(test_changed_contact_gets_what_waited_for_the_old_one),
	    cmocka_unit_test(test_news_waits_while_its_endpoint_is_off),
	    cmocka_unit_test(test_gone_endpoint_is_off_and_somebody_is_asked_to_ring),
	    cmocka_unit_test(test_retry_by_hand_keeps_id_and_body),
	    cmocka_unit_test(test_news_of_the_night_waits_for_the_morning),
	    cmocka_unit_test(test_crash_between_lease_and_answer_sends_the_same_again),
	    cmocka_unit_test(test_move_taken_back_after_a_timeout_is_said_once_more),
	    cmocka_unit_test(test_reminders_come_before_the_slot_and_rest_on_hold),
	    cmocka_unit_test(test_webhook_test_says_why_it_failed),
	    cmocka_unit_test(test_tick_takes_somebody_off_the_unseen_list),
	};
	return cmocka_run_group_tests(tests, write_secret, drop_secret);
}
