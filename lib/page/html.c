#include <string.h>

#include "wardround/page.h"

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void wr_html_escape(struct wr_buf *buf, const char *text)
{
	while (text && *text) {
		size_t plain = strcspn(text, "&<>\"'");
		wr_buf_append(buf, text, plain);
		text += plain;
		if (*text)
			wr_buf_puts(buf, entity(*text++));
	}
}

/* Hebrew, Arabic and their neighbours, by the first bytes of their UTF-8. */
static bool has_rtl_letter(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0xd6 && (unsigned char)*text <= 0xdf)
			return true;
	return false;
}

void wr_html_value(struct wr_buf *buf, enum wr_language language, const char *text)
{
	bool isolated =
	    wr_language_is_rtl(language) && !wr_text_empty(text) && !has_rtl_letter(text);
	wr_buf_puts(buf, isolated ? "\u2068" : "");
	wr_html_escape(buf, text);
	wr_buf_puts(buf, isolated ? "\u2069" : "");
}

void wr_html_fill(
    struct wr_buf *buf, enum wr_language language, enum wr_fill text, const char *const *values)
{
	struct wr_arena arena = {0};
	wr_html_escape(buf, wr_say_fill(&arena, language, text, values));
	wr_arena_deinit(&arena);
}

void wr_html_markup(struct wr_buf *buf, const char *markup)
{
	wr_buf_puts(buf, markup ? markup : "");
}

/* A path of ours, a place on the page, or a scheme that opens nothing but a page, a calendar, a
 * call or a letter. */
static bool is_harmless(const char *url)
{
	static const char *const schemes[] = {
	    "https://", "http://", "webcal://", "tel:", "mailto:"};
	if (*url == '#' || *url == '?' || (*url == '/' && url[1] != '/' && url[1] != '\\'))
		return true;
	for (size_t i = 0; i < WR_COUNT(schemes); i++)
		if (wr_text_starts(url, schemes[i]))
			return true;
	return false;
}

void wr_html_address(struct wr_buf *buf, const char *url)
{
	wr_html_escape(buf, !wr_text_empty(url) && is_harmless(url) ? url : "#");
}

void wr_html_address_part(struct wr_buf *buf, const char *text)
{
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					 "0123456789-._~";
	for (; text && *text; text++)
		if (strchr(unreserved, *text))
			wr_buf_putc(buf, *text);
		else
			wr_buf_printf(buf, "%%%02X", (unsigned)(unsigned char)*text);
}
