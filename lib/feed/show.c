/*
 * What a reader may see of a slot, in words. Each kind of reader has one function, which names all
 * that its event holds: what is not named there cannot leak.
 */
#include "wardround/feed.h"

#include <sodium/crypto_generichash.h>
#include <string.h>

/* A value as one line: control characters become blanks, broken bytes question marks. */
static const char *one_line(struct wr_arena *arena, const char *text)
{
	struct wr_buf buf = {0};
	size_t length = text ? strlen(text) : 0;
	if (length == 0)
		return NULL;
	for (size_t at = 0; at < length;) {
		uint32_t point;
		size_t step = wr_text_decode(text + at, length - at, &point);
		if (step == 0)
			wr_buf_putc(&buf, '?');
		else if (point < 0x20 || (point >= 0x7f && point <= 0x9f))
			wr_buf_putc(&buf, ' ');
		else
			wr_buf_append(&buf, text + at, step);
		at += step ? step : 1;
	}
	const char *line = wr_arena_strndup(arena, wr_buf_text(&buf), buf.length);
	wr_buf_deinit(&buf);
	return line;
}

struct show {
	struct wr_arena *arena;
	const struct wr_feed_reader *reader;
	const struct wr_feed_facts *facts;
	struct wr_buf text; /* lines of the description */
};

static void add_line(struct show *show, const char *before, const char *value, const char *after)
{
	const char *line = one_line(show->arena, value);
	if (line)
		wr_buf_printf(
		    &show->text, "%s%s%s%s", show->text.length ? "\n" : "", before, line, after);
}

/* Texts that a support may see, unless they tell more than was agreed. */
static const char *agreed_text(const struct show *show, const char *text)
{
	const struct wr_feed_facts *facts = show->facts;
	if (show->reader->support->sees < WR_SEES_ALL &&
	    (wr_feed_gives_away(text, facts->ward_name) ||
		wr_feed_names(text, facts->patient->name)))
		return NULL;
	return text;
}

static const char *joined(struct wr_arena *arena, const char *a, const char *b)
{
	a = one_line(arena, a);
	b = one_line(arena, b);
	return a && b ? wr_arena_printf(arena, "%s, %s", a, b) : a ? a : b;
}

static void show_support(struct show *show, struct wr_feed_event *event)
{
	const struct wr_feed_facts *facts = show->facts;
	const struct wr_reply *reply = show->reader->reply;
	enum wr_sees sees = show->reader->support->sees;
	const char *label = facts->patient->label;
	if (sees < WR_SEES_ALL || wr_text_empty(label))
		label = wr_feed_label(facts->patient, facts->ward_name);
	event->summary = one_line(show->arena, label);
	event->page = show->reader->page;
	event->contact_phone = one_line(show->arena, facts->contact_phone);
	if (sees >= WR_SEES_PLACE)
		event->arrive = one_line(show->arena, agreed_text(show, facts->arrive));
	if (sees >= WR_SEES_ALL) {
		event->with = joined(show->arena, facts->patient->name, facts->ward_name);
		event->staff_phone = one_line(show->arena, facts->ward_phone);
	}
	if (sees >= WR_SEES_PLACE)
		event->place = joined(show->arena, agreed_text(show, facts->slot->room),
		    agreed_text(show, facts->address));
	if (sees >= WR_SEES_ALL) {
		add_line(show, "With ", facts->patient->name, ".");
		add_line(show, "", facts->ward_name, ".");
		add_line(show, "Staff: ", facts->ward_phone, ".");
	}
	if (event->cancelled) {
		add_line(show, "", "This is cancelled.", "");
	} else {
		if (sees >= WR_SEES_PLACE)
			add_line(show, "When you arrive: ", agreed_text(show, facts->arrive), ".");
		add_line(show, "", "How to join is on the page.", "");
		if (reply)
			add_line(show, "Your reply: ", wr_answer_text(reply->answer),
			    reply->revision == facts->slot->revision
				? "."
				: " (answered for the old time).");
	}
	add_line(show, "Questions? Ring ", facts->contact_phone, ".");
}

static const char *initials(struct wr_arena *arena, const char *name)
{
	struct wr_buf buf = {0};
	size_t length = name ? strlen(name) : 0;
	bool begins = true;
	for (size_t at = 0; at < length;) {
		uint32_t point;
		size_t step = wr_text_decode(name + at, length - at, &point);
		if (begins && step > 0 && point > ' ')
			wr_buf_append(&buf, name + at, step);
		begins = name[at] == ' ' || name[at] == '-';
		at += step ? step : 1;
	}
	const char *letters = wr_arena_strndup(arena, wr_buf_text(&buf), buf.length);
	wr_buf_deinit(&buf);
	return letters;
}

static int coming(const struct wr_feed_facts *facts)
{
	int count = 0;
	for (size_t i = 0; i < facts->guests; i++)
		count += !facts->guest[i].declined;
	return count;
}

/* "Ivo Heath, Pia Pike": names or relations of those coming, as the caller ordered them. */
static const char *listed(struct show *show, bool names)
{
	const char *list = NULL;
	for (size_t i = 0; i < show->facts->guests; i++) {
		const struct wr_feed_guest *guest = &show->facts->guest[i];
		if (!guest->declined)
			list = joined(show->arena, list, names ? guest->name : guest->relation);
	}
	return list;
}

static void show_patient(struct show *show, struct wr_feed_event *event)
{
	event->summary = "Ward round";
	event->place = one_line(show->arena, show->facts->slot->room);
	if (event->cancelled) {
		add_line(show, "", "This is cancelled.", "");
		return;
	}
	const char *names = listed(show, true);
	add_line(show, "Coming: ", names ? names : "nobody else yet", ".");
	add_line(show, "", "How others join is on your page.", "");
}

static void show_staff(struct show *show, struct wr_feed_event *event)
{
	const struct wr_feed_facts *facts = show->facts;
	const char *bed = one_line(show->arena, facts->patient->bed);
	const char *who = initials(show->arena, facts->patient->name);
	if (bed)
		who = wr_arena_printf(show->arena, "%s, bed %s", who, bed);
	event->summary = who;
	event->place = one_line(show->arena, facts->slot->room);
	if (show->reader->whose == WR_WHOSE_WARD)
		event->summary = joined(show->arena, who, facts->consultant_name);
	if (event->cancelled)
		return;
	int count = coming(facts);
	const char *relations =
	    show->reader->whose == WR_WHOSE_CONSULTANT ? listed(show, false) : NULL;
	if (relations)
		add_line(
		    show, wr_arena_printf(show->arena, "Coming: %d (", count), relations, ").");
	else
		add_line(show, "Coming: ", wr_arena_printf(show->arena, "%d", count), ".");
}

static bool may_see(const struct wr_feed_reader *reader, const struct wr_feed_facts *facts)
{
	const struct wr_slot *slot = facts->slot;
	if (slot->state == WR_STATE_DRAFT || slot->revision < 1 || facts->patient->restricted)
		return false;
	switch (reader->whose) {
	case WR_WHOSE_SUPPORT:
	case WR_WHOSE_PERSON:
		return reader->support && wr_support_is_told(reader->support, facts->patient);
	case WR_WHOSE_PATIENT:
		return facts->patient->discharged == WR_TIME_NONE && !facts->patient->died;
	case WR_WHOSE_CONSULTANT:
	case WR_WHOSE_WARD:
		return true;
	case WR_WHOSE_ROOM:
		break;
	}
	return false;
}

bool wr_feed_show(struct wr_arena *arena, const struct wr_feed_reader *reader,
    const struct wr_feed_facts *facts, struct wr_feed_event *ret_event)
{
	const struct wr_slot *slot = facts->slot;
	if (!may_see(reader, facts))
		return false;
	struct show show = {.arena = arena, .reader = reader, .facts = facts};
	struct wr_feed_event event = {
	    .uid = slot->uid,
	    .start = slot->start,
	    .end = slot->end,
	    .cancelled = wr_state_is_off(slot->state),
	    .changed = slot->changed,
	    .alarms = reader->alarms,
	};
	switch (reader->whose) {
	case WR_WHOSE_SUPPORT:
	case WR_WHOSE_PERSON:
		show_support(&show, &event);
		break;
	case WR_WHOSE_PATIENT:
		show_patient(&show, &event);
		break;
	case WR_WHOSE_CONSULTANT:
	case WR_WHOSE_WARD:
	case WR_WHOSE_ROOM:
		show_staff(&show, &event);
		break;
	}
	event.text = wr_arena_strndup(arena, wr_buf_text(&show.text), show.text.length);
	wr_buf_deinit(&show.text);
	*ret_event = event;
	return true;
}

/* Each text with its length before it, so that no two events look alike joined together. */
static void hash_text(crypto_generichash_state *state, const char *text)
{
	uint64_t length = text ? strlen(text) : UINT64_MAX;
	crypto_generichash_update(state, (const unsigned char *)&length, sizeof(length));
	if (text)
		crypto_generichash_update(state, (const unsigned char *)text, length);
}

void wr_feed_event_digest(const struct wr_feed_event *event, unsigned char digest[WR_FEED_DIGEST])
{
	crypto_generichash_state state;
	int64_t numbers[] = {event->start, event->end, event->cancelled, event->alarms};
	crypto_generichash_init(&state, NULL, 0, WR_FEED_DIGEST);
	crypto_generichash_update(&state, (const unsigned char *)numbers, sizeof(numbers));
	hash_text(&state, event->uid);
	hash_text(&state, event->summary);
	hash_text(&state, event->place);
	hash_text(&state, event->text);
	hash_text(&state, event->page);
	crypto_generichash_final(&state, digest, WR_FEED_DIGEST);
}
