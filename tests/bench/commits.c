/*
 * How many acknowledged changes a second: one at a time, several waiting together, and beside a
 * reader. A change is what a reply is: a row, a generation and an audit entry, in one job.
 * Usage: bench_commits [FOLDER] [SECONDS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"

struct load {
	uv_loop_t loop;
	struct wr_store *store;
	uint64_t until, written, read;
	int next;
	bool ended;
};

struct change {
	struct wr_store_job job;
	struct load *load;
	int number;
};

static int work_change(struct wr_tx *tx, struct wr_store_job *job)
{
	struct change *change = wr_container_of(job, struct change, job);
	char ref[16];
	char about[32];
	snprintf(ref, sizeof(ref), "P%d", change->number % 2500);
	snprintf(about, sizeof(about), "patient:%s", ref);
	const char *const refs[] = {about};
	struct wr_patient patient = {.ref = ref,
	    .name = "Uma Kerr",
	    .ward = "kingsley",
	    .consultant = "shah",
	    .admitted = change->number,
	    .slots = 1,
	    .last_seen = WR_TIME_NONE,
	    .discharged = WR_TIME_NONE,
	    .admission = 1};
	struct wr_store_audit entry = {.at = change->number,
	    .actor = "uid 1000",
	    .verb = "patient.edit",
	    .refs = refs,
	    .n_refs = 1,
	    .before = "{\"bed\":\"1\"}",
	    .after = "{\"bed\":\"2\"}"};
	int outcome = wr_store_patient_put(tx, &patient);
	if (outcome == 0)
		outcome = wr_store_generation_bump(tx, WR_WHOSE_WARD, "kingsley");
	return outcome ? outcome : wr_store_audit_add(tx, &entry);
}

static int work_look(struct wr_tx *tx, struct wr_store_job *job)
{
	struct change *change = wr_container_of(job, struct change, job);
	struct wr_arena arena = {0};
	struct wr_patient patient;
	char ref[16];
	snprintf(ref, sizeof(ref), "P%d", change->number % 2500);
	int outcome = wr_store_patient_get(tx, &arena, ref, &patient);
	wr_arena_deinit(&arena);
	return outcome == WR_STORE_NONE ? 0 : outcome;
}

static void start(struct change *change)
{
	struct load *load = change->load;
	if (uv_hrtime() >= load->until)
		return;
	change->number = load->next++;
	int outcome = change->job.work == work_look ? wr_store_read(load->store, &change->job)
	                                            : wr_store_write(load->store, &change->job);
	if (outcome)
		exit(1);
}

static void on_done(struct wr_store_job *job, int result)
{
	struct change *change = wr_container_of(job, struct change, job);
	if (result) {
		fprintf(stderr, "a change was answered %d\n", result);
		exit(1);
	}
	if (job->work == work_look)
		change->load->read++;
	else
		change->load->written++;
	start(change);
}

static void on_closed(void *data)
{
	((struct load *)data)->ended = true;
}

static double run(const char *folder, int seconds, int writers, int readers)
{
	struct load load = {0};
	char path[512];
	char *error = NULL;
	struct change *changes = wr_alloc((size_t)(writers + readers), sizeof(*changes));
	snprintf(path, sizeof(path), "%s/bench-%d-%d.db", folder, writers, readers);
	uv_loop_init(&load.loop);
	struct wr_store_options options = {.loop = &load.loop};
	if (wr_store_open(path, &options, &load.store, &error)) {
		fprintf(stderr, "%s\n", error);
		exit(1);
	}
	uint64_t begun = uv_hrtime();
	load.until = begun + (uint64_t)seconds * 1000000000u;
	for (int i = 0; i < writers + readers; i++) {
		changes[i].job.work = i < writers ? work_change : work_look;
		changes[i].job.done = on_done;
		changes[i].load = &load;
		start(&changes[i]);
	}
	while (uv_hrtime() < load.until)
		uv_run(&load.loop, UV_RUN_ONCE);
	double took = (double)(uv_hrtime() - begun) / 1e9;
	struct wr_store_counts counts = wr_store_counts(load.store);
	double rate = (double)load.written / took;
	printf("%4d waiting%s: %8.0f changes/s, %7.0f commits/s", writers,
	    readers ? ", with a reader" : "", rate, (double)counts.commits / took);
	if (readers)
		printf(", %8.0f reads/s", (double)load.read / took);
	printf("\n");
	wr_store_close(load.store, on_closed, &load);
	uv_run(&load.loop, UV_RUN_DEFAULT);
	uv_loop_close(&load.loop);
	free(changes);
	return rate;
}

int main(int argc, char **argv)
{
	char made[] = "/tmp/wardround-bench-XXXXXX";
	const char *folder = argc > 1 ? argv[1] : mkdtemp(made);
	int seconds = argc > 2 ? atoi(argv[2]) : 3;
	if (!folder || seconds < 1) {
		fprintf(stderr, "usage: bench_commits [FOLDER] [SECONDS]\n");
		return 64;
	}
	printf("databases in %s\n", folder);
	double alone = run(folder, seconds, 1, 0);
	run(folder, seconds, 8, 0);
	double together = run(folder, seconds, 64, 0);
	run(folder, seconds, 64, 1);
	printf("together is %.1f times one at a time\n", together / alone);
	return 0;
}
