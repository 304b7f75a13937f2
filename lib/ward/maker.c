#include "maker.h"

#include <stdlib.h>
#include <string.h>

int64_t wr_maker_minute(const struct maker *maker, const struct wr_zone *zone, wr_time at, bool up)
{
	struct wr_wall wall = wr_zone_wall(zone, at);
	return (int64_t)(wall.day - maker->monday) * WR_MINUTES_A_DAY + wall.minute +
	       (up && wall.second > 0);
}

void wr_maker_add_span(const struct maker *maker, struct spans *spans, const struct wr_zone *zone,
    wr_time from, wr_time to)
{
	int64_t begins = wr_maker_minute(maker, zone, from, false);
	int64_t ends = wr_maker_minute(maker, zone, to, true);
	if (begins < 0)
		begins = 0;
	if (ends > WR_PLAN_WEEK)
		ends = WR_PLAN_WEEK;
	if (begins >= ends)
		return;
	WR_GROW(spans->items, spans->n, spans->capacity);
	spans->items[spans->n++] = (struct wr_plan_span){begins, ends};
}

const struct wr_plan_span *wr_maker_keep_spans(
    const struct maker *maker, struct spans *spans, size_t *ret_n)
{
	struct wr_plan_span *kept = NULL;
	if (spans->n > 0) {
		kept = wr_arena_new(maker->arena, struct wr_plan_span, spans->n);
		memcpy(kept, spans->items, spans->n * sizeof(*kept));
	}
	*ret_n = spans->n;
	free(spans->items);
	*spans = (struct spans){0};
	return kept;
}

void wr_maker_add_aways(const struct maker *maker, struct spans *spans, const struct wr_zone *zone,
    enum wr_whose whose, const char *who)
{
	struct lookup_range range = wr_lookup_all(&maker->away_of, who);
	for (size_t i = 0; i < range.n; i++) {
		const struct wr_away *away = &maker->source->aways[range.entries[i].row];
		if (away->whose == whose)
			wr_maker_add_span(maker, spans, zone, away->from, away->to);
	}
}

bool wr_maker_has_patient(const struct maker *maker, const char *patient)
{
	return wr_lookup_all(&maker->in_instance, patient).n > 0;
}

bool wr_maker_takes_time(const struct wr_slot *slot)
{
	return slot->state == WR_STATE_PUBLISHED || slot->state == WR_STATE_STARTED ||
	       slot->state == WR_STATE_HELD;
}
