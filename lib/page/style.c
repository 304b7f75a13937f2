/*
 * The style sheet and its address. A hash of the bytes is in the address, so that it may be kept
 * for ever and a new version is a new address.
 */
#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>
#include <string.h>

#include "wardround/page.h"

extern const unsigned char wr_page_css[], wr_page_licences[];
extern const size_t wr_page_css_length;

const char *wr_page_style(void)
{
	return (const char *)wr_page_css;
}

const char *wr_page_licences_text(void)
{
	return (const char *)wr_page_licences;
}

char *wr_page_style_path(char text[WR_PAGE_STYLE_PATH])
{
	unsigned char hash[crypto_generichash_BYTES_MIN];
	static const char before[] = "/assets/page-", after[] = ".css";
	crypto_generichash(hash, sizeof(hash), wr_page_css, wr_page_css_length, NULL, 0);
	memcpy(text, before, sizeof(before));
	sodium_bin2hex(text + sizeof(before) - 1, 2 * sizeof(hash) + 1, hash, sizeof(hash));
	memcpy(text + sizeof(before) - 1 + 2 * sizeof(hash), after, sizeof(after));
	return text;
}
