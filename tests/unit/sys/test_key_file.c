#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/key_file.h"
#include "sys/random.h"

static char folder[] = "/tmp/key-XXXXXX", path[sizeof(folder) + 8];

static void write_file(const char *bytes, size_t n)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

static int make_folder(void **state)
{
	(void)state;
	if (wr_random_init() || !mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/key", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static void test_reading_makes_no_key(void **state)
{
	(void)state;
	unsigned char key[WR_KEY_FILE_BYTES];
	assert_int_equal(wr_key_file_read(path, key), -ENOENT);
	assert_int_equal(wr_key_file_read(path, key), -ENOENT);
}

static void test_made_key_is_private_and_read_again(void **state)
{
	(void)state;
	unsigned char made[WR_KEY_FILE_BYTES] = {0}, read[WR_KEY_FILE_BYTES] = {0};
	struct stat st;
	assert_int_equal(wr_key_file_make(path, made), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(wr_key_file_read(path, read), 0);
	assert_memory_equal(made, read, sizeof(made));
}

static void test_key_that_others_can_read_is_refused(void **state)
{
	(void)state;
	unsigned char key[WR_KEY_FILE_BYTES];
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(wr_key_file_read(path, key), -EPERM);
}

static void test_key_of_another_length_is_refused(void **state)
{
	(void)state;
	unsigned char key[WR_KEY_FILE_BYTES];
	write_file("thirty-one bytes are too few...", 31);
	assert_int_equal(wr_key_file_read(path, key), -EBADMSG);
	write_file("thirty-three bytes are one too many", 33);
	assert_int_equal(wr_key_file_read(path, key), -EBADMSG);
	write_file("", 0);
	assert_int_equal(wr_key_file_read(path, key), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reading_makes_no_key),
	    cmocka_unit_test(test_made_key_is_private_and_read_again),
	    cmocka_unit_test(test_key_that_others_can_read_is_refused),
	    cmocka_unit_test(test_key_of_another_length_is_refused),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
