#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask_desk.h"

/* Kingsley as it was built, but for the day of its round and how many cells it has. */

static char path[] = "/tmp/reload-XXXXXX";

static void write_config(struct built_desk *d, const char *day, const char *to)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file,
	    "public-url = \"https://times.example.org\"\n"
	    "consultant shah { name = \"Dr Asha Shah\" }\n"
	    "ward kingsley {\n"
	    " name = \"Kingsley Ward\"\n timezone = \"Europe/London\"\n beds = 25\n"
	    " contact-phone = \"01632 960009\"\n plan = \"by hand\"\n publish = \"by hand\"\n"
	    " round shah {\n  consultant = \"shah\"\n  days = { \"%s\" }\n  from = \"09:00\"\n"
	    "  to = \"%s\"\n  slot = \"25 minutes\"\n  changeover = \"5 minutes\"\n"
	    "  room = \"Quiet Room\"\n }\n}\n",
	    day, to);
	assert_int_equal(fclose(file), 0);
	d->desk.config_path = path;
}

static int make_file(void **state)
{
	(void)state;
	int fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

/* Two published slots, s-1 and s-2, on Monday morning. */
static struct built_desk *published(void)
{
	struct built_desk *d = desk_build("", "2026-11-27T10:00:00Z");
	desk_admit(d, "P1");
	desk_admit(d, "P2");
	desk_must(d, "plan make", "{'ward':'kingsley','week':'2026-W49'}");
	desk_must(d, "plan publish", "{'ward':'kingsley','week':'2026-W49'}");
	return d;
}

static const char *where(struct built_desk *d, const char *slot)
{
	return wr_arena_printf(&d->words, "%s %.16s",
	    desk_says(d, "slot.state", "slot show", "{'slot':'%s'}", slot),
	    desk_says(d, "slot.start", "slot show", "{'slot':'%s'}", slot));
}

static void test_reload_that_strands_slots_is_refused_and_names_them(void **state)
{
	(void)state;
	struct built_desk *d = published();
	write_config(d, "Tuesday", "12:40");
	const char *before = desk_dump(d);
	assert_string_equal(desk_says(d, "stranded.#", "config reload", "{'dry_run':true}"), "2");
	assert_string_equal(desk_refusal(d, "config reload", "{}"),
	    "refused: 2 published slots would be stranded: the session is no longer there");
	json_t *answer = desk_ask(d, "config reload", "{}");
	assert_string_equal(json_string_value(desk_at(answer, "error.stranded.1.slot")), "s-2");
	json_decref(answer);
	assert_string_equal(desk_dump(d), before);
	assert_string_equal(
	    desk_says(d, "sessions.0.starts.0", "session list", "{'week':'2026-W49'}"),
	    "2026-11-30T09:00:00+00:00");
	desk_free(d);
}

static void test_stranded_slots_are_moved_when_told(void **state)
{
	(void)state;
	struct built_desk *d = published();
	write_config(d, "Tuesday", "12:40");
	desk_must(d, "config reload", "{'move':true," YES "}");
	assert_string_equal(where(d, "s-1"), "published 2026-12-01T09:00");
	assert_string_equal(where(d, "s-2"), "published 2026-12-01T09:25");
	assert_string_equal(desk_says(d, "slot.revision", "slot show", "{'slot':'s-1'}"), "2");
	for (int n = 1; n <= 8; n++)
		assert_string_equal(desk_promise(d, n), "kept");
	desk_free(d);
}

static void test_stranded_slot_without_a_place_is_cancelled_and_said(void **state)
{
	(void)state;
	struct built_desk *d = published();
	write_config(d, "Tuesday", "09:25"); /* one cell */
	desk_must(d, "config reload", "{'move':true," YES "}");
	assert_string_equal(where(d, "s-1"), "published 2026-12-01T09:00");
	assert_string_equal(where(d, "s-2"), "cancelled 2026-11-30T09:25");
	assert_string_equal(desk_says(d, "unplaced.0.patient", "status show", "{}"), "P2");
	assert_string_equal(desk_promise(d, 1), "kept");
	desk_free(d);
}

static void test_bad_file_leaves_the_configuration_as_it_was(void **state)
{
	(void)state;
	struct built_desk *d = published();
	write_config(d, "Mondag", "12:40");
	const char *before = desk_dump(d);
	assert_non_null(strstr(desk_refusal(d, "config reload", "{}"), "config: 1 mistake"));
	assert_string_equal(desk_dump(d), before);
	desk_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reload_that_strands_slots_is_refused_and_names_them),
	    cmocka_unit_test(test_stranded_slots_are_moved_when_told),
	    cmocka_unit_test(test_stranded_slot_without_a_place_is_cancelled_and_said),
	    cmocka_unit_test(test_bad_file_leaves_the_configuration_as_it_was),
	};
	return cmocka_run_group_tests(tests, make_file, remove_file);
}
