#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask_desk.h"
#include "desk/promises.h"
#include "wardround/feed.h"

WR_PRINTF(1, 0)
static char *args_text(const char *format, va_list list)
{
	char *text = NULL;
	assert_true(vasprintf(&text, format, list) >= 0);
	for (char *at = text; *at; at++)
		if (*at == '\'')
			*at = '"';
	return text;
}

WR_PRINTF(3, 0)
static json_t *ask(struct built_desk *d, const char *verb, const char *format, va_list list)
{
	char *args = args_text(format, list);
	json_t *answer = desk_call(d, verb, args);
	free(args);
	return answer;
}

json_t *desk_ask(struct built_desk *d, const char *verb, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	json_t *answer = ask(d, verb, format, list);
	va_end(list);
	return answer;
}

void desk_must(struct built_desk *d, const char *verb, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	char *args = args_text(format, list);
	va_end(list);
	desk_do(d, verb, args);
	free(args);
}

const json_t *desk_at(const json_t *json, const char *path)
{
	static json_t *length;
	while (json && *path) {
		char name[64];
		size_t n = strcspn(path, ".");
		snprintf(name, sizeof(name), "%.*s", (int)n, path);
		path += n + (path[n] == '.');
		if (strcmp(name, "#") == 0) {
			json_decref(length);
			length = json_integer((json_int_t)json_array_size(json));
			return length;
		}
		json = json_is_array(json) ? json_array_get(json, (size_t)atoi(name))
		                           : json_object_get(json, name);
	}
	return json;
}

static const char *words_of(struct built_desk *d, const json_t *value)
{
	if (!value || json_is_null(value))
		return "";
	if (json_is_string(value))
		return wr_arena_strdup(&d->words, json_string_value(value));
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
	const char *kept = wr_arena_strdup(&d->words, text);
	free(text);
	return kept;
}

const char *desk_says(
    struct built_desk *d, const char *path, const char *verb, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	json_t *answer = ask(d, verb, format, list);
	va_end(list);
	if (json_object_get(answer, "error"))
		fail_msg("%s: %s", verb, words_of(d, json_object_get(answer, "error")));
	const char *text = words_of(d, desk_at(answer, path));
	json_decref(answer);
	return text;
}

const char *desk_refusal(struct built_desk *d, const char *verb, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	json_t *answer = ask(d, verb, format, list), *error = json_object_get(answer, "error");
	va_end(list);
	const char *text = "";
	if (error)
		text = wr_arena_printf(&d->words, "%s: %s",
		    json_string_value(json_object_get(error, "code")),
		    json_string_value(json_object_get(error, "text")));
	json_decref(answer);
	return text;
}

void desk_admit(struct built_desk *d, const char *ref)
{
	desk_must(d, "patient admit",
	    "{'ref':'%s','name':'Cy North %s','ward':'kingsley','consultant':'shah',"
	    "'admitted':'2026-11-25T10:00'}",
	    ref, ref);
}

void desk_support(struct built_desk *d, const char *ref, const char *patient, const char *sees)
{
	desk_must(d, "support add",
	    "{'ref':'%s','patient':'%s','name':'Ivo Heath %s','relation':'father','sees':'%s',"
	    "'agreed_by':'patient'}",
	    ref, patient, ref, sees);
}

/* ---- everything ---- */

static int work_dump(struct wr_use *use)
{
	struct wr_news *news = NULL;
	struct wr_reminder *reminders = NULL;
	struct wr_store_stamp *stamps = NULL;
	struct wr_plan_row *plans = NULL;
	struct wr_store_audit_state audit;
	size_t n_news = 0, n_reminders = 0, n_stamps = 0, n_plans = 0;
	int r = wr_store_news_list(use->tx, use->arena, NULL, &news, &n_news);
	if (!r)
		r = wr_store_reminder_list(use->tx, use->arena, NULL, &reminders, &n_reminders);
	if (!r)
		r = wr_store_stamp_list(
		    use->tx, use->arena, WR_WHOSE_PATIENT, NULL, &stamps, &n_stamps);
	if (!r)
		r = wr_store_plan_list(use->tx, use->arena, NULL, NULL, &plans, &n_plans);
	if (!r)
		r = wr_store_audit_verify(use->tx, &audit);
	if (!r)
		wr_use_answer(use, "rows",
		    json_pack("[i, i, i, i, I, s]", (int)n_news, (int)n_reminders, (int)n_stamps,
			(int)n_plans, (json_int_t)audit.entries, audit.head));
	return r;
}

const char *desk_dump(struct built_desk *d)
{
	static const char *const verbs[] = {"patient list", "support list", "slot list",
	    "session list", "away list", "link list", "reply list", "task list", "notice list",
	    "unseen list", "audit list", "export patients", "export supports", "export slots",
	    "export away"};
	struct wr_buf all = {0};
	for (size_t i = 0; i < WR_COUNT(verbs); i++)
		wr_buf_printf(&all, "%s\n", desk_says(d, "", verbs[i], "{}"));
	json_t *rows = desk_use(d, work_dump, NULL);
	wr_buf_printf(&all, "%s\n", words_of(d, json_object_get(rows, "rows")));
	json_decref(rows);
	const char *text = wr_arena_strdup(&d->words, wr_buf_text(&all));
	wr_buf_deinit(&all);
	return text;
}

/* ---- feeds ---- */

static int work_remake(struct wr_use *use)
{
	wr_use_touch_link(use, wr_arg_text(use, "link"));
	return 0;
}

/* As public.c does it: what the clock has outlived is made anew first. */
const char *desk_feed(struct built_desk *d, const char *link)
{
	char token[WR_TOKEN_LINK + 1];
	size_t length = 0;
	wr_time now = wr_clock_now(&d->desk.clock);
	wr_token_link(d->desk.ground->key, link, token);
	const struct wr_door *door = wr_doors_find(&d->desk.doors, token, WR_TOKEN_LINK);
	if (!door)
		return NULL;
	if ((door->valid_until != WR_TIME_NONE && door->valid_until <= now) ||
	    (door->expires != WR_TIME_NONE && door->expires <= now)) {
		json_decref(desk_use(d, work_remake, json_pack("{s:s}", "link", link)));
		door = wr_doors_find(&d->desk.doors, token, WR_TOKEN_LINK);
	}
	if (door->state == WR_DOOR_ENDED && now >= door->ended + WR_FEED_ENDED_DAYS * 86400)
		return NULL;
	const char *body = wr_serve_bytes_body(door->plain, &length);
	return wr_arena_strndup(&d->words, body, length);
}

const char *desk_link(struct built_desk *d, const char *whose, const char *who)
{
	return desk_says(d, "link.id", "link new", "{'%s':'%s'}", whose, who);
}

/* ---- promises ---- */

const char *desk_promise(struct built_desk *d, int n)
{
	char path[32];
	snprintf(path, sizeof(path), "promises.%d.state", n - 1);
	return desk_says(d, path, "status show", "{}");
}

const char *desk_promise_words(struct built_desk *d, int n)
{
	char path[32];
	snprintf(path, sizeof(path), "promises.%d.what", n - 1);
	return desk_says(d, path, "status show", "{}");
}
