/*
 * Dates when somebody is away, told on their own page; whole days by the ward's clock. For a person
 * with several patients they are kept with each, so that each ward plans with them.
 */

#include "desk/cases.h"
#include "desk/people/cases.h"
#include "desk/people/knock.h"

enum { MOST_DAYS = 366, MOST_AWAYS = 20 };

static int data_fault(struct wr_use *use, enum wr_say text, const char *field)
{
	return wr_use_say(
	    use, wr_fault(use, WR_FAULT_DATA, NULL, "the form's %s can't be", field), text, field);
}

/* The three fields of one date. */
static bool read_day(struct wr_use *use, const char *name, wr_day *ret_day)
{
	static const char *const parts[] = {"day", "month", "year"};
	int64_t numbers[3];
	for (size_t i = 0; i < WR_COUNT(parts); i++) {
		const char *text =
		    wr_arg_text(use, wr_arena_printf(use->arena, "%s-%s", name, parts[i]));
		if (!text || wr_text_int(text, 1, 9999, &numbers[i]) != 0)
			return false;
	}
	if (numbers[2] < 100)
		numbers[2] += 2000;
	*ret_day = wr_day_from_date((int)numbers[2], (int)numbers[1], (int)numbers[0]);
	return *ret_day != WR_DAY_NONE;
}

static const char *midnight(struct wr_use *use, wr_day day)
{
	struct wr_date date = wr_day_date(day);
	return wr_arena_printf(use->arena, "%04d-%02d-%02dT00:00", date.year, date.month, date.day);
}

static int aways_of(
    struct wr_use *use, const struct wr_support *support, struct wr_away **ret_aways, size_t *ret_n)
{
	struct wr_store_away_filter filter = {
	    .whose = WR_STORE_BIT(WR_WHOSE_SUPPORT), .who = support->ref};
	return wr_store_away_list(use->tx, use->arena, &filter, ret_aways, ret_n);
}

static int read_days(struct wr_use *use, wr_day today, wr_day *ret_first, wr_day *ret_last)
{
	if (!read_day(use, "first", ret_first))
		return data_fault(use, WR_SAY_AWAY_BAD_FIRST, "first");
	if (!read_day(use, "last", ret_last))
		return data_fault(use, WR_SAY_AWAY_BAD_LAST, "last");
	if (*ret_last < *ret_first)
		return data_fault(use, WR_SAY_AWAY_BACKWARDS, "last");
	if (*ret_last < today)
		return data_fault(use, WR_SAY_AWAY_PAST, "last");
	if (*ret_last - *ret_first >= MOST_DAYS || *ret_last > today + 2 * MOST_DAYS)
		return data_fault(use, WR_SAY_AWAY_TOO_LONG, "last");
	return 0;
}

static int add(struct wr_use *use, const struct wr_support *support)
{
	const struct wr_config_ward *ward = NULL;
	struct wr_away *aways = NULL;
	wr_day first = 0, last = 0;
	size_t n = 0, ahead = 0;
	int r = wr_knock_ward(use, support, &ward);
	if (!r)
		r = read_days(use, wr_zone_day(ward->zone, use->now), &first, &last);
	if (!r)
		r = aways_of(use, support, &aways, &n);
	for (size_t i = 0; i < n; i++)
		ahead += aways[i].to > use->now;
	if (!r && ahead >= MOST_AWAYS)
		r = wr_use_say(use, wr_refuse(use, NULL, "more than %d aways", MOST_AWAYS),
		    WR_SAY_AWAY_TOO_MANY, "first");
	if (r)
		return r;
	return wr_use_part(use, wr_case_away_add,
	    json_pack("{s:s, s:s, s:s, s:s}", "support", support->ref, "from", midnight(use, first),
		"to", midnight(use, last + 1), "why", "said on their own page"));
}

static int remove_from(
    struct wr_use *use, const struct wr_support *support, const char *name, bool *ret_removed)
{
	struct wr_away *aways = NULL;
	size_t n = 0;
	int r = aways_of(use, support, &aways, &n);
	for (size_t i = 0; i < n && !r; i++) {
		if (!wr_text_equal(name, wr_arena_printf(use->arena, "%lld-%lld",
					     (long long)aways[i].from, (long long)aways[i].to)))
			continue;
		*ret_removed = true;
		r = wr_use_part(use, wr_case_away_remove, json_pack("{s:s}", "id", aways[i].id));
	}
	return r;
}

int wr_case_people_away(struct wr_use *use)
{
	const char *name = wr_arg_text(use, "remove");
	struct wr_support *rows = NULL;
	size_t n = 0;
	bool removed = false;
	int r = wr_knock_supports(use, &rows, &n);
	for (size_t i = 0; i < n && !r; i++)
		r = name ? remove_from(use, &rows[i], name, &removed) : add(use, &rows[i]);
	if (!r && name && !removed)
		r = wr_use_say(use, wr_refuse(use, NULL, "no such dates"), WR_SAY_AWAY_GONE, NULL);
	return wr_knock_say(use, r, "away");
}
