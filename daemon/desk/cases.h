/*
 * cases: every use case that a route leads to, by file. Each is described in wardctl(1) under its
 * noun and verb; routes.c is the table.
 */
#ifndef WR_DAEMON_DESK_CASES_H
#define WR_DAEMON_DESK_CASES_H

#include "desk/call.h"
#include "desk/use.h"

/* slot_list.c */
int wr_case_slot_list(struct wr_use *use);
int wr_case_slot_show(struct wr_use *use);
/* slot_move.c */
int wr_case_slot_move(struct wr_use *use);
int wr_case_slot_swap(struct wr_use *use);
int wr_case_slot_places(struct wr_use *use);
/* slot_state.c */
int wr_case_slot_cancel(struct wr_use *use);
int wr_case_slot_decline(struct wr_use *use);
int wr_case_slot_missed(struct wr_use *use);
int wr_case_slot_start(struct wr_use *use);
int wr_case_slot_finish(struct wr_use *use);
int wr_case_slot_lock(struct wr_use *use);
int wr_case_slot_unlock(struct wr_use *use);
int wr_case_slot_undo(struct wr_use *use);

/* session.c */
int wr_case_session_list(struct wr_use *use);
int wr_case_session_add(struct wr_use *use);
int wr_case_session_cancel(struct wr_use *use);
int wr_case_session_move(struct wr_use *use);
int wr_case_session_cover(struct wr_use *use);
int wr_case_session_late(struct wr_use *use);

/* plan_week.c */
void wr_operate_plan_make(struct wr_call *call);
/* publish.c */
int wr_case_plan_publish(struct wr_use *use);
/* plan_show.c */
int wr_case_plan_show(struct wr_use *use);
int wr_case_plan_progress(struct wr_use *use);
void wr_operate_plan_stop(struct wr_call *call);
/* plan_why.c */
void wr_operate_plan_explain(struct wr_call *call);
void wr_operate_plan_what_if(struct wr_call *call);

/* task.c */
int wr_case_task_list(struct wr_use *use);
int wr_case_task_done(struct wr_use *use);
int wr_case_task_decline(struct wr_use *use);

/* admit.c, patient.c, leave_ward.c */
int wr_case_patient_admit(struct wr_use *use);
int wr_case_patient_list(struct wr_use *use);
int wr_case_patient_show(struct wr_use *use);
int wr_case_patient_edit(struct wr_use *use);
int wr_case_patient_transfer(struct wr_use *use);
int wr_case_patient_hold(struct wr_use *use);
int wr_case_patient_release(struct wr_use *use);
int wr_case_patient_discharge(struct wr_use *use);

/* question.c, feedback.c */
int wr_case_question_add(struct wr_use *use);
int wr_case_question_edit(struct wr_use *use);
int wr_case_question_list(struct wr_use *use);
int wr_case_question_remove(struct wr_use *use);
int wr_case_feedback_list(struct wr_use *use);

/* support.c, consent.c */
int wr_case_support_add(struct wr_use *use);
int wr_case_support_list(struct wr_use *use);
int wr_case_support_edit(struct wr_use *use);
int wr_case_support_agree(struct wr_use *use);
int wr_case_support_withdraw(struct wr_use *use);
int wr_case_support_remove(struct wr_use *use);
int wr_case_support_block(struct wr_use *use);

/* away.c */
int wr_case_away_add(struct wr_use *use);
int wr_case_away_list(struct wr_use *use);
int wr_case_away_remove(struct wr_use *use);

/* import.c, export.c */
int wr_case_import_patients(struct wr_use *use);
int wr_case_import_supports(struct wr_use *use);
int wr_case_import_away(struct wr_use *use);
int wr_case_export_patients(struct wr_use *use);
int wr_case_export_supports(struct wr_use *use);
int wr_case_export_away(struct wr_use *use);
int wr_case_export_slots(struct wr_use *use);

/* link.c */
int wr_case_link_new(struct wr_use *use);
int wr_case_link_list(struct wr_use *use);
int wr_case_link_fetches(struct wr_use *use);
int wr_case_link_send(struct wr_use *use);
int wr_case_link_revoke(struct wr_use *use);
int wr_case_link_qr(struct wr_use *use);

/* reply.c */
int wr_case_receipt_take(struct wr_use *use); /* of a gateway: receipt.c */
int wr_case_reply_add(struct wr_use *use);
int wr_case_reply_list(struct wr_use *use);

/* unseen.c */
int wr_case_unseen_list(struct wr_use *use);
int wr_case_unseen_tick(struct wr_use *use);

/* staff/accounts.c */
int wr_case_staff_add(struct wr_use *use);
int wr_case_staff_list(struct wr_use *use);
int wr_case_staff_revoke(struct wr_use *use);

/* notice.c, webhook.c */
int wr_case_notice_list(struct wr_use *use);
int wr_case_notice_retry(struct wr_use *use);
int wr_case_webhook_list(struct wr_use *use);
int wr_case_webhook_on(struct wr_use *use);
int wr_case_webhook_off(struct wr_use *use);
void wr_operate_webhook_test(struct wr_call *call);

/* audit.c */
int wr_case_audit_list(struct wr_use *use);
int wr_case_audit_verify(struct wr_use *use);

/* status.c, config_reload.c */
int wr_case_status_show(struct wr_use *use);
int wr_case_version_show(struct wr_use *use);
int wr_case_config_show(struct wr_use *use);
void wr_operate_config_reload(struct wr_call *call);

#endif
