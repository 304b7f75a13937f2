/*
 * POST /v1/receipts: what a gateway says became of a notice. On the control socket from anybody who
 * may write there; on the public listener only with the signature of the notice's own endpoint, or,
 * for GOV.UK Notify, which signs nothing, with its secret as a bearer token. The same receipt again
 * changes nothing: its webhook-id is the key of the call.
 */
#include <stdlib.h>
#include <string.h>

#include "desk/cases.h"
#include "desk/compose.h"
#include "desk/due.h"
#include "desk/patient_change.h"
#include "desk/routes.h"
#include "wardround/notice.h"

/* ---- what the person knows ---- */

static int note_delivered(
    struct wr_use *use, const struct wr_hearing *h, const struct wr_notice_row *row)
{
	struct wr_news news;
	int r = wr_store_news_get(use->tx, use->arena, row->whose, row->who, row->slot, &news);
	if (r)
		return r == WR_STORE_NONE ? 0 : r;
	if (news.told < row->revision && h->may_hear && h->slot.revision == row->revision) {
		struct wr_news told = {
		    .whose = row->whose,
		    .who = row->who,
		    .slot = row->slot,
		    .due = WR_TIME_NONE,
		    .told = row->revision,
		    .told_state = h->slot.state,
		    .told_start = h->slot.start,
		    .told_end = h->slot.end,
		    .told_place = h->place,
		    .told_joining = h->joining,
		    .told_people = h->people,
		    .told_late = row->late,
		};
		r = wr_store_news_told(use->tx, &told, use->now);
		if (!r)
			r = wr_store_news_get(
			    use->tx, use->arena, row->whose, row->who, row->slot, &news);
	}
	if (r || news.delivered >= row->revision)
		return r;
	news.delivered = row->revision;
	news.delivered_at = use->now;
	if (news.accepted < row->revision) {
		news.accepted = row->revision;
		news.accepted_at = use->now;
	}
	return wr_store_news_put(use->tx, &news);
}

static int take_delivered(struct wr_use *use, struct wr_notice_row *row)
{
	struct wr_hearing h;
	int r =
	    row->state != WR_NOTICE_SENT ? wr_store_notice_sent(use->tx, row->id, row->status) : 0;
	if (r || !row->slot || !row->revision)
		return r;
	r = wr_hearing_read(use, row->whose, row->who, row->slot, &h);
	return r ? r : note_delivered(use, &h, row);
}

/* ---- what did not arrive ---- */

static const char by_receipt[] = "a receipt says";

/* Nothing says that they know it: so it is not known, and said again where there is a way. */
static int forget_told(struct wr_use *use, const struct wr_notice_row *row, bool again)
{
	struct wr_news news;
	int r = wr_store_news_get(use->tx, use->arena, row->whose, row->who, row->slot, &news);
	if (r)
		return r == WR_STORE_NONE ? 0 : r;
	bool knows = news.delivered >= row->revision || news.fetched >= row->revision ||
	             news.confirmed >= row->revision;
	if (knows || news.accepted > row->revision)
		return 0;
	news.accepted = news.told = 0;
	news.accepted_at = WR_TIME_NONE;
	if (again && news.due == WR_TIME_NONE)
		news.due = use->now;
	return wr_store_news_put(use->tx, &news);
}

static int put_failed(struct wr_use *use, struct wr_notice_row *row, const char *why)
{
	row->state = WR_NOTICE_FAILED;
	row->error = why;
	row->unsure = false;
	return wr_store_notice_step(use->tx, row);
}

static int take_lost(struct wr_use *use, struct wr_notice_row *row)
{
	int r = put_failed(use, row, "a receipt says that it did not arrive");
	if (!r && row->slot && row->revision)
		r = forget_told(use, row, false);
	return r ? r : wr_due_give_up(use, row, "The message did not arrive.");
}

/* ---- contacts ---- */

static enum wr_notice_by way_of(
    const struct wr_use *use, const struct wr_notice_row *row, const struct wr_receipt *receipt)
{
	const struct wr_config_webhook *webhook =
	    wr_config_find_webhook(use->config, row->endpoint);
	enum wr_notice_by by =
	    webhook ? wr_notice_format_find(webhook->format)->by : WR_NOTICE_BY_EITHER;
	return by != WR_NOTICE_BY_EITHER ? by : receipt->by;
}

/* When it does not say which, the phone if there is one: gateways are for texts before all. */
static void mark(enum wr_notice_by by, const char *phone, bool *ret_phone_bad, bool *ret_email_bad)
{
	if (by == WR_NOTICE_BY_EMAIL || (by == WR_NOTICE_BY_EITHER && wr_text_empty(phone)))
		*ret_email_bad = true;
	else
		*ret_phone_bad = true;
}

static int put_contact_task(struct wr_use *use, const char *ward, const char *patient,
    const char *who, const char *name, const char *contact)
{
	struct wr_task *open = NULL;
	size_t n = 0;
	const char *data = wr_arena_printf(use->arena, "{\"who\":\"%s\"}", who);
	struct wr_store_task_filter filter = {.kind = "contact", .patient = patient, .open = true};
	struct wr_task task = {
	    .ward = ward,
	    .kind = "contact",
	    .patient = patient,
	    .text = wr_arena_printf(use->arena,
		"Nothing arrives at %s, the %s of %s (%s). Ask for another; until then they have "
		"to be "
		"rung.",
		contact, strchr(contact, '@') ? "e-mail address" : "number", name, who),
	    .data = data,
	    .created = use->now,
	    .alarm = use->now,
	    .done = WR_TIME_NONE,
	};
	int r = wr_store_task_list(use->tx, use->arena, &filter, &open, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (wr_text_equal(open[i].data, data))
			return 0;
	if (!r)
		r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_TASK, &task.id);
	return r ? r : wr_store_task_put(use->tx, &task);
}

static const char *marked(bool phone, const char *number, bool email, const char *address)
{
	return phone && !wr_text_empty(number)    ? number
	       : email && !wr_text_empty(address) ? address
	                                          : NULL;
}

static int mark_support(struct wr_use *use, const char *ref, enum wr_notice_by by)
{
	struct wr_support before, support;
	struct wr_patient patient;
	int r = wr_store_support_get(use->tx, use->arena, ref, &before);
	if (!r)
		r = wr_store_patient_get(use->tx, use->arena, before.patient, &patient);
	if (r)
		return r == WR_STORE_NONE ? 0 : r;
	support = before;
	mark(by, support.phone, &support.phone_bad, &support.email_bad);
	const char *contact = marked(support.phone_bad && !before.phone_bad, support.phone,
	    support.email_bad && !before.email_bad, support.email);
	if (!contact)
		return 0;
	r = wr_support_change(use, &before, &support, NULL, 0);
	return r ? r
	         : put_contact_task(
		       use, patient.ward, patient.ref, support.ref, support.name, contact);
}

static int mark_patient(struct wr_use *use, const char *ref, enum wr_notice_by by)
{
	struct wr_patient before, patient;
	int r = wr_store_patient_get(use->tx, use->arena, ref, &before);
	if (r)
		return r == WR_STORE_NONE ? 0 : r;
	patient = before;
	mark(by, patient.phone, &patient.phone_bad, &patient.email_bad);
	const char *contact = marked(patient.phone_bad && !before.phone_bad, patient.phone,
	    patient.email_bad && !before.email_bad, patient.email);
	if (!contact)
		return 0;
	r = wr_patient_change(use, &before, &patient);
	return r ? r
	         : put_contact_task(
		       use, patient.ward, patient.ref, patient.ref, patient.name, contact);
}

static int take_bad_contact(
    struct wr_use *use, struct wr_notice_row *row, const struct wr_receipt *receipt)
{
	struct wr_hearing h = {0};
	enum wr_notice_by by = way_of(use, row, receipt);
	int r = put_failed(use, row, "a receipt says that nothing arrives at this contact");
	if (!r && row->whose == WR_WHOSE_SUPPORT)
		r = mark_support(use, row->who, by);
	else if (!r && row->whose == WR_WHOSE_PATIENT)
		r = mark_patient(use, row->who, by);
	if (r || !row->slot || !row->revision)
		return r;
	r = wr_hearing_read(use, row->whose, row->who, row->slot, &h);
	if (!r)
		r = forget_told(use, row, h.may_hear && h.listener.reachable);
	return r ? r : wr_due_give_up(use, row, "Nothing arrives at their contact.");
}

/* ---- the case ---- */

/* Who signed may speak of notices of that endpoint and of no others. */
static bool may_say(struct wr_use *use, const struct wr_notice_row *row)
{
	json_t *endpoints = json_object_get(use->args, "endpoints"), *one;
	size_t i;
	if (!endpoints)
		return true;
	json_array_foreach (endpoints, i, one)
		if (wr_text_equal(json_string_value(one), row->endpoint))
			return true;
	return false;
}

static int take(struct wr_use *use, const struct wr_receipt *receipt, size_t *taken)
{
	struct wr_notice_row row;
	int r = wr_store_notice_get(use->tx, use->arena, receipt->notice, &row);
	if (r)
		return r == WR_STORE_NONE ? 0 : r;
	if (!may_say(use, &row))
		return 0;
	*taken += 1;
	if (row.state == WR_NOTICE_FAILED && row.error && wr_text_starts(row.error, by_receipt))
		return 0; /* said before */
	switch (receipt->kind) {
	case WR_RECEIPT_ON_ITS_WAY:
		return 0;
	case WR_RECEIPT_DELIVERED:
		return take_delivered(use, &row);
	case WR_RECEIPT_LOST:
		return take_lost(use, &row);
	case WR_RECEIPT_BAD_CONTACT:
		return take_bad_contact(use, &row, receipt);
	}
	return 0;
}

int wr_case_receipt_take(struct wr_use *use)
{
	struct wr_receipt *receipts = NULL;
	size_t n = 0, taken = 0;
	const char *body =
	    json_string_value(json_object_get(json_object_get(use->args, "as_sent"), "body"));
	if (!body || !wr_receipts_read(use->arena, body, strlen(body), &receipts, &n))
		return wr_fault(use, WR_FAULT_DATA,
		    "{\"notice\": \"n-...\", \"status\": \"delivered\"}; see /v1/openapi.yaml",
		    "the receipt can't be read");
	for (size_t i = 0; i < n; i++) {
		int r = take(use, &receipts[i], &taken);
		if (r)
			return r;
	}
	if (n == 1 && !taken)
		return wr_unknown(use, NULL, "there is no notice `%.64s`", receipts[0].notice);
	wr_use_answer(use, "taken", json_integer((json_int_t)taken));
	wr_use_answer(use, "unknown", json_integer((json_int_t)(n - taken)));
	return 0;
}

/* ---- who may say it ---- */

static bool is_signed(
    struct wr_desk *desk, struct wr_request *request, const struct wr_config_webhook *webhook)
{
	bool by_token =
	    wr_notice_format_find(webhook->format)->asks &&
	    wr_notice_bears(&webhook->secrets, wr_serve_header(request, "Authorization"));
	return by_token ||
	       (webhook->secrets.n > 0 &&
		   wr_notice_verify(&webhook->secrets, wr_serve_header(request, "webhook-id"),
		       wr_serve_header(request, "webhook-timestamp"),
		       wr_serve_header(request, "webhook-signature"), request->body,
		       request->body_length, wr_clock_now(&desk->clock)) == 0);
}

static json_t *signers(struct wr_desk *desk, struct wr_request *request)
{
	const struct wr_config *config = desk->ground->config;
	json_t *names = json_array();
	for (size_t i = 0; i < config->n_webhooks; i++)
		if (is_signed(desk, request, &config->webhooks[i]))
			json_array_append_new(names, json_string(config->webhooks[i].id));
	return names;
}

static json_t *args_of(struct wr_request *request, json_t *endpoints)
{
	const char *id = wr_serve_header(request, "webhook-id");
	const char *first = json_string_value(json_array_get(endpoints, 0));
	json_t *args = json_object(), *body = json_stringn(request->body, request->body_length);
	json_object_set_new(args, "as_sent", json_pack("{s:o*}", "body", body));
	if (endpoints)
		json_object_set_new(args, "endpoints", endpoints);
	if (!wr_text_empty(id) && wr_text_is_printable(id, strlen(id)))
		json_object_set_new(
		    args, "key", json_sprintf("receipt:%s:%.100s", first ? first : "", id));
	return args;
}

bool wr_receipt_take(struct wr_desk *desk, struct wr_request *request, bool trusted,
    void (*answer)(struct wr_call *call))
{
	static const struct wr_verb verb = {
	    "receipt", "take", WR_VERB_CHANGES, wr_case_receipt_take, NULL};
	json_t *endpoints = trusted ? NULL : signers(desk, request);
	if (endpoints && json_array_size(endpoints) == 0) {
		json_decref(endpoints);
		return false;
	}
	const char *actor =
	    trusted ? wr_arena_printf(&request->arena, "uid:%lld", (long long)request->uid)
		    : wr_arena_printf(&request->arena, "webhook:%s",
			  json_string_value(json_array_get(endpoints, 0)));
	wr_call_start(
	    wr_call_new(desk, &verb, args_of(request, endpoints), actor), answer, request);
	return true;
}
