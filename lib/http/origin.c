#include "wardround/http.h"

#include <string.h>
#include <strings.h>

/* What stands behind "http://" or "https://"; NULL when it is no such address. */
static const char *behind_scheme(const char *url)
{
	if (strncasecmp(url, "http://", 7) == 0)
		return url + 7;
	if (strncasecmp(url, "https://", 8) == 0)
		return url + 8;
	return NULL;
}

/* An origin is scheme, host and port; browsers leave out a default port, people may not. */
static bool is_origin_of(const char *origin, const char *url)
{
	const char *host = behind_scheme(url);
	if (!host)
		return false;
	size_t length = (size_t)(host - url) + strcspn(host, "/?#");
	const char *port = strncasecmp(url, "https", 5) == 0 ? ":443" : ":80";
	size_t port_length = strlen(port);
	if (length > port_length && memcmp(url + length - port_length, port, port_length) == 0)
		length -= port_length;
	return strlen(origin) == length && strncasecmp(origin, url, length) == 0;
}

enum wr_origin wr_http_origin(
    const char *sec_fetch_site, const char *origin, const char *host, const char *public_url)
{
	if (sec_fetch_site)
		return strcmp(sec_fetch_site, "same-origin") == 0 ||
		               strcmp(sec_fetch_site, "none") == 0
		           ? WR_ORIGIN_SAME
		           : WR_ORIGIN_OTHER;
	if (!origin)
		return WR_ORIGIN_UNSAID;
	/* The scheme is not compared with Host: behind a TLS proxy the server sees plain HTTP. */
	const char *origin_host = behind_scheme(origin);
	if (origin_host && host && *host && strcasecmp(origin_host, host) == 0)
		return WR_ORIGIN_SAME;
	if (public_url && is_origin_of(origin, public_url))
		return WR_ORIGIN_SAME;
	return WR_ORIGIN_OTHER;
}
