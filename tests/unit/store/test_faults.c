#include "faulty.h"

struct run {
	uv_loop_t loop;
	struct wr_store *store;
	int fatals;
	char text[256];
	bool closed;
};

struct putting {
	struct wr_store_job job;
	char ref[16];
	size_t bytes; /* of a long label */
	int result;   /* UNANSWERED before */
	bool saw;
};

enum { UNANSWERED = 12345 };

static int work_put(struct wr_tx *tx, struct wr_store_job *job)
{
	struct putting *putting = wr_container_of(job, struct putting, job);
	struct wr_patient patient = a_patient(putting->ref);
	char *label = wr_alloc(1, putting->bytes + 1);
	memset(label, 'x', putting->bytes);
	patient.label = label;
	int outcome = wr_store_patient_put(tx, &patient);
	free(label);
	return outcome;
}

static int work_look(struct wr_tx *tx, struct wr_store_job *job)
{
	struct putting *putting = wr_container_of(job, struct putting, job);
	struct wr_arena arena = {0};
	struct wr_patient patient;
	int outcome = wr_store_patient_get(tx, &arena, putting->ref, &patient);
	putting->saw = outcome == 0;
	wr_arena_deinit(&arena);
	return outcome;
}

static void on_done(struct wr_store_job *job, int result)
{
	wr_container_of(job, struct putting, job)->result = result;
}

static void on_fatal(struct wr_store *store, const char *text)
{
	struct run *run = wr_store_data(store);
	run->fatals++;
	snprintf(run->text, sizeof(run->text), "%s", text);
}

static void on_closed(void *data)
{
	*(bool *)data = true;
}

static struct putting a_job(const char *ref, int (*work)(struct wr_tx *, struct wr_store_job *))
{
	struct putting putting = {.job = {.work = work, .done = on_done}, .result = UNANSWERED};
	snprintf(putting.ref, sizeof(putting.ref), "%s", ref);
	return putting;
}

static void start(struct run *run, const struct folder *folder)
{
	*run = (struct run){0};
	assert_int_equal(uv_loop_init(&run->loop), 0);
	struct wr_store_options options = {.loop = &run->loop, .on_fatal = on_fatal, .data = run};
	run->store = open_store(folder, &options);
}

static void end(struct run *run)
{
	wr_store_close(run->store, on_closed, &run->closed);
	uv_run(&run->loop, UV_RUN_DEFAULT);
	assert_true(run->closed);
	assert_int_equal(uv_loop_close(&run->loop), 0);
}

/* Until it is answered or nothing is any more. */
static void wait_for(struct run *run, const struct putting *putting)
{
	while (putting->result == UNANSWERED && !run->fatals)
		uv_run(&run->loop, UV_RUN_ONCE);
}

static int put(struct run *run, const char *ref)
{
	struct putting putting = a_job(ref, work_put);
	int outcome = wr_store_write(run->store, &putting.job);
	assert_int_equal(outcome, 0);
	wait_for(run, &putting);
	return putting.result;
}

static bool is_there(struct run *run, const char *ref)
{
	struct putting looking = a_job(ref, work_look);
	assert_int_equal(wr_store_read(run->store, &looking.job), 0);
	wait_for(run, &looking);
	return looking.saw;
}

static void test_a_full_disk_makes_the_store_read_only_until_there_is_room(void **state)
{
	struct run run;
	start(&run, *state);
	assert_int_equal(put(&run, "P01"), 0);
	faulty_start(FAULTY_WRITE, SQLITE_FULL, 0, "-wal");
	assert_int_equal(put(&run, "P02"), -ENOSPC);
	assert_true(wr_store_is_full(run.store));
	assert_true(is_there(&run, "P01"));
	assert_int_equal(put(&run, "P03"), -ENOSPC);
	assert_false(is_there(&run, "P02"));
	assert_true(faulty_stop() >= 2);
	assert_true(wr_store_is_full(run.store)); /* until a write goes through */
	assert_int_equal(put(&run, "P04"), 0);
	assert_false(wr_store_is_full(run.store));
	assert_true(is_there(&run, "P04"));
	assert_false(is_there(&run, "P02"));
	assert_int_equal(run.fatals, 0);
	end(&run);
}

static void test_a_full_disk_fails_the_whole_group(void **state)
{
	struct run run;
	struct putting jobs[] = {
	    a_job("P01", work_put), a_job("P02", work_put), a_job("P03", work_put)};
	start(&run, *state);
	faulty_start(FAULTY_WRITE, SQLITE_FULL, 0, "-wal");
	for (size_t i = 0; i < WR_COUNT(jobs); i++)
		assert_int_equal(wr_store_write(run.store, &jobs[i].job), 0);
	wait_for(&run, &jobs[2]);
	faulty_stop();
	for (size_t i = 0; i < WR_COUNT(jobs); i++)
		assert_int_equal(jobs[i].result, -ENOSPC);
	end(&run);
}

/* The limit of pages says "full" inside a job instead of at its commit. */
static void test_a_file_that_may_not_grow_is_full_too(void **state)
{
	struct run run;
	struct putting large = a_job("P02", work_put);
	start(&run, *state);
	assert_int_equal(put(&run, "P01"), 0);
	assert_int_equal(wr_tx_exec(&run.store->writer.tx, "PRAGMA max_page_count = 1"), SQLITE_OK);
	large.bytes = 1 << 20;
	assert_int_equal(wr_store_write(run.store, &large.job), 0);
	wait_for(&run, &large);
	assert_int_equal(large.result, -ENOSPC);
	assert_true(wr_store_is_full(run.store));
	assert_int_equal(
	    wr_tx_exec(&run.store->writer.tx, "PRAGMA max_page_count = 100000"), SQLITE_OK);
	assert_int_equal(put(&run, "P02"), 0);
	end(&run);
}

static void test_a_disk_too_full_to_start_on_is_said(void **state)
{
	struct folder *folder = *state;
	static const struct wr_store_options no_loop;
	struct wr_store *store = NULL;
	char *error = NULL;
	faulty_start(FAULTY_MAP, SQLITE_IOERR_SHMSIZE, 0, "ward.db");
	assert_int_equal(wr_store_open(folder->file, &no_loop, &store, &error), -ENOSPC);
	assert_non_null(strstr(error, "the disk is full"));
	faulty_stop();
	faulty.ending = NULL;
	free(error);
	wr_store_close(open_store(folder, &no_loop), NULL, NULL);
}

static void test_an_error_of_the_disk_is_fatal_and_nobody_is_answered(void **state)
{
	struct run run;
	struct putting after = a_job("P03", work_put);
	start(&run, *state);
	assert_int_equal(put(&run, "P01"), 0);
	faulty_start(FAULTY_SYNC, SQLITE_IOERR_FSYNC, 0, "-wal");
	assert_int_equal(put(&run, "P02"), UNANSWERED);
	faulty_stop();
	assert_int_equal(run.fatals, 1);
	assert_non_null(strstr(run.text, "I/O"));
	assert_true(wr_store_is_failed(run.store));
	assert_int_equal(wr_store_write(run.store, &after.job), -EIO);
	assert_int_equal(wr_store_read(run.store, &after.job), -EIO);
	assert_int_equal(wr_store_run(run.store, &after.job), -EIO);
	end(&run);
	assert_int_equal(run.fatals, 1);
	start(&run, *state);
	assert_true(is_there(&run, "P01"));
	end(&run);
}

static void test_a_page_that_can_not_be_read_is_fatal(void **state)
{
	struct run run;
	start(&run, *state);
	assert_int_equal(put(&run, "P01"), 0);
	end(&run);
	faulty.ending = "ward.db";
	start(&run, *state);
	faulty_start(FAULTY_READ, SQLITE_IOERR_READ, 0, "ward.db");
	assert_false(is_there(&run, "P01"));
	assert_int_equal(run.fatals, 1);
	faulty_stop();
	faulty.ending = NULL;
	end(&run);
}

static void test_a_checkpoint_that_fails_is_fatal_after_the_answer(void **state)
{
	struct run run;
	struct putting large = a_job("P01", work_put);
	faulty.ending = "ward.db";
	start(&run, *state);
	faulty_start(FAULTY_SYNC, SQLITE_IOERR_FSYNC, 0, "ward.db");
	large.bytes = 5 << 20;
	assert_int_equal(wr_store_write(run.store, &large.job), 0);
	while (!run.fatals)
		uv_run(&run.loop, UV_RUN_ONCE);
	assert_int_equal(large.result, 0); /* it was on disk, in the log */
	assert_non_null(strstr(run.text, "checkpoint"));
	faulty_stop();
	faulty.ending = NULL;
	end(&run);
	start(&run, *state);
	assert_true(is_there(&run, "P01"));
	end(&run);
}

/* What was answered with 0 is there, with -ENOSPC is not; without an answer, either. */
static bool fault_at(const struct folder *folder, int operation, int code, int place)
{
	struct run run;
	char ref[16];
	snprintf(ref, sizeof(ref), "P%02d", place);
	start(&run, folder);
	faulty_start(operation, code, place, "-wal");
	int result = put(&run, ref);
	bool failed = faulty_stop() > 0;
	int fatals = run.fatals;
	end(&run);
	start(&run, folder);
	bool there = is_there(&run, ref);
	end(&run);
	if (result == 0)
		assert_true(there);
	else if (result == -ENOSPC)
		assert_false(there);
	else
		assert_true(result == UNANSWERED && fatals == 1);
	assert_true(failed || result == 0);
	return failed;
}

static void test_each_fault_at_each_place_loses_nothing_acknowledged(void **state)
{
	static const struct {
		int operation, code;
	} faults[] = {
	    {FAULTY_WRITE, SQLITE_FULL},
	    {FAULTY_WRITE, SQLITE_IOERR_WRITE},
	    {FAULTY_SYNC, SQLITE_IOERR_FSYNC},
	};
	for (size_t i = 0; i < WR_COUNT(faults); i++) {
		int place = 0;
		while (fault_at(*state, faults[i].operation, faults[i].code, place))
			place++;
		assert_in_range(place, 1, 99);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
	    TEST(test_a_full_disk_makes_the_store_read_only_until_there_is_room),
	    TEST(test_a_full_disk_fails_the_whole_group),
	    TEST(test_a_file_that_may_not_grow_is_full_too),
	    TEST(test_a_disk_too_full_to_start_on_is_said),
	    TEST(test_an_error_of_the_disk_is_fatal_and_nobody_is_answered),
	    TEST(test_a_page_that_can_not_be_read_is_fatal),
	    TEST(test_a_checkpoint_that_fails_is_fatal_after_the_answer),
	    TEST(test_each_fault_at_each_place_loses_nothing_acknowledged),
	};
	return cmocka_run_group_tests(tests, use_faulty, NULL);
}
