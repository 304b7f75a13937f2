#include "line.h"
#include "wardround/feed.h"

#include <ctype.h>
#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>
#include <stdlib.h>
#include <string.h>

/* ---- the window ---- */

struct selection {
	const struct wr_feed_event **event; /* shown, in order of start and UID */
	size_t n;
	bool ahead;       /* one that is not cancelled is still to end */
	wr_time last_end; /* of those not cancelled; WR_TIME_NONE */
	wr_time modified, valid_until;
};

static wr_time midnight(const struct wr_zone *zone, wr_day day)
{
	return wr_zone_at_or_after(zone, day, 0);
}

static void changes_at(struct selection *selection, wr_time now, wr_time at)
{
	if (at <= now) {
		if (at > selection->modified)
			selection->modified = at;
	} else if (selection->valid_until == WR_TIME_NONE || at < selection->valid_until) {
		selection->valid_until = at;
	}
}

/* The event is shown from `ret_from` to before `ret_to`. */
static void life_of(const struct wr_feed *feed, const struct wr_feed_event *event,
    wr_time *ret_from, wr_time *ret_to)
{
	wr_day day = wr_zone_day(feed->zone, event->start);
	*ret_from = midnight(feed->zone, day - WR_FEED_AHEAD_DAYS);
	*ret_to = midnight(feed->zone, day + WR_FEED_BACK_DAYS + 1);
	if (event->cancelled) {
		wr_time forgotten = wr_time_shift(feed->zone, event->changed, feed->keep_cancelled);
		if (forgotten < *ret_to)
			*ret_to = forgotten;
	}
}

bool wr_feed_has(const struct wr_feed *feed, const struct wr_feed_event *event)
{
	wr_time from, to;
	life_of(feed, event, &from, &to);
	return from <= feed->now && feed->now < to;
}

static void consider(
    const struct wr_feed *feed, const struct wr_feed_event *event, struct selection *selection)
{
	wr_time from, to;
	life_of(feed, event, &from, &to);
	if (from >= to)
		return;
	changes_at(selection, feed->now, from);
	changes_at(selection, feed->now, to);
	if (feed->now < from || feed->now >= to)
		return;
	selection->event[selection->n++] = event;
	if (event->stamp <= feed->now)
		changes_at(selection, feed->now, event->stamp);
	if (!event->cancelled && event->end > selection->last_end)
		selection->last_end = event->end;
}

static int by_start_and_uid(const void *left, const void *right)
{
	const struct wr_feed_event *const *a = left, *const *b = right;
	if ((*a)->start != (*b)->start)
		return (*a)->start < (*b)->start ? -1 : 1;
	return strcmp((*a)->uid, (*b)->uid);
}

/* A UID twice would break the whole calendar for some programs: the first one stays. */
static void drop_twins(struct selection *selection)
{
	size_t kept = 0;
	for (size_t i = 0; i < selection->n; i++)
		if (kept == 0 || strcmp(selection->event[kept - 1]->uid, selection->event[i]->uid))
			selection->event[kept++] = selection->event[i];
	selection->n = kept;
}

static struct selection select_events(const struct wr_feed *feed)
{
	struct selection selection = {
	    .last_end = WR_TIME_NONE, .modified = WR_TIME_NONE, .valid_until = WR_TIME_NONE};
	selection.event = wr_alloc(feed->events + 1, sizeof(const struct wr_feed_event *));
	for (size_t i = 0; i < feed->events; i++)
		consider(feed, &feed->event[i], &selection);
	qsort(selection.event, selection.n, sizeof(selection.event[0]), by_start_and_uid);
	drop_twins(&selection);
	selection.ahead = selection.last_end != WR_TIME_NONE && selection.last_end > feed->now;
	if (selection.last_end != WR_TIME_NONE)
		changes_at(&selection, feed->now, selection.last_end);
	if (feed->changed != WR_TIME_NONE && feed->changed <= feed->now)
		changes_at(&selection, feed->now, feed->changed);
	return selection;
}

/* ---- parts of the calendar ---- */

static void put_head(struct wr_buf *out, const char *name, const char *colour)
{
	line_put(out, "BEGIN:VCALENDAR");
	line_put(out, "VERSION:2.0");
	line_put(out, "PRODID:-//times//EN");
	line_put(out, "CALSCALE:GREGORIAN");
	line_text(out, "NAME", name);
	line_text(out, "X-WR-CALNAME", name);
	line_put(out, "COLOR:%s", colour);
	line_put(out, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
	line_put(out, "X-PUBLISHED-TTL:PT1H");
}

static void put_stamps(struct wr_buf *out, wr_time stamp, int sequence)
{
	line_utc(out, "DTSTAMP", stamp);
	line_utc(out, "LAST-MODIFIED", stamp);
	line_put(out, "SEQUENCE:%d", sequence);
}

static void put_time(
    struct wr_buf *out, const char *name, const struct wr_zone *zone, wr_time at, bool local)
{
	if (!local) {
		line_utc(out, name, at);
		return;
	}
	struct wr_wall wall = wr_zone_wall(zone, at);
	struct wr_date date = wr_day_date(wall.day);
	line_put(out, "%s;TZID=%s:%04d%02d%02dT%02d%02d%02d", name, wr_zone_name(zone), date.year,
	    date.month, date.day, wall.minute / 60, wall.minute % 60, wall.second);
}

static void put_alarm(struct wr_buf *out, const char *trigger, const char *summary)
{
	line_put(out, "BEGIN:VALARM");
	line_put(out, "ACTION:DISPLAY");
	line_put(out, "TRIGGER:%s", trigger);
	line_text(out, "DESCRIPTION", summary);
	line_put(out, "END:VALARM");
}

/* How stale this may be, as the last line of the description. */
static void add_warning(
    struct wr_buf *text, const struct wr_feed *feed, const struct wr_feed_event *event)
{
	char day[WR_TIME_TEXT], clock[WR_TIME_TEXT];
	struct wr_wall wall = wr_zone_wall(feed->zone, event->stamp);
	wr_buf_printf(text, "%sLast changed %s, %s. Calendars can be a day late",
	    text->length ? "\n" : "", wr_day_medium(wall.day, day),
	    wr_clock_text(wall.minute, clock));
	switch (feed->whose) {
	case WR_WHOSE_SUPPORT:
	case WR_WHOSE_PERSON:
		wr_buf_printf(text, ": check %s before you travel.",
		    wr_text_empty(event->page) ? "your page" : event->page);
		break;
	case WR_WHOSE_PATIENT:
		wr_buf_puts(text, ": check your page or ask staff.");
		break;
	case WR_WHOSE_CONSULTANT:
	case WR_WHOSE_WARD:
	case WR_WHOSE_ROOM:
		wr_buf_puts(text, ".");
		break;
	}
}

static bool in_zone(const struct wr_feed *feed, const struct wr_feed_event *event)
{
	return timezone_says(feed->zone, event->start) && timezone_says(feed->zone, event->end);
}

static void put_event(
    struct wr_buf *out, const struct wr_feed *feed, const struct wr_feed_event *event)
{
	struct wr_buf text = {0}, summary = {0};
	bool local = in_zone(feed, event);
	wr_buf_printf(&summary, "%s%s", event->cancelled ? "Cancelled: " : "", event->summary);
	wr_buf_puts(&text, event->text ? event->text : "");
	add_warning(&text, feed, event);
	line_put(out, "BEGIN:VEVENT");
	line_text(out, "UID", event->uid);
	put_stamps(out, event->stamp, event->sequence);
	put_time(out, "DTSTART", feed->zone, event->start, local);
	put_time(out, "DTEND", feed->zone, event->end, local);
	line_text(out, "SUMMARY", wr_buf_text(&summary));
	if (!wr_text_empty(event->place))
		line_text(out, "LOCATION", event->place);
	line_text(out, "DESCRIPTION", wr_buf_text(&text));
	line_put(out, "STATUS:%s", event->cancelled ? "CANCELLED" : "CONFIRMED");
	line_put(out, "TRANSP:%s", event->cancelled ? "TRANSPARENT" : "OPAQUE");
	if (event->alarms && !event->cancelled) {
		put_alarm(out, "-P1D", event->summary);
		put_alarm(out, "-PT2H", event->summary);
	}
	line_put(out, "END:VEVENT");
	wr_buf_deinit(&text);
	wr_buf_deinit(&summary);
}

/* ---- all-day entries ---- */

struct all_day {
	const char *kind, *link, *period; /* what its UID is made from */
	wr_day day;
	wr_time stamp;
	const char *summary, *text;
};

static void put_all_day(struct wr_buf *out, const struct all_day *entry)
{
	struct wr_buf source = {0};
	unsigned char hash[16];
	char uid[2 * sizeof(hash) + 1];
	wr_buf_printf(&source, "%s %s %s", entry->kind, entry->link, entry->period);
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)wr_buf_text(&source),
	    source.length, NULL, 0);
	wr_buf_deinit(&source);
	line_put(out, "BEGIN:VEVENT");
	line_put(out, "UID:%s", sodium_bin2hex(uid, sizeof(uid), hash, sizeof(hash)));
	put_stamps(out, entry->stamp, 0);
	line_date(out, "DTSTART", entry->day);
	line_date(out, "DTEND", entry->day + 1);
	line_text(out, "SUMMARY", entry->summary);
	if (entry->text)
		line_text(out, "DESCRIPTION", entry->text);
	line_put(out, "STATUS:CONFIRMED");
	line_put(out, "TRANSP:TRANSPARENT");
	line_put(out, "END:VEVENT");
}

/* Its stamp is a week before its day, so that the clock is not in the bytes. */
static void put_none_planned(
    struct wr_buf *out, const struct wr_feed *feed, struct selection *selection)
{
	char week[WR_TIME_TEXT];
	wr_day day = feed->next_publishing, today = wr_zone_day(feed->zone, feed->now);
	bool by_hand = day == WR_DAY_NONE;
	bool staffed = feed->whose != WR_WHOSE_SUPPORT && feed->whose != WR_WHOSE_PERSON;
	if (by_hand)
		day = today - wr_day_weekday(today) + 7;
	struct all_day entry = {.kind = "none",
	    .link = feed->link,
	    .period = wr_week_text(wr_day_week(day), week),
	    .day = day,
	    .stamp = (int64_t)(day - 7) * 86400,
	    .summary = staffed ? "Next ward round not planned yet" : "No meeting planned yet"};
	put_all_day(out, &entry);
	if (entry.stamp <= feed->now)
		changes_at(selection, feed->now, entry.stamp);
	changes_at(selection, feed->now, midnight(feed->zone, by_hand ? day : day + 1));
}

static const char *colour_of(const struct wr_feed *feed)
{
	size_t length = 0;
	if (feed->colour)
		while (isalpha((unsigned char)feed->colour[length]))
			length++;
	if (length > 0 && length < 24 && feed->colour[length] == '\0')
		return feed->colour;
	switch (feed->whose) {
	case WR_WHOSE_PATIENT:
		return "seagreen";
	case WR_WHOSE_CONSULTANT:
		return "steelblue";
	case WR_WHOSE_WARD:
	case WR_WHOSE_ROOM:
		return "slategray";
	case WR_WHOSE_SUPPORT:
	case WR_WHOSE_PERSON:
		break;
	}
	return "teal";
}

static bool any_in_zone(const struct wr_feed *feed, const struct selection *selection)
{
	for (size_t i = 0; i < selection->n; i++)
		if (in_zone(feed, selection->event[i]))
			return true;
	return false;
}

void wr_feed_write(
    const struct wr_feed *feed, struct wr_buf *buf, struct wr_feed_written *ret_written)
{
	struct selection selection = select_events(feed);
	put_head(buf, feed->name ? feed->name : wr_feed_default_name(feed->whose), colour_of(feed));
	if (any_in_zone(feed, &selection))
		timezone_put(buf, feed->zone);
	for (size_t i = 0; i < selection.n; i++)
		put_event(buf, feed, selection.event[i]);
	if (!selection.ahead)
		put_none_planned(buf, feed, &selection);
	line_put(buf, "END:VCALENDAR");
	ret_written->last_modified =
	    selection.modified == WR_TIME_NONE ? feed->now : selection.modified;
	ret_written->valid_until = selection.valid_until;
	ret_written->shown = selection.n;
	free(selection.event);
}

void wr_feed_write_ended(
    const char *link, const struct wr_zone *zone, wr_time ended, struct wr_buf *buf)
{
	struct all_day entry = {.kind = "ended",
	    .link = link,
	    .period = "",
	    .day = wr_zone_day(zone, ended),
	    .stamp = ended,
	    .summary = "This calendar has ended",
	    .text = "If you expected a meeting, ring the number you were given."};
	put_head(buf, wr_feed_default_name(WR_WHOSE_SUPPORT), "teal");
	put_all_day(buf, &entry);
	line_put(buf, "END:VCALENDAR");
}
