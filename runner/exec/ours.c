// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes of this run and of others, by their numbers in the first PID namespace.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exec/ours.h"
#include "exec/slot.h"
#include "nsc/ns.h"
#include "nsc/sys.h"

enum { STAT_BYTES = 1024 };

/* Its parent, or 0 when there is no such process; its name in *NAME. */
static pid_t parent_of(struct pool *pool, pid_t pid, const char **name)
{
	char *text;
	int parent = 0;

	/* proc_pid_stat(5): `7 (name) S 1 ...`, and the name may have blanks and parentheses. */
	if (sys_read_file(pool, pool_printf(pool, "/proc/%d/stat", pid), STAT_BYTES, &text,
			  NULL) < 0)
		return 0;
	char *begin = strchr(text, '('), *end = strrchr(text, ')');

	if (!begin || !end || sscanf(end + 1, " %*c %d", &parent) != 1)
		return 0;
	*end = 0;
	*name = begin + 1;
	return parent;
}

/* Whether PID is, or descends from, ANCESTOR; false for the dead. */
static bool descends(struct pool *pool, pid_t pid, pid_t ancestor)
{
	const char *name;

	while (pid > 1 && pid != ancestor)
		pid = parent_of(pool, pid, &name);
	return pid == ancestor;
}

static bool is_alive(struct pool *pool, pid_t pid)
{
	const char *name;

	return parent_of(pool, pid, &name) > 0;
}

/* A process of the same name that is neither this one nor descends from it. */
static bool others_run(struct pool *pool)
{
	DIR *dir = opendir("/proc");
	bool found = false;

	for (struct dirent *e; dir && !found && (e = readdir(dir));) {
		pid_t pid = atoi(e->d_name);
		const char *name = "";

		found = pid > 0 && parent_of(pool, pid, &name) && !strcmp(name, "nsconform") &&
			!descends(pool, pid, getpid());
	}
	if (dir)
		closedir(dir);
	return found || !dir;
}

/* Whether numbers here are those of the initial PID namespace, which the log has. */
static bool numbers_agree(void)
{
	struct ns_id id;

	return ns_self(NS_PID, &id) == 0 && ns_initial(NS_PID, &id) == 1;
}

bool ours_is(void *context, const struct kmsg_line *line)
{
	const struct slot *slot = context;
	AUTO_POOL pool = { 0 };

	if (!numbers_agree())
		return false;
	if (is_alive(&pool, line->pid))
		return descends(&pool, line->pid, slot->worker_pid);
	/* A process that is gone is known by its name alone, which processes of another run have
	 * as well. */
	return line->nsconform && !others_run(&pool);
}
