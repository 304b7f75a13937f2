/*
 * compose: what one person is to hear of one slot, and the notice that says it.
 *
 * Everything is judged in the transaction that makes or leases the notice, from the rows as they
 * are there: slot, patient, consent. A notice is one row for each endpoint that takes it, waiting,
 * with its body written; courier.c sends it.
 *
 * Store thread, inside a job.
 */
#ifndef WR_DAEMON_DESK_COMPOSE_H
#define WR_DAEMON_DESK_COMPOSE_H

#include "desk/tell.h"
#include "wardround/notice.h"

/* One person and one slot, as they stand now. */
struct wr_hearing {
	enum wr_whose whose;
	const char *who;
	struct wr_slot slot;
	struct wr_patient patient;
	const struct wr_config_ward *ward;
	bool may_hear;               /* listener is set: to be told of this slot at all */
	struct wr_listener listener; /* its `reachable`: by a webhook */
	const char *place, *joining; /* as this person may see them; NULL: not, or none */
	const char *people; /* references of those coming, for the patient; NULL for others */
	int late;           /* minutes that may be told by now; 0 once it has begun */
	wr_time late_again; /* when to look again for more of them; WR_TIME_NONE */
};

/* The last slot that was read, with its people: of a job that changes none of them (use->memo). */
struct wr_hearing_memo {
	const char *ref; /* NULL: none */
	struct wr_slot slot;
	struct wr_patient patient;
	const struct wr_config_ward *ward;
	struct wr_listener *listeners;
	size_t n;
	const char *people;
	int late;
	wr_time late_again;
};

/* 0 also when there is no such slot, ward or consent: then may_hear is false. */
int wr_hearing_read(struct wr_use *use, enum wr_whose whose, const char *who, const char *slot,
    struct wr_hearing *ret_hearing);
/* What lies between what this person was last told and what holds. */
enum wr_notice_type wr_hearing_choose(
    const struct wr_hearing *hearing, const struct wr_news *news, wr_time now);
/* The slot is off. */
bool wr_hearing_is_off(const struct wr_hearing *hearing);

struct wr_composing {
	enum wr_notice_type type;
	int revision;      /* of the row; 0: of none, as a farewell */
	wr_time was;       /* the start last told; else WR_TIME_NONE */
	wr_time not_after; /* no try is begun later */
	int late;          /* minutes, for slot.late */
	bool neutral;
	const char *page; /* NULL: the reply page of that slot, where there is one */
	const char *link; /* whose token is in `page`; NULL: none */
};
/* Rows for all endpoints that take it: how many. With none nothing is written. */
int wr_compose(struct wr_use *use, const struct wr_hearing *hearing,
    const struct wr_composing *composing, size_t *ret_n);

/* One event for staff. */
struct wr_staff_event {
	enum wr_notice_type type;
	const struct wr_config_ward *ward; /* NULL: of the whole house, whatever `wards` say */
	const char *except;                /* an endpoint that it is not sent to; NULL */
	const struct wr_slot *slot;        /* NULL: about none */
	const char *task, *patient, *support, *answer; /* references and words; NULL */
	int promise;                                   /* 1-8; 0: about none */
	const char *note;                              /* in words without names */
};
/* Rows for all endpoints that take it, none for those that are off. */
int wr_compose_for_staff(struct wr_use *use, const struct wr_staff_event *event);

/* Whether a waiting notice still says what holds, to somebody who may hear it. The hearing is of
 * its person and slot; with may_hear false where none was needed.
 */
int wr_notice_still_holds(struct wr_use *use, const struct wr_notice_row *notice,
    struct wr_hearing *ret_hearing, bool *ret_holds, const char **ret_why);

/* When a notice that is due may go: now, or after quiet hours. `hearing` as above. */
int wr_notice_waits_until(struct wr_use *use, const struct wr_notice_row *notice,
    const struct wr_hearing *hearing, wr_time *ret_at);

/* Whether it was turned off (by 410, or by hand). */
int wr_webhook_is_off(struct wr_use *use, const char *name, bool *ret_off);

#endif
