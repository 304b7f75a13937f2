/*
 * A desk that is asked what a fuzzer makes up: a store in memory, a held clock, one patient with
 * one support and a published slot. A request goes through the real parser and the real routes; its
 * answer goes nowhere.
 */
#ifndef WARDROUND_TEST_DESK_UNDER_FUZZ_H
#define WARDROUND_TEST_DESK_UNDER_FUZZ_H

#include "desk/routes.h"

/* Made on first use, and anew after some thousand requests. */
struct wr_desk *fuzz_desk(void);
/* `line` is "POST /v1/slot/move"; the handler of a request that the parser takes. */
void fuzz_ask(wr_serve_handler handler, enum wr_serve_tag tag, const char *line, const char *type,
    const void *body, size_t length);
/* "/f/..." of the support and of the patient, "/r/..." of the support. */
const char *fuzz_page_path(void);
const char *fuzz_patient_path(void);
const char *fuzz_reply_path(void);

#endif
