/*
 * accounts: what signing in writes. Arguments are texts of the gate's own, never of a form.
 *
 * CHANGES, in a store job each.
 */
#ifndef WR_DAEMON_DESK_STAFF_ACCOUNTS_H
#define WR_DAEMON_DESK_STAFF_ACCOUNTS_H

#include "desk/use.h"

/* name, code, session (the new session's id), browser (its mark): uses the code up and begins the
 * session; refused when somebody was faster or it is too late. */
int wr_case_staff_sign_in(struct wr_use *use);
/* name, session: ends it. */
int wr_case_staff_sign_out(struct wr_use *use);
/* session: it was used now. */
int wr_case_staff_seen(struct wr_use *use);
/* page, patient (may be left out): the actor read a page with names. */
int wr_case_staff_opened(struct wr_use *use);

#endif
