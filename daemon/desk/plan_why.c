/*
 * Why a patient has this slot or none, and what would be if. Answered by fresh solves of the week
 * as it is now, on the worker thread: first the best plan, then the plan with one thing forced.
 *
 * Words for the patient speak of the patient's own people only; those for staff name everybody who
 * is touched, and costs.
 */
#include <string.h>

#include "desk/cases.h"
#include "desk/plan_week.h"
#include "desk/plan_words.h"
#include "desk/slot_change.h"

struct question {
	struct wr_planning planning;
	const char *patient;
	size_t at; /* of the patient in the instance; WR_PLAN_NONE: not in it */
	struct wr_plan_explanation explanation;
	struct wr_plan_change change;
	struct wr_plan_difference difference;
	wr_time to;
	const char *session; /* to be dropped */
	wr_time away_from, away_to;
};

/* ---- places in words and JSON ---- */

static json_t *place_json(struct wr_use *use, const struct question *q, size_t session, size_t cell)
{
	const struct wr_session *s = q->planning.instance->sessions[session].session;
	return json_pack("{s:s, s:o, s:s}", "session", s->id, "start",
	    wr_json_time(use, s->ward, wr_plan_cell(q->planning.instance, session, cell)->start),
	    "consultant", s->consultant);
}

static json_t *moved_json(
    struct wr_use *use, const struct question *q, const struct wr_plan_difference *difference)
{
	json_t *list = json_array();
	for (size_t i = 0; i < difference->n_moved; i++) {
		const struct wr_plan_moved *m = &difference->moved[i];
		json_array_append_new(
		    list, json_pack("{s:s, s:o, s:o}", "patient",
			      q->planning.instance->plan.patients[m->patient].id, "from",
			      m->was_placed ? place_json(use, q, m->was_session, m->was_cell)
					    : json_null(),
			      "to",
			      m->is_placed ? place_json(use, q, m->is_session, m->is_cell)
					   : json_null()));
	}
	return list;
}

static json_t *people_json(const struct question *q, const size_t *list, size_t n)
{
	json_t *people = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(
		    people, json_string(q->planning.instance->plan.patients[list[i]].id));
	return people;
}

/* ---- explain ---- */

static const char *staff_words(struct wr_use *use, const struct question *q)
{
	return wr_plan_words_staff(
	    use->arena, q->planning.instance, q->planning.plan, q->at, &q->explanation);
}

static json_t *placed_json(struct wr_use *use, const struct question *q)
{
	const struct wr_plan_place *place = &q->planning.plan->places[q->at];
	const struct wr_plan_difference *next = &q->explanation.next;
	const struct wr_instance *instance = q->planning.instance;
	const struct wr_slot *slot = instance->patients[q->at].slot;
	json_t *answer = json_pack("{s:s, s:s?, s:o, s:s, s:s, s:s}", "patient", q->patient, "slot",
	    slot ? slot->ref : NULL, "placed", place_json(use, q, place->session, place->cell),
	    "why", q->explanation.text, "for_patient",
	    wr_plan_words_patient(use->arena, instance, q->at,
		wr_plan_cell(instance, place->session, place->cell)->start, place->attends),
	    "for_staff", staff_words(use, q));
	if (next->possible)
		json_object_set_new(answer, "next_best",
		    json_pack("{s:I, s:b, s:o}", "costs_more", (json_int_t)next->more, "proved",
			next->proved, "moves", moved_json(use, q, next)));
	return answer;
}

/* ---- a slot that is published elsewhere than the best plan would have it ---- */

static bool is_elsewhere(const struct question *q)
{
	const struct wr_plan_place *place = &q->planning.plan->places[q->at];
	const struct wr_slot *slot = q->planning.instance->patients[q->at].slot;
	return slot && slot->state == WR_STATE_PUBLISHED && place->placed &&
	       (slot->start !=
		       wr_plan_cell(q->planning.instance, place->session, place->cell)->start ||
		   !wr_text_equal(
		       slot->session, q->planning.instance->sessions[place->session].session->id));
}

/* Who is planned to come to it as it stands, beside the instance's supports. */
static int find_attends(
    struct wr_use *use, const struct question *q, const struct wr_slot *slot, bool **ret_attends)
{
	struct wr_attendee *people = NULL;
	size_t n = 0, n_supports = q->planning.instance->plan.patients[q->at].n_supports;
	*ret_attends = wr_arena_new(use->arena, bool, n_supports + 1);
	int r = wr_store_attendee_list_of(use->tx, use->arena, slot->ref, &people, &n);
	for (size_t i = 0; i < n && !r; i++)
		for (size_t k = 0; k < n_supports; k++)
			(*ret_attends)[k] |= wr_text_equal(people[i].support,
			    q->planning.instance->patients[q->at].supports[k]->ref);
	return r;
}

/* What is true of the slot is said of it, and then what would be planned now. */
static int answer_elsewhere(struct wr_use *use, const struct question *q)
{
	const struct wr_instance *instance = q->planning.instance;
	const struct wr_plan_place *place = &q->planning.plan->places[q->at];
	const struct wr_instance_patient *p = &instance->patients[q->at];
	bool *attends = NULL;
	int r = find_attends(use, q, p->slot, &attends);
	const char *why = wr_plan_words_elsewhere(use->arena, instance, q->planning.plan, q->at);
	wr_use_answer(use, "explanation",
	    json_pack("{s:s, s:s, s:{s:s, s:o, s:s}, s:s, s:s, s:s, s:o}", "patient", q->patient,
		"slot", p->slot->ref, "placed", "session", p->slot->session, "start",
		wr_json_time(use, p->slot->ward, p->slot->start), "consultant", p->slot->consultant,
		"why", why, "for_patient",
		wr_plan_words_patient(use->arena, instance, q->at, p->slot->start, attends),
		"for_staff",
		wr_arena_printf(use->arena, "%s (%s) %s: %s.", p->patient->name, p->patient->ref,
		    wr_slot_when(use, p->slot), why),
		"would_be", place_json(use, q, place->session, place->cell)));
	return r;
}

static json_t *unplaced_json(struct wr_use *use, const struct question *q)
{
	const struct wr_plan_explanation *e = &q->explanation;
	json_t *answer = json_pack("{s:s, s:n, s:s, s:s, s:o}", "patient", q->patient, "placed",
	    "why", e->text, "for_staff", staff_words(use, q), "conflict",
	    people_json(q, e->conflict, e->n_conflict));
	if (e->counted)
		json_object_set_new(answer, "count",
		    json_pack("{s:I, s:I, s:I}", "patients", (json_int_t)e->rivals, "cells_needed",
			(json_int_t)e->needed, "cells_usable", (json_int_t)e->usable));
	return answer;
}

static void find_patient(struct question *q)
{
	q->at = WR_PLAN_NONE;
	for (size_t i = 0; i < q->planning.instance->plan.n_patients; i++)
		if (wr_text_equal(q->planning.instance->plan.patients[i].id, q->patient))
			q->at = i;
}

static void work_explain(struct wr_planning *planning)
{
	struct question *q = wr_container_of(planning, struct question, planning);
	find_patient(q);
	if (q->at != WR_PLAN_NONE)
		wr_plan_explain(&planning->call->arena, &planning->instance->plan, planning->plan,
		    q->at, NULL, &q->explanation);
}

static int answer_explain(struct wr_use *use)
{
	struct wr_call *call = wr_container_of(use, struct wr_call, use);
	struct question *q =
	    wr_container_of((struct wr_planning *)call->operation, struct question, planning);
	if (q->at == WR_PLAN_NONE)
		return wr_refuse(use,
		    "patients on hold, seen already or not admitted by then are not in it",
		    "patient %s is not in the plan of that week", q->patient);
	if (is_elsewhere(q))
		return answer_elsewhere(use, q);
	wr_use_answer(use, "explanation",
	    q->planning.plan->places[q->at].placed ? placed_json(use, q) : unplaced_json(use, q));
	return 0;
}

/* ---- what if ---- */

static bool find_place(struct question *q)
{
	const struct wr_instance *instance = q->planning.instance;
	for (size_t s = 0; s < instance->plan.n_sessions; s++)
		for (size_t c = 0; c < instance->plan.sessions[s].n_starts; c++)
			if (wr_plan_cell(instance, s, c)->start == q->to) {
				q->change.session = s;
				q->change.cell = c;
				return true;
			}
	return false;
}

static bool find_session(struct question *q)
{
	for (size_t s = 0; s < q->planning.instance->plan.n_sessions; s++)
		if (wr_text_equal(q->planning.instance->plan.sessions[s].id, q->session)) {
			q->change.session = s;
			return true;
		}
	return false;
}

/* Which change is asked for; NULL, or what does not exist. */
static const char *read_change(struct question *q)
{
	const struct wr_planning *p = &q->planning;
	wr_time monday = wr_zone_at_or_after(p->ward->zone, wr_week_monday(p->week), 0);
	if (q->session) {
		q->change.kind = WR_PLAN_DROP_SESSION;
		return find_session(q) ? NULL : "no session of that week has this id";
	}
	find_patient(q);
	if (q->at == WR_PLAN_NONE)
		return "the patient is not in the plan of that week";
	q->change.patient = q->at;
	if (q->to != WR_TIME_NONE) {
		q->change.kind = WR_PLAN_FORCE_PLACE;
		return find_place(q) ? NULL : "no session of that week has a cell starting then";
	}
	if (q->away_from != WR_TIME_NONE) {
		q->change.kind = WR_PLAN_PATIENT_AWAY;
		q->change.span =
		    (struct wr_plan_span){(q->away_from - monday) / 60, (q->away_to - monday) / 60};
		return NULL;
	}
	q->change.kind = WR_PLAN_FORCE_PLACED;
	return NULL;
}

static void work_what_if(struct wr_planning *planning)
{
	struct question *q = wr_container_of(planning, struct question, planning);
	planning->asked_wrong = read_change(q);
	if (!planning->asked_wrong)
		wr_plan_what_if(&planning->call->arena, &planning->instance->plan, planning->plan,
		    &q->change, NULL, &q->difference);
}

/* Whoever has a published slot that would move is told; the rest hear of it when it is published.
 */
static void add_told(struct wr_use *use, const struct question *q)
{
	for (size_t i = 0; i < q->difference.n_moved; i++) {
		size_t at = q->difference.moved[i].patient;
		const struct wr_instance_patient *p = &q->planning.instance->patients[at];
		if (!p->slot || p->slot->state != WR_STATE_PUBLISHED)
			continue;
		const char *type =
		    q->difference.moved[i].is_placed ? "slot.moved" : "slot.cancelled";
		wr_use_told(
		    use, WR_WHOSE_PATIENT, p->patient->ref, p->patient->name, p->slot->ref, type);
		for (size_t s = 0; s < q->planning.instance->plan.patients[at].n_supports; s++)
			wr_use_told(use, WR_WHOSE_SUPPORT, p->supports[s]->ref,
			    p->supports[s]->name, p->slot->ref, type);
	}
}

static int answer_what_if(struct wr_use *use)
{
	struct wr_call *call = wr_container_of(use, struct wr_call, use);
	struct question *q =
	    wr_container_of((struct wr_planning *)call->operation, struct question, planning);
	const struct wr_plan_difference *d = &q->difference;
	if (!d->possible) {
		wr_use_answer(use, "what_if", json_pack("{s:b}", "possible", 0));
		return 0;
	}
	add_told(use, q);
	wr_use_answer(use, "what_if",
	    json_pack("{s:b, s:I, s:I, s:b, s:o, s:O}", "possible", 1, "cost", (json_int_t)d->cost,
		"costs_more", (json_int_t)d->more, "proved", d->proved, "moves",
		moved_json(use, q, d), "told", use->told));
	return 0;
}

/* ---- asking ---- */

static void ask(struct wr_planning *planning, wr_use_case answer)
{
	struct wr_call *call = planning->call;
	if (call->result)
		wr_call_end(call);
	else
		wr_call_step(call, true, answer, wr_call_end);
}

static void answer_explained(struct wr_planning *planning)
{
	ask(planning, answer_explain);
}

static void answer_asked(struct wr_planning *planning)
{
	if (!planning->call->result && planning->asked_wrong)
		planning->call->result =
		    wr_unknown(&planning->call->use, NULL, "%s", planning->asked_wrong);
	ask(planning, answer_what_if);
}

/* Why somebody has no slot is asked of the week as it stands, with what was promised to others. */
static int note_whether_placed(struct wr_use *use, struct question *q)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter live = {
	    .patient = q->patient, .week = &q->planning.week, .states = WR_STORE_LIVE};
	int r = wr_store_slot_list(use->tx, use->arena, &live, &slots, &n);
	if (n == 0)
		q->planning.base = WR_PLANNING_AS_IT_STANDS;
	return r;
}

/* The ward and week come from the slot or patient when they are not given. */
static int find_week(struct wr_use *use)
{
	struct wr_call *call = wr_container_of(use, struct wr_call, use);
	struct question *q = call->operation;
	struct wr_planning *p = &q->planning;
	struct wr_patient patient;
	struct wr_slot slot;
	const char *ref = wr_arg_text(use, "slot");
	int r = 0;
	if (ref) {
		r = wr_use_slot(use, ref, &slot);
		q->patient = r ? NULL : slot.patient;
		p->week = slot.week;
	}
	if (!r && q->patient)
		r = wr_use_patient(use, q->patient, &patient);
	if (!r && q->patient)
		r = wr_use_ward_of(use, patient.ward, &p->ward);
	else if (!r)
		r = wr_use_ward_arg(use, &p->ward);
	if (!r && !ref)
		p->week = wr_week_next(wr_day_week(wr_zone_day(p->ward->zone, use->now)));
	if (!r)
		r = wr_arg_week(use, "week", &p->week);
	if (!r)
		r = wr_arg_time(use, "to", p->ward, &q->to);
	if (!r)
		r = wr_arg_time(use, "away_from", p->ward, &q->away_from);
	if (!r)
		r = wr_arg_time(use, "away_to", p->ward, &q->away_to);
	if (!r && p->ask == work_explain)
		r = note_whether_placed(use, q);
	if (!r && (q->away_from == WR_TIME_NONE) != (q->away_to == WR_TIME_NONE))
		r = wr_fault(use, WR_FAULT_USAGE, NULL, "an away time has a start and an end");
	return r;
}

static void on_week_found(struct wr_call *call)
{
	struct question *q = call->operation;
	if (call->result)
		wr_call_end(call);
	else
		wr_planning_start(&q->planning);
}

static void begin(struct wr_call *call, void (*work)(struct wr_planning *planning),
    void (*solved)(struct wr_planning *planning))
{
	struct wr_use *use = &call->use;
	struct question *q = wr_arena_new(&call->arena, struct question, 1);
	q->planning = (struct wr_planning){
	    .call = call,
	    .mode = WR_PLANNING_ASK,
	    .ask = work,
	    .solved = solved,
	};
	if (work == work_what_if)
		q->planning.base = WR_PLANNING_FROM_AS_IT_STANDS;
	q->to = q->away_from = q->away_to = WR_TIME_NONE;
	q->patient = wr_arg_text(use, "patient");
	q->session = wr_arg_text(use, "session");
	call->operation = q;
	if (!q->patient && !wr_arg_text(use, "slot") && !q->session) {
		call->result = wr_fault(use, WR_FAULT_USAGE, "name one with --patient or --slot",
		    "%s: about whom?", use->verb);
		wr_call_end(call);
		return;
	}
	wr_call_step(call, true, find_week, on_week_found);
}

void wr_operate_plan_explain(struct wr_call *call)
{
	begin(call, work_explain, answer_explained);
}

void wr_operate_plan_what_if(struct wr_call *call)
{
	begin(call, work_what_if, answer_asked);
}
