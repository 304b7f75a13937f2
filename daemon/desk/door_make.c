/*
 * Making doors anew, in the store job of the change that touches them: what each link shows from
 * now on, and since when each event shows what it does (the stamps).
 */
#include "desk/doors.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "desk/door_target.h"
#include "desk/facts.h"
#include "desk/weekly.h"
#include "wardround/feed.h"

enum { BACK_SECONDS = (WR_FEED_BACK_DAYS + 8) * 86400, CODES_BACK_SECONDS = 28 * 86400 };

/* ---- the events of a feed ---- */

struct making {
	struct wr_use *use;
	const struct wr_door_target *target;
	struct wr_feed_event *events;
	size_t n, capacity;
	struct wr_sighting *sightings; /* one for each event */
	size_t n_sightings, sightings_capacity;
	struct wr_buf shown; /* references of what is shown: when it changes, so did the feed */
};

/* Stamps are shared by the links of one person. Alarms belong to the link, for all its life, and so
 * they are no change of what it shows. */
static int stamp_event(struct making *m, const char *slot, struct wr_feed_event *event)
{
	struct wr_feed_event shown = *event;
	unsigned char digest[WR_FEED_DIGEST];
	char hex[2 * WR_FEED_DIGEST + 1];
	struct wr_use *use = m->use;
	const struct wr_link *link = m->target->link;
	struct wr_store_stamp stamp;
	shown.alarms = false;
	wr_feed_event_digest(&shown, digest);
	sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
	int r = wr_store_stamp_get(use->tx, use->arena, link->whose, link->who, slot, &stamp);
	if (r && r != WR_STORE_NONE)
		return r;
	bool known = r == 0;
	if (!known || !wr_text_equal(stamp.digest, hex)) {
		stamp = (struct wr_store_stamp){
		    .whose = link->whose,
		    .who = link->who,
		    .slot = slot,
		    .digest = hex,
		    .sequence = known ? stamp.sequence + 1 : 0,
		    .stamp = use->now,
		};
		r = wr_store_stamp_put(use->tx, &stamp);
	} else {
		r = 0;
	}
	event->sequence = stamp.sequence;
	event->stamp = stamp.stamp;
	return r;
}

/* One slot as this feed shows it, if it does. `support`: through which row; NULL for other kinds.
 */
static int add_slot(struct making *m, const struct wr_slot *slot, const struct wr_support *support)
{
	struct wr_use *use = m->use;
	struct wr_patient patient;
	struct wr_reply reply;
	struct wr_feed_event event = {0};
	struct wr_feed_facts facts;
	struct wr_feed_reader reader = {
	    .whose = m->target->link->whose,
	    .support = support,
	    .alarms = m->target->link->alarms,
	};
	int r = wr_store_patient_get(use->tx, use->arena, slot->patient, &patient);
	if (!r)
		r = wr_slot_facts(use, slot, &patient, &facts);
	if (r)
		return r;
	if (support) {
		char code[WR_TOKEN_REPLY + 1];
		reader.page = wr_arena_printf(use->arena, "%s/r/%s", use->config->public_url,
		    wr_token_reply(use->ground->key, support->ref, slot->ref, code));
		if (wr_store_reply_get(use->tx, use->arena, support->ref, slot->ref, &reply) == 0)
			reader.reply = &reply;
	}
	if (!wr_feed_show(use->arena, &reader, &facts, &event))
		return 0;
	wr_buf_printf(&m->shown, "%s;", slot->ref);
	r = stamp_event(m, slot->ref, &event);
	WR_GROW(m->events, m->n, m->capacity);
	m->events[m->n++] = event;
	WR_GROW(m->sightings, m->n_sightings, m->sightings_capacity);
	m->sightings[m->n_sightings++] = (struct wr_sighting){
	    .whose = support ? WR_WHOSE_SUPPORT : m->target->link->whose,
	    .who = support ? support->ref : m->target->link->who,
	    .slot = slot->ref,
	    .revision = slot->revision,
	};
	return r;
}

static int add_slots(
    struct making *m, struct wr_store_slot_filter filter, const struct wr_support *support)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	filter.from = m->use->now - BACK_SECONDS;
	int r = wr_store_slot_list(m->use->tx, m->use->arena, &filter, &slots, &n);
	for (size_t i = 0; i < n && !r; i++)
		r = add_slot(m, &slots[i], support);
	return r;
}

static int add_all_slots(struct making *m)
{
	const struct wr_link *link = m->target->link;
	int r = 0;
	switch (link->whose) {
	case WR_WHOSE_PATIENT:
		return add_slots(m, (struct wr_store_slot_filter){.patient = link->who}, NULL);
	case WR_WHOSE_CONSULTANT:
		return add_slots(m, (struct wr_store_slot_filter){.consultant = link->who}, NULL);
	case WR_WHOSE_WARD:
		return add_slots(m, (struct wr_store_slot_filter){.ward = link->who}, NULL);
	case WR_WHOSE_SUPPORT:
	case WR_WHOSE_PERSON:
		for (size_t i = 0; i < m->target->n_supports && !r; i++)
			r = add_slots(m,
			    (struct wr_store_slot_filter){
				.patient = m->target->supports[i].patient},
			    &m->target->supports[i]);
		return r;
	case WR_WHOSE_ROOM:
		break;
	}
	return 0;
}

/* Since when the list of what is shown is what it is: moves the feed's Last-Modified. */
static int list_changed(struct making *m, wr_time *ret_changed)
{
	struct wr_feed_event list = {
	    .uid = wr_buf_text(&m->shown), .summary = m->target->ward->name};
	int r = stamp_event(m, "list", &list);
	*ret_changed =
	    list.stamp > m->target->link->created ? list.stamp : m->target->link->created;
	return r;
}

/* ---- bytes ---- */

static const struct wr_serve_field plain_fields[] = {
    {"Content-Type", "text/calendar; charset=utf-8"},
    {"Cache-Control", "private, no-cache"},
    {"Vary", "Accept-Encoding"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Robots-Tag", "noindex"},
    {"X-Content-Type-Options", "nosniff"},
    {0},
};
static const struct wr_serve_field gzip_fields[] = {
    {"Content-Type", "text/calendar; charset=utf-8"},
    {"Content-Encoding", "gzip"},
    {"Cache-Control", "private, no-cache"},
    {"Vary", "Accept-Encoding"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Robots-Tag", "noindex"},
    {"X-Content-Type-Options", "nosniff"},
    {0},
};
static const struct wr_serve_field not_modified_fields[] = {
    {"Cache-Control", "private, no-cache"},
    {"Vary", "Accept-Encoding"},
    {0},
};

static void fill_bytes(
    struct wr_door *door, const char *link, const struct wr_buf *body, wr_time modified)
{
	char etag[WR_ETAG];
	struct wr_buf coded = {0};
	struct wr_serve_bytes_settings settings = {
	    .fields = plain_fields,
	    .not_modified_fields = not_modified_fields,
	    .etag = wr_etag_write(body->data, body->length, WR_CODING_NONE, etag),
	    .modified = modified,
	    .body = body->data,
	    .length = body->length,
	};
	door->plain = wr_serve_bytes_new(&settings);
	door->sight = wr_sight_new(link, etag);
	wr_gzip(body->data, body->length, &coded);
	settings.fields = gzip_fields;
	settings.etag = wr_etag_write(body->data, body->length, WR_CODING_GZIP, etag);
	settings.body = coded.data;
	settings.length = coded.length;
	door->gzip = wr_serve_bytes_new(&settings);
	wr_buf_deinit(&coded);
}

static wr_day next_publishing(const struct wr_config_ward *ward, wr_time now)
{
	struct wr_week week = wr_week_next(wr_day_week(wr_zone_day(ward->zone, now)));
	wr_time at = wr_weekly_publish_time(ward, week);
	if (at != WR_TIME_NONE && at <= now)
		at = wr_weekly_publish_time(ward, wr_week_next(week));
	return at == WR_TIME_NONE ? WR_DAY_NONE : wr_zone_day(ward->zone, at);
}

static int fill_open(struct wr_use *use, const struct wr_door_target *t, struct wr_door *door)
{
	struct making m = {.use = use, .target = t};
	struct wr_feed feed = {
	    .whose = t->link->whose,
	    .link = t->link->id,
	    .zone = t->ward->zone,
	    .now = use->now,
	    .keep_cancelled = t->ward->keep_cancelled,
	    .next_publishing = next_publishing(t->ward, use->now),
	};
	struct wr_feed_written written;
	struct wr_buf body = {0};
	int r = add_all_slots(&m);
	if (!r)
		r = list_changed(&m, &feed.changed);
	if (!r) {
		feed.event = m.events;
		feed.events = m.n;
		wr_feed_write(&feed, &body, &written);
		fill_bytes(door, t->link->id, &body, written.last_modified);
		door->valid_until = written.valid_until;
		for (size_t i = 0; i < m.n; i++)
			if (wr_feed_has(&feed, &m.events[i]))
				wr_sight_add(door->sight, &m.sightings[i]);
	}
	free(m.events);
	free(m.sightings);
	wr_buf_deinit(&m.shown);
	wr_buf_deinit(&body);
	return r;
}

static void fill_ended(const struct wr_door_target *t, struct wr_door *door)
{
	struct wr_buf body = {0};
	door->state = WR_DOOR_ENDED;
	door->ended = t->since;
	wr_feed_write_ended(t->link->id, t->ward->zone, t->since, &body);
	fill_bytes(door, t->link->id, &body, t->since);
	wr_buf_deinit(&body);
}

/* ---- doors ---- */

static struct wr_door *add_door(
    struct wr_use *use, enum wr_door_kind kind, enum wr_whose whose, const char *who)
{
	struct wr_door *door = wr_alloc(1, sizeof(*door));
	door->kind = kind;
	door->whose = whose;
	door->who = wr_strdup(who);
	door->expires = door->ended = door->valid_until = WR_TIME_NONE;
	WR_GROW(use->doors, use->n_doors, use->doors_capacity);
	use->doors[use->n_doors++].door = door;
	return door;
}

static int make_link(struct wr_use *use, const struct wr_link *link)
{
	struct wr_door_target t = {.link = link};
	struct wr_link past = *link;
	if (link->expires != WR_TIME_NONE && link->expires <= use->now &&
	    (link->revoked == WR_TIME_NONE || link->expires < link->revoked)) {
		past.revoked = link->expires;
		t.link = &past;
	}
	int r = wr_door_aim(use, &t);
	if (r)
		return r;
	struct wr_door *door = add_door(use, WR_DOOR_LINK, link->whose, link->who);
	wr_token_link(use->ground->key, link->id, door->token);
	door->link = wr_strdup(link->id);
	door->expires = link->expires;
	if (!t.ended)
		return fill_open(use, &t, door);
	fill_ended(&t, door);
	return 0;
}

static int make_links(struct wr_use *use, const struct wr_store_link_filter *filter)
{
	struct wr_link *links = NULL;
	size_t n = 0;
	int r = wr_store_link_list(use->tx, use->arena, filter, &links, &n);
	for (size_t i = 0; i < n && !r; i++)
		r = make_link(use, &links[i]);
	return r;
}

static int make_links_of(struct wr_use *use, enum wr_whose whose, const char *who)
{
	struct wr_store_link_filter filter = {.whose = WR_STORE_BIT(whose), .who = who};
	return make_links(use, &filter);
}

/* Reply codes of all supports of a patient for the slots that are not long over. */
static int make_codes(
    struct wr_use *use, const char *patient, const struct wr_support *supports, size_t n_supports)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	struct wr_store_slot_filter filter = {
	    .patient = patient,
	    .from = use->now - CODES_BACK_SECONDS,
	    .states = ~WR_STORE_BIT(WR_STATE_DRAFT),
	};
	int r = wr_store_slot_list(use->tx, use->arena, &filter, &slots, &n);
	for (size_t s = 0; s < n_supports && !r; s++)
		for (size_t i = 0; i < n; i++) {
			struct wr_door *door =
			    add_door(use, WR_DOOR_REPLY, WR_WHOSE_SUPPORT, supports[s].ref);
			wr_token_reply(
			    use->ground->key, supports[s].ref, slots[i].ref, door->token);
			door->slot = wr_strdup(slots[i].ref);
		}
	return r;
}

static int make_patient(struct wr_use *use, const char *patient, bool links)
{
	struct wr_support *supports = NULL;
	size_t n = 0;
	struct wr_store_support_filter filter = {.patient = patient};
	int r = wr_store_support_list(use->tx, use->arena, &filter, &supports, &n);
	if (!r)
		r = make_codes(use, patient, supports, n);
	if (!r && links)
		r = make_links_of(use, WR_WHOSE_PATIENT, patient);
	for (size_t i = 0; i < n && !r && links; i++) {
		r = make_links_of(use, WR_WHOSE_SUPPORT, supports[i].ref);
		if (!r)
			r = make_links_of(use, WR_WHOSE_PERSON, supports[i].person);
	}
	return r;
}

static int make_everything(struct wr_use *use)
{
	struct wr_patient *patients = NULL;
	size_t n = 0;
	int r = make_links(use, NULL);
	if (!r)
		r = wr_store_patient_list(use->tx, use->arena, NULL, true, &patients, &n);
	for (size_t i = 0; i < n && !r; i++)
		r = make_patient(use, patients[i].ref, false);
	return r;
}

int wr_doors_prepare(struct wr_use *use)
{
	struct wr_link link;
	int r = 0;
	if (use->everything)
		return make_everything(use);
	for (size_t i = 0; i < use->n_touched && !r; i++)
		r = make_patient(use, use->touched[i], true);
	for (size_t i = 0; i < use->n_wards && !r; i++)
		r = make_links_of(use, WR_WHOSE_WARD, use->wards[i]);
	if (!r && use->n_wards) {
		struct wr_store_link_filter consultants = {
		    .whose = WR_STORE_BIT(WR_WHOSE_CONSULTANT)};
		r = make_links(use, &consultants);
	}
	for (size_t i = 0; i < use->n_links && !r; i++) {
		r = wr_store_link_get(use->tx, use->arena, use->links[i], &link);
		if (!r)
			r = make_link(use, &link);
	}
	return r;
}
