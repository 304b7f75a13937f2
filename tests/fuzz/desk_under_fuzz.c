#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <string.h>

#include "../unit/desk/ask_desk.h"
#include "desk_under_fuzz.h"
#include "serve/exchange.h"

enum { REQUESTS = 4000 };

static struct built_desk *built;
static char page[80], patient[80], reply[80];

static void build(void)
{
	char token[WR_TOKEN_LINK + 1], code[WR_TOKEN_REPLY + 1];
	built = desk_build("", "2026-11-27T10:00:00Z");
	desk_admit(built, "P1");
	desk_support(built, "S1", "P1", "time");
	desk_publish(built, "P1", "09:25");
	const unsigned char *key = built->desk.ground->key;
	wr_token_link(key, desk_link(built, "support", "S1"), token);
	wr_token_reply(key, "S1", "s-1", code);
	snprintf(page, sizeof(page), "/f/%s", token);
	wr_token_link(key, desk_link(built, "patient", "P1"), token);
	snprintf(patient, sizeof(patient), "/f/%s", token);
	snprintf(reply, sizeof(reply), "/r/%s", code);
}

struct wr_desk *fuzz_desk(void)
{
	static unsigned asked;
	if (built && ++asked % REQUESTS == 0) {
		desk_free(built);
		built = NULL;
	}
	if (!built)
		build();
	return &built->desk;
}

const char *fuzz_page_path(void)
{
	fuzz_desk();
	return page;
}

const char *fuzz_patient_path(void)
{
	fuzz_desk();
	return patient;
}

const char *fuzz_reply_path(void)
{
	fuzz_desk();
	return reply;
}

/* As connection.c hands over, but nobody waits for the answer. */
static void hand_over(wr_serve_handler handler, enum wr_serve_tag tag, struct wr_exchange *exchange)
{
	struct wr_request *request = &exchange->request;
	request->tag = tag;
	request->body = wr_buf_text(&exchange->body);
	request->body_length = exchange->body.length;
	request->uid = request->gid = tag == WR_SERVE_CONTROL ? 0 : -1;
	exchange->serve->n_exchanges++;
	exchange->with_handler = true;
	handler(&built->desk, request);
}

void fuzz_ask(wr_serve_handler handler, enum wr_serve_tag tag, const char *line, const char *type,
    const void *body, size_t length)
{
	static struct wr_serve serve;
	struct wr_buf bytes = {0};
	size_t used = 0;
	fuzz_desk();
	wr_buf_printf(&bytes,
	    "%s HTTP/1.1\r\nHost: times.example.org\r\nSec-Fetch-Site: same-origin\r\n"
	    "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
	    line, type, length);
	wr_buf_append(&bytes, body, length);
	struct wr_exchange *exchange = wr_exchange_take(&serve, WR_SERVE_BODY);
	if (wr_parser_feed(exchange, bytes.data, bytes.length, &used) == WR_PARSER_COMPLETE)
		hand_over(handler, tag, exchange);
	else
		wr_exchange_release(exchange);
	while (serve.n_exchanges > 0)
		wr_store_turn(built->desk.store);
	wr_buf_deinit(&bytes);
	wr_exchange_free_spare(&serve);
}
