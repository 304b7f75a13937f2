/*
 * Moving a slot keeps its reference and its calendar event; who attends is worked out anew.
 */
#include "desk/cases.h"
#include "desk/slot_change.h"
#include "desk/snapshot.h"
#include "desk/undo.h"

static int movable(struct wr_use *use, const struct wr_slot *slot)
{
	if (slot->state == WR_STATE_DRAFT)
		return 0;
	if (slot->state != WR_STATE_PUBLISHED)
		return wr_refuse(use, NULL, "slot %s is %s and can't be moved", slot->ref,
		    wr_word(&wr_words_state, (int)slot->state));
	return wr_use_needs_reason(use);
}

/* Those who may see the patient in place of the own consultant, as the planner has it: covering, or
 * for a first slot that the own one can't give in time. */
static int find_covers(struct wr_use *use, const struct wr_config_ward *ward,
    const struct wr_slot *slot, struct wr_plan_patient *ret_planned)
{
	struct wr_snapshot *snapshot = NULL;
	struct wr_instance *instance = NULL;
	*ret_planned = (struct wr_plan_patient){0};
	int r = wr_snapshot_read(use, &ward, 1, slot->week, &snapshot);
	if (r)
		return r;
	wr_instance_make(use->arena, &snapshot->source, &instance);
	for (size_t i = 0; i < instance->plan.n_patients; i++)
		if (wr_text_equal(instance->plan.patients[i].id, slot->patient))
			*ret_planned = instance->plan.patients[i];
	return 0;
}

static bool may_see(const struct wr_plan_patient *planned, const char *own,
    const struct wr_slot *slot, const struct wr_session *session)
{
	if (wr_text_equal(session->own, own) || wr_text_equal(session->consultant, own) ||
	    wr_text_equal(session->consultant, slot->consultant))
		return true;
	for (size_t i = 0; i < planned->n_cover; i++)
		if (wr_text_equal(session->consultant, planned->cover[i]))
			return true;
	return false;
}

static int find_place(struct wr_use *use, const struct wr_config_ward *ward,
    const struct wr_slot *slot, wr_time to, const struct wr_session **ret_session, size_t *ret_cell)
{
	struct wr_session *sessions = NULL;
	struct wr_patient patient;
	struct wr_plan_patient planned;
	size_t n = 0;
	int r = wr_slot_sessions(use, ward, slot->week, &sessions, &n);
	if (!r)
		r = wr_use_patient(use, slot->patient, &patient);
	if (!r)
		r = find_covers(use, ward, slot, &planned);
	if (r)
		return r;
	const char *hint = "see `wardctl session list --week` for the starts there are";
	for (size_t i = 0; i < n; i++) {
		size_t cell = wr_session_cell_starting(&sessions[i], to);
		if (cell == WR_SESSION_NO_CELL || sessions[i].state != WR_SESSION_PLANNED ||
		    !may_see(&planned, patient.consultant, slot, &sessions[i]))
			continue;
		if (wr_session_fit(&sessions[i], cell) < (size_t)slot->cells)
			return wr_refuse(use, hint,
			    "slot %s needs %d cells in a row, and there are not that "
			    "many from there",
			    slot->ref, slot->cells);
		*ret_session = &sessions[i];
		*ret_cell = cell;
		return 0;
	}
	return wr_refuse(use, hint,
	    "no session of the patient's consultant, or of one who covers, has a slot starting "
	    "then "
	    "in that week");
}

static int patient_is_there(struct wr_use *use, const struct wr_slot *slot)
{
	struct wr_away *aways = NULL;
	size_t n = 0;
	struct wr_store_away_filter filter = {
	    .whose = WR_STORE_BIT(WR_WHOSE_PATIENT),
	    .who = slot->patient,
	    .from = slot->start,
	    .to = slot->end,
	};
	struct wr_patient patient;
	int r = wr_use_patient(use, slot->patient, &patient);
	if (!r && slot->start < patient.admitted)
		r = wr_refuse(use, "choose a later time", "patient %s is expected later than that",
		    slot->patient);
	if (!r)
		r = wr_store_away_list(use->tx, use->arena, &filter, &aways, &n);
	if (r || n == 0)
		return r;
	return wr_refuse(use, "choose another time, or remove the away time first",
	    "patient %s is away then (%s, %s)", slot->patient, aways[0].id,
	    aways[0].why ? aways[0].why : "");
}

/* Drafts hold nothing in the database, but two of them in one place could never be published. */
static int draft_has_room(struct wr_use *use, const struct wr_slot *slot, const char *other)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {.session = slot->session, .states = WR_STORE_LIVE};
	if (slot->state != WR_STATE_DRAFT)
		return 0;
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (slots[i].start < slot->until && slot->start < slots[i].until &&
		    !wr_text_equal(slots[i].ref, slot->ref) && !wr_text_equal(slots[i].ref, other))
			r = wr_refuse(use, "swap the two, or choose another time",
			    "slot %s has that place", slots[i].ref);
	return r;
}

static int put_moved(
    struct wr_use *use, const struct wr_slot *before, struct wr_slot *slot, const char *other)
{
	struct wr_attendee *attendees = NULL;
	size_t n = 0;
	slot->reason = use->reason ? use->reason : slot->reason;
	int r = patient_is_there(use, slot);
	if (!r)
		r = draft_has_room(use, slot, other);
	if (!r)
		r = wr_slot_attendees(use, slot, other, &attendees, &n);
	if (!r)
		r = wr_slot_change(use, before, slot, attendees, n);
	return r;
}

int wr_case_slot_move(struct wr_use *use)
{
	struct wr_slot slot;
	const struct wr_config_ward *ward;
	const struct wr_session *session = NULL;
	const char *ref = NULL, *to_text = NULL;
	wr_time to = WR_TIME_NONE;
	size_t cell = 0;
	int r = wr_arg_must(use, "slot", &ref);
	if (!r)
		r = wr_arg_must(use, "to", &to_text);
	if (!r)
		r = wr_use_slot(use, ref, &slot);
	if (!r)
		r = movable(use, &slot);
	if (!r)
		r = wr_use_ward_of(use, slot.ward, &ward);
	if (!r)
		r = wr_arg_time(use, "to", ward, &to);
	if (!r && to < use->now)
		r = wr_refuse(use, NULL, "slot %s can't be moved into the past", slot.ref);
	if (!r)
		r = find_place(use, ward, &slot, to, &session, &cell);
	if (!r)
		r = wr_undo_keep_slot(use, &slot);
	if (r)
		return r;
	struct wr_slot before = slot;
	wr_slot_place(&slot, session, cell);
	r = put_moved(use, &before, &slot, NULL);
	if (r)
		return r;
	wr_use_answer(use, "slot", wr_json_slot(use, &slot));
	return 0;
}

static void take_place(struct wr_slot *slot, const struct wr_slot *of)
{
	slot->session = of->session;
	slot->consultant = of->consultant;
	slot->room = of->room;
	slot->join = of->join;
	slot->cell = of->cell;
	slot->start = of->start;
	slot->end = of->end;
	slot->until = of->until;
}

static int may_swap(struct wr_use *use, const struct wr_slot *a, const struct wr_slot *b)
{
	int r = movable(use, a);
	if (!r)
		r = movable(use, b);
	if (r)
		return r;
	if (wr_text_equal(a->ref, b->ref))
		return wr_refuse(use, NULL, "slot %s can't be swapped with itself", a->ref);
	if (a->cells != b->cells || a->until - a->start != b->until - b->start)
		return wr_refuse(use, "move them one by one",
		    "slots %s and %s are not of one length", a->ref, b->ref);
	if (a->state != b->state || !wr_text_equal(a->ward, b->ward) ||
	    !wr_week_equal(a->week, b->week))
		return wr_refuse(use, NULL, "slots %s and %s are not of one ward, week and state",
		    a->ref, b->ref);
	if (!wr_text_equal(a->consultant, b->consultant))
		return wr_refuse(use, "move them one by one",
		    "slots %s and %s are not of one consultant", a->ref, b->ref);
	if (a->start < use->now || b->start < use->now)
		return wr_refuse(use, NULL, "a slot that has begun can't be swapped");
	return 0;
}

int wr_case_slot_swap(struct wr_use *use)
{
	struct wr_slot a, b;
	const char *first = NULL, *second = NULL;
	int r = wr_arg_must(use, "slot", &first);
	if (!r)
		r = wr_arg_must(use, "with", &second);
	if (!r)
		r = wr_use_slot(use, first, &a);
	if (!r)
		r = wr_use_slot(use, second, &b);
	if (!r)
		r = may_swap(use, &a, &b);
	if (!r)
		r = wr_undo_keep_swap(use, &a, b.ref);
	if (!r)
		r = wr_undo_keep_swap(use, &b, a.ref);
	if (!r)
		r = wr_store_busy_release(use->tx, a.ref);
	if (!r)
		r = wr_store_busy_release(use->tx, b.ref);
	if (r)
		return r;
	struct wr_slot a_before = a, b_before = b;
	take_place(&a, &b_before);
	take_place(&b, &a_before);
	r = put_moved(use, &a_before, &a, b.ref);
	if (!r)
		r = put_moved(use, &b_before, &b, a.ref);
	if (r)
		return r;
	wr_use_answer(
	    use, "slots", json_pack("[o, o]", wr_json_slot(use, &a), wr_json_slot(use, &b)));
	return 0;
}

/* ---- where a slot could go ---- */

/* Another slot that has the time, the room or whoever leads the session there. */
static bool is_taken(const struct wr_slot *slot, const struct wr_session *session, size_t cell,
    const struct wr_slot *slots, size_t n)
{
	wr_time from = session->cells[cell].start;
	wr_time until = session->cells[cell + (size_t)slot->cells - 1].until;
	for (size_t i = 0; i < n; i++)
		if (slots[i].start < until && from < slots[i].until &&
		    !wr_text_equal(slots[i].ref, slot->ref) &&
		    (wr_text_equal(slots[i].consultant, session->consultant) ||
			wr_text_equal(slots[i].room, session->room)))
			return true;
	return false;
}

static bool is_away(const struct wr_away *aways, size_t n, wr_time from, wr_time until)
{
	for (size_t i = 0; i < n; i++)
		if (aways[i].from < until && from < aways[i].to)
			return true;
	return false;
}

struct places {
	const struct wr_slot *slot;
	const struct wr_slot *slots; /* of the week */
	size_t n_slots;
	const struct wr_away *aways; /* of the patient */
	size_t n_aways;
	json_t *list;
};

static void add_places(struct wr_use *use, const struct places *p, const struct wr_session *session)
{
	for (size_t cell = 0; cell < session->n; cell++) {
		wr_time start = session->cells[cell].start;
		if (start <= use->now || start == p->slot->start ||
		    wr_session_fit(session, cell) < (size_t)p->slot->cells ||
		    is_taken(p->slot, session, cell, p->slots, p->n_slots) ||
		    is_away(p->aways, p->n_aways, start,
			session->cells[cell + (size_t)p->slot->cells - 1].until))
			continue;
		json_array_append_new(
		    p->list, json_pack("{s:o, s:s, s:s, s:s}", "start",
				 wr_json_time(use, session->ward, start), "session", session->id,
				 "consultant", session->consultant, "room", session->room));
	}
}

int wr_case_slot_places(struct wr_use *use)
{
	const char *ref = NULL;
	struct wr_slot slot;
	struct wr_patient patient;
	struct wr_plan_patient planned;
	const struct wr_config_ward *ward = NULL;
	struct wr_session *sessions = NULL;
	struct wr_slot *slots = NULL;
	struct wr_away *aways = NULL;
	size_t n = 0, n_slots = 0, n_aways = 0;
	int r = wr_arg_must(use, "slot", &ref);
	if (!r)
		r = wr_use_slot(use, ref, &slot);
	if (!r)
		r = wr_use_ward_of(use, slot.ward, &ward);
	if (!r)
		r = wr_slot_sessions(use, ward, slot.week, &sessions, &n);
	if (!r)
		r = wr_use_patient(use, slot.patient, &patient);
	if (!r)
		r = find_covers(use, ward, &slot, &planned);
	struct wr_store_slot_filter week = {
	    .ward = slot.ward, .week = &slot.week, .states = WR_STORE_LIVE};
	struct wr_store_away_filter away = {
	    .whose = WR_STORE_BIT(WR_WHOSE_PATIENT), .who = slot.patient};
	if (!r)
		r = wr_store_slot_list(use->tx, use->arena, &week, &slots, &n_slots);
	if (!r)
		r = wr_store_away_list(use->tx, use->arena, &away, &aways, &n_aways);
	if (r)
		return r;
	struct places places = {&slot, slots, n_slots, aways, n_aways, json_array()};
	wr_use_answer(use, "places", places.list);
	for (size_t i = 0; i < n; i++)
		if (sessions[i].state == WR_SESSION_PLANNED &&
		    may_see(&planned, patient.consultant, &slot, &sessions[i]))
			add_places(use, &places, &sessions[i]);
	return 0;
}
