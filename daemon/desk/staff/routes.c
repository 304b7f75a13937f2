/*
 * What signed-in staff can open and do. A page is a row with its draw; an action is a verb of
 * wardctl with the fields that a form may send for it. How a request runs through: visit.h.
 */
#include "desk/staff/pages.h"

enum { WARD = WR_STAFF_WARD, CONSULTANT = WR_STAFF_CONSULTANT, BOTH = WR_STAFF_BOTH };
enum {
	WHOLE = WR_STAFF_WHOLE,
	OWN_WARD = WR_STAFF_OWN_WARD,
	WARNS = WR_STAFF_WARNS,
	ASKS = WR_STAFF_ASKS,
};

// clang-format off
const struct wr_staff_page wr_staff_pages[] = {
	{ "/s/", BOTH, true, wr_page_home },
	{ "/s/rounds", BOTH, true, wr_page_round_list },
	{ "/s/board", BOTH, false, wr_page_board },
};
const size_t wr_n_staff_pages = WR_COUNT(wr_staff_pages);

#define PATIENT_FIELDS "name consultant admitted bed slots prefers label nurse last_seen phone email language contact restricted"
#define SUPPORT_FIELDS "name relation sees attends chosen required person free* phone email language"

const struct wr_staff_action wr_staff_actions[] = {
	{ "patient", "admit",     WARD, PATIENT_FIELDS " ref", OWN_WARD | WARNS, "Admit a patient", "The patient is admitted.", "/s/patients/%", "patient.ref" },
	{ "patient", "edit",      WARD, "ref " PATIENT_FIELDS, WHOLE | WARNS, "Change a patient", "The changes are saved.", NULL, NULL },
	{ "patient", "transfer",  WARD, "ref ward consultant", ASKS, "Transfer to another ward", "The patient is on the other ward's list now.", NULL, NULL },
	{ "patient", "hold",      WARD, "ref why", 0, "Not here for now", "Noted. Reminders rest until the patient is here again.", NULL, NULL },
	{ "patient", "release",   WARD, "ref", 0, "Here again", "The patient is here again.", NULL, NULL },
	{ "patient", "discharge", WARD, "ref died undo", ASKS, "Discharge", "Done.", NULL, NULL },

	{ "slot",    "start",     BOTH, "slot", 0, "Start", "Started.", NULL, NULL },
	{ "slot",    "finish",    BOTH, "slot", 0, "Finish", "Finished.", NULL, NULL },
	{ "slot",    "missed",    BOTH, "slot why", 0, "Not held", "Noted that it was not held.", NULL, NULL },
	{ "slot",    "undo",      BOTH, "slot", 0, "Undo", "The last step is taken back.", NULL, NULL },
	{ "slot",    "move",      BOTH, "slot to", 0, "Move this slot", "The slot is moved.", NULL, NULL },
	{ "slot",    "swap",      BOTH, "slot with", 0, "Swap two slots", "The two slots have changed places.", NULL, NULL },
	{ "slot",    "cancel",    BOTH, "slot why", 0, "Cancel this slot", "The slot is cancelled.", NULL, NULL },
	{ "slot",    "decline",   BOTH, "slot", 0, "The patient does not want it", "Noted.", NULL, NULL },
	{ "slot",    "lock",      WARD, "slot", 0, "Lock", "The planner will leave this slot where it is.", NULL, NULL },
	{ "slot",    "unlock",    WARD, "slot", 0, "Unlock", "The planner may propose to move this slot.", NULL, NULL },

	{ "session", "late",      BOTH, "id minutes", 0, "Running late", "Noted.", NULL, NULL },
	{ "session", "cancel",    BOTH, "id", 0, "Cancel a whole round", "The round is cancelled.", NULL, NULL },
	{ "session", "move",      WARD, "id to", 0, "Move a whole round", "The round is moved.", NULL, NULL },
	{ "session", "cover",     WARD, "id by", 0, "Another consultant takes it", "Noted.", NULL, NULL },
	{ "session", "add",       WARD, "round from to", OWN_WARD, "An extra round", "The round is added.", NULL, NULL },
};
const size_t wr_n_staff_actions = WR_COUNT(wr_staff_actions);
// clang-format on
