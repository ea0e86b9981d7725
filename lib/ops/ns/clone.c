// SPDX-License-Identifier: GPL-2.0-only
/*
 * Creation of a child by clone3(2) or clone(2), as a probe: the child exits at once, or
 * after it has told its namespaces, and is waited for here, so that nothing stays behind.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../ns.h"
#include "nsc/place.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "uapi/mount.h"
#include "uapi/sched.h"

enum how { HOW_CLONE3, HOW_CLONE };

static const struct symbol how_symbols[] = {
	{ "clone3", HOW_CLONE3, "clone3(2)" },
	{ "clone", HOW_CLONE, "clone(2): 32 bits of flags, the exit signal among them" },
	{ 0 }
};

enum bad { BAD_NONE, BAD_ARGS, BAD_SET_TID, BAD_PIDFD };

static const struct symbol bad_symbols[] = {
	{ "none", BAD_NONE, "all pointers are good" },
	{ "args", BAD_ARGS, "pointer to the argument structure" },
	{ "set_tid", BAD_SET_TID, "pointer to the wanted numbers" },
	{ "pidfd", BAD_PIDFD, "where the pidfd is to be stored" },
	{ 0 }
};

enum { SIGNAL_USUAL = -1, SIZE_USUAL = -1, SIZE_MAX_TRIED = 1 << 17 };

#define CLONE_IN(F, S) \
	F(S, FLAGS, types, OPTIONAL, ns_symbols, "namespace types") \
	F(S, FLAGS, flags, OPTIONAL, clone_symbols, "further flags") \
	F(S, ENUM_DEF, how, HOW_CLONE3, how_symbols, "which call") \
	F(S, INT_DEF, exit_signal, SIGNAL_USUAL, -1, INT64_MAX, \
	  "number; -1 is SIGCHLD, or 0 with THREAD, PARENT or AUTOREAP") \
	F(S, INT_DEF, size, SIZE_USUAL, -1, SIZE_MAX_TRIED, \
	  "size of the argument structure in bytes; -1 is all of the kernel's header") \
	F(S, INT, tail, OPTIONAL, 0, 255, "value of each byte behind the known members") \
	F(S, INT, stack, OPTIONAL, 0, INT64_MAX, "address of the stack, as it is") \
	F(S, INT, stack_size, OPTIONAL, 0, INT64_MAX, "size of the stack, as it is") \
	F(S, INTS, set_tid, OPTIONAL, INT_MIN, INT_MAX, \
	  "wanted numbers, innermost PID namespace first") \
	F(S, INT_DEF, set_tid_size, SIZE_USUAL, -1, INT64_MAX, \
	  "how many of them; -1 is the length of the list") \
	F(S, FD, cgroup, OPTIONAL, "directory of the cgroup, for INTO_CGROUP") \
	F(S, INT_DEF, cgroup_number, -1, -1, INT64_MAX, \
	  "a descriptor number as it is, for INTO_CGROUP") \
	F(S, ENUM_DEF, bad, BAD_NONE, bad_symbols, "which pointer is bad") \
	F(S, PATIENCE, wait, 0, \
	  "how long to try again while a limit is reached, as release takes time") \
	F(S, BOOL, tell, "the child tells about itself; not with VM") \
	F(S, PATIENCE, abandon, 0, \
	  "the child stays, its pidfd is closed, and it has that long to die of that")
FIELDS(clone_in, CLONE_IN);

#define CLONE_OUT(F, S) \
	F(S, INT, pid, REQUIRED, 0, 0, "number of the child as the caller sees it") \
	F(S, FD, pidfd, OPTIONAL, "pidfd of the child, with PIDFD") \
	F(S, BOOL, cloexec, "whether the pidfd was close-on-exec when it was returned") \
	F(S, INT, inner_pid, REQUIRED, 0, 0, \
	  "with `tell`: number of the child in its own PID namespace") \
	F(S, STRS, differ, REQUIRED, \
	  "with `tell`: types of which the child has another namespace than the caller") \
	F(S, STRS, same, REQUIRED, \
	  "with `tell`: types of which it has the same namespace as the caller") \
	F(S, BOOL, no_new_privs, "with `tell`: whether it has no_new_privs") \
	F(S, INT, mounts, REQUIRED, 0, 0, \
	  "with `tell`: mounts in its mount namespace, -1 before Linux 6.8") \
	F(S, BOOL, zombie, "whether it had to be waited for when it had ended; with AUTOREAP it takes PIDFD to tell") \
	F(S, BOOL, died, "with `abandon`: whether it is dead")
FIELDS(clone_out, CLONE_OUT);

/* What a telling child writes into the pipe; a child without /proc writes nothing. */
struct story {
	int64_t pid, mounts;
	bool no_new_privs;
	struct ns_id ids[NS_COUNT];
};

struct birth {
	uint64_t flags;
	int exit_signal; /* clone(2) only */
	int told[2];	 /* pipe, both -1 without `tell` and `abandon` */
	bool stays;
	int pidfd;
	pid_t pid;
	bool waited_for; /* it was a zombie until then */
};

static int64_t count_mounts(void)
{
	enum { MANY = 256 };
	struct uapi_mnt_id_req all = { .size = MNT_ID_REQ_SIZE_VER0, .mnt_id = LSMT_ROOT };
	uint64_t ids[MANY];

	return sys_call(SYS_listmount, &all, ids, (size_t)MANY, 0);
}

static int tell_story(int fd)
{
	struct story story = { .pid = sys_call(SYS_getpid), .mounts = count_mounts(),
			       .no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 };

	for (int ns = 0; ns < NS_COUNT; ns++)
		if (ns_self((enum ns)ns, &story.ids[ns]) == -EACCES)
			return 1;
	return write(fd, &story, sizeof(story)) != sizeof(story);
}

static int child_main(void *arg)
{
	const struct birth *birth = arg;
	int code = birth->told[1] >= 0 && !birth->stays ? tell_story(birth->told[1]) : 0;

	while (birth->stays)
		pause();
	sys_call(birth->flags & CLONE_VM ? SYS_exit : SYS_exit_group, code);
	return code;
}

/*
 * clone3(2) with CLONE_VM: the child must not touch the caller's stack, so it exits without
 * leaving the instruction sequence and needs no stack of its own.  Signals are blocked.
 */
static long clone3_vm(const void *args, size_t size)
{
#if defined(__x86_64__)
	register long rc __asm__("rax") = SYS_clone3;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%edi, %%edi\n\t"
			 "mov %[exit], %%eax\n\t"
			 "syscall\n"
			 "1:"
			 : "+r"(rc)
			 : "D"(args), "S"(size), [exit] "i"(SYS_exit)
			 : "rcx", "r11", "memory", "cc");
	return rc;
#elif defined(__aarch64__)
	register long x0 __asm__("x0") = (long)args;
	register long x1 __asm__("x1") = (long)size;
	register long x8 __asm__("x8") = SYS_clone3;

	__asm__ volatile("svc #0\n\t"
			 "cbnz x0, 1f\n\t"
			 "mov x8, %[exit]\n\t"
			 "svc #0\n"
			 "1:"
			 : "+r"(x0), "+r"(x8)
			 : "r"(x1), [exit] "i"(SYS_exit)
			 : "memory", "cc");
	return x0;
#elif defined(__i386__)
	long rc = SYS_clone3;

	__asm__ volatile("int $0x80\n\t"
			 "test %%eax, %%eax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebx, %%ebx\n\t"
			 "mov %[exit], %%eax\n\t"
			 "int $0x80\n"
			 "1:"
			 : "+a"(rc)
			 : "b"(args), "c"(size), [exit] "i"(SYS_exit)
			 : "memory", "cc");
	return rc;
#elif defined(__riscv) && __riscv_xlen == 64
	register long a0 __asm__("a0") = (long)args;
	register long a1 __asm__("a1") = (long)size;
	register long a7 __asm__("a7") = SYS_clone3;

	__asm__ volatile("ecall\n\t"
			 "bnez a0, 1f\n\t"
			 "li a7, %[exit]\n\t"
			 "ecall\n"
			 "1:"
			 : "+r"(a0), "+r"(a7)
			 : "r"(a1), [exit] "i"(SYS_exit)
			 : "memory");
	return a0;
#elif defined(__s390x__)
	register long r1 __asm__("1") = SYS_clone3;
	register long r2 __asm__("2") = (long)args;
	register long r3 __asm__("3") = (long)size;

	__asm__ volatile("svc 0\n\t"
			 "ltgr %%r2, %%r2\n\t"
			 "jne 1f\n\t"
			 "lghi %%r1, %[exit]\n\t"
			 "svc 0\n"
			 "1:"
			 : "+r"(r2), "+r"(r1)
			 : "r"(r3), [exit] "i"(SYS_exit)
			 : "memory", "cc");
	return r2;
#else
	(void)args, (void)size;
	return -ENOTSUP;
#endif
}

static void *bad_pointer(void)
{
	return (void *)16; /* never mapped: below vm.mmap_min_addr */
}

static void fill_args(struct clone_args *args, const struct clone_in *in, struct birth *birth,
		      const pid_t *set_tid)
{
	bool quiet = birth->flags & (CLONE_THREAD | CLONE_PARENT | CLONE_AUTOREAP);

	args->flags = birth->flags;
	args->exit_signal = in->exit_signal != SIGNAL_USUAL ? (uint64_t)in->exit_signal :
			    quiet ? 0 : SIGCHLD;
	if (birth->flags & CLONE_PIDFD)
		args->pidfd = (uintptr_t)(in->bad == BAD_PIDFD ? bad_pointer() : &birth->pidfd);
	args->stack = (uint64_t)in->stack;
	args->stack_size = (uint64_t)in->stack_size;
	args->set_tid = (uintptr_t)(in->bad == BAD_SET_TID ? bad_pointer() : set_tid);
	args->set_tid_size = in->set_tid_size != SIZE_USUAL ? (uint64_t)in->set_tid_size :
							      in->set_tid.n;
	if (birth->flags & CLONE_INTO_CGROUP)
		args->cgroup = in->cgroup >= 0 ? (uint64_t)in->cgroup : (uint64_t)in->cgroup_number;
}

static long call_clone3(struct op_ctx *ctx, const struct clone_in *in, struct birth *birth)
{
	size_t size = in->size != SIZE_USUAL ? (size_t)in->size : sizeof(struct clone_args);
	size_t room = size > sizeof(struct clone_args) ? size : sizeof(struct clone_args);
	unsigned char *args = pool_alloc(ctx->pool, room);
	pid_t *set_tid = in->set_tid.n ? pool_array(ctx->pool, pid_t, in->set_tid.n) : NULL;

	for (size_t i = 0; i < in->set_tid.n; i++)
		set_tid[i] = (pid_t)in->set_tid.v[i];
	memset(args + sizeof(struct clone_args), (int)in->tail, room - sizeof(struct clone_args));
	fill_args((struct clone_args *)args, in, birth, set_tid);
	const void *where = in->bad == BAD_ARGS ? bad_pointer() : args;

	if (birth->flags & CLONE_VM)
		return clone3_vm(where, size);
	long pid = sys_call(SYS_clone3, where, size);

	if (pid == 0)
		child_main(birth);
	return pid < 0 ? -errno : pid;
}

/* The library's wrapper, because the order of the raw arguments differs by architecture. */
static long call_clone(struct op_ctx *ctx, const struct clone_in *in, struct birth *birth)
{
	enum { STACK = 65536 };
	char *stack = pool_alloc(ctx->pool, STACK);
	int signal = in->exit_signal == SIGNAL_USUAL ? SIGCHLD : (int)in->exit_signal;
	void *pidfd = in->bad == BAD_PIDFD ? bad_pointer() : &birth->pidfd;
	pid_t unused = 0;
	int pid = clone(child_main, stack + STACK, (int)birth->flags | signal, birth, pidfd, NULL,
			&unused);

	return pid < 0 ? -errno : pid;
}

/* A thread is no child: it is gone when its number no longer names a thread of this process. */
static int await_thread(struct op_ctx *ctx, pid_t tid)
{
	pid_t pid = (pid_t)sys_call(SYS_getpid);

	while (sys_call(SYS_tgkill, pid, tid, 0) == 0) {
		if (!op_left_ms(ctx))
			return op_broken(ctx, "timed out waiting for thread %d to end", (int)tid);
		sched_yield();
	}
	return 0;
}

static int await_child(struct op_ctx *ctx, struct birth *birth)
{
	siginfo_t info = { 0 };

	if (birth->flags & CLONE_THREAD)
		return await_thread(ctx, birth->pid);
	if (birth->stays || (birth->flags & (CLONE_PARENT | CLONE_AUTOREAP)))
		return 0; /* the caller's parent has it until the arena ends, or nobody has */
	while (waitid(P_PID, (id_t)birth->pid, &info, WEXITED | __WALL) < 0)
		if (errno != EINTR)
			return op_broken(ctx, "waitid %d: %m", (int)birth->pid);
	birth->waited_for = true;
	if (info.si_code == CLD_EXITED && info.si_status == 0)
		return 0;
	return op_broken(ctx, "the child ended with code %d, status %d", info.si_code,
			 info.si_status);
}

static int read_story(struct op_ctx *ctx, int fd, struct clone_out *out)
{
	struct story story;
	struct ns_id own;

	if (read(fd, &story, sizeof(story)) != sizeof(story))
		return op_broken(ctx, "the child told nothing");
	out->inner_pid = story.pid;
	out->mounts = story.mounts;
	out->no_new_privs = story.no_new_privs;
	out->differ.v = pool_array(ctx->pool, const char *, NS_COUNT);
	out->same.v = pool_array(ctx->pool, const char *, NS_COUNT);
	for (int ns = 0; ns < NS_COUNT; ns++) {
		if (ns_self((enum ns)ns, &own))
			continue; /* a type that this kernel does not have */
		struct strs *list = ns_same(&own, &story.ids[ns]) ? &out->same : &out->differ;

		list->v[list->n++] = ns_kinds[ns].name;
	}
	return 0;
}

static int give_birth(struct op_ctx *ctx, const struct clone_in *in, struct birth *birth)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	long pid = in->how == HOW_CLONE ? call_clone(ctx, in, birth) : call_clone3(ctx, in, birth);

	if (pid > 0) {
		birth->pid = (pid_t)pid;
		if (await_child(ctx, birth))
			pid = OP_BROKEN;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (pid == -ENOTSUP && in->how == HOW_CLONE3)
		return op_broken(ctx, "clone3 with VM is not written for this architecture");
	return pid < 0 ? (int)pid : 0;
}

/* IPC and network namespaces are released by a work queue, so the count falls a little later. */
static int give_birth_patiently(struct op_ctx *ctx, const struct clone_in *in, struct birth *birth)
{
	int64_t until = sys_now_ns() + in->wait;

	for (;;) {
		int rc = give_birth(ctx, in, birth);

		if (rc != -ENOSPC || sys_now_ns() >= until || !op_left_ms(ctx))
			return rc;
		poll(NULL, 0, 2);
	}
}

/* Its end of the pipe is closed by its death alone. */
static bool dies(struct op_ctx *ctx, int told, int64_t within)
{
	struct pollfd end = { .fd = told, .events = POLLIN };
	int ms = op_left_ms(ctx);

	return poll(&end, 1, within / 1000000 < ms ? (int)(within / 1000000) : ms) > 0;
}

/* Children stay for this, so they are killed if that does not. */
static int abandon(struct op_ctx *ctx, struct birth *birth, int told, int64_t within,
		   struct clone_out *out)
{
	fd_close(&birth->pidfd);
	out->died = dies(ctx, told, within);
	if (out->died)
		return 0;
	kill(birth->pid, SIGKILL);
	if (!dies(ctx, told, INT64_MAX))
		return op_broken(ctx, "the child does not die");
	if (!(birth->flags & CLONE_AUTOREAP))
		waitpid(birth->pid, NULL, __WALL);
	return 0;
}

/* Nobody waits for it, so the pidfd tells that it has ended. */
static int look_for_zombie(struct op_ctx *ctx, const struct birth *birth, struct clone_out *out)
{
	struct pollfd end = { .fd = birth->pidfd, .events = POLLIN };
	siginfo_t info = { 0 };

	if (poll(&end, 1, op_left_ms(ctx)) != 1)
		return op_broken(ctx, "timed out waiting for the child to end");
	out->zombie = waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) == 0 &&
		info.si_pid == birth->pid;
	return 0;
}

static int ns_clone_run(struct op_ctx *ctx, const struct clone_in *in, struct clone_out *out)
{
	struct birth birth = { .flags = ns_request(in->types, in->flags), .told = { -1, -1 },
			       .pidfd = -1, .stays = in->abandon != 0 };

	out->pidfd = -1;
	if ((in->tell || birth.stays) && (birth.flags & (CLONE_VM | CLONE_PARENT)))
		return op_broken(ctx, "`tell` and `abandon` go neither with VM nor with PARENT");
	if ((in->tell || birth.stays) && pipe2(birth.told, O_CLOEXEC) < 0)
		return op_broken(ctx, "pipe2: %m");
	AUTO_FD in_end = birth.told[0];
	AUTO_FD out_end = birth.told[1];
	int rc = give_birth_patiently(ctx, in, &birth);

	fd_close(&out_end);
	if (rc)
		return rc;
	out->pid = birth.pid;
	out->zombie = birth.waited_for;
	if (birth.stays)
		return abandon(ctx, &birth, in_end, in->abandon, out);
	if ((birth.flags & CLONE_AUTOREAP) && birth.pidfd >= 0)
		rc = look_for_zombie(ctx, &birth, out);
	if (rc)
		return rc;
	out->pidfd = birth.pidfd;
	out->cloexec = birth.pidfd >= 0 && (fcntl(birth.pidfd, F_GETFD) & FD_CLOEXEC);
	return in->tell ? read_story(ctx, in_end, out) : 0;
}
OP(ns_clone, "ns.clone", clone_in, clone_out,
	.doc = "Create a child or thread that exits at once.",
	.source = "clone3(2), clone(2)");
