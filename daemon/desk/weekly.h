/*
 * weekly: next week's draft and its publishing, at the configured times.
 *
 * Both are for the next whole week. What was missed while the daemon was stopped is done at the
 * next look, until the week begins. A draft made by hand is published as it is; a published week is
 * left alone.
 *
 * A ward begins with its first patient. What was to be published before that was not missed: while
 * a full ward is being entered, patients first, nobody is to get a slot before their people are
 * known. Whoever sets a ward up publishes that week by hand.
 */
#ifndef WR_DAEMON_DESK_WEEKLY_H
#define WR_DAEMON_DESK_WEEKLY_H

#include "desk/desk.h"

/* Notes the time of the ward's first patient, once; for each patient who comes. */
int wr_weekly_ward_begins(struct wr_use *use, const char *ward);
/* When the draft of `week` is made, and when it is published (on the working day before a holiday).
 * WR_TIME_NONE when that is by hand. */
wr_time wr_weekly_plan_time(const struct wr_config_ward *ward, struct wr_week week);
wr_time wr_weekly_publish_time(const struct wr_config_ward *ward, struct wr_week week);

enum wr_weekly_todo {
	WR_WEEKLY_NOTHING,
	WR_WEEKLY_MAKE,             /* a draft */
	WR_WEEKLY_PUBLISH_DRAFT,    /* as it is */
	WR_WEEKLY_MAKE_AND_PUBLISH, /* there is no draft, and it is time */
};
/* What is to be done now by itself with a ward's week. */
enum wr_weekly_todo wr_weekly_todo(
    struct wr_use *use, const struct wr_config_ward *ward, struct wr_week week);

/* Begins what is due now. */
void wr_weekly_look(struct wr_desk *desk);

#endif
