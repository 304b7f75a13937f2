/*
 * Any bytes as a query string: of a verb that reads on the control socket, and of a page. What
 * can't stand in a request line is escaped first, which is where most of such bytes come from. The
 * first byte chooses.
 */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "desk_under_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put_query(struct wr_buf *line, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length && line->length < 6000; i++)
		if (isgraph(bytes[i]) && bytes[i] != '#')
			wr_buf_putc(line, (char)bytes[i]);
		else
			wr_buf_printf(line, "%%%02X", bytes[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wr_buf line = {0};
	if (size < 1)
		return 0;
	bool page = data[0] >= 0xf0;
	const struct wr_verb *verb = &wr_verbs[data[0] % wr_n_verbs];
	if (page)
		wr_buf_printf(&line, "GET %s?", data[0] & 1 ? fuzz_page_path() : fuzz_reply_path());
	else if (verb->kind == WR_VERB_READS)
		wr_buf_printf(&line, "GET /v1/%s/%s?", verb->noun, verb->verb);
	else
		return 0;
	put_query(&line, data + 1, size - 1);
	fuzz_ask(page ? wr_routes_public : wr_routes_control,
	    page ? WR_SERVE_PUBLIC : WR_SERVE_CONTROL, wr_buf_text(&line), "text/plain", "", 0);
	wr_buf_deinit(&line);
	return 0;
}
