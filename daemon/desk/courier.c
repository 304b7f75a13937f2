/*
 *             turn (a job)          after the commit            result         outcome (a job)
 *     waiting ------------> leased ------------------> flying --------> landed --------------> gone
 *                              \______ can't start ________________________/  \____ job failed:
 *                                                                                   a later turn
 *
 * A flight that landed keeps its place until its outcome is on disk. A turn that could do nothing
 * is followed by a rest, so that rows which nobody can move cost one job a second at most.
 */
#include "desk/courier.h"

#include <errno.h>
#include <stdlib.h>

#include "desk/due.h"
#include "desk/envelope.h"
#include "sys/log.h"

enum {
	LEAST_ROOM = 16,    /* of one endpoint, however many there are */
	ROOM_FOR_AGAIN = 8, /* of it, for what was tried before: half of WR_SEND_PER_HOST */
	REST_SECONDS = 1,
	REST_AFTER_FAILURE_SECONDS = 5,
};

struct flight {
	struct flight *next, **link; /* of the courier's list */
	struct wr_courier *courier;
	struct wr_lease *lease;
	struct wr_envelope envelope;
	struct wr_send_result result;
	bool landed, settling;
};

struct wr_courier {
	struct wr_desk *desk;
	struct flight *flights;
	size_t n_flights;
	size_t *room_fresh, *room_again; /* of the turn under way */
	struct wr_due_turn turn;
	wr_time rest_until;
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
	return courier->n_flights;
}

int wr_courier_recover(struct wr_use *use)
{
	size_t n = 0;
	return wr_store_notice_recover(use->tx, &n);
}

/* ---- flights ---- */

static void drop_flight(struct flight *flight)
{
	*flight->link = flight->next;
	if (flight->next)
		flight->next->link = flight->link;
	flight->courier->n_flights--;
	wr_envelope_deinit(&flight->envelope);
	wr_lease_free(flight->lease);
	free(flight);
}

static struct flight *new_flight(struct wr_courier *courier, struct wr_lease *lease)
{
	struct flight *flight = wr_alloc(1, sizeof(*flight));
	flight->courier = courier;
	flight->lease = lease;
	flight->next = courier->flights;
	flight->link = &courier->flights;
	if (flight->next)
		flight->next->link = &flight->next;
	courier->flights = flight;
	courier->n_flights++;
	return flight;
}

/* ---- outcomes ---- */

static int work_outcome(struct wr_use *use)
{
	struct wr_call *call = wr_container_of(use, struct wr_call, use);
	struct flight *flight = call->data;
	return wr_due_outcome(use, flight->lease, &flight->result);
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

static void on_outcome(struct wr_call *call)
{
	struct flight *flight = call->data;
	struct wr_courier *courier = flight->courier;
	wr_call_log(call);
	flight->settling = false;
	if (call->use.fault.code != WR_FAULT_NONE) {
		wr_time later = wr_clock_now(&courier->desk->clock) + REST_AFTER_FAILURE_SECONDS;
		courier->rest_until = later;
		if (!courier->stopped)
			wr_desk_due(courier->desk, later);
		return;
	}
	drop_flight(flight);
	courier->rest_until = 0;
	wr_courier_turn(courier);
}

static void settle(struct flight *flight)
{
	static const struct wr_verb verb = {
	    "notice", "settle", WR_VERB_CHANGES, work_outcome, NULL};
	flight->settling = true;
	wr_call_start(
	    wr_call_new(flight->courier->desk, &verb, NULL, "daemon"), on_outcome, flight);
}

static void land(struct flight *flight, const struct wr_send_result *result)
{
	flight->landed = true;
	flight->result = *result;
	log_result(flight);
	settle(flight);
}

static void on_sent(struct wr_envelope *envelope, const struct wr_send_result *result)
{
	land(wr_container_of(envelope, struct flight, envelope), result);
}

/* ---- turns ---- */

static void start_flight(
    struct wr_courier *courier, struct wr_ground *ground, struct wr_lease *lease)
{
	static const struct wr_send_result stopped = {
	    .transport = WR_NOTICE_STOPPED, .retry_after = -1};
	struct flight *flight = new_flight(courier, lease);
	flight->envelope.done = on_sent;
	int r = courier->stopped ? -ECANCELED
	                         : wr_envelope_send(&flight->envelope, courier->desk, ground,
				       lease->webhook, lease->id, lease->body);
	if (r)
		land(flight, &stopped);
}

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

static void on_turned(struct wr_call *call)
{
	struct wr_courier *courier = call->data;
	struct wr_lease *lease = courier->turn.leases;
	bool failed = call->use.fault.code != WR_FAULT_NONE;
	wr_call_log(call);
	courier->turning = false;
	courier->turn.leases = NULL;
	free(courier->room_fresh);
	free(courier->room_again);
	courier->room_fresh = courier->room_again = NULL;
	if (failed) {
		free_leases(lease);
		rest(courier, REST_AFTER_FAILURE_SECONDS);
		return;
	}
	while (lease) {
		struct wr_lease *next = lease->next;
		lease->next = NULL;
		start_flight(courier, call->ground, lease);
		lease = next;
	}
	courier->rest_until = 0;
	if (!courier->turn.progressed)
		courier->rest_until = wr_clock_now(&courier->desk->clock) + REST_SECONDS;
	if (courier->once_more)
		wr_courier_turn(courier);
}

static int work_turn(struct wr_use *use)
{
	struct wr_call *call = wr_container_of(use, struct wr_call, use);
	struct wr_courier *courier = call->data;
	return wr_due_turn(use, &courier->turn);
}

/* How much each endpoint may have in flight beside what it has; they never share their rooms. */
static void measure_rooms(struct wr_courier *courier, const struct wr_config *config)
{
	size_t n = config->n_webhooks;
	size_t most = WR_COURIER_IN_FLIGHT / (n ? n : 1);
	if (most < LEAST_ROOM)
		most = LEAST_ROOM;
	courier->room_fresh = wr_alloc(n + 1, sizeof(size_t));
	courier->room_again = wr_alloc(n + 1, sizeof(size_t));
	for (size_t i = 0; i < n; i++) {
		size_t all = 0, again = 0;
		for (const struct flight *f = courier->flights; f; f = f->next) {
			bool same = wr_text_equal(f->lease->webhook->id, config->webhooks[i].id);
			all += same;
			again += same && f->lease->again;
		}
		courier->room_fresh[i] = all < most ? most - all : 0;
		courier->room_again[i] = again < ROOM_FOR_AGAIN ? ROOM_FOR_AGAIN - again : 0;
	}
}

static void settle_landed(struct wr_courier *courier)
{
	for (struct flight *flight = courier->flights, *next; flight; flight = next) {
		next = flight->next;
		if (flight->landed && !flight->settling)
			settle(flight);
	}
}

void wr_courier_turn(struct wr_courier *courier)
{
	static const struct wr_verb verb = {"notice", "turn", WR_VERB_CHANGES, work_turn, NULL};
	struct wr_desk *desk = courier->desk;
	if (courier->stopped)
		return;
	if (courier->turning) {
		courier->once_more = true;
		return;
	}
	if (wr_clock_now(&desk->clock) < courier->rest_until) {
		wr_desk_due(desk, courier->rest_until);
		return;
	}
	courier->turning = true;
	courier->once_more = false;
	settle_landed(courier);
	struct wr_call *call = wr_call_new(desk, &verb, NULL, "daemon");
	measure_rooms(courier, call->ground->config);
	courier->turn = (struct wr_due_turn){
	    .room_fresh = courier->room_fresh,
	    .room_again = courier->room_again,
	};
	wr_call_start(call, on_turned, courier);
}

/* ---- end ---- */

void wr_courier_stop(struct wr_courier *courier)
{
	if (!courier)
		return;
	courier->stopped = true;
	for (struct flight *flight = courier->flights, *next; flight; flight = next) {
		next = flight->next;
		if (!flight->landed)
			wr_envelope_cancel(&flight->envelope);
	}
}

void wr_courier_free(struct wr_courier *courier)
{
	if (!courier)
		return;
	while (courier->flights)
		drop_flight(courier->flights);
	free_leases(courier->turn.leases);
	free(courier->room_fresh);
	free(courier->room_again);
	free(courier);
}
