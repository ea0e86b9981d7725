// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a command and all that it starts cost, by perf_event_open(2): core time, context switches and
 * page faults, and interrupts between processors by /proc/interrupts, which are the machine's.
 *
 * usage: cost FILE COMMAND...    NAME=COUNT for each goes to FILE, or NAME=- where it cannot be
 *                                counted, with the reasons on stderr
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "gate.h"

enum where { ANYWHERE, USER, KERNEL };

static const struct event {
	const char *name;
	unsigned long config;
	enum where where;
} events[] = {
	{ "core_ns", PERF_COUNT_SW_TASK_CLOCK, ANYWHERE },
	{ "switches", PERF_COUNT_SW_CONTEXT_SWITCHES, ANYWHERE },
	{ "migrations", PERF_COUNT_SW_CPU_MIGRATIONS, ANYWHERE },
	{ "user_faults", PERF_COUNT_SW_PAGE_FAULTS, USER },
	{ "kernel_faults", PERF_COUNT_SW_PAGE_FAULTS, KERNEL },
};

enum { EVENTS = sizeof(events) / sizeof(*events) };

/* From the next execve(2) of PID on, and of all that it starts. */
static int count(const struct event *e, pid_t pid)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = e->config,
		.disabled = 1, .enable_on_exec = 1, .inherit = 1,
		.exclude_kernel = e->where == USER, .exclude_user = e->where == KERNEL,
	};

	return (int)syscall(SYS_perf_event_open, &attr, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

/* Rescheduling and calls of functions on other processors, of all of them; -1 where not told. */
static long long interrupts(void)
{
	FILE *f = fopen("/proc/interrupts", "r");
	char line[8192], *at, *end;
	long long sum = 0;
	bool told = false;

	while (f && fgets(line, sizeof(line), f)) {
		if (!strstr(line, "RES:") && !strstr(line, "CAL:") &&
		    !strstr(line, "Rescheduling interrupts") &&
		    !strstr(line, "Function call interrupts"))
			continue;
		told = true;
		at = strchr(line, ':') + 1;
		for (long long n; n = strtoll(at, &end, 10), end != at; at = end)
			sum += n;
	}
	if (f)
		fclose(f);
	return told ? sum : -1;
}

static long long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static void say(FILE *out, const char *name, bool known, long long n)
{
	if (known)
		fprintf(out, "%s=%lld ", name, n);
	else
		fprintf(out, "%s=- ", name);
}

int main(int argc, char **argv)
{
	int gate, fds[EVENTS], status = 0;
	long long n;

	if (argc < 3)
		return fprintf(stderr, "usage: cost FILE COMMAND...\n"), 2;
	FILE *out = fopen(argv[1], "we");

	if (!out)
		return perror(argv[1]), 3;
	pid_t pid = gate_start(argv + 2, &gate);

	if (pid < 0)
		return perror("cost"), 3;
	for (size_t i = 0; i < EVENTS; i++) {
		fds[i] = count(&events[i], pid);
		if (fds[i] < 0)
			fprintf(stderr, "cost: %s cannot be counted: %s\n", events[i].name,
				strerror(errno));
	}
	long long ipis = interrupts(), began = now_ns();

	if (write(gate, "", 1) != 1)
		return perror("cost"), 3;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	long long took = now_ns() - began;

	say(out, "ipis", ipis >= 0, interrupts() - ipis);
	say(out, "wall_ns", true, took);
	for (size_t i = 0; i < EVENTS; i++) {
		bool known = fds[i] >= 0 && read(fds[i], &n, sizeof(n)) == sizeof(n);

		say(out, events[i].name, known, known ? n : 0);
	}
	fputs("\n", out);
	if (fclose(out))
		return perror(argv[1]), 3;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
