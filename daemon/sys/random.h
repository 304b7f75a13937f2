/*
 * random: the one place where the daemon draws chance, from libsodium. lib gets it as arguments.
 *
 * sodium_init is called by wr_random_init, once, before threads start; then safe from any thread.
 */
#ifndef WR_DAEMON_RANDOM_H
#define WR_DAEMON_RANDOM_H

#include "wardround/base.h"

enum {
	WR_RANDOM_ID_DIGITS = 16,                    /* 80 bits */
	WR_RANDOM_ID_TEXT = WR_RANDOM_ID_DIGITS + 8, /* with a prefix of up to 7 characters */
};

int wr_random_init(void); /* 0 or -ENOSYS */
void wr_random_bytes(void *bytes, size_t length);
uint32_t wr_random_u32(void);
uint64_t wr_random_u64(void);
/* `prefix` and 16 digits of Crockford's base32 in lower case: "n-3fz8k0v9q2m7x1ad" for "n-". No i,
 * l, o, u. The prefix has at most 7 characters.
 */
char *wr_random_id(const char *prefix, char text[WR_RANDOM_ID_TEXT]);

#endif
