// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes and removes cgroup directories; see the header for the plan.  Removing is in
 * runner/cgroups/cgroup_tree.c.
 */
#define _GNU_SOURCE
#include "cgroups/cgroups.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroups/cgroup_tree.h"
#include "nsc/ns.h"
#include "nsc/patience.h"
#include "nsc/place.h"
#include "nsc/sys.h"

#define PREFIX "nsconform."
#define REMOVE_NS 2000000000ll
/* What the janitor gets for all of its hierarchies when the run is over. */
#define STOP_NS 60000000000ll

struct home {
	enum cgroup_version version;
	const char *path; /* the runner's own cgroup, for messages */
	int parent;	  /* that directory */
	int run;	  /* ours in it, locked; -1 before it is made */
	bool moats_only;
};

struct cgroups {
	struct pool *pool;
	struct home homes[CGROUP_HIERARCHIES];
	size_t n;
	const char *uncovered; /* why a moat cannot have all that a runtime would find, or NULL */
	const char *name;
	int stop;    /* closing it tells the janitor to begin */
	int janitor; /* its pidfd */
};

/* A mount may hide the cgroup mount: the opened directory must be of a cgroup file system. */
static int open_home(const char *path, enum cgroup_version version)
{
	struct statfs fs;
	AUTO_FD fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fstatfs(fd, &fs) < 0)
		return -1;
	if (fs.f_type != (version == CGROUP_V2 ? CGROUP2_SUPER_MAGIC : CGROUP_SUPER_MAGIC)) {
		errno = ENOENT;
		return -1;
	}
	return fd_take(&fd);
}

/* A moat has no more rights than this process: a hierarchy that is closed here is closed there. */
static bool is_shut(const struct home *h)
{
	return h->moats_only && (errno == EACCES || errno == EPERM);
}

/* Whether PLACE is one of the hierarchies that ops work in. */
static bool is_ordinary(const struct cgroup_place *place,
			const struct cgroup_place ordinary[CGROUP_VERSIONS])
{
	const char *chosen = ordinary[CGROUP_V1].controllers;

	return !place->controllers || (chosen && !strcmp(place->controllers, chosen));
}

static const char *find_homes(struct pool *pool, struct cgroups *c)
{
	struct cgroup_place ordinary[CGROUP_VERSIONS], places[CGROUP_HIERARCHIES];
	char *own, *mounts;

	if (sys_read_file(pool, "/proc/self/cgroup", 1 << 16, &own, NULL) < 0 ||
	    sys_read_file(pool, "/proc/self/mountinfo", 1 << 20, &mounts, NULL) < 0)
		return "/proc/self/cgroup or mountinfo cannot be read";
	size_t n = cgroup_hierarchies(pool, own, places);

	cgroup_places(pool, own, ordinary);
	for (size_t i = 0; i < n; i++) {
		enum cgroup_version v = places[i].controllers ? CGROUP_V1 : CGROUP_V2;
		const char *path = cgroup_directory(pool, mounts, v, &places[i]);
		struct home *h = &c->homes[c->n];

		if (!path)
			continue;
		*h = (struct home){ .version = v, .path = path, .run = -1,
				    .parent = open_home(path, v),
				    .moats_only = !is_ordinary(&places[i], ordinary) };
		if (h->parent >= 0) {
			c->n++;
			continue;
		}
		if (!is_shut(h))
			c->uncovered = pool_printf(pool, "open %s: %m", path);
		if (!h->moats_only)
			return c->uncovered;
	}
	return c->n && !c->homes[0].moats_only ? NULL : "no cgroup hierarchy is mounted that shows the runner's own cgroup";
}

static void close_homes(struct cgroups *c)
{
	for (size_t i = 0; i < c->n; i++) {
		fd_close(&c->homes[i].parent);
		fd_close(&c->homes[i].run);
	}
}

/*
 * Runs in different PID namespaces may have the same number and share a hierarchy, so the number of
 * the namespace is part of the name, except in the initial one.
 */
static const char *run_name(struct pool *pool)
{
	struct ns_id ns;

	if (ns_self(NS_PID, &ns) < 0 || ns_initial(NS_PID, &ns) == 1)
		return pool_printf(pool, PREFIX "%d", getpid());
	return pool_printf(pool, PREFIX "%d-%llu", getpid(), (unsigned long long)ns.ino);
}

/* Whether run_name() makes such names; nsconform.service is a unit of systemd. */
static bool is_run_name(const char *name)
{
	size_t len = strlen(PREFIX);

	return !strncmp(name, PREFIX, len) && isdigit((unsigned char)name[len]);
}

/* Until the directory is locked, another run that starts may take it for a dead run's and remove
 * it. */
static int make_locked(int parent, const char *name)
{
	for (int try = 0; try < 100; try++) {
		struct stat ours, there;

		if (mkdirat(parent, name, 0755) < 0 && errno != EEXIST)
			return -1;
		AUTO_FD fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0 || flock(fd, LOCK_EX) < 0)
			continue;
		if (fstat(fd, &ours) == 0 && fstatat(parent, name, &there, 0) == 0 &&
		    ours.st_ino == there.st_ino)
			return fd_take(&fd);
	}
	return -1;
}

static void sweep(const struct home *h)
{
	AUTO_POOL pool = { 0 };
	const char **names = cgroup_tree_children(&pool, h->parent);

	for (size_t i = 0; names[i]; i++) {
		if (!is_run_name(names[i]))
			continue;
		AUTO_FD fd = openat(h->parent, names[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
			cgroup_tree_remove(h->parent, names[i], sys_now_ns() + patience(REMOVE_NS));
	}
}

static const char *try_home(struct pool *pool, const struct home *h, const char *name)
{
	AUTO_FD dir = make_locked(h->parent, name);

	if (dir < 0)
		return pool_printf(pool, "mkdir %s/%s: %m", h->path, name);
	AUTO_FD procs = openat(dir, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	/* To move a process needs this file of the common ancestor, too (cgroups(7)). */
	AUTO_FD ancestor = openat(h->parent, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	const char *why = procs < 0 || ancestor < 0 ?
				  pool_printf(pool, "open %s/cgroup.procs: %m", h->path) : NULL;

	/* Root gives directories to the user of unprivileged arenas; in another user namespace
	 * that id may have no mapping. */
	if (!why && geteuid() == 0 && fchownat(dir, "", UNPRIVILEGED_ID, UNPRIVILEGED_ID,
					       AT_EMPTY_PATH) < 0 && errno == EPERM)
		why = pool_printf(pool, "chown %s/%s: %m", h->path, name);
	unlinkat(h->parent, name, AT_REMOVEDIR);
	return why;
}

const char *cgroups_unwritable(struct pool *pool)
{
	struct cgroups c = { 0 };
	const char *why = find_homes(pool, &c);
	const char *name = pool_printf(pool, "%s.probe", run_name(pool));

	for (size_t i = 0; i < c.n && !why; i++)
		if (!c.homes[i].moats_only)
			why = try_home(pool, &c.homes[i], name);
	close_homes(&c);
	return why;
}

/* A process is a member in each hierarchy, so the second one has nothing left to wait for. */
static int remove_everywhere(const struct cgroups *c, bool in_run, const char *name)
{
	int rc = 0;

	for (size_t i = 0; i < c->n; i++) {
		const struct home *h = &c->homes[i];

		if (in_run && h->run < 0)
			continue;
		if (cgroup_tree_remove(in_run ? h->run : h->parent, name,
				       sys_now_ns() + patience(REMOVE_NS)) < 0)
			rc = -1;
	}
	return rc;
}

static void janitor(const struct cgroups *c, int stop, int runner) __attribute__((noreturn));
static void janitor(const struct cgroups *c, int stop, int runner)
{
	int keep[CGROUP_HIERARCHIES + 2] = { stop, runner };
	size_t n = 2;
	sigset_t all;

	/* A session of its own, so that signals to the runner's group or terminal do not end the
	 * janitor. */
	setsid();
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	prctl(PR_SET_NAME, "nsc-janitor");
	for (size_t i = 0; i < c->n; i++)
		keep[n++] = c->homes[i].parent;
	/* Close all other descriptors, so that readers of the runner's output see its end, and
	 * the janitor that of its pipe. */
	sys_close_all_but(keep, n);
	if (chdir("/") < 0)
		_exit(1);
	/* The pipe alone is not enough, as a forked child of the runner may still hold its end. */
	struct pollfd fds[] = {
		{ .fd = stop, .events = POLLIN }, { .fd = runner, .events = POLLIN },
	};

	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	_exit(remove_everywhere(c, false, c->name) < 0);
}

static const char *start_janitor(struct pool *pool, struct cgroups *c)
{
	AUTO_FD runner = sys_pidfd_open(getpid(), 0);
	int ends[2], pidfd;
	/* Without an exit signal, so that wait(2) elsewhere in the runner does not reap the
	 * janitor. */
	struct clone_request req = { .flags = CLONE_PIDFD, .pidfd = &pidfd };

	if (runner < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return pool_printf(pool, "pidfd_open or pipe2: %m");
	AUTO_FD listen = ends[0];

	c->stop = ends[1];
	pid_t pid = sys_clone3(&req);

	if (pid == 0)
		janitor(c, listen, runner);
	if (pid < 0) {
		fd_close(&c->stop);
		return pool_printf(pool, "fork: %s", strerror(-pid));
	}
	c->janitor = pidfd;
	return NULL;
}

/* v1: no process can enter a cpuset before its processors and memory nodes are set. */
static int inherit_cpuset(const struct home *h, int parent, int dir)
{
	static const char *const files[] = { "cpuset.cpus", "cpuset.mems" };

	for (size_t i = 0; h->version == CGROUP_V1 && i < 2; i++) {
		AUTO_POOL pool = { 0 };
		AUTO_FD fd = openat(parent, files[i], O_RDONLY | O_CLOEXEC);
		char *text;

		if (fd < 0)
			return errno == ENOENT ? 0 : -1;
		if (sys_read_fd(&pool, fd, 1 << 16, &text, NULL) < 0 ||
		    sys_write_at(dir, files[i], text) < 0)
			return -1;
	}
	return 0;
}

static const char *make_runs(struct pool *pool, struct cgroups *c, bool moats)
{
	for (size_t i = 0; i < c->n; i++) {
		struct home *h = &c->homes[i];

		if (h->run >= 0 || h->moats_only != moats)
			continue;
		h->run = make_locked(h->parent, c->name);
		if ((h->run < 0 && !is_shut(h)) ||
		    (h->run >= 0 && inherit_cpuset(h, h->parent, h->run) < 0))
			return pool_printf(pool, "make %s/%s: %m", h->path, c->name);
	}
	return NULL;
}

struct cgroups *cgroups_start(struct pool *pool, const char **why)
{
	struct cgroups *c = pool_new(pool, struct cgroups);

	c->pool = pool;
	c->stop = c->janitor = -1;
	c->name = run_name(pool);
	*why = find_homes(pool, c);
	if (!*why) {
		for (size_t i = 0; i < c->n; i++)
			sweep(&c->homes[i]);
		/* The janitor is started before the directories are made, so that they never are
		 * without one. */
		*why = start_janitor(pool, c);
	}
	if (!*why)
		*why = make_runs(pool, c, false);
	if (!*why)
		return c;
	cgroups_stop(c);
	return NULL;
}

/* The files that delegation is about (cgroups(7)), as far as the hierarchy has them. */
static int give_away(int dir, uid_t owner)
{
	static const char *const files[] = {
		"cgroup.procs", "cgroup.threads", "cgroup.subtree_control", "tasks",
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (fchownat(dir, files[i], owner, owner, 0) < 0 && errno != ENOENT)
			return -1;
	return fchownat(dir, "", owner, owner, AT_EMPTY_PATH);
}

static int make_one(const struct home *h, const char *name, uid_t owner)
{
	if (mkdirat(h->run, name, 0755) < 0)
		return -1;
	AUTO_FD dir = openat(h->run, name, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0 || inherit_cpuset(h, h->run, dir) < 0)
		return -1;
	if (owner != geteuid() && !h->moats_only && give_away(dir, owner) < 0)
		return -1;
	return fd_take(&dir);
}

int cgroups_make(struct cgroups *c, const struct cgroups_cell *cell,
		 int dirs[CGROUP_HIERARCHIES], const char **why)
{
	const char *failed = !cell->moat ? NULL :
			     c->uncovered ? c->uncovered : make_runs(c->pool, c, true);
	char name[16];
	int n = 0;

	snprintf(name, sizeof(name), "%u", cell->number);
	for (size_t i = 0; i < c->n && !failed; i++) {
		const struct home *h = &c->homes[i];

		if (h->run < 0 || (h->moats_only && !cell->moat))
			continue;
		dirs[n] = make_one(h, name, cell->owner);
		if (dirs[n] < 0)
			failed = pool_printf(c->pool, "make %s/%s/%s: %m", h->path, c->name, name);
		else
			n++;
	}
	if (!failed)
		return n;
	*why = failed;
	while (n-- > 0)
		fd_close(&dirs[n]);
	return -1;
}

int cgroups_remove(struct cgroups *c, unsigned number, const char **why)
{
	char name[16];

	snprintf(name, sizeof(name), "%u", number);
	if (remove_everywhere(c, true, name) == 0)
		return 0;
	*why = pool_printf(c->pool, "remove %s/%s in %s: %m", c->name, name, c->homes[0].path);
	return -1;
}

int cgroups_stop(struct cgroups *c)
{
	siginfo_t info = { 0 };
	int rc = 0;

	fd_close(&c->stop);
	if (c->janitor >= 0) {
		/* A janitor that hangs must not hang the run; the next run's start removes what
		 * it left. */
		if (sys_wait_readable(c->janitor, sys_now_ns() + STOP_NS) != 1)
			sys_pidfd_send_signal(c->janitor, SIGKILL, 0);
		while (waitid(P_PIDFD, (id_t)c->janitor, &info, WEXITED | __WALL) < 0 &&
		       errno == EINTR)
			;
		rc = info.si_code == CLD_EXITED && info.si_status == 0 ? 0 : -1;
	}
	fd_close(&c->janitor);
	close_homes(c);
	return rc;
}
