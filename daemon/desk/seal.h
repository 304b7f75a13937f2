/*
 * seal: bodies that wait in the database hold no address that opens a page.
 *
 * The token in a body is stored as the name of what it is made from and put back for each try: the
 * key does not change, so the bytes that go out are the same every time.
 *
 * Pure, but for the arena.
 */
#ifndef WR_DAEMON_DESK_SEAL_H
#define WR_DAEMON_DESK_SEAL_H

#include "desk/use.h"

/* The body with the reply code of this support and slot taken out. */
const char *wr_seal_reply(struct wr_arena *arena, const unsigned char key[32], const char *support,
    const char *slot, const char *body);
/* The body with the token of this link taken out. */
const char *wr_seal_link(
    struct wr_arena *arena, const unsigned char key[32], const char *link, const char *body);
/* The answer with the one-time address of this code taken out. */
const char *wr_seal_code(
    struct wr_arena *arena, const unsigned char key[32], const char *code, const char *body);
/* What goes out: all put back. */
const char *wr_seal_open(struct wr_arena *arena, const unsigned char key[32],
    const struct wr_notice_row *notice, const char *body);

#endif
