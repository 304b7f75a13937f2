/*
 * What people wrote into a label, a note or a phone number always ends as one part of a text
 * message; signatures, secrets and addresses from outside are read without harm.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wardround/notice.h"

/* The TZif of a zone without changes: version 2, empty data, footer "UTC0". */
static const struct wr_zone *utc(struct wr_arena *arena)
{
	static const char block[] =
	    "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	    "\0\0\0\0\1\0\0\0\4\0\0\0\0\0\0UTC";
	static const struct wr_zone *zone;
	struct wr_buf tzif = {0};
	if (zone)
		return zone;
	wr_buf_append(&tzif, block, sizeof(block));
	wr_buf_append(&tzif, block, sizeof(block));
	wr_buf_puts(&tzif, "\nUTC0\n");
	if (wr_zone_parse(arena, "UTC", tzif.data, tzif.length, &zone) != 0)
		abort();
	wr_buf_deinit(&tzif);
	return zone;
}

static void check_text(const struct wr_notice_message *message)
{
	struct wr_buf text = {0}, body = {0};
	wr_notice_text(message, &text);
	int septets = wr_notice_septets(wr_buf_text(&text));
	if (septets < 0 || septets > WR_NOTICE_SMS)
		abort();
	wr_notice_body(message, &body);
	if (!wr_text_is_utf8(body.data, body.length))
		abort();
	wr_buf_deinit(&text);
	wr_buf_deinit(&body);
}

static void read_from_outside(const char *text, size_t length)
{
	unsigned char bytes[WR_NOTICE_SECRET_MAX];
	size_t n = 0;
	if (wr_notice_secret_parse(text, length, bytes, &n) == 0 &&
	    (n < WR_NOTICE_SECRET_MIN || n > WR_NOTICE_SECRET_MAX))
		abort();
	struct wr_secret secret = {bytes, sizeof(bytes)};
	struct wr_secrets secrets = {"", &secret, 1};
	if (wr_notice_verify(&secrets, "n-1", "1000", text, "", 0, 1000) == 0)
		abort();
	wr_notice_verify(&secrets, text, text, text, text, length, 1000);
	wr_address_is_special((const uint8_t *)text, length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wr_arena arena;
	if (size < 2)
		return 0;
	char *text = wr_alloc(size, 1);
	memcpy(text, data + 1, size - 1);
	struct wr_notice_message message = {.type = 1 + data[0] % (WR_NOTICE_TYPES - 1),
	    .id = "n-1",
	    .made_at = 1795766400,
	    .to = {WR_NOTICE_TO_SUPPORT, "S01", NULL, NULL, text},
	    .slot = {"s-1", 2, 1796120400, 1796121600, 1796034000, 20},
	    .zone = utc(&arena),
	    .label = data[0] & 128 ? text : "Coffee",
	    .note = text,
	    .phone = data[0] & 64 ? text : "01632 960009",
	    .page = data[0] & 32 ? text : "https://times.example.org/r/abcdefghijklmnopqrstuv",
	    .reply_links = true};
	check_text(&message);
	read_from_outside(text, size - 1);
	free(text);
	return 0;
}
