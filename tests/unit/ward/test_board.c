#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <stdlib.h>

#include "build_day.h"
#include "wardround/board.h"

static const char *drawn(struct built_day *b, const char *now)
{
	struct wr_board board;
	struct wr_buf text = {0};
	struct wr_week week = {2026, 49};
	wr_board_make(&b->arena, b->zone, week, built_at(b, now), b->sources, b->n, &board);
	for (size_t i = 0; i < board.n_days; i++)
		wr_buf_printf(&text, "%s%.3s", i ? " | " : "",
		    board.days[i].today ? "now" : board.days[i].name);
	wr_buf_putc(&text, '\n');
	for (size_t row = 0; row < board.n_times; row++) {
		wr_buf_puts(&text, board.times[row]);
		for (size_t i = 0; i < board.n_days; i++) {
			const struct wr_board_place *place = &board.places[row * board.n_days + i];
			wr_buf_puts(&text, " |");
			for (size_t k = 0; k < place->n; k++)
				wr_buf_printf(&text, " %s %s", place->entries[k].bed,
				    place->entries[k].state);
		}
		wr_buf_putc(&text, '\n');
	}
	const char *copy = wr_arena_strdup(&b->arena, wr_buf_text(&text));
	wr_buf_deinit(&text);
	return copy;
}

static void test_week_is_a_grid_of_days_and_times(void **state)
{
	(void)state;
	struct built_day *b = build_day("A 7 09:00 held\n"
					"B 8 09:25 started\n"
					"C 3 2026-12-01T13:30 published\n"
					"D 2 2026-12-03T09:00 published\n"
					"E 5 2026-12-03T09:00 cancelled\n"
					"F 6 2026-12-07T09:00 published\n");
	b->slots[4].session = "kingsley.osei.2026-12-03";
	assert_string_equal(drawn(b, "09:30"),
	    "now | Tue | Wed | Thu | Fri\n"
	    "9:00am | Bed 7 Seen | | | Bed 2 Planned Bed 5 Cancelled |\n"
	    "9:25am | Bed 8 Now | | | |\n"
	    "1:30pm | | Bed 3 Planned | | |\n");
	free_day(b);
}

static void test_weekend_is_there_when_somebody_is_seen_on_it(void **state)
{
	(void)state;
	struct built_day *b = build_day("A 7 2026-12-05T09:00 published\n");
	assert_string_equal(drawn(b, "2026-12-06T08:00"), "Mon | Tue | Wed | Thu | Fri | Sat\n"
							  "9:00am | | | | | | Bed 7 Planned\n");
	free_day(b);
}

static void test_late_slot_is_called_late(void **state)
{
	(void)state;
	static const struct wr_session_change late = {.late_minutes = 20};
	struct built_day *b = build_day("A 7 09:00 published\n");
	b->sources[0].change = &late;
	assert_string_equal(
	    drawn(b, "08:00"), "now | Tue | Wed | Thu | Fri\n9:00am | Bed 7 Late | | | |\n");
	free_day(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_week_is_a_grid_of_days_and_times),
	    cmocka_unit_test(test_weekend_is_there_when_somebody_is_seen_on_it),
	    cmocka_unit_test(test_late_slot_is_called_late),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
