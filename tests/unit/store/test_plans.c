#include "rows.h"

static void test_a_plan_comes_back_as_put(void **state)
{
	struct fixture *f = *state;
	struct wr_plan_row got, *list;
	size_t n;
	struct wr_plan_row plan = {.ward = "kingsley",
	    .week = WEEK_49,
	    .by_hand = true,
	    .optimal = true,
	    .made = MONDAY,
	    .published_at = NO,
	    .cost = 5000000042,
	    .bound = 5000000042};
	assert_int_equal(
	    wr_store_plan_get(f->tx, &f->arena, "kingsley", WEEK_49, &got), WR_STORE_NONE);
	assert_int_equal(wr_store_plan_put(f->tx, &plan), 0);
	assert_int_equal(wr_store_plan_get(f->tx, &f->arena, "kingsley", WEEK_49, &got), 0);
	assert_true(got.cost == 5000000042);
	assert_true(got.by_hand && got.optimal && !got.published);
	assert_true(got.published_at == WR_TIME_NONE);
	plan.week = (struct wr_week){2027, 1};
	plan.bound = 0;
	assert_int_equal(wr_store_plan_put(f->tx, &plan), 0);
	const struct wr_week from = {2026, 50};
	assert_int_equal(wr_store_plan_list(f->tx, &f->arena, NULL, NULL, &list, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].week.year, 2026);
	assert_int_equal(wr_store_plan_list(f->tx, &f->arena, "kingsley", &from, &list, &n), 0);
	assert_int_equal(n, 1);
	plan.bound = plan.cost + 1;
	assert_int_equal(wr_store_plan_put(f->tx, &plan), WR_STORE_REFUSED);
}

static void test_a_new_plan_replaces_the_unplaced_of_its_week_only(void **state)
{
	struct fixture *f = *state;
	struct wr_unplaced *list;
	size_t n;
	const struct wr_week next = {2026, 50};
	put_patients(f->tx, 3);
	struct wr_unplaced first[] = {{.patient = "P01", .why = "away all week"},
	    {.patient = "P02", .why = "no session of shah"}};
	struct wr_unplaced later = {.patient = "P01", .why = "away all week"};
	assert_int_equal(wr_store_unplaced_replace(f->tx, "kingsley", WEEK_49, first, 2), 0);
	assert_int_equal(wr_store_unplaced_replace(f->tx, "kingsley", next, &later, 1), 0);
	first[0].patient = "P03";
	assert_int_equal(wr_store_unplaced_replace(f->tx, "kingsley", WEEK_49, first, 1), 0);
	assert_int_equal(
	    wr_store_unplaced_list(f->tx, &f->arena, "kingsley", NULL, NULL, &list, &n), 0);
	assert_int_equal(n, 2);
	assert_string_equal(list[0].patient, "P03");
	assert_int_equal(list[1].week.week, 50);
	assert_int_equal(wr_store_unplaced_delete(f->tx, "P03", WEEK_49), 0);
	assert_int_equal(
	    wr_store_unplaced_list(f->tx, &f->arena, NULL, &next, "P01", &list, &n), 0);
	assert_int_equal(n, 1);
	first[0].why = "";
	assert_int_equal(
	    wr_store_unplaced_replace(f->tx, "kingsley", WEEK_49, first, 1), WR_STORE_REFUSED);
}

static void test_generations_count_from_nought(void **state)
{
	struct fixture *f = *state;
	int64_t n = -1;
	assert_int_equal(wr_store_generation_get(f->tx, WR_WHOSE_WARD, "kingsley", &n), 0);
	assert_int_equal(n, 0);
	wr_store_generation_bump(f->tx, WR_WHOSE_WARD, "kingsley");
	wr_store_generation_bump(f->tx, WR_WHOSE_WARD, "kingsley");
	wr_store_generation_bump(f->tx, WR_WHOSE_PERSON, "kingsley");
	wr_store_generation_get(f->tx, WR_WHOSE_WARD, "kingsley", &n);
	assert_int_equal(n, 2);
}

static void test_links_are_found_by_whose(void **state)
{
	struct fixture *f = *state;
	struct wr_link got, *list;
	size_t n;
	struct wr_link link = {.id = "l-1",
	    .whose = WR_WHOSE_CONSULTANT,
	    .who = "shah",
	    .label = "phone",
	    .created = MONDAY,
	    .expires = NO,
	    .revoked = NO,
	    .alarms = true};
	assert_int_equal(wr_store_link_put(f->tx, &link), 0);
	assert_int_equal(wr_store_link_get(f->tx, &f->arena, "l-1", &got), 0);
	assert_int_equal(got.whose, WR_WHOSE_CONSULTANT);
	assert_true(got.alarms && got.revoked == WR_TIME_NONE);
	struct wr_store_link_filter filter = {.whose = WR_STORE_BIT(WR_WHOSE_WARD)};
	assert_int_equal(wr_store_link_list(f->tx, &f->arena, &filter, &list, &n), 0);
	assert_int_equal(n, 0);
	filter = (struct wr_store_link_filter){.who = "shah"};
	assert_int_equal(wr_store_link_list(f->tx, &f->arena, &filter, &list, &n), 0);
	assert_int_equal(n, 1);
}

static void test_a_person_has_one_reply_to_a_slot(void **state)
{
	struct fixture *f = *state;
	struct wr_reply got, *list;
	size_t n;
	struct wr_support support = a_support("S01", "P01", "S01");
	struct wr_slot slot = a_slot("s-1", "P01", MONDAY);
	put_patients(f->tx, 1);
	wr_store_support_put(f->tx, &support);
	wr_store_slot_put(f->tx, &f->arena, &slot, NULL, 0, NULL);
	struct wr_reply reply = {"S01", "s-1", WR_ANSWER_PHONE, "at work", 1, MONDAY};
	assert_int_equal(wr_store_reply_put(f->tx, &reply), 0);
	reply.answer = WR_ANSWER_NO;
	reply.note = NULL;
	assert_int_equal(wr_store_reply_put(f->tx, &reply), 0);
	assert_int_equal(wr_store_reply_get(f->tx, &f->arena, "S01", "s-1", &got), 0);
	assert_int_equal(got.answer, WR_ANSWER_NO);
	assert_null(got.note);
	const struct wr_week week = WEEK_49;
	struct wr_store_reply_filter filter = {.week = &week, .ward = "kingsley"};
	assert_int_equal(wr_store_reply_list(f->tx, &f->arena, &filter, &list, &n), 0);
	assert_int_equal(n, 1);
	filter = (struct wr_store_reply_filter){.since = MONDAY + 1};
	assert_int_equal(wr_store_reply_list(f->tx, &f->arena, &filter, &list, &n), 0);
	assert_int_equal(n, 0);
}

static void test_stamps_belong_to_one_feed(void **state)
{
	struct fixture *f = *state;
	struct wr_store_stamp got, *list;
	size_t n;
	struct wr_store_stamp stamp = {WR_WHOSE_SUPPORT, "S01", "s-1", "ab12", 0, MONDAY};
	assert_int_equal(wr_store_stamp_put(f->tx, &stamp), 0);
	stamp.sequence = 1;
	stamp.digest = "cd34";
	assert_int_equal(wr_store_stamp_put(f->tx, &stamp), 0);
	stamp.who = "S02";
	assert_int_equal(wr_store_stamp_put(f->tx, &stamp), 0);
	assert_int_equal(
	    wr_store_stamp_get(f->tx, &f->arena, WR_WHOSE_SUPPORT, "S01", "s-1", &got), 0);
	assert_int_equal(got.sequence, 1);
	assert_string_equal(got.digest, "cd34");
	assert_int_equal(
	    wr_store_stamp_list(f->tx, &f->arena, WR_WHOSE_SUPPORT, "S01", &list, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(wr_store_stamp_forget(f->tx, WR_WHOSE_SUPPORT, "S01", MONDAY + 1), 0);
	assert_int_equal(
	    wr_store_stamp_list(f->tx, &f->arena, WR_WHOSE_SUPPORT, NULL, &list, &n), 0);
	assert_int_equal(n, 1);
	assert_string_equal(list[0].who, "S02");
}

static void test_references_skip_those_that_rows_have(void **state)
{
	struct fixture *f = *state;
	const char *ref;
	put_patients(f->tx, 25);
	assert_int_equal(wr_store_next_ref(f->tx, &f->arena, WR_STORE_REF_PATIENT, &ref), 0);
	assert_string_equal(ref, "P26");
	assert_int_equal(wr_store_next_ref(f->tx, &f->arena, WR_STORE_REF_PATIENT, &ref), 0);
	assert_string_equal(ref, "P27"); /* given out, though no row has it */
	assert_int_equal(wr_store_next_ref(f->tx, &f->arena, WR_STORE_REF_SUPPORT, &ref), 0);
	assert_string_equal(ref, "S001");
	assert_int_equal(wr_store_next_ref(f->tx, &f->arena, WR_STORE_REF_TASK, &ref), 0);
	assert_string_equal(ref, "t-1");
}

static void test_one_step_back_is_kept_for_each_subject(void **state)
{
	struct fixture *f = *state;
	struct wr_store_undo got;
	struct wr_store_undo undo = {"slot", "s-1", "uid 0", "{\"state\":\"published\"}", MONDAY};
	assert_int_equal(wr_store_undo_put(f->tx, &undo), 0);
	undo.data = "{}";
	assert_int_equal(wr_store_undo_put(f->tx, &undo), 0);
	assert_int_equal(wr_store_undo_get(f->tx, &f->arena, "slot", "s-1", &got), 0);
	assert_string_equal(got.data, "{}");
	assert_int_equal(wr_store_undo_delete(f->tx, "slot", "s-1"), 0);
	assert_int_equal(wr_store_undo_get(f->tx, &f->arena, "slot", "s-1", &got), WR_STORE_NONE);
}

static void test_keys_are_forgotten_when_old(void **state)
{
	struct fixture *f = *state;
	struct wr_store_key got;
	struct wr_store_key key = {"k1", "digest", 200, "{\"schema\":1}", MONDAY};
	assert_int_equal(wr_store_key_put(f->tx, &key), 0);
	key.key = "k2";
	key.at = MONDAY + 60;
	assert_int_equal(wr_store_key_put(f->tx, &key), 0);
	assert_int_equal(wr_store_key_forget(f->tx, MONDAY + 60), 0);
	assert_int_equal(wr_store_key_get(f->tx, &f->arena, "k1", &got), WR_STORE_NONE);
	assert_int_equal(wr_store_key_get(f->tx, &f->arena, "k2", &got), 0);
	assert_string_equal(got.answer, "{\"schema\":1}");
	assert_int_equal(got.status, 200);
}

static void test_small_texts_are_replaced(void **state)
{
	struct fixture *f = *state;
	const char *text;
	assert_int_equal(wr_store_meta_get(f->tx, &f->arena, "salt", &text), WR_STORE_NONE);
	assert_int_equal(wr_store_meta_put(f->tx, "salt", "a"), 0);
	assert_int_equal(wr_store_meta_put(f->tx, "salt", "b"), 0);
	assert_int_equal(wr_store_meta_get(f->tx, &f->arena, "salt", &text), 0);
	assert_string_equal(text, "b");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_memory, close_memory)
	const struct CMUnitTest tests[] = {
	    TEST(test_a_plan_comes_back_as_put),
	    TEST(test_a_new_plan_replaces_the_unplaced_of_its_week_only),
	    TEST(test_generations_count_from_nought),
	    TEST(test_links_are_found_by_whose),
	    TEST(test_a_person_has_one_reply_to_a_slot),
	    TEST(test_stamps_belong_to_one_feed),
	    TEST(test_references_skip_those_that_rows_have),
	    TEST(test_one_step_back_is_kept_for_each_subject),
	    TEST(test_keys_are_forgotten_when_old),
	    TEST(test_small_texts_are_replaced),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
