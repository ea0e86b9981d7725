// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel modules: which, where, in which order.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <endian.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>

#include "vm/ko.h"
#include "vm/modules.h"

enum { FOUND_MAX = 20000, TAKEN_MAX = 256, DEPTH_MAX = 16 };

/*
 * What ops make by name and what the kernel would ask modprobe for, which a guest does not
 * have; loaded when a selected suite has the word. One that is built in, or not there, is
 * left out: then the cells that need it say so.
 */
static const struct wanted {
	const char *module, *word;
} wanted[] = {
	/* The channel to the host (lines.c). */
	{ "virtio_pci", "" }, { "virtio_console", "" },
	{ "veth", "veth" }, { "dummy", "dummy" }, { "bridge", "bridge" }, { "macvlan", "macvlan" },
	{ "ipvlan", "ipvlan" }, { "8021q", "vlan" }, { "vxlan", "vxlan" }, { "tun", "tun" },
	/* Kinds of links that stand in rows. */
	{ "bareudp", "name: bareudp" }, { "geneve", "name: geneve" }, { "ip_gre", "name: gretap" },
	{ "ip6_gre", "name: ip6gretap" }, { "ip6_tunnel", "name: ip6tnl" },
	{ "ip6_vti", "name: vti6" }, { "ip_vti", "name: vti," }, { "ipip", "name: ipip" },
	{ "ipvtap", "name: ipvtap" }, { "macsec", "name: macsec" }, { "macvtap", "name: macvtap" },
	{ "sit", "name: sit" }, { "vxcan", "name: vxcan" }, { "wireguard", "wireguard" },
	{ "xfrm_interface", "name: xfrm" },
	{ "bonding", "bond" }, { "ifb", "ifb" }, { "nlmon", "nlmon" },
	{ "sch_ingress", "name: ingress" }, { "team", "team" }, { "vrf", "name: vrf" },
	/* Kinds of objects. */
	{ "act_gact", "tc-gact" }, { "act_mirred", "tc-mirred" }, { "fou", "fou-port" },
	{ "ip_set_hash_ip", "ipset" }, { "l2tp_netlink", "l2tp-tunnel" },
	{ "l2tp_eth", "l2tp-session" },
	{ "nfnetlink_acct", "nfacct" }, { "nfnetlink_cttimeout", "nfct-timeout" },
	{ "nft_compat", "labelled" }, { "xt_IDLETIMER", "labelled" },
	{ "xt_hashlimit", "labelled" }, { "xt_recent", "labelled" },
	{ "ipv6", "" }, { "af_packet", "packet" }, { "af_packet_diag", "diag" },
	{ "unix_diag", "diag" }, { "netlink_diag", "diag" }, { "inet_diag", "diag" },
	{ "tcp_diag", "diag" }, { "udp_diag", "diag" }, { "raw_diag", "diag" }, { "sctp", "sctp" },
	{ "af_key", "key" }, { "xfrm_user", "xfrm" }, { "esp4", "xfrm" }, { "xfrm_algo", "xfrm" },
	{ "authenc", "xfrm" }, { "echainiv", "xfrm" }, { "cbc", "xfrm" }, { "hmac", "xfrm" },
	{ "sha256_generic", "xfrm" }, { "sha1_generic", "xfrm" }, { "aes_generic", "xfrm" },
	{ "nf_tables", "nft" }, { "nft_chain_nat", "nft" }, { "nft_nat", "nft" },
	{ "nft_masq", "nft" }, { "nft_ct", "nft" }, { "nft_log", "nft" },
	{ "nft_reject_inet", "nft" }, { "nft_redir", "nft" }, { "nft_queue", "nft" },
	{ "nft_counter", "nft" }, { "nf_log_syslog", "nft" }, { "nf_log_ipv4", "nft" },
	{ "nf_conntrack", "conntrack" }, { "nf_conntrack_netlink", "conntrack" },
	{ "nfnetlink_log", "nflog" }, { "nfnetlink_log", "NETFILTER_NETLINK_LOG" },
	{ "nfnetlink_queue", "NETFILTER_NETLINK_QUEUE" }, { "overlay", "overlay" },
	{ "configfs", "configfs" }, { "binfmt_misc", "binfmt_misc" }, { "fuse", "fuse" },
	{ "ext4", "ext4" }, { "loop", "loop" }, { "loop", "BLOCK" },
	{ "virtio_net", "link.lend" }, { "sch_netem", "netem" }, { "vsock", "vsock" },
	{ "sch_fq", "kind: fq" },
	{ "vsock_loopback", "vsock" },
	{ "rtc-cmos", "alarm-clock" }, { "dns_resolver", "DNS_RESOLVER" },
};

struct found {
	const char *name; /* with _ for - */
	struct part part;
};

struct collecting {
	struct pool *pool;
	struct found *found;
	size_t n_found;
	const struct modules_from *from;
	struct modules *out;
	bool failed;
};

static char *plain_name(struct pool *pool, const char *name, size_t len)
{
	char *s = pool_strndup(pool, name, len);

	for (char *c = s; *c; c++)
		if (*c == '-')
			*c = '_';
	return s;
}

static void add(struct collecting *c, const char *file, const struct part *part)
{
	size_t len = module_name_len(file);

	if (len && c->n_found < FOUND_MAX)
		c->found[c->n_found++] = (struct found){ plain_name(c->pool, file, len), *part };
}

static void find_in_dir(struct collecting *c, const char *dir)
{
	char *const roots[] = { (char *)dir, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *e;

	while (fts && (e = fts_read(fts)))
		if (e->fts_info == FTS_F)
			add(c, e->fts_name, &(struct part){
				.name = pool_strdup(c->pool, e->fts_path), .fd = -1 });
	if (fts)
		fts_close(fts);
}

static bool find_all(struct collecting *c)
{
	const char *dir = c->from->dir;

	c->found = pool_array(c->pool, struct found, FOUND_MAX);
	if (dir)
		find_in_dir(c, dir);
	for (size_t i = 0; !dir && i < c->from->package->n_modules; i++) {
		const struct part *part = &c->from->package->modules[i];

		add(c, strrchr(part->name, '/') + 1, part);
	}
	if (!c->n_found && dir)
		fprintf(stderr,
			"nsconform: %s holds no kernel modules (.ko, .ko.gz, .ko.xz, .ko.zst)\n",
			dir);
	return c->n_found || !dir;
}

/*
 * An algorithm of the crypto API is asked for without the "_generic" of the module that always
 * can do it: libcrc32c, and so nf_tables, wants "crc32c".
 */
static const struct found *find(const struct collecting *c, const char *name)
{
	const char *const names[] = { name, pool_printf(c->pool, "%s_generic", name) };

	for (size_t n = 0; n < 2; n++)
		for (size_t i = 0; i < c->n_found; i++)
			if (!strcmp(c->found[i].name, names[n]))
				return &c->found[i];
	return NULL;
}

static bool taken(const struct collecting *c, const char *name)
{
	for (size_t i = 0; i < c->out->n; i++)
		if (!strcmp(c->out->v[i].name, name))
			return true;
	return false;
}

static void take(struct collecting *c, const char *name, int depth);

/* The modules in LIST, or NULL: "a,b" of depends, "a b" of softdep. */
static void take_each(struct collecting *c, const char *list, int depth)
{
	static const char between[] = ", ";

	for (size_t len; list && *(list += strspn(list, between)); list += len) {
		len = strcspn(list, between);
		take(c, plain_name(c->pool, list, len), depth);
	}
}

/* The part of "pre: a b post: c" (softdep, modprobe.d(5)) to be loaded before, or NULL. */
static const char *softdep_pre(struct pool *pool, const char *softdep)
{
	char *pre = softdep ? pool_strdup(pool, softdep) : NULL;
	char *post = pre ? strstr(pre, "post:") : NULL;

	if (post)
		*post = 0;
	pre = pre ? strstr(pre, "pre:") : NULL;
	return pre ? pre + strlen("pre:") : NULL;
}

/* A machine's number has the same place in ELF files of 32 and of 64 bits. */
static bool is_for(const struct vm_arch *arch, const Elf64_Ehdr *elf, const char *name)
{
	uint16_t machine = elf->e_ident[EI_DATA] == ELFDATA2MSB ? be16toh(elf->e_machine) :
								   le16toh(elf->e_machine);
	bool good = machine == EM_NONE || machine == arch->elf;

	if (!good)
		fprintf(stderr, "nsconform: %s is no module for %s\n", name, arch->name);
	return good;
}

/* Depth first, so that what is needed comes before what needs it. */
static void take(struct collecting *c, const char *name, int depth)
{
	const struct found *found = find(c, name);
	struct module m;

	/* A module that is not there is built in, or not configured. */
	if (!found || taken(c, found->name) || c->failed || depth > DEPTH_MAX)
		return;
	m.name = found->name;
	m.data = module_read(c->pool, &found->part, &m.len);
	if (!m.data || !is_for(c->from->arch, m.data, found->part.name) ||
	    c->out->n == TAKEN_MAX) {
		c->failed = true;
		return;
	}
	take_each(c, softdep_pre(c->pool, module_info(m.data, m.len, "softdep")), depth + 1);
	take_each(c, module_info(m.data, m.len, "depends"), depth + 1);
	if (c->out->n < TAKEN_MAX)
		c->out->v[c->out->n++] = m;
}

static bool spoken_of(const struct selection *s, const char *word)
{
	for (size_t i = 0; i < s->n_suites; i++)
		if (strstr(s->suites[i]->source, word))
			return true;
	return false;
}

bool modules_collect(struct pool *pool, const struct modules_from *from,
		     const struct selection *selection, struct modules *out)
{
	struct collecting c = { .pool = pool, .from = from, .out = out };

	*out = (struct modules){ .v = pool_array(pool, struct module, TAKEN_MAX) };
	if (!find_all(&c))
		return false;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		if (spoken_of(selection, wanted[i].word))
			take(&c, plain_name(pool, wanted[i].module, strlen(wanted[i].module)), 0);
	return !c.failed;
}
