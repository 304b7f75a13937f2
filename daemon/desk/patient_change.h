/*
 * patient_change: what every change to a patient or a support leaves behind: the row, the audit,
 * the generation of the ward (and of a shared person), the feeds, the weeks to plan again.
 */
#ifndef WR_DAEMON_DESK_PATIENT_CHANGE_H
#define WR_DAEMON_DESK_PATIENT_CHANGE_H

#include "desk/use.h"

/* `before` NULL: new. Plans the ward's weeks ahead again. */
int wr_patient_change(
    struct wr_use *use, const struct wr_patient *before, const struct wr_patient *patient);
/* The same for a support. `free` NULL: free times as they were. */
int wr_support_change(struct wr_use *use, const struct wr_support *before,
    const struct wr_support *support, const struct wr_free *free, size_t n);
/* --phone, --email, --language where given. */
int wr_arg_contact(
    struct wr_use *use, const char **phone, const char **email, const char **language);
/* A reference given with --ref, checked, or the next one of its kind. */
int wr_arg_ref(struct wr_use *use, enum wr_store_ref kind, const char **ret_ref);
/* Cancels the published slots ahead that are not started, for `why`; drafts go. */
int wr_patient_cancel_ahead(struct wr_use *use, const struct wr_patient *patient, enum wr_why why);
/* Takes a support out of who is planned to attend; the slots stay where they are. consent.c */
int wr_support_leave_slots(struct wr_use *use, const struct wr_support *support);

#endif
