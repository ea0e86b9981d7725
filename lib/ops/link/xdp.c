// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that look at each frame of a network device first.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "../seen.h"
#include "../../net/link.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

enum { DETACH = -1 };

static const struct symbol verdicts[] = {
	{ .name = "none", .value = DETACH, .doc = "no program any more" },
	{ .name = "drop", .value = XDP_DROP },
	{ .name = "pass", .value = XDP_PASS },
	{ 0 }
};

#define XDP_IN(F, S) \
	F(S, STR, name, REQUIRED, "name of the device") \
	F(S, ENUM_DEF, verdict, XDP_PASS, verdicts, "what the program says of each frame")
FIELDS(xdp_in, XDP_IN);

/* r0 = VERDICT; exit */
static int load(int64_t verdict)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = (int)verdict },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_XDP };

	attr.insns = (uint64_t)(uintptr_t)insns;
	attr.insn_cnt = 2;
	attr.license = (uint64_t)(uintptr_t)"GPL";
	return (int)sys_call(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int link_xdp_run(struct op_ctx *ctx, const struct xdp_in *in, struct none *out)
{
	AUTO_MSG *msg = link_msg(RTM_SETLINK, in->name, 0, 0, 0);
	AUTO_FD fd = in->verdict == DETACH ? -1 : load(in->verdict);
	struct nlattr *nest;

	if (fd < 0 && in->verdict != DETACH)
		return op_broken(ctx, "BPF_PROG_LOAD: %m");
	nest = netlink_nest(msg, IFLA_XDP | NLA_F_NESTED);
	netlink_put_u32(msg, IFLA_XDP_FD, (uint32_t)fd);
	netlink_put_u32(msg, IFLA_XDP_FLAGS, XDP_FLAGS_SKB_MODE);
	nla_nest_end(msg, nest);
	return netlink_route(ctx, msg, NULL);
}
OP(link_xdp, "link.xdp", xdp_in, none,
	.doc = "Have a program look at each frame of a network device first (generic mode), or none.",
	.source = "bpf(2), rtnetlink(7) IFLA_XDP", .config = "BPF_SYSCALL",
	.asks = "cap.NET_ADMIN cap.BPF",
	.touches = NSM_NET, .mutates = NSM_NET,
	.seen = SEEN_NET);
