#include "wardround/notice.h"

static const struct {
	const char *name;
	unsigned events;
	bool for_staff;
} types[WR_NOTICE_TYPES] = {
    // clang-format off
    [WR_NOTICE_SLOT_PUBLISHED]   = {"slot.published",   WR_EVENT_SLOT,     false},
    [WR_NOTICE_SLOT_MOVED]       = {"slot.moved",       WR_EVENT_SLOT,     false},
    [WR_NOTICE_SLOT_CANCELLED]   = {"slot.cancelled",   WR_EVENT_SLOT,     false},
    [WR_NOTICE_SLOT_PEOPLE]      = {"slot.people",      WR_EVENT_SLOT,     false},
    [WR_NOTICE_SLOT_LATE]        = {"slot.late",        WR_EVENT_SLOT,     false},
    [WR_NOTICE_REMINDER_DUE]     = {"reminder.due",     WR_EVENT_REMINDER, false},
    [WR_NOTICE_LINK_INVITE]      = {"link.invite",      WR_EVENT_INVITE,   false},
    [WR_NOTICE_WEBHOOK_TEST]     = {"webhook.test",     ~0u,               false},
    [WR_NOTICE_REPLY_RECEIVED]   = {"reply.received",   WR_EVENT_REPLY,    true},
    [WR_NOTICE_PATIENT_UNPLACED] = {"patient.unplaced", WR_EVENT_PATIENT,  true},
    [WR_NOTICE_TASK_NEW]         = {"task.new",         WR_EVENT_TASK,     true},
    [WR_NOTICE_PROMISE_DANGER]   = {"promise.danger",   WR_EVENT_TASK,     true},
    // clang-format on
};

const char *wr_notice_type_name(enum wr_notice_type type)
{
	return types[type].name;
}

enum wr_notice_type wr_notice_type_find(const char *name)
{
	for (int type = WR_NOTICE_NOTHING + 1; type < WR_NOTICE_TYPES; type++)
		if (wr_text_equal(types[type].name, name))
			return (enum wr_notice_type)type;
	return WR_NOTICE_NOTHING;
}

unsigned wr_notice_type_events(enum wr_notice_type type)
{
	return types[type].events;
}

bool wr_notice_type_for_staff(enum wr_notice_type type)
{
	return types[type].for_staff;
}

/* ---- which ---- */

static bool differs(const struct wr_notice_view *told, const struct wr_notice_view *holds)
{
	return told->start != holds->start || told->end != holds->end ||
	       !wr_text_equal(told->place, holds->place) ||
	       !wr_text_equal(told->joining, holds->joining);
}

static bool is_on(const struct wr_notice_view *view)
{
	return view->known && !view->cancelled;
}

/* Somebody who was told of tomorrow must hear that it was today, even when it is over by then. */
static bool is_over(
    const struct wr_notice_view *told, const struct wr_notice_view *holds, wr_time now)
{
	return holds->end <= now && (!is_on(told) || told->end <= now);
}

enum wr_notice_type wr_notice_choose(
    const struct wr_notice_view *told, const struct wr_notice_view *holds, wr_time now)
{
	if (!holds->known || is_over(told, holds, now))
		return WR_NOTICE_NOTHING;
	if (holds->cancelled)
		return is_on(told) ? WR_NOTICE_SLOT_CANCELLED : WR_NOTICE_NOTHING;
	if (!is_on(told))
		return WR_NOTICE_SLOT_PUBLISHED;
	if (differs(told, holds))
		return WR_NOTICE_SLOT_MOVED;
	if (holds->late > told->late && holds->start + 60 * (wr_time)holds->late > now)
		return WR_NOTICE_SLOT_LATE;
	bool others = told->people && holds->people && !wr_text_equal(told->people, holds->people);
	return others && holds->start > now ? WR_NOTICE_SLOT_PEOPLE : WR_NOTICE_NOTHING;
}
