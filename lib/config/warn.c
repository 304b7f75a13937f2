/* What is allowed but will hurt: the daemon starts with it, and says so. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "reader.h"
#include "wardround/notice.h"

enum { MINUTES_A_WEEK = 7 * WR_MINUTES_A_DAY };

/* ---- holidays ---- */

static void warn_holidays(
    struct reader *reader, const struct section *section, const struct wr_config_ward *ward)
{
	enum { MONTHS_12 = 365 };
	if (!config_good(section, "holidays", "timezone", NULL) || !*ward->holidays.path)
		return;
	if (ward->holidays.n == 0) {
		config_warning(
		    reader, config_place(section, "holidays"), NULL, "this calendar has no days");
		return;
	}
	wr_day last = ward->holidays.items[ward->holidays.n - 1].day;
	char text[WR_TIME_TEXT];
	if (last < wr_zone_day(ward->zone, reader->now) + MONTHS_12)
		config_warning(reader, config_place(section, "holidays"),
		    "get a newer calendar: sessions are made on later holidays",
		    "the holidays end within 12 months, with %s", wr_day_long(last, text));
}

/* ---- how many cells there are ---- */

static int days_in(unsigned days)
{
	int n = 0;
	for (int weekday = 0; weekday < 7; weekday++)
		n += (int)(days >> weekday & 1u);
	return n;
}

static void warn_cells(
    struct reader *reader, const struct section *section, const struct wr_config_ward *ward)
{
	if (!config_good(section, "beds", "slot-every", NULL))
		return;
	int64_t there = 0, kept = 0;
	int starts[WR_ROUND_CELLS_MAX];
	for (size_t i = 0; i < ward->n_rounds; i++) {
		const struct wr_config_round *round = &ward->rounds[i];
		there += (int64_t)days_in(round->days) * wr_round_starts(round, starts);
		kept += (int64_t)days_in(round->days) * round->keep_free;
	}
	int64_t every = config_duration_seconds(ward->slot_every), week = INT64_C(7) * 86400;
	int64_t needed = (ward->beds * week + every - 1) / every;
	if (there - kept < needed)
		config_warning(reader, config_place(section, "beds"), NULL,
		    "slots a week: %lld needed, %lld in the rounds, %lld more kept free",
		    (long long)needed, (long long)(there - kept), (long long)kept);
}

/* ---- how long a first slot can take ---- */

static int compare_ints(const void *left, const void *right)
{
	int a = *(const int *)left, b = *(const int *)right;
	return (a > b) - (a < b);
}

static bool takes_first_slots(
    const struct wr_config_ward *ward, const struct wr_config_round *round, int consultant)
{
	if (round->consultant == consultant)
		return true;
	for (size_t i = 0; i < ward->first_slot_with.n; i++)
		if (ward->first_slot_with.items[i] == round->consultant)
			return true;
	return false;
}

/* The last starts of the sessions that a new patient of `consultant` may be seen in, as minutes of
 * the week, ascending. */
static size_t last_starts(
    struct reader *reader, const struct wr_config_ward *ward, int consultant, int **ret_starts)
{
	int *at = wr_arena_new(reader->arena, int, 7 * ward->n_rounds);
	int starts[WR_ROUND_CELLS_MAX];
	size_t n = 0;
	for (size_t i = 0; i < ward->n_rounds; i++) {
		const struct wr_config_round *round = &ward->rounds[i];
		int cells = wr_round_starts(round, starts);
		if (cells == 0 || !takes_first_slots(ward, round, consultant))
			continue;
		for (int weekday = 0; weekday < 7; weekday++)
			if (round->days & 1u << weekday)
				at[n++] = weekday * WR_MINUTES_A_DAY + starts[cells - 1];
	}
	if (n > 0)
		qsort(at, n, sizeof(*at), compare_ints);
	*ret_starts = at;
	return n;
}

struct wait {
	int minutes;  /* 0: none found */
	int from, to; /* minutes of the week */
	int consultant;
};

static void longer_wait(const int *starts, size_t n, int consultant, struct wait *worst)
{
	for (size_t i = 0; i < n; i++) {
		int next = i + 1 < n ? starts[i + 1] : starts[0] + MINUTES_A_WEEK;
		if (next - starts[i] > worst->minutes)
			*worst = (struct wait){
			    next - starts[i], starts[i], next % MINUTES_A_WEEK, consultant};
	}
}

static void warn_first_slot(
    struct reader *reader, const struct section *section, const struct wr_config_ward *ward)
{
	if (!config_good(section, "first-slot-within", "first-slot-with", NULL))
		return;
	struct wait worst = {0};
	bool *done = wr_arena_new(reader->arena, bool, reader->config->n_consultants);
	for (size_t i = 0; i < ward->n_rounds; i++) {
		int consultant = ward->rounds[i].consultant, *starts;
		if (done[consultant])
			continue;
		done[consultant] = true;
		size_t n = last_starts(reader, ward, consultant, &starts);
		longer_wait(starts, n, consultant, &worst);
	}
	if ((int64_t)worst.minutes * 60 <= config_duration_seconds(ward->first_slot_within))
		return;
	char from[WR_TIME_TEXT], to[WR_TIME_TEXT];
	config_warning(reader, config_place(section, "first-slot-within"),
	    "add a session, or name more consultants in `first-slot-with`",
	    "a first slot can take %d hours: a patient of `%s` who comes after the last slot on "
	    "%s %s waits until %s %s",
	    (worst.minutes + 59) / 60, reader->consultants[worst.consultant].id,
	    wr_weekday_name(worst.from / WR_MINUTES_A_DAY),
	    wr_clock_24(worst.from % WR_MINUTES_A_DAY, from),
	    wr_weekday_name(worst.to / WR_MINUTES_A_DAY),
	    wr_clock_24(worst.to % WR_MINUTES_A_DAY, to));
}

/* ---- joining ---- */

static void warn_join(
    struct reader *reader, const struct section *section, const struct wr_config_round *round)
{
	if (!config_good(section, "join", "lobby", NULL) || round->lobby || round->join.n == 0)
		return;
	bool shared = round->join.n == 1;
	for (size_t i = 0; i < round->join.n; i++)
		for (size_t j = 0; j < i; j++)
			shared = shared || strcmp(round->join.items[i], round->join.items[j]) == 0;
	if (shared)
		config_warning(reader, config_place(section, "join"),
		    "give two addresses or more, or set `lobby = true`",
		    "slots that follow each other share a joining address without a lobby: the "
		    "next can walk in on the one before");
}

/* ---- webhooks ---- */

/* Whether the endpoint's host is an address that is refused at each connection. */
static bool never_allowed(const struct wr_config_webhook *webhook)
{
	struct url url;
	struct wr_ip ip;
	if (*webhook->proxy || config_url_parse(webhook->url, &url) != NULL)
		return false;
	if (url.host_length == strlen("localhost") &&
	    strncasecmp(url.host, "localhost", url.host_length) == 0)
		ip = wr_ip_from_v4((const uint8_t[]){127, 0, 0, 1});
	else if (!config_url_ip(&url, &ip))
		return false;
	size_t skip = wr_ip_is_v4(ip) ? 12 : 0;
	if (!wr_address_is_special(ip.bytes + skip, sizeof(ip.bytes) - skip))
		return false;
	for (size_t i = 0; i < webhook->allow_networks.n; i++) {
		struct wr_network network;
		if (wr_network_parse(webhook->allow_networks.items[i], &network) &&
		    wr_network_has(&network, ip))
			return false;
	}
	return true;
}

static void warn_webhook(
    struct reader *reader, const struct section *section, const struct wr_config_webhook *webhook)
{
	if (!config_good(section, "url", NULL))
		return;
	if (config_good(section, "send-contact", NULL) && webhook->send_contact &&
	    strncasecmp(webhook->url, "http://", 7) == 0)
		config_warning(reader, config_place(section, "url"),
		    "use https, or set `send-contact = false`",
		    "contacts are sent over plain http, readable on the way");
	if (config_good(section, "allow-networks", "proxy", NULL) && never_allowed(webhook))
		config_warning(reader, config_place(section, "url"),
		    "name its network in `allow-networks`",
		    "this address is never allowed: it is private or special");
}

static void warn_unreachable(
    struct reader *reader, const struct section *section, const struct wr_config_webhook *webhook)
{
	bool notify =
	    webhook->format == WR_FORMAT_NOTIFY_SMS || webhook->format == WR_FORMAT_NOTIFY_EMAIL;
	if (notify && !webhook->send_contact &&
	    config_good(section, "format", "send-contact", NULL))
		config_warning(reader, config_place(section, "send-contact"),
		    "set `send-contact = true`", "the format `%s` reaches nobody without contacts",
		    wr_webhook_format_name(webhook->format));
}

/* Notify refuses each notice then; but only it knows what it gives out. */
static void warn_uuid(
    struct reader *reader, const struct section *section, const char *name, const char *text)
{
	if (config_good(section, name, NULL) && *text && !config_is_uuid(text))
		config_warning(reader, config_place(section, name),
		    "write it like \"f33517ff-2a88-4f6e-b855-c550268ce08a\"",
		    "`%s` is no UUID, as all of GOV.UK Notify's are", name);
}

static bool ward_has_staff_endpoint(const struct wr_config *config, size_t ward)
{
	for (size_t i = 0; i < config->n_webhooks; i++)
		for (unsigned event = WR_EVENT_REPLY; event <= WR_EVENT_TASK; event <<= 1)
			if (wr_config_webhook_serves(
				&config->webhooks[i], (int)ward, (enum wr_webhook_event)event))
				return true;
	return false;
}

static void warn_staff_events(struct reader *reader)
{
	const struct wr_config *config = reader->config;
	for (size_t i = 0; i < config->n_webhooks; i++)
		if (!config_good(reader->webhook_sections[i], "events", "wards", NULL))
			return;
	for (size_t i = 0; i < config->n_wards; i++)
		if (!ward_has_staff_endpoint(config, i))
			config_warning(reader, config_place(reader->ward_sections[i], ""),
			    "add a webhook with `events = { \"reply\", \"patient\", \"task\" }`",
			    "no endpoint for staff events: new tasks and replies on `%s` are only "
			    "seen on the pages",
			    config->wards[i].id);
}

/* ---- all ---- */

static void warn_ward(struct reader *reader, size_t i)
{
	const struct wr_config_ward *ward = &reader->wards[i];
	const struct section *section = reader->ward_sections[i];
	warn_holidays(reader, section, ward);
	for (size_t j = 0; j < ward->n_rounds; j++)
		warn_join(reader, reader->round_sections[i][j], &ward->rounds[j]);
	if (reader->errors > 0)
		return; /* cells can't be counted on then */
	warn_cells(reader, section, ward);
	warn_first_slot(reader, section, ward);
}

void config_warn(struct reader *reader)
{
	if (reader->config->n_wards == 0 && reader->n_sources > 0 && reader->errors == 0)
		config_warning(reader, reader->top->place, NULL, "there is no ward");
	for (size_t i = 0; i < reader->config->n_wards; i++)
		warn_ward(reader, i);
	warn_staff_events(reader);
	for (size_t i = 0; i < reader->config->n_webhooks; i++) {
		warn_webhook(reader, reader->webhook_sections[i], &reader->webhooks[i]);
		warn_unreachable(reader, reader->webhook_sections[i], &reader->webhooks[i]);
		warn_uuid(reader, reader->webhook_sections[i], "notify-service",
		    reader->webhooks[i].notify_service);
		warn_uuid(reader, reader->webhook_sections[i], "notify-template",
		    reader->webhooks[i].notify_template);
	}
}
