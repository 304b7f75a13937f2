#include "desk/envelope.h"

#include <stdio.h>
#include <string.h>

enum {
	FRESH_MS = 2000,     /* what waited longer for its turn is looked at again before it goes */
	FRESH_LEAST_MS = 200 /* real time, however fast a test's clock runs */
};

/* ---- headers ---- */

static const char *bearer(struct wr_envelope *e, wr_time now)
{
	struct wr_buf token = {0};
	wr_notify_token(e->webhook->notify_service, e->webhook->notify_key.key, now, &token);
	const char *text =
	    wr_arena_printf(&e->arena, "Authorization: Bearer %s", wr_buf_text(&token));
	wr_buf_deinit(&token);
	return text;
}

/* The time of this try goes into its signature. */
static void write_headers(struct wr_envelope *e, wr_time now)
{
	char signature[WR_NOTICE_SIGNATURE_TEXT];
	const struct wr_letter *letter = &e->letter;
	size_t n = 0;
	e->headers[n++] = wr_arena_printf(&e->arena, "Content-Type: %s", e->format->content_type);
	e->headers[n++] = "User-Agent: wardround/" WR_VERSION;
	e->headers[n++] = wr_arena_printf(&e->arena, "webhook-id: %s", letter->id);
	e->headers[n++] = wr_arena_printf(&e->arena, "webhook-timestamp: %lld", (long long)now);
	if (e->webhook->secrets.n)
		e->headers[n++] = wr_arena_printf(&e->arena, "webhook-signature: %s",
		    wr_notice_sign(&e->webhook->secrets, letter->id, now, letter->body,
			strlen(letter->body), signature));
	if (e->format->asks)
		e->headers[n++] = bearer(e, now);
	e->headers[n] = NULL;
}

/* ---- the delivery ---- */

static struct wr_network *read_networks(
    struct wr_arena *arena, const struct wr_texts *texts, size_t *ret_n)
{
	struct wr_network *networks = wr_arena_new(arena, struct wr_network, texts->n + 1);
	*ret_n = 0;
	for (size_t i = 0; i < texts->n; i++)
		*ret_n += wr_network_parse(texts->items[i], &networks[*ret_n]);
	return networks;
}

static uint64_t at_least(uint64_t ms, uint64_t least)
{
	return ms > least ? ms : least;
}

/* Nothing goes out after the deadline, not even the end of a try that began before it. */
static void limit_time(struct wr_envelope *e, struct wr_delivery *delivery)
{
	const struct wr_clock *clock = &e->desk->clock;
	int64_t left = INT64_MAX, whole = WR_NOTICE_TRY_MS;
	if (e->letter.not_after != WR_TIME_NONE)
		left = 1000 * (e->letter.not_after + 1) - wr_clock_now_ms(clock);
	delivery->timeout_ms =
	    wr_clock_real_ms(clock, left < whole ? (left > 0 ? left : 1) : whole);
	if (!e->desk->send.loop)
		return;
	uint64_t fresh = at_least(wr_clock_real_ms(clock, FRESH_MS), FRESH_LEAST_MS);
	if (left < whole && delivery->timeout_ms < fresh)
		fresh = delivery->timeout_ms;
	delivery->latest = uv_now(e->desk->send.loop) + fresh;
}

static const char *url_of(struct wr_envelope *e, bool asks)
{
	struct wr_buf url = {0};
	if (!e->format->asks)
		return e->webhook->url;
	if (asks)
		wr_notify_ask_url(e->webhook->url, e->letter.id, &url);
	else
		wr_notify_url(e->webhook->url, e->webhook->format, &url);
	const char *text = wr_arena_strdup(&e->arena, wr_buf_text(&url));
	wr_buf_deinit(&url);
	return text;
}

static int deliver(struct wr_envelope *e, const char *lane, bool asks, wr_send_cb callback)
{
	struct wr_desk *desk = e->desk;
	struct wr_delivery *delivery = &e->delivery;
	wr_time now = wr_clock_now(&desk->clock);
	write_headers(e, now);
	*delivery = (struct wr_delivery){
	    .lane = lane,
	    .url = url_of(e, asks),
	    .asks = asks,
	    .keeps = asks,
	    .once = e->format->asks,
	    .headers = e->headers,
	    .body = e->letter.body,
	    .length = strlen(e->letter.body),
	    .proxy = e->webhook->proxy,
	    .now = now,
	    .callback = callback,
	};
	limit_time(e, delivery);
	delivery->allowed =
	    read_networks(&e->arena, &e->webhook->allow_networks, &delivery->n_allowed);
	return desk->deliver ? desk->deliver(&desk->send, delivery)
	                     : wr_send_start(&desk->send, delivery);
}

/* Notify's 403 is about who asks, not about the notice. */
static void finish(struct wr_envelope *e, const struct wr_send_result *result)
{
	struct wr_send_result said = *result;
	if (e->format->asks && said.transport == WR_NOTICE_ANSWERED && said.status == 403)
		said.transport = WR_NOTICE_LOCKED_OUT;
	e->done(e, &said);
}

static void on_delivered(struct wr_delivery *delivery, const struct wr_send_result *result)
{
	finish(wr_container_of(delivery, struct wr_envelope, delivery), result);
}

/* A question that brought no answer to go by is a failed try; nothing of the notice went out. */
static void end_question(struct wr_envelope *e, const struct wr_send_result *result)
{
	struct wr_send_result said = *result;
	said.begun = false;
	if (wr_notice_judge(said.transport, said.status) == WR_NOTICE_DONE) {
		said.transport = WR_NOTICE_UNREACHED;
		said.status = 0;
		snprintf(said.error, sizeof(said.error), "its answer can't be read");
	}
	finish(e, &said);
}

static void on_asked(struct wr_delivery *delivery, const struct wr_send_result *result)
{
	struct wr_envelope *e = wr_container_of(delivery, struct wr_envelope, delivery);
	bool answered = result->transport == WR_NOTICE_ANSWERED && result->status == 200;
	enum wr_notify_known known =
	    answered ? wr_notify_read(result->body, e->letter.id) : WR_NOTIFY_UNREADABLE;
	if (known == WR_NOTIFY_KNOWN || (known == WR_NOTIFY_UNKNOWN && e->letter.probes))
		e->done(e, result);
	else if (known == WR_NOTIFY_UNREADABLE || deliver(e, delivery->lane, false, on_delivered))
		end_question(e, result);
}

int wr_envelope_send(struct wr_envelope *envelope, struct wr_desk *desk, struct wr_ground *ground,
    const struct wr_config_webhook *webhook, const char *lane, const struct wr_letter *letter)
{
	envelope->ground = wr_ground_ref(ground);
	envelope->webhook = webhook;
	envelope->format = wr_notice_format_find(webhook->format);
	envelope->desk = desk;
	envelope->letter = *letter;
	bool asks = envelope->format->asks && (letter->unsure || letter->probes);
	return deliver(envelope, lane, asks, asks ? on_asked : on_delivered);
}

bool wr_envelope_is_out(const struct wr_envelope *envelope)
{
	return envelope->delivery.state != WR_DELIVERY_WAITING;
}

void wr_envelope_cancel(struct wr_envelope *envelope)
{
	wr_send_cancel(&envelope->delivery);
}

void wr_envelope_deinit(struct wr_envelope *envelope)
{
	wr_ground_unref(envelope->ground);
	wr_arena_deinit(&envelope->arena);
	*envelope = (struct wr_envelope){0};
}
