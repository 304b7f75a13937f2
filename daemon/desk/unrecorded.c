#include "desk/unrecorded.h"

#include "desk/slot_change.h"

static const char kind[] = "record";

static int passed_slots(
    struct wr_use *use, const char *patient, struct wr_slot **ret_slots, size_t *ret_n)
{
	struct wr_store_slot_filter filter = {
	    .patient = patient,
	    .from = use->now - WR_UNRECORDED_BACK_SECONDS,
	    .to = use->now,
	    .states = WR_STORE_BIT(WR_STATE_PUBLISHED) | WR_STORE_BIT(WR_STATE_STARTED),
	};
	size_t n = 0, kept = 0;
	int r = wr_store_slot_list(use->tx, use->arena, &filter, ret_slots, &n);
	for (size_t i = 0; i < n && !r; i++)
		if ((*ret_slots)[i].end + WR_UNRECORDED_AFTER_SECONDS <= use->now)
			(*ret_slots)[kept++] = (*ret_slots)[i];
	*ret_n = r ? 0 : kept;
	return r;
}

static int open_tasks(
    struct wr_use *use, const char *slot, struct wr_task **ret_tasks, size_t *ret_n)
{
	struct wr_store_task_filter filter = {.kind = kind, .slot = slot, .open = true};
	return wr_store_task_list(use->tx, use->arena, &filter, ret_tasks, ret_n);
}

static int ask_about(struct wr_use *use, const struct wr_slot *slot)
{
	struct wr_task task = {
	    .ward = slot->ward,
	    .kind = kind,
	    .patient = slot->patient,
	    .slot = slot->ref,
	    .text = wr_arena_printf(use->arena,
		"Was slot %s of patient %s held (%s)? Say it with `wardctl slot finish` (start it "
		"first) or `wardctl slot missed`.",
		slot->ref, slot->patient, wr_slot_when(use, slot)),
	    .created = use->now,
	    .alarm = use->now,
	    .done = WR_TIME_NONE,
	};
	int r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_TASK, &task.id);
	return r ? r : wr_store_task_put(use->tx, &task);
}

int wr_unrecorded_ask(struct wr_use *use)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	int r = passed_slots(use, NULL, &slots, &n);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_task *tasks = NULL;
		size_t n_tasks = 0;
		r = open_tasks(use, slots[i].ref, &tasks, &n_tasks);
		if (!r && n_tasks == 0)
			r = ask_about(use, &slots[i]);
	}
	return r;
}

int wr_unrecorded_settle(struct wr_use *use, const char *slot)
{
	struct wr_task *tasks = NULL;
	size_t n = 0;
	int r = open_tasks(use, slot, &tasks, &n);
	for (size_t i = 0; i < n && !r; i++) {
		tasks[i].done = use->now;
		tasks[i].done_by = use->actor;
		r = wr_store_task_put(use->tx, &tasks[i]);
	}
	return r;
}

int wr_unrecorded_find(struct wr_use *use, const char *patient, const char **ret_slot)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	int r = passed_slots(use, patient, &slots, &n);
	*ret_slot = n ? slots[n - 1].ref : NULL;
	return r;
}
