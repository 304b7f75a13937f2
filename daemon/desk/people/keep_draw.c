/*
 * "Keep this in my calendar": each link with every way to take it, and how late each may be.
 */
#include <string.h>

#include "desk/people/keep.h"
#include "desk/people/page.h"
#include "wardround/http.h"

/* An address as one value of another's query. */
static const char *with_address(struct wr_drawing *d, const char *before, const char *address)
{
	struct wr_buf buf = {0};
	wr_buf_puts(&buf, before);
	wr_http_escape(&buf, address);
	const char *text = wr_arena_strndup(d->use->arena, wr_buf_text(&buf), buf.length);
	wr_buf_deinit(&buf);
	return text;
}

static const char *code_of(struct wr_drawing *d, const char *address)
{
	struct wr_buf svg = {0};
	const char *markup = NULL;
	if (wr_qr_svg(address, &svg) == 0)
		markup = wr_arena_strndup(d->use->arena, wr_buf_text(&svg), svg.length);
	wr_buf_deinit(&svg);
	return markup;
}

static const char *name_of(const struct wr_drawing *d, const struct wr_link *link, size_t number)
{
	struct wr_arena *arena = d->use->arena;
	if (!wr_text_empty(link->label))
		return link->label;
	return wr_say_keep_unnamed(arena, d->language, wr_arena_printf(arena, "%zu", number));
}

static void draw_link(struct wr_drawing *d, const struct wr_link *link, const struct wr_zone *zone,
    size_t number, struct wr_html_keep_link *ret)
{
	struct wr_arena *arena = d->use->arena;
	char token[WR_TOKEN_LINK + 1];
	const char *page = wr_arena_printf(arena, "%s/f/%s", d->use->config->public_url,
	    wr_token_link(d->use->ground->key, link->id, token));
	const char *feed = wr_arena_printf(arena, "%s.ics", page);
	const char *host = strstr(feed, "://");
	const char *webcal = wr_arena_printf(arena, "webcal%s", host ? host : "");
	const char *name = name_of(d, link, number);
	bool own = wr_text_equal(link->id, d->knock->link);
	*ret = (struct wr_html_keep_link){
	    .name = name,
	    .made = wr_say_keep_made(arena, d->language,
		wr_say_day(arena, d->language, wr_zone_day(zone, link->created))),
	    .webcal = webcal,
	    .google = with_address(d, "https://calendar.google.com/calendar/r?cid=", webcal),
	    .outlook = with_address(d, "https://outlook.live.com/calendar/0/addfromweb?url=", feed),
	    .office =
		with_address(d, "https://outlook.office.com/calendar/0/addfromweb?url=", feed),
	    .plain = feed,
	    .code = code_of(d, page),
	    .id = link->id,
	    .remove = own || d->knock->kind == WR_DOOR_REPLY
	                  ? NULL
	                  : wr_say_keep_remove_which(arena, d->language, name),
	};
}

static const struct wr_html_field *label_field(const struct wr_drawing *d)
{
	struct wr_html_field *field = wr_arena_new(d->use->arena, struct wr_html_field, 1);
	*field = (struct wr_html_field){
	    .id = "keep-label",
	    .name = "label",
	    .label = wr_say(d->language, WR_SAY_KEEP_LABEL),
	    .error = wr_drawing_wrong(d, "keep", "label"),
	    .value = wr_drawing_typed(d, "keep", "label", NULL),
	};
	return field;
}

int wr_draw_keep(struct wr_drawing *d, struct wr_html_keep *ret_part)
{
	const struct wr_config_ward *ward = &d->use->config->wards[0];
	struct wr_link *links = NULL;
	size_t n = 0;
	int r = wr_keep_links(d->use, &links, &n);
	if (!r && d->n_rows)
		r = wr_knock_ward(d->use, &d->rows[0], &ward);
	/* the addresses of lasting links are not for whoever was sent one reply code */
	bool listed = d->knock->kind == WR_DOOR_LINK;
	struct wr_html_keep_link *rows =
	    wr_arena_new(d->use->arena, struct wr_html_keep_link, n + 1);
	for (size_t i = 0; i < n && !r && listed; i++)
		draw_link(d, &links[i], ward->zone, i + 1, &rows[i]);
	*ret_part = (struct wr_html_keep){
	    .action = wr_drawing_action(d, "keep"),
	    .form = wr_drawing_form(d, "keep"),
	    .links = rows,
	    .n_links = listed ? n : 0,
	    .label = n < WR_KEEP_MOST ? label_field(d) : NULL,
	};
	return r;
}
