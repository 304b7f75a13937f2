#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <string.h>

#include "ask_desk.h"
#include "desk/promises.h"

/* Each check is shown a row that no use case would write: a check that can't fail is none. */

static struct built_desk *published(void)
{
	struct built_desk *d = desk_build("", "2026-11-27T10:00:00Z");
	desk_admit(d, "P1");
	desk_must(d, "patient edit", "{'ref':'P1','admitted':'2026-11-27T10:00'}");
	desk_support(d, "S1", "P1", "time");
	desk_publish(d, "P1", "09:25");
	return d;
}

static void plant(struct built_desk *d, wr_use_case wrong)
{
	json_t *answer = desk_use(d, wrong, NULL), *error = json_object_get(answer, "error");
	if (error)
		fail_msg("not planted: %s", json_string_value(json_object_get(error, "text")));
	json_decref(answer);
}

static void assert_broken(struct built_desk *d, int n, const char *part)
{
	assert_string_equal(desk_promise(d, n), "broken");
	if (!strstr(desk_promise_words(d, n), part))
		fail_msg("`%s` does not say `%s`", desk_promise_words(d, n), part);
	for (int other = 1; other <= 8; other++)
		if (other != n)
			assert_string_not_equal(desk_promise(d, other), "broken");
	desk_free(d);
}

static void test_published_slot_breaks_no_promise(void **state)
{
	(void)state;
	struct built_desk *d = published();
	for (int n = 1; n <= 8; n++)
		assert_string_equal(desk_promise(d, n), "kept");
	desk_free(d);
}

static int forget_slot(struct wr_use *use)
{
	struct wr_slot slot;
	int r = wr_store_slot_get(use->tx, use->arena, "s-1", &slot);
	slot.state = WR_STATE_CANCELLED;
	slot.why = WR_WHY_OTHER;
	if (!r)
		r = wr_store_slot_put(use->tx, use->arena, &slot, NULL, 0, NULL);
	/* as if a plan of both weeks had passed the patient over */
	struct wr_plan_row plan = {.ward = "kingsley", .week = {2026, 48}, .published = true};
	for (; plan.week.week < 50 && !r; plan.week.week++)
		r = wr_store_plan_put(use->tx, &plan);
	return r;
}

static void test_patient_without_slot_or_reason_is_forgotten(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_run_by(d, desk_time("2026-11-28T10:00:00Z"), 3600);
	plant(d, forget_slot);
	desk_run_by(d, desk_time("2026-11-29T10:00:00Z"), 3600);
	assert_string_equal(desk_promise(d, 1), "danger");
	desk_run_by(d, desk_time("2026-11-30T10:00:01Z"), 3600);
	assert_broken(d, 1, "patient P1: a slot was due");
}

static int overlap(struct wr_use *use)
{
	struct wr_slot slot;
	int r = wr_store_slot_get(use->tx, use->arena, "s-2", &slot);
	slot.start -= 1500;
	slot.end -= 1500;
	slot.until -= 1500;
	return r ? r : wr_store_slot_put(use->tx, use->arena, &slot, NULL, 0, NULL);
}

static void test_database_refuses_two_slots_of_one_consultant_at_one_time(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_admit(d, "P2");
	desk_publish(d, "P2", "09:50");
	json_t *answer = desk_use(d, overlap, NULL);
	assert_non_null(json_object_get(answer, "error"));
	json_decref(answer);
	assert_string_equal(desk_promise(d, 2), "kept");
	desk_free(d);
}

/* As if the rows that take a slot's time had been lost. */
static int overlap_unseen(struct wr_use *use)
{
	int r = wr_store_busy_release(use->tx, "s-1");
	return r ? r : overlap(use);
}

static void test_double_booking_is_seen_even_if_the_database_let_it_pass(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_admit(d, "P2");
	desk_publish(d, "P2", "09:50");
	plant(d, overlap_unseen);
	assert_broken(d, 2, "slots s-1 and s-2 have one consultant at one time");
}

static int look_on_a_full_disk(struct wr_use *use)
{
	struct wr_promise_report report;
	use->read_only = true;
	int r = wr_promises_look(use, &report);
	wr_use_answer(use, "promises", wr_promises_json(&report));
	return r;
}

static void test_full_disk_puts_what_can_be_kept_in_danger(void **state)
{
	(void)state;
	struct built_desk *d = published();
	json_t *answer = desk_use(d, look_on_a_full_disk, NULL);
	assert_string_equal(json_string_value(desk_at(answer, "promises.6.state")), "danger");
	assert_string_equal(json_string_value(desk_at(answer, "promises.6.what.0")),
	    "the disk is full: nothing can be written");
	json_decref(answer);
	desk_free(d);
}

static int wait_for_nobody(struct wr_use *use)
{
	struct wr_notice_row notice = {
	    .id = "n-1",
	    .endpoint = "sms",
	    .type = "slot.moved",
	    .whose = WR_WHOSE_SUPPORT,
	    .who = "S2",
	    .slot = "s-1",
	    .state = WR_NOTICE_WAITING,
	    .created = use->now,
	    .next_try = use->now + 3600,
	    .not_after = use->now + 7200,
	};
	return wr_store_notice_put(use->tx, &notice);
}

static void test_notice_that_waits_for_somebody_without_consent_is_seen(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "support add",
	    "{'ref':'S2','patient':'P1','name':'Vic','relation':'friend','sees':'time'}");
	plant(d, wait_for_nobody);
	assert_broken(d, 3, "notice n-1 waits for support S2");
}

static int drop_news(struct wr_use *use)
{
	return wr_store_news_delete(use->tx, WR_WHOSE_SUPPORT, "S1", "s-1");
}

static void test_listener_whom_nothing_would_tell_is_seen(void **state)
{
	(void)state;
	struct built_desk *d = published();
	plant(d, drop_news);
	assert_broken(d, 4, "nothing says that S1 should know it");
}

static int attend_unasked(struct wr_use *use)
{
	struct wr_slot slot;
	struct wr_attendee people[] = {{"s-1", "S2", "S2"}};
	int r = wr_store_slot_get(use->tx, use->arena, "s-1", &slot);
	return r ? r : wr_store_slot_put(use->tx, use->arena, &slot, people, 1, NULL);
}

static void test_attendance_without_consent_is_seen(void **state)
{
	(void)state;
	struct built_desk *d = published();
	desk_must(d, "support add",
	    "{'ref':'S2','patient':'P1','name':'Vic','relation':'friend','sees':'time'}");
	plant(d, attend_unasked);
	assert_broken(d, 5, "support S2 is planned to attend without consent");
}

static int move_without_reason(struct wr_use *use)
{
	struct wr_slot slot;
	struct wr_news *news = NULL;
	size_t n = 0;
	int r = wr_store_slot_get(use->tx, use->arena, "s-1", &slot);
	slot.revision = 2;
	slot.reason = NULL;
	if (!r)
		r = wr_store_slot_put(use->tx, use->arena, &slot, NULL, 0, NULL);
	if (!r)
		r = wr_store_news_list(use->tx, use->arena, NULL, &news, &n);
	for (size_t i = 0; i < n && !r; i++) {
		news[i].want = 2;
		r = wr_store_news_put(use->tx, &news[i]);
	}
	return r;
}

static void test_change_without_reason_is_seen(void **state)
{
	(void)state;
	struct built_desk *d = published();
	plant(d, move_without_reason);
	assert_broken(d, 6, "slot s-1 was changed and nobody said why");
}

static int leave_the_clock(struct wr_use *use)
{
	struct wr_slot slot;
	int r = wr_store_slot_get(use->tx, use->arena, "s-1", &slot);
	slot.week = wr_week_next(slot.week);
	return r ? r : wr_store_slot_put(use->tx, use->arena, &slot, NULL, 0, NULL);
}

static void test_slot_off_the_wall_clock_is_seen(void **state)
{
	(void)state;
	struct built_desk *d = published();
	plant(d, leave_the_clock);
	assert_broken(d, 8, "slot s-1 is not on the ward's clock");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_published_slot_breaks_no_promise),
	    cmocka_unit_test(test_patient_without_slot_or_reason_is_forgotten),
	    cmocka_unit_test(test_database_refuses_two_slots_of_one_consultant_at_one_time),
	    cmocka_unit_test(test_double_booking_is_seen_even_if_the_database_let_it_pass),
	    cmocka_unit_test(test_full_disk_puts_what_can_be_kept_in_danger),
	    cmocka_unit_test(test_notice_that_waits_for_somebody_without_consent_is_seen),
	    cmocka_unit_test(test_listener_whom_nothing_would_tell_is_seen),
	    cmocka_unit_test(test_attendance_without_consent_is_seen),
	    cmocka_unit_test(test_change_without_reason_is_seen),
	    cmocka_unit_test(test_slot_off_the_wall_clock_is_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
