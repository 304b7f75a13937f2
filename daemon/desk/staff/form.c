#include "desk/staff/form.h"

#include <string.h>

enum { MOST_FIELDS = 24, MOST_HIDDEN = 64 };

struct wr_form_draft {
	struct wr_visit *visit;
	bool came_back; /* this very form was sent and refused */
	struct wr_html_desk_form form;
	struct wr_html_desk_form_hidden hidden[MOST_HIDDEN];
	struct wr_html_desk_field fields[MOST_FIELDS];
};

struct wr_form_draft *wr_form_new(
    struct wr_visit *visit, const char *noun, const char *verb, const char *button)
{
	struct wr_form_draft *form = wr_arena_new(visit->arena, struct wr_form_draft, 1);
	form->visit = visit;
	form->came_back = visit->action && strcmp(visit->action->noun, noun) == 0 &&
	                  strcmp(visit->action->verb, verb) == 0;
	form->form = (struct wr_html_desk_form){
	    .action = wr_arena_printf(visit->arena, "/s/do/%s/%s", noun, verb),
	    .form = wr_visit_key(visit),
	    .stands_on = visit->path,
	    .button = button,
	};
	return form;
}

struct wr_form_draft *wr_form_asking(
    struct wr_visit *visit, const char *address, const char *button)
{
	struct wr_form_draft *form = wr_form_new(visit, "", "", button);
	form->came_back = true;
	form->form.action = address;
	return form;
}

struct wr_form_draft *wr_form_small(struct wr_visit *visit, const char *noun, const char *verb,
    const char *button, const char *about)
{
	struct wr_form_draft *form = wr_form_new(visit, noun, verb, button);
	form->form.small = true;
	form->form.about = about;
	form->came_back = false;
	return form;
}

void wr_form_danger(struct wr_form_draft *form)
{
	form->form.danger = true;
}

void wr_form_hidden(struct wr_form_draft *form, const char *name, const char *value)
{
	if (value && form->form.n_hidden < MOST_HIDDEN)
		form->hidden[form->form.n_hidden++] =
		    (struct wr_html_desk_form_hidden){name, value};
}

/* ---- fields ---- */

static const char *value_of(
    const struct wr_form_draft *form, const char *name, const char *otherwise)
{
	const char *typed = form->came_back ? wr_form_get(&form->visit->posted, name) : NULL;
	return typed ? typed : otherwise;
}

/* The refusal, if it is about this field; its label is said at the top of the page. */
static const char *error_of(const struct wr_form_draft *form, const char *name, const char *label)
{
	if (!form->came_back || !wr_text_equal(form->visit->wrong_field, name))
		return NULL;
	form->visit->wrong_label = label;
	return form->visit->wrong;
}

static struct wr_html_desk_field *next_field(struct wr_form_draft *form)
{
	static struct wr_html_desk_field beyond;
	return form->form.n_fields < MOST_FIELDS ? &form->fields[form->form.n_fields++] : &beyond;
}

static struct wr_html_field *add_field(struct wr_form_draft *form, const char *name,
    const char *label, const char *hint, const char *value)
{
	struct wr_html_field *field = wr_arena_new(form->visit->arena, struct wr_html_field, 1);
	*field = (struct wr_html_field){
	    .id = name,
	    .name = name,
	    .label = label,
	    .hint = hint,
	    .error = error_of(form, name, label),
	    .value = value_of(form, name, value),
	};
	next_field(form)->field = field;
	return field;
}

void wr_form_text(struct wr_form_draft *form, const char *name, const char *label, const char *hint,
    const char *value)
{
	struct wr_html_field *field = add_field(form, name, label, hint, value);
	if (strcmp(name, "phone") == 0)
		field->type = "tel";
	if (strcmp(name, "bed") == 0)
		field->width = "5";
}

void wr_form_time(struct wr_form_draft *form, const char *name, const char *label, const char *hint,
    const char *value)
{
	struct wr_html_field *field = add_field(form, name, label, hint, value);
	field->type = "datetime-local";
	field->width = "20";
}

void wr_form_number(struct wr_form_draft *form, const char *name, const char *label,
    const char *hint, const char *value)
{
	struct wr_html_field *field = add_field(form, name, label, hint, value);
	field->mode = "numeric";
	field->width = "4";
}

void wr_form_box(struct wr_form_draft *form, const char *name, const char *label, const char *hint,
    const char *value)
{
	struct wr_html_box *box = wr_arena_new(form->visit->arena, struct wr_html_box, 1);
	*box = (struct wr_html_box){
	    .id = name,
	    .name = name,
	    .label = label,
	    .hint = hint,
	    .error = error_of(form, name, label),
	    .value = value_of(form, name, value),
	    .most = 1000,
	};
	next_field(form)->box = box;
}

void wr_form_select(struct wr_form_draft *form, const char *name, const char *label,
    const char *hint, const struct wr_form_choice *choices, size_t n, const char *value)
{
	struct wr_arena *arena = form->visit->arena;
	struct wr_html_select *select = wr_arena_new(arena, struct wr_html_select, 1);
	struct wr_html_select_choice *rows =
	    wr_arena_new(arena, struct wr_html_select_choice, n + 1);
	const char *chosen = value_of(form, name, value);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct wr_html_select_choice){choices[i].value, choices[i].label,
		    chosen && strcmp(choices[i].value, chosen) == 0};
	*select = (struct wr_html_select){
	    .id = name,
	    .name = name,
	    .label = label,
	    .hint = hint,
	    .error = error_of(form, name, label),
	    .choices = rows,
	    .n_choices = n,
	};
	next_field(form)->select = select;
}

static struct wr_html_radios *add_radios(struct wr_form_draft *form, const char *name,
    const char *label, const char *hint, const struct wr_form_choice *choices, size_t n,
    const char *value)
{
	struct wr_arena *arena = form->visit->arena;
	struct wr_html_radios *radios = wr_arena_new(arena, struct wr_html_radios, 1);
	struct wr_html_radios_choice *rows =
	    wr_arena_new(arena, struct wr_html_radios_choice, n + 1);
	const char *chosen = value_of(form, name, value);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct wr_html_radios_choice){
		    .value = choices[i].value,
		    .label = choices[i].label,
		    .hint = choices[i].hint,
		    .chosen = chosen && strcmp(choices[i].value, chosen) == 0,
		};
	if (wr_text_equal(form->visit->wrong_field, name))
		form->visit->wrong_id = wr_arena_printf(arena, "%s-1", name);
	*radios = (struct wr_html_radios){
	    .id = name,
	    .name = name,
	    .legend = label,
	    .hint = hint,
	    .error = error_of(form, name, label),
	    .choices = rows,
	    .n_choices = n,
	};
	next_field(form)->radios = radios;
	return radios;
}

void wr_form_radios(struct wr_form_draft *form, const char *name, const char *label,
    const char *hint, const struct wr_form_choice *choices, size_t n, const char *value)
{
	add_radios(form, name, label, hint, choices, n, value);
}

void wr_form_truth(
    struct wr_form_draft *form, const char *name, const char *label, const char *hint, bool value)
{
	static const struct wr_form_choice choices[] = {
	    {"true", "Yes", NULL},
	    {"false", "No", NULL},
	};
	add_radios(form, name, label, hint, choices, WR_COUNT(choices), value ? "true" : "false")
	    ->beside = true;
}

const struct wr_html_desk_form *wr_form_done(struct wr_form_draft *form)
{
	form->form.hidden = form->hidden;
	form->form.fields = form->fields;
	return &form->form;
}

/* ---- errors ---- */

/* "Bed: ...", "Why? ..." */
static const char *with_label(const struct wr_visit *visit)
{
	const char *label = visit->wrong_label;
	if (wr_text_empty(label))
		return visit->wrong;
	bool asks = label[strlen(label) - 1] == '?';
	return wr_arena_printf(visit->arena, "%s%s %s", label, asks ? "" : ":", visit->wrong);
}

struct wr_html_errors wr_visit_errors(struct wr_visit *visit)
{
	struct wr_html_errors_row *row = wr_arena_new(visit->arena, struct wr_html_errors_row, 1);
	*row = (struct wr_html_errors_row){
	    .text = with_label(visit),
	    .to = !visit->wrong_field ? NULL
	                              : wr_arena_printf(visit->arena, "#%s",
					    visit->wrong_id ? visit->wrong_id : visit->wrong_field),
	};
	return (struct wr_html_errors){row, visit->wrong ? 1 : 0};
}
