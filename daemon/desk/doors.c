/*
 * The table of doors, on the loop. What is in them is made by door_make.c in a store job.
 */
#include "desk/doors.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static void free_door(struct wr_door *door)
{
	if (!door)
		return;
	wr_serve_bytes_unref(door->plain);
	wr_serve_bytes_unref(door->gzip);
	wr_sight_unref(door->sight);
	free(door->who);
	free(door->link);
	free(door->slot);
	free(door);
}

/* Tokens are keyed hashes already: their first bytes are as good as any hash of them. */
static size_t place_of(const struct wr_doors *doors, const char *token)
{
	uint64_t first;
	memcpy(&first, token, sizeof(first));
	return (size_t)(first * 0x9e3779b97f4a7c15u >> 20) & (doors->capacity - 1);
}

static struct wr_door **find_place(const struct wr_doors *doors, const char *token)
{
	size_t at = place_of(doors, token);
	while (doors->table[at] && strcmp(doors->table[at]->token, token) != 0)
		at = (at + 1) & (doors->capacity - 1);
	return &doors->table[at];
}

static void grow(struct wr_doors *doors)
{
	struct wr_doors wider = {.capacity = doors->capacity ? 2 * doors->capacity : 256};
	wider.table = wr_alloc(wider.capacity, sizeof(struct wr_door *));
	for (size_t i = 0; i < doors->capacity; i++)
		if (doors->table[i])
			*find_place(&wider, doors->table[i]->token) = doors->table[i];
	wider.n = doors->n;
	free(doors->table);
	*doors = wider;
}

void wr_doors_swap(struct wr_doors *doors, struct wr_use *use)
{
	for (size_t i = 0; i < use->n_doors; i++) {
		if (2 * (doors->n + 1) > doors->capacity)
			grow(doors);
		struct wr_door **place = find_place(doors, use->doors[i].door->token);
		doors->n += *place == NULL;
		free_door(*place);
		*place = use->doors[i].door;
	}
	use->n_doors = 0;
}

void wr_doors_drop(struct wr_use *use)
{
	for (size_t i = 0; i < use->n_doors; i++)
		free_door(use->doors[i].door);
	free(use->doors);
	use->doors = NULL;
	use->n_doors = 0;
}

const struct wr_door *wr_doors_find(const struct wr_doors *doors, const char *token, size_t length)
{
	char padded[WR_TOKEN_LINK + 1] = {0};
	if (!doors->n || (length != WR_TOKEN_LINK && length != WR_TOKEN_REPLY))
		return NULL;
	memcpy(padded, token, length);
	size_t at = place_of(doors, padded);
	for (; doors->table[at]; at = (at + 1) & (doors->capacity - 1))
		if (sodium_memcmp(doors->table[at]->token, padded, sizeof(padded)) == 0)
			return doors->table[at];
	return NULL;
}

void wr_doors_deinit(struct wr_doors *doors)
{
	for (size_t i = 0; i < doors->capacity; i++)
		free_door(doors->table[i]);
	free(doors->table);
	*doors = (struct wr_doors){0};
}
