#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <jansson.h>
#include <sodium.h>
#include <string.h>

#include "wardround/notice.h"
#include "zone.h"

static struct wr_arena arena;

static struct wr_notice_message for_staff(const char *note)
{
	return (struct wr_notice_message){
	    .type = WR_NOTICE_TASK_NEW,
	    .id = "n-1",
	    .made_at = 1764000000,
	    .slot = {.was = WR_TIME_NONE},
	    .zone = london(&arena),
	    .phone = "01632 960009",
	    .page = "https://times.example.org/r/secret",
	    .reply_links = true,
	    .task = "t-4",
	    .note = note,
	    .topic = "ward-desk",
	};
}

static const char *body_of(enum wr_webhook_format format, const struct wr_notice_message *message)
{
	struct wr_buf body = {0};
	wr_notice_format_find(format)->write(message, &body);
	const char *text = wr_arena_strdup(&arena, wr_buf_text(&body));
	wr_buf_deinit(&body);
	return text;
}

static void test_every_format_is_written_here(void **state)
{
	(void)state;
	for (int format = 0; format < WR_FORMATS; format++) {
		const struct wr_notice_format *one =
		    wr_notice_format_find((enum wr_webhook_format)format);
		assert_non_null(one);
		assert_int_equal(one->format, format);
		assert_true(one->staff_only == (format >= WR_FORMAT_NTFY));
	}
}

static void test_bodies_for_staff_are_what_the_others_take(void **state)
{
	(void)state;
	struct wr_notice_message m = for_staff("Ring <S01> & ask");
	assert_string_equal(body_of(WR_FORMAT_NTFY, &m),
	    "{\"topic\":\"ward-desk\",\"title\":\"Something to do\","
	    "\"message\":\"Ring <S01> & ask\",\"priority\":3}");
	assert_string_equal(
	    body_of(WR_FORMAT_SLACK, &m), "{\"text\":\"Ring &lt;S01&gt; &amp; ask\"}");
	assert_string_equal(body_of(WR_FORMAT_MATRIX, &m),
	    "{\"text\":\"Ring <S01> & ask\",\"html\":\"<p><strong>Something to do</strong>: "
	    "Ring &lt;S01&gt; &amp; ask</p>\",\"username\":\"wardround\"}");
	assert_string_equal(body_of(WR_FORMAT_TEAMS, &m),
	    "{\"type\":\"message\",\"attachments\":[{\"contentType\":"
	    "\"application/vnd.microsoft.card.adaptive\",\"contentUrl\":null,\"content\":{"
	    "\"$schema\":\"http://adaptivecards.io/schemas/adaptive-card.json\","
	    "\"type\":\"AdaptiveCard\",\"version\":\"1.4\",\"body\":[{\"type\":\"TextBlock\","
	    "\"text\":\"Something to do\",\"weight\":\"Bolder\",\"wrap\":true},"
	    "{\"type\":\"RichTextBlock\",\"inlines\":[{\"type\":\"TextRun\","
	    "\"text\":\"Ring <S01> & ask\"}]}]}}]}");
	m.type = WR_NOTICE_PROMISE_DANGER;
	assert_non_null(strstr(body_of(WR_FORMAT_NTFY, &m), "\"priority\":5"));
}

static void test_bodies_for_staff_carry_no_page_and_no_contact_and_keep_their_size(void **state)
{
	(void)state;
	char note[9000];
	memset(note, '<', sizeof(note) - 1);
	note[sizeof(note) - 1] = '\0';
	struct wr_notice_message m = for_staff(note);
	m.to = (struct wr_notice_to){
	    .kind = WR_NOTICE_TO_SUPPORT, .ref = "S01", .phone = "+447700900123", .email = "a@b.c"};
	m.send_contact = true;
	for (int format = WR_FORMAT_NTFY; format < WR_FORMATS; format++) {
		const char *body = body_of((enum wr_webhook_format)format, &m);
		assert_true(strlen(body) <= 4096);
		assert_null(strstr(body, "https://times"));
		assert_null(strstr(body, "+4477"));
		assert_null(strstr(body, "a@b.c"));
		json_t *json = json_loads(body, 0, NULL);
		assert_non_null(json);
		json_decref(json);
	}
}

static void test_notify_is_given_contact_template_words_and_reference(void **state)
{
	(void)state;
	struct wr_notice_message m = {
	    .type = WR_NOTICE_SLOT_PUBLISHED,
	    .id = "n-7",
	    .to = {WR_NOTICE_TO_SUPPORT, "S01", "+447700900123", "ivo@example.org", "en"},
	    .slot = {"s-1", 1, 1764581400, 1764582600, WR_TIME_NONE, 0},
	    .zone = london(&arena),
	    .label = "Chess",
	    .template_id = "f33517ff-2a88-4f6e-b855-c550268ce08a",
	    .send_contact = true,
	};
	assert_string_equal(body_of(WR_FORMAT_NOTIFY_SMS, &m),
	    "{\"phone_number\":\"+447700900123\","
	    "\"template_id\":\"f33517ff-2a88-4f6e-b855-c550268ce08a\",\"personalisation\":{"
	    "\"subject\":\"Chess\",\"text\":\"Chess: Mon 1 Dec 9:30am to 9:50am. "
	    "Don't reply to this text.\"},\"reference\":\"n-7\"}");
	assert_non_null(
	    strstr(body_of(WR_FORMAT_NOTIFY_EMAIL, &m), "{\"email_address\":\"ivo@example.org\","));
}

static const char *url(const char *configured, enum wr_webhook_format format, const char *ask)
{
	struct wr_buf out = {0};
	if (ask)
		wr_notify_ask_url(configured, ask, &out);
	else
		wr_notify_url(configured, format, &out);
	const char *text = wr_arena_strdup(&arena, wr_buf_text(&out));
	wr_buf_deinit(&out);
	return text;
}

static void test_notify_is_found_with_or_without_its_path(void **state)
{
	(void)state;
	static const char *const configured[] = {"https://api.example.org",
	    "https://api.example.org/", "https://api.example.org/v2/notifications/sms",
	    "https://api.example.org/v2/notifications/email"};
	for (size_t i = 0; i < WR_COUNT(configured); i++) {
		assert_string_equal(url(configured[i], WR_FORMAT_NOTIFY_SMS, NULL),
		    "https://api.example.org/v2/notifications/sms");
		assert_string_equal(url(configured[i], WR_FORMAT_NOTIFY_EMAIL, NULL),
		    "https://api.example.org/v2/notifications/email");
		assert_string_equal(url(configured[i], WR_FORMAT_NOTIFY_SMS, "n-7"),
		    "https://api.example.org/v2/notifications?reference=n-7");
	}
}

/* Made by an independent library; tests/readers checks more of them. */
static void test_token_is_the_known_one_for_key_and_time(void **state)
{
	(void)state;
	static const char service[] = "26785a09-ab16-4eb0-8407-a37497a57506";
	static const char *const keys[] = {"3d844edf-8d35-48ac-975b-e847b4f122b0",
	    "ward-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"};
	for (size_t i = 0; i < WR_COUNT(keys); i++) {
		struct wr_buf token = {0};
		wr_notify_token(service, keys[i], 1764000000, &token);
		assert_string_equal(wr_buf_text(&token),
		    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9."
		    "eyJpc3MiOiIyNjc4NWEwOS1hYjE2LTRlYjAtODQwNy1hMzc0OTdhNTc1MDYiLCJpYXQiOjE3NjQwMD"
		    "AwMDB9.CbLXruQWwwRzlMrSjMfV_pQVP3_MsXOWeNq5DD1TA9g");
		wr_buf_deinit(&token);
	}
}

static void test_what_notify_knows_is_read_from_its_list(void **state)
{
	(void)state;
	static const char list[] = "{\"notifications\":[{\"reference\":null},"
				   "{\"id\":\"x\",\"reference\":\"n-7\",\"status\":\"sending\"}]}";
	assert_int_equal(wr_notify_read(list, "n-7"), WR_NOTIFY_KNOWN);
	assert_int_equal(wr_notify_read(list, "n-8"), WR_NOTIFY_UNKNOWN);
	assert_int_equal(wr_notify_read("{\"notifications\":[]}", "n-7"), WR_NOTIFY_UNKNOWN);
	assert_int_equal(wr_notify_read("{\"errors\":[]}", "n-7"), WR_NOTIFY_UNREADABLE);
	assert_int_equal(wr_notify_read("<html>", "n-7"), WR_NOTIFY_UNREADABLE);
	assert_int_equal(wr_notify_read("", "n-7"), WR_NOTIFY_UNREADABLE);
}

/* ---- receipts ---- */

static size_t read(const char *body, struct wr_receipt **ret)
{
	size_t n = 0;
	return wr_receipts_read(&arena, body, strlen(body), ret, &n) ? n : 0;
}

static void test_receipts_of_both_forms_are_read(void **state)
{
	(void)state;
	struct wr_receipt *r = NULL;
	assert_int_equal(read("{\"notice\":\"n-7\",\"status\":\"delivered\"}", &r), 1);
	assert_string_equal(r->notice, "n-7");
	assert_int_equal(r->kind, WR_RECEIPT_DELIVERED);
	assert_int_equal(r->by, WR_NOTICE_BY_EITHER);
	assert_int_equal(
	    read("{\"id\":\"u\",\"reference\":\"n-8\",\"to\":\"07700900123\",\"status\":"
		 "\"permanent-failure\",\"notification_type\":\"sms\"}",
		&r),
	    1);
	assert_string_equal(r->notice, "n-8");
	assert_int_equal(r->kind, WR_RECEIPT_BAD_CONTACT);
	assert_int_equal(r->by, WR_NOTICE_BY_PHONE);
	assert_int_equal(read("{\"type\":\"x\",\"data\":{\"notice\":\"n-9\",\"status\":\"expired\","
			      "\"by\":\"email\"}}",
			     &r),
	    1);
	assert_int_equal(r->kind, WR_RECEIPT_LOST);
	assert_int_equal(r->by, WR_NOTICE_BY_EMAIL);
	assert_int_equal(read("{\"receipts\":[{\"notice\":\"a\",\"status\":\"sent\"},"
			      "{\"notice\":\"b\",\"status\":\"delivered\"}]}",
			     &r),
	    2);
	assert_int_equal(r[0].kind, WR_RECEIPT_ON_ITS_WAY);
	assert_string_equal(r[1].notice, "b");
}

static void test_receipts_that_can_not_be_read_are_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "[]", "{}", "nonsense", "{\"notice\":\"n-7\"}",
	    "{\"status\":\"delivered\"}", "{\"notice\":7,\"status\":\"delivered\"}",
	    "{\"notice\":\"n-7\",\"status\":\"eaten\"}",
	    "{\"receipts\":[{\"notice\":\"a\",\"status\":\"sent\"},7]}",
	    "{\"notice\":\"n-7\",\"notice\":\"n-8\",\"status\":\"delivered\"}"};
	struct wr_receipt *r = NULL;
	for (size_t i = 0; i < WR_COUNT(bad); i++)
		assert_int_equal(read(bad[i], &r), 0);
}

static int end(void **state)
{
	(void)state;
	wr_arena_deinit(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_format_is_written_here),
	    cmocka_unit_test(test_bodies_for_staff_are_what_the_others_take),
	    cmocka_unit_test(
		test_bodies_for_staff_carry_no_page_and_no_contact_and_keep_their_size),
	    cmocka_unit_test(test_notify_is_given_contact_template_words_and_reference),
	    cmocka_unit_test(test_notify_is_found_with_or_without_its_path),
	    cmocka_unit_test(test_token_is_the_known_one_for_key_and_time),
	    cmocka_unit_test(test_what_notify_knows_is_read_from_its_list),
	    cmocka_unit_test(test_receipts_of_both_forms_are_read),
	    cmocka_unit_test(test_receipts_that_can_not_be_read_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, end);
}
