#include "desk/event.h"

#include <stdio.h>
#include <string.h>

#include "desk/compose.h"

enum { NEW_SAID = 1, ALARM_SAID = 2, SAY_AGAIN_SECONDS = 3600 };

/* ---- tasks ---- */

static const struct {
	const char *kind, *what;
} kinds[] = {
    // clang-format off
    {"ring",     "somebody has to be rung"},
    {"note",     "a note has to be read"},
    {"proposal", "a change is proposed and waits for a yes or no"},
    {"clash",    "a published slot can't stay as it is"},
    {"record",   "say whether a slot was held"},
    {"endpoint", "an endpoint takes no notices; people have to be rung meanwhile"},
    {"wish",     "a patient asks something of the ward"},
    {"widen",    "a patient has to be asked in private"},
    {"narrowed", "a patient has changed what somebody may see"},
    {"contact",  "a number or address doesn't work"},
    {"paper",    "the pages to print of the next day are missing"},
    // clang-format on
};

static const char *what_to_do(const char *kind)
{
	for (size_t i = 0; i < WR_COUNT(kinds); i++)
		if (wr_text_equal(kinds[i].kind, kind))
			return kinds[i].what;
	return "something has to be done";
}

/* The endpoint that a task is about, which is no way to tell of it. */
static const char *failing_endpoint(struct wr_use *use, const struct wr_task *task)
{
	json_t *data = task->data ? json_loads(task->data, 0, NULL) : NULL;
	const char *name = json_string_value(json_object_get(data, "endpoint"));
	const char *kept = name ? wr_arena_strdup(use->arena, name) : NULL;
	json_decref(data);
	return kept;
}

static int say_task(struct wr_use *use, struct wr_task *task)
{
	bool urgent = task->alarm != WR_TIME_NONE && task->alarm <= use->now;
	struct wr_staff_event event = {
	    .type = WR_NOTICE_TASK_NEW,
	    .ward = wr_config_find_ward(use->config, task->ward),
	    .task = task->id,
	    .except = failing_endpoint(use, task),
	    .note = wr_arena_printf(use->arena, "%s %s: %s. See the desk.",
		task->said == NEW_SAID ? "Still to be done, task" : "Task", task->id,
		what_to_do(task->kind)),
	};
	task->said = urgent ? ALARM_SAID : NEW_SAID;
	int r = wr_compose_for_staff(use, &event);
	return r ? r : wr_store_task_put(use->tx, task);
}

static int say_tasks(struct wr_use *use, const struct wr_store_task_filter *filter)
{
	struct wr_task *tasks = NULL;
	size_t n = 0;
	int r = wr_store_task_list(use->tx, use->arena, filter, &tasks, &n);
	for (size_t i = 0; i < n && !r; i++)
		r = say_task(use, &tasks[i]);
	return r;
}

int wr_event_tasks(struct wr_use *use)
{
	struct wr_store_task_filter fresh = {.open = true, .unsaid = true};
	return say_tasks(use, &fresh);
}

static struct wr_store_task_filter overdue(const struct wr_use *use)
{
	return (struct wr_store_task_filter){.open = true, .alarm_by = use->now, .no_alarm = true};
}

int wr_event_alarms(struct wr_use *use)
{
	struct wr_store_task_filter filter = overdue(use);
	return say_tasks(use, &filter);
}

/* ---- patients without a slot ---- */

/* From the week before: it may still run on a ward to the west. */
static int list_unplaced(struct wr_use *use, struct wr_unplaced **ret_unplaced, size_t *ret_n)
{
	struct wr_week from = wr_day_week((wr_day)(use->now / 86400) - 1);
	struct wr_unplaced *all = NULL;
	size_t n = 0, kept = 0;
	int r = wr_store_unplaced_unsaid(use->tx, use->arena, from, &all, &n);
	for (size_t i = 0; i < n && !r; i++) {
		const struct wr_config_ward *ward = wr_config_find_ward(use->config, all[i].ward);
		struct wr_week now = ward ? wr_day_week(wr_zone_day(ward->zone, use->now)) : from;
		if (ward && wr_week_monday(all[i].week) >= wr_week_monday(now))
			all[kept++] = all[i];
	}
	*ret_unplaced = all;
	*ret_n = r ? 0 : kept;
	return r;
}

int wr_event_unplaced(struct wr_use *use, const char *ward, const struct wr_week *week)
{
	struct wr_unplaced *rows = NULL;
	size_t n = 0;
	char monday[WR_TIME_TEXT];
	int r = list_unplaced(use, &rows, &n);
	for (size_t i = 0; i < n && !r; i++) {
		if ((ward && !wr_text_equal(rows[i].ward, ward)) ||
		    (week && !wr_week_equal(rows[i].week, *week)))
			continue;
		struct wr_staff_event event = {
		    .type = WR_NOTICE_PATIENT_UNPLACED,
		    .ward = wr_config_find_ward(use->config, rows[i].ward),
		    .patient = rows[i].patient,
		    .note = wr_arena_printf(use->arena,
			"%s has no slot in the week of %s. Why stands on the desk.",
			rows[i].patient, wr_day_short(wr_week_monday(rows[i].week), monday)),
		};
		rows[i].said = true;
		r = wr_compose_for_staff(use, &event);
		if (!r)
			r = wr_store_unplaced_put(use->tx, &rows[i]);
	}
	return r;
}

/* ---- replies ---- */

int wr_event_reply(struct wr_use *use, const struct wr_slot *slot, const struct wr_reply *reply)
{
	static const char *const answers[] = {
	    [WR_ANSWER_PERSON] = "comes in person",
	    [WR_ANSWER_PHONE] = "joins by phone",
	    [WR_ANSWER_VIDEO] = "joins by video",
	    [WR_ANSWER_NO] = "can't come",
	};
	struct wr_staff_event event = {
	    .type = WR_NOTICE_REPLY_RECEIVED,
	    .ward = wr_config_find_ward(use->config, slot->ward),
	    .slot = slot,
	    .patient = slot->patient,
	    .support = reply->support,
	    .answer = wr_word(&wr_words_answer, (int)reply->answer),
	};
	if (!event.ward)
		return 0;
	struct wr_wall wall = wr_zone_wall(event.ward->zone, slot->start);
	char day[WR_TIME_TEXT], clock[WR_TIME_TEXT];
	event.note = wr_arena_printf(use->arena, "%s %s: slot %s, %s %s.%s", reply->support,
	    answers[reply->answer], slot->ref, wr_day_short(wall.day, day),
	    wr_clock_text(wall.minute, clock), reply->note ? " With a note to read." : "");
	return wr_compose_for_staff(use, &event);
}

/* ---- promises ---- */

static const char *const states[] = {"kept", "danger", "broken"};

static enum wr_promise_state state_on(const struct wr_promise *promise, const char *ward)
{
	enum wr_promise_state state = WR_PROMISE_KEPT;
	for (size_t i = 0; i < promise->n; i++)
		if (wr_text_equal(promise->lines[i].ward, ward) && promise->lines[i].state > state)
			state = promise->lines[i].state;
	return state;
}

static bool was_named(const struct wr_promise *promise, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (wr_text_equal(promise->lines[i].ward, promise->lines[at].ward))
			return true;
	return false;
}

/* "1 kingsley danger;4  broken;": a ward without a name is the whole house. */
const char *wr_event_standing(struct wr_arena *arena, const struct wr_promise_report *report)
{
	struct wr_buf text = {0};
	for (int p = 0; p < WR_PROMISES; p++) {
		const struct wr_promise *promise = &report->promises[p];
		for (size_t i = 0; i < promise->n; i++) {
			const char *ward = promise->lines[i].ward;
			if (!was_named(promise, i))
				wr_buf_printf(&text, "%d %s %s;", p + 1, ward ? ward : "",
				    states[state_on(promise, ward)]);
		}
	}
	const char *standing = wr_arena_strndup(arena, wr_buf_text(&text), text.length);
	wr_buf_deinit(&text);
	return standing;
}

static enum wr_promise_state read_state(const char *text)
{
	for (int i = WR_PROMISE_BROKEN; i > WR_PROMISE_KEPT; i--)
		if (wr_text_starts(text, states[i]))
			return (enum wr_promise_state)i;
	return WR_PROMISE_KEPT;
}

/* Of one promise on one ward: the state that it was in, and when that was last said. */
struct standing {
	enum wr_promise_state state;
	wr_time said[WR_PROMISE_BROKEN + 1];
};

static int read_standing(struct wr_use *use, const char *name, struct standing *ret)
{
	const char *text = NULL;
	char state[16] = "";
	long long danger = 0, broken = 0;
	int r = wr_store_meta_get(use->tx, use->arena, name, &text);
	*ret = (struct standing){0};
	if (r)
		return r == WR_STORE_NONE ? 0 : r;
	if (sscanf(text, "%15s %lld %lld", state, &danger, &broken) == 3)
		*ret = (struct standing){read_state(state), {0, danger, broken}};
	return 0;
}

static int say_promise(struct wr_use *use, int n, const char *ward, enum wr_promise_state state)
{
	struct staff_words {
		const char *how;
	} words[] = {{"kept"}, {"in danger"}, {"broken"}};
	struct wr_staff_event event = {
	    .type = WR_NOTICE_PROMISE_DANGER,
	    .ward = wr_config_find_ward(use->config, ward),
	    .promise = n,
	    .note = wr_arena_printf(use->arena, "Promise %d (%s) is %s. See the desk.", n,
		wr_promise_name(n), words[state].how),
	};
	return wr_compose_for_staff(use, &event);
}

static int compare_standing(
    struct wr_use *use, int n, const char *ward, enum wr_promise_state state)
{
	struct standing was;
	const char *name = wr_arena_printf(use->arena, "promise.%d.%s", n, ward);
	int r = read_standing(use, name, &was);
	bool worse = state > was.state;
	bool said = was.said[state] && use->now >= was.said[state] &&
	            use->now - was.said[state] < SAY_AGAIN_SECONDS;
	if (r || state == was.state)
		return r;
	if (worse && !said) {
		was.said[state] = use->now;
		r = say_promise(use, n, ward, state);
	}
	return r ? r
	         : wr_store_meta_put(use->tx, name,
		       wr_arena_printf(use->arena, "%s %lld %lld", states[state],
			   (long long)was.said[WR_PROMISE_DANGER],
			   (long long)was.said[WR_PROMISE_BROKEN]));
}

/* The state that `standing` gives, KEPT when it says nothing. */
static enum wr_promise_state state_in(
    struct wr_use *use, const char *standing, int n, const char *ward)
{
	const char *start = wr_arena_printf(use->arena, "%d %s ", n, ward);
	for (const char *at = standing; *at; at = strchr(at, ';') + 1)
		if (wr_text_starts(at, start))
			return read_state(at + strlen(start));
	return WR_PROMISE_KEPT;
}

int wr_event_promises(struct wr_use *use, const char *standing)
{
	int r = 0;
	for (int n = 1; n <= WR_PROMISES && !r; n++) {
		r = compare_standing(use, n, "", state_in(use, standing, n, ""));
		for (size_t w = 0; w < use->config->n_wards && !r; w++) {
			const char *ward = use->config->wards[w].id;
			r = compare_standing(use, n, ward, state_in(use, standing, n, ward));
		}
	}
	return r;
}

/* ---- whether ---- */

int wr_event_is_due(struct wr_use *use, bool *ret_due)
{
	struct wr_task *tasks = NULL;
	struct wr_unplaced *unplaced = NULL;
	size_t n_tasks = 0, n_unplaced = 0;
	struct wr_store_task_filter filter = overdue(use);
	int r = wr_store_task_list(use->tx, use->arena, &filter, &tasks, &n_tasks);
	if (!r)
		r = list_unplaced(use, &unplaced, &n_unplaced);
	*ret_due = n_tasks || n_unplaced;
	return r;
}
