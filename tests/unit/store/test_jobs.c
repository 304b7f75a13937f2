#include "folder.h"

/* A job that puts one patient, and the order in which answers came. */
struct putting {
	struct wr_store_job job;
	char ref[16];
	int wanted;   /* what its work returns after writing */
	int result;   /* of done; -1 before */
	size_t place; /* among the answers, from 1 */
	size_t *answers;
	struct wr_store *store;
	struct putting *then; /* started from done */
	int then_started;
	bool saw; /* reading: whether the patient was there */
};

static int work_put(struct wr_tx *tx, struct wr_store_job *job)
{
	struct putting *putting = wr_container_of(job, struct putting, job);
	struct wr_patient patient = a_patient(putting->ref);
	int outcome = wr_store_patient_put(tx, &patient);
	return outcome ? outcome : putting->wanted;
}

static int work_look(struct wr_tx *tx, struct wr_store_job *job)
{
	struct putting *putting = wr_container_of(job, struct putting, job);
	struct wr_arena arena = {0};
	struct wr_patient patient;
	putting->saw = wr_store_patient_get(tx, &arena, putting->ref, &patient) == 0;
	wr_arena_deinit(&arena);
	return 0;
}

static void on_done(struct wr_store_job *job, int result)
{
	struct putting *putting = wr_container_of(job, struct putting, job);
	putting->result = result;
	putting->place = ++*putting->answers;
	if (putting->then)
		putting->then_started = wr_store_write(putting->store, &putting->then->job);
}

static struct putting a_putting(const char *ref, size_t *answers)
{
	struct putting putting = {
	    .job = {.work = work_put, .done = on_done}, .result = -1, .answers = answers};
	snprintf(putting.ref, sizeof(putting.ref), "%s", ref);
	return putting;
}

static bool is_there(struct wr_store *store, const char *ref)
{
	struct putting looking = a_putting(ref, NULL);
	looking.job.work = work_look;
	assert_int_equal(wr_store_run(store, &looking.job), 0);
	return looking.saw;
}

static void on_closed(void *data)
{
	*(bool *)data = true;
}

/* ---- without a loop ---- */

static const struct wr_store_options no_loop;

static void test_a_failed_job_takes_no_neighbour_with_it(void **state)
{
	(void)state;
	struct wr_store *store = NULL;
	char *error = NULL;
	size_t answers = 0;
	assert_int_equal(wr_store_open(NULL, &no_loop, &store, &error), 0);
	struct putting one = a_putting("P01", &answers);
	struct putting two = a_putting("P02", &answers);
	struct putting three = a_putting("P03", &answers);
	two.wanted = 42;
	wr_store_write(store, &one.job);
	wr_store_write(store, &two.job);
	wr_store_write(store, &three.job);
	assert_int_equal(one.result, -1); /* not before the turn */
	wr_store_turn(store);
	assert_int_equal(one.result, 0);
	assert_int_equal(two.result, 42);
	assert_int_equal(three.result, 0);
	assert_int_equal(three.place, 3);
	assert_int_equal(wr_store_counts(store).commits, 1);
	assert_true(is_there(store, "P01"));
	assert_false(is_there(store, "P02"));
	assert_true(is_there(store, "P03"));
	wr_store_close(store, NULL, NULL);
}

static void test_a_dry_run_is_answered_and_undone(void **state)
{
	(void)state;
	struct wr_store *store = NULL;
	char *error = NULL;
	size_t answers = 0;
	assert_int_equal(wr_store_open(NULL, &no_loop, &store, &error), 0);
	struct putting dry = a_putting("P01", &answers);
	dry.wanted = WR_STORE_ROLLBACK;
	wr_store_write(store, &dry.job);
	wr_store_turn(store);
	assert_int_equal(dry.result, 0);
	assert_false(is_there(store, "P01"));
	assert_int_equal(wr_store_counts(store).commits, 0); /* nothing was written */
	wr_store_close(store, NULL, NULL);
}

static int veto_p13(struct wr_tx *tx, struct wr_store_job *job, void *data)
{
	size_t n;
	const char *const *touched = wr_store_touched(tx, &n);
	(void)job;
	++*(int *)data;
	return n == 1 && wr_text_equal(touched[0], "P13") ? 77 : 0;
}

static void test_the_check_before_the_commit_vetoes(void **state)
{
	(void)state;
	int checks = 0;
	struct wr_store_options options = {.before_commit = veto_p13, .data = &checks};
	struct wr_store *store = NULL;
	char *error = NULL;
	size_t answers = 0;
	assert_int_equal(wr_store_open(NULL, &options, &store, &error), 0);
	assert_ptr_equal(wr_store_data(store), &checks);
	struct putting jobs[] = {a_putting("P12", &answers), a_putting("P13", &answers),
	    a_putting("P14", &answers), a_putting("P13", &answers)};
	jobs[2].wanted = 5;                 /* failed already: not checked */
	jobs[3].wanted = WR_STORE_ROLLBACK; /* a dry run is */
	for (size_t i = 0; i < WR_COUNT(jobs); i++)
		wr_store_write(store, &jobs[i].job);
	wr_store_turn(store);
	assert_int_equal(jobs[0].result, 0);
	assert_int_equal(jobs[1].result, 77);
	assert_int_equal(jobs[2].result, 5);
	assert_int_equal(jobs[3].result, 77);
	assert_int_equal(checks, 3);
	assert_false(is_there(store, "P13"));
	wr_store_close(store, NULL, NULL);
}

static void test_jobs_started_by_answers_run_in_the_same_turn(void **state)
{
	(void)state;
	struct wr_store *store = NULL;
	char *error = NULL;
	size_t answers = 0;
	assert_int_equal(wr_store_open(NULL, &no_loop, &store, &error), 0);
	struct putting two = a_putting("P02", &answers);
	struct putting one = a_putting("P01", &answers);
	one.store = store;
	one.then = &two;
	wr_store_write(store, &one.job);
	wr_store_turn(store);
	assert_int_equal(two.place, 2);
	wr_store_close(store, NULL, NULL);
}

static void test_a_read_job_cannot_write(void **state)
{
	(void)state;
	struct wr_store *store = NULL;
	char *error = NULL;
	size_t answers = 0;
	assert_int_equal(wr_store_open(NULL, &no_loop, &store, &error), 0);
	struct putting writing = a_putting("P01", &answers);
	wr_store_read(store, &writing.job);
	wr_store_turn(store);
	assert_int_equal(writing.result, -EPERM);
	assert_false(is_there(store, "P01"));
	wr_store_close(store, NULL, NULL);
}

/* ---- on a loop ---- */

struct looped {
	uv_loop_t loop;
	struct wr_store *store;
	bool closed;
};

static void start_looped(struct looped *looped, const struct folder *folder)
{
	*looped = (struct looped){0};
	assert_int_equal(uv_loop_init(&looped->loop), 0);
	struct wr_store_options options = {.loop = &looped->loop};
	looped->store = open_store(folder, &options);
}

static void end_looped(struct looped *looped)
{
	wr_store_close(looped->store, on_closed, &looped->closed);
	uv_run(&looped->loop, UV_RUN_DEFAULT);
	assert_true(looped->closed);
	assert_int_equal(uv_loop_close(&looped->loop), 0);
}

static void test_answers_come_in_order_and_all_before_closing(void **state)
{
	enum { N = 500 };
	struct looped looped;
	size_t answers = 0;
	struct putting *jobs = wr_alloc(N, sizeof(*jobs));
	start_looped(&looped, *state);
	for (size_t i = 0; i < N; i++) {
		char ref[16];
		snprintf(ref, sizeof(ref), "P%03zu", i);
		jobs[i] = a_putting(ref, &answers);
		jobs[i].wanted = i % 7 == 3 ? 9 : 0;
		assert_int_equal(wr_store_write(looped.store, &jobs[i].job), 0);
	}
	assert_int_equal(answers, 0);
	end_looped(&looped);
	assert_int_equal(answers, N);
	for (size_t i = 0; i < N; i++) {
		assert_int_equal(jobs[i].place, i + 1);
		assert_int_equal(jobs[i].result, i % 7 == 3 ? 9 : 0);
	}
	start_looped(&looped, *state);
	assert_true(is_there(looped.store, "P499"));
	assert_false(is_there(looped.store, "P003"));
	assert_true(is_there(looped.store, "P000"));
	end_looped(&looped);
	free(jobs);
}

static void on_done_then_read(struct wr_store_job *job, int result)
{
	struct putting *putting = wr_container_of(job, struct putting, job);
	putting->result = result;
	++*putting->answers;
	assert_int_equal(wr_store_read(putting->store, &putting->then->job), 0);
}

static void test_what_was_answered_is_seen_by_the_next_read(void **state)
{
	struct looped looped;
	size_t answers = 0;
	struct putting reading = a_putting("P01", &answers);
	struct putting writing = a_putting("P01", &answers);
	start_looped(&looped, *state);
	reading.job.work = work_look;
	writing.job.done = on_done_then_read;
	writing.store = looped.store;
	writing.then = &reading;
	assert_int_equal(wr_store_write(looped.store, &writing.job), 0);
	while (answers < 2)
		uv_run(&looped.loop, UV_RUN_ONCE);
	assert_true(reading.saw);
	assert_int_equal(wr_store_counts(looped.store).read, 1);
	assert_int_equal(wr_store_counts(looped.store).waiting, 0);
	end_looped(&looped);
}

static void test_the_readers_connection_cannot_write(void **state)
{
	struct looped looped;
	size_t answers = 0;
	struct putting writing = a_putting("P01", &answers);
	start_looped(&looped, *state);
	assert_int_equal(wr_store_read(looped.store, &writing.job), 0);
	end_looped(&looped);
	assert_int_equal(writing.result, -EPERM);
}

static void test_jobs_are_refused_while_closing(void **state)
{
	struct looped looped;
	size_t answers = 0;
	struct putting second = a_putting("P02", &answers);
	struct putting first = a_putting("P01", &answers);
	start_looped(&looped, *state);
	first.store = looped.store;
	first.then = &second;
	assert_int_equal(wr_store_write(looped.store, &first.job), 0);
	wr_store_close(looped.store, on_closed, &looped.closed);
	assert_int_equal(wr_store_write(looped.store, &second.job), -ESHUTDOWN);
	uv_run(&looped.loop, UV_RUN_DEFAULT);
	assert_true(looped.closed);
	assert_int_equal(first.result, 0);
	assert_int_equal(first.then_started, -ESHUTDOWN);
	assert_int_equal(second.result, -1);
	assert_int_equal(uv_loop_close(&looped.loop), 0);
}

static void test_closing_leaves_one_file_with_everything(void **state)
{
	struct folder *folder = *state;
	struct looped looped;
	size_t answers = 0;
	char log[120];
	struct putting writing = a_putting("P01", &answers);
	start_looped(&looped, folder);
	assert_int_equal(wr_store_write(looped.store, &writing.job), 0);
	end_looped(&looped);
	snprintf(log, sizeof(log), "%s-wal", folder->file);
	assert_int_equal(access(log, F_OK), -1);
}

static void test_memory_and_loop_read_on_the_writers_thread(void **state)
{
	(void)state;
	struct looped looped = {0};
	size_t answers = 0;
	char *error = NULL;
	struct putting writing = a_putting("P01", &answers);
	struct putting reading = a_putting("P01", &answers);
	assert_int_equal(uv_loop_init(&looped.loop), 0);
	struct wr_store_options options = {.loop = &looped.loop};
	assert_int_equal(wr_store_open(NULL, &options, &looped.store, &error), 0);
	reading.job.work = work_look;
	assert_int_equal(wr_store_write(looped.store, &writing.job), 0);
	assert_int_equal(wr_store_read(looped.store, &reading.job), 0);
	end_looped(&looped);
	assert_true(reading.saw);
}

/* ---- backup ---- */

static char backup_path[128];

static int work_backup(struct wr_tx *tx, struct wr_store_job *job)
{
	(void)job;
	return wr_store_backup(tx, backup_path);
}

static void test_a_backup_is_a_database_of_its_own(void **state)
{
	struct folder *folder = *state;
	struct folder copy = *folder;
	struct looped looped;
	struct stat about;
	size_t answers = 0;
	struct putting writing = a_putting("P01", &answers);
	struct putting copying = a_putting("", &answers);
	struct putting again = a_putting("", &answers);
	copying.job.work = work_backup;
	again.job.work = work_backup;
	snprintf(copy.file, sizeof(copy.file), "%s/copy.db", folder->path);
	snprintf(backup_path, sizeof(backup_path), "%s", copy.file);
	start_looped(&looped, folder);
	assert_int_equal(wr_store_run(looped.store, &writing.job), 0);
	assert_int_equal(wr_store_read(looped.store, &copying.job), 0);
	assert_int_equal(wr_store_read(looped.store, &again.job), 0);
	end_looped(&looped);
	assert_int_equal(copying.result, 0);
	assert_int_equal(again.result, -EEXIST);
	assert_int_equal(stat(copy.file, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	start_looped(&looped, &copy);
	assert_true(is_there(looped.store, "P01"));
	end_looped(&looped);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
	    TEST(test_a_failed_job_takes_no_neighbour_with_it),
	    TEST(test_a_dry_run_is_answered_and_undone),
	    TEST(test_the_check_before_the_commit_vetoes),
	    TEST(test_jobs_started_by_answers_run_in_the_same_turn),
	    TEST(test_a_read_job_cannot_write),
	    TEST(test_answers_come_in_order_and_all_before_closing),
	    TEST(test_what_was_answered_is_seen_by_the_next_read),
	    TEST(test_the_readers_connection_cannot_write),
	    TEST(test_jobs_are_refused_while_closing),
	    TEST(test_closing_leaves_one_file_with_everything),
	    TEST(test_memory_and_loop_read_on_the_writers_thread),
	    TEST(test_a_backup_is_a_database_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
