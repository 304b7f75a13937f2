/*
 * The style sheet and its address. A hash of the bytes is in the address, so that it may be kept
 * for ever and a new version is a new address.
 */
#include <stdio.h>

#include "wardround/page.h"

extern const unsigned char wr_page_css[], wr_page_licences[];
extern const char wr_page_css_digest[];

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
	snprintf(text, WR_PAGE_STYLE_PATH, "/assets/page-%s.css", wr_page_css_digest);
	return text;
}
