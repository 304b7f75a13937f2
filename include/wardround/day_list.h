/*
 * day_list: what stands on the list of a day, for the consultant's page, the board and the paper
 * alike: who is seen when, where they sleep, who comes and how, what they want to talk about.
 *
 * Whose stay is restricted is on no list that leaves the desk by name: the line has the bed, and
 * says of the people who come only how many they are.
 *
 * Pure; no locks. What is read is borrowed; what is made lives in the arena.
 */
#ifndef WARDROUND_DAY_LIST_H
#define WARDROUND_DAY_LIST_H

#include "wardround/day.h"

/* One agreed support of the patient, who may know of the slot. */
struct wr_day_support {
	const struct wr_support *support;
	const struct wr_reply *reply; /* NULL: none yet */
	bool planned;                 /* stands among those who can come */
};

/* One slot with everything that is known of it. */
struct wr_day_source {
	const struct wr_slot *slot;
	const struct wr_patient *patient;
	const struct wr_session_change *change; /* NULL: as its round says */
	const struct wr_day_support *supports;
	size_t n_supports;
	const char *const *questions; /* the patient's for the round */
	size_t n_questions;
};

enum wr_day_coming {
	WR_DAY_COMES,    /* said so */
	WR_DAY_EXPECTED, /* planned, and has not answered */
	WR_DAY_CANNOT,   /* said that they can't */
};

struct wr_day_guest {
	enum wr_day_coming coming;
	const char *text; /* "Dev Anand (brother): by phone" */
	const char *note; /* what they wrote for staff; NULL */
};

enum wr_day_stage { WR_DAY_TO_COME, WR_DAY_NOW, WR_DAY_SEEN, WR_DAY_MISSED, WR_DAY_CANCELLED };

struct wr_day_line {
	const struct wr_slot *slot;
	const struct wr_session_change *change; /* of its session; NULL */
	enum wr_day_stage stage;
	const char *time;   /* "9:25am to 9:45am" */
	const char *bed;    /* "Bed 7", "No bed" */
	const char *name;   /* "Restricted" when it may not be said */
	const char *state;  /* "To come", "With the team now", "Seen", "Missed: ...", "Cancelled" */
	const char *late;   /* "About 20 minutes late, not before 9:45am"; NULL */
	const char *absent; /* "Not here for now: absent without leave"; NULL */
	bool restricted;
	const struct wr_day_guest *guests;
	size_t n_guests;
	const char *const *questions;
	size_t n_questions;
};

/*
 * The lines of what is no draft, by start, consultant, reference. A cancelled slot is left out when
 * another one has its place or its patient, or its patient has left; a moved one stands only where
 * it is now.
 */
void wr_day_list_make(struct wr_arena *arena, const struct wr_zone *zone,
    const struct wr_day_source *sources, size_t n, struct wr_day_line **ret_lines, size_t *ret_n);

/* "7" becomes "Bed 7", "Side room 2" stays; NULL is "No bed". */
const char *wr_day_bed(struct wr_arena *arena, const char *bed);

#endif
