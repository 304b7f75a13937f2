#include "folder.h"

static const char *const about_p01[] = {"patient:P01", "slot:s-1"};
static const char *const about_p02[] = {"patient:P02"};

static struct wr_store_audit an_entry(const char *const *refs, size_t n_refs)
{
	return (struct wr_store_audit){.at = MONDAY,
	    .actor = "uid 1000",
	    .verb = "slot.move",
	    .refs = refs,
	    .n_refs = n_refs,
	    .reason = "Wen Reed can't come earlier",
	    .before = "{\"start\":1}",
	    .after = "{\"start\":2}"};
}

/* Seq 1 and 3 are about P01, 2 and 4 about P02. */
static void add_four(struct wr_tx *tx)
{
	for (int i = 0; i < 4; i++) {
		struct wr_store_audit entry =
		    i % 2 == 0 ? an_entry(about_p01, 2) : an_entry(about_p02, 1);
		entry.at += i * 60;
		assert_int_equal(wr_store_audit_add(tx, &entry), 0);
	}
}

static void test_entries_come_back_oldest_first(void **state)
{
	struct fixture *f = *state;
	struct wr_store_audit *list;
	size_t n;
	add_four(f->tx);
	assert_int_equal(wr_store_audit_list(f->tx, &f->arena, NULL, &list, &n), 0);
	assert_int_equal(n, 4);
	assert_int_equal(list[0].seq, 1);
	assert_string_equal(list[0].actor, "uid 1000");
	assert_string_equal(list[0].reason, "Wen Reed can't come earlier");
	assert_string_equal(list[0].after, "{\"start\":2}");
	assert_int_equal(list[0].n_refs, 2);
	assert_string_equal(list[0].refs[0], "patient:P01");
	assert_string_equal(list[0].refs[1], "slot:s-1");
	struct wr_store_audit_filter filter = {.ref = "patient:P02", .limit = 1};
	assert_int_equal(wr_store_audit_list(f->tx, &f->arena, &filter, &list, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].seq, 4);
	filter = (struct wr_store_audit_filter){.from = MONDAY + 60, .to = MONDAY + 180};
	assert_int_equal(wr_store_audit_list(f->tx, &f->arena, &filter, &list, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].seq, 2);
}

static struct wr_store_audit_state verify(struct wr_tx *tx)
{
	struct wr_store_audit_state state;
	assert_int_equal(wr_store_audit_verify(tx, &state), 0);
	return state;
}

static void test_an_untouched_chain_holds(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(verify(f->tx).entries, 0);
	assert_string_equal(verify(f->tx).head, "");
	add_four(f->tx);
	assert_int_equal(verify(f->tx).entries, 4);
	assert_int_equal(verify(f->tx).first_bad, 0);
	assert_int_equal(strlen(verify(f->tx).head), 64);
}

static void test_erasing_words_keeps_the_chain(void **state)
{
	struct fixture *f = *state;
	struct wr_store_audit *list;
	size_t n;
	add_four(f->tx);
	assert_int_equal(wr_store_audit_erase(f->tx, "patient:P01", &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(verify(f->tx).first_bad, 0);
	assert_int_equal(wr_store_audit_list(f->tx, &f->arena, NULL, &list, &n), 0);
	assert_int_equal(n, 4);
	assert_true(list[0].erased);
	assert_null(list[0].reason);
	assert_null(list[0].after);
	assert_false(list[1].erased);
	assert_non_null(list[1].reason);
}

static void test_the_chain_refuses_to_be_changed(void **state)
{
	struct fixture *f = *state;
	add_four(f->tx);
	assert_int_equal(wr_sql_run(f->tx, "UPDATE audit SET actor = 'nobody'", NULL, 0, NULL),
	    WR_STORE_REFUSED);
	assert_int_equal(
	    wr_sql_run(f->tx, "DELETE FROM audit WHERE seq = 4", NULL, 0, NULL), WR_STORE_REFUSED);
}

static void test_the_same_words_have_another_digest_each_time(void **state)
{
	struct fixture *f = *state;
	int64_t n = 0;
	add_four(f->tx);
	assert_int_equal(
	    wr_sql_int(f->tx, "SELECT count(DISTINCT reason_digest) FROM audit", NULL, 0, &n), 0);
	assert_int_equal(n, 4);
}

/* Somebody with the file and its password to the machine. */
static void test_every_way_of_tampering_is_noticed(void **state)
{
	struct folder *folder = *state;
	static const struct wr_store_options no_loop;
	static const struct {
		const char *sql;
		int64_t first_bad;
	} ways[] = {
	    {"UPDATE audit SET actor = 'uid 0' WHERE seq = 2", 2},
	    {"UPDATE audit SET verb = 'slot.show' WHERE seq = 1", 1},
	    {"UPDATE audit SET at = at + 1 WHERE seq = 4", 4},
	    {"UPDATE audit SET refs = 'patient:P09' WHERE seq = 3", 3},
	    {"UPDATE audit SET after_digest = before_digest WHERE seq = 3", 3},
	    {"UPDATE audit_detail SET reason = 'other words' WHERE seq = 2", 2},
	    {"UPDATE audit_detail SET before = NULL WHERE seq = 4", 4},
	    {"DELETE FROM audit_ref; DELETE FROM audit_detail WHERE seq = 2;"
	     "DELETE FROM audit WHERE seq = 2",
		2},
	    {"DELETE FROM audit_ref; DELETE FROM audit_detail; DELETE FROM audit WHERE seq = 1", 1},
	    {"UPDATE audit SET hash = substr(hash, 2) || substr(hash, 1, 1) WHERE seq = 4", 4},
	};
	for (size_t i = 0; i < WR_COUNT(ways); i++) {
		struct wr_store *store = open_store(folder, &no_loop);
		add_four(&store->writer.tx);
		assert_int_equal(verify(&store->writer.tx).first_bad, 0);
		wr_store_close(store, NULL, NULL);
		meddle(
		    folder, "DROP TRIGGER audit_never_changes; DROP TRIGGER audit_never_shrinks");
		meddle(folder, ways[i].sql);
		store = open_store(folder, &no_loop);
		if (verify(&store->writer.tx).first_bad != ways[i].first_bad)
			fail_msg("not noticed: %s", ways[i].sql);
		wr_store_close(store, NULL, NULL);
		assert_int_equal(unlink(folder->file), 0);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_memory, close_memory)
	const struct CMUnitTest tests[] = {
	    TEST(test_entries_come_back_oldest_first),
	    TEST(test_an_untouched_chain_holds),
	    TEST(test_erasing_words_keeps_the_chain),
	    TEST(test_the_chain_refuses_to_be_changed),
	    TEST(test_the_same_words_have_another_digest_each_time),
	    cmocka_unit_test_setup_teardown(
		test_every_way_of_tampering_is_noticed, make_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
