#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <string.h>

#include "ask_desk.h"

#define OF_WEEK "{'ward':'kingsley','week':'2026-W49','yes':true}"
#define OF_ONE "'support':'S001'"

static struct built_desk *published_week(void)
{
	struct built_desk *d = desk_build_sample("", "2026-11-23T08:00:00Z");
	desk_must(d, "plan make", OF_WEEK);
	desk_must(d, "plan publish", OF_WEEK);
	return d;
}

/* The bytes behind a page's address. */
static const char *feed_at(struct built_desk *d, const char *page)
{
	size_t length = 0;
	const char *token = strrchr(page, '/') + 1;
	const struct wr_door *door = wr_doors_find(&d->desk.doors, token, strlen(token));
	assert_non_null(door);
	const char *body = wr_serve_bytes_body(door->plain, &length);
	return wr_arena_strndup(&d->words, body, length);
}

static const char *new_link(struct built_desk *d, const char *args)
{
	return wr_arena_strdup(&d->words, desk_says(d, "link.page", "link new", "%s", args));
}

static void test_alarms_of_one_link_move_no_stamps_of_another(void **state)
{
	(void)state;
	struct built_desk *d = published_week();
	const char *loud = new_link(d, "{" OF_ONE ",'alarms':true}");
	const char *quiet = new_link(d, "{" OF_ONE "}");
	const char *loud_was = feed_at(d, loud), *quiet_was = feed_at(d, quiet);
	assert_non_null(strstr(loud_was, "BEGIN:VALARM"));
	assert_null(strstr(quiet_was, "BEGIN:VALARM"));
	desk_run_until(d, "2026-11-23T09:00:00Z");
	desk_must(d, "support edit", "{'ref':'S001','language':'cy'}");
	assert_string_equal(feed_at(d, loud), loud_was);
	assert_string_equal(feed_at(d, quiet), quiet_was);
	desk_free(d);
}

static int keep_nothing_that_opens(struct wr_use *use)
{
	struct wr_store_key row;
	assert_int_equal(wr_store_key_get(use->tx, use->arena, "k", &row), 0);
	assert_null(strstr(row.answer, wr_arg_text(use, "token")));
	return 0;
}

static void test_answer_kept_for_a_key_holds_no_address(void **state)
{
	(void)state;
	struct built_desk *d = published_week();
	const char *page = new_link(d, "{" OF_ONE ",'key':'k'}");
	const char *token = strrchr(page, '/') + 1;
	json_decref(desk_use(d, keep_nothing_that_opens, json_pack("{s:s}", "token", token)));
	assert_string_equal(new_link(d, "{" OF_ONE ",'key':'k'}"), page);
	desk_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_alarms_of_one_link_move_no_stamps_of_another),
	    cmocka_unit_test(test_answer_kept_for_a_key_holds_no_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
