// SPDX-License-Identifier: GPL-2.0-only
/*
 * Needs of ops, by globs of their names and by what their rows say; other words of needs.
 */
#define _GNU_SOURCE
#include <string.h>
#include <uthash.h>

#include "machine/calls.h"
#include "machine/confine.h"
#include "nsc/begin.h"
#include "nsc/place.h"
#include "nsc/text.h"
#include "plan/op_needs.h"

static const struct spoken spoken[] = {
	{ "link.add", "kind", "*", "link.%s" },
	{ "sock.open", "family", "inet", "option.INET" },
	{ "sock.open", "family", "inet6", "option.IPV6" },
	{ "sock.open", "family", "packet", "option.PACKET" },
	{ "sock.open", "family", "packet", "cap.NET_RAW" },
	{ "sock.open", "type", "raw", "cap.NET_RAW" },
	{ "sock.@(bind|listen)", "port", "[1-9]?([0-9])?([0-9])", "cap.NET_BIND_SERVICE" },
	{ "exec.run", "traced", "true", "syscall.ptrace" },
	{ "monitor.listen", "group", "nftables", "cap.NET_ADMIN" },
	{ "monitor.listen", "all", "true", "cap.NET_BROADCAST" },
	{ "file.mknod", "type", "@(char|block)", "cap.MKNOD" },
	{ "file.write", "path", "*/timens_offsets", "cap.SYS_TIME" },
	{ "rlimit.set", "resource", "*", "start.rlimit-%s" },
	{ "cap.raise", "caps", "[A-Z]*", "cap.%s" },
	{ "cap.set", "effective", "[A-Z]*", "cap.%s" },
	{ "cap.set", "permitted", "[A-Z]*", "cap.%s" },
	{ "cap.set", "inheritable", "[A-Z]*", "cap.%s" },
	{ "*", "family", "ipv6", "option.IPV6" },
	{ "@(addr|icmp|neigh|route|sock).*", "address", "*:*", "option.IPV6" },
	{ "*.sysctl_*", "name", "kernel.@(shm|msg|sem)*", "option.SYSVIPC" },
	{ "*.sysctl_*", "name", "kernel.@(ns_last_pid|*_next_id)", "option.CHECKPOINT_RESTORE" },
	{ "*.sysctl_*", "name", "fs.mqueue.*", "option.POSIX_MQUEUE" },
	{ "*.sysctl_*", "name", "net.ipv4.*", "option.INET" },
	{ "*.sysctl_*", "name", "net.ipv6.*", "option.IPV6" },
	{ "*.sysctl_*", "name", "net.netfilter.*", "option.NF_CONNTRACK" },
	/* What came between clone3(2), which is asked for by name, and 5.10. */
	{ "ns.clone", "set_tid", "*", "release.5.5" },
	{ "ns.clone", "set_tid_size", "*", "release.5.5" },
	{ "ns.clone", "bad", "set_tid", "release.5.5" },
	{ "ns.clone", "flags", "INTO_CGROUP", "release.5.7" },
	{ "ns.setns", "actor", "*", "release.5.8" },
	{ "cred.reach", "how", "getfd", "syscall.pidfd_getfd" },
	{ "nft.chain_add", "type", "nat", "option.NFT_NAT" },
	{ "qdisc.add", "kind", "fq", "option.NET_SCH_FQ" },
	{ "object.*", "kind", "fou-port", "option.NET_FOU" },
	{ "object.*", "kind", "ioam6-namespace", "option.IPV6" },
	{ "object.*", "kind", "ipset", "option.IP_SET_HASH_IP" },
	{ "object.*", "kind", "l2tp-session", "option.L2TP_ETH" },
	{ "object.*", "kind", "l2tp-tunnel", "option.L2TP" },
	{ "object.*", "kind", "mptcp-endpoint", "option.MPTCP" },
	{ "object.*", "kind", "nfacct", "option.NETFILTER_NETLINK_ACCT" },
	{ "object.*", "kind", "nfct-timeout", "option.NF_CT_NETLINK_TIMEOUT" },
	{ "object.*", "kind", "seg6-hmac", "option.IPV6_SEG6_HMAC" },
	{ "object.*", "kind", "tc-gact", "option.NET_ACT_GACT" },
	{ "object.*", "kind", "tc-mirred", "option.NET_ACT_MIRRED" },
	{ "pid.reboot", "user", "@(owner|inside)", "ns.user" },
	{ "user.nest", "by", "*", "ns.user" },
	{ "proc.call", "call", "ioprio_get", "option.BLOCK" },
	{ "proc.call", "call", "kcmp", "option.KCMP" },
	{ "proc.call", "call", "move_pages", "option.NUMA" },
	{ "proc.call", "call", "process_vm_readv", "option.CROSS_MEMORY_ATTACH" },
	{ "cred.reach", "how", "kcmp", "option.KCMP" },
	{ "cred.reach", "how", "vm_read", "option.CROSS_MEMORY_ATTACH" },
	{ "mnt.*", "type", "binfmt_misc", "option.BINFMT_MISC" },
	{ "mnt.*", "type", "bpf", "option.BPF_SYSCALL" },
	{ "mnt.*", "type", "cgroup?(2)", "option.CGROUPS" },
	{ "mnt.*", "type", "devpts", "option.UNIX98_PTYS" },
	{ "mnt.*", "type", "devtmpfs", "option.DEVTMPFS" },
	{ "mnt.*", "type", "mqueue", "option.POSIX_MQUEUE" },
	{ "mnt.*", "type", "mqueue", "start.rlimit-msgqueue" },
	{ "mnt.*", "type", "overlay", "option.OVERLAY_FS" },
};


enum { SPOKEN = sizeof(spoken) / sizeof(*spoken) };

struct found {
	const struct op *op;
	struct op_needs needs;
	UT_hash_handle hh;
};

static struct pool found_pool;
static struct found *all;

static void append(struct strs *list, const char *need)
{
	const char **grown = pool_array(&found_pool, const char *, list->n + 1);

	if (list->n)
		memcpy(grown, list->v, list->n * sizeof(*grown));
	grown[list->n++] = need;
	list->v = grown;
}

/* The system calls that a source such as `msgsnd(2), mq_send(3)` names. */
static void find_calls(struct strs *own, const char *source)
{
	const char *call;

	while ((call = call_next(&found_pool, &source))) {
		if (!confine_knows(call))
			continue;
		append(own, pool_printf(&found_pool, "call.%s", call));
		/* The kernel may be older than the call. */
		if (call_find(call)->since)
			append(own, pool_printf(&found_pool, "syscall.%s", call));
	}
}

static void find_asks(struct strs *asks, const char *words)
{
	while (words && *words) {
		size_t len = strcspn(words, " ");

		append(asks, pool_strndup(&found_pool, words, len));
		words += len + (words[len] == ' ');
	}
}

static void find_spoken(struct op_needs *needs, const struct op *op)
{
	size_t n = 0;

	needs->spoken = pool_array(&found_pool, const struct spoken *, SPOKEN + 1);
	for (size_t i = 0; i < SPOKEN; i++)
		if (field_find(op->in, spoken[i].param) &&
		    text_matches(spoken[i].op, op->name))
			needs->spoken[n++] = &spoken[i];
}

static void find_kinds(struct op_needs *needs, const struct op *op)
{
	size_t n = 0;

	for (const struct field *f = op->in; f && f->type != FIELD_END; f++)
		n++;
	needs->kinds = pool_array(&found_pool, const struct field *, n + 1);
	n = 0;
	for (const struct field *f = op->in; f && f->type != FIELD_END; f++)
		if (f->symbols == ns_symbols || f->symbols == ns_type_symbols ||
		    f->symbols == clone_symbols)
			needs->kinds[n++] = f;
}

const struct op_needs *op_needs_of(const struct op *op)
{
	struct found *f = NULL;

	HASH_FIND_PTR(all, &op, f);
	if (f)
		return &f->needs;
	f = pool_new(&found_pool, struct found);
	f->op = op;
	if (op->config)
		append(&f->needs.own, pool_printf(&found_pool, "option.%s", op->config));
	find_calls(&f->needs.own, op->source);
	find_asks(&f->needs.asks, op->asks);
	find_spoken(&f->needs, op);
	find_kinds(&f->needs, op);
	HASH_ADD_PTR(all, op, f);
	return &f->needs;
}

const char *op_needs_kind(enum ns ns)
{
	static const char *kinds[NS_COUNT];

	if (!kinds[ns])
		kinds[ns] = pool_printf(&found_pool, "ns.%s", ns_kinds[ns].name);
	return kinds[ns];
}

const char *const *op_needs_start(void)
{
	static const char **needs;
	size_t n = 0;

	if (needs)
		return needs;
	while (begin_attributes[n].name)
		n++;
	needs = pool_array(&found_pool, const char *, n + 1);
	for (size_t i = 0; i < n; i++)
		needs[i] = pool_printf(&found_pool, "start.%s", begin_attributes[i].name);
	return needs;
}
