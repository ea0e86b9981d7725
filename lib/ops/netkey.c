// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys of the session keyring that carry the network namespace of whoever adds them.  The
 * actor leaves its session keyring for a new one before (key.join).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/keyctl.h>

#include "nsc/op.h"

#define KEYS_MAX 256

struct add_in {
	const char *name, *address;
};

static const struct field add_in_fields[] = {
	F_STR(struct add_in, name, REQUIRED, "host name, which the key is found by"),
	F_ADDR(struct add_in, address, REQUIRED, "its address, which the key holds"),
	F_END
};

struct add_out {
	int64_t id;
};

static const struct field add_out_fields[] = {
	F_INT(struct add_out, id, REQUIRED, 0, 0, "serial number"),
	F_END
};

static int add_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct add_in *in = params;
	struct add_out *out = results;

	(void)ctx;
	/* The payload of this type ends in a NUL. */
	out->id = syscall(SYS_add_key, "dns_resolver", in->name, in->address,
			  strlen(in->address) + 1, KEY_SPEC_SESSION_KEYRING);
	return out->id < 0 ? -errno : 0;
}

struct keys_out {
	struct ints ids;
};

static const struct field keys_out_fields[] = {
	F_INTS(struct keys_out, ids, REQUIRED, 0, 0, "serial numbers of the keys in it"),
	F_END
};

static int keys_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct keys_out *out = results;
	int32_t ids[KEYS_MAX];
	long size = syscall(SYS_keyctl, KEYCTL_READ, KEY_SPEC_SESSION_KEYRING, ids, sizeof(ids));

	(void)params;
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

const struct op netkey_ops[] = {
	{
		.name = "net.key_add",
		.doc = "Add a DNS answer (type dns_resolver) to the session keyring.",
		.source = "add_key(2)",
		.config = "DNS_RESOLVER",
		OP_IN(add), OP_OUT(add),
		.touches = NSM_NET,
		.run = add_run,
	},
	{
		.name = "net.keys",
		.doc = "List the keys in the session keyring.",
		.source = "keyctl(2) KEYCTL_READ",
		.config = "KEYS",
		OP_OUT(keys),
		.touches = NSM_NET,
		.run = keys_run,
	},
	{ 0 }
};
