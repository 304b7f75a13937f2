/*
 * promises: the eight of them, checked against the rows.
 *
 * The rows that a change touched are checked in its transaction: a change that would break a
 * promise is rolled back and answered with an internal fault, because no rule of a use case should
 * have let it come so far. Everything is checked each minute and before a publishing; what is in
 * danger or broken stands in `wardctl status`.
 */
#ifndef WR_DAEMON_DESK_PROMISES_H
#define WR_DAEMON_DESK_PROMISES_H

#include "desk/use.h"

enum wr_promise_state { WR_PROMISE_KEPT, WR_PROMISE_DANGER, WR_PROMISE_BROKEN };

struct wr_promise_line {
	enum wr_promise_state state;
	const char *what; /* in words, with references and no names */
	const char *ward; /* NULL: the whole house */
};

struct wr_promise {
	enum wr_promise_state state;
	struct wr_promise_line *lines;
	size_t n;
};

enum { WR_PROMISES = 8 };
struct wr_promise_report {
	struct wr_promise promises[WR_PROMISES]; /* promise n at n - 1 */
};

/* When the patient has to have a slot by the first promise: the first instant that is too late. */
int wr_promise_due(struct wr_use *use, const struct wr_config_ward *ward,
    const struct wr_patient *patient, wr_time *ret_due);
/* 0, or a fault. */
int wr_promises_check_touched(struct wr_use *use);
/* Everything; the report is in use->arena. */
int wr_promises_look(struct wr_use *use, struct wr_promise_report *ret_report);
/* "nobody is forgotten" of 1, and so on. */
const char *wr_promise_name(int n);
/* [{"n","state","what"}]. A new reference. */
json_t *wr_promises_json(const struct wr_promise_report *report);

#endif
