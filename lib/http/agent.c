#include "wardround/http.h"

#include <string.h>
#include <strings.h>

/*
 * What programs call themselves. Calendar programs stand first, because one of them says "Crawler";
 * robots before browsers, because many pretend to be one as well. Where each comes from:
 *
 *   Google-Calendar-Importer   developers.google.com, "Google user-triggered fetchers"
 *   dataaccessd, CalendarAgent what iOS and macOS send for a subscription ("iOS/17.4 (21E219)
 *                              dataaccessd/1.0", "macOS/14.4 (23E214) CalendarAgent/988");
 * `remindd` and `calaccessd` are their successors Microsoft Outlook, Exchange  Outlook for Windows
 * ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17425; Pro)"), outlook.com's own
 * fetcher Thunderbird                seen: "Mozilla/5.0 (X11; ...) Gecko/20100101 Thunderbird/..."
 *   Evolution, gnome-calendar  seen: "Evolution/3.46.4"
 *   vdirsyncer                 seen: "vdirsyncer/0.19.0"
 *   ICSx5, DAVx5               bitfireAT/icsx5, Constants.kt: "ICSx5/2.4 (ical4j/... okhttp/...)"
 *   Nextcloud Webcal           nextcloud/server, apps/dav, WebcalCaching: "Nextcloud Webcal
 * Service", before version 30 "Nextcloud Webcal Crawler" KDE PIM, Akonadi, KOrganizer, calcurse, eM
 * Client, BusyCal, Fantastical, Etar: their own names
 *
 * Link previews say "bot", "preview", "crawler" or a name of their own; iMessage's says both
 * Twitterbot and facebookexternalhit. Link checkers of mail filters often lie; so no browser's
 * visit proves that a person read something.
 */
// clang-format off
static const struct {
	const char *part;
	enum wr_agent agent;
} agents[] = {
	{"google-calendar-importer", WR_AGENT_CALENDAR}, {"dataaccessd", WR_AGENT_CALENDAR},
	{"calendaragent", WR_AGENT_CALENDAR}, {"calaccessd", WR_AGENT_CALENDAR},
	{"remindd", WR_AGENT_CALENDAR}, {"microsoft outlook", WR_AGENT_CALENDAR},
	{"microsoft exchange", WR_AGENT_CALENDAR}, {"microsoft.exchange", WR_AGENT_CALENDAR},
	{"outlook-ios", WR_AGENT_CALENDAR}, {"outlook-android", WR_AGENT_CALENDAR},
	{"macoutlook", WR_AGENT_CALENDAR}, {"thunderbird", WR_AGENT_CALENDAR},
	{"evolution/", WR_AGENT_CALENDAR}, {"gnome-calendar", WR_AGENT_CALENDAR},
	{"vdirsyncer", WR_AGENT_CALENDAR}, {"icsx5", WR_AGENT_CALENDAR}, {"davx5", WR_AGENT_CALENDAR},
	{"nextcloud webcal", WR_AGENT_CALENDAR}, {"kde pim", WR_AGENT_CALENDAR},
	{"akonadi", WR_AGENT_CALENDAR}, {"korganizer", WR_AGENT_CALENDAR},
	{"calcurse", WR_AGENT_CALENDAR}, {"em client", WR_AGENT_CALENDAR},
	{"busycal", WR_AGENT_CALENDAR}, {"fantastical", WR_AGENT_CALENDAR},
	{"etar", WR_AGENT_CALENDAR}, {"ical4j", WR_AGENT_CALENDAR},

	{"bot", WR_AGENT_ROBOT}, {"crawl", WR_AGENT_ROBOT}, {"spider", WR_AGENT_ROBOT},
	{"preview", WR_AGENT_ROBOT}, {"facebookexternalhit", WR_AGENT_ROBOT},
	{"facebookcatalog", WR_AGENT_ROBOT}, {"meta-externalagent", WR_AGENT_ROBOT},
	{"whatsapp", WR_AGENT_ROBOT}, {"telegram", WR_AGENT_ROBOT}, {"slack", WR_AGENT_ROBOT},
	{"discord", WR_AGENT_ROBOT}, {"viber", WR_AGENT_ROBOT}, {"snapchat", WR_AGENT_ROBOT},
	{"pinterest", WR_AGENT_ROBOT}, {"embedly", WR_AGENT_ROBOT}, {"vkshare", WR_AGENT_ROBOT},
	{"slurp", WR_AGENT_ROBOT}, {"mediapartners", WR_AGENT_ROBOT}, {"google-read-aloud", WR_AGENT_ROBOT},
	{"googleimageproxy", WR_AGENT_ROBOT}, {"safelinks", WR_AGENT_ROBOT}, {"mimecast", WR_AGENT_ROBOT},
	{"proofpoint", WR_AGENT_ROBOT}, {"barracuda", WR_AGENT_ROBOT}, {"headless", WR_AGENT_ROBOT},
	{"lighthouse", WR_AGENT_ROBOT}, {"validator", WR_AGENT_ROBOT}, {"monitor", WR_AGENT_ROBOT},
	{"uptime", WR_AGENT_ROBOT}, {"scan", WR_AGENT_ROBOT},

	{"mozilla/", WR_AGENT_BROWSER}, {"opera/", WR_AGENT_BROWSER}, {"lynx/", WR_AGENT_BROWSER},
	{"links (", WR_AGENT_BROWSER}, {"w3m/", WR_AGENT_BROWSER},
};
// clang-format on

static bool has_part(const char *text, const char *part)
{
	size_t length = strlen(part);
	for (; *text; text++)
		if ((*text | 0x20) == (*part | 0x20) && strncasecmp(text, part, length) == 0)
			return true;
	return false;
}

enum wr_agent wr_http_agent(const char *user_agent, const char *accept)
{
	for (size_t i = 0; user_agent && i < WR_COUNT(agents); i++)
		if (has_part(user_agent, agents[i].part))
			return agents[i].agent;
	/* Neither browsers nor previews ask for calendars. */
	return accept && has_part(accept, "text/calendar") ? WR_AGENT_CALENDAR : WR_AGENT_UNKNOWN;
}

const char *wr_http_agent_name(enum wr_agent agent)
{
	static const char *const names[WR_AGENTS] = {
	    [WR_AGENT_UNKNOWN] = "unknown",
	    [WR_AGENT_CALENDAR] = "calendar",
	    [WR_AGENT_BROWSER] = "browser",
	    [WR_AGENT_ROBOT] = "robot",
	};
	return names[agent];
}
