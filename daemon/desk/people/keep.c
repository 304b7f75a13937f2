/*
 * "Keep this in my calendar": a lasting link that somebody makes alone, at most three of them, so
 * that a page that was passed on can't become a crowd of links.
 */
#include "desk/people/keep.h"
#include "desk/people/cases.h"

#include "desk/cases.h"
#include "desk/link.h"
#include "desk/people/knock.h"

int wr_keep_links(struct wr_use *use, struct wr_link **ret_links, size_t *ret_n)
{
	const struct wr_knock *knock = wr_knock_of(use);
	struct wr_link *links = NULL;
	size_t n = 0, kept = 0;
	struct wr_store_link_filter filter = {
	    .whose = WR_STORE_BIT(knock->whose), .who = knock->who};
	int r = wr_store_link_list(use->tx, use->arena, &filter, &links, &n);
	for (size_t i = 0; i < n && !r; i++) {
		bool over = links[i].revoked != WR_TIME_NONE ||
		            (links[i].expires != WR_TIME_NONE && links[i].expires <= use->now);
		if (links[i].self_made && !over)
			links[kept++] = links[i];
	}
	*ret_links = links;
	*ret_n = kept;
	return r;
}

static int make(struct wr_use *use)
{
	struct wr_knock *knock = wr_knock_of(use);
	struct wr_link *links = NULL, link;
	char token[WR_TOKEN_LINK + 1];
	const char *label = wr_arg_text(use, "label");
	size_t n = 0;
	int r = wr_keep_links(use, &links, &n);
	if (!r && n >= WR_KEEP_MOST)
		r = wr_use_say(use, wr_refuse(use, NULL, "%d links already", WR_KEEP_MOST),
		    WR_SAY_KEEP_MOST, NULL);
	if (!r && !wr_text_empty(label) && !wr_voice_fits(label, WR_KEEP_LABEL))
		r = wr_use_say(use, wr_refuse(use, NULL, "the label is too long"),
		    WR_SAY_KEEP_LABEL_TOO_LONG, "label");
	if (!r)
		r = wr_link_make(
		    use, knock->whose, knock->who, wr_text_empty(label) ? NULL : label, &link);
	if (r)
		return r;
	link.self_made = true;
	link.alarms = wr_arg_given(use, "alarms");
	/* a reply page is gone after the meeting: the new link's own page is where one stays */
	if (knock->kind == WR_DOOR_REPLY)
		knock->leads_to = wr_arena_printf(
		    use->arena, "/f/%s", wr_token_link(use->ground->key, link.id, token));
	return wr_use_stored(use, wr_store_link_put(use->tx, &link), "link");
}

static int remove_link(struct wr_use *use, const char *id)
{
	const struct wr_knock *knock = wr_knock_of(use);
	struct wr_link *links = NULL;
	size_t n = 0;
	int r = wr_keep_links(use, &links, &n);
	for (size_t i = 0; i < n && !r; i++)
		if (wr_text_equal(links[i].id, id) && !wr_text_equal(id, knock->link))
			return wr_use_part(use, wr_case_link_revoke, json_pack("{s:s}", "id", id));
	return r ? r
	         : wr_use_say(use, wr_refuse(use, NULL, "no such link"), WR_SAY_KEEP_GONE, NULL);
}

int wr_case_people_keep(struct wr_use *use)
{
	const char *remove = wr_arg_text(use, "remove");
	if (remove)
		return wr_knock_say(use, remove_link(use, remove), "removed");
	return wr_knock_say(use, make(use), "keep");
}
