/* Forms, paths and the header values that lib/http reads: no crash, and only clean text comes out.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wardround/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_form(struct wr_arena *arena, const char *text, size_t length)
{
	struct wr_form form;
	if (!wr_form_parse(arena, text, length, &form))
		return;
	for (size_t i = 0; i < form.n; i++)
		if (!*form.fields[i].name ||
		    strlen(form.fields[i].value) != form.fields[i].length ||
		    !wr_text_is_utf8(form.fields[i].value, form.fields[i].length))
			abort();
}

static void check_ip(const char *text)
{
	struct wr_ip ip, again;
	char written[WR_IP_TEXT];
	if (!wr_ip_parse(text, strlen(text), &ip))
		return;
	wr_ip_write(ip, written);
	if (!wr_ip_parse(written, strlen(written), &again) || !wr_ip_equal(ip, again))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wr_arena arena = {0};
	char *text = wr_arena_strndup(&arena, (const char *)data, size);
	const char *path;
	struct wr_network network;
	struct wr_address address;
	wr_time at;
	check_form(&arena, (const char *)data, size);
	if (wr_path_decode(&arena, text, &path) && !wr_text_is_printable(path, strlen(path)))
		abort();
	check_ip(text);
	wr_network_parse(text, &network);
	wr_address_parse(text, &address);
	wr_http_date_parse(text, &at);
	wr_http_not_modified(text, NULL, "\"a\"", 0);
	wr_http_not_modified(NULL, text, "\"a\"", 0);
	wr_http_wants_gzip(text);
	wr_http_origin(NULL, text, text, text);
	struct wr_network any[] = {{.bits = 0}, {.ip = wr_ip_from_v4((uint8_t[4]){0}), .bits = 96}};
	wr_http_client(any[1].ip, text, any, WR_COUNT(any));
	wr_arena_deinit(&arena);
	return 0;
}
