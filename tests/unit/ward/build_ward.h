/*
 * Builds a ward as the config would read it, for tests of what is made from it: Kingsley with the
 * rounds of the sample data. Zone data is the machine's own.
 */
#ifndef WARDROUND_TEST_BUILD_WARD_H
#define WARDROUND_TEST_BUILD_WARD_H

#include <stdio.h>

#include "wardround/config.h"
#include "wardround/ward.h"

struct built_ward {
	struct wr_config config;
	struct wr_config_ward ward;
	struct wr_config_consultant consultants[3]; /* shah, osei, nowak */
	struct wr_config_round rounds[3];
	struct wr_clock_span breaks[3];
	struct wr_holiday holidays[4];
	const char *join[2];
	int first_slot_with[2];
};

static inline const struct wr_zone *built_zone(struct wr_arena *arena, const char *name)
{
	static unsigned char bytes[65536];
	char path[200];
	const struct wr_zone *zone = NULL;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	size_t length = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	assert_int_equal(wr_zone_parse(arena, name, bytes, length, &zone), 0);
	return zone;
}

static inline wr_day built_day(const char *text)
{
	wr_day day = WR_DAY_NONE;
	assert_int_equal(wr_day_parse(text, &day), 0);
	return day;
}

static inline struct wr_config_round built_round(const char *id, int consultant, unsigned days,
    int from, const char *room, struct wr_clock_span *pause)
{
	*pause = (struct wr_clock_span){from + 100, from + 120};
	return (struct wr_config_round){.id = id,
	    .consultant = consultant,
	    .days = days,
	    .from = from,
	    .to = from + 220,
	    .slot = 25,
	    .changeover = 5,
	    .breaks = {pause, 1},
	    .room = room,
	    .dial_in = ""};
}

/* Shah on Monday and Thursday 9:00 to 12:40, Osei on Tuesday 13:30 to 17:10, Nowak on Wednesday as
 * Shah; cells of 25 minutes, four before and four after a break of 20. */
static inline void build_ward(struct wr_arena *arena, struct built_ward *built)
{
	*built = (struct built_ward){
	    .consultants = {{"shah", "Dr Asha Shah"}, {"osei", "Dr Kofi Osei"},
		{"nowak", "Dr Ewa Nowak"}},
	    .join = {"https://meet.example.org/1", "https://meet.example.org/2"},
	    .first_slot_with = {0, 2},
	    .holidays = {{built_day("2026-12-25"), "Christmas Day"},
		{built_day("2026-12-28"), "Boxing Day (substitute)"},
		{built_day("2027-03-26"), "Good Friday"},
		{built_day("2027-03-29"), "Easter Monday"}},
	};
	built->rounds[0] =
	    built_round("shah", 0, 1u << 0 | 1u << 3, 540, "Quiet Room", &built->breaks[0]);
	built->rounds[1] = built_round("osei", 1, 1u << 1, 810, "Family Room", &built->breaks[1]);
	built->rounds[2] = built_round("nowak", 2, 1u << 2, 540, "Quiet Room", &built->breaks[2]);
	built->rounds[0].join = (struct wr_texts){built->join, 2};
	built->rounds[0].dial_in = "01632 960002";
	built->rounds[0].keep_free = 1;
	built->ward = (struct wr_config_ward){.id = "kingsley",
	    .name = "Kingsley Ward",
	    .zone = built_zone(arena, "Europe/London"),
	    .beds = 25,
	    .holidays = {"holidays.ics", built->holidays, WR_COUNT(built->holidays)},
	    .first_slot_within = {72, WR_UNIT_HOURS},
	    .first_slot_with = {built->first_slot_with, 2},
	    .slot_every = {7, WR_UNIT_DAYS},
	    .notice = {48, WR_UNIT_HOURS},
	    .unsaid_free_divisor = 3,
	    .rounds = built->rounds,
	    .n_rounds = 3};
	built->config = (struct wr_config){.consultants = built->consultants,
	    .n_consultants = 3,
	    .wards = &built->ward,
	    .n_wards = 1};
}

/* Ward time, "2026-11-30T09:00". */
static inline wr_time built_time(const struct built_ward *built, const char *text)
{
	wr_time at = WR_TIME_NONE;
	assert_int_equal(wr_time_parse(built->ward.zone, text, &at), 0);
	return at;
}

#endif
