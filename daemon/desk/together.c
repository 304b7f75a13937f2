#include "desk/together.h"

#include <stdlib.h>
#include <string.h>

#include "desk/weekly.h"

/* ---- at the same times ---- */

static bool same_times(
    const struct wr_config_ward *a, const struct wr_config_ward *b, struct wr_week week)
{
	wr_time plan = wr_weekly_plan_time(a, week), publish = wr_weekly_publish_time(a, week);
	return plan != WR_TIME_NONE && plan == wr_weekly_plan_time(b, week) &&
	       publish == wr_weekly_publish_time(b, week) &&
	       wr_text_equal(wr_zone_name(a->zone), wr_zone_name(b->zone));
}

/* Whether the daemon would do with this ward's week what it does with the first one's. */
static int is_alike(struct wr_use *use, const struct wr_config_ward *ward, struct wr_week week,
    enum wr_planning_mode mode, bool *ret_alike)
{
	struct wr_plan_row row = {0};
	enum wr_weekly_todo todo = wr_weekly_todo(use, ward, week);
	int r = wr_store_plan_get(use->tx, use->arena, ward->id, week, &row);
	bool planned = r == 0;
	*ret_alike = false;
	if ((r && r != WR_STORE_NONE) || row.published || row.by_hand)
		return r == WR_STORE_NONE ? 0 : r;
	switch (mode) {
	case WR_PLANNING_MAKE:
		*ret_alike = todo == WR_WEEKLY_MAKE && wr_text_equal(use->actor, "daemon");
		break;
	case WR_PLANNING_PUBLISH:
		*ret_alike = todo == WR_WEEKLY_PUBLISH_DRAFT || todo == WR_WEEKLY_MAKE_AND_PUBLISH;
		break;
	case WR_PLANNING_REPAIR:
		*ret_alike = planned;
		break;
	case WR_PLANNING_ASK:
		break;
	}
	return 0;
}

/* ---- sharing people ---- */

struct presence { /* of a person on a ward */
	const char *person;
	size_t ward;
};

static int by_person(const void *a, const void *b)
{
	const struct presence *x = a, *y = b;
	return strcmp(x->person, y->person);
}

/* The wards of one set have the same number. */
static void join(size_t *sets, size_t n, size_t a, size_t b)
{
	size_t from = sets[b], to = sets[a];
	for (size_t i = 0; i < n; i++)
		if (sets[i] == from)
			sets[i] = to;
}

static int read_presences(struct wr_use *use, const struct wr_config_ward *const *wards, size_t n,
    struct presence **ret_presences, size_t *ret_n)
{
	struct presence *list = NULL;
	size_t count = 0, capacity = 0;
	int r = 0;
	for (size_t w = 0; w < n && !r; w++) {
		struct wr_support *supports = NULL;
		size_t n_supports = 0;
		struct wr_store_support_filter of_ward = {
		    .ward = wards[w]->id, .not_discharged = true};
		r = wr_store_support_list(use->tx, use->arena, &of_ward, &supports, &n_supports);
		for (size_t i = 0; i < n_supports && !r; i++) {
			if (supports[i].consent != WR_CONSENT_AGREED ||
			    supports[i].sees < WR_SEES_TIME)
				continue;
			WR_GROW(list, count, capacity);
			list[count++] = (struct presence){supports[i].person, w};
		}
	}
	*ret_presences = list;
	*ret_n = count;
	return r;
}

static int join_those_who_share(
    struct wr_use *use, const struct wr_config_ward *const *wards, size_t n, size_t *sets)
{
	struct presence *list = NULL;
	size_t count = 0;
	int r = read_presences(use, wards, n, &list, &count);
	if (count > 1)
		qsort(list, count, sizeof(*list), by_person);
	for (size_t i = 1; i < count; i++)
		if (list[i].ward != list[i - 1].ward &&
		    strcmp(list[i].person, list[i - 1].person) == 0)
			join(sets, n, list[i - 1].ward, list[i].ward);
	free(list);
	return r;
}

int wr_together_find(struct wr_use *use, const struct wr_config_ward *ward, struct wr_week week,
    enum wr_planning_mode mode, const struct wr_config_ward ***ret_wards, size_t *ret_n)
{
	size_t all = use->config->n_wards, n = 1, kept = 0;
	const struct wr_config_ward **wards =
	    wr_arena_new(use->arena, const struct wr_config_ward *, all + 1);
	size_t *sets = wr_arena_new(use->arena, size_t, all + 1);
	bool alike = false;
	wards[0] = ward;
	*ret_wards = wards;
	*ret_n = 1;
	int r = is_alike(use, ward, week, mode, &alike);
	for (size_t i = 0; i < all && alike && !r; i++) {
		const struct wr_config_ward *other = &use->config->wards[i];
		bool too = false;
		if (other != ward && same_times(ward, other, week))
			r = is_alike(use, other, week, mode, &too);
		if (too)
			wards[n++] = other;
	}
	if (r || n == 1)
		return r;
	for (size_t i = 0; i < n; i++)
		sets[i] = i;
	r = join_those_who_share(use, wards, n, sets);
	for (size_t i = 0; i < n; i++)
		if (sets[i] == sets[0])
			wards[kept++] = wards[i];
	*ret_n = kept;
	return r;
}
