#include "desk/unplanned.h"

#include "desk/weekly.h"

enum { WEEKS_AHEAD = 3 };

static struct wr_week running_week(struct wr_use *use, const struct wr_config_ward *ward)
{
	return wr_day_week(wr_zone_day(ward->zone, use->now));
}

static int is_planned(struct wr_use *use, const struct wr_config_ward *ward, bool *ret_planned)
{
	struct wr_plan_row row;
	int r = wr_store_plan_get(use->tx, use->arena, ward->id, running_week(use, ward), &row);
	*ret_planned = r == 0;
	return r == WR_STORE_NONE ? 0 : r;
}

/* A slot to come, or one that was held this week. */
static int has_slot(struct wr_use *use, const struct wr_config_ward *ward,
    const struct wr_patient *patient, bool *ret_has)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	wr_day monday = wr_week_monday(running_week(use, ward));
	struct wr_store_slot_filter ahead = {
	    .patient = patient->ref, .from = use->now, .states = WR_STORE_LIVE};
	int r = wr_store_slot_list(use->tx, use->arena, &ahead, &slots, &n);
	if (!r && !n)
		r = wr_store_slot_held(use->tx, use->arena, patient->ref,
		    wr_zone_at_or_after(ward->zone, monday, 0), 1, &slots, &n);
	*ret_has = n > 0;
	return r;
}

/* The next week that is planned without anybody's doing; nothing when each is planned by hand. */
static const char *next_by_itself(struct wr_use *use, const struct wr_config_ward *ward)
{
	char name[WR_TIME_TEXT], day[WR_TIME_TEXT], clock[WR_TIME_TEXT];
	struct wr_week week = running_week(use, ward);
	for (int i = 0; i < WEEKS_AHEAD; i++) {
		week = wr_week_next(week);
		wr_time at = wr_weekly_plan_time(ward, week);
		if (at == WR_TIME_NONE || at <= use->now)
			continue;
		struct wr_wall wall = wr_zone_wall(ward->zone, at);
		return wr_arena_printf(use->arena, "; %s is planned by itself on %s, %s",
		    wr_week_text(week, name), wr_day_short(wall.day, day),
		    wr_clock_text(wall.minute, clock));
	}
	return "";
}

static const char *in_words(struct wr_use *use, const struct wr_config_ward *ward)
{
	char name[WR_TIME_TEXT];
	return wr_arena_printf(use->arena, "%s has not been planned: plan and publish it by hand%s",
	    wr_week_text(running_week(use, ward), name), next_by_itself(use, ward));
}

static bool is_ours(const struct wr_unplaced *row)
{
	char name[WR_TIME_TEXT];
	return wr_text_starts(row->why, wr_week_text(row->week, name)); /* of no plan's reason */
}

/* ---- one patient: a reason to be given or taken back ---- */

enum step { NO_STEP, GIVE, TAKE_BACK };

static int step_of(struct wr_use *use, const struct wr_config_ward *ward,
    const struct wr_patient *patient, enum step *ret_step)
{
	struct wr_unplaced *said = NULL;
	struct wr_week week = running_week(use, ward);
	size_t n = 0;
	bool has = false, reason = false, ours = false;
	*ret_step = NO_STEP;
	int r = has_slot(use, ward, patient, &has);
	if (!r)
		r = wr_store_unplaced_list(
		    use->tx, use->arena, NULL, NULL, patient->ref, &said, &n);
	for (size_t i = 0; i < n && !r; i++) {
		bool mine = wr_week_equal(said[i].week, week) && is_ours(&said[i]);
		ours |= mine;
		reason |= !mine && wr_week_monday(said[i].week) >= wr_week_monday(week);
	}
	if (ours && (has || reason))
		*ret_step = TAKE_BACK;
	else if (!has && !reason && !ours &&
		 wr_patient_status(patient, use->now) == WR_STATUS_CURRENT)
		*ret_step = GIVE;
	return r;
}

static int take(struct wr_use *use, const struct wr_config_ward *ward,
    const struct wr_patient *patient, enum step step)
{
	struct wr_unplaced row = {
	    .ward = ward->id, .week = running_week(use, ward), .patient = patient->ref};
	switch (step) {
	case NO_STEP:
		return 0;
	case GIVE:
		row.why = in_words(use, ward);
		return wr_store_unplaced_put(use->tx, &row);
	case TAKE_BACK:
		return wr_store_unplaced_delete(use->tx, row.patient, row.week);
	}
	return 0;
}

/* Everybody on the ward; with `ret_wanted` only whether there is a step to take. */
static int go_through(struct wr_use *use, const struct wr_config_ward *ward, bool *ret_wanted)
{
	struct wr_patient *patients = NULL;
	size_t n = 0;
	bool planned = false;
	int r = is_planned(use, ward, &planned);
	if (r || planned)
		return r;
	r = wr_store_patient_list(use->tx, use->arena, ward->id, false, &patients, &n);
	for (size_t i = 0; i < n && !r; i++) {
		enum step step;
		r = step_of(use, ward, &patients[i], &step);
		if (ret_wanted)
			*ret_wanted |= step != NO_STEP;
		else if (!r)
			r = take(use, ward, &patients[i], step);
	}
	return r;
}

int wr_unplanned_look(struct wr_use *use, const struct wr_config_ward *ward, bool *ret_wanted)
{
	*ret_wanted = false;
	return go_through(use, ward, ret_wanted);
}

int wr_case_plan_unplanned(struct wr_use *use)
{
	const struct wr_config_ward *ward = NULL;
	int r = wr_use_ward_arg(use, &ward);
	return r ? r : go_through(use, ward, NULL);
}
