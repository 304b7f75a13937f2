/*
 * The words of a notice: one part of a text message, so every word has to be worth its place.
 *
 *     Meeting: now Tue 1 Dec 10:20am, not Mon 30 Nov 10:10am.   label: news
 *     See or answer: https://...                                link
 *     Ring 01632 960009.                                        ring
 *     Don't reply to this text.                                 close
 *
 * What is composed is tried from the fullest form to the barest until it fits.
 */
#include "wardround/notice.h"

#include <string.h>

enum { LABEL_FLOOR = 10 }; /* septets: below that, courtesies go before more of the label does */

struct form {
	const char *close;
	bool long_intro, ring, old, link;
};

static const struct form forms[] = {
    // clang-format off
    {"Don't reply to this text.", true,  true,  true,  true},
    {"Don't reply to this text.", false, true,  true,  true},
    {"Don't reply.",              false, true,  true,  true},
    {NULL,                        false, true,  true,  true},
    {NULL,                        false, false, true,  true},
    {NULL,                        false, false, false, true},
    {"Don't reply to this text.", true,  true,  true,  false},
    {NULL,                        false, true,  true,  false},
    {NULL,                        false, false, false, false},
    // clang-format on
};

/* "Tue 1 Dec 10:20am" */
static void put_time(struct wr_buf *out, const struct wr_zone *zone, wr_time at)
{
	char day[WR_TIME_TEXT], clock[WR_TIME_TEXT];
	struct wr_wall wall = wr_zone_wall(zone, at);
	wr_day_short(wall.day, day);
	wr_clock_text(wall.minute, clock);
	wr_buf_printf(out, "%s %s", day, clock);
}

static void put_span(struct wr_buf *out, const struct wr_notice_message *m, bool with_end)
{
	char clock[WR_TIME_TEXT];
	put_time(out, m->zone, m->slot.start);
	if (with_end && m->slot.end > m->slot.start) {
		wr_clock_text(wr_zone_wall(m->zone, m->slot.end).minute, clock);
		wr_buf_printf(out, " to %s", clock);
	}
}

static void put_moved(struct wr_buf *out, const struct wr_notice_message *m, bool with_old)
{
	bool same_start = m->slot.was == m->slot.start;
	wr_buf_puts(out, same_start ? "still " : "now ");
	put_span(out, m, same_start);
	if (same_start) {
		wr_buf_puts(out, with_old ? ", but other details have changed." : ".");
		return;
	}
	if (with_old && m->slot.was != WR_TIME_NONE) {
		wr_buf_puts(out, ", not ");
		put_time(out, m->zone, m->slot.was);
	}
	wr_buf_putc(out, '.');
}

static void put_late(struct wr_buf *out, const struct wr_notice_message *m)
{
	wr_time at = m->slot.start + 60 * (wr_time)m->slot.late_minutes;
	wr_buf_printf(out, "about %d minutes late, not before ", m->slot.late_minutes);
	put_time(out, m->zone, at);
	wr_buf_putc(out, '.');
}

static void put_travel(struct wr_buf *out, const struct wr_notice_message *m)
{
	char day[WR_TIME_TEXT];
	wr_day_short(wr_zone_day(m->zone, m->slot.start), day);
	wr_buf_printf(out, "Please do not travel on %s.", day);
}

static void put_note(struct wr_buf *out, const struct wr_notice_message *m, const char *otherwise)
{
	wr_notice_to_gsm(out, wr_text_empty(m->note) ? otherwise : m->note);
}

static void put_news(struct wr_buf *out, const struct wr_notice_message *m, bool full)
{
	switch (m->type) {
	case WR_NOTICE_NOTHING:
	case WR_NOTICE_TYPES:
		return;
	case WR_NOTICE_SLOT_PUBLISHED:
		put_span(out, m, full);
		wr_buf_putc(out, '.');
		return;
	case WR_NOTICE_SLOT_MOVED:
		put_moved(out, m, full);
		return;
	case WR_NOTICE_SLOT_CANCELLED:
		if (m->neutral) {
			put_travel(out, m);
			return;
		}
		put_span(out, m, false);
		wr_buf_puts(out, " is cancelled.");
		return;
	case WR_NOTICE_SLOT_PEOPLE:
		put_span(out, m, false);
		wr_buf_puts(out, full ? ". Who is coming has changed." : ".");
		return;
	case WR_NOTICE_SLOT_LATE:
		put_late(out, m);
		return;
	case WR_NOTICE_REMINDER_DUE:
		wr_buf_puts(out, "reminder, ");
		put_span(out, m, full);
		wr_buf_putc(out, '.');
		return;
	case WR_NOTICE_LINK_INVITE:
		wr_buf_puts(out, "times and changes are on your own page.");
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

static const char *link_intro(const struct wr_notice_message *m, bool long_intro)
{
	if (m->type == WR_NOTICE_LINK_INVITE || m->type == WR_NOTICE_SLOT_CANCELLED)
		return "See: ";
	return long_intro ? "See or answer: " : "Answer: ";
}

/* All but the label. */
static void put_form(struct wr_buf *out, const struct wr_notice_message *m, const struct form *form)
{
	put_news(out, m, form->old);
	if (!speaks_to_people(m))
		return;
	if (form->link && link_of(m))
		wr_buf_printf(out, " %s%s", link_intro(m, form->long_intro), link_of(m));
	if (form->ring && !wr_text_empty(m->phone)) {
		wr_buf_puts(out, " Ring ");
		wr_notice_to_gsm(out, m->phone);
		wr_buf_putc(out, '.');
	}
	if (form->close)
		wr_buf_printf(out, " %s", form->close);
}

/* Cuts a text of the alphabet to at most `most` septets, between characters. */
static void cut(struct wr_buf *text, int most)
{
	while (text->length > 0 && wr_notice_septets(wr_buf_text(text)) > most) {
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
static void shorten_label(struct wr_buf *label, int most)
{
	if (wr_notice_septets(wr_buf_text(label)) <= most)
		return;
	cut(label, most);
	char *blank = label->length > 0 ? strrchr(label->data, ' ') : NULL;
	if (blank && blank - label->data >= LABEL_FLOOR) {
		*blank = '\0';
		label->length = (size_t)(blank - label->data);
	}
}

static void label_of(const struct wr_notice_message *m, struct wr_buf *label)
{
	if (!has_label(m))
		return;
	if (!wr_text_empty(m->label))
		wr_notice_to_gsm(label, m->label);
	cut(label, WR_NOTICE_SMS);
	if (label->length == 0)
		wr_buf_puts(label, "Meeting");
}

void wr_notice_text(const struct wr_notice_message *message, struct wr_buf *text)
{
	struct wr_buf label = {0}, rest = {0};
	label_of(message, &label);
	int label_septets = wr_notice_septets(wr_buf_text(&label));
	int divider = label_septets > 0 ? 2 : 0;
	int floor = label_septets < LABEL_FLOOR ? label_septets : LABEL_FLOOR;
	int room = 0;
	for (size_t i = 0; i < WR_COUNT(forms); i++) {
		wr_buf_clear(&rest);
		put_form(&rest, message, &forms[i]);
		room = WR_NOTICE_SMS - divider - wr_notice_septets(wr_buf_text(&rest));
		if (room >= floor)
			break;
	}
	shorten_label(&label, room > 0 ? room : 0);
	if (divider > 0)
		wr_buf_printf(text, "%s: ", wr_buf_text(&label));
	cut(&rest, WR_NOTICE_SMS - divider); /* only a note of staff's can be that long */
	wr_buf_puts(text, wr_buf_text(&rest));
	wr_buf_deinit(&label);
	wr_buf_deinit(&rest);
}
