#include "desk/people/forms.h"

#include <string.h>

#include "desk/answers.h"
#include "desk/people/cases.h"
#include "desk/people/page.h"
#include "desk/people/patient_forms.h"

#define PATIENT WR_STORE_BIT(WR_WHOSE_PATIENT)
#define FAMILY (WR_STORE_BIT(WR_WHOSE_SUPPORT) | WR_STORE_BIT(WR_WHOSE_PERSON))

enum { MOST_FIELDS = 10 };

struct wr_people_form {
	struct wr_verb verb;
	unsigned whose; /* bits: whose doors have it */
	bool by_code;   /* a reply page has it too */
	const char *fields[MOST_FIELDS + 1];
};

#define FORM(name, run)                                                                            \
	{                                                                                          \
		"people", name, WR_VERB_CHANGES, run, NULL                                         \
	}
// clang-format off
static const struct wr_people_form forms[] = {
	{ FORM("reply",     wr_case_people_reply),      FAMILY,           true,
	  { "slot", "revision", "answer", "note" } },
	{ FORM("seen",      wr_case_people_seen),       FAMILY | PATIENT, true,
	  { "slot", "revision" } },
	{ FORM("free",      wr_case_people_free),       FAMILY,           false,
	  { "day", "from", "to", "remove" } },
	{ FORM("away",      wr_case_people_away),       FAMILY,           false,
	  { "first-day", "first-month", "first-year", "last-day", "last-month", "last-year", "remove" } },
	{ FORM("contact",   wr_case_people_contact),    FAMILY,           false,
	  { "phone", "email", "language" } },
	{ FORM("keep",      wr_case_people_keep),       FAMILY | PATIENT, true,
	  { "label", "alarms", "remove" } },
	{ FORM("stop",      wr_case_people_stop),       FAMILY,           true,
	  { "start", "not-me" } },
	{ FORM("ask",       wr_case_patient_ask),       PATIENT,          false,
	  { "what", "slot", "revision", "words", "support", "sees", "task", "name", "relation",
	    "phone" } },
	{ FORM("questions", wr_case_patient_questions), PATIENT,          false,
	  { "text", "question", "remove" } },
	{ FORM("feedback",  wr_case_patient_feedback),  PATIENT,          false,
	  { "slot", "heard", "people", "next" } },
};
// clang-format on

const struct wr_people_form *wr_people_form_find(const struct wr_door *door, const char *name)
{
	for (size_t i = 0; i < WR_COUNT(forms); i++)
		if (wr_text_equal(forms[i].verb.verb, name) &&
		    forms[i].whose & WR_STORE_BIT(door->whose) &&
		    (door->kind == WR_DOOR_LINK || forms[i].by_code))
			return &forms[i];
	return NULL;
}

/* ---- the page ---- */

static void on_page_drawn(struct wr_call *call)
{
	struct wr_knock *knock = call->operation;
	struct wr_request *request = call->data;
	if (call->use.fault.code != WR_FAULT_NONE)
		wr_answer_later(request);
	else if (knock->ended)
		wr_answer_gone(request);
	else
		wr_answer_page(request, knock->form ? 422 : 200, NULL, NULL, &knock->html);
	wr_buf_deinit(&knock->html);
	json_decref((json_t *)(uintptr_t)knock->typed);
}

static const struct wr_verb verb_page = {
    "people", "page", WR_VERB_READS, wr_case_people_page, NULL};

void wr_people_page_open(struct wr_desk *desk, struct wr_request *request,
    const struct wr_door *door, const char *action)
{
	struct wr_call *call = wr_call_new(desk, &verb_page, NULL, "page");
	struct wr_knock *knock = wr_knock_new(call, door, action);
	if (request->query && wr_text_starts(request->query, "said="))
		knock->said = wr_arena_strdup(&call->arena, request->query + strlen("said="));
	wr_call_start(call, on_page_drawn, request);
}

/* The page once more, with the form that was refused. */
static void show_again(
    struct wr_call *refused, struct wr_request *request, const struct wr_door *door)
{
	const struct wr_fault *fault = &refused->use.fault;
	const struct wr_knock *before = refused->operation;
	struct wr_call *call = wr_call_new(refused->desk, &verb_page, NULL, "page");
	struct wr_knock *knock = wr_knock_new(call, door, before->action);
	knock->form = refused->verb->verb;
	knock->typed = json_incref(refused->args);
	knock->wrong = wr_arena_strdup(&call->arena, fault->for_people);
	knock->wrong_is_said = fault->has_say || !fault->for_people;
	knock->wrong_text = fault->has_say ? fault->say : WR_SAY_NOT_AS_SENT;
	knock->wrong_field = wr_arena_strdup(&call->arena, fault->field);
	wr_call_start(call, on_page_drawn, request);
}

/* ---- a form ---- */

/* Browsers say where a form was sent from, at least when it was another site; what says nothing is
 * no page that somebody was lured to. */
static bool is_from_here(struct wr_desk *desk, struct wr_request *request)
{
	return wr_http_origin(wr_serve_header(request, "Sec-Fetch-Site"),
		   wr_serve_header(request, "Origin"), request->host,
		   desk->ground->config->public_url) != WR_ORIGIN_OTHER;
}

/* As one line: a note may have been typed in several. */
static json_t *one_line(struct wr_request *request, const char *value)
{
	char *line = wr_arena_strdup(&request->arena, value), *end = line;
	for (const char *at = value; *at; at++)
		if (*at == '\n' || *at == '\t')
			*end++ = ' ';
		else if (*at != '\r' || at[1] != '\n')
			*end++ = *at == '\r' ? ' ' : *at;
	*end = '\0';
	return json_string(line);
}

/* What the use case is given: the form's own fields and nothing else. */
static json_t *args_of(struct wr_request *request, const struct wr_people_form *form,
    const struct wr_form *sent, const struct wr_door *door)
{
	json_t *args = json_object();
	for (size_t i = 0; i < MOST_FIELDS && form->fields[i]; i++) {
		const char *value = wr_form_get(sent, form->fields[i]);
		if (value)
			json_object_set_new(args, form->fields[i], one_line(request, value));
	}
	if (door->whose == WR_WHOSE_PATIENT)
		json_object_set_new(args, "patient", json_string(door->who));
	return args;
}

static void see_other(struct wr_request *request, const char *page, const char *said)
{
	const struct wr_serve_field fields[] = {
	    {"Location", wr_arena_printf(&request->arena, "%s?said=%s", page, said ? said : "")},
	    {"Cache-Control", "no-store"},
	    {0},
	};
	wr_serve_answer(request, 303, fields, NULL, 0);
}

static void on_form_done(struct wr_call *call)
{
	struct wr_request *request = call->data;
	struct wr_knock *knock = call->operation;
	enum wr_fault_code code = call->use.fault.code;
	const char *token = knock->action + strlen("/f/");
	const struct wr_door *door = wr_doors_find(&call->desk->doors, token, strlen(token));
	bool later = code == WR_FAULT_AGAIN || code == WR_FAULT_READ_ONLY ||
	             code == WR_FAULT_INTERNAL || !door;
	if (code == WR_FAULT_NONE && knock->said_goodbye)
		wr_answer_said(
		    request, 200, knock->language, WR_SAY_NOT_ME_DONE_TITLE, WR_SAY_NOT_ME_DONE);
	else if (code == WR_FAULT_NONE)
		see_other(request, knock->leads_to ? knock->leads_to : knock->action,
		    json_string_value(json_object_get(call->use.answer, "said")));
	else if (later)
		wr_answer_later(request);
	else
		show_again(call, request, door);
}

static void answer_not_sent(struct wr_request *request, int status, enum wr_say text)
{
	wr_answer_said(request, status, wr_answer_language(request), WR_SAY_NOT_SENT_TITLE, text);
}

void wr_people_form_take(struct wr_desk *desk, struct wr_request *request,
    const struct wr_door *door, const char *action, const struct wr_people_form *form)
{
	struct wr_form sent;
	if (!is_from_here(desk, request)) {
		answer_not_sent(request, 403, WR_SAY_SENT_FROM_ELSEWHERE);
		return;
	}
	bool read = wr_form_parse(&request->arena, request->body, request->body_length, &sent);
	const char *name = read ? wr_form_get(&sent, "do") : NULL;
	if (!form && read)
		form = wr_people_form_find(door, name ? name : "reply");
	if (!read || !form) {
		answer_not_sent(request, 400, WR_SAY_NOT_READABLE);
		return;
	}
	const char *actor = wr_arena_printf(&request->arena, "%s:%s",
	    door->link ? "link" : wr_word(&wr_words_whose, (int)door->whose),
	    door->link ? door->link : door->who);
	struct wr_call *call =
	    wr_call_new(desk, &form->verb, args_of(request, form, &sent, door), actor);
	wr_knock_new(call, door, action);
	wr_call_start(call, on_form_done, request);
}
