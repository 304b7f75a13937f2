/*
 * Links: secret addresses, one for each device, that can be shown again because they are made from
 * the link's id. The audit names the id, never the address.
 */
#include <string.h>

#include "desk/cases.h"
#include "desk/doors.h"
#include "desk/link.h"
#include "desk/tell.h"
#include "wardround/page.h"

/* ---- addresses ---- */

static const char *page_address(struct wr_use *use, const char *id)
{
	char token[WR_TOKEN_LINK + 1];
	return wr_arena_printf(use->arena, "%s/f/%s", use->config->public_url,
	    wr_token_link(use->ground->key, id, token));
}

json_t *wr_link_json(struct wr_use *use, const struct wr_link *link)
{
	const char *page = page_address(use, link->id);
	const char *feed = wr_arena_printf(use->arena, "%s.ics", page);
	const char *host = strstr(feed, "://");
	char at[WR_TIME_TEXT];
	bool ran_out = link->expires != WR_TIME_NONE && link->expires <= use->now;
	json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:s, s:s, s:b, s:b}", "id",
	    link->id, "page", page, "feed", feed, "webcal",
	    wr_arena_printf(use->arena, "webcal%s", host ? host : ""), "whose",
	    wr_word(&wr_words_whose, (int)link->whose), "who", link->who, "label", link->label,
	    "created", wr_time_utc(link->created, at), "state",
	    link->revoked != WR_TIME_NONE ? "revoked"
	    : ran_out                     ? "expired"
					  : "open",
	    "alarms", link->alarms, "self_made", link->self_made);
	if (link->expires != WR_TIME_NONE)
		json_object_set_new(json, "expires", json_string(wr_time_utc(link->expires, at)));
	return json;
}

/* ---- whose ---- */

struct owner {
	enum wr_whose whose;
	const char *who;
	const char *patient; /* whose doors are made anew; NULL */
};

static int own_patient(struct wr_use *use, const char *ref, struct owner *ret)
{
	struct wr_patient patient;
	int r = wr_use_patient(use, ref, &patient);
	if (r)
		return r;
	if (patient.discharged != WR_TIME_NONE)
		return wr_refuse(use, NULL, "patient %s has been discharged", ref);
	if (patient.restricted)
		return wr_refuse(use, "restricted patients have no feed and no page",
		    "patient %s is restricted", ref);
	*ret = (struct owner){WR_WHOSE_PATIENT, patient.ref, patient.ref};
	return 0;
}

static int may_see(struct wr_use *use, const struct wr_support *support, bool *ret_may)
{
	struct wr_patient patient;
	int r = wr_use_patient(use, support->patient, &patient);
	*ret_may = !r && wr_support_is_told(support, &patient) && !patient.restricted;
	return r;
}

static int own_support(struct wr_use *use, const char *ref, struct owner *ret)
{
	struct wr_support support;
	bool may = false;
	int r = wr_use_support(use, ref, &support);
	if (!r)
		r = may_see(use, &support, &may);
	if (r)
		return r;
	if (!may)
		return wr_refuse(use, "the patient has to agree first: `wardctl support agree`",
		    "support %s may see nothing", ref);
	*ret = (struct owner){WR_WHOSE_SUPPORT, support.ref, support.patient};
	return 0;
}

static int own_person(struct wr_use *use, const char *id, struct owner *ret)
{
	struct wr_support *rows = NULL;
	size_t n = 0;
	bool may = false;
	struct wr_store_support_filter filter = {.person = id};
	int r = wr_store_support_list(use->tx, use->arena, &filter, &rows, &n);
	if (!r && n == 0)
		return wr_unknown(use, "see `wardctl support list`", "there is no person `%s`", id);
	for (size_t i = 0; i < n && !r && !may; i++) {
		r = may_see(use, &rows[i], &may);
		*ret = (struct owner){WR_WHOSE_PERSON, rows[i].person, rows[i].patient};
	}
	if (!r && !may)
		return wr_refuse(use, "a patient has to agree first: `wardctl support agree`",
		    "person %s may see nothing", id);
	return r;
}

static int own_consultant(struct wr_use *use, const char *id, struct owner *ret)
{
	const struct wr_config_consultant *consultant = NULL;
	int r = wr_use_consultant(use, id, &consultant);
	if (!r)
		*ret = (struct owner){WR_WHOSE_CONSULTANT, consultant->id, NULL};
	return r;
}

static int own_ward(struct wr_use *use, const char *id, struct owner *ret)
{
	const struct wr_config_ward *ward = NULL;
	int r = wr_use_ward(use, id, &ward);
	if (!r)
		*ret = (struct owner){WR_WHOSE_WARD, ward->id, NULL};
	return r;
}

static const struct {
	const char *name;
	enum wr_whose whose;
	int (*find)(struct wr_use *use, const char *name, struct owner *ret);
} owners[] = {
    {"patient", WR_WHOSE_PATIENT, own_patient},
    {"support", WR_WHOSE_SUPPORT, own_support},
    {"person", WR_WHOSE_PERSON, own_person},
    {"consultant", WR_WHOSE_CONSULTANT, own_consultant},
    {"ward", WR_WHOSE_WARD, own_ward},
};

static int find_owner(struct wr_use *use, struct owner *ret)
{
	size_t found = WR_COUNT(owners);
	for (size_t i = 0; i < WR_COUNT(owners); i++) {
		if (!wr_arg_text(use, owners[i].name))
			continue;
		if (found < WR_COUNT(owners))
			return wr_fault(use, WR_FAULT_USAGE, NULL, "%s: one of %s and %s, not both",
			    use->verb, owners[found].name, owners[i].name);
		found = i;
	}
	if (found == WR_COUNT(owners))
		return wr_fault(use, WR_FAULT_USAGE,
		    "--patient, --support, --person, --consultant or --ward", "%s: for whom?",
		    use->verb);
	return owners[found].find(use, wr_arg_text(use, owners[found].name), ret);
}

/* Its door is made in this very job. */
static int save(struct wr_use *use, const struct wr_link *link, const char *change)
{
	int r = wr_use_stored(use, wr_store_link_put(use->tx, link), "link");
	if (r)
		return r;
	wr_use_touch_link(use, link->id);
	wr_use_change(use, wr_arena_printf(use->arena, "link %s", link->id), NULL, change);
	return wr_use_audit(use, wr_arena_printf(use->arena, "link:%s", link->id),
	    link->whose == WR_WHOSE_PATIENT ? link->who : NULL, NULL,
	    json_pack("{s:s, s:s, s:s}", "whose", wr_word(&wr_words_whose, (int)link->whose), "who",
		link->who, "change", change));
}

int wr_link_make(struct wr_use *use, enum wr_whose whose, const char *who, const char *label,
    struct wr_link *ret_link)
{
	*ret_link = (struct wr_link){
	    .whose = whose,
	    .who = who,
	    .label = label,
	    .created = use->now,
	    .expires = WR_TIME_NONE,
	    .revoked = WR_TIME_NONE,
	};
	int r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_LINK, &ret_link->id);
	return r ? r : save(use, ret_link, "made");
}

int wr_case_link_new(struct wr_use *use)
{
	struct owner owner;
	struct wr_link link = {
	    .created = use->now,
	    .expires = WR_TIME_NONE,
	    .revoked = WR_TIME_NONE,
	    .label = wr_arg_text(use, "label"),
	    .alarms = wr_arg_flag(use, "alarms"),
	};
	int r = find_owner(use, &owner);
	if (!r)
		r = wr_arg_time(use, "expires", &use->config->wards[0], &link.expires);
	if (!r && link.expires != WR_TIME_NONE && link.expires <= use->now)
		r = wr_fault(use, WR_FAULT_DATA, NULL, "expires: that time is over");
	if (!r)
		r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_LINK, &link.id);
	if (r)
		return r;
	link.whose = owner.whose;
	link.who = owner.who;
	r = save(use, &link, "made");
	if (!r && owner.patient)
		wr_use_touch(use, owner.patient); /* reply codes are doors as well */
	if (!r)
		wr_use_answer(use, "link", wr_link_json(use, &link));
	return r;
}

int wr_link_find(struct wr_use *use, const char *id, struct wr_link *ret_link)
{
	int r = wr_store_link_get(use->tx, use->arena, id, ret_link);
	if (r == WR_STORE_NONE)
		return wr_unknown(use, "see `wardctl link list`", "there is no link `%s`", id);
	return r;
}

/* All links of one kind of owner, or the one with this id. */
static int to_revoke(struct wr_use *use, struct wr_link **ret_links, size_t *ret_n)
{
	const char *id = wr_arg_text(use, "id"), *support = wr_arg_text(use, "support");
	const char *patient = wr_arg_text(use, "patient");
	if ((id != NULL) + (support != NULL) + (patient != NULL) != 1)
		return wr_fault(use, WR_FAULT_USAGE, "an ID, --support or --patient",
		    "%s: which links?", use->verb);
	if (id) {
		*ret_links = wr_arena_new(use->arena, struct wr_link, 1);
		*ret_n = 1;
		return wr_link_find(use, id, *ret_links);
	}
	struct wr_store_link_filter filter = {
	    .whose = WR_STORE_BIT(support ? WR_WHOSE_SUPPORT : WR_WHOSE_PATIENT),
	    .who = support ? support : patient,
	};
	struct wr_support row;
	struct wr_patient who;
	int r = support ? wr_use_support(use, support, &row) : wr_use_patient(use, patient, &who);
	return r ? r : wr_store_link_list(use->tx, use->arena, &filter, ret_links, ret_n);
}

int wr_case_link_revoke(struct wr_use *use)
{
	struct wr_link *links = NULL;
	size_t n = 0;
	int r = to_revoke(use, &links, &n);
	json_t *list = json_array();
	wr_use_answer(use, "links", list);
	for (size_t i = 0; i < n && !r; i++) {
		if (links[i].revoked != WR_TIME_NONE)
			continue;
		links[i].revoked = use->now;
		r = save(use, &links[i], "revoked");
		json_array_append_new(list, wr_link_json(use, &links[i]));
	}
	return r;
}

int wr_case_link_qr(struct wr_use *use)
{
	struct wr_link link;
	struct wr_buf svg = {0}, text = {0};
	const char *id = NULL;
	int r = wr_arg_must(use, "id", &id);
	if (!r)
		r = wr_link_find(use, id, &link);
	if (!r && link.revoked != WR_TIME_NONE)
		r = wr_refuse(
		    use, "make a new one with `wardctl link new`", "link %s is revoked", id);
	if (r)
		return r;
	const char *page = page_address(use, id);
	wr_qr_svg(page, &svg);
	wr_qr_terminal(page, &text);
	wr_use_answer(use, "qr",
	    json_pack("{s:s, s:s, s:s}", "page", page, "svg", wr_buf_text(&svg), "text",
		wr_buf_text(&text)));
	wr_buf_deinit(&svg);
	wr_buf_deinit(&text);
	return 0;
}
