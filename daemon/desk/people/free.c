/*
 * When somebody is usually free, told on their own page: one time more or one less. A person with
 * several patients says it for all of them at once. The next plans use it; what is published stays,
 * and what moving it would gain becomes a proposal.
 */
#include <stdio.h>
#include <string.h>

#include "desk/patient_change.h"
#include "desk/people/cases.h"
#include "desk/people/knock.h"

enum { MOST_TIMES = 21 };

/* "9:30", "09.30", "14:00", "9", "9am", "2:30 pm" */
static bool read_clock(const char *text, int *ret_minute)
{
	int hour = -1, minute = 0, used = 0;
	char half = '\0';
	if (wr_text_empty(text))
		return false;
	text += strspn(text, " ");
	if (sscanf(text, "%2d%n", &hour, &used) != 1)
		return false;
	text += used;
	if (*text == ':' || *text == '.') {
		if (sscanf(text + 1, "%2d%n", &minute, &used) != 1 || used != 2)
			return false;
		text += 1 + used;
	}
	text += strspn(text, " ");
	if ((*text == 'a' || *text == 'A' || *text == 'p' || *text == 'P') &&
	    (text[1] == 'm' || text[1] == 'M')) {
		half = *text == 'a' || *text == 'A' ? 'a' : 'p';
		text += 2;
	}
	text += strspn(text, " ");
	if (*text || minute < 0 || minute > 59 || hour < 0 || hour > 24 ||
	    (half && (hour < 1 || hour > 12)))
		return false;
	hour = half == 'a' ? hour % 12 : half == 'p' ? hour % 12 + 12 : hour;
	*ret_minute = hour * 60 + minute;
	return *ret_minute <= WR_MINUTES_A_DAY;
}

static int data_fault(struct wr_use *use, enum wr_say text, const char *field)
{
	return wr_use_say(
	    use, wr_fault(use, WR_FAULT_DATA, NULL, "the form's %s can't be", field), text, field);
}

static int read_time(struct wr_use *use, struct wr_free *ret_free)
{
	int64_t day = 0;
	const char *chosen = wr_arg_text(use, "day");
	if (!chosen || wr_text_int(chosen, 0, 6, &day) != 0)
		return data_fault(use, WR_SAY_FREE_CHOOSE_DAY, "day");
	if (!read_clock(wr_arg_text(use, "from"), &ret_free->from) ||
	    ret_free->from >= WR_MINUTES_A_DAY)
		return data_fault(use, WR_SAY_FREE_BAD_FROM, "from");
	if (!read_clock(wr_arg_text(use, "to"), &ret_free->to))
		return data_fault(use, WR_SAY_FREE_BAD_TO, "to");
	if (ret_free->to == 0)
		ret_free->to = WR_MINUTES_A_DAY;
	if (ret_free->to <= ret_free->from)
		return data_fault(use, WR_SAY_FREE_BACKWARDS, "to");
	ret_free->weekday = (int)day;
	return 0;
}

static bool is_named(const struct wr_free *free, const char *name, struct wr_use *use)
{
	return wr_text_equal(
	    name, wr_arena_printf(use->arena, "%d-%d-%d", free->weekday, free->from, free->to));
}

/* One row's times with one more, or without the one that `remove` names. */
static int change_row(struct wr_use *use, const struct wr_support *before,
    const struct wr_free *more, const char *remove, bool *ret_changed)
{
	struct wr_free *old = NULL;
	struct wr_store_support_filter filter = {.patient = before->patient};
	size_t n_old = 0, n = 0;
	int r = wr_store_free_list(use->tx, use->arena, &filter, &old, &n_old);
	struct wr_free *times = wr_arena_new(use->arena, struct wr_free, n_old + 2);
	for (size_t i = 0; i < n_old; i++) {
		if (!wr_text_equal(old[i].support, before->ref))
			continue;
		if (remove && is_named(&old[i], remove, use))
			*ret_changed = true;
		else
			times[n++] = old[i];
	}
	if (r || (remove && !*ret_changed))
		return r;
	if (more) {
		times[n++] = *more;
		n = wr_free_tidy(times, n);
		*ret_changed = true;
	}
	if (n > MOST_TIMES)
		return wr_use_say(use, wr_refuse(use, NULL, "more than %d times", MOST_TIMES),
		    WR_SAY_FREE_TOO_MANY, "day");
	struct wr_support support = *before;
	support.free_said = n > 0;
	return wr_support_change(use, before, &support, times, n);
}

int wr_case_people_free(struct wr_use *use)
{
	const char *remove = wr_arg_text(use, "remove");
	struct wr_support *rows = NULL;
	struct wr_free more = {0};
	size_t n = 0;
	bool changed = false;
	int r = wr_knock_supports(use, &rows, &n);
	if (!r && !remove)
		r = read_time(use, &more);
	for (size_t i = 0; i < n && !r; i++) {
		bool here = false;
		r = change_row(use, &rows[i], remove ? NULL : &more, remove, &here);
		changed |= here;
	}
	if (!r && !changed)
		r = wr_use_say(use, wr_refuse(use, NULL, "no such time"), WR_SAY_FREE_GONE, NULL);
	return wr_knock_say(use, r, "free");
}
