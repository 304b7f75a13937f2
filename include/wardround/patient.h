/*
 * patient: what a patient's page says in words: why this time, and how each of the patient's people
 * takes part. Only ever about the patient's own people and wishes; nothing here knows another
 * patient.
 *
 * Pure; no locks.
 */
#ifndef WARDROUND_PATIENT_H
#define WARDROUND_PATIENT_H

#include "wardround/language.h"
#include "wardround/ward.h"

enum wr_coming {
	WR_COMING_IN_PERSON, /* said so, to this revision */
	WR_COMING_BY_PHONE,
	WR_COMING_BY_VIDEO,
	WR_COMING_UNANSWERED, /* planned to attend */
	WR_COMING_OLD_TIME,   /* planned to attend, and said yes to an earlier revision */
	WR_COMING_NOT,        /* said no */
	WR_COMING_NOT_PLANNED,
};

struct wr_companion { /* one of the patient's people, about one slot */
	const char *name, *relation;
	bool attends; /* planned to */
};

/* `reply` NULL: none to this slot. `revision`: of the slot. */
enum wr_coming wr_patient_coming(bool attends, const struct wr_reply *reply, int revision);
enum wr_say wr_coming_say(enum wr_coming coming);
enum wr_say wr_sees_say(enum wr_sees sees);     /* "When and where it is" */
enum wr_say wr_sees_now_say(enum wr_sees sees); /* "Sees when and where it is, ..." */

/*
 * "Your mother and your care coordinator can both come then. You would rather be seen in the
 * morning." `people`: all that are invited. `minute`: of the day when the slot starts. In English
 * people are told by what they are to the patient, unless two are the same; in other languages by
 * name, since what staff typed is English. NULL texts never.
 */
const char *wr_patient_why(struct wr_arena *arena, enum wr_language language,
    const struct wr_companion *people, size_t n, enum wr_prefers prefers, int minute);

#endif
