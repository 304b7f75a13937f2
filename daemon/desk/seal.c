#include "desk/seal.h"

#include <string.h>

#include "desk/doors.h"
#include "desk/staff/sign_ins.h"

/* Around the name of what a token is made from; JSON escapes control characters, so that no body
 * has one of its own. An empty name is the reply code of the notice's own person and slot. */
enum { MARK = 1 };

static const char *take_out(
    struct wr_arena *arena, const char *body, const char *token, const char *name)
{
	struct wr_buf sealed = {0};
	for (const char *at; (at = strstr(body, token)); body = at + strlen(token)) {
		wr_buf_append(&sealed, body, (size_t)(at - body));
		wr_buf_printf(&sealed, "%c%s%c", MARK, name, MARK);
	}
	wr_buf_puts(&sealed, body);
	const char *text = wr_arena_strdup(arena, wr_buf_text(&sealed));
	wr_buf_deinit(&sealed);
	return text;
}

const char *wr_seal_reply(struct wr_arena *arena, const unsigned char key[32], const char *support,
    const char *slot, const char *body)
{
	char token[WR_TOKEN_REPLY + 1];
	return take_out(arena, body, wr_token_reply(key, support, slot, token), "");
}

const char *wr_seal_link(
    struct wr_arena *arena, const unsigned char key[32], const char *link, const char *body)
{
	char token[WR_TOKEN_LINK + 1];
	return take_out(arena, body, wr_token_link(key, link, token), link);
}

/* Ids of codes begin as no link's do. */
#define CODE "c-"

const char *wr_seal_code(
    struct wr_arena *arena, const unsigned char key[32], const char *code, const char *body)
{
	char token[WR_SIGN_IN_TOKEN + 1];
	return take_out(arena, body, wr_token_sign_in(key, code, token), code);
}

static void put_back(struct wr_buf *opened, const unsigned char key[32],
    const struct wr_notice_row *notice, const char *name)
{
	char token[WR_TOKEN_LINK + 1];
	if (wr_text_starts(name, CODE))
		wr_buf_puts(opened, wr_token_sign_in(key, name, token));
	else if (*name)
		wr_buf_puts(opened, wr_token_link(key, name, token));
	else if (notice->slot)
		wr_buf_puts(opened, wr_token_reply(key, notice->who, notice->slot, token));
}

const char *wr_seal_open(struct wr_arena *arena, const unsigned char key[32],
    const struct wr_notice_row *notice, const char *body)
{
	struct wr_buf opened = {0};
	for (const char *at, *end; (at = strchr(body, MARK)) && (end = strchr(at + 1, MARK));
	     body = end + 1) {
		wr_buf_append(&opened, body, (size_t)(at - body));
		put_back(
		    &opened, key, notice, wr_arena_strndup(arena, at + 1, (size_t)(end - at - 1)));
	}
	wr_buf_puts(&opened, body);
	const char *text = wr_arena_strdup(arena, wr_buf_text(&opened));
	wr_buf_deinit(&opened);
	return text;
}
