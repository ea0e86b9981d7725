// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys of the session keyring that carry the network namespace of whoever adds them.  The
 * actor leaves its session keyring for a new one before (key.join).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <linux/keyctl.h>

#include "nsc/op.h"
#include "nsc/syscall.h"

#define KEYS_MAX 256

#define ADD_IN(F, S) \
	F(S, STR, name, REQUIRED, "host name, which the key is found by") \
	F(S, ADDR, address, REQUIRED, "its address, which the key holds")
FIELDS(add_in, ADD_IN);

#define ADD_OUT(F, S) \
	F(S, INT, id, REQUIRED, 0, 0, "serial number")
FIELDS(add_out, ADD_OUT);

static int net_key_add_run(struct op_ctx *ctx, const struct add_in *in, struct add_out *out)
{
	/* The payload of this type ends in a NUL. */
	out->id = sys_call(SYS_add_key, "dns_resolver", in->name, in->address,
			   strlen(in->address) + 1, KEY_SPEC_SESSION_KEYRING);
	return out->id < 0 ? -errno : 0;
}
OP(net_key_add, "net.key_add", add_in, add_out,
	.doc = "Add a DNS answer (type dns_resolver) to the session keyring.",
	.source = "add_key(2)", .config = "DNS_RESOLVER",
	.touches = NSM_NET);

#define KEYS_OUT(F, S) \
	F(S, INTS, ids, REQUIRED, 0, 0, "serial numbers of the keys in it")
FIELDS(keys_out, KEYS_OUT);

static int net_keys_run(struct op_ctx *ctx, const struct none *in, struct keys_out *out)
{
	int32_t ids[KEYS_MAX];
	long size = sys_call(SYS_keyctl, KEYCTL_READ, KEY_SPEC_SESSION_KEYRING, ids, sizeof(ids));

	if (size < 0)
		return -errno;
	if ((size_t)size > sizeof(ids))
		return op_broken(ctx, "too many keys in the session keyring");
	out->ids.n = (size_t)size / sizeof(ids[0]);
	out->ids.v = pool_array(ctx->pool, int64_t, out->ids.n);
	for (size_t i = 0; i < out->ids.n; i++)
		out->ids.v[i] = ids[i];
	return 0;
}
OP(net_keys, "net.keys", none, keys_out,
	.doc = "List the keys in the session keyring.",
	.source = "keyctl(2) KEYCTL_READ", .config = "KEYS",
	.touches = NSM_NET);
