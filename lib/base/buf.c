#include "wardround/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct wr_buf *buf, size_t more)
{
	size_t need;
	if (__builtin_add_overflow(buf->length, more, &need) || need >= SIZE_MAX / 2)
		wr_out_of_memory();
	if (need + 1 <= buf->capacity)
		return;
	size_t capacity = buf->capacity ? buf->capacity : 64;
	while (capacity < need + 1)
		capacity *= 2;
	buf->data = wr_realloc(buf->data, capacity, 1);
	buf->capacity = capacity;
}

void wr_buf_append(struct wr_buf *buf, const void *bytes, size_t length)
{
	reserve(buf, length);
	if (length)
		memcpy(buf->data + buf->length, bytes, length);
	buf->length += length;
	buf->data[buf->length] = '\0';
}

void wr_buf_puts(struct wr_buf *buf, const char *text)
{
	wr_buf_append(buf, text, strlen(text));
}

void wr_buf_putc(struct wr_buf *buf, char c)
{
	wr_buf_append(buf, &c, 1);
}

void wr_buf_vprintf(struct wr_buf *buf, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	if (length < 0)
		wr_out_of_memory();
	reserve(buf, (size_t)length);
	vsnprintf(buf->data + buf->length, (size_t)length + 1, format, again);
	va_end(again);
	buf->length += (size_t)length;
}

void wr_buf_printf(struct wr_buf *buf, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	wr_buf_vprintf(buf, format, args);
	va_end(args);
}

void wr_buf_clear(struct wr_buf *buf)
{
	buf->length = 0;
	if (buf->data)
		buf->data[0] = '\0';
}

char *wr_buf_take(struct wr_buf *buf)
{
	reserve(buf, 0);
	buf->data[buf->length] = '\0';
	char *data = buf->data;
	*buf = (struct wr_buf){0};
	return data;
}

const char *wr_buf_text(const struct wr_buf *buf)
{
	return buf->data ? buf->data : "";
}

void wr_buf_deinit(struct wr_buf *buf)
{
	free(buf->data);
	*buf = (struct wr_buf){0};
}
