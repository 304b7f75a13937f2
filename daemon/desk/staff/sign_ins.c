#include "desk/staff/sign_ins.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPENED_SECONDS = 10 * 60 };

/* ---- made in a store job ---- */

static void copy_staff(
    struct wr_sign_ins *made, const struct wr_use *use, const struct wr_staff *row)
{
	struct wr_sign_in_staff *staff = &made->staff[made->n_staff++];
	struct wr_arena *arena = &made->arena;
	staff->row = *row;
	staff->row.name = wr_arena_strdup(arena, row->name);
	staff->row.ward = wr_arena_strdup(arena, row->ward);
	staff->row.consultant = wr_arena_strdup(arena, row->consultant);
	staff->row.code = wr_arena_strdup(arena, row->code);
	if (row->code)
		wr_token_sign_in(use->ground->key, row->code, staff->code_token);
	staff->by_proxy.id = wr_arena_printf(arena, "proxy:%s", row->name);
	staff->by_proxy.staff = staff;
	staff->by_proxy.begun = staff->by_proxy.seen = staff->by_proxy.stored = use->now;
}

static void copy_session(
    struct wr_sign_ins *made, const struct wr_use *use, const struct wr_staff_session *row)
{
	const struct wr_sign_in_staff *staff = NULL;
	for (size_t i = 0; i < made->n_staff && !staff; i++)
		if (wr_text_equal(made->staff[i].row.name, row->staff))
			staff = &made->staff[i];
	if (!staff)
		return;
	struct wr_sign_in *session = &made->sessions[made->n_sessions++];
	session->id = wr_arena_strdup(&made->arena, row->id);
	session->staff = staff;
	snprintf(session->browser, sizeof(session->browser), "%s", row->browser);
	session->begun = row->begun;
	session->seen = session->stored = row->seen;
	wr_token_session(use->ground->key, row->id, session->token);
}

int wr_sign_ins_prepare(struct wr_use *use)
{
	struct wr_staff *staff = NULL;
	struct wr_staff_session *sessions = NULL;
	size_t n = 0, n_sessions = 0;
	int r = wr_store_staff_list(use->tx, use->arena, &staff, &n);
	if (!r)
		r = wr_store_staff_session_list(use->tx, use->arena, &sessions, &n_sessions);
	if (r)
		return r;
	struct wr_sign_ins *made = wr_alloc(1, sizeof(*made));
	made->staff = wr_arena_new(&made->arena, struct wr_sign_in_staff, n + 1);
	made->sessions = wr_arena_new(&made->arena, struct wr_sign_in, n_sessions + 1);
	for (size_t i = 0; i < n; i++)
		if (staff[i].revoked == WR_TIME_NONE)
			copy_staff(made, use, &staff[i]);
	for (size_t i = 0; i < n_sessions; i++)
		copy_session(made, use, &sessions[i]);
	wr_sign_ins_free(use->sign_ins);
	use->sign_ins = made;
	return 0;
}

/* ---- on the loop ---- */

char *wr_browser_mark(
    const unsigned char key[32], const char *user_agent, char text[WR_TOKEN_MARK + 1])
{
	return wr_token_mark(key, "browser", user_agent ? user_agent : "", text);
}

static void carry_over(struct wr_sign_in *to, const struct wr_sign_in *from)
{
	if (from->seen > to->seen)
		to->seen = from->seen;
	memcpy(to->opened, from->opened, sizeof(to->opened));
	memcpy(to->opened_at, from->opened_at, sizeof(to->opened_at));
	to->next_opened = from->next_opened;
}

void wr_sign_ins_swap(struct wr_sign_ins **sign_ins, struct wr_use *use)
{
	struct wr_sign_ins *old = *sign_ins, *made = use->sign_ins;
	if (!made)
		return;
	for (size_t i = 0; old && i < made->n_sessions; i++)
		for (size_t k = 0; k < old->n_sessions; k++)
			if (strcmp(made->sessions[i].id, old->sessions[k].id) == 0)
				carry_over(&made->sessions[i], &old->sessions[k]);
	*sign_ins = made;
	use->sign_ins = NULL;
	wr_sign_ins_free(old);
}

void wr_sign_ins_free(struct wr_sign_ins *sign_ins)
{
	if (!sign_ins)
		return;
	wr_arena_deinit(&sign_ins->arena);
	free(sign_ins);
}

/* Padded, so that comparing always looks at as many bytes. */
static bool read_token(const char *token, char padded[WR_SIGN_IN_TOKEN + 1])
{
	memset(padded, 0, WR_SIGN_IN_TOKEN + 1);
	if (!token || strlen(token) != WR_SIGN_IN_TOKEN)
		return false;
	memcpy(padded, token, WR_SIGN_IN_TOKEN);
	return true;
}

const struct wr_sign_in_staff *wr_sign_ins_by_code(
    const struct wr_sign_ins *sign_ins, const char *token, wr_time now)
{
	char padded[WR_SIGN_IN_TOKEN + 1];
	const struct wr_sign_in_staff *found = NULL;
	if (!sign_ins || !read_token(token, padded))
		return NULL;
	for (size_t i = 0; i < sign_ins->n_staff; i++)
		if (sodium_memcmp(sign_ins->staff[i].code_token, padded, sizeof(padded)) == 0)
			found = &sign_ins->staff[i];
	return found && now < found->row.code_until ? found : NULL;
}

static struct wr_sign_in *find_session(struct wr_sign_ins *sign_ins, const char *token)
{
	char padded[WR_SIGN_IN_TOKEN + 1];
	struct wr_sign_in *found = NULL;
	if (!sign_ins || !read_token(token, padded))
		return NULL;
	for (size_t i = 0; i < sign_ins->n_sessions; i++)
		if (sodium_memcmp(sign_ins->sessions[i].token, padded, sizeof(padded)) == 0)
			found = &sign_ins->sessions[i];
	return found;
}

struct wr_sign_in *wr_sign_ins_by_cookie(
    struct wr_sign_ins *sign_ins, const char *token, wr_time now, bool *ret_over)
{
	struct wr_sign_in *found = wr_sign_ins_on_the_wall(sign_ins, token, now, ret_over);
	if (found)
		*ret_over = now >= found->seen + WR_SIGN_IN_IDLE_SECONDS;
	return *ret_over ? NULL : found;
}

struct wr_sign_in *wr_sign_ins_on_the_wall(
    struct wr_sign_ins *sign_ins, const char *token, wr_time now, bool *ret_over)
{
	struct wr_sign_in *found = find_session(sign_ins, token);
	*ret_over = found && now >= found->begun + WR_SIGN_IN_SECONDS;
	return *ret_over ? NULL : found;
}

struct wr_sign_in *wr_sign_ins_by_name(struct wr_sign_ins *sign_ins, const char *name)
{
	for (size_t i = 0; sign_ins && i < sign_ins->n_staff; i++)
		if (wr_text_equal(sign_ins->staff[i].row.name, name))
			return &sign_ins->staff[i].by_proxy;
	return NULL;
}

static uint64_t hash(const char *text)
{
	uint64_t value = 14695981039346656037u;
	for (; *text; text++)
		value = (value ^ (unsigned char)*text) * 1099511628211u;
	return value;
}

bool wr_sign_in_opens(struct wr_sign_in *session, const char *page, wr_time now)
{
	uint64_t wanted = hash(page);
	for (unsigned i = 0; i < WR_SIGN_IN_OPENED; i++)
		if (session->opened[i] == wanted && now < session->opened_at[i] + OPENED_SECONDS)
			return false;
	unsigned at = session->next_opened++ % WR_SIGN_IN_OPENED;
	session->opened[at] = wanted;
	session->opened_at[at] = now;
	return true;
}
