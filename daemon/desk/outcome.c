/*
 * What became of a try: the notice's end or its next try, what the person knows from now on, and
 * the task for somebody to ring when no notice will get there.
 */
#include "desk/compose.h"
#include "desk/due.h"
#include "send/send.h"
#include "sys/random.h"

/* ---- ringing ---- */

static int rings_already(struct wr_use *use, const struct wr_hearing *h, bool *ret_rings)
{
	struct wr_task *tasks = NULL;
	size_t n = 0;
	struct wr_store_task_filter open = {.kind = "ring", .slot = h->slot.ref, .open = true};
	int r = wr_store_task_list(use->tx, use->arena, &open, &tasks, &n);
	*ret_rings = false;
	for (size_t i = 0; i < n && !r; i++) {
		json_t *data = tasks[i].data ? json_loads(tasks[i].data, 0, NULL) : NULL;
		*ret_rings |=
		    wr_text_equal(json_string_value(json_object_get(data, "who")), h->who);
		json_decref(data);
	}
	return r;
}

static const char *ring_text(struct wr_use *use, const struct wr_hearing *h, const char *why)
{
	char day[WR_TIME_TEXT], clock[WR_TIME_TEXT];
	struct wr_wall wall = wr_zone_wall(h->ward->zone, h->slot.start);
	const struct wr_listener *one = &h->listener;
	return wr_arena_printf(use->arena, "Ring %s (%s, %s): slot %s %s %s %s. %s", one->name,
	    h->who, wr_text_empty(one->phone) ? "no number" : one->phone, h->slot.ref,
	    wr_hearing_is_off(h) ? "is cancelled, it was" : "is", wr_day_short(wall.day, day),
	    wr_clock_text(wall.minute, clock), why);
}

static int put_ring(
    struct wr_use *use, const struct wr_hearing *h, const char *why, const char *endpoint)
{
	char *data = wr_arena_printf(use->arena, "{\"whose\":\"%s\",\"who\":\"%s\"%s%s%s}",
	    wr_word(&wr_words_whose, (int)h->whose), h->who, endpoint ? ",\"endpoint\":\"" : "",
	    endpoint ? endpoint : "", endpoint ? "\"" : "");
	struct wr_task task = {
	    .ward = h->ward->id,
	    .kind = "ring",
	    .patient = h->patient.ref,
	    .slot = h->slot.ref,
	    .text = ring_text(use, h, why),
	    .data = data,
	    .created = use->now,
	    .alarm = use->now,
	    .done = WR_TIME_NONE,
	};
	int r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_TASK, &task.id);
	return r ? r : wr_store_task_put(use->tx, &task);
}

int wr_due_ring(struct wr_use *use, enum wr_whose whose, const char *who, const char *slot,
    const char *why, const char *endpoint)
{
	struct wr_hearing h;
	bool rings = false;
	int r = wr_hearing_read(use, whose, who, slot, &h);
	if (r || !h.may_hear)
		return r;
	r = rings_already(use, &h, &rings);
	return r || rings ? r : put_ring(use, &h, why, endpoint);
}

/* ---- the endpoint ---- */

static const char *ward_of(struct wr_use *use, const struct wr_notice_row *row)
{
	struct wr_slot slot;
	if (row->whose == WR_WHOSE_WARD && wr_config_find_ward(use->config, row->who))
		return row->who;
	if (row->slot && wr_store_slot_get(use->tx, use->arena, row->slot, &slot) == 0)
		return slot.ward;
	return use->config->wards[0].id;
}

/* `data` names the endpoint, so that the alarm takes another way. */
static int put_endpoint_task(struct wr_use *use, const struct wr_notice_row *row, const char *text)
{
	struct wr_task task = {
	    .ward = ward_of(use, row),
	    .kind = "endpoint",
	    .text = text,
	    .data = wr_arena_printf(use->arena, "{\"endpoint\":\"%s\"}", row->endpoint),
	    .created = use->now,
	    .alarm = use->now,
	    .done = WR_TIME_NONE,
	};
	int r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_TASK, &task.id);
	return r ? r : wr_store_task_put(use->tx, &task);
}

static int turn_off(struct wr_use *use, const struct wr_notice_row *row)
{
	struct wr_store_endpoint endpoint = {
	    .name = row->endpoint, .off = true, .why = "it answered 410", .since = use->now};
	bool off = false;
	int r = wr_webhook_is_off(use, row->endpoint, &off);
	if (r || off)
		return r;
	r = wr_store_endpoint_put(use->tx, &endpoint);
	return r ? r
	         : put_endpoint_task(use, row,
		       wr_arena_printf(use->arena,
			   "Endpoint %s wants no more notices (410) and was turned off. Put it "
			   "right, then `wardctl webhook on %s`; meanwhile people have to be "
			   "rung.",
			   row->endpoint, row->endpoint));
}

/* ---- what can't be delivered and is about no slot ---- */

static int has_open_task(
    struct wr_use *use, const char *kind, const char *key, const char *value, bool *ret_open)
{
	struct wr_task *tasks = NULL;
	size_t n = 0;
	struct wr_store_task_filter open = {.kind = kind, .open = true};
	int r = wr_store_task_list(use->tx, use->arena, &open, &tasks, &n);
	*ret_open = false;
	for (size_t i = 0; i < n && !r; i++) {
		json_t *data = tasks[i].data ? json_loads(tasks[i].data, 0, NULL) : NULL;
		*ret_open |= wr_text_equal(json_string_value(json_object_get(data, key)), value);
		json_decref(data);
	}
	return r;
}

/* Staff were not told by this endpoint: one task until somebody has put it right. */
static int give_up_event(struct wr_use *use, const struct wr_notice_row *row)
{
	bool open = false;
	int r = has_open_task(use, "endpoint", "endpoint", row->endpoint, &open);
	if (r || open)
		return r;
	return put_endpoint_task(use, row,
	    wr_arena_printf(use->arena,
		"Endpoint %s took no event for staff (%s). Look at `wardctl notice list`.",
		row->endpoint, row->error ? row->error : "no answer"));
}

static int give_up_invitation(struct wr_use *use, const struct wr_notice_row *row)
{
	struct wr_support support;
	struct wr_patient patient;
	int r = wr_store_support_get(use->tx, use->arena, row->who, &support);
	if (!r)
		r = wr_store_patient_get(use->tx, use->arena, support.patient, &patient);
	if (r)
		return r == WR_STORE_NONE ? 0 : r;
	struct wr_task task = {
	    .ward = patient.ward,
	    .kind = "ring",
	    .patient = patient.ref,
	    .text = wr_arena_printf(use->arena,
		"Ring %s (%s, %s): the address of their own page did not get there.", support.name,
		support.ref, wr_text_empty(support.phone) ? "no number" : support.phone),
	    .data = wr_arena_printf(use->arena,
		"{\"whose\":\"support\",\"who\":\"%s\",\"endpoint\":\"%s\"}", support.ref,
		row->endpoint),
	    .created = use->now,
	    .alarm = use->now,
	    .done = WR_TIME_NONE,
	};
	if (!wr_support_is_told(&support, &patient) || patient.died)
		return 0;
	r = wr_store_next_ref(use->tx, use->arena, WR_STORE_REF_TASK, &task.id);
	return r ? r : wr_store_task_put(use->tx, &task);
}

/* Nobody has to ring when another endpoint got it there, or for a reminder. */
int wr_due_give_up(struct wr_use *use, const struct wr_notice_row *row, const char *why)
{
	struct wr_news news;
	enum wr_notice_type type = wr_notice_type_find(row->type);
	if (wr_notice_type_for_staff(type))
		return give_up_event(use, row);
	if (type == WR_NOTICE_LINK_INVITE)
		return give_up_invitation(use, row);
	if (!row->slot || !row->revision || type == WR_NOTICE_REMINDER_DUE)
		return 0;
	int r = wr_store_news_get(use->tx, use->arena, row->whose, row->who, row->slot, &news);
	if (r || news.accepted >= row->revision)
		return r == WR_STORE_NONE ? 0 : r;
	return wr_due_ring(use, row->whose, row->who, row->slot, why, row->endpoint);
}

/* ---- the notice ---- */

static const char *in_words(struct wr_use *use, const struct wr_send_result *result)
{
	if (result->transport == WR_NOTICE_ANSWERED)
		return wr_arena_printf(use->arena, "it answered %d", result->status);
	if (result->transport == WR_NOTICE_LOCKED_OUT)
		return wr_arena_printf(
		    use->arena, "it answered %d: our key or our clock is wrong", result->status);
	if (result->transport == WR_NOTICE_TIMED_OUT)
		return "timed out";
	return wr_arena_strdup(use->arena, *result->error ? result->error : "not reached");
}

static void try_again(
    struct wr_use *use, struct wr_notice_row *row, const struct wr_send_result *result)
{
	unsigned failed = row->tries > 0 ? (unsigned)row->tries : 1;
	if (result->transport == WR_NOTICE_STOPPED) {
		row->tries -= !result->begun; /* it never left */
		row->state = WR_NOTICE_WAITING;
		row->next_try = use->now;
		return;
	}
	wr_time not_after = row->not_after != WR_TIME_NONE
	                        ? row->not_after
	                        : row->created + WR_NOTICE_LIFE_WITHOUT_SLOT;
	wr_time next =
	    wr_notice_next_try(use->now, failed, wr_random_u32(), result->retry_after, not_after);
	row->state = next == WR_TIME_NONE ? WR_NOTICE_EXPIRED : WR_NOTICE_WAITING;
	row->next_try = next;
}

/* No answer, or one of a machine in between that may have passed it on. */
static bool may_have_arrived(const struct wr_send_result *result)
{
	return result->begun && ((result->transport != WR_NOTICE_ANSWERED &&
				     result->transport != WR_NOTICE_LOCKED_OUT) ||
				    result->status >= 500);
}

static int settle_failed(struct wr_use *use, struct wr_notice_row *row,
    const struct wr_lease *lease, const struct wr_send_result *result)
{
	enum wr_notice_end end = wr_notice_judge(result->transport, result->status);
	bool superseded = row->state == WR_NOTICE_SUPERSEDED;
	row->status = result->status;
	row->error = in_words(use, result);
	row->unsure = lease->unsure || may_have_arrived(result);
	if (end == WR_NOTICE_RETRY && !superseded)
		try_again(use, row, result);
	else if (!superseded)
		row->state = WR_NOTICE_FAILED;
	int r = end == WR_NOTICE_ENDPOINT_OFF ? turn_off(use, row) : 0;
	bool ended = row->state == WR_NOTICE_FAILED || row->state == WR_NOTICE_EXPIRED;
	return r || !ended ? r : wr_due_give_up(use, row, "No notice got there.");
}

static int settle_sent(
    struct wr_use *use, const struct wr_lease *lease, const struct wr_send_result *result)
{
	int r = wr_store_notice_sent(use->tx, lease->id, result->status);
	return r || !lease->told.told ? r : wr_store_news_told(use->tx, &lease->told, use->now);
}

int wr_due_outcome(
    struct wr_use *use, const struct wr_lease *lease, const struct wr_send_result *result)
{
	struct wr_notice_row row;
	if (wr_notice_judge(result->transport, result->status) == WR_NOTICE_DONE)
		return settle_sent(use, lease, result);
	int r = wr_store_notice_get(use->tx, use->arena, lease->id, &row);
	if (r)
		return r == WR_STORE_NONE ? 0 : r;
	r = settle_failed(use, &row, lease, result);
	return r ? r : wr_store_notice_step(use->tx, &row);
}
