/*
 * envelope: one body on its way to one endpoint, signed for this try.
 *
 * It holds a reference to the configuration it was made from, so that a reload changes nothing
 * under it, and owns its headers; the body is the caller's until the callback. Embedded by the
 * caller.
 *
 * Loop thread. Each successful start gives exactly one callback, never before it returned.
 */
#ifndef WR_DAEMON_DESK_ENVELOPE_H
#define WR_DAEMON_DESK_ENVELOPE_H

#include "desk/desk.h"

enum { WR_ENVELOPE_HEADERS = 6 };

struct wr_envelope {
	struct wr_ground *ground;
	const struct wr_config_webhook *webhook; /* of that ground */
	struct wr_arena arena;
	const char *headers[WR_ENVELOPE_HEADERS];
	struct wr_delivery delivery;
	void (*done)(struct wr_envelope *envelope, const struct wr_send_result *result);
};

/* 0, or -errno and no callback. `id` and `body` are borrowed until the callback. */
int wr_envelope_send(struct wr_envelope *envelope, struct wr_desk *desk, struct wr_ground *ground,
    const struct wr_config_webhook *webhook, const char *id, const char *body);
/* The callback comes soon; nothing happens to one that was not sent. */
void wr_envelope_cancel(struct wr_envelope *envelope);
/* After the callback, or when it was never sent. */
void wr_envelope_deinit(struct wr_envelope *envelope);

#endif
