/*
 * Replies: whether and how a support can come. "Can't" never moves a slot: it takes the person out
 * of who is planned to attend, and the week is planned again, which may end in a proposal.
 */
#include "desk/reply.h"

#include "desk/cases.h"
#include "desk/event.h"
#include "desk/slot_change.h"

/* ---- what an answer confirms ---- */

int wr_reply_confirm(struct wr_use *use, enum wr_whose whose, const char *who,
    const struct wr_slot *slot, const char *how)
{
	struct wr_news news;
	int r = wr_store_news_get(use->tx, use->arena, whose, who, slot->ref, &news);
	if (r == WR_STORE_NONE)
		return 0;
	if (r || news.confirmed >= slot->revision)
		return r;
	news.confirmed = slot->revision;
	news.confirmed_at = use->now;
	news.confirmed_how = how;
	return wr_store_news_put(use->tx, &news);
}

/* ---- two places at once ---- */

static bool says_yes(enum wr_answer answer)
{
	return answer != WR_ANSWER_NO;
}

/* Another slot that overlaps, of any patient, which this person has said yes to. */
static int refuse_overlap(
    struct wr_use *use, const struct wr_support *support, const struct wr_slot *slot)
{
	struct wr_support *rows = NULL;
	size_t n = 0;
	struct wr_store_support_filter same = {.person = support->person};
	int r = wr_store_support_list(use->tx, use->arena, &same, &rows, &n);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_reply *replies = NULL;
		size_t n_replies = 0;
		struct wr_store_reply_filter filter = {.support = rows[i].ref};
		r = wr_store_reply_list(use->tx, use->arena, &filter, &replies, &n_replies);
		for (size_t k = 0; k < n_replies && !r; k++) {
			struct wr_slot other;
			if (!says_yes(replies[k].answer) ||
			    wr_text_equal(replies[k].slot, slot->ref) ||
			    wr_store_slot_get(use->tx, use->arena, replies[k].slot, &other))
				continue;
			if (other.state == WR_STATE_PUBLISHED && other.start < slot->end &&
			    slot->start < other.end)
				return wr_use_say(use,
				    wr_refuse(use, "say that you can't come to the other one first",
					"this person has said yes to another meeting at that time"),
				    WR_SAY_REPLY_CLASH, "answer");
		}
	}
	return r;
}

/* ---- who attends ---- */

/* Takes the support out, or puts it in where it can attend; times and revision stay. */
static int change_attendance(
    struct wr_use *use, const struct wr_support *support, const struct wr_slot *slot, bool attends)
{
	struct wr_attendee *now = NULL, nobody = {0};
	size_t n = 0, kept = 0;
	int r = wr_store_attendee_list_of(use->tx, use->arena, slot->ref, &now, &n);
	struct wr_attendee *people = wr_arena_new(use->arena, struct wr_attendee, n + 1);
	for (size_t i = 0; i < n; i++)
		if (!wr_text_equal(now[i].support, support->ref))
			people[kept++] = now[i];
	if (attends)
		people[kept++] = (struct wr_attendee){slot->ref, support->ref, support->person};
	struct wr_slot same = *slot;
	if (!r)
		r = wr_slot_change(use, slot, &same, kept ? people : &nobody, kept);
	return r;
}

/* Whoever says yes here is no longer planned to attend anywhere else at that time. */
static int leave_others(
    struct wr_use *use, const struct wr_support *support, const struct wr_slot *slot)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .person = support->person,
	    .from = slot->start - 86400,
	    .to = slot->until,
	    .states = WR_STORE_LIVE,
	};
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_attendee *people = NULL;
		size_t n_people = 0;
		if (slots[i].until <= slot->start || wr_text_equal(slots[i].ref, slot->ref))
			continue;
		r = wr_store_attendee_list_of(
		    use->tx, use->arena, slots[i].ref, &people, &n_people);
		for (size_t k = 0; k < n_people && !r; k++) {
			struct wr_support other = {
			    .ref = people[k].support, .person = people[k].person};
			if (wr_text_equal(other.person, support->person))
				r = change_attendance(use, &other, &slots[i], false);
		}
	}
	return r;
}

static int leave_note(
    struct wr_use *use, const struct wr_support *support, const struct wr_slot *slot)
{
	struct wr_task task = {
	    .ward = slot->ward,
	    .kind = "note",
	    .patient = slot->patient,
	    .slot = slot->ref,
	    .text = wr_arena_printf(use->arena, "Read the note of support %s about slot %s (%s).",
		support->ref, slot->ref, wr_slot_when(use, slot)),
	    .created = use->now,
	    .alarm = use->now + 12 * 3600,
	    .done = WR_TIME_NONE,
	};
	int r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_TASK, &task.id);
	return r ? r : wr_store_task_put(use->tx, &task);
}

/* ---- the case ---- */

static json_t *reply_json(struct wr_use *use, const struct wr_reply *reply, const char *ward)
{
	return json_pack("{s:s, s:s, s:s, s:s?, s:i, s:o}", "support", reply->support, "slot",
	    reply->slot, "answer", wr_word(&wr_words_answer, (int)reply->answer), "note",
	    reply->note, "revision", reply->revision, "at", wr_json_time(use, ward, reply->at));
}

static int may_reply(
    struct wr_use *use, const struct wr_support *support, const struct wr_slot *slot)
{
	struct wr_patient patient;
	int r = wr_use_patient(use, support->patient, &patient);
	if (r)
		return r;
	if (!wr_text_equal(slot->patient, support->patient))
		return wr_refuse(use, NULL, "slot %s is not of the patient of support %s",
		    slot->ref, support->ref);
	if (!wr_support_is_told(support, &patient))
		return wr_refuse(use, NULL, "support %s is not invited", support->ref);
	if (slot->state != WR_STATE_PUBLISHED)
		return wr_use_say(use,
		    wr_refuse(use, NULL, "slot %s is %s", slot->ref,
			wr_word(&wr_words_state, (int)slot->state)),
		    WR_SAY_REPLY_TOO_LATE, NULL);
	if (slot->end > use->now)
		return 0;
	return wr_use_say(
	    use, wr_refuse(use, NULL, "slot %s is over", slot->ref), WR_SAY_MEETING_OVER, NULL);
}

int wr_reply_save(struct wr_use *use, const struct wr_support *support, const struct wr_slot *slot,
    enum wr_answer answer, const char *note)
{
	struct wr_reply reply = {
	    .support = support->ref,
	    .slot = slot->ref,
	    .answer = answer,
	    .note = wr_text_empty(note) ? NULL : note,
	    .revision = slot->revision,
	    .at = use->now,
	};
	int r = may_reply(use, support, slot);
	if (!r && says_yes(answer))
		r = refuse_overlap(use, support, slot);
	if (!r)
		r = wr_use_stored(use, wr_store_reply_put(use->tx, &reply), "reply");
	if (!r)
		r = wr_reply_confirm(use, WR_WHOSE_SUPPORT, support->ref, slot, "replied");
	if (!r && says_yes(answer))
		r = leave_others(use, support, slot);
	if (!r)
		r = change_attendance(use, support, slot, says_yes(answer));
	if (!r && reply.note)
		r = leave_note(use, support, slot);
	if (!r)
		r = wr_event_reply(use, slot, &reply);
	if (r)
		return r;
	wr_use_touch(use, slot->patient);
	if (!says_yes(answer))
		wr_use_replan(use, slot->ward, slot->week);
	wr_use_answer(use, "reply", reply_json(use, &reply, slot->ward));
	return wr_use_audit(use, wr_arena_printf(use->arena, "support:%s", support->ref),
	    slot->patient, NULL, reply_json(use, &reply, slot->ward));
}

int wr_case_reply_add(struct wr_use *use)
{
	struct wr_support support;
	struct wr_slot slot;
	const char *ref = NULL, *slot_ref = NULL, *text = NULL;
	int answer = WR_ANSWER_NO;
	int r = wr_arg_must(use, "support", &ref);
	if (!r)
		r = wr_arg_must(use, "slot", &slot_ref);
	if (!r)
		r = wr_arg_must(use, "answer", &text);
	if (!r)
		r = wr_arg_word(use, "answer", &wr_words_answer, &answer);
	if (!r)
		r = wr_use_support(use, ref, &support);
	if (!r)
		r = wr_use_slot(use, slot_ref, &slot);
	if (!r)
		r = wr_reply_save(
		    use, &support, &slot, (enum wr_answer)answer, wr_arg_text(use, "note"));
	return r;
}

int wr_case_reply_list(struct wr_use *use)
{
	const char *patient = wr_arg_text(use, "patient");
	struct wr_reply *replies = NULL;
	struct wr_week week = {0};
	size_t n = 0;
	struct wr_store_reply_filter filter = {
	    .support = wr_arg_text(use, "support"),
	    .slot = wr_arg_text(use, "slot"),
	    .ward = wr_arg_text(use, "ward"),
	};
	int r = wr_arg_week(use, "week", &week);
	if (week.year)
		filter.week = &week;
	if (!r)
		r = wr_store_reply_list(use->tx, use->arena, &filter, &replies, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_slot slot;
		r = wr_store_slot_get(use->tx, use->arena, replies[i].slot, &slot);
		if (!r && (!patient || wr_text_equal(slot.patient, patient)))
			json_array_append_new(list, reply_json(use, &replies[i], slot.ward));
	}
	wr_use_answer(use, "replies", list);
	return r;
}
