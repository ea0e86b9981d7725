// SPDX-License-Identifier: GPL-2.0-only
/*
 * A security module for a moment: a BPF program at one of the hooks of security modules, which is
 * there as long as its descriptor is open.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <string.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

enum { BTF_BYTES_MAX = 64 * 1024 * 1024 };

static const char btf_path[] = "/sys/kernel/btf/vmlinux", hook[] = "bpf_lsm_userns_create";

/* How much follows the head of a type. */
static size_t rest_of(const struct btf_type *t)
{
	size_t n = BTF_INFO_VLEN(t->info);

	switch (BTF_INFO_KIND(t->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return sizeof(uint32_t);
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return n * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return n * sizeof(struct btf_enum);
	case BTF_KIND_ENUM64:
		return n * sizeof(struct btf_enum64);
	case BTF_KIND_FUNC_PROTO:
		return n * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return n * sizeof(struct btf_var_secinfo);
	default:
		return 0;
	}
}

/* The number of the function NAME among the kernel's types, or 0. */
static uint32_t function_id(const char *text, size_t len, const char *name)
{
	const struct btf_header *head = (const void *)text;
	const char *types, *end, *names;
	uint32_t id = 1;

	if (len < sizeof(*head) || head->magic != BTF_MAGIC)
		return 0;
	types = text + head->hdr_len + head->type_off;
	end = types + head->type_len;
	names = text + head->hdr_len + head->str_off;
	for (; types + sizeof(struct btf_type) <= end && end <= text + len; id++) {
		const struct btf_type *t = (const void *)types;

		if (BTF_INFO_KIND(t->info) == BTF_KIND_FUNC && !strcmp(names + t->name_off, name))
			return id;
		types += sizeof(*t) + rest_of(t);
	}
	return 0;
}

static int bpf(int command, union bpf_attr *attr)
{
	return (int)sys_call(SYS_bpf, command, attr, sizeof(*attr));
}

/* A program that answers every question with -ERROR, or broken. */
static int load_program(struct op_ctx *ctx, uint32_t function, int error)
{
	const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = -error },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_LSM, .expected_attach_type = BPF_LSM_MAC,
		.insns = (uintptr_t)code, .insn_cnt = sizeof(code) / sizeof(*code),
		.license = (uintptr_t)"GPL", .attach_btf_id = function,
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	return fd < 0 ? op_broken(ctx, "load a BPF program: %m") : fd;
}

#define DENY_IN(F, S) \
	F(S, ERRNO, error, "what the module answers")
FIELDS(deny_in, DENY_IN);

#define DENY_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the module, until it is closed")
FIELDS(deny_out, DENY_OUT);

static int lsm_deny_userns_run(struct op_ctx *ctx, const struct deny_in *in, struct deny_out *out)
{
	char *text;
	size_t len;
	int rc = sys_read_file(ctx->pool, btf_path, BTF_BYTES_MAX, &text, &len);

	out->fd = -1;
	if (rc < 0)
		return op_broken(ctx, "read %s: %s", btf_path, strerror(-rc));
	uint32_t function = function_id(text, len, hook);

	if (!function)
		return op_broken(ctx, "the kernel has no %s", hook);
	AUTO_FD program = load_program(ctx, function, (int)in->error);

	if (program < 0)
		return OP_BROKEN;
	union bpf_attr attr = { .raw_tracepoint = { .prog_fd = (uint32_t)program } };
	int fd = bpf(BPF_RAW_TRACEPOINT_OPEN, &attr);

	if (fd < 0)
		return op_broken(ctx, "attach a BPF program to %s: %m", hook);
	out->fd = fd;
	return 0;
}
OP(lsm_deny_userns, "lsm.deny_userns", deny_in, deny_out,
	.doc = "Be a security module that denies the creation of user namespaces, on the whole machine.",
	.source = "Documentation/bpf/prog_lsm.rst",
	.asks = "feature.bpf-modules",
	.flags = OP_HOST);
