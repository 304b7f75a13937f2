#include "desk/due.h"

#include <stdlib.h>

#include "desk/compose.h"
#include "desk/seal.h"

enum {
	MOST_AT_ONCE = 512,     /* news or reminders of one turn */
	BEHIND_SECONDS = 5,     /* how long one waits for what is before it */
	AWAY_SECONDS = 15 * 60, /* how long notices of an endpoint that is off are left alone */
};

/* ---- news ---- */

static bool is_farewell(const struct wr_notice_row *row)
{
	return row->revision == 0;
}

static bool is_reminder_of(const struct wr_notice_row *row, int revision)
{
	return row->revision == revision &&
	       wr_notice_type_find(row->type) == WR_NOTICE_REMINDER_DUE;
}

/* What waits for this person about this slot is replaced by what is made now. `ret_unsure`: one
 * that is newer than what was told for sure may have arrived, and says something else. */
static int replace_waiting(struct wr_use *use, const struct wr_news *news, bool *ret_unsure)
{
	struct wr_notice_row *rows = NULL;
	size_t n = 0;
	struct wr_store_notice_filter filter = {
	    .states = WR_STORE_BIT(WR_NOTICE_WAITING) | WR_STORE_BIT(WR_NOTICE_SUPERSEDED),
	    .whose = WR_STORE_BIT(news->whose),
	    .who = news->who,
	    .slot = news->slot,
	};
	int r = wr_store_notice_list(use->tx, use->arena, &filter, &rows, &n);
	*ret_unsure = false;
	for (size_t i = 0; i < n && !r; i++) {
		/* a reminder of the time that holds stays true */
		if (is_farewell(&rows[i]) || is_reminder_of(&rows[i], news->want))
			continue;
		*ret_unsure |= rows[i].revision > news->told && rows[i].unsure;
		if (rows[i].state == WR_NOTICE_SUPERSEDED)
			continue;
		rows[i].state = WR_NOTICE_SUPERSEDED;
		r = wr_store_notice_put(use->tx, &rows[i]);
	}
	return r;
}

static int is_in_flight(struct wr_use *use, const struct wr_news *news, bool *ret_flying)
{
	struct wr_notice_row *rows = NULL;
	size_t n = 0;
	struct wr_store_notice_filter filter = {
	    .states = WR_STORE_BIT(WR_NOTICE_SENDING),
	    .whose = WR_STORE_BIT(news->whose),
	    .who = news->who,
	    .slot = news->slot,
	    .limit = 1,
	};
	int r = wr_store_notice_list(use->tx, use->arena, &filter, &rows, &n);
	*ret_flying = n > 0;
	return r;
}

/* Nothing differs for this person: what they know of the revision told they know of this one. */
static void carry_over(struct wr_news *news)
{
	if (!news->told)
		return;
	int *const levels[] = {&news->accepted, &news->delivered, &news->fetched, &news->confirmed};
	for (size_t i = 0; i < WR_COUNT(levels); i++)
		if (*levels[i] >= news->told && *levels[i] < news->want)
			*levels[i] = news->want;
	news->told = news->want;
}

/* A change that was taken back may stand wrong in somebody's hand: then it is said once more. */
static enum wr_notice_type to_be_sure(const struct wr_hearing *h, const struct wr_news *news)
{
	if (!h->may_hear)
		return WR_NOTICE_NOTHING;
	if (wr_hearing_is_off(h))
		return WR_NOTICE_SLOT_CANCELLED;
	if (h->patient.discharged != WR_TIME_NONE)
		return WR_NOTICE_NOTHING;
	return news->told > 0 ? WR_NOTICE_SLOT_MOVED : WR_NOTICE_SLOT_PUBLISHED;
}

/* Who was told of a later time needs to hear of an earlier one even after it. */
static wr_time last_moment(const struct wr_hearing *h, const struct wr_news *news)
{
	bool told = news->told > 0 && news->told_start != WR_TIME_NONE;
	return told && news->told_start > h->slot.start ? news->told_start : h->slot.start;
}

static int compose_news(struct wr_use *use, const struct wr_hearing *h, const struct wr_news *news,
    enum wr_notice_type type)
{
	size_t n = 0;
	struct wr_composing composing = {
	    .type = type,
	    .revision = h->slot.revision,
	    .was = type == WR_NOTICE_SLOT_MOVED ? news->told_start : WR_TIME_NONE,
	    .not_after = last_moment(h, news),
	};
	if (type == WR_NOTICE_SLOT_LATE) {
		composing.late = h->late;
		composing.not_after = h->slot.start + 60 * (wr_time)h->late;
	}
	if (!h->listener.reachable)
		return 0;
	if (composing.not_after > use->now)
		return wr_compose(use, h, &composing, &n);
	return type == WR_NOTICE_SLOT_PUBLISHED
	           ? 0
	           : wr_due_ring(use, news->whose, news->who, news->slot,
			 "It is too late for a text.", NULL);
}

/* The earlier of what was told and what holds, if it is still to come. */
static wr_time first_start(
    const struct wr_use *use, const struct wr_hearing *h, const struct wr_news *news)
{
	bool told = news->told > 0 && news->told_start != WR_TIME_NONE;
	bool before = told && use->now < news->told_start && news->told_start < h->slot.start;
	return before ? news->told_start : h->slot.start;
}

/* What was due by day and could not be told then is no reason to wake somebody. */
static wr_time may_go_at(const struct wr_use *use, const struct wr_hearing *h,
    const struct wr_news *news, enum wr_notice_type type)
{
	return wr_notice_go_at(
	    use->config->reminders.quiet, h->ward->zone, type, use->now, first_start(use, h, news));
}

static int tell(struct wr_use *use, struct wr_news *news)
{
	struct wr_hearing h;
	bool flying = false, unsure = false;
	int r = is_in_flight(use, news, &flying);
	if (r || flying) {
		news->due = use->now + BEHIND_SECONDS;
		return r ? r : wr_store_news_put(use->tx, news);
	}
	r = wr_hearing_read(use, news->whose, news->who, news->slot, &h);
	if (r)
		return r;
	enum wr_notice_type type = wr_hearing_choose(&h, news, use->now);
	wr_time at = type != WR_NOTICE_NOTHING ? may_go_at(use, &h, news, type) : use->now;
	if (at > use->now) {
		news->due = at;
		return wr_store_news_put(use->tx, news);
	}
	r = replace_waiting(use, news, &unsure);
	if (r)
		return r;
	bool minor = type == WR_NOTICE_NOTHING || type == WR_NOTICE_SLOT_PEOPLE ||
	             type == WR_NOTICE_SLOT_LATE;
	if (minor && unsure && h.slot.end > use->now)
		type = to_be_sure(&h, news);
	else if (type == WR_NOTICE_NOTHING && h.may_hear)
		carry_over(news);
	if (type != WR_NOTICE_NOTHING)
		r = compose_news(use, &h, news, type);
	news->due = h.late_again;
	return r ? r : wr_store_news_put(use->tx, news);
}

static int tell_all(struct wr_use *use, struct wr_due_turn *turn)
{
	struct wr_news *news = NULL;
	size_t n = 0;
	struct wr_store_news_filter due = {.due_by = use->now, .limit = MOST_AT_ONCE};
	int r = wr_store_news_list(use->tx, use->arena, &due, &news, &n);
	for (size_t i = 0; i < n && !r; i++)
		r = tell(use, &news[i]);
	turn->progressed |= n > 0;
	return r;
}

/* ---- reminders ---- */

/* News that is still to be told says the time by itself. */
static int has_news_to_come(struct wr_use *use, const struct wr_reminder *reminder, bool *ret_news)
{
	struct wr_news news;
	int r = wr_store_news_get(
	    use->tx, use->arena, reminder->whose, reminder->who, reminder->slot, &news);
	*ret_news = r || news.due != WR_TIME_NONE;
	return r == WR_STORE_NONE ? 0 : r;
}

/* One that could not go so far says the same. */
static int is_reminded(struct wr_use *use, const struct wr_reminder *reminder, bool *ret_reminded)
{
	struct wr_notice_row *rows = NULL;
	size_t n = 0;
	struct wr_store_notice_filter filter = {
	    .states = WR_STORE_BIT(WR_NOTICE_WAITING) | WR_STORE_BIT(WR_NOTICE_SENDING),
	    .whose = WR_STORE_BIT(reminder->whose),
	    .who = reminder->who,
	    .slot = reminder->slot,
	};
	int r = wr_store_notice_list(use->tx, use->arena, &filter, &rows, &n);
	*ret_reminded = false;
	for (size_t i = 0; i < n && !r; i++)
		*ret_reminded |= wr_notice_type_find(rows[i].type) == WR_NOTICE_REMINDER_DUE;
	return r;
}

static int remind(struct wr_use *use, const struct wr_reminder *reminder)
{
	struct wr_hearing h;
	bool holds = false, news = false, reminded = false;
	const char *why = NULL;
	size_t n = 0;
	int r = wr_store_reminder_delete(
	    use->tx, reminder->whose, reminder->who, reminder->slot, reminder->before);
	if (!r)
		r = has_news_to_come(use, reminder, &news);
	if (!r)
		r = is_reminded(use, reminder, &reminded);
	if (!r)
		r = wr_hearing_read(use, reminder->whose, reminder->who, reminder->slot, &h);
	if (r || news || reminded || h.slot.start <= use->now)
		return r;
	struct wr_notice_row row = {
	    .type = wr_notice_type_name(WR_NOTICE_REMINDER_DUE),
	    .whose = reminder->whose,
	    .who = reminder->who,
	    .slot = reminder->slot,
	    .revision = h.slot.revision,
	};
	r = wr_notice_still_holds(use, &row, &h, &holds, &why);
	if (r || !holds)
		return r;
	struct wr_composing composing = {
	    .type = WR_NOTICE_REMINDER_DUE,
	    .revision = h.slot.revision,
	    .was = WR_TIME_NONE,
	    .not_after = h.slot.start,
	};
	return wr_compose(use, &h, &composing, &n);
}

static int remind_all(struct wr_use *use, struct wr_due_turn *turn)
{
	struct wr_reminder *reminders = NULL;
	size_t n = 0;
	struct wr_store_reminder_filter due = {.due_by = use->now, .limit = MOST_AT_ONCE};
	int r = wr_store_reminder_list(use->tx, use->arena, &due, &reminders, &n);
	for (size_t i = 0; i < n && !r; i++)
		r = remind(use, &reminders[i]);
	turn->progressed |= n > 0;
	return r;
}

/* ---- leasing ---- */

void wr_lease_free(struct wr_lease *lease)
{
	if (!lease)
		return;
	wr_arena_deinit(&lease->arena);
	free(lease);
}

/* One notice says one thing: when this one has arrived and more is left, it is due at once. */
static void fill_told(const struct wr_use *use, const struct wr_hearing *h,
    const struct wr_notice_row *row, struct wr_lease *lease)
{
	if (!row->slot || row->revision == 0 || !h->may_hear)
		return;
	lease->told = (struct wr_news){
	    .whose = row->whose,
	    .who = wr_arena_strdup(&lease->arena, row->who),
	    .slot = wr_arena_strdup(&lease->arena, row->slot),
	    .told = row->revision,
	    .told_state = h->slot.state,
	    .told_start = h->slot.start,
	    .told_end = h->slot.end,
	    .told_place = wr_arena_strdup(&lease->arena, h->place),
	    .told_joining = wr_arena_strdup(&lease->arena, h->joining),
	    .told_people = wr_arena_strdup(&lease->arena, h->people),
	    .told_late = row->late,
	    .due = WR_TIME_NONE,
	};
	if (wr_hearing_choose(h, &lease->told, use->now) != WR_NOTICE_NOTHING)
		lease->told.due = use->now;
}

/* From here on it may have arrived, until an answer says otherwise. */
static int lease(struct wr_use *use, struct wr_due_turn *turn,
    const struct wr_config_webhook *webhook, struct wr_notice_row *row,
    const struct wr_hearing *hearing)
{
	struct wr_lease *one = wr_alloc(1, sizeof(*one));
	one->next = turn->leases;
	turn->leases = one;
	one->webhook = webhook;
	one->id = wr_arena_strdup(&one->arena, row->id);
	one->body = wr_seal_open(&one->arena, use->ground->key, row, row->body ? row->body : "");
	one->not_after = row->not_after;
	one->again = row->tries > 0;
	one->unsure = row->unsure;
	fill_told(use, hearing, row, one);
	row->state = WR_NOTICE_SENDING;
	row->tries++;
	row->unsure = true;
	return wr_store_notice_step(use->tx, row);
}

static int end_unsent(
    struct wr_use *use, struct wr_notice_row *row, enum wr_notice_state state, const char *why)
{
	row->state = state;
	if (!row->tries) /* how the last try went stays known */
		row->error = why;
	int r = wr_store_notice_step(use->tx, row);
	return r || state != WR_NOTICE_EXPIRED
	           ? r
	           : wr_due_give_up(use, row, "No notice got there in time.");
}

static int postpone(struct wr_use *use, struct wr_notice_row *row, int seconds)
{
	row->next_try = use->now + seconds;
	if (row->not_after != WR_TIME_NONE && row->next_try > row->not_after)
		row->next_try = row->not_after + 1;
	return wr_store_notice_step(use->tx, row);
}

static bool is_late(const struct wr_use *use, const struct wr_notice_row *row)
{
	return row->not_after != WR_TIME_NONE && row->not_after < use->now;
}

/* Lease it, end it, or let it wait. */
static int take(struct wr_use *use, struct wr_due_turn *turn,
    const struct wr_config_webhook *webhook, struct wr_notice_row *row)
{
	struct wr_hearing hearing;
	bool holds = false;
	wr_time behind = WR_TIME_NONE;
	const char *why = NULL;
	turn->progressed = true;
	if (is_late(use, row))
		return end_unsent(use, row, WR_NOTICE_EXPIRED, row->error);
	int r = wr_notice_still_holds(use, row, &hearing, &holds, &why);
	if (r)
		return r;
	if (!holds)
		return end_unsent(use, row, WR_NOTICE_SUPERSEDED, why);
	if (!webhook)
		return postpone(use, row, AWAY_SECONDS);
	wr_time at = use->now;
	r = wr_notice_waits_until(use, row, &hearing, &at);
	if (r || at > use->now)
		return r ? r : postpone(use, row, (int)(at - use->now));
	if (row->slot)
		r = wr_store_notice_is_behind(use->tx, row, use->now + BEHIND_SECONDS, &behind);
	if (r || behind != WR_TIME_NONE)
		return r ? r : postpone(use, row, (int)(behind - use->now));
	return lease(use, turn, webhook, row, &hearing);
}

static int take_lane(struct wr_use *use, struct wr_due_turn *turn,
    const struct wr_config_webhook *webhook, const struct wr_store_lane *lane)
{
	struct wr_notice_row *rows = NULL;
	size_t n = 0;
	if (!lane->limit)
		return 0;
	int r = wr_store_notice_lane(use->tx, use->arena, lane, &rows, &n);
	for (size_t i = 0; i < n && !r; i++)
		r = take(use, turn, webhook, &rows[i]);
	return r;
}

/* What was never tried: half from the newest end, then from the oldest, then what was tried. */
static int take_room(struct wr_use *use, struct wr_due_turn *turn,
    const struct wr_config_webhook *webhook, const struct wr_due_lane *room)
{
	struct wr_store_lane lane = {
	    .endpoint = webhook->id, .now = use->now, .newest = true, .limit = room->fresh / 2};
	int r = take_lane(use, turn, webhook, &lane);
	lane.newest = false;
	lane.limit = room->fresh - room->fresh / 2;
	if (!r)
		r = take_lane(use, turn, webhook, &lane);
	bool found = room->probe && turn->leases && turn->leases->webhook == webhook;
	lane.again = true;
	lane.limit = found ? 0 : room->again;
	return r ? r : take_lane(use, turn, webhook, &lane);
}

/* Without leasing anything: of all that is due, or only of what has become too late. */
static int look_at(struct wr_use *use, struct wr_due_turn *turn, const char *endpoint, bool late)
{
	struct wr_store_lane lane = {
	    .endpoint = endpoint, .now = use->now, .late = late, .limit = MOST_AT_ONCE};
	int r = take_lane(use, turn, NULL, &lane);
	lane.again = true;
	return r ? r : take_lane(use, turn, NULL, &lane);
}

static int take_for(struct wr_use *use, struct wr_due_turn *turn, size_t at)
{
	const struct wr_config_webhook *webhook = &use->config->webhooks[at];
	const struct wr_due_lane *lane = &turn->lanes[at];
	bool off = false;
	int r = wr_webhook_is_off(use, webhook->id, &off);
	if (r)
		return r;
	if (off)
		return look_at(use, turn, webhook->id, false);
	if (lane->shut)
		return turn->rarely ? look_at(use, turn, webhook->id, true) : 0;
	return take_room(use, turn, webhook, lane);
}

/* Notices of endpoints that are no longer configured wait too: the section may come back. */
static int look_at_strays(struct wr_use *use, struct wr_due_turn *turn)
{
	const char **names = NULL;
	size_t n = 0;
	int r = wr_store_notice_endpoints(use->tx, use->arena, &names, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (!wr_config_find_webhook(use->config, names[i]))
			r = look_at(use, turn, names[i], false);
	return r;
}

/* They were put in front one by one. */
static void turn_round(struct wr_due_turn *turn)
{
	struct wr_lease *round = NULL, *next;
	for (struct wr_lease *lease = turn->leases; lease; lease = next) {
		next = lease->next;
		lease->next = round;
		round = lease;
	}
	turn->leases = round;
}

static int turn_all(struct wr_use *use, struct wr_due_turn *turn)
{
	int r = 0;
	for (size_t i = 0; i < turn->n_results && !r; i++)
		r = wr_due_outcome(use, turn->results[i].lease, turn->results[i].result);
	turn->progressed = turn->n_results > 0;
	if (r || turn->only_results)
		return r;
	r = tell_all(use, turn);
	if (!r)
		r = remind_all(use, turn);
	if (!r && turn->rarely)
		r = look_at_strays(use, turn);
	for (size_t i = 0; i < use->config->n_webhooks && !r; i++)
		r = take_for(use, turn, i);
	turn_round(turn);
	return r;
}

int wr_due_turn(struct wr_use *use, struct wr_due_turn *turn)
{
	struct wr_hearing_memo memo = {0};
	use->memo = &memo;
	int r = turn_all(use, turn);
	use->memo = NULL;
	return r;
}
