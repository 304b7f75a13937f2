/*
 * The board on the wall: the week that is shown, each minute anew by a Refresh header, which a link
 * stops. Everybody who passes sees it: beds and states, nothing else.
 */

#include <errno.h>

#include "desk/day_read.h"
#include "desk/staff/form.h"
#include "desk/staff/pages.h"
#include "wardround/board.h"

enum { AGAIN_SECONDS = 60 };

static const char *tag_of(const struct wr_board_entry *entry)
{
	switch (entry->stage) {
	case WR_DAY_TO_COME:
		return wr_text_equal(entry->state, "Late") ? "orange" : NULL;
	case WR_DAY_NOW:
		return "green";
	case WR_DAY_SEEN:
		return "grey";
	case WR_DAY_MISSED:
		return "red";
	case WR_DAY_CANCELLED:
		break;
	}
	return "white";
}

static void fill_place(struct wr_arena *arena, const struct wr_board_place *from,
    struct wr_html_board_week_place *place)
{
	struct wr_html_board_week_entry *entries =
	    wr_arena_new(arena, struct wr_html_board_week_entry, from->n + 1);
	for (size_t i = 0; i < from->n; i++)
		entries[i] = (struct wr_html_board_week_entry){
		    .bed = from->entries[i].bed,
		    .state = from->entries[i].state,
		    .tag = tag_of(&from->entries[i]),
		};
	*place = (struct wr_html_board_week_place){.entries = entries, .n_entries = from->n};
}

static void fill_times(
    struct wr_arena *arena, const struct wr_board *board, struct wr_html_board_week *html)
{
	struct wr_html_board_week_time *times =
	    wr_arena_new(arena, struct wr_html_board_week_time, board->n_times + 1);
	for (size_t row = 0; row < board->n_times; row++) {
		struct wr_html_board_week_place *places =
		    wr_arena_new(arena, struct wr_html_board_week_place, board->n_days);
		for (size_t i = 0; i < board->n_days; i++)
			fill_place(arena, &board->places[row * board->n_days + i], &places[i]);
		times[row] = (struct wr_html_board_week_time){
		    .name = board->times[row], .places = places, .n_places = board->n_days};
	}
	html->times = times;
	html->n_times = board->n_times;
}

static void fill_days(
    struct wr_arena *arena, const struct wr_board *board, struct wr_html_board_week *html)
{
	struct wr_html_board_week_day *days =
	    wr_arena_new(arena, struct wr_html_board_week_day, board->n_days);
	for (size_t i = 0; i < board->n_days; i++)
		days[i] = (struct wr_html_board_week_day){
		    .name = board->days[i].name, .today = board->days[i].today};
	html->days = days;
	html->n_days = board->n_days;
}

static void fill_head(struct wr_use *use, struct wr_visit *visit, const struct wr_config_ward *ward,
    struct wr_week week, struct wr_html_board_week *html)
{
	char day[WR_TIME_TEXT], clock[WR_TIME_TEXT], text[WR_TIME_TEXT];
	struct wr_wall wall = wr_zone_wall(ward->zone, use->now);
	html->title =
	    wr_arena_printf(use->arena, "Week of %s", wr_day_medium(wr_week_monday(week), day));
	html->known = wr_arena_printf(use->arena, "As of %s, %s", wr_day_short(wall.day, day),
	    wr_clock_text(wall.minute, clock));
	html->live = !wr_visit_query(visit, "still");
	wr_week_text(week, text);
	html->stop = wr_arena_printf(use->arena, "/s/board?week=%s&still=1", text);
	html->go = "/s/board";
	visit->refresh = html->live ? AGAIN_SECONDS : 0;
}

int wr_page_board(struct wr_use *use, struct wr_visit *visit)
{
	struct wr_day_source *sources = NULL;
	size_t n = 0;
	struct wr_board board;
	struct wr_html_board_week html = {0};
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	struct wr_week week;
	if (!ward)
		return -ENOENT;
	int r = wr_visit_week(use, visit, ward, &week);
	if (r)
		return r;
	struct wr_day_reading reading = {
	    .ward = ward, .first = wr_week_monday(week), .last = wr_week_monday(week) + 6};
	r = wr_day_read(use, &reading, &sources, &n);
	if (r)
		return r;
	wr_board_make(use->arena, ward->zone, week, use->now, sources, n, &board);
	fill_head(use, visit, ward, week, &html);
	fill_days(use->arena, &board, &html);
	fill_times(use->arena, &board, &html);
	wr_frame_open(visit, "Board", WR_FRAME_WIDE);
	wr_html_board_week(&visit->html, WR_LANGUAGE_EN, &html);
	wr_frame_close(visit);
	return 0;
}
