/*
 * The public listener: feeds, pages and reply codes by secret address, and how the daemon is.
 *
 * A feed that is in memory is answered at once, without the store and without an allocation. A
 * page, a form, or a feed that the clock has outlived is a call.
 */
#include <stdlib.h>
#include <string.h>

#include "desk/answers.h"
#include "desk/people/forms.h"
#include "desk/routes.h"
#include "desk/staff/routes.h"
#include "wardround/feed.h"
#include "wardround/page.h"

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
		wr_answer_later(request);
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
		wr_answer_gone(request);
	else if (!ran_out && (!outlived || wr_store_is_full(desk->store)))
		answer_bytes(desk, request, door);
	else if (wr_store_is_full(desk->store))
		wr_answer_gone(request);
	else
		remake(desk, request, door);
}

/* ---- doors ---- */

/* The page of a link, or one of its forms. */
static void open_page(struct wr_desk *desk, struct wr_request *request, const struct wr_door *door,
    const struct address *address)
{
	const char *action = wr_arena_strndup(
	    &request->arena, request->path, (size_t)(address->rest - request->path));
	bool gets = request->method == WR_METHOD_GET || request->method == WR_METHOD_HEAD;
	const struct wr_people_form *form =
	    *address->rest == '/' ? wr_people_form_find(door, address->rest + 1) : NULL;
	if (*address->rest && !form)
		wr_answer_not_found(request);
	else if (is_over(door, wr_clock_now(&desk->clock)))
		wr_answer_gone(request);
	else if (form && request->method == WR_METHOD_POST)
		wr_people_form_take(desk, request, door, action, form);
	else if (form || !gets)
		wr_serve_answer_method(request, form ? "POST" : "GET, HEAD");
	else {
		wr_fetches_asked(desk, door, request, true);
		wr_people_page_open(desk, request, door, action);
	}
}

static void open_link(struct wr_desk *desk, struct wr_request *request)
{
	struct address address = read_address(request->path, WR_TOKEN_LINK);
	const struct wr_door *door = wr_doors_find(&desk->doors, address.token, address.length);
	if (!door || door->kind != WR_DOOR_LINK)
		wr_answer_guess(desk, request);
	else if (strcmp(address.rest, ".ics") == 0)
		answer_feed(desk, request, door); /* before anything is allocated */
	else
		open_page(desk, request, door, &address);
}

static void open_reply(struct wr_desk *desk, struct wr_request *request)
{
	struct address address = read_address(request->path, WR_TOKEN_REPLY);
	const struct wr_door *door = wr_doors_find(&desk->doors, address.token, address.length);
	if (!door || door->kind != WR_DOOR_REPLY || *address.rest)
		wr_answer_guess(desk, request);
	else if (request->method == WR_METHOD_POST)
		wr_people_form_take(desk, request, door, request->path, NULL);
	else if (request->method == WR_METHOD_GET || request->method == WR_METHOD_HEAD)
		wr_people_page_open(desk, request, door, request->path);
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

/* What no endpoint has signed is a guess like any other. */
static void take_receipt(struct wr_desk *desk, struct wr_request *request)
{
	uint64_t wait_ms = 0, now_ms = (uint64_t)wr_clock_now_ms(&desk->clock);
	if (request->method != WR_METHOD_POST)
		wr_serve_answer_method(request, "POST");
	else if (wr_receipt_take(desk, request, false, wr_routes_answer))
		return;
	else if (!wr_rate_take(&desk->guesses, request->client, now_ms, &wait_ms))
		wr_routes_error(request, 429, "again", "too many that nobody signed", "wait");
	else
		wr_routes_error(request, 401, "forbidden", "no endpoint has signed this",
		    "Standard Webhooks, with the secret of the endpoint that sent the notice");
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
		wr_answer_later(request);
	else if (strcmp(request->path, "/v1/receipts") == 0)
		take_receipt(desk, request);
	else if (is_for_staff(desk, request))
		wr_staff_open(desk, request);
	else
		wr_answer_not_found(request);
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
		wr_answer_later(request);
	else if (links)
		open_link(desk, request);
	else
		open_reply(desk, request);
}
