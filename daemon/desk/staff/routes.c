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
	{ "/s/",                        BOTH, true,  wr_page_home, false },
	{ "/s/rounds",                  BOTH, true,  wr_page_round_list, false },
	{ "/s/board",                   BOTH, false, wr_page_board, false },

	{ "/s/patients",                WARD, true,  wr_page_patients, false },
	{ "/s/admit",                   WARD, false, wr_page_admit, false },
	{ "/s/patients/*",              WARD, true,  wr_page_patient, false },
	{ "/s/patients/*/edit",         WARD, true,  wr_page_patient_edit, false },
	{ "/s/patients/*/hold",         WARD, true,  wr_page_patient_hold, false },
	{ "/s/patients/*/transfer",     WARD, true,  wr_page_patient_transfer, false },
	{ "/s/patients/*/discharge",    WARD, true,  wr_page_patient_discharge, false },
	{ "/s/patients/*/died",         WARD, true,  wr_page_patient_died, false },
	{ "/s/patients/*/away",         WARD, true,  wr_page_patient_away, false },
	{ "/s/patients/*/block",        WARD, true,  wr_page_patient_block, false },
	{ "/s/patients/*/links",        WARD, true,  wr_page_patient_links, false },
	{ "/s/patients/*/question",     WARD, true,  wr_page_patient_question, false },
	{ "/s/patients/*/support",      WARD, true,  wr_page_support_add, false },
	{ "/s/supports/*",              WARD, true,  wr_page_support, false },
	{ "/s/supports/*/edit",         WARD, true,  wr_page_support_edit, false },
	{ "/s/supports/*/agree",        WARD, true,  wr_page_support_agree, false },
	{ "/s/supports/*/withdraw",     WARD, true,  wr_page_support_withdraw, false },
	{ "/s/supports/*/remove",       WARD, true,  wr_page_support_remove, false },
	{ "/s/supports/*/away",         WARD, true,  wr_page_support_away, false },
	{ "/s/supports/*/reply",        WARD, true,  wr_page_support_reply, false },
	{ "/s/supports/*/links",        WARD, true,  wr_page_support_links, false },

	{ "/s/calls",                   WARD, true,  wr_page_calls, false },
	{ "/s/tasks",                   WARD, true,  wr_page_tasks, false },
	{ "/s/tasks/*",                 WARD, true,  wr_page_task, false },
	{ "/s/notes",                   WARD, true,  wr_page_notes, false },
	{ "/s/caller",                  WARD, true,  wr_page_caller, true },
	{ "/s/slips",                   WARD, true,  wr_page_slips, false },
	{ "/s/feedback",                WARD, false, wr_page_feedback, false },
	{ "/s/away",                    WARD, true,  wr_page_away, false },
	{ "/s/away/consultant",         WARD, false, wr_page_away_consultant, false },
	{ "/s/away/room",               WARD, false, wr_page_away_room, false },

	{ "/s/week",                    WARD, true,  wr_page_week, false },
	{ "/s/round",                   WARD, false, wr_page_session_add, false },
	{ "/s/sessions/*",              WARD, true,  wr_page_session, false },
	{ "/s/sessions/*/late",         WARD, false, wr_page_session_late, false },
	{ "/s/sessions/*/cancel",       WARD, false, wr_page_session_cancel, false },
	{ "/s/sessions/*/move",         WARD, false, wr_page_session_move, false },
	{ "/s/sessions/*/cover",        WARD, false, wr_page_session_cover, false },
	{ "/s/slots/*",                 WARD, true,  wr_page_slot, false },
	{ "/s/slots/*/missed",          WARD, true,  wr_page_slot_missed, false },
	{ "/s/slots/*/move",            WARD, true,  wr_page_slot_move, false },
	{ "/s/slots/*/swap",            WARD, true,  wr_page_slot_swap, false },
	{ "/s/slots/*/decline",         WARD, true,  wr_page_slot_decline, false },
	{ "/s/slots/*/cancel",          WARD, true,  wr_page_slot_cancel, false },
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

	{ "support", "add",       WARD, "patient agreed_by by_staff " SUPPORT_FIELDS, 0, "Add somebody", "Added.", "/s/supports/%", "support.ref" },
	{ "support", "edit",      WARD, "ref " SUPPORT_FIELDS, WHOLE, "Change a support", "The changes are saved.", NULL, NULL },
	{ "support", "agree",     WARD, "ref sees agreed_by basis by_staff", 0, "The patient agrees", "Noted that it is agreed.", NULL, NULL },
	{ "support", "withdraw",  WARD, "ref tell", ASKS, "The patient takes the consent back", "It has ended. What was fetched or sent before can't be recalled.", NULL, NULL },
	{ "support", "remove",    WARD, "ref", ASKS, "Take off the list", "Taken off the list.", NULL, NULL },
	{ "support", "block",     WARD, "patient name", 0, "Somebody must not be told", "This person will never be added or told.", NULL, NULL },

	{ "away",    "add",       WARD, "patient support consultant room cover from to why", 0, "A time away", "The time away is saved.", NULL, NULL },
	{ "away",    "remove",    WARD, "id", 0, "Take a time away back", "The time away is taken back.", NULL, NULL },

	{ "plan",    "make",      WARD, "week", OWN_WARD, "Plan this week", "The week is planned.", NULL, NULL },
	{ "plan",    "publish",   WARD, "week", OWN_WARD | ASKS, "Publish this week", "The week is published.", NULL, NULL },

	{ "task",    "done",      WARD, "id note", 0, "Say yes", "Done.", NULL, NULL },
	{ "task",    "decline",   WARD, "id note", 0, "Say no", "Noted: it stays as it is.", NULL, NULL },
	{ "unseen",  "tick",      WARD, "support patient slot how", 0, "Knows it", "Ticked.", NULL, NULL },
	{ "reply",   "add",       WARD, "support slot answer note", 0, "An answer", "The answer is saved.", NULL, NULL },

	{ "question", "add",      WARD, "patient text", 0, "A question for the round", "The question is on the list.", NULL, NULL },
	{ "question", "remove",   WARD, "id", 0, "Take a question out", "The question is taken out.", NULL, NULL },

	{ "link",    "new",       WARD, "patient support label", 0, "A new address", "The address is made.", NULL, NULL },
	{ "link",    "send",      WARD, "support", 0, "Send an address", "It is on its way.", NULL, NULL },
	{ "link",    "revoke",    WARD, "id", ASKS, "End this link", "The link has ended.", NULL, NULL },
};
const size_t wr_n_staff_actions = WR_COUNT(wr_staff_actions);
// clang-format on
