/*
 * The store as its owner sees it: open, start jobs, get their answers on the loop, close.
 *
 *   loop                      writer                      reader
 *   wr_store_write -> queue -> take a group
 *                              BEGIN, jobs, COMMIT
 *   on_async <- finished  <--- hand over
 *   wr_store_read  ---------------------------> queue -> BEGIN, job, ROLLBACK
 *   on_async <- finished  <---------------------------- hand over
 *   wr_store_close -> shut --> (the reader first) close; ended
 *   on_async: join, uv_close -> closed
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/inside.h"
#include "sys/random.h"

/* ---- answers ---- */

static void append(struct wr_store_job ***last, struct wr_store_job *jobs)
{
	**last = jobs;
	while (**last)
		*last = &(**last)->next;
}

/* Jobs that somebody blocks on are answered here, the others go to the loop. */
void wr_store_finish(struct wr_store *store, struct wr_store_job *jobs, bool written, bool full)
{
	uv_mutex_lock(&store->finished_lock);
	if (full)
		store->full = true;
	else if (written)
		store->full = false;
	store->counts.commits += written;
	while (jobs) {
		struct wr_store_job *job = jobs;
		jobs = job->next;
		job->next = NULL;
		store->counts.waiting--;
		if (job->reading)
			store->counts.read++;
		else
			store->counts.written += job->result == 0;
		if (job->finished)
			uv_sem_post(job->finished);
		else
			append(&store->finished_last, job);
	}
	uv_mutex_unlock(&store->finished_lock);
	if (store->options.loop)
		uv_async_send(&store->async);
}

static void fail_blocked(struct wr_store_job *jobs)
{
	while (jobs) {
		struct wr_store_job *next = jobs->next;
		if (jobs->finished) {
			jobs->result = -EIO;
			uv_sem_post(jobs->finished);
		}
		jobs = next;
	}
}

void wr_store_fail(struct wr_store *store, const char *text, struct wr_store_job *jobs)
{
	uv_mutex_lock(&store->finished_lock);
	if (!store->failed)
		snprintf(store->fatal_text, sizeof(store->fatal_text), "%s", text);
	store->failed = true;
	uv_mutex_unlock(&store->finished_lock);
	fail_blocked(jobs);
	if (store->options.loop)
		uv_async_send(&store->async);
}

static struct wr_store_job *take_finished(struct wr_store *store)
{
	uv_mutex_lock(&store->finished_lock);
	struct wr_store_job *jobs = store->finished;
	store->finished = NULL;
	store->finished_last = &store->finished;
	uv_mutex_unlock(&store->finished_lock);
	return jobs;
}

static bool deliver(struct wr_store *store)
{
	struct wr_store_job *jobs = take_finished(store);
	bool any = jobs;
	while (jobs) {
		struct wr_store_job *job = jobs;
		jobs = job->next;
		job->done(job, job->result);
	}
	uv_mutex_lock(&store->finished_lock);
	bool say = store->failed && !store->fatal_said;
	store->fatal_said = store->failed;
	uv_mutex_unlock(&store->finished_lock);
	if (say && store->options.on_fatal)
		store->options.on_fatal(store, store->fatal_text);
	return any;
}

/* ---- closing ---- */

static void free_store(struct wr_store *store)
{
	void (*closed)(void *) = store->closed;
	void *data = store->closed_data;
	wr_worker_deinit(&store->writer);
	wr_worker_deinit(&store->reader);
	uv_mutex_destroy(&store->finished_lock);
	if (store->lock_file >= 0)
		close(store->lock_file);
	free(store);
	if (closed)
		closed(data);
}

static void on_async_closed(uv_handle_t *handle)
{
	free_store(wr_container_of(handle, struct wr_store, async));
}

static void on_async(uv_async_t *async)
{
	struct wr_store *store = wr_container_of(async, struct wr_store, async);
	uv_mutex_lock(&store->finished_lock);
	bool ended = store->ended; /* before taking: everything was handed over by then */
	uv_mutex_unlock(&store->finished_lock);
	deliver(store);
	if (ended && !uv_is_closing((uv_handle_t *)async)) {
		uv_thread_join(&store->writer.thread);
		uv_close((uv_handle_t *)async, on_async_closed);
	}
}

void wr_store_close(struct wr_store *store, void (*closed)(void *data), void *data)
{
	if (!store)
		return;
	store->closed = closed;
	store->closed_data = data;
	if (store->options.loop) {
		wr_worker_shut(&store->reader);
		wr_worker_shut(&store->writer);
		return;
	}
	wr_store_turn(store);
	wr_worker_shut(&store->writer);
	free_store(store);
}

/* ---- opening ---- */

static int start_threads(struct wr_store *store, char **ret_error)
{
	int outcome = uv_async_init(store->options.loop, &store->async, on_async);
	if (outcome == 0 && store->reader.tx.db)
		outcome = wr_worker_start(&store->reader, work_reader);
	if (outcome == 0)
		outcome = wr_worker_start(&store->writer, work_writer);
	if (outcome)
		*ret_error = wr_strdup("the store's threads can't be started");
	return outcome;
}

int wr_store_open(const char *path, const struct wr_store_options *options,
    struct wr_store **ret_store, char **ret_error)
{
	struct wr_store *store = wr_alloc(1, sizeof(*store));
	store->options = *options;
	if (!store->options.random)
		store->options.random = wr_random_bytes;
	store->lock_file = -1;
	store->finished_last = &store->finished;
	*ret_error = NULL;
	uv_mutex_init(&store->finished_lock);
	wr_worker_init(&store->writer, store);
	wr_worker_init(&store->reader, store);
	int outcome = wr_store_open_files(store, path, ret_error);
	if (outcome) {
		free_store(store);
		return outcome;
	}
	if (options->loop)
		outcome = start_threads(store, ret_error); /* left to the end of the program */
	if (outcome == 0)
		*ret_store = store;
	return outcome;
}

/* ---- jobs ---- */

static int start(struct wr_store *store, struct wr_worker *worker, struct wr_store_job *job)
{
	uv_mutex_lock(&worker->lock);
	bool closing = worker->closing;
	uv_mutex_unlock(&worker->lock);
	if (closing)
		return -ESHUTDOWN;
	uv_mutex_lock(&store->finished_lock);
	bool failed = store->failed;
	store->counts.waiting += !failed;
	uv_mutex_unlock(&store->finished_lock);
	if (failed)
		return -EIO;
	job->next = NULL;
	job->result = 0;
	wr_worker_push(worker, job);
	return 0;
}

int wr_store_write(struct wr_store *store, struct wr_store_job *job)
{
	job->finished = NULL;
	job->reading = false;
	return start(store, &store->writer, job);
}

int wr_store_read(struct wr_store *store, struct wr_store_job *job)
{
	job->finished = NULL;
	job->reading = true;
	return start(store, store->reader.threaded ? &store->reader : &store->writer, job);
}

int wr_store_run(struct wr_store *store, struct wr_store_job *job)
{
	uv_sem_t finished;
	uv_sem_init(&finished, 0);
	job->finished = &finished;
	job->reading = false;
	int outcome = start(store, &store->writer, job);
	if (outcome == 0) {
		if (!store->options.loop)
			wr_store_turn(store);
		uv_sem_wait(&finished);
		outcome = job->result;
	}
	uv_sem_destroy(&finished);
	return outcome;
}

void wr_store_turn(struct wr_store *store)
{
	struct wr_store_job *jobs;
	do {
		while ((jobs = wr_worker_take(&store->writer, WR_STORE_GROUP, false)))
			if (wr_store_is_failed(store))
				wr_store_fail(store, "", jobs);
			else
				wr_writer_group(&store->writer, jobs);
	} while (deliver(store));
}

/* ---- looking ---- */

void *wr_store_data(const struct wr_store *store)
{
	return store->options.data;
}

static bool look(const struct wr_store *store, const bool *flag)
{
	uv_mutex_t *lock = &((struct wr_store *)(uintptr_t)store)->finished_lock;
	uv_mutex_lock(lock);
	bool value = *flag;
	uv_mutex_unlock(lock);
	return value;
}

bool wr_store_is_full(const struct wr_store *store)
{
	return look(store, &store->full);
}

bool wr_store_is_failed(const struct wr_store *store)
{
	return look(store, &store->failed);
}

struct wr_store_counts wr_store_counts(const struct wr_store *store)
{
	uv_mutex_t *lock = &((struct wr_store *)(uintptr_t)store)->finished_lock;
	uv_mutex_lock(lock);
	struct wr_store_counts counts = store->counts;
	uv_mutex_unlock(lock);
	return counts;
}
