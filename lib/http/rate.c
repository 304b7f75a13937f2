#include "wardround/http.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/*
 * A table of sets of eight places. A client's hash names its set; within it the place that was used
 * longest ago makes room for a new client. Each place keeps the times of its last passes in a ring,
 * so the limit holds for any stretch of the window's length, not only for aligned ones.
 */
enum { WAYS = 8 };

struct wr_rate_client {
	struct wr_ip ip;
	uint64_t last_ms;              /* 0: the place is free */
	uint64_t passes[WR_RATE_MOST]; /* ring of times in ms, offset by one so that 0 is "none" */
	unsigned at;                   /* the oldest of the `limit` entries */
};

void wr_rate_init(struct wr_rate *rate, const struct wr_rate_settings *settings)
{
	*rate = (struct wr_rate){.settings = *settings};
	if (rate->settings.limit < 1)
		rate->settings.limit = 1;
	if (rate->settings.limit > WR_RATE_MOST)
		rate->settings.limit = WR_RATE_MOST;
	rate->sets = settings->clients / WAYS + (settings->clients % WAYS != 0);
	if (rate->sets == 0)
		rate->sets = 1;
	rate->table = wr_alloc(rate->sets * WAYS, sizeof(*rate->table));
}

void wr_rate_deinit(struct wr_rate *rate)
{
	free(rate->table);
	*rate = (struct wr_rate){0};
}

static struct wr_rate_client *place_of(struct wr_rate *rate, struct wr_ip ip)
{
	uint64_t hash;
	_Static_assert(crypto_shorthash_BYTES == sizeof(hash), "one word");
	_Static_assert(crypto_shorthash_KEYBYTES == sizeof(rate->settings.key), "whole key");
	crypto_shorthash((unsigned char *)&hash, ip.bytes, sizeof(ip.bytes), rate->settings.key);
	struct wr_rate_client *set = rate->table + hash % rate->sets * WAYS, *oldest = set;
	for (int i = 0; i < WAYS; i++) {
		if (set[i].last_ms && wr_ip_equal(set[i].ip, ip))
			return &set[i];
		if (set[i].last_ms < oldest->last_ms)
			oldest = &set[i];
	}
	*oldest = (struct wr_rate_client){.ip = ip};
	return oldest;
}

bool wr_rate_take(struct wr_rate *rate, struct wr_ip ip, uint64_t now_ms, uint64_t *ret_wait_ms)
{
	uint64_t now = now_ms + 1;
	struct wr_rate_client *client = place_of(rate, wr_ip_client(ip));
	client->last_ms = now;
	uint64_t oldest = client->passes[client->at];
	uint64_t free_at = oldest ? oldest + rate->settings.window_ms : 0;
	bool passes = now >= free_at;
	if (passes) {
		client->passes[client->at] = now;
		client->at = (client->at + 1) % rate->settings.limit;
	}
	if (ret_wait_ms) {
		oldest = client->passes[client->at];
		free_at = oldest ? oldest + rate->settings.window_ms : 0;
		*ret_wait_ms = free_at > now ? free_at - now : 0;
	}
	return passes;
}
