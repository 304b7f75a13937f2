/*
 * envelope: one letter on its way to one endpoint, signed for this try.
 *
 *     send ---- it may have arrived, and the endpoint can say ----> asked
 *       \                                                          /   \
 *        \____________________ sent <____ it never got there _____/     \__ it did: done
 *
 * It holds a reference to the configuration it was made from, so that a reload changes nothing
 * under it, and owns its headers; id and body are the caller's until the callback. Embedded by the
 * caller.
 *
 * Loop thread. Each successful start gives exactly one callback, never before it returned.
 */
#ifndef WR_DAEMON_DESK_ENVELOPE_H
#define WR_DAEMON_DESK_ENVELOPE_H

#include "desk/desk.h"

enum { WR_ENVELOPE_HEADERS = 7 };

struct wr_letter {
	const char *id, *body;
	bool unsure;       /* an earlier try may have arrived */
	wr_time not_after; /* no try is begun then or later; WR_TIME_NONE: whenever */
	bool probes;       /* only asks for the id, where the endpoint can say: a test */
};

struct wr_envelope {
	struct wr_ground *ground;
	const struct wr_config_webhook *webhook; /* of that ground */
	const struct wr_notice_format *format;
	struct wr_desk *desk;
	struct wr_letter letter;
	struct wr_arena arena;
	const char *headers[WR_ENVELOPE_HEADERS];
	struct wr_delivery delivery;
	void (*done)(struct wr_envelope *envelope, const struct wr_send_result *result);
};

/* 0, or -errno and no callback. Waits in the queue of `lane`. */
int wr_envelope_send(struct wr_envelope *envelope, struct wr_desk *desk, struct wr_ground *ground,
    const struct wr_config_webhook *webhook, const char *lane, const struct wr_letter *letter);
/* The callback comes soon; nothing happens to one that was not sent. */
void wr_envelope_cancel(struct wr_envelope *envelope);
/* It is with the endpoint by now, not in a queue of ours. */
bool wr_envelope_is_out(const struct wr_envelope *envelope);
/* After the callback, or when it was never sent. */
void wr_envelope_deinit(struct wr_envelope *envelope);

#endif
