#include "wardround/page.h"

void wr_html_escape(struct wr_buf *buf, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			wr_buf_puts(buf, "&amp;");
			break;
		case '<':
			wr_buf_puts(buf, "&lt;");
			break;
		case '>':
			wr_buf_puts(buf, "&gt;");
			break;
		case '"':
			wr_buf_puts(buf, "&quot;");
			break;
		case '\'':
			wr_buf_puts(buf, "&#39;");
			break;
		default:
			wr_buf_putc(buf, *text);
		}
	}
}
