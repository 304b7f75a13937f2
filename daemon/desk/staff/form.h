/*
 * form: a form of signed-in staff being put together, by the one who draws the page:
 *
 *     struct wr_form_draft *form = wr_form_new(visit, "patient", "hold", "Save");
 *     wr_form_hidden(form, "ref", patient.ref);
 *     wr_form_text(form, "why", "Why is the patient not here?", NULL, NULL);
 *     wr_html_desk_form(&visit->html, WR_LANGUAGE_EN, wr_form_done(form));
 *
 * Fields are named as the verb's arguments. When this very form came back refused, what was typed
 * stands in it again, and the refusal at its field. Everything lives in the visit's arena.
 */
#ifndef WR_DAEMON_DESK_STAFF_FORM_H
#define WR_DAEMON_DESK_STAFF_FORM_H

#include "desk/staff/visit.h"
#include "wardround/page.h"
#include "wardround/templates.h"

struct wr_form_draft;

struct wr_form_choice {
	const char *value, *label, *hint; /* hint: radios only; NULL */
};

/* A form for /s/do/NOUN/VERB. */
struct wr_form_draft *wr_form_new(
    struct wr_visit *visit, const char *noun, const char *verb, const char *button);
/* For a page that takes a form (wr_staff_page.takes). */
struct wr_form_draft *wr_form_asking(
    struct wr_visit *visit, const char *address, const char *button);
/* Of one in a list: a small button; `about` says which row to those who don't see it. */
struct wr_form_draft *wr_form_small(struct wr_visit *visit, const char *noun, const char *verb,
    const char *button, const char *about);
void wr_form_danger(struct wr_form_draft *form);
/* `value` NULL: the field is left out. */
void wr_form_hidden(struct wr_form_draft *form, const char *name, const char *value);

/* `value`: what stands in it at first; NULL: nothing. `hint` may be NULL. */
void wr_form_text(struct wr_form_draft *form, const char *name, const char *label, const char *hint,
    const char *value);
void wr_form_box(struct wr_form_draft *form, const char *name, const char *label, const char *hint,
    const char *value);
/* A day and time, "2026-11-30T09:00". */
void wr_form_time(struct wr_form_draft *form, const char *name, const char *label, const char *hint,
    const char *value);
void wr_form_number(struct wr_form_draft *form, const char *name, const char *label,
    const char *hint, const char *value);
/* `n` choices; `value` is chosen at first (NULL: none). */
void wr_form_select(struct wr_form_draft *form, const char *name, const char *label,
    const char *hint, const struct wr_form_choice *choices, size_t n, const char *value);
void wr_form_radios(struct wr_form_draft *form, const char *name, const char *label,
    const char *hint, const struct wr_form_choice *choices, size_t n, const char *value);
/* Yes or no. */
void wr_form_truth(
    struct wr_form_draft *form, const char *name, const char *label, const char *hint, bool value);

const struct wr_html_desk_form *wr_form_done(struct wr_form_draft *form);

/* ---- the page around it ---- */

/* What was wrong with the form that came back, for the top of the page. */
struct wr_html_errors wr_visit_errors(struct wr_visit *visit);

enum { WR_FRAME_WIDE = 1 << 0 };
/* The page's head with the ward's name, who is signed in and where to go; then its end. */
void wr_frame_open(struct wr_visit *visit, const char *title, unsigned flags);
void wr_frame_close(struct wr_visit *visit);
/* The same for somebody who is not signed in. */
struct wr_html_staff wr_frame_for_nobody(struct wr_arena *arena, const char *title);
/* A page with one form: everything around it. */
void wr_frame_ask(struct wr_visit *visit, struct wr_html_desk_ask *ask, struct wr_form_draft *form);

#endif
