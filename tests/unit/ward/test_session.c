#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "wardround/session.h"

#include "build_ward.h"

/* A ward with what a test adds to it; `list` draws its sessions. */
struct scene {
	struct wr_arena arena;
	struct built_ward built;
	struct wr_session_change changes[4];
	struct wr_away aways[4];
	size_t n_changes, n_aways;
	wr_time now;
	struct wr_session *sessions;
	size_t n;
	struct wr_buf drawing;
};

static int set_up(void **state)
{
	struct scene *scene = wr_alloc(1, sizeof(*scene));
	build_ward(&scene->arena, &scene->built);
	scene->now = built_time(&scene->built, "2026-11-20T08:00");
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;
	wr_buf_deinit(&scene->drawing);
	wr_arena_deinit(&scene->arena);
	free(scene);
	return 0;
}

static void make(struct scene *scene, const char *first, const char *last)
{
	struct wr_session_source source = {&scene->built.config, &scene->built.ward, scene->changes,
	    scene->n_changes, scene->aways, scene->n_aways};
	wr_session_list(&scene->arena, &source, built_day(first), built_day(last), scene->now,
	    &scene->sessions, &scene->n);
}

/* One line a session: id, day, consultant, state, then the cells by their wall times, kept ones in
 * brackets, a gap as a bar. */
static const char *list(struct scene *scene, const char *first, const char *last)
{
	make(scene, first, last);
	wr_buf_clear(&scene->drawing);
	for (size_t i = 0; i < scene->n; i++) {
		const struct wr_session *session = &scene->sessions[i];
		char text[WR_TIME_TEXT];
		wr_buf_printf(&scene->drawing, "%s %s %s %s", session->id,
		    wr_day_short(session->day, text), session->consultant,
		    wr_word(&wr_words_session_state, (int)session->state));
		for (size_t j = 0; j < session->n; j++) {
			const struct wr_session_cell *cell = &session->cells[j];
			bool gap = j > 0 && wr_session_fit(session, j - 1) == 1;
			wr_buf_printf(&scene->drawing, cell->kept ? "%s [%s]" : "%s %s",
			    gap ? " |" : "", wr_clock_24(cell->minute, text));
		}
		wr_buf_putc(&scene->drawing, '\n');
	}
	return wr_buf_text(&scene->drawing);
}

static struct wr_session_change *change(
    struct scene *scene, const char *id, const char *round, const char *day)
{
	struct wr_session_change *added = &scene->changes[scene->n_changes++];
	*added = (struct wr_session_change){.id = id,
	    .ward = "kingsley",
	    .round = round,
	    .day = built_day(day),
	    .from = -1,
	    .to = -1,
	    .moved_day = WR_DAY_NONE,
	    .late_at = WR_TIME_NONE};
	return added;
}

static void away(struct scene *scene, enum wr_whose whose, const char *who, const char *from,
    const char *to, const char *cover)
{
	scene->aways[scene->n_aways++] = (struct wr_away){.id = "a-1",
	    .whose = whose,
	    .who = who,
	    .from = built_time(&scene->built, from),
	    .to = built_time(&scene->built, to),
	    .why = "leave",
	    .cover = cover};
}

#define SHAH_CELLS "09:00 09:25 09:50 10:15 | 11:00 11:25 11:50"
#define NOWAK_CELLS "09:00 09:25 09:50 10:15 | 11:00 11:25 11:50 12:15"

static void test_a_week_has_the_sessions_of_its_rounds(void **state)
{
	assert_string_equal(list(*state, "2026-11-30", "2026-12-06"),
	    "kingsley.shah.2026-11-30 Mon 30 Nov shah planned " SHAH_CELLS " [12:15]\n"
	    "kingsley.osei.2026-12-01 Tue 1 Dec osei planned 13:30 13:55 14:20 14:45 | 15:30 "
	    "15:55 16:20 16:45\n"
	    "kingsley.nowak.2026-12-02 Wed 2 Dec nowak planned " NOWAK_CELLS "\n"
	    "kingsley.shah.2026-12-03 Thu 3 Dec shah planned " SHAH_CELLS " [12:15]\n");
}

static void test_cells_end_before_the_changeover_and_join_in_turn(void **state)
{
	struct scene *scene = *state;
	make(scene, "2026-11-30", "2026-11-30");
	const struct wr_session *session = &scene->sessions[0];
	assert_int_equal(session->cells[0].start, built_time(&scene->built, "2026-11-30T09:00"));
	assert_int_equal(session->cells[0].end, built_time(&scene->built, "2026-11-30T09:20"));
	assert_int_equal(session->cells[0].until, session->cells[1].start);
	assert_string_equal(session->cells[2].join, "https://meet.example.org/1");
	assert_string_equal(session->cells[3].join, "https://meet.example.org/2");
	assert_string_equal(session->dial_in, "01632 960002");
	make(scene, "2026-12-01", "2026-12-01");
	assert_null(scene->sessions[0].cells[0].join);
	assert_null(scene->sessions[0].dial_in);
}

static void test_holiday_has_no_session(void **state)
{
	assert_string_equal(list(*state, "2026-12-24", "2026-12-29"),
	    "kingsley.shah.2026-12-24 Thu 24 Dec shah planned " SHAH_CELLS " [12:15]\n"
	    "kingsley.osei.2026-12-29 Tue 29 Dec osei planned 13:30 13:55 14:20 14:45 | 15:30 "
	    "15:55 16:20 16:45\n");
}

static void test_kept_cells_are_free_for_all_from_noon_of_the_working_day_before(void **state)
{
	struct scene *scene = *state;
	/* Monday's until Friday noon, over a weekend */
	scene->now = built_time(&scene->built, "2026-11-27T11:59");
	make(scene, "2026-11-30", "2026-11-30");
	assert_true(scene->sessions[0].cells[7].kept);
	scene->now = built_time(&scene->built, "2026-11-27T12:00");
	make(scene, "2026-11-30", "2026-11-30");
	assert_false(scene->sessions[0].cells[7].kept);
	/* over Good Friday, the weekend and Easter Monday */
	assert_int_equal(wr_session_kept_until(&scene->built.ward, built_day("2027-03-30")),
	    built_time(&scene->built, "2027-03-25T12:00"));
}

static void test_away_consultant_loses_the_cells_that_overlap(void **state)
{
	struct scene *scene = *state;
	away(scene, WR_WHOSE_CONSULTANT, "shah", "2026-11-30T09:30", "2026-11-30T09:50", NULL);
	away(scene, WR_WHOSE_CONSULTANT, "shah", "2026-11-30T11:50", "2026-11-30T18:00", "");
	away(scene, WR_WHOSE_PATIENT, "shah", "2026-11-30T09:00", "2026-11-30T18:00", NULL);
	assert_string_equal(list(scene, "2026-11-30", "2026-11-30"),
	    "kingsley.shah.2026-11-30 Mon 30 Nov shah planned 09:00 | 09:50 10:15 | 11:00 "
	    "[11:25]\n");
	assert_string_equal(scene->sessions[0].note, "3 cells are not there: Dr Asha Shah is away");
	/* who joined at which address does not change when a cell before goes */
	assert_string_equal(scene->sessions[0].cells[1].join, "https://meet.example.org/1");
}

static void test_away_cover_takes_the_session(void **state)
{
	struct scene *scene = *state;
	away(scene, WR_WHOSE_CONSULTANT, "shah", "2026-11-30T00:00", "2026-12-01T00:00", "osei");
	assert_string_equal(list(scene, "2026-11-30", "2026-11-30"),
	    "kingsley.shah.2026-11-30 Mon 30 Nov osei planned " SHAH_CELLS " [12:15]\n");
	assert_true(scene->sessions[0].covered);
	assert_string_equal(scene->sessions[0].own, "shah");
	assert_string_equal(scene->sessions[0].note, "Dr Kofi Osei covers for Dr Asha Shah");
	/* the cover is away as well, and has a cover */
	away(scene, WR_WHOSE_CONSULTANT, "osei", "2026-11-30T09:00", "2026-11-30T10:00", "nowak");
	make(scene, "2026-11-30", "2026-11-30");
	assert_string_equal(scene->sessions[0].consultant, "nowak");
	/* a ring of covers: nobody is there */
	away(scene, WR_WHOSE_CONSULTANT, "nowak", "2026-11-30T00:00", "2026-12-01T00:00", "shah");
	assert_string_equal(list(scene, "2026-11-30", "2026-11-30"),
	    "kingsley.shah.2026-11-30 Mon 30 Nov shah away\n");
}

static void test_closed_room_takes_its_cells(void **state)
{
	struct scene *scene = *state;
	away(scene, WR_WHOSE_ROOM, "kingsley/Quiet Room", "2026-12-02T10:00", "2026-12-02T13:00",
	    NULL);
	away(scene, WR_WHOSE_ROOM, "melbury/Quiet Room", "2026-12-02T09:00", "2026-12-02T13:00",
	    NULL);
	assert_string_equal(list(scene, "2026-12-02", "2026-12-02"),
	    "kingsley.nowak.2026-12-02 Wed 2 Dec nowak planned 09:00 09:25\n");
}

static void test_cancelled_session_shows_its_cells(void **state)
{
	struct scene *scene = *state;
	change(scene, "kingsley.nowak.2026-12-02", "nowak", "2026-12-02")->cancelled = true;
	assert_string_equal(list(scene, "2026-12-02", "2026-12-02"),
	    "kingsley.nowak.2026-12-02 Wed 2 Dec nowak cancelled " NOWAK_CELLS "\n");
}

static void test_moved_session_keeps_its_id_and_carries_its_break(void **state)
{
	struct scene *scene = *state;
	struct wr_session_change *moved =
	    change(scene, "kingsley.nowak.2026-12-02", "nowak", "2026-12-02");
	moved->moved_day = built_day("2026-12-04");
	moved->from = 13 * 60;
	assert_string_equal(list(scene, "2026-12-02", "2026-12-02"), "");
	assert_string_equal(list(scene, "2026-12-04", "2026-12-04"),
	    "kingsley.nowak.2026-12-02 Fri 4 Dec nowak planned 13:00 13:25 13:50 14:15 | 15:00 "
	    "15:25 15:50 16:15\n");
	assert_true(scene->sessions[0].moved);
	assert_int_equal(scene->sessions[0].round_day, built_day("2026-12-02"));
	assert_string_equal(scene->sessions[0].note, "moved from Wed 2 Dec");
	/* shorter: the break stays at its wall time, the rest is cut */
	moved->moved_day = WR_DAY_NONE;
	moved->from = 10 * 60;
	moved->to = 12 * 60;
	assert_string_equal(list(scene, "2026-12-02", "2026-12-02"),
	    "kingsley.nowak.2026-12-02 Wed 2 Dec nowak planned 10:00 | 11:00 11:25\n");
}

static void test_added_session_stands_beside_the_regular_one(void **state)
{
	struct scene *scene = *state;
	struct wr_session_change *added =
	    change(scene, "kingsley.nowak.2026-12-02.2", "nowak", "2026-12-02");
	added->added = true;
	added->from = 14 * 60;
	added->to = 15 * 60;
	assert_string_equal(list(scene, "2026-12-02", "2026-12-02"),
	    "kingsley.nowak.2026-12-02 Wed 2 Dec nowak planned " NOWAK_CELLS "\n"
	    "kingsley.nowak.2026-12-02.2 Wed 2 Dec nowak planned 14:00 14:25\n");
	/* on a holiday too: staff have said so */
	added->day = built_day("2026-12-25");
	assert_string_equal(list(scene, "2026-12-25", "2026-12-25"),
	    "kingsley.nowak.2026-12-02.2 Fri 25 Dec nowak planned 14:00 14:25\n");
}

static void test_covered_session_gives_way_to_the_cover_s_own(void **state)
{
	struct scene *scene = *state;
	struct wr_session_change *moved =
	    change(scene, "kingsley.shah.2026-12-03", "shah", "2026-12-03");
	moved->moved_day = built_day("2026-12-02");
	moved->from = 11 * 60;
	moved->to = 13 * 60;
	moved->cover = "nowak";
	assert_string_equal(list(scene, "2026-12-02", "2026-12-03"),
	    "kingsley.nowak.2026-12-02 Wed 2 Dec nowak planned " NOWAK_CELLS "\n"
	    "kingsley.shah.2026-12-03 Wed 2 Dec nowak away\n");
	assert_non_null(strstr(scene->sessions[1].note, "needed by another session"));
}

static void test_change_of_an_unknown_round_is_passed_over(void **state)
{
	struct scene *scene = *state;
	change(scene, "kingsley.gone.2026-12-04", "gone", "2026-12-04")->added = true;
	assert_string_equal(list(scene, "2026-12-04", "2026-12-04"), "");
}

static void test_wall_times_stay_across_the_clock_change(void **state)
{
	struct scene *scene = *state;
	scene->built.rounds[2].days = 1u << 6; /* Sunday, when the clock changes */
	scene->built.rounds[2].from = 0;
	scene->built.rounds[2].to = 4 * 60;
	scene->built.rounds[2].breaks.n = 0;
	/* 28 March 2027: 01:00 to 02:00 does not exist */
	assert_string_equal(list(scene, "2027-03-28", "2027-03-28"),
	    "kingsley.nowak.2027-03-28 Sun 28 Mar nowak planned 00:00 00:25 00:50 | 02:05 02:30 "
	    "02:55 03:20\n");
	assert_string_equal(scene->sessions[0].note, "2 cells are not there: the clock changes");
	/* 25 October 2026: 01:00 to 02:00 is there twice; the first counts */
	assert_string_equal(list(scene, "2026-10-25", "2026-10-25"),
	    "kingsley.nowak.2026-10-25 Sun 25 Oct nowak planned 00:00 00:25 00:50 01:15 01:40 | "
	    "02:05 02:30 02:55 03:20\n");
	/* in the weeks around it, nine o'clock is nine o'clock */
	make(scene, "2026-10-19", "2026-10-31");
	for (size_t i = 0; i < scene->n; i++)
		for (size_t j = 0; j < scene->sessions[i].n; j++)
			assert_int_equal(
			    wr_zone_wall(scene->built.ward.zone, scene->sessions[i].cells[j].start)
				.minute,
			    scene->sessions[i].cells[j].minute);
}

static void test_cells_are_found_by_instant(void **state)
{
	struct scene *scene = *state;
	make(scene, "2026-11-30", "2026-11-30");
	const struct wr_session *session =
	    wr_session_find(scene->sessions, scene->n, "kingsley.shah.2026-11-30");
	assert_non_null(session);
	assert_null(wr_session_find(scene->sessions, scene->n, "kingsley.shah.2026-12-01"));
	wr_time start = built_time(&scene->built, "2026-11-30T09:25");
	assert_int_equal(wr_session_cell_starting(session, start), 1);
	assert_int_equal(wr_session_cell_starting(session, start + 60), WR_SESSION_NO_CELL);
	assert_int_equal(wr_session_cell_at(session, start + 60), 1);
	assert_int_equal(wr_session_cell_at(session, start + 25 * 60 - 1), 1);
	wr_time pause = built_time(&scene->built, "2026-11-30T10:45");
	assert_int_equal(wr_session_cell_at(session, pause), WR_SESSION_NO_CELL);
	assert_int_equal(wr_session_fit(session, 0), 4);
	assert_int_equal(wr_session_fit(session, 3), 1);
	assert_int_equal(wr_session_fit(session, 7), 1);
	assert_int_equal(wr_session_fit(session, 8), 0);
}

static void test_id_carries_its_day(void **state)
{
	struct scene *scene = *state;
	wr_day day = WR_DAY_NONE;
	assert_string_equal(
	    wr_session_id(&scene->arena, "kingsley", "shah", built_day("2026-11-30"), 1),
	    "kingsley.shah.2026-11-30");
	const char *second =
	    wr_session_id(&scene->arena, "kingsley", "shah", built_day("2026-11-30"), 2);
	assert_string_equal(second, "kingsley.shah.2026-11-30.2");
	assert_int_equal(wr_session_id_day(second, &day), 0);
	assert_int_equal(day, built_day("2026-11-30"));
	assert_int_equal(wr_session_id_day("kingsley.shah", &day), WR_CIVIL_BAD_TEXT);
	assert_int_equal(wr_session_id_day("kingsley.shah.2026-13-30", &day), WR_CIVIL_BAD_TEXT);
	assert_int_equal(wr_session_id_day("", &day), WR_CIVIL_BAD_TEXT);
}

static void test_running_late_changes_no_cell(void **state)
{
	struct scene *scene = *state;
	struct wr_session_change *late =
	    change(scene, "kingsley.nowak.2026-12-02", "nowak", "2026-12-02");
	late->late_minutes = 20;
	late->late_at = scene->now;
	assert_string_equal(list(scene, "2026-12-02", "2026-12-02"),
	    "kingsley.nowak.2026-12-02 Wed 2 Dec nowak planned " NOWAK_CELLS "\n");
	assert_int_equal(scene->sessions[0].late_minutes, 20);
	assert_false(scene->sessions[0].moved);
	assert_null(scene->sessions[0].note);
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SCENE(test_a_week_has_the_sessions_of_its_rounds),
	    SCENE(test_cells_end_before_the_changeover_and_join_in_turn),
	    SCENE(test_holiday_has_no_session),
	    SCENE(test_kept_cells_are_free_for_all_from_noon_of_the_working_day_before),
	    SCENE(test_away_consultant_loses_the_cells_that_overlap),
	    SCENE(test_away_cover_takes_the_session),
	    SCENE(test_closed_room_takes_its_cells),
	    SCENE(test_cancelled_session_shows_its_cells),
	    SCENE(test_moved_session_keeps_its_id_and_carries_its_break),
	    SCENE(test_added_session_stands_beside_the_regular_one),
	    SCENE(test_covered_session_gives_way_to_the_cover_s_own),
	    SCENE(test_change_of_an_unknown_round_is_passed_over),
	    SCENE(test_wall_times_stay_across_the_clock_change),
	    SCENE(test_cells_are_found_by_instant),
	    SCENE(test_id_carries_its_day),
	    SCENE(test_running_late_changes_no_cell),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
