#include "desk/health.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "desk/event.h"
#include "sys/log.h"

static int count(struct wr_use *use, struct wr_health *health)
{
	struct wr_patient *patients = NULL;
	struct wr_slot *slots = NULL;
	struct wr_unplaced *unplaced = NULL;
	struct wr_task *tasks = NULL;
	struct wr_news *news = NULL;
	size_t n_news = 0;
	struct wr_store_slot_filter ahead = {
	    .from = use->now, .states = WR_STORE_BIT(WR_STATE_PUBLISHED)};
	struct wr_store_task_filter open = {.open = true};
	struct wr_store_news_filter coming = {.from = use->now};
	int r =
	    wr_store_patient_list(use->tx, use->arena, NULL, false, &patients, &health->patients);
	if (!r)
		r = wr_store_slot_list(use->tx, use->arena, &ahead, &slots, &health->published);
	if (!r)
		r = wr_store_unplaced_list(
		    use->tx, use->arena, NULL, NULL, NULL, &unplaced, &health->unplaced);
	if (!r)
		r = wr_store_task_list(use->tx, use->arena, &open, &tasks, &health->tasks);
	if (!r)
		r = wr_store_news_list(use->tx, use->arena, &coming, &news, &n_news);
	for (size_t i = 0; i < n_news; i++)
		health->unseen += news[i].want > news[i].confirmed;
	return r;
}

static int look(struct wr_use *use)
{
	struct wr_call *call = wr_container_of(use, struct wr_call, use);
	struct wr_health *health = wr_arena_new(use->arena, struct wr_health, 1);
	struct wr_promise_report report;
	int r = wr_promises_look(use, &report);
	for (int i = 0; i < WR_PROMISES && !r; i++)
		health->promises[i] = report.promises[i].state;
	health->looked = use->now;
	health->standing = r ? "" : wr_event_standing(use->arena, &report);
	call->operation = health;
	if (!r)
		r = wr_event_is_due(use, &health->event_due);
	return r ? r : count(use, health);
}

/* ---- staff are told ---- */

struct saying {
	char *standing;
	bool planning;
};

static int work_say(struct wr_use *use)
{
	const struct wr_call *call = wr_container_of(use, struct wr_call, use);
	const struct saying *saying = call->data;
	int r = wr_event_alarms(use);
	if (!r && !saying->planning)
		r = wr_event_unplaced(use, NULL, NULL);
	return r ? r : wr_event_promises(use, saying->standing);
}

static void on_said(struct wr_call *call)
{
	struct saying *saying = call->data;
	wr_call_log(call);
	free(saying->standing);
	free(saying);
}

static void say(struct wr_desk *desk, const struct wr_health *now)
{
	static const struct wr_verb verb = {"health", "say", WR_VERB_CHANGES, work_say, NULL};
	struct saying *saying = wr_alloc(1, sizeof(*saying));
	*saying = (struct saying){wr_strdup(now->standing), wr_desk_is_planning(desk)};
	wr_call_start(wr_call_new(desk, &verb, NULL, "daemon"), on_said, saying);
}

static bool is_same(const struct wr_health *a, const struct wr_health *b)
{
	return a->standing && strcmp(a->standing, b->standing) == 0;
}

static void on_looked(struct wr_call *call)
{
	struct wr_desk *desk = call->desk;
	const struct wr_health *now = call->operation;
	static const char *const states[] = {"kept", "danger", "broken"};
	if (call->result)
		return;
	for (int i = 0; i < WR_PROMISES; i++)
		if (now->promises[i] > desk->health->promises[i])
			wr_log(now->promises[i] == WR_PROMISE_BROKEN ? WR_LOG_CRITICAL
								     : WR_LOG_WARNING,
			    "promise-worse", "promise=%d state=%s", i + 1,
			    states[now->promises[i]]);
	if (now->event_due || !is_same(desk->health, now))
		say(desk, now);
	char *standing = wr_strdup(now->standing);
	free((void *)(uintptr_t)desk->health->standing);
	*desk->health = *now;
	desk->health->standing = standing;
}

void wr_health_look(struct wr_desk *desk)
{
	static const struct wr_verb verb = {"health", "look", WR_VERB_READS, look, NULL};
	if (!desk->health)
		desk->health = wr_alloc(1, sizeof(*desk->health));
	wr_call_start(wr_call_new(desk, &verb, NULL, "daemon"), on_looked, NULL);
}

void wr_health_free(struct wr_health *health)
{
	if (health)
		free((void *)(uintptr_t)health->standing);
	free(health);
}
