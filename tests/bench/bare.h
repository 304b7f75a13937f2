/*
 * The peer of the notices' benchmark: curl's multi interface on libuv and nothing else. It posts
 * bodies that lie in memory, `at_once` at a time, over kept connections and kept handles; nothing
 * is signed, checked or remembered.
 */
#ifndef TESTS_BENCH_BARE_H
#define TESTS_BENCH_BARE_H

#include <stddef.h>

/* Seconds for all of them. */
double bare_post(const char *url, const char *const *bodies, size_t n, size_t at_once);

#endif
