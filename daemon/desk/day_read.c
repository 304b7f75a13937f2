#include "desk/day_read.h"

#include "desk/question.h"
#include "desk/wish.h"
#include "wardround/voice.h"

struct reading {
	struct wr_use *use;
	const struct wr_day_reading *of;
	struct wr_session_change *changes;
	size_t n_changes;
};

static const struct wr_session_change *change_of(const struct reading *r, const char *session)
{
	for (size_t i = 0; i < r->n_changes; i++)
		if (wr_text_equal(r->changes[i].id, session))
			return &r->changes[i];
	return NULL;
}

static bool is_planned(const struct wr_attendee *people, size_t n, const char *support)
{
	for (size_t i = 0; i < n; i++)
		if (wr_text_equal(people[i].support, support))
			return true;
	return false;
}

static int read_reply(
    struct wr_use *use, const char *support, const char *slot, const struct wr_reply **ret_reply)
{
	struct wr_reply *reply = wr_arena_new(use->arena, struct wr_reply, 1);
	int r = wr_store_reply_get(use->tx, use->arena, support, slot, reply);
	*ret_reply = r ? NULL : reply;
	return r == WR_STORE_NONE ? 0 : r;
}

static int read_people(struct reading *reading, struct wr_day_source *source)
{
	struct wr_use *use = reading->use;
	struct wr_support *supports = NULL;
	struct wr_attendee *planned = NULL;
	size_t n = 0, n_planned = 0;
	struct wr_store_support_filter filter = {.patient = source->patient->ref};
	int r = wr_store_support_list(use->tx, use->arena, &filter, &supports, &n);
	if (!r)
		r = wr_store_attendee_list_of(
		    use->tx, use->arena, source->slot->ref, &planned, &n_planned);
	struct wr_day_support *people = wr_arena_new(use->arena, struct wr_day_support, n + 1);
	for (size_t i = 0; i < n && !r; i++) {
		if (!wr_support_is_told(&supports[i], source->patient))
			continue;
		struct wr_day_support *one = &people[source->n_supports++];
		one->support = &supports[i];
		one->planned = is_planned(planned, n_planned, supports[i].ref);
		r = read_reply(use, supports[i].ref, source->slot->ref, &one->reply);
	}
	source->supports = people;
	return r;
}

/* What the patient wants to talk about, and what they ask of this slot or of every one. */
static int read_words(struct reading *reading, struct wr_day_source *source)
{
	struct wr_use *use = reading->use;
	struct wr_question *questions = NULL;
	struct wr_wished *wishes = NULL;
	size_t n = 0, n_wishes = 0;
	int r = wr_question_list_of(use, source->slot, &questions, &n);
	if (!r)
		r = wr_wish_list(use, source->patient, use->now, &wishes, &n_wishes);
	if (r)
		return r;
	const char **words = wr_arena_new(use->arena, const char *, n + n_wishes + 1);
	for (size_t i = 0; i < n; i++)
		words[source->n_questions++] = questions[i].text;
	for (size_t i = 0; i < n_wishes; i++) {
		const struct wr_wished *w = &wishes[i];
		bool here = !w->slot || wr_text_equal(w->slot, source->slot->ref);
		if (w->widens || w->state != WR_WISH_WAITS || !here)
			continue;
		words[source->n_questions++] = wr_arena_printf(use->arena, "Wish: %s%s%s",
		    wr_wish_words((enum wr_wish)w->wish), w->words ? ": " : "",
		    w->words ? w->words : "");
	}
	source->questions = words;
	return 0;
}

static int read_source(
    struct reading *reading, const struct wr_slot *slot, struct wr_day_source *source)
{
	struct wr_use *use = reading->use;
	struct wr_patient *patient = wr_arena_new(use->arena, struct wr_patient, 1);
	*source = (struct wr_day_source){
	    .slot = slot,
	    .patient = patient,
	    .change = change_of(reading, slot->session),
	};
	int r = wr_store_patient_get(use->tx, use->arena, slot->patient, patient);
	if (r || !reading->of->people)
		return r;
	r = read_people(reading, source);
	return r ? r : read_words(reading, source);
}

int wr_day_read(struct wr_use *use, const struct wr_day_reading *of,
    struct wr_day_source **ret_sources, size_t *ret_n)
{
	struct reading reading = {.use = use, .of = of};
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .ward = of->ward->id,
	    .consultant = of->consultant,
	    .from = wr_zone_at_or_after(of->ward->zone, of->first, 0),
	    .to = wr_zone_at_or_after(of->ward->zone, of->last + 1, 0),
	    .states = ~WR_STORE_BIT(WR_STATE_DRAFT),
	};
	*ret_n = 0;
	int r = wr_store_session_change_list(use->tx, use->arena, of->ward->id, of->first,
	    of->last + 1, &reading.changes, &reading.n_changes);
	if (!r)
		r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	struct wr_day_source *sources = wr_arena_new(use->arena, struct wr_day_source, n + 1);
	for (size_t i = 0; i < n && !r; i++)
		r = read_source(&reading, &slots[i], &sources[(*ret_n)++]);
	*ret_sources = sources;
	return r;
}
