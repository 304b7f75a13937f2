/*
 * pages of signed-in staff: each is one `draw`, run in a read job (visit.h). It asks the cases of
 * wardctl and fills a template.
 */
#ifndef WR_DAEMON_DESK_STAFF_PAGES_H
#define WR_DAEMON_DESK_STAFF_PAGES_H

#include "desk/staff/visit.h"

/* home.c */
int wr_page_home(struct wr_use *use, struct wr_visit *visit);
/* round_list.c, board.c */
int wr_page_round_list(struct wr_use *use, struct wr_visit *visit);
int wr_page_board(struct wr_use *use, struct wr_visit *visit);
/* patients.c */
int wr_page_patients(struct wr_use *use, struct wr_visit *visit);
int wr_page_patient(struct wr_use *use, struct wr_visit *visit);
/* patient_forms.c */
int wr_page_admit(struct wr_use *use, struct wr_visit *visit);
int wr_page_patient_edit(struct wr_use *use, struct wr_visit *visit);
int wr_page_patient_hold(struct wr_use *use, struct wr_visit *visit);
int wr_page_patient_transfer(struct wr_use *use, struct wr_visit *visit);
int wr_page_patient_discharge(struct wr_use *use, struct wr_visit *visit);
int wr_page_patient_died(struct wr_use *use, struct wr_visit *visit);
int wr_page_patient_away(struct wr_use *use, struct wr_visit *visit);
int wr_page_patient_question(struct wr_use *use, struct wr_visit *visit);
int wr_page_patient_block(struct wr_use *use, struct wr_visit *visit);
/* links.c */
int wr_page_patient_links(struct wr_use *use, struct wr_visit *visit);
int wr_page_support_links(struct wr_use *use, struct wr_visit *visit);
int wr_page_away(struct wr_use *use, struct wr_visit *visit);
int wr_page_away_consultant(struct wr_use *use, struct wr_visit *visit);
int wr_page_away_room(struct wr_use *use, struct wr_visit *visit);
/* supports.c */
int wr_page_support_add(struct wr_use *use, struct wr_visit *visit);
int wr_page_support(struct wr_use *use, struct wr_visit *visit);
int wr_page_support_edit(struct wr_use *use, struct wr_visit *visit);
int wr_page_support_agree(struct wr_use *use, struct wr_visit *visit);
int wr_page_support_withdraw(struct wr_use *use, struct wr_visit *visit);
int wr_page_support_remove(struct wr_use *use, struct wr_visit *visit);
int wr_page_support_away(struct wr_use *use, struct wr_visit *visit);
int wr_page_support_reply(struct wr_use *use, struct wr_visit *visit);
/* lists.c */
int wr_page_calls(struct wr_use *use, struct wr_visit *visit);
int wr_page_tasks(struct wr_use *use, struct wr_visit *visit);
int wr_page_task(struct wr_use *use, struct wr_visit *visit);
int wr_page_feedback(struct wr_use *use, struct wr_visit *visit);
int wr_page_notes(struct wr_use *use, struct wr_visit *visit);
/* caller.c */
int wr_page_caller(struct wr_use *use, struct wr_visit *visit);
/* slips.c */
int wr_page_slips(struct wr_use *use, struct wr_visit *visit);
/* week.c */
int wr_page_week(struct wr_use *use, struct wr_visit *visit);
int wr_page_session_add(struct wr_use *use, struct wr_visit *visit);
int wr_page_session(struct wr_use *use, struct wr_visit *visit);
int wr_page_session_late(struct wr_use *use, struct wr_visit *visit);
int wr_page_session_cancel(struct wr_use *use, struct wr_visit *visit);
int wr_page_session_move(struct wr_use *use, struct wr_visit *visit);
int wr_page_session_cover(struct wr_use *use, struct wr_visit *visit);
/* slots.c */
int wr_page_slot(struct wr_use *use, struct wr_visit *visit);
int wr_page_slot_missed(struct wr_use *use, struct wr_visit *visit);
int wr_page_slot_move(struct wr_use *use, struct wr_visit *visit);
int wr_page_slot_swap(struct wr_use *use, struct wr_visit *visit);
int wr_page_slot_decline(struct wr_use *use, struct wr_visit *visit);
int wr_page_slot_cancel(struct wr_use *use, struct wr_visit *visit);

#endif
