#include "desk/doors.h"
#include "desk/staff/sign_ins.h"

#include <sodium.h>
#include <string.h>

/* base64url without padding of the first `bytes` bytes of an HMAC over the parts, each ended by
 * NUL, so that no two lists of parts read alike. */
static void derive(const unsigned char key[32], const char *const *parts, size_t n, size_t bytes,
    char *text, size_t size)
{
	crypto_auth_hmacsha256_state state;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_init(&state, key, 32);
	for (size_t i = 0; i < n; i++)
		crypto_auth_hmacsha256_update(
		    &state, (const unsigned char *)parts[i], strlen(parts[i]) + 1);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_bin2base64(text, size, mac, bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(mac, sizeof(mac));
}

char *wr_token_link(const unsigned char key[32], const char *id, char text[WR_TOKEN_LINK + 1])
{
	const char *parts[] = {"link", id};
	derive(key, parts, 2, 32, text, WR_TOKEN_LINK + 1);
	return text;
}

char *wr_token_sign_in(
    const unsigned char key[32], const char *code, char text[WR_SIGN_IN_TOKEN + 1])
{
	const char *parts[] = {"sign-in", code};
	derive(key, parts, 2, 32, text, WR_SIGN_IN_TOKEN + 1);
	return text;
}

char *wr_token_session(
    const unsigned char key[32], const char *session, char text[WR_SIGN_IN_TOKEN + 1])
{
	const char *parts[] = {"session", session};
	derive(key, parts, 2, 32, text, WR_SIGN_IN_TOKEN + 1);
	return text;
}

char *wr_token_form(const unsigned char key[32], const char *session, const char *form,
    char text[WR_TOKEN_REPLY + 1])
{
	const char *parts[] = {"form", session, form};
	derive(key, parts, 3, 16, text, WR_TOKEN_REPLY + 1);
	return text;
}

char *wr_token_reply(const unsigned char key[32], const char *support, const char *slot,
    char text[WR_TOKEN_REPLY + 1])
{
	const char *parts[] = {"reply", support, slot};
	derive(key, parts, 3, 16, text, WR_TOKEN_REPLY + 1);
	return text;
}

char *wr_token_mark(
    const unsigned char key[32], const char *what, const char *slot, char text[WR_TOKEN_MARK + 1])
{
	const char *parts[] = {"mark", what, slot};
	derive(key, parts, 3, 16, text, WR_TOKEN_MARK + 1);
	return text;
}
