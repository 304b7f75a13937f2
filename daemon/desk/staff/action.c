/*
 * A form becomes a verb.
 *
 *     read the fields that the row names -> do -> 303
 *                                           |---> the form's page, with the refusal
 *                                           |---> confirm.c: what changes and who is told; where
 *                                                 a reason is wanted first, after a dry run
 */
#include <string.h>

#include "desk/cases.h"
#include "desk/promises.h"
#include "desk/routes.h"
#include "desk/staff/visit.h"

/* ---- the form ---- */

static const struct wr_staff_action *find_action(const char *path)
{
	const char *noun = path + strlen("/s/do/");
	size_t length = strcspn(noun, "/");
	for (size_t i = 0; i < wr_n_staff_actions; i++) {
		const struct wr_staff_action *action = &wr_staff_actions[i];
		if (noun[length] && strlen(action->noun) == length &&
		    strncmp(action->noun, noun, length) == 0 &&
		    strcmp(action->verb, noun + length + 1) == 0)
			return action;
	}
	return NULL;
}

/* As one line without blanks around it: a reason may have been typed in several. */
static const char *one_line(struct wr_arena *arena, const char *text)
{
	char *line = wr_arena_strdup(arena, text);
	for (char *at = line; *at; at++)
		if (*at == '\r' || *at == '\n' || *at == '\t')
			*at = ' ';
	line += strspn(line, " ");
	size_t length = strlen(line);
	while (length > 0 && line[length - 1] == ' ')
		line[--length] = '\0';
	return line;
}

static void read_list(struct wr_visit *visit, json_t *args, const char *name)
{
	json_t *list = json_array();
	const char *value;
	for (size_t k = 0; (value = wr_form_nth(&visit->posted, name, k)); k++) {
		value = one_line(visit->arena, value);
		if (*value)
			json_array_append_new(list, json_string(value));
	}
	if (wr_form_get(&visit->posted, name) &&
	    (json_array_size(list) || visit->action->flags & WR_STAFF_WHOLE))
		json_object_set_new(args, name, list);
	else
		json_decref(list);
}

static void read_field(struct wr_visit *visit, json_t *args, const char *name)
{
	const char *value = wr_form_get(&visit->posted, name);
	if (!value)
		return;
	value = one_line(visit->arena, value);
	if (*value || visit->action->flags & WR_STAFF_WHOLE)
		json_object_set_new(args, name, json_string(value));
}

static json_t *read_args(struct wr_visit *visit)
{
	json_t *args = json_object();
	for (const char *at = visit->action->fields; *at;) {
		size_t length = strcspn(at, " ");
		bool several = length > 1 && at[length - 1] == '*';
		const char *name =
		    wr_arena_strndup(visit->arena, at, several ? length - 1 : length);
		if (several)
			read_list(visit, args, name);
		else
			read_field(visit, args, name);
		at += length + strspn(at + length, " ");
	}
	if (visit->action->flags & WR_STAFF_OWN_WARD)
		json_object_set_new(args, "ward", json_string(visit->ward));
	const char *reason = wr_form_get(&visit->posted, "reason");
	if (reason && *one_line(visit->arena, reason))
		json_object_set_new(args, "reason", json_string(one_line(visit->arena, reason)));
	return args;
}

/* ---- what came of it ---- */

/* A value of the answer by a path like "patient.ref". */
static const char *answer_text(const json_t *answer, const char *path)
{
	while (answer && path && *path) {
		char name[32];
		size_t length = strcspn(path, ".");
		if (length >= sizeof(name))
			return NULL;
		memcpy(name, path, length);
		name[length] = '\0';
		answer = json_object_get(answer, name);
		path += length + (path[length] == '.');
	}
	return json_string_value(answer);
}

/* With which sentence the page that follows begins: the action's, by its name. */
static const char *with_said(struct wr_visit *visit, const char *address)
{
	size_t length = strcspn(address, "?");
	const char *query = address[length] ? address + length + 1 : "";
	struct wr_buf kept = {0};
	wr_buf_append(&kept, address, length);
	wr_buf_putc(&kept, '?');
	while (*query) {
		size_t part = strcspn(query, "&");
		if (!wr_text_starts(query, "said=")) {
			wr_buf_append(&kept, query, part);
			wr_buf_putc(&kept, '&');
		}
		query += part + (query[part] == '&');
	}
	wr_buf_printf(&kept, "said=%s-%s", visit->action->noun, visit->action->verb);
	const char *text = wr_arena_strdup(visit->arena, wr_buf_text(&kept));
	wr_buf_deinit(&kept);
	return text;
}

static void land(struct wr_visit *visit, const json_t *answer)
{
	const char *address = visit->path, *then = wr_form_get(&visit->posted, "then");
	const char *lands = visit->action->lands, *at = answer_text(answer, visit->action->at);
	if (lands && at) {
		size_t fixed = strcspn(lands, "%");
		address = wr_arena_printf(visit->arena, "%.*s%s%s", (int)fixed, lands, at,
		    lands[fixed] ? lands + fixed + 1 : "");
	} else if (then && wr_visit_aim(visit, then)) {
		address = visit->path;
	}
	wr_visit_see(visit, with_said(visit, address));
}

/* What wardctl would say to a shell is nothing to somebody at the desk. */
static const char *hint_for_people(const struct wr_fault *fault)
{
	return !fault->hint || strstr(fault->hint, "--") || strstr(fault->hint, "wardctl")
	           ? NULL
	           : fault->hint;
}

static bool is_field(const char *fields, const char *name)
{
	size_t length = strlen(name);
	for (const char *at = fields; length && *at; at += strspn(at, " ")) {
		size_t word = strcspn(at, " ");
		if (strncmp(at, name, length) == 0 &&
		    (word == length || (word == length + 1 && at[length] == '*')))
			return true;
		at += word;
	}
	return false;
}

/* Refusals of one value begin with its name. */
static const char *field_of(struct wr_visit *visit, const char *text)
{
	const char *missing = strstr(text, " is missing");
	const char *name = text;
	size_t length = strcspn(text, ":");
	if (missing && text[length]) {
		name = text + length + 1 + strspn(text + length + 1, " ");
		length = (size_t)(missing - name);
	} else if (!text[length]) {
		return NULL;
	}
	name = wr_arena_strndup(visit->arena, name, length);
	return is_field(visit->action->fields, name) ? name : NULL;
}

static void say_refusal(struct wr_visit *visit, const struct wr_fault *fault)
{
	const char *hint = hint_for_people(fault), *text = fault->text;
	visit->wrong_field = field_of(visit, text);
	if (visit->wrong_field && strstr(text, " is missing"))
		text =
		    wr_form_get(&visit->posted, visit->wrong_field) ? "Fill this in" : "Choose one";
	else if (visit->wrong_field && wr_text_starts(text, visit->wrong_field))
		text += strlen(visit->wrong_field) + 2;
	if (fault->for_people)
		visit->wrong = wr_arena_strdup(visit->arena, fault->for_people);
	else
		visit->wrong = wr_arena_printf(
		    visit->arena, "%s%s%s", text, hint ? ": " : "", hint ? hint : "");
	visit->status = 422;
}

static void start(struct wr_visit *visit, bool look, void (*done)(struct wr_call *call));
static void on_looked(struct wr_call *call);

static void on_refused(struct wr_visit *visit, const struct wr_fault *fault)
{
	switch (fault->code) {
	case WR_FAULT_READ_ONLY:
		wr_visit_sentence(visit, 503, "Not saved",
		    "Nothing can be saved now, because the disk is full. Tell whoever looks after "
		    "wardround, and write it down meanwhile.");
		return;
	case WR_FAULT_AGAIN:
	case WR_FAULT_INTERNAL:
		wr_visit_sentence(visit, 503, "Not saved",
		    "Nothing was changed. Go back and try again in a moment.");
		return;
	case WR_FAULT_UNKNOWN:
	case WR_FAULT_FORBIDDEN:
		wr_visit_sentence(
		    visit, fault->code == WR_FAULT_UNKNOWN ? 404 : 403, "Not done", fault->text);
		return;
	case WR_FAULT_NONE:
	case WR_FAULT_REFUSED:
	case WR_FAULT_NEEDS_YES:
	case WR_FAULT_USAGE:
	case WR_FAULT_NEEDS_REASON:
	case WR_FAULT_DATA:
	case WR_FAULT_CONFIG:
		say_refusal(visit, fault);
		wr_visit_draw(visit);
		return;
	}
}

static void on_done(struct wr_call *call)
{
	struct wr_visit *visit = call->data;
	int status = 200;
	json_t *answer = wr_call_answer(call, &status);
	switch (call->use.fault.code) {
	case WR_FAULT_NONE:
		land(visit, answer);
		break;
	case WR_FAULT_NEEDS_YES:
		wr_confirm_draw(visit, json_object_get(answer, "error"), false);
		break;
	case WR_FAULT_NEEDS_REASON:
		if (wr_form_get(&visit->posted, "yes")) {
			visit->wrong_field = "reason";
			visit->wrong = "Say why in a few words";
			visit->status = 422;
		}
		visit->needs_reason = true;
		start(visit, true, on_looked);
		break;
	case WR_FAULT_REFUSED:
	case WR_FAULT_UNKNOWN:
	case WR_FAULT_USAGE:
	case WR_FAULT_DATA:
	case WR_FAULT_AGAIN:
	case WR_FAULT_READ_ONLY:
	case WR_FAULT_FORBIDDEN:
	case WR_FAULT_CONFIG:
	case WR_FAULT_INTERNAL:
		on_refused(visit, &call->use.fault);
		break;
	}
	json_decref(answer);
}

/* A dry run, because a reason is wanted: what it says is to be looked at. */
static void on_looked(struct wr_call *call)
{
	struct wr_visit *visit = call->data;
	int status = 200;
	json_t *answer = wr_call_answer(call, &status);
	if (call->use.fault.code != WR_FAULT_NONE)
		on_refused(visit, &call->use.fault);
	else
		wr_confirm_draw(visit, answer, true);
	json_decref(answer);
}

/* ---- the call ---- */

/* What is asked here though wardctl would not ask: with everything that the page shows. */
static int ask_first(struct wr_use *use)
{
	static const char *const shown[] = {"warnings", "note", "patient"};
	int r = wr_promises_check_touched(use);
	if (r)
		return r;
	json_t *more = json_pack("{s:O, s:O}", "changes", use->changes, "told", use->told);
	for (size_t i = 0; i < WR_COUNT(shown); i++)
		if (json_object_get(use->answer, shown[i]))
			json_object_set(more, shown[i], json_object_get(use->answer, shown[i]));
	json_decref(use->fault.more);
	use->fault.more = more;
	return wr_fault(use, WR_FAULT_NEEDS_YES, NULL, "%s is to be looked at first", use->verb);
}

static int run_checked(struct wr_use *use)
{
	const struct wr_visit *visit = wr_visit_of(use);
	unsigned flags = visit->action->flags;
	int r = wr_action_check(use, visit);
	if (!r)
		r = visit->verb->run(use);
	bool warned = json_array_size(json_object_get(use->answer, "warnings")) > 0;
	if (!r && !use->yes && !use->dry_run &&
	    (flags & WR_STAFF_ASKS || (flags & WR_STAFF_WARNS && warned)))
		return ask_first(use);
	return r;
}

static void start(struct wr_visit *visit, bool look, void (*done)(struct wr_call *call))
{
	struct wr_verb *checked = wr_arena_new(visit->arena, struct wr_verb, 1);
	const char *key = NULL;
	json_t *args = read_args(visit);
	wr_visit_check_key(visit, wr_form_get(&visit->posted, "form"), &key);
	if (look)
		json_object_set_new(args, "dry_run", json_true());
	else
		json_object_set_new(args, "key", json_string(key));
	if (wr_form_get(&visit->posted, "yes"))
		json_object_set_new(args, "yes", json_true());
	*checked = *visit->verb;
	if (checked->kind == WR_VERB_CHANGES)
		checked->run = run_checked;
	wr_call_start(wr_call_new(visit->desk, checked, args, visit->actor), done, visit);
}

void wr_action_take(struct wr_visit *visit)
{
	const char *page = wr_form_get(&visit->posted, "page");
	visit->action = find_action(visit->request->path);
	visit->verb = visit->action ? wr_find_verb(visit->action->noun, visit->action->verb) : NULL;
	if (!visit->verb) {
		wr_visit_sentence(visit, 404, "Page not found", "There is nothing like that here.");
		return;
	}
	if (!(visit->action->roles & (1u << visit->role))) {
		wr_visit_sentence(visit, 403, "Not for you",
		    "What you are signed in as may not do this. Ask the ward's staff.");
		return;
	}
	if (!page || !wr_visit_aim(visit, page))
		wr_visit_aim(visit, "/s/");
	start(visit, false, on_done);
}
