#include "wardround/http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

/* A qvalue in thousandths (RFC 9110, 12.4.2); -1 when it is none. */
static int parse_quality(const char *text, size_t length)
{
	if (length == 0 || length > 5 || (text[0] != '0' && text[0] != '1'))
		return -1;
	int quality = (text[0] - '0') * 1000, unit = 100;
	if (length > 1 && text[1] != '.')
		return -1;
	for (size_t i = 2; i < length; i++, unit /= 10) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		quality += (text[i] - '0') * unit;
	}
	return quality <= 1000 ? quality : -1;
}

static void trim(const char **text, size_t *length)
{
	while (*length > 0 && (**text == ' ' || **text == '\t')) {
		(*text)++;
		(*length)--;
	}
	while (*length > 0 && ((*text)[*length - 1] == ' ' || (*text)[*length - 1] == '\t'))
		(*length)--;
}

static bool is_word(const char *text, size_t length, const char *word)
{
	return length == strlen(word) && strncasecmp(text, word, length) == 0;
}

struct wishes {
	int gzip, identity, rest; /* thousandths; -1 not named */
};

/* One element: "gzip;q=0.5". What can't be read is skipped. */
static void read_wish(const char *text, size_t length, struct wishes *wishes)
{
	int quality = 1000;
	const char *semicolon = memchr(text, ';', length);
	size_t name_length = semicolon ? (size_t)(semicolon - text) : length;
	if (semicolon) {
		const char *weight = semicolon + 1;
		size_t left = length - name_length - 1;
		trim(&weight, &left);
		if (left < 2 || (weight[0] != 'q' && weight[0] != 'Q') || weight[1] != '=')
			return;
		quality = parse_quality(weight + 2, left - 2);
		if (quality < 0)
			return;
	}
	trim(&text, &name_length);
	if (is_word(text, name_length, "gzip") || is_word(text, name_length, "x-gzip"))
		wishes->gzip = quality;
	else if (is_word(text, name_length, "identity"))
		wishes->identity = quality;
	else if (is_word(text, name_length, "*"))
		wishes->rest = quality;
}

bool wr_http_wants_gzip(const char *accept_encoding)
{
	if (!accept_encoding)
		return false;
	struct wishes wishes = {-1, -1, -1};
	for (const char *at = accept_encoding; *at;) {
		size_t length = strcspn(at, ",");
		read_wish(at, length, &wishes);
		at += length + (at[length] == ',');
	}
	int gzip = wishes.gzip >= 0 ? wishes.gzip : wishes.rest;
	return gzip > 0 && gzip >= wishes.identity;
}

void wr_gzip(const void *bytes, size_t length, struct wr_buf *buf)
{
	enum { WITH_GZIP_HEADER = 16, WINDOW_BITS = 15, MEMORY_LEVEL = 8 };
	z_stream stream = {0};
	if (length > UINT32_MAX / 2 ||
	    deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW_BITS + WITH_GZIP_HEADER,
		MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
		wr_out_of_memory();
	uLong bound = deflateBound(&stream, (uLong)length);
	char *out = wr_alloc(bound, 1);
	stream.next_in = (z_const Bytef *)(uintptr_t)bytes;
	stream.avail_in = (uInt)length;
	stream.next_out = (Bytef *)out;
	stream.avail_out = (uInt)bound;
	deflate(&stream, Z_FINISH);
	wr_buf_append(buf, out, stream.total_out);
	deflateEnd(&stream);
	free(out);
}
