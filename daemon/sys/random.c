#include "sys/random.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

int wr_random_init(void)
{
	return sodium_init() < 0 ? -ENOSYS : 0;
}

void wr_random_bytes(void *bytes, size_t length)
{
	randombytes_buf(bytes, length);
}

uint32_t wr_random_u32(void)
{
	return randombytes_random();
}

uint64_t wr_random_u64(void)
{
	uint64_t number;
	randombytes_buf(&number, sizeof(number));
	return number;
}

char *wr_random_id(const char *prefix, char text[WR_RANDOM_ID_TEXT])
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	uint8_t bytes[WR_RANDOM_ID_DIGITS];
	randombytes_buf(bytes, sizeof(bytes));
	int n = snprintf(text, WR_RANDOM_ID_TEXT - WR_RANDOM_ID_DIGITS, "%s", prefix);
	size_t at = n < WR_RANDOM_ID_TEXT - WR_RANDOM_ID_DIGITS
	                ? (size_t)n
	                : (size_t)(WR_RANDOM_ID_TEXT - WR_RANDOM_ID_DIGITS - 1);
	for (size_t i = 0; i < sizeof(bytes); i++)
		text[at++] = digits[bytes[i] & 31];
	text[at] = '\0';
	return text;
}
