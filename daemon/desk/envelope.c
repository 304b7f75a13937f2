#include "desk/envelope.h"

#include <string.h>

static void on_delivered(struct wr_delivery *delivery, const struct wr_send_result *result)
{
	struct wr_envelope *envelope = wr_container_of(delivery, struct wr_envelope, delivery);
	envelope->done(envelope, result);
}

/* The time of this try goes into its signature. */
static void write_headers(struct wr_envelope *e, wr_time now, const char *id, const char *body)
{
	char signature[WR_NOTICE_SIGNATURE_TEXT];
	const struct wr_notice_format *format = wr_notice_format_find(e->webhook->format);
	size_t n = 0;
	e->headers[n++] = wr_arena_printf(&e->arena, "Content-Type: %s", format->content_type);
	e->headers[n++] = "User-Agent: wardround/" WR_VERSION;
	e->headers[n++] = wr_arena_printf(&e->arena, "webhook-id: %s", id);
	e->headers[n++] = wr_arena_printf(&e->arena, "webhook-timestamp: %lld", (long long)now);
	if (e->webhook->secrets.n)
		e->headers[n++] = wr_arena_printf(&e->arena, "webhook-signature: %s",
		    wr_notice_sign(&e->webhook->secrets, id, now, body, strlen(body), signature));
	e->headers[n] = NULL;
}

static struct wr_network *read_networks(
    struct wr_arena *arena, const struct wr_texts *texts, size_t *ret_n)
{
	struct wr_network *networks = wr_arena_new(arena, struct wr_network, texts->n + 1);
	*ret_n = 0;
	for (size_t i = 0; i < texts->n; i++)
		*ret_n += wr_network_parse(texts->items[i], &networks[*ret_n]);
	return networks;
}

int wr_envelope_send(struct wr_envelope *envelope, struct wr_desk *desk, struct wr_ground *ground,
    const struct wr_config_webhook *webhook, const char *id, const char *body)
{
	struct wr_delivery *delivery = &envelope->delivery;
	envelope->ground = wr_ground_ref(ground);
	envelope->webhook = webhook;
	write_headers(envelope, wr_clock_now(&desk->clock), id, body);
	*delivery = (struct wr_delivery){
	    .url = webhook->url,
	    .headers = envelope->headers,
	    .body = body,
	    .length = strlen(body),
	    .proxy = webhook->proxy,
	    .timeout_ms = wr_clock_real_ms(&desk->clock, WR_NOTICE_TRY_MS),
	    .callback = on_delivered,
	};
	delivery->allowed =
	    read_networks(&envelope->arena, &webhook->allow_networks, &delivery->n_allowed);
	return desk->deliver ? desk->deliver(&desk->send, delivery)
	                     : wr_send_start(&desk->send, delivery);
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
