/*
 * voice: what a patient says to the ward: questions for the round, wishes about a slot, and how it
 * was. Rows and the rules about them that need nothing but values.
 *
 * How it was is said without a name. A form that comes back is counted into the open batch of its
 * ward, and a batch is shown only once five forms are in it, so that nobody can watch one answer
 * arrive. What says that somebody has answered for a slot (a mark) holds neither slot nor answer.
 *
 * Pure; no locks.
 */
#ifndef WARDROUND_VOICE_H
#define WARDROUND_VOICE_H

#include "wardround/ward.h"

/* Whether a text is short enough, counted in characters. */
bool wr_voice_fits(const char *text, size_t most);

/* ---- questions for the round ---- */

enum { WR_QUESTION_LONGEST = 500, WR_QUESTIONS_MOST = 20 }; /* characters; waiting ones */

struct wr_question {
	const char *id, *patient;
	int admission;    /* of the patient, that it was asked in */
	const char *slot; /* that it was there for; NULL while it waits for the next one */
	const char *text;
	wr_time created, changed;
};

/* ---- wishes ---- */

enum { WR_WISH_LONGEST = 500, WR_WISHES_MOST = 8 }; /* characters; open ones */

enum wr_wish { /* what a patient asks of a slot */
	WR_WISH_NOT_THIS_TIME,
	WR_WISH_FEWER_PEOPLE,
	WR_WISH_PART_ALONE,
	WR_WISH_ANOTHER_TIME,
};
extern const struct wr_words wr_words_wish;

/* ---- how it was ---- */

enum wr_rating { WR_RATING_YES, WR_RATING_PARTLY, WR_RATING_NO, WR_RATINGS };
extern const struct wr_words wr_words_rating;

enum wr_feedback_question { /* one tap each */
	WR_FEEDBACK_HEARD,  /* were you listened to */
	WR_FEEDBACK_PEOPLE, /* were the people there that you wanted */
	WR_FEEDBACK_NEXT,   /* do you know what happens next */
	WR_FEEDBACK_QUESTIONS,
};
extern const struct wr_words wr_words_feedback_question;

enum {
	WR_FEEDBACK_BATCH = 5,
	WR_FEEDBACK_SKIPPED = -1,
	WR_FEEDBACK_DAYS = 7, /* after the slot was held */
};

struct wr_feedback { /* one batch of a ward */
	const char *ward;
	int batch;    /* from 1 */
	wr_day month; /* the first day of the month of its last form */
	int forms;    /* 1 to WR_FEEDBACK_BATCH */
	int n[WR_FEEDBACK_QUESTIONS][WR_RATINGS];
};

/* Counts one form into the last batch of a ward (`last` NULL: there is none) and gives the batch to
 * be kept; answers may be WR_FEEDBACK_SKIPPED. */
struct wr_feedback wr_feedback_count(const struct wr_feedback *last, const char *ward,
    const int answers[WR_FEEDBACK_QUESTIONS], wr_day day);
bool wr_feedback_is_shown(const struct wr_feedback *batch);
/* Adds a batch that is shown to the sum of its month. */
void wr_feedback_add(struct wr_feedback *sum, const struct wr_feedback *batch);

#endif
