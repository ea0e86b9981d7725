/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Receive rings of packet sockets, in which the kernel puts frames into memory that both see.
 */
#ifndef NSC_OPS_PACKET_RING_H
#define NSC_OPS_PACKET_RING_H

#include "nsc/op.h"

enum ring { RING_NONE, RING_V1, RING_V2, RING_V3 };
extern const struct symbol packet_rings[];

/* Give a socket a ring of that version: 0, or op_broken(). */
int packet_ring_make(struct op_ctx *ctx, int fd, enum ring version);

#endif
