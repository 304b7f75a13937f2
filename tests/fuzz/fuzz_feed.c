/*
 * Any texts and times in an event: the calendar keeps its form, and the bytes change at the time
 * foretold and not before.
 */
#include <string.h>

#include "wardround/feed.h"

static const unsigned char zone_file[] = {
    // clang-format off
	'T', 'Z', 'i', 'f', '2', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4,
	0, 0, 0, 0, 0, 0, 'G', 'M', 'T', 0,
	'T', 'Z', 'i', 'f', '2', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4,
	0, 0, 0, 0, 0, 0, 'G', 'M', 'T', 0,
	'\n', 'G', 'M', 'T', '0', 'B', 'S', 'T', ',', 'M', '3', '.', '5', '.', '0', '/', '1',
	',', 'M', '1', '0', '.', '5', '.', '0', '\n',
    // clang-format on
};

static void check(bool holds)
{
	if (!holds)
		__builtin_trap();
}

static void check_form(const struct wr_buf *buf)
{
	unsigned begins = 0, ends = 0;
	for (const char *line = buf->data; *line;) {
		const char *end = strstr(line, "\r\n");
		check(end && end - line <= 75 && wr_text_is_printable(line, (size_t)(end - line)));
		begins += wr_text_starts(line, "BEGIN:VEVENT\r");
		ends += wr_text_starts(line, "END:VEVENT\r");
		line = end + 2;
	}
	check(begins == ends && begins >= 1 && begins <= 2);
}

/* A piece of the input up to the next NUL, and the rest. */
static const char *piece(struct wr_arena *arena, const char **at, size_t *left)
{
	size_t length = strnlen(*at, *left);
	const char *text = wr_arena_strndup(arena, *at, length);
	*at += length;
	*left -= length;
	if (*left > 0) {
		(*at)++;
		(*left)--;
	}
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wr_arena arena = {0};
	struct wr_buf buf = {0}, before = {0};
	const struct wr_zone *zone;
	struct wr_feed_written first, second;
	if (size < 8)
		return 0;
	check(wr_zone_parse(&arena, "Europe/London", zone_file, sizeof(zone_file), &zone) == 0);
	uint32_t minutes, later;
	memcpy(&minutes, data, 4);
	memcpy(&later, data + 4, 4);
	const char *at = (const char *)data + 8;
	size_t left = size - 8;
	struct wr_feed_event event = {.uid = "5c0f3f0d5f7b4c7e9d1a2b3c4d5e6f70",
	    .start = 1700000000 + (int64_t)(minutes % 2000000) * 60,
	    .summary = piece(&arena, &at, &left),
	    .place = piece(&arena, &at, &left),
	    .text = piece(&arena, &at, &left),
	    .page = piece(&arena, &at, &left),
	    .cancelled = later & 1,
	    .alarms = later & 2,
	    .stamp = 1690000000};
	event.end = event.start + 1200;
	event.changed = event.stamp + (later >> 4) % 50000000;
	struct wr_feed feed = {.whose = later & 4 ? WR_WHOSE_SUPPORT : WR_WHOSE_WARD,
	    .link = "l",
	    .name = piece(&arena, &at, &left),
	    .zone = zone,
	    .now = event.start - 9000000 + (int64_t)((later >> 3) % 20000000),
	    .keep_cancelled = {14, WR_UNIT_DAYS},
	    .next_publishing = WR_DAY_NONE,
	    .changed = 1690000000,
	    .event = &event,
	    .events = 1};
	wr_feed_write(&feed, &before, &first);
	check_form(&before);
	check(first.last_modified <= feed.now && first.valid_until > feed.now);
	feed.now = first.valid_until - 1;
	wr_feed_write(&feed, &buf, &second);
	check(strcmp(wr_buf_text(&before), wr_buf_text(&buf)) == 0);
	wr_feed_gives_away(event.summary, event.place);
	wr_buf_deinit(&buf);
	wr_buf_deinit(&before);
	wr_arena_deinit(&arena);
	return 0;
}
