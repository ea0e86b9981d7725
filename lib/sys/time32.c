// SPDX-License-Identifier: GPL-2.0-only
/*
 * A call by int 0x80 takes addresses of 32 bits: what it reads and writes is in a page below 4 GiB.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nsc/syscall.h"
#include "nsc/time32.h"

/* The numbers of arch/x86/entry/syscalls/syscall_32.tbl. */
enum {
	NR_FUTEX = 240, NR_TIMER_SETTIME = 260, NR_TIMER_GETTIME = 261, NR_CLOCK_GETTIME = 265,
	NR_CLOCK_NANOSLEEP = 267, NR_TIMERFD_SETTIME = 325, NR_TIMERFD_GETTIME = 326,
};

struct timespec32 {
	int32_t sec, nsec;
};

struct itimerspec32 {
	struct timespec32 interval, value;
};

struct page {
	struct itimerspec32 when, left;
	uint32_t word;
};

#if defined(__x86_64__)
static long call32(long nr, long a, long b, long c, long d, long e, long f)
{
	register long sixth __asm__("r12") = f;

	/* The sixth argument is in ebp, which the compiler may need. Old kernels clear r8-r11. */
	__asm__ volatile("xchg %%rbp, %%r12\n\tint $0x80\n\txchg %%rbp, %%r12"
			 : "+a"(nr), "+r"(sixth)
			 : "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory", "cc", "r8", "r9", "r10", "r11");
	int rc = (int)nr;

	if (rc < 0 && rc > -4096) {
		errno = -rc;
		return -1;
	}
	return rc;
}

static struct page *low_page(void)
{
	return mmap(NULL, sizeof(struct page), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
}
#elif defined(__i386__)
static long call32(long nr, long a, long b, long c, long d, long e, long f)
{
	return sys_call(nr, a, b, c, d, e, f);
}

static struct page *low_page(void)
{
	return mmap(NULL, sizeof(struct page), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
#else
static long call32(long nr, long a, long b, long c, long d, long e, long f)
{
	errno = ENOSYS;
	return -1;
}

static struct page *low_page(void)
{
	errno = ENOSYS;
	return MAP_FAILED;
}
#endif

/* The page of this process, or NULL with errno. */
static struct page *page(void)
{
	static struct page *own;

	if (!own) {
		struct page *made = low_page();

		own = made == MAP_FAILED ? NULL : made;
	}
	return own;
}

static long at_page(void *in_page)
{
	return (long)(uintptr_t)in_page;
}

static void put(struct timespec32 *to, const struct timespec *from)
{
	to->sec = (int32_t)from->tv_sec;
	to->nsec = (int32_t)from->tv_nsec;
}

static void get(struct timespec *to, const struct timespec32 *from)
{
	*to = (struct timespec){ .tv_sec = from->sec, .tv_nsec = from->nsec };
}

int time32_gettime(clockid_t clock, struct timespec *ts)
{
	struct page *p = page();

	if (!p || call32(NR_CLOCK_GETTIME, clock, at_page(&p->when.value), 0, 0, 0, 0) < 0)
		return -1;
	get(ts, &p->when.value);
	return 0;
}

int time32_nanosleep(clockid_t clock, int flags, const struct timespec *at, struct timespec *left)
{
	struct page *p = page();

	if (!p)
		return -1;
	put(&p->when.value, at);
	p->left.value = (struct timespec32){ 0 };
	int rc = (int)call32(NR_CLOCK_NANOSLEEP, clock, flags, at_page(&p->when.value),
			     at_page(&p->left.value), 0, 0);

	get(left, &p->left.value);
	return rc;
}

static int arm(long set, long read_left, int timer, int flags, const struct timespec *at,
	       struct timespec *left)
{
	struct page *p = page();

	if (!p)
		return -1;
	p->when = (struct itimerspec32){ 0 };
	put(&p->when.value, at);
	if (call32(set, timer, flags, at_page(&p->when), 0, 0, 0) < 0 ||
	    call32(read_left, timer, at_page(&p->left), 0, 0, 0, 0) < 0)
		return -1;
	get(left, &p->left.value);
	return 0;
}

int time32_timerfd(int fd, int flags, const struct timespec *at, struct timespec *left)
{
	return arm(NR_TIMERFD_SETTIME, NR_TIMERFD_GETTIME, fd, flags, at, left);
}

int time32_timer(int timer, int flags, const struct timespec *at, struct timespec *left)
{
	return arm(NR_TIMER_SETTIME, NR_TIMER_GETTIME, timer, flags, at, left);
}

int time32_futex(int flags, const struct timespec *at)
{
	struct page *p = page();

	if (!p)
		return -1;
	p->word = 0;
	put(&p->when.value, at);
	return (int)call32(NR_FUTEX, at_page(&p->word), FUTEX_WAIT_BITSET_PRIVATE | flags, 0,
			   at_page(&p->when.value), 0, (long)FUTEX_BITSET_MATCH_ANY);
}
