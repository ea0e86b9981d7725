// SPDX-License-Identifier: GPL-2.0-only
/*
 * The floor: the bare system calls that nobody can do without who carries out these cells.  Reads
 * what tools/bench/cells.c prints and does of each cell what is left of it without ops, values,
 * checks and answers:
 *
 *   - the arena and its actors, all alive at a time, in new namespaces that each enters its way
 *     (clone3, unshare, setns), with the processes that the way takes, and one line of id map;
 *   - an arena that is made without privilege by a process that has given that up, and actors with
 *     ids or groups that take them;
 *   - where the cell has cgroups these directories, which the arena is in, made and removed;
 *   - where the arena has a root file system of its own a tmpfs as that, and a procfs in it;
 *   - as many processes of ops, which exit at once, as are counted in a run;
 *   - a word from one process to another, which it wakes, wherever the next step is another's;
 *   - the end of all of them with the arena, which is PID 1.
 *
 * As small to fork as workers are.  tools/bench/run measures it as it does a run.
 *
 * usage: floor SIDE_BY_SIDE FORKS CELLS    FORKS: of ops, in a thousand cells
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <grp.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroups/cgroups.h"
#include "nsc/image.h"
#include "nsc/ns.h"
#include "nsc/place.h"
#include "nsc/sys.h"

enum { ARENA = -1, ACTORS_MAX = 64, FAILED = 1000 };

struct process {
	uint64_t flags;
	int via;
	int parent; /* in the list of actors, where it comes earlier, or ARENA */
	bool ids;   /* it takes user and group ids, or groups */
};

struct cell {
	struct cell *next;
	uint64_t arena;
	bool root, proc, user, cgroups;
	struct process *actors;
	int n;
	int *turns; /* whose steps follow one another; the first and the last are the arena's */
	int n_turns;
	int forks;
};

/* Of the arena, and then of each actor: who has the word. */
static int words[ACTORS_MAX + 1];

static struct cgroups *cgroups; /* or NULL: no cell can have any here */
static int cgroup_dirs[CGROUP_HIERARCHIES], n_cgroup_dirs;

static void reap(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static void give(int whom, eventfd_t what)
{
	if (eventfd_write(words[whom + 1], what) < 0)
		_exit(1);
}

/* The arena ends then, and with it all others. */
static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
	give(ARENA, FAILED);
	_exit(1);
}

static pid_t checked(pid_t pid, const char *what)
{
	errno = pid < 0 ? -pid : 0;
	if (pid < 0)
		fail(what);
	return pid;
}

static pid_t start(uint64_t flags, int *pidfd)
{
	struct clone_request req = { .flags = flags | (pidfd ? CLONE_PIDFD : 0), .pidfd = pidfd,
				     .exit_signal = SIGCHLD };

	return checked(sys_clone3(&req), "clone3");
}

static void map_id(const char *line)
{
	sys_write_file("/proc/self/setgroups", "deny");
	sys_write_file("/proc/self/uid_map", line);
	sys_write_file("/proc/self/gid_map", line);
}

/* A user namespace can be made in one where its maker has an id (user_namespaces(7)). */
static void map_ids(uint64_t flags)
{
	if (flags & CLONE_NEWUSER)
		map_id("0 0 1");
}

/* No other ids are sure to be there, and it costs the same. */
static void take_ids(uid_t id)
{
	if ((setgroups(0, NULL) < 0 && errno != EPERM) || setresgid(id, id, id) < 0 ||
	    setresuid(id, id, id) < 0 || prctl(PR_SET_DUMPABLE, 1) < 0)
		fail("ids");
}

static void take_root(bool proc)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("floor", "/proc", "tmpfs", 0, NULL) < 0 || chdir("/proc") < 0 ||
	    mkdir("old", 0700) < 0 || mkdir("proc", 0755) < 0 || sys_pivot_root(".", "old") < 0 ||
	    chdir("/") < 0 || (proc && mount("proc", "proc", "proc", 0, NULL) < 0) ||
	    (!proc && mount("old/proc", "proc", NULL, MS_BIND | MS_REC, NULL) < 0) ||
	    umount2("old", MNT_DETACH) < 0)
		fail("root file system");
}

static void take_turns(const struct cell *c, int who)
{
	eventfd_t word;

	for (int i = 0; i < c->n_turns; i++) {
		if (c->turns[i] != who)
			continue;
		if (i > 0 && (eventfd_read(words[who + 1], &word) < 0 || word >= FAILED))
			_exit(1);
		if (i + 1 < c->n_turns)
			give(c->turns[i + 1], 1);
	}
}

static void make_children(const struct cell *c, int parent);

static _Noreturn void live(const struct cell *c, int who)
{
	if (c->actors[who].ids)
		take_ids(geteuid());
	make_children(c, who);
	take_turns(c, who);
	for (;;)
		pause();
}

struct links {
	uint64_t flags;
	int fds[NS_COUNT];
};

static void open_links(void *arg)
{
	struct links *l = arg;

	map_ids(l->flags);
	for (int ns = 0; ns < NS_COUNT; ns++) {
		char path[64];

		snprintf(path, sizeof(path), "/proc/thread-self/ns/%s", ns_kinds[ns].name);
		l->fds[ns] = l->flags & ns_kinds[ns].flag ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	}
	_exit(0);
}

/* Join namespaces that another process was born in: one that lives where they need that. */
static void join_new(uint64_t flags)
{
	struct links l = { .flags = flags };
	int pidfd = -1;

	if (flags & (CLONE_NEWPID | CLONE_NEWTIME)) {
		if (start(flags, &pidfd) == 0) {
			map_ids(flags);
			pause();
			_exit(0);
		}
		if (setns(pidfd, (int)flags) < 0)
			fail("setns of a process");
		close(pidfd);
		return;
	}
	reap(checked(sys_clone_lent(CLONE_FILES | flags, NULL, open_links, &l), "clone"));
	for (int ns = 0; ns < NS_COUNT; ns++) {
		if (l.fds[ns] >= 0 && setns(l.fds[ns], (int)ns_kinds[ns].flag) < 0)
			fail("setns");
		fd_close(&l.fds[ns]);
	}
}

/* Children alone are in a new PID namespace, and in a time namespace that was not joined. */
static bool bears(const struct process *p)
{
	return (p->via == VIA_UNSHARE && (p->flags & (CLONE_NEWPID | CLONE_NEWTIME))) ||
	       (p->via == VIA_SETNS && (p->flags & CLONE_NEWPID));
}

struct making {
	const struct cell *c;
	int who;
};

static void enter(void *arg)
{
	struct making m = *(struct making *)arg;
	const struct process *p = &m.c->actors[m.who];

	if (p->via == VIA_SETNS)
		join_new(p->flags);
	else if (unshare((int)p->flags) < 0)
		fail("unshare");
	else
		map_ids(p->flags);
	if (bears(p) && start(0, NULL) > 0)
		_exit(0);
	live(m.c, m.who);
}

static void make(const struct cell *c, int who)
{
	const struct process *p = &c->actors[who];
	struct making m = { c, who };
	/* setns(2) to a time namespace wants memory of its own. */
	bool lent = bears(p) && !(p->via == VIA_SETNS && (p->flags & CLONE_NEWTIME));
	bool direct = !p->flags || p->via == VIA_CLONE3;
	pid_t pid = !direct && lent ? checked(sys_clone_lent(0, NULL, enter, &m), "clone") :
		start(direct ? p->flags : 0, NULL);

	if (pid == 0 && !direct)
		enter(&m);
	if (pid == 0) {
		map_ids(p->flags);
		live(c, who);
	}
	if (bears(p))
		reap(pid);
}

static void make_children(const struct cell *c, int parent)
{
	for (int i = parent + 1; i < c->n; i++)
		if (c->actors[i].parent == parent)
			make(c, i);
}

static bool makes_users(const struct cell *c)
{
	for (int i = 0; i < c->n; i++)
		if (c->actors[i].flags & CLONE_NEWUSER)
			return true;
	return false;
}

static _Noreturn void be_arena(const struct cell *c)
{
	if (c->user)
		map_id("0 65533 1");
	else if (c->root || makes_users(c))
		map_ids(c->arena);
	if (c->root)
		take_root(c->proc);
	make_children(c, ARENA);
	for (int i = 0; i < c->forks; i++) {
		pid_t op = start(0, NULL);

		if (op == 0)
			_exit(0);
		reap(op);
	}
	take_turns(c, ARENA);
	_exit(0);
}

struct between {
	const struct cell *c;
	pid_t arena;
};

/* In other cgroups, or without privilege, the arena is made by a process that is so. */
static void make_arena(void *arg)
{
	struct between *b = arg;

	for (int i = 0; i < n_cgroup_dirs; i++)
		if (sys_write_at(cgroup_dirs[i], "cgroup.procs", "0") < 0)
			fail("cgroup.procs");
	if (b->c->user)
		take_ids(UNPRIVILEGED_ID);
	b->arena = start(b->c->arena, NULL);
	if (b->arena == 0)
		be_arena(b->c);
	_exit(0);
}

static void make_cgroups(const struct cell *c, unsigned number)
{
	const struct cgroups_cell cell = {
		.number = number, .owner = c->user ? UNPRIVILEGED_ID : getuid(),
	};
	const char *why;

	n_cgroup_dirs = c->cgroups && cgroups ?
		cgroups_make(cgroups, &cell, cgroup_dirs, &why) : 0;
	if (n_cgroup_dirs < 0)
		fail(why);
}

static void remove_cgroups(unsigned number)
{
	const char *why;

	for (int i = 0; i < n_cgroup_dirs; i++)
		close(cgroup_dirs[i]);
	if (n_cgroup_dirs)
		cgroups_remove(cgroups, number, &why);
}

static void replay(const struct cell *c, unsigned number)
{
	struct between b = { .c = c };
	int status;

	make_cgroups(c, number);
	if (c->user || n_cgroup_dirs)
		reap(checked(sys_clone_lent(0, NULL, make_arena, &b), "clone"));
	else
		b.arena = start(c->arena, NULL);
	if (b.arena == 0)
		be_arena(c);
	while (waitpid(b.arena, &status, 0) < 0 && errno == EINTR)
		;
	if (status)
		_exit(1);
	remove_cgroups(number);
}

static void add_turn(struct cell *c, int who)
{
	if (!c->n_turns || c->turns[c->n_turns - 1] != who)
		c->turns[c->n_turns++] = who;
}

/* "FLAGS,ROOT,PROC,USER,CGROUPS [PARENT:FLAGS:VIA:IDS...] [@TURN...]" */
static struct cell *parse(struct pool *pool, char *line)
{
	struct cell *c = pool_new(pool, struct cell);
	char *word = strsep(&line, " "), *end;
	size_t room = line ? strlen(line) : 0;

	c->arena = strtoull(word, &end, 10);
	c->root = end[1] == '1';
	c->proc = end[3] == '1';
	c->user = end[5] == '1' && geteuid() == 0;
	c->cgroups = end[7] == '1';
	/* A process takes no less than eight characters, a turn three. */
	c->actors = pool_array(pool, struct process, room / 8 + 1);
	c->turns = pool_array(pool, int, room / 3 + 3);
	add_turn(c, ARENA);
	while ((word = strsep(&line, " "))) {
		if (*word == '@') {
			add_turn(c, atoi(word + 1));
			continue;
		}
		struct process *p = &c->actors[c->n++];

		p->parent = (int)strtol(word, &end, 10);
		p->flags = strtoull(end + 1, &end, 10);
		p->via = (int)strtol(end + 1, &end, 10);
		p->ids = end[1] == '1';
	}
	add_turn(c, ARENA);
	return c;
}

/* Part FIRST of every JOBS cells. */
static _Noreturn void replay_part(const struct cell *c, int first, int jobs)
{
	AUTO_POOL pool = { 0 };
	const char *why;

	/* An arena that was made by another process becomes a child of this one. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	cgroups = cgroups_start(&pool, &why);
	for (int i = 0; c; c = c->next, i++) {
		for (int k = 0; k <= c->n && i % jobs == first; k++)
			words[k] = eventfd(0, EFD_CLOEXEC);
		if (i % jobs == first)
			replay(c, (unsigned)i + 1);
		for (int k = 0; k <= c->n && i % jobs == first; k++)
			close(words[k]);
	}
	if (cgroups)
		cgroups_stop(cgroups);
	_exit(0);
}

int main(int argc, char **argv)
{
	AUTO_POOL pool = { 0 };
	struct cell *cells = NULL, **last = &cells;
	int jobs = argc == 4 ? atoi(argv[1]) : 0, status, failed = 0;
	long forks = argc == 4 ? atol(argv[2]) : 0, n = 0;
	char *text;

	if (jobs < 1)
		return fprintf(stderr, "usage: floor SIDE_BY_SIDE FORKS CELLS\n"), 2;
	if (sys_read_file(&pool, argv[3], 16 << 20, &text, NULL) < 0)
		return perror("floor"), 3;
	for (char *line; (line = strsep(&text, "\n")) && *line; n++) {
		*last = parse(&pool, line);
		if ((*last)->n > ACTORS_MAX)
			return fprintf(stderr, "floor: too many actors\n"), 3;
		(*last)->forks = (int)((n + 1) * forks / 1000 - n * forks / 1000);
		last = &(*last)->next;
	}
	image_ready_to_fork();
	for (int job = 0; job < jobs; job++)
		if (start(0, NULL) == 0)
			replay_part(cells, job, jobs);
	while (wait(&status) > 0 || errno == EINTR)
		failed |= status;
	return failed ? 1 : 0;
}
