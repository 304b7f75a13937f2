#include "desk/answers.h"

#include <string.h>

#include "wardround/page.h"
#include "wardround/templates.h"

#define CSP                                                                                        \
	"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "         \
	"base-uri 'none'; frame-ancestors 'none'"

static const struct wr_serve_field page_fields[] = {
    {"Content-Type", "text/html; charset=utf-8"},
    {"Cache-Control", "no-store"},
    {"Referrer-Policy", "same-origin"},
    {"Content-Security-Policy", CSP},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Robots-Tag", "noindex"},
    {0},
};

void wr_answer_page(struct wr_request *request, int status, const char *name, const char *value,
    const struct wr_buf *html)
{
	struct wr_serve_field fields[WR_COUNT(page_fields) + 1];
	memcpy(fields, page_fields, sizeof(page_fields));
	fields[WR_COUNT(page_fields) - 1] = (struct wr_serve_field){value ? name : NULL, value};
	fields[WR_COUNT(page_fields)] = (struct wr_serve_field){0};
	wr_serve_answer(request, status, fields, html->data, html->length);
}

/* ---- pages of one sentence ---- */

static void answer_sentence(struct wr_request *request, int status, enum wr_language language,
    const struct wr_serve_field *more, struct wr_html_sentence page)
{
	char style[WR_PAGE_STYLE_PATH];
	struct wr_buf html = {0};
	page.style = wr_page_style_path(style);
	wr_html_sentence(&html, language, &page);
	wr_answer_page(request, status, more->name, more->value, &html);
	wr_buf_deinit(&html);
}

void wr_answer_sentence(
    struct wr_request *request, int status, const char *cookie, const char *title, const char *text)
{
	const struct wr_serve_field more = {"Set-Cookie", cookie};
	answer_sentence(request, status, WR_LANGUAGE_EN, &more,
	    (struct wr_html_sentence){
		.title = title,
		.service = wr_say(WR_LANGUAGE_EN, WR_SAY_STAFF_SERVICE),
		.text = text,
	    });
}

/* To people, of whom nothing but their browser may be known. */
static void say_with(struct wr_request *request, int status, enum wr_language language,
    enum wr_say title, enum wr_say text, const struct wr_serve_field *more)
{
	answer_sentence(request, status, language, more,
	    (struct wr_html_sentence){
		.title = wr_say(language, title),
		.service = wr_say(language, WR_SAY_SERVICE_MEETINGS),
		.text = wr_say(language, text),
	    });
}

void wr_answer_said(struct wr_request *request, int status, enum wr_language language,
    enum wr_say title, enum wr_say text)
{
	say_with(request, status, language, title, text, &(struct wr_serve_field){0});
}

enum wr_language wr_answer_language(struct wr_request *request)
{
	char first[16];
	const char *accepted = wr_serve_header(request, "Accept-Language");
	size_t length = accepted ? strcspn(accepted, ",; ") : 0;
	if (length == 0 || length >= sizeof(first))
		return WR_LANGUAGE_EN;
	memcpy(first, accepted, length);
	first[length] = '\0';
	return wr_language_find(first);
}

void wr_answer_not_found(struct wr_request *request)
{
	wr_answer_said(
	    request, 404, wr_answer_language(request), WR_SAY_NOT_FOUND_TITLE, WR_SAY_NOT_FOUND);
}

void wr_answer_gone(struct wr_request *request)
{
	wr_answer_said(request, 410, wr_answer_language(request), WR_SAY_GONE_TITLE, WR_SAY_GONE);
}

/* ---- not now: a page for people, a line for programs that wanted a calendar ---- */

static bool wants_calendar(const struct wr_request *request)
{
	size_t length = strlen(request->path);
	return length > 4 && strcmp(request->path + length - 4, ".ics") == 0;
}

static void answer_wait(struct wr_request *request, int status, enum wr_say title, enum wr_say text,
    const char *seconds)
{
	const struct wr_serve_field again = {"Retry-After", seconds};
	const struct wr_serve_field fields[] = {
	    {"Content-Type", "text/plain; charset=utf-8"},
	    {"Cache-Control", "no-store"},
	    again,
	    {0},
	};
	const char *line = wr_say(WR_LANGUAGE_EN, text);
	if (wants_calendar(request))
		wr_serve_answer(request, status, fields, line, strlen(line));
	else
		say_with(request, status, wr_answer_language(request), title, text, &again);
}

void wr_answer_later(struct wr_request *request)
{
	answer_wait(request, 503, WR_SAY_LATER_TITLE, WR_SAY_LATER, "10");
}

/* ---- guesses ---- */

bool wr_guess_is_allowed(struct wr_desk *desk, struct wr_request *request)
{
	return wr_rate_take(
	    &desk->guesses, request->client, (uint64_t)wr_clock_now_ms(&desk->clock), NULL);
}

void wr_answer_guess(struct wr_desk *desk, struct wr_request *request)
{
	uint64_t wait_ms = 0, now_ms = (uint64_t)wr_clock_now_ms(&desk->clock);
	if (wr_rate_take(&desk->guesses, request->client, now_ms, &wait_ms)) {
		wr_answer_not_found(request);
		return;
	}
	const char *seconds =
	    wr_arena_printf(&request->arena, "%llu", (unsigned long long)(wait_ms / 1000 + 1));
	answer_wait(request, 429, WR_SAY_TOO_MANY_TITLE, WR_SAY_TOO_MANY, seconds);
}
