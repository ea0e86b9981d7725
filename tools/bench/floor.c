// SPDX-License-Identifier: GPL-2.0-only
/*
 * The floor: what the bare system calls cost that a cell cannot do without. For each cell
 * of the benchmark suites, clone3 of an arena with its namespaces, a child in it for each
 * actor with its own, exit and wait. Prints nanoseconds a cell.
 *
 * usage: floor CELLS SIDE_BY_SIDE ARENA [ACTOR...]   each a comma-separated list of kinds, or -
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/ns.h"
#include "nsc/sys.h"

static uint64_t parse(char *text)
{
	uint64_t flags = 0;

	for (char *word; (word = strsep(&text, ","));) {
		int ns = ns_find(word);

		if (ns >= 0)
			flags |= ns_kinds[ns].flag;
		else if (strcmp(word, "-"))
			exit(fprintf(stderr, "floor: no namespace kind %s\n", word) > 0 ? 2 : 2);
	}
	return flags;
}

static void reap(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static pid_t start(uint64_t flags)
{
	struct clone_request req = { .flags = flags, .exit_signal = SIGCHLD };
	pid_t pid = sys_clone3(&req);

	if (pid < 0) {
		fprintf(stderr, "floor: clone3: %s\n", strerror(-pid));
		_exit(1);
	}
	return pid;
}

static void cell(uint64_t arena, const uint64_t *actors, int n)
{
	pid_t pid = start(arena);

	if (pid == 0) {
		for (int i = 0; i < n; i++) {
			pid_t actor = start(actors[i]);

			if (actor == 0)
				_exit(0);
			reap(actor);
		}
		_exit(0);
	}
	reap(pid);
}

int main(int argc, char **argv)
{
	uint64_t actors[16] = { 0 };
	int n = argc - 4;

	if (argc < 4 || n > 16)
		return fprintf(stderr, "usage: floor CELLS SIDE_BY_SIDE ARENA [ACTOR...]\n"), 2;
	int cells = atoi(argv[1]), jobs = atoi(argv[2]);
	uint64_t arena = parse(argv[3]);

	for (int i = 0; i < n; i++)
		actors[i] = parse(argv[4 + i]);
	int64_t began = sys_now_ns();

	for (int job = 0; job < jobs; job++)
		if (start(0) == 0) {
			for (int i = job; i < cells; i += jobs)
				cell(arena, actors, n);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	printf("%lld\n", (long long)((sys_now_ns() - began) / cells));
	return 0;
}
