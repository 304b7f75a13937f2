/*
 * A small HTTP receiver on loopback for tests of sending, on the same loop as what is tested. What
 * it does is said by the path:
 *
 *     /ok /status/503 /later/7      200; that status; 503 with Retry-After of so many seconds
 *     /silent                       reads and never answers
 *     /redirect                     302 to /trap on itself
 *     /big /heads                   200 with a body, or with headers, that never end
 *     /stuck                        200 and its headers, then nothing
 *     /cut                          closes in the middle of the headers
 */
#ifndef TESTS_UNIT_SEND_RECEIVER_H
#define TESTS_UNIT_SEND_RECEIVER_H

#include <uv.h>

#include "wardround/base.h"

struct receiver {
	uv_tcp_t tcp;
	uv_loop_t *loop;
	int port;
	int connections, requests; /* so far */
	int trapped;               /* requests for /trap */
	size_t sent;               /* bytes of answers */
	struct wr_buf last;        /* the last request, head and body */
	struct guest *guests;
};

void receiver_open(struct receiver *receiver, uv_loop_t *loop);
/* Closes it and every connection; run the loop afterwards. */
void receiver_close(struct receiver *receiver);

#endif
