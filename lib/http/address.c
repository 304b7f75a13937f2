#include "wardround/http.h"

#include <stdio.h>
#include <string.h>

static const uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool wr_ip_is_v4(struct wr_ip ip)
{
	return memcmp(ip.bytes, v4_prefix, sizeof(v4_prefix)) == 0;
}

bool wr_ip_equal(struct wr_ip a, struct wr_ip b)
{
	return memcmp(a.bytes, b.bytes, sizeof(a.bytes)) == 0;
}

struct wr_ip wr_ip_from_v4(const uint8_t octets[4])
{
	struct wr_ip ip;
	memcpy(ip.bytes, v4_prefix, sizeof(v4_prefix));
	memcpy(ip.bytes + 12, octets, 4);
	return ip;
}

static unsigned digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 99;
}

/* Reads at most `most` digits; returns how many there were, 0 when there were none or more. */
static size_t read_number(
    const char *text, size_t length, unsigned base, size_t most, unsigned *ret_number)
{
	unsigned number = 0;
	size_t n = 0;
	for (; n < length; n++) {
		unsigned digit = digit_of(text[n]);
		if (digit >= base)
			break;
		if (n == most)
			return 0;
		number = number * base + digit;
	}
	*ret_number = number;
	return n;
}

static bool parse_v4(const char *text, size_t length, uint8_t octets[4])
{
	for (int i = 0; i < 4; i++) {
		unsigned number;
		size_t n = read_number(text, length, 10, 3, &number);
		if (n == 0 || number > 255 || (n > 1 && text[0] == '0'))
			return false;
		octets[i] = (uint8_t)number;
		text += n;
		length -= n;
		if (i < 3) {
			if (length == 0 || *text != '.')
				return false;
			text++;
			length--;
		}
	}
	return length == 0;
}

/* Moves what stands behind "::" to the end. */
static void spread(struct wr_ip *ip, size_t gap, size_t filled)
{
	size_t behind = filled - gap;
	memmove(ip->bytes + 16 - behind, ip->bytes + gap, behind);
	memset(ip->bytes + gap, 0, 16 - filled);
}

static bool parse_v6(const char *text, size_t length, struct wr_ip *ip)
{
	const char *end = text + length;
	size_t filled = 0, gap = SIZE_MAX;
	*ip = (struct wr_ip){0};
	if (length >= 2 && text[0] == ':' && text[1] == ':') {
		gap = 0;
		text += 2;
	}
	while (text < end) {
		unsigned group = 0;
		size_t n = read_number(text, (size_t)(end - text), 16, 4, &group);
		if (filled <= 12 && memchr(text, '.', (size_t)(end - text)) &&
		    !memchr(text, ':', (size_t)(end - text))) {
			if (!parse_v4(text, (size_t)(end - text), ip->bytes + filled))
				return false;
			filled += 4;
			break;
		}
		if (n == 0 || filled == 16)
			return false;
		ip->bytes[filled++] = (uint8_t)(group >> 8);
		ip->bytes[filled++] = (uint8_t)group;
		text += n;
		if (text == end)
			break;
		if (*text++ != ':' || text == end)
			return false;
		if (*text == ':') {
			if (gap != SIZE_MAX)
				return false;
			gap = filled;
			text++;
		}
	}
	if (gap == SIZE_MAX)
		return filled == 16;
	if (filled > 14)
		return false;
	spread(ip, gap, filled);
	return true;
}

bool wr_ip_parse(const char *text, size_t length, struct wr_ip *ret_ip)
{
	uint8_t octets[4];
	if (parse_v4(text, length, octets)) {
		*ret_ip = wr_ip_from_v4(octets);
		return true;
	}
	struct wr_ip ip;
	if (!parse_v6(text, length, &ip))
		return false;
	*ret_ip = ip;
	return true;
}

static unsigned group_of(struct wr_ip ip, int i)
{
	return (unsigned)ip.bytes[2 * i] << 8 | ip.bytes[2 * i + 1];
}

/* The longest run of two or more zero groups, the first of equal ones (RFC 5952, 4.2). */
static void longest_zeros(struct wr_ip ip, int *ret_at, int *ret_length)
{
	*ret_at = -1;
	*ret_length = 1;
	for (int i = 0; i < 8; i++) {
		int n = 0;
		while (i + n < 8 && group_of(ip, i + n) == 0)
			n++;
		if (n > *ret_length) {
			*ret_at = i;
			*ret_length = n;
		}
		i += n;
	}
}

char *wr_ip_write(struct wr_ip ip, char text[WR_IP_TEXT])
{
	const uint8_t *b = ip.bytes;
	if (wr_ip_is_v4(ip)) {
		snprintf(text, WR_IP_TEXT, "%u.%u.%u.%u", b[12], b[13], b[14], b[15]);
		return text;
	}
	int zeros, n_zeros;
	longest_zeros(ip, &zeros, &n_zeros);
	size_t used = 0;
	for (int i = 0; i < 8; i++) {
		if (i == zeros) {
			used += (size_t)snprintf(text + used, WR_IP_TEXT - used, "::");
			i += n_zeros - 1;
			continue;
		}
		const char *colon = i == 0 || text[used - 1] == ':' ? "" : ":";
		used += (size_t)snprintf(
		    text + used, WR_IP_TEXT - used, "%s%x", colon, group_of(ip, i));
	}
	return text;
}

static struct wr_ip masked(struct wr_ip ip, unsigned bits)
{
	for (unsigned i = 0; i < 16; i++) {
		unsigned here = bits > 8 * i ? bits - 8 * i : 0;
		if (here < 8)
			ip.bytes[i] &= (uint8_t)(0xff00u >> here);
	}
	return ip;
}

struct wr_ip wr_ip_client(struct wr_ip ip)
{
	return masked(ip, wr_ip_is_v4(ip) ? 96 + 24 : 64);
}

bool wr_network_parse(const char *text, struct wr_network *ret_network)
{
	struct wr_network network = {.bits = 128};
	if (strcmp(text, "unix:") == 0) {
		*ret_network = network;
		return true;
	}
	const char *slash = strchr(text, '/');
	size_t length = slash ? (size_t)(slash - text) : strlen(text);
	if (!wr_ip_parse(text, length, &network.ip))
		return false;
	if (slash) {
		bool v4 = !memchr(text, ':', length);
		int64_t bits;
		if (wr_text_int(slash + 1, 0, v4 ? 32 : 128, &bits) != 0)
			return false;
		network.bits = (uint8_t)(bits + (v4 ? 96 : 0));
	}
	if (!wr_ip_equal(network.ip, masked(network.ip, network.bits)))
		return false;
	*ret_network = network;
	return true;
}

bool wr_network_has(const struct wr_network *network, struct wr_ip ip)
{
	/* ::/0 means every IPv6 address; IPv4 has its own 0.0.0.0/0. */
	if (network->bits < 96 && wr_ip_is_v4(ip))
		return false;
	return wr_ip_equal(network->ip, masked(ip, network->bits));
}

bool wr_network_any(const struct wr_network *networks, size_t n, struct wr_ip ip)
{
	for (size_t i = 0; i < n; i++)
		if (wr_network_has(&networks[i], ip))
			return true;
	return false;
}

int wr_address_parse(const char *text, struct wr_address *ret_address)
{
	struct wr_address address = {.kind = WR_ADDRESS_TCP};
	if (wr_text_starts(text, "unix:")) {
		if (!text[5])
			return WR_ADDRESS_NO_PATH;
		address = (struct wr_address){.kind = WR_ADDRESS_UNIX, .path = text + 5};
		*ret_address = address;
		return 0;
	}
	const char *host = text, *host_end = strchr(text, ':');
	if (text[0] == '[') {
		address.v6 = true;
		host = text + 1;
		host_end = strchr(text, ']');
	}
	if (!host_end && address.v6)
		return WR_ADDRESS_NO_HOST;
	if (!host_end)
		host_end = text + strlen(text);
	size_t length = (size_t)(host_end - host);
	bool has_colon = memchr(host, ':', length) != NULL;
	if (!wr_ip_parse(host, length, &address.ip) || has_colon != address.v6)
		return WR_ADDRESS_NO_HOST;
	const char *colon = host_end + (*host_end == ']');
	int64_t port;
	if (*colon != ':' || wr_text_int(colon + 1, 1, 65535, &port) != 0)
		return WR_ADDRESS_NO_PORT;
	address.port = (uint16_t)port;
	*ret_address = address;
	return 0;
}

const char *wr_address_hint(enum wr_address_outcome outcome)
{
	switch (outcome) {
	case WR_ADDRESS_NO_HOST:
		return "write an IP address and a port, as 127.0.0.1:8480 or [::1]:8480, or "
		       "unix:/path";
	case WR_ADDRESS_NO_PORT:
		return "write a port from 1 to 65535 behind the address, as 127.0.0.1:8480";
	case WR_ADDRESS_NO_PATH:
		return "write the path of the socket, as unix:/run/wardround/http.sock";
	}
	return "";
}

char *wr_address_text(struct wr_arena *arena, const struct wr_address *address)
{
	char ip[WR_IP_TEXT];
	switch (address->kind) {
	case WR_ADDRESS_UNIX:
		return wr_arena_printf(arena, "unix:%s", address->path);
	case WR_ADDRESS_TCP:
		wr_ip_write(address->ip, ip);
		return wr_arena_printf(
		    arena, strchr(ip, ':') ? "[%s]:%u" : "%s:%u", ip, (unsigned)address->port);
	}
	return wr_arena_strdup(arena, "");
}
