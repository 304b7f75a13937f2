#include "wardround/http.h"

#include <string.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The byte that the %XX at `at` stands for, -1 when it is incomplete. */
static int escaped_byte(const char *at, const char *end)
{
	if (end - at < 3)
		return -1;
	int high = hex_digit(at[1]), low = hex_digit(at[2]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

bool wr_path_decode(struct wr_arena *arena, const char *raw, const char **ret_path)
{
	size_t length = strlen(raw);
	const char *path = raw;
	if (memchr(raw, '%', length)) {
		const char *end = raw + length;
		char *out = wr_arena_alloc(arena, length + 1, 1);
		path = out;
		for (const char *at = raw; at < end; at++) {
			if (*at != '%') {
				*out++ = *at;
				continue;
			}
			int byte = escaped_byte(at, end);
			if (byte < 0 || byte == '/')
				return false;
			*out++ = (char)byte;
			at += 2;
		}
		length = (size_t)(out - path);
	}
	if (!wr_text_is_printable(path, length))
		return false;
	*ret_path = path;
	return true;
}

/* Tab and line ends are what a text box may hold; other control characters are nobody's words. */
static bool is_form_text(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
			return false;
	}
	return wr_text_is_utf8(text, length);
}

static const char *decode(
    struct wr_arena *arena, const char *at, const char *end, size_t *ret_length)
{
	char *text = wr_arena_alloc(arena, (size_t)(end - at) + 1, 1);
	char *out = text;
	for (; at < end; at++) {
		int byte = (unsigned char)*at;
		if (byte == '+') {
			byte = ' ';
		} else if (byte == '%') {
			byte = escaped_byte(at, end);
			if (byte < 0)
				return NULL;
			at += 2;
		}
		*out++ = (char)byte;
	}
	*ret_length = (size_t)(out - text);
	return is_form_text(text, *ret_length) ? text : NULL;
}

static size_t count_fields(const char *bytes, size_t length)
{
	size_t n = 1;
	for (size_t i = 0; i < length; i++)
		n += bytes[i] == '&';
	return n;
}

static bool parse_field(
    struct wr_arena *arena, const char *at, const char *end, struct wr_form_field *field)
{
	const char *equals = memchr(at, '=', (size_t)(end - at));
	const char *name_end = equals ? equals : end;
	size_t name_length = 0;
	field->name = decode(arena, at, name_end, &name_length);
	field->value = decode(arena, equals ? equals + 1 : end, end, &field->length);
	return field->name && field->value && name_length > 0;
}

bool wr_form_parse(
    struct wr_arena *arena, const char *bytes, size_t length, struct wr_form *ret_form)
{
	*ret_form = (struct wr_form){0};
	size_t most = length ? count_fields(bytes, length) : 0, n = 0;
	if (most > WR_FORM_FIELDS)
		return false;
	struct wr_form_field *fields = wr_arena_new(arena, struct wr_form_field, most);
	const char *at = bytes, *end = length ? bytes + length : bytes;
	while (at < end) {
		const char *stop = memchr(at, '&', (size_t)(end - at));
		if (!stop)
			stop = end;
		/* The URL standard skips empty pieces: "a=1&&b=2". */
		if (stop > at && !parse_field(arena, at, stop, &fields[n++]))
			return false;
		at = stop + 1;
	}
	*ret_form = (struct wr_form){fields, n};
	return true;
}

const char *wr_form_nth(const struct wr_form *form, const char *name, size_t k)
{
	for (size_t i = 0; i < form->n; i++)
		if (strcmp(form->fields[i].name, name) == 0 && k-- == 0)
			return form->fields[i].value;
	return NULL;
}

const char *wr_form_get(const struct wr_form *form, const char *name)
{
	return wr_form_nth(form, name, 0);
}

void wr_http_escape(struct wr_buf *buf, const char *text)
{
	static const char unreserved[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	for (; *text; text++) {
		if (strchr(unreserved, *text))
			wr_buf_putc(buf, *text);
		else
			wr_buf_printf(buf, "%%%02X", (unsigned)(unsigned char)*text);
	}
}
