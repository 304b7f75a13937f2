/*
 * visit: one request of somebody who is signed in, from the gate to the answer.
 *
 *     gate.c     who it is, and which row of the table (routes.c) it asks for
 *     GET        a page: its `draw` runs in a read job, asks the same cases as wardctl, writes html
 *     POST       /s/do/NOUN/VERB: action.c reads the form into arguments and starts the same verb
 * as wardctl; done: 303 to where the form says; refused: the form's page again with the words of
 * the refusal; to be looked at first: confirm.c shows what would change and who would be told, and
 * sends the same form again with a yes
 *
 * Every form carries `form` (wr_visit_key): made for this session, which ties the POST to it, and
 * the idempotency key of what it does, so that a double tap happens once; and `page`, the address
 * of the page that it stands on.
 *
 * A visit lives in the request's arena, as call->data of each of its calls; one at a time runs, so
 * it is touched by one thread at a time.
 */
#ifndef WR_DAEMON_DESK_STAFF_VISIT_H
#define WR_DAEMON_DESK_STAFF_VISIT_H

#include "desk/desk.h"
#include "desk/use.h"
#include "wardround/http.h"

enum {
	WR_STAFF_WARD = 1 << WR_ROLE_WARD,
	WR_STAFF_CONSULTANT = 1 << WR_ROLE_CONSULTANT,
	WR_STAFF_BOTH = WR_STAFF_WARD | WR_STAFF_CONSULTANT,
};

struct wr_visit;

/* One page. In `path` a `*` stands for one part of the address: the visit's `subject`. */
struct wr_staff_page {
	const char *path;
	unsigned roles;
	bool names; /* of patients: who reads it stands in the audit */
	/* In a read job: writes visit->html. 0, WR_USE_FAILED or -errno. */
	int (*draw)(struct wr_use *use, struct wr_visit *visit);
	bool takes; /* it takes a form too, which asks and changes nothing: visit->posted */
};

enum {                              /* of an action */
	WR_STAFF_WHOLE = 1 << 0,    /* an empty field is sent as "": it empties what was there */
	WR_STAFF_OWN_WARD = 1 << 1, /* --ward is the visitor's, whatever the form says */
	WR_STAFF_WARNS = 1 << 2,    /* the answer's warnings are shown before it is done */
	WR_STAFF_ASKS = 1 << 3,     /* shown first, even where wardctl would not ask */
};

/* One thing that a form may do: a verb of wardctl. */
struct wr_staff_action {
	const char *noun, *verb;
	unsigned roles;
	const char *fields; /* that a form may send, divided by blanks; `*` behind one: several */
	unsigned flags;
	const char *title; /* of the page that asks: "Cancel this slot" */
	const char *said;  /* when it was done: "The slot is cancelled." */
	const char *lands; /* where then, with `%` for `at`; NULL: where the form says */
	const char *at;    /* a path into the answer: "patient.ref" */
};

extern const struct wr_staff_page wr_staff_pages[];
extern const size_t wr_n_staff_pages;
extern const struct wr_staff_action wr_staff_actions[];
extern const size_t wr_n_staff_actions;

struct wr_visit {
	struct wr_desk *desk;
	struct wr_request *request;
	struct wr_arena *arena; /* the request's */

	/* who */
	const char *name, *actor; /* "ann", "staff:ann" */
	enum wr_role role;
	const char *ward, *consultant; /* ids; consultant NULL for ward staff */
	const char *ward_name;
	unsigned char key[32];
	const char *session; /* its id */
	bool by_proxy;

	/* what */
	const struct wr_staff_page *page;
	const char *path;    /* the address of the page with its query */
	const char *subject; /* what stands for the `*` */
	struct wr_form query;
	const struct wr_staff_action *action; /* of a POST; NULL */
	const struct wr_verb *verb;           /* which it is in wr_verbs */
	struct wr_form posted;                /* refused or to be confirmed; fills the form again */
	bool needs_reason;                    /* the verb said so */
	bool first;                           /* opened for the first time in a while */

	/* what is said on the page */
	const char *said;
	const char *wrong, *wrong_field; /* a refusal, and the field that it is about; NULL */
	const char *wrong_label;         /* of that field */
	const char *wrong_id; /* of the first input of that field, when it is not its name */
	json_t *question;     /* for the page that asks for a yes; a reference */

	/* the answer */
	int status;
	struct wr_buf html;
	int refresh;         /* seconds; 0: none */
	const char *patient; /* whose page it is, for the audit; NULL */
	char nonce[24];
	unsigned n_forms;
};

/* ---- for those who draw ---- */

/* What a case answers to these arguments (stolen; NULL: none): borrowed, until the page is done.
 * NULL: it failed; return *ret. */
const json_t *wr_visit_ask(struct wr_use *use, wr_use_case run, json_t *args, int *ret);
/* The visit of a read job. */
struct wr_visit *wr_visit_of(struct wr_use *use);
/* A new value for the field `form`; each form of a page has one of its own. */
const char *wr_visit_key(struct wr_visit *visit);
/* What was typed into a field, when the form comes back; else `otherwise`. */
const char *wr_visit_typed(const struct wr_visit *visit, const char *field, const char *otherwise);
/* A value of the page's query; NULL. */
const char *wr_visit_query(const struct wr_visit *visit, const char *name);
const struct wr_config_ward *wr_visit_ward(struct wr_use *use, const struct wr_visit *visit);
/* The week that `week` of the query names; without it the running one or, when nothing of that is
 * still to come, the next one that has published slots. 0, or a fault. */
int wr_visit_week(struct wr_use *use, const struct wr_visit *visit,
    const struct wr_config_ward *ward, struct wr_week *ret_week);

/* ---- between the files of this room ---- */

/* Draws the visit's page and answers. */
void wr_visit_draw(struct wr_visit *visit);
/* Answers with visit->html and status. */
void wr_visit_answer(struct wr_visit *visit);
void wr_visit_sentence(struct wr_visit *visit, int status, const char *title, const char *text);
void wr_visit_later(struct wr_visit *visit);
void wr_visit_see(struct wr_visit *visit, const char *address);
/* Sets visit->page, path, subject and query from the address of a page of ours. False: there is
 * none, or not for this role. */
bool wr_visit_aim(struct wr_visit *visit, const char *address);
/* Whether the field `form` was made for this session; the idempotency key in *ret_key. */
bool wr_visit_check_key(struct wr_visit *visit, const char *form, const char **ret_key);

/* A POST to /s/do/... */
void wr_action_take(struct wr_visit *visit);
/* In a job: every row that the arguments name is of this ward, and of this consultant. */
int wr_action_check(struct wr_use *use, const struct wr_visit *visit);
/* confirm.c: the page that asks for the yes. `answer` is what the verb answered (a dry run, or the
 * error that it needs a yes); `needs_reason`: a box for it. */
void wr_confirm_draw(struct wr_visit *visit, const json_t *answer, bool needs_reason);

#endif
