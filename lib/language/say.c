#include <string.h>
#include <strings.h>

#include "tables.h"

enum { MOST_PLACES = 8 };

enum wr_language wr_language_find(const char *tag)
{
	size_t length = tag ? strcspn(tag, "-_") : 0;
	for (int i = 0; i < WR_LANGUAGES; i++) {
		const char *code = language_tables[i].code;
		if (length == strlen(code) && strncasecmp(tag, code, length) == 0)
			return (enum wr_language)i;
	}
	return WR_LANGUAGE_EN;
}

const char *wr_language_code(enum wr_language language)
{
	return language_tables[language].code;
}

const char *wr_language_direction(enum wr_language language)
{
	return language_tables[language].direction;
}

bool wr_language_is_rtl(enum wr_language language)
{
	return language_tables[language].direction[0] == 'r';
}

const char *wr_say(enum wr_language language, enum wr_say text)
{
	return language_tables[language].texts[text];
}

static void put_value(struct wr_buf *buf, const char *value, bool isolated)
{
	isolated = isolated && !wr_text_empty(value) && !wr_text_starts(value, "http");
	wr_buf_puts(buf, isolated ? "\u2068" : "");
	wr_buf_puts(buf, value ? value : "");
	wr_buf_puts(buf, isolated ? "\u2069" : "");
}

void language_fill(struct wr_buf *buf, enum wr_language language, enum wr_fill text,
    const char *const *values, bool isolated)
{
	isolated = isolated && wr_language_is_rtl(language);
	for (const char *at = language_tables[language].texts[text]; *at; at++) {
		if (*at > 0 && *at <= MOST_PLACES)
			put_value(buf, values[*at - 1], isolated);
		else
			wr_buf_putc(buf, *at);
	}
}

const char *wr_say_fill(
    struct wr_arena *arena, enum wr_language language, enum wr_fill text, const char *const *values)
{
	struct wr_buf buf = {0};
	language_fill(&buf, language, text, values, true);
	const char *said = wr_arena_strndup(arena, wr_buf_text(&buf), buf.length);
	wr_buf_deinit(&buf);
	return said;
}
