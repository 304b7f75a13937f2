/*
 * A receiver in a process of its own: takes POSTs on loopback as fast as it can and answers 200.
 * What it saw lies in memory that both processes share.
 */
#ifndef TESTS_BENCH_GATEWAY_H
#define TESTS_BENCH_GATEWAY_H

#include <stdint.h>
#include <sys/types.h>

enum { GATEWAY_MOST = 1 << 20 }; /* arrivals whose time is kept */

struct gateway {
	pid_t pid;
	int port;
	volatile uint32_t taken, signatures; /* requests; those with a signature */
	volatile uint64_t at[GATEWAY_MOST];  /* CLOCK_MONOTONIC, nanoseconds */
};

struct gateway *gateway_open(void);
void gateway_close(struct gateway *gateway);

#endif
