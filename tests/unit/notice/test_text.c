#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "wardround/notice.h"

#include "zone.h"

static struct wr_arena arena;
static const struct wr_zone *zone;

#define PAGE "https://times.example.org/r/abcdefghijklmnopqrstuv"

static struct wr_notice_message message_of(enum wr_notice_type type)
{
	return (struct wr_notice_message){.type = type,
	    .id = "n-1",
	    .made_at = at(zone, "2026-11-27 16:00:03"),
	    .to = {WR_NOTICE_TO_SUPPORT, "S01", "+447700900001", "mum@example.org", NULL},
	    .slot = {"s-1", 3, at(zone, "2026-12-01 10:20"), at(zone, "2026-12-01 10:40"),
		at(zone, "2026-11-30 10:10"), 20},
	    .zone = zone,
	    .phone = "01632 960009",
	    .page = PAGE,
	    .reply_links = true};
}

/* Checks what holds for every text, and returns it; valid until the next call. */
static const char *text_of(const struct wr_notice_message *message)
{
	static char copy[1000];
	struct wr_buf text = {0};
	wr_notice_text(message, &text);
	assert_in_range(wr_notice_parts(wr_buf_text(&text)), 1, message->to.language ? 2 : 1);
	if (!message->to.language)
		assert_in_range(wr_notice_septets(wr_buf_text(&text)), 1, WR_NOTICE_SMS);
	snprintf(copy, sizeof(copy), "%s", wr_buf_text(&text));
	wr_buf_deinit(&text);
	return copy;
}

static char *body_of(const struct wr_notice_message *message)
{
	struct wr_buf body = {0};
	wr_notice_body(message, &body);
	return wr_buf_take(&body);
}

/* ---- the alphabet ---- */

static void test_septets_of_both_tables(void **state)
{
	(void)state;
	assert_int_equal(wr_notice_septets(""), 0);
	assert_int_equal(wr_notice_septets("Meeting: 10:20am"), 16);
	assert_int_equal(wr_notice_septets("@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"), 29);
	assert_int_equal(wr_notice_septets("¤¡ÄÖÑÜ§¿äöñüà"), 13);
	assert_int_equal(wr_notice_septets("^{}\\[~]|€"), 18);
	assert_int_equal(wr_notice_septets("a\nb\r"), 4);
	assert_int_equal(wr_notice_septets("`"), -1);
	assert_int_equal(wr_notice_septets("ç"), -1);
	assert_int_equal(wr_notice_septets("\t"), -1);
	assert_int_equal(wr_notice_septets("日"), -1);
	assert_int_equal(wr_notice_septets("\xff"), -1);
}

static void test_texts_are_put_into_the_alphabet(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to;
	} cases[] = {
	    {"Mum’s “tea” – soon…", "Mum's \"tea\" - soon..."},
	    {"Łukasz Żółć", "Lukasz Zolc"},
	    {"Šárka Þór œuvre", "Sarka Thor oeuvre"},
	    {"Nguyễn Ệ", "Nguyen E"},
	    {"Zoë é ü ñ", "Zoe é ü ñ"},
	    {"a\tb\r\nc", "a b  c"},
	    {"日本 tea 🙂", " tea "},
	    {"x\xff\xc3y", "xy"},
	    {"Ξένη", "Ξ"},
	};
	for (size_t i = 0; i < WR_COUNT(cases); i++) {
		struct wr_buf out = {0};
		wr_notice_to_gsm(&out, cases[i].from);
		assert_string_equal(wr_buf_text(&out), cases[i].to);
		wr_buf_deinit(&out);
	}
}

static void test_every_character_fits_the_alphabet_or_goes(void **state)
{
	(void)state;
	struct wr_buf out = {0};
	for (unsigned point = 1; point < 0x2800; point++) {
		char utf8[4] = {0};
		if (point < 0x80) {
			utf8[0] = (char)point;
		} else if (point < 0x800) {
			utf8[0] = (char)(0xc0 | point >> 6);
			utf8[1] = (char)(0x80 | (point & 0x3f));
		} else {
			utf8[0] = (char)(0xe0 | point >> 12);
			utf8[1] = (char)(0x80 | (point >> 6 & 0x3f));
			utf8[2] = (char)(0x80 | (point & 0x3f));
		}
		wr_buf_clear(&out);
		wr_notice_to_gsm(&out, utf8);
		assert_in_range(wr_notice_septets(wr_buf_text(&out)), 0, 4);
	}
	wr_buf_deinit(&out);
}

/* ---- the words ---- */

static void test_texts_of_each_type(void **state)
{
	(void)state;
	static const struct {
		enum wr_notice_type type;
		const char *text;
	} cases[] = {
	    {WR_NOTICE_SLOT_PUBLISHED, "Meeting: Tue 1 Dec 10:20am to 10:40am. See or answer: " PAGE
				       " Ring 01632 960009. Don't reply to this text."},
	    {WR_NOTICE_SLOT_MOVED,
		"Meeting: now Tue 1 Dec 10:20am, not Mon 30 Nov 10:10am. Answer: " PAGE
		" Ring 01632 960009. Don't reply to this text."},
	    {WR_NOTICE_SLOT_CANCELLED, "Meeting: Tue 1 Dec 10:20am is cancelled. See: " PAGE
				       " Ring 01632 960009. Don't reply to this text."},
	    {WR_NOTICE_SLOT_PEOPLE,
		"Meeting: Tue 1 Dec 10:20am. Who is coming has changed. Answer: " PAGE
		" Ring 01632 960009. Don't reply to this text."},
	    {WR_NOTICE_SLOT_LATE,
		"Meeting: about 20 minutes late, not before Tue 1 Dec 10:40am. Answer: " PAGE
		" Ring 01632 960009. Don't reply."},
	    {WR_NOTICE_REMINDER_DUE,
		"Meeting: reminder, Tue 1 Dec 10:20am to 10:40am. See or answer: " PAGE
		" Ring 01632 960009. Don't reply to this text."},
	    {WR_NOTICE_LINK_INVITE, "Meeting: times and changes are on your own page. See: " PAGE
				    " Ring 01632 960009. Don't reply to this text."},
	    {WR_NOTICE_WEBHOOK_TEST, "This is a test. Nothing has changed."},
	    {WR_NOTICE_TASK_NEW, "There is a new task."},
	};
	for (size_t i = 0; i < WR_COUNT(cases); i++) {
		struct wr_notice_message message = message_of(cases[i].type);
		assert_string_equal(text_of(&message), cases[i].text);
	}
}

static void test_short_address_leaves_the_whole_wording(void **state)
{
	(void)state;
	struct wr_notice_message message = message_of(WR_NOTICE_SLOT_MOVED);
	message.page = "https://a.example/r/abcdefghijklmnopqrstuv";
	assert_string_equal(text_of(&message),
	    "Meeting: now Tue 1 Dec 10:20am, not Mon 30 Nov 10:10am. See or answer: "
	    "https://a.example/r/abcdefghijklmnopqrstuv Ring 01632 960009. "
	    "Don't reply to this text.");
}

static void test_label_is_shortened_before_anything_else_goes(void **state)
{
	(void)state;
	struct wr_notice_message message = message_of(WR_NOTICE_SLOT_CANCELLED);
	message.label = "Coffee with Anna and the whole of the family";
	assert_string_equal(text_of(&message),
	    "Coffee with Anna and the: Tue 1 Dec 10:20am is cancelled. See: " PAGE
	    " Ring 01632 960009. Don't reply to this text.");
}

static void test_label_of_foreign_letters_is_still_a_label(void **state)
{
	(void)state;
	struct wr_notice_message message = message_of(WR_NOTICE_SLOT_CANCELLED);
	message.label = "会議";
	assert_int_equal(strncmp(text_of(&message), "Meeting: ", 9), 0);
	message.label = "Spotkanie żony";
	assert_int_equal(strncmp(text_of(&message), "Spotkanie zony: ", 16), 0);
}

/* Whatever the lengths: the new time stands in the text, and the address whole or not at all. */
static void test_no_time_and_no_address_is_ever_cut(void **state)
{
	(void)state;
	char page[300], label[120];
	for (size_t page_length = 20; page_length < 250; page_length++) {
		for (size_t label_length = 1; label_length < 100; label_length += 9) {
			memset(page, 'p', page_length);
			memcpy(page, "https://", 8);
			page[page_length] = '\0';
			memset(label, 'L', label_length);
			label[label_length] = '\0';
			struct wr_notice_message message = message_of(WR_NOTICE_SLOT_MOVED);
			message.page = page;
			message.label = label;
			const char *text = text_of(&message);
			assert_non_null(strstr(text, "now Tue 1 Dec 10:20am"));
			const char *address = strstr(text, "https");
			if (address)
				assert_memory_equal(address, page, page_length);
			else
				assert_true(page_length > 110);
		}
	}
}

static void test_same_start_says_so(void **state)
{
	(void)state;
	struct wr_notice_message message = message_of(WR_NOTICE_SLOT_MOVED);
	message.slot.was = message.slot.start;
	message.page = NULL;
	assert_string_equal(text_of(&message),
	    "Meeting: still Tue 1 Dec 10:20am to 10:40am, but other details have changed. "
	    "Ring 01632 960009. Don't reply to this text.");
}

static void test_times_are_ward_time_across_the_clock_change(void **state)
{
	(void)state;
	struct wr_notice_message message = message_of(WR_NOTICE_SLOT_MOVED);
	message.slot.start = at(zone, "2027-03-29 10:20");
	message.slot.was = at(zone, "2027-03-26 10:20");
	assert_non_null(
	    strstr(text_of(&message), "now Mon 29 Mar 10:20am, not Fri 26 Mar 10:20am"));
	char *body = body_of(&message);
	assert_non_null(strstr(body, "\"start\":\"2027-03-29T09:20:00Z\""));
	assert_non_null(strstr(body, "\"was\":\"2027-03-26T10:20:00Z\""));
	free(body);
}

static void test_withdrawn_support_is_asked_not_to_travel_and_no_more(void **state)
{
	(void)state;
	struct wr_notice_message message = message_of(WR_NOTICE_SLOT_CANCELLED);
	message.neutral = true;
	message.label = "Coffee";
	assert_string_equal(text_of(&message), "Please do not travel on Tue 1 Dec. "
					       "Ring 01632 960009. Don't reply to this text.");
	char *body = body_of(&message);
	assert_null(strstr(body, "page"));
	assert_null(strstr(body, "Coffee"));
	free(body);
}

/* ---- other languages ---- */

static void test_parts_are_counted_in_the_alphabet_that_a_text_needs(void **state)
{
	(void)state;
	struct wr_buf text = {0};
	static const struct {
		const char *one;
		int n, parts;
	} cases[] = {{"a", 0, 0}, {"a", 160, 1}, {"a", 161, 2}, {"a", 306, 2}, {"a", 307, 3},
	    {"{", 80, 1}, {"{", 81, 2}, {"\u0175", 70, 1}, {"\u0175", 71, 2}, {"\u0175", 134, 2},
	    {"\u0175", 135, 3}, {"\U0001f600", 35, 1}, {"\U0001f600", 36, 2}};
	for (size_t i = 0; i < WR_COUNT(cases); i++) {
		wr_buf_clear(&text);
		for (int k = 0; k < cases[i].n; k++)
			wr_buf_puts(&text, cases[i].one);
		assert_int_equal(wr_notice_parts(wr_buf_text(&text)), cases[i].parts);
	}
	wr_buf_deinit(&text);
}

/* What is put into a sentence that runs from right to left is isolated from it. */
#define FSI "\u2068"
#define PDI "\u2069"

static void test_people_read_it_in_their_own_language(void **state)
{
	(void)state;
	static const struct {
		enum wr_notice_type type;
		const char *language, *text;
	} cases[] = {
	    {WR_NOTICE_SLOT_MOVED, "cy",
		"Cyfarfod: nawr Maw 1 Rhag 10:20am, nid Llun 30 Tach 10:10am. Gweld neu ateb: " PAGE
		" Ffoniwch 01632 960009. Peidiwch ag ateb y neges hon."},
	    {WR_NOTICE_SLOT_PUBLISHED, "cy-GB",
		"Cyfarfod: Maw 1 Rhag 10:20am tan 10:40am. Gweld neu ateb: " PAGE
		" Ffoniwch 01632 960009. Peidiwch ag ateb y neges hon."},
	    {WR_NOTICE_SLOT_LATE, "ar",
		"اجتماع: تأخير نحو " FSI "20" PDI " دقيقة، ليس قبل " FSI
		"الثلاثاء 1 ديسمبر 10:40 صباحًا" PDI ". للرد: " PAGE},
	    {WR_NOTICE_SLOT_MOVED, "ar",
		"اجتماع: الآن " FSI "الثلاثاء 1 ديسمبر 10:20 صباحًا" PDI ". للرد: " PAGE},
	    {WR_NOTICE_REMINDER_DUE, "fr",
		"Meeting: reminder, Tue 1 Dec 10:20am to 10:40am. See or answer: " PAGE
		" Ring 01632 960009. Don't reply to this text."},
	};
	for (size_t i = 0; i < WR_COUNT(cases); i++) {
		struct wr_notice_message message = message_of(cases[i].type);
		message.to.language = cases[i].language;
		assert_string_equal(text_of(&message), cases[i].text);
	}
}

static void test_letters_beyond_the_alphabet_stay_and_cost_courtesies(void **state)
{
	(void)state;
	struct wr_notice_message message = message_of(WR_NOTICE_SLOT_MOVED);
	message.to.language = "cy";
	message.label = "Sgw\u0302rs y t\u0177";
	const char *text = text_of(&message);
	assert_int_equal(wr_notice_septets(text), -1);
	assert_int_equal(wr_notice_parts(text), 2);
	assert_non_null(strstr(text, message.label));
	assert_non_null(strstr(text, "Maw 1 Rhag 10:20am"));
	assert_non_null(strstr(text, PAGE));
	assert_null(strstr(text, "Peidiwch"));
}

static void test_note_of_staff_is_cut_to_one_part(void **state)
{
	(void)state;
	char note[400];
	memset(note, '[', sizeof(note) - 1);
	note[sizeof(note) - 1] = '\0';
	struct wr_notice_message message = message_of(WR_NOTICE_TASK_NEW);
	message.note = note;
	assert_int_equal(strlen(text_of(&message)), WR_NOTICE_SMS / 2);
}

/* ---- the body ---- */

static void test_body_has_one_fixed_form(void **state)
{
	(void)state;
	struct wr_notice_message message = message_of(WR_NOTICE_SLOT_MOVED);
	message.send_contact = true;
	char *body = body_of(&message);
	assert_string_equal(body,
	    "{\"type\":\"slot.moved\",\"timestamp\":\"2026-11-27T16:00:03Z\",\"data\":{"
	    "\"notice\":\"n-1\",\"to\":{\"support\":\"S01\",\"phone\":\"+447700900001\","
	    "\"email\":\"mum@example.org\",\"language\":\"en\"},"
	    "\"slot\":{\"ref\":\"s-1\",\"revision\":3,\"start\":\"2026-12-01T10:20:00Z\","
	    "\"end\":\"2026-12-01T10:40:00Z\",\"was\":\"2026-11-30T10:10:00Z\"},"
	    "\"text\":\"Meeting: now Tue 1 Dec 10:20am, not Mon 30 Nov 10:10am. Answer: " PAGE
	    " Ring 01632 960009. Don't reply to this text.\",\"page\":\"" PAGE "\"}}");
	free(body);
}

static void test_contact_and_page_only_where_the_endpoint_may_have_them(void **state)
{
	(void)state;
	struct wr_notice_message message = message_of(WR_NOTICE_SLOT_PUBLISHED);
	message.reply_links = false;
	char *body = body_of(&message);
	assert_null(strstr(body, "phone"));
	assert_null(strstr(body, "email"));
	assert_null(strstr(body, "page"));
	assert_null(strstr(body, "/r/"));
	assert_null(strstr(body, "was"));
	free(body);
}

static void test_body_names_whom_it_is_for(void **state)
{
	(void)state;
	struct wr_notice_message message = message_of(WR_NOTICE_SLOT_PUBLISHED);
	message.to.kind = WR_NOTICE_TO_PATIENT;
	message.to.ref = "P01";
	message.to.language = "pl";
	char *body = body_of(&message);
	assert_non_null(strstr(body, "\"to\":{\"patient\":\"P01\",\"language\":\"pl\"}"));
	free(body);
	message = message_of(WR_NOTICE_WEBHOOK_TEST);
	message.to = (struct wr_notice_to){0};
	message.slot.ref = NULL;
	body = body_of(&message);
	assert_string_equal(body,
	    "{\"type\":\"webhook.test\",\"timestamp\":\"2026-11-27T16:00:03Z\",\"data\":{"
	    "\"notice\":\"n-1\",\"text\":\"This is a test. Nothing has changed.\",\"page\":\"" PAGE
	    "\"}}");
	free(body);
}

static void test_only_formats_that_are_written_here_are_found(void **state)
{
	(void)state;
	const struct wr_notice_format *standard = wr_notice_format_find(WR_FORMAT_STANDARD);
	assert_non_null(standard);
	assert_string_equal(standard->content_type, "application/json");
	assert_ptr_equal(standard->write, wr_notice_body);
	assert_null(wr_notice_format_find(WR_FORMATS));
}

static int open_zone(void **state)
{
	(void)state;
	zone = london(&arena);
	return 0;
}

static int close_zone(void **state)
{
	(void)state;
	wr_arena_deinit(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_septets_of_both_tables),
	    cmocka_unit_test(test_texts_are_put_into_the_alphabet),
	    cmocka_unit_test(test_every_character_fits_the_alphabet_or_goes),
	    cmocka_unit_test(test_texts_of_each_type),
	    cmocka_unit_test(test_short_address_leaves_the_whole_wording),
	    cmocka_unit_test(test_label_is_shortened_before_anything_else_goes),
	    cmocka_unit_test(test_label_of_foreign_letters_is_still_a_label),
	    cmocka_unit_test(test_no_time_and_no_address_is_ever_cut),
	    cmocka_unit_test(test_same_start_says_so),
	    cmocka_unit_test(test_times_are_ward_time_across_the_clock_change),
	    cmocka_unit_test(test_withdrawn_support_is_asked_not_to_travel_and_no_more),
	    cmocka_unit_test(test_parts_are_counted_in_the_alphabet_that_a_text_needs),
	    cmocka_unit_test(test_people_read_it_in_their_own_language),
	    cmocka_unit_test(test_letters_beyond_the_alphabet_stay_and_cost_courtesies),
	    cmocka_unit_test(test_note_of_staff_is_cut_to_one_part),
	    cmocka_unit_test(test_body_has_one_fixed_form),
	    cmocka_unit_test(test_contact_and_page_only_where_the_endpoint_may_have_them),
	    cmocka_unit_test(test_body_names_whom_it_is_for),
	    cmocka_unit_test(test_only_formats_that_are_written_here_are_found),
	};
	return cmocka_run_group_tests(tests, open_zone, close_zone);
}
