/*
 *             turn (a job)          after the commit            result         turn (a job)
 *     waiting ------------> leased ------------------> flying --------> landed ------------> gone
 *                              \______ can't start ________________________/  \___ job failed:
 *                                                                                  a later turn
 *
 * One turn at a time, and everything in it is one commit: what landed since the last one is settled
 * and what there is room for is leased. While it runs more lands; so under load turns are few and
 * large, and without load each is small and at once. A turn that could do nothing is followed by a
 * rest, so that rows which nobody can move cost one job a second at most.
 */
#include "desk/courier.h"

#include <errno.h>
#include <stdlib.h>

#include "desk/due.h"
#include "desk/envelope.h"
#include "sys/log.h"

enum {
	MOST_LEASED = 256,  /* in one turn, of one endpoint */
	MOST_SETTLED = 512, /* in one turn */
	LEAST_AGAIN = 8,    /* room for what was tried before: half of it, but at least so much */
	REST_SECONDS = 1,
	DAY_SECONDS = 86400,
	REST_AFTER_FAILURE_SECONDS = 5,
	RARELY_SECONDS = 60,
};

struct flight {
	struct flight *next, **link; /* of one of the courier's lists */
	struct wr_courier *courier;
	struct endpoint *endpoint;
	struct wr_lease *lease;
	struct wr_envelope envelope;
	struct wr_send_result result;
	int64_t leased_ms;
};

/* Kept for as long as the daemon runs: a reload changes nothing about how an endpoint is. */
struct endpoint {
	struct endpoint *next;
	char *name;
	struct wr_gate gate;
	size_t flying, again; /* landed ones are not counted */
};

struct wr_courier {
	struct wr_desk *desk;
	struct flight *flying, *landed, *settling;
	size_t n_flying, n_landed, n_settling;
	struct endpoint *endpoints;
	/* of the turn under way */
	struct wr_due_turn turn;
	struct wr_due_result results[MOST_SETTLED];
	struct wr_due_lane *lanes;
	wr_time rest_until, rarely_at;
	bool turning, once_more, stopped;
};

struct wr_courier *wr_courier_new(struct wr_desk *desk)
{
	struct wr_courier *courier = wr_alloc(1, sizeof(*courier));
	courier->desk = desk;
	return courier;
}

size_t wr_courier_in_flight(const struct wr_courier *courier)
{
	return courier->n_flying + courier->n_landed + courier->n_settling;
}

/* Nothing waits longer than for the end of quiet hours; what seems to was written while the clock
 * was ahead. */
int wr_courier_recover(struct wr_use *use)
{
	size_t n = 0;
	int r = wr_store_notice_recover(use->tx, &n);
	return r ? r : wr_store_due_pull(use->tx, use->now, use->now + DAY_SECONDS, INT32_MAX);
}

/* ---- endpoints ---- */

static struct endpoint *endpoint_of(struct wr_courier *courier, const char *name)
{
	for (struct endpoint *one = courier->endpoints; one; one = one->next)
		if (wr_text_equal(one->name, name))
			return one;
	struct endpoint *one = wr_alloc(1, sizeof(*one));
	one->name = wr_strdup(name);
	one->next = courier->endpoints;
	courier->endpoints = one;
	return one;
}

/* What still waits in a queue of ours is looked at again when it lives. */
static void call_back(struct wr_courier *courier, const struct endpoint *endpoint)
{
	for (struct flight *flight = courier->flying, *next; flight; flight = next) {
		next = flight->next;
		if (flight->endpoint == endpoint && !wr_envelope_is_out(&flight->envelope))
			wr_envelope_cancel(&flight->envelope);
	}
}

static void note_result(struct flight *flight)
{
	struct wr_courier *courier = flight->courier;
	struct endpoint *endpoint = flight->endpoint;
	const struct wr_clock *clock = &courier->desk->clock;
	bool was_dead = wr_gate_is_dead(&endpoint->gate);
	struct wr_gate_try try = {
	    .transport = flight->result.transport,
	    .status = flight->result.status,
	    .retry_after = flight->result.retry_after,
	    .took_ms = wr_clock_now_ms(clock) - flight->leased_ms,
	};
	wr_gate_result(&endpoint->gate, wr_clock_now(clock), &try);
	bool is_dead = wr_gate_is_dead(&endpoint->gate);
	if (is_dead == was_dead)
		return;
	wr_log(is_dead ? WR_LOG_ERROR : WR_LOG_NOTICE, is_dead ? "endpoint-dead" : "endpoint-alive",
	    "endpoint=%s", endpoint->name);
	if (is_dead)
		call_back(courier, endpoint);
}

/* ---- flights ---- */

static void take_out(struct flight *flight)
{
	*flight->link = flight->next;
	if (flight->next)
		flight->next->link = flight->link;
}

static void put_in(struct flight **list, struct flight *flight)
{
	flight->next = *list;
	flight->link = list;
	if (flight->next)
		flight->next->link = &flight->next;
	*list = flight;
}

static void drop_flights(struct flight **list)
{
	while (*list) {
		struct flight *flight = *list;
		take_out(flight);
		wr_envelope_deinit(&flight->envelope);
		wr_lease_free(flight->lease);
		free(flight);
	}
}

static struct flight *new_flight(struct wr_courier *courier, struct wr_lease *lease)
{
	struct flight *flight = wr_alloc(1, sizeof(*flight));
	flight->courier = courier;
	flight->lease = lease;
	flight->endpoint = endpoint_of(courier, lease->webhook->id);
	flight->endpoint->flying++;
	flight->endpoint->again += lease->again;
	flight->leased_ms = wr_clock_now_ms(&courier->desk->clock);
	put_in(&courier->flying, flight);
	courier->n_flying++;
	return flight;
}

static void log_result(const struct flight *flight)
{
	const struct wr_send_result *result = &flight->result;
	enum wr_notice_end end = wr_notice_judge(result->transport, result->status);
	if (end == WR_NOTICE_DONE)
		wr_log(WR_LOG_DEBUG, "notice-sent", "notice=%s endpoint=%s took_ms=%llu",
		    flight->lease->id, flight->lease->webhook->id,
		    (unsigned long long)result->took_ms);
	else if (result->transport != WR_NOTICE_STOPPED)
		wr_log(WR_LOG_WARNING, end == WR_NOTICE_RETRY ? "notice-delayed" : "notice-failed",
		    "notice=%s endpoint=%s status=%d error=\"%s\"", flight->lease->id,
		    flight->lease->webhook->id, result->status, result->error);
}

static void land(struct flight *flight, const struct wr_send_result *result)
{
	struct wr_courier *courier = flight->courier;
	take_out(flight);
	put_in(&courier->landed, flight);
	courier->n_flying--;
	courier->n_landed++;
	flight->result = *result;
	flight->result.body = "";
	flight->endpoint->flying--;
	flight->endpoint->again -= flight->lease->again;
	log_result(flight);
	note_result(flight);
	if (!courier->stopped || courier->n_flying == 0) /* at the end all of them at once */
		wr_courier_turn(courier);
}

static void on_sent(struct wr_envelope *envelope, const struct wr_send_result *result)
{
	land(wr_container_of(envelope, struct flight, envelope), result);
}

static void cancel_all(struct wr_courier *courier)
{
	for (struct flight *flight = courier->flying, *next; flight; flight = next) {
		next = flight->next;
		wr_envelope_cancel(&flight->envelope);
	}
}

static void start_flight(
    struct wr_courier *courier, struct wr_ground *ground, struct wr_lease *lease)
{
	static const struct wr_send_result stopped = {
	    .transport = WR_NOTICE_STOPPED, .retry_after = -1, .body = ""};
	struct flight *flight = new_flight(courier, lease);
	struct wr_letter letter = {
	    .id = lease->id,
	    .body = lease->body,
	    .unsure = lease->unsure,
	    .not_after = lease->not_after,
	};
	flight->envelope.done = on_sent;
	int r = courier->stopped ? -ECANCELED
	                         : wr_envelope_send(&flight->envelope, courier->desk, ground,
				       lease->webhook, flight->endpoint->name, &letter);
	if (r)
		land(flight, &stopped);
}

/* ---- turns ---- */

static void free_leases(struct wr_lease *lease)
{
	while (lease) {
		struct wr_lease *next = lease->next;
		wr_lease_free(lease);
		lease = next;
	}
}

static void rest(struct wr_courier *courier, int seconds)
{
	courier->rest_until = wr_clock_now(&courier->desk->clock) + seconds;
	if (!courier->stopped)
		wr_desk_due(courier->desk, courier->rest_until);
}

static void drop_settled(struct wr_courier *courier, bool failed)
{
	for (struct flight *flight = courier->settling; failed && flight;
	     flight = courier->settling) {
		take_out(flight);
		put_in(&courier->landed, flight);
		courier->n_landed++;
	}
	drop_flights(&courier->settling);
	courier->n_settling = 0;
}

static void start_flights(
    struct wr_courier *courier, struct wr_ground *ground, struct wr_lease *lease)
{
	while (lease) {
		struct wr_lease *next = lease->next;
		lease->next = NULL;
		start_flight(courier, ground, lease);
		lease = next;
	}
}

/* When an endpoint that is left alone now is to be looked at again. */
static void wake_for_gates(struct wr_courier *courier)
{
	wr_time now = wr_clock_now(&courier->desk->clock);
	for (struct endpoint *one = courier->endpoints; one; one = one->next)
		if (wr_gate_until(&one->gate, now) != WR_TIME_NONE)
			wr_desk_due(courier->desk, wr_gate_until(&one->gate, now));
}

static void on_turned(struct wr_call *call)
{
	struct wr_courier *courier = call->data;
	struct wr_lease *leases = courier->turn.leases;
	bool failed = call->use.fault.code != WR_FAULT_NONE;
	wr_call_log(call);
	courier->turn.leases = NULL;
	free(courier->lanes);
	courier->lanes = NULL;
	drop_settled(courier, failed);
	if (failed) {
		courier->turning = false;
		free_leases(leases);
		rest(courier, REST_AFTER_FAILURE_SECONDS);
		return;
	}
	bool idle = !courier->turn.progressed;
	start_flights(courier, call->ground, leases);
	courier->turning = false;
	courier->rest_until = 0;
	if (courier->stopped)
		wr_courier_turn(courier);
	else if (courier->once_more || courier->n_landed > 0)
		wr_courier_turn(courier);
	else if (idle)
		courier->rest_until = wr_clock_now(&courier->desk->clock) + REST_SECONDS;
	if (!courier->stopped)
		wake_for_gates(courier);
}

static int work_turn(struct wr_use *use)
{
	struct wr_call *call = wr_container_of(use, struct wr_call, use);
	struct wr_courier *courier = call->data;
	return wr_due_turn(use, &courier->turn);
}

static size_t at_most(size_t n, size_t most)
{
	return n < most ? n : most;
}

/* How much each endpoint may have on its way beside what it has; they never share their rooms. */
static void measure_lanes(struct wr_courier *courier, const struct wr_config *config)
{
	wr_time now = wr_clock_now(&courier->desk->clock);
	courier->lanes = wr_alloc(config->n_webhooks + 1, sizeof(*courier->lanes));
	for (size_t i = 0; i < config->n_webhooks; i++) {
		const struct endpoint *one = endpoint_of(courier, config->webhooks[i].id);
		struct wr_due_lane *lane = &courier->lanes[i];
		size_t room = at_most(wr_gate_room(&one->gate, now, one->flying), MOST_LEASED);
		size_t again = room / 2 > LEAST_AGAIN ? room / 2 : LEAST_AGAIN;
		again = one->again < again ? again - one->again : 0;
		lane->shut = wr_gate_until(&one->gate, now) != WR_TIME_NONE;
		lane->again = at_most(again, room);
		lane->fresh = room;
		lane->probe = wr_gate_is_dead(&one->gate);
		if (lane->probe) /* one try, of either kind */
			lane->again = lane->fresh = room;
	}
}

static void gather_landed(struct wr_courier *courier)
{
	while (courier->landed && courier->n_settling < MOST_SETTLED) {
		struct flight *flight = courier->landed;
		take_out(flight);
		put_in(&courier->settling, flight);
		courier->n_landed--;
		courier->results[courier->n_settling++] =
		    (struct wr_due_result){flight->lease, &flight->result};
	}
}

static bool is_time_for_rarely(struct wr_courier *courier)
{
	wr_time now = wr_clock_now(&courier->desk->clock);
	bool jumped = courier->rarely_at > now + RARELY_SECONDS;
	if (courier->rarely_at > now && !jumped)
		return false;
	courier->rarely_at = now + RARELY_SECONDS;
	return true;
}

static void turn(struct wr_courier *courier)
{
	static const struct wr_verb verb = {"notice", "turn", WR_VERB_CHANGES, work_turn, NULL};
	struct wr_call *call = wr_call_new(courier->desk, &verb, NULL, "daemon");
	courier->turning = true;
	courier->once_more = false;
	measure_lanes(courier, call->ground->config);
	gather_landed(courier);
	courier->turn = (struct wr_due_turn){
	    .results = courier->results,
	    .n_results = courier->n_settling,
	    .lanes = courier->lanes,
	    .rarely = !courier->stopped && is_time_for_rarely(courier),
	    .only_results = courier->stopped,
	};
	wr_call_start(call, on_turned, courier);
}

void wr_courier_turn(struct wr_courier *courier)
{
	struct wr_desk *desk = courier->desk;
	wr_time now = wr_clock_now(&desk->clock);
	bool rests =
	    now < courier->rest_until && courier->rest_until <= now + REST_AFTER_FAILURE_SECONDS;
	if (courier->turning)
		courier->once_more = true;
	else if (courier->stopped && !courier->n_landed)
		return;
	else if (rests && !courier->stopped)
		wr_desk_due(desk, courier->rest_until);
	else
		turn(courier);
}

/* ---- another time ---- */

static int work_pull(struct wr_use *use)
{
	int64_t *back = wr_container_of(use, struct wr_call, use)->data;
	return wr_store_due_pull(use->tx, use->now, use->now, *back);
}

static void on_pulled(struct wr_call *call)
{
	wr_call_log(call);
	free(call->data);
}

void wr_courier_clock_moved(struct wr_courier *courier, int64_t seconds)
{
	static const struct wr_verb verb = {"notice", "pull", WR_VERB_CHANGES, work_pull, NULL};
	courier->rest_until = 0;
	if (courier->stopped)
		return;
	if (seconds < 0) {
		int64_t *back = wr_alloc(1, sizeof(*back));
		*back = -seconds;
		wr_call_start(wr_call_new(courier->desk, &verb, NULL, "daemon"), on_pulled, back);
		return;
	}
	cancel_all(courier);
}

/* ---- end ---- */

void wr_courier_stop(struct wr_courier *courier)
{
	if (!courier)
		return;
	courier->stopped = true;
	cancel_all(courier);
}

void wr_courier_free(struct wr_courier *courier)
{
	if (!courier)
		return;
	drop_flights(&courier->flying);
	drop_flights(&courier->landed);
	drop_flights(&courier->settling);
	while (courier->endpoints) {
		struct endpoint *endpoint = courier->endpoints;
		courier->endpoints = endpoint->next;
		free(endpoint->name);
		free(endpoint);
	}
	free_leases(courier->turn.leases);
	free(courier->lanes);
	free(courier);
}
