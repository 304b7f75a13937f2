/*
 * The people of an instance: who may lead a patient's slot, who is to come to it, and when each of
 * those can.
 */
#include <stdlib.h>
#include <string.h>

#include "maker.h"

/* ---- who may see the patient ---- */

struct names {
	const char **items;
	size_t n;
};

static void add_name(struct names *names, const char *name, const char *own)
{
	if (wr_text_empty(name) || wr_text_equal(name, own))
		return;
	for (size_t i = 0; i < names->n; i++)
		if (wr_text_equal(names->items[i], name))
			return;
	names->items[names->n++] = name;
}

static bool is_own(const struct wr_plan_patient *planned, const struct wr_plan_session *session)
{
	return wr_text_equal(session->ward, planned->ward) &&
	       wr_text_equal(session->consultant, planned->consultant);
}

/* Cells of the own consultant that start between the two minutes. */
static int64_t own_cells(
    const struct maker *maker, const struct wr_plan_patient *planned, int64_t from, int64_t to)
{
	int64_t n = 0;
	const struct wr_plan_instance *plan = &maker->instance->plan;
	for (size_t i = 0; i < plan->n_sessions; i++) {
		const struct wr_plan_session *session = &plan->sessions[i];
		for (size_t j = 0; is_own(planned, session) && j < session->n_starts; j++)
			n += session->starts[j] >= from && session->starts[j] < to;
	}
	return n;
}

/* Whether the patient is here, and the cells follow each other, from cell `first` on. */
static bool would_do(
    const struct wr_plan_patient *planned, const struct wr_plan_session *session, size_t first)
{
	size_t last = first + (size_t)planned->slots - 1;
	if (last >= session->n_starts)
		return false;
	int64_t from = session->starts[first], to = session->starts[last] + session->cell;
	if (to - from != planned->slots * session->cell)
		return false;
	for (size_t i = 0; i < planned->n_away; i++)
		if (planned->away[i].from < to && from < planned->away[i].to)
			return false;
	return true;
}

static bool has_own_place(
    const struct maker *maker, const struct wr_plan_patient *planned, int64_t from, int64_t to)
{
	const struct wr_plan_instance *plan = &maker->instance->plan;
	for (size_t i = 0; i < plan->n_sessions; i++) {
		const struct wr_plan_session *session = &plan->sessions[i];
		for (size_t j = 0; is_own(planned, session) && j < session->n_starts; j++)
			if (session->starts[j] >= from && session->starts[j] < to &&
			    would_do(planned, session, j))
				return true;
	}
	return false;
}

/* When a first slot is in time: by `due`, or, when that is too late already, within the week. */
static int64_t in_time_by(const struct wr_plan_patient *planned)
{
	return planned->due > planned->not_before ? planned->due : WR_PLAN_WEEK;
}

/* Whether the own consultant has a cell that would do for this patient, and cells enough for all
 * first slots that are due as early. */
static bool own_is_in_time(const struct maker *maker, size_t patient)
{
	const struct wr_instance *instance = maker->instance;
	const struct wr_plan_patient *planned = &instance->plan.patients[patient];
	int64_t by = in_time_by(planned), needed = 0;
	for (size_t i = 0; i < instance->plan.n_patients; i++) {
		const struct wr_plan_patient *other = &instance->plan.patients[i];
		if (other->is_new && wr_text_equal(other->consultant, planned->consultant) &&
		    wr_text_equal(other->ward, planned->ward) && in_time_by(other) <= by)
			needed += other->slots;
	}
	return has_own_place(maker, planned, planned->not_before, by) &&
	       own_cells(maker, planned, planned->not_before, by) >= needed;
}

void wr_maker_set_cover(const struct maker *maker, size_t patient)
{
	const struct wr_instance *instance = maker->instance;
	const struct wr_instance_patient *of = &instance->patients[patient];
	struct wr_plan_patient *planned = &instance->plan.patients[patient];
	const struct wr_config *config = maker->source->config;
	const char *own = planned->consultant;
	struct lookup_range aways = wr_lookup_all(&maker->away_of, own);
	struct names names = {
	    .items = wr_arena_new(maker->arena, const char *,
		instance->plan.n_sessions + aways.n + of->ward->first_slot_with.n + 1)};
	for (size_t i = 0; i < instance->plan.n_sessions; i++) {
		const struct wr_session *session = instance->sessions[i].session;
		if (session->covered && wr_text_equal(session->own, own) &&
		    wr_text_equal(session->ward, planned->ward))
			add_name(&names, session->consultant, own);
	}
	for (size_t i = 0; i < aways.n; i++) {
		const struct wr_away *away = &maker->source->aways[aways.entries[i].row];
		struct spans within = {0};
		wr_maker_add_span(maker, &within, of->ward->zone, away->from, away->to);
		if (away->whose == WR_WHOSE_CONSULTANT && within.n > 0)
			add_name(&names, away->cover, own);
		free(within.items);
	}
	if (planned->is_new && !own_is_in_time(maker, patient))
		for (size_t i = 0; i < of->ward->first_slot_with.n; i++)
			add_name(&names, config->consultants[of->ward->first_slot_with.items[i]].id,
			    own);
	/* A promise stands, whoever leads that session now. */
	for (size_t i = 0; planned->published && i < instance->plan.n_sessions; i++)
		if (wr_text_equal(instance->plan.sessions[i].id, planned->published))
			add_name(&names, instance->plan.sessions[i].consultant, own);
	for (size_t i = 0; planned->fixed && i < instance->plan.n_sessions; i++)
		if (wr_text_equal(instance->plan.sessions[i].id, planned->fixed))
			add_name(&names, instance->plan.sessions[i].consultant, own);
	planned->cover = names.items;
	planned->n_cover = names.n;
}

/* ---- supports and persons ---- */

static const struct wr_patient *patient_of(const struct maker *maker, const char *ref)
{
	struct lookup_range range = wr_lookup_all(&maker->patients, ref);
	return range.n > 0 ? &maker->source->patients[range.entries[0].row] : NULL;
}

/* Only what an agreed row says about a person counts; rows of patients who are not in the snapshot
 * are judged by themselves. */
static bool counts(const struct maker *maker, const struct wr_support *support)
{
	const struct wr_patient *patient = patient_of(maker, support->patient);
	if (!patient)
		return support->consent == WR_CONSENT_AGREED && support->sees >= WR_SEES_TIME;
	return wr_support_is_told(support, patient);
}

static bool said_when_free(const struct maker *maker, const char *person)
{
	struct lookup_range rows = wr_lookup_all(&maker->rows_of, person);
	for (size_t i = 0; i < rows.n; i++) {
		const struct wr_support *support = &maker->source->supports[rows.entries[i].row];
		if (support->free_said && counts(maker, support))
			return true;
	}
	return false;
}

static int64_t weight_of(
    const struct maker *maker, const struct wr_config_ward *ward, const struct wr_support *support)
{
	int64_t weight = support->chosen ? WR_INSTANCE_CHOSEN : WR_INSTANCE_OTHER;
	if (said_when_free(maker, support->person))
		return weight;
	return weight / (ward->unsaid_free_divisor > 0 ? ward->unsaid_free_divisor : 1);
}

static void add_support(const struct maker *maker, const struct wr_instance_patient *of,
    struct wr_plan_patient *planned, struct wr_plan_support *supports,
    const struct wr_support **rows, const struct wr_support *support)
{
	struct wr_plan_support added = WR_PLAN_SUPPORT_INIT;
	added.person = support->person;
	added.required = support->required;
	added.weight = weight_of(maker, of->ward, support);
	for (size_t i = 0; i < planned->n_supports; i++) {
		if (!wr_text_equal(supports[i].person, added.person))
			continue;
		/* one human in two rows comes once, and counts as the one who matters more */
		supports[i].required |= added.required;
		if (supports[i].weight < added.weight)
			supports[i].weight = added.weight;
		return;
	}
	rows[planned->n_supports] = support;
	supports[planned->n_supports++] = added;
}

void wr_maker_set_supports(
    const struct maker *maker, struct wr_instance_patient *of, struct wr_plan_patient *planned)
{
	struct lookup_range range = wr_lookup_all(&maker->supports_of, of->patient->ref);
	struct wr_plan_support *supports =
	    wr_arena_new(maker->arena, struct wr_plan_support, range.n ? range.n : 1);
	const struct wr_support **rows =
	    wr_arena_new(maker->arena, const struct wr_support *, range.n ? range.n : 1);
	for (size_t i = 0; i < range.n; i++) {
		const struct wr_support *support = &maker->source->supports[range.entries[i].row];
		if (wr_support_is_told(support, of->patient))
			add_support(maker, of, planned, supports, rows, support);
	}
	planned->supports = supports;
	of->supports = rows;
}

/* Slots of patients who are not in the instance, and slots that the person said no to. */
static void add_engagements(
    const struct maker *maker, struct spans *away, const struct wr_zone *zone, const char *person)
{
	struct lookup_range attended = wr_lookup_all(&maker->attended_by, person);
	for (size_t i = 0; i < attended.n; i++) {
		const struct wr_attendee *attendee =
		    &maker->source->attendees[attended.entries[i].row];
		struct lookup_range slots = wr_lookup_all(&maker->slot_refs, attendee->slot);
		for (size_t j = 0; j < slots.n; j++) {
			const struct wr_slot *slot = &maker->source->slots[slots.entries[j].row];
			if (wr_maker_takes_time(slot) &&
			    !wr_maker_has_patient(maker, slot->patient))
				wr_maker_add_span(maker, away, zone, slot->start, slot->until);
		}
	}
}

static void add_refusals(
    const struct maker *maker, struct spans *away, const struct wr_zone *zone, const char *support)
{
	struct lookup_range replies = wr_lookup_all(&maker->replies_of, support);
	for (size_t i = 0; i < replies.n; i++) {
		const struct wr_reply *reply = &maker->source->replies[replies.entries[i].row];
		struct lookup_range slots = wr_lookup_all(&maker->slot_refs, reply->slot);
		if (reply->answer != WR_ANSWER_NO || slots.n == 0)
			continue;
		const struct wr_slot *slot = &maker->source->slots[slots.entries[0].row];
		if (reply->revision == slot->revision)
			wr_maker_add_span(maker, away, zone, slot->start, slot->end);
	}
}

static void add_free(const struct maker *maker, struct spans *spans, const char *support)
{
	struct lookup_range range = wr_lookup_all(&maker->free_of, support);
	for (size_t i = 0; i < range.n; i++) {
		const struct wr_free *free = &maker->source->free[range.entries[i].row];
		int64_t day = (int64_t)free->weekday * WR_MINUTES_A_DAY;
		WR_GROW(spans->items, spans->n, spans->capacity);
		spans->items[spans->n++] = (struct wr_plan_span){day + free->from, day + free->to};
	}
}

static void make_person(const struct maker *maker, const struct wr_zone *zone, const char *id,
    struct wr_plan_person *person)
{
	struct spans free = {0}, away = {0};
	struct lookup_range rows = wr_lookup_all(&maker->rows_of, id);
	for (size_t i = 0; i < rows.n; i++) {
		const struct wr_support *support = &maker->source->supports[rows.entries[i].row];
		if (!counts(maker, support))
			continue;
		if (support->free_said)
			add_free(maker, &free, support->ref);
		wr_maker_add_aways(maker, &away, zone, WR_WHOSE_SUPPORT, support->ref);
		add_refusals(maker, &away, zone, support->ref);
	}
	wr_maker_add_aways(maker, &away, zone, WR_WHOSE_PERSON, id);
	add_engagements(maker, &away, zone, id);
	person->id = id;
	person->has_free = said_when_free(maker, id);
	person->free = wr_maker_keep_spans(maker, &free, &person->n_free);
	person->away = wr_maker_keep_spans(maker, &away, &person->n_away);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void wr_maker_add_persons(const struct maker *maker)
{
	struct wr_plan_instance *plan = &maker->instance->plan;
	size_t most = 0, n = 0;
	for (size_t i = 0; i < plan->n_patients; i++)
		most += plan->patients[i].n_supports;
	const char **ids = wr_alloc(most, sizeof(*ids));
	for (size_t i = 0; i < plan->n_patients; i++)
		for (size_t j = 0; j < plan->patients[i].n_supports; j++)
			ids[n++] = plan->patients[i].supports[j].person;
	qsort(ids, n, sizeof(*ids), by_text);
	plan->persons = wr_arena_new(maker->arena, struct wr_plan_person, n ? n : 1);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || strcmp(ids[i], ids[i - 1]) != 0)
			make_person(maker, maker->source->wards[0].ward->zone, ids[i],
			    &plan->persons[plan->n_persons++]);
	free(ids);
}
