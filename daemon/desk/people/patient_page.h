/*
 * patient_page: what a patient's page shows, read from the store and put in words; the markup is in
 * lib/page/templates/patient*.html.
 *
 * The page is about the patient and the people whom the patient has invited. It names no other
 * patient, shows no note of staff or of a support, and no free times.
 */
#ifndef WR_DAEMON_DESK_PEOPLE_PATIENT_PAGE_H
#define WR_DAEMON_DESK_PEOPLE_PATIENT_PAGE_H

#include "desk/use.h"
#include "wardround/language.h"
#include "wardround/page.h"
#include "wardround/templates.h"

struct wr_patient_view {
	const char *patient;             /* whose page */
	const char *action;              /* "/f/TOKEN": its forms go below it */
	const char *said;                /* what was just done */
	const char *wrong;               /* with the form that came back; NULL */
	const char *wrong_field;         /* which of its fields; NULL */
	const char *form;                /* "ask", "questions", "feedback": which one that was */
	const json_t *typed;             /* what was in it; NULL */
	const struct wr_html_keep *keep; /* calendar links; NULL: left out */
	bool keep_open;
	bool ended; /* left behind: there is no page any more */
};

/* Appends the page. 0 or -errno. */
int wr_patient_page(struct wr_use *use, struct wr_patient_view *view, struct wr_buf *html);

/* ---- its parts, patient_parts.c ---- */

struct wr_patient_sheet { /* what the parts have in common */
	struct wr_use *use;
	const struct wr_patient_view *view;
	enum wr_language language;
	struct wr_patient patient;
	const struct wr_config_ward *ward;
	struct wr_slot *slots; /* published and later, not over; by start */
	size_t n_slots;
	const struct wr_slot *next;  /* published or started; NULL */
	const char *urgent;          /* beside each box */
	struct wr_support *supports; /* of the patient: all rows */
	size_t n_supports;
};

int wr_patient_questions(
    struct wr_patient_sheet *sheet, struct wr_html_patient_questions *ret_part);
int wr_patient_invited(struct wr_patient_sheet *sheet, struct wr_html_patient_invited *ret_part);
int wr_patient_wishes(struct wr_patient_sheet *sheet, struct wr_html_patient_wishes *ret_part);
/* NULL: nothing to be asked. */
int wr_patient_feedback(
    struct wr_patient_sheet *sheet, const struct wr_html_patient_feedback **ret_part);

/* "/f/TOKEN/ask" */
const char *wr_patient_sheet_action(const struct wr_patient_sheet *sheet, const char *form);
/* What was wrong with this field of a form; NULL: nothing. */
const char *wr_patient_sheet_wrong(
    const struct wr_patient_sheet *sheet, const char *form, const char *field);
/* What was typed into a form that came back, and whether that form (for `key`: with this value of
 * that field) is the one. */
const char *wr_patient_sheet_typed(
    const struct wr_patient_sheet *sheet, const char *form, const char *name);
bool wr_patient_sheet_came_back(
    const struct wr_patient_sheet *sheet, const char *form, const char *key, const char *value);
const char *wr_patient_sheet_when(const struct wr_patient_sheet *sheet, wr_time at);

#endif
