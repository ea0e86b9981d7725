// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a process costs that forks as a worker does.
 */
#define _GNU_SOURCE
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/agent.h"
#include "nsc/image.h"
#include "nsc/processors.h"
#include "nsc/sys.h"

static int64_t used_us(int who)
{
	struct rusage r;

	getrusage(who, &r);
	return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * INT64_C(1000000) + r.ru_utime.tv_usec +
	       r.ru_stime.tv_usec;
}

static bool fork_once(void)
{
	struct clone_request req = { .exit_signal = SIGCHLD };
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		_exit(0);
	return pid > 0 && waitpid(pid, NULL, 0) == pid;
}

/* Processor time and not time, so that it matters little who else uses the processor. */
static int64_t measure(int n)
{
	int64_t began = used_us(RUSAGE_SELF) + used_us(RUSAGE_CHILDREN);

	for (int i = 0; i < n; i++)
		if (!fork_once())
			return -1;
	return used_us(RUSAGE_SELF) + used_us(RUSAGE_CHILDREN) - began;
}

int agent_forks(int channel, int64_t processor)
{
	const struct ints one = { .v = &processor, .n = 1 };
	int64_t us;
	uint8_t n = 1;

	image_ready_to_fork();
	if (processors_set(0, &one) < 0)
		return 1;
	do
		us = measure(n);
	while (write(channel, &us, sizeof(us)) == sizeof(us) && read(channel, &n, 1) == 1);
	return 0;
}
