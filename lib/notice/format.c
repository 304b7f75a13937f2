/*
 * The bodies of other programs' interfaces. Those for staff carry a type, a time and the words of
 * the event; never a page that opens without a sign-in, never a contact.
 */
#include "wardround/notice.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the words. An escaped character takes six at most, so no body comes near what the others
 * take: 4,096 for ntfy (more becomes an attachment there), 28 kB for Teams.
 */
enum { WORDS_MOST = 600 };

static const char name[] = "wardround";

static void write_json(json_t *json, struct wr_buf *body)
{
	char *text = json ? json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
	if (!text)
		wr_out_of_memory();
	wr_buf_puts(body, text);
	free(text);
	json_decref(json);
}

/* The words of a message, whole characters, at most WORDS_MOST bytes. */
static void put_words(const struct wr_notice_message *m, struct wr_buf *words)
{
	wr_notice_text(m, words);
	size_t length = words->length;
	if (length <= WORDS_MOST)
		return;
	length = WORDS_MOST;
	while (length > 0 && ((unsigned char)words->data[length] & 0xc0) == 0x80)
		length--;
	words->length = length;
	words->data[length] = '\0';
}

static const char *title_of(const struct wr_notice_message *m)
{
	switch (m->type) {
	case WR_NOTICE_REPLY_RECEIVED:
		return "A reply";
	case WR_NOTICE_PATIENT_UNPLACED:
		return "A patient without a slot";
	case WR_NOTICE_PROMISE_DANGER:
		return "A promise is in danger";
	case WR_NOTICE_WEBHOOK_TEST:
		return "A test";
	case WR_NOTICE_TASK_NEW:
	case WR_NOTICE_NOTHING:
	case WR_NOTICE_SLOT_PUBLISHED:
	case WR_NOTICE_SLOT_MOVED:
	case WR_NOTICE_SLOT_CANCELLED:
	case WR_NOTICE_SLOT_PEOPLE:
	case WR_NOTICE_SLOT_LATE:
	case WR_NOTICE_REMINDER_DUE:
	case WR_NOTICE_LINK_INVITE:
	case WR_NOTICE_TYPES:
		break;
	}
	return "Something to do";
}

static bool is_urgent(const struct wr_notice_message *m)
{
	return m->type == WR_NOTICE_PROMISE_DANGER;
}

/* &, < and > as in HTML, which is all that Slack wants and enough for Matrix. */
static void put_escaped(struct wr_buf *out, const char *text)
{
	for (; *text; text++)
		if (*text == '&')
			wr_buf_puts(out, "&amp;");
		else if (*text == '<')
			wr_buf_puts(out, "&lt;");
		else if (*text == '>')
			wr_buf_puts(out, "&gt;");
		else
			wr_buf_putc(out, *text);
}

/* ---- for staff ---- */

/* docs.ntfy.sh, "Publish as JSON": to the root, the topic in the body. Priority 5 is the highest.
 */
static void write_ntfy(const struct wr_notice_message *m, struct wr_buf *body)
{
	struct wr_buf words = {0};
	put_words(m, &words);
	write_json(
	    json_pack("{s:s, s:s, s:s, s:i}", "topic", m->topic ? m->topic : "", "title",
		title_of(m), "message", wr_buf_text(&words), "priority", is_urgent(m) ? 5 : 3),
	    body);
	wr_buf_deinit(&words);
}

static void write_slack(const struct wr_notice_message *m, struct wr_buf *body)
{
	struct wr_buf words = {0}, text = {0};
	put_words(m, &words);
	put_escaped(&text, wr_buf_text(&words));
	write_json(json_pack("{s:s}", "text", wr_buf_text(&text)), body);
	wr_buf_deinit(&words);
	wr_buf_deinit(&text);
}

/* The generic webhook of Matrix bridges. */
static void write_matrix(const struct wr_notice_message *m, struct wr_buf *body)
{
	struct wr_buf words = {0}, html = {0};
	put_words(m, &words);
	wr_buf_printf(&html, "<p><strong>%s</strong>: ", title_of(m));
	put_escaped(&html, wr_buf_text(&words));
	wr_buf_puts(&html, "</p>");
	write_json(json_pack("{s:s, s:s, s:s}", "text", wr_buf_text(&words), "html",
		       wr_buf_text(&html), "username", name),
	    body);
	wr_buf_deinit(&words);
	wr_buf_deinit(&html);
}

/* A card (adaptivecards.io, 1.4) in a message, as Teams takes it. RichTextBlock shows text as it
 * is, TextBlock would read marks of its own into it. */
static void write_teams(const struct wr_notice_message *m, struct wr_buf *body)
{
	struct wr_buf words = {0};
	put_words(m, &words);
	json_t *blocks = json_pack("[{s:s, s:s, s:s, s:b}, {s:s, s:[{s:s, s:s}]}]", "type",
	    "TextBlock", "text", title_of(m), "weight", "Bolder", "wrap", true, "type",
	    "RichTextBlock", "inlines", "type", "TextRun", "text", wr_buf_text(&words));
	json_t *card = json_pack("{s:s, s:s, s:s, s:o}", "$schema",
	    "http://adaptivecards.io/schemas/adaptive-card.json", "type", "AdaptiveCard", "version",
	    "1.4", "body", blocks);
	write_json(
	    json_pack("{s:s, s:[{s:s, s:n, s:o}]}", "type", "message", "attachments", "contentType",
		"application/vnd.microsoft.card.adaptive", "contentUrl", "content", card),
	    body);
	wr_buf_deinit(&words);
}

/* ---- for people ---- */

/* The template shows ((text)), and for e-mail ((subject)) above it; others go unused there. */
static void write_notify(
    const struct wr_notice_message *m, const char *key, const char *value, struct wr_buf *body)
{
	struct wr_buf words = {0};
	put_words(m, &words);
	json_t *fields = json_pack("{s:s, s:s}", "subject",
	    wr_text_empty(m->label) ? "Meeting" : m->label, "text", wr_buf_text(&words));
	write_json(json_pack("{s:s, s:s, s:o, s:s}", key, value ? value : "", "template_id",
		       m->template_id ? m->template_id : "", "personalisation", fields, "reference",
		       m->id),
	    body);
	wr_buf_deinit(&words);
}

static void write_notify_sms(const struct wr_notice_message *m, struct wr_buf *body)
{
	write_notify(m, "phone_number", m->to.phone, body);
}

static void write_notify_email(const struct wr_notice_message *m, struct wr_buf *body)
{
	write_notify(m, "email_address", m->to.email, body);
}

/* ---- all ---- */

// clang-format off
static const struct wr_notice_format formats[] = {
    {WR_FORMAT_STANDARD,     "application/json", false, false, WR_NOTICE_BY_EITHER, wr_notice_body},
    {WR_FORMAT_NOTIFY_SMS,   "application/json", false, true,  WR_NOTICE_BY_PHONE,  write_notify_sms},
    {WR_FORMAT_NOTIFY_EMAIL, "application/json", false, true,  WR_NOTICE_BY_EMAIL,  write_notify_email},
    {WR_FORMAT_NTFY,         "application/json", true,  false, WR_NOTICE_BY_EITHER, write_ntfy},
    {WR_FORMAT_SLACK,        "application/json", true,  false, WR_NOTICE_BY_EITHER, write_slack},
    {WR_FORMAT_TEAMS,        "application/json", true,  false, WR_NOTICE_BY_EITHER, write_teams},
    {WR_FORMAT_MATRIX,       "application/json", true,  false, WR_NOTICE_BY_EITHER, write_matrix},
};
// clang-format on

const struct wr_notice_format *wr_notice_format_find(enum wr_webhook_format format)
{
	for (size_t i = 0; i < WR_COUNT(formats); i++)
		if (formats[i].format == format)
			return &formats[i];
	return NULL;
}
