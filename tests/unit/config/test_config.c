#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "port.h"

static struct wr_arena arena;

static int empty_arena(void **state)
{
	(void)state;
	wr_arena_deinit(&arena);
	return 0;
}

/* The config file below TEST_DATA's parent, which must be right; what is said goes to `*ret_said`.
 */
static const struct wr_config *must_read(const char *name, char **ret_said)
{
	const char *path = data_path(&arena, name);
	struct wr_config_file file = {0};
	if (slurp(&arena, path, &file) != 0)
		fail_msg("%s is missing", path);
	struct wr_config_source source = {path, file.bytes, file.length};
	struct wr_config_port port = port_in("/");
	const struct wr_config *config = NULL;
	struct wr_config_diagnostics diagnostics;
	int outcome = wr_config_read(&arena, &source, 1, &port, NOW, &config, &diagnostics);
	char *text = said(&diagnostics);
	if (outcome != 0)
		fail_msg("%s", text);
	*ret_said = wr_arena_strdup(&arena, text);
	free(text);
	return config;
}

static void test_sample_ward_is_read_whole(void **state)
{
	(void)state;
	char *text;
	const struct wr_config *config = must_read("kingsley/wardround.conf", &text);
	assert_int_equal(config->n_consultants, 3);
	assert_int_equal(config->n_wards, 1);
	const struct wr_config_ward *ward = wr_config_find_ward(config, "kingsley");
	assert_string_equal(ward->name, "Kingsley Ward");
	assert_string_equal(wr_zone_name(ward->zone), "Europe/London");
	assert_int_equal(ward->beds, 25);
	assert_string_equal(ward->contact_phone, "01632 960009");
	assert_int_equal(ward->first_slot_within.amount, 72);
	assert_int_equal(ward->first_slot_within.unit, WR_UNIT_HOURS);
	assert_int_equal(ward->first_slot_with.n, 2);
	assert_int_equal(ward->first_slot_with.items[1], 2);
	assert_int_equal(ward->plan.weekday, 1);
	assert_int_equal(ward->publish.minute, 16 * 60);
	assert_false(ward->publish.by_hand);
	assert_int_equal(ward->unsaid_free_divisor, 3);
	assert_int_equal(ward->holidays.n, 24);
	assert_int_equal(config->reminders.before.n, 3);
	assert_int_equal(config->reminders.quiet.from, 21 * 60);
	assert_int_equal(config->reminders.quiet.to, 8 * 60);
	assert_int_equal(config->max_connections, 10000);
	assert_string_equal(config->control, data_path(&arena, "kingsley/control.sock"));

	const struct wr_config_round *round = wr_config_find_round(ward, "osei");
	assert_int_equal(round->consultant, wr_config_consultant_index(config, "osei"));
	assert_int_equal(round->days, 1u << 1);
	assert_int_equal(round->changeover, 5);
	assert_true(round->lobby);
	assert_string_equal(round->dial_in, "");
}

static void test_sample_ward_is_warned_of_first_slots_and_staff_events_only(void **state)
{
	(void)state;
	char *text;
	must_read("kingsley/wardround.conf", &text);
	assert_non_null(strstr(text, "warning: no endpoint for staff events"));
	const char *last = strstr(text, "warning: a first slot can take 96 hours");
	assert_non_null(last);
	assert_null(strstr(last + 1, "warning:"));
}

static void test_cells_of_the_sample_rounds_are_those_of_the_planner(void **state)
{
	(void)state;
	char *text;
	const struct wr_config *config = must_read("kingsley/wardround.conf", &text);
	const int expected[] = {540, 565, 590, 615, 660, 685, 710, 735};
	int starts[WR_ROUND_CELLS_MAX];
	assert_int_equal(wr_round_starts(&config->wards[0].rounds[0], starts), 8);
	assert_memory_equal(starts, expected, sizeof(expected));
}

static void test_a_slot_that_would_touch_a_break_starts_after_it(void **state)
{
	(void)state;
	const struct wr_clock_span breaks[] = {{600, 615}, {615, 620}};
	const struct wr_config_round round = {
	    .from = 540, .to = 700, .slot = 25, .breaks = {breaks, 2}};
	const int expected[] = {540, 565, 620, 645, 670};
	int starts[WR_ROUND_CELLS_MAX];
	assert_int_equal(wr_round_starts(&round, starts), 5);
	assert_memory_equal(starts, expected, sizeof(expected));
}

static void test_a_whole_day_of_the_shortest_slots_fits(void **state)
{
	(void)state;
	const struct wr_config_round round = {.from = 0, .to = WR_MINUTES_A_DAY, .slot = 5};
	int starts[WR_ROUND_CELLS_MAX];
	assert_int_equal(wr_round_starts(&round, starts), WR_ROUND_CELLS_MAX);
	assert_int_equal(starts[WR_ROUND_CELLS_MAX - 1], 1435);
}

static void test_installed_config_is_right_without_a_warning_but_for_webhooks(void **state)
{
	(void)state;
	char *text;
	const struct wr_config *config = must_read("../../conf/wardround.conf", &text);
	assert_int_equal(config->n_wards, 1);
	assert_int_equal(config->n_webhooks, 0);
	assert_non_null(strstr(text, "no endpoint for staff events"));
	assert_non_null(strstr(text, "a first slot can take"));
}

static void test_holidays_and_weekends_are_no_working_days(void **state)
{
	(void)state;
	char *text;
	const struct wr_config *config = must_read("kingsley/wardround.conf", &text);
	const struct wr_config_ward *ward = &config->wards[0];
	wr_day good_friday = wr_day_from_date(2027, 3, 26);
	assert_non_null(wr_config_holiday(ward, good_friday));
	assert_string_equal(wr_config_holiday(ward, good_friday)->name, "Good Friday");
	assert_false(wr_config_working_day(ward, good_friday));
	assert_true(wr_config_working_day(ward, good_friday - 1));
	assert_false(wr_config_working_day(ward, good_friday + 1)); /* Saturday */
	assert_false(wr_config_working_day(ward, good_friday + 3)); /* Easter Monday */
	assert_null(wr_config_holiday(ward, good_friday + 2));
}

static void test_unknown_ids_are_not_found(void **state)
{
	(void)state;
	char *text;
	const struct wr_config *config = must_read("kingsley/wardround.conf", &text);
	assert_null(wr_config_find_ward(config, "kings"));
	assert_null(wr_config_find_ward(config, NULL));
	assert_null(wr_config_find_consultant(config, "dr"));
	assert_null(wr_config_find_round(&config->wards[0], ""));
	assert_null(wr_config_find_webhook(config, "sms"));
	assert_int_equal(wr_config_consultant_index(config, NULL), -1);
	assert_int_equal(wr_config_ward_index(config, "x"), -1);
}

/* ---- texts of their own ---- */

static const char start[] = "public-url = \"https://times.example.org/\"\n";

static const struct wr_config *must_read_text(const char *text)
{
	const struct wr_config *config = NULL;
	struct wr_config_diagnostics diagnostics;
	const char *whole = wr_arena_printf(&arena, "%s%s", start, text);
	if (read_text(&arena, whole, &config, &diagnostics) != 0)
		fail_msg("%s", said(&diagnostics));
	return config;
}

static void test_shortest_config_has_every_default(void **state)
{
	(void)state;
	const struct wr_config *config = must_read_text("");
	assert_string_equal(config->public_url, "https://times.example.org");
	assert_int_equal(config->listen.n, 1);
	assert_string_equal(config->listen.items[0], "127.0.0.1:8480");
	assert_string_equal(config->listen_staff, "");
	assert_string_equal(config->metrics, "127.0.0.1:8481");
	assert_string_equal(config->control, "/run/wardround/control.sock");
	assert_string_equal(config->country_code, "44");
	assert_int_equal(config->max_connections_per_address, 100);
	assert_int_equal(config->reminders.before.n, 3);
}

static void test_texts_keep_quotes_backslashes_and_hashes(void **state)
{
	(void)state;
	const struct wr_config *config = must_read_text(
	    "consultant a { name = \"Dr \\\"Zo\xc3\xab\\\" # \\\\ ${HOME}\" } # end");
	assert_string_equal(config->consultants[0].name, "Dr \"Zo\xc3\xab\" # \\ ${HOME}");
}

static void test_lists_may_go_over_lines_and_end_with_a_comma(void **state)
{
	(void)state;
	const struct wr_config *config = must_read_text(
	    "listen = {\n \"127.0.0.1:1\", # first\r\n \"unix:run/x.sock\",\n}\nmetrics = \"\"");
	assert_int_equal(config->listen.n, 2);
	assert_string_equal(config->listen.items[1], "unix:run/x.sock");
	assert_string_equal(config->metrics, "");
}

static void test_nothing_to_listen_on_is_allowed(void **state)
{
	(void)state;
	assert_int_equal(must_read_text("listen = \"\"")->listen.n, 0);
	assert_int_equal(must_read_text("listen = { }")->listen.n, 0);
}

static void test_paths_are_relative_to_the_file_they_stand_in(void **state)
{
	(void)state;
	const char first[] = "public-url = \"http://[::1]:8480\" database = \"ward.db\"";
	const char second[] =
	    "control = \"c.sock\" paper-dir = \"/paper\" listen = \"unix:l.sock\"";
	struct wr_config_source sources[] = {
	    {"/etc/wardround/wardround.conf", first, strlen(first)},
	    {"/etc/wardround/conf.d/a.conf", second, strlen(second)},
	};
	struct wr_config_port port = port_in("/");
	const struct wr_config *config;
	struct wr_config_diagnostics diagnostics;
	assert_int_equal(wr_config_read(&arena, sources, 2, &port, NOW, &config, &diagnostics), 0);
	assert_string_equal(config->database, "/etc/wardround/ward.db");
	assert_string_equal(config->control, "/etc/wardround/conf.d/c.sock");
	assert_string_equal(config->paper_dir, "/paper");
	assert_string_equal(config->listen.items[0], "unix:/etc/wardround/conf.d/l.sock");
}

static void test_by_hand_turns_plan_and_publish_off(void **state)
{
	(void)state;
	const struct wr_config *config = must_read_text(
	    "ward w { name = \"W\" beds = 1 contact-phone = \"123\" publish = \"by hand\" }");
	assert_true(config->wards[0].plan.by_hand);
	assert_true(config->wards[0].publish.by_hand);
}

static void test_webhook_takes_its_events_of_its_wards(void **state)
{
	(void)state;
	const struct wr_config *config = must_read_text(
	    "ward a { name = \"A\" beds = 1 contact-phone = \"123\" }\n"
	    "ward b { name = \"B\" beds = 1 contact-phone = \"123\" }\n"
	    "webhook sms { url = \"https://sms.example.org\" secret-file = \"sms.secret\"\n"
	    "  events = { \"slot\" } wards = { \"b\" } }\n"
	    "webhook chat { url = \"https://chat.example.org\" format = \"teams\" }\n");
	const struct wr_config_webhook *sms = wr_config_find_webhook(config, "sms"),
				       *chat = wr_config_find_webhook(config, "chat");
	assert_true(wr_config_webhook_serves(sms, 1, WR_EVENT_SLOT));
	assert_false(wr_config_webhook_serves(sms, 0, WR_EVENT_SLOT));
	assert_false(wr_config_webhook_serves(sms, 1, WR_EVENT_REMINDER));
	assert_true(wr_config_webhook_serves(chat, 0, WR_EVENT_TASK));
	assert_false(wr_config_webhook_serves(chat, 0, WR_EVENT_SLOT));
	assert_int_equal(sms->secrets.n, 1);
	assert_int_equal(sms->secrets.items[0].length, 24);
	assert_false(sms->send_contact);
	assert_true(sms->reply_links);
	assert_string_equal(wr_webhook_format_name(chat->format), "teams");
}

static void test_no_source_at_all_is_refused(void **state)
{
	(void)state;
	struct wr_config_port port = port_in("/");
	const struct wr_config *config;
	struct wr_config_diagnostics diagnostics;
	assert_int_equal(
	    wr_config_read(&arena, NULL, 0, &port, NOW, &config, &diagnostics), WR_CONFIG_BAD);
	assert_null(config);
	assert_int_equal(diagnostics.n, 1);
}

static void test_public_url_has_no_path(void **state)
{
	(void)state;
	const struct wr_config *config;
	struct wr_config_diagnostics diagnostics;
	assert_int_equal(
	    read_text(&arena, "public-url = \"https://a.org/x\"", &config, &diagnostics),
	    WR_CONFIG_BAD);
	assert_string_equal(diagnostics.items[0].text, "`public-url` can't have a path");
	assert_int_equal(diagnostics.items[0].column, 14);
}

static void test_thousands_of_mistakes_are_counted_and_some_are_shown(void **state)
{
	(void)state;
	struct wr_buf text = {0};
	wr_buf_puts(&text, start);
	for (int i = 0; i < 5000; i++)
		wr_buf_printf(&text, "unknown%d = %d\n", i, i);
	const struct wr_config *config;
	struct wr_config_diagnostics diagnostics;
	assert_int_equal(
	    read_text(&arena, wr_buf_text(&text), &config, &diagnostics), WR_CONFIG_BAD);
	assert_int_equal(diagnostics.errors, 5000);
	assert_int_equal(diagnostics.n, WR_CONFIG_DIAGNOSTICS_MAX + 1);
	assert_string_equal(
	    diagnostics.items[diagnostics.n - 1].text, "there are 4500 more; mend these first");
	wr_buf_deinit(&text);
}

static void test_a_file_that_is_too_large_is_refused_unread(void **state)
{
	(void)state;
	char *bytes = wr_arena_alloc(&arena, WR_CONFIG_SOURCE_MAX + 1, 1);
	memset(bytes, '{', WR_CONFIG_SOURCE_MAX + 1);
	struct wr_config_source source = {"big.conf", bytes, WR_CONFIG_SOURCE_MAX + 1};
	struct wr_config_port port = port_in("/");
	const struct wr_config *config;
	struct wr_config_diagnostics diagnostics;
	assert_int_equal(
	    wr_config_read(&arena, &source, 1, &port, NOW, &config, &diagnostics), WR_CONFIG_BAD);
	assert_string_equal(diagnostics.items[0].text, "a config file over 1024 KiB is not read");
}

static void test_a_mistake_in_a_long_line_shows_the_part_that_matters(void **state)
{
	(void)state;
	const struct wr_config *config;
	struct wr_config_diagnostics diagnostics;
	struct wr_buf text = {0};
	for (int i = 0; i < 3000; i++)
		wr_buf_puts(&text, "\xc3\xab ");
	wr_buf_clear(&text);
	wr_buf_printf(&text,
	    "%s consultant a { name = \"%0*d\" } rubbish = 1 consultant b { name = "
	    "\"%0*d\" }",
	    "public-url = \"https://times.example.org\"", 90, 0, 90, 0);
	read_text(&arena, wr_buf_text(&text), &config, &diagnostics);
	const struct wr_config_diagnostic *diagnostic = &diagnostics.items[0];
	assert_in_range(strlen(diagnostic->source_line), 1, 160);
	assert_memory_equal(diagnostic->source_line + diagnostic->caret, "rubbish", 7);
	assert_int_equal(diagnostic->column, strstr(wr_buf_text(&text), "rubbish") - text.data + 1);
	wr_buf_deinit(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_sample_ward_is_read_whole, empty_arena),
	    cmocka_unit_test_teardown(
		test_sample_ward_is_warned_of_first_slots_and_staff_events_only, empty_arena),
	    cmocka_unit_test_teardown(
		test_cells_of_the_sample_rounds_are_those_of_the_planner, empty_arena),
	    cmocka_unit_test(test_a_slot_that_would_touch_a_break_starts_after_it),
	    cmocka_unit_test(test_a_whole_day_of_the_shortest_slots_fits),
	    cmocka_unit_test_teardown(
		test_installed_config_is_right_without_a_warning_but_for_webhooks, empty_arena),
	    cmocka_unit_test_teardown(test_holidays_and_weekends_are_no_working_days, empty_arena),
	    cmocka_unit_test_teardown(test_unknown_ids_are_not_found, empty_arena),
	    cmocka_unit_test_teardown(test_shortest_config_has_every_default, empty_arena),
	    cmocka_unit_test_teardown(test_texts_keep_quotes_backslashes_and_hashes, empty_arena),
	    cmocka_unit_test_teardown(
		test_lists_may_go_over_lines_and_end_with_a_comma, empty_arena),
	    cmocka_unit_test_teardown(test_nothing_to_listen_on_is_allowed, empty_arena),
	    cmocka_unit_test_teardown(
		test_paths_are_relative_to_the_file_they_stand_in, empty_arena),
	    cmocka_unit_test_teardown(test_by_hand_turns_plan_and_publish_off, empty_arena),
	    cmocka_unit_test_teardown(test_webhook_takes_its_events_of_its_wards, empty_arena),
	    cmocka_unit_test_teardown(test_no_source_at_all_is_refused, empty_arena),
	    cmocka_unit_test_teardown(test_public_url_has_no_path, empty_arena),
	    cmocka_unit_test_teardown(
		test_thousands_of_mistakes_are_counted_and_some_are_shown, empty_arena),
	    cmocka_unit_test_teardown(test_a_file_that_is_too_large_is_refused_unread, empty_arena),
	    cmocka_unit_test_teardown(
		test_a_mistake_in_a_long_line_shows_the_part_that_matters, empty_arena),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
