/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One packet of a SOCK_SEQPACKET socket is one message: a sequence number and one value,
 * with its descriptors as SCM_RIGHTS.  No framing, no partial reads; end of file means
 * that the peer is gone.  Nothing here knows about ops.
 *
 *   controller to agent   {op, with, within_ns, trial, time_factor} seq > 0
 *   agent to controller   {errno, out} or {broken: text}      the same seq;
 *                         waited_out: true with either, when a limit on waiting was reached
 *                         {hello: true} or {broken: text}     seq 0, once placed
 */
#ifndef NSC_WIRE_H
#define NSC_WIRE_H

#include <stdint.h>

#include "nsc/value.h"

enum { WIRE_MAX = 128 * 1024, WIRE_FDS = 64 };

struct wire_fds {
	int v[WIRE_FDS];
	int n;
};

/* Encode V into BUF; the length, or -1 when it does not fit. Descriptors are collected. */
int wire_encode(const struct value *v, unsigned char *buf, int size, struct wire_fds *fds);
/* Decode into POOL; NULL when malformed. FDS are those that came with the message. */
struct value *wire_decode(struct pool *pool, const unsigned char *buf, int len,
			  const struct wire_fds *fds);

/* 0, or -errno (EMSGSIZE when too large, EPIPE when the peer is gone). Blocks while the
 * socket is full unless it is non-blocking. */
int wire_send(int sock, uint32_t seq, const struct value *v);
/* 1 when a message came, 0 at end of file, or -errno; EBADMSG when it is malformed. The caller
 * owns the descriptors in FDS and closes them with wire_fds_close(). */
int wire_recv(int sock, struct pool *pool, uint32_t *seq, struct value **v, struct wire_fds *fds);
void wire_fds_close(struct wire_fds *fds);

#endif
