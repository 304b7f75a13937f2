#include "crowd.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1024 };

struct entry {
	struct entry *next;
	struct wr_ip ip;
	unsigned n;
};

struct wr_serve_crowd {
	unsigned char key[crypto_shorthash_KEYBYTES];
	struct entry *buckets[BUCKETS];
};

struct wr_serve_crowd *wr_serve_crowd_new(void)
{
	struct wr_serve_crowd *crowd = wr_alloc(1, sizeof(*crowd));
	crypto_shorthash_keygen(crowd->key);
	return crowd;
}

void wr_serve_crowd_free(struct wr_serve_crowd *crowd)
{
	for (size_t i = 0; crowd && i < BUCKETS; i++)
		while (crowd->buckets[i]) {
			struct entry *entry = crowd->buckets[i];
			crowd->buckets[i] = entry->next;
			free(entry);
		}
	free(crowd);
}

/* One machine has a whole /64 of IPv6, but one address of IPv4 (behind which many may sit). */
static struct wr_ip counted_as(struct wr_ip ip)
{
	return wr_ip_is_v4(ip) ? ip : wr_ip_client(ip);
}

/* Where the link to the entry of `ip` is, or would be. */
static struct entry **find(struct wr_serve_crowd *crowd, struct wr_ip ip)
{
	uint64_t hash;
	_Static_assert(crypto_shorthash_BYTES == sizeof(hash), "one word");
	crypto_shorthash((unsigned char *)&hash, ip.bytes, sizeof(ip.bytes), crowd->key);
	struct entry **link = &crowd->buckets[hash % BUCKETS];
	while (*link && !wr_ip_equal((*link)->ip, ip))
		link = &(*link)->next;
	return link;
}

bool wr_serve_crowd_enter(struct wr_serve_crowd *crowd, struct wr_ip ip, unsigned most)
{
	struct entry **link = find(crowd, counted_as(ip));
	if (!*link) {
		*link = wr_alloc(1, sizeof(**link));
		(*link)->ip = counted_as(ip);
	}
	if ((*link)->n >= most)
		return false;
	(*link)->n++;
	return true;
}

void wr_serve_crowd_leave(struct wr_serve_crowd *crowd, struct wr_ip ip)
{
	struct entry **link = find(crowd, counted_as(ip)), *entry = *link;
	if (!entry || --entry->n > 0)
		return;
	*link = entry->next;
	free(entry);
}
