/*
 * lookup: rows by a text key, for snapshots of a few thousand rows. Keys are borrowed. Inside this
 * room only. Pure.
 */
#ifndef WARDROUND_WARD_LOOKUP_H
#define WARDROUND_WARD_LOOKUP_H

#include "wardround/base.h"

struct lookup_entry {
	const char *key;
	size_t row;
};

struct lookup {
	struct lookup_entry *entries; /* by key, then row */
	size_t n;
};

struct lookup_range {
	const struct lookup_entry *entries;
	size_t n;
};

/* Of `n` rows of `size` bytes, whose key is the `const char *` at `offset`; NULL keys are left out.
 */
void wr_lookup_init(struct lookup *lookup, struct wr_arena *arena, const void *rows, size_t n,
    size_t size, size_t offset);
struct lookup_range wr_lookup_all(const struct lookup *lookup, const char *key);

#endif
