/*
 * The gate: who asks, and whether they may. A session's cookie or, through a trusted proxy, the
 * header that names who is signed in; then the row of the table. One-time addresses open a session.
 *
 * A cookie that is nobody's counts as a guess, as an unknown token of a link does, and is taken
 * away with the answer. One that comes from another browser than the one that signed in has been
 * taken from it: its session ends.
 */
#include <string.h>

#include "desk/answers.h"
#include "desk/doors.h"
#include "desk/staff/accounts.h"
#include "desk/staff/form.h"
#include "desk/staff/routes.h"
#include "desk/staff/sign_ins.h"
#include "desk/staff/visit.h"
#include "sys/log.h"
#include "sys/random.h"

#define COOKIE "__Host-wardround"
#define COOKIE_FIELDS "; Path=/; Secure; HttpOnly; SameSite=Lax"
#define NO_COOKIE COOKIE "=" COOKIE_FIELDS "; Max-Age=0"

/* ---- nobody yet ---- */

static void answer_sentence(
    struct wr_request *request, int status, const char *cookie, const char *title, const char *text)
{
	struct wr_html_staff frame = wr_frame_for_nobody(&request->arena, title);
	struct wr_html_desk_sentence page = {.title = title, .text = text};
	struct wr_buf html = {0};
	wr_html_staff_open(&html, WR_LANGUAGE_EN, &frame);
	wr_html_desk_sentence(&html, WR_LANGUAGE_EN, &page);
	wr_html_staff_close(&html, WR_LANGUAGE_EN, &frame);
	wr_answer_page(request, status, "Set-Cookie", cookie, &html);
	wr_buf_deinit(&html);
}

static void answer_signed_out(struct wr_request *request, bool over, bool forget)
{
	answer_sentence(request, 403, forget ? NO_COOKIE : NULL,
	    over ? "You have been signed out" : "Sign in",
	    over ? "You are signed out after 30 minutes without use, and after 12 hours. Ask for a "
		   "new "
		   "address to sign in. What was not saved before is not saved."
		 : "These pages are for the ward's staff. Ask whoever looks after wardround for an "
		   "address to sign in.");
}

static bool is_same_site(struct wr_desk *desk, struct wr_request *request)
{
	const struct wr_config *config = desk->ground->config;
	return wr_http_origin(wr_serve_header(request, "Sec-Fetch-Site"),
		   wr_serve_header(request, "Origin"), request->host,
		   *config->staff_url ? config->staff_url : config->public_url) == WR_ORIGIN_SAME;
}

/* ---- one-time addresses ---- */

static void on_signed_in(struct wr_call *call)
{
	struct wr_request *request = call->data;
	char token[WR_SIGN_IN_TOKEN + 1];
	if (call->use.fault.code == WR_FAULT_REFUSED) {
		wr_answer_guess(call->desk, request);
		return;
	}
	if (call->use.fault.code != WR_FAULT_NONE) {
		wr_answer_later(request);
		return;
	}
	const struct wr_serve_field fields[] = {
	    {"Location", "/s/"},
	    {"Cache-Control", "no-store"},
	    {"Set-Cookie",
		wr_arena_printf(&request->arena, COOKIE "=%s" COOKIE_FIELDS "; Max-Age=%d",
		    wr_token_session(call->ground->key, wr_arg_text(&call->use, "session"), token),
		    WR_SIGN_IN_SECONDS)},
	    {0},
	};
	wr_serve_answer(request, 303, fields, NULL, 0);
}

static const char *mark_of(
    struct wr_desk *desk, struct wr_request *request, char text[WR_TOKEN_MARK + 1])
{
	return wr_browser_mark(desk->ground->key, wr_serve_header(request, "User-Agent"), text);
}

static void sign_in(struct wr_desk *desk, struct wr_request *request, const struct wr_staff *staff)
{
	static const struct wr_verb verb = {
	    "staff", "sign-in", WR_VERB_CHANGES, wr_case_staff_sign_in, NULL};
	char id[WR_RANDOM_ID_TEXT], browser[WR_TOKEN_MARK + 1];
	json_t *args = json_pack("{s:s, s:s, s:s, s:s}", "name", staff->name, "code", staff->code,
	    "session", wr_random_id("i-", id), "browser", mark_of(desk, request, browser));
	wr_call_start(wr_call_new(desk, &verb, args,
			  wr_arena_printf(&request->arena, "staff:%s", staff->name)),
	    on_signed_in, request);
}

static const char *role_words(
    struct wr_desk *desk, struct wr_arena *arena, const struct wr_staff *staff)
{
	const struct wr_config_ward *ward = wr_config_find_ward(desk->ground->config, staff->ward);
	return wr_arena_printf(arena, "%s of %s",
	    staff->role == WR_ROLE_WARD ? "ward staff" : "consultant",
	    ward ? ward->name : staff->ward);
}

static void answer_sign_in(
    struct wr_desk *desk, struct wr_request *request, const struct wr_staff *staff)
{
	struct wr_html_desk_sign_in page = {
	    .who = staff->name,
	    .role = role_words(desk, &request->arena, staff),
	    .action = request->path,
	};
	struct wr_buf html = {0};
	struct wr_html_staff frame = wr_frame_for_nobody(&request->arena, "Sign in");
	wr_html_staff_open(&html, WR_LANGUAGE_EN, &frame);
	wr_html_desk_sign_in(&html, WR_LANGUAGE_EN, &page);
	wr_html_staff_close(&html, WR_LANGUAGE_EN, &frame);
	wr_answer_page(request, 200, "Set-Cookie", NULL, &html);
	wr_buf_deinit(&html);
}

static void open_one_time(struct wr_desk *desk, struct wr_request *request)
{
	const char *token = request->path + strlen("/s/in/");
	const struct wr_sign_in_staff *staff =
	    wr_sign_ins_by_code(desk->sign_ins, token, wr_clock_now(&desk->clock));
	if (!staff)
		wr_answer_guess(desk, request);
	else if (request->method == WR_METHOD_POST && !is_same_site(desk, request))
		answer_sentence(request, 403, NULL, "Not sent",
		    "This form was sent from another page. Open your own address and try again.");
	else if (request->method == WR_METHOD_POST)
		sign_in(desk, request, &staff->row);
	else if (request->method == WR_METHOD_GET || request->method == WR_METHOD_HEAD)
		answer_sign_in(desk, request, &staff->row);
	else
		wr_serve_answer_method(request, "GET, HEAD, POST");
}

/* ---- somebody ---- */

static const struct wr_verb verb_sign_out = {
    "staff", "sign-out", WR_VERB_CHANGES, wr_case_staff_sign_out, NULL};

static void on_seen(struct wr_call *call)
{
	wr_call_log(call);
}

static bool is_own_browser(
    struct wr_desk *desk, struct wr_request *request, const struct wr_sign_in *session)
{
	char browser[WR_TOKEN_MARK + 1];
	return strcmp(session->browser, mark_of(desk, request, browser)) == 0;
}

static void end_taken(struct wr_desk *desk, const struct wr_sign_in *session)
{
	json_t *args =
	    json_pack("{s:s, s:s}", "name", session->staff->row.name, "session", session->id);
	wr_log(WR_LOG_WARNING, "session-elsewhere", "session=%s", session->id);
	wr_call_start(wr_call_new(desk, &verb_sign_out, args, "daemon"), on_seen, NULL);
}

static void note_seen(struct wr_desk *desk, struct wr_sign_in *session, wr_time now)
{
	static const struct wr_verb verb = {
	    "staff", "seen", WR_VERB_CHANGES, wr_case_staff_seen, NULL};
	session->seen = now;
	if (now < session->stored + WR_SIGN_IN_SEEN_SECONDS)
		return;
	session->stored = now;
	wr_call_start(
	    wr_call_new(desk, &verb, json_pack("{s:s}", "session", session->id), "daemon"), on_seen,
	    NULL);
}

/* The board loads itself again: that is no sign of somebody's use, and does no harm without one. */
static bool is_board(const struct wr_request *request)
{
	bool gets = request->method == WR_METHOD_GET || request->method == WR_METHOD_HEAD;
	return gets && strcmp(request->path, "/s/board") == 0;
}

/* NULL: answered already. */
static struct wr_sign_in *recognise(
    struct wr_desk *desk, struct wr_request *request, bool *ret_by_proxy)
{
	const char *header = desk->ground->config->sign_in_header;
	const char *named =
	    *header && request->through_proxy ? wr_serve_header(request, header) : NULL;
	const char *cookie =
	    wr_http_cookie(&request->arena, wr_serve_header(request, "Cookie"), COOKIE);
	bool over = false;
	wr_time now = wr_clock_now(&desk->clock);
	*ret_by_proxy = !wr_text_empty(named);
	struct wr_sign_in *session =
	    *ret_by_proxy       ? wr_sign_ins_by_name(desk->sign_ins, named)
	    : is_board(request) ? wr_sign_ins_on_the_wall(desk->sign_ins, cookie, now, &over)
				: wr_sign_ins_by_cookie(desk->sign_ins, cookie, now, &over);
	if (session && !*ret_by_proxy && !is_own_browser(desk, request, session)) {
		end_taken(desk, session);
		answer_signed_out(request, false, true);
		return NULL;
	}
	if (session && !*ret_by_proxy && !is_board(request))
		note_seen(desk, session, now);
	if (session)
		return session;
	if (*ret_by_proxy)
		answer_sentence(request, 403, NULL, "Not for you",
		    "You are signed in, but nobody has added you to this ward. Ask whoever looks "
		    "after wardround.");
	else if (!cookie || over || wr_guess_is_allowed(desk, request))
		answer_signed_out(request, over, cookie != NULL);
	else
		wr_answer_guess(desk, request);
	return NULL;
}

static struct wr_visit *new_visit(struct wr_desk *desk, struct wr_request *request,
    const struct wr_sign_in *session, bool by_proxy)
{
	struct wr_arena *arena = &request->arena;
	struct wr_visit *visit = wr_arena_new(arena, struct wr_visit, 1);
	const struct wr_staff *staff = &session->staff->row;
	*visit = (struct wr_visit){
	    .desk = desk,
	    .request = request,
	    .arena = arena,
	    .name = wr_arena_strdup(arena, staff->name),
	    .actor = wr_arena_printf(arena, "staff:%s", staff->name),
	    .role = staff->role,
	    .ward = wr_arena_strdup(arena, staff->ward),
	    .consultant = wr_arena_strdup(arena, staff->consultant),
	    .session = wr_arena_strdup(arena, session->id),
	    .by_proxy = by_proxy,
	    .status = 200,
	};
	const struct wr_config_ward *ward = wr_config_find_ward(desk->ground->config, staff->ward);
	visit->ward_name = wr_arena_strdup(arena, ward ? ward->name : staff->ward);
	memcpy(visit->key, desk->ground->key, sizeof(visit->key));
	wr_random_id("", visit->nonce);
	return visit;
}

/* ---- out ---- */

static void on_signed_out(struct wr_call *call)
{
	if (call->use.fault.code != WR_FAULT_NONE)
		wr_answer_later(call->data);
	else
		answer_sentence(call->data, 200, NO_COOKIE, "You are signed out",
		    "Close this window on a shared computer.");
}

static void sign_out(struct wr_visit *visit)
{
	if (visit->by_proxy) {
		wr_visit_sentence(visit, 200, "Signed in elsewhere",
		    "You were signed in by your organisation. Sign out there.");
		return;
	}
	json_t *args = json_pack("{s:s, s:s}", "name", visit->name, "session", visit->session);
	wr_call_start(wr_call_new(visit->desk, &verb_sign_out, args, visit->actor), on_signed_out,
	    visit->request);
}

/* ---- forms ---- */

static void take_form(struct wr_visit *visit)
{
	struct wr_request *request = visit->request;
	const char *key = NULL;
	if (!is_same_site(visit->desk, request)) {
		wr_visit_sentence(visit, 403, "Not sent",
		    "This form was sent from another page. Go back to the desk and try again.");
		return;
	}
	if (!wr_form_parse(visit->arena, request->body, request->body_length, &visit->posted)) {
		wr_visit_sentence(
		    visit, 400, "Not sent", "The form could not be read. Go back and try again.");
		return;
	}
	if (!wr_visit_check_key(visit, wr_form_get(&visit->posted, "form"), &key)) {
		wr_visit_sentence(visit, 403, "Not sent",
		    "You have signed in anew since this form was opened. Open it again.");
		return;
	}
	if (visit->page)
		wr_visit_draw(visit);
	else if (strcmp(request->path, "/s/out") == 0)
		sign_out(visit);
	else
		wr_action_take(visit);
}

void wr_staff_open(struct wr_desk *desk, struct wr_request *request)
{
	bool by_proxy = false;
	if (wr_text_starts(request->path, "/s/in/")) {
		open_one_time(desk, request);
		return;
	}
	struct wr_sign_in *session = recognise(desk, request, &by_proxy);
	if (!session)
		return;
	struct wr_visit *visit = new_visit(desk, request, session, by_proxy);
	bool gets = request->method == WR_METHOD_GET || request->method == WR_METHOD_HEAD;
	bool does = wr_text_starts(request->path, "/s/do/") || strcmp(request->path, "/s/out") == 0;
	const char *address =
	    !request->query ? request->path
			    : wr_arena_printf(visit->arena, "%s?%s", request->path, request->query);
	if (does && request->method == WR_METHOD_POST)
		take_form(visit);
	else if (does)
		wr_serve_answer_method(request, "POST");
	else if (strcmp(request->path, "/s") == 0 && gets)
		wr_visit_see(visit, "/s/");
	else if (!wr_visit_aim(visit, address))
		wr_visit_sentence(visit, 404, "Page not found",
		    "There is no such page for you here. Go to the start page.");
	else if (request->method == WR_METHOD_POST && visit->page->takes) {
		visit->first = visit->page->names;
		take_form(visit);
	} else if (!gets)
		wr_serve_answer_method(request, "GET, HEAD");
	else {
		visit->first = visit->page->names &&
		               wr_sign_in_opens(session, visit->path, wr_clock_now(&desk->clock));
		wr_visit_draw(visit);
	}
}
