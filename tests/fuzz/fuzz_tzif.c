/* Any bytes as a zone file: refused, or a zone that answers every question. */
#include "wardround/civil.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wr_arena arena = {0};
	const struct wr_zone *zone;
	if (wr_zone_parse(&arena, "Fuzz/Zone", data, size, &zone) == 0) {
		struct wr_zone_rule standard, daylight;
		char text[WR_TIME_TEXT];
		wr_zone_rules(zone, 0, &standard, &daylight);
		for (wr_time at = -5000000000; at < 9000000000; at += 999999937) {
			struct wr_wall wall = wr_zone_wall(zone, at);
			if (wr_zone_at_or_after(zone, wall.day, wall.minute) == WR_TIME_NONE)
				__builtin_trap();
			wr_time_rfc3339(zone, at, text);
		}
	}
	wr_arena_deinit(&arena);
	return 0;
}
