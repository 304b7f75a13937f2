#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>

#include "wardround/notice.h"

static bool is_special(const char *text)
{
	uint8_t bytes[16];
	bool v6 = strchr(text, ':') != NULL;
	if (inet_pton(v6 ? AF_INET6 : AF_INET, text, bytes) != 1)
		fail_msg("no address: %s", text);
	return wr_address_is_special(bytes, v6 ? 16 : 4);
}

static void test_special_addresses_are_refused_however_they_are_wrapped(void **state)
{
	(void)state;
	static const char *const special[] = {"0.0.0.0", "0.255.255.255", "10.0.0.0",
	    "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1", "127.255.255.255",
	    "169.254.0.0", "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.1",
	    "192.0.2.1", "192.88.99.1", "192.168.0.0", "192.168.255.255", "198.18.0.0",
	    "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
	    "240.0.0.0", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.1.2.3",
	    "::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:192.168.0.1", "64:ff9b::10.0.0.1",
	    "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1",
	    "2001:0:7f00:1::", "2001::ffff:ffff:f5ff:fffe", "2001:2::1", "2001:10::1", "2001:20::1",
	    "2001:db8::1", "2002:7f00:1::1", "2002:a00:1::", "2002:c0a8:1::1", "3fff::1",
	    "3fff:fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fdff:ffff::1", "fe80::1",
	    "febf::1", "fec0::1", "feff::1", "ff02::1", "ff0e::1", "4000::1", "8000::1",
	    "2a00:1450::5efe:10.0.0.1", "2a00:1450::200:5efe:127.0.0.1"};
	for (size_t i = 0; i < WR_COUNT(special); i++)
		if (!is_special(special[i]))
			fail_msg("%s is let through", special[i]);
}

static void test_global_addresses_pass(void **state)
{
	(void)state;
	static const char *const global[] = {"1.1.1.1", "9.255.255.255", "11.0.0.0",
	    "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1", "169.253.255.255",
	    "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.0.3.1",
	    "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "203.0.112.1",
	    "203.0.114.1", "223.255.255.255", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1",
	    "2002:101:101::1", "2a00:1450:4009::1", "2606:4700::1111", "2001:200::1",
	    "2001:4860:4860::8888", "2001:0:101:101::fefe:fefe", "3ffe:ffff::1", "3fff:1000::1",
	    "2a00:1450::5efe:1.1.1.1"};
	for (size_t i = 0; i < WR_COUNT(global); i++)
		if (is_special(global[i]))
			fail_msg("%s is refused", global[i]);
}

static void test_bytes_that_are_no_address_are_special(void **state)
{
	(void)state;
	uint8_t bytes[16] = {1, 1, 1, 1};
	assert_true(wr_address_is_special(bytes, 0));
	assert_true(wr_address_is_special(bytes, 15));
	assert_false(wr_address_is_special(bytes, 4));
}

/* Every IPv4 /16 gives the same answer on its own and in each wrapping. */
static void test_wrapped_addresses_are_judged_as_they_are_bare(void **state)
{
	(void)state;
	for (unsigned high = 0; high < 0x10000; high++) {
		uint8_t v4[4] = {(uint8_t)(high >> 8), (uint8_t)high, 7, 7};
		uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff}, compatible[16] = {0};
		uint8_t nat64[16] = {0, 0x64, 0xff, 0x9b}, sixtofour[16] = {0x20, 0x02};
		memcpy(mapped + 12, v4, 4);
		memcpy(compatible + 12, v4, 4);
		memcpy(nat64 + 12, v4, 4);
		memcpy(sixtofour + 2, v4, 4);
		bool bare = wr_address_is_special(v4, 4);
		assert_int_equal(wr_address_is_special(mapped, 16), bare);
		assert_int_equal(wr_address_is_special(compatible, 16), bare);
		assert_int_equal(wr_address_is_special(nat64, 16), bare);
		assert_int_equal(wr_address_is_special(sixtofour, 16), bare);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_special_addresses_are_refused_however_they_are_wrapped),
	    cmocka_unit_test(test_global_addresses_pass),
	    cmocka_unit_test(test_bytes_that_are_no_address_are_special),
	    cmocka_unit_test(test_wrapped_addresses_are_judged_as_they_are_bare),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
