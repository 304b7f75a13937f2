/*
 * Times when somebody or something can't be used. What is already published and clashes is not
 * moved: it becomes a proposal when the week is planned again.
 */
#include "desk/cases.h"
#include "desk/slot_change.h"

enum { WEEKS_LOOKED_AT = 8 }; /* for clashes of a cover */

struct subject {
	enum wr_whose whose;
	const char *who;
	const struct wr_config_ward *ward; /* whose clock typed times follow */
	const char *patient;               /* whose affair it is; NULL */
	const char *person;
};

static int patient_subject(struct wr_use *use, const char *ref, struct subject *ret)
{
	struct wr_patient patient;
	int r = wr_use_patient(use, ref, &patient);
	if (r)
		return r;
	*ret =
	    (struct subject){.whose = WR_WHOSE_PATIENT, .who = patient.ref, .patient = patient.ref};
	return wr_use_ward_of(use, patient.ward, &ret->ward);
}

static int support_subject(struct wr_use *use, const char *ref, struct subject *ret)
{
	struct wr_support support;
	int r = wr_use_support(use, ref, &support);
	if (!r)
		r = patient_subject(use, support.patient, ret);
	ret->whose = WR_WHOSE_SUPPORT;
	ret->who = support.ref;
	ret->person = support.person;
	return r;
}

static int room_subject(struct wr_use *use, const char *name, struct subject *ret)
{
	for (size_t i = 0; i < use->config->n_wards; i++) {
		const struct wr_config_ward *ward = &use->config->wards[i];
		for (size_t k = 0; k < ward->n_rounds; k++) {
			const char *room =
			    wr_arena_printf(use->arena, "%s/%s", ward->id, ward->rounds[k].room);
			if (wr_text_equal(room, name)) {
				*ret = (struct subject){WR_WHOSE_ROOM, room, ward, NULL, NULL};
				return 0;
			}
		}
	}
	return wr_unknown(use, "name it as `ward/room name`", "no round uses a room `%s`", name);
}

static int consultant_subject(struct wr_use *use, const char *id, struct subject *ret)
{
	const struct wr_config_consultant *consultant = NULL;
	int r = wr_use_consultant(use, id, &consultant);
	if (r)
		return r;
	*ret = (struct subject){
	    WR_WHOSE_CONSULTANT, consultant->id, &use->config->wards[0], NULL, NULL};
	int index = wr_config_consultant_index(use->config, id);
	for (size_t i = 0; i < use->config->n_wards; i++)
		for (size_t k = 0; k < use->config->wards[i].n_rounds; k++)
			if (use->config->wards[i].rounds[k].consultant == index)
				ret->ward = &use->config->wards[i];
	return 0;
}

static int find_subject(struct wr_use *use, struct subject *ret)
{
	static const struct {
		const char *name;
		int (*find)(struct wr_use *use, const char *name, struct subject *ret);
	} kinds[] = {
	    {"patient", patient_subject},
	    {"support", support_subject},
	    {"consultant", consultant_subject},
	    {"room", room_subject},
	};
	size_t found = WR_COUNT(kinds);
	for (size_t i = 0; i < WR_COUNT(kinds); i++) {
		if (!wr_arg_text(use, kinds[i].name))
			continue;
		if (found < WR_COUNT(kinds))
			return wr_fault(use, WR_FAULT_USAGE, NULL, "%s: one of %s and %s, not both",
			    use->verb, kinds[found].name, kinds[i].name);
		found = i;
	}
	if (found == WR_COUNT(kinds))
		return wr_fault(use, WR_FAULT_USAGE, "--patient, --support, --consultant or --room",
		    "%s: who is away?", use->verb);
	return kinds[found].find(use, wr_arg_text(use, kinds[found].name), ret);
}

/* The wards whose plans this touches: of a consultant all where one has a round. */
static int replan_for(struct wr_use *use, const struct subject *subject)
{
	int index = wr_config_consultant_index(use->config, subject->who);
	int r = 0;
	for (size_t i = 0; i < use->config->n_wards && !r; i++) {
		const struct wr_config_ward *ward = &use->config->wards[i];
		bool touched = ward == subject->ward;
		for (size_t k = 0; k < ward->n_rounds; k++)
			touched |= subject->whose == WR_WHOSE_CONSULTANT &&
			           ward->rounds[k].consultant == index;
		if (!touched)
			continue;
		wr_use_replan_ahead(use, ward->id);
		r = wr_store_generation_bump(use->tx, WR_WHOSE_WARD, ward->id);
	}
	if (!r && subject->person)
		r = wr_store_generation_bump(use->tx, WR_WHOSE_PERSON, subject->person);
	return r;
}

/* Published slots whose session somebody else leads now, and which stay where they are: nobody is
 * told anything else, but they take that consultant's time. */
static int follow_cover(struct wr_use *use, const char *consultant, const struct wr_away *away)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .consultant = consultant,
	    .from = away->from,
	    .to = away->to,
	    .states = WR_STORE_BIT(WR_STATE_PUBLISHED),
	};
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_session *sessions = NULL;
		size_t n_sessions = 0;
		struct wr_slot slot = slots[i];
		const struct wr_config_ward *ward = wr_config_find_ward(use->config, slot.ward);
		if (!ward || slot.start < use->now)
			continue;
		r = wr_slot_sessions(use, ward, slot.week, &sessions, &n_sessions);
		const struct wr_session *session =
		    r ? NULL : wr_session_find(sessions, n_sessions, slot.session);
		if (!session || wr_text_equal(session->consultant, slot.consultant) ||
		    wr_session_cell_starting(session, slot.start) == WR_SESSION_NO_CELL)
			continue;
		slot.consultant = session->consultant;
		r = wr_slot_change(use, &slots[i], &slot, NULL, 0);
	}
	return r;
}

/* ---- a cover who is wanted in two places ---- */

struct lists { /* the sessions of one week, ward by ward */
	struct wr_session **sessions;
	size_t *n;
};

static void warn_of_pair(const struct wr_away *away, const struct wr_session *session,
    const struct wr_session *other, json_t *warnings)
{
	bool covered = session->state == WR_SESSION_PLANNED && session->n &&
	               wr_text_equal(session->consultant, away->who) &&
	               session->cells[0].start < away->to &&
	               session->cells[session->n - 1].until > away->from;
	if (covered && other->state == WR_SESSION_PLANNED &&
	    wr_text_equal(other->consultant, away->cover) &&
	    wr_slot_sessions_overlap(session, other))
		json_array_append_new(warnings,
		    json_sprintf("consultant %s leads session %s at the time of session %s, which "
				 "loses those cells",
			away->cover, other->id, session->id));
}

static void warn_of_week(
    struct wr_use *use, const struct wr_away *away, const struct lists *lists, json_t *warnings)
{
	for (size_t a = 0; a < use->config->n_wards; a++)
		for (size_t i = 0; i < lists->n[a]; i++)
			for (size_t b = 0; b < use->config->n_wards; b++)
				for (size_t k = 0; k < lists->n[b]; k++)
					warn_of_pair(away, &lists->sessions[a][i],
					    &lists->sessions[b][k], warnings);
}

/* Before the away time is written. */
static int warn_of_cover(struct wr_use *use, const struct wr_config_ward *ward,
    const struct wr_away *away, json_t *warnings)
{
	size_t n = use->config->n_wards;
	struct lists lists = {
	    .sessions = wr_arena_new(use->arena, struct wr_session *, n + 1),
	    .n = wr_arena_new(use->arena, size_t, n + 1),
	};
	wr_time from = away->from > use->now ? away->from : use->now;
	struct wr_week week = wr_day_week(wr_zone_day(ward->zone, from));
	for (int i = 0; i < WEEKS_LOOKED_AT; i++, week = wr_week_next(week)) {
		if (wr_zone_at_or_after(ward->zone, wr_week_monday(week), 0) >= away->to)
			break;
		int r = 0;
		for (size_t w = 0; w < n && !r; w++)
			r = wr_slot_sessions(
			    use, &use->config->wards[w], week, &lists.sessions[w], &lists.n[w]);
		if (r)
			return r;
		warn_of_week(use, away, &lists, warnings);
	}
	return 0;
}

int wr_case_away_add(struct wr_use *use)
{
	struct subject subject;
	struct wr_away away = {0};
	const struct wr_config_consultant *cover = NULL;
	const char *text = NULL;
	int r = find_subject(use, &subject);
	if (!r)
		r = wr_arg_must(use, "from", &text);
	if (!r)
		r = wr_arg_must(use, "to", &text);
	if (!r)
		r = wr_arg_must(use, "why", &away.why);
	if (!r)
		r = wr_arg_time(use, "from", subject.ward, &away.from);
	if (!r)
		r = wr_arg_time(use, "to", subject.ward, &away.to);
	if (!r && away.from >= away.to)
		r = wr_fault(use, WR_FAULT_DATA, NULL, "an away time ends after it begins");
	if (!r && wr_arg_text(use, "cover")) {
		r = wr_use_consultant(use, wr_arg_text(use, "cover"), &cover);
		if (!r && subject.whose != WR_WHOSE_CONSULTANT)
			r = wr_fault(use, WR_FAULT_USAGE, NULL, "only a consultant can be covered");
		if (!r && wr_text_equal(cover->id, subject.who))
			r = wr_refuse(use, NULL, "nobody covers for themselves");
	}
	if (!r)
		r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_AWAY, &away.id);
	if (r)
		return r;
	away.whose = subject.whose;
	away.who = subject.who;
	away.cover = cover ? cover->id : NULL;
	json_t *warnings = json_array();
	wr_use_answer(use, "warnings", warnings);
	if (away.cover)
		r = warn_of_cover(use, subject.ward, &away, warnings);
	if (r)
		return r;
	r = wr_use_stored(use, wr_store_away_put(use->tx, &away), "away time");
	if (!r && away.cover)
		r = follow_cover(use, away.who, &away);
	if (!r)
		r = replan_for(use, &subject);
	if (r)
		return r;
	wr_use_change(use, wr_arena_printf(use->arena, "away %s", away.id), NULL, away.who);
	wr_use_answer(use, "away", wr_json_away(use, &away));
	return wr_use_audit(use, wr_arena_printf(use->arena, "away:%s", away.id), subject.patient,
	    NULL, wr_json_away(use, &away));
}

int wr_case_away_list(struct wr_use *use)
{
	struct wr_away *aways = NULL;
	size_t n = 0;
	int r = wr_store_away_list(use->tx, use->arena, NULL, &aways, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n && !r; i++)
		json_array_append_new(list, wr_json_away(use, &aways[i]));
	wr_use_answer(use, "away", list);
	return r;
}

static int subject_of(struct wr_use *use, const struct wr_away *away, struct subject *ret)
{
	switch (away->whose) {
	case WR_WHOSE_PATIENT:
		return patient_subject(use, away->who, ret);
	case WR_WHOSE_SUPPORT:
		return support_subject(use, away->who, ret);
	case WR_WHOSE_CONSULTANT:
		return consultant_subject(use, away->who, ret);
	case WR_WHOSE_ROOM:
		return room_subject(use, away->who, ret);
	case WR_WHOSE_PERSON:
	case WR_WHOSE_WARD:
		break;
	}
	return wr_refuse(use, NULL, "away time %s is of a kind that can't be", away->id);
}

int wr_case_away_remove(struct wr_use *use)
{
	struct subject subject = {0};
	struct wr_away away;
	const char *id = NULL;
	int r = wr_arg_must(use, "id", &id);
	if (!r)
		r = wr_store_away_get(use->tx, use->arena, id, &away);
	if (r == WR_STORE_NONE)
		return wr_unknown(use, "see `wardctl away list`", "there is no away time `%s`", id);
	if (!r)
		r = subject_of(use, &away, &subject);
	json_t *before = r ? NULL : wr_json_away(use, &away);
	if (!r)
		r = wr_store_away_delete(use->tx, id);
	if (!r && away.cover)
		r = follow_cover(use, away.cover, &away);
	if (!r)
		r = replan_for(use, &subject);
	if (r) {
		json_decref(before);
		return r;
	}
	wr_use_change(use, wr_arena_printf(use->arena, "away %s", id), away.who, NULL);
	wr_use_answer(use, "away", json_incref(before));
	return wr_use_audit(
	    use, wr_arena_printf(use->arena, "away:%s", id), subject.patient, before, NULL);
}
