#include "desk/staff/visit.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "desk/answers.h"
#include "desk/doors.h"
#include "desk/staff/accounts.h"
#include "desk/staff/form.h"
#include "desk/staff/words.h"
#include "sys/log.h"

/* ---- which page ---- */

static bool page_matches(struct wr_visit *visit, const struct wr_staff_page *page, const char *path)
{
	size_t fixed = strcspn(page->path, "*"), part = 0;
	if (!page->path[fixed])
		return strcmp(page->path, path) == 0;
	if (strncmp(page->path, path, fixed) != 0)
		return false;
	part = strcspn(path + fixed, "/");
	if (!part || strcmp(page->path + fixed + 1, path + fixed + part) != 0)
		return false;
	visit->subject = wr_arena_strndup(visit->arena, path + fixed, part);
	return true;
}

/* An address that came in a form leads nowhere but here. */
static bool is_plain_address(const char *address)
{
	for (const char *at = address; *at; at++)
		if (*at <= ' ' || *at >= 127 || strchr("\\\"<>'", *at))
			return false;
	return wr_text_starts(address, "/s/");
}

bool wr_visit_aim(struct wr_visit *visit, const char *address)
{
	size_t length = strcspn(address, "?");
	const char *path = wr_arena_strndup(visit->arena, address, length);
	const char *query = address[length] ? address + length + 1 : "";
	if (!is_plain_address(address) ||
	    !wr_form_parse(visit->arena, query, strlen(query), &visit->query))
		return false;
	for (size_t i = 0; i < wr_n_staff_pages; i++) {
		if (!(wr_staff_pages[i].roles & (1u << visit->role)) ||
		    !page_matches(visit, &wr_staff_pages[i], path))
			continue;
		visit->page = &wr_staff_pages[i];
		visit->path = wr_arena_strdup(visit->arena, address);
		return true;
	}
	return false;
}

const char *wr_visit_query(const struct wr_visit *visit, const char *name)
{
	const char *value = wr_form_get(&visit->query, name);
	return wr_text_empty(value) ? NULL : value;
}

const char *wr_visit_typed(const struct wr_visit *visit, const char *field, const char *otherwise)
{
	return visit->posted.n ? wr_form_get(&visit->posted, field) : otherwise;
}

const struct wr_config_ward *wr_visit_ward(struct wr_use *use, const struct wr_visit *visit)
{
	return wr_config_find_ward(use->config, visit->ward);
}

int wr_visit_week(struct wr_use *use, const struct wr_visit *visit,
    const struct wr_config_ward *ward, struct wr_week *ret_week)
{
	struct wr_slot *slots = NULL;
	size_t n = 0;
	const char *asked = wr_visit_query(visit, "week");
	wr_day today = wr_zone_day(ward->zone, use->now);
	struct wr_store_slot_filter to_come = {
	    .ward = ward->id,
	    .from = wr_zone_at_or_after(ward->zone, today, 0),
	    .states = WR_STORE_BIT(WR_STATE_PUBLISHED) | WR_STORE_BIT(WR_STATE_STARTED),
	};
	*ret_week = wr_day_week(today);
	if (asked && wr_week_parse(asked, ret_week))
		return wr_unknown(use, NULL, "there is no week `%s`", asked);
	int r = asked ? 0 : wr_store_slot_list(use->tx, use->arena, &to_come, &slots, &n);
	if (!r && n > 0)
		*ret_week = slots[0].week;
	return r;
}

/* ---- the key of a form: "NONCE.N.MAC" ---- */

const char *wr_visit_key(struct wr_visit *visit)
{
	char mac[WR_TOKEN_REPLY + 1];
	const char *form = wr_arena_printf(visit->arena, "%s.%u", visit->nonce, ++visit->n_forms);
	return wr_arena_printf(
	    visit->arena, "%s.%s", form, wr_token_form(visit->key, visit->session, form, mac));
}

bool wr_visit_check_key(struct wr_visit *visit, const char *form, const char **ret_key)
{
	char mac[WR_TOKEN_REPLY + 1];
	const char *dot = form ? strrchr(form, '.') : NULL;
	if (!dot || strlen(dot + 1) != WR_TOKEN_REPLY)
		return false;
	const char *name = wr_arena_strndup(visit->arena, form, (size_t)(dot - form));
	wr_token_form(visit->key, visit->session, name, mac);
	*ret_key = wr_arena_printf(visit->arena, "form:%s", name);
	return sodium_memcmp(mac, dot + 1, WR_TOKEN_REPLY) == 0;
}

/* ---- drawing ---- */

struct wr_visit *wr_visit_of(struct wr_use *use)
{
	return wr_container_of(use, struct wr_call, use)->data;
}

const json_t *wr_visit_ask(struct wr_use *use, wr_use_case run, json_t *args, int *ret)
{
	json_t *before = use->args, *answer = use->answer;
	use->args = args ? args : json_object();
	use->answer = json_object();
	*ret = run(use);
	json_t *said = use->answer;
	/* what was read stays until the page is done */
	json_object_set_new(answer, wr_arena_printf(use->arena, "%zu", json_object_size(answer)),
	    json_pack("[o, o]", use->args, said));
	use->args = before;
	use->answer = answer;
	return *ret ? NULL : said;
}

/* Refusals begin small, since wardctl says `refused: ...`. */
static const char *as_sentence(struct wr_visit *visit, const char *words)
{
	char *text = wr_arena_strdup(visit->arena, words);
	if (*text >= 'a' && *text <= 'z')
		*text = (char)(*text - 'a' + 'A');
	return text;
}

static int draw(struct wr_use *use)
{
	struct wr_visit *visit = wr_visit_of(use);
	if (!wr_visit_ward(use, visit))
		return wr_fault(
		    use, WR_FAULT_CONFIG, NULL, "Your ward is not in the configuration any more.");
	if (visit->wrong)
		visit->wrong = as_sentence(visit, wr_in_words_text(use, visit->wrong));
	return visit->page->draw(use, visit);
}

static void on_noted(struct wr_call *call)
{
	struct wr_visit *visit = call->data;
	/* with a full disk the ward still has to see its list */
	if (call->use.fault.code != WR_FAULT_NONE)
		wr_log(WR_LOG_WARNING, "page-not-audited", "path=\"%s\" session=%s code=%s",
		    visit->path, visit->by_proxy ? "proxy" : visit->session,
		    wr_fault_name(call->use.fault.code));
	wr_visit_answer(visit);
}

static void note_opened(struct wr_visit *visit)
{
	static const struct wr_verb verb = {
	    "page", "open", WR_VERB_CHANGES, wr_case_staff_opened, NULL};
	json_t *args = json_pack("{s:s, s:s*}", "page", visit->path, "patient", visit->patient);
	wr_call_start(wr_call_new(visit->desk, &verb, args, visit->actor), on_noted, visit);
}

static void on_drawn(struct wr_call *call)
{
	struct wr_visit *visit = call->data;
	switch (call->use.fault.code) {
	case WR_FAULT_NONE:
		if (visit->patient)
			visit->patient = wr_arena_strdup(visit->arena, visit->patient);
		if (visit->first)
			note_opened(visit);
		else
			wr_visit_answer(visit);
		return;
	case WR_FAULT_UNKNOWN:
		wr_visit_sentence(visit, 404, "Page not found",
		    "That is not on this ward, or not any more. Go back to the start page.");
		return;
	case WR_FAULT_REFUSED:
	case WR_FAULT_NEEDS_YES:
	case WR_FAULT_USAGE:
	case WR_FAULT_NEEDS_REASON:
	case WR_FAULT_DATA:
	case WR_FAULT_FORBIDDEN:
	case WR_FAULT_CONFIG:
		wr_visit_sentence(visit, 422, "That can't be shown", call->use.fault.text);
		return;
	case WR_FAULT_AGAIN:
	case WR_FAULT_READ_ONLY:
	case WR_FAULT_INTERNAL:
		wr_visit_later(visit);
		return;
	}
}

void wr_visit_draw(struct wr_visit *visit)
{
	static const struct wr_verb verb = {"page", "draw", WR_VERB_READS, draw, NULL};
	wr_call_start(wr_call_new(visit->desk, &verb, NULL, visit->actor), on_drawn, visit);
}

/* ---- answering ---- */

static void release(struct wr_visit *visit)
{
	wr_buf_deinit(&visit->html);
	json_decref(visit->question);
	visit->question = NULL;
}

void wr_visit_answer(struct wr_visit *visit)
{
	const char *refresh =
	    visit->refresh ? wr_arena_printf(visit->arena, "%d", visit->refresh) : NULL;
	struct wr_buf html = visit->html;
	visit->html = (struct wr_buf){0};
	release(visit);
	wr_answer_page(visit->request, visit->status, "Refresh", refresh, &html);
	wr_buf_deinit(&html);
}

void wr_visit_sentence(struct wr_visit *visit, int status, const char *title, const char *text)
{
	struct wr_html_desk_sentence page = {
	    .title = title,
	    .text = text,
	    .back = strcmp(visit->request->path, "/s/") == 0 ? NULL : "/s/",
	};
	release(visit);
	wr_frame_open(visit, title, 0);
	wr_html_desk_sentence(&visit->html, WR_LANGUAGE_EN, &page);
	wr_frame_close(visit);
	visit->status = status;
	wr_visit_answer(visit);
}

void wr_visit_later(struct wr_visit *visit)
{
	release(visit);
	wr_answer_later(visit->request);
}

void wr_visit_see(struct wr_visit *visit, const char *address)
{
	const struct wr_serve_field fields[] = {
	    {"Location", address},
	    {"Cache-Control", "no-store"},
	    {0},
	};
	release(visit);
	wr_serve_answer(visit->request, 303, fields, NULL, 0);
}
