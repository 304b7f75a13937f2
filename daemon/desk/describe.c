/*
 * The description of the control socket's routes: openapi.yaml, put into the binary by the build.
 */
#include "desk/routes.h"

extern const unsigned char wr_openapi[];
extern const size_t wr_openapi_length;

void wr_routes_describe(struct wr_request *request)
{
	static const struct wr_serve_field fields[] = {
	    {"Content-Type", "application/yaml"},
	    {"Cache-Control", "no-cache"},
	    {0},
	};
	if (request->method != WR_METHOD_GET && request->method != WR_METHOD_HEAD) {
		wr_serve_answer_method(request, "GET, HEAD");
		return;
	}
	wr_serve_answer(request, 200, fields, wr_openapi, wr_openapi_length);
}
