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
#include <sys/syscall.h>
#include <unistd.h>

#include "nsc/agent.h"
#include "nsc/op.h"

#define ID_MAX 4294967295ll

static const struct symbol ring_symbols[] = {
	{ "session", KEY_SPEC_SESSION_KEYRING, "of the session" },
	{ "user", KEY_SPEC_USER_KEYRING, "of the user id in its user namespace" },
	{ "user-session", KEY_SPEC_USER_SESSION_KEYRING, "the session without one" },
	{ 0 }
};

static long keyctl(int command, unsigned long a, unsigned long b, unsigned long c)
{
	return syscall(SYS_keyctl, command, a, b, c, 0ul);
}

/* The user's keyrings of the host outlive a run. */
static bool is_host(const struct op_ctx *ctx)
{
	struct ns_id own;

	return ns_self(NS_USER, &own) < 0 || !ctx->agent->host_known ||
	       ns_same(&own, &ctx->agent->host[NS_USER]);
}

struct ring_in {
	int64_t ring;
};

static const struct field ring_in_fields[] = {
	F_ENUM_DEF(struct ring_in, ring, KEY_SPEC_SESSION_KEYRING, ring_symbols, "which keyring"),
	F_END
};

struct key_out {
	int64_t id;
};

static const struct field key_out_fields[] = {
	F_INT(struct key_out, id, REQUIRED, 0, 0, "serial number"),
	F_END
};

static int key_result(struct key_out *out, long id)
{
	if (id < 0)
		return -errno;
	out->id = id;
	return 0;
}

static int ring_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct ring_in *in = params;

	if (in->ring != KEY_SPEC_SESSION_KEYRING && is_host(ctx))
		return op_broken(ctx, "refused: the keyring belongs to the host's user namespace");
	return key_result(results, keyctl(KEYCTL_GET_KEYRING_ID, (unsigned long)in->ring, 1, 0));
}

struct join_in {
	const char *name;
};

static const struct field join_in_fields[] = {
	F_STR(struct join_in, name, OPTIONAL,
	      "join the session of that name if there is one; default a new one"),
	F_END
};

static int join_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct join_in *in = params;

	(void)ctx;
	return key_result(results, keyctl(KEYCTL_JOIN_SESSION_KEYRING, (unsigned long)in->name,
					  0, 0));
}

struct permit_in {
	int64_t id;
};

static const struct field permit_in_fields[] = {
	F_INT(struct permit_in, id, REQUIRED, 1, INT32_MAX, "serial number"),
	F_END
};

/* KEY_POS_ALL | KEY_USR_ALL of the kernel's linux/key.h. */
static int permit_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct permit_in *in = params;

	(void)ctx, (void)results;
	return keyctl(KEYCTL_SETPERM, (unsigned long)in->id, 0x3f3f0000, 0) < 0 ? -errno : 0;
}

struct add_in {
	int64_t ring;
	const char *name, *text;
};

static const struct field add_in_fields[] = {
	F_ENUM_DEF(struct add_in, ring, KEY_SPEC_SESSION_KEYRING, ring_symbols,
		   "keyring; join a new session first"),
	F_STR(struct add_in, name, REQUIRED, "description of the key"),
	F_STR_DEF(struct add_in, text, "x", "what it holds"),
	F_END
};

static int add_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct add_in *in = params;

	if (in->ring != KEY_SPEC_SESSION_KEYRING && is_host(ctx))
		return op_broken(ctx, "refused: the keyring belongs to the host's user namespace");
	return key_result(results, syscall(SYS_add_key, "user", in->name, in->text,
					   strlen(in->text), (int)in->ring));
}

struct search_in {
	int64_t ring;
	const char *name;
};

static const struct field search_in_fields[] = {
	F_ENUM_DEF(struct search_in, ring, KEY_SPEC_SESSION_KEYRING, ring_symbols,
		   "where to begin"),
	F_STR(struct search_in, name, REQUIRED, "description of the key"),
	F_END
};

static int search_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct search_in *in = params;

	(void)ctx;
	return key_result(results, keyctl(KEYCTL_SEARCH, (unsigned long)in->ring,
					  (unsigned long)"user", (unsigned long)in->name));
}

struct describe_in {
	int64_t id;
};

static const struct field describe_in_fields[] = {
	F_INT(struct describe_in, id, REQUIRED, 1, INT32_MAX, "serial number"),
	F_END
};

struct describe_out {
	const char *type, *name;
	int64_t uid, gid;
};

static const struct field describe_out_fields[] = {
	F_STR(struct describe_out, type, REQUIRED, "type of the key"),
	F_STR(struct describe_out, name, REQUIRED, "description"),
	F_INT(struct describe_out, uid, REQUIRED, 0, 0, "owner as the caller sees it"),
	F_INT(struct describe_out, gid, REQUIRED, 0, 0, "group as the caller sees it"),
	F_END
};

/* The text is TYPE;UID;GID;PERMISSIONS;DESCRIPTION, the ids as signed numbers. */
static int describe_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct describe_in *in = params;
	struct describe_out *out = results;
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

struct read_out {
	const char *text;
};

static const struct field read_out_fields[] = {
	F_STR(struct read_out, text, REQUIRED, "what the key holds"),
	F_END
};

static int read_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct describe_in *in = params;
	struct read_out *out = results;
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

struct chown_in {
	int64_t id, uid, gid;
};

static const struct field chown_in_fields[] = {
	F_INT(struct chown_in, id, REQUIRED, 1, INT32_MAX, "serial number"),
	F_INT_DEF(struct chown_in, uid, -1, -1, ID_MAX, "new owner; -1: as it is"),
	F_INT_DEF(struct chown_in, gid, -1, -1, ID_MAX, "new group; -1: as it is"),
	F_END
};

static int chown_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct chown_in *in = params;

	(void)ctx, (void)results;
	return keyctl(KEYCTL_CHOWN, (unsigned long)in->id, (uid_t)in->uid, (gid_t)in->gid) < 0 ?
		       -errno : 0;
}

struct persistent_in {
	int64_t uid;
};

static const struct field persistent_in_fields[] = {
	F_INT_DEF(struct persistent_in, uid, -1, -1, ID_MAX, "whose; -1: the caller's"),
	F_END
};

static int persistent_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct persistent_in *in = params;

	if (is_host(ctx))
		return op_broken(ctx, "refused: the keyring belongs to the host's user namespace");
	return key_result(results, keyctl(KEYCTL_GET_PERSISTENT, (uid_t)in->uid,
					  (unsigned long)KEY_SPEC_SESSION_KEYRING, 0));
}

const struct op key_ops[] = {
	{
		.name = "key.ring",
		.doc = "Serial number of one of the caller's keyrings, made if need be.",
		.source = "keyctl(2), KEYCTL_GET_KEYRING_ID",
		.config = "KEYS",
		OP_IN(ring), OP_OUT(key),
		.run = ring_run,
	},
	{
		.name = "key.join",
		.doc = "Leave the session keyring for another one.",
		.source = "session-keyring(7)",
		.config = "KEYS",
		OP_IN(join), OP_OUT(key),
		.run = join_run,
	},
	{
		.name = "key.permit",
		.doc = "Permit everything to the key's owner, also from another session.",
		.source = "keyctl(2), KEYCTL_SETPERM",
		.config = "KEYS",
		OP_IN(permit),
		.run = permit_run,
	},
	{
		.name = "key.add",
		.doc = "Make a key of type user.",
		.source = "add_key(2)",
		.config = "KEYS",
		OP_IN(add), OP_OUT(key),
		.run = add_run,
	},
	{
		.name = "key.search",
		.doc = "Look for a key of type user.",
		.source = "keyctl(2), KEYCTL_SEARCH",
		.config = "KEYS",
		OP_IN(search), OP_OUT(key),
		.run = search_run,
	},
	{
		.name = "key.describe",
		.doc = "Describe a key.",
		.source = "keyctl(2), KEYCTL_DESCRIBE",
		.config = "KEYS",
		OP_IN(describe), OP_OUT(describe),
		.run = describe_run,
	},
	{
		.name = "key.read",
		.doc = "Read a key.",
		.source = "keyctl(2), KEYCTL_READ",
		.config = "KEYS",
		OP_IN(describe), OP_OUT(read),
		.run = read_run,
	},
	{
		.name = "key.chown",
		.doc = "Change owner and group of a key.",
		.source = "keyctl(2), KEYCTL_CHOWN",
		.config = "KEYS",
		OP_IN(chown),
		.run = chown_run,
	},
	{
		.name = "key.persistent",
		.doc = "Link the persistent keyring of a user to the session keyring.",
		.source = "persistent-keyring(7)",
		.config = "PERSISTENT_KEYRINGS",
		OP_IN(persistent), OP_OUT(key),
		.run = persistent_run,
	},
	{ 0 }
};
