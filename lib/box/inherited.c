// SPDX-License-Identifier: GPL-2.0-only
/*
 * One row an attribute: how the launcher gets a value of its own, and whether this process has it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/ioprio.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inherited.h"
#include "leaks.h"
#include "nsc/box.h"
#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "program.h"

enum { NICE = 3, IO_PRIORITY = IOPRIO_CLASS_BE << IOPRIO_CLASS_SHIFT | 6, SLACK_NS = 70000,
       CORE_FILTER = 0x11, GROUPS_MAX = 64 };

static void take(uint64_t with)
{
	leaks_take(&(struct circumstances){ .with = with });
}

static void give_groups(void)
{
	take(WITH_GROUPS);
}

static bool has_groups(void)
{
	gid_t groups[GROUPS_MAX];
	int n = getgroups(GROUPS_MAX, groups);

	for (int i = 0; i < n; i++)
		if (groups[i] == LEAK_GROUP)
			return true;
	return false;
}

static void give_ambient(void)
{
	take(WITH_AMBIENT);
}

static bool has_ambient(void)
{
	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_CHOWN, 0, 0) == 1;
}

/* Ambient capabilities are inheritable ones. */
static bool has_inheritable(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct d[2] = { 0 };

	return sys_call(SYS_capget, &header, d) == 0 && d[0].inheritable & 1 << CAP_CHOWN;
}

static void give_key(void)
{
	take(WITH_KEYRING);
}

static bool has_key(void)
{
	return sys_call(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", LEAK_KEY,
			0) > 0;
}

static void give_oom_score(void)
{
	take(WITH_OOM);
}

static bool has_number(const char *path, int base, long number)
{
	AUTO_POOL pool = { 0 };
	char *text;

	return sys_read_file(&pool, path, 32, &text, NULL) == 0 &&
	       strtol(text, NULL, base) == number;
}

static bool has_oom_score(void)
{
	return has_number("/proc/self/oom_score_adj", 10, LEAK_OOM);
}

static void give_umask(void)
{
	umask(LEAK_UMASK);
}

static bool has_umask(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return mask == LEAK_UMASK;
}

static void give_limits(void)
{
	take(WITH_LIMITS);
}

static bool has_limits(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == LEAK_CORE;
}

static void give_nice(void)
{
	setpriority(PRIO_PROCESS, 0, NICE);
}

static bool has_nice(void)
{
	return getpriority(PRIO_PROCESS, 0) == NICE;
}

static void give_io_priority(void)
{
	sys_call(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IO_PRIORITY);
}

static bool has_io_priority(void)
{
	return sys_call(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0) == IO_PRIORITY;
}

static void give_policy(void)
{
	struct sched_param param = { 0 };

	sys_call(SYS_sched_setscheduler, 0, SCHED_BATCH, &param);
}

static bool has_policy(void)
{
	return sys_call(SYS_sched_getscheduler, 0) == SCHED_BATCH;
}

static void give_timer_slack(void)
{
	prctl(PR_SET_TIMERSLACK, SLACK_NS, 0, 0, 0);
}

static bool has_timer_slack(void)
{
	return prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0) == SLACK_NS;
}

static void give_core_filter(void)
{
	sys_write_file("/proc/self/coredump_filter", "0x11");
}

static bool has_core_filter(void)
{
	return has_number("/proc/self/coredump_filter", 16, CORE_FILTER);
}

static void give_no_huge_pages(void)
{
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
}

static bool has_no_huge_pages(void)
{
	return prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) == 1;
}

static void give_ignored_signals(void)
{
	signal(SIGUSR1, SIG_IGN);
}

static bool has_ignored_signals(void)
{
	struct sigaction old;

	return sigaction(SIGUSR1, NULL, &old) == 0 && old.sa_handler == SIG_IGN;
}

static void give_blocked_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static bool has_blocked_signals(void)
{
	sigset_t set;

	return sigprocmask(SIG_BLOCK, NULL, &set) == 0 && sigismember(&set, SIGUSR2) == 1;
}

static void give_personality(void)
{
	personality(ADDR_NO_RANDOMIZE);
}

static bool has_personality(void)
{
	int now = personality(0xffffffff);

	return now >= 0 && now & ADDR_NO_RANDOMIZE;
}

/* Every launcher has these two. */

static bool has_environment(void)
{
	static const char leak[] = "NSCONFORM_LEAK=";
	extern char **environ;

	for (char **e = environ; e && *e; e++)
		if (!strncmp(*e, leak, sizeof(leak) - 1))
			return true;
	return false;
}

static bool has_descriptors(void)
{
	return fcntl(LEAK_LOW, F_GETFD) >= 0 || fcntl(LEAK_HIGH, F_GETFD) >= 0;
}

enum { UMASK, NICENESS, IO, POLICY, SLACK, OOM, DUMPS, PAGES, IGNORED, BLOCKED, LIMITS, PERSONALITY,
       GROUPS, INHERITABLE, AMBIENT, KEY, ENVIRONMENT, DESCRIPTORS, ALL };

const struct symbol inherited_symbols[ALL + 1] = {
	{ "umask", UMASK, "the umask" },
	{ "nice", NICENESS, "the nice value" },
	{ "io-priority", IO, "the I/O priority" },
	{ "policy", POLICY, "the scheduling policy" },
	{ "timer-slack", SLACK, "the timer slack" },
	{ "oom-score", OOM, "the OOM score adjustment" },
	{ "core-filter", DUMPS, "which mappings a core dump has" },
	{ "no-huge-pages", PAGES, "that transparent huge pages are disabled" },
	{ "ignored-signals", IGNORED, "which signals are ignored" },
	{ "blocked-signals", BLOCKED, "which signals are blocked" },
	{ "limits", LIMITS, "soft resource limits" },
	{ "personality", PERSONALITY, "flags of the personality" },
	{ "groups", GROUPS, "supplementary groups" },
	{ "inheritable", INHERITABLE, "inheritable capabilities" },
	{ "ambient", AMBIENT, "ambient capabilities" },
	{ "key", KEY, "the keys of the session keyring" },
	{ "environment", ENVIRONMENT, "environment variables" },
	{ "descriptors", DESCRIPTORS, "open descriptors beyond 2" },
};

static const struct {
	void (*give)(void); /* NULL: every launcher has it */
	bool (*has)(void);
} rows[ALL] = {
	[UMASK] = { give_umask, has_umask },
	[NICENESS] = { give_nice, has_nice },
	[IO] = { give_io_priority, has_io_priority },
	[POLICY] = { give_policy, has_policy },
	[SLACK] = { give_timer_slack, has_timer_slack },
	[OOM] = { give_oom_score, has_oom_score },
	[DUMPS] = { give_core_filter, has_core_filter },
	[PAGES] = { give_no_huge_pages, has_no_huge_pages },
	[IGNORED] = { give_ignored_signals, has_ignored_signals },
	[BLOCKED] = { give_blocked_signals, has_blocked_signals },
	[LIMITS] = { give_limits, has_limits },
	[PERSONALITY] = { give_personality, has_personality },
	[GROUPS] = { give_groups, has_groups },
	[INHERITABLE] = { NULL, has_inheritable },
	[AMBIENT] = { give_ambient, has_ambient },
	[KEY] = { give_key, has_key },
	[ENVIRONMENT] = { NULL, has_environment },
	[DESCRIPTORS] = { NULL, has_descriptors },
};

void inherited_give(void)
{
	for (size_t i = 0; i < ALL; i++)
		if (rows[i].give)
			rows[i].give();
}

static bool noted[ALL];

void inherited_note(void)
{
	for (size_t i = 0; i < ALL; i++)
		noted[i] = rows[i].has();
}

#define INHERITED_OUT(F, S) \
	F(S, STRS, kept, REQUIRED, "attributes of which it began with the launcher's value")
FIELDS(inherited_out, INHERITED_OUT);

static int box_inherited_run(struct op_ctx *ctx, const struct none *in, struct inherited_out *out)
{
	out->kept.v = pool_array(ctx->pool, const char *, ALL);
	for (size_t i = 0; i < ALL; i++)
		if (noted[i])
			out->kept.v[out->kept.n++] = inherited_symbols[i].name;
	return 0;
}
OP(box_inherited, "box.inherited", none, inherited_out,
	.doc = "Tell what has come to the actor from a launcher with `all` that one can inherit.",
	.source = "execve(2), fork(2)");
