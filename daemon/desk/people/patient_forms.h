/*
 * patient_forms: the forms of a patient's page as use cases.
 *
 * `patient` in the arguments is whose page it is, set by the page and never read from a form. Each
 * leaves `said` in the answer: the word of the sentence that the page then opens with. The patient
 * has said yes by sending the form. What can't be is refused in words for the page.
 */
#ifndef WR_DAEMON_DESK_PEOPLE_PATIENT_FORMS_H
#define WR_DAEMON_DESK_PEOPLE_PATIENT_FORMS_H

#include "desk/use.h"

/*
 * `what` says which form of the page it is:
 *     a wish ("fewer-people", ...)   with `slot`, `revision` and `words`
 *     "sees"                         with `support` and `sees`: nothing|time|place|all
 *     "uninvite"                     with `support`
 *     "add"                          with `name`, `relation`, `sees`, `phone`
 *     "take-back"                    with `task`
 */
int wr_case_patient_ask(struct wr_use *use);
/* `text`: a new question; with `question`, what it now says; with `remove` too, it goes. */
int wr_case_patient_questions(struct wr_use *use);
/* `slot`, and `heard`, `people`, `next`: yes|partly|no. */
int wr_case_patient_feedback(struct wr_use *use);

#endif
