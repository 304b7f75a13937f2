#include "desk/propose.h"

#include <stdlib.h>

#include "desk/slot_change.h"
#include "desk/undo.h"

/* ---- making ---- */

static json_t *move_json(
    struct wr_use *use, const struct wr_planning *p, const struct wr_instance_place *place)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:s, s:I, s:s}", "slot", place->was->ref, "patient",
	    place->slot.patient, "from", wr_json_time(use, place->was->ward, place->was->start),
	    "to", wr_json_time(use, place->slot.ward, place->slot.start), "session",
	    place->slot.session, "start", (json_int_t)place->slot.start, "concern",
	    wr_instance_concern(use->arena, p->instance, place->patient));
}

static bool had_place(struct wr_use *use, const struct wr_planning *p, const char *patient)
{
	struct wr_unplaced *unplaced = NULL;
	size_t n = 0;
	wr_instance_unplaced(use->arena, p->instance, p->plan, &unplaced, &n);
	for (size_t i = 0; i < n; i++)
		if (wr_text_equal(unplaced[i].patient, patient))
			return false;
	return true;
}

/* A plan that takes a published slot from somebody altogether is not worth proposing. */
static bool drops_somebody(const struct wr_planning *p)
{
	for (size_t i = 0; i < p->instance->plan.n_patients; i++)
		if (p->instance->plan.patients[i].published && p->plan->places[i].placed &&
		    !p->freer->places[i].placed)
			return true;
	return false;
}

/* Closes what was asked about this week before, unless it was the same (`data`; NULL: nothing is to
 * be asked any more): then it stands, with its name and the time since when it waits. */
static int close_older(struct wr_use *use, const struct wr_planning *p, const char *kind,
    const json_t *data, bool *ret_stands)
{
	struct wr_task *tasks = NULL;
	size_t n = 0;
	char week[WR_TIME_TEXT];
	struct wr_store_task_filter filter = {.ward = p->ward->id, .kind = kind, .open = true};
	*ret_stands = false;
	wr_week_text(p->week, week);
	int r = wr_store_task_list(use->tx, use->arena, &filter, &tasks, &n);
	for (size_t i = 0; i < n && !r; i++) {
		json_t *old = json_loads(tasks[i].data, 0, NULL);
		bool same_week =
		    wr_text_equal(json_string_value(json_object_get(old, "week")), week);
		bool same = same_week && !*ret_stands && data && json_equal(old, data);
		json_decref(old);
		*ret_stands |= same;
		if (same || !same_week)
			continue;
		tasks[i].done = use->now;
		tasks[i].done_by = "daemon";
		tasks[i].note = "the week was planned again";
		r = wr_store_task_put(use->tx, &tasks[i]);
	}
	return r;
}

/* Whether a published slot could stay: its cell is there, and the patient is too. */
static int can_stay(
    struct wr_use *use, const struct wr_planning *p, const struct wr_slot *slot, bool *ret_can)
{
	struct wr_session *sessions = NULL;
	struct wr_away *aways = NULL;
	size_t n = 0, n_aways = 0;
	struct wr_store_away_filter filter = {
	    .whose = WR_STORE_BIT(WR_WHOSE_PATIENT),
	    .who = slot->patient,
	    .from = slot->start,
	    .to = slot->end,
	};
	struct wr_patient patient;
	*ret_can = false;
	int r = wr_store_away_list(use->tx, use->arena, &filter, &aways, &n_aways);
	if (!r)
		r = wr_use_patient(use, slot->patient, &patient);
	if (!r && slot->start < patient.admitted)
		return 0; /* comes later than was expected */
	if (!r)
		r = wr_slot_sessions(use, p->ward, p->week, &sessions, &n);
	const struct wr_session *session = r ? NULL : wr_session_find(sessions, n, slot->session);
	if (r || n_aways || !session || session->state != WR_SESSION_PLANNED)
		return r;
	size_t cell = wr_session_cell_starting(session, slot->start);
	*ret_can =
	    cell != WR_SESSION_NO_CELL && wr_session_fit(session, cell) >= (size_t)slot->cells;
	return 0;
}

/* What a proposal would do, counted. */
struct tally {
	size_t moves, gained;
	size_t clashes; /* moved ones that can't stay anyway */
	int64_t gain;   /* of cost; says nothing when there are clashes */
};

static const char *good_for(struct wr_use *use, const struct tally *t)
{
	if (t->gained)
		return wr_arena_printf(use->arena, "would place %zu patient%s without a slot",
		    t->gained, t->gained == 1 ? "" : "s");
	if (t->clashes)
		return wr_arena_printf(use->arena,
		    "would settle that %zu of them can't stay (the patient is away then, or the "
		    "session is gone)",
		    t->clashes);
	return "would suit people better";
}

static const char *in_words(struct wr_use *use, const struct tally *t, const char *task)
{
	return wr_arena_printf(use->arena,
	    "Moving %zu published slot%s %s (the cost of the week %s by %lld). See whom it moves "
	    "with `wardctl task done %s --dry-run`, say yes with --yes, or `wardctl task decline "
	    "%s`.",
	    t->moves, t->moves == 1 ? "" : "s", good_for(use, t), t->gain < 0 ? "rises" : "falls",
	    (long long)(t->gain < 0 ? -t->gain : t->gain), task, task);
}

/* `data` NULL: there is nothing to ask. */
static int put_task(struct wr_use *use, const struct wr_planning *p, const char *kind,
    const struct tally *tally, const json_t *data)
{
	bool stands = false;
	int r = close_older(use, p, kind, data, &stands);
	if (r || stands || !data)
		return r;
	struct wr_task task = {
	    .ward = p->ward->id,
	    .kind = kind,
	    .created = use->now,
	    .alarm = use->now + WR_PROPOSAL_ALARM_SECONDS,
	    .done = WR_TIME_NONE,
	};
	r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_TASK, &task.id);
	if (r)
		return r;
	task.text = tally ? in_words(use, tally, task.id)
	                  : json_string_value(json_object_get(data, "text"));
	char *text = json_dumps(data, JSON_COMPACT);
	task.data = text;
	r = wr_store_task_put(use->tx, &task);
	free(text);
	return r;
}

static bool is_moved(const struct wr_instance_place *places, size_t n, const char *slot)
{
	for (size_t i = 0; i < n; i++)
		if (places[i].moved && wr_text_equal(places[i].was->ref, slot))
			return true;
	return false;
}

/* Who can't stay and is not moved by a proposal (too close, or no room for all): a person has to
 * look at it. */
static int say_who_cannot_stay(struct wr_use *use, const struct wr_planning *p,
    const struct wr_instance_place *places, size_t n, const char *week)
{
	struct wr_buf names = {0};
	json_t *slots = json_array();
	int r = 0;
	for (size_t i = 0; i < p->instance->plan.n_patients && !r; i++) {
		const struct wr_slot *slot = p->instance->patients[i].slot;
		bool can = true;
		if (slot && slot->state == WR_STATE_PUBLISHED && slot->start > use->now)
			r = can_stay(use, p, slot, &can);
		if (can || is_moved(places, n, slot->ref))
			continue;
		wr_buf_printf(&names, "%s%s (%s)", json_array_size(slots) ? ", " : "", slot->ref,
		    slot->patient);
		json_array_append_new(slots, json_string(slot->ref));
	}
	json_t *data = json_pack("{s:s, s:O}", "week", week, "slots", slots);
	json_object_set_new(data, "text",
	    json_sprintf(
		"Published slots that can't stay (the patient is away then, or the "
		"session is gone), and for which no move is proposed, as they are too close "
		"or there is no room for all: %s. Move or cancel them, or add a session.",
		wr_buf_text(&names)));
	if (!r)
		r = put_task(use, p, "clash", NULL, json_array_size(slots) ? data : NULL);
	json_decref(data);
	json_decref(slots);
	wr_buf_deinit(&names);
	return r;
}

int wr_propose(struct wr_use *use, struct wr_planning *p)
{
	struct wr_instance_place *places = NULL;
	size_t n = 0;
	char week[WR_TIME_TEXT];
	wr_week_text(p->week, week);
	int r = 0;
	struct tally tally = {.gain = p->plan->cost - p->freer->cost};
	if (p->refused || drops_somebody(p)) {
		r = put_task(use, p, "proposal", NULL, NULL);
		return r ? r : say_who_cannot_stay(use, p, NULL, 0, week);
	}
	wr_instance_places(use->arena, p->instance, p->freer, &places, &n);
	json_t *list = json_array(), *helped = json_array();
	for (size_t i = 0; i < n && !r; i++) {
		bool can = true;
		if (places[i].moved) {
			json_array_append_new(list, move_json(use, p, &places[i]));
			r = can_stay(use, p, places[i].was, &can);
			tally.moves++;
			tally.clashes += !can;
		} else if (!had_place(use, p, places[i].slot.patient)) {
			json_array_append_new(helped, json_string(places[i].slot.patient));
			tally.gained++;
		}
	}
	json_t *data = json_pack("{s:s, s:I, s:o, s:o}", "week", week, "gain",
	    (json_int_t)tally.gain, "moves", list, "placed", helped);
	bool worth = tally.moves && (tally.clashes || tally.gain > 0);
	if (!r)
		r = put_task(use, p, "proposal", &tally, worth ? data : NULL);
	json_decref(data);
	return r ? r : say_who_cannot_stay(use, p, places, n, week);
}

/* ---- carrying out ---- */

static int find_cell(struct wr_use *use, const struct wr_slot *slot, const char *id, wr_time start,
    const struct wr_session **ret_session, size_t *ret_cell)
{
	struct wr_session *sessions = NULL;
	const struct wr_config_ward *ward;
	size_t n = 0;
	int r = wr_use_ward_of(use, slot->ward, &ward);
	if (!r)
		r = wr_slot_sessions(use, ward, slot->week, &sessions, &n);
	if (r)
		return r;
	*ret_session = wr_session_find(sessions, n, id);
	*ret_cell =
	    *ret_session ? wr_session_cell_starting(*ret_session, start) : WR_SESSION_NO_CELL;
	if (*ret_cell == WR_SESSION_NO_CELL ||
	    wr_session_fit(*ret_session, *ret_cell) < (size_t)slot->cells)
		return wr_refuse(use,
		    "the week is planned again after each change; look at the newest one",
		    "the proposal no longer fits: slot %s has no such place", slot->ref);
	return 0;
}

struct move {
	struct wr_slot before, slot;
};

static int read_moves(
    struct wr_use *use, const struct wr_task *task, const json_t *list, struct move *moves)
{
	const char *reason = wr_text_empty(use->reason)
	                         ? wr_arena_printf(use->arena, "yes to the proposal %s", task->id)
	                         : use->reason;
	int r = 0;
	for (size_t i = 0; i < json_array_size(list) && !r; i++) {
		const json_t *item = json_array_get(list, i);
		const struct wr_session *session = NULL;
		size_t cell = 0;
		struct move *m = &moves[i];
		r = wr_use_slot(use, json_string_value(json_object_get(item, "slot")), &m->before);
		if (!r && m->before.state != WR_STATE_PUBLISHED)
			r = wr_refuse(use, NULL, "slot %s is no longer published", m->before.ref);
		if (!r)
			r = find_cell(use, &m->before,
			    json_string_value(json_object_get(item, "session")),
			    json_integer_value(json_object_get(item, "start")), &session, &cell);
		if (!r)
			r = wr_undo_keep_slot(use, &m->before);
		if (!r)
			r = wr_store_busy_release(use->tx, m->before.ref);
		if (r)
			return r;
		m->slot = m->before;
		m->slot.reason = reason;
		wr_slot_place(&m->slot, session, cell);
	}
	return r;
}

int wr_proposal_accept(struct wr_use *use, const struct wr_task *task)
{
	json_t *data = json_loads(task->data, 0, NULL);
	const json_t *list = json_object_get(data, "moves");
	size_t n = json_array_size(list);
	struct move *moves = wr_arena_new(use->arena, struct move, n + 1);
	int r = read_moves(use, task, list, moves);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_attendee *people = NULL;
		size_t n_people = 0;
		r = wr_slot_attendees(use, &moves[i].slot, NULL, &people, &n_people);
		if (!r)
			r = wr_slot_change(use, &moves[i].before, &moves[i].slot, people, n_people);
	}
	json_decref(data);
	wr_use_replan_ahead(use, task->ward);
	return r;
}
