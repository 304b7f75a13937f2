#include "wardround/ward.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static char *trimmed(struct wr_arena *arena, const char *text, size_t length)
{
	while (length > 0 && isspace((unsigned char)text[0]))
		text++, length--;
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		length--;
	return wr_arena_strndup(arena, text, length);
}

/* "Tue 13:00-17:00", blanks around the '-' allowed. */
static bool read_part(struct wr_arena *arena, const char *part, struct wr_free *ret_free)
{
	size_t name = strcspn(part, " \t");
	const char *dash = strchr(part + name, '-');
	if (!part[name] || !dash)
		return false;
	struct wr_free read = {0};
	const char *from = trimmed(arena, part + name, (size_t)(dash - part) - name);
	const char *to = trimmed(arena, dash + 1, strlen(dash + 1));
	if (wr_weekday_parse(wr_arena_strndup(arena, part, name), &read.weekday) != 0 ||
	    wr_clock_parse(from, &read.from) != 0 || wr_clock_parse(to, &read.to) != 0 ||
	    read.from >= read.to)
		return false;
	*ret_free = read;
	return true;
}

static int by_time(const void *a, const void *b)
{
	const struct wr_free *left = a, *right = b;
	if (left->weekday != right->weekday)
		return left->weekday - right->weekday;
	return left->from != right->from ? left->from - right->from : left->to - right->to;
}

static size_t join_touching(struct wr_free *free, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		struct wr_free *last = kept > 0 ? &free[kept - 1] : NULL;
		if (last && last->weekday == free[i].weekday && free[i].from <= last->to) {
			if (free[i].to > last->to)
				last->to = free[i].to;
		} else {
			free[kept++] = free[i];
		}
	}
	return kept;
}

size_t wr_free_tidy(struct wr_free *free, size_t n)
{
	qsort(free, n, sizeof(*free), by_time);
	return join_touching(free, n);
}

int wr_free_parse(struct wr_arena *arena, const char *text, struct wr_free **ret_free,
    size_t *ret_n, const char **ret_bad)
{
	size_t room = 1, n = 0;
	for (const char *at = text; *at; at++)
		room += *at == ';';
	struct wr_free *free = wr_arena_new(arena, struct wr_free, room);
	for (const char *at = text; at; at = strchr(at, ';'), at = at ? at + 1 : NULL) {
		const char *part = trimmed(arena, at, strcspn(at, ";"));
		if (!*part)
			continue;
		if (!read_part(arena, part, &free[n])) {
			*ret_bad = part;
			return WR_CIVIL_BAD_TEXT;
		}
		n++;
	}
	*ret_free = free;
	*ret_n = wr_free_tidy(free, n);
	return 0;
}

char *wr_free_text(struct wr_arena *arena, const struct wr_free *free, size_t n)
{
	struct wr_buf buf = {0};
	for (size_t i = 0; i < n; i++)
		wr_buf_printf(&buf, "%s%.3s %02d:%02d-%02d:%02d", i > 0 ? "; " : "",
		    wr_weekday_name(free[i].weekday), free[i].from / 60, free[i].from % 60,
		    free[i].to / 60, free[i].to % 60);
	char *text = wr_arena_strdup(arena, wr_buf_text(&buf));
	wr_buf_deinit(&buf);
	return text;
}
