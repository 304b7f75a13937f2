#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include "wardround/http.h"

static void expect(const char *user_agent, const char *name)
{
	assert_string_equal(wr_http_agent_name(wr_http_agent(user_agent, "*/*")), name);
}

static void test_calendar_programs_are_known(void **state)
{
	(void)state;
	expect("Google-Calendar-Importer", "calendar");
	expect("iOS/17.4.1 (21E236) dataaccessd/1.0", "calendar");
	expect("macOS/14.4 (23E214) CalendarAgent/988", "calendar");
	expect("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17425; Pro)",
	    "calendar");
	expect(
	    "Microsoft.Exchange/15.20 (Outlook-iOS/709.2189947.prod.iphone (3.10.0))", "calendar");
	expect("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.6.0",
	    "calendar");
	expect("Evolution/3.46.4", "calendar");
	expect("vdirsyncer/0.19.0", "calendar");
	expect("ICSx5/2.4.3 (ical4j/3.2.19 okhttp/5.3.2 Android/16)", "calendar");
	expect("Nextcloud Webcal Crawler", "calendar");
}

static void test_previews_are_robots_even_when_they_say_they_are_browsers(void **state)
{
	(void)state;
	expect("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like "
	       "Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
	    "robot");
	expect("WhatsApp/2.24.9.78 A", "robot");
	expect("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "robot");
	expect("TelegramBot (like TwitterBot)", "robot");
	expect("Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5", "robot");
	expect("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "robot");
	expect("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/124.0.0.0 Safari/537.36", "robot");
}

static void test_browsers_are_browsers(void **state)
{
	(void)state;
	expect("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0", "browser");
	expect(
	    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
	    "like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
	    "browser");
}

static void test_who_says_nothing_of_itself_may_ask_for_a_calendar(void **state)
{
	(void)state;
	expect("curl/7.88.1", "unknown");
	expect("", "unknown");
	expect(NULL, "unknown");
	assert_int_equal(wr_http_agent("Calendars by somebody/1", "text/calendar, */*;q=0.1"),
	    WR_AGENT_CALENDAR);
	assert_int_equal(wr_http_agent(NULL, "Text/Calendar"), WR_AGENT_CALENDAR);
	assert_int_equal(wr_http_agent("WhatsApp/2", "text/calendar"), WR_AGENT_ROBOT);
	assert_int_equal(wr_http_agent(NULL, NULL), WR_AGENT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_calendar_programs_are_known),
	    cmocka_unit_test(test_previews_are_robots_even_when_they_say_they_are_browsers),
	    cmocka_unit_test(test_browsers_are_browsers),
	    cmocka_unit_test(test_who_says_nothing_of_itself_may_ask_for_a_calendar),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
