/*
 * sign_notice sign TIME ID BODY SECRET [SECRET]           prints the value of webhook-signature
 * sign_notice verify TIME ID BODY SECRET NOW SIGNATURE    exit 0 when it is genuine, else 1
 * sign_notice token TIME SERVICE KEY                      prints a token for GOV.UK Notify
 * sign_notice bodies                                      prints a body of each type, a line each
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wardround/notice.h"

static unsigned char bytes[WR_NOTICE_SECRETS][WR_NOTICE_SECRET_MAX];
static struct wr_secret items[WR_NOTICE_SECRETS];

static struct wr_secrets read_secrets(char **texts, int n)
{
	for (int i = 0; i < n; i++) {
		if (wr_notice_secret_parse(
			texts[i], strlen(texts[i]), bytes[i], &items[i].length) != 0)
			exit(65);
		items[i].bytes = bytes[i];
	}
	return (struct wr_secrets){"", items, (size_t)n};
}

static const struct wr_zone *read_zone(struct wr_arena *arena)
{
	unsigned char zone[8192];
	const struct wr_zone *read = NULL;
	FILE *file = fopen("/usr/share/zoneinfo/Europe/London", "re");
	size_t n = file ? fread(zone, 1, sizeof(zone), file) : 0;
	if (!file || fclose(file) || wr_zone_parse(arena, "Europe/London", zone, n, &read))
		exit(66);
	return read;
}

/* A label beyond ASCII, so that bytes are signed and not characters. */
static int print_bodies(void)
{
	struct wr_arena arena = {0};
	struct wr_notice_message message = {
	    .id = "n-3fz8k0v9q2m7x1ad",
	    .made_at = 1764000000,
	    .to = {WR_NOTICE_TO_SUPPORT, "S01", "+447700900123", "ivo@example.org", "en"},
	    .slot = {"s-1", 2, 1764581400, 1764582600, 1764495000, 20},
	    .zone = read_zone(&arena),
	    .label = "Chess with Zoë",
	    .phone = "01632 960009",
	    .page = "https://times.example.org/r/auBkVnLw2crSSprJc9Qx2w",
	    .send_contact = true,
	    .reply_links = true,
	    .task = "t-4",
	    .note = "Ring S01: £5 – “now”",
	};
	for (int type = WR_NOTICE_NOTHING + 1; type < WR_NOTICE_TYPES; type++) {
		struct wr_buf body = {0};
		message.type = (enum wr_notice_type)type;
		wr_notice_body(&message, &body);
		puts(wr_buf_text(&body));
		wr_buf_deinit(&body);
	}
	wr_arena_deinit(&arena);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	char text[WR_NOTICE_SIGNATURE_TEXT];
	if (argc >= 6 && argc <= 7 && strcmp(argv[1], "sign") == 0) {
		struct wr_secrets secrets = read_secrets(argv + 5, argc - 5);
		puts(wr_notice_sign(
		    &secrets, argv[3], atoll(argv[2]), argv[4], strlen(argv[4]), text));
		return EXIT_SUCCESS;
	}
	if (argc == 8 && strcmp(argv[1], "verify") == 0) {
		struct wr_secrets secrets = read_secrets(argv + 5, 1);
		int outcome = wr_notice_verify(
		    &secrets, argv[3], argv[2], argv[7], argv[4], strlen(argv[4]), atoll(argv[6]));
		return outcome == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	if (argc == 5 && strcmp(argv[1], "token") == 0) {
		struct wr_buf token = {0};
		wr_notify_token(argv[3], argv[4], atoll(argv[2]), &token);
		puts(wr_buf_text(&token));
		wr_buf_deinit(&token);
		return EXIT_SUCCESS;
	}
	if (argc == 2 && strcmp(argv[1], "bodies") == 0)
		return print_bodies();
	return 64;
}
