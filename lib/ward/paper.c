#include "wardround/paper.h"

#include <string.h>

#include "wardround/page.h"

static const char ending[] = ".html";
enum { DATE_LENGTH = 10 };

wr_day wr_paper_due(const struct wr_zone *zone, wr_time now)
{
	struct wr_wall wall = wr_zone_wall(zone, now);
	return wall.minute >= WR_PAPER_MINUTE ? wall.day + 1 : wall.day;
}

const char *wr_paper_name(struct wr_arena *arena, const char *ward, wr_day day)
{
	char date[WR_TIME_TEXT];
	return wr_arena_printf(arena, "%s-%s%s", ward, wr_day_iso(day, date), ending);
}

bool wr_paper_is_old(const char *name, wr_day today)
{
	char date[DATE_LENGTH + 1];
	size_t length = strlen(name), behind = DATE_LENGTH + strlen(ending);
	wr_day day = WR_DAY_NONE;
	if (length < behind + 2 || strcmp(name + length - strlen(ending), ending) != 0)
		return false;
	const char *at = name + length - behind;
	memcpy(date, at, DATE_LENGTH);
	date[DATE_LENGTH] = '\0';
	return at[-1] == '-' && wr_day_parse(date, &day) == 0 && day + WR_PAPER_KEEP_DAYS < today;
}

/* Nine patients with three people each fit on one sheet of A4. */
static const char style[] =
    "@page { size: A4; margin: 12mm }\n"
    "body { font: 10pt/1.25 arial, sans-serif; color: #000; margin: 0 }\n"
    "section { break-before: page }\n"
    "section:first-of-type { break-before: auto }\n"
    "h1 { font-size: 15pt; margin: 0 0 1mm }\n"
    "h2 { font-size: 12pt; margin: 4mm 0 1mm; break-after: avoid }\n"
    "p { margin: 0 0 1mm }\n"
    "table { width: 100%; border-collapse: collapse }\n"
    "th, td { border: 0.3mm solid #000; padding: 1mm 1.5mm; text-align: left; "
    "vertical-align: top; overflow-wrap: break-word }\n"
    "thead { display: table-header-group }\n"
    "tr { break-inside: avoid }\n";

void wr_paper_open(struct wr_buf *html, const char *title)
{
	wr_buf_puts(html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
			  "<title>");
	wr_html_escape(html, title);
	wr_buf_printf(html, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n", style);
}

void wr_paper_close(struct wr_buf *html)
{
	wr_buf_puts(html, "</main>\n</body>\n</html>\n");
}
