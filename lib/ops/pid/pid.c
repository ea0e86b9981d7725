// SPDX-License-Identifier: GPL-2.0-only
/*
 * What belongs to a PID namespace beyond its numbers: sysctls and reboot(2).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/signals.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "nsc/sysctl.h"

static const char *const pid_prefixes[] = {
	"kernel.ns_last_pid", "kernel.pid_max", "vm.memfd_noexec", NULL
};

#define SYSCTL_GET_IN(F, S) \
	F(S, STR, name, REQUIRED, "parameter, e.g. kernel.ns_last_pid")
FIELDS(sysctl_get_in, SYSCTL_GET_IN);

#define SYSCTL_GET_OUT(F, S) \
	F(S, INT, value, REQUIRED, 0, 0, "its value")
FIELDS(sysctl_get_out, SYSCTL_GET_OUT);

static int pid_sysctl_get_run(struct op_ctx *ctx, const struct sysctl_get_in *in,
			      struct sysctl_get_out *out)
{
	char *text = NULL;
	int rc = sysctl_get(ctx, pid_prefixes, in->name, &text);

	if (!rc)
		out->value = atoll(text);
	return rc;
}
OP(pid_sysctl_get, "pid.sysctl_get", sysctl_get_in, sysctl_get_out,
	.doc = "Read a number that belongs to the PID namespace.",
	.source = "proc(5) /proc/sys/kernel",
	.touches = NSM_PID);

#define SYSCTL_SET_IN(F, S) \
	F(S, STR, name, REQUIRED, "parameter, e.g. kernel.ns_last_pid") \
	F(S, INT, value, REQUIRED, 0, INT_MAX, "new value")
FIELDS(sysctl_set_in, SYSCTL_SET_IN);

/* Before 6.14 there was one kernel.pid_max for the whole machine. */
static bool pid_max_is_local(void)
{
	struct utsname name;
	unsigned major = 0;
	char *end;

	if (uname(&name) < 0)
		return false;
	major = (unsigned)strtoul(name.release, &end, 10);
	return major > 6 || (major == 6 && *end == '.' && strtoul(end + 1, NULL, 10) >= 14);
}

static int pid_sysctl_set_run(struct op_ctx *ctx, const struct sysctl_set_in *in, struct none *out)
{
	if (!strcmp(in->name, "kernel.pid_max") && !pid_max_is_local())
		return op_broken(ctx, "kernel.pid_max is the machine's before Linux 6.14");
	return sysctl_set(ctx, pid_prefixes, in->name,
			  pool_printf(ctx->pool, "%lld", (long long)in->value));
}

static void pid_sysctl_set_before(struct op_ctx *ctx, const struct sysctl_set_in *in)
{
	sysctl_note(ctx, pid_prefixes, in->name);
}
OP_BEFORE(pid_sysctl_set, sysctl_set_in)

static int pid_sysctl_set_check(struct op_ctx *ctx, const struct sysctl_set_in *in,
			   const struct none *out)
{
	return sysctl_is(ctx, pid_prefixes, in->name,
			 pool_printf(ctx->pool, "%lld", (long long)in->value));
}
OP_CHECK(pid_sysctl_set, sysctl_set_in, none)
OP(pid_sysctl_set, "pid.sysctl_set", sysctl_set_in, none,
	.doc = "Write a number that belongs to the PID namespace.",
	.source = "proc(5) /proc/sys/kernel", .asks = "sysctl.writable",
	.touches = NSM_PID, .mutates = NSM_PID,
	.check = pid_sysctl_set_checked, .before = pid_sysctl_set_noted);

static const struct symbol command_symbols[] = {
	{ "RESTART", RB_AUTOBOOT, NULL },
	{ "HALT", RB_HALT_SYSTEM, NULL },
	{ "POWER_OFF", RB_POWER_OFF, NULL },
	{ "CAD_ON", RB_ENABLE_CAD, NULL },
	{ "CAD_OFF", RB_DISABLE_CAD, NULL },
	{ "SW_SUSPEND", RB_SW_SUSPEND, NULL },
	{ "KEXEC", RB_KEXEC, NULL },
	{ 0 }
};

enum { USER_SAME, USER_OWNER, USER_INSIDE };

static const struct symbol reboot_user_symbols[] = {
	{ "same", USER_SAME, "no user namespace is made" },
	{ "owner", USER_OWNER, "one is made that owns the PID namespace" },
	{ "inside", USER_INSIDE, "one is entered that does not own it" },
	{ 0 }
};

#define REBOOT_IN(F, S) \
	F(S, ENUM, command, REQUIRED, command_symbols, "command") \
	F(S, ENUM_DEF, user, USER_SAME, reboot_user_symbols, \
	  "user namespace of the caller of reboot")
FIELDS(reboot_in, REBOOT_IN);

#define REBOOT_OUT(F, S) \
	F(S, ENUM, signal, REQUIRED, signal_numbers, "signal that PID 1 seems to have died of")
FIELDS(reboot_out, REBOOT_OUT);

enum { REBOOT_NOT_TRIED = 254, REBOOT_RETURNED = 253 };

/*
 * Only PID 1 of a PID namespace that was made for this very call gets as far as reboot(2),
 * so that it never reaches the machine.  A refusal is the exit status.
 */
static void reboot_child(const struct reboot_in *in) __attribute__((noreturn));
static void reboot_child(const struct reboot_in *in)
{
	if (sys_call(SYS_getpid) != 1 || getppid() != 0)
		_exit(REBOOT_NOT_TRIED);
	if (in->user == USER_INSIDE && unshare(CLONE_NEWUSER) < 0)
		_exit(REBOOT_NOT_TRIED);
	_exit(reboot((int)in->command) < 0 ? errno : REBOOT_RETURNED);
}

static int pid_reboot_run(struct op_ctx *ctx, const struct reboot_in *in, struct reboot_out *out)
{
	struct clone_request req = {
		.flags = CLONE_NEWPID | (in->user == USER_OWNER ? CLONE_NEWUSER : 0),
	};
	int status = 0;
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		reboot_child(in);
	if (pid < 0)
		return op_broken(ctx, "clone3: %s", strerror(-pid));
	while (waitpid(pid, &status, __WALL) < 0)
		if (errno != EINTR)
			return op_broken(ctx, "wait for PID 1: %m");
	if (WIFSIGNALED(status)) {
		out->signal = WTERMSIG(status);
		return 0;
	}
	if (WEXITSTATUS(status) >= REBOOT_RETURNED)
		return op_broken(ctx, "reboot was not tried, or returned: %d", WEXITSTATUS(status));
	return -WEXITSTATUS(status);
}
OP(pid_reboot, "pid.reboot", reboot_in, reboot_out,
	.doc = "Call reboot as PID 1 of a PID namespace made for that alone.",
	.source = "reboot(2) Behavior inside PID namespaces",
	.touches = NSM_PID, .mutates = NSM_PID);
