#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/whole_file.h"
#include "wardround/base.h"

static char folder[64];

static const char *path_of(const char *name)
{
	static char path[128];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static const char *read_it(const char *name)
{
	static char text[64];
	FILE *file = fopen(path_of(name), "r");
	size_t n = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
	text[n] = '\0';
	if (file)
		fclose(file);
	return text;
}

static int write_it(const char *name, const char *text)
{
	return wr_whole_file_write(folder, name, 0640, text, strlen(text));
}

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/whole-file-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static bool every(const char *name, const void *data)
{
	(void)data;
	return *name != '.';
}

static int remove_folder(void **state)
{
	(void)state;
	wr_whole_file_prune(folder, every, NULL);
	return rmdir(folder);
}

static void test_file_is_written_with_its_mode_and_replaced(void **state)
{
	(void)state;
	struct stat is;
	assert_int_equal(wr_whole_file_find(folder, "list"), -ENOENT);
	assert_int_equal(write_it("list", "one"), 0);
	assert_int_equal(write_it("list", "another"), 0);
	assert_string_equal(read_it("list"), "another");
	assert_int_equal(wr_whole_file_find(folder, "list"), 0);
	assert_int_equal(stat(path_of("list"), &is), 0);
	assert_int_equal(is.st_mode & 0777, 0640);
}

static void test_write_that_fails_half_way_leaves_the_old_file_and_nothing_else(void **state)
{
	(void)state;
	struct rlimit before, small;
	static char text[8192];
	assert_int_equal(write_it("list", "old"), 0);
	memset(text, 'x', sizeof(text));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 4096;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	int r = wr_whole_file_write(folder, "list", 0640, text, sizeof(text));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(r, -EFBIG);
	assert_string_equal(read_it("list"), "old");
	assert_int_not_equal(access(path_of(".unfinished-list"), F_OK), 0);
}

static void test_what_a_dead_writer_left_is_written_over_and_removed(void **state)
{
	(void)state;
	FILE *left = fopen(path_of(".unfinished-list"), "w");
	assert_non_null(left);
	fputs("half a li", left);
	fclose(left);
	assert_int_equal(write_it("list", "whole"), 0);
	assert_string_equal(read_it("list"), "whole");
	left = fopen(path_of(".unfinished-other"), "w");
	assert_non_null(left);
	fclose(left);
	assert_int_equal(wr_whole_file_prune(folder, every, NULL), 0);
	assert_int_not_equal(access(path_of(".unfinished-other"), F_OK), 0);
	assert_int_equal(wr_whole_file_find(folder, "list"), -ENOENT);
}

static void test_folder_that_is_not_there_is_said(void **state)
{
	(void)state;
	assert_int_equal(wr_whole_file_write("/nowhere/at/all", "list", 0640, "x", 1), -ENOENT);
	assert_int_equal(wr_whole_file_find("/nowhere/at/all", "list"), -ENOENT);
	assert_int_equal(wr_whole_file_prune("/nowhere/at/all", every, NULL), -ENOENT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
	    TEST(test_file_is_written_with_its_mode_and_replaced),
	    TEST(test_write_that_fails_half_way_leaves_the_old_file_and_nothing_else),
	    TEST(test_what_a_dead_writer_left_is_written_over_and_removed),
	    TEST(test_folder_that_is_not_there_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
