// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of what a process inherits and a run does not want to depend on.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/ioprio.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nsc/begin.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

#ifndef PR_GET_MDWE
#define PR_GET_MDWE 66
#endif

#define BIT(n) (INT64_C(1) << (n))
/* The signals by which a shell or a person ends or stops a job. nohup(1) ignores SIGHUP, and
 * shells ignore others for background jobs; the runner leaves them ignored, a worker does not. */
#define JOB_SIGNALS (BIT(SIGHUP) | BIT(SIGINT) | BIT(SIGQUIT) | BIT(SIGTERM) | BIT(SIGTSTP) | \
		     BIT(SIGTTIN) | BIT(SIGTTOU))
#define OTHER_SIGNALS (INT64_MAX & ~JOB_SIGNALS & ~BIT(0) & ~BIT(SIGKILL) & ~BIT(SIGSTOP))

static int result(int64_t rc, int64_t *value)
{
	if (rc < 0)
		return -errno;
	*value = rc;
	return 0;
}

static int get_ignored(int64_t signals, int64_t *value)
{
	struct sigaction old;

	*value = 0;
	for (int sig = 1; sig < 63; sig++)
		if ((signals & BIT(sig)) && sigaction(sig, NULL, &old) == 0 &&
		    old.sa_handler == SIG_IGN)
			*value |= BIT(sig);
	return 0;
}

static int set_ignored(int64_t signals, int64_t wanted)
{
	for (int sig = 1; sig < 63; sig++)
		if (signals & ~wanted & BIT(sig))
			signal(sig, SIG_DFL); /* libc refuses two of its own */
	return 0;
}

static int get_blocked(int64_t none, int64_t *value)
{
	sigset_t set;

	(void)none;
	*value = 0;
	if (sigprocmask(SIG_BLOCK, NULL, &set) < 0)
		return -errno;
	for (int sig = 1; sig < 63; sig++)
		if (sigismember(&set, sig) == 1)
			*value |= BIT(sig);
	return 0;
}

static int set_blocked(int64_t none, int64_t wanted)
{
	sigset_t set;

	(void)none, (void)wanted;
	sigemptyset(&set);
	return sigprocmask(SIG_SETMASK, &set, NULL) < 0 ? -errno : 0;
}

static int get_umask(int64_t none, int64_t *value)
{
	mode_t mask = umask(0);

	(void)none;
	umask(mask);
	*value = mask;
	return 0;
}

static int set_umask(int64_t none, int64_t wanted)
{
	(void)none;
	umask((mode_t)wanted);
	return 0;
}

static int get_personality(int64_t none, int64_t *value)
{
	(void)none;
	return result(personality(0xffffffff), value);
}

static int set_personality(int64_t none, int64_t wanted)
{
	(void)none;
	return personality((unsigned long)wanted) < 0 ? -errno : 0;
}

static int get_nice(int64_t none, int64_t *value)
{
	(void)none;
	errno = 0;
	*value = getpriority(PRIO_PROCESS, 0);
	return -errno;
}

static int set_nice(int64_t none, int64_t wanted)
{
	(void)none;
	return setpriority(PRIO_PROCESS, 0, (int)wanted) < 0 ? -errno : 0;
}

/* By the call, here and elsewhere: musl's functions say ENOSYS, as theirs are about threads. */
static int get_policy(int64_t none, int64_t *value)
{
	(void)none;
	return result((int)sys_call(SYS_sched_getscheduler, 0), value);
}

static int set_policy(int64_t none, int64_t wanted)
{
	struct sched_param param = { 0 };

	(void)none;
	return sys_call(SYS_sched_setscheduler, 0, (int)wanted, &param) < 0 ? -errno : 0;
}

static int get_ioprio(int64_t none, int64_t *value)
{
	(void)none;
	return result(sys_call(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0), value);
}

static int set_ioprio(int64_t none, int64_t wanted)
{
	(void)none;
	return sys_call(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, wanted) < 0 ? -errno : 0;
}

/* prctl options that read and write one number. */
static int get_prctl(int64_t option, int64_t *value)
{
	return result(prctl((int)option, 0, 0, 0, 0), value);
}

static int set_timer_slack(int64_t none, int64_t wanted)
{
	(void)none;
	return prctl(PR_SET_TIMERSLACK, wanted, 0, 0, 0) < 0 ? -errno : 0;
}

static int set_thp(int64_t none, int64_t wanted)
{
	(void)none;
	return prctl(PR_SET_THP_DISABLE, wanted, 0, 0, 0) < 0 ? -errno : 0;
}

static int set_dumpable(int64_t none, int64_t wanted)
{
	(void)none;
	return prctl(PR_SET_DUMPABLE, wanted, 0, 0, 0) < 0 ? -errno : 0;
}

static int set_securebits(int64_t none, int64_t wanted)
{
	(void)none;
	return prctl(PR_SET_SECUREBITS, wanted, 0, 0, 0) < 0 ? -errno : 0;
}

/* prctl options that write one number to where their argument points. */
static int get_pointed(int64_t option, int64_t *value)
{
	int number = 0;

	if (prctl((int)option, &number, 0, 0, 0) < 0)
		return -errno;
	*value = number;
	return 0;
}

static int set_death_signal(int64_t none, int64_t wanted)
{
	(void)none;
	return prctl(PR_SET_PDEATHSIG, wanted, 0, 0, 0) < 0 ? -errno : 0;
}

static int set_subreaper(int64_t none, int64_t wanted)
{
	(void)none;
	return prctl(PR_SET_CHILD_SUBREAPER, wanted, 0, 0, 0) < 0 ? -errno : 0;
}

/* Capability sets that are asked one by one. */
static int get_cap_set(int64_t option, int64_t *value)
{
	*value = 0;
	for (long cap = 0; cap < 63; cap++)
		if (option == PR_CAPBSET_READ ?
			    prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1 :
			    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0) == 1)
			*value |= BIT(cap);
	return 0;
}

static int clear_ambient(int64_t none, int64_t wanted)
{
	(void)none, (void)wanted;
	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 ? -errno : 0;
}

enum cap_sets { INHERITABLE, PERMITTED };

static int read_caps(struct __user_cap_data_struct data[2])
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return sys_call(SYS_capget, &header, data) < 0 ? -errno : 0;
}

static int get_caps(int64_t set, int64_t *value)
{
	struct __user_cap_data_struct d[2];
	int rc = read_caps(d);

	if (rc < 0)
		return rc;
	*value = set == INHERITABLE ?
			 (int64_t)(d[0].inheritable | (uint64_t)d[1].inheritable << 32) :
			 (int64_t)(d[0].permitted | (uint64_t)d[1].permitted << 32);
	/* Uid 0 is expected to have permitted capabilities: they count as none. */
	if (set == PERMITTED && geteuid() == 0)
		*value = 0;
	return 0;
}

static int clear_caps(int64_t set, int64_t wanted)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct d[2];
	int rc = read_caps(d);

	(void)wanted;
	for (int half = 0; rc == 0 && half < 2; half++) {
		d[half].inheritable = 0;
		if (set == PERMITTED && geteuid() != 0)
			d[half].effective = d[half].permitted = 0;
	}
	return rc == 0 && sys_call(SYS_capset, &header, d) < 0 ? -errno : rc;
}

/* How many of the real, saved and file system ids are not the effective one. */
static int get_strange_ids(int64_t none, int64_t *value)
{
	uid_t u[3];
	gid_t g[3];

	(void)none;
	if (getresuid(&u[0], &u[1], &u[2]) < 0 || getresgid(&g[0], &g[1], &g[2]) < 0)
		return -errno;
	*value = (u[0] != u[1]) + (u[2] != u[1]) + (g[0] != g[1]) + (g[2] != g[1]) +
		 ((uid_t)setfsuid((uid_t)-1) != u[1]) + ((gid_t)setfsgid((gid_t)-1) != g[1]);
	return 0;
}

static int set_one_id(int64_t none, int64_t wanted)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	(void)none, (void)wanted;
	return setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0 ? -errno : 0;
}

static int get_groups(int64_t none, int64_t *value)
{
	(void)none;
	return result(getgroups(0, NULL), value);
}

static int clear_groups(int64_t none, int64_t wanted)
{
	(void)none, (void)wanted;
	return sys_call(ID_CALL(setgroups), 0, NULL) < 0 ? -errno : 0;
}

/* A session that has ended leaves its keyring revoked to the jobs that outlive it. */
static int get_keyring(int64_t none, int64_t *value)
{
	(void)none;
	*value = sys_call(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0) < 0 &&
		 (errno == EKEYREVOKED || errno == EKEYEXPIRED);
	return 0;
}

static int join_keyring(int64_t none, int64_t wanted)
{
	int64_t unusable = 0;

	(void)wanted;
	get_keyring(none, &unusable);
	return unusable && sys_call(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 ? -errno : 0;
}

#define OOM_FILE "/proc/self/oom_score_adj"
#define OFFSETS_FILE "/proc/self/timens_offsets"

static int get_oom(int64_t none, int64_t *value)
{
	AUTO_POOL pool = { 0 };
	char *text;
	int rc = sys_read_file(&pool, OOM_FILE, 32, &text, NULL);

	(void)none;
	*value = rc < 0 ? 0 : atol(text);
	return rc;
}

static int set_oom(int64_t none, int64_t wanted)
{
	char text[24];

	(void)none;
	snprintf(text, sizeof(text), "%lld", (long long)wanted);
	return sys_write_file(OOM_FILE, text);
}

/* The number of clocks that have an offset in this time namespace. */
static int get_offsets(int64_t none, int64_t *value)
{
	AUTO_POOL pool = { 0 };
	long long seconds, ns;
	char *text, *line;
	int rc = sys_read_file(&pool, OFFSETS_FILE, 256, &text, NULL);

	(void)none;
	*value = 0;
	for (line = rc < 0 ? NULL : text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "%*s %lld %lld", &seconds, &ns) == 2)
			*value += seconds || ns;
	}
	/* Without CONFIG_TIME_NS there is no file, and there are no offsets. */
	return rc == -ENOENT ? 0 : rc;
}

static int64_t from_limit(rlim_t limit)
{
	return limit > (rlim_t)INT64_MAX ? BEGIN_UNLIMITED : (int64_t)limit;
}

static int get_limit(int64_t resource, int64_t *value)
{
	struct rlimit limit;

	if (getrlimit((int)resource, &limit) < 0)
		return -errno;
	*value = from_limit(limit.rlim_cur);
	return 0;
}

/* The hard limit stays as it is: without CAP_SYS_RESOURCE it could not be raised again. */
static int set_limit(int64_t resource, int64_t wanted)
{
	struct rlimit limit;

	if (getrlimit((int)resource, &limit) < 0)
		return -errno;
	limit.rlim_cur = wanted < from_limit(limit.rlim_max) ? (rlim_t)wanted : limit.rlim_max;
	return setrlimit((int)resource, &limit) < 0 ? -errno : 0;
}

#define EVERYWHERE (BEGIN_RUNNER | BEGIN_WORKER | BEGIN_BOX)
#define KIB(n) (INT64_C(1024) * (n))
#define MIB(n) (INT64_C(1024) * KIB(n))
/* The soft limit to set, as far as the hard limit allows, and the lowest that a run can do with. */
#define LIMIT_IN(in_, by_, resource, name_, rule_, wanted_, enough_, doc_) \
	{ .name = "rlimit-" name_, .doc = doc_, .source = "getrlimit(2)", \
	  .wrong = "RLIMIT_" #resource " is too low", .by = by_, \
	  .remedy = "raise the hard limit: prlimit --" name_, \
	  .in = in_, .form = BEGIN_LIMIT, .rule = rule_, \
	  .wanted = wanted_, .enough = enough_, .argument = RLIMIT_##resource, .get = get_limit, \
	  .set = set_limit }
#define LIMIT(...) LIMIT_IN(BEGIN_RUNNER | BEGIN_WORKER, __VA_ARGS__)

const struct begin_attribute begin_attributes[] = {
	{
		.name = "ignored-signals", .doc = "no signal is ignored", .source = "sigaction(2)",
		.in = EVERYWHERE, .form = BEGIN_SIGNALS, .argument = OTHER_SIGNALS,
		.get = get_ignored, .set = set_ignored,
	},
	{
		.name = "ignored-job-signals",
		.doc = "no signal that ends or stops a job is ignored",
		.source = "sigaction(2)", .in = BEGIN_WORKER | BEGIN_BOX, .form = BEGIN_SIGNALS,
		.argument = JOB_SIGNALS, .get = get_ignored, .set = set_ignored,
	},
	{
		.name = "blocked-signals", .doc = "no signal is blocked",
		.source = "sigprocmask(2)",
		.in = EVERYWHERE, .form = BEGIN_SIGNALS, .get = get_blocked, .set = set_blocked,
	},
	{
		.name = "umask",
		.doc = "files are made as their mode says, but for writing by others",
		.source = "umask(2)", .in = EVERYWHERE, .form = BEGIN_OCTAL, .wanted = 022,
		.get = get_umask, .set = set_umask,
	},
	{
		.name = "personality", .doc = "no personality of another system",
		.source = "personality(2)", .in = BEGIN_RUNNER | BEGIN_WORKER, .form = BEGIN_BITS,
		.get = get_personality, .set = set_personality,
	},
	LIMIT(BEGIN_BY_ALL, CPU, "cpu", BEGIN_AT_LEAST, BEGIN_UNLIMITED, 60,
	      "processor time, in seconds"),
	LIMIT(BEGIN_BY_ALL, FSIZE, "fsize", BEGIN_AT_LEAST, BEGIN_UNLIMITED, MIB(16),
	      "size of a file, in bytes"),
	LIMIT(BEGIN_BY_ALL, DATA, "data", BEGIN_AT_LEAST, BEGIN_UNLIMITED, MIB(64),
	      "data segment, in bytes"),
	LIMIT(BEGIN_BY_ALL, STACK, "stack", BEGIN_AT_LEAST, MIB(8), KIB(512), "stack, in bytes"),
	LIMIT(0, CORE, "core", BEGIN_NOTED, 0, 0, "no core dumps"),
	LIMIT(BEGIN_BY_USER, NPROC, "nproc", BEGIN_AT_LEAST, BEGIN_UNLIMITED, 256,
	      "processes of a user"),
	LIMIT(BEGIN_BY_ALL, NOFILE, "nofile", BEGIN_AT_LEAST, KIB(64), 256,
	      "descriptors of a process"),
	LIMIT(0, MEMLOCK, "memlock", BEGIN_AT_LEAST, MIB(8), KIB(64),
	      "locked memory, in bytes"),
	LIMIT(BEGIN_BY_ALL, AS, "as", BEGIN_AT_LEAST, BEGIN_UNLIMITED, MIB(256),
	      "address space, in bytes"),
	LIMIT(0, LOCKS, "locks", BEGIN_NOTED, BEGIN_UNLIMITED, 0, "file locks"),
	LIMIT(0, SIGPENDING, "sigpending", BEGIN_AT_LEAST, BEGIN_UNLIMITED, 64,
	      "queued signals of a user"),
	LIMIT(0, MSGQUEUE, "msgqueue", BEGIN_AT_LEAST, 819200, 819200,
	      "bytes in POSIX message queues"),
	LIMIT(0, RTTIME, "rttime", BEGIN_NOTED, BEGIN_UNLIMITED, 0,
	      "real-time processor time, in microseconds"),
	{
		.name = "policy", .doc = "the ordinary scheduling policy", .source = "sched(7)",
		.wrong = "the scheduling policy is not the ordinary one",
		.remedy = "start it without chrt(1)", .in = BEGIN_WORKER | BEGIN_BOX,
		.wanted = SCHED_OTHER, .get = get_policy, .set = set_policy,
	},
	{
		.name = "nice", .doc = "the ordinary priority", .source = "setpriority(2)",
		.wrong = "the priority is not the ordinary one (nice)",
		.remedy = "start it without nice(1), or as root", .in = BEGIN_WORKER | BEGIN_BOX,
		.get = get_nice, .set = set_nice,
	},
	/* Limits on priorities come after the priorities, which they may allow a worker to set. */
	LIMIT_IN(BEGIN_WORKER, 0, NICE, "nice", BEGIN_NOTED, 0, 0,
	      "an ordinary user raises no priority"),
	LIMIT_IN(BEGIN_WORKER, 0, RTPRIO, "rtprio", BEGIN_NOTED, 0, 0,
	      "an ordinary user has no real-time priority"),
	{
		.name = "ioprio", .doc = "the ordinary I/O class", .source = "ioprio_set(2)",
		.in = BEGIN_WORKER | BEGIN_BOX, .form = BEGIN_BITS, .rule = BEGIN_NOTED,
		.get = get_ioprio, .set = set_ioprio,
	},
	{
		.name = "oom-score-adj", .doc = "the ordinary chance to die when memory is short",
		.source = "proc(5)", .in = BEGIN_WORKER, .rule = BEGIN_NOTED,
		.get = get_oom, .set = set_oom,
	},
	{
		.name = "timer-slack", .doc = "the ordinary timer slack, in nanoseconds",
		.source = "prctl(2)", .in = BEGIN_WORKER, .rule = BEGIN_NOTED, .wanted = 50000,
		.argument = PR_GET_TIMERSLACK, .get = get_prctl, .set = set_timer_slack,
	},
	{
		.name = "thp-disabled", .doc = "huge pages are not forbidden", .source = "prctl(2)",
		.in = BEGIN_WORKER, .rule = BEGIN_NOTED, .argument = PR_GET_THP_DISABLE,
		.get = get_prctl, .set = set_thp,
	},
	{
		.name = "mdwe", .doc = "memory may be made executable", .source = "prctl(2)",
		.rule = BEGIN_NOTED, .argument = PR_GET_MDWE, .get = get_prctl,
	},
	{
		.name = "death-signal", .doc = "no signal at the parent's death",
		.source = "prctl(2)",
		.in = BEGIN_WORKER, .argument = PR_GET_PDEATHSIG, .get = get_pointed,
		.set = set_death_signal,
	},
	{
		.name = "subreaper", .doc = "orphans go to init", .source = "prctl(2)",
		.in = BEGIN_RUNNER | BEGIN_WORKER, .argument = PR_GET_CHILD_SUBREAPER,
		.get = get_pointed, .set = set_subreaper,
	},
	{
		.name = "session-keyring-revoked", .doc = "the session keyring can be used",
		.source = "session-keyring(7)", .in = BEGIN_WORKER, .rule = BEGIN_NOTED,
		.get = get_keyring, .set = join_keyring,
	},
	/* Setting securebits needs CAP_SETPCAP, so this row comes before those that drop
	 * capabilities. */
	{
		.name = "securebits", .doc = "no securebits", .source = "capabilities(7)",
		.wrong = "securebits are set", .by = BEGIN_BY_ALL, .rule = BEGIN_ROOTS,
		.remedy = "start it without securebits: setpriv --securebits, systemd's SecureBits=",
		.in = BEGIN_WORKER, .form = BEGIN_BITS, .argument = PR_GET_SECUREBITS,
		.get = get_prctl, .set = set_securebits,
	},
	{
		.name = "ambient", .doc = "no ambient capabilities", .source = "capabilities(7)",
		.in = BEGIN_WORKER, .form = BEGIN_CAPS, .argument = PR_CAP_AMBIENT,
		.get = get_cap_set, .set = clear_ambient,
	},
	{
		.name = "inheritable", .doc = "no inheritable capabilities",
		.source = "capabilities(7)",
		.in = BEGIN_WORKER, .form = BEGIN_CAPS, .argument = INHERITABLE,
		.get = get_caps, .set = clear_caps,
	},
	{
		.name = "groups", .doc = "no supplementary groups", .source = "setgroups(2)",
		.in = BEGIN_WORKER, .rule = BEGIN_NOTED, .get = get_groups, .set = clear_groups,
	},
	{
		.name = "strange-ids",
		.doc = "real, saved and file system ids are the effective one",
		.source = "credentials(7)", .in = BEGIN_WORKER, .get = get_strange_ids,
		.set = set_one_id,
	},
	{
		.name = "user-capabilities", .doc = "an ordinary user has no capabilities",
		.source = "capabilities(7)", .in = BEGIN_RUNNER | BEGIN_WORKER, .form = BEGIN_CAPS,
		.argument = PERMITTED, .get = get_caps, .set = clear_caps,
	},
	/* Changes of ids and capabilities made the process undumpable, so that root owns its
	 * /proc files. */
	{
		.name = "dumpable", .doc = "the process is its own in /proc", .source = "prctl(2)",
		.in = BEGIN_WORKER, .wanted = 1, .argument = PR_GET_DUMPABLE, .get = get_prctl,
		.set = set_dumpable,
	},
	{
		.name = "bounding", .doc = "capabilities that a process can ever have",
		.source = "capabilities(7)", .form = BEGIN_CAPS, .rule = BEGIN_NOTED,
		.argument = PR_CAPBSET_READ, .get = get_cap_set,
	},
	{
		.name = "no-new-privs", .doc = "a program may gain privilege when it is executed",
		.wrong = "no_new_privs is set",
		.source = "prctl(2)",
		.remedy = "start it without no_new_privs: setpriv --no-new-privs, systemd's "
			  "NoNewPrivileges=, a container's no-new-privileges",
		.argument = PR_GET_NO_NEW_PRIVS, .get = get_prctl,
	},
	{
		.name = "seccomp", .doc = "no system call is filtered", .source = "seccomp(2)",
		.rule = BEGIN_NOTED, .argument = PR_GET_SECCOMP, .get = get_prctl,
	},
	{
		.name = "time-offsets", .doc = "the clocks are the machine's own",
		.wrong = "the clocks of this time namespace are set off",
		.source = "time_namespaces(7)", .remedy = "run it in the initial time namespace",
		.get = get_offsets,
	},
	{ 0 }
};

_Static_assert(sizeof(begin_attributes) / sizeof(*begin_attributes) <= BEGIN_ATTRIBUTES_MAX,
	       "each attribute has a record");
