/*
 * The writer: takes the jobs that wait, runs each in a SAVEPOINT of one transaction, commits once
 * for all, and only then hands them back.
 *
 *   BEGIN -> { SAVEPOINT, work, the check before the commit, RELEASE or ROLLBACK TO }... -> COMMIT
 *
 * A job that refuses is rolled back alone. A full disk rolls back the whole group, which is told
 * so. Anything else that fails leaves unknown what is on disk: nobody in the group is answered.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "store/inside.h"

enum {
	CHECKPOINT_PAGES = 1000, /* 4 MB of log are moved into the file */
	/* The reader was always in the way: wait for it, before the log's index has to grow, which
	 * a full disk would turn into an I/O error.
	 */
	RESTART_PAGES = 3000,
};

static void run_job(struct wr_worker *worker, struct wr_store_job *job, bool *ret_written)
{
	struct wr_tx *tx = &worker->tx;
	const struct wr_store_options *options = &worker->store->options;
	int64_t before = sqlite3_total_changes64(tx->db);
	if (wr_sql_run(tx, "SAVEPOINT job", NULL, 0, NULL))
		return;
	tx->writing = !job->reading;
	int result = job->work(tx, job);
	if (!job->reading && options->before_commit &&
	    (result == 0 || result == WR_STORE_ROLLBACK)) {
		int veto = options->before_commit(tx, job, options->data);
		result = veto ? veto : result;
	}
	tx->writing = true;
	wr_tx_forget_job(tx);
	if (tx->fault)
		return;
	if (result && wr_sql_run(tx, "ROLLBACK TO job", NULL, 0, NULL))
		return;
	if (wr_sql_run(tx, "RELEASE job", NULL, 0, NULL))
		return;
	job->result = result == WR_STORE_ROLLBACK ? 0 : result;
	if (result == 0 && sqlite3_total_changes64(tx->db) != before)
		*ret_written = true;
}

static void answer_all(struct wr_worker *worker, struct wr_store_job *jobs, int result, bool full)
{
	for (struct wr_store_job *job = jobs; job; job = job->next)
		job->result = result;
	wr_store_finish(worker->store, jobs, false, full);
}

/* Whatever COMMIT refuses for, other than a full disk, is unknown. */
static void commit(struct wr_tx *tx)
{
	int outcome = wr_sql_run(tx, "COMMIT", NULL, 0, NULL);
	if (outcome && !tx->fault) {
		tx->fault = -EIO;
		snprintf(tx->fault_text, sizeof(tx->fault_text), "COMMIT: %.240s", tx->refusal);
	}
}

/* After the answers, so that nobody waits for it. Its I/O errors count like any other: a page that
 * was not written would be missing when the log starts anew.
 */
static void checkpoint(struct wr_worker *worker)
{
	struct wr_tx *tx = &worker->tx;
	int pages = 0;
	int moved = 0;
	int code =
	    sqlite3_wal_checkpoint_v2(tx->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages, &moved);
	if (code == SQLITE_OK && pages >= RESTART_PAGES)
		code =
		    sqlite3_wal_checkpoint_v2(tx->db, NULL, SQLITE_CHECKPOINT_RESTART, NULL, NULL);
	if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED ||
	    (code & 0xff) == SQLITE_FULL)
		return; /* the log keeps everything; later */
	char text[256];
	snprintf(text, sizeof(text), "checkpoint: %s (%d)", sqlite3_errmsg(tx->db), code);
	wr_store_fail(worker->store, text, NULL);
}

static int on_log_grown(void *data, sqlite3 *db, const char *name, int pages)
{
	(void)db;
	(void)name;
	*(int *)data = pages;
	return SQLITE_OK;
}

void wr_writer_group(struct wr_worker *worker, struct wr_store_job *jobs)
{
	struct wr_tx *tx = &worker->tx;
	int log_pages = 0;
	bool written = false;
	tx->fault = 0;
	int code = wr_tx_exec(tx, "BEGIN IMMEDIATE");
	if ((code & 0xff) == SQLITE_BUSY) { /* somebody's tool holds the file: nothing was done */
		answer_all(worker, jobs, -EBUSY, false);
		return;
	}
	wr_tx_outcome(tx, code);
	for (struct wr_store_job *job = jobs; job && !tx->fault; job = job->next)
		run_job(worker, job, &written);
	sqlite3_wal_hook(tx->db, on_log_grown, &log_pages);
	if (!tx->fault)
		commit(tx);
	if (!sqlite3_get_autocommit(tx->db))
		wr_tx_exec(tx, "ROLLBACK");
	if (tx->fault == -ENOSPC)
		answer_all(worker, jobs, -ENOSPC, true);
	else if (tx->fault)
		wr_store_fail(worker->store, tx->fault_text, jobs);
	else
		wr_store_finish(worker->store, jobs, written, false);
	if (log_pages >= CHECKPOINT_PAGES && !tx->fault)
		checkpoint(worker);
}

void work_writer(void *data)
{
	struct wr_worker *worker = data;
	struct wr_store *store = worker->store;
	struct wr_store_job *jobs;
	while ((jobs = wr_worker_take(worker, WR_STORE_GROUP, true))) {
		if (wr_store_is_failed(store))
			wr_store_fail(store, "", jobs);
		else
			wr_writer_group(worker, jobs);
	}
	if (store->reader.threaded) /* so that the last one out empties the log */
		uv_thread_join(&store->reader.thread);
	wr_tx_close(&worker->tx);
	uv_mutex_lock(&store->finished_lock);
	store->ended = true;
	uv_mutex_unlock(&store->finished_lock);
	uv_async_send(&store->async);
}
