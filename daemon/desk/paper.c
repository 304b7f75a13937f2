#include "desk/paper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sys/log.h"
#include "sys/whole_file.h"
#include "wardround/paper.h"

static const char task_kind[] = "paper";

struct written { /* the last day of a ward that is known to be there */
	char *ward;
	wr_day day;
};

struct wr_papers {
	char *folder; /* that this is known of */
	struct written *written;
	size_t n, capacity;
	wr_time next_try; /* after a failure */
	bool running;
};

/* One page on its way. */
struct sheet {
	struct wr_desk *desk;
	struct wr_arena arena;
	const char *folder, *ward, *name; /* arena: the configuration may be read anew meanwhile */
	wr_day day, today;
	struct wr_buf html;
	int result;
	uv_work_t work;
	void (*run)(struct sheet *sheet);  /* on the worker */
	void (*next)(struct sheet *sheet); /* on the loop */
};

/* ---- what is known ---- */

static struct written *written_of(struct wr_papers *papers, const char *ward)
{
	for (size_t i = 0; i < papers->n; i++)
		if (wr_text_equal(papers->written[i].ward, ward))
			return &papers->written[i];
	WR_GROW(papers->written, papers->n, papers->capacity);
	papers->written[papers->n] = (struct written){wr_strdup(ward), WR_DAY_NONE};
	return &papers->written[papers->n++];
}

static void forget(struct wr_papers *papers)
{
	for (size_t i = 0; i < papers->n; i++)
		free(papers->written[i].ward);
	papers->n = 0;
	free(papers->folder);
	papers->folder = NULL;
}

/* After a reload it may be another folder, which has no page yet. */
static void look_in(struct wr_papers *papers, const char *folder)
{
	if (wr_text_equal(papers->folder, folder))
		return;
	forget(papers);
	papers->folder = wr_strdup(folder);
	papers->next_try = 0;
}

void wr_papers_free(struct wr_papers *papers)
{
	if (!papers)
		return;
	forget(papers);
	free(papers->written);
	free(papers);
}

/* ---- steps ---- */

static void finish(struct sheet *sheet)
{
	struct wr_desk *desk = sheet->desk;
	desk->papers->running = false;
	if (sheet->result)
		desk->papers->next_try = wr_clock_now(&desk->clock) + WR_PAPER_AGAIN_SECONDS;
	else
		written_of(desk->papers, sheet->ward)->day = sheet->day;
	wr_buf_deinit(&sheet->html);
	wr_arena_deinit(&sheet->arena);
	free(sheet);
	wr_paper_look(desk);
}

static void work_run(uv_work_t *work)
{
	struct sheet *sheet = wr_container_of(work, struct sheet, work);
	sheet->run(sheet);
}

static void on_run(uv_work_t *work, int status)
{
	struct sheet *sheet = wr_container_of(work, struct sheet, work);
	if (status)
		sheet->result = status;
	if (sheet->desk->stopping) /* the store may be closed; it is looked at again at the start */
		finish(sheet);
	else
		sheet->next(sheet);
}

static void on_worker(
    struct sheet *sheet, void (*run)(struct sheet *sheet), void (*next)(struct sheet *sheet))
{
	sheet->run = run;
	sheet->next = next;
	if (sheet->desk->loop) {
		uv_queue_work(sheet->desk->loop, &sheet->work, work_run, on_run);
		return;
	}
	run(sheet);
	next(sheet);
}

/* ---- saying how it went ---- */

static int settle_tasks(struct wr_use *use, const struct sheet *sheet, bool *ret_open)
{
	struct wr_task *tasks = NULL;
	size_t n = 0;
	struct wr_store_task_filter open = {.ward = sheet->ward, .kind = task_kind, .open = true};
	int r = wr_store_task_list(use->tx, use->arena, &open, &tasks, &n);
	*ret_open = n > 0;
	for (size_t i = 0; i < n && !r && !sheet->result; i++) {
		tasks[i].done = use->now;
		tasks[i].done_by = use->actor;
		r = wr_store_task_put(use->tx, &tasks[i]);
	}
	return r;
}

static int put_task(struct wr_use *use, const struct sheet *sheet)
{
	char day[WR_TIME_TEXT];
	struct wr_task task = {
	    .ward = sheet->ward,
	    .kind = task_kind,
	    .text = wr_arena_printf(use->arena,
		"The page to print for %s could not be written (%s). Print the lists from the "
		"screen, and tell whoever looks after the server.",
		wr_day_medium(sheet->day, day), strerror(-sheet->result)),
	    .created = use->now,
	    .alarm = use->now,
	    .done = WR_TIME_NONE,
	};
	int r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_TASK, &task.id);
	return r ? r : wr_store_task_put(use->tx, &task);
}

/* The page has names on it: that it was written is in the audit. */
static int note(struct wr_use *use)
{
	const struct sheet *sheet = wr_container_of(use, struct wr_call, use)->operation;
	bool open = false;
	int r = settle_tasks(use, sheet, &open);
	if (r || sheet->result)
		return r || open ? r : put_task(use, sheet);
	return wr_use_audit(
	    use, wr_arena_printf(use->arena, "paper:%s", sheet->name), NULL, NULL, NULL);
}

static void on_noted(struct wr_call *call)
{
	struct sheet *sheet = call->operation;
	wr_call_log(call);
	finish(sheet);
}

static void say(struct sheet *sheet)
{
	static const struct wr_verb verb = {"paper", "write", WR_VERB_CHANGES, note, NULL};
	if (sheet->result)
		wr_log(WR_LOG_ERROR, "paper-not-written", "page=%s error=\"%s\"", sheet->name,
		    strerror(-sheet->result));
	else
		wr_log(WR_LOG_NOTICE, "paper-written", "page=%s", sheet->name);
	struct wr_call *call = wr_call_new(sheet->desk, &verb, NULL, "daemon");
	call->operation = sheet;
	wr_call_start(call, on_noted, NULL);
}

/* ---- find, draw, write ---- */

static bool is_old(const char *name, const void *today)
{
	return wr_paper_is_old(name, *(const wr_day *)today);
}

/* A page that can't be removed now is tried again tomorrow; today's is what counts. */
static void work_write(struct sheet *sheet)
{
	sheet->result = wr_whole_file_write(
	    sheet->folder, sheet->name, WR_PAPER_MODE, sheet->html.data, sheet->html.length);
	if (!sheet->result)
		(void)wr_whole_file_prune(sheet->folder, is_old, &sheet->today);
}

static int draw(struct wr_use *use)
{
	struct sheet *sheet = wr_container_of(use, struct wr_call, use)->operation;
	const struct wr_config_ward *ward = wr_config_find_ward(use->config, sheet->ward);
	return ward ? wr_paper_draw(use, ward, sheet->day, &sheet->html) : -ESTALE;
}

static void on_drawn(struct wr_call *call)
{
	struct sheet *sheet = call->operation;
	sheet->result = call->result < 0 ? call->result : call->result ? -EIO : 0;
	wr_call_log(call);
	if (sheet->result)
		say(sheet);
	else
		on_worker(sheet, work_write, say);
}

static void work_find(struct sheet *sheet)
{
	sheet->result = wr_whole_file_find(sheet->folder, sheet->name);
}

static void on_found(struct sheet *sheet)
{
	static const struct wr_verb verb = {"paper", "draw", WR_VERB_READS, draw, NULL};
	if (sheet->result == 0) {
		finish(sheet);
		return;
	}
	if (sheet->result != -ENOENT) {
		say(sheet);
		return;
	}
	json_t *args = json_pack("{s:s}", "ward", sheet->ward);
	struct wr_call *call = wr_call_new(sheet->desk, &verb, args, "daemon");
	call->operation = sheet;
	wr_call_start(call, on_drawn, NULL);
}

/* ---- beginning ---- */

static void begin(struct wr_desk *desk, const struct wr_config_ward *ward, wr_time now, wr_day day)
{
	struct sheet *sheet = wr_alloc(1, sizeof(*sheet));
	sheet->desk = desk;
	sheet->folder = wr_arena_strdup(&sheet->arena, desk->ground->config->paper_dir);
	sheet->ward = wr_arena_strdup(&sheet->arena, ward->id);
	sheet->name = wr_paper_name(&sheet->arena, ward->id, day);
	sheet->day = day;
	sheet->today = wr_zone_day(ward->zone, now);
	desk->papers->running = true;
	on_worker(sheet, work_find, on_found);
}

void wr_paper_look(struct wr_desk *desk)
{
	const struct wr_config *config = desk->ground->config;
	wr_time now = wr_clock_now(&desk->clock);
	if (!desk->papers)
		desk->papers = wr_alloc(1, sizeof(*desk->papers));
	if (wr_text_empty(config->paper_dir) || desk->papers->running || desk->stopping)
		return;
	look_in(desk->papers, config->paper_dir);
	if (desk->papers->next_try > now)
		return;
	for (size_t i = 0; i < config->n_wards; i++) {
		wr_day day = wr_paper_due(config->wards[i].zone, now);
		if (written_of(desk->papers, config->wards[i].id)->day < day) {
			begin(desk, &config->wards[i], now, day);
			return;
		}
	}
}
