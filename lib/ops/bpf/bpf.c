// SPDX-License-Identifier: GPL-2.0-only
/*
 * Maps of bpf(2), the names that they get in a file system, and tokens, by which the right to make
 * some is given to a user namespace.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "uapi/bpf.h"

/* What the call returns, a descriptor mostly, or -errno. */
static int bpf(int command, void *attr, size_t size)
{
	long rc = sys_call(SYS_bpf, command, attr, (unsigned)size);

	return rc < 0 ? -errno : (int)rc;
}

/* Types whose maps anybody may make where the machine lets anybody do so, and others. */
static const struct map_type {
	uint32_t type, key, flags;
} map_types[] = {
	{ BPF_MAP_TYPE_ARRAY, 4, 0 },
	{ BPF_MAP_TYPE_LPM_TRIE, 8, BPF_F_NO_PREALLOC },
	{ BPF_MAP_TYPE_QUEUE, 0, 0 },
	{ BPF_MAP_TYPE_STACK, 0, 0 },
};

static const struct symbol types[] = {
	{ "array", 0, "which a machine may allow to anybody" },
	{ "lpm-trie", 1, "by CAP_BPF only, as the next two" },
	{ "queue", 2, NULL },
	{ "stack", 3, NULL },
	{ 0 }
};

#define MAP_IN(F, S) \
	F(S, ENUM_DEF, type, 0, types, "what it is") \
	F(S, FD, token, OPTIONAL, "from `bpf.token`")
FIELDS(map_in, MAP_IN);

#define MAP_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the map") \
	F(S, INT, id, REQUIRED, 0, UINT32_MAX, "its number, of the whole machine")
FIELDS(map_out, MAP_OUT);

/* Hand out the map FD with its number. */
static int answer(struct op_ctx *ctx, int fd, struct map_out *out)
{
	struct bpf_map_info info = { 0 };
	union bpf_attr attr = { 0 };

	out->fd = fd;
	attr.info.bpf_fd = (uint32_t)fd;
	attr.info.info_len = sizeof(info);
	attr.info.info = (uintptr_t)&info;
	if (sys_call(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)) < 0)
		return op_broken(ctx, "BPF_OBJ_GET_INFO_BY_FD: %m");
	out->id = info.id;
	return 0;
}

static int bpf_map_run(struct op_ctx *ctx, const struct map_in *in, struct map_out *out)
{
	const struct map_type *t = &map_types[in->type];
	struct nsc_bpf_map attr = { .map_type = t->type, .key_size = t->key, .value_size = 4,
				    .max_entries = 1, .map_flags = t->flags };
	size_t size = offsetof(struct nsc_bpf_map, map_extra);
	int fd;

	out->fd = -1;
	if (in->token >= 0) {
		attr.map_flags |= NSC_BPF_F_TOKEN_FD;
		attr.map_token_fd = in->token;
		size = sizeof(attr);
	}
	fd = bpf(BPF_MAP_CREATE, &attr, size);
	return fd < 0 ? fd : answer(ctx, fd, out);
}
OP(bpf_map, "bpf.map", map_in, map_out,
	.doc = "Make a map.",
	.source = "bpf(2) BPF_MAP_CREATE", .config = "BPF_SYSCALL",
	.touches = NSM_USER);

#define TOKEN_IN(F, S) \
	F(S, FD, at, REQUIRED, "mount of a bpf file system")
FIELDS(token_in, TOKEN_IN);

#define TOKEN_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the token")
FIELDS(token_out, TOKEN_OUT);

/* The kernel takes no O_PATH descriptor. */
static int bpf_token_run(struct op_ctx *ctx, const struct token_in *in, struct token_out *out)
{
	AUTO_FD root = openat(in->at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct nsc_bpf_token attr = { .bpffs_fd = (uint32_t)root };

	out->fd = -1;
	if (root < 0)
		return op_broken(ctx, "open the root of the file system: %m");
	int fd = bpf(NSC_BPF_TOKEN_CREATE, &attr, sizeof(attr));

	out->fd = fd < 0 ? -1 : fd;
	return fd < 0 ? fd : 0;
}
OP(bpf_token, "bpf.token", token_in, token_out,
	.doc = "Make a token of what a bpf file system delegates.",
	.source = "bpf(2); include/uapi/linux/bpf.h BPF_TOKEN_CREATE, since Linux 6.9",
	.config = "BPF_SYSCALL",
	.touches = NSM_USER | NSM_MNT);

#define PIN_IN(F, S) \
	F(S, FD, fd, REQUIRED, "map") \
	F(S, STR, path, REQUIRED, "name on a bpf file system")
FIELDS(pin_in, PIN_IN);

static int bpf_pin_run(struct op_ctx *ctx, const struct pin_in *in, struct none *out)
{
	union bpf_attr attr = { 0 };

	attr.pathname = (uintptr_t)in->path;
	attr.bpf_fd = (uint32_t)in->fd;
	return bpf(BPF_OBJ_PIN, &attr, sizeof(attr));
}
OP(bpf_pin, "bpf.pin", pin_in, none,
	.doc = "Give a map a name.",
	.source = "bpf(2) BPF_OBJ_PIN", .config = "BPF_SYSCALL",
	.touches = NSM_MNT, .mutates = NSM_MNT,
	.seen = "bpf file");

#define OPEN_IN(F, S) \
	F(S, STR, path, REQUIRED, "name that `bpf.pin` has given it")
FIELDS(open_in, OPEN_IN);

static int bpf_open_run(struct op_ctx *ctx, const struct open_in *in, struct map_out *out)
{
	union bpf_attr attr = { 0 };
	int fd;

	out->fd = -1;
	attr.pathname = (uintptr_t)in->path;
	fd = bpf(BPF_OBJ_GET, &attr, sizeof(attr));
	return fd < 0 ? fd : answer(ctx, fd, out);
}
OP(bpf_open, "bpf.open", open_in, map_out,
	.doc = "Open a map by its name.",
	.source = "bpf(2) BPF_OBJ_GET", .config = "BPF_SYSCALL",
	.touches = NSM_MNT | NSM_USER);

#define BY_ID_IN(F, S) \
	F(S, INT, id, REQUIRED, 1, UINT32_MAX, "number of the map")
FIELDS(by_id_in, BY_ID_IN);

static int bpf_by_id_run(struct op_ctx *ctx, const struct by_id_in *in, struct map_out *out)
{
	union bpf_attr attr = { 0 };
	int fd;

	out->fd = -1;
	attr.map_id = (uint32_t)in->id;
	fd = bpf(BPF_MAP_GET_FD_BY_ID, &attr, sizeof(attr));
	return fd < 0 ? fd : answer(ctx, fd, out);
}
OP(bpf_by_id, "bpf.by_id", by_id_in, map_out,
	.doc = "Open a map by its number.",
	.source = "bpf(2); include/uapi/linux/bpf.h BPF_MAP_GET_FD_BY_ID", .config = "BPF_SYSCALL",
	.touches = NSM_USER);
