/*
 * Making an instance, in this order: the patients who are to be seen, the sessions less the cells
 * of everybody else, what each patient may and would like to have, and the persons who come
 * (people.c).
 */
#include "wardround/instance.h"

#include <stdlib.h>
#include <string.h>

#include "maker.h"

#define LOOKUP(maker, name, rows, type, key)                                                       \
	wr_lookup_init(&(maker)->name, (maker)->arena, (maker)->source->rows,                      \
	    (maker)->source->n_##rows, sizeof(struct type), offsetof(struct type, key))

/* ---- who is to be seen ---- */

static bool is_of_week(const struct maker *maker, const struct wr_slot *slot)
{
	return wr_week_equal(slot->week, maker->source->week);
}

/* The slot of this week that says most about the patient: being seen or seen, then to come, then
 * the last one that fell out. */
static const struct wr_slot *slot_of_week(const struct maker *maker, const char *patient)
{
	static const int rank[] = {[WR_STATE_DRAFT] = 2,
	    [WR_STATE_PUBLISHED] = 3,
	    [WR_STATE_STARTED] = 4,
	    [WR_STATE_HELD] = 5,
	    [WR_STATE_CANCELLED] = 1,
	    [WR_STATE_MISSED] = 1};
	const struct wr_slot *best = NULL;
	struct lookup_range range = wr_lookup_all(&maker->slots_of, patient);
	for (size_t i = 0; i < range.n; i++) {
		const struct wr_slot *slot = &maker->source->slots[range.entries[i].row];
		if (!is_of_week(maker, slot))
			continue;
		if (!best || rank[slot->state] > rank[best->state] ||
		    (rank[slot->state] == rank[best->state] && slot->changed > best->changed))
			best = slot;
	}
	return best;
}

static void leave_out(struct maker *maker, const struct wr_patient *patient,
    enum wr_instance_left_why why, const struct wr_slot *slot)
{
	struct wr_instance *instance = maker->instance;
	instance->left[instance->n_left++] = (struct wr_instance_left){patient, why, slot};
}

static const struct wr_instance_ward *ward_of(const struct maker *maker, const char *id)
{
	for (size_t i = 0; i < maker->source->n_wards; i++)
		if (wr_text_equal(maker->source->wards[i].ward->id, id))
			return &maker->source->wards[i];
	return NULL;
}

static void choose_patient(struct maker *maker, const struct wr_patient *patient)
{
	const struct wr_instance_ward *ward = ward_of(maker, patient->ward);
	enum wr_status status = wr_patient_status(patient, maker->source->now);
	if (!ward || status == WR_STATUS_DISCHARGED ||
	    patient->admitted >= wr_zone_at_or_after(ward->ward->zone, maker->monday + 7, 0))
		return;
	const struct wr_slot *slot = slot_of_week(maker, patient->ref);
	enum wr_state state = slot ? slot->state : WR_STATE_DRAFT;
	if (state == WR_STATE_STARTED || state == WR_STATE_HELD) {
		leave_out(maker, patient, WR_INSTANCE_SEEN, slot);
	} else if (status == WR_STATUS_HELD) {
		leave_out(maker, patient, WR_INSTANCE_HELD, NULL);
	} else if (wr_state_is_off(state) && slot->why != WR_WHY_NONE &&
		   !wr_why_plans_again(slot->why)) {
		leave_out(maker, patient, WR_INSTANCE_LAPSED, slot);
	} else {
		struct wr_instance *instance = maker->instance;
		bool live = state == WR_STATE_DRAFT || state == WR_STATE_PUBLISHED;
		instance->patients[instance->plan.n_patients++] = (struct wr_instance_patient){
		    .patient = patient, .ward = ward->ward, .slot = live ? slot : NULL};
	}
}

/* ---- sessions ---- */

static bool cell_is_taken(
    const struct maker *maker, const struct wr_session *session, const struct wr_session_cell *cell)
{
	struct lookup_range range = wr_lookup_all(&maker->sessions_at, session->id);
	for (size_t i = 0; i < range.n; i++) {
		const struct wr_slot *slot = &maker->source->slots[range.entries[i].row];
		if (wr_maker_takes_time(slot) && slot->start < cell->until &&
		    cell->start < slot->until && !wr_maker_has_patient(maker, slot->patient))
			return true;
	}
	return false;
}

static void add_session(
    struct maker *maker, const struct wr_instance_ward *ward, const struct wr_session *session)
{
	struct wr_instance *instance = maker->instance;
	int64_t day = (int64_t)(session->day - maker->monday) * WR_MINUTES_A_DAY;
	int64_t *starts = wr_arena_new(maker->arena, int64_t, session->n ? session->n : 1);
	int64_t *kept = wr_arena_new(maker->arena, int64_t, session->n ? session->n : 1);
	size_t *cells = wr_arena_new(maker->arena, size_t, session->n ? session->n : 1);
	size_t n = 0, n_kept = 0;
	for (size_t i = 0; i < session->n; i++) {
		int64_t start = day + session->cells[i].minute;
		if (start + session->slot > WR_PLAN_WEEK ||
		    cell_is_taken(maker, session, &session->cells[i]))
			continue;
		if (session->cells[i].kept)
			kept[n_kept++] = (int64_t)n;
		cells[n] = i;
		starts[n++] = start;
	}
	if (n == 0)
		return;
	size_t at = instance->plan.n_sessions++;
	instance->plan.sessions[at] = (struct wr_plan_session){.id = session->id,
	    .ward = session->ward,
	    .consultant = session->consultant,
	    .cell = session->slot,
	    .starts = starts,
	    .n_starts = n,
	    .kept = kept,
	    .n_kept = n_kept};
	instance->sessions[at] = (struct wr_instance_session){session, ward->ward, cells};
}

static void add_sessions(struct maker *maker)
{
	size_t n = 0;
	for (size_t i = 0; i < maker->source->n_wards; i++)
		n += maker->source->wards[i].n_sessions;
	struct wr_instance *instance = maker->instance;
	instance->plan.sessions = wr_arena_new(maker->arena, struct wr_plan_session, n ? n : 1);
	instance->sessions = wr_arena_new(maker->arena, struct wr_instance_session, n ? n : 1);
	for (size_t i = 0; i < maker->source->n_wards; i++) {
		const struct wr_instance_ward *ward = &maker->source->wards[i];
		for (size_t j = 0; j < ward->n_sessions; j++) {
			const struct wr_session *session = &ward->sessions[j];
			if (session->state == WR_SESSION_PLANNED && session->day >= maker->monday &&
			    session->day < maker->monday + 7)
				add_session(maker, ward, session);
		}
	}
}

/* ---- what is due, and what was usual ---- */

struct past {                       /* of one patient */
	wr_time base;               /* last seen, or to be seen before this week; NONE: never */
	const struct wr_slot *last; /* the slot of it; NULL when it was before the data began */
	int turn;
};

static int newest_first(const void *a, const void *b)
{
	const struct wr_slot *left = *(const struct wr_slot *const *)a;
	const struct wr_slot *right = *(const struct wr_slot *const *)b;
	return left->start > right->start ? -1 : left->start < right->start;
}

static int turn_of(const struct maker *maker, const struct lookup_range *held)
{
	const struct wr_slot **slots = wr_alloc(held->n, sizeof(*slots));
	for (size_t i = 0; i < held->n; i++)
		slots[i] = &maker->source->held[held->entries[i].row];
	qsort(slots, held->n, sizeof(*slots), newest_first);
	int turn = 0;
	for (size_t i = 0; i < held->n && i < 3; i++)
		turn += slots[i]->last_of_session;
	free(slots);
	return turn;
}

static void look_at(struct past *past, const struct wr_slot *slot)
{
	if (!past->last || slot->start > past->last->start)
		past->last = slot;
}

static struct past past_of(const struct maker *maker, const struct wr_patient *patient)
{
	struct past past = {.base = patient->last_seen};
	struct lookup_range held = wr_lookup_all(&maker->held_of, patient->ref);
	struct lookup_range slots = wr_lookup_all(&maker->slots_of, patient->ref);
	for (size_t i = 0; i < held.n; i++) {
		const struct wr_slot *slot = &maker->source->held[held.entries[i].row];
		if (slot->state == WR_STATE_HELD)
			look_at(&past, slot);
	}
	for (size_t i = 0; i < slots.n; i++) {
		const struct wr_slot *slot = &maker->source->slots[slots.entries[i].row];
		bool to_come =
		    slot->state == WR_STATE_STARTED ||
		    (slot->state == WR_STATE_PUBLISHED && slot->until > maker->source->now);
		if (to_come && wr_week_monday(slot->week) < maker->monday)
			look_at(&past, slot);
	}
	past.turn = turn_of(maker, &held);
	if (past.last && past.last->start > past.base)
		past.base = past.last->start;
	return past;
}

static wr_time due_of(const struct wr_instance_patient *of, const struct past *past)
{
	const struct wr_config_ward *ward = of->ward;
	if (past->base == WR_TIME_NONE)
		return wr_time_shift(ward->zone, of->patient->admitted, ward->first_slot_within);
	if (ward->slot_every.unit != WR_UNIT_DAYS)
		return wr_time_shift(ward->zone, past->base, ward->slot_every);
	wr_day day = wr_zone_day(ward->zone, past->base) + (wr_day)ward->slot_every.amount;
	return wr_zone_at_or_after(ward->zone, day + 1, 0);
}

static void set_past(
    struct maker *maker, struct wr_instance_patient *of, struct wr_plan_patient *planned)
{
	struct past past = past_of(maker, of->patient);
	const struct wr_zone *zone = of->ward->zone;
	wr_time monday = wr_zone_at_or_after(zone, maker->monday, 0);
	wr_time begins = maker->source->now > monday ? maker->source->now : monday;
	of->due = due_of(of, &past);
	planned->is_new = past.base == WR_TIME_NONE;
	planned->priority = of->due < begins ? 3 : planned->is_new ? 2 : 1;
	planned->has_due = true;
	planned->due = wr_maker_minute(maker, zone, of->due, false);
	planned->turn = past.turn;
	if (past.last) {
		struct wr_wall wall = wr_zone_wall(zone, past.last->start);
		planned->has_usual = true;
		planned->usual_day = wr_day_weekday(wall.day);
		planned->usual_minute = wall.minute;
	}
}

/* ---- the place that was published ---- */

static const char *gone_session(struct wr_arena *arena, const char *id)
{
	return wr_arena_printf(arena, "%s/gone", id);
}

/* The plan's number of the cell where the slot starts, if the whole slot still fits there. */
static bool find_place(const struct wr_instance *instance, const char *ward,
    const struct wr_slot *slot, size_t *ret_session, size_t *ret_cell)
{
	size_t cells = (size_t)slot->cells;
	for (size_t i = 0; i < instance->plan.n_sessions; i++) {
		const struct wr_instance_session *of = &instance->sessions[i];
		if (!wr_text_equal(of->session->id, slot->session) ||
		    !wr_text_equal(of->session->ward, ward))
			continue;
		size_t n = instance->plan.sessions[i].n_starts;
		for (size_t j = 0; j < n; j++) {
			if (of->session->cells[of->cells[j]].start != slot->start)
				continue;
			*ret_session = i;
			*ret_cell = j;
			return j + cells <= n &&
			       of->cells[j + cells - 1] == of->cells[j] + cells - 1 &&
			       wr_session_fit(of->session, of->cells[j]) >= cells;
		}
	}
	return false;
}

static int64_t whole_days(const struct maker *maker, const struct wr_zone *zone, wr_time until)
{
	int64_t minutes = wr_maker_minute(maker, zone, until, false) -
	                  wr_maker_minute(maker, zone, maker->source->now, true);
	return minutes > 0 ? minutes / WR_MINUTES_A_DAY : 0;
}

static void set_published(
    struct maker *maker, const struct wr_instance_patient *of, struct wr_plan_patient *planned)
{
	const struct wr_slot *slot = of->slot;
	if (!slot || (slot->state == WR_STATE_DRAFT && !slot->locked))
		return;
	const struct wr_zone *zone = of->ward->zone;
	size_t session, cell;
	bool there = find_place(maker->instance, planned->ward, slot, &session, &cell);
	wr_time notice = wr_time_shift(zone, maker->source->now, of->ward->notice);
	if (slot->state == WR_STATE_PUBLISHED) {
		int64_t move = 800 - 150 * whole_days(maker, zone, slot->start);
		planned->published_move = move > 200 ? move : 200;
		planned->published =
		    there ? slot->session : gone_session(maker->arena, slot->session);
		planned->published_cell = there ? (int64_t)cell : 0;
	}
	if (there && (slot->locked || slot->start < notice)) {
		planned->fixed = slot->session;
		planned->fixed_cell = (int64_t)cell;
		planned->slots =
		    slot->cells; /* a longer need waits until the place is free to change */
	}
}

/* ---- the patients ---- */

static enum wr_plan_prefers preference(enum wr_prefers prefers)
{
	switch (prefers) {
	case WR_PREFERS_MORNING:
		return WR_PLAN_MORNING;
	case WR_PREFERS_AFTERNOON:
		return WR_PLAN_AFTERNOON;
	case WR_PREFERS_NONE:
		break;
	}
	return WR_PLAN_ANY_TIME;
}

static int64_t not_before(const struct maker *maker, const struct wr_instance_patient *of)
{
	wr_time from = maker->source->now + 60 * WR_INSTANCE_LEAD;
	if (of->patient->admitted > from)
		from = of->patient->admitted;
	int64_t minute = wr_maker_minute(maker, of->ward->zone, from, true);
	if (minute < 0)
		return 0;
	return minute < WR_PLAN_WEEK ? minute : WR_PLAN_WEEK;
}

static void set_patient(struct maker *maker, size_t at)
{
	struct wr_instance_patient *of = &maker->instance->patients[at];
	struct wr_plan_patient *planned = &maker->instance->plan.patients[at];
	struct spans away = {0};
	*planned = (struct wr_plan_patient)WR_PLAN_PATIENT_INIT;
	planned->id = of->patient->ref;
	planned->ward = of->patient->ward;
	planned->consultant = of->patient->consultant;
	planned->slots = of->patient->slots > 0 ? of->patient->slots : 1;
	planned->prefers = preference(of->patient->prefers);
	planned->not_before = not_before(maker, of);
	wr_maker_add_aways(maker, &away, of->ward->zone, WR_WHOSE_PATIENT, of->patient->ref);
	planned->away = wr_maker_keep_spans(maker, &away, &planned->n_away);
	set_past(maker, of, planned);
	set_published(maker, of, planned);
	wr_maker_set_supports(maker, of, planned);
}

static void look_up(struct maker *maker)
{
	LOOKUP(maker, patients, patients, wr_patient, ref);
	LOOKUP(maker, supports_of, supports, wr_support, patient);
	LOOKUP(maker, rows_of, supports, wr_support, person);
	LOOKUP(maker, free_of, free, wr_free, support);
	LOOKUP(maker, away_of, aways, wr_away, who);
	LOOKUP(maker, held_of, held, wr_slot, patient);
	LOOKUP(maker, slots_of, slots, wr_slot, patient);
	LOOKUP(maker, sessions_at, slots, wr_slot, session);
	LOOKUP(maker, slot_refs, slots, wr_slot, ref);
	LOOKUP(maker, attended_by, attendees, wr_attendee, person);
	LOOKUP(maker, replies_of, replies, wr_reply, support);
}

static void add_patients(struct maker *maker)
{
	struct wr_instance *instance = maker->instance;
	size_t most = maker->source->n_patients ? maker->source->n_patients : 1;
	instance->patients = wr_arena_new(maker->arena, struct wr_instance_patient, most);
	instance->plan.patients = wr_arena_new(maker->arena, struct wr_plan_patient, most);
	instance->left = wr_arena_new(maker->arena, struct wr_instance_left, most);
	for (size_t i = 0; i < maker->source->n_patients; i++)
		choose_patient(maker, &maker->source->patients[i]);
	const char **refs = wr_arena_new(maker->arena, const char *, most);
	for (size_t i = 0; i < instance->plan.n_patients; i++)
		refs[i] = instance->patients[i].patient->ref;
	wr_lookup_init(
	    &maker->in_instance, maker->arena, refs, instance->plan.n_patients, sizeof(*refs), 0);
}

void wr_instance_make(struct wr_arena *arena, const struct wr_instance_source *source,
    struct wr_instance **ret_instance)
{
	char text[WR_TIME_TEXT];
	struct maker maker = {.arena = arena, .source = source};
	maker.monday = wr_week_monday(source->week);
	maker.instance = wr_arena_new(arena, struct wr_instance, 1);
	maker.instance->source = source;
	maker.instance->monday = maker.monday;
	maker.instance->plan.origin = wr_arena_strdup(arena, wr_day_iso(maker.monday, text));
	maker.instance->plan.weights = (struct wr_plan_weights)WR_PLAN_WEIGHTS_INIT;
	look_up(&maker);
	add_patients(&maker);
	add_sessions(&maker);
	for (size_t i = 0; i < maker.instance->plan.n_patients; i++)
		set_patient(&maker, i);
	for (size_t i = 0; i < maker.instance->plan.n_patients; i++)
		wr_maker_set_cover(&maker, i);
	wr_maker_add_persons(&maker);
	*ret_instance = maker.instance;
}
