/*
 * base: what every room stands on: memory, growing text, strict reading of small texts.
 *
 * Memory never runs out quietly: every allocation here either succeeds or ends the program with a
 * message (wr_out_of_memory). What was acknowledged is already on disk, and the service manager
 * starts the daemon again; half-done work in memory is worth nothing.
 *
 * Outcomes, in the whole tree: 0 is done; a positive number is an outcome of the room's enum that
 * the caller must handle; a negative number is -errno, a fault that is handed up unchanged.
 *
 * Clean-up, in the whole tree: `goto out;` to one label at the end of the function, with every
 * owned pointer NULL from its declaration. Every free/deinit accepts NULL or zero.
 *
 * Pure; no locks: an object belongs to one thread at a time.
 */
#ifndef WARDROUND_BASE_H
#define WARDROUND_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WR_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define WR_PRINTF(format_at, args_at) __attribute__((format(printf, format_at, args_at)))

/* The struct that embeds `member`, from a pointer to that member. */
#define wr_container_of(pointer, type, member)                                                     \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* ---- heap ---- */

_Noreturn void wr_out_of_memory(void);
/* Zeroed; `count * size` is checked for overflow. free() releases it. */
void *wr_alloc(size_t count, size_t size);
void *wr_realloc(void *old, size_t count, size_t size);
char *wr_strdup(const char *text);

/* Makes room for one more element in a heap array: WR_GROW(items, n, capacity). */
#define WR_GROW(array, count, capacity)                                                            \
	do {                                                                                       \
		if ((count) == (capacity)) {                                                       \
			(capacity) = (capacity) ? 2 * (capacity) : 8;                              \
			(array) = wr_realloc((array), (capacity), sizeof(*(array)));               \
		}                                                                                  \
	} while (0)

/* ---- arena: what is made and dropped together (a plan, a request, a feed) ---- */

struct wr_arena {
	struct wr_arena_block *head;
	size_t used; /* bytes handed out, for tests and limits */
};

/* A zeroed struct is an empty arena. Memory is zeroed, aligned for any type, valid until deinit. */
void *wr_arena_alloc(struct wr_arena *arena, size_t count, size_t size);
char *wr_arena_strdup(struct wr_arena *arena, const char *text); /* NULL stays NULL */
char *wr_arena_strndup(struct wr_arena *arena, const char *text, size_t length);
char *wr_arena_printf(struct wr_arena *arena, const char *format, ...) WR_PRINTF(2, 3);
void wr_arena_deinit(struct wr_arena *arena);
#define wr_arena_new(arena, type, count) ((type *)wr_arena_alloc((arena), (count), sizeof(type)))

/* ---- buf: growing bytes, always followed by a NUL that `length` does not count ---- */

struct wr_buf {
	char *data; /* NULL only before the first byte */
	size_t length;
	size_t capacity;
};

void wr_buf_append(struct wr_buf *buf, const void *bytes, size_t length);
void wr_buf_puts(struct wr_buf *buf, const char *text);
void wr_buf_putc(struct wr_buf *buf, char c);
void wr_buf_printf(struct wr_buf *buf, const char *format, ...) WR_PRINTF(2, 3);
void wr_buf_vprintf(struct wr_buf *buf, const char *format, va_list args) WR_PRINTF(2, 0);
void wr_buf_clear(struct wr_buf *buf);             /* length 0, capacity kept */
char *wr_buf_take(struct wr_buf *buf);             /* the bytes are yours (free); never NULL */
const char *wr_buf_text(const struct wr_buf *buf); /* "" when empty; valid until the next change */
void wr_buf_deinit(struct wr_buf *buf);

/* ---- text ---- */

bool wr_text_equal(const char *a, const char *b); /* NULL equals only NULL */
bool wr_text_empty(const char *text);             /* NULL or "" */
bool wr_text_starts(const char *text, const char *prefix);
/* Decodes one code point; returns its length in bytes, 0 when it is not valid UTF-8 or at the end.
 */
size_t wr_text_decode(const char *text, size_t left, uint32_t *ret_point);
bool wr_text_is_utf8(const char *text, size_t length); /* RFC 3629: no overlong, no surrogates */
/* No control characters (U+0000-001F, 007F, 0080-009F) in valid UTF-8. */
bool wr_text_is_printable(const char *text, size_t length);
/* The whole text is one decimal number within [min, max]; -EINVAL, -ERANGE otherwise. */
int wr_text_int(const char *text, int64_t min, int64_t max, int64_t *ret_number);
/* The nearest of `n` words for a hint, or NULL when none is near enough to be meant. */
const char *wr_text_nearest(const char *word, const char *const *words, size_t n);

#endif
