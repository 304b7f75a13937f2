/* What has to fit together. Each check is left out when a setting that it needs is wrong itself. */
#include <string.h>

#include "reader.h"
#include "wardround/notice.h"

static bool same_text(const char *a, const char *b)
{
	return *a && strcmp(a, b) == 0;
}

/* ---- addresses of the service ---- */

static bool has_text(const char *const *texts, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (same_text(texts[i], text))
			return true;
	return false;
}

static void check_addresses(struct reader *reader)
{
	const struct wr_config *config = reader->config;
	const struct section *top = reader->top;
	const char *const others[] = {"listen-staff", "metrics"};
	const char *const texts[] = {config->listen_staff, config->metrics};
	bool listen_good = config_good(top, "listen", NULL);
	for (size_t i = 0; listen_good && i < config->listen.n; i++) {
		const char *address = config->listen.items[i];
		if (has_text(config->listen.items, i, address)) {
			config_error(reader, config_place(top, "listen"), NULL,
			    "`%s` is given twice", config_quoted(reader, address));
			continue;
		}
		for (size_t k = 0; k < WR_COUNT(others); k++)
			if (config_good(top, others[k], NULL) && same_text(texts[k], address))
				config_error(reader, config_place(top, others[k]), NULL,
				    "`%s` has the same address as `listen`", others[k]);
	}
	if (config_good(top, "listen-staff", "metrics", NULL) && same_text(texts[0], texts[1]))
		config_error(reader, config_place(top, "metrics"), NULL,
		    "`metrics` has the same address as `listen-staff`");
}

/* ---- one round ---- */

static bool check_span(
    struct reader *reader, const struct section *section, const struct wr_config_round *round)
{
	if (!config_good(section, "from", "to", NULL))
		return false;
	if (round->from < round->to)
		return true;
	config_error(reader, config_place(section, "to"), NULL, "this round ends before it begins");
	return false;
}

static void check_breaks(
    struct reader *reader, const struct section *section, const struct wr_config_round *round)
{
	const struct entry *entry = config_find_entry(section, "breaks");
	if (!entry || entry->bad)
		return;
	char from[WR_TIME_TEXT], to[WR_TIME_TEXT];
	for (size_t i = 0; i < entry->value.n; i++) {
		struct wr_clock_span span;
		if (config_span_parse(entry->value.items[i].text, &span) &&
		    (span.from < round->from || span.to > round->to))
			config_error(reader, entry->value.items[i].place, NULL,
			    "this break lies outside the session, %s to %s",
			    wr_clock_24(round->from, from), wr_clock_24(round->to, to));
	}
}

static void check_slots(struct reader *reader, const struct section *section,
    const struct wr_config_round *round, bool span_good)
{
	if (config_good(section, "slot", "changeover", NULL) && round->changeover >= round->slot)
		config_error(reader, config_place(section, "changeover"), NULL,
		    "the changeover takes the whole slot of %d minutes", round->slot);
	if (!span_good || !config_good(section, "slot", NULL))
		return;
	if (round->slot > round->to - round->from) {
		config_error(reader, config_place(section, "slot"), NULL,
		    "this slot is longer than the session of %d minutes", round->to - round->from);
		return;
	}
	if (!config_good(section, "breaks", NULL))
		return;
	int starts[WR_ROUND_CELLS_MAX], n = wr_round_starts(round, starts);
	if (n == 0)
		config_error(reader, config_place(section, "breaks"), NULL,
		    "between these breaks no slot of %d minutes fits", round->slot);
	else if (config_good(section, "keep-free", NULL) && round->keep_free > n)
		config_error(reader, config_place(section, "keep-free"), NULL,
		    "a session of this round has only %d slots", n);
}

static void check_round(
    struct reader *reader, const struct section *section, const struct wr_config_round *round)
{
	bool span_good = check_span(reader, section, round);
	if (span_good)
		check_breaks(reader, section, round);
	check_slots(reader, section, round, span_good);
}

/* ---- rounds against one another ---- */

struct round_at {
	const struct wr_config_round *round;
	const struct section *section;
	size_t ward;
};

static bool meets(const struct round_at *a, const struct round_at *b)
{
	return (a->round->days & b->round->days) && a->round->from < b->round->to &&
	       b->round->from < a->round->to;
}

static const char *clash_day(const struct round_at *a, const struct round_at *b)
{
	int weekday = 0;
	while (!(a->round->days & b->round->days & 1u << weekday))
		weekday++;
	return wr_weekday_name(weekday);
}

static void check_pair(struct reader *reader, const struct round_at *a, const struct round_at *b)
{
	const struct wr_config_ward *ward = &reader->wards[a->ward],
				    *other = &reader->wards[b->ward];
	if (!meets(a, b) || !ward->zone || ward->zone != other->zone)
		return;
	const char *name = config_quoted(reader, a->round->id);
	if (a->ward != b->ward)
		name =
		    wr_arena_printf(reader->arena, "%s.%s", config_quoted(reader, ward->id), name);
	bool both_good = config_good(a->section, "consultant", NULL) &&
	                 config_good(b->section, "consultant", NULL);
	if (both_good && a->round->consultant == b->round->consultant)
		config_error(reader, config_place(b->section, "from"), NULL,
		    "on %s this round overlaps round `%s` of the same consultant", clash_day(a, b),
		    name);
	both_good = config_good(a->section, "room", NULL) && config_good(b->section, "room", NULL);
	if (both_good && a->ward == b->ward && same_text(a->round->room, b->round->room))
		config_error(reader, config_place(b->section, "from"), NULL,
		    "on %s this round overlaps round `%s` in the same room", clash_day(a, b), name);
}

static void check_overlaps(struct reader *reader)
{
	size_t all = 0, n = 0;
	for (size_t i = 0; i < reader->config->n_wards; i++)
		all += reader->wards[i].n_rounds;
	struct round_at *rounds = wr_arena_new(reader->arena, struct round_at, all);
	for (size_t i = 0; i < reader->config->n_wards; i++)
		for (size_t j = 0; j < reader->wards[i].n_rounds; j++)
			if (config_good(reader->round_sections[i][j], "days", "from", "to", NULL))
				rounds[n++] = (struct round_at){
				    &reader->rounds[i][j], reader->round_sections[i][j], i};
	for (size_t j = 1; j < n; j++)
		for (size_t i = 0; i < j; i++)
			check_pair(reader, &rounds[i], &rounds[j]);
}

/* ---- wards ---- */

static void check_ward(struct reader *reader, size_t i)
{
	for (size_t j = 0; j < reader->wards[i].n_rounds; j++)
		check_round(reader, reader->round_sections[i][j], &reader->rounds[i][j]);
}

/* ---- webhooks ---- */

static void check_needed(struct reader *reader, const struct section *section,
    const struct wr_config_webhook *webhook, const char *name, const char *text)
{
	if (config_good(section, name, NULL) && !*text)
		config_error(reader,
		    config_place(section, config_find_entry(section, name) ? name : "format"), NULL,
		    "the format `%s` needs `%s`", wr_webhook_format_name(webhook->format), name);
}

/* GOV.UK Notify: the key ends in its secret, a UUID; the token is signed with that text. */
static void check_notify_key(
    struct reader *reader, const struct section *section, const struct wr_config_webhook *webhook)
{
	const char *key = webhook->notify_key.key;
	size_t length = strlen(key);
	if (!config_good(section, "notify-key-file", NULL) || !*key)
		return;
	if (length >= WR_NOTIFY_SECRET && config_is_uuid(key + length - WR_NOTIFY_SECRET))
		return;
	config_error(reader, config_place(section, "notify-key-file"),
	    "copy the whole API key: a name and two UUIDs, joined by dashes",
	    "the key of GOV.UK Notify doesn't end in a UUID");
}

static void check_webhook(
    struct reader *reader, const struct section *section, const struct wr_config_webhook *webhook)
{
	if (!config_good(section, "format", NULL))
		return;
	switch (webhook->format) {
	case WR_FORMAT_STANDARD:
		check_needed(reader, section, webhook, "secret-file", webhook->secrets.path);
		break;
	case WR_FORMAT_NOTIFY_SMS:
	case WR_FORMAT_NOTIFY_EMAIL:
		check_needed(reader, section, webhook, "notify-service", webhook->notify_service);
		check_needed(reader, section, webhook, "notify-key-file", webhook->notify_key.path);
		check_needed(reader, section, webhook, "notify-template", webhook->notify_template);
		check_notify_key(reader, section, webhook);
		break;
	case WR_FORMAT_NTFY:
		check_needed(reader, section, webhook, "topic", webhook->topic);
		break;
	case WR_FORMAT_SLACK:
	case WR_FORMAT_TEAMS:
	case WR_FORMAT_MATRIX:
	case WR_FORMATS:
		break;
	}
	bool staff_only = webhook->format >= WR_FORMAT_NTFY;
	if (staff_only && config_good(section, "events", NULL) &&
	    (webhook->events & ~WR_EVENTS_STAFF))
		config_error(reader, config_place(section, "events"),
		    "take `slot`, `reminder` and `invite` out of it",
		    "the format `%s` carries staff events only",
		    wr_webhook_format_name(webhook->format));
	if (staff_only && webhook->send_contact)
		config_error(reader, config_place(section, "send-contact"), NULL,
		    "the format `%s` never carries contacts",
		    wr_webhook_format_name(webhook->format));
}

void config_check(struct reader *reader)
{
	check_addresses(reader);
	for (size_t i = 0; i < reader->config->n_wards; i++)
		check_ward(reader, i);
	check_overlaps(reader);
	for (size_t i = 0; i < reader->config->n_webhooks; i++)
		check_webhook(reader, reader->webhook_sections[i], &reader->webhooks[i]);
}
