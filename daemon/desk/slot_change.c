#include "desk/slot_change.h"

#include "desk/promises.h"
#include "desk/question.h"
#include "desk/tell.h"

/* ---- in words ---- */

const char *wr_slot_when(struct wr_use *use, const struct wr_slot *slot)
{
	char day[WR_TIME_TEXT], clock[WR_TIME_TEXT];
	const struct wr_config_ward *ward = wr_config_find_ward(use->config, slot->ward);
	if (!ward)
		return wr_arena_strdup(use->arena, wr_time_utc(slot->start, day));
	struct wr_wall wall = wr_zone_wall(ward->zone, slot->start);
	return wr_arena_printf(
	    use->arena, "%s %s", wr_day_short(wall.day, day), wr_clock_text(wall.minute, clock));
}

static const char *in_words(struct wr_use *use, const struct wr_slot *slot)
{
	return wr_arena_printf(use->arena, "%s, %s, %s, %s", wr_slot_when(use, slot), slot->room,
	    slot->consultant, wr_word(&wr_words_state, (int)slot->state));
}

/* ---- sessions and places ---- */

int wr_slot_sessions_alone(struct wr_use *use, const struct wr_config_ward *ward,
    struct wr_week week, struct wr_session **ret_sessions, size_t *ret_n)
{
	wr_day monday = wr_week_monday(week);
	struct wr_session_change *changes = NULL;
	struct wr_away *aways = NULL;
	size_t n_changes = 0, n_aways = 0;
	struct wr_store_away_filter filter = {
	    .whose = WR_STORE_BIT(WR_WHOSE_CONSULTANT) | WR_STORE_BIT(WR_WHOSE_ROOM),
	    .from = wr_zone_at_or_after(ward->zone, monday, 0),
	    .to = wr_zone_at_or_after(ward->zone, monday + 7, 0),
	};
	int r = wr_store_session_change_list(
	    use->tx, use->arena, ward->id, monday, monday + 7, &changes, &n_changes);
	if (!r)
		r = wr_store_away_list(use->tx, use->arena, &filter, &aways, &n_aways);
	if (r)
		return r;
	struct wr_session_source source = {
	    .config = use->config,
	    .ward = ward,
	    .changes = changes,
	    .n_changes = n_changes,
	    .aways = aways,
	    .n_aways = n_aways,
	};
	wr_session_list(use->arena, &source, monday, monday + 6, use->now, ret_sessions, ret_n);
	return 0;
}

int wr_slot_sessions(struct wr_use *use, const struct wr_config_ward *ward, struct wr_week week,
    struct wr_session **ret_sessions, size_t *ret_n)
{
	int r = wr_slot_sessions_alone(use, ward, week, ret_sessions, ret_n);
	if (r || !wr_session_may_yield(*ret_sessions, *ret_n))
		return r;
	for (size_t w = 0; w < use->config->n_wards && !r; w++) {
		struct wr_session *others = NULL;
		size_t n = 0;
		if (&use->config->wards[w] == ward)
			continue;
		r = wr_slot_sessions_alone(use, &use->config->wards[w], week, &others, &n);
		const struct wr_session_elsewhere elsewhere = {
		    others, n, &use->config->wards[w] < ward};
		if (!r)
			wr_session_yield(use->arena, *ret_sessions, *ret_n, &elsewhere);
	}
	return r;
}

bool wr_slot_sessions_overlap(const struct wr_session *a, const struct wr_session *b)
{
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++)
			if (a->cells[i].start < b->cells[k].until &&
			    b->cells[k].start < a->cells[i].until)
				return true;
	return false;
}

void wr_slot_place(struct wr_slot *slot, const struct wr_session *session, size_t first)
{
	const struct wr_session_cell *cell = &session->cells[first];
	const struct wr_session_cell *last = &session->cells[first + (size_t)slot->cells - 1];
	slot->session = session->id;
	slot->consultant = session->consultant;
	slot->room = session->room;
	slot->cell = (int)first;
	slot->start = cell->start;
	slot->end = last->end;
	slot->until = last->until;
	slot->join = cell->join;
}

/* ---- who can attend ---- */

struct asking {
	struct wr_use *use;
	const struct wr_slot *slot;
	const char *other;
	int weekday, from, to; /* of the slot, on the wall clock */
};

/* Free times of all rows of one person, or true when nobody has said any. */
static int is_free(struct asking *a, const struct wr_support *support, bool *ret_free)
{
	struct wr_free *free = NULL;
	size_t n = 0;
	struct wr_store_support_filter filter = {.person = support->person};
	*ret_free = !support->free_said;
	int r = wr_store_free_list(a->use->tx, a->use->arena, &filter, &free, &n);
	int reached = a->from;
	for (bool grew = true; grew && !r && !*ret_free;) {
		grew = false;
		for (size_t i = 0; i < n; i++) {
			if (free[i].weekday != a->weekday || free[i].from > reached ||
			    free[i].to <= reached)
				continue;
			reached = free[i].to;
			grew = true;
		}
		*ret_free = reached >= a->to;
	}
	return r;
}

static int is_away(struct asking *a, const struct wr_support *support, bool *ret_away)
{
	struct wr_support *rows = NULL;
	struct wr_away *aways = NULL;
	size_t n = 0, n_aways = 0;
	struct wr_store_support_filter filter = {.person = support->person};
	*ret_away = false;
	int r = wr_store_support_list(a->use->tx, a->use->arena, &filter, &rows, &n);
	for (size_t i = 0; i < n && !r && !*ret_away; i++) {
		struct wr_store_away_filter away = {
		    .whose = WR_STORE_BIT(WR_WHOSE_SUPPORT),
		    .who = rows[i].ref,
		    .from = a->slot->start,
		    .to = a->slot->end,
		};
		r = wr_store_away_list(a->use->tx, a->use->arena, &away, &aways, &n_aways);
		*ret_away = n_aways > 0;
	}
	return r;
}

static int is_elsewhere(struct asking *a, const struct wr_support *support, bool *ret_elsewhere)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .person = support->person,
	    .from = a->slot->start - 86400,
	    .to = a->slot->until,
	    .states = WR_STORE_LIVE,
	};
	*ret_elsewhere = false;
	int r = wr_store_slot_list(a->use->tx, a->use->arena, &filter, &slots, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (slots[i].until > a->slot->start && !wr_text_equal(slots[i].ref, a->slot->ref) &&
		    !wr_text_equal(slots[i].ref, a->other))
			*ret_elsewhere = true;
	return r;
}

static int can_attend(struct asking *a, const struct wr_support *support, bool *ret_can)
{
	bool free = false, away = false, elsewhere = false;
	int r = is_free(a, support, &free);
	if (!r)
		r = is_away(a, support, &away);
	if (!r)
		r = is_elsewhere(a, support, &elsewhere);
	*ret_can = free && !away && !elsewhere;
	return r;
}

int wr_slot_attendees(struct wr_use *use, const struct wr_slot *slot, const char *other,
    struct wr_attendee **ret_attendees, size_t *ret_n)
{
	const struct wr_config_ward *ward;
	struct wr_patient patient;
	struct wr_support *supports = NULL;
	size_t n = 0;
	*ret_n = 0;
	int r = wr_use_ward_of(use, slot->ward, &ward);
	if (!r)
		r = wr_use_patient(use, slot->patient, &patient);
	struct wr_store_support_filter filter = {.patient = slot->patient};
	if (!r)
		r = wr_store_support_list(use->tx, use->arena, &filter, &supports, &n);
	if (r)
		return r;
	struct wr_wall start = wr_zone_wall(ward->zone, slot->start);
	struct asking asking = {
	    .use = use,
	    .slot = slot,
	    .other = other,
	    .weekday = wr_day_weekday(start.day),
	    .from = start.minute,
	    .to = start.minute + (int)((slot->end - slot->start) / 60),
	};
	*ret_attendees = wr_arena_new(use->arena, struct wr_attendee, n + 1);
	for (size_t i = 0; i < n && !r; i++) {
		bool can = false;
		if (!wr_support_is_told(&supports[i], &patient))
			continue;
		r = can_attend(&asking, &supports[i], &can);
		if (can)
			(*ret_attendees)[(*ret_n)++] = (struct wr_attendee){
			    .slot = slot->ref,
			    .support = supports[i].ref,
			    .person = supports[i].person,
			};
	}
	return r;
}

/* ---- writing ---- */

static bool is_public(enum wr_state state)
{
	return state != WR_STATE_DRAFT;
}

static bool counts_as(enum wr_state state, enum wr_state other)
{
	bool on =
	    state == WR_STATE_PUBLISHED || state == WR_STATE_STARTED || state == WR_STATE_HELD;
	bool on_other =
	    other == WR_STATE_PUBLISHED || other == WR_STATE_STARTED || other == WR_STATE_HELD;
	return state == other || (on && on_other);
}

/* Whether people are told something else than before. */
static bool is_news(const struct wr_slot *before, const struct wr_slot *slot)
{
	if (!is_public(slot->state))
		return false;
	if (!before || !is_public(before->state))
		return true;
	return before->start != slot->start || before->end != slot->end ||
	       !wr_text_equal(before->room, slot->room) ||
	       !wr_text_equal(before->join, slot->join) || !counts_as(before->state, slot->state);
}

static int refuse_conflict(
    struct wr_use *use, const struct wr_slot *slot, const struct wr_store_conflict *conflict)
{
	return wr_refuse(use, "see `wardctl slot list`, then choose another time",
	    "%s %s is taken by slot %s at the time of slot %s (%s)",
	    wr_word(&wr_words_whose, (int)conflict->what), conflict->who, conflict->slot, slot->ref,
	    wr_slot_when(use, slot));
}

/* Whether others come to a slot that people know of and that is still to come. */
static int people_change(struct wr_use *use, const struct wr_slot *before,
    const struct wr_slot *slot, const struct wr_attendee *attendees, size_t n, bool *ret_change)
{
	struct wr_attendee *was = NULL;
	size_t n_was = 0, same = 0;
	*ret_change = false;
	if (!attendees || !before || before->state != WR_STATE_PUBLISHED ||
	    slot->state != WR_STATE_PUBLISHED || slot->start <= use->now)
		return 0;
	int r = wr_store_attendee_list_of(use->tx, use->arena, before->ref, &was, &n_was);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n_was; k++)
			same += wr_text_equal(attendees[i].support, was[k].support);
	*ret_change = !r && (same != n || same != n_was);
	return r;
}

/* Moved by a person: later than promised is said, as the planner says it of its own. */
static int mark_late(struct wr_use *use, struct wr_slot *slot)
{
	struct wr_patient patient;
	const struct wr_config_ward *ward;
	wr_time due = WR_TIME_NONE;
	int r = wr_use_ward_of(use, slot->ward, &ward);
	if (!r)
		r = wr_use_patient(use, slot->patient, &patient);
	if (!r)
		r = wr_promise_due(use, ward, &patient, &due);
	slot->late = !r && slot->start >= due;
	slot->late_why = !slot->late
	                     ? NULL
	                     : wr_arena_printf(use->arena, "moved: %s",
				   wr_text_empty(slot->reason) ? "no reason given" : slot->reason);
	return r;
}

int wr_slot_change(struct wr_use *use, const struct wr_slot *before, struct wr_slot *slot,
    const struct wr_attendee *attendees, size_t n)
{
	struct wr_store_conflict conflict = {0};
	bool news = is_news(before, slot), others = false;
	bool promised = before && is_public(before->state);
	if (news) {
		slot->revision = promised ? before->revision + 1 : 1;
		slot->changed = use->now;
		if (!promised)
			slot->published = use->now;
		if (promised && before->start != slot->start)
			slot->was_start = before->start;
		if (promised)
			wr_use_needs_yes(use);
	}
	int r = people_change(use, before, slot, attendees, n, &others);
	if (!r && promised && before->start != slot->start)
		r = mark_late(use, slot);
	if (!r)
		r = wr_store_slot_put(use->tx, use->arena, slot, attendees, n, &conflict);
	if (r == WR_STORE_DOUBLE)
		return refuse_conflict(use, slot, &conflict);
	if (r == WR_STORE_EXISTS)
		return wr_refuse(use, "cancel or move the other one",
		    "patient %s has another slot in that week", slot->patient);
	if (r)
		return wr_use_stored(use, r, "slot");
	wr_use_change(use, wr_arena_printf(use->arena, "slot %s (%s)", slot->ref, slot->patient),
	    before ? in_words(use, before) : NULL, in_words(use, slot));
	if (is_public(slot->state)) {
		wr_use_touch(use, slot->patient);
		wr_use_touch_ward(use, slot->ward);
	}
	r = wr_store_generation_bump(use->tx, WR_WHOSE_WARD, slot->ward);
	if (!r)
		r = wr_question_follow(use, before, slot);
	if (!r && news)
		r = wr_tell_slot(use, before, slot);
	else if (!r && others)
		r = wr_tell_people(use, slot);
	if (r)
		return r;
	return wr_use_audit(use, wr_arena_printf(use->arena, "slot:%s", slot->ref), slot->patient,
	    before ? wr_json_slot(use, before) : NULL, wr_json_slot(use, slot));
}
