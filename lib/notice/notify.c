/*
 * GOV.UK Notify: its addresses, its token and what it says of a notice that it may have got.
 *
 * The token is a JSON Web Token (RFC 7519) signed with HS256 (RFC 7515); the key is the text of the
 * API key's last UUID, 36 characters, not the bytes that it stands for.
 */
#include "wardround/notice.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const paths[] = {
    [WR_FORMAT_NOTIFY_SMS] = "/v2/notifications/sms",
    [WR_FORMAT_NOTIFY_EMAIL] = "/v2/notifications/email",
};
static const char both[] = "/v2/notifications";

/* ---- addresses ---- */

/* How much of a configured URL is Notify's own: all, or all before the path of a format. */
static size_t base_length(const char *url)
{
	size_t length = strlen(url);
	for (size_t i = 0; i < WR_COUNT(paths); i++) {
		size_t n = paths[i] ? strlen(paths[i]) : 0;
		if (n > 0 && length >= n && strcmp(url + length - n, paths[i]) == 0)
			length -= n;
	}
	while (length > 0 && url[length - 1] == '/')
		length--;
	return length;
}

void wr_notify_url(const char *url, enum wr_webhook_format format, struct wr_buf *ret_url)
{
	wr_buf_append(ret_url, url, base_length(url));
	wr_buf_puts(ret_url, paths[format]);
}

void wr_notify_ask_url(const char *url, const char *id, struct wr_buf *ret_url)
{
	wr_buf_append(ret_url, url, base_length(url));
	wr_buf_printf(ret_url, "%s?reference=%s", both, id);
}

/* ---- the token ---- */

static void put_base64url(struct wr_buf *out, const void *bytes, size_t length)
{
	size_t room = sodium_base64_encoded_len(length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *text = wr_alloc(room, 1);
	sodium_bin2base64(text, room, bytes, length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	wr_buf_puts(out, text);
	free(text);
}

static void put_claims(struct wr_buf *out, const char *service, wr_time now)
{
	json_t *claims = json_pack("{s:s, s:I}", "iss", service, "iat", (json_int_t)now);
	char *text = claims ? json_dumps(claims, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
	if (!text)
		wr_out_of_memory();
	put_base64url(out, text, strlen(text));
	free(text);
	json_decref(claims);
}

void wr_notify_token(const char *service, const char *key, wr_time now, struct wr_buf *token)
{
	static const char header[] = "{\"typ\":\"JWT\",\"alg\":\"HS256\"}";
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;
	size_t length = strlen(key);
	size_t start = length > WR_NOTIFY_SECRET ? length - WR_NOTIFY_SECRET : 0;
	size_t from = token->length;
	put_base64url(token, header, sizeof(header) - 1);
	wr_buf_putc(token, '.');
	put_claims(token, service, now);
	crypto_auth_hmacsha256_init(&state, (const unsigned char *)key + start, length - start);
	crypto_auth_hmacsha256_update(
	    &state, (const unsigned char *)token->data + from, token->length - from);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_memzero(&state, sizeof(state));
	wr_buf_putc(token, '.');
	put_base64url(token, mac, sizeof(mac));
}

/* ---- what it knows ---- */

enum wr_notify_known wr_notify_read(const char *body, const char *id)
{
	json_t *answer = json_loads(body, 0, NULL);
	json_t *list = json_object_get(answer, "notifications"), *one;
	enum wr_notify_known known = json_is_array(list) ? WR_NOTIFY_UNKNOWN : WR_NOTIFY_UNREADABLE;
	size_t i;
	json_array_foreach (list, i, one)
		if (wr_text_equal(json_string_value(json_object_get(one, "reference")), id))
			known = WR_NOTIFY_KNOWN;
	json_decref(answer);
	return known;
}
