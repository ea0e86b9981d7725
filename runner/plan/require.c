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
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <uthash.h>

#include "box/ability.h"
#include "exec/cgroups.h"
#include "plan/kconfig.h"
#include "plan/chroot.h"
#include "plan/machine.h"
#include "nsc/cgroup.h"
#include "nsc/field.h"
#include "nsc/ns.h"
#include "nsc/sys.h"
#include "plan/probe.h"
#include "load/problems.h"
#include "load/release.h"
#include "plan/require.h"
#include "uapi/pidfd.h"

enum { MOUNTINFO_BYTES_MAX = 4 * 1024 * 1024 };

static int nothing(const void *argument)
{
	(void)argument;
	return 0;
}

static const char *failed(struct pool *pool, const char *what, int error)
{
	return pool_printf(pool, "%s: %s", what, strerror(error));
}

/* The kernel does not have what NEED speaks of: the option behind it, or else WHAT. */
static bool lacks_option(struct pool *pool, struct missing *m, const char *need, const char *what,
			 const char *detail)
{
	const char *options = kconfig_of_need(need);
	const char *option = options && *options ?
		pool_strndup(pool, options, strcspn(options, " ")) : NULL;

	if (!option)
		return lacks(pool, m, what, detail, NULL);
	return lacks(pool, m, pool_printf(pool, "CONFIG_%s", option), detail,
		     pool_printf(pool, "build the kernel with CONFIG_%s", option));
}

static bool probe_root(struct pool *pool, const char *rest, struct missing *m)
{
	struct machine machine;

	(void)rest;
	machine_read(&machine);
	return machine.root || cannot(pool, m, "not root",
		"not root with CAP_SYS_ADMIN in the initial user namespace", NULL);
}

/* Creation is not enough: AppArmor may let it succeed and deny the capabilities. */
static int use_capability(const void *argument)
{
	(void)argument;
	return sethostname("probe", 5) < 0 ? errno : 0;
}

static int as_unprivileged(const void *argument)
{
	struct machine m;

	machine_read(&m);
	/* The namespaces are entered by this process's own unprivileged child. */
	if (m.root && (syscall(SYS_setresgid, 65533, 65533, 65533) < 0 ||
			       syscall(SYS_setresuid, 65533, 65533, 65533) < 0))
		return errno;
	prctl(PR_SET_DUMPABLE, 1);
	return probe_in(CLONE_NEWUSER | CLONE_NEWUTS, use_capability, argument);
}

/* The kernel lets nobody in a chroot make user namespaces (current_chrooted()). False fills M. */
static bool outside_chroot(struct pool *pool, struct missing *m)
{
	return !chroot_entered() ||
	       cannot(pool, m, "in a chroot", "the kernel lets nobody in a chroot make user namespaces",
		      "run outside of the chroot, or make its directory the root of a mount namespace "
		      "(pivot_root(8), systemd-nspawn)");
}

static bool probe_user(struct pool *pool, const char *rest, struct missing *m)
{
	pid_t pid;
	int error;

	(void)rest;
	if (!outside_chroot(pool, m))
		return false;
	pid = fork();
	/* Not probe_in: an unprivileged caller would be in a user namespace already. */
	if (pid == 0)
		_exit(as_unprivileged(NULL));
	error = probe_wait(pid);
	return !error || cannot(pool, m, "no unprivileged user namespaces",
				failed(pool, "one cannot be made or used", error), NULL);
}

static bool probe_ns(struct pool *pool, const char *rest, struct missing *m)
{
	int ns = ns_find(rest);
	const char *path = pool_printf(pool, "/proc/self/ns/%s", rest);
	struct stat st;

	if (ns < 0 || stat(path, &st) < 0)
		return lacks_option(pool, m, pool_printf(pool, "ns.%s", rest),
				    pool_printf(pool, "%s namespaces", rest),
				    failed(pool, path, ns < 0 ? EINVAL : errno));
	if (ns == NS_USER && !outside_chroot(pool, m))
		return false;
	int error = probe_in(ns_kinds[ns].flag, nothing, NULL);

	return !error || cannot(pool, m, pool_printf(pool, "%s namespaces cannot be made", rest),
				failed(pool, "unshare", error), NULL);
}

static bool probe_config(struct pool *pool, const char *rest, struct missing *m)
{
	const char *source, *text = machine_config(&source);
	const char *line = pool_printf(pool, "\nCONFIG_%s=", rest);

	if (!text)
		return cannot(pool, m, "no kernel configuration to be read",
			      "neither /proc/config.gz nor /boot/config-RELEASE can be read",
			      "enable CONFIG_IKCONFIG_PROC, or install /boot/config-RELEASE");
	/* A module counts as there: using it loads it. */
	return strstr(text, line) || lacks(pool, m, pool_printf(pool, "CONFIG_%s", rest),
					   pool_printf(pool, "not set in %s", source), NULL);
}

/* Ops need options everywhere, also where no config can be read: they are tried then. */
static bool probe_option(struct pool *pool, const char *rest, struct missing *m)
{
	const char *source;

	return !machine_config(&source) || probe_config(pool, rest, m);
}

static bool probe_link_kind(struct pool *pool, const char *rest, struct missing *m)
{
	int error = probe_in(CLONE_NEWNET, probe_link, rest);

	/* Kinds that want parameters say so only when they exist. */
	if (error == EOPNOTSUPP)
		return lacks_option(pool, m, pool_printf(pool, "link.%s", rest),
				    pool_printf(pool, "%s devices", rest),
				    failed(pool, "RTM_NEWLINK", error));
	return error != EPERM ||
	       cannot(pool, m, pool_printf(pool, "%s devices are forbidden", rest),
		      failed(pool, "RTM_NEWLINK", error), NULL);
}

static bool probe_file(struct pool *pool, const char *rest, struct missing *m)
{
	bool kernels = !strncmp(rest, "/proc/", 6) || !strncmp(rest, "/sys/", 5);

	if (access(rest, R_OK) == 0)
		return true;
	if (kernels && errno == ENOENT)
		return lacks_option(pool, m, pool_printf(pool, "file.%s", rest), rest,
				    failed(pool, rest, errno));
	return cannot(pool, m, pool_printf(pool, errno == ENOENT ? "no %s" : "%s cannot be read",
					   rest), failed(pool, rest, errno), NULL);
}

static const struct syscall_number {
	const char *name;
	long number;
} syscalls[] = {
	{ "statmount", 457 }, { "listmount", 458 }, { "open_tree_attr", 467 }, { "listns", 470 },
	{ "mount_setattr", SYS_mount_setattr }, { "open_tree", SYS_open_tree },
	{ "move_mount", SYS_move_mount }, { "fsopen", SYS_fsopen },
	{ "pidfd_getfd", SYS_pidfd_getfd },
	{ "pidfd_open", SYS_pidfd_open }, { "clone3", SYS_clone3 },
	{ "io_uring_setup", SYS_io_uring_setup },
	{ "futex_waitv", SYS_futex_waitv }, { "kcmp", SYS_kcmp }, { "keyctl", SYS_keyctl },
};

static const struct syscall_number *find_syscall(const char *name)
{
	for (size_t i = 0; i < sizeof(syscalls) / sizeof(*syscalls); i++)
		if (!strcmp(syscalls[i].name, name))
			return &syscalls[i];
	return NULL;
}

/* Numbers from 403 on are the same everywhere but on alpha and mips, where these skip. */
static bool probe_syscall(struct pool *pool, const char *rest, struct missing *m)
{
	/* Invalid in every argument: harmless where the call exists. */
	syscall(find_syscall(rest)->number, -1, -1, -1, -1, -1, -1);
	return errno != ENOSYS || lacks(pool, m, pool_printf(pool, "%s(2)", rest),
					failed(pool, rest, ENOSYS), NULL);
}

static bool probe_cap(struct pool *pool, const char *rest, struct missing *m)
{
	cap_value_t cap;
	cap_flag_value_t value = CAP_CLEAR;
	cap_t caps = cap_get_proc();

	if (cap_from_name(pool_printf(pool, "cap_%s", rest), &cap) == 0 && caps)
		cap_get_flag(caps, cap, CAP_EFFECTIVE, &value);
	cap_free(caps);
	return value == CAP_SET || cannot(pool, m, pool_printf(pool, "no CAP_%s", rest),
					  "not in the effective set", NULL);
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

/*
 * What keeps a fresh procfs from whoever is in a user namespace: part of the one at hand is covered, or
 * it is read-only, or there is none (mount_too_revealing()). NULL: nothing that can be seen.
 */
static const char *masked_proc(struct pool *pool)
{
	const char *why = "no procfs is mounted on /proc";
	char *text;

	if (sys_read_file(pool, "/proc/self/mountinfo", MOUNTINFO_BYTES_MAX, &text, NULL) < 0)
		return why;
	for (char *line; (line = strsep(&text, "\n"));) {
		char at[4096], options[4096], type[64] = "";
		const char *tail = strstr(line, " - ");

		if (sscanf(line, "%*d %*d %*s %*s %4095s %4095s", at, options) != 2 || !tail)
			continue;
		sscanf(tail, " - %63s", type);
		if (!strncmp(at, "/proc/", 6) && strcmp(type, "binfmt_misc") && strcmp(type, "autofs"))
			return pool_printf(pool, "%s is mounted over", at);
		if (!strcmp(at, "/proc") && !strcmp(type, "proc"))
			why = strncmp(options, "ro", 2) ? NULL : "the procfs on /proc is read-only";
	}
	return why;
}

static bool probe_proc_mount(struct pool *pool, const char *rest, struct missing *m)
{
	(void)rest;
	if (!outside_chroot(pool, m))
		return false;
	int error = probe_in(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID, mount_proc, NULL);
	const char *masked = error ? masked_proc(pool) : NULL;

	if (masked)
		return cannot(pool, m, "a fresh procfs may not be mounted (masked /proc)", masked, NULL);
	return !error || cannot(pool, m, "no procfs can be mounted in a user namespace",
				failed(pool, "mount proc in a user namespace", error), NULL);
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
	const char *why = strcmp(rest, "writable") ? "no such word" : cgroups_unwritable(pool);

	return !why || cannot(pool, m, "no cgroup directories can be made", why, NULL);
}

/* About runtimes; see ability_lacks(). */
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

static bool probe_clone3_time(struct pool *pool, const char *rest, struct missing *m)
{
	int error = probe_in(0, clone3_time, NULL);

	(void)rest;
	return !error || lacks(pool, m, "clone3 with CLONE_NEWTIME",
			       failed(pool, "clone3(CLONE_NEWTIME)", error), NULL);
}

/* Asked about the caller's own leader, of which both kinds of pidfd can be had. */
static bool probe_pidfd_thread(struct pool *pool, const char *rest, struct missing *m)
{
	AUTO_FD fd = sys_pidfd_open(getpid(), PIDFD_THREAD);

	(void)rest;
	return fd >= 0 || lacks(pool, m, "pidfds of threads",
				failed(pool, "pidfd_open(PIDFD_THREAD)", -fd), NULL);
}

/* Whether this process is in the machine's first namespace of KIND. */
static bool probe_initial(struct pool *pool, enum ns kind, struct missing *m)
{
	struct ns_id id;
	int rc = ns_self(kind, &id);

	if (rc < 0)
		return lacks_option(pool, m, pool_printf(pool, "ns.%s", ns_kinds[kind].name),
				    ns_kinds[kind].name, failed(pool, "/proc/self/ns", -rc));
	return ns_initial(kind, &id) == 1 ||
	       cannot(pool, m, pool_printf(pool, "not in the initial %s namespace",
					   ns_kinds[kind].name),
		      "the runner is in one of its own", NULL);
}

static bool probe_initial_time(struct pool *pool, const char *rest, struct missing *m)
{
	(void)rest;
	return probe_initial(pool, NS_TIME, m);
}

static bool probe_initial_user(struct pool *pool, const char *rest, struct missing *m)
{
	(void)rest;
	return probe_initial(pool, NS_USER, m);
}

/*
 * Whom the machine knows as root is limited by no RLIMIT_NPROC and owns what namespaces of the machine
 * show.  Cells as user get another id where the runner has all of them.
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

/* pid_max became a property of the PID namespace in 6.14; before, a write would change the host. */
static int raise_pid_max(const void *argument)
{
	AUTO_POOL pool = { 0 };
	char *text;
	int rc = sys_read_file(&pool, "/proc/sys/kernel/pid_max", 64, &text, NULL);

	(void)argument;
	if (rc < 0)
		return -rc;
	/* A new namespace starts at the compile-time maximum there, whatever the host has. */
	return atol(text) == 4194304 ? 0 : ENOTSUP;
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

static bool probe_pid_max(struct pool *pool, const char *rest, struct missing *m)
{
	struct machine machine;

	(void)rest;
	machine_read(&machine);
	if (machine.release < RELEASE(6, 14, 0))
		return lacks(pool, m, "a kernel.pid_max of each PID namespace",
			     "it is one for the whole machine before 6.14", NULL);
	int error = probe_in(CLONE_NEWPID, raise_pid_max, NULL);

	return !error || lacks(pool, m, "a kernel.pid_max of each PID namespace",
			       failed(pool, "a new PID namespace does not start at the maximum",
				      error), NULL);
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
	return sched_setscheduler(0, SCHED_RR, &param) < 0 ? errno : 0;
}

/* With CONFIG_RT_GROUP_SCHED a cgroup without real-time bandwidth refuses also root. */
static bool probe_realtime(struct pool *pool, const char *rest, struct missing *m)
{
	int error = probe_in(0, become_realtime, NULL);

	(void)rest;
	return !error || cannot(pool, m, "no real-time scheduling policy",
				failed(pool, "sched_setscheduler(SCHED_RR)", error), NULL);
}

/* It needs a real-time clock that can wake the machine (kernel/time/alarmtimer.c). */
static bool probe_alarm_clock(struct pool *pool, const char *rest, struct missing *m)
{
	struct timespec now;

	(void)rest;
	return clock_gettime(CLOCK_BOOTTIME_ALARM, &now) == 0 ||
	       cannot(pool, m, "no clock that can wake the machine",
		      failed(pool, "clock_gettime(CLOCK_BOOTTIME_ALARM)", errno), NULL);
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
	  "build the kernel with CONFIG_%s", probe_config },
	{ "option", "OPTION", "Implied by ops: as config.OPTION, but met where no config can be read.",
	  "build the kernel with CONFIG_%s", probe_option },
	{ "link", "KIND", "Network devices of that kind can be made.",
	  "build or load the kernel's %s driver", probe_link_kind },
	{ "cgroup", "v1|v2|writable|nsdelegate|no-nsdelegate", "A hierarchy of that version is mounted; directories can be made.",
	  "mount the cgroup hierarchy accordingly (%s), and run as root or delegate a cgroup", probe_cgroup },
	{ "proc.mount", NULL, "A fresh procfs may be mounted in a user namespace.",
	  "unmask /proc (a mount over part of it forbids a fresh one)", probe_proc_mount },
	{ "syscall", "NAME", "The kernel has that system call.", "use a kernel with %s(2)",
	  probe_syscall },
	{ "file", "PATH", "That file is there and can be read.", "provide %s", probe_file },
	{ "cap", "NAME", "The runner has that capability.", "run with CAP_%s", probe_cap },
	{ "cpus", "N", "That many processors are usable.", "give the runner %s processors",
	  probe_cpus },
	{ "box", "FEATURE", "A feature of a runtime's box, as copied-mounts (rows in runner/box/features.c). "
	  "The kernel's own namespaces have it.", "use another runtime", probe_box },
	{ "feature.clone3-time", NULL, "clone3 can make a time namespace (6.3, and stable 5.15 and 6.1).",
	  "use a kernel with commit a402f1e35313", probe_clone3_time },
	{ "feature.pidfd-thread", NULL, "A thread has a pidfd of its own (6.9).",
	  "use Linux 6.9 or later", probe_pidfd_thread },
	{ "feature.initial-time", NULL, "The runner is in the initial time namespace.",
	  "run from the initial time namespace", probe_initial_time },
	{ "feature.initial-user", NULL, "The runner is in the initial user namespace.",
	  "run from the initial user namespace", probe_initial_user },
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

	if (r && !strcmp(r->name, "syscall") && *rest && !find_syscall(rest))
		return pool_printf(pool, "no number for syscall.%s in runner/plan/require.c", rest);
	if (r && !strcmp(r->name, "box") && !box_feature_find(rest))
		return pool_printf(pool, "boxes have no feature %s (runner/box/ability.c)", rest);
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

bool require_met(const char *need, struct missing *missing)
{
	const char *rest = "";
	struct probed *p;

	HASH_FIND_STR(cache, need, p);
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
