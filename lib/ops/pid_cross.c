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
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/signals.h"
#include "nsc/sys.h"

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
	F_INT(struct owner_out, pid, REQUIRED, 0, 0,
	      "process that gets its signals, 0 if not visible"),
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

struct notify_in {
	const char *name;
	int64_t signal;
};

static const struct field notify_in_fields[] = {
	F_STR(struct notify_in, name, REQUIRED, "name of the queue with its slash"),
	F_ENUM(struct notify_in, signal, REQUIRED, signal_numbers, "signal to get"),
	F_END
};

/*
 * The descriptor stays open as long as the actor lives: closing any descriptor of the queue
 * would take the request back.
 */
static int notify_run(struct op_ctx *ctx, const void *params, void *results)
{
	const struct notify_in *in = params;
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = (int)in->signal };
	AUTO_FD fd = mq_open(in->name, O_RDWR | O_CLOEXEC);

	(void)results;
	if (fd < 0)
		return op_broken(ctx, "mq_open %s: %m", in->name);
	if (mq_notify(fd, &event) < 0)
		return -errno;
	fd_take(&fd);
	return 0;
}

const struct op pid_cross_ops[] = {
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
		.config = "FUTEX_PI",
		OP_IN(lock_pi),
		.touches = NSM_PID,
		.run = lock_pi_run,
	},
	{
		.name = "pid.mq_notify",
		.doc = "Ask for a signal when a message comes to an empty queue.",
		.source = "mq_notify(3)",
		.config = "POSIX_MQUEUE",
		OP_IN(notify),
		.touches = NSM_PID | NSM_IPC, .mutates = NSM_IPC,
		.asks = "start.rlimit-msgqueue",
		.run = notify_run,
	},
	{ 0 }
};
