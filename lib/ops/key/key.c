// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel keyrings, by raw system calls (libkeyutils adds nothing).  Keys are made only in
 * keyrings that live no longer than the actor or its user namespace.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nsc/agent.h"
#include "nsc/op.h"
#include "nsc/syscall.h"

#define ID_MAX 4294967295ll

static const struct symbol ring_symbols[] = {
	{ "session", KEY_SPEC_SESSION_KEYRING, "of the session" },
	{ "user", KEY_SPEC_USER_KEYRING, "of the user id in its user namespace" },
	{ "user-session", KEY_SPEC_USER_SESSION_KEYRING, "the session without one" },
	{ 0 }
};

static long keyctl(int command, unsigned long a, unsigned long b, unsigned long c)
{
	return sys_call(SYS_keyctl, command, a, b, c, 0ul);
}

/* The user's keyrings of the host outlive a run. */
static bool is_host(const struct op_ctx *ctx)
{
	struct ns_id own;

	return ns_self(NS_USER, &own) < 0 || !ctx->agent->host_known ||
	       ns_same(&own, &ctx->agent->host[NS_USER]);
}

#define RING_IN(F, S) \
	F(S, ENUM_DEF, ring, KEY_SPEC_SESSION_KEYRING, ring_symbols, "which keyring")
FIELDS(ring_in, RING_IN);

#define KEY_OUT(F, S) \
	F(S, INT, id, REQUIRED, 0, 0, "serial number")
FIELDS(key_out, KEY_OUT);

static int key_result(struct key_out *out, long id)
{
	if (id < 0)
		return -errno;
	out->id = id;
	return 0;
}

static int key_ring_run(struct op_ctx *ctx, const struct ring_in *in, struct key_out *out)
{
	if (in->ring != KEY_SPEC_SESSION_KEYRING && is_host(ctx))
		return op_broken(ctx, "refused: the keyring belongs to the host's user namespace");
	return key_result(out, keyctl(KEYCTL_GET_KEYRING_ID, (unsigned long)in->ring, 1, 0));
}
OP(key_ring, "key.ring", ring_in, key_out,
	.doc = "Serial number of one of the caller's keyrings, made if need be.",
	.source = "keyctl(2), KEYCTL_GET_KEYRING_ID", .config = "KEYS");

#define JOIN_IN(F, S) \
	F(S, STR, name, OPTIONAL, \
	  "join the session of that name if there is one; default a new one")
FIELDS(join_in, JOIN_IN);

static int key_join_run(struct op_ctx *ctx, const struct join_in *in, struct key_out *out)
{
	return key_result(out, keyctl(KEYCTL_JOIN_SESSION_KEYRING, (unsigned long)in->name,
					  0, 0));
}
OP(key_join, "key.join", join_in, key_out,
	.doc = "Leave the session keyring for another one.",
	.source = "session-keyring(7)", .config = "KEYS");

#define PERMIT_IN(F, S) \
	F(S, INT, id, REQUIRED, 1, INT32_MAX, "serial number")
FIELDS(permit_in, PERMIT_IN);

/* KEY_POS_ALL | KEY_USR_ALL of the kernel's linux/key.h. */
static int key_permit_run(struct op_ctx *ctx, const struct permit_in *in, struct none *out)
{
	return keyctl(KEYCTL_SETPERM, (unsigned long)in->id, 0x3f3f0000, 0) < 0 ? -errno : 0;
}
OP(key_permit, "key.permit", permit_in, none,
	.doc = "Permit everything to the key's owner, also from another session.",
	.source = "keyctl(2), KEYCTL_SETPERM", .config = "KEYS",
	.seen = "key");

#define ADD_IN(F, S) \
	F(S, ENUM_DEF, ring, KEY_SPEC_SESSION_KEYRING, ring_symbols, \
	  "keyring; join a new session first") \
	F(S, STR, name, REQUIRED, "description of the key") \
	F(S, STR_DEF, text, "x", "what it holds")
FIELDS(add_in, ADD_IN);

static int key_add_run(struct op_ctx *ctx, const struct add_in *in, struct key_out *out)
{
	if (in->ring != KEY_SPEC_SESSION_KEYRING && is_host(ctx))
		return op_broken(ctx, "refused: the keyring belongs to the host's user namespace");
	return key_result(out, sys_call(SYS_add_key, "user", in->name, in->text,
					    strlen(in->text), (int)in->ring));
}
OP(key_add, "key.add", add_in, key_out,
	.doc = "Make a key of type user.",
	.source = "add_key(2)", .config = "KEYS");

#define SEARCH_IN(F, S) \
	F(S, ENUM_DEF, ring, KEY_SPEC_SESSION_KEYRING, ring_symbols, "where to begin") \
	F(S, STR, name, REQUIRED, "description of the key")
FIELDS(search_in, SEARCH_IN);

static int key_search_run(struct op_ctx *ctx, const struct search_in *in, struct key_out *out)
{
	return key_result(out, keyctl(KEYCTL_SEARCH, (unsigned long)in->ring,
					  (unsigned long)"user", (unsigned long)in->name));
}
OP(key_search, "key.search", search_in, key_out,
	.doc = "Look for a key of type user.",
	.source = "keyctl(2), KEYCTL_SEARCH", .config = "KEYS");

#define DESCRIBE_IN(F, S) \
	F(S, INT, id, REQUIRED, 1, INT32_MAX, "serial number")
FIELDS(describe_in, DESCRIBE_IN);

#define DESCRIBE_OUT(F, S) \
	F(S, STR, type, REQUIRED, "type of the key") \
	F(S, STR, name, REQUIRED, "description") \
	F(S, INT, uid, REQUIRED, 0, 0, "owner as the caller sees it") \
	F(S, INT, gid, REQUIRED, 0, 0, "group as the caller sees it")
FIELDS(describe_out, DESCRIBE_OUT);

/* The text is TYPE;UID;GID;PERMISSIONS;DESCRIPTION, the ids as signed numbers. */
static int key_describe_run(struct op_ctx *ctx, const struct describe_in *in,
			    struct describe_out *out)
{
	char text[4096], *part[5], *rest = text;
	long len = keyctl(KEYCTL_DESCRIBE, (unsigned long)in->id, (unsigned long)text,
			  sizeof(text));

	if (len < 0)
		return -errno;
	for (int i = 0; i < 5; i++) {
		part[i] = i < 4 ? strsep(&rest, ";") : rest;
		if (!part[i])
			return op_broken(ctx, "the kernel's description has too few parts");
	}
	out->type = pool_strdup(ctx->pool, part[0]);
	out->uid = (uid_t)strtoll(part[1], NULL, 10);
	out->gid = (gid_t)strtoll(part[2], NULL, 10);
	out->name = pool_strdup(ctx->pool, part[4]);
	return 0;
}
OP(key_describe, "key.describe", describe_in, describe_out,
	.doc = "Describe a key.",
	.source = "keyctl(2), KEYCTL_DESCRIBE", .config = "KEYS");

#define READ_OUT(F, S) \
	F(S, STR, text, REQUIRED, "what the key holds")
FIELDS(read_out, READ_OUT);

static int key_read_run(struct op_ctx *ctx, const struct describe_in *in, struct read_out *out)
{
	char text[4096];
	long len = keyctl(KEYCTL_READ, (unsigned long)in->id, (unsigned long)text, sizeof(text));

	if (len < 0)
		return -errno;
	/* The whole length is reported, whatever fitted. */
	if ((size_t)len > sizeof(text))
		return op_broken(ctx, "the key holds more than %zu bytes", sizeof(text));
	out->text = pool_strndup(ctx->pool, text, (size_t)len);
	return 0;
}
OP(key_read, "key.read", describe_in, read_out,
	.doc = "Read a key.",
	.source = "keyctl(2), KEYCTL_READ", .config = "KEYS");

#define CHOWN_IN(F, S) \
	F(S, INT, id, REQUIRED, 1, INT32_MAX, "serial number") \
	F(S, INT_DEF, uid, -1, -1, ID_MAX, "new owner; -1: as it is") \
	F(S, INT_DEF, gid, -1, -1, ID_MAX, "new group; -1: as it is")
FIELDS(chown_in, CHOWN_IN);

static int key_chown_run(struct op_ctx *ctx, const struct chown_in *in, struct none *out)
{
	return keyctl(KEYCTL_CHOWN, (unsigned long)in->id, (uid_t)in->uid, (gid_t)in->gid) < 0 ?
		       -errno : 0;
}
OP(key_chown, "key.chown", chown_in, none,
	.doc = "Change owner and group of a key.",
	.source = "keyctl(2), KEYCTL_CHOWN", .config = "KEYS",
	.seen = "key");

#define PERSISTENT_IN(F, S) \
	F(S, INT_DEF, uid, -1, -1, ID_MAX, "whose; -1: the caller's")
FIELDS(persistent_in, PERSISTENT_IN);

static int key_persistent_run(struct op_ctx *ctx, const struct persistent_in *in,
			      struct key_out *out)
{
	if (is_host(ctx))
		return op_broken(ctx, "refused: the keyring belongs to the host's user namespace");
	return key_result(out, keyctl(KEYCTL_GET_PERSISTENT, (uid_t)in->uid,
					  (unsigned long)KEY_SPEC_SESSION_KEYRING, 0));
}
OP(key_persistent, "key.persistent", persistent_in, key_out,
	.doc = "Link the persistent keyring of a user to the session keyring.",
	.source = "persistent-keyring(7)", .config = "PERSISTENT_KEYRINGS");
