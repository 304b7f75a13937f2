#include "clock/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RATE_MAX = 100000 };

static int64_t read_ms(clockid_t which)
{
	struct timespec now;
	clock_gettime(which, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Stands still while the machine sleeps, so that a sleep shows as a jump. */
static int64_t steady_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

static int64_t floor_seconds(int64_t ms)
{
	return ms >= 0 ? ms / 1000 : -((999 - ms) / 1000);
}

/* ---- the time ---- */

int64_t wr_clock_now_ms(const struct wr_clock *clock)
{
	if (clock->held)
		return clock->base_ms;
	if (!clock->simulated)
		return read_ms(CLOCK_REALTIME);
	int64_t passed_us = (int64_t)((uv_hrtime() - clock->base_ns) / 1000);
	return clock->base_ms + passed_us * clock->rate / 1000;
}

wr_time wr_clock_now(const struct wr_clock *clock)
{
	return floor_seconds(wr_clock_now_ms(clock));
}

uint64_t wr_clock_real_ms(const struct wr_clock *clock, int64_t virtual_ms)
{
	if (virtual_ms <= 0)
		return 0;
	return (uint64_t)((virtual_ms + clock->rate - 1) / clock->rate);
}

/* ---- starting ---- */

int wr_clock_start_parse(const char *text, wr_time *ret_start, int64_t *ret_rate)
{
	char stamp[WR_TIME_TEXT], back[WR_TIME_TEXT];
	const char *z = strchr(text, 'Z');
	size_t length = z ? (size_t)(z - text) + 1 : 0;
	if (length == 0 || length >= sizeof(stamp))
		return -EINVAL;
	memcpy(stamp, text, length);
	stamp[length] = '\0';
	/* Read without a zone, since it says its own; written again it must be the same. */
	if (wr_time_parse(NULL, stamp, ret_start) != 0 ||
	    strcmp(wr_time_utc(*ret_start, back), stamp) != 0)
		return -EINVAL;
	*ret_rate = 1;
	if (!z[1])
		return 0;
	return z[1] == 'x' && wr_text_int(z + 2, 1, RATE_MAX, ret_rate) == 0 ? 0 : -EINVAL;
}

static int read_environment(struct wr_clock *clock)
{
#ifdef WR_TEST_CLOCK
	const char *setting = getenv("WARDROUND_CLOCK");
	wr_time start;
	if (wr_text_empty(setting))
		return 0;
	int error = wr_clock_start_parse(setting, &start, &clock->rate);
	if (error)
		return error;
	clock->simulated = true;
	clock->base_ms = start * 1000;
	clock->base_ns = uv_hrtime();
#else
	(void)clock;
#endif
	return 0;
}

static void look(struct wr_clock *clock)
{
	clock->seen_ms = wr_clock_now_ms(clock);
	clock->seen_steady_ms = steady_ms();
}

int wr_clock_init(struct wr_clock *clock, uv_loop_t *loop)
{
	*clock = (struct wr_clock){.loop = loop, .due = WR_TIME_NONE, .rate = 1};
	int error = read_environment(clock);
	if (error)
		return error;
	look(clock);
	return uv_timer_init(loop, &clock->timer);
}

void wr_clock_hold(struct wr_clock *clock, wr_time at)
{
	*clock =
	    (struct wr_clock){.due = WR_TIME_NONE, .rate = 1, .held = true, .base_ms = at * 1000};
}

/* ---- waking ---- */

/* By how many milliseconds the clock moved against the time that passed since the last look. */
static int64_t jumped_ms(const struct wr_clock *clock)
{
	int64_t moved = wr_clock_now_ms(clock) - clock->seen_ms;
	int64_t passed = (steady_ms() - clock->seen_steady_ms) * clock->rate;
	return moved - passed;
}

static void report_jump(struct wr_clock *clock)
{
	int64_t jump = clock->simulated ? 0 : jumped_ms(clock);
	look(clock);
	if (clock->on_jump && (jump > WR_CLOCK_JUMP_MS || jump < -WR_CLOCK_JUMP_MS))
		clock->on_jump(clock, jump / 1000);
}

static bool is_due(const struct wr_clock *clock)
{
	return clock->due != WR_TIME_NONE && clock->due <= wr_clock_now(clock);
}

static void call_due(struct wr_clock *clock)
{
	clock->due = WR_TIME_NONE;
	clock->on_due(clock);
}

static void sleep_on(struct wr_clock *clock);

static void on_timer(uv_timer_t *timer)
{
	struct wr_clock *clock = wr_container_of(timer, struct wr_clock, timer);
	report_jump(clock);
	if (is_due(clock))
		call_due(clock);
	if (!uv_is_closing((uv_handle_t *)timer) && !uv_is_active((uv_handle_t *)timer))
		sleep_on(clock);
}

/* Turns even with nothing due, so that jumps are noticed; that alone keeps no loop alive. */
static void sleep_on(struct wr_clock *clock)
{
	uint64_t pause = WR_CLOCK_TURN_MS;
	if (clock->due != WR_TIME_NONE) {
		int64_t now = wr_clock_now_ms(clock);
		bool far = clock->due > floor_seconds(now) + WR_CLOCK_TURN_MS / 1000 * clock->rate;
		uint64_t wait = far ? pause : wr_clock_real_ms(clock, clock->due * 1000 - now);
		pause = wait < pause ? wait : pause;
		uv_ref((uv_handle_t *)&clock->timer);
	} else {
		uv_unref((uv_handle_t *)&clock->timer);
	}
	uv_update_time(clock->loop);
	uv_timer_start(&clock->timer, on_timer, pause, 0);
}

void wr_clock_wake_at(struct wr_clock *clock, wr_time at, wr_clock_cb on_due)
{
	clock->due = at;
	clock->on_due = on_due;
	if (!clock->held && !uv_is_closing((uv_handle_t *)&clock->timer))
		sleep_on(clock);
}

void wr_clock_advance(struct wr_clock *clock, wr_time until)
{
	while (clock->due != WR_TIME_NONE && clock->due <= until) {
		if (clock->due * 1000 > clock->base_ms)
			clock->base_ms = clock->due * 1000;
		call_due(clock);
	}
	if (until * 1000 > clock->base_ms)
		clock->base_ms = until * 1000;
}

void wr_clock_set(struct wr_clock *clock, wr_time at)
{
	int64_t jump = at - wr_clock_now(clock);
	clock->base_ms = at * 1000;
	if (clock->on_jump && jump)
		clock->on_jump(clock, jump);
	if (is_due(clock))
		call_due(clock);
}

/* ---- end ---- */

static void on_closed(uv_handle_t *handle)
{
	struct wr_clock *clock =
	    wr_container_of((uv_timer_t *)(void *)handle, struct wr_clock, timer);
	if (clock->on_closed)
		clock->on_closed(clock);
}

void wr_clock_close(struct wr_clock *clock, wr_clock_cb on_clock_closed)
{
	clock->due = WR_TIME_NONE;
	clock->on_closed = on_clock_closed;
	if (clock->held) {
		if (on_clock_closed)
			on_clock_closed(clock);
		return;
	}
	uv_close((uv_handle_t *)&clock->timer, on_closed);
}
