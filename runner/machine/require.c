// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of requirements.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/capability.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <uthash.h>

#include "load/features.h"
#include "cgroups/cgroups.h"
#include "machine/kconfig.h"
#include "machine/chroot.h"
#include "machine/confine.h"
#include "machine/initial.h"
#include "machine/machine.h"
#include "machine/option.h"
#include "nsc/begin.h"
#include "nsc/cgroup.h"
#include "nsc/field.h"
#include "nsc/ns.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "nsc/time32.h"
#include "machine/evidence.h"
#include "load/problems.h"
#include "load/release.h"
#include "machine/require.h"
#include "machine/setting.h"
#include "machine/special.h"
#include "machine/start.h"
#include "uapi/pidfd.h"

enum { MOUNTINFO_BYTES_MAX = 4 * 1024 * 1024, ORDINARY_ID = 65533 };

static const char *failed(struct pool *pool, const char *what, int error)
{
	return pool_printf(pool, "%s: %s", what, strerror(error));
}

/*
 * The kernel does not have what NEED speaks of: the option behind it, or else WHAT, as where the
 * configuration says that the option is set, and another release or architecture has it.
 */
static bool lacks_option(struct pool *pool, struct missing *m, const char *need, const char *what,
			 const char *detail)
{
	const char *options = kconfig_of_need(need);
	const char *option = options && *options ?
		pool_strndup(pool, options, strcspn(options, " ")) : NULL;

	if (!option || machine_option(option) == 'y')
		return lacks(pool, m, what, detail, NULL);
	return lacks(pool, m, pool_printf(pool, "CONFIG_%s", option), detail,
		     pool_printf(pool, "build the kernel with CONFIG_%s", option));
}

static bool lacks_kind(struct pool *pool, struct missing *m, enum ns ns)
{
	const char *name = ns_kinds[ns].name;

	if (access("/proc/self/ns", F_OK) < 0)
		return cannot(pool, m, "no procfs at /proc", failed(pool, "/proc/self/ns", errno),
			      "mount a procfs at /proc");
	return lacks_option(pool, m, pool_printf(pool, "ns.%s", name),
			    pool_printf(pool, "%s namespaces", name),
			    pool_printf(pool, "there is no /proc/self/ns/%s", name));
}

static bool probe_root(struct pool *pool, const char *rest, struct missing *m)
{
	static const char own[] = "by the process's own credentials";
	struct machine machine;

	(void)rest;
	machine_read(&machine);
	if (geteuid() != 0)
		return cannot(pool, m, "not root", own, NULL);
	if (!machine.initial_user)
		return cannot(pool, m, "not in the initial user namespace",
			      "by /proc/self/uid_map", "run as the machine's root");
	return machine.admin ||
	       cannot(pool, m, "no CAP_SYS_ADMIN", own, "run with CAP_SYS_ADMIN");
}

static bool has_cap(struct pool *pool, const char *name)
{
	cap_value_t cap;
	cap_flag_value_t value = CAP_CLEAR;
	cap_t caps = cap_get_proc();

	if (cap_from_name(pool_printf(pool, "cap_%s", name), &cap) == 0 && caps)
		cap_get_flag(caps, cap, CAP_EFFECTIVE, &value);
	cap_free(caps);
	return value == CAP_SET;
}

static bool probe_cap(struct pool *pool, const char *rest, struct missing *m)
{
	return has_cap(pool, rest) || cannot(pool, m, pool_printf(pool, "no CAP_%s", rest),
					     "not in the effective set",
					  pool_printf(pool, "run with CAP_%s", rest));
}

/*
 * Root becomes an ordinary user for the cells that are one's, and prepares a world for that user:
 * writes the maps, hands over the cgroup.
 */
static bool may_become(struct pool *pool, struct missing *m)
{
	static const char *const caps[] = { "SETUID", "SETGID", "DAC_OVERRIDE" };
	struct machine machine;

	machine_read(&machine);
	for (size_t i = 0; machine.root && i < sizeof(caps) / sizeof(*caps); i++)
		if (!probe_cap(pool, caps[i], m))
			return false;
	/* Who stays uid 0 maps it, for which there is a rule since 5.12 (user_namespaces(7)). */
	return machine.root || geteuid() != 0 || probe_cap(pool, "SETFCAP", m);
}

/* Making a mount namespace takes a capability in the new user namespace. */
static bool probe_user(struct pool *pool, const char *rest, struct missing *m)
{
	struct machine machine;

	(void)rest;
	if (access("/proc/self/ns/user", F_OK) < 0)
		return lacks_kind(pool, m, NS_USER);
	if (!may_become(pool, m))
		return false;
	machine_read(&machine);
	struct tried t = probe_in(&(struct trial){ .flags = CLONE_NEWUSER | CLONE_NEWNS,
						   .become = machine.root ? ORDINARY_ID : 0 });

	return evidence_explains_not(pool, &t, m);
}

/* The kernel says which kinds it has in /proc/self/ns. */
static bool probe_ns(struct pool *pool, const char *rest, struct missing *m)
{
	int ns = ns_find(rest);

	if (ns < 0)
		return lacks(pool, m, pool_printf(pool, "%s namespaces", rest), "no such kind", "");
	if (access(pool_printf(pool, "/proc/self/ns/%s", rest), F_OK) < 0)
		return lacks_kind(pool, m, (enum ns)ns);
	struct tried t = probe_in(&(struct trial){ .flags = ns_kinds[ns].flag });

	return evidence_explains_not(pool, &t, m);
}

/* Only a kernel whose configuration cannot be read is asked by trying. */
static bool probe_link_kind(struct pool *pool, const char *rest, struct missing *m)
{
	const char *need = pool_printf(pool, "link.%s", rest), *option = kconfig_of_need(need);
	char state = option && *option ? machine_option(option) : 0;
	/* Root without the capability makes them where an ordinary user does. */
	uint64_t flags = CLONE_NEWNET | (has_cap(pool, "NET_ADMIN") ? 0 : CLONE_NEWUSER);
	struct tried t = probe_in(&(struct trial){ .flags = flags, .call = "RTM_NEWLINK",
						   .try = probe_link, .argument = rest });
	/* Kinds that want parameters say so only when they exist. */
	bool unknown = t.call && !t.kinds && t.error == EOPNOTSUPP;

	if (unknown && state == 'm')
		return cannot(pool, m, pool_printf(pool, "no module for CONFIG_%s", option),
			      failed(pool, "RTM_NEWLINK", t.error),
			      pool_printf(pool, "install or load the module of %s devices", rest));
	if (unknown && state != 'y')
		return lacks_option(pool, m, need, pool_printf(pool, "%s devices", rest),
				    failed(pool, "RTM_NEWLINK", t.error));
	return evidence_explains_not(pool, &t, m);
}

static int try_time32(const void *unused)
{
	struct timespec ts;

	(void)unused;
	return time32_gettime(CLOCK_MONOTONIC, &ts) < 0 ? errno : 0;
}

/* Where a kernel takes no such calls from a 64-bit program, the attempt is its end. */
static bool probe_time32(struct pool *pool, const char *rest, struct missing *m)
{
	struct tried t = probe_in(&(struct trial){ .call = "clock_gettime32", .try = try_time32 });

	(void)rest;
	if (t.call && (t.died || t.error == ENOSYS))
		return lacks(pool, m, "calls with times of 32 bits",
			     t.died ? "int 0x80 ends a process" : failed(pool, t.call, t.error),
			     NULL);
	return evidence_explains_not(pool, &t, m);
}

/* What a 32-bit program says of IPsec has to be translated for a 64-bit kernel. */
static bool probe_ipsec_messages(struct pool *pool, const char *rest, struct missing *m)
{
	uint64_t flags = CLONE_NEWNET | (has_cap(pool, "NET_ADMIN") ? 0 : CLONE_NEWUSER);
	struct tried t = probe_in(&(struct trial){ .flags = flags, .call = "XFRM_MSG_GETSPDINFO",
						   .try = probe_ipsec });

	(void)rest;
	return t.kinds || t.error != EOPNOTSUPP ||
	       lacks(pool, m, "IPsec for 32-bit programs", failed(pool, t.call, t.error), NULL);
}

/* Parameters of the whole machine show in the initial network namespace alone. */
static bool is_hidden(const char *path)
{
	struct ns_id id;

	return !strncmp(path, "/proc/sys/net/", 14) && ns_self(NS_NET, &id) == 0 &&
	       ns_initial(NS_NET, &id) != 1;
}

static bool probe_file(struct pool *pool, const char *rest, struct missing *m)
{
	bool kernels = !strncmp(rest, "/proc/", 6) || !strncmp(rest, "/sys/", 5);

	if (access(rest, R_OK) == 0)
		return true;
	int error = errno;

	if (error == ENOENT && is_hidden(rest))
		return cannot(pool, m, pool_printf(pool, "no %s", rest), failed(pool, rest, error),
			      "run in the initial network namespace");
	if (kernels && error == ENOENT)
		return lacks_option(pool, m, pool_printf(pool, "file.%s", rest), rest,
				    failed(pool, rest, error));
	return cannot(pool, m, pool_printf(pool, error == ENOENT ? "no %s" : "%s cannot be read",
					   rest), failed(pool, rest, error), NULL);
}

static bool probe_call(struct pool *pool, const char *rest, struct missing *m)
{
	return confine_allows(pool, rest, m);
}

static bool probe_syscall(struct pool *pool, const char *rest, struct missing *m)
{
	return confine_has_call(pool, rest, m);
}

static bool probe_sysctl(struct pool *pool, const char *rest, struct missing *m)
{
	struct statvfs st;

	(void)rest;
	return statvfs("/proc/sys/kernel", &st) < 0 || !(st.f_flag & ST_RDONLY) ||
	       cannot(pool, m, "/proc/sys is read-only", "by statvfs(2)", NULL);
}

static bool probe_cpus(struct pool *pool, const char *rest, struct missing *m)
{
	struct machine machine;

	machine_read(&machine);
	return machine.cpus >= atoi(rest) ||
	       cannot(pool, m, pool_printf(pool, "fewer than %s processors", rest),
		      pool_printf(pool, "%d usable", machine.cpus), NULL);
}

static int mount_proc(const void *argument)
{
	(void)argument;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return errno;
	return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0 ? errno :
		0;
}

static int mount_sys(const void *argument)
{
	(void)argument;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return errno;
	return mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0 ?
		       errno : 0;
}

/* Refused for a reason only where the one that is there is not to be seen whole. */
static bool probe_mount(struct pool *pool, const struct trial *trial, const char *type,
			const char *path, struct missing *m)
{
	struct tried t = probe_in(trial);
	const char *why = t.call == trial->call && !machine_filtered() ?
		evidence_masked(pool, type, path) : NULL;

	return why ? cannot(pool, m, pool_printf(pool, "no fresh %s in a user namespace", type),
			    why, NULL) :
		     evidence_explains_not(pool, &t, m);
}

static bool probe_proc_mount(struct pool *pool, const char *rest, struct missing *m)
{
	static const struct trial trial = {
		.flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID, .call = "mount",
		.try = mount_proc,
	};

	(void)rest;
	return probe_mount(pool, &trial, "proc", "/proc", m);
}

static bool probe_sys_mount(struct pool *pool, const char *rest, struct missing *m)
{
	static const struct trial trial = {
		.flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET, .call = "mount",
		.try = mount_sys,
	};

	(void)rest;
	return probe_mount(pool, &trial, "sysfs", "/sys", m);
}

/* Whether /proc/self/mountinfo has a file system of that type. */
static bool is_mounted(struct pool *pool, const char *type)
{
	const char *needle = pool_printf(pool, " - %s ", type);
	char *text;

	return sys_read_file(pool, "/proc/self/mountinfo", MOUNTINFO_BYTES_MAX, &text, NULL) == 0 &&
	       strstr(text, needle);
}

/* One switch for the whole machine: cgroup-v2.rst, "nsdelegate". */
static bool delegates(struct pool *pool)
{
	char *text;

	return sys_read_file(pool, "/proc/self/mountinfo", MOUNTINFO_BYTES_MAX, &text, NULL) == 0 &&
	       cgroup_v2_option(text, "nsdelegate");
}

static bool probe_cgroup(struct pool *pool, const char *rest, struct missing *m)
{
	static const char here[] = "by /proc/self/mountinfo";

	if (!strcmp(rest, "v2"))
		return is_mounted(pool, "cgroup2") ||
		       cannot(pool, m, "cgroup2 is not mounted", here, NULL);
	if (!strcmp(rest, "v1"))
		return is_mounted(pool, "cgroup") ||
		       cannot(pool, m, "no v1 cgroup hierarchy is mounted", here, NULL);
	if (!strcmp(rest, "nsdelegate"))
		return delegates(pool) ||
		       cannot(pool, m, "cgroup2 is mounted without nsdelegate", here, NULL);
	if (!strcmp(rest, "no-nsdelegate"))
		return !delegates(pool) ||
		       cannot(pool, m, "cgroup2 is mounted with nsdelegate", here, NULL);
	if (!strcmp(rest, "cpuset"))
		return machine_cpuset(pool, m);
	const char *why = strcmp(rest, "writable") ? "no such word" : cgroups_unwritable(pool);
	struct machine machine;

	/* The cgroup of a user's cell is made by root, and given away. */
	machine_read(&machine);
	if (!why && machine.root && !probe_cap(pool, "CHOWN", m))
		return false;
	return !why || cannot(pool, m, "no cgroup directories can be made", why, NULL);
}

/* About runtimes; see support_lacks(). */
static bool probe_box(struct pool *pool, const char *rest, struct missing *m)
{
	(void)pool, (void)rest, (void)m;
	return true;
}

static int clone3_time(const void *argument)
{
	struct clone_request req = { .flags = CLONE_NEWTIME, .exit_signal = SIGCHLD };
	pid_t pid = sys_clone3(&req);

	(void)argument;
	if (pid == 0)
		_exit(0);
	return pid < 0 ? -pid : 0;
}

/* Every release from 6.3 on has it; before, stable ones may, and are asked. */
static bool probe_clone3_time(struct pool *pool, const char *rest, struct missing *m)
{
	struct tried t = probe_in(&(struct trial){ .call = "clone3", .try = clone3_time });
	struct machine machine;

	(void)rest;
	machine_read(&machine);
	if (t.error == EINVAL && machine.release < RELEASE(6, 3, 0) && !machine_filtered())
		return lacks(pool, m, "clone3 with CLONE_NEWTIME",
			     failed(pool, "clone3(CLONE_NEWTIME)", t.error), NULL);
	/* Whoever lacks the right is told so by `root` or `user`. */
	return !machine_filtered() || !t.call || evidence_explains_not(pool, &t, m);
}

/* Asked about the caller's own leader, of which both kinds of pidfd can be had. */
static bool probe_pidfd_thread(struct pool *pool, const char *rest, struct missing *m)
{
	AUTO_FD fd = sys_pidfd_open(getpid(), PIDFD_THREAD);
	struct machine machine;

	(void)rest;
	machine_read(&machine);
	return fd >= 0 || machine.release >= RELEASE(6, 9, 0) ||
	       lacks(pool, m, "pidfds of threads", failed(pool, "pidfd_open(PIDFD_THREAD)", -fd),
		     NULL);
}

/* Whether this process is in the machine's first namespace of KIND. */
static bool probe_lowest_root(struct pool *pool, const char *rest, struct missing *m)
{
	(void)rest;
	return !root_covers_another() ||
	       cannot(pool, m, "another root lies below this one",
		      "the runner's root was moved over one that still has its procfs, or is the "
		      "kernel's rootfs", NULL);
}

/*
 * Whom the machine knows as root is limited by no RLIMIT_NPROC and owns what namespaces of the
 * machine show.  Cells as user get another id where the runner has all of them.
 */
static bool probe_ordinary_user(struct pool *pool, const char *rest, struct missing *m)
{
	unsigned inside, outside, count, uid = geteuid();
	struct machine machine;
	char *text;

	(void)rest;
	machine_read(&machine);
	if (machine.root || sys_read_file(pool, "/proc/self/uid_map", 4096, &text, NULL) < 0)
		return true;
	for (char *line; (line = strsep(&text, "\n"));)
		if (sscanf(line, "%u %u %u", &inside, &outside, &count) == 3 && uid >= inside &&
		    uid - inside < count && outside + (uid - inside) == 0)
			return cannot(pool, m, "perhaps the machine's root",
				      "/proc/self/uid_map: the runner's user is 0 outside", NULL);
	return true;
}

/* Before 6.2 it was always so. */
static bool probe_tiocsti(struct pool *pool, const char *rest, struct missing *m)
{
	char *text;

	(void)rest;
	if (sys_read_file(pool, "/proc/sys/dev/tty/legacy_tiocsti", 16, &text, NULL) < 0)
		return true;
	return atoi(text) || cannot(pool, m, "dev.tty.legacy_tiocsti is 0", "by its file", NULL);
}

/* pid_max became a property of the PID namespace in 6.14; before, a write would change the host. */
static bool probe_pid_max(struct pool *pool, const char *rest, struct missing *m)
{
	struct machine machine;

	(void)rest;
	machine_read(&machine);
	return machine.release >= RELEASE(6, 14, 0) ||
	       lacks(pool, m, "a kernel.pid_max of each PID namespace",
		     "it is one for the whole machine before 6.14", NULL);
}

/* Modes 2 and 3 take the parameters of a new network namespace from elsewhere. */
static bool probe_devconf(struct pool *pool, const char *rest, struct missing *m)
{
	static const char name[] = "net.core.devconf_inherit_init_net";
	char *text;
	int rc =
		sys_read_file(pool, "/proc/sys/net/core/devconf_inherit_init_net", 16, &text, NULL);

	(void)rest;
	if (rc < 0)
		return cannot(pool, m, pool_printf(pool, "%s cannot be read", name),
			      strerror(-rc), NULL);
	return atol(text) <= 1 || cannot(pool, m, pool_printf(pool, "%s is neither 0 nor 1", name),
					 "by its file", NULL);
}

static int become_realtime(const void *argument)
{
	struct sched_param param = { .sched_priority = 1 };

	(void)argument;
	return sys_call(SYS_sched_setscheduler, 0, SCHED_RR, &param) < 0 ? errno : 0;
}

/* With CONFIG_RT_GROUP_SCHED a cgroup without real-time bandwidth refuses also root. */
static bool probe_realtime(struct pool *pool, const char *rest, struct missing *m)
{
	struct tried t = probe_in(&(struct trial){ .call = "sched_setscheduler",
						   .try = become_realtime });

	(void)rest;
	if (t.error == EPERM && !machine_filtered() && machine_option("RT_GROUP_SCHED") != 'n')
		return cannot(pool, m, "no real-time bandwidth in this cgroup",
			      failed(pool, "sched_setscheduler(SCHED_RR)", t.error), NULL);
	return (probe_cap(pool, "SYS_NICE", m) || !t.call) && evidence_explains_not(pool, &t, m);
}

/* It needs a real-time clock that can wake the machine (kernel/time/alarmtimer.c). */
static bool probe_alarm_clock(struct pool *pool, const char *rest, struct missing *m)
{
	struct timespec now;

	(void)rest;
	if (clock_gettime(CLOCK_BOOTTIME_ALARM, &now) == 0)
		return true;
	const char *detail = failed(pool, "clock_gettime(CLOCK_BOOTTIME_ALARM)", errno);

	if (machine_option("RTC_CLASS") == 'n')
		return lacks_option(pool, m, "feature.alarm-clock", "a clock", detail);
	return cannot(pool, m, "no clock that can wake the machine", detail, NULL);
}

const struct requirement requirements[] = {
	{ "root", NULL, "Root with CAP_SYS_ADMIN in the initial user namespace.",
	  "run as root", probe_root },
	{ "user", NULL, "An ordinary user may make a user namespace and use its capabilities.",
	  "enable CONFIG_USER_NS, user.max_user_namespaces, kernel.unprivileged_userns_clone; "
	  "clear kernel.apparmor_restrict_unprivileged_userns", probe_user },
	{ "ns", "KIND", "The kernel has that namespace kind.",
	  "enable the kernel's namespace kind %s, and user.max_%s_namespaces", probe_ns },
	{ "config", "OPTION", "The kernel is built with that option (or has it as a module).",
	  "build the kernel with CONFIG_%s", option_is_set },
	{ "option", "OPTION", "Implied by ops: as config.OPTION, but met where no config can be read.",
	  "build the kernel with CONFIG_%s", option_may_be_set },
	{ "unset", "OPTION", "The kernel is known to be built without that option.",
	  "build the kernel without CONFIG_%s", option_is_unset },
	{ "link", "KIND", "Network devices of that kind can be made.",
	  "build or load the kernel's %s driver", probe_link_kind },
	{ "cgroup", "v1|v2|writable|nsdelegate|no-nsdelegate|cpuset", "A hierarchy of that version is mounted; directories can be made.",
	  "mount the cgroup hierarchy accordingly (%s), and run as root or delegate a cgroup", probe_cgroup },
	{ "proc.mount", NULL, "A fresh procfs may be mounted in a user namespace.",
	  "unmask /proc (a mount over part of it forbids a fresh one)", probe_proc_mount },
	{ "sys.mount", NULL, "A fresh sysfs may be mounted in a user namespace.",
	  "unmask /sys, and mount it read-write (else a fresh one is forbidden)", probe_sys_mount },
	{ "syscall", "NAME", "The kernel has that system call.", "use a kernel with %s(2)",
	  probe_syscall },
	{ "call", "NAME", "No seccomp filter forbids that system call. Implied by ops and placement.",
	  CONFINE_REMEDY, probe_call },
	{ "file", "PATH", "That file is there and can be read.", "provide %s", probe_file },
	{ "cap", "NAME", "The runner has that capability.", "run with CAP_%s", probe_cap },
	{ "initial", "KIND", "The runner is in the initial namespace of that kind, and so are actors that "
	  "do not get another one (except `pid`); its objects are not changed.",
	  "run from the initial namespaces", initial_probe },
	{ "start", "ATTRIBUTE", "The run was started in that state, or could bring itself into it "
	  "(rows in lib/begin/attributes.c).", "", start_probe },
	{ "sysctl.writable", NULL, "Kernel parameters below /proc/sys can be written.",
	  "mount /proc/sys writable", probe_sysctl },
	{ "setting", "SYSCTL=VALUE", "That sysctl, which is the whole machine's, has that value.",
	  "sysctl -w %s", setting_is },
	{ "release", "X.Y", "Implied by ops and placement: the kernel is of that release or a later one.",
	  "use Linux %s or later", release_reached },
	{ "cpus", "N", "That many processors are usable.", "give the runner %s processors",
	  probe_cpus },
	{ "box", "FEATURE", "A feature of a runtime's box, as copied-mounts (rows in runner/load/features.c). "
	  "The kernel's own namespaces have it.", "use another runtime", probe_box },
	{ "feature.clone3-time", NULL, "clone3 can make a time namespace (6.3, and stable 5.15 and 6.1).",
	  "use a kernel with commit a402f1e35313", probe_clone3_time },
	{ "feature.pidfd-thread", NULL, "A thread has a pidfd of its own (6.9).",
	  "use Linux 6.9 or later", probe_pidfd_thread },
	{ "feature.lowest-root", NULL, "No other root directory lies below the runner's, out of its sight, "
	  "and it is no initramfs.",
	  "run outside of that container or initramfs, or in one whose root came by pivot_root(2)",
	  probe_lowest_root },
	{ "feature.ordinary-user", NULL, "The runner's user is not the machine's root under another name.",
	  "make the container as an ordinary user, or run as root outside of it", probe_ordinary_user },
	{ "feature.pid-max-local", NULL, "kernel.pid_max belongs to the PID namespace.",
	  "use Linux 6.14 or later", probe_pid_max },
	{ "feature.devconf-from-initial", NULL,
	  "New network namespaces copy IPv4 device parameters from the initial one.",
	  "run in the initial network namespace with net.core.devconf_inherit_init_net=0",
	  probe_devconf },
	{ "feature.alarm-clock", NULL, "The machine has a clock that can wake it.",
	  "enable CONFIG_RTC_CLASS and the driver of the machine's clock; on a PC, ACPI and PCI, too",
	  probe_alarm_clock },
	{ "feature.tiocsti", NULL, "Input can be put into one's own terminal without CAP_SYS_ADMIN.",
	  "set dev.tty.legacy_tiocsti to 1 (Linux 6.2 and later)", probe_tiocsti },
	{ "feature.ipsec-messages", NULL, "A 32-bit program may speak of IPsec to a 64-bit kernel.",
	  "build the kernel with CONFIG_XFRM_USER_COMPAT", probe_ipsec_messages },
	{ "feature.time32", NULL, "The calls of 32-bit x86 with times of 32 bits can be made.",
	  "on x86, build the kernel with CONFIG_IA32_EMULATION and CONFIG_COMPAT_32BIT_TIME", probe_time32 },
	{ "feature.two-adapters", NULL, "There are two network devices with hardware behind them.",
	  "give the machine two network adapters, and the kernel their driver", machine_adapters },
	{ "feature.bpf-modules", NULL, "BPF programs may be security modules.",
	  "build the kernel with CONFIG_BPF_LSM and CONFIG_DEBUG_INFO_BTF, and boot it with bpf in lsm=",
	  machine_bpf_modules },
	{ "disposable", NULL, "The machine is made for the run, and thrown away afterwards.",
	  "run it in a VM", probe_box },
	{ "feature.realtime", NULL, "The runner may give itself a real-time scheduling policy.",
	  "run with CAP_SYS_NICE, in a cpu cgroup with cpu.rt_runtime_us above 0", probe_realtime },
	{ 0 }
};

/* The row of NEED; REST is what follows the group's name. */
static const struct requirement *find(const char *need, const char **rest)
{
	for (const struct requirement *r = requirements; r->name; r++) {
		size_t len = strlen(r->name);

		if (strncmp(need, r->name, len) || need[len] != (r->rest ? '.' : 0))
			continue;
		*rest = r->rest ? need + len + 1 : "";
		return r;
	}
	return NULL;
}

const char *require_check(struct pool *pool, const char *need)
{
	struct nearest n = { .word = need };
	const char *rest;
	const struct requirement *r = find(need, &rest);

	if (r && !strcmp(r->name, "syscall") && *rest && !confine_knows(rest))
		return pool_printf(pool, "no number for syscall.%s in runner/machine/calls.c",
				   rest);
	if (r && !strcmp(r->name, "setting") && !strchr(rest, '='))
		return pool_printf(pool, "setting.%s: expected setting.NAME=VALUE", rest);
	if (r && !strcmp(r->name, "release") && !release_is_exact(rest))
		return pool_printf(pool, "release.%s is no release of Linux, as 5.8 is", rest);
	if (r && !strcmp(r->name, "box") && !box_feature_find(rest))
		return pool_printf(pool, "boxes have no feature %s (runner/load/features.c)", rest);
	if (r && !strcmp(r->name, "start") && (!begin_find(rest) || !begin_find(rest)->wrong))
		return pool_printf(pool, "no cell can need start.%s (lib/begin/attributes.c)",
				   rest);
	if (r && !strcmp(r->name, "initial") && ns_find(rest) < 0)
		return pool_printf(pool, "no cell is in the initial namespace of kind %s",
				   rest);
	if (r && (!r->rest || *rest))
		return NULL;
	for (r = requirements; r->name; r++) {
		if (r->rest && !strcmp(r->name, need))
			return pool_printf(pool, "%s wants more: %s.%s", need, need, r->rest);
		nearest_offer(&n, r->name);
	}
	return pool_printf(pool, "no requirement %s%s (see `nsconform ops --needs`)", need,
			   nearest_hint(pool, &n));
}

struct probed {
	const char *need;
	bool met;
	struct missing missing;
	UT_hash_handle hh;
};

static struct pool cache_pool;
static struct probed *cache;

/*
 * Every cell asks for some forty needs, most of them by the same words at the same places: those
 * are found by the address, and believed by the text.
 */
static struct probed **recent(const char *need)
{
	static struct probed *slots[512];

	return &slots[((uintptr_t)need >> 3) % (sizeof(slots) / sizeof(*slots))];
}

bool require_met(const char *need, struct missing *missing)
{
	struct probed **slot = recent(need), *p = *slot;
	const char *rest = "";

	if (!p || strcmp(p->need, need))
		HASH_FIND_STR(cache, need, p);
	*slot = p;
	if (p) {
		*missing = p->missing;
		return p->met;
	}
	const struct requirement *r = find(need, &rest);

	p = pool_new(&cache_pool, struct probed);
	p->need = pool_strdup(&cache_pool, need);
	p->met = r ? r->probe(&cache_pool, rest, &p->missing) :
		     lacks(&cache_pool, &p->missing, need, "no such requirement", "");
	if (!p->met && !p->missing.remedy)
		p->missing.remedy = r->rest ? pool_printf(&cache_pool, r->remedy, rest, rest) :
					      r->remedy;
	HASH_ADD_KEYPTR(hh, cache, p->need, strlen(p->need), p);
	*missing = p->missing;
	return p->met;
}
