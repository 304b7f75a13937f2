#include "desk/cases.h"
#include "desk/compose.h"
#include "desk/courier.h"
#include "desk/envelope.h"
#include "sys/random.h"

#include <stdlib.h>

/* ---- list ---- */

static json_t *events_json(unsigned events)
{
	static const char *const names[] = {
	    "slot", "reminder", "invite", "reply", "patient", "task"};
	json_t *list = json_array();
	for (size_t i = 0; i < WR_COUNT(names); i++)
		if (events & 1u << i)
			json_array_append_new(list, json_string(names[i]));
	return list;
}

static json_t *wards_json(const struct wr_config *config, const struct wr_indexes *wards)
{
	json_t *list = json_array();
	for (size_t i = 0; i < wards->n; i++)
		json_array_append_new(list, json_string(config->wards[wards->items[i]].id));
	return list;
}

static int webhook_json(
    struct wr_use *use, const struct wr_config_webhook *webhook, json_t **ret_json)
{
	struct wr_store_endpoint row = {.since = WR_TIME_NONE};
	size_t n = 0;
	char since[WR_TIME_TEXT];
	int r = wr_store_endpoint_get(use->tx, use->arena, webhook->id, &row);
	if (r == WR_STORE_NONE)
		r = 0;
	if (!r)
		r = wr_store_notice_pending(use->tx, webhook->id, &n);
	const char *why = row.off ? row.why : NULL;
	*ret_json = json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:i}", "name", webhook->id,
	    "url", webhook->url, "format", wr_webhook_format_name(webhook->format), "events",
	    events_json(webhook->events), "wards", wards_json(use->config, &webhook->wards),
	    "state", row.off ? "off" : "on", "why", why ? json_string(why) : json_null(), "since",
	    row.since != WR_TIME_NONE ? json_string(wr_time_utc(row.since, since)) : json_null(),
	    "waiting", (int)n);
	return r;
}

int wr_case_webhook_list(struct wr_use *use)
{
	json_t *list = json_array();
	int r = 0;
	for (size_t i = 0; i < use->config->n_webhooks && !r; i++) {
		json_t *one = NULL;
		r = webhook_json(use, &use->config->webhooks[i], &one);
		json_array_append_new(list, one);
	}
	wr_use_answer(use, "webhooks", list);
	return r;
}

/* ---- on and off ---- */

static int find(struct wr_use *use, const struct wr_config_webhook **ret_webhook)
{
	const char *name = NULL;
	int r = wr_arg_must(use, "name", &name);
	if (r)
		return r;
	*ret_webhook = wr_config_find_webhook(use->config, name);
	return *ret_webhook ? 0
	                    : wr_unknown(use, "see `wardctl webhook list`",
				  "there is no webhook `%s`", name);
}

static int set(struct wr_use *use, const struct wr_config_webhook *webhook, bool off)
{
	bool was_off = false;
	struct wr_store_endpoint row = {
	    .name = webhook->id,
	    .off = off,
	    .why = !off          ? NULL
	           : use->reason ? use->reason
	                         : "turned off by hand",
	    .since = use->now,
	};
	json_t *answer = NULL;
	int r = wr_webhook_is_off(use, webhook->id, &was_off);
	if (!r && was_off != off)
		r = wr_store_endpoint_put(use->tx, &row);
	if (!r)
		r = webhook_json(use, webhook, &answer);
	wr_use_answer(use, "webhook", answer ? answer : json_null());
	if (r || was_off == off)
		return r;
	wr_use_change(use, wr_arena_printf(use->arena, "webhook %s", webhook->id),
	    was_off ? "off" : "on", off ? "off" : "on");
	return wr_use_audit(use, wr_arena_printf(use->arena, "webhook:%s", webhook->id), NULL,
	    json_pack("{s:b}", "off", was_off), json_pack("{s:b}", "off", off));
}

int wr_case_webhook_off(struct wr_use *use)
{
	const struct wr_config_webhook *webhook;
	int r = find(use, &webhook);
	return r ? r : set(use, webhook, true);
}

/* What waited for it goes now. */
int wr_case_webhook_on(struct wr_use *use)
{
	const struct wr_config_webhook *webhook;
	int r = find(use, &webhook);
	if (!r)
		r = wr_store_notice_hurry(use->tx, webhook->id, use->now);
	return r ? r : set(use, webhook, false);
}

/* ---- a test, by the way that real ones go ---- */

struct testing {
	struct wr_call *call;
	struct wr_envelope envelope;
	struct wr_buf body;
	char id[WR_RANDOM_ID_TEXT];
};

static void write_test(struct testing *t, const struct wr_config_webhook *webhook)
{
	const struct wr_use *use = &t->call->use;
	struct wr_notice_message message = {
	    .type = WR_NOTICE_WEBHOOK_TEST,
	    .id = wr_random_id("n-", t->id),
	    .made_at = use->now,
	    .slot = {.was = WR_TIME_NONE},
	    .zone = use->config->wards[0].zone,
	};
	wr_notice_format_find(webhook->format)->write(&message, &t->body);
}

static int judge_test(struct wr_use *use, const char *name, const struct wr_send_result *result)
{
	bool ok = wr_notice_judge(result->transport, result->status) == WR_NOTICE_DONE;
	json_t *answer = json_pack("{s:b, s:i, s:s, s:I}", "ok", ok, "status", result->status,
	    "error", result->error, "took_ms", (json_int_t)result->took_ms);
	if (ok) {
		wr_use_answer(use, "webhook", json_string(name));
		wr_use_answer(use, "result", answer);
		return 0;
	}
	const char *why = result->transport == WR_NOTICE_ANSWERED
	                      ? wr_arena_printf(use->arena, "it answered %d", result->status)
	                      : wr_arena_strdup(use->arena, result->error);
	int r = wr_refuse(use, "nothing was kept of the test", "webhook %s: %s", name,
	    *why ? why : "not reached");
	use->fault.more = json_pack("{s:s, s:o}", "webhook", name, "result", answer);
	return r;
}

static void end_test(struct testing *t)
{
	struct wr_call *call = t->call;
	wr_envelope_deinit(&t->envelope);
	wr_buf_deinit(&t->body);
	free(t);
	wr_call_end(call);
}

static void on_tested(struct wr_envelope *envelope, const struct wr_send_result *result)
{
	struct testing *t = wr_container_of(envelope, struct testing, envelope);
	t->call->result = judge_test(&t->call->use, envelope->webhook->id, result);
	end_test(t);
}

static int may_test(struct wr_use *use, const struct wr_config_webhook **ret_webhook)
{
	int r = wr_use_check_args(use);
	return r ? r : find(use, ret_webhook);
}

void wr_operate_webhook_test(struct wr_call *call)
{
	const struct wr_config_webhook *webhook = NULL;
	call->result = may_test(&call->use, &webhook);
	if (call->result || call->use.dry_run) {
		wr_call_end(call);
		return;
	}
	struct testing *t = wr_alloc(1, sizeof(*t));
	t->call = call;
	t->envelope.done = on_tested;
	write_test(t, webhook);
	struct wr_letter letter = {
	    .id = t->id,
	    .body = wr_buf_text(&t->body),
	    .not_after = WR_TIME_NONE,
	    .probes = true,
	};
	call->result =
	    wr_envelope_send(&t->envelope, call->desk, call->ground, webhook, "a test", &letter);
	if (!call->result)
		return;
	call->result =
	    wr_fault(&call->use, WR_FAULT_AGAIN, "try again in a moment", "the daemon is stopping");
	end_test(t);
}
