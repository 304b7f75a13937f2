/*
 * Reads the content of a TZif file (RFC 8536), version 2 or later: the first block (32-bit times)
 * is stepped over, the second (64-bit) read, then the footer. Every count is checked against the
 * bytes there before anything is touched. Files with leap seconds are refused: our instants are
 * POSIX time.
 */
#include "zone.h"

#include <string.h>

enum { HEADER_BYTES = 44, MAX_CHANGES = 10000 };

struct block {
	uint32_t isut, isstd, leap, times, types, chars;
};

struct input {
	const unsigned char *at;
	size_t left;
};

static uint32_t big_endian_32(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t big_endian_64(const unsigned char *at)
{
	uint64_t value = (uint64_t)big_endian_32(at) << 32 | big_endian_32(at + 4);
	int64_t number;
	memcpy(&number, &value, sizeof(number));
	return number;
}

static const unsigned char *take(struct input *input, size_t length)
{
	if (length > input->left)
		return NULL;
	const unsigned char *taken = input->at;
	input->at += length;
	input->left -= length;
	return taken;
}

static bool take_header(struct input *input, struct block *block)
{
	const unsigned char *head = take(input, HEADER_BYTES);
	if (!head || memcmp(head, "TZif", 4) != 0 || head[4] < '2')
		return false;
	block->isut = big_endian_32(head + 20);
	block->isstd = big_endian_32(head + 24);
	block->leap = big_endian_32(head + 28);
	block->times = big_endian_32(head + 32);
	block->types = big_endian_32(head + 36);
	block->chars = big_endian_32(head + 40);
	return block->times <= MAX_CHANGES && block->types >= 1 && block->types <= 256 &&
	       block->chars >= 1 && block->chars <= 65536 && block->leap <= 1000 &&
	       (block->isut == 0 || block->isut == block->types) &&
	       (block->isstd == 0 || block->isstd == block->types);
}

static size_t block_bytes(const struct block *block, size_t time_bytes)
{
	return block->times * (time_bytes + 1) + block->types * 6 + block->chars +
	       block->leap * (time_bytes + 4) + block->isstd + block->isut;
}

static bool read_side(
    const unsigned char *type, const char *names, uint32_t chars, struct zone_side *side)
{
	uint32_t bits = big_endian_32(type);
	int32_t offset;
	memcpy(&offset, &bits, sizeof(offset));
	uint32_t from = type[5];
	if (offset <= -26 * 3600 || offset >= 26 * 3600 || type[4] > 1 || from >= chars)
		return false;
	size_t length = strnlen(names + from, chars - from);
	if (length == chars - from || length >= ZONE_NAME ||
	    !wr_text_is_printable(names + from, length))
		return false;
	side->offset = offset;
	memcpy(side->name, names + from, length + 1);
	return true;
}

/* The 64-bit block; `data` holds block_bytes(block, 8). */
static bool read_block(struct wr_arena *arena, const struct block *block, const unsigned char *data,
    struct wr_zone *zone)
{
	const unsigned char *types = data + block->times * 9;
	const char *names = (const char *)(types + block->types * 6);
	zone->changes = block->times;
	zone->n_sides = block->types;
	zone->at = wr_arena_new(arena, int64_t, block->times + 1);
	zone->side = wr_arena_new(arena, uint8_t, block->times + 1);
	zone->sides = wr_arena_new(arena, struct zone_side, block->types);
	for (size_t i = 0; i < block->times; i++) {
		zone->at[i] = big_endian_64(data + i * 8);
		zone->side[i] = data[block->times * 8 + i];
		if (zone->side[i] >= block->types || (i > 0 && zone->at[i] <= zone->at[i - 1]))
			return false;
	}
	for (size_t i = 0; i < block->types; i++)
		if (!read_side(types + i * 6, names, block->chars, &zone->sides[i]))
			return false;
	return true;
}

static bool read_footer(struct input *input, struct zone_footer *footer)
{
	char text[128];
	if (input->left < 3 || input->left - 2 >= sizeof(text) || input->at[0] != '\n' ||
	    input->at[input->left - 1] != '\n')
		return false;
	size_t length = input->left - 2;
	memcpy(text, input->at + 1, length);
	text[length] = '\0';
	return strlen(text) == length && zone_footer_parse(text, footer) == 0;
}

int wr_zone_parse(struct wr_arena *arena, const char *name, const void *tzif, size_t length,
    const struct wr_zone **ret_zone)
{
	struct input input = {tzif, length};
	struct block block;
	struct wr_zone *zone = wr_arena_new(arena, struct wr_zone, 1);
	if (!take_header(&input, &block) || !take(&input, block_bytes(&block, 4)))
		return WR_CIVIL_BAD_ZONE;
	if (!take_header(&input, &block) || block.leap > 0)
		return WR_CIVIL_BAD_ZONE;
	const unsigned char *data = take(&input, block_bytes(&block, 8));
	if (!data || !read_block(arena, &block, data, zone) || !read_footer(&input, &zone->footer))
		return WR_CIVIL_BAD_ZONE;
	zone->name = wr_arena_strdup(arena, name);
	*ret_zone = zone;
	return 0;
}
