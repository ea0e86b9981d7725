/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a guest says to its host, a line each, on a virtio-serial port where the kernel has the
 * driver, else on the second UART; both end in the same file of the host:
 *   boot RELEASE MS        the guest runs; on which stable release, and how long the kernel took
 *                          to start it
 *   machine JSON           machine_describe()
 *   module NAME ERROR      that module could not be loaded
 *   run K                  cell K of its job begins
 *   pass K STARTED TOOK    ... and met every expectation; trace.started_ns and .took_ns
 *   trace K JSON           ... or not; or the host wants all traces
 *   skip K NEED\tDETAIL\tREMEDY
 *   broken TEXT            the guest cannot go on
 *   end COUNT CRC [exits]  COUNT results; the CRC-32 of every line before this one; whether
 *                          qemu's exit status is going to be LINES_EXIT_STATUS, not 0
 * A NUL byte anywhere is a sign of life and no part of a line.
 */
#ifndef NSC_LINES_H
#define NSC_LINES_H

#include <stdbool.h>
#include <stdint.h>

struct lines {
	int fd;	     /* the port or the tty, or -1: the UART is written directly */
	bool tty;    /* ... which keeps bytes back until it is drained */
	uint32_t crc;
};

#define LINES_NAME "nsconform.lines" /* of the virtio-serial port */

enum {
	LINES_PORT = 0x2f8,	 /* the second UART of a PC */
	LINES_EXIT_PORT = 0x501, /* qemu's isa-debug-exit */
	LINES_EXIT_VALUE = 21,
	LINES_EXIT_STATUS = LINES_EXIT_VALUE << 1 | 1, /* what qemu makes of it */
};

/* 0, or -1 with errno. */
int lines_open(struct lines *l);
/* Send a line; returns when it has left the machine. */
void lines_put(struct lines *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void lines_alive(struct lines *l);
/* Whether lines_exit() is going to work. */
bool lines_exits(void);
/* End qemu with LINES_EXIT_STATUS; returns where the machine has no exit port. */
void lines_exit(void);

#endif
