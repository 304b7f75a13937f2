/*
 * The public listener: feeds, pages and reply codes by secret address, and how the daemon is.
 *
 * A feed that is in memory is answered at once, without the store and without an allocation. A
 * page, a form, or a feed that the clock has outlived is a call.
 */
#include <stdlib.h>
#include <string.h>

#include "desk/answers.h"
#include "desk/people_page.h"
#include "desk/routes.h"
#include "desk/staff/routes.h"
#include "wardround/feed.h"
#include "wardround/page.h"

#define CSP                                                                                        \
	"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "         \
	"base-uri 'none'; frame-ancestors 'none'"

static const struct wr_serve_field page_fields[] = {
    {"Content-Type", "text/html; charset=utf-8"},
    {"Cache-Control", "no-store"},
    {"Referrer-Policy", "same-origin"},
    {"Content-Security-Policy", CSP},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Robots-Tag", "noindex"},
    {0},
};

static void answer_page(struct wr_request *request, int status, const struct wr_buf *html)
{
	wr_serve_answer(request, status, page_fields, html->data, html->length);
}

static void answer_sentence(
    struct wr_request *request, int status, const char *title, const char *text)
{
	char style[WR_PAGE_STYLE_PATH];
	struct wr_buf html = {0};
	wr_page_sentence(title, text, wr_page_style_path(style), &html);
	answer_page(request, status, &html);
	wr_buf_deinit(&html);
}

static void answer_not_found(struct wr_request *request)
{
	answer_sentence(request, 404, "Page not found",
	    "This address leads nowhere. Check that all of it was copied.");
}

static void answer_gone(struct wr_request *request)
{
	answer_sentence(request, 410, "This link has ended",
	    "This link no longer works. If you expected a meeting, ring the number you were "
	    "given.");
}

static void answer_later(struct wr_request *request)
{
	static const struct wr_serve_field fields[] = {
	    {"Content-Type", "text/plain; charset=utf-8"},
	    {"Cache-Control", "no-store"},
	    {"Retry-After", "10"},
	    {0},
	};
	static const char text[] = "Not ready. Try again in a moment.\n";
	wr_serve_answer(request, 503, fields, text, sizeof(text) - 1);
}

/* A token that nobody has: a guess counts, and too many are refused. Both kinds look the same. */
static void answer_guess(struct wr_desk *desk, struct wr_request *request)
{
	uint64_t wait_ms = 0, now_ms = (uint64_t)wr_clock_now_ms(&desk->clock);
	if (wr_rate_take(&desk->guesses, request->client, now_ms, &wait_ms)) {
		answer_not_found(request);
		return;
	}
	char seconds[24];
	struct wr_buf text = {0};
	wr_buf_printf(&text, "%llu", (unsigned long long)(wait_ms / 1000 + 1));
	strncpy(seconds, text.data, sizeof(seconds) - 1);
	seconds[sizeof(seconds) - 1] = '\0';
	wr_buf_deinit(&text);
	const struct wr_serve_field fields[] = {
	    {"Content-Type", "text/plain; charset=utf-8"},
	    {"Cache-Control", "no-store"},
	    {"Retry-After", seconds},
	    {0},
	};
	wr_serve_answer(request, 429, fields, "Too many tries.\n", 16);
}

/* ---- the same for signed-in staff ---- */

void wr_answer_page(struct wr_request *request, int status, const char *name, const char *value,
    const struct wr_buf *html)
{
	struct wr_serve_field fields[WR_COUNT(page_fields) + 1];
	memcpy(fields, page_fields, sizeof(page_fields));
	fields[WR_COUNT(page_fields) - 1] = (struct wr_serve_field){name, value};
	fields[WR_COUNT(page_fields)] = (struct wr_serve_field){0};
	wr_serve_answer(request, status, fields, html->data, html->length);
}

void wr_answer_later(struct wr_request *request)
{
	answer_later(request);
}

void wr_answer_guess(struct wr_desk *desk, struct wr_request *request)
{
	answer_guess(desk, request);
}

bool wr_guess_is_allowed(struct wr_desk *desk, struct wr_request *request)
{
	return wr_rate_take(
	    &desk->guesses, request->client, (uint64_t)wr_clock_now_ms(&desk->clock), NULL);
}

/* ---- which door ---- */

struct address {
	const char *token;
	size_t length;
	const char *rest; /* behind the token: "", ".ics", "/reply", ... */
};

static struct address read_address(const char *path, size_t token_length)
{
	const char *token = path + strlen("/f/");
	size_t length = strcspn(token, "./");
	struct address address = {token, length, token + length};
	if (length != token_length)
		address.length = 0; /* no token: answered like one that nobody has */
	return address;
}

static bool is_over(const struct wr_door *door, wr_time now)
{
	return door->state == WR_DOOR_ENDED ||
	       (door->expires != WR_TIME_NONE && door->expires <= now);
}

/* ---- feeds ---- */

static void answer_bytes(
    struct wr_desk *desk, struct wr_request *request, const struct wr_door *door)
{
	wr_fetches_asked(desk, door, request, false);
	wr_serve_answer_bytes(request, door->plain, door->gzip);
}

static void on_feed_remade(struct wr_call *call)
{
	struct wr_request *request = call->data;
	struct wr_desk *desk = call->desk;
	struct address address = read_address(request->path, WR_TOKEN_LINK);
	const struct wr_door *door = wr_doors_find(&desk->doors, address.token, address.length);
	if (call->use.fault.code != WR_FAULT_NONE || !door)
		answer_later(request);
	else
		answer_bytes(desk, request, door);
}

static int remake_feed(struct wr_use *use)
{
	const char *link = wr_container_of(use, struct wr_call, use)->operation;
	wr_use_touch_link(use, link);
	return 0;
}

static void remake(struct wr_desk *desk, struct wr_request *request, const struct wr_door *door)
{
	static const struct wr_verb verb = {"feed", "remake", WR_VERB_CHANGES, remake_feed, NULL};
	struct wr_call *call = wr_call_new(desk, &verb, NULL, "daemon");
	call->operation = wr_arena_strdup(&call->arena, door->link);
	wr_call_start(call, on_feed_remade, request);
}

static void answer_feed(
    struct wr_desk *desk, struct wr_request *request, const struct wr_door *door)
{
	wr_time now = wr_clock_now(&desk->clock);
	if (request->method != WR_METHOD_GET && request->method != WR_METHOD_HEAD) {
		wr_serve_answer_method(request, "GET, HEAD");
		return;
	}
	bool ran_out = door->state == WR_DOOR_OPEN && is_over(door, now);
	bool outlived = door->valid_until != WR_TIME_NONE && door->valid_until <= now;
	if (door->state == WR_DOOR_ENDED && now >= door->ended + WR_FEED_ENDED_DAYS * 86400)
		answer_gone(request);
	else if (!ran_out && (!outlived || wr_store_is_full(desk->store)))
		answer_bytes(desk, request, door);
	else if (wr_store_is_full(desk->store))
		answer_gone(request);
	else
		remake(desk, request, door);
}

/* ---- pages ---- */

static void on_page_drawn(struct wr_call *call)
{
	struct wr_knock *knock = call->operation;
	struct wr_request *request = call->data;
	if (call->use.fault.code != WR_FAULT_NONE)
		answer_later(request);
	else if (knock->ended)
		answer_gone(request);
	else
		answer_page(request, knock->wrong ? 422 : 200, &knock->html);
	wr_buf_deinit(&knock->html);
}

static const struct wr_verb verb_page = {
    "people", "page", WR_VERB_READS, wr_case_people_page, NULL};

static void draw_page(struct wr_desk *desk, struct wr_request *request, const struct wr_door *door,
    const char *action, const char *wrong)
{
	struct wr_call *call = wr_call_new(desk, &verb_page, NULL, "page");
	struct wr_knock *knock = wr_knock_new(call, door, action);
	knock->wrong = wr_arena_strdup(&call->arena, wrong);
	if (request->query && wr_text_equal(request->query, "said=reply"))
		knock->said = "Thank you. Staff can see your reply.";
	else if (request->query && wr_text_equal(request->query, "said=seen"))
		knock->said = "Thank you. Staff can see that you know.";
	wr_call_start(call, on_page_drawn, request);
}

/* ---- forms ---- */

/* Browsers say where a form was sent from, at least when it was another site; what says nothing is
 * no page that somebody was lured to. */
static bool is_from_here(struct wr_desk *desk, struct wr_request *request)
{
	return wr_http_origin(wr_serve_header(request, "Sec-Fetch-Site"),
		   wr_serve_header(request, "Origin"), request->host,
		   desk->ground->config->public_url) != WR_ORIGIN_OTHER;
}

/* Fields as arguments, each as one line: a note may have been typed in several. */
static json_t *args_of_form(struct wr_request *request)
{
	struct wr_form form;
	if (!wr_form_parse(&request->arena, request->body, request->body_length, &form))
		return NULL;
	json_t *args = json_object();
	static const char *const names[] = {"slot", "revision", "answer", "note"};
	for (size_t i = 0; i < WR_COUNT(names); i++) {
		const char *value = wr_form_get(&form, names[i]);
		char *line = value ? wr_arena_strdup(&request->arena, value) : NULL;
		for (char *at = line; at && *at; at++)
			if (*at == '\r' || *at == '\n' || *at == '\t')
				*at = ' ';
		if (line)
			json_object_set_new(args, names[i], json_string(line));
	}
	return args;
}

static void see_other(struct wr_request *request, const char *action, const char *said)
{
	const struct wr_serve_field fields[] = {
	    {"Location", wr_arena_printf(&request->arena, "%s?said=%s", action, said)},
	    {"Cache-Control", "no-store"},
	    {0},
	};
	wr_serve_answer(request, 303, fields, NULL, 0);
}

static void on_form_done(struct wr_call *call)
{
	struct wr_request *request = call->data;
	struct wr_knock *knock = call->operation;
	const struct wr_fault *fault = &call->use.fault;
	bool later = fault->code == WR_FAULT_AGAIN || fault->code == WR_FAULT_READ_ONLY ||
	             fault->code == WR_FAULT_INTERNAL;
	if (fault->code == WR_FAULT_NONE) {
		see_other(request, knock->action,
		    wr_text_equal(call->verb->verb, "seen") ? "seen" : "reply");
		return;
	}
	const struct wr_door *door =
	    wr_doors_find(&call->desk->doors, knock->action + 3, strlen(knock->action + 3));
	if (later || !door)
		answer_later(request);
	else
		draw_page(call->desk, request, door, knock->action,
		    fault->for_people
			? fault->for_people
			: "That can't be answered as it was sent. Look at the meeting "
			  "below and try again.");
}

static void take_form(struct wr_desk *desk, struct wr_request *request, const struct wr_door *door,
    const char *action, bool seen)
{
	static const struct wr_verb reply = {
	    "people", "reply", WR_VERB_CHANGES, wr_case_people_reply, NULL};
	static const struct wr_verb seeing = {
	    "people", "seen", WR_VERB_CHANGES, wr_case_people_seen, NULL};
	if (!is_from_here(desk, request)) {
		answer_sentence(request, 403, "Not sent",
		    "This form was sent from another page. Open your own link and try again.");
		return;
	}
	json_t *args = args_of_form(request);
	if (!args) {
		answer_sentence(
		    request, 400, "Not sent", "The form could not be read. Go back and try again.");
		return;
	}
	const char *actor = wr_arena_printf(&request->arena, "%s:%s",
	    door->link ? "link" : wr_word(&wr_words_whose, (int)door->whose),
	    door->link ? door->link : door->who);
	struct wr_call *call = wr_call_new(desk, seen ? &seeing : &reply, args, actor);
	wr_knock_new(call, door, action);
	wr_call_start(call, on_form_done, request);
}

/* ---- doors ---- */

static void open_link(struct wr_desk *desk, struct wr_request *request)
{
	struct address address = read_address(request->path, WR_TOKEN_LINK);
	const struct wr_door *door = wr_doors_find(&desk->doors, address.token, address.length);
	bool gets = request->method == WR_METHOD_GET || request->method == WR_METHOD_HEAD;
	bool posts = request->method == WR_METHOD_POST;
	if (!door || door->kind != WR_DOOR_LINK) {
		answer_guess(desk, request);
		return;
	}
	if (strcmp(address.rest, ".ics") == 0) { /* before anything is allocated */
		answer_feed(desk, request, door);
		return;
	}
	const char *action = wr_arena_strndup(
	    &request->arena, request->path, (size_t)(address.rest - request->path));
	bool reply = strcmp(address.rest, "/reply") == 0, seen = strcmp(address.rest, "/seen") == 0;
	if (*address.rest && !reply && !seen)
		answer_not_found(request);
	else if (is_over(door, wr_clock_now(&desk->clock)))
		answer_gone(request);
	else if ((reply || seen) && posts)
		take_form(desk, request, door, action, seen);
	else if (reply || seen)
		wr_serve_answer_method(request, "POST");
	else if (gets) {
		wr_fetches_asked(desk, door, request, true);
		draw_page(desk, request, door, action, NULL);
	} else
		wr_serve_answer_method(request, "GET, HEAD");
}

static void open_reply(struct wr_desk *desk, struct wr_request *request)
{
	struct address address = read_address(request->path, WR_TOKEN_REPLY);
	const struct wr_door *door = wr_doors_find(&desk->doors, address.token, address.length);
	if (!door || door->kind != WR_DOOR_REPLY || *address.rest)
		answer_guess(desk, request);
	else if (request->method == WR_METHOD_POST)
		take_form(desk, request, door, request->path, false);
	else if (request->method == WR_METHOD_GET || request->method == WR_METHOD_HEAD)
		draw_page(desk, request, door, request->path, NULL);
	else
		wr_serve_answer_method(request, "GET, HEAD, POST");
}

/* ---- the daemon itself ---- */

static void answer_state(struct wr_request *request, bool well)
{
	static const struct wr_serve_field fields[] = {
	    {"Content-Type", "application/json"},
	    {"Cache-Control", "no-store"},
	    {0},
	};
	static const struct wr_serve_field later[] = {
	    {"Content-Type", "application/json"},
	    {"Cache-Control", "no-store"},
	    {"Retry-After", "5"},
	    {0},
	};
	const char *body = well ? "{\"schema\":1,\"ok\":true}\n" : "{\"schema\":1,\"ok\":false}\n";
	wr_serve_answer(request, well ? 200 : 503, well ? fields : later, body, strlen(body));
}

static void answer_style(struct wr_request *request)
{
	static const struct wr_serve_field fields[] = {
	    {"Content-Type", "text/css; charset=utf-8"},
	    {"Cache-Control", "public, max-age=31536000, immutable"},
	    {"X-Content-Type-Options", "nosniff"},
	    {0},
	};
	const char *style = wr_page_style();
	wr_serve_answer(request, 200, fields, style, strlen(style));
}

/* Staff's pages are nowhere else once they have an address of their own. */
static bool is_for_staff(struct wr_desk *desk, const struct wr_request *request)
{
	bool below = strcmp(request->path, "/s") == 0 || wr_text_starts(request->path, "/s/");
	return below && (request->tag == WR_SERVE_STAFF || !*desk->ground->config->listen_staff);
}

static void answer_licences(struct wr_request *request)
{
	static const struct wr_serve_field fields[] = {
	    {"Content-Type", "text/plain; charset=utf-8"},
	    {"X-Content-Type-Options", "nosniff"},
	    {0},
	};
	const char *text = wr_page_licences_text();
	wr_serve_answer(request, 200, fields, text, strlen(text));
}

static void answer_others(struct wr_desk *desk, struct wr_request *request)
{
	bool gets = request->method == WR_METHOD_GET || request->method == WR_METHOD_HEAD;
	char style[WR_PAGE_STYLE_PATH];
	bool healthz = strcmp(request->path, "/healthz") == 0;
	bool readyz = strcmp(request->path, "/readyz") == 0;
	bool styles = strcmp(request->path, wr_page_style_path(style)) == 0;
	bool licences = strcmp(request->path, "/assets/licences.txt") == 0;
	if ((healthz || readyz || styles || licences) && !gets)
		wr_serve_answer_method(request, "GET, HEAD");
	else if (healthz || readyz)
		answer_state(request, healthz || (desk->ready && !wr_store_is_failed(desk->store)));
	else if (styles)
		answer_style(request);
	else if (licences)
		answer_licences(request);
	else if (!desk->ready)
		answer_later(request);
	else if (is_for_staff(desk, request))
		wr_staff_open(desk, request);
	else
		answer_not_found(request);
}

/* Calendars first: nearly everything that is asked for is one. */
void wr_routes_public(void *context, struct wr_request *request)
{
	struct wr_desk *desk = context;
	bool people = request->tag != WR_SERVE_STAFF;
	bool links = people && wr_text_starts(request->path, "/f/");
	bool codes = people && wr_text_starts(request->path, "/r/");
	if (!links && !codes)
		answer_others(desk, request);
	else if (!desk->ready)
		answer_later(request);
	else if (links)
		open_link(desk, request);
	else
		open_reply(desk, request);
}
