/*
 * What the parts of a zone know of each other: explicit changes from the TZif data block, and the
 * footer's rule that holds from the last of them on.
 *
 * Private to lib/civil. Pure.
 */
#ifndef CIVIL_ZONE_H
#define CIVIL_ZONE_H

#include "wardround/civil.h"

/* Times outside the years 1-9999 are read as the nearest end, so that no sum overflows. */
#define CIVIL_FIRST_TIME INT64_C(-62135596800)
#define CIVIL_LAST_TIME INT64_C(253402300799)

enum { ZONE_NAME = 16 };

struct zone_side {
	char name[ZONE_NAME];
	int offset; /* seconds east of UTC */
};

/* "M3.5.0/1": a weekday of a month, and the wall second of it by the clock before the change. */
struct zone_change {
	int month;   /* 1-12 */
	int week;    /* 1-5 */
	int weekday; /* 0 Monday .. 6 Sunday */
	int second;  /* beyond a day, or below 0, where the law is written so */
};

struct zone_footer {
	struct zone_side standard;
	struct zone_side daylight;
	struct zone_change to_daylight;
	struct zone_change to_standard;
	bool changes; /* otherwise only `standard` means something */
};

struct wr_zone {
	const char *name;
	size_t changes;
	int64_t *at;   /* `changes` instants, rising */
	uint8_t *side; /* `changes` indexes into sides */
	struct zone_side *sides;
	size_t n_sides;
	struct zone_footer footer;
};

/* Reads a POSIX TZ string; 0 or WR_CIVIL_BAD_ZONE. */
int zone_footer_parse(const char *text, struct zone_footer *ret_footer);
const struct zone_side *zone_footer_side(const struct zone_footer *footer, wr_time at);
/* The side in force at `at`, which is already within the years 1-9999. */
const struct zone_side *zone_side_at(const struct wr_zone *zone, wr_time at);
wr_time zone_clamp(wr_time at);

#endif
