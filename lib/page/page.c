#include "wardround/page.h"

static void put(struct wr_buf *buf, const char *before, const char *text, const char *after)
{
	if (!text)
		return;
	wr_buf_puts(buf, before);
	wr_html_escape(buf, text);
	wr_buf_puts(buf, after);
}

static void open_page(
    struct wr_buf *buf, const char *language, const char *title, const char *style)
{
	put(buf, "<!DOCTYPE html>\n<html lang=\"", language ? language : "en", "\">\n<head>\n");
	wr_buf_puts(buf,
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
	put(buf, "<title>", title, "</title>\n");
	put(buf, "<link rel=\"stylesheet\" href=\"", style, "\">\n");
	wr_buf_puts(buf, "</head>\n<body>\n<main>\n");
	put(buf, "<h1>", title, "</h1>\n");
}

static void close_page(struct wr_buf *buf)
{
	wr_buf_puts(buf, "</main>\n</body>\n</html>\n");
}

static void write_rows(const struct wr_page_meeting *meeting, struct wr_buf *buf)
{
	wr_buf_puts(buf, "<dl>\n");
	for (size_t i = 0; i < meeting->n; i++) {
		const struct wr_page_row *row = &meeting->rows[i];
		if (!row->text)
			continue;
		put(buf, "<dt>", row->term, "</dt>\n<dd>");
		put(buf, "<a href=\"", row->href, "\">");
		wr_html_escape(buf, row->text);
		wr_buf_puts(buf, row->href ? "</a></dd>\n" : "</dd>\n");
	}
	wr_buf_puts(buf, "</dl>\n");
}

static void write_choice(const struct wr_page_choice *choice, struct wr_buf *buf)
{
	put(buf, "<label class=\"choice\"><input type=\"radio\" name=\"answer\" value=\"",
	    choice->value, choice->chosen ? "\" required checked>" : "\" required>");
	put(buf, "", choice->label, "</label>\n");
}

/* Which slot, and what of it was on the page: it may have moved by the time that this is sent. */
static void write_slot(const char *slot, int revision, struct wr_buf *buf)
{
	put(buf, "<input type=\"hidden\" name=\"slot\" value=\"", slot, "\">\n");
	wr_buf_printf(buf, "<input type=\"hidden\" name=\"revision\" value=\"%d\">\n", revision);
}

/* Ids have to differ where several meetings stand on one page: the slot's reference is in them. */
static void write_reply(const struct wr_page_reply *reply, struct wr_buf *buf)
{
	put(buf, "<form method=\"post\" action=\"", reply->action, "\">\n");
	write_slot(reply->slot, reply->revision, buf);
	wr_buf_puts(buf, "<fieldset>\n<legend>Can you come?</legend>\n");
	for (size_t i = 0; i < reply->n; i++)
		write_choice(&reply->choices[i], buf);
	wr_buf_puts(buf, "</fieldset>\n");
	put(buf, "<label class=\"box\" for=\"note-", reply->slot,
	    "\">Note for staff (optional)</label>\n");
	put(buf, "<p class=\"hint\" id=\"hint-", reply->slot, "\">Only staff see this note. ");
	put(buf, "", reply->urgent, "");
	wr_buf_puts(buf, "</p>\n");
	put(buf, "<textarea id=\"note-", reply->slot, "\" name=\"note\" maxlength=\"1000\" ");
	put(buf, "aria-describedby=\"hint-", reply->slot, "\">");
	wr_html_escape(buf, reply->note ? reply->note : "");
	wr_buf_puts(buf, "</textarea>\n<button>Send reply</button>\n");
	put(buf, "<p>", reply->reassurance, "</p>\n");
	wr_buf_puts(buf, "</form>\n");
}

static void write_seen(const struct wr_page_meeting *meeting, struct wr_buf *buf)
{
	put(buf, "<form method=\"post\" action=\"", meeting->seen_action, "\">\n");
	write_slot(meeting->slot, meeting->revision, buf);
	wr_buf_puts(buf, "<button>I have seen this</button>\n</form>\n");
}

static void write_meeting(const struct wr_page_meeting *meeting, struct wr_buf *buf)
{
	put(buf, "<section>\n<h2>", meeting->heading, "</h2>\n");
	write_rows(meeting, buf);
	for (size_t i = 0; i < meeting->n_lines; i++)
		put(buf, "<p>", meeting->lines[i], "</p>\n");
	put(buf, "<p>", meeting->answered, "</p>\n");
	if (meeting->seen_action)
		write_seen(meeting, buf);
	if (meeting->reply)
		write_reply(meeting->reply, buf);
	wr_buf_puts(buf, "</section>\n");
}

void wr_page_write(const struct wr_page *page, struct wr_buf *buf)
{
	open_page(buf, page->language, page->title, page->style);
	put(buf, "<p class=\"said\" role=\"status\">", page->said, "</p>\n");
	put(buf, "<p class=\"wrong\" role=\"alert\">", page->wrong, "</p>\n");
	for (size_t i = 0; i < page->n; i++)
		write_meeting(&page->meetings[i], buf);
	if (page->n == 0)
		put(buf, "<p>", page->none, "</p>\n");
	close_page(buf);
}

void wr_page_sentence(const char *title, const char *text, const char *style, struct wr_buf *buf)
{
	open_page(buf, NULL, title, style);
	put(buf, "<p>", text, "</p>\n");
	close_page(buf);
}
