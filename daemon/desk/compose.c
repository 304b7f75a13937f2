#include "desk/compose.h"

#include "desk/courier.h"
#include "desk/doors.h"
#include "desk/seal.h"
#include "sys/random.h"
#include "wardround/day.h"
#include "wardround/feed.h"

/* ---- one person and one slot ---- */

/* Only the patient sees who else comes: each support sees its own reply and no more. */
static int read_people(struct wr_use *use, struct wr_hearing_memo *memo)
{
	struct wr_attendee *people = NULL;
	struct wr_buf text = {0};
	size_t n = 0;
	int r = wr_store_attendee_list_of(use->tx, use->arena, memo->ref, &people, &n);
	for (size_t i = 0; i < n && !r; i++)
		wr_buf_printf(&text, "%s%s", i ? "," : "", people[i].support);
	memo->people = r ? NULL : wr_arena_strndup(use->arena, wr_buf_text(&text), text.length);
	wr_buf_deinit(&text);
	return r;
}

static int read_lateness(struct wr_use *use, struct wr_hearing_memo *memo)
{
	struct wr_session_change change;
	int r = wr_store_session_change_get(use->tx, use->arena, memo->slot.session, &change);
	if (r)
		return r == WR_STORE_NONE ? 0 : r;
	memo->late = wr_day_tellable_minutes(&change, use->now);
	memo->late_again = wr_day_tellable_at(&change, use->now);
	return 0;
}

static int read_memo(struct wr_use *use, const char *slot, struct wr_hearing_memo *memo)
{
	*memo = (struct wr_hearing_memo){.late_again = WR_TIME_NONE};
	int r = wr_store_slot_get(use->tx, use->arena, slot, &memo->slot);
	if (!r)
		r = wr_store_patient_get(use->tx, use->arena, memo->slot.patient, &memo->patient);
	if (r)
		return r == WR_STORE_NONE ? 0 : r;
	memo->ref = memo->slot.ref;
	memo->ward = wr_config_find_ward(use->config, memo->slot.ward);
	if (!memo->ward || memo->slot.state == WR_STATE_DRAFT)
		return 0;
	r = wr_listeners(use, &memo->patient, &memo->listeners, &memo->n);
	if (!r && memo->slot.state == WR_STATE_PUBLISHED)
		r = read_people(use, memo);
	if (!r && memo->slot.state == WR_STATE_PUBLISHED)
		r = read_lateness(use, memo);
	return r;
}

static void find_listener(const struct wr_hearing_memo *memo, struct wr_hearing *h)
{
	for (size_t i = 0; i < memo->n; i++)
		if (memo->listeners[i].whose == h->whose &&
		    wr_text_equal(memo->listeners[i].who, h->who)) {
			h->listener = memo->listeners[i];
			h->may_hear = true;
		}
}

int wr_hearing_read(struct wr_use *use, enum wr_whose whose, const char *who, const char *slot,
    struct wr_hearing *ret_hearing)
{
	struct wr_hearing *h = ret_hearing;
	struct wr_hearing_memo own = {0}, *memo = use->memo ? use->memo : &own;
	int r = wr_text_equal(memo->ref, slot) ? 0 : read_memo(use, slot, memo);
	*h = (struct wr_hearing){
	    .whose = whose,
	    .who = who,
	    .slot = memo->slot,
	    .patient = memo->patient,
	    .ward = memo->ward,
	    .late = memo->late,
	    .late_again = memo->late_again,
	};
	find_listener(memo, h);
	if (r || !h->may_hear)
		return r;
	h->place = wr_tell_place(&h->slot, h->listener.sees);
	h->joining = wr_tell_joining(&h->slot, h->listener.sees, h->listener.attends);
	h->people = whose == WR_WHOSE_PATIENT ? memo->people : NULL;
	return 0;
}

bool wr_hearing_is_off(const struct wr_hearing *hearing)
{
	return wr_state_is_off(hearing->slot.state);
}

/* What was hidden before or is hidden now is no news. */
static void compare_seen(
    const char *told, const char *holds, const char **ret_told, const char **ret_holds)
{
	bool both = told && holds;
	*ret_told = both ? told : NULL;
	*ret_holds = both ? holds : NULL;
}

enum wr_notice_type wr_hearing_choose(
    const struct wr_hearing *hearing, const struct wr_news *news, wr_time now)
{
	const struct wr_slot *slot = &hearing->slot;
	/* Whose calendar showed it, or who has answered, has to hear that it is off. */
	bool heard = wr_state_is_off(slot->state) && (news->fetched > 0 || news->confirmed > 0);
	struct wr_notice_view told = {
	    .known = news->told > 0 || heard,
	    .cancelled = wr_state_is_off(news->told_state),
	    .revision = news->told,
	    .start = news->told_start,
	    .end = news->told_end,
	    .people = news->told_people,
	    .late = news->told_late,
	};
	struct wr_notice_view holds = {
	    .known = hearing->may_hear,
	    .cancelled = wr_state_is_off(slot->state),
	    .revision = slot->revision,
	    .start = slot->start,
	    .end = slot->end,
	    .people = hearing->people,
	    .late = hearing->late,
	};
	compare_seen(news->told_place, hearing->place, &told.place, &holds.place);
	compare_seen(news->told_joining, hearing->joining, &told.joining, &holds.joining);
	enum wr_notice_type type = wr_notice_choose(&told, &holds, now);
	bool gone = hearing->patient.discharged != WR_TIME_NONE;
	return gone && type != WR_NOTICE_SLOT_CANCELLED ? WR_NOTICE_NOTHING : type;
}

/* ---- endpoints ---- */

/* What is no standard webhook is written to one number or address, which has to be there. */
static bool reaches(const struct wr_config_webhook *webhook, const struct wr_listener *listener)
{
	switch (wr_notice_format_find(webhook->format)->by) {
	case WR_NOTICE_BY_PHONE:
		return webhook->send_contact && listener->text_phone;
	case WR_NOTICE_BY_EMAIL:
		return webhook->send_contact && listener->text_email;
	case WR_NOTICE_BY_EITHER:
		break;
	}
	return true;
}

int wr_webhook_is_off(struct wr_use *use, const char *name, bool *ret_off)
{
	struct wr_store_endpoint endpoint = {0};
	int r = wr_store_endpoint_get(use->tx, use->arena, name, &endpoint);
	*ret_off = !r && endpoint.off;
	return r == WR_STORE_NONE ? 0 : r;
}

/* News waits for an endpoint that is off: once it is on again, what still holds goes out. */
static int takes(struct wr_use *use, const struct wr_config_webhook *webhook,
    const struct wr_config_ward *ward, enum wr_notice_type type, bool *ret_takes)
{
	bool off = false;
	int index = wr_config_ward_index(use->config, ward->id);
	enum wr_webhook_event event = (enum wr_webhook_event)wr_notice_type_events(type);
	*ret_takes = false;
	if (!wr_config_webhook_serves(webhook, index, event))
		return 0;
	int r = wr_webhook_is_off(use, webhook->id, &off);
	*ret_takes = !r && (!off || type != WR_NOTICE_LINK_INVITE);
	return r;
}

/* ---- the notice ---- */

/* The reply page of one support and slot; nobody else has one. */
static const char *page_of(struct wr_use *use, const struct wr_hearing *h)
{
	char token[WR_TOKEN_REPLY + 1];
	if (h->whose != WR_WHOSE_SUPPORT || wr_text_empty(use->config->public_url))
		return NULL;
	return wr_arena_printf(use->arena, "%s/r/%s", use->config->public_url,
	    wr_token_reply(use->ground->key, h->who, h->slot.ref, token));
}

static struct wr_notice_message message_for(
    struct wr_use *use, const struct wr_hearing *h, const struct wr_composing *c)
{
	bool patient = h->whose == WR_WHOSE_PATIENT;
	bool gone = h->patient.discharged != WR_TIME_NONE; /* the page is over with it */
	return (struct wr_notice_message){
	    .type = c->type,
	    .made_at = use->now,
	    .to =
		{
		    .kind = patient ? WR_NOTICE_TO_PATIENT : WR_NOTICE_TO_SUPPORT,
		    .ref = h->who,
		    .phone = h->listener.text_phone,
		    .email = h->listener.text_email,
		    .language = h->listener.language,
		},
	    .slot =
		{
		    .ref = h->slot.ref,
		    .revision = h->slot.revision,
		    .start = h->slot.start,
		    .end = h->slot.end,
		    .was = c->was,
		    .late_minutes = c->late,
		},
	    .zone = h->ward->zone,
	    .label = wr_feed_label(&h->patient, h->ward->name),
	    .phone = h->ward->contact_phone,
	    .page = c->page              ? c->page
	            : c->neutral || gone ? NULL
	                                 : page_of(use, h),
	    .neutral = c->neutral,
	};
}

/* `link`: whose page is in the message; NULL for a reply page or none. */
static int put_for_endpoint(struct wr_use *use, const struct wr_config_webhook *webhook,
    struct wr_notice_message *message, const char *link, struct wr_notice_row *row)
{
	char id[WR_RANDOM_ID_TEXT];
	struct wr_buf body = {0};
	message->id = wr_random_id("n-", id);
	message->send_contact = webhook->send_contact;
	message->template_id = webhook->notify_template;
	message->topic = webhook->topic;
	message->reply_links = webhook->reply_links;
	wr_notice_format_find(webhook->format)->write(message, &body);
	row->id = id;
	row->endpoint = webhook->id;
	row->body = row->slot ? wr_seal_reply(use->arena, use->ground->key, row->who, row->slot,
				    wr_buf_text(&body))
	                      : wr_buf_text(&body);
	if (link)
		row->body = wr_seal_link(use->arena, use->ground->key, link, row->body);
	int r = wr_store_notice_put(use->tx, row);
	wr_buf_deinit(&body);
	return r;
}

int wr_compose(struct wr_use *use, const struct wr_hearing *hearing,
    const struct wr_composing *composing, size_t *ret_n)
{
	struct wr_notice_message message = message_for(use, hearing, composing);
	struct wr_notice_row row = {
	    .type = wr_notice_type_name(composing->type),
	    .whose = hearing->whose,
	    .who = hearing->who,
	    .slot = hearing->slot.ref,
	    .revision = composing->revision,
	    .late = composing->late,
	    .state = WR_NOTICE_WAITING,
	    .created = use->now,
	    .next_try = use->now,
	    .not_after = composing->not_after,
	};
	int r = 0;
	*ret_n = 0;
	for (size_t i = 0; i < use->config->n_webhooks && !r; i++) {
		bool wanted = false;
		r = takes(use, &use->config->webhooks[i], hearing->ward, composing->type, &wanted);
		if (r || !wanted || !reaches(&use->config->webhooks[i], &hearing->listener))
			continue;
		r = put_for_endpoint(
		    use, &use->config->webhooks[i], &message, composing->link, &row);
		*ret_n += 1;
	}
	return r;
}

/* ---- for staff ---- */

static int staff_takes(struct wr_use *use, const struct wr_config_webhook *webhook,
    const struct wr_staff_event *event, bool *ret_takes)
{
	bool off = false;
	int r = wr_webhook_is_off(use, webhook->id, &off);
	*ret_takes = false;
	if (r || off || wr_text_equal(webhook->id, event->except) ||
	    wr_notice_format_find(webhook->format)->by != WR_NOTICE_BY_EITHER)
		return r;
	if (event->ward)
		return takes(use, webhook, event->ward, event->type, ret_takes);
	*ret_takes = webhook->events & wr_notice_type_events(event->type);
	return 0;
}

int wr_compose_for_staff(struct wr_use *use, const struct wr_staff_event *event)
{
	const struct wr_config_ward *ward = event->ward ? event->ward : &use->config->wards[0];
	struct wr_notice_message message = {
	    .type = event->type,
	    .made_at = use->now,
	    .slot = {.was = WR_TIME_NONE},
	    .zone = ward->zone,
	    .task = event->task,
	    .note = event->note,
	    .patient = event->patient,
	    .support = event->support,
	    .answer = event->answer,
	    .promise = event->promise,
	};
	struct wr_notice_row row = {
	    .type = wr_notice_type_name(event->type),
	    .whose = WR_WHOSE_WARD,
	    .who = ward->id,
	    .state = WR_NOTICE_WAITING,
	    .created = use->now,
	    .next_try = use->now,
	    .not_after = use->now + WR_NOTICE_LIFE_WITHOUT_SLOT,
	};
	int r = 0;
	if (event->slot)
		message.slot = (struct wr_notice_slot){
		    .ref = event->slot->ref,
		    .revision = event->slot->revision,
		    .start = event->slot->start,
		    .end = event->slot->end,
		    .was = WR_TIME_NONE,
		};
	for (size_t i = 0; i < use->config->n_webhooks && !r; i++) {
		const struct wr_config_webhook *webhook = &use->config->webhooks[i];
		bool wanted = false;
		r = staff_takes(use, webhook, event, &wanted);
		if (!r && wanted)
			r = put_for_endpoint(use, webhook, &message, NULL, &row);
	}
	return r;
}

/* ---- a farewell ---- */

int wr_tell_farewell(
    struct wr_use *use, const struct wr_support *support, const struct wr_slot *slot)
{
	struct wr_hearing hearing = {
	    .whose = WR_WHOSE_SUPPORT,
	    .who = support->ref,
	    .slot = *slot,
	    .ward = wr_config_find_ward(use->config, slot->ward),
	    .listener =
		{
		    .text_phone = support->phone_bad ? NULL : support->phone,
		    .text_email = support->email_bad ? NULL : support->email,
		    .language = support->language,
		},
	};
	struct wr_composing composing = {
	    .type = WR_NOTICE_SLOT_CANCELLED,
	    .was = WR_TIME_NONE,
	    .not_after = slot->start,
	    .neutral = true,
	};
	size_t n = 0;
	int r = wr_store_patient_get(use->tx, use->arena, slot->patient, &hearing.patient);
	bool silent = support->stopped || hearing.patient.restricted || hearing.patient.died ||
	              (wr_text_empty(support->phone) && wr_text_empty(support->email));
	if (r || silent || !hearing.ward)
		return r;
	wr_use_told(use, WR_WHOSE_SUPPORT, support->ref, support->name, slot->ref,
	    wr_notice_type_name(WR_NOTICE_SLOT_CANCELLED));
	return wr_compose(use, &hearing, &composing, &n);
}

/* ---- what waits, looked at again ---- */

static int farewell_holds(
    struct wr_use *use, const struct wr_notice_row *notice, bool *ret_holds, const char **ret_why)
{
	struct wr_support support;
	struct wr_patient patient = {0};
	int r = wr_store_support_get(use->tx, use->arena, notice->who, &support);
	if (!r)
		r = wr_store_patient_get(use->tx, use->arena, support.patient, &patient);
	*ret_holds = !r && support.consent != WR_CONSENT_AGREED && !patient.died;
	*ret_why = "the consent it ended is in force again, or nothing may be sent any more";
	return r == WR_STORE_NONE ? 0 : r;
}

static int answered_no(struct wr_use *use, const struct wr_hearing *h, bool *ret_no)
{
	struct wr_reply reply;
	*ret_no = false;
	if (h->whose != WR_WHOSE_SUPPORT)
		return 0;
	int r = wr_store_reply_get(use->tx, use->arena, h->who, h->slot.ref, &reply);
	*ret_no = !r && reply.answer == WR_ANSWER_NO && reply.revision == h->slot.revision;
	return r == WR_STORE_NONE ? 0 : r;
}

/* Hold, discharge, a "can't" and a slot that is off end reminders. */
static int reminder_holds(struct wr_use *use, const struct wr_hearing *h, bool *ret_holds)
{
	bool no = false;
	int r = answered_no(use, h, &no);
	*ret_holds = !r && !no && h->slot.state == WR_STATE_PUBLISHED &&
	             wr_patient_status(&h->patient, use->now) == WR_STATUS_CURRENT;
	return r;
}

static int invitation_holds(
    struct wr_use *use, const struct wr_notice_row *notice, bool *ret_holds, const char **ret_why)
{
	struct wr_support support;
	struct wr_patient patient = {0};
	int r = wr_store_support_get(use->tx, use->arena, notice->who, &support);
	if (!r)
		r = wr_store_patient_get(use->tx, use->arena, support.patient, &patient);
	*ret_holds = !r && wr_support_is_told(&support, &patient) && !patient.died &&
	             !patient.restricted && !support.stopped;
	*ret_why = "this person is not to be invited any more";
	return r == WR_STORE_NONE ? 0 : r;
}

/* The types that say something about a slot, and whether they still say what is so. */
static int news_holds(struct wr_use *use, const struct wr_hearing *h,
    const struct wr_notice_row *notice, enum wr_notice_type type, bool *ret_holds)
{
	bool gone = h->patient.discharged != WR_TIME_NONE;
	switch (type) {
	case WR_NOTICE_REMINDER_DUE:
		return reminder_holds(use, h, ret_holds);
	case WR_NOTICE_SLOT_CANCELLED:
		*ret_holds = wr_hearing_is_off(h);
		return 0;
	case WR_NOTICE_SLOT_PUBLISHED:
	case WR_NOTICE_SLOT_MOVED:
		*ret_holds = !wr_hearing_is_off(h) && !gone;
		return 0;
	case WR_NOTICE_SLOT_PEOPLE:
		*ret_holds = h->people && !gone;
		return 0;
	case WR_NOTICE_SLOT_LATE:
		*ret_holds = h->late == notice->late && !gone;
		return 0;
	case WR_NOTICE_NOTHING:
	case WR_NOTICE_LINK_INVITE:
	case WR_NOTICE_WEBHOOK_TEST:
	case WR_NOTICE_REPLY_RECEIVED:
	case WR_NOTICE_PATIENT_UNPLACED:
	case WR_NOTICE_TASK_NEW:
	case WR_NOTICE_PROMISE_DANGER:
	case WR_NOTICE_TYPES:
		break;
	}
	return 0;
}

int wr_notice_still_holds(struct wr_use *use, const struct wr_notice_row *notice,
    struct wr_hearing *ret_hearing, bool *ret_holds, const char **ret_why)
{
	struct wr_hearing *h = ret_hearing;
	enum wr_notice_type type = wr_notice_type_find(notice->type);
	*h = (struct wr_hearing){0};
	*ret_holds = true;
	*ret_why = NULL;
	if (type == WR_NOTICE_LINK_INVITE)
		return invitation_holds(use, notice, ret_holds, ret_why);
	if (!notice->slot)
		return 0;
	if (notice->revision == 0)
		return farewell_holds(use, notice, ret_holds, ret_why);
	int r = wr_hearing_read(use, notice->whose, notice->who, notice->slot, h);
	*ret_holds = false;
	*ret_why = "this person is not to be told of the slot any more";
	if (r || !h->may_hear || !h->listener.reachable)
		return r;
	*ret_why = "the slot has changed since";
	return h->slot.revision == notice->revision ? news_holds(use, h, notice, type, ret_holds)
	                                            : 0;
}

/* ---- quiet hours ---- */

static bool is_quiet_anywhere(const struct wr_use *use)
{
	for (size_t i = 0; i < use->config->n_wards; i++)
		if (wr_notice_is_quiet(
			use->config->reminders.quiet, use->config->wards[i].zone, use->now))
			return true;
	return false;
}

int wr_notice_waits_until(struct wr_use *use, const struct wr_notice_row *notice,
    const struct wr_hearing *hearing, wr_time *ret_at)
{
	struct wr_slot slot = hearing->slot;
	*ret_at = use->now;
	if (!notice->slot || !is_quiet_anywhere(use))
		return 0;
	int r = hearing->may_hear ? 0 : wr_store_slot_get(use->tx, use->arena, notice->slot, &slot);
	const struct wr_config_ward *ward = r ? NULL : wr_config_find_ward(use->config, slot.ward);
	bool sooner = slot.was_start != WR_TIME_NONE && slot.was_start < slot.start &&
	              slot.was_start > use->now;
	if (ward)
		*ret_at = wr_notice_go_at(use->config->reminders.quiet, ward->zone,
		    wr_notice_type_find(notice->type), use->now,
		    sooner ? slot.was_start : slot.start);
	return r == WR_STORE_NONE ? 0 : r;
}
