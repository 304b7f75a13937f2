#include "wardround/http.h"

#include <string.h>

/* An entry of X-Forwarded-For, with or without a port. */
static bool parse_entry(const char *text, size_t length, struct wr_ip *ret_ip)
{
	while (length > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		length--;
	}
	while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
		length--;
	if (wr_ip_parse(text, length, ret_ip))
		return true;
	if (length > 0 && text[0] == '[') {
		const char *end = memchr(text, ']', length);
		return end && (end + 1 == text + length || end[1] == ':') &&
		       wr_ip_parse(text + 1, (size_t)(end - text) - 1, ret_ip);
	}
	const char *colon = memchr(text, ':', length);
	return colon && wr_ip_parse(text, (size_t)(colon - text), ret_ip);
}

struct wr_ip wr_http_client(struct wr_ip peer, const char *forwarded_for,
    const struct wr_network *trusted, size_t n_trusted)
{
	struct wr_ip client = peer;
	size_t end = forwarded_for ? strlen(forwarded_for) : 0;
	while (end > 0 && wr_network_any(trusted, n_trusted, client)) {
		size_t start = end;
		while (start > 0 && forwarded_for[start - 1] != ',')
			start--;
		if (!parse_entry(forwarded_for + start, end - start, &client))
			break;
		end = start > 0 ? start - 1 : 0;
	}
	return client;
}

const char *wr_http_reason(int status)
{
	// clang-format off
	switch (status) {
	case 100: return "Continue";
	case 200: return "OK";
	case 201: return "Created";
	case 202: return "Accepted";
	case 204: return "No Content";
	case 301: return "Moved Permanently";
	case 302: return "Found";
	case 303: return "See Other";
	case 304: return "Not Modified";
	case 307: return "Temporary Redirect";
	case 308: return "Permanent Redirect";
	case 400: return "Bad Request";
	case 401: return "Unauthorized";
	case 403: return "Forbidden";
	case 404: return "Not Found";
	case 405: return "Method Not Allowed";
	case 406: return "Not Acceptable";
	case 408: return "Request Timeout";
	case 409: return "Conflict";
	case 410: return "Gone";
	case 412: return "Precondition Failed";
	case 413: return "Content Too Large";
	case 415: return "Unsupported Media Type";
	case 417: return "Expectation Failed";
	case 422: return "Unprocessable Content";
	case 428: return "Precondition Required";
	case 429: return "Too Many Requests";
	case 431: return "Request Header Fields Too Large";
	case 500: return "Internal Server Error";
	case 501: return "Not Implemented";
	case 502: return "Bad Gateway";
	case 503: return "Service Unavailable";
	case 504: return "Gateway Timeout";
	case 505: return "HTTP Version Not Supported";
	case 507: return "Insufficient Storage";
	}
	// clang-format on
	return "Unknown";
}
