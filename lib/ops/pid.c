// SPDX-License-Identifier: GPL-2.0-only
/*
 * What belongs to a PID namespace beyond its numbers: sysctls, reboot(2), faults of PID 1;
 * and numbers that leave it through locks, descriptor owners and futexes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/signals.h"
#include "nsc/sys.h"
#include "nsc/sysctl.h"
#include "proc.h"

static const char *const pid_prefixes[] = {
	"kernel.ns_last_pid", "kernel.pid_max", "vm.memfd_noexec", NULL
};

struct sysctl_get_in {
	const char *name;
};

static const struct field sysctl_get_in_fields[] = {
	F_STR(struct sysctl_get_in, name, REQUIRED, "parameter, e.g. kernel.ns_last_pid"),
	F_END
};

struct sysctl_get_out {
	int64_t value;
};

static const struct field sysctl_get_out_fields[] = {
	F_INT(struct sysctl_get_out, value, REQUIRED, 0, 0, "its value"),
	F_END
};

static int sysctl_get_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct sysctl_get_in *in = params;
	struct sysctl_get_out *out = results;
	char *text = NULL;
	int rc = sysctl_get(ctx, pid_prefixes, in->name, &text);

	if (!rc)
		out->value = atoll(text);
	return rc;
}

struct sysctl_set_in {
	const char *name;
	int64_t value;
};

static const struct field sysctl_set_in_fields[] = {
	F_STR(struct sysctl_set_in, name, REQUIRED, "parameter, e.g. kernel.ns_last_pid"),
	F_INT(struct sysctl_set_in, value, REQUIRED, 0, INT_MAX, "new value"),
	F_END
};

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

static int sysctl_set_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct sysctl_set_in *in = params;

	(void)results;
	if (!strcmp(in->name, "kernel.pid_max") && !pid_max_is_local())
		return op_broken(ctx, "kernel.pid_max belongs to the whole machine before Linux 6.14");
	return sysctl_set(ctx, pid_prefixes, in->name,
			  pool_printf(ctx->pool, "%lld", (long long)in->value));
}

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

struct reboot_in {
	int64_t command, user;
};

static const struct field reboot_in_fields[] = {
	F_ENUM(struct reboot_in, command, REQUIRED, command_symbols, "command"),
	F_ENUM_DEF(struct reboot_in, user, USER_SAME, reboot_user_symbols,
		   "user namespace of the caller of reboot"),
	F_END
};

struct reboot_out {
	int64_t signal;
};

static const struct field reboot_out_fields[] = {
	F_ENUM(struct reboot_out, signal, REQUIRED, signal_numbers,
	       "signal that PID 1 seems to have died of"),
	F_END
};

enum { REBOOT_NOT_TRIED = 254, REBOOT_RETURNED = 253 };

/*
 * Only PID 1 of a PID namespace that was made for this very call gets as far as reboot(2),
 * so that it never reaches the machine.  A refusal is the exit status.
 */
static void reboot_child(const struct reboot_in *in) __attribute__((noreturn));
static void reboot_child(const struct reboot_in *in)
{
	if (syscall(SYS_getpid) != 1 || getppid() != 0)
		_exit(REBOOT_NOT_TRIED);
	if (in->user == USER_INSIDE && unshare(CLONE_NEWUSER) < 0)
		_exit(REBOOT_NOT_TRIED);
	_exit(reboot((int)in->command) < 0 ? errno : REBOOT_RETURNED);
}

static int reboot_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct reboot_in *in = params;
	struct reboot_out *out = results;
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

enum { FAULT_SEGV, FAULT_ABORT };

static const struct symbol fault_symbols[] = {
	{ "segv", FAULT_SEGV, "writes to an address that is not mapped" },
	{ "abort", FAULT_ABORT, "abort(3)" },
	{ 0 }
};

struct fault_in {
	int64_t by;
};

static const struct field fault_in_fields[] = {
	F_ENUM(struct fault_in, by, REQUIRED, fault_symbols, "what the actor does to itself"),
	F_END
};

static int fault_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct fault_in *in = params;
	volatile int *nowhere = MAP_FAILED;

	(void)results;
	prctl(PR_SET_DUMPABLE, 0); /* no core file */
	if (in->by == FAULT_ABORT)
		abort();
	*nowhere = 0;
	return op_broken(ctx, "the actor survived its own fault");
}

struct lock_in {
	const char *path;
};

static const struct field lock_in_fields[] = {
	F_STR(struct lock_in, path, REQUIRED, "file, made if it is not there"),
	F_END
};

/*
 * The descriptor stays open as long as the actor lives: closing any descriptor of the file
 * would drop the lock (fcntl(2)).
 */
static int lock_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct lock_in *in = params;
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	AUTO_FD fd = open(in->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	(void)results;
	if (fd < 0)
		return op_broken(ctx, "open %s: %m", in->path);
	if (fcntl(fd, F_SETLK, &lock) < 0)
		return -errno;
	fd_take(&fd);
	return 0;
}

static const struct symbol lock_symbols[] = {
	{ "none", F_UNLCK, "no lock is in the way" },
	{ "read", F_RDLCK, "a read lock" },
	{ "write", F_WRLCK, "a write lock" },
	{ 0 }
};

struct locker_out {
	int64_t type, pid;
};

static const struct field locker_out_fields[] = {
	F_ENUM(struct locker_out, type, REQUIRED, lock_symbols, "lock that is in the way"),
	F_INT(struct locker_out, pid, REQUIRED, 0, 0, "its owner, 0 if it is not visible"),
	F_END
};

static int locker_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct lock_in *in = params;
	struct locker_out *out = results;
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	AUTO_FD fd = open(in->path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return op_broken(ctx, "open %s: %m", in->path);
	if (fcntl(fd, F_GETLK, &lock) < 0)
		return -errno;
	out->type = lock.l_type;
	out->pid = lock.l_type == F_UNLCK ? 0 : lock.l_pid;
	return 0;
}

struct owner_in {
	int fd;
};

static const struct field owner_in_fields[] = {
	F_FD(struct owner_in, fd, REQUIRED, "a socket or other descriptor that may send SIGIO"),
	F_END
};

struct owner_out {
	int64_t pid;
};

static const struct field owner_out_fields[] = {
	F_INT(struct owner_out, pid, REQUIRED, 0, 0, "process that gets its signals, 0 if not visible"),
	F_END
};

static int setown_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct owner_in *in = params;

	(void)ctx, (void)results;
	return fcntl(in->fd, F_SETOWN, (pid_t)syscall(SYS_getpid)) < 0 ? -errno : 0;
}

static int getown_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct owner_in *in = params;
	struct owner_out *out = results;
	int pid = fcntl(in->fd, F_GETOWN);

	(void)ctx;
	if (pid < 0)
		return -errno;
	out->pid = pid;
	return 0;
}

struct lock_pi_in {
	int fd;
	bool try;
};

static const struct field lock_pi_in_fields[] = {
	F_FD(struct lock_pi_in, fd, REQUIRED, "file whose first word is the futex"),
	F_BOOL(struct lock_pi_in, try, "FUTEX_TRYLOCK_PI, which does not wait"),
	F_END
};

static int lock_pi_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct lock_pi_in *in = params;
	struct timespec soon = { 0 }; /* CLOCK_REALTIME: long past, so nobody waits */
	void *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, in->fd, 0);

	(void)results;
	if (word == MAP_FAILED)
		return op_broken(ctx, "mmap: %m");
	long rc = syscall(SYS_futex, word, in->try ? FUTEX_TRYLOCK_PI : FUTEX_LOCK_PI, 0, &soon,
			  NULL, 0);
	int error = errno;

	munmap(word, 4096);
	return rc < 0 ? -error : 0;
}

struct shared_out {
	int fd;
};

static const struct field shared_out_fields[] = {
	F_FD(struct shared_out, fd, REQUIRED, "a page of shared memory, all zero"),
	F_END
};

static int shared_run(struct op_ctx *ctx, const void *params, void *results)
{
	struct shared_out *out = results;
	AUTO_FD fd = memfd_create("nsconform", MFD_CLOEXEC);

	(void)params;
	if (fd < 0 || ftruncate(fd, 4096) < 0)
		return op_broken(ctx, "memfd_create: %m");
	out->fd = fd_take(&fd);
	return 0;
}

const struct op pid_ops[] = {
	{
		.name = "pid.sysctl_get",
		.doc = "Read a number that belongs to the PID namespace.",
		.source = "proc(5) /proc/sys/kernel",
		OP_IN(sysctl_get), OP_OUT(sysctl_get),
		.touches = NSM_PID,
		.run = sysctl_get_run,
	},
	{
		.name = "pid.sysctl_set",
		.doc = "Write a number that belongs to the PID namespace.",
		.source = "proc(5) /proc/sys/kernel",
		OP_IN(sysctl_set),
		.touches = NSM_PID, .mutates = NSM_PID,
		.run = sysctl_set_run,
	},
	{
		.name = "pid.reboot",
		.doc = "Call reboot as PID 1 of a PID namespace made for that alone.",
		.source = "reboot(2) Behavior inside PID namespaces",
		OP_IN(reboot), OP_OUT(reboot),
		.touches = NSM_PID, .mutates = NSM_PID,
		.run = reboot_run,
	},
	{
		.name = "proc.fault",
		.doc = "Die by a fault of the actor's own.",
		.source = "signal(7)",
		OP_IN(fault),
		.touches = NSM_PID,
		.flags = OP_ENDS,
		.run = fault_run,
	},
	{
		.name = "pid.lock",
		.doc = "Take a record lock on a file and keep it.",
		.source = "fcntl(2) F_SETLK",
		OP_IN(lock),
		.touches = NSM_MNT | NSM_PID, .mutates = NSM_MNT,
		.run = lock_run,
	},
	{
		.name = "pid.locker",
		.doc = "Ask whose record lock is in the way.",
		.source = "fcntl(2) F_GETLK",
		OP_IN(lock), OP_OUT(locker),
		.touches = NSM_MNT | NSM_PID,
		.run = locker_run,
	},
	{
		.name = "pid.setown",
		.doc = "Have the signals of a descriptor sent to the caller.",
		.source = "fcntl(2) F_SETOWN",
		OP_IN(owner),
		.touches = NSM_PID,
		.run = setown_run,
	},
	{
		.name = "pid.getown",
		.doc = "Ask who gets the signals of a descriptor.",
		.source = "fcntl(2) F_GETOWN",
		OP_IN(owner), OP_OUT(owner),
		.touches = NSM_PID,
		.run = getown_run,
	},
	{
		.name = "pid.shared",
		.doc = "Make a page of memory that actors share by descriptor.",
		.source = "memfd_create(2)",
		OP_OUT(shared),
		.run = shared_run,
	},
	{
		.name = "pid.lock_pi",
		.doc = "Take a priority-inheriting futex, without waiting.",
		.source = "futex(2) FUTEX_LOCK_PI, FUTEX_TRYLOCK_PI",
		OP_IN(lock_pi),
		.touches = NSM_PID,
		.run = lock_pi_run,
	},
	{ 0 }
};
