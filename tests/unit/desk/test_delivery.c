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
static char key[] = "/tmp/wardround-key-XXXXXX";

/* Eight patients with five supports each, and a slot each: forty to be told at 10:02. */
enum { PATIENTS = 8, SUPPORTS = 5, ALL = PATIENTS * SUPPORTS };

static void fill(struct built_desk *d)
{
	static const char *const starts[PATIENTS] = {
	    "09:00", "09:25", "09:50", "10:15", "11:00", "11:25", "11:50", "12:15"};
	char ref[8], support[8];
	for (int i = 0; i < PATIENTS; i++) {
		snprintf(ref, sizeof(ref), "P%d", i);
		desk_admit(d, ref);
		for (int k = 0; k < SUPPORTS; k++) {
			snprintf(support, sizeof(support), "S%d%d", i, k);
			desk_support(d, support, ref, "time");
			desk_must(d, "support edit", "{'ref':'%s', 'phone':'07700 9000%d%d'}",
			    support, i, k);
		}
		desk_publish(d, ref, starts[i]);
	}
}

static struct built_desk *ward_with(const char *webhooks)
{
	struct wr_buf config = {0};
	for (const char *at = webhooks; *at; at++)
		if (*at == '@')
			wr_buf_puts(&config, secret);
		else if (*at == '%')
			wr_buf_puts(&config, key);
		else
			wr_buf_putc(&config, *at);
	struct built_desk *d = desk_build(wr_buf_text(&config), "2026-11-27T10:00:00Z");
	wr_buf_deinit(&config);
	return d;
}

static struct built_desk *ward(void)
{
	struct built_desk *d = ward_with(
	    "webhook sms { url = \"https://gateway.example.org/hook\" secret-file = \"@\"\n"
	    " events = { \"slot\" } send-contact = true }\n");
	fill(d);
	return d;
}

static size_t n_in(struct built_desk *d, const char *state)
{
	json_t *answer = desk_ask(d, "notice list", "{'state':'%s'}", state);
	size_t n = json_array_size(json_object_get(answer, "notices"));
	json_decref(answer);
	return n;
}

/* ---- a dead endpoint ---- */

static void test_a_dead_endpoint_is_not_hammered_and_found_alive_again(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	d->status = DESK_UNREACHED;
	desk_run_until(d, "2026-11-27T10:02:04Z");
	assert_in_range(d->n_posts, 16, 32); /* what was begun before that was known */
	size_t before = d->n_posts;
	desk_run_until(d, "2026-11-27T10:12:04Z"); /* one at a time: after 5, 10, 20, 40, 60, ... */
	assert_in_range(d->n_posts - before, 8, 16);
	assert_int_equal(n_in(d, "waiting"), ALL);
	d->status = 200;
	before = d->n_posts;
	desk_run_until(d, "2026-11-27T10:13:30Z");
	assert_true(d->n_posts - before >= ALL / 2);
	desk_run_until(d, "2026-11-27T10:30:00Z");
	assert_int_equal(n_in(d, "sent"), ALL);
	desk_free(d);
}

static void test_a_dead_endpoint_holds_up_no_other(void **state)
{
	(void)state;
	struct built_desk *d = ward_with(
	    "webhook dead { url = \"https://dead.example.org/\" secret-file = \"@\"\n"
	    " events = { \"slot\" } }\n"
	    "webhook sms { url = \"https://gateway.example.org/hook\" secret-file = \"@\"\n"
	    " events = { \"slot\" } }\n");
	fill(d);
	d->other = "dead.example.org";
	d->other_status = DESK_HANGS;
	desk_run_until(d, "2026-11-27T10:02:05Z");
	size_t alive = 0;
	for (size_t i = 0; i < d->n_posts; i++)
		alive += strstr(d->posts[i].url, "gateway") != NULL;
	assert_int_equal(alive, ALL);
	assert_int_equal(d->n_posts - alive, 16);
	desk_free(d);
}

/* ---- who goes first ---- */

static void test_news_overtakes_a_backlog_of_other_people(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	d->status = DESK_HANGS; /* sixteen are on their way, twenty-four wait */
	desk_run_until(d, "2026-11-27T10:02:05Z");
	assert_int_equal(d->n_posts, 16);
	desk_admit(d, "P9");
	desk_support(d, "S90", "P9", "time");
	desk_must(d, "support edit", "{'ref':'S90', 'phone':'07700 900090'}");
	desk_must(d, "slot cancel", "{'slot':'s-5', " YES "}");
	desk_publish(d, "P9", "11:00");
	desk_run_until(d, "2026-11-27T10:04:30Z");
	assert_int_equal(d->n_posts, 16);
	d->status = 200; /* at last it answers */
	desk_run_until(d, "2026-11-27T10:04:31Z");
	size_t at = 16;
	while (at < d->n_posts && strcmp(d->posts[at].who, "S90") != 0)
		at++;
	assert_in_range(at, 16, 24); /* not behind the other thirty */
	desk_free(d);
}

static void test_nothing_goes_after_its_time(void **state)
{
	(void)state;
	struct built_desk *d = ward();
	d->status = DESK_UNREACHED;
	desk_run_until(d, "2026-11-30T12:20:00Z");
	size_t before = d->n_posts;
	d->status = 200;
	desk_run_until(d, "2026-11-30T18:00:00Z");
	assert_int_equal(d->n_posts, before);
	assert_int_equal(n_in(d, "expired"), ALL);
	json_t *answer = desk_ask(d, "task list", "{}"), *task;
	size_t rings = 0, i;
	json_array_foreach (json_object_get(answer, "tasks"), i, task)
		rings += strcmp(json_string_value(json_object_get(task, "kind")), "ring") == 0;
	json_decref(answer);
	assert_int_equal(rings, ALL);
	desk_free(d);
}

/* ---- GOV.UK Notify, scripted ---- */

struct notify {
	int status;      /* of a POST; 0: it takes it and the connection breaks */
	bool knows;      /* what it was asked for */
	int posts, asks; /* so far */
	char body[1200], reference[64], bearer[400];
};
static struct notify notify;

static const char *header(const struct wr_delivery *delivery, const char *name)
{
	for (size_t i = 0; delivery->headers[i]; i++)
		if (strncmp(delivery->headers[i], name, strlen(name)) == 0)
			return delivery->headers[i] + strlen(name);
	return "";
}

static struct wr_delivery *waiting;

static int take(struct wr_send *send, struct wr_delivery *delivery)
{
	(void)send;
	assert_true(delivery->once);
	snprintf(
	    notify.bearer, sizeof(notify.bearer), "%s", header(delivery, "Authorization: Bearer "));
	if (delivery->asks) {
		notify.asks++;
		snprintf(notify.reference, sizeof(notify.reference), "%s",
		    strstr(delivery->url, "/v2/notifications?reference=") + 28);
	} else {
		notify.posts++;
		assert_string_equal(delivery->url, "https://api.example.org/v2/notifications/sms");
		snprintf(notify.body, sizeof(notify.body), "%s", (const char *)delivery->body);
	}
	waiting = delivery;
	return 0;
}

static void answer_all(struct built_desk *d)
{
	wr_store_turn(d->desk.store);
	while (waiting) {
		struct wr_delivery *delivery = waiting;
		char list[200];
		snprintf(list, sizeof(list), "{\"notifications\":[%s%s%s]}",
		    notify.knows ? "{\"reference\":\"" : "", notify.knows ? notify.reference : "",
		    notify.knows ? "\"}" : "");
		int status = delivery->asks ? 200 : notify.status;
		struct wr_send_result result = {
		    .transport = status ? WR_NOTICE_ANSWERED : WR_NOTICE_UNREACHED,
		    .status = status,
		    .retry_after = -1,
		    .begun = true,
		    .body = delivery->keeps ? list : "",
		};
		waiting = NULL;
		delivery->callback(delivery, &result);
		wr_store_turn(d->desk.store);
	}
}

static void pass(struct built_desk *d, int seconds)
{
	for (int i = 0; i < seconds; i++) {
		wr_clock_advance(&d->desk.clock, wr_clock_now(&d->desk.clock) + 1);
		answer_all(d);
	}
}

static struct built_desk *notified(void)
{
	struct built_desk *d =
	    ward_with("webhook sms { url = \"https://api.example.org\" format = \"notify-sms\"\n"
		      " events = { \"slot\" } send-contact = true notify-key-file = \"%\"\n"
		      " notify-service = \"26785a09-ab16-4eb0-8407-a37497a57506\"\n"
		      " notify-template = \"f33517ff-2a88-4f6e-b855-c550268ce08a\" }\n");
	notify = (struct notify){.status = 201};
	waiting = NULL;
	d->desk.deliver = take;
	desk_admit(d, "P1");
	desk_support(d, "S1", "P1", "time");
	desk_must(d, "support edit", "{'ref':'S1', 'phone':'07700 900001', 'email':''}");
	desk_support(d, "S2", "P1", "time");
	desk_must(d, "support edit", "{'ref':'S2', 'phone':'', 'email':'a@example.org'}");
	desk_publish(d, "P1", "09:25");
	return d;
}

static void test_notify_gets_number_words_and_token(void **state)
{
	(void)state;
	struct built_desk *d = notified();
	pass(d, 125);
	assert_int_equal(notify.posts, 1); /* S2 has no number */
	assert_int_equal(notify.asks, 0);
	assert_non_null(strstr(notify.body, "\"phone_number\":\"+447700900001\""));
	assert_non_null(strstr(notify.body, "\"reference\":\"n-"));
	assert_int_equal(n_in(d, "sent"), 1);
	assert_true(wr_text_starts(notify.bearer, "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9."));
	desk_free(d);
}

static void test_notify_is_asked_before_a_second_text(void **state)
{
	(void)state;
	struct built_desk *d = notified();
	notify.status = 0;
	notify.knows = true; /* it took it, and the answer got lost */
	pass(d, 125);
	assert_int_equal(notify.posts, 1);
	assert_int_equal(n_in(d, "waiting"), 1);
	pass(d, 10);
	assert_int_equal(notify.asks, 1);
	assert_int_equal(notify.posts, 1);
	assert_int_equal(n_in(d, "sent"), 1);
	assert_non_null(strstr(notify.body, notify.reference));
	desk_free(d);
}

static void test_what_notify_does_not_know_is_sent_again(void **state)
{
	(void)state;
	struct built_desk *d = notified();
	notify.status = 0;
	pass(d, 125);
	notify.status = 201;
	pass(d, 10);
	assert_int_equal(notify.asks, 1);
	assert_int_equal(notify.posts, 2);
	assert_int_equal(n_in(d, "sent"), 1);
	desk_free(d);
}

static void test_notify_after_a_crash_is_asked_too(void **state)
{
	(void)state;
	struct built_desk *d = notified();
	notify.knows = true;
	wr_clock_advance(&d->desk.clock, wr_clock_now(&d->desk.clock) + 121);
	wr_store_turn(d->desk.store);
	assert_non_null(waiting); /* on its way, and nobody will hear the answer */
	desk_crash(d);
	waiting = NULL;
	d->desk.deliver = take;
	pass(d, 10);
	assert_int_equal(notify.posts, 1);
	assert_int_equal(notify.asks, 1);
	assert_int_equal(n_in(d, "sent"), 1);
	desk_free(d);
}

static void test_notify_says_400_is_final_and_403_is_our_key(void **state)
{
	(void)state;
	struct built_desk *d = notified();
	notify.status = 403;
	pass(d, 125);
	assert_int_equal(n_in(d, "waiting"), 1);
	assert_non_null(strstr(desk_says(d, "notices.0.error", "notice list", "{}"), "key"));
	pass(d, 10);
	assert_int_equal(notify.posts, 2);
	assert_int_equal(notify.asks, 0); /* it was refused for sure */
	notify.status = 400;
	pass(d, 60);
	assert_int_equal(n_in(d, "failed"), 1);
	int posts = notify.posts;
	pass(d, 600);
	assert_int_equal(notify.posts, posts);
	desk_free(d);
}

/* ---- files ---- */

static int write_file(char *path, const char *text)
{
	int fd = mkstemp(path);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		return -1;
	return close(fd);
}

static int write_files(void **state)
{
	(void)state;
	if (write_file(secret, "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n"))
		return -1;
	return write_file(key, "ward-26785a09-ab16-4eb0-8407-a37497a57506-"
			       "3d844edf-8d35-48ac-975b-e847b4f122b0\n");
}

static int drop_files(void **state)
{
	(void)state;
	unlink(key);
	return unlink(secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_dead_endpoint_is_not_hammered_and_found_alive_again),
	    cmocka_unit_test(test_a_dead_endpoint_holds_up_no_other),
	    cmocka_unit_test(test_news_overtakes_a_backlog_of_other_people),
	    cmocka_unit_test(test_nothing_goes_after_its_time),
	    cmocka_unit_test(test_notify_gets_number_words_and_token),
	    cmocka_unit_test(test_notify_is_asked_before_a_second_text),
	    cmocka_unit_test(test_what_notify_does_not_know_is_sent_again),
	    cmocka_unit_test(test_notify_after_a_crash_is_asked_too),
	    cmocka_unit_test(test_notify_says_400_is_final_and_403_is_our_key),
	};
	return cmocka_run_group_tests(tests, write_files, drop_files);
}
