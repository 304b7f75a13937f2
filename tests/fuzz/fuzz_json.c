/*
 * Any bytes as the JSON of a call on the control socket, for every verb that reads or changes: an
 * answer, never a crash. The first byte chooses the verb. An object is asked as a dry run, which
 * does all but keep it, so that one input does not depend on those before it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "desk_under_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	const struct wr_verb *verb = &wr_verbs[data[0] % wr_n_verbs];
	struct wr_buf line = {0};
	if (verb->kind == WR_VERB_OPERATES) /* these start threads and transfers */
		return 0;
	wr_buf_printf(&line, "POST /v1/%s/%s", verb->noun, verb->verb);
	json_t *args = json_loadb((const char *)data + 1, size - 1, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(args)) {
		json_object_set_new(args, "dry_run", json_true());
		char *text = json_dumps(args, JSON_COMPACT);
		fuzz_ask(wr_routes_control, WR_SERVE_CONTROL, wr_buf_text(&line),
		    "application/json", text, strlen(text));
		free(text);
	} else {
		fuzz_ask(wr_routes_control, WR_SERVE_CONTROL, wr_buf_text(&line),
		    "application/json", data + 1, size - 1);
	}
	json_decref(args);
	wr_buf_deinit(&line);
	return 0;
}
