/*
 * clock: what time it is, and one wake-up for what is due next.
 *
 * The time is the wall clock's. It may jump: the clock is set, the machine sleeps. So a wake-up is
 * kept as a time, not as a distance, and looked at again at least every WR_CLOCK_TURN_MS; a jump is
 * reported, since what was due meanwhile is due now.
 *
 * Builds with -Dtest_clock=true take the start time, and a rate if there is one, from
 * WARDROUND_CLOCK ("2026-11-27T08:00:00Z", "2026-11-27T08:00:00Zx60"); the rate speeds timers too,
 * through wr_clock_real_ms. A held clock (wr_clock_hold) moves only when told, for tests of what is
 * built on it.
 *
 * Belongs to the loop's thread.
 */
#ifndef WR_DAEMON_CLOCK_H
#define WR_DAEMON_CLOCK_H

#include <uv.h>

#include "wardround/civil.h"

enum {
	WR_CLOCK_TURN_MS = 30000, /* the longest sleep, real time */
	WR_CLOCK_JUMP_MS = 2000,  /* less than this is drift, not a jump */
};

struct wr_clock;
typedef void (*wr_clock_cb)(struct wr_clock *clock);

struct wr_clock {
	uv_loop_t *loop;
	uv_timer_t timer;
	wr_time due; /* WR_TIME_NONE: nothing */
	wr_clock_cb on_due;
	/* The wall clock moved by this many seconds more (or less, negative) than time passed, or
	 * the machine slept. May be NULL. On the loop, before on_due.
	 */
	void (*on_jump)(struct wr_clock *clock, int64_t seconds);
	wr_clock_cb on_closed;
	void *data;

	int64_t rate;     /* virtual seconds in a real one, 1 or more */
	bool held;        /* moves only by wr_clock_advance */
	bool simulated;   /* starts at base_ms instead of now */
	int64_t base_ms;  /* virtual time at base_ns */
	uint64_t base_ns; /* uv_hrtime */
	int64_t seen_ms;  /* wall clock and steady clock at the last look, for jumps */
	int64_t seen_steady_ms;
};

/* 0 or -errno; -EINVAL when WARDROUND_CLOCK can't be read (test builds only). */
int wr_clock_init(struct wr_clock *clock, uv_loop_t *loop);
/* A clock that stands at `at`, for tests; needs no loop. */
void wr_clock_hold(struct wr_clock *clock, wr_time at);
/* Moves a held clock to `until`, stopping at each wake-up on the way to call on_due at its time. */
void wr_clock_advance(struct wr_clock *clock, wr_time until);
/* Sets a held clock to any time, as if somebody had set the wall clock: reports the jump, and calls
 * on_due if that made something due. */
void wr_clock_set(struct wr_clock *clock, wr_time at);
/* "2026-11-27T08:00:00Z" with an optional "x60": 0 or -EINVAL. Rates 1 to 100000. */
int wr_clock_start_parse(const char *text, wr_time *ret_start, int64_t *ret_rate);

wr_time wr_clock_now(const struct wr_clock *clock);
int64_t wr_clock_now_ms(const struct wr_clock *clock); /* since the epoch */
/* How long `virtual_ms` of this clock lasts on a uv timer: at least 1 for anything above 0. */
uint64_t wr_clock_real_ms(const struct wr_clock *clock, int64_t virtual_ms);

/* Calls on_due once, from the loop, when it is `at` or later (at once if it is already); replaces
 * the wake-up there was. Never calls it before returning. WR_TIME_NONE: no wake-up.
 */
void wr_clock_wake_at(struct wr_clock *clock, wr_time at, wr_clock_cb on_due);
void wr_clock_close(struct wr_clock *clock, wr_clock_cb on_closed);

#endif
