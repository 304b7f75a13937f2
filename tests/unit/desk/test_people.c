/*
 * The forms of people's pages: for whom they speak, what they refuse, and that they move nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ask_desk.h"
#include "desk/people/cases.h"
#include "desk/people/knock.h"
#include "desk/people/page.h"

static struct wr_knock door;
static wr_use_case form;
static struct wr_fault fault; /* its texts went with the call */
static char field[32], leads_to[64];

static int at_the_door(struct wr_use *use)
{
	wr_container_of(use, struct wr_call, use)->operation = &door;
	int r = form(use);
	fault = use->fault;
	snprintf(field, sizeof(field), "%s", fault.field ? fault.field : "");
	snprintf(leads_to, sizeof(leads_to), "%s", door.leads_to ? door.leads_to : "");
	door.leads_to = NULL;
	return r;
}

static void stand_at(enum wr_whose whose, const char *who)
{
	door = (struct wr_knock){
	    .kind = WR_DOOR_LINK, .whose = whose, .who = who, .link = "l-0", .action = "/f/TOKEN"};
}

/* Sends a form; what it said, or "" when it was refused. Steals args. */
static const char *post(struct built_desk *d, wr_use_case run, json_t *args)
{
	form = run;
	json_t *answer = desk_use(d, at_the_door, args);
	const char *said = json_string_value(json_object_get(answer, "said"));
	said = wr_arena_strdup(&d->words, said ? said : "");
	json_decref(answer);
	return said;
}

static void must(struct built_desk *d, wr_use_case run, json_t *args, const char *said)
{
	assert_string_equal(post(d, run, args), said);
}

static void refused(struct built_desk *d, wr_use_case run, json_t *args, enum wr_say text)
{
	assert_string_equal(post(d, run, args), "");
	assert_true(fault.has_say);
	assert_int_equal(fault.say, text);
}

/* The page of whoever stands there; "" when it has ended. */
static const char *page(struct built_desk *d)
{
	wr_buf_clear(&door.html);
	door.ended = false;
	form = wr_case_people_page;
	json_decref(desk_use(d, at_the_door, json_object()));
	const char *html = wr_arena_strdup(&d->words, wr_buf_text(&door.html));
	wr_buf_deinit(&door.html);
	return door.ended ? "" : html;
}

static const char *of_support(struct built_desk *d, const char *ref, const char *key)
{
	json_t *answer = desk_ask(d, "support list", "{}"), *row;
	json_t *rows = json_object_get(answer, "supports");
	const char *text = NULL;
	size_t i;
	json_array_foreach (rows, i, row)
		if (wr_text_equal(json_string_value(json_object_get(row, "ref")), ref)) {
			char *dumped =
			    json_dumps(json_object_get(row, key), JSON_ENCODE_ANY | JSON_COMPACT);
			text = wr_arena_strdup(&d->words, dumped);
			free(dumped);
		}
	json_decref(answer);
	assert_non_null(text);
	return text;
}

static json_t *free_form(const char *day, const char *from, const char *to)
{
	return json_pack("{s:s, s:s, s:s}", "day", day, "from", from, "to", to);
}

static json_t *days(const char *first, const char *last)
{
	json_t *args = json_object();
	static const char *const parts[] = {"day", "month", "year"};
	for (int end = 0; end < 2; end++) {
		const char *date = end ? last : first, *name = end ? "last" : "first";
		char copy[16], *rest = copy, key[32];
		snprintf(copy, sizeof(copy), "%s", date);
		for (size_t i = 0; i < WR_COUNT(parts); i++) {
			snprintf(key, sizeof(key), "%s-%s", name, parts[i]);
			json_object_set_new(args, key, json_string(strsep(&rest, ".")));
		}
	}
	return args;
}

static struct built_desk *two_patients(void)
{
	struct built_desk *d = desk_build("", "2026-11-27T10:00:00Z");
	desk_admit(d, "P1");
	desk_admit(d, "P2");
	desk_support(d, "S1", "P1", "place");
	desk_support(d, "S2", "P2", "place");
	desk_publish(d, "P1", "09:25");
	desk_publish(d, "P2", "09:50");
	stand_at(WR_WHOSE_SUPPORT, "S1");
	return d;
}

static struct built_desk *one_person(void)
{
	struct built_desk *d = two_patients();
	desk_must(d, "support edit", "{'ref':'S1','person':'h1'}");
	desk_must(d, "support edit", "{'ref':'S2','person':'h1'}");
	stand_at(WR_WHOSE_PERSON, "h1");
	return d;
}

/* ---- for whom ---- */

static void test_a_support_answers_for_nobody_else(void **state)
{
	(void)state;
	struct built_desk *d = two_patients();
	refused(d, wr_case_people_reply,
	    json_pack("{s:s, s:s, s:s}", "slot", "s-2", "revision", "1", "answer", "person"),
	    WR_SAY_REPLY_NOT_HERE);
	refused(d, wr_case_people_seen, json_pack("{s:s, s:s}", "slot", "s-2", "revision", "1"),
	    WR_SAY_REPLY_NOT_HERE);
	must(d, wr_case_people_free, free_form("1", "9:00", "12:00"), "free");
	assert_string_equal(of_support(d, "S1", "free"), "[\"Tue 09:00-12:00\"]");
	assert_string_equal(of_support(d, "S2", "free"), "[]");
	desk_free(d);
}

static void test_a_person_speaks_for_each_of_their_rows(void **state)
{
	(void)state;
	struct built_desk *d = one_person();
	must(d, wr_case_people_free, free_form("1", "9:00", "12:00"), "free");
	must(d, wr_case_people_contact,
	    json_pack("{s:s, s:s, s:s}", "phone", "07700 900123", "email", "", "language", "cy"),
	    "contact");
	must(d, wr_case_people_away, days("24.12.2026", "26.12.2026"), "away");
	for (int i = 1; i <= 2; i++) {
		const char *ref = i == 1 ? "S1" : "S2";
		assert_string_equal(of_support(d, ref, "free"), "[\"Tue 09:00-12:00\"]");
		assert_string_equal(of_support(d, ref, "phone"), "\"+447700900123\"");
		assert_string_equal(of_support(d, ref, "language"), "\"cy\"");
	}
	assert_string_equal(desk_says(d, "away.#", "away list", "{}"), "2");
	must(d, wr_case_people_reply,
	    json_pack("{s:s, s:s, s:s}", "slot", "s-2", "revision", "1", "answer", "person"),
	    "reply");
	const char *html = page(d);
	const char *once = strstr(html, "Dydd Iau 24 Rhagfyr 2026");
	assert_non_null(once);
	assert_non_null(strstr(html, "<html lang=\"cy\""));
	desk_free(d);
}

static void test_whose_consent_has_ended_says_nothing(void **state)
{
	(void)state;
	struct built_desk *d = one_person();
	desk_must(d, "support withdraw", "{'ref':'S1','yes':true,'reason':'asked'}");
	must(d, wr_case_people_free, free_form("1", "9:00", "12:00"), "free");
	assert_string_equal(of_support(d, "S1", "free"), "[]");
	assert_string_equal(of_support(d, "S2", "free"), "[\"Tue 09:00-12:00\"]");
	desk_must(d, "support withdraw", "{'ref':'S2','yes':true,'reason':'asked'}");
	assert_string_equal(page(d), "");
	refused(d, wr_case_people_free, free_form("1", "9:00", "12:00"), WR_SAY_FREE_GONE);
	desk_free(d);
}

/* ---- free, away, contact ---- */

static void test_clocks_are_read_as_people_write_them(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to, *read;
	} drawn[] = {
	    {"9:30", "14:00", "[\"Sun 09:30-14:00\"]"},
	    {"9.30am", "2 pm", "[\"Sun 09:30-14:00\"]"},
	    {" 9", "10", "[\"Sun 09:00-10:00\"]"},
	    {"12am", "12 PM", "[\"Sun 00:00-12:00\"]"},
	    {"22:00", "24:00", "[\"Sun 22:00-24:00\"]"},
	    {"22:00", "0:00", "[\"Sun 22:00-24:00\"]"},
	};
	static const char *const bad[] = {
	    "", "x", "9:3", "9:60", "25", "-1", "9:30xm", "13pm", "0am", "9:30:00"};
	for (size_t i = 0; i < WR_COUNT(drawn); i++) {
		struct built_desk *d = two_patients();
		must(d, wr_case_people_free, free_form("6", drawn[i].from, drawn[i].to), "free");
		assert_string_equal(of_support(d, "S1", "free"), drawn[i].read);
		desk_free(d);
	}
	struct built_desk *d = two_patients();
	for (size_t i = 0; i < WR_COUNT(bad); i++) {
		refused(d, wr_case_people_free, free_form("6", bad[i], "10"), WR_SAY_FREE_BAD_FROM);
		refused(d, wr_case_people_free, free_form("6", "9", bad[i]), WR_SAY_FREE_BAD_TO);
	}
	refused(d, wr_case_people_free, free_form("7", "9", "10"), WR_SAY_FREE_CHOOSE_DAY);
	refused(d, wr_case_people_free, free_form("", "9", "10"), WR_SAY_FREE_CHOOSE_DAY);
	refused(d, wr_case_people_free, free_form("6", "10", "10"), WR_SAY_FREE_BACKWARDS);
	desk_free(d);
}

static void test_free_times_join_and_go_and_are_not_endless(void **state)
{
	(void)state;
	struct built_desk *d = two_patients();
	char from[16], to[16];
	must(d, wr_case_people_free, free_form("0", "9:00", "10:00"), "free");
	must(d, wr_case_people_free, free_form("0", "10:00", "11:00"), "free");
	assert_string_equal(of_support(d, "S1", "free"), "[\"Mon 09:00-11:00\"]");
	assert_non_null(strstr(page(d), "Monday, 9:00am to 11:00am"));
	refused(
	    d, wr_case_people_free, json_pack("{s:s}", "remove", "0-540-600"), WR_SAY_FREE_GONE);
	must(d, wr_case_people_free, json_pack("{s:s}", "remove", "0-540-660"), "free");
	assert_string_equal(of_support(d, "S1", "free_said"), "false");
	for (int i = 0; i < 21; i++) {
		snprintf(from, sizeof(from), "%d:00", i + 1);
		snprintf(to, sizeof(to), "%d:30", i + 1);
		must(d, wr_case_people_free, free_form("2", from, to), "free");
	}
	refused(d, wr_case_people_free, free_form("3", "9", "10"), WR_SAY_FREE_TOO_MANY);
	desk_free(d);
}

static void test_days_away_are_whole_days_of_the_ward(void **state)
{
	(void)state;
	struct built_desk *d = two_patients();
	/* the clocks go on in the night to Sunday 28 March 2027 */
	must(d, wr_case_people_away, days("28.3.2027", "28.3.27"), "away");
	assert_string_equal(
	    desk_says(d, "away.0.from", "away list", "{}"), "2027-03-28T00:00:00+00:00");
	assert_string_equal(
	    desk_says(d, "away.0.to", "away list", "{}"), "2027-03-29T00:00:00+01:00");
	assert_non_null(strstr(page(d), "<span>Sunday 28 March 2027</span>"));
	must(d, wr_case_people_away, days("27.11.2026", "27.11.2026"), "away");
	refused(d, wr_case_people_away, days("26.11.2026", "26.11.2026"), WR_SAY_AWAY_PAST);
	refused(d, wr_case_people_away, days("29.2.2027", "1.3.2027"), WR_SAY_AWAY_BAD_FIRST);
	refused(d, wr_case_people_away, days("1.3.2027", "0.3.2027"), WR_SAY_AWAY_BAD_LAST);
	refused(d, wr_case_people_away, days("2.3.2027", "1.3.2027"), WR_SAY_AWAY_BACKWARDS);
	refused(d, wr_case_people_away, days("1.1.2027", "2.1.2028"), WR_SAY_AWAY_TOO_LONG);
	refused(d, wr_case_people_away, json_pack("{s:s}", "remove", "1-2"), WR_SAY_AWAY_GONE);
	desk_free(d);
}

static void test_a_contact_is_checked_before_it_is_kept(void **state)
{
	(void)state;
	struct built_desk *d = two_patients();
	refused(d, wr_case_people_contact, json_pack("{s:s, s:s}", "phone", "12", "email", ""),
	    WR_SAY_CONTACT_BAD_PHONE);
	assert_string_equal(field, "phone");
	refused(d, wr_case_people_contact,
	    json_pack("{s:s, s:s}", "phone", "07700 900123", "email", "x"),
	    WR_SAY_CONTACT_BAD_EMAIL);
	must(d, wr_case_people_contact,
	    json_pack("{s:s, s:s, s:s}", "phone", "", "email", "", "language", "xx"), "contact");
	assert_string_equal(of_support(d, "S1", "phone"), "null");
	assert_string_equal(of_support(d, "S1", "language"), "\"en\"");
	assert_non_null(strstr(page(d), "We have neither a phone number nor an email address"));
	desk_free(d);
}

/* ---- a proposal, never a move ---- */

static const char *standing_slots(struct built_desk *d)
{
	json_t *answer = desk_ask(d, "slot list", "{}"), *slot;
	struct wr_buf text = {0};
	size_t i;
	json_array_foreach (json_object_get(answer, "slots"), i, slot)
		wr_buf_printf(&text, "%s %s %lld\n",
		    json_string_value(json_object_get(slot, "slot")),
		    json_string_value(json_object_get(slot, "start")),
		    json_integer_value(json_object_get(slot, "revision")));
	const char *standing = wr_arena_strdup(&d->words, wr_buf_text(&text));
	wr_buf_deinit(&text);
	json_decref(answer);
	return standing;
}

static size_t proposals(struct built_desk *d)
{
	json_t *answer = desk_ask(d, "task list", "{}"), *task;
	size_t i, n = 0;
	json_array_foreach (json_object_get(answer, "tasks"), i, task)
		n += wr_text_equal(json_string_value(json_object_get(task, "kind")), "proposal");
	json_decref(answer);
	return n;
}

/* Whoever is expected says that they can't, and is free when the round is not; the week stands. */
static void test_what_people_say_becomes_a_proposal_and_moves_nothing(void **state)
{
	(void)state;
	struct built_desk *d = desk_build_sample("", "2026-11-23T08:00:00Z");
	desk_must(d, "plan make", "{'ward':'kingsley','week':'2026-W49','yes':true}");
	desk_must(d, "plan publish", "{'ward':'kingsley','week':'2026-W49','yes':true}");
	const char *standing = standing_slots(d);
	size_t found = 0;
	for (int i = 0; i < 12 && !found; i++) {
		char path[64];
		snprintf(path, sizeof(path), "slots.%d.supports.0", i);
		const char *support = desk_says(d, path, "slot list", "{}");
		snprintf(path, sizeof(path), "slots.%d.slot", i);
		const char *slot = desk_says(d, path, "slot list", "{}");
		if (!*support)
			continue;
		stand_at(WR_WHOSE_SUPPORT, support);
		must(d, wr_case_people_reply,
		    json_pack("{s:s, s:s, s:s}", "slot", slot, "revision", "1", "answer", "no"),
		    "reply");
		must(d, wr_case_people_free, free_form("2", "9:00", "12:40"), "free");
		found = proposals(d);
		assert_string_equal(standing_slots(d), standing);
	}
	assert_int_equal(found, 1);
	desk_free(d);
}

/* ---- calendar links ---- */

static void test_three_links_are_made_alone_and_no_more(void **state)
{
	(void)state;
	struct built_desk *d = two_patients();
	for (int i = 0; i < 3; i++)
		must(d, wr_case_people_keep, json_pack("{s:s}", "label", "phone"), "keep");
	refused(d, wr_case_people_keep, json_object(), WR_SAY_KEEP_MOST);
	assert_string_equal(desk_says(d, "links.#", "link list", "{'support':'S1'}"), "3");
	assert_string_equal(
	    desk_says(d, "links.0.self_made", "link list", "{'support':'S1'}"), "true");
	const char *first = desk_says(d, "links.0.id", "link list", "{'support':'S1'}");
	const char *other = desk_link(d, "support", "S2");
	refused(d, wr_case_people_keep, json_pack("{s:s}", "remove", other), WR_SAY_KEEP_GONE);
	door.link = first;
	refused(d, wr_case_people_keep, json_pack("{s:s}", "remove", first), WR_SAY_KEEP_GONE);
	door.link = "l-0";
	must(d, wr_case_people_keep, json_pack("{s:s}", "remove", first), "removed");
	must(d, wr_case_people_keep, json_object(), "keep");
	assert_non_null(strstr(page(d), "https://calendar.google.com/calendar/r?cid=webcal%3A"));
	desk_free(d);
}

static void test_a_link_of_staffs_does_not_count_and_is_not_listed(void **state)
{
	(void)state;
	struct built_desk *d = two_patients();
	const char *given = desk_link(d, "support", "S1");
	for (int i = 0; i < 3; i++)
		must(d, wr_case_people_keep, json_object(), "keep");
	refused(d, wr_case_people_keep, json_pack("{s:s}", "remove", given), WR_SAY_KEEP_GONE);
	desk_free(d);
}

static void test_a_reply_page_shows_no_lasting_address(void **state)
{
	(void)state;
	struct built_desk *d = two_patients();
	must(d, wr_case_people_keep, json_object(), "keep");
	assert_non_null(strstr(page(d), ".ics"));
	door.kind = WR_DOOR_REPLY;
	door.slot = "s-1";
	door.action = "/r/CODE";
	assert_null(strstr(page(d), ".ics"));
	must(d, wr_case_people_keep, json_object(), "keep");
	assert_true(wr_text_starts(leads_to, "/f/"));
	desk_free(d);
}

/* ---- messages ---- */

static void test_this_is_not_me_shuts_every_way_in_until_staff_have_asked(void **state)
{
	(void)state;
	struct built_desk *d = two_patients();
	const char *link = desk_link(d, "support", "S1");
	must(d, wr_case_people_stop, json_pack("{s:s}", "not-me", "1"), "stop");
	assert_true(door.said_goodbye);
	assert_string_equal(page(d), "");
	assert_non_null(strstr(desk_feed(d, link), "SUMMARY:"));
	assert_null(strstr(desk_feed(d, link), "TZID"));
	assert_string_equal(of_support(d, "S1", "consent"), "\"agreed\"");
	assert_string_equal(desk_says(d, "tasks.0.kind", "task list", "{}"), "contact");
	refused(d, wr_case_people_free, free_form("1", "9", "10"), WR_SAY_FREE_GONE);
	desk_must(d, "support edit", "{'ref':'S1','relation':'aunt'}");
	assert_string_equal(page(d), "");
	desk_must(d, "support edit", "{'ref':'S1','phone':'07700 900124'}");
	assert_string_not_equal(page(d), "");
	assert_string_equal(of_support(d, "S1", "stopped"), "false");
	desk_free(d);
}

static void test_messages_stop_and_start_again(void **state)
{
	(void)state;
	struct built_desk *d = two_patients();
	must(d, wr_case_people_stop, json_object(), "stop");
	assert_string_equal(of_support(d, "S1", "stopped"), "true");
	assert_non_null(strstr(page(d), "Send me messages again"));
	must(d, wr_case_people_stop, json_pack("{s:s}", "start", "1"), "start");
	assert_string_equal(of_support(d, "S1", "stopped"), "false");
	desk_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_support_answers_for_nobody_else),
	    cmocka_unit_test(test_a_person_speaks_for_each_of_their_rows),
	    cmocka_unit_test(test_whose_consent_has_ended_says_nothing),
	    cmocka_unit_test(test_clocks_are_read_as_people_write_them),
	    cmocka_unit_test(test_free_times_join_and_go_and_are_not_endless),
	    cmocka_unit_test(test_days_away_are_whole_days_of_the_ward),
	    cmocka_unit_test(test_a_contact_is_checked_before_it_is_kept),
	    cmocka_unit_test(test_what_people_say_becomes_a_proposal_and_moves_nothing),
	    cmocka_unit_test(test_three_links_are_made_alone_and_no_more),
	    cmocka_unit_test(test_a_link_of_staffs_does_not_count_and_is_not_listed),
	    cmocka_unit_test(test_a_reply_page_shows_no_lasting_address),
	    cmocka_unit_test(test_this_is_not_me_shuts_every_way_in_until_staff_have_asked),
	    cmocka_unit_test(test_messages_stop_and_start_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
