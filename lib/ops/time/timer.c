// SPDX-License-Identifier: GPL-2.0-only
/*
 * time.wait_until: one table of the ways to wait for an instant of a clock.
 *
 * A kernel that reads the instant in the wrong namespace's terms would let us wait for
 * hours, so the wait happens in a forked child, where an interval timer interrupts it; and
 * there, signals and their handlers are nobody else's.  The child writes what it saw into a
 * pipe.  (It is born in time_for_children, which is the actor's own time namespace unless
 * the actor has unshared and not entered another one.)
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/clock.h"
#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "nsc/time32.h"
#include "uapi/futex.h"
#include "wait.h"

enum { ALARM = SIGALRM, EXPIRY = SIGUSR1 };

static int wait_nanosleep(struct wait *w)
{
	return clock_nanosleep(w->clock, w->relative ? 0 : TIMER_ABSTIME, &w->at,
			       &w->left.it_value);
}

static int wait_timerfd(struct wait *w)
{
	struct itimerspec when = { .it_value = w->at };
	uint64_t expiries;
	AUTO_FD fd = timerfd_create(w->clock, TFD_CLOEXEC);

	if (fd < 0 || timerfd_settime(fd, w->relative ? 0 : TFD_TIMER_ABSTIME, &when, NULL) < 0 ||
	    timerfd_gettime(fd, &w->left) < 0)
		return errno;
	return read(fd, &expiries, sizeof(expiries)) < 0 ? errno : 0;
}

static int wait_posix(struct wait *w)
{
	struct itimerspec when = { .it_value = w->at };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = EXPIRY };
	sigset_t expiry;
	timer_t timer;

	sigemptyset(&expiry);
	sigaddset(&expiry, EXPIRY);
	sigprocmask(SIG_BLOCK, &expiry, NULL);
	if (timer_create(w->clock, &event, &timer) < 0 ||
	    timer_settime(timer, w->relative ? 0 : TIMER_ABSTIME, &when, NULL) < 0 ||
	    timer_gettime(timer, &w->left) < 0)
		return errno;
	/* Not sigwaitinfo(3), which waits on in musl when it is interrupted. */
	return sys_call(SYS_rt_sigtimedwait, &expiry, NULL, NULL, _NSIG / 8) < 0 ? errno : 0;
}

/* Nobody wakes a futex here: running into the deadline is what is expected. */
static int futex_verdict(long rc)
{
	if (rc == 0)
		return EPROTO;
	return errno == ETIMEDOUT ? 0 : errno;
}

static int futex_clock_flag(const struct wait *w)
{
	return w->clock == CLOCK_REALTIME ? FUTEX_CLOCK_REALTIME : 0;
}

static int wait_futex(struct wait *w)
{
	uint32_t word = 0;

	return futex_verdict(sys_call(TIME_CALL(futex), &word, FUTEX_WAIT_PRIVATE, 0, &w->at, NULL,
				      0));
}

static int wait_futex_bitset(struct wait *w)
{
	uint32_t word = 0;
	int op = FUTEX_WAIT_BITSET_PRIVATE | futex_clock_flag(w);

	return futex_verdict(sys_call(TIME_CALL(futex), &word, op, 0, &w->at, NULL,
				      FUTEX_BITSET_MATCH_ANY));
}

static int wait_futex_requeue_pi(struct wait *w)
{
	uint32_t word = 0, target = 0;
	int op = FUTEX_WAIT_REQUEUE_PI_PRIVATE | futex_clock_flag(w);

	return futex_verdict(sys_call(TIME_CALL(futex), &word, op, 0, &w->at, &target,
				      FUTEX_BITSET_MATCH_ANY));
}

/*
 * The owner must be alive and visible: the parent, which knows of no lock.  A private futex
 * would be refused, as its owner is in another address space (EPERM seen on 6.18).
 */
static int wait_futex_lock_pi2(struct wait *w)
{
	uint32_t *word = mmap(NULL, sizeof(*word), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int op = FUTEX_LOCK_PI2 | futex_clock_flag(w);

	if (word == MAP_FAILED)
		return errno;
	*word = (uint32_t)getppid();
	return futex_verdict(sys_call(TIME_CALL(futex), word, op, 0, &w->at, NULL, 0));
}

static int wait_futex_waitv(struct wait *w)
{
	uint32_t word = 0;
	struct futex_waitv waiter = {
		.uaddr = (uintptr_t)&word,
		.flags = FUTEX_32 | FUTEX_PRIVATE_FLAG,
	};

	return futex_verdict(sys_call(SYS_futex_waitv, &waiter, 1, 0, &w->at, w->clock));
}

static int wait_futex2(struct wait *w)
{
	uint32_t word = 0;
	unsigned long value = 0, mask = FUTEX_BITSET_MATCH_ANY;

	return futex_verdict(sys_call(SYS_futex_wait, &word, value, mask,
				      FUTEX_32 | FUTEX_PRIVATE_FLAG, &w->at, w->clock));
}

static int wait_nanosleep_time32(struct wait *w)
{
	int flags = w->relative ? 0 : TIMER_ABSTIME;

	return time32_nanosleep(w->clock, flags, &w->at, &w->left.it_value) < 0 ? errno : 0;
}

static int wait_timerfd_time32(struct wait *w)
{
	int flags = w->relative ? 0 : TFD_TIMER_ABSTIME;
	uint64_t expiries;
	AUTO_FD fd = timerfd_create(w->clock, TFD_CLOEXEC);

	if (fd < 0 || time32_timerfd(fd, flags, &w->at, &w->left.it_value) < 0)
		return errno;
	return read(fd, &expiries, sizeof(expiries)) < 0 ? errno : 0;
}

/* By the kernel's number of the timer, which libc's is not. */
static int wait_posix_time32(struct wait *w)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = EXPIRY };
	int flags = w->relative ? 0 : TIMER_ABSTIME, timer;
	sigset_t expiry;

	sigemptyset(&expiry);
	sigaddset(&expiry, EXPIRY);
	sigprocmask(SIG_BLOCK, &expiry, NULL);
	if (sys_call(SYS_timer_create, w->clock, &event, &timer) < 0 ||
	    time32_timer(timer, flags, &w->at, &w->left.it_value) < 0)
		return errno;
	return sys_call(SYS_rt_sigtimedwait, &expiry, NULL, NULL, _NSIG / 8) < 0 ? errno : 0;
}

static int wait_futex_bitset_time32(struct wait *w)
{
	return futex_verdict(time32_futex(futex_clock_flag(w), &w->at));
}

typedef int (*wait_fn)(struct wait *w);

enum by {
	BY_NANOSLEEP, BY_TIMERFD, BY_POSIX, BY_FUTEX, BY_FUTEX_BITSET, BY_FUTEX_REQUEUE_PI,
	BY_FUTEX_LOCK_PI2, BY_FUTEX_WAITV, BY_FUTEX2, BY_NANOSLEEP_TIME32, BY_TIMERFD_TIME32,
	BY_POSIX_TIME32, BY_FUTEX_BITSET_TIME32,
	BY_PPOLL, BY_PSELECT, BY_EPOLL_PWAIT2,
	BY_SIGTIMEDWAIT, BY_AIO, BY_SEMTIMEDOP, BY_MQ_RECEIVE, BY_MQ_SEND, BY_URING
};

static const struct symbol bys[] = {
	{ "nanosleep", BY_NANOSLEEP, "clock_nanosleep(2)" },
	{ "timerfd", BY_TIMERFD, "timerfd_settime(2) and read(2)" },
	{ "posix", BY_POSIX, "timer_settime(2) and a signal" },
	{ "futex", BY_FUTEX, "FUTEX_WAIT, whose timeout is relative always" },
	{ "futex_bitset", BY_FUTEX_BITSET, "FUTEX_WAIT_BITSET" },
	{ "futex_requeue_pi", BY_FUTEX_REQUEUE_PI, "FUTEX_WAIT_REQUEUE_PI" },
	{ "futex_lock_pi2", BY_FUTEX_LOCK_PI2, "FUTEX_LOCK_PI2 of a lock held by another process" },
	{ "futex_waitv", BY_FUTEX_WAITV, "futex_waitv(2)" },
	{ "futex2", BY_FUTEX2, "futex_wait(2)" },
	{ "nanosleep_time32", BY_NANOSLEEP_TIME32,
	  "clock_nanosleep(2) of 32-bit x86, with a time of 32 bits" },
	{ "timerfd_time32", BY_TIMERFD_TIME32, "timerfd_settime(2) likewise" },
	{ "posix_time32", BY_POSIX_TIME32, "timer_settime(2) likewise" },
	{ "futex_bitset_time32", BY_FUTEX_BITSET_TIME32, "FUTEX_WAIT_BITSET likewise" },
	{ "ppoll", BY_PPOLL, "ppoll(2); relative, as are the next five" },
	{ "pselect", BY_PSELECT, "pselect(2)" },
	{ "epoll_pwait2", BY_EPOLL_PWAIT2, "epoll_pwait2(2), since 5.11" },
	{ "sigtimedwait", BY_SIGTIMEDWAIT, "sigtimedwait(2)" },
	{ "aio", BY_AIO, "io_pgetevents(2)" },
	{ "semtimedop", BY_SEMTIMEDOP, "semtimedop(2) of a semaphore of its own" },
	{ "mq_receive", BY_MQ_RECEIVE, "mq_timedreceive(3); by the wall clock, as the next one" },
	{ "mq_send", BY_MQ_SEND, "mq_timedsend(3)" },
	{ "uring", BY_URING, "io_uring_enter(2) with a timeout, which may be absolute since 6.12" },
	{ 0 }
};

static const wait_fn waits[] = {
	[BY_NANOSLEEP] = wait_nanosleep,
	[BY_TIMERFD] = wait_timerfd,
	[BY_POSIX] = wait_posix,
	[BY_FUTEX] = wait_futex,
	[BY_FUTEX_BITSET] = wait_futex_bitset,
	[BY_FUTEX_REQUEUE_PI] = wait_futex_requeue_pi,
	[BY_FUTEX_LOCK_PI2] = wait_futex_lock_pi2,
	[BY_FUTEX_WAITV] = wait_futex_waitv,
	[BY_FUTEX2] = wait_futex2,
	[BY_NANOSLEEP_TIME32] = wait_nanosleep_time32,
	[BY_TIMERFD_TIME32] = wait_timerfd_time32,
	[BY_POSIX_TIME32] = wait_posix_time32,
	[BY_FUTEX_BITSET_TIME32] = wait_futex_bitset_time32,
	[BY_PPOLL] = wait_ppoll,
	[BY_PSELECT] = wait_pselect,
	[BY_EPOLL_PWAIT2] = wait_epoll,
	[BY_SIGTIMEDWAIT] = wait_sigtimedwait,
	[BY_AIO] = wait_aio,
	[BY_SEMTIMEDOP] = wait_semtimedop,
	[BY_MQ_RECEIVE] = wait_mq_receive,
	[BY_MQ_SEND] = wait_mq_send,
	[BY_URING] = wait_uring,
};

#define WAIT_UNTIL_IN(F, S) \
	F(S, ENUM_DEF, by, BY_NANOSLEEP, bys, "what waits") \
	F(S, ENUM_DEF, clock, CLOCK_MONOTONIC, clock_symbols, "by which clock") \
	F(S, TIME_DEF, ahead, 10000000, \
	  "how far in the future the instant lies by that clock as the actor reads it, " \
	  "in nanoseconds; below 0 it has passed") \
	F(S, TIME, at, OPTIONAL, \
	  "the instant itself instead, in nanoseconds of that clock, from 1") \
	F(S, BOOL, relative, "pass `ahead` as a relative time") \
	F(S, PATIENCE, give_up, 2000000000, \
	  "when the wait is interrupted, in nanoseconds from its start")
FIELDS(wait_until_in, WAIT_UNTIL_IN);

#define WAIT_UNTIL_OUT(F, S) \
	F(S, BOOL, came, "the wait ended by itself, not by the interruption") \
	F(S, TIME, elapsed_ns, REQUIRED, "how long it lasted in nanoseconds") \
	F(S, TIME, left_ns, REQUIRED, \
	  "what the kernel said was left, in nanoseconds: just after arming (timerfd, " \
	  "posix), or of the interrupted sleep (nanosleep, relative)")
FIELDS(wait_until_out, WAIT_UNTIL_OUT);

struct report {
	int err;
	struct wait_until_out out;
};

static void interrupted(int signal)
{
	(void)signal;
}

/* Again and again, as the first signal may come just before the wait begins. */
static void interrupt_after(int64_t ns)
{
	struct sigaction action = { .sa_handler = interrupted };
	struct itimerval timer = {
		.it_value = { .tv_sec = ns / 1000000000, .tv_usec = ns % 1000000000 / 1000 },
		.it_interval = { .tv_usec = 1000 },
	};
	sigset_t alarm;

	sigaction(ALARM, &action, NULL);
	sigemptyset(&alarm);
	sigaddset(&alarm, ALARM);
	sigprocmask(SIG_UNBLOCK, &alarm, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

/* A difference of two readings by one clock: whatever the offset is, it cancels. */
static void wait_in_child(const struct wait_until_in *in, struct report *report)
{
	struct wait w = { .clock = (clockid_t)in->clock, .relative = in->relative };
	struct timespec now = { 0 };

	/* Before the instant is chosen, or a wait of the right length would look too short. */
	int64_t start = clock_now(CLOCK_MONOTONIC);

	interrupt_after(in->give_up);
	if (!in->relative && !in->at && clock_syscall(w.clock, &now) < 0) {
		report->err = errno;
		return;
	}
	w.at = clock_timespec(in->at ? in->at : clock_ns(&now) + in->ahead);
	int err = waits[in->by](&w);

	report->out.elapsed_ns = clock_now(CLOCK_MONOTONIC) - start;
	report->out.came = err == 0;
	report->out.left_ns = clock_ns(&w.left.it_value);
	report->err = err == EINTR ? 0 : err;
}

static void reap(int pidfd)
{
	siginfo_t info;

	sys_pidfd_send_signal(pidfd, SIGKILL, 0);
	while (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | __WALL) < 0 && errno == EINTR)
		;
}

static int time_wait_until_run(struct op_ctx *ctx, const struct wait_until_in *in,
			       struct wait_until_out *out)
{
	struct report report = { 0 };
	int ends[2], pidfd;
	/* Without an exit signal it is reaped by us alone, whatever the actor does with SIGCHLD. */
	struct clone_request req = { .flags = CLONE_PIDFD, .pidfd = &pidfd };

	if (pipe2(ends, O_CLOEXEC) < 0)
		return op_broken(ctx, "pipe2: %m");
	AUTO_FD from = ends[0], to = ends[1];
	pid_t pid = sys_clone3(&req);

	if (pid == 0) {
		wait_in_child(in, &report);
		_exit(write(to, &report, sizeof(report)) == sizeof(report) ? 0 : 1);
	}
	if (pid < 0)
		return op_broken(ctx, "fork: %s", strerror(-pid));
	AUTO_FD child = pidfd;

	fd_close(&to);
	int ready = sys_wait_readable(from, op_deadline(ctx));
	ssize_t got = ready > 0 ? read(from, &report, sizeof(report)) : -1;

	reap(child);
	if (got != sizeof(report))
		return op_broken(ctx, "the waiting child said nothing%s",
				 ready > 0 ? "" : " before the deadline");
	*out = report.out;
	return -report.err;
}
OP(time_wait_until, "time.wait_until", wait_until_in, wait_until_out,
	.doc = "Wait until a clock of the actor's time namespace shows an instant.",
	.source = "clock_nanosleep(2), timerfd_create(2), timer_settime(2), futex(2)",
	.asks = "start.rlimit-sigpending",
	.touches = NSM_TIME, .chosen = { "by", "@(semtimedop|mq_receive|mq_send)", NSM_IPC });
