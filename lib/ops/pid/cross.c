// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers that leave their PID namespace: owners of locks, descriptors and futexes, senders
 * of notifications.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../proc.h"
#include "nsc/op.h"
#include "nsc/signals.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"

#define LOCK_IN(F, S) \
	F(S, STR, path, REQUIRED, "file, made if it is not there")
FIELDS(lock_in, LOCK_IN);

/*
 * The descriptor stays open as long as the actor lives: closing any descriptor of the file
 * would drop the lock (fcntl(2)).
 */
static int pid_lock_run(struct op_ctx *ctx, const struct lock_in *in, struct none *out)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	AUTO_FD fd = open(in->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0)
		return op_broken(ctx, "open %s: %m", in->path);
	if (fcntl(fd, F_SETLK, &lock) < 0)
		return -errno;
	fd_take(&fd);
	return 0;
}
OP(pid_lock, "pid.lock", lock_in, none,
	.doc = "Take a record lock on a file and keep it.",
	.source = "fcntl(2) F_SETLK",
	.touches = NSM_MNT | NSM_PID, .mutates = NSM_MNT,
	.seen = "fd file mq pid signal");

#define FLOCK_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "the file, open; the lock is held as long as it is")
FIELDS(flock_out, FLOCK_OUT);

static int pid_flock_run(struct op_ctx *ctx, const struct lock_in *in, struct flock_out *out)
{
	AUTO_FD fd = open(in->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0)
		return op_broken(ctx, "open %s: %m", in->path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return -errno;
	out->fd = fd_take(&fd);
	return 0;
}
OP(pid_flock, "pid.flock", lock_in, flock_out,
	.doc = "Lock a whole file by an open descriptor of it.",
	.source = "flock(2)",
	.touches = NSM_MNT | NSM_PID, .mutates = NSM_MNT);

static const struct symbol lock_symbols[] = {
	{ "none", F_UNLCK, "no lock is in the way" },
	{ "read", F_RDLCK, "a read lock" },
	{ "write", F_WRLCK, "a write lock" },
	{ 0 }
};

#define LOCKER_OUT(F, S) \
	F(S, ENUM, type, REQUIRED, lock_symbols, "lock that is in the way") \
	F(S, INT, pid, REQUIRED, 0, 0, "its owner, 0 if it is not visible")
FIELDS(locker_out, LOCKER_OUT);

static int pid_locker_run(struct op_ctx *ctx, const struct lock_in *in, struct locker_out *out)
{
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
OP(pid_locker, "pid.locker", lock_in, locker_out,
	.doc = "Ask whose record lock is in the way.",
	.source = "fcntl(2) F_GETLK",
	.touches = NSM_MNT | NSM_PID);

#ifndef SYS_fcntl64
#define SYS_fcntl64 SYS_fcntl
#endif

#define OWNER_IN(F, S) \
	F(S, FD, fd, REQUIRED, "a socket or other descriptor that may send SIGIO")
FIELDS(owner_in, OWNER_IN);

#define OWNER_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, "process that gets its signals, 0 if not visible") \
	F(S, INT, extended, REQUIRED, 0, 0, "the same as F_GETOWN_EX tells it")
FIELDS(owner_out, OWNER_OUT);

#define SETOWN_IN(F, S) \
	OWNER_IN(F, S) \
	F(S, PID, pid, "process by number, or below 0 a group; default: the caller")
FIELDS(setown_in, SETOWN_IN);

/* The C library makes F_SETOWN_EX of F_SETOWN in some cases, and the kernel has checks for both. */
static int pid_setown_run(struct op_ctx *ctx, const struct setown_in *in, struct none *out)
{
	long pid = in->pid == PID_NOT_GIVEN ? sys_call(SYS_getpid) : in->pid;

	return sys_call(SYS_fcntl64, in->fd, F_SETOWN, pid) < 0 ? -errno : 0;
}
OP(pid_setown, "pid.setown", setown_in, none,
	.doc = "Have the signals of a descriptor sent to the caller, or to a process by number.",
	.source = "fcntl(2) F_SETOWN",
	.touches = NSM_PID,
	.seen = "fd file mq pid signal");

/* The C library makes F_GETOWN of F_GETOWN_EX, and the kernel translates in both. */
static int pid_getown_run(struct op_ctx *ctx, const struct owner_in *in, struct owner_out *out)
{
	struct f_owner_ex owner;
	long pid = sys_call(SYS_fcntl64, in->fd, F_GETOWN, 0);

	if (pid < 0 || sys_call(SYS_fcntl64, in->fd, F_GETOWN_EX, &owner) < 0)
		return -errno;
	out->pid = pid;
	out->extended = owner.pid;
	return 0;
}
OP(pid_getown, "pid.getown", owner_in, owner_out,
	.doc = "Ask who gets the signals of a descriptor.",
	.source = "fcntl(2) F_GETOWN, F_GETOWN_EX",
	.touches = NSM_PID);

#define LOCK_PI_IN(F, S) \
	F(S, FD, fd, REQUIRED, "file whose first word is the futex") \
	F(S, BOOL, try, "FUTEX_TRYLOCK_PI, which does not wait")
FIELDS(lock_pi_in, LOCK_PI_IN);

static int pid_lock_pi_run(struct op_ctx *ctx, const struct lock_pi_in *in, struct none *out)
{
	struct timespec soon = { 0 }; /* CLOCK_REALTIME: long past, so nobody waits */
	void *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, in->fd, 0);

	if (word == MAP_FAILED)
		return op_broken(ctx, "mmap: %m");
	long rc = sys_call(TIME_CALL(futex), word, in->try ? FUTEX_TRYLOCK_PI : FUTEX_LOCK_PI, 0,
			   &soon, NULL, 0);
	int error = errno;

	munmap(word, 4096);
	return rc < 0 ? -error : 0;
}
OP(pid_lock_pi, "pid.lock_pi", lock_pi_in, none,
	.doc = "Take a priority-inheriting futex, without waiting.",
	.source = "futex(2) FUTEX_LOCK_PI, FUTEX_TRYLOCK_PI", .config = "FUTEX_PI",
	.touches = NSM_PID,
	.seen = "fd file mq pid signal");

#define SHARED_OUT(F, S) \
	F(S, FD, fd, REQUIRED, "a page of shared memory, all zero")
FIELDS(shared_out, SHARED_OUT);

static int pid_shared_run(struct op_ctx *ctx, const struct none *in, struct shared_out *out)
{
	AUTO_FD fd = memfd_create("nsconform", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, 4096) < 0)
		return op_broken(ctx, "memfd_create: %m");
	out->fd = fd_take(&fd);
	return 0;
}
OP(pid_shared, "pid.shared", none, shared_out,
	.doc = "Make a page of memory that actors share by descriptor.",
	.source = "memfd_create(2)");

#define NOTIFY_IN(F, S) \
	F(S, STR, name, REQUIRED, "name of the queue with its slash") \
	F(S, ENUM, signal, REQUIRED, signal_numbers, "signal to get")
FIELDS(notify_in, NOTIFY_IN);

/*
 * The descriptor stays open as long as the actor lives: closing any descriptor of the queue
 * would take the request back.
 */
static int pid_mq_notify_run(struct op_ctx *ctx, const struct notify_in *in, struct none *out)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = (int)in->signal };
	AUTO_FD fd = mq_open(in->name, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return op_broken(ctx, "mq_open %s: %m", in->name);
	if (mq_notify(fd, &event) < 0)
		return -errno;
	fd_take(&fd);
	return 0;
}
OP(pid_mq_notify, "pid.mq_notify", notify_in, none,
	.doc = "Ask for a signal when a message comes to an empty queue.",
	.source = "mq_notify(3)", .config = "POSIX_MQUEUE", .asks = "start.rlimit-msgqueue",
	.touches = NSM_PID | NSM_IPC, .mutates = NSM_IPC,
	.seen = "fd file mq pid signal");
