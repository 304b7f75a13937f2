#include "lookup.h"

#include <stdlib.h>
#include <string.h>

static int by_key(const void *a, const void *b)
{
	const struct lookup_entry *left = a, *right = b;
	int order = strcmp(left->key, right->key);
	if (order != 0)
		return order;
	return left->row < right->row ? -1 : left->row > right->row;
}

void wr_lookup_init(struct lookup *lookup, struct wr_arena *arena, const void *rows, size_t n,
    size_t size, size_t offset)
{
	lookup->entries = wr_arena_new(arena, struct lookup_entry, n ? n : 1);
	lookup->n = 0;
	for (size_t i = 0; i < n; i++) {
		const char *key;
		memcpy(&key, (const char *)rows + i * size + offset, sizeof(key));
		if (key)
			lookup->entries[lookup->n++] = (struct lookup_entry){key, i};
	}
	qsort(lookup->entries, lookup->n, sizeof(*lookup->entries), by_key);
}

struct lookup_range wr_lookup_all(const struct lookup *lookup, const char *key)
{
	size_t low = 0, high = key ? lookup->n : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(lookup->entries[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	size_t end = low;
	while (key && end < lookup->n && strcmp(lookup->entries[end].key, key) == 0)
		end++;
	return (struct lookup_range){lookup->entries + low, end - low};
}
