/*
 * Every setting there is. What reads it, its default, what `config show` prints, its paragraph in
 * wardround.conf(5) and the test of conf/wardround.conf all come from its row.
 */
#include <string.h>

#include "reader.h"

#define HOUR INT64_C(3600)
#define DAY INT64_C(86400)

const struct section_schema config_sections[SECTION_KINDS] = {
    [SECTION_TOP] = {"", false, SECTION_TOP, "Settings of the whole service."},
    [SECTION_CONSULTANT] = {"consultant", true, SECTION_TOP,
	"Somebody who leads rounds, on one ward or several."},
    [SECTION_WARD] = {"ward", true, SECTION_TOP,
	"A place with beds, a time zone, rounds and rules."},
    [SECTION_ROUND] = {"round", true, SECTION_WARD,
	"A recurring block of a consultant's time, inside its ward. Slots are laid end to end from "
	"*from* to *to*; none touches a break."},
    [SECTION_REMINDERS] = {"reminders", false, SECTION_TOP, "When people are reminded of a slot."},
    [SECTION_WEBHOOK] = {"webhook", true, SECTION_TOP,
	"An HTTP endpoint that notices and events are sent to, signed as Standard Webhooks 1.0.0."},
};

#define TOP(field) offsetof(struct wr_config, field)
#define CONSULTANT(field) offsetof(struct wr_config_consultant, field)
#define WARD(field) offsetof(struct wr_config_ward, field)
#define ROUND(field) offsetof(struct wr_config_round, field)
#define REMINDERS(field) offsetof(struct wr_config_reminders, field)
#define WEBHOOK(field) offsetof(struct wr_config_webhook, field)

// clang-format off
const struct setting config_settings[] = {
/* section, name, kind, field, min, max, default, help */
{SECTION_TOP, "listen", &kind_addresses, TOP(listen), 0, 16, "\"127.0.0.1:8480\"",
	"Where people's links are served; one address or a list. With none, only sockets passed by systemd are used."},
{SECTION_TOP, "listen-staff", &kind_address, TOP(listen_staff), 0, 0, "\"\"",
	"Signed-in staff pages on an address of their own; \"\" serves them at *listen*."},
{SECTION_TOP, "staff-url", &kind_origin, TOP(staff_url), 0, 200, "\"\"",
	"What staff's one-time addresses begin with, when it is not *public-url*; scheme and host only."},
{SECTION_TOP, "sign-in-header", &kind_header, TOP(sign_in_header), 0, 60, "\"\"",
	"A header in which a trusted proxy names who is signed in, as *wardctl staff add* names them; \"\" for none. "
	"The proxy has to take it out of what comes from outside."},
{SECTION_TOP, "trusted-proxies", &kind_networks, TOP(trusted_proxies), 0, 64, "{ }",
	"Networks whose X-Forwarded-For (its last untrusted address) and sign-in header are believed."},
{SECTION_TOP, "metrics", &kind_address, TOP(metrics), 0, 0, "\"127.0.0.1:8481\"",
	"Where /metrics is served; \"\" turns it off."},
{SECTION_TOP, "public-url", &kind_origin, TOP(public_url), 1, 200, NULL,
	"What every link that people are given begins with."},
{SECTION_TOP, "control", &kind_path, TOP(control), 1, 0, "\"/run/wardround/control.sock\"",
	"The socket that *wardctl*(1) talks to."},
{SECTION_TOP, "database", &kind_path, TOP(database), 1, 0, "\"/var/lib/wardround/ward.db\"",
	"The database file. The key of all links lies beside it."},
{SECTION_TOP, "paper-dir", &kind_path, TOP(paper_dir), 0, 0, "\"\"",
	"A folder that gets a page to print for each ward's next day at 18:00 (rounds, calls, patients), named like "
	"kingsley-2026-11-30.html, of mode 0640, kept for a week; \"\" turns it off. It is made if it is missing. A "
	"folder named while the daemon runs is written to after a restart."},
{SECTION_TOP, "country-code", &kind_country, TOP(country_code), 0, 0, "\"44\"",
	"The country of phone numbers written without one; phones are stored as E.164."},
{SECTION_TOP, "max-connections", &kind_number, TOP(max_connections), 10, 1000000, "10000",
	"Connections at a time in total; more are refused."},
{SECTION_TOP, "max-connections-per-address", &kind_number, TOP(max_connections_per_address), 1, 1000000, "100",
	"Connections at a time from one address; more are refused."},

{SECTION_CONSULTANT, "name", &kind_text, CONSULTANT(name), 1, 100, NULL,
	"As people know them."},

{SECTION_WARD, "name", &kind_text, WARD(name), 1, 100, NULL,
	"As people know it; shown only to those who may see all."},
{SECTION_WARD, "timezone", &kind_zone, WARD(zone), 0, 0, "\"Europe/London\"",
	"The zone of every time on this ward."},
{SECTION_WARD, "beds", &kind_number, WARD(beds), 1, 500, NULL,
	"How many patients the ward is for; more are a warning, not a refusal."},
{SECTION_WARD, "phone", &kind_phone, WARD(phone), 0, 0, "\"\"",
	"The staff's line; shown to those who may see all."},
{SECTION_WARD, "contact-phone", &kind_phone, WARD(contact_phone), 1, 0, NULL,
	"A neutral line that everybody who is told may ring."},
{SECTION_WARD, "address", &kind_text, WARD(address), 0, 300, "\"\"",
	"Where to go; shown from *place* on."},
{SECTION_WARD, "arrive", &kind_text, WARD(arrive), 0, 300, "\"\"",
	"What to do on arriving; shown from *place* on."},
{SECTION_WARD, "holidays", &kind_holidays, WARD(holidays), 0, 0, "\"\"",
	"An iCalendar file; there are no sessions on its days."},
{SECTION_WARD, "first-slot-within", &kind_duration, WARD(first_slot_within), HOUR, 28 * DAY, "\"72 hours\"",
	"How soon after admission the first slot has to be."},
{SECTION_WARD, "first-slot-with", &kind_consultants, WARD(first_slot_with), 0, 64, "{ }",
	"Who may take a first slot when the own consultant can't in time."},
{SECTION_WARD, "slot-every", &kind_duration, WARD(slot_every), DAY, 28 * DAY, "\"7 days\"",
	"How long after the last slot that was held the next one is due."},
{SECTION_WARD, "notice", &kind_duration, WARD(notice), 0, 28 * DAY, "\"48 hours\"",
	"Closer than this, the planner never proposes to move a published slot."},
{SECTION_WARD, "plan", &kind_weekly, WARD(plan), 0, 0, "\"Tuesday 12:00\"",
	"When next week's draft is made; \"by hand\" turns this and *publish* off."},
{SECTION_WARD, "publish", &kind_weekly, WARD(publish), 0, 0, "\"Wednesday 16:00\"",
	"When it is published; on a holiday the working day before. \"by hand\" turns this and *plan* off. "
	"What was missed while the service was stopped is done at the next start, until the week begins. "
	"A ward begins with its first patient: what was to be published before that is left to you."},
{SECTION_WARD, "keep-cancelled", &kind_duration, WARD(keep_cancelled), 0, 366 * DAY, "\"14 days\"",
	"How long a cancelled slot stays in calendars, marked as cancelled."},
{SECTION_WARD, "unsaid-free", &kind_number, WARD(unsaid_free_divisor), 1, 100, "3",
	"A support whose free times nobody has said counts as always free, at its weight divided by this."},

{SECTION_ROUND, "consultant", &kind_consultant, ROUND(consultant), 0, 0, NULL,
	"Who leads it."},
{SECTION_ROUND, "days", &kind_days, ROUND(days), 1, 7, NULL,
	"The days of the week."},
{SECTION_ROUND, "from", &kind_clock, ROUND(from), 0, 0, NULL,
	"When the first slot starts."},
{SECTION_ROUND, "to", &kind_clock, ROUND(to), 0, 0, NULL,
	"When the last slot has ended."},
{SECTION_ROUND, "slot", &kind_minutes, ROUND(slot), 5, 240, NULL,
	"From one start to the next, changeover included."},
{SECTION_ROUND, "changeover", &kind_minutes, ROUND(changeover), 0, 120, "\"0 minutes\"",
	"The end of each slot that belongs to nobody: people are told a slot without it."},
{SECTION_ROUND, "breaks", &kind_breaks, ROUND(breaks), 0, 16, "{ }",
	"Times within the session without slots."},
{SECTION_ROUND, "room", &kind_text, ROUND(room), 1, 100, NULL,
	"Where it is; one session at a time in one room of the ward."},
{SECTION_ROUND, "join", &kind_urls, ROUND(join), 0, 64, "{ }",
	"Addresses for joining by video, one for each slot in turn. A single one needs *lobby*."},
{SECTION_ROUND, "lobby", &kind_truth, ROUND(lobby), 0, 0, "false",
	"Whether those who join wait until they are let in."},
{SECTION_ROUND, "dial-in", &kind_phone, ROUND(dial_in), 0, 0, "\"\"",
	"The number for joining by phone."},
{SECTION_ROUND, "keep-free", &kind_number, ROUND(keep_free), 0, 100, "0",
	"How many slots at the end of each session are kept for new admissions, until noon of the working day before."},

{SECTION_REMINDERS, "before", &kind_durations, REMINDERS(before), 0, 10, "{ \"7 days\", \"48 hours\", \"2 hours\" }",
	"How long before the slot."},
{SECTION_REMINDERS, "quiet", &kind_quiet, REMINDERS(quiet), 0, 0, "\"21:00-08:00\"",
	"Hours, ward time, without reminders: they go just before; \"\" for none."},

{SECTION_WEBHOOK, "url", &kind_url, WEBHOOK(url), 1, 500, NULL,
	"Where to POST. For GOV.UK Notify its address, with or without the path."},
{SECTION_WEBHOOK, "secret-file", &kind_secrets, WEBHOOK(secrets), 0, 0, "\"\"",
	"Holds the signing secrets, whsec_..., one a line, newest first; refused when others can read it. The *standard* format needs it, and receipts are signed with it. "
	"Two while it is being changed: add the new one on top, reload, change the receiver, remove the old one, reload."},
{SECTION_WEBHOOK, "format", &kind_format, WEBHOOK(format), 0, 0, "\"standard\"",
	"What is sent. *ntfy*, *slack*, *teams* and *matrix* are for staff events only."},
{SECTION_WEBHOOK, "events", &kind_events, WEBHOOK(events), 1, 6, "{ \"slot\", \"reminder\" }",
	"What is sent there: *slot*, *reminder* and *invite* go to people; *reply*, *patient* and *task* are for staff "
	"(and are the default of the formats for staff events only)."},
{SECTION_WEBHOOK, "wards", &kind_wards, WEBHOOK(wards), 0, 500, "{ }",
	"Only for these wards; empty is all."},
{SECTION_WEBHOOK, "send-contact", &kind_truth, WEBHOOK(send_contact), 0, 0, "false",
	"Whether phone and e-mail address of the person may be in the body."},
{SECTION_WEBHOOK, "reply-links", &kind_truth, WEBHOOK(reply_links), 0, 0, "true",
	"Whether each notice has the address of its reply page."},
{SECTION_WEBHOOK, "allow-networks", &kind_networks, WEBHOOK(allow_networks), 0, 64, "{ }",
	"Private and other special networks that the endpoint may lie in; all others are refused at each connection."},
{SECTION_WEBHOOK, "proxy", &kind_url, WEBHOOK(proxy), 0, 500, "\"\"",
	"The way out, for http and (by CONNECT) for https; the environment's is ignored. It is trusted wherever it is, and "
	"finds out names by itself: only addresses in *url*, and names that are this machine everywhere, are judged then; "
	"let it refuse the rest."},
{SECTION_WEBHOOK, "notify-service", &kind_text, WEBHOOK(notify_service), 0, 100, "\"\"",
	"GOV.UK Notify: the service's id. The *notify* formats need this and the next two."},
{SECTION_WEBHOOK, "notify-key-file", &kind_key_file, WEBHOOK(notify_key), 0, 0, "\"\"",
	"GOV.UK Notify: a file with the API key's secret; refused when others can read it."},
{SECTION_WEBHOOK, "notify-template", &kind_text, WEBHOOK(notify_template), 0, 100, "\"\"",
	"GOV.UK Notify: the template's id. The template has to show ((text)); one for e-mail may have ((subject))."},
{SECTION_WEBHOOK, "topic", &kind_text, WEBHOOK(topic), 0, 100, "\"\"",
	"ntfy: the topic; that format needs it."},
};
// clang-format on

const size_t config_settings_n = WR_COUNT(config_settings);

const struct setting *config_find_setting(enum section_kind section, const char *name)
{
	for (size_t i = 0; i < WR_COUNT(config_settings); i++)
		if (config_settings[i].section == section &&
		    strcmp(config_settings[i].name, name) == 0)
			return &config_settings[i];
	return NULL;
}
