#include "desk/people/page.h"

#include "desk/people/patient_page.h"

#include <string.h>

enum { MOST_MEETINGS = 40 };

/* ---- what the parts share ---- */

const char *wr_drawing_action(const struct wr_drawing *d, const char *form)
{
	if (d->knock->kind == WR_DOOR_REPLY)
		return d->knock->action;
	return wr_arena_printf(d->use->arena, "%s/%s", d->knock->action, form);
}

const char *wr_drawing_form(const struct wr_drawing *d, const char *form)
{
	return d->knock->kind == WR_DOOR_REPLY ? form : NULL;
}

static const char *wrong_words(const struct wr_drawing *d)
{
	if (!d->knock->form)
		return NULL;
	return d->knock->wrong_is_said ? wr_say(d->language, d->knock->wrong_text)
	                               : d->knock->wrong;
}

const char *wr_drawing_wrong(const struct wr_drawing *d, const char *form, const char *field)
{
	bool here = wr_text_equal(d->knock->form, form) &&
	            wr_text_equal(d->knock->wrong_field, field) && d->knock->wrong_field;
	return here ? wrong_words(d) : NULL;
}

const char *wr_drawing_typed(
    const struct wr_drawing *d, const char *form, const char *field, const char *else_this)
{
	if (!wr_text_equal(d->knock->form, form))
		return else_this;
	return json_string_value(json_object_get(d->knock->typed, field));
}

/* ---- what was just done ---- */

static const struct {
	const char *word;
	enum wr_say text;
	const char *form;
} sentences[] = {
    {"reply", WR_SAY_REPLY_DONE, "reply"},
    {"seen", WR_SAY_SEEN_DONE, "seen"},
    {"free", WR_SAY_FREE_DONE, "free"},
    {"away", WR_SAY_AWAY_DONE, "away"},
    {"contact", WR_SAY_CONTACT_DONE, "contact"},
    {"keep", WR_SAY_KEEP_DONE, "keep"},
    {"removed", WR_SAY_KEEP_REMOVED, "keep"},
    {"stop", WR_SAY_STOP_DONE, "stop"},
    {"start", WR_SAY_START_DONE, "stop"},
    {"asked", WR_SAY_PATIENT_SAID_ASKED, "ask"},
    {"narrowed", WR_SAY_PATIENT_SAID_NARROWED, "ask"},
    {"same", WR_SAY_PATIENT_SAID_SAME, "ask"},
    {"back", WR_SAY_PATIENT_SAID_BACK, "ask"},
    {"noted", WR_SAY_PATIENT_SAID_NOTED, "questions"},
    {"taken-out", WR_SAY_PATIENT_SAID_REMOVED, "questions"},
    {"thanks", WR_SAY_PATIENT_SAID_THANKS, "feedback"},
};

static const char *said_words(const struct wr_drawing *d)
{
	for (size_t i = 0; i < WR_COUNT(sentences); i++)
		if (wr_text_equal(sentences[i].word, d->knock->said))
			return wr_say(d->language, sentences[i].text);
	return NULL;
}

bool wr_drawing_is_about(const struct wr_drawing *d, const char *form)
{
	for (size_t i = 0; i < WR_COUNT(sentences); i++)
		if (wr_text_equal(sentences[i].word, d->knock->said) &&
		    wr_text_equal(sentences[i].form, form))
			return true;
	return wr_text_equal(d->knock->form, form);
}

/* Where the summary of mistakes leads: the field's id, as the parts give it. */
static const char *field_address(const struct wr_drawing *d)
{
	static const struct {
		const char *form, *field, *id;
	} ids[] = {
	    {"free", "day", "#free-day"},
	    {"free", "from", "#free-from"},
	    {"free", "to", "#free-to"},
	    {"away", "first", "#away-first-day"},
	    {"away", "last", "#away-last-day"},
	    {"contact", "phone", "#contact-phone"},
	    {"contact", "email", "#contact-email"},
	    {"keep", "label", "#keep-label"},
	};
	const char *slot = json_string_value(json_object_get(d->knock->typed, "slot"));
	for (size_t i = 0; i < WR_COUNT(ids); i++)
		if (wr_text_equal(ids[i].form, d->knock->form) &&
		    wr_text_equal(ids[i].field, d->knock->wrong_field))
			return ids[i].id;
	if (!d->knock->wrong_field || !slot)
		return NULL;
	bool note = wr_text_equal(d->knock->wrong_field, "note");
	return wr_arena_printf(d->use->arena, note ? "#note-%s" : "#answer-%s-1", slot);
}

static const struct wr_html_errors *draw_errors(const struct wr_drawing *d)
{
	if (!d->knock->form)
		return NULL;
	struct wr_html_errors *errors = wr_arena_new(d->use->arena, struct wr_html_errors, 1);
	struct wr_html_errors_row *row = wr_arena_new(d->use->arena, struct wr_html_errors_row, 1);
	*row = (struct wr_html_errors_row){.text = wrong_words(d), .to = field_address(d)};
	*errors = (struct wr_html_errors){.rows = row, .n_rows = 1};
	return errors;
}

/* ---- the meetings of a door ---- */

struct meetings {
	struct wr_html_meeting *items;
	wr_time *starts; /* beside items */
	size_t n;
};

/* The next one stands first, through whichever patient it comes. */
static void place_by_start(
    struct meetings *all, wr_time start, const struct wr_html_meeting *meeting)
{
	size_t at = all->n++;
	for (; at > 0 && all->starts[at - 1] > start; at--) {
		all->starts[at] = all->starts[at - 1];
		all->items[at] = all->items[at - 1];
	}
	all->starts[at] = start;
	all->items[at] = *meeting;
}

static int draw_one(struct wr_drawing *d, struct meetings *all, const struct wr_slot *slot,
    const struct wr_support *support)
{
	struct wr_html_meeting meeting = {0};
	bool shown = false;
	if (all->n == MOST_MEETINGS)
		return 0;
	int r = wr_draw_meeting(d, slot, support, &meeting, &shown);
	if (!r && shown)
		place_by_start(all, slot->start, &meeting);
	return r;
}

static int draw_slots(struct wr_drawing *d, struct meetings *all,
    struct wr_store_slot_filter filter, const struct wr_support *support)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	filter.from = d->use->now - 86400;
	int r = wr_store_slot_list(d->use->tx, d->use->arena, &filter, &slots, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (slots[i].end > d->use->now && slots[i].state != WR_STATE_DRAFT)
			r = draw_one(d, all, &slots[i], support);
	return r;
}

static int draw_rows(struct wr_drawing *d, struct meetings *all)
{
	int r = 0;
	for (size_t i = 0; i < d->n_rows && !r; i++)
		r = draw_slots(d, all, (struct wr_store_slot_filter){.patient = d->rows[i].patient},
		    &d->rows[i]);
	return r;
}

static int draw_code(struct wr_drawing *d, struct meetings *all)
{
	struct wr_slot slot;
	int r = wr_store_slot_get(d->use->tx, d->use->arena, d->knock->slot, &slot);
	bool here = !r && slot.end > d->use->now && slot.state != WR_STATE_DRAFT && d->n_rows &&
	            wr_text_equal(slot.patient, d->rows[0].patient);
	return here ? draw_one(d, all, &slot, &d->rows[0]) : r == WR_STORE_NONE ? 0 : r;
}

static int draw_meetings(struct wr_drawing *d, struct meetings *all)
{
	const char *who = d->knock->who;
	if (d->knock->kind == WR_DOOR_REPLY)
		return draw_code(d, all);
	switch (d->knock->whose) {
	case WR_WHOSE_CONSULTANT:
		return draw_slots(d, all, (struct wr_store_slot_filter){.consultant = who}, NULL);
	case WR_WHOSE_WARD:
		return draw_slots(d, all, (struct wr_store_slot_filter){.ward = who}, NULL);
	case WR_WHOSE_SUPPORT:
	case WR_WHOSE_PERSON:
		return draw_rows(d, all);
	case WR_WHOSE_PATIENT:
	case WR_WHOSE_ROOM:
		break;
	}
	return 0;
}

/* ---- the page ---- */

static bool is_family(const struct wr_knock *knock)
{
	return knock->whose == WR_WHOSE_SUPPORT || knock->whose == WR_WHOSE_PERSON;
}

static void name_page(const struct wr_drawing *d, struct wr_html_meetings *page)
{
	bool family = is_family(d->knock), one = d->knock->whose == WR_WHOSE_SUPPORT;
	page->title = wr_say(d->language, !family ? WR_SAY_STAFF_SERVICE
					  : one   ? WR_SAY_YOUR_MEETING
						  : WR_SAY_YOUR_MEETINGS);
	page->service =
	    wr_say(d->language, family ? WR_SAY_SERVICE_MEETINGS : WR_SAY_STAFF_SERVICE);
	page->none = wr_say(d->language, d->knock->kind == WR_DOOR_REPLY ? WR_SAY_MEETING_OVER
					 : family                        ? WR_SAY_NONE_PLANNED
						  : WR_SAY_STAFF_NONE_PLANNED);
}

/* What there is on a reply page as well: it is all that some people ever get. */
static int draw_way_out(struct wr_drawing *d, struct wr_html_meetings *page)
{
	struct wr_arena *arena = d->use->arena;
	struct wr_html_keep *keep = wr_arena_new(arena, struct wr_html_keep, 1);
	struct wr_html_stop *stop = wr_arena_new(arena, struct wr_html_stop, 1);
	struct wr_html_not_me *not_me = wr_arena_new(arena, struct wr_html_not_me, 1);
	bool stopped = true;
	for (size_t i = 0; i < d->n_rows; i++)
		stopped &= d->rows[i].stopped;
	*stop = (struct wr_html_stop){
	    .action = wr_drawing_action(d, "stop"),
	    .form = wr_drawing_form(d, "stop"),
	    .stopped = stopped,
	};
	*not_me = (struct wr_html_not_me){stop->action, stop->form};
	page->stop = stop;
	page->not_me = not_me;
	page->keep = keep;
	page->keep_open = wr_drawing_is_about(d, "keep");
	return wr_draw_keep(d, keep);
}

static int draw_about(struct wr_drawing *d, struct wr_html_meetings *page)
{
	struct wr_arena *arena = d->use->arena;
	struct wr_html_free *free = wr_arena_new(arena, struct wr_html_free, 1);
	struct wr_html_away *away = wr_arena_new(arena, struct wr_html_away, 1);
	struct wr_html_contact *contact = wr_arena_new(arena, struct wr_html_contact, 1);
	int r = wr_draw_free(d, free);
	if (!r)
		r = wr_draw_away(d, away);
	wr_draw_contact(d, contact);
	page->free = free;
	page->free_open = wr_drawing_is_about(d, "free");
	page->away = away;
	page->away_open = wr_drawing_is_about(d, "away");
	page->contact = contact;
	page->contact_open = wr_drawing_is_about(d, "contact") || contact->unreachable;
	return r;
}

static int draw_patient(struct wr_use *use, struct wr_knock *knock)
{
	struct wr_patient patient;
	struct wr_drawing d = {.use = use, .knock = knock};
	struct wr_html_keep keep = {0};
	int r = wr_store_patient_get(use->tx, use->arena, knock->who, &patient);
	d.language = r ? WR_LANGUAGE_EN : wr_language_find(patient.language);
	r = wr_draw_keep(&d, &keep);
	struct wr_patient_view view = {
	    .patient = knock->who,
	    .action = knock->action,
	    .said = said_words(&d),
	    .wrong = wrong_words(&d),
	    .wrong_field = knock->wrong_field,
	    .form = knock->form,
	    .typed = knock->typed,
	    .keep = &keep,
	    .keep_open = wr_drawing_is_about(&d, "keep"),
	};
	if (!r)
		r = wr_patient_page(use, &view, &knock->html);
	knock->ended = view.ended;
	return r;
}

int wr_case_people_page(struct wr_use *use)
{
	struct wr_knock *knock = wr_knock_of(use);
	if (knock->whose == WR_WHOSE_PATIENT)
		return draw_patient(use, knock);
	struct wr_drawing d = {.use = use, .knock = knock};
	struct meetings all = {
	    .items = wr_arena_new(use->arena, struct wr_html_meeting, MOST_MEETINGS),
	    .starts = wr_arena_new(use->arena, wr_time, MOST_MEETINGS),
	};
	struct wr_html_meetings page = {0};
	struct wr_support *rows = NULL;
	char style[WR_PAGE_STYLE_PATH];
	int r = wr_knock_supports(use, &rows, &d.n_rows);
	if (r)
		return r;
	knock->ended = is_family(knock) && d.n_rows == 0;
	d.rows = rows;
	d.language = wr_knock_language(rows, d.n_rows);
	name_page(&d, &page);
	r = draw_meetings(&d, &all);
	if (!r && is_family(knock))
		r = draw_way_out(&d, &page);
	if (!r && is_family(knock) && knock->kind == WR_DOOR_LINK)
		r = draw_about(&d, &page);
	page.style = wr_page_style_path(style);
	page.said = said_words(&d);
	page.wrong = draw_errors(&d);
	page.meetings = all.items;
	page.n_meetings = all.n;
	if (!r)
		wr_html_meetings(&knock->html, d.language, &page);
	return r;
}
