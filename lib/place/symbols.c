// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names that actors' attributes and several families of ops share: kinds of namespace, flags of
 * clone(2), capabilities and signals.
 */
#define _GNU_SOURCE
#include <linux/capability.h>
#include <signal.h>

#include "nsc/place.h"
#include "uapi/sched.h"

const struct symbol ns_symbols[] = {
	{ "user", NSM_USER, "user namespace" },
	{ "mnt", NSM_MNT, "mount namespace" },
	{ "pid", NSM_PID, "PID namespace" },
	{ "net", NSM_NET, "network namespace" },
	{ "ipc", NSM_IPC, "IPC namespace" },
	{ "uts", NSM_UTS, "UTS namespace" },
	{ "cgroup", NSM_CGROUP, "cgroup namespace" },
	{ "time", NSM_TIME, "time namespace" },
	{ 0 }
};

const struct symbol ns_type_symbols[] = {
	{ "user", NS_USER, "user namespace" },
	{ "mnt", NS_MNT, "mount namespace" },
	{ "pid", NS_PID, "PID namespace" },
	{ "net", NS_NET, "network namespace" },
	{ "ipc", NS_IPC, "IPC namespace" },
	{ "uts", NS_UTS, "UTS namespace" },
	{ "cgroup", NS_CGROUP, "cgroup namespace" },
	{ "time", NS_TIME, "time namespace" },
	{ 0 }
};

#define FLAG(name) { #name, CLONE_##name, 0 }
const struct symbol clone_symbols[] = {
	FLAG(NEWNS), FLAG(NEWCGROUP), FLAG(NEWUTS), FLAG(NEWIPC), FLAG(NEWUSER), FLAG(NEWPID),
	FLAG(NEWNET), FLAG(NEWTIME), FLAG(VM), FLAG(FS), FLAG(FILES), FLAG(SIGHAND), FLAG(PIDFD),
	FLAG(PTRACE), FLAG(VFORK), FLAG(PARENT), FLAG(THREAD), FLAG(SYSVSEM), FLAG(SETTLS),
	FLAG(PARENT_SETTID), FLAG(CHILD_CLEARTID), FLAG(DETACHED), FLAG(UNTRACED),
	FLAG(CHILD_SETTID), FLAG(IO), FLAG(CLEAR_SIGHAND), FLAG(INTO_CGROUP), FLAG(AUTOREAP),
	FLAG(NNP), FLAG(PIDFD_AUTOKILL), FLAG(EMPTY_MNTNS),
	{ "UNSHARE_EMPTY_MNTNS", UNSHARE_EMPTY_MNTNS, "unshare(2) only" },
	{ 0 }
};

#define CAP(name) { #name, 1ll << CAP_##name, 0 }
const struct symbol cap_symbols[] = {
	{ "all", -1, "every capability" },
	CAP(CHOWN), CAP(DAC_OVERRIDE), CAP(DAC_READ_SEARCH), CAP(FOWNER), CAP(FSETID), CAP(KILL),
	CAP(SETGID), CAP(SETUID), CAP(SETPCAP), CAP(LINUX_IMMUTABLE), CAP(NET_BIND_SERVICE),
	CAP(NET_BROADCAST), CAP(NET_ADMIN), CAP(NET_RAW), CAP(IPC_LOCK), CAP(IPC_OWNER),
	CAP(SYS_MODULE), CAP(SYS_RAWIO), CAP(SYS_CHROOT), CAP(SYS_PTRACE), CAP(SYS_PACCT),
	CAP(SYS_ADMIN), CAP(SYS_BOOT), CAP(SYS_NICE), CAP(SYS_RESOURCE), CAP(SYS_TIME),
	CAP(SYS_TTY_CONFIG), CAP(MKNOD), CAP(LEASE), CAP(AUDIT_WRITE), CAP(AUDIT_CONTROL),
	CAP(SETFCAP), CAP(MAC_OVERRIDE), CAP(MAC_ADMIN), CAP(SYSLOG), CAP(WAKE_ALARM),
	CAP(BLOCK_SUSPEND), CAP(AUDIT_READ), CAP(PERFMON), CAP(BPF), CAP(CHECKPOINT_RESTORE),
	{ 0 }
};

#define SIGNAL(name) { #name, 1ll << SIG##name, 0 }
const struct symbol signal_symbols[] = {
	SIGNAL(HUP), SIGNAL(INT), SIGNAL(QUIT), SIGNAL(ILL), SIGNAL(TRAP), SIGNAL(ABRT),
	SIGNAL(BUS), SIGNAL(FPE), SIGNAL(USR1), SIGNAL(SEGV), SIGNAL(USR2), SIGNAL(PIPE),
	SIGNAL(ALRM), SIGNAL(TERM), SIGNAL(CHLD), SIGNAL(CONT), SIGNAL(TSTP), SIGNAL(TTIN),
	SIGNAL(TTOU), SIGNAL(URG), SIGNAL(WINCH),
	{ 0 }
};
