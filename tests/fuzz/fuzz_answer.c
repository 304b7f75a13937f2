/*
 * Any bytes as the body of a form on the page of a support or a patient: an answer, never a crash.
 * The first byte chooses which form.
 */
#include <stdint.h>
#include <string.h>

#include "desk_under_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const forms[] = {"/reply", "/seen", "/free", "/away", "/contact", "/ask",
	    "/questions", "/feedback", "/keep", "/stop", ""};
	struct wr_buf line = {0};
	if (size < 1)
		return 0;
	const char *form = forms[data[0] % WR_COUNT(forms)];
	const char *page = data[0] & 0x80 ? fuzz_patient_path() : fuzz_page_path();
	wr_buf_printf(&line, "POST %s%s", *form ? page : fuzz_reply_path(), form);
	fuzz_ask(wr_routes_public, WR_SERVE_PUBLIC, wr_buf_text(&line),
	    "application/x-www-form-urlencoded", data + 1, size - 1);
	wr_buf_deinit(&line);
	return 0;
}
