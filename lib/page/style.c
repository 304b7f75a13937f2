/*
 * One small style sheet: readable at 320 px and on paper, nothing loaded from elsewhere.
 */
#include "wardround/page.h"

#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>
#include <string.h>

static const char style[] =
    "html{font-family:arial,sans-serif;font-size:1.1875rem;line-height:1.5;color:#212b32;"
    "background:#fff}"
    "body{margin:0 auto;padding:1rem;max-width:40rem}"
    "h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.3rem;margin:2rem 0 .5rem}"
    "dl{margin:0}dt{font-weight:bold}dd{margin:0 0 .75rem;overflow-wrap:anywhere}"
    "a{color:#005eb8}a:focus,button:focus,input:focus,textarea:focus{outline:4px solid #ffeb3b;"
    "outline-offset:0;box-shadow:inset 0 0 0 4px #212b32}"
    "fieldset{border:0;margin:1rem 0;padding:0}legend{font-weight:bold;padding:0}"
    ".choice{display:block;margin:.5rem 0;padding:.35rem 0}"
    ".choice input{width:1.5rem;height:1.5rem;margin:0 .5rem 0 0;vertical-align:middle}"
    "label.box{display:block;font-weight:bold}"
    "textarea{box-sizing:border-box;width:100%;min-height:6rem;font:inherit;border:2px solid "
    "#4c6272}"
    "button{font:inherit;font-weight:bold;color:#fff;background:#006747;border:0;"
    "padding:.6rem 1rem;margin:.75rem 0;min-height:44px;cursor:pointer}"
    ".hint{color:#4c6272;margin:.25rem 0}"
    ".said,.wrong{border:4px solid #006747;padding:.75rem 1rem;margin:1rem 0}"
    ".wrong{border-color:#d5281b}"
    "@media print{button,fieldset,textarea,label.box,.hint{display:none}}";

const char *wr_page_style(void)
{
	return style;
}

char *wr_page_style_path(char text[WR_PAGE_STYLE_PATH])
{
	unsigned char hash[crypto_generichash_BYTES_MIN];
	static const char before[] = "/assets/page-", after[] = ".css";
	crypto_generichash(
	    hash, sizeof(hash), (const unsigned char *)style, sizeof(style) - 1, NULL, 0);
	memcpy(text, before, sizeof(before));
	sodium_bin2hex(text + sizeof(before) - 1, 2 * sizeof(hash) + 1, hash, sizeof(hash));
	memcpy(text + sizeof(before) - 1 + 2 * sizeof(hash), after, sizeof(after));
	return text;
}
