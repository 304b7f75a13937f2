/* Standard Webhooks 1.0.0: HMAC-SHA256 of "id.timestamp.body", base64, behind "v1,". */
#include "wardround/notice.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
	MAC = crypto_auth_hmacsha256_BYTES,
	MAC_BASE64 = 45, /* with its NUL */
	TIMESTAMP_TEXT = 24,
};

/* ---- secrets ---- */

int wr_notice_secret_parse(const char *text, size_t length,
    unsigned char ret_bytes[WR_NOTICE_SECRET_MAX], size_t *ret_length)
{
	static const char prefix[] = "whsec_";
	const size_t skip = sizeof(prefix) - 1;
	if (length <= skip || memcmp(text, prefix, skip) != 0)
		return WR_NOTICE_BAD_SECRET;
	const char *end = NULL;
	size_t n = 0;
	int failed = sodium_base642bin(ret_bytes, WR_NOTICE_SECRET_MAX, text + skip, length - skip,
	    NULL, &n, &end, sodium_base64_VARIANT_ORIGINAL);
	if (failed || end != text + length || n < WR_NOTICE_SECRET_MIN) {
		sodium_memzero(ret_bytes, WR_NOTICE_SECRET_MAX);
		return WR_NOTICE_BAD_SECRET;
	}
	*ret_length = n;
	return 0;
}

/* ---- signing ---- */

static void make_mac(const struct wr_secret *secret, const char *id, const char *timestamp,
    const void *body, size_t length, unsigned char mac[MAC])
{
	crypto_auth_hmacsha256_state state;
	crypto_auth_hmacsha256_init(&state, secret->bytes, secret->length);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)id, strlen(id));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)timestamp, strlen(timestamp));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
	if (length > 0)
		crypto_auth_hmacsha256_update(&state, body, length);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_memzero(&state, sizeof(state));
}

char *wr_notice_sign(const struct wr_secrets *secrets, const char *id, wr_time timestamp,
    const void *body, size_t length, char text[WR_NOTICE_SIGNATURE_TEXT])
{
	char seconds[TIMESTAMP_TEXT];
	snprintf(seconds, sizeof(seconds), "%lld", (long long)timestamp);
	char *at = text;
	*at = '\0';
	for (size_t i = 0; i < secrets->n && i < WR_NOTICE_SECRETS; i++) {
		unsigned char mac[MAC];
		char base64[MAC_BASE64];
		make_mac(&secrets->items[i], id, seconds, body, length, mac);
		sodium_bin2base64(base64, sizeof(base64), mac, MAC, sodium_base64_VARIANT_ORIGINAL);
		size_t left = WR_NOTICE_SIGNATURE_TEXT - (size_t)(at - text);
		at += snprintf(at, left, "%sv1,%s", i > 0 ? " " : "", base64);
	}
	return text;
}

/* ---- verifying ---- */

/* One of the space-divided signatures; other versions than v1 are not ours to judge. */
static bool read_signature(const char *word, size_t length, unsigned char mac[MAC])
{
	size_t n;
	const char *end;
	if (length <= 3 || memcmp(word, "v1,", 3) != 0)
		return false;
	return sodium_base642bin(mac, MAC, word + 3, length - 3, NULL, &n, &end,
		   sodium_base64_VARIANT_ORIGINAL) == 0 &&
	       end == word + length && n == MAC;
}

/* Every secret and every signature is compared, found or not. */
static bool any_matches(const struct wr_secrets *secrets, const char *id, const char *timestamp,
    const char *signatures, const void *body, size_t length)
{
	bool found = false;
	for (size_t i = 0; i < secrets->n && i < WR_NOTICE_SECRETS; i++) {
		unsigned char expected[MAC], given[MAC];
		make_mac(&secrets->items[i], id, timestamp, body, length, expected);
		for (const char *word = signatures; *word;) {
			size_t n = strcspn(word, " ");
			if (read_signature(word, n, given))
				found |= sodium_memcmp(expected, given, MAC) == 0;
			word += n + strspn(word + n, " ");
		}
	}
	return found;
}

int wr_notice_verify(const struct wr_secrets *secrets, const char *id, const char *timestamp,
    const char *signatures, const void *body, size_t length, wr_time now)
{
	int64_t at;
	if (wr_text_empty(id) || wr_text_empty(timestamp) || wr_text_empty(signatures))
		return WR_NOTICE_BAD_HEADER;
	if (wr_text_int(timestamp, 0, INT64_C(1) << 40, &at) != 0)
		return WR_NOTICE_BAD_HEADER;
	if (at < now - WR_NOTICE_TOLERANCE || at > now + WR_NOTICE_TOLERANCE)
		return WR_NOTICE_BAD_AGE;
	return any_matches(secrets, id, timestamp, signatures, body, length)
	           ? 0
	           : WR_NOTICE_BAD_SIGNATURE;
}

bool wr_notice_bears(const struct wr_secrets *secrets, const char *authorization)
{
	static const char scheme[] = "Bearer ";
	unsigned char given[WR_NOTICE_SECRET_MAX];
	const size_t skip = sizeof(scheme) - 1;
	size_t n = 0;
	bool found = false;
	if (!authorization || strncasecmp(authorization, scheme, skip) != 0)
		return false;
	const char *text = authorization + skip;
	if (wr_notice_secret_parse(text, strlen(text), given, &n) != 0)
		return false;
	for (size_t i = 0; i < secrets->n && i < WR_NOTICE_SECRETS; i++)
		found |= secrets->items[i].length == n &&
		         sodium_memcmp(secrets->items[i].bytes, given, n) == 0;
	sodium_memzero(given, sizeof(given));
	return found;
}
