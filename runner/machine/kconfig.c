// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of kernel options.  The parents are those of Linux 6.12 on x86; a fragment of them all
 * over `make tinyconfig` must come out whole.
 */
#include <string.h>

#include "machine/kconfig.h"
#include "nsc/ns.h"

void kconfig_each(struct pool *pool, const char *list,
		  void (*fn)(void *context, const char *option), void *context)
{
	while (*list) {
		size_t len = strcspn(list, " ");

		fn(context, pool_strndup(pool, list, len));
		list += len + strspn(list + len, " ");
	}
}

/* What words of the form config.X and ns.KIND do not say themselves. */
static const struct {
	const char *need, *options;
} rows[] = {
	{ NEED_HARNESS, "BINFMT_ELF EPOLL FILE_LOCKING FUTEX MEMFD_CREATE MULTIUSER "
			"PID_NS POSIX_TIMERS PROC_FS PROC_SYSCTL SIGNALFD SYSFS TIMERFD "
			"TMPFS UNIX" },
	{ NEED_VM, "64BIT ACPI BLK_DEV_INITRD DEVTMPFS IKCONFIG_PROC PRINTK RD_GZIP SERIAL_8250 "
		   "SERIAL_8250_CONSOLE TTY UNIX98_PTYS VIRTIO_CONSOLE VIRTIO_PCI" },
	{ "root", "" },
	{ "user", "USER_NS" },
	{ "proc.mount", "PROC_FS" },
	{ "cgroup.v1", "CGROUPS" },
	{ "cgroup.v2", "CGROUPS" },
	{ "cgroup.writable", "CGROUPS" },
	{ "cgroup.nsdelegate", "CGROUPS" },
	{ "cgroup.no-nsdelegate", "CGROUPS" },
	{ "cgroup.cpuset", "CGROUPS CPUSETS" },
	{ "disposable", "" },
	{ "feature.alarm-clock", "RTC_CLASS RTC_DRV_CMOS" },
	{ "feature.clone3-time", "TIME_NS" },
	{ "feature.ipsec-messages", "XFRM_USER" },
	{ "feature.lowest-root", "" },
	{ "feature.ordinary-user", "" },
	{ "feature.pid-max-local", "PID_NS" },
	{ "feature.devconf-from-initial", "INET" },
	{ "feature.realtime", "" },
	{ "feature.time32", "IA32_EMULATION COMPAT_32BIT_TIME" },
	{ "feature.tiocsti", "" },
	{ "feature.two-adapters", "VIRTIO_NET" },
	{ "feature.bpf-modules", "" },
	{ "file./dev/fuse", "FUSE_FS" },
	{ "file./dev/kmsg", "PRINTK" },
	{ "file./dev/net/tun", "TUN" },
	{ "file./dev/null", "" },
	{ "file./proc/net/if_inet6", "IPV6" },
	{ "file./proc/net/udplite", "INET" },
	{ "file./proc/net/udplite6", "IPV6" },
	{ "file./proc/sys/fs/mqueue/queues_max", "POSIX_MQUEUE" },
	{ "file./proc/sys/net/core/devconf_inherit_init_net", "NET" },
	{ "file./proc/sys/net/core/message_cost", "NET" },
	{ "file./proc/sys/net/core/netdev_budget", "NET" },
	{ "file./proc/sys/net/core/netdev_max_backlog", "NET" },
	{ "file./proc/sys/net/ipv4/tcp_mem", "INET" },
	{ "file./proc/sys/net/vsock/ns_mode", "VSOCKETS" },
	{ "file./proc/sys/net/netfilter/nf_hooks_lwtunnel", "LWTUNNEL NETFILTER" },
	{ "file./proc/sys/vm/memfd_noexec", "MEMFD_CREATE" },
	{ "file./proc/sysvipc/msg", "SYSVIPC" },
	{ "file./sys/fs/cgroup/pids/cgroup.procs", "CGROUP_PIDS" },
	{ "link.bareudp", "BAREUDP" },
	{ "link.bond", "BONDING" },
	{ "link.bridge", "BRIDGE" },
	{ "link.dummy", "DUMMY" },
	{ "link.geneve", "GENEVE" },
	{ "link.gre", "NET_IPGRE" },
	{ "link.gretap", "NET_IPGRE" },
	{ "link.ifb", "IFB" },
	{ "link.ip6gre", "IPV6_GRE" },
	{ "link.ip6gretap", "IPV6_GRE" },
	{ "link.ip6tnl", "IPV6_TUNNEL" },
	{ "link.ipip", "NET_IPIP" },
	{ "link.ipvlan", "IPVLAN" },
	{ "link.ipvtap", "IPVTAP" },
	{ "link.macsec", "MACSEC" },
	{ "link.macvlan", "MACVLAN" },
	{ "link.macvtap", "MACVTAP" },
	{ "link.netkit", "NETKIT" },
	{ "link.nlmon", "NLMON" },
	{ "link.sit", "IPV6_SIT" },
	{ "link.team", "NET_TEAM" },
	{ "link.veth", "VETH" },
	{ "link.vlan", "VLAN_8021Q" },
	{ "link.vrf", "NET_VRF" },
	{ "link.vti", "NET_IPVTI" },
	{ "link.vti6", "IPV6_VTI" },
	{ "link.vxcan", "CAN_VXCAN" },
	{ "link.vxlan", "VXLAN" },
	{ "link.wireguard", "WIREGUARD" },
	{ "link.xfrm", "XFRM_INTERFACE" },
	{ "sys.mount", "SYSFS" },
	{ "syscall.futex_waitv", "FUTEX" },
	{ "syscall.io_uring_setup", "IO_URING" },
	{ "syscall.kcmp", "KCMP" },
	{ "syscall.keyctl", "KEYS" },
};

/* Groups whose words speak of the release, the processor or the runner, and of no option. */
static const char *const without[] = {
	"box.", "call.", "cap.", "cpus.", "start.", "setting.", "release.", "unset.", "syscall.",
	"sysctl.",
};

static bool begins(const char *need, const char *group)
{
	return !strncmp(need, group, strlen(group));
}

const char *kconfig_of_need(const char *need)
{
	const char *dot = strchr(need, '.');

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!strcmp(rows[i].need, need))
			return rows[i].options;
	if (begins(need, "config.") || begins(need, "option."))
		return dot + 1;
	if ((begins(need, "ns.") || begins(need, "initial.")) && ns_find(dot + 1) >= 0)
		return ns_kinds[ns_find(dot + 1)].config ? ns_kinds[ns_find(dot + 1)].config : "";
	for (size_t i = 0; i < sizeof(without) / sizeof(*without); i++)
		if (begins(need, without[i]))
			return "";
	return NULL;
}

const struct kernel_option kernel_options[] = {
	{ "64BIT", "" },
	/* Not by Kconfig: a PC's tables speak of PCI, and are refused without it. */
	{ "ACPI", "PCI" },
	{ "AIO", "" },
	{ "AUDIT", "NET" },
	{ "BAREUDP", "NET_CORE INET" },
	{ "BINFMT_ELF", "" },
	{ "BINFMT_MISC", "" },
	{ "BLK_DEV_INITRD", "" },
	{ "BLOCK", "" },
	{ "BONDING", "NETDEVICES NET_CORE INET" },
	{ "BPF_SYSCALL", "" },
	{ "BRIDGE", "INET" },
	{ "BRIDGE_IGMP_SNOOPING", "BRIDGE" },
	{ "BRIDGE_VLAN_FILTERING", "BRIDGE VLAN_8021Q" },
	{ "BSD_PROCESS_ACCT", "MULTIUSER" },
	{ "BSD_PROCESS_ACCT_V3", "BSD_PROCESS_ACCT" },
	{ "CAN", "NET" },
	{ "CAN_DEV", "NETDEVICES CAN" },
	{ "CAN_VXCAN", "CAN_DEV" },
	{ "CGROUPS", "" },
	{ "CGROUP_PIDS", "CGROUPS" },
	{ "CHECKPOINT_RESTORE", "PROC_FS" },
	{ "COMPAT_32BIT_TIME", "" },
	{ "CONFIGFS_FS", "" },
	{ "CONNECTOR", "NET" },
	{ "CPUSETS", "CGROUPS SMP" },
	{ "CROSS_MEMORY_ATTACH", "" },
	{ "DEBUG_FS", "" },
	{ "DEVTMPFS", "" },
	{ "DNS_RESOLVER", "NET KEYS" },
	{ "DUMMY", "NET_CORE" },
	{ "ENABLE_DEFAULT_TRACERS", "FTRACE" },
	{ "EPOLL", "" },
	{ "ETHTOOL_NETLINK", "NET" },
	{ "EXT4_FS", "BLOCK" },
	{ "FANOTIFY", "" },
	{ "FHANDLE", "" },
	{ "FILE_LOCKING", "" },
	{ "FTRACE", "" },
	{ "FUSE_FS", "" },
	{ "FUTEX", "" },
	{ "FUTEX_PI", "FUTEX" },
	{ "GENEVE", "NET_CORE INET" },
	{ "HUGETLBFS", "SYSFS" },
	{ "IA32_EMULATION", "64BIT" },
	{ "IFB", "NET_CORE NET_CLS_ACT" },
	{ "IKCONFIG", "" },
	{ "IKCONFIG_PROC", "IKCONFIG PROC_FS" },
	{ "INET", "NET" },
	{ "INET_DIAG", "INET" },
	{ "INET_DIAG_DESTROY", "INET_DIAG" },
	{ "INET_UDP_DIAG", "INET_DIAG" },
	{ "INOTIFY_USER", "" },
	{ "IO_URING", "" },
	{ "IPC_NS", "NAMESPACES SYSVIPC" },
	{ "IPV6", "INET" },
	{ "IPV6_GRE", "IPV6 NET_IPGRE_DEMUX" },
	{ "IPV6_MULTIPLE_TABLES", "IPV6" },
	{ "IPV6_SEG6_HMAC", "IPV6" },
	{ "IPV6_SIT", "IPV6" },
	{ "IPV6_TUNNEL", "IPV6" },
	{ "IPV6_VTI", "IPV6" },
	{ "IPVLAN", "NET_CORE INET" },
	{ "IPVTAP", "IPVLAN" },
	{ "IP_ADVANCED_ROUTER", "INET" },
	{ "IP_MULTICAST", "INET" },
	{ "IP_MULTIPLE_TABLES", "IP_ADVANCED_ROUTER" },
	{ "IP_SCTP", "INET" },
	{ "IP_SET", "INET NETFILTER_ADVANCED" },
	{ "IP_SET_HASH_IP", "IP_SET" },
	{ "KALLSYMS", "" },
	{ "KCMP", "CHECKPOINT_RESTORE" },
	{ "KEXEC", "" },
	{ "KEYS", "" },
	{ "L2TP", "INET" },
	{ "L2TP_ETH", "L2TP_V3" },
	{ "L2TP_V3", "L2TP" },
	{ "LWTUNNEL", "INET" },
	{ "MACSEC", "NET_CORE" },
	{ "MACVLAN", "NET_CORE" },
	{ "MACVTAP", "MACVLAN INET" },
	{ "MEMFD_CREATE", "SHMEM" },
	{ "MODULES", "" },
	{ "MODULE_UNLOAD", "MODULES" },
	{ "MPTCP", "INET" },
	{ "MULTIUSER", "" },
	{ "NAMESPACES", "MULTIUSER" },
	{ "NET", "" },
	{ "NETDEVICES", "NET" },
	{ "NETFILTER", "NET" },
	{ "NETFILTER_ADVANCED", "NETFILTER" },
	{ "NETFILTER_EGRESS", "NETFILTER" },
	{ "NETFILTER_NETLINK_ACCT", "NETFILTER_ADVANCED" },
	{ "NETFILTER_NETLINK_LOG", "NETFILTER_ADVANCED" },
	{ "NETFILTER_NETLINK_QUEUE", "NETFILTER_ADVANCED" },
	{ "NETFILTER_XTABLES", "NETFILTER" },
	{ "NETFILTER_XT_MATCH_HASHLIMIT", "NETFILTER_XTABLES NETFILTER_ADVANCED" },
	{ "NETFILTER_XT_MATCH_RECENT", "NETFILTER_XTABLES NETFILTER_ADVANCED" },
	{ "NETFILTER_XT_TARGET_IDLETIMER", "NETFILTER_XTABLES NETFILTER_ADVANCED" },
	{ "NETKIT", "NET_CORE BPF_SYSCALL" },
	{ "NETLINK_DIAG", "NET" },
	{ "NET_ACT_GACT", "NET_CLS_ACT" },
	{ "NET_ACT_MIRRED", "NET_CLS_ACT" },
	{ "NET_CLS_ACT", "NET_SCHED" },
	{ "NET_CORE", "NETDEVICES" },
	{ "NET_FOU", "INET" },
	{ "NET_IPGRE", "NET_IPGRE_DEMUX" },
	{ "NET_IPGRE_DEMUX", "INET" },
	{ "NET_IPIP", "INET" },
	{ "NET_IPVTI", "INET" },
	{ "NET_L3_MASTER_DEV", "NET" },
	{ "NET_NS", "NAMESPACES NET" },
	{ "NET_SCHED", "NET" },
	{ "NET_SCH_FQ", "NET_SCHED" },
	{ "NET_SCH_INGRESS", "NET_CLS_ACT" },
	{ "NET_SCH_NETEM", "NET_SCHED" },
	{ "NET_TEAM", "NET_CORE" },
	{ "NET_VRF", "NET_CORE IP_MULTIPLE_TABLES NET_L3_MASTER_DEV" },
	{ "NFT_COMPAT", "NF_TABLES NETFILTER_XTABLES" },
	{ "NFT_CT", "NF_TABLES NF_CONNTRACK" },
	{ "NFT_LOG", "NF_TABLES" },
	{ "NFT_MASQ", "NF_TABLES NF_CONNTRACK NF_NAT" },
	{ "NFT_NAT", "NF_TABLES NF_CONNTRACK NF_NAT" },
	{ "NF_CONNTRACK", "INET NETFILTER" },
	{ "NF_CONNTRACK_TIMEOUT", "NF_CONNTRACK NETFILTER_ADVANCED" },
	{ "NF_CT_NETLINK", "NF_CONNTRACK" },
	{ "NF_CT_NETLINK_TIMEOUT", "NF_CONNTRACK_TIMEOUT" },
	{ "NF_LOG_SYSLOG", "NETFILTER_ADVANCED" },
	{ "NF_NAT", "NF_CONNTRACK" },
	{ "NF_TABLES", "INET NETFILTER" },
	{ "NF_TABLES_INET", "NF_TABLES IPV6" },
	{ "NF_TABLES_IPV4", "NF_TABLES" },
	{ "NF_TABLES_NETDEV", "NF_TABLES" },
	{ "NLMON", "NET_CORE" },
	{ "NUMA", "SMP" },
	{ "OVERLAY_FS", "" },
	{ "PACKET", "NET" },
	{ "PACKET_DIAG", "PACKET" },
	{ "PCI", "" },
	{ "PERF_EVENTS", "" },
	{ "PERSISTENT_KEYRINGS", "KEYS" },
	{ "PID_NS", "NAMESPACES" },
	{ "POSIX_MQUEUE", "NET" },
	{ "POSIX_TIMERS", "" },
	{ "PRINTK", "" },
	{ "PROC_EVENTS", "CONNECTOR" },
	{ "PROC_FS", "" },
	{ "PROC_PID_CPUSET", "CPUSETS" },
	{ "PROC_SYSCTL", "PROC_FS" },
	{ "QUOTA", "BLOCK" },
	{ "QUOTA_NETLINK_INTERFACE", "QUOTA NET" },
	{ "RD_GZIP", "BLK_DEV_INITRD" },
	{ "RTC_CLASS", "" },
	/* Not by Kconfig: a PC's tables say where the clock is, and that it can wake. */
	{ "RTC_DRV_CMOS", "RTC_CLASS ACPI" },
	{ "SECCOMP", "" },
	{ "SECCOMP_FILTER", "SECCOMP NET" },
	{ "SECURITY", "SYSFS MULTIUSER" },
	{ "SECURITYFS", "" },
	{ "SERIAL_8250", "TTY" },
	{ "SERIAL_8250_CONSOLE", "SERIAL_8250" },
	{ "SHMEM", "" },
	{ "SIGNALFD", "" },
	{ "SMP", "" },
	{ "SWAP", "BLOCK" },
	{ "SYSFS", "" },
	{ "SYSVIPC", "" },
	{ "TASKSTATS", "NET MULTIUSER" },
	{ "THERMAL", "" },
	{ "THERMAL_NETLINK", "THERMAL NET" },
	{ "TIMERFD", "" },
	{ "TIME_NS", "NAMESPACES" },
	{ "TMPFS", "SHMEM" },
	{ "TMPFS_POSIX_ACL", "TMPFS" },
	{ "TMPFS_QUOTA", "TMPFS" },
	{ "TMPFS_XATTR", "TMPFS" },
	{ "TRACING", "ENABLE_DEFAULT_TRACERS" },
	{ "TTY", "" },
	{ "TUN", "NET_CORE INET" },
	{ "UNIX", "NET" },
	{ "UNIX98_PTYS", "TTY" },
	{ "UNIX_DIAG", "UNIX" },
	{ "USER_NS", "NAMESPACES" },
	{ "UTS_NS", "NAMESPACES" },
	{ "VETH", "NET_CORE" },
	{ "VIRTIO_CONSOLE", "VIRTIO_MENU TTY" },
	{ "VIRTIO_MENU", "" },
	{ "VIRTIO_NET", "VIRTIO_MENU VIRTIO_PCI NET_CORE" },
	{ "VIRTIO_PCI", "VIRTIO_MENU PCI" },
	{ "VLAN_8021Q", "NET" },
	{ "VSOCKETS", "NET" },
	{ "VXLAN", "NET_CORE INET" },
	{ "WIREGUARD", "NET_CORE INET" },
	{ "X86_IOPL_IOPERM", "" },
	{ "XFRM_INTERFACE", "IPV6 XFRM_USER" },
	{ "XFRM_USER", "INET" },
	{ 0 }
};

const struct kernel_option *kernel_option_find(const char *name)
{
	for (const struct kernel_option *o = kernel_options; o->name; o++)
		if (!strcmp(o->name, name))
			return o;
	return NULL;
}
