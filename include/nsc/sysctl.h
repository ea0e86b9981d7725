/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel parameters by name.  A family opens only what it names: NAME must begin with one
 * of the NULL-terminated PREFIXES (`kernel.shm`, `net.`), so that a typing error in a
 * scenario cannot reach a parameter of the whole machine.
 *
 * Names are dotted (`kernel.shmmax`), or slashed where a part holds a dot
 * (`net/ipv4/conf/eth0.5/forwarding`); prefixes may be written either way.
 * All return -errno when the kernel refuses (open, read or write), OP_BROKEN when the
 * name is none or is not allowed.
 */
#ifndef NSC_SYSCTL_H
#define NSC_SYSCTL_H

#include "nsc/op.h"

/* The value without its final newline, from ctx->pool. */
int sysctl_get(struct op_ctx *ctx, const char *const *prefixes, const char *name, char **text);
/* Write TEXT as it stands, by one write(2). */
int sysctl_set(struct op_ctx *ctx, const char *const *prefixes, const char *name, const char *text);
/*
 * For .before and .check of an op that sets one: note its value, and see that it is either TEXT or at
 * least no more what it was, as some are rounded.
 */
void sysctl_note(struct op_ctx *ctx, const char *const *prefixes, const char *name);
int sysctl_is(struct op_ctx *ctx, const char *const *prefixes, const char *name, const char *text);
/* The same of values that the caller has read; NOW may be NULL, and nothing is said then. */
int sysctl_took(struct op_ctx *ctx, const char *now, const char *text);
/* Descriptor of the parameter, opened with FLAGS and O_CLOEXEC; the caller closes it. */
int sysctl_open(struct op_ctx *ctx, const char *const *prefixes, const char *name, int flags);

#endif
