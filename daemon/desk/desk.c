#include "desk/desk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "desk/courier.h"
#include "desk/health.h"
#include "desk/paper.h"
#include "desk/plan_week.h"
#include "desk/staff/sign_ins.h"
#include "desk/tidy.h"
#include "desk/weekly.h"
#include "sys/log.h"
#include "sys/random.h"

enum { LOOK_SECONDS = 60, GUESSES_A_MINUTE = 20 };

/* ---- the configuration in force ---- */

struct wr_ground *wr_ground_new(
    struct wr_arena *arena, const struct wr_config *config, const unsigned char key[32])
{
	struct wr_ground *ground = wr_alloc(1, sizeof(*ground));
	ground->references = 1;
	ground->arena = *arena;
	ground->config = config;
	memcpy(ground->key, key, sizeof(ground->key));
	*arena = (struct wr_arena){0};
	return ground;
}

struct wr_ground *wr_ground_ref(struct wr_ground *ground)
{
	ground->references++;
	return ground;
}

void wr_ground_unref(struct wr_ground *ground)
{
	if (!ground || --ground->references)
		return;
	wr_arena_deinit(&ground->arena);
	free(ground);
}

/* ---- weeks to plan again, one after the other ---- */

struct waiting_week {
	struct waiting_week *next;
	char *ward;
	struct wr_week week;
	bool move;
};

struct wr_replan_queue {
	struct waiting_week *first;
	bool running;
};

static void queue_week(
    struct wr_replan_queue *queue, const char *ward, struct wr_week week, bool move)
{
	struct waiting_week **at = &queue->first;
	for (; *at; at = &(*at)->next)
		if (wr_text_equal((*at)->ward, ward) && wr_week_equal((*at)->week, week)) {
			(*at)->move |= move;
			return;
		}
	*at = wr_alloc(1, sizeof(**at));
	**at = (struct waiting_week){.ward = wr_strdup(ward), .week = week, .move = move};
}

static void free_week(struct waiting_week *week)
{
	free(week->ward);
	free(week);
}

static void plan_next_week(struct wr_desk *desk);

/* Things changed under the plan twice: the week still has to be planned. */
static void queue_again(struct wr_call *call)
{
	struct wr_week week;
	const char *ward = wr_arg_text(&call->use, "ward");
	if (call->use.fault.code == WR_FAULT_AGAIN && !wr_arg_week(&call->use, "week", &week))
		queue_week(call->desk->replans, ward, week, wr_arg_flag(&call->use, "move"));
}

static void on_planned_again(struct wr_call *call)
{
	wr_call_log(call);
	queue_again(call);
	call->desk->replans->running = false;
	plan_next_week(call->desk);
}

static void plan_next_week(struct wr_desk *desk)
{
	struct wr_replan_queue *queue = desk->replans;
	struct waiting_week *week = queue->first;
	char text[WR_TIME_TEXT];
	if (!week || queue->running || desk->stopping)
		return;
	queue->first = week->next;
	queue->running = true;
	json_t *args = json_pack("{s:s, s:s, s:b}", "ward", week->ward, "week",
	    wr_week_text(week->week, text), "move", week->move);
	free_week(week);
	wr_call_start(
	    wr_call_new(desk, &wr_verb_plan_repair, args, "daemon"), on_planned_again, NULL);
}

/* ---- what is due ---- */

static void on_due(struct wr_clock *clock);

static void set_clock(struct wr_desk *desk)
{
	wr_time at = desk->next_look;
	if (desk->next_due != WR_TIME_NONE && desk->next_due < at)
		at = desk->next_due;
	if (desk->next_fetches != WR_TIME_NONE && desk->next_fetches < at)
		at = desk->next_fetches;
	if (!desk->stopping)
		wr_clock_wake_at(&desk->clock, at, on_due);
}

static void on_due(struct wr_clock *clock)
{
	struct wr_desk *desk = wr_container_of(clock, struct wr_desk, clock);
	wr_time now = wr_clock_now(clock);
	if (desk->next_due != WR_TIME_NONE && desk->next_due <= now) {
		desk->next_due = WR_TIME_NONE;
		wr_courier_turn(desk->courier);
	}
	if (desk->next_fetches != WR_TIME_NONE && desk->next_fetches <= now) {
		desk->next_fetches = WR_TIME_NONE;
		wr_fetches_write(desk);
	}
	if (desk->next_look <= now) {
		desk->next_look = now + LOOK_SECONDS;
		wr_weekly_look(desk);
		wr_health_look(desk);
		wr_paper_look(desk);
	}
	if (desk->next_tidy <= now) {
		desk->next_tidy = now + WR_TIDY_EVERY_SECONDS;
		wr_tidy(desk);
	}
	set_clock(desk);
}

static void on_jump(struct wr_clock *clock, int64_t seconds)
{
	struct wr_desk *desk = wr_container_of(clock, struct wr_desk, clock);
	wr_log(WR_LOG_WARNING, "clock-jumped", "seconds=%lld", (long long)seconds);
	desk->next_look = desk->next_tidy = wr_clock_now(clock);
	if (desk->next_fetches != WR_TIME_NONE)
		desk->next_fetches = desk->next_look;
	desk->next_due = desk->next_look; /* what was due next may be due long since, or not yet */
	wr_courier_clock_moved(desk->courier, seconds);
	set_clock(desk);
}

void wr_desk_due(struct wr_desk *desk, wr_time at)
{
	if (at == WR_TIME_NONE || (desk->next_due != WR_TIME_NONE && desk->next_due <= at))
		return;
	desk->next_due = at;
	set_clock(desk);
}

void wr_desk_write_fetches_at(struct wr_desk *desk, wr_time at)
{
	if (desk->next_fetches != WR_TIME_NONE)
		return;
	desk->next_fetches = at;
	set_clock(desk);
}

void wr_desk_plan_again(struct wr_desk *desk, const char *ward, struct wr_week week, bool move)
{
	queue_week(desk->replans, ward, week, move);
	plan_next_week(desk);
}

bool wr_desk_is_planning(const struct wr_desk *desk)
{
	return desk->replans->running || desk->replans->first;
}

void wr_desk_committed(struct wr_desk *desk, struct wr_call *call)
{
	wr_doors_swap(&desk->doors, &call->use);
	wr_sign_ins_swap(&desk->sign_ins, &call->use);
	wr_desk_due(desk, call->next_due);
	for (size_t i = 0; i < call->use.n_replans; i++)
		queue_week(
		    desk->replans, call->use.replans[i].ward, call->use.replans[i].week, false);
	plan_next_week(desk);
}

/* ---- life ---- */

static void init_guesses(struct wr_rate *guesses)
{
	struct wr_rate_settings settings = {
	    .limit = GUESSES_A_MINUTE, .window_ms = 60 * 1000, .clients = 8192};
	wr_random_bytes(settings.key, sizeof(settings.key));
	wr_rate_init(guesses, &settings);
}

static int recover(struct wr_use *use)
{
	use->everything = true;
	use->staff_changed = true;
	int r = wr_courier_recover(use);
	return r ? r : wr_replans_recall(use);
}

static void on_recovered(struct wr_call *call)
{
	struct wr_desk *desk = call->desk;
	desk->ready = call->use.fault.code == WR_FAULT_NONE;
	wr_call_log(call);
	if (desk->on_ready)
		desk->on_ready(desk);
}

/* Links, feeds and what is due, read before the first request. */
void wr_desk_start(struct wr_desk *desk)
{
	static const struct wr_verb verb = {"daemon", "start", WR_VERB_CHANGES, recover, NULL};
	desk->courier = wr_courier_new(desk);
	desk->replans = wr_alloc(1, sizeof(*desk->replans));
	init_guesses(&desk->guesses);
	desk->next_due = WR_TIME_NONE;
	desk->next_fetches = WR_TIME_NONE;
	desk->started = wr_clock_now(&desk->clock);
	desk->next_look = desk->started;
	desk->next_tidy = desk->started;
	desk->clock.on_jump = on_jump;
	wr_call_start(wr_call_new(desk, &verb, NULL, "daemon"), on_recovered, NULL);
	set_clock(desk);
}

void wr_desk_stop(struct wr_desk *desk)
{
	desk->stopping = true;
	atomic_store(&desk->planning.stop, true); /* nobody waits for a proof */
	desk->ready = false;
	wr_fetches_write(desk);
	wr_courier_stop(desk->courier);
	wr_clock_wake_at(&desk->clock, WR_TIME_NONE, NULL);
}

void wr_desk_deinit(struct wr_desk *desk)
{
	while (desk->replans && desk->replans->first) {
		struct waiting_week *week = desk->replans->first;
		desk->replans->first = week->next;
		free_week(week);
	}
	free(desk->replans);
	wr_health_free(desk->health);
	wr_papers_free(desk->papers);
	wr_courier_free(desk->courier);
	wr_fetches_deinit(&desk->fetches);
	wr_doors_deinit(&desk->doors);
	wr_sign_ins_free(desk->sign_ins);
	wr_rate_deinit(&desk->guesses);
	wr_ground_unref(desk->ground);
}
