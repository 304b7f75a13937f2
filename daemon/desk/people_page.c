#include "desk/people_page.h"

#include <string.h>

#include "desk/facts.h"
#include "desk/patient_page.h"
#include "desk/reply.h"
#include "wardround/day.h"
#include "wardround/page.h"

enum { JOIN_BEFORE_SECONDS = 15 * 60, MOST_MEETINGS = 40, MOST_LINES = 12 };

struct wr_knock *wr_knock_new(struct wr_call *call, const struct wr_door *door, const char *action)
{
	struct wr_knock *knock = wr_arena_new(&call->arena, struct wr_knock, 1);
	*knock = (struct wr_knock){
	    .kind = door->kind,
	    .whose = door->whose,
	    .who = wr_arena_strdup(&call->arena, door->who),
	    .slot = wr_arena_strdup(&call->arena, door->slot),
	    .action = wr_arena_strdup(&call->arena, action),
	};
	call->operation = knock;
	return knock;
}

static struct wr_knock *knock_of(struct wr_use *use)
{
	return wr_container_of(use, struct wr_call, use)->operation;
}

/* ---- one meeting ---- */

struct drawing {
	struct wr_use *use;
	struct wr_knock *knock;
	struct wr_page_meeting *meetings;
	size_t n;
	wr_time *starts;   /* beside meetings */
	const char *phone; /* to be rung */
};

struct lines {
	const char *items[MOST_LINES];
	size_t n;
};

static void add_line(struct lines *lines, const char *text)
{
	if (text && lines->n < MOST_LINES)
		lines->items[lines->n++] = text;
}

/* The event's description, a line each; what it says of joining is said better here. */
static void add_description(struct wr_use *use, struct lines *lines, const char *text)
{
	while (text && *text) {
		size_t length = strcspn(text, "\n");
		const char *line = wr_arena_strndup(use->arena, text, length);
		if (!wr_text_starts(line, "How to join is on ") &&
		    !wr_text_starts(line, "How others join is on "))
			add_line(lines, line);
		text += length + (text[length] == '\n');
	}
}

static const char *when_words(struct wr_use *use, const struct wr_config_ward *ward, wr_time at)
{
	char day[WR_TIME_TEXT], clock[WR_TIME_TEXT];
	struct wr_wall wall = wr_zone_wall(ward->zone, at);
	return wr_arena_printf(
	    use->arena, "%s, %s", wr_day_long(wall.day, day), wr_clock_text(wall.minute, clock));
}

static void add_change(struct wr_use *use, struct lines *lines, const struct wr_config_ward *ward,
    const struct wr_slot *slot)
{
	if (slot->revision < 2)
		return;
	const char *when = when_words(use, ward, slot->changed);
	if (slot->was_start == WR_TIME_NONE || slot->was_start == slot->start)
		add_line(lines, wr_arena_printf(use->arena, "Last changed %s.", when));
	else
		add_line(
		    lines, wr_arena_printf(use->arena, "Last changed %s. Before that it was %s.",
			       when, when_words(use, ward, slot->was_start)));
}

static void add_lateness(struct wr_use *use, struct lines *lines, const struct wr_config_ward *ward,
    const struct wr_slot *slot)
{
	struct wr_session_change change;
	char clock[WR_TIME_TEXT];
	if (slot->state != WR_STATE_PUBLISHED ||
	    wr_store_session_change_get(use->tx, use->arena, slot->session, &change) ||
	    wr_day_told_minutes(&change) == 0)
		return;
	struct wr_wall wall = wr_zone_wall(ward->zone, wr_day_not_before(slot, &change));
	add_line(lines, wr_arena_printf(use->arena, "Running about %d minutes late: not before %s.",
			    wr_day_told_minutes(&change), wr_clock_text(wall.minute, clock)));
}

/* How this support comes: as they said last, else as was planned; nobody has said "no" here. */
static bool comes_by(const struct wr_support *support, const struct wr_reply *reply,
    enum wr_attends attends, enum wr_answer answer)
{
	if (!support || (reply && reply->answer == WR_ANSWER_NO))
		return false;
	return reply ? reply->answer == answer : support->attends == attends;
}

/* The number to dial for this slot's round; NULL when it has none. */
static const char *dial_in(
    struct wr_use *use, const struct wr_config_ward *ward, const struct wr_slot *slot)
{
	const char *id = strchr(slot->session, '.');
	size_t length = id ? strcspn(++id, ".") : 0;
	const struct wr_config_round *round =
	    id ? wr_config_find_round(ward, wr_arena_strndup(use->arena, id, length)) : NULL;
	return round && !wr_text_empty(round->dial_in) ? round->dial_in : NULL;
}

static void add_joining(const struct drawing *d, struct lines *lines, struct wr_page_row *row,
    const struct wr_config_ward *ward, const struct wr_slot *slot, const struct wr_support *support,
    const struct wr_reply *reply)
{
	wr_time now = d->use->now;
	bool open = now >= slot->start - JOIN_BEFORE_SECONDS && now < slot->end;
	const char *number = dial_in(d->use, ward, slot);
	bool video = slot->join && comes_by(support, reply, WR_ATTENDS_VIDEO, WR_ANSWER_VIDEO);
	bool phone = number && comes_by(support, reply, WR_ATTENDS_PHONE, WR_ANSWER_PHONE);
	if (slot->state != WR_STATE_PUBLISHED && slot->state != WR_STATE_STARTED)
		return;
	if (video && open)
		*row = (struct wr_page_row){"Join by video", "Join now", slot->join};
	else if (phone && open)
		*row = (struct wr_page_row){"Join by phone", number, NULL};
	else if (video)
		add_line(lines, "The link for joining by video appears here 15 minutes before.");
	else if (phone)
		add_line(lines, "The number for joining by phone appears here 15 minutes before.");
}

static const char *answer_words(enum wr_answer answer)
{
	switch (answer) {
	case WR_ANSWER_PERSON:
		return "You said: in person.";
	case WR_ANSWER_PHONE:
		return "You said: by phone.";
	case WR_ANSWER_VIDEO:
		return "You said: by video.";
	case WR_ANSWER_NO:
		break;
	}
	return "You said: I can't come.";
}

static const struct wr_page_reply *reply_form(const struct drawing *d,
    const struct wr_config_ward *ward, const struct wr_slot *slot, const struct wr_reply *reply)
{
	static const struct wr_page_choice choices[] = {
	    {"person", "Yes, in person", false},
	    {"phone", "Yes, by phone", false},
	    {"video", "Yes, by video", false},
	    {"no", "No, I can't come", false},
	};
	struct wr_use *use = d->use;
	char clock[WR_TIME_TEXT];
	struct wr_wall wall = wr_zone_wall(ward->zone, slot->start);
	struct wr_page_choice *own =
	    wr_arena_new(use->arena, struct wr_page_choice, WR_COUNT(choices));
	memcpy(own, choices, sizeof(choices));
	if (reply)
		own[reply->answer].chosen = true;
	struct wr_page_reply *form = wr_arena_new(use->arena, struct wr_page_reply, 1);
	*form = (struct wr_page_reply){
	    .action = d->knock->kind == WR_DOOR_LINK
	                  ? wr_arena_printf(use->arena, "%s/reply", d->knock->action)
	                  : d->knock->action,
	    .slot = slot->ref,
	    .revision = slot->revision,
	    .choices = own,
	    .n = WR_COUNT(choices),
	    .note = reply ? reply->note : NULL,
	    .reassurance = wr_arena_printf(use->arena,
		"Staff can see this. The meeting goes ahead at %s unless we tell you.",
		wr_clock_text(wall.minute, clock)),
	    .urgent = wr_arena_printf(use->arena,
		"Not read straight away. If it can't wait, ring %s; in danger, 999.",
		d->phone ? d->phone : "the number you were given"),
	};
	return form;
}

static bool has_seen(
    struct wr_use *use, enum wr_whose whose, const char *who, const struct wr_slot *slot)
{
	struct wr_news news;
	int r = wr_store_news_get(use->tx, use->arena, whose, who, slot->ref, &news);
	return r || news.confirmed >= slot->revision;
}

/* The next one stands first, through whichever patient it comes. */
static struct wr_page_meeting *place_by_start(struct drawing *d, wr_time start)
{
	size_t at = d->n++;
	for (; at > 0 && d->starts[at - 1] > start; at--) {
		d->starts[at] = d->starts[at - 1];
		d->meetings[at] = d->meetings[at - 1];
	}
	d->starts[at] = start;
	return &d->meetings[at];
}

static void add_meeting(struct drawing *d, const struct wr_config_ward *ward,
    const struct wr_slot *slot, const struct wr_support *support, const struct wr_reply *reply,
    const struct wr_feed_event *event)
{
	struct wr_use *use = d->use;
	char day[WR_TIME_TEXT], span[WR_TIME_TEXT];
	struct lines *lines = wr_arena_new(use->arena, struct lines, 1);
	struct wr_page_row *rows = wr_arena_new(use->arena, struct wr_page_row, 4);
	struct wr_page_meeting *m = place_by_start(d, slot->start);
	bool answers = support && slot->state == WR_STATE_PUBLISHED && slot->end > use->now;
	bool patient = d->knock->whose == WR_WHOSE_PATIENT;
	const char *who = support ? support->ref : d->knock->who;
	rows[0] = (struct wr_page_row){"Day",
	    wr_arena_strdup(use->arena, wr_day_long(wr_zone_day(ward->zone, slot->start), day)),
	    NULL};
	rows[1] = (struct wr_page_row){"Time",
	    wr_arena_strdup(use->arena, wr_time_span(ward->zone, event->start, event->end, span)),
	    NULL};
	rows[2] = (struct wr_page_row){"Where", event->place, NULL};
	add_lateness(use, lines, ward, slot);
	add_joining(d, lines, &rows[3], ward, slot, support, reply);
	add_description(use, lines, event->text);
	add_change(use, lines, ward, slot);
	*m = (struct wr_page_meeting){
	    .heading = event->cancelled
	                   ? wr_arena_printf(use->arena, "Cancelled: %s", event->summary)
	                   : event->summary,
	    .rows = rows,
	    .n = 4,
	    .lines = lines->items,
	    .n_lines = lines->n,
	    .slot = slot->ref,
	    .revision = slot->revision,
	    .answered = !reply ? NULL
	                : reply->revision == slot->revision
	                    ? answer_words(reply->answer)
	                    : wr_arena_printf(use->arena, "%s (answered for the old time)",
				  answer_words(reply->answer)),
	    .reply = answers ? reply_form(d, ward, slot, reply) : NULL,
	};
	bool asks = (support || patient) &&
	            !has_seen(use, support ? WR_WHOSE_SUPPORT : WR_WHOSE_PATIENT, who, slot);
	if (asks && d->knock->kind == WR_DOOR_LINK)
		m->seen_action = wr_arena_printf(use->arena, "%s/seen", d->knock->action);
}

static int draw_slot(
    struct drawing *d, const struct wr_slot *slot, const struct wr_support *support)
{
	struct wr_use *use = d->use;
	struct wr_patient patient;
	struct wr_feed_facts facts;
	struct wr_feed_event event = {0};
	struct wr_reply reply;
	struct wr_feed_reader reader = {.whose = d->knock->whose, .support = support};
	const struct wr_config_ward *ward = wr_config_find_ward(use->config, slot->ward);
	int r = wr_store_patient_get(use->tx, use->arena, slot->patient, &patient);
	if (!r)
		r = wr_slot_facts(use, slot, &patient, &facts);
	if (r || !ward || d->n == MOST_MEETINGS)
		return r;
	if (support &&
	    wr_store_reply_get(use->tx, use->arena, support->ref, slot->ref, &reply) == 0)
		reader.reply = &reply;
	if (!wr_feed_show(use->arena, &reader, &facts, &event))
		return 0;
	if (facts.contact_phone)
		d->phone = facts.contact_phone;
	add_meeting(d, ward, slot, support, reader.reply, &event);
	return 0;
}

/* ---- all meetings of a door ---- */

static int draw_slots(
    struct drawing *d, struct wr_store_slot_filter filter, const struct wr_support *support)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	filter.from = d->use->now - 86400;
	int r = wr_store_slot_list(d->use->tx, d->use->arena, &filter, &slots, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (slots[i].end > d->use->now && slots[i].state != WR_STATE_DRAFT)
			r = draw_slot(d, &slots[i], support);
	return r;
}

static int draw_supports(struct drawing *d, const struct wr_store_support_filter *filter)
{
	struct wr_support *rows = NULL;
	size_t n = 0;
	int r = wr_store_support_list(d->use->tx, d->use->arena, filter, &rows, &n);
	for (size_t i = 0; i < n && !r; i++)
		r = draw_slots(
		    d, (struct wr_store_slot_filter){.patient = rows[i].patient}, &rows[i]);
	return r;
}

static int draw_support(struct drawing *d)
{
	struct wr_support *support = wr_arena_new(d->use->arena, struct wr_support, 1);
	struct wr_slot slot;
	struct wr_patient patient;
	int r = wr_store_support_get(d->use->tx, d->use->arena, d->knock->who, support);
	if (!r)
		r = wr_store_patient_get(d->use->tx, d->use->arena, support->patient, &patient);
	if (r)
		return r;
	d->knock->ended = !wr_support_is_told(support, &patient) || patient.restricted;
	if (d->knock->kind == WR_DOOR_LINK)
		return draw_slots(
		    d, (struct wr_store_slot_filter){.patient = support->patient}, support);
	r = wr_store_slot_get(d->use->tx, d->use->arena, d->knock->slot, &slot);
	return r || slot.end <= d->use->now ? r : draw_slot(d, &slot, support);
}

static int draw(struct drawing *d)
{
	const char *who = d->knock->who;
	switch (d->knock->whose) {
	case WR_WHOSE_PATIENT:
		return draw_slots(d, (struct wr_store_slot_filter){.patient = who}, NULL);
	case WR_WHOSE_CONSULTANT:
		return draw_slots(d, (struct wr_store_slot_filter){.consultant = who}, NULL);
	case WR_WHOSE_WARD:
		return draw_slots(d, (struct wr_store_slot_filter){.ward = who}, NULL);
	case WR_WHOSE_SUPPORT:
		return draw_support(d);
	case WR_WHOSE_PERSON:
		return draw_supports(d, &(struct wr_store_support_filter){.person = who});
	case WR_WHOSE_ROOM:
		break;
	}
	return 0;
}

static const char *title_for(enum wr_whose whose)
{
	switch (whose) {
	case WR_WHOSE_PATIENT:
		return "Your ward round";
	case WR_WHOSE_CONSULTANT:
	case WR_WHOSE_WARD:
		return "Ward rounds";
	case WR_WHOSE_SUPPORT:
	case WR_WHOSE_PERSON:
	case WR_WHOSE_ROOM:
		break;
	}
	return "Your meeting";
}

static const char *none_for(const struct wr_knock *knock)
{
	if (knock->kind == WR_DOOR_REPLY)
		return "That meeting is over.";
	return knock->whose == WR_WHOSE_SUPPORT || knock->whose == WR_WHOSE_PERSON
	           ? "No meeting planned yet."
	           : "Next ward round not planned yet.";
}

static int draw_patient(struct wr_use *use, struct wr_knock *knock)
{
	struct wr_patient_view view = {
	    .patient = knock->who,
	    .action = knock->action,
	    .said = knock->said,
	    .wrong = knock->wrong,
	};
	int r = wr_patient_page(use, &view, &knock->html);
	knock->ended = view.ended;
	return r;
}

int wr_case_people_page(struct wr_use *use)
{
	struct wr_knock *knock = knock_of(use);
	if (knock->whose == WR_WHOSE_PATIENT)
		return draw_patient(use, knock);
	struct drawing d = {.use = use, .knock = knock};
	char style[WR_PAGE_STYLE_PATH];
	d.meetings = wr_arena_new(use->arena, struct wr_page_meeting, MOST_MEETINGS);
	d.starts = wr_arena_new(use->arena, wr_time, MOST_MEETINGS);
	int r = draw(&d);
	if (r)
		return r;
	struct wr_page page = {
	    .title = title_for(knock->whose),
	    .said = knock->said,
	    .wrong = knock->wrong,
	    .meetings = d.meetings,
	    .n = d.n,
	    .none = none_for(knock),
	    .style = wr_page_style_path(style),
	};
	wr_page_write(&page, &knock->html);
	return 0;
}

/* ---- forms ---- */

/* Through which row this door answers for the slot's patient; a person may have old ones too. */
static int answering_support(
    struct wr_use *use, const struct wr_slot *slot, struct wr_support *ret_support)
{
	const struct wr_knock *knock = knock_of(use);
	struct wr_support *rows = NULL;
	size_t n = 0;
	if (knock->whose == WR_WHOSE_SUPPORT)
		return wr_use_support(use, knock->who, ret_support);
	struct wr_store_support_filter filter = {.person = knock->who};
	int r = knock->whose == WR_WHOSE_PERSON
	            ? wr_store_support_list(use->tx, use->arena, &filter, &rows, &n)
	            : 0;
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_patient patient;
		if (!wr_text_equal(rows[i].patient, slot->patient))
			continue;
		r = wr_store_patient_get(use->tx, use->arena, slot->patient, &patient);
		if (r || !wr_support_is_told(&rows[i], &patient))
			continue;
		*ret_support = rows[i];
		return 0;
	}
	return r ? r : wr_refuse(use, NULL, "This page can't answer that.");
}

/* What was sent is about what the page said: a change that came between is to be seen first. */
static int refuse_old_page(struct wr_use *use, const struct wr_slot *slot)
{
	const char *shown = wr_arg_text(use, "revision");
	if (!shown || wr_text_equal(shown, wr_arena_printf(use->arena, "%d", slot->revision)))
		return 0;
	return wr_use_say_to_people(use,
	    wr_refuse(use, NULL, "slot %s has changed since the page was shown", slot->ref),
	    "The meeting has changed since you opened this page. Look at what it says now, then "
	    "answer again.");
}

static int find_slot(struct wr_use *use, struct wr_slot *ret_slot)
{
	const struct wr_knock *knock = knock_of(use);
	const char *ref = knock->slot ? knock->slot : wr_arg_text(use, "slot");
	int r = ref ? wr_store_slot_get(use->tx, use->arena, ref, ret_slot) : WR_STORE_NONE;
	if (r == WR_STORE_NONE)
		return wr_refuse(use, NULL, "That meeting is not there any more.");
	return r ? r : refuse_old_page(use, ret_slot);
}

int wr_case_people_reply(struct wr_use *use)
{
	struct wr_slot slot;
	struct wr_support support;
	int answer = -1;
	int r = find_slot(use, &slot);
	if (!r)
		r = answering_support(use, &slot, &support);
	if (!r && !wr_text_empty(wr_arg_text(use, "answer")))
		answer = wr_word_value(&wr_words_answer, wr_arg_text(use, "answer"));
	if (!r && answer < 0)
		r = wr_use_say_to_people(
		    use, wr_refuse(use, NULL, "no answer"), "Choose whether you can come.");
	if (!r)
		r = wr_reply_save(
		    use, &support, &slot, (enum wr_answer)answer, wr_arg_text(use, "note"));
	return r;
}

int wr_case_people_seen(struct wr_use *use)
{
	const struct wr_knock *knock = knock_of(use);
	struct wr_slot slot;
	struct wr_support support;
	int r = find_slot(use, &slot);
	if (r)
		return r;
	if (knock->whose == WR_WHOSE_PATIENT) {
		if (!wr_text_equal(slot.patient, knock->who))
			return wr_refuse(use, NULL, "That meeting is not there any more.");
		r = wr_reply_confirm(use, WR_WHOSE_PATIENT, knock->who, &slot, "seen on the page");
	} else {
		r = answering_support(use, &slot, &support);
		if (!r && !wr_text_equal(support.patient, slot.patient))
			return wr_refuse(use, NULL, "That meeting is not there any more.");
		if (!r)
			r = wr_reply_confirm(
			    use, WR_WHOSE_SUPPORT, support.ref, &slot, "seen on the page");
	}
	if (r)
		return r;
	return wr_use_audit(use, wr_arena_printf(use->arena, "slot:%s", slot.ref), slot.patient,
	    NULL,
	    json_pack("{s:s, s:s}", "seen_by", knock->who, "whose",
		wr_word(&wr_words_whose, (int)knock->whose)));
}
