// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two processes that fork, alone and together.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/forks.h"
#include "nsc/patience.h"
#include "nsc/sys.h"

/* Few milliseconds: of each kind of round the best one counts. */
enum { FORKS = 16, ROUNDS = 3 };
#define ROUND_WITHIN_NS 10000000000ll

struct forker {
	pid_t pid;
	int channel;
};

/* Of a small program, as workers are, and not of this one, which has a plan in memory. */
static bool start(struct forker *f, int64_t processor)
{
	posix_spawn_file_actions_t actions;
	char number[24], *const envp[] = { NULL };
	char *const argv[] = { "nsconform", "agent", "forks", number, NULL };
	int pair[2];

	*f = (struct forker){ .channel = -1 };
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return false;
	snprintf(number, sizeof(number), "%lld", (long long)processor);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pair[1], 3);
	if (posix_spawn(&f->pid, "/proc/self/exe", &actions, NULL, argv, envp))
		f->pid = 0;
	posix_spawn_file_actions_destroy(&actions);
	close(pair[1]);
	f->channel = pair[0];
	return f->pid > 0;
}

static void stop(struct forker *f)
{
	fd_close(&f->channel);
	if (f->pid <= 0)
		return;
	kill(f->pid, SIGKILL);
	waitpid(f->pid, NULL, 0);
}

static int64_t answer(const struct forker *f)
{
	int64_t us;

	if (sys_wait_readable(f->channel, sys_now_ns() + patience(ROUND_WITHIN_NS)) != 1 ||
	    read(f->channel, &us, sizeof(us)) != sizeof(us))
		return -1;
	return us;
}

/* What the first N of them take on the average, at the same time; -1: one does not answer. */
static int64_t together(const struct forker forkers[2], int n)
{
	const uint8_t forks = FORKS;
	int64_t sum = 0;

	for (int i = 0; i < n; i++)
		if (write(forkers[i].channel, &forks, 1) != 1)
			return -1;
	for (int i = 0; i < n; i++) {
		int64_t us = answer(&forkers[i]);

		if (us <= 0)
			return -1;
		sum += us;
	}
	return sum / n;
}

static int compare(const struct forker forkers[2])
{
	int64_t best[2] = { INT64_MAX, INT64_MAX };

	for (int i = 0; i < 2; i++)
		if (answer(&forkers[i]) < 0)
			return 0;
	for (int i = 0; i < 2 * ROUNDS; i++) {
		int64_t us = together(forkers, 1 + i % 2);

		if (us <= 0)
			return 0;
		best[i % 2] = us < best[i % 2] ? us : best[i % 2];
	}
	return (int)(2 * best[0] * 100 / best[1]);
}

int forks_of_two(const struct ints *processors)
{
	struct forker forkers[2] = { { .channel = -1 }, { .channel = -1 } };
	int hundredths = 0;

	if (processors->n >= 2 && start(&forkers[0], processors->v[0]) &&
	    start(&forkers[1], processors->v[1]))
		hundredths = compare(forkers);
	for (int i = 0; i < 2; i++)
		stop(&forkers[i]);
	return hundredths;
}
