/*
 * One meeting on a page: when, where, how to join, what changed, and the forms about it.
 */
#include <string.h>

#include "desk/people/page.h"
#include "wardround/day.h"

enum { JOIN_BEFORE_SECONDS = 15 * 60, MOST_ROWS = 9, MOST_LINES = 6, NOTE_LONGEST = 1000 };

struct meeting { /* the one that is drawn */
	struct wr_drawing *d;
	const struct wr_slot *slot;
	const struct wr_support *support; /* NULL */
	const struct wr_reply *reply;     /* NULL */
	const struct wr_config_ward *ward;
	struct wr_feed_event event;
	struct wr_html_facts_row *rows;
	const char **lines;
	struct wr_html_meeting *m;
};

static void add_row(struct meeting *meeting, enum wr_say name, const char *text, const char *to)
{
	struct wr_html_facts *facts = &meeting->m->facts;
	if (wr_text_empty(text) || facts->n_rows == MOST_ROWS)
		return;
	meeting->rows[facts->n_rows++] = (struct wr_html_facts_row){
	    .name = wr_say(meeting->d->language, name),
	    .text = text,
	    .to = to,
	    .bold = name == WR_SAY_ROW_DAY || name == WR_SAY_ROW_TIME,
	};
}

static void add_line(struct meeting *meeting, const char *text)
{
	if (!wr_text_empty(text) && meeting->m->n_lines < MOST_LINES)
		meeting->lines[meeting->m->n_lines++] = text;
}

static const char *clock_at(const struct meeting *meeting, wr_time at)
{
	return wr_say_clock(meeting->d->use->arena, meeting->d->language,
	    wr_zone_wall(meeting->ward->zone, at).minute);
}

static const char *when(const struct meeting *meeting, wr_time at)
{
	return wr_say_when(meeting->d->use->arena, meeting->d->language, meeting->ward->zone, at);
}

/* ---- what is known of it ---- */

static const char *dial(struct meeting *meeting, const char *number)
{
	struct wr_buf buf = {0};
	wr_buf_puts(&buf, "tel:");
	for (const char *at = number; *at; at++)
		if ((*at >= '0' && *at <= '9') || *at == '+' || *at == '#' || *at == ',')
			wr_buf_putc(&buf, *at);
	const char *address =
	    wr_arena_strndup(meeting->d->use->arena, wr_buf_text(&buf), buf.length);
	wr_buf_deinit(&buf);
	return address;
}

static void add_phone(struct meeting *meeting, enum wr_say name, const char *number)
{
	if (!wr_text_empty(number))
		add_row(meeting, name, number, dial(meeting, number));
}

static void add_when_and_where(struct meeting *meeting)
{
	const struct wr_feed_event *event = &meeting->event;
	struct wr_arena *arena = meeting->d->use->arena;
	enum wr_language language = meeting->d->language;
	add_row(meeting, WR_SAY_ROW_DAY,
	    wr_say_day(arena, language, wr_zone_day(meeting->ward->zone, event->start)), NULL);
	add_row(meeting, WR_SAY_ROW_TIME,
	    wr_say_span(arena, language, meeting->ward->zone, event->start, event->end), NULL);
	add_row(meeting, WR_SAY_ROW_WHERE, event->place, NULL);
	if (!event->cancelled)
		add_row(meeting, WR_SAY_ROW_ARRIVE, event->arrive, NULL);
	add_row(meeting, WR_SAY_ROW_WITH, event->with, NULL);
}

static void add_change(struct meeting *meeting)
{
	const struct wr_slot *slot = meeting->slot;
	struct wr_arena *arena = meeting->d->use->arena;
	if (slot->revision < 2)
		return;
	const char *changed = when(meeting, slot->changed);
	if (slot->was_start == WR_TIME_NONE || slot->was_start == slot->start)
		add_line(meeting, wr_say_last_changed(arena, meeting->d->language, changed));
	else
		add_line(meeting, wr_say_last_changed_from(arena, meeting->d->language, changed,
				      when(meeting, slot->was_start)));
}

/* What stands above the rest: it is off, has begun, or begins late. */
static int add_warning(struct meeting *meeting)
{
	struct wr_session_change change;
	const struct wr_slot *slot = meeting->slot;
	struct wr_use *use = meeting->d->use;
	enum wr_language language = meeting->d->language;
	if (meeting->event.cancelled) {
		meeting->m->warning = wr_say(language, WR_SAY_CANCELLED_NOTE);
		return 0;
	}
	if (slot->state == WR_STATE_STARTED || slot->state == WR_STATE_HELD)
		meeting->m->warning = wr_say(language,
		    slot->state == WR_STATE_HELD ? WR_SAY_MEETING_OVER : WR_SAY_IS_RUNNING);
	if (slot->state != WR_STATE_PUBLISHED)
		return 0;
	int r = wr_store_session_change_get(use->tx, use->arena, slot->session, &change);
	if (r == 0 && wr_day_told_minutes(&change) > 0)
		meeting->m->warning = wr_say_running_late(use->arena, language,
		    wr_arena_printf(use->arena, "%d", wr_day_told_minutes(&change)),
		    clock_at(meeting, wr_day_not_before(slot, &change)));
	return r == WR_STORE_NONE ? 0 : r;
}

/* The feed's lines, for readers of staff's links. */
static void add_feed_lines(struct meeting *meeting)
{
	for (const char *text = meeting->event.text; text && *text;) {
		size_t length = strcspn(text, "\n");
		add_line(meeting, wr_arena_strndup(meeting->d->use->arena, text, length));
		text += length + (text[length] == '\n');
	}
}

/* ---- joining ---- */

/* How this support comes: as they said last, else as was planned; nobody has said "no" here. */
static bool comes_by(const struct meeting *meeting, enum wr_attends attends, enum wr_answer answer)
{
	if (!meeting->support || (meeting->reply && meeting->reply->answer == WR_ANSWER_NO))
		return false;
	return meeting->reply ? meeting->reply->answer == answer
	                      : meeting->support->attends == attends;
}

/* The number to dial for this slot's round; NULL when it has none. */
static const char *dial_in(const struct meeting *meeting)
{
	const char *id = strchr(meeting->slot->session, '.');
	size_t length = id ? strcspn(++id, ".") : 0;
	const struct wr_config_round *round =
	    id ? wr_config_find_round(
		     meeting->ward, wr_arena_strndup(meeting->d->use->arena, id, length))
	       : NULL;
	return round && !wr_text_empty(round->dial_in) ? round->dial_in : NULL;
}

static void add_joining(struct meeting *meeting)
{
	const struct wr_slot *slot = meeting->slot;
	struct wr_arena *arena = meeting->d->use->arena;
	enum wr_language language = meeting->d->language;
	wr_time now = meeting->d->use->now, opens = slot->start - JOIN_BEFORE_SECONDS;
	bool open = now >= opens && now < slot->end;
	const char *number = dial_in(meeting);
	bool video = slot->join && comes_by(meeting, WR_ATTENDS_VIDEO, WR_ANSWER_VIDEO);
	bool phone = number && comes_by(meeting, WR_ATTENDS_PHONE, WR_ANSWER_PHONE);
	if (slot->state != WR_STATE_PUBLISHED && slot->state != WR_STATE_STARTED)
		return;
	if (video && open)
		add_row(
		    meeting, WR_SAY_ROW_JOIN_VIDEO, wr_say(language, WR_SAY_JOIN_NOW), slot->join);
	else if (phone && open)
		add_phone(meeting, WR_SAY_ROW_JOIN_PHONE, number);
	else if (video)
		add_line(
		    meeting, wr_say_join_video_later(arena, language, clock_at(meeting, opens)));
	else if (phone)
		add_line(
		    meeting, wr_say_join_phone_later(arena, language, clock_at(meeting, opens)));
}

/* ---- seen, answered ---- */

static void add_seen(struct meeting *meeting)
{
	struct wr_drawing *d = meeting->d;
	struct wr_news news;
	bool patient = d->knock->whose == WR_WHOSE_PATIENT;
	if (!meeting->support && !patient)
		return;
	const char *who = patient ? d->knock->who : meeting->support->ref;
	int r = wr_store_news_get(d->use->tx, d->use->arena,
	    patient ? WR_WHOSE_PATIENT : WR_WHOSE_SUPPORT, who, meeting->slot->ref, &news);
	if (r || news.confirmed >= meeting->slot->revision)
		return;
	struct wr_html_seen *seen = wr_arena_new(d->use->arena, struct wr_html_seen, 1);
	*seen = (struct wr_html_seen){
	    .action = wr_drawing_action(d, "seen"),
	    .form = wr_drawing_form(d, "seen"),
	    .slot = meeting->slot->ref,
	    .revision = meeting->slot->revision,
	};
	meeting->m->seen = seen;
}

static const enum wr_say answers[] = {
    WR_SAY_REPLY_PERSON, WR_SAY_REPLY_PHONE, WR_SAY_REPLY_VIDEO, WR_SAY_REPLY_NO};
static const enum wr_say answered[] = {
    WR_SAY_SAID_PERSON, WR_SAY_SAID_PHONE, WR_SAY_SAID_VIDEO, WR_SAY_SAID_NO};

/* A form that came back belongs to one meeting of the page. */
static bool came_back(const struct meeting *meeting)
{
	const struct wr_knock *knock = meeting->d->knock;
	const char *slot = json_string_value(json_object_get(knock->typed, "slot"));
	return wr_text_equal(knock->form, "reply") &&
	       (knock->kind == WR_DOOR_REPLY || wr_text_equal(slot, meeting->slot->ref));
}

static void add_answers(struct meeting *meeting, struct wr_html_radios *radios)
{
	struct wr_drawing *d = meeting->d;
	struct wr_html_radios_choice *choices =
	    wr_arena_new(d->use->arena, struct wr_html_radios_choice, WR_COUNT(answers));
	const char *chosen =
	    meeting->reply ? wr_word(&wr_words_answer, (int)meeting->reply->answer) : NULL;
	if (came_back(meeting))
		chosen = wr_drawing_typed(d, "reply", "answer", NULL);
	for (size_t i = 0; i < WR_COUNT(answers); i++) {
		const char *value = wr_word(&wr_words_answer, (int)i);
		choices[i] = (struct wr_html_radios_choice){
		    .value = value,
		    .label = wr_say(d->language, answers[i]),
		    .chosen = wr_text_equal(value, chosen),
		};
	}
	*radios = (struct wr_html_radios){
	    .id = wr_arena_printf(d->use->arena, "answer-%s", meeting->slot->ref),
	    .name = "answer",
	    .legend = wr_say(d->language, WR_SAY_REPLY_LEGEND),
	    .error = came_back(meeting) ? wr_drawing_wrong(d, "reply", "answer") : NULL,
	    .choices = choices,
	    .n_choices = WR_COUNT(answers),
	};
}

static void add_note(struct meeting *meeting, struct wr_html_box *note)
{
	struct wr_drawing *d = meeting->d;
	const char *phone = meeting->event.contact_phone;
	*note = (struct wr_html_box){
	    .id = wr_arena_printf(d->use->arena, "note-%s", meeting->slot->ref),
	    .name = "note",
	    .label = wr_say(d->language, WR_SAY_NOTE_LABEL),
	    .hint = wr_say(d->language, WR_SAY_NOTE_HINT),
	    .urgent = phone ? wr_say_urgent(d->use->arena, d->language, phone)
	                    : wr_say(d->language, WR_SAY_URGENT_NUMBER_GIVEN),
	    .error = came_back(meeting) ? wr_drawing_wrong(d, "reply", "note") : NULL,
	    .value = came_back(meeting) ? wr_drawing_typed(d, "reply", "note", NULL)
	             : meeting->reply   ? meeting->reply->note
	                                : NULL,
	    .most = NOTE_LONGEST,
	};
}

static void add_reply(struct meeting *meeting)
{
	struct wr_drawing *d = meeting->d;
	const struct wr_slot *slot = meeting->slot;
	if (!meeting->support || slot->state != WR_STATE_PUBLISHED || slot->end <= d->use->now)
		return;
	struct wr_html_reply *form = wr_arena_new(d->use->arena, struct wr_html_reply, 1);
	*form = (struct wr_html_reply){
	    .action = wr_drawing_action(d, "reply"),
	    .form = wr_drawing_form(d, "reply"),
	    .slot = slot->ref,
	    .revision = slot->revision,
	    .goes_ahead =
		wr_say_goes_ahead(d->use->arena, d->language, clock_at(meeting, slot->start)),
	};
	add_answers(meeting, &form->answers);
	add_note(meeting, &form->note);
	meeting->m->reply = form;
	meeting->m->folded = d->knock->whose == WR_WHOSE_PERSON;
	meeting->m->reply_open = came_back(meeting);
}

static void add_answered(struct meeting *meeting)
{
	if (!meeting->reply)
		return;
	meeting->m->answered = wr_say(meeting->d->language, answered[meeting->reply->answer]);
	if (meeting->m->reply && meeting->reply->revision != meeting->slot->revision)
		meeting->m->answered_old = wr_say(meeting->d->language, WR_SAY_FOR_OLD_TIME);
}

/* ---- all of it ---- */

static void name_meeting(struct meeting *meeting)
{
	struct wr_arena *arena = meeting->d->use->arena;
	const char *name = meeting->event.summary;
	if (meeting->support && wr_text_equal(name, "Meeting"))
		name = wr_say(meeting->d->language, WR_SAY_MEETING);
	if (meeting->d->knock->whose == WR_WHOSE_PERSON)
		name = wr_say_meeting_on(arena, meeting->d->language, name,
		    wr_say_date_and_time(arena, meeting->d->language,
			wr_say_day_short(arena, meeting->d->language,
			    wr_zone_day(meeting->ward->zone, meeting->slot->start)),
			clock_at(meeting, meeting->slot->start)));
	meeting->m->heading = meeting->event.cancelled
	                          ? wr_say_cancelled_meeting(arena, meeting->d->language, name)
	                          : name;
	meeting->m->id = wr_arena_printf(arena, "meeting-%s", meeting->slot->ref);
}

static int fill_in(struct meeting *meeting)
{
	name_meeting(meeting);
	add_when_and_where(meeting);
	add_joining(meeting);
	if (meeting->support) {
		add_phone(meeting, WR_SAY_ROW_STAFF_PHONE, meeting->event.staff_phone);
		add_phone(meeting, WR_SAY_ROW_QUESTIONS, meeting->event.contact_phone);
	} else {
		add_feed_lines(meeting);
	}
	add_change(meeting);
	add_seen(meeting);
	add_reply(meeting);
	add_answered(meeting);
	meeting->m->facts.rows = meeting->rows;
	meeting->m->lines = meeting->lines;
	return add_warning(meeting);
}

int wr_draw_meeting(struct wr_drawing *d, const struct wr_slot *slot,
    const struct wr_support *support, struct wr_html_meeting *ret_meeting, bool *ret_shown)
{
	struct wr_use *use = d->use;
	struct wr_patient patient;
	struct wr_feed_facts facts;
	struct wr_reply reply;
	struct wr_feed_reader reader = {.whose = d->knock->whose, .support = support};
	struct meeting meeting = {
	    .d = d,
	    .slot = slot,
	    .support = support,
	    .ward = wr_config_find_ward(use->config, slot->ward),
	    .rows = wr_arena_new(use->arena, struct wr_html_facts_row, MOST_ROWS),
	    .lines = wr_arena_new(use->arena, const char *, MOST_LINES),
	    .m = ret_meeting,
	};
	int r = wr_store_patient_get(use->tx, use->arena, slot->patient, &patient);
	if (!r)
		r = wr_slot_facts(use, slot, &patient, &facts);
	if (r || !meeting.ward)
		return r;
	if (support &&
	    wr_store_reply_get(use->tx, use->arena, support->ref, slot->ref, &reply) == 0)
		meeting.reply = reader.reply = &reply;
	*ret_shown = wr_feed_show(use->arena, &reader, &facts, &meeting.event);
	return *ret_shown ? fill_in(&meeting) : 0;
}
