/*
 * Which addresses a webhook has no business with. For IPv4 the ranges that are not global are
 * listed; for IPv6 everything outside 2000::/3 is special, and some ranges inside it.
 * IANA special-purpose address registries (RFC 6890 and its updates).
 */
#include "wardround/notice.h"

#include <string.h>

struct range {
	uint8_t bytes[16];
	int bits;
};

static const struct range special_v4[] = {
    // clang-format off
    {{0}, 8},                /* this network */
    {{10}, 8},               /* private */
    {{100, 64}, 10},         /* shared between a carrier and its customers */
    {{127}, 8},              /* loopback */
    {{169, 254}, 16},        /* link-local, and the metadata of cloud machines */
    {{172, 16}, 12},         /* private */
    {{192, 0, 0}, 24},       /* protocol assignments */
    {{192, 0, 2}, 24},       /* documentation */
    {{192, 88, 99}, 24},     /* 6to4 relays, given up */
    {{192, 168}, 16},        /* private */
    {{198, 18}, 15},         /* benchmarking */
    {{198, 51, 100}, 24},    /* documentation */
    {{203, 0, 113}, 24},     /* documentation */
    {{224}, 4},              /* multicast */
    {{240}, 4},              /* reserved, and broadcast */
    // clang-format on
};

static const struct range global_v6 = {{0x20}, 3};
static const struct range special_v6[] = {
    // clang-format off
    {{0x20, 0x01}, 23},                /* protocol assignments; Teredo is looked at before */
    {{0x20, 0x01, 0x0d, 0xb8}, 32},    /* documentation */
    {{0x3f, 0xff}, 20},                /* documentation */
    // clang-format on
};

/* Ranges whose addresses stand for an IPv4 address, and at which byte that begins. */
static const struct {
	struct range range;
	int at;
} embedding[] = {
    // clang-format off
    {{{0}, 96}, 12},                                                       /* compatible, ::, ::1 */
    {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96}, 12},                /* mapped */
    {{{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96}, 12},                      /* translated, RFC 2765 */
    {{{0x00, 0x64, 0xff, 0x9b}, 96}, 12},                                  /* NAT64, RFC 6052 */
    {{{0x20, 0x02}, 16}, 2},                                               /* 6to4, RFC 3056 */
    // clang-format on
};
static const struct range teredo = {{0x20, 0x01}, 32};

static bool is_in(const uint8_t *bytes, const struct range *range)
{
	int whole = range->bits / 8, rest = range->bits % 8;
	if (memcmp(bytes, range->bytes, (size_t)whole) != 0)
		return false;
	uint8_t mask = (uint8_t)(0xff00 >> rest);
	return rest == 0 || (bytes[whole] & mask) == (range->bytes[whole] & mask);
}

static bool is_in_any(const uint8_t *bytes, const struct range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_in(bytes, &ranges[i]))
			return true;
	return false;
}

static bool is_special_v4(const uint8_t *bytes)
{
	return is_in_any(bytes, special_v4, WR_COUNT(special_v4));
}

/* Teredo (RFC 4380): the server, and the client with its bits turned over. */
static bool is_special_teredo(const uint8_t *bytes)
{
	uint8_t client[4];
	for (int i = 0; i < 4; i++)
		client[i] = (uint8_t)~bytes[12 + i];
	return is_special_v4(bytes + 4) || is_special_v4(client);
}

/* ISATAP (RFC 5214): the last 64 bits are 0000:5efe or 0200:5efe and an IPv4 address. */
static bool is_isatap(const uint8_t *bytes)
{
	return (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
}

static bool is_special_v6(const uint8_t *bytes)
{
	for (size_t i = 0; i < WR_COUNT(embedding); i++)
		if (is_in(bytes, &embedding[i].range))
			return is_special_v4(bytes + embedding[i].at);
	if (is_in(bytes, &teredo))
		return is_special_teredo(bytes);
	if (!is_in(bytes, &global_v6) || is_in_any(bytes, special_v6, WR_COUNT(special_v6)))
		return true;
	return is_isatap(bytes) && is_special_v4(bytes + 12);
}

bool wr_address_is_special(const uint8_t *bytes, size_t length)
{
	if (length == 4)
		return is_special_v4(bytes);
	return length != 16 || is_special_v6(bytes);
}
