#include "wardround/notice.h"

enum {
	FAILURES = 16, /* in a row, then it counts as dead */
	LONG_MS = 500, /* from the lease to the answer: longer, and less is leased at a time */
	REST_MOST = 60,
};

/* Seconds until somebody looks whether it is alive again; the last one for ever. */
static const int pauses[] = {5, 10, 20, 40, REST_MOST};

static void be_dead(struct wr_gate *gate, wr_time now)
{
	unsigned last = WR_COUNT(pauses) - 1;
	gate->until = now + pauses[gate->opened < last ? gate->opened : last];
	gate->opened++;
}

static void fail(struct wr_gate *gate, wr_time now)
{
	gate->window = WR_GATE_LEAST;
	if (gate->failed < FAILURES)
		gate->failed++;
	else if (now < gate->until)
		return; /* begun before that was known */
	if (gate->failed == FAILURES)
		be_dead(gate, now);
}

static void succeed(struct wr_gate *gate, int64_t took_ms)
{
	size_t window = gate->window < WR_GATE_LEAST ? WR_GATE_LEAST : gate->window;
	gate->failed = gate->opened = 0;
	if (took_ms > LONG_MS)
		window -= window / 4;
	else if (window < WR_GATE_MOST)
		window++;
	gate->window = window > WR_GATE_LEAST ? window : WR_GATE_LEAST;
}

static void rest(struct wr_gate *gate, wr_time now, int64_t seconds)
{
	if (seconds > REST_MOST)
		seconds = REST_MOST;
	if (gate->until < now + seconds)
		gate->until = now + seconds;
}

void wr_gate_result(struct wr_gate *gate, wr_time now, const struct wr_gate_try *try)
{
	if (try->transport == WR_NOTICE_STOPPED)
		return;
	if (wr_notice_judge(try->transport, try->status) == WR_NOTICE_RETRY)
		fail(gate, now);
	else
		succeed(gate, try->took_ms);
	if (try->retry_after > 0 && (try->status == 429 || try->status == 503))
		rest(gate, now, try->retry_after);
}

bool wr_gate_is_dead(const struct wr_gate *gate)
{
	return gate->failed >= FAILURES;
}

wr_time wr_gate_until(const struct wr_gate *gate, wr_time now)
{
	bool jumped = gate->until > now + REST_MOST; /* the clock was set back */
	return gate->until > now && !jumped ? gate->until : WR_TIME_NONE;
}

size_t wr_gate_room(const struct wr_gate *gate, wr_time now, size_t flying)
{
	size_t window = gate->window < WR_GATE_LEAST ? WR_GATE_LEAST : gate->window;
	if (wr_gate_until(gate, now) != WR_TIME_NONE)
		return 0;
	if (wr_gate_is_dead(gate))
		window = 1;
	return flying < window ? window - flying : 0;
}
