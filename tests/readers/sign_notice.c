/*
 * sign_notice sign TIME ID BODY SECRET [SECRET]           prints the value of webhook-signature
 * sign_notice verify TIME ID BODY SECRET NOW SIGNATURE    exit 0 when it is genuine, else 1
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
	return 64;
}
