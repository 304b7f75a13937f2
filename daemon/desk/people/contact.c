/*
 * How somebody is reached, changed on their own page. What waits for the old number or address is
 * made anew for the new one (wr_support_change).
 */
#include "desk/patient_change.h"
#include "desk/people/cases.h"
#include "desk/people/knock.h"

static int change_row(struct wr_use *use, const struct wr_support *before)
{
	struct wr_support support = *before;
	const char *language = wr_arg_text(use, "language");
	int r = wr_arg_phone(use, "phone", &support.phone);
	if (r)
		return wr_use_say(use, r, WR_SAY_CONTACT_BAD_PHONE, "phone");
	r = wr_arg_email(use, "email", &support.email);
	if (r)
		return wr_use_say(use, r, WR_SAY_CONTACT_BAD_EMAIL, "email");
	if (!wr_text_empty(language))
		support.language = wr_language_code(wr_language_find(language));
	if (!wr_text_equal(support.phone, before->phone))
		support.phone_bad = false;
	if (!wr_text_equal(support.email, before->email))
		support.email_bad = false;
	return wr_support_change(use, before, &support, NULL, 0);
}

int wr_case_people_contact(struct wr_use *use)
{
	struct wr_support *rows = NULL;
	size_t n = 0;
	int r = wr_knock_supports(use, &rows, &n);
	for (size_t i = 0; i < n && !r; i++)
		r = change_row(use, &rows[i]);
	return wr_knock_say(use, r, "contact");
}
