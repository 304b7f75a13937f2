#include "listeners.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "desk/routes.h"

static wr_time wall(void *clock)
{
	return wr_clock_now(clock);
}

void wr_listeners_settings(struct wr_desk *desk, const struct wr_config *config,
    struct wr_arena *arena, struct wr_serve_settings *ret_settings)
{
	struct wr_network *trusted =
	    wr_arena_new(arena, struct wr_network, config->trusted_proxies.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < config->trusted_proxies.n; i++)
		n += wr_network_parse(config->trusted_proxies.items[i], &trusted[n]);
	*ret_settings = (struct wr_serve_settings){
	    .max_connections = (unsigned)config->max_connections,
	    .max_connections_per_address = (unsigned)config->max_connections_per_address,
	    .trusted = trusted,
	    .n_trusted = n,
	    .wall = wall,
	    .rate = (unsigned)desk->clock.rate,
	    .clock = &desk->clock,
	};
}

static struct wr_serve_listen settings_for(struct wr_listeners *l, enum wr_serve_tag tag)
{
	struct wr_serve_listen listen = {.tag = tag, .context = l->desk};
	switch (tag) {
	case WR_SERVE_CONTROL:
		listen.handler = wr_routes_control;
		listen.max_body = WR_SERVE_BODY_CONTROL;
		listen.write_refusal = wr_routes_refusal;
		listen.refusal_type = "application/json";
		break;
	case WR_SERVE_METRICS:
		listen.handler = wr_routes_metrics;
		break;
	case WR_SERVE_PUBLIC:
	case WR_SERVE_STAFF:
	case WR_SERVE_TAGS:
		listen.handler = wr_routes_public;
		break;
	}
	return listen;
}

static int keep(struct wr_listeners *l, enum wr_serve_tag tag, const char *address,
    struct wr_serve_listener *listener)
{
	l->items[l->n++] =
	    (struct wr_listening){.tag = tag, .address = wr_strdup(address), .listener = listener};
	return 0;
}

static int listen_at(struct wr_listeners *l, enum wr_serve_tag tag, const char *text)
{
	struct wr_address address;
	struct wr_serve_listener *listener = NULL;
	struct wr_serve_listen settings = settings_for(l, tag);
	if (l->n == WR_LISTENERS)
		return -EMFILE;
	if (tag == WR_SERVE_CONTROL)
		address = (struct wr_address){.kind = WR_ADDRESS_UNIX, .path = text};
	else if (wr_address_parse(text, &address))
		return -EINVAL;
	int r = wr_serve_listen(&l->desk->serve, &address, &settings, &listener);
	return r ? r : keep(l, tag, text, listener);
}

static enum wr_serve_tag tag_named(const char *name)
{
	if (strcmp(name, "control") == 0)
		return WR_SERVE_CONTROL;
	if (strcmp(name, "metrics") == 0)
		return WR_SERVE_METRICS;
	if (strcmp(name, "listen-staff") == 0 || strcmp(name, "staff") == 0)
		return WR_SERVE_STAFF;
	return WR_SERVE_PUBLIC;
}

static int take_passed(struct wr_listeners *l)
{
	struct wr_serve_passed passed[WR_SERVE_PASSED];
	int n = wr_serve_passed(passed);
	int r = n < 0 ? n : 0;
	for (int i = 0; i < n; i++) {
		enum wr_serve_tag tag = tag_named(passed[i].name);
		struct wr_serve_listen settings = settings_for(l, tag);
		struct wr_serve_listener *listener = NULL;
		int failed =
		    wr_serve_listen_fd(&l->desk->serve, passed[i].fd, &settings, &listener);
		if (failed)
			r = failed;
		else if (l->n < WR_LISTENERS)
			keep(l, tag, NULL, listener);
		l->passed[tag] = true;
	}
	return r;
}

/* One address of the configuration; those passed by the service manager take its place. */
struct wanted {
	enum wr_serve_tag tag;
	const char *address;
};

static size_t wanted_listeners(const struct wr_listeners *l, const struct wr_config *config,
    struct wanted wanted[WR_LISTENERS])
{
	size_t n = 0;
	for (size_t i = 0; i < config->listen.n && i < WR_LISTENERS - 3; i++)
		wanted[n++] = (struct wanted){WR_SERVE_PUBLIC, config->listen.items[i]};
	if (*config->listen_staff)
		wanted[n++] = (struct wanted){WR_SERVE_STAFF, config->listen_staff};
	if (*config->metrics)
		wanted[n++] = (struct wanted){WR_SERVE_METRICS, config->metrics};
	wanted[n++] = (struct wanted){WR_SERVE_CONTROL, config->control};
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (!l->passed[wanted[i].tag])
			wanted[kept++] = wanted[i];
	return kept;
}

static struct wr_listening *find_listening(struct wr_listeners *l, const struct wanted *wanted)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->items[i].tag == wanted->tag &&
		    wr_text_equal(l->items[i].address, wanted->address))
			return &l->items[i];
	return NULL;
}

static const char *why_not(int r)
{
	switch (r) {
	case -EADDRINUSE:
		return "another program listens there";
	case -EADDRNOTAVAIL:
		return "this machine has no such address";
	case -EACCES:
		return "not allowed to";
	default:
		return strerror(-r);
	}
}

static void drop_listener(struct wr_listeners *l, size_t at)
{
	wr_serve_unlisten(l->items[at].listener);
	free(l->items[at].address);
	l->items[at] = l->items[--l->n];
}

static bool still_wanted(const struct wr_listening *one, const struct wanted *wanted, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (wanted[i].tag == one->tag && wr_text_equal(wanted[i].address, one->address))
			return true;
	return one->address == NULL;
}

int wr_listeners_init(struct wr_listeners *l, struct wr_desk *desk)
{
	*l = (struct wr_listeners){.desk = desk};
	return take_passed(l);
}

int wr_listeners_set(struct wr_listeners *l, const struct wr_config *config, struct wr_arena *arena,
    const char **ret_why)
{
	struct wanted wanted[WR_LISTENERS];
	size_t n = wanted_listeners(l, config, wanted), before = l->n;
	for (size_t i = 0; i < n; i++) {
		int r = find_listening(l, &wanted[i])
		            ? 0
		            : listen_at(l, wanted[i].tag, wanted[i].address);
		if (!r)
			continue;
		*ret_why =
		    wr_arena_printf(arena, "can't listen on %s: %s", wanted[i].address, why_not(r));
		while (l->n > before)
			drop_listener(l, l->n - 1);
		return r;
	}
	for (size_t i = l->n; i-- > 0;)
		if (!still_wanted(&l->items[i], wanted, n))
			drop_listener(l, i);
	struct wr_serve_settings settings;
	wr_listeners_settings(l->desk, config, arena, &settings);
	wr_serve_set(&l->desk->serve, &settings);
	return 0;
}

void wr_listeners_deinit(struct wr_listeners *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->items[i].address);
	*l = (struct wr_listeners){0};
}
