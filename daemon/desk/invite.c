#include "desk/cases.h"
#include "desk/compose.h"
#include "desk/doors.h"
#include "desk/link.h"

/* The newest link of this support that still opens, or one made for this. */
static int newest_link(struct wr_use *use, const char *support, struct wr_link *ret_link)
{
	struct wr_link *links = NULL;
	size_t n = 0;
	struct wr_store_link_filter filter = {
	    .whose = WR_STORE_BIT(WR_WHOSE_SUPPORT), .who = support};
	int r = wr_store_link_list(use->tx, use->arena, &filter, &links, &n);
	if (r)
		return r;
	for (size_t i = n; i-- > 0;) {
		bool over = links[i].expires != WR_TIME_NONE && links[i].expires <= use->now;
		if (links[i].revoked != WR_TIME_NONE || over)
			continue;
		*ret_link = links[i];
		return 0;
	}
	return wr_link_make(use, WR_WHOSE_SUPPORT, support, "sent", ret_link);
}

static int may_be_invited(
    struct wr_use *use, const struct wr_support *support, const struct wr_patient *patient)
{
	const char *why = NULL;
	if (!wr_support_is_told(support, patient))
		why = "is not to be told of anything";
	else if (patient->restricted)
		why = "belongs to a patient whose links never leave the desk";
	else if (support->stopped)
		why = "has stopped messages";
	else if (wr_text_empty(support->phone) && wr_text_empty(support->email))
		why = "has neither a phone number nor an e-mail address";
	else if ((support->phone_bad || wr_text_empty(support->phone)) &&
		 (support->email_bad || wr_text_empty(support->email)))
		why = "has no phone number or e-mail address that works";
	return why ? wr_refuse(
			 use, "hand the link over in person", "support %s %s", support->ref, why)
	           : 0;
}

static int compose_invitation(struct wr_use *use, const struct wr_support *support,
    const struct wr_patient *patient, const struct wr_link *link, size_t *ret_n)
{
	char token[WR_TOKEN_LINK + 1];
	struct wr_hearing hearing = {
	    .whose = WR_WHOSE_SUPPORT,
	    .who = support->ref,
	    .patient = *patient,
	    .listener =
		{
		    .text_phone = support->phone_bad ? NULL : support->phone,
		    .text_email = support->email_bad ? NULL : support->email,
		    .language = support->language,
		},
	};
	struct wr_composing composing = {
	    .type = WR_NOTICE_LINK_INVITE,
	    .was = WR_TIME_NONE,
	    .not_after = use->now + WR_NOTICE_LIFE_WITHOUT_SLOT,
	    .page = wr_arena_printf(use->arena, "%s/f/%s", use->config->public_url,
		wr_token_link(use->ground->key, link->id, token)),
	    .link = link->id,
	};
	int r = wr_use_ward_of(use, patient->ward, &hearing.ward);
	return r ? r : wr_compose(use, &hearing, &composing, ret_n);
}

int wr_case_link_send(struct wr_use *use)
{
	const char *ref = NULL;
	struct wr_support support;
	struct wr_patient patient;
	struct wr_link link = {0};
	size_t n = 0;
	int r = wr_arg_must(use, "support", &ref);
	if (!r)
		r = wr_use_support(use, ref, &support);
	if (!r)
		r = wr_use_patient(use, support.patient, &patient);
	if (!r)
		r = may_be_invited(use, &support, &patient);
	if (!r)
		r = newest_link(use, ref, &link);
	if (!r)
		r = compose_invitation(use, &support, &patient, &link, &n);
	if (!r && !n)
		r = wr_refuse(use, "a webhook whose events have \"invite\"",
		    "no endpoint takes invitations for this ward");
	if (r)
		return r;
	wr_use_told(use, WR_WHOSE_SUPPORT, ref, support.name, NULL,
	    wr_notice_type_name(WR_NOTICE_LINK_INVITE));
	wr_use_answer(use, "sent", json_pack("{s:s, s:s}", "support", ref, "link", link.id));
	return wr_use_audit(use, wr_arena_printf(use->arena, "link:%s", link.id), support.patient,
	    NULL, json_pack("{s:s}", "sent to", ref));
}
