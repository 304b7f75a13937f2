#include "serve.h"

#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "connection.h"
#include "crowd.h"

#define SECOND UINT64_C(1000) /* in ms */

/* ---- time ---- */

uint64_t wr_serve_now(const struct wr_serve *serve)
{
	if (serve->settings.now_ms)
		return serve->settings.now_ms(serve->settings.clock);
	return uv_now(serve->loop) * serve->settings.rate;
}

static void on_deadline(uv_timer_t *timer)
{
	struct wr_serve *serve = timer->data;
	serve->deadline_at = 0;
	wr_serve_expire(serve);
}

void wr_serve_arm(struct wr_serve *serve, uint64_t deadline)
{
	if (serve->deadline_at && serve->deadline_at <= deadline)
		return;
	uint64_t now = wr_serve_now(serve);
	uint64_t wait = deadline > now ? deadline - now : 0;
	serve->deadline_at = deadline;
	/* Rounded up, so that the deadline has passed when the timer ends. */
	uv_timer_start(&serve->deadline, on_deadline, wait / serve->settings.rate + 1, 0);
}

void wr_serve_expire(struct wr_serve *serve)
{
	uint64_t now = wr_serve_now(serve);
	for (int state = 0; state < CLOSED; state++) {
		struct wr_serve_queue *queue = &serve->queues[state];
		if (!serve->timeouts[state])
			continue;
		while (queue->first && queue->first->deadline <= now)
			wr_connection_expire(queue->first);
		if (queue->first)
			wr_serve_arm(serve, queue->first->deadline);
	}
}

/* ---- settings ---- */

static uint64_t or_default(uint64_t value, uint64_t otherwise)
{
	return value ? value : otherwise;
}

void wr_serve_set(struct wr_serve *serve, const struct wr_serve_settings *settings)
{
	struct wr_serve_settings *now = &serve->settings;
	now->max_connections = (unsigned)or_default(settings->max_connections, 10000);
	now->max_connections_per_address =
	    (unsigned)or_default(settings->max_connections_per_address, 100);
	serve->timeouts[WAIT_REQUEST] = or_default(settings->idle_ms, 75 * SECOND);
	serve->timeouts[WAIT_HEAD] = or_default(settings->head_ms, 10 * SECOND);
	serve->timeouts[WAIT_BODY] = or_default(settings->body_ms, 30 * SECOND);
	serve->timeouts[WAIT_WRITE] = or_default(settings->write_ms, 60 * SECOND);
	serve->timeouts[WAIT_PEER] = or_default(settings->linger_ms, 2 * SECOND);
	struct wr_network *trusted = wr_alloc(settings->n_trusted, sizeof(*trusted));
	if (settings->n_trusted)
		memcpy(trusted, settings->trusted, settings->n_trusted * sizeof(*trusted));
	free(serve->trusted);
	serve->trusted = trusted;
	now->trusted = trusted;
	now->n_trusted = settings->n_trusted;
}

/* ---- life ---- */

static void raise_file_limit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

int wr_serve_init(struct wr_serve *serve, uv_loop_t *loop, const struct wr_serve_settings *settings)
{
	static const struct wr_serve_settings defaults;
	if (!settings)
		settings = &defaults;
	*serve = (struct wr_serve){.loop = loop, .settings = *settings};
	if (serve->settings.rate == 0)
		serve->settings.rate = 1;
	if (sodium_init() < 0)
		return -ENOSYS;
	/* A peer that closed is an error of its write, not the end of the process. */
	(void)signal(SIGPIPE, SIG_IGN);
	raise_file_limit();
	int r = uv_timer_init(loop, &serve->deadline);
	if (r != 0)
		return r;
	serve->deadline.data = serve;
	serve->n_handles = 1;
	serve->crowd = wr_serve_crowd_new();
	serve->read_buffer = wr_alloc(WR_SERVE_READ, 1);
	wr_serve_set(serve, settings);
	return 0;
}

static void on_timer_closed(uv_handle_t *handle)
{
	struct wr_serve *serve = handle->data;
	serve->n_handles--;
	if (serve->on_stopped)
		serve->on_stopped(serve);
}

/* The timer is the last handle, so that the end is always told by the loop. */
void wr_serve_settle(struct wr_serve *serve)
{
	if (serve->stopping && serve->n_handles == 1 && serve->n_exchanges == 0 &&
	    !uv_is_closing((uv_handle_t *)&serve->deadline))
		uv_close((uv_handle_t *)&serve->deadline, on_timer_closed);
}

void wr_serve_stop(struct wr_serve *serve, void (*on_stopped)(struct wr_serve *serve))
{
	serve->stopping = true;
	serve->on_stopped = on_stopped;
	while (serve->listeners)
		wr_serve_unlisten(serve->listeners);
	struct wr_connection *connection = serve->queues[WAIT_REQUEST].first;
	while (connection) {
		struct wr_connection *next = connection->next;
		wr_connection_stop(connection);
		connection = next;
	}
	wr_serve_settle(serve);
}

void wr_serve_cut(struct wr_serve *serve)
{
	for (int state = 0; state < CLOSED; state++)
		while (serve->queues[state].first)
			wr_connection_close(serve->queues[state].first);
}

void wr_serve_deinit(struct wr_serve *serve)
{
	wr_exchange_free_spare(serve);
	wr_serve_crowd_free(serve->crowd);
	wr_buf_deinit(&serve->head);
	free(serve->read_buffer);
	free(serve->trusted);
	*serve = (struct wr_serve){0};
}
