/*
 * The parts of a patient's page that have forms: questions, who is invited, wishes, how it was.
 */
#include "desk/feedback.h"
#include "desk/people/patient_page.h"
#include "desk/question.h"
#include "desk/wish.h"
#include "wardround/patient.h"

enum { SETTLED_SHOWN = 7 * 86400 };

static const char *say(const struct wr_patient_sheet *sheet, enum wr_say text)
{
	return wr_say(sheet->language, text);
}

/* ---- questions ---- */

static struct wr_html_box question_box(
    const struct wr_patient_sheet *sheet, const struct wr_question *question, enum wr_say label)
{
	const char *id = question ? question->id : NULL;
	bool back = wr_patient_sheet_came_back(sheet, "questions", "question", id);
	return (struct wr_html_box){
	    .id = id ? wr_arena_printf(sheet->use->arena, "question-%s", id) : "question-new",
	    .name = "text",
	    .label = say(sheet, label),
	    .urgent = sheet->urgent,
	    .hint = say(sheet, WR_SAY_PATIENT_STAFF_SEE),
	    .error = back ? wr_patient_sheet_wrong(sheet, "questions", "text") : NULL,
	    .value = back ? wr_patient_sheet_typed(sheet, "questions", "text")
	             : id ? question->text
	                  : NULL,
	    .most = WR_QUESTION_LONGEST,
	};
}

static int draw_begun(struct wr_patient_sheet *sheet, struct wr_html_patient_questions *part)
{
	struct wr_question *questions = NULL;
	size_t n = 0;
	if (!sheet->next || sheet->next->state != WR_STATE_STARTED)
		return 0;
	int r = wr_question_list_of(sheet->use, sheet->next, &questions, &n);
	const char **texts = wr_arena_new(sheet->use->arena, const char *, n + 1);
	for (size_t i = 0; i < n && !r; i++)
		texts[i] = questions[i].text;
	part->begun = texts;
	part->n_begun = n;
	return r;
}

int wr_patient_questions(struct wr_patient_sheet *sheet, struct wr_html_patient_questions *part)
{
	struct wr_use *use = sheet->use;
	struct wr_question *waiting = NULL;
	size_t n = 0;
	struct wr_store_question_filter filter = {.patient = sheet->patient.ref, .waiting = true};
	int r = wr_store_question_list(use->tx, use->arena, &filter, &waiting, &n);
	if (r)
		return r;
	struct wr_html_patient_questions_question *rows =
	    wr_arena_new(use->arena, struct wr_html_patient_questions_question, n + 1);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct wr_html_patient_questions_question){
		    .id = waiting[i].id,
		    .text = waiting[i].text,
		    .change = wr_say_patient_question_change(
			use->arena, sheet->language, wr_arena_printf(use->arena, "%zu", i + 1)),
		    .open =
			wr_patient_sheet_came_back(sheet, "questions", "question", waiting[i].id),
		    .box = question_box(sheet, &waiting[i], WR_SAY_PATIENT_QUESTION_LABEL),
		};
	part->action = wr_patient_sheet_action(sheet, "questions");
	part->waiting = rows;
	part->n_waiting = n;
	part->full = n >= WR_QUESTIONS_MOST;
	part->box = question_box(
	    sheet, NULL, n ? WR_SAY_PATIENT_QUESTION_MORE : WR_SAY_PATIENT_QUESTION_LABEL);
	return draw_begun(sheet, part);
}

/* ---- who is invited ---- */

static enum wr_sees sees_now(const struct wr_patient_sheet *sheet, const struct wr_support *support)
{
	return wr_support_is_agreed(support, &sheet->patient) ? support->sees : WR_SEES_NOTHING;
}

/* From all to nothing: what counts at once, and what a nurse asks about first. `now` -1: for
 * somebody new, who sees something or is not asked for. */
static struct wr_html_radios levels(
    const struct wr_patient_sheet *sheet, const char *id, const char *legend, int now, int chosen)
{
	struct wr_html_radios_choice *choices =
	    wr_arena_new(sheet->use->arena, struct wr_html_radios_choice, WR_SEES_ALL + 1);
	size_t n = 0;
	for (int sees = WR_SEES_ALL; sees >= (now < 0 ? WR_SEES_TIME : WR_SEES_NOTHING); sees--) {
		enum wr_say hint = sees > now    ? WR_SAY_PATIENT_INVITED_ASK_FIRST
		                   : sees == now ? WR_SAY_PATIENT_INVITED_NOW
		                                 : WR_SAY_PATIENT_INVITED_AT_ONCE;
		choices[n++] = (struct wr_html_radios_choice){
		    .value = wr_word(&wr_words_sees, sees),
		    .label = say(sheet, wr_sees_say((enum wr_sees)sees)),
		    .hint = now < 0 ? NULL : say(sheet, hint),
		    .chosen = sees == chosen,
		};
	}
	return (struct wr_html_radios){
	    .id = id, .name = "sees", .legend = legend, .choices = choices, .n_choices = n};
}

static const char *waiting_words(
    const struct wr_patient_sheet *sheet, const struct wr_wished *wishes, size_t n, const char *ref)
{
	struct wr_arena *arena = sheet->use->arena;
	for (size_t i = 0; i < n; i++)
		if (wishes[i].widens && wishes[i].state == WR_WISH_WAITS &&
		    wr_text_equal(wishes[i].support, ref))
			return wr_say_patient_invited_waits(
			    arena, sheet->language, say(sheet, wr_sees_say(wishes[i].sees)));
	return NULL;
}

static struct wr_html_patient_invited_guest guest(const struct wr_patient_sheet *sheet,
    const struct wr_support *support, const struct wr_wished *wishes, size_t n_wishes)
{
	struct wr_arena *arena = sheet->use->arena;
	bool agreed = wr_support_is_agreed(support, &sheet->patient);
	enum wr_sees now = sees_now(sheet, support);
	const char **lines = wr_arena_new(arena, const char *, 2);
	const char *waits = waiting_words(sheet, wishes, n_wishes, support->ref);
	size_t n = 0;
	if (agreed && support->basis == WR_BASIS_LAW)
		lines[n++] = say(sheet, WR_SAY_PATIENT_INVITED_BY_LAW);
	if (waits)
		lines[n++] = waits;
	return (struct wr_html_patient_invited_guest){
	    .ref = support->ref,
	    .name = wr_arena_printf(arena, "%s (%s)", support->name, support->relation),
	    .sees = say(sheet, agreed ? wr_sees_now_say(now) : WR_SAY_PATIENT_INVITED_SUGGESTED),
	    .lines = lines,
	    .n_lines = n,
	    .change = wr_say_patient_invited_change(arena, sheet->language, support->name),
	    .levels = levels(sheet, wr_arena_printf(arena, "sees-%s", support->ref),
		wr_say_patient_invited_legend(arena, sheet->language, support->name), (int)now,
		(int)now),
	    .end = agreed ? wr_say_patient_invited_end(arena, sheet->language, support->name)
	                  : wr_say_patient_invited_end_suggested(
				arena, sheet->language, support->name),
	};
}

static void draw_newcomer(struct wr_patient_sheet *sheet, struct wr_html_patient_invited *part)
{
	bool back = part->open = wr_patient_sheet_came_back(sheet, "ask", "what", "add");
	int sees =
	    back ? wr_word_value(&wr_words_sees, wr_patient_sheet_typed(sheet, "ask", "sees")) : -1;
	part->new_name = (struct wr_html_field){
	    .id = "new-name",
	    .name = "name",
	    .label = say(sheet, WR_SAY_PATIENT_INVITED_NAME),
	    .error = back ? wr_patient_sheet_wrong(sheet, "ask", "name") : NULL,
	    .value = back ? wr_patient_sheet_typed(sheet, "ask", "name") : NULL,
	};
	part->new_relation = (struct wr_html_field){
	    .id = "new-relation",
	    .name = "relation",
	    .label = say(sheet, WR_SAY_PATIENT_INVITED_RELATION),
	    .hint = say(sheet, WR_SAY_PATIENT_INVITED_RELATION_HINT),
	    .error = back ? wr_patient_sheet_wrong(sheet, "ask", "relation") : NULL,
	    .value = back ? wr_patient_sheet_typed(sheet, "ask", "relation") : NULL,
	};
	part->new_phone = (struct wr_html_field){
	    .id = "new-phone",
	    .name = "phone",
	    .label = wr_say_optional(
		sheet->use->arena, sheet->language, say(sheet, WR_SAY_PATIENT_INVITED_PHONE)),
	    .type = "tel",
	    .width = "20",
	    .error = back ? wr_patient_sheet_wrong(sheet, "ask", "phone") : NULL,
	    .value = back ? wr_patient_sheet_typed(sheet, "ask", "phone") : NULL,
	};
	part->new_levels =
	    levels(sheet, "new-sees", say(sheet, WR_SAY_PATIENT_INVITED_ADD_LEGEND), -1, sees);
	part->new_levels.error = back ? wr_patient_sheet_wrong(sheet, "ask", "sees") : NULL;
}

int wr_patient_invited(struct wr_patient_sheet *sheet, struct wr_html_patient_invited *part)
{
	struct wr_use *use = sheet->use;
	struct wr_wished *wishes = NULL;
	size_t n_wishes = 0;
	int r = wr_wish_list(use, &sheet->patient, use->now, &wishes, &n_wishes);
	struct wr_html_patient_invited_guest *guests =
	    wr_arena_new(use->arena, struct wr_html_patient_invited_guest, sheet->n_supports + 1);
	for (size_t i = 0; i < sheet->n_supports && !r; i++) {
		const struct wr_support *support = &sheet->supports[i];
		if (wr_support_is_agreed(support, &sheet->patient) ||
		    support->consent == WR_CONSENT_SUGGESTED)
			guests[part->n_guests++] = guest(sheet, support, wishes, n_wishes);
	}
	part->action = wr_patient_sheet_action(sheet, "ask");
	part->guests = guests;
	part->urgent = sheet->urgent;
	draw_newcomer(sheet, part);
	return r;
}

/* ---- wishes ---- */

static enum wr_say wish_say(int wish)
{
	switch ((enum wr_wish)wish) {
	case WR_WISH_NOT_THIS_TIME:
		return WR_SAY_PATIENT_WISH_NOT_THIS_TIME;
	case WR_WISH_FEWER_PEOPLE:
		return WR_SAY_PATIENT_WISH_FEWER_PEOPLE;
	case WR_WISH_PART_ALONE:
		return WR_SAY_PATIENT_WISH_PART_ALONE;
	case WR_WISH_ANOTHER_TIME:
		break;
	}
	return WR_SAY_PATIENT_WISH_ANOTHER_TIME;
}

static const char *name_of(const struct wr_patient_sheet *sheet, const char *support)
{
	for (size_t i = 0; i < sheet->n_supports; i++)
		if (wr_text_equal(sheet->supports[i].ref, support))
			return sheet->supports[i].name;
	return NULL;
}

static const char *what_words(const struct wr_patient_sheet *sheet, const struct wr_wished *wish)
{
	struct wr_arena *arena = sheet->use->arena;
	if (!wish->widens)
		return say(sheet, wish_say(wish->wish));
	if (wish->support)
		return wr_say_patient_wish_widen(arena, sheet->language,
		    name_of(sheet, wish->support), say(sheet, wr_sees_say(wish->sees)));
	return wr_say_patient_wish_add(arena, sheet->language, wish->name, wish->relation);
}

static const char *state_words(const struct wr_patient_sheet *sheet, const struct wr_wished *wish)
{
	struct wr_arena *arena = sheet->use->arena;
	switch (wish->state) {
	case WR_WISH_WAITS:
		return say(sheet, WR_SAY_PATIENT_WISH_WAITS);
	case WR_WISH_DONE:
		return wr_say_patient_wish_done(
		    arena, sheet->language, wr_patient_sheet_when(sheet, wish->ended));
	case WR_WISH_DECLINED:
	case WR_WISH_TAKEN_BACK:
		break;
	}
	return wr_say_patient_wish_declined(
	    arena, sheet->language, wr_patient_sheet_when(sheet, wish->ended));
}

static int draw_wishes(struct wr_patient_sheet *sheet, struct wr_html_patient_wishes *part)
{
	struct wr_use *use = sheet->use;
	struct wr_wished *wishes = NULL;
	size_t n = 0;
	int r = wr_wish_list(use, &sheet->patient, use->now - SETTLED_SHOWN, &wishes, &n);
	struct wr_html_patient_wishes_wish *rows =
	    wr_arena_new(use->arena, struct wr_html_patient_wishes_wish, n + 1);
	for (size_t i = 0; i < n && !r; i++)
		rows[i] = (struct wr_html_patient_wishes_wish){
		    .what = what_words(sheet, &wishes[i]),
		    .words = wishes[i].words,
		    .since = wr_say_patient_wish_asked_on(
			use->arena, sheet->language, wr_patient_sheet_when(sheet, wishes[i].since)),
		    .state = state_words(sheet, &wishes[i]),
		    .task = wishes[i].state == WR_WISH_WAITS ? wishes[i].task : NULL,
		};
	part->wishes = rows;
	part->n_wishes = r ? 0 : n;
	return r;
}

/* What can be asked: of a round only when there is one. */
static struct wr_html_radios wish_choices(const struct wr_patient_sheet *sheet, bool of_slot)
{
	struct wr_html_radios_choice *choices =
	    wr_arena_new(sheet->use->arena, struct wr_html_radios_choice, wr_words_wish.n);
	const char *typed = wr_patient_sheet_typed(sheet, "ask", "what");
	bool back = sheet->view->wrong && wr_text_equal(sheet->view->form, "ask") &&
	            (!typed || wr_word_value(&wr_words_wish, typed) >= 0);
	size_t n = 0;
	for (int wish = 0; wish < (int)wr_words_wish.n; wish++) {
		if (!of_slot && (wish == WR_WISH_NOT_THIS_TIME || wish == WR_WISH_ANOTHER_TIME))
			continue;
		choices[n++] = (struct wr_html_radios_choice){
		    .value = wr_word(&wr_words_wish, wish),
		    .label = say(sheet, wish_say(wish)),
		    .chosen = back && wr_text_equal(typed, wr_word(&wr_words_wish, wish)),
		};
	}
	return (struct wr_html_radios){
	    .id = "wish",
	    .name = "what",
	    .legend = say(sheet, WR_SAY_PATIENT_WISH_LEGEND),
	    .error = back ? wr_patient_sheet_wrong(sheet, "ask", "what") : NULL,
	    .choices = choices,
	    .n_choices = n,
	};
}

int wr_patient_wishes(struct wr_patient_sheet *sheet, struct wr_html_patient_wishes *part)
{
	const struct wr_slot *slot =
	    sheet->next && sheet->next->state == WR_STATE_PUBLISHED ? sheet->next : NULL;
	part->action = wr_patient_sheet_action(sheet, "ask");
	part->slot = slot ? slot->ref : NULL;
	part->revision = slot ? slot->revision : 0;
	part->choices = wish_choices(sheet, slot != NULL);
	part->words = (struct wr_html_box){
	    .id = "wish-words",
	    .name = "words",
	    .label = wr_say_optional(
		sheet->use->arena, sheet->language, say(sheet, WR_SAY_PATIENT_WISH_WORDS)),
	    .urgent = sheet->urgent,
	    .hint = say(sheet, WR_SAY_PATIENT_STAFF_SEE),
	    .error = wr_patient_sheet_wrong(sheet, "ask", "words"),
	    .value = wr_patient_sheet_typed(sheet, "ask", "words"),
	    .most = WR_WISH_LONGEST,
	};
	return draw_wishes(sheet, part);
}

/* ---- how it was ---- */

static struct wr_html_radios rating(
    const struct wr_patient_sheet *sheet, enum wr_feedback_question question, enum wr_say legend)
{
	static const enum wr_say labels[] = {WR_SAY_PATIENT_FEEDBACK_YES,
	    WR_SAY_PATIENT_FEEDBACK_PARTLY, WR_SAY_PATIENT_FEEDBACK_NO};
	struct wr_arena *arena = sheet->use->arena;
	const char *name = wr_word(&wr_words_feedback_question, (int)question);
	const char *typed = wr_patient_sheet_typed(sheet, "feedback", name);
	struct wr_html_radios_choice *choices =
	    wr_arena_new(arena, struct wr_html_radios_choice, WR_RATINGS);
	for (int i = 0; i < WR_RATINGS; i++)
		choices[i] = (struct wr_html_radios_choice){
		    .value = wr_word(&wr_words_rating, i),
		    .label = say(sheet, labels[i]),
		    .chosen = wr_text_equal(typed, wr_word(&wr_words_rating, i)),
		};
	return (struct wr_html_radios){
	    .id = wr_arena_printf(arena, "feedback-%s", name),
	    .name = name,
	    .legend = say(sheet, legend),
	    .error = wr_patient_sheet_wrong(sheet, "feedback", name),
	    .beside = true,
	    .choices = choices,
	    .n_choices = WR_RATINGS,
	};
}

int wr_patient_feedback(
    struct wr_patient_sheet *sheet, const struct wr_html_patient_feedback **ret_part)
{
	struct wr_slot slot;
	struct wr_arena *arena = sheet->use->arena;
	*ret_part = NULL;
	int r = wr_feedback_slot(sheet->use, &sheet->patient, &slot);
	if (r)
		return r == WR_STORE_NONE ? 0 : r;
	struct wr_html_patient_feedback *part =
	    wr_arena_new(arena, struct wr_html_patient_feedback, 1);
	*part = (struct wr_html_patient_feedback){
	    .action = wr_patient_sheet_action(sheet, "feedback"),
	    .slot = slot.ref,
	    .text = wr_say_patient_feedback_text(
		arena, sheet->language, wr_patient_sheet_when(sheet, slot.start)),
	    .heard = rating(sheet, WR_FEEDBACK_HEARD, WR_SAY_PATIENT_FEEDBACK_HEARD),
	    .people = rating(sheet, WR_FEEDBACK_PEOPLE, WR_SAY_PATIENT_FEEDBACK_PEOPLE),
	    .next = rating(sheet, WR_FEEDBACK_NEXT, WR_SAY_PATIENT_FEEDBACK_NEXT),
	};
	*ret_part = part;
	return 0;
}
