/* What comes from the settings table: showing, the manual, and the installed example. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "../../../lib/config/reader.h"
#include "port.h"

static struct wr_arena arena;

static int empty_arena(void **state)
{
	(void)state;
	wr_arena_deinit(&arena);
	return 0;
}

static const char full[] =
    "public-url = \"https://times.example.org\"\n"
    "listen = { \"127.0.0.1:80\", \"unix:/run/x\" } trusted-proxies = { \"10.0.0.0/8\" }\n"
    "consultant shah { name = \"Dr \\\"A\\\" \\\\ Shah\" } consultant osei { name = \"Osei\" }\n"
    "ward w { name = \"W\" beds = 3 contact-phone = \"123\" publish = \"by hand\"\n"
    "  first-slot-with = { \"osei\" } notice = \"90 minutes\"\n"
    "  round a { consultant = \"osei\" days = { \"Friday\", \"Monday\" } from = \"09:00\"\n"
    "    to = \"24:00\" slot = \"1 hour\" breaks = { \"12:00-13:00\", \"10:00-10:05\" }\n"
    "    room = \"R\" join = { \"https://a.example.org/1\" } lobby = true keep-free = 2 }\n"
    "}\n"
    "reminders { before = { } quiet = \"\" }\n"
    "webhook sms { url = \"https://b.example.org\" secret-file = \"sms.secret\"\n"
    "  events = { \"slot\", \"task\" } wards = { \"w\" } reply-links = false }\n";

static const struct wr_config *must_read(const char *text)
{
	const struct wr_config *config = NULL;
	struct wr_config_diagnostics diagnostics;
	if (read_text(&arena, text, &config, &diagnostics) != 0)
		fail_msg("%s\n%s", text, said(&diagnostics));
	return config;
}

static const char *show(const struct wr_config *config)
{
	struct wr_buf buf = {0};
	wr_config_show(config, &buf);
	const char *text = wr_arena_strdup(&arena, wr_buf_text(&buf));
	wr_buf_deinit(&buf);
	return text;
}

static void test_what_is_shown_reads_as_the_same_config(void **state)
{
	(void)state;
	const struct wr_config *config = must_read(full);
	const char *shown = show(config);
	const struct wr_config *again = must_read(shown);
	assert_string_equal(show(again), shown);
	json_t *one = wr_config_show_json(config), *two = wr_config_show_json(again);
	assert_true(json_equal(one, two));
	json_decref(one);
	json_decref(two);
	assert_string_equal(again->consultants[0].name, "Dr \"A\" \\ Shah");
	assert_int_equal(again->wards[0].rounds[0].to, 1440);
	assert_int_equal(again->reminders.quiet.from, again->reminders.quiet.to);
	assert_int_equal(again->webhooks[0].events, WR_EVENT_SLOT | WR_EVENT_TASK);
}

static void test_secrets_are_never_shown(void **state)
{
	(void)state;
	const struct wr_config *config = must_read(full);
	json_t *object = wr_config_show_json(config);
	char *json = json_dumps(object, 0);
	assert_non_null(strstr(show(config), "\"sms.secret\""));
	assert_null(strstr(show(config), "MfKQ9r8G"));
	assert_non_null(strstr(json, "\"sms.secret\""));
	assert_null(strstr(json, "MfKQ9r8G"));
	free(json);
	json_decref(object);
}

static void test_json_is_keyed_by_setting_and_id(void **state)
{
	(void)state;
	json_t *json = wr_config_show_json(must_read(full));
	json_t *ward = json_object_get(json_object_get(json, "wards"), "w");
	json_t *round = json_object_get(json_object_get(ward, "rounds"), "a");
	assert_int_equal(json_integer_value(json_object_get(ward, "beds")), 3);
	assert_string_equal(json_string_value(json_object_get(round, "consultant")), "osei");
	assert_string_equal(
	    json_string_value(json_array_get(json_object_get(round, "breaks"), 0)), "10:00-10:05");
	assert_true(json_is_true(json_object_get(round, "lobby")));
	assert_string_equal(json_string_value(json_object_get(round, "slot")), "60 minutes");
	assert_string_equal(json_string_value(json_object_get(ward, "notice")), "90 minutes");
	json_decref(json);
}

static void test_manual_has_every_setting_with_its_default(void **state)
{
	(void)state;
	struct wr_buf page = {0};
	wr_config_manual(&page);
	for (size_t i = 0; i < config_settings_n; i++) {
		const char *head = wr_arena_printf(&arena, "\n*%s* = ", config_settings[i].name);
		if (!strstr(wr_buf_text(&page), head))
			fail_msg("%s is missing", config_settings[i].name);
	}
	assert_non_null(strstr(wr_buf_text(&page), "Default: \"72 hours\""));
	wr_buf_deinit(&page);
}

static void test_defaults_are_read_without_a_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < config_settings_n; i++) {
		const struct setting *setting = &config_settings[i];
		assert_non_null(setting->kind->read);
		assert_non_null(setting->kind->show);
		assert_true(strlen(setting->help) > 10);
		if (setting->fallback)
			assert_int_not_equal(
			    config_parse_default(&arena, setting->fallback).kind, VALUE_BAD);
	}
}

/* ---- the installed example ---- */

/* "#webhook {" and "#    url" become settings; "# words" stay words. */
static char *turn_everything_on(const char *text)
{
	char *copy = wr_arena_strdup(&arena, text);
	bool inside = false;
	for (char *line = copy; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (line[0] != '#')
			continue;
		if (islower((unsigned char)line[1]))
			inside = true;
		if (inside)
			line[0] = ' ';
		if (line[1] == '}')
			inside = false;
	}
	return copy;
}

static bool has_setting(const struct section *section, enum section_kind kind, const char *name)
{
	if (section->kind == kind && config_find_entry(section, name))
		return true;
	for (const struct section *each = section->sections; each; each = each->next)
		if (has_setting(each, kind, name))
			return true;
	return false;
}

static void name_kinds(struct section *section)
{
	for (struct section *each = section->sections; each; each = each->next) {
		for (int kind = 1; kind < SECTION_KINDS; kind++)
			if (strcmp(config_sections[kind].name, each->name) == 0)
				each->kind = (enum section_kind)kind;
		name_kinds(each);
	}
}

static void test_example_shows_every_setting(void **state)
{
	(void)state;
	struct wr_config_file file = {0};
	assert_int_equal(slurp(&arena, data_path(&arena, "../../conf/wardround.conf"), &file), 0);
	char *text = turn_everything_on(wr_arena_strndup(&arena, file.bytes, file.length));
	struct wr_config_source source = {"wardround.conf", text, strlen(text)};
	struct reader reader = {.arena = &arena,
	    .sources = &source,
	    .n_sources = 1,
	    .top = config_section_new(&arena, "")};
	config_parse(&reader, 0, reader.top);
	assert_int_equal(reader.errors, 0);
	name_kinds(reader.top);
	for (size_t i = 0; i < config_settings_n; i++)
		if (!has_setting(reader.top, config_settings[i].section, config_settings[i].name))
			fail_msg("conf/wardround.conf does not show %s of %s",
			    config_settings[i].name,
			    config_sections[config_settings[i].section].name);
}

static int read_anything(
    void *context, struct wr_arena *into, const char *path, struct wr_config_file *ret_file)
{
	const char *folder = context;
	if (strstr(path, ".ics"))
		return slurp(into, wr_arena_printf(into, "%s/%s", folder, path), ret_file);
	bool key = strstr(path, ".key");
	return slurp(into,
	    data_path(into, key ? "config/files/notify.key" : "config/files/sms.secret"), ret_file);
}

static void test_example_is_right_with_everything_turned_on(void **state)
{
	(void)state;
	struct wr_config_file file = {0};
	assert_int_equal(slurp(&arena, data_path(&arena, "../../conf/wardround.conf"), &file), 0);
	char *text = turn_everything_on(wr_arena_strndup(&arena, file.bytes, file.length));
	struct wr_config_source source = {"wardround.conf", text, strlen(text)};
	struct wr_config_port port = port_in(data_path(&arena, "../../conf"));
	port.read_file = read_anything;
	const struct wr_config *config;
	struct wr_config_diagnostics diagnostics;
	if (wr_config_read(&arena, &source, 1, &port, NOW, &config, &diagnostics) != 0)
		fail_msg("%s", said(&diagnostics));
	assert_int_equal(config->n_webhooks, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_what_is_shown_reads_as_the_same_config, empty_arena),
	    cmocka_unit_test_teardown(test_secrets_are_never_shown, empty_arena),
	    cmocka_unit_test_teardown(test_json_is_keyed_by_setting_and_id, empty_arena),
	    cmocka_unit_test_teardown(test_manual_has_every_setting_with_its_default, empty_arena),
	    cmocka_unit_test_teardown(test_defaults_are_read_without_a_word, empty_arena),
	    cmocka_unit_test_teardown(test_example_shows_every_setting, empty_arena),
	    cmocka_unit_test_teardown(test_example_is_right_with_everything_turned_on, empty_arena),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
