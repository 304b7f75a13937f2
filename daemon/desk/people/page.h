/*
 * page: the pages behind links and reply codes, read from the store and put in words; the markup is
 * in lib/page/templates/meetings.html and its parts.
 *
 * What a page shows of a slot is what the feed shows (wr_feed_show), so that the rules of consent
 * stand in one place; how to join is added here, because it is never in a feed.
 */
#ifndef WR_DAEMON_DESK_PEOPLE_PAGE_H
#define WR_DAEMON_DESK_PEOPLE_PAGE_H

#include "desk/facts.h"
#include "desk/people/knock.h"
#include "wardround/page.h"
#include "wardround/templates.h"

/* READS: writes the page of whoever stands at the door. */
int wr_case_people_page(struct wr_use *use);

/* ---- its parts ---- */

struct wr_drawing { /* what the parts have in common */
	struct wr_use *use;
	const struct wr_knock *knock;
	enum wr_language language;
	const struct wr_support *rows; /* through which this door speaks */
	size_t n_rows;
};

/* "/f/TOKEN/free"; on a reply page all forms go to the page itself. */
const char *wr_drawing_action(const struct wr_drawing *d, const char *form);
/* Which form it is, where the address does not say it: on a reply page. */
const char *wr_drawing_form(const struct wr_drawing *d, const char *form);
/* What was wrong with this field of this form; NULL: nothing. */
const char *wr_drawing_wrong(const struct wr_drawing *d, const char *form, const char *field);
/* What was typed there before; `else_this` when the form was not sent. */
const char *wr_drawing_typed(
    const struct wr_drawing *d, const char *form, const char *field, const char *else_this);
/* The page was shown because of this form: it was refused, or done (`said` is a word that it says).
 */
bool wr_drawing_is_about(const struct wr_drawing *d, const char *form);

/* meeting.c: one slot, through one row (NULL: the patient, staff). False in *ret_shown: nothing of
 * it may be seen. */
int wr_draw_meeting(struct wr_drawing *d, const struct wr_slot *slot,
    const struct wr_support *support, struct wr_html_meeting *ret_meeting, bool *ret_shown);

/* about.c: what somebody says about themselves */
int wr_draw_free(struct wr_drawing *d, struct wr_html_free *ret_part);
int wr_draw_away(struct wr_drawing *d, struct wr_html_away *ret_part);
void wr_draw_contact(struct wr_drawing *d, struct wr_html_contact *ret_part);
/* keep_draw.c: for `action` as on a support's page; used by the patient's page too */
int wr_draw_keep(struct wr_drawing *d, struct wr_html_keep *ret_part);

#endif
