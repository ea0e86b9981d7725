// SPDX-License-Identifier: GPL-2.0-only
/*
 * The floor: what the bare system calls cost that cells cannot do without.  Reads the processes of
 * cells as tools/bench/cells.c prints them and makes them with their namespaces by clone3, has them
 * exit, and waits for them.  Small to fork, as workers are.
 *
 * usage: floor SIDE_BY_SIDE < CELLS    prints NAME=COUNT each: cells, processes, core time of all
 *                                      that was made, and time on the clock
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/ns.h"
#include "nsc/sys.h"

struct process {
	uint64_t flags;
	int parent; /* in the list of actors, where it comes earlier; -1: the arena */
};

struct cell {
	struct cell *next;
	uint64_t arena;
	struct process *actors;
	int n;
};

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
		fprintf(stderr, "floor: clone3(%#llx): %s\n", (unsigned long long)flags,
			strerror(-pid));
		_exit(1);
	}
	return pid;
}

/* A user namespace can be made in one where its maker has an id (user_namespaces(7)). */
static void map_ids(void)
{
	sys_write_file("/proc/self/setgroups", "deny");
	sys_write_file("/proc/self/uid_map", "0 0 1");
	sys_write_file("/proc/self/gid_map", "0 0 1");
}

static bool makes_users(const struct cell *c)
{
	for (int i = 0; i < c->n; i++)
		if (c->actors[i].flags & ns_kinds[NS_USER].flag)
			return true;
	return false;
}

static void make_children(const struct cell *c, int parent)
{
	for (int i = parent + 1; i < c->n; i++) {
		if (c->actors[i].parent != parent)
			continue;
		pid_t pid = start(c->actors[i].flags);

		if (pid == 0) {
			if (c->actors[i].flags & ns_kinds[NS_USER].flag)
				map_ids();
			make_children(c, i);
			_exit(0);
		}
		reap(pid);
	}
}

static void replay(const struct cell *c)
{
	pid_t pid = start(c->arena);

	if (pid == 0) {
		if ((c->arena & ns_kinds[NS_USER].flag) && makes_users(c))
			map_ids();
		make_children(c, -1);
		_exit(0);
	}
	reap(pid);
}

/* "FLAGS [PARENT:FLAGS...]" */
static struct cell *parse(struct pool *pool, char *line)
{
	struct cell *c = pool_new(pool, struct cell);
	const char *word = strsep(&line, " ");

	c->arena = strtoull(word, NULL, 10);
	/* A process takes no less than four characters. */
	c->actors = pool_array(pool, struct process, line ? strlen(line) / 4 + 1 : 1);
	while ((word = strsep(&line, " "))) {
		char *end;
		int parent = (int)strtol(word, &end, 10);

		c->actors[c->n++] = (struct process){ strtoull(end + 1, NULL, 10), parent };
	}
	return c;
}

static int64_t core_ns(void)
{
	struct rusage used;

	getrusage(RUSAGE_CHILDREN, &used);
	return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000000LL +
	       (used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1000LL;
}

/* Part FIRST of every JOBS cells. */
static void replay_part(const struct cell *c, int first, int jobs)
{
	for (int i = 0; c; c = c->next, i++)
		if (i % jobs == first)
			replay(c);
	_exit(0);
}

int main(int argc, char **argv)
{
	AUTO_POOL pool = { 0 };
	struct cell *cells = NULL, **last = &cells;
	int jobs = argc == 2 ? atoi(argv[1]) : 0, n = 0, processes = 0;
	char *text;

	if (jobs < 1)
		return fprintf(stderr, "usage: floor SIDE_BY_SIDE < CELLS\n"), 2;
	if (sys_read_fd(&pool, STDIN_FILENO, 16 << 20, &text, NULL) < 0)
		return perror("floor"), 3;
	for (char *line; (line = strsep(&text, "\n")) && *line; n++) {
		*last = parse(&pool, line);
		processes += 1 + (*last)->n;
		last = &(*last)->next;
	}
	int64_t began = sys_now_ns();

	for (int job = 0; job < jobs; job++)
		if (start(0) == 0)
			replay_part(cells, job, jobs);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	printf("cells=%d processes=%d core_ns=%lld wall_ns=%lld\n", n, processes,
	       (long long)core_ns(), (long long)(sys_now_ns() - began));
	return 0;
}
