// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lists of what sweeps may find. Sources are pages of Documentation/ of the kernel, the third
 * section of a manual page, or the function that decides.
 */
#include <fnmatch.h>
#include <stddef.h>

#include "lists.h"

#define OWN(pattern_) { .pattern = pattern_ }
#define GLOBAL(pattern_, source_) { .pattern = pattern_, .source = source_ }
#define WHOLE(pattern_, source_) { .pattern = pattern_, .source = source_, .whole = true }

#define SYSCTL_INDEX "admin-guide/sysctl/index.rst: "
#define SYSCTL_KERNEL "admin-guide/sysctl/kernel.rst: "
#define SYSCTL_FS "admin-guide/sysctl/fs.rst: "
#define SYSCTL_NET "admin-guide/sysctl/net.rst: "

/* Below /proc/sys. What is on no row, as all of net/ and user/, belongs to a namespace. */
static const struct sweep_row sysctls[] = {
	/* Of IPC namespaces: ipc_namespaces(7). */
	OWN("kernel/msg*"),
	OWN("kernel/sem*"),
	OWN("kernel/shm*"),
	OWN("kernel/auto_msgmni"),
	OWN("fs/mqueue/*"),
	/* Of UTS namespaces: uts_namespaces(7). */
	OWN("kernel/hostname"),
	OWN("kernel/domainname"),
	/* Of PID namespaces: pid_namespaces(7). */
	OWN("vm/memfd_noexec"),

	/* Every fork changes the one; the other is the machine's before Linux 6.14. */
	GLOBAL("kernel/ns_last_pid", SYSCTL_KERNEL "ns_last_pid, the last pid allocated"),
	GLOBAL("kernel/pid_max", SYSCTL_KERNEL "pid_max"),

	WHOLE("abi/*", SYSCTL_INDEX "execution domains & personalities"),
	WHOLE("crypto/*", "crypto/fips.c: one state of the machine"),
	WHOLE("debug/*", "admin-guide/sysctl/abi.rst, kernel.rst: tracing of the kernel"),
	WHOLE("dev/*", SYSCTL_INDEX "device specific information"),
	WHOLE("fscache/*", "filesystems/caching/fscache.rst: one cache of the machine"),
	WHOLE("sunrpc/*", "admin-guide/sysctl/sunrpc.rst: debugging of the kernel's RPC"),
	WHOLE("vm/*", SYSCTL_INDEX "memory management tuning"),

	GLOBAL("fs/aio-*", SYSCTL_FS "aio-nr & aio-max-nr, system-wide"),
	GLOBAL("fs/dentry-*", SYSCTL_FS "dentry-negative, of the cache"),
	GLOBAL("fs/dir-notify-enable", "proc(5) /proc/sys/fs/dir-notify-enable, system-wide"),
	GLOBAL("fs/epoll/*", SYSCTL_FS "/proc/sys/fs/epoll, of each user"),
	GLOBAL("fs/fanotify/*", "fanotify(7) /proc interfaces; limits of a namespace are in user/"),
	GLOBAL("fs/file-max", SYSCTL_FS "file-max, maximum the kernel will allocate"),
	GLOBAL("fs/fuse/*", SYSCTL_FS "/proc/sys/fs/fuse, of all servers"),
	GLOBAL("fs/inotify/*", "inotify(7) /proc interfaces; limits of a namespace are in user/"),
	GLOBAL("fs/lease*", "proc(5) /proc/sys/fs/leases-enable, system-wide"),
	GLOBAL("fs/mount-max", SYSCTL_FS "mount-max, of any mount namespace"),
	GLOBAL("fs/nfs/*", "admin-guide/nfs/nfs-client.rst: one client"),
	GLOBAL("fs/nr_open", SYSCTL_FS "nr_open"),
	GLOBAL("fs/ocfs2/*", "filesystems/ocfs2.rst"),
	GLOBAL("fs/overflow*", SYSCTL_FS "overflowgid & overflowuid"),
	GLOBAL("fs/pipe-*", "pipe(7) /proc files"),
	GLOBAL("fs/protected_*", SYSCTL_FS "protected_*"),
	GLOBAL("fs/quota/*", SYSCTL_INDEX "specific filesystems"),
	GLOBAL("fs/suid_dumpable", SYSCTL_FS "suid_dumpable"),
	GLOBAL("fs/verity/*", "filesystems/fsverity.rst: require_signatures"),
	GLOBAL("fs/xfs/*", "admin-guide/xfs.rst: sysctls"),

	GLOBAL("kernel/acct", SYSCTL_KERNEL "acct"),
	GLOBAL("kernel/acpi_video_flags", SYSCTL_KERNEL "acpi_video_flags"),
	GLOBAL("kernel/apparmor*", "admin-guide/LSM/apparmor.rst: policy of the machine"),
	GLOBAL("kernel/bpf_stats_enabled", SYSCTL_KERNEL "bpf_stats_enabled"),
	GLOBAL("kernel/cad_pid", SYSCTL_KERNEL "cad_pid, who is signalled at Ctrl-Alt-Del"),
	GLOBAL("kernel/core_*", SYSCTL_KERNEL "core_pattern, core_pipe_limit, core_uses_pid"),
	GLOBAL("kernel/ctrl-alt-del", SYSCTL_KERNEL "ctrl-alt-del"),
	GLOBAL("kernel/dmesg_restrict", SYSCTL_KERNEL "dmesg_restrict"),
	GLOBAL("kernel/firmware_config/*", SYSCTL_KERNEL "firmware_config"),
	GLOBAL("kernel/ftrace_*", SYSCTL_KERNEL "ftrace_enabled, ftrace_dump_on_oops"),
	GLOBAL("kernel/stack_tracer_enabled", SYSCTL_KERNEL "stack_tracer_enabled"),
	GLOBAL("kernel/hardlockup_*", SYSCTL_KERNEL "hardlockup_*"),
	GLOBAL("kernel/hung_task_*", SYSCTL_KERNEL "hung_task_*"),
	GLOBAL("kernel/hotplug", SYSCTL_KERNEL "hotplug"),
	GLOBAL("kernel/io_delay_type", SYSCTL_INDEX "global kernel info / tuning"),
	GLOBAL("kernel/io_uring_*", SYSCTL_KERNEL "io_uring_disabled, io_uring_group"),
	GLOBAL("kernel/kexec_*", SYSCTL_KERNEL "kexec_load_disabled, kexec_load_limit_*"),
	GLOBAL("kernel/keys/*", "keyrings(7) /proc files; quotas are each user's"),
	GLOBAL("kernel/kptr_restrict", SYSCTL_KERNEL "kptr_restrict"),
	GLOBAL("kernel/latencytop", SYSCTL_INDEX "global kernel info / tuning"),
	GLOBAL("kernel/max_lock_depth", SYSCTL_INDEX "global kernel info / tuning"),
	GLOBAL("kernel/max_rcu_stall_to_panic", SYSCTL_KERNEL "max_rcu_stall_to_panic"),
	GLOBAL("kernel/modprobe", SYSCTL_KERNEL "modprobe"),
	GLOBAL("kernel/modules_disabled", SYSCTL_KERNEL "modules_disabled"),
	GLOBAL("kernel/nmi_watchdog", SYSCTL_KERNEL "nmi_watchdog"),
	GLOBAL("kernel/numa_*", SYSCTL_KERNEL "numa_balancing"),
	GLOBAL("kernel/oops_*", SYSCTL_KERNEL "oops_all_cpu_backtrace, oops_limit"),
	GLOBAL("kernel/overflow*", SYSCTL_KERNEL "overflowgid & overflowuid"),
	GLOBAL("kernel/panic*", SYSCTL_KERNEL "panic, panic_on_*, panic_print"),
	GLOBAL("kernel/perf_*", SYSCTL_KERNEL "perf_event_*, perf_cpu_time_max_percent"),
	GLOBAL("kernel/poweroff_cmd", SYSCTL_INDEX "global kernel info / tuning"),
	GLOBAL("kernel/print*", SYSCTL_KERNEL "printk, printk_*, print-fatal-signals"),
	GLOBAL("kernel/pty/*", SYSCTL_KERNEL "pty"),
	GLOBAL("kernel/random/*", SYSCTL_KERNEL "random"),
	GLOBAL("kernel/randomize_va_space", SYSCTL_KERNEL "randomize_va_space"),
	GLOBAL("kernel/real-root-dev", SYSCTL_KERNEL "real-root-dev"),
	GLOBAL("kernel/rtsig-*", SYSCTL_KERNEL "rtsig-max & rtsig-nr"),
	GLOBAL("kernel/sched_*", SYSCTL_KERNEL "sched_*; sched(7)"),
	GLOBAL("kernel/timer_migration", SYSCTL_INDEX "global kernel info / tuning"),
	GLOBAL("kernel/task_delayacct", SYSCTL_KERNEL "task_delayacct"),
	GLOBAL("kernel/seccomp/*", SYSCTL_KERNEL "seccomp, actions_logged"),
	GLOBAL("kernel/soft*", SYSCTL_KERNEL "soft_watchdog, softlockup_*"),
	GLOBAL("kernel/split_lock_mitigate", SYSCTL_KERNEL "split_lock_mitigate"),
	GLOBAL("kernel/sysctl_writes_strict", SYSCTL_KERNEL "sysctl_writes_strict"),
	GLOBAL("kernel/sysrq", SYSCTL_KERNEL "sysrq"),
	GLOBAL("kernel/tainted", SYSCTL_KERNEL "tainted"),
	GLOBAL("kernel/threads-max", SYSCTL_KERNEL "threads-max, of the machine"),
	GLOBAL("kernel/trace*", SYSCTL_KERNEL "traceoff_on_warning, tracepoint_printk"),
	GLOBAL("kernel/unknown_nmi_panic", SYSCTL_KERNEL "unknown_nmi_panic"),
	GLOBAL("kernel/unprivileged_bpf_disabled", SYSCTL_KERNEL "unprivileged_bpf_disabled"),
	GLOBAL("kernel/unprivileged_userns_*", "of Debian and AppArmor: who may make them"),
	GLOBAL("kernel/usermodehelper/*", "capabilities(7): bounding set of helpers"),
	GLOBAL("kernel/user_events_max", SYSCTL_KERNEL "user_events_max"),
	GLOBAL("kernel/warn_limit", SYSCTL_KERNEL "warn_limit"),
	GLOBAL("kernel/watchdog*", SYSCTL_KERNEL "watchdog, watchdog_*"),
	GLOBAL("kernel/yama/*", "admin-guide/LSM/Yama.rst: ptrace_scope"),
	{ 0 }
};

/* Below /proc/net: what tells of the machine beside what it tells of the namespace. */
static const struct sweep_row net_files[] = {
	GLOBAL("protocols", "include/net/sock.h: memory_allocated is one of each protocol"),
	GLOBAL("sockstat", "tcp(7) tcp_mem: mem, of all sockets of the machine"),
	GLOBAL("softnet_stat", SYSCTL_NET "netdev_budget: one queue of each processor"),
	GLOBAL("stat/*", "net/core/neighbour.c, net/ipv4/route.c: caches of each processor"),
	GLOBAL("xfrm_stat", "networking/xfrm_proc.rst"),
	{ 0 }
};

static const struct sweep_row *const sweep_lists[SWEEP_LISTS] = {
	[SWEEP_SYSCTLS] = sysctls,
	[SWEEP_NET_FILES] = net_files,
};

const struct sweep_row *sweep_global(enum sweep_list list, const char *name)
{
	for (const struct sweep_row *row = sweep_lists[list]; row->pattern; row++)
		if (!fnmatch(row->pattern, name, 0))
			return row->source ? row : NULL;
	return NULL;
}

#define PID_PAGE "proc_pid_"
#define PTRACE_READ "; ptrace(2) PTRACE_MODE_READ_FSCREDS"
#define PTRACE_ATTACH "; ptrace(2) PTRACE_MODE_ATTACH_FSCREDS"

/* Below /proc/PID, but for task/, in which each thread has the same files. */
static const struct sweep_pid_row sweep_pid_files[] = {
	{ "arch_status", READ_ANYBODY, "fs/proc/base.c: mode 0444" },
	{ "attr/*", READ_ANYBODY, "proc_pid_attr(5): readable by all, written by oneself" },
	{ "autogroup", READ_ANYBODY, PID_PAGE "autogroup(5)" },
	{ "auxv", READ_TRACER, PID_PAGE "auxv(5)" PTRACE_READ },
	{ "cgroup", READ_ANYBODY, PID_PAGE "cgroup(5)" },
	{ "cmdline", READ_ANYBODY, PID_PAGE "cmdline(5)" },
	{ "comm", READ_ANYBODY, PID_PAGE "comm(5)" },
	{ "coredump_filter", READ_ANYBODY, "core(5)" },
	{ "cpu_resctrl_groups", READ_ANYBODY, "fs/proc/base.c: mode 0444" },
	{ "cpuset", READ_ANYBODY, "cpuset(7)" },
	{ "cwd", READ_TRACER, PID_PAGE "cwd(5)" PTRACE_READ },
	{ "environ", READ_TRACER, PID_PAGE "environ(5)" PTRACE_READ },
	{ "exe", READ_TRACER, PID_PAGE "exe(5)" PTRACE_READ },
	{ "fd/*", READ_TRACER, PID_PAGE "fd(5)" PTRACE_READ },
	{ "fdinfo/*", READ_TRACER, PID_PAGE "fdinfo(5)" PTRACE_READ },
	{ "gid_map", READ_ANYBODY, "user_namespaces(7)" },
	{ "io", READ_TRACER, PID_PAGE "io(5)" PTRACE_READ },
	{ "ksm_*", READ_OWNER, "fs/proc/base.c: mode 0400" },
	{ "latency", READ_ANYBODY, "fs/proc/base.c: mode 0444" },
	{ "limits", READ_ANYBODY, PID_PAGE "limits(5)" },
	{ "livepatch*", READ_OWNER, "fs/proc/base.c: mode 0400" },
	{ "loginuid", READ_ANYBODY, "fs/proc/base.c: mode 0644" },
	{ "make-it-fail", READ_ANYBODY, "fault-injection/fault-injection.rst: mode 0644" },
	{ "map_files/*", READ_TRACER, PID_PAGE "map_files(5)" PTRACE_READ },
	{ "maps", READ_TRACER, PID_PAGE "maps(5)" PTRACE_READ },
	{ "mem", READ_TRACER, PID_PAGE "mem(5)" PTRACE_ATTACH },
	{ "mountinfo", READ_ANYBODY, PID_PAGE "mountinfo(5)" },
	{ "mounts", READ_ANYBODY, PID_PAGE "mounts(5)" },
	{ "mountstats", READ_OWNER, PID_PAGE "mountstats(5): mode 0400" },
	{ "net/*", READ_ANYBODY, PID_PAGE "net(5)" },
	{ "ns/*", READ_TRACER, PID_PAGE "ns(5)" PTRACE_READ },
	{ "numa_maps", READ_TRACER, PID_PAGE "numa_maps(5)" PTRACE_READ },
	{ "oom_adj", READ_ANYBODY, PID_PAGE "oom_adj(5)" },
	{ "oom_score", READ_ANYBODY, PID_PAGE "oom_score(5)" },
	{ "oom_score_adj", READ_ANYBODY, PID_PAGE "oom_score_adj(5)" },
	{ "pagemap", READ_TRACER, PID_PAGE "pagemap(5)" PTRACE_READ },
	{ "patch_state", READ_OWNER, "fs/proc/base.c: mode 0400" },
	{ "personality", READ_TRACER, PID_PAGE "personality(5)" PTRACE_ATTACH },
	{ "projid_map", READ_ANYBODY, PID_PAGE "projid_map(5)" },
	{ "root", READ_TRACER, PID_PAGE "root(5)" PTRACE_READ },
	{ "sched", READ_ANYBODY, "fs/proc/base.c: mode 0644" },
	{ "schedstat", READ_ANYBODY, "scheduler/sched-stats.rst" },
	{ "seccomp_cache", READ_TRACER, "fs/proc/base.c: mode 0400, CAP_SYS_ADMIN" },
	{ "sessionid", READ_ANYBODY, "fs/proc/base.c: mode 0444" },
	{ "setgroups", READ_ANYBODY, "user_namespaces(7)" },
	{ "smaps", READ_TRACER, PID_PAGE "smaps(5)" PTRACE_READ },
	{ "smaps_rollup", READ_TRACER, PID_PAGE "smaps(5)" PTRACE_READ },
	{ "stack", READ_TRACER, PID_PAGE "stack(5)" PTRACE_ATTACH },
	{ "stat", READ_ANYBODY, PID_PAGE "stat(5)" },
	{ "statm", READ_ANYBODY, PID_PAGE "statm(5)" },
	{ "status", READ_ANYBODY, PID_PAGE "status(5)" },
	{ "syscall", READ_TRACER, PID_PAGE "syscall" "(5)" PTRACE_ATTACH },
	{ "timens_offsets", READ_ANYBODY, "time_namespaces(7)" },
	{ "timers", READ_ANYBODY, PID_PAGE "timers(5): mode 0444" },
	{ "timerslack_ns", READ_TRACER, PID_PAGE "timerslack_ns(5)" PTRACE_ATTACH },
	{ "uid_map", READ_ANYBODY, "user_namespaces(7)" },
	{ "wchan", READ_ANYBODY, PID_PAGE "wchan(5): 0 without ptrace access" },
	{ "x86_*", READ_ANYBODY, "fs/proc/base.c: mode 0444" },
	{ 0 }
};

const struct sweep_pid_row *sweep_pid_file(const char *name)
{
	for (const struct sweep_pid_row *row = sweep_pid_files; row->pattern; row++)
		if (!fnmatch(row->pattern, name, 0))
			return row;
	return NULL;
}
