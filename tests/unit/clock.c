// SPDX-License-Identifier: GPL-2.0-only
/* The vDSO's function is found, is no system call in disguise, and agrees with it. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/clock.h"

static int number, failed;

static void check(int good, const char *name)
{
	printf("%sok %d %s\n", good ? "" : "not ", ++number, name);
	failed += !good;
}

/* Strict mode would do, did it not forbid to read the time stamp counter, too. */
static int forbid_system_calls(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -1 :
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static int works_without_system_calls(clock_fn read_clock)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct timespec ts;

		if (forbid_system_calls() < 0)
			_exit(2);
		syscall(SYS_exit, read_clock(CLOCK_MONOTONIC, &ts) == 0 ? 0 : 1);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* By others the vDSO has to call the kernel. */
static int clock_source_is_mapped(void)
{
	static const char *const mapped[] = { "tsc\n", "kvm-clock\n", "arch_sys_counter\n", "tod\n",
					      "riscv_clocksource\n" };
	char name[64] = "";
	FILE *f = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");

	if (!f || !fgets(name, sizeof(name), f))
		name[0] = 0;
	if (f)
		fclose(f);
	for (size_t i = 0; i < sizeof(mapped) / sizeof(*mapped); i++)
		if (!strcmp(name, mapped[i]))
			return 1;
	return 0;
}

int main(void)
{
	clock_fn vdso = clock_vdso();
	struct timespec ts = { 0 };

	printf("TAP version 13\n");
	if (!getauxval(AT_SYSINFO_EHDR)) {
		printf("1..0 # SKIP no vDSO\n");
		return 0;
	}
	check(vdso != NULL, "found");
	if (vdso) {
		int64_t before = clock_now(CLOCK_MONOTONIC);

		check(vdso(CLOCK_MONOTONIC, &ts) == 0 && clock_ns(&ts) >= before &&
		      clock_ns(&ts) <= clock_now(CLOCK_MONOTONIC), "between two system calls");
		check(vdso(12345, &ts) == -EINVAL, "a negative errno for no clock");
		if (clock_source_is_mapped())
			check(works_without_system_calls(vdso), "makes no system call");
		else
			printf("ok %d makes no system call # SKIP by this clock source it must\n",
			       ++number);
	}
	ts = clock_timespec(1500000000);
	check(ts.tv_sec == 1 && ts.tv_nsec == 500000000 && clock_ns(&ts) == 1500000000,
	      "conversion");
	printf("1..%d\n", number);
	return failed != 0;
}
