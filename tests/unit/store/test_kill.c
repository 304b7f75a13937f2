/* Nothing acknowledged is lost by kill -9. */
#include <signal.h>
#include <sys/wait.h>

#include "folder.h"

enum { JOBS = 8, KILLS = 5 };

struct putting {
	struct wr_store_job job;
	struct wr_store *store;
	int number, *next, pipe;
};

/* A patient and its audit entry: both or none. */
static int work_put(struct wr_tx *tx, struct wr_store_job *job)
{
	struct putting *putting = wr_container_of(job, struct putting, job);
	char ref[16];
	char about[32];
	snprintf(ref, sizeof(ref), "P%d", putting->number);
	snprintf(about, sizeof(about), "patient:%s", ref);
	const char *const refs[] = {about};
	struct wr_patient patient = a_patient(ref);
	struct wr_store_audit entry = {.at = MONDAY,
	    .actor = "daemon",
	    .verb = "patient.admit",
	    .refs = refs,
	    .n_refs = 1,
	    .after = "{}"};
	int outcome = wr_store_patient_put(tx, &patient);
	return outcome ? outcome : wr_store_audit_add(tx, &entry);
}

static void on_done(struct wr_store_job *job, int result)
{
	struct putting *putting = wr_container_of(job, struct putting, job);
	if (result || write(putting->pipe, &putting->number, sizeof(int)) != sizeof(int))
		_exit(1);
	putting->number = (*putting->next)++;
	if (wr_store_write(putting->store, job))
		_exit(1);
}

_Noreturn static void write_until_killed(const struct folder *folder, int first, int pipe)
{
	uv_loop_t loop;
	int next = first;
	struct putting jobs[JOBS];
	struct wr_store *store = NULL;
	char *error = NULL;
	uv_loop_init(&loop);
	alarm(30);
	struct wr_store_options options = {.loop = &loop};
	if (wr_store_open(folder->file, &options, &store, &error))
		_exit(1);
	for (int i = 0; i < JOBS; i++) {
		jobs[i] = (struct putting){
		    {.work = work_put, .done = on_done}, store, next++, &next, pipe};
		wr_store_write(store, &jobs[i].job);
	}
	uv_run(&loop, UV_RUN_DEFAULT);
	_exit(1);
}

/* Kills after `answers` answers; the numbers answered, those still in the pipe too. */
static size_t run_and_kill(
    const struct folder *folder, int first, size_t answers, int *ret_numbers, size_t most)
{
	int ends[2];
	size_t n = 0;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0)
		write_until_killed(folder, first, ends[1]);
	close(ends[1]);
	while (n < answers && read(ends[0], &ret_numbers[n], sizeof(int)) == sizeof(int))
		n++;
	kill(child, SIGKILL);
	while (n < most && read(ends[0], &ret_numbers[n], sizeof(int)) == sizeof(int))
		n++;
	int status;
	waitpid(child, &status, 0);
	close(ends[0]);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	return n;
}

static void check(const struct folder *folder, const int *numbers, size_t n)
{
	static const struct wr_store_options no_loop;
	struct wr_arena arena = {0};
	struct wr_store_audit_state audit;
	struct wr_patient patient;
	struct wr_patient *all;
	size_t n_all;
	struct wr_store *store = open_store(folder, &no_loop);
	struct wr_tx *tx = &store->writer.tx;
	for (size_t i = 0; i < n; i++) {
		char ref[16];
		snprintf(ref, sizeof(ref), "P%d", numbers[i]);
		assert_int_equal(wr_store_patient_get(tx, &arena, ref, &patient), 0);
	}
	assert_int_equal(wr_store_patient_list(tx, &arena, NULL, true, &all, &n_all), 0);
	assert_int_equal(wr_store_audit_verify(tx, &audit), 0);
	assert_int_equal(audit.first_bad, 0);
	assert_int_equal(audit.entries, n_all);
	wr_store_close(store, NULL, NULL);
	wr_arena_deinit(&arena);
}

static void test_nothing_acknowledged_is_lost_by_a_kill(void **state)
{
	enum { MOST = 100000 };
	static int numbers[MOST];
	size_t n = 0;
	for (int i = 0; i < KILLS; i++) {
		size_t answers = n + 40 + 173 * (size_t)i;
		n += run_and_kill(
		    *state, i * 1000000, answers - n, numbers + n, WR_COUNT(numbers) - n);
		assert_true(n >= answers);
		check(*state, numbers, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_nothing_acknowledged_is_lost_by_a_kill, make_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
