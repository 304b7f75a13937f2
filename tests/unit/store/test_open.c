#include "folder.h"

static const struct wr_store_options no_loop;

static void make_file(const struct folder *folder, const char *bytes, size_t length)
{
	int file = open(folder->file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(file, bytes, length), (ssize_t)length);
	close(file);
}

static void refuses(const struct folder *folder, int outcome, const char *words)
{
	struct wr_store *store = NULL;
	char *error = NULL;
	assert_int_equal(wr_store_open(folder->file, &no_loop, &store, &error), outcome);
	assert_null(store);
	assert_non_null(strstr(error, folder->path));
	if (!strstr(error, words))
		fail_msg("\"%s\" does not say \"%s\"", error, words);
	free(error);
}

static void close_store(struct wr_store *store)
{
	wr_store_close(store, NULL, NULL);
}

static void test_a_new_file_is_private_and_says_whose_it_is(void **state)
{
	struct folder *folder = *state;
	struct stat about;
	char head[72];
	struct wr_store *store = open_store(folder, &no_loop);
	assert_int_equal(stat(folder->file, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	int file = open(folder->file, O_RDONLY);
	assert_int_equal(read(file, head, sizeof(head)), sizeof(head));
	close(file);
	assert_memory_equal(head + 68, "WARD", 4);
	close_store(store);
	assert_int_equal(chmod(folder->file, 0644), 0);
	close_store(open_store(folder, &no_loop));
	assert_int_equal(stat(folder->file, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
}

static void test_what_was_written_is_there_after_opening_again(void **state)
{
	struct folder *folder = *state;
	struct wr_arena arena = {0};
	struct wr_patient got;
	struct wr_store *store = open_store(folder, &no_loop);
	put_patients(&store->writer.tx, 2);
	close_store(store);
	store = open_store(folder, &no_loop);
	assert_int_equal(wr_store_patient_get(&store->writer.tx, &arena, "P02", &got), 0);
	assert_string_equal(got.name, "Uma Kerr");
	close_store(store);
	wr_arena_deinit(&arena);
}

static void test_a_second_daemon_is_refused(void **state)
{
	struct folder *folder = *state;
	struct wr_store *store = open_store(folder, &no_loop);
	refuses(folder, WR_STORE_LOCKED, "in use by another wardroundd");
	close_store(store);
	close_store(open_store(folder, &no_loop));
}

static void test_what_is_no_database_is_refused_and_left_alone(void **state)
{
	struct folder *folder = *state;
	static const char text[] = "ref,name,ward\nP01,Cy North,kingsley\n";
	char now[sizeof(text)] = "";
	make_file(folder, text, sizeof(text) - 1);
	refuses(folder, WR_STORE_UNUSABLE, "is not a database");
	int file = open(folder->file, O_RDONLY);
	assert_int_equal(read(file, now, sizeof(now)), sizeof(text) - 1);
	close(file);
	assert_string_equal(now, text);
	make_file(folder, "SQLite", 6);
	refuses(folder, WR_STORE_UNUSABLE, "is not a database");
}

static void test_a_folder_in_its_place_is_refused(void **state)
{
	struct folder *folder = *state;
	assert_int_equal(mkdir(folder->file, 0700), 0);
	refuses(folder, -EISDIR, "can't be opened");
	rmdir(folder->file);
}

static void test_a_missing_folder_is_said(void **state)
{
	struct folder *folder = *state;
	struct folder missing = *folder;
	snprintf(missing.file, sizeof(missing.file), "%s/none/ward.db", folder->path);
	refuses(&missing, -ENOENT, "No such file");
}

static void test_the_database_of_another_program_is_refused_and_left_alone(void **state)
{
	struct folder *folder = *state;
	struct stat before, after;
	meddle(folder, "CREATE TABLE bookmarks (id)");
	assert_int_equal(stat(folder->file, &before), 0);
	refuses(folder, WR_STORE_UNUSABLE, "is the database of another program");
	assert_int_equal(stat(folder->file, &after), 0);
	assert_int_equal(before.st_size, after.st_size);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	meddle(folder, "PRAGMA application_id = 252006675");
	refuses(folder, WR_STORE_UNUSABLE, "application id 252006675");
}

static void test_a_file_of_a_newer_wardround_is_refused(void **state)
{
	struct folder *folder = *state;
	close_store(open_store(folder, &no_loop));
	meddle(folder, "PRAGMA user_version = 9");
	refuses(folder, WR_STORE_UNUSABLE, "made by a newer wardround");
}

static void damage(const struct folder *folder, off_t from, size_t length)
{
	char *noise = wr_alloc(1, length);
	memset(noise, 0xa5, length);
	int file = open(folder->file, O_WRONLY);
	assert_int_equal(pwrite(file, noise, length, from), (ssize_t)length);
	close(file);
	free(noise);
}

static void test_a_damaged_file_is_refused(void **state)
{
	struct folder *folder = *state;
	struct wr_store *store = open_store(folder, &no_loop);
	put_patients(&store->writer.tx, 20);
	close_store(store);
	damage(folder, 4096, 4096);
	refuses(folder, WR_STORE_UNUSABLE, "is damaged");
	damage(folder, 100, 3996); /* the table of tables */
	refuses(folder, WR_STORE_UNUSABLE, "is damaged");
}

static void test_a_cut_file_is_refused(void **state)
{
	struct folder *folder = *state;
	close_store(open_store(folder, &no_loop));
	assert_int_equal(truncate(folder->file, 8192), 0);
	refuses(folder, WR_STORE_UNUSABLE, "is damaged");
}

/* ---- migrations ---- */

static const char *const text_two[] = {"ALTER TABLE meta ADD COLUMN note TEXT;",
    "INSERT INTO meta (name, text, note) VALUES ('two', '2', 'new');", NULL};
static const char *const text_bad[] = {"INSERT INTO meta (name, text) VALUES ('three', '3');",
    "ALTER TABLE nowhere ADD COLUMN note TEXT;", NULL};

static int64_t ask(struct wr_tx *tx, const char *sql)
{
	int64_t number = -1;
	assert_int_equal(wr_sql_int(tx, sql, NULL, 0, &number), 0);
	return number;
}

static void test_a_migration_keeps_a_copy_of_what_was(void **state)
{
	struct folder *folder = *state;
	struct folder copy = *folder;
	struct stat about;
	char *error = NULL;
	struct wr_store *store = open_store(folder, &no_loop);
	struct wr_tx *tx = &store->writer.tx;
	const struct wr_migration both[] = {wr_store_migrations[0], {2, text_two}};
	assert_int_equal(wr_store_meta_put(tx, "salt", "grain"), 0);
	assert_int_equal(wr_schema_migrate(tx, folder->file, both, 2, &error), 0);
	assert_int_equal(ask(tx, "PRAGMA user_version"), 2);
	assert_int_equal(ask(tx, "SELECT count(note) FROM meta"), 1);
	/* again: nothing to do */
	assert_int_equal(wr_schema_migrate(tx, folder->file, both, 2, &error), 0);
	close_store(store);
	refuses(folder, WR_STORE_UNUSABLE, "ward.db.before-v2");

	snprintf(copy.file, sizeof(copy.file), "%s/ward.db.before-v2", folder->path);
	assert_int_equal(stat(copy.file, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	store = open_store(&copy, &no_loop);
	struct wr_arena arena = {0};
	const char *salt = NULL;
	assert_int_equal(wr_store_meta_get(&store->writer.tx, &arena, "salt", &salt), 0);
	assert_string_equal(salt, "grain");
	close_store(store);
	wr_arena_deinit(&arena);
}

static void test_a_migration_that_fails_changes_nothing(void **state)
{
	struct folder *folder = *state;
	char *error = NULL;
	struct wr_store *store = open_store(folder, &no_loop);
	struct wr_tx *tx = &store->writer.tx;
	const struct wr_migration bad[] = {wr_store_migrations[0], {2, text_bad}};
	assert_int_equal(wr_schema_migrate(tx, folder->file, bad, 2, &error), -EIO);
	assert_non_null(strstr(error, "can't be brought to version 2"));
	free(error);
	assert_int_equal(ask(tx, "PRAGMA user_version"), 1);
	assert_int_equal(ask(tx, "SELECT count(*) FROM meta"), 0);
	close_store(store);
	close_store(open_store(folder, &no_loop));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
	    TEST(test_a_new_file_is_private_and_says_whose_it_is),
	    TEST(test_what_was_written_is_there_after_opening_again),
	    TEST(test_a_second_daemon_is_refused),
	    TEST(test_what_is_no_database_is_refused_and_left_alone),
	    TEST(test_a_folder_in_its_place_is_refused),
	    TEST(test_a_missing_folder_is_said),
	    TEST(test_the_database_of_another_program_is_refused_and_left_alone),
	    TEST(test_a_file_of_a_newer_wardround_is_refused),
	    TEST(test_a_damaged_file_is_refused),
	    TEST(test_a_cut_file_is_refused),
	    TEST(test_a_migration_keeps_a_copy_of_what_was),
	    TEST(test_a_migration_that_fails_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
