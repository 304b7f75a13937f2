/*
 * Whether what a form names belongs to whoever sent it: rows of their ward and, for a consultant,
 * of their own list. What is another ward's is answered as what is nowhere.
 */
#include <string.h>

#include "desk/staff/visit.h"

static int unknown(struct wr_use *use, const char *what, const char *ref)
{
	return wr_unknown(use, NULL, "there is no %s `%s` on this ward", what, ref);
}

static int check_patient(struct wr_use *use, const struct wr_visit *visit, const char *ref)
{
	struct wr_patient patient;
	int r = wr_store_patient_get(use->tx, use->arena, ref, &patient);
	if (r == WR_STORE_NONE || (!r && !wr_text_equal(patient.ward, visit->ward)))
		return unknown(use, "patient", ref);
	return r;
}

static int check_support(struct wr_use *use, const struct wr_visit *visit, const char *ref)
{
	struct wr_support support;
	int r = wr_store_support_get(use->tx, use->arena, ref, &support);
	if (!r)
		r = check_patient(use, visit, support.patient);
	return r == WR_STORE_NONE || r == WR_USE_FAILED ? unknown(use, "support", ref) : r;
}

/* A consultant's are those of their list, and of the sessions that they cover. */
static int check_slot(struct wr_use *use, const struct wr_visit *visit, const char *ref)
{
	struct wr_slot slot;
	int r = wr_store_slot_get(use->tx, use->arena, ref, &slot);
	if (r == WR_STORE_NONE || (!r && !wr_text_equal(slot.ward, visit->ward)))
		return unknown(use, "slot", ref);
	if (!r && visit->role == WR_ROLE_CONSULTANT &&
	    !wr_text_equal(slot.consultant, visit->consultant))
		return wr_fault(
		    use, WR_FAULT_FORBIDDEN, NULL, "slot %s is on somebody else's list", ref);
	return r;
}

/* "ward.round.date" */
static int check_session(struct wr_use *use, const struct wr_visit *visit, const char *id)
{
	size_t length = strlen(visit->ward);
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	const char *day = strrchr(id, '.');
	struct wr_session_change change = {0};
	if (!ward || strncmp(id, visit->ward, length) != 0 || id[length] != '.' || !day ||
	    day < id + length + 1)
		return unknown(use, "session", id);
	if (visit->role != WR_ROLE_CONSULTANT)
		return 0;
	const char *name =
	    wr_arena_strndup(use->arena, id + length + 1, (size_t)(day - (id + length + 1)));
	const struct wr_config_round *round = wr_config_find_round(ward, name);
	int r = wr_store_session_change_get(use->tx, use->arena, id, &change);
	if (r && r != WR_STORE_NONE)
		return r;
	const char *leads = change.cover ? change.cover
	                    : round      ? use->config->consultants[round->consultant].id
	                                 : NULL;
	return wr_text_equal(leads, visit->consultant)
	           ? 0
	           : wr_fault(use, WR_FAULT_FORBIDDEN, NULL, "session %s is somebody else's", id);
}

static int check_task(struct wr_use *use, const struct wr_visit *visit, const char *id)
{
	struct wr_task task;
	int r = wr_store_task_get(use->tx, use->arena, id, &task);
	if (r == WR_STORE_NONE || (!r && !wr_text_equal(task.ward, visit->ward)))
		return unknown(use, "task", id);
	return r;
}

static int check_consultant(struct wr_use *use, const struct wr_visit *visit, const char *id)
{
	const struct wr_config_ward *ward = wr_visit_ward(use, visit);
	int index = wr_config_consultant_index(use->config, id);
	for (size_t i = 0; ward && i < ward->n_rounds; i++)
		if (ward->rounds[i].consultant == index)
			return 0;
	return unknown(use, "consultant", id);
}

static int check_room(struct wr_use *use, const struct wr_visit *visit, const char *name)
{
	size_t length = strlen(visit->ward);
	return strncmp(name, visit->ward, length) == 0 && name[length] == '/'
	           ? 0
	           : unknown(use, "room", name);
}

static int check_owner(
    struct wr_use *use, const struct wr_visit *visit, enum wr_whose whose, const char *who)
{
	switch (whose) {
	case WR_WHOSE_PATIENT:
		return check_patient(use, visit, who);
	case WR_WHOSE_SUPPORT:
		return check_support(use, visit, who);
	case WR_WHOSE_CONSULTANT:
		return check_consultant(use, visit, who);
	case WR_WHOSE_ROOM:
		return check_room(use, visit, who);
	case WR_WHOSE_WARD:
		return wr_text_equal(who, visit->ward) ? 0 : unknown(use, "ward", who);
	case WR_WHOSE_PERSON:
		break;
	}
	return unknown(use, "person", who);
}

static int check_away(struct wr_use *use, const struct wr_visit *visit, const char *id)
{
	struct wr_away away;
	int r = wr_store_away_get(use->tx, use->arena, id, &away);
	if (r == WR_STORE_NONE)
		return unknown(use, "away time", id);
	return r ? r : check_owner(use, visit, away.whose, away.who);
}

static int check_link(struct wr_use *use, const struct wr_visit *visit, const char *id)
{
	struct wr_link link;
	int r = wr_store_link_get(use->tx, use->arena, id, &link);
	if (r == WR_STORE_NONE)
		return unknown(use, "link", id);
	return r ? r : check_owner(use, visit, link.whose, link.who);
}

static int check_question(struct wr_use *use, const struct wr_visit *visit, const char *id)
{
	struct wr_question question;
	int r = wr_store_question_get(use->tx, use->arena, id, &question);
	if (r == WR_STORE_NONE)
		return unknown(use, "question", id);
	return r ? r : check_patient(use, visit, question.patient);
}

static int check_staff(struct wr_use *use, const struct wr_visit *visit, const char *name)
{
	struct wr_staff staff;
	int r = wr_store_staff_get(use->tx, use->arena, name, &staff);
	if (r == WR_STORE_NONE || (!r && !wr_text_equal(staff.ward, visit->ward)))
		return wr_unknown(use, NULL, "nobody on this ward is added as `%s`", name);
	return r;
}

/* Which arguments name a row; of a noun NULL: whatever the verb is about. */
static const struct {
	const char *noun, *name;
	int (*check)(struct wr_use *use, const struct wr_visit *visit, const char *ref);
} named[] = {
    {"patient", "ref", check_patient},
    {"support", "ref", check_support},
    {"session", "id", check_session},
    {"task", "id", check_task},
    {"away", "id", check_away},
    {"link", "id", check_link},
    {"question", "id", check_question},
    {"away", "consultant", check_consultant},
    {"staff", "name", check_staff},
    {NULL, "patient", check_patient},
    {NULL, "support", check_support},
    {NULL, "slot", check_slot},
    {NULL, "with", check_slot},
    {NULL, "room", check_room},
};

int wr_action_check(struct wr_use *use, const struct wr_visit *visit)
{
	const struct wr_staff_action *action = visit->action;
	if (!wr_visit_ward(use, visit))
		return wr_fault(
		    use, WR_FAULT_CONFIG, NULL, "Your ward is not in the configuration any more.");
	for (size_t i = 0; i < WR_COUNT(named); i++) {
		const char *value = wr_arg_text(use, named[i].name);
		if (!value || (named[i].noun && strcmp(named[i].noun, action->noun) != 0))
			continue;
		/* a new patient's reference, or one who comes again */
		if (strcmp(action->noun, "patient") == 0 && strcmp(action->verb, "admit") == 0)
			continue;
		int r = named[i].check(use, visit, value);
		if (r)
			return r;
	}
	return 0;
}
