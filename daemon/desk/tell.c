#include "desk/tell.h"

#include "wardround/day.h"
#include "wardround/notice.h"

const char *wr_tell_place(const struct wr_slot *slot, enum wr_sees sees)
{
	return sees >= WR_SEES_PLACE ? slot->room : NULL;
}

const char *wr_tell_joining(const struct wr_slot *slot, enum wr_sees sees, enum wr_attends attends)
{
	return sees >= WR_SEES_TIME && attends == WR_ATTENDS_VIDEO ? slot->join : NULL;
}

/* Contacts that nothing arrives at are kept, to be rung or put right, and not written to. */
static void find_ways(struct wr_listener *listener, bool phone_bad, bool email_bad)
{
	if (!phone_bad && !wr_text_empty(listener->phone))
		listener->text_phone = listener->phone;
	if (!email_bad && !wr_text_empty(listener->email))
		listener->text_email = listener->email;
	listener->reachable &= listener->text_phone || listener->text_email;
}

int wr_listeners(struct wr_use *use, const struct wr_patient *patient,
    struct wr_listener **ret_listeners, size_t *ret_n)
{
	struct wr_support *supports = NULL;
	size_t n = 0;
	*ret_n = 0;
	if (patient->died)
		return 0;
	struct wr_store_support_filter filter = {.patient = patient->ref};
	int r = wr_store_support_list(use->tx, use->arena, &filter, &supports, &n);
	if (r)
		return r;
	struct wr_listener *all = wr_arena_new(use->arena, struct wr_listener, n + 1);
	bool writes = patient->contact == WR_CONTACT_SMS || patient->contact == WR_CONTACT_EMAIL;
	all[(*ret_n)++] = (struct wr_listener){
	    .whose = WR_WHOSE_PATIENT,
	    .who = patient->ref,
	    .name = patient->name,
	    .phone = patient->phone,
	    .email = patient->email,
	    .language = patient->language,
	    .sees = WR_SEES_ALL,
	    .attends = WR_ATTENDS_PERSON,
	    .reachable = writes && !patient->restricted,
	};
	find_ways(&all[0], patient->phone_bad, patient->email_bad);
	for (size_t i = 0; i < n; i++) {
		const struct wr_support *s = &supports[i];
		if (s->consent != WR_CONSENT_AGREED || s->admission != patient->admission ||
		    s->sees < WR_SEES_TIME)
			continue;
		all[(*ret_n)++] = (struct wr_listener){
		    .whose = WR_WHOSE_SUPPORT,
		    .who = s->ref,
		    .name = s->name,
		    .phone = s->phone,
		    .email = s->email,
		    .language = s->language,
		    .sees = s->sees,
		    .attends = s->attends,
		    .reachable = !s->stopped && !patient->restricted,
		};
		find_ways(&all[*ret_n - 1], s->phone_bad, s->email_bad);
	}
	*ret_listeners = all;
	return 0;
}

/* What this change is to its people. Whoever has not heard of the slot at all by the time the
 * notice is made gets one that fits that (courier). */
static const char *type_of_change(const struct wr_slot *before, const struct wr_slot *slot)
{
	if (wr_state_is_off(slot->state))
		return wr_notice_type_name(WR_NOTICE_SLOT_CANCELLED);
	bool knew = before && before->state != WR_STATE_DRAFT && !wr_state_is_off(before->state);
	return wr_notice_type_name(knew ? WR_NOTICE_SLOT_MOVED : WR_NOTICE_SLOT_PUBLISHED);
}

static int set_reminders(struct wr_use *use, const struct wr_config_ward *ward,
    const struct wr_listener *listener, const struct wr_slot *slot)
{
	const struct wr_durations *before = &use->config->reminders.before;
	int r = wr_store_reminder_delete(use->tx, listener->whose, listener->who, slot->ref, NULL);
	if (r || slot->state != WR_STATE_PUBLISHED || !listener->reachable)
		return r;
	wr_time *due = wr_arena_new(use->arena, wr_time, before->n + 1);
	size_t n = wr_notice_reminders(use->config->reminders.quiet, ward->zone, before->items,
	    before->n, slot->start, use->now, due);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_reminder reminder = {
		    .whose = listener->whose,
		    .who = listener->who,
		    .slot = slot->ref,
		    .before = wr_arena_printf(use->arena, "%zu", i),
		    .due = due[i],
		};
		r = wr_store_reminder_put(use->tx, &reminder);
	}
	return r;
}

static int tell_listener(struct wr_use *use, const struct wr_config_ward *ward,
    const struct wr_listener *listener, const struct wr_slot *before, const struct wr_slot *slot)
{
	struct wr_news news = {0};
	int r = wr_store_news_get(
	    use->tx, use->arena, listener->whose, listener->who, slot->ref, &news);
	if (r && r != WR_STORE_NONE)
		return r;
	if (r == WR_STORE_NONE)
		news = (struct wr_news){
		    .whose = listener->whose,
		    .who = listener->who,
		    .slot = slot->ref,
		    .due = WR_TIME_NONE,
		    .told_start = WR_TIME_NONE,
		    .told_end = WR_TIME_NONE,
		    .accepted_at = WR_TIME_NONE,
		    .delivered_at = WR_TIME_NONE,
		    .fetched_at = WR_TIME_NONE,
		    .confirmed_at = WR_TIME_NONE,
		};
	if (news.want == slot->revision)
		return 0;
	wr_time first = before && before->start < slot->start ? before->start : slot->start;
	news.want = slot->revision;
	news.due = !listener->reachable ? WR_TIME_NONE
	                                : wr_notice_change_due(use->config->reminders.quiet,
					      ward->zone, use->now, first, news.due);
	wr_use_told(use, listener->whose, listener->who, listener->name, slot->ref,
	    type_of_change(before, slot));
	r = wr_store_news_put(use->tx, &news);
	return r ? r : set_reminders(use, ward, listener, slot);
}

int wr_tell_slot(struct wr_use *use, const struct wr_slot *before, const struct wr_slot *slot)
{
	struct wr_patient patient;
	struct wr_listener *listeners = NULL;
	const struct wr_config_ward *ward;
	size_t n = 0;
	int r = wr_use_ward_of(use, slot->ward, &ward);
	if (!r)
		r = wr_use_patient(use, slot->patient, &patient);
	if (!r)
		r = wr_listeners(use, &patient, &listeners, &n);
	for (size_t i = 0; i < n && !r; i++)
		r = tell_listener(use, ward, &listeners[i], before, slot);
	return r;
}

/* ---- what happens to a slot that stays where it is ---- */

/* Whoever has heard of the slot is told more of it at `due`; the others hear it all anyway. */
static int tell_more(struct wr_use *use, const struct wr_listener *listener,
    const struct wr_slot *slot, enum wr_notice_type type, wr_time due)
{
	struct wr_news news;
	int r = wr_store_news_get(
	    use->tx, use->arena, listener->whose, listener->who, slot->ref, &news);
	if (r || !listener->reachable)
		return r == WR_STORE_NONE ? 0 : r;
	wr_use_told(use, listener->whose, listener->who, listener->name, slot->ref,
	    wr_notice_type_name(type));
	if (news.due != WR_TIME_NONE && news.due <= due)
		return 0;
	news.due = due;
	return wr_store_news_put(use->tx, &news);
}

int wr_tell_people(struct wr_use *use, const struct wr_slot *slot)
{
	struct wr_patient patient;
	struct wr_listener *listeners = NULL;
	const struct wr_config_ward *ward;
	size_t n = 0;
	int r = wr_use_ward_of(use, slot->ward, &ward);
	if (!r)
		r = wr_use_patient(use, slot->patient, &patient);
	if (!r)
		r = wr_listeners(use, &patient, &listeners, &n);
	wr_time due = r ? use->now
	                : wr_notice_change_due(use->config->reminders.quiet, ward->zone, use->now,
			      slot->start, WR_TIME_NONE);
	for (size_t i = 0; i < n && !r; i++)
		if (listeners[i].whose == WR_WHOSE_PATIENT)
			r = tell_more(use, &listeners[i], slot, WR_NOTICE_SLOT_PEOPLE, due);
	return r;
}

int wr_tell_late(
    struct wr_use *use, const struct wr_slot *slot, const struct wr_session_change *change)
{
	struct wr_patient patient;
	struct wr_listener *listeners = NULL;
	size_t n = 0;
	wr_time due = wr_day_tellable_at(change, use->now);
	bool waits = slot->start + 60 * (wr_time)wr_day_told_minutes(change) > use->now;
	if (due == WR_TIME_NONE || slot->state != WR_STATE_PUBLISHED || !waits)
		return 0;
	int r = wr_use_patient(use, slot->patient, &patient);
	if (!r)
		r = wr_listeners(use, &patient, &listeners, &n);
	for (size_t i = 0; i < n && !r; i++)
		r = tell_more(use, &listeners[i], slot, WR_NOTICE_SLOT_LATE, due);
	return r;
}

int wr_tell_newcomer(struct wr_use *use, const struct wr_support *support)
{
	struct wr_patient patient;
	struct wr_listener *listeners = NULL;
	struct wr_slot *slots = NULL;
	const struct wr_config_ward *ward;
	size_t n_listeners = 0, n_slots = 0;
	struct wr_store_slot_filter filter = {
	    .patient = support->patient,
	    .from = use->now,
	    .states = WR_STORE_BIT(WR_STATE_PUBLISHED),
	};
	int r = wr_use_patient(use, support->patient, &patient);
	if (!r)
		r = wr_use_ward_of(use, patient.ward, &ward);
	if (!r)
		r = wr_listeners(use, &patient, &listeners, &n_listeners);
	if (!r)
		r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n_slots);
	for (size_t l = 0; l < n_listeners && !r; l++) {
		if (!wr_text_equal(listeners[l].who, support->ref))
			continue;
		for (size_t s = 0; s < n_slots && !r; s++)
			r = tell_listener(use, ward, &listeners[l], NULL, &slots[s]);
	}
	return r;
}

/* Waiting notices that nobody should get any more. */
static int supersede(struct wr_use *use, enum wr_whose whose, const char *who, const char *slot)
{
	struct wr_notice_row *rows = NULL;
	size_t n = 0;
	struct wr_store_notice_filter filter = {
	    .states = WR_STORE_BIT(WR_NOTICE_WAITING) | WR_STORE_BIT(WR_NOTICE_SENDING),
	    .whose = who ? WR_STORE_BIT(whose) : 0,
	    .who = who,
	    .slot = slot,
	};
	int r = wr_store_notice_list(use->tx, use->arena, &filter, &rows, &n);
	for (size_t i = 0; i < n && !r; i++) {
		rows[i].state = WR_NOTICE_SUPERSEDED;
		r = wr_store_notice_put(use->tx, &rows[i]);
	}
	return r;
}

static int forget(struct wr_use *use, const struct wr_store_news_filter *filter)
{
	struct wr_news *news = NULL;
	size_t n = 0;
	int r = wr_store_news_list(use->tx, use->arena, filter, &news, &n);
	for (size_t i = 0; i < n && !r; i++) {
		r = wr_store_reminder_delete(
		    use->tx, news[i].whose, news[i].who, news[i].slot, NULL);
		if (!r)
			r = wr_store_news_delete(use->tx, news[i].whose, news[i].who, news[i].slot);
	}
	return r;
}

int wr_tell_nothing(struct wr_use *use, enum wr_whose whose, const char *who)
{
	struct wr_store_news_filter filter = {.whose = WR_STORE_BIT(whose), .who = who};
	int r = forget(use, &filter);
	return r ? r : supersede(use, whose, who, NULL);
}

int wr_tell_nobody(struct wr_use *use, const char *slot)
{
	struct wr_store_news_filter filter = {.slot = slot};
	int r = forget(use, &filter);
	return r ? r : supersede(use, WR_WHOSE_PATIENT, NULL, slot);
}

/* ---- another contact ---- */

/* What waits for the old contact is not sent there any more; a reminder is made again at once. */
static int call_back(struct wr_use *use, const struct wr_listener *listener)
{
	struct wr_notice_row *rows = NULL;
	size_t n = 0;
	struct wr_store_notice_filter filter = {
	    .states = WR_STORE_BIT(WR_NOTICE_WAITING),
	    .whose = WR_STORE_BIT(listener->whose),
	    .who = listener->who,
	};
	int r = wr_store_notice_list(use->tx, use->arena, &filter, &rows, &n);
	for (size_t i = 0; i < n && !r; i++) {
		bool reminds = wr_notice_type_find(rows[i].type) == WR_NOTICE_REMINDER_DUE;
		struct wr_reminder again = {
		    .whose = listener->whose,
		    .who = listener->who,
		    .slot = rows[i].slot,
		    .before = "again",
		    .due = use->now,
		};
		if (rows[i].slot && rows[i].revision == 0) /* a farewell is not made twice */
			continue;
		rows[i].state = WR_NOTICE_SUPERSEDED;
		r = wr_store_notice_put(use->tx, &rows[i]);
		if (!r && reminds && listener->reachable)
			r = wr_store_reminder_put(use->tx, &again);
	}
	return r;
}

static int tell_anew(struct wr_use *use, const struct wr_config_ward *ward,
    const struct wr_listener *listener, const struct wr_slot *slot)
{
	struct wr_news news;
	int r = wr_store_news_get(
	    use->tx, use->arena, listener->whose, listener->who, slot->ref, &news);
	if (r)
		return r == WR_STORE_NONE ? 0 : r;
	r = set_reminders(use, ward, listener, slot);
	if (r || !listener->reachable || news.told >= news.want || news.due != WR_TIME_NONE)
		return r;
	news.due = wr_notice_change_due(
	    use->config->reminders.quiet, ward->zone, use->now, slot->start, WR_TIME_NONE);
	wr_use_told(use, listener->whose, listener->who, listener->name, slot->ref,
	    type_of_change(NULL, slot));
	return wr_store_news_put(use->tx, &news);
}

static int tell_slots_anew(
    struct wr_use *use, const struct wr_patient *patient, const struct wr_listener *listener)
{
	struct wr_slot *slots = NULL;
	const struct wr_config_ward *ward;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .patient = patient->ref,
	    .from = use->now,
	    .states = ~WR_STORE_BIT(WR_STATE_DRAFT),
	};
	int r = wr_use_ward_of(use, patient->ward, &ward);
	if (!r)
		r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (slots[i].start > use->now)
			r = tell_anew(use, ward, listener, &slots[i]);
	return r;
}

int wr_tell_contact(
    struct wr_use *use, enum wr_whose whose, const char *who, const struct wr_patient *patient)
{
	struct wr_listener *listeners = NULL;
	size_t n = 0;
	int r = wr_listeners(use, patient, &listeners, &n);
	for (size_t i = 0; i < n && !r; i++) {
		if (who && (listeners[i].whose != whose || !wr_text_equal(listeners[i].who, who)))
			continue;
		r = tell_slots_anew(use, patient, &listeners[i]);
		if (!r)
			r = call_back(use, &listeners[i]);
	}
	return r;
}
