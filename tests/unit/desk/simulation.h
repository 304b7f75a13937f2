/*
 * simulation: a ward that lives by chance, for weeks or for years: every use case, the clock,
 * endpoints that answer late, wrongly, twice or never, and a daemon that dies between any two
 * commits. The same seed gives the same life, to the byte.
 *
 * What is looked at after each step is an oracle of its own. It reads rows and what was received,
 * knows the promises and the rounds of the simulated ward, and shares no rule with the daemon.
 *
 *   simulation_steps.c   what can happen              simulation_rows.c     the rows, read
 *   simulation_ward.c    the ward, its endpoints,     simulation_slots.c    promises 1, 2, 6, 8
 *                        the crashes                  simulation_sent.c     3 and 4: each notice
 *   simulation_plants.c  bugs, one for each promise   simulation_feeds.c    5: each calendar
 *                                                     simulation_acked.c    7: what was
 * acknowledged
 */
#ifndef WARDROUND_TEST_SIMULATION_H
#define WARDROUND_TEST_SIMULATION_H

#include "ask_desk.h"

enum {
	SIMULATION_LINKS = 10,
	SIMULATION_PROMISES = 8,
	SIMULATION_BACK_SECONDS = 9 * 86400, /* how far back slots are read */
	SIMULATION_ACKED = 12,               /* replies remembered */
	SIMULATION_SOUND = 50,               /* steps before a planted bug shows itself */
};

struct simulation_link {
	const char *id, *whose, *who;
};

/* Rows as they are now, in an arena of their own. */
struct simulation_rows {
	struct wr_arena arena;
	struct wr_slot *slots; /* from SIMULATION_BACK_SECONDS ago, drafts too */
	struct wr_patient *patients;
	struct wr_support *supports;
	struct wr_attendee *attendees; /* of those slots */
	struct wr_news *news;          /* of slots that are still to come */
	struct wr_notice_row *notices; /* waiting or being sent */
	struct wr_task *tasks;
	struct wr_unplaced *unplaced;
	struct wr_reply *replies; /* of the last weeks */
	wr_time *held;            /* beside patients: start of the last held one; WR_TIME_NONE */
	size_t n_slots, n_patients, n_supports, n_attendees, n_news, n_notices, n_tasks, n_unplaced,
	    n_replies;
};

/* What somebody was told of a slot and 2xx was answered for. */
struct simulation_told {
	char who[24], slot[24];
	int revision;
	wr_time start;
	bool off;
};

/* A notice that was judged when it was leased. */
struct simulation_judged {
	char id[40];
	uint64_t hash;
	int tries;
};

/* A slot as it was after the step before. */
struct simulation_slot {
	char ref[24], room[32], session[64];
	wr_time start, end;
	enum wr_state state;
	int revision;
};

struct simulation_reply {
	char support[24], slot[24];
	char answer[12];
};

enum simulation_mood {
	MOOD_WELL,     /* 200 */
	MOOD_BUSY,     /* 503 */
	MOOD_TOO_MANY, /* 429 */
	MOOD_REFUSES,  /* 400 */
	MOOD_GONE,     /* 410 */
	MOOD_DEAF,     /* not reached */
	MOOD_SILENT,   /* never answers */
	MOOD_LOST,     /* it arrives, the answer doesn't: it comes again */
	MOOD_LATE,     /* answers when it is well again */
	MOODS,
};

struct simulation {
	struct built_desk *d;
	uint64_t seed, state; /* of the chance that steps are drawn from */
	int step;
	bool years;    /* time passes in days, not in hours */
	int plant;     /* the promise that is broken on purpose; 0: none */
	unsigned seen; /* with a plant: which promises were found broken, as bits */
	int n_admitted;
	struct simulation_link links[SIMULATION_LINKS];
	size_t n_links, next_link;
	json_t *patients, *supports, *slots; /* as they were listed before the step */
	char did[512];                       /* the step, for whoever replays it */

	enum simulation_mood moods[2]; /* of sms and staff */
	int crash_in;                  /* commits until the daemon dies; 0: it lives */
	bool crash_after;              /* the last one is on disk, but nobody hears of it */

	struct simulation_rows rows;
	struct simulation_slot *before;
	size_t n_before, before_capacity;
	struct simulation_told *told;
	size_t n_told, told_capacity;
	struct simulation_judged *judged;
	size_t n_judged, judged_capacity;
	struct simulation_reply acked[SIMULATION_ACKED];
	size_t n_acked;
	char *last_args, *last_answer; /* the last call that was acknowledged */
	const char *last_verb;
	wr_time last_at;
	wr_time looked;                      /* when the step before ended */
	unsigned n_sent, n_crashes, n_slots; /* that anything happened at all */
};

/* 0 to n - 1. */
unsigned simulation_chance(struct simulation *s, unsigned n);
/* One thing that happens. */
void simulation_step(struct simulation *s);
/* The lists anew. */
void simulation_list(struct simulation *s);

/* ---- the ward ---- */
/* `store`: a file, or NULL. Begins on a Tuesday at eight. */
void simulation_begin(struct simulation *s, const char *store);
void simulation_end(struct simulation *s);
/* After each step: if it was to die in it, it starts again. */
void simulation_revive(struct simulation *s);
/* The chance that the daemon draws from, too. */
void simulation_seed(uint64_t seed);
/* The start minutes of a round ("shah") on weekday 0-6; 0 when it has none. */
size_t simulation_cells(const char *round, int weekday, int ret_minutes[16]);

/* ---- looking ---- */
void simulation_read(struct simulation *s);
const struct wr_slot *simulation_slot(const struct simulation *s, const char *ref);
const struct wr_patient *simulation_patient(const struct simulation *s, const char *ref);
const struct wr_support *simulation_support(const struct simulation *s, const char *ref);
/* Agreed, in this admission, to the time or more, and nobody has died. */
bool simulation_may_hear(const struct wr_support *support, const struct wr_patient *patient);
bool simulation_is_on(enum wr_state state);
/* London's wall clock by the rule: minutes of the day, and the day since 1970. */
int simulation_wall(wr_time at, wr_day *ret_day);

void simulation_check(struct simulation *s);
void simulation_check_slots(struct simulation *s);
void simulation_check_news(struct simulation *s);
void simulation_check_feeds(struct simulation *s);
void simulation_check_acked(struct simulation *s);
/* Inside each write job, before its commit. */
void simulation_judge_leases(struct simulation *s, struct wr_tx *tx);
void simulation_judge_received(struct simulation *s, const struct desk_post *post);
void simulation_note_answer(struct simulation *s, const struct desk_post *post);
/* An answer that went out: it has to hold for ever. */
void simulation_note_acked(
    struct simulation *s, const char *verb, const char *args, const json_t *answer);

/* Fails the test with the step and how to see it again; with a plant it is only noted. Promise 0:
 * nothing that is promised, but a bug. */
void simulation_broken(struct simulation *s, int promise, const char *format, ...) WR_PRINTF(3, 4);

/* What a bug that breaks the planted promise would have left behind. */
void simulation_plant(struct simulation *s);

#endif
