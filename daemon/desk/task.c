#include "desk/cases.h"
#include "desk/propose.h"
#include "desk/widen.h"

int wr_case_task_list(struct wr_use *use)
{
	struct wr_task *tasks = NULL;
	const struct wr_config_ward *ward = NULL;
	size_t n = 0;
	struct wr_store_task_filter filter = {.ward = wr_arg_text(use, "ward"), .open = true};
	int r = filter.ward ? wr_use_ward(use, filter.ward, &ward) : 0;
	if (!r)
		r = wr_store_task_list(use->tx, use->arena, &filter, &tasks, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n && !r; i++)
		json_array_append_new(list, wr_json_task(use, &tasks[i]));
	wr_use_answer(use, "tasks", list);
	return r;
}

static int find_open(struct wr_use *use, struct wr_task *ret_task)
{
	const char *id = NULL;
	int r = wr_arg_must(use, "id", &id);
	if (!r)
		r = wr_store_task_get(use->tx, use->arena, id, ret_task);
	if (r == WR_STORE_NONE)
		return wr_unknown(use, "see `wardctl task list`", "there is no task `%s`", id);
	if (!r && ret_task->done != WR_TIME_NONE)
		return wr_refuse(use, NULL, "task %s is done already", id);
	return r;
}

static int settle(struct wr_use *use, struct wr_task *task, const char *how, bool declined)
{
	json_t *before = wr_json_task(use, task);
	task->done = use->now;
	task->done_by = use->actor;
	task->note = wr_arg_text(use, "note");
	task->declined = declined;
	int r = wr_store_task_put(use->tx, task);
	if (r) {
		json_decref(before);
		return r;
	}
	wr_use_change(use, wr_arena_printf(use->arena, "task %s", task->id), "open", how);
	wr_use_answer(use, "task", wr_json_task(use, task));
	return wr_use_audit(use, wr_arena_printf(use->arena, "task:%s", task->id), task->patient,
	    before, wr_json_task(use, task));
}

/* Whether a slot was held is said of the slot: a tick would only bring the question back. */
static int may_be_ticked(struct wr_use *use, const struct wr_task *task)
{
	struct wr_slot slot;
	if (!wr_text_equal(task->kind, "record") || !task->slot)
		return 0;
	int r = wr_use_slot(use, task->slot, &slot);
	if (r || (slot.state != WR_STATE_PUBLISHED && slot.state != WR_STATE_STARTED))
		return r;
	return wr_refuse(use, "`wardctl slot finish` (start it first) or `wardctl slot missed`",
	    "nobody has said whether slot %s was held", slot.ref);
}

int wr_case_task_done(struct wr_use *use)
{
	struct wr_task task;
	int r = find_open(use, &task);
	if (!r)
		r = may_be_ticked(use, &task);
	if (!r && wr_text_equal(task.kind, "proposal"))
		r = wr_proposal_accept(use, &task);
	if (!r && wr_text_equal(task.kind, WR_TASK_WIDEN))
		r = wr_widen_accept(use, &task);
	return r ? r : settle(use, &task, "done", false);
}

static bool can_be_declined(const struct wr_task *task)
{
	return wr_text_equal(task->kind, "proposal") || wr_text_equal(task->kind, WR_TASK_WISH) ||
	       wr_text_equal(task->kind, WR_TASK_WIDEN);
}

int wr_case_task_decline(struct wr_use *use)
{
	struct wr_task task;
	int r = find_open(use, &task);
	if (!r && !can_be_declined(&task))
		r = wr_refuse(use, "say that it is done",
		    "task %s is neither a proposal nor a patient's wish", task.id);
	return r ? r : settle(use, &task, "declined", true);
}
