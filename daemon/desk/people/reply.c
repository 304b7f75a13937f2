#include "desk/reply.h"

#include "desk/people/cases.h"
#include "desk/people/knock.h"

enum { NOTE_LONGEST = 1000 };

/* Through which row this door answers for the slot's patient. */
static int answering_support(
    struct wr_use *use, const struct wr_slot *slot, struct wr_support *ret_support)
{
	struct wr_support *rows = NULL;
	size_t n = 0;
	int r = wr_knock_supports(use, &rows, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (wr_text_equal(rows[i].patient, slot->patient)) {
			*ret_support = rows[i];
			return 0;
		}
	return r ? r
	         : wr_use_say(use, wr_refuse(use, NULL, "this page can't answer that"),
		       WR_SAY_REPLY_NOT_HERE, NULL);
}

/* What was sent is about what the page said: a change that came between is to be seen first. */
static int refuse_old_page(struct wr_use *use, const struct wr_slot *slot)
{
	const char *shown = wr_arg_text(use, "revision");
	if (!shown || wr_text_equal(shown, wr_arena_printf(use->arena, "%d", slot->revision)))
		return 0;
	return wr_use_say(use,
	    wr_refuse(use, NULL, "slot %s has changed since the page was shown", slot->ref),
	    WR_SAY_REPLY_CHANGED, NULL);
}

static int find_slot(struct wr_use *use, struct wr_slot *ret_slot)
{
	const struct wr_knock *knock = wr_knock_of(use);
	const char *ref = knock->slot ? knock->slot : wr_arg_text(use, "slot");
	int r = ref ? wr_store_slot_get(use->tx, use->arena, ref, ret_slot) : WR_STORE_NONE;
	if (r == WR_STORE_NONE)
		return wr_use_say(
		    use, wr_refuse(use, NULL, "no such slot"), WR_SAY_REPLY_NOT_HERE, NULL);
	return r ? r : refuse_old_page(use, ret_slot);
}

static int read_answer(struct wr_use *use, enum wr_answer *ret_answer)
{
	const char *text = wr_arg_text(use, "answer"), *note = wr_arg_text(use, "note");
	int answer = wr_text_empty(text) ? -1 : wr_word_value(&wr_words_answer, text);
	if (answer < 0)
		return wr_use_say(
		    use, wr_refuse(use, NULL, "no answer"), WR_SAY_REPLY_CHOOSE, "answer");
	if (note && !wr_voice_fits(note, NOTE_LONGEST))
		return wr_use_say(
		    use, wr_refuse(use, NULL, "too long"), WR_SAY_NOTE_TOO_LONG, "note");
	*ret_answer = (enum wr_answer)answer;
	return 0;
}

int wr_case_people_reply(struct wr_use *use)
{
	struct wr_slot slot;
	struct wr_support support;
	enum wr_answer answer = WR_ANSWER_NO;
	int r = find_slot(use, &slot);
	if (!r)
		r = answering_support(use, &slot, &support);
	if (!r)
		r = read_answer(use, &answer);
	if (!r)
		r = wr_reply_save(use, &support, &slot, answer, wr_arg_text(use, "note"));
	return wr_knock_say(use, r, "reply");
}

static int audit_seen(struct wr_use *use, const struct wr_slot *slot)
{
	const struct wr_knock *knock = wr_knock_of(use);
	return wr_use_audit(use, wr_arena_printf(use->arena, "slot:%s", slot->ref), slot->patient,
	    NULL,
	    json_pack("{s:s, s:s}", "seen_by", knock->who, "whose",
		wr_word(&wr_words_whose, (int)knock->whose)));
}

int wr_case_people_seen(struct wr_use *use)
{
	const struct wr_knock *knock = wr_knock_of(use);
	struct wr_slot slot;
	struct wr_support support;
	int r = find_slot(use, &slot);
	if (r)
		return r;
	bool own = knock->whose == WR_WHOSE_PATIENT && wr_text_equal(slot.patient, knock->who);
	if (own) {
		r = wr_reply_confirm(use, WR_WHOSE_PATIENT, knock->who, &slot, "seen on the page");
	} else {
		r = answering_support(use, &slot, &support);
		if (!r)
			r = wr_reply_confirm(
			    use, WR_WHOSE_SUPPORT, support.ref, &slot, "seen on the page");
	}
	if (!r)
		r = audit_seen(use, &slot);
	return wr_knock_say(use, r, "seen");
}
