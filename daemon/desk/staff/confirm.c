/*
 * The page before the yes: what a dry run (or a refusal that wants a yes) said would change, and
 * who would be told; then the same form again, with the yes and, where one is needed, the reason.
 */
#include <string.h>

#include "desk/staff/form.h"
#include "desk/staff/words.h"

/* ---- in words ---- */

/* "slot s-2 (P02)" is "Uma Kerr, bed 2"; what names nobody stays as it is. */
static const char *what_words(struct wr_use *use, const json_t *question, const char *what)
{
	const json_t *fresh = json_object_get(question, "patient"); /* not there before the yes */
	const char *open = strchr(what, '(');
	size_t length = open ? strcspn(open + 1, ")") : 0;
	if (wr_text_starts(what, "slot ") && length)
		return wr_arena_printf(use->arena, "%s",
		    wr_in_words_patient(use, wr_arena_strndup(use->arena, open + 1, length)));
	if (wr_text_starts(what, "patient ") && json_is_object(fresh) &&
	    wr_text_equal(wr_row_text(fresh, "ref"), what + strlen("patient ")))
		return wr_row_text(fresh, "name");
	if (wr_text_starts(what, "patient "))
		return wr_in_words_patient(use, what + strlen("patient "));
	if (wr_text_starts(what, "support "))
		return wr_in_words_support(use, what + strlen("support "));
	if (wr_text_starts(what, "session "))
		return wr_in_words_session(use, what + strlen("session "));
	return what;
}

/* Ids of the ward in front and of consultants between commas, as their names. */
static const char *state_words(struct wr_use *use, const char *text)
{
	for (size_t i = 0; text && i < use->config->n_wards; i++) {
		const struct wr_config_ward *one = &use->config->wards[i];
		const char *id = wr_arena_printf(use->arena, "%s, ", one->id);
		if (wr_text_starts(text, id))
			text = wr_arena_printf(use->arena, "%s, %s", one->name, text + strlen(id));
	}
	for (size_t i = 0; text && i < use->config->n_consultants; i++) {
		const struct wr_config_consultant *one = &use->config->consultants[i];
		const char *id = wr_arena_printf(use->arena, ", %s,", one->id);
		const char *at = strstr(text, id);
		if (at)
			text = wr_arena_printf(use->arena, "%.*s, %s,%s", (int)(at - text), text,
			    one->name, at + strlen(id));
	}
	return text;
}

/* What stands alone: a consultant's id, an instant. */
static const char *value_words(
    struct wr_use *use, const struct wr_config_ward *ward, const char *text)
{
	const char *when = text && strchr(text, 'T') ? wr_in_words_when(use, ward, text) : NULL;
	return when ? when : state_words(use, wr_in_words_consultant(use, text));
}

static const char *news_words(const char *type)
{
	static const struct {
		const char *type, *words;
	} all[] = {
	    {"slot.published", "the time"},
	    {"slot.moved", "the new time"},
	    {"slot.cancelled", "that it is cancelled"},
	    {"slot.people", "that somebody else comes"},
	    {"slot.late", "that it runs late"},
	};
	for (size_t i = 0; type && i < WR_COUNT(all); i++)
		if (strcmp(all[i].type, type) == 0)
			return all[i].words;
	return NULL;
}

/* ---- the parts ---- */

static void add_changes(
    struct wr_use *use, struct wr_html_desk_confirm *page, const json_t *question)
{
	const json_t *changes = json_object_get(question, "changes");
	const struct wr_config_ward *ward = wr_visit_ward(use, wr_visit_of(use));
	struct wr_html_desk_confirm_change *rows = wr_arena_new(
	    use->arena, struct wr_html_desk_confirm_change, json_array_size(changes) + 1);
	size_t i;
	const json_t *row;
	json_array_foreach (changes, i, row) {
		const char *after = wr_row_text(row, "to");
		if (wr_text_starts(wr_row_text(row, "what"), "task "))
			continue; /* the task that the yes is said to */
		rows[page->n_changes++] = (struct wr_html_desk_confirm_change){
		    .what = what_words(use, question, wr_row_text(row, "what")),
		    .before = value_words(use, ward, wr_row_text(row, "from")),
		    .after = after ? value_words(use, ward, after) : "nothing",
		};
	}
	page->changes = rows;
}

static void add_told(struct wr_use *use, struct wr_html_desk_confirm *page, const json_t *told)
{
	struct wr_html_desk_confirm_told *rows =
	    wr_arena_new(use->arena, struct wr_html_desk_confirm_told, json_array_size(told) + 1);
	size_t i;
	const json_t *row;
	json_array_foreach (told, i, row) {
		bool patient = wr_text_equal(wr_row_text(row, "whose"), "patient");
		const char *name = wr_row_text(row, "name");
		rows[page->n_told++] = (struct wr_html_desk_confirm_told){
		    .name = name ? name : wr_row_text(row, "who"),
		    .about = patient ? "the patient"
		                     : wr_in_words_relation(use, wr_row_text(row, "who")),
		    .news = news_words(wr_row_text(row, "type")),
		};
	}
	page->told = rows;
	page->untold = "Nobody is told by this.";
}

static void add_texts(
    struct wr_use *use, const json_t *list, const char *const **ret, size_t *ret_n)
{
	const char **texts = wr_arena_new(use->arena, const char *, json_array_size(list) + 1);
	size_t i;
	const json_t *row;
	json_array_foreach (list, i, row)
		texts[(*ret_n)++] = wr_in_words_text(use, json_string_value(row));
	*ret = texts;
}

/* Everything that was sent, once more. */
static struct wr_form_draft *same_form(struct wr_visit *visit)
{
	const struct wr_staff_action *action = visit->action;
	struct wr_form_draft *form = wr_form_new(visit, action->noun, action->verb, "Yes, do this");
	for (size_t i = 0; i < visit->posted.n; i++) {
		const struct wr_form_field *field = &visit->posted.fields[i];
		static const char *const own[] = {"form", "page", "yes"};
		bool ours = visit->needs_reason && strcmp(field->name, "reason") == 0;
		for (size_t k = 0; k < WR_COUNT(own); k++)
			ours |= strcmp(field->name, own[k]) == 0;
		if (!ours)
			wr_form_hidden(form, field->name, field->value);
	}
	wr_form_hidden(form, "yes", "true");
	if (visit->needs_reason)
		wr_form_text(form, "reason", "Why?",
		    "For staff only. People are told no more than a fixed phrase.", NULL);
	return form;
}

/* A discharge says by its arguments which way it goes. */
static const char *title_of(const struct wr_visit *visit)
{
	if (strcmp(visit->action->verb, "discharge") != 0)
		return visit->action->title;
	if (wr_form_get(&visit->posted, "undo"))
		return "Take the discharge back";
	return wr_form_get(&visit->posted, "died") ? "The patient has died" : visit->action->title;
}

static int draw(struct wr_use *use, struct wr_visit *visit)
{
	const json_t *question = visit->question;
	const char *note = wr_row_text(question, "note");
	struct wr_html_desk_confirm page = {
	    .title = title_of(visit),
	    .back = visit->path,
	    .lines = &note,
	    .n_lines = note != NULL,
	};
	add_texts(use, json_object_get(question, "warnings"), &page.warnings, &page.n_warnings);
	add_changes(use, &page, question);
	add_told(use, &page, json_object_get(question, "told"));
	page.form = *wr_form_done(same_form(visit));
	page.errors = wr_visit_errors(visit);
	wr_frame_open(visit, page.title, 0);
	wr_html_desk_confirm(&visit->html, WR_LANGUAGE_EN, &page);
	wr_frame_close(visit);
	return 0;
}

void wr_confirm_draw(struct wr_visit *visit, const json_t *answer, bool needs_reason)
{
	static const struct wr_staff_page page = {"/s/do/", WR_STAFF_BOTH, true, draw, false};
	visit->page = &page;
	visit->needs_reason = needs_reason;
	json_decref(visit->question);
	visit->question = json_deep_copy(answer);
	wr_visit_draw(visit);
}
