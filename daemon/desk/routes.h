/*
 * routes: which request leads to which use case.
 *
 * The control socket: GET for what reads, POST for what changes, at /v1/{noun}/{verb}; described in
 * openapi.yaml. Arguments are the query or a JSON object, named as wardctl's options with '_' for
 * '-'. Answers and errors are objects with "schema": 1 (2.3).
 */
#ifndef WR_DAEMON_DESK_ROUTES_H
#define WR_DAEMON_DESK_ROUTES_H

#include "desk/desk.h"

/* A verb of the table; NULL. */
const struct wr_verb *wr_find_verb(const char *noun, const char *verb);
/* Handlers for wr_serve_listen; the context is the desk. */
void wr_routes_control(void *context, struct wr_request *request);
void wr_routes_metrics(void *context, struct wr_request *request);
/* GET /v1/openapi.yaml: describe.c, made from openapi.yaml by the build. */
void wr_routes_describe(struct wr_request *request);
void wr_routes_public(void *context, struct wr_request *request); /* public.c */

/* POST /v1/receipts: receipt.c. On the public listener (not `trusted`) false, and nothing was
 * begun, when no endpoint has signed it. */
bool wr_receipt_take(struct wr_desk *desk, struct wr_request *request, bool trusted,
    void (*answer)(struct wr_call *call));
/* A call's answer as JSON, with the request as its data; an error without a call. */
void wr_routes_answer(struct wr_call *call);
void wr_routes_error(
    struct wr_request *request, int status, const char *code, const char *text, const char *hint);

/* The body of what the server refuses by itself on the control socket. */
void wr_routes_refusal(struct wr_buf *body, int status, const char *text);

/* All verbs, for tests and the description. */
extern const struct wr_verb wr_verbs[];
extern const size_t wr_n_verbs;

#endif
