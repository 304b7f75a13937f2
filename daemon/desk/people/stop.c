/*
 * Messages to somebody stop, start again, or reach the wrong one.
 *
 * "This isn't me" may come from a stranger who holds a number that was meant for a support. Then
 * nothing more is shown through any link or code of that row, and no message goes out, until staff
 * have asked and written the contact anew (`support edit`). The person stays invited and stands on
 * the call list: only the way to them was wrong.
 */
#include "desk/patient_change.h"
#include "desk/people/cases.h"
#include "desk/people/knock.h"

static int save(struct wr_use *use, const struct wr_support *before, bool stopped, bool disputed)
{
	struct wr_support support = *before;
	support.stopped = stopped;
	support.disputed = disputed;
	return wr_support_change(use, before, &support, NULL, 0);
}

static int ask_staff(struct wr_use *use, const struct wr_support *support)
{
	struct wr_patient patient;
	int r = wr_use_patient(use, support->patient, &patient);
	struct wr_task task = {
	    .ward = patient.ward,
	    .kind = "contact",
	    .patient = support->patient,
	    .text = wr_arena_printf(use->arena,
		"Whoever has the link or the number of support %s says: this isn't me. Messages "
		"and links are stopped. Ask, then write the contact anew: `wardctl support edit "
		"%s --phone ...`.",
		support->ref, support->ref),
	    .created = use->now,
	    .alarm = WR_TIME_NONE,
	    .done = WR_TIME_NONE,
	};
	if (!r)
		r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_TASK, &task.id);
	return r ? r : wr_store_task_put(use->tx, &task);
}

int wr_case_people_stop(struct wr_use *use)
{
	struct wr_knock *knock = wr_knock_of(use);
	bool start = wr_arg_given(use, "start"), not_me = wr_arg_given(use, "not-me");
	struct wr_support *rows = NULL;
	size_t n = 0;
	int r = wr_knock_supports(use, &rows, &n);
	knock->language = wr_knock_language(rows, n);
	knock->said_goodbye = not_me;
	for (size_t i = 0; i < n && !r; i++) {
		r = save(use, &rows[i], !start || not_me, not_me);
		if (!r && not_me)
			r = ask_staff(use, &rows[i]);
	}
	return wr_knock_say(use, r, start && !not_me ? "start" : "stop");
}
