/*
 * What somebody says about themselves: when they are free, when away, how they are reached. Of a
 * person with several patients what is known of any of them is shown once.
 */
#include <stdlib.h>

#include "desk/people/page.h"

static const char *say(const struct wr_drawing *d, enum wr_say text)
{
	return wr_say(d->language, text);
}

/* ---- free ---- */

static int by_time(const void *a, const void *b)
{
	const struct wr_free *left = a, *right = b;
	if (left->weekday != right->weekday)
		return left->weekday - right->weekday;
	return left->from != right->from ? left->from - right->from : left->to - right->to;
}

static bool same_time(const struct wr_free *a, const struct wr_free *b)
{
	return a->weekday == b->weekday && a->from == b->from && a->to == b->to;
}

/* Of all rows, each time once. */
static int free_times(struct wr_drawing *d, struct wr_free **ret_times, size_t *ret_n)
{
	struct wr_use *use = d->use;
	struct wr_free *all = NULL;
	size_t n = 0, kept = 0;
	struct wr_store_support_filter filter = {.person = d->n_rows ? d->rows[0].person : ""};
	int r = wr_store_free_list(use->tx, use->arena, &filter, &all, &n);
	for (size_t i = 0; i < n && !r; i++)
		for (size_t k = 0; k < d->n_rows; k++)
			if (wr_text_equal(all[i].support, d->rows[k].ref))
				all[kept++] = all[i];
	if (kept)
		qsort(all, kept, sizeof(*all), by_time);
	for (size_t i = n = 0; i < kept; i++)
		if (n == 0 || !same_time(&all[i], &all[n - 1]))
			all[n++] = all[i];
	*ret_times = all;
	*ret_n = kept ? n : 0;
	return r;
}

static void draw_free_row(
    const struct wr_drawing *d, const struct wr_free *time, struct wr_html_free_row *row)
{
	struct wr_arena *arena = d->use->arena;
	const char *from = wr_say_clock(arena, d->language, time->from);
	const char *to = wr_say_clock(arena, d->language, time->to);
	row->text = wr_say_free_row(arena, d->language, wr_say_weekday(d->language, time->weekday),
	    wr_say_time_span(arena, d->language, from, to));
	row->value = wr_arena_printf(arena, "%d-%d-%d", time->weekday, time->from, time->to);
	row->remove = wr_say_free_remove_which(arena, d->language, row->text);
}

static void draw_weekdays(const struct wr_drawing *d, struct wr_html_select *day)
{
	const char *typed = wr_drawing_typed(d, "free", "day", NULL);
	struct wr_html_select_choice *choices =
	    wr_arena_new(d->use->arena, struct wr_html_select_choice, 8);
	choices[0] =
	    (struct wr_html_select_choice){.value = "", .label = say(d, WR_SAY_FREE_CHOOSE_DAY)};
	for (int i = 0; i < 7; i++) {
		const char *value = wr_arena_printf(d->use->arena, "%d", i);
		choices[i + 1] = (struct wr_html_select_choice){
		    .value = value,
		    .label = wr_say_weekday(d->language, i),
		    .chosen = wr_text_equal(value, typed),
		};
	}
	*day = (struct wr_html_select){
	    .id = "free-day",
	    .name = "day",
	    .label = say(d, WR_SAY_FREE_DAY),
	    .error = wr_drawing_wrong(d, "free", "day"),
	    .choices = choices,
	    .n_choices = 8,
	};
}

static struct wr_html_field clock_field(
    const struct wr_drawing *d, const char *id, const char *name, enum wr_say label)
{
	return (struct wr_html_field){
	    .id = id,
	    .name = name,
	    .label = say(d, label),
	    .hint = say(d, WR_SAY_FREE_TIME_HINT),
	    .error = wr_drawing_wrong(d, "free", name),
	    .value = wr_drawing_typed(d, "free", name, NULL),
	    .width = "5",
	};
}

int wr_draw_free(struct wr_drawing *d, struct wr_html_free *ret_part)
{
	struct wr_free *times = NULL;
	size_t n = 0;
	int r = free_times(d, &times, &n);
	struct wr_html_free_row *rows = wr_arena_new(d->use->arena, struct wr_html_free_row, n + 1);
	for (size_t i = 0; i < n; i++)
		draw_free_row(d, &times[i], &rows[i]);
	*ret_part = (struct wr_html_free){
	    .action = wr_drawing_action(d, "free"),
	    .rows = rows,
	    .n_rows = n,
	    .from = clock_field(d, "free-from", "from", WR_SAY_FREE_FROM),
	    .to = clock_field(d, "free-to", "to", WR_SAY_FREE_TO),
	};
	draw_weekdays(d, &ret_part->day);
	return r;
}

/* ---- away ---- */

/* Whole days by their dates, anything else to the minute. */
static const char *away_words(
    const struct wr_drawing *d, const struct wr_config_ward *ward, const struct wr_away *away)
{
	struct wr_arena *arena = d->use->arena;
	struct wr_wall from = wr_zone_wall(ward->zone, away->from);
	struct wr_wall to = wr_zone_wall(ward->zone, away->to);
	if (from.minute || to.minute)
		return wr_say_away_row(arena, d->language,
		    wr_say_when(arena, d->language, ward->zone, away->from),
		    wr_say_when(arena, d->language, ward->zone, away->to));
	const char *first = wr_say_day(arena, d->language, from.day);
	if (to.day - from.day == 1)
		return first;
	return wr_say_away_row(
	    arena, d->language, first, wr_say_day(arena, d->language, to.day - 1));
}

static bool is_shown(
    const struct wr_html_away *part, const struct wr_html_away_row *rows, const char *value)
{
	for (size_t i = 0; i < part->n_rows; i++)
		if (wr_text_equal(rows[i].value, value))
			return true;
	return false;
}

static int add_aways(struct wr_drawing *d, const struct wr_support *support,
    struct wr_html_away *part, struct wr_html_away_row *rows, size_t room)
{
	const struct wr_config_ward *ward = NULL;
	struct wr_away *aways = NULL;
	size_t n = 0;
	struct wr_arena *arena = d->use->arena;
	struct wr_store_away_filter filter = {
	    .whose = WR_STORE_BIT(WR_WHOSE_SUPPORT), .who = support->ref, .from = d->use->now};
	int r = wr_knock_ward(d->use, support, &ward);
	if (!r)
		r = wr_store_away_list(d->use->tx, arena, &filter, &aways, &n);
	for (size_t i = 0; i < n && !r && part->n_rows < room; i++) {
		const char *value = wr_arena_printf(
		    arena, "%lld-%lld", (long long)aways[i].from, (long long)aways[i].to);
		if (is_shown(part, rows, value))
			continue;
		const char *words = away_words(d, ward, &aways[i]);
		rows[part->n_rows++] = (struct wr_html_away_row){
		    words, value, wr_say_free_remove_which(arena, d->language, words)};
	}
	return r;
}

static struct wr_html_date date_field(
    const struct wr_drawing *d, const char *id, const char *name, enum wr_say legend)
{
	struct wr_arena *arena = d->use->arena;
	return (struct wr_html_date){
	    .id = id,
	    .name = name,
	    .legend = say(d, legend),
	    .hint = say(d, WR_SAY_AWAY_DATE_HINT),
	    .error = wr_drawing_wrong(d, "away", name),
	    .day = wr_drawing_typed(d, "away", wr_arena_printf(arena, "%s-day", name), NULL),
	    .month = wr_drawing_typed(d, "away", wr_arena_printf(arena, "%s-month", name), NULL),
	    .year = wr_drawing_typed(d, "away", wr_arena_printf(arena, "%s-year", name), NULL),
	};
}

int wr_draw_away(struct wr_drawing *d, struct wr_html_away *ret_part)
{
	enum { ROOM = 60 };
	struct wr_html_away_row *rows = wr_arena_new(d->use->arena, struct wr_html_away_row, ROOM);
	int r = 0;
	*ret_part = (struct wr_html_away){
	    .action = wr_drawing_action(d, "away"),
	    .rows = rows,
	    .first = date_field(d, "away-first", "first", WR_SAY_AWAY_FIRST),
	    .last = date_field(d, "away-last", "last", WR_SAY_AWAY_LAST),
	};
	for (size_t i = 0; i < d->n_rows && !r; i++)
		r = add_aways(d, &d->rows[i], ret_part, rows, ROOM);
	return r;
}

/* ---- contact ---- */

static struct wr_html_select language_field(const struct wr_drawing *d)
{
	static const enum wr_say names[WR_LANGUAGES] = {
	    [WR_LANGUAGE_EN] = WR_SAY_LANGUAGE_EN,
	    [WR_LANGUAGE_CY] = WR_SAY_LANGUAGE_CY,
	    [WR_LANGUAGE_AR] = WR_SAY_LANGUAGE_AR,
	};
	struct wr_html_select_choice *choices =
	    wr_arena_new(d->use->arena, struct wr_html_select_choice, WR_LANGUAGES);
	const char *chosen =
	    wr_drawing_typed(d, "contact", "language", wr_language_code(d->language));
	for (int i = 0; i < WR_LANGUAGES; i++) {
		const char *code = wr_language_code((enum wr_language)i);
		choices[i] = (struct wr_html_select_choice){
		    code, say(d, names[i]), wr_text_equal(code, chosen)};
	}
	return (struct wr_html_select){
	    .id = "contact-language",
	    .name = "language",
	    .label = say(d, WR_SAY_CONTACT_LANGUAGE),
	    .choices = choices,
	    .n_choices = WR_LANGUAGES,
	};
}

void wr_draw_contact(struct wr_drawing *d, struct wr_html_contact *ret_part)
{
	const char *phone = NULL, *email = NULL;
	for (size_t i = d->n_rows; i > 0; i--) {
		phone = d->rows[i - 1].phone ? d->rows[i - 1].phone : phone;
		email = d->rows[i - 1].email ? d->rows[i - 1].email : email;
	}
	*ret_part = (struct wr_html_contact){
	    .action = wr_drawing_action(d, "contact"),
	    .unreachable = !phone && !email,
	    .phone =
		{
		    .id = "contact-phone",
		    .name = "phone",
		    .label = say(d, WR_SAY_CONTACT_PHONE),
		    .error = wr_drawing_wrong(d, "contact", "phone"),
		    .value = wr_drawing_typed(d, "contact", "phone", phone),
		    .type = "tel",
		    .complete = "tel",
		    .width = "20",
		},
	    .email =
		{
		    .id = "contact-email",
		    .name = "email",
		    .label = say(d, WR_SAY_CONTACT_EMAIL),
		    .error = wr_drawing_wrong(d, "contact", "email"),
		    .value = wr_drawing_typed(d, "contact", "email", email),
		    .type = "email",
		    .complete = "email",
		},
	    .speaks = language_field(d),
	};
}
