/*
 * day: what the day of a slot brings: when it may begin or be called missed, and what people were
 * told of a round that runs late.
 *
 * The published time stays the promise: running late changes no slot. People are told "about 20
 * minutes late, not before 10:40am", and a round that catches up starts nobody before the time that
 * they were told last. So lateness that has stood long enough to be told only grows; what is taken
 * back at once, before anybody could hear of it, counts for nothing.
 *
 * Pure; no locks.
 */
#ifndef WARDROUND_DAY_H
#define WARDROUND_DAY_H

#include "wardround/ward.h"

enum { WR_DAY_TOLD_AFTER_SECONDS = 120 }; /* so long news may wait before it goes out */

enum wr_day_outcome {
	WR_DAY_NOT_YET = 1, /* the slot's day, or its time, is still to come */
	WR_DAY_TOLD_LATER,  /* its people were told not to come before a later time */
};

/* How late the round is said to be from `now` on; 0 minutes: on time again. */
void wr_day_say_late(struct wr_session_change *change, int minutes, wr_time now);
/* The minutes that people of this session go by; 0 without a change (NULL) or lateness. */
int wr_day_told_minutes(const struct wr_session_change *change);
/* The same of what may be told at `now`: without what has not stood long enough; and when to look
 * again for that, WR_TIME_NONE when there is no such. */
int wr_day_tellable_minutes(const struct wr_session_change *change, wr_time now);
wr_time wr_day_tellable_at(const struct wr_session_change *change, wr_time now);
/* Before this nobody begins with the slot: its start, or what was told of a late round. */
wr_time wr_day_not_before(const struct wr_slot *slot, const struct wr_session_change *change);

/* A slot begins on its own ward day and not before its people were told: 0 or an outcome. */
int wr_day_may_start(const struct wr_slot *slot, const struct wr_session_change *change,
    const struct wr_zone *zone, wr_time now);
/* What is still to come is cancelled or declined, not missed: 0 or WR_DAY_NOT_YET. */
int wr_day_may_be_missed(const struct wr_slot *slot, wr_time now);

#endif
