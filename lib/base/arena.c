#include "wardround/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct wr_arena_block {
	struct wr_arena_block *next;
	size_t used, capacity;
	max_align_t bytes[];
};

void wr_out_of_memory(void)
{
	fputs("wardround: out of memory\n", stderr);
	abort();
}

void *wr_alloc(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size ? size : 1);
	if (!memory)
		wr_out_of_memory();
	return memory;
}

void *wr_realloc(void *old, size_t count, size_t size)
{
	void *memory = reallocarray(old, count ? count : 1, size ? size : 1);
	if (!memory)
		wr_out_of_memory();
	return memory;
}

char *wr_strdup(const char *text)
{
	char *copy = text ? strdup(text) : NULL;
	if (text && !copy)
		wr_out_of_memory();
	return copy;
}

static struct wr_arena_block *add_block(struct wr_arena *arena, size_t need)
{
	size_t capacity = arena->head ? 2 * arena->head->capacity : 1024;
	if (capacity > 1 << 20)
		capacity = 1 << 20;
	if (capacity < need)
		capacity = need;
	struct wr_arena_block *block = calloc(1, sizeof(*block) + capacity);
	if (!block)
		wr_out_of_memory();
	block->capacity = capacity;
	block->next = arena->head;
	arena->head = block;
	return block;
}

void *wr_arena_alloc(struct wr_arena *arena, size_t count, size_t size)
{
	size_t need;
	if (__builtin_mul_overflow(count, size, &need) || need > SIZE_MAX / 4)
		wr_out_of_memory();
	need = (need + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	struct wr_arena_block *block = arena->head;
	if (!block || block->capacity - block->used < need)
		block = add_block(arena, need);
	void *memory = (char *)block->bytes + block->used;
	block->used += need;
	arena->used += need;
	return memory;
}

char *wr_arena_strndup(struct wr_arena *arena, const char *text, size_t length)
{
	char *copy = wr_arena_alloc(arena, length + 1, 1);
	if (length)
		memcpy(copy, text, length);
	return copy;
}

char *wr_arena_strdup(struct wr_arena *arena, const char *text)
{
	return text ? wr_arena_strndup(arena, text, strlen(text)) : NULL;
}

char *wr_arena_printf(struct wr_arena *arena, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0)
		wr_out_of_memory();
	char *text = wr_arena_alloc(arena, (size_t)length + 1, 1);
	vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}

void wr_arena_deinit(struct wr_arena *arena)
{
	struct wr_arena_block *block = arena->head;
	while (block) {
		struct wr_arena_block *next = block->next;
		free(block);
		block = next;
	}
	*arena = (struct wr_arena){0};
}
