#include "wardround/ward.h"

enum wr_status wr_patient_status(const struct wr_patient *patient, wr_time now)
{
	if (patient->died || patient->discharged != WR_TIME_NONE)
		return WR_STATUS_DISCHARGED;
	if (patient->admitted > now)
		return WR_STATUS_EXPECTED;
	return patient->hold_why ? WR_STATUS_HELD : WR_STATUS_CURRENT;
}

bool wr_support_is_agreed(const struct wr_support *support, const struct wr_patient *patient)
{
	return support->consent == WR_CONSENT_AGREED && support->admission == patient->admission &&
	       patient->discharged == WR_TIME_NONE && !patient->died &&
	       wr_text_equal(support->patient, patient->ref);
}

bool wr_support_is_told(const struct wr_support *support, const struct wr_patient *patient)
{
	return wr_support_is_agreed(support, patient) && support->sees >= WR_SEES_TIME;
}

bool wr_state_is_off(enum wr_state state)
{
	return state == WR_STATE_CANCELLED || state == WR_STATE_MISSED;
}

bool wr_state_may_become(enum wr_state from, enum wr_state to)
{
	switch (from) {
	case WR_STATE_DRAFT:
		return to == WR_STATE_PUBLISHED;
	case WR_STATE_PUBLISHED:
		return to == WR_STATE_STARTED || to == WR_STATE_CANCELLED || to == WR_STATE_MISSED;
	case WR_STATE_STARTED:
		return to == WR_STATE_HELD || to == WR_STATE_MISSED;
	case WR_STATE_HELD:
	case WR_STATE_CANCELLED:
	case WR_STATE_MISSED:
		return false;
	}
	return false;
}

bool wr_why_plans_again(enum wr_why why)
{
	switch (why) {
	case WR_WHY_DOCTOR_AWAY:
	case WR_WHY_OVERRUN:
	case WR_WHY_EMERGENCY:
	case WR_WHY_OTHER:
		return true;
	case WR_WHY_NONE:
	case WR_WHY_PATIENT_DECLINED:
	case WR_WHY_PATIENT_ASLEEP:
	case WR_WHY_PATIENT_AWAY:
		return false;
	}
	return false;
}

/* What the patient did or was is nobody's business: those three read alike. No phrase has a word
 * that gives the stay away. */
const char *wr_why_phrase(enum wr_why why)
{
	switch (why) {
	case WR_WHY_PATIENT_DECLINED:
	case WR_WHY_PATIENT_ASLEEP:
	case WR_WHY_PATIENT_AWAY:
		return "The time no longer suits.";
	case WR_WHY_DOCTOR_AWAY:
		return "Somebody who is needed is away.";
	case WR_WHY_OVERRUN:
		return "Earlier meetings took longer.";
	case WR_WHY_EMERGENCY:
		return "Something urgent came up.";
	case WR_WHY_NONE:
	case WR_WHY_OTHER:
		break;
	}
	return "It had to be changed.";
}
