#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <string.h>

#include "ask_desk.h"
#include "desk/doors.h"
#include "desk/staff/accounts.h"
#include "desk/staff/sign_ins.h"

/* The token of the one-time address that adding gives. */
static const char *add(struct built_desk *d, const char *name, const char *role)
{
	const char *address = desk_says(
	    d, "address", "staff add", "{'name':'%s', 'role':'%s', 'ward':'kingsley'}", name, role);
	return strrchr(address, '/') + 1;
}

static const struct wr_sign_in_staff *by_code(struct built_desk *d, const char *token)
{
	return wr_sign_ins_by_code(d->desk.sign_ins, token, wr_clock_now(&d->desk.clock));
}

static int sign_in(struct wr_use *use)
{
	return wr_case_staff_sign_in(use);
}

/* Uses the address up; the cookie's token lives in the desk's words. */
static const char *cookie_for(struct built_desk *d, const char *token, const char *session)
{
	char text[WR_SIGN_IN_TOKEN + 1];
	const struct wr_sign_in_staff *staff = by_code(d, token);
	assert_non_null(staff);
	json_decref(desk_use(d, sign_in,
	    json_pack("{s:s, s:s, s:s, s:s}", "name", staff->row.name, "code", staff->row.code,
		"session", session, "browser", "a mark")));
	return wr_arena_strdup(&d->words, wr_token_session(d->desk.ground->key, session, text));
}

static bool opens(struct built_desk *d, const char *cookie)
{
	bool over = false;
	return wr_sign_ins_by_cookie(
		   d->desk.sign_ins, cookie, wr_clock_now(&d->desk.clock), &over) != NULL;
}

static void use_it(struct built_desk *d, const char *cookie)
{
	bool over = false;
	wr_time now = wr_clock_now(&d->desk.clock);
	struct wr_sign_in *session = wr_sign_ins_by_cookie(d->desk.sign_ins, cookie, now, &over);
	assert_non_null(session);
	session->seen = now;
}

static void test_an_address_opens_for_fifteen_minutes_and_once(void **state)
{
	struct built_desk *d = desk_build("", "2026-11-27T10:00:00Z");
	(void)state;
	const char *token = add(d, "ann", "ward");
	desk_run_until(d, "2026-11-27T10:14:59Z");
	assert_non_null(by_code(d, token));
	desk_run_until(d, "2026-11-27T10:15:00Z");
	assert_null(by_code(d, token));
	const char *next = add(d, "ann", "ward");
	assert_null(by_code(d, token));
	cookie_for(d, next, "i-1");
	assert_null(by_code(d, next));
	desk_free(d);
}

static void test_a_session_ends_without_use_and_after_twelve_hours(void **state)
{
	struct built_desk *d = desk_build("", "2026-11-27T08:00:00Z");
	(void)state;
	const char *idle = cookie_for(d, add(d, "ann", "ward"), "i-1");
	const char *busy = cookie_for(d, add(d, "bea", "ward"), "i-2");
	wr_time begun = desk_time("2026-11-27T08:00:00Z");
	for (int minute = 29; minute < 12 * 60; minute += 29) {
		desk_run_by(d, begun + minute * 60, 3600);
		assert_int_equal(opens(d, idle), minute < 30);
		use_it(d, busy);
	}
	desk_run_by(d, begun + 12 * 3600 - 1, 3600);
	assert_true(opens(d, busy));
	desk_run_by(d, begun + 12 * 3600, 3600);
	assert_false(opens(d, busy));
	desk_free(d);
}

static void test_revoking_closes_every_session_and_address(void **state)
{
	struct built_desk *d = desk_build("", "2026-11-27T08:00:00Z");
	(void)state;
	const char *first = cookie_for(d, add(d, "ann", "ward"), "i-1");
	const char *second = cookie_for(d, add(d, "ann", "ward"), "i-2");
	const char *token = add(d, "ann", "ward");
	assert_true(opens(d, first) && opens(d, second));
	desk_must(d, "staff revoke", "{'name':'ann'}");
	assert_false(opens(d, first) || opens(d, second));
	assert_null(by_code(d, token));
	assert_null(wr_sign_ins_by_name(d->desk.sign_ins, "ann"));
	assert_string_equal(
	    desk_refusal(d, "staff revoke", "{'name':'ann'}"), "refused: ann is revoked already");
	desk_free(d);
}

static void test_a_dry_run_lets_nobody_in(void **state)
{
	struct built_desk *d = desk_build("", "2026-11-27T08:00:00Z");
	(void)state;
	const char *address = desk_says(d, "address", "staff add",
	    "{'name':'ann', 'role':'ward', 'ward':'kingsley', 'dry_run':true}");
	assert_null(by_code(d, strrchr(address, '/') + 1));
	assert_string_equal(desk_says(d, "staff.#", "staff list", "{}"), "0");
	desk_free(d);
}

static void test_a_consultant_is_named_by_id_or_name_or_said(void **state)
{
	struct built_desk *d = desk_build("", "2026-11-27T08:00:00Z");
	(void)state;
	assert_string_equal(desk_says(d, "staff.consultant", "staff add",
				"{'name':'shah', 'role':'consultant', 'ward':'kingsley'}"),
	    "shah");
	assert_string_equal(desk_says(d, "staff.consultant", "staff add",
				"{'name':'a.shah', 'role':'consultant', 'ward':'kingsley',"
				" 'consultant':'shah'}"),
	    "shah");
	assert_string_equal(
	    desk_refusal(d, "staff add", "{'name':'bob', 'role':'consultant', 'ward':'kingsley'}"),
	    "usage: staff add: no consultant of the configuration is called `bob`");
	assert_string_equal(
	    desk_refusal(d, "staff add",
		"{'name':'bob', 'role':'ward', 'ward':'kingsley', 'consultant':'shah'}"),
	    "usage: staff add: --consultant belongs to --role consultant");
	desk_free(d);
}

static void test_another_role_or_ward_means_signing_in_anew(void **state)
{
	struct built_desk *d = desk_build("", "2026-11-27T08:00:00Z");
	(void)state;
	const char *cookie = cookie_for(d, add(d, "shah", "ward"), "i-1");
	add(d, "shah", "ward");
	assert_true(opens(d, cookie));
	add(d, "shah", "consultant");
	assert_false(opens(d, cookie));
	desk_free(d);
}

static void test_what_a_session_opened_is_noted_once_in_ten_minutes(void **state)
{
	struct wr_sign_in session = {0};
	(void)state;
	assert_true(wr_sign_in_opens(&session, "/s/", 1000));
	assert_true(wr_sign_in_opens(&session, "/s/patients/P01", 1001));
	assert_false(wr_sign_in_opens(&session, "/s/", 1599));
	assert_true(wr_sign_in_opens(&session, "/s/", 1600));
}

static void test_what_was_seen_outlives_a_change_of_the_table(void **state)
{
	struct built_desk *d = desk_build("", "2026-11-27T08:00:00Z");
	(void)state;
	const char *cookie = cookie_for(d, add(d, "ann", "ward"), "i-1");
	desk_run_until(d, "2026-11-27T08:25:00Z");
	use_it(d, cookie);
	add(d, "bea", "ward");
	desk_run_until(d, "2026-11-27T08:50:00Z");
	assert_true(opens(d, cookie));
	desk_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_an_address_opens_for_fifteen_minutes_and_once),
	    cmocka_unit_test(test_a_session_ends_without_use_and_after_twelve_hours),
	    cmocka_unit_test(test_revoking_closes_every_session_and_address),
	    cmocka_unit_test(test_a_dry_run_lets_nobody_in),
	    cmocka_unit_test(test_a_consultant_is_named_by_id_or_name_or_said),
	    cmocka_unit_test(test_another_role_or_ward_means_signing_in_anew),
	    cmocka_unit_test(test_what_a_session_opened_is_noted_once_in_ten_minutes),
	    cmocka_unit_test(test_what_was_seen_outlives_a_change_of_the_table),
	};
	return cmocka_run_group_tests_name("sign in", tests, NULL, NULL);
}
