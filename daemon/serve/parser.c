#include "exchange.h"

#include <string.h>
#include <strings.h>

/*
 * llhttp calls back with pieces of the target, of names and of values; they are gathered in
 * exchange->head, each ended by a NUL (for which the raw head always had at least as many bytes).
 * The lines themselves are looked at once more by check_lines, for what llhttp lets pass.
 */

static struct wr_exchange *exchange_of(llhttp_t *llhttp)
{
	return wr_container_of(llhttp, struct wr_exchange, parser.llhttp);
}

static int refuse(struct wr_exchange *exchange, int status, const char *why)
{
	exchange->parser.status = status;
	exchange->parser.why = why;
	return -1;
}

static int gather(struct wr_exchange *exchange, const char *at, size_t length)
{
	if (length >= sizeof(exchange->head) - exchange->head_length)
		return refuse(exchange, 431, "the request line and headers are too long");
	memcpy(exchange->head + exchange->head_length, at, length);
	exchange->head_length += length;
	return 0;
}

static int end_text(struct wr_exchange *exchange)
{
	return gather(exchange, "", 1);
}

static int on_text(llhttp_t *llhttp, const char *at, size_t length)
{
	return gather(exchange_of(llhttp), at, length);
}

static int on_target_end(llhttp_t *llhttp)
{
	return end_text(exchange_of(llhttp));
}

static int on_name(llhttp_t *llhttp, const char *at, size_t length)
{
	struct wr_exchange *exchange = exchange_of(llhttp);
	if (!exchange->parser.in_field) {
		if (exchange->n_fields == WR_SERVE_FIELDS)
			return refuse(exchange, 431, "there are too many header fields");
		exchange->fields[exchange->n_fields].name = (uint16_t)exchange->head_length;
		exchange->parser.in_field = true;
	}
	return gather(exchange, at, length);
}

static int on_name_end(llhttp_t *llhttp)
{
	struct wr_exchange *exchange = exchange_of(llhttp);
	struct wr_exchange_field *field = &exchange->fields[exchange->n_fields];
	field->name_length = (uint16_t)(exchange->head_length - field->name);
	if (!exchange->parser.in_field || field->name_length == 0)
		return refuse(exchange, 400, "a header field has no name");
	if (end_text(exchange) != 0)
		return -1;
	field->value = (uint16_t)exchange->head_length;
	return 0;
}

static int on_value_end(llhttp_t *llhttp)
{
	struct wr_exchange *exchange = exchange_of(llhttp);
	const struct wr_exchange_field *field = &exchange->fields[exchange->n_fields];
	while (exchange->head_length > field->value &&
	       strchr(" \t", exchange->head[exchange->head_length - 1]))
		exchange->head_length--;
	exchange->parser.in_field = false;
	exchange->n_fields++;
	return end_text(exchange);
}

static bool is_name(const struct wr_exchange *exchange, size_t i, const char *name)
{
	return strcasecmp(exchange->head + exchange->fields[i].name, name) == 0;
}

static bool is_host(const char *host)
{
	const char *at = host;
	while ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') ||
	       (*at >= 'A' && *at <= 'Z') || (*at && strchr("-._~:[]%!$&'()*+;=", *at)))
		at++;
	return at > host && *at == '\0';
}

static int read_fields(struct wr_exchange *exchange)
{
	struct wr_parser *parser = &exchange->parser;
	for (size_t i = 0; i < exchange->n_fields; i++) {
		const char *value = exchange->head + exchange->fields[i].value;
		switch (exchange->fields[i].name_length) {
		case 4:
			if (is_name(exchange, i, "host")) {
				parser->hosts++;
				exchange->request.host = value;
			}
			break;
		case 6:
			if (!is_name(exchange, i, "expect"))
				break;
			if (strcasecmp(value, "100-continue") != 0)
				return refuse(exchange, 417, "only Expect: 100-continue is known");
			parser->wants_continue = true;
			break;
		case 17:
			if (is_name(exchange, i, "transfer-encoding"))
				return refuse(exchange, 400, "Transfer-Encoding is not accepted");
			break;
		default:
			break;
		}
	}
	if (parser->hosts != 1 || !is_host(exchange->request.host))
		return refuse(exchange, 400, "there has to be exactly one Host");
	return 0;
}

/* The absolute form ("http://host/path") names the host as well; both have to agree. Returns the
 * rest, NULL when they don't. */
static char *behind_authority(struct wr_exchange *exchange, char *target)
{
	char *authority = strstr(target, "://") + 3;
	size_t length = strcspn(authority, "/?");
	const char *host = exchange->request.host;
	if (strlen(host) != length || strncasecmp(authority, host, length) != 0)
		return NULL;
	return authority + length;
}

static int read_target(struct wr_exchange *exchange)
{
	struct wr_request *request = &exchange->request;
	char *path = exchange->head;
	if (strncasecmp(path, "http://", 7) == 0 || strncasecmp(path, "https://", 8) == 0) {
		path = behind_authority(exchange, path);
		if (!path)
			return refuse(exchange, 400, "the target and Host name different hosts");
	} else if (path[0] != '/' &&
		   !(request->method == WR_METHOD_OPTIONS && strcmp(path, "*") == 0)) {
		return refuse(exchange, 400, "the target has to begin with a slash");
	}
	if (strchr(path, '#'))
		return refuse(exchange, 400, "the target has a fragment");
	char *query = strchr(path, '?');
	if (query) {
		*query = '\0';
		request->query = query + 1;
	}
	request->path = *path ? path : "/";
	wr_path_decode(&request->arena, request->path, &request->path);
	return 0;
}

static enum wr_method method_of(const llhttp_t *llhttp)
{
	switch (llhttp->method) {
	case HTTP_GET:
		return WR_METHOD_GET;
	case HTTP_HEAD:
		return WR_METHOD_HEAD;
	case HTTP_POST:
		return WR_METHOD_POST;
	case HTTP_PUT:
		return WR_METHOD_PUT;
	case HTTP_PATCH:
		return WR_METHOD_PATCH;
	case HTTP_DELETE:
		return WR_METHOD_DELETE;
	case HTTP_OPTIONS:
		return WR_METHOD_OPTIONS;
	default:
		return WR_METHOD_OTHER;
	}
}

static int on_headers_complete(llhttp_t *llhttp)
{
	struct wr_exchange *exchange = exchange_of(llhttp);
	struct wr_request *request = &exchange->request;
	request->method = method_of(llhttp);
	request->method_name = llhttp_method_name((llhttp_method_t)llhttp->method);
	if (llhttp->http_major == 0)
		return refuse(exchange, 400, "the request line has no HTTP version");
	if (llhttp->http_major != 1 || llhttp->http_minor > 1)
		return refuse(exchange, 505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
	if (llhttp->method == HTTP_CONNECT)
		return refuse(exchange, 501, "this is no proxy");
	if (read_fields(exchange) != 0 || read_target(exchange) != 0)
		return -1;
	if (llhttp->content_length > exchange->parser.max_body)
		return refuse(exchange, 413, "the body is too long");
	if (!llhttp_should_keep_alive(llhttp))
		exchange->end = WR_END_CLOSE;
	else
		exchange->end = llhttp->http_minor == 0 ? WR_END_KEEP_1_0 : WR_END_KEEP;
	/* A HTTP/1.0 peer would take the interim answer for the answer. */
	if (llhttp->http_minor == 0 || llhttp->content_length == 0)
		exchange->parser.wants_continue = false;
	exchange->parser.head_done = true;
	return 0;
}

static int on_body(llhttp_t *llhttp, const char *at, size_t length)
{
	struct wr_exchange *exchange = exchange_of(llhttp);
	if (!exchange->parser.body_at)
		exchange->parser.body_at = at;
	if (length > exchange->parser.max_body - exchange->body.length)
		return refuse(exchange, 413, "the body is too long");
	wr_buf_append(&exchange->body, at, length);
	return 0;
}

static int on_message_complete(llhttp_t *llhttp)
{
	(void)llhttp;
	return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_url = on_text,
    .on_url_complete = on_target_end,
    .on_header_field = on_name,
    .on_header_field_complete = on_name_end,
    .on_header_value = on_text,
    .on_header_value_complete = on_value_end,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

void wr_parser_init(struct wr_exchange *exchange, size_t max_body)
{
	exchange->parser = (struct wr_parser){
	    .max_body = max_body,
	    .head_left = WR_SERVE_HEAD,
	    .first_line = true,
	};
	exchange->end = WR_END_CLOSE;
	exchange->head_length = 0;
	exchange->n_fields = 0;
	llhttp_init(&exchange->parser.llhttp, HTTP_REQUEST, &settings);
}

/* Every line of a head ends with CR LF, none but the last is followed by white space (a folded
 * field), and the request line has two single spaces. */
static const char *check_lines(struct wr_parser *parser, const char *bytes, size_t length)
{
	const char *at = bytes, *end = bytes + length;
	if (length == 0)
		return NULL;
	if (parser->last == '\n' && (*at == ' ' || *at == '\t'))
		return "a header field is folded";
	while (at < end) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));
		if (parser->first_line)
			for (const char *c = at; c < (line_end ? line_end : end); c++)
				parser->spaces += *c == ' ';
		if (!line_end)
			break;
		if ((line_end > bytes ? line_end[-1] : parser->last) != '\r')
			return "a line ends without CR";
		if (parser->first_line && parser->spaces != 2)
			return "the request line has to have two spaces";
		parser->first_line = false;
		at = line_end + 1;
		if (at < end && (*at == ' ' || *at == '\t'))
			return "a header field is folded";
	}
	parser->last = end[-1];
	return NULL;
}

static void note_llhttp_error(struct wr_exchange *exchange)
{
	if (!exchange->parser.status)
		refuse(exchange, 400, "this is not a well-formed HTTP/1.1 request");
}

enum wr_parser_outcome wr_parser_feed(
    struct wr_exchange *exchange, const char *bytes, size_t length, size_t *ret_used)
{
	struct wr_parser *parser = &exchange->parser;
	bool in_head = !parser->head_done;
	size_t piece = in_head && length > parser->head_left ? parser->head_left : length;
	parser->body_at = NULL;
	llhttp_errno_t error = llhttp_execute(&parser->llhttp, bytes, piece);
	const char *stop = error == HPE_OK ? bytes + piece : llhttp_get_error_pos(&parser->llhttp);
	if (stop < bytes || stop > bytes + piece)
		stop = bytes + piece;
	*ret_used = (size_t)(stop - bytes);
	if (in_head) {
		const char *head_end = parser->body_at ? parser->body_at : stop;
		const char *why = check_lines(parser, bytes, (size_t)(head_end - bytes));
		if (why) {
			refuse(exchange, 400, why);
			return WR_PARSER_REFUSED;
		}
	}
	if (error == HPE_PAUSED && parser->head_done)
		return WR_PARSER_COMPLETE;
	if (error != HPE_OK) {
		note_llhttp_error(exchange);
		return WR_PARSER_REFUSED;
	}
	if (!parser->head_done) {
		parser->head_left -= piece;
		if (parser->head_left == 0) {
			refuse(exchange, 431, "the request line and headers are too long");
			return WR_PARSER_REFUSED;
		}
	}
	return WR_PARSER_MORE;
}
