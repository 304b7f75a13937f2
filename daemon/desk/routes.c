#include "desk/routes.h"

#include <stdlib.h>
#include <string.h>

#include "desk/cases.h"

// clang-format off
#define READS(noun, verb, run) {noun, verb, WR_VERB_READS, run, NULL}
#define CHANGES(noun, verb, run) {noun, verb, WR_VERB_CHANGES, run, NULL}
#define OPERATES(noun, verb, operate) {noun, verb, WR_VERB_OPERATES, NULL, operate}

const struct wr_verb wr_verbs[] = {
	READS   ("audit",   "list",      wr_case_audit_list),
	READS   ("audit",   "verify",    wr_case_audit_verify),
	CHANGES ("away",    "add",       wr_case_away_add),
	READS   ("away",    "list",      wr_case_away_list),
	CHANGES ("away",    "remove",    wr_case_away_remove),
	OPERATES("config",  "reload",    wr_operate_config_reload),
	READS   ("config",  "show",      wr_case_config_show),
	READS   ("export",  "away",      wr_case_export_away),
	READS   ("export",  "patients",  wr_case_export_patients),
	READS   ("export",  "slots",     wr_case_export_slots),
	READS   ("export",  "supports",  wr_case_export_supports),
	CHANGES ("import",  "away",      wr_case_import_away),
	CHANGES ("import",  "patients",  wr_case_import_patients),
	CHANGES ("import",  "supports",  wr_case_import_supports),
	READS   ("feedback", "list",     wr_case_feedback_list),
	READS   ("link",    "list",      wr_case_link_list),
	READS   ("link",    "fetches",   wr_case_link_fetches),
	CHANGES ("link",    "new",       wr_case_link_new),
	READS   ("link",    "qr",        wr_case_link_qr),
	CHANGES ("link",    "revoke",    wr_case_link_revoke),
	CHANGES ("link",    "send",      wr_case_link_send),
	READS   ("notice",  "list",      wr_case_notice_list),
	CHANGES ("notice",  "retry",     wr_case_notice_retry),
	CHANGES ("patient", "admit",     wr_case_patient_admit),
	CHANGES ("patient", "discharge", wr_case_patient_discharge),
	CHANGES ("patient", "edit",      wr_case_patient_edit),
	CHANGES ("patient", "hold",      wr_case_patient_hold),
	READS   ("patient", "list",      wr_case_patient_list),
	CHANGES ("patient", "release",   wr_case_patient_release),
	READS   ("patient", "show",      wr_case_patient_show),
	CHANGES ("patient", "transfer",  wr_case_patient_transfer),
	OPERATES("plan",    "explain",   wr_operate_plan_explain),
	OPERATES("plan",    "make",      wr_operate_plan_make),
	READS   ("plan",    "progress",  wr_case_plan_progress),
	CHANGES ("plan",    "publish",   wr_case_plan_publish),
	READS   ("plan",    "show",      wr_case_plan_show),
	OPERATES("plan",    "stop",      wr_operate_plan_stop),
	OPERATES("plan",    "what-if",   wr_operate_plan_what_if),
	CHANGES ("question", "add",      wr_case_question_add),
	CHANGES ("question", "edit",     wr_case_question_edit),
	READS   ("question", "list",     wr_case_question_list),
	CHANGES ("question", "remove",   wr_case_question_remove),
	CHANGES ("reply",   "add",       wr_case_reply_add),
	READS   ("reply",   "list",      wr_case_reply_list),
	CHANGES ("session", "add",       wr_case_session_add),
	CHANGES ("session", "cancel",    wr_case_session_cancel),
	CHANGES ("session", "cover",     wr_case_session_cover),
	CHANGES ("session", "late",      wr_case_session_late),
	READS   ("session", "list",      wr_case_session_list),
	CHANGES ("session", "move",      wr_case_session_move),
	CHANGES ("slot",    "cancel",    wr_case_slot_cancel),
	CHANGES ("slot",    "decline",   wr_case_slot_decline),
	CHANGES ("slot",    "finish",    wr_case_slot_finish),
	READS   ("slot",    "list",      wr_case_slot_list),
	CHANGES ("slot",    "lock",      wr_case_slot_lock),
	CHANGES ("slot",    "missed",    wr_case_slot_missed),
	CHANGES ("slot",    "move",      wr_case_slot_move),
	READS   ("slot",    "places",    wr_case_slot_places),
	READS   ("slot",    "show",      wr_case_slot_show),
	CHANGES ("slot",    "start",     wr_case_slot_start),
	CHANGES ("slot",    "swap",      wr_case_slot_swap),
	CHANGES ("slot",    "undo",      wr_case_slot_undo),
	CHANGES ("slot",    "unlock",    wr_case_slot_unlock),
	CHANGES ("staff",   "add",       wr_case_staff_add),
	READS   ("staff",   "list",      wr_case_staff_list),
	CHANGES ("staff",   "revoke",    wr_case_staff_revoke),
	READS   ("status",  "show",      wr_case_status_show),
	CHANGES ("support", "add",       wr_case_support_add),
	CHANGES ("support", "agree",     wr_case_support_agree),
	CHANGES ("support", "block",     wr_case_support_block),
	CHANGES ("support", "edit",      wr_case_support_edit),
	READS   ("support", "list",      wr_case_support_list),
	CHANGES ("support", "remove",    wr_case_support_remove),
	CHANGES ("support", "withdraw",  wr_case_support_withdraw),
	CHANGES ("task",    "decline",   wr_case_task_decline),
	CHANGES ("task",    "done",      wr_case_task_done),
	READS   ("task",    "list",      wr_case_task_list),
	READS   ("unseen",  "list",      wr_case_unseen_list),
	CHANGES ("unseen",  "tick",      wr_case_unseen_tick),
	READS   ("version", "show",      wr_case_version_show),
	READS   ("webhook", "list",      wr_case_webhook_list),
	CHANGES ("webhook", "off",       wr_case_webhook_off),
	CHANGES ("webhook", "on",        wr_case_webhook_on),
	OPERATES("webhook", "test",      wr_operate_webhook_test),
};
// clang-format on
const size_t wr_n_verbs = WR_COUNT(wr_verbs);

/* ---- finding ---- */

static const struct wr_verb *find_verb(const char *path)
{
	if (!wr_text_starts(path, "/v1/"))
		return NULL;
	const char *noun = path + strlen("/v1/");
	size_t length = strcspn(noun, "/");
	if (noun[length] != '/')
		return NULL;
	for (size_t i = 0; i < wr_n_verbs; i++)
		if (strlen(wr_verbs[i].noun) == length &&
		    strncmp(wr_verbs[i].noun, noun, length) == 0 &&
		    strcmp(wr_verbs[i].verb, noun + length + 1) == 0)
			return &wr_verbs[i];
	return NULL;
}

const struct wr_verb *wr_find_verb(const char *noun, const char *verb)
{
	for (size_t i = 0; i < wr_n_verbs; i++)
		if (strcmp(wr_verbs[i].noun, noun) == 0 && strcmp(wr_verbs[i].verb, verb) == 0)
			return &wr_verbs[i];
	return NULL;
}

/* ---- answering ---- */

static void answer_json(struct wr_request *request, int status, json_t *answer)
{
	static const struct wr_serve_field fields[] = {
	    {"Content-Type", "application/json"},
	    {"Cache-Control", "no-store"},
	    {0},
	};
	char *text = json_dumps(answer, JSON_COMPACT);
	wr_serve_answer(request, status, fields, text, strlen(text));
	free(text);
	json_decref(answer);
}

static json_t *error_json(const char *code, const char *text, const char *hint)
{
	return json_pack("{s:i, s:{s:s, s:s, s:s}}", "schema", 1, "error", "code", code, "text",
	    text, "hint", hint);
}

void wr_routes_error(
    struct wr_request *request, int status, const char *code, const char *text, const char *hint)
{
	answer_json(request, status, error_json(code, text, hint));
}

static void answer_method(struct wr_request *request, const char *allowed)
{
	const struct wr_serve_field fields[] = {
	    {"Content-Type", "application/json"},
	    {"Allow", allowed},
	    {0},
	};
	json_t *answer = error_json("usage", "this route is not asked that way", allowed);
	char *text = json_dumps(answer, JSON_COMPACT);
	wr_serve_answer(request, 405, fields, text, strlen(text));
	free(text);
	json_decref(answer);
}

void wr_routes_refusal(struct wr_buf *body, int status, const char *text)
{
	json_t *answer = error_json(status >= 500 ? "internal" : "usage", text, "");
	char *dump = json_dumps(answer, JSON_COMPACT);
	wr_buf_puts(body, dump);
	free(dump);
	json_decref(answer);
}

void wr_routes_answer(struct wr_call *call)
{
	int status = 500;
	json_t *answer = wr_call_answer(call, &status);
	answer_json(call->data, status, answer);
}

/* ---- arguments ---- */

static json_t *args_of_query(struct wr_request *request)
{
	struct wr_form form;
	const char *query = request->query ? request->query : "";
	if (!wr_form_parse(&request->arena, query, strlen(query), &form))
		return NULL;
	json_t *args = json_object();
	for (size_t i = 0; i < form.n; i++) {
		const char *name = form.fields[i].name;
		json_t *value = json_string(form.fields[i].value),
		       *before = json_object_get(args, name);
		if (!before) {
			json_object_set_new(args, name, value);
		} else if (json_is_array(before)) {
			json_array_append_new(before, value);
		} else {
			json_object_set_new(args, name, json_pack("[O, o]", before, value));
		}
	}
	return args;
}

static json_t *args_of_body(struct wr_request *request)
{
	if (request->body_length == 0)
		return json_object();
	json_t *args =
	    json_loadb(request->body, request->body_length, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(args))
		return args;
	json_decref(args);
	return NULL;
}

void wr_routes_control(void *context, struct wr_request *request)
{
	struct wr_desk *desk = context;
	const struct wr_verb *verb = find_verb(request->path);
	bool posts = request->method == WR_METHOD_POST;
	if (wr_text_equal(request->path, "/v1/openapi.yaml")) {
		wr_routes_describe(request);
		return;
	}
	if (wr_text_equal(request->path, "/v1/receipts")) {
		if (!posts)
			answer_method(request, "POST");
		else if (!desk->ready)
			wr_routes_error(
			    request, 503, "again", "the daemon is starting", "try again");
		else
			wr_receipt_take(desk, request, true, wr_routes_answer);
		return;
	}
	if (!verb) {
		answer_json(request, 404,
		    error_json("usage", "no such route", "see /v1/openapi.yaml for the routes"));
		return;
	}
	/* an operation may be a question (GET) or a change (POST) */
	const char *allowed = verb->kind == WR_VERB_READS     ? "GET"
	                      : verb->kind == WR_VERB_CHANGES ? "POST"
	                                                      : "GET, POST";
	if (!strstr(allowed, request->method_name)) {
		answer_method(request, allowed);
		return;
	}
	json_t *args = posts ? args_of_body(request) : args_of_query(request);
	if (!args) {
		answer_json(request, 400,
		    error_json("usage",
			posts ? "the body is no JSON object" : "the query can't be read",
			"arguments are an object, each name once"));
		return;
	}
	if (!desk->ready) {
		json_decref(args);
		answer_json(
		    request, 503, error_json("again", "the daemon is starting", "try again"));
		return;
	}
	char *actor = wr_arena_printf(&request->arena, "uid:%lld", (long long)request->uid);
	wr_call_start(wr_call_new(desk, verb, args, actor), wr_routes_answer, request);
}
