#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "wardround/http.h"

static struct wr_ip ip_of(const char *text)
{
	struct wr_ip ip = {0};
	if (!wr_ip_parse(text, strlen(text), &ip))
		fail_msg("%s is an address", text);
	return ip;
}

static struct wr_network network_of(const char *text)
{
	struct wr_network network = {0};
	if (!wr_network_parse(text, &network))
		fail_msg("%s is a network", text);
	return network;
}

static void test_addresses_are_written_in_one_form(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
	    {"192.0.2.1", "192.0.2.1"},
	    {"::ffff:192.0.2.1", "192.0.2.1"},
	    {"2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
	    {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
	    {"::", "::"},
	    {"::1", "::1"},
	    {"1::", "1::"},
	    {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
	    {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
	    {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
	    {"FE80::A", "fe80::a"},
	};
	for (size_t i = 0; i < WR_COUNT(pairs); i++) {
		char text[WR_IP_TEXT];
		assert_string_equal(wr_ip_write(ip_of(pairs[i][0]), text), pairs[i][1]);
	}
}

static void test_what_is_no_address_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4",
	    "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4", ":", ":::", "1:", ":1", "1::2::3",
	    "12345::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1%eth0",
	    "[::1]", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "::g", "0x7f.1", "localhost", "1.2.3.4::"};
	for (size_t i = 0; i < WR_COUNT(bad); i++) {
		struct wr_ip ip;
		if (wr_ip_parse(bad[i], strlen(bad[i]), &ip))
			fail_msg("%s was taken", bad[i]);
	}
}

static void test_networks_match_by_prefix(void **state)
{
	(void)state;
	struct wr_network ten = network_of("10.20.0.0/15"), doc = network_of("2001:db8::/33"),
			  one = network_of("192.0.2.7"), all = network_of("0.0.0.0/0"),
			  all6 = network_of("::/0"), local = network_of("unix:");
	assert_true(wr_network_has(&ten, ip_of("10.21.255.255")));
	assert_false(wr_network_has(&ten, ip_of("10.22.0.0")));
	assert_true(wr_network_has(&doc, ip_of("2001:db8:7fff::1")));
	assert_false(wr_network_has(&doc, ip_of("2001:db8:8000::1")));
	assert_true(wr_network_has(&one, ip_of("::ffff:192.0.2.7")));
	assert_false(wr_network_has(&one, ip_of("192.0.2.8")));
	assert_true(wr_network_has(&all, ip_of("203.0.113.9")));
	assert_false(wr_network_has(&all, ip_of("2001:db8::1")));
	assert_true(wr_network_has(&all6, ip_of("2001:db8::1")));
	assert_false(wr_network_has(&all6, ip_of("203.0.113.9")));
	assert_true(wr_network_has(&local, (struct wr_ip){0}));
	assert_false(wr_network_has(&local, ip_of("::1")));

	static const char *const bad[] = {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1",
	    "2001:db8::/129", "2001:db8::1/64", "10.0.0.0/8/8", "", "/8", "unix"};
	for (size_t i = 0; i < WR_COUNT(bad); i++) {
		struct wr_network network;
		if (wr_network_parse(bad[i], &network))
			fail_msg("%s was taken", bad[i]);
	}
}

static void test_a_client_is_a_24_or_a_64(void **state)
{
	(void)state;
	char text[WR_IP_TEXT];
	assert_string_equal(wr_ip_write(wr_ip_client(ip_of("192.0.2.77")), text), "192.0.2.0");
	assert_string_equal(
	    wr_ip_write(wr_ip_client(ip_of("2001:db8:1:2:3:4:5:6")), text), "2001:db8:1:2::");
}

static void test_last_untrusted_hop_is_who_asks(void **state)
{
	(void)state;
	struct wr_network trusted[] = {network_of("127.0.0.0/8"), network_of("10.0.0.0/8")};
	static const struct {
		const char *peer, *header, *client;
	} cases[] = {
	    {"127.0.0.1", "203.0.113.9", "203.0.113.9"},
	    {"127.0.0.1", "198.51.100.1, 203.0.113.9, 10.1.1.1", "203.0.113.9"},
	    {"127.0.0.1", "203.0.113.9:4711", "203.0.113.9"},
	    {"127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"},
	    {"127.0.0.1", "2001:db8::7", "2001:db8::7"},
	    {"127.0.0.1", "203.0.113.9, unknown, 10.1.1.1", "10.1.1.1"},
	    {"127.0.0.1", "", "127.0.0.1"}, {"127.0.0.1", ",", "127.0.0.1"},
	    {"127.0.0.1", "10.1.1.1", "10.1.1.1"},
	    {"203.0.113.5", "198.51.100.1", "203.0.113.5"}, /* not a proxy of ours: not believed */
	};
	for (size_t i = 0; i < WR_COUNT(cases); i++) {
		char text[WR_IP_TEXT];
		struct wr_ip client = wr_http_client(
		    ip_of(cases[i].peer), cases[i].header, trusted, WR_COUNT(trusted));
		assert_string_equal(wr_ip_write(client, text), cases[i].client);
	}
	assert_true(
	    wr_ip_equal(wr_http_client(ip_of("127.0.0.1"), NULL, trusted, 2), ip_of("127.0.0.1")));
}

static void test_listen_addresses_are_read_or_hinted_at(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int outcome;
		const char *again;
	} cases[] = {
	    {"127.0.0.1:8480", 0, "127.0.0.1:8480"},
	    {"[::1]:8480", 0, "[::1]:8480"},
	    {"[::]:80", 0, "[::]:80"},
	    {"unix:/run/x.sock", 0, "unix:/run/x.sock"},
	    {"unix:", WR_ADDRESS_NO_PATH, NULL},
	    {"localhost:80", WR_ADDRESS_NO_HOST, NULL},
	    {"::1:80", WR_ADDRESS_NO_HOST, NULL},
	    {"[127.0.0.1]:80", WR_ADDRESS_NO_HOST, NULL},
	    {"[::1:80", WR_ADDRESS_NO_HOST, NULL},
	    {":80", WR_ADDRESS_NO_HOST, NULL},
	    {"", WR_ADDRESS_NO_HOST, NULL},
	    {"127.0.0.1", WR_ADDRESS_NO_PORT, NULL},
	    {"127.0.0.1:0", WR_ADDRESS_NO_PORT, NULL},
	    {"127.0.0.1:65536", WR_ADDRESS_NO_PORT, NULL},
	    {"127.0.0.1:80x", WR_ADDRESS_NO_PORT, NULL},
	    {"[::1]8480", WR_ADDRESS_NO_PORT, NULL},
	};
	struct wr_arena arena = {0};
	for (size_t i = 0; i < WR_COUNT(cases); i++) {
		struct wr_address address = {0};
		int outcome = wr_address_parse(cases[i].text, &address);
		assert_int_equal(outcome, cases[i].outcome);
		if (outcome)
			assert_true(*wr_address_hint((enum wr_address_outcome)outcome));
		else
			assert_string_equal(wr_address_text(&arena, &address), cases[i].again);
	}
	wr_arena_deinit(&arena);
}

static void test_dates_are_imf_fixdates(void **state)
{
	(void)state;
	char text[WR_HTTP_DATE];
	wr_time at = 0;
	assert_string_equal(wr_http_date_write(784111777, text), "Sun, 06 Nov 1994 08:49:37 GMT");
	assert_string_equal(wr_http_date_write(-1, text), "Wed, 31 Dec 1969 23:59:59 GMT");
	assert_true(wr_http_date_parse("Sun, 06 Nov 1994 08:49:37 GMT", &at));
	assert_int_equal(at, 784111777);
	static const char *const bad[] = {"", "Mon, 06 Nov 1994 08:49:37 GMT",
	    "Sun, 06 Nov 1994 08:49:37 UTC", "Sunday, 06-Nov-94 08:49:37 GMT",
	    "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 24:49:37 GMT",
	    "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
	    "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 0a Nov 1994 08:49:37 GMT"};
	for (size_t i = 0; i < WR_COUNT(bad); i++)
		assert_false(wr_http_date_parse(bad[i], &at));
}

static void test_each_body_and_coding_has_its_etag(void **state)
{
	(void)state;
	char a[WR_ETAG], b[WR_ETAG], c[WR_ETAG];
	wr_etag_write("one", 3, WR_CODING_NONE, a);
	wr_etag_write("two", 3, WR_CODING_NONE, b);
	wr_etag_write("one", 3, WR_CODING_GZIP, c);
	assert_string_not_equal(a, b);
	assert_string_not_equal(a, c);
	assert_true(a[0] == '"' && a[strlen(a) - 1] == '"');
	assert_string_equal(wr_etag_write("one", 3, WR_CODING_NONE, b), a);
}

static void test_if_none_match_is_a_list_and_beats_the_date(void **state)
{
	(void)state;
	static const struct {
		const char *none_match, *since;
		bool not_modified;
	} cases[] = {
	    {"\"a\"", NULL, true},
	    {"\"b\"", NULL, false},
	    {"W/\"a\"", NULL, true},
	    {"\"x\", W/\"y\" ,\"a\"", NULL, true},
	    {"\"x,\"a\"", NULL, false},
	    {"\"comma, inside\", \"a\"", NULL, true},
	    {"*", NULL, true},
	    {" * ", NULL, true},
	    {"a", NULL, false},
	    {"\"a", NULL, false},
	    {"", "Sun, 06 Nov 1994 08:49:37 GMT", false},
	    {"\"b\"", "Sun, 06 Nov 1994 08:49:37 GMT", false}, /* the date is not asked */
	    {NULL, "Sun, 06 Nov 1994 08:49:37 GMT", true},
	    {NULL, "Sun, 06 Nov 1994 08:49:36 GMT", false},
	    {NULL, "yesterday", false},
	    {NULL, NULL, false},
	};
	for (size_t i = 0; i < WR_COUNT(cases); i++)
		assert_int_equal(
		    wr_http_not_modified(cases[i].none_match, cases[i].since, "\"a\"", 784111777),
		    cases[i].not_modified);
	assert_false(
	    wr_http_not_modified(NULL, "Sun, 06 Nov 1994 08:49:37 GMT", "\"a\"", WR_TIME_NONE));
}

static void test_gzip_is_chosen_by_quality(void **state)
{
	(void)state;
	static const struct {
		const char *accept;
		bool gzip;
	} cases[] = {{NULL, false}, {"", false}, {"gzip", true}, {"x-gzip", true},
	    {"deflate, GZip", true}, {"gzip;q=0", false}, {"gzip; q=0.000", false},
	    {"gzip;q=0.5, identity", false}, {"gzip;q=0.5, identity;q=0.5", true}, {"*", true},
	    {"*;q=0", false}, {"gzip;q=0, *", false}, {"identity", false}, {"gzip;q=2", false},
	    {"gzip;q=1.001", false}, {"gzip;q=", false}, {"gzip;level=9", false},
	    {"br, gzip ;q=0.9", true}, {"gzipp", false}, {"gzip;q=1.000", true}};
	for (size_t i = 0; i < WR_COUNT(cases); i++)
		if (wr_http_wants_gzip(cases[i].accept) != cases[i].gzip)
			fail_msg("%s", cases[i].accept);
}

static void test_gzip_unpacks_to_the_same_and_never_changes(void **state)
{
	(void)state;
	struct wr_buf once = {0}, again = {0};
	char text[5000], back[6000];
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i * i % 26);
	wr_gzip(text, sizeof(text), &once);
	wr_gzip(text, sizeof(text), &again);
	assert_int_equal(once.length, again.length);
	assert_memory_equal(once.data, again.data, once.length);
	assert_true(once.length < sizeof(text) / 2);
	z_stream stream = {.next_in = (Bytef *)once.data,
	    .avail_in = (uInt)once.length,
	    .next_out = (Bytef *)back,
	    .avail_out = sizeof(back)};
	assert_int_equal(inflateInit2(&stream, 31), Z_OK);
	assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
	assert_int_equal(stream.total_out, sizeof(text));
	assert_memory_equal(back, text, sizeof(text));
	inflateEnd(&stream);
	wr_buf_deinit(&once);
	wr_buf_deinit(&again);
}

static void test_paths_are_decoded_or_refused(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	const char *path = NULL, *plain = "/f/abc.ics";
	assert_true(wr_path_decode(&arena, plain, &path));
	assert_ptr_equal(path, plain);
	assert_true(wr_path_decode(&arena, "/s/Zo%c3%ab%20x", &path));
	assert_string_equal(path, "/s/Zo\xc3\xab x");
	static const char *const bad[] = {
	    "/a%", "/a%4", "/a%zz", "/a%00", "/a%2fb", "/a%2Fb", "/a%0a", "/a%ff", "/\xff", "/%c3"};
	for (size_t i = 0; i < WR_COUNT(bad); i++)
		assert_false(wr_path_decode(&arena, bad[i], &path));
	wr_arena_deinit(&arena);
}

static bool parses(struct wr_arena *arena, const char *text, struct wr_form *form)
{
	return wr_form_parse(arena, text, strlen(text), form);
}

static void test_forms_are_decoded_in_order(void **state)
{
	(void)state;
	struct wr_arena arena = {0};
	struct wr_form form;
	assert_true(
	    parses(&arena, "answer=phone&note=a+b%26c%0D%0Ad&&day=mon&day=tue&last", &form));
	assert_int_equal(form.n, 5);
	assert_string_equal(wr_form_get(&form, "answer"), "phone");
	assert_string_equal(wr_form_get(&form, "note"), "a b&c\r\nd");
	assert_string_equal(wr_form_get(&form, "day"), "mon");
	assert_string_equal(wr_form_nth(&form, "day", 1), "tue");
	assert_null(wr_form_nth(&form, "day", 2));
	assert_string_equal(wr_form_get(&form, "last"), "");
	assert_null(wr_form_get(&form, "ward"));
	assert_true(parses(&arena, "a=b=c", &form));
	assert_string_equal(wr_form_get(&form, "a"), "b=c");
	assert_true(wr_form_parse(&arena, NULL, 0, &form));
	assert_int_equal(form.n, 0);
	wr_arena_deinit(&arena);
}

static void test_bad_forms_are_refused_whole(void **state)
{
	(void)state;
	static const char *const bad[] = {
	    "a=%", "a=%4", "a=%zz", "a=%00", "a=%1b", "a=%7f", "a=%ff", "=b", "a=1&=2", "%ff=1"};
	struct wr_arena arena = {0};
	struct wr_form form;
	for (size_t i = 0; i < WR_COUNT(bad); i++) {
		assert_false(parses(&arena, bad[i], &form));
		assert_int_equal(form.n, 0);
	}
	assert_false(wr_form_parse(&arena, "a=\0", 3, &form));
	struct wr_buf many = {0};
	for (int i = 0; i < WR_FORM_FIELDS; i++)
		wr_buf_puts(&many, i ? "&a=1" : "a=1");
	assert_true(parses(&arena, many.data, &form));
	wr_buf_puts(&many, "&a=1");
	assert_false(parses(&arena, many.data, &form));
	wr_buf_deinit(&many);
	wr_arena_deinit(&arena);
}

static void test_escaped_text_decodes_to_itself(void **state)
{
	(void)state;
	struct wr_buf buf = {0};
	struct wr_arena arena = {0};
	struct wr_form form;
	const char *text = "a b&c=d/\xc3\xab+~";
	wr_buf_puts(&buf, "x=");
	wr_http_escape(&buf, text);
	assert_string_equal(buf.data, "x=a%20b%26c%3Dd%2F%C3%AB%2B~");
	assert_true(parses(&arena, buf.data, &form));
	assert_string_equal(wr_form_get(&form, "x"), text);
	wr_arena_deinit(&arena);
	wr_buf_deinit(&buf);
}

static void test_a_form_from_elsewhere_is_known(void **state)
{
	(void)state;
	static const struct {
		const char *site, *origin, *host, *url;
		enum wr_origin expected;
	} cases[] = {
	    {"same-origin", "https://evil.example", "a", NULL, WR_ORIGIN_SAME},
	    {"none", NULL, "a", NULL, WR_ORIGIN_SAME},
	    {"same-site", "https://a", "a", NULL, WR_ORIGIN_OTHER},
	    {"cross-site", "https://a", "a", NULL, WR_ORIGIN_OTHER},
	    {"", "https://a", "a", NULL, WR_ORIGIN_OTHER},
	    {NULL, "http://127.0.0.1:8480", "127.0.0.1:8480", NULL, WR_ORIGIN_SAME},
	    {NULL, "https://Times.example.org", "times.example.org", NULL, WR_ORIGIN_SAME},
	    {NULL, "https://times.example.org", "127.0.0.1:8480", "https://times.example.org/x",
		WR_ORIGIN_SAME},
	    {NULL, "https://times.example.org.evil", "127.0.0.1:8480", "https://times.example.org",
		WR_ORIGIN_OTHER},
	    {NULL, "http://times.example.org", "127.0.0.1:8480", "https://times.example.org",
		WR_ORIGIN_OTHER},
	    {NULL, "https://a.example", "x", "https://a.example:443/", WR_ORIGIN_SAME},
	    {NULL, "http://a.example", "x", "http://a.example:443", WR_ORIGIN_OTHER},
	    {NULL, "null", "null", NULL, WR_ORIGIN_OTHER},
	    {NULL, "https://", "", NULL, WR_ORIGIN_OTHER},
	    {NULL, NULL, "a", NULL, WR_ORIGIN_UNSAID},
	};
	for (size_t i = 0; i < WR_COUNT(cases); i++)
		assert_int_equal(
		    wr_http_origin(cases[i].site, cases[i].origin, cases[i].host, cases[i].url),
		    cases[i].expected);
}

static void test_twenty_a_minute_from_one_network(void **state)
{
	(void)state;
	struct wr_rate rate;
	wr_rate_init(&rate, &(struct wr_rate_settings){20, 60000, 64, {1}});
	uint64_t wait = 0;
	for (unsigned i = 0; i < 20; i++)
		assert_true(wr_rate_take(&rate, ip_of("192.0.2.1"), 1000 * i, &wait));
	assert_int_equal(wait, 41000);
	assert_false(wr_rate_take(&rate, ip_of("192.0.2.200"), 20000, &wait)); /* the same /24 */
	assert_int_equal(wait, 40000);
	assert_true(wr_rate_take(&rate, ip_of("192.0.3.1"), 20000, &wait));
	assert_int_equal(wait, 0);
	assert_false(wr_rate_take(&rate, ip_of("192.0.2.1"), 59999, NULL));
	assert_true(wr_rate_take(&rate, ip_of("192.0.2.1"), 60000, &wait)); /* the first is over */
	assert_false(wr_rate_take(&rate, ip_of("192.0.2.1"), 60999, NULL));
	assert_true(wr_rate_take(&rate, ip_of("192.0.2.1"), 61000, NULL));
	wr_rate_deinit(&rate);
}

static void test_memory_of_guessers_is_bounded(void **state)
{
	(void)state;
	struct wr_rate rate;
	wr_rate_init(&rate, &(struct wr_rate_settings){2, 60000, 64, {7}});
	for (unsigned i = 0; i < 100000; i++) {
		uint8_t octets[4] = {10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};
		wr_rate_take(&rate, wr_ip_from_v4(octets), i, NULL);
	}
	assert_int_equal(rate.sets, 8);
	/* Whoever keeps guessing stays known. */
	struct wr_ip guesser = ip_of("2001:db8::1");
	assert_true(wr_rate_take(&rate, guesser, 200000, NULL));
	assert_true(wr_rate_take(&rate, guesser, 200001, NULL));
	for (unsigned i = 0; i < 1000; i++) {
		uint8_t octets[4] = {10, 99, (uint8_t)i, (uint8_t)(i >> 8)};
		wr_rate_take(&rate, wr_ip_from_v4(octets), 200002 + i, NULL);
		assert_false(wr_rate_take(&rate, guesser, 200002 + i, NULL));
	}
	wr_rate_deinit(&rate);
}

static void test_a_cookie_is_found_by_its_whole_name(void **state)
{
	static const struct {
		const char *header, *value;
	} rows[] = {
	    {"a=1; __Host-x=tok", "tok"},
	    {"__Host-x=tok", "tok"},
	    {"__Host-x=one; __Host-x=two", "one"},
	    {"a__Host-x=no;__Host-x2=no ;\t__Host-x=yes", "yes"},
	    {"b=__Host-x=no", NULL},
	    {"__Host-x", NULL},
	    {"__Host-x=", ""},
	    {"", NULL},
	    {NULL, NULL},
	};
	struct wr_arena arena = {0};
	(void)state;
	for (size_t i = 0; i < WR_COUNT(rows); i++)
		assert_true(wr_text_equal(
		    wr_http_cookie(&arena, rows[i].header, "__Host-x"), rows[i].value));
	wr_arena_deinit(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_addresses_are_written_in_one_form),
	    cmocka_unit_test(test_what_is_no_address_is_refused),
	    cmocka_unit_test(test_networks_match_by_prefix),
	    cmocka_unit_test(test_a_client_is_a_24_or_a_64),
	    cmocka_unit_test(test_last_untrusted_hop_is_who_asks),
	    cmocka_unit_test(test_listen_addresses_are_read_or_hinted_at),
	    cmocka_unit_test(test_dates_are_imf_fixdates),
	    cmocka_unit_test(test_each_body_and_coding_has_its_etag),
	    cmocka_unit_test(test_if_none_match_is_a_list_and_beats_the_date),
	    cmocka_unit_test(test_gzip_is_chosen_by_quality),
	    cmocka_unit_test(test_gzip_unpacks_to_the_same_and_never_changes),
	    cmocka_unit_test(test_paths_are_decoded_or_refused),
	    cmocka_unit_test(test_forms_are_decoded_in_order),
	    cmocka_unit_test(test_bad_forms_are_refused_whole),
	    cmocka_unit_test(test_a_cookie_is_found_by_its_whole_name),
	    cmocka_unit_test(test_escaped_text_decodes_to_itself),
	    cmocka_unit_test(test_a_form_from_elsewhere_is_known),
	    cmocka_unit_test(test_twenty_a_minute_from_one_network),
	    cmocka_unit_test(test_memory_of_guessers_is_bounded),
	};
	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
