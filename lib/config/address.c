/* Addresses of endpoints as written: URLs, and hosts that are literal addresses. */
#include <string.h>
#include <strings.h>

#include "reader.h"

static bool is_host_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_';
}

static const char *parse_port(const char *at, struct url *url)
{
	url->port = -1;
	url->rest = at;
	if (*at != ':')
		return NULL;
	int port = 0;
	for (at++; *at >= '0' && *at <= '9' && port <= 65535; at++)
		port = 10 * port + *at - '0';
	if (port < 1 || port > 65535)
		return "its port is not from 1 to 65535";
	url->port = port;
	url->rest = at;
	return NULL;
}

/* host, or [IPv6] */
static const char *parse_host(const char *at, struct url *url)
{
	if (*at == '[') {
		const char *end = strchr(at, ']');
		struct wr_ip ip;
		if (!end || !wr_ip_parse(at + 1, (size_t)(end - at - 1), &ip))
			return "what stands in [ ] is no IPv6 address";
		url->host = at + 1;
		url->host_length = (size_t)(end - at - 1);
		return parse_port(end + 1, url);
	}
	url->host = at;
	while (is_host_character(*at))
		at++;
	url->host_length = (size_t)(at - url->host);
	if (url->host_length == 0)
		return "it has no host";
	if (url->host_length > 253)
		return "its host is too long";
	return parse_port(at, url);
}

const char *config_url_parse(const char *text, struct url *ret_url)
{
	*ret_url = (struct url){.port = -1};
	for (const char *at = text; *at; at++)
		if (*at <= ' ' || *at > '~' || strchr("\"<>\\^`{|}", *at))
			return "it has a character that must be written with %";
	if (strncasecmp(text, "https://", 8) == 0)
		ret_url->tls = true;
	else if (strncasecmp(text, "http://", 7) != 0)
		return "it begins with neither https:// nor http://";
	const char *host = text + (ret_url->tls ? 8 : 7);
	size_t authority = strcspn(host, "/?#");
	if (memchr(host, '@', authority))
		return "it has a user or password, which would stand in logs";
	const char *wrong = parse_host(host, ret_url);
	if (!wrong && *ret_url->rest && !strchr("/?#", *ret_url->rest))
		return "its host has a character that is not allowed";
	return wrong;
}

/* One number of an IPv4 address as resolvers read it: decimal, 0 octal, 0x hex. */
static const char *part(const char *at, const char *end, uint64_t *ret_number)
{
	unsigned base = 10;
	if (end - at > 1 && at[0] == '0') {
		base = at[1] == 'x' || at[1] == 'X' ? 16 : 8;
		at += base == 16 ? 2 : 1;
	}
	const char *start = at;
	for (*ret_number = 0; at < end && *at != '.'; at++) {
		unsigned digit = *at >= '0' && *at <= '9' ? (unsigned)(*at - '0')
		                 : (*at | 32) >= 'a' && (*at | 32) <= 'f'
		                     ? (unsigned)((*at | 32) - 'a') + 10
		                     : 99;
		if (digit >= base || *ret_number > UINT32_MAX)
			return NULL;
		*ret_number = base * *ret_number + digit;
	}
	return at > start ? at : NULL;
}

/* inet_aton's forms: a.b.c.d, a.b.c, a.b, a. */
static bool v4_however_spelt(const char *at, const char *end, uint8_t bytes[4])
{
	uint64_t parts[4] = {0}, address = 0;
	size_t n = 0;
	for (;;) {
		at = part(at, end, &parts[n]);
		if (!at)
			return false;
		n++;
		if (at == end)
			break;
		at++;
		if (n == 4 || at == end)
			return false;
	}
	for (size_t i = 0; i + 1 < n; i++) {
		if (parts[i] > 255)
			return false;
		address |= parts[i] << (24 - 8 * i);
	}
	if (parts[n - 1] >= (uint64_t)1 << (32 - 8 * (n - 1)))
		return false;
	address |= parts[n - 1];
	for (size_t i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(address >> (24 - 8 * i));
	return true;
}

bool config_url_ip(const struct url *url, struct wr_ip *ret_ip)
{
	uint8_t v4[4];
	const char *end = url->host + url->host_length;
	if (url->host_length > 0 && end[-1] == '.')
		end--;
	if (wr_ip_parse(url->host, url->host_length, ret_ip))
		return true;
	if (!v4_however_spelt(url->host, end, v4))
		return false;
	*ret_ip = wr_ip_from_v4(v4);
	return true;
}
