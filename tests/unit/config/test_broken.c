/*
 * Each tests/data/config/broken/X.conf is read after base.conf, and what is said about it has to be
 * X.txt to the letter. With UPDATE_GOLDEN set the .txt are written anew, to be read by a person.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port.h"

static char *diagnose(struct wr_arena *arena, const char *name, bool *ret_refused)
{
	struct wr_config_file base = {0}, broken = {0};
	const char *path = wr_arena_printf(arena, "config/broken/%s.conf", name);
	assert_int_equal(slurp(arena, data_path(arena, "config/base.conf"), &base), 0);
	assert_int_equal(slurp(arena, data_path(arena, path), &broken), 0);
	struct wr_config_source sources[] = {
	    {"base.conf", base.bytes, base.length},
	    {"broken.conf", broken.bytes, broken.length},
	};
	struct wr_config_port port = port_in(data_path(arena, "config/files"));
	const struct wr_config *config = NULL;
	struct wr_config_diagnostics diagnostics;
	int outcome =
	    wr_config_read(arena, sources, WR_COUNT(sources), &port, NOW, &config, &diagnostics);
	*ret_refused = outcome == WR_CONFIG_BAD;
	assert_int_equal(*ret_refused, diagnostics.errors > 0);
	assert_int_equal(*ret_refused, config == NULL);
	return said(&diagnostics);
}

static void check_or_update(struct wr_arena *arena, const char *name)
{
	bool refused;
	char *text = diagnose(arena, name, &refused);
	const char *path = data_path(arena, wr_arena_printf(arena, "config/broken/%s.txt", name));
	if (getenv("UPDATE_GOLDEN")) {
		FILE *file = fopen(path, "w");
		assert_non_null(file);
		fputs(text, file);
		fclose(file);
	}
	struct wr_config_file expected = {0};
	if (slurp(arena, path, &expected) != 0)
		fail_msg("%s is missing", path);
	char *wanted = wr_arena_strndup(arena, expected.bytes, expected.length);
	if (strcmp(text, wanted) != 0)
		fail_msg("%s says:\n%s\nand not:\n%s", name, text, wanted);
	assert_int_equal(refused, !wr_text_starts(name, "warn-"));
	assert_true(*text);
	free(text);
}

static void test_every_broken_config_says_exactly_what_is_wrong(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	DIR *folder = opendir(data_path(&arena, "config/broken"));
	assert_non_null(folder);
	size_t n = 0;
	for (struct dirent *file; (file = readdir(folder));) {
		const char *end = strstr(file->d_name, ".conf");
		if (!end)
			continue;
		struct wr_arena own = {0};
		check_or_update(
		    &own, wr_arena_strndup(&own, file->d_name, (size_t)(end - file->d_name)));
		wr_arena_deinit(&own);
		n++;
	}
	closedir(folder);
	assert_in_range(n, 50, 1000);
	wr_arena_deinit(&arena);
}

static void test_base_alone_says_only_that_there_is_no_ward(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	struct wr_config_file base = {0};
	assert_int_equal(slurp(&arena, data_path(&arena, "config/base.conf"), &base), 0);
	const struct wr_config *config;
	struct wr_config_diagnostics diagnostics;
	char *text = wr_arena_strndup(&arena, base.bytes, base.length);
	assert_int_equal(read_text(&arena, text, &config, &diagnostics), 0);
	assert_int_equal(diagnostics.n, 1);
	assert_string_equal(diagnostics.items[0].text, "there is no ward");
	wr_arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_broken_config_says_exactly_what_is_wrong),
	    cmocka_unit_test(test_base_alone_says_only_that_there_is_no_ward),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
