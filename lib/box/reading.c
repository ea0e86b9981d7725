// SPDX-License-Identifier: GPL-2.0-only
/*
 * box.read and box.seen: what a process is, by its own system calls and by what /proc says of
 * it outside.  A property that a runtime dropped differs from what was asked; one that it
 * pretends differs between the two.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nsc/op.h"
#include "nsc/sys.h"
#include "nsc/syscall.h"
#include "launch.h"
#include "program.h"

static const struct {
	const char *name, *title; /* as OCI and setrlimit(2) have it; as /proc/PID/limits has it */
	int resource;
} limits[] = {
	{ "AS", "Max address space", RLIMIT_AS },
	{ "CORE", "Max core file size", RLIMIT_CORE },
	{ "CPU", "Max cpu time", RLIMIT_CPU },
	{ "DATA", "Max data size", RLIMIT_DATA },
	{ "FSIZE", "Max file size", RLIMIT_FSIZE },
	{ "LOCKS", "Max file locks", RLIMIT_LOCKS },
	{ "MEMLOCK", "Max locked memory", RLIMIT_MEMLOCK },
	{ "MSGQUEUE", "Max msgqueue size", RLIMIT_MSGQUEUE },
	{ "NICE", "Max nice priority", RLIMIT_NICE },
	{ "NOFILE", "Max open files", RLIMIT_NOFILE },
	{ "NPROC", "Max processes", RLIMIT_NPROC },
	{ "RTPRIO", "Max realtime priority", RLIMIT_RTPRIO },
	{ "SIGPENDING", "Max pending signals", RLIMIT_SIGPENDING },
	{ "STACK", "Max stack size", RLIMIT_STACK },
};

enum { LIMITS = sizeof(limits) / sizeof(*limits) };

static const char *limit_text(struct pool *pool, rlim_t v)
{
	return v == RLIM_INFINITY ? "unlimited" : pool_printf(pool, "%llu", (unsigned long long)v);
}

/* Lines of a file with runs of blanks made one. */
static struct strs lines_of(struct pool *pool, const char *path)
{
	struct strs v = { .v = NULL };
	char *text;
	size_t n = 1;

	if (sys_read_file(pool, path, 1 << 20, &text, NULL) < 0)
		return v;
	for (const char *c = text; *c; c++)
		n += *c == '\n';
	v.v = pool_array(pool, const char *, n);
	for (char *line; (line = strsep(&text, "\n"));) {
		char *to = line, *from = line + strspn(line, " \t");

		for (; *from; from++)
			if (!strchr(" \t", *from) || (from[1] && !strchr(" \t", from[1])))
				*to++ = *from == '\t' ? ' ' : *from;
		*to = 0;
		if (*line)
			v.v[v.n++] = line;
	}
	return v;
}

/* The offset of CLOCK in the lines of a timens_offsets file, in nanoseconds. */
static int64_t offset_of(const struct strs *lines, const char *clock)
{
	for (size_t i = 0; i < lines->n; i++) {
		long long s, ns;
		char name[32];

		if (sscanf(lines->v[i], "%31s %lld %lld", name, &s, &ns) == 3 &&
		    !strcmp(name, clock))
			return s * 1000000000ll + ns;
	}
	return 0;
}

/* Field 7 of /proc/PID/stat, after the name, which may hold anything; -1 when it cannot be read. */
static int64_t terminal_of(struct pool *pool, const char *proc)
{
	char *text;
	int terminal = -1;

	if (sys_read_file(pool, pool_printf(pool, "%s/stat", proc), 1024, &text, NULL) < 0)
		return -1;
	const char *rest = strrchr(text, ')');

	return rest && sscanf(rest + 1, " %*c %*d %*d %*d %d", &terminal) == 1 ? terminal : -1;
}

/* What both sides read from files of the process. */
static void read_files(struct pool *pool, const char *proc, struct reading *r)
{
	struct strs offsets = lines_of(pool, pool_printf(pool, "%s/timens_offsets", proc));
	char *text;

	r->uid_map = lines_of(pool, pool_printf(pool, "%s/uid_map", proc));
	r->gid_map = lines_of(pool, pool_printf(pool, "%s/gid_map", proc));
	r->terminal = terminal_of(pool, proc);
	r->monotonic = offset_of(&offsets, "monotonic");
	r->boottime = offset_of(&offsets, "boottime");
	if (sys_read_file(pool, pool_printf(pool, "%s/oom_score_adj", proc), 32, &text, NULL) == 0)
		r->oom_score_adj = atoll(text);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The environment's variables, sorted, up to the first END of each. */
static struct strs variables_of(struct pool *pool, const char *block, size_t len, const char *end)
{
	struct strs v = { .v = pool_array(pool, const char *, len + 1) };

	for (size_t at = 0; at < len; at += strlen(block + at) + 1)
		if (block[at])
			v.v[v.n++] = pool_strndup(pool, block + at, strcspn(block + at, end));
	qsort(v.v, v.n, sizeof(*v.v), by_text);
	return v;
}

static void read_environment(struct pool *pool, const char *block, size_t len, struct reading *r)
{
	r->env = variables_of(pool, block, len, "=");
	r->variables = variables_of(pool, block, len, "");
}

static struct ints three(struct pool *pool, int64_t real, int64_t effective, int64_t saved)
{
	struct ints v = { .v = pool_array(pool, int64_t, 3), .n = 3 };

	v.v[0] = real;
	v.v[1] = effective;
	v.v[2] = saved;
	return v;
}

/* From inside: system calls. */

static int read_caps(struct reading *r)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct d[2] = { 0 };

	if (sys_call(SYS_capget, &header, d) < 0)
		return -1;
	r->effective = d[0].effective | (uint64_t)d[1].effective << 32;
	r->permitted = d[0].permitted | (uint64_t)d[1].permitted << 32;
	r->inheritable = d[0].inheritable | (uint64_t)d[1].inheritable << 32;
	for (int cap = 0; cap < 64; cap++) {
		if (prctl(PR_CAPBSET_READ, cap) == 1)
			r->bounding |= 1ull << cap;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0) == 1)
			r->ambient |= 1ull << cap;
	}
	return 0;
}

static struct strs own_limits(struct pool *pool)
{
	struct strs v = { .v = pool_array(pool, const char *, LIMITS) };

	for (size_t i = 0; i < LIMITS; i++) {
		struct rlimit l;

		if (getrlimit(limits[i].resource, &l) == 0)
			v.v[v.n++] = pool_printf(pool, "%s %s %s", limits[i].name,
						 limit_text(pool, l.rlim_cur),
						 limit_text(pool, l.rlim_max));
	}
	return v;
}

static int own_groups(struct pool *pool, struct ints *groups)
{
	int n = getgroups(0, NULL);
	gid_t *list = pool_array(pool, gid_t, n > 0 ? (size_t)n : 1);

	if (n < 0 || getgroups(n, list) != n)
		return -1;
	*groups = (struct ints){ .v = pool_array(pool, int64_t, n > 0 ? (size_t)n : 1) };
	for (int i = 0; i < n; i++)
		groups->v[groups->n++] = list[i];
	return 0;
}

enum { BORN_FDS_MAX = 256 };
static bool born_with[BORN_FDS_MAX];

/* Needs no /proc. */
void reading_begin(void)
{
	for (int fd = STDERR_FILENO + 1; fd < BORN_FDS_MAX; fd++)
		born_with[fd] = fcntl(fd, F_GETFD) >= 0;
}

static struct strs own_fds(struct pool *pool)
{
	struct strs v = { .v = pool_array(pool, const char *, BORN_FDS_MAX) };

	for (int fd = 0; fd < BORN_FDS_MAX; fd++)
		if (born_with[fd])
			v.v[v.n++] = pool_printf(pool, "%d", fd);
	return v;
}

static size_t block_length(void)
{
	extern char **environ;
	size_t len = 0;

	/* exec(2) lays the strings out one after another. */
	for (char **e = environ; e && *e; e++)
		len = (size_t)(*e + strlen(*e) + 1 - environ[0]);
	return len;
}


static int box_read_run(struct op_ctx *ctx, const struct none *in, struct reading *r)
{
	struct utsname uts;
	extern char **environ;
	uid_t uids[3];
	gid_t gids[3];
	char cwd[4096];

	if (uname(&uts) < 0 || getresuid(&uids[0], &uids[1], &uids[2]) < 0 ||
	    getresgid(&gids[0], &gids[1], &gids[2]) < 0)
		return op_broken(ctx, "uname, getresuid: %m");
	/* An error here must not pass for a process without groups or capabilities. */
	if (own_groups(ctx->pool, &r->groups) < 0 || read_caps(r) < 0)
		return op_broken(ctx, "getgroups, capget: %m");
	read_files(ctx->pool, "/proc/self", r);
	r->hostname = pool_strdup(ctx->pool, uts.nodename);
	r->domainname = pool_strdup(ctx->pool, uts.domainname);
	r->machine = pool_strdup(ctx->pool, uts.machine);
	/* Where a filter forbids keyctl(2) the serial number is 0. */
	long keyring = sys_call(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);

	r->keyring = keyring > 0 ? keyring : 0;
	r->cwd = getcwd(cwd, sizeof(cwd)) ? pool_strdup(ctx->pool, cwd) : "";
	r->uid = uids[1];
	r->gid = gids[1];
	r->uids = three(ctx->pool, uids[0], uids[1], uids[2]);
	r->gids = three(ctx->pool, gids[0], gids[1], gids[2]);
	mode_t mask = umask(0);

	umask(mask);
	r->umask = mask;
	r->rlimits = own_limits(ctx->pool);
	r->no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
	/* A filter that kills would end the agent here: scenarios use filters that refuse with
	 * EPERM. */
	r->seccomp = prctl(PR_GET_SECCOMP);
	r->session = getsid(0);
	r->fds = own_fds(ctx->pool);
	if (environ && *environ)
		read_environment(ctx->pool, *environ, block_length(), r);
	return 0;
}
OP(box_read, "box.read", none, reading,
	.doc = "Read what the actor is, by its own system calls.",
	.source = "getresuid(2), getrlimit(2), capget(2), uname(2)");

/* From outside: /proc. */

static uint64_t status_hex(const struct strs *status, const char *key)
{
	for (size_t i = 0; i < status->n; i++)
		if (!strncmp(status->v[i], key, strlen(key)))
			return strtoull(status->v[i] + strlen(key), NULL, 16);
	return 0;
}

static const char *status_text(const struct strs *status, const char *key)
{
	for (size_t i = 0; i < status->n; i++)
		if (!strncmp(status->v[i], key, strlen(key)))
			return status->v[i] + strlen(key) + strspn(status->v[i] + strlen(key), " ");
	return "";
}

static struct ints numbers(struct pool *pool, const char *text)
{
	struct ints v = { .v = pool_array(pool, int64_t, strlen(text) + 1) };

	for (char *end; *text; text = end + strspn(end, " ")) {
		int64_t n = strtoll(text, &end, 10);

		if (end == text)
			break;
		v.v[v.n++] = n;
	}
	return v;
}

static bool read_status(struct pool *pool, const char *proc, struct reading *r)
{
	struct strs s = lines_of(pool, pool_printf(pool, "%s/status", proc));
	struct ints uids = numbers(pool, status_text(&s, "Uid:"));
	struct ints gids = numbers(pool, status_text(&s, "Gid:"));

	r->uid = uids.n > 1 ? uids.v[1] : -1;
	r->gid = gids.n > 1 ? gids.v[1] : -1;
	if (uids.n > 2 && gids.n > 2) {
		r->uids = three(pool, uids.v[0], uids.v[1], uids.v[2]);
		r->gids = three(pool, gids.v[0], gids.v[1], gids.v[2]);
	}
	r->groups = numbers(pool, status_text(&s, "Groups:"));
	r->umask = strtoll(status_text(&s, "Umask:"), NULL, 8);
	r->seccomp = atoll(status_text(&s, "Seccomp:"));
	r->no_new_privs = atoll(status_text(&s, "NoNewPrivs:")) == 1;
	r->inheritable = status_hex(&s, "CapInh:");
	r->permitted = status_hex(&s, "CapPrm:");
	r->effective = status_hex(&s, "CapEff:");
	r->bounding = status_hex(&s, "CapBnd:");
	r->ambient = status_hex(&s, "CapAmb:");
	return s.n > 0;
}

static struct strs seen_limits(struct pool *pool, const char *proc)
{
	struct strs all = lines_of(pool, pool_printf(pool, "%s/limits", proc));
	struct strs v = { .v = pool_array(pool, const char *, LIMITS) };

	for (size_t i = 0; i < LIMITS; i++)
		for (size_t k = 0; k < all.n; k++) {
			size_t len = strlen(limits[i].title);
			char soft[32], hard[32];

			if (strncmp(all.v[k], limits[i].title, len) || all.v[k][len] != ' ' ||
			    sscanf(all.v[k] + len, "%31s %31s", soft, hard) != 2)
				continue;
			v.v[v.n++] = pool_printf(pool, "%s %s %s", limits[i].name, soft, hard);
			break;
		}
	return v;
}

/* True when that could be found out, also when there are none. */
static bool seen_fds(struct pool *pool, const char *proc, struct strs *fds)
{
	static const int leaks[] = { LEAK_LOW, LEAK_HIGH };

	*fds = (struct strs){ .v = pool_array(pool, const char *, 2) };
	if (access(pool_printf(pool, "%s/fd", proc), R_OK) < 0)
		return false;
	for (size_t i = 0; i < 2; i++) {
		struct stat st;

		if (lstat(pool_printf(pool, "%s/fd/%d", proc, leaks[i]), &st) == 0)
			fds->v[fds->n++] = pool_printf(pool, "%d", leaks[i]);
		else if (errno != ENOENT)
			return false;
	}
	return true;
}

/*
 * The names of a UTS namespace can only be read by a process in it: a child joins it. No deadline
 * is needed, as the pipe is at end of file when the child dies.
 */
static bool read_names(struct pool *pool, int pidfd, struct reading *r)
{
	struct clone_request req = { .exit_signal = SIGCHLD };
	int ends[2];
	struct utsname uts = { .nodename = "" };

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	pid_t pid = sys_clone3(&req);

	if (pid == 0) {
		bool good = setns(pidfd, CLONE_NEWUTS) == 0 && uname(&uts) == 0 &&
			write(ends[1], &uts, sizeof(uts)) == sizeof(uts);
		_exit(!good);
	}
	close(ends[1]);
	bool good = pid > 0 && read(ends[0], &uts, sizeof(uts)) == sizeof(uts);

	close(ends[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	r->hostname = pool_strdup(pool, uts.nodename);
	r->domainname = pool_strdup(pool, uts.domainname);
	return good;
}

static int number_of(struct pool *pool, int pidfd)
{
	char *text;

	if (sys_read_file(pool, pool_printf(pool, "/proc/self/fdinfo/%d", pidfd), 4096, &text,
			  NULL) < 0)
		return -1;
	const char *pid = strstr(text, "\nPid:");

	return pid ? atoi(pid + 5) : -1;
}

static int box_seen_run(struct op_ctx *ctx, const struct seen_in *in, struct reading *r)
{
	struct pool *pool = ctx->pool;
	int pid = number_of(pool, in->actor.pidfd);
	char cwd[4096], *env;
	size_t len;

	if (pid <= 0)
		return op_broken(ctx, "the box's process is gone");
	const char *proc = pool_printf(pool, "/proc/%d", pid);

	read_files(pool, proc, r);
	if (!read_status(pool, proc, r) || !seen_fds(pool, proc, &r->fds) ||
	    sys_read_file(pool, pool_printf(pool, "%s/environ", proc), 1 << 20, &env, &len) < 0)
		return op_broken(ctx, "%s tells nothing of it", proc);
	if (!read_names(pool, in->actor.pidfd, r))
		return op_broken(ctx, "its UTS namespace cannot be entered");
	r->rlimits = seen_limits(pool, proc);
	read_environment(pool, env, len, r);
	r->machine = "";
	r->session = getsid(pid);
	ssize_t n = readlink(pool_printf(pool, "%s/cwd", proc), cwd, sizeof(cwd) - 1);

	r->cwd = pool_strndup(pool, cwd, n > 0 ? (size_t)n : 0);
	return 0;
}
OP(box_seen, "box.seen", seen_in, reading,
	.doc = "Read what an actor is, as its host sees it.",
	.source = "proc(5)",
	.flags = OP_MOAT);
