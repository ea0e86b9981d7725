/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls by number, on machines of any word size.
 */
#ifndef NSC_SYSCALL_H
#define NSC_SYSCALL_H

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/*
 * syscall(2) of a number and up to six arguments, each of which becomes one word.  A 64-bit number
 * that is passed to syscall(2) itself is two words on a 32-bit machine, and displaces those after it.
 */
#define sys_call(...) \
	syscall(SYS_CALL_PICK(__VA_ARGS__, SYS_WORDS_7, SYS_WORDS_6, SYS_WORDS_5, SYS_WORDS_4, \
			      SYS_WORDS_3, SYS_WORDS_2, SYS_WORDS_1, )(__VA_ARGS__))
#define SYS_CALL_PICK(n, a, b, c, d, e, f, words, ...) words
#define SYS_WORDS_1(a) (long)(a)
#define SYS_WORDS_2(a, ...) (long)(a), SYS_WORDS_1(__VA_ARGS__)
#define SYS_WORDS_3(a, ...) (long)(a), SYS_WORDS_2(__VA_ARGS__)
#define SYS_WORDS_4(a, ...) (long)(a), SYS_WORDS_3(__VA_ARGS__)
#define SYS_WORDS_5(a, ...) (long)(a), SYS_WORDS_4(__VA_ARGS__)
#define SYS_WORDS_6(a, ...) (long)(a), SYS_WORDS_5(__VA_ARGS__)
#define SYS_WORDS_7(a, ...) (long)(a), SYS_WORDS_6(__VA_ARGS__)

/* The call that takes ids of 32 bits: on old 32-bit machines the unsuffixed ones take 16. */
#ifdef SYS_setresuid32
#define ID_CALL(name) SYS_##name##32
#else
#define ID_CALL(name) SYS_##name
#endif

/* The calls that take a struct timespec as libc has it, with 64 bits of seconds everywhere. */
_Static_assert(sizeof(time_t) == 8, "libc needs a 64-bit time_t: glibc from 2.34, musl from 1.2");
#ifdef SYS_clock_gettime64
enum {
	TIME_CALL_clock_gettime = SYS_clock_gettime64,
	TIME_CALL_futex = SYS_futex_time64,
	TIME_CALL_io_pgetevents = SYS_io_pgetevents_time64,
	TIME_CALL_rt_sigtimedwait = SYS_rt_sigtimedwait_time64,
	TIME_CALL_sched_rr_get_interval = SYS_sched_rr_get_interval_time64,
};
#else
enum {
	TIME_CALL_clock_gettime = SYS_clock_gettime,
	TIME_CALL_futex = SYS_futex,
	TIME_CALL_io_pgetevents = SYS_io_pgetevents,
	TIME_CALL_rt_sigtimedwait = SYS_rt_sigtimedwait,
	TIME_CALL_sched_rr_get_interval = SYS_sched_rr_get_interval,
};
#endif
#define TIME_CALL(name) TIME_CALL_##name

#endif
