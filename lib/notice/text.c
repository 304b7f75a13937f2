/*
 * The words of a notice: one part of a text message, so every word has to be worth its place.
 *
 *     Meeting: now Tue 1 Dec 10:20am, not Mon 30 Nov 10:10am.   label: news
 *     See or answer: https://...                                link
 *     Ring 01632 960009.                                        ring
 *     Don't reply to this text.                                 close
 *
 * What is composed is tried from the fullest form to the barest until it fits. People read it in
 * their own language (texts sms-*); one that needs letters beyond the alphabet of text messages, or
 * more words, has two parts.
 */
#include "wardround/notice.h"

#include <string.h>

#include "wardround/language.h"

enum { LABEL_FLOOR = 10 }; /* septets: below that, courtesies go before more of the label does */

enum close { CLOSE_NONE, CLOSE_SHORT, CLOSE_LONG };

struct form {
	enum close close;
	bool long_intro, ring, old, link;
};

static const struct form forms[] = {
    // clang-format off
    {CLOSE_LONG,  true,  true,  true,  true},
    {CLOSE_LONG,  false, true,  true,  true},
    {CLOSE_SHORT, false, true,  true,  true},
    {CLOSE_NONE,  false, true,  true,  true},
    {CLOSE_NONE,  false, false, true,  true},
    {CLOSE_NONE,  false, false, false, true},
    {CLOSE_LONG,  true,  true,  true,  false},
    {CLOSE_NONE,  false, true,  true,  false},
    {CLOSE_NONE,  false, false, false, false},
    // clang-format on
};

/* One message while it is put together. */
struct writing {
	const struct wr_notice_message *m;
	enum wr_language language;
	struct wr_arena *arena;
};

/* "Tue 1 Dec 10:20am" */
static const char *when(const struct writing *w, wr_time at)
{
	struct wr_wall wall = wr_zone_wall(w->m->zone, at);
	return wr_arena_printf(w->arena, "%s %s", wr_say_day_short(w->arena, w->language, wall.day),
	    wr_say_clock(w->arena, w->language, wall.minute));
}

static const char *span(const struct writing *w, bool with_end)
{
	const struct wr_notice_slot *slot = &w->m->slot;
	const char *start = when(w, slot->start);
	if (!with_end || slot->end <= slot->start)
		return start;
	const char *end =
	    wr_say_clock(w->arena, w->language, wr_zone_wall(w->m->zone, slot->end).minute);
	return wr_say_time_span(w->arena, w->language, start, end);
}

static const char *moved(const struct writing *w, bool with_old)
{
	const struct wr_notice_slot *slot = &w->m->slot;
	if (slot->was == slot->start)
		return with_old ? wr_say_sms_changed_note(w->arena, w->language, span(w, true))
		                : wr_say_sms_changed(w->arena, w->language, span(w, true));
	if (with_old && slot->was != WR_TIME_NONE)
		return wr_say_sms_moved_from(
		    w->arena, w->language, span(w, false), when(w, slot->was));
	return wr_say_sms_moved(w->arena, w->language, span(w, false));
}

static const char *late(const struct writing *w)
{
	const struct wr_notice_slot *slot = &w->m->slot;
	return wr_say_sms_late(w->arena, w->language,
	    wr_arena_printf(w->arena, "%d", slot->late_minutes),
	    when(w, slot->start + 60 * (wr_time)slot->late_minutes));
}

static const char *cancelled(const struct writing *w)
{
	wr_day day = wr_zone_day(w->m->zone, w->m->slot.start);
	if (w->m->neutral)
		return wr_say_sms_travel(
		    w->arena, w->language, wr_say_day_short(w->arena, w->language, day));
	return wr_say_sms_cancelled(w->arena, w->language, span(w, false));
}

static void put_note(struct wr_buf *out, const struct wr_notice_message *m, const char *otherwise)
{
	wr_notice_to_gsm(out, wr_text_empty(m->note) ? otherwise : m->note);
}

static void put_news(struct wr_buf *out, const struct writing *w, bool full)
{
	const struct wr_notice_message *m = w->m;
	switch (m->type) {
	case WR_NOTICE_NOTHING:
	case WR_NOTICE_TYPES:
		return;
	case WR_NOTICE_SLOT_PUBLISHED:
		wr_buf_puts(out, wr_say_sms_published(w->arena, w->language, span(w, full)));
		return;
	case WR_NOTICE_SLOT_MOVED:
		wr_buf_puts(out, moved(w, full));
		return;
	case WR_NOTICE_SLOT_CANCELLED:
		wr_buf_puts(out, cancelled(w));
		return;
	case WR_NOTICE_SLOT_PEOPLE:
		wr_buf_puts(out, full
				     ? wr_say_sms_people_note(w->arena, w->language, span(w, false))
				     : wr_say_sms_published(w->arena, w->language, span(w, false)));
		return;
	case WR_NOTICE_SLOT_LATE:
		wr_buf_puts(out, late(w));
		return;
	case WR_NOTICE_REMINDER_DUE:
		wr_buf_puts(out, wr_say_sms_reminder(w->arena, w->language, span(w, full)));
		return;
	case WR_NOTICE_LINK_INVITE:
		wr_buf_puts(out, wr_say(w->language, WR_SAY_SMS_INVITE));
		return;
	case WR_NOTICE_WEBHOOK_TEST:
		put_note(out, m, "This is a test. Nothing has changed.");
		return;
	case WR_NOTICE_REPLY_RECEIVED:
		put_note(out, m, "A reply has come in.");
		return;
	case WR_NOTICE_PATIENT_UNPLACED:
		put_note(out, m, "Somebody has no slot.");
		return;
	case WR_NOTICE_TASK_NEW:
		put_note(out, m, "There is a new task.");
		return;
	case WR_NOTICE_PROMISE_DANGER:
		put_note(out, m, "A promise is in danger.");
		return;
	}
}

/* ---- putting it together ---- */

static bool speaks_to_people(const struct wr_notice_message *m)
{
	return !wr_notice_type_for_staff(m->type) && m->type != WR_NOTICE_WEBHOOK_TEST;
}

static bool has_label(const struct wr_notice_message *m)
{
	return speaks_to_people(m) && !m->neutral;
}

static const char *link_of(const struct wr_notice_message *m)
{
	bool wanted = m->reply_links || m->type == WR_NOTICE_LINK_INVITE;
	bool usable = has_label(m) && !wr_text_empty(m->page) && wr_notice_septets(m->page) >= 0;
	return wanted && usable ? m->page : NULL;
}

static const char *link_intro(const struct writing *w, bool long_intro)
{
	if (w->m->type == WR_NOTICE_LINK_INVITE || w->m->type == WR_NOTICE_SLOT_CANCELLED)
		return wr_say(w->language, WR_SAY_SMS_SEE);
	return wr_say(w->language, long_intro ? WR_SAY_SMS_SEE_OR_ANSWER : WR_SAY_SMS_ANSWER);
}

static const char *phone_of(const struct writing *w)
{
	struct wr_buf phone = {0};
	wr_notice_to_gsm(&phone, w->m->phone);
	const char *text = wr_say_sms_ring(w->arena, w->language, wr_buf_text(&phone));
	wr_buf_deinit(&phone);
	return text;
}

/* All but the label. */
static void put_form(struct wr_buf *out, const struct writing *w, const struct form *form)
{
	const struct wr_notice_message *m = w->m;
	put_news(out, w, form->old);
	if (!speaks_to_people(m))
		return;
	if (form->link && link_of(m))
		wr_buf_printf(out, " %s %s", link_intro(w, form->long_intro), link_of(m));
	if (form->ring && !wr_text_empty(m->phone))
		wr_buf_printf(out, " %s", phone_of(w));
	if (form->close != CLOSE_NONE)
		wr_buf_printf(out, " %s",
		    wr_say(w->language,
			form->close == CLOSE_LONG ? WR_SAY_SMS_CLOSE : WR_SAY_SMS_CLOSE_SHORT));
}

/* ---- measuring ---- */

/* How long a text is, by the alphabet that it is sent in, and how long it may be. */
struct measure {
	bool in_gsm;
	int most;
};

static struct measure measure_of(const struct writing *w, const char *label, const char *rest)
{
	bool in_gsm = wr_notice_septets(label) >= 0 && wr_notice_septets(rest) >= 0;
	if (w->language == WR_LANGUAGE_EN)
		return (struct measure){true, WR_NOTICE_SMS};
	return (struct measure){in_gsm, in_gsm ? 2 * WR_NOTICE_SMS_PART : 2 * WR_NOTICE_UCS2_PART};
}

static int length_of(const struct measure *measure, const char *text)
{
	return measure->in_gsm ? wr_notice_septets(text) : wr_notice_ucs2(text);
}

/* Cuts a text to at most `most`, between characters. */
static void cut(struct wr_buf *text, const struct measure *measure, int most)
{
	while (text->length > 0 && length_of(measure, wr_buf_text(text)) > most) {
		size_t at = text->length - 1;
		while (at > 0 && ((unsigned char)text->data[at] & 0xc0) == 0x80)
			at--;
		text->length = at;
		text->data[at] = '\0';
	}
	while (text->length > 0 && text->data[text->length - 1] == ' ')
		text->data[--text->length] = '\0';
}

/* To whole words, where that leaves enough of them. */
static void shorten_label(struct wr_buf *label, const struct measure *measure, int most)
{
	if (length_of(measure, wr_buf_text(label)) <= most)
		return;
	cut(label, measure, most);
	char *blank = label->length > 0 ? strrchr(label->data, ' ') : NULL;
	if (blank && blank - label->data >= LABEL_FLOOR) {
		*blank = '\0';
		label->length = (size_t)(blank - label->data);
	}
}

/* In English it is put into the alphabet; elsewhere it may stand as it was chosen. */
static void label_of(const struct writing *w, struct wr_buf *label)
{
	const struct measure english = {true, WR_NOTICE_SMS};
	if (!has_label(w->m))
		return;
	if (!wr_text_empty(w->m->label) && w->language == WR_LANGUAGE_EN) {
		wr_notice_to_gsm(label, w->m->label);
		cut(label, &english, WR_NOTICE_SMS);
	} else if (!wr_text_empty(w->m->label) &&
		   wr_text_is_utf8(w->m->label, strlen(w->m->label))) {
		wr_buf_puts(label, w->m->label);
	}
	if (label->length == 0)
		wr_buf_puts(label, wr_say(w->language, WR_SAY_MEETING));
}

void wr_notice_text(const struct wr_notice_message *message, struct wr_buf *text)
{
	struct wr_buf label = {0}, rest = {0};
	struct wr_arena arena = {0};
	struct measure measure = {true, WR_NOTICE_SMS};
	const struct writing w = {message,
	    speaks_to_people(message) ? wr_language_find(message->to.language) : WR_LANGUAGE_EN,
	    &arena};
	label_of(&w, &label);
	int divider = label.length > 0 ? 2 : 0, room = 0;
	for (size_t i = 0; i < WR_COUNT(forms); i++) {
		wr_buf_clear(&rest);
		put_form(&rest, &w, &forms[i]);
		measure = measure_of(&w, wr_buf_text(&label), wr_buf_text(&rest));
		int length = length_of(&measure, wr_buf_text(&label));
		room = measure.most - divider - length_of(&measure, wr_buf_text(&rest));
		if (room >= (length < LABEL_FLOOR ? length : LABEL_FLOOR))
			break;
	}
	shorten_label(&label, &measure, room > 0 ? room : 0);
	if (divider > 0)
		wr_buf_printf(text, "%s: ", wr_buf_text(&label));
	cut(&rest, &measure, measure.most - divider); /* only a note of staff's can be that long */
	wr_buf_puts(text, wr_buf_text(&rest));
	wr_buf_deinit(&label);
	wr_buf_deinit(&rest);
	wr_arena_deinit(&arena);
}
