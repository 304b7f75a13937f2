#include "desk/tidy.h"

#include "desk/plan_week.h"
#include "desk/staff/sign_ins.h"
#include "desk/unrecorded.h"

enum { DAY = 86400, KEEP_KEYS = 7 * DAY, KEEP_NOTICES = 90 * DAY };

static int tidy(struct wr_use *use)
{
	int r = wr_unrecorded_ask(use);
	if (!r)
		r = wr_publish_lapse(use);
	if (!r)
		r = wr_store_key_forget(use->tx, use->now - KEEP_KEYS);
	if (!r)
		r = wr_store_mark_forget(use->tx, use->now);
	if (!r)
		r = wr_store_staff_session_forget(use->tx, use->now - WR_SIGN_IN_SECONDS,
		    use->now - WR_SIGN_IN_IDLE_SECONDS - 2 * WR_SIGN_IN_SEEN_SECONDS);
	return r ? r : wr_store_notice_forget(use->tx, use->now - KEEP_NOTICES);
}

void wr_tidy(struct wr_desk *desk)
{
	static const struct wr_verb verb = {"daemon", "tidy", WR_VERB_CHANGES, tidy, NULL};
	wr_call_start(wr_call_new(desk, &verb, NULL, "daemon"), wr_call_log, NULL);
}
