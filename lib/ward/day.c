#include "wardround/day.h"

void wr_day_say_late(struct wr_session_change *change, int minutes, wr_time now)
{
	bool was_told = change->late_minutes > change->told_minutes &&
	                now - change->late_at >= WR_DAY_TOLD_AFTER_SECONDS;
	if (was_told)
		change->told_minutes = change->late_minutes;
	change->late_minutes = minutes;
	change->late_at = minutes ? now : WR_TIME_NONE;
}

int wr_day_told_minutes(const struct wr_session_change *change)
{
	if (!change)
		return 0;
	return change->late_minutes > change->told_minutes ? change->late_minutes
	                                                   : change->told_minutes;
}

wr_time wr_day_tellable_at(const struct wr_session_change *change, wr_time now)
{
	bool grows = change && change->late_minutes > change->told_minutes;
	wr_time at = grows ? change->late_at + WR_DAY_TOLD_AFTER_SECONDS : WR_TIME_NONE;
	return grows && at > now ? at : WR_TIME_NONE;
}

int wr_day_tellable_minutes(const struct wr_session_change *change, wr_time now)
{
	bool young = wr_day_tellable_at(change, now) != WR_TIME_NONE;
	return young ? change->told_minutes : wr_day_told_minutes(change);
}

wr_time wr_day_not_before(const struct wr_slot *slot, const struct wr_session_change *change)
{
	return slot->start + 60 * (wr_time)wr_day_told_minutes(change);
}

int wr_day_may_start(const struct wr_slot *slot, const struct wr_session_change *change,
    const struct wr_zone *zone, wr_time now)
{
	if (wr_zone_day(zone, now) < wr_zone_day(zone, slot->start))
		return WR_DAY_NOT_YET;
	if (wr_day_told_minutes(change) && now < wr_day_not_before(slot, change))
		return WR_DAY_TOLD_LATER;
	return 0;
}

int wr_day_may_be_missed(const struct wr_slot *slot, wr_time now)
{
	return now < slot->start ? WR_DAY_NOT_YET : 0;
}
