/*
 * The reader: one job, one read transaction, one state of the database; never held across jobs, so
 * that the log can be emptied. And the queue that both workers take their jobs from.
 */
#include <errno.h>
#include <string.h>

#include "store/inside.h"

/* ---- queue ---- */

int wr_worker_init(struct wr_worker *worker, struct wr_store *store)
{
	worker->store = store;
	worker->last = &worker->first;
	worker->tx.random = store->options.random;
	uv_mutex_init(&worker->lock);
	return uv_cond_init(&worker->wake);
}

void wr_worker_deinit(struct wr_worker *worker)
{
	if (worker->tx.db)
		wr_tx_close(&worker->tx);
	uv_cond_destroy(&worker->wake);
	uv_mutex_destroy(&worker->lock);
}

int wr_worker_start(struct wr_worker *worker, void (*work)(void *worker))
{
	worker->threaded = true;
	int outcome = uv_thread_create(&worker->thread, work, worker);
	worker->threaded = outcome == 0;
	return outcome;
}

void wr_worker_push(struct wr_worker *worker, struct wr_store_job *job)
{
	uv_mutex_lock(&worker->lock);
	*worker->last = job;
	worker->last = &job->next;
	uv_cond_signal(&worker->wake);
	uv_mutex_unlock(&worker->lock);
}

struct wr_store_job *wr_worker_take(struct wr_worker *worker, size_t most, bool wait)
{
	uv_mutex_lock(&worker->lock);
	while (wait && !worker->first && !worker->closing)
		uv_cond_wait(&worker->wake, &worker->lock);
	struct wr_store_job *jobs = worker->first;
	struct wr_store_job **end = &worker->first;
	while (*end && most--)
		end = &(*end)->next;
	worker->first = *end;
	if (!worker->first)
		worker->last = &worker->first;
	if (jobs)
		*end = NULL;
	uv_mutex_unlock(&worker->lock);
	return jobs;
}

void wr_worker_shut(struct wr_worker *worker)
{
	uv_mutex_lock(&worker->lock);
	worker->closing = true;
	uv_cond_signal(&worker->wake);
	uv_mutex_unlock(&worker->lock);
}

/* ---- reading ---- */

static void read_job(struct wr_worker *worker, struct wr_store_job *job)
{
	struct wr_tx *tx = &worker->tx;
	tx->fault = 0;
	wr_tx_outcome(tx, wr_tx_exec(tx, "BEGIN"));
	if (!tx->fault)
		job->result = job->work(tx, job);
	if (!sqlite3_get_autocommit(tx->db))
		wr_tx_outcome(tx, wr_tx_exec(tx, "ROLLBACK"));
	wr_tx_forget_job(tx);
	if (tx->fault)
		wr_store_fail(worker->store, tx->fault_text, job);
	else
		wr_store_finish(worker->store, job, false, false);
}

void work_reader(void *data)
{
	struct wr_worker *worker = data;
	struct wr_store_job *job;
	while ((job = wr_worker_take(worker, 1, true))) {
		if (wr_store_is_failed(worker->store))
			wr_store_fail(worker->store, "", job);
		else
			read_job(worker, job);
	}
	wr_tx_close(&worker->tx);
}

/* VACUUM INTO takes a read transaction of its own. */
int wr_store_backup(struct wr_tx *tx, const char *path)
{
	if (sqlite3_db_readonly(tx->db, "main") != 1)
		return -EPERM;
	wr_tx_exec(tx, "ROLLBACK; PRAGMA query_only = OFF");
	tx->writing = true; /* into another file: this one is open for reading only */
	int outcome = wr_schema_copy(tx, path);
	tx->writing = false;
	int code = wr_tx_exec(tx, "PRAGMA query_only = ON; BEGIN");
	return outcome ? outcome : wr_tx_outcome(tx, code);
}

/* ---- what a job may look at ---- */

const char *const *wr_store_touched(const struct wr_tx *tx, size_t *ret_n)
{
	*ret_n = tx->n_touched;
	return tx->touched;
}

const char *wr_store_refusal(const struct wr_tx *tx)
{
	return tx->refusal;
}
