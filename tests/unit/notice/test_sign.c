#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above first */
#include <cmocka.h>

#include <sodium.h>
#include <string.h>

#include "wardround/notice.h"

/* The example that the libraries of Standard Webhooks test themselves with. */
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define OTHER "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
#define ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define BODY "{\"test\": 2432232314}"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
enum { TIME = 1614265330 };

static unsigned char bytes[2][WR_NOTICE_SECRET_MAX];
static struct wr_secret items[2];

/* One secret or two (the second NULL); valid until the next call. */
static struct wr_secrets secrets_of(const char *newest, const char *older)
{
	const char *texts[] = {newest, older};
	struct wr_secrets secrets = {"", items, older ? 2 : 1};
	for (size_t i = 0; i < secrets.n; i++) {
		size_t n = 0;
		assert_int_equal(
		    wr_notice_secret_parse(texts[i], strlen(texts[i]), bytes[i], &n), 0);
		items[i] = (struct wr_secret){bytes[i], n};
	}
	return secrets;
}

static void test_known_example_is_signed_as_others_sign_it(void **state)
{
	(void)state;
	char text[WR_NOTICE_SIGNATURE_TEXT];
	struct wr_secrets secrets = secrets_of(SECRET, NULL);
	assert_string_equal(
	    wr_notice_sign(&secrets, ID, TIME, BODY, strlen(BODY), text), SIGNATURE);
}

static void test_two_secrets_give_two_signatures_and_either_verifies(void **state)
{
	(void)state;
	char text[WR_NOTICE_SIGNATURE_TEXT];
	static const char *const either[] = {SECRET, OTHER};
	struct wr_secrets secrets = secrets_of(OTHER, SECRET);
	wr_notice_sign(&secrets, ID, TIME, BODY, strlen(BODY), text);
	assert_int_equal(strlen(text), WR_NOTICE_SIGNATURE_TEXT - 1);
	assert_string_equal(text + 48, SIGNATURE);
	for (size_t i = 0; i < WR_COUNT(either); i++) {
		secrets = secrets_of(either[i], NULL);
		assert_int_equal(
		    wr_notice_verify(&secrets, ID, "1614265330", text, BODY, strlen(BODY), TIME),
		    0);
	}
}

static int verify(const char *id, const char *timestamp, const char *signature, const char *body)
{
	struct wr_secrets secrets = secrets_of(SECRET, NULL);
	return wr_notice_verify(&secrets, id, timestamp, signature, body, strlen(body), TIME);
}

static void test_anything_changed_does_not_verify(void **state)
{
	(void)state;
	assert_int_equal(verify(ID, "1614265330", SIGNATURE, BODY), 0);
	assert_int_equal(verify(ID, "1614265330", "v1a,x v2,y " SIGNATURE, BODY), 0);
	static const struct {
		const char *id, *timestamp, *signature, *body;
		int outcome;
	} cases[] = {
	    {ID, "1614265330", SIGNATURE, BODY " ", WR_NOTICE_BAD_SIGNATURE},
	    {ID "x", "1614265330", SIGNATURE, BODY, WR_NOTICE_BAD_SIGNATURE},
	    {ID, "1614265331", SIGNATURE, BODY, WR_NOTICE_BAD_SIGNATURE},
	    {ID, "1614265330", "v1,AAAA", BODY, WR_NOTICE_BAD_SIGNATURE},
	    {ID, "1614265330", "v1,", BODY, WR_NOTICE_BAD_SIGNATURE},
	    {ID, "1614265330", SIGNATURE "A", BODY, WR_NOTICE_BAD_SIGNATURE},
	    {ID, "1614265330", "v2", BODY, WR_NOTICE_BAD_SIGNATURE},
	    {ID, "1614265330", "   ", BODY, WR_NOTICE_BAD_SIGNATURE},
	    {ID, "1614265330", NULL, BODY, WR_NOTICE_BAD_HEADER},
	    {NULL, "1614265330", SIGNATURE, BODY, WR_NOTICE_BAD_HEADER},
	    {ID, NULL, SIGNATURE, BODY, WR_NOTICE_BAD_HEADER},
	    {ID, "1614265330.5", SIGNATURE, BODY, WR_NOTICE_BAD_HEADER},
	    {ID, "-1", SIGNATURE, BODY, WR_NOTICE_BAD_HEADER},
	    {ID, "99999999999999999999", SIGNATURE, BODY, WR_NOTICE_BAD_HEADER},
	    {ID, "1614265029", SIGNATURE, BODY, WR_NOTICE_BAD_AGE},
	    {ID, "1614265631", SIGNATURE, BODY, WR_NOTICE_BAD_AGE},
	};
	for (size_t i = 0; i < WR_COUNT(cases); i++)
		assert_int_equal(
		    verify(cases[i].id, cases[i].timestamp, cases[i].signature, cases[i].body),
		    cases[i].outcome);
}

static void test_secrets_are_read_strictly(void **state)
{
	(void)state;
	static const char *const bad[] = {"whsec_", "whsec_AAAA",
	    "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
	    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_", "whsec_MfKQ9r8GKYqrTwjU PD8ILPZIo2LaLaSw",
	    SECRET "=", "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZI"};
	unsigned char parsed[WR_NOTICE_SECRET_MAX];
	size_t length;
	for (size_t i = 0; i < WR_COUNT(bad); i++)
		assert_int_equal(wr_notice_secret_parse(bad[i], strlen(bad[i]), parsed, &length),
		    WR_NOTICE_BAD_SECRET);
	assert_int_equal(wr_notice_secret_parse(SECRET, strlen(SECRET), parsed, &length), 0);
	assert_int_equal(length, 24);
}

static void test_secrets_have_24_to_64_bytes(void **state)
{
	(void)state;
	unsigned char raw[80] = {1}, parsed[WR_NOTICE_SECRET_MAX];
	char text[200] = "whsec_";
	for (size_t n = 1; n <= sizeof(raw); n++) {
		size_t length = 0;
		sodium_bin2base64(
		    text + 6, sizeof(text) - 6, raw, n, sodium_base64_VARIANT_ORIGINAL);
		int outcome = wr_notice_secret_parse(text, strlen(text), parsed, &length);
		bool fine = n >= WR_NOTICE_SECRET_MIN && n <= WR_NOTICE_SECRET_MAX;
		assert_int_equal(outcome, fine ? 0 : WR_NOTICE_BAD_SECRET);
		if (fine)
			assert_int_equal(length, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_known_example_is_signed_as_others_sign_it),
	    cmocka_unit_test(test_two_secrets_give_two_signatures_and_either_verifies),
	    cmocka_unit_test(test_anything_changed_does_not_verify),
	    cmocka_unit_test(test_secrets_are_read_strictly),
	    cmocka_unit_test(test_secrets_have_24_to_64_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
