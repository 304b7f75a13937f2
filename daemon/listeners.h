/*
 * listeners: the addresses of the configuration and the sockets passed by the service manager, each
 * with the routes that belong to it. A kind of socket that was passed takes the place of the
 * configured addresses of that kind.
 */
#ifndef WR_LISTENERS_H
#define WR_LISTENERS_H

#include "desk/desk.h"

enum { WR_LISTENERS = 24 };

struct wr_listening {
	enum wr_serve_tag tag;
	char *address; /* as configured; NULL: passed by the service manager */
	struct wr_serve_listener *listener;
};

struct wr_listeners {
	struct wr_desk *desk;
	struct wr_listening items[WR_LISTENERS];
	size_t n;
	bool passed[WR_SERVE_TAGS];
};

/* Limits, trusted networks and the clock, from the configuration; lists live in the arena. */
void wr_listeners_settings(struct wr_desk *desk, const struct wr_config *config,
    struct wr_arena *arena, struct wr_serve_settings *ret_settings);
/* Takes what the service manager passed. desk->serve is initialised. 0 or -errno. */
int wr_listeners_init(struct wr_listeners *listeners, struct wr_desk *desk);
/* Brings the listeners in line with a configuration: new addresses first, so that a failure leaves
 * everything as it was (-errno, and why in words in the arena). */
int wr_listeners_set(struct wr_listeners *listeners, const struct wr_config *config,
    struct wr_arena *arena, const char **ret_why);
void wr_listeners_deinit(struct wr_listeners *listeners);

#endif
