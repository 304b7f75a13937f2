#include "rows.h"

static void put_slot(struct fixture *f, const char *ref, const char *patient, wr_time start)
{
	struct wr_slot slot = a_slot(ref, patient, start);
	assert_int_equal(wr_store_slot_put(f->tx, &f->arena, &slot, NULL, 0, NULL), 0);
}

static void put_ward(struct fixture *f)
{
	struct wr_support support = a_support("S01", "P01", "S01");
	put_patients(f->tx, 2);
	assert_int_equal(wr_store_support_put(f->tx, &support), 0);
	put_slot(f, "s-1", "P01", MONDAY);
	put_slot(f, "s-2", "P02", MONDAY + 1500);
}

static struct wr_news a_news(const char *who, const char *slot, wr_time due)
{
	return (struct wr_news){.whose = WR_WHOSE_SUPPORT,
	    .who = who,
	    .slot = slot,
	    .want = 2,
	    .due = due,
	    .told_start = NO,
	    .told_end = NO,
	    .accepted_at = NO,
	    .delivered_at = NO,
	    .fetched_at = NO,
	    .confirmed_at = NO};
}

static size_t count_news(struct fixture *f, struct wr_store_news_filter filter)
{
	struct wr_news *list;
	size_t n;
	assert_int_equal(wr_store_news_list(f->tx, &f->arena, &filter, &list, &n), 0);
	return n;
}

static void test_news_is_found_when_due(void **state)
{
	struct fixture *f = *state;
	put_ward(f);
	struct wr_news rows[] = {a_news("S01", "s-1", MONDAY + 60), a_news("P02", "s-2", NO),
	    a_news("S09", "s-1", MONDAY)};
	rows[1].whose = WR_WHOSE_PATIENT;
	rows[0].told_place = "Quiet Room";
	for (size_t i = 0; i < WR_COUNT(rows); i++)
		assert_int_equal(wr_store_news_put(f->tx, &rows[i]), 0);
	typedef struct wr_store_news_filter filter;
	assert_int_equal(count_news(f, (filter){0}), 3);
	assert_int_equal(count_news(f, (filter){.due_by = MONDAY}), 1);
	assert_int_equal(count_news(f, (filter){.due_by = MONDAY + 60}), 2);
	assert_int_equal(count_news(f, (filter){.due_by = MONDAY + 60, .limit = 1}), 1);
	assert_int_equal(count_news(f, (filter){.slot = "s-1"}), 2);
	assert_int_equal(count_news(f, (filter){.from = MONDAY + 1, .ward = "kingsley"}), 1);
	assert_int_equal(count_news(f, (filter){.whose = WR_STORE_BIT(WR_WHOSE_PATIENT)}), 1);
	struct wr_news got;
	assert_int_equal(
	    wr_store_news_get(f->tx, &f->arena, WR_WHOSE_SUPPORT, "S01", "s-1", &got), 0);
	assert_string_equal(got.told_place, "Quiet Room");
	assert_null(got.told_joining);
	assert_true(got.confirmed_at == WR_TIME_NONE);
	got.confirmed = 2;
	got.due = NO;
	assert_int_equal(wr_store_news_put(f->tx, &got), 0);
	assert_int_equal(count_news(f, (filter){.due_by = MONDAY + 60}), 1);
	assert_int_equal(wr_store_news_delete(f->tx, WR_WHOSE_SUPPORT, "S01", "s-1"), 0);
	assert_int_equal(wr_store_news_get(f->tx, &f->arena, WR_WHOSE_SUPPORT, "S01", "s-1", &got),
	    WR_STORE_NONE);
	struct wr_news lost = a_news("S01", "s-99", NO);
	assert_int_equal(wr_store_news_put(f->tx, &lost), WR_STORE_REFUSED);
}

static size_t count_reminders(struct fixture *f, struct wr_store_reminder_filter filter)
{
	struct wr_reminder *list;
	size_t n;
	assert_int_equal(wr_store_reminder_list(f->tx, &f->arena, &filter, &list, &n), 0);
	return n;
}

static void test_reminders_go_one_by_one_or_together(void **state)
{
	struct fixture *f = *state;
	put_ward(f);
	struct wr_reminder rows[] = {
	    {WR_WHOSE_SUPPORT, "S01", "s-1", "48 hours", MONDAY - 48 * 3600},
	    {WR_WHOSE_SUPPORT, "S01", "s-1", "2 hours", MONDAY - 2 * 3600},
	    {WR_WHOSE_PATIENT, "P01", "s-1", "2 hours", MONDAY - 2 * 3600},
	    {WR_WHOSE_PATIENT, "P02", "s-2", "2 hours", MONDAY - 2 * 3600},
	};
	for (size_t i = 0; i < WR_COUNT(rows); i++)
		assert_int_equal(wr_store_reminder_put(f->tx, &rows[i]), 0);
	typedef struct wr_store_reminder_filter filter;
	assert_int_equal(count_reminders(f, (filter){.due_by = MONDAY - 86400}), 1);
	assert_int_equal(
	    wr_store_reminder_delete(f->tx, WR_WHOSE_SUPPORT, "S01", "s-1", "48 hours"), 0);
	assert_int_equal(count_reminders(f, (filter){.who = "S01"}), 1);
	assert_int_equal(wr_store_reminder_delete(f->tx, WR_WHOSE_SUPPORT, "S01", "s-1", NULL), 0);
	assert_int_equal(count_reminders(f, (filter){.slot = "s-1"}), 1);
	assert_int_equal(wr_store_reminder_delete(f->tx, WR_WHOSE_PATIENT, NULL, "s-1", NULL), 0);
	assert_int_equal(count_reminders(f, (filter){0}), 1);
}

static struct wr_notice_row a_notice(
    const char *id, enum wr_notice_state notice_state, wr_time next)
{
	return (struct wr_notice_row){.id = id,
	    .endpoint = "sms",
	    .type = "slot.moved",
	    .whose = WR_WHOSE_SUPPORT,
	    .who = "S01",
	    .slot = "s-1",
	    .revision = 2,
	    .state = notice_state,
	    .created = MONDAY,
	    .next_try = next,
	    .not_after = MONDAY + 86400};
}

static size_t count_notices(struct fixture *f, struct wr_store_notice_filter filter)
{
	struct wr_notice_row *list;
	size_t n;
	assert_int_equal(wr_store_notice_list(f->tx, &f->arena, &filter, &list, &n), 0);
	return n;
}

/* The ids that one lane gives at MONDAY, in its order. */
static const char *lane(struct fixture *f, struct wr_store_lane of)
{
	struct wr_notice_row *list;
	struct wr_buf ids = {0};
	size_t n;
	of.now = MONDAY;
	of.limit = of.limit ? of.limit : 10;
	assert_int_equal(wr_store_notice_lane(f->tx, &f->arena, &of, &list, &n), 0);
	for (size_t i = 0; i < n; i++)
		wr_buf_printf(&ids, "%s ", list[i].id);
	const char *text = wr_arena_strdup(&f->arena, wr_buf_text(&ids));
	wr_buf_deinit(&ids);
	return text;
}

static void test_what_was_being_sent_waits_again_after_a_start(void **state)
{
	struct fixture *f = *state;
	struct wr_store_lane sms = {.endpoint = "sms"};
	size_t n;
	put_ward(f);
	struct wr_notice_row rows[] = {a_notice("n-1", WR_NOTICE_SENDING, MONDAY),
	    a_notice("n-2", WR_NOTICE_SENT, NO), a_notice("n-3", WR_NOTICE_WAITING, MONDAY - 60),
	    a_notice("n-4", WR_NOTICE_WAITING, MONDAY + 60)};
	for (size_t i = 0; i < WR_COUNT(rows); i++)
		assert_int_equal(wr_store_notice_put(f->tx, &rows[i]), 0);
	assert_string_equal(lane(f, sms), "n-3 ");
	assert_int_equal(wr_store_notice_recover(f->tx, &n), 0);
	assert_int_equal(n, 1);
	assert_string_equal(lane(f, sms), "n-3 n-1 ");
	typedef struct wr_store_notice_filter filter;
	assert_int_equal(count_notices(f, (filter){.states = WR_STORE_BIT(WR_NOTICE_SENT)}), 1);
	assert_int_equal(count_notices(f, (filter){.endpoint = "mail"}), 0);
	assert_int_equal(count_notices(f, (filter){.slot = "s-1", .who = "S01"}), 4);
	assert_int_equal(wr_store_notice_forget(f->tx, MONDAY + 1), 0);
	assert_int_equal(count_notices(f, (filter){0}), 3);
	struct wr_notice_row got;
	assert_int_equal(wr_store_notice_get(f->tx, &f->arena, "n-4", &got), 0);
	assert_null(got.body);
	got.tries = 1; /* tried, with no body kept */
	assert_int_equal(wr_store_notice_put(f->tx, &got), WR_STORE_REFUSED);
	got.body = "{}";
	assert_int_equal(wr_store_notice_put(f->tx, &got), 0);
}

static void test_lanes_part_what_is_new_from_what_was_tried(void **state)
{
	struct fixture *f = *state;
	struct wr_notice_row row;
	wr_time behind = 0;
	put_ward(f);
	static const struct {
		const char *id, *endpoint;
		wr_time next, not_after;
		int tries;
	} rows[] = {
	    {"n-1", "sms", MONDAY - 9, MONDAY + 60, 0},
	    {"n-2", "sms", MONDAY - 8, MONDAY - 1, 0},
	    {"n-3", "sms", MONDAY - 7, MONDAY + 60, 0},
	    {"n-4", "sms", MONDAY - 6, MONDAY + 60, 2},
	    {"n-5", "sms", MONDAY + 1, MONDAY + 60, 0},
	    {"n-6", "mail", MONDAY - 9, MONDAY + 60, 0},
	};
	for (size_t i = 0; i < WR_COUNT(rows); i++) {
		row = a_notice(rows[i].id, WR_NOTICE_WAITING, rows[i].next);
		row.endpoint = rows[i].endpoint;
		row.not_after = rows[i].not_after;
		row.tries = rows[i].tries;
		row.body = "{}";
		row.created = MONDAY + (wr_time)i;
		assert_int_equal(wr_store_notice_put(f->tx, &row), 0);
	}
	typedef struct wr_store_lane of;
	assert_string_equal(lane(f, (of){.endpoint = "sms"}), "n-1 n-2 n-3 ");
	assert_string_equal(
	    lane(f, (of){.endpoint = "sms", .newest = true, .limit = 2}), "n-3 n-2 ");
	assert_string_equal(lane(f, (of){.endpoint = "sms", .again = true}), "n-4 ");
	assert_string_equal(lane(f, (of){.endpoint = "sms", .late = true}), "n-2 ");
	assert_string_equal(lane(f, (of){.endpoint = "mail"}), "n-6 ");
	const char **names;
	size_t n;
	assert_int_equal(wr_store_notice_endpoints(f->tx, &f->arena, &names, &n), 0);
	assert_int_equal(n, 2);
	assert_string_equal(names[0], "mail");
	assert_string_equal(names[1], "sms");
	wr_store_notice_get(f->tx, &f->arena, "n-1", &row);
	assert_int_equal(wr_store_notice_is_behind(f->tx, &row, MONDAY + 5, &behind), 0);
	assert_int_equal(behind, WR_TIME_NONE);
	row.state = WR_NOTICE_SENDING;
	row.next_try = MONDAY + 7;
	row.unsure = true;
	assert_int_equal(wr_store_notice_step(f->tx, &row), 0);
	wr_store_notice_get(f->tx, &f->arena, "n-1", &row);
	assert_true(row.unsure && row.next_try == MONDAY + 7 && row.state == WR_NOTICE_SENDING);
	wr_store_notice_get(f->tx, &f->arena, "n-3", &row);
	assert_int_equal(wr_store_notice_is_behind(f->tx, &row, MONDAY + 5, &behind), 0);
	assert_int_equal(behind, MONDAY + 5);
	wr_store_notice_get(f->tx, &f->arena, "n-6", &row);
	assert_int_equal(wr_store_notice_is_behind(f->tx, &row, MONDAY + 5, &behind), 0);
	assert_int_equal(behind, WR_TIME_NONE);
}

static void test_the_next_due_instant_is_the_first_of_all(void **state)
{
	struct fixture *f = *state;
	struct wr_store_due due;
	put_ward(f);
	assert_int_equal(wr_store_next_due(f->tx, &due), 0);
	assert_true(wr_store_due_first(&due) == WR_TIME_NONE);
	struct wr_task task = {.id = "t-1",
	    .ward = "kingsley",
	    .kind = "proposal",
	    .text = "move s-1",
	    .created = MONDAY,
	    .alarm = MONDAY + 900,
	    .done = NO};
	assert_int_equal(wr_store_task_put(f->tx, &task), 0);
	wr_store_next_due(f->tx, &due);
	assert_true(wr_store_due_first(&due) == MONDAY + 900);
	struct wr_notice_row notice = a_notice("n-1", WR_NOTICE_WAITING, MONDAY + 800);
	wr_store_notice_put(f->tx, &notice);
	struct wr_reminder reminder = {WR_WHOSE_SUPPORT, "S01", "s-1", "2 hours", MONDAY + 700};
	wr_store_reminder_put(f->tx, &reminder);
	struct wr_news news = a_news("S01", "s-1", MONDAY + 600);
	wr_store_news_put(f->tx, &news);
	wr_store_next_due(f->tx, &due);
	assert_true(wr_store_due_first(&due) == MONDAY + 600);
	assert_true(due.reminder == MONDAY + 700);
	assert_true(due.notice == MONDAY + 800);
	task.done = MONDAY;
	wr_store_task_put(f->tx, &task);
	notice.state = WR_NOTICE_SENDING;
	wr_store_notice_put(f->tx, &notice);
	wr_store_next_due(f->tx, &due);
	assert_true(due.notice == WR_TIME_NONE && due.task == WR_TIME_NONE);
}

static void test_tasks_are_listed_open_or_all(void **state)
{
	struct fixture *f = *state;
	struct wr_task *list, got;
	size_t n;
	put_ward(f);
	struct wr_task task = {.id = "t-1",
	    .ward = "kingsley",
	    .kind = "ring",
	    .patient = "P01",
	    .slot = "s-1",
	    .text = "ring the daughter",
	    .created = MONDAY,
	    .alarm = NO,
	    .done = NO};
	assert_int_equal(wr_store_task_put(f->tx, &task), 0);
	struct wr_store_task_filter open = {.open = true, .ward = "kingsley"};
	assert_int_equal(wr_store_task_list(f->tx, &f->arena, &open, &list, &n), 0);
	assert_int_equal(n, 1);
	task.done = MONDAY + 60;
	task.done_by = "uid 1000";
	assert_int_equal(wr_store_task_put(f->tx, &task), 0);
	assert_int_equal(wr_store_task_list(f->tx, &f->arena, &open, &list, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(wr_store_task_list(f->tx, &f->arena, NULL, &list, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(wr_store_task_get(f->tx, &f->arena, "t-1", &got), 0);
	assert_string_equal(got.done_by, "uid 1000");
}

static void test_webhooks_that_are_off_are_remembered(void **state)
{
	struct fixture *f = *state;
	struct wr_store_endpoint got, *list;
	size_t n;
	struct wr_store_endpoint off = {"sms", true, "410 Gone", MONDAY};
	assert_int_equal(wr_store_endpoint_get(f->tx, &f->arena, "sms", &got), WR_STORE_NONE);
	assert_int_equal(wr_store_endpoint_put(f->tx, &off), 0);
	assert_int_equal(wr_store_endpoint_get(f->tx, &f->arena, "sms", &got), 0);
	assert_true(got.off);
	assert_string_equal(got.why, "410 Gone");
	assert_int_equal(wr_store_endpoint_list(f->tx, &f->arena, &list, &n), 0);
	assert_int_equal(n, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_memory, close_memory)
	const struct CMUnitTest tests[] = {
	    TEST(test_news_is_found_when_due),
	    TEST(test_reminders_go_one_by_one_or_together),
	    TEST(test_what_was_being_sent_waits_again_after_a_start),
	    TEST(test_lanes_part_what_is_new_from_what_was_tried),
	    TEST(test_the_next_due_instant_is_the_first_of_all),
	    TEST(test_tasks_are_listed_open_or_all),
	    TEST(test_webhooks_that_are_off_are_remembered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
