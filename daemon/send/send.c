/*
 *             start            its turn             curl is done, or cancel
 *     IDLE ----------> WAITING ----------> RUNNING ----------------> ENDED ----> IDLE, callback
 *       \                  \____________________ cancel ____________/ |
 *        \_____________________ can't be sent at all _________________/
 *
 * Each lane has its own queue and its own number of tries at a time, so a slow or dead endpoint
 * holds up nobody else, and a delivery's time-out begins when its turn comes. A delivery is always
 * in exactly one list: its lane's queue, send's running ones or send's ended ones.
 */
#include "send/send.h"

#include "send/transfer.h"
#include "send/watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct wr_send_lane {
	char *name;
	unsigned running;
	struct wr_send_list waiting;
	struct transfer_target target; /* of the last delivery */
	struct wr_send_lane *next;
};

/* ---- lists ---- */

static void append(struct wr_send_list *list, struct wr_delivery *delivery)
{
	delivery->next = NULL;
	delivery->previous = list->last;
	if (list->last)
		list->last->next = delivery;
	else
		list->first = delivery;
	list->last = delivery;
}

static void take_out(struct wr_send_list *list, struct wr_delivery *delivery)
{
	if (delivery->previous)
		delivery->previous->next = delivery->next;
	else
		list->first = delivery->next;
	if (delivery->next)
		delivery->next->previous = delivery->previous;
	else
		list->last = delivery->previous;
	delivery->next = delivery->previous = NULL;
}

/* ---- lanes ---- */

static struct wr_send_lane *lane_for(struct wr_send *send, const char *name)
{
	for (struct wr_send_lane *lane = send->lanes; lane; lane = lane->next)
		if (strcmp(lane->name, name) == 0)
			return lane;
	struct wr_send_lane *lane = wr_alloc(1, sizeof(*lane));
	lane->name = wr_strdup(name);
	lane->next = send->lanes;
	send->lanes = lane;
	return lane;
}

static void drop_if_unused(struct wr_send *send, struct wr_send_lane *lane)
{
	if (lane->running > 0 || lane->waiting.first)
		return;
	struct wr_send_lane **at = &send->lanes;
	while (*at != lane)
		at = &(*at)->next;
	*at = lane->next;
	transfer_free_target(&lane->target);
	free(lane->name);
	free(lane);
}

/* ---- from one state to the next ---- */

static void on_later(uv_idle_t *idle);

static void end(struct wr_delivery *delivery)
{
	struct wr_send *send = delivery->send;
	delivery->state = WR_DELIVERY_ENDED;
	delivery->in = NULL;
	append(&send->ended, delivery);
	if (!send->calling)
		uv_idle_start(&send->later, on_later);
}

static void end_without_memory(struct wr_delivery *delivery)
{
	snprintf(delivery->result.error, sizeof(delivery->result.error), "no memory");
	delivery->result.transport = WR_NOTICE_UNREACHED;
	end(delivery);
}

static void end_stopped(struct wr_delivery *delivery, const char *why)
{
	delivery->result.transport = WR_NOTICE_STOPPED;
	snprintf(delivery->result.error, sizeof(delivery->result.error), "%s", why);
	end(delivery);
}

static void run(struct wr_send_lane *lane, struct wr_delivery *delivery)
{
	struct wr_send *send = delivery->send;
	if (delivery->latest && uv_now(send->loop) >= delivery->latest) {
		end_stopped(delivery, "too late");
		return;
	}
	if (!transfer_open(delivery) ||
	    curl_multi_add_handle(send->multi, delivery->easy) != CURLM_OK) {
		transfer_close(delivery);
		end_without_memory(delivery);
		return;
	}
	lane->running++;
	delivery->state = WR_DELIVERY_RUNNING;
	delivery->started_at = uv_now(send->loop);
	append(&send->running, delivery);
}

/* Gives curl what may go in this lane now. */
static void run_next(struct wr_send *send, struct wr_send_lane *lane)
{
	while (lane->waiting.first && lane->running < WR_SEND_AT_ONCE && !send->closing) {
		struct wr_delivery *delivery = lane->waiting.first;
		take_out(&lane->waiting, delivery);
		run(lane, delivery);
	}
	drop_if_unused(send, lane);
}

static void stop_running(struct wr_delivery *delivery)
{
	struct wr_send *send = delivery->send;
	struct wr_send_lane *lane = delivery->in;
	take_out(&send->running, delivery);
	curl_multi_remove_handle(send->multi, delivery->easy);
	transfer_close(delivery);
	lane->running--;
	end(delivery);
	run_next(send, lane);
}

/* ---- callbacks ---- */

static void finish_close(struct wr_send *send);

/* Those that have ended by now; what ends in the callbacks waits for the next turn. */
static void call_ended(struct wr_send *send)
{
	struct wr_send_list batch = send->ended;
	if (send->calling)
		return;
	send->ended = (struct wr_send_list){0};
	send->calling = true;
	while (batch.first) {
		struct wr_delivery *delivery = batch.first;
		struct wr_send_result result = delivery->result;
		struct wr_buf answer = delivery->answer;
		take_out(&batch, delivery);
		delivery->state = WR_DELIVERY_IDLE;
		delivery->answer = (struct wr_buf){0};
		result.body = wr_buf_text(&answer);
		send->n--;
		delivery->callback(delivery, &result);
		wr_buf_deinit(&answer);
	}
	send->calling = false;
	if (send->ended.first)
		uv_idle_start(&send->later, on_later);
	else
		uv_idle_stop(&send->later);
	if (send->closing && send->n == 0)
		finish_close(send);
}

static void on_later(uv_idle_t *idle)
{
	call_ended(wr_container_of(idle, struct wr_send, later));
}

void send_drain(struct wr_send *send)
{
	CURLMsg *message;
	int left;
	while ((message = curl_multi_info_read(send->multi, &left))) {
		struct wr_delivery *delivery;
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&delivery);
		transfer_judge(delivery, message->data.result);
		stop_running(delivery);
	}
	if (send->ended.first)
		call_ended(send);
}

/* ---- what the caller does ---- */

int wr_send_init(struct wr_send *send, uv_loop_t *loop)
{
	*send = (struct wr_send){.loop = loop};
	send->multi = curl_multi_init();
	if (!send->multi)
		return -ENOMEM;
	watch_open(send);
	uv_idle_init(loop, &send->later);
	send->handles++;
	return 0;
}

int wr_send_start(struct wr_send *send, struct wr_delivery *delivery)
{
	if (send->closing)
		return -ECANCELED;
	delivery->send = send;
	delivery->result = (struct wr_send_result){.retry_after = -1, .body = ""};
	send->n++;
	struct wr_send_lane *lane = lane_for(send, delivery->lane  ? delivery->lane
						   : delivery->url ? delivery->url
								   : "");
	transfer_read_target(&lane->target, delivery->url);
	if (!transfer_may_go(delivery, &lane->target)) {
		end(delivery);
		drop_if_unused(send, lane);
		return 0;
	}
	delivery->in = lane;
	delivery->state = WR_DELIVERY_WAITING;
	append(&lane->waiting, delivery);
	run_next(send, lane);
	return 0;
}

void wr_send_cancel(struct wr_delivery *delivery)
{
	if (delivery->state == WR_DELIVERY_RUNNING) {
		delivery->result.transport = WR_NOTICE_STOPPED;
		snprintf(delivery->result.error, sizeof(delivery->result.error), "stopped");
		stop_running(delivery);
	} else if (delivery->state == WR_DELIVERY_WAITING) {
		struct wr_send_lane *lane = delivery->in;
		take_out(&lane->waiting, delivery);
		end_stopped(delivery, "stopped");
		drop_if_unused(delivery->send, lane);
	}
}

/* ---- end ---- */

void send_handle_closed(struct wr_send *send)
{
	send->handles--;
	if (send->cleaned && send->handles == 0 && send->on_closed)
		send->on_closed(send);
}

static void on_timer_closed(uv_handle_t *handle)
{
	send_handle_closed(wr_container_of((uv_timer_t *)(void *)handle, struct wr_send, timer));
}

static void on_later_closed(uv_handle_t *handle)
{
	send_handle_closed(wr_container_of((uv_idle_t *)(void *)handle, struct wr_send, later));
}

/* The last callback was made. Curl gives up its kept connections and with them their watches. */
static void finish_close(struct wr_send *send)
{
	transfer_drop_spare(send);
	curl_multi_cleanup(send->multi);
	send->multi = NULL;
	send->cleaned = true;
	uv_close((uv_handle_t *)&send->timer, on_timer_closed);
	uv_close((uv_handle_t *)&send->later, on_later_closed);
}

/* Nothing new is run while closing, so lanes are left with their waiting ones, then go. */
static void cancel_all(struct wr_send *send)
{
	while (send->running.first)
		wr_send_cancel(send->running.first);
	while (send->lanes)
		wr_send_cancel(send->lanes->waiting.first);
}

void wr_send_close(struct wr_send *send, void (*on_closed)(struct wr_send *send))
{
	if (send->closing)
		return;
	send->closing = true;
	send->on_closed = on_closed;
	cancel_all(send);
	if (!send->calling)
		uv_idle_start(&send->later, on_later);
}
