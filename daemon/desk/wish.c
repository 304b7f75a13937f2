#include "desk/wish.h"

#include <stdlib.h>

#include "desk/slot_change.h"

enum { UNREAD = 12 * 3600, BEFORE_SLOT = 2 * 3600 };

/* Notes of tasks that nobody has to do any more. */
#define BY_PATIENT "the patient took it back"
#define STAY_OVER "the stay is over"

/* ---- reading ---- */

static const char *kept_text(struct wr_use *use, const json_t *data, const char *name)
{
	const char *text = json_string_value(json_object_get(data, name));
	return text ? wr_arena_strdup(use->arena, text) : NULL;
}

static enum wr_wish_state state_of(const struct wr_task *task, const json_t *data)
{
	if (task->done == WR_TIME_NONE)
		return WR_WISH_WAITS;
	if (json_is_true(json_object_get(data, "taken_back")))
		return WR_WISH_TAKEN_BACK;
	return task->declined ? WR_WISH_DECLINED : WR_WISH_DONE;
}

/* False for tasks of other kinds and of an earlier stay. */
static bool read_task(struct wr_use *use, const struct wr_patient *patient,
    const struct wr_task *task, struct wr_wished *ret_wish)
{
	bool widens = wr_text_equal(task->kind, WR_TASK_WIDEN);
	if (!widens && !wr_text_equal(task->kind, WR_TASK_WISH))
		return false;
	json_t *data = task->data ? json_loads(task->data, 0, NULL) : NULL;
	int sees = wr_word_value(&wr_words_sees, json_string_value(json_object_get(data, "sees")));
	*ret_wish = (struct wr_wished){
	    .task = task->id,
	    .slot = task->slot,
	    .widens = widens,
	    .wish = wr_word_value(&wr_words_wish, json_string_value(json_object_get(data, "wish"))),
	    .words = kept_text(use, data, "words"),
	    .support = kept_text(use, data, "support"),
	    .name = kept_text(use, data, "name"),
	    .relation = kept_text(use, data, "relation"),
	    .sees = sees < 0 ? WR_SEES_NOTHING : (enum wr_sees)sees,
	    .state = state_of(task, data),
	    .since = task->created,
	    .ended = task->done,
	};
	bool present = json_integer_value(json_object_get(data, "admission")) == patient->admission;
	json_decref(data);
	return present && (widens || ret_wish->wish >= 0);
}

int wr_wish_list(struct wr_use *use, const struct wr_patient *patient, wr_time since,
    struct wr_wished **ret_wishes, size_t *ret_n)
{
	struct wr_task *tasks = NULL;
	size_t n = 0;
	struct wr_store_task_filter filter = {.patient = patient->ref};
	int r = wr_store_task_list(use->tx, use->arena, &filter, &tasks, &n);
	*ret_n = 0;
	*ret_wishes = wr_arena_new(use->arena, struct wr_wished, n + 1);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_wished *wish = &(*ret_wishes)[*ret_n];
		if ((tasks[i].done == WR_TIME_NONE || tasks[i].done >= since) &&
		    read_task(use, patient, &tasks[i], wish) && wish->state != WR_WISH_TAKEN_BACK)
			++*ret_n;
	}
	return r;
}

json_t *wr_json_wishes(struct wr_use *use, const struct wr_slot *slot)
{
	struct wr_task *tasks = NULL;
	struct wr_patient patient;
	struct wr_wished wish;
	size_t n = 0;
	json_t *list = json_array();
	struct wr_store_task_filter filter = {
	    .kind = WR_TASK_WISH, .slot = slot->ref, .open = true};
	if (wr_store_task_list(use->tx, use->arena, &filter, &tasks, &n) || n == 0 ||
	    wr_store_patient_get(use->tx, use->arena, slot->patient, &patient))
		return list;
	for (size_t i = 0; i < n; i++)
		if (read_task(use, &patient, &tasks[i], &wish))
			json_array_append_new(
			    list, json_pack("{s:s, s:s, s:s?, s:o}", "task", wish.task, "wish",
				      wr_word(&wr_words_wish, wish.wish), "words", wish.words,
				      "since", wr_json_time(use, slot->ward, wish.since)));
	return list;
}

/* ---- asking ---- */

/* Read within twelve hours, and in time for the slot. */
static wr_time alarm_for(const struct wr_use *use, const struct wr_slot *slot)
{
	wr_time alarm = use->now + UNREAD;
	if (slot && slot->start - BEFORE_SLOT < alarm)
		alarm = slot->start - BEFORE_SLOT;
	return alarm > use->now ? alarm : use->now;
}

static int count_open(struct wr_use *use, const struct wr_patient *patient)
{
	struct wr_wished *wishes = NULL;
	size_t n = 0, open = 0;
	int r = wr_wish_list(use, patient, use->now, &wishes, &n);
	for (size_t i = 0; i < n && !r; i++)
		open += wishes[i].state == WR_WISH_WAITS;
	if (!r && open >= WR_WISHES_MOST)
		r = wr_use_say(use,
		    wr_refuse(use, "do or decline some first", "%zu wishes wait already", open),
		    WR_SAY_PATIENT_WRONG_WISHES_MANY, NULL);
	return r;
}

static int put_task(struct wr_use *use, struct wr_task *task, json_t *data)
{
	char *text = json_dumps(data, JSON_COMPACT);
	task->data = wr_arena_strdup(use->arena, text);
	free(text);
	json_decref(data);
	int r = task->id ? 0 : wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_TASK, &task->id);
	if (!r)
		r = wr_use_stored(use, wr_store_task_put(use->tx, task), "task");
	if (r)
		return r;
	wr_use_change(use, wr_arena_printf(use->arena, "task %s", task->id), NULL, task->kind);
	wr_use_answer(use, "task", wr_json_task(use, task));
	return wr_use_audit(use, wr_arena_printf(use->arena, "task:%s", task->id), task->patient,
	    NULL, wr_json_task(use, task));
}

int wr_wish_put(struct wr_use *use, const struct wr_patient *patient, const char *kind,
    const struct wr_slot *slot, const char *text, json_t *data)
{
	struct wr_task task = {
	    .ward = patient->ward,
	    .kind = kind,
	    .patient = patient->ref,
	    .slot = slot ? slot->ref : NULL,
	    .text = text,
	    .created = use->now,
	    .alarm = alarm_for(use, slot),
	    .done = WR_TIME_NONE,
	};
	json_object_set_new(data, "admission", json_integer(patient->admission));
	int r = wr_text_equal(kind, WR_TASK_NARROWED) ? 0 : count_open(use, patient);
	if (!r)
		return put_task(use, &task, data);
	json_decref(data);
	return r;
}

const char *wr_wish_words(enum wr_wish wish)
{
	switch (wish) {
	case WR_WISH_NOT_THIS_TIME:
		return "would rather not have a round this time";
	case WR_WISH_FEWER_PEOPLE:
		return "would like fewer people there";
	case WR_WISH_PART_ALONE:
		return "would like a part of it alone with the doctor";
	case WR_WISH_ANOTHER_TIME:
		break;
	}
	return "would like another time";
}

static const char *task_text(struct wr_use *use, const struct wr_patient *patient,
    enum wr_wish wish, const struct wr_slot *slot, const char *words)
{
	const char *about =
	    slot ? wr_arena_printf(use->arena, " (slot %s, %s)", slot->ref, wr_slot_when(use, slot))
		 : "";
	return wr_arena_printf(use->arena, "Speak with patient %s, who %s%s%s%s", patient->ref,
	    wr_wish_words(wish), about, wr_text_empty(words) ? "." : ": ",
	    wr_text_empty(words) ? "" : words);
}

/* The open task that asks the same of the same slot. */
static int find_same(struct wr_use *use, const struct wr_patient *patient, enum wr_wish wish,
    const struct wr_slot *slot, struct wr_task *ret_task)
{
	struct wr_wished *wishes = NULL;
	size_t n = 0;
	int r = wr_wish_list(use, patient, use->now, &wishes, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (wishes[i].state == WR_WISH_WAITS && !wishes[i].widens &&
		    wishes[i].wish == (int)wish &&
		    wr_text_equal(wishes[i].slot, slot ? slot->ref : NULL))
			return wr_store_task_get(use->tx, use->arena, wishes[i].task, ret_task);
	return r ? r : WR_STORE_NONE;
}

int wr_wish_ask(struct wr_use *use, const struct wr_patient *patient, enum wr_wish wish,
    const struct wr_slot *slot, const char *words)
{
	struct wr_task task;
	if (words && !wr_voice_fits(words, WR_WISH_LONGEST))
		return wr_use_say(use,
		    wr_fault(use, WR_FAULT_DATA, NULL, "a wish has at most %d characters",
			WR_WISH_LONGEST),
		    WR_SAY_PATIENT_WRONG_TOO_LONG, "words");
	const char *text = task_text(use, patient, wish, slot, words);
	json_t *data = json_pack("{s:i, s:s, s:s?}", "admission", patient->admission, "wish",
	    wr_word(&wr_words_wish, (int)wish), "words", wr_text_empty(words) ? NULL : words);
	int r = find_same(use, patient, wish, slot, &task);
	if (r == WR_STORE_NONE)
		return wr_wish_put(use, patient, WR_TASK_WISH, slot, text, data);
	bool same = !r && wr_text_equal(task.text, text);
	task.text = text;
	if (!r && !same)
		return put_task(use, &task, data);
	json_decref(data);
	return r;
}

/* ---- taking back ---- */

/* A task's data with its member `taken_back` set or taken out. */
static void mark_taken_back(struct wr_use *use, struct wr_task *task, bool taken_back)
{
	json_t *data = task->data ? json_loads(task->data, 0, NULL) : json_object();
	if (taken_back)
		json_object_set_new(data, "taken_back", json_true());
	else
		json_object_del(data, "taken_back");
	char *text = json_dumps(data, JSON_COMPACT);
	task->data = wr_arena_strdup(use->arena, text);
	free(text);
	json_decref(data);
}

static int rewrite(struct wr_use *use, const struct wr_task *before, const struct wr_task *task,
    const char *from, const char *to)
{
	int r = wr_store_task_put(use->tx, task);
	if (r)
		return r;
	wr_use_change(use, wr_arena_printf(use->arena, "task %s", task->id), from, to);
	return wr_use_audit(use, wr_arena_printf(use->arena, "task:%s", task->id), task->patient,
	    wr_json_task(use, before), wr_json_task(use, task));
}

static int end(struct wr_use *use, const struct wr_task *before, const char *note)
{
	struct wr_task task = *before;
	mark_taken_back(use, &task, true);
	task.done = use->now;
	task.done_by = use->actor;
	task.declined = true;
	task.note = note;
	return rewrite(use, before, &task, "open", note);
}

int wr_wish_take_back(struct wr_use *use, const struct wr_patient *patient, const char *id)
{
	struct wr_task task;
	struct wr_wished wish;
	int r = id ? wr_store_task_get(use->tx, use->arena, id, &task) : WR_STORE_NONE;
	if (r && r != WR_STORE_NONE)
		return r;
	if (r || !wr_text_equal(task.patient, patient->ref) ||
	    !read_task(use, patient, &task, &wish) || wish.state != WR_WISH_WAITS)
		return wr_use_say(use, wr_refuse(use, NULL, "there is no open wish of that kind"),
		    WR_SAY_PATIENT_WRONG_WISH_GONE, NULL);
	return end(use, &task, BY_PATIENT);
}

int wr_wish_take_back_for(struct wr_use *use, const struct wr_patient *patient, const char *support)
{
	struct wr_wished *wishes = NULL;
	size_t n = 0;
	int r = wr_wish_list(use, patient, use->now, &wishes, &n);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_task task;
		if (wishes[i].state != WR_WISH_WAITS || !wishes[i].support ||
		    !wr_text_equal(wishes[i].support, support))
			continue;
		r = wr_store_task_get(use->tx, use->arena, wishes[i].task, &task);
		if (!r)
			r = end(use, &task, BY_PATIENT);
	}
	return r;
}

/* ---- when the patient leaves ---- */

static bool is_from_patient(const struct wr_task *task)
{
	return wr_text_equal(task->kind, WR_TASK_WISH) ||
	       wr_text_equal(task->kind, WR_TASK_WIDEN) ||
	       wr_text_equal(task->kind, WR_TASK_NARROWED);
}

static int list_tasks(struct wr_use *use, const struct wr_patient *patient, bool open,
    struct wr_task **ret_tasks, size_t *ret_n)
{
	struct wr_store_task_filter filter = {.patient = patient->ref, .open = open};
	return wr_store_task_list(use->tx, use->arena, &filter, ret_tasks, ret_n);
}

int wr_wish_move(struct wr_use *use, const struct wr_patient *patient, const char *ward)
{
	struct wr_task *tasks = NULL;
	size_t n = 0;
	int r = list_tasks(use, patient, true, &tasks, &n);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_task task = tasks[i];
		task.ward = ward;
		if (is_from_patient(&task))
			r = rewrite(use, &tasks[i], &task, tasks[i].ward, ward);
	}
	return r;
}

int wr_wish_end_stay(struct wr_use *use, const struct wr_patient *patient)
{
	struct wr_task *tasks = NULL;
	size_t n = 0;
	int r = list_tasks(use, patient, true, &tasks, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (is_from_patient(&tasks[i]))
			r = end(use, &tasks[i], STAY_OVER);
	return r;
}

int wr_wish_resume_stay(struct wr_use *use, const struct wr_patient *patient, wr_time ended)
{
	struct wr_task *tasks = NULL;
	size_t n = 0;
	int r = list_tasks(use, patient, false, &tasks, &n);
	for (size_t i = 0; i < n && !r; i++) {
		struct wr_task task = tasks[i];
		if (!is_from_patient(&task) || task.done != ended ||
		    !wr_text_equal(task.note, STAY_OVER))
			continue;
		mark_taken_back(use, &task, false);
		task.done = WR_TIME_NONE;
		task.done_by = task.note = NULL;
		task.declined = false;
		r = rewrite(use, &tasks[i], &task, STAY_OVER, "open");
	}
	return r;
}
