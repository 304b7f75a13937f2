/* The ward's zone for tests, as the daemon would read it. */
#ifndef TESTS_UNIT_NOTICE_ZONE_H
#define TESTS_UNIT_NOTICE_ZONE_H

#include <stdio.h>

#include "wardround/civil.h"

static const struct wr_zone *london(struct wr_arena *arena)
{
	unsigned char bytes[8192];
	const struct wr_zone *zone = NULL;
	FILE *file = fopen("/usr/share/zoneinfo/Europe/London", "rb");
	assert_non_null(file);
	size_t length = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	assert_int_equal(wr_zone_parse(arena, "Europe/London", bytes, length, &zone), 0);
	return zone;
}

/* Ward time, "2026-11-30 10:10". */
static inline wr_time at(const struct wr_zone *zone, const char *text)
{
	wr_time time;
	if (wr_time_parse(zone, text, &time) != 0)
		fail_msg("no such time: %s", text);
	return time;
}

#endif
